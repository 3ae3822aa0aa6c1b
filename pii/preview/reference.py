"""What a run froze: its method, treatment and goalposts, and how every province scored."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from math import fsum, nan

import numpy as np

from pii.errors import DataError
from pii.framework import Framework, Language
from pii.frozen import Frozen
from pii.matrix import Array
from pii.method import Method
from pii.pipeline import standing_caveats
from pii.provinces import ProvinceList
from pii.steps.treat import Treated

_GUARDED = re.compile("'\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_TREATMENT = (
    "low", "high", "side", "points", "skewness_before", "skewness_after", "kurtosis_before",
    "kurtosis_after", "worst", "best", "parameter",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """A run as one province is held against it; arrays are read-only, nothing is computed again.

    run : the run's name
    provinces : codes, as the run ranked them
    names : the list of provinces that counts, or None where any units are ranked by name
    nodes : printed codes, groups from the index down, then indicators in leaf order
    left_out : codes of provinces that errors kept out of the run
    treated : what treatment did per indicator, without values: shape (0, indicators)
    worst, best : (indicators,), goalposts in treated units; NaN where the run had no value
    raw : (provinces, indicators), in the indicator's unit; NaN where missing
    score, rank : (provinces, nodes), as recorded; NaN where not published
    mean, top : (nodes,), plain mean and highest of the recorded scores; NaN where there is none
    local : (nodes,), weights among siblings that the run derived; None where they are given
    denominators : what values were divided by, by (province, variable); NaN where there was none
    """

    framework: Framework
    method: Method
    run: str
    provinces: tuple[str, ...]
    names: ProvinceList | None
    nodes: tuple[str, ...]
    left_out: tuple[str, ...]
    treated: Treated
    worst: Array
    best: Array
    raw: Array
    score: Array
    rank: Array
    mean: Array
    top: Array
    local: Array | None = None
    denominators: Mapping[tuple[str, str], float] = field(default_factory=Frozen)

    def name(self, code: str, lang: Language) -> str:
        """Name of a province; the code itself where there is no list."""
        province = self.names.by_code.get(code) if self.names else None
        return province.name(lang) if province else code

    def caveats(self, lang: Language) -> tuple[str, ...]:
        """What must be said of the run behind a preview: its gaps, then what it assumes."""
        return tuple(_caveats(self, lang))


def reference_of(
    framework: Framework,
    method: Method,
    *,
    run: str,
    scores_csv: bytes,
    indicators_csv: bytes,
    treatment_csv: bytes,
    weights_csv: bytes | None = None,
    variables_csv: bytes | None = None,
    names: ProvinceList | None,
    left_out: tuple[str, ...] = (),
) -> Reference:
    """A reference from the tables that a run wrote (`tables/….csv`), at their full precision.

    weights_csv, variables_csv : where the run has them: derived weights, denominators

    Raises
    ------
    DataError
        Where a table does not fit the edition of the run, naming the table.
    """
    refuse_what_hangs_on_everybody(method)
    nodes = tuple(framework.by_code)
    treatment = _treatment(treatment_csv, framework)
    figures = _columns(treatment, _TREATMENT, "treatment.csv")
    provinces, (score, rank) = _grid(scores_csv, "scores.csv", "node", nodes, ("score", "rank"))
    beneath, (raw,) = _grid(
        indicators_csv, "indicators.csv", "indicator", framework.codes, ("raw",)
    )
    if beneath != provinces:
        raise DataError("indicators.csv and scores.csv list different provinces; run again")
    mean = np.array([_mean(column) for column in score.T])
    top = np.array([max(_present(column), default=nan) for column in score.T])
    arrays = (score, rank, raw, mean, top, figures["worst"], figures["best"])
    for array in arrays:
        array.setflags(write=False)
    return Reference(
        framework=framework,
        method=method,
        run=run,
        provinces=provinces,
        names=names,
        nodes=nodes,
        left_out=left_out,
        treated=_treated(treatment, figures),
        worst=figures["worst"],
        best=figures["best"],
        raw=raw,
        score=score,
        rank=rank,
        mean=mean,
        top=top,
        local=None if weights_csv is None else _local(weights_csv, nodes),
        denominators={} if variables_csv is None else _denominators(variables_csv),
    )


def refuse_what_hangs_on_everybody(method: Method) -> None:
    """Raise `DataError` where a method's scores cannot be had for one province alone."""
    rules = {rule.rule for rule in (method.normalisation, *method.normalisation_of.values())}
    for what, found, frozen in (
        ("normalisation", rules, ("none", "upwards", "min-max")),
        ("aggregation", {a.rule for a in method.aggregation.values()},
         ("power", "median", "minimum", "mpi", "owa")),
        ("weighting", {w.rule for w in method.weighting.values()} & {"benefit-of-the-doubt"}, ()),
        ("imputation", {method.imputation.rule}, ("none",)),
        ("screening", {method.screening.rule}, ("none",)),
    ):  # fmt: skip
        if strange := sorted(found - set(frozen)):
            raise DataError(
                f"the run's {what} is {strange[0]}, which depends on all provinces at once; a "
                "preview needs a run by min-max, whose goalposts can be frozen, in which one "
                "province is scored without the others"
            )


def _local(data: bytes, nodes: tuple[str, ...]) -> Array:
    given = {
        _plain(row["node"]): _number(row["weight"], "weights.csv")
        for row in _rows(data, "weights.csv", ("node", "weight"))
    }
    return np.array([given.get(node, 1.0) for node in nodes])


def _denominators(data: bytes) -> dict[tuple[str, str], float]:
    rows = _rows(data, "variables.csv", ("province", "variable", "value"))
    return {
        (_plain(row["province"]), _plain(row["variable"])): _number(row["value"], "variables.csv")
        for row in rows
    }


def _rows(data: bytes, table: str, needed: Sequence[str]) -> list[dict[str, str]]:
    rows = csv.DictReader(StringIO(data.decode("utf-8"), newline=""))
    missing = [name for name in needed if name not in (rows.fieldnames or ())]
    if missing:
        raise DataError(
            f"{table} of the run has no column {', '.join(missing)}; "
            "make the run again with this version of pii"
        )
    return list(rows)


def _treatment(data: bytes, framework: Framework) -> list[dict[str, str]]:
    rows = _rows(data, "treatment.csv", ("indicator", "form", "passes", *_TREATMENT))
    if tuple(_plain(row["indicator"]) for row in rows) != framework.codes:
        raise DataError("treatment.csv has other indicators than the edition of the run")
    return rows


def _columns(
    rows: Sequence[Mapping[str, str]], names: Sequence[str], table: str
) -> dict[str, Array]:
    return {name: np.array([_number(row[name], table) for row in rows]) for name in names}


def _treated(rows: Sequence[Mapping[str, str]], figures: Mapping[str, Array]) -> Treated:
    def both(name: str) -> Array:
        return np.array([figures[f"{name}_before"], figures[f"{name}_after"]])

    return Treated(
        values=np.empty((0, len(rows))),
        form=np.array([row["form"] for row in rows]),
        low=figures["low"],
        high=figures["high"],
        side=figures["side"],
        points=figures["points"].astype(np.int64),
        skewness=both("skewness"),
        kurtosis=both("kurtosis"),
        passes=np.array([row["passes"] == "True" for row in rows]),
        parameter=figures["parameter"],
    )


def _grid(
    data: bytes, table: str, key: str, codes: tuple[str, ...], wanted: tuple[str, ...]
) -> tuple[tuple[str, ...], list[Array]]:
    """Provinces in file order, and one (provinces, codes) array per wanted column."""
    cells: dict[str, dict[str, list[float]]] = {}
    for row in _rows(data, table, ("province", key, *wanted)):
        figures = [_number(row[name], table) for name in wanted]
        cells.setdefault(_plain(row["province"]), {})[_plain(row[key])] = figures
    for province, given in cells.items():
        if tuple(given) != codes:
            raise DataError(f"{table}: {province} has other codes than the edition of the run")
    if not cells:
        raise DataError(f"{table} of the run is empty; nothing can be held against it")
    whole = np.array([list(given.values()) for given in cells.values()])
    return tuple(cells), [np.ascontiguousarray(whole[:, :, k]) for k in range(len(wanted))]


def _number(text: str, table: str) -> float:
    try:
        return float(text) if text else nan
    except ValueError:
        raise DataError(f"{table} of the run holds {text!r} where a number belongs") from None


def _plain(text: str) -> str:
    # Text that looks like a formula is written with an apostrophe before it.
    return text[1:] if _GUARDED.match(text) else text


def _present(column: Array) -> list[float]:
    return [float(x) for x in column if not np.isnan(x)]


def _mean(column: Array) -> float:
    values = _present(column)
    return fsum(values) / len(values) if values else nan


def _caveats(reference: Reference, lang: Language) -> Iterator[str]:
    vi = lang == "vi"
    framework = reference.framework
    ranked = len(_present(reference.score[:, reference.nodes.index(framework.index)]))
    total = len(reference.names) if reference.names else len(reference.provinces)
    if ranked < total:
        yield (
            f"Lần tính dùng để so sánh chỉ xếp hạng {ranked} trên {total} tỉnh, thành phố."
            if vi
            else f"The run compared with ranks {ranked} of {total} provinces."
        )
    if reference.left_out:
        names = ", ".join(reference.name(code, lang) for code in reference.left_out)
        yield (
            f"Không có trong lần tính đó vì bài nộp có lỗi: {names}."
            if vi
            else f"Not in that run because their submissions had errors: {names}."
        )
    passes = zip(framework.codes, reference.treated.passes, strict=True)
    failing = [code for code, ok in passes if not ok]
    yield from standing_caveats(framework, failing, lang)

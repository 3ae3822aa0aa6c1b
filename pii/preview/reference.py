"""What a run froze: its method, treatment and goalposts, and how every province scored.

Plain Python, tuples of floats: a reference also travels into a browser page.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from math import fsum, isnan, nan

from pii.errors import DataError
from pii.framework import Framework, Language, standing_caveats
from pii.frozen import Frozen as FrozenMapping
from pii.method import Method
from pii.preview.movement import Movement
from pii.preview.one import Frozen
from pii.preview.peers import Peers, peers_of
from pii.provinces import ProvinceList
from pii.safe import unguarded

_TREATMENT = ("form", "low", "high", "side", "passes", "worst", "best", "parameter")
STEPS = 20
"""Quantiles are kept at every twentieth of the way: 0, 5, … 100 %."""

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A run as one province is held against it; nothing is computed again.

    run : the run's name
    provinces : codes, as the run ranked them
    names : the list of provinces that counts, or None where any units are ranked by name
    nodes : printed codes, groups from the index down, then indicators in leaf order
    left_out : codes of provinces that errors kept out of the run
    frozen : treatment and goalposts per indicator, in leaf order
    ranked : per node, how many provinces have a score
    mean, top : per node, plain mean and highest of the recorded scores; NaN where there is none
    quantiles : per node, the scores at 0, 5, … 100 % of the way from the lowest; () where none
    local : weight of each node among its siblings, given or derived
    raw : per province and indicator, in the indicator's unit; NaN where missing
    score, rank : per province and node, as recorded; NaN where not published
    peers : means of groups of provinces, large enough to give no single one away
    movement : how published scores moved between editions; None where nothing is known of it
    denominators : what values were divided by, by province and variable
    closed : whether the figures of provinces are withheld: provinces, raw, score, rank and
        denominators then hold the one whose file is read, or none (`withheld`)
    """

    framework: Framework
    method: Method
    run: str
    names: ProvinceList | None
    nodes: tuple[str, ...]
    left_out: tuple[str, ...]
    frozen: tuple[Frozen, ...]
    ranked: tuple[int, ...]
    mean: Row
    top: Row
    quantiles: tuple[Row, ...]
    local: Row
    provinces: tuple[str, ...]
    raw: tuple[Row, ...]
    score: tuple[Row, ...]
    rank: tuple[Row, ...]
    denominators: Mapping[str, Mapping[str, float]]
    peers: tuple[Peers, ...] = ()
    movement: Movement | None = None
    closed: bool = False

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
    movement: Movement | None = None,
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
    provinces, (score, rank) = _grid(scores_csv, "scores.csv", "node", nodes, ("score", "rank"))
    beneath, (raw,) = _grid(
        indicators_csv, "indicators.csv", "indicator", framework.codes, ("raw",)
    )
    if beneath != provinces:
        raise DataError("indicators.csv and scores.csv list different provinces; run again")
    columns = [[x for x in column if not isnan(x)] for column in zip(*score, strict=True)]
    return Reference(
        framework=framework,
        method=method,
        run=run,
        names=names,
        nodes=nodes,
        left_out=left_out,
        frozen=_frozen(treatment_csv, framework),
        ranked=tuple(len(column) for column in columns),
        mean=tuple(fsum(column) / len(column) if column else nan for column in columns),
        top=tuple(max(column, default=nan) for column in columns),
        quantiles=tuple(quantiles(column) for column in columns),
        local=tuple(map(method.weight, nodes))
        if weights_csv is None
        else _local(weights_csv, nodes),
        provinces=provinces,
        raw=raw,
        score=score,
        rank=rank,
        denominators=FrozenMapping() if variables_csv is None else _denominators(variables_csv),
        peers=peers_of(names, provinces, [row[: len(framework.groups)] for row in score]),
        movement=movement,
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


def _local(data: bytes, nodes: tuple[str, ...]) -> Row:
    given = {
        unguarded(row["node"]): _number(row["weight"], "weights.csv")
        for row in _rows(data, "weights.csv", ("node", "weight"))
    }
    return tuple(given.get(node, 1.0) for node in nodes)


def _denominators(data: bytes) -> Mapping[str, Mapping[str, float]]:
    given: dict[str, dict[str, float]] = {}
    for row in _rows(data, "variables.csv", ("province", "variable", "value")):
        value = _number(row["value"], "variables.csv")
        given.setdefault(unguarded(row["province"]), {})[unguarded(row["variable"])] = value
    return FrozenMapping({who: FrozenMapping(values) for who, values in given.items()})


def withheld(reference: Reference, own: str = "") -> Reference:
    """The same without the figures of any single province: goalposts, means and quantiles stay.

    own : code of the province whose file is read; what is recorded of it stays

    The highest score goes too: the quantiles at 0 and 100 % are some province's own, and who is
    first or last is often known. Both ends are replaced by their neighbours. An inner quantile may
    stand on a score (of 34, none does; of 21, all do) and stays: whose it is, nothing here tells,
    and moving it would make the spans of ranks wrong (`rank_between`).
    """
    inner = tuple((q[1], *q[1:-1], q[-2]) if q else () for q in reference.quantiles)
    top = tuple(q[-1] if q else nan for q in inner)
    kept = [i for i, who in enumerate(reference.provinces) if who == own]

    def of_own(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(rows[i] for i in kept)

    sizes = {who: row for who, row in reference.denominators.items() if who == own}
    return replace(
        reference,
        top=top,
        quantiles=inner,
        provinces=tuple(reference.provinces[i] for i in kept),
        raw=of_own(reference.raw),
        score=of_own(reference.score),
        rank=of_own(reference.rank),
        denominators=FrozenMapping(sizes),
        closed=True,
    )


def quantiles(values: Sequence[float]) -> Row:
    """Linear quantiles at 0, 1/20, … 1 (Hyndman & Fan 1996, type 7); () of nothing."""
    ordered = sorted(values)
    if not ordered:
        return ()
    found = []
    for step in range(STEPS + 1):
        at = step * (len(ordered) - 1) / STEPS
        low = int(at)
        high = min(low + 1, len(ordered) - 1)
        found.append(ordered[low] + (at - low) * (ordered[high] - ordered[low]))
    return tuple(found)


def _rows(data: bytes, table: str, needed: Sequence[str]) -> list[dict[str, str]]:
    rows = csv.DictReader(StringIO(data.decode("utf-8"), newline=""))
    missing = [name for name in needed if name not in (rows.fieldnames or ())]
    if missing:
        raise DataError(
            f"{table} of the run has no column {', '.join(missing)}; "
            "make the run again with this version of pii"
        )
    return list(rows)


def _frozen(data: bytes, framework: Framework) -> tuple[Frozen, ...]:
    rows = _rows(data, "treatment.csv", ("indicator", *_TREATMENT))
    if tuple(unguarded(row["indicator"]) for row in rows) != framework.codes:
        raise DataError("treatment.csv has other indicators than the edition of the run")
    return tuple(
        Frozen(
            form=row["form"],
            passes=row["passes"] == "True",
            parameter=_number(row["parameter"], "treatment.csv"),
            **{
                name: _number(row[name], "treatment.csv")
                for name in ("low", "high", "side", "worst", "best")
            },
        )
        for row in rows
    )


def _grid(
    data: bytes, table: str, key: str, codes: tuple[str, ...], wanted: tuple[str, ...]
) -> tuple[tuple[str, ...], list[tuple[Row, ...]]]:
    """Provinces in file order, and per wanted column the rows of (provinces, codes)."""
    cells: dict[str, dict[str, list[float]]] = {}
    for row in _rows(data, table, ("province", key, *wanted)):
        figures = [_number(row[name], table) for name in wanted]
        cells.setdefault(unguarded(row["province"]), {})[unguarded(row[key])] = figures
    for province, given in cells.items():
        if tuple(given) != codes:
            raise DataError(f"{table}: {province} has other codes than the edition of the run")
    if not cells:
        raise DataError(f"{table} of the run is empty; nothing can be held against it")
    rows = [
        tuple(tuple(figures[k] for figures in given.values()) for given in cells.values())
        for k in range(len(wanted))
    ]
    return tuple(cells), rows


def _number(text: str, table: str) -> float:
    try:
        return float(text) if text else nan
    except ValueError:
        raise DataError(f"{table} of the run holds {text!r} where a number belongs") from None


def _caveats(reference: Reference, lang: Language) -> Iterator[str]:
    vi = lang == "vi"
    framework = reference.framework
    ranked = reference.ranked[reference.nodes.index(framework.index)]
    total = len(reference.names) if reference.names else ranked
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
    frozen = zip(framework.codes, reference.frozen, strict=True)
    failing = [code for code, one in frozen if not one.passes]
    yield from standing_caveats(framework, failing, lang)

"""From the matrix to the scores of indicators: screen, denominate, impute, treat, normalise."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from pii.errors import DataError
from pii.framework import Framework
from pii.matrix import Array, Matrix
from pii.method import FrozenTreatment, Method, Normalisation, Treatment
from pii.steps import impute, normalise
from pii.steps.aggregate import adjusted_mpi_scores
from pii.steps.denominate import Denominated, denominated
from pii.steps.screen import screened
from pii.steps.treat import (
    LOG,
    LOG_CT,
    LOG_CT_ORIG,
    LOG_GII,
    Transform,
    Treated,
    eis_treatment,
    gii_treatment,
    kurtosis,
    no_treatment,
    retreated,
    skewness,
    transformation,
)

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of the values before treatment; arrays are read-only.

    kept : (provinces,), False for those that screening left out
    present, nonzero : (provinces,), shares (0–1) that screening looked at
    denominated : (provinces, indicators), divided where the method says so; NaN where missing,
        screened out or impossible to divide
    impossible : (provinces, indicators), a value whose denominator is zero, negative or missing
    values : (provinces, indicators), with estimates for what was missing
    imputed : (provinces, indicators), True where `values` is an estimate
    """

    kept: Mask
    present: Array
    nonzero: Array
    denominated: Array
    impossible: Mask
    values: Array
    imputed: Mask

    def __post_init__(self) -> None:
        for name in self.__slots__:
            getattr(self, name).setflags(write=False)


def prepare(matrix: Matrix, framework: Framework, method: Method) -> Prepared:
    """Screen units, divide by denominators, fill what is missing: as the method says."""
    rule, raw = method.screening, matrix.values
    _refuse_strangers("screening", (*rule.force_in, *rule.force_out), matrix.provinces)
    sifted = screened(
        raw,
        present=rule.present,
        nonzero=rule.nonzero,
        force_in=np.array([unit in rule.force_in for unit in matrix.provinces]),
        force_out=np.array([unit in rule.force_out for unit in matrix.provinces]),
    )
    kept = np.where(sifted.kept[:, None], raw, np.nan)
    divided, impossible = _divided(kept, matrix, framework, method)
    filled = _filled(divided, matrix, framework, method)
    imputed = filled.imputed & sifted.kept[:, None]
    return Prepared(
        kept=sifted.kept,
        present=sifted.present,
        nonzero=sifted.nonzero,
        denominated=divided,
        impossible=impossible,
        values=np.where(imputed, filled.values, divided),
        imputed=imputed,
    )


def as_they_are(values: Array) -> Prepared:
    """Values that nothing is to be done with before treatment."""
    n, units = values.shape[-1], len(values)
    nothing = np.zeros(values.shape, dtype=bool)
    share = np.ones(units) if n else np.zeros(units)
    return Prepared(
        np.ones(units, dtype=bool), share, share, values, nothing, values, nothing.copy()
    )


def _refuse_strangers(what: str, named: Sequence[str], provinces: Sequence[str]) -> None:
    strange = [unit for unit in named if unit not in provinces]
    if strange:
        raise DataError(f"{what} names {', '.join(strange)}, which the data do not have")


def _divided(
    values: Array, matrix: Matrix, framework: Framework, method: Method
) -> tuple[Array, Mask]:
    impossible = np.zeros(values.shape, dtype=bool)
    if not method.denomination:
        return values, impossible
    divided = values.copy()
    for j, code in enumerate(framework.codes):
        if (rule := method.denomination.get(code)) is not None:
            size = _of_variable(matrix, rule.by).numbers(rule.by)
            found = sized(values[:, [j]], size, rule.scale)
            divided[:, [j]] = found.values
            impossible[:, [j]] = found.impossible & ~np.isnan(values[:, [j]])
    return divided, impossible


def sized(x: Array, size: Array, scale: float) -> Denominated:
    """Values (provinces, 1) over their sizes (provinces,), times the scale.

    A negative size would turn the order of provinces round: it counts as none.
    """
    return denominated(x, np.where(size > 0, size, np.nan)[:, None], scale)


def _of_variable(matrix: Matrix, code: str) -> Matrix:
    if code not in matrix.variables:
        raise DataError(f"the matrix has no variable {code}; give it a column in the table")
    return matrix


def group_numbers(matrix: Matrix, variable: str) -> npt.NDArray[np.int64]:
    """(provinces,), the same number for one label of a group variable, −1 for none."""
    labels = _of_variable(matrix, variable).labels(variable)
    known = sorted(set(labels) - {""})
    return np.array([known.index(label) if label else -1 for label in labels], dtype=np.int64)


def _filled(values: Array, matrix: Matrix, framework: Framework, method: Method) -> impute.Filled:
    rule = method.imputation
    with _told("imputation", framework.codes):
        match rule.rule:
            case "none":
                return impute.no_imputation(values)
            case "mean" | "median":
                return impute.filled_by_column(values, rule.rule)
            case "group-mean":
                return impute.filled_by_column(values, "mean", group_numbers(matrix, rule.group))
            case "group-median":
                return impute.filled_by_column(values, "median", group_numbers(matrix, rule.group))
            case "row-mean":
                return _filled_by_row(values, framework, method)
            case "em":
                return impute.em_normal(values, ridge=rule.ridge, tolerance=rule.tolerance)
            case "last-year" | "linear":
                return _filled_from_years(values, matrix, framework, method)


def _filled_by_row(values: Array, framework: Framework, method: Method) -> impute.Filled:
    above = [
        next((c for c in framework.ancestors(code) if framework.level(c) == level), code)
        for level in (method.imputation.level,)
        for code in framework.codes
    ]
    blocks = np.array([above.index(code) for code in above], dtype=np.int64)
    worst, best = normalise.observed_goalposts(values, _higher(framework))
    for j, code in enumerate(framework.codes):
        if code in method.goalposts and code not in method.treatment_of:
            worst[j], best[j] = method.goalposts[code].worst, method.goalposts[code].best
    return impute.filled_by_row(values, blocks, worst=worst, best=best)


def _filled_from_years(
    values: Array, matrix: Matrix, framework: Framework, method: Method
) -> impute.Filled:
    """Gaps from the same province and indicator in other years; an indicator has its own year."""
    rule, others = method.imputation, matrix.other_years
    if not others:
        raise DataError(
            f"imputation by {rule.rule} needs the figures of other years; give a table of each "
            "with --other-year YEAR=TABLE (in Python: Matrix.other_years), or choose another rule"
        )
    rows = {year: _as_rows_of(matrix, of, framework, method) for year, of in others.items()}
    filled = values.copy()
    for j, indicator in enumerate(framework.indicators):
        own = indicator.data_year
        panel = {**{year: of[:, j] for year, of in rows.items()}, own: values[:, j]}
        years = sorted(panel)
        stacked = np.array([panel[year] for year in years])
        found = (
            impute.carried_forward(stacked, rule.reach or None)
            if rule.rule == "last-year"
            else impute.interpolated(stacked, np.array(years, dtype=np.float64), ends="nearest")
        )
        filled[:, j] = found.values[years.index(own)]
    return impute.Filled(filled, np.isnan(values) & ~np.isnan(filled))


def _as_rows_of(matrix: Matrix, other: Matrix, framework: Framework, method: Method) -> Array:
    """The other year's values, divided as this year's are, in this year's order of provinces."""
    if other.indicators != framework.codes:
        raise DataError("a matrix of another year has other columns than the framework")
    divided, _ = _divided(other.values, other, framework, method)
    row = {province: i for i, province in enumerate(other.provinces)}
    nothing = np.full(len(framework.codes), np.nan)
    return np.array([divided[row[p]] if p in row else nothing for p in matrix.provinces])


@contextmanager
def _told(what: str, codes: Sequence[str], remedy: str = "") -> Iterator[None]:
    """Faults that a step finds, told in the codes of the framework instead of column numbers."""
    try:
        yield
    except ValueError as error:
        raise DataError(f"{what}: {_with_codes(str(error), codes)}{remedy}") from None


def _with_codes(text: str, codes: Sequence[str]) -> str:
    def named(found: re.Match[str]) -> str:
        return re.sub(r"\d+", lambda number: codes[int(number[0])], found[1])

    return re.sub(r"\bcolumns? (\d+(?:(?:, | and )\d+)*)", named, text)


def _higher(framework: Framework) -> Mask:
    return np.array([indicator.direction == "higher" for indicator in framework.indicators])


# ---------------------------------------------------------------------------- treatment ------

_TRANSFORMS = {"log": LOG, "log-gii": LOG_GII, "log-ct": LOG_CT, "log-ct-orig": LOG_CT_ORIG}


def treat(values: Array, framework: Framework, method: Method) -> Treated:
    """Tame outliers as the method says; indicators with fixed goalposts stay as they are."""
    shared = [j for j, code in enumerate(framework.codes) if code not in method.treatment_of]
    parts = []
    if shared:
        exempt = [
            code in method.goalposts or code in method.treatment.exempt
            for code in (framework.codes[j] for j in shared)
        ]
        parts.append((shared, _treated(values, shared, framework, method.treatment, exempt)))
    for code, rule in method.treatment_of.items():
        column = [framework.codes.index(code)]
        own = (
            _again(values[:, column], rule)
            if isinstance(rule, FrozenTreatment)
            else _treated(values, column, framework, rule, [code in rule.exempt])
        )
        parts.append((column, own))
    return parts[0][1] if len(parts) == 1 else _side_by_side(values, parts)


def _treated(
    values: Array, columns: list[int], framework: Framework, rule: Treatment, exempt: list[bool]
) -> Treated:
    x, out = values if len(columns) == values.shape[1] else values[:, columns], np.array(exempt)
    with _told("treatment", [framework.codes[j] for j in columns], "; choose another rule for it"):
        match rule.rule:
            case "none":
                return no_treatment(x)
            case "gii" | "coinr":
                return gii_treatment(
                    x,
                    skewness_limit=rule.skewness,
                    kurtosis_limit=rule.kurtosis,
                    points=rule.points,
                    exempt=out,
                    otherwise=_transform(rule.otherwise, rule.parameter),
                    together=rule.rule == "coinr",
                )
            case "eis":
                return eis_treatment(
                    x, skewness_limit=rule.skewness, exempt=out, deviations=rule.deviations
                )
            case _:
                transform = _transform(rule.rule, rule.parameter)
                assert transform is not None
                return transformation(x, transform, exempt=out)


def _transform(rule: str, parameter: float) -> Transform | None:
    if rule == "none":
        return None
    if rule == "box-cox":
        return Transform("boxcox", parameter, mirrored=False)
    if rule == "log-gii" and parameter:
        return LOG_GII._replace(parameter=parameter)
    return _TRANSFORMS[rule]


def _again(x: Array, rule: FrozenTreatment) -> Treated:
    frozen = {
        "form": np.array([rule.form]),
        "low": np.array([rule.low]),
        "high": np.array([rule.high]),
        "side": np.array([rule.side]),
        "parameter": np.array([np.nan if rule.parameter is None else rule.parameter]),
    }
    after = retreated(x, **frozen)
    beyond = np.count_nonzero((x < rule.low) | (x > rule.high))
    both = [x[:, 0], after[:, 0]]
    return Treated(
        values=after,
        points=np.array([beyond]),
        skewness=np.array([[skewness(column)] for column in both]),
        kurtosis=np.array([[kurtosis(column)] for column in both]),
        passes=np.array([True]),
        **frozen,
    )


def _side_by_side(values: Array, parts: list[tuple[list[int], Treated]]) -> Treated:
    order = np.argsort([j for columns, _ in parts for j in columns], kind="stable")
    joined = (
        np.concatenate(same, axis=-1)[..., order]
        for same in zip(*(treated for _, treated in parts), strict=True)
    )
    return Treated(*joined)


# ------------------------------------------------------------------------ normalisation ------


def goalposts(treated: Treated, framework: Framework, method: Method) -> tuple[Array, Array]:
    """What scores worst and best, in treated units: fixed in advance, else the data's extremes."""
    worst, best = normalise.observed_goalposts(treated.values, _higher(framework))
    for j, code in enumerate(framework.codes):
        if code in method.goalposts:
            worst[j], best[j] = method.goalposts[code].worst, method.goalposts[code].best
    return worst, best


def normalised_scores(
    values: Array,
    worst: Array,
    best: Array,
    framework: Framework,
    method: Method,
    provinces: Sequence[str],
) -> Array:
    """Scores of the indicators, each by its rule; the values themselves under rule `none`."""
    rules = [method.normalised_by(code) for code in framework.codes]
    flat = [
        code
        for code, rule, w, b in zip(framework.codes, rules, worst, best, strict=True)
        if w == b and rule.rule not in ("none", "upwards") and rule.constant is None
    ]
    if flat:
        raise DataError(
            f"{', '.join(flat)}: there is only one value, or every province has the same, so "
            "provinces cannot be told apart. Give the indicator fixed goalposts in the method "
            "(with min-max), or leave it out of the framework"
        )
    higher, scores = _higher(framework), values.copy()
    for rule in dict.fromkeys(rules):
        at = [j for j, its in enumerate(rules) if its == rule]
        codes = [framework.codes[j] for j in at]
        with _told(rule.rule, codes, "; choose another rule"):
            part = _Part(values[..., at], higher[at], worst[at], best[at], codes, provinces)
            scores[..., at] = _scored(part, rule)
    return scores


@dataclass(frozen=True, slots=True)
class _Part:
    """The indicators that share a rule."""

    x: Array
    higher: Mask
    worst: Array
    best: Array
    codes: Sequence[str]
    provinces: Sequence[str]

    def row(self, province: str) -> int:
        _refuse_strangers("normalisation", [province], self.provinces)
        return self.provinces.index(province)

    def means(self) -> Array:
        return np.array([_mean(column[~np.isnan(column)]) for column in self.x.T])


def _mean(present: Array) -> float:
    return fsum(present) / present.size if present.size else float("nan")


def _scored(part: _Part, rule: Normalisation) -> Array:
    x, higher, constant = part.x, part.higher, rule.constant
    match rule.rule:
        case "none":
            return x
        case "upwards":
            return normalise.upwards(x, higher)
        case "min-max":
            return normalise.between_goalposts(
                x, part.worst, part.best, scale=rule.scale, constant=constant
            )
        case "z-score":
            return normalise.z_scores(x, higher, mean=rule.mean, sd=rule.sd, constant=constant)
        case "rank":
            return normalise.rank_scores(x, higher)
        case "borda":
            return normalise.borda(x, higher)
        case "percentile":
            return normalise.percentile_ranks(x, higher, constant=constant)
        case "categories":
            return normalise.percentile_bands(x, higher, bounds=rule.bounds, scores=rule.scores)
        case "above-below-mean":
            return normalise.above_or_below_mean(x, higher, margin=rule.margin)
        case "distance-to-best":
            return normalise.distance_to_best(x, higher, constant=constant)
        case "distance-to-reference":
            row = part.row(rule.reference)
            return normalise.distance_to_reference(
                x, higher, row, capped=rule.capped, constant=constant
            )
        case "distance-to-target":
            target = np.array([rule.targets[code] for code in part.codes])
            return normalise.distance_to_target(
                x, higher, target, capped=rule.capped, constant=constant
            )
        case "fraction-of-best":
            return normalise.fractions_of_best(x, higher)
        case "ratio-to-mean":
            return normalise.ratios_to(x, higher, part.means())
        case "ampi":
            middle = x[part.row(rule.reference)] if rule.reference else part.means()
            return adjusted_mpi_scores(x, reference=middle, worst=part.worst, best=part.best)


def impossible_divisions(
    prepared: Prepared, matrix: Matrix, method: Method
) -> Iterator[tuple[int, int, str]]:
    """Row, column and denominator of every value that could not be divided."""
    for i, j in np.argwhere(prepared.impossible):
        yield int(i), int(j), method.denomination[matrix.indicators[j]].by

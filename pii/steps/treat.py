"""Outliers: measured by skewness and kurtosis, tamed by winsorising or a transformation.

x is (provinces, indicators), in any unit of measurement; NaN where missing. `exempt` is
(indicators,), True for those that stay as they are, such as indices and surveys.
"""

from collections.abc import Callable
from math import fsum, inf, isfinite, nan, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pii.steps.present import Array, Mask, Whole, deviation_of, extremes, mean_of, refuse

LOG_OFFSET = 0.01
"""Share of the range added before the logarithm, so that the lowest value has one."""


class Transform(NamedTuple):
    """A transformation by `form` (the table in `retreated`).

    parameter : lambda of "boxcox" and "boxcox_shifted"; k of "log_gii" (NaN: from the data)
    mirrored : whether a long left tail is treated as the mirror image of a right one; False
        treats every tail as a right one, as COINr does
    """

    form: str
    parameter: float = nan
    mirrored: bool = True


LOG = Transform("log")
LOG_GII = Transform("log_gii")
LOG_CT = Transform("log_ct", mirrored=False)
LOG_CT_PLUS = Transform("log_ct")
LOG_CT_ORIG = Transform("boxcox_shifted", 0.0, mirrored=False)


def skewness(x: Array) -> float:
    r"""Sample skewness, adjusted for bias.

    .. math:: \frac{\sqrt{n(n-1)}}{n-2}\;\frac{\sqrt{n}\sum d^3}{(\sum d^2)^{3/2}}

    x : (n,); NaN are left out. NaN for fewer than 3 values or where all are equal.

    Source: Joanes & Gill (1998), G1; Excel SKEW.
    """
    d, n = _deviations(x)
    squares = _exact_sum(d * d)
    if n < 3 or squares == 0:
        return nan
    adjusted: float = sqrt(n) * _exact_sum(d**3) / squares**1.5 * sqrt(n * (n - 1)) / (n - 2)
    return adjusted


def kurtosis(x: Array) -> float:
    r"""Sample excess kurtosis, adjusted for bias; 0 for a normal distribution.

    .. math:: \frac{n-1}{(n-2)(n-3)}\left((n+1)\,\frac{n\sum d^4}{(\sum d^2)^2} - 3(n-1)\right)

    x : (n,); NaN are left out. NaN for fewer than 4 values or where all are equal.

    Source: Joanes & Gill (1998), G2; Excel KURT.
    """
    d, n = _deviations(x)
    squares = _exact_sum(d * d)
    if n < 4 or squares == 0:
        return nan
    ratio = n * _exact_sum(d**4) / squares**2
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * ratio - 3 * (n - 1))


def _exact_sum(x: Array) -> float:
    return fsum(x.tolist())  # a list is summed three times as fast as an array


def _deviations(x: Array) -> tuple[Array, int]:
    # Scaled to the largest deviation: cubes of tiny or huge units would leave the range of floats.
    values = x[~np.isnan(x)]
    if values.size == 0 or values.min() == values.max():
        return np.zeros_like(values), values.size
    d = values - mean_of(values)
    return d / np.abs(d).max(), values.size


class Treated(NamedTuple):
    """What treatment did to each indicator, in a form that can be applied to another province.

    values : (provinces, indicators), after treatment; NaN where missing
    form : (indicators,) "none", "winsorised", or the form of a transformation (see `retreated`)
    low, high : (indicators,) caps in the indicator's unit (the extremes where nothing was capped)
    side : (indicators,) -1 where a form is mirrored for a long left tail, else +1: always for
        "none" and "winsorised", which have no mirror image
    points : (indicators,) how many values were winsorised or capped
    skewness, kurtosis : (2, indicators), before and after
    passes : (indicators,) whether the thresholds hold after treatment
    parameter : (indicators,) of the form, NaN where it has none; None only in a record that was
        written before forms had parameters
    """

    values: Array
    form: npt.NDArray[np.str_]
    low: Array
    high: Array
    side: Array
    points: Whole
    skewness: Array
    kurtosis: Array
    passes: Mask
    parameter: Array | None = None


class ChangedPoints(NamedTuple):
    """Every value that treatment changed, by unit and then by indicator; all of one length."""

    unit: Whole
    indicator: Whole
    before: Array
    after: Array


def changed_points(x: Array, treated: Treated) -> ChangedPoints:
    """Every value of `x` (provinces, indicators) that is another after treatment."""
    unit, indicator = np.nonzero((x != treated.values) & ~np.isnan(x))
    at = unit, indicator
    return ChangedPoints(unit, indicator, x[at], treated.values[at])


def winsorisable(points: float, units: int) -> int:
    """How many of `units` values may be winsorised: a number, or below 1 a share of the units.

    A share is rounded down. Infinity sets no limit. Raises ValueError for anything else: a
    negative or missing number, or one such as 2.5.

    Source: OECD/JRC (2008), step 3: 5 of 34 is 15 %, of 139 it is 4 %.
    """
    if points == inf:
        return units
    if not (points >= 0 and (points < 1 or points == int(points))):
        raise ValueError(f"points to winsorise: {points:g} is neither a number nor a share below 1")
    # 0.29 of 100 units is 29, though the product in binary falls short of it.
    return int(points) if points >= 1 else int(points * units + 1e-9)


def gii_treatment(
    x: Array,
    *,
    skewness_limit: float,
    kurtosis_limit: float,
    points: float,
    exempt: Mask,
    otherwise: Transform | None = LOG,
    together: bool = False,
) -> Treated:
    r"""Winsorise what is too skewed, one value at a time; take logarithms where that fails.

    .. math:: |\text{skewness}| > 2.25 \quad\text{and}\quad \text{kurtosis} > 3.5

    An indicator is treated where both exceed their limit. Each step caps one more value, on the
    side to which the distribution leans at that moment, but never to a constant; ties count one by
    one. Where `points` steps do not suffice, the logarithm of the untreated values is taken, and
    kept even if it fails too (`passes` says so).

    points : a number, or below 1 a share of the values that are present (`winsorisable`)
    otherwise : the transformation where winsorising fails; None keeps what winsorising reached
    together : whether tied extremes are capped at once, beyond `points` if need be

    Raises ValueError for points that are neither, and where `transformation` would.

    Source: GII (2019), appendix IV; OECD/JRC (2008), step 3.
    """
    limits = skewness_limit, kurtosis_limit

    def treat(column: Array) -> _Column:
        return _treated_column(column, *limits, points, otherwise, together)

    return _gathered(x, _each(x, exempt, treat), *limits)


def coinr_treatment(
    x: Array, *, points: float, exempt: Mask, otherwise: Transform | None = LOG_CT
) -> Treated:
    r"""`gii_treatment` with COINr's limits and logarithm; tied extremes are capped at once.

    .. math:: |\text{skewness}| > 2 \quad\text{and}\quad \text{kurtosis} > 3.5

    Source: COINr, Treat with winsorise, log_CT and check_SkewKurt.
    """
    rule = {"skewness_limit": 2.0, "kurtosis_limit": 3.5, "points": points}
    return gii_treatment(x, **rule, exempt=exempt, otherwise=otherwise, together=True)


def eis_treatment(
    x: Array, *, skewness_limit: float, exempt: Mask, deviations: float = 3.0
) -> Treated:
    r"""Square roots of what is too skewed; then caps at the mean and so many standard deviations.

    .. math:: y = \min(\max(z, \bar z - d s), \bar z + d s),\qquad
              z = \sqrt x\ \text{ or }\ -\sqrt{x_{min} + x_{max} - x}\ \text{ or }\ x

    for a long right tail, a long left tail, and abs(skewness) within the limit. s has n − 1. Caps
    beyond the data cap nothing. `passes` says whether abs(skewness) is within the limit now.

    Raises ValueError for the square root of a negative value, naming the columns.

    Source: European Innovation Scoreboard (2008), technical annex, steps 1 and 2. There the
    operator chooses whose root is taken (counts per million inhabitants); a limit on skewness
    stands for that choice here, and an outlier is capped, not left out of the goalposts.
    """
    even = np.array([not abs(skewness(column)) > skewness_limit for column in x.T])
    roots = _each(x, exempt | even, lambda column: _transformed_column(column, Transform("sqrt")))
    z = _gathered(x, roots, inf, inf).values
    capped = [
        root if exempt[j] else _within_deviations(x[:, j], z[:, j], root, deviations)
        for j, root in enumerate(roots)
    ]
    return _gathered(x, capped, skewness_limit, -inf)


def transformation(x: Array, transform: Transform, *, exempt: Mask) -> Treated:
    """One transformation for every indicator that is not exempt, whatever its skewness.

    Indicators without two different values stay as they are. No limit is looked at.

    Raises ValueError for Box–Cox of values not above zero or a square root of negative ones,
    naming the columns; for a form or parameter that does not exist.

    Source: as the form's; see `retreated`.
    """
    columns = _each(x, exempt, lambda column: _transformed_column(column, transform))
    return _gathered(x, columns, inf, inf)


def no_treatment(x: Array) -> Treated:
    """Every value as it came, in the shape that treatment has; no limit is looked at.

    Source: none.
    """
    return _gathered(x, [_untouched(column) for column in x.T], inf, inf)


class _Column(NamedTuple):
    form: str
    low: float
    high: float
    side: float
    points: int
    parameter: float = nan


def _gathered(x: Array, columns: list[_Column], skew_limit: float, kurt_limit: float) -> Treated:
    form, low, high, side, points, parameter = (
        np.array(part) for part in zip(*columns, strict=True)
    )
    least = np.fmin.reduce(x, axis=0, initial=inf)
    refuse((form == "boxcox") & (least <= 0), "a value is not above zero, as Box–Cox needs,")
    refuse((form == "sqrt") & (least < 0), "a value is below zero, and has no square root,")
    values = retreated(x, form=form, low=low, high=high, side=side, parameter=parameter)
    both = (x, values)
    skew = np.array([[skewness(column) for column in v.T] for v in both])
    kurt = np.array([[kurtosis(column) for column in v.T] for v in both])
    passes = ~((np.abs(skew[1]) > skew_limit) & (kurt[1] > kurt_limit))
    return Treated(values, form, low, high, side, points, skew, kurt, passes, parameter)


def _each(x: Array, exempt: Mask, treat: Callable[[Array], _Column]) -> list[_Column]:
    pairs = zip(x.T, exempt, strict=True)
    return [_untouched(column) if skip else treat(column) for column, skip in pairs]


def _untouched(x: Array) -> _Column:
    low, high = extremes(x)
    return _Column("none", float(low), float(high), 1.0, 0)


def _transformed_column(x: Array, transform: Transform) -> _Column:
    whole = _untouched(x)
    if not whole.low < whole.high:
        return whole
    left = transform.mirrored and skewness(x) < 0
    form, parameter = transform.form, transform.parameter
    if form == "sqrt":
        parameter = whole.low + whole.high
    elif form == "log_gii" and np.isnan(parameter):
        parameter = _gii_top(whole.low, whole.high)
    if form == "log_gii" and not parameter > 1:
        raise ValueError(f"log_gii needs k above 1, not {parameter:g}")
    if form.startswith("boxcox") and not isfinite(parameter):
        raise ValueError(f"{form} needs a lambda")
    return whole._replace(form=form, side=-1.0 if left else 1.0, parameter=parameter)


def _gii_top(low: float, high: float) -> float:
    """The GII's max·f, here at least 10: f is 1, or the power of ten that lifts it there."""
    top = high if low >= 0 else high - low
    while top < 10:
        top *= 10
    return top


def _within_deviations(x: Array, z: Array, column: _Column, deviations: float) -> _Column:
    if not column.low < column.high:
        return column
    mean = mean_of(z)
    reach = deviations * deviation_of(z)
    low, high = mean - reach, mean + reach
    if column.form == "sqrt":  # the caps in the unit of x
        pivot, left = column.parameter, column.side < 0
        low, high = (
            (pivot - low**2, pivot - min(high, 0) ** 2) if left else (max(low, 0) ** 2, high**2)
        )
    low, high = max(low, column.low), min(high, column.high)
    points = int(np.count_nonzero((x < low) | (x > high)))
    form = "winsorised" if points and column.form == "none" else column.form
    return column._replace(form=form, low=low, high=high, points=points)


def _treated_column(
    x: Array,
    skew_limit: float,
    kurt_limit: float,
    points: float,
    otherwise: Transform | None,
    together: bool,
) -> _Column:
    def fails(values: Array) -> bool:
        return abs(skewness(values)) > skew_limit and kurtosis(values) > kurt_limit

    ordered = np.sort(x[~np.isnan(x)])
    most = winsorisable(points, ordered.size)
    reached, capped = _untouched(x), x
    below = above = 0
    while (failing := fails(capped)) and below + above < most:
        if skewness(capped) > 0:
            above = int((ordered >= reached.high).sum()) if together else above + 1
        else:
            below = int((ordered <= reached.low).sum()) if together else below + 1
        low, high = float(ordered[below]), float(ordered[-1 - above])
        if low == high:  # capping to a constant would destroy the indicator
            break
        capped = np.clip(x, low, high)
        reached = _Column("winsorised", low, high, 1.0, below + above)
    return _transformed_column(x, otherwise) if failing and otherwise else reached


def retreated(
    x: Array,
    *,
    form: npt.NDArray[np.str_],
    low: Array,
    high: Array,
    side: Array,
    parameter: Array | None = None,
) -> Array:
    r"""Apply a treatment that is already decided, to the same or to another province.

    Values are capped to [low, high] and then, with l and h for low and high, t = (x − l)/(h − l)
    and p for the parameter:

    ==================  ================================================================
    "log"               ln(t + 0.01): needs no positive values, does not depend on the unit
    "log_gii"           ln((p − 1) t + 1), p = max·f: the GII's; the same as "log" for p = 101
    "log_ct"            ln(x − l + 0.01 (h − l)): "log" but for a constant
    "boxcox"            (x^p − 1)/p, ln x for p = 0; needs values above zero
    "boxcox_shifted"    the same of x − l + 1; p = 0 is COINr's log_CT_orig
    "sqrt"              √x; needs values not below zero
    ==================  ================================================================

    Every form keeps the order. Where `side` is −1 it is the mirror image, −g(l + h − x) (for
    "sqrt" −g(p − x)), which draws a long left tail in as g does a right one.

    x : (..., provinces, indicators); form, low, high, side, parameter : (indicators,)

    Raises ValueError for an unknown form, or one whose parameter is not given.

    Source: Box & Cox (1964). GII (2019), appendix IV: the log for "bads", of max − x, is the mirror
    image with the other sign. COINr's log_CT, log_CT_plus, log_CT_orig, boxcox; its log_GII
    returns x.
    """
    y = np.clip(x, low, high)
    given = np.full(form.shape, nan) if parameter is None else parameter
    for name in sorted(set(form.tolist()) - {"none", "winsorised"}):
        at = form == name
        y[..., at] = _transformed(y[..., at], name, low[at], high[at], side[at] < 0, given[at])
    return y


def _transformed(x: Array, form: str, low: Array, high: Array, left: Mask, p: Array) -> Array:
    if form in ("log_gii", "boxcox", "boxcox_shifted", "sqrt") and np.isnan(p).any():
        raise ValueError(f"a treatment of form {form} needs its parameter")
    spread = high - low
    away = np.where(left, high - x, x - low)  # from the end that has no long tail
    if form == "log":
        t = (x - low) / spread
        y = np.log(np.where(left, 1 - t, t) + LOG_OFFSET)
    elif form == "log_gii":
        y = np.log1p((p - 1) * (away / spread))
    elif form == "log_ct":
        y = np.log(away + LOG_OFFSET * spread)
    elif form == "boxcox":
        y = _box_cox(np.where(left, low + away, x), p)
    elif form == "boxcox_shifted":
        y = _box_cox(away + 1, p)
    elif form == "sqrt":
        y = np.sqrt(np.where(left, p - x, x))
    else:
        raise ValueError(f"unknown form of treatment: {form}")
    return np.where(left, -y, y)


def _box_cox(x: Array, p: Array) -> Array:
    from scipy.special import boxcox  # slow to import, and seldom needed

    return np.asarray(boxcox(x, p), dtype=np.float64)

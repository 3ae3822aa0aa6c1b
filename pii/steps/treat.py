"""Outliers: measured by skewness and kurtosis, tamed by winsorising or a logarithm."""

from math import fsum, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LOG_OFFSET = 0.01
"""Share of the range added before the logarithm, so that the lowest value has one."""


def skewness(x: Array) -> float:
    r"""Sample skewness, adjusted for bias.

    .. math:: \frac{\sqrt{n(n-1)}}{n-2}\;\frac{\sqrt{n}\sum d^3}{(\sum d^2)^{3/2}}

    Parameters
    ----------
    x : (n,), any unit; NaN are left out
    Returns
    -------
    NaN for fewer than 3 values or where all are equal.
    References
    ----------
    Joanes & Gill (1998), G1; Excel SKEW.
    """
    d, n = _deviations(x)
    squares = fsum(d * d)
    if n < 3 or squares == 0:
        return float("nan")
    adjusted: float = sqrt(n) * fsum(d**3) / squares**1.5 * sqrt(n * (n - 1)) / (n - 2)
    return adjusted


def kurtosis(x: Array) -> float:
    r"""Sample excess kurtosis, adjusted for bias; 0 for a normal distribution.

    .. math:: \frac{n-1}{(n-2)(n-3)}\left((n+1)\,\frac{n\sum d^4}{(\sum d^2)^2} - 3(n-1)\right)

    Parameters
    ----------
    x : (n,), any unit; NaN are left out
    Returns
    -------
    NaN for fewer than 4 values or where all are equal.
    References
    ----------
    Joanes & Gill (1998), G2; Excel KURT.
    """
    d, n = _deviations(x)
    squares = fsum(d * d)
    if n < 4 or squares == 0:
        return float("nan")
    ratio = n * fsum(d**4) / squares**2
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * ratio - 3 * (n - 1))


def _deviations(x: Array) -> tuple[Array, int]:
    # Scaled to the largest deviation: cubes of tiny or huge units would leave the range of floats.
    values = x[~np.isnan(x)]
    if values.size == 0 or values.min() == values.max():
        return np.zeros_like(values), values.size
    d = values - fsum(values) / values.size
    return d / np.abs(d).max(), values.size


class Treated(NamedTuple):
    """What treatment did to each indicator, in a form that can be applied to another province.

    values : (provinces, indicators), after treatment; NaN where missing
    form : (indicators,) "none", "winsorised" or "log"
    low, high : (indicators,) caps in the indicator's unit (the extremes where nothing was capped)
    side : (indicators,) +1 where the long tail is on the right, -1 on the left
    points : (indicators,) how many values were winsorised
    skewness, kurtosis : (2, indicators), before and after
    passes : (indicators,) whether the thresholds hold after treatment
    """

    values: Array
    form: npt.NDArray[np.str_]
    low: Array
    high: Array
    side: Array
    points: npt.NDArray[np.int64]
    skewness: Array
    kurtosis: Array
    passes: npt.NDArray[np.bool_]


def gii_treatment(
    x: Array,
    *,
    skewness_limit: float,
    kurtosis_limit: float,
    points: int,
    exempt: npt.NDArray[np.bool_],
) -> Treated:
    """Winsorise what is too skewed, one value at a time; take logarithms where that fails.

    An indicator is treated where abs(skewness) and kurtosis both exceed their limit. Each step
    caps one more value, on the side to which the distribution leans at that moment; ties count
    one by one. Where `points` steps do not suffice, the logarithm of the untreated values is
    taken, and kept even if it fails too (`passes` says so).

    Parameters
    ----------
    x : (provinces, indicators), NaN where missing
    exempt : (indicators,), True for indicators that stay as they are
    References
    ----------
    GII (2019), appendix IV; OECD/JRC (2008), step 3.
    """
    columns = [
        _untouched(x[:, j])
        if exempt[j]
        else _treated_column(x[:, j], skewness_limit, kurtosis_limit, points)
        for j in range(x.shape[1])
    ]
    return _gathered(x, columns, skewness_limit, kurtosis_limit)


def no_treatment(x: Array) -> Treated:
    """Every value as it came, in the shape that treatment has; no limit is looked at."""
    return _gathered(x, [_untouched(x[:, j]) for j in range(x.shape[1])], np.inf, np.inf)


class _Column(NamedTuple):
    form: str
    low: float
    high: float
    side: float
    points: int


def _gathered(x: Array, columns: list[_Column], skew_limit: float, kurt_limit: float) -> Treated:
    form, low, high, side, points = (np.array(part) for part in zip(*columns, strict=True))
    values = retreated(x, form=form, low=low, high=high, side=side)
    both = (x, values)
    skew = np.array([[skewness(v[:, j]) for j in range(x.shape[1])] for v in both])
    kurt = np.array([[kurtosis(v[:, j]) for j in range(x.shape[1])] for v in both])
    passes = ~((np.abs(skew[1]) > skew_limit) & (kurt[1] > kurt_limit))
    return Treated(values, form, low, high, side, points, skew, kurt, passes)


def _untouched(x: Array) -> _Column:
    if np.isnan(x).all():
        return _Column("none", np.nan, np.nan, 1.0, 0)
    return _Column("none", float(np.nanmin(x)), float(np.nanmax(x)), 1.0, 0)


def _treated_column(x: Array, skew_limit: float, kurt_limit: float, points: int) -> _Column:
    def fails(values: Array) -> bool:
        return abs(skewness(values)) > skew_limit and kurtosis(values) > kurt_limit

    whole = _untouched(x)
    if not fails(x):
        return whole
    ordered = np.sort(x[~np.isnan(x)])
    capped = x
    below = above = 0
    for step in range(1, points + 1):
        if skewness(capped) > 0:
            above += 1
        else:
            below += 1
        if below + above >= ordered.size:
            break
        low, high = float(ordered[below]), float(ordered[-1 - above])
        if low == high:  # capping to a constant would destroy the indicator
            break
        capped = np.clip(x, low, high)
        if not fails(capped):
            return _Column("winsorised", low, high, 1.0, step)
    return whole._replace(form="log", side=1.0 if skewness(x) > 0 else -1.0)


def retreated(
    x: Array, *, form: npt.NDArray[np.str_], low: Array, high: Array, side: Array
) -> Array:
    r"""Apply a treatment that is already decided, to the same or to another province.

    Values are capped to [low, high]; where `form` is "log", with t the share of the range,

    .. math:: y = \ln(t + 0.01) \quad\text{or, for a long left tail,}\quad y = -\ln(1 - t + 0.01)

    which keeps the order, needs no positive values and does not depend on the unit.

    Parameters
    ----------
    x : (..., provinces, indicators); form, low, high, side : (indicators,)
    References
    ----------
    The log is COINr's log_CT, ln(x − min + 0.01·range), up to an additive constant.
    """
    capped = np.clip(x, low, high)
    logs = form == "log"
    if not logs.any():
        return capped
    with np.errstate(invalid="ignore", divide="ignore"):
        t = (capped - low) / (high - low)
        right, left = np.log(t + LOG_OFFSET), -np.log(1 - t + LOG_OFFSET)
    return np.where(logs, np.where(side > 0, right, left), capped)

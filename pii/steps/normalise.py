"""Values on one scale.

Everywhere x is (..., provinces, indicators), NaN where missing, and so is the result;
`higher` is (indicators,), True where more is better. A column that cannot be scored, such as one
of equal values, raises ValueError with its number, unless `constant` states the score of it all.

References
----------
OECD/JRC (2008), step 5 and table 15. COINr: W. Becker and others (2022), JOSS 7(78).
"""

from collections.abc import Sequence
from math import fsum

import numpy as np
import numpy.typing as npt

from pii.steps.rank import competition_rank

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BANDS = (0.05, 0.15, 0.35, 0.65, 0.85, 0.95)
"""The Handbook's bounds between categories, as shares of the provinces, and its categories."""
CATEGORIES = (0.0, 20.0, 40.0, 50.0, 60.0, 80.0, 100.0)


def observed_goalposts(x: Array, higher_is_better: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """The data's own extremes as goalposts: (worst, best), each (..., indicators).

    Direction lives here and nowhere else: where lower is better, `best` is the minimum.
    NaN for an indicator without any value.
    """
    gone = np.isnan(x).all(axis=-2)
    low = np.where(gone, np.nan, np.min(np.where(np.isnan(x), np.inf, x), axis=-2))
    high = np.where(gone, np.nan, np.max(np.where(np.isnan(x), -np.inf, x), axis=-2))
    return np.where(higher_is_better, low, high), np.where(higher_is_better, high, low)


def between_goalposts(
    x: Array,
    worst: Array,
    best: Array,
    *,
    scale: tuple[float, float] = (0.0, 100.0),
    constant: float | None = None,
    capped: bool = True,
) -> Array:
    r"""Score each value by how far it has travelled from `worst` towards `best`.

    .. math:: y = l + (u - l)\,\frac{x - \mathrm{worst}}{\mathrm{best} - \mathrm{worst}}

    Direction needs no sign: where lower is better, `best` is the smaller goalpost.
    Values beyond a goalpost score exactly `l` or `u`, unless not `capped`.

    Parameters
    ----------
    x : (..., provinces, indicators), values in the indicator's unit; NaN where missing
    worst, best : (..., indicators), in the same unit; NaN where the indicator has no data
    constant : the score of every value of an indicator whose goalposts coincide
    Returns
    -------
    (..., provinces, indicators), on `scale`; NaN where missing
    Raises
    ------
    ValueError
        Where two goalposts coincide and no `constant` is given, naming the columns.
    References
    ----------
    OECD/JRC (2008), step 5.
    """
    flat = np.asarray(worst == best)
    if constant is None:
        _refuse(flat, "worst and best coincide")
    low, high = scale
    share = (x - worst[..., None, :]) / np.where(flat, 1.0, best - worst)[..., None, :]
    scores = low + (high - low) * share
    return _stated(np.clip(scores, low, high) if capped else scores, flat, constant)


def _refuse(columns: Flags, what: str) -> None:
    if columns.any():
        numbers = ", ".join(str(column) for column in np.unique(np.nonzero(columns)[-1]))
        raise ValueError(f"{what} in column {numbers}")


def _stated(scores: Array, columns: Flags, constant: float | None) -> Array:
    """The constant for whatever is present in these columns."""
    if constant is None:
        return scores
    return np.where(columns[..., None, :] & ~np.isnan(scores), constant, scores)


def upwards(x: Array, higher: Flags) -> Array:
    """The values, with the other sign where lower is better: COINr's "none"."""
    return np.where(higher, x, 0.0 - x)


def z_scores(
    x: Array,
    higher: Flags,
    *,
    mean: float = 0.0,
    sd: float = 1.0,
    constant: float | None = None,
) -> Array:
    r"""Standard deviations from the mean, on a scale of any mean and standard deviation.

    .. math:: y = m + s\,\frac{x - \bar x}{\sigma_{n-1}}, \text{ with } -x \text{ for } x
              \text{ where lower is better}
    """
    flat = np.equal(*observed_goalposts(x, higher))
    if constant is None:
        _refuse(flat, "all values are equal")
    away = upwards(x - _means(x)[..., None, :], higher)
    n = (~np.isnan(x)).sum(axis=-2)
    variance = _sums(away**2) / np.where(n > 1, n - 1, np.nan)
    divisor = np.sqrt(np.where(flat, 1.0, variance))
    return _stated(mean + sd * away / divisor[..., None, :], flat, constant)


def _sums(x: Array) -> Array:
    def total(column: Array) -> float:
        return fsum(column[~np.isnan(column)])

    return np.apply_along_axis(total, -2, x)


def _means(x: Array) -> Array:
    n = (~np.isnan(x)).sum(axis=-2)
    return _sums(x) / np.where(n > 0, n, np.nan)


def rank_scores(x: Array, higher: Flags) -> Array:
    """Rank as a score: 1 for the worst, equal values share the lower rank; COINr's n_rank."""
    down = np.swapaxes(upwards(x, ~higher), -1, -2)
    return np.swapaxes(competition_rank(down, tolerance=0.0), -1, -2)


def borda(x: Array, higher: Flags) -> Array:
    """How many provinces are worse: rank − 1."""
    return rank_scores(x, higher) - 1


def percentile_ranks(x: Array, higher: Flags, *, constant: float | None = None) -> Array:
    """(rank − 1)/(n − 1), from 0 for the worst: COINr's n_prank. A single value has none."""
    n = (~np.isnan(x)).sum(axis=-2)
    if constant is None:
        _refuse(n == 1, "a single value has no percentile rank")
    scores = borda(x, higher) / np.maximum(n - 1, 1)[..., None, :]
    return _stated(scores, n == 1, constant)


def rank_shares(x: Array, higher: Flags) -> Array:
    """rank/n: the share of provinces that are not better placed; the Handbook's percentile."""
    n = (~np.isnan(x)).sum(axis=-2)
    shares: Array = rank_scores(x, higher) / np.maximum(n, 1)[..., None, :]
    return shares


def percentile_bands(
    x: Array,
    higher: Flags,
    *,
    bounds: Sequence[float] = BANDS,
    scores: Sequence[float] = CATEGORIES,
) -> Array:
    """Categories by `rank_shares`: a share on a bound belongs to the category above it.

    Raises
    ------
    ValueError
        Where the bounds do not rise, or there is not one score more than there are bounds.
    """
    if len(scores) != len(bounds) + 1 or np.any(np.diff(bounds) <= 0):
        raise ValueError("categories need rising bounds, and one score more than there are bounds")
    shares = rank_shares(x, higher)
    banded = np.asarray(scores, dtype=np.float64)[np.digitize(shares, np.asarray(bounds))]
    return np.where(np.isnan(x), np.nan, banded)


def above_or_below_mean(x: Array, higher: Flags, *, margin: float = 0.2) -> Array:
    r"""1 where better than the mean by more than the margin, −1 where worse by more, else 0.

    .. math:: x/\bar x > 1 + p \quad\text{or}\quad x/\bar x < 1 - p

    Raises
    ------
    ValueError
        Where the mean is not above zero, naming the columns.
    """
    mean = _means(x)
    _refuse(mean <= 0, "the mean is not above zero")
    ratio = x / mean[..., None, :]
    edge = margin + 1e-12  # 0.08 of a mean of 0.1 is not below 80 %, whatever binary division says
    sign = (ratio > 1 + edge).astype(np.float64) - (ratio < 1 - edge)
    return np.where(np.isnan(x), np.nan, upwards(sign, higher))


def distance_to_best(x: Array, higher: Flags, *, constant: float | None = None) -> Array:
    r"""1 less the distance to the best value, in ranges: min-max on 0 to 1; COINr's n_dist2max."""
    worst, best = observed_goalposts(x, higher)
    return between_goalposts(x, worst, best, scale=(0.0, 1.0), constant=constant)


def distance_to_target(
    x: Array,
    higher: Flags,
    target: Array,
    *,
    capped: bool = True,
    constant: float | None = None,
) -> Array:
    r"""1 less the distance to a target, as a share of the way to it from the worst value.

    .. math:: y = \min\left(1, \frac{x - x_{worst}}{target - x_{worst}}\right)

    A target no better than the worst value can measure nothing; COINr turns the scale round.

    Parameters
    ----------
    target : (..., indicators), in the unit of x
    capped : whether what is beyond the target scores 1, not more
    Raises
    ------
    ValueError
        For such a target where no `constant` is given, or a missing one, naming the columns.
    """
    worst, _ = observed_goalposts(x, higher)
    target = np.broadcast_to(target, worst.shape)
    _refuse(np.isnan(target) & ~np.isnan(worst), "the target has no value")
    behind = upwards(target - worst, higher) <= 0
    if constant is None:
        _refuse(behind, "the target is no better than the worst value")
    ends = np.where(behind, worst, target)
    scale = (0.0, 1.0)
    return between_goalposts(x, worst, ends, scale=scale, constant=constant, capped=capped)


def distance_to_reference(
    x: Array,
    higher: Flags,
    reference: int,
    *,
    capped: bool = False,
    constant: float | None = None,
) -> Array:
    """`distance_to_target` where one province, by its row, is the target.

    Refused where it is the worst itself (COINr's n_dist2ref is infinite there) or has no value.
    """
    target = x[..., reference, :]
    return distance_to_target(x, higher, target, capped=capped, constant=constant)


def ratios_to(x: Array, higher: Flags, reference: Array) -> Array:
    r"""Ratio to a reference, such as the mean; to the best value it is the fraction of maximum.

    .. math:: x/r \quad\text{or, where lower is better,}\quad r/x

    (COINr's n_fracmax gives x/r there as well, so that the best score lowest.)

    Raises
    ------
    ValueError
        Where the reference is not above zero, or where lower is better and a value is not.
    """
    _refuse_ratio(x, higher, reference)
    r = reference[..., None, :]
    return np.where(higher, x, r) / np.where(higher, r, x)


def fractions_of_best(x: Array, higher: Flags) -> Array:
    """x/max, or min/x where lower is better: 1 for the best; see `ratios_to`."""
    return ratios_to(x, higher, observed_goalposts(x, higher)[1])


def differences_to(x: Array, higher: Flags, reference: Array) -> Array:
    """(x − r)/r, or (r − x)/r where lower is better; r above zero, (..., indicators)."""
    _refuse_ratio(x, np.full_like(higher, True), reference)
    r = reference[..., None, :]
    return upwards(x - r, higher) / r


def _refuse_ratio(x: Array, higher: Flags, reference: Array) -> None:
    _refuse(np.asarray(reference <= 0), "the reference of a ratio is not above zero")
    below = (x <= 0).any(axis=-2) & ~higher
    _refuse(below, "lower is better, and a value is not above zero: no ratio")

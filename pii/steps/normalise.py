"""Values on one scale.

Everywhere x is (..., provinces, indicators), in the indicator's unit, NaN where missing, and so is
the result; goalposts, targets and references are (..., indicators) in the same unit; `higher` is
(indicators,), True where more is better. A column that cannot be scored, such as one of equal
values, raises ValueError with its number, unless `constant` states the score of it all.
"""

from collections.abc import Callable, Sequence
from math import fsum

import numpy as np

from pii.steps.present import ROUNDING, Array, Mask, extremes, refuse
from pii.steps.rank import competition_rank, percent_rank

BANDS = (0.05, 0.15, 0.35, 0.65, 0.85, 0.95)
"""The Handbook's bounds between categories, as shares of the provinces, and its categories."""
CATEGORIES = (0.0, 20.0, 40.0, 50.0, 60.0, 80.0, 100.0)

UNIT = (0.0, 1.0)


def observed_goalposts(x: Array, higher_is_better: Mask) -> tuple[Array, Array]:
    """The data's own extremes as goalposts: (worst, best), each (..., indicators).

    Direction lives here and nowhere else: where lower is better, `best` is the minimum.
    NaN for an indicator without any value.

    Source: OECD/JRC (2008), step 5.
    """
    low, high = extremes(x)
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

    worst, best : NaN where the indicator has no data
    constant : the score of every value of an indicator whose goalposts coincide

    Source: OECD/JRC (2008), step 5.
    """
    flat = np.asarray(worst == best)
    if constant is None:
        refuse(flat, "worst and best coincide")
    low, high = scale
    share = (x - worst[..., None, :]) / np.where(flat, 1.0, best - worst)[..., None, :]
    scores = low + (high - low) * share
    return _stated(np.clip(scores, low, high) if capped else scores, x, flat, constant)


def _stated(scores: Array, x: Array, columns: Mask, constant: float | None) -> Array:
    """The constant for whatever is present in these columns."""
    if constant is None:
        return scores
    return np.where(columns[..., None, :] & ~np.isnan(x), constant, scores)


def upwards(x: Array, higher: Mask) -> Array:
    """The values, with the other sign where lower is better.

    Source: COINr, n_scaled after direction; its "none".
    """
    return np.where(higher, x, 0.0 - x)


def z_scores(
    x: Array, higher: Mask, *, mean: float = 0.0, sd: float = 1.0, constant: float | None = None
) -> Array:
    r"""Standard deviations from the mean, on a scale of any mean and standard deviation.

    .. math:: y = m + s\,\frac{x - \bar x}{\sigma_{n-1}}, \text{ with } -x \text{ for } x
              \text{ where lower is better}

    Source: OECD/JRC (2008), step 5; COINr, n_zscore.
    """
    flat = np.equal(*extremes(x))
    if constant is None:
        refuse(flat, "all values are equal")
    away = upwards(x - _means(x)[..., None, :], higher)
    n = _counts(x)
    variance = _sums(away**2) / np.where(n > 1, n - 1, np.nan)
    divisor = np.sqrt(np.where(flat, 1.0, variance))
    return _stated(mean + sd * away / divisor[..., None, :], x, flat, constant)


def _counts(x: Array) -> Array:
    return np.asarray((~np.isnan(x)).sum(axis=-2, dtype=np.float64))


def _sums(x: Array) -> Array:
    return np.asarray(np.apply_along_axis(lambda column: fsum(column[~np.isnan(column)]), -2, x))


def _means(x: Array) -> Array:
    n = _counts(x)
    return _sums(x) / np.where(n > 0, n, np.nan)


def _by_column(rank: Callable[..., Array], x: Array) -> Array:
    return np.swapaxes(rank(np.swapaxes(x, -1, -2), tolerance=0.0), -1, -2)


def rank_scores(x: Array, higher: Mask) -> Array:
    """Rank as a score: 1 for the worst, equal values share the lower rank.

    Source: OECD/JRC (2008), step 5; COINr, n_rank.
    """
    return _by_column(competition_rank, upwards(x, ~higher))


def borda(x: Array, higher: Mask) -> Array:
    """How many provinces are worse: rank − 1.

    Source: Borda (1784); COINr, n_borda.
    """
    return rank_scores(x, higher) - 1


def percentile_ranks(x: Array, higher: Mask, *, constant: float | None = None) -> Array:
    r"""Share of the others that are worse, from 0 for the worst; a single value has none.

    .. math:: y = \frac{\text{rank} - 1}{n - 1}

    Source: Excel PERCENTRANK; COINr, n_prank.
    """
    single = _counts(x) == 1
    if constant is None:
        refuse(single, "a single value has no percentile rank")
    return _stated(_by_column(percent_rank, upwards(x, higher)), x, single, constant)


def rank_shares(x: Array, higher: Mask) -> Array:
    r"""The share of provinces that are not better placed; the Handbook's percentile.

    .. math:: y = \text{rank} / n

    Source: OECD/JRC (2008), step 5, table 15.
    """
    shares: Array = rank_scores(x, higher) / np.maximum(_counts(x), 1)[..., None, :]
    return shares


def percentile_bands(
    x: Array,
    higher: Mask,
    *,
    bounds: Sequence[float] = BANDS,
    scores: Sequence[float] = CATEGORIES,
) -> Array:
    """Categories by `rank_shares`: a share on a bound belongs to the category above it.

    Raises ValueError where the bounds do not rise, or there is not one score more than bounds.

    Source: OECD/JRC (2008), step 5, categorical scale.
    """
    if len(scores) != len(bounds) + 1 or np.any(np.diff(bounds) <= 0):
        raise ValueError("categories need rising bounds, and one score more than there are bounds")
    shares = rank_shares(x, higher)
    banded = np.asarray(scores, dtype=np.float64)[np.digitize(shares, np.asarray(bounds))]
    return np.where(np.isnan(x), np.nan, banded)


def above_or_below_mean(x: Array, higher: Mask, *, margin: float = 0.2) -> Array:
    r"""1 where better than the mean by more than the margin, −1 where worse by more, else 0.

    .. math:: x/\bar x > 1 + p \quad\text{or}\quad x/\bar x < 1 - p

    Refused where the mean is not above zero.

    Source: OECD/JRC (2008), step 5, indicators above or below the mean.
    """
    mean = _means(x)
    refuse(mean <= 0, "the mean is not above zero")
    ratio = x / mean[..., None, :]
    edge = margin + ROUNDING  # 0.08 of a mean of 0.1 is not below 80 %, whatever division says
    sign = (ratio > 1 + edge).astype(np.float64) - (ratio < 1 - edge)
    return np.where(np.isnan(x), np.nan, upwards(sign, higher))


def distance_to_best(x: Array, higher: Mask, *, constant: float | None = None) -> Array:
    r"""1 less the distance to the best value, in ranges: min-max on 0 to 1.

    Source: COINr, n_dist2max.
    """
    return between_goalposts(x, *observed_goalposts(x, higher), scale=UNIT, constant=constant)


def distance_to_target(
    x: Array, higher: Mask, target: Array, *, capped: bool = True, constant: float | None = None
) -> Array:
    r"""1 less the distance to a target, as a share of the way to it from the worst value.

    .. math:: y = \min\left(1, \frac{x - x_{worst}}{target - x_{worst}}\right)

    Refused: a target that is missing, or no better than the worst value. It can measure nothing
    (COINr turns the scale round).

    capped : whether what is beyond the target scores 1, not more

    Source: COINr, n_dist2targ.
    """
    worst, _ = observed_goalposts(x, higher)
    target = np.broadcast_to(target, worst.shape)
    refuse(np.isnan(target) & ~np.isnan(worst), "the target has no value")
    behind = upwards(target - worst, higher) <= 0
    if constant is None:
        refuse(behind, "the target is no better than the worst value")
    ends = np.where(behind, worst, target)
    return between_goalposts(x, worst, ends, scale=UNIT, constant=constant, capped=capped)


def distance_to_reference(
    x: Array, higher: Mask, reference: int, *, capped: bool = False, constant: float | None = None
) -> Array:
    """`distance_to_target` where one province, by its row, is the target.

    Refused where it is the worst itself (COINr is infinite there) or has no value.

    Source: OECD/JRC (2008), step 5; COINr, n_dist2ref.
    """
    target = x[..., reference, :]
    return distance_to_target(x, higher, target, capped=capped, constant=constant)


def ratios_to(x: Array, higher: Mask, reference: Array) -> Array:
    r"""Ratio to a reference, such as the mean; to the best value it is the fraction of maximum.

    .. math:: x/r \quad\text{or, where lower is better,}\quad r/x

    Refused where the reference is not above zero, or where lower is better and a value is not.

    Source: OECD/JRC (2008), step 5, distance to a reference.
    """
    _refuse_ratio(x, higher, reference)
    r = reference[..., None, :]
    return np.where(higher, x, r) / np.where(higher, r, x)


def fractions_of_best(x: Array, higher: Mask) -> Array:
    r"""1 for the best value; see `ratios_to`.

    .. math:: x/x_{max} \quad\text{or, where lower is better,}\quad x_{min}/x

    COINr has x/max there as well, so that the best score lowest.

    Source: COINr, n_fracmax.
    """
    return ratios_to(x, higher, observed_goalposts(x, higher)[1])


def differences_to(x: Array, higher: Mask, reference: Array) -> Array:
    r"""How far from a reference above zero, as a share of it.

    .. math:: (x - r)/r \quad\text{or, where lower is better,}\quad (r - x)/r

    Source: OECD/JRC (2008), step 5, distance to a reference.
    """
    _refuse_ratio(x, np.full_like(higher, True), reference)
    r = reference[..., None, :]
    return upwards(x - r, higher) / r


def _refuse_ratio(x: Array, higher: Mask, reference: Array) -> None:
    refuse(np.asarray(reference <= 0), "the reference of a ratio is not above zero")
    below = (x <= 0).any(axis=-2) & ~higher
    refuse(below, "lower is better, and a value is not above zero: no ratio")

"""Scores in order.

Scores are (..., provinces), NaN where not published, and so are ranks. Two neighbours in the order
that lie within `tolerance` (in points of the score, not negative) of each other are equal, and
equality is passed on along the chain, so that ranks never depend on the order of the rows.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pii.steps.present import Array, Mask


def competition_rank(scores: Array, *, tolerance: float) -> Array:
    """Rank 1 for the highest score; equal scores share the better rank ("1224").

    Source: COINr, rank with ties.method "min".
    """
    return _ranked(scores, tolerance, _first)


def dense_rank(scores: Array, *, tolerance: float) -> Array:
    """Rank 1 for the highest score; no rank is skipped after equals ("1223").

    Source: SQL's DENSE_RANK.
    """
    return _ranked(scores, tolerance, lambda drops: np.cumsum(drops, axis=-1, dtype=np.float64))


def average_rank(scores: Array, *, tolerance: float) -> Array:
    """Rank 1 for the highest score; equals share the mean of their places ("1 2.5 2.5 4").

    Source: Kendall & Smith (1939).
    """
    return _ranked(scores, tolerance, lambda drops: (_first(drops) + _last(drops)) / 2)


def percent_rank(scores: Array, *, tolerance: float) -> Array:
    r"""Share of the others that score less: 1 for a sole best, 0 for the lowest.

    .. math:: \frac{\text{number below}}{n - 1}

    with n the number of scores; NaN for a score that has no others.

    Source: Excel PERCENTRANK; GII (2019), appendix IV; COINr's "prank".
    """
    others = (~np.isnan(scores)).sum(axis=-1, keepdims=True) - 1.0
    below = competition_rank(-scores, tolerance=tolerance) - 1
    return below / np.where(others > 0, others, np.nan)


def rank_within(
    groups: npt.NDArray[np.str_],
    scores: Array,
    *,
    tolerance: float,
    rank: Callable[..., Array] = competition_rank,
) -> Array:
    """Rank each province among its own group, as if the others did not exist.

    groups : (provinces,), labels; every distinct label is a group
    rank : any ranking of this module

    Source: GII (2019), economy profiles: rank in region and income group.
    """
    ranks = np.full_like(scores, np.nan)
    for group in np.unique(groups):
        ranks[..., groups == group] = rank(scores[..., groups == group], tolerance=tolerance)
    return ranks


def _ranked(scores: Array, tolerance: float, ranks_of: Callable[[Mask], Array]) -> Array:
    order = np.argsort(-scores, axis=-1)  # NaN last
    ordered = np.take_along_axis(scores, order, axis=-1)
    missing = np.isnan(ordered)
    drops = missing.copy()
    drops[..., :1] = True
    drops[..., 1:] |= ordered[..., :-1] - ordered[..., 1:] > tolerance
    ranks = np.empty_like(scores)
    np.put_along_axis(ranks, order, np.where(missing, np.nan, ranks_of(drops)), axis=-1)
    return ranks


def _first(drops: Mask) -> Array:
    place = np.arange(1.0, drops.shape[-1] + 1)
    first: Array = np.maximum.accumulate(np.where(drops, place, 0), axis=-1)
    return first


def _last(drops: Mask) -> Array:
    # The last place of a tie is the first one seen from the other end.
    ends = np.concatenate([drops[..., 1:], np.ones_like(drops[..., :1])], axis=-1)
    last: Array = drops.shape[-1] + 1 - _first(ends[..., ::-1])[..., ::-1]
    return last

"""Scores in order."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def competition_rank(scores: Array, *, tolerance: float) -> Array:
    """Rank 1 for the highest score; equal scores share the better rank ("1224").

    Two neighbours in the order that lie within `tolerance` of each other are equal, and
    equality is passed on along the chain, so that ranks never depend on the order of the rows.

    Parameters
    ----------
    scores : (..., provinces), NaN where not published
    tolerance : in points of the score, not negative
    Returns
    -------
    (..., provinces); NaN where there is no score
    """
    # Stable sort on the negated scores: NaN last, whatever the row order.
    order = np.argsort(-scores, axis=-1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=-1)
    place = np.arange(1.0, scores.shape[-1] + 1)
    drops = np.empty(scores.shape, dtype=bool)
    drops[..., :1] = True
    drops[..., 1:] = ordered[..., :-1] - ordered[..., 1:] > tolerance
    shared = np.maximum.accumulate(np.where(drops, place, 0), axis=-1)
    ranks = np.empty_like(scores)
    np.put_along_axis(ranks, order, np.where(np.isnan(ordered), np.nan, shared), axis=-1)
    return ranks

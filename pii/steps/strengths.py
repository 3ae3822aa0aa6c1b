"""What a unit is strong and weak in, by three published rules; and what cannot tell.

Scores are (units, indicators), all on one scale, higher is better; NaN where missing. `usable`
(indicators,) is False for those that show nothing (`unfit`); `tolerance` is that of `rank`.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pii.steps.present import ROUNDING, Array, Mask, deviation_of, mean_of
from pii.steps.rank import competition_rank, dense_rank, percent_rank


class Sides(NamedTuple):
    """Two masks (units, indicators). What would be on both sides is on neither."""

    strengths: Mask
    weaknesses: Mask


def unfit(
    scores: Array, *, values: int, distinct: int, tied: float, tolerance: float
) -> npt.NDArray[np.str_]:
    """Why an indicator cannot show strengths: too few values, or too many units alike.

    values : the fewest units that must have a score; distinct : the fewest different scores
    tied : the largest share (0–1) of the scores that may be equal

    Returns (indicators,): "" for a fit one, else the first that applies of "few values",
    "few distinct values", "many ties".

    Source: ours, the limits with it; no published rule is followed here.
    """
    ranks = dense_rank(scores.T, tolerance=tolerance)
    return np.array([_reason(r[~np.isnan(r)], values, distinct, tied) for r in ranks], dtype=str)


def _reason(ranks: Array, values: int, distinct: int, tied: float) -> str:
    sizes = np.unique(ranks, return_counts=True)[1]
    if ranks.size < max(values, 1):
        return "few values"
    if sizes.size < distinct:
        return "few distinct values"
    return "many ties" if sizes.max() > tied * ranks.size + ROUNDING else ""


def furthest(scores: Array, *, count: int, usable: Mask, tolerance: float) -> Sides:
    """The `count` indicators with the best rank, and from the other end.

    Among equal ranks the higher score comes first (for weaknesses: the lower). Weaknesses are
    ranked from the bottom, so that a last place among few is as weak as one among many. What is
    still equal at the limit is kept: there can be more than `count`, never by order of columns.

    Source: the PII's profiles, five and five; how they treat ties is not public (assumed).
    """
    ends = (_top(side, count, usable, tolerance) for side in (scores, -scores))
    return _apart(*ends)


def _top(scores: Array, count: int, usable: Mask, tolerance: float) -> Mask:
    ranks = np.where(usable, competition_rank(scores.T, tolerance=tolerance).T, np.nan)
    mine, others = ranks[:, :, None], ranks[:, None, :]
    lead = scores[:, None, :] - scores[:, :, None]
    ahead = (others < mine) | (others == mine) & (lead > tolerance)
    top: Mask = ~np.isnan(ranks) & (ahead.sum(axis=-1) < count)
    return top


def gii_sides(
    scores: Array, *, count: int, usable: Mask, tolerance: float, always: int = 0
) -> Sides:
    """Percent rank at least the `count`-th largest of that unit; weaknesses likewise.

    Ties can give more than `count`.

    count : 10 in the GII; a unit with fewer usable indicators has neither
    always : a rank this good is a strength whatever the limit (3 in the GII 2023, 0 in 2019)

    Source: GII (2019), appendix I; GII (2023), "strengths and weaknesses".
    """
    share = np.where(usable, percent_rank(scores.T, tolerance=tolerance).T, np.nan)
    high, low = -_nth_lowest(-share, count), _nth_lowest(share, count)
    sides = _apart(share >= high - ROUNDING, share <= low + ROUNDING)
    ranks = competition_rank(scores.T, tolerance=tolerance).T
    top = usable & (ranks <= always)
    return Sides(sides.strengths | top, sides.weaknesses & ~top)


def _nth_lowest(share: Array, count: int) -> Array:
    # NaN, which every comparison refuses, where a unit has fewer.
    padded = np.pad(np.sort(share, axis=1), ((0, 0), (0, count)), constant_values=np.nan)
    return padded[:, count - 1 : count]


def group_sides(scores: Array, groups: npt.NDArray[np.str_], *, usable: Mask) -> Sides:
    """More than one standard deviation above, or below, the mean of the unit's group.

    The unit itself belongs to its group; n − 1. A group with fewer than two scores says nothing.

    groups : (units,), labels

    Source: GII (2019), appendix I: income-group strengths and weaknesses.
    """
    sides = np.zeros((2, *scores.shape), dtype=bool)
    for group in np.unique(groups):
        at = groups == group
        for j in np.flatnonzero(usable):
            own = scores[at, j]
            mean, spread = mean_of(own), deviation_of(own)
            sides[:, at, j] = own > mean + spread, own < mean - spread
    return _apart(sides[0], sides[1])


def _apart(strengths: Mask, weaknesses: Mask) -> Sides:
    return Sides(strengths & ~weaknesses, weaknesses & ~strengths)

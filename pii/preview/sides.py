"""Five strengths and five weaknesses of one province, and where each indicator stands."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from math import isnan, nan

from pii.preview.estimate import Preview, Row


@dataclass(frozen=True, slots=True)
class Side:
    """One indicator that stands out.

    share : percentile (0–1), the share of the run's provinces that it leaves behind or equals
    """

    row: Row
    share: float


def percentile(preview: Preview, node: str) -> float:
    """Where a score stands among the run's: 0 the lowest, 1 the highest; NaN without a score.

    Read off the run's quantiles, so that it needs no province's figures; ties stand in their
    middle.
    """
    k = preview.reference.nodes.index(node)
    score, quantiles = preview.standing(node).score, preview.reference.quantiles[k]
    if isnan(score) or len(quantiles) < 2:
        return nan
    low, high = bisect_left(quantiles, score), bisect_right(quantiles, score)
    steps = len(quantiles) - 1
    if low < high:  # on one or several quantiles
        return (low + high - 1) / 2 / steps
    if low in (0, len(quantiles)):
        return 0.0 if low == 0 else 1.0
    below, above = quantiles[low - 1], quantiles[low]
    return (low - 1 + (score - below) / (above - below)) / steps


def sides(preview: Preview, count: int = 5) -> tuple[tuple[Side, ...], tuple[Side, ...]]:
    """The `count` indicators with the highest percentile, and the lowest, best and worst first.

    As the PII's profiles print them; how they treat ties is not public (assumed: the higher score
    first, then the order of the framework). An indicator in which half of the provinces are equal
    shows nothing, and none is on both sides.
    """
    nodes = preview.reference.nodes
    usable = []
    for row in preview.rows:
        quantiles = preview.reference.quantiles[nodes.index(row.indicator.code)]
        share = percentile(preview, row.indicator.code)
        if not isnan(share) and not _flat(quantiles):
            usable.append(Side(row, share))
    best = sorted(usable, key=lambda side: (-side.share, -side.row.score))
    worst = sorted(usable, key=lambda side: (side.share, side.row.score))
    half = len(usable) // 2
    return tuple(best[: min(count, half)]), tuple(worst[: min(count, half)])


def _flat(quantiles: tuple[float, ...]) -> bool:
    """Whether half of the provinces or more share one score."""
    half = (len(quantiles) - 1) // 2
    return any(low == high for low, high in zip(quantiles, quantiles[half:], strict=False))

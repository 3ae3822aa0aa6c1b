"""Strengths and weaknesses of one province, and where each of its scores stands."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan

from pii.method import Strengths
from pii.preview.estimate import Preview, Row
from pii.preview.one import rank_among

COUNT = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One indicator that stands out.

    share : its `percentile`
    """

    row: Row
    share: float


def percentile(preview: Preview, node: str) -> float:
    """Where a score stands among the run's: 0 the lowest, 1 the highest; NaN without a score.

    Read off the run's quantiles, so that it needs no province's figures; equals stand in the
    middle of their kind.
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


def sides(preview: Preview) -> tuple[tuple[Side, ...], tuple[Side, ...]]:
    """The five best and the five worst placed indicators, the furthest first.

    Where the reference is open this is the run's own rule (`steps.strengths.furthest`, with the
    run's count): best ranks, weaknesses ranked from the bottom, equals at the limit kept, none on
    both sides. Where it is withheld, percentiles stand in for ranks.
    """
    rule = preview.reference.method.strengths
    count = rule.count if rule.rule == "pii" else COUNT
    usable = [row for row in preview.rows if not isnan(row.score) and _tells(preview, row, rule)]
    best, worst = (_furthest(preview, usable, count, sign) for sign in (1, -1))
    twice = {row.indicator.code for row in best} & {row.indicator.code for row in worst}
    strong, weak = (
        tuple(
            Side(row, percentile(preview, row.indicator.code))
            for row in side
            if row.indicator.code not in twice
        )
        for side in (best, worst)
    )
    return strong, weak


def _furthest(preview: Preview, rows: Sequence[Row], count: int, sign: int) -> list[Row]:
    tolerance = preview.reference.method.ties.tolerance
    placed = sorted(
        ((_place(preview, row, sign), -sign * row.score, row) for row in rows),
        key=lambda one: one[:2],
    )

    def ahead(place: float, lag: float) -> int:
        return sum(p < place or (p == place and lag - q > tolerance) for p, q, _ in placed)

    return [row for place, lag, row in placed if ahead(place, lag) < count]


def _place(preview: Preview, row: Row, sign: int) -> float:
    """Rank from the top (sign 1) or from the bottom (−1); of a withheld run, minus the share."""
    code = row.indicator.code
    if preview.reference.closed:
        return -sign * percentile(preview, code)
    others = [sign * x for x in _others(preview, code)]
    return rank_among(sign * row.score, others, preview.reference.method.ties.tolerance)


def _others(preview: Preview, code: str) -> list[float]:
    reference = preview.reference
    k = reference.nodes.index(code)
    rows = zip(reference.provinces, reference.score, strict=True)
    return [row[k] for who, row in rows if who != preview.province and not isnan(row[k])]


def _tells(preview: Preview, row: Row, rule: Strengths) -> bool:
    """Whether an indicator sets provinces apart: enough values, and not too many alike."""
    reference, code = preview.reference, row.indicator.code
    if reference.closed:
        quantiles = reference.quantiles[reference.nodes.index(code)]
        half = (len(quantiles) - 1) // 2
        return not any(a == b for a, b in zip(quantiles, quantiles[half:], strict=False))
    tolerance = reference.method.ties.tolerance
    scores = sorted((row.score, *_others(preview, code)))
    starts = [i for i, x in enumerate(scores) if i == 0 or x - scores[i - 1] > tolerance]
    sizes = [b - a for a, b in zip(starts, (*starts[1:], len(scores)), strict=True)]
    enough = len(scores) >= max(rule.values, 1) and len(sizes) >= rule.distinct
    return enough and max(sizes) <= rule.tied * len(scores) + 1e-12

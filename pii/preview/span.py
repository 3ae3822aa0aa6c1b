"""Between which scores and ranks a province may end up, and the rank of any score in a run."""

from dataclasses import dataclass
from math import isnan, nan

from pii.preview.estimate import Preview
from pii.preview.movement import Movement, Outlook
from pii.preview.one import rank_among, rank_between


@dataclass(frozen=True, slots=True)
class Span:
    """From the lowest to the highest score, from the best to the worst rank; NaN where none."""

    score: tuple[float, float]
    rank: tuple[float, float]


def ranks_of(preview: Preview, node: str, score: float) -> tuple[float, float]:
    """The best and worst rank that a score would have had in the run, the province's own replaced.

    Both are equal where the reference is open; NaN without a score.
    """
    reference = preview.reference
    k = reference.nodes.index(node)
    if reference.closed:
        count = reference.ranked[k]
        best, worst = rank_between(score, reference.quantiles[k], count) or (nan, nan)
        # Where the run ranked everybody on the list, this province's own record is among them.
        everybody = reference.names is not None and len(reference.names) == count
        return (min(best, count), min(worst, count)) if everybody else (best, worst)
    rows = zip(reference.provinces, reference.score, strict=True)
    others = [row[k] for who, row in rows if who != preview.province]
    ties = reference.method.ties
    rank = rank_among(score, others, ties.tolerance, ties.rank)
    return rank, rank


def span_of(preview: Preview, known: Movement | Outlook) -> Span:
    """The span of the index: of scenarios, or as far as scores moved, all others standing still."""
    if isinstance(known, Outlook):
        return Span(known.score_span, known.rank_span)
    reference = preview.reference
    index = reference.framework.index
    score = preview.standing(index).score
    if isnan(score):
        return Span((nan, nan), (nan, nan))
    least, most = reference.method.normalisation.scale
    low, high = max(least, score - known.points), min(most, score + known.points)
    return Span((low, high), (ranks_of(preview, index, high)[0], ranks_of(preview, index, low)[1]))

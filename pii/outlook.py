"""Where a score may end up once everybody is in: the edition computed again and again.

Nobody knows how the others will move. What is known is how everybody moved before. Scenario k lets
each province move as another one did between two past editions (whole rows, so that what moved
together stays together), k places further on in the list. The previewing province's own figures
are final; what central agencies supply it moves like everybody's. No random number is needed:
there are as many scenarios as provinces.

Assumed: that past movements are a fair sample of the coming ones. `backtest` says how well that
would have done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from pii.errors import DataError
from pii.matrix import Array, matrix_of
from pii.pipeline import compute
from pii.preview.reference import Reference

SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Outlook:
    """Score and rank of the index in every scenario, sorted; and the spans that hold 90 % of them.

    score, rank : without scenarios in which no index is published
    """

    score: tuple[float, ...]
    rank: tuple[float, ...]

    @property
    def score_span(self) -> tuple[float, float]:
        """From the 5th to the 95th percentile of the scenarios; NaN where there is none."""
        return _span(self.score)

    @property
    def rank_span(self) -> tuple[float, float]:
        """The same for ranks."""
        return _span(self.rank)


def _span(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return nan, nan
    # Order statistics, not interpolated: what the span holds has really occurred.
    cut = int((1 - SHARE) / 2 * len(values))
    return values[cut], values[-1 - cut]


def changes(before: Reference, after: Reference) -> Array:
    """How every province of `after` moved since `before`: (provinces, indicators), NaN unknown.

    Raises
    ------
    DataError
        Where the two runs measure other indicators, or share no province.
    """
    ids = [tuple(i.id for i in one.framework.indicators) for one in (before, after)]
    if ids[0] != ids[1]:
        raise DataError(
            f"the runs “{before.run}” and “{after.run}” measure other indicators; movements can be "
            "read only between editions of the same ones"
        )
    earlier = dict(zip(before.provinces, before.raw, strict=True))
    if not set(earlier) & set(after.provinces):
        raise DataError(f"the runs “{before.run}” and “{after.run}” share no province")
    unknown = (nan,) * len(ids[0])
    was = np.array([earlier.get(who, unknown) for who in after.provinces])
    moved: Array = np.array(after.raw) - was
    return moved


def outlook(
    values: Sequence[float],
    province: str,
    reference: Reference,
    moved: Array,
    *,
    scenarios: int | None = None,
) -> Outlook:
    """What may become of one province.

    values : its values as they stand, in leaf order; NaN where missing
    moved : `changes` of the reference's provinces
    scenarios : how many of the scenarios, evenly spread; None: one for each province
    """
    framework = reference.framework
    own = np.array([i.supplier == "province" for i in framework.indicators])
    provinces = list(reference.provinces)
    table = np.array(reference.raw)
    if province in provinces:
        at = provinces.index(province)
        table[at] = values
    else:
        at = len(provinces)
        provinces.append(province)
        table = np.vstack([table, values])
    moves = np.nan_to_num(moved[~np.isnan(moved).all(axis=1)])
    low, high = _bounds(reference)
    found: list[tuple[float, float]] = []
    n = len(moves)
    for k in sorted({int(i * n / (scenarios or n)) for i in range(scenarios or n)}):
        shifted = moves[(np.arange(len(provinces)) + k) % n]
        shifted[at, own] = 0.0
        later = np.clip(table + shifted, low, high)
        scores = compute(matrix_of(later, provinces, framework), framework, reference.method)
        row, column = scores.provinces.index(province), scores.column(framework.index)
        found.append((float(scores.score[row, column]), float(scores.rank[row, column])))
    published = [pair for pair in found if not isnan(pair[0])]
    return Outlook(
        tuple(sorted(score for score, _ in published)), tuple(sorted(rank for _, rank in published))
    )


def _bounds(reference: Reference) -> tuple[Array, Array]:
    pairs = [indicator.bounds for indicator in reference.framework.indicators]
    low = [-np.inf if least is None else least for least, _ in pairs]
    high = [np.inf if most is None else most for _, most in pairs]
    return np.array(low), np.array(high)


@dataclass(frozen=True, slots=True)
class Backtest:
    """How often the final figure lay within its span, of so many provinces."""

    score_held: int
    rank_held: int
    tested: int


def backtest(first: Reference, second: Reference, third: Reference) -> Backtest:
    """What would have been said before `third`, knowing how `second` had moved since `first`.

    Each province knows its own figures of `third`; central figures are those of `second`.
    A dozen scenarios for each, so that all provinces can be tested.
    """
    moved = changes(first, second)
    own = np.array([i.supplier == "province" for i in second.framework.indicators])
    k = third.nodes.index(third.framework.index)
    held = [0, 0]
    tested = 0
    before: Mapping[str, Sequence[float]] = dict(zip(second.provinces, second.raw, strict=True))
    for who, row, scores, ranks in zip(
        third.provinces, third.raw, third.score, third.rank, strict=True
    ):
        if who not in before or isnan(scores[k]):
            continue
        values = np.where(own, row, before[who])
        said = outlook(values.tolist(), who, second, moved, scenarios=12)
        tested += 1
        for i, (span, final) in enumerate(
            ((said.score_span, scores[k]), (said.rank_span, ranks[k]))
        ):
            held[i] += span[0] - 1e-9 <= final <= span[1] + 1e-9
    return Backtest(held[0], held[1], tested)

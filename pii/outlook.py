"""Where a score may end up once everybody is in: the edition computed again and again.

Nobody knows how the others will move. What is known is how everybody moved before. Scenario k lets
each province move as another one did between two past editions (whole rows, so that what moved
together stays together), k places further on in the list. What the previewing province's file
holds is final; what was carried over from the run moves like everybody's. No random number is
needed: there are as many scenarios as provinces whose movement is known. An indicator whose
movement is unknown stands still.

Assumed: that past movements are a fair sample of the coming ones. `backtest` says how well that
would have done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan, nan

import numpy as np

from pii.audit.many import index_of_each
from pii.errors import DataError
from pii.intake.registry import same_places
from pii.matrix import Array, Matrix, matrix_of
from pii.pipeline import RANKS
from pii.preview.estimate import Origin, Preview
from pii.preview.movement import Backtest, Outlook
from pii.preview.reference import Reference


def changes(before: Reference, after: Reference) -> Array:
    """How every province of `after` moved since `before`: (provinces, indicators), NaN unknown.

    Raises
    ------
    DataError
        Where the two runs measure other indicators, share no province, or divide values by
        denominators (whose movements nobody has read).
    """
    ids = [tuple(i.id for i in one.framework.indicators) for one in (before, after)]
    if ids[0] != ids[1]:
        raise DataError(
            f"the runs “{before.run}” and “{after.run}” measure other indicators; movements can be "
            "read only between editions of the same ones"
        )
    if before.method.denomination or after.method.denomination:
        raise DataError("a run that divides values by denominators has no outlook yet")
    now = _same(before, after)
    earlier = {
        now[who]: row for who, row in zip(before.provinces, before.raw, strict=True) if who in now
    }
    if not set(earlier) & set(after.provinces):
        raise DataError(f"the runs “{before.run}” and “{after.run}” share no province")
    unknown = (nan,) * len(ids[0])
    was = np.array([earlier.get(who, unknown) for who in after.provinces])
    moved: Array = np.array(after.raw) - was
    return moved


def _same(before: Reference, after: Reference) -> Mapping[str, str]:
    """Codes of the earlier run by those of the later, for places that are still what they were."""
    if before.names is None and after.names is None:
        return {who: who for who in before.provinces}
    return same_places(before.names, after.names)


def outlook_of(result: Preview, *history: Reference) -> Outlook:
    """What may become of a previewed province, from one or two runs before its reference.

    history : earlier runs, oldest first; the last says how indicators moved, and two of them
        let the method be tried a year earlier

    Raises
    ------
    DataError
        As `changes`.
    """
    reference, last = result.reference, history[-1]
    final = (Origin.OWN, Origin.CENTRAL)
    values = [row.value if row.origin in (*final, Origin.CARRIED) else nan for row in result.rows]
    found = outlook(
        values,
        result.province,
        reference,
        changes(last, reference),
        final=[row.origin in final for row in result.rows],
    )
    tried = backtest(*history, reference) if len(history) == 2 else None
    return replace(found, runs=(last.run, reference.run), backtest=tried)


def outlook(
    values: Sequence[float],
    province: str,
    reference: Reference,
    moved: Array,
    *,
    final: Sequence[bool],
    scenarios: int | None = None,
    made: Matrix | None = None,
) -> Outlook:
    """What may become of one province.

    values : its values as they stand, in leaf order; NaN where missing
    moved : `changes` of the reference's provinces
    final : per indicator, whether the value is what will be scored
    scenarios : how many of the scenarios, evenly spread; None: one for each province
    made : the matrix of the reference, where the province is in it and it is made already
    """
    framework = reference.framework
    still = np.array(final)
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
    n = len(moves)
    which = sorted({int(i * n / (scenarios or n)) for i in range(scenarios or n)})
    shifted = moves[(np.arange(len(provinces))[:, None] + which) % n]
    shifted[at, :, still] = 0.0
    later = np.clip(table[:, None] + shifted, low, high)
    matrix = made or matrix_of(table, provinces, framework)
    order = [provinces.index(who) for who in matrix.provinces]
    cells = np.ascontiguousarray(later[order].transpose(0, 2, 1))
    matrix = replace(matrix, values=table[order])
    index = index_of_each(matrix, framework, reference.method, cells)
    ties, row = reference.method.ties, matrix.provinces.index(province)
    rank = RANKS[ties.rank](index.T, tolerance=ties.tolerance)[:, row]
    there = ~np.isnan(index[row])
    return Outlook(tuple(np.sort(index[row, there]).tolist()), tuple(np.sort(rank[there]).tolist()))


def _bounds(reference: Reference) -> tuple[Array, Array]:
    pairs = [indicator.bounds for indicator in reference.framework.indicators]
    low = [-np.inf if least is None else least for least, _ in pairs]
    high = [np.inf if most is None else most for _, most in pairs]
    return np.array(low), np.array(high)


def backtest(first: Reference, second: Reference, third: Reference) -> Backtest:
    """What would have been said before `third`, knowing how `second` had moved since `first`.

    Each province knows its own figures of `third`; central figures are those of `second`.
    A dozen scenarios for each, so that all provinces can be tested.
    """
    moved = changes(first, second)
    own = np.array([i.supplier == "province" for i in second.framework.indicators])
    k = third.nodes.index(third.framework.index)
    made = matrix_of(np.array(second.raw), second.provinces, second.framework)
    held = [0, 0]
    tested = 0
    now = _same(second, third)
    then = {now[who]: who for who in second.provinces if who in now}
    before: Mapping[str, Sequence[float]] = dict(zip(second.provinces, second.raw, strict=True))
    for who, row, scores, ranks in zip(
        third.provinces, third.raw, third.score, third.rank, strict=True
    ):
        if then.get(who) not in before or isnan(scores[k]):
            continue
        code = then[who]
        values = np.where(own, row, before[code]).tolist()
        said = outlook(values, code, second, moved, final=own.tolist(), scenarios=12, made=made)
        tested += 1
        for i, (span, final) in enumerate(
            ((said.score_span, scores[k]), (said.rank_span, ranks[k]))
        ):
            held[i] += span[0] - 1e-9 <= final <= span[1] + 1e-9
    return Backtest(held[0], held[1], tested)

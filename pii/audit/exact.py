r"""What no sampling is needed for: swaps, dominance and the widest ranks of a linear index.

All of it under `pii.audit.admissible`: every local weight between its ends, all levels at once.
Multiplied down the tree, those boxes become linear in the effective weights e and one total t for
each group, :math:`l_j t_g \le e_j \le h_j t_g`, :math:`\sum_{j \in g} e_j = e_g`: so ranks over
all levels at once are an integer linear programme, and nothing is bilinear.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pii.audit.admissible import (
    Admissible,
    Furthest,
    Rows,
    Tree,
    Weights,
    bound_on_lead,
    boxes,
    furthest,
    local_weights,
    tree_of,
    under,
)
from pii.matrix import Array
from pii.pipeline import Outcome

LEVEL = 1e-9
"""Points: a lead that is not above this is none, as the nominal ranking has it."""
MARGIN = 1e-6
"""Points: leads under the rank programmes count from here, above the solver's own precision."""
NODES = 20_000
"""Branches after which a rank programme is left as an interval; a count, so that it repeats."""

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every two ranked provinces, the one that is nominally ahead first; all arrays (pairs,).

    lead : nominal, in points of the index
    least, reached : the least lead under admissible weights: none is below `least`, and weights
        exist that give `reached`; the two are equal where both have scores in the same nodes
    change, change_reached : the least relative change of weights, of all levels at once, under
        which the second comes level: no change below `change` does it, one of `change_reached`
        does. NaN where doubling or dropping weights does not do it
    moved : the least share of the index (0–1) to be moved from some pillars to others for it;
        NaN where no weights of pillars do it, or the two have not the same pillars
    """

    ahead: Rows
    behind: Rows
    lead: Array
    least: Array
    reached: Array
    change: Array
    change_reached: Array
    moved: Array

    @property
    def always(self) -> Bools:
        """Whether the first is ahead under all admissible weights: proved."""
        return self.least > LEVEL

    @property
    def swaps(self) -> Bools:
        """Whether admissible weights exist under which it is not ahead: shown."""
        return self.reached <= LEVEL


@dataclass(frozen=True, slots=True)
class Ranks:
    """The widest range of ranks under admissible weights; all arrays (provinces,), 0 unranked.

    best, worst : no admissible weights give a better, or a worse one
    best_reached, worst_reached : weights exist that give these; equal where the range is exact
    """

    nominal: Ints
    best: Ints
    best_reached: Ints
    worst: Ints
    worst_reached: Ints


@dataclass(frozen=True, slots=True)
class Exact:
    """Answers for one box of weights."""

    admissible: Admissible
    provinces: tuple[str, ...]
    pairs: Pairs
    ranks: Ranks


Watched = Callable[[Sequence[int]], Iterable[int]]
"""Hands on what it is given, one by one; somebody may look on."""


def exact_answers(outcome: Outcome, admissible: Admissible, watched: Watched = iter) -> Exact:
    """Swaps, dominance and widest ranks of the run's index.

    watched : rows of provinces while their widest ranks are proved

    Raises
    ------
    DefinitionError
        Where a level is no arithmetic mean.
    """
    tree = tree_of(outcome)
    pairs, most = _pairs(outcome, tree, admissible)
    ranks = _ranks(outcome, tree, admissible, most, watched)
    return Exact(admissible, outcome.scores.provinces, pairs, ranks)


def _pairs(outcome: Outcome, tree: Tree, admissible: Admissible) -> tuple[Pairs, "_Leads"]:
    index = tree.score[tree.root]
    rank = outcome.scores.rank[:, outcome.scores.column(tree.root)]
    order = [int(i) for i in np.argsort(rank, kind="stable") if tree.present[tree.root][i]]
    two = [(a, b) for k, a in enumerate(order) for b in order[k + 1 :]]
    ahead, behind = np.array(two, dtype=np.intp).reshape(-1, 2).T
    low, high = boxes(admissible, len(ahead))
    up, down = (furthest(tree, *rows, low, high) for rows in ((ahead, behind), (behind, ahead)))
    change, change_reached = _change(outcome, tree, ahead, behind)
    pairs = Pairs(
        ahead,
        behind,
        index[ahead] - index[behind],
        -down.bound,
        -down.reached,
        change,
        change_reached,
        _moved(outcome, ahead, behind),
    )
    n = len(index)
    bound = np.zeros((n, n))
    bound[ahead, behind], bound[behind, ahead] = up.bound, down.bound
    return pairs, _Leads(bound, ((ahead, behind, up), (behind, ahead, down)))


@dataclass(frozen=True, slots=True)
class _Leads:
    # Greatest lead of the row over the column, and the weights at hand that come near it.
    bound: Array
    found: tuple[tuple[Rows, Rows, Furthest], ...]


def _change(outcome: Outcome, tree: Tree, ahead: Rows, behind: Rows) -> tuple[Array, Array]:
    """Bisection of the relative change: the greatest lead over a growing box only grows."""
    nominal = {code: w[0] for code, w in local_weights(outcome).items() if code != tree.root}

    def box(change: Array) -> tuple[Weights, Weights]:
        return (
            {code: weight * np.maximum(0.0, 1 - change) for code, weight in nominal.items()},
            {code: weight * (1 + change) for code, weight in nominal.items()},
        )

    def bound_of(change: Array, of: Rows) -> Array:
        return bound_on_lead(tree, behind[of], ahead[of], *box(change))

    def reached_by(change: Array, of: Rows) -> Array:
        return furthest(tree, behind[of], ahead[of], *box(change)).reached

    every = np.arange(len(ahead))
    bound = _crossing(bound_of, every, np.zeros(len(ahead)))
    # Where both have scores in the same nodes the bound is reached.
    present = np.array(list(tree.present.values()))
    differ = np.flatnonzero((present[:, ahead] != present[:, behind]).any(axis=0))
    differ = differ[~np.isnan(bound[differ])]
    reached = bound.copy()
    reached[differ] = _crossing(reached_by, differ, bound[differ])
    return bound, np.where(np.isnan(reached), np.nan, np.fmax(reached, bound))


_ALMOST = 1 - 1e-6  # at a change of 1 a weight is dropped, and its node is no node any more
_FINE = 1e-7
_FALSI = 12  # steps by which it has nearly always ended


def _crossing(lead: Callable[[Array, Rows], Array], pairs: Rows, least: Array) -> Array:
    """The least change, to `_FINE` and from above, under which the lead is not below zero.

    Regula falsi in the form called Illinois, halving where that takes too long.

    least : (pairs,), no crossing is below this
    """
    low, high = least.copy(), np.full(len(pairs), _ALMOST)
    below, above = lead(low, pairs) + LEVEL, lead(high, pairs) + LEVEL
    crossing = np.where(below >= 0, low, np.where(above >= 0, high, np.nan))
    left = np.flatnonzero((below < 0) & (above >= 0))
    low, high, below, above = low[left], high[left], below[left], above[left]
    before = np.zeros(len(left))
    for step in range(40):
        if not left.size:
            break
        share = below / (below - above) if step < _FALSI else 0.5
        at = np.clip(low + (high - low) * share, low + _FINE / 2, high - _FINE / 2)
        found = lead(at, pairs[left]) + LEVEL
        there = found >= 0
        side = np.where(there, 1.0, -1.0)
        again = side == before  # twice on one side: the other end pulls half as much
        low, below = np.where(there, low, at), np.where(there, below / (1 + again), found)
        high, above = np.where(there, at, high), np.where(there, found, above / (1 + again))
        crossing[left] = high
        on = high - low > _FINE
        left, low, high, below, above = left[on], low[on], high[on], below[on], above[on]
        before = side[on]
    return crossing


def _moved(outcome: Outcome, ahead: Rows, behind: Rows) -> Array:
    pillars = outcome.framework.at_level("pillar")
    codes = [group.code for group in pillars] or list(
        outcome.framework.children[outcome.framework.index]
    )
    scores = outcome.scores
    x = scores.score[:, [scores.column(code) for code in codes]]
    weight = np.column_stack(
        [scores.weight[:, list(outcome.framework.leaves[code])].sum(axis=1) for code in codes]
    )
    same = (np.isnan(x[ahead]) == np.isnan(x[behind])).all(axis=1)
    moved = np.full(len(ahead), np.nan)
    for k in np.flatnonzero(same):
        has = ~np.isnan(x[ahead[k]])
        moved[k] = least_moved(x[ahead[k], has] - x[behind[k], has], weight[ahead[k], has])
    return moved


def least_moved(lead: Array, weight: Array) -> float:
    r"""The least weight to be moved between parts until a lead is gone.

    .. math:: \min_{v \ge 0,\ \sum v = 1} \tfrac12 \sum_j |v_j - w_j|,\quad \sum_j v_j d_j \le 0

    A linear programme with one condition: weight is taken where the lead is largest, and given
    where it is smallest, until nothing is left of it.

    Parameters
    ----------
    lead : (parts,), d, of the one that is ahead; weight : (parts,), w, sum 1
    Returns
    -------
    Share (0–1); NaN where no part has the other one level or ahead
    """
    left, moved = float(lead @ weight), 0.0
    if left <= 0:
        return 0.0
    if lead.min() > 0:
        return float("nan")
    for j in np.argsort(-lead, kind="stable"):
        gain = lead[j] - lead.min()
        if left <= gain * weight[j]:
            return moved + left / float(gain)
        left -= float(gain * weight[j])
        moved += float(weight[j])
    return moved


# ---- the widest ranks: an integer programme in the effective weights


def _ranks(
    outcome: Outcome, tree: Tree, admissible: Admissible, leads: _Leads, watched: Watched
) -> Ranks:
    scores = outcome.scores
    n = len(scores.provinces)
    nominal = np.nan_to_num(scores.rank[:, scores.column(tree.root)]).astype(np.int64)
    ranked = np.flatnonzero(nominal > 0)
    best, worst = np.zeros(n, np.int64), np.zeros(n, np.int64)
    best_reached, worst_reached = _ranks_at_hand(tree, ranked, leads, nominal)
    for i in watched(ranked.tolist()):
        others = ranked[ranked != i]
        above = others[leads.bound[i, others] < -LEVEL]
        open_ = others[(leads.bound[i, others] >= -LEVEL) & (leads.bound[others, i] > LEVEL)]
        # What pairs prove together may already be reached.
        best[i], worst[i] = 1 + len(above), 1 + len(above) + len(open_)
        if best_reached[i] > best[i]:
            ahead, rank = _programme(tree, admissible, i, open_, leads.bound, ranked, best=True)
            best[i] = min(best[i] + ahead, best_reached[i])
            best_reached[i] = max(best[i], min(best_reached[i], rank))
        if worst_reached[i] < worst[i]:
            ahead, rank = _programme(tree, admissible, i, open_, leads.bound, ranked, best=False)
            worst[i] = max(1 + len(above) + ahead, worst_reached[i])
            worst_reached[i] = min(worst[i], max(worst_reached[i], rank))
    return Ranks(nominal, best, best_reached, worst, worst_reached)


def _ranks_at_hand(tree: Tree, ranked: Rows, leads: _Leads, nominal: Ints) -> tuple[Ints, Ints]:
    """Best and worst rank of each province under the weights that the pairs brought up."""
    best, worst = nominal.copy(), nominal.copy()
    for one, other, found in leads.found:
        pairs = len(one)
        score = np.array([under(tree, np.full(pairs, i), found.weights) for i in ranked])
        for rows in (one, other):
            own = under(tree, rows, found.weights)
            ahead = (score > own + LEVEL).sum(axis=0) + 1
            np.minimum.at(best, rows, ahead)
            np.maximum.at(worst, rows, ahead)
    return best, worst


@dataclass(frozen=True, slots=True)
class _Flow:
    # Where the effective weights of one pattern of presence stand among the variables.
    e: dict[str, int]
    t: dict[str, int]


class _Conditions:
    """Rows of a programme, gathered one by one."""

    def __init__(self) -> None:
        self.size = 0
        self.rows: list[Mapping[int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def variables(self, count: int) -> range:
        self.size += count
        return range(self.size - count, self.size)

    def add(self, row: Mapping[int, float], low: float, high: float) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def matrix(self) -> "csr_array[np.float64]":
        from scipy.sparse import csr_array

        places = [(r, c, x) for r, row in enumerate(self.rows) for c, x in row.items()]
        r, c, x = zip(*places, strict=True)
        return csr_array((x, (r, c)), shape=(len(self.rows), self.size))


def _programme(
    tree: Tree, admissible: Admissible, i: int, rivals: Rows, bound: Array, ranked: Rows,
    *, best: bool,
) -> tuple[int, int]:  # fmt: skip
    """How many of the rivals are ahead at least (`best`) or at most, and a rank that is reached.

    Rivals that lack other indicators have effective weights of their own, tied to those of i by
    the ends between which their ratio lies: then the number is a bound.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = _Conditions()
    own = _flow(rows, tree, admissible, _pattern(tree, i))
    flows: dict[tuple[str, ...], _Flow] = {_pattern(tree, i): own}
    leads: list[dict[int, float]] = []
    for b in rivals:
        pattern = _pattern(tree, int(b))
        if pattern not in flows:
            flows[pattern] = _flow(rows, tree, admissible, pattern, own)
        leads.append(_lead(tree, int(b), flows[pattern], i, own))
    ahead = rows.variables(len(rivals))
    for z, b, lead in zip(ahead, rivals, leads, strict=True):
        # Scaled to the room there is, so that the solver's tolerance means the same in each row.
        if best:  # not counted as ahead only where it is not
            room = bound[b, i] + MARGIN
            rows.add({**_scaled(lead, room), z: -1.0}, -np.inf, MARGIN / room)
        else:  # counted as ahead only where it is
            room = bound[i, b] + 2 * MARGIN
            rows.add({**_scaled(lead, room), z: -1.0}, MARGIN / room - 1, np.inf)
        for over, c in zip(ahead, rivals, strict=True):
            if bound[b, c] < -LEVEL:  # c is always ahead of b
                rows.add({over: 1.0, z: -1.0}, 0.0, 1.0)
    objective = np.zeros(rows.size)
    objective[list(ahead)] = 1 if best else -1
    whole = np.zeros(rows.size, dtype=np.int64)
    whole[list(ahead)] = 1
    upper = np.where(whole > 0, 1.0, np.inf)
    found = milp(
        objective,
        integrality=whole,
        bounds=Bounds(np.zeros(rows.size), upper),
        constraints=LinearConstraint(rows.matrix(), rows.low, rows.high),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    limit = found.mip_dual_bound if found.mip_dual_bound is not None else 0.0
    number = ceil(limit - 1e-6) if best else floor(-limit + 1e-6)
    if found.x is None:
        return (0 if best else len(rivals)), (len(ranked) if best else 1)
    return number, _rank_under(tree, admissible, own, found.x, i, ranked, best=best)


def _pattern(tree: Tree, i: int) -> tuple[str, ...]:
    return tuple(node for node, present in tree.present.items() if present[i])


def _flow(
    rows: _Conditions, tree: Tree, admissible: Admissible, pattern: tuple[str, ...],
    own: _Flow | None = None,
) -> _Flow:  # fmt: skip
    # Effective weights for one pattern of presence; those of `own` where they are the same, else
    # tied to them by the ends of the ratio of the sums of weights among which each is shared.
    nodes = set(pattern)
    same = {tree.root} if own else set()
    low, high = {tree.root: 1.0}, {tree.root: 1.0}
    flow = _Flow(dict(own.e) if own else {}, dict(own.t) if own else {})
    if not own:
        (flow.e[tree.root],) = rows.variables(1)
        rows.add({flow.e[tree.root]: 1.0}, 1.0, 1.0)
    for group in (group for group in _from_top(tree) if group in nodes):
        children = [child for child in tree.children[group] if child in nodes]
        theirs = [c for c in tree.children[group] if own and c in own.e and group in own.t]
        if group in same and children == theirs:
            same |= set(children)
            continue
        flow.e.update(zip(children, rows.variables(len(children)), strict=True))
        (flow.t[group],) = rows.variables(1)
        _share_out(rows, admissible, flow, group, children)
        if own is None or group not in low:
            continue
        common = [child for child in children if child in theirs]
        least, most = _ratio(admissible, common, theirs, children)
        for child in common:
            low[child] = low[group] * least
            high[child] = high[group] * most if most > 0 else 0.0
            rows.add({flow.e[child]: 1.0, own.e[child]: -low[child]}, 0.0, np.inf)
            if np.isfinite(high[child]):
                rows.add({flow.e[child]: 1.0, own.e[child]: -high[child]}, -np.inf, 0.0)
    return _Flow({code: at for code, at in flow.e.items() if code in nodes}, flow.t)


def _share_out(
    rows: _Conditions, admissible: Admissible, flow: _Flow, group: str, children: Sequence[str]
) -> None:
    e, t = flow.e, flow.t[group]
    rows.add({**dict.fromkeys((e[c] for c in children), 1.0), e[group]: -1.0}, 0.0, 0.0)
    for child in children:
        low, high = admissible.low[child], admissible.high[child]
        if low == high:
            rows.add({e[child]: 1.0, t: -low}, 0.0, 0.0)
        else:
            rows.add({e[child]: 1.0, t: -low}, 0.0, np.inf)
            rows.add({e[child]: 1.0, t: -high}, -np.inf, 0.0)


def _from_top(tree: Tree) -> list[str]:
    def beneath(node: str) -> list[str]:
        return [node, *(d for c in tree.children[node] if c in tree.children for d in beneath(c))]

    return beneath(tree.root)


def _ratio(
    admissible: Admissible, common: Sequence[str], here: Sequence[str], there: Sequence[str]
) -> tuple[float, float]:
    if len(common) == len(here) == len(there):
        return 1.0, 1.0

    def ends(codes: Sequence[str]) -> tuple[float, float]:
        return sum(admissible.low[c] for c in codes), sum(admissible.high[c] for c in codes)

    shared = ends(common)
    mine = ends([c for c in here if c not in common])
    theirs = ends([c for c in there if c not in common])
    ratios = [(c + x) / (c + y) for c in shared for x in mine for y in theirs if c + y > 0] or [0.0]
    return min(ratios), (max(ratios) if shared[0] + theirs[0] > 0 else np.inf)


def _lead(tree: Tree, b: int, theirs: _Flow, i: int, own: _Flow) -> dict[int, float]:
    # Score of the rival less that of i, in effective weights.
    lead: dict[int, float] = {}
    for flow, row, sign in ((theirs, b, 1.0), (own, i, -1.0)):
        for code, at in flow.e.items():
            if code not in tree.children:
                lead[at] = lead.get(at, 0.0) + sign * float(tree.score[code][row])
    return lead


def _scaled(lead: Mapping[int, float], room: float) -> dict[int, float]:
    return {at: x / room for at, x in lead.items()}


def _rank_under(
    tree: Tree, admissible: Admissible, flow: _Flow, x: Array, i: int, ranked: Rows, *, best: bool
) -> int:
    # The solver's effective weights as local ones, within the box to the last bit.
    weights: Weights = {}
    for group, children in tree.children.items():
        for child in children:
            low, high = admissible.low[child], admissible.high[child]
            known = group in flow.t and child in flow.e and x[flow.t[group]] > 0
            local = x[flow.e[child]] / x[flow.t[group]] if known else (low + high) / 2
            weights[child] = np.full(len(ranked), min(max(local, low), high))
    score = under(tree, ranked, weights)
    own = score[ranked == i]
    return 1 + int((score > own + (2 * MARGIN if best else MARGIN / 2)).sum())


__all__ = ["Exact", "Pairs", "Ranks", "exact_answers", "least_moved"]

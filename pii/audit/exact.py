r"""What no sampling is needed for: swaps, dominance and the widest ranks of a linear index.

All of it under `pii.audit.admissible`: every local weight between its ends, all levels at once.
Multiplied down the tree, those boxes become linear in the effective weights e and one total t for
each group, :math:`l_j t_g \le e_j \le h_j t_g`, :math:`\sum_{j \in g} e_j = e_g`: so ranks over
all levels at once are an integer linear programme, and nothing is bilinear.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pii.audit.admissible import (
    Admissible,
    Rows,
    Tree,
    Weights,
    bound_on_lead,
    boxes,
    from_below,
    furthest,
    greatest_index,
    index_under,
    local_weights,
    range_of,
    tree_of,
)
from pii.audit.watched import Watched, unwatched
from pii.matrix import Array
from pii.pipeline import Outcome

LEVEL = 1e-9
"""Points: a lead that is not above this is none, as the nominal ranking has it."""
MARGIN = 1e-6
"""Points: leads under the rank programmes count from here, above the solver's own precision."""
NODES = 200
"""Branches after which a rank programme is left as an interval; a count, so that it repeats."""
LARGE = 3_000
"""Rivals times indicators from which a rank programme drops whole numbers: only a bound."""

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


def exact_answers(outcome: Outcome, admissible: Admissible, watched: Watched = unwatched) -> Exact:
    """Swaps, dominance and widest ranks of the run's index.

    watched : blocks of pairs, then rows of provinces while their widest ranks are proved

    Raises
    ------
    DefinitionError
        Where a level is no arithmetic mean.
    """
    tree = tree_of(outcome)
    scores = outcome.scores
    rank = np.nan_to_num(scores.rank[:, scores.column(tree.root)]).astype(np.int64)
    reached = _Reached(tree, rank)
    pairs, bound = _pairs(outcome, tree, admissible, reached, watched)
    ranks = _ranks(tree, admissible, bound, reached, watched)
    return Exact(admissible, scores.provinces, pairs, ranks)


BLOCK = 9_000
"""Pairs worked on at a time."""


def _pairs(
    outcome: Outcome, tree: Tree, admissible: Admissible, reached: "_Reached", watched: Watched
) -> tuple[Pairs, Array]:
    """All pairs, and the greatest lead of the row over the column, (provinces, provinces)."""
    order = reached.order
    two = [(a, b) for k, a in enumerate(order) for b in order[k + 1 :]]
    every = np.array(two, dtype=np.intp).reshape(-1, 2)
    bound = np.zeros((len(reached.nominal), len(reached.nominal)))
    parts = []
    for first in watched(range(0, max(len(every), 1), BLOCK), "pairs"):
        ahead, behind = every[first : first + BLOCK].T
        low, high = boxes(admissible, len(ahead))
        up, down = (furthest(tree, *rows, low, high) for rows in ((ahead, behind), (behind, ahead)))
        reached.take_in(up.weights)
        reached.take_in(down.weights)
        bound[ahead, behind], bound[behind, ahead] = up.bound, down.bound
        change = _change(outcome, tree, ahead, behind)
        parts.append((-down.bound, -down.reached, *change, _moved(outcome, ahead, behind)))
    ahead, behind = every.T
    index = tree.score[tree.root]
    told = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Pairs(ahead, behind, index[ahead] - index[behind], *told), bound


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


# ---- the widest ranks: weights that reach them, and a proof that none go further


class _Reached:
    """The best and worst rank of everybody under all weights that anything brings up."""

    def __init__(self, tree: Tree, nominal: Ints) -> None:
        self.nominal = nominal
        self.best, self.worst = nominal.copy(), nominal.copy()
        ranked = np.flatnonzero(nominal > 0)
        self.order = ranked[np.argsort(nominal[ranked], kind="stable")]
        self._tree = tree

    def take_in(self, weights: Weights) -> Array:
        """Look at everybody's rank under each of these; gives the scores, (ranked, weights)."""
        score = index_under(self._tree, self.order, weights)
        ordered = np.sort(score, axis=0)
        for i, own in zip(self.order.tolist(), score, strict=True):
            ahead = (ordered > own + LEVEL).sum(axis=0)
            self.best[i] = min(self.best[i], 1 + ahead.min(initial=len(score)))
            self.worst[i] = max(self.worst[i], 1 + ahead.max(initial=0))
        return score


def _ranks(
    tree: Tree, admissible: Admissible, bound: Array, reached: _Reached, watched: Watched
) -> Ranks:
    order, nominal = reached.order, reached.nominal
    best, worst = np.zeros_like(nominal), np.zeros_like(nominal)
    ends = _ends(tree, admissible)
    for side in (True, False):
        _search(tree, admissible, bound, ends, reached, best=side)
    best_reached, worst_reached = reached.best, reached.worst
    for i in watched(order.tolist(), "ranks"):
        others = order[order != i]
        above = others[bound[i, others] < -LEVEL]
        open_ = others[(bound[i, others] >= -LEVEL) & (bound[others, i] > LEVEL)]
        # What pairs prove together may already be reached.
        best[i], worst[i] = 1 + len(above), 1 + len(above) + len(open_)
        if best_reached[i] > best[i]:
            ahead, rank = _programme(tree, admissible, ends, i, open_, bound, reached, best=True)
            best[i] = min(best[i] + ahead, best_reached[i])
            best_reached[i] = max(best[i], min(best_reached[i], rank))
        if worst_reached[i] < worst[i]:
            ahead, rank = _programme(tree, admissible, ends, i, open_, bound, reached, best=False)
            worst[i] = max(1 + len(above) + ahead, worst_reached[i])
            worst_reached[i] = min(worst[i], max(worst_reached[i], rank))
    return Ranks(nominal, best, best_reached, worst, worst_reached)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Least and greatest score of everybody in each indicator, (provinces, indicators).

    What is missing counts, by definition, as much as the mean of its group without it: it lies
    between the ends of that mean. So everybody's index is linear in the same effective weights.
    """

    codes: tuple[str, ...]
    low: Array
    high: Array


def _ends(tree: Tree, admissible: Admissible) -> _Ends:
    found: dict[str, tuple[Array, Array]] = {}
    n = len(tree.score[tree.root])
    box = boxes(admissible, n)

    def fill(node: str, low: Array, high: Array) -> None:
        least, most = range_of(tree, node, np.arange(n), *box)
        here = tree.present[node]
        low, high = np.where(here, least, low), np.where(here, most, high)
        found[node] = low, high
        for child in tree.children.get(node, ()):
            fill(child, low, high)

    fill(tree.root, np.zeros(n), np.zeros(n))
    codes = tuple(code for code in found if code not in tree.children)
    low, high = (np.column_stack([found[code][end] for code in codes]) for end in (0, 1))
    return _Ends(codes, low, high)


SEARCH = 40
"""Steps of the search for weights that carry a province up, or down, as far as they can."""


def _search(
    tree: Tree, admissible: Admissible, bound: Array, ends: _Ends, reached: _Reached,
    *, best: bool,
) -> None:  # fmt: skip
    """Weights against a rival put together of those that are nearest, everybody at once.

    In each step the weights move towards those that put a province furthest ahead of (or behind)
    such a rival; who is near is told ever more strictly. What this finds is only ever a rank that
    is reached: how it is found proves nothing and needs no proof.
    """
    order = reached.order
    m = len(order)
    could = (bound >= -LEVEL) & (bound.T > LEVEL)
    could = could[np.ix_(order, order)] & ~np.eye(m, dtype=bool)
    x = (ends.low + ends.high)[order] / 2
    low, high = boxes(admissible, m)
    weights = {code: (low[code] + high[code]) / 2 for code in low}
    own, rival = np.arange(m), np.arange(m, 2 * m)
    rows = (own, rival) if best else (rival, own)
    for step, near in enumerate(np.geomspace(2.0, 0.2, SEARCH)):
        score = reached.take_in(weights)
        share = np.exp(-np.abs(score - np.diag(score)).T / near) * could
        share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-300)
        both = np.vstack([x, share @ x])
        present = dict.fromkeys(tree.present, np.ones(2 * m, dtype=bool))
        whole = Tree(tree.root, tree.children, dict(zip(ends.codes, both.T, strict=True)), present)
        towards = furthest(whole, *rows, low, high).weights
        pace = max(2 / (step + 2), 0.15)
        weights = {code: w + pace * (towards[code] - w) for code, w in weights.items()}


MIXTURES = 5
"""Mixtures of two rivals that are tried."""


def _conflicts(
    tree: Tree, admissible: Admissible, ends: _Ends, i: int, rivals: Rows, *, best: bool
) -> Rows:
    """Two rivals each that are never both behind i (`best`), or never both ahead of it, proved.

    Some mixture of the two has i never ahead (or is itself never ahead). The greatest lead over a
    mixture is convex in the share of either, and its slope is by how much the lead over one is
    greater than that over the other: the share is halved towards where it falls.

    Returns
    -------
    (conflicts, 2), numbers among the rivals given
    """
    one, other = np.triu_indices(len(rivals), 1)
    x = (ends.high[i] - ends.low[rivals] if best else ends.high[rivals] - ends.low[i]).T
    proved = np.zeros(len(one), dtype=bool)
    least, most = np.zeros(len(one)), np.ones(len(one))
    left = np.arange(len(one))
    for _ in range(MIXTURES):
        share, a, b = (least[left] + most[left]) / 2, x[:, one[left]], x[:, other[left]]
        mixed = share * a + (1 - share) * b
        lead, weights = greatest_index(tree, dict(zip(ends.codes, mixed, strict=True)), admissible)
        effective = np.array([weights[code] for code in ends.codes])
        with_one, with_other = (effective * a).sum(axis=0), (effective * b).sum(axis=0)
        proved[left] = lead < -LEVEL
        falls = with_one > with_other
        most[left] = np.where(falls, share, most[left])
        least[left] = np.where(falls, least[left], share)
        left = left[(lead >= -LEVEL) & ((with_one < 0) | (with_other < 0))]
    return np.column_stack([one, other])[proved]


@dataclass(frozen=True, slots=True)
class _Flow:
    # Where effective weights, and the total of each group, stand among the variables.
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
    tree: Tree, admissible: Admissible, ends: _Ends, i: int, rivals: Rows, bound: Array,
    reached: _Reached, *, best: bool,
) -> tuple[int, int]:  # fmt: skip
    """How many of the rivals are ahead at least (`best`) or at most, and a rank that is reached.

    Where scores are missing, or the programme is too large for whole numbers, the number is a
    bound.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = _Conditions()
    flow = _flow(rows, tree, admissible)
    ahead = rows.variables(len(rivals))
    leaves = [flow.e[code] for code in ends.codes]
    for z, b in zip(ahead, rivals, strict=True):
        # Scaled to the room there is, so that the solver's tolerance means the same in each row.
        if best:  # not counted as ahead only where it is not
            lead, room = ends.low[b] - ends.high[i], bound[b, i] + MARGIN
            rows.add({**_scaled(leaves, lead, room), z: -1.0}, -np.inf, MARGIN / room)
        else:  # counted as ahead only where it is
            lead, room = ends.high[b] - ends.low[i], bound[i, b] + 2 * MARGIN
            rows.add({**_scaled(leaves, lead, room), z: -1.0}, MARGIN / room - 1, np.inf)
        for over, c in zip(ahead, rivals, strict=True):
            if bound[b, c] < -LEVEL:  # c is always ahead of b
                rows.add({over: 1.0, z: -1.0}, 0.0, 1.0)
    for b, c in _conflicts(tree, admissible, ends, i, rivals, best=best):
        rows.add({ahead[b]: 1.0, ahead[c]: 1.0}, *((1.0, 2.0) if best else (0.0, 1.0)))
    objective = np.zeros(rows.size)
    objective[list(ahead)] = 1 if best else -1
    upper = np.where(objective != 0, 1.0, np.inf)
    whole = (objective != 0) & (len(rivals) * len(leaves) <= LARGE)
    found = milp(
        objective,
        integrality=whole.astype(np.int64),
        bounds=Bounds(np.zeros(rows.size), upper),
        constraints=LinearConstraint(rows.matrix(), rows.low, rows.high),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    limit = found.mip_dual_bound if whole.any() else found.fun
    number = 0 if best else len(rivals)
    if limit is not None:
        number = ceil(limit - 1e-6) if best else floor(-limit + 1e-6)
    if found.x is None:
        return number, int(reached.best[i] if best else reached.worst[i])
    return number, _rank_under(tree, admissible, flow, found.x, i, reached, best=best)


def _flow(rows: _Conditions, tree: Tree, admissible: Admissible) -> _Flow:
    (root,) = rows.variables(1)
    rows.add({root: 1.0}, 1.0, 1.0)
    flow = _Flow({tree.root: root}, {})
    for group in reversed(from_below(tree, tree.root)):
        children = tree.children[group]
        flow.e.update(zip(children, rows.variables(len(children)), strict=True))
        (flow.t[group],) = rows.variables(1)
        _share_out(rows, admissible, flow, group, children)
    return flow


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


def _scaled(leaves: Sequence[int], lead: Array, room: float) -> dict[int, float]:
    return dict(zip(leaves, (lead / room).tolist(), strict=True))


def _rank_under(
    tree: Tree, admissible: Admissible, flow: _Flow, x: Array, i: int, reached: _Reached,
    *, best: bool,
) -> int:  # fmt: skip
    # The solver's effective weights as local ones, within the box to the last bit.
    weights: Weights = {}
    for group, children in tree.children.items():
        total = x[flow.t[group]]
        for child in children:
            low, high = admissible.low[child], admissible.high[child]
            local = x[flow.e[child]] / total if total > 0 else (low + high) / 2
            weights[child] = np.array([min(max(local, low), high)])
    score = reached.take_in(weights)[:, 0]
    own = score[reached.order == i]
    return 1 + int((score > own + (2 * MARGIN if best else MARGIN / 2)).sum())


__all__ = ["Exact", "Pairs", "Ranks", "exact_answers", "least_moved"]

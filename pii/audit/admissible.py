r"""All weights that count as defensible, and how far apart they can put two provinces: exactly.

A local weight may lie anywhere between `low` and `high`; what is divided among siblings is its
share of their sum. So the score of a node is a weighted mean whose weights fill a box, and over a
box the extreme of a weighted mean is found by sorting: all weights high above some score, low
below it. The weights of different groups are chosen freely of each other and every mean rises with
its parts, so the extreme of a whole tree is the extreme of extremes, from the leaves up. Nothing is
sampled, and no level is held still while another varies.

Where two provinces lack different indicators, the weights of those at hand are shared out anew for
each of them, and the two shares hang together. There the share of what only one of them has is let
loose between its own extremes: the result is a bound, and a set of weights is given that comes
near it. Wherever both have the same indicators, bound and weights agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pii.errors import DefinitionError
from pii.frozen import Frozen
from pii.matrix import Array
from pii.pipeline import Outcome, is_linear
from pii.spread import Spread, varied_weights

Rows = npt.NDArray[np.intp]
Weights = dict[str, Array]
"""For each code a local weight, (pairs,)."""


@dataclass(frozen=True, slots=True)
class Admissible:
    """Least and greatest local weight of every node but the index, before they are shared out.

    Raises
    ------
    DefinitionError
        For a weight below 0, a range upside down, or a group whose weights may all be zero.
    """

    low: Mapping[str, float]
    high: Mapping[str, float]

    def __post_init__(self) -> None:
        for code, low in self.low.items():
            if not 0 <= low <= self.high[code] < np.inf:
                raise DefinitionError(
                    f"weight of {code} from {low:g} to {self.high[code]:g}: give a range that "
                    "rises, from 0 or more"
                )
        object.__setattr__(self, "low", Frozen(self.low))
        object.__setattr__(self, "high", Frozen(self.high))


def local_weights(outcome: Outcome) -> Weights:
    """Weight of every node among its siblings, given or derived, (1,) by code.

    Where every province has its own (benefit of the doubt): their mean.
    """
    scores = outcome.scores
    found = {}
    for node in outcome.framework.by_code:
        column = scores.local[:, scores.column(node)]
        found[node] = column[:1] if np.ptp(column) == 0 else np.array([np.nanmean(column)])
    return found


def heavy_children(outcome: Outcome) -> Mapping[str, tuple[str, ...]]:
    """The direct children of each group that have weight."""
    local = local_weights(outcome)
    return {
        code: tuple(child for child in children if local[child][0] > 0)
        for code, children in outcome.framework.children.items()
    }


def around(outcome: Outcome, change: Mapping[str, float]) -> Admissible:
    """Weights within a relative change of the nominal ones, by level: {"pillar": 0.25}.

    Levels that are not named keep their weights.
    """
    framework, local = outcome.framework, local_weights(outcome)
    low, high = {}, {}
    for code in framework.by_code:
        if code != framework.index:
            nominal, part = float(local[code][0]), change.get(framework.level(code), 0.0)
            low[code], high[code] = nominal * max(0.0, 1 - part), nominal * (1 + part)
    return Admissible(low, high)


def admissible_weights(outcome: Outcome, spread: Spread) -> Admissible:
    """Every weight that a spread can draw; under "dirichlet" that is any weight at all."""
    framework = outcome.framework
    nominal = around(outcome, {})
    low, high = dict(nominal.low), dict(nominal.high)
    for _, children, varied in varied_weights(spread, framework):
        for code in children:
            weight = low[code]
            if weight > 0:
                low[code], high[code] = {
                    "uniform": (weight * (1 - varied.by), weight * (1 + varied.by)),
                    "range": (varied.low, varied.high),
                    "dirichlet": (0.0, 1.0),
                }[varied.rule]
    return Admissible(low, high)


@dataclass(frozen=True, slots=True)
class Tree:
    """What is needed of a run: who has a score where, and the scores of the indicators.

    children : heavy ones, by group; score, present : by node, (provinces,)
    """

    root: str
    children: Mapping[str, tuple[str, ...]]
    score: Mapping[str, Array]
    present: Mapping[str, npt.NDArray[np.bool_]]


def tree_of(outcome: Outcome) -> Tree:
    """The tree of a linear index.

    Raises
    ------
    DefinitionError
        Where the index is no weighted sum of indicators.
    """
    framework, scores = outcome.framework, outcome.scores
    if not is_linear(framework, outcome.method):
        raise DefinitionError(
            "exact answers need arithmetic means at every level, and the same weights for everyone"
        )
    by_node = {node: scores.score[:, scores.column(node)] for node in framework.by_code}
    present = {node: ~np.isnan(column) for node, column in by_node.items()}
    return Tree(framework.index, heavy_children(outcome), by_node, present)


@dataclass(frozen=True, slots=True)
class Furthest:
    """The greatest lead of one province over another, for each pair.

    bound : (pairs,), no admissible weights give a greater one
    reached : (pairs,), the lead under `weights`; equal to `bound` where both have scores in the
        same nodes
    weights : local weights, (pairs,) by code
    """

    bound: Array
    reached: Array
    weights: Weights


def furthest(tree: Tree, one: Rows, other: Rows, low: Weights, high: Weights) -> Furthest:
    """How far `one` can be put ahead of `other`; below zero where it never is ahead.

    one, other : (pairs,), rows of provinces, each with an index
    low, high : by code, (pairs,) each: the box may differ from pair to pair
    """
    weights = {code: (low[code] + high[code]) / 2 for code in low}
    bound, chosen = _most_of_all(tree, one, other, low, high)
    # What neither of the two has weighs nothing in what is greatest: others may have it.
    weights |= {code: np.clip(weight, low[code], high[code]) for code, weight in chosen.items()}
    return Furthest(bound, _nearer(tree, one, other, weights, low, high), weights)


def bound_on_lead(tree: Tree, one: Rows, other: Rows, low: Weights, high: Weights) -> Array:
    """`furthest(...).bound` alone, which takes a fraction of the time."""
    return _most_of_all(tree, one, other, low, high)[0]


def _most_of_all(
    tree: Tree, one: Rows, other: Rows, low: Weights, high: Weights
) -> tuple[Array, Weights]:
    ones = np.ones(len(one))
    return _most(tree, tree.root, one, other, ones, ones, low, high)


def _nearer(
    tree: Tree, one: Rows, other: Rows, weights: Weights, low: Weights, high: Weights
) -> Array:
    """The lead, after `weights` have been changed for the better.

    Where the two lack different children: each weight of that group to the end that is better.
    """
    own: Weights = {}
    theirs: Weights = {}
    for group in from_below(tree, tree.root):
        children = tree.children[group]
        for child in children:
            if child not in tree.children:
                own[child], theirs[child] = tree.score[child][one], tree.score[child][other]
        mine, its = (_presence(tree, children, rows) for rows in (one, other))
        at = np.flatnonzero((mine != its).any(axis=0))
        if at.size:
            local = np.array([weights[child][at] for child in children])
            sides = [
                _Side(
                    np.array([scores[child][at] for child in children]),
                    there[:, at],
                    sign * _pull(tree, rows[at], at, weights, group),
                )
                for sign, scores, there, rows in ((1, own, mine, one), (-1, theirs, its, other))
            ]
            ends = [np.array([box[child][at] for child in children]) for box in (low, high)]
            _to_better_ends(local, ends, sides)
            for child, weight in zip(children, local, strict=True):
                weights[child] = weights[child].copy()
                weights[child][at] = weight
        own[group] = _mean(tree, group, one, weights, own)
        theirs[group] = _mean(tree, group, other, weights, theirs)
    return own[tree.root] - theirs[tree.root]


class _Side(NamedTuple):
    # Scores and presence of children, (children, pairs), and what their mean counts for, (pairs,).
    score: Array
    there: npt.NDArray[np.bool_]
    pull: Array


def _to_better_ends(local: Array, ends: Sequence[Array], sides: Sequence[_Side]) -> None:
    # local : (children, pairs), changed
    def value(totals: Sequence[Array], points: Sequence[Array]) -> Array:
        parts = [
            pull * np.divide(p, t, out=np.where(pull != 0, np.nan, 0.0), where=t > 0)
            for t, p, (_, _, pull) in zip(totals, points, sides, strict=True)
        ]
        return np.asarray(parts[0] + parts[1])

    counted = [(there * 1.0, np.where(there, x, 0.0)) for x, there, _ in sides]
    totals = [(local * there).sum(axis=0) for there, _ in counted]
    points = [(local * x).sum(axis=0) for _, x in counted]
    best = value(totals, points)
    for k, end in product(range(len(local)), ends):
        step = end[k] - local[k]
        more = [t + step * there[k] for t, (there, _) in zip(totals, counted, strict=True)]
        scored = [p + step * x[k] for p, (_, x) in zip(points, counted, strict=True)]
        found = value(more, scored)
        better = found > best
        best = np.where(better, found, best)
        local[k] = np.where(better, end[k], local[k])
        totals = [np.where(better, m, t) for m, t in zip(more, totals, strict=True)]
        points = [np.where(better, m, p) for m, p in zip(scored, points, strict=True)]


def _pull(tree: Tree, rows: Rows, at: Rows, weights: Weights, group: str) -> Array:
    """Effective weight of a group in the index of each row, by the weights of the pairs `at`."""
    pull = np.where(tree.present[group][rows], 1.0, 0.0)
    while group != tree.root:
        above = next(node for node, children in tree.children.items() if group in children)
        siblings = tree.children[above]
        there = _presence(tree, siblings, rows)
        total = np.where(there, [weights[child][at] for child in siblings], 0.0).sum(axis=0)
        pull *= np.divide(weights[group][at], total, out=np.zeros(len(rows)), where=total > 0)
        group = above
    return pull


def from_below(tree: Tree, node: str) -> list[str]:
    """The groups under a node and itself, children first."""
    groups = [child for child in tree.children[node] if child in tree.children]
    return [*(below for group in groups for below in from_below(tree, group)), node]


def boxes(admissible: Admissible, pairs: int) -> tuple[Weights, Weights]:
    """The same box for every pair."""
    return (
        {code: np.full(pairs, weight) for code, weight in admissible.low.items()},
        {code: np.full(pairs, weight) for code, weight in admissible.high.items()},
    )


def under(tree: Tree, rows: Rows, weights: Weights) -> Array:
    """Index of each row under its own weights: (rows,)."""
    found = {node: x[rows] for node, x in tree.score.items() if node not in tree.children}
    for group in from_below(tree, tree.root):
        found[group] = _mean(tree, group, rows, weights, found)
    return found[tree.root]


def index_under(tree: Tree, rows: Rows, weights: Weights) -> Array:
    """Index of every row under each set of weights: (rows, sets)."""
    found: Weights = {}
    for group in from_below(tree, tree.root):
        children = tree.children[group]
        there = _presence(tree, children, rows) * 1.0
        local = np.array([weights[child] for child in children])
        total, points = there.T @ local, np.zeros((len(rows), local.shape[1]))
        leaf = np.array([child not in tree.children for child in children])
        if leaf.any():
            x = np.array([tree.score[child][rows] for child in children if child not in found])
            points += np.where(there[leaf] > 0, x, 0.0).T @ local[leaf]
        for child, here, weight in zip(children, there, local, strict=True):
            if child in found:
                points += np.where(here[:, None] > 0, found[child], 0.0) * weight
        found[group] = np.divide(points, total, out=np.full(total.shape, np.nan), where=total > 0)
    return found[tree.root]


def range_of(tree: Tree, node: str, rows: Rows, low: Weights, high: Weights) -> tuple[Array, Array]:
    """The least and the greatest score of each row in a node: (rows,) both."""
    least, most = (s * _alone(tree, node, rows, s, low, high)[0] for s in (-1.0, 1.0))
    return least, most


def _mean(tree: Tree, node: str, rows: Rows, weights: Weights, scores: Weights) -> Array:
    total, points = np.zeros(len(rows)), np.zeros(len(rows))
    for child in tree.children[node]:
        weight = np.where(tree.present[child][rows], weights[child], 0.0)
        total += weight
        points += weight * np.where(weight > 0, scores[child], 0.0)
    return np.asarray(np.where(total > 0, points / np.where(total > 0, total, 1.0), np.nan))


def _most(
    tree: Tree, node: str, one: Rows, other: Rows, s: Array, t: Array, low: Weights, high: Weights
) -> tuple[Array, Weights]:
    # The greatest s · score(one) − t · score(other) in a node, and weights that come to it.
    if node not in tree.children:
        x = tree.score[node]
        return s * x[one] - t * x[other], {}
    mine, theirs = (_presence(tree, tree.children[node], rows) for rows in (one, other))
    # Few pairs lack different children; only they need corners, and the fewer the less differs.
    kind = (mine & ~theirs).any(axis=0) + 2 * (theirs & ~mine).any(axis=0)
    kinds = np.unique(kind)
    if len(kinds) == 1:
        return _most_of_kind(tree, node, one, other, s, t, low, high, int(kinds[0]))
    value = np.empty(len(one))
    chosen = {code: (low[code] + high[code]) / 2 for code in _beneath(tree, node)}
    for one_kind in kinds.tolist():
        at = np.flatnonzero(kind == one_kind)
        least, most = ({code: ends[code][at] for code in chosen} for ends in (low, high))
        value[at], weights = _most_of_kind(
            tree, node, one[at], other[at], s[at], t[at], least, most, one_kind
        )
        for code, weight in weights.items():
            chosen[code][at] = weight
    return value, chosen


def _most_of_kind(
    tree: Tree, node: str, one: Rows, other: Rows, s: Array, t: Array,
    low: Weights, high: Weights, kind: int,
) -> tuple[Array, Weights]:  # fmt: skip
    # kind : 1 where `one` has children that the other lacks, 2 the other way round, 3 for both
    children = tree.children[node]
    mine, theirs = (_presence(tree, children, rows) for rows in (one, other))
    both = mine & theirs
    if not kind:
        return _common(tree, node, one, other, s, t, low, high, both)
    least, most = (np.array([box[child] for child in children]) for box in (low, high))
    only_mine, only_theirs = mine & ~theirs, theirs & ~mine
    best, with_best = _alone(tree, node, one, 1.0, low, high, only_mine)
    worst, with_worst = _alone(tree, node, other, -1.0, low, high, only_theirs)
    value = np.full(len(one), -np.inf)
    chosen: Weights = {}
    # Linear in either share, so the greatest stands in one of the corners.
    for a, b in product((0, 1) if kind & 1 else (0,), (0, 1) if kind & 2 else (0,)):
        mine_share = _share(only_mine, both, least, most, a)
        their_share = _share(only_theirs, both, least, most, b)
        found, weights = _common(
            tree, node, one, other, s * (1 - mine_share), t * (1 - their_share), low, high, both
        )
        found = found + s * mine_share * best + t * their_share * worst
        for k, child in enumerate(children):
            ends = np.where(only_mine[k], (least, most)[a][k], (least, most)[b][k])
            weights[child] = np.where(both[k], weights[child], ends)
        better = found > value
        value = np.where(better, found, value)
        for code, weight in weights.items():
            chosen[code] = np.where(better, weight, chosen.get(code, weight))
    for k, child in enumerate(children):
        for alone, weights in ((only_mine, with_best), (only_theirs, with_worst)):
            for code in _beneath(tree, child):
                if code in weights:
                    kept = chosen.get(code, weights[code])
                    chosen[code] = np.where(alone[k], weights[code], kept)
    return value, chosen


def _presence(tree: Tree, children: Sequence[str], rows: Rows) -> npt.NDArray[np.bool_]:
    return np.array([tree.present[child][rows] for child in children])


def _beneath(tree: Tree, node: str) -> list[str]:
    return [d for c in tree.children.get(node, ()) for d in (c, *_beneath(tree, c))]


def greatest_index(tree: Tree, scores: Weights, admissible: Admissible) -> tuple[Array, Weights]:
    """The greatest index of what has a score (rows,) in every indicator; its effective weights."""
    found, local = dict(scores), Weights()
    for group in from_below(tree, tree.root):
        children = tree.children[group]
        x = np.array([found[child] for child in children])
        low, high = (
            np.broadcast_to(np.array([box[child] for child in children])[:, None], x.shape)
            for box in (admissible.low, admissible.high)
        )
        found[group], weights = greatest_mean(x, low, high)
        local |= zip(children, weights / weights.sum(axis=0), strict=True)
    for group in reversed(from_below(tree, tree.root)):
        for child in tree.children[group]:
            local[child] = local[child] * local.get(group, 1.0)
    return found[tree.root], local


def _share(
    alone: npt.NDArray[np.bool_], both: npt.NDArray[np.bool_], low: Array, high: Array, end: int
) -> Array:
    # The least or greatest share of the weight that lies on what only one of the two has.
    own = np.where(alone, (low, high)[end], 0.0).sum(axis=0)
    common = np.where(both, (high, low)[end], 0.0).sum(axis=0)
    total = own + common
    nothing = np.asarray(alone.any(axis=0), dtype=np.float64)
    return np.where(total > 0, own / np.where(total > 0, total, 1.0), nothing)


def _common(
    tree: Tree, node: str, one: Rows, other: Rows, s: Array, t: Array,
    low: Weights, high: Weights, both: npt.NDArray[np.bool_],
) -> tuple[Array, Weights]:  # fmt: skip
    children = tree.children[node]
    weights: Weights = {}
    parts = []
    for child in children:
        part, chosen = _most(tree, child, one, other, s, t, low, high)
        weights |= chosen
        parts.append(part)
    value, local = greatest_mean(np.array(parts), *_box(children, low, high, both))
    return value, weights | dict(zip(children, local, strict=True))


def _alone(
    tree: Tree, node: str, rows: Rows, sign: float, low: Weights, high: Weights,
    of: npt.NDArray[np.bool_] | None = None,
) -> tuple[Array, Weights]:  # fmt: skip
    # The greatest score (sign 1), or the least and negated (sign −1), over some of the children.
    if node not in tree.children:
        return sign * tree.score[node][rows], {}
    children = tree.children[node]
    present = np.array([tree.present[child][rows] for child in children]) if of is None else of
    weights: Weights = {}
    parts = []
    for child in children:
        part, chosen = _alone(tree, child, rows, sign, low, high)
        weights |= chosen
        parts.append(part)
    value, local = greatest_mean(np.array(parts), *_box(children, low, high, present))
    return value, weights | dict(zip(children, local, strict=True))


def _box(
    children: tuple[str, ...], low: Weights, high: Weights, present: npt.NDArray[np.bool_]
) -> tuple[Array, Array]:
    least, most = (np.array([box[child] for child in children]) for box in (low, high))
    return np.where(present, least, 0.0), np.where(present, most, 0.0)


def greatest_mean(x: Array, low: Array, high: Array) -> tuple[Array, Array]:
    r"""The greatest weighted mean over a box of weights, and weights that give it.

    .. math:: \max_{l \le w \le h} \frac{\sum_j w_j x_j}{\sum_j w_j}

    Whatever is above the mean gets its high weight, all else its low one, and again with the mean
    that this gives: it only rises, and stands after no more steps than there are children (a linear
    fractional programme over a box: Dinkelbach 1967; Karnik & Mendel 2001). Columns without any
    weight give 0.

    Parameters
    ----------
    x : (children, pairs); what has no weight may be NaN
    low, high : (children, pairs), not negative
    """
    x = np.where(high > 0, x, 0.0)
    weights, value = high, _means(x, high, 0.0)
    for _ in range(len(x)):
        tried = np.where(x > value, high, low)
        mean = _means(x, tried, -np.inf)
        better = mean > value
        if not better.any():
            break
        value, weights = np.where(better, mean, value), np.where(better, tried, weights)
    return value, weights


def _means(x: Array, weights: Array, nothing: float) -> Array:
    total = weights.sum(axis=0)
    points = (weights * x).sum(axis=0)
    return np.asarray(np.divide(points, total, out=np.full(len(total), nothing), where=total > 0))

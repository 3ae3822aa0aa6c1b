"""The means of a tree for many sets of weights at once.

Sums are plain here, not correctly rounded as in `compute`: the two agree to 1e-12 of a score, which
is far below the tolerance of ties.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pii.errors import DataError
from pii.framework import Framework
from pii.matrix import Array
from pii.method import Coverage
from pii.steps.aggregate import covered

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


class FailedDrawError(DataError):
    """A draw that cannot be computed; `column` says which of those at hand."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Node:
    """One mean: its children, and for whom it is not the plain mean of all of them.

    rows : of its children among the weights, indicators first; columns : of its indicators
    groups : its other children, by code
    out : provinces for which it, or a group above it, is not published
    partial : the others without some of the children, and `there` (partial, children), 1 where not
    under : columns of all indicators beneath it
    nested : partial nodes beneath it: number, which of their provinces, and where these are here
    """

    code: str
    rows: Rows
    columns: Rows
    groups: tuple[str, ...]
    out: Rows
    partial: Rows
    there: Array
    under: Rows
    nested: tuple[tuple[int, Rows, Rows], ...]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What gaps, coverage and the choice of nodes decide, whatever scores and weights are.

    nodes : every child before its parent; ranked : (provinces,), whether the index is published
    siblings : (groups, nodes), 1 where the node is a child with weight; family : (nodes,), the
        group among these in which it is; idle : nodes without weight
    descent : by depth, rows and those of their parents; leaves : (indicators,), their rows
    out : (provinces, indicators), True for scores that go into no published index: a group above
        is not published, or the indicator has no weight
    home : (indicators,), the node each goes into
    """

    nodes: tuple[Node, ...]
    ranked: Mask
    siblings: Array
    family: Rows
    idle: Rows
    descent: tuple[tuple[Rows, Rows], ...]
    leaves: Rows
    out: Mask
    home: Rows


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree whose scores of indicators, powers and gaps stand; only weights are still to come.

    raised : (provinces, indicators), scores to the power of the mean they go into (logarithms for
        0); 0 where there is none, `gaps`
    powers : by node, of its mean
    """

    skeleton: Skeleton
    raised: Array
    gaps: Mask
    powers: tuple[float, ...]

    @property
    def ranked(self) -> Mask:
        """(provinces,), whether the index is published."""
        return self.skeleton.ranked

    def index(self, weights: Array, cells: Array | None = None) -> Array:
        """The index, (provinces, draws); meaningless where not `ranked`.

        weights : (nodes, draws), local, above zero where `heavy`; overwritten elsewhere
        cells : (provinces, indicators, draws), scores of the indicators where they vary
        Raises
        ------
        FailedDrawError
            Where a score cannot go into a mean of that power.
        """
        if cells is not None:
            cells = self._raised_cells(cells)
        bones = self.skeleton
        weights[bones.idle] = 0.0
        shares = weights / _product(bones.siblings, weights)[bones.family]
        if len(set(self.powers)) > 1:
            mean = self._level_by_level(shares, cells)
        else:
            mean = self._at_once(shares, cells)
        mean[~bones.ranked] = 1.0
        return from_power(mean, self.powers[-1])

    def _raised_cells(self, cells: Array) -> Array:
        cells[self.gaps] = 1.0
        for node, power in zip(self.skeleton.nodes, self.powers, strict=True):
            if power != 1 and node.columns.size:
                _refuse(cells[:, node.columns], power, node.code)
                cells[:, node.columns] = to_power(cells[:, node.columns], power)
        cells[self.gaps] = 0.0
        return cells

    def _at_once(self, shares: Array, cells: Array | None) -> Array:
        """One power throughout: a single sum with effective weights, then what gaps change."""
        effective = shares.copy()
        for rows, parents in self.skeleton.descent:
            effective[rows] *= effective[parents]
        effective = effective[self.skeleton.leaves]
        if cells is None:
            mean = _product(self.raised, effective)
        else:
            mean = np.asarray(np.einsum("pcd,cd->pd", cells, effective))
        more: dict[int, Array] = {}
        for number, node in enumerate(self.skeleton.nodes):
            if node.partial.size:
                part = _part(self.raised, cells, node.partial, node.under, effective[node.under])
                for beneath, theirs, here in node.nested:
                    part[here] += more[beneath][theirs]
                # Weights of the absent are in the sum; the present ones take their share.
                part *= 1 / _product(node.there, shares[node.rows]) - 1
                mean[node.partial] += part
                more[number] = part
        return mean

    def _level_by_level(self, shares: Array, cells: Array | None) -> Array:
        nodes, means = self.skeleton.nodes, dict[str, Array]()
        every = np.arange(len(self.raised))
        above = {group: power for node, power in zip(nodes, self.powers, strict=True)
                 for group in node.groups}  # fmt: skip
        for node, power in zip(nodes, self.powers, strict=True):
            local = shares[node.rows]
            mean = _part(self.raised, cells, every, node.columns, local[: len(node.columns)])
            for group, weight in zip(node.groups, local[len(node.columns) :], strict=True):
                part = means.pop(group)
                part *= weight
                mean += part
            if node.partial.size:
                mean[node.partial] /= _product(node.there, local)
            beyond = above.get(node.code, power)
            if power != beyond:
                mean[node.out] = 1.0
                mean = from_power(mean, power)
                _refuse(mean, beyond, node.code)
                mean = to_power(mean, beyond)
            mean[node.out] = 0.0
            means[node.code] = mean
        return means[nodes[-1].code]


def _part(raised: Array, cells: Array | None, rows: Rows, columns: Rows, local: Array) -> Array:
    """Weighted sum over these indicators, for these provinces."""
    if cells is None:
        return _product(raised[rows[:, None], columns], local)
    return np.asarray(np.einsum("pcd,cd->pd", cells[rows[:, None], columns], local))


def _product(a: Array, b: Array) -> Array:
    """`a @ b` in pieces so small that the library starts no threads: no core is kept waiting."""
    most = max(1, 250_000 // max(a.size, 1))
    if b.shape[1] <= most:
        return np.asarray(a @ b)
    out = np.empty((len(a), b.shape[1]))
    for first in range(0, b.shape[1], most):
        np.matmul(a, b[:, first : first + most], out=out[:, first : first + most])
    return out


def _refuse(scores: Array, power: float, code: str) -> None:
    if power == 1:
        return
    odd = scores <= 0 if power <= 0 else scores < 0
    if odd.any():
        raise FailedDrawError(
            f"{code}: a mean of power {power:g} needs scores {'above' if power <= 0 else 'of'} "
            f"zero{'' if power <= 0 else ' or more'}",
            int(np.nonzero(odd)[-1].min()),
        )


def to_power(x: Array, power: float) -> Array:
    """What a mean of this power adds up."""
    if power == 1:
        return x
    return np.log(x) if power == 0 else np.asarray(x**power)


def from_power(mean: Array, power: float) -> Array:
    """The mean of this power from the mean of what was added up."""
    if power == 1:
        return mean
    return np.exp(mean) if power == 0 else np.asarray(mean ** (1 / power))


def weight_rows(framework: Framework) -> Mapping[str, int]:
    """Row of each node but the index among the weights: indicators first, siblings together."""
    leaves = set(framework.codes)
    order = [child for code in framework.bottom_up for child in framework.children[code]]
    order.sort(key=lambda child: child not in leaves)
    return {code: row for row, code in enumerate(order)}


def skeleton_of(
    framework: Framework,
    missing: Mask,
    counted: Mask,
    heavy: Mask,
    coverage: Mapping[str, Coverage],
) -> Skeleton:
    """What does not change with scores and weights, worked out once.

    missing, counted : (provinces, indicators), without a score, and with one that counts for
        coverage; heavy : (nodes,), True for weights above zero
    coverage : by level
    """
    rows, column = weight_rows(framework), {code: j for j, code in enumerate(framework.codes)}
    there = {code: ~missing[:, j] for code, j in column.items()}
    counts = {code: counted[:, j] for code, j in column.items()}
    leaves: dict[str, tuple[int, ...]] = {code: (j,) for code, j in column.items()}
    children_of = {
        code: sorted((c for c in children if heavy[rows[c]]), key=rows.__getitem__)
        for code, children in framework.children.items()
    }
    for code in framework.bottom_up:
        children = children_of[code]
        leaves[code] = tuple(j for child in children for j in leaves[child])
        least = coverage[framework.level(code)]
        published = covered(
            counted[:, list(leaves[code])].mean(axis=1),
            np.sum([counts[child] for child in children], axis=0),
            share=least.share,
            count=least.count,
        )
        present = np.any([there[child] for child in children], axis=0)
        there[code] = counts[code] = published & present
    alive = dict(there)
    for code in reversed(framework.bottom_up):
        for child in framework.children[code]:
            alive[child] = alive[child] & alive[code]
    nodes: list[Node] = []
    for code in framework.bottom_up:
        children = children_of[code]
        present = np.array([there[child] for child in children]).T
        partial = alive[code] & ~present.all(axis=1)
        at = np.flatnonzero(partial)
        nodes.append(
            Node(
                code=code,
                rows=np.array([rows[child] for child in children]),
                columns=np.array([column[c] for c in children if c in column], dtype=np.int64),
                groups=tuple(child for child in children if child not in column),
                out=np.flatnonzero(~alive[code]),
                partial=at,
                there=present[partial].astype(np.float64),
                under=np.array(leaves[code]),
                nested=tuple(_nested(nodes, set(leaves[code]), at)),
            )
        )
    out = np.zeros_like(missing)
    siblings = np.zeros((len(nodes), len(rows)))
    family = np.zeros(len(rows), dtype=np.int64)
    for number, node in enumerate(nodes):
        out[np.ix_(node.out, node.under)] = True
        siblings[number, node.rows] = 1.0
        family[[rows[child] for child in framework.children[node.code]]] = number
    leaf_rows = np.array([rows[code] for code in framework.codes])
    out[:, ~heavy[leaf_rows]] = True
    return Skeleton(
        nodes=tuple(nodes),
        ranked=there[framework.index],
        siblings=siblings,
        family=family,
        idle=np.flatnonzero(~heavy),
        descent=_descent(framework),
        leaves=leaf_rows,
        out=out,
        home=family[leaf_rows],
    )


def _nested(nodes: list[Node], under: set[int], rows: Rows) -> Iterator[tuple[int, Rows, Rows]]:
    for number, node in enumerate(nodes):
        if under.issuperset(node.under.tolist()):
            _, theirs, here = np.intersect1d(node.partial, rows, return_indices=True)
            if theirs.size:
                yield number, theirs, here


def _descent(framework: Framework) -> tuple[tuple[Rows, Rows], ...]:
    rows = weight_rows(framework)
    depth = {code: len(framework.ancestors(code)) for code in rows}
    steps = []
    for level in range(2, max(depth.values()) + 1):
        codes = [code for code in rows if depth[code] == level]
        parents = [rows[framework.by_code[code].parent or ""] for code in codes]
        steps.append((np.array([rows[code] for code in codes]), np.array(parents)))
    return tuple(steps)


def tree_of(
    framework: Framework, skeleton: Skeleton, scores: Array, powers: Mapping[str, float]
) -> Tree:
    """The tree of these scores (provinces, indicators), NaN where missing; powers by level.

    Raises
    ------
    DataError
        Where the score of an indicator cannot go into a mean of that power.
    """
    gaps = np.isnan(scores) | skeleton.out
    raised = np.where(gaps, 1.0, scores)
    by_node = np.array([powers[framework.level(node.code)] for node in skeleton.nodes])
    lifted = by_node[skeleton.home]
    for power in sorted({*lifted.tolist()} - {1.0}):
        at = np.flatnonzero(lifted == power)
        low = float(raised[:, at].min())
        if low < 0 or (low == 0 and power <= 0):
            code = framework.codes[at[int(raised[:, at].min(axis=0).argmin())]]
            raise DataError(
                f"a mean of power {power:g} needs scores {'above' if power <= 0 else 'of'} zero"
                f"{'' if power <= 0 else ' or more'}, and one of {code} is {low:g}"
            )
        raised[:, at] = to_power(raised[:, at], power)
    raised[gaps] = 0.0
    return Tree(
        skeleton=skeleton,
        raised=raised,
        gaps=gaps,
        powers=tuple(by_node.tolist()),
    )

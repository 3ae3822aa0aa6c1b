"""The means of a tree for many sets of weights at once.

Sums are plain here, not correctly rounded as in `compute`: the two agree to 1e-12 of a score, which
is far below the tolerance of ties.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pii.errors import DataError
from pii.framework import Framework
from pii.matrix import Array
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

    rows : of its children among the weights; indicators first, as many as `leaves` has columns
    leaves : (provinces, indicators), the scores of its indicators to `power` (logarithms for 0); 0
        where there is none. `columns`: which indicators these are
    gaps : where that is
    groups : its other children, by code
    partial : provinces without some of the children, and `there` (partial, children), 1 where not
    unpublished : provinces for which the mean is not published
    power : of this mean; above: of the mean it goes into, 1 for the index
    """

    code: str
    rows: Rows
    leaves: Array
    gaps: Mask
    columns: Rows
    groups: tuple[str, ...]
    partial: Rows
    there: Array
    unpublished: Rows
    power: float
    above: float


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree whose scores of indicators, powers and gaps stand; only weights are still to come.

    ranked : (provinces,), True where the index is published
    """

    nodes: tuple[Node, ...]
    ranked: Mask

    def index(self, weights: Array, cells: Array | None = None) -> Array:
        """The index, (provinces, draws); meaningless where not `ranked`.

        weights : (nodes, draws), local, above zero in all rows of the tree's nodes
        cells : (provinces, indicators, draws), scores of the indicators where they vary
        Raises
        ------
        FailedDrawError
            Where a score cannot go into a mean of that power.
        """
        means: dict[str, Array] = {}
        for node in self.nodes:
            local = weights[node.rows]
            local /= local.sum(axis=0)
            first = len(node.columns)
            if cells is None:
                mean = node.leaves @ local[:first]
            else:
                mean = _mean_of_cells(node, cells, local[:first])
            for group, weight in zip(node.groups, local[first:], strict=True):
                part = means.pop(group)
                part *= weight
                mean += part
            if node.partial.size:
                mean[node.partial] /= node.there @ local
            means[node.code] = _raised(node, mean)
        return means[self.nodes[-1].code]


def _mean_of_cells(node: Node, cells: Array, local: Array) -> Array:
    scores = cells[:, node.columns]
    if node.power != 1:
        scores[node.gaps] = 1.0
        _refuse(scores, node.power, node.code)
        scores = to_power(scores, node.power)
    scores[node.gaps] = 0.0
    return np.asarray(np.einsum("pcd,cd->pd", scores, local))


def _raised(node: Node, mean: Array) -> Array:
    """The mean as the parent needs it: to the parent's power, 0 where not published."""
    if node.power != node.above:
        mean[node.unpublished] = 1.0
        mean = from_power(mean, node.power)
        _refuse(mean, node.above, node.code)
        mean = to_power(mean, node.above)
    if node.unpublished.size:
        mean[node.unpublished] = 0.0
    return mean


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
    """Row of each node but the index among the weights: siblings together, indicators first."""
    leaves = set(framework.codes)
    order = [
        child
        for code in framework.bottom_up
        for child in sorted(framework.children[code], key=lambda one: one not in leaves)
    ]
    return {code: row for row, code in enumerate(order)}


def tree_of(
    framework: Framework,
    scores: Array,
    counted: Mask,
    heavy: Mapping[str, Sequence[str]],
    powers: Mapping[str, float],
    coverage: Mapping[str, tuple[float, int]],
) -> Tree:
    """What does not change with the weights, worked out once.

    scores : (provinces, indicators), NaN where missing
    counted : (provinces, indicators), which of them count for coverage
    heavy : group → its children with weight above zero
    powers, coverage : by level; coverage as (share, count)
    Raises
    ------
    DataError
        Where the score of an indicator cannot go into a mean of that power.
    """
    row, column = weight_rows(framework), {code: j for j, code in enumerate(framework.codes)}
    there = {code: ~np.isnan(scores[:, j]) for code, j in column.items()}
    counts = {code: counted[:, j] for code, j in column.items()}
    leaves: dict[str, tuple[int, ...]] = {code: (j,) for code, j in column.items()}
    nodes = []
    for code in framework.bottom_up:
        children = sorted(heavy[code], key=row.__getitem__)
        level, parent = framework.level(code), framework.by_code[code].parent
        columns = [column[child] for child in children if child in column]
        leaves[code] = tuple(j for child in children for j in leaves[child])
        present = np.array([there[child] for child in children]).T
        share, count = coverage[level]
        published = covered(
            counted[:, list(leaves[code])].mean(axis=1),
            np.sum([counts[child] for child in children], axis=0),
            share=share,
            count=count,
        )
        there[code] = counts[code] = published & present.any(axis=1)
        gaps = np.isnan(scores[:, columns]) | ~there[code][:, None]
        partial = there[code] & ~present.all(axis=1)
        nodes.append(
            Node(
                code=code,
                rows=np.array([row[child] for child in children]),
                leaves=_leaves(code, scores[:, columns], gaps, powers[level]),
                gaps=gaps,
                columns=np.array(columns, dtype=np.int64),
                groups=tuple(child for child in children if child not in column),
                partial=np.flatnonzero(partial),
                there=present[partial].astype(np.float64),
                unpublished=np.flatnonzero(~there[code]),
                power=powers[level],
                above=1.0 if parent is None else powers[framework.level(parent)],
            )
        )
    return Tree(tuple(nodes), there[framework.index])


def _leaves(code: str, scores: Array, gaps: Mask, power: float) -> Array:
    filled = np.where(gaps, 1.0, scores)
    if power != 1 and filled.size and (low := filled.min()) <= 0 and (low < 0 or power <= 0):
        raise DataError(
            f"{code}: a mean of power {power:g} needs scores "
            f"{'above zero' if power <= 0 else 'of zero or more'}, and one is {low:g}"
        )
    return np.where(gaps, 0.0, to_power(filled, power))

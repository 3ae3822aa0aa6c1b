"""Order by majority: who beats whom on how much weight, without compensation between indicators."""

from collections.abc import Iterator
from itertools import combinations, islice, product
from math import fsum, prod
from typing import NamedTuple

import numpy as np

from pii.steps.present import Array, Whole


def outranking(scores: Array, weights: Array, *, tolerance: float) -> Array:
    r"""Share of the weight on which the row's unit beats the column's; a tie gives each half.

    .. math:: a_{ij} = \frac{\sum_{k:\,x_{ik} > x_{jk}} w_k
              + \tfrac12 \sum_{k:\,x_{ik} = x_{jk}} w_k}{\sum_k w_k}

    with k over the indicators that both units have.

    scores : (units, indicators), higher is better; NaN where missing
    weights : (indicators,), not negative
    tolerance : scores this close are equal, in points of the score

    Returns (units, units), 0 on the diagonal; NaN where two units share no indicator with weight.

    Source: Munda & Nardo (2005); OECD/JRC (2008), step 6; COINr, outrankMatrix.
    """
    n = len(scores)
    wins = [
        _share(scores[i] - scores[j], weights, tolerance) if i != j else 0.0
        for i, j in product(range(n), repeat=2)
    ]
    return np.array(wins, dtype=np.float64).reshape(n, n)


def _share(lead: Array, weights: Array, tolerance: float) -> float:
    total = fsum(weights[~np.isnan(lead)])
    won = fsum(weights[lead > tolerance]), fsum(weights[np.abs(lead) <= tolerance]) / 2
    return sum(won) / total if total > 0 else float("nan")


def copeland(matrix: Array, *, tolerance: float) -> Array:
    r"""Majorities won less majorities lost, against each other unit.

    .. math:: c_i = \sum_j \operatorname{sign}(a_{ij} - a_{ji})

    matrix : (..., units, units), an outranking matrix; NaN for a pair that cannot be compared
    tolerance : a majority is a lead of more than this, in the unit of the matrix

    Returns (..., units), whole numbers; NaN for a unit that can be compared with no other.

    Source: Copeland (1951); COINr, a_copeland.
    """
    lead = matrix - np.swapaxes(matrix, -1, -2)
    score = (lead > tolerance).sum(axis=-1) - (lead < -tolerance).sum(axis=-1)
    alone = (~np.isnan(lead)).sum(axis=-1) <= 1  # with itself
    return np.where(alone, np.nan, score)


class Kemeny(NamedTuple):
    """The orders that agree most with a matrix.

    orders : (optima, units), rows of the matrix, best first; the optima in order of these numbers
    score : the support they share
    complete : False where there are more optima than were asked for
    block : (units,), 1 for the top. Units of a lower block lose to all of a higher one, and stand
        below it in every optimum, listed or not; what is open is open within a block
    """

    orders: Whole
    score: float
    complete: bool
    block: Whole

    @property
    def unique(self) -> bool:
        """Whether no other order does as well."""
        return self.complete and len(self.orders) == 1


def kemeny(matrix: Array, *, tolerance: float, most: int = 100) -> Kemeny:
    r"""Condorcet–Kemeny–Young–Levenglick: the order with the greatest total support.

    .. math:: \max_{\text{order}} \sum_{i \text{ before } j} a_{ij}

    Exact, by integer programming for tens of units: one binary variable a pair, and no cycle of
    three. Ties are not broken: all optima are returned, up to `most`.

    matrix : (units, units), an outranking matrix, shares or counts; the diagonal is not read
    tolerance : a majority is a lead of more than this; orders of a block within this of its
        greatest support are optimal. The solver tells supports apart to 1e-9 of the largest lead

    Raises ValueError for a pair that cannot be compared (NaN).

    Source: Kemeny (1959); Young & Levenglick (1978); Munda & Nardo (2005); blocks: Truchon (1998).
    """
    lead = matrix - matrix.T
    np.fill_diagonal(lead, 0)
    if np.isnan(lead).any():
        i, j = np.argwhere(np.isnan(lead))[0]
        raise ValueError(f"units {i} and {j} cannot be compared: leave one of them out")
    block = _blocks(lead, tolerance)
    parts = [np.flatnonzero(block == number) for number in range(1, block.max() + 1)]
    optima = [
        [tuple(part[list(order)]) for order in _optima(matrix[np.ix_(part, part)], tolerance, most)]
        for part in parts
    ]
    orders = sorted(sum(blocks, ()) for blocks in islice(product(*optima), most))
    complete = prod(len(part) for part in optima) <= most
    return Kemeny(np.array(orders), _support(matrix, orders[0]), complete, block)


def _blocks(lead: Array, tolerance: float) -> Whole:
    # Who can be reached by "does not lose to": within a block everybody reaches everybody.
    reach = lead >= -tolerance
    for _ in range(len(lead).bit_length()):
        reach = reach @ reach
    reached = -reach.sum(axis=-1)
    return np.unique(reached, return_inverse=True)[1].reshape(-1) + 1


def _support(matrix: Array, order: tuple[int, ...]) -> float:
    return fsum(matrix[pair] for pair in combinations(order, 2))


def _optima(matrix: Array, tolerance: float, most: int) -> list[tuple[int, ...]]:
    """Best orders of one block; one more than `most` where there are more."""
    if len(matrix) == 1:
        return [(0,)]
    found: list[tuple[float, tuple[int, ...]]] = []
    for order in islice(_descending(matrix - matrix.T), most + 1):
        found.append((_support(matrix, order), order))
        if found[-1][0] < max(found)[0] - tolerance:
            break
    return [order for support, order in found if support >= max(found)[0] - tolerance]


def _descending(lead: Array) -> Iterator[tuple[int, ...]]:
    """All orders, from the greatest support down: each one found is then forbidden."""
    n = len(lead)
    pairs = list(combinations(range(n), 2))
    column = {pair: k for k, pair in enumerate(pairs)}
    triples = np.array(
        [(column[i, j], column[j, k], column[i, k]) for i, j, k in combinations(range(n), 3)],
        dtype=np.int64,
    ).reshape(-1, 3)
    gain = np.array([lead[pair] for pair in pairs])
    rows: list[tuple[Array, float, float]] = []
    while (before := _solved(gain, rows)) is not None:
        # Only triples that a solution turns into a cycle become constraints.
        ahead = before[triples] @ np.array([1, 1, -1])
        cycles = triples[(ahead < 0) | (ahead > 1)]
        rows += [(_row(len(pairs), cycle, (1, 1, -1)), 0, 1) for cycle in cycles]
        if not len(cycles):
            wins = np.zeros((n, n))
            wins[tuple(np.transpose(pairs))] = before
            wins[tuple(np.transpose(pairs)[::-1])] = 1 - before
            yield tuple(np.argsort(-wins.sum(axis=1)).tolist())
            rows.append(
                ((1 - 2 * before).astype(np.float64), float(1 - before.sum()), float("inf"))
            )


def _row(size: int, columns: Whole, values: tuple[float, ...]) -> Array:
    row = np.zeros(size)
    row[columns] = values
    return row


def _solved(gain: Array, rows: list[tuple[Array, float, float]]) -> Whole | None:
    """The binary vector of greatest gain within the rows; None where there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    # The solver stops within an absolute 1e-6 of the optimum: hence the scale.
    scale = 1000 / (np.abs(gain).max() or 1)
    matrix, low, high = (list(part) for part in zip(*rows, strict=True)) if rows else ([], [], [])
    limits = [LinearConstraint(csr_array(np.array(matrix)), low, high)] if rows else []
    found = milp(
        -scale * gain,
        integrality=np.ones(len(gain), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=limits,
        options={"mip_rel_gap": 0},
    )
    if found.status == 2:  # infeasible
        return None
    if not found.success:
        raise ArithmeticError(f"the integer programme has no solution: {found.message}")
    return (found.x > 0.5).astype(np.int64)

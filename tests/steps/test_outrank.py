"""Outranking, Copeland and Kemeny: by hand and at the edges."""

import numpy as np
import numpy.typing as npt
import pytest

from pii.steps.outrank import copeland, kemeny, outranking

NAN = float("nan")
Array = npt.NDArray[np.float64]

# Three voters in a circle: a > b > c, b > c > a, c > a > b.
CYCLE = np.array([[3.0, 1, 2], [2, 3, 1], [1, 2, 3]])


def beats(n: int, pairs: str) -> Array:
    """A matrix in which "ab" has a beat b by 0.9 to 0.1, and all else is tied."""
    matrix = np.full((n, n), 0.5)
    for pair in pairs.split():
        i, j = (ord(letter) - ord("a") for letter in pair)
        matrix[i, j], matrix[j, i] = 0.9, 0.1
    return matrix


def test_outranking_by_hand() -> None:
    scores = np.array([[3.0, 1, 5], [2, 1, 7], [9, 0, 5]])
    matrix = outranking(scores, np.array([2.0, 1, 1]), tolerance=0)
    # First against second: wins 2, ties 1, loses 1, of 4.
    assert matrix.tolist() == [[0, 0.625, 0.375], [0.375, 0, 0.5], [0.625, 0.5, 0]]


def test_outranking_by_two_units_uses_what_both_have() -> None:
    scores = np.array([[3.0, NAN, 5], [2, 1, NAN], [NAN, 0, NAN]])
    matrix = outranking(scores, np.array([2.0, 1, 1]), tolerance=0)
    np.testing.assert_array_equal(matrix, [[0, 1, NAN], [0, 0, 1], [NAN, 0, 0]])


def test_an_indicator_without_weight_compares_nobody() -> None:
    matrix = outranking(np.array([[1.0, NAN], [2.0, 4.0]]), np.array([0.0, 1]), tolerance=0)
    np.testing.assert_array_equal(matrix, [[0, NAN], [NAN, 0]])


def test_scores_within_the_tolerance_are_equal() -> None:
    scores = np.array([[0.1 + 0.2], [0.3]])
    assert outranking(scores, np.ones(1), tolerance=0)[0, 1] == 1
    assert outranking(scores, np.ones(1), tolerance=1e-9)[0, 1] == 0.5
    quarter = np.array([[1.0], [1.25]])
    assert outranking(quarter, np.ones(1), tolerance=0.25).tolist() == [[0, 0.5], [0.5, 0]]


def test_one_unit_or_none() -> None:
    assert outranking(np.ones((1, 3)), np.ones(3), tolerance=0).tolist() == [[0]]
    assert outranking(np.ones((0, 3)), np.ones(3), tolerance=0).shape == (0, 0)
    one = kemeny(np.zeros((1, 1)), tolerance=0)
    assert (one.orders.tolist(), one.score, one.unique, one.block.tolist()) == ([[0]], 0, True, [1])


def test_copeland_by_hand() -> None:
    matrix = beats(4, "ab ac ad bc")
    assert copeland(matrix, tolerance=1e-9).tolist() == [3, 0, -2, -1]
    assert copeland(np.stack([matrix, matrix.T]), tolerance=1e-9)[1].tolist() == [-3, 0, 2, 1]


def test_a_majority_is_more_than_the_tolerance() -> None:
    matrix = np.array([[0.0, 0.625], [0.375, 0]])
    assert copeland(matrix, tolerance=0.125).tolist() == [1, -1]
    assert copeland(matrix, tolerance=0.25).tolist() == [0, 0]


def test_copeland_of_what_cannot_be_compared() -> None:
    matrix = np.array([[0, 0.9, NAN], [0.1, 0, NAN], [NAN, NAN, 0]])
    np.testing.assert_array_equal(copeland(matrix, tolerance=0), [1, -1, NAN])
    partly = np.array([[0, 0.9, NAN], [0.1, 0, 0.8], [NAN, 0.2, 0]])
    assert copeland(partly, tolerance=0).tolist() == [1, 0, -1]
    assert np.isnan(copeland(np.zeros((1, 1)), tolerance=0)).all()


def test_kemeny_follows_majorities_without_a_cycle() -> None:
    best = kemeny(beats(4, "db da dc ba bc ac"), tolerance=1e-9)
    assert best.orders.tolist() == [[3, 1, 0, 2]]
    assert best.score == pytest.approx(6 * 0.9, rel=1e-15)
    assert best.unique and best.block.tolist() == [3, 2, 4, 1]


def test_kemeny_breaks_a_cycle_where_it_is_weakest() -> None:
    matrix = beats(3, "ab bc ca")
    matrix[2, 0], matrix[0, 2] = 0.6, 0.4
    best = kemeny(matrix, tolerance=1e-9)
    assert best.orders.tolist() == [[0, 1, 2]] and best.unique
    assert best.score == pytest.approx(0.9 + 0.9 + 0.4, rel=1e-15)
    assert best.block.tolist() == [1, 1, 1]


def test_kemeny_reports_every_optimum_of_a_circle() -> None:
    best = kemeny(outranking(CYCLE, np.ones(3), tolerance=0), tolerance=1e-9)
    assert best.orders.tolist() == [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    assert best.complete and not best.unique
    assert best.score == pytest.approx(5 / 3, rel=1e-15)


def test_ties_multiply_and_the_list_is_capped() -> None:
    matrix = beats(6, "ac ad bc bd ae af be bf ce cf de df")
    best = kemeny(matrix, tolerance=1e-9)
    # Three tied pairs one below the other: 2 · 2 · 2.
    assert best.orders.shape == (8, 6) and best.complete
    assert best.block.tolist() == [1, 1, 2, 2, 3, 3]
    first = kemeny(matrix, tolerance=1e-9, most=7)
    assert first.orders.shape == (7, 6) and not first.complete and not first.unique
    assert kemeny(matrix, tolerance=1e-9, most=8).complete
    alone = kemeny(matrix, tolerance=1e-9, most=1)
    assert len(alone.orders) == 1 and not alone.unique


def test_optima_of_one_block_are_capped_too() -> None:
    tied = np.full((4, 4), 0.5)
    assert kemeny(tied, tolerance=1e-9, most=24).orders.shape == (24, 4)
    assert kemeny(tied, tolerance=1e-9, most=24).complete
    capped = kemeny(tied, tolerance=1e-9, most=23)
    assert capped.orders.shape == (23, 4) and not capped.complete


def test_a_hundred_optima_are_listed_unless_more_are_wanted() -> None:
    found = kemeny(np.full((5, 5), 0.5), tolerance=1e-9)
    assert found.orders.shape == (100, 5) and not found.complete


def _greatest_support(matrix: Array) -> float:
    """Held and Karp's recursion over subsets: what stands first supports all that are left."""
    n = len(matrix)
    best = np.full(1 << n, -np.inf)
    best[0] = 0
    for placed in range(1 << n):
        rest = [i for i in range(n) if not placed >> i & 1]
        for i in rest:
            after = placed | 1 << i
            best[after] = max(
                best[after], best[placed] + matrix[i, [j for j in rest if j != i]].sum()
            )
    return float(best[-1])


def test_majorities_that_leave_the_solver_a_choice_are_solved_to_the_end() -> None:
    # One block of twelve in which the first order met is a tenth worse than the best.
    ahead = np.triu(np.random.default_rng(0).random((12, 12)), 1)
    matrix = ahead + np.tril(1 - ahead.T, -1)
    found = kemeny(matrix, tolerance=1e-9)
    assert found.block.max() == 1
    assert found.score == pytest.approx(_greatest_support(matrix), rel=1e-12)


def test_an_order_within_the_tolerance_of_the_best_is_as_good() -> None:
    matrix = np.array([[0.0, 0.5625], [0.4375, 0]])
    assert kemeny(matrix, tolerance=0.0625).orders.tolist() == [[0, 1]]
    assert kemeny(matrix, tolerance=0.125).orders.tolist() == [[0, 1], [1, 0]]


def test_all_orders_within_the_tolerance_are_found_not_only_the_next() -> None:
    lead = np.triu(np.full((3, 3), 1 / 16), 1)
    best = kemeny(0.5 + (lead - lead.T) / 2, tolerance=2 / 16)
    # All but c b a, which alone turns three pairs and so loses three sixteenths.
    assert best.orders.tolist() == [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1]]


def test_small_leads_are_told_apart() -> None:
    # One part in ten million of the largest lead.
    matrix = beats(3, "ab bc ca")
    matrix[0, 1] += 1e-7
    matrix[1, 2] += 1e-7
    assert kemeny(matrix, tolerance=1e-9).orders.tolist() == [[0, 1, 2]]


def test_kemeny_takes_counts_as_well_as_shares_and_leaves_them_alone() -> None:
    counts = np.array([[7.0, 23, 29], [37, 7, 42], [31, 18, 7]])
    before = counts.copy()
    best = kemeny(counts, tolerance=1e-9)
    assert best.orders.tolist() == [[1, 2, 0]] and best.score == 110
    np.testing.assert_array_equal(counts, before)


def test_the_diagonal_is_not_read() -> None:
    matrix = beats(3, "ba bc ac")
    np.fill_diagonal(matrix, NAN)
    assert kemeny(matrix, tolerance=1e-9).orders.tolist() == [[1, 0, 2]]


def test_kemeny_refuses_a_pair_that_cannot_be_compared() -> None:
    matrix = beats(3, "ab")
    matrix[1, 2] = matrix[2, 1] = NAN
    with pytest.raises(ValueError, match="units 1 and 2 cannot be compared: leave one of them out"):
        kemeny(matrix, tolerance=1e-9)

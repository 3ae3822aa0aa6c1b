"""Laws of means that do not compensate, of majorities, ranks, strengths; each named for it."""

import statistics
from collections.abc import Callable
from itertools import combinations, permutations
from math import fsum

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pii.steps.aggregate import (
    adjusted_mpi_scores,
    mazziotta_pareto,
    minimum,
    owa,
    power_mean,
    weighted_median,
)
from pii.steps.outrank import copeland, kemeny, outranking
from pii.steps.rank import average_rank, competition_rank, dense_rank, percent_rank, rank_within
from pii.steps.strengths import furthest, gii_sides, group_sides, unfit

Array = npt.NDArray[np.float64]
NAN = float("nan")
SHOWN = np.array(True)
MOST = 12  # optima to list: each is an integer programme

# Coarse, so that ties are common; exact in binary, so that equality is meant.
halves = st.integers(2, 30).map(lambda n: n / 2)
gappy = st.one_of(halves, st.just(NAN))
weight = st.sampled_from([0.1, 0.2, 0.3, 1 / 3, 0.5, 1.0, 2.0])
order_weights = st.lists(st.integers(0, 5), min_size=4, max_size=4).filter(any)


def votes_of(most: int) -> st.SearchStrategy[tuple[Array, Array]]:
    """Scores of 2 to `most` units, and weights of the indicators."""
    return st.tuples(st.integers(2, most), st.integers(1, 5)).flatmap(
        lambda shape: st.tuples(
            arrays(np.float64, shape, elements=halves),
            arrays(np.float64, shape[1], elements=weight),
        )
    )


votes = votes_of(6)
few_votes = votes_of(4)
table = st.tuples(st.integers(2, 7), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=gappy)
)


def rows(size: int, elements: st.SearchStrategy[float] = gappy) -> st.SearchStrategy[Array]:
    return arrays(np.float64, size, elements=elements)


def median(x: Array, w: Array) -> float:
    return float(weighted_median(x, w, published=SHOWN))


def lowest(x: Array, w: Array) -> float:
    return float(minimum(x, w, published=SHOWN))


def mean(x: Array, w: Array) -> float:
    return float(power_mean(x, w, power=1, published=SHOWN))


def mpi(x: Array, w: Array, *, downward: bool = True) -> float:
    return float(mazziotta_pareto(x, w, downward=downward, published=SHOWN))


def ordered(x: Array, w: list[float]) -> float:
    return float(owa(x, np.array(w, dtype=float), published=SHOWN))


def matrix_of(drawn: tuple[Array, Array]) -> Array:
    return outranking(*drawn, tolerance=0)


# ---- means


@given(rows(5, halves), rows(5, weight))
def test_median_minimum_and_owa_lie_between_the_members(x: Array, w: Array) -> None:
    for found in (median(x, w), lowest(x, w), ordered(x, w.tolist())):
        assert x.min() - 1e-12 <= found <= x.max() + 1e-12
    assert lowest(x, w) <= median(x, w)


@given(rows(5, halves), st.lists(st.integers(1, 4), min_size=5, max_size=5))
def test_a_whole_weight_is_as_many_equal_children(x: Array, w: list[int]) -> None:
    repeated = [v for v, times in zip(x.tolist(), w, strict=True) for _ in range(times)]
    assert median(x, np.array(w, dtype=float)) == statistics.median(repeated)


@given(rows(5), rows(5, weight), st.sampled_from([0.5, 4.0, 1024.0]))
def test_only_ratios_of_weights_matter_to_median_minimum_and_mpi(
    x: Array, w: Array, times: float
) -> None:
    for form in (median, lowest, mpi):
        np.testing.assert_array_equal(form(x, w), form(x, w * times))


@given(rows(4), rows(4, weight), halves)
def test_a_child_without_weight_changes_no_median_minimum_or_mpi(
    x: Array, w: Array, other: float
) -> None:
    for form in (median, lowest, mpi):
        more = form(np.append(x, other), np.append(w, 0.0))
        np.testing.assert_array_equal(more, form(x, w))


@given(rows(5), rows(5, weight), st.permutations(range(5)), order_weights)
def test_no_order_of_the_children_changes_a_bit(
    x: Array, w: Array, order: list[int], v: list[float]
) -> None:
    for form in (median, lowest, mpi):
        np.testing.assert_array_equal(form(x[order], w[order]), form(x, w))
    np.testing.assert_array_equal(ordered(x[order], [*v, 1]), ordered(x, [*v, 1]))


@given(rows(5), rows(5, weight))
def test_mpi_down_is_at_most_the_mean_and_mpi_up_at_least(x: Array, w: Array) -> None:
    assume(not np.isnan(x).all())
    assert mpi(x, w) <= mean(x, w) <= mpi(x, w, downward=False)


@given(rows(4, halves), halves)
def test_mpi_of_balanced_children_is_their_score(w: Array, score: float) -> None:
    assert mpi(np.full(4, score), w) == pytest.approx(score, rel=1e-14)


@given(rows(4, halves), st.integers(0, 3), st.integers(1, 9))
def test_a_change_of_unit_changes_no_adjusted_mpi_score(x: Array, shift: int, times: int) -> None:
    ends = {"reference": np.array([5.0]), "worst": np.array([15.0]), "best": np.array([1.0])}
    other = {name: value * times + shift for name, value in ends.items()}
    before = adjusted_mpi_scores(x[:, None], **ends)
    after = adjusted_mpi_scores(x[:, None] * times + shift, **other)
    np.testing.assert_allclose(before, after, rtol=1e-12)
    assert adjusted_mpi_scores(np.array([[5.0], [1.0], [15.0]]), **ends)[0, 0] == 100


@given(rows(4))
def test_owa_with_equal_weights_is_the_mean_and_with_one_an_extreme(x: Array) -> None:
    assume(not np.isnan(x).all())
    assert ordered(x, [1, 1, 1, 1]) == pytest.approx(np.nanmean(x), rel=1e-12)
    assert ordered(x, [1, 0, 0, 0]) == np.nanmax(x)
    assert ordered(x, [0, 0, 0, 1]) == np.nanmin(x)


@given(rows(4), order_weights, st.integers(0, 3), halves)
def test_better_in_one_never_lowers_median_minimum_or_owa(
    x: Array, v: list[float], at: int, more: float
) -> None:
    assume(not np.isnan(x[at]))
    better = x.copy()
    better[at] += more
    w = np.array([0.1, 0.2, 0.3, 1.0])
    assert median(better, w) >= median(x, w)
    assert lowest(better, w) >= lowest(x, w)
    assert ordered(better, v) >= ordered(x, v) - 1e-12


# ---- majorities


@given(votes)
def test_what_one_wins_the_other_loses(drawn: tuple[Array, Array]) -> None:
    matrix = matrix_of(drawn)
    both = matrix + matrix.T + np.eye(len(matrix))
    np.testing.assert_allclose(both, 1, rtol=1e-14)


@given(votes, st.sampled_from([0.5, 8.0]), halves)
def test_outranking_knows_order_and_ratios_of_weights_only(
    drawn: tuple[Array, Array], times: float, other: float
) -> None:
    scores, weights = drawn
    matrix = outranking(np.exp(scores / 4), weights * times, tolerance=0)
    np.testing.assert_array_equal(matrix, matrix_of(drawn))
    silent = np.column_stack([scores, np.arange(len(scores)) * other])
    more = outranking(silent, np.append(weights, 0.0), tolerance=0)
    np.testing.assert_array_equal(more, matrix_of(drawn))


@given(votes, st.randoms(use_true_random=False))
def test_copeland_follows_the_unit_not_the_row(drawn: tuple[Array, Array], random: object) -> None:
    scores, weights = drawn
    order = list(range(len(scores)))
    random.shuffle(order)  # type: ignore[attr-defined]
    before = copeland(matrix_of(drawn), tolerance=1e-9)
    after = copeland(outranking(scores[order], weights, tolerance=0), tolerance=1e-9)
    np.testing.assert_array_equal(after, before[order])
    assert before.sum() == 0


@given(votes)
def test_kemeny_is_the_best_of_all_permutations(drawn: tuple[Array, Array]) -> None:
    matrix = matrix_of(drawn)
    n = len(matrix)
    support = {
        order: fsum(matrix[pair] for pair in combinations(order, 2))
        for order in permutations(range(n))
    }
    greatest = max(support.values())
    wanted = [list(order) for order, value in support.items() if value >= greatest - 1e-9]
    found = kemeny(matrix, tolerance=1e-9, most=MOST)
    listed = found.orders.tolist()
    assert [order for order in sorted(wanted) if order in listed] == listed
    assert len(listed) == min(len(wanted), MOST)
    assert found.score == pytest.approx(greatest, rel=1e-14, abs=0)
    assert found.complete == (len(wanted) <= MOST) and found.unique == (len(wanted) == 1)


@given(few_votes, st.randoms(use_true_random=False))
def test_kemeny_follows_the_unit_not_the_row(drawn: tuple[Array, Array], random: object) -> None:
    scores, weights = drawn
    order = list(range(len(scores)))
    random.shuffle(order)  # type: ignore[attr-defined]
    before = kemeny(matrix_of(drawn), tolerance=1e-9, most=24)
    shuffled = kemeny(outranking(scores[order], weights, tolerance=0), tolerance=1e-9, most=24)
    named = {tuple(order[i] for i in row) for row in shuffled.orders.tolist()}
    assert named == {tuple(row) for row in before.orders.tolist()}
    np.testing.assert_array_equal(shuffled.block, before.block[order])


@given(votes)
def test_a_condorcet_winner_is_first_everywhere(drawn: tuple[Array, Array]) -> None:
    scores, weights = drawn
    # The first unit is lifted to the top of the indicators with most of the weight.
    scores, weights = scores.copy(), weights.copy()
    scores[0, 0], weights[0] = 100, weights.sum() + 1
    matrix = outranking(scores, weights, tolerance=0)
    assert copeland(matrix, tolerance=1e-9)[0] == len(scores) - 1
    best = kemeny(matrix, tolerance=1e-9, most=MOST)
    assert (best.orders[:, 0] == 0).all()
    assert (best.block == 1).tolist() == [True] + [False] * (len(scores) - 1)


@given(votes)
def test_no_optimum_puts_a_lower_block_above_a_higher(drawn: tuple[Array, Array]) -> None:
    best = kemeny(matrix_of(drawn), tolerance=1e-9, most=MOST)
    assert (np.diff(best.block[best.orders], axis=1) >= 0).all()


@given(votes)
def test_who_is_better_in_everything_stands_before_in_every_optimum(
    drawn: tuple[Array, Array],
) -> None:
    scores, weights = drawn
    worse = np.vstack([scores, scores[0] - 0.25])
    best = kemeny(outranking(worse, weights, tolerance=0), tolerance=1e-9, most=MOST)
    place = np.argsort(best.orders, axis=1)
    assert (place[:, 0] < place[:, -1]).all()


# ---- ranks


@given(rows(8), st.sampled_from([0.0, 0.5]))
def test_dense_is_at_most_competition_is_at_most_average(x: Array, tolerance: float) -> None:
    dense, best, average = (
        rank(x, tolerance=tolerance) for rank in (dense_rank, competition_rank, average_rank)
    )
    here = ~np.isnan(x)
    assert (dense[here] <= best[here]).all() and (best[here] <= average[here]).all()
    assert np.isnan(np.stack([dense, best, average])[:, ~here]).all()


@given(rows(8), st.sampled_from([0.0, 0.5]))
def test_average_ranks_share_out_all_places(x: Array, tolerance: float) -> None:
    n = int((~np.isnan(x)).sum())
    assert np.nansum(average_rank(x, tolerance=tolerance)) == n * (n + 1) / 2


@given(rows(8), st.sampled_from([0.0, 0.5]))
def test_dense_ranks_skip_nothing(x: Array, tolerance: float) -> None:
    dense = dense_rank(x, tolerance=tolerance)
    used = np.unique(dense[~np.isnan(dense)])
    assert used.tolist() == list(range(1, len(used) + 1))


@given(rows(8), st.sampled_from([0.0, 0.5]), st.permutations(range(8)))
@pytest.mark.parametrize("rank", [dense_rank, average_rank, percent_rank])
def test_every_rank_follows_the_unit_not_the_row(
    rank: Callable[..., Array], x: Array, tolerance: float, order: list[int]
) -> None:
    before = rank(x, tolerance=tolerance)
    after = rank(x[order], tolerance=tolerance)
    np.testing.assert_array_equal(after, before[order])


@given(rows(8))
def test_percent_rank_is_the_share_of_the_others_below(x: Array) -> None:
    here = x[~np.isnan(x)]
    assume(here.size > 1)
    below = [(here < v).sum() / (here.size - 1) if v == v else NAN for v in x]
    np.testing.assert_allclose(percent_rank(x, tolerance=0), below, rtol=1e-15)


@given(rows(8), st.lists(st.sampled_from("abc"), min_size=8, max_size=8))
@pytest.mark.parametrize("rank", [competition_rank, dense_rank, average_rank])
def test_ranks_within_a_group_are_those_of_the_group_alone(
    rank: Callable[..., Array], x: Array, labels: list[str]
) -> None:
    groups = np.array(labels)
    found = rank_within(groups, x, tolerance=0.5, rank=rank)
    for group in set(labels):
        alone = rank(x[groups == group], tolerance=0.5)
        np.testing.assert_array_equal(found[groups == group], alone)


# ---- strengths


def both_rules(x: Array, usable: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.bool_]]:
    groups = np.array(["a", "b"] * len(x))[: len(x)]
    return [
        *furthest(x, count=2, usable=usable, tolerance=0),
        *gii_sides(x, count=2, usable=usable, tolerance=0),
        *group_sides(x, groups, usable=usable),
    ]


@given(table)
def test_nothing_is_strength_and_weakness_or_missing_and_either(x: Array) -> None:
    found = both_rules(x, np.ones(x.shape[1], dtype=bool))
    for strong, weak in zip(found[::2], found[1::2], strict=True):
        assert not (strong & weak).any()
        assert not ((strong | weak) & np.isnan(x)).any()


@given(table, st.integers(0, 5))
def test_an_unusable_indicator_is_as_good_as_absent(x: Array, at: int) -> None:
    usable = np.arange(x.shape[1]) != at % x.shape[1]
    without = both_rules(x[:, usable], np.ones(int(usable.sum()), dtype=bool))
    for mine, alone in zip(both_rules(x, usable), without, strict=True):
        np.testing.assert_array_equal(mine[:, usable], alone)
        assert not mine[:, ~usable].any()


@given(table, st.randoms(use_true_random=False))
def test_strengths_follow_indicators_and_units(x: Array, random: object) -> None:
    usable = np.ones(x.shape[1], dtype=bool)
    down, across = list(range(x.shape[0])), list(range(x.shape[1]))
    random.shuffle(down)  # type: ignore[attr-defined]
    random.shuffle(across)  # type: ignore[attr-defined]
    # Groups are dealt by row: only the first two rules are asked.
    for mine, moved in zip(
        both_rules(x, usable)[:4], both_rules(x[down][:, across], usable)[:4], strict=True
    ):
        np.testing.assert_array_equal(moved, mine[down][:, across])


@given(table)
def test_upside_down_strengths_are_weaknesses(x: Array) -> None:
    usable = np.ones(x.shape[1], dtype=bool)
    one = furthest(x, count=2, usable=usable, tolerance=0)
    other = furthest(-x, count=2, usable=usable, tolerance=0)
    np.testing.assert_array_equal(one.strengths, other.weaknesses)
    np.testing.assert_array_equal(one.weaknesses, other.strengths)


@given(table)
def test_the_gii_rule_knows_order_only(x: Array) -> None:
    usable = np.ones(x.shape[1], dtype=bool)
    one = gii_sides(x, count=2, usable=usable, tolerance=0)
    other = gii_sides(np.exp(x / 4), count=2, usable=usable, tolerance=0)
    np.testing.assert_array_equal(one.strengths, other.strengths)
    np.testing.assert_array_equal(one.weaknesses, other.weaknesses)


@given(table)
def test_a_stricter_guard_lets_no_more_indicators_through(x: Array) -> None:
    lenient = unfit(x, values=1, distinct=1, tied=1.0, tolerance=0)
    strict = unfit(x, values=3, distinct=3, tied=0.5, tolerance=0)
    assert ((lenient == "") >= (strict == "")).all()
    assert (lenient == "").tolist() == (~np.isnan(x).all(axis=0)).tolist()

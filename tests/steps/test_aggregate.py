"""Means and coverage: by hand, at the edges, and against exact fractions.

Second programs: `fractions` (exact arithmetic) and `statistics` of the standard library.
"""

import statistics
from fractions import Fraction
from itertools import permutations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.steps.aggregate import covered, power_mean

NAN = float("nan")
HALF_ULP = Fraction(1, 2**53)


def mean(x: list[float], w: list[float] | None = None, *, power: float = 1) -> float:
    weights = np.array(w or [1.0] * len(x))
    return float(power_mean(np.array(x), weights, power=power, published=np.array(True)))


def exact(x: list[float], w: list[float]) -> Fraction:
    pairs = [(Fraction(a), Fraction(b)) for a, b in zip(w, x, strict=True)]
    return sum((a * b for a, b in pairs), Fraction(0)) / sum(a for a, _ in pairs)


@pytest.mark.parametrize(
    ("x", "w", "power", "expected"),
    [
        ([10, 20, 60], [1, 1, 1], 1, 30),
        ([10, 20, 60], [1, 1, 0.5], 1, 24),  # (10 + 20 + 30)/2.5
        ([1, 4, 16], [1, 1, 1], 0, 4),
        ([1, 16], [3, 1], 0, 2),  # 16^(1/4)
        ([2, 6, 6], [1, 1, 1], -1, 3.6),  # 3/(1/2 + 1/6 + 1/6)
        ([1, 7], [1, 1], 2, 5),  # √((1 + 49)/2)
        ([1, 9], [1, 1], 0.5, 4),  # ((1 + 3)/2)²
        ([42], [0.3], -1, 42),
    ],
)
def test_means_by_hand(x: list[float], w: list[float], power: float, expected: float) -> None:
    assert mean(x, w, power=power) == pytest.approx(expected, rel=1e-14)


def test_absent_children_leave_their_weight_to_the_others() -> None:
    assert mean([10, NAN, 40], [1, 5, 2]) == 30
    assert mean([NAN, 40, NAN], [1, 5, 2], power=0) == pytest.approx(40, rel=1e-15)


@pytest.mark.parametrize("power", [1, 0, -1, 2])
def test_nothing_present_is_not_zero(power: float) -> None:
    assert np.isnan(mean([NAN, NAN], power=power))


def test_all_weight_on_absent_children_is_not_zero() -> None:
    assert np.isnan(mean([NAN, 50], [1, 0]))


def test_a_child_without_weight_says_nothing() -> None:
    assert mean([10, 30, 99], [1, 1, 0]) == 20
    assert mean([10, 10, 0], [1, 1, 0], power=-1) == pytest.approx(10, rel=1e-15)


def test_not_published_is_not_a_number() -> None:
    x = np.array([[1.0, 3.0], [5.0, 7.0]])
    means = power_mean(x, np.ones(2), power=1, published=np.array([False, True]))
    np.testing.assert_array_equal(means, [NAN, 6])


def test_leading_axes() -> None:
    x = np.arange(12.0).reshape(2, 3, 2)
    means = power_mean(x, np.ones(2), power=1, published=np.full((2, 3), True))
    assert means.tolist() == [[0.5, 2.5, 4.5], [6.5, 8.5, 10.5]]


@pytest.mark.parametrize("power", [0, -1, -0.5])
@pytest.mark.parametrize("score", [0.0, -1.0])
def test_a_score_of_zero_has_no_geometric_or_harmonic_mean(power: float, score: float) -> None:
    with pytest.raises(ValueError, match=rf"mean of power {power:g} needs scores above zero"):
        mean([score, 50], power=power)


def test_covered_by_hand() -> None:
    share = np.array([0.5, 0.5, 0.49, 1.0, 0.0])
    children = np.array([2, 1, 2, 2, 0])
    flags = covered(share, children, share=0.5, count=2)
    assert flags.tolist() == [True, False, False, True, False]


@pytest.mark.parametrize("n", range(1, 60))
def test_a_share_that_is_reached_exactly_counts_as_reached(n: int) -> None:
    present = np.arange(n + 1)
    for k in range(n + 1):
        flags = covered(present / n, present, share=float(Fraction(k, n)), count=0)
        assert flags.tolist() == [i >= k for i in range(n + 1)]


def test_a_share_typed_with_many_digits_is_the_fraction_it_stands_for() -> None:
    two_thirds, children = np.array(2 / 3), np.array(2)
    assert covered(two_thirds, children, share=0.6666666666667, count=1)  # above 2/3 by 3e-14
    assert not covered(two_thirds, children, share=0.6667, count=1)  # that is another threshold


scores = st.floats(-1000, 1000, allow_subnormal=False).filter(lambda v: v == 0 or abs(v) > 1e-6)
weight = st.sampled_from([0.1, 0.25, 1 / 3, 0.5, 0.7, 1.0, 2.0, 3.3])
pairs = st.lists(st.tuples(scores, weight), min_size=1, max_size=9)
positive = st.lists(st.tuples(st.floats(0.01, 1000), weight), min_size=1, max_size=9)


@given(pairs)
def test_arithmetic_mean_against_exact_fractions(drawn: list[tuple[float, float]]) -> None:
    x, w = [v for v, _ in drawn], [a for _, a in drawn]
    wanted = exact(x, w)
    # Numerator, denominator and quotient are rounded once each, whatever the number of terms.
    assert abs(Fraction(mean(x, w)) - wanted) <= abs(wanted) * 3 * HALF_ULP * Fraction(101, 100)


@given(st.lists(scores, min_size=1, max_size=12))
def test_plain_mean_is_rounded_twice_whatever_the_number_of_terms(x: list[float]) -> None:
    wanted = exact(x, [1.0] * len(x))
    # The sum once, the quotient once; the number of children is exact.
    assert abs(Fraction(mean(x)) - wanted) <= abs(wanted) * 2 * HALF_ULP * Fraction(101, 100)


@given(st.lists(st.tuples(scores, st.integers(1, 400)), min_size=1, max_size=9))
def test_mean_is_correctly_rounded_where_weights_sum_to_a_power_of_two(
    drawn: list[tuple[float, int]],
) -> None:
    # Dividing by a power of two is exact, so what is left is the one rounding of the numerator.
    x, w = [v for v, _ in drawn], [n / 1024 for _, n in drawn]
    x, w = [*x, 55.5], [*w, 4.0 - sum(w)]
    assert mean(x, w) == float(exact(x, w))


@given(pairs, st.randoms(use_true_random=False))
def test_no_permutation_changes_a_bit(drawn: list[tuple[float, float]], random: object) -> None:
    x, w = [v for v, _ in drawn], [a for _, a in drawn]
    random.shuffle(drawn)  # type: ignore[attr-defined]
    assert mean(x, w).hex() == mean([v for v, _ in drawn], [a for _, a in drawn]).hex()


@pytest.mark.parametrize("power", [1, 0, -1, 2])
def test_all_orders_of_a_sum_that_binary_addition_gets_wrong(power: float) -> None:
    x, w = [0.1, 0.2, 0.3, 70.7], [1 / 3, 1 / 3, 1 / 3, 0.1]
    orders = list(permutations(range(4)))
    naive = {sum(w[i] * x[i] for i in order) for order in orders}
    assert len(naive) > 1  # plain sums do depend on the order
    assert len({mean([x[i] for i in o], [w[i] for i in o], power=power) for o in orders}) == 1


def test_tenths_split_no_tie() -> None:
    # Equal sums of other members: equal here, but not once each product has been rounded.
    tenth = [0.1, 0.1, 0.1]
    ties = [([v / 16, (1599 - v) / 16, 7.0], [0.0, 1599 / 16, 7.0]) for v in range(1, 800)]
    assert any(sum(0.1 * x for x in a) != sum(0.1 * x for x in b) for a, b in ties)
    assert all(mean(a, tenth) == mean(b, tenth) for a, b in ties)


@given(positive)
def test_geometric_and_harmonic_against_the_standard_library(
    drawn: list[tuple[float, float]],
) -> None:
    x, w = [v for v, _ in drawn], [a for _, a in drawn]
    total = sum(w)
    geometric = float(np.prod([v ** (a / total) for v, a in drawn]))
    assert mean(x, w, power=0) == pytest.approx(geometric, rel=1e-12)
    assert mean(x, power=0) == pytest.approx(statistics.geometric_mean(x), rel=1e-12)
    assert mean(x, w, power=-1) == pytest.approx(statistics.harmonic_mean(x, w), rel=1e-12)


@given(positive)
def test_quadratic_mean_against_exact_fractions(drawn: list[tuple[float, float]]) -> None:
    x, w = [v for v, _ in drawn], [a for _, a in drawn]
    pairs = [(Fraction(a), Fraction(v)) for v, a in drawn]
    square = sum((a * v * v for a, v in pairs), Fraction(0)) / sum(a for a, _ in pairs)
    assert mean(x, w, power=2) == pytest.approx(sqrt(square), rel=1e-13)


@given(positive, st.sampled_from([(-1.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 2.0)]))
def test_a_mean_of_higher_power_is_not_lower(
    drawn: list[tuple[float, float]], powers: tuple[float, float]
) -> None:
    x, w = [v for v, _ in drawn], [a for _, a in drawn]
    lower, higher = (mean(x, w, power=p) for p in powers)
    assert lower <= higher * (1 + 1e-12)


@pytest.mark.parametrize("power", [1.0, 0.0, -1.0, 0.5, 3.0])
@pytest.mark.parametrize("weight", [0.1, 0.7, 1 / 3])
def test_a_mean_of_equal_scores_is_that_score(power: float, weight: float) -> None:
    for score in (100.0, 99.99, 10.0):
        x = np.full((1, 3), score)
        mean = power_mean(x, np.full(3, weight), power=power, published=np.array([True]))
        assert mean[0] == score

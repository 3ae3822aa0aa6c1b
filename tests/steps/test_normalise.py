"""Goalposts and min-max: by hand, at the edges, and against exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import sixteenths

from pii.steps.normalise import between_goalposts, observed_goalposts

NAN = float("nan")


def test_scores_by_hand() -> None:
    x = np.array([[10.0, 10.0], [25.0, 25.0], [30.0, 30.0]])
    worst, best = observed_goalposts(x, np.array([True, False]))
    assert (worst.tolist(), best.tolist()) == ([10, 30], [30, 10])
    scores = between_goalposts(x, worst, best)
    assert scores.tolist() == [[0, 100], [75, 25], [100, 0]]


def test_another_scale() -> None:
    x = np.array([[0.0], [1.0], [4.0]])
    scores = between_goalposts(x, np.array([0.0]), np.array([4.0]), scale=(1, 5))
    assert scores.tolist() == [[1], [2], [5]]


def test_beyond_a_goalpost_is_exactly_the_end_of_the_scale() -> None:
    x = np.array([[-7.0, -7.0], [0.1, 0.1], [99.0, 99.0]])
    scores = between_goalposts(x, np.array([0.0, 0.3]), np.array([0.3, 0.0]), scale=(1, 100))
    assert scores[[0, 2]].tolist() == [[1, 100], [100, 1]]


def test_missing_is_never_zero() -> None:
    x = np.array([[1.0, NAN], [NAN, NAN], [3.0, NAN]])
    worst, best = observed_goalposts(x, np.array([True, True]))
    assert (worst[0], best[0]) == (1, 3)
    assert np.isnan([worst[1], best[1]]).all()
    scores = between_goalposts(x, worst, best)
    np.testing.assert_array_equal(scores, [[0, NAN], [NAN, NAN], [100, NAN]])


def test_a_constant_column_is_refused_by_number() -> None:
    x = np.array([[1.0, 5.0, 2.0, 7.0], [3.0, 5.0, 4.0, 7.0]])
    worst, best = observed_goalposts(x, np.full(4, True))
    with pytest.raises(ValueError, match=r"worst and best coincide in column 1, 3$"):
        between_goalposts(x, worst, best)


def test_a_single_value_has_no_range() -> None:
    x = np.array([[NAN], [4.0]])
    with pytest.raises(ValueError, match="coincide in column 0"):
        between_goalposts(x, *observed_goalposts(x, np.array([True])))


def test_leading_axes_are_independent() -> None:
    x = np.array([[[1.0], [2.0], [3.0]], [[10.0], [30.0], [20.0]]])
    worst, best = observed_goalposts(x, np.array([True]))
    assert (worst.tolist(), best.tolist()) == ([[1], [10]], [[3], [30]])
    assert between_goalposts(x, worst, best)[..., 0].tolist() == [[0, 50, 100], [0, 100, 50]]


@given(st.lists(sixteenths, min_size=2, max_size=12), st.booleans())
def test_scores_agree_with_exact_fractions(values: list[float], higher: bool) -> None:
    assume(len(set(values)) > 1)
    x = np.array(values)[:, None]
    scores = between_goalposts(x, *observed_goalposts(x, np.array([higher])))[:, 0]
    low, high = Fraction(min(values)), Fraction(max(values))
    for value, score in zip(values, scores.tolist(), strict=True):
        share = (Fraction(value) - low) / (high - low)
        exact = 100 * (share if higher else 1 - share)
        # The differences are exact here; one division and one product are rounded.
        assert abs(Fraction(score) - exact) <= exact * Fraction(2, 2**53) * Fraction(101, 100)

"""Benefit of the doubt: by hand and at the edges."""

import numpy as np
import numpy.typing as npt
import pytest

from pii.steps.frontier import benefit_of_the_doubt

Array = npt.NDArray[np.float64]
TWO = np.array([[1.0, 0.5], [0.5, 1.0], [0.6, 0.6], [0.0, 0.0]])


def test_two_indicators_by_hand() -> None:
    # Free weights: the third lies on the ray that meets the frontier at (0.75, 0.75).
    found = benefit_of_the_doubt(TWO)
    assert found.scores == pytest.approx([1, 1, 0.8, 0])
    assert found.weights[2] == pytest.approx([2 / 3, 2 / 3])


def test_weights_that_are_fixed_give_shares_of_the_best_mean() -> None:
    found = benefit_of_the_doubt(TWO, low=np.array([0.25, 0.75]), high=np.array([0.25, 0.75]))
    assert found.scores == pytest.approx([0.625 / 0.875, 1, 0.6 / 0.875, 0])
    assert found.weights[0] == pytest.approx([0.25 / 0.875, 0.75 / 0.875])


def test_bounds_by_hand() -> None:
    # At most 60 %: for the first 0.6 · 1 + 0.4 · 0.5 = 0.8 is the best of all, so it is 1.
    y = np.array([[1.0, 0.5], [0.2, 1.0]])
    found = benefit_of_the_doubt(y, 0.4, 0.6)
    assert found.scores == pytest.approx([1, 0.68 / 0.7])  # 0.4 · 0.2 + 0.6 · 1 of 0.4 + 0.3
    shares = found.weights / found.weights.sum(axis=1, keepdims=True)
    assert shares[1] == pytest.approx([0.4, 0.6])


def test_weights_give_the_scores() -> None:
    y = np.random.default_rng(4).uniform(0, 100, size=(20, 6))
    found = benefit_of_the_doubt(y, 0.05, 0.4)
    assert (found.weights * y).sum(axis=1) == pytest.approx(found.scores)
    assert (y @ found.weights.T).max(axis=0) == pytest.approx(np.ones(20))


def test_a_unit_of_zeros_scores_zero_without_weights() -> None:
    found = benefit_of_the_doubt(TWO, 0.1, 0.9)
    assert found.scores[3] == 0
    assert np.isnan(found.weights[3]).all() and np.isfinite(found.weights[:3]).all()


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -0.01])
def test_scores_that_are_none(bad: float) -> None:
    with pytest.raises(ValueError, match="needs every score, none below 0 and not all 0"):
        benefit_of_the_doubt(np.array([[1.0, bad], [1, 1]]))


def test_nothing_but_zeros_is_refused() -> None:
    with pytest.raises(ValueError, match="not all 0"):
        benefit_of_the_doubt(np.zeros((3, 2)))


@pytest.mark.parametrize(
    ("low", "high"), [(0.6, 1), (0, 0.4), (-0.1, 1), (0.5, 0.4), (float("nan"), 1)]
)
def test_bounds_that_no_shares_meet(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="no shares sum to 1 between"):
        benefit_of_the_doubt(TWO, low, high)


@pytest.mark.parametrize("n", [3, 7, 10])
def test_bounds_that_only_equal_shares_meet(n: int) -> None:
    y = np.random.default_rng(n).uniform(size=(5, n))
    mean = y.mean(axis=1)
    assert benefit_of_the_doubt(y, 1 / n, 1 / n).scores == pytest.approx(mean / mean.max())


def test_bounds_that_forbid_all_that_is_there() -> None:
    with pytest.raises(ValueError, match="no unit scores above 0"):
        benefit_of_the_doubt(np.array([[1.0, 0], [2, 0]]), high=np.array([0.0, 1.0]))

"""Median, minimum, Mazziotta–Pareto and OWA: by hand and at the edges."""

from collections.abc import Callable
from math import sqrt

import numpy as np
import numpy.typing as npt
import pytest

from pii.steps.aggregate import (
    adjusted_mpi_scores,
    mazziotta_pareto,
    minimum,
    owa,
    power_mean,
    weighted_median,
)

NAN = float("nan")
SHOWN = np.array(True)
Array = npt.NDArray[np.float64]
Form = Callable[[Array, Array, npt.NDArray[np.bool_]], Array]

FORMS: dict[str, Form] = {
    "mean": lambda x, w, shown: power_mean(x, w, power=1, published=shown),
    "median": lambda x, w, shown: weighted_median(x, w, published=shown),
    "minimum": lambda x, w, shown: minimum(x, w, published=shown),
    "mpi": lambda x, w, shown: mazziotta_pareto(x, w, downward=True, published=shown),
    "owa": lambda x, w, shown: owa(x, np.ones(x.shape[-1]), published=shown),
}


def median(x: list[float], w: list[float] | None = None) -> float:
    return float(weighted_median(np.array(x), np.array(w or [1.0] * len(x)), published=SHOWN))


def mpi(x: list[float], w: list[float] | None = None, *, downward: bool = True) -> float:
    weights = np.array(w or [1.0] * len(x))
    return float(mazziotta_pareto(np.array(x), weights, downward=downward, published=SHOWN))


def ordered(x: list[float], w: list[float]) -> float:
    return float(owa(np.array(x), np.array(w), published=SHOWN))


@pytest.mark.parametrize(
    ("x", "w", "expected"),
    [
        ([3, 1, 2], [1, 1, 1], 2),
        ([4, 1, 3, 2], [1, 1, 1, 1], 2.5),
        ([7], [0.2], 7),
        ([10, 20, 30], [1, 1, 2], 25),  # exactly half lies on 10 and 20
        ([10, 20, 30], [1, 1, 3], 30),
        ([10, 20, 30], [3, 1, 1], 10),
        ([30, 10, 20], [0.3, 0.1, 0.2], 25),  # 0.1 + 0.2 is half, whatever binary says
        ([10, 20, 20, 30], [1, 1, 1, 1], 20),
        ([10, 20, 99], [1, 1, 0], 15),
        ([10, NAN, 20], [1, 9, 1], 15),
    ],
)
def test_median_by_hand(x: list[float], w: list[float], expected: float) -> None:
    assert median(x, w) == expected


@pytest.mark.parametrize("slack", [-1, 1])
def test_half_is_half_within_a_stated_slack(slack: int) -> None:
    # A weight off by 1e-15 is binary noise; one off by 1e-9 is another weight.
    assert median([10, 20], [1, 1 + slack * 1e-15]) == 15
    assert median([10, 20], [1, 1 + slack * 1e-9]) == (20 if slack > 0 else 10)


def test_minimum_by_hand() -> None:
    x = np.array([[3.0, 1.0, 2.0], [NAN, 5.0, 4.0], [3.0, 0.0, -2.0]])
    lowest = minimum(x, np.array([1.0, 0.5, 2.0]), published=SHOWN)
    assert lowest.tolist() == [1, 4, -2]
    assert float(minimum(x[2], np.array([1.0, 1.0, 0.0]), published=SHOWN)) == 0


def test_mpi_by_hand() -> None:
    # Mean 100, S² = (100 + 0 + 100)/3: penalty 200/3/100.
    assert mpi([90, 100, 110]) == pytest.approx(100 - 2 / 3, rel=1e-14)
    assert mpi([90, 100, 110], downward=False) == pytest.approx(100 + 2 / 3, rel=1e-14)
    assert mpi([100, 100, 100]) == 100
    # Weights 3 and 1: mean 95, S² = (3·25 + 225)/4 = 75.
    assert mpi([90, 110], [3, 1]) == pytest.approx(95 - 75 / 95, rel=1e-14)
    assert mpi([90, NAN, 110], [1, 7, 1]) == pytest.approx(99, rel=1e-14)


def test_mpi_is_the_mean_less_spread_times_coefficient_of_variation() -> None:
    x = [88.0, 101.0, 97.0, 120.0]
    spread, mean = float(np.std(x)), float(np.mean(x))
    assert mpi(x) == pytest.approx(mean - spread * (spread / mean), rel=1e-14)


@pytest.mark.parametrize("x", [[0.0, 0.0], [-5.0, 5.0], [-1.0, -2.0]])
def test_mpi_needs_a_mean_above_zero(x: list[float]) -> None:
    with pytest.raises(ValueError, match="Mazziotta–Pareto index needs scores with a mean above"):
        mpi(x)


def test_adjusted_mpi_by_hand() -> None:
    # Second column: lower is better, so that 2 is the best.
    x = np.array([[0.0, 10.0], [50.0, 6.0], [100.0, 2.0], [110.0, NAN]])
    reference, worst, best = np.array([50.0, 6.0]), np.array([0.0, 10.0]), np.array([100.0, 2.0])
    scores = adjusted_mpi_scores(x, reference=reference, worst=worst, best=best)
    np.testing.assert_array_equal(scores, [[70, 70], [100, 100], [130, 130], [136, NAN]])
    index = mazziotta_pareto(scores, np.ones(2), downward=True, published=SHOWN)
    assert index.tolist() == [70, 100, 130, 136]


def test_adjusted_mpi_reference_off_the_middle() -> None:
    # Published form: 60 (x − min)/(max − min) + 70 with min, max = reference ∓ half the range.
    x, reference, low, high = np.array([[3.0], [7.0]]), 4.0, 2.0, 12.0
    least, most = reference - (high - low) / 2, reference + (high - low) / 2
    published = 60 * (x - least) / (most - least) + 70
    given = {"reference": np.array([reference]), "worst": np.array([low]), "best": np.array([high])}
    np.testing.assert_allclose(adjusted_mpi_scores(x, **given), published, rtol=1e-15)


def test_adjusted_mpi_refuses_a_constant_column() -> None:
    ends = np.array([1.0, 5.0]), np.array([2.0, 5.0])
    with pytest.raises(ValueError, match="worst and best coincide in column 1"):
        adjusted_mpi_scores(np.ones((3, 2)), reference=np.ones(2), worst=ends[0], best=ends[1])


@pytest.mark.parametrize(
    ("x", "w", "expected"),
    [
        ([10, 40, 20], [1, 0, 0], 40),
        ([10, 40, 20], [0, 0, 1], 10),
        ([10, 40, 20], [0, 1, 0], 20),
        ([10, 40, 20], [2, 1, 1], 27.5),  # (80 + 20 + 10)/4
        ([10, 40, 20], [0.5, 0.25, 0.25], 27.5),
        ([10, NAN, 20], [1, 0, 0], 20),
        ([10, NAN, 20], [0, 0, 1], 10),
        ([10, NAN, 20], [1, 1, 1], 15),
        ([10, NAN, 20], [2, 1, 1], 16.25),  # cumulative 2, 3, 4: at half of the way 2.5 of 4
        ([NAN, NAN, 20], [2, 1, 1], 20),
    ],
)
def test_owa_by_hand(x: list[float], w: list[float], expected: float) -> None:
    assert ordered(x, w) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("w", [[1, 1], [1, 1, 1, 1], [-0.1, 1, 0.1], [0, 0, 0], [NAN, 1, 1]])
def test_owa_refuses_other_order_weights(w: list[float]) -> None:
    with pytest.raises(ValueError, match="an OWA of 3 children needs 3 order weights"):
        ordered([1, 2, 3], w)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_all_forms_share(form: Form) -> None:
    x = np.array([[[50.0, 70.0], [NAN, NAN]], [[60.0, NAN], [10.0, 20.0]]])
    shown = np.array([[True, True], [True, False]])
    found = form(x, np.ones(2), shown)
    assert found.shape == (2, 2)
    assert np.isnan(found).tolist() == [[False, True], [False, True]]
    assert found[1, 0] == 60  # the only child present


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("score", [np.inf, -np.inf])
def test_an_infinite_score_is_refused(form: Form, score: float) -> None:
    with pytest.raises(ValueError, match="a score is infinite"):
        form(np.array([1.0, score]), np.ones(2), SHOWN)
    assert np.isnan(form(np.array([1.0, score]), np.ones(2), np.array(False)))


@pytest.mark.parametrize("power", [np.inf, -np.inf, NAN])
def test_a_power_that_is_not_finite_is_refused(power: float) -> None:
    with pytest.raises(ValueError, match=r"a mean of power \S+ is no mean; .* `minimum`"):
        power_mean(np.ones(2), np.ones(2), power=power, published=SHOWN)


@pytest.mark.parametrize("power", [0.5, 2, 3])
def test_other_means_of_negative_scores_are_refused(power: float) -> None:
    with pytest.raises(ValueError, match=rf"mean of power {power:g} needs scores of zero or more"):
        power_mean(np.array([-1.0, 5.0]), np.ones(2), power=power, published=SHOWN)
    zero = power_mean(np.array([0.0, 5.0]), np.ones(2), power=2, published=SHOWN)
    assert float(zero) == pytest.approx(5 / sqrt(2), rel=1e-14)


def test_owa_of_all_children_is_the_exact_mean_in_their_order() -> None:
    # By the weights themselves: cumulative sums read off again differ in the last bit.
    w, x = np.array([0.1, 0.3, 0.1]), np.array([1.7, 9.1, 5.3])
    shown = np.array(True)
    exact = power_mean(np.sort(x)[::-1], w, power=1, published=shown)
    assert owa(x, w, published=shown) == exact

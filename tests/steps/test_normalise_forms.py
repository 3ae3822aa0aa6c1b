"""Every normalisation beside min-max: by hand and at the edges."""

from collections.abc import Callable
from math import nan, sqrt

import numpy as np
import numpy.typing as npt
import pytest
from strategies import Array

from pii.steps.normalise import (
    BANDS,
    CATEGORIES,
    above_or_below_mean,
    between_goalposts,
    borda,
    differences_to,
    distance_to_best,
    distance_to_reference,
    distance_to_target,
    fractions_of_best,
    observed_goalposts,
    percentile_bands,
    percentile_ranks,
    rank_scores,
    rank_shares,
    ratios_to,
    upwards,
    z_scores,
)

X = np.array([[2.0, 2.0], [4.0, 4.0], [8.0, 8.0], [2.0, 2.0]])
BOTH = np.array([True, False])
Way = npt.NDArray[np.bool_]


def test_direction_is_one_sign() -> None:
    assert upwards(X, BOTH).tolist() == [[2, -2], [4, -4], [8, -8], [2, -2]]
    assert not np.signbit(upwards(np.zeros((1, 2)), BOTH)).any()


def test_z_scores_by_hand() -> None:
    # Mean 4, squares 4 + 0 + 16 + 4 = 24, over n − 1 = 3: 8.
    z = [-2 / sqrt(8), 0, 4 / sqrt(8), -2 / sqrt(8)]
    scores = z_scores(X, BOTH)
    assert scores[:, 0] == pytest.approx(z, rel=1e-15)
    assert scores[:, 1].tolist() == (-scores[:, 0]).tolist()
    pair = z_scores(np.array([[1.0], [3.0]]), np.array([True]))
    assert pair[:, 0] == pytest.approx([-1 / sqrt(2), 1 / sqrt(2)], rel=1e-15)
    other = z_scores(X, BOTH, mean=10, sd=2)
    np.testing.assert_allclose(other, 10 + 2 * scores, rtol=1e-15)


def test_ranks_by_hand() -> None:
    assert rank_scores(X, BOTH).tolist() == [[1, 3], [3, 2], [4, 1], [1, 3]]
    assert borda(X, BOTH).tolist() == [[0, 2], [2, 1], [3, 0], [0, 2]]
    np.testing.assert_array_equal(percentile_ranks(X, BOTH), borda(X, BOTH) / 3)
    assert rank_shares(X, BOTH).tolist() == [[0.25, 0.75], [0.75, 0.5], [1, 0.25], [0.25, 0.75]]


def test_distances_by_hand() -> None:
    assert distance_to_best(X, BOTH)[1].tolist() == [1 / 3, 2 / 3]
    target = np.array([5.0, 4.0])
    to_target = distance_to_target(X, BOTH, target)
    assert to_target[:, 0].tolist() == [0, 2 / 3, 1, 0]  # 8 is beyond 5
    assert to_target[:, 1].tolist() == [1, 1, 0, 1]  # from 8 down to 4
    beyond = distance_to_target(X, BOTH, target, capped=False)
    assert beyond[:, 0].tolist() == [0, 2 / 3, 2, 0]
    assert beyond[:, 1].tolist() == [1.5, 1, 0, 1.5]
    reference = distance_to_reference(X, BOTH, 1)
    assert reference[:, 0].tolist() == [0, 1, 3, 0]
    assert reference[:, 1].tolist() == [1.5, 1, 0, 1.5]
    assert distance_to_reference(X, BOTH, 1, capped=True)[:, 0].tolist() == [0, 1, 1, 0]


def test_a_target_per_edition_of_a_batch() -> None:
    batch = np.array([X, X + 1])
    got = distance_to_target(batch, BOTH, np.array([[5.0, 4.0], [6.0, 5.0]]))
    np.testing.assert_array_equal(got[0], got[1])


def test_fractions_of_the_best_are_right_both_ways() -> None:
    scores = fractions_of_best(X, BOTH)
    assert scores[:, 0].tolist() == [0.25, 0.5, 1, 0.25]
    assert scores[:, 1].tolist() == [1, 0.5, 0.25, 1]


def test_ratios_and_differences_by_hand() -> None:
    mean = X.mean(axis=0)
    assert ratios_to(X, BOTH, mean).tolist() == [[0.5, 2], [1, 1], [2, 0.5], [0.5, 2]]
    assert differences_to(X, BOTH, mean).tolist() == [[-0.5, 0.5], [0, 0], [1, -1], [-0.5, 0.5]]


def test_above_or_below_the_mean_by_hand() -> None:
    x = np.array([[5.0], [8.0], [12.0], [15.0], [nan], [10.0]])  # mean 10: bounds 8 and 12
    for way, sign in ((True, 1), (False, -1)):
        scores = above_or_below_mean(x, np.array([way]))
        np.testing.assert_array_equal(scores[:, 0], sign * np.array([-1, 0, 0, 1, nan, 0]))
    # A mean between 0 and 1 is a mean as well.
    assert above_or_below_mean(x[:4] / 100, np.array([True]))[:, 0].tolist() == [-1, 0, 0, 1]
    assert above_or_below_mean(x, np.array([True]), margin=0.1)[1:3, 0].tolist() == [-1, 1]


def test_percentile_bands_by_hand() -> None:
    # 20 provinces: rank/20 is 0.05, 0.10, … 1; a share on a bound belongs to the band above.
    x = np.arange(20.0)[:, None]
    bands = [20, 20, *[40] * 4, *[50] * 6, *[60] * 4, 80, 80, 100, 100]
    assert percentile_bands(x, np.array([True]))[:, 0].tolist() == bands
    assert percentile_bands(x, np.array([False]))[::-1, 0].tolist() == bands
    halves = percentile_bands(x, np.array([True]), bounds=(0.5,), scores=(1, 2))
    assert halves[:, 0].tolist() == [1] * 9 + [2] * 11
    # Of 40, the first is below 5 %.
    assert percentile_bands(np.arange(40.0)[:, None], np.array([True]))[:2, 0].tolist() == [0, 20]
    assert (len(BANDS), len(CATEGORIES)) == (6, 7)


@pytest.mark.parametrize(
    ("bounds", "scores"), [((0.5,), (1.0,)), ((0.5, 0.5), (1, 2, 3)), ((0.7, 0.2), (1, 2, 3))]
)
def test_impossible_bands_are_refused(bounds: tuple[float, ...], scores: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="categories need rising bounds, and one score more"):
        percentile_bands(X, BOTH, bounds=bounds, scores=scores)


def test_goalposts_may_be_left_open() -> None:
    x = np.array([[-7.0, -7.0], [3.0, 3.0], [20.0, 20.0]])
    worst, best = np.array([0.0, 10.0]), np.array([10.0, 0.0])
    scores = between_goalposts(x, worst, best, capped=False)
    assert scores.tolist() == [[-70, 170], [30, 70], [200, -100]]
    assert between_goalposts(x, worst, best).tolist() == [[0, 100], [30, 70], [100, 0]]


# ---------------------------------------------------------------- constant columns

FLAT = np.array([[1.0, 7.0, nan], [2.0, 7.0, nan], [3.0, nan, nan]])
WAYS = np.array([True, False, True])


def min_max(x: Array, higher: Way, constant: float | None = None) -> Array:
    return between_goalposts(x, *observed_goalposts(x, higher), constant=constant)


@pytest.mark.parametrize("normalise", [min_max, z_scores, distance_to_best])
def test_a_constant_column_is_refused_by_number_or_scored_as_stated(
    normalise: Callable[..., Array],
) -> None:
    with pytest.raises(ValueError, match=r"(coincide|all values are equal) in column 1$"):
        normalise(FLAT, WAYS)
    scores = normalise(FLAT, WAYS, constant=50.0)
    np.testing.assert_array_equal(scores[:, 1], [50, 50, nan])
    assert np.isnan(scores[:, 2]).all()
    np.testing.assert_array_equal(scores[:, 0], normalise(FLAT[:, :1], WAYS[:1])[:, 0])


def test_equal_values_that_no_binary_mean_meets_are_constant() -> None:
    x = np.full((9, 1), 0.1)
    with pytest.raises(ValueError, match=r"all values are equal in column 0$"):
        z_scores(x, np.array([True]))
    assert z_scores(x, np.array([True]), constant=0)[:, 0].tolist() == [0] * 9


def test_a_single_value_is_its_own_mean() -> None:
    x = np.array([[nan], [3.0]])
    up = np.array([True])
    np.testing.assert_array_equal(above_or_below_mean(x, up)[:, 0], [nan, 0])
    np.testing.assert_array_equal(z_scores(x, up, constant=50)[:, 0], [nan, 50])


def test_ranks_need_no_spread() -> None:
    assert rank_scores(FLAT, WAYS)[:2, 1].tolist() == [1, 1]
    assert borda(FLAT, WAYS)[:2, 1].tolist() == [0, 0]
    assert percentile_ranks(FLAT, WAYS)[:2, 1].tolist() == [0, 0]
    assert rank_shares(FLAT, WAYS)[:2, 1].tolist() == [0.5, 0.5]


def test_a_single_value_has_no_percentile_rank() -> None:
    x = np.array([[4.0, 1.0], [nan, 2.0]])
    with pytest.raises(ValueError, match=r"a single value has no percentile rank in column 0$"):
        percentile_ranks(x, BOTH)
    scores = percentile_ranks(x, BOTH, constant=0.5)
    np.testing.assert_array_equal(scores, [[0.5, 1], [nan, 0]])


@pytest.mark.parametrize("capped", [True, False])
def test_a_target_that_nothing_is_behind_is_refused(capped: bool) -> None:
    # The worst of column 0 is 2, of column 1 it is 8: reached or passed by everyone.
    for target in ([2.0, 8.0], [1.0, 9.0]):
        with pytest.raises(ValueError, match=r"no better than the worst value in column 0, 1$"):
            distance_to_target(X, BOTH, np.array(target), capped=capped)
    stated = distance_to_target(X, BOTH, np.array([1.0, 4.0]), constant=1.0, capped=capped)
    assert stated[:, 0].tolist() == [1] * 4
    assert stated[2, 1] == 0


def test_a_reference_that_is_the_worst_or_missing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"target is no better than the worst value in column 0$"):
        distance_to_reference(X, BOTH, 3)
    assert distance_to_reference(X, BOTH, 3, constant=1.0)[:, 0].tolist() == [1] * 4
    gap = np.where(np.arange(4)[:, None] == 1, nan, X)
    with pytest.raises(ValueError, match=r"the target has no value in column 0, 1$"):
        distance_to_reference(gap, BOTH, 1, constant=1.0)


@pytest.mark.parametrize("least", [0.0, -1.0])
def test_ratios_refuse_what_is_not_above_zero(least: float) -> None:
    x = np.where(np.arange(4)[:, None] == 0, least, X)
    with pytest.raises(ValueError, match=r"lower is better.*no ratio in column 1$"):
        ratios_to(x, BOTH, np.array([2.0, 2.0]))
    assert ratios_to(x, np.array([True, True]), np.array([2.0, 2.0]))[0, 0] == least / 2
    for calculate in (ratios_to, differences_to):
        with pytest.raises(ValueError, match=r"reference of a ratio is not above zero in column 1"):
            calculate(X, BOTH, np.array([1.0, least]))
    assert differences_to(x, BOTH, np.array([2.0, 2.0]))[0].tolist() == [
        least / 2 - 1,
        1 - least / 2,
    ]
    with pytest.raises(ValueError, match=r"the mean is not above zero in column 0, 1$"):
        above_or_below_mean(np.full((3, 2), least), BOTH)


# ---------------------------------------------------------------- missing values, leading axes

EVERY: dict[str, Callable[[Array, Way], Array]] = {
    "min-max": min_max,
    "z": z_scores,
    "rank": rank_scores,
    "borda": borda,
    "percentile rank": percentile_ranks,
    "rank share": rank_shares,
    "bands": percentile_bands,
    "above or below": above_or_below_mean,
    "best": distance_to_best,
    "target": lambda x, higher: distance_to_target(x, higher, np.array([9.0, 1.0])),
    "reference": lambda x, higher: distance_to_reference(x, higher, 1),
    "fraction": fractions_of_best,
    "ratio": lambda x, higher: ratios_to(x, higher, np.array([3.0, 3.0])),
    "difference": lambda x, higher: differences_to(x, higher, np.array([3.0, 3.0])),
}


@pytest.mark.parametrize("name", EVERY)
def test_missing_stays_missing_and_moves_nobody(name: str) -> None:
    gaps = np.insert(X, 2, nan, axis=0)
    scores = EVERY[name](gaps, BOTH)
    assert np.isnan(scores[2]).all()
    np.testing.assert_array_equal(np.delete(scores, 2, axis=0), EVERY[name](X, BOTH))


@pytest.mark.parametrize("name", EVERY)
def test_leading_axes_are_independent(name: str) -> None:
    batch = np.array([[X, X * 0.5], [X + 1, X[[3, 1, 0, 2]] + 0.5]])
    scores = EVERY[name](batch, BOTH)
    for at in np.ndindex(2, 2):
        np.testing.assert_array_equal(scores[at], EVERY[name](batch[at], BOTH))


@pytest.mark.parametrize("name", [n for n in EVERY if n not in ("target", "reference")])
def test_an_indicator_without_data_has_no_scores(name: str) -> None:
    x = np.where([[True, False]], X, nan)
    scores = EVERY[name](x, BOTH)
    assert np.isnan(scores[:, 1]).all()
    np.testing.assert_array_equal(scores[:, 0], EVERY[name](X, BOTH)[:, 0])


def test_a_province_alone_is_all_there_is() -> None:
    alone, up = np.array([[nan], [5.0]]), np.array([True])
    assert rank_shares(alone, up)[1, 0] == 1
    assert above_or_below_mean(alone, up)[1, 0] == 0
    with pytest.raises(ValueError, match=r"^the mean is not above zero in column 0$"):
        above_or_below_mean(-alone, up)

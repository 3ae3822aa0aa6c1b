"""Skewness, kurtosis and treatment: by hand, at the edges, and against pandas."""

from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import Array, sixteenths

from pii.steps.treat import (
    Treated,
    gii_treatment,
    kurtosis,
    no_treatment,
    retreated,
    skewness,
)

NAN = float("nan")
OUTLIER = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0]


def treated(*columns: list[float], points: int = 5, exempt: tuple[int, ...] = ()) -> Treated:
    x = np.array(columns).T
    flags = np.isin(np.arange(x.shape[1]), exempt)
    return gii_treatment(x, skewness_limit=2.25, kurtosis_limit=3.5, points=points, exempt=flags)


def test_skewness_and_kurtosis_by_hand() -> None:
    # Mean 1, deviations -1 -1 -1 3: sums of squares 12, of cubes 24, of fourth powers 84.
    x = np.array([0.0, 0.0, 0.0, 4.0])
    assert skewness(x) == pytest.approx(sqrt(4 * 3) / 2 * sqrt(4) * 24 / 12**1.5, rel=1e-15)
    assert skewness(x) == pytest.approx(2, rel=1e-15)
    # 3/(2·1) · (5 · 4·84/12² − 3·3) = 1.5 · (35/3 − 9)
    assert kurtosis(x) == pytest.approx(4, rel=1e-15)


def test_skewness_has_the_sign_of_the_long_tail() -> None:
    assert skewness(np.array([1.0, 2.0, 9.0])) == -skewness(np.array([-1.0, -2.0, -9.0])) > 0


@pytest.mark.parametrize("moment", [skewness, kurtosis])
def test_moments_leave_missing_values_out(moment: object) -> None:
    assert callable(moment)
    x = np.array([3.0, 1.0, NAN, 4.0, 1.0, NAN, 5.0])
    assert moment(x) == moment(x[~np.isnan(x)])


@pytest.mark.parametrize("x", [[], [NAN, NAN], [1.0], [1.0, 2.0], [7.0] * 9, [0.1] * 9])
def test_no_moment_where_there_is_nothing_to_measure(x: list[float]) -> None:
    assert np.isnan(skewness(np.array(x)))
    assert np.isnan(kurtosis(np.array(x)))


def test_three_values_have_a_skewness_but_no_kurtosis() -> None:
    x = np.array([1.0, 2.0, 9.0])
    assert not np.isnan(skewness(x))
    assert np.isnan(kurtosis(x))


@pytest.mark.parametrize("unit", [1e-150, 1e-9, 1e9, 1e150])
def test_moments_do_not_depend_on_the_unit(unit: float) -> None:
    x = np.array(OUTLIER)
    assert skewness(unit * x) == pytest.approx(skewness(x), rel=1e-12)
    assert kurtosis(unit * x) == pytest.approx(kurtosis(x), rel=1e-12)


@given(st.lists(sixteenths, min_size=4, max_size=40))
def test_moments_agree_with_pandas(values: list[float]) -> None:
    # For a constant column pandas says 0; here NaN, as nothing can be measured.
    assume(len(set(values)) > 1)
    x, frame = np.array(values), pd.DataFrame({"x": values})
    assert skewness(x) == pytest.approx(frame.skew()["x"], rel=1e-9, abs=1e-9)
    assert kurtosis(x) == pytest.approx(frame.kurt()["x"], rel=1e-9, abs=1e-9)


def test_one_outlier_is_capped_to_the_next_value() -> None:
    done = treated(OUTLIER)
    assert done.values[:, 0].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    assert (done.form[0], done.points[0], done.low[0], done.high[0]) == ("winsorised", 1, 1, 9)
    assert done.passes[0]
    assert done.skewness[0, 0] == skewness(np.array(OUTLIER)) > 2.25
    assert done.kurtosis[0, 0] == kurtosis(np.array(OUTLIER)) > 3.5
    assert done.skewness[1, 0] == skewness(done.values[:, 0])
    assert done.kurtosis[1, 0] == kurtosis(done.values[:, 0])


def test_a_long_left_tail_is_capped_from_below() -> None:
    done = treated([-x for x in OUTLIER])
    assert done.values[:, 0].tolist() == [-1, -2, -3, -4, -5, -6, -7, -8, -9, -9]
    assert (done.form[0], done.points[0], done.low[0], done.high[0]) == ("winsorised", 1, -9, -1)


def test_tied_extremes_count_one_by_one() -> None:
    tied = [float(x) for x in range(1, 25)] + [500.0, 500.0]
    done = treated(tied)
    # The first step caps one 500 to the other and changes nothing; the second caps both.
    assert (done.form[0], done.points[0], done.high[0]) == ("winsorised", 2, 24)
    assert done.values[-3:, 0].tolist() == [24, 24, 24]
    assert treated(tied, points=1).form[0] == "log"


def test_each_step_caps_the_side_to_which_the_rest_leans() -> None:
    # Right first (+1000), then what is left leans to the left (-300).
    x = [-300.0, *(float(v) for v in range(20)), 1000.0]
    done = treated(x)
    assert (done.points[0], done.low[0], done.high[0]) == (2, 0, 19)
    assert done.values[0, 0] == 0
    assert done.values[-1, 0] == 19


@pytest.mark.parametrize("limit", ["skewness", "kurtosis"])
def test_both_limits_must_be_exceeded(limit: str) -> None:
    x = np.array(OUTLIER)
    limits = {"skewness_limit": 2.25, "kurtosis_limit": 3.5}
    exactly = skewness(x) if limit == "skewness" else kurtosis(x)
    limits[f"{limit}_limit"] = exactly  # reached is not exceeded
    kept = gii_treatment(x[:, None], points=5, exempt=np.array([False]), **limits)
    assert kept.form[0] == "none"
    assert kept.passes[0]
    limits[f"{limit}_limit"] = float(np.nextafter(exactly, 0))
    tamed = gii_treatment(x[:, None], points=5, exempt=np.array([False]), **limits)
    assert tamed.form[0] == "winsorised"


def test_logarithm_of_the_untreated_values_where_capping_does_not_suffice() -> None:
    done = treated(OUTLIER, points=0)
    assert (done.form[0], done.points[0], done.side[0]) == ("log", 0, 1)
    assert (done.low[0], done.high[0]) == (1, 100)
    assert done.values[0, 0] == pytest.approx(log(0.01), rel=1e-15)
    assert done.values[1, 0] == pytest.approx(log(1 / 99 + 0.01), rel=1e-15)
    assert done.values[-1, 0] == pytest.approx(log(1.01), rel=1e-12)


def test_logarithm_of_a_long_left_tail_is_the_mirror_image() -> None:
    right, left = treated(OUTLIER, points=0), treated([-x for x in OUTLIER], points=0)
    assert left.side[0] == -1
    assert left.values[:, 0] == pytest.approx(-right.values[:, 0], rel=1e-12)


def test_points_that_do_not_suffice_leave_no_cap_behind() -> None:
    x = [float(v) for v in range(1, 30)] + [2000.0, 3000.0, 4000.0, 5000.0]
    done = treated(x, points=3)
    assert (done.form[0], done.points[0], done.low[0], done.high[0]) == ("log", 0, 1, 5000)
    assert len(set(done.values[:, 0].tolist())) == len(x)


def test_a_logarithm_that_fails_is_kept_and_said() -> None:
    # Two values only: any capping would make the column constant, and a logarithm changes nothing.
    done = treated([0.0] * 20 + [1.0])
    assert done.form[0] == "log"
    assert not done.passes[0]
    assert set(done.values[:, 0].tolist()) == {log(0.01), log(1.01)}


def test_more_points_than_values_end_in_a_logarithm() -> None:
    assert treated([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0], points=50).form[0] == "log"


def test_exempt_columns_stay_as_they_are() -> None:
    done = treated(OUTLIER, OUTLIER, exempt=(1,))
    assert done.form.tolist() == ["winsorised", "none"]
    assert done.values[:, 1].tolist() == OUTLIER
    assert done.passes.tolist() == [True, False]  # said all the same


@pytest.mark.parametrize("column", [[NAN] * 10, [7.0] * 10, [NAN] * 9 + [3.0]])
def test_columns_without_spread_are_left_alone(column: list[float]) -> None:
    done = treated(column, OUTLIER)
    assert done.form.tolist() == ["none", "winsorised"]
    np.testing.assert_array_equal(done.values[:, 0], column)
    assert done.passes[0]
    np.testing.assert_array_equal(
        [done.low[0], done.high[0]], [np.fmin.reduce(column), np.fmax.reduce(column)]
    )


def test_missing_values_stay_missing() -> None:
    gaps = [*OUTLIER, NAN, NAN]
    assert np.isnan(treated(gaps).values[:, 0]).tolist() == [False] * 10 + [True] * 2
    assert np.isnan(treated(gaps, points=0).values[:, 0]).tolist() == [False] * 10 + [True] * 2


def test_no_treatment_measures_but_changes_nothing() -> None:
    done = no_treatment(np.array([OUTLIER]).T)
    assert done.values[:, 0].tolist() == OUTLIER
    assert (done.form[0], done.points[0]) == ("none", 0)
    assert done.skewness[0, 0] == done.skewness[1, 0] == skewness(np.array(OUTLIER))
    assert done.passes[0]  # no limit was looked at


@pytest.mark.parametrize("points", [5, 0])
def test_another_province_is_treated_as_the_nation_was(points: int) -> None:
    done = treated(OUTLIER, points=points)

    def again(x: list[float]) -> Array:
        column = np.array([x]).T
        return retreated(column, form=done.form, low=done.low, high=done.high, side=done.side)

    np.testing.assert_array_equal(again(OUTLIER), done.values)
    beyond = again([-50.0, 1e6, NAN])[:, 0]
    assert beyond[0] == done.values[0, 0]
    assert beyond[1] == done.values[-1, 0]
    assert np.isnan(beyond[2])

"""The other rules and the transformations: by hand, at the edges, and against exact arithmetic."""

from decimal import Decimal, getcontext
from math import e, inf, log, nan, sqrt

import numpy as np
import pytest
from strategies import Array

from pii.steps.treat import (
    LOG,
    LOG_CT,
    LOG_CT_ORIG,
    LOG_CT_PLUS,
    LOG_GII,
    Transform,
    Treated,
    changed_points,
    coinr_treatment,
    eis_treatment,
    gii_treatment,
    no_treatment,
    retreated,
    skewness,
    transformation,
    winsorisable,
)

RIGHT = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0]
LEFT = [101.0 - x for x in RIGHT]  # the same distribution, turned round within 1 to 100
SQRT = Transform("sqrt")


def free(x: Array) -> np.ndarray:
    return np.zeros(x.shape[1], dtype=bool)


def done(transform: Transform, *columns: list[float], exempt: tuple[int, ...] = ()) -> Treated:
    x = np.array(columns).T
    return transformation(x, transform, exempt=np.isin(np.arange(x.shape[1]), exempt))


def again(treated: Treated, x: list[float]) -> Array:
    column = np.array([x]).T
    return retreated(
        column,
        form=treated.form,
        low=treated.low,
        high=treated.high,
        side=treated.side,
        parameter=treated.parameter,
    )[:, 0]


# ---------------------------------------------------------------- how many points


@pytest.mark.parametrize(
    ("points", "units", "count"),
    [
        (5, 34, 5),
        (5.0, 3, 5),  # a number stays a number: never more is capped than there is
        (0.15, 34, 5),
        (0.04, 139, 5),
        (0.29, 100, 29),  # 28.999999999999996 in binary
        (0.99, 1, 0),
        (0, 34, 0),
        (1, 34, 1),
        (inf, 34, 34),
    ],
)
def test_points_are_a_number_or_a_share(points: float, units: int, count: int) -> None:
    assert winsorisable(points, units) == count


@pytest.mark.parametrize("points", [-1, -0.1, 1.5, nan, -inf])
def test_other_points_are_refused(points: float) -> None:
    with pytest.raises(ValueError, match=rf"points to winsorise: {points:g} is neither a number"):
        winsorisable(points, 34)
    x = np.array([[1.0], [2.0], [3.0]])  # refused even where nothing needs treatment
    with pytest.raises(ValueError, match="points to winsorise"):
        coinr_treatment(x, points=points, exempt=free(x))


def test_a_share_counts_the_values_that_are_present() -> None:
    column = [float(v) for v in range(1, 25)] + [500.0, 600.0]
    gaps = [*column, *[nan] * 14]
    x = np.array([column + [nan] * 14, gaps]).T

    def points(share: float) -> list[int]:
        kept = coinr_treatment(x, points=share, exempt=free(x))
        return kept.points.tolist()

    assert points(2 / 26) == [2, 2]
    assert points(2 / 40) == [0, 0]  # one of 26 values, where two are needed: a logarithm


# ---------------------------------------------------------------- tied extremes

TIED = [float(v) for v in range(1, 25)] + [500.0, 500.0, 600.0]


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_tied_extremes_count_one_by_one(side: float) -> None:
    x = side * np.array([TIED]).T
    limits = {"skewness_limit": 2.0, "kurtosis_limit": 3.5, "otherwise": None}
    two, three = (gii_treatment(x, points=n, exempt=free(x), **limits) for n in (2, 3))
    assert (two.points[0], np.abs(two.values).max()) == (2, 500)  # one of the three 500 is left
    assert (three.points[0], np.abs(three.values).max()) == (3, 24)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_coinr_caps_tied_extremes_at_once_beyond_the_points_if_need_be(side: float) -> None:
    x = side * np.array([TIED]).T
    one, two = (coinr_treatment(x, points=n, exempt=free(x), otherwise=None) for n in (1, 2))
    assert (one.points[0], np.abs(one.values).max()) == (1, 500)
    assert (two.points[0], np.abs(two.values).max()) == (3, 24)
    # Both sides: the one low value first, then the tied high ones, all three as one step.
    both = np.array([[-2000.0, *TIED]]).T * side
    tamed = coinr_treatment(both, points=9, exempt=free(x), otherwise=None)
    ends = sorted([side * 1.0, side * 24.0])
    assert (tamed.points[0], tamed.low[0], tamed.high[0]) == (4, *ends)


# ---------------------------------------------------------------- COINr's rule


def test_coinr_has_a_lower_limit_than_the_gii() -> None:
    x = np.array([[float(v) for v in range(1, 20)] + [38.0]]).T
    limits = {"skewness_limit": 2.25, "kurtosis_limit": 3.5}
    for top in np.arange(20.0, 80.0):
        x[-1] = top
        if 2.0 < skewness(x[:, 0]) <= 2.25:
            break
    else:
        pytest.fail("no column between the two limits")
    assert gii_treatment(x, points=5, exempt=free(x), **limits).form[0] == "none"
    tamed = coinr_treatment(x, points=5, exempt=free(x))
    assert (tamed.form[0], tamed.points[0], tamed.high[0]) == ("winsorised", 1, 19)


def test_where_winsorising_fails_the_stated_form_takes_over() -> None:
    x = np.array([RIGHT, LEFT]).T
    for transform, sides in [(LOG_CT, [1, 1]), (LOG_CT_PLUS, [1, -1]), (LOG_GII, [1, -1])]:
        tamed = coinr_treatment(x, points=0, exempt=free(x), otherwise=transform)
        assert tamed.form.tolist() == [transform.form] * 2
        assert tamed.side.tolist() == sides
        whole = transformation(x, transform, exempt=free(x))
        np.testing.assert_array_equal(tamed.values, whole.values)


def test_without_a_transformation_what_winsorising_reached_is_kept() -> None:
    x = np.array([[float(v) for v in range(1, 30)] + [2000.0, 3000.0, 4000.0, 5000.0]]).T
    kept = coinr_treatment(x, points=2, exempt=free(x), otherwise=None)
    assert (kept.form[0], kept.points[0], kept.high[0]) == ("winsorised", 2, 3000)
    assert not kept.passes[0]
    none = coinr_treatment(x, points=0, exempt=free(x), otherwise=None)
    assert (none.form[0], none.points[0], bool(none.passes[0])) == ("none", 0, False)
    all_of_them = coinr_treatment(x, points=inf, exempt=free(x), otherwise=None)
    assert (all_of_them.points[0], all_of_them.high[0]) == (4, 29)
    assert all_of_them.passes[0]


# ---------------------------------------------------------------- forms by hand


@pytest.mark.parametrize(
    ("transform", "low", "middle", "high"),
    [
        # x = 1, 9, 100; range 99
        (LOG, log(0.01), log(8 / 99 + 0.01), log(1.01)),
        (LOG_CT, log(0.99), log(8 + 0.99), log(99.99)),
        (LOG_CT_ORIG, 0.0, log(9), log(100)),
        (LOG_GII, 0.0, log(99 * 8 / 99 + 1), log(100)),  # (max − 1)(x − min)/(max − min) + 1
        (Transform("log_gii", 101), 0.0, log(100 * 8 / 99 + 1), log(101)),
        (Transform("boxcox", 0), 0.0, log(9), log(100)),
        (Transform("boxcox", 0.5), 0.0, 4.0, 18.0),
        (Transform("boxcox", -1), 0.0, 1 - 1 / 9, 0.99),
        (Transform("boxcox", 2), 0.0, 40.0, 4999.5),
        (Transform("boxcox_shifted", 0.5), 0.0, 4.0, 18.0),
        (SQRT, 1.0, 3.0, 10.0),
    ],
)
def test_every_form_by_hand(transform: Transform, low: float, middle: float, high: float) -> None:
    right = done(transform, RIGHT)
    assert right.form.tolist() == [transform.form]
    assert right.values[[0, 8, 9], 0] == pytest.approx([low, middle, high], rel=1e-13, abs=1e-15)
    assert right.skewness[1, 0] < right.skewness[0, 0] or transform.parameter > 1
    left = done(transform._replace(mirrored=True), LEFT)
    assert left.side.tolist() == [-1]
    # Here the values turned round have the same extremes: the mirror image exactly.
    assert left.values[:, 0] == pytest.approx(-right.values[:, 0], rel=1e-13, abs=1e-15)


def test_shifted_forms_need_no_positive_values() -> None:
    x = [v - 50 for v in RIGHT]
    for transform in (LOG, LOG_CT, LOG_CT_ORIG, Transform("boxcox_shifted", 0.5)):
        expected = done(transform, RIGHT).values[:, 0]
        assert done(transform, x).values[:, 0] == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_log_and_gii_log_are_the_same_but_for_a_constant() -> None:
    # ln(t + 0.01) = ln(100 t + 1) − ln 100: the GII's log with max·f = 101.
    gii = done(Transform("log_gii", 101), RIGHT, LEFT).values
    np.testing.assert_allclose(gii + np.array([-1, 1]) * log(100), done(LOG, RIGHT, LEFT).values)


@pytest.mark.parametrize(
    ("unit", "shift", "top"),
    [(1.0, 0.0, 100), (0.01, 0.0, 10), (1e-5, 0.0, 10), (1e3, 0.0, 1e5), (1.0, -200.0, 99)],
)
def test_gii_log_works_on_any_scale(unit: float, shift: float, top: float) -> None:
    # The published formula turns the indicator round for a maximum below 1 and has no value for
    # one below 0; f = 1, 10, 100 … lifts the maximum, or the range of negative values, to 10.
    x = [unit * v + shift for v in RIGHT]
    tamed = done(LOG_GII, x)
    assert tamed.parameter is not None
    assert tamed.parameter[0] == pytest.approx(top, rel=1e-12)
    t = (np.array(RIGHT) - 1) / 99
    np.testing.assert_allclose(tamed.values[:, 0], np.log((top - 1) * t + 1), rtol=1e-9)
    assert (np.diff(tamed.values[:, 0]) > 0).all()


def test_gii_log_of_a_bad_is_the_mirror_image_with_the_other_sign() -> None:
    bad = np.log(99 * (100 - np.array(LEFT)) / 99 + 1)  # (max − 1)(max − x)/(max − min) + 1
    assert done(LOG_GII, LEFT).values[:, 0] == pytest.approx(-bad, rel=1e-13, abs=1e-15)


def test_box_cox_near_zero_keeps_its_digits() -> None:
    getcontext().prec = 40
    tamed = done(Transform("boxcox_shifted", 0.5), [0.0, 1e-9, 3.0, 8.0])
    # 1 + 1e-9 is rounded once; (√x − 1)/½ in binary would lose seven digits more.
    shifted = Decimal.from_float(1e-9 + 1.0)
    assert tamed.values[1, 0] == pytest.approx(float(shifted.sqrt() * 2 - 2), rel=1e-14)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("least", [0.0, -1.0])
@pytest.mark.parametrize("power", [0.0, 0.5, -1.0])
def test_box_cox_refuses_what_is_not_above_zero(least: float, power: float) -> None:
    columns = [RIGHT, [least, *RIGHT[1:]], [*RIGHT[1:], least]]
    with pytest.raises(ValueError, match=r"not above zero, as Box–Cox needs, in column 1, 2$"):
        done(Transform("boxcox", power), *columns)
    assert done(Transform("boxcox", power), *columns, exempt=(1, 2)).form[0] == "boxcox"
    x = np.array(columns).T
    with pytest.raises(ValueError, match=r"as Box–Cox needs, in column 1, 2$"):
        coinr_treatment(x, points=0, exempt=free(x), otherwise=Transform("boxcox", power))


def test_a_square_root_refuses_negative_values() -> None:
    with pytest.raises(ValueError, match=r"is below zero, and has no square root, in column 1$"):
        done(SQRT, [0.0, *RIGHT[1:]], [-1.0, *RIGHT[1:]])


@pytest.mark.parametrize(
    ("transform", "message"),
    [
        (Transform("boxcox"), "boxcox needs a lambda"),
        (Transform("boxcox_shifted", inf), "boxcox_shifted needs a lambda"),
        (Transform("log_gii", 1.0), "log_gii needs k above 1, not 1"),
        (Transform("cube root"), "unknown form of treatment: cube root"),
    ],
)
def test_impossible_transformations_are_refused(transform: Transform, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        done(transform, RIGHT)


@pytest.mark.parametrize("form", ["boxcox", "boxcox_shifted", "log_gii", "sqrt"])
def test_a_record_without_the_parameter_is_refused(form: str) -> None:
    tamed = done(Transform(form, 2.0), RIGHT)
    frozen = {"form": tamed.form, "low": tamed.low, "high": tamed.high, "side": tamed.side}
    with pytest.raises(ValueError, match=f"a treatment of form {form} needs its parameter"):
        retreated(np.array([[5.0]]), **frozen)


# ---------------------------------------------------------------- EIS

# 28 zeros, ones and one far value: mean and deviation are easy.
FLAT = [4.0] * 14 + [9.0] * 14 + [400.0]


def eis(*columns: list[float], limit: float = 1.0, exempt: tuple[int, ...] = ()) -> Treated:
    x = np.array(columns).T
    return eis_treatment(x, skewness_limit=limit, exempt=np.isin(np.arange(x.shape[1]), exempt))


def test_eis_square_root_then_cap_by_hand() -> None:
    roots = [2.0] * 14 + [3.0] * 14 + [20.0]
    mean = sum(roots) / 29  # 90/29
    deviation = sqrt(sum((r - mean) ** 2 for r in roots) / 28)
    tamed = eis(FLAT)
    assert (tamed.form[0], tamed.points[0], tamed.low[0]) == ("sqrt", 1, 4)
    assert tamed.values[:-1, 0].tolist() == roots[:-1]
    assert tamed.values[-1, 0] == pytest.approx(mean + 3 * deviation, rel=1e-14)
    assert tamed.high[0] == pytest.approx((mean + 3 * deviation) ** 2, rel=1e-14)
    assert not tamed.passes[0]  # still skewed, and said
    assert tamed.skewness[1, 0] < tamed.skewness[0, 0]


def test_eis_treats_a_left_tail_as_the_mirror_image() -> None:
    left = eis([404.0 - x for x in FLAT])
    right = eis(FLAT)
    assert (left.form[0], left.side[0], left.points[0], left.high[0]) == ("sqrt", -1, 1, 400)
    assert left.values[:, 0] == pytest.approx(-right.values[:, 0], rel=1e-13)
    assert left.low[0] == pytest.approx(404 - right.high[0], rel=1e-13)


def test_eis_caps_both_ends_in_the_unit_of_the_values() -> None:
    column = [100.0] * 60 + [900.0, 0.0]
    roots = [10.0] * 60 + [30.0, 0.0]
    mean = sum(roots) / 62
    reach = 3 * sqrt(sum((r - mean) ** 2 for r in roots) / 61)
    ends = [mean + reach, mean - reach]
    assert 0 < ends[1] < 2
    right, left = eis(column), eis([900 - x for x in column])
    assert (right.points[0], left.points[0]) == (2, 2)
    assert right.values[-2:, 0] == pytest.approx(ends, rel=1e-12)
    assert left.values[-2:, 0] == pytest.approx([-end for end in ends], rel=1e-12)
    assert [right.high[0], right.low[0]] == pytest.approx([end**2 for end in ends], rel=1e-12)
    assert [left.low[0], left.high[0]] == pytest.approx([900 - end**2 for end in ends], rel=1e-12)


def test_eis_does_not_depend_on_the_unit() -> None:
    # Shares below 1: a cap below zero on the scale of the roots caps nothing.
    for column in (FLAT, [404 - x for x in FLAT]):
        small = eis([x / 4096 for x in column])
        assert small.points[0] == 1
        np.testing.assert_allclose(small.values, eis(column).values / 64, rtol=1e-12)


def test_eis_caps_without_a_root_where_skewness_is_within_the_limit() -> None:
    tamed = eis(FLAT, [-x for x in FLAT], limit=99.0)
    mean = sum(FLAT) / 29
    deviation = sqrt(sum((r - mean) ** 2 for r in FLAT) / 28)
    assert tamed.form.tolist() == ["winsorised", "winsorised"]
    assert tamed.points.tolist() == [1, 1]
    assert tamed.values[-1] == pytest.approx([mean + 3 * deviation, -mean - 3 * deviation])
    assert (tamed.high[0], tamed.low[0]) == (tamed.values[-1, 0], 4)
    assert tamed.passes.tolist() == [True, True]


def test_eis_leaves_alone_what_is_exempt_constant_or_even() -> None:
    even = [float(v) for v in range(29)]
    tamed = eis(FLAT, [0.1] * 29, even, [nan] * 29, exempt=(0,))
    assert tamed.form.tolist() == ["none"] * 4
    assert tamed.points.tolist() == [0] * 4
    np.testing.assert_array_equal(tamed.values, np.array([FLAT, [0.1] * 29, even, [nan] * 29]).T)
    assert tamed.passes.tolist() == [False, True, True, True]


def test_eis_refuses_the_root_of_a_negative_value_only_where_it_takes_one() -> None:
    negative = [-1.0, *FLAT[1:]]
    with pytest.raises(ValueError, match=r"is below zero, and has no square root, in column 1$"):
        eis(FLAT, negative)
    assert eis(negative, limit=99.0).form[0] == "winsorised"


@pytest.mark.parametrize("limit", [skewness(np.array(FLAT)), 0.0])
def test_eis_limit_reached_is_not_exceeded(limit: float) -> None:
    assert (eis(FLAT, limit=limit).form[0] == "sqrt") == (limit == 0)


# ---------------------------------------------------------------- the record

RULES = [
    Transform("log"),
    LOG_GII,
    LOG_CT,
    LOG_CT_PLUS,
    LOG_CT_ORIG,
    Transform("boxcox", 0.5),
    Transform("boxcox", 0.0),
    Transform("boxcox_shifted", -0.5),
    SQRT,
]


@pytest.mark.parametrize("transform", RULES, ids=str)
@pytest.mark.parametrize("column", [RIGHT, LEFT], ids=["right", "left"])
def test_frozen_treatment_of_the_same_values(transform: Transform, column: list[float]) -> None:
    tamed = done(transform, column)
    np.testing.assert_array_equal(again(tamed, column), tamed.values[:, 0])
    beyond = again(tamed, [-50.0, 1e6, nan])
    assert beyond[:2].tolist() == [tamed.values[:, 0].min(), tamed.values[:, 0].max()]
    assert np.isnan(beyond[2])


@pytest.mark.parametrize("column", [FLAT, [404 - x for x in FLAT]], ids=["right", "left"])
@pytest.mark.parametrize("limit", [1.0, 99.0])
def test_frozen_eis_treatment_of_the_same_values(column: list[float], limit: float) -> None:
    tamed = eis(column, limit=limit)
    np.testing.assert_array_equal(again(tamed, column), tamed.values[:, 0])
    beyond = again(tamed, [-50.0, 1e6])
    assert beyond.tolist() == [tamed.values[:, 0].min(), tamed.values[:, 0].max()]


def test_retreating_takes_leading_axes_and_mixed_forms() -> None:
    columns = [RIGHT, LEFT, RIGHT, FLAT[:5] + FLAT[-5:]]
    x = np.array(columns).T
    parts = [LOG, LOG_CT_PLUS, Transform("boxcox", 0.5), SQRT]
    tamed = [done(part, column) for part, column in zip(parts, columns, strict=True)]
    frozen = {
        name: np.concatenate([getattr(part, name) for part in tamed])
        for name in ("form", "low", "high", "side", "parameter")
    }
    both = retreated(np.array([x, x[::-1]]), **frozen)
    expected = np.concatenate([part.values for part in tamed], axis=1)
    np.testing.assert_array_equal(both, [expected, expected[::-1]])


def test_columns_without_two_values_stay_as_they_are() -> None:
    for transform in RULES:
        tamed = done(transform, [nan] * 10, [7.0] * 10, [nan] * 9 + [-3.0])
        assert tamed.form.tolist() == ["none"] * 3
        assert tamed.values[9, 2] == -3


def test_exempt_columns_are_not_transformed() -> None:
    tamed = done(LOG, RIGHT, RIGHT, exempt=(1,))
    assert tamed.form.tolist() == ["log", "none"]
    assert tamed.values[:, 1].tolist() == RIGHT


def test_changed_points_name_every_cell_before_and_after() -> None:
    x = np.array([RIGHT, LEFT, [nan, *RIGHT[1:]]]).T
    tamed = coinr_treatment(x, points=5, exempt=np.array([False, False, True]))
    points = changed_points(x, tamed)
    assert points.unit.tolist() == [9, 9]
    assert points.indicator.tolist() == [0, 1]
    assert points.before.tolist() == [100, 1]
    assert points.after.tolist() == [9, 92]
    logs = changed_points(x, transformation(x, LOG, exempt=free(x)))
    assert len(logs.unit) == 29  # every value there is; the missing one did not change
    assert not len(changed_points(x, no_treatment(x)).unit)


def test_box_cox_of_e_is_one() -> None:
    assert done(Transform("boxcox", 0), [1.0, e, 9.0]).values[1, 0] == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_mild_skewness_is_capped_on_its_own_side(side: float) -> None:
    x = side * np.array([[0.0, 1, 2, 3, 4, 5, 6, 7, 8, 13]]).T
    assert 0.5 < side * skewness(x[:, 0]) < 1
    limits = {"skewness_limit": 0.5, "kurtosis_limit": -1.0}
    tamed = gii_treatment(x, points=1, exempt=free(x), otherwise=None, **limits)
    assert (tamed.form[0], tamed.points[0], tamed.side[0]) == ("winsorised", 1, 1)
    assert sorted([tamed.low[0], tamed.high[0]]) == sorted([0, side * 8])
    assert tamed.side.dtype == np.float64


@pytest.mark.parametrize(("value", "n"), [(0.1, 3), (0.7, 3), (3.7, 3)])
def test_a_constant_column_stays_to_the_last_bit_under_eis(value: float, n: int) -> None:
    # The mean of equal values is not always one of them: 0.7 three times, by sum and division.
    x = np.full((n, 1), value)
    kept = eis_treatment(x, skewness_limit=1.0, exempt=free(x))
    assert (kept.values == value).all() and kept.points[0] == 0
    assert (kept.low[0], kept.high[0]) == (value, value)


@pytest.mark.parametrize(
    ("top", "k"), [(0.3, 30.0), (0.03, 30.0), (3.0, 30.0), (10.0, 10.0), (300.0, 300.0)]
)
def test_the_gii_log_lifts_a_small_maximum_by_powers_of_ten(top: float, k: float) -> None:
    x = [top * share for share in (0.0, 0.1, 0.2, 1.0)]
    treated = done(LOG_GII, x)
    assert treated.parameter is not None
    assert treated.parameter[0] == pytest.approx(k, rel=1e-15)
    expected = [log((k - 1) * share + 1) for share in (0.0, 0.1, 0.2, 1.0)]
    np.testing.assert_allclose(treated.values[:, 0], expected, rtol=1e-13, atol=1e-15)


def test_the_gii_log_of_values_below_zero_takes_their_range_as_maximum() -> None:
    treated = done(LOG_GII, [-20.0, -19.0, -18.0, 0.0])
    assert treated.parameter is not None and treated.parameter[0] == 20.0

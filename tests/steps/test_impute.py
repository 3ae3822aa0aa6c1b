"""Imputation: by hand, at the edges, a published example, and against pandas and scipy."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from strategies import Array

from pii.steps.impute import (
    carried_forward,
    em_normal,
    filled_by_column,
    filled_by_row,
    interpolated,
    last_available,
    no_imputation,
)

NAN = float("nan")


def same(one: object, other: object) -> None:
    np.testing.assert_array_equal(np.array(one), np.array(other))


def test_no_imputation_leaves_every_gap() -> None:
    x = np.array([[1.0, NAN], [-0.0, 2.0]])
    result = no_imputation(x)
    assert result.values.tobytes() == x.tobytes()
    assert not result.imputed.any()


# ---- by column

X = np.array([[1.0, NAN], [2.0, NAN], [6.0, NAN], [NAN, NAN], [NAN, NAN]])


def test_mean_and_median_of_the_indicator() -> None:
    same(filled_by_column(X).values[:, 0], [1, 2, 6, 3, 3])
    same(filled_by_column(X, "median").values[:, 0], [1, 2, 6, 2, 2])
    same(filled_by_column(np.array([[1.0], [6.0], [NAN]]), "median").values, [[1], [6], [3.5]])


def test_an_indicator_without_values_stays_without() -> None:
    result = filled_by_column(X)
    assert np.isnan(result.values[:, 1]).all()
    assert result.imputed.tolist() == [[False, False]] * 3 + [[True, False]] * 2


@pytest.mark.parametrize(("centre", "middle"), [("mean", 3.0), ("median", 2.0)])
def test_a_group_fills_its_own_and_falls_back_on_nothing(centre: Any, middle: float) -> None:
    x = np.array([[1.0], [2.0], [6.0], [NAN], [NAN], [100.0], [NAN]])
    groups = np.array([4, 4, 4, 4, 9, -1, -1])
    result = filled_by_column(x, centre, groups)
    same(result.values[:, 0], [1, 2, 6, middle, NAN, 100, NAN])
    assert np.flatnonzero(result.imputed).tolist() == [3]


def test_an_unknown_centre_is_refused() -> None:
    with pytest.raises(KeyError, match="mode"):
        filled_by_column(X, "mode")  # type: ignore[arg-type]


def test_by_column_with_leading_axes() -> None:
    result = filled_by_column(np.stack([X, 10 * X]), "mean", np.array([0, 1, 1, 1, 0]))
    same(result.values[:, :, 0], [[1, 2, 6, 4, 1], [10, 20, 60, 40, 10]])


# ---- by row


def test_the_mean_of_the_block() -> None:
    x = np.array([[1.0, 3.0, NAN, 50.0], [NAN, NAN, NAN, NAN], [2.0, NAN, NAN, NAN]])
    result = filled_by_row(x, np.array([7, 7, 7, 2]))
    same(result.values, [[1, 3, 2, 50], [NAN] * 4, [2, 2, 2, NAN]])
    assert result.imputed.tolist() == [
        [False, False, True, False],
        [False] * 4,
        [False, True, True, False],
    ]


def test_the_mean_is_taken_between_goalposts_and_brought_back() -> None:
    # 30 of 0–40 is 3/4; 6 where 10 is worst and 2 best is 1/2: 5/8 of the way from 100 to 300.
    x = np.array([[30.0, 6.0, NAN]])
    worst, best = np.array([0.0, 10.0, 100.0]), np.array([40.0, 2.0, 300.0])
    result = filled_by_row(x, np.zeros(3, dtype=np.int64), worst=worst, best=best)
    assert result.values[0, 2] == pytest.approx(225, rel=1e-15)
    same(result.values[:, :2], x[:, :2])
    # Lower better for the gap: the same standing, counted from the other end.
    turned = filled_by_row(
        x,
        np.zeros(3, dtype=np.int64),
        worst=np.array([0.0, 10, 300]),
        best=np.array([40.0, 2, 100]),
    )
    assert turned.values[0, 2] == pytest.approx(175, rel=1e-15)


def test_goalposts_that_say_nothing_are_refused() -> None:
    blocks, x = np.zeros(3, dtype=np.int64), np.ones((2, 3))
    with pytest.raises(ValueError, match="worst and best coincide in column 0, 2"):
        filled_by_row(x, blocks, worst=np.array([1.0, 2, 3]), best=np.array([1.0, 0, 3]))
    for one in ("worst", "best"):
        with pytest.raises(ValueError, match="give both goalposts, or none"):
            filled_by_row(x, blocks, **{one: np.ones(3)})


def test_by_row_with_leading_axes() -> None:
    x = np.array([[1.0, 3.0, NAN], [NAN, 5.0, NAN]])
    several = filled_by_row(np.stack([x, 2 * x, -x, 0 * x]), np.zeros(3, dtype=np.int64))
    same(several.values[0], [[1, 3, 2], [5, 5, 5]])
    same(several.values, [factor * several.values[0] for factor in (1.0, 2.0, -1.0, 0.0)])


# ---- over years

PANEL = np.array([[NAN, 1.0], [5.0, NAN], [NAN, NAN], [NAN, 7.0], [9.0, NAN]])
YEARS = np.array([2018.0, 2019, 2020, 2022, 2023])


def test_the_last_year_available() -> None:
    result = carried_forward(PANEL)
    same(result.values, [[NAN, 1], [5, 1], [5, 1], [5, 7], [9, 7]])
    same(last_available(PANEL), [[-1, 0], [1, 0], [1, 0], [1, 3], [4, 3]])
    assert result.imputed.sum() == 5 and result.imputed[4, 1]


@pytest.mark.parametrize(
    ("reach", "first"),
    [(0, [NAN, 5, NAN, NAN, 9]), (1, [NAN, 5, 5, NAN, 9]), (2, [NAN, 5, 5, 5, 9])],
)
def test_a_value_is_carried_no_further_than_its_reach(reach: int, first: list[float]) -> None:
    same(carried_forward(PANEL, reach).values[:, 0], first)
    place = {5: 1, 9: 4}
    same(last_available(PANEL, reach)[:, 0], [place.get(value, -1) for value in first])


def test_a_negative_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="reach is 0 or more, not -1"):
        carried_forward(PANEL, -1)


def test_on_the_line_between_years() -> None:
    inside = interpolated(PANEL, YEARS, ends="missing")
    # 2020 is 1 of the 4 years from 2019 (5) to 2023 (9); 1 of 3 of 4 for the second.
    np.testing.assert_allclose(inside.values[:, 0], [NAN, 5, 6, 8, 9], rtol=1e-15)
    np.testing.assert_allclose(inside.values[:, 1], [1, 2.5, 4, 7, NAN], rtol=1e-15)
    ends = interpolated(PANEL, YEARS, ends="nearest")
    np.testing.assert_allclose(ends.values[:, 0], [5, 5, 6, 8, 9], rtol=1e-15)
    np.testing.assert_allclose(ends.values[:, 1], [1, 2.5, 4, 7, 7], rtol=1e-15)


def test_a_series_of_one_value_or_none() -> None:
    x = np.array([[NAN, NAN], [NAN, 3.0], [NAN, NAN]])
    years = np.array([1.0, 2.0, 3.0])
    same(interpolated(x, years, ends="missing").values, x)
    same(interpolated(x, years, ends="nearest").values, [[NAN, 3]] * 3)


@pytest.mark.parametrize("years", [[1.0, 1.0, 2.0], [3.0, 2.0, 1.0], [1.0, NAN, 3.0]])
def test_years_that_do_not_rise_are_refused(years: list[float]) -> None:
    with pytest.raises(ValueError, match="the years of a panel must rise"):
        interpolated(np.ones((3, 1)), np.array(years), ends="nearest")


def test_unknown_ends_are_refused() -> None:
    with pytest.raises(KeyError, match="drop"):
        interpolated(PANEL, YEARS, ends="drop")  # type: ignore[arg-type]


def test_over_years_as_pandas_does() -> None:
    random = np.random.default_rng(3)
    panel = random.normal(size=(9, 4, 5))
    panel[random.random(panel.shape) < 0.5] = NAN
    years = np.cumsum(random.integers(1, 4, size=9)).astype(float)
    flat = pd.DataFrame(panel.reshape(9, -1), index=years)
    same(carried_forward(panel).values.reshape(9, -1), flat.ffill())
    same(carried_forward(panel, 2).values.reshape(9, -1), flat.ffill(limit=2))
    line = flat.interpolate(method="index", limit_area="inside")
    ours = interpolated(panel, years, ends="missing").values.reshape(9, -1)
    np.testing.assert_allclose(ours, line, rtol=1e-12, atol=1e-14)
    both = flat.interpolate(method="index", limit_direction="both")
    ours = interpolated(panel, years, ends="nearest").values.reshape(9, -1)
    np.testing.assert_allclose(ours, both, rtol=1e-12, atol=1e-14)


# ---- expectation-maximisation

# Heat of cement (Hald), with the monotone gaps of Rubin (1976).
CEMENT = np.array(
    [
        [7.0, 26, 6, 60, 78.5],
        [1, 29, 15, 52, 74.3],
        [11, 56, 8, 20, 104.3],
        [11, 31, 8, 47, 87.6],
        [7, 52, 6, 33, 95.9],
        [11, 55, 9, 22, 109.2],
        [3, 71, 17, NAN, 102.7],
        [1, 31, 22, NAN, 72.5],
        [2, 54, 18, NAN, 93.1],
        [NAN, NAN, 4, NAN, 115.9],
        [NAN, NAN, 23, NAN, 83.8],
        [NAN, NAN, 9, NAN, 113.3],
        [NAN, NAN, 8, NAN, 109.4],
    ]
)


def least_squares(x: Array, given: list[int], target: int) -> Array:
    """Coefficients (constant first) of the regression on the units that have all of it."""
    whole = x[~np.isnan(x[:, [*given, target]]).any(axis=1)]
    design = np.column_stack([np.ones(len(whole)), whole[:, given]])
    return np.asarray(np.linalg.lstsq(design, whole[:, target], rcond=None)[0], dtype=np.float64)


def in_closed_form(x: Array, order: list[int]) -> Array:
    """Monotone gaps: maximum likelihood is a chain of regressions, each on what comes before.

    Anderson (1957). Missing predictors are themselves expected first, which is exact because
    expectations of a linear model are linear.
    """
    full = x.copy()
    for place, target in enumerate(order):
        beta = least_squares(x, order[:place], target)
        design = np.column_stack([np.ones(len(x)), full[:, order[:place]]])
        full[:, target] = np.where(np.isnan(x[:, target]), design @ beta, x[:, target])
    return full


def test_em_gives_the_published_means() -> None:
    # Little & Rubin (2002), chapter 7, example of Rubin (1976): maximum likelihood means, to the
    # three decimals printed.
    means = em_normal(CEMENT).values.mean(axis=0)
    np.testing.assert_allclose(means, [6.655, 49.965, 11.769, 27.047, 95.423], rtol=0, atol=5e-4)


def test_em_is_the_chain_of_regressions_where_gaps_are_monotone() -> None:
    result = em_normal(CEMENT, tolerance=1e-12)
    np.testing.assert_allclose(
        result.values, in_closed_form(CEMENT, [2, 4, 0, 1, 3]), rtol=1e-8, atol=0
    )
    same(result.imputed, np.isnan(CEMENT))


def test_em_of_two_indicators_is_the_regression_line() -> None:
    random = np.random.default_rng(5)
    x = random.normal(size=(30, 2)) @ np.array([[2.0, 1.5], [0.0, 0.7]]) + [50, 3]
    x[20:, 1] = NAN
    constant, slope = least_squares(x, [0], 1)
    result = em_normal(x)
    np.testing.assert_allclose(result.values[20:, 1], constant + slope * x[20:, 0], rtol=1e-9)


def log_likelihood(x: Array, mean: Array, covariance: Array) -> float:
    """Of the values present, unit by unit."""
    total = 0.0
    for row in x:
        o = ~np.isnan(row)
        d, s = (row - mean)[o], covariance[np.ix_(o, o)]
        total -= (np.linalg.slogdet(s)[1] + d @ np.linalg.solve(s, d)) / 2
    return float(total)


@pytest.mark.parametrize("ridge", [0.0, 4.0])
def test_em_finds_what_maximising_the_likelihood_directly_finds(ridge: float) -> None:
    """Gaps in every pattern; scipy climbs the likelihood itself and knows nothing of EM.

    The ridge is a penalty on it: r/2 (ln|Σ| + tr Σ⁻¹), indicators standardised.
    """
    random = np.random.default_rng(11)
    x = random.normal(size=(25, 3)) @ random.normal(size=(3, 3)) + [1, -2, 4]
    x[random.random(x.shape) < 0.25] = NAN
    x = x[~np.isnan(x).all(axis=1)]
    x = (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0)
    assert len(np.unique(np.isnan(x), axis=0)) >= 6

    def parts(theta: Array) -> tuple[Array, Array]:
        root = np.zeros((3, 3))
        root[np.tril_indices(3)] = theta[3:]
        return theta[:3], root @ root.T

    start = np.concatenate(
        [np.nanmean(x, axis=0), np.diag(np.nanstd(x, axis=0))[np.tril_indices(3)]]
    )

    def loss(theta: Array) -> float:
        mean, s = parts(theta)
        penalty = ridge / 2 * (np.linalg.slogdet(s)[1] + np.trace(np.linalg.inv(s)))
        return float(penalty - log_likelihood(x, mean, s))

    found = minimize(loss, start, tol=1e-7)
    mean, covariance = parts(found.x)
    expected = x.copy()
    for row, target in zip(x, expected, strict=True):
        o, m = ~np.isnan(row), np.isnan(row)
        slope = np.linalg.solve(covariance[np.ix_(o, o)], covariance[np.ix_(o, m)])
        target[m] = mean[m] + (row - mean)[o] @ slope
    np.testing.assert_allclose(em_normal(x, ridge=ridge).values, expected, rtol=0, atol=1e-5)


def test_em_with_a_ridge_of_two_complete_indicators_by_hand() -> None:
    """Complete predictors: the ridge adds r to their variance and nothing to the covariance."""
    x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, 3.0], [6.0, NAN]])
    r = 2.5
    whole = x[:4]
    z = (x[:, 0] - x[:, 0].mean()) / x[:, 0].std()
    centre, spread = whole[:, 1].mean(), whole[:, 1].std()
    y = (whole[:, 1] - centre) / spread
    # Fixed point in the gap g: g = mean_y + b z_5 with b = S_zy / (S_zz + r), over all 5 units.
    g = 0.0
    for _ in range(500):
        full = np.append(y, g)
        b = (z * (full - full.mean())).sum() / (5 + r)
        g = full.mean() + b * z[4]
    result = em_normal(x, ridge=r, tolerance=1e-13)
    assert result.values[4, 1] == pytest.approx(centre + spread * g, rel=1e-9)
    shrunk = em_normal(x, ridge=1e6)
    assert shrunk.values[4, 1] == pytest.approx(centre, rel=1e-4)
    assert abs(result.values[4, 1] - centre) < abs(em_normal(x).values[4, 1] - centre)


def test_em_leaves_complete_data_and_units_without_values_alone() -> None:
    collinear = np.array([[1.0, 1.0], [2.0, 2.0]])
    assert em_normal(collinear).values.tobytes() == collinear.tobytes()
    x = np.vstack([CEMENT, np.full(5, NAN)])
    result = em_normal(x)
    assert np.isnan(result.values[-1]).all() and not result.imputed[-1].any()
    same(result.values[:-1], em_normal(CEMENT).values)
    same(em_normal(np.full((3, 2), NAN)).values, np.full((3, 2), NAN))


def gapped(x: Array) -> Array:
    x = x.copy()
    x[0, 0] = NAN
    return x


NOISE = np.random.default_rng(2).normal(size=(8, 3))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.array([[1.0, 2], [1, NAN], [1, 4], [1, 5]]), "two different values in column 0; leave"),
        (np.array([[1.0, NAN], [2, NAN], [3, NAN]]), "two different values in column 1; leave"),
        (gapped(NOISE[:3]), "3 units for 3 indicators; use fewer indicators or a ridge above 0"),
        (gapped(np.hstack([NOISE, NOISE[::-1]])[:4]), "4 units for 6 indicators; use fewer"),
        (
            np.array([[1.0, NAN, 1], [2, NAN, 4], [4, NAN, 2], [NAN, 1, 3], [NAN, 5, 1]]),
            "columns 0 and 1 share no unit; use fewer",
        ),
        (
            gapped(np.column_stack([NOISE, NOISE[:, 1] - 2 * NOISE[:, 2]])),
            "in a linear relation; leave one out",
        ),
        (
            gapped(np.column_stack([NOISE, NOISE[:, 1] + 1e-6 * np.cos(range(8))])),
            "in a linear relation; leave one out",
        ),
    ],
)
def test_em_refuses_what_has_no_single_answer(x: Array, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        em_normal(x)


def test_a_ridge_answers_where_maximum_likelihood_cannot() -> None:
    x = gapped(NOISE[:3])
    result = em_normal(x, ridge=1.0)
    assert np.isfinite(result.values).all() and result.imputed.sum() == 1


def test_em_refuses_a_negative_ridge_and_says_when_it_gives_up() -> None:
    with pytest.raises(ValueError, match="a ridge is a number of units, 0 or more, not -1"):
        em_normal(CEMENT, ridge=-1)
    with pytest.raises(ValueError, match="no convergence in 3 iterations; set a ridge"):
        em_normal(CEMENT, iterations=3)

"""Laws of what is done to the data before treatment: screening, denomination, imputation."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import Array, sixteenths

from pii.steps.denominate import denominated
from pii.steps.impute import (
    Filled,
    carried_forward,
    em_normal,
    filled_by_column,
    filled_by_row,
    interpolated,
    no_imputation,
)
from pii.steps.screen import nonzero_share, present_share, screened, unique_values

NAN = float("nan")
ROWS, COLUMNS = 6, 4
GROUPS = np.array([0, 0, 1, 1, 2, -1])
BLOCKS = np.array([0, 1, 0, 1])
YEARS = np.array([2018.0, 2019, 2021, 2022, 2025, 2026])

cells = st.one_of(st.just(NAN), sixteenths, st.just(-0.0))
full = st.lists(sixteenths, min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS)


@st.composite
def tables(draw: st.DrawFn) -> Array:
    """Units × indicators with gaps; no indicator is constant, which EM refuses."""
    numbers = draw(st.lists(cells, min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS))
    x = np.array(numbers).reshape(ROWS, COLUMNS)
    low, high = np.where(np.isnan(x), np.inf, x).min(0), np.where(np.isnan(x), -np.inf, x).max(0)
    x[0, ~(low < high)], x[1, ~(low < high)] = -1.0, 1.0
    return x


def extremes(x: Array) -> tuple[Array, Array]:
    return np.nanmin(x, axis=0), np.nanmax(x, axis=0)


def by_row(x: Array) -> Filled:
    worst, best = extremes(x)
    return filled_by_row(x, BLOCKS, worst=worst, best=best)


def by_em(x: Array) -> Filled:
    # A ridge: six units are too few for maximum likelihood to exist in every draw.
    return em_normal(x, ridge=3.0, tolerance=1e-7)


Method = Callable[[Array], Filled]
UNORDERED: dict[str, Method] = {
    "none": no_imputation,
    "mean": filled_by_column,
    "median": lambda x: filled_by_column(x, "median"),
    "row": lambda x: filled_by_row(x, BLOCKS),
    "row between goalposts": by_row,
    "EM": by_em,
}
METHODS: dict[str, Method] = UNORDERED | {
    "group mean": lambda x: filled_by_column(x, "mean", GROUPS),
    "group median": lambda x: filled_by_column(x, "median", GROUPS),
    "last year": carried_forward,
    "last year but one": lambda x: carried_forward(x, 1),
    "line": lambda x: interpolated(x, YEARS, ends="missing"),
    "line and ends": lambda x: interpolated(x, YEARS, ends="nearest"),
}


def every(methods: dict[str, Method]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("method", methods.values(), ids=methods)


def bits(x: Array) -> bytes:
    """The array to the last bit, -0 apart from 0; all NaN count as the same."""
    return np.where(np.isnan(x), NAN, x).tobytes()


@every(METHODS)
@given(tables())
def test_imputation_never_touches_what_is_present(method: Method, x: Array) -> None:
    before = x.copy()
    values = method(x).values
    assert bits(x) == bits(before)
    assert values[~np.isnan(x)].tobytes() == x[~np.isnan(x)].tobytes()


@every(METHODS)
@given(tables())
def test_every_imputed_cell_is_recorded_and_no_other(method: Method, x: Array) -> None:
    values, imputed = method(x)
    np.testing.assert_array_equal(imputed, np.isnan(x) & ~np.isnan(values))


# Not with a reach: filled twice, a value is carried twice as far.
@every({k: v for k, v in METHODS.items() if k != "last year but one"})
@given(tables())
def test_what_is_filled_once_is_filled(method: Method, x: Array) -> None:
    # By row, goalposts of the filled table may lie further out; they move no value.
    again = method(method(x).values)
    assert not again.imputed.any()


@every(METHODS)
@given(full)
def test_complete_data_come_back(method: Method, numbers: list[float]) -> None:
    x = np.array(numbers).reshape(ROWS, COLUMNS)
    x[0], x[1] = -300.0, 300.0  # no goalposts coincide
    values, imputed = method(x)
    assert values.tobytes() == x.tobytes() and not imputed.any()


@every(UNORDERED)
@given(tables(), st.permutations(range(ROWS)))
def test_a_permutation_of_units_permutes_the_result(
    method: Method, x: Array, order: list[int]
) -> None:
    assert bits(method(x[order]).values) == bits(method(x).values[order])


@given(tables(), st.permutations(range(ROWS)), st.sampled_from(["mean", "median"]))
def test_groups_follow_the_unit_and_not_the_row(x: Array, order: list[int], centre: str) -> None:
    moved = filled_by_column(x[order], centre, GROUPS[order])  # type: ignore[arg-type]
    assert bits(moved.values) == bits(filled_by_column(x, centre, GROUPS).values[order])  # type: ignore[arg-type]


@given(tables(), st.permutations(range(COLUMNS)))
def test_a_permutation_of_indicators_permutes_the_result(x: Array, order: list[int]) -> None:
    by_block = filled_by_row(x[:, order], BLOCKS[order]).values
    assert bits(by_block) == bits(filled_by_row(x, BLOCKS).values[:, order])
    np.testing.assert_allclose(by_em(x[:, order]).values, by_em(x).values[:, order], atol=1e-5)


@given(tables())
def test_mean_imputation_keeps_the_mean_and_median_imputation_the_median(x: Array) -> None:
    there = ~np.isnan(x).all(axis=0)
    means = filled_by_column(x).values.mean(axis=0)
    np.testing.assert_allclose(means[there], np.nanmean(x, axis=0)[there], rtol=1e-12, atol=1e-10)
    medians = np.median(filled_by_column(x, "median").values, axis=0)
    np.testing.assert_array_equal(medians[there], np.nanmedian(x, axis=0)[there])


@pytest.mark.parametrize("group", [0, 1, 2])
@given(tables())
def test_group_mean_imputation_keeps_the_mean_of_the_group(group: int, x: Array) -> None:
    rows = group == GROUPS
    filled = filled_by_column(x, "mean", GROUPS).values[rows]
    for before, after in zip(x[rows].T, filled.T, strict=True):
        if np.isnan(before).all():
            assert np.isnan(after).all()
        else:
            assert after.mean() == pytest.approx(np.nanmean(before), rel=1e-12, abs=1e-10)


@given(tables())
def test_one_group_of_all_is_no_group(x: Array) -> None:
    everyone = np.full(ROWS, 7)
    assert bits(filled_by_column(x, "mean", everyone).values) == bits(filled_by_column(x).values)


@every({k: v for k, v in METHODS.items() if k not in ("row", "EM")})
@given(tables())
def test_an_estimate_lies_between_the_extremes_of_its_indicator(method: Method, x: Array) -> None:
    values, imputed = method(x)
    low, high = extremes(x)
    slack = 1e-10
    assert ((values >= low - slack) & (values <= high + slack))[imputed].all()


@every({k: v for k, v in METHODS.items() if k != "row"})
@given(tables(), st.sampled_from([0.125, 3.0, 1000.0]), st.sampled_from([-50.0, 0.0, 7.0]))
def test_a_change_of_unit_changes_the_unit_alone(
    method: Method, x: Array, factor: float, shift: float
) -> None:
    there = method(factor * x + shift).values
    np.testing.assert_allclose(
        there, factor * method(x).values + shift, rtol=1e-9, atol=1e-5 * factor
    )


@given(tables())
def test_turning_every_direction_changes_no_estimate_by_row(x: Array) -> None:
    worst, best = extremes(x)
    turned = filled_by_row(x, BLOCKS, worst=best, best=worst).values
    np.testing.assert_allclose(turned, by_row(x).values, rtol=0, atol=1e-9)


@given(tables(), st.integers(1, ROWS - 1), sixteenths)
def test_the_past_is_never_filled_from_the_future(x: Array, year: int, later: float) -> None:
    other = x.copy()
    other[year:] = later
    assert bits(carried_forward(x).values[:year]) == bits(carried_forward(other).values[:year])


@given(sixteenths, sixteenths, st.sets(st.integers(0, ROWS - 1), min_size=2))
def test_a_straight_line_is_restored(start: float, slope: float, known: set[int]) -> None:
    line = (start + slope * (YEARS - YEARS[0]))[:, None]
    x = np.where(np.isin(np.arange(ROWS), list(known))[:, None], line, NAN)
    values, imputed = interpolated(x, YEARS, ends="missing")
    np.testing.assert_allclose(values[imputed], line[imputed], rtol=1e-12, atol=1e-9)
    assert (~np.isnan(values[min(known) : max(known) + 1])).all()


pairs = st.lists(st.tuples(sixteenths, sixteenths), min_size=5, max_size=12)


@given(pairs, st.lists(sixteenths, min_size=1, max_size=4))
def test_em_of_two_indicators_is_the_regression_line(
    whole: list[tuple[float, float]], alone: list[float]
) -> None:
    """In closed form (Anderson 1957): the line through the units that have both."""
    both = np.array(whole)
    assume((np.ptp(both, axis=0) > 50).all())
    covariance = np.cov(both.T)
    assume(abs(np.corrcoef(both.T)[0, 1]) < 0.95)
    x = np.vstack([both, [(a, NAN) for a in alone]])
    assume(np.var(both[:, 0]) > np.var(x[:, 0]) / 4)
    slope = covariance[0, 1] / covariance[0, 0]
    expected = both[:, 1].mean() + slope * (np.array(alone) - both[:, 0].mean())
    np.testing.assert_allclose(em_normal(x).values[len(both) :, 1], expected, rtol=0, atol=1e-5)


# ---- screening and denomination


@given(tables(), st.floats(0, 1), st.floats(0, 1), st.permutations(range(ROWS)))
def test_a_stricter_screen_keeps_fewer_and_follows_the_unit(
    x: Array, one: float, other: float, order: list[int]
) -> None:
    loose, strict = sorted((one, other))
    many = screened(x, present=loose, nonzero=loose).kept
    few = screened(x, present=strict, nonzero=strict).kept
    assert not (few & ~many).any()
    moved = screened(x[order], present=loose, nonzero=loose).kept
    np.testing.assert_array_equal(moved, many[order])


@given(tables())
def test_shares_and_unique_values_are_what_counting_says(x: Array) -> None:
    rows = [[value for value in row if value == value] for row in x.tolist()]
    columns = [[value for value in column if value == value] for column in x.T.tolist()]
    assert present_share(x).tolist() == [len(row) / COLUMNS for row in rows]
    assert unique_values(x).tolist() == [len(set(column)) for column in columns]
    for share, row in zip(nonzero_share(x), rows, strict=True):
        assert share == pytest.approx(sum(map(bool, row)) / len(row)) if row else np.isnan(share)


@given(tables(), tables(), st.sampled_from([1.0, 1000.0, 1e-6]))
def test_denomination_gives_a_number_or_says_why_not(x: Array, d: Array, scale: float) -> None:
    values, impossible = denominated(x, d, scale)
    assert not np.isinf(values).any()
    np.testing.assert_array_equal(np.isnan(values), np.isnan(x) | impossible)
    np.testing.assert_array_equal(impossible, np.isnan(d) | (d == 0))
    np.testing.assert_allclose((values * d / scale)[~impossible], x[~impossible], rtol=1e-12)

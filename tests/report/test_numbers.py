"""Printed figures: half away from zero on the decimal value."""

from decimal import ROUND_HALF_UP, Decimal
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.report.numbers import printed, rounded

SCORES = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("x", "digits", "expected"),
    [
        (2.675, 2, 2.68),
        (-2.675, 2, -2.68),
        (1.005, 2, 1.01),
        (0.5, 0, 1.0),
        (2.5, 0, 3.0),
        (-2.5, 0, -3.0),
        (58.624999, 2, 58.62),
        (99.995, 2, 100.0),
        (1e22, 2, 1e22),
    ],
)
def test_halves_go_away_from_zero(x: float, digits: int, expected: float) -> None:
    assert rounded(x, digits) == expected


def test_python_itself_would_print_another_figure() -> None:
    assert f"{2.675:.2f}" == "2.67"
    assert printed(2.675, lang="en") == "2.68"


def test_figures_in_both_languages() -> None:
    assert printed(58.615, lang="vi") == "58,62"
    assert printed(58.615, lang="en") == "58.62"
    assert printed(1234.5, 1, "vi") == "1234,5"
    assert printed(7.0, 0, "en") == "7"
    assert printed(np.float64(2.675), 2, "en") == "2.68"


def test_missing_is_a_dash_and_never_zero() -> None:
    assert printed(nan) == "–"
    assert isnan(rounded(nan, 2))


@pytest.mark.parametrize("x", [-0.0, -0.004, -1e-300])
def test_no_negative_zero(x: float) -> None:
    assert printed(x, 2, "en") == "0.00"
    assert str(rounded(x, 2)) == "0.0"


@pytest.mark.parametrize("x", [float("inf"), float("-inf")])
def test_infinity_is_refused(x: float) -> None:
    with pytest.raises(ValueError, match="must be finite or NaN"):
        printed(x)


@given(SCORES, st.integers(0, 6))
def test_agrees_with_school_rounding_of_what_is_written(x: float, digits: int) -> None:
    unit = Decimal(10) ** -digits
    expected = Decimal(str(x)).quantize(unit, rounding=ROUND_HALF_UP)
    assert Decimal(printed(x, digits, "en")) == expected
    assert abs(Decimal(repr(rounded(x, digits))) - Decimal(repr(x))) <= unit / 2


@given(st.integers(-(10**6), 10**6))
def test_every_half_cent_goes_outwards(thousandths: int) -> None:
    x = float(Decimal(thousandths * 10 + 5) / 1000)
    away = (abs(thousandths * 10 + 5) + 5) // 10
    sign = 1 if x > 0 else -1
    assert Decimal(printed(x, 2, "en")) == sign * Decimal(away) / 100


@given(SCORES, SCORES)
def test_order_is_kept(x: float, y: float) -> None:
    low, high = sorted((x, y))
    assert rounded(low, 2) <= rounded(high, 2)


@given(SCORES)
def test_sign_does_not_matter(x: float) -> None:
    assert rounded(-x, 2) == -rounded(x, 2)

"""Denomination: by hand and at the edges."""

import numpy as np
import pytest

from pii.steps.denominate import denominated

NAN, INF = float("nan"), float("inf")


def test_by_hand() -> None:
    # 6 over a denominator of 3 thousand, printed per thousand; then as it is.
    x = np.array([[6.0, 10.0], [9.0, -4.0]])
    d = np.array([[3000.0, 5.0], [4500.0, 8.0]])
    result = denominated(x, d, np.array([1000.0, 1.0]))
    assert result.values.tolist() == [[2, 2], [2, -0.5]]
    assert not result.impossible.any()


def test_one_denominator_for_all_indicators_and_leading_axes() -> None:
    x = np.array([[[6.0, 10.0], [9.0, 3.0]]] * 2)
    result = denominated(x, np.array([[2.0], [3.0]]))
    assert result.values.tolist() == [[[3, 5], [3, 1]]] * 2
    assert result.impossible.shape == x.shape


@pytest.mark.parametrize("bad", [0.0, -0.0, NAN, INF, -INF])
def test_no_denominator_no_value(bad: float) -> None:
    x = np.array([[1.0, 0.0, NAN, 5.0]])
    d = np.array([[bad, bad, bad, 2.0]])
    result = denominated(x, d)
    np.testing.assert_array_equal(result.values, [[NAN, NAN, NAN, 2.5]])
    # Also where the value is missing: the fault is the denominator's.
    assert result.impossible.tolist() == [[True, True, True, False]]


def test_a_missing_value_is_no_fault_of_the_denominator() -> None:
    result = denominated(np.array([[NAN, 0.0]]), np.array([[2.0, 2.0]]))
    np.testing.assert_array_equal(result.values, [[NAN, 0.0]])
    assert not result.impossible.any()


@pytest.mark.parametrize("sign", [1, -1])
def test_a_quotient_beyond_the_range_of_floats_is_not_infinity(sign: int) -> None:
    result = denominated(np.array([[sign * 1e300, 1e-300]]), np.array([[1e-300, 1e300]]))
    np.testing.assert_array_equal(result.values, [[NAN, 0.0]])
    assert result.impossible.tolist() == [[True, False]]


def test_a_negative_denominator_or_scale_turns_the_sign() -> None:
    assert denominated(np.array([[4.0]]), np.array([[-2.0]])).values.tolist() == [[-2]]
    assert denominated(np.array([[4.0]]), np.array([[2.0]]), -1.0).values.tolist() == [[-2]]


@pytest.mark.parametrize("scale", [0.0, NAN, INF, [1.0, 0.0]])
def test_a_scale_of_nothing_is_refused(scale: object) -> None:
    with pytest.raises(ValueError, match="a scale factor is a finite number other than zero"):
        denominated(np.ones((1, 2)), np.ones((1, 2)), np.array(scale))


def test_nothing_is_written_back() -> None:
    x, d = np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]])
    denominated(x, d, 10.0)
    assert x.tolist() == [[1, 2]] and d.tolist() == [[0, 4]]


def test_a_quotient_too_small_for_a_float_is_zero_and_no_warning() -> None:
    with np.errstate(all="raise"):
        found = denominated(np.array([[1e-300]]), np.array([[1e300]]))
    assert found.values[0, 0] == 0 and not found.impossible[0, 0]

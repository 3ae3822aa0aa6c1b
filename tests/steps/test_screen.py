"""Screening: by hand and at the edges."""

import numpy as np
import pytest
from strategies import Array

from pii.steps.screen import nonzero_share, present_share, screened, unique_values

NAN = float("nan")
X = np.array(
    [
        [1.0, 0.0, 3.0, -0.0],
        [1.0, NAN, NAN, 2.0],
        [NAN, NAN, NAN, NAN],
        [2.0, 5.0, 3.0, 7.0],
    ]
)


def flags(*rows: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(np.arange(len(X)), rows)


def kept(present: float, nonzero: float, **force: object) -> list[int]:
    result = screened(X, present=present, nonzero=nonzero, **force)  # type: ignore[arg-type]
    return np.flatnonzero(result.kept).tolist()


def test_shares_per_unit() -> None:
    assert present_share(X).tolist() == [1, 0.5, 0, 1]
    np.testing.assert_array_equal(nonzero_share(X), [0.5, 1, NAN, 1])


def test_shares_per_indicator() -> None:
    assert present_share(X, axis=-2).tolist() == [0.75, 0.5, 0.5, 0.75]
    np.testing.assert_allclose(nonzero_share(X, axis=-2), [1, 0.5, 1, 2 / 3], rtol=1e-15)


def test_a_negative_value_is_no_zero_and_one_value_has_a_share() -> None:
    x = np.array([[-1.0, -2.0], [NAN, 0.0], [NAN, 4.0]])
    assert nonzero_share(x).tolist() == [1, 0, 1]


def test_unique_values_leave_missing_out_and_take_minus_zero_for_zero() -> None:
    assert unique_values(X).tolist() == [2, 2, 1, 3]
    assert unique_values(np.array([[NAN, 0.0], [NAN, -0.0]])).tolist() == [0, 1]
    assert unique_values(X[:1]).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("present", "nonzero", "expected"),
    [
        (0, 0, [0, 1, 2, 3]),
        (0.5, 0, [0, 1, 3]),  # on the threshold is enough
        (0.500001, 0, [0, 3]),
        (1, 0, [0, 3]),
        (0, 0.5, [0, 1, 2, 3]),
        (0, 0.6, [1, 2, 3]),
        (0, 1, [1, 2, 3]),
        (0.75, 0.75, [3]),
    ],
)
def test_thresholds(present: float, nonzero: float, expected: list[int]) -> None:
    assert kept(present, nonzero) == expected


def test_a_unit_without_values_is_a_matter_of_presence_alone() -> None:
    result = screened(X, present=0.1, nonzero=1)
    assert result.few.tolist() == [False, False, True, False]
    assert result.zeros.tolist() == [True, False, False, False]


def test_what_is_forced_wins_and_the_reasons_stay() -> None:
    assert kept(0.5, 0.6) == [1, 3]
    assert kept(0.5, 0.6, force_in=flags(0, 2)) == [0, 1, 2, 3]
    assert kept(0.5, 0.6, force_out=flags(3)) == [1]
    assert kept(0.5, 0.6, force_in=flags(2), force_out=flags(1)) == [2, 3]
    result = screened(X, present=0.5, nonzero=0.6, force_in=flags(0, 2), force_out=flags(3))
    assert result.few.tolist() == [False, False, True, False]
    assert result.zeros.tolist() == [True, False, False, False]
    np.testing.assert_array_equal(result.present, present_share(X))
    np.testing.assert_array_equal(result.nonzero, nonzero_share(X))


def test_forced_both_ways_is_refused() -> None:
    with pytest.raises(ValueError, match="both in and out: row 1, 3;"):
        screened(X, present=0, nonzero=0, force_in=flags(0, 1, 3), force_out=flags(1, 2, 3))


@pytest.mark.parametrize(
    ("present", "nonzero", "message"),
    [
        (75, 0, r"present is a share from 0 to 1 \(75 % is 0.75\), not 75"),
        (-0.1, 0, "present is a share .* not -0.1"),
        (NAN, 0, "present is a share .* not nan"),
        (0, 1.5, "nonzero is a share .* not 1.5"),
    ],
)
def test_a_threshold_is_a_share(present: float, nonzero: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        screened(X, present=present, nonzero=nonzero)


@pytest.mark.parametrize("size", [10, 49, 52])
def test_a_threshold_typed_as_a_fraction_keeps_the_unit_exactly_on_it(size: int) -> None:
    gaps: Array = np.where(np.tri(size, k=-1), NAN, 1.0)  # row i: the first i missing
    zeros: Array = np.where(np.tri(size, k=-1), 0.0, 1.0)
    for i in range(size):
        for share in (1 - i / size, (size - i) / size, float(f"{(size - i) / size:.13f}")):
            assert screened(gaps, present=share, nonzero=0).kept.sum() == i + 1
            assert screened(zeros, present=0, nonzero=share).kept.sum() == i + 1


def test_a_threshold_that_all_but_one_in_a_million_reach_is_no_rounding() -> None:
    x = np.ones((1, 1000))
    x[0, 0] = NAN
    assert not screened(x, present=0.9991, nonzero=0).kept.any()
    assert screened(x, present=0.999, nonzero=0).kept.all()


def test_leading_axes() -> None:
    both = screened(np.stack([X, X[::-1]]), present=0.5, nonzero=0.6)
    assert both.kept.tolist() == [[False, True, False, True], [True, False, True, False]]
    assert unique_values(np.stack([X, X[::-1]])).tolist() == [[2, 2, 1, 3]] * 2

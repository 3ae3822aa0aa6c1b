"""Strengths and weaknesses: the rules by hand, ties at the limit, indicators that show nothing."""

import numpy as np
import numpy.typing as npt
import pytest

from pii.steps.present import deviation_of
from pii.steps.strengths import Sides, furthest, gii_sides, group_sides, unfit

NAN = float("nan")
Array = npt.NDArray[np.float64]


def listed(mask: npt.NDArray[np.bool_]) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in mask]


def sides(found: Sides, unit: int) -> tuple[list[int], list[int]]:
    return listed(found.strengths)[unit], listed(found.weaknesses)[unit]


# Three units, six indicators; the first unit is first in 0 and 3, last in 2 and 4.
SCORES = np.array(
    [
        [90.0, 50, 10, 95, 20, 60],
        [50.0, 60, 50, 10, 30, 50],
        [10.0, 40, 90, 20, 80, 70],
    ]
)
ALL = np.ones(6, dtype=bool)


def test_the_best_ranks_then_the_best_scores() -> None:
    assert sides(furthest(SCORES, count=1, usable=ALL, tolerance=0), 0) == ([3], [2])
    assert sides(furthest(SCORES, count=2, usable=ALL, tolerance=0), 0) == ([0, 3], [2, 4])
    # Third: ranked second in 1 and 5, of which 5 has the higher score, 1 the lower.
    assert sides(furthest(SCORES, count=3, usable=ALL, tolerance=0), 0) == ([0, 3, 5], [1, 2, 4])


def test_what_shows_nothing_is_left_out() -> None:
    usable = np.array([True, True, False, False, True, True])
    assert sides(furthest(SCORES, count=2, usable=usable, tolerance=0), 0) == ([0, 5], [1, 4])
    assert sides(gii_sides(SCORES, count=1, usable=usable, tolerance=0), 0) == ([0], [4])


def test_a_tie_at_the_limit_is_kept_whole() -> None:
    scores = np.array([[80.0, 80, 80, 5], [10, 10, 10, 50]])
    found = furthest(scores, count=2, usable=np.ones(4, dtype=bool), tolerance=0)
    # The weakest two are 3, and then any of three equals: those are strengths too, so neither.
    assert sides(found, 0) == ([], [3])
    one = furthest(scores, count=1, usable=np.ones(4, dtype=bool), tolerance=0)
    assert sides(one, 0) == ([0, 1, 2], [3])


def test_scores_within_the_tolerance_do_not_break_a_tie() -> None:
    scores = np.array([[80.0, 80 + 1e-12, 5, 5], [10, 10, 50, 60]])
    usable = np.ones(4, dtype=bool)
    assert sides(furthest(scores, count=1, usable=usable, tolerance=1e-9), 0)[0] == [0, 1]
    assert sides(furthest(scores, count=1, usable=usable, tolerance=0), 0)[0] == [1]


def test_what_is_missing_is_neither() -> None:
    scores = np.array([[NAN, 50, 10], [50, 60, 20], [10, 40, 5]])
    found = furthest(scores, count=1, usable=np.ones(3, dtype=bool), tolerance=0)
    assert sides(found, 0) == ([1], [2])


def test_the_last_of_few_is_as_weak_as_the_last_of_many() -> None:
    scores = np.array([[10.0, 20, 30], [NAN, 30, 20], [NAN, 40, 10], [50, 10, 40]])
    found = furthest(scores, count=1, usable=np.ones(3, dtype=bool), tolerance=0)
    assert sides(found, 0)[1] == [0]  # rank 2 of 2; the others are 3 of 4 and 2 of 4


def test_gii_percent_rank_by_hand() -> None:
    # Percent ranks of the first unit: 1, ½, 0, 1, 0, ½.
    assert sides(gii_sides(SCORES, count=1, usable=ALL, tolerance=0), 0) == ([0, 3], [2, 4])
    assert sides(gii_sides(SCORES, count=2, usable=ALL, tolerance=0), 0) == ([0, 3], [2, 4])
    # The third largest is ½, and so is the third smallest: 1 and 5 are on neither side.
    assert sides(gii_sides(SCORES, count=3, usable=ALL, tolerance=0), 0) == ([0, 3], [2, 4])


def test_gii_limit_is_the_units_own() -> None:
    x = np.array([[4.0, 3, 2, 1], [3, 4, 1, 2], [2, 1, 4, 3], [1, 2, 3, 4], [0, 0, 0, 0]])
    found = gii_sides(x, count=2, usable=np.ones(4, dtype=bool), tolerance=0)
    assert sides(found, 0) == ([0, 1], [2, 3])
    assert sides(found, 3) == ([2, 3], [0, 1])
    assert sides(found, 4) == ([], [])  # last in everything: nothing stands out


def test_gii_needs_as_many_indicators_as_it_counts() -> None:
    assert sides(gii_sides(SCORES, count=6, usable=ALL, tolerance=0), 0) == ([], [])
    for count in (7, 10):
        found = gii_sides(SCORES, count=count, usable=ALL, tolerance=0)
        assert not found.strengths.any() and not found.weaknesses.any()
    gap = SCORES.copy()
    gap[0, 1:] = NAN
    found = gii_sides(gap, count=2, usable=ALL, tolerance=0)
    assert sides(found, 0) == ([], [])
    assert found.strengths[1].any()


def test_gii_2023_the_first_three_are_always_strengths() -> None:
    x = np.array([[5.0, 5, 1], [4, 4, 2], [3, 3, 3], [2, 2, 4], [1, 1, 5]])
    usable = np.ones(3, dtype=bool)
    plain = gii_sides(x, count=1, usable=usable, tolerance=0)
    assert sides(plain, 1) == ([0, 1], [2])
    always = gii_sides(x, count=1, usable=usable, tolerance=0, always=3)
    # The third unit is third everywhere, the fourth second in the last indicator.
    assert sides(always, 2) == ([0, 1, 2], [])
    assert sides(always, 3) == ([2], [0, 1])
    last = gii_sides(x, count=1, usable=np.array([True, True, False]), tolerance=0, always=3)
    assert sides(last, 2) == ([0, 1], [])


def test_always_a_strength_is_never_a_weakness() -> None:
    # Three units: the last place is the third.
    assert sides(gii_sides(SCORES, count=1, usable=ALL, tolerance=0, always=2), 0)[1] == [2, 4]
    assert sides(gii_sides(SCORES, count=1, usable=ALL, tolerance=0, always=3), 0)[1] == []


def test_group_mean_and_standard_deviation_by_hand() -> None:
    # Group "a": mean 3, n − 1: √(40/4) = 3.16: only 9 is above 6.16. Below −0.16: nothing.
    x = np.array([[1.0], [1], [2], [2], [9], [100], [NAN]])
    groups = np.array(["a"] * 5 + ["b", "a"])
    found = group_sides(x, groups, usable=np.ones(1, dtype=bool))
    assert found.strengths[:, 0].tolist() == [False] * 4 + [True] + [False] * 2
    assert not found.weaknesses.any()
    mirrored = group_sides(-x, groups, usable=np.ones(1, dtype=bool))
    np.testing.assert_array_equal(mirrored.weaknesses, found.strengths)
    none = group_sides(x, groups, usable=np.zeros(1, dtype=bool))
    assert not none.strengths.any()


def test_exactly_one_standard_deviation_is_not_above_it() -> None:
    x = np.array([[-1.0], [0], [1]])  # mean 0, standard deviation 1
    found = group_sides(x, np.array(["a"] * 3), usable=np.ones(1, dtype=bool))
    assert not found.strengths.any() and not found.weaknesses.any()


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ([1.0, 2, 3, 4, 5, 6], ""),
        ([1.0, 2, 3, NAN, NAN, NAN], "few values"),
        ([NAN] * 6, "few values"),
        ([1.0, 2, 3, 4, NAN, NAN], ""),
        ([1.0, 1, 1, 2, 2, 2], "few distinct values"),
        ([1.0, 1, 1, 2, 2, 3], ""),  # half are equal, which is still allowed
        ([1.0, 1, 1, 1, 2, 3], "many ties"),
        ([1.0, 1 + 1e-12, 1, 1 - 1e-12, 2, 3], "many ties"),
        ([1.0, 1 + 1e-12, 1, 1, 1, 1], "few distinct values"),
    ],
)
def test_why_an_indicator_shows_nothing(column: list[float], reason: str) -> None:
    x = np.array([column, [1.0, 2, 3, 4, 5, 6]]).T
    found = unfit(x, values=4, distinct=3, tied=0.5, tolerance=1e-9)
    assert found.tolist() == [reason, ""]


def test_without_any_value_it_shows_nothing_whatever_is_asked() -> None:
    x = np.full((3, 1), NAN)
    assert unfit(x, values=0, distinct=0, tied=1, tolerance=0).tolist() == ["few values"]


def test_each_group_is_its_own_measure() -> None:
    # Three groups, so that "not this group" is no group either.
    x = np.array([[1.0], [1], [1], [9], [21], [21], [21], [29], [41], [41], [41], [49]])
    groups = np.repeat(["a", "b", "c"], 4)
    found = group_sides(x, groups, usable=np.ones(1, dtype=bool))
    assert np.flatnonzero(found.strengths[:, 0]).tolist() == [3, 7, 11]
    assert not found.weaknesses.any()


def test_no_indicators_have_no_reasons() -> None:
    found = unfit(np.empty((3, 0)), values=1, distinct=1, tied=1, tolerance=0)
    assert found.shape == (0,) and found.dtype.kind == "U"


def test_a_group_of_two_has_a_standard_deviation() -> None:
    # 10 and 90: mean 50, deviation 56.6, so neither is beyond it, as no one of two ever is.
    assert deviation_of(np.array([10.0, 90, NAN])) == pytest.approx(80 / np.sqrt(2))
    assert np.isnan(deviation_of(np.array([10.0, NAN])))

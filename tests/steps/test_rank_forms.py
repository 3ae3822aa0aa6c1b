"""Dense, average and percent ranks, and ranks within groups: by hand and at the edges."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from pii.steps.rank import average_rank, competition_rank, dense_rank, percent_rank, rank_within

NAN = float("nan")
Array = npt.NDArray[np.float64]
SCORES = np.array([30.0, 10, 20, 20, NAN, 0, 20])


def test_four_ways_to_rank_the_same_scores() -> None:
    given = {"tolerance": 0.0}
    np.testing.assert_array_equal(competition_rank(SCORES, **given), [1, 5, 2, 2, NAN, 6, 2])
    np.testing.assert_array_equal(dense_rank(SCORES, **given), [1, 3, 2, 2, NAN, 4, 2])
    np.testing.assert_array_equal(average_rank(SCORES, **given), [1, 5, 3, 3, NAN, 6, 3])
    np.testing.assert_allclose(percent_rank(SCORES, **given), [1, 0.2, 0.4, 0.4, NAN, 0, 0.4])


def test_two_equals_share_half_a_place() -> None:
    assert average_rank(np.array([1.0, 2, 2, 3]), tolerance=0).tolist() == [4, 2.5, 2.5, 1]


def test_equals_at_the_end_do_not_reach_into_what_is_missing() -> None:
    x = np.array([NAN, 1.0, 1.0, NAN, NAN])
    np.testing.assert_array_equal(average_rank(x, tolerance=0), [NAN, 1.5, 1.5, NAN, NAN])
    np.testing.assert_array_equal(dense_rank(x, tolerance=0), [NAN, 1, 1, NAN, NAN])
    np.testing.assert_array_equal(percent_rank(x, tolerance=0), [NAN, 0, 0, NAN, NAN])


@pytest.mark.parametrize("rank", [competition_rank, dense_rank, average_rank])
def test_edges(rank: Callable[..., Array]) -> None:
    assert rank(np.array([]), tolerance=0).shape == (0,)
    assert rank(np.array([5.0]), tolerance=0).tolist() == [1]
    assert np.isnan(rank(np.full((2, 3), NAN), tolerance=0)).all()


def test_the_tolerance_chain_is_the_same_everywhere() -> None:
    # 10 and 9.25 are joined by what lies between them; 0.5 is still equal, 0.75 is not.
    x = np.array([9.25, 10, 9.75, 8.5])
    assert dense_rank(x, tolerance=0.5).tolist() == [1, 1, 1, 2]
    assert average_rank(x, tolerance=0.5).tolist() == [2, 2, 2, 4]
    np.testing.assert_allclose(percent_rank(x, tolerance=0.5), [1 / 3, 1 / 3, 1 / 3, 0])
    assert dense_rank(x, tolerance=0).tolist() == [3, 1, 2, 4]


def test_leading_axes_are_ranked_apart() -> None:
    x = np.array([[1.0, 2, 2], [NAN, 1, 1]])
    np.testing.assert_array_equal(average_rank(x, tolerance=0), [[3, 1.5, 1.5], [NAN, 1.5, 1.5]])
    np.testing.assert_array_equal(dense_rank(x, tolerance=0), [[2, 1, 1], [NAN, 1, 1]])
    np.testing.assert_array_equal(percent_rank(x, tolerance=0), [[0, 0.5, 0.5], [NAN, 0, 0]])


def test_percent_rank_needs_others() -> None:
    assert np.isnan(percent_rank(np.array([5.0]), tolerance=0)).all()
    assert np.isnan(percent_rank(np.array([5.0, NAN]), tolerance=0)).all()


def test_ranks_within_groups() -> None:
    groups = np.array(["north", "south", "north", "south", "south", "south", "isle"])
    x = np.array([1.0, 5, 3, 5, 2, NAN, 0])
    found = rank_within(groups, x, tolerance=0)
    np.testing.assert_array_equal(found, [2, 1, 1, 1, 3, NAN, 1])
    dense = rank_within(groups, x, tolerance=0, rank=dense_rank)
    np.testing.assert_array_equal(dense, [2, 1, 1, 1, 2, NAN, 1])
    both = rank_within(groups, np.stack([x, -x]), tolerance=0)
    np.testing.assert_array_equal(both, [found, [1, 2, 2, 2, 1, NAN, 1]])


def test_the_chain_does_not_pass_through_another_group() -> None:
    x = np.array([10, 9.75, 9.5])
    groups = np.array(["a", "b", "a"])
    assert competition_rank(x, tolerance=0.25).tolist() == [1, 1, 1]
    assert rank_within(groups, x, tolerance=0.25).tolist() == [1, 1, 2]

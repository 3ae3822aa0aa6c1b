"""Competition ranks: by hand, at the edges, and against a slow second program."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.steps.rank import competition_rank

NAN = float("nan")


def ranks(scores: list[float], tolerance: float = 1e-9) -> list[float]:
    found: list[float] = competition_rank(np.array(scores), tolerance=tolerance).tolist()
    return found


def test_equal_scores_share_the_better_rank() -> None:
    assert ranks([3, 1, 2, 2, 0]) == [1, 4, 2, 2, 5]


def test_all_equal_are_all_first() -> None:
    assert ranks([7, 7, 7]) == [1, 1, 1]


def test_one_province_is_first() -> None:
    assert ranks([0]) == [1]
    assert ranks([]) == []


def test_without_a_score_there_is_no_rank() -> None:
    np.testing.assert_array_equal(ranks([NAN, 5, NAN, 9]), [NAN, 2, NAN, 1])
    assert np.isnan(ranks([NAN, NAN])).all()


def test_a_score_of_zero_is_ranked() -> None:
    np.testing.assert_array_equal(ranks([0, NAN, -1]), [1, NAN, 2])


def test_equality_is_passed_on_along_a_chain() -> None:
    # The ends are 1.6e-9 apart, more than the tolerance, but each neighbour is within it.
    assert ranks([10, 10 - 8e-10, 10 - 1.6e-9, 9]) == [1, 1, 1, 4]


def test_the_tolerance_itself_is_still_equal() -> None:
    assert ranks([1.0, 0.75, 0.25], tolerance=0.25) == [1, 1, 3]
    assert ranks([1.0, 0.75, 0.25], tolerance=0.5) == [1, 1, 1]


def test_without_tolerance_one_bit_decides() -> None:
    above = float(np.nextafter(1.0, 2))
    assert ranks([1.0, above, 1.0], tolerance=0) == [2, 1, 2]


def test_sums_that_should_be_equal_are() -> None:
    assert 0.1 + 0.2 != 0.3
    assert ranks([0.3, 0.1 + 0.2, 0.2]) == [1, 1, 3]


def test_leading_axes_are_ranked_apart() -> None:
    scores = np.array([[1.0, 2.0, 3.0], [3.0, NAN, 1.0]])
    np.testing.assert_array_equal(competition_rank(scores, tolerance=0), [[3, 2, 1], [1, NAN, 2]])


eighths = st.one_of(st.just(NAN), st.integers(-40, 40).map(lambda n: n / 8))


def slow_rank(scores: list[float], tolerance: float) -> list[float]:
    """Equal: joined by a chain of neighbours. Rank: 1 + how many lie above all one's equals."""
    found = []
    for score in scores:
        equals = {score}
        while True:
            more = {t for t in scores if any(abs(t - e) <= tolerance for e in equals)} | equals
            if more == equals:
                break
            equals = more
        above = sum(t > max(equals) for t in scores)
        found.append(NAN if score != score else 1.0 + above)
    return found


@given(st.lists(eighths, max_size=12), st.sampled_from([0.0, 0.125, 0.25, 1.0]))
def test_ranks_agree_with_a_slow_second_program(scores: list[float], tolerance: float) -> None:
    numbers = [s for s in scores if s == s]
    expected = iter(slow_rank(numbers, tolerance))
    wanted = [next(expected) if s == s else NAN for s in scores]
    np.testing.assert_array_equal(ranks(scores, tolerance), wanted)


@given(st.permutations(range(8)), st.lists(eighths, min_size=8, max_size=8))
@pytest.mark.parametrize("tolerance", [0.0, 0.25])
def test_ranks_do_not_depend_on_the_order_of_the_rows(
    tolerance: float, order: list[int], scores: list[float]
) -> None:
    before = ranks(scores, tolerance)
    after = ranks([scores[i] for i in order], tolerance)
    np.testing.assert_array_equal(after, [before[i] for i in order])

"""Random words: the same for draw k whatever else is drawn, and uniform."""

import numpy as np
import pytest
from scipy import stats

from pii.audit.draws import (
    BOOTSTRAP,
    FIRST,
    SECOND,
    UNCERTAINTY,
    between_0_and_1,
    normal,
    one_of,
    words,
)


@pytest.mark.parametrize("width", [1, 7, 8, 9, 79])
def test_a_draw_does_not_depend_on_its_block(width: int) -> None:
    whole = words(11, UNCERTAINTY, 0, 50, width)
    for first, count in ((0, 1), (17, 1), (3, 20), (49, 1)):
        part = words(11, UNCERTAINTY, first, count, width)
        np.testing.assert_array_equal(part, whole[first : first + count])


def test_seeds_and_streams_differ_and_zero_is_a_seed() -> None:
    drawn = [
        words(seed, stream, 0, 4, 16).tobytes()
        for seed in (0, 1, 2**64 - 1)
        for stream in (UNCERTAINTY, FIRST, SECOND, BOOTSTRAP)
    ]
    assert len(set(drawn)) == 12
    assert words(0, UNCERTAINTY, 0, 4, 16).tobytes() == drawn[0]


def test_the_generator_is_philox_and_never_changes() -> None:
    # The authors' known answer for philox4x64-10, key and counter zero. Numpy counts before it
    # draws, so the counter before zero is the last of all.
    answer = [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B]
    assert np.random.Philox(key=0, counter=2**256 - 1).random_raw(4).tolist() == answer
    # Draws that somebody recorded stay what they were.
    assert words(0, 0, 0, 1, 4).tolist() == [[149215387, 49592932, 2628306354, 1037445899]]


def test_numbers_are_uniform() -> None:
    drawn = words(5, UNCERTAINTY, 0, 20_000, 8)
    uniform = between_0_and_1(drawn)
    assert uniform.min() > 0 and uniform.max() < 1
    assert stats.kstest(uniform.ravel(), "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(uniform.T) - np.eye(8)).max() < 0.03
    counts = np.bincount(one_of(drawn[:, 0], 7), minlength=7)
    assert stats.chisquare(counts).pvalue > 1e-3


def test_the_ends_of_the_words_stay_inside() -> None:
    ends = np.array([0, 2**32 - 1], dtype=np.uint32)
    assert between_0_and_1(ends).tolist() == [2.0**-33, 1 - 2.0**-33]
    assert one_of(ends, 5).tolist() == [0, 4]
    assert np.isfinite(normal(np.array([[0, 2**32 - 1], [0, 2**32 - 1]], dtype=np.uint32))).all()


def test_normal_numbers_are_normal() -> None:
    drawn = normal(words(5, UNCERTAINTY, 0, 20_000, 8).T.copy())
    assert drawn.shape == (8, 20_000)
    assert stats.kstest(drawn.ravel(), "norm").pvalue > 1e-3
    assert abs(np.corrcoef(drawn) - np.eye(8)).max() < 0.03

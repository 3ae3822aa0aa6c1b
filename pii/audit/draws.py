"""Draw k of a seed: the same numbers whatever is drawn before it, beside it, or on what machine.

Philox is a cipher of a counter: seed and stream are its key, k says where the counter starts.
References
----------
Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from pii.matrix import Array

Words = npt.NDArray[np.uint32]

UNCERTAINTY, FIRST, SECOND, BOOTSTRAP = range(4)
"""Streams: independent sequences of draws under one seed."""


def words(seed: int, stream: int, first: int, count: int, width: int) -> Words:
    """Random 32-bit words, (count, width): row i belongs to draw `first` + i.

    seed : 0 to 2**64 − 1.
    """
    steps = -(-width // 8)  # one step of the counter gives eight words
    source = np.random.Philox(key=seed | stream << 64, counter=first * steps)
    bits = np.asarray(source.random_raw(count * steps * 4)).astype("<u8", copy=False)
    return bits.view("<u4").reshape(count, steps * 8)[:, :width]


def between_0_and_1(drawn: Words) -> Array:
    """Uniform numbers, never 0 and never 1."""
    return np.asarray((drawn + 0.5) * 2.0**-32, dtype=np.float64)


def one_of(drawn: Words, options: int) -> npt.NDArray[np.int64]:
    """Equally likely whole numbers from 0 to `options` − 1."""
    return (drawn.astype(np.uint64) * np.uint64(options) >> np.uint64(32)).astype(np.int64)


FURTHEST = 4.5
"""No number that `normal` gives is further from 0."""


def normal(drawn: Words) -> Array:
    """Standard normal numbers, (2 × words, draws) from (words, draws): two of 16 bits in a word.

    Each is the middle of one of 65,536 equally likely intervals, scaled to variance 1; none is
    beyond 4.4. What they stand for, the error of a measurement, is not known to three digits.
    """
    table, half = _quantiles(), len(drawn)
    found = np.empty((2 * half, drawn.shape[1]))
    # No index is beyond the table; "clip" spares numpy a second array of indices.
    table.take(drawn & np.uint32(0xFFFF), out=found[:half], mode="clip")
    table.take(drawn >> np.uint32(16), out=found[half:], mode="clip")
    return found


@cache
def _quantiles() -> Array:
    from scipy.special import ndtri

    middle = ndtri((np.arange(65_536) + 0.5) / 65_536)
    return np.asarray(middle / middle.std(), dtype=np.float64)

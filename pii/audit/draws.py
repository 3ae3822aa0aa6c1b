"""Draw k of a seed: the same numbers whatever is drawn before it, beside it, or on what machine.

Philox is a cipher of a counter: seed and stream are its key, k says where the counter starts.
References
----------
Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
"""

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


def normal(drawn: Words) -> npt.NDArray[np.float32]:
    """Standard normal numbers, (2 pairs, draws) from (2 pairs, draws): Box & Muller (1958).

    In single precision: what they stand for is not known to three digits.
    """
    uniform = drawn.astype(np.float32) * np.float32(2.0**-32) + np.float32(2.0**-33)
    half = len(drawn) // 2
    radius = np.sqrt(np.float32(-2.0) * np.log(np.minimum(uniform[:half], np.float32(1.0))))
    angle = uniform[half:] * np.float32(2 * np.pi)
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])

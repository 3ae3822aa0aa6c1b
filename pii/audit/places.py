"""Ranks of many draws at once."""

import numpy as np
import numpy.typing as npt

from pii.matrix import Array
from pii.steps.rank import competition_rank

Places = npt.NDArray[np.int16]


def places(scores: Array, *, tolerance: float) -> Places:
    """Rank 1 for the highest score of each draw; ties as `competition_rank` has them.

    A province's row takes the lowest bits of its score, so that one sort of numbers gives the
    order. That moves a score by less than 1e-10 of its size; where two neighbours are so near
    that it or the tolerance could matter, `competition_rank` decides.

    Parameters
    ----------
    scores : (provinces, draws), all published; at most 4,096 provinces
    Returns
    -------
    (provinces, draws)
    """
    n, draws = scores.shape
    bits = max(n - 1, 1).bit_length()
    keys = np.negative(scores.T, order="C")
    as_bits = keys.view(np.int64)
    as_bits &= -1 << bits
    as_bits |= np.arange(n)
    keys.sort(axis=1)
    moved = 4.0 * 2.0 ** (bits - 52) * np.maximum(np.abs(keys[:, :1]), np.abs(keys[:, -1:]))
    close = (keys[:, 1:] - keys[:, :-1] <= tolerance + moved).any(axis=1)
    order = as_bits & (1 << bits) - 1
    order *= draws
    order += np.arange(draws)[:, None]
    ranks = np.empty(n * draws, dtype=np.int16)
    ranks[order] = np.arange(1, n + 1, dtype=np.int16)
    ranks = ranks.reshape(n, draws)
    if close.any():
        ranks[:, close] = competition_rank(scores[:, close].T, tolerance=tolerance).T
    return ranks


def wins(ranks: Places) -> npt.NDArray[np.int64]:
    """In how many draws the row's rank is better than the column's, (provinces, provinces)."""
    n, draws = ranks.shape
    small = ranks.astype(np.int8) if n <= 127 else ranks
    found = np.zeros((n, n), dtype=np.int64)
    ahead = np.zeros((n, -(-draws // _AT_ONCE) * _AT_ONCE), dtype=bool)
    tied = bool((ranks.sum(axis=0, dtype=np.int64) != n * (n + 1) // 2).any())
    for i in range(n - 1):
        rest = ahead[i + 1 :]
        np.less(small[i], small[i + 1 :], out=rest[:, :draws])
        found[i, i + 1 :] = _counted(rest)
        if tied:
            np.greater(small[i], small[i + 1 :], out=rest[:, :draws])
            found[i + 1 :, i] = _counted(rest)
        else:
            found[i + 1 :, i] = draws - found[i, i + 1 :]
    return found


_AT_ONCE = 8 * 248
"""Flags counted in one go: eight bytes side by side, none of which may exceed 255."""


def _counted(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """True per row; rows are a multiple of `_AT_ONCE` long."""
    eights = flags.view(np.uint64).reshape(len(flags), -1, _AT_ONCE // 8)
    sums = eights.sum(axis=2).view(np.uint8)
    return np.asarray(sums.reshape(len(flags), -1).sum(axis=1, dtype=np.int64))

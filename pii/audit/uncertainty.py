"""How far ranks move when the method is drawn from a `Spread`."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from pii.audit.batch import FailedDrawError
from pii.audit.draws import UNCERTAINTY, words
from pii.audit.places import Places, places, wins
from pii.audit.plan import Plan
from pii.errors import DataError
from pii.matrix import Array

PAIRS = 200
"""Provinces up to which every pair is compared; there are n² of them."""
PILOT = 512
"""Draws that say between which scores to count."""
BINS = 2000


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What all draws say of each province; arrays are read-only, rows in the order of `provinces`.

    provinces : codes
    draws, seed : how many methods were drawn, and from which seed
    nominal_rank, nominal_score : (provinces,), of the published method; NaN where not published.
        Here as in every draw equal scores share the better rank, whatever rule of ties prints
    median_rank : (provinces,), NaN where unranked in half of the draws or more
    rank_interval : (provinces, 2), 5 % and 95 % of the draws; an unranked draw counts as last, and
        an end that falls on one is NaN
    places : (provinces, places), share of the draws in which it had rank 1, 2, …
    unranked : (provinces,), share of the draws in which coverage forbade a rank
    beats : (provinces, provinces), share of the draws in which the row's score is above the
        column's by more than the tolerance of ties; None for more than `PAIRS` provinces
    score_median : (provinces,) and score_interval : (provinces, 2), 5 % and 95 %, over the
        `score_draws` draws whose scores are on the scale of the published ones; NaN where none
    score_resolution : (provinces,), how far these may be off because draws are counted in bins
    """

    provinces: tuple[str, ...]
    draws: int
    seed: int
    nominal_rank: Array
    nominal_score: Array
    median_rank: Array
    rank_interval: Array
    places: Array
    unranked: Array
    beats: Array | None
    score_median: Array
    score_interval: Array
    score_draws: int
    score_resolution: Array

    def order(self) -> npt.NDArray[np.int64]:
        """Rows from the first to the last published rank, the unranked left out."""
        ranked = np.flatnonzero(~np.isnan(self.nominal_rank))
        return ranked[np.argsort(self.nominal_rank[ranked], kind="stable")]


@dataclass(frozen=True, slots=True)
class Window:
    """Where the scores of each province are counted: equal bins, (provinces, 1); NaN: nowhere."""

    low: Array
    width: Array


@dataclass(slots=True)
class Counts:
    """Whole numbers only, so that no order of adding up can change them.

    places : (provinces, provinces), unranked : (provinces,), wins : (provinces, provinces) or None,
    bins : (provinces, BINS), comparable : draws on the scale of the published scores
    """

    places: npt.NDArray[np.uint32]
    unranked: npt.NDArray[np.int64]
    wins: npt.NDArray[np.int64] | None
    bins: npt.NDArray[np.uint32]
    comparable: int

    def add(self, other: "Counts") -> None:
        """Take in what other draws gave."""
        self.places += other.places
        self.unranked += other.unranked
        self.bins += other.bins
        self.comparable += other.comparable
        if self.wins is not None and other.wins is not None:
            self.wins += other.wins


def uncertainty(
    plan: Plan, *, seed: int, draws: int, executor: Executor | None = None
) -> Uncertainty:
    """Draw that many methods and count what becomes of every province.

    executor : where blocks of draws are computed; None: here, one after the other. The result is
        the same to the last bit, because blocks are the same and only whole numbers are added up.
    Raises
    ------
    DataError
        For a draw that cannot be computed, with its number: there is no partial audit.
    """
    refuse_odd_numbers(seed, draws)
    window = _window(plan, seed, min(draws, PILOT))
    starts = range(0, draws, plan.block)
    sizes = [min(plan.block, draws - first) for first in starts]
    task = partial(counts, plan, seed, window)
    parts: Iterable[Counts] = (executor.map if executor else map)(task, starts, sizes)
    total: Counts | None = None
    for part in parts:
        if total is None:
            total = part
        else:
            total.add(part)
    assert total is not None
    return _told(plan, seed, draws, window, total)


def refuse_odd_numbers(seed: int, draws: int) -> None:
    """Raise `DataError` for a seed or a number of draws that is none."""
    if not 0 <= seed < 2**64:
        raise DataError(f"a seed is a whole number from 0 to 2**64 - 1, not {seed}")
    if draws < 1:
        raise DataError(f"at least 1 draw is needed, not {draws}")


def counts(plan: Plan, seed: int, window: Window, first: int, size: int) -> Counts:
    """What `size` draws from the `first` on give."""
    n = len(plan.matrix.provinces)
    found = Counts(
        np.zeros((n, n), dtype=np.uint32),
        np.zeros(n, dtype=np.int64),
        np.zeros((n, n), dtype=np.int64) if n <= PAIRS else None,
        np.zeros((n, BINS), dtype=np.uint32),
        0,
    )
    kept: dict[bytes, list[Places]] = {}
    binned: dict[bytes, list[npt.NDArray[np.int16]]] = {}
    for comparable, ranked, scores in _scores(plan, seed, first, size):
        rows = np.flatnonzero(ranked)
        ranks = places(scores[rows], tolerance=plan.method.ties.tolerance)
        kept.setdefault(ranked.tobytes(), []).append(ranks)
        found.unranked[~ranked] += scores.shape[1]
        if comparable:
            found.comparable += scores.shape[1]
            within = ranked & ~np.isnan(window.low[:, 0])
            rows = np.flatnonzero(within)
            at = (scores[rows] - window.low[rows]) / window.width[rows]
            parts = binned.setdefault(within.tobytes(), [])
            parts.append(np.clip(at, 0, BINS - 1, out=at).astype(np.int16))
    for rows, bins in _together(binned):
        _count(found.bins, rows, bins)
    for rows, ranks in _together(kept):
        if found.wins is not None:
            found.wins[np.ix_(rows, rows)] += wins(ranks)
        ranks -= 1
        _count(found.places, rows, ranks)
    return found


def _together(
    parts: dict[bytes, list[npt.NDArray[np.int16]]],
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int16]]]:
    """All draws that rank the same provinces: which rows, and what was found, (rows, draws)."""
    for mask, found in parts.items():
        yield np.flatnonzero(np.frombuffer(mask, dtype=bool)), np.concatenate(found, axis=1)


def _scores(
    plan: Plan, seed: int, first: int, size: int
) -> Iterator[tuple[bool, npt.NDArray[np.bool_], Array]]:
    drawn = words(seed, UNCERTAINTY, first, size, plan.width)
    try:
        for _, combination, ranked, scores in plan.scores(drawn):
            yield combination.comparable, ranked, scores
    except FailedDrawError as failed:
        number = first + failed.column
        raise DataError(
            f"draw {number} of seed {seed} cannot be computed: {failed}. There is no audit without "
            f"it; `pii audit RUN --seed {seed} --draw {number}` shows its method. Narrow the spread"
        ) from None


def _count(
    counted: npt.NDArray[np.uint32], rows: npt.NDArray[np.int64], bins: npt.NDArray[np.int16]
) -> None:
    """Add 1 to the bin of every draw, (rows, draws): one row at a time stays in the cache."""
    for row, at in zip(rows.tolist(), bins, strict=True):
        found = np.bincount(at)
        counted[row, : len(found)] += found.astype(np.uint32)


def _window(plan: Plan, seed: int, draws: int) -> Window:
    """From half a range below the scores of the first draws to half a range above."""
    n = len(plan.matrix.provinces)
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    for comparable, ranked, scores in _scores(plan, seed, 0, draws):
        if comparable:
            low = np.where(ranked, np.minimum(low, scores.min(axis=1)), low)
            high = np.where(ranked, np.maximum(high, scores.max(axis=1)), high)
    low[low > high] = np.nan  # ranked in none of the first draws: too seldom for an interval
    span = np.maximum(high - low, 1e-6)
    return Window((low - span / 2)[:, None], (2 * span / BINS)[:, None])


def _told(plan: Plan, seed: int, draws: int, window: Window, total: Counts) -> Uncertainty:
    ends = np.array([0.05, 0.5, 0.95])
    ranks = quantiles(total.places, ends, draws) + 1
    scores = window.low + window.width * _within_bins(total.bins, ends)
    arrays = {
        "nominal_rank": plan.nominal_rank,
        "nominal_score": plan.nominal_score,
        "median_rank": ranks[:, 1],
        "rank_interval": ranks[:, [0, 2]],
        "places": total.places / draws,
        "unranked": total.unranked / draws,
        "score_median": scores[:, 1],
        "score_interval": scores[:, [0, 2]],
        "score_resolution": window.width[:, 0],
    }
    beats = None if total.wins is None else total.wins / draws
    for array in (*arrays.values(), *([beats] if beats is not None else [])):
        array.setflags(write=False)
    return Uncertainty(
        provinces=plan.matrix.provinces,
        draws=draws,
        seed=seed,
        beats=beats,
        score_draws=total.comparable,
        **arrays,
    )


def quantiles(counted: npt.NDArray[np.uint32], ends: Array, draws: int) -> Array:
    """The smallest place that at least such a share of all draws does not exceed.

    counted : (rows, places); draws that are in no place count as beyond the last, NaN
    """
    # 5 % of 40 draws is 2, though the product in binary may exceed it.
    needed = np.maximum(np.ceil(ends * draws - 1e-9), 1).astype(np.uint64)
    found = np.array([row.cumsum(dtype=np.uint64).searchsorted(needed) for row in counted])
    return np.asarray(np.where(found < counted.shape[1], found, np.nan))


def _within_bins(counted: npt.NDArray[np.uint32], ends: Array) -> Array:
    """(rows, ends), quantiles in bins, the draws of a bin spread evenly over it; NaN for none."""
    reached = np.cumsum(counted, axis=1, dtype=np.int64)
    every = np.arange(len(counted))
    found = np.full((len(counted), len(ends)), np.nan)
    some = reached[:, -1] > 0
    for k, end in enumerate(ends.tolist()):
        needed = end * reached[:, -1]
        at = np.minimum((reached < needed[:, None]).sum(axis=1), counted.shape[1] - 1)
        here = np.maximum(counted[every, at], 1)
        below = reached[every, at] - here
        found[some, k] = (at + (needed - below) / here)[some]
    return found

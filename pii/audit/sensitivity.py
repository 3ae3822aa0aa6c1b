"""Which choice moves the ranks: Sobol' indices.

References
----------
Saltelli and others (2010), Computer Physics Communications 181; Jansen (1999) for total indices.
"""

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from pii.audit.batch import FailedDrawError
from pii.audit.draws import BOOTSTRAP, SECOND, UNCERTAINTY, Words, one_of, words
from pii.audit.places import places
from pii.audit.plan import Plan
from pii.audit.uncertainty import refuse_odd_numbers
from pii.errors import DataError
from pii.matrix import Array

START, MOST = 512, 16_384
"""Base sample to begin with, and beyond which it is not raised."""
WIDTH = 0.1
"""How narrow every interval of the mean rank shift is to become."""


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol' indices of one target; NaN where the target never varies.

    first : (choices,), share of the variance that a choice explains alone
    total : (choices,), share in which it takes part, alone or together with others
    first_interval, total_interval : (choices, 2), bootstrap, 5 % and 95 %
    """

    first: Array
    total: Array
    first_interval: Array
    total_interval: Array


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Sobol' indices of every uncertain choice; arrays are read-only.

    choices : names, in the order of the spread
    n, draws, seed : base sample, methods evaluated in all (n × (choices + 2)), seed
    bootstraps : resamples behind every interval
    mean_shift : for the mean absolute rank shift from the published ranks
    provinces : codes; per_province: for the rank of each, in the same order
    widest : the widest interval of `mean_shift`; width : how narrow it was to become
    converged : whether it did before n reached its cap
    """

    choices: tuple[str, ...]
    n: int
    draws: int
    seed: int
    bootstraps: int
    mean_shift: Indices
    provinces: tuple[str, ...]
    per_province: tuple[Indices, ...]
    widest: float
    width: float
    converged: bool

    @property
    def still(self) -> bool:
        """Whether no draw moved the mean rank shift, so that there are no indices of it."""
        return bool(np.isnan(self.mean_shift.total).all())


def sensitivity(
    plan: Plan,
    *,
    seed: int,
    n: int = START,
    most: int = MOST,
    width: float = WIDTH,
    bootstraps: int = 100,
    executor: Executor | None = None,
) -> Sensitivity:
    """Double the base sample from `n` until intervals are narrower than `width`, or to `most`.

    Row k of the first sample is draw k of the same seed.

    Raises
    ------
    DataError
        For a draw that cannot be computed: there is no partial analysis.
    """
    refuse_odd_numbers(seed, n)
    choices = len(plan.choices)
    size = max(64, plan.block // (choices + 2))
    y = np.empty((choices + 2, 0, 1 + len(plan.matrix.provinces)))
    while True:
        starts = range(y.shape[1], n, size)
        task = partial(targets, plan, seed)
        sizes = [min(size, n - first) for first in starts]
        new: Iterable[Array] = (executor.map if executor else map)(task, starts, sizes)
        y = np.concatenate([y, *new], axis=1)
        found = indices(y[0], y[1], y[2:], picks(seed, n, bootstraps))
        intervals = np.concatenate([found.first_interval[:, 0], found.total_interval[:, 0]])
        # Where nothing ever moves, there is nothing to be more certain of.
        widest = float(np.nan_to_num(intervals[:, 1] - intervals[:, 0]).max())
        if widest <= width or 2 * n > most:
            break
        n *= 2
    return Sensitivity(
        choices=plan.choices,
        n=n,
        draws=n * (choices + 2),
        seed=seed,
        bootstraps=bootstraps,
        mean_shift=_of_target(found, 0),
        provinces=plan.matrix.provinces,
        per_province=tuple(_of_target(found, k + 1) for k in range(len(plan.matrix.provinces))),
        widest=widest,
        width=width,
        converged=widest <= width,
    )


def _of_target(found: Indices, k: int) -> Indices:
    parts = (found.first[:, k], found.total[:, k])
    intervals = (found.first_interval[:, k], found.total_interval[:, k])
    for array in (*parts, *intervals):
        array.setflags(write=False)
    return Indices(*parts, *intervals)


def targets(plan: Plan, seed: int, first: int, size: int) -> Array:
    """(choices + 2, rows, 1 + provinces): mean absolute rank shift, then every rank.

    For the first sample, the second, and the first with one choice from the second at a time. A
    province without a rank counts as last.
    """
    a = words(seed, UNCERTAINTY, first, size, plan.width)
    b = words(seed, SECOND, first, size, plan.width)
    samples = [a, b, *(_mixed(a, b, columns) for columns in plan.columns)]
    try:
        ranks = _ranks(plan, np.concatenate(samples))
    except FailedDrawError as failed:
        sample, row = divmod(failed.column, size)
        where = ("draw", "row of the second sample", *plan.choices)[sample]
        raise DataError(
            f"sensitivity, {where} {first + row} of seed {seed} cannot be computed: {failed}. "
            "There is no analysis without it; narrow the spread"
        ) from None
    known = ~np.isnan(plan.nominal_rank)
    shift = np.abs(ranks[:, known] - plan.nominal_rank[known]).mean(axis=1, dtype=np.float64)
    y = np.concatenate([shift[:, None], ranks], axis=1)
    return y.reshape(len(samples), size, -1)


def _mixed(a: Words, b: Words, columns: npt.NDArray[np.int64]) -> Words:
    mixed = a.copy()
    mixed[:, columns] = b[:, columns]
    return mixed


def _ranks(plan: Plan, drawn: Words) -> Array:
    """(draws, provinces), each draw's own ranks."""
    n = len(plan.matrix.provinces)
    ranks = np.full((n, len(drawn)), float(n))
    for at, _, ranked, scores in plan.scores(drawn):
        rows = np.flatnonzero(ranked)
        here = places(scores[rows], tolerance=plan.method.ties.tolerance)
        ranks[np.ix_(rows, at)] = here
    return np.ascontiguousarray(ranks.T)


def picks(seed: int, n: int, bootstraps: int) -> Array:
    """(1 + bootstraps, n), how often each row is in a sample: once each, then resampled."""
    drawn = one_of(words(seed, BOOTSTRAP, 0, bootstraps, n), n)
    flat = (drawn + n * np.arange(bootstraps)[:, None]).ravel()
    again = np.bincount(flat, minlength=bootstraps * n).reshape(bootstraps, n)
    return np.concatenate([np.ones((1, n)), again])


def indices(a: Array, b: Array, mixed: Array, picked: Array) -> Indices:
    r"""Sobol' indices of every target, with bootstrap intervals.

    .. math:: S_i = \frac{\overline{y_B (y_{AB_i} - y_A)}}{\mathrm{var}(y_A, y_B)},\qquad
              T_i = \frac{\overline{(y_A - y_{AB_i})^2}}{2\,\mathrm{var}(y_A, y_B)}

    Parameters
    ----------
    a, b : (n, targets), of the two samples
    mixed : (choices, n, targets), of the first with one choice from the second
    picked : (1 + bootstraps, n), as `picks` gives them
    Returns
    -------
    Arrays with a last but one axis of targets: (choices, targets) and (choices, targets, 2)
    """
    # The estimate of S has less noise around a mean of zero; its expectation is the same.
    centre = (a.mean(axis=0, dtype=np.float64) + b.mean(axis=0, dtype=np.float64)) / 2
    a, b, mixed = a - centre, b - centre, mixed - centre
    first, total = estimates(a, b, mixed, picked)
    ends = (5, 95)
    bands = [
        np.moveaxis(np.percentile(part[1:], ends, axis=0), 0, -1)
        if len(picked) > 1
        else np.full((*part.shape[1:], 2), np.nan)
        for part in (first, total)
    ]
    return Indices(first[0], total[0], bands[0], bands[1])


def estimates(a: Array, b: Array, mixed: Array, picked: Array) -> tuple[Array, Array]:
    """First and total indices, (samples, choices, targets), from the values as they are."""
    n, choices = len(a), len(mixed)
    sums, squares = picked @ (a + b), picked @ (a * a + b * b)
    variance = (squares - sums * sums / (2 * n)) / (2 * n - 1)
    # A target that never varies has no indices; a rounding error is not a variance.
    variance[variance <= 1e-12 * np.maximum(squares / (2 * n), 1e-300)] = np.nan
    first = np.empty((len(picked), choices, a.shape[1]))
    total = np.empty_like(first)
    for i, part in enumerate(mixed):
        moved = part - a
        first[:, i] = picked @ (b * moved) / n / variance
        total[:, i] = picked @ (moved * moved) / (2 * n) / variance
    return first, total

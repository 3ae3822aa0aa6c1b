"""Treatment and normalisation of many matrices at once: what measurement error needs.

Arrays are (provinces, indicators, draws). Where a decision hangs on a rounding error, the step
that works one indicator at a time decides, so the two never part.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pii.matrix import Array
from pii.steps.treat import Transform, gii_treatment, retreated, winsorisable

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Gaps = tuple[Whole, ...]

NEAR = 1e-9
"""Skewness and kurtosis nearer to a limit than this are computed again, with exact sums."""
AT_ONCE = 100_000
"""Deviations held at a time: few enough for the cache, and for memory that is used again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A treatment by skewness and kurtosis, as `gii_treatment` takes it."""

    skewness: float
    kurtosis: float
    points: float
    otherwise: Transform | None
    together: bool = False


def treated(x: Array, missing: Mask, exempt: Mask, limits: Limits) -> Array:
    """`gii_treatment` of every matrix; `x` itself is changed.

    Parameters
    ----------
    x : NaN where `missing` (provinces, indicators), the same in every draw
    exempt : (indicators,)
    """
    n = (~missing).sum(axis=0)
    shape = _shape(x, np.nonzero(missing), n[:, None], limits)
    j, k = np.nonzero((shape.fails | shape.unsure) & ~exempt[:, None])
    if j.size:
        some = _Shape(shape.skew[j, k], shape.fails[j, k], shape.unsure[j, k])
        x[:, j, k] = _columns(x[:, j, k], n[j], some, limits)
    return x


def _columns(x: Array, n: Whole, shape: "_Shape", limits: Limits) -> Array:
    """(provinces, columns), each of which fails or nearly so, after treatment; n : (columns,)."""
    most = np.array([winsorisable(limits.points, size) for size in range(len(x) + 1)])[n]
    ordered = np.sort(x, axis=0)
    failed, unsure, skew, lean = shape.fails.copy(), shape.unsure, shape.skew.copy(), shape.skew
    below, above = np.zeros_like(n), np.zeros_like(n)
    bottoms, tops = ordered[0].copy(), ordered[n - 1, np.arange(len(n))]
    active = np.flatnonzero(failed & ~unsure & (most > 0))
    ordered = np.ascontiguousarray(ordered[:, active])
    while active.size:
        right = skew[active] > 0
        if limits.together:
            above[active] = np.where(right, (ordered >= tops[active]).sum(axis=0), above[active])
            below[active] = np.where(right, below[active], (ordered <= bottoms[active]).sum(axis=0))
        else:
            above[active] += right
            below[active] += ~right
        steps, every = below[active] + above[active], np.arange(active.size)
        low = ordered[np.minimum(below[active], n[active] - 1), every]
        high = ordered[np.maximum(n[active] - 1 - above[active], 0), every]
        left = (steps < n[active]) & (low != high)  # capping to a constant would destroy it
        if not left.all():
            ordered, active = ordered[:, left], active[left]
            low, high, steps = low[left], high[left], steps[left]
        bottoms[active], tops[active] = low, high
        _capped(ordered, low, high)  # what was capped before stays so
        shape = _shape(ordered, _tails(ordered, n[active]), n[active], limits)
        skew[active], failed[active] = shape.skew, shape.fails
        unsure[active] |= shape.unsure
        left = shape.fails & ~shape.unsure & (steps < most[active])
        ordered, active = ordered[:, left], active[left]
    result = _capped(x.copy(), bottoms, tops)
    at = np.flatnonzero(failed & ~unsure)
    if at.size and limits.otherwise is not None:
        result[:, at] = _transformed(x[:, at], lean[at], limits.otherwise)
    for j in np.flatnonzero(unsure):
        result[:, j] = _exactly(x[:, j], limits)
    return result


def _capped(x: Array, low: Array, high: Array) -> Array:
    return np.minimum(np.maximum(x, low, out=x), high, out=x)  # faster than np.clip


def _tails(ordered: Array, n: Whole) -> Gaps:
    """Where sorted columns with `n` values have none."""
    short = np.flatnonzero(n < len(ordered))
    row, at = np.nonzero(np.isnan(ordered[:, short]))
    return row, short[at]


def _transformed(x: Array, skew: Array, transform: Transform) -> Array:
    low, high = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    return retreated(
        x,
        form=np.full(len(low), transform.form),
        low=low,
        high=high,
        side=np.where((skew < 0) & transform.mirrored, -1.0, 1.0),
        parameter=np.full(len(low), transform.parameter),
    )


def _exactly(x: Array, limits: Limits) -> Array:
    return gii_treatment(
        x[:, None],
        skewness_limit=limits.skewness,
        kurtosis_limit=limits.kurtosis,
        points=limits.points,
        exempt=np.zeros(1, dtype=bool),
        otherwise=limits.otherwise,
        together=limits.together,
    ).values[:, 0]


class _Shape(NamedTuple):
    """Skewness, whether it and kurtosis exceed their limits, and whether rounding decides that."""

    skew: Array
    fails: Mask
    unsure: Mask


def _shape(x: Array, gaps: Gaps, n: Whole, limits: Limits) -> _Shape:
    """Of every column; NaN at `gaps`. n : how many values, as wide as a row of `x` or 1."""
    x[gaps] = 0.0
    mean = x.sum(axis=0)
    mean /= np.maximum(n, 1)
    x[gaps] = mean[gaps[1]]
    second, third, fourth = _powers(x, mean)
    x[gaps] = np.nan
    n = np.where(n >= 4, n, np.nan)  # fewer values have no kurtosis, so nothing fails
    with np.errstate(all="ignore"):
        skew = third / (second * np.sqrt(second)) * (np.sqrt(n) * np.sqrt(n * (n - 1)) / (n - 2))
        kurt = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (n * fourth / second**2) - 3 * (n - 1))
        size = np.abs(skew)
        over = (size > limits.skewness) & (kurt > limits.kurtosis)
        near = np.abs(size - limits.skewness) < NEAR * (1 + limits.skewness)
        near |= np.abs(kurt - limits.kurtosis) < NEAR * (1 + abs(limits.kurtosis))
        # Nearly constant: the deviations themselves are rounding errors.
        near |= ~(second > n * (1e-6 * mean) ** 2) | ~np.isfinite(fourth)
        near &= n >= 4
    return _Shape(skew, over, near)


def _powers(x: Array, mean: Array) -> Array:
    """Sums of the squares, cubes and fourth powers of all deviations, (3, ...)."""
    found = np.zeros((3, *mean.shape))
    rows = max(1, AT_ONCE // max(mean.size, 1))
    for first in range(0, len(x), rows):
        d = x[first : first + rows] - mean
        squares = d * d
        found[0] += squares.sum(axis=0)
        found[1] += np.einsum("p...,p...->...", squares, d)
        found[2] += np.einsum("p...,p...->...", squares, squares)
    return found


def between_extremes(
    x: Array, missing: Mask, higher: Mask, fixed: tuple[Array, Array], scale: tuple[float, float]
) -> Array:
    """`between_goalposts` of every matrix; `x` itself is changed.

    fixed : worst and best (indicators,), NaN where the data's own extremes are the goalposts
    Raises
    ------
    FlatColumnError
        Where worst and best coincide.
    """
    first = (~missing).argmax(axis=0)
    for i, j in np.argwhere(missing):  # a value of the same column moves no extreme
        x[i, j] = x[first[j], j]
    low, high = x.min(axis=0), x.max(axis=0)
    up = higher[:, None]
    worst, best = np.where(up, low, high), np.where(up, high, low)
    held = ~np.isnan(fixed[0])
    worst[held], best[held] = fixed[0][held, None], fixed[1][held, None]
    _refuse_flat(worst, best, missing)
    bottom, top = scale
    x -= worst
    x *= (top - bottom) / np.where(worst == best, 1.0, best - worst)
    if bottom:
        x += bottom
    if held.any():  # between its own extremes a score is beyond the scale by a rounding at most
        x[:, held] = np.clip(x[:, held], bottom, top)
    x[missing] = np.nan
    return x


def standardised(x: Array, missing: Mask, higher: Mask, mean: float, sd: float) -> Array:
    """`z_scores` of every matrix; `x` itself is changed. Raises `FlatColumnError`."""
    n = np.maximum((~missing).sum(axis=0), 1)[:, None]
    x[missing] = 0.0
    centre = x.sum(axis=0) / n
    x -= centre
    x[missing] = 0.0
    squares = np.einsum("p...,p...->...", x, x)
    # Equal values may leave rounding errors as deviations; those are not a spread.
    squares[squares <= n * (1e-14 * centre) ** 2] = 0.0
    _refuse_flat(squares, np.zeros_like(squares), missing)
    variance = np.where(squares > 0, squares, 1.0) / np.maximum(n - 1, 1)
    x *= np.where(higher, sd, -sd)[:, None] / np.sqrt(variance)
    x += mean
    x[missing] = np.nan
    return x


class FlatColumnError(ValueError):
    """An indicator in which a draw has one value only; `indicator` and `draw` say which."""

    def __init__(self, indicator: int, draw: int) -> None:
        super().__init__(f"all values are equal in column {indicator}")
        self.indicator, self.draw = indicator, draw


def _refuse_flat(worst: Array, best: Array, missing: Mask) -> None:
    flat = worst == best
    flat[missing.all(axis=0)] = False
    if flat.any():
        raise FlatColumnError(*np.argwhere(flat)[0].tolist())

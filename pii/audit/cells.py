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

NEAR = 1e-9
"""Skewness and kurtosis nearer to a limit than this are computed again, with exact sums."""


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
    shape = _shape(x, missing, limits)
    at = np.nonzero((shape.fails | shape.unsure) & ~exempt[:, None])
    if at[0].size:
        some = _Shape(shape.skew[at], shape.fails[at], shape.unsure[at])
        x[:, at[0], at[1]] = _columns(np.ascontiguousarray(x[:, at[0], at[1]]), some, limits)
    return x


def _columns(x: Array, shape: "_Shape", limits: Limits) -> Array:
    """(provinces, columns), each of which fails or nearly so, after treatment."""
    missing = np.isnan(x)
    n = (~missing).sum(axis=0)
    sizes, where = np.unique(n, return_inverse=True)
    most = np.array([winsorisable(limits.points, size) for size in sizes.tolist()])[where]
    ordered = np.sort(x, axis=0)
    unsure, skew, lean = shape.unsure, shape.skew.copy(), shape.skew
    below, above = np.zeros_like(n), np.zeros_like(n)
    bottoms, tops = ordered[0].copy(), np.fmax.reduce(ordered, axis=0)
    result, failed = x.copy(), shape.fails.copy()
    active = np.flatnonzero(failed & ~unsure & (most > 0))
    while active.size:
        right = skew[active] > 0
        if limits.together:
            values = ordered[:, active]
            above[active] = np.where(right, (values >= tops[active]).sum(axis=0), above[active])
            below[active] = np.where(right, below[active], (values <= bottoms[active]).sum(axis=0))
        else:
            above[active] += right
            below[active] += ~right
        steps = below[active] + above[active]
        low = ordered[np.minimum(below[active], n[active] - 1), active]
        high = ordered[np.maximum(n[active] - 1 - above[active], 0), active]
        left = (steps < n[active]) & (low != high)  # capping to a constant would destroy it
        active, low, high, steps = active[left], low[left], high[left], steps[left]
        bottoms[active], tops[active] = low, high
        capped = np.clip(x[:, active], low, high)
        result[:, active] = capped
        shape = _shape(capped, missing[:, active], limits)
        skew[active], failed[active] = shape.skew, shape.fails
        unsure[active] |= shape.unsure
        active = active[shape.fails & ~shape.unsure & (steps < most[active])]
    at = np.flatnonzero(failed & ~unsure)
    if at.size and limits.otherwise is not None:
        result[:, at] = _transformed(x[:, at], lean[at], limits.otherwise)
    for j in np.flatnonzero(unsure):
        result[:, j] = _exactly(x[:, j], limits)
    return result


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


def _shape(x: Array, missing: Mask, limits: Limits) -> _Shape:
    extra = x.ndim - missing.ndim
    n = (~missing).sum(axis=0).astype(np.float64).reshape(missing.shape[1:] + (1,) * extra)
    x[missing] = 0.0
    mean = x.sum(axis=0) / np.maximum(n, 1)
    d = x - mean
    d[missing] = 0.0
    x[missing] = np.nan
    squares = d * d
    second = np.einsum("p...,p...->...", d, d)
    third = np.einsum("p...,p...->...", squares, d)
    fourth = np.einsum("p...,p...->...", squares, squares)
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
    some = np.flatnonzero(~missing.all(axis=0))
    flat = np.argwhere(worst[some] == best[some])
    if len(flat):
        raise FlatColumnError(int(some[flat[0, 0]]), int(flat[0, 1]))

"""Imputation: estimates where there is no value, each of them recorded.

Whatever the method, a value that is present comes back to the last bit, and a gap for which the
method has nothing to go on stays NaN. Not imputing is `no_imputation`. x is (..., units,
indicators), in any unit of measurement, a panel (years, ...) in order of time; NaN where missing.
"""

from typing import Literal, NamedTuple

import numpy as np

from pii.steps.normalise import UNIT, between_goalposts
from pii.steps.present import Array, Mask, Whole, extremes, mean_of, refuse

SINGULAR = 1e-10
"""Smallest eigenvalue of a covariance of standardised indicators that can still be inverted."""


class Filled(NamedTuple):
    """Values without the gaps that could be filled.

    values : as given; NaN where still missing
    imputed : True for the cells that were missing and now have an estimate
    """

    values: Array
    imputed: Mask


def _filled(x: Array, estimate: Array) -> Filled:
    # The one door: only gaps take an estimate, so no method can touch what is present.
    imputed = np.isnan(x) & ~np.isnan(estimate)
    return Filled(np.where(imputed, estimate, x), imputed)


def no_imputation(x: Array) -> Filled:
    """Every gap stays a gap; means are then over what is present.

    Source: GII (2019), appendix I: missing data are not imputed.
    """
    return _filled(x, np.full_like(x, np.nan))


def filled_by_column(
    x: Array, centre: Literal["mean", "median"] = "mean", groups: Whole | None = None
) -> Filled:
    """The mean or median of the indicator over the units that have it, or over their group.

    A group in which no unit has the indicator keeps its gaps. Nothing falls back silently to the
    mean of all.

    groups : (units,), the same number for units of one group; below 0 for units in no group,
        whose gaps stay

    Source: OECD/JRC (2008), step 3; COINr, i_mean, i_median, i_mean_grp, i_median_grp.
    """
    members = np.zeros(x.shape[-2], dtype=np.int64) if groups is None else groups
    middle = {"mean": mean_of, "median": _median}[centre]
    estimate = np.full_like(x, np.nan)
    for group in np.unique(members[members >= 0]):
        rows = members == group
        estimate[..., rows, :] = np.apply_along_axis(middle, -2, x[..., rows, :])[..., None, :]
    return _filled(x, estimate)


def _median(x: Array) -> float:
    present = x[~np.isnan(x)]
    return float(np.median(present)) if present.size else float("nan")


def filled_by_row(
    x: Array, blocks: Whole, *, worst: Array | None = None, best: Array | None = None
) -> Filled:
    r"""The mean of the unit's other indicators in the same block (pillar).

    .. math:: \hat x_{ij} = w_j + (b_j - w_j)\,\bar t_{i},\qquad
              t_{ij} = \frac{x_{ij} - w_j}{b_j - w_j}

    Indicators of different units are made comparable by goalposts (w worst, b best) and the mean is
    brought back to the unit of the indicator filled. Leave them out for values on one scale. A unit
    without any value in the block keeps its gaps there.

    blocks : (indicators,), the same number for indicators of one block
    worst, best : (indicators,), in the indicator's unit

    Raises ValueError where two goalposts coincide, or where only one of them is given.

    Source: COINr, Impute by row: there `normalise_first` takes the extremes present as goalposts.
    """
    if (worst is None) != (best is None):
        raise ValueError("give both goalposts, or none for values on one scale")
    low = np.zeros(x.shape[-1]) if worst is None else worst
    high = np.ones(x.shape[-1]) if best is None else best
    share = between_goalposts(x, low, high, scale=UNIT, capped=False)
    means = np.full_like(x, np.nan)
    for block in np.unique(blocks):
        columns = blocks == block
        means[..., columns] = np.apply_along_axis(mean_of, -1, share[..., columns])[..., None]
    return _filled(x, low + (high - low) * means)


def last_available(panel: Array, reach: int | None = None) -> Whole:
    """Which year each cell of a panel would be taken from: its own, or the last one before it.

    reach : how many places a value may be carried forward, at least 0; None for any number

    Returns (years, ...), places on the first axis; −1 where nothing can be carried. Raises
    ValueError for a negative reach.

    Source: GII, "latest year available".
    """
    if reach is not None and reach < 0:
        raise ValueError(f"a value is carried forward, so reach is 0 or more, not {reach}")
    place = np.arange(panel.shape[0]).reshape(-1, *[1] * (panel.ndim - 1))
    source = np.maximum.accumulate(np.where(np.isnan(panel), -1, place), axis=0)
    return source if reach is None else np.where(place - source > reach, -1, source)


def carried_forward(panel: Array, reach: int | None = None) -> Filled:
    """The last year available: gaps take the most recent earlier value of the same cell.

    Gaps before the first value stay. `last_available` says from which year each value comes, and
    what `reach` is.

    Source: COINr, impute_panel "latest" and its max_time.
    """
    source = last_available(panel, reach)
    earlier = np.take_along_axis(panel, source, axis=0)  # at -1 anything, and not used
    return _filled(panel, np.where(source < 0, np.nan, earlier))


def interpolated(panel: Array, years: Array, *, ends: Literal["missing", "nearest"]) -> Filled:
    r"""On the straight line between the nearest years before and after that have a value.

    .. math:: \hat x_t = x_a + (x_b - x_a)\,\frac{t - a}{b - a}

    years : (years,), strictly rising, else ValueError; need not be evenly spaced
    ends : gaps before the first or after the last value stay ("missing") or take that value
        ("nearest", as COINr does). Nothing is extrapolated.

    Source: COINr, impute_panel "linear", which cannot fill from a single value; "nearest" does.
    """
    if not (np.diff(years) > 0).all():
        raise ValueError("the years of a panel must rise from one to the next")
    outside = {"missing": np.nan, "nearest": None}[ends]

    def line(series: Array) -> Array:
        there = ~np.isnan(series)
        if not there.any():
            return series
        return np.interp(years, years[there], series[there], left=outside, right=outside)

    return _filled(panel, np.apply_along_axis(line, 0, panel))


def em_normal(
    x: Array, *, ridge: float = 0.0, tolerance: float = 1e-10, iterations: int = 10_000
) -> Filled:
    r"""The value expected from the unit's other indicators, under one multivariate normal.

    Mean and covariance are those of maximum likelihood given all values present (missing at
    random), found by expectation-maximisation. For a unit with values o and gaps m

    .. math:: \hat x_m = \mu_m + \Sigma_{mo}\Sigma_{oo}^{-1}(x_o - \mu_o),\qquad
              \Sigma = \frac1{n + r}\Bigl(\sum_i (\hat x_i - \mu)(\hat x_i - \mu)' + C_i + rI\Bigr)

    where C is the covariance of the gaps given the values, without which variances come out too
    small. The work is done on standardised indicators, in an order of units that does not depend
    on theirs: a permutation of rows permutes the result to the bit.

    x : (units, indicators), at best near normal (after treatment)
    ridge : r, the weight of an assumption that indicators are unrelated, in units added to the
        data. 0 is maximum likelihood; above 0 it shrinks estimates towards the indicator's mean
        and makes them possible where there are fewer units than indicators
    tolerance : largest change of a standardised mean or covariance at which to stop
    iterations : after which it is given up

    A unit without any value keeps its gaps: there is nothing to expect them from. Raises
    ValueError where there is no single best covariance, with the reason and the remedy: an
    indicator with fewer than two different values; too few units, indicators in a linear relation,
    or two never seen in the same unit, all three unless `ridge` is above 0; no convergence.

    Source: Dempster, Laird & Rubin (1977); Little & Rubin (2002), section 11.2; OECD/JRC (2008),
    step 3. For the ridge: Schafer (1997), ridge prior; Honaker, King & Blackwell (2011).
    """
    known = ~np.isnan(x).all(axis=1)
    if not np.isnan(x[known]).any():
        return no_imputation(x)
    order = np.flatnonzero(known)[np.lexsort(x[known].T)]
    values = x[order]
    _refuse_singular(values, ridge)
    centre, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    estimate = np.full_like(x, np.nan)
    expected = _em((values - centre) / spread, ridge, tolerance, iterations)
    estimate[order] = centre + spread * expected
    return _filled(x, estimate)


def _refuse_singular(x: Array, ridge: float) -> None:
    low, high = extremes(x)
    refuse(~(low < high), "fewer than two different values", "; leave it out")
    if not ridge >= 0:
        raise ValueError(f"a ridge is a number of units, 0 or more, not {ridge:g}")
    if ridge:
        return
    remedy = "use fewer indicators or a ridge above 0"
    if x.shape[0] <= x.shape[1]:
        raise ValueError(f"{x.shape[0]} units for {x.shape[1]} indicators; {remedy}")
    there = ~np.isnan(x)
    apart = np.argwhere(there.T.astype(np.int64) @ there.astype(np.int64) == 0)
    if apart.size:
        raise ValueError(f"columns {apart[0, 0]} and {apart[0, 1]} share no unit; {remedy}")


def _em(z: Array, ridge: float, tolerance: float, iterations: int) -> Array:
    present, rows = np.unique(~np.isnan(z), axis=0, return_inverse=True)
    patterns = [(there, rows.ravel() == k) for k, there in enumerate(present)]
    n, width = z.shape
    mean, covariance = np.zeros(width), np.eye(width)
    for _ in range(iterations):
        full, gaps = _expected(z, patterns, mean, covariance)
        was = mean, covariance
        mean = full.mean(axis=0)
        d = full - mean
        covariance = (d.T @ d + gaps + ridge * np.eye(width)) / (n + ridge)
        moved = max(np.abs(mean - was[0]).max(), np.abs(covariance - was[1]).max())
        if moved < tolerance:
            return full
    raise ValueError(f"no convergence in {iterations} iterations; set a ridge above 0")


def _expected(
    z: Array, patterns: list[tuple[Mask, Mask]], mean: Array, covariance: Array
) -> tuple[Array, Array]:
    """Units with their gaps expected, and the summed covariance of those gaps."""
    size, axes = np.linalg.eigh(covariance)
    if size[0] < SINGULAR:
        raise ValueError("indicators in a linear relation; leave one out or set a ridge above 0")
    # With P the inverse of the covariance, C is the inverse of P_mm, and the slopes -C P_mo:
    # the gaps of a unit are few, so this inverts small matrices.
    precision = (axes / size) @ axes.T
    full, gaps = z.copy(), np.zeros_like(covariance)
    for there, rows in patterns:
        gone = ~there
        rest = np.linalg.inv(precision[np.ix_(gone, gone)])
        slopes = -rest @ precision[np.ix_(gone, there)]
        full[np.ix_(rows, gone)] = mean[gone] + (z[np.ix_(rows, there)] - mean[there]) @ slopes.T
        gaps[np.ix_(gone, gone)] += rows.sum() * rest
    return full, gaps

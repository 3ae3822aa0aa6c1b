"""Means of scores, and when a mean may be published.

In every mean x is (..., children), NaN where a child is not published; weights (children,) are
local and not negative: only their ratios matter, and those of absent children are shared out
among the present ones. The result is (...), NaN where `published` (...) forbids a score or all
weight lies on absent children. An infinite score raises ValueError.
"""

from collections.abc import Callable
from functools import partial
from math import isfinite, isinf

import numpy as np

from pii.steps.means import (
    Pairs,
    median_of,
    ordered_mean_of,
    penalised_mean_of,
    power_mean_of,
)
from pii.steps.present import ROUNDING, Array, Mask, Whole, refuse


def covered(leaf_share: Array, children: Whole, *, share: float, count: int) -> Mask:
    """Whether a parent is published: enough of its indicators, and enough of its children.

    leaf_share : (...), share (0–1) of the indicators beneath the parent that have a value
    children : (...), number of its direct children that are published

    Source: GII (2019), appendix I: data minimum coverage.
    """
    # A share such as 2/3 against a threshold typed as 0.6667 is the analyst's business.
    return (leaf_share >= share - ROUNDING) & (children >= count)


def power_mean(x: Array, weights: Array, *, power: float, published: Mask) -> Array:
    r"""Weighted mean of power p over the children that are present.

    .. math:: \left(\frac{\sum w_i x_i^p}{\sum w_i}\right)^{1/p},\qquad
              p \to 0:\ \exp\frac{\sum w_i \ln x_i}{\sum w_i}

    1 is the arithmetic mean, 0 the geometric, −1 the harmonic. Numerator and denominator are
    correctly rounded sums.

    Raises ValueError for a score that is not above zero under a power of 0 or less, or below zero
    under any power but 1; for a power that is not finite.

    Source: OECD/JRC (2008), step 6.
    """
    if not isfinite(power):
        raise ValueError(f"a mean of power {power:g} is no mean; for the lowest score: `minimum`")
    return _over_present(x, weights, published, lambda pairs: power_mean_of(pairs, power))


def weighted_median(x: Array, weights: Array, *, published: Mask) -> Array:
    """The score at which half of the weight is reached, counted from the lowest.

    Where exactly half lies on one side (within 1e-12 of the total), the midpoint between that
    score and the next; equal weights then give the ordinary median.

    Source: Edgeworth (1888); the midpoint is the convention of the ordinary median.
    """
    return _over_present(x, weights, published, median_of)


def minimum(x: Array, weights: Array, *, published: Mask) -> Array:
    """The lowest score among the present children that have weight.

    Nothing compensates.

    Source: the limit of power means as p falls (OECD/JRC 2008, step 6, on compensation).
    """
    return _over_present(x, weights, published, lambda pairs: min(v for _, v in pairs))


def mazziotta_pareto(x: Array, weights: Array, *, downward: bool, published: Mask) -> Array:
    r"""Arithmetic mean with a penalty for imbalance among the children.

    .. math:: \mathrm{MPI}^{\mp} = M \mp S \cdot \frac{S}{M},\qquad
              S^2 = \frac{\sum w_i (x_i - M)^2}{\sum w_i}

    Made for scores with mean 100 and standard deviation 10 (MPI), or those of
    `adjusted_mpi_scores` (AMPI).

    downward : True (MPI−) where a high index is good, False (MPI+) where it is bad

    Raises ValueError where the mean is not above zero.

    Source: Mazziotta & Pareto (2013, 2016), with equal weights and S over n, not n − 1.
    """
    return _over_present(x, weights, published, partial(penalised_mean_of, downward=downward))


def adjusted_mpi_scores(x: Array, *, reference: Array, worst: Array, best: Array) -> Array:
    r"""Scores of the adjusted MPI: 100 at the reference, 60 points from end to end.

    .. math:: y = 100 + 60\,\frac{x - \mathrm{reference}}{\mathrm{best} - \mathrm{worst}}

    Not capped: goalposts shared by several years keep the years comparable.

    x : (..., provinces, indicators), in the indicator's unit; NaN where missing
    reference, worst, best : (..., indicators), in the same unit; `best` is the smaller where
        lower is better

    Raises ValueError where worst and best coincide.

    Source: Mazziotta & Pareto (2016): min and max are reference ∓ (best − worst)/2.
    """
    refuse(worst == best, "worst and best coincide")
    return 100 + 60 * (x - reference[..., None, :]) / (best - worst)[..., None, :]


def owa(x: Array, order_weights: Array, *, published: Mask) -> Array:
    r"""Ordered weighted average: the first weight is for the highest score, whichever it is.

    .. math:: \frac{\sum v_k x_{(k)}}{\sum v_k},\qquad x_{(1)} \ge x_{(2)} \ge \dots

    (1, 0, …) is the maximum, equal weights the mean, (…, 0, 1) the minimum. With m of n
    children present, their weights are the increments of the cumulative weights read off at
    0, 1/m, …, 1 between the given 0, 1/n, …, 1, so that all three still hold.

    Raises ValueError for order weights of another length, negative, missing or all zero.

    Source: Yager (1988); for missing children, the quantifier of Yager (1996).
    """
    n = x.shape[-1]
    if order_weights.shape != (n,) or not (order_weights >= 0).all() or order_weights.sum() <= 0:
        raise ValueError(
            f"an OWA of {n} children needs {n} order weights, none negative, not all 0"
        )
    ones = np.ones(n)
    return _over_present(
        x, ones, published, lambda pairs: ordered_mean_of(pairs, order_weights.tolist())
    )


def _over_present(
    x: Array, weights: Array, published: Mask, mean: Callable[[Pairs], float]
) -> Array:
    flat = x.reshape(-1, x.shape[-1])
    shown = np.broadcast_to(published, x.shape[:-1]).ravel()
    rows = [_present(row, weights) if show else [] for row, show in zip(flat, shown, strict=True)]
    means = [mean(pairs) if pairs else np.nan for pairs in rows]
    return np.array(means, dtype=np.float64).reshape(x.shape[:-1])


def _present(x: Array, weights: Array) -> Pairs:
    pairs = [(w, v) for w, v in zip(weights.tolist(), x.tolist(), strict=True) if w > 0 and v == v]
    if any(isinf(v) for _, v in pairs):
        raise ValueError("a score is infinite")
    return pairs

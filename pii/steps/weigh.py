"""Weights: given by people, or taken from the data.

Arrays are (units, indicators), weights (indicators,) with sum 1. Every function raises ValueError
on a missing value; `x[complete(x)]` leaves incomplete units out where the analyst sees it. Linear
algebra is exact to about 1e-12, not to the last bit as the means are. Maximum likelihood factor
analysis is left out: on few units it tends to end at a communality of 1 (a Heywood case).
"""

from cmath import phase
from itertools import combinations
from math import cos, fsum, log, sin
from typing import NamedTuple

import numpy as np

from pii.steps.present import Array, Mask, refuse

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Mean consistency index of random comparisons of 1, 2, … 10 indicators (Saaty 1980)."""


def complete(x: Array) -> Mask:
    """Which units have every value: (units,)."""
    return np.asarray(~np.isnan(x).any(axis=1))


def equal(indicators: int) -> Array:
    """The same weight for each of so many indicators, one at least.

    Source: OECD/JRC (2008), step 6.
    """
    return normalised(np.ones(indicators))


def normalised(weights: Array) -> Array:
    r"""Weights scaled to sum 1.

    .. math:: w_j / \textstyle\sum_k w_k

    Raises ValueError for a weight that is missing, infinite or below zero, or where none is above
    zero.

    Source: OECD/JRC (2008), step 6.
    """
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"weights are finite and not negative, these are {weights.tolist()}")
    largest = weights.max(initial=0.0)
    if largest == 0:
        raise ValueError("no weight is above zero")
    # By a power of two, so exactly; the sum of huge weights would leave the range of floats.
    scaled = np.ldexp(weights, -np.frexp(largest)[1])
    return np.asarray(scaled / fsum(scaled))


def correlations(x: Array) -> Array:
    """Pearson correlations: (indicators, indicators).

    Raises ValueError for missing values, fewer than 3 units, or a constant column, naming it.
    """
    z = _standardised(x)
    return z.T @ z


def cronbach_alpha(x: Array) -> float:
    r"""How well indicators hang together: 1 at most; below about 0.7 is weak.

    .. math:: \alpha = \frac{k}{k-1}\left(1 - \frac{\sum_j s_j^2}{s^2_{\sum_j x_j}}\right)

    x : on comparable scales: standardise first where units of measurement differ

    Raises ValueError for missing values, fewer than 2 units or indicators, or a constant sum.

    Source: Cronbach (1951); OECD/JRC (2008), step 4, table 11.
    """
    _present(x)
    total = float(x.sum(axis=1).var(ddof=1)) if len(x) > 1 else 0.0
    k = x.shape[1]
    if k < 2 or total == 0:
        raise ValueError("Cronbach's alpha needs 2 indicators and units whose sums differ")
    own = float(x.var(axis=0, ddof=1).sum())
    alpha: float = k / (k - 1) * (1 - own / total)
    return alpha


class Components(NamedTuple):
    """Principal components of the correlation matrix, largest first.

    weights : first vector scaled to sum 1; NaN throughout where one is negative, so that no mean
        can use it by oversight
    negative : (indicators,), where the first vector is below zero
    vectors : (indicators, components), each of length 1, its sum not below zero
    loadings : (indicators, components), correlation of indicator and component
    eigenvalues, shares : (components,), variance, and its share of the whole (0–1)
    """

    weights: Array
    negative: Mask
    vectors: Array
    loadings: Array
    eigenvalues: Array
    shares: Array


def pca_weights(x: Array) -> Components:
    r"""Weights from the first principal component; none where one would be negative.

    .. math:: R v_k = \lambda_k v_k,\quad w = v_1 / \textstyle\sum_j v_{j1},\quad
              l_{jk} = v_{jk}\sqrt{\lambda_k}

    A negative weight says that an indicator moves against the others: reverse its direction if
    that was a mistake, else weight in another way. Errors as `correlations`; there are as many
    components as indicators, or units if these are fewer.

    Source: OECD/JRC (2008), step 4, tables 7–8 (`loadings`); what COINr calls loadings is
    `vectors`.
    """
    _, spread, rows = np.linalg.svd(_standardised(x), full_matrices=False)
    vectors = _upward(rows.T)
    first = vectors[:, 0]
    negative = first < -1e-12  # an uncorrelated indicator is at zero, give or take a rounding
    weights = np.full(first.shape, np.nan) if negative.any() else normalised(first.clip(0))
    shares = spread**2 / len(vectors)
    return Components(weights, negative, vectors, vectors * spread, spread**2, shares)


class Factors(NamedTuple):
    """Rotated factors, the one that explains most first.

    weights : not negative
    against : (indicators,), where the loading behind the weight is negative: squaring hides that
        the indicator works against its factor
    loadings : (indicators, factors), rotated
    squared : (indicators, factors), squared loadings as shares of the factor's variance
    explained : (factors,), variance, of a total of as many as there are indicators
    """

    weights: Array
    against: Mask
    loadings: Array
    squared: Array
    explained: Array


def factor_weights(x: Array, factors: int, *, rotation: str = "varimax") -> Factors:
    r"""Weights from the factor on which each indicator loads most.

    .. math:: w_j \propto \frac{l_{jf}^2}{e_f}\cdot\frac{e_f}{\sum_g e_g} \propto l_{jf}^2,\quad
              e_f = \sum_j l_{jf}^2,\quad f = \arg\max_g |l_{jg}|

    Extraction by principal components; "varimax" with Kaiser's normalisation, or "none".
    Errors as `correlations`; also for another rotation, or more factors than have variance.

    Source: OECD/JRC (2008), step 6, tables 9, 17, 18; Nicoletti et al. (2000); Kaiser (1958).
    """
    found = pca_weights(x)
    if not 1 <= factors <= int((found.eigenvalues > 1e-10).sum()):
        raise ValueError(f"{factors} factors cannot be kept of these data")
    if rotation not in ("varimax", "none"):
        raise ValueError(f"rotation is varimax or none, not {rotation!r}")
    kept = found.loadings[:, :factors]
    loadings = _upward(kept if rotation == "none" else _varimax(kept))
    loadings = loadings[:, np.argsort(-(loadings**2).sum(axis=0), kind="stable")]
    explained = (loadings**2).sum(axis=0)
    most = np.abs(loadings).argmax(axis=1)
    deciding = loadings[np.arange(len(loadings)), most]
    squared = loadings**2 / explained
    return Factors(normalised(deciding**2), deciding < 0, loadings, squared, explained)


def entropy_weights(scores: Array) -> Array:
    r"""More weight to indicators on which units differ more, as Shannon's entropy has it.

    .. math:: p_{ij} = \frac{x_{ij}}{\sum_i x_{ij}},\quad
              w_j \propto 1 + \frac{1}{\ln n}\sum_i p_{ij}\ln p_{ij},\quad 0\ln 0 = 0

    scores : not negative; where the scale has its zero matters, its unit does not

    Raises ValueError for missing or negative scores, a column of zeros, or where no column varies.

    Source: Zeleny (1982), Multiple Criteria Decision Making, ch. 7.
    """
    _present(scores)
    return normalised(np.array([_diversity(normalised(column)) for column in scores.T]))


def _diversity(shares: Array) -> float:
    if shares.min() == shares.max():
        return 0.0
    # The sum over nearly equal shares may end a rounding error below zero.
    return max(0.0, 1 + fsum(p * log(p) for p in shares if p > 0) / log(len(shares)))


def critic_weights(scores: Array) -> Array:
    r"""More weight to indicators that vary more and repeat the others less.

    .. math:: w_j \propto s_j \sum_k (1 - r_{jk})

    scores : all on one scale, higher is better; in the original min-max on 0 to 1

    Raises ValueError as `correlations`; also where all indicators are perfectly correlated.

    Source: Diakoulaki, Mavrotas & Papayannakis (1995), Computers & Operations Research 22(7).
    """
    conflict = (1 - correlations(scores)).sum(axis=1)
    if conflict.max() < 1e-12:
        raise ValueError("all indicators are perfectly correlated: none says more than another")
    return normalised(scores.std(axis=0, ddof=1) * np.maximum(conflict, 0.0))


class Allocation(NamedTuple):
    """Experts' weights, and how far they agree.

    weights : mean share
    spread : (indicators,), standard deviation of shares over experts (n − 1); NaN for one expert
    agreement : Kendall's W, 0 (none) to 1 (same order); NaN for one expert, or without preferences
    """

    weights: Array
    spread: Array
    agreement: float


def budget_allocation(points: Array) -> Allocation:
    r"""Mean of the shares that experts give to indicators out of equal budgets.

    .. math:: W = \frac{12\sum_j (R_j - \bar R)^2}{m^2(n^3-n) - m\sum(t^3-t)}

    R: sums of mean ranks over m experts; n: indicators; t: sizes of ties.

    points : (experts, indicators), not negative

    Raises ValueError for missing or negative points, or a total that differs from the first
    expert's.

    Source: OECD/JRC (2008), step 6; Kendall & Smith (1939).
    """
    from scipy.stats import rankdata

    _present(points)
    shares = np.array([normalised(row) for row in points])
    totals = [fsum(row) for row in points]
    for expert, total in enumerate(totals):
        if abs(total / totals[0] - 1) > 1e-9:
            raise ValueError(f"expert {expert} gave {total:g} points, expert 0 {totals[0]:g}")
    m, n = points.shape
    ranks = rankdata(points, axis=1)
    ties = sum(t**3 - t for row in ranks for t in np.unique(row, return_counts=True)[1].tolist())
    most = m**2 * (n**3 - n) - m * ties
    squares = float(((ranks.sum(axis=0) - m * (n + 1) / 2) ** 2).sum())
    agreement = 12 * squares / most if m > 1 and most > 0 else float("nan")
    spread = shares.std(axis=0, ddof=1) if m > 1 else np.full(n, np.nan)
    return Allocation(normalised(shares.sum(axis=0)), spread, agreement)


class Comparisons(NamedTuple):
    """Weights from pairwise comparisons.

    eigenvalue : the largest; the number of indicators where no judgement contradicts another
    consistency_ratio : 0 consistent, 1 like random ones; above 0.1 judgements should be revised
    """

    weights: Array
    eigenvalue: float
    consistency_ratio: float


def ahp_weights(comparisons: Array) -> Comparisons:
    r"""Analytic hierarchy process: the principal eigenvector of pairwise comparisons.

    .. math:: A w = \lambda w,\quad CR = \frac{\lambda - n}{(n-1)\,RI_n}

    comparisons : (indicators, indicators), how many times the row matters more than the column

    Raises ValueError for a matrix that is not square, positive and reciprocal (to 1e-6), or of
    more than 10.

    Source: Saaty (1980), The Analytic Hierarchy Process; OECD/JRC (2008), step 6, table 20.
    """
    n = len(comparisons)
    if comparisons.shape != (n, n) or not 1 <= n <= len(RANDOM_INDEX):
        raise ValueError("comparisons are a square of 1 to 10 indicators; group a longer list")
    if not (np.isfinite(comparisons) & (comparisons > 0)).all():
        raise ValueError("every comparison is a number above zero")
    for i, j in np.argwhere(np.abs(comparisons * comparisons.T - 1) > 1e-6):
        a, b = comparisons[i, j], comparisons[j, i]
        raise ValueError(f"[{i}, {j}] is {a:g}, so [{j}, {i}] must be {1 / a:.7g}, not {b:g}")
    values, vectors = np.linalg.eig(comparisons)
    first = int(values.real.argmax())
    eigenvalue = max(float(values[first].real), float(n))  # it is never below n (Perron)
    ratio = (eigenvalue - n) / (n - 1) / RANDOM_INDEX[n - 1] if n > 2 else 0.0
    return Comparisons(normalised(np.abs(vectors[:, first].real)), eigenvalue, ratio)


class Balanced(NamedTuple):
    """Balanced weights and what they reach.

    correlations : (indicators,), of each indicator with its parent
    balanced : whether they are all equal within the tolerance
    """

    weights: Array
    correlations: Array
    balanced: bool


def balanced_weights(x: Array, *, tolerance: float = 1e-6) -> Balanced:
    r"""Weights that make every indicator equally correlated with its parent, where any can.

    .. math:: \min_{v \ge 0} v^\top R v,\quad \textstyle\sum_j v_j = 1,\quad w_j \propto v_j / s_j

    The parent is the weighted arithmetic mean of x. Indicators with weight are all equally
    correlated with it; one that would need a negative weight gets 0, and is correlated more.
    No other weights make the smallest correlation larger (Cauchy–Schwarz).

    x : as it enters the mean: scores, or published groups

    Raises ValueError as `correlations`; also for linearly dependent columns (so wherever units are
    not more than indicators), whose weights would not be unique.

    Source: the aim: Paruolo, Saisana & Saltelli (2013), JRSS-A 176(3); Becker et al. (2017),
    Ecological Indicators 80. The solution, exact, by active sets: Lawson & Hanson (1974), ch. 23.
    """
    from scipy.optimize import nnls

    z = _standardised(x)
    if np.linalg.matrix_rank(z) < z.shape[1]:
        raise ValueError("linearly dependent indicators: balanced weights would not be unique")
    # Least squares of (Zv, Σv − 1) over v ≥ 0 ends on the ray that Σv = 1 cuts at the minimum.
    ray, _ = nnls(np.vstack([z, np.ones(z.shape[1])]), np.append(np.zeros(len(z)), 1.0))
    weights = normalised(ray / x.std(axis=0, ddof=1))
    reached = correlations(np.column_stack([x, x @ weights]))[-1, :-1]
    return Balanced(weights, reached, bool(np.ptp(reached) <= tolerance))


def _present(x: Array) -> None:
    gaps = int((~complete(x)).sum())
    if gaps:
        raise ValueError(f"{gaps} of {len(x)} units have missing values: impute or leave them out")


def _standardised(x: Array) -> Array:
    # Columns of mean 0 and length 1: Z'Z is the correlation matrix.
    _present(x)
    if len(x) < 3:
        raise ValueError(f"correlations need 3 units or more, there are {len(x)}")
    refuse(x.min(axis=0) == x.max(axis=0), "no correlation: all values are equal")
    d = x - x.mean(axis=0)
    d = d / np.abs(d).max(axis=0)  # squares of tiny or huge units would leave the range of floats
    return np.asarray(d / np.sqrt((d * d).sum(axis=0)))


def _upward(columns: Array) -> Array:
    # A component has no sign of its own: the larger part of it is made to point upwards.
    return columns * np.where(columns.sum(axis=0) < 0, -1.0, 1.0)


def _varimax(loadings: Array) -> Array:
    # Kaiser (1958): rows at length 1; each pair of factors is turned to its best angle, until
    # nothing turns. Where all angles are equally good, a pair stays as it is.
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    turned = loadings / np.where(length > 0, length, 1.0)
    for _ in range(1000):
        settled = True
        for a, b in combinations(range(turned.shape[1]), 2):
            z = (turned[:, a] + 1j * turned[:, b]) ** 2
            twist = complex((z * z).mean() - z.mean() ** 2)
            if abs(twist) > 1e-12 and (twist.real < 0 or abs(twist.imag) > 1e-14):
                angle = phase(twist) / 4
                turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
                turned[:, [a, b]] = turned[:, [a, b]] @ turn
                settled = False
        if settled:
            return np.asarray(turned * length)
    raise ValueError("varimax has not settled: keep fewer factors")

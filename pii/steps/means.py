"""Means of a few numbers, exact in the order of things; on bare Python.

`pii.steps.aggregate` takes them over whole arrays; a preview takes them for one province, also
where numpy is not at hand.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, fsum, log

ROUNDING = 1e-12

Pairs = Sequence[tuple[float, float]]
"""(weight, score) of the children that are present and have weight; never empty."""


def power_mean_of(pairs: Pairs, power: float) -> float:
    r"""Weighted mean of a finite power; 0 is the geometric mean.

    Raises
    ------
    ValueError
        For a score that is not above zero under a power of 0 or less, or below zero under any
        power but 1.
    """
    low, high = min(v for _, v in pairs), max(v for _, v in pairs)
    if power <= 0 and low <= 0:
        raise ValueError(f"a mean of power {power:g} needs scores above zero")
    if power != 1 and low < 0:
        raise ValueError(f"a mean of power {power:g} needs scores of zero or more")
    # A mean lies between its members; the last bit of a division or a root may say otherwise.
    return min(max(_power_mean(pairs, power), low), high)


def _power_mean(pairs: Pairs, power: float) -> float:
    total = fsum(w for w, _ in pairs)
    if power == 1:
        return exact_dot(pairs) / total
    if power == 0:
        return exp(fsum(w * log(v) for w, v in pairs) / total)
    mean: float = (fsum(w * v**power for w, v in pairs) / total) ** (1 / power)
    return mean


def median_of(pairs: Pairs) -> float:
    """The score at which half of the weight is reached; the midpoint where exactly half is."""
    ordered = sorted((v, w) for w, v in pairs)
    total = fsum(w for w, _ in pairs)
    reached = [fsum(w for _, w in ordered[: k + 1]) / total - 0.5 for k in range(len(ordered))]
    k = next(k for k, beyond_half in enumerate(reached) if beyond_half >= -ROUNDING)
    score = ordered[k][0]
    return score if reached[k] > ROUNDING else (score + ordered[k + 1][0]) / 2


def penalised_mean_of(pairs: Pairs, *, downward: bool) -> float:
    """Mazziotta–Pareto: the mean less (or plus) its variance over itself.

    Raises
    ------
    ValueError
        Where the mean is not above zero.
    """
    mean = power_mean_of(pairs, 1)
    if mean <= 0:
        raise ValueError("a Mazziotta–Pareto index needs scores with a mean above zero")
    variance = fsum(w * (v - mean) ** 2 for w, v in pairs) / fsum(w for w, _ in pairs)
    return mean - variance / mean if downward else mean + variance / mean


def ordered_mean_of(pairs: Pairs, order_weights: Sequence[float]) -> float:
    """Ordered weighted average; with fewer scores than weights, by the quantifier of Yager."""
    m, n = len(pairs), len(order_weights)
    weights = list(order_weights)
    if m < n:
        reached = [0.0]
        for weight in order_weights:
            reached.append(reached[-1] + weight)
        read_off = [_between(reached, i / m * n) for i in range(m + 1)]
        weights = [max(b - a, 0.0) for a, b in pairwise(read_off)]
    scores = sorted((v for _, v in pairs), reverse=True)
    return power_mean_of([(w, v) for w, v in zip(weights, scores, strict=True) if w > 0], 1)


def _between(values: Sequence[float], at: float) -> float:
    """A list read off between its places."""
    low = min(int(at), len(values) - 2)
    return values[low] + (at - low) * (values[low + 1] - values[low])


def exact_dot(pairs: Pairs) -> float:
    """The sum of weight times score, correctly rounded.

    Each product is split into its rounded value and the error of that rounding (Dekker 1971), so
    that fsum sees the exact terms; weights such as 1/3 then split no tie either.
    """
    return fsum(part for w, v in pairs for part in _two_product(w, v))


def _two_product(a: float, b: float) -> tuple[float, float]:
    product = a * b
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


def _halves(a: float) -> tuple[float, float]:
    shifted = 134217729.0 * a  # 2**27 + 1
    high = shifted - (shifted - a)
    return high, a - high

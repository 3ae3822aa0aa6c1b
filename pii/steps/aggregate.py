"""Means of scores, and when a mean may be published."""

from math import exp, fsum, log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def covered(
    leaf_share: Array, children: npt.NDArray[np.int64], *, share: float, count: int
) -> npt.NDArray[np.bool_]:
    """Whether a parent is published: enough of its indicators, and enough of its children.

    Parameters
    ----------
    leaf_share : (...), share (0–1) of the indicators beneath the parent that have a value
    children : (...), number of its direct children that are published
    References
    ----------
    GII (2019), appendix I: data minimum coverage.
    """
    # A share such as 2/3 against a threshold typed as 0.6667 is the analyst's business; 1e-12
    # only takes back what binary division added.
    return (leaf_share >= share - 1e-12) & (children >= count)


def power_mean(
    x: Array, weights: Array, *, power: float, published: npt.NDArray[np.bool_]
) -> Array:
    r"""Weighted mean of power p over the children that are present.

    .. math:: \left(\frac{\sum w_i x_i^p}{\sum w_i}\right)^{1/p},\qquad
              p \to 0:\ \exp\frac{\sum w_i \ln x_i}{\sum w_i}

    1 is the arithmetic mean, 0 the geometric, −1 the harmonic. Weights are local: only their
    ratios matter, and those of absent children are shared out among the present ones.

    Parameters
    ----------
    x : (..., children), scores; NaN where a child is not published
    weights : (children,), not negative, not all zero
    published : (...), False where coverage forbids a score
    Returns
    -------
    (...); NaN where not published, or where all weight lies on absent children
    Raises
    ------
    ValueError
        For a score that is not above zero under a power of 0 or less.
    References
    ----------
    OECD/JRC (2008), step 6. Numerator and denominator are correctly rounded sums.
    """
    flat = x.reshape(-1, x.shape[-1])
    means = [
        _mean(row, weights, power) if show else np.nan
        for row, show in zip(flat, np.broadcast_to(published, x.shape[:-1]).ravel(), strict=True)
    ]
    return np.array(means, dtype=np.float64).reshape(x.shape[:-1])


def _mean(x: Array, weights: Array, power: float) -> float:
    pairs = [
        (float(w), float(v)) for w, v in zip(weights, x, strict=True) if w > 0 and not np.isnan(v)
    ]
    if not pairs:
        return float("nan")
    total = fsum(w for w, _ in pairs)
    if power == 1:
        return _exact_dot(pairs) / total
    if power <= 0 and min(v for _, v in pairs) <= 0:
        raise ValueError(f"a mean of power {power:g} needs scores above zero")
    if power == 0:
        return exp(fsum(w * log(v) for w, v in pairs) / total)
    mean: float = (fsum(w * v**power for w, v in pairs) / total) ** (1 / power)
    return mean


def _exact_dot(pairs: list[tuple[float, float]]) -> float:
    # Each product is split into its rounded value and the error of that rounding (Dekker 1971),
    # so that fsum sees the exact terms; weights such as 1/3 then split no tie either.
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

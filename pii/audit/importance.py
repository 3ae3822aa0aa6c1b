r"""How much of a parent's variance a child explains, against the weight it was given.

A weight says what a child was meant to count; the correlation ratio says what it does count,
because children differ in variance and move together (Paruolo, Saisana & Saltelli 2013).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pii.steps.weigh import correlations, normalised

Array = npt.NDArray[np.float64]

BANDWIDTHS = np.geomspace(0.1, 10.0, 16)
"""In standard deviations of x; the widest is a straight line but for a thousandth."""


def linear_importance(x: Array, y: Array) -> Array:
    """Squared correlation of each child with the parent, its sign kept: (children,).

    x : (units, children); y : (units,); errors as `pii.steps.weigh.correlations`.
    """
    r = correlations(np.column_stack([x, y]))[-1, :-1]
    return r * np.abs(r)


def correlation_ratio(x: Array, y: Array) -> float:
    r"""First-order sensitivity of y to x, whatever the shape of their relation: 0 to 1.

    .. math:: S = V(E(y \mid x)) / V(y)

    E(y | x) by local linear regression with a Gaussian kernel; its bandwidth is the one of
    `BANDWIDTHS` that predicts each unit best from all others (leave-one-out squared error).

    Parameters
    ----------
    x, y : (units,), complete
    Raises
    ------
    ValueError
        For fewer than 5 units, or where x or y is constant.
    References
    ----------
    Paruolo, Saisana & Saltelli (2013), JRSS-A 176(3); Fan & Gijbels (1996), ch. 2.
    """
    if len(x) < 5 or np.ptp(x) == 0 or np.ptp(y) == 0:
        raise ValueError("a correlation ratio needs 5 units, and x and y that vary")
    fitted = _local_lines(x / x.std(), y)
    return float(min(1.0, fitted.var() / y.var()))


def _local_lines(x: Array, y: Array) -> Array:
    # Fan & Gijbels: the weights of a local line, one row of the smoother for each unit.
    apart = x[None, :] - x[:, None]
    kernel = np.exp(-0.5 * (apart / BANDWIDTHS[:, None, None]) ** 2)
    s0, s1, s2 = ((kernel * apart**p).sum(axis=2, keepdims=True) for p in (0, 1, 2))
    # Alone within a narrow bandwidth a unit has no line: that bandwidth is out.
    spread = s0 * s2 - s1 * s1
    alone = spread <= 1e-10 * s0 * s0 * BANDWIDTHS[:, None, None] ** 2
    smoother = kernel * (s2 - apart * s1) / np.where(alone, 1.0, spread)
    fitted = smoother @ y
    left = 1 - np.diagonal(smoother, axis1=1, axis2=2)
    out = alone.any(axis=(1, 2)) | (left < 1e-9).any(axis=1)
    error = (((y - fitted) / np.where(left < 1e-9, 1.0, left)) ** 2).sum(axis=1)
    return np.asarray(fitted[int(np.where(out, np.inf, error).argmin())])


class Meeting(NamedTuple):
    """Weights under which importance is as was meant.

    weights : (children,), not negative, sum 1
    reached : (children,), shares of importance under them
    met : whether these are the shares meant, within 0.01
    """

    weights: Array
    reached: Array
    met: bool


def meeting_weights(x: Array, meant: Array) -> Meeting:
    r"""Weights whose arithmetic mean gives each child the share of importance that is meant.

    .. math:: \min_{w \ge 0,\ \sum w = 1} \sum_j
              \left(\frac{r_j |r_j|}{\sum_k r_k |r_k|} - m_j\right)^2,\quad
              r_j = \mathrm{corr}(x_j, Xw)

    A local optimum by sequential quadratic programming, the better of two starts: the weights
    meant, and those divided by standard deviations. Where children work against each other none
    may exist: `met` says so.

    Parameters
    ----------
    x : (units, children), complete
    meant : (children,), shares of importance, sum 1
    References
    ----------
    Becker, Saisana, Paruolo & Vandecasteele (2017), Ecological Indicators 80.
    """
    from scipy.optimize import LinearConstraint, minimize

    covariance = np.cov(x, rowvar=False)
    spread = np.sqrt(np.diagonal(covariance))

    def shares(w: Array) -> Array:
        with_parent = covariance @ w / spread
        squares = with_parent * np.abs(with_parent)
        total = squares.sum()
        return np.asarray(squares / total) if total > 0 else np.full(len(w), np.inf)

    def distance(w: Array) -> float:
        off = shares(np.maximum(w, 0.0)) - meant
        return min(1e6, float(off @ off))

    found = [
        minimize(
            distance,
            start,
            method="SLSQP",
            bounds=[(0.0, 1.0)] * len(meant),
            constraints=LinearConstraint(np.ones((1, len(meant))), 1.0, 1.0),
            options={"ftol": 1e-14, "maxiter": 500},
        ).x
        for start in (meant, normalised(meant / spread))
    ]
    tried = [normalised(np.maximum(w, 0.0)) for w in (*found, meant)]
    best = min(tried, key=distance)
    reached = shares(best)
    return Meeting(best, reached, bool(np.abs(reached - meant).max() <= 0.01))

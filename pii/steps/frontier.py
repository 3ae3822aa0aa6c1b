"""Benefit of the doubt: each unit under the weights that suit it best."""

from typing import NamedTuple

import numpy as np

from pii.steps.present import Array


class Frontier(NamedTuple):
    """Scores under each unit's own best weights.

    scores : (units,), 0–1; 1, to about 1e-15, on the frontier, which always holds a unit
    weights : (units, indicators), not negative; their sum is what brings the best unit to 1.
        Several sets may give the same score: one of them. NaN for a unit that scores 0
    """

    scores: Array
    weights: Array


def benefit_of_the_doubt(
    scores: Array, low: float | Array = 0.0, high: float | Array = 1.0
) -> Frontier:
    r"""Data envelopment: for each unit i the largest weighted sum that no unit brings above 1.

    .. math:: \max_w \sum_j w_j y_{ij},\quad \sum_j w_j y_{kj} \le 1\ \forall k,\quad
              l_j \sum w \le w_j \le h_j \sum w,\quad w \ge 0

    scores : (units, indicators), not negative, higher is better
    low, high : bounds on each weight's share of the sum (0–1); one number, or (indicators,)

    Raises ValueError for missing or negative scores, for bounds that no shares can meet, or where
    no unit can score above 0.

    Source: Melyn & Moesen (1991); OECD/JRC (2008), step 6, table 19; solved by HiGHS.
    """
    n = scores.shape[1]
    least, most = np.zeros(n) + low, np.zeros(n) + high
    if not np.isfinite(scores).all() or (scores < 0).any() or not (scores > 0).any():
        raise ValueError("benefit of the doubt needs every score, none below 0 and not all 0")
    apart = max(least.sum() - 1, 1 - most.sum())
    if not ((least >= 0) & (least <= most)).all() or apart > 1e-9:
        raise ValueError(f"no shares sum to 1 between {least.tolist()} and {most.tolist()}")
    y = scores / scores.max()  # the solver's tolerances are absolute
    shares = np.vstack([least[:, None] - np.eye(n), np.eye(n) - most[:, None]])
    weights = np.array([_best_weights(row, y, shares) for row in y])
    reached = y @ weights.T
    peak = reached.max(axis=0)
    if not (peak > 0).any():
        raise ValueError("under these bounds no unit scores above 0")
    peak[np.diagonal(reached) == 0] = np.nan
    own = np.nan_to_num(np.diagonal(reached) / peak)
    return Frontier(own, weights / (peak * scores.max())[:, None])


def _best_weights(own: Array, y: Array, shares: Array) -> Array:
    from scipy.optimize import linprog

    limits = np.vstack([y, shares])
    upper = np.append(np.ones(len(y)), np.zeros(len(shares)))
    found = linprog(-1.0 * own, A_ub=limits, b_ub=upper, bounds=(0, None), method="highs")
    if found.status:
        raise ValueError(f"no weights found: {found.message}")
    return np.maximum(np.asarray(found.x, dtype=np.float64), 0.0)

"""Results of an audit without the audit: a plain loop over weights, and Sobol' indices by hand."""

import numpy as np

from pii.audit.admissible import Admissible, tree_of, under
from pii.audit.sensitivity import Indices, Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.pipeline import Outcome
from pii.steps.rank import competition_rank


def drawn_scores(outcome: Outcome, admissible: Admissible, draws: int, seed: int) -> np.ndarray:
    """Index of every province, (draws, provinces), under weights drawn from the box."""
    tree = tree_of(outcome)
    rng = np.random.default_rng(seed)
    n = len(outcome.scores.provinces)
    rows = np.arange(n)
    scores = []
    for _ in range(draws):
        weights = {
            code: np.full(n, rng.uniform(low, admissible.high[code]))
            for code, low in admissible.low.items()
        }
        scores.append(under(tree, rows, weights))
    return np.array(scores)


def sampled(
    outcome: Outcome, admissible: Admissible, draws: int = 200, seed: int = 1
) -> Uncertainty:
    scores = drawn_scores(outcome, admissible, draws, seed)
    ranks = competition_rank(scores, tolerance=1e-9)
    n = scores.shape[1]
    column = outcome.scores.column(outcome.framework.index)
    known = ~np.isnan(ranks).all(axis=0)
    filled = np.where(np.isnan(ranks), n, ranks)
    interval = np.where(known[:, None], np.quantile(filled, [0.05, 0.95], axis=0).T, np.nan)
    with np.errstate(invalid="ignore"):
        beats = (scores[:, :, None] > scores[:, None, :]).mean(axis=0)
    return Uncertainty(
        provinces=outcome.scores.provinces,
        draws=draws,
        seed=seed,
        nominal_rank=outcome.scores.rank[:, column],
        nominal_score=outcome.scores.score[:, column],
        median_rank=np.where(known, np.median(filled, axis=0), np.nan),
        rank_interval=interval,
        places=np.array([(ranks == place + 1).mean(axis=0) for place in range(n)]).T,
        unranked=np.isnan(ranks).mean(axis=0),
        beats=beats,
        score_median=np.median(scores, axis=0),
        score_interval=np.quantile(scores, [0.05, 0.95], axis=0).T,
        score_draws=draws,
        score_resolution=np.zeros(n),
    )


def indices(total: list[float], first: list[float], half: float = 0.04) -> Indices:
    a, b = np.array(first), np.array(total)
    ends = np.array([-half, half])
    return Indices(a, b, a[:, None] + ends, b[:, None] + ends)


def some_sensitivity(provinces: tuple[str, ...], converged: bool = True) -> Sensitivity:
    found = indices([0.62, 0.4, 0.01], [0.5, 0.3, 0.0], 0.03)
    return Sensitivity(
        choices=("weights: pillar", "normalisation", "treatment"),
        n=512,
        draws=512 * 5,
        seed=1,
        bootstraps=100,
        mean_shift=found,
        provinces=provinces,
        per_province=tuple(found for _ in provinces),
        widest=0.06,
        width=0.1,
        converged=converged,
    )

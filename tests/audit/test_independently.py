"""The audit of the shipped edition against plain recomputations that share no code with it.

What is taken from the run are the scores of pillars; ranks, weights, the integer programme and the
Sobol' indices are written out here once more.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

import pii
from pii.audit.admissible import around
from pii.audit.exact import exact_answers
from pii.spread import Spread, VariedWeights

DATA = Path(__file__).parents[2] / "data" / "synthetic-2025"
INPUT, OUTPUT = ("1", "2", "3", "4", "5"), ("6", "7")
OFF = 0.25


@pytest.fixture(scope="module")
def outcome() -> pii.Outcome:
    framework, method = pii.load_edition(DATA / "edition.yaml")
    submissions, findings = pii.read_submissions(DATA / "values.csv", framework)
    matrix = pii.assemble(submissions, framework)
    scores = pii.compute(matrix, framework, method)
    return pii.Outcome(framework, method, None, matrix, scores, findings)


@pytest.fixture(scope="module")
def pillars(outcome: pii.Outcome) -> np.ndarray:
    x = outcome.scores.score[:, [outcome.scores.column(code) for code in INPUT + OUTPUT]]
    assert x.shape == (34, 7) and not np.isnan(x).any()
    return x


def rank_by_programme(x: np.ndarray, i: int, best: bool) -> int:
    # Half of each share of a sub-index; shares lie between 0.75 t and 1.25 t for some t.
    n, k = len(x) - 1, x.shape[1]
    lead = (np.delete(x, i, axis=0) - x[i]) / 2
    rows, low, high = [], [], []

    def add(part: dict[int, float], least: float, most: float) -> None:
        row = np.zeros(k + 2 + n)
        for at, value in part.items():
            row[at] = value
        rows.append(row), low.append(least), high.append(most)

    for group, t in ((range(5), k), (range(5, 7), k + 1)):
        add(dict.fromkeys(group, 1.0), 1.0, 1.0)
        for j in group:
            add({j: 1.0, t: -(1 - OFF)}, 0.0, np.inf)
            add({j: 1.0, t: -(1 + OFF)}, -np.inf, 0.0)
    for r in range(n):
        points = dict(enumerate(lead[r]))
        if best:  # ahead unless it is not
            add({**points, k + 2 + r: -100.0}, -np.inf, 1e-6)
        else:
            add({**points, k + 2 + r: -100.0}, 1e-6 - 100.0, np.inf)
    cost = np.append(np.zeros(k + 2), np.full(n, 1.0 if best else -1.0))
    found = milp(
        cost,
        integrality=(cost != 0).astype(int),
        bounds=Bounds(np.zeros(len(cost)), np.where(cost != 0, 1.0, np.inf)),
        constraints=LinearConstraint(np.array(rows), low, high),
        options={"mip_rel_gap": 0.0},
    )
    assert found.success
    return 1 + round(abs(found.fun))


def test_widest_ranks_are_those_of_a_programme_written_by_hand(
    outcome: pii.Outcome, pillars: np.ndarray
) -> None:
    found = exact_answers(outcome, around(outcome, {"pillar": OFF})).ranks
    assert (found.best == found.best_reached).all() and (found.worst == found.worst_reached).all()
    for i in range(0, 34, 3):
        assert found.best[i] == rank_by_programme(pillars, i, best=True), i
        assert found.worst[i] == rank_by_programme(pillars, i, best=False), i


def mean_shift(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mean of abs(rank - published rank), per draw; weights of 7 pillars and 2 sub-indices."""

    def ranks(index: np.ndarray) -> np.ndarray:
        return 1 + (index[:, None, :] > index[:, :, None] + 1e-9).sum(axis=2)

    def index(w: np.ndarray) -> np.ndarray:
        into = w[:, :5] @ x[:, :5].T / w[:, :5].sum(axis=1, keepdims=True)
        out = w[:, 5:7] @ x[:, 5:].T / w[:, 5:7].sum(axis=1, keepdims=True)
        return (w[:, [7]] * into + w[:, [8]] * out) / w[:, 7:].sum(axis=1, keepdims=True)

    return np.abs(ranks(index(weights)) - ranks(index(np.ones((1, 9))))).mean(axis=1)


def test_sobol_indices_are_those_of_a_plain_sample(
    outcome: pii.Outcome, pillars: np.ndarray
) -> None:
    spread = Spread(
        weights={level: VariedWeights("uniform", by=OFF) for level in ("pillar", "subindex")}
    )
    plan = pii.plan_of(outcome.matrix, outcome.framework, outcome.method, spread, outcome.scores)
    found = pii.sensitivity(plan, seed=0)
    rng = np.random.default_rng(20251)
    a, b = 1 + OFF * rng.uniform(-1, 1, (2, 6_000, 9))
    f_a, f_b = mean_shift(pillars, a), mean_shift(pillars, b)
    variance = np.concatenate([f_a, f_b]).var()
    for choice, columns in (("weights: pillar", slice(0, 7)), ("weights: subindex", slice(7, 9))):
        mixed = a.copy()
        mixed[:, columns] = b[:, columns]
        f_mixed = mean_shift(pillars, mixed)
        first = 1 - ((f_b - f_mixed) ** 2).mean() / (2 * variance)  # Jansen
        total = ((f_a - f_mixed) ** 2).mean() / (2 * variance)
        k = found.choices.index(choice)
        assert found.mean_shift.first[k] == pytest.approx(first, abs=0.06)
        assert found.mean_shift.total[k] == pytest.approx(total, abs=0.06)
        assert 0.02 < total < 1.0

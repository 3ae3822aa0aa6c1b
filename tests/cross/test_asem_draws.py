"""COINr's uncertainty and Sobol' analyses of ASEM, replayed draw by draw.

Its design: 1 to 5 values winsorised at most, min-max on 1 to 100 or z-scores of mean 10 and
standard deviation 2, one of 100 noisy sets of weights, arithmetic or geometric means. draws.npz
holds the design, weights, scores and ranks of COINr 1.1.14; see data/README.md.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from cross.test_asem_method import DATA, LEVELS, asem, default, matrix
from strategies import Array

from pii.audit.batch import weight_rows
from pii.audit.places import places
from pii.audit.plan import Plan, plan_of
from pii.audit.sensitivity import estimates
from pii.errors import DefinitionError
from pii.matrix import Matrix
from pii.method import Aggregation, Imputation, Method, Normalisation, Treatment
from pii.pipeline import compute
from pii.spread import Spread, VariedWeights
from pii.steps.normalise import z_scores

BAR = 1e-9
COMBINATIONS = [(w, n, a) for w in range(1, 6) for n in (1, 2) for a in (1, 2)]


@cache
def theirs() -> Any:
    return dict(np.load(DATA / "draws.npz"))


def ours(winmax: int, normalisation: int, aggregation: int) -> tuple[Matrix, Method]:
    """Matrix and method of one combination, with the published weights."""
    mean = {level: Aggregation(power=1.0 if aggregation == 1 else 0.0) for level in LEVELS[:-1]}
    treatment = Treatment("coinr", points=winmax)
    if (normalisation, aggregation) != (2, 2):
        scale = (
            Normalisation(scale=(1.0, 100.0))
            if normalisation == 1
            else Normalisation("z-score", mean=10.0, sd=2.0)
        )
        method = replace(default(), treatment=treatment, normalisation=scale, aggregation=mean)
        return matrix(), method
    # A geometric mean of z-scores is refused, for z-scores may be negative; COINr's, with mean 10,
    # happen not to be. So they are computed here and given as scores.
    nominal = replace(default(), treatment=treatment, normalisation=Normalisation("z-score"))
    values = compute(matrix(), asem(), nominal).treated.values
    higher = np.array([one.direction == "higher" for one in asem().indicators])
    scores = z_scores(values, higher, mean=10.0, sd=2.0)
    assert scores.min() > 0
    method = replace(
        default(),
        denomination={},
        imputation=Imputation(),
        treatment=Treatment(),
        normalisation=Normalisation("none", scale=(0.5, 100.0)),
        aggregation=mean,
    )
    scores.setflags(write=False)
    return replace(matrix(), values=scores), method


@cache
def planned(winmax: int, normalisation: int, aggregation: int) -> Plan:
    rows, method = ours(winmax, normalisation, aggregation)
    # Weights of pillars vary here only so that there is a spread; COINr's own are put in.
    return plan_of(rows, asem(), method, Spread(weights={"pillar": VariedWeights("uniform", 0.1)}))


def replayed(kind: str) -> Iterator[tuple[Array, Array]]:
    """(which draws, scores) of every combination, all of its draws as one array program."""
    row = weight_rows(asem())
    at = [row[code] for code in theirs()["nodes"].tolist()]
    design = theirs()[f"{kind}_design"]
    for winmax, normalisation, aggregation in COMBINATIONS:
        draws = np.flatnonzero(
            (design[:, [0, 1, 3]] == (winmax, normalisation, aggregation)).all(1)
        )
        combination = planned(winmax, normalisation, aggregation).combinations[0]
        weights = np.ones((len(row), len(draws)))
        weights[: len(asem().codes)] = combination.weights[: len(asem().codes), None]
        weights[at] = theirs()["weights"][design[draws, 2] - 1].T
        assert combination.tree is not None
        yield draws, combination.tree.index(weights)


@pytest.mark.parametrize("kind", ["ua", "sa"])
def test_every_draw_gives_coinrs_scores_and_ranks(kind: str) -> None:
    assert matrix().provinces == tuple(theirs()["units"].tolist())
    expected, ranks = theirs()[f"{kind}_scores"], theirs()[f"{kind}_ranks"]
    seen = 0
    for draws, scores in replayed(kind):
        assert np.abs(scores / expected[:, draws] - 1).max() < BAR
        np.testing.assert_array_equal(places(scores, tolerance=BAR), ranks[:, draws])
        seen += len(draws)
    assert seen == expected.shape[1] == {"ua": 200, "sa": 600}[kind]


@pytest.mark.parametrize("draw", [0, 17, 199])
def test_a_draw_computed_alone_is_the_same(draw: int) -> None:
    winmax, normalisation, chosen, aggregation = theirs()["ua_design"][draw].tolist()
    rows, method = ours(winmax, normalisation, aggregation)
    own = dict(
        zip(theirs()["nodes"].tolist(), theirs()["weights"][chosen - 1].tolist(), strict=True)
    )
    scores = compute(rows, asem(), replace(method, weights={**method.weights, **own}))
    index = scores.score[:, scores.column("Index")]
    assert np.abs(index / theirs()["ua_scores"][:, draw] - 1).max() < BAR


def test_the_sobol_indices_are_coinrs() -> None:
    ranks = np.empty((51, 600))
    for draws, scores in replayed("sa"):
        ranks[:, draws] = places(scores, tolerance=BAR)
    shift = np.abs(ranks - theirs()["nominal_ranks"][:, None]).mean(axis=0)
    assert np.abs(shift - theirs()["sa_shift"]).max() < 1e-12
    y = shift.reshape(6, 100, 1)
    first, total = estimates(y[0], y[1], y[2:], np.ones((1, 100)))
    found = np.stack([first[0, :, 0], total[0, :, 0]], axis=1)
    assert np.abs(found - theirs()["sa_indices"]).max() < BAR


def test_the_nominal_is_coinrs_default() -> None:
    rows, method = ours(5, 1, 1)
    scores = compute(rows, asem(), method)
    rank = scores.rank[:, scores.column("Index")]
    np.testing.assert_array_equal(rank, theirs()["nominal_ranks"])


def test_the_full_cross_is_refused_before_the_first_draw() -> None:
    """COINr's issue 50: 19 of 40 draws failed, and the summary was of the others."""
    _, method = ours(5, 1, 1)
    cross = Spread(
        choices={
            "normalisation": ({}, {"normalisation.rule": "z-score"}),
            "aggregation": ({}, {"aggregation.all.power": 0.0}),
        }
    )
    with pytest.raises(DefinitionError, match=r"z-score \(normalisation\) cannot go with aggrega"):
        plan_of(matrix(), asem(), method, cross)

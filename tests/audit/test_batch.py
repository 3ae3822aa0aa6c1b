"""Many draws as one array program against `compute` called once per draw."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import Array, Case, cases, coverages, leaf, method, tree

from pii.audit.draws import UNCERTAINTY, words
from pii.audit.places import places
from pii.audit.plan import Plan, plan_of
from pii.errors import DataError, DefinitionError
from pii.matrix import matrix_of
from pii.method import Aggregation, Coverage, Method, Normalisation, Treatment
from pii.pipeline import compute
from pii.spread import MeasurementError, Spread, VariedWeights

BAR = 1e-12
"""Relative. Sums are plain here and correctly rounded there; at most 50 terms of one size each."""
DRAWS = 12

WEIGHTS = st.dictionaries(
    st.sampled_from(["subindex", "pillar", "indicator", "S0", "S0P0"]),
    st.sampled_from(
        [
            VariedWeights("uniform", by=0.25),
            VariedWeights("uniform", by=0.9),
            VariedWeights("range", low=0.0, high=1.0),
            VariedWeights("dirichlet", by=8.0),
        ]
    ),
    max_size=3,
)
CHOICES = st.sampled_from(
    [
        {},
        {"outliers": ({}, {"treatment.rule": "gii", "treatment.points": 1.0})},
        {"outliers": ({}, {"treatment.rule": "coinr", "treatment.skewness": 0.5})},
        {"scores": ({}, {"normalisation.rule": "rank"}), "gaps": ({}, {"imputation.rule": "mean"})},
        {"mean": ({}, {"aggregation.pillar.power": 2.0}, {"aggregation.index.power": 0.5})},
        {"mean": ({}, {"aggregation.all.power": 2.0})},
        {
            "mean": ({}, {"aggregation.pillar.rule": "median"}),
            "scores": ({}, {"normalisation.scale": (1.0, 10.0)}),
        },
        {"scores": ({}, {"normalisation.rule": "z-score"}, {"normalisation.rule": "borda"})},
    ]
)


def planned(case: Case, spread: Spread) -> Plan:
    try:
        rows = matrix_of(case.values, case.provinces, case.framework)
        return plan_of(rows, case.framework, case.method, spread)
    except (DefinitionError, DataError):
        assume(False)
        raise


def all_scores(plan: Plan, first: int, count: int) -> Array:
    out = np.full((len(plan.matrix.provinces), count), np.nan)
    for draws, _, ranked, scores in plan.scores(words(9, UNCERTAINTY, first, count, plan.width)):
        out[:, draws] = np.where(ranked[:, None], scores, np.nan)
    return out


def refuse_differences(plan: Plan) -> None:
    together = all_scores(plan, 0, DRAWS)
    for k in range(DRAWS):
        drawn, rows = plan.draw(words(9, UNCERTAINTY, k, 1, plan.width))
        scores = compute(rows, plan.framework, drawn)
        index = scores.score[:, scores.column(plan.framework.index)]
        np.testing.assert_array_equal(np.isnan(together[:, k]), np.isnan(index))
        size = np.abs(scores.normalised[~np.isnan(scores.normalised)]).max(initial=1.0)
        np.testing.assert_allclose(together[:, k], index, rtol=BAR, atol=BAR * size)
        alone = all_scores(plan, k, 1)[:, 0]
        np.testing.assert_allclose(alone, together[:, k], rtol=BAR, atol=BAR * size)
        some = ~np.isnan(index)
        gaps = np.diff(np.sort(index[some]))
        if not ((gaps > 1e-10) & (gaps < 1e-8)).any():  # on the edge of a tie anything may tip it
            ranks = places(together[some, k][:, None], tolerance=plan.method.ties.tolerance)[:, 0]
            np.testing.assert_array_equal(
                ranks, scores.rank[some, scores.column(plan.framework.index)]
            )


@settings(max_examples=60)
@given(cases(coverage=coverages), WEIGHTS, CHOICES)
def test_draws_together_are_the_draws_one_by_one(
    case: Case, weights: dict[str, VariedWeights], choices: dict[str, tuple[dict[str, object], ...]]
) -> None:
    codes = case.framework.by_code
    known = {k: v for k, v in weights.items() if k in codes or not k.startswith("S")}
    dropped = tuple(c for c in ("S0P0I0", "S1", "S1P0") if c in codes)
    spread = Spread(choices=choices, weights=known, dropped=dropped)
    assume(spread.names)
    refuse_differences(planned(case, spread))


@settings(max_examples=60)
@given(cases(powers=(0.0, -1.0, 1.0, 2.0), coverage=coverages), WEIGHTS)
def test_any_powers_at_any_level(case: Case, weights: dict[str, VariedWeights]) -> None:
    codes = case.framework.by_code
    known = {k: v for k, v in weights.items() if k in codes or not k.startswith("S")}
    assume(known)
    refuse_differences(planned(case, Spread(weights=known)))


@settings(max_examples=60)
@given(cases(), st.sampled_from([0.01, 0.3]), st.sampled_from(["min-max", "z-score", "rank"]))
def test_measurement_error_goes_through_every_step(case: Case, sd: float, rule: str) -> None:
    nominal = replace(case.method, normalisation=Normalisation(rule))  # type: ignore[arg-type]
    codes = case.framework.codes
    errors = {code: MeasurementError(sd, relative=k % 2 == 0) for k, code in enumerate(codes)}
    refuse_differences(planned(replace(case, method=nominal), Spread(errors=errors)))


def test_a_missing_pillar_shares_out_its_weight_by_hand() -> None:
    framework = tree(
        [("X", "index", None), ("S", "subindex", "X"), ("P", "pillar", "S"), ("Q", "pillar", "S")],
        [leaf("P1", "P"), leaf("P2", "P"), leaf("Q1", "Q")],
    )
    values = np.array([[0.0, 4.0, 10.0], [8.0, np.nan, 2.0], [np.nan, np.nan, 6.0]])
    nominal = method(
        weights={"P": 3.0}, normalisation=Normalisation("none"), treatment=Treatment("none")
    )
    plan = plan_of(
        matrix_of(values, list("ABC"), framework),
        framework,
        nominal,
        Spread(weights={"pillar": VariedWeights("uniform", 0.25)}),
    )
    drawn, _ = plan.draw(words(9, UNCERTAINTY, 5, 1, plan.width))
    p, q = drawn.weight("P"), drawn.weight("Q")
    expected = [(2 * p + 10 * q) / (p + q), (8 * p + 2 * q) / (p + q), 6.0]
    np.testing.assert_allclose(all_scores(plan, 5, 1)[:, 0], expected, rtol=1e-14)
    assert 2.25 <= p <= 3.75 and 0.75 <= q <= 1.25


@pytest.mark.parametrize("errors", [{}, {"a": MeasurementError(0.1)}])
def test_a_zero_without_weight_is_in_no_geometric_mean(errors: dict[str, MeasurementError]) -> None:
    framework = tree(
        [("X", "index", None)],
        [leaf("a", "X"), leaf("b", "X"), leaf("c", "X")],
        levels=("index", "indicator"),
    )
    rows = matrix_of(np.array([[0.0, 2.0, 8.0], [-1.0, 3.0, 3.0]]), list("AB"), framework)
    nominal = Method(
        weights={"a": 0.0},
        normalisation=Normalisation("none", (1.0, 100.0)),
        treatment=Treatment("none"),
        aggregation={"index": Aggregation("power", 0.0)},
        coverage={"index": Coverage(0, 1)},
    )
    plan = plan_of(rows, framework, nominal, Spread(choices={"one": [{}]}, errors=errors))
    np.testing.assert_allclose(all_scores(plan, 3, 2), [[4.0, 4.0], [3.0, 3.0]], rtol=1e-14)


def test_errors_stay_within_what_is_possible() -> None:
    framework = tree(
        [("X", "index", None)],
        [replace(leaf("a", "X"), bounds=(0.0, 100.0)), leaf("b", "X")],
        levels=("index", "indicator"),
    )
    rows = matrix_of(np.array([[0.0, 1.0], [100.0, 5.0], [101.0, np.nan]]), list("ABC"), framework)
    spread = Spread(errors={"a": MeasurementError(10.0), "b": MeasurementError(0.1, relative=True)})
    nominal = Method(aggregation={"index": Aggregation()}, coverage={"index": Coverage(0, 1)})
    plan = plan_of(rows, framework, nominal, spread)
    drawn = np.array(
        [plan.draw(words(1, UNCERTAINTY, k, 1, plan.width))[1].values for k in range(400)]
    )
    assert drawn[:, 0, 0].min() == 0.0 and drawn[:, 1, 0].max() == 100.0
    assert drawn[:, 2, 0].max() == 101.0  # it was beyond its bounds before anybody erred
    assert np.isnan(drawn[:, 2, 1]).all()
    assert drawn[:, 1, 1].std() == pytest.approx(0.5, rel=0.15)

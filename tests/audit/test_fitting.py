"""Options that an edition has no use for are left out of a spread that allows it, and named."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small import small_framework, small_method, small_outcome, small_values

from pii.audit.fitting import fitted
from pii.audit.plan import plan_of
from pii.errors import DataError, DefinitionError
from pii.intake.shipped import shipped
from pii.intake.spread import load_spread
from pii.method import Method, Normalisation, Treatment
from pii.pipeline import Outcome
from pii.spread import MeasurementError, Option, Spread, VariedWeights

GEOMETRIC: Option = {"aggregation.all.power": 0.0}
HARMONIC: Option = {"aggregation.all.power": -1.0}
ROOT: Option = {"aggregation.all.power": 0.5}
UNTREATED: Option = {"treatment.rule": "none"}
ONE: Option = {"treatment.points": 1.0}
WEIGHTS = {"pillar": VariedWeights("uniform", by=0.25)}


def as_given(values: np.ndarray, scale: tuple[float, float] = (0.01, 200.0)) -> Outcome:
    """Scores as they are, on a scale that starts above zero, whatever they are."""
    method = small_method(
        normalisation=Normalisation("none", scale=scale), treatment=Treatment(rule="none")
    )
    return small_outcome(values, method=method)


def fit(outcome: Outcome, **spread: Any) -> Spread:
    given = Spread(**{"weights": WEIGHTS, **spread})
    return fitted(outcome.matrix, outcome.framework, outcome.method, given, outcome.scores)


def test_a_zero_forbids_a_geometric_mean_and_nothing_else() -> None:
    values = small_values()
    values[0, 0] = 0.0
    spread = fit(
        as_given(values),
        choices={"mean": ({}, GEOMETRIC, ROOT, HARMONIC)},
        where_possible=("mean",),
    )
    assert spread.choices == {"mean": ({}, ROOT)}
    assert [(one.choice, one.option, one.why) for one in spread.omitted] == [
        ("mean", GEOMETRIC, "zero"),
        ("mean", HARMONIC, "zero"),
    ]
    assert "a mean of power 0 needs scores above zero" in spread.omitted[0].message
    assert spread.where_possible == ("mean",)
    above = fit(
        as_given(small_values()), choices={"mean": ({}, GEOMETRIC)}, where_possible=["mean"]
    )
    assert above.choices == {"mean": ({}, GEOMETRIC)} and above.omitted == ()


def test_without_leave_the_same_option_is_refused() -> None:
    values = small_values()
    values[0, 0] = 0.0
    outcome = as_given(values)
    needs = "a mean of power 0 needs scores above zero"
    spread = fit(outcome, choices={"mean": ({}, GEOMETRIC)})
    assert spread.omitted == () and spread.choices == {"mean": ({}, GEOMETRIC)}
    with pytest.raises((DataError, DefinitionError), match=needs):
        plan_of(outcome.matrix, outcome.framework, outcome.method, spread, outcome.scores)


def test_what_changes_no_score_is_left_out_and_the_choice_with_it() -> None:
    outcome = small_outcome(method=small_method(treatment=Treatment(rule="none")))
    given = {"choices": {"outliers": (ONE, {}, UNTREATED)}, "where_possible": ("outliers",)}
    spread = fit(outcome, **given)
    assert dict(spread.choices) == {} and spread.where_possible == ()
    assert [(one.option, one.why, one.message) for one in spread.omitted] == [
        (UNTREATED, "same", ""),
        (ONE, "same", ""),
    ]
    # With errors a value may come to need treatment.
    erring = fit(outcome, errors={"1.1.1": MeasurementError(0.5)}, **given)
    assert ONE in erring.choices["outliers"]


def test_what_moves_a_score_stays_in_the_order_of_the_file() -> None:
    by_rank: Option = {"normalisation.rule": "rank"}
    choices = {"scores": (by_rank, {}), "mean": ({}, ROOT)}
    spread = fit(small_outcome(), choices=choices, where_possible=("mean", "scores"))
    assert list(spread.choices) == ["scores", "mean"] and spread.omitted == ()
    assert spread.choices["scores"] == (by_rank, {})


def test_what_is_possible_alone_but_not_with_another_is_left_out() -> None:
    """Z-scores reach below zero: then there is no geometric mean, and no draw of both."""
    method: Method = small_method(normalisation=Normalisation(scale=(1.0, 100.0)))
    outcome = small_outcome(method=method)
    scores = {"scores": ({}, {"normalisation.rule": "z-score"})}
    spread = fit(outcome, choices={"mean": ({}, GEOMETRIC), **scores}, where_possible=("mean",))
    assert dict(spread.choices) == scores
    assert [one.why for one in spread.omitted] == ["zero"]
    plan_of(outcome.matrix, outcome.framework, outcome.method, spread, outcome.scores)


def test_an_option_that_makes_no_sense_is_left_out_for_that_reason() -> None:
    spread = fit(
        small_outcome(),
        choices={"n": ({}, {"normalisation.rule": "cubes"})},
        where_possible=("n",),
    )
    assert [(one.why, "no rule 'cubes'" in one.message) for one in spread.omitted] == [
        ("refused", True)
    ]


def test_a_published_method_that_is_not_inside_is_still_refused() -> None:
    outcome = small_outcome()
    spread = fit(
        outcome,
        choices={"n": ({"normalisation.rule": "rank"}, {"normalisation.rule": "z-score"})},
        where_possible=("n",),
    )
    with pytest.raises(DefinitionError, match="none of its options is the published method"):
        plan_of(outcome.matrix, outcome.framework, outcome.method, spread, outcome.scores)


def test_leave_names_choices_that_are_there() -> None:
    with pytest.raises(
        DefinitionError, match=r"where_possible: men is none of the choices \(mean\)"
    ):
        Spread(choices={"mean": ({}, GEOMETRIC)}, where_possible=("men",))


def test_the_spread_that_ships_fits_editions_with_zeros_and_without_outliers() -> None:
    values = small_values()
    values[0, 0] = 0.0
    tree = small_framework()
    given = load_spread(shipped("data/spread.yaml"), tree)
    outcome = as_given(values)
    spread = fitted(outcome.matrix, tree, outcome.method, given, outcome.scores)
    assert dict(spread.choices) == {} and len(spread.omitted) == 3
    plan_of(outcome.matrix, tree, outcome.method, spread, outcome.scores)
    usual = small_outcome()
    whole = fitted(usual.matrix, tree, usual.method, given, usual.scores)
    assert whole.choices["mean"] == given.choices["mean"]
    assert (
        replace(whole, choices=given.choices, omitted=(), where_possible=given.where_possible)
        == given
    )

"""What is refused before the first draw."""

from typing import Any

import numpy as np
import pytest
from strategies import leaf, method, tree

from pii.audit.plan import plan_of
from pii.audit.uncertainty import uncertainty
from pii.errors import DataError, DefinitionError
from pii.matrix import matrix_of
from pii.method import Normalisation
from pii.spread import MeasurementError, Spread, VariedWeights, changed

FRAMEWORK = tree(
    [("X", "index", None), ("S", "subindex", "X"), ("P", "pillar", "S"), ("Q", "pillar", "S")],
    [leaf("P1", "P"), leaf("P2", "P"), leaf("Q1", "Q")],
)
ROWS = matrix_of(
    np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 5.0], [4.0, 3.0, 1.0]]), list("ABC"), FRAMEWORK
)
SOME = {"pillar": VariedWeights("uniform", 0.25)}


@pytest.mark.parametrize(
    ("spread", "message"),
    [
        ({}, "the spread varies nothing"),
        ({"choices": {"n": ({"normalisation.rule": "rank"},)}}, "none of its options is the publ"),
        ({"choices": {"n": ({}, {"normalisation.role": "rank"})}}, r"has no normalisation\.role"),
        ({"choices": {"n": ({}, {"normalisation.rule": "cubes"})}}, "there is no rule 'cubes'"),
        ({"choices": {"n": ({}, {"power": 0})}}, "a method has no power; there it has screening"),
        ({"choices": {"n": ({}, {"aggregation": 0})}}, "aggregation is a table; name its entries"),
        ({"choices": {"n": ({}, {}, )}}, "an option is there twice"),
        (
            {"choices": {"m": ({}, {"aggregation.all.power": 0.0})}},
            "choices, m: aggregation.all.power 0.0: .* on a scale that starts at 0",
        ),
        (
            {
                "choices": {
                    "scale": ({}, {"normalisation.scale": (1.0, 100.0)}),
                    "mean": ({}, {"aggregation.all.power": 0.0, "normalisation.mean": 1.0}),
                }
            },
            "choices, mean: aggregation.all.power 0.0.*starts at 0",
        ),
        (
            {
                "choices": {
                    "a": ({}, {"normalisation.rule": "z-score"}),
                    "b": ({}, {"normalisation.rule": "rank"}),
                }
            },
            "a and b both set normalisation.rule",
        ),
        ({"weights": {"9": VariedWeights("uniform", 0.1)}}, "9 is neither a level below the index"),
        ({"weights": {"S": VariedWeights("range", low=0.1, high=0.3)}}, r"of P is 0\.5, outside"),
        ({"dropped": ("X",)}, "no X that could be left out"),
        ({"dropped": ("Q1",)}, "without Q1: all weights under Q are zero.*Such a draw would fail"),
        ({"errors": {"P": MeasurementError(1.0)}}, "no indicator P"),
    ],
)  # fmt: skip
def test_a_spread_that_cannot_be_drawn_from(spread: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        plan_of(ROWS, FRAMEWORK, method(), Spread(**spread))


def test_an_inadmissible_pair_is_named() -> None:
    """COINr's issue 50: draws of z-scores with geometric means fail, and vanish from summaries."""
    nominal = method(normalisation=Normalisation(scale=(1.0, 100.0)))
    spread = Spread(
        choices={
            "scores": ({}, {"normalisation.rule": "z-score"}),
            "mean": ({}, {"aggregation.all.power": 0.0}),
        }
    )
    with pytest.raises(
        DefinitionError,
        match=r"rule z-score \(scores\) cannot go with aggregation.all.power 0.0 \(mean\)",
    ):
        plan_of(ROWS, FRAMEWORK, nominal, spread)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: VariedWeights("uniform", 1.0), "uniform takes a share between 0 and 1"),
        (lambda: VariedWeights("range", low=0.3, high=0.1), "a range of shares rises"),
        (lambda: VariedWeights("dirichlet", 0.0), "a concentration is above 0"),
        (lambda: VariedWeights("beta"), "there is no rule 'beta'"),  # type: ignore[arg-type]
        (lambda: MeasurementError(0.0), "a standard deviation is above 0"),
    ],
)
def test_a_part_that_makes_no_sense(make: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        make()


def test_changes_are_made_at_once_so_that_only_the_whole_must_be_possible() -> None:
    both = changed(method(), {"aggregation.all.power": 0.0, "normalisation.scale": (1.0, 100.0)})
    assert {rule.power for rule in both.aggregation.values()} == {0.0}
    assert both.normalisation.scale == (1.0, 100.0)
    assert method().normalisation.scale == (0.0, 100.0)


def test_a_draw_that_fails_stops_the_audit_and_says_which() -> None:
    """With an error the scores, given as they are, fall to zero in some draw."""
    rows = matrix_of(
        np.array([[5.0, 2.0, 3.0], [2.0, 9.0, 5.0], [4.0, 3.0, 0.5]]), list("ABC"), FRAMEWORK
    )
    nominal = method(0.0, normalisation=Normalisation("none", scale=(0.1, 10.0)))
    plan = plan_of(rows, FRAMEWORK, nominal, Spread(errors={"Q1": MeasurementError(0.4)}))
    with pytest.raises(
        DataError, match=r"draw (\d+) of seed 3 cannot be computed.*--seed 3 --draw \1` shows"
    ) as caught:
        uncertainty(plan, seed=3, draws=2000)
    number = int(str(caught.value).split()[1])
    assert uncertainty(plan, seed=3, draws=number).draws == number  # none before it fails
    with pytest.raises(DataError, match=f"draw {number} of seed 3"):
        uncertainty(plan, seed=3, draws=number + 1)


@pytest.mark.parametrize(("seed", "draws"), [(-1, 10), (2**64, 10), (0, 0)])
def test_a_seed_and_a_number_of_draws_are_what_they_are(seed: int, draws: int) -> None:
    plan = plan_of(ROWS, FRAMEWORK, method(), Spread(weights=SOME))
    with pytest.raises(DataError, match=r"a seed is a whole number|at least 1 draw"):
        uncertainty(plan, seed=seed, draws=draws)

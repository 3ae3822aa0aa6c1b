"""All that an audit says without drawing a single method."""

from dataclasses import dataclass

from pii.audit.admissible import Admissible, admissible_weights, around
from pii.audit.coherence import Coherence, Outside, coherence
from pii.audit.exact import Exact, exact_answers
from pii.audit.frontier import Frontiers, frontier
from pii.audit.leave_one_out import Without, leave_one_out
from pii.audit.single import Hinge, hinges
from pii.pipeline import Outcome
from pii.spread import Spread

WITHOUT_A_SPREAD = 0.25
"""How far every weight may be off where a spread varies none."""


@dataclass(frozen=True, slots=True)
class Unsampled:
    """Coherence, exact answers, leave-one-out, frontier.

    exact : None where a level is no arithmetic mean
    widened : whether the spread varies no weights, so that ±25 % was taken
    frontier : None where scores reach below zero
    """

    coherence: Coherence
    exact: Exact | None
    widened: bool
    hinges: tuple[Hinge, ...]
    without: tuple[Without, ...]
    frontier: Frontiers | None


def unsampled(outcome: Outcome, spread: Spread, outside: Outside | None = None) -> Unsampled:
    """Everything that needs no draws; weights range as the spread says.

    outside : variables from outside the index, by name and province
    """
    framework, method = outcome.framework, outcome.method
    linear = all(method.power[group.level] == 1 for group in framework.groups)
    weights: Admissible = (
        admissible_weights(framework, method, spread)
        if spread.weights
        else around(framework, method, dict.fromkeys(framework.levels, WITHOUT_A_SPREAD))
    )
    return Unsampled(
        coherence=coherence(outcome, outside),
        exact=exact_answers(outcome, weights) if linear else None,
        widened=not spread.weights,
        hinges=hinges(outcome),
        without=leave_one_out(outcome),
        frontier=_frontier(outcome),
    )


def _frontier(outcome: Outcome) -> Frontiers | None:
    try:
        return frontier(outcome)
    except ValueError:
        return None

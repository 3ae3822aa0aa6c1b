"""All that an audit says without drawing a single method."""

from dataclasses import dataclass

from pii.audit.admissible import Admissible, admissible_weights, around
from pii.audit.coherence import Coherence, coherence
from pii.audit.exact import Exact, exact_answers
from pii.audit.frontier import Frontiers, frontier
from pii.audit.leave_one_out import Without, leave_one_out
from pii.audit.single import Hinge, hinges
from pii.audit.watched import Watched, unwatched
from pii.pipeline import Outcome, is_linear
from pii.spread import Spread

WITHOUT_A_SPREAD = 0.25
"""How far every weight may be off where a spread varies none."""


@dataclass(frozen=True, slots=True)
class Unsampled:
    """Coherence, exact answers, leave-one-out, frontier.

    exact : None where a level is no arithmetic mean
    spread : what draws vary
    frontier : None where scores reach below zero
    """

    coherence: Coherence
    exact: Exact | None
    spread: Spread
    hinges: tuple[Hinge, ...]
    without: tuple[Without, ...]
    frontier: Frontiers | None

    @property
    def widened(self) -> bool:
        """Whether the spread varies no weights, so that ±25 % was taken."""
        return not self.spread.weights


def unsampled(outcome: Outcome, spread: Spread, watched: Watched = unwatched) -> Unsampled:
    """Everything that needs no draws; weights range as the spread says.

    watched : looks on where it takes long: pairs, widest ranks, leaving one out
    """
    framework = outcome.framework
    linear = is_linear(framework, outcome.method)
    weights: Admissible = (
        admissible_weights(outcome, spread)
        if spread.weights
        else around(outcome, dict.fromkeys(framework.levels, WITHOUT_A_SPREAD))
    )
    return Unsampled(
        coherence=coherence(outcome),
        exact=exact_answers(outcome, weights, watched) if linear else None,
        spread=spread,
        hinges=hinges(outcome),
        without=leave_one_out(outcome, watched),
        frontier=_frontier(outcome),
    )


def _frontier(outcome: Outcome) -> Frontiers | None:
    try:
        return frontier(outcome)
    except ValueError:
        return None

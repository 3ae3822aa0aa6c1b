"""What the audit varies, and how far: the choices behind a method as a distribution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pii.frozen import Frozen

Option = Mapping[str, Any]
"""Changes to a method: dotted name of a choice → its value. Empty: as published."""


@dataclass(frozen=True, slots=True)
class VariedWeights:
    """How the weights of siblings vary; every parent's weights are rescaled to the same sum.

    rule : "uniform": each weight times a number between 1 − `by` and 1 + `by`.
        "range": each share among siblings anywhere between `low` and `high`, as the JRC draws.
        "dirichlet": shares around the published ones, with concentration `by`.
    """

    rule: Literal["uniform", "range", "dirichlet"]
    by: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class MeasurementError:
    """Standard deviation of a value: in the indicator's unit, or relative to the value."""

    sd: float
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """Which choices vary, and how far; what is not named stays as published.

    choices : name → options, one of them as published; all equally likely
    weights : level, or code of a parent → how the weights there vary
    dropped : codes; in each draw nothing or one of them is left out (weight 0), equally likely
    errors : code of an indicator → its measurement error, normal and independent
    """

    choices: Mapping[str, Sequence[Option]] = field(default_factory=Frozen)
    weights: Mapping[str, VariedWeights] = field(default_factory=Frozen)
    dropped: tuple[str, ...] = ()
    errors: Mapping[str, MeasurementError] = field(default_factory=Frozen)

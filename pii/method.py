"""Every choice an honest statistician could have made otherwise, as one frozen value.

An audit is a distribution over `Method`; a draw is `dataclasses.replace(nominal, …)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, get_args

from pii.errors import DefinitionError
from pii.framework import Framework
from pii.frozen import Frozen

TreatmentRule = Literal["none", "gii"]
NormalisationRule = Literal[
    "none",
    "min-max",
    "z-score",
    "rank",
    "borda",
    "percentile",
    "distance-to-best",
    "fraction-of-best",
]
RankRule = Literal["competition"]

FROM_ZERO = ("z-score", "borda", "percentile", "distance-to-best")
"""Normalisations whose scores reach zero or less, where no geometric mean exists."""


def _refuse_unknown(name: str, rule: str, known: tuple[str, ...]) -> None:
    # Said at run time too: from Python nothing but a type checker reads `Literal`.
    if rule not in known:
        raise DefinitionError(f"{name}: there is no rule {rule!r}; choose {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class Treatment:
    """How outliers are tamed.

    `gii`: an indicator with abs(skewness) > `skewness` and kurtosis > `kurtosis` is winsorised,
    one point at a time and at most `points` (a number, or below 1 a share of the values present);
    where that does not suffice, its logarithm is taken. COINr's rule is 2.0 and 3.5.
    """

    rule: TreatmentRule = "none"
    skewness: float = 2.25
    kurtosis: float = 3.5
    points: float = 5.0

    def __post_init__(self) -> None:
        _refuse_unknown("treatment", self.rule, get_args(TreatmentRule))
        if not (self.skewness > 0 and isfinite(self.kurtosis) and self.points >= 0):
            raise DefinitionError("treatment: skewness must be above 0 and points not negative")


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How values become scores.

    `none`: they are scores already. `min-max`: onto `scale`, between fixed goalposts or the
    data's extremes. `z-score`: with this `mean` and `sd`. `rank`, `borda`, `percentile`: by
    order alone. `distance-to-best`, `fraction-of-best`: against the best province.
    The functions of `pii.steps.normalise` say each as an equation.
    """

    rule: NormalisationRule = "min-max"
    scale: tuple[float, float] = (0.0, 100.0)
    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        _refuse_unknown("normalisation", self.rule, get_args(NormalisationRule))
        if not (isfinite(self.mean) and isfinite(self.sd) and self.sd > 0):
            raise DefinitionError("normalisation: mean must be finite, sd finite and above 0")
        low, high = self.scale
        if not (isfinite(low) and isfinite(high) and low < high):
            raise DefinitionError(f"normalisation: the scale must rise, not {low} to {high}")


@dataclass(frozen=True, slots=True)
class Goalposts:
    """Fixed in advance: what scores worst and best, in the indicator's unit."""

    worst: float
    best: float

    def __post_init__(self) -> None:
        if not (isfinite(self.worst) and isfinite(self.best)) or self.worst == self.best:
            raise DefinitionError(
                f"goalposts must be two different numbers, not {self.worst} and {self.best}"
            )


@dataclass(frozen=True, slots=True)
class Coverage:
    """When a parent is published.

    `share`: least share (0–1) of the indicators beneath it that have a value.
    `count`: least number of its direct children that are published.
    """

    share: float
    count: int

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1 or self.count < 1:
            raise DefinitionError("coverage: share lies between 0 and 1, count is at least 1")


@dataclass(frozen=True, slots=True)
class Ties:
    """How equal scores are ranked: two scores within `tolerance` of a neighbour are equal."""

    rank: RankRule = "competition"
    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        _refuse_unknown("ties", self.rank, get_args(RankRule))
        if not 0 <= self.tolerance < 0.005:
            raise DefinitionError(
                "ties: the tolerance must lie between 0 and 0.005, below what is printed"
            )


@dataclass(frozen=True, slots=True)
class Method:
    """All choices; refuses impossible pairs at birth.

    `goalposts` and `weights` go by printed code (a node that is not named weighs 1 among its
    siblings); `power` and `coverage` by level, for every level above the indicators.
    An indicator with fixed goalposts is not treated: its goalposts already tame it.

    Raises
    ------
    DefinitionError
        With the remedy.
    """

    power: Mapping[str, float]
    coverage: Mapping[str, Coverage]
    treatment: Treatment = Treatment()
    normalisation: Normalisation = Normalisation()
    goalposts: Mapping[str, Goalposts] = field(default_factory=Frozen)
    weights: Mapping[str, float] = field(default_factory=Frozen)
    ties: Ties = Ties()

    def __post_init__(self) -> None:
        for name in ("power", "coverage", "goalposts", "weights"):
            object.__setattr__(self, name, Frozen(getattr(self, name)))
        for name, kind in (("goalposts", Goalposts), ("coverage", Coverage)):
            odd = [key for key, part in getattr(self, name).items() if not isinstance(part, kind)]
            if odd:
                raise DefinitionError(f"{name} of {odd[0]} must be a {kind.__name__}(…)")
        rule, low = self.normalisation.rule, self.normalisation.scale[0]
        for level, power in self.power.items():
            if not isfinite(power):
                raise DefinitionError(
                    f"power of {level} must be a finite number, not {power}",
                    at=("method", "power", level),
                )
            if power <= 0 and rule in FROM_ZERO:
                raise DefinitionError(
                    f"a {level} cannot be a mean of power {power:g} of scores by {rule}, which "
                    "reach zero: choose rank, or min-max with scale: [1, 100]",
                    at=("method", "power", level),
                )
            if power != 1 and rule in ("none", "min-max") and low < 0:
                raise DefinitionError(
                    f"a {level} cannot be a mean of power {power:g} on a scale that starts at "
                    f"{low:g}, below zero: choose power 1, or a scale from 0",
                    at=("method", "power", level),
                )
            if power <= 0 and rule in ("none", "min-max") and low <= 0:
                raise DefinitionError(
                    f"a {level} cannot be a mean of power {power:g} on a scale that starts at "
                    f"{low:g}: one zero would make it zero. Let the scale start above 0, "
                    "for example scale: [1, 100]",
                    at=("method", "power", level),
                )
        if self.goalposts and rule != "min-max":
            raise DefinitionError(
                f"goalposts are fixed, but normalisation is {rule}: take them out, or choose "
                "min-max",
                at=("method", "goalposts"),
            )
        for code, weight in self.weights.items():
            if not isfinite(weight) or weight < 0:
                raise DefinitionError(
                    f"weight of {code} is {weight:g}; give a number of 0 or more",
                    at=("method", "weights", code),
                )

    def weight(self, code: str) -> float:
        """Local weight of a node among its siblings."""
        return self.weights.get(code, 1.0)


def refuse_misfit(method: Method, framework: Framework) -> None:
    """Raise `DefinitionError` where a method names what the framework does not have."""
    for name, codes, known in (
        ("weights", method.weights, set(framework.by_code)),
        ("goalposts", method.goalposts, set(framework.codes)),
    ):
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise DefinitionError(
                f"{name}: the framework has no {', '.join(unknown)}; use printed codes",
                at=("method", name, unknown[0]),
            )
    levels = {group.level for group in framework.groups}
    for name, by_level in (("power", set(method.power)), ("coverage", set(method.coverage))):
        missing = sorted(levels - by_level)
        if missing:
            raise DefinitionError(
                f"{name}: no value for level {', '.join(missing)}; every level needs one",
                at=("method", name),
            )
        strange = sorted(by_level - set(framework.levels[:-1]))
        if strange:
            raise DefinitionError(
                f"{name}: the framework has no level {', '.join(strange)}; "
                f"it has {', '.join(framework.levels[:-1])}",
                at=("method", name, strange[0]),
            )
    for indicator in framework.indicators:
        posts = method.goalposts.get(indicator.code)
        if posts and (posts.best > posts.worst) != (indicator.direction == "higher"):
            raise DefinitionError(
                f"goalposts of {indicator.code}: worst {posts.worst:g} and best {posts.best:g} "
                f"contradict its direction ({indicator.direction} is better); swap them, "
                "or correct the direction",
                at=("method", "goalposts", indicator.code),
            )
    for code, children in framework.children.items():
        if not any(method.weight(child) > 0 for child in children):
            raise DefinitionError(
                f"all weights under {code} are zero; give at least one a weight above 0",
                at=("method", "weights", children[0]),
            )

"""Every choice an honest statistician could have made otherwise, as one frozen value.

An audit is a distribution over `Method`; a draw is `dataclasses.replace(nominal, …)`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from math import inf, isfinite, nan
from typing import Any, Literal, get_args

from pii.errors import DefinitionError
from pii.framework import Framework
from pii.frozen import Frozen

ScreeningRule = Literal["none", "availability"]
ImputationRule = Literal[
    "none",
    "mean",
    "median",
    "group-mean",
    "group-median",
    "row-mean",
    "em",
    "last-year",
    "linear",
]
TransformRule = Literal["log", "log-gii", "log-ct", "log-ct-orig", "box-cox"]
TreatmentRule = Literal[
    "none", "gii", "coinr", "eis", "log", "log-gii", "log-ct", "log-ct-orig", "box-cox"
]
OtherwiseRule = Literal["", "none", "log", "log-gii", "log-ct", "log-ct-orig", "box-cox"]
NormalisationRule = Literal[
    "none",
    "upwards",
    "min-max",
    "z-score",
    "rank",
    "borda",
    "percentile",
    "categories",
    "above-below-mean",
    "distance-to-best",
    "distance-to-reference",
    "distance-to-target",
    "fraction-of-best",
    "ratio-to-mean",
    "ampi",
]
WeightingRule = Literal[
    "given",
    "equal",
    "pca",
    "factor",
    "entropy",
    "critic",
    "balanced",
    "ahp",
    "budget",
    "benefit-of-the-doubt",
]
AggregationRule = Literal["power", "median", "minimum", "mpi", "owa", "copeland", "kemeny"]
RankRule = Literal["competition", "dense", "average"]
StrengthsRule = Literal["none", "pii", "gii", "group"]

BY_GOALPOSTS = ("min-max", "ampi")
"""Normalisations that goalposts decide."""
BY_VALUE = (*BY_GOALPOSTS, "z-score", "percentile", "distance-to-best", "distance-to-reference",
            "distance-to-target")  # fmt: skip
"""Normalisations that have no score for a constant indicator unless one is stated."""
FROM_ZERO = (
    "z-score", "borda", "percentile", "categories", "above-below-mean", "distance-to-best",
    "distance-to-reference", "distance-to-target",
)  # fmt: skip
"""Normalisations whose scores reach zero or less, where no geometric mean exists."""


def _refuse_unknown(name: str, rule: str, known: tuple[str, ...]) -> None:
    # Said at run time too: from Python nothing but a type checker reads `Literal`.
    if rule not in known:
        choices = ", ".join(one for one in known if one)
        raise DefinitionError(f"{name}: there is no rule {rule!r}; choose {choices}")


def _freeze(part: object, *names: str) -> None:
    """Mappings and lists given to a frozen part, so that it stays hashable."""
    for name in names:
        given = getattr(part, name)
        frozen = Frozen(given) if isinstance(given, Mapping) else tuple(given)
        object.__setattr__(part, name, frozen)


@dataclass(frozen=True, slots=True)
class Screening:
    """Which units are scored at all.

    `availability`: those with values for at least the share `present` (0–1) of the indicators, of
    which at least the share `nonzero` is not zero; 0 switches a threshold off. `force_in` and
    `force_out` name units that are in or out whatever their shares.
    """

    rule: ScreeningRule = "none"
    present: float = 0.0
    nonzero: float = 0.0
    force_in: tuple[str, ...] = ()
    force_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _refuse_unknown("screening", self.rule, get_args(ScreeningRule))
        _freeze(self, "force_in", "force_out")
        if not (0 <= self.present <= 1 and 0 <= self.nonzero <= 1):
            raise DefinitionError("screening: present and nonzero are shares between 0 and 1")
        both = sorted(set(self.force_in) & set(self.force_out))
        if both:
            raise DefinitionError(f"screening: {both[0]} is forced both in and out; choose one")
        if self.rule == "none" and (
            self.present or self.nonzero or self.force_in or self.force_out
        ):
            raise DefinitionError("screening: rule none takes nothing else; choose availability")


@dataclass(frozen=True, slots=True)
class Denomination:
    """Size taken out of an indicator: its value divided by a variable, times `scale`."""

    by: str
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.by or not (isfinite(self.scale) and self.scale > 0):
            raise DefinitionError(
                "denomination: by names a variable, and scale is a number above 0"
            )


READING_YEARS = ("last-year", "linear")
"""Imputations that take a value from other years of the same unit and indicator."""


@dataclass(frozen=True, slots=True)
class Imputation:
    """What stands in for missing values; `none` leaves them missing.

    `mean`, `median`: of the indicator; `group-mean`, `group-median`: over the units with the same
    label in the variable `group`. `row-mean`: of the unit's other indicators beneath the same
    group of `level`, made comparable by goalposts. `em`: expected under a multivariate normal,
    with this `ridge` and `tolerance`. `last-year`, `linear`: from earlier years, carried at most
    `reach` of them (0: any number). Imputed values do not count for coverage unless `counts`.
    """

    rule: ImputationRule = "none"
    group: str = ""
    level: str = ""
    ridge: float = 0.0
    tolerance: float = 1e-10
    reach: int = 0
    counts: bool = False

    def __post_init__(self) -> None:
        _refuse_unknown("imputation", self.rule, get_args(ImputationRule))
        for name, needed in (
            ("group", self.rule in ("group-mean", "group-median")),
            ("level", self.rule == "row-mean"),
        ):
            if needed != bool(getattr(self, name)):
                raise DefinitionError(
                    f"imputation: {self.rule} needs a {name}; name one"
                    if needed
                    else f"imputation: {self.rule} takes no {name}; take it out"
                )
        if not (0 <= self.ridge < inf and 0 < self.tolerance < inf and self.reach >= 0):
            raise DefinitionError("imputation: ridge and reach are 0 or more, tolerance is above 0")


OWN_LIMITS: Mapping[str, tuple[float, str]] = {
    "coinr": (2.0, "log-ct"),
    "eis": (1.0, "none"),
}
"""Skewness and `otherwise` of rules that have other ones than the GII's."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """How outliers are tamed.

    `gii`: an indicator with abs(skewness) > `skewness` and kurtosis > `kurtosis` is winsorised,
    one point at a time and at most `points` (a number, or below 1 a share of the values present);
    where that does not suffice, it is transformed by `otherwise`. `coinr`: the same with COINr's
    own limits and logarithm. `eis`: square roots where abs(skewness) > `skewness`, then caps
    `deviations` standard deviations from the mean. Any other rule transforms every indicator.
    `parameter` is the λ of box-cox, or the k of log-gii (0: from the data).

    Left out, `skewness` and `otherwise` are the rule's own: 2.25 and log; COINr's 2
    and log-ct; 1 for eis. Indicators that are `exempt` stay as they are.
    """

    rule: TreatmentRule = "none"
    skewness: float = None  # type: ignore[assignment]  # never None once built
    kurtosis: float = 3.5
    points: float = 5.0
    otherwise: OtherwiseRule = ""
    parameter: float = 0.0
    deviations: float = 3.0
    exempt: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _refuse_unknown("treatment", self.rule, get_args(TreatmentRule))
        _refuse_unknown("treatment, otherwise", self.otherwise, get_args(OtherwiseRule))
        _freeze(self, "exempt")
        skewness, otherwise = OWN_LIMITS.get(self.rule, (2.25, "log"))
        left_out: object = self.skewness
        object.__setattr__(self, "skewness", skewness if left_out is None else left_out)
        object.__setattr__(self, "otherwise", self.otherwise or otherwise)
        if not (self.skewness > 0 and isfinite(self.kurtosis) and self.points >= 0):
            raise DefinitionError("treatment: skewness must be above 0 and points not negative")
        if 1 < self.points < inf and self.points != int(self.points):
            raise DefinitionError(
                f"treatment: points are a whole number, or below 1 a share, not {self.points:g}"
            )
        if not (isfinite(self.parameter) and self.deviations > 0):
            raise DefinitionError("treatment: parameter must be finite, deviations above 0")
        if "log-gii" in (self.rule, self.otherwise) and not (
            self.parameter == 0 or self.parameter > 1
        ):
            raise DefinitionError("treatment: the parameter of log-gii is above 1 (0: from data)")


@dataclass(frozen=True, slots=True)
class FrozenTreatment:
    """What a run decided for one indicator, applied again as it was; from its treatment.csv.

    Fields as in `pii.steps.treat.Treated`.
    """

    form: str
    low: float
    high: float
    side: float = 1.0
    parameter: float | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.low) and isfinite(self.high) and self.low <= self.high):
            raise DefinitionError("a frozen treatment needs finite caps, low not above high")


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How values become scores.

    `none`: they are scores already; `upwards`: the same, with the other sign where lower is
    better. `min-max`: onto `scale`, between fixed goalposts or the data's extremes. `z-score`:
    with this `mean` and `sd`. `rank`, `borda`, `percentile`: by order alone. `categories`: one of
    `scores` by the share of provinces not better placed, between `bounds`. `above-below-mean`: 1,
    0 or −1 by a `margin` around the mean. `distance-to-best`, `fraction-of-best`: against the best
    province; `distance-to-reference`: against the province `reference`; `distance-to-target`:
    against `targets` by code, `capped` there or not. `ratio-to-mean`: against the mean. `ampi`:
    100 for `reference` (left out: the mean), 60 points between the goalposts.

    `constant` is the score of an indicator in which all provinces are equal; None refuses it.
    The functions of `pii.steps.normalise` say each as an equation.
    """

    rule: NormalisationRule = "min-max"
    scale: tuple[float, float] = (0.0, 100.0)
    mean: float = 0.0
    sd: float = 1.0
    constant: float | None = None
    reference: str = ""
    targets: Mapping[str, float] = field(default_factory=Frozen)
    capped: bool = True
    bounds: tuple[float, ...] = (0.05, 0.15, 0.35, 0.65, 0.85, 0.95)
    scores: tuple[float, ...] = (0.0, 20.0, 40.0, 50.0, 60.0, 80.0, 100.0)
    margin: float = 0.2

    def __post_init__(self) -> None:
        _refuse_unknown("normalisation", self.rule, get_args(NormalisationRule))
        _freeze(self, "scale", "targets", "bounds", "scores")
        if not (isfinite(self.mean) and isfinite(self.sd) and self.sd > 0):
            raise DefinitionError("normalisation: mean must be finite, sd finite and above 0")
        low, high = self.scale
        if not (isfinite(low) and isfinite(high) and low < high):
            raise DefinitionError(f"normalisation: the scale must rise, not {low:g} to {high:g}")
        rising = all(a < b for a, b in zip(self.bounds, self.bounds[1:], strict=False))
        if not rising or len(self.scores) != len(self.bounds) + 1:
            raise DefinitionError(
                "normalisation: bounds must rise, with one score more than there are bounds"
            )
        if not 0 <= self.margin < 1:
            raise DefinitionError("normalisation: margin is a share from 0 to below 1")
        if self.rule == "distance-to-reference" and not self.reference:
            raise DefinitionError("normalisation: distance-to-reference needs a reference; name it")
        if self.constant is not None and (self.rule not in BY_VALUE or not isfinite(self.constant)):
            raise DefinitionError(
                f"normalisation: constant is a finite score, and none for {self.rule}; take it out"
            )

    @property
    def lowest(self) -> float:
        """The least score there can be, as far as the rule alone tells; NaN where only data do."""
        if self.rule in ("none", "min-max"):
            return self.scale[0]
        return {"rank": 1.0, "borda": 0.0, "percentile": 0.0}.get(self.rule, nan)


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
class Weighting:
    """Where the weights among the children of a group come from.

    `given`: from `Method.weights`. `equal`. From the data: `pca`; `factor`, so many `factors`
    after `rotation`; `entropy`; `critic`; `balanced`. From people, in `judgements` by group: `ahp`
    (a row per child of how many times it matters more), `budget` (a row per expert of points).
    `benefit-of-the-doubt`: for every unit its own best, each weight's share from `low` to `high`.
    """

    rule: WeightingRule = "given"
    factors: int = 1
    rotation: Literal["varimax", "none"] = "varimax"
    judgements: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=Frozen)
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        _refuse_unknown("weighting", self.rule, get_args(WeightingRule))
        _refuse_unknown("weighting, rotation", self.rotation, ("varimax", "none"))
        rows = {code: tuple(map(tuple, given)) for code, given in self.judgements.items()}
        object.__setattr__(self, "judgements", Frozen(rows))
        if self.factors < 1:
            raise DefinitionError("weighting: at least 1 factor is kept")
        if not 0 <= self.low < self.high <= 1:
            raise DefinitionError("weighting: low and high are shares, 0 <= low < high <= 1")
        if bool(self.judgements) != (self.rule in ("ahp", "budget")):
            raise DefinitionError(
                f"weighting: {self.rule} "
                + ("takes no judgements; take them out" if self.judgements else "needs judgements")
            )


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How the children of a group become its score.

    `power`: weighted mean of that power (1 arithmetic, 0 geometric, −1 harmonic). `median`,
    `minimum`. `mpi`: Mazziotta–Pareto, a penalty for imbalance (added where not `downward`).
    `owa`: ordered weighted average, the first of `order` for the highest child. `copeland`,
    `kemeny`: by majorities among units, without compensation.
    """

    rule: AggregationRule = "power"
    power: float = 1.0
    downward: bool = True
    order: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        _refuse_unknown("aggregation", self.rule, get_args(AggregationRule))
        _freeze(self, "order")
        if not isfinite(self.power):
            raise DefinitionError(f"power must be a finite number, not {self.power}")
        if bool(self.order) != (self.rule == "owa"):
            raise DefinitionError(
                f"aggregation: {self.rule} takes no order; take it out"
                if self.order
                else "aggregation: owa needs an order of weights; give one per child"
            )
        if self.order and not (min(self.order) >= 0 and 0 < sum(self.order) < inf):
            raise DefinitionError("aggregation: order weights are 0 or more, not all 0")

    @property
    def linear(self) -> bool:
        """Whether a score is a weighted sum of the children's."""
        return self.rule == "power" and self.power == 1


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
    """How equal scores are ranked: two scores within `tolerance` of a neighbour are equal.

    `competition` 1, 2, 2, 4; `dense` 1, 2, 2, 3; `average` 1, 2.5, 2.5, 4. With `within`, the
    code of a group variable, provinces are also ranked among those of the same label.
    """

    rank: RankRule = "competition"
    tolerance: float = 1e-9
    within: str = ""

    def __post_init__(self) -> None:
        _refuse_unknown("ties", self.rank, get_args(RankRule))
        if not 0 <= self.tolerance < 0.005:
            raise DefinitionError(
                "ties: the tolerance must lie between 0 and 0.005, below what is printed"
            )


@dataclass(frozen=True, slots=True)
class Strengths:
    """Which indicators of a unit stand out.

    `pii`: the `count` best ranks and the `count` worst. `gii`: percent ranks at least the
    `count`-th largest, and any rank of `always` or better. `group`: more than one standard
    deviation from the mean of the same label in the variable `group`. An indicator with fewer
    than `values` scores, fewer than `distinct` different ones or a larger share than `tied` of
    equal ones shows nothing.
    """

    rule: StrengthsRule = "pii"
    count: int = 5
    always: int = 0
    group: str = ""
    values: int = 2
    distinct: int = 2
    tied: float = 0.5

    def __post_init__(self) -> None:
        _refuse_unknown("strengths", self.rule, get_args(StrengthsRule))
        if self.count < 1 or self.always < 0 or self.values < 0 or self.distinct < 0:
            raise DefinitionError("strengths: count is 1 or more, always, values, distinct 0")
        if not 0 < self.tied <= 1:
            raise DefinitionError("strengths: tied is a share above 0, at most 1")
        if bool(self.group) != (self.rule == "group"):
            raise DefinitionError(
                f"strengths: {self.rule} takes no group; take it out"
                if self.group
                else "strengths: group needs a group; name a variable"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """All choices; refuses impossible pairs at birth.

    `denomination`, `goalposts`, `treatment_of`, `normalisation_of` go by printed code of an
    indicator, `weights` by that of any node (one that is not named weighs 1 among its siblings);
    `aggregation` and `coverage` by level, for every level above the indicators; `weighting` by
    level too, of the group whose children are weighted (a level not named: `given`).
    An indicator with fixed goalposts is not treated: its goalposts already tame it.

    Raises
    ------
    DefinitionError
        With the remedy.
    """

    screening: Screening = Screening()
    denomination: Mapping[str, Denomination] = field(default_factory=Frozen)
    imputation: Imputation = Imputation()
    treatment: Treatment = Treatment()
    treatment_of: Mapping[str, Treatment | FrozenTreatment] = field(default_factory=Frozen)
    normalisation: Normalisation = Normalisation()
    normalisation_of: Mapping[str, Normalisation] = field(default_factory=Frozen)
    goalposts: Mapping[str, Goalposts] = field(default_factory=Frozen)
    weights: Mapping[str, float] = field(default_factory=Frozen)
    weighting: Mapping[str, Weighting] = field(default_factory=Frozen)
    aggregation: Mapping[str, Aggregation]
    coverage: Mapping[str, Coverage]
    ties: Ties = Ties()
    strengths: Strengths = Strengths()

    def __post_init__(self) -> None:
        _freeze(self, *(name for name in _KINDS), "weights")
        for name, kinds in _KINDS.items():
            odd = [key for key, part in getattr(self, name).items() if not isinstance(part, kinds)]
            if odd:
                raise DefinitionError(f"{name} of {odd[0]} must be a {kinds[0].__name__}(…)")
        for level, rule in self.aggregation.items():
            _refuse_impossible_mean(
                level, rule, (self.normalisation, *self.normalisation_of.values())
            )
        for code in self.goalposts:
            normalisation = self.normalised_by(code).rule
            if normalisation not in BY_GOALPOSTS:
                raise DefinitionError(
                    f"goalposts are fixed, but normalisation is {normalisation}: take them out, "
                    "or choose min-max",
                    at=("method", "goalposts"),
                )
            own = self.treatment_of.get(code)
            if isinstance(own, Treatment) and own.rule != "none":
                raise DefinitionError(
                    f"{code} has fixed goalposts, which already tame it, and a treatment of its "
                    "own; take out one of the two",
                    at=("method", "treatment_of", code),
                )
        for code, weight in self.weights.items():
            if not isfinite(weight) or weight < 0:
                raise DefinitionError(
                    f"weight of {code} is {weight:g}; give a number of 0 or more",
                    at=("method", "weights", code),
                )
        for level, weighting in self.weighting.items():
            aggregation = self.aggregation.get(level, Aggregation())
            if weighting.rule == "benefit-of-the-doubt" and not aggregation.linear:
                raise DefinitionError(
                    f"benefit of the doubt is a weighted sum: let aggregation of {level} be "
                    "power 1, or choose other weights",
                    at=("method", "weighting", level),
                )

    def weight(self, code: str) -> float:
        """Local weight of a node among its siblings, where weights are given."""
        return self.weights.get(code, 1.0)

    def treated_by(self, code: str) -> Treatment | FrozenTreatment:
        """The treatment of one indicator: none where its goalposts are fixed or it is exempt."""
        own = self.treatment_of.get(code)
        if own is not None:
            return own
        if code in self.goalposts or code in self.treatment.exempt:
            return Treatment()
        return self.treatment

    def normalised_by(self, code: str) -> Normalisation:
        """The normalisation of one indicator."""
        return self.normalisation_of.get(code, self.normalisation)

    def weighted_by(self, level: str) -> Weighting:
        """Where the weights of the children of a group of that level come from."""
        return self.weighting.get(level, _GIVEN)


_GIVEN = Weighting()

_KINDS: Mapping[str, tuple[type, ...]] = {
    "aggregation": (Aggregation,),
    "coverage": (Coverage,),
    "denomination": (Denomination,),
    "treatment_of": (Treatment, FrozenTreatment),
    "normalisation_of": (Normalisation,),
    "goalposts": (Goalposts,),
    "weighting": (Weighting,),
}


def _refuse_impossible_mean(
    level: str, aggregation: Aggregation, normalisations: tuple[Normalisation, ...]
) -> None:
    if aggregation.rule != "power":
        return
    power, at = aggregation.power, ("method", "aggregation", level)
    for rule in normalisations:
        if power <= 0 and rule.rule in FROM_ZERO:
            raise DefinitionError(
                f"a {level} cannot be a mean of power {power:g} of scores by {rule.rule}, which "
                "reach zero: choose rank, or min-max with scale: [1, 100]",
                at=at,
            )
        low = rule.lowest
        if power != 1 and low < 0:
            raise DefinitionError(
                f"a {level} cannot be a mean of power {power:g} on a scale that starts at "
                f"{low:g}, below zero: choose power 1, or a scale from 0",
                at=at,
            )
        if power <= 0 and low <= 0:
            raise DefinitionError(
                f"a {level} cannot be a mean of power {power:g} on a scale that starts at "
                f"{low:g}: one zero would make it zero. Let the scale start above 0, "
                "for example scale: [1, 100]",
                at=at,
            )


def refuse_misfit(method: Method, framework: Framework) -> None:
    """Raise `DefinitionError` where a method names what the framework does not have."""
    indicators, nodes = set(framework.codes), set(framework.by_code)
    for name, codes, known in (
        ("weights", method.weights, nodes),
        ("goalposts", method.goalposts, indicators),
        ("denomination", method.denomination, indicators),
        ("treatment_of", method.treatment_of, indicators),
        ("normalisation_of", method.normalisation_of, indicators),
        ("treatment", method.treatment.exempt, indicators),
        ("normalisation", method.normalisation.targets, indicators),
    ):
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise DefinitionError(
                f"{name}: the framework has no {', '.join(unknown)}; use printed codes",
                at=("method", name, unknown[0]),
            )
    _refuse_unknown_levels(method, framework)
    _refuse_unknown_variables(method, framework)
    for code in framework.codes:
        rule = method.normalised_by(code)
        if rule.rule == "distance-to-target" and code not in rule.targets:
            raise DefinitionError(
                f"{code} has no target; give it one under targets, or choose another rule",
                at=("method", "normalisation"),
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
        _refuse_odd_children(method, framework.level(code), code, children)


def _refuse_unknown_levels(method: Method, framework: Framework) -> None:
    levels = {group.level for group in framework.groups}
    for name, by_level, every in (
        ("aggregation", set(method.aggregation), True),
        ("coverage", set(method.coverage), True),
        ("weighting", set(method.weighting), False),
        ("imputation", {method.imputation.level} - {""}, False),
    ):
        missing = sorted(levels - by_level)
        if every and missing:
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


def _refuse_unknown_variables(method: Method, framework: Framework) -> None:
    kinds = {variable.code: variable.kind for variable in framework.variables}
    for at, code, kind in _variables(method):
        if kinds.get(code) != kind:
            known = ", ".join(one for one, its in kinds.items() if its == kind) or "none"
            raise DefinitionError(
                f"{at[0]}: the framework has no {kind} variable {code} (it has {known}); "
                "add it under variables",
                at=("method", *at),
            )


def _variables(method: Method) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Where, which and of what kind: every variable that the method names."""
    for code, rule in method.denomination.items():
        yield ("denomination", code), rule.by, "denominator"
    for name, group in (
        ("imputation", method.imputation.group),
        ("ties", method.ties.within),
        ("strengths", method.strengths.group),
    ):
        if group:
            yield (name,), group, "group"


def _refuse_odd_children(method: Method, level: str, code: str, children: tuple[str, ...]) -> None:
    weighting, aggregation = method.weighted_by(level), method.aggregation[level]
    given = [child for child in children if child in method.weights]
    if weighting.rule != "given":
        if given:
            raise DefinitionError(
                f"the weight of {given[0]} is given, but the children of {code} are weighted by "
                f"{weighting.rule}; take one of the two out",
                at=("method", "weights", given[0]),
            )
    elif not any(method.weight(child) > 0 for child in children):
        raise DefinitionError(
            f"all weights under {code} are zero; give at least one a weight above 0",
            at=("method", "weights", children[0]),
        )
    n = len(children)
    if aggregation.rule == "owa" and len(aggregation.order) != n:
        raise DefinitionError(
            f"aggregation: {code} has {n} children, but the order of {level} has "
            f"{len(aggregation.order)} weights; give one per child",
            at=("method", "aggregation", level),
        )
    alone = n == 1 or weighting.rule != "benefit-of-the-doubt"
    if not alone and not n * weighting.low <= 1 <= n * weighting.high:
        raise DefinitionError(
            f"weighting: no shares of the {n} children of {code} sum to 1 between "
            f"{weighting.low:g} and {weighting.high:g}; widen low and high",
            at=("method", "weighting", level),
        )
    if weighting.rule in ("ahp", "budget") and n > 1:
        rows = weighting.judgements.get(code, ())
        square = weighting.rule == "budget" or len(rows) == n
        if not rows or not square or any(len(row) != n for row in rows):
            raise DefinitionError(
                f"weighting: the judgements of {code} need rows of {n} numbers, one per child"
                + (f", and {n} of them" if weighting.rule == "ahp" else ""),
                at=("method", "weighting", level),
            )


def parts_of(value: Any) -> Any:
    """A part of a method as plain dictionaries and lists, as an edition file holds it."""
    if is_dataclass(value):
        return {one.name: parts_of(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: parts_of(part) for key, part in value.items()}
    return [parts_of(part) for part in value] if isinstance(value, tuple) else value

"""What the audit varies, and how far: the choices behind a method as a distribution."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from itertools import combinations
from math import isfinite
from typing import Any, Literal, get_args

from pii.errors import DefinitionError
from pii.framework import Framework
from pii.frozen import Frozen
from pii.method import Method, refuse_misfit

Option = Mapping[str, Any]
"""Changes to a method: dotted name of a choice → its value. Empty: as published."""

WeightRule = Literal["uniform", "range", "dirichlet"]
Why = Literal["zero", "refused", "same"]


@dataclass(frozen=True, slots=True)
class VariedWeights:
    """How the weights of siblings vary. Only their ratios matter, as everywhere.

    rule : "uniform": each weight times a number between 1 − `by` and 1 + `by`.
        "range": each weight anywhere between `low` and `high`, then rescaled to sum 1 among
        siblings: how the JRC draws. "dirichlet": shares with the published ones as their mean; the
        larger the concentration `by`, the nearer they stay.
    """

    rule: WeightRule
    by: float = 0.0
    low: float = 0.0
    high: float = 0.0

    def __post_init__(self) -> None:
        if self.rule not in get_args(WeightRule):
            known = ", ".join(get_args(WeightRule))
            raise DefinitionError(f"weights: there is no rule {self.rule!r}; choose {known}")
        if self.rule == "uniform" and not 0 < self.by < 1:
            raise DefinitionError(
                f"weights: uniform takes a share between 0 and 1, such as 0.25, not {self.by:g}"
            )
        if self.rule == "dirichlet" and not (self.by > 0 and isfinite(self.by)):
            raise DefinitionError(f"weights: a concentration is above 0, not {self.by:g}")
        if self.rule == "range" and not 0 <= self.low < self.high <= 1:
            raise DefinitionError(
                f"weights: a range of shares rises between 0 and 1, not {self.low:g} to "
                f"{self.high:g}"
            )


@dataclass(frozen=True, slots=True)
class MeasurementError:
    """Standard deviation of a value: in the indicator's unit, or relative to the value."""

    sd: float
    relative: bool = False

    def __post_init__(self) -> None:
        if not (self.sd > 0 and isfinite(self.sd)):
            raise DefinitionError(f"errors: a standard deviation is above 0, not {self.sd:g}")


@dataclass(frozen=True, slots=True)
class Omitted:
    """An option that may be left out, and was.

    why : "zero": a mean of power 0 or less, and a score that is not above zero; "refused": an
        edition or data that cannot be computed that way; "same": no score would change
    message : what the engine says against it; "" for "same"
    """

    choice: str
    option: Option
    why: Why
    message: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """Which choices vary, and how far; what is not named stays as published.

    choices : name → options, one of them as published; all equally likely
    weights : level, or code of a parent (which goes before its level) → how the weights vary
        there: of the nodes of that level, or of that parent's children
    where_possible : choices whose options are left out where the edition has no use for them, as
        `pii.audit.fitting` finds; elsewhere an option that cannot be drawn is refused
    omitted : which were left out
    dropped : codes; in each draw nothing or one of them is left out (weight 0), equally likely
    errors : code of an indicator → its measurement error, normal and independent; a value that
        leaves the indicator's bounds is held at them
    """

    choices: Mapping[str, Sequence[Option]] = field(default_factory=Frozen)
    weights: Mapping[str, VariedWeights] = field(default_factory=Frozen)
    dropped: tuple[str, ...] = ()
    errors: Mapping[str, MeasurementError] = field(default_factory=Frozen)
    where_possible: tuple[str, ...] = ()
    omitted: tuple[Omitted, ...] = ()

    def __post_init__(self) -> None:
        frozen = {name: tuple(map(_frozen, given)) for name, given in self.choices.items()}
        object.__setattr__(self, "choices", Frozen(frozen))
        object.__setattr__(self, "weights", Frozen(self.weights))
        object.__setattr__(self, "dropped", tuple(self.dropped))
        object.__setattr__(self, "errors", Frozen(self.errors))
        object.__setattr__(self, "where_possible", tuple(self.where_possible))
        for name in self.where_possible:
            if name not in self.choices:
                known = ", ".join(self.choices) or "none"
                raise DefinitionError(f"where_possible: {name} is none of the choices ({known})")

    @property
    def names(self) -> tuple[str, ...]:
        """The uncertain choices, in the order in which results list them."""
        return (
            *self.choices,
            *(f"weights: {where}" for where in self.weights),
            *(("dropped",) if self.dropped else ()),
            *(("errors",) if self.errors else ()),
        )


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Frozen({key: _frozen(item) for key, item in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def changed(method: Method, *options: Option) -> Method:
    """The method with the changes of some options, all made at once.

    `all` stands for every entry of a table, as in `power.all`.

    Raises
    ------
    DefinitionError
        For a name that a method does not have, or what it refuses.
    """
    tree: dict[str, Any] = {}
    for option in options:
        for name, value in option.items():
            *above, last = name.split(".")
            branch = tree
            for step in above:
                branch = branch.setdefault(step, {})
            branch[last] = value
    done: Method = _with(method, tree, "")
    return done


def _with(part: Any, changes: Any, path: str) -> Any:
    if not isinstance(changes, Mapping):
        if isinstance(part, Mapping) or is_dataclass(part):
            raise DefinitionError(
                f"{path} is a table; name its entries, such as {path}.{_first(part)}"
            )
        return changes
    if isinstance(part, Mapping):
        every = dict.fromkeys(part, changes["all"]) if "all" in changes else {}
        wanted = every | {key: change for key, change in changes.items() if key != "all"}
        return Frozen(
            {**part, **{k: _with(part.get(k), c, f"{path}.{k}") for k, c in wanted.items()}}
        )
    known = [one.name for one in fields(part)] if is_dataclass(part) else []
    for name in changes:
        if name not in known:
            raise DefinitionError(
                f"a method has no {f'{path}.{name}'.lstrip('.')}; there it has "
                f"{', '.join(known) or 'no further parts'}"
            )
    given = {
        name: _with(getattr(part, name), change, f"{path}.{name}".lstrip("."))
        for name, change in changes.items()
    }
    try:
        return replace(part, **given)
    except (TypeError, ValueError) as error:
        raise DefinitionError(f"{path or 'method'}: {error}") from None


def _first(part: Any) -> str:
    return next(iter(part), "all") if isinstance(part, Mapping) else fields(part)[0].name


def refuse_unfit(spread: Spread, framework: Framework, method: Method) -> None:
    """Raise `DefinitionError` where a spread cannot be drawn from, before the first draw.

    That is: a name the framework does not have, a published method that is not inside, or two
    options that cannot go together.
    """
    if not spread.names:
        raise DefinitionError("the spread varies nothing; name at least one choice")
    _refuse_unknown_codes(spread, framework)
    for name, options in spread.choices.items():
        if not any(changed(method, option) == method for option in options):
            raise DefinitionError(
                f"choices, {name}: none of its options is the published method; add {{}}"
            )
        if len(set(options)) != len(options):
            raise DefinitionError(f"choices, {name}: an option is there twice; keep one of them")
    for one, other in combinations(spread.choices, 2):
        both = _named(spread, one) & _named(spread, other)
        if both:
            raise DefinitionError(
                f"choices, {one} and {other} both set {min(both)}; make one choice of the two"
            )
    _refuse_pairs(spread, framework, method)
    reached = {where for where, _, _ in varied_weights(spread, framework)}
    for where in spread.weights:
        if where not in reached:
            raise DefinitionError(
                f"weights: {where} varies nothing, for every parent there has an entry of its own"
            )
    for where, children, varied in varied_weights(spread, framework):
        _refuse_weights_outside(where, children, varied, method)


def _named(spread: Spread, choice: str) -> set[str]:
    return {name for option in spread.choices[choice] for name in option}


def _refuse_unknown_codes(spread: Spread, framework: Framework) -> None:
    for where in spread.weights:
        if where not in framework.children and where not in framework.levels[1:]:
            raise DefinitionError(
                f"weights: {where} is neither a level below the index nor the code of a parent"
            )
    for code in spread.dropped:
        if code == framework.index or code not in framework.by_code:
            raise DefinitionError(f"dropped: the framework has no {code} that could be left out")
    for code in spread.errors:
        if code not in framework.codes:
            raise DefinitionError(f"errors: the framework has no indicator {code}")


def _refuse_pairs(spread: Spread, framework: Framework, method: Method) -> None:
    """Every option alone and every pair; the plan of an audit meets what only three forbid."""
    flat = [(name, option) for name, options in spread.choices.items() for option in options]
    for name, option in flat:
        try:
            refuse_misfit(changed(method, option), framework)
        except DefinitionError as error:
            raise DefinitionError(f"choices, {name}: {shown(option)}: {error}") from None
    for (one, a), (other, b) in combinations(flat, 2):
        if one == other:
            continue
        try:
            changed(method, a, b)
        except DefinitionError as error:
            raise DefinitionError(
                f"choices: {shown(a)} ({one}) cannot go with {shown(b)} ({other}): {error}. Such a "
                "draw would fail; make one choice of the two, with the pairs that can be"
            ) from None


def shown(option: Option) -> str:
    """An option as one reads it."""
    return ", ".join(f"{name} {value}" for name, value in option.items()) or "as published"


def varied_weights(
    spread: Spread, framework: Framework
) -> Iterator[tuple[str, tuple[str, ...], VariedWeights]]:
    """(where, siblings, how their weights vary), every group of siblings at most once."""
    for where, varied in spread.weights.items():
        for parent, children in framework.children.items():
            # A parent's own entry goes before that of the level of its children.
            at_level = parent not in spread.weights and framework.level(children[0]) == where
            if parent == where or at_level:
                yield where, children, varied


def _refuse_weights_outside(
    where: str, children: Sequence[str], varied: VariedWeights, method: Method
) -> None:
    if varied.rule != "range":
        return
    total = sum(method.weight(child) for child in children)
    for child in children:
        share = method.weight(child) / total
        if not varied.low - 1e-9 <= share <= varied.high + 1e-9:
            raise DefinitionError(
                f"weights, {where}: the published share of {child} is {share:.4g}, outside "
                f"{varied.low:g} to {varied.high:g}; widen the range"
            )

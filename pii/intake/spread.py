"""Spread files: which choices an audit varies, and how far; read as strictly as an edition."""

from pathlib import Path
from typing import Any

from pydantic import Field

from pii.errors import DefinitionError
from pii.framework import Framework
from pii.intake.definition import _parsed, _Strict, _validated
from pii.spread import MeasurementError, Spread, VariedWeights


class _Weights(_Strict):
    uniform: float | None = None
    range: list[float] | None = Field(default=None, min_length=2, max_length=2)
    dirichlet: float | None = None


class _Error(_Strict):
    sd: float | None = None
    relative: float | None = None


class _Spread(_Strict):
    choices: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    weights: dict[str, _Weights] = Field(default_factory=dict)
    dropped: list[str] = Field(default_factory=list)
    errors: dict[str, _Error] = Field(default_factory=dict)
    where_possible: list[str] = Field(default_factory=list)


def load_spread(path: str | Path, framework: Framework) -> Spread:
    """The spread of a file; that it fits the method is seen when the audit is planned.

    `all` under weights stands for every level; a level under dropped for all its nodes; `all` under
    errors for every indicator that is not named.

    Raises
    ------
    DefinitionError
        With file, line, column and remedy.
    """
    tree = _parsed(Path(path), "a spread was expected (choices:, weights:, …)")
    given = _validated(_Spread, tree, path)
    try:
        errors = {code: _error(code, one) for code, one in given.errors.items()}
        weights = {where: _weights(where, one) for where, one in given.weights.items()}
        usual = errors.pop("all", None)
        return Spread(
            choices=_bare(given.choices),
            weights=_by_level(weights, framework),
            dropped=tuple(code for name in given.dropped for code in _nodes(name, framework)),
            where_possible=tuple(str(name) for name in given.where_possible),
            errors=({} if usual is None else dict.fromkeys(framework.codes, usual)) | errors,
        )
    except DefinitionError as error:
        raise DefinitionError(f"{path}: {error}") from None


def _weights(where: str, given: _Weights) -> VariedWeights:
    _refuse_not_one(f"weights, {where}", given)
    if given.uniform is not None:
        return VariedWeights("uniform", by=given.uniform)
    if given.dirichlet is not None:
        return VariedWeights("dirichlet", by=given.dirichlet)
    low, high = given.range or (0.0, 0.0)
    return VariedWeights("range", low=low, high=high)


def _error(code: str, given: _Error) -> MeasurementError:
    _refuse_not_one(f"errors, {code}", given)
    return MeasurementError(given.sd or given.relative or 0.0, relative=given.sd is None)


def _refuse_not_one(where: str, given: _Strict) -> None:
    names = list(type(given).model_fields)
    said = [name for name in names if getattr(given, name) is not None]
    if len(said) != 1:
        raise DefinitionError(f"{where}: give one of {', '.join(names)}, not {len(said)}")


def _by_level(weights: dict[str, VariedWeights], framework: Framework) -> dict[str, VariedWeights]:
    usual = weights.pop("all", None)
    below = {framework.level(code) for code in framework.by_code if code != framework.index}
    levels = [level for level in framework.levels if level in below]
    return ({} if usual is None else dict.fromkeys(levels, usual)) | weights


def _nodes(name: str, framework: Framework) -> tuple[str, ...]:
    if name in framework.levels:
        return tuple(code for code in framework.by_code if framework.level(code) == name)
    return (name,)


def _bare(value: Any) -> Any:
    """Values without what the YAML reader remembers of their spelling."""
    if isinstance(value, dict):
        return {str(key): _bare(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_bare(item) for item in value)
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value

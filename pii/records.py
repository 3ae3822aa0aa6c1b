"""Frozen values as JSON, and back: what a page carries, without pydantic or pickles."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from math import isnan, nan
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pii.frozen import Frozen

T = TypeVar("T")


def as_json(value: Any) -> str:
    """A frozen dataclass as one line of JSON; NaN is null, dates are ISO texts."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def from_json(kind: type[T], text: str) -> T:
    """The value of that dataclass; equal to what `as_json` was given.

    Raises
    ------
    ValueError
        Where the text does not fit the type.
    """
    found: T = _built(kind, json.loads(text))
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and isnan(value):
        return None
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _built(kind: Any, data: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return data
    if origin in (Union, UnionType):
        if data is None and NoneType in inner:
            return None
        return _built(next(one for one in inner if one is not NoneType), data)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_built(inner[0], item) for item in data)
        return tuple(_built(one, item) for one, item in zip(inner, data, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return Frozen({key: _built(inner[1], item) for key, item in data.items()})
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        if set(data) != {one.name for one in fields(kind)}:
            raise ValueError(f"not a {kind.__name__}: {', '.join(data)}")
        return kind(**{name: _built(hints[name], item) for name, item in data.items()})
    if kind is float:
        return nan if data is None else float(data)
    if kind is date:
        return date.fromisoformat(data)
    return kind(data) if isinstance(kind, type) and issubclass(kind, Enum) else data

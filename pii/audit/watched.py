"""How a long piece of work lets somebody look on."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

Part = Literal["pairs", "ranks", "without"]
Watched = Callable[[Sequence[int], Part], Iterable[int]]
"""Hands on what it is given, one by one; told what part of the work it is."""


def unwatched(items: Sequence[int], part: Part) -> Iterable[int]:
    """The items, and nobody looks on."""
    return items

"""Means of a province's peers: its region, and provinces about as rich.

A group's mean is told only where nobody's figures can be worked out from it: not by one of its
members, who knows its own, nor from what the national mean leaves over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, isnan
from typing import Literal

from pii.provinces import Province, ProvinceList

FEWEST = 4
"""Provinces in a group: three besides the one that looks."""

BANDS = 3

Kind = Literal["region", "income"]


@dataclass(frozen=True, slots=True)
class Peers:
    """One group of provinces and its means.

    key : code of the region; "1" (richest) to "3" for bands of income
    members : codes of all on the list, whether the run ranked them or not
    mean : per group node from the index down, plain mean of the recorded scores; () where the
        group is too small, or would give a small one away
    """

    kind: Kind
    key: str
    members: tuple[str, ...]
    mean: tuple[float, ...]


def peers_of(
    names: ProvinceList | None, provinces: Sequence[str], score: Sequence[Sequence[float]]
) -> tuple[Peers, ...]:
    """Regions, then bands of GRDP per head; () where no list says who the provinces are.

    provinces, score : as the run ranked them, one score per group node; NaN where there is none
    """
    if names is None:
        return ()
    rows = dict(zip(provinces, score, strict=True))
    return (
        *_kind("region", _by_region(names), rows),
        *_kind("income", _by_income(names), rows),
    )


def _by_region(names: ProvinceList) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for province in names:
        found.setdefault(province.region, []).append(province.code)
    return found


def _by_income(names: ProvinceList) -> dict[str, list[str]]:
    """Thirds of the list by GRDP per head, the richest first; this project's own grouping."""
    known = sorted((-_per_head(p), p.code) for p in names if p.grdp and p.population)
    found: dict[str, list[str]] = {}
    for place, (_, code) in enumerate(known):
        found.setdefault(str(1 + BANDS * place // len(known)), []).append(code)
    return found


def _per_head(province: Province) -> float:
    return (province.grdp or 0.0) / (province.population or 1.0)


def _kind(
    kind: Kind, groups: dict[str, list[str]], rows: dict[str, Sequence[float]]
) -> Iterator[Peers]:
    told = _told(groups, rows)
    for key, members in groups.items():
        there = [rows[who] for who in members if who in rows]
        mean = tuple(_mean(column) for column in zip(*there, strict=True)) if key in told else ()
        yield Peers(kind, key, tuple(members), mean)


def _told(groups: dict[str, list[str]], rows: dict[str, Sequence[float]]) -> set[str]:
    """Keys of the groups whose means are told."""
    sizes = {key: _size([rows[who] for who in who_in if who in rows])
             for key, who_in in groups.items()}  # fmt: skip
    told = {key for key, size in sizes.items() if size >= FEWEST}
    # The national mean less the groups told is the mean of the rest: that is a group as well.
    while told and 0 < len(rows) - sum(who in rows for k in told for who in groups[k]) < FEWEST:
        told.remove(min(told, key=lambda key: (sizes[key], key)))
    return told


def _size(rows: list[Sequence[float]]) -> int:
    """How many have a score, on the node where fewest have: the means hang together."""
    return min((sum(not isnan(x) for x in column) for column in zip(*rows, strict=True)), default=0)


def _mean(column: Sequence[float]) -> float:
    there = [x for x in column if not isnan(x)]
    return fsum(there) / len(there)

"""How far scores moved from one edition to the next: what an honest range can be made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Movement:
    """A span that held for most, and what became of it a year later.

    points : `share` (0–1) of the provinces compared moved by no more than this, up or down
    provinces : how many were compared between `editions`
    held, tested : of so many provinces a year later, how many moved by no more than `points`;
        0 of 0 where there was nothing to test it on
    """

    points: float
    share: float
    provinces: int
    editions: tuple[str, str]
    held: int = 0
    tested: int = 0
    test: tuple[str, str] = ("", "")


Scores = Mapping[str, float]


def movement(
    editions: Mapping[str, Scores], *, share: float = 0.9, fewest: int = 5
) -> Movement | None:
    """The movement between the first two of three editions, tested on the last two.

    editions : scores of the index by province, oldest first; only provinces in both of a pair
        are compared, so leave out those whose territory changed in between
    Returns None where fewer than `fewest` provinces can be compared.
    """
    (first, before), (second, after), *later = editions.items()
    moves = sorted(_moves(before, after))
    if len(moves) < fewest:
        return None
    points = moves[ceil(share * len(moves) - 1e-9) - 1]
    known = points, share, len(moves), (first, second)
    if not later:
        return Movement(*known)
    third, last = later[0]
    again = _moves(after, last)
    held = sum(move <= points for move in again)
    return Movement(*known, held, len(again), (second, third))


def _moves(before: Scores, after: Scores) -> list[float]:
    return [abs(after[who] - before[who]) for who in before if who in after]

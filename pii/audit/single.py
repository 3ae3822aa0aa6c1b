"""The one value on which a rank hangs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import nan
from typing import Literal

import numpy as np

from pii.errors import DataError
from pii.matrix import Matrix
from pii.pipeline import Outcome, Scores, compute
from pii.tree import Tree

_PAST = 1e-3
"""A value is moved past the point where two are level by this share of the way, to see a rank."""


@dataclass(frozen=True, slots=True)
class Hinge:
    """The smallest change of one value of a province that brings it level with a neighbour.

    direction : "up" to the next better rank, "down" to the next lower one
    neighbour : whom it comes level with; gap : points of the index between them
    indicator : whose score has to change least; "" where no single one suffices
    points : of its score (0–100), with goalposts as they are; NaN where none suffices
    value, needed : in the indicator's unit; `needed` NaN where it cannot be told from the score
        (after a logarithm, or where scores are neither the values themselves nor by min-max)
    rank : with the needed value and a thousandth of the way more, everything computed anew,
        treatment and goalposts included; NaN where `needed` is
    """

    province: str
    direction: Literal["up", "down"]
    neighbour: str
    gap: float
    indicator: str
    points: float
    value: float
    needed: float
    rank: float


def hinges(outcome: Outcome) -> tuple[Hinge, ...]:
    """Up and down of every ranked province, from the first rank to the last.

    Only for a linear index: elsewhere no indicator has points of its own, and the answer is ().
    """
    scores = outcome.scores
    if np.isnan(scores.contribution).all():
        return ()
    index = scores.score[:, scores.column(outcome.framework.index)]
    order = [int(i) for i in np.argsort(-index, kind="stable") if not np.isnan(index[i])]
    return tuple(_all(outcome, order))


def _all(outcome: Outcome, order: list[int]) -> Iterator[Hinge]:
    for place, i in enumerate(order):
        if place:
            yield _hinge(outcome, i, order[place - 1], "up")
        if place + 1 < len(order):
            yield _hinge(outcome, i, order[place + 1], "down")


def _hinge(outcome: Outcome, i: int, neighbour: int, direction: Literal["up", "down"]) -> Hinge:
    scores = outcome.scores
    at = scores.column(outcome.framework.index)
    gap = float(abs(scores.score[neighbour, at] - scores.score[i, at]))
    own, weight = scores.normalised[i], scores.weight[i]
    bottom, top = _ends(outcome)
    with np.errstate(divide="ignore", invalid="ignore"):
        points = np.where(weight > 0, gap / weight, np.inf)
    room = (top - own) if direction == "up" else (own - bottom)
    points = np.where(points <= room + 1e-12, points, np.inf)
    name, other = scores.provinces[i], scores.provinces[neighbour]
    if not np.isfinite(points).any():
        return Hinge(name, direction, other, gap, "", nan, nan, nan, nan)
    j = int(points.argmin())
    score = float(own[j] + points[j] * (1 if direction == "up" else -1))
    value, needed = float(outcome.matrix.values[i, j]), _value_of(outcome, scores, j, score)
    if value != scores.prepared.values[i, j]:  # denominated, or imputed: not the figure itself
        needed = nan
    rank = _rank_with(outcome, i, j, needed + _PAST * (needed - value))
    return Hinge(
        name, direction, other, gap, outcome.framework.codes[j], float(points[j]), value, needed,
        rank,
    )  # fmt: skip


def _ends(outcome: Outcome) -> tuple[float, float]:
    """Between which scores an indicator can move, as far as the rule tells."""
    rule = outcome.method.normalisation
    if rule.rule == "min-max":
        return rule.scale
    if rule.rule == "none":  # scores already; what is there is possible, whatever the scale says
        there = outcome.scores.normalised
        return min(rule.scale[0], float(np.nanmin(there))), max(
            rule.scale[1], float(np.nanmax(there))
        )
    return -np.inf, np.inf


def _value_of(outcome: Outcome, scores: Scores, j: int, score: float) -> float:
    rule = outcome.method.normalised_by(outcome.framework.codes[j])
    if scores.treated.form[j] not in ("none", "winsorised"):
        return nan
    if rule.rule == "none":
        return score
    if rule.rule != "min-max":
        return nan
    share = (score - rule.scale[0]) / (rule.scale[1] - rule.scale[0])
    return float(scores.worst[j] + share * (scores.best[j] - scores.worst[j]))


def _rank_with(outcome: Outcome, i: int, j: int, value: float) -> float:
    if np.isnan(value):
        return nan
    matrix = outcome.matrix
    values = matrix.values.copy()
    values[i, j] = value
    changed: Matrix = replace(matrix, values=values)
    scores = outcome.scores
    known = Tree(scores.score, scores.coverage, scores.local)
    try:
        found = compute(changed, outcome.framework, outcome.method, known=known)
    except DataError:
        return nan
    return float(found.rank[i, found.column(outcome.framework.index)])

"""Every province under the weights of pillars that suit it best, within bounds."""

from dataclasses import dataclass
from math import nan

import numpy as np

from pii.audit.admissible import heavy_children
from pii.matrix import Array
from pii.pipeline import Outcome
from pii.steps.frontier import benefit_of_the_doubt
from pii.steps.rank import competition_rank
from pii.steps.weigh import complete

LEAST, MOST = 0.35, 1.4
"""Bounds of a pillar's share, in parts of an equal share: of 7 pillars, 5 and 20 %."""


@dataclass(frozen=True, slots=True)
class Frontiers:
    """Benefit-of-the-doubt scores; arrays by row of the run.

    pillars : codes; low, high : bounds of the share of each (0–1)
    score : (provinces,), 0–1, 1 where no admissible shares put anybody ahead; NaN without
        every pillar
    rank : (provinces,), among those; equal within 1e-6
    share : (provinces, pillars), the shares of weight that suit it best (one set of several)
    """

    pillars: tuple[str, ...]
    low: float
    high: float
    score: Array
    rank: Array
    share: Array


def frontier(outcome: Outcome, low: float | None = None, high: float | None = None) -> Frontiers:
    """Scores on pillars with every share between `low` and `high`.

    low, high : 0–1; without them 0.35 and 1.4 equal shares, which for seven pillars are the 5 and
        20 % of the JRC's audits of the GII
    Raises
    ------
    ValueError
        For bounds that no shares can meet, or scores below 0.
    """
    framework, scores = outcome.framework, outcome.scores
    pillars = tuple(group.code for group in framework.at_level("pillar"))
    pillars = pillars or heavy_children(outcome)[framework.index]
    least = LEAST / len(pillars) if low is None else low
    most = min(1.0, MOST / len(pillars)) if high is None else high
    x = scores.score[:, [scores.column(pillar) for pillar in pillars]]
    whole = complete(x)
    score = np.full(len(x), nan)
    share = np.full(x.shape, nan)
    if whole.any():
        found = benefit_of_the_doubt(x[whole], least, most)
        score[whole] = found.scores
        share[whole] = found.weights / found.weights.sum(axis=1, keepdims=True)
    return Frontiers(pillars, least, most, score, competition_rank(score, tolerance=1e-6), share)

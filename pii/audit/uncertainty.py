"""How far ranks move when the method is drawn from a `Spread`."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pii.matrix import Array


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What all draws say of each province; arrays are read-only, rows in the order of `provinces`.

    provinces : codes
    draws, seed : how many methods were drawn, and from which seed
    nominal_rank, nominal_score : (provinces,), of the published method; NaN where not published
    median_rank : (provinces,), NaN where unranked in half of the draws or more
    rank_interval : (provinces, 2), 5 % and 95 % of the draws; an unranked draw counts as last, and
        an end that falls on one is NaN
    places : (provinces, places), share of the draws in which it had rank 1, 2, …
    unranked : (provinces,), share of the draws in which coverage forbade a rank
    beats : (provinces, provinces), share of the draws in which the row's score is above the
        column's by more than the tolerance of ties; None for more than `PAIRS` provinces
    score_median : (provinces,) and score_interval : (provinces, 2), 5 % and 95 %, over the
        `score_draws` draws whose scores are on the scale of the published ones; NaN where none
    score_resolution : (provinces,), how far these may be off because draws are counted in bins
    """

    provinces: tuple[str, ...]
    draws: int
    seed: int
    nominal_rank: Array
    nominal_score: Array
    median_rank: Array
    rank_interval: Array
    places: Array
    unranked: Array
    beats: Array | None
    score_median: Array
    score_interval: Array
    score_draws: int
    score_resolution: Array

    def order(self) -> npt.NDArray[np.int64]:
        """Rows from the first to the last published rank, the unranked left out."""
        ranked = np.flatnonzero(~np.isnan(self.nominal_rank))
        return ranked[np.argsort(self.nominal_rank[ranked], kind="stable")]

"""OECD/JRC Handbook (2008), table 15: thirteen normalisations of mean years of schooling."""

import csv
from pathlib import Path

import numpy as np
import pytest
from strategies import Array

from pii.steps.normalise import (
    above_or_below_mean,
    differences_to,
    fractions_of_best,
    observed_goalposts,
    percentile_bands,
    rank_scores,
    rank_shares,
    ratios_to,
    upwards,
    z_scores,
)
from pii.steps.normalise import between_goalposts as goalposts

TABLE = Path(__file__).parent / "data/tai-2008/tai_T15_normalisation_schooling.csv"
UP = np.array([True])


def printed(name: str) -> Array:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return np.array([float(row[name]) for row in csv.DictReader(file)])


YEARS = printed("schooling")[:, None]
WORST, BEST = observed_goalposts(YEARS, UP)
MEAN = YEARS.mean(axis=0)


def test_the_table_is_whole() -> None:
    assert YEARS.shape == (23, 1)
    assert (WORST[0], BEST[0]) == (7.1, 12.0)


@pytest.mark.parametrize(
    ("name", "scores"),
    [
        ("rank_high_is_best", rank_scores(YEARS, UP)),
        ("above_below_mean_p20", above_or_below_mean(YEARS, UP)),
        ("categorical", percentile_bands(YEARS, UP)),
    ],
)
def test_reproduced_exactly(name: str, scores: Array) -> None:
    np.testing.assert_array_equal(scores[:, 0], printed(name))


def test_percentiles_are_rank_over_n_as_printed_with_one_decimal() -> None:
    shares = rank_shares(YEARS, UP)[:, 0]
    assert shares.tolist() == (printed("rank_high_is_best") / 23).tolist()
    np.testing.assert_array_equal(np.round(100 * shares, 1), printed("percentile"))


@pytest.mark.parametrize(
    ("name", "scores"),
    [
        ("minmax_0_1", goalposts(YEARS, WORST, BEST, scale=(0, 1))),
        ("ratio_to_mean", ratios_to(YEARS, UP, MEAN)),
        ("ratio_to_best", fractions_of_best(YEARS, UP)),
        ("ratio_to_worst", ratios_to(YEARS, UP, WORST)),
        ("diff_to_mean", differences_to(YEARS, UP, MEAN)),
        ("diff_to_worst", differences_to(YEARS, UP, WORST)),
    ],
)
def test_reproduced_within_the_rounding_of_the_print(name: str, scores: Array) -> None:
    # Two decimals, so half a unit of the second; 1e-12 for what binary numbers add to it.
    assert np.abs(scores[:, 0] - printed(name)).max() <= 0.005 + 1e-12


def z_of(divisor: int) -> Array:
    """z-scores with this many degrees of freedom lost."""
    z: Array = (YEARS - MEAN) / YEARS.std(axis=0, ddof=divisor)
    return z


def test_z_scores_divide_by_n_less_one() -> None:
    z = z_scores(YEARS, UP)
    np.testing.assert_allclose(z, z_of(1), rtol=1e-12, atol=1e-12)
    assert np.abs(z[:, 0] - printed("zscore")).max() <= 0.005
    assert np.abs(z_of(0)[:, 0] - printed("zscore")).max() > 0.03  # and not by n


def test_lower_is_better_is_the_same_table_turned_round() -> None:
    down = np.array([False])
    np.testing.assert_array_equal(z_scores(YEARS, down), upwards(z_scores(YEARS, UP), down))
    np.testing.assert_array_equal(
        above_or_below_mean(YEARS, down)[:, 0], -printed("above_below_mean_p20")
    )

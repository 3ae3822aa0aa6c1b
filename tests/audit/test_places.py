"""Ranks of many draws at once against the ranks of one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import Array

from pii.audit.places import places, wins
from pii.steps.rank import competition_rank


def expected(scores: Array, tolerance: float) -> Array:
    return competition_rank(scores.T, tolerance=tolerance).T


def test_by_hand() -> None:
    scores = np.array([[3.0, 1.0], [2.0, 1.0], [5.0, 7.0]])
    assert places(scores, tolerance=1e-9).tolist() == [[2, 2], [3, 2], [1, 1]]


@given(
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 1e-9, 1e-3]),
    st.sampled_from([1.0, 1e-6, 1e-9, 1e-10]),
)
def test_ranks_are_those_of_one_draw_after_another(
    n: int, draws: int, seed: int, tolerance: float, grain: float
) -> None:
    """Scores on a grid around the tolerance: ties, chains of ties, and gaps just beyond."""
    steps = np.random.default_rng(seed).integers(-30, 30, (n, draws))
    scores = 50 + steps * grain
    np.testing.assert_array_equal(places(scores, tolerance=tolerance), expected(scores, tolerance))


@pytest.mark.parametrize("n", [2, 34, 63, 64, 65, 129, 300])
def test_any_number_of_provinces_and_any_sign(n: int) -> None:
    scores = np.random.default_rng(n).normal(0, 1, (n, 50))
    scores[0] = 0.0
    np.testing.assert_array_equal(places(scores, tolerance=1e-9), expected(scores, 1e-9))


def test_a_chain_of_ties_is_one_tie() -> None:
    scores = np.array([[1.0], [1.0 + 0.8e-9], [1.0 + 1.6e-9], [0.5]])
    assert places(scores, tolerance=1e-9)[:, 0].tolist() == [1, 1, 1, 4]


@pytest.mark.parametrize(("n", "draws"), [(2, 1), (5, 7), (34, 3000), (130, 40)])
def test_wins_are_counted_pair_by_pair(n: int, draws: int) -> None:
    scores = np.random.default_rng(0).integers(0, 12, (n, draws)) * 1.0
    for kind in (scores, np.random.default_rng(1).random((n, draws))):
        ranks = places(kind, tolerance=1e-9)
        brute = np.array([[(kind[i] > kind[j]).sum() for j in range(n)] for i in range(n)])
        np.testing.assert_array_equal(wins(ranks), brute)

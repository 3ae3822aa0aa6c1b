"""Orders printed in the OECD/JRC Handbook (2008): votes, outranking, weights and means.

Data: data/tai-2008 (tables by their number in the book; the goalposts of Saisana, Saltelli and
Tarantola 2005). What is printed with rounded weights agrees as far as those weights allow.
"""

import csv
from functools import cache
from itertools import combinations, permutations
from math import fsum
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from pii.steps.aggregate import power_mean
from pii.steps.normalise import between_goalposts
from pii.steps.outrank import Kemeny, copeland, kemeny, outranking
from pii.steps.rank import average_rank, competition_rank

DATA = Path(__file__).resolve().parent / "data/tai-2008"
Array = npt.NDArray[np.float64]
SHOWN = np.array(True)


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def table(name: str) -> tuple[list[str], list[str], Array]:
    lines = rows(name)
    first, *columns = lines[0]
    numbers = np.array([[float(line[c]) for c in columns] for line in lines])
    return [line[first] for line in lines], columns, numbers


def profile(example: str) -> tuple[str, Array, Array]:
    """Candidates; scores (candidates, rankings), 0 for the last place; number of votes."""
    votes = [line for line in rows("handbook_voting_profiles") if line["example"] == example]
    orders = [line["ranking_best_to_worst"] for line in votes]
    names = "".join(sorted(orders[0]))
    scores = np.array([[len(o) - 1.0 - o.index(name) for o in orders] for name in names])
    return names, scores, np.array([float(line["n_indicators"]) for line in votes])


def counts(example: str) -> tuple[str, Array]:
    """Candidates; how many votes put the row's candidate before the column's."""
    names, scores, votes = profile(example)
    return names, outranking(scores, votes, tolerance=0) * votes.sum()


def borda(scores: Array, votes: Array) -> Array:
    places = average_rank(scores.T, tolerance=0).T
    points = len(scores) - places
    mean = power_mean(points, votes, power=1, published=SHOWN)
    total: Array = np.multiply(mean, votes.sum())
    return total


def expected(example: str) -> dict[str, str]:
    (line,) = (x for x in rows("handbook_voting_expected") if x["example"] == example)
    return line


def spelled(names: str | list[str], best: Kemeny, sep: str = "") -> list[str]:
    return [sep.join(names[i] for i in order) for order in best.orders]


@pytest.mark.parametrize("example", ["T25", "T28", "T31", "T34"])
def test_borda(example: str) -> None:
    names, scores, votes = profile(example)
    printed = dict(pair.split("=") for pair in expected(example)["borda"].split(";"))
    mine = borda(scores, votes)
    np.testing.assert_allclose(mine, [float(printed[name]) for name in names], rtol=1e-14)


def test_borda_turns_when_a_loser_leaves() -> None:
    # T31: a, b, c, d in this order; without d, c, b, a.
    names, scores, votes = profile("T31")
    three = [names.index(name) for name in "abc"]
    np.testing.assert_allclose(borda(scores[three], votes), [6, 7, 8], rtol=1e-14)
    assert expected("T31")["condorcet_or_CKYL"] == "(without d: a=6;b=7;c=8)"


def test_condorcet_order_without_a_cycle() -> None:
    names, votes = counts("T25")
    best = kemeny(votes, tolerance=1e-9)
    assert [" > ".join(word) for word in spelled(names, best)] == ["c > b > d > a"]
    assert expected("T25")["condorcet_or_CKYL"] == "c>b>d>a"
    # Each majority of one: no cycle, so every unit is a block of its own.
    assert copeland(votes, tolerance=1e-9).tolist() == [-3, 1, 3, -1]
    assert best.block.tolist() == [4, 2, 1, 3]


def test_ckyl_with_a_cycle() -> None:
    names, votes = counts("T28")
    scores, winner = expected("T28")["condorcet_or_CKYL"].removeprefix("CKYL scores: ").split("->")
    printed = {k.strip(): float(v) for k, v in (pair.split("=") for pair in scores.split(";"))}
    mine = {
        "".join(names[i] for i in order): fsum(votes[pair] for pair in combinations(order, 2))
        for order in permutations(range(3))
    }
    assert mine == pytest.approx(printed, rel=1e-14)
    best = kemeny(votes, tolerance=1e-9)
    assert spelled(names, best) == [winner.strip()]
    assert best.unique and best.score == pytest.approx(104, rel=1e-14)
    # a beats b, b beats c, c beats a: nobody wins, all are one block.
    assert copeland(votes, tolerance=1e-9).tolist() == [0, 0, 0]
    assert best.block.tolist() == [1, 1, 1]


def test_a_perfect_cycle_has_three_optima() -> None:
    names, votes = counts("T34")
    best = kemeny(votes, tolerance=1e-9)
    assert "tie: " + ",".join(spelled(names, best)) == expected("T34")["condorcet_or_CKYL"]
    assert best.complete and not best.unique
    first = kemeny(votes, tolerance=1e-9, most=2)
    assert len(first.orders) == 2 and not first.complete


def test_outranking_of_five_countries() -> None:
    countries, columns, raw = table("tai_T35_raw5_3dec")
    names, _, printed = table("tai_T36_outranking_5")
    assert names == countries
    mine = outranking(raw, np.ones(len(columns)), tolerance=1e-9)
    np.testing.assert_array_equal(mine, printed)


def test_permutation_scores_of_five_countries() -> None:
    names, _, matrix = table("tai_T36_outranking_5")
    printed = {
        tuple(names.index(line[f"r{k}"]) for k in range(1, 6)): float(line["score"])
        for line in rows("tai_T37_permutation_scores")
    }
    support = {
        order: fsum(matrix[pair] for pair in combinations(order, 2))
        for order in permutations(range(5))
    }
    assert len(support) == 120
    assert {order: support[order] for order in printed} == printed
    # What is printed is the top of the list: three optima, then three with 6.125.
    assert sorted(support.values(), reverse=True)[:6] == sorted(printed.values(), reverse=True)
    best = kemeny(matrix, tolerance=1e-9)
    assert best.score == 6.375 and best.complete
    optima = {order for order, score in printed.items() if score == 6.375}
    assert {tuple(order) for order in best.orders.tolist()} == optima
    assert len(optima) == 3


def scored() -> tuple[list[str], list[str], Array]:
    """Min-max of the 23 countries between the goalposts of 72, capped (telephones: 901)."""
    countries, columns, raw = table("tai_A2_raw_23x8")
    goalposts = {line["indicator"]: line for line in rows("jrss2005_T1_goalposts_72countries")}

    def ends(column: str) -> tuple[float, float]:
        line = goalposts[column.removesuffix("_log10")]
        low, high = float(line["min"]), float(line["max"])
        logged = column.endswith("_log10")
        return (float(np.log10(low)), float(np.log10(high))) if logged else (low, high)

    worst, best = np.array([ends(column) for column in columns]).T
    return countries, columns, between_goalposts(raw, worst, best)


def ranks(power: float, x: Array, weights: Array) -> Array:
    means = power_mean(x, weights, power=power, published=SHOWN)
    return competition_rank(means, tolerance=1e-9)


def printed_ranks(name: str, column: str) -> Array:
    by_country = {line["country"]: float(line[column]) for line in rows(name)}
    return np.array([by_country[country] for country in table("tai_A2_raw_23x8")[0]])


@pytest.mark.parametrize(
    ("name", "column"),
    [("tai_T38_ranks_by_aggregation", "LIN"), ("tai_T23_ranks_by_weighting", "EW")],
)
def test_linear_with_equal_weights(name: str, column: str) -> None:
    _, _, x = scored()
    np.testing.assert_array_equal(ranks(1, x, np.ones(8)), printed_ranks(name, column))


def test_the_goalposts_of_23_countries_give_another_order() -> None:
    _, _, raw = table("tai_A2_raw_23x8")
    x = between_goalposts(raw, raw.min(axis=0), raw.max(axis=0))
    linear = printed_ranks("tai_T38_ranks_by_aggregation", "LIN")
    assert (ranks(1, x, np.ones(8)) == linear).sum() == 11


@pytest.mark.parametrize(("weighting", "agreeing"), [("BAP", 23), ("AHP", 20), ("FA", 19)])
def test_linear_with_printed_weights(weighting: str, agreeing: int) -> None:
    # AHP and FA agree as far as weights printed with two decimals let them.
    _, columns, x = scored()
    given = {
        line["indicator"]: float(line[weighting]) for line in rows("tai_T22_weights_EW_FA_BAP_AHP")
    }
    mine = ranks(1, x, np.array([given[column] for column in columns]))
    same = mine == printed_ranks("tai_T23_ranks_by_weighting", weighting)
    assert same.sum() == agreeing


def test_linear_without_telephones_and_electricity() -> None:
    _, columns, x = scored()
    six = np.array([0.0 if column.endswith("_log10") else 1.0 for column in columns])
    mine = ranks(1, x, six)
    printed = printed_ranks("tai_T41_TAI6_ranks", "TAI6_excl_telephones_electricity")
    np.testing.assert_array_equal(mine, printed)


def test_the_original_index_of_t41_differs_in_three_places() -> None:
    # T41 prints Canada 8, Australia 9, Singapore 10; T23 and T38: Singapore 8, Canada, Australia.
    countries, _, x = scored()
    original = printed_ranks("tai_T41_TAI6_ranks", "TAI_original")
    apart = np.flatnonzero(ranks(1, x, np.ones(8)) != original)
    assert {countries[i] for i in apart} == {"Canada", "Australia", "Singapore"}


def test_geometric_of_raw_values() -> None:
    _, _, raw = table("tai_A2_raw_23x8")
    printed = printed_ranks("tai_T38_ranks_by_aggregation", "GME")
    np.testing.assert_array_equal(ranks(0, raw, np.ones(8)), printed)

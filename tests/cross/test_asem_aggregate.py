"""Means, outranking and ranks against COINr 1.1.14, step by step from its own treated values.

`agg_groups.csv` gathers the index, sub-indices and pillars of COINr's files `agg_*.csv`, one after
the other; the other files are as COINr wrote them. Normalised here by plain formulas, so that this
room proves means and orders and nothing else. Tree and treated values: the folder above.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from pii.steps.aggregate import covered, power_mean
from pii.steps.outrank import copeland, kemeny, outranking
from pii.steps.rank import competition_rank, percent_rank
from pii.steps.strengths import furthest

DATA = Path(__file__).resolve().parent / "data"
ASEM = DATA / "asem"
Array = npt.NDArray[np.float64]

# File of aggregates: file of scores, powers of pillars, sub-indices and index.
FORMS: dict[str, tuple[str, tuple[float, float, float]]] = {
    "borda_amean": ("borda", (1, 1, 1)),
    "dist2max_amean": ("dist2max", (1, 1, 1)),
    "minmax_0_100_amean": ("minmax_0_100", (1, 1, 1)),
    "minmax_1_100_amean": ("minmax_1_100", (1, 1, 1)),
    "minmax_1_100_gmean": ("minmax_1_100", (0, 0, 0)),
    "mm1_100_amean": ("minmax_1_100", (1, 1, 1)),
    "mm1_100_genmean_p-1": ("minmax_1_100", (-1, -1, -1)),
    "mm1_100_genmean_p0.5": ("minmax_1_100", (0.5, 0.5, 0.5)),
    "mm1_100_genmean_p2": ("minmax_1_100", (2, 2, 2)),
    "mm1_100_gmean": ("minmax_1_100", (0, 0, 0)),
    "mm1_100_hmean": ("minmax_1_100", (-1, -1, -1)),
    "mm1_100_mixed_amean_gmean_gmean": ("minmax_1_100", (1, 0, 0)),
    "none_amean": ("none", (1, 1, 1)),
    "prank_amean": ("prank", (1, 1, 1)),
    "rank_amean": ("rank", (1, 1, 1)),
    "rank_gmean": ("rank", (0, 0, 0)),
    "scaled_0_100_amean": ("scaled_0_100", (1, 1, 1)),
    "zscore_0_1_amean": ("zscore_0_1", (1, 1, 1)),
    "zscore_10_2_amean": ("zscore_10_2", (1, 1, 1)),
    "zscore_10_2_gmean": ("zscore_10_2", (0, 0, 0)),
}
GAPS = {"unimputed_amean_nothresh": 0.0, "unimputed_amean_thresh0.75": 0.75}
INFINITE = {"dist2ref_u1_amean": "dist2ref_u1", "fracmax_amean": "fracmax"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float(text or "nan")  # float() is exact, and knows Inf


TREE = rows(DATA / "tree.csv")
LEAVES = [line["indicator"] for line in TREE]
PILLARS = list(dict.fromkeys(line["pillar"] for line in TREE))
SUBS = {line["pillar"]: line["subindex"] for line in TREE}
CHILDREN = {p: [x["indicator"] for x in TREE if x["pillar"] == p] for p in PILLARS}
CHILDREN |= {s: [p for p in PILLARS if SUBS[p] == s] for s in dict.fromkeys(SUBS.values())}
CHILDREN["Index"] = list(dict.fromkeys(SUBS.values()))


def columns(lines: list[dict[str, str]], codes: list[str]) -> Array:
    return np.array([[number(line[code]) for code in codes] for line in lines])


UNITS = [line["uCode"] for line in rows(DATA / "screened.csv")]


def directed() -> Array:
    """Treated values, negative where lower is better: COINr's scores under "none"."""
    lines = rows(DATA / "screened.csv")
    capped = {line["uCode"]: line for line in rows(DATA / "treated.csv")}
    sign = columns(TREE, ["direction"])[:, 0]
    return columns([line | capped[line["uCode"]] for line in lines], LEAVES) * sign


@cache
def scores(name: str) -> Array:
    """(51 units, 49 indicators) under one of COINr's normalisations."""
    file = ASEM / f"norm_{name}.csv"
    if file.exists():
        lines = {line["uCode"]: line for line in rows(file)}
        return columns([lines[unit] for unit in UNITS], LEAVES)
    y = directed()
    share = (y - y.min(axis=0)) / (y.max(axis=0) - y.min(axis=0))
    z = (y - y.mean(axis=0)) / y.std(axis=0, ddof=1)
    from_below = competition_rank(-y.T, tolerance=0).T
    forms = {"none": y, "scaled_0_100": y, "dist2max": share, "zscore_0_1": z, "rank": from_below}
    forms |= {"minmax_0_100": 100 * share, "minmax_1_100": 1 + 99 * share}
    forms |= {"zscore_10_2": 10 + 2 * z, "borda": from_below - 1}
    forms["prank"] = percent_rank(y.T, tolerance=0).T
    form: Array = forms[name]
    return form


@cache
def theirs(name: str) -> dict[str, Array]:
    lines = [line for line in rows(ASEM / "agg_groups.csv") if line["file"] == name]
    assert [line["uCode"] for line in lines] == UNITS
    return {code: columns(lines, [code])[:, 0] for code in CHILDREN}


def powers_of(powers: tuple[float, float, float]) -> dict[str, float]:
    level = dict.fromkeys(PILLARS, 0) | {"Index": 2}
    return {code: powers[level.get(code, 1)] for code in CHILDREN}


def aggregated(x: Array, powers: tuple[float, float, float], share: float = 0) -> dict[str, Array]:
    """Scores of every group from those of the indicators; all local weights are 1."""
    found = dict(zip(LEAVES, x.T, strict=True))
    for code, power in powers_of(powers).items():
        children = np.column_stack([found[child] for child in CHILDREN[code]])
        here = ~np.isnan(children)
        shown = covered(here.mean(axis=1), here.sum(axis=1), share=share, count=1)
        weights = np.ones(children.shape[1])
        found[code] = power_mean(children, weights, power=power, published=shown)
    return found


def test_the_tree_is_complete() -> None:
    assert (len(LEAVES), len(PILLARS), len(CHILDREN)) == (49, 8, 11)
    in_file = {line["file"] for line in rows(ASEM / "agg_groups.csv")}
    assert in_file == {*FORMS, *GAPS, *INFINITE}


@pytest.mark.parametrize("name", FORMS)
def test_means(name: str) -> None:
    normalised, powers = FORMS[name]
    mine = aggregated(scores(normalised), powers)
    for code, expected in theirs(name).items():
        # Around zero a relative difference says nothing: z-scores and raw values change sign.
        size = 1e-9 * np.abs(expected).max()
        np.testing.assert_allclose(mine[code], expected, rtol=1e-9, atol=size * 1e-3)


@pytest.mark.parametrize(("name", "share"), GAPS.items())
def test_means_over_what_is_present(name: str, share: float) -> None:
    x = scores("minmax_0_100_unimputed")
    assert np.isnan(x).sum() > 50
    mine = aggregated(x, (1, 1, 1), share)
    hidden = 0
    for code, expected in theirs(name).items():
        hidden += np.isnan(expected).sum()
        np.testing.assert_allclose(mine[code], expected, rtol=1e-9)
    assert (hidden > 0) == (share > 0)


@pytest.mark.parametrize(("name", "normalised"), INFINITE.items())
def test_infinite_scores_are_refused_where_coinr_passes_them_on(name: str, normalised: str) -> None:
    # COINr divides by zero in these two forms and ranks what comes out.
    x = scores(normalised)
    assert np.isinf(x).any()
    alone = np.array(True)
    for pillar in PILLARS:
        children = x[:, [LEAVES.index(child) for child in CHILDREN[pillar]]]
        ones = np.ones(children.shape[1])
        for row, expected in zip(children, theirs(name)[pillar], strict=True):
            if np.isinf(row).any():
                assert not np.isfinite(expected)
                with pytest.raises(ValueError, match="a score is infinite"):
                    power_mean(row, ones, power=1, published=alone)
            else:
                mine = power_mean(row, ones, power=1, published=alone)
                np.testing.assert_allclose(mine, expected, rtol=1e-9)


def method_of(name: str) -> str:
    """COINr's column of all methods, as the name of the file with all groups."""
    return {"mm1_100__mixed": "mm1_100_mixed_amean_gmean_gmean"}.get(name, name.replace("__", "_"))


def test_index_and_ranks_of_all_methods() -> None:
    values, ranks = (rows(ASEM / f"out_{what}_all_methods.csv") for what in ("index", "rank"))
    names = list(values[0])[1:]
    assert {method_of(name) for name in names} == {*FORMS, *INFINITE}
    for name in names:
        if method_of(name) in INFINITE:
            assert not np.isfinite(columns(values, [name])).all()
            continue
        normalised, powers = FORMS[method_of(name)]
        index = aggregated(scores(normalised), powers)["Index"]
        assert UNITS == [line["uCode"] for line in values] == [line["uCode"] for line in ranks]
        expected = columns(values, [name])[:, 0]
        np.testing.assert_allclose(index, expected, rtol=1e-9, atol=1e-12)
        mine = competition_rank(index, tolerance=1e-9)
        np.testing.assert_array_equal(mine, columns(ranks, [name])[:, 0])


def test_effective_weights_are_what_the_index_makes_of_a_single_point() -> None:
    def below(code: str) -> set[str]:
        return {code}.union(*(below(child) for child in CHILDREN.get(code, ())))

    lines = rows(ASEM / "out_eff_weights.csv")
    assert {line["iCode"] for line in lines} == {*LEAVES, *CHILDREN}
    points = np.array([[leaf in below(line["iCode"]) for leaf in LEAVES] for line in lines])
    mine = aggregated(points.astype(float), (1, 1, 1))["Index"]
    np.testing.assert_allclose(mine, columns(lines, ["EffWeight"])[:, 0], rtol=1e-12)


def effective() -> Array:
    return aggregated(np.eye(len(LEAVES)), (1, 1, 1))["Index"]


@cache
def matrix() -> Array:
    return outranking(scores("minmax_0_100"), effective(), tolerance=0)


def test_outranking_matrix() -> None:
    lines = rows(ASEM / "outrank_matrix_indicators_effw.csv")
    assert [line["uCode"] for line in lines] == UNITS
    np.testing.assert_allclose(matrix(), columns(lines, UNITS), rtol=1e-9)


def test_nobody_dominates() -> None:
    said = (ASEM / "outrank_dominance.txt").read_text(encoding="utf-8").strip()
    pairs = int((matrix() >= 1).sum())
    assert said == f"nDominant={pairs} fracDominant={pairs}"


@pytest.mark.parametrize(
    "column", ["copeland_ind_effw", "copeland_pillar_effw", "copeland_pillar_eqw"]
)
def test_copeland(column: str) -> None:
    lines = rows(ASEM / "agg_copeland_direct.csv")
    assert [line["uCode"] for line in lines] == UNITS
    expected = columns(lines, [column])[:, 0]
    groups = aggregated(scores("minmax_0_100"), (1, 1, 1))
    pillars = np.column_stack([groups[p] for p in PILLARS])
    local = np.array([1 / 2 / len(CHILDREN[SUBS[p]]) for p in PILLARS])
    matrices = {
        "copeland_ind_effw": matrix(),
        "copeland_pillar_effw": outranking(pillars, local, tolerance=0),
        "copeland_pillar_eqw": outranking(pillars, np.ones(8), tolerance=0),
    }
    np.testing.assert_array_equal(copeland(matrices[column], tolerance=1e-12), expected)


def test_the_order_that_coinr_does_not_have() -> None:
    # COINr has no Kemeny: no other order of the 51 that swaps two neighbours does better.
    best = kemeny(matrix(), tolerance=1e-9)
    assert best.unique
    order = best.orders[0]
    lead = matrix()[order[:-1], order[1:]] - matrix()[order[1:], order[:-1]]
    assert (lead > 0).all()
    assert (np.diff(best.block[order]) >= 0).all()


@pytest.mark.parametrize("unit", ["AUT", "VNM", "CHN", "GBR"])
def test_strengths_but_for_ties(unit: str) -> None:
    # COINr takes the first of equal ranks; here the higher score decides.
    x = scores("minmax_0_100")
    mine = furthest(x, count=5, usable=np.ones(len(LEAVES), dtype=bool), tolerance=0)
    lines = rows(ASEM / "strengths_weaknesses_Normalised.csv")
    theirs = [y for y in lines if y["unit"] == unit and y["kind"] == "strength"]
    listed = np.flatnonzero(mine.strengths[UNITS.index(unit)])
    ranks = competition_rank(x.T, tolerance=0).T[UNITS.index(unit)]
    assert len(listed) == len(theirs) == 5
    assert sorted(ranks[listed]) == [int(line["Rank"]) for line in theirs]
    last = ranks[listed].max()
    certain = {LEAVES[j] for j in listed if ranks[j] < last}
    assert certain == {line["Code"] for line in theirs if int(line["Rank"]) < last}
    value = x[UNITS.index(unit)]
    at_the_limit = sorted(value[j] for j in listed if ranks[j] == last)
    chosen = sorted(float(line["Value"]) for line in theirs if int(line["Rank"]) == last)
    assert (np.array(at_the_limit) >= np.array(chosen) * (1 - 1e-12)).all()

"""Coherence: by hand, by shapes whose importance is known, against COINr and the Handbook."""

import csv
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_framework, small_indicator, small_method, small_outcome
from strategies import leaf, method, tree

from pii.audit.coherence import coherence, flag_of, size_and_wealth
from pii.audit.importance import correlation_ratio, linear_importance, meeting_weights
from pii.matrix import matrix_of
from pii.method import Normalisation
from pii.pipeline import Outcome, compute
from pii.provinces import Province, ProvinceList

ASEM = Path(__file__).parents[1] / "cross/data/asem"


def rows(name: str) -> list[dict[str, str]]:
    with (ASEM / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def asem() -> Outcome:
    """COINr's example as it was aggregated: 51 countries, 49 indicators, 8 pillars."""
    lineage = rows("in_lineage.csv")
    pillars = list(dict.fromkeys(row["Pillar"] for row in lineage))
    above = {row["Pillar"]: row["Sub-index"] for row in lineage}
    groups = [("Index", "index", None)]
    groups += [(code, "subindex", "Index") for code in dict.fromkeys(above.values())]
    groups += [(code, "pillar", above[code]) for code in pillars]
    framework = tree(groups, [leaf(row["Indicator"], row["Pillar"]) for row in lineage])
    given = rows("step7_Aggregated.csv")
    x = np.array([[float(row[code]) for code in framework.codes] for row in given])
    matrix = matrix_of(x, [row["uCode"] for row in given], framework)
    choices = method(normalisation=Normalisation("none"))
    scores = compute(matrix, framework, choices)
    return Outcome(framework, choices, None, matrix, scores, ())


# ---- by hand


@pytest.mark.parametrize(
    ("r", "flag"),
    [
        (-0.01, "negative"),
        (0.0, "weak"),
        (0.299, "weak"),
        (0.3, ""),
        (0.92, ""),
        (0.921, "redundant"),
        (float("nan"), ""),
    ],
)
def test_what_a_correlation_gives_reason_to_ask(r: float, flag: str) -> None:
    assert flag_of(r) == flag


def test_every_node_is_held_against_all_that_is_above_and_beside_it() -> None:
    outcome = small_outcome()
    found = coherence(outcome, {}).correlations
    told = {(one.node, one.other): one for one in found}
    relations = [(one.other, one.relation) for one in found if one.node == "1.1.1"]
    assert relations == [
        ("1.1", "parent"),
        ("1", "ancestor"),
        ("input", "ancestor"),
        ("PII", "index"),
        ("1.1.2", "sibling"),
    ]
    scores = outcome.scores
    x = [scores.score[:, scores.column(node)] for node in ("1.1.1", "PII")]
    both = ~np.isnan(x[0]) & ~np.isnan(x[1])
    assert told["1.1.1", "PII"].n == both.sum() == 5
    assert told["1.1.1", "PII"].r == pytest.approx(np.corrcoef(x[0][both], x[1][both])[0, 1])
    # 1.2 has nothing but 1.2.1, 2 nothing but 2.1, and input nothing but 1.
    only = {(one.node, one.other) for one in found if one.flag == "only child"}
    assert only == {
        ("1.2.1", "1.2"),
        ("2.1", "2"),
        ("2.1", "output"),
        ("2", "output"),
        ("1", "input"),
    }


def test_a_weight_of_zero_is_no_part() -> None:
    outcome = small_outcome(method=small_method(weights={"1.1.2": 0.0}))
    found = coherence(outcome, {})
    assert "1.1.2" not in {one.node for one in found.correlations}
    assert {one.group: one.children for one in found.consistency}["1.1"] == 1


def test_components_are_refused_where_units_are_few() -> None:
    few = [small_indicator(f"1.1.{j}", "1.1") for j in range(3)]
    framework = small_framework(
        indicators=(*few, small_indicator("1.2.1", "1.2"), small_indicator("2.1.1", "2.1"))
    )
    values = np.random.default_rng(0).uniform(0, 1, (6, 5))
    found = coherence(small_outcome(values, framework=framework), {}).components
    told = {one.group: one for one in found}
    assert told["1.1"].refused == "few units" and told["1.1"].shares.size == 0  # 6 < 3 × 3
    assert told["1"].refused == "few units" and len(told["1"].variables) == 4  # all indicators
    assert told["PII"].refused == "" and told["PII"].variables == ("1", "2")  # the pillars
    assert told["PII"].shares.sum() == pytest.approx(1)


def test_size_and_wealth_are_those_of_the_list() -> None:
    def one(code: str, people: float | None, grdp: float | None) -> Province:
        return Province(code, code, code, "R", "R", "R", population=people, grdp=grdp)

    known = ProvinceList(
        None, (one("01", 2000.0, 100000.0), one("02", 500.0, None), one("03", None, 5.0))
    )
    assert size_and_wealth(known) == {
        "grdp_per_head": {"01": 50.0},
        "population": {"01": 2000.0, "02": 500.0},
    }
    assert size_and_wealth(None) == {}


def test_links_are_over_those_who_have_both() -> None:
    outcome = small_outcome()
    scores = outcome.scores.score[:, outcome.scores.column("PII")]
    same = dict(zip(outcome.scores.provinces, np.exp(scores / 10), strict=True))
    del same["79"]
    found = {one.node: one for one in coherence(outcome, {"x": same}).outside}
    assert found["PII"].n == 4 and found["PII"].spearman == pytest.approx(1)
    assert found["PII"].pearson < 0.999


# ---- importance


def test_a_curve_that_no_line_sees() -> None:
    x = np.linspace(-1, 1, 61)
    y = x**2
    assert linear_importance(x[:, None], y)[0] == pytest.approx(0, abs=1e-12)
    assert correlation_ratio(x, y) > 0.97


def test_a_line_is_explained_whole_and_noise_is_not() -> None:
    x = np.linspace(0, 10, 40)
    assert correlation_ratio(x, 3 - 2 * x) == pytest.approx(1, abs=1e-9)
    assert linear_importance(x[:, None], 3 - 2 * x)[0] == pytest.approx(-1)
    noise = np.random.default_rng(3).normal(size=200)
    assert correlation_ratio(np.random.default_rng(4).normal(size=200), noise) < 0.1


def test_an_additive_model_has_the_shares_of_its_variances() -> None:
    # y = 3a + b of independent, equally spread a and b: nine tenths and one tenth.
    a, b = np.meshgrid(np.linspace(-1, 1, 20), np.linspace(-1, 1, 20))
    a, b = a.ravel(), b.ravel()
    assert correlation_ratio(a, 3 * a + b) == pytest.approx(0.9, abs=0.01)
    assert correlation_ratio(b, 3 * a + b) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("x", [[1, 1, 1, 1, 1], [1, 2, 3]])
def test_a_correlation_ratio_needs_something_to_look_at(x: list[float]) -> None:
    with pytest.raises(ValueError, match="needs 5 units"):
        correlation_ratio(np.array(x, dtype=float), np.arange(len(x), dtype=float))


@given(st.integers(0, 10_000), st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_weights_that_meet_do_meet(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(60, 1))
    x = (common + rng.normal(size=(60, k))) * rng.uniform(0.5, 3, k)
    meant = np.full(k, 1 / k)
    found = meeting_weights(x, meant)
    assert found.weights.sum() == pytest.approx(1) and (found.weights >= 0).all()
    r = np.corrcoef(np.column_stack([x, x @ found.weights]), rowvar=False)[-1, :-1]
    assert found.reached == pytest.approx(r * abs(r) / (r * abs(r)).sum(), abs=1e-9)
    assert found.met == bool(np.abs(found.reached - meant).max() <= 0.01)
    assert found.met  # positively correlated: there always are such weights


def test_two_that_are_alike_but_for_their_spread_meet_at_weights_against_it() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 500))
    x = np.column_stack([a, 4 * b])
    found = meeting_weights(x, np.array([0.5, 0.5]))
    spread = x.std(axis=0)
    assert found.weights[0] / found.weights[1] == pytest.approx(spread[1] / spread[0], rel=0.02)


def test_where_one_works_against_the_other_no_weights_meet() -> None:
    a = np.random.default_rng(1).normal(size=100)
    found = meeting_weights(np.column_stack([a, -0.5 * a]), np.array([0.5, 0.5]))
    assert not found.met


# ---- against COINr, on its own example


@pytest.mark.parametrize("name", ["corr_L1_Index.csv", "corr_pillar_Index.csv"])
def test_correlations_with_the_index_are_coinrs(asem: Outcome, name: str) -> None:
    told = {(one.node, one.other): one for one in coherence(asem, {}).correlations}
    theirs = rows(name)
    assert len(theirs) in (49, 8)
    for row in theirs:
        found = told[row["Var2"], "Index"]
        assert found.n == 51 and found.relation == "index"
        assert found.r == pytest.approx(float(row["Correlation"]), abs=1e-12)


def test_correlations_with_what_is_above_are_coinrs(asem: Outcome) -> None:
    told = {(one.node, one.other): one.r for one in coherence(asem, {}).correlations}
    above = {row["Indicator"]: row for row in rows("in_lineage.csv")}
    theirs = rows("corr_family_L1.csv")
    assert len(theirs) == 3 * 49
    for row in theirs:
        code = row["Var2"]
        parent = above[code].get(row["Var1"], row["Var1"])
        assert told[code, parent] == pytest.approx(float(row["Correlation"]), abs=1e-12)


def test_components_of_the_pillars_are_coinrs(asem: Outcome) -> None:
    told = {one.group: one for one in coherence(asem, {}).components}
    theirs = [
        float(row["prop_var"])
        for row in rows("pca_eigen.csv")
        if (row["set"], row["group"]) == ("L2_bygroupFALSE", "All")
    ]
    assert len(theirs) == 8
    assert told["Index"].n == 51 and told["Index"].variables[0] == "ConEcFin"
    assert told["Index"].shares == pytest.approx(theirs, rel=1e-9)


def test_importance_is_on_the_units_that_have_all_siblings() -> None:
    outcome = small_outcome()
    told = {(one.node, one.of): one for one in coherence(outcome, {}).importance}
    assert told["1.1", "1"].n == 5  # province 31 lacks 1.2
    assert told["1.1", "1"].meant == 0.5 and told["1.1.1", "PII"].meant == 0.125
    assert isnan(told["1.1.1", "PII"].meeting)

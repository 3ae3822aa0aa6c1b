"""Frames from an outcome: full precision, traceable, blanks for what is missing."""

import csv
import io
import re
from dataclasses import replace
from math import fsum, isnan, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.decimals import read_decimal
from pii.findings import Finding
from pii.matrix import assemble
from pii.method import Coverage, Goalposts, Normalisation, Treatment
from pii.pipeline import Outcome, compute
from pii.report.tables import (
    agreement,
    csv_bytes,
    findings_table,
    framework_table,
    indicators_table,
    league_table,
    scores_table,
    treated_points_table,
    treatment_table,
)
from pii.report.words import method_table
from pii.safe import guarded, unguarded
from pii.submission import Kind, Observation, Place, Status, Submission
from tests.small import (
    LEVELS,
    PROVINCES,
    by_province,
    powers,
    small_framework,
    small_method,
    small_outcome,
    small_values,
)

OUTLIER = np.array([[1.0], [2.0], [3.0], [2.5], [1.5], [2.2], [900.0], [1.2]])


def outlier_outcome(points: int = 5) -> Outcome:
    """Eight provinces; one of them is far off in the first indicator."""
    calm = np.linspace(0, 1, 8)[:, None] * np.ones((1, 4))
    method = small_method(treatment=Treatment("gii", points=points))
    return small_outcome(
        np.hstack([OUTLIER, calm]), method=method, provinces=[f"p{i}" for i in range(8)]
    )


def test_scores_have_a_row_per_province_and_node() -> None:
    outcome = small_outcome()
    table = scores_table(outcome)
    assert list(table.columns) == ["province", "node", "level", "score", "rank", "coverage"]
    assert len(table) == 6 * 13
    assert table["province"].drop_duplicates().tolist() == list(PROVINCES)
    assert table["node"].tolist()[:13] == list(outcome.scores.nodes)
    assert table["level"].tolist()[:3] == ["index", "subindex", "subindex"]
    for row in table.itertuples():
        i, j = outcome.scores.provinces.index(row.province), outcome.scores.column(row.node)
        np.testing.assert_equal(row.score, outcome.scores.score[i, j])
        np.testing.assert_equal(row.coverage, outcome.scores.coverage[i, j])


def test_unpublished_scores_have_no_rank() -> None:
    table = scores_table(small_outcome()).set_index(["province", "node"])
    assert isnan(table.loc[("92", "PII"), "score"])
    assert table.loc[("92", "PII"), "rank"] is pd.NA
    assert table.loc[("92", "input"), "rank"] == 5
    assert str(table["rank"].dtype) == "Int64"


@pytest.mark.parametrize("weights", [{}, {"1.1": 2.0, "input": 0.3, "2.1.2": 0.0}])
def test_contributions_sum_to_the_index(weights: dict[str, float]) -> None:
    outcome = small_outcome(method=small_method(weights=weights))
    table = indicators_table(outcome)
    index = by_province(outcome, "PII")
    for province, part in table.groupby("province"):
        if isnan(index[province]):
            assert part["contribution"].isna().all()
        else:
            assert fsum(part["contribution"]) == pytest.approx(index[province], abs=1e-12)
            assert fsum(part["weight"]) == pytest.approx(1, abs=1e-12)


def test_every_figure_leads_to_its_cell() -> None:
    cells = [
        Observation(
            "01", code, Place("a.xlsx", "Chỉ số", f"G{8 + k}"), Kind.TEXT, "=1,5", 1.5 + k,
            Status.VALUE, 2023, "QĐ 12",
        )
        for k, code in enumerate(small_framework().codes)
    ]  # fmt: skip
    third = [replace(cell, province="31", value=5.0) for cell in cells]
    gone = replace(cells[1], value=nan, status=Status.WITHDRAWN, data_year=None)
    other = [replace(cell, province="04", value=9.0 + k) for k, cell in enumerate(cells)]
    submissions = [
        Submission("01", Place("a.xlsx"), (cells[0], gone, *cells[2:])),
        Submission("04", Place("b.xlsx"), tuple(other)),
        Submission("31", Place("c.xlsx"), tuple(third)),
    ]
    matrix = assemble(submissions, small_framework())
    table = indicators_table(small_outcome(matrix=matrix, provinces=("01", "04")))
    row = table.iloc[0]
    assert row[["province", "indicator", "id"]].tolist() == ["01", "1.1.1", "id-1.1.1"]
    assert row[["raw", "treated", "normalised"]].tolist() == [1.5, 1.5, 0.0]
    assert row[["file", "sheet", "cell"]].tolist() == ["a.xlsx", "Chỉ số", "G8"]
    assert row[["data_year", "status", "text", "evidence"]].tolist() == [
        2023, "value", "=1,5", "QĐ 12",
    ]  # fmt: skip
    assert table.iloc[1]["status"] == "withdrawn"
    assert isnan(table.iloc[1]["raw"]) and table.iloc[1]["data_year"] is pd.NA


def test_treatment_is_told_with_each_point() -> None:
    outcome = outlier_outcome()
    log = treatment_table(outcome).set_index("indicator")
    assert log.loc["1.1.1", ["form", "points", "high"]].tolist() == ["winsorised", 1, 3.0]
    assert log.loc["1.1.1", "skewness_before"] > 2.25 > log.loc["1.1.1", "skewness_after"]
    assert log.loc["1.1.2", ["worst", "best"]].tolist() == [1.0, 0.0]  # lower is better
    assert log.loc["1.2.1", ["form", "points"]].tolist() == ["none", 0]
    points = treated_points_table(outcome)
    assert points.to_numpy().tolist() == [["1.1.1", "p6", 900.0, 3.0]]


def test_a_logarithm_lists_no_points() -> None:
    outcome = outlier_outcome(points=0)
    log = treatment_table(outcome).set_index("indicator")
    assert log.loc["1.1.1", ["form", "points", "high"]].tolist() == ["log", 0, 900.0]
    assert log.loc["1.1.1", "best"] == pytest.approx(np.log(1.01))  # a treated unit
    assert treated_points_table(outcome).empty


def test_no_treated_points_still_has_columns() -> None:
    table = treated_points_table(small_outcome())
    assert list(table.columns) == ["indicator", "province", "before", "after"]
    assert table.empty


def test_findings_speak_both_languages() -> None:
    finding = Finding(
        "V102", Place("a.xlsx", "Chỉ số", "G9"), "01", "1.1.1",
        {"code": "1.1.1", "found": "n/a", "unit": "%"},
    )  # fmt: skip
    table = findings_table([finding], "vi")
    assert table.iloc[0].tolist()[:7] == ["V102", "LỖI", "a.xlsx", "Chỉ số", "G9", "01", "1.1.1"]
    assert findings_table([finding], "en").iloc[0]["there"] == "1.1.1 reads “n/a”"
    assert list(findings_table([], "en").columns) == list(table.columns)


def test_league_is_in_order_of_rank_then_code_unpublished_last() -> None:
    values = small_values()
    values[1] = values[4]  # 04 and 79 tie
    table = league_table(small_outcome(values), "vi")
    assert list(table.columns) == ["rank", "code", "name", "PII", "input", "output", "1", "2"]
    assert table["rank"].dropna().is_monotonic_increasing
    tied = table[table["code"].isin(["04", "79"])]
    assert tied["code"].tolist() == ["04", "79"] and tied["rank"].nunique() == 1
    assert table.iloc[-1]["code"] == "92" and table.iloc[-1]["rank"] is pd.NA
    assert set(table["name"]) >= {"Cao Bằng", "Đà Nẵng"}


def test_tree_tells_effective_weights() -> None:
    method = small_method(weights={"1.1.1": 3.0})
    tree = framework_table(small_framework(), method, "en").set_index("code")
    assert tree.index.tolist()[:5] == ["PII", "input", "1", "1.1", "1.1.1"]
    assert tree.loc["1.1.1", ["weight", "local", "effective"]].tolist() == [3.0, 0.75, 0.1875]
    assert tree.loc["2.1.1", "effective"] == 0.25
    assert tree.loc["PII", "effective"] == 1.0
    assert tree.loc["1.1", "depth"] == 3 and tree.loc["1.1.2", "direction"] == "lower"


def test_method_in_words_names_every_choice() -> None:
    method = small_method(
        treatment=Treatment("gii", points=4),
        normalisation=Normalisation(scale=(1.0, 100.0)),
        goalposts={"1.1.1": Goalposts(0.5, 12.25)},
        weights={"1.2": 0.5},
        aggregation=powers(pillar=0.0, subpillar=-1.0, index=2.0),
        coverage={**dict.fromkeys(LEVELS[:-1], Coverage(0.5, 1)), "index": Coverage(0.66, 2)},
    )
    outcome = small_outcome(method=method)
    table = method_table(outcome, "en").set_index("choice")["rule"]
    assert "> 2.25" in table["treatment"] and "at most 4" in table["treatment"]
    assert "scores 1, the best 100" in table["normalisation"]
    assert "1.1.1: 0.5 → 12.25" in table["goalposts"]
    assert "1.2: 0.5" in table["weights"]
    assert table["mean: pillar"] == "Weighted geometric mean."
    assert table["mean: sub-pillar"] == "Weighted harmonic mean."
    assert "power 2" in table["mean: index"]
    assert (
        "at least 66 %" in table["coverage: index"]
        and "2 of the direct" in table["coverage: index"]
    )
    assert "0.000000001" in table["ties"]
    assert table["assumed: weights"] == "Equal weights."
    vi = method_table(outcome, "vi")
    assert len(vi) == len(table) and "12,25" in " ".join(vi["rule"])


# CSV


def test_csv_is_plain_and_blank_for_missing() -> None:
    frame = pd.DataFrame(
        {
            "name": ["Đà Nẵng", "a,b"],
            "x": [0.1 + 0.2, nan],
            "rank": pd.array([1, None], dtype="Int64"),
        }
    )
    expected = 'name,x,rank\nĐà Nẵng,0.30000000000000004,1\n"a,b",,\n'
    assert csv_bytes(frame) == expected.encode()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_floats_come_back_as_they_were(xs: list[float]) -> None:
    lines = csv_bytes(pd.DataFrame({"n": ["a"] * len(xs), "x": xs})).decode().splitlines()[1:]
    texts = [line.split(",")[1] for line in lines]
    assert [float(text) for text in texts] == xs
    assert all(len(text) <= len(repr(x)) for text, x in zip(texts, xs, strict=True))


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", " =1", "-", "＝1", "'=1", "' @x"]
)
def test_formulas_in_text_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    row = next(iter(csv.reader(io.StringIO(csv_bytes(pd.DataFrame({"t": [text]})).decode()[2:]))))
    assert row == [f"'{text}"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\t=1", "\t'=1"),
        ("a;=1+1", "a;'=1+1"),  # a spreadsheet whose list separator is ; cuts here
        ("a\r\n@SUM(A1);-5", "a\n'@SUM(A1);-5"),
        ('he said "x";+1+1', 'he said "x";\'+1+1'),
        ("bell\x07 and \x1b[31m", "bell  and  [31m"),
    ],
)
def test_a_formula_within_a_text_is_guarded_where_a_line_may_be_cut(text: str, safe: str) -> None:
    assert guarded(text) == safe


@given(st.text(st.sampled_from("=+-@＝'; \t\n\"a5.,"), max_size=12))
def test_a_guarded_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    for part in re.split("[;\t\n]", guarded(text)):
        assert not part.lstrip().startswith(tuple("=+-@＝")) or read_decimal(part) is not None


@pytest.mark.parametrize("text", ["-5", "+7,25", "-1.234,5", "1.234", "", "a=b", "Hà Nội"])
def test_numbers_and_words_are_left_alone(text: str) -> None:
    assert guarded(text) == text


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_one_text_is_one_cell_whatever_it_holds(text: str) -> None:
    frame = pd.DataFrame({"a": ["x"], "t": [text], "b": ["y"]})
    rows = list(csv.reader(io.StringIO(csv_bytes(frame).decode(), newline="")))
    assert len(rows) == 2 and rows[1][0] == "x" and rows[1][2] == "y"
    assert rows[1][1] == guarded(text)


def test_same_outcome_same_bytes() -> None:
    turned = [4, 2, 0, 5, 3, 1]
    one = small_outcome()
    other = small_outcome(small_values()[turned], provinces=[PROVINCES[i] for i in turned])
    assert csv_bytes(scores_table(one)) == csv_bytes(scores_table(other))
    assert csv_bytes(indicators_table(one)) == csv_bytes(indicators_table(other))


# Agreement with published ranks


def test_agreement_is_of_the_ranks_among_those_compared() -> None:
    outcome = small_outcome()
    order = league_table(outcome, "vi")["code"].tolist()
    same = agreement(outcome, {order[0]: 3, order[2]: 17, order[4]: 60, "99": 1})
    assert same == (3, pytest.approx(1.0), 0.0)
    turned = agreement(outcome, {order[0]: 60, order[2]: 17, order[4]: 3, "92": 5})
    assert turned == (3, pytest.approx(-1.0), pytest.approx(4 / 3))


def test_agreement_against_a_sum_done_by_hand() -> None:
    outcome = small_outcome()
    order = league_table(outcome, "vi")["code"].tolist()[:5]
    given_ranks = dict(zip(order, [2, 1, 4, 3, 5], strict=True))
    found = agreement(outcome, given_ranks)
    assert found.spearman == pytest.approx(1 - 6 * 4 / (5 * 24))  # 1 − 6Σd²/(n(n²−1))
    assert found.mean_difference == pytest.approx(0.8)


def test_agreement_with_ties_is_pearson_of_mean_ranks() -> None:
    outcome = small_outcome()
    order = league_table(outcome, "vi")["code"].tolist()[:4]
    found = agreement(outcome, dict(zip(order, [1, 2, 2, 4], strict=True)))
    assert found.spearman == pytest.approx(np.corrcoef([1, 2, 3, 4], [1, 2.5, 2.5, 4])[0, 1])


def test_agreement_of_nothing_is_not_a_number() -> None:
    nothing = agreement(small_outcome(), {"92": 1.0, "77": 2.0})
    assert nothing.provinces == 0 and isnan(nothing.spearman) and isnan(nothing.mean_difference)
    assert isnan(agreement(small_outcome(), {"01": 5.0, "04": 5.0}).spearman)
    assert agreement(small_outcome(), {"01": nan, "04": 5.0}).provinces == 1


def test_compute_is_not_touched_by_the_tables() -> None:
    outcome = small_outcome()
    before = outcome.scores.score.tobytes()
    for lang in ("vi", "en"):
        league_table(outcome, lang)
        method_table(outcome, lang)
    changed = scores_table(outcome)
    changed["score"] += 1
    again = compute(outcome.matrix, outcome.framework, outcome.method)
    assert outcome.scores.score.tobytes() == before == again.score.tobytes()

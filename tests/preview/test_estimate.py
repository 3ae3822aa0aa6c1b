"""One province against a run: what is frozen, what is carried over, and what must come out."""

from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii.errors import DataError
from pii.intake.definition import load_edition
from pii.matrix import matrix_of
from pii.method import Goalposts, Normalisation, Treatment
from pii.pipeline import Outcome
from pii.preview.estimate import Origin, Preview, preview
from pii.preview.reference import Reference, reference_of
from pii.report.tables import csv_bytes, indicators_table, scores_table, treatment_table
from pii.scoring import Inputs, gather, input_files, province_list, score
from pii.submission import Kind, Place, Status, Submission
from tests.small import (
    powers,
    small_framework,
    small_indicator,
    small_method,
    small_outcome,
    small_values,
)

EDITIONS = {
    "open": ("data/open-2022/edition.yaml", "data/open-2022/figures.csv"),
    "synthetic": ("data/synthetic-2025/edition.yaml", "data/synthetic-2025/values.csv"),
}


def reference_to(outcome: Outcome, **changes: bytes) -> Reference:
    tables = {
        "scores_csv": csv_bytes(scores_table(outcome)),
        "indicators_csv": csv_bytes(indicators_table(outcome)),
        "treatment_csv": csv_bytes(treatment_table(outcome)),
    }
    return reference_of(
        outcome.framework,
        outcome.method,
        run="small",
        names=outcome.provinces,
        left_out=outcome.left_out,
        **{**tables, **changes},
    )


def submission_of(outcome: Outcome, province: str, **values: float) -> Submission:
    """What a province submitted in the run, with other values (None of them: a blank)."""
    row = outcome.matrix.observations[outcome.matrix.provinces.index(province)]
    cells = tuple(
        replace(
            cell,
            value=values[f"x{cell.indicator}"],
            status=Status.NOT_SUBMITTED if isnan(values[f"x{cell.indicator}"]) else Status.VALUE,
        )
        if f"x{cell.indicator}" in values
        else cell
        for cell in row
    )
    return Submission(province, Place("a.xlsx"), cells)


def row(result: Preview, code: str):
    return next(row for row in result.rows if row.indicator.code == code)


def assert_reproduced(outcome: Outcome, reference: Reference, submission: Submission) -> None:
    result = preview(submission, reference)
    i = outcome.scores.provinces.index(submission.province)
    scores = outcome.scores
    for name, theirs in (
        ("score", scores.score[i]),
        ("coverage", scores.coverage[i]),
        ("rank", scores.rank[i]),
        ("recorded", scores.score[i]),
        ("recorded_rank", scores.rank[i]),
    ):
        mine = np.array([getattr(one, name) for one in result.standings])
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12, err_msg=name)
    for name, theirs in (
        ("score", scores.normalised[i]),
        ("weight", scores.weight[i]),
        ("contribution", scores.contribution[i]),
    ):
        mine = np.array([getattr(one, name) for one in result.rows])
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("which", EDITIONS)
def test_what_was_in_the_run_comes_out_as_in_the_run(which):
    edition, values = EDITIONS[which]
    framework, method = load_edition(edition)
    files, _ = input_files([values])
    gathered = gather(Inputs(files), framework, province_list(framework))
    outcome = score(gathered, framework, method)
    reference = reference_to(outcome)
    assert "winsorised" in {one.form for one in reference.frozen}
    for submission in gathered.submissions:
        assert_reproduced(outcome, reference, submission)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.just(nan), st.floats(0.01, 1e4)), min_size=5, max_size=5),
        min_size=6,
        max_size=6,
    ),
    st.sampled_from([1.0, 0.0, -1.0]),
)
def test_reproduces_any_run(table, power):
    values = np.array(table)
    values[0], values[1] = 0.5, 2.5  # no column is constant
    method = small_method(
        aggregation=powers(**dict.fromkeys(("index", "subindex", "pillar", "subpillar"), power)),
        normalisation=Normalisation("min-max", (1.0, 100.0)),
        treatment=Treatment("gii", points=1),
    )
    outcome = small_outcome(values, method=method)
    reference = reference_to(outcome)
    for province in outcome.scores.provinces:
        assert_reproduced(outcome, reference, submission_of(outcome, province))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_logarithms_on_either_side_are_frozen(sign):
    x = sign * np.exp(np.array([0.0, 0.1, 0.2, 0.3, 5.0, 9.0]))
    values = small_values()
    values[:, 0] = x
    outcome = small_outcome(values, method=small_method(treatment=Treatment("gii", points=0)))
    reference = reference_to(outcome)
    assert reference.frozen[0].form == "log"
    assert reference.frozen[0].side == sign
    for province in outcome.scores.provinces:
        assert_reproduced(outcome, reference, submission_of(outcome, province))


def test_frozen_goalposts_by_hand():
    # 1.1.1: worst 2.2, best 9.1; 1.1.2 lower is better: worst 0.9, best 0.2.
    outcome = small_outcome()
    submission = submission_of(outcome, "48", **{"x1.1.1": 4.5, "x1.1.2": 0.62})
    result = preview(submission, reference_to(outcome))
    assert row(result, "1.1.1").score == pytest.approx(100 * (4.5 - 2.2) / (9.1 - 2.2), abs=1e-12)
    assert row(result, "1.1.2").score == pytest.approx(100 * (0.9 - 0.62) / 0.7, abs=1e-12)
    expected = (row(result, "1.1.1").score + row(result, "1.1.2").score) / 2
    assert result.standing("1.1").score == pytest.approx(expected, abs=1e-12)
    assert sum(one.contribution for one in result.rows) == pytest.approx(
        result.standing("PII").score, abs=1e-12
    )


def test_values_beyond_a_goalpost_score_exactly_the_end_and_are_marked():
    outcome = small_outcome()
    high = submission_of(outcome, "48", **{"x1.1.1": 99.0, "x1.1.2": 99.0})
    low = submission_of(outcome, "48", **{"x1.1.1": -99.0, "x1.1.2": -99.0})
    above, below = (preview(one, reference_to(outcome)) for one in (high, low))
    assert (row(above, "1.1.1").score, row(above, "1.1.1").beyond) == (100.0, "better")
    assert (row(above, "1.1.2").score, row(above, "1.1.2").beyond) == (0.0, "worse")
    assert (row(below, "1.1.1").score, row(below, "1.1.1").beyond) == (0.0, "worse")
    assert (row(below, "1.1.2").score, row(below, "1.1.2").beyond) == (100.0, "better")
    at_the_post = preview(submission_of(outcome, "48", **{"x1.1.1": 9.1}), reference_to(outcome))
    assert (row(at_the_post, "1.1.1").score, row(at_the_post, "1.1.1").beyond) == (100.0, "")


def test_goalposts_fixed_in_advance_reach_beyond_the_extremes_of_the_run():
    method = small_method(goalposts={"1.1.1": Goalposts(0.0, 20.0)})
    outcome = small_outcome(method=method)
    result = preview(submission_of(outcome, "48", **{"x1.1.1": 15.0}), reference_to(outcome))
    assert (row(result, "1.1.1").score, row(result, "1.1.1").beyond) == (75.0, "")


def test_values_that_are_scores_already_have_no_ends():
    outcome = small_outcome(method=small_method(normalisation=Normalisation("none")))
    result = preview(submission_of(outcome, "48", **{"x1.1.1": 500.0}), reference_to(outcome))
    assert (row(result, "1.1.1").score, row(result, "1.1.1").beyond) == (500.0, "")


def test_rank_is_among_the_others_with_its_own_record_replaced():
    outcome = small_outcome()
    scores, reference = outcome.scores, reference_to(outcome)
    leader = scores.provinces[int(np.nanargmax(scores.score[:, scores.column("PII")]))]
    assert preview(submission_of(outcome, leader), reference).standing("PII").rank == 1
    worst = {f"x{c}": -999.0 for c in ("1.1.1", "1.2.1", "2.1.1", "2.1.2")}
    fallen = preview(submission_of(outcome, leader, **worst, **{"x1.1.2": 999.0}), reference)
    index = fallen.standing("PII")
    # Of five, and tied with 04, which is the worst in everything: both are fourth.
    assert (index.score, index.rank, index.of) == (0.0, 4.0, 5)
    # The same figures from a province that was not in the run: one more is ranked.
    stranger = replace(submission_of(outcome, leader), province="99")
    new = preview(stranger, reference)
    assert not new.in_run
    assert (new.standing("PII").rank, new.standing("PII").of) == (1.0, 6)  # tied with the leader
    assert isnan(new.standing("PII").recorded)


def test_mean_and_best_are_those_of_the_run():
    outcome = small_outcome()
    result = preview(submission_of(outcome, "48", **{"x1.1.1": 0.0}), reference_to(outcome))
    k = outcome.scores.column("PII")
    index = result.standing("PII")
    assert index.mean == pytest.approx(np.nanmean(outcome.scores.score[:, k]), abs=1e-12)
    assert index.best == np.nanmax(outcome.scores.score[:, k])
    assert index.above_mean == index.score - index.mean
    assert index.below_best == index.best - index.score


def mixed_outcome() -> Outcome:
    suppliers = {"1.1.1": "province", "1.2.1": "province"}
    framework = small_framework()
    indicators = tuple(
        replace(one, supplier=suppliers.get(one.code, "central")) for one in framework.indicators
    )
    return small_outcome(framework=replace(framework, indicators=indicators))


def test_only_blank_central_figures_of_the_same_province_are_carried_over():
    outcome = mixed_outcome()
    reference = reference_to(outcome)
    blank = {"x1.1.1": nan, "x1.1.2": nan, "x2.1.1": 4.0}
    result = preview(submission_of(outcome, "48", **blank), reference)
    assert [one.origin for one in result.rows] == [
        Origin.MISSING,  # its own: never filled in for it
        Origin.CARRIED,
        Origin.OWN,
        Origin.CENTRAL,
        Origin.CENTRAL,
    ]
    assert row(result, "1.1.2").value == 0.2
    assert row(result, "2.1.1").value == 4.0  # the file's own cell wins over the run's
    assert {o: result.count(o) for o in Origin} == {
        Origin.OWN: 1,
        Origin.CENTRAL: 2,
        Origin.CARRIED: 1,
        Origin.MISSING: 1,
        Origin.UNUSABLE: 0,
    }
    stranger = replace(submission_of(outcome, "48", **blank), province="99")
    assert preview(stranger, reference).count(Origin.CARRIED) == 0


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.NOT_APPLICABLE, Status.UNREADABLE])
def test_what_is_not_simply_blank_is_not_carried_over(status):
    outcome = mixed_outcome()
    given = submission_of(outcome, "48")
    cells = tuple(
        replace(cell, status=status, value=nan) if cell.indicator == "1.1.2" else cell
        for cell in given.observations
    )
    result = preview(replace(given, observations=cells), reference_to(outcome))
    unreadable = status is Status.UNREADABLE
    assert row(result, "1.1.2").origin is (Origin.UNUSABLE if unreadable else Origin.MISSING)
    assert isnan(row(result, "1.1.2").score)


def test_an_impossible_value_is_shown_but_not_counted():
    framework = small_framework()
    indicators = (
        small_indicator("1.1.1", "1.1", bounds=(0.0, 100.0)),
        *framework.indicators[1:],
    )
    outcome = small_outcome(framework=replace(framework, indicators=indicators))
    result = preview(submission_of(outcome, "48", **{"x1.1.1": 100.5}), reference_to(outcome))
    impossible = row(result, "1.1.1")
    assert (impossible.origin, impossible.value) == (Origin.UNUSABLE, 100.5)
    assert isnan(impossible.score)
    assert impossible.beyond == ""
    assert result.standing("1.1").score == row(result, "1.1.2").score


def test_not_covered_is_no_score_and_says_what_is_lacking():
    outcome = small_outcome(framework=mixed_outcome().framework)
    stranger = submission_of(outcome, "48", **{"x2.1.1": nan, "x2.1.2": nan})
    result = preview(replace(stranger, province="99"), reference_to(outcome))
    index = result.standing("PII")
    assert isnan(index.score)
    assert isnan(index.rank)
    assert index.coverage == 0.6
    lack = result.shortfall("PII")
    assert (lack.indicators, lack.least_indicators, lack.of) == (3, 3, 5)
    assert (lack.children, lack.least_children) == (1, 2)
    assert result.shortfall("1") is None
    assert all(isnan(one.contribution) for one in result.rows)


def test_an_indicator_that_nobody_had_in_the_run_has_no_score():
    values = small_values()
    values[:, 4] = nan
    outcome = small_outcome(values)
    result = preview(submission_of(outcome, "48", **{"x2.1.2": 3.0}), reference_to(outcome))
    assert row(result, "2.1.2").unscored
    assert not row(result, "2.1.1").unscored


def test_nothing_given_is_changed():
    outcome = small_outcome()
    reference = reference_to(outcome)
    preview(submission_of(outcome, "48", **{"x1.1.1": 99.0}), reference)
    np.testing.assert_array_equal(reference.score, outcome.scores.score)
    np.testing.assert_array_equal(reference.raw, outcome.matrix.values)


def test_refuses_a_submission_of_another_edition():
    outcome = small_outcome()
    given = submission_of(outcome, "48")
    shorter = replace(given, observations=given.observations[1:])
    with pytest.raises(DataError, match="other indicators than the run"):
        preview(shorter, reference_to(outcome))


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("treatment_csv", b",side,", b",sides,", "no column side"),
        ("treatment_csv", b"1.1.1,", b"9.9.9,", "other indicators"),
        ("scores_csv", b"01,PII,", b"01,PIX,", "01 has other codes"),
        ("scores_csv", b"01,PII,index,", b"01,PII,index,x", "where a number belongs"),
        ("indicators_csv", b"\n79,", b"\n78,", "different provinces"),
    ],
)
def test_refuses_tables_that_do_not_fit(table, old, new, message):
    outcome = small_outcome()
    data = {
        "scores_csv": csv_bytes(scores_table(outcome)),
        "indicators_csv": csv_bytes(indicators_table(outcome)),
        "treatment_csv": csv_bytes(treatment_table(outcome)),
    }[table]
    assert old in data
    with pytest.raises(DataError, match=message):
        reference_to(outcome, **{table: data.replace(old, new)})


def test_names_that_look_like_formulas_come_back_as_they_were():
    names = ("=cmd", "-x", "a", "b", "c", "d")
    outcome = small_outcome(provinces=names)
    assert reference_to(outcome).provinces == outcome.scores.provinces
    table = matrix_of(small_values(), names, outcome.framework)
    assert "=cmd" in table.provinces


def test_caveats_tell_of_the_run():
    outcome = small_outcome(left_out=("79",))
    said = reference_to(outcome).caveats("vi")
    assert said == (
        "Lần tính dùng để so sánh chỉ xếp hạng 5 trên 6 tỉnh, thành phố.",
        "Không có trong lần tính đó vì bài nộp có lỗi: TP. Hồ Chí Minh.",
        "Giả định: Trọng số bằng nhau.",
    )
    assert reference_to(outcome).caveats("en")[0] == "The run compared with ranks 5 of 6 provinces."


def test_evidence_and_notes_are_kept():
    outcome = small_outcome()
    given = submission_of(outcome, "48")
    first = replace(given.observations[0], evidence="QĐ 12", note="sơ bộ", kind=Kind.NUMBER)
    told = preview(
        replace(given, observations=(first, *given.observations[1:])), reference_to(outcome)
    )
    assert (told.rows[0].evidence, told.rows[0].note) == ("QĐ 12", "sơ bộ")

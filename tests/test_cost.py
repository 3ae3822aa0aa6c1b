"""What hangs on a value: by hand, by law, and in the order an analyst needs."""

from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.cost import Cost, Standing, costs
from pii.errors import DataError
from pii.findings import Finding
from pii.matrix import assemble, matrix_of
from pii.method import Goalposts
from pii.pipeline import compute
from pii.report.costs import cost_words, costed_table, most_urgent_first
from pii.submission import Kind, Observation, Place, Status, Submission
from tests.small import PROVINCES, small_framework, small_method, small_values

FRAMEWORK = small_framework()
METHOD = small_method()


def submissions(values: np.ndarray) -> tuple[Submission, ...]:
    rows = matrix_of(values, PROVINCES, FRAMEWORK).observations
    return tuple(
        Submission(code, Place(f"{code}.xlsx"), row)
        for code, row in zip(PROVINCES, rows, strict=True)
    )


def warned(province: str, indicator: str) -> Finding:
    return Finding("E101", Place(f"{province}.xlsx"), province, indicator, {"code": indicator})


def impossible(province: str, indicator: str, unit: str = "%") -> Finding:
    keys = ("value", "unit", "low", "high", "hint")
    facts = {f"{key}_{lang}": unit for key in keys for lang in ("vi", "en")}
    return Finding("V201", Place(""), province, indicator, {"code": indicator, **facts})


def of(values: np.ndarray, *findings: Finding) -> dict[tuple[str, str], Cost]:
    return dict(costs(submissions(values), findings, FRAMEWORK, METHOD))


def test_one_indicator_by_hand() -> None:
    """Two provinces decide 1.2.1 between fixed goalposts; the rest is the same for all."""
    posts = {code: Goalposts(0.0, 100.0) for code in FRAMEWORK.codes}
    method = small_method(goalposts=posts | {"1.1.2": Goalposts(100.0, 0.0)})
    table = np.full((6, 5), 50.0)
    table[:, 2] = [90.0, 10.0, 20.0, 30.0, 40.0, 60.0]
    cost = costs(submissions(table), [warned("01", "1.2.1")], FRAMEWORK, method)["01", "1.2.1"]
    # Pillar 1 is the mean of 50 (1.1) and 90 (1.2), the index that of 70 and 50; without the value
    # 1.2 is not published and pillar 1 is 50.
    assert cost.given is not None
    assert (cost.given.value, cost.given.score, cost.given.rank) == (90.0, 60.0, 1.0)
    assert (cost.without.score, cost.without.rank) == (50.0, 2.0)  # 92 has (55 + 50)/2
    assert (cost.places, cost.points, cost.moved) == (1.0, 10.0, 1)


@given(st.integers(0, 3), st.integers(0, 4), st.floats(0.1, 50, allow_nan=False))
def test_a_cost_is_the_difference_between_two_whole_computations(i: int, j: int, x: float) -> None:
    table = small_values()
    table[i, j] = x
    found = of(table, warned(PROVINCES[i], FRAMEWORK.codes[j]))[PROVINCES[i], FRAMEWORK.codes[j]]
    bare = table.copy()
    bare[i, j] = nan
    with_it, without = (
        compute(matrix_of(t, PROVINCES, FRAMEWORK), FRAMEWORK, METHOD) for t in (table, bare)
    )
    index = with_it.column("PII")
    assert found.given is not None
    for one, scores in ((found.given, with_it), (found.without, without)):
        assert np.array_equal(
            [one.score, one.rank],
            [scores.score[i, index], scores.rank[i, index]],
            equal_nan=True,
        )
    changed = {
        code
        for code, one, other in zip(
            PROVINCES, with_it.rank[:, index], without.rank[:, index], strict=True
        )
        if not (one == other or (isnan(one) and isnan(other)))
    }
    assert found.moved == len(changed - {PROVINCES[i]})


def test_values_with_errors_are_out_of_every_other_reckoning() -> None:
    table = small_values()
    table[0, 0] = 9100.0
    found = of(table, impossible("01", "1.1.1"), warned("79", "1.1.1"))
    bare = table.copy()
    bare[0, 0] = nan
    clean = compute(matrix_of(bare, PROVINCES, FRAMEWORK), FRAMEWORK, METHOD)
    at = clean.column("PII")
    other = found["79", "1.1.1"]
    assert other.given is not None and other.given.score == clean.score[4, at]
    own = found["01", "1.1.1"]
    assert own.without.score == clean.score[0, at]
    assert own.corrected[0].value == 91.0  # per cent: the remedy is a hundredth


@pytest.mark.parametrize(
    ("rule", "kind", "text", "facts", "meant"),
    [
        ("V103", Kind.TEXT, "1.234", {"one_en": "1,234", "other_en": "1.234"}, [1234.0, 1.234]),
        ("V109", Kind.PERCENT, "12.5%", {"found_en": "12.5%"}, [12.5]),
        ("V102", Kind.TEXT, "n/a", {"found": "n/a"}, []),
    ],
)
def test_a_cell_that_cannot_be_read_costs_what_it_may_mean(
    rule: str, kind: Kind, text: str, facts: dict[str, str], meant: list[float]
) -> None:
    keys = ("found", "unit", "one", "other", "one_typed", "other_typed")
    blank = {f"{key}_{lang}": "?" for key in keys for lang in ("vi", "en")}
    finding = Finding(rule, Place(""), "01", "1.1.1", {"code": "1.1.1", **blank, **facts})
    table = small_values()
    table[0, 0] = nan
    rows = list(submissions(table))
    cell = replace(rows[0].observations[0], kind=kind, text=text, status=Status.UNREADABLE)
    rows[0] = replace(rows[0], observations=(cell, *rows[0].observations[1:]))
    found = costs(rows, [finding], FRAMEWORK, METHOD)
    assert [one.value for cost in found.values() for one in cost.corrected] == meant
    assert all(cost.given is None for cost in found.values())


def test_a_suggestion_of_another_rule_is_taken_from_its_facts() -> None:
    keys = ("value", "factor", "median", "unit", "count", "meant")
    facts = {f"{key}_{lang}": "?" for key in keys for lang in ("vi", "en")}
    finding = Finding(
        "B106", Place(""), "01", "1.1.1", {"code": "1.1.1", **facts, "meant_en": "1,910.5"}
    )
    assert [one.value for one in of(small_values(), finding)["01", "1.1.1"].corrected] == [1910.5]


def test_notes_and_findings_about_no_cell_cost_nothing() -> None:
    facts = {"code": "1.1.1", "found": "=A1", "value_vi": "9,1", "value_en": "9.1"}
    note = Finding("V107", Place(""), "01", "1.1.1", facts)
    whole = Finding("P102", Place("x.xlsx"))
    hole = warned("31", "1.2.1")
    assert of(small_values(), note, whole, hole) == {}


def test_a_value_without_which_nothing_can_be_scored_comes_first() -> None:
    table = small_values()
    table[:, 2] = nan
    table[0, 2], table[1, 2] = 5.0, 6.0
    found = of(table, warned("01", "1.2.1"), warned("01", "1.1.1"))
    assert "1.2.1" in found["01", "1.2.1"].without.failed
    ordered = most_urgent_first([warned("01", "1.1.1"), warned("01", "1.2.1")], found)
    assert [finding.indicator for finding in ordered] == ["1.2.1", "1.1.1"]
    assert "cannot be scored" in cost_words(found["01", "1.2.1"], "en")


def test_an_edition_that_cannot_be_scored_is_said() -> None:
    flat = np.full((6, 5), 3.0)
    with pytest.raises(DataError, match="provinces cannot be told apart"):
        of(flat, warned("01", "1.1.1"))


def test_the_order_is_by_ranks_that_change_then_places_then_points() -> None:
    def cost(moved: int, rank: float, score: float) -> Cost:
        return Cost(Standing(1.0, score, rank, moved), Standing(nan, 50.0, 3.0))

    many, few, points, nothing = cost(9, 3, 50), cost(2, 1, 50), cost(2, 3, 58), cost(0, 3, 50)
    assert sorted([nothing, points, few, many], key=lambda c: c.urgency, reverse=True) == [
        many, few, points, nothing,
    ]  # fmt: skip


def test_the_table_has_a_row_per_finding_and_blanks_where_nothing_hangs() -> None:
    findings = [warned("01", "1.1.1"), Finding("P102", Place("x.xlsx"))]
    table = costed_table(findings, of(small_values(), *findings), "en")
    assert len(table) == 2
    assert table["value"].tolist()[0] == 9.1 and isnan(table["value"].tolist()[1])
    assert table["moved"].isna().tolist() == [False, True]


def test_of_two_submissions_of_one_province_the_first_counts() -> None:
    first, *others = submissions(small_values())
    twice = (first, *others, replace(first, place=Place("again.xlsx"), observations=()))
    assert assemble((first, *others), FRAMEWORK).provinces == PROVINCES
    assert costs(twice, [warned("01", "1.1.1")], FRAMEWORK, METHOD)["01", "1.1.1"].given


def test_an_observation_of_the_matrix_is_not_changed() -> None:
    rows = submissions(small_values())
    before = [cell.value for cell in rows[0].observations]
    costs(rows, [warned("01", "1.1.1")], FRAMEWORK, METHOD)
    assert [cell.value for cell in rows[0].observations] == before
    assert isinstance(rows[0].observations[0], Observation)

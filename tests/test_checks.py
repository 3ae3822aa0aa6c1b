"""Every rule of the checks: one test that breaks it, one that passes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import isnan
from typing import Any

import pytest
from strategies import leaf, tree

from pii.checks import checked, lies_within_bounds, understood
from pii.findings import Finding, Severity
from pii.framework import Framework
from pii.intake.registry import provinces_on
from pii.submission import Kind, Observation, Place, Status, Submission

FRAMEWORK: Framework = tree(
    [("X", "index", None), ("A", "pillar", "X")],
    [
        leaf("1.1.1", "A", bounds=(0.0, 100.0), unit_vi="phần trăm", unit_en="per cent"),
        leaf("1.1.2", "A", evidence=True),
        leaf("1.1.3", "A", supplier="central"),
    ],
)
PROVINCES = provinces_on(date(2025, 7, 1))


def cell(text: str, kind: Kind = Kind.NUMBER, code: str = "1.1.1", **changes: Any) -> Observation:
    place = Place("a.xlsx", "Số liệu", changes.pop("at", "C7"))
    return Observation("01", code, place, kind, text, **changes)


def filled() -> list[Observation]:
    """A submission to which nothing can be said."""
    return [
        cell("12.5", at="C7"),
        cell("3", code="1.1.2", at="C8", evidence="Số 12/BC"),
        cell("4", code="1.1.3", at="C9"),
    ]


def submission(
    cells: Sequence[Observation], province: str = "01", file: str = "a.xlsx"
) -> Submission:
    return Submission(province, Place(file), tuple(cells), edition="x", template_version="x")


def findings(*changed: Observation, province: str = "01", **options: Any) -> list[Finding]:
    """What is said of the clean submission with some cells replaced."""
    codes = {new.indicator for new in changed}
    cells = [old for old in filled() if old.indicator not in codes] + list(changed)
    options = {"whole": False} | options
    provinces = options.pop("provinces", PROVINCES)
    return list(checked([submission(cells, province)], FRAMEWORK, provinces, **options)[1])


def the_one(found: Sequence[Finding], rule: str) -> Finding:
    assert [finding.rule for finding in found] == [rule]
    for lang in ("vi", "en"):
        assert "{" not in found[0].sentence(lang)
    return found[0]


def test_a_clean_submission_has_no_findings() -> None:
    done, found = checked([submission(filled())], FRAMEWORK, PROVINCES, whole=False)
    assert found == ()
    assert [seen.value for seen in done[0].observations] == [12.5, 3, 4]
    assert {seen.status for seen in done[0].observations} == {Status.VALUE}
    assert {seen.province for seen in done[0].observations} == {"01"}


# ---------------------------------------------------------------- V: values


@pytest.mark.parametrize("given", [[cell("", Kind.BLANK)], []], ids=["blank", "no cell at all"])
def test_v101_missing(given: list[Observation]) -> None:
    rest = [old for old in filled() if old.indicator != "1.1.1"]
    done, found = checked([submission(rest + given)], FRAMEWORK, PROVINCES, whole=False)
    one = the_one(found, "V101")
    assert one.severity is Severity.WARNING
    assert "per cent" in one.sentence("en")
    assert "phần trăm" in one.sentence("vi")
    assert done[0].observations[0].status is Status.NOT_SUBMITTED
    assert isnan(done[0].observations[0].value)  # never zero


def test_v108_a_central_figure_is_missing() -> None:
    one = the_one(findings(cell("", Kind.BLANK, code="1.1.3")), "V108")
    assert one.severity is not Severity.ERROR
    assert one.indicator == "1.1.3"


@pytest.mark.parametrize(
    "given",
    [
        cell("khoảng 12", Kind.TEXT),
        cell("12 %", Kind.TEXT),
        cell("2024-05-01", Kind.DATE),
        cell("TRUE", Kind.BOOLEAN),
        cell("1e999", Kind.NUMBER),
    ],
    ids=lambda c: c.text,
)
def test_v102_not_a_number(given: Observation) -> None:
    one = the_one(findings(given), "V102")
    assert (one.place, one.province, one.indicator) == (given.place, "01", "1.1.1")
    assert given.text in one.sentence("vi")
    seen, _ = understood(given, FRAMEWORK.indicators[0])
    assert seen.status is Status.UNREADABLE
    assert isnan(seen.value)


def test_v103_two_meanings_are_asked_back() -> None:
    given = cell("1.234", Kind.TEXT)
    one = the_one(findings(given), "V103")
    assert "1.234 hoặc 1,234" in one.sentence("vi")
    assert "1,234 or 1.234" in one.sentence("en")
    assert "1234 nếu là 1.234; 1,2340 nếu là 1,234" in one.sentence("vi")
    seen, _ = understood(given, FRAMEWORK.indicators[0])
    assert seen.status is Status.UNREADABLE


def test_v104_error_cell() -> None:
    one = the_one(findings(cell("#DIV/0!", Kind.ERROR)), "V104")
    assert "#DIV/0!" in one.sentence("vi")


def test_v105_formula_without_a_result() -> None:
    one = the_one(findings(cell("", Kind.UNCALCULATED, formula="=A1+A2")), "V105")
    assert "=A1+A2" in one.sentence("en")
    assert one.severity is Severity.ERROR


def test_v106_number_typed_as_text() -> None:
    given = cell(" 12,5 ", Kind.TEXT)
    one = the_one(findings(given), "V106")
    assert one.severity is Severity.WARNING
    assert "“12,5”" in one.sentence("vi")
    seen, _ = understood(given, FRAMEWORK.indicators[0])
    assert (seen.value, seen.status) == (12.5, Status.VALUE)


def test_v107_value_of_a_formula() -> None:
    one = the_one(findings(cell("12.5", formula="=25/2")), "V107")
    assert one.severity is Severity.NOTE
    assert "=25/2" in one.sentence("vi")
    assert "12,5" in one.sentence("vi")


@pytest.mark.parametrize("text", ["-0.001", "100.0001", "1e6"])
def test_v201_outside_bounds(text: str) -> None:
    one = the_one(findings(cell(text)), "V201")
    assert one.severity is Severity.ERROR
    assert "0 to 100" in one.sentence("en")
    seen, _ = understood(cell(text), FRAMEWORK.indicators[0])
    assert seen.value == float(text)  # kept for the reader to see


@pytest.mark.parametrize("text", ["0", "100", "100.0", "1e2", "-0.0"])
def test_v201_the_bounds_themselves_are_possible(text: str) -> None:
    assert findings(cell(text)) == []


def test_v201_no_limit_on_an_open_side() -> None:
    assert lies_within_bounds(Decimal("1e300"), (0.0, None))
    assert lies_within_bounds(Decimal("-1e300"), (None, 0.0))
    assert lies_within_bounds(Decimal("-5"), (None, None))
    assert not lies_within_bounds(Decimal("-5"), (0.0, None))
    assert not lies_within_bounds(Decimal("5"), (None, 0.0))
    assert lies_within_bounds(Decimal("0.1"), (0.1, None))  # as typed, not as binary


def test_v201_says_that_a_side_is_open() -> None:
    item = replace(FRAMEWORK.indicators[0], bounds=(0.0, None))
    one = the_one(understood(cell("-3"), item)[1], "V201")
    assert "từ 0 đến không giới hạn" in one.sentence("vi")
    assert "0 to no limit" in one.sentence("en")


def test_several_faults_of_one_cell_are_all_said() -> None:
    given = cell("-12,5", Kind.TEXT, data_year=2020)
    assert {finding.rule for finding in findings(given)} == {"V106", "V201", "Y103"}


# ---------------------------------------------------------------- E, Y


def test_e101_evidence() -> None:
    one = the_one(findings(cell("3", code="1.1.2", evidence="")), "E101")
    assert one.indicator == "1.1.2"
    assert findings(cell("3", code="1.1.2", evidence="Số 12/BC-SKHCN")) == []


def test_e101_a_table_has_nowhere_to_put_a_reference() -> None:
    table = replace(submission(filled()), edition="")
    bare = tuple(replace(seen, evidence="") for seen in table.observations)
    given = replace(table, observations=bare)
    assert checked([given], FRAMEWORK, PROVINCES, whole=False)[1] == ()


def test_e101_nothing_to_prove_where_there_is_no_value() -> None:
    the_one(findings(cell("", Kind.BLANK, code="1.1.2")), "V101")


def test_y101_another_year() -> None:
    one = the_one(findings(cell("12", data_year=2022)), "Y101")
    assert "2022" in one.sentence("vi")
    assert "2024" in one.sentence("vi")
    assert findings(cell("12", data_year=2024)) == []


# ---------------------------------------------------------------- C: codes


def test_c101_unknown_code() -> None:
    one = the_one(findings(cell("3", code="1.1.9", at="C30")), "C101")
    assert one.place.cell == "C30"
    assert "“1.1.9”" in one.sentence("vi")
    assert "có phải 1.1." in one.sentence("vi")
    assert "is 1.1." in one.sentence("en")


def test_c101_without_a_suggestion_where_nothing_is_near() -> None:
    one = the_one(findings(cell("3", code="tổng cộng")), "C101")
    assert "có phải" not in one.sentence("vi")


def test_c102_code_twice() -> None:
    one = the_one(findings(cell("3", at="C7"), cell("4", at="C31")), "C102")
    assert "2 lần: C7, C31" in one.sentence("vi")
    assert one.place.cell == "C31"


# ---------------------------------------------------------------- P: provinces


@pytest.mark.parametrize("stated", ["99", "Sài Thành", "10"])
def test_p101_unknown_province(stated: str) -> None:
    given = submission(filled(), stated)
    done, found = checked([given], FRAMEWORK, PROVINCES, whole=False)
    one = the_one(found, "P101")
    assert done == ()
    assert f"“{stated}”" in one.sentence("vi")
    assert "34" in one.sentence("vi")
    assert "2025-07-01" in one.sentence("vi")


@pytest.mark.parametrize("stated", ["01", "Hà Nội", "HA NOI", "Thành phố Hà Nội"])
def test_p101_code_and_every_spelling_pass(stated: str) -> None:
    done, found = checked([submission(filled(), stated)], FRAMEWORK, PROVINCES, whole=False)
    assert found == ()
    assert done[0].province == "01"


def test_p101_any_unit_where_there_is_no_list() -> None:
    done, found = checked([submission(filled(), " Atlantis ")], FRAMEWORK, None)
    assert found == ()
    assert {done[0].province, *(seen.province for seen in done[0].observations)} == {"Atlantis"}


@pytest.mark.parametrize("provinces", [PROVINCES, None], ids=["list", "no list"])
def test_p102_no_province(provinces: object) -> None:
    the_one(findings(province="  ", provinces=provinces), "P102")


def test_p103_two_submissions_for_one_province() -> None:
    both = [submission(filled(), "01", "a.xlsx"), submission(filled(), "Hà Nội", "b.xlsx")]
    done, found = checked(both, FRAMEWORK, PROVINCES, whole=False)
    assert [finding.rule for finding in found] == ["P103", "P103"]
    assert [finding.place.file for finding in found] == ["a.xlsx", "b.xlsx"]
    for finding in found:
        assert "Hà Nội (01) có 2 bài nộp: a.xlsx, b.xlsx" in finding.sentence("vi")
        assert "{" not in finding.sentence("en")
    assert len(done) == 2


def test_p103_two_provinces_pass() -> None:
    both = [submission(filled(), "01", "a.xlsx"), submission(filled(), "04", "b.xlsx")]
    assert checked(both, FRAMEWORK, PROVINCES, whole=False)[1] == ()


def test_p104_who_has_not_submitted() -> None:
    _, found = checked([submission(filled())], FRAMEWORK, PROVINCES)
    assert {finding.rule for finding in found} == {"P104"}
    assert len(found) == 33
    assert "01" not in {finding.province for finding in found}
    assert "Cao Bằng (04) chưa nộp" in found[0].sentence("vi")
    assert all("{" not in finding.sentence("en") for finding in found)


def test_p104_all_have_submitted() -> None:
    everyone = [submission(filled(), p.code, f"{p.code}.xlsx") for p in PROVINCES]
    assert checked(everyone, FRAMEWORK, PROVINCES)[1] == ()


# ---------------------------------------------------------------- T108: central figures


def central(value: float, code: str = "1.1.3") -> dict[tuple[str, str], Observation]:
    place = Place("central.csv", "", "D2")
    agency = Observation("01", code, place, Kind.NUMBER, repr(value), value, Status.VALUE)
    return {("01", code): agency}


def test_t108_a_central_figure_was_changed() -> None:
    one = the_one(findings(cell("5", code="1.1.3", at="C9"), central=central(4.25)), "T108")
    assert one.severity is Severity.ERROR
    assert "4,25" in one.sentence("vi")
    assert "4.25" in one.sentence("en")
    assert "central.csv [D2]" in one.sentence("en")


@pytest.mark.parametrize(
    "given", [cell("4.25", code="1.1.3"), cell("", Kind.BLANK, code="1.1.3")], ids=["same", "blank"]
)
def test_t108_the_central_figure_stands(given: Observation) -> None:
    cells = [*filled()[:2], given]
    done, found = checked(
        [submission(cells)], FRAMEWORK, PROVINCES, central=central(4.25), whole=False
    )
    assert found == ()
    assert done[0].observations[2].value == 4.25
    assert done[0].observations[2].place.file == "central.csv"


def test_t108_a_province_s_own_indicator_is_its_own() -> None:
    assert findings(cell("5"), central=central(4.25, "1.1.1")) == []


# ---------------------------------------------------------------- all at once


def test_all_findings_come_at_once_and_in_order() -> None:
    cells = [cell("x", Kind.TEXT, at="C7"), cell("9", code="8.8.8", at="C40")]
    elsewhere = [replace(seen, place=replace(seen.place, file="b.xlsx")) for seen in cells]
    bad = [
        submission(elsewhere, "01", "b.xlsx"),
        submission(filled(), "77", "a.xlsx"),
        submission(filled(), "", "c.xlsx"),
    ]
    _, found = checked(bad, FRAMEWORK, PROVINCES, whole=False)
    assert [(f.place.file, f.rule) for f in found] == [
        ("a.xlsx", "P101"),
        ("b.xlsx", "V102"),
        ("b.xlsx", "C101"),
        ("b.xlsx", "V101"),
        ("b.xlsx", "V108"),
        ("c.xlsx", "P102"),
    ]
    assert checked(bad[::-1], FRAMEWORK, PROVINCES, whole=False)[1] == found


def test_cells_come_back_in_the_order_of_the_framework() -> None:
    done, _ = checked([submission(filled()[::-1])], FRAMEWORK, PROVINCES, whole=False)
    assert tuple(seen.indicator for seen in done[0].observations) == FRAMEWORK.codes

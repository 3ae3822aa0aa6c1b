"""Tables of figures: wide and long, CSV and XLSX."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from strategies import leaf, tree

from pii.checks import checked
from pii.findings import Finding
from pii.intake.files import InputFile, read_file
from pii.intake.registry import provinces_on
from pii.intake.tables import read_table
from pii.submission import Kind, Place, Status, Submission

FRAMEWORK = tree(
    [("X", "index", None), ("A", "pillar", "X")], [leaf("1.1.1", "A"), leaf("1.1.2", "A")]
)
Read = tuple[tuple[Submission, ...], tuple[Finding, ...]]


def read(text: str, encoding: str = "utf-8") -> Read:
    return read_table(text.encode(encoding), "t.csv", FRAMEWORK)


def figures(done: Read) -> dict[tuple[str, str], tuple[Kind, str, str]]:
    """(province, code) → (kind, text, cell) of a table without findings."""
    submissions, findings = done
    assert findings == ()
    return {
        (seen.province, seen.indicator): (seen.kind, seen.text, seen.place.cell)
        for one in submissions
        for seen in one.observations
    }


def values(done: Read) -> dict[tuple[str, str], float]:
    understood, _ = checked(done[0], FRAMEWORK, None)
    return {(c.province, c.indicator): c.value for s in understood for c in s.observations}


def rules(done: Read) -> list[str]:
    for finding in done[1]:
        for lang in ("vi", "en"):
            assert "{" not in finding.sentence(lang)
    return [finding.rule for finding in done[1]]


WIDE = "province,name,1.1.1,1.1.2\n01,Hà Nội,1.5,-2\n04,Cao Bằng,,1e3\n"
EXPECTED = {
    ("01", "1.1.1"): (Kind.NUMBER, "1.5", "C2"),
    ("01", "1.1.2"): (Kind.NUMBER, "-2", "D2"),
    ("04", "1.1.1"): (Kind.BLANK, "", "C3"),
    ("04", "1.1.2"): (Kind.NUMBER, "1e3", "D3"),
}


def test_wide_csv() -> None:
    assert figures(read(WIDE)) == EXPECTED
    first = read(WIDE)[0][0]
    assert first.place == Place("t.csv", "", "A2")
    assert first.observations[0].place == Place("t.csv", "", "C2")
    assert str(first.observations[0].place) == "t.csv [C2]"


def test_byte_order_mark_and_line_ends_of_windows() -> None:
    assert figures(read(WIDE, "utf-8-sig")) == EXPECTED
    assert figures(read(WIDE.replace("\n", "\r\n"))) == EXPECTED


def test_tabs() -> None:
    assert figures(read(WIDE.replace(",", "\t"))) == EXPECTED


def test_the_order_of_columns_is_free() -> None:
    done = read("1.1.2,province,1.1.1\n7,01,8\n")
    assert values(done) == {("01", "1.1.1"): 8, ("01", "1.1.2"): 7}


def test_commas_separate_machine_numbers() -> None:
    done = read("province,1.1.1,1.1.2\n01,1.234,1234.56\n")
    assert values(done) == {("01", "1.1.1"): 1.234, ("01", "1.1.2"): 1234.56}


def test_semicolons_separate_typed_numbers() -> None:
    done = read("province;1.1.1;1.1.2\n01;1.234,56;12.5\n")
    assert {kind for kind, _, _ in figures(done).values()} == {Kind.TEXT}
    assert values(done) == {("01", "1.1.1"): 1234.56, ("01", "1.1.2"): 12.5}


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_column_of_decimal_commas_is_one_of_numbers(mark: str) -> None:
    """As Vietnamese Excel saves it: 5,125 beside 12,5 and 7 is no five thousand."""
    lines = ["province,1.1.1,1.1.2", "01,5~125,1", "04,12~5,2~5", "08,7,-0~125"]
    done = read("\n".join(line.replace(",", mark).replace("~", ",") for line in lines))
    assert {kind for kind, _, _ in figures(done).values()} == {Kind.NUMBER}
    assert [v for (_, code), v in values(done).items() if code == "1.1.1"] == [5.125, 12.5, 7]


@pytest.mark.parametrize("other", ["1,234", "1.234"])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_column_that_mixes_commas_and_points_is_not_taken_for_one_of_commas(
    mark: str, other: str
) -> None:
    done = read(f"province;1.1.1\n01;12,5\n04;12.5\n08;{other}\n".replace(";", mark))
    kinds = [s.observations[0].kind for s in done[0]]
    assert kinds[0] is Kind.TEXT
    if other == "1,234":
        assert kinds[2] is Kind.TEXT
        assert "V103" in {f.rule for f in checked(done[0], FRAMEWORK, None)[1]}


def test_a_point_among_decimal_commas_is_asked_back() -> None:
    done = read("province\t1.1.1\n01\t12,5\n04\t1.234\n")
    assert "V103" in {f.rule for f in checked(done[0], FRAMEWORK, None)[1]}


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=;\n"])
def test_excel_s_own_first_line_names_the_separator(first: str) -> None:
    done = read(f"{first}province;name;1.1.1\n01;a, b, c;3\n")
    assert [(s.name, s.observations[0].text, s.place.cell) for s in done[0]] == [
        ("a, b, c", "3", "A3")
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_titles_above_the_header_are_read_past(mark: str) -> None:
    done = read("Số liệu năm 2024\n\nprovince,1.1.1,1.1.2\n01,3,4\n".replace(",", mark))
    assert figures(done)["01", "1.1.1"] == (Kind.NUMBER, "3", "B4")


def test_a_row_of_several_cells_above_the_header_is_no_title() -> None:
    assert rules(read("Bảng,7\nprovince,1.1.1\n01,3\n")) == ["T110"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("province,province,1.1.1\n01,04,3\n", "A1, B1"),
        ("province,name,name,1.1.1\n01,a,b,3\n", "B1, C1"),
        ("indicator,province,value,value\n1.1.1,01,3,4\n", "C1, D1"),
        ("indicator,province,value,denominator,Denominator\n1.1.1,01,3,4,5\n", "D1, E1"),
    ],
)
def test_a_column_of_the_table_s_own_stands_once(text: str, cells: str) -> None:
    done = read(text)
    assert rules(done) == ["T110"]
    assert "the table has no single column “" in done[1][0].sentence("en")
    assert f"(it stands in {cells})" in done[1][0].sentence("en")


def test_semicolons_leave_two_meanings_to_be_asked_back() -> None:
    done = read("province;1.1.1;1.1.2\n01;1.234;7\n")
    understood, findings = checked(done[0], FRAMEWORK, None)
    assert "V103" in {finding.rule for finding in findings}
    assert understood[0].observations[0].status is Status.UNREADABLE


def test_a_figure_with_a_decimal_comma_between_quotes() -> None:
    assert values(read('province,1.1.1,1.1.2\n01,"12,5",7\n'))["01", "1.1.1"] == 12.5


def test_empty_lines_are_read_past() -> None:
    done = read("\nprovince,1.1.1,1.1.2\n\n,,\n01,3,4\n\n")
    assert [one.province for one in done[0]] == ["01"]
    assert figures(done)["01", "1.1.1"] == (Kind.NUMBER, "3", "B5")  # the cell as Excel counts


def test_short_lines_have_empty_cells() -> None:
    submissions, findings = read("province,1.1.1,1.1.2\n01,3\n")
    assert findings == ()
    assert [(c.text, c.place.cell) for c in submissions[0].observations] == [
        ("3", "B2"),
        ("", "C2"),
    ]
    understood, said = checked(submissions, FRAMEWORK, None)
    assert [finding.rule for finding in said] == ["V101"]
    assert understood[0].observations[1].status is Status.NOT_SUBMITTED


@pytest.mark.parametrize("line", ["1.1.1", "1.1.1,01"])
def test_short_lines_of_a_long_table_are_not_the_reader_s_end(line: str) -> None:
    done = read(f"indicator,province,value\n{line}\n1.1.2,01,4\n")
    assert values(done)["01", "1.1.2"] == 4


LONG = (
    "indicator,province,province_name,data_year,value,source,note\n"
    "1.1.1,01,Hà Nội,2022,3.5,NSO,n1\n"
    "1.1.2,01,Hà Nội,,4,,\n"
    "1.1.1,04,Cao Bằng,2023,,NSO,\n"
)


def test_long_csv() -> None:
    done = read(LONG)
    assert figures(done) == {
        ("01", "1.1.1"): (Kind.NUMBER, "3.5", "E2"),
        ("01", "1.1.2"): (Kind.NUMBER, "4", "E3"),
        ("04", "1.1.1"): (Kind.BLANK, "", "E4"),
    }
    first, second = done[0][0].observations
    assert (first.data_year, first.evidence, first.note) == (2022, "NSO", "n1")
    assert (second.data_year, second.evidence, second.note) == (None, "", "")
    assert done[0][0].place == Place("t.csv", "", "B2")


def test_long_evidence_goes_before_source() -> None:
    done = read(
        "indicator,province,value,evidence,source\n1.1.1,01,3,Số 5/BC,NSO\n1.1.2,01,3,,NSO\n"
    )
    assert [seen.evidence for seen in done[0][0].observations] == ["Số 5/BC", "NSO"]


def test_long_and_wide_say_the_same() -> None:
    long = "indicator,province,value\n1.1.2,04,1e3\n1.1.1,01,1.5\n1.1.2,01,-2\n"
    wide, tall = values(read(WIDE)), values(read(long))
    assert {key: v for key, v in wide.items() if v == v} == {
        key: v for key, v in tall.items() if v == v
    }


def test_long_unknown_and_double_codes_are_left_to_the_checks() -> None:
    done = read("indicator,province,value\n1.1.1,01,1\n1.1.1,01,2\n9.9.9,01,3\n1.1.2,01,4\n")
    _, findings = checked(done[0], FRAMEWORK, None)
    assert sorted(finding.rule for finding in findings) == ["C101", "C102"]


def test_unknown_column() -> None:
    done = read("province,1.1.1,1.1.2,1.1.3,total\n01,1,2,3,4\n")
    assert rules(done) == ["C101", "C101"]
    assert [finding.place.cell for finding in done[1]] == ["D1", "E1"]
    assert "có phải 1.1." in done[1][0].sentence("vi")
    assert "có phải" not in done[1][1].sentence("vi")
    assert [seen.indicator for seen in done[0][0].observations] == ["1.1.1", "1.1.2"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("province,1.1.1,1.1.2\n01,3,4,5\n", "D2"),
        ("province,1.1.1,,1.1.2\n01,3,5,4\n", "C2"),
        ("indicator,province,value\n1.1.1,01,3,5\n1.1.2,01,4\n", "D2"),
    ],
)
def test_a_figure_without_a_header_is_not_dropped_in_silence(text: str, cell: str) -> None:
    done = read(text)
    assert rules(done) == ["C101"]
    assert done[1][0].place.cell == cell
    assert "“(a column without a header)”" in done[1][0].sentence("en")
    assert values(done) == {("01", "1.1.1"): 3, ("01", "1.1.2"): 4}


def test_a_column_without_a_header_is_told_once() -> None:
    assert rules(read("province,1.1.1,\n01,3,5\n04,3,5\n08,3,5\n")) == ["C101"]


def test_a_look_alike_letter_in_an_unknown_code_is_shown_by_its_number() -> None:
    done = read("province,1.1.1,А1\n01,3,4\n")
    assert "“[U+0410]1”" in done[1][0].sentence("en")


def test_empty_cells_without_a_header_are_no_fault() -> None:
    assert rules(read("province,1.1.1,1.1.2,,\n01,3,4,,\n")) == []


def test_duplicate_column() -> None:
    done = read("province,1.1.1,1.1.2,1.1.1\n01,1,2,3\n")
    assert rules(done) == ["C102"]
    assert done[1][0].place.cell == "D1"
    assert "B1, D1" in done[1][0].sentence("vi")


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("1.1.1,1.1.2\n3,4\n", "column “province”"),
        ("", "column “province”"),
        ("\n\n", "column “province”"),
        ("indicator,value\n1.1.1,3\n", "column “province”"),
        ("indicator,province,figure\n1.1.1,01,3\n", "column “value”"),
        ("province,1.1.1\n", "row of figures"),
        ("province,name\n01,Hà Nội\n", "column of an indicator"),
    ],
)
def test_what_a_table_lacks(text: str, lacks: str) -> None:
    done = read(text)
    assert rules(done) == ["T110"]
    assert f"the table has no {lacks}" in done[1][0].sentence("en")
    assert done[0] == ()


def test_headers_are_known_in_any_case() -> None:
    assert values(read("Province,1.1.1,1.1.2\n01,3,4\n"))["01", "1.1.1"] == 3


def test_a_name_beside_a_code_travels_with_it() -> None:
    wide = read("province,name,1.1.1,1.1.2\n01,Hà Nội,3,4\n")[0]
    long = read("indicator,province,province_name,value\n1.1.1,01,Hà Nội,3\n")[0]
    assert [one.name for one in (*wide, *long)] == ["Hà Nội", "Hà Nội"]


def test_a_row_without_province_is_found_by_the_checks() -> None:
    done = read("province,1.1.1,1.1.2\n,3,4\n01,5,6\n")
    understood, findings = checked(done[0], FRAMEWORK, None)
    assert [(f.rule, f.place.cell) for f in findings] == [("P102", "A2")]
    assert [one.province for one in understood] == ["01"]


def test_another_encoding() -> None:
    done = read_table("province,1.1.1\nHà Nội,3\n".encode("utf-16"), "t.csv", FRAMEWORK)
    assert rules(done) == ["T101"]
    assert "phải lưu bằng UTF-8" in done[1][0].sentence("vi")


def test_a_damaged_workbook() -> None:
    done = read_table(b"PK\x03\x04 and nothing more", "t.xlsx", FRAMEWORK)
    assert rules(done) == ["F109"]
    assert done[1][0].place.file == "t.xlsx"
    assert done[0] == ()


def workbook(rows: list[list[Any]], *, hidden: bool = False) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Số liệu"
    for row in rows:
        sheet.append(row)
    if hidden:
        first = book.create_sheet("ẩn", 0)
        first.append(["province", "1.1.1"])
        first.append(["99", 99])
        first.sheet_state = "hidden"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_wide_xlsx() -> None:
    data = workbook([["province", "name", "1.1.1", "1.1.2"], ["01", "Hà Nội", 1.5, None]])
    done = read_table(data, "t.xlsx", FRAMEWORK)
    assert figures(done) == {
        ("01", "1.1.1"): (Kind.NUMBER, "1.5", "C2"),
        ("01", "1.1.2"): (Kind.BLANK, "", "D2"),
    }
    assert done[0][0].observations[0].place == Place("t.xlsx", "Số liệu", "C2")


def test_a_whole_index_may_be_larger_than_what_a_province_sends() -> None:
    rows = [["indicator", "province", "value"]]
    rows += [[code, f"U{k}", k + 0.5] for k in range(5_000) for code in FRAMEWORK.codes]
    sent = replace(FRAMEWORK, provinces_on=date(2025, 7, 1))
    csv = "\n".join(",".join(map(str, row)) for row in [*rows, *rows[1:]]).encode()
    for file, rule in (
        (InputFile("t.xlsx", workbook(rows)), "F122"), (InputFile("t.csv", csv), "F126"),
    ):  # fmt: skip
        submissions, _ = read_file(file, FRAMEWORK)
        assert len({one.province for one in submissions}) == 5_000
        assert [finding.rule for finding in read_file(file, sent)[1]] == [rule]


def test_long_xlsx() -> None:
    data = workbook([["indicator", "province", "value", "data_year"], ["1.1.1", "01", 3, 2022]])
    (submission,), findings = read_table(data, "t.xlsx", FRAMEWORK)
    assert findings == ()
    (seen,) = submission.observations
    assert (seen.kind, seen.text, seen.data_year) == (Kind.NUMBER, "3", 2022)


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        (3, Kind.NUMBER, "3"),
        (0.1, Kind.NUMBER, "0.1"),
        ("1.234,5", Kind.TEXT, "1.234,5"),
        ("   ", Kind.BLANK, ""),
        (True, Kind.BOOLEAN, "TRUE"),
        (date(2024, 5, 1), Kind.DATE, "2024-05-01"),
        ("#N/A", Kind.ERROR, "#N/A"),
        ("=1+1", Kind.UNCALCULATED, ""),
    ],
)
def test_kinds_of_cells_in_xlsx(typed: Any, kind: Kind, text: str) -> None:
    data = workbook([["province", "1.1.1", "1.1.2"], ["01", typed, 1]])
    seen = read_table(data, "t.xlsx", FRAMEWORK)[0][0].observations[0]
    assert (seen.kind, seen.text) == (kind, text)
    assert seen.formula == ("=1+1" if kind is Kind.UNCALCULATED else "")


def test_the_first_visible_sheet_is_read() -> None:
    data = workbook([["province", "1.1.1", "1.1.2"], ["01", 1, 2]], hidden=True)
    done = read_table(data, "t.xlsx", FRAMEWORK)
    assert [one.province for one in done[0]] == ["01"]


def test_a_code_that_lost_its_zero_is_not_guessed() -> None:
    data = workbook([["province", "1.1.1", "1.1.2"], [1, 1, 2]])
    listed = provinces_on(date(2025, 7, 1))
    done = read_table(data, "t.xlsx", FRAMEWORK)
    _, findings = checked(done[0], FRAMEWORK, listed, whole=False)
    assert [finding.rule for finding in findings] == ["P101"]

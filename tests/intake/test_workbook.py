"""Filled templates read back; each fault gives its finding, at its cell, and nothing else."""

import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from math import isnan
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pii.findings import Finding
from pii.framework import Framework
from pii.intake import layout
from pii.intake.definition import load_framework
from pii.intake.shipped import shipped
from pii.intake.template import template_workbook
from pii.intake.workbook import read_workbook
from pii.provinces import Province
from pii.submission import Kind, Observation, Place, Status, Submission
from tests.small import small_framework, small_indicator
from tests.workbooks import (
    VALUES_XML,
    address,
    edited,
    filled,
    header_row,
    rearranged,
    row_of,
    values_sheet,
    with_entry,
    with_header,
    with_hidden_fact,
    with_number_format,
    with_province_line,
    with_repeated_row,
    with_sheet_name,
    with_stored_formula,
    with_xml,
    without_row,
    without_sheet,
)

HUE = Province("46", "Huế", "Hue", "NCC", "Bắc Trung Bộ", "North Central", aliases=())
FILE = "46-hue.xlsx"
PILLARS = ("1.1.1", "1.1.2", "1.2.1", "2.1.1", "2.1.2")


def own_framework(**changes: Any) -> Framework:
    """Three indicators of the province, two of central agencies."""
    indicators = tuple(
        small_indicator(
            code,
            code[:3],
            supplier="province" if code[0] == "1" else "central",
            unit_vi=f"đơn vị {code}",
            unit_en=f"unit {code}",
            definition_vi=f"Định nghĩa {code}",
        )
        for code in PILLARS
    )
    return small_framework(**({"indicators": indicators} | changes))


FRAMEWORK = own_framework()


def known(code: str, value: float) -> Observation:
    return Observation(HUE.code, code, Place("central.csv"), Kind.NUMBER, str(value), value,
                       Status.VALUE, 2023, "Niên giám", "sơ bộ")  # fmt: skip


@pytest.fixture(scope="module")
def template() -> bytes:
    return template_workbook(FRAMEWORK, HUE, {"2.1.1": known("2.1.1", 7.25)})


@pytest.fixture(scope="module")
def good() -> bytes:
    return filled(
        FRAMEWORK,
        HUE,
        {"1.1.1": 12.5, "1.1.2": "1.234,56", "1.2.1": 3},
        central={"2.1.1": known("2.1.1", 7.25)},
        years={"1.2.1": 2022},
        evidence={"1.1.1": " 125/BC-UBND "},
        notes={"1.1.2": "ước tính"},
    )


def read(data: bytes, framework: Framework = FRAMEWORK, **options: Any) -> Submission:
    """The submission of a workbook in which nothing is wrong with the template."""
    submission, findings = read_workbook(data, FILE, framework, **options)
    assert findings == ()
    assert submission is not None
    return submission


def observed(data: bytes, code: str) -> Observation:
    return next(o for o in read(data).observations if o.indicator == code)


def faults(data: bytes, **options: Any) -> list[Finding]:
    return list(read_workbook(data, FILE, FRAMEWORK, **options)[1])


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(f.rule, f.indicator, f"{f.place.sheet}!{f.place.cell}") for f in findings]


# ------------------------------------------------------------------------------ round trip ------


def test_what_was_typed_is_what_is_read(good: bytes) -> None:
    submission = read(good)
    assert (submission.province, submission.edition, submission.template_version) == (
        "46", "small", "1",
    )  # fmt: skip
    rows = [
        (o.indicator, o.kind, o.text, o.data_year, o.evidence, o.note)
        for o in submission.observations
    ]
    assert rows == [
        ("1.1.1", Kind.NUMBER, "12.5", 2024, "125/BC-UBND", ""),
        ("1.1.2", Kind.TEXT, "1.234,56", 2024, "", "ước tính"),
        ("1.2.1", Kind.NUMBER, "3", 2022, "", ""),
        ("2.1.1", Kind.NUMBER, "7.25", 2023, "Niên giám", "sơ bộ"),
        ("2.1.2", Kind.BLANK, "", 2024, "", ""),
    ]
    for o in submission.observations:
        assert o.place == Place(FILE, "Chỉ số", address(good, o.indicator))
        assert isnan(o.value)  # understanding is the checks' work
        assert o.status is Status.NOT_SUBMITTED


def test_an_empty_template_has_a_blank_for_every_indicator(template: bytes) -> None:
    kinds = {o.indicator: o.kind for o in read(template).observations}
    assert kinds == dict.fromkeys(PILLARS, Kind.BLANK) | {"2.1.1": Kind.NUMBER}


@settings(max_examples=25, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_central_figures_come_back_to_the_last_bit(value: float) -> None:
    data = template_workbook(FRAMEWORK, HUE, {"2.1.1": known("2.1.1", value)})
    assert float(observed(data, "2.1.1").text) == value


@pytest.mark.parametrize("name", ["indicators.yaml", "data/open-2022/edition.yaml"])
def test_shipped_editions_survive_the_round_trip(name: str) -> None:
    framework = load_framework(shipped(name))
    numbers = {code: j + 0.5 for j, code in enumerate(framework.codes)}
    submission = read(filled(framework, HUE, numbers), framework)
    assert {o.indicator: float(o.text) for o in submission.observations} == numbers


def test_a_template_of_the_open_edition_is_read_under_the_full_one_when_asked() -> None:
    part, whole = (
        load_framework(shipped(name)) for name in ("data/open-2022/edition.yaml", "indicators.yaml")
    )
    data = filled(part, HUE, dict.fromkeys(part.codes, 1.5))
    submission = read(data, whole, accept=("open-2022",))
    assert [o.indicator for o in submission.observations] == list(part.codes)


def test_columns_and_rows_may_move(good: bytes) -> None:
    def content(data: bytes) -> list[Observation]:
        found = [replace(o, place=Place("")) for o in read(data).observations]
        return sorted(found, key=lambda o: o.indicator)

    moved = rearranged(good)
    assert repr(content(moved)) == repr(content(good))
    assert {o.place.cell for o in read(moved).observations} != {
        o.place.cell for o in read(good).observations
    }


def test_decomposed_letters_and_stray_spaces_are_no_fault(good: bytes) -> None:
    def change(book: Workbook) -> None:
        for row in values_sheet(book).iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value not in PILLARS:  # those are C104
                    cell.value = f"  {unicodedata.normalize('NFD', cell.value)}\u00a0 "

    renamed = with_sheet_name(
        edited(good, change), "Chỉ số", unicodedata.normalize("NFD", "chỉ số ")
    )
    submission, findings = read_workbook(renamed, FILE, FRAMEWORK)
    assert submission is not None
    assert findings == ()
    texts = [o.text.strip() for o in submission.observations]
    assert texts == [o.text for o in read(good).observations]


def test_a_stray_cell_far_away_is_refused_and_named(good: bytes) -> None:
    """A reader that lays a sheet out in memory would need 400 GB for it."""
    far = edited(good, lambda book: values_sheet(book).cell(1_048_576, 16_384, " "))
    assert told(faults(far)) == [("F118", "", "!")]
    assert "XFD1048576" in faults(far)[0].sentence("vi")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not here")
def test_saving_with_libreoffice_changes_nothing(good: bytes, tmp_path: Path) -> None:
    third = 0.1 + 0.2
    data = with_entry(good, "1.1.1", "value", third)
    data = with_entry(data, "1.2.1", "value", "=1/4")
    source = tmp_path / FILE
    source.write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", source],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    before, after = read(data), read((tmp_path / "out" / FILE).read_bytes())
    assert [o.indicator for o in after.observations] == list(PILLARS)
    for was, now in zip(before.observations, after.observations, strict=True):
        if was.indicator == "1.2.1":
            assert was.kind is Kind.UNCALCULATED
            assert (now.kind, now.text, now.formula) == (Kind.NUMBER, "0.25", "=1/4")
        elif was.indicator == "1.1.1":  # LibreOffice may keep fifteen digits only
            assert float(now.text) == pytest.approx(third, rel=1e-14)
        else:
            assert repr(now) == repr(was)


# ------------------------------------------------------------------------- kinds of values ------


@pytest.mark.parametrize(
    ("entry", "kind", "text"),
    [
        (12.5, Kind.NUMBER, "12.5"),
        (3.0, Kind.NUMBER, "3"),
        (-0.5, Kind.NUMBER, "-0.5"),
        (1e300, Kind.NUMBER, "1e+300"),
        (1234567890123, Kind.NUMBER, "1234567890123"),
        ("12,5", Kind.TEXT, "12,5"),
        (" 1.234 ", Kind.TEXT, " 1.234 "),
        ("không có", Kind.TEXT, "không có"),
        ("'=5", Kind.TEXT, "'=5"),
        ("  ", Kind.BLANK, ""),
        (None, Kind.BLANK, ""),
        (True, Kind.BOOLEAN, "TRUE"),
        (datetime(2025, 5, 12), Kind.DATE, "2025-05-12"),
        (date(2025, 5, 12), Kind.DATE, "2025-05-12"),
        (datetime(2025, 5, 12, 7, 30), Kind.DATE, "2025-05-12 07:30:00"),
        ("#N/A", Kind.ERROR, "#N/A"),
        ("#DIV/0!", Kind.ERROR, "#DIV/0!"),
    ],
)
def test_kind_and_text_of_a_value(good: bytes, entry: Any, kind: Kind, text: str) -> None:
    cell = observed(with_entry(good, "1.1.1", "value", entry), "1.1.1")
    assert (cell.kind, cell.text, cell.formula) == (kind, text, "")


@pytest.mark.parametrize(
    ("formula", "result", "stored", "kind", "text"),
    [
        ("25/2", "12.5", "n", Kind.NUMBER, "12.5"),
        ("A100+3", "3.0", "n", Kind.NUMBER, "3"),
        ("1/1000", "1E-3", "n", Kind.NUMBER, "0.001"),
        ("A1/0", "#DIV/0!", "e", Kind.ERROR, "#DIV/0!"),
        ("#REF!+1", "#REF!", "e", Kind.ERROR, "#REF!"),
        ('"12,5"', "12,5", "str", Kind.TEXT, "12,5"),
        ('""', "", "str", Kind.BLANK, ""),
        ("1=1", "1", "b", Kind.BOOLEAN, "TRUE"),
    ],
)
def test_a_formula_comes_with_its_stored_result(
    good: bytes, formula: str, result: str, stored: str, kind: Kind, text: str
) -> None:
    cell = observed(with_stored_formula(good, "1.1.1", formula, result, stored), "1.1.1")
    assert (cell.kind, cell.text, cell.formula) == (kind, text, f"={formula}")


def test_a_formula_that_was_never_calculated(good: bytes) -> None:
    cell = observed(with_entry(good, "1.1.1", "value", "=SUM(A1:A3)"), "1.1.1")
    assert (cell.kind, cell.text, cell.formula) == (Kind.UNCALCULATED, "", "=SUM(A1:A3)")


@pytest.mark.parametrize(
    ("number", "number_format", "kind", "text"),
    [
        (0.125, "0.0%", Kind.PERCENT, "12.5%"),  # Excel's way of keeping a typed 12.5%
        (0.07, "0%", Kind.PERCENT, "7%"),
        (12.5, "0.00%", Kind.PERCENT, "1250%"),
        (1, "0%", Kind.PERCENT, "100%"),
        (12.5, '0.0" %"', Kind.NUMBER, "12.5"),  # a sign that is only printed
        (12.5, r"0.0\%", Kind.NUMBER, "12.5"),
        (12.5, "#,##0.00", Kind.NUMBER, "12.5"),
    ],
)
def test_per_cent_is_told_from_a_number(
    good: bytes, number: float, number_format: str, kind: Kind, text: str
) -> None:
    cell = observed(with_number_format(good, "1.1.1", number, number_format), "1.1.1")
    assert (cell.kind, cell.text) == (kind, text)


@pytest.mark.parametrize("entry", [2023, 2023.0, "2023", " 2023 "])
def test_a_data_year_may_be_number_or_text(good: bytes, entry: Any) -> None:
    assert observed(with_entry(good, "1.1.1", "data_year", entry), "1.1.1").data_year == 2023


def test_a_data_year_that_is_none_is_said(good: bytes) -> None:
    bad = with_entry(good, "1.1.1", "data_year", "năm ngoái")
    submission, findings = read_workbook(bad, FILE, FRAMEWORK)
    assert submission is not None
    assert submission.observations[0].data_year is None
    where = f"Chỉ số!{address(bad, '1.1.1', 'data_year')}"
    assert told(list(findings)) == [("Y101", "1.1.1", where)]
    assert "“năm ngoái”" in findings[0].sentence("vi")
    assert told(faults(with_entry(bad, "1.1.1", "value", None))) == []  # no figure, no year
    assert told(faults(with_entry(good, "1.1.1", "data_year", None))) == []


# ------------------------------------------------------------------- what cannot be opened ------


def _archive(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "rule", "vi", "en"),
    [
        (b"", "F101", "tệp rỗng", "the file is empty"),
        (b"code,value\n1.1.1,5\n", "F108", "văn bản hoặc CSV", "a text or CSV file"),
        (b"%PDF-1.7", "F108", "tệp PDF", "a PDF"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "F104", ".xls cũ", "old .xls"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "F103",
            "mật khẩu",
            "password",
        ),
        (_archive("xl/workbook.bin"), "F105", ".xlsb", ".xlsb"),
        (_archive("mimetype", "content.xml"), "F106", ".ods", ".ods"),
        (_archive("word/document.xml"), "F108", "tệp Word", "a Word document"),
        (_archive("x"), "F108", "không phải Excel", "no workbook"),
        (b"PK\x03\x04 and then nothing", "F109", "chưa hết", "cut short"),
    ],
    ids=["empty", "csv", "pdf", "xls", "locked", "xlsb", "ods", "docx", "other-zip", "cut-short"],
)
def test_a_file_that_cannot_be_opened(data: bytes, rule: str, vi: str, en: str) -> None:
    submission, findings = read_workbook(data, FILE, FRAMEWORK)
    assert submission is None
    assert told(list(findings)) == [(rule, "", "!")]
    assert vi in findings[0].sentence("vi")
    assert en in findings[0].sentence("en")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_a_finding_not_a_crash(data: st.DataObject) -> None:
    whole = template_workbook(FRAMEWORK, HUE, {})
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(1, 200))
    hole = whole[:start] + bytes(min(length, len(whole) - start)) + whole[start + length :]
    for broken in (whole[:start], hole):
        submission, findings = read_workbook(broken, FILE, FRAMEWORK)
        assert findings or submission is not None


def test_broken_xml_inside_is_a_finding(good: bytes) -> None:
    bad = with_xml(good, "xl/workbook.xml", "</workbook>", "")
    assert told(faults(bad)) == [("F116", "", "!")]
    assert "xl/workbook.xml" in faults(bad)[0].sentence("en")


# ---------------------------------------------------------------- faults of the template ------


def test_no_hidden_sheet(good: bytes) -> None:
    submission, findings = read_workbook(without_sheet(good, "_pii"), FILE, FRAMEWORK)
    assert submission is None
    assert told(list(findings)) == [("T102", "", "!")]


@pytest.mark.parametrize("key", [layout.MADE_BY, layout.EDITION])
def test_a_hidden_sheet_that_is_not_ours(good: bytes, key: str) -> None:
    assert told(faults(with_hidden_fact(good, key, None))) == [("T102", "", "!")]


def test_a_workbook_that_is_no_template() -> None:
    file = BytesIO()
    Workbook().save(file)
    assert told(faults(file.getvalue())) == [("T102", "", "!")]


def test_a_template_of_another_edition(good: bytes) -> None:
    later = own_framework(id="2026")
    submission, findings = read_workbook(good, FILE, later)
    assert submission is None
    assert told(list(findings)) == [("T103", "", "_pii!B2")]
    assert findings[0].province == "46"
    accepted, findings = read_workbook(good, FILE, later, accept=("small",))
    assert findings == ()
    assert accepted is not None
    assert accepted.edition == "small"
    assert told(list(read_workbook(good, FILE, later, accept=("2024",))[1]))[0][0] == "T103"


def test_another_version(good: bytes) -> None:
    bad = with_hidden_fact(good, layout.VERSION, "0")
    assert told(faults(bad)) == [("T104", "", "_pii!B3")]
    assert faults(bad)[0].facts == {"found": "0", "expected": "1"}
    assert read_workbook(bad, FILE, FRAMEWORK)[0] is not None


def test_a_definition_changed_after_the_template_was_issued(good: bytes) -> None:
    changed = own_framework(
        indicators=tuple(replace(i, definition_vi="khác") for i in FRAMEWORK.indicators)
    )
    findings = read_workbook(good, FILE, changed)[1]
    assert told(list(findings)) == [("T104", "", "_pii!B3")]
    assert layout.fingerprint(FRAMEWORK)[:8] in findings[0].sentence("vi")
    english = own_framework(
        indicators=tuple(replace(i, definition_en="other") for i in FRAMEWORK.indicators)
    )
    assert read_workbook(good, FILE, english)[1] == ()


def test_no_sheet_of_values(good: bytes) -> None:
    for bad in (without_sheet(good, "Chỉ số"), with_sheet_name(good, "Chỉ số", "Sheet1")):
        submission, findings = read_workbook(bad, FILE, FRAMEWORK)
        assert submission is None
        assert told(list(findings)) == [("T105", "", "!")]
        assert "trang tính “Chỉ số”" in findings[0].sentence("vi")


def test_a_guide_that_was_thrown_away_does_no_harm(good: bytes) -> None:
    assert len(read(without_sheet(good, "Hướng dẫn")).observations) == 5


@pytest.mark.parametrize("key", list(layout.HEADERS))
def test_a_header_that_was_changed(good: bytes, key: str) -> None:
    bad = with_header(good, key, "Khác")
    submission, findings = read_workbook(bad, FILE, FRAMEWORK)
    assert told(list(findings)) == [("T105", "", "Chỉ số!")]
    assert f"cột “{layout.HEADERS[key][0]}”" in findings[0].sentence("vi")
    assert (submission is None) == (key in ("code", "value"))


def test_the_vietnamese_line_of_a_header_will_do(good: bytes) -> None:
    assert len(read(with_header(good, "value", " giá  trị ")).observations) == 5


def test_a_value_column_that_stands_twice_is_not_guessed(good: bytes) -> None:
    bad = with_header(good, "note", "Giá trị")
    submission, findings = read_workbook(bad, FILE, FRAMEWORK)
    assert submission is None
    assert told(list(findings)) == [("T105", "", "Chỉ số!")] * 2
    row = header_row_of(good)
    assert f"một cột “Giá trị” duy nhất (thấy: G{row}, I{row})" in findings[0].sentence("vi")


def header_row_of(data: bytes) -> int:
    found: list[int] = []
    edited(data, lambda book: found.append(header_row(book)))
    return found[0]


def test_no_header_row_at_all(good: bytes) -> None:
    bad = edited(good, lambda book: values_sheet(book).delete_rows(header_row(book)))
    submission, findings = read_workbook(bad, FILE, FRAMEWORK)
    assert submission is None
    assert told(list(findings)) == [("T105", "", "Chỉ số!")]
    assert "hàng tiêu đề" in findings[0].sentence("vi")


@pytest.mark.parametrize(("key", "word"), [("name", "tên"), ("unit", "đơn vị tính")])
def test_a_name_or_unit_that_was_changed(good: bytes, key: str, word: str) -> None:
    bad = with_entry(good, "1.1.2", key, "phần nghìn\nper mille")
    submission, findings = read_workbook(bad, FILE, FRAMEWORK)
    where = f"Chỉ số!{address(bad, '1.1.2', key)}"
    assert told(list(findings)) == [("T106", "1.1.2", where)]
    assert f"{word} của 1.1.2 ghi là “phần nghìn / per mille”" in findings[0].sentence("vi")
    assert submission is not None
    assert len(submission.observations) == 5


def test_another_unit_is_told_in_an_accepted_edition_too(good: bytes) -> None:
    later = own_framework(
        id="2026",
        indicators=tuple(
            replace(i, unit_vi="phần nghìn") if i.code == "1.1.1" else i
            for i in FRAMEWORK.indicators
        ),
    )
    findings = read_workbook(good, FILE, later, accept=("small",))[1]
    assert [(f.rule, f.indicator) for f in findings] == [("T106", "1.1.1")]


def test_a_row_that_was_deleted(good: bytes) -> None:
    bad = without_row(good, "1.1.2")
    submission, findings = read_workbook(bad, FILE, FRAMEWORK)
    assert told(list(findings)) == [("T107", "1.1.2", "Chỉ số!")]
    assert findings[0].facts == {"code": "1.1.2", "count": "5"}
    assert submission is not None
    assert [o.indicator for o in submission.observations] == ["1.1.1", "1.2.1", "2.1.1", "2.1.2"]


def test_a_row_the_other_edition_does_not_have_is_no_fault(good: bytes) -> None:
    fewer = own_framework(id="2026", indicators=FRAMEWORK.indicators[1:])
    submission = read(good, fewer, accept=("small",))
    assert "1.1.1" in [o.indicator for o in submission.observations]  # for the checks to judge


@pytest.mark.parametrize("province", [None, "  "])
def test_no_province(good: bytes, province: str | None) -> None:
    bad = with_hidden_fact(good, layout.PROVINCE_CODE, province)
    submission, findings = read_workbook(bad, FILE, FRAMEWORK)
    assert told(list(findings)) == [("P102", "", "_pii!")]
    assert submission is not None
    assert submission.province == ""


@pytest.mark.parametrize("title", ["Chỉ số", "Hướng dẫn"])
def test_a_sheet_that_states_another_province(good: bytes, title: str) -> None:
    bad = with_province_line(good, title, "01 – Hà Nội")
    findings = faults(bad)
    assert [(f.rule, f.place.sheet, f.province) for f in findings] == [("P105", title, "46")]
    assert "“01 – Hà Nội”" in findings[0].sentence("vi")
    assert "“46 – Huế”" in findings[0].sentence("vi")
    assert told(faults(with_province_line(good, title, "46 - HUẾ"))) == []


def test_a_province_line_that_is_gone(good: bytes) -> None:
    assert told(faults(with_province_line(good, "Chỉ số", None))) == [("T105", "", "Chỉ số!")]
    assert told(faults(with_province_line(good, "Hướng dẫn", None))) == []


# ------------------------------------------------------------------------------------ codes ------


def test_unknown_and_repeated_codes_are_left_for_the_checks(good: bytes) -> None:
    typo = read_workbook(with_entry(good, "1.1.2", "code", " 1.1.9 "), FILE, FRAMEWORK)
    assert told(list(typo[1])) == [("T107", "1.1.2", "Chỉ số!")]
    assert typo[0] is not None
    assert [o.indicator for o in typo[0].observations][1] == "1.1.9"
    twice = read(with_repeated_row(good, "1.1.1", 99))
    assert [o.text for o in twice.observations if o.indicator == "1.1.1"] == ["12.5", "99"]


def test_a_figure_without_a_code_is_not_lost(good: bytes) -> None:
    submission, _ = read_workbook(with_entry(good, "1.1.1", "code", None), FILE, FRAMEWORK)
    assert submission is not None
    assert next((o.indicator, o.text) for o in submission.observations) == ("", "12.5")


def test_a_figure_beside_a_heading_is_not_lost(good: bytes) -> None:
    bad = edited(good, lambda b: values_sheet(b).cell(row_of(b, "1.1.1") - 1, 7, 5))
    texts = {o.indicator: o.text for o in read(bad).observations}
    assert [text for code, text in texts.items() if code.startswith("Nhóm 1.1")] == ["5"]


@pytest.mark.parametrize("entry", [1.1, datetime(2025, 1, 10)])
def test_a_code_that_became_a_number_or_date_is_not_taken_for_a_code(entry: Any) -> None:
    code = "1.1" if isinstance(entry, float) else "2025-01-10"
    indicators = tuple(
        replace(i, code=new)
        for i, new in zip(FRAMEWORK.indicators, (code, "a", "b", "c", "d"), strict=True)
    )
    groups = tuple(
        replace(g, code=f"g{g.code}", parent=g.parent and f"g{g.parent}") for g in FRAMEWORK.groups
    )
    framework = own_framework(
        groups=groups, indicators=tuple(replace(i, parent=f"g{i.parent}") for i in indicators)
    )
    data = filled(framework, HUE, {code: 5})
    assert read(data, framework).observations[0].indicator == code
    bad = with_entry(data, code, "code", entry)
    submission, findings = read_workbook(bad, FILE, framework)
    assert [f.rule for f in findings] == ["T106", "T107"]
    assert findings[0].place.cell == address(data, code, "code")
    assert submission is not None
    assert code not in [o.indicator for o in submission.observations]


# ----------------------------------------------------------------------------- everything ------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_faults_are_told_at_once(good: bytes, lang: Any) -> None:
    steps: list[Callable[[bytes], bytes]] = [
        lambda d: with_hidden_fact(d, layout.VERSION, "0"),
        lambda d: with_entry(d, "1.1.1", "unit", "khác"),
        lambda d: with_province_line(d, "Chỉ số", "01 – Hà Nội"),
        lambda d: without_row(d, "1.2.1"),
    ]
    bad = good
    for step in steps:
        bad = step(bad)
    findings = faults(bad)
    assert sorted(f.rule for f in findings) == ["P105", "T104", "T106", "T107"]
    assert all(f.province == "46" and FILE in f.sentence(lang) for f in findings)


def test_reading_twice_gives_the_same(good: bytes) -> None:
    assert repr(read(good)) == repr(read(good))


@pytest.mark.parametrize(
    "title", [f"{layout.VALUES} ", "Chi\u0309 số", f"{layout.HIDDEN.upper()} "]
)
@pytest.mark.parametrize("hidden", [False, True])
def test_a_second_sheet_of_the_same_title_but_for_case_and_spaces(
    good: bytes, title: str, hidden: bool
) -> None:
    """Excel allows both; only the first is read, so the second must not pass unseen."""

    def copied(book: Workbook) -> None:
        source = layout.HIDDEN if "PII" in title else layout.VALUES
        copy = book.copy_worksheet(book[source])
        copy.title, copy.sheet_state = title, "hidden" if hidden else "visible"

    _, findings = read_workbook(edited(good, copied), FILE, FRAMEWORK)
    assert [(f.rule, f.place.sheet) for f in findings] == [("T205", title)]


def test_a_renamed_sheet_of_values_is_named(good: bytes) -> None:
    data = edited(good, lambda book: setattr(values_sheet(book), "title", "Số liệu"))
    _, (finding,) = read_workbook(data, FILE, FRAMEWORK)
    assert "the sheet “Chỉ số” (renamed to “Số liệu”?)" in finding.sentence("en")


def test_who_signs_under_the_values_is_no_figure(good: bytes) -> None:
    def signed(book: Workbook) -> None:
        sheet = values_sheet(book)
        below = sheet.max_row + 2
        sheet.cell(below, list(layout.HEADERS).index("value") + 1).value = "NGƯỜI LẬP BIỂU"

    submission, findings = read_workbook(edited(good, signed), FILE, FRAMEWORK)
    assert findings == ()
    assert submission is not None
    assert len(submission.observations) == len(PILLARS)


@pytest.mark.parametrize("figure", ["12,5", "1.234"])
def test_a_text_figure_without_a_code_is_not_lost(good: bytes, figure: str) -> None:
    def stray(book: Workbook) -> None:
        sheet = values_sheet(book)
        below = sheet.max_row + 2
        sheet.cell(below, list(layout.HEADERS).index("value") + 1).value = figure

    submission, _ = read_workbook(edited(good, stray), FILE, FRAMEWORK)
    assert submission is not None
    assert [o.text for o in submission.observations if not o.indicator] == [figure]


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#ERROR!", "Err:502"])
def test_an_error_the_second_reader_does_not_know_is_an_error_cell(good: bytes, error: str) -> None:
    data = with_stored_formula(good, "1.1.1", "A1:A3", error, kind="e")
    submission, findings = read_workbook(data, FILE, FRAMEWORK, second=True)
    assert findings == ()
    assert submission is not None
    first = submission.observations[0]
    assert (first.kind, first.text) == (Kind.ERROR, error)


def test_a_line_break_of_word_is_no_disagreement(good: bytes) -> None:
    where = address(good, "1.1.1", "note")
    note = rf'<c r="{where}"\1 t="inlineStr"><is><t>Dòng một_x000B_dòng hai</t></is></c>'
    data = with_xml(good, VALUES_XML, rf'<c r="{where}"( s="\d+")?[^>]*?(/>|>.*?</c>)', note)
    submission, findings = read_workbook(data, FILE, FRAMEWORK, second=True)
    assert findings == ()
    assert submission is not None

"""The workbook for people: what it says, what it must never hold."""

import shutil
import subprocess
import zipfile
from io import BytesIO
from math import isnan
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pii.findings import Finding
from pii.framework import Group, Language
from pii.method import Aggregation, Coverage, Normalisation, Treatment
from pii.report.numbers import printed
from pii.report.tables import league_table
from pii.report.workbook import results_workbook
from pii.submission import Place
from tests.small import small_framework, small_indicator, small_method, small_outcome

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")  # openpyxl's
EVIL = '=HYPERLINK("http://x.invalid","y")'
SHEET_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS = {
    "vi": ["Xếp hạng", "Điểm trụ cột", "Điểm nhóm chỉ số", "Điểm chỉ số",
           "Điểm mạnh, điểm yếu", "Độ phủ",
           "Xử lý ngoại lai", "Kết quả kiểm tra", "Chất lượng số liệu", "Khung chỉ số",
           "Phương pháp & giả định"],
    "en": ["League table", "Pillar scores", "Sub-pillar scores", "Indicator scores",
           "Strengths, weaknesses", "Coverage",
           "Treatment log", "Findings", "Data quality", "Framework", "Method & assumptions"],
}  # fmt: skip


def finding(found: str) -> Finding:
    return Finding(
        "V102", Place("a.xlsx", "Chỉ số", "G9"), "04", "1.1.1",
        {"code": "1.1.1", "found": found, "unit": "%"},
    )  # fmt: skip


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def texts(sheet: Worksheet) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def header_row(sheet: Worksheet) -> int:
    return int(sheet.freeze_panes[1:].lstrip("ABCDEFG")) - 1


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_sheets_are_named_and_each_carries_the_label(lang: Language) -> None:
    outcome = small_outcome(left_out=("92",), findings=[finding("x")])
    book = opened(results_workbook(outcome, lang))
    assert book.sheetnames == SHEETS[lang]
    label, *said = outcome.caveats(lang)
    assert len(said) == 3
    for sheet in book:
        assert sheet["A2"].value == label
        assert sheet.oddHeader.center.text.strip() == label.replace("&", "&&")
        for caveat in said[:2]:  # how many are ranked, who is left out
            assert any(caveat in text for text in texts(sheet)), sheet.title
    for name in (SHEETS[lang][0], SHEETS[lang][-1]):
        for caveat in said:
            bare = caveat.removeprefix("Giả định: ").removeprefix("Assumed: ")
            assert any(bare in text for text in texts(book[name]))


def test_without_a_label_nothing_is_invented() -> None:
    tree = small_framework(label_vi=None, label_en=None, assumptions=())
    sheet = opened(results_workbook(small_outcome(framework=tree), "en")).worksheets[0]
    assert sheet["A2"].value == "5 of 6 provinces are ranked."
    assert not sheet.oddHeader.center.text


def test_footnotes_stand_under_the_league_table() -> None:
    book = opened(results_workbook(small_outcome(), "en", footnotes=("Spearman 0.81", EVIL)))
    assert "Spearman 0.81" in texts(book["League table"])
    assert book["League table"].max_row > 14


def test_no_cell_is_ever_a_formula() -> None:
    tree = small_framework(
        title_en="=1+1",
        label_en="=2+2",
        indicators=tuple(
            small_indicator(code, parent, name_en=EVIL, unit_en="@x")
            for code, parent in (("1.1.1", "1.1"), ("1.1.2", "1.1"), ("1.2.1", "1.2"),
                                 ("2.1.1", "2.1"), ("2.1.2", "2.1"))
        ),
        groups=tuple(
            Group(g.code, g.level, g.parent, EVIL, EVIL, "verified")
            for g in small_framework().groups
        ),
    )  # fmt: skip
    rows = [EVIL, "+1", "-1", "@A1", "{=1}", "https://x.invalid"]
    outcome = small_outcome(
        framework=tree, provinces=rows, findings=[finding(EVIL)], left_out=(EVIL,)
    )
    data = results_workbook(outcome, "en", footnotes=(EVIL,))
    with zipfile.ZipFile(BytesIO(data)) as parts:
        for name in parts.namelist():
            assert not name.endswith(".rels") or b"/hyperlink" not in parts.read(name)
            if name.startswith("xl/worksheets/sheet"):
                for cell in ElementTree.fromstring(parts.read(name)).iter(f"{SHEET_XML}c"):
                    assert cell.find(f"{SHEET_XML}f") is None
    book = opened(data)
    assert EVIL in texts(book["League table"])
    assert any(EVIL in text for text in texts(book["Findings"]))


def test_cells_hold_fifteen_digits_and_show_two_decimals() -> None:
    outcome = small_outcome()
    sheet = opened(results_workbook(outcome, "vi")).worksheets[0]
    league = league_table(outcome, "vi")
    top = header_row(sheet) + 1
    for down, row in enumerate(league.itertuples(index=False)):
        cells = [sheet.cell(top + down, 1 + at) for at in range(len(row))]
        assert cells[1].value == row[1] and cells[2].value == row[2]
        for cell, score in zip(cells[3:], row[3:], strict=True):
            if isnan(score):
                assert cell.value == "–"
            else:
                assert cell.value == float(f"{score:.15g}")
                assert cell.number_format == "0.00"
    assert sheet.cell(top + 5, 1).value == "–"  # 92 has no index, and no rank


@pytest.mark.parametrize(
    "x", [2.675, 0.1 + 0.2, 1.3449999999999998, 36.637168141592916, 1e-7, 123456789.12345679, 1e22]
)
def test_the_file_holds_the_digits_by_which_a_figure_is_printed(x: float) -> None:
    # A spreadsheet rounds what the file says: with other digits it would show another figure
    # than `printed`, such as 49.36 for the published 49.37.
    method = small_method(normalisation=Normalisation("none"))
    data = results_workbook(small_outcome(np.full((6, 5), x), method=method), "en")
    with zipfile.ZipFile(BytesIO(data)) as parts:
        assert f"<v>{x:.15g}</v>".encode() in parts.read("xl/worksheets/sheet4.xml")
    sheet = opened(data)["Indicator scores"]
    held = sheet.cell(header_row(sheet) + 1, 4).value
    assert isinstance(held, int | float)
    assert printed(held) == printed(x)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not here")
def test_a_spreadsheet_shows_what_is_printed(tmp_path: Path) -> None:
    """Halves, and sums one bit away from a half: LibreOffice as the reader's spreadsheet."""
    halves = [k + 0.005 + j / 100 for k in range(10) for j in range(10)]
    near = [np.nextafter(x, up) for x in halves for up in (0, 100)]
    scores = [2.675, 1.3449999999999998, (51.5 + 47.23) / 2, 58.62499999999999, *near]
    scores = scores[: len(scores) // 5 * 5]
    method = small_method(normalisation=Normalisation("none"))
    values = np.array(scores).reshape(-1, 5)
    names = [f"unit {i:03d}" for i in range(len(values))]
    outcome = small_outcome(values, method=method, provinces=names)
    source = tmp_path / "results.xlsx"
    source.write_bytes(results_workbook(outcome, "en"))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,"
         "false,4", "--outdir", tmp_path, source],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (shown,) = tmp_path.glob("*Indicator scores.csv")
    cells = shown.read_text("utf-8").replace("\n", ",").split(",")
    for x in scores:
        assert printed(x, lang="en") in cells, x


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_equal_outcomes_are_equal_bytes(lang: Language) -> None:
    assert results_workbook(small_outcome(), lang) == results_workbook(small_outcome(), lang)


def test_treatment_log_lists_each_changed_value() -> None:
    outlier = np.array([1.0, 2.0, 3.0, 2.5, 1.5, 2.2, 900.0, 1.2])[:, None]
    calm = np.linspace(0, 1, 8)[:, None] * np.ones((1, 4))
    outcome = small_outcome(
        np.hstack([outlier, calm]),
        method=small_method(treatment=Treatment("gii")),
        provinces=[f"p{i}" for i in range(8)],
    )
    sheet = opened(results_workbook(outcome, "en"))["Treatment log"]
    last = [cell.value for cell in sheet[sheet.max_row]][:6]
    assert last == ["1.1.1", "Indicator 1.1.1", "p6", "p6", 900.0, 3.0]


def test_coverage_names_what_is_missing() -> None:
    sheet = opened(results_workbook(small_outcome(), "en"))["Coverage"]
    rows = {row[1].value: [cell.value for cell in row] for row in sheet.iter_rows()}
    assert rows["92"][3] == "3/5" and rows["92"][-1] == "2.1.1, 2.1.2"
    assert rows["31"][-1] == "1.2.1" and not rows["01"][-1]
    assert rows["01"][4] == 1 and rows["92"][4] == pytest.approx(0.6)


def test_printed_on_a4_with_headers_repeated() -> None:
    for sheet in opened(results_workbook(small_outcome(), "vi")):
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows and sheet.freeze_panes and sheet.auto_filter.ref


def test_a_framework_of_two_levels_needs_fewer_sheets() -> None:
    tree = small_framework(
        levels=("index", "indicator"),
        groups=(Group("TAI", "index", None, "TAI", "TAI", "verified"),),
        indicators=(small_indicator("a", "TAI"), small_indicator("b", "TAI")),
    )
    method = small_method(
        aggregation={"index": Aggregation()}, coverage={"index": Coverage(0.5, 1)}
    )
    outcome = small_outcome(
        np.array([[1.0, 5.0], [2.0, 3.0]]), framework=tree, method=method, provinces=("01", "04")
    )
    book = opened(results_workbook(outcome, "en"))
    assert book.sheetnames == [s for s in SHEETS["en"] if "illar" not in s]

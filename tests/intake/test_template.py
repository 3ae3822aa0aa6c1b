"""The workbook a province receives, opened with another program than the one that wrote it."""

from dataclasses import replace
from io import BytesIO
from math import nan
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from pii.errors import DataError, DefinitionError
from pii.framework import Framework, Indicator
from pii.intake import layout
from pii.intake.definition import load_framework
from pii.intake.registry import provinces_on
from pii.intake.shipped import shipped
from pii.intake.template import template_workbook
from pii.provinces import Province
from pii.submission import Kind, Observation, Place, Status
from tests.small import small_framework, small_indicator
from tests.workbooks import cell_of, column_of, header_row, row_of, values_sheet

HANOI = Province("01", "Hà Nội", "Ha Noi", "RRD", "Đồng bằng sông Hồng", "Red River Delta")
EDITIONS = ("indicators.yaml", "data/open-2022/edition.yaml")


def figure(code: str, value: float, **changes: Any) -> Observation:
    cell = Observation("01", code, Place("central.csv", "", "B2"), Kind.NUMBER, str(value), value,
                       Status.VALUE, 2022, "Niên giám 2022", "số sơ bộ")  # fmt: skip
    return replace(cell, **changes)


def mixed_framework(**changes: Any) -> Framework:
    """An open row, two central ones, and bounds of every shape."""
    given: dict[str, Any] = {
        "indicators": (
            small_indicator("1.1.1", "1.1", supplier="province", bounds=(0, 100), evidence=True),
            small_indicator("1.1.2", "1.1", supplier="province", bounds=(0.25, None)),
            small_indicator("1.2.1", "1.2", supplier="province", bounds=(None, 10)),
            small_indicator("1.2.2", "1.2", supplier="province"),
            small_indicator("2.1.1", "2.1", definition_vi="=1+1", unit_vi="-", unit_en="@per"),
            small_indicator("2.1.2", "2.1", name_vi="+tên", name_en="=name"),
        )
    }
    return small_framework(**(given | changes))


def opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def validation(book: Workbook, code: str, key: str) -> DataValidation | None:
    where = cell_of(book, code, key).coordinate
    rules = values_sheet(book).data_validations.dataValidation
    return next((rule for rule in rules if where in rule.sqref), None)


def printed(edge: Any) -> tuple[str, str, str]:
    """Header or footer of a printed page: left, centre, right."""
    return edge.left.text, edge.center.text, edge.right.text


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> Framework:
    return load_framework(shipped(request.param))


def test_equal_inputs_give_equal_bytes(edition: Framework) -> None:
    central = {i.code: figure(i.code, 1.5) for i in edition.indicators if i.supplier == "central"}
    again = dict(reversed(central.items()))
    assert template_workbook(edition, HANOI, central) == template_workbook(edition, HANOI, again)
    assert template_workbook(edition, HANOI, {}) != template_workbook(edition, HANOI, central)


def test_no_clock_in_the_file() -> None:
    properties = opened(template_workbook(mixed_framework(), HANOI, {})).properties
    assert str(properties.created) == str(properties.modified) == "1980-01-01 00:00:00"


def test_sheets_are_guide_values_and_a_very_hidden_one() -> None:
    book = opened(template_workbook(mixed_framework(), HANOI, {}))
    assert [(s.title, s.sheet_state) for s in book.worksheets] == [
        ("Hướng dẫn", "visible"),
        ("Chỉ số", "visible"),
        ("_pii", "veryHidden"),
    ]


def test_hidden_sheet_says_what_it_is() -> None:
    framework = mixed_framework()
    hidden = opened(template_workbook(framework, HANOI, {}))["_pii"]
    facts = {row[0].value: row[1].value for row in hidden.iter_rows(max_row=7, max_col=2)}
    assert facts == {
        "made_by": "pii template",
        "edition": "small",
        "template_version": "1",
        "province": "01",
        "province_name": "Hà Nội",
        "provinces_on": "",
        "fingerprint": layout.fingerprint(framework),
    }


def test_every_indicator_has_its_row_in_order(edition: Framework) -> None:
    book = opened(template_workbook(edition, HANOI, {}))
    sheet = values_sheet(book)
    codes = [
        sheet.cell(row, 1).value
        for row in range(header_row(book) + 1, sheet.max_row + 1)
        if sheet.cell(row, 2).value
    ]
    assert codes == list(edition.codes)
    for indicator in edition.indicators:
        texts = [
            cell_of(book, indicator.code, key).value
            for key in ("name", "definition", "unit", "source")
        ]
        assert texts == [
            layout.name_text(indicator),
            indicator.definition_vi,
            layout.unit_text(indicator),
            indicator.source_vi,
        ]


def test_each_pillar_and_subpillar_is_announced_once_before_its_indicators(
    edition: Framework,
) -> None:
    book = opened(template_workbook(edition, HANOI, {}))
    sheet = values_sheet(book)
    first = [str(sheet.cell(row, 1).value) for row in range(1, sheet.max_row + 1)]
    for level, word in (("pillar", "TRỤ CỘT"), ("subpillar", "Nhóm")):
        for group in edition.at_level(level):
            text = f"{word} {group.code} · {group.name_vi}  |  "
            rows = [row for row, entry in enumerate(first, 1) if entry.startswith(text)]
            assert len(rows) == 1
            assert rows[0] < row_of(book, edition.codes[edition.leaves[group.code][0]])


@pytest.mark.parametrize("key", list(layout.HEADERS))
def test_only_what_the_province_fills_is_open(key: str) -> None:
    framework = mixed_framework()
    book = opened(template_workbook(framework, HANOI, {"2.1.1": figure("2.1.1", 3)}))
    own, known, awaited = (
        not cell_of(book, code, key).protection.locked for code in ("1.1.1", "2.1.1", "2.1.2")
    )
    assert own == (key in ("data_year", "value", "evidence", "note"))
    assert known == awaited == (key == "note")  # where a figure is thought wrong, say so there
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert not any(sheet.protection.password for sheet in book.worksheets)


def test_the_guide_is_closed_but_for_the_contact_lines() -> None:
    guide = opened(template_workbook(mixed_framework(), HANOI, {}))["Hướng dẫn"]
    opening = [
        str(row[1].value)
        for row in guide.iter_rows()
        for cell in row
        if not cell.protection.locked and cell.column == 3
    ]
    assert [text.split(" · ")[1] for text in opening] == [
        "Send to, by",
        "Contact",
        "Prepared by",
        "Approved by",
    ]


def test_open_known_and_awaited_cells_look_different() -> None:
    book = opened(template_workbook(mixed_framework(), HANOI, {"2.1.1": figure("2.1.1", 3)}))
    looks = {
        code: cell_of(book, code, "value").fill.fgColor.rgb for code in ("1.1.1", "2.1.1", "2.1.2")
    }
    assert len(set(looks.values())) == 3
    borders = {code: cell_of(book, code, "value").border.left.style for code in looks}
    assert borders == {"1.1.1": "medium", "2.1.1": "thin", "2.1.2": "thin"}


def test_central_figures_are_filled_in_with_their_evidence() -> None:
    third = 0.1 + 0.2
    book = opened(template_workbook(mixed_framework(), HANOI, {"2.1.1": figure("2.1.1", third)}))
    row = [cell_of(book, "2.1.1", key).value for key in ("data_year", "value", "evidence", "note")]
    assert row == [2022, third, "Niên giám 2022", "số sơ bộ"]
    assert cell_of(book, "2.1.2", "value").value is None
    assert str(cell_of(book, "2.1.2", "supplier").value).startswith("Cơ quan trung ương cung cấp")


def test_a_central_cell_without_a_figure_stays_blank() -> None:
    holes = {
        "2.1.1": figure("2.1.1", nan, status=Status.NOT_SUBMITTED),
        "2.1.2": figure("2.1.2", nan, status=Status.WITHDRAWN),
    }
    assert template_workbook(mixed_framework(), HANOI, holes) == template_workbook(
        mixed_framework(), HANOI, {}
    )


@pytest.mark.parametrize("code", ["1.1.1", "9.9.9"])
def test_central_figures_that_nobody_asked_for_are_refused(code: str) -> None:
    with pytest.raises(DataError, match=rf"the central table holds {code}, which edition small"):
        template_workbook(mixed_framework(), HANOI, {code: figure(code, 1)})


@pytest.mark.parametrize(
    ("code", "operator", "first", "second"),
    [
        ("1.1.1", "between", 0, 100),
        ("1.1.2", "greaterThanOrEqual", 0.25, None),
        ("1.2.1", "lessThanOrEqual", 10, None),
        ("1.2.2", "between", -1e15, 1e15),  # no bounds: still a number
    ],
)
def test_bounds_become_validations(
    code: str, operator: str, first: float, second: float | None
) -> None:
    rule = validation(opened(template_workbook(mixed_framework(), HANOI, {})), code, "value")
    assert rule is not None
    # openpyxl leaves out an operator that is the format's default
    assert (rule.type, rule.operator or "between") == ("decimal", operator)
    assert float(str(rule.formula1)) == first
    assert (None if rule.formula2 is None else float(str(rule.formula2))) == second
    assert rule.errorStyle in (None, "stop")
    assert rule.showErrorMessage


def test_every_own_indicator_of_the_edition_is_validated(edition: Framework) -> None:
    book = opened(template_workbook(edition, HANOI, {}))
    for indicator in edition.indicators:
        rule = validation(book, indicator.code, "value")
        assert rule is not None
        if indicator.supplier == "central":
            assert (rule.type or "none") == "none"
            continue
        assert rule.type == "decimal"
        given = {float(str(f)) for f in (rule.formula1, rule.formula2) if f is not None}
        assert {b for b in indicator.bounds if b is not None} <= given
        assert indicator.unit_vi in str(rule.prompt)
        assert indicator.unit_vi in str(rule.error)


def test_messages_name_unit_and_bounds() -> None:
    rule = validation(opened(template_workbook(mixed_framework(), HANOI, {})), "1.1.1", "value")
    assert rule is not None
    for message in (str(rule.prompt), str(rule.error)):
        assert "%" in message
        assert "một số từ 0 đến 100" in message
        assert "Gõ 12,5 cho 12,5 %" in message


def test_messages_keep_within_what_excel_shows() -> None:
    unit = "đơn vị rất dài " * 30
    framework = mixed_framework(
        indicators=tuple(replace(i, unit_vi=unit) for i in mixed_framework().indicators)
    )
    book = opened(template_workbook(framework, HANOI, {}))
    for rule in values_sheet(book).data_validations.dataValidation:
        assert len(rule.promptTitle or "") <= 32
        assert len(rule.errorTitle or "") <= 32
        assert len(rule.prompt or "") <= 255
        assert len(rule.error or "") <= 255
    assert validation(book, "1.1.1", "value") is not None


def test_data_year_is_chosen_from_a_list_and_evidence_kept_short() -> None:
    book = opened(template_workbook(mixed_framework(), HANOI, {}))
    year, evidence = (validation(book, "1.1.1", key) for key in ("data_year", "evidence"))
    assert year is not None
    assert evidence is not None
    assert (year.type, year.formula1) == ("list", '"2025,2024,2023,2022,2021,2020"')
    assert (evidence.type, evidence.formula1) == ("textLength", "500")
    assert "Phải có minh chứng" in str(evidence.prompt)
    assert cell_of(book, "1.1.1", "data_year").value == 2024
    assert validation(book, "2.1.1", "data_year") is None


def test_no_cell_is_a_formula_or_a_percentage(edition: Framework) -> None:
    for framework in (mixed_framework(), edition):
        for sheet in opened(template_workbook(framework, HANOI, {})).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", cell.coordinate
                    assert "%" not in cell.number_format, cell.coordinate


def test_texts_that_look_like_formulas_stay_texts() -> None:
    book = opened(template_workbook(mixed_framework(), HANOI, {}))
    assert cell_of(book, "2.1.1", "definition").value == "=1+1"
    assert cell_of(book, "2.1.1", "unit").value == "-\n@per"
    assert cell_of(book, "2.1.2", "name").value == "+tên\n=name"


def test_titles_that_look_like_formulas_stay_texts() -> None:
    framework = mixed_framework(title_vi="=1+1", title_en="http://example.org")
    book = opened(template_workbook(framework, HANOI, {}))
    for sheet, where in ((book["Hướng dẫn"], "B1"), (book["Chỉ số"], "A1")):
        assert (sheet[where].value, sheet[where].data_type) == ("=1+1", "s")
        assert not list(sheet._hyperlinks)


def test_a_text_that_would_be_cut_off_is_refused() -> None:
    long = small_indicator("1.1.1", "1.1", definition_vi="a" * 32768)
    rest: tuple[Indicator, ...] = mixed_framework().indicators[1:]
    with pytest.raises(DefinitionError, match=r"the definition of 1\.1\.1 is too long"):
        template_workbook(mixed_framework(indicators=(long, *rest)), HANOI, {})


def test_label_and_province_stand_on_every_sheet() -> None:
    book = opened(template_workbook(mixed_framework(), HANOI, {}))
    for sheet in book.worksheets:
        texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        assert "GIẢ LẬP & thử · SYNTHETIC & small" in texts
        assert any("Hà Nội" in text for text in texts)
    for sheet in book.worksheets[:2]:
        assert printed(sheet.oddHeader)[1] == "GIẢ LẬP && thử · SYNTHETIC && small"


def test_assumptions_are_said_in_both_languages(edition: Framework) -> None:
    guide = opened(template_workbook(edition, HANOI, {}))["Hướng dẫn"]
    texts = [str(cell.value) for row in guide.iter_rows() for cell in row if cell.value]
    for assumption in edition.assumptions:
        assert f"–  {assumption.vi}" in texts
        assert f"–  {assumption.en}" in texts


def test_print_setup_and_frozen_header() -> None:
    book = opened(template_workbook(mixed_framework(), HANOI, {}))
    sheet, head = values_sheet(book), header_row(book)
    assert sheet.freeze_panes == f"C{head + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"
    setup = sheet.page_setup
    assert (str(setup.paperSize), setup.orientation) == ("9", "landscape")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert setup.fitToHeight == 0
    left, centre, right = printed(sheet.oddFooter)
    assert "01 – Hà Nội" in left
    assert centre == "Trang &P/&N"
    assert "PII small" in right


def test_a_longer_text_makes_a_higher_row() -> None:
    def height(words: int) -> float:
        long = small_indicator("1.1.1", "1.1", definition_vi="một " * words)
        framework = mixed_framework(indicators=(long, *mixed_framework().indicators[1:]))
        book = opened(template_workbook(framework, HANOI, {}))
        return float(values_sheet(book).row_dimensions[row_of(book, "1.1.1")].height)

    # 36 columns of text hold some eight words of four letters, a line some 13 points
    assert height(80) >= 10 * 12
    assert height(80) > height(40) > height(20)
    assert 400 < height(5000) <= 409  # Excel's limit


def test_the_whole_register_of_2025_gets_templates() -> None:
    framework = load_framework(shipped("indicators.yaml"))
    assert framework.provinces_on is not None
    made = {
        province.code: template_workbook(framework, province, {})
        for province in provinces_on(framework.provinces_on)
    }
    assert len(set(made.values())) == 34
    assert column_of("value") == 7  # G, as the messages of the checks show it

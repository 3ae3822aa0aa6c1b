"""The workbook a province receives, made in memory: equal inputs give equal bytes.

Here the workbook, its sheet of values and its hidden sheet; beside it the guide (`guide`), what
Excel lets into a cell (`validations`), and how everything looks (`looks`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from math import isfinite

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pii.errors import DataError
from pii.framework import Framework, Group, Indicator
from pii.intake import layout
from pii.intake.guide import write_guide
from pii.intake.looks import (
    COLUMN,
    FONT,
    LEGEND,
    WIDTHS,
    Formats,
    height,
    labels,
    make_formats,
    set_print,
    sure,
)
from pii.intake.validations import validate_row
from pii.provinces import Province
from pii.submission import Observation, Status

NO_CLOCK = datetime(1980, 1, 1)  # the first date a ZIP archive can hold; says nothing on purpose
LEVEL_WORDS = {"pillar": ("TRỤ CỘT", "Pillar"), "subpillar": ("Nhóm", "Sub-pillar")}
# Where the legend stands above the header: look, first and last column.
LEGEND_AT = (
    ("open", "definition", "definition"),
    ("known", "unit", "supplier"),
    ("awaited", "data_year", "evidence"),
)
SUPPLIER = {
    "open": ("Tỉnh, thành phố cung cấp", "Province"),
    "known": ("Cơ quan trung ương cung cấp", "Central agency"),
    "awaited": ("Cơ quan trung ương cung cấp", "Central agency"),
}


def template_workbook(
    framework: Framework,
    province: Province,
    central: Mapping[str, Observation],
    *,
    live: Callable[[Workbook], Mapping[str, str]] | None = None,
) -> bytes:
    """The template of one province as an .xlsx file.

    central : figures of central agencies by indicator code, understood (status VALUE, or none);
        they are written into their rows and locked. A code without a figure stays blank.
    live : adds the sheets of a live preview to the workbook, and tells the hidden facts about them

    Raises
    ------
    DataError
        Where `central` holds codes that the edition does not ask of central agencies.
    DefinitionError
        Where a text of the edition is too long for a cell.
    """
    _refuse_foreign(framework, central)
    known = {code: cell for code, cell in central.items() if _has_value(cell)}
    file = BytesIO()
    with Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # also the unit of column widths: the same digits as Calibri 11, on every system
            "default_format_properties": {"font_name": FONT, "font_size": 10},
        },
    ) as book:
        book.set_properties(
            {
                "title": f"{framework.title_vi} – {province.name_vi}",
                "subject": layout.province_text(province.code, province.name_vi),
                "comments": framework.label_vi or "",
                "created": NO_CLOCK,
            }
        )
        formats = make_formats(book)
        write_guide(book.add_worksheet(layout.GUIDE), formats, framework, province, known)
        _write_values(book.add_worksheet(layout.VALUES), formats, framework, province, known)
        facts = live(book) if live else {}
        hidden = book.add_worksheet(layout.HIDDEN)
        _write_hidden(hidden, formats, framework, province, known, facts)
    return file.getvalue()


def _refuse_foreign(framework: Framework, central: Mapping[str, Observation]) -> None:
    asked = {i.code for i in framework.indicators if i.supplier == "central"}
    foreign = sorted(set(central) - asked)
    if foreign:
        raise DataError(
            f"the central table holds {', '.join(foreign)}, which edition {framework.id} does not "
            "ask of central agencies; take those figures out, or set `supplier: central`"
        )


def _has_value(cell: Observation) -> bool:
    return cell.status is Status.VALUE and isfinite(cell.value)


# ------------------------------------------------------------------- the sheet of values ------


def _write_values(
    sheet: Worksheet,
    formats: Formats,
    framework: Framework,
    province: Province,
    central: Mapping[str, Observation],
) -> None:
    for key, width in WIDTHS.items():
        sheet.set_column(COLUMN[key], COLUMN[key], width, formats["page"])
    head = _write_heading(sheet, formats, framework, province)
    row = head + 1
    above: tuple[Group, ...] = ()
    for indicator in framework.indicators:
        groups = _headings(framework, indicator)
        for group in groups:
            if group not in above:
                _write_band(sheet, formats, row, framework, group)
                row += 1
        above = groups
        _write_row(sheet, formats, row, indicator, central.get(indicator.code))
        row += 1
    sheet.freeze_panes(head + 1, COLUMN["definition"])
    sheet.ignore_errors({"number_stored_as_text": f"A1:A{row}"})
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    set_print(sheet, framework, province)
    sheet.repeat_rows(head)
    sheet.print_area(0, 0, row - 1, len(COLUMN) - 1)


def _write_heading(
    sheet: Worksheet, formats: Formats, framework: Framework, province: Province
) -> int:
    """Title, province, label, legend, header; returns the row of the header, from 0."""
    last = len(COLUMN) - 1
    sheet.set_row(0, 24)
    sheet.merge_range(0, 0, 0, last, framework.title_vi, formats["title"])
    sheet.merge_range(1, 0, 1, last, framework.title_en, formats["subtitle"])
    sheet.set_row(2, 20)
    sheet.merge_range(2, 0, 2, 1, layout.PROVINCE, formats["field"])
    stated = layout.province_text(province.code, province.name_vi)
    sheet.merge_range(2, 2, 2, 3, stated, formats["stated"])
    row = 3
    for label in labels(framework):
        sheet.set_row(row, 20)
        sheet.merge_range(row, 0, row, last, label, formats["label"])
        row += 1
    sheet.set_row(row, 34)
    sheet.merge_range(row, 0, row, 1, "Chú giải · Key", formats["field"])
    for look, first, until in LEGEND_AT:
        if first != until:
            sheet.merge_range(row, COLUMN[first], row, COLUMN[until], "", formats[f"{look}_key"])
        vi, en = (LEGEND[look][language][0] for language in ("vi", "en"))
        _write_stacked(sheet, formats, (row, COLUMN[first]), vi, en, f"{look}_key")
    row += 1
    for key, (vi, en) in layout.HEADERS.items():
        _write_stacked(sheet, formats, (row, COLUMN[key]), vi, en, "head", ("vi_head", "en_head"))
    sheet.set_row(row, 44)
    return row


def _write_stacked(
    sheet: Worksheet,
    formats: Formats,
    at: tuple[int, int],
    vi: str,
    en: str,
    look: str,
    fonts: tuple[str, str] = ("vi", "en"),
) -> None:
    """Vietnamese above a smaller English, in one cell."""
    result: int
    if layout.stacked(vi, en) == vi:
        result = sheet.write_string(*at, vi, formats[look])
    else:
        parts = (formats[fonts[0]], f"{vi}\n", formats[fonts[1]], en)
        result = sheet.write_rich_string(*at, *parts, formats[look])
    sure(result, f"“{vi[:40]}”")


def _headings(framework: Framework, indicator: Indicator) -> tuple[Group, ...]:
    """The groups of the two levels above an indicator, pillar before sub-pillar."""
    groups = {group.code: group for group in framework.groups}
    above = [groups[code] for code in reversed(framework.ancestors(indicator.code))]
    return tuple(g for g in above if g.level in framework.levels[-3:-1] and g.parent is not None)


def _write_band(
    sheet: Worksheet, formats: Formats, row: int, framework: Framework, group: Group
) -> None:
    high = group.level != framework.levels[-2]
    look = formats["level1" if high else "level2"]
    vi, en = LEVEL_WORDS.get(group.level, ("", ""))
    text = f"{vi} {group.code} · {group.name_vi}  |  {en} {group.code} · {group.name_en}"
    sheet.write_string(row, 0, text.strip(), look)  # runs over into the blank cells beside it
    for column in range(1, len(COLUMN)):
        sheet.write_blank(row, column, None, look)
    sheet.set_row(row, 22 if high else 18)


def _write_row(
    sheet: Worksheet, formats: Formats, row: int, indicator: Indicator, cell: Observation | None
) -> None:
    state = "open" if indicator.supplier == "province" else "known" if cell else "awaited"
    fixed = "cell" if state == "open" else state
    supplier = SUPPLIER[state]
    at = {key: (row, column) for key, column in COLUMN.items()}
    sheet.write_string(*at["code"], indicator.code, formats["code"])
    name = (indicator.name_vi, indicator.name_en)
    _write_stacked(sheet, formats, at["name"], *name, "cell", ("vi_bold", "en"))
    sure(
        sheet.write_string(*at["definition"], indicator.definition_vi, formats["cell"]),
        f"the definition of {indicator.code}",
    )
    _write_stacked(sheet, formats, at["unit"], indicator.unit_vi, indicator.unit_en, "cell")
    bold = "vi_bold" if state == "open" else "vi"
    _write_stacked(sheet, formats, at["supplier"], *supplier, fixed, (bold, "en"))
    year = cell.data_year if cell and cell.data_year is not None else indicator.data_year
    sheet.write_number(*at["data_year"], year, formats[f"{state}_year"])
    if state == "known" and cell:
        sheet.write_number(*at["value"], Exact(cell.value), formats["known_value"])
    else:
        sheet.write_blank(*at["value"], None, formats[f"{state}_value"])
    evidence, note = (cell.evidence, cell.note) if cell else ("", "")
    _write_text(sheet, formats[state], at["evidence"], evidence, indicator.code)
    _write_text(sheet, formats["open" if state == "open" else "remark"], at["note"], note,
                indicator.code)  # fmt: skip
    sheet.write_string(*at["source"], indicator.source_vi, formats["cell"])
    sheet.set_row(row, _row_height(indicator, supplier, evidence, note))
    validate_row(sheet, row, indicator, state)


class Exact(float):
    """A number written with all its digits; XlsxWriter would keep sixteen, which may not be it."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


def _write_text(sheet: Worksheet, look: Format, at: tuple[int, int], text: str, code: str) -> None:
    if text:
        sure(sheet.write_string(*at, text, look), f"a text of {code}")
    else:
        sheet.write_blank(*at, None, look)


def _row_height(indicator: Indicator, supplier: tuple[str, str], evidence: str, note: str) -> float:
    """Points that show the whole of every wrapped text in the row."""
    texts = {
        "name": ((indicator.name_vi, 10.8), (indicator.name_en, 8.5)),  # bold is wider
        "definition": ((indicator.definition_vi, 10),),
        "unit": ((indicator.unit_vi, 10), (indicator.unit_en, 8.5)),
        "supplier": ((supplier[0], 10.8), (supplier[1], 8.5)),
        "evidence": ((evidence, 10),),
        "note": ((note, 10),),
        "source": ((indicator.source_vi, 10),),
    }
    return min(409.0, max(30.0, *(height(texts[key], WIDTHS[key]) for key in texts)))


# ---------------------------------------------------------------------- the hidden sheet ------


def _write_hidden(
    sheet: Worksheet,
    formats: Formats,
    framework: Framework,
    province: Province,
    central: Mapping[str, Observation],
    more: Mapping[str, str],
) -> None:
    facts = {
        layout.MADE_BY: layout.MARKER,
        layout.EDITION: framework.id,
        layout.VERSION: framework.template_version,
        layout.PROVINCE_CODE: province.code,
        layout.PROVINCE_NAME: province.name_vi,
        layout.PROVINCES_ON: str(framework.provinces_on or ""),
        layout.FINGERPRINT: layout.fingerprint(framework),
        **{
            layout.issued(code): repr(central[code].value)
            for code in framework.codes
            if code in central
        },
        **more,
    }
    sheet.set_column(0, 0, 18, formats["page"])
    sheet.set_column(1, 1, 70, formats["page"])
    for row, (key, value) in enumerate(facts.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    for row, label in enumerate(labels(framework), len(facts) + 1):
        sheet.write_string(row, 0, label)
    sheet.ignore_errors({"number_stored_as_text": f"B1:B{len(facts)}"})
    sheet.protect()
    sheet.very_hidden()

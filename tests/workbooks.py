"""Submissions built in code: templates filled as a province would, and then broken one way each."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from pii.framework import Framework
from pii.intake import layout
from pii.intake.template import template_workbook
from pii.provinces import Province
from pii.submission import Kind, Observation, Place, Status

VALUES_XML = "xl/worksheets/sheet2.xml"  # the second sheet of a template: the values


def filled(
    framework: Framework,
    province: Province,
    values: Mapping[str, Any],
    *,
    central: Mapping[str, Observation] | None = None,
    years: Mapping[str, Any] | None = None,
    evidence: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> bytes:
    """The template of a province with figures typed into it, by indicator code.

    A number for a central indicator was in the template when it was issued.
    """
    agencies = {one.code for one in framework.indicators if one.supplier == "central"}
    issued = {
        code: Observation(
            province.code, code, Place(""), Kind.NUMBER, repr(x), float(x), Status.VALUE
        )
        for code, x in values.items()
        if code in agencies and isinstance(x, int | float)
    } | dict(central or {})

    def fill(book: Workbook) -> None:
        for key, given in (
            ("value", values),
            ("data_year", years),
            ("evidence", evidence),
            ("note", notes),
        ):
            for code, entry in (given or {}).items():
                cell_of(book, code, key).value = entry

    return edited(template_workbook(framework, province, issued), fill)


def edited(data: bytes, change: Callable[[Workbook], object]) -> bytes:
    """The workbook after a change, saved by openpyxl."""
    book = load_workbook(BytesIO(data))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def values_sheet(book: Workbook) -> Worksheet:
    sheet = book[layout.VALUES]
    assert isinstance(sheet, Worksheet)
    return sheet


def header_row(book: Workbook) -> int:
    return next(
        number
        for number, row in enumerate(values_sheet(book).iter_rows(), 1)
        if [cell.value for cell in row][: len(layout.HEADERS)]
        == [layout.header(key) for key in layout.HEADERS]
    )


def column_of(key: str) -> int:
    return list(layout.HEADERS).index(key) + 1


def row_of(book: Workbook, code: str) -> int:
    sheet = values_sheet(book)
    return next(
        row
        for row in range(1, sheet.max_row + 1)
        if sheet.cell(row, column_of("code")).value == code
    )


def cell_of(book: Workbook, code: str, key: str) -> Cell:
    cell = values_sheet(book).cell(row_of(book, code), column_of(key))
    assert not isinstance(cell, MergedCell)
    return cell


def address(data: bytes, code: str, key: str = "value") -> str:
    """Where a column of an indicator stands, such as G17."""
    return str(cell_of(load_workbook(BytesIO(data)), code, key).coordinate)


def with_entry(data: bytes, code: str, key: str, entry: Any) -> bytes:
    """Something else in one cell of an indicator's row."""

    def change(book: Workbook) -> None:
        cell_of(book, code, key).value = entry

    return edited(data, change)


def with_number_format(data: bytes, code: str, number: float, number_format: str) -> bytes:
    def change(book: Workbook) -> None:
        cell = cell_of(book, code, "value")
        cell.value, cell.number_format = number, number_format

    return edited(data, change)


def with_stored_formula(
    data: bytes, code: str, formula: str, result: str, kind: str = "n"
) -> bytes:
    """A formula with the result that a spreadsheet program stored; openpyxl cannot write both.

    kind : "n" number, "e" error, "str" text, "b" boolean.
    """
    where = address(data, code)
    cell = f"<f>{escape(formula)}</f><v>{escape(result)}</v>"
    return with_xml(
        data,
        VALUES_XML,
        rf'<c r="{where}"( s="\d+")?[^>]*?(/>|>.*?</c>)',
        rf'<c r="{where}"\1 t="{kind}">{cell}</c>',
    )


def with_xml(data: bytes, part: str, pattern: str, replacement: str) -> bytes:
    """A part of the file rewritten; the pattern must be found."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                text, count = re.subn(pattern, replacement, content.decode(), count=1)
                assert count, f"{pattern} is not in {part}"
                content = text.encode()
            after.writestr(name, content)
    return file.getvalue()


def without_sheet(data: bytes, title: str) -> bytes:
    return edited(data, lambda book: book.remove(book[title]))


def with_sheet_name(data: bytes, title: str, new: str) -> bytes:
    def change(book: Workbook) -> None:
        book[title].title = new

    return edited(data, change)


def with_hidden_fact(data: bytes, key: str, entry: Any) -> bytes:
    def change(book: Workbook) -> None:
        for row in book[layout.HIDDEN].iter_rows(max_col=2):
            if row[0].value == key:
                row[1].value = entry

    return edited(data, change)


def with_header(data: bytes, key: str, entry: Any) -> bytes:
    def change(book: Workbook) -> None:
        cell = values_sheet(book).cell(header_row(book), column_of(key))
        assert not isinstance(cell, MergedCell)
        cell.value = entry

    return edited(data, change)


def without_row(data: bytes, code: str) -> bytes:
    return edited(data, lambda book: values_sheet(book).delete_rows(row_of(book, code)))


def cell_of_row(book: Workbook, row: int, key: str) -> Cell:
    cell = values_sheet(book).cell(row, column_of(key))
    assert not isinstance(cell, MergedCell)
    return cell


def with_repeated_row(data: bytes, code: str, value: Any) -> bytes:
    """The row of an indicator once more at the end, with another value."""

    def change(book: Workbook) -> None:
        sheet = values_sheet(book)
        row, last = row_of(book, code), sheet.max_row + 1
        for key in layout.HEADERS:
            cell_of_row(book, last, key).value = cell_of_row(book, row, key).value
        cell_of_row(book, last, "value").value = value

    return edited(data, change)


def with_province_line(data: bytes, title: str, entry: str | None) -> bytes:
    """Another province beside the words that announce it; None: the whole line gone."""

    def change(book: Workbook) -> None:
        sheet = book[title]
        for row in sheet.iter_rows(max_row=10):
            for place, cell in enumerate(row):
                if cell.value == layout.PROVINCE:
                    stated = next(c for c in row[place + 1 :] if c.value)
                    stated.value = entry
                    if entry is None:
                        cell.value = None
                    return

    return edited(data, change)


def rearranged(data: bytes) -> bytes:
    """The same table with its columns and rows reversed, three rows lower and two to the right."""

    def change(book: Workbook) -> None:
        sheet = values_sheet(book)
        head, last = header_row(book), sheet.max_row
        keys = list(layout.HEADERS)
        table = [
            [cell_of_row(book, row, key).value for key in keys] for row in range(head, last + 1)
        ]
        for row in range(head, last + 1):
            for key in keys:
                cell_of_row(book, row, key).value = None
        for i, entries in enumerate([table[0], *reversed(table[1:])]):
            for j, entry in enumerate(reversed(entries)):
                sheet.cell(head + 3 + i, 3 + j).value = entry

    return edited(data, change)

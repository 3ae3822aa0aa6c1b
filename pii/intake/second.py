"""The second reader: calamine, which shares no code with openpyxl, must say the same of each cell.

It runs in a child process only (`workers`): a small hostile file can make it end its process.
What is known to differ and does no harm: error cells it reads as empty; a date it may give as a
date, a time or a duration; white space at the ends of a text; whole numbers beyond 2^53; control
characters, such as the line break of Word, which openpyxl leaves as they are spelled: _x000B_.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from pii.intake.layout import plain

_DATES = (date, datetime, time, timedelta)
_SPELLED = re.compile(r"_x00([01][0-9A-F])_", re.IGNORECASE)
_ERROR = re.compile(
    rb"""(<(?:\w+:)?c\s[^<>]*\bt\s*=\s*["']e["'][^<>]*>(?:<(?:\w+:)?f[^<>]*(?:/>|>[^<]*</[^<>]*>))?"""
    rb"""\s*<(?:\w+:)?v[^<>]*>)(?!#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)<)[^<]*"""
)


def disagreement(
    data: bytes, first: Mapping[str, Mapping[tuple[int, int], Any]]
) -> tuple[str, int, int] | None:
    """Sheet, row and column of the first cell that the two readers do not agree on.

    first : of each sheet, the stored cells of openpyxl by row and column.
    """
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for title, cells in first.items():
            rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for row, column in sorted({*cells, *_filled(rows)}):
                if not _agree(cells.get((row, column)), _at(rows, row, column)):
                    return title, row, column
    return None


def with_known_errors(sheet: bytes) -> bytes:
    """A sheet whose error cells hold only errors that calamine knows; at another it gives up."""
    return _ERROR.sub(rb"\1#VALUE!", sheet)


def _filled(rows: list[list[Any]]) -> Iterator[tuple[int, int]]:
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value != "":
                yield number, column


def _at(rows: list[list[Any]], row: int, column: int) -> Any:
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""


def _agree(cell: Any, other: Any) -> bool:
    value = cell.value if cell is not None else None
    if isinstance(value, str) and value == other and cell.data_type != "e":
        return True
    if cell is not None and cell.data_type == "e":
        return other == "" or isinstance(other, _DATES | float | int) or str(other).startswith("#")
    if value is None or (isinstance(value, str) and not plain(value)):
        return isinstance(other, str) and not plain(other)
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    if isinstance(value, _DATES):
        return isinstance(other, _DATES)
    if isinstance(value, int | float):
        return isinstance(other, int | float) and float(value) == float(other)
    typed = _SPELLED.sub(lambda match: chr(int(match[1], 16)), str(value))
    return isinstance(other, str) and plain(typed) == plain(other)

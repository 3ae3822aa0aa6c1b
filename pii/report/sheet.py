"""How one page of the workbook is laid out and written: looks, widths, bands, cells, print.

It knows columns and texts, nothing of provinces or scores; what stands on which page is in
`pii.report.workbook`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, isnan
from typing import Literal

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pii.report.numbers import NOT_PUBLISHED

_LONGEST = 32767  # characters that Excel allows in a cell
_SCREEN = 125.0  # characters across; a banner need not be wider
_LEGIBLE = 245.0  # characters across an A4 page in landscape, at about 60 %
_BAND_LINES = 4

_INK, _MUTED, _ACCENT, _GRID, _WHITE = "#1b2a41", "#6b7a90", "#b5121b", "#e6e9ee", "#ffffff"
_BAR, _DEEP, _GOLD = "#c3d9da", "#b3d0d2", "#f3e3bd"

_BASE = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "vcenter"}
_LINE = {"bottom": 1, "bottom_color": _GRID}
_NAME = {**_LINE, "text_wrap": True}
_MIDDLE = {**_LINE, "align": "center"}
_RIGHT = {**_LINE, "align": "right", "indent": 1}
_HEAD = {
    "bold": True, "font_size": 9, "bg_color": _GRID, "bottom": 1, "bottom_color": _INK,
    "text_wrap": True, "align": "center", "valign": "top",
}  # fmt: skip
_LOOKS: Mapping[str, Mapping[str, object]] = {
    # above and below a table
    "title": {"bold": True, "font_size": 15},
    "label": {"bold": True, "font_size": 12, "font_color": _WHITE, "bg_color": _ACCENT,
              "text_wrap": True, "indent": 1},
    "caveat": {"text_wrap": True, "bold": True, "font_color": _ACCENT},
    "see": {"italic": True},
    "heading": {"bold": True, "font_size": 12},
    "note": {"text_wrap": True, "valign": "top"},
    # headers
    "head": _HEAD,
    "upright": {**_HEAD, "rotation": 90, "valign": "bottom", "font_size": 8, "bold": False},
    "band": {**_HEAD, "valign": "vcenter", "bottom_color": _MUTED, "left": 1,
             "left_color": _WHITE, "right": 1, "right_color": _WHITE},
    # cells
    "text": _LINE,
    "strong": {**_LINE, "bold": True},
    "name": _NAME,
    "wrapped": {**_NAME, "valign": "top"},
    "top": {**_NAME, "valign": "top", "bold": True},
    "centred": _MIDDLE,
    "score": {**_RIGHT, "num_format": "0.00"},
    "index": {**_RIGHT, "num_format": "0.00", "bold": True},
    "rank": {**_MIDDLE, "num_format": "0"},
    "place": {**_MIDDLE, "num_format": "0", "font_color": _MUTED},
    "share": {**_MIDDLE, "num_format": "0%"},
    "weight": {**_RIGHT, "num_format": "0.00%"},
    "value": {**_RIGHT, "num_format": "#,##0.0000"},
    "dash": {**_RIGHT, "font_color": _MUTED},
    "gap": {"bold": True, "bg_color": _GOLD},
}  # fmt: skip

Looks = Mapping[str, Format]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its header, width in characters, looks, what stands above it."""

    header: str
    width: float
    look: str
    values: Sequence[object]
    band: str = ""
    head: str = "head"


@dataclass(frozen=True, slots=True)
class Shade:
    """A discreet conditional format over columns `first` to `last` of the first table."""

    kind: Literal["bar", "scale", "gap"]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: a table, how much of it stays in sight, what stands below it.

    `fixed` : columns that stay; `header_height` : points; `below` : a second table under
    `heading`, in the same widths; `assumptions` : whether the table itself lists them.
    """

    name: str
    columns: Sequence[Column]
    fixed: int = 0
    header_height: float = 30
    shades: Sequence[Shade] = ()
    notes: Sequence[str] = ()
    heading: str = ""
    below: Sequence[Column] = ()
    assumptions: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """What every sheet of a workbook says; an empty text is left out.

    `said` : what this run must say; `see` : where the assumptions are; `page` : the word for it;
    `scale` : the ends of bars and shades, None where each takes those of its own figures.
    """

    title: str
    label: str
    said: str
    see: str
    page: str
    scale: tuple[float, float] | None


def formats(book: Workbook) -> Looks:
    """Every look by name, made known to a workbook."""
    return {name: book.add_format({**_BASE, **look}) for name, look in _LOOKS.items()}


def write_page(sheet: Worksheet, page: Page, face: Face, looks: Looks) -> None:
    """The whole of one sheet: face, table, what stands below it, and how it is printed."""
    for at, column in enumerate(page.columns):
        sheet.set_column(at, at, column.width)
    top = _write_face(sheet, page, face, looks)
    head = _write_head(sheet, top, page.columns, page.header_height, looks)
    end = _write_rows(sheet, head + 1, page.columns, looks)
    sheet.autofilter(head, 0, max(end - 1, head), len(page.columns) - 1)
    for shade in page.shades:
        _shade(sheet, head + 1, end - 1, shade, face.scale, looks)
    _write_below(sheet, end + 1, page, looks)
    sheet.freeze_panes(head + 1, page.fixed)
    _set_up_print(sheet, page, top, head, face)


# From the top of a sheet to its end


def _write_face(sheet: Worksheet, page: Page, face: Face, looks: Looks) -> int:
    """Title, label and what this run must say; returns the first free row."""
    banners = (
        (f"{face.title} · {page.name}", "title", 24),
        (face.label, "label", 20),
        (face.said, "caveat", 15),
        ("" if page.assumptions else face.see, "see", 15),
    )
    row = 0
    for text, look, line in banners:
        if text:
            _banner(sheet, row, page.columns, text, looks[look], line)
            row += 1
    return row


def _write_head(
    sheet: Worksheet, row: int, columns: Sequence[Column], height: float, looks: Looks
) -> int:
    """Bands, where there are any, and headers; returns the row of the headers."""
    if any(column.band for column in columns):
        _write_bands(sheet, row, columns, looks["band"])
        row += 1
    for at, column in enumerate(columns):
        _put(sheet, row, at, column.header, looks[column.head])
    sheet.set_row(row, height)
    return row


def _write_bands(sheet: Worksheet, row: int, columns: Sequence[Column], look: Format) -> None:
    """Each band once, across its columns; the code alone where the name would not fit."""
    at, lines = 0, 1
    for band, group in groupby(columns, key=lambda column: column.band):
        members = list(group)
        width = _width(members)
        text = band if _lines(band, width) <= _BAND_LINES else band.split("\n")[0]
        _put_across(sheet, row, at, at + len(members) - 1, text, look)
        lines = max(lines, _lines(text, width))
        at += len(members)
    sheet.set_row(row, 12 * lines + 4)


def _write_rows(sheet: Worksheet, row: int, columns: Sequence[Column], looks: Looks) -> int:
    """The values; returns the first free row."""
    for at, column in enumerate(columns):
        absent = "centred" if column.look in ("rank", "place", "share") else "dash"
        for down, value in enumerate(column.values):
            look = looks[absent if _is_missing(value) else column.look]
            _put(sheet, row + down, at, value, look)
    for down, cells in enumerate(zip(*(column.values for column in columns), strict=True)):
        lines = [
            _lines(str(value), column.width)
            for column, value in zip(columns, cells, strict=True)
            if "text_wrap" in _LOOKS[column.look]
        ]
        # Said outright: not every program makes room for wrapped text by itself.
        sheet.set_row(row + down, 13.5 * max(lines, default=1) + 1.5)
    return row + len(columns[0].values)


def _write_below(sheet: Worksheet, row: int, page: Page, looks: Looks) -> None:
    """Heading, second table and notes, as far as the page has them."""
    if page.heading:
        _put(sheet, row, 0, page.heading, looks["heading"])
        row += 1
    if page.below:
        head = _write_head(sheet, row, page.below, 20, looks)
        row = _write_rows(sheet, head + 1, page.below, looks) + 1
    for note in page.notes:
        _banner(sheet, row, page.columns, note, looks["note"], 14)
        row += 1


def _shade(
    sheet: Worksheet, first: int, last: int, shade: Shade, scale: tuple[float, float] | None,
    looks: Looks,
) -> None:  # fmt: skip
    if last < first or shade.last < shade.first:
        return
    ends: dict[str, object] = {}
    if scale:
        ends = {"min_type": "num", "max_type": "num", "min_value": scale[0], "max_value": scale[1]}
    rules: Mapping[str, Mapping[str, object]] = {
        "gap": {"type": "cell", "criteria": "<", "value": 1, "format": looks["gap"]},
        "bar": {"type": "data_bar", "bar_color": _BAR, "bar_solid": True,
                "bar_border_color": _BAR, **ends},
        "scale": {"type": "2_color_scale", "min_color": _WHITE, "max_color": _DEEP, **ends},
    }  # fmt: skip
    sheet.conditional_format(first, shade.first, last, shade.last, dict(rules[shade.kind]))


def _set_up_print(sheet: Worksheet, page: Page, top: int, head: int, face: Face) -> None:
    """A4 across, as few pages wide as can be read, headers and label on each page."""
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.repeat_rows(top, head)
    fixed, rest = _width(page.columns[: page.fixed]), _width(page.columns[page.fixed :])
    if page.fixed:
        sheet.repeat_columns(0, page.fixed - 1)
    sheet.fit_to_pages(ceil(rest / (_LEGIBLE - fixed)), 0)
    # The space keeps a digit from being read as a font size.
    sheet.set_header(f'&C&"Calibri,Bold" {_marginal(face.label, 200)}' if face.label else "")
    title, name = _marginal(face.title, 100), _marginal(page.name, 100)
    sheet.set_footer(f"&L {title}&C {name}&R{face.page} &P/&N")


def _marginal(text: str, most: int) -> str:
    """A text for the margin of a printed page, where & starts a code."""
    return text.replace("&", "&&")[:most]


# Widths, lines, cells


def _width(columns: Sequence[Column]) -> float:
    return sum(column.width for column in columns)


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in so many characters of width; letters are narrower than digits."""
    return sum(max(1, ceil(len(line) / (1.25 * width))) for line in text.split("\n"))


def _banner(
    sheet: Worksheet, row: int, columns: Sequence[Column], text: str, look: Format, line: float
) -> None:
    """A text across the table, high enough for all of its lines."""
    whole = _width(columns)
    last, width = 0, columns[0].width
    while last + 1 < len(columns) and (width < _SCREEN or whole <= _LEGIBLE):
        last += 1
        width += columns[last].width
    _put_across(sheet, row, 0, last, text, look)
    sheet.set_row(row, line * _lines(text, width))


def _put_across(sheet: Worksheet, row: int, first: int, last: int, text: str, look: Format) -> None:
    """A text in one cell made of several."""
    if last > first:
        sheet.merge_range(row, first, row, last, "", look)
    _put(sheet, row, first, text, look)


def _put(sheet: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    """One cell: text as text whatever it begins with, a number as it is, a dash for none."""
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
        sheet.write_string(row, column, text, look)
    elif _is_missing(value):
        sheet.write_string(row, column, NOT_PUBLISHED, look)
    else:
        sheet.write_number(row, column, _Judged(value), look)  # type: ignore[arg-type]


def _is_missing(value: object) -> bool:
    return value is pd.NA or (isinstance(value, float) and isnan(value))


class _Judged(float):
    """A float written with the 15 digits by which a spreadsheet and `printed` judge a figure.

    With more, some programs would show a figure such as 49.364999999999995 as 49.36, others as
    49.37; tables/*.csv hold every digit.
    """

    def __format__(self, spec: str) -> str:
        return f"{float(self):.15g}"

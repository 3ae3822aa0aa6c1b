"""Tables that other programs wrote (R, Excel): read generously, and whatever is guessed is said.

Nothing is computed. What cannot be understood is a fault with file, cell and remedy; all of them
are collected, and `refuse` raises them together.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO
from math import isfinite

from openpyxl.utils import get_column_letter

from pii.errors import DataError
from pii.findings import Finding
from pii.intake.book import LARGE, Book, Cell, opened
from pii.intake.tables import SEPARATOR
from pii.submission import Kind, Place

MISSING = frozenset({"", "na", "nan", "<na>", "n/a", "#n/a", "null"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
_POINT = re.compile(r"[+-]?\d*\.\d+([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


@dataclass(slots=True)
class Remarks:
    """What is to be said of tables while they are read: faults stop, notes only tell."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, place: Place | str, what: str) -> None:
        """Something that must be corrected, with its remedy."""
        self.faults.append(f"{place}: {what}")

    def note(self, text: str) -> None:
        """Something understood in one of several ways, or left out; said once."""
        if text not in self.notes:
            self.notes.append(text)

    def refuse(self) -> None:
        """Raise `DataError` with every fault, one to a line, where there is any."""
        if self.faults:
            count = len(self.faults)
            head = f"{count} fault{'s' * (count > 1)} in the tables, nothing was written:"
            raise DataError("\n".join([head, *dict.fromkeys(self.faults)]))


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header: each row by column name. Every row has every column."""

    file: str
    head: Mapping[str, Cell]
    rows: tuple[Mapping[str, Cell], ...]
    spelled: Mapping[str, str] = field(default_factory=dict)
    """Columns under the name this project asks for: name → as the file spells it."""

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of a column, from the first row down."""
        return tuple(row[name] for row in self.rows)

    def without(self, names: Iterable[str]) -> "Table":
        """The same table without these columns."""
        gone = set(names)
        return Table(
            self.file,
            {name: cell for name, cell in self.head.items() if name not in gone},
            tuple({n: c for n, c in row.items() if n not in gone} for row in self.rows),
            self.spelled,
        )

    def renamed(self, names: Mapping[str, str]) -> "Table":
        """The same table with columns under other names: old → new."""
        return Table(
            self.file,
            {names.get(name, name): cell for name, cell in self.head.items()},
            tuple({names.get(n, n): c for n, c in row.items()} for row in self.rows),
            {new: old for old, new in names.items()},
        )


def read_foreign(
    data: bytes, file: str, sheet: str, remarks: Remarks, known: frozenset[str] = frozenset()
) -> Table | None:
    """A table from CSV, text or Excel; None, with a fault, where there is none.

    sheet : of a workbook the sheet of this name is read, else the first visible one.
    known : names of columns, bare of case and marks; the first row of several cells with one of
        them is the header, and what stands above is a title. Without them the first row is.
    Comma, semicolon, tab or space separate; UTF-8, UTF-16 or Windows-1252; row names as R's
    `write.csv` and `write.table` leave them are recognised.
    """
    grid = _workbook(data, file, sheet, remarks) if _is_workbook(data) else None
    if grid is None and not _is_workbook(data):
        grid = _text(data, file, remarks)
    filled = [row for row in grid or [] if any(cell.kind is not Kind.BLANK for cell in row)]
    if known:
        while filled and not _heads(filled[0], known):
            filled = filled[1:]
    if len(filled) < 2:
        if grid is not None:
            remarks.fault(file, "holds no table; expected a header and a row beneath it")
        return None
    head, *rows = filled
    names = [cell.text.strip() for cell in head]
    for cell in head:
        say_spaces(cell, remarks)
    if "" in names:
        names = _named(names, rows, file, remarks)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    for name in twice:
        places = ", ".join(head[j].place.cell for j, n in enumerate(names) if n == name)
        remarks.fault(file, f"the column {name} stands twice ({places}); rename or delete one")
    at = {name: j for j, name in reversed(list(enumerate(names))) if name}
    order = [name for name in dict.fromkeys(names) if name]
    return Table(
        file,
        {name: head[at[name]] for name in order},
        tuple({name: row[at[name]] for name in order} for row in rows),
    )


def _heads(row: list[Cell], known: frozenset[str]) -> bool:
    said = [bare(cell.text) for cell in row if cell.text.strip()]
    return len(said) > 1 and any(word in known for word in said)


def _named(names: list[str], rows: list[list[Cell]], file: str, remarks: Remarks) -> list[str]:
    """Columns without a header: row names of R, passed over and said; or nothing at all."""
    for j, name in enumerate(names):
        said = next((row[j].text for row in rows if row[j].kind is not Kind.BLANK), None)
        if not name and said is not None:
            remarks.note(
                f"{file}: the column without a name ({said}, …) is taken for R's row names and "
                "left out"
            )
    return names


def _is_workbook(data: bytes) -> bool:
    return data[:4] == b"PK\x03\x04" or data[:4] == bytes.fromhex("d0cf11e0")


@lru_cache(maxsize=1)
def _book(data: bytes, file: str) -> Book | Finding:
    # A workbook that holds both tables is opened once: that is most of the work.
    return opened(data, file, size=LARGE)


def _workbook(data: bytes, file: str, title: str, remarks: Remarks) -> list[list[Cell]] | None:
    book = _book(data, file)
    if isinstance(book, Finding):
        there, _, remedy = book.parts("en")
        remarks.fault(file, f"cannot be read: {there}. {remedy}")
        return None
    titles = book.visible
    sheet = book.sheet(title)
    if sheet is None and titles:
        sheet = book.sheet(titles[0])
        if len(titles) > 1:
            remarks.note(
                f"{file}: no sheet is named {title}; the first, {titles[0]}, is read, not "
                f"{', '.join(titles[1:])}"
            )
    if sheet is None:
        return []
    width = max((max(cells) for cells in sheet.rows.values()), default=0)
    return [[sheet.at(row, j) for j in range(1, width + 1)] for row in sheet.rows]


def _text(data: bytes, file: str, remarks: Remarks) -> list[list[Cell]]:
    text = _decoded(data, file, remarks)
    if odd := _CONTROL.search(text):
        at = text.count("\n", 0, odd.start()) + 1
        remarks.fault(f"{file}, line {at}", "holds a control character; take it out")
        return []
    stated = SEPARATOR.match(text)  # the line itself stays, blank, so that lines keep their numbers
    text = text[stated.end() :] if stated else text
    mark = stated[1] if stated else _separator(text)
    escape = "\\" if mark in " \t" else None
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, escapechar=escape)
    try:
        lines = [(reader.line_num, line) for line in reader if any(x.strip() for x in line)]
    except csv.Error as error:
        remarks.fault(file, f"is no CSV ({error}); save it again as CSV in UTF-8")
        return []
    if not lines:
        return []
    width = len(lines[0][1])
    if len(lines) > 1 and all(len(line) == width + 1 for _, line in lines[1:]):
        # R's write.table: row names without a header of their own
        lines[0] = (lines[0][0], ["", *lines[0][1]])
        width += 1
    for number, line in lines:
        if len(line) != width and any(x.strip() for x in line[width:]) | (len(line) < width):
            remarks.fault(
                f"{file}, line {number}",
                f"has {len(line)} cells under {width} columns; give each column its cell, and put "
                "text with a separator in it in quotes",
            )
    return [
        [
            _csv_cell(Place(file, "", f"{get_column_letter(j + 1)}{number}"), line, j)
            for j in range(width)
        ]
        for number, line in lines
    ]


def _csv_cell(place: Place, line: list[str], j: int) -> Cell:
    text = line[j] if j < len(line) else ""
    return Cell(place, Kind.TEXT if text.strip() else Kind.BLANK, text)


def _decoded(data: bytes, file: str, remarks: Remarks) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("cp1252", "replace")
        around = re.search(r"[\w ]*[^\x00-\x7f][\w ]*", text)
        remarks.note(
            f"{file}: is not UTF-8 (byte {error.start + 1}); read as Windows-1252, so that it says "
            f"“{around.group().strip() if around else ''}”. If that is wrong, save it as UTF-8"
        )
        return text


def _separator(text: str) -> str:
    head = re.sub(r'"(?:[^"\\]|\\.|"")*"', "x", text.lstrip("\ufeff\r\n").partition("\n")[0])
    mark = max(",;\t", key=head.count)
    return mark if mark in head or " " not in head.strip() else " "


# -------------------------------------------------------------------------- what cells say ----


def column_names(
    table: Table, wanted: Sequence[str], remarks: Remarks, synonyms: Mapping[str, str] | None = None
) -> Table:
    """The table with `wanted` columns under these names, however case and marks are written."""
    plain = {bare(name): name for name in wanted} | dict(synonyms or {})
    found = {
        name: plain[bare(name)]
        for name in table.head
        if name not in wanted and bare(name) in plain and plain[bare(name)] not in table.head
    }
    for name, meant in found.items():
        if bare(name) != bare(meant) or name.casefold() != meant.casefold():
            remarks.note(f"{table.file}: the column {name} is read as {meant}")
    return table.renamed(found) if found else table


def bare(name: str) -> str:
    """A name without case, blanks and marks, to compare by."""
    return re.sub(r"[\W_]+", "", name).casefold()


def is_missing(cell: Cell) -> bool:
    """Whether a cell says that there is nothing: blank, NA, NaN, n/a, NULL, #N/A."""
    return cell.kind is Kind.BLANK or (
        cell.kind in (Kind.TEXT, Kind.ERROR) and cell.text.strip().casefold() in MISSING
    )


def words(cell: Cell) -> str:
    """The text of a cell, "" where it is missing."""
    return "" if is_missing(cell) else cell.text.strip()


def say_spaces(cell: Cell, remarks: Remarks) -> None:
    """Note that a name is read without the spaces around it."""
    if cell.kind is Kind.TEXT and cell.text != cell.text.strip():
        shown = re.sub(r"\s", "␣", cell.text)
        remarks.note(f"{cell.place}: “{shown}” is read as {cell.text.strip()}, without the spaces")


def code_in(cell: Cell, what: str, remarks: Remarks) -> str:
    """A code, which is text: “NA” is one, and a number with a fraction is none."""
    if cell.kind is Kind.BLANK:
        return ""
    text = cell.text.strip()
    say_spaces(cell, remarks)
    if cell.kind is Kind.NUMBER and not text.lstrip("-").isdigit():
        remarks.fault(
            cell.place,
            f"the {what} is stored as the number {text}, so that 1.10 and 1.1 would be one; format "
            "the column as text and type it again",
        )
    elif cell.kind not in (Kind.NUMBER, Kind.TEXT):
        remarks.fault(
            cell.place, f"the {what} is {cell.said or 'a ' + cell.kind.value}; write it as text"
        )
    return text


def decimal_mark(cells: Iterable[Cell], remarks: Remarks) -> str:
    """The decimal sign that the texts among these cells use; a mixture is a fault, cell by cell."""
    texts = [(cell, cell.text.strip()) for cell in cells if cell.kind is Kind.TEXT]
    comma = [cell for cell, text in texts if _COMMA.fullmatch(text)]
    point = [cell for cell, text in texts if _POINT.fullmatch(text)]
    if not comma:
        return "."
    if point:
        few, mark = (comma, ".") if len(comma) <= len(point) else (point, ",")
        for cell in few:
            remarks.fault(
                cell.place,
                f"“{cell.text.strip()}” does not have the decimal sign of the others ({mark}); "
                "write all numbers alike, without marks for thousands",
            )
        return mark
    first = comma[0]
    if all(_THOUSANDS.fullmatch(cell.text.strip()) for cell in comma):
        remarks.fault(
            first.place,
            f"“{first.text.strip()}” may be thousands or a fraction, as may every number here with "
            "a comma; write a decimal point, without marks for thousands",
        )
    else:
        remarks.note(f"{first.place.file}: the decimal sign is a comma ({first.text.strip()})")
    return ","


def number_in(cell: Cell, what: str, mark: str, remarks: Remarks) -> str | None:
    """A number as machines write it, with every digit given; None where missing, or at fault."""
    if is_missing(cell):
        if cell.text.strip().casefold() not in ("", "na", "nan"):
            remarks.note(f"{cell.place.file}: “{cell.text.strip()}” is taken for a missing value")
        return None
    text = cell.text.strip()
    if cell.kind is Kind.BOOLEAN or text.upper() in ("TRUE", "FALSE"):
        remarks.note(f"{cell.place.file}: TRUE and FALSE in {what} are read as 1 and 0")
        return "1" if text.upper() == "TRUE" else "0"
    if cell.kind is Kind.PERCENT:
        remarks.note(
            f"{cell.place.file}: {what} is formatted as per cent; {text} is read as Excel stores "
            "it and R reads it, a hundredth"
        )
        return repr(float(text.rstrip(" %")) / 100)
    meant = text.replace(",", ".") if mark == "," and _COMMA.fullmatch(text) else text
    if _NUMBER.fullmatch(meant) and isfinite(float(meant)):
        return meant
    said = f"“{text}”" if text else f"a {cell.kind.value}"
    remarks.fault(
        cell.place, f"{what} is {said}, no number; write a number, or NA where there is none"
    )
    return None

"""A workbook opened: its cells, each with its kind, its text as typed and the formula behind it."""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from pii.decimals import in_words
from pii.findings import Finding
from pii.intake import layout
from pii.intake.formulas import calls_a_program, changes_by_itself, is_stale, recalculated
from pii.intake.guard import Contents, guarded
from pii.intake.markup import ESCAPED_LETTER, Marks, Ref, letters_of
from pii.intake.second import disagreement, with_known_errors
from pii.submission import Kind, Observation, Place

_NO_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # parts of a number format that are plain text
_SCALED = re.compile(r"[0#?],+(?![0#?,])")  # a comma behind the digits divides by a thousand
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]')
_CONDITION = re.compile(r"\[[<>=]")
_PLACE = "[0#?]"
# Control characters, private letters, and marks that turn the order of reading round; not the
# spaces without width, which `layout.plain` takes out.
_CONCEALED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2061-\u206f\ufff9-\ufffb"
    "\ue000-\uf8ff\ufffe\uffff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as read: where, what kind, its text as typed, and the formula behind it.

    doubt : the rule under which its value, although readable, is not to be believed unasked.
    """

    place: Place
    kind: Kind
    text: str = ""
    formula: str = ""
    doubt: str = ""

    @property
    def said(self) -> str:
        """What stands there, for cells that hold words; the formula where it has no result."""
        return self.text.strip() or self.formula


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet that hold anything, by row and column from 1.

    state : "visible", or how it is hidden
    """

    place: Place
    rows: Mapping[int, Mapping[int, Cell]]
    marks: Marks
    state: str = "visible"

    def at(self, row: int, column: int) -> Cell:
        """That cell; BLANK where nothing stands."""
        where = Place(self.place.file, self.place.sheet, f"{letters_of(column)}{row}")
        return self.rows.get(row, {}).get(column) or Cell(where, Kind.BLANK)


@dataclass(frozen=True)
class Book:
    """A workbook that the guard let pass, with what it noticed."""

    file: str
    contents: Contents
    stored: Any  # openpyxl's workbook, with stored values
    _read: dict[str, Sheet] = field(default_factory=dict)

    @cached_property
    def notes(self) -> tuple[Finding, ...]:
        """What the file carries that is not read."""
        return tuple(
            Finding(rule, Place(self.file), facts=facts) for rule, facts in self.contents.notes
        )

    @cached_property
    def visible(self) -> tuple[str, ...]:
        """Titles of the sheets that a person sees."""
        return tuple(s.title for s in self.stored.worksheets if s.sheet_state == "visible")

    def titles_like(self, title: str) -> tuple[str, ...]:
        """The sheets of that title, whatever its case, marks and spaces."""
        wanted = layout.plain(title).casefold()
        titles = (sheet.title for sheet in self.stored.worksheets)
        return tuple(known for known in titles if layout.plain(known).casefold() == wanted)

    def formulas(self, title: str) -> Mapping[Ref, str]:
        """The formulas of the sheet of exactly that title."""
        return self.contents.marks[self.contents.sheets[title]].formulas

    def sheet(self, title: str) -> Sheet | None:
        """The first sheet of that title; None where there is none."""
        known = next(iter(self.titles_like(title)), None)
        return None if known is None else self.exactly(known)

    def exactly(self, title: str) -> Sheet:
        """The sheet of exactly that title, which is there."""
        if title not in self._read:
            self._read[title] = _sheet(self.stored[title], self.file, self.contents)
        return self._read[title]


LARGE = 20
"""A table of a whole index, one row a country and an indicator, is so many times larger than a
province's workbook may be: the GII's has 10,320 rows and more than 60,000 tags."""


def opened(data: bytes, name: str, *, second: bool = False, size: int = 1) -> Book | Finding:
    """The workbook, or the finding that says why it is not read; never an exception.

    second : whether calamine must agree on every cell; only where it may end the process.
    size : how many times the limits of a province's workbook are allowed
    """
    contents = guarded(data, name, size)
    if isinstance(contents, Finding):
        return contents
    try:
        clean = _packed(contents.parts)
        book = _loaded(clean)
        missing = [title for title in contents.sheets if title not in book.sheetnames]
        if missing:
            return Finding("F123", Place(name), facts={"part": missing[0]})
        if second:
            cells = {title: book[title]._cells for title in contents.sheets}
            parts = dict(contents.parts) | {
                part: with_known_errors(contents.parts[part]) for part in contents.sheets.values()
            }
            other = clean if parts == contents.parts else _packed(parts)
            if differs := disagreement(other, cells):
                title, row, column = differs
                return Finding("F124", Place(name, title, f"{letters_of(column)}{row}"))
        else:  # what calamine would have found, by the letters that cause it
            for title, part in contents.sheets.items():
                if ESCAPED_LETTER.search(contents.parts[part]):
                    return Finding("F124", Place(name, title))
    except MemoryError:
        raise
    except Exception as error:  # whatever a damaged file makes the parsers raise
        kind = type(error).__name__
        return Finding(
            "T101", Place(name),
            facts={"reason_vi": f"tệp hỏng: {kind}", "reason_en": f"it is damaged: {kind}"},
        )  # fmt: skip
    return Book(name, contents, book)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return file.getvalue()


def _loaded(data: bytes) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it drops; none of it is read here
        return load_workbook(BytesIO(data), data_only=True, keep_links=False)


def _sheet(stored: Any, file: str, contents: Contents) -> Sheet:
    marks = contents.marks[contents.sheets[stored.title]]
    place = Place(file, stored.title)
    rows: dict[int, dict[int, Cell]] = {}
    # not iter_rows: one stray cell far down would make it visit them all
    for (row, column), cell in sorted(stored._cells.items()):
        where = Place(file, stored.title, f"{letters_of(column)}{row}")
        read = read_cell(cell, marks.formula((row, column)), where)
        if read.kind is not Kind.BLANK or read.formula:
            doubt = _doubt(read, cell, (row, column), stored, marks)
            rows.setdefault(row, {})[column] = _doubted(read, doubt) if doubt else read
    return Sheet(place, rows, marks, stored.sheet_state)


def read_cell(stored: Any, formula: str, place: Place) -> Cell:
    """One cell of a workbook that was loaded for its values, with the formula behind it.

    A number that the cell shows as per cent is the text that was typed: 12.5 %, stored by Excel
    as 0.125, comes back as "12.5%".
    """
    value = stored.value
    match value:
        case None:
            # a formula whose result is empty text is calculated, and blank
            waits = bool(formula) and stored.data_type != "str"
            return Cell(place, Kind.UNCALCULATED if waits else Kind.BLANK, "", formula)
        case bool():
            return Cell(place, Kind.BOOLEAN, str(value).upper(), formula)
        case int() | float():
            if "%" in _NO_FORMAT.sub("", stored.number_format):
                return Cell(place, Kind.PERCENT, _as_percent(value), formula)
            return Cell(place, Kind.NUMBER, _as_number(value), formula)
        case datetime() if value.time() == time():
            return Cell(place, Kind.DATE, value.date().isoformat(), formula)
        case datetime() | date() | time() | timedelta():
            return Cell(place, Kind.DATE, str(value), formula)
    text = seen(str(value))
    if stored.data_type == "e":
        return Cell(place, Kind.ERROR, text, formula)
    return (
        Cell(place, Kind.TEXT, text, formula)
        if layout.plain(text)
        else Cell(place, Kind.BLANK, "", formula)
    )


def seen(text: str) -> str:
    """A text with what cannot be seen, or turns its order round, written out: \\u202e."""
    return _CONCEALED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _as_number(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _as_percent(value: int | float) -> str:
    return f"{Decimal(repr(value)).scaleb(2).normalize():f}%"


# ------------------------------------------------------------------------------- doubts ------


def _doubted(cell: Cell, doubt: str) -> Cell:
    return Cell(cell.place, cell.kind, cell.text, cell.formula, doubt)


def _doubt(cell: Cell, stored: Any, at: Ref, sheet: Any, marks: Marks) -> str:
    if at in marks.raised:
        return "V302"
    if cell.formula:
        if calls_a_program(cell.formula):
            return "V301"
        if cell.kind is Kind.NUMBER:
            if changes_by_itself(cell.formula):
                return "V305"
            if is_stale(float(cell.text), _now(cell.formula, sheet)):
                return "V303"
    if cell.kind is Kind.NUMBER and _SCALED.search(_NO_FORMAT.sub("", stored.number_format)):
        return "V304"
    if cell.kind is Kind.NUMBER and is_disguised(float(cell.text), stored.number_format):
        return "V307"
    return ""


def is_disguised(value: float, number_format: str) -> bool:
    """Whether a format shows nothing of a number, or digits of its own beside the number's.

    A zero may be shown as a dash or not at all: that is a custom of accountants.
    """
    bare = _LITERAL.sub(lambda part: _as_letters(part[1] or part[2] or ""), number_format)
    sections = bare.split(";")
    conditions = bool(_CONDITION.search(number_format))
    shown = sections if conditions else sections[value < 0 and len(sections) > 1 :][:1]
    return bool(value) and any(
        not re.search(rf"{_PLACE}|General|@", one, re.IGNORECASE)
        or bool(re.search(rf"ｄ{_PLACE}|{_PLACE}ｄ", one))
        for one in shown
    )


def _as_letters(literal: str) -> str:
    """What a format writes out itself: its digits told from the places of the number's own."""
    return "".join("ｄ" if c.isdigit() else "_" for c in literal)


def _now(formula: str, sheet: Any) -> float | None:
    def look(at: Ref) -> float | None:
        cell = sheet._cells.get(at)
        value = cell.value if cell is not None else None
        if value is None:
            return 0.0
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if is_number else None

    return recalculated(formula, look)


def doubts(
    observations: Iterable[Observation], rows: Iterable[Iterable[Cell]]
) -> Iterator[Finding]:
    """A finding for each observation whose cell gives reason not to believe it."""
    cells = {cell.place: cell for row in rows for cell in row if cell.doubt}
    for one in observations:
        if cell := cells.get(one.place):
            facts = {"code": one.indicator, "found": cell.text, "formula": cell.formula}
            if cell.kind is Kind.NUMBER:
                facts |= {
                    f"found_{lang}": in_words(float(cell.text), lang) for lang in ("vi", "en")
                }
            yield Finding(cell.doubt, cell.place, one.province, one.indicator, facts)

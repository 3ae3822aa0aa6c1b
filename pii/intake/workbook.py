"""A filled template, read twice: what its cells hold, and the formulas behind them.

Rows are found by code and columns by header, wherever they stand; nothing is guessed.
"""

import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from math import isclose
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from pii.checks.codes import code_meant, unlike
from pii.decimals import in_words
from pii.findings import Finding
from pii.framework import Framework, Indicator
from pii.intake import layout
from pii.provinces import folded
from pii.submission import Kind, Observation, Part, Place, Submission

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and the shell around an encrypted .xlsx
_NO_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # parts of a number format that are plain text
_YEAR = re.compile(r"[12]\d{3}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as read: where, what kind, its text as typed, and the formula behind it."""

    place: Place
    kind: Kind
    text: str = ""
    formula: str = ""

    @property
    def said(self) -> str:
        """What stands there, for cells that hold words; the formula where it has no result."""
        return self.text.strip() or self.formula


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet that hold anything, by row and column from 1."""

    place: Place
    rows: Mapping[int, Mapping[int, Cell]]

    def at(self, row: int, column: int) -> Cell:
        """That cell; BLANK where nothing stands."""
        where = Place(self.place.file, self.place.sheet, f"{get_column_letter(column)}{row}")
        return self.rows.get(row, {}).get(column) or Cell(where, Kind.BLANK)


def read_workbook(
    data: bytes, name: str, framework: Framework, *, accept: tuple[str, ...] = ()
) -> tuple[Submission | None, tuple[Finding, ...]]:
    """What a filled template says, raw, and what is wrong with the template itself.

    name : how findings call the file.
    accept : ids of other editions whose templates are read too.

    No submission (None) where the cells cannot be found; the findings then say why. Unknown and
    repeated codes stay among the observations, for the checks to judge. A file that cannot be
    opened is a finding, never an exception.
    """
    books = opened(data)
    if not isinstance(books, tuple):
        return None, (Finding("T101", Place(name), facts=books),)
    hidden = sheet_named(books, name, layout.HIDDEN)
    facts = _stated(hidden) if hidden else {}
    if layout.MADE_BY not in facts or layout.EDITION not in facts:
        return None, (Finding("T102", Place(name), facts={"sheet": layout.HIDDEN}),)
    edition, province = facts[layout.EDITION].said, _fact(facts, layout.PROVINCE_CODE)
    if edition not in (framework.id, *accept):
        foreign = {"found": edition, "expected": framework.id}
        return None, (Finding("T103", facts[layout.EDITION].place, province, facts=foreign),)
    own = edition == framework.id
    findings = [*_version(facts, framework, province)] if own else []
    if not province:
        findings.append(Finding("P102", Place(name, layout.HIDDEN)))
    sheet = sheet_named(books, name, layout.VALUES)
    if sheet is None:
        missing = {
            "missing_vi": f"trang tính “{layout.VALUES}”",
            "missing_en": f"the sheet “{layout.VALUES}”",
        }
        return None, (*findings, Finding("T105", Place(name), province, facts=missing))
    head, columns, faults = _columns(sheet, province)
    findings += faults
    findings += _province_lines(books, name, sheet, head, facts)
    if any(key not in columns for key in layout.NEEDED):
        return None, tuple(findings)
    observations, faults = _observations(sheet, head, columns, framework, province)
    findings += faults
    findings += _not_as_issued(facts, observations, framework)
    if own:
        findings += _absent(sheet, observations, framework, province)
    submission = Submission(
        province,
        Place(name),
        observations,
        edition,
        _fact(facts, layout.VERSION),
        name=_fact(facts, layout.PROVINCE_NAME),
    )
    return submission, tuple(findings)


# ------------------------------------------------------------------------------- opening ------


def opened(data: bytes) -> tuple[Workbook, Workbook] | Mapping[str, str]:
    """The workbook with stored values and again with formulas, or the reason there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of parts it drops; none is read here
            return load_workbook(BytesIO(data), data_only=True), load_workbook(BytesIO(data))
    except Exception as error:  # whatever a damaged file makes the parsers raise
        vi, en = _reason(data, error)
        return {"reason_vi": vi, "reason_en": en}


def _reason(data: bytes, error: Exception) -> tuple[str, str]:
    if not data:
        return "tệp rỗng", "the file is empty"
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "tệp đặt mật khẩu", "it is locked by a password"
        return "định dạng .xls cũ", "it is in the old .xls format"
    if data.startswith(b"%PDF"):
        return "đây là tệp PDF", "it is a PDF"
    try:
        parts = ZipFile(BytesIO(data)).namelist()
    except (BadZipFile, ValueError, OSError):
        if data.startswith(b"PK"):
            return "tệp hỏng hoặc tải về chưa hết", "it is damaged or cut short"
        return "không phải tệp Excel", "it is not an Excel file"
    for part, vi, en in (
        ("xl/workbook.bin", "định dạng .xlsb", "it is in the .xlsb format"),
        ("content.xml", "định dạng OpenDocument (.ods)", "it is in the OpenDocument format (.ods)"),
        ("word/document.xml", "đây là tệp Word", "it is a Word document"),
    ):
        if part in parts:
            return vi, en
    kind = type(error).__name__
    return f"tệp hỏng: {kind}", f"it is damaged: {kind}"


def sheet_named(books: tuple[Workbook, Workbook], file: str, title: str) -> Sheet | None:
    """The sheet of that title, whatever its case, marks and spaces; None where there is none."""
    for stored in books[0].worksheets:
        if layout.plain(stored.title).casefold() == layout.plain(title).casefold():
            typed = books[1][stored.title]
            place = Place(file, stored.title)
            rows: dict[int, dict[int, Cell]] = {}
            # not iter_rows: one stray cell in row 1,048,576 would make it visit them all
            for (row, column), cell in sorted(stored._cells.items()):
                where = Place(file, stored.title, cell.coordinate)
                read = read_cell(cell, typed.cell(row, column), where)
                if read.kind is not Kind.BLANK or read.formula:
                    rows.setdefault(row, {})[column] = read
            return Sheet(place, rows)
    return None


def read_cell(stored: Any, typed: Any, place: Place) -> Cell:
    """One cell of a workbook that was loaded twice, for its values and for its formulas.

    A number that the cell shows as per cent is the text that was typed: 12.5 %, stored by Excel
    as 0.125, comes back as "12.5%".
    """
    formula = _formula(typed)
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
    text = str(value)
    if stored.data_type == "e":
        return Cell(place, Kind.ERROR, text, formula)
    return (
        Cell(place, Kind.TEXT, text, formula)
        if text.strip()
        else Cell(place, Kind.BLANK, "", formula)
    )


def _formula(typed: Any) -> str:
    if typed.data_type != "f":
        return ""
    return str(getattr(typed.value, "text", None) or typed.value)  # array formulas hold a text


def _as_number(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _as_percent(value: int | float) -> str:
    return f"{Decimal(repr(value)).scaleb(2).normalize():f}%"


# ---------------------------------------------------------------------- the hidden sheet ------


def _stated(hidden: Sheet) -> Mapping[str, Cell]:
    """The facts of the hidden sheet: the first column names them, the second holds them."""
    return {
        layout.plain(row[1].text): row[2] for row in hidden.rows.values() if 1 in row and 2 in row
    }


def _fact(facts: Mapping[str, Cell], key: str) -> str:
    return facts[key].said if key in facts else ""


def _version(facts: Mapping[str, Cell], framework: Framework, province: str) -> Iterator[Finding]:
    """Another version; or the same number over texts that were changed after it was issued."""
    found, expected = _fact(facts, layout.VERSION), framework.template_version
    issued, now = _fact(facts, layout.FINGERPRINT), layout.fingerprint(framework)
    if found == expected and issued != now:
        found, expected = f"{found} (SHA-256 {issued[:8]}…)", f"{expected} (SHA-256 {now[:8]}…)"
    if found != expected:
        place = facts.get(layout.VERSION, facts[layout.EDITION]).place
        yield Finding("T104", place, province, facts={"found": found, "expected": expected})


def _province_lines(
    books: tuple[Workbook, Workbook],
    file: str,
    values: Sheet,
    head: int,
    facts: Mapping[str, Cell],
) -> Iterator[Finding]:
    """Whether the visible sheets state the province that the hidden one does."""
    province = _fact(facts, layout.PROVINCE_CODE)
    if not province:
        return
    expected = layout.province_text(province, _fact(facts, layout.PROVINCE_NAME))
    for sheet in (values, sheet_named(books, file, layout.GUIDE)):
        if sheet is None:  # a guide that was thrown away does no harm
            continue
        stated = _province_line(sheet, head if sheet is values and head else None)
        if stated is None and sheet is values:
            missing = {
                "missing_vi": f"dòng “{layout.PROVINCE}”",
                "missing_en": f"the line “{layout.PROVINCE}”",
            }
            yield Finding("T105", sheet.place, province, facts=missing)
        if stated is not None and folded(stated.said) != folded(expected):
            told = {"sheet": sheet.place.sheet, "found": stated.said, "expected": expected}
            yield Finding("P105", stated.place, province, facts=told)


def _province_line(sheet: Sheet, before: int | None) -> Cell | None:
    """The cell right of the words that announce the province; None where they are not there."""
    for number, row in sheet.rows.items():
        if before is not None and number >= before:
            break
        for column, cell in row.items():
            if layout.plain(cell.text) == layout.PROVINCE:
                beside = [other for at, other in row.items() if at > column]
                return beside[0] if beside else sheet.at(number, column + 1)
    return None


# --------------------------------------------------------------------- the visible sheet ------


def _columns(sheet: Sheet, province: str) -> tuple[int, Mapping[str, int], list[Finding]]:
    """Row of the header, column of each header, and a finding for each that is lost or doubled."""
    found = {row: _headers(cells) for row, cells in sheet.rows.items()}
    head = max(found, key=lambda row: len(found[row]), default=0)
    if len(found.get(head, ())) < 2:
        missing = {"missing_vi": "hàng tiêu đề", "missing_en": "the header row"}
        return 0, {}, [Finding("T105", sheet.place, province, facts=missing)]
    columns: dict[str, int] = {}
    findings = []
    for key, (vi, en) in (layout.HEADERS | layout.RELATED).items():
        at = found[head].get(key, [])
        if len(at) == 1:
            columns[key] = at[0]
            continue
        if not at and key in layout.RELATED:
            continue
        cells = ", ".join(sheet.at(head, column).place.cell for column in at)
        missing = {
            "missing_vi": f"cột “{vi}”" if not at else f"một cột “{vi}” duy nhất (thấy: {cells})",
            "missing_en": f"the column “{vi}” ({en})"
            if not at
            else f"one single column “{vi}” ({en}; found: {cells})",
        }
        findings.append(Finding("T105", sheet.place, province, facts=missing))
    return head, columns, findings


def _headers(cells: Mapping[int, Cell]) -> Mapping[str, list[int]]:
    """Which columns of a row carry which header; the Vietnamese line alone will do."""
    known = {
        layout.plain(text).casefold(): key
        for key, (vi, en) in (layout.HEADERS | layout.RELATED).items()
        for text in (vi, layout.stacked(vi, en))
    }
    found: dict[str, list[int]] = {}
    for column, cell in cells.items():
        if key := known.get(layout.plain(cell.text).casefold()):
            found.setdefault(key, []).append(column)
    return found


def _observations(
    sheet: Sheet, head: int, columns: Mapping[str, int], framework: Framework, province: str
) -> tuple[tuple[Observation, ...], list[Finding]]:
    indicators = {indicator.code: indicator for indicator in framework.indicators}
    observations, findings = [], []
    for number in sheet.rows:
        if number <= head:
            continue
        cells = {key: sheet.at(number, column) for key, column in columns.items()}
        typed = unicodedata.normalize("NFC", cells["code"].text or cells["code"].said)
        code = code_meant(typed, framework) or typed.strip()
        if not _is_row(cells, code in indicators):
            continue
        if cells["code"].kind is not Kind.TEXT and code in indicators:
            findings.append(_no_text(cells["code"], number, province))
            continue
        if code in indicators:
            if code != typed:
                findings.append(unlike(typed, code, cells["code"].place, province))
            findings += _altered(cells, indicators[code], province)
        observation = _observation(cells, code, province)
        observations.append(observation)
        if observation.data_year is None and code in indicators:
            findings += _unknown_year(cells, observation, indicators[code])
    return tuple(observations), findings


def _is_row(cells: Mapping[str, Cell], known: bool) -> bool:
    """Whether a row says anything of an indicator: a heading has words in its first cell only."""
    rest = any(cell.said for key, cell in cells.items() if key != "code")
    return known or bool(cells["value"].said) or bool(cells["code"].said and rest)


def _no_text(cell: Cell, row: int, province: str) -> Finding:
    """A code that became a number or date: 1.1 may have been 1.10, so it is not taken for 1.1."""
    facts = {
        "what_vi": "mã",
        "what_en": "the code",
        "code_vi": f"dòng {row}",
        "code_en": f"row {row}",
        "found_vi": f"{cell.text} (ô kiểu số hoặc ngày)",
        "found_en": f"{cell.text} (a number or date)",
        "expected_vi": "mã kiểu chữ, như trong biểu mẫu",
        "expected_en": "the code as text, as in the template",
    }
    return Finding("T106", cell.place, province, facts=facts)


def _altered(cells: Mapping[str, Cell], indicator: Indicator, province: str) -> Iterator[Finding]:
    """A name or unit that no longer reads as in the template."""
    texts = {
        "name": ("tên", "the name", layout.name_text(indicator)),
        "unit": ("đơn vị tính", "the unit", layout.unit_text(indicator)),
    }
    for key, (vi, en, expected) in texts.items():
        if key in cells and layout.plain(cells[key].said) != layout.plain(expected):
            facts = {
                "what_vi": vi,
                "what_en": en,
                "code": indicator.code,
                "found": _in_one_line(cells[key].said),
                "expected": _in_one_line(expected),
            }
            yield Finding("T106", cells[key].place, province, indicator.code, facts)


def _in_one_line(text: str) -> str:
    return " / ".join(layout.plain(line) for line in text.splitlines())


def _observation(cells: Mapping[str, Cell], code: str, province: str) -> Observation:
    value = cells["value"]
    year, evidence, note = (
        cells[key].said if key in cells else "" for key in ("data_year", "evidence", "note")
    )
    return Observation(
        province,
        code,
        value.place,
        value.kind,
        value.text,
        data_year=int(year) if _YEAR.fullmatch(year) else None,
        evidence=evidence,
        note=note,
        formula=value.formula,
        numerator=_part(cells.get("numerator")),
        denominator=_part(cells.get("denominator")),
    )


def _part(cell: Cell | None) -> Part | None:
    return Part(cell.place, cell.kind, cell.text) if cell else None


def _unknown_year(
    cells: Mapping[str, Cell], observation: Observation, indicator: Indicator
) -> Iterator[Finding]:
    """A data year that is no year, beside a figure: said here, or it would be lost."""
    if "data_year" in cells and cells["data_year"].said and observation.kind is not Kind.BLANK:
        facts = {
            "code": indicator.code,
            "found": f"“{cells['data_year'].said}”",
            "expected": str(indicator.data_year),
        }
        place = cells["data_year"].place
        yield Finding("Y101", place, observation.province, indicator.code, facts)


def _not_as_issued(
    facts: Mapping[str, Cell], observations: Sequence[Observation], framework: Framework
) -> Iterator[Finding]:
    """Central figures that are no longer what the template was issued with.

    A template of another edition may have asked the province for what is central here: there
    only the figures that it was issued with are compared.
    """
    central = {one.code for one in framework.indicators if one.supplier == "central"}
    own = _fact(facts, layout.EDITION) == framework.id
    for cell in observations:
        key = layout.issued(cell.indicator)
        issued = _fact(facts, key)
        if cell.indicator not in central or not (own or issued) or _is_still(cell, issued):
            continue
        found = cell.text.strip() or cell.formula
        told = {
            "code": cell.indicator,
            "found_vi": found or "(trống)",
            "found_en": found or "(empty)",
            "expected_vi": in_words(float(issued), "vi") if issued else "ô trống",
            "expected_en": in_words(float(issued), "en") if issued else "an empty cell",
        }
        yield Finding("T109", cell.place, cell.province, cell.indicator, told)


def _is_still(cell: Observation, issued: str) -> bool:
    if not issued:
        return cell.kind is Kind.BLANK
    # Some programs keep fifteen digits when they save a workbook.
    return cell.kind is Kind.NUMBER and isclose(float(cell.text), float(issued), rel_tol=1e-14)


def _absent(
    sheet: Sheet, observations: Sequence[Observation], framework: Framework, province: str
) -> Iterator[Finding]:
    there = {observation.indicator for observation in observations}
    for code in framework.codes:
        if code not in there:
            facts = {"code": code, "count": str(len(framework.codes))}
            yield Finding("T107", sheet.place, province, code, facts)

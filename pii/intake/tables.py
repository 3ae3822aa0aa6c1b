"""Tables of figures, CSV or XLSX: wide (a row per province) or long (a row per figure)."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import StringIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pii.checks import nearest_code
from pii.findings import Finding
from pii.framework import RESERVED, Framework
from pii.intake.workbook import Cell, opened, sheet_named
from pii.submission import Kind, Observation, Place, Submission

PROVINCE = "province"
BESIDE = ("name", "province_name")
LONG = ("indicator", PROVINCE, "value")
_MACHINE_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


Rows = Sequence[Sequence[Cell]]


def read_table(
    data: bytes, name: str, framework: Framework
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """Submissions from a table, one per province, with what is wrong in its shape.

    A wide table has a column `province` and one column per indicator code; the columns `name`
    and `province_name` are read past; variables of the framework (denominators, groups) have a
    column each, or stand as indicators do. A long table has `indicator`, `province` and
    `value`, and may have `data_year`, `evidence`, `source` and `note`.
    In a CSV separated by commas or tabs numbers are written as machines do (1234.56); in one
    separated by semicolons, as Vietnamese Excel writes them, they are read like typed text.
    """
    beside: tuple[Finding, ...] = ()
    if _is_xlsx(data):
        books = opened(data)
        if not isinstance(books, tuple):
            return (), (Finding("T101", Place(name), facts=books),)
        rows, beside = _xlsx_rows(books, name)
    else:
        try:
            rows = _csv_rows(data, name)
        except (UnicodeDecodeError, csv.Error) as error:
            return (), (_no_csv(name, error),)
    rows = _rectangular([row for row in rows if any(c.kind is not Kind.BLANK for c in row)])
    head = [_word(cell.text) for cell in rows[0]] if rows else []
    lacking = _lacking(rows, head)
    if lacking:
        vi, en = lacking
        return (), (Finding("T110", Place(name), facts={"missing_vi": vi, "missing_en": en}),)
    if LONG[0] in head:
        odd = (*_odd_years(rows, head, framework), *_beside(rows, head), *beside)
        return tuple(_long(rows, head)), odd
    submissions, findings = _wide(rows, head, framework)
    return submissions, (*findings, *_beside(rows, head), *beside)


def _word(text: str) -> str:
    """A header as it is compared: the words of this format in any case, codes as they stand."""
    plain = unicodedata.normalize("NFC", text).strip()
    return plain.casefold() if plain.casefold() in RESERVED else plain


def _lacking(rows: Rows, head: list[str]) -> tuple[str, str] | None:
    """What a table must have and this one has not, in Vietnamese and English."""
    needed = LONG if LONG[0] in head else (PROVINCE,)
    missing = [key for key in needed if key not in head]
    if missing:
        names = ", ".join(f"“{key}”" for key in missing)
        return f"cột {names}", f"column {names}"
    if len(rows) < 2:
        return "dòng số liệu nào", "row of figures"
    if not [text for text in head if text and text not in (PROVINCE, *BESIDE)]:
        return "cột chỉ số nào", "column of an indicator"
    return None


def _rectangular(rows: Rows) -> Rows:
    """Every row as long as the longest: a short line has empty cells, it does not lack them."""
    longest = max((len(row) for row in rows), default=0)
    return [[*row, *(_blank_beside(row[0], j) for j in range(len(row), longest))] for row in rows]


def _blank_beside(first: Cell, j: int) -> Cell:
    row = first.place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return Cell(replace(first.place, cell=f"{get_column_letter(j + 1)}{row}"), Kind.BLANK)


def _beside(rows: Rows, head: list[str]) -> tuple[Finding, ...]:
    """What stands in a column without a header: nothing says what it means."""
    nothing = {"found": "", "suggestion_vi": "", "suggestion_en": ""}
    return tuple(
        Finding("C101", cell.place, facts=nothing)
        for row in rows[1:]
        for text, cell in zip(head, row, strict=True)
        if not text and cell.kind is not Kind.BLANK
    )


def _no_csv(name: str, error: Exception) -> Finding:
    vi, en = "không phải CSV", "it is no CSV"
    if isinstance(error, UnicodeDecodeError):
        vi, en = "bảng CSV phải lưu bằng UTF-8", "a CSV must be saved as UTF-8"
    return Finding("T101", Place(name), facts={"reason_vi": vi, "reason_en": en})


def _is_xlsx(data: bytes) -> bool:
    return data[:4] == b"PK\x03\x04"


def _csv_rows(data: bytes, name: str) -> Rows:
    text = data.decode("utf-8-sig")
    first = text.lstrip().partition("\n")[0]
    mark = max(",;\t", key=first.count)
    return [
        [
            Cell(Place(name, "", f"{get_column_letter(j)}{i}"), _csv_kind(field, mark), field)
            for j, field in enumerate(row, 1)
        ]
        for i, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=mark), 1)
    ]


def _csv_kind(text: str, mark: str) -> Kind:
    if not text.strip():
        return Kind.BLANK
    if mark != ";" and _MACHINE_NUMBER.fullmatch(text.strip()):
        return Kind.NUMBER
    return Kind.TEXT


def _xlsx_rows(books: tuple[Workbook, Workbook], name: str) -> tuple[Rows, tuple[Finding, ...]]:
    """The first visible sheet, and a finding for each other one that holds anything."""
    titles = [sheet.title for sheet in books[0].worksheets if sheet.sheet_state == "visible"]
    sheets = [sheet for title in titles if (sheet := sheet_named(books, name, title))]
    if not sheets:
        return [], ()
    first, *others = sheets
    rows = [
        [first.at(row, column) for column in range(1, max(cells) + 1)]
        for row, cells in first.rows.items()
    ]
    unread = [Finding("T111", s.place, facts={"sheet": s.place.sheet}) for s in others if s.rows]
    return rows, tuple(unread)


def _long(rows: Rows, head: list[str]) -> Iterator[Submission]:
    found: dict[str, list[Observation]] = {}
    place: dict[str, Place] = {}
    names: dict[str, str] = {}
    for row in rows[1:]:
        at = dict(zip(head, row, strict=True))
        province = at[PROVINCE].text.strip()
        place.setdefault(province, at[PROVINCE].place)
        names[province] = names.get(province) or _name(at)
        found.setdefault(province, []).append(
            Observation(
                province,
                at["indicator"].text.strip(),
                at["value"].place,
                at["value"].kind,
                at["value"].text,
                data_year=_year(at.get("data_year")),
                evidence=_text(at.get("evidence")) or _text(at.get("source")),
                note=_text(at.get("note")),
                formula=at["value"].formula,
            )
        )
    for province, observations in found.items():
        yield Submission(province, place[province], tuple(observations), name=names[province])


def _name(at: Mapping[str, Cell]) -> str:
    """The name that stands beside a code, "" where none does."""
    return next((_text(at[key]) for key in BESIDE if _text(at.get(key))), "")


def _text(cell: Cell | None) -> str:
    return cell.text.strip() if cell else ""


def _year(cell: Cell | None) -> int | None:
    text = _text(cell)
    return int(text) if re.fullmatch(r"[12]\d{3}", text) else None


def _odd_years(rows: Rows, head: list[str], framework: Framework) -> Iterator[Finding]:
    """Years of a long table that are no years: said here, because nothing else carries them."""
    if "data_year" not in head:
        return
    expected = {one.code: str(one.data_year) for one in framework.indicators}
    for row in rows[1:]:
        at = dict(zip(head, row, strict=True))
        code, year = _text(at["indicator"]), at["data_year"]
        if code in expected and _text(year) and _year(year) is None:
            facts = {"code": code, "found": f"“{_text(year)}”", "expected": expected[code]}
            yield Finding("Y101", year.place, indicator=code, facts=facts)


def _wide(
    rows: Rows, head: list[str], framework: Framework
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    codes = [
        (j, text) for j, text in enumerate(head) if text and text != PROVINCE and text not in BESIDE
    ]
    known = (*framework.codes, *(variable.code for variable in framework.variables))
    findings = [
        Finding("C101", rows[0][j].place, facts={"found": text, **nearest_code(text, framework)})
        for j, text in codes
        if text not in known
    ]
    for code, count in Counter(text for _, text in codes).items():
        if count > 1:
            cells = [rows[0][j].place for j, text in codes if text == code]
            facts = {
                "code": code,
                "count": str(count),
                "cells": ", ".join(place.cell for place in cells),
            }
            findings.append(Finding("C102", cells[-1], indicator=code, facts=facts))
    at = head.index(PROVINCE)
    first = {code: j for j, code in reversed(codes)}
    submissions = tuple(
        Submission(
            row[at].text.strip(),
            row[at].place,
            tuple(
                Observation(
                    row[at].text.strip(),
                    code,
                    row[j].place,
                    row[j].kind,
                    row[j].text,
                    formula=row[j].formula,
                )
                for j, code in codes
                if code in known and j == first[code]
            ),
            name=_name(dict(zip(head, row, strict=True))),
        )
        for row in rows[1:]
    )
    return submissions, tuple(findings)

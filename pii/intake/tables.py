"""Tables of figures, CSV or XLSX: wide (a row per province) or long (a row per figure)."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import StringIO

from pii.checks.codes import code_meant, unknown, unlike
from pii.decimals import Ambiguous, read_decimal
from pii.findings import Finding
from pii.framework import RESERVED, Framework
from pii.intake.book import Book, Cell, doubts, opened
from pii.intake.markup import letters_of
from pii.submission import Kind, Observation, Part, Place, Submission

PROVINCE = "province"
BESIDE = ("name", "province_name")
LONG = ("indicator", PROVINCE, "value")
PARTS = ("numerator", "denominator")
WORDS = ("data_year", "evidence", "source", "note")
_MACHINE_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WITH = {mark: re.compile(rf"[+-]?\d*[{mark}]\d+([eE][+-]?\d+)?", re.ASCII) for mark in (".", ",")}
SEPARATOR = re.compile(r"sep=([,;\t])(?=\r?\n)", re.IGNORECASE)  # Excel's own first line


Rows = Sequence[Sequence[Cell]]


def read_table(
    given: bytes | Book, name: str, framework: Framework
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """Submissions from a table, one per province, with what is wrong in its shape.

    A wide table has a column `province` and one column per indicator code; the columns `name`
    and `province_name` are read past; variables of the framework (denominators, groups) have a
    column each, or stand as indicators do. A long table has `indicator`, `province` and
    `value`, and may have `data_year`, `evidence`, `source`, `note`, `numerator` and
    `denominator`.
    In a CSV separated by commas or tabs numbers are written as machines do (1234.56). Separated by
    semicolons or tabs, as Vietnamese Excel writes it, a column may have decimal commas: it has them
    where one of its numbers can be read in no other way and none has a decimal point. Whatever else
    stands there is read like typed text. Above the header may stand titles, each alone in its row.

    given : the bytes of a workbook, or of a CSV that the guard let pass; or an open workbook
    """
    beside: tuple[Finding, ...] = ()
    if isinstance(given, bytes) and given.startswith(b"PK"):
        book = opened(given, name)
        if isinstance(book, Finding):
            return (), (book,)
        given = book
    if isinstance(given, Book):
        rows, beside = _xlsx_rows(given)
    else:
        try:
            rows = _csv_rows(given, name)
        except (UnicodeDecodeError, csv.Error) as error:
            return (), (_no_csv(name, error),)
    rows = [row for row in rows if any(cell.kind is not Kind.BLANK for cell in row)]
    rows = _rectangular(_from_header(rows))
    head = [_word(cell.text) for cell in rows[0]] if rows else []
    if LONG[0] in head:
        head = [text.casefold() if text.casefold() in (*PARTS, *WORDS) else text for text in head]
    lacking = _lacking(rows, head)
    if lacking:
        vi, en = lacking
        return (), (Finding("T110", Place(name), facts={"missing_vi": vi, "missing_en": en}),)
    if LONG[0] in head:
        submissions = tuple(_long(rows, head, framework))
        findings = (*_odd_years(rows, head, framework), *_unlike_codes(rows, head, framework))
    else:
        submissions, findings = _wide(rows, head, framework)
    said = [cell for one in submissions for cell in one.observations]
    doubted = doubts([cell for cell in said if cell.indicator in framework.codes], rows)
    return submissions, (*findings, *doubted, *_beside(rows, head), *beside)


def _from_header(rows: Rows) -> Rows:
    """Without the titles above the header, each alone in its row."""
    for i, row in enumerate(rows):
        if PROVINCE in {_word(cell.text) for cell in row}:
            return rows[i:]
        if sum(cell.kind is not Kind.BLANK for cell in row) > 1:
            break
    return rows


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
    for key in (*LONG, *PARTS, *BESIDE, *WORDS):
        if head.count(key) > 1:
            cells = ", ".join(
                cell.place.cell for cell, text in zip(rows[0], head, strict=True) if text == key
            )
            return (
                f"một cột “{key}” duy nhất (thấy: {cells})",
                f"single column “{key}” (it stands in {cells})",
            )
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
    return Cell(replace(first.place, cell=f"{letters_of(j + 1)}{row}"), Kind.BLANK)


def _beside(rows: Rows, head: list[str]) -> Iterator[Finding]:
    """Each column without a header in which something stands: nothing says what it means."""
    nothing = {
        "found_vi": "(cột không có tiêu đề)",
        "found_en": "(a column without a header)",
        "suggestion_vi": "",
        "suggestion_en": "",
    }
    for j in (j for j, text in enumerate(head) if not text):
        cell = next((row[j] for row in rows[1:] if row[j].kind is not Kind.BLANK), None)
        if cell:
            yield Finding("C101", cell.place, facts=nothing)


def _no_csv(name: str, error: Exception) -> Finding:
    vi, en = "không phải CSV", "it is no CSV"
    if isinstance(error, UnicodeDecodeError):
        vi, en = "bảng CSV phải lưu bằng UTF-8", "a CSV must be saved as UTF-8"
    return Finding("T101", Place(name), facts={"reason_vi": vi, "reason_en": en})


def _csv_rows(data: bytes, name: str) -> Rows:
    text = data.decode("utf-8-sig")
    if stated := SEPARATOR.match(text):
        mark, text = stated[1], text[stated.end() :]
    else:
        lines = text.split("\n")
        first = next((line for line in lines if PROVINCE in line.casefold()), text.lstrip())
        mark = max(",;\t", key=first.partition("\n")[0].count)
    fields = list(csv.reader(StringIO(text, newline=""), delimiter=mark))
    commas = set() if mark == "," else _with_commas(fields)
    return [
        [
            _csv_cell(Place(name, "", f"{letters_of(j)}{i}"), field, mark, j in commas)
            for j, field in enumerate(row, 1)
        ]
        for i, row in enumerate(fields, 1)
    ]


def _with_commas(fields: Sequence[Sequence[str]]) -> set[int]:
    """The columns, from 1, whose numbers have a decimal comma, and none a point."""
    seen: dict[str, set[int]] = {".": set(), ",": set()}
    for row in fields:
        for j, text in enumerate(row, 1):
            for mark, columns in seen.items():
                if _WITH[mark].fullmatch(text) and not isinstance(read_decimal(text), Ambiguous):
                    columns.add(j)
    return seen[","] - seen["."]


def _csv_cell(place: Place, text: str, mark: str, comma: bool) -> Cell:
    typed = text.strip()
    if not typed:
        return Cell(place, Kind.BLANK, text)
    if comma and _WITH[","].fullmatch(typed):
        return Cell(place, Kind.NUMBER, typed.replace(",", "."))
    whole = typed.lstrip("+-").isdecimal()
    if _MACHINE_NUMBER.fullmatch(typed) and (whole or (mark != ";" and not comma)):
        return Cell(place, Kind.NUMBER, text)
    return Cell(place, Kind.TEXT, text)


def _xlsx_rows(book: Book) -> tuple[Rows, tuple[Finding, ...]]:
    """The first visible sheet, and a finding for each other one that holds anything."""
    sheets = [book.exactly(title) for title in book.visible]
    if not sheets:
        return [], book.notes
    first, *others = sheets
    rows = [
        [first.at(row, column) for column in range(1, max(cells) + 1)]
        for row, cells in first.rows.items()
    ]
    unread = [Finding("T111", s.place, facts={"sheet": s.place.sheet}) for s in others if s.rows]
    return rows, (*unread, *book.notes)


def _long(rows: Rows, head: list[str], framework: Framework) -> Iterator[Submission]:
    found: dict[str, list[Observation]] = {}
    stated: dict[str, Cell] = {}
    names: dict[str, str] = {}
    for row in rows[1:]:
        at = dict(zip(head, row, strict=True))
        province = at[PROVINCE].text.strip()
        stated.setdefault(province, at[PROVINCE])
        names[province] = names.get(province) or _name(at)
        found.setdefault(province, []).append(
            Observation(
                province,
                code_meant(at["indicator"].text, framework) or at["indicator"].text.strip(),
                at["value"].place,
                at["value"].kind,
                at["value"].text,
                data_year=_year(at.get("data_year")),
                evidence=_text(at.get("evidence")) or _text(at.get("source")),
                note=_text(at.get("note")),
                formula=at["value"].formula,
                numerator=_part(at.get("numerator")),
                denominator=_part(at.get("denominator")),
            )
        )
    for province, observations in found.items():
        cell = stated[province]
        yield Submission(cell.text, cell.place, tuple(observations), name=names[province])


def _part(cell: Cell | None) -> Part | None:
    return Part(cell.place, cell.kind, cell.text) if cell else None


def _unlike_codes(rows: Rows, head: list[str], framework: Framework) -> Iterator[Finding]:
    """Codes that were understood although they are not written as the edition writes them."""
    at = head.index("indicator")
    for typed in (row[at] for row in rows[1:]):
        meant = code_meant(typed.text, framework)
        if meant and meant != typed.text:
            yield unlike(typed.text, meant, typed.place)


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
        (j, code_meant(text, framework) or text)
        for j, text in enumerate(head)
        if text and text != PROVINCE and text not in BESIDE
    ]
    known = (*framework.codes, *(variable.code for variable in framework.variables))
    findings = [
        unlike(rows[0][j].text, code, rows[0][j].place)
        for j, code in codes
        if code in framework.codes and code != rows[0][j].text
    ]
    findings += [
        Finding("C101", rows[0][j].place, facts=unknown(text, framework))
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
            row[at].text,
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

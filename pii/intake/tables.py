"""Tables of figures, CSV or XLSX: wide (a row per province) or long (a row per figure)."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from pii.checks import nearest_code
from pii.findings import Finding
from pii.framework import Framework
from pii.submission import Kind, Observation, Place, Submission

PROVINCE = "province"
BESIDE = ("name", "province_name")
LONG = ("indicator", PROVINCE, "value")
_MACHINE_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: where, what kind, and its text as typed."""

    place: Place
    kind: Kind
    text: str
    formula: str = ""


Rows = Sequence[Sequence[Cell]]


def read_table(
    data: bytes, name: str, framework: Framework
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """Submissions from a table, one per province, with what is wrong in its shape.

    A wide table has a column `province` and one column per indicator code; the columns `name`
    and `province_name` are read past. A long table has `indicator`, `province` and `value`, and
    may have `data_year`, `evidence`, `source` and `note`.
    In a CSV separated by commas or tabs numbers are written as machines do (1234.56); in one
    separated by semicolons, as Vietnamese Excel writes them, they are read like typed text.
    """
    try:
        rows = _xlsx_rows(data, name) if _is_xlsx(data) else _csv_rows(data, name)
    except Exception as error:
        return (), (_unreadable(name, error),)
    rows = [row for row in rows if any(cell.text for cell in row)]
    head = [cell.text.strip() for cell in rows[0]] if rows else []
    if all(key in head for key in LONG):
        return tuple(_long(rows, head)), ()
    if PROVINCE in head:
        return _wide(rows, head, framework)
    missing = {"missing_vi": f"cột “{PROVINCE}”", "missing_en": f"the column “{PROVINCE}”"}
    return (), (Finding("T105", Place(name), facts=missing),)


def _unreadable(name: str, error: Exception) -> Finding:
    reason = type(error).__name__
    if isinstance(error, UnicodeDecodeError):
        vi, en = "không phải UTF-8", "not UTF-8"
    else:
        vi, en = f"tệp hỏng hoặc không đúng loại, {reason}", f"damaged or another type, {reason}"
    return Finding("T101", Place(name), facts={"reason_vi": vi, "reason_en": en})


def _is_xlsx(data: bytes) -> bool:
    return data[:4] == b"PK\x03\x04"


def _csv_rows(data: bytes, name: str) -> Rows:
    text = data.decode("utf-8-sig")
    first = text.partition("\n")[0]
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


def _xlsx_rows(data: bytes, name: str) -> Rows:
    values = load_workbook(BytesIO(data), data_only=True)
    formulas = load_workbook(BytesIO(data))
    sheet = next(s for s in values.worksheets if s.sheet_state == "visible")
    typed = formulas[sheet.title]
    return [
        [
            read_cell(cell, typed[cell.coordinate], Place(name, sheet.title, cell.coordinate))
            for cell in row
        ]
        for row in sheet.iter_rows()
    ]


def read_cell(stored: Any, typed: Any, place: Place) -> Cell:
    """One cell of a workbook that was loaded twice, for its values and for its formulas."""
    value = stored.value
    formula = str(typed.value) if typed.data_type == "f" else ""
    if formula and value is None:
        return Cell(place, Kind.UNCALCULATED, "", formula)
    match value:
        case None:
            return Cell(place, Kind.BLANK, "")
        case bool():
            return Cell(place, Kind.BOOLEAN, str(value).upper(), formula)
        case int() | float():
            return Cell(place, Kind.NUMBER, repr(value), formula)
        case date() | datetime():
            return Cell(place, Kind.DATE, value.isoformat(), formula)
    text = str(value)
    if stored.data_type == "e":
        return Cell(place, Kind.ERROR, text, formula)
    return Cell(place, Kind.TEXT if text.strip() else Kind.BLANK, text, formula)


def _long(rows: Rows, head: list[str]) -> Iterator[Submission]:
    found: dict[str, list[Observation]] = {}
    place: dict[str, Place] = {}
    for row in rows[1:]:
        at = dict(zip(head, row, strict=False))
        province = at[PROVINCE].text.strip()
        place.setdefault(province, replace(at[PROVINCE].place))
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
        yield Submission(province, place[province], tuple(observations))


def _text(cell: Cell | None) -> str:
    return cell.text.strip() if cell else ""


def _year(cell: Cell | None) -> int | None:
    text = _text(cell)
    return int(text) if text.isdigit() else None


def _wide(
    rows: Rows, head: list[str], framework: Framework
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    codes = [
        (j, text) for j, text in enumerate(head) if text and text != PROVINCE and text not in BESIDE
    ]
    findings = [
        Finding("C101", rows[0][j].place, facts={"found": text, **nearest_code(text, framework)})
        for j, text in codes
        if text not in framework.codes
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
    submissions = tuple(
        Submission(
            row[at].text.strip() if at < len(row) else "",
            row[min(at, len(row) - 1)].place,
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
                if j < len(row) and code in framework.codes
            ),
        )
        for row in rows[1:]
    )
    return submissions, tuple(findings)

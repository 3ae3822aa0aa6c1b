"""The 23 faults: each raises its finding, at its cell, with its remedy; all in one pass.

Data faults are tried as a table and, where a workbook can hold them, as a workbook. Faults of the
edition file are refused with line and remedy. docs/faults.md is written from the list below:
`python -m tests.test_23_faults > docs/faults.md`.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook

from pii.errors import DefinitionError
from pii.findings import Finding
from pii.intake.definition import load_edition
from pii.rules import RULES, Severity
from pii.scoring import Gathered
from tests.batches import (
    CODES,
    FRAMEWORK,
    Batch,
    changed,
    everywhere,
    long_csv,
    put,
    sound,
    told,
    wide_csv,
    without,
    workbook,
)
from tests.rulebook import holes, scaled, swap, swap_columns, texts
from tests.workbooks import (
    address,
    cell_of,
    edited,
    header_row,
    values_sheet,
    with_entry,
    with_repeated_row,
    with_stored_formula,
    without_row,
)

ROOT = Path(__file__).resolve().parents[1]
TABLE, BOOK = "table", "workbook"
NAME = "01-ha-noi.xlsx"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in one form: how it is made, the rule that must be broken, and where.

    place : file and cell as a finding prints them, "" where it concerns no single file
    """

    number: int
    what: str
    form: str
    rule: str
    place: str
    made: Callable[[], Gathered]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One fault of an edition file: a pattern and what takes its place, and what is said."""

    number: int
    what: str
    change: tuple[str, str]
    said: str


def table(*changes: Callable[[Batch], object], whole: bool = False) -> Callable[[], Gathered]:
    return lambda: told(("t.csv", long_csv(changed(*changes))), whole=whole)


def wide(
    *changes: Callable[[Batch], object], heads: dict[str, str] | None = None
) -> Callable[[], Gathered]:
    return lambda: told(("t.csv", wide_csv(changed(*changes), heads=heads)))


def book(
    change: Callable[[bytes], bytes] = lambda data: data, **options: object
) -> Callable[[], Gathered]:
    return lambda: told((NAME, change(workbook(sound(), "01", **options))))


def entry(code: str, key: str, given: object) -> Callable[[], Gathered]:
    return book(lambda data: with_entry(data, code, key, given))


def among_peers(*changes: Callable[[Batch], object]) -> Callable[[], Gathered]:
    """Hà Nội's workbook beside a table of everybody else."""

    def made() -> Gathered:
        batch = changed(*changes)
        others = {key: e for key, e in batch.items() if key[0] != "01"}
        return told((NAME, workbook(batch, "01")), ("others.csv", long_csv(others)))

    return made


def related(numerator: object, denominator: object) -> Callable[[], Gathered]:
    """Hà Nội's workbook with two columns more, filled for 2.1 (its value is 20)."""

    def change(opened: Workbook) -> None:
        sheet, head = values_sheet(opened), header_row(opened)
        last = sheet.max_column
        for place, (title, given) in enumerate(
            (("Tử số", numerator), ("Mẫu số", denominator)), last + 1
        ):
            sheet.cell(head, place).value = title
            sheet.cell(cell_of(opened, "2.1", "value").row, place).value = given

    return book(lambda data: edited(data, change))


def extra_row(data: bytes) -> bytes:
    data = with_repeated_row(data, "1.1", 7)
    return edited(
        data, lambda opened: values_sheet(opened).cell(values_sheet(opened).max_row, 1, "1.9")
    )


def as_texts(data: bytes) -> bytes:
    def change(opened: Workbook) -> None:
        for code in FRAMEWORK.codes[:3] + FRAMEWORK.codes[4:]:
            cell = cell_of(opened, code, "value")
            cell.value = str(cell.value)

    return edited(data, change)


_CELL = {code: address(workbook(sound(), "01"), code) for code in FRAMEWORK.codes}


def at(code: str) -> str:
    return f"{NAME} [Chỉ số!{_CELL[code]}]"


def code_at(code: str) -> str:
    return f"{NAME} [Chỉ số!A{_CELL[code][1:]}]"


def row(province: str, code: str, column: str = "C") -> str:
    """Where a cell stands in the long table."""
    return f"t.csv [{column}{2 + list(sound()).index((province, code))}]"


NO_FIGURES = dict.fromkeys(FRAMEWORK.codes)

FAULTS = (
    Fault(
        1,
        "decimal comma as text",
        TABLE,
        "V106",
        row("04", "1.1"),
        table(put("04", "1.1", value="63,5")),
    ),
    Fault(1, "decimal comma as text", BOOK, "V106", at("1.1"), entry("1.1", "value", "63,5")),
    Fault(2, "n/a typed", TABLE, "V306", row("04", "1.1"), table(put("04", "1.1", value="n/a"))),
    Fault(2, "n/a typed", BOOK, "V306", at("1.1"), entry("1.1", "value", "n/a")),
    Fault(3, "a whole column stored as text", TABLE, "V111", "t.csv", table(texts(1))),
    Fault(
        3, "a whole column stored as text", BOOK, "V111", NAME, book(as_texts, values={"1.4": None})
    ),
    Fault(
        4,
        "a percentage off by 100",
        TABLE,
        "B107",
        row("04", "1.1"),
        table(scaled("04", "1.1", 0.01)),
    ),
    Fault(
        4,
        "a percentage off by 100",
        BOOK,
        "B107",
        at("1.1"),
        among_peers(scaled("01", "1.1", 0.01)),
    ),
    Fault(
        5,
        "a percentage of 130",
        TABLE,
        "V201",
        row("04", "1.1"),
        table(put("04", "1.1", value="130")),
    ),
    Fault(5, "a percentage of 130", BOOK, "V201", at("1.1"), entry("1.1", "value", 130)),
    Fault(
        6, "a negative count", TABLE, "V201", row("04", "1.2"), table(put("04", "1.2", value="-12"))
    ),
    Fault(6, "a negative count", BOOK, "V201", at("1.2"), entry("1.2", "value", -12)),
    Fault(
        7,
        "a province twice",
        TABLE,
        "P103",
        "t.csv [A3]",
        lambda: told(("t.csv", b"province,1.1\n01,60\nHa Noi,61\n")),
    ),
    Fault(
        7,
        "a province twice",
        BOOK,
        "P103",
        NAME,
        lambda: told(*((name, workbook(sound(), "01")) for name in (NAME, "b.xlsx"))),
    ),
    Fault(
        8,
        "a province missing",
        TABLE,
        "P104",
        "",
        table(lambda batch: [batch.pop(("96", code)) for code in FRAMEWORK.codes], whole=True),
    ),
    Fault(
        8,
        "a province missing",
        BOOK,
        "P104",
        "",
        lambda: told((NAME, workbook(sound(), "01")), whole=True),
    ),
    Fault(9, "a misspelt code", TABLE, "C101", "t.csv [B1]", wide(heads={"1.1": "1.1x"})),
    Fault(9, "a misspelt code", BOOK, "C101", at("1.1"), entry("1.1", "code", "1.1x")),
    Fault(
        10, "a code with a trailing space", TABLE, "C104", "t.csv [B1]", wide(heads={"1.1": "1.1 "})
    ),
    Fault(
        10,
        "a code with a trailing space",
        BOOK,
        "C104",
        code_at("1.1"),
        entry("1.1", "code", "1.1 "),
    ),
    Fault(
        10,
        "a province's code with a trailing space",
        TABLE,
        "P110",
        "t.csv [A3]",
        wide(lambda batch: [batch["04", code].update(stated="04 ") for code in FRAMEWORK.codes]),
    ),
    Fault(
        11,
        "an indicator missing",
        TABLE,
        "B101",
        "",
        wide(lambda batch: [batch.pop((province, "2.3")) for province in CODES]),
    ),
    Fault(
        11,
        "an indicator missing",
        BOOK,
        "T107",
        f"{NAME} [Chỉ số]",
        book(lambda data: without_row(data, "2.3")),
    ),
    Fault(
        12,
        "a column too many",
        TABLE,
        "C101",
        "t.csv [I1]",
        wide(lambda batch: [batch.update({(p, "8.8"): {"value": "1"}}) for p in CODES]),
    ),
    Fault(12, "a row too many", BOOK, "C101", "", book(extra_row)),
    Fault(13, "two columns swapped", TABLE, "B109", "", table(swap_columns("1.4", "1.2"))),
    Fault(
        13,
        "two rows swapped",
        BOOK,
        "B108",
        at("1.4"),
        among_peers(
            put("01", "1.4", value="0.45"),
            put("01", "2.3", value="52"),
            swap(("01", "1.4"), ("01", "2.3")),
        ),
    ),
    Fault(
        14,
        "a zero denominator",
        TABLE,
        "V203",
        row("04", "2.1", "F"),
        table(put("04", "2.1", denominator="0")),
    ),
    Fault(
        14,
        "a zero denominator",
        BOOK,
        "V203",
        f"{NAME} [Chỉ số!L{_CELL['2.1'][1:]}]",
        related(200, 0),
    ),
    Fault(
        14,
        "a zero denominator, divided by",
        BOOK,
        "V104",
        at("2.1"),
        book(lambda data: with_stored_formula(data, "2.1", "1/0", "#DIV/0!", "e")),
    ),
    Fault(
        15,
        "a missing denominator",
        TABLE,
        "V204",
        row("04", "2.1", "F"),
        table(put("04", "2.1", denominator="")),
    ),
    Fault(
        15,
        "a missing denominator",
        BOOK,
        "V204",
        f"{NAME} [Chỉ số!L{_CELL['2.1'][1:]}]",
        related(200, None),
    ),
    Fault(16, "a constant indicator", TABLE, "B103", "", table(everywhere("2.3", value="41"))),
    Fault(17, "an indicator without data", TABLE, "B101", "", table(without(None, "2.3"))),
    Fault(
        18,
        "a region without data for one indicator",
        TABLE,
        "B102",
        "",
        table(*holes("75", "79", "80")),
    ),
    Fault(19, "a province without data", TABLE, "P108", "", table(without("04"))),
    Fault(19, "a province without data", BOOK, "P108", NAME, book(values=NO_FIGURES, evidence={})),
)

# Of the edition that comes with pii: what is changed in it, and what the refusal must say.
REFUSED = (
    Refusal(
        20,
        "a negative weight",
        (r"weights: \{\}", 'weights: {"1.1.1": -1}'),
        "weight of 1.1.1 is -1; give a number of 0 or more",
    ),
    Refusal(
        21,
        "a pillar with all weights zero",
        (r"weights: \{\}", 'weights: {"1.1": 0, "1.2": 0}'),
        "all weights under 1 are zero; give at least one a weight above 0",
    ),
    Refusal(
        22,
        "a direction forgotten",
        ("    direction: higher\n", ""),
        "indicators.0.direction is missing; add it",
    ),
    Refusal(
        23,
        "an indicator under an unknown pillar",
        ('parent: "1.1"\n    name_vi', 'parent: "1.9"\n    name_vi'),
        "1.1.1 is an orphan: no group has the code 1.9; correct `parent` or add the group",
    ),
)


def test_all_23_are_here() -> None:
    assert {fault.number for fault in (*FAULTS, *REFUSED)} == set(range(1, 24))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.number}-{f.form}-{f.rule}")
def test_a_fault_of_data_is_found_at_its_cell_with_its_remedy(fault: Fault) -> None:
    found = [finding for finding in fault.made().findings if finding.rule == fault.rule]
    assert found
    if fault.place:
        assert [str(finding.place) for finding in found].count(fault.place) >= 1
    for finding in found:
        for lang in ("vi", "en"):
            assert finding.parts(lang)[2].endswith(".")  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", REFUSED, ids=lambda f: f"{f.number}")
def test_a_fault_of_the_edition_is_refused_with_line_and_remedy(
    fault: Refusal, tmp_path: Path
) -> None:
    whole = (ROOT / "indicators.yaml").read_text("utf-8")
    text, count = re.subn(*fault.change, whole, count=1)
    assert count == 1
    path = tmp_path / "edition.yaml"
    path.write_text(text, "utf-8")
    said = rf"edition\.yaml, line \d+, column \d+: {re.escape(fault.said)}"
    with pytest.raises(DefinitionError, match=said):
        load_edition(path)


def test_the_sound_batch_has_none_of_them() -> None:
    assert told(("t.csv", long_csv(sound())), whole=True).findings == ()
    assert told((NAME, workbook(sound(), "01"))).findings == ()


MANY = changed(
    put("04", "1.1", value="63,5"),
    put("08", "1.1", value="n/a"),
    texts(1),
    scaled("11", "1.1", 0.01),
    put("12", "1.1", value="130"),
    put("14", "1.2", value="-12"),
    lambda batch: [batch["15", code].update(stated="15 ") for code in FRAMEWORK.codes],
    lambda batch: batch["19", "1.1"].update(code="1.1x"),
    lambda batch: batch["20", "1.1"].update(code="1.1 "),
    put("22", "2.1", denominator="0"),
    put("24", "2.1", denominator=""),
    *(without(province, "1.3") for province in ("75", "79", "80")),
    without(None, "1.4"),
    lambda batch: [batch.pop(("96", code)) for code in FRAMEWORK.codes],
    everywhere("2.2", value="77", numerator="", denominator=""),
    without("25"),
)
IN_ONE_PASS = {
    "V106", "V306", "V111", "B107", "V201", "P110", "C101", "C104", "V203", "V204", "B102", "B101",
    "P104", "P108", "B103",
}  # fmt: skip


def test_all_faults_of_a_batch_come_in_one_pass() -> None:
    found = told(("t.csv", long_csv(MANY)), whole=True).findings
    assert {finding.rule for finding in found} >= IN_ONE_PASS
    cells: set[tuple[str, str]] = {(f.rule, f.province) for f in found}
    assert {("V106", "04"), ("V306", "08"), ("B107", "11"), ("V201", "12"), ("V201", "14"),
            ("P110", "15"), ("C101", "19"), ("V203", "22"), ("V204", "24"), ("P108", "25"),
            ("P104", "96")} <= cells  # fmt: skip
    assert all(f.place.cell for f in found if f.rule in ("V106", "V306", "V201", "V203", "C101"))


# ------------------------------------------------------------------------------- docs/faults.md


def faults_page() -> str:
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# The 23 ordinary faults of a submission, and what finds each"
    yield ""
    yield "*Generated by `python -m tests.test_23_faults`; a test fails when it is out of date.*"
    yield ""
    yield "| | fault | as | found by | severity | what is said (one example) |"
    yield "|---|---|---|---|---|---|"
    for fault in FAULTS:
        one = _first(fault)
        severity = RULES[fault.rule].severity.value
        there, _, remedy = one.parts("en")
        where = f"`{one.place}`: " if one.place.file else ""
        how = f"{fault.form} | {fault.rule} | {severity} | {where}{there}. {remedy}"
        yield f"| {fault.number} | {fault.what} | {how} |"
    for refusal in REFUSED:
        how = f"edition file | refused | exit code 2 | file, line, column: {refusal.said}."
        yield f"| {refusal.number} | {refusal.what} | {how} |"


def _first(fault: Fault) -> Finding:
    found = [finding for finding in fault.made().findings if finding.rule == fault.rule]
    return next((f for f in found if str(f.place) == fault.place), found[0])


def test_docs_faults_is_up_to_date() -> None:
    assert (ROOT / "docs/faults.md").read_text("utf-8") == faults_page()


def test_errors_among_them_stop_a_run() -> None:
    stops = {f.number for f in FAULTS if RULES[f.rule].severity is Severity.ERROR}
    assert {5, 6, 7, 9, 12, 14, 19} <= stops


if __name__ == "__main__":
    sys.stdout.write(faults_page())

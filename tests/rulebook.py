"""Two cases for every rule: one that breaks it, and one, as near as can be, that passes.

`tests/test_rules.py` walks the table of rules and refuses one without both.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from pii.checks import checked
from pii.findings import Finding
from pii.framework import Framework, Sum, Variable
from pii.intake import layout
from pii.intake.files import InputFile
from pii.intake.template import template_workbook
from pii.intake.workbook import read_workbook
from pii.intake.workers import _lost, read_files
from pii.matrix import matrix_of
from pii.method import Denomination, Screening, Treatment
from pii.pipeline import compute, computed_findings
from pii.report.live import live_sheets
from tests import corpus
from tests.batches import (
    CODES,
    FRAMEWORK,
    Batch,
    changed,
    column,
    earlier,
    everywhere,
    findings_of,
    number,
    put,
    sound,
    told,
    without,
    workbook,
)
from tests.preview.test_estimate import reference_to
from tests.small import (
    PROVINCES,
    small_framework,
    small_list,
    small_method,
    small_outcome,
    small_values,
)
from tests.workbooks import (
    edited,
    with_entry,
    with_header,
    with_hidden_fact,
    with_number_format,
    with_province_line,
    with_repeated_row,
    with_stored_formula,
    without_row,
    without_sheet,
)

Said = Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Case:
    breaks: Said
    passes: Said


FILE = "01-ha-noi.xlsx"


def book(change: Callable[[bytes], bytes] = lambda data: data, **options: Any) -> Said:
    """Hà Nội's workbook after a change."""
    name = options.pop("name", FILE)
    return lambda: told((name, change(workbook(sound(), "01", **options)))).findings


def entry(code: str, key: str, given: Any) -> Said:
    return book(lambda data: with_entry(data, code, key, given))


def table(*changes: Callable[[Batch], object], **options: Any) -> Said:
    return lambda: findings_of(changed(*changes), **options)


def raw(text: str, name: str = "figures.csv", **options: Any) -> Said:
    return lambda: told((name, text.encode()), **options).findings


def year_on(
    *changes: Callable[[Batch], object], before: Callable[[Batch], object] | None = None, **o: Any
) -> Said:
    """A batch after changes, against a year before in which everything was a little smaller."""

    def said() -> Iterable[Finding]:
        then = earlier(sound())
        if before:
            before(then)
        return findings_of(changed(*changes), past=[then], **o)

    return said


def wide(text: str) -> Said:
    """A wide table in which Hà Nội's figures stand."""
    return raw(text)


WIDE = "province,1.1,1.2,1.3,1.4,2.1,2.2,2.3\n"
ROW = "60,1200,5,0.3,20,60,41\n"


def plain_book(*titles: str) -> bytes:
    """A table as a workbook; its second sheet, where there is one, holds something too."""
    made = Workbook()
    made.active.append(["province", "1.1"])  # type: ignore[union-attr]
    made.active.append(["01", 60])  # type: ignore[union-attr]
    for title in titles:
        made.create_sheet(title).append(["x"])
    data = BytesIO()
    made.save(data)
    return data.getvalue()


def central(value: str, code: str = "1.4") -> Said:
    """Hà Nội's workbook (1.4 is 0.3) beside a table of a central agency."""
    agency = ("central.csv", f"province,{code}\n01,{value}\n".encode())
    return lambda: told((FILE, workbook(sound(), "01")), central=[agency]).findings


def copy_row(source: str, target: str, share: int = 7) -> Callable[[Batch], object]:
    def change(batch: Batch) -> None:
        for code in FRAMEWORK.codes[:share]:
            batch[target, code] = dict(batch[source, code])

    return change


def swap(one: tuple[str, str], other: tuple[str, str]) -> Callable[[Batch], object]:
    def change(batch: Batch) -> None:
        here, there = batch[one]["value"], batch[other]["value"]
        batch[one] = {"value": there}
        batch[other] = {"value": here}

    return change


def swap_columns(one: str, other: str) -> Callable[[Batch], object]:
    def change(batch: Batch) -> None:
        for province in CODES:
            swap((province, one), (province, other))(batch)

    return change


def scaled(province: str, code: str, factor: float) -> Callable[[Batch], object]:
    def change(batch: Batch) -> None:
        value = float(f"{number(batch, province, code) * factor:.10g}")
        batch[province, code] = {"value": repr(value)}

    return change


def texts(share: float) -> Callable[[Batch], object]:
    """2.3 typed with decimal commas, which a table separated by commas holds as text."""

    def change(batch: Batch) -> None:
        cells = column(batch, "2.3")
        for _, cell in cells[: int(share * len(cells))]:
            cell["value"] = f"{float(cell['value']):.2f}".replace(".", ",")

    return change


def rounded_to(values: Mapping[int, str], code: str = "2.3") -> Callable[[Batch], object]:
    def change(batch: Batch) -> None:
        for i, (_, cell) in enumerate(column(batch, code)):
            cell["value"] = values[i % len(values)]

    return change


SHARES = replace(FRAMEWORK, sums=(Sum(("2.1", "2.2"), 100.0),))
TOTAL = replace(FRAMEWORK, sums=(Sum(("1.1", "2.1"), "2.3"),))


def hanoi(code: str, value: str, framework: Framework) -> Said:
    """Hà Nội alone in a table: 1.1 is 60, 2.1 is 20, and one more as given."""

    def said() -> Iterable[Finding]:
        row = {key: e for key, e in changed(put("01", code, value=value)).items() if key[0] == "01"}
        return findings_of(row, framework=framework)

    return said


def same_as_before(count: int) -> Said:
    """Hà Nội's figures, so many of them exactly last year's."""

    def said() -> Iterable[Finding]:
        then, now = earlier(sound()), sound()
        for code in FRAMEWORK.codes[:count]:
            now["01", code] = dict(then["01", code])
        return findings_of(now, past=[then])

    return said


def other_s_last_year(count: int) -> Said:
    def said() -> Iterable[Finding]:
        then, now = earlier(sound()), sound()
        for code in FRAMEWORK.codes[:count]:
            now["01", code] = dict(then["04", code])
        return findings_of(now, past=[then])

    return said


def frozen(share: int) -> Said:
    """2.3 of so many provinces exactly as last year."""

    def said() -> Iterable[Finding]:
        then, now = earlier(sound()), sound()
        for province in CODES[:share]:
            now[province, "2.3"] = dict(then[province, "2.3"])
        return findings_of(now, past=[then])

    return said


def ties(rest: float) -> Callable[[Batch], object]:
    return everywhere("2.3", value=repr(rest))


SOUTH_EAST = ("75", "79", "80")


def holes(*provinces: str) -> list[Callable[[Batch], object]]:
    return [without(province, "2.3") for province in provinces]


AVAILABLE = Screening("availability", present=0.7)
BY_HEAD = {"2.1.2": Denomination("POP")}
UNTAMED = Treatment("gii", points=0, otherwise="none")
BY_POPULATION = Variable("POP", "denominator", "Dân số", "Population")


def met(population: float = 5.0, outlier: float | None = None, **choices: Any) -> Said:
    """What computing the small edition meets under a method of these choices."""

    def said() -> Iterable[Finding]:
        framework, method = small_framework(variables=(BY_POPULATION,)), small_method(**choices)
        values = small_values()
        if outlier is not None:
            values[:, 4] = [outlier, 1.0, 2.0, 3.0, 4.0, 5.0]
        sizes = [population, 2.0, 3.0, 4.0, 5.0, 6.0]
        matrix = matrix_of(values, PROVINCES, framework, {"POP": sizes})
        scores = compute(matrix, framework, method)
        return computed_findings(matrix, framework, method, scores)

    return said


CASES: dict[str, Case] = {
    "T102": Case(book(lambda data: without_sheet(data, layout.HIDDEN)), book()),
    "T103": Case(book(lambda data: with_hidden_fact(data, layout.EDITION, "2019")), book()),
    "T104": Case(book(lambda data: with_hidden_fact(data, layout.VERSION, "0")), book()),
    "T105": Case(book(lambda data: with_header(data, "value", "Số")), book()),
    "T106": Case(entry("1.1", "unit", "phần nghìn"), entry("1.1", "unit", "  % ")),
    "T107": Case(book(lambda data: without_row(data, "1.1")), entry("1.1", "value", None)),
    "T108": Case(central("0.31"), central("0.3")),
    "T109": Case(entry("1.4", "value", 0.31), entry("1.1", "value", 60.5)),
    "T110": Case(raw("tỉnh,1.1\n01,60\n"), raw("province,1.1\n01,60\n")),
    "T111": Case(
        lambda: told(("table.xlsx", plain_book("more"))).findings,
        lambda: told(("table.xlsx", plain_book())).findings,
    ),
    "P101": Case(wide(f"{WIDE}99,{ROW}"), wide(f"{WIDE}01,{ROW}")),
    "P102": Case(wide(f"{WIDE},{ROW}"), wide(f"{WIDE}01,{ROW}")),
    "P103": Case(
        lambda: told(*((name, workbook(sound(), "01")) for name in (FILE, "02.xlsx"))).findings,
        lambda: (
            told((FILE, workbook(sound(), "01")), ("04.xlsx", workbook(sound(), "04"))).findings
        ),
    ),
    "P104": Case(
        lambda: findings_of({k: e for k, e in sound().items() if k[0] != "96"}, whole=True),
        lambda: findings_of(sound(), whole=True),
    ),
    "P105": Case(
        book(lambda data: with_province_line(data, layout.VALUES, "04 – Cao Bằng")),
        book(lambda data: with_province_line(data, layout.VALUES, "01 – HA NOI")),
    ),
    "P106": Case(
        raw("province,name,1.1\n15,Yên Bái,60\n"), raw("province,name,1.1\n15,Lào Cai,60\n")
    ),
    "P107": Case(book(name="04-cao-bang.xlsx"), book(name="ha noi (2).xlsx")),
    "P108": Case(
        book(values=dict.fromkeys(FRAMEWORK.codes), evidence={}),
        book(values=dict.fromkeys(FRAMEWORK.codes[:-1]), evidence={}),
    ),
    "P109": Case(
        book(values=dict.fromkeys(("2.1", "2.2", "2.3"))),
        book(values=dict.fromkeys(("2.1", "2.2"))),
    ),
    "P110": Case(wide(f"{WIDE}01 ,{ROW}"), wide(f"{WIDE}Hà Nội,{ROW}")),
    "C101": Case(raw("province,1.9\n01,60\n"), raw("province,1.1\n01,60\n")),
    "C102": Case(book(lambda data: with_repeated_row(data, "1.1", 61)), book()),
    "C103": Case(central("60", "1.1"), central("0.3", "1.4")),
    "C104": Case(raw("province,1.1 ,1.2\n01,60,9\n"), raw("province,1.1,1.2\n01,60,9\n")),
    "V101": Case(table(without("01", "1.1")), table(put("01", "1.1", value="0"))),
    "V102": Case(entry("1.1", "value", "khoảng 60"), entry("1.1", "value", "60,5")),
    "V103": Case(entry("2.3", "value", "1.234"), entry("2.3", "value", "1.234,5")),
    "V104": Case(
        book(lambda data: with_stored_formula(data, "1.1", "1/0", "#DIV/0!", "e")),
        book(lambda data: with_stored_formula(data, "1.1", "120/2", "60")),
    ),
    "V105": Case(
        entry("1.1", "value", "=120/2"),
        book(lambda data: with_stored_formula(data, "1.1", "120/2", "60")),
    ),
    "V106": Case(entry("1.1", "value", "60,5"), entry("1.1", "value", 60.5)),
    "V107": Case(
        book(lambda data: with_stored_formula(data, "1.1", "120/2", "60")),
        entry("1.1", "value", 60),
    ),
    "V108": Case(table(without("01", "1.4")), table(without("01", "1.1"))),
    "V109": Case(
        book(lambda data: with_number_format(data, "1.1", 0.6, "0%")),
        book(lambda data: with_number_format(data, "1.1", 60, '0.0" %"')),
    ),
    "V110": Case(
        book(lambda data: with_stored_formula(data, "1.1", "[1]Sheet1!A1", "60")),
        book(lambda data: with_stored_formula(data, "1.1", "Table1[a]", "60")),
    ),
    "V111": Case(table(texts(1)), table(texts(0.9))),
    "V201": Case(entry("1.1", "value", 100.5), entry("1.1", "value", 100)),
    "V202": Case(
        table(put("04", "2.1", numerator="999")),
        # rounded to the digits typed
        table(put("04", "2.1", value="21", numerator="214.9")),
    ),
    "V203": Case(
        table(put("04", "2.1", denominator="0")), table(put("04", "2.1", denominator="1e3"))
    ),
    "V204": Case(
        table(put("04", "2.1", denominator="")),
        table(put("04", "2.1", numerator="", denominator="")),
    ),
    "V205": Case(
        table(put("04", "2.1", denominator="nghìn")), table(put("04", "2.1", denominator="1000,0"))
    ),
    "V206": Case(hanoi("2.3", "85", TOTAL), hanoi("2.3", "80", TOTAL)),
    "V207": Case(hanoi("2.2", "90", SHARES), hanoi("2.2", "80", SHARES)),
    "E101": Case(book(evidence={}), book()),
    "E102": Case(book(evidence={"1.3": "có, kèm theo"}), book(evidence={"1.3": "CV 12"})),
    "Y101": Case(entry("1.1", "data_year", 2022), entry("1.1", "data_year", 2024)),
    "Y102": Case(entry("1.1", "data_year", 2026), entry("1.1", "data_year", 2025)),
    "Y103": Case(entry("1.1", "data_year", 2021), entry("1.1", "data_year", 2022)),
    "Y104": Case(same_as_before(6), same_as_before(3)),
    "Y105": Case(same_as_before(1), frozen(20)),
    "Y106": Case(year_on(scaled("04", "2.3", 1.9)), year_on(scaled("04", "2.3", 1.1))),
    "Y107": Case(year_on(scaled("04", "1.2", 10)), year_on(scaled("04", "1.2", 1.1))),
    "Y108": Case(year_on(scaled("04", "2.3", -1)), year_on()),
    "Y109": Case(frozen(34), frozen(33)),
    "Y110": Case(other_s_last_year(6), other_s_last_year(3)),
    "Y111": Case(
        year_on(without("04", "1.1")),
        year_on(without("04", "1.1"), before=lambda then: then.pop(("04", "1.1"))),
    ),
    "B101": Case(table(without(None, "2.3")), table(*holes(*CODES[1:]))),
    "B102": Case(table(*holes(*SOUTH_EAST)), table(*holes(*SOUTH_EAST[:2]))),
    "B103": Case(table(ties(41)), table(ties(41), put("96", "2.3", value="42"))),
    "B104": Case(
        table(rounded_to({0: "41", 1: "42", 2: "43", 3: "44"})),
        table(rounded_to({0: "41", 1: "42", 2: "43", 3: "44", 4: "45"})),
    ),
    "B105": Case(table(scaled("04", "2.3", 3)), table(scaled("04", "2.3", 1.3))),
    "B106": Case(table(scaled("04", "1.2", 1000)), table(scaled("04", "1.2", 1.5))),
    "B107": Case(table(scaled("04", "1.1", 0.01)), table(scaled("04", "1.1", 0.9))),
    "B108": Case(
        table(swap(("04", "1.4"), ("04", "2.3"))), table(swap(("04", "1.1"), ("04", "2.2")))
    ),
    "B109": Case(table(swap_columns("1.4", "1.2")), table(swap_columns("1.1", "2.2"))),
    "B110": Case(table(copy_row("01", "04", 6)), table(copy_row("01", "04", 3))),
    "B111": Case(
        table(lambda batch: [batch[p, "2.3"].update(batch[p, "1.2"]) for p in CODES]),
        table(lambda batch: [batch[p, "2.3"].update(batch[p, "1.2"]) for p in CODES[1:]]),
    ),
    "B112": Case(
        table(scaled("04", "2.3", -1)), table(scaled("04", "2.3", -1), scaled("08", "2.3", -1))
    ),
    "B113": Case(table(put("04", "2.3", value="0")), table(put("04", "2.3", value="39.5"))),
    "V307": Case(
        book(lambda data: with_number_format(data, "1.1", 60, '"1"0')),
        book(lambda data: with_number_format(data, "1.1", 60, '0.0" %"')),
    ),
    "B114": Case(
        table(*(scaled(p, "1.2", 1e3) for p in CODES[::2])),
        table(*(scaled(p, "1.2", 5) for p in CODES[::2])),
    ),
    "M101": Case(met(screening=AVAILABLE), met(screening=replace(AVAILABLE, present=0.6))),
    "M102": Case(met(population=0.0, denomination=BY_HEAD), met(denomination=BY_HEAD)),
    "M103": Case(
        met(outlier=1e9, treatment=UNTAMED), met(outlier=1e9, treatment=replace(UNTAMED, points=5))
    ),
}


# ---- files that are refused, and what the reader notices: one file of the corpus for each -------


def of_corpus(case: corpus.Case | None) -> Said:
    """What is told of a file of the corpus; None: of the sound one."""

    def said() -> tuple[Finding, ...]:
        name = case.file if case else "46-hue.xlsx"
        file = InputFile(name, case.build() if case else corpus.good())
        ((submissions, own),) = read_files([file], corpus.framework())
        return (*own, *checked(submissions, corpus.framework(), None, whole=False)[1])

    return said


_CORPUS = {case.outcome: case for case in corpus.cases()}


def live(change: Callable[[Any], object]) -> Said:
    """A template with a live preview, saved after a change."""

    def said() -> Iterable[Finding]:
        outcome = small_outcome()
        reference = reference_to(outcome)
        sheets = live_sheets(outcome.framework, small_list().provinces[0], {}, reference)
        data = template_workbook(outcome.framework, small_list().provinces[0], {}, live=sheets)
        return read_workbook(edited(data, change), "x.xlsx", outcome.framework)[1]

    return said


CASES["T206"] = Case(
    live(lambda book: setattr(book[layout.FROZEN]["E3"], "value", 7.5)), live(lambda book: None)
)
CASES |= {
    code: Case(of_corpus(case), of_corpus(None))
    for code, case in _CORPUS.items()
    if code not in CASES and code != corpus.ACCEPT
}
# No known file ends a child process that the guard let pass: tests/intake/test_workers.py ends one.
CASES["F125"] = Case(lambda: (_lost("x.xlsx", late=True),), of_corpus(None))

"""A small edition with a sound batch for all 34 provinces, as tables and as workbooks.

A batch is a dictionary that a test changes in one place before it is written down.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from io import StringIO
from typing import Any

from pii.checks.past import Past
from pii.findings import Finding
from pii.framework import Framework
from pii.intake.files import InputFile
from pii.intake.registry import provinces_on
from pii.scoring import Gathered, Inputs, gather
from tests.strategies import leaf, tree
from tests.workbooks import filled

PROVINCES = provinces_on(date(2025, 7, 1))
CODES = tuple(province.code for province in PROVINCES)

PERCENT = {"unit_vi": "%", "unit_en": "%", "bounds": (0.0, 100.0)}
FRAMEWORK: Framework = tree(
    [("X", "index", None), ("1", "pillar", "X"), ("2", "pillar", "X")],
    [
        leaf("1.1", "1", **PERCENT),
        leaf("1.2", "1", bounds=(0.0, None)),
        leaf("1.3", "1", bounds=(0.0, None), evidence=True),
        leaf("1.4", "1", supplier="central", bounds=(0.0, 1.0), unit_vi="0–1", unit_en="0–1"),
        leaf("2.1", "2", **PERCENT),
        leaf("2.2", "2", **PERCENT),
        leaf("2.3", "2"),
    ],
    id="case",
    provinces_on=date(2025, 7, 1),
)
# By indicator: lowest value, step, stride (prime to 34, so that no two columns go together).
_SOUND = {
    "1.1": (60.0, 0.5, 7),
    "1.2": (1200.0, 40.0, 11),
    "1.3": (5.0, 0.1, 5),
    "1.4": (0.3, 0.01, 13),
    "2.1": (20.0, 0.5, 3),
    "2.2": (60.0, 0.5, 31),
    "2.3": (41.0, 0.7, 15),
}

Entry = dict[str, Any]
Batch = dict[tuple[str, str], Entry]


def sound() -> Batch:
    """A value for every province and indicator; 2.1 and 2.2 have numerator and denominator."""
    batch: Batch = {}
    for i, province in enumerate(CODES):
        for code, (low, step, stride) in _SOUND.items():
            value = float(f"{low + step * (i * stride % 34):.10g}")
            entry: Entry = {"value": repr(value), "data_year": 2024}
            if code in ("2.1", "2.2"):
                entry |= {"numerator": repr(value * 10), "denominator": "1000"}
            batch[province, code] = entry
    return batch


def number(batch: Batch, province: str, code: str) -> float:
    return float(batch[province, code]["value"])


def column(batch: Batch, code: str) -> list[tuple[str, Entry]]:
    return [(province, batch[province, code]) for province in CODES if (province, code) in batch]


HEAD = ("indicator", "province", "value", "data_year", "numerator", "denominator")


def long_csv(batch: Batch, mark: str = ",") -> bytes:
    text = StringIO()
    table = csv.writer(text, delimiter=mark, lineterminator="\n")
    table.writerow(HEAD)
    for (province, code), entry in batch.items():
        stated = entry.get("stated", province), entry.get("code", code)
        table.writerow([stated[1], stated[0], *(entry.get(key, "") for key in HEAD[2:])])
    return text.getvalue().encode()


def wide_csv(batch: Batch, mark: str = ",", heads: Mapping[str, str] | None = None) -> bytes:
    """heads : what stands over a column, where it is not its code."""
    codes = list(dict.fromkeys(code for _, code in batch))
    text = StringIO()
    table = csv.writer(text, delimiter=mark, lineterminator="\n")
    table.writerow(["province", *((heads or {}).get(code, code) for code in codes)])
    for province in dict.fromkeys(province for province, _ in batch):
        row = [batch.get((province, code), {}).get("value", "") for code in codes]
        table.writerow([batch[province, codes[0]].get("stated", province), *row])
    return text.getvalue().encode()


@cache
def _place(code: str) -> Any:
    return PROVINCES.by_code[code]


def workbook(
    batch: Batch, province: str, framework: Framework = FRAMEWORK, **changes: Any
) -> bytes:
    """The template of a province, filled from the batch; `changes` as in `workbooks.filled`."""
    values = {
        code: float(batch[province, code]["value"])
        for code in framework.codes
        if batch.get((province, code), {}).get("value")
    }
    values |= changes.pop("values", {})
    given = {"evidence": {"1.3": "Số 12/BC-SKHCN"}} | changes
    kept = {code: x for code, x in values.items() if x is not None}
    return filled(framework, _place(province), kept, **given)


def told(
    *files: tuple[str, bytes],
    framework: Framework = FRAMEWORK,
    past: Sequence[Batch] = (),
    whole: bool | None = False,
    central: Sequence[tuple[str, bytes]] = (),
) -> Gathered:
    """What is gathered from files, against earlier batches."""
    inputs = Inputs(
        tuple(InputFile(name, data) for name, data in files),
        tuple(InputFile(name, data) for name, data in central),
    )
    earlier = [Past("past", {k: float(e["value"]) for k, e in b.items()}) for b in past]
    return gather(inputs, framework, PROVINCES, whole=whole, past=earlier)


def findings_of(batch: Batch, **options: Any) -> tuple[Finding, ...]:
    """What is said of a batch that came as one long table."""
    return told(("figures.csv", long_csv(batch)), **options).findings


Change = Callable[[Batch], object]


def changed(*changes: Change) -> Batch:
    batch = sound()
    for change in changes:
        change(batch)
    return batch


def put(province: str, code: str, **entry: Any) -> Change:
    """Another value, year, numerator or denominator in one cell."""
    return lambda batch: batch[province, code].update(entry)


def everywhere(code: str, **entry: Any) -> Change:
    return lambda batch: [e.update(entry) for _, e in column(batch, code)]


def without(province: str | None = None, code: str | None = None) -> Change:
    """No value: in one cell, in a row, or in a column; the row of the table stays."""

    def change(batch: Batch) -> None:
        for (p, c), entry in batch.items():
            if province in (None, p) and code in (None, c):
                entry["value"] = ""
                entry.pop("numerator", None)
                entry.pop("denominator", None)

    return change


def earlier(batch: Batch, growth: float = 1.03) -> Batch:
    """The year before: everything a little smaller, by a little more or less."""
    then: Batch = {}
    for n, ((province, code), entry) in enumerate(batch.items()):
        value = float(entry["value"]) / (growth + 0.001 * (n % 17))
        then[province, code] = {"value": repr(float(f"{value:.6g}"))}
    return then

"""What should be true of submissions: every breach is a finding, and all are collected."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import isfinite

from pii.checks.batch import own_faults, side_by_side
from pii.checks.codes import unknown
from pii.checks.facts import named
from pii.checks.past import Past, against_past
from pii.checks.related import parts_of_ratios, ratios, sums
from pii.decimals import Ambiguous, as_typed, in_words, read_decimal
from pii.findings import Finding, in_order
from pii.framework import Framework, Indicator, Variable
from pii.provinces import ProvinceList, folded
from pii.submission import HOLES, Kind, Observation, Place, Status, Submission, stated_hole

_PERCENT_VI = " Nếu muốn nói 12,5 %, hãy nhập 12,5 chứ không phải 0,125 hay 1250."
_PERCENT_EN = " For 12.5 %, type 12.5 and not 0.125 or 1250."

OLD = 2
"""Years that a figure may lag behind without being called old: some surveys, such as that of R&D,
are held every second year."""

_OUTSIDE = re.compile(
    r"\[(?:\d+|[^\[\]]*\.xl\w*)\]|https?:|file:|WEBSERVICE\(|\\\\|\b[A-Z]:\\", re.IGNORECASE
)
_EMPTY_WORDS = frozenset(
    (
        "co", "cokemtheo", "kemtheo", "dinhkem", "minhchung", "vanban", "baocao", "x", "xx", "ok",
        "yes", "none", "na", "khong", "chuaco", "attached", "evidence", "document", "report",
    )
)  # fmt: skip

Checked = tuple[tuple[Submission, ...], tuple[Finding, ...]]
Central = Mapping[tuple[str, str], Observation]


def checked(
    submissions: Sequence[Submission],
    framework: Framework,
    provinces: ProvinceList | None,
    *,
    central: Central | None = None,
    whole: bool | None = True,
    heard: Collection[str] = (),
) -> Checked:
    """Raw submissions as understood ones, with every finding, in order.

    provinces : the list that counts; None where the framework ranks any units by name.
    central : figures of central agencies by (province, indicator); they stand where a
        submission is silent, and a submission that contradicts them is at fault.
    whole : whether a province of the list that is not heard of is a finding; None: where more
        than one came.
    heard : provinces whose files came, although they could not be read.
    """
    findings: list[Finding] = []
    understood: list[Submission] = []
    for submission in submissions:
        settled, faults = _settle_province(submission, provinces)
        findings += faults
        if settled is not None:
            cells, faults = _check_cells(settled, framework, central or {})
            findings += faults
            understood.append(cells)
    findings += _twice(understood, provinces)
    if whole or (whole is None and len(understood) > 1):
        findings += _absent({*heard, *(s.province for s in understood)}, provinces)
    return tuple(understood), in_order(findings)


def compared(
    submissions: Sequence[Submission],
    framework: Framework,
    provinces: ProvinceList | None,
    past: Sequence[Past] = (),
) -> tuple[Finding, ...]:
    """What shows when understood submissions are looked at whole and side by side, in order.

    past : figures of earlier years, latest first.
    """
    findings: list[Finding] = []
    for submission in submissions:
        findings += own_faults(submission, framework, provinces)
        findings += parts_of_ratios(submission.observations)
        findings += sums(submission, framework)
    findings += ratios(submissions)
    established = past[0].values if past else {}
    findings += side_by_side(submissions, framework, provinces, established)
    if past:
        findings += against_past(submissions, framework, provinces, past)
    return in_order(findings)


def _settle_province(
    submission: Submission, provinces: ProvinceList | None
) -> tuple[Submission | None, list[Finding]]:
    stated = submission.province.strip()
    if not stated:
        return None, [Finding("P102", submission.place)]
    if provinces is None:
        return _of(submission, stated), []
    province = provinces.find(stated)
    if province is None:
        facts = {"found": stated, "count": str(len(provinces)), "on": str(provinces.on)}
        return None, [Finding("P101", submission.place, facts=facts)]
    if submission.name and provinces.find(submission.name) is not province:
        facts = {
            "code": province.code,
            "expected_vi": province.name_vi,
            "expected_en": province.name_en,
            "on": str(provinces.on),
            "found": submission.name,
        }
        return None, [Finding("P106", submission.place, facts=facts)]
    return _of(submission, province.code), list(_stray(submission, province.code, provinces))


def _stray(submission: Submission, code: str, provinces: ProvinceList) -> Iterator[Finding]:
    """Spaces around the province: harmless here, not where tables are joined by it."""
    if submission.province != submission.province.strip():
        facts = {
            "found": submission.province.replace(" ", "␣"),
            "code": code,
            **named("province", code, provinces),
        }
        yield Finding("P110", submission.place, code, facts=facts)


def _of(submission: Submission, province: str) -> Submission:
    cells = tuple(replace(cell, province=province) for cell in submission.observations)
    return replace(submission, province=province, observations=cells)


def _check_cells(
    submission: Submission, framework: Framework, central: Central
) -> tuple[Submission, list[Finding]]:
    findings: list[Finding] = []
    cells: dict[str, Observation] = {}
    seen: dict[str, list[Observation]] = {}
    for cell in submission.observations:
        seen.setdefault(cell.indicator, []).append(cell)
    variables = {variable.code: variable for variable in framework.variables}
    beside: dict[str, Observation] = {}
    for code, same in seen.items():
        if code in variables:
            beside[code], faults = _beside(same[0], variables[code])
            findings += faults
            if len(same) > 1:
                findings.append(_code_twice(code, same))
            continue
        if code not in framework.codes:
            findings += [_unknown_code(cell, framework) for cell in same]
            continue
        if len(same) > 1:
            findings.append(_code_twice(code, same))
        cells[code] = same[0]
    for indicator in framework.indicators:
        given = cells.get(indicator.code) or Observation(
            submission.province, indicator.code, Place(submission.place.file)
        )
        cell, faults = understood(given, indicator)
        if not submission.edition:  # a table has nowhere to put a reference
            faults = [fault for fault in faults if fault.rule != "E101"]
        agency = central.get((submission.province, indicator.code))
        if agency is not None and indicator.supplier == "central":
            cell, faults = _with_central(cell, agency, faults)
        findings += faults
        cells[indicator.code] = cell
    ordered = tuple(cells[code] for code in framework.codes)
    for code in variables:
        agency = central.get((submission.province, code))
        if agency is not None:
            beside[code] = agency
    travelling = tuple(beside[code] for code in variables if code in beside)
    return replace(submission, observations=ordered, variables=travelling), findings


def _beside(cell: Observation, variable: Variable) -> tuple[Observation, list[Finding]]:
    """A cell of a variable as its value, or as its label; blank where there is none."""
    if cell.kind is Kind.BLANK:
        return cell, []
    if variable.kind == "group":
        return replace(cell, text=cell.text.strip(), status=Status.VALUE), []
    meant = read_decimal(cell.text) if cell.kind is Kind.TEXT else None
    if cell.kind is Kind.NUMBER:  # written by a machine: 428.697 is no thousands
        meant = Decimal(repr(float(cell.text)))
    if not isinstance(meant, Decimal) or not isfinite(float(meant)):
        facts = {"found": cell.text.strip(), **_units(variable)}
        return _unreadable(cell), [_finding("V102", cell, facts)]
    return replace(cell, value=float(meant), status=Status.VALUE), []


def _with_central(
    cell: Observation, agency: Observation, faults: list[Finding]
) -> tuple[Observation, list[Finding]]:
    """The central agency's figure; what a submission says otherwise is a fault."""
    if cell.kind is Kind.BLANK or cell.value == agency.value:
        return agency, []
    return agency, [*faults, contradiction(cell, agency)]


def contradiction(cell: Observation, agency: Observation) -> Finding:
    """That a cell says something else than the table of the central agency."""
    facts = {
        "found": cell.text or cell.formula,
        "expected_vi": in_words(agency.value, "vi"),
        "expected_en": in_words(agency.value, "en"),
        "source": str(agency.place),
    }
    return _finding("T108", cell, facts)


def understood(cell: Observation, indicator: Indicator) -> tuple[Observation, list[Finding]]:
    """One raw cell as value and status, with what is wrong in it.

    A cell that cannot be understood is UNREADABLE, never zero. A value outside its bounds is kept
    for the reader to see; its finding is an error, so its province is not scored unasked.
    """
    faults: list[Finding] = []
    match cell.kind:
        case Kind.BLANK:
            return replace(cell, status=Status.NOT_SUBMITTED), [_missing(cell, indicator)]
        case Kind.NUMBER:
            # Through a float, as a spreadsheet holds it: 1e-99999999 would be a text of megabytes.
            number = float(cell.text)
            if not isfinite(number):
                return _unreadable(cell), [_finding("V102", cell, _asked(cell.text, indicator))]
            value = Decimal(repr(number))
        case Kind.PERCENT:
            shown = {"found_vi": cell.text.replace(".", ","), "found_en": cell.text}
            return _unreadable(cell), [_finding("V109", cell, {**shown, **_units(indicator)})]
        case Kind.TEXT:
            meant = read_decimal(cell.text)
            if meant is None and (hole := stated_hole(cell.text)):
                return replace(cell, status=hole), [_stated(cell, indicator, hole)]
            if not isinstance(meant, Decimal):
                return _unreadable(cell), [_not_understood(cell, indicator, meant)]
            value = meant
            facts = {"found": cell.text.strip(), **_both("value", value), **_typed("typed", value)}
            faults.append(_finding("V106", cell, facts))
        case Kind.ERROR:
            return _unreadable(cell), [_finding("V104", cell, _asked(cell.text, indicator))]
        case Kind.UNCALCULATED:
            facts = {"found": cell.formula}
            return _unreadable(cell), [_finding("V105", cell, facts)]
        case Kind.DATE | Kind.BOOLEAN:
            return _unreadable(cell), [_finding("V102", cell, _asked(cell.text, indicator))]
    faults += _around(cell, indicator, value)
    return replace(cell, value=float(value), status=Status.VALUE), faults


def _around(cell: Observation, indicator: Indicator, value: Decimal) -> Iterator[Finding]:
    """What is to be said of a value that is a number: bounds, formula, evidence, year."""
    if not lies_within_bounds(value, indicator.bounds):
        low, high = (_limit(bound) for bound in indicator.bounds)
        facts = {
            **_both("value", value),
            **_units(indicator),
            **{f"low_{lang}": text for lang, text in low.items()},
            **{f"high_{lang}": text for lang, text in high.items()},
            "hint_vi": _PERCENT_VI if "%" in indicator.unit_vi else "",
            "hint_en": _PERCENT_EN if "%" in indicator.unit_en else "",
        }
        yield _finding("V201", cell, facts)
    if cell.formula:
        rule = "V110" if _OUTSIDE.search(cell.formula) else "V107"
        yield _finding(rule, cell, {"found": cell.formula, **_both("value", value)})
    if indicator.evidence and not cell.evidence:
        yield _finding("E101", cell, {})
    elif indicator.evidence and (not (said := folded(cell.evidence)) or said in _EMPTY_WORDS):
        yield _finding("E102", cell, {"found": cell.evidence.strip()})
    if cell.data_year is not None and cell.data_year != indicator.data_year:
        yield _another_year(cell, cell.data_year, indicator.data_year)


def _another_year(cell: Observation, found: int, expected: int) -> Finding:
    facts = {"found": str(found), "expected": str(expected)}
    if found > expected + 1:
        return _finding("Y102", cell, facts)
    if found < expected - OLD:
        facts |= {"age": str(expected - found), "limit": str(OLD)}
        return _finding("Y103", cell, facts)
    return _finding("Y101", cell, facts)


def lies_within_bounds(value: Decimal, bounds: tuple[float | None, float | None]) -> bool:
    """Whether a value is possible; a bound of None is no limit. The bounds themselves are."""
    low, high = bounds
    return (low is None or value >= Decimal(repr(low))) and (
        high is None or value <= Decimal(repr(high))
    )


def _limit(bound: float | None) -> dict[str, str]:
    if bound is None:
        return {"vi": "không giới hạn", "en": "no limit"}
    return {lang: in_words(bound, lang) for lang in ("vi", "en")}


def _finding(rule: str, cell: Observation, facts: Mapping[str, str]) -> Finding:
    code = {"code": cell.indicator}
    return Finding(rule, cell.place, cell.province, cell.indicator, {**code, **facts})


def _unreadable(cell: Observation) -> Observation:
    return replace(cell, status=Status.UNREADABLE)


def _units(indicator: Indicator | Variable) -> dict[str, str]:
    return {"unit_vi": indicator.unit_vi, "unit_en": indicator.unit_en}


def _asked(found: str, indicator: Indicator) -> dict[str, str]:
    return {"found": found.strip(), **_units(indicator)}


def _both(name: str, value: Decimal) -> dict[str, str]:
    return {f"{name}_{lang}": in_words(value, lang) for lang in ("vi", "en")}


def _typed(name: str, value: Decimal) -> dict[str, str]:
    return {f"{name}_{lang}": as_typed(value, lang) for lang in ("vi", "en")}


def _missing(cell: Observation, indicator: Indicator) -> Finding:
    rule = "V101" if indicator.supplier == "province" else "V108"
    return _finding(rule, cell, _units(indicator))


def _stated(cell: Observation, indicator: Indicator, hole: Status) -> Finding:
    vi, en = HOLES[hole]
    facts = {**_asked(cell.text, indicator), "meaning_vi": vi, "meaning_en": en}
    return _finding("V306", cell, facts)


def _not_understood(cell: Observation, indicator: Indicator, meant: Ambiguous | None) -> Finding:
    if meant is None:
        return _finding("V102", cell, _asked(cell.text, indicator))
    facts = {
        "found": cell.text.strip(),
        **_both("one", meant.thousands),
        **_both("other", meant.fraction),
        **_typed("one_typed", meant.thousands),
        **_typed("other_typed", meant.fraction),
    }
    return _finding("V103", cell, facts)


def _unknown_code(cell: Observation, framework: Framework) -> Finding:
    return Finding("C101", cell.place, cell.province, facts=unknown(cell.indicator, framework))


def _code_twice(code: str, same: Sequence[Observation]) -> Finding:
    facts = {"count": str(len(same)), "cells": ", ".join(cell.place.cell for cell in same)}
    return _finding("C102", same[-1], {"code": code, **facts})


def _twice(submissions: Sequence[Submission], provinces: ProvinceList | None) -> Iterator[Finding]:
    by_province: dict[str, list[Submission]] = {}
    for submission in submissions:
        by_province.setdefault(submission.province, []).append(submission)
    for code, same in by_province.items():
        if len(same) > 1:
            files = sorted(str(submission.place) for submission in same)
            facts = {"province": _name(code, provinces), "count": str(len(same))}
            for submission in same:
                yield Finding(
                    "P103", submission.place, code, facts={**facts, "files": ", ".join(files)}
                )


def _absent(heard: Collection[str], provinces: ProvinceList | None) -> Iterator[Finding]:
    """A finding for each province of the list that was not heard of in any way."""
    for province in provinces or ():
        if province.code not in heard:
            facts = {
                "province": _name(province.code, provinces),
                "count": str(len(provinces or ())),
            }
            yield Finding("P104", Place(""), province.code, facts=facts)


def _name(code: str, provinces: ProvinceList | None) -> str:
    return f"{provinces.by_code[code].name_vi} ({code})" if provinces else code

"""Checks against earlier years: copies, jumps, units and signs that changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, expm1, log, log10
from statistics import correlation, median

from pii.checks.batch import (
    LEAST,
    Column,
    alike,
    columns_changed,
    columns_of,
    is_copy,
    own_figures,
)
from pii.checks.facts import both, cell_finding, named, scaled
from pii.checks.spread import FACTORS, FAR, PEERS, ranks
from pii.findings import Finding
from pii.framework import Framework
from pii.provinces import ProvinceList
from pii.submission import Observation, Place, Status, Submission

LEAST_JUMP = log(1.25)  # a change of a quarter is never told, however quiet the indicator
BLIND_JUMP = log(3)  # where nothing is known of usual changes
UNIT = 0.1  # of the median: changes count as ratios, but those of figures near zero as amounts
NEAR_FACTOR = 0.1  # of a power of ten, in powers of ten: from 0.79 to 1.26 times
SWAPPED, UNLIKE = 0.9, 0.5  # rank correlations with the other's and with the own past


@dataclass(frozen=True, slots=True)
class Past:
    """Figures of an earlier year, by province and by indicator, in this edition's codes."""

    name: str
    values: Mapping[tuple[str, str], float]

    def column(self, code: str) -> dict[str, float]:
        """One indicator by province."""
        return {province: x for (province, one), x in self.values.items() if one == code}

    def row(self, province: str) -> dict[str, float]:
        """One province by indicator."""
        return {code: x for (one, code), x in self.values.items() if one == province}


def against_past(
    submissions: Sequence[Submission],
    framework: Framework,
    provinces: ProvinceList | None,
    past: Sequence[Past],
) -> Iterator[Finding]:
    """Every finding that earlier years give. past : latest first."""
    columns = columns_of(submissions, framework)
    frozen = set()
    for code, column in columns.items():
        finding = _all_as_before(code, column, past[0])
        if finding:
            frozen.add(code)
            yield finding
        else:
            yield from _changes(column, code, past)
    for submission in submissions:
        yield from _copies(submission, framework, provinces, past[0], frozen)
        for cell in submission.observations:
            before = past[0].values.get((cell.province, cell.indicator))
            if cell.status is Status.NOT_SUBMITTED and before is not None:
                yield cell_finding("Y111", cell, both("before", before))
    yield from _swapped(columns, past[0])


def _all_as_before(code: str, column: Column, past: Past) -> Finding | None:
    then = past.column(code)
    now = {province: cell.value for province, cell in column.items()}
    equal, common = alike(now, then)
    if common < LEAST or equal < common:
        return None
    return Finding("Y109", Place(""), indicator=code, facts={"code": code, "count": str(common)})


def _changes(column: Column, code: str, past: Sequence[Past]) -> Iterator[Finding]:
    """Jumps, shifted units, other signs, and figures that alone stayed as they were."""
    then = past[0].column(code)
    both_years = {p: (cell, then[p]) for p, cell in column.items() if p in then}
    sizes = [abs(x) for x in then.values() if x]
    if not both_years or not sizes:
        return
    unit = UNIT * median(sizes)
    now = {province: asinh(cell.value / unit) for province, (cell, _) in both_years.items()}
    moves = {p: now[p] - asinh(before / unit) for p, (_, before) in both_years.items()}
    limit, basis = _limit(moves, code, past, unit)
    still = sum(not move for move in moves.values())
    for province, (cell, before) in both_years.items():
        facts = {**both("value", cell.value), **both("before", before)}
        if cell.value * before < 0 and abs(moves[province]) > limit:
            yield cell_finding("Y108", cell, facts)
        elif abs(moves[province]) > limit:
            yield _jump(cell, before, facts, limit, basis)
        elif not moves[province] and len(moves) > PEERS and still <= 0.2 * len(moves):
            yield cell_finding("Y105", cell, facts)


def _limit(
    moves: Mapping[str, float], code: str, past: Sequence[Past], unit: float
) -> tuple[float, tuple[str, str]]:
    """The largest change that is not told, on the bent scale, and what it rests on."""
    shown = [
        abs(asinh(x / unit) - asinh(earlier[province] / unit))
        for later, before in pairwise(past)
        for earlier in (before.column(code),)
        for province, x in later.column(code).items()
        if province in earlier
    ]
    if len(shown) >= PEERS:
        return max(LEAST_JUMP, *shown), ("lớn nhất trong các năm trước", "largest of earlier years")
    if len(moves) > PEERS:
        middle = median(moves.values())
        spread = 1.4826 * median(abs(move - middle) for move in moves.values())
        usual = abs(middle) + FAR * spread
        return max(LEAST_JUMP, usual), ("so với các tỉnh khác", "as other provinces changed")
    return BLIND_JUMP, ("gấp ba lần", "threefold")


def _jump(
    cell: Observation,
    before: float,
    facts: Mapping[str, str],
    limit: float,
    basis: tuple[str, str],
) -> Finding:
    ratio = cell.value / before if before else 0
    order = log10(ratio) if ratio > 0 else 0
    for power in (k for f in FACTORS for k in (f, -f)):
        if abs(order - power) < NEAR_FACTOR:
            factor = {
                "factor_vi": f"{10**power}" if power > 0 else f"1/{10**-power}",
                "factor_en": f"{10**power}" if power > 0 else f"1/{10**-power}",
            }
            meant = both("meant", scaled(cell.value, -power))
            return cell_finding("Y107", cell, {**facts, **factor, **meant})
    told = both("limit", float(f"{100 * expm1(limit):.2g}"))
    percent = {f"limit_{lang}": f"±{told[f'limit_{lang}']} %" for lang in ("vi", "en")}
    return cell_finding(
        "Y106", cell, {**facts, **percent, "basis_vi": basis[0], "basis_en": basis[1]}
    )


def _copies(
    submission: Submission,
    framework: Framework,
    provinces: ProvinceList | None,
    past: Past,
    frozen: set[str],
) -> Iterator[Finding]:
    """A file that is last year's, the province's own or another's."""
    figures = own_figures(submission, framework)
    figures = {code: x for code, x in figures.items() if code not in frozen}
    who = named("province", submission.province, provinces)
    equal, common = alike(figures, past.row(submission.province))
    if is_copy(equal, common):
        facts = {**who, "count": str(equal), "of": str(common)}
        yield Finding("Y104", submission.place, submission.province, facts=facts)
        return
    for other in sorted({province for province, _ in past.values} - {submission.province}):
        equal, common = alike(figures, past.row(other))
        if is_copy(equal, common):
            facts = {
                **who,
                **named("other", other, provinces),
                "count": str(equal),
                "of": str(common),
            }
            yield Finding("Y110", submission.place, submission.province, facts=facts)


def _swapped(columns: Mapping[str, Column], past: Past) -> Iterator[Finding]:
    """Two columns that each go with the other's past, and not with their own."""

    def agree(code: str, earlier: str) -> float:
        then = past.column(earlier)
        common = [p for p in columns[code] if p in then]
        if len(common) < PEERS:
            return 0.0
        now = ranks(columns[code][p].value for p in common)
        before = ranks(then[p] for p in common)
        varied = len(set(now)) > 1 and len(set(before)) > 1
        return correlation(now, before) if varied else 0.0

    strangers = [code for code, column in columns.items() if column and agree(code, code) < UNLIKE]
    for place, one in enumerate(strangers):
        for other in strangers[place + 1 :]:
            if agree(one, other) > SWAPPED and agree(other, one) > SWAPPED:
                yield columns_changed(one, other, "so với năm trước", "as against last year")

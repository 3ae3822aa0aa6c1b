"""Checks across provinces: what shows only when several submissions lie side by side.

Peers are the other provinces that are in; a figure is compared with at least ten of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import isclose
from statistics import median

from pii.checks.facts import both, cell_finding, named, scaled
from pii.checks.spread import AMID, FAR, PEERS, Spread, spread_of, two_units
from pii.findings import Finding
from pii.framework import Framework, Indicator
from pii.provinces import ProvinceList, folded
from pii.submission import HOLES, Kind, Observation, Place, Status, Submission

SAME = 0.8  # share of equal figures from which two files are taken for one
LEAST = 5  # figures below which equality is chance
DISTINCT = 5  # an indicator with fewer values than this in twenty provinces ranks little
STRANGE = 3.5  # Iglewicz and Hoaglin 1993; two figures must both be strange to have been swapped

Column = Mapping[str, Observation]


def columns_of(submissions: Sequence[Submission], framework: Framework) -> dict[str, Column]:
    """Observations that hold a value, by indicator and province."""
    columns: dict[str, dict[str, Observation]] = {code: {} for code in framework.codes}
    for cell in (cell for s in submissions for cell in s.observations):
        if cell.status is Status.VALUE and cell.indicator in columns:
            columns[cell.indicator].setdefault(cell.province, cell)
    return dict(columns)


def side_by_side(
    submissions: Sequence[Submission],
    framework: Framework,
    provinces: ProvinceList | None,
    established: Mapping[tuple[str, str], float],
) -> Iterator[Finding]:
    """Every finding about figures among their peers.

    established : last year's figures; one that stood as far out then is not told again.
    """
    columns = columns_of(submissions, framework)
    if len({submission.province for submission in submissions}) < 2:
        return
    peers = {code: spread_of(c.value for c in column.values()) for code, column in columns.items()}
    swapped = tuple(_cells_swapped(submissions, peers, provinces))
    beside = {key for _, keys in swapped for key in keys}
    yield from (finding for finding, _ in swapped)
    for indicator in framework.indicators:
        column = columns[indicator.code]
        yield from _no_data(indicator, column, submissions, provinces)
        yield from _no_difference(indicator, column)
        yield from _two_units(indicator, column)
        for finding in _signs_and_zeros(column):
            beside.add((finding.province, finding.indicator))
            yield finding
        for cell in column.values():
            spread = peers[indicator.code]
            if spread and (cell.province, cell.indicator) not in beside:
                yield from _outlying(cell, indicator, spread, established)
    yield from _columns_swapped(columns, framework)
    yield from _columns_alike(columns)
    yield from _files_alike(submissions, framework, provinces)
    yield from _one_column_of_text(submissions)


def _no_data(
    indicator: Indicator,
    column: Column,
    submissions: Sequence[Submission],
    provinces: ProvinceList | None,
) -> Iterator[Finding]:
    """An indicator without data anywhere, or in a whole region."""
    code, there = indicator.code, {submission.province for submission in submissions}
    if not column:
        facts = {"code": code, "count": str(len(there))}
        yield Finding("B101", Place(""), indicator=code, facts=facts)
        return
    regions: dict[str, list[str]] = {}
    for province in provinces or ():
        if province.code in there:
            regions.setdefault(province.region, []).append(province.code)
    for members in regions.values():
        if len(members) > 1 and len(regions) > 1 and not column.keys() & set(members):
            region = provinces.by_code[members[0]] if provinces else None
            facts = {
                "code": code,
                "count": str(len(members)),
                "region_vi": region.region_vi if region else "",
                "region_en": region.region_en if region else "",
            }
            yield Finding("B102", Place(""), indicator=code, facts=facts)


def _no_difference(indicator: Indicator, column: Column) -> Iterator[Finding]:
    """An indicator that is constant, or nearly so."""
    values = [cell.value for cell in column.values()]
    distinct, facts = len(set(values)), {"code": indicator.code, "count": str(len(values))}
    if len(values) > 2 and distinct == 1:
        told = {**facts, **both("value", values[0])}
        yield Finding("B103", Place(""), indicator=indicator.code, facts=told)
    elif distinct < DISTINCT and len(values) >= 2 * PEERS:
        told = {**facts, "distinct": str(distinct), "least": str(DISTINCT)}
        yield Finding("B104", Place(""), indicator=indicator.code, facts=told)


def _two_units(indicator: Indicator, column: Column) -> Iterator[Finding]:
    """Figures in two groups, as when some provinces report in millions and others in billions."""
    found = two_units(cell.value for cell in column.values())
    if found is None:
        return
    middle, power = found
    groups = [
        [cell for cell in column.values() if (cell.value > middle) is upper]
        for upper in (False, True)
    ]
    fewer, more = sorted(groups, key=len)
    facts = {
        "code": indicator.code,
        "count": str(len(fewer)),
        "others": str(len(more)),
        "provinces": ", ".join(sorted(cell.province for cell in fewer)),
        **both("factor", 10.0**power),
        **both("median", median(cell.value for cell in fewer)),
        **both("second", median(cell.value for cell in more)),
        "unit_vi": indicator.unit_vi,
        "unit_en": indicator.unit_en,
    }
    yield Finding("B114", Place(""), indicator=indicator.code, facts=facts)


def _signs_and_zeros(column: Column) -> Iterator[Finding]:
    """One negative among positive figures; one zero among figures well above it."""
    rest = sorted(cell.value for cell in column.values())
    if len(rest) <= PEERS or rest[1] <= 0:
        return
    odd = next(cell for cell in column.values() if cell.value == rest[0])
    count = {"count": str(len(rest) - 1)}
    if odd.value < 0:
        yield cell_finding("B112", odd, {**count, **both("value", odd.value)})
    elif odd.value == 0:
        yield cell_finding("B113", odd, {**count, **both("low", rest[1])})


def _outlying(
    cell: Observation,
    indicator: Indicator,
    spread: Spread,
    established: Mapping[tuple[str, str], float],
) -> Iterator[Finding]:
    before = established.get((cell.province, cell.indicator))
    if before is not None and before and 0.5 <= cell.value / before <= 2:
        return
    facts = {
        "count": str(spread.count - 1),
        **both("value", cell.value),
        **both("median", spread.median),
        "unit_vi": indicator.unit_vi,
        "unit_en": indicator.unit_en,
    }
    power = spread.factor(cell.value)
    if power == -2 and cell.value <= 1 and "%" in indicator.unit_en:
        yield cell_finding("B107", cell, {**facts, **both("meant", scaled(cell.value, 2))})
    elif power:
        shift = {**both("factor", 10 ** abs(power)), **both("meant", scaled(cell.value, -power))}
        yield cell_finding("B106", cell, {**facts, **shift})
    elif abs(spread.distance(cell.value)) > FAR and _possible(cell.value, indicator):
        told = {**both("low", spread.low), **both("high", spread.high), **both("limit", FAR)}
        yield cell_finding("B105", cell, {**facts, **told})


def _cells_swapped(
    submissions: Sequence[Submission],
    peers: Mapping[str, Spread | None],
    provinces: ProvinceList | None,
) -> Iterator[tuple[Finding, tuple[tuple[str, str], ...]]]:
    """Two figures of one province, each strange in its place and at home in the other's."""
    for submission in submissions:
        strange = [
            cell
            for cell in submission.observations
            if cell.status is Status.VALUE
            and (spread := peers.get(cell.indicator))
            and _strange(cell.value, spread)
        ]
        for one, other in combinations(strange, 2):
            here, there = peers[one.indicator], peers[other.indicator]
            if here and there and _at_home(other.value, here) and _at_home(one.value, there):
                facts = {
                    **named("province", submission.province, provinces),
                    "one": one.indicator,
                    "other": other.indicator,
                    **both("value", one.value),
                    **both("second", other.value),
                }
                keys = tuple((cell.province, cell.indicator) for cell in (one, other))
                yield cell_finding("B108", one, facts), keys


def _strange(x: float, spread: Spread) -> bool:
    return abs(spread.distance(x)) > STRANGE or bool(spread.factor(x))


def _at_home(x: float, spread: Spread) -> bool:
    return abs(spread.plain.distance(x)) <= AMID


def _columns_swapped(columns: Mapping[str, Column], framework: Framework) -> Iterator[Finding]:
    """A column that its bounds refuse, and the only one whose figures would fit there and back."""
    by_code = {indicator.code: indicator for indicator in framework.indicators}
    full = {code: [c.value for c in column.values()] for code, column in columns.items() if column}

    def fits(code: str, values: Sequence[float], share: float) -> bool:
        return sum(_possible(x, by_code[code]) for x in values) >= share * len(values)

    wrong = [
        code for code, values in full.items() if len(values) > 2 and not fits(code, values, 0.5)
    ]
    told: set[str] = set()
    for one in wrong:
        others = [
            other
            for other, values in full.items()
            if other != one and fits(one, values, 1) and fits(other, full[one], 1)
        ]
        bad = [other for other in others if other in wrong] or others
        if len(bad) == 1 and one not in told:
            told |= {one, bad[0]}
            yield columns_changed(one, bad[0], "theo khoảng giá trị", "by their bounds")


def _possible(x: float, indicator: Indicator) -> bool:
    low, high = indicator.bounds
    return (low is None or x >= low) and (high is None or x <= high)


def columns_changed(one: str, other: str, vi: str, en: str) -> Finding:
    """That two columns stand under each other's codes."""
    facts = {"one": one, "other": other, "basis_vi": vi, "basis_en": en}
    return Finding("B109", Place(""), indicator=one, facts=facts)


def _columns_alike(columns: Mapping[str, Column]) -> Iterator[Finding]:
    for (one, here), (other, there) in combinations(columns.items(), 2):
        common = here.keys() & there.keys()
        if (
            len(common) >= max(LEAST, len(here) / 2, len(there) / 2)
            and all(here[p].value == there[p].value for p in common)
            and len({here[p].value for p in common}) > 1
        ):
            facts = {"one": one, "other": other, "count": str(len(common))}
            yield Finding("B111", Place(""), indicator=other, facts=facts)


def own_figures(submission: Submission, framework: Framework) -> dict[str, float]:
    """What the province itself supplied; all its figures where that is too little to compare."""
    own = {one.code for one in framework.indicators if one.supplier == "province"}
    cells = [cell for cell in submission.observations if cell.status is Status.VALUE]
    mine = {cell.indicator: cell.value for cell in cells if cell.indicator in own}
    if len(mine) >= LEAST:
        return mine
    return {cell.indicator: cell.value for cell in cells}


def alike(figures: Mapping[str, float], others: Mapping[str, float]) -> tuple[int, int]:
    """How many of the figures that both have are equal, and how many both have."""
    common = figures.keys() & others.keys()
    return sum(isclose(figures[c], others[c], rel_tol=1e-12) for c in common), len(common)


def is_copy(equal: int, common: int) -> bool:
    """Whether so much equality is no chance."""
    return common >= LEAST and equal >= SAME * common


def _files_alike(
    submissions: Sequence[Submission], framework: Framework, provinces: ProvinceList | None
) -> Iterator[Finding]:
    figures = [(s, own_figures(s, framework)) for s in submissions]
    for (one, here), (other, there) in combinations(figures, 2):
        equal, common = alike(here, there)
        if one.province != other.province and is_copy(equal, common):
            for submission, twin in ((one, other), (other, one)):
                facts = {
                    "count": str(equal),
                    "of": str(common),
                    **named("province", submission.province, provinces),
                    **named("other", twin.province, provinces),
                }
                yield Finding("B110", submission.place, submission.province, facts=facts)


def _one_column_of_text(submissions: Sequence[Submission]) -> Iterator[Finding]:
    """A column of a table whose figures are all text; a workbook's is `own_text`."""
    columns: dict[tuple[str, str], list[Observation]] = {}
    for cell in (c for s in submissions if not s.edition for c in s.observations):
        if cell.status not in HOLES and cell.place.cell:
            columns.setdefault((cell.place.file, cell.indicator), []).append(cell)
    for (file, code), cells in columns.items():
        if len(cells) >= LEAST and all(cell.kind is Kind.TEXT for cell in cells):
            facts = {"count": str(len(cells)), "of_vi": code, "of_en": code}
            yield Finding("V111", Place(file, cells[0].place.sheet), indicator=code, facts=facts)


def own_faults(
    submission: Submission, framework: Framework, provinces: ProvinceList | None
) -> Iterator[Finding]:
    """What shows in one submission as a whole: nothing in it, empty pillars, text, its name."""
    cells = {cell.indicator: cell for cell in submission.observations}
    filled = {code for code, cell in cells.items() if cell.status not in HOLES}
    who = named("province", submission.province, provinces)
    if not filled:
        facts = {**who, "count": str(len(framework.codes))}
        yield Finding("P108", submission.place, submission.province, facts=facts)
        return
    for group in framework.groups:
        beneath = [framework.codes[j] for j in framework.leaves[group.code]]
        if group.level == "pillar" and len(beneath) > 1 and not filled & set(beneath):
            facts = {
                **who,
                "group": group.code,
                "name_vi": group.name_vi,
                "name_en": group.name_en,
                "count": str(len(beneath)),
            }
            yield Finding("P109", submission.place, submission.province, group.code, facts)
    texts = [cells[code] for code in filled if cells[code].place.file == submission.place.file]
    if submission.edition and len(texts) >= LEAST and all(c.kind is Kind.TEXT for c in texts):
        facts = {"count": str(len(texts)), "of_vi": who["province_vi"], "of_en": who["province_en"]}
        yield Finding("V111", submission.place, submission.province, facts=facts)
    yield from _other_name(submission, provinces)


def _other_name(submission: Submission, provinces: ProvinceList | None) -> Iterator[Finding]:
    """A file whose name begins with another province's code or holds another's name."""
    if provinces is None or not submission.edition:
        return
    hits = named_by(submission.place.file, provinces)
    if hits and submission.province not in hits:
        facts = {
            **named("named", hits[0], provinces),
            **named("province", submission.province, provinces),
        }
        yield Finding("P107", submission.place, submission.province, facts=facts)


def named_by(file: str, provinces: ProvinceList) -> list[str]:
    """The codes of the provinces whose name a file's name holds, or else whose code begins it."""
    stem = file.rpartition("/")[2].rpartition(".")[0]
    told = folded(stem)
    hits = [province.code for province in provinces if folded(province.name_vi) in told]
    code = stem[:2] if not stem[2:3].isdigit() else ""
    return hits or ([code] if code in provinces.by_code else [])

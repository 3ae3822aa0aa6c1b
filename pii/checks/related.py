"""Arithmetic between related cells: numerator, denominator and ratio; parts and their whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil, floor, isfinite, log10

from pii.decimals import in_words, read_decimal
from pii.findings import Finding
from pii.framework import Framework, Sum
from pii.submission import Kind, Observation, Part, Status, Submission

_NAMES = {"numerator": ("tử số", "numerator"), "denominator": ("mẫu số", "denominator")}
_SLACK = 1e-4  # of the ratio, beside half a unit of the last digit typed
_MOST = 0.5  # share of a column that must follow from its parts before one that does not is told


def parts_of_ratios(cells: Iterable[Observation]) -> Iterator[Finding]:
    """What is wrong with numerators and denominators themselves."""
    for cell in cells:
        given = {name: part for name, part in _parts(cell) if part.kind is not Kind.BLANK}
        for name, part in given.items():
            if _number(part) is None:
                facts = {**_word("which", name), "found": part.text.strip()}
                yield _said("V205", cell, facts, part)
        if len(given) == 1 and cell.status is Status.VALUE:
            present = next(iter(given))
            absent = next(name for name in _NAMES if name != present)
            told = {**_word("present", present), **_word("absent", absent)}
            yield _said("V204", cell, told, getattr(cell, absent) or given[present])
        if "denominator" in given and _number(given["denominator"]) == 0:
            yield _said("V203", cell, {}, given["denominator"])


def ratios(submissions: Sequence[Submission]) -> Iterator[Finding]:
    """Values that do not follow from their numerators and denominators.

    A value may be the ratio times any power of ten, or the change in per cent (ratio less 1, times
    100): which, is decided by most of the column. Where most of a column follows from neither, its
    two parts are not what the figure is made from, and nothing is said.
    """
    for column in _columns(submissions).values():
        ways: dict[Observation, set[str]] = {cell: _ways(cell) for cell in column}
        counts: dict[str, int] = {}
        for way in (way for found in ways.values() for way in found):
            counts[way] = counts.get(way, 0) + 1
        usual = max(counts, key=lambda way: counts[way], default="")
        alone = len(column) == 1
        if not alone and counts.get(usual, 0) <= _MOST * len(column):
            continue
        for cell, found in ways.items():
            if usual not in found or (alone and not found):
                yield _no_ratio(cell, usual)


def _columns(submissions: Iterable[Submission]) -> Mapping[str, list[Observation]]:
    columns: dict[str, list[Observation]] = {}
    for cell in (c for s in submissions for c in s.observations):
        numbers = [_number(part) for _, part in _parts(cell)]
        if cell.status is Status.VALUE and len(numbers) == 2 and None not in numbers and numbers[1]:
            columns.setdefault(cell.indicator, []).append(cell)
    return columns


def _ways(cell: Observation) -> set[str]:
    """In which ways the value follows from its parts: "change", or the power of ten as text."""
    numerator, denominator = (float(_number(part) or 0) for _, part in _parts(cell))
    ratio = numerator / denominator
    found = {"change"} if _same(cell, 100 * (ratio - 1)) else set()
    if ratio and cell.value and (ratio > 0) == (cell.value > 0):
        power = log10(cell.value / ratio)
        near = (floor(power), ceil(power))
        found |= {str(k) for k in near if _same(cell, ratio * 10.0**k)}
    elif not ratio and not cell.value:
        found |= {str(k) for k in range(-9, 10)}
    return found


def _same(cell: Observation, expected: float) -> bool:
    return abs(cell.value - expected) <= _half_unit(cell) + _SLACK * abs(expected)


def _half_unit(cell: Observation) -> float:
    """Half of the last digit that was typed: what rounding may have taken."""
    exponent = Decimal(repr(cell.value)).normalize().as_tuple().exponent
    return 0.5 * 10.0 ** min(int(exponent), 0)


def _no_ratio(cell: Observation, way: str) -> Finding:
    numerator, denominator = (_number(part) or Decimal(0) for _, part in _parts(cell))
    ratio = float(numerator) / float(denominator)
    ratio = 100 * (ratio - 1) if way == "change" else ratio * 10.0 ** int(way or 0)
    facts = {
        **_both("value", cell.value),
        **_both("numerator", numerator),
        **_both("denominator", denominator),
        **_both("ratio", float(f"{ratio:.6g}")),
    }
    return _said("V202", cell, facts)


def sums(submission: Submission, framework: Framework) -> Iterator[Finding]:
    """Parts that do not add up to their whole, or shares that do not to 1 or 100."""
    values = {c.indicator: c for c in submission.observations if c.status is Status.VALUE}
    for one in framework.sums:
        needed = [*one.parts, *([one.whole] if isinstance(one.whole, str) else [])]
        if all(code in values for code in needed):
            yield from _sum(one, values)


def _sum(one: Sum, values: Mapping[str, Observation]) -> Iterator[Finding]:
    parts = [values[code] for code in one.parts]
    total = float(sum(Decimal(repr(part.value)) for part in parts))
    slack = sum(_half_unit(part) for part in parts)
    facts = {"parts": " + ".join(one.parts), **_both("sum", total)}
    if isinstance(one.whole, str):
        whole = values[one.whole]
        if abs(total - whole.value) > slack + _half_unit(whole):
            yield _said("V206", whole, {**facts, "whole": one.whole, **_both("value", whole.value)})
    elif abs(total - one.whole) > slack:
        yield _said("V207", parts[-1], {**facts, **_both("whole", one.whole)})


def _parts(cell: Observation) -> Iterator[tuple[str, Part]]:
    for name in _NAMES:
        part = getattr(cell, name)
        if part is not None:
            yield name, part


def _number(part: Part) -> Decimal | None:
    """The number of a related cell; None where it is none, or means two things."""
    if part.kind is Kind.NUMBER:
        number = float(part.text)
        return Decimal(repr(number)) if isfinite(number) else None
    meant = read_decimal(part.text) if part.kind is Kind.TEXT else None
    return meant if isinstance(meant, Decimal) else None


def _word(key: str, name: str) -> dict[str, str]:
    vi, en = _NAMES[name]
    return {f"{key}_vi": vi, f"{key}_en": en}


def _both(name: str, value: float | Decimal) -> dict[str, str]:
    return {f"{name}_{lang}": in_words(value, lang) for lang in ("vi", "en")}


def _said(
    rule: str, cell: Observation, facts: Mapping[str, str], part: Part | None = None
) -> Finding:
    place = part.place if part else cell.place
    return Finding(rule, place, cell.province, cell.indicator, {"code": cell.indicator, **facts})

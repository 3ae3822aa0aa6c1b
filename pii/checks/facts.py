"""Facts as findings carry them: numbers and names in both languages."""

from collections.abc import Mapping
from decimal import Decimal

from pii.decimals import in_words
from pii.findings import Finding
from pii.provinces import ProvinceList
from pii.submission import Observation


def cell_finding(rule: str, cell: Observation, facts: Mapping[str, str]) -> Finding:
    """A finding about one cell, which it names by its indicator's code."""
    code = {"code": cell.indicator}
    return Finding(rule, cell.place, cell.province, cell.indicator, {**code, **facts})


def both(name: str, value: float | Decimal) -> dict[str, str]:
    """A number as either language writes it; binary noise past fifteen digits is left out."""
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else value
    return {f"{name}_{lang}": in_words(number, lang) for lang in ("vi", "en")}


def scaled(value: float, power: int) -> Decimal:
    """A figure with its decimal sign moved, exactly."""
    return Decimal(repr(value)).scaleb(power)


def named(key: str, code: str, provinces: ProvinceList | None) -> dict[str, str]:
    """A province by name and code, in either language; the code alone where there is no list."""
    if provinces is None or code not in provinces.by_code:
        return {f"{key}_vi": code, f"{key}_en": code}
    place = provinces.by_code[code]
    return {f"{key}_{lang}": f"{place.name(lang)} ({code})" for lang in ("vi", "en")}

"""The lists of provinces, read from data/provinces.csv: which count depends on the day."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache

from pii.errors import DefinitionError
from pii.intake.shipped import shipped
from pii.provinces import Province, ProvinceList


def provinces_on(day: date) -> ProvinceList:
    """The provinces valid on a day, in code order: 63 until 30 June 2025, 34 from 1 July 2025.

    Raises
    ------
    DefinitionError
        Where the lists do not reach back to that day.
    """
    valid = [province for province in _register() if province.holds_on(day)]
    if not valid:
        first = min(province.valid_from for province in _register() if province.valid_from)
        raise DefinitionError(
            f"no list of provinces is known for {day}; the first begins on {first}: correct "
            "provinces_on of the edition, or --provinces-on"
        )
    return ProvinceList(day, tuple(sorted(valid, key=lambda province: province.code)))


@cache
def _register() -> tuple[Province, ...]:
    with shipped("data/provinces.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Province(
                code=row["code"],
                name_vi=row["name_vi"],
                name_en=row["name_en"],
                region=row["region"],
                region_vi=row["region_vi"],
                region_en=row["region_en"],
                valid_from=_day(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
                aliases=tuple(filter(None, row["aliases"].split("|"))),
                population=_figure(row["population_thousand"]),
                area=_figure(row["area_km2"]),
                grdp=_figure(row["grdp_bn_vnd"]),
            )
            for row in csv.DictReader(file)
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _figure(text: str) -> float | None:
    return float(text) if text else None


def same_places(then: ProvinceList | None, now: ProvinceList | None) -> Mapping[str, str]:
    """Codes of an earlier list under the later one, for places that are still what they were.

    A unit that others were merged into is another place, although it kept its name.
    """
    if then is None or now is None:
        return {}
    if {(p.code, p.name_vi) for p in then} == {(p.code, p.name_vi) for p in now}:
        return {province.code: province.code for province in now}
    with shipped("data/concordance.csv").open(encoding="utf-8", newline="") as file:
        whole = [row for row in csv.DictReader(file) if row["units_in_new"] == "1"]
    return {
        row["old_code"]: row["new_code"]
        for row in whole
        if row["old_code"] in then.by_code and row["new_code"] in now.by_code
    }


REFORM = date(2025, 7, 1)
PUBLISHED = {2023: date(2023, 12, 31), 2024: date(2024, 12, 31), 2025: date(2025, 10, 1)}
"""The published editions that ship, each with a day on which its list of provinces held."""


def published_ranks(year: int) -> Mapping[str, int]:
    """Ranks of the index as published for an edition, by province code, where they are known.

    Rows that the table itself flags as doubtful are left out. The codes are those of the list of
    `PUBLISHED[year]`.

    Raises
    ------
    DefinitionError
        For a year whose results do not ship.
    """
    return {who: int(rank) for who, (_, rank) in _published(year).items() if rank}


def published_scores(year: int) -> Mapping[str, float]:
    """Scores of the index as published for an edition, as `published_ranks`.

    From 2025 on only of provinces that the reform of July 2025 left as they were: a merged one is
    another place, and its score no later score of the old.
    """
    given = {who: float(score) for who, (score, _) in _published(year).items() if score}
    if PUBLISHED[year] < REFORM:
        return given
    return {who: score for who, score in given.items() if who in _unmerged()}


@cache
def _unmerged() -> frozenset[str]:
    """Codes of the provinces that the reform of July 2025 left as they were."""
    with shipped("data/concordance.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["new_code"] for row in csv.DictReader(file) if row["merged"] == "no")


def _published(year: int) -> Mapping[str, tuple[str, str]]:
    """Score and rank of the index, as text, by province code."""
    if year not in PUBLISHED:
        raise DefinitionError(
            f"no published results of {year} come with pii; there are "
            f"{', '.join(map(str, PUBLISHED))}"
        )
    with shipped(f"data/published/results_{year}.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["province_code"]: (row["score"], row["rank"])
            for row in csv.DictReader(file)
            if row["level"] == "index" and row["flag"] == "ok"
        }


def refuse_other_provinces(year: int, provinces: ProvinceList | None) -> None:
    """Raise `DefinitionError` where the PII of a year ranked other provinces than these.

    A code alone does not say which province is meant: seven changed their meaning.
    """
    published_ranks(year)
    then = provinces_on(PUBLISHED[year])
    same = provinces is not None and then.by_code.keys() == provinces.by_code.keys()
    if not same:
        here = f"{len(provinces)} of {provinces.on}" if provinces else "no provinces"
        raise DefinitionError(
            f"the PII {year} ranked the {len(then)} provinces of {then.on}; this run ranks "
            f"{here}, so the ranks cannot be compared"
        )

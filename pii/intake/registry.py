"""The lists of provinces, read from data/provinces.csv: which count depends on the day."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from pii.intake.shipped import shipped
from pii.provinces import Province, ProvinceList


def provinces_on(day: date) -> ProvinceList:
    """The provinces valid on a day, in code order: 63 until 30 June 2025, 34 from 1 July 2025."""
    valid = [province for province in _register() if province.holds_on(day)]
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
            )
            for row in csv.DictReader(file)
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def published_ranks(year: int) -> Mapping[str, int]:
    """Ranks of the index as published for an edition, by province code, where they are known.

    Rows that the table itself flags as doubtful are left out. Empty for an unknown year.
    """
    path = Path(f"data/published/results_{year}.csv")
    with shipped(str(path.as_posix())).open(encoding="utf-8", newline="") as file:
        return {
            row["province_code"]: int(row["rank"])
            for row in csv.DictReader(file)
            if row["level"] == "index" and row["flag"] == "ok" and row["rank"]
        }

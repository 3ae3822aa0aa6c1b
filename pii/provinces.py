"""The ranked places, each with the dates between which its code and name hold.

Seven two-digit codes changed their meaning on 1 July 2025: a code without a date is ambiguous.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Province:
    """One place as it stood from `valid_from` to `valid_to` (None: still so).

    population : thousands; area : km²; grdp : billion VND; None where the list has no figure
    """

    code: str
    name_vi: str
    name_en: str
    region: str
    region_vi: str
    region_en: str
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    population: float | None = None
    area: float | None = None
    grdp: float | None = None

    def name(self, lang: str) -> str:
        """The name in that language."""
        return self.name_vi if lang == "vi" else self.name_en

    def holds_on(self, day: date) -> bool:
        """Whether code and name are valid on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def folded(name: str) -> str:
    """A name without marks, case, spaces and hyphens, so that its spellings meet.

    Hòa Bình, Hoà Bình and HOA BINH (composed or decomposed) fold to the same text.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d"))
    return "".join(c for c in plain if c.isalnum())


@dataclass(frozen=True)
class ProvinceList:
    """The provinces that count on one day, in code order."""

    on: date | None
    provinces: tuple[Province, ...]

    def __iter__(self) -> Iterator[Province]:
        return iter(self.provinces)

    def __len__(self) -> int:
        return len(self.provinces)

    @cached_property
    def by_code(self) -> dict[str, Province]:
        """Provinces by two-digit code."""
        return {province.code: province for province in self.provinces}

    @cached_property
    def _by_name(self) -> dict[str, Province]:
        return {
            folded(name): province
            for province in self.provinces
            for name in (province.name_vi, province.name_en, *province.aliases)
        }

    def find(self, text: str) -> Province | None:
        """The province with this code or name (any spelling), or None."""
        return self.by_code.get(text.strip()) or self._by_name.get(folded(text))

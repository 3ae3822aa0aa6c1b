"""What a province said, cell by cell, before anything is computed."""

from dataclasses import dataclass
from enum import Enum
from math import nan


class Status(Enum):
    """Why a cell has a number, or has none. NaN alone cannot say it.

    After the observation status of SDMX (CL_OBS_STATUS).
    """

    VALUE = "value"
    NOT_SUBMITTED = "not submitted"
    NOT_APPLICABLE = "not applicable"
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"


class Kind(Enum):
    """What the cell held when the file was read."""

    BLANK = "blank"
    NUMBER = "number"
    PERCENT = "number in a percent format"
    TEXT = "text"
    ERROR = "error"
    DATE = "date"
    BOOLEAN = "boolean"
    UNCALCULATED = "formula without a stored value"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: file, sheet and cell. Empty text: the whole file or sheet."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        inside = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{self.file} [{inside}]" if inside else self.file


@dataclass(frozen=True, slots=True)
class Observation:
    """One cell: who, what, for which year, as typed, as understood, and where it stands.

    `text` is what was typed; `value` is NaN unless `status` is VALUE.
    """

    province: str
    indicator: str
    place: Place
    kind: Kind = Kind.BLANK
    text: str = ""
    value: float = nan
    status: Status = Status.NOT_SUBMITTED
    data_year: int | None = None
    evidence: str = ""
    note: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """All observations of one province from one file.

    `province` is the code or name that the file states, as text; "" where it states none.
    `name` is the name that stands beside the code, "" where none does: it tells which list of
    provinces the code belongs to.
    `variables` are cells that travel with the data and are not scored; a group's label is `text`.
    """

    province: str
    place: Place
    observations: tuple[Observation, ...]
    edition: str = ""
    template_version: str = ""
    name: str = ""
    variables: tuple[Observation, ...] = ()

"""Every province × indicator cell counted once: a value, a hole that is stated, or an error."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from pii.errors import DataError
from pii.findings import Finding, Severity
from pii.framework import Framework
from pii.provinces import ProvinceList
from pii.submission import HOLES, Observation, Status, Submission


class State(Enum):
    """What a cell comes to, whatever else is said of it."""

    VALUE = "value"
    HOLE = "hole"
    ERROR = "error"


States = Mapping[tuple[str, str], State]


@dataclass(frozen=True, slots=True)
class Census:
    """How many cells there are, and how many of each state."""

    cells: int
    values: int
    holes: int
    errors: int


def cell_states(
    submissions: Sequence[Submission],
    findings: Collection[Finding],
    framework: Framework,
    provinces: ProvinceList | None,
    heard: Collection[str] = (),
) -> States:
    """The state of each cell by (province, indicator).

    A province that is not heard of is all holes; one whose file cannot be read, or that came
    twice, is all errors. Without a list, the provinces are those that were read.

    heard : provinces whose files came, although they may not have been read.
    """
    wrong = {
        (f.province, f.indicator) for f in findings if f.severity is Severity.ERROR and f.indicator
    }
    by_province: dict[str, list[Submission]] = {p.code: [] for p in provinces or ()}
    for submission in submissions:
        by_province.setdefault(submission.province, []).append(submission)
    states: dict[tuple[str, str], State] = {}
    for province, came in by_province.items():
        if len(came) == 1:
            cells = ((o.indicator, _state(o, wrong)) for o in came[0].observations)
        else:
            state = State.ERROR if came or province in heard else State.HOLE
            cells = ((code, state) for code in framework.codes)
        states.update(((province, code), state) for code, state in cells)
    return states


def _state(cell: Observation, wrong: Collection[tuple[str, str]]) -> State:
    if cell.status is Status.UNREADABLE or (cell.province, cell.indicator) in wrong:
        return State.ERROR
    if cell.status is Status.VALUE:
        return State.VALUE
    if cell.status in HOLES:
        return State.HOLE
    raise DataError(f"{cell.place}: {cell.indicator} is neither value, hole nor error")


def census(states: States, framework: Framework) -> Census:
    """The cells of each state, once they are found to add up.

    Raises
    ------
    DataError
        Where the three do not add up to provinces × indicators: something was lost or doubled.
    """
    count = Counter(states.values())
    values, holes, errors = (count[state] for state in State)
    provinces = len({province for province, _ in states})
    cells = provinces * len(framework.codes)
    if values + holes + errors != cells:
        raise DataError(
            f"{values} values, {holes} holes and {errors} errors are not the {cells} cells of "
            f"{provinces} provinces × {len(framework.codes)} indicators; nothing is computed. "
            "Report this with the files"
        )
    return Census(cells, values, holes, errors)

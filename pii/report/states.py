"""What became of every cell of a batch: each is a value, a hole or an error, and only one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from pii.census import State as Cell
from pii.census import States as Counted
from pii.findings import Finding, Severity
from pii.framework import Framework, Language
from pii.submission import Status, Submission


class State(Enum):
    """Sign, kind and words of a state; the sign tells it without colour."""

    VALUE = ("✓", "value", "có số liệu, không có phát hiện", "value, nothing found")
    WARNED = ("!", "value", "có số liệu, có cảnh báo", "value, with a warning")
    HOLE = ("–", "hole", "để trống, chưa nêu lý do", "blank, no reason given")
    STATED = ("○", "hole", "trống, có nêu lý do", "blank, with a stated reason")
    AWAITED = ("…", "hole", "chờ cơ quan trung ương", "awaited from a central agency")
    ABSENT = ("∅", "hole", "tỉnh, thành phố chưa nộp", "province not in yet")
    ERROR = ("✕", "error", "lỗi, phải sửa", "error, to be corrected")

    @property
    def sign(self) -> str:
        """One sign."""
        return self.value[0]

    @property
    def kind(self) -> str:
        """value, hole or error."""
        return self.value[1]

    def words(self, lang: Language) -> str:
        """What it means."""
        return self.value[2] if lang == "vi" else self.value[3]


KINDS = ("value", "hole", "error")


@dataclass(frozen=True, slots=True)
class States:
    """The state of every cell: provinces × indicators, and what is wrong with whole submissions.

    of : by (province, indicator), for all of both
    whole : errors of a province that stand on none of its indicators
    """

    provinces: tuple[str, ...]
    indicators: tuple[str, ...]
    of: Mapping[tuple[str, str], State]
    whole: Mapping[str, int]

    def row(self, province: str) -> Mapping[str, int]:
        """How many values, holes and errors a province has."""
        return _counted(self.of[province, code] for code in self.indicators)

    def column(self, indicator: str) -> Mapping[str, int]:
        """How many values, holes and errors an indicator has."""
        return _counted(self.of[code, indicator] for code in self.provinces)

    def total(self) -> Mapping[str, int]:
        """How many values, holes and errors there are."""
        return _counted(self.of.values())


def _counted(states: Iterable[State]) -> Mapping[str, int]:
    count = Counter(state.kind for state in states)
    return {kind: count[kind] for kind in KINDS}


def cell_states(
    counted: Counted,
    submissions: Sequence[Submission],
    findings: Sequence[Finding],
    framework: Framework,
    provinces: Sequence[str],
) -> States:
    """The state of every cell of the provinces that count, as the census counted it.

    counted : what each cell comes to; this only says what kind of value or hole it is
    submissions : understood ones
    provinces : codes of all that should be there, in the order to be shown
    """
    came = {s.province for s in submissions}
    status = {(s.province, c.indicator): c.status for s in submissions for c in s.observations}
    warned = {(f.province, f.indicator) for f in findings if f.severity is Severity.WARNING}
    whole = Counter(
        f.province
        for f in findings
        if f.severity is Severity.ERROR and f.indicator not in framework.codes
    )
    central = {one.code for one in framework.indicators if one.supplier == "central"}

    def state(province: str, code: str) -> State:
        cell = (province, code)
        if counted[cell] is Cell.ERROR:
            return State.ERROR
        if counted[cell] is Cell.VALUE:
            return State.WARNED if cell in warned else State.VALUE
        if province not in came:
            return State.ABSENT
        if status[cell] is not Status.NOT_SUBMITTED:
            return State.STATED
        return State.AWAITED if code in central else State.HOLE

    of = {(place, code): state(place, code) for place in provinces for code in framework.codes}
    return States(tuple(provinces), framework.codes, of, dict(whole))

"""What became of every cell of a batch: each is a value, a hole or an error, and only one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

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
    submissions: Sequence[Submission],
    findings: Sequence[Finding],
    framework: Framework,
    provinces: Sequence[str],
) -> States:
    """The state of every cell of the provinces that count.

    submissions : understood ones; where two came for one province nothing of it can be used
    provinces : codes of all that should be there, in the order to be shown
    """
    first = {s.province: s for s in submissions}
    came = Counter(s.province for s in submissions)
    worst: dict[tuple[str, str], Severity] = {}
    whole: Counter[str] = Counter()
    order = tuple(Severity)
    for finding in findings:
        key = (finding.province, finding.indicator)
        if finding.indicator in framework.codes:
            worst[key] = min(finding.severity, worst.get(key, Severity.NOTE), key=order.index)
        elif finding.severity is Severity.ERROR:
            whole[finding.province] += 1
    central = {one.code for one in framework.indicators if one.supplier == "central"}
    of = {}
    for province in provinces:
        submission = first.get(province)
        given = (
            {} if submission is None else {c.indicator: c.status for c in submission.observations}
        )
        for code in framework.codes:
            severity = worst.get((province, code))
            if came[province] > 1:
                of[province, code] = State.ERROR
            elif submission is None:
                # A file that came and could not be read is an error in every cell.
                of[province, code] = State.ERROR if whole[province] else State.ABSENT
            else:
                status = given.get(code, Status.NOT_SUBMITTED)
                of[province, code] = _state(status, severity, code in central)
    return States(tuple(provinces), framework.codes, of, dict(whole))


def _state(status: Status, worst: Severity | None, central: bool) -> State:
    if worst is Severity.ERROR or status is Status.UNREADABLE:
        return State.ERROR
    if status is Status.VALUE:
        return State.WARNED if worst is Severity.WARNING else State.VALUE
    if status is not Status.NOT_SUBMITTED:
        return State.STATED
    return State.AWAITED if central else State.HOLE

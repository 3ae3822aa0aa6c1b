"""Every faulty or hostile file gives the rule that the corpus names, and nothing slips through."""

import pytest

from pii.checks import checked
from pii.findings import Finding, Severity
from pii.intake.files import InputFile, read_file
from pii.intake.guard import guarded
from pii.intake.workers import read_files
from pii.submission import Submission
from tests.corpus import ACCEPT, PAGE, Case, cases, framework, page

CASES = list(cases())


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[tuple[Submission, ...], tuple[Finding, ...]]]:
    """All files read as `pii check` reads them: in child processes, by two readers."""
    files = [InputFile(case.file, case.build()) for case in CASES]
    found = {}
    for case, (submissions, own) in zip(CASES, read_files(files, framework()), strict=True):
        understood, more = checked(submissions, framework(), None, whole=False)
        found[case.name] = (understood, (*own, *more))
    return found


def test_there_are_enough_and_each_has_its_own_name() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda c: ascii(c.name))
def test_outcome(
    case: Case, outcomes: dict[str, tuple[tuple[Submission, ...], tuple[Finding, ...]]]
) -> None:
    understood, findings = outcomes[case.name]
    rules = {finding.rule for finding in findings}
    errors = {f.rule for f in findings if f.severity is Severity.ERROR}
    assert all(finding.sentence("vi") and finding.sentence("en") for finding in findings)
    assert "F125" not in rules  # no child process was lost over it
    if case.outcome == ACCEPT:
        values = {o.indicator: o.value for one in understood for o in one.observations}
        assert understood
        assert not errors
        assert {code: values[code] for code in case.values} == case.values
    else:
        assert case.outcome in rules
        if case.outcome.startswith("F1"):
            assert understood == ()
            assert rules == {case.outcome}


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.outcome.startswith("F1")],
    ids=lambda c: ascii(c.name),
)
def test_the_guard_alone_refuses_in_this_process_too(case: Case) -> None:
    """A browser has no child processes: there the guard and openpyxl must do."""
    submissions, findings = read_file(InputFile(case.file, case.build()), framework())
    assert submissions == ()
    assert [finding.rule for finding in findings] == [case.outcome]


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_the_guard_lets_a_sound_workbook_pass() -> None:
    sound = next(case for case in CASES if case.name == "stored")
    assert not isinstance(guarded(sound.build(), "x.xlsx"), Finding)

"""From files to scores: the only floor on which reading and computing meet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isnan
from typing import TYPE_CHECKING

from pii.census import Census, States, cell_states, census
from pii.checks import Central, checked, compared, contradiction
from pii.checks.batch import named_by
from pii.checks.past import Past
from pii.errors import DataError
from pii.findings import Finding, Severity, in_order
from pii.framework import Framework
from pii.frozen import Frozen
from pii.intake.files import InputFile, input_files
from pii.intake.registry import provinces_on
from pii.intake.workers import read_files
from pii.method import READING_YEARS, Method
from pii.provinces import ProvinceList
from pii.submission import Observation, Status, Submission

if TYPE_CHECKING:  # numpy is not wanted by whoever only reads and checks
    from pathlib import Path

    from pii.pipeline import Outcome

_HOLES = ("V101", "V108", "E101")
"""Missing values and evidence: in a table beside the submissions, told once, of those."""

Progress = Callable[[Sequence[InputFile]], Iterable[InputFile]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a run reads, as bytes: read once, scored and proved from the same copy.

    accept : editions whose templates are read although they are not the framework's own
    other_years : a table of figures per year, for the imputations that read years
    """

    submissions: tuple[InputFile, ...]
    central: tuple[InputFile, ...] = ()
    accept: tuple[str, ...] = ()
    other_years: tuple[tuple[int, InputFile], ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was understood of the inputs, and every finding, in order.

    blocked : provinces that an error keeps out
    unread : files, or rows of tables, that could not be taken for any province's submission
    central : errors in the tables of central agencies and of other years, which stop every run
    states : what each cell is: a value, a hole or an error
    cells : how many cells are values, holes and errors
    other_years : what the tables of other years hold
    """

    submissions: tuple[Submission, ...]
    findings: tuple[Finding, ...]
    provinces: ProvinceList | None
    blocked: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    central: tuple[Finding, ...] = ()
    states: States = field(default_factory=dict)
    cells: Census = field(default_factory=lambda: Census(0, 0, 0, 0))
    other_years: Mapping[int, tuple[Submission, ...]] = Frozen()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a province."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    def stops(self, *, skip_invalid: bool) -> bool:
        """Whether nothing may be scored: errors nobody agreed to skip, or in a central table."""
        return bool(self.central or (self.errors and not skip_invalid))


def province_list(framework: Framework) -> ProvinceList | None:
    """The provinces that count under an edition; None where it ranks any units by name.

    For the list of another day: `dataclasses.replace(framework, provinces_on=…)`.
    """
    return provinces_on(framework.provinces_on) if framework.provinces_on else None


def gather(
    inputs: Inputs,
    framework: Framework,
    provinces: ProvinceList | None,
    *,
    whole: bool | None = None,
    past: Sequence[Past] = (),
    progress: Progress = iter,
) -> Gathered:
    """Read and check every file; nothing is computed, and nothing stops at the first fault.

    whole : whether a province that is not heard of is a finding; None: where more than one came.
    past : figures of earlier years, latest first, to compare with.
    """
    unread: list[str] = []
    central, faults = central_figures(inputs, framework, provinces)
    other_years, more = _figures_of_other_years(inputs, framework, provinces)
    table_errors = tuple(f for f in (*faults, *more) if f.severity is Severity.ERROR)
    findings: list[Finding] = []
    submissions: list[Submission] = []
    reading = read_files(inputs.submissions, framework, accept=inputs.accept)
    for file, (found, own) in zip(progress(inputs.submissions), reading, strict=True):
        submissions += found
        findings += own
        if not found:
            unread.append(file.name)
    heard = {finding.province for finding in findings}
    if provinces:  # a file that was refused came all the same: its name says whose it is
        heard |= {code for name in unread for code in named_by(name, provinces)}
    understood, own = checked(
        submissions, framework, provinces, central=central, whole=whole, heard=heard
    )
    settled = {submission.place for submission in understood}
    unread += [str(s.place) for s in submissions if s.place not in settled]
    findings += own
    findings += compared(understood, framework, provinces, past)
    stopped = _stopped(understood, findings)
    everything = in_order((*findings, *faults, *more))
    states = cell_states(understood, (*findings, *faults), framework, provinces, heard)
    counted = census(states, framework)
    return Gathered(
        understood,
        everything,
        provinces,
        stopped,
        tuple(unread),
        table_errors,
        states,
        counted,
        other_years,
    )


def central_figures(
    inputs: Inputs, framework: Framework, provinces: ProvinceList | None
) -> tuple[Central, tuple[Finding, ...]]:
    """Figures of central agencies by (province, indicator), and what is wrong in their tables."""
    figures: dict[tuple[str, str], Observation] = {}
    findings: list[Finding] = []
    own = {one.code for one in framework.indicators if one.supplier == "province"}
    for understood, faults in _tables(inputs.central, framework, provinces):
        findings += faults
        cells = (c for s in understood for c in (*s.observations, *s.variables))
        for cell in (c for c in cells if c.status is Status.VALUE):
            key = (cell.province, cell.indicator)
            if cell.indicator in own:
                facts = {"code": cell.indicator}
                findings.append(Finding("C103", cell.place, *key, facts))
            elif not _same(figures.setdefault(key, cell), cell):
                findings.append(contradiction(cell, figures[key]))
    return figures, in_order(findings)


def _figures_of_other_years(
    inputs: Inputs, framework: Framework, provinces: ProvinceList | None
) -> tuple[Mapping[int, tuple[Submission, ...]], tuple[Finding, ...]]:
    """What the tables of other years hold, by year, and what is wrong in them."""
    years = inputs.other_years
    tables = tuple(_tables([file for _, file in years], framework, provinces))
    found = {year: read for (year, _), (read, _) in zip(years, tables, strict=True)}
    return found, tuple(fault for _, faults in tables for fault in faults)


def _tables(
    files: Sequence[InputFile], framework: Framework, provinces: ProvinceList | None
) -> Iterator[tuple[tuple[Submission, ...], list[Finding]]]:
    """Tables beside the submissions, one after another, each with its findings; holes are none."""
    for found, faults in read_files(files, framework):
        understood, more = checked(found, framework, provinces, whole=False)
        # A hole in such a table is told once, among the province's own missing values.
        yield tuple(understood), [f for f in (*faults, *more) if f.rule not in _HOLES]


def _same(one: Observation, other: Observation) -> bool:
    """Whether two cells say the same; a label has no value, and is its text."""
    return one.value == other.value or (isnan(one.value) and one.text == other.text)


def past_table(file: InputFile, framework: Framework, provinces: ProvinceList | None) -> Past:
    """The figures of an earlier year from a table in this edition's codes.

    Raises
    ------
    DataError
        Where not one figure can be read from it.
    """
    ((found, faults),) = read_files((file,), framework)
    understood, more = checked(found, framework, provinces, whole=False)
    cells = [c for s in understood for c in s.observations if c.status is Status.VALUE]
    if not cells:
        errors = [f for f in (*faults, *more) if f.severity is Severity.ERROR]
        why = f": {errors[0].sentence('en')}" if errors else ""
        raise DataError(f"no figure of last year can be read from {file.name}{why}")
    return Past(file.name, {(c.province, c.indicator): c.value for c in cells})


_ROW = ("P101", "P102", "P106")
"""A row of an unknown province is dropped by itself; it says nothing against its neighbours."""


def _stopped(submissions: Sequence[Submission], findings: Iterable[Finding]) -> tuple[str, ...]:
    """Provinces that an error keeps out: their own, or one in the file they came in."""
    errors = [f for f in findings if f.severity is Severity.ERROR and f.rule not in _ROW]
    named = {f.province for f in errors}
    files = {f.place.file for f in errors if not f.province}
    return tuple(
        sorted({s.province for s in submissions if s.province in named or s.place.file in files})
    )


def score(
    gathered: Gathered, framework: Framework, method: Method, *, skip_invalid: bool = False
) -> "Outcome":
    """The scored edition.

    Raises
    ------
    DataError
        Where `gathered.stops`, or nothing is left to score.
    """
    from pii.matrix import assemble
    from pii.pipeline import Outcome, compute, computed_findings

    if gathered.stops(skip_invalid=skip_invalid):
        raise DataError(
            f"{len(gathered.central)} errors in the tables of central agencies or other years, "
            "which concern every province; correct the tables"
            if gathered.central
            else f"{len(gathered.errors)} errors in the submissions; correct them, or leave the "
            "provinces concerned out with --skip-invalid"
        )
    kept = [s for s in gathered.submissions if s.province not in gathered.blocked]
    matrix = assemble(kept, framework, gathered.provinces)
    if gathered.other_years:
        _refuse_unread_years(framework, method)
        others = {
            year: assemble(found, framework, gathered.provinces)
            for year, found in gathered.other_years.items()
        }
        matrix = replace(matrix, other_years=Frozen(others))
    values = sum(cell.status is Status.VALUE for one in kept for cell in one.observations)
    known = sum(not isnan(x) for row in matrix.values.tolist() for x in row)
    if values != known:
        raise DataError(
            f"{values} values were read, but {known} stand in the matrix; nothing is computed. "
            "Report this with the files"
        )
    scores = compute(matrix, framework, method)
    met = computed_findings(matrix, framework, method, scores)
    return Outcome(
        framework=framework,
        method=method,
        provinces=gathered.provinces,
        matrix=matrix,
        scores=scores,
        findings=in_order((*gathered.findings, *met)),
        left_out=gathered.blocked,
        unread=gathered.unread,
    )


def _refuse_unread_years(framework: Framework, method: Method) -> None:
    """Tables of other years that the method would not look at, or that have no year to be next to.

    Raises
    ------
    DataError
        Naming the imputation, or the indicators.
    """
    if method.imputation.rule not in READING_YEARS:
        raise DataError(
            f"the imputation {method.imputation.rule} reads no other years; leave out "
            "--other-year, or write `imputation: {rule: last-year}` into the edition"
        )
    undated = [one.code for one in framework.indicators if not one.data_year]
    if undated:
        raise DataError(
            f"no data_year in the edition for {', '.join(undated)}, so that nothing tells which "
            "year comes before; write it there"
        )


def read_submissions(
    paths: "str | Path | Sequence[str | Path]",
    framework: Framework,
    *,
    accept: tuple[str, ...] = (),
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """Submissions from workbooks, folders of workbooks, or tables, with every finding.

    accept : editions whose templates are read although they are not the framework's own.
    A submission whose province is unknown cannot be placed and is left out; a finding says so.
    """
    several = paths if isinstance(paths, list | tuple) else (paths,)
    files, _ = input_files(several)
    gathered = gather(Inputs(files, accept=accept), framework, province_list(framework))
    return gathered.submissions, gathered.findings

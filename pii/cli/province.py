"""The province's side: the offline page, and what a change would do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pii.cli.after import RUN, read_against
from pii.cli.options import accept_option, lang_option, public_option, start_reading
from pii.cli.say import FINDINGS, print_findings

if TYPE_CHECKING:
    from pii.framework import Language
    from pii.preview.reference import Reference
    from pii.submission import Submission

against_option = click.option(
    "--against",
    "folder",
    metavar="RUN",
    required=True,
    type=RUN,
    help="Run folder whose goalposts and treatment are taken as they are.",
)


@click.command()
@against_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("xem-truoc.html"),
    show_default=True,
    help="New HTML file; an older page of pii is replaced.",
)
@click.option(
    "--pyodide",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".pyodide/package"),
    show_default=True,
    help="Folder with the files of Pyodide's npm package (`make page` fetches them).",
)
@public_option
@lang_option
def page(folder: Path, out: Path, pyodide: Path, public: bool, lang: Language) -> None:
    """Make the page that needs nothing: one HTML file that opens by double-click, offline.

    A province officer drops the workbook on it and sees findings, scores and sliders. Python
    itself is inside; a content security policy bars the page from any network.
    """
    from pii.intake.engine import PYODIDE_ABI, page_files
    from pii.preview.reference import withheld
    from pii.report.offline import offline_page
    from pii.store import read_reference, write_page

    reference = read_reference(folder)
    files, slow = page_files(pyodide)
    data = offline_page(reference if public else withheld(reference), files, PYODIDE_ABI)
    write_page(out, data)
    if slow:
        click.echo(
            f"Trang sẽ mở chậm hơn vài giây, vì Python trong trang chưa được biên dịch ({slow})."
            if lang == "vi"
            else f"The page will be ready some seconds later: its Python is not compiled ({slow}).",
            err=True,
        )
    size = f"{len(data) / 1e6:.1f} MB"
    if lang == "vi":
        kind = "có số liệu từng nơi" if public else "không có số liệu của nơi nào"
        click.echo(f"Trang xem trước: {out} ({size}, {kind})")
    else:
        kind = "with every province's figures" if public else "without any province's figures"
        click.echo(f"Page: {out} ({size}, {kind})")


def _in_language(command: Callable[..., None]) -> Callable[..., None]:
    """The command, whose refusals are said in the language of its `--lang`."""

    @wraps(command)
    def run(*, lang: Language, **given: Any) -> None:
        from pii.errors import DataError, RefusedError

        try:
            command(lang=lang, **given)
        except RefusedError as error:
            raise DataError(error.vi if lang == "vi" else str(error)) from None

    return run


def _opened(
    file: Path, folder: Path, accept: tuple[str, ...], lang: Language
) -> tuple[Submission, Reference]:
    """The one submission of a file, checked under the edition of a run; errors end the command."""
    gathered, reference = read_against(file, folder, accept)
    if len(gathered.submissions) == 1:
        return gathered.submissions[0], reference
    print_findings(gathered.findings, lang)
    if gathered.submissions:
        raise click.UsageError(f"{file} holds {len(gathered.submissions)} provinces; one needed")
    raise click.exceptions.Exit(FINDINGS)


file_argument = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.command()
@file_argument
@against_option
@click.option(
    "--set",
    "changes",
    metavar="CODE=VALUE",
    multiple=True,
    help="A value to try, in the indicator's unit, with a point or comma as decimal sign; "
    "repeatable.",
)
@accept_option
@lang_option
@_in_language
def whatif(
    file: Path, folder: Path, changes: tuple[str, ...], accept: tuple[str, ...], lang: Language
) -> None:
    """Try other values: new score and rank, and whom they overtake.

    Without --set: what one unit of each indicator is worth, the most promising first.

    \b
      pii whatif 56-khanh-hoa.xlsx --against runs/2025 --set 6.1.1=3.2 --set 2.2.4=0.15
    """
    start_reading([file])
    from pii.preview.estimate import preview
    from pii.preview.whatif import levers, what_if
    from pii.report.changes import lever_lines, what_if_lines

    submission, reference = _opened(file, folder, accept, lang)
    if changes:
        values = dict(map(_change, changes))
        if len(values) < len(changes):
            raise click.UsageError("--set names an indicator twice; give each one value")
        lines = what_if_lines(what_if(submission, reference, values), values, lang)
    else:
        now = preview(submission, reference)
        lines = lever_lines(levers(submission, reference), now, lang)
    for line in lines:
        click.echo(line)


def _change(text: str) -> tuple[str, float]:
    code, _, value = text.partition("=")
    return code.strip(), _number(f"--set {text}", value, "CODE=VALUE, such as 6.1.1=3.2")


def _number(option: str, text: str, expected: str) -> float:
    """A number as people type it, with a point or a comma as decimal sign."""
    from pii.decimals import Ambiguous, read_decimal

    meant = read_decimal(text)
    if isinstance(meant, Ambiguous):
        raise click.UsageError(
            f"{option}: {text.strip()} may mean {meant.thousands} or {meant.fraction}0; write one "
            "of these"
        )
    if meant is None:
        raise click.UsageError(f"{option}: expected {expected}")
    return float(meant)


@click.command()
@file_argument
@against_option
@click.option("--rank", type=click.IntRange(1), help="Reach this rank or better.")
@click.option("--score", metavar="NUMBER", help="Reach this score of the index.")
@click.option(
    "--above-average", type=click.IntRange(1), help="Have so many indicators above the mean."
)
@click.option(
    "--reach",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="The most units of effort that one indicator may move.",
)
@click.option(
    "--answers", type=click.IntRange(1, 20), default=3, show_default=True, help="How many answers."
)
@click.option(
    "--last-year",
    metavar="RUN",
    type=RUN,
    help="An earlier run of the same indicators: one unit of effort is then the median change "
    "since that year, and else the standard deviation over the provinces.",
)
@accept_option
@lang_option
@_in_language
def target(
    file: Path,
    folder: Path,
    rank: int | None,
    score: str | None,
    above_average: int | None,
    reach: float,
    answers: int,
    last_year: Path | None,
    accept: tuple[str, ...],
    lang: Language,
) -> None:
    """Find the smallest sets of changes that reach a target, over the province's own indicators.

    Solved exactly as an integer programme: fewest changes first, then least effort; every answer
    is scored again by the engine. Values that are missing are not candidates: try them with
    `pii whatif`.

    \b
      pii target 56-khanh-hoa.xlsx --against runs/2025 --rank 20
      pii target 56-khanh-hoa.xlsx --against runs/2025 --above-average 26
    """
    start_reading([file])
    from pii.report.changes import target_lines
    from pii.store import read_reference
    from pii.target import reach_means, reach_score, score_of_rank, spreads, yearly_steps

    if sum(goal is not None for goal in (rank, score, above_average)) != 1:
        raise click.UsageError("name one target: --rank, --score or --above-average")
    wished = None if score is None else _number("--score", score, "a plain number, such as 44.5")
    submission, reference = _opened(file, folder, accept, lang)
    if last_year:
        before = read_reference(last_year)
        rows = zip(before.provinces, before.raw, strict=True)
        earlier = {
            (who, code): x
            for who, row in rows
            for code, x in zip(before.framework.codes, row, strict=True)
        }
        units = yearly_steps(earlier, reference)
        unit = "trung vị thay đổi một năm" if lang == "vi" else "the median change in a year"
    else:
        units = spreads(reference)
        unit = (
            "độ lệch chuẩn giữa các tỉnh" if lang == "vi" else "the provinces' standard deviation"
        )
    if above_average is not None:
        found = reach_means(submission, reference, above_average, units, reach=reach)
    else:
        goal = wished if wished is not None else score_of_rank(submission, reference, rank or 1)
        found = reach_score(submission, reference, goal, units, reach=reach, answers=answers)
    for line in target_lines(found, reference, unit, reach, lang):
        click.echo(line)


@click.command()
@file_argument
@against_option
@click.option(
    "--rank", type=click.IntRange(1), help="Fill in the targets of the first answer to this rank."
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="New file: .docx for Word, .xlsx for Excel.",
)
@accept_option
@public_option
@lang_option
@_in_language
def plan(
    file: Path,
    folder: Path,
    rank: int | None,
    out: Path,
    accept: tuple[str, ...],
    public: bool,
    lang: Language,
) -> None:
    """Write the annex of an action plan: every indicator with value, score, rank, gaps, target.

    Lead unit, deadline and remark are left for the province to fill in; strengths and weaknesses
    stand in the head.
    """
    start_reading([file])
    from pii.preview.estimate import preview
    from pii.preview.reference import withheld
    from pii.report.plan import plan_docx, plan_xlsx
    from pii.store import write_new
    from pii.target import reach_score, score_of_rank, spreads

    made = {".docx": plan_docx, ".xlsx": plan_xlsx}.get(out.suffix.lower())
    if made is None:
        raise click.UsageError(f"--out {out}: name a .docx or an .xlsx file")
    submission, reference = _opened(file, folder, accept, lang)
    answer = None
    if rank is not None:
        goal = score_of_rank(submission, reference, rank)
        found = reach_score(submission, reference, goal, spreads(reference), reach=1.0, answers=1)
        if not found.answers and not found.done:
            click.echo(
                f"Hạng {rank} không thể đạt chỉ bằng chỉ số của tỉnh; cột mục tiêu để trống."
                if lang == "vi"
                else f"Rank {rank} cannot be reached by own indicators alone; targets stay blank."
            )
        answer = found.answers[0] if found.answers else None
    told = reference if public else withheld(reference, submission.province)
    write_new(out, made(preview(submission, told), answer, lang))
    click.echo(f"Phụ lục kế hoạch: {out}" if lang == "vi" else f"Action plan: {out}")

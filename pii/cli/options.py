"""The options commands share, and opening what they name: editions, submissions, tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pii.cli.say import say

if TYPE_CHECKING:
    from pii.checks.past import Past
    from pii.framework import Framework, Language
    from pii.intake.files import InputFile
    from pii.method import Method
    from pii.provinces import ProvinceList
    from pii.scoring import Gathered, Inputs


_Command = TypeVar("_Command", bound=Callable[..., Any])


def framework_option(command: _Command) -> _Command:
    """`--framework`: the edition file."""
    return click.option(
        "--framework",
        "edition",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Edition file: framework and method. Default: ./indicators.yaml, else the edition "
        "that comes with pii.",
    )(command)


def lang_option(command: _Command) -> _Command:
    """`--lang`: Vietnamese or English."""
    return click.option(
        "--lang",
        type=click.Choice(["vi", "en"]),
        default="vi",
        show_default=True,
        envvar="PII_LANG",
        help="Language of what is printed and written (or set PII_LANG).",
    )(command)


def provinces_option(command: _Command) -> _Command:
    """`--provinces-on`: the list of provinces of another day."""
    return click.option(
        "--provinces-on",
        metavar="DATE",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Use the list of provinces of that day (63 until 2025-06-30, then 34) instead of "
        "the edition's own.",
    )(command)


def accept_option(command: _Command) -> _Command:
    """`--accept-template`: templates of other editions."""
    return click.option(
        "--accept-template",
        "accept",
        metavar="EDITION",
        multiple=True,
        help="Also read templates of this other edition; may be given again.",
    )(command)


def public_option(command: _Command) -> _Command:
    """`--public`: what a province gets may show the others' figures."""
    return click.option(
        "--public/--confidential",
        "public",
        default=False,
        help="Whether what is written may show every province's figures (a run that is published) "
        "or only goalposts, means and quantiles; ranks are then spans.  [default: confidential]",
    )(command)


def central_option(command: _Command) -> _Command:
    """`--central`: tables of central agencies."""
    return click.option(
        "--central",
        metavar="TABLE",
        multiple=True,
        type=click.Path(exists=True, path_type=Path),
        help="Table of central agencies' figures, CSV or XLSX, wide or long; may be given again.",
    )(command)


def _years_and_tables(
    _ctx: click.Context, _param: click.Parameter, given: Sequence[str]
) -> tuple[tuple[int, Path], ...]:
    """YEAR=TABLE, as often as given, in the order of years."""
    found: dict[int, Path] = {}
    for text in given:
        year, _, table = text.partition("=")
        if not (year.isdecimal() and len(year) == 4 and table):
            raise click.BadParameter(
                f"{text!r} is no YEAR=TABLE; write for example 2021=figures-2021.csv"
            )
        if Path(table).is_dir():
            raise click.BadParameter(f"{table} is a folder; name the table of {year} in it")
        if int(year) in found:
            raise click.BadParameter(f"{year} is named twice; one table holds a year")
        found[int(year)] = Path(table)
    return tuple(sorted(found.items()))


def other_year_option(command: _Command) -> _Command:
    """`--other-year`: tables of figures of other years."""
    return click.option(
        "--other-year",
        "other_years",
        metavar="YEAR=TABLE",
        multiple=True,
        callback=_years_and_tables,
        help="Table of the figures of another year, for an edition whose imputation reads years "
        "(last-year, linear); once for each year.",
    )(command)


def open_edition(path: Path | None, on: datetime | None = None) -> tuple[Framework, Method]:
    """The edition, under the list of provinces of another day where one is given."""
    from dataclasses import replace

    from pii.intake.definition import load_edition
    from pii.intake.shipped import shipped

    own = Path("indicators.yaml")
    structure, method = load_edition(path or (own if own.is_file() else shipped("indicators.yaml")))
    return (replace(structure, provinces_on=on.date()) if on else structure), method


def open_inputs(
    paths: Sequence[Path],
    central: Sequence[Path],
    accept: tuple[str, ...],
    other_years: Sequence[tuple[int, Path]] = (),
) -> Inputs:
    """The files of INPUTS and of `--central`; what is no spreadsheet is named and passed over."""
    from pii.intake.files import input_files
    from pii.scoring import Inputs

    submissions, passed = input_files(paths)
    for name in passed:
        say(f"pii: passed over, not a spreadsheet: {name}", err=True)
    if not submissions:
        raise click.UsageError(f"no spreadsheet in {', '.join(map(str, paths))}")
    others = tuple((year, input_files([table])[0][0]) for year, table in other_years)
    return Inputs(submissions, input_files(central)[0], accept, others)


def start_reading(paths: Sequence[Path]) -> None:
    """Start the processes that will read these: they get ready while all else is loaded."""
    from pii.intake import workers

    workers.start(1 if len(paths) == 1 and not os.path.isdir(paths[0]) else workers.WORKERS)


def refuse_occupied(out: Path) -> None:
    """Before anything is read: the folder must be new, and its parent writable."""
    if out.exists() or out.is_symlink():
        raise click.UsageError(f"{out} exists, and nothing is ever overwritten; name a new folder")
    parent = next(folder for folder in out.absolute().parents if folder.exists())
    if not os.access(parent, os.W_OK):
        raise click.UsageError(f"{parent} cannot be written; name another folder with --out")


_Item = TypeVar("_Item")


@contextmanager
def progress_bar(
    items: Iterable[_Item], label: str, length: int | None = None
) -> Iterator[Iterable[_Item]]:
    """A bar on the error stream where a person is watching; silence elsewhere."""
    with click.progressbar(
        items, length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield bar


def read_inputs(
    inputs: Inputs,
    framework: Framework,
    provinces: ProvinceList | None,
    lang: Language,
    *,
    whole: bool | None = True,
    past: Sequence[Past] = (),
) -> Gathered:
    """All submissions with their findings, under a bar while they are read."""
    from pii.scoring import gather

    def watched(files: Sequence[InputFile]) -> Iterator[InputFile]:
        with progress_bar(files, "Đọc bài nộp" if lang == "vi" else "Reading", len(files)) as bar:
            yield from bar

    return gather(inputs, framework, provinces, whole=whole, past=past, progress=watched)

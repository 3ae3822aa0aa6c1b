"""The commands of the yearly round: framework, method, template, check, run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pii.cli.options import (
    accept_option,
    central_option,
    framework_option,
    lang_option,
    open_edition,
    open_inputs,
    progress_bar,
    provinces_option,
    read_inputs,
)
from pii.cli.record import write_outcome
from pii.cli.say import FINDINGS, count_line, print_findings, print_summary

if TYPE_CHECKING:
    from pii.framework import Language
    from pii.preview.reference import Reference
    from pii.provinces import ProvinceList


@click.command()
@framework_option
@lang_option
def framework(edition: Path | None, lang: Language) -> None:
    """Print the tree of an edition with local and effective weights.

    The effective weight is the share of the index that a node decides where nothing is missing:
    an indicator of the output side weighs about twice one of the input side, because there are
    fewer of them below the same half of the index.
    """
    from pii.report.league import framework_lines

    structure, method = open_edition(edition)
    for line in framework_lines(structure, method, lang):
        click.echo(line)


@click.group(invoke_without_command=True)
@framework_option
@lang_option
@click.pass_context
def method(ctx: click.Context, edition: Path | None, lang: Language) -> None:
    """Print an edition's nominal method in words, and what is assumed about it."""
    if ctx.invoked_subcommand is not None:
        return
    from pii.report.words import method_rows

    structure, nominal = open_edition(edition)
    click.echo(structure.title(lang))
    for choice, rule, basis in method_rows(structure, nominal, lang):
        click.echo(f"{choice}: {rule}" + (f" [{basis}]" if basis else ""))


@method.command("diff")
@click.argument("one", type=click.Path(path_type=Path))
@click.argument("other", type=click.Path(path_type=Path))
def method_diff(one: Path, other: Path) -> None:
    """Print every choice in which two edition files differ: name: ONE → OTHER.

    Exit code: 0 the methods are equal, 1 they differ.
    """
    from pii.intake.definition import method_differences

    differences = method_differences(open_edition(one)[1], open_edition(other)[1])
    for name, left, right in differences:
        click.echo(f"{name}: {left} → {right}")
    if differences:
        raise click.exceptions.Exit(1)
    click.echo("The methods are equal.")


def _reference(folder: Path, public: bool) -> Reference:
    from pii.preview.reference import withheld
    from pii.store import read_reference

    reference = read_reference(folder)
    return reference if public else withheld(reference)


@click.command()
@framework_option
@central_option
@provinces_option
@click.option(
    "--province", "only", metavar="CODE", multiple=True, help="Only this one; repeatable."
)
@click.option(
    "--against",
    "run_folder",
    metavar="RUN",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Add the sheet “Xem trước”, which scores what is typed by formulas alone, under the "
    "goalposts and treatment of this run.",
)
@click.option(
    "--public/--confidential",
    "public",
    default=False,
    help="Whether that sheet may hold the other provinces' scores (a run that is published) or "
    "only goalposts, means and quantiles.  [default: confidential]",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="New folder for the workbooks."
)
@lang_option
def template(
    edition: Path | None,
    central: tuple[Path, ...],
    provinces_on: datetime | None,
    only: tuple[str, ...],
    run_folder: Path | None,
    public: bool,
    out: Path,
    lang: Language,
) -> None:
    """Write one workbook per province, to be filled in with Excel or LibreOffice.

    Figures of central agencies are prefilled and locked where --central has them.
    """
    from pii.intake.template import template_workbook
    from pii.report.live import live_sheets
    from pii.scoring import Inputs, central_figures, province_list
    from pii.store import write_folder

    structure, _ = open_edition(edition, provinces_on)
    _refuse_occupied(out)
    provinces = province_list(structure)
    if provinces is None:
        raise click.UsageError("this edition ranks no provinces, so it has no template")
    chosen = [_find(provinces, text) for text in only] or list(provinces)
    tables = open_inputs(central, (), ()).submissions if central else ()
    figures, findings = central_figures(Inputs((), tables), structure, provinces)
    print_summary(findings, lang)
    if any(finding.severity.value == "error" for finding in findings):
        raise click.exceptions.Exit(FINDINGS)

    reference = _reference(run_folder, public) if run_folder else None

    def made() -> Iterator[tuple[str, bytes]]:
        with progress_bar(chosen, "Biểu mẫu" if lang == "vi" else "Templates", len(chosen)) as bar:
            for province in bar:
                own = {code: cell for (who, code), cell in figures.items() if who == province.code}
                name = f"{province.code}-{_slug(province.name_en)}.xlsx"
                live = live_sheets(structure, province, own, reference) if reference else None
                yield name, template_workbook(structure, province, own, live=live)

    write_folder(out, made())
    count = len(chosen)
    click.echo(f"{count} biểu mẫu: {out}" if lang == "vi" else f"{count} templates: {out}")


def _slug(name: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def _find(provinces: ProvinceList, text: str) -> Any:
    province = provinces.find(text)
    if province is None:
        raise click.UsageError(f"no province {text!r} on the list of {provinces.on}")
    return province


@click.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@framework_option
@central_option
@provinces_option
@accept_option
@lang_option
def check(
    inputs: tuple[Path, ...],
    edition: Path | None,
    central: tuple[Path, ...],
    provinces_on: datetime | None,
    accept: tuple[str, ...],
    lang: Language,
) -> None:
    """Read submissions and report all their faults at once.

    \b
    Each line: severity, rule, file [sheet!cell]: what is there; what was expected. What to do.
    Exit code: 0 no errors (there may be warnings), 3 at least one error, 2 wrong usage.
    Provinces that are not in yet are reported where a folder or several provinces are checked.
    """
    from pii.scoring import province_list

    structure, _ = open_edition(edition, provinces_on)
    provinces = province_list(structure)
    read = open_inputs(inputs, central, accept)
    whole = True if any(path.is_dir() for path in inputs) else None
    gathered = read_inputs(read, structure, provinces, lang, whole=whole)
    print_findings(gathered.findings, lang)
    click.echo(count_line(gathered.findings, len(read.submissions), lang))
    if gathered.errors:
        raise click.exceptions.Exit(FINDINGS)


def _refuse_occupied(out: Path) -> None:
    """Before anything is read: the folder must be new, and its parent writable."""
    if out.exists() or out.is_symlink():
        raise click.UsageError(f"{out} exists, and nothing is ever overwritten; name a new folder")
    parent = next(folder for folder in out.absolute().parents if folder.exists())
    if not os.access(parent, os.W_OK):
        raise click.UsageError(f"{parent} cannot be written; name another folder with --out")


@click.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Run folder; must not exist yet."
)
@framework_option
@central_option
@provinces_option
@accept_option
@click.option("--skip-invalid", is_flag=True, help="Leave provinces with errors out, and say so.")
@click.option(
    "--charts",
    type=click.Choice(["all", "national", "none"]),
    default="all",
    show_default=True,
    help="national: without the profiles of single provinces.",
)
@click.option(
    "--compare-published",
    "year",
    type=int,
    metavar="YEAR",
    help="Print how the ranks agree with the published PII of that year.",
)
@lang_option
def run(
    inputs: tuple[Path, ...],
    out: Path,
    edition: Path | None,
    central: tuple[Path, ...],
    provinces_on: datetime | None,
    accept: tuple[str, ...],
    skip_invalid: bool,
    charts: Any,
    year: int | None,
    lang: Language,
) -> None:
    """Score submissions and write everything into a new run folder.

    \b
    The folder appears whole or not at all:
      results.xlsx      league table, pillars, indicators, treatment, findings, method
      tables/*.csv      the same at full precision, for machines
      charts/           ranking, pillars, a profile per province (SVG and PNG)
      inputs/           what was read, byte for byte
      run.json          engine, method, inputs and outputs with SHA-256
    """
    from pii.intake.registry import refuse_other_provinces
    from pii.report.league import league_lines
    from pii.scoring import province_list, score
    from pii.store import Options

    _refuse_occupied(out)
    structure, method = open_edition(edition, provinces_on)
    provinces = province_list(structure)
    if year is not None:
        refuse_other_provinces(year, provinces)
    read = open_inputs(inputs, central, accept)
    gathered = read_inputs(read, structure, provinces, lang)
    problems = [f for f in gathered.findings if f.severity.value != "note"]
    if gathered.stops(skip_invalid=skip_invalid):
        print_findings(gathered.errors, lang)
        click.echo(
            f"Dừng lại: {len(gathered.errors)} lỗi, chưa ghi gì. Sửa bài nộp, hoặc dùng "
            "--skip-invalid để loại các tỉnh có lỗi và ghi rõ điều đó."
            if lang == "vi"
            else f"Stopped: {len(gathered.errors)} errors, nothing was written. Correct the "
            "submissions, or leave those provinces out, and have it said, with --skip-invalid."
        )
        raise click.exceptions.Exit(FINDINGS)
    print_summary(problems, lang)
    outcome = score(gathered, structure, method, skip_invalid=skip_invalid)
    options = Options(
        lang=lang,
        charts=charts,
        skip_invalid=skip_invalid,
        accept=accept,
        compared_with=year,
    )
    manifest = write_outcome(out, outcome, options, read)
    for line in league_lines(outcome, lang):
        click.echo(line)
    for note in manifest.notes:
        click.echo(note)
    click.echo(count_line(gathered.findings, len(read.submissions), lang))
    click.echo(f"Kết quả: {out}" if lang == "vi" else f"Results: {out}")
    for name in ("results.xlsx", "tables", "charts"):
        if (out / name).exists():
            click.echo(f"  {out / name}")

"""The commands of the yearly round: framework, method, template, run."""

from __future__ import annotations

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
    other_year_option,
    progress_bar,
    provinces_option,
    public_option,
    read_inputs,
    refuse_occupied,
    start_reading,
)
from pii.cli.record import write_outcome
from pii.cli.say import (
    FINDINGS,
    Laps,
    census_line,
    count_line,
    print_findings,
    print_summary,
    say,
)

if TYPE_CHECKING:
    from pii.framework import Language
    from pii.provinces import ProvinceList
    from pii.scoring import Gathered


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
        say(line)


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
    say(structure.title(lang))
    for choice, rule, basis in method_rows(structure, nominal, lang):
        say(f"{choice}: {rule}" + (f" [{basis}]" if basis else ""))


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
        say(f"{name}: {left} → {right}")
    if differences:
        raise click.exceptions.Exit(1)
    say("The methods are equal.")


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
@public_option
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
    from pii.preview.reference import withheld
    from pii.report.live import live_sheets
    from pii.scoring import Inputs, central_figures, province_list
    from pii.store import read_reference, write_folder

    structure, _ = open_edition(edition, provinces_on)
    refuse_occupied(out)
    provinces = province_list(structure)
    if provinces is None:
        raise click.UsageError("this edition ranks no provinces, so it has no template")
    chosen = [_find(provinces, text) for text in only] or list(provinces)
    tables = open_inputs(central, (), ()).submissions if central else ()
    figures, findings = central_figures(Inputs((), tables), structure, provinces)
    print_summary(findings, lang)
    if any(finding.severity.value == "error" for finding in findings):
        raise click.exceptions.Exit(FINDINGS)

    reference = read_reference(run_folder) if run_folder else None

    def made() -> Iterator[tuple[str, bytes]]:
        with progress_bar(chosen, "Biểu mẫu" if lang == "vi" else "Templates", len(chosen)) as bar:
            for province in bar:
                own = {code: cell for (who, code), cell in figures.items() if who == province.code}
                name = f"{province.code}-{_slug(province.name_en)}.xlsx"
                live = None
                if reference:
                    told = reference if public else withheld(reference, province.code)
                    live = live_sheets(structure, province, own, told, reference.movement)
                yield name, template_workbook(structure, province, own, live=live)

    write_folder(out, made())
    count = len(chosen)
    say(f"{count} biểu mẫu: {out}" if lang == "vi" else f"{count} templates: {out}")


def _slug(name: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def _find(provinces: ProvinceList, text: str) -> Any:
    from unicodedata import name

    province = provinces.find(text)
    if province is None:
        strange = [c for c in text if c.isalpha() and not name(c, "").startswith("LATIN")]
        why = f"; {strange[0]!r} is {name(strange[0], 'no Latin letter')}" if strange else ""
        raise click.UsageError(f"no province {text!r} on the list of {provinces.on}{why}")
    return province


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@click.option("--word", type=click.Choice(["correct", "complete", "clean", "current"]))
@click.option("--severity", type=click.Choice(["error", "warning", "note"]))
@click.option("--markdown", is_flag=True, help="The whole catalogue, as docs/rules.md holds it.")
@lang_option
def rules(
    codes: tuple[str, ...],
    word: str | None,
    severity: str | None,
    markdown: bool,
    lang: Language,
) -> None:
    """Print what submissions are held to: every rule, and what to do where it is broken.

    CODE picks rules by the beginning of their code: V201, V, B1. The words are the ministry's:
    correct (đúng), complete (đủ), clean (sạch), current (sống).
    """
    from pii.report.catalogue import catalogue_lines, catalogue_page
    from pii.rules import RULES

    if markdown:
        click.echo(catalogue_page(), nl=False)
        return
    unknown = [code for code in codes if not any(known.startswith(code) for known in RULES)]
    if unknown:
        raise click.UsageError(f"no rule begins with {unknown[0]!r}; all of them: pii rules")
    chosen = [
        rule
        for rule in RULES.values()
        if (not codes or rule.code.startswith(codes))
        and word in (None, rule.word.value)
        and severity in (None, rule.severity.value)
    ]
    for line in catalogue_lines(chosen, lang):
        say(line)


@click.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Run folder; must not exist yet."
)
@framework_option
@central_option
@provinces_option
@accept_option
@other_year_option
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
@click.option("--timings", is_flag=True, help="Print how long each part took.")
@lang_option
def run(
    inputs: tuple[Path, ...],
    out: Path,
    edition: Path | None,
    central: tuple[Path, ...],
    provinces_on: datetime | None,
    accept: tuple[str, ...],
    other_years: tuple[tuple[int, Path], ...],
    skip_invalid: bool,
    charts: Any,
    year: int | None,
    timings: bool,
    lang: Language,
) -> None:
    """Score submissions and write everything into a new run folder.

    \b
    The folder appears whole or not at all:
      results.xlsx      league table, pillars, indicators, strengths, treatment, findings, method
      tables/*.csv      the same at full precision, for machines
      charts/           ranking, pillars, a profile per province (SVG and PNG)
      inputs/           what was read, byte for byte
      run.json          engine, method, inputs and outputs with SHA-256
    """
    laps = Laps()
    start_reading(inputs)
    from pii.intake.registry import refuse_other_provinces
    from pii.report.files import file_count  # noqa: F401  loads what draws and writes
    from pii.report.league import league_lines
    from pii.scoring import province_list, score
    from pii.store import Options

    laps.end("nạp các gói", "loading packages")
    refuse_occupied(out)
    structure, method = open_edition(edition, provinces_on)
    provinces = province_list(structure)
    if year is not None:
        refuse_other_provinces(year, provinces)
    read = open_inputs(inputs, central, accept, other_years)
    gathered = read_inputs(read, structure, provinces, lang)
    laps.end("đọc và kiểm tra", "reading and checking")
    problems = [f for f in gathered.findings if f.severity.value != "note"]
    if gathered.stops(skip_invalid=skip_invalid):
        print_findings(gathered.errors, lang)
        say(_why_stopped(gathered, lang))
        raise click.exceptions.Exit(FINDINGS)
    print_summary(problems, lang)
    outcome = score(gathered, structure, method, skip_invalid=skip_invalid)
    known = set(map(id, gathered.findings))
    print_summary([f for f in outcome.findings if id(f) not in known], lang)
    laps.end("tính điểm và hạng", "computing scores and ranks")
    options = Options(
        lang=lang,
        charts=charts,
        skip_invalid=skip_invalid,
        accept=accept,
        compared_with=year,
    )
    manifest = write_outcome(out, outcome, options, read)
    laps.end("bảng, sổ tính, biểu đồ", "tables, workbook, charts")
    for line in league_lines(outcome, lang):
        say(line)
    for note in manifest.notes:
        say(note)
    say(count_line(gathered.findings, len(read.submissions), lang))
    say(census_line(gathered.cells, lang))
    say(f"Kết quả: {out}" if lang == "vi" else f"Results: {out}")
    for name in ("results.xlsx", "tables", "charts"):
        if (out / name).exists():
            say(f"  {out / name}")
    if timings:
        laps.say(lang)


def _why_stopped(gathered: Gathered, lang: Language) -> str:
    errors, tables = len(gathered.errors), len(gathered.central)
    counted = "1 error" if errors == 1 else f"{errors} errors"
    if tables:
        return (
            f"Dừng lại: {errors} lỗi, chưa ghi gì. {tables} lỗi nằm trong bảng của --central hoặc "
            "--other-year, liên quan mọi tỉnh, nên --skip-invalid không giúp được: hãy sửa bảng."
            if lang == "vi"
            else f"Stopped: {counted}, nothing was written. {tables} of them in tables of "
            "--central or --other-year, which concern every province, so that --skip-invalid is no "
            "way out: correct those tables."
        )
    return (
        f"Dừng lại: {errors} lỗi, chưa ghi gì. Sửa bài nộp, hoặc dùng --skip-invalid để loại các "
        "tỉnh có lỗi và ghi rõ điều đó."
        if lang == "vi"
        else f"Stopped: {counted}, nothing was written. Correct the submissions, or leave those "
        "provinces out, and have it said, with --skip-invalid."
    )

"""The command check: every fault, and answers made of them for whoever must act on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pii import __version__
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
    refuse_occupied,
    start_reading,
)
from pii.cli.say import FINDINGS, census_line, count_line, print_by_province, say

if TYPE_CHECKING:
    from pii.cost import Cost
    from pii.findings import Finding
    from pii.framework import Framework, Language
    from pii.method import Method
    from pii.provinces import ProvinceList
    from pii.report.states import States
    from pii.scoring import Gathered, Inputs

Costs = Mapping[tuple[str, str], "Cost"]

_FOLDER = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@framework_option
@central_option
@provinces_option
@accept_option
@click.option(
    "--last-year",
    "past",
    metavar="RUN_OR_TABLE",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Run folder, or table, of the year before, to compare with; again for the years before "
    "that, latest first.",
)
@click.option(
    "--cost",
    "costed",
    is_flag=True,
    help="Say of every suspicious value which rank and score hang on it; most urgent first.",
)
@click.option(
    "--annotate",
    type=_FOLDER,
    metavar="DIR",
    help="New folder: each workbook again, with its findings as comments, colours and a sheet.",
)
@click.option(
    "--letter",
    type=_FOLDER,
    metavar="DIR",
    help="New folder: a letter (docx, Vietnamese) to each province that has something to correct.",
)
@click.option(
    "--dashboard", type=_FILE, metavar="FILE", help="HTML page: provinces × indicators at a glance."
)
@click.option(
    "--table", type=_FILE, metavar="FILE", help="CSV: a row per finding, with --cost its cost."
)
@click.option(
    "--json",
    "machine",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="JSON for machines (docs/check-json.md); - for standard output, and nothing else there.",
)
@lang_option
def check(
    inputs: tuple[Path, ...],
    edition: Path | None,
    central: tuple[Path, ...],
    provinces_on: datetime | None,
    accept: tuple[str, ...],
    past: tuple[Path, ...],
    costed: bool,
    annotate: Path | None,
    letter: Path | None,
    dashboard: Path | None,
    table: Path | None,
    machine: Path | None,
    lang: Language,
) -> None:
    """Read submissions and report all their faults at once.

    \b
    What concerns no single province first, then province by province: those with errors first.
    Each line: severity, rule, file [sheet!cell]: what is there; what was expected. What to do.
    The four figures beside a province: how correct, complete, clean and current its data are.
    Exit code: 0 no errors (there may be warnings), 3 at least one error, 2 wrong usage.
    Provinces that are not in yet are reported where a folder or several provinces are checked.
    What each rule asks: pii rules.
    """
    start_reading(inputs)
    from pii.scoring import province_list
    from pii.store import read_past

    for folder in (annotate, letter):
        if folder is not None:
            refuse_occupied(folder)
    aside = str(machine) == "-"  # then standard output belongs to the machine
    structure, method = open_edition(edition, provinces_on)
    provinces = province_list(structure)
    read = open_inputs(inputs, central, accept)
    whole = True if any(path.is_dir() for path in inputs) else None
    earlier = [read_past(path, structure, provinces) for path in past]
    gathered = read_inputs(read, structure, provinces, lang, whole=whole, past=earlier)
    findings, costs = gathered.findings, None
    if costed:
        costs = _costs(gathered, structure, method, lang)
    if costs is None:
        print_by_province(gathered, structure, lang, err=aside)
    else:
        findings = _say_costs(findings, costs, lang, aside)
    say(count_line(findings, len(read.submissions), lang), err=aside)
    say(census_line(gathered.cells, lang), err=aside)
    if annotate is not None:
        _annotate(annotate, read, gathered, structure, lang, aside)
    if letter is not None:
        _write_letters(letter, gathered, structure, lang, aside)
    if dashboard is not None or machine is not None:
        from pii.report.states import cell_states

        codes = [province.code for province in provinces or ()]
        codes = codes or sorted({s.province for s in gathered.submissions})
        states = cell_states(gathered.states, gathered.submissions, findings, structure, codes)
        if dashboard is not None:
            _write_dashboard(dashboard, gathered, structure, states, lang, aside)
        if machine is not None:
            _write_json(machine, read, gathered, findings, structure, states, costs)
    if table is not None:
        _write_table(table, findings, costs, lang, aside)
    if gathered.errors:
        raise click.exceptions.Exit(FINDINGS)


def _costs(
    gathered: Gathered, structure: Framework, method: Method, lang: Language
) -> Costs | None:
    """What hangs on the suspicious values; None, and why, where nothing can be scored."""
    from pii.cost import costs
    from pii.errors import DataError

    def watched(cells: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        label = "Tính thử" if lang == "vi" else "Reckoning"
        with progress_bar(cells, label, len(cells)) as bar:
            yield from bar

    try:
        return costs(gathered.submissions, gathered.findings, structure, method, progress=watched)
    except DataError as error:
        vi = "Chưa tính được điều gì phụ thuộc vào các số liệu này"
        en = "What hangs on these values cannot be reckoned"
        say(f"{vi if lang == 'vi' else en}: {error}", err=True)
        return None


def _say_costs(
    findings: Sequence[Finding], costs: Costs, lang: Language, aside: bool
) -> tuple[Finding, ...]:
    """The findings, most urgent first, each followed by what hangs on it; in that order."""
    from pii.findings import lines
    from pii.report.costs import cost_words, most_urgent_first

    ordered = most_urgent_first(findings, costs)
    priced = [
        f for f in ordered if (f.province, f.indicator) in costs and f.severity.value != "note"
    ]
    told: set[tuple[str, str]] = set()
    for finding in priced:
        say(finding.sentence(lang), err=aside)
        cell = (finding.province, finding.indicator)
        if cell not in told:
            say(f"    → {cost_words(costs[cell], lang)}", err=aside)
        told.add(cell)
    for line in lines([f for f in ordered if f not in set(priced)], lang):
        say(line, err=aside)
    return ordered


def _annotate(
    folder: Path,
    read: Inputs,
    gathered: Gathered,
    structure: Framework,
    lang: Language,
    aside: bool,
) -> None:
    from pii.report.annotate import about_line, annotated
    from pii.report.ooxml import UnfitError
    from pii.store import write_folder

    of = {s.place.file: s.province for s in gathered.submissions}
    passed: list[tuple[str, str]] = []

    def made() -> Iterator[tuple[str, bytes]]:
        files = read.submissions
        with progress_bar(files, "Ghi chú" if lang == "vi" else "Annotating", len(files)) as bar:
            for file in bar:
                own = [f for f in gathered.findings if f.place.file == file.name]
                if file.name not in of and not any(f.place.sheet for f in own):
                    passed.append((file.name, "nothing in it could be read"))
                    continue  # refused or unreadable: it is not opened again
                who = _name(of.get(file.name, ""), gathered.provinces, lang)
                try:
                    about = about_line(structure, who, lang)
                    yield file.name, annotated(file.data, own, lang, about=about)
                except UnfitError as error:
                    passed.append((file.name, str(error)))

    write_folder(folder, made())
    for name, why in passed:
        say(f"pii: not annotated: {name} ({why})", err=True)
    count = len(read.submissions) - len(passed)
    vi, en = f"{count} tệp có ghi chú: {folder}", f"{count} annotated workbooks: {folder}"
    say(vi if lang == "vi" else en, err=aside)


def _name(code: str, provinces: ProvinceList | None, lang: Language) -> str:
    province = provinces.by_code.get(code) if provinces else None
    return f"{code} – {province.name(lang)}" if province else code


def _write_letters(
    folder: Path, gathered: Gathered, structure: Framework, lang: Language, aside: bool
) -> None:
    from pii.report.letter import concerned, correction_letter
    from pii.store import write_folder

    provinces = gathered.provinces
    if provinces is None:
        raise click.UsageError("this edition ranks no provinces, so there is nobody to write to")
    in_file: dict[str, set[str]] = {}
    for submission in gathered.submissions:
        in_file.setdefault(submission.place.file, set()).add(submission.province)
    single = {file: next(iter(who)) for file, who in in_file.items() if len(who) == 1}
    asked = {
        code: own
        for code, own in concerned(gathered.findings, single).items()
        if code in provinces.by_code
    }

    def made() -> Iterator[tuple[str, bytes]]:
        with progress_bar(asked.items(), "Thư" if lang == "vi" else "Letters", len(asked)) as bar:
            for code, own in bar:
                letter = correction_letter(structure, provinces.by_code[code], code, own)
                yield f"{code}-de-nghi-hoan-thien.docx", letter

    write_folder(folder, made())
    say(
        f"{len(asked)} thư: {folder}" if lang == "vi" else f"{len(asked)} letters: {folder}",
        err=aside,
    )


def _write_dashboard(
    path: Path,
    gathered: Gathered,
    structure: Framework,
    states: States,
    lang: Language,
    aside: bool,
) -> None:
    from pii.report.dashboard import dashboard_page
    from pii.store import write_page

    page = dashboard_page(
        structure,
        gathered.provinces,
        states,
        gathered.findings,
        lang,
        submitted=len({s.province for s in gathered.submissions}),
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )
    write_page(path, page)
    say(f"Bảng tình trạng: {path}" if lang == "vi" else f"Dashboard: {path}", err=aside)


def _write_json(
    path: Path,
    read: Inputs,
    gathered: Gathered,
    findings: Sequence[Finding],
    structure: Framework,
    states: States,
    costs: Costs | None,
) -> None:
    from pii.report.machine import MARK, check_json
    from pii.store import write_page

    data = check_json(
        engine=f"pii-vn {__version__}",
        files=(*read.submissions, *read.central),
        submissions=gathered.submissions,
        findings=findings,
        framework=structure,
        provinces=gathered.provinces,
        states=states,
        costs=costs,
    )
    if str(path) == "-":
        click.echo(data, nl=False)
    else:
        write_page(path, data, MARK)


def _write_table(
    path: Path, findings: Sequence[Finding], costs: Costs | None, lang: Language, aside: bool
) -> None:
    from pii.report.costs import costed_table
    from pii.report.tables import csv_bytes
    from pii.store import write_page

    write_page(
        path, csv_bytes(costed_table(findings, costs, lang)), b"rule,severity,file,sheet,cell"
    )
    say(f"Bảng: {path}" if lang == "vi" else f"Table: {path}", err=aside)

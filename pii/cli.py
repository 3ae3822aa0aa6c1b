"""The terminal: options → one call → print → exit code.

Exit codes: 0 done; 1 a run that cannot be proved; 2 usage or configuration; 3 findings of
severity error. Heavy packages are imported inside the commands, so that --help is instant.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from pii import __version__
from pii.errors import PiiError

if TYPE_CHECKING:
    from pii.findings import Finding
    from pii.framework import Framework, Language
    from pii.intake.files import InputFile
    from pii.method import Method
    from pii.pipeline import Outcome
    from pii.provinces import ProvinceList
    from pii.report.explain import Recorded
    from pii.scoring import Gathered, Inputs
    from pii.store import Options, RunManifest

UNPROVED, USAGE, FINDINGS = 1, 2, 3


class _Commands(click.Group):
    """Commands in the order of the yearly round; no traceback ever reaches a user."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PiiError as error:
            click.echo(f"pii: {error}", err=True)
            ctx.exit(USAGE)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            # Whoever read the output has gone: say so in the code, never report success.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(UNPROVED)
        except Exception as error:
            if os.environ.get("PII_DEBUG"):
                raise
            click.echo(
                f"pii: an error of the engine itself ({type(error).__name__}: {error}). Nothing "
                "was written. Please report it with the command you ran; PII_DEBUG=1 shows where.",
                err=True,
            )
            ctx.exit(UNPROVED)


_Command = TypeVar("_Command", bound=Callable[..., Any])


def _framework_option(command: _Command) -> _Command:
    return click.option(
        "--framework",
        "edition",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Edition file: framework and method. Default: ./indicators.yaml, else the edition "
        "that comes with pii.",
    )(command)


def _lang_option(command: _Command) -> _Command:
    return click.option(
        "--lang",
        type=click.Choice(["vi", "en"]),
        default="vi",
        show_default=True,
        envvar="PII_LANG",
        help="Language of what is printed and written (or set PII_LANG).",
    )(command)


def _provinces_option(command: _Command) -> _Command:
    return click.option(
        "--provinces-on",
        metavar="DATE",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Use the list of provinces of that day (63 until 2025-06-30, then 34) instead of "
        "the edition's own.",
    )(command)


def _accept_option(command: _Command) -> _Command:
    return click.option(
        "--accept-template",
        "accept",
        metavar="EDITION",
        multiple=True,
        help="Also read templates of this other edition; may be given again.",
    )(command)


def _central_option(command: _Command) -> _Command:
    return click.option(
        "--central",
        metavar="TABLE",
        multiple=True,
        type=click.Path(exists=True, path_type=Path),
        help="Table of central agencies' figures, CSV or XLSX, wide or long; may be given again.",
    )(command)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="pii")
def main() -> None:
    """Viet Nam's Provincial Innovation Index: from workbooks to a ranking that can be proved.

    \b
    The yearly round:
      pii framework                          what is measured, and how much each indicator weighs
      pii method                             how it is computed, in words; pii method diff A B
      pii template --out templates/          a workbook for every province
      pii check submissions/                 every fault, with its cell and what to do
      pii run submissions/ --out runs/2025   scores, ranks, workbook and charts in one folder
      pii explain runs/2025 "Hà Nội" 4.1.4   from the index down to the cell
      pii verify runs/2025                   prove that the folder is what the inputs give
      pii preview 01.xlsx --against runs/2025   one province, before everybody is in

    INPUTS are folders of filled templates, single workbooks, or tables (CSV or XLSX) with a
    column `province` and a column for each indicator code.
    """


def _edition(path: Path | None, on: datetime | None = None) -> tuple[Framework, Method]:
    """The edition, under the list of provinces of another day where one is given."""
    from dataclasses import replace

    from pii.intake.definition import load_edition
    from pii.intake.shipped import shipped

    own = Path("indicators.yaml")
    structure, method = load_edition(path or (own if own.is_file() else shipped("indicators.yaml")))
    return (replace(structure, provinces_on=on.date()) if on else structure), method


def _inputs(paths: Sequence[Path], central: Sequence[Path], accept: tuple[str, ...]) -> Inputs:
    from pii.intake.files import input_files
    from pii.scoring import Inputs

    submissions, passed = input_files(paths)
    for name in passed:
        click.echo(f"pii: passed over, not a spreadsheet: {name}", err=True)
    if not submissions:
        raise click.UsageError(f"no spreadsheet in {', '.join(map(str, paths))}")
    return Inputs(submissions, input_files(central)[0], accept)


_Item = TypeVar("_Item")


@contextmanager
def _progress(
    items: Iterable[_Item], label: str, length: int | None = None
) -> Iterator[Iterable[_Item]]:
    """A bar on the error stream where a person is watching; silence elsewhere."""
    with click.progressbar(
        items, length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield bar


def _gather(
    inputs: Inputs,
    framework: Framework,
    provinces: ProvinceList | None,
    lang: Language,
    *,
    whole: bool | None = True,
) -> Gathered:
    from pii.scoring import gather

    def watched(files: Sequence[InputFile]) -> Iterator[InputFile]:
        with _progress(files, "Đọc bài nộp" if lang == "vi" else "Reading", len(files)) as bar:
            yield from bar

    return gather(inputs, framework, provinces, whole=whole, progress=watched)


def _print_findings(findings: Sequence[Finding], lang: Language) -> None:
    """Errors first; what concerns no single cell of a province's own is told once a file."""
    from pii.findings import lines

    for line in lines(findings, lang):
        click.echo(line)


def _print_summary(findings: Sequence[Finding], lang: Language) -> None:
    """The findings where they are few; else one of each rule, and how many there are."""
    if len(findings) <= 15:
        _print_findings(findings, lang)
        return
    for rule, count in sorted(Counter(finding.rule for finding in findings).items()):
        first = next(finding for finding in findings if finding.rule == rule)
        click.echo(f"{rule} × {count}: {first.sentence(lang)}")
    click.echo("Xem đủ: pii check" if lang == "vi" else "All of them: pii check")


def _count_line(findings: Sequence[Finding], files: int, lang: Language) -> str:
    from pii.rules import Severity

    n = Counter(finding.severity for finding in findings)
    errors, warnings, notes = (n[severity] for severity in Severity)
    if lang == "vi":
        return f"{files} tệp: {errors} lỗi, {warnings} cảnh báo, {notes} ghi chú."
    return f"{files} files: {errors} errors, {warnings} warnings, {notes} notes."


@main.command()
@_framework_option
@_lang_option
def framework(edition: Path | None, lang: Language) -> None:
    """Print the tree of an edition with local and effective weights.

    The effective weight is the share of the index that a node decides where nothing is missing:
    an indicator of the output side weighs about twice one of the input side, because there are
    fewer of them below the same half of the index.
    """
    from pii.report.league import framework_lines

    structure, method = _edition(edition)
    for line in framework_lines(structure, method, lang):
        click.echo(line)


@main.group(invoke_without_command=True)
@_framework_option
@_lang_option
@click.pass_context
def method(ctx: click.Context, edition: Path | None, lang: Language) -> None:
    """Print an edition's nominal method in words, and what is assumed about it."""
    if ctx.invoked_subcommand is not None:
        return
    from pii.report.words import method_rows

    structure, nominal = _edition(edition)
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

    differences = method_differences(_edition(one)[1], _edition(other)[1])
    for name, left, right in differences:
        click.echo(f"{name}: {left} → {right}")
    if differences:
        raise click.exceptions.Exit(1)
    click.echo("The methods are equal.")


@main.command()
@_framework_option
@_central_option
@_provinces_option
@click.option(
    "--province", "only", metavar="CODE", multiple=True, help="Only this one; repeatable."
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="New folder for the workbooks."
)
@_lang_option
def template(
    edition: Path | None,
    central: tuple[Path, ...],
    provinces_on: datetime | None,
    only: tuple[str, ...],
    out: Path,
    lang: Language,
) -> None:
    """Write one workbook per province, to be filled in with Excel or LibreOffice.

    Figures of central agencies are prefilled and locked where --central has them.
    """
    from pii.intake.template import template_workbook
    from pii.scoring import Inputs, central_figures, province_list
    from pii.store import write_folder

    structure, _ = _edition(edition, provinces_on)
    _refuse_occupied(out)
    provinces = province_list(structure)
    if provinces is None:
        raise click.UsageError("this edition ranks no provinces, so it has no template")
    chosen = [_find(provinces, text) for text in only] or list(provinces)
    tables = _inputs(central, (), ()).submissions if central else ()
    figures, findings = central_figures(Inputs((), tables), structure, provinces)
    _print_summary(findings, lang)
    if any(finding.severity.value == "error" for finding in findings):
        raise click.exceptions.Exit(FINDINGS)

    def made() -> Iterator[tuple[str, bytes]]:
        with _progress(chosen, "Biểu mẫu" if lang == "vi" else "Templates", len(chosen)) as bar:
            for province in bar:
                own = {code: cell for (who, code), cell in figures.items() if who == province.code}
                name = f"{province.code}-{_slug(province.name_en)}.xlsx"
                yield name, template_workbook(structure, province, own)

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


@main.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@_framework_option
@_central_option
@_provinces_option
@_accept_option
@_lang_option
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

    structure, _ = _edition(edition, provinces_on)
    provinces = province_list(structure)
    read = _inputs(inputs, central, accept)
    whole = True if any(path.is_dir() for path in inputs) else None
    gathered = _gather(read, structure, provinces, lang, whole=whole)
    _print_findings(gathered.findings, lang)
    click.echo(_count_line(gathered.findings, len(read.submissions), lang))
    if gathered.errors:
        raise click.exceptions.Exit(FINDINGS)


def _refuse_occupied(out: Path) -> None:
    """Before anything is read: the folder must be new, and its parent writable."""
    if out.exists() or out.is_symlink():
        raise click.UsageError(f"{out} exists, and nothing is ever overwritten; name a new folder")
    parent = next(folder for folder in out.absolute().parents if folder.exists())
    if not os.access(parent, os.W_OK):
        raise click.UsageError(f"{parent} cannot be written; name another folder with --out")


@main.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Run folder; must not exist yet."
)
@_framework_option
@_central_option
@_provinces_option
@_accept_option
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
@_lang_option
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
    structure, method = _edition(edition, provinces_on)
    provinces = province_list(structure)
    if year is not None:
        refuse_other_provinces(year, provinces)
    read = _inputs(inputs, central, accept)
    gathered = _gather(read, structure, provinces, lang)
    problems = [f for f in gathered.findings if f.severity.value != "note"]
    if gathered.central or (gathered.errors and not skip_invalid):
        _print_findings(gathered.errors, lang)
        click.echo(
            f"Dừng lại: {len(gathered.errors)} lỗi, chưa ghi gì. Sửa bài nộp, hoặc dùng "
            "--skip-invalid để loại các tỉnh có lỗi và ghi rõ điều đó."
            if lang == "vi"
            else f"Stopped: {len(gathered.errors)} errors, nothing was written. Correct the "
            "submissions, or leave those provinces out, and have it said, with --skip-invalid."
        )
        raise click.exceptions.Exit(FINDINGS)
    _print_summary(problems, lang)
    outcome = score(gathered, structure, method, skip_invalid=skip_invalid)
    options = Options(
        lang=lang,
        charts=charts,
        skip_invalid=skip_invalid,
        accept=accept,
        compared_with=year,
    )
    manifest = _write(out, outcome, options, read)
    for line in league_lines(outcome, lang):
        click.echo(line)
    for note in manifest.notes:
        click.echo(note)
    click.echo(_count_line(gathered.findings, len(read.submissions), lang))
    click.echo(f"Kết quả: {out}" if lang == "vi" else f"Results: {out}")
    for name in ("results.xlsx", "tables", "charts"):
        if (out / name).exists():
            click.echo(f"  {out / name}")


def _write(out: Path, outcome: Outcome, options: Options, read: Inputs) -> RunManifest:
    from pii.report.files import file_count
    from pii.store import RunManifest, write_run

    lang = options.lang
    manifest = RunManifest(
        engine=f"pii-vn {__version__}",
        python=sys.version.split()[0],
        packages=_packages(),
        written_at=datetime.now(UTC).isoformat(timespec="seconds"),
        options=options,
        **_told(outcome, options),
    )
    count = file_count(outcome, options.charts)
    with _drawn(outcome, options) as outputs:
        label = "Ghi kết quả" if lang == "vi" else "Writing"
        with _progress(outputs, label, count) as bar:
            return write_run(out, manifest, bar, read, outcome.framework, outcome.method)


def _told(outcome: Outcome, options: Options) -> dict[str, Any]:
    """What a manifest tells of a run that follows from its inputs, and can be told again."""
    from pii.intake.definition import method_parts

    framework, scores = outcome.framework, outcome.scores
    index = scores.score[:, scores.column(framework.index)]
    return {
        "edition": framework.id,
        "title": framework.title(options.lang),
        "label": framework.label(options.lang),
        "method": method_parts(outcome.method),
        "caveats": outcome.caveats(options.lang),
        "provinces": len(scores.provinces),
        "ranked": int((index == index).sum()),
        "left_out": outcome.left_out,
        "findings": dict(Counter(finding.severity.value for finding in outcome.findings)),
        "notes": _agreement(outcome, options),
    }


@contextmanager
def _drawn(outcome: Outcome, options: Options) -> Iterator[Iterable[tuple[str, bytes]]]:
    """All outputs of a run, the profiles drawn by as many processes as there are cores."""
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    from pii.report.files import report_files

    made = partial(
        report_files,
        outcome,
        options.lang,
        charts=options.charts,
        footnotes=_agreement(outcome, options),
    )
    if options.charts != "all" or (os.cpu_count() or 1) < 2:
        yield made()
        return
    with ProcessPoolExecutor() as pool:
        yield made(mapped=partial(pool.map, chunksize=4))


def _agreement(outcome: Outcome, options: Options) -> tuple[str, ...]:
    """How the ranks agree with published ones, as a sentence; nothing where nobody asked."""
    from pii.intake.registry import published_ranks
    from pii.report.league import agreement_line

    if options.compared_with is None:
        return ()
    ranks = published_ranks(options.compared_with)
    return (agreement_line(outcome, ranks, options.compared_with, options.lang),)


_PACKAGES = (
    "click", "jinja2", "matplotlib", "numpy", "openpyxl", "pandas", "pydantic", "ruamel.yaml",
    "XlsxWriter",
)  # fmt: skip


def _packages() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed as a package"
    return found


_RUN = click.Path(path_type=Path, exists=True, file_okay=False)


def _tables(folder: Path, manifest: RunManifest) -> dict[str, bytes]:
    from pii.store import read_output

    names = ("scores", "indicators", "treatment")
    return {name: read_output(folder, manifest, f"tables/{name}.csv") for name in names}


def _recorded(folder: Path, lang: Language) -> Recorded:
    from pii.report.explain import recorded
    from pii.scoring import province_list
    from pii.store import read_edition, read_manifest

    manifest = read_manifest(folder)
    structure, method = read_edition(folder, manifest)
    provinces = province_list(structure) or ()
    names = {province.code: province.name(lang) for province in provinces}
    return recorded(structure, method, names, **_tables(folder, manifest))


@main.command()
@click.argument("folder", metavar="RUN", type=_RUN)
@click.argument("province")
@click.argument("code", required=False)
@_lang_option
def explain(folder: Path, province: str, code: str | None, lang: Language) -> None:
    """Show the way from the index down to a cell.

    PROVINCE is a code or a name (any spelling). CODE is a node: PII, input, 4, 4.1 or 4.1.4;
    an indicator is followed to the cell it came from. Without CODE: the index.
    """
    from pii.provinces import folded
    from pii.report.explain import explained

    found = _recorded(folder, lang)
    by_name = {folded(name): known for known, name in found.names.items()}
    by_name |= {folded(known): known for known in found.provinces}
    who = province if province in found.provinces else by_name.get(folded(province))
    if who not in found.provinces:
        raise click.UsageError(f"{province!r} is not in this run; it has {len(found.provinces)}")
    node = code or found.framework.index
    if node not in found.framework.by_code:
        raise click.UsageError(f"this framework has no node {node!r}; see: pii framework")
    for line in explained(found, who, node, lang):
        click.echo(line)


@main.command()
@click.argument("folder", metavar="RUN", type=_RUN)
@_lang_option
def verify(folder: Path, lang: Language) -> None:
    """Recompute a run from the inputs it recorded, and compare every output byte by byte.

    Exit code: 0 everything matches, 1 something does not (each file is named).
    """
    from pii.report.files import file_count
    from pii.store import MANIFEST, altered_inputs, differences, read_manifest, read_run

    manifest = read_manifest(folder)
    altered = list(altered_inputs(folder, manifest))
    if altered:
        for name in altered:
            click.echo(f"{name}: changed or gone on disk")
        _say_unproved(len(altered), lang)
    outcome = read_run(folder)
    again = [
        name
        for name, told in _told(outcome, manifest.options).items()
        if _as_stored(told) != _as_stored(getattr(manifest, name))
    ]
    count = file_count(outcome, manifest.options.charts)
    with _drawn(outcome, manifest.options) as outputs:
        label = "Tính lại" if lang == "vi" else "Recomputing"
        with _progress(outputs, label, count) as bar:
            wrong = list(differences(folder, manifest, bar))
    wrong += [(f"{MANIFEST} ({name})", "computed differently") for name in again]
    for name, what in wrong:
        click.echo(f"{name}: {what}")
    total = len(manifest.outputs)
    if not wrong:
        click.echo(
            f"Khớp: {total} tệp kết quả đúng như khi tính lại từ dữ liệu đầu vào."
            if lang == "vi"
            else f"Proved: all {total} outputs are what the recorded inputs give."
        )
        return
    here = _packages()
    for name, version in manifest.packages.items():
        if here.get(name) != version:
            click.echo(f"{name}: {version} → {here.get(name)}")
    _say_unproved(len(wrong), lang)


def _as_stored(value: Any) -> Any:
    """A value as JSON gives it back: tuples are lists."""
    return json.loads(json.dumps(value, default=dict))


def _say_unproved(count: int, lang: Language) -> NoReturn:
    click.echo(f"Không khớp: {count} mục." if lang == "vi" else f"Not proved: {count} items.")
    raise click.exceptions.Exit(UNPROVED)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--against",
    "folder",
    metavar="RUN",
    required=True,
    type=_RUN,
    help="Run folder whose goalposts and treatment are taken as they are.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="New HTML file for the page. Default: beside FILE, its name with .preview.html.",
)
@_accept_option
@_lang_option
def preview(
    file: Path, folder: Path, out: Path | None, accept: tuple[str, ...], lang: Language
) -> None:
    """Estimate one province's score before everybody is in.

    FILE is the province's filled template. Its values are scored against the frozen goalposts of
    an earlier run; figures of central agencies that it does not hold are carried over from there.
    The other provinces will move too: the rank is what it would have been in that run.

    Exit code: 0 no errors, 3 the file has errors (the preview leaves those cells out).
    """
    from pii.intake.files import input_files
    from pii.preview.estimate import preview as estimated
    from pii.preview.reference import reference_of
    from pii.report.page import preview_page
    from pii.report.terminal import preview_lines
    from pii.scoring import Inputs, gather, province_list
    from pii.store import read_edition, read_manifest, write_page

    manifest = read_manifest(folder)
    structure, method = read_edition(folder, manifest)
    provinces = province_list(structure)
    tables = _tables(folder, manifest)
    reference = reference_of(
        structure,
        method,
        run=folder.resolve().name,
        names=provinces,
        left_out=manifest.left_out,
        **{f"{name}_csv": data for name, data in tables.items()},
    )
    files, _ = input_files([file])
    accepted = (*manifest.options.accept, *accept)
    gathered = gather(Inputs(files, accept=accepted), structure, provinces, whole=False)
    if len(gathered.submissions) != 1:
        _print_findings(gathered.findings, lang)
        if gathered.submissions:
            raise click.UsageError(
                f"{file} holds {len(gathered.submissions)} provinces; one needed"
            )
        raise click.exceptions.Exit(FINDINGS)
    result = estimated(gathered.submissions[0], reference)
    for line in preview_lines(result, gathered.findings, lang):
        click.echo(line)
    page = out or file.with_name(f"{file.stem}.preview.html")
    made = datetime.now(UTC).date().isoformat()
    write_page(page, preview_page(result, gathered.findings, lang, file=file.name, made=made))
    click.echo(f"Trang xem trước: {page}" if lang == "vi" else f"Page: {page}")
    if gathered.errors:
        raise click.exceptions.Exit(FINDINGS)

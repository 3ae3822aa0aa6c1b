"""The commands that read a run folder: explain, verify, preview."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pii.cli.options import (
    accept_option,
    lang_option,
    progress_bar,
    public_option,
    start_reading,
)
from pii.cli.record import audit_files, drawn_files, facts, package_versions
from pii.cli.say import FINDINGS, print_findings, say, say_unproved

if TYPE_CHECKING:
    from pii.framework import Language
    from pii.pipeline import Outcome
    from pii.preview.movement import Movement, Outlook
    from pii.preview.reference import Reference
    from pii.report.explain import Recorded
    from pii.scoring import Gathered
    from pii.store import AuditManifest, RunManifest

RUN = click.Path(path_type=Path, exists=True, file_okay=False)


def _tables(folder: Path, manifest: RunManifest) -> dict[str, bytes]:
    from pii.store import read_output

    return {name: read_output(folder, manifest, f"tables/{name}.csv") for name in _TABLES}


_TABLES = ("scores", "indicators", "treatment")


def _recorded(folder: Path, lang: Language) -> Recorded:
    from pii.report.explain import recorded
    from pii.scoring import province_list
    from pii.store import read_edition, read_manifest, read_output

    manifest = read_manifest(folder)
    structure, method = read_edition(folder, manifest)
    provinces = province_list(structure) or ()
    names = {province.code: province.name(lang) for province in provinces}
    tables = _tables(folder, manifest)
    if method.weighting:
        tables["weights"] = read_output(folder, manifest, "tables/weights.csv")
    return recorded(structure, method, names, **tables)


@click.command()
@click.argument("folder", metavar="RUN", type=RUN)
@click.argument("province")
@click.argument("code", required=False)
@lang_option
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
        say(line)


@click.command()
@click.argument("folder", metavar="RUN", type=RUN)
@lang_option
def verify(folder: Path, lang: Language) -> None:
    """Recompute a run from the inputs it recorded, and compare every output byte by byte.

    Exit code: 0 everything matches, 1 something does not (each file is named).
    """
    from pii.report.files import file_count
    from pii.store import (
        MANIFEST,
        altered_inputs,
        differences,
        read_audit,
        read_manifest,
        read_run,
    )

    manifest = read_manifest(folder)
    altered = list(altered_inputs(folder, manifest))
    if altered:
        for name in altered:
            say(f"{name}: changed or gone on disk")
        say_unproved(len(altered), lang)
    outcome = read_run(folder)
    told = facts(outcome, manifest.options)
    again = [
        name for name, now in told.items() if _as_stored(now) != _as_stored(getattr(manifest, name))
    ]
    count = file_count(outcome, manifest.options.charts)
    with drawn_files(outcome, manifest.options, told["notes"]) as outputs:
        label = "Tính lại" if lang == "vi" else "Recomputing"
        with progress_bar(outputs, label, count) as bar:
            wrong = list(differences(folder, manifest, bar))
    wrong += [(f"{MANIFEST} ({name})", "computed differently") for name in again]
    audit = read_audit(folder)
    if audit is not None:
        wrong += _audit_again(folder, audit, outcome)
    for name, what in wrong:
        say(f"{name}: {what}")
    total = len(manifest.outputs) + (len(audit.outputs) if audit else 0)
    if not wrong:
        say(
            f"Khớp: {total} tệp kết quả đúng như khi tính lại từ dữ liệu đầu vào."
            if lang == "vi"
            else f"Proved: all {total} outputs are what the recorded inputs give."
        )
        return
    here = package_versions()
    for name, version in manifest.packages.items():
        if here.get(name) != version:
            say(f"{name}: {version} → {here.get(name)}")
    say_unproved(len(wrong), lang)


def _audit_again(folder: Path, audit: AuditManifest, outcome: Outcome) -> Iterator[tuple[str, str]]:
    """What of an audit is not what the run and the recorded spread give."""
    from pii.store import SPREAD, altered_spread, audit_differences

    if altered_spread(folder, audit):
        yield SPREAD, "changed or gone on disk"
        return
    yield from audit_differences(
        folder,
        audit,
        audit_files(outcome, folder / SPREAD, seed=audit.seed, draws=audit.draws, lang=audit.lang),
    )


def _as_stored(value: Any) -> Any:
    """A value as JSON gives it back: tuples are lists."""
    return json.loads(json.dumps(value, default=dict))


def read_against(file: Path, folder: Path, accept: tuple[str, ...]) -> tuple[Gathered, Reference]:
    """What one file holds under the edition of a run, and the run; both are read at once."""
    from concurrent.futures import ThreadPoolExecutor

    from pii.intake.files import input_files
    from pii.scoring import Inputs, gather, province_list
    from pii.store import read_edition, read_manifest, read_reference

    manifest = read_manifest(folder)
    structure, method = read_edition(folder, manifest)
    inputs = Inputs(input_files([file])[0], accept=(*manifest.options.accept, *accept))
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(gather, inputs, structure, province_list(structure), whole=False)
        reference = read_reference(folder, (structure, method))
        return reading.result(), reference


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--against",
    "folder",
    metavar="RUN",
    required=True,
    type=RUN,
    help="Run folder whose goalposts and treatment are taken as they are.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="New HTML file for the page. Default: beside FILE, its name with .preview.html.",
)
@click.option(
    "--history",
    metavar="RUN",
    type=RUN,
    multiple=True,
    help="An earlier run of the same indicators: the range then comes from scenarios in which "
    "everybody moves as somebody moved since. Given twice, oldest first, the method is also tried "
    "a year earlier.",
)
@accept_option
@public_option
@lang_option
def preview(
    file: Path,
    folder: Path,
    out: Path | None,
    history: tuple[Path, ...],
    accept: tuple[str, ...],
    public: bool,
    lang: Language,
) -> None:
    """Estimate one province's score before everybody is in.

    FILE is the province's filled template. Its values are scored against the frozen goalposts of
    an earlier run; figures of central agencies that it does not hold are carried over from there.
    The other provinces will move too: the rank is what it would have been in that run, and the
    range says how far scores moved before.

    Exit code: 0 no errors, 3 the file has errors (the preview leaves those cells out).
    """
    start_reading([file])
    from pii.preview.estimate import preview as estimated
    from pii.preview.reference import withheld
    from pii.report.page import preview_page
    from pii.report.terminal import preview_lines
    from pii.store import read_reference, write_page

    if len(history) > 2:
        raise click.UsageError("--history is given once or twice, the older run first")
    gathered, reference = read_against(file, folder, accept)
    if len(gathered.submissions) != 1:
        print_findings(gathered.findings, lang)
        if gathered.submissions:
            raise click.UsageError(
                f"{file} holds {len(gathered.submissions)} provinces; one needed"
            )
        raise click.exceptions.Exit(FINDINGS)
    (submission,) = gathered.submissions
    result = estimated(submission, reference)
    known: Movement | Outlook | None = reference.movement
    if history:
        from pii.outlook import outlook_of

        known = outlook_of(result, *map(read_reference, history))
    if not public:
        result = estimated(submission, withheld(reference, submission.province))
    for line in preview_lines(result, gathered.findings, lang, known):
        say(line)
    page = out or file.with_name(f"{file.stem}.preview.html")
    made = datetime.now(UTC).date().isoformat()
    write_page(
        page,
        preview_page(result, gathered.findings, lang, file=file.name, made=made, known=known),
    )
    say(f"Trang xem trước: {page}" if lang == "vi" else f"Page: {page}")
    if gathered.errors:
        raise click.exceptions.Exit(FINDINGS)

"""What `run` writes into its folder, in parts that `verify` makes again to compare."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pii import __version__
from pii.cli.options import progress_bar
from pii.cli.say import say

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from pii.audit.sensitivity import Sensitivity
    from pii.audit.uncertainty import Uncertainty
    from pii.audit.watched import Part
    from pii.framework import Language
    from pii.pipeline import Outcome
    from pii.scoring import Inputs
    from pii.spread import Spread
    from pii.store import Options, RunManifest


def write_outcome(out: Path, outcome: Outcome, options: Options, read: Inputs) -> RunManifest:
    """Draw all outputs and write them, with the manifest, into the new folder."""
    from pii.report.files import file_count
    from pii.store import RunManifest, write_run

    lang, told = options.lang, facts(outcome, options)
    manifest = RunManifest(
        **made_with(),
        options=options,
        **told,
    )
    count = file_count(outcome, options.charts)
    with drawn_files(outcome, options, told["notes"]) as outputs:
        label = "Ghi kết quả" if lang == "vi" else "Writing"
        with progress_bar(outputs, label, count) as bar:
            return write_run(out, manifest, bar, read, outcome.framework, outcome.method)


def made_with() -> dict[str, Any]:
    """Engine, interpreter, packages and time, as every manifest records them."""
    return {
        "engine": f"pii-vn {__version__}",
        "python": sys.version.split()[0],
        "packages": package_versions(),
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def facts(outcome: Outcome, options: Options) -> dict[str, Any]:
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
def drawn_files(
    outcome: Outcome, options: Options, notes: Sequence[str]
) -> Iterator[Iterable[tuple[str, bytes]]]:
    """All outputs of a run, the profiles drawn by as many processes as there are cores.

    notes : sentences under the results, as `facts` tells them
    """
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    from pii.report.files import report_files

    made = partial(report_files, outcome, options.lang, charts=options.charts, footnotes=notes)
    if options.charts != "all" or (os.cpu_count() or 1) < 2:
        yield made()
        return
    with ProcessPoolExecutor() as pool:
        yield made(mapped=partial(pool.map, chunksize=4))


def audit_files(
    outcome: Outcome,
    spread_file: Path,
    *,
    seed: int,
    draws: int,
    lang: Language,
    executor: Executor | None = None,
    shown: Callable[[Spread, Uncertainty, Sensitivity], None] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Everything an audit writes, its spread first; `audit` writes it, `verify` compares it.

    shown : what is done with the spread as it was drawn from, intervals and indices as soon as
        they are there
    Each part is named on the error stream when it begins: some take seconds, or minutes.
    """
    from pii.audit.fitting import fitted
    from pii.audit.plan import plan_of
    from pii.audit.sensitivity import sensitivity
    from pii.audit.uncertainty import uncertainty
    from pii.audit.unsampled import unsampled
    from pii.intake.spread import load_spread
    from pii.report.audit import files
    from pii.report.intervals import counted

    run = (outcome.matrix, outcome.framework, outcome.method)
    spread = fitted(*run, load_spread(spread_file, outcome.framework), outcome.scores)
    plan = plan_of(*run, spread, outcome.scores)

    def begins(vietnamese: str, english: str) -> None:
        say(vietnamese if lang == "vi" else english, err=True)

    begins(f"{counted(draws, 'vi')} lần thử …", f"Drawing {counted(draws, 'en')} methods …")
    ranks = uncertainty(plan, seed=seed, draws=draws, executor=executor)
    begins("Độ nhạy: lựa chọn nào làm hạng thay đổi …", "Sensitivity: which choice moves ranks …")
    moved = sensitivity(plan, seed=seed, executor=executor)
    if shown is not None:
        shown(spread, ranks, moved)
    yield "spread.yaml", spread_file.read_bytes()
    begins(
        "Không cần lần thử nào: từng cặp, bỏ từng chỉ số …",
        "Without draws: every pair, leave-one-out …",
    )

    def watched(items: Sequence[int], part: Part) -> Iterator[int]:
        if len(items) < 2:  # a bar would stand at 0 % until all is done
            yield from items
            return
        with progress_bar(items, _PARTS[part][lang == "en"], len(items)) as bar:
            yield from bar

    with _silent():
        found = unsampled(outcome, spread, watched)
    begins("Bảng, biểu đồ, sổ tính, trang …", "Tables, charts, workbook, page …")
    yield from files.audit_files(outcome, found, ranks, moved, lang)


_PARTS: Mapping[Part, tuple[str, str]] = {
    "pairs": ("Từng cặp", "Pairs"),
    "ranks": ("Hạng rộng nhất", "Widest ranks"),
    "without": ("Bỏ từng thành phần", "Leaving one out"),
}


@contextmanager
def _silent() -> Iterator[None]:
    """Nothing on the standard output: the solver of integer programmes writes there by itself."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


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
    "scipy", "XlsxWriter",
)  # fmt: skip


_LISTS = ("provinces.csv", *(f"published/results_{year}.csv" for year in (2023, 2024, 2025)))


def package_versions() -> dict[str, str]:
    """The versions that compute here, as a manifest records them; lists by their SHA-256."""
    from importlib.metadata import PackageNotFoundError, version

    from pii.intake.shipped import shipped
    from pii.store import fingerprint

    found = {f"data/{name}": fingerprint(shipped(f"data/{name}").read_bytes()) for name in _LISTS}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed as a package"
    return found

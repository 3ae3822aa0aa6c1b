"""The command that audits a run: how robust is every rank."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pii.cli.options import lang_option
from pii.cli.record import audit_files, made_with
from pii.cli.say import say

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from pii.audit.plan import Plan
    from pii.audit.sensitivity import Sensitivity
    from pii.audit.uncertainty import Uncertainty
    from pii.framework import Language
    from pii.pipeline import Outcome
    from pii.spread import Spread

SEVERAL = 200_000
"""Draws from which it pays to start other processes."""


@click.command()
@click.argument(
    "folder", metavar="RUN", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option(
    "--spread",
    "spread_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Which choices vary, and how far (YAML). Default: data/spread.yaml, which comes with pii; "
    "what of it an edition cannot use is left out, and named.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**64 - 1),
    help="Any whole number, such as 0: the same number gives the same draws again.  [required]",
)
@click.option("--draws", type=int, default=10_000, show_default=True)
@click.option(
    "--draw",
    "number",
    type=click.IntRange(0),
    help="Only show this draw: its method and its table. Nothing is written.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Compute on a Dask cluster, such as tcp://host:8786 (needs the extra `dask`).",
)
@lang_option
def audit(
    folder: Path,
    spread_file: Path | None,
    seed: int | None,
    draws: int,
    number: int | None,
    scheduler: str | None,
    lang: Language,
) -> None:
    """Ask how robust every rank of a run is.

    The method is drawn again and again from a spread of choices that could have been made
    otherwise. Draw K of a seed is always the same, on whatever machine: --draw K shows it.
    """
    if seed is None:
        raise click.UsageError(
            "an audit needs a seed, so that it can be repeated; any whole number does: "
            f"pii audit {folder} --seed 0"
        )
    if draws < 1:
        raise click.UsageError(
            f"--draws {draws}: nothing can be told from no draws; leave --draws out for 10,000"
        )
    from pii.audit.fitting import fitted
    from pii.audit.plan import plan_of
    from pii.intake.shipped import shipped
    from pii.intake.spread import load_spread
    from pii.report.intervals import interval_lines, sensitivity_lines
    from pii.store import AuditManifest, read_run, refuse_audited, write_audit

    path = spread_file or shipped("data/spread.yaml")
    if number is not None:
        outcome = read_run(folder)
        run = (outcome.matrix, outcome.framework, outcome.method)
        spread = fitted(*run, load_spread(path, outcome.framework), outcome.scores)
        plan = plan_of(*run, spread, outcome.scores)
        _show(plan, outcome, seed, number, lang)
        return
    refuse_audited(folder)
    outcome = read_run(folder)

    def shown(spread: Spread, ranks: Uncertainty, moved: Sensitivity) -> None:
        for line in (
            *interval_lines(outcome, spread, ranks, lang),
            "",
            *sensitivity_lines(outcome, moved, lang),
        ):
            say(line)

    manifest = AuditManifest("", lang, seed, draws, **made_with())
    with _executor(scheduler, draws) as executor:
        files = audit_files(
            outcome, path, seed=seed, draws=draws, lang=lang, executor=executor, shown=shown
        )
        write_audit(folder, manifest, files)
    say(f"Kết quả: {folder / 'audit'}" if lang == "vi" else f"Results: {folder / 'audit'}")
    for name in ("audit.html", "audit.xlsx", "tables", "charts"):
        say(f"  {folder / 'audit' / name}")


def _show(plan: Plan, outcome: Outcome, seed: int, number: int, lang: Language) -> None:
    from pii.audit.draws import UNCERTAINTY, words
    from pii.intake.definition import method_differences
    from pii.pipeline import compute
    from pii.report.intervals import change_lines, draw_lines

    method, matrix = plan.draw(words(seed, UNCERTAINTY, number, 1, plan.width))
    drawn = {
        (province, indicator): (float(before), float(after))
        for i, province in enumerate(matrix.provinces)
        for indicator, before, after in zip(
            matrix.indicators, outcome.matrix.values[i], matrix.values[i], strict=True
        )
        if before == before and before != after
    }
    differences = method_differences(outcome.method, method)
    # Said first: a draw that cannot be computed is looked at just because of its method.
    for line in change_lines(outcome, plan.spread, seed, number, differences, drawn, lang):
        say(line)
    for line in draw_lines(outcome, compute(matrix, outcome.framework, method), lang):
        say(line)


@contextmanager
def _executor(scheduler: str | None, draws: int) -> Iterator[Executor | None]:
    """Where draws are computed: a cluster, the cores of this machine, or here."""
    if scheduler is not None:
        try:
            from distributed import Client
        except ImportError:
            raise click.UsageError(
                "--scheduler needs Dask; install it: pip install 'pii-vn[dask]'"
            ) from None
        try:
            client = Client(scheduler, timeout="10s")  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            raise click.UsageError(f"no Dask scheduler answers at {scheduler} ({error})") from None
        with client:
            yield client.get_executor()  # type: ignore[no-untyped-call]
    elif draws >= SEVERAL and (os.cpu_count() or 1) > 1:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor() as pool:
            yield pool
    else:
        yield None

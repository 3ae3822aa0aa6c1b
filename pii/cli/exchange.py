"""Bring and take: `pii import`, `pii export`, for indices that live in other programs."""

from __future__ import annotations

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
    provinces_option,
    read_inputs,
    refuse_occupied,
)
from pii.cli.say import FINDINGS, print_findings, say

if TYPE_CHECKING:
    from datetime import datetime

    from pii.framework import Language
    from pii.intake.brought import Brought

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("import")
def bring() -> None:
    """Turn an index that was built elsewhere into an edition and a table that `pii run` takes."""


@bring.command("coinr")
@click.argument("idata", type=_FILE)
@click.argument("imeta", type=_FILE)
@click.option("--time", metavar="TIME", help="Which value of iData's Time, where it has several.")
@click.option("--denominate", is_flag=True, help="Divide by what iMeta's Denominator names.")
@click.option(
    "--impute",
    metavar="RULE",
    default="",
    help="mean, median, group-mean, group-median, row-mean (within a pillar), em; or last-year, "
    "linear, from the other values of iData's Time.",
)
@click.option("--group", metavar="CODE", default="", help="A Type Group, to impute by.")
@click.option(
    "--treat", metavar="RULE", default="", help="coinr (its qTreat: 2.0, 3.5, 5 points) or gii."
)
@click.option(
    "--normalise",
    metavar="RULE",
    default="min-max",
    show_default=True,
    help="Also z-score, rank, borda, percentile, distance-to-best, distance-to-target (iMeta's "
    "Target), fraction-of-best, none (scores already).",
)
@click.option(
    "--scale",
    nargs=2,
    type=float,
    default=(0.0, 100.0),
    show_default=True,
    metavar="LOW HIGH",
    help="Of min-max.",
)
@click.option(
    "--constant",
    type=float,
    metavar="SCORE",
    help="Of an indicator that is the same for everyone. Default: refused when it is scored.",
)
@click.option(
    "--aggregate",
    multiple=True,
    default=("arithmetic",),
    type=click.Choice(["arithmetic", "geometric", "harmonic", "median", "minimum", "copeland"]),
    help="Once for all levels, or once for each from the lowest up. Default: arithmetic.",
)
@click.option("--id", "name", metavar="ID", help="Id of the edition. Default: name of the folder.")
@click.option("--title", metavar="TEXT", help="Default: iName of the index.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New folder.")
def bring_coinr(
    idata: Path,
    imeta: Path,
    out: Path,
    time: str | None,
    name: str | None,
    title: str | None,
    **chosen: Any,
) -> None:
    """Bring COINr's two tables: IDATA (a row per unit) and IMETA (a row per indicator).

    CSV or XLSX, as R's write.csv, write.csv2, write.table, readr, openxlsx or writexl leave them;
    one workbook with the sheets iData and iMeta may be named twice.

    \b
    The folder holds
      edition.yaml   framework and method, which may be changed there
      data.csv       the figures, with every digit they had
      data-YEAR.csv  the same of another year, where the imputation reads years

    Without options the method is COINr's default: no denomination, imputation or treatment, min-max
    on 0 to 100, weighted arithmetic means of what is present.
    """
    from pii.intake.coinr import read_coinr
    from pii.intake.coinr_edition import Choices, coinr_edition

    refuse_occupied(out)
    choices = Choices(**chosen)
    tables, notes = read_coinr(
        idata.read_bytes(),
        imeta.read_bytes(),
        (idata.name, imeta.name),
        time=time,
        years=choices.reads_years,
    )
    brought = coinr_edition(
        tables,
        notes,
        id=name or out.resolve().name,
        title=title,
        source=f"{idata.name}, {imeta.name}",
        choices=choices,
    )
    _keep(out, brought)


@bring.command("gii")
@click.argument("workbook", type=_FILE)
@click.option(
    "--use",
    type=click.Choice(["score", "value"]),
    default="score",
    show_default=True,
    help="Take scores, already from 0 to 100; or values, and normalise them by min-max.",
)
@click.option("--year", metavar="YEAR", help="Which edition, where Data has several.")
@click.option("--id", "name", metavar="ID", help="Id of the edition. Default: name of the folder.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New folder.")
def bring_gii(workbook: Path, use: str, year: str | None, name: str | None, out: Path) -> None:
    """Bring a GII workbook with the sheets Index Structure and Data.

    Index Structure: Code, Name, Level (Index, Sub-index, Pillar, Sub-pillar, Indicator), and where
    stated Parent, Weight, Direction. Data: Economy or ISO3, and either Code with Score or Value (a
    row per figure), or a column per code (a row per economy).
    """
    from pii.intake.gii import read_gii

    refuse_occupied(out)
    brought = read_gii(
        workbook.read_bytes(), workbook.name, use=use, year=year, id=name or out.resolve().name
    )
    _keep(out, brought)


def _keep(out: Path, brought: Brought) -> None:
    from pii.intake.brought import table_of
    from pii.store import write_folder

    for note in brought.notes:
        say(f"NOTE {note}.")
    files = brought.files()
    write_folder(out, files)
    framework = brought.framework
    click.echo(
        f"{len(brought.units)} units, {len(framework.codes)} indicators, "
        f"{len(framework.groups)} groups above them on {len(framework.levels) - 1} levels."
    )
    for name, _ in files:
        click.echo(f"  {out / name}")
    years = [f" --other-year {year}={out / table_of(year)}" for year in brought.other_years]
    click.echo(
        f"Next: pii run {out / 'data.csv'} --framework {out / 'edition.yaml'}{''.join(years)} "
        "--out RUN --lang en"
    )


@click.group("export")
def take() -> None:
    """Turn an edition and its figures into the tables of another program."""


@take.command("coinr")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@framework_option
@central_option
@provinces_option
@accept_option
@click.option("--time", metavar="TIME", help="What the column Time says. Default: no such column.")
@click.option(
    "--like",
    nargs=2,
    type=_FILE,
    metavar="IDATA IMETA",
    help="Tables whose columns and order are kept, and which fill what the edition does not hold.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New folder.")
@lang_option
def take_coinr(
    inputs: tuple[Path, ...],
    edition: Path | None,
    central: tuple[Path, ...],
    provinces_on: datetime | None,
    accept: tuple[str, ...],
    time: str | None,
    like: tuple[Path, Path] | None,
    out: Path,
    lang: Language,
) -> None:
    """Write COINr's two tables, iData.csv and iMeta.csv, of INPUTS under an edition.

    INPUTS as for `pii run`. Figures are written before treatment and with every digit; goalposts,
    treatment and means are no part of COINr's tables. In R:

    \b
      coin <- COINr::new_coin(read.csv("iData.csv"), read.csv("iMeta.csv"))
    """
    from pii.matrix import assemble
    from pii.report.coinr import coinr_tables, r_csv
    from pii.report.coinr import like as made_like
    from pii.scoring import province_list
    from pii.store import write_folder

    refuse_occupied(out)
    structure, method = open_edition(edition, provinces_on)
    provinces = province_list(structure)
    read = open_inputs(inputs, central, accept)
    gathered = read_inputs(read, structure, provinces, lang)
    if gathered.stops(skip_invalid=False):
        print_findings(gathered.errors, lang)
        raise click.exceptions.Exit(FINDINGS)
    names = {one.province: one.name for one in gathered.submissions}
    names |= {one.code: one.name("en") for one in provinces or ()}
    tables = coinr_tables(
        structure, method, assemble(gathered.submissions, structure, provinces), names, time or ""
    )
    if tables.renamed:
        renamed = ", ".join(f"{code} → {name}" for code, name in tables.renamed.items())
        say(f"NOTE COINr takes no code that begins with a digit: {renamed}.")
    idata, imeta = tables.idata, tables.imeta
    if like:
        from pii.intake.coinr import coinr_lines

        theirs = coinr_lines(like[0].read_bytes(), like[0].name, "iData")
        idata = made_like(idata, theirs, "uCode", list(theirs[0]))
        theirs = coinr_lines(like[1].read_bytes(), like[1].name, "iMeta")
        imeta = made_like(imeta, theirs, "iCode", list(theirs[0]))
    write_folder(out, [("iData.csv", r_csv(idata)), ("iMeta.csv", r_csv(imeta))])
    click.echo(f"{len(idata)} units, {len(structure.codes)} indicators.")
    click.echo(f"  {out / 'iData.csv'}\n  {out / 'iMeta.csv'}")

"""The province's side: the offline page, and what a change would do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pii.cli.after import RUN
from pii.cli.options import lang_option

if TYPE_CHECKING:
    from pii.framework import Language

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
@click.option(
    "--public/--confidential",
    "public",
    default=False,
    help="Whether the page may hold every province's figures (a run that is published) or only "
    "goalposts, means and quantiles.  [default: confidential]",
)
@lang_option
def page(folder: Path, out: Path, pyodide: Path, public: bool, lang: Language) -> None:
    """Make the page that needs nothing: one HTML file that opens by double-click, offline.

    A province officer drops the workbook on it and sees findings, scores and sliders. Python
    itself is inside; a content security policy bars the page from any network.
    """
    from pii.intake.engine import PYODIDE_ABI, engine_zip, pyodide_files
    from pii.preview.reference import withheld
    from pii.report.offline import offline_page
    from pii.store import read_reference, write_page

    reference = read_reference(folder)
    files = {**pyodide_files(pyodide), "engine.zip": engine_zip()}
    data = offline_page(reference if public else withheld(reference), files, PYODIDE_ABI)
    write_page(out, data)
    size = f"{len(data) / 1e6:.1f} MB"
    if lang == "vi":
        kind = "có số liệu từng nơi" if public else "không có số liệu của nơi nào"
        click.echo(f"Trang xem trước: {out} ({size}, {kind})")
    else:
        kind = "with every province's figures" if public else "without any province's figures"
        click.echo(f"Page: {out} ({size}, {kind})")

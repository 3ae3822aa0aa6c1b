"""The terminal: options → one call → print → exit code.

Exit codes: 0 done; 1 a run that cannot be proved; 2 usage or configuration; 3 findings of
severity error. Heavy packages are imported inside the commands, so that --help is instant.

Here the group `main` and what becomes of an error. `yearly`: the commands from framework to run;
`check`: the findings, and answers made of them; `after`: those that read a run folder. They stand
on `options` (shared options, opening what they name), `record` (what `run` writes and `verify`
makes again), `say` (what is printed, exit codes).
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from pii import __version__
from pii.cli.after import explain, preview, verify
from pii.cli.audit import audit
from pii.cli.check import check
from pii.cli.exchange import bring, take
from pii.cli.province import page, plan, target, whatif
from pii.cli.say import UNPROVED, USAGE, say
from pii.cli.yearly import framework, method, rules, run, template
from pii.errors import PiiError


class _Commands(click.Group):
    """Commands in the order of the yearly round; no traceback ever reaches a user."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PiiError as error:
            say(f"pii: {error}", err=True)
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
            say(
                f"pii: an error of the engine itself ({type(error).__name__}: {error}). Nothing "
                "was written. Please report it with the command you ran; PII_DEBUG=1 shows where.",
                err=True,
            )
            ctx.exit(UNPROVED)


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
      pii rules                              what submissions are held to
      pii run submissions/ --out runs/2025   scores, ranks, workbook and charts in one folder
      pii explain runs/2025 "Hà Nội" 4.1.4   from the index down to the cell
      pii verify runs/2025                   prove that the folder is what the inputs give
      pii preview 01.xlsx --against runs/2025   one province, before everybody is in
      pii whatif, pii target                 what a change would do; what reaches a rank or score
      pii page --against runs/2025           a page for provinces: offline, by double-click
      pii audit runs/2025 --seed 0           how robust every rank is
    \b
    From and to other programs:
      pii import coinr iData.csv iMeta.csv --out DIR   an index built with COINr (R)
      pii export coinr INPUTS --out DIR      the tables that COINr takes

    INPUTS are folders of filled templates, single workbooks, or tables (CSV or XLSX) with a
    column `province` and a column for each indicator code.
    """


_YEARLY = (framework, method, template, check, rules, run, explain, verify)
_PROVINCE = (preview, whatif, target, plan, page)
for _command in (*_YEARLY, audit, *_PROVINCE, bring, take):
    main.add_command(_command)

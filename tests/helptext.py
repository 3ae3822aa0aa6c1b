"""What `pii --help` prints, written by click into `pii/helptext.py`: python -m tests.helptext"""

from pathlib import Path

from pii.cli import main

PLACE = Path(__file__).parents[1] / "pii" / "helptext.py"


def text() -> str:
    """Click's own help, as in a terminal of 80 columns."""
    context = main.make_context("pii", ["rules"], **{"terminal_width": 78})
    return main.get_help(context) + "\n"


def module() -> str:
    return (
        '"""What `pii --help` prints, written by `python -m tests.helptext`."""\n\n'
        f'HELP = """\\\n{text()}"""\n'
    )


if __name__ == "__main__":
    PLACE.write_text(module(), "utf-8")

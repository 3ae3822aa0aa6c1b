"""`pii` and `python -m pii`: help at once, everything else by the commands.

Importing click alone takes longer than starting Python, so `pii --help` is answered from a text
that ships beside the code; `tests/test_start.py` holds it to what click would print.
"""

import sys


def start() -> None:
    """Run the program."""
    if sys.argv[1:] in (["--help"], ["-h"]) and (sys.stdout.encoding or "").lower() == "utf-8":
        from pii.helptext import HELP

        try:
            sys.stdout.write(HELP)
            sys.stdout.flush()
        except OSError:  # whoever read it has gone
            sys.stdout = None
            raise SystemExit(1) from None
        return
    from pii.cli import main

    main(prog_name="pii")


if __name__ == "__main__":
    start()

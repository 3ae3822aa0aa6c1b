"""Text in CSV that no spreadsheet takes for a formula, and the way back.

The convention: where a text, or a part of it after a semicolon, tab or line end, begins with
= + - @ (or their full-width forms, or any of these after spaces and apostrophes) and is no number,
an apostrophe is put before it. The parts count because a spreadsheet whose list separator is a
semicolon, as in Viet Nam, cuts a line there whatever stands in quotes. `unguarded` takes that one
apostrophe off again: nothing is lost but steering characters and what no cell could hold.
"""

import re

from pii.decimals import read_decimal

_FORMULA = re.compile("[\\s']*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_PART = re.compile("[^;\t\n]+")
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST = 32_000
"""Characters of one text: a spreadsheet's cell holds little more, and readers of CSV balk."""


def guarded(text: str) -> str:
    """Text made safe to open in a spreadsheet.

    Line ends become LF, steering characters spaces; what is too long ends in ….
    """
    whole = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    plain = _STEERING.sub(" ", whole.replace("\r\n", "\n").replace("\r", "\n"))
    return _PART.sub(lambda part: f"'{part[0]}" if _is_risky(part[0]) else part[0], plain)


def unguarded(text: str) -> str:
    """What `guarded` was given, steering characters, kinds of line ends and length aside."""
    return _PART.sub(
        lambda part: part[0][1:] if part[0][0] == "'" and _is_risky(part[0][1:]) else part[0], text
    )


def _is_risky(part: str) -> bool:
    return _FORMULA.match(part) is not None and read_decimal(part) is None

"""Text in CSV that no spreadsheet takes for a formula, and the way back.

The convention: where a text, or a part of it after a semicolon, tab or line end, begins with
= + - @ (or their full-width forms, or any of these after spaces and apostrophes) and is no number,
an apostrophe is put before it. `unguarded` takes that one apostrophe off again, so nothing is lost
but control characters. The parts count because a spreadsheet whose list separator is a semicolon,
as in Viet Nam, cuts a line there whatever stands in quotes.
"""

import re

from pii.decimals import read_decimal

_FORMULA = re.compile("[\\s']*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_PART = re.compile("[^;\t\n]+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def guarded(text: str) -> str:
    """Text made safe to open in a spreadsheet; line ends become LF, control characters spaces."""
    plain = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _PART.sub(lambda part: f"'{part[0]}" if _is_risky(part[0]) else part[0], plain)


def unguarded(text: str) -> str:
    """What `guarded` was given, control characters and kinds of line ends aside."""
    return _PART.sub(
        lambda part: part[0][1:] if part[0][0] == "'" and _is_risky(part[0][1:]) else part[0], text
    )


def _is_risky(part: str) -> bool:
    return _FORMULA.match(part) is not None and read_decimal(part) is None

"""Numbers as people type them, in Vietnamese (1.234,56) and English (1,234.56) notation."""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import isinf

_SPACES = re.compile("[\u0020\u00a0\u2007\u2009\u202f]")
_SPACED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")  # 1 234 567, but not 1 2
_PLAIN = re.compile(r"[+-]?\d+", re.ASCII)
_MARKED = re.compile(r"[+-]?\d[\d.,]*", re.ASCII)
# Full-width signs of East Asian keyboards, the minus of word processors, spaces of no width.
_NARROW = str.maketrans(
    "０１２３４５６７８９．，＋－−", "0123456789.,+--", "\u200b\u200c\u200d\u2060\ufeff"
)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A text such as 1.234: one thousand and more to some, little more than one to others."""

    thousands: Decimal
    fraction: Decimal


def read_decimal(text: str) -> Decimal | Ambiguous | None:
    """The number a text means, an `Ambiguous` pair, or None where it is no number.

    Spaces between digits are thousands separators. Where both marks occur, the last is the
    decimal sign. A single mark is read as a decimal sign unless exactly three digits follow one
    to three digits that do not start with 0: such a text means two things and is asked back.
    What no spreadsheet could hold as a number is none.
    """
    meant = _meant(text)
    return None if isinstance(meant, Decimal) and isinf(float(meant)) else meant


def _meant(text: str) -> Decimal | Ambiguous | None:
    typed = _SPACED.sub("", _SPACES.sub(" ", text.translate(_NARROW).strip()))
    if _PLAIN.fullmatch(typed):
        return Decimal(typed)
    if not _MARKED.fullmatch(typed):
        return None
    dots, commas = typed.count("."), typed.count(",")
    if dots and commas:
        decimal = "." if typed.rfind(".") > typed.rfind(",") else ","
        return _grouped(typed, "," if decimal == "." else ".", decimal)
    mark = "." if dots else ","
    if dots + commas > 1:
        return _grouped(typed, mark, "")
    whole, fraction = typed.lstrip("+-").split(mark)
    if not fraction:
        return None
    as_fraction = Decimal(typed.replace(",", "."))
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        return Ambiguous(Decimal(typed.replace(mark, "")), as_fraction)
    return as_fraction


def _grouped(typed: str, thousands: str, decimal: str) -> Decimal | None:
    """A number whose thousands are marked, or None where the groups are not of three digits."""
    whole, _, fraction = typed.partition(decimal) if decimal else (typed, "", "")
    sign = whole[: len(whole) - len(whole.lstrip("+-"))]
    groups = whole.lstrip("+-").split(thousands)
    if not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:]):
        return None
    if decimal and not fraction.isdigit():
        return None
    return Decimal(f"{sign}{''.join(groups)}" + (f".{fraction}" if fraction else ""))


def in_words(value: float | Decimal, lang: str) -> str:
    """A number as readers of that language write it: 1.234,5 in Vietnamese, 1,234.5 in English.

    All digits that the value has; nothing is rounded.
    """
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = f"{number:,f}" if number else "0"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def as_typed(value: Decimal, lang: str) -> str:
    """A number as it should be typed: no thousands mark, the language's decimal sign.

    A fraction whose digits could be taken for thousands gets one more digit.
    """
    text = f"{value:f}"
    if isinstance(read_decimal(text), Ambiguous):
        text += "0"
    return text.replace(".", ",") if lang == "vi" else text

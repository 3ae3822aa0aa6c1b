"""Figures as they are printed: the only rounding there is, half away from zero on the decimal."""

from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite, isnan

from pii.framework import Language

NOT_PUBLISHED = "–"
"""Stands wherever there is no figure; never a zero."""

# Digits enough for any float written out in full (1.8e308 has 309 before the point).
_WIDE = Context(prec=700)


def rounded(x: float, digits: int = 2) -> float:
    """A figure with so many decimals, halves away from zero: 2.675 is 2.68, -2.675 is -2.68.

    Judged on the decimal value to 15 digits, as a spreadsheet judges it: neither the binary value
    (2.67499999…) nor the last bit of a sum ((51.5 + 47.23)/2 is 49.364999999999995) turns a half
    down. NaN stays NaN; a negative zero becomes zero.

    Raises
    ------
    ValueError
        For infinity, which no figure can be.
    """
    return x if isnan(x) else float(_quantised(x, digits))


def printed(x: float, digits: int = 2, lang: Language = "vi") -> str:
    """The same figure as text: 58,62 in Vietnamese, 58.62 in English, – where x is NaN.

    No thousands mark: 1.234 would mean two things.
    """
    if isnan(x):
        return NOT_PUBLISHED
    text = f"{_quantised(x, digits):f}"
    return text.replace(".", ",") if lang == "vi" else text


def _quantised(x: float, digits: int) -> Decimal:
    if not isfinite(x):
        raise ValueError(f"{x} cannot be printed; a figure must be finite or NaN")
    value = Decimal(f"{x:.15g}").quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE)
    return abs(value) if value.is_zero() else value

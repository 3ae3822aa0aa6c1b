"""Indicator codes as people type them: what is meant, and what comes nearest."""

import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from pii.findings import Finding
from pii.framework import Framework
from pii.submission import Place

# Letters and signs that are taken for the digits and dots of a code.
_LOOKS = str.maketrans("OoОо٠lIіІ|,·․‧", "00000" + "11111" + "....")


def code_meant(typed: str, framework: Framework) -> str | None:
    """The code of this edition that a text means: itself, or its only look-alike; None for none."""
    if typed in framework.codes:
        return typed
    meant = _folded(typed)
    alike = _by_looks(framework.codes).get(meant, ())
    return alike[0] if len(alike) == 1 and meant else None


@lru_cache(maxsize=8)  # of editions: folding all codes anew for every row took as long as parsing
def _by_looks(codes: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for code in codes:
        found.setdefault(_folded(code), []).append(code)
    return found


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    visible = (c for c in plain if unicodedata.category(c)[0] not in "ZC")
    return "".join(visible).translate(_LOOKS).strip(".").casefold()


def unlike(typed: str, code: str, place: Place, province: str = "") -> Finding:
    """That a code is not written as the edition writes it; spaces and signs are made visible."""
    return Finding("C104", place, province, code, {"found": _shown(typed), "code": code})


def _shown(text: str) -> str:
    plain = (c if c.isascii() and c.isprintable() else _point(c) for c in text)
    return "".join(plain).replace(" ", "␣")


def _point(letter: str) -> str:
    return f"[U+{ord(letter):04X}]"


def unknown(code: str, framework: Framework) -> dict[str, str]:
    """The facts of a code that is none: how it is written, and which is probably meant.

    Letters of other scripts look like Latin ones, and are shown by number.
    """
    shown = "".join(_point(c) if _is_foreign(c) else c for c in code)
    return {
        "found_vi": shown or "(trống)",
        "found_en": shown or "(empty)",
        **_nearest(code, framework),
    }


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")


def _nearest(code: str, framework: Framework) -> dict[str, str]:
    # The first part of a code names the pillar: 1.1 is not a slip of the pen for 7.1.1.
    near = [known for known in framework.codes if known[:1] == code.strip()[:1]]
    meant = get_close_matches(code.strip(), near, n=1, cutoff=0.7)
    return {
        "suggestion_vi": f" (có phải {meant[0]}?)" if meant else "",
        "suggestion_en": f" (is {meant[0]} meant?)" if meant else "",
    }

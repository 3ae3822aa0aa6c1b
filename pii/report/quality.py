"""The quality of provinces' data, as it is shown: a line each, and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pii.checks.quality import Quality, quality
from pii.report.numbers import printed
from pii.rules import Word

if TYPE_CHECKING:
    import pandas as pd

    from pii.framework import Language
    from pii.pipeline import Outcome


def quality_line(one: Quality, lang: Language) -> str:
    """The four figures of a province: đúng 98, đủ 90, sạch 100, sống 100."""
    return ", ".join(f"{w.name_in(lang)} {printed(one.scores[w], 0, lang)}" for w in Word)


def quality_table(outcome: Outcome) -> pd.DataFrame:
    """One row per province of the list, in code order (of the run, where there is no list).

    Columns province, correct, complete, clean, current: 0–100, as `pii.checks.quality` defines
    them; missing where a province has not submitted.
    """
    import pandas as pd

    places = outcome.provinces
    codes = [p.code for p in places] if places else list(outcome.scores.provinces)
    rows = [
        (one.province, *(one.scores[word] for word in Word))
        for one in quality(outcome.findings, codes, outcome.framework)
    ]
    return pd.DataFrame(rows, columns=["province", *(word.value for word in Word)])

"""The profile of one province: its pillars and sub-pillars against mean and best."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan

import numpy as np
from matplotlib.figure import Figure

from pii.errors import DataError
from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.charts.facts import (
    clean,
    mean_and_best,
    mean_word,
    node_name,
    not_published,
    pillars_of,
    province_name,
    say,
    score_of,
    subindices,
)
from pii.report.charts.page import (
    ACCENT,
    BAR,
    INK,
    MARGIN,
    MUTED,
    PALE_BAR,
    Page,
    new_page,
    own_style,
)
from pii.report.charts.parts import Scale, bar, footer, grid, header, key, scale_of
from pii.report.charts.text import fitted, wrapped
from pii.report.numbers import printed


def pillar_profile(outcome: Outcome, province: str, lang: Language) -> Figure:
    """One province against mean and best: pillars above, sub-pillars beneath in lighter dress.

    Raises
    ------
    DataError
        Where the outcome has no such province.
    """
    with own_style():
        row = _row(outcome, province)
        pillars = pillars_of(outcome)
        parts = tuple(
            child for pillar in pillars for child in outcome.framework.children.get(pillar, ())
        )
        shown = [outcome.scores.column(node) for node in (*pillars, *parts)]
        scale = scale_of(outcome.scores.score[:, shown].ravel().tolist())
        page = new_page(583.0)
        y = header(page, outcome, lang, _words(outcome, row, lang))
        y = _legend(page, outcome, lang, y)
        y = _panel(page, outcome, lang, row, pillars, scale, y, _LOUD)
        if parts:
            y = _panel(page, outcome, lang, row, parts, scale, y + 26, _QUIET)
        footer(page, outcome, lang, y + 4)
        return page.figure


def _row(outcome: Outcome, province: str) -> int:
    if province not in outcome.scores.provinces:
        raise DataError(
            f"no province {province!r} in this outcome; expected one of its codes: "
            + ", ".join(outcome.scores.provinces)
        )
    return outcome.scores.provinces.index(province)


def _words(outcome: Outcome, row: int, lang: Language) -> tuple[str, str]:
    said = [
        f"{node_name(outcome, node, lang)}: {_result(outcome, row, node, lang)}"
        for node in (outcome.framework.index, *subindices(outcome))
    ]
    return province_name(outcome, row, lang), "\n".join(said)


def _result(outcome: Outcome, row: int, node: str, lang: Language) -> str:
    score = score_of(outcome, row, node)
    if isnan(score):
        return not_published(lang)
    rank = _rank(outcome, row, node)
    return printed(score, 2, lang) + say(lang, f" điểm, hạng {rank}", f" points, rank {rank}")


def _rank(outcome: Outcome, row: int, node: str) -> str:
    """Rank of how many, or a dash."""
    column = outcome.scores.column(node)
    rank = outcome.scores.rank[row, column]
    ranked = int((~np.isnan(outcome.scores.score[:, column])).sum())
    return "–" if isnan(rank) else f"{int(rank)}/{ranked}"


@dataclass(frozen=True, slots=True)
class _Dress:
    """How loud a panel is."""

    size: float
    tall: float
    bar: str
    edge: str


_LOUD = _Dress(size=9, tall=25, bar=BAR, edge=INK)
_QUIET = _Dress(size=7.5, tall=19, bar=PALE_BAR, edge=MUTED)


def _legend(page: Page, outcome: Outcome, lang: Language, y: float) -> float:
    x = MARGIN
    page.boxes([(x, y - 6.5, x + 20, y + 0.5)], BAR, edge=INK, width=0.8)
    x = key(
        page,
        x + 25,
        y,
        say(lang, "đơn vị này", "this unit")
        if outcome.provinces is None
        else say(lang, "địa phương này", "this province"),
    )
    page.lines([(x + 3, y - 9, x + 3, y + 3)], ACCENT, 2.2)
    x = key(page, x + 9, y, mean_word(outcome, lang))
    page.marks([(x + 4, y - 3)], "D", 5.5, "white", INK)
    key(page, x + 12, y, say(lang, "cao nhất", "best"))
    return y + 24


def _level_word(outcome: Outcome, node: str, lang: Language) -> str:
    """What nodes of a level are called; "" for a level that has no word of ours."""
    words = {
        "pillar": say(lang, "Trụ cột", "Pillars"),
        "subpillar": say(lang, "Nhóm chỉ số", "Sub-pillars"),
        "indicator": say(lang, "Chỉ số", "Indicators"),
    }
    return words.get(outcome.framework.level(node), "")


def _panel(
    page: Page,
    outcome: Outcome,
    lang: Language,
    row: int,
    nodes: Sequence[str],
    scale: Scale,
    y: float,
    dress: _Dress,
) -> float:
    """Rows of bars with mean, best and the figures beside them; returns the foot."""
    left, start, width = MARGIN, MARGIN + 190.0, 168.0
    at = partial(scale.at, left=start, width=width)
    columns = (start + width + 42, start + width + 81, start + width + 120, start + width + 167)
    heads = (
        say(lang, "điểm", "score"),
        say(lang, "trung bình", "mean"),
        say(lang, "cao nhất", "best"),
        say(lang, "hạng", "rank"),
    )
    page.text(left, y - 3, _level_word(outcome, nodes[0], lang), dress.size, bold=True)
    for x, head in zip(columns, heads, strict=True):
        page.text(x, y - 3, head, 6.5, color=MUTED, align="right")
    page.lines([(left, y, page.width - MARGIN, y)], MUTED, 0.5)
    bottom = y + 3 + dress.tall * len(nodes)
    grid(page, lang, scale, start, width, y, bottom)
    for k, node in enumerate(nodes):
        middle = y + 3 + dress.tall * (k + 0.5)
        _code_and_name(page, outcome, lang, node, left, middle, dress)
        score = score_of(outcome, row, node)
        mean, best = mean_and_best(outcome, node)
        half = dress.tall * 0.3
        if isnan(score):
            page.text(start + 4, middle + 3, not_published(lang), 7, color=MUTED)
        else:
            box = bar(at(0), at(score), middle - half, middle + half)
            page.boxes([box], dress.bar, edge=dress.edge, width=0.8)
        if not isnan(mean):
            x = at(mean)
            page.lines([(x, middle - half - 2.5, x, middle + half + 2.5)], ACCENT, 2.2)
            page.marks([(at(best), middle)], "D", dress.size * 0.6, "white", INK)
        figures = (
            *(printed(value, 2, lang) for value in (score, mean, best)),
            _rank(outcome, row, node),
        )
        for j, (x, figure) in enumerate(zip(columns, figures, strict=True)):
            page.text(x, middle + 3, figure, dress.size - 0.5, bold=j in (0, 3), align="right")
    return bottom


def _code_and_name(
    page: Page,
    outcome: Outcome,
    lang: Language,
    node: str,
    left: float,
    middle: float,
    dress: _Dress,
) -> None:
    """Code and name in two lines at most."""
    code_width = 28.0
    text, width = node_name(outcome, node, lang), 190 - code_width - 8
    size = dress.size
    while len(lines := wrapped(text, size, width)) > 2 and size > 0.7 * dress.size:
        size -= 0.5
    if len(lines) > 2:
        lines = (lines[0], f"{lines[1]} …")
    page.text(left, middle + 3, *fitted(clean(node), dress.size, code_width - 4, True), bold=True)
    for k, line in enumerate(lines):
        page.text(
            left + code_width, middle + 3 + (k - (len(lines) - 1) / 2) * size * 1.15, line, size
        )

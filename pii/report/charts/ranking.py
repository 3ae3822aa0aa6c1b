"""The ranking: bars of the index, with sub-indices as markers and the mean of all."""

from collections.abc import Sequence
from functools import partial
from math import isnan

from matplotlib.figure import Figure

from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.charts.facts import (
    absent,
    listed,
    mean_and_best,
    mean_word,
    node_name,
    province_name,
    rank_order,
    ranked,
    say,
    score_of,
    subindices,
    units,
)
from pii.report.charts.page import ACCENT, BAR, INK, MARGIN, TEAL, Page, own_style
from pii.report.charts.parts import ROW, Listing, Scale, bar, footer, grid, header, key, scale_of
from pii.report.charts.text import width_of
from pii.report.numbers import printed

MARKERS = ("o", "D", "s", "^")
"""For sub-indices, told apart by shape."""
BARS = 300.0
"""How wide the longest bar is."""


def ranking_chart(outcome: Outcome, lang: Language) -> Figure:
    """Bars of the index in rank order, with sub-indices as markers and the mean of all.

    Provinces without an index are named at the foot as not published.
    """
    with own_style():
        index, rows = outcome.framework.index, ranked(outcome)
        listing = Listing.of(outcome, rows, lang, BARS + 34)
        page = listing.page()
        words = f"{say(lang, 'Bảng xếp hạng', 'Ranking')} · {units(outcome, lang)}"
        y = header(page, outcome, lang, (node_name(outcome, index, lang), words))
        if rows:
            nodes = (index, *(node for _, node in _marked(outcome)))
            scale = scale_of(score_of(outcome, row, node) for row in rows for node in nodes)
            y = _legend(page, outcome, lang, y)
            y = max(
                _block(page, outcome, lang, listing, block, scale, left, y + 14)
                for block, left in listing.placed()
            )
        said = (*_unpublished(outcome, lang), *absent(outcome, lang))
        footer(page, outcome, lang, y + 6, said)
        return page.figure


def _marked(outcome: Outcome) -> list[tuple[str, str]]:
    """Markers and the sub-indices they stand for; there are no more than can be told apart."""
    return list(zip(MARKERS, subindices(outcome), strict=False))


def _unpublished(outcome: Outcome, lang: Language) -> list[str]:
    """A sentence naming the provinces whose index is not published, if there are any."""
    known = ranked(outcome)
    names = [province_name(outcome, row, lang) for row in rank_order(outcome) if row not in known]
    return listed(say(lang, "Chưa công bố chỉ số tổng hợp", "Index not published"), names)


def _legend(page: Page, outcome: Outcome, lang: Language, y: float) -> float:
    mean, _ = mean_and_best(outcome, outcome.framework.index)
    x = MARGIN
    page.boxes([(x, y - 6, x + 16, y)], BAR)
    page.lines([(x + 16, y - 7, x + 16, y + 1)], INK, 1.8)
    x = key(page, x + 21, y, say(lang, "chỉ số tổng hợp", "index"))
    page.lines([(x + 3, y - 8, x + 3, y + 2)], ACCENT, 1.2, "dashed")
    x = key(page, x + 8, y, f"{mean_word(outcome, lang)} {printed(mean, 2, lang)}")
    for marker, node in _marked(outcome):
        name = node_name(outcome, node, lang)
        if x + 12 + width_of(name, 8) > page.width - MARGIN:
            x, y = MARGIN, y + 13
        page.marks([(x + 4, y - 3)], marker, 4, "white", TEAL)
        x = key(page, x + 11, y, name)
    return y + 14


def _block(
    page: Page,
    outcome: Outcome,
    lang: Language,
    listing: Listing,
    rows: Sequence[int],
    scale: Scale,
    left: float,
    y: float,
) -> float:
    """One column of the ranking; returns its foot."""
    index, marked, start = outcome.framework.index, _marked(outcome), listing.start(left)
    at = partial(scale.at, left=start, width=BARS)
    bottom = y + 3 + ROW * len(rows)
    grid(page, lang, scale, start, BARS, y, bottom)
    top = {row: y + 3 + ROW * k for k, row in enumerate(rows)}
    tip = {row: at(score_of(outcome, row, index)) for row in rows}
    page.boxes([bar(at(0), tip[row], y + 2.5, y + ROW - 2.5) for row, y in top.items()], BAR)
    page.lines([(tip[row], y + 1.5, tip[row], y + ROW - 1.5) for row, y in top.items()], INK, 1.8)
    mean = at(mean_and_best(outcome, index)[0])
    page.lines([(mean, y, mean, bottom)], ACCENT, 1.0, "dashed")
    for marker, node in marked:
        scores = {row: score_of(outcome, row, node) for row in rows}
        points = [(at(s), top[row] + ROW / 2) for row, s in scores.items() if not isnan(s)]
        page.marks(points, marker, 4, "white", TEAL)
    for row in rows:
        line = top[row] + ROW / 2 + 3
        listing.head(page, outcome, row, left, line)
        shown = [score_of(outcome, row, node) for node in (index, *(node for _, node in marked))]
        x = 6 + max(at(score) for score in (0, *shown) if not isnan(score))
        figure = printed(shown[0], 2, lang)
        # On white, so that the line of the mean does not cross the figure.
        page.boxes([(x - 1, line - 7, x + width_of(figure, 8, True) + 1, line + 1)], "white")
        page.text(x, line, figure, bold=True)
    return bottom

"""The heatmap: provinces in rank order × index, sub-indices and pillars."""

from collections.abc import Sequence
from math import isnan

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.figure import Figure

from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.charts.facts import (
    absent,
    clean,
    node_name,
    not_published,
    pillars_of,
    rank_order,
    say,
    score_of,
    subindices,
    units,
)
from pii.report.charts.page import HATCH, MARGIN, MUTED, TEAL, Box, Page, own_style
from pii.report.charts.parts import ROW, Listing, Scale, footer, header, scale_of
from pii.report.charts.text import wrapped
from pii.report.numbers import NOT_PUBLISHED, printed

SHADES = LinearSegmentedColormap.from_list("teal", ["#f3f8f8", "#8fc0c2", TEAL, "#073e42"])
"""One hue, lightness falling steadily: readable in grey."""
Heading = Sequence[tuple[str, bool]]
"""Lines over a column, and whether each is bold."""


def pillar_heatmap(outcome: Outcome, lang: Language) -> Figure:
    """Provinces in rank order × index, sub-indices and pillars; each cell with its score."""
    with own_style():
        index = outcome.framework.index
        nodes = (index, *subindices(outcome), *pillars_of(outcome))
        rows = rank_order(outcome)
        listing = Listing.of(outcome, rows, lang, sum(_cell_widths(outcome, nodes)))
        page = listing.page()
        words = say(lang, "Điểm theo trụ cột, xếp theo thứ hạng", "Pillar scores, in rank order")
        said = (node_name(outcome, index, lang), f"{words} · {units(outcome, lang)}")
        y = header(page, outcome, lang, said)
        scale = scale_of(
            (score_of(outcome, row, node) for row in rows for node in nodes), zero=False
        )
        y = _legend(page, lang, scale, y)
        headings = [_heading(outcome, node, lang) for node in nodes]
        y += max(len(lines) for lines in headings) * 8.5
        y = max(
            _block(page, outcome, lang, listing, block, nodes, headings, scale, left, y)
            for block, left in listing.placed()
        )
        footer(page, outcome, lang, y + 8, absent(outcome, lang))
        return page.figure


def _legend(page: Page, lang: Language, scale: Scale, y: float) -> float:
    """A strip of the shades with its figures, and what hatching means."""
    left, width, steps = MARGIN, 200.0, 40
    page.boxes(
        [
            (left + width * k / steps, y - 4, left + width * (k + 1) / steps, y + 4)
            for k in range(steps)
        ],
        [to_hex(SHADES((k + 0.5) / steps)) for k in range(steps)],
    )
    page.boxes([(left, y - 4, left + width, y + 4)], "none", edge=MUTED, width=0.5)
    for tick in scale.ticks:
        x = scale.at(tick, left, width)
        page.text(x, y + 12, printed(tick, scale.digits, lang), 7, color=MUTED, align="center")
    x = left + width + 30
    _hatched(page, [(x, y - 4, x + 20, y + 4)])
    page.text(x + 25, y + 3, f"{NOT_PUBLISHED} {not_published(lang)}")
    return y + 26


def _hatched(page: Page, boxes: Sequence[Box]) -> None:
    page.boxes(boxes, "white", edge=HATCH, hatch="/////", width=0.4)


def _cell_widths(outcome: Outcome, nodes: Sequence[str]) -> list[float]:
    """Wider where a new kind of node begins: the gap tells index, sub-indices, pillars apart."""
    return [52.0 + 6.0 * (k in (1, 1 + len(subindices(outcome)))) for k in range(len(nodes))]


def _heading(outcome: Outcome, node: str, lang: Language) -> Heading:
    """A pillar's code stands above its name."""
    pillar = node in pillars_of(outcome)
    code = wrapped(clean(node), 6.5, 47, bold=True) if pillar else ()
    name = wrapped(node_name(outcome, node, lang), 6.5, 47, not pillar)
    return [*((line, True) for line in code), *((line, not pillar) for line in name)]


def _block(
    page: Page,
    outcome: Outcome,
    lang: Language,
    listing: Listing,
    rows: Sequence[int],
    nodes: Sequence[str],
    headings: Sequence[Heading],
    scale: Scale,
    left: float,
    y: float,
) -> float:
    """One column of the heatmap, its headings above y; returns its foot."""
    rights = (np.cumsum(_cell_widths(outcome, nodes)) + listing.start(left)).tolist()
    for lines, right in zip(headings, rights, strict=True):
        for k, (text, bold) in enumerate(reversed(lines)):
            page.text(right - 26, y - 8.5 * k, text, 6.5, bold=bold, align="center")
    filled: list[Box] = []
    empty: list[Box] = []
    colors: list[str] = []
    y += 5
    for k, row in enumerate(rows):
        top = y + ROW * k
        line = top + ROW / 2 + 3
        listing.head(page, outcome, row, left, line)
        for node, right in zip(nodes, rights, strict=True):
            box = (right - 52, top, right, top + ROW)
            score = score_of(outcome, row, node)
            if isnan(score):
                empty.append(box)
                continue
            filled.append(box)
            colors.append(to_hex(SHADES(min(1.0, max(0.0, scale.share(score))))))
            page.text(
                right - 26,
                line,
                printed(score, 2, lang),
                7.5,
                bold=node == outcome.framework.index,
                color=legible(colors[-1]),
                align="center",
            )
    page.boxes(filled, colors, edge="white", width=0.8)
    _hatched(page, empty)
    page.boxes([(a + 19, b + 1, c - 19, d - 1) for a, b, c, d in empty], "white")
    for _, top, right, _ in empty:
        page.text(right - 26, top + ROW / 2 + 3, NOT_PUBLISHED, 8, bold=True, align="center")
    return y + ROW * len(rows)


def legible(color: str) -> str:
    """Black or white, whichever stands out more: never under 4.5 to 1 (WCAG contrast)."""
    back = _luminance(color) + 0.05
    return "#ffffff" if 1.05 / back > back / 0.05 else "#000000"


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

"""Charts of an outcome for screen and black-and-white print: ranking, pillars, province profiles.

Every chart is laid out in points on one page, each text measured before it is placed: columns are
as wide as their longest name, so nothing overlaps in any framework, and no axis machinery is paid
for 63 times. Every text from data is plain text: a `$` is no mathematics.

SVG letters are outlines of the DejaVu Sans that matplotlib brings (`svg.fonttype: path`). Text as
text would be smaller, but then shape and width of Vietnamese letters depend on the fonts of the
machine, and embedded fonts are ignored by office programs. The words are kept in the file as
title, description and comments, so that they can still be found.

Not thread-safe, because matplotlib's settings are global: share work among processes.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from math import floor, fsum, inf, isnan, log10, nan
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D

from pii.errors import DataError
from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.numbers import NOT_PUBLISHED, printed

INK, MUTED, ACCENT, TEAL, GRID = "#1b2a41", "#6b7a90", "#b5121b", "#0b6e75", "#e6e9ee"
BAR, PALE_BAR, HATCH = "#b9c4d2", "#dde3ea", "#a9b4c2"
SHADES = LinearSegmentedColormap.from_list("teal", ["#f3f8f8", "#8fc0c2", TEAL, "#073e42"])
"""One hue, lightness falling steadily: readable in grey."""
MARKERS = ("o", "D", "s", "^")
"""For sub-indices, told apart by shape."""

MARGIN = 28.0
ROWS_PER_BLOCK = 70
"""A longer list continues in a second column, else its type would be too small on paper."""
DPI = 150

STYLE: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "pii",
    "hatch.linewidth": 0.5,
    "text.hinting": "no_hinting",  # a line is as wide as it was measured, at any resolution
    "text.parse_math": False,
    "text.usetex": False,
}


def ranking_chart(outcome: Outcome, lang: Language) -> Figure:
    """Bars of the index in rank order, with sub-indices as markers and the mean of all.

    Provinces without an index are named at the foot as not published.
    """
    with _own_style():
        index, parts = outcome.framework.index, _subindices(outcome)[: len(MARKERS)]
        order = _order(outcome)
        ranked = [row for row in order if not isnan(_score(outcome, row, index))]
        names = {row: _name(outcome, row, lang) for row in ranked}
        blocks = _blocks(ranked)
        name_width = _widest(names.values(), 8, least=60, most=170)
        block_width = 24 + name_width + 6 + 300 + 34
        page = _page(2 * MARGIN + len(blocks) * block_width + (len(blocks) - 1) * 26)
        y = _header(page, outcome, lang, _ranking_words(outcome, lang))
        if ranked:
            scale = _scale(_score(outcome, row, node) for row in ranked for node in (index, *parts))
            y = _ranking_legend(page, outcome, lang, y, parts)
            foot = y
            for k, rows in enumerate(blocks):
                left = MARGIN + k * (block_width + 26)
                end = _ranking_block(
                    page, outcome, lang, rows, names, scale, left, y + 14, name_width
                )
                foot = max(foot, end)
            y = foot
        _footer(page, lang, outcome, y + 6, (*_unpublished(outcome, lang), *_absent(outcome, lang)))
        return page.figure


def pillar_heatmap(outcome: Outcome, lang: Language) -> Figure:
    """Provinces in rank order × index, sub-indices and pillars; each cell with its score."""
    with _own_style():
        framework = outcome.framework
        nodes = (framework.index, *_subindices(outcome), *_pillars(outcome))
        order = _order(outcome)
        names = {row: _name(outcome, row, lang) for row in order}
        blocks = _blocks(order)
        name_width = _widest(names.values(), 8, least=60, most=170)
        block_width = 24 + name_width + 6 + sum(_cell_widths(outcome, nodes))
        page = _page(2 * MARGIN + len(blocks) * block_width + (len(blocks) - 1) * 26)
        title = _clean(framework.name(framework.index, lang))
        words = _say(lang, "Điểm theo trụ cột, xếp theo thứ hạng", "Pillar scores, in rank order")
        y = _header(page, outcome, lang, (title, f"{words} · {_units(outcome, lang)}"))
        scale = _scale((_score(outcome, row, node) for row in order for node in nodes), zero=False)
        y = _heat_legend(page, lang, scale, y)
        headings = [_heading(outcome, node, lang) for node in nodes]
        tall = max(len(lines) for lines in headings) * 8.5
        end = y
        for k, rows in enumerate(blocks):
            left = MARGIN + k * (block_width + 26) + 24 + name_width + 6
            _headings(page, outcome, nodes, headings, left, y + tall)
            end = max(
                end,
                _heat_block(
                    page, outcome, lang, rows, names, nodes, scale, left, y + tall + 5, name_width
                ),
            )
        _footer(page, lang, outcome, end + 8, _absent(outcome, lang))
        return page.figure


def pillar_profile(outcome: Outcome, province: str, lang: Language) -> Figure:
    """One province against mean and best: pillars above, sub-pillars beneath in lighter dress.

    Raises
    ------
    DataError
        Where the outcome has no such province.
    """
    with _own_style():
        row = _row(outcome, province)
        pillars = _pillars(outcome)
        parts = tuple(
            child for pillar in pillars for child in outcome.framework.children.get(pillar, ())
        )
        shown = [outcome.scores.column(node) for node in (*pillars, *parts)]
        scale = _scale(outcome.scores.score[:, shown].ravel().tolist())
        page = _page(583.0)
        y = _header(page, outcome, lang, _profile_words(outcome, row, lang))
        y = _profile_legend(page, outcome, lang, y)
        y = _profile_panel(page, outcome, lang, row, pillars, scale, y, _LOUD)
        if parts:
            y = _profile_panel(page, outcome, lang, row, parts, scale, y + 26, _QUIET)
        _footer(page, lang, outcome, y + 4)
        return page.figure


def svg_bytes(figure: Figure) -> bytes:
    """The figure as SVG: the same bytes for the same figure, no date."""
    return _saved(
        figure,
        "svg",
        {
            "Date": None,
            "Creator": None,
            "Title": str(figure.get_label()),
            "Description": _words(figure),
        },
    )


def png_bytes(figure: Figure) -> bytes:
    """The figure as PNG, 150 dots per inch: no date, no software name."""
    return _saved(figure, "png", {"Software": None, "Title": str(figure.get_label())})


def profile_names(outcome: Outcome) -> Mapping[str, str]:
    """For each province a file name without extension: ASCII, safe on any system, unique.

    A code stays as it is, in lower case; a name becomes a slug ("Côte d'Ivoire": cote-d-ivoire).
    """
    names: dict[str, str] = {}
    for province in outcome.scores.provinces:
        slug = stem = _slug(province)
        number = 1
        while slug in names.values():
            number += 1
            slug = f"{stem}-{number}"
        names[province] = slug
    return names


def profile_files(outcome: Outcome, province: str, lang: Language) -> list[tuple[str, bytes]]:
    """Profile of one province as (file name, bytes), SVG and PNG; may run in another process.

    Raises
    ------
    DataError
        Where the outcome has no such province.
    """
    figure = pillar_profile(outcome, province, lang)
    return _both(f"profiles/{profile_names(outcome)[province]}", figure)


def chart_files(
    outcome: Outcome,
    lang: Language,
    *,
    mapped: Callable[..., Iterable[list[tuple[str, bytes]]]] = map,
) -> Iterator[tuple[str, bytes]]:
    """All charts as (file name, bytes), in the same order every time.

    mapped : how profiles are drawn, as `map` does; pass `executor.map` of a process pool, with
        `partial(executor.map, chunksize=8)`, to share them among processes.
    """
    yield from _both("ranking", ranking_chart(outcome, lang))
    yield from _both("pillars", pillar_heatmap(outcome, lang))
    one = partial(profile_files, outcome, lang=lang)
    for files in mapped(one, outcome.scores.provinces):
        yield from files


# What the charts say


def _say(lang: Language, vi: str, en: str) -> str:
    return vi if lang == "vi" else en


def _clean(text: str) -> str:
    """Composed letters, one line, nothing that cannot be printed or stand in XML."""
    plain = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def _name(outcome: Outcome, row: int, lang: Language) -> str:
    return _clean(outcome.name(outcome.scores.provinces[row], lang))


def _units(outcome: Outcome, lang: Language) -> str:
    n = len(outcome.provinces or outcome.scores.provinces)
    if outcome.provinces is None:
        return _say(lang, f"{n} đơn vị", f"{n} units")
    return _say(lang, f"{n} tỉnh, thành phố", f"{n} provinces")


def _level_word(outcome: Outcome, node: str, lang: Language) -> str:
    """What nodes of a level are called; "" for a level that has no word of ours."""
    words = {
        "pillar": _say(lang, "Trụ cột", "Pillars"),
        "subpillar": _say(lang, "Nhóm chỉ số", "Sub-pillars"),
        "indicator": _say(lang, "Chỉ số", "Indicators"),
    }
    return words.get(outcome.framework.level(node), "")


def _mean_word(outcome: Outcome, lang: Language) -> str:
    if outcome.provinces is None:
        return _say(lang, "trung bình chung", "mean of all")
    return _say(lang, "trung bình cả nước", "national mean")


def _ranking_words(outcome: Outcome, lang: Language) -> tuple[str, str]:
    framework = outcome.framework
    return (
        _clean(framework.name(framework.index, lang)),
        _say(lang, "Bảng xếp hạng", "Ranking") + f" · {_units(outcome, lang)}",
    )


def _profile_words(outcome: Outcome, row: int, lang: Language) -> tuple[str, str]:
    index = outcome.framework.index
    said = [_clean(outcome.framework.name(index, lang)) + ": " + _result(outcome, row, index, lang)]
    for node in _subindices(outcome):
        name = _clean(outcome.framework.name(node, lang))
        said.append(f"{name}: {_result(outcome, row, node, lang)}")
    return _name(outcome, row, lang), "\n".join(said)


def _result(outcome: Outcome, row: int, node: str, lang: Language) -> str:
    score = _score(outcome, row, node)
    if isnan(score):
        return _say(lang, "chưa công bố", "not published")
    rank = _rank(outcome, row, node)
    return printed(score, 2, lang) + _say(lang, f" điểm, hạng {rank}", f" points, rank {rank}")


def _rank(outcome: Outcome, row: int, node: str) -> str:
    """Rank of how many, or a dash."""
    column = outcome.scores.column(node)
    rank = outcome.scores.rank[row, column]
    ranked = int((~np.isnan(outcome.scores.score[:, column])).sum())
    return "–" if isnan(rank) else f"{int(rank)}/{ranked}"


def _unpublished(outcome: Outcome, lang: Language) -> list[str]:
    """A sentence naming the provinces whose index is not published, if there are any."""
    names = [
        _name(outcome, row, lang)
        for row in _order(outcome)
        if isnan(_score(outcome, row, outcome.framework.index))
    ]
    return _list(_say(lang, "Chưa công bố chỉ số tổng hợp", "Index not published"), names)


def _absent(outcome: Outcome, lang: Language) -> list[str]:
    """A sentence naming the provinces that count but were not scored at all, if there are any."""
    names = [
        _clean(province.name(lang))
        for province in outcome.provinces or ()
        if province.code not in outcome.scores.provinces
    ]
    return _list(_say(lang, "Không có trong lần tính này", "Not in this run"), names)


def _list(head: str, names: Sequence[str]) -> list[str]:
    return [f"{head} ({len(names)}): {', '.join(names)}."] if names else []


def _source(outcome: Outcome, lang: Language) -> str:
    title = _clean(outcome.framework.title(lang))
    ranked = sum(
        not isnan(_score(outcome, row, outcome.framework.index))
        for row in range(len(outcome.scores.provinces))
    )
    return _say(
        lang,
        f"Nguồn: {title}; {_units(outcome, lang)}, {ranked} được xếp hạng.",
        f"Source: {title}; {_units(outcome, lang)}, {ranked} ranked.",
    )


# What is shown


def _score(outcome: Outcome, row: int, node: str) -> float:
    return float(outcome.scores.score[row, outcome.scores.column(node)])


def _mean_and_best(outcome: Outcome, node: str) -> tuple[float, float]:
    """Plain mean and highest score of a node over the provinces that have one; NaN if none."""
    column = outcome.scores.score[:, outcome.scores.column(node)]
    known = column[~np.isnan(column)]
    return (fsum(known) / len(known), float(known.max())) if len(known) else (nan, nan)


def _row(outcome: Outcome, province: str) -> int:
    if province not in outcome.scores.provinces:
        raise DataError(
            f"no province {province!r} in this outcome; expected one of its codes: "
            + ", ".join(outcome.scores.provinces)
        )
    return outcome.scores.provinces.index(province)


def _order(outcome: Outcome) -> list[int]:
    """Rows by rank in the index, then by code; those without an index last."""
    rank = outcome.scores.rank[:, outcome.scores.column(outcome.framework.index)]
    return sorted(range(len(rank)), key=lambda row: (inf if isnan(rank[row]) else rank[row], row))


def _subindices(outcome: Outcome) -> tuple[str, ...]:
    return tuple(group.code for group in outcome.framework.at_level("subindex"))


def _pillars(outcome: Outcome) -> tuple[str, ...]:
    """Groups of the level `pillar`; in a framework without that level, what makes up the index."""
    framework = outcome.framework
    pillars = tuple(group.code for group in framework.at_level("pillar"))
    return pillars or framework.children[framework.index]


def _blocks(rows: Sequence[int]) -> list[Sequence[int]]:
    """Rows in as few columns of equal length as keep the type readable."""
    count = max(1, -(-len(rows) // ROWS_PER_BLOCK))
    length = max(1, -(-len(rows) // count))
    return [rows[i : i + length] for i in range(0, max(1, len(rows)), length)]


# The page


class _Line(Text):
    """One line of plain text from its left end on its baseline; never mathematics.

    Drawn without matplotlib's layout, and in pixels from outlines that are kept, because most
    lines of 63 profiles are the same: that is three quarters of the time.
    """

    def draw(self, renderer: RendererBase) -> None:
        """As outlines in pixels, as glyphs in SVG."""
        x, y = self.get_transform().transform(self.get_position())
        font, stroke = self.get_fontproperties(), renderer.new_gc()
        stroke.set_foreground(self.get_color())
        in_pixels = isinstance(renderer, RendererAgg)
        if in_pixels:
            stroke.set_linewidth(0)
            pixels = font.get_size_in_points() * float(np.asarray(renderer.points_to_pixels(1)))
            place = Affine2D().scale(pixels / text_to_path.FONT_SCALE).translate(x, y)
            outline = _outline(self.get_text(), font)
            renderer.draw_path(stroke, outline, place, to_rgba(self.get_color()))
        else:
            height = renderer.get_canvas_width_height()[1]
            renderer.draw_text(stroke, x, height - y, self.get_text(), font, 0)
        stroke.restore()


@lru_cache(maxsize=8192)
def _outline(text: str, font: FontProperties) -> Path:
    """Letters as one shape, in units of which `text_to_path.FONT_SCALE` are the font's size."""
    vertices, codes = text_to_path.get_text_path(font, text, ismath=False)
    return Path(vertices, codes)


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet measured in points from its upper left corner; what is drawn later lies on top."""

    figure: Figure
    axes: Axes
    width: float

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 8,
        *,
        bold: bool = False,
        color: str = INK,
        align: str = "left",
    ) -> None:
        """One line; y is its baseline."""
        if not text:
            return
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        left = x - share * _width(text, size, bold) if share else x
        self.axes.add_artist(
            _Line(left, y, text, color=color, fontproperties=_font(size, bold), parse_math=False)
        )

    def boxes(
        self,
        boxes: Sequence[tuple[float, float, float, float]],
        colors: Sequence[str] | str,
        *,
        edge: str = "none",
        hatch: str | None = None,
        width: float = 0.0,
    ) -> None:
        """Rectangles (left, top, right, bottom)."""
        if boxes:
            corners = [[(a, b), (c, b), (c, d), (a, d)] for a, b, c, d in boxes]
            self.axes.add_collection(
                PolyCollection(
                    corners,
                    facecolors=colors,
                    edgecolors=edge,
                    hatch=hatch,
                    linewidths=width,
                    zorder=1,
                ),
                autolim=False,
            )

    def lines(
        self,
        lines: Sequence[tuple[float, float, float, float]],
        color: str,
        width: float,
        style: str = "solid",
    ) -> None:
        """Straight lines (x, y, x, y)."""
        if lines:
            self.axes.add_collection(
                LineCollection(
                    [[(a, b), (c, d)] for a, b, c, d in lines],
                    colors=color,
                    linewidths=width,
                    linestyles=style,
                    zorder=1,
                ),
                autolim=False,
            )

    def marks(
        self, points: Sequence[tuple[float, float]], marker: str, size: float, face: str, edge: str
    ) -> None:
        """Markers at (x, y)."""
        if points:
            self.axes.add_line(
                Line2D(
                    [x for x, _ in points],
                    [y for _, y in points],
                    linestyle="none",
                    marker=marker,
                    markersize=size,
                    markerfacecolor=face,
                    markeredgecolor=edge,
                    markeredgewidth=0.8,
                    zorder=1,
                )
            )

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        width: float,
        bold: bool = False,
        color: str = INK,
    ) -> float:
        """Lines wrapped to a width, from baseline y; returns the baseline after the last."""
        for part in text.split("\n"):
            for line in _wrapped(part, size, width, bold):
                self.text(x, y, line, size, bold=bold, color=color)
                y += 1.35 * size
        return y


def _page(width: float) -> _Page:
    """A page of that width; `_footer` gives it its height."""
    figure = Figure(figsize=(width / 72, 1), dpi=DPI, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    return _Page(figure, axes, width)


def _header(page: _Page, outcome: Outcome, lang: Language, words: tuple[str, str]) -> float:
    """Title, second line and the label of the framework in a frame; returns where to go on."""
    title, second = words
    label = _clean(outcome.framework.label(lang) or "")
    said = (title, _clean(outcome.framework.title(lang)), label)
    page.figure.set_label(" – ".join(filter(None, said)))
    width = page.width - 2 * MARGIN
    y = page.paragraph(MARGIN, MARGIN + 12, title, 15, width=width, bold=True)
    y = page.paragraph(MARGIN, y - 2, second, 9, width=width)
    if label:
        y += 4
        lines = _wrapped(label, 9, width - 12, bold=True)
        right = MARGIN + 12 + max(_width(line, 9, True) for line in lines)
        bottom = y + 12.5 * len(lines) - 2
        page.boxes([(MARGIN, y - 6, right, bottom)], "white", edge=ACCENT, width=1.2)
        for k, line in enumerate(lines):
            page.text(MARGIN + 6, y + 5 + 12.5 * k, line, 9, bold=True, color=ACCENT)
        y = bottom + 14
    return y + 6


def _footer(
    page: _Page, lang: Language, outcome: Outcome, y: float, said: Sequence[str] = ()
) -> None:
    """Remarks and the source; then the page is cut to its length."""
    width = page.width - 2 * MARGIN
    y += 10
    for sentence in said:
        y = page.paragraph(MARGIN, y, sentence, 8, width=width) + 2
    page.lines([(MARGIN, y - 6, page.width - MARGIN, y - 6)], MUTED, 0.6)
    y = page.paragraph(MARGIN, y + 6, _source(outcome, lang), 7, width=width, color=MUTED)
    height = y + 10
    page.axes.set_ylim(height, 0)
    page.figure.set_size_inches(page.width / 72, height / 72)


@lru_cache
def _font(size: float, bold: bool) -> FontProperties:
    """The font that matplotlib brings, by file: not one that a machine happens to have."""
    name = "DejaVuSans-Bold" if bold else "DejaVuSans"
    return FontProperties(fname=f"{matplotlib.get_data_path()}/fonts/ttf/{name}.ttf", size=size)


@lru_cache(maxsize=8192)
def _width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line will be, in points."""
    return float(
        text_to_path.get_text_width_height_descent(text, _font(size, bold), ismath=False)[0]
    )


def _widest(texts: Iterable[str], size: float, *, least: float, most: float) -> float:
    return min(most, max([least, *(_width(text, size) for text in texts)]))


@lru_cache(maxsize=8192)
def _wrapped(text: str, size: float, width: float, bold: bool = False) -> tuple[str, ...]:
    """Lines no wider than `width`; a word that is wider by itself is broken."""
    lines = [""]
    for word in text.split():
        if lines[-1] and _width(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += f" {word}"
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and _width(lines[-1] + letter, size, bold) > width:
                lines.append("")
            lines[-1] += letter
    return tuple(lines)


@lru_cache(maxsize=8192)
def _fitted(text: str, size: float, width: float, bold: bool = False) -> tuple[str, float]:
    """The line and its size: smaller type where it is too long, an ellipsis in the last resort."""
    wide = _width(text, size, bold)
    if wide <= width:
        return text, size
    smaller = max(0.7 * size, size * width / wide)
    if 0.7 * wide <= width:
        return text, smaller
    while text and _width(f"{text}…", smaller, bold) > width:
        text = text[:-1]
    return f"{text}…", smaller


@dataclass(frozen=True, slots=True)
class _Scale:
    """Scores to points on the page."""

    ticks: tuple[float, ...]
    digits: int

    def at(self, value: float, left: float, width: float) -> float:
        """Where a score stands between `left` and `left + width`."""
        return left + width * self.share(value)

    def share(self, value: float) -> float:
        """How far a score has come from the first tick to the last, 0–1."""
        return (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])


def _scale(values: Iterable[float], *, zero: bool = True) -> _Scale:
    """A scale with round ticks around the values (and zero: bars start there)."""
    known = [value for value in values if not isnan(value)] or [0.0, 100.0]
    low, high = min(known), max(known)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = high - low
    # 100.00000000000001 needs no further tick; and where all are equal, a scale needs some length.
    low, high = (low + 1e-9 * span, high - 1e-9 * span) if span > 1e-6 else (low, low + 1)
    ticks = MaxNLocator(nbins=5, steps=[1, 2, 5, 10]).tick_values(low, high)
    step = float(ticks[1] - ticks[0])
    return _Scale(tuple(float(tick) for tick in ticks), max(0, -floor(log10(step * 1.0001))))


def _grid(
    page: _Page, lang: Language, scale: _Scale, left: float, width: float, y: float, bottom: float
) -> None:
    """Light lines at the ticks, with their figures above."""
    at = [scale.at(tick, left, width) for tick in scale.ticks]
    page.lines([(x, y, x, bottom) for x in at], GRID, 0.7)
    for x, tick in zip(at, scale.ticks, strict=True):
        page.text(x, y - 3, printed(tick, scale.digits, lang), 7, color=MUTED, align="center")


# Ranking


def _ranking_legend(
    page: _Page, outcome: Outcome, lang: Language, y: float, parts: Sequence[str]
) -> float:
    index = outcome.framework.index
    mean, _ = _mean_and_best(outcome, index)
    x = MARGIN
    page.boxes([(x, y - 6, x + 16, y)], BAR)
    page.lines([(x + 16, y - 7, x + 16, y + 1)], INK, 1.8)
    x = _key(page, x + 21, y, _say(lang, "chỉ số tổng hợp", "index"))
    page.lines([(x + 3, y - 8, x + 3, y + 2)], ACCENT, 1.2, "dashed")
    x = _key(page, x + 8, y, f"{_mean_word(outcome, lang)} {printed(mean, 2, lang)}")
    for marker, node in zip(MARKERS, parts, strict=False):
        name = _clean(outcome.framework.name(node, lang))
        if x + 12 + _width(name, 8) > page.width - MARGIN:
            x, y = MARGIN, y + 13
        page.marks([(x + 4, y - 3)], marker, 4, "white", TEAL)
        x = _key(page, x + 11, y, name)
    return y + 14


def _key(page: _Page, x: float, y: float, text: str) -> float:
    page.text(x, y, text)
    return x + _width(text, 8) + 14


def _ranking_block(
    page: _Page,
    outcome: Outcome,
    lang: Language,
    rows: Sequence[int],
    names: Mapping[int, str],
    scale: _Scale,
    left: float,
    y: float,
    name_width: float,
) -> float:
    """One column of the ranking; returns its foot."""
    index, parts, tall = outcome.framework.index, _subindices(outcome), 12.5
    start, width = left + 30 + name_width, 300.0
    head, bottom = y, y + 3 + tall * len(rows)
    _grid(page, lang, scale, start, width, head, bottom)
    base = {row: y + 3 + tall * k for k, row in enumerate(rows)}
    tip = {row: scale.at(_score(outcome, row, index), start, width) for row in rows}
    zero = scale.at(0, start, width)
    page.boxes([_bar(zero, tip[row], y + 2.5, y + tall - 2.5) for row, y in base.items()], BAR)
    page.lines([(tip[row], y + 1.5, tip[row], y + tall - 1.5) for row, y in base.items()], INK, 1.8)
    mean = scale.at(_mean_and_best(outcome, index)[0], start, width)
    page.lines([(mean, head, mean, bottom)], ACCENT, 1.0, "dashed")
    for marker, node in zip(MARKERS, parts, strict=False):
        known = [row for row in rows if not isnan(_score(outcome, row, node))]
        page.marks(
            [
                (scale.at(_score(outcome, row, node), start, width), base[row] + tall / 2)
                for row in known
            ],
            marker,
            4,
            "white",
            TEAL,
        )
    for row in rows:
        line = base[row] + tall / 2 + 3
        _row_head(page, outcome, row, names[row], left, line, name_width)
        shown = [_score(outcome, row, node) for node in (index, *parts[: len(MARKERS)])]
        x = 6 + max(scale.at(score, start, width) for score in (0, *shown) if not isnan(score))
        figure = printed(_score(outcome, row, index), 2, lang)
        # On white, so that the line of the mean does not cross the figure.
        page.boxes([(x - 1, line - 7, x + _width(figure, 8, True) + 1, line + 1)], "white")
        page.text(x, line, figure, bold=True)
    return bottom


def _bar(a: float, b: float, top: float, bottom: float) -> tuple[float, float, float, float]:
    """A box between two positions, whichever is further left."""
    return min(a, b), top, max(a, b), bottom


def _row_head(
    page: _Page, outcome: Outcome, row: int, name: str, left: float, y: float, width: float
) -> None:
    """Rank and name."""
    rank = outcome.scores.rank[row, outcome.scores.column(outcome.framework.index)]
    page.text(left + 18, y, "–" if isnan(rank) else str(int(rank)), color=MUTED, align="right")
    text, size = _fitted(name, 8, width)
    page.text(left + 24, y, text, size)


# Heatmap


def _cell_widths(outcome: Outcome, nodes: Sequence[str]) -> list[float]:
    """Wider where a new kind of node begins: the gap tells index, sub-indices, pillars apart."""
    return [52.0 + 6.0 * (k in (1, 1 + len(_subindices(outcome)))) for k in range(len(nodes))]


def _heading(outcome: Outcome, node: str, lang: Language) -> list[tuple[str, bool]]:
    """Lines over a column, and whether each is bold: a pillar's code stands above its name."""
    pillar = node in _pillars(outcome)
    code = _wrapped(_clean(node), 6.5, 47, bold=True) if pillar else ()
    name = _wrapped(_clean(outcome.framework.name(node, lang)), 6.5, 47, not pillar)
    return [*((line, True) for line in code), *((line, not pillar) for line in name)]


def _headings(
    page: _Page,
    outcome: Outcome,
    nodes: Sequence[str],
    headings: Sequence[Sequence[tuple[str, bool]]],
    left: float,
    bottom: float,
) -> None:
    right = left
    for lines, width in zip(headings, _cell_widths(outcome, nodes), strict=True):
        right += width
        for k, (line, bold) in enumerate(reversed(lines)):
            page.text(right - 26, bottom - 8.5 * k, line, 6.5, bold=bold, align="center")


def _heat_block(
    page: _Page,
    outcome: Outcome,
    lang: Language,
    rows: Sequence[int],
    names: Mapping[int, str],
    nodes: Sequence[str],
    scale: _Scale,
    left: float,
    y: float,
    name_width: float,
) -> float:
    """One column of the heatmap; `left` is where its cells begin; returns its foot."""
    tall = 12.5
    rights = np.cumsum(_cell_widths(outcome, nodes)) + left
    filled: list[tuple[float, float, float, float]] = []
    empty: list[tuple[float, float, float, float]] = []
    colors: list[str] = []
    for k, row in enumerate(rows):
        top = y + tall * k
        line = top + tall / 2 + 3
        _row_head(page, outcome, row, names[row], left - 30 - name_width, line, name_width)
        for node, right in zip(nodes, rights.tolist(), strict=True):
            box = (right - 52, top, right, top + tall)
            score = _score(outcome, row, node)
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
                color=_legible(colors[-1]),
                align="center",
            )
    page.boxes(filled, colors, edge="white", width=0.8)
    page.boxes(empty, "white", edge=HATCH, hatch="/////", width=0.4)
    page.boxes([(a + 19, b + 1, c - 19, d - 1) for a, b, c, d in empty], "white")
    for _, top, right, _ in empty:
        page.text(right - 26, top + tall / 2 + 3, NOT_PUBLISHED, 8, bold=True, align="center")
    return y + tall * len(rows)


def _heat_legend(page: _Page, lang: Language, scale: _Scale, y: float) -> float:
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
    page.boxes([(x, y - 4, x + 20, y + 4)], "white", edge=HATCH, hatch="/////", width=0.4)
    page.text(x + 25, y + 3, _say(lang, "– chưa công bố", "– not published"))
    return y + 26


def _legible(color: str) -> str:
    """Black or white, whichever stands out more: never under 4.5 to 1 (WCAG contrast)."""
    back = _luminance(color) + 0.05
    return "#ffffff" if 1.05 / back > back / 0.05 else "#000000"


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Profile


@dataclass(frozen=True, slots=True)
class _Dress:
    """How loud a panel is."""

    size: float
    tall: float
    bar: str
    edge: str


_LOUD = _Dress(size=9, tall=25, bar=BAR, edge=INK)
_QUIET = _Dress(size=7.5, tall=19, bar=PALE_BAR, edge=MUTED)


def _profile_legend(page: _Page, outcome: Outcome, lang: Language, y: float) -> float:
    x = MARGIN
    page.boxes([(x, y - 6.5, x + 20, y + 0.5)], BAR, edge=INK, width=0.8)
    x = _key(
        page,
        x + 25,
        y,
        _say(lang, "đơn vị này", "this unit")
        if outcome.provinces is None
        else _say(lang, "địa phương này", "this province"),
    )
    page.lines([(x + 3, y - 9, x + 3, y + 3)], ACCENT, 2.2)
    x = _key(page, x + 9, y, _mean_word(outcome, lang))
    page.marks([(x + 4, y - 3)], "D", 5.5, "white", INK)
    _key(page, x + 12, y, _say(lang, "cao nhất", "best"))
    return y + 24


def _profile_panel(
    page: _Page,
    outcome: Outcome,
    lang: Language,
    row: int,
    nodes: Sequence[str],
    scale: _Scale,
    y: float,
    dress: _Dress,
) -> float:
    """Rows of bars with mean, best and the figures beside them; returns the foot."""
    left, start, width = MARGIN, MARGIN + 190.0, 168.0
    columns = (start + width + 42, start + width + 81, start + width + 120, start + width + 167)
    heads = (
        _say(lang, "điểm", "score"),
        _say(lang, "trung bình", "mean"),
        _say(lang, "cao nhất", "best"),
        _say(lang, "hạng", "rank"),
    )
    page.text(left, y - 3, _level_word(outcome, nodes[0], lang), dress.size, bold=True)
    for x, head in zip(columns, heads, strict=True):
        page.text(x, y - 3, head, 6.5, color=MUTED, align="right")
    page.lines([(left, y, page.width - MARGIN, y)], MUTED, 0.5)
    bottom = y + 3 + dress.tall * len(nodes)
    _grid(page, lang, scale, start, width, y, bottom)
    for k, node in enumerate(nodes):
        middle = y + 3 + dress.tall * (k + 0.5)
        _profile_name(page, outcome, lang, node, left, middle, dress)
        score = _score(outcome, row, node)
        mean, best = _mean_and_best(outcome, node)
        half = dress.tall * 0.3
        if isnan(score):
            page.text(
                start + 4, middle + 3, _say(lang, "chưa công bố", "not published"), 7, color=MUTED
            )
        else:
            page.boxes(
                [
                    _bar(
                        scale.at(0, start, width),
                        scale.at(score, start, width),
                        middle - half,
                        middle + half,
                    )
                ],
                dress.bar,
                edge=dress.edge,
                width=0.8,
            )
        if not isnan(mean):
            x = scale.at(mean, start, width)
            page.lines([(x, middle - half - 2.5, x, middle + half + 2.5)], ACCENT, 2.2)
            page.marks(
                [(scale.at(best, start, width), middle)], "D", dress.size * 0.6, "white", INK
            )
        figures = (
            *(printed(value, 2, lang) for value in (score, mean, best)),
            _rank(outcome, row, node),
        )
        for j, (x, figure) in enumerate(zip(columns, figures, strict=True)):
            page.text(
                x,
                middle + 3,
                figure,
                dress.size - 0.5,
                bold=j in (0, 3),
                align="right",
            )
    return bottom


def _profile_name(
    page: _Page,
    outcome: Outcome,
    lang: Language,
    node: str,
    left: float,
    middle: float,
    dress: _Dress,
) -> None:
    """Code and name in two lines at most."""
    code_width = 28.0
    text, width = _clean(outcome.framework.name(node, lang)), 190 - code_width - 8
    size = dress.size
    while len(lines := _wrapped(text, size, width)) > 2 and size > 0.7 * dress.size:
        size -= 0.5
    if len(lines) > 2:
        lines = (lines[0], f"{lines[1]} …")
    page.text(left, middle + 3, *_fitted(_clean(node), dress.size, code_width - 4, True), bold=True)
    for k, line in enumerate(lines):
        page.text(
            left + code_width, middle + 3 + (k - (len(lines) - 1) / 2) * size * 1.15, line, size
        )


# Files


@contextmanager
def _own_style() -> Iterator[None]:
    """The settings matplotlib comes with, and ours, whatever the user's matplotlibrc says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


def _saved(figure: Figure, kind: str, metadata: Mapping[str, str | None]) -> bytes:
    with _own_style(), BytesIO() as file:
        # Level 3 of 9: 5 % larger than the default level, in half the time.
        packed: dict[str, Any] = {"pil_kwargs": {"compress_level": 3}} if kind == "png" else {}
        figure.savefig(file, format=kind, dpi=DPI, metadata=dict(metadata), **packed)
        return file.getvalue()


def _both(stem: str, figure: Figure) -> list[tuple[str, bytes]]:
    return [(f"{stem}.svg", svg_bytes(figure)), (f"{stem}.png", png_bytes(figure))]


def _words(figure: Figure) -> str:
    """Every text of the figure, in drawing order."""
    return " | ".join(text.get_text() for axes in figure.axes for text in axes.texts)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in kept).split()
    slug = "-".join(words)[:60].strip("-") or "unit"
    # Names that Windows keeps for its devices.
    devices = {"con", "prn", "aux", "nul", *(f"{d}{k}" for d in ("com", "lpt") for k in range(10))}
    return f"{slug}-unit" if slug in devices else slug

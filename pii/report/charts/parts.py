"""What several charts have: header, footer, legend entries, scale, list of provinces."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, isnan, log10

from matplotlib.ticker import MaxNLocator

from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.charts.facts import clean, province_name, ranked, say, units
from pii.report.charts.page import ACCENT, GRID, MARGIN, MUTED, Box, Page, new_page
from pii.report.charts.text import fitted, widest, width_of, wrapped
from pii.report.numbers import printed

ROWS_PER_BLOCK = 70
"""A longer list continues in a second column, else its type would be too small on paper."""
ROW = 12.5
"""How tall a line of a list is."""


def header(page: Page, outcome: Outcome, lang: Language, words: tuple[str, str]) -> float:
    """Title, second line and the label of the framework in a frame; returns where to go on."""
    title, second = words
    label = clean(outcome.framework.label(lang) or "")
    said = (title, clean(outcome.framework.title(lang)), label)
    page.figure.set_label(" – ".join(filter(None, said)))
    width = page.width - 2 * MARGIN
    y = page.paragraph(MARGIN, MARGIN + 12, title, 15, width=width, bold=True)
    y = page.paragraph(MARGIN, y - 2, second, 9, width=width)
    if label:
        y += 4
        lines = wrapped(label, 9, width - 12, bold=True)
        right = MARGIN + 12 + max(width_of(line, 9, True) for line in lines)
        bottom = y + 12.5 * len(lines) - 2
        page.boxes([(MARGIN, y - 6, right, bottom)], "white", edge=ACCENT, width=1.2)
        for k, line in enumerate(lines):
            page.text(MARGIN + 6, y + 5 + 12.5 * k, line, 9, bold=True, color=ACCENT)
        y = bottom + 14
    return y + 6


def footer(
    page: Page, outcome: Outcome, lang: Language, y: float, said: Sequence[str] = ()
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


def _source(outcome: Outcome, lang: Language) -> str:
    title, count = clean(outcome.framework.title(lang)), len(ranked(outcome))
    return say(
        lang,
        f"Nguồn: {title}; {units(outcome, lang)}, {count} được xếp hạng.",
        f"Source: {title}; {units(outcome, lang)}, {count} ranked.",
    )


def key(page: Page, x: float, y: float, text: str) -> float:
    """What a sign of the legend means; returns where the next sign may stand."""
    page.text(x, y, text)
    return x + width_of(text, 8) + 14


def bar(a: float, b: float, top: float, bottom: float) -> Box:
    """A box between two positions, whichever is further left."""
    return min(a, b), top, max(a, b), bottom


@dataclass(frozen=True, slots=True)
class Scale:
    """Scores to points on the page."""

    ticks: tuple[float, ...]
    digits: int

    def at(self, value: float, left: float, width: float) -> float:
        """Where a score stands between `left` and `left + width`."""
        return left + width * self.share(value)

    def share(self, value: float) -> float:
        """How far a score has come from the first tick to the last, 0–1."""
        return (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])


def scale_of(values: Iterable[float], *, zero: bool = True) -> Scale:
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
    return Scale(tuple(float(tick) for tick in ticks), max(0, -floor(log10(step * 1.0001))))


def grid(
    page: Page, lang: Language, scale: Scale, left: float, width: float, y: float, bottom: float
) -> None:
    """Light lines at the ticks, with their figures above."""
    at = [scale.at(tick, left, width) for tick in scale.ticks]
    page.lines([(x, y, x, bottom) for x in at], GRID, 0.7)
    for x, tick in zip(at, scale.ticks, strict=True):
        page.text(x, y - 3, printed(tick, scale.digits, lang), 7, color=MUTED, align="center")


@dataclass(frozen=True, slots=True)
class Listing:
    """Provinces one to a line with something beside them, in columns of equal length."""

    names: Mapping[int, str]
    """Row of the outcome → name, in the order of the lines."""
    name_width: float
    beside: float
    """How wide is what stands beside a name."""

    @classmethod
    def of(cls, outcome: Outcome, rows: Sequence[int], lang: Language, beside: float) -> "Listing":
        """Columns as wide as the longest name, within limits."""
        names = {row: province_name(outcome, row, lang) for row in rows}
        return cls(names, widest(names.values(), 8, least=60, most=170), beside)

    def blocks(self) -> list[list[int]]:
        """Rows in as few columns of equal length as keep the type readable."""
        rows = list(self.names)
        count = max(1, -(-len(rows) // ROWS_PER_BLOCK))
        length = max(1, -(-len(rows) // count))
        return [rows[i : i + length] for i in range(0, max(1, len(rows)), length)]

    def page(self) -> Page:
        """A page that holds the columns."""
        count = len(self.blocks())
        return new_page(2 * MARGIN + count * self._width() + (count - 1) * 26)

    def placed(self) -> Iterator[tuple[list[int], float]]:
        """The rows of each column, and where it begins."""
        for k, rows in enumerate(self.blocks()):
            yield rows, MARGIN + k * (self._width() + 26)

    def start(self, left: float) -> float:
        """Where what stands beside the names begins, in a column that begins at `left`."""
        return left + 24 + self.name_width + 6

    def head(self, page: Page, outcome: Outcome, row: int, left: float, y: float) -> None:
        """Rank and name."""
        rank = outcome.scores.rank[row, outcome.scores.column(outcome.framework.index)]
        page.text(left + 18, y, "–" if isnan(rank) else str(int(rank)), color=MUTED, align="right")
        text, size = fitted(self.names[row], 8, self.name_width)
        page.text(left + 24, y, text, size)

    def _width(self) -> float:
        return self.start(0) + self.beside

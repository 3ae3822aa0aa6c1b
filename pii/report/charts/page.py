"""A sheet laid out in points, in our colours and settings, and its bytes as SVG and PNG."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pii.report.charts.text import Line, font_of, width_of, wrapped

INK, MUTED, ACCENT, TEAL, GRID = "#1b2a41", "#6b7a90", "#b5121b", "#0b6e75", "#e6e9ee"
BAR, PALE_BAR, HATCH = "#b9c4d2", "#dde3ea", "#a9b4c2"

MARGIN = 28.0
DPI = 150

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

STYLE: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "pii",
    "hatch.linewidth": 0.5,
    "text.hinting": "no_hinting",  # a line is as wide as it was measured, at any resolution
    "text.parse_math": False,
    "text.usetex": False,
}


@contextmanager
def own_style() -> Iterator[None]:
    """The settings matplotlib comes with, and ours, whatever the user's matplotlibrc says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


@dataclass(frozen=True, slots=True)
class Page:
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
        left = x - share * width_of(text, size, bold) if share else x
        self.axes.add_artist(
            Line(left, y, text, color=color, fontproperties=font_of(size, bold), parse_math=False)
        )

    def boxes(
        self,
        boxes: Sequence[Box],
        colors: Sequence[str] | str,
        *,
        edge: str = "none",
        hatch: str | None = None,
        width: float = 0.0,
    ) -> None:
        """Rectangles, and with a hatch if wanted."""
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
            for line in wrapped(part, size, width, bold):
                self.text(x, y, line, size, bold=bold, color=color)
                y += 1.35 * size
        return y


def new_page(width: float) -> Page:
    """A page of that width; `footer` gives it its height."""
    figure = Figure(figsize=(width / 72, 1), dpi=DPI, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    return Page(figure, axes, width)


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


def _saved(figure: Figure, kind: str, metadata: Mapping[str, str | None]) -> bytes:
    with own_style(), BytesIO() as file:
        # Level 3 of 9: 5 % larger than the default level, in half the time.
        packed: dict[str, Any] = {"pil_kwargs": {"compress_level": 3}} if kind == "png" else {}
        figure.savefig(file, format=kind, dpi=DPI, metadata=dict(metadata), **packed)
        return file.getvalue()


def _words(figure: Figure) -> str:
    """Every text of the figure, in drawing order."""
    return " | ".join(text.get_text() for axes in figure.axes for text in axes.texts)

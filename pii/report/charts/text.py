"""One line of text: its font, how wide it is, how it is broken, how it is drawn."""

from collections.abc import Iterable
from functools import lru_cache

import matplotlib
import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D


@lru_cache
def font_of(size: float, bold: bool) -> FontProperties:
    """The font that matplotlib brings, by file: not one that a machine happens to have."""
    name = "DejaVuSans-Bold" if bold else "DejaVuSans"
    return FontProperties(fname=f"{matplotlib.get_data_path()}/fonts/ttf/{name}.ttf", size=size)


@lru_cache(maxsize=8192)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide a line will be, in points."""
    return float(
        text_to_path.get_text_width_height_descent(text, font_of(size, bold), ismath=False)[0]
    )


def widest(texts: Iterable[str], size: float, *, least: float, most: float) -> float:
    """How wide the widest line will be, within limits."""
    return min(most, max([least, *(width_of(text, size) for text in texts)]))


@lru_cache(maxsize=8192)
def wrapped(text: str, size: float, width: float, bold: bool = False) -> tuple[str, ...]:
    """Lines no wider than `width`; a word that is wider by itself is broken."""
    lines = [""]
    for word in text.split():
        if lines[-1] and width_of(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += f" {word}"
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and width_of(lines[-1] + letter, size, bold) > width:
                lines.append("")
            lines[-1] += letter
    return tuple(lines)


@lru_cache(maxsize=8192)
def fitted(text: str, size: float, width: float, bold: bool = False) -> tuple[str, float]:
    """The line and its size: smaller type where it is too long, an ellipsis in the last resort."""
    wide = width_of(text, size, bold)
    if wide <= width:
        return text, size
    smaller = max(0.7 * size, size * width / wide)
    if 0.7 * wide <= width:
        return text, smaller
    while text and width_of(f"{text}…", smaller, bold) > width:
        text = text[:-1]
    return f"{text}…", smaller


class Line(Text):
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

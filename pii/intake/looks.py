"""How the sheets of a template look: formats, widths, the height a text needs, the printed page."""

import unicodedata
from collections.abc import Iterable, Mapping

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_pixel_width
from xlsxwriter.worksheet import Worksheet

from pii.errors import DefinitionError
from pii.framework import Framework
from pii.intake import layout
from pii.provinces import Province

INK, MUTED, RED, TEAL, GRID, GOLD = "#1b2a41", "#6b7a90", "#b5121b", "#0b6e75", "#c3cad5", "#8a6414"
FONT = "Arial"
WIDTHS = {
    "code": 7,
    "name": 28,
    "definition": 36,
    "unit": 18,
    "supplier": 16,
    "data_year": 9,
    "value": 13,
    "evidence": 22,
    "note": 20,
    "source": 22,
}
INDENT = 10  # pixels that `indent: 1` takes off the width of a cell
COLUMN = {key: j for j, key in enumerate(layout.HEADERS)}
# What the looks of a cell mean: in a word on the sheet of values, in a sentence in the guide.
LEGEND = {
    "open": {
        "vi": ("Tỉnh, thành phố điền", "Nền vàng, viền đậm: ô mở, tỉnh, thành phố điền."),
        "en": (
            "Province fills in",
            "Yellow with a thick border: open, for the province to fill in.",
        ),
    },
    "known": {
        "vi": (
            "Trung ương, đã điền sẵn",
            "Nền xanh nhạt, có số: cơ quan trung ương cung cấp, ô khóa; tỉnh đối chiếu.",
        ),
        "en": (
            "Central, filled in",
            "Pale green with a figure: from a central agency, locked, for comparison.",
        ),
    },
    "awaited": {
        "vi": (
            "Trung ương, chưa có",
            "Nền xám, ô trống: cơ quan trung ương sẽ cung cấp, ô khóa; tỉnh không điền.",
        ),
        "en": (
            "Central, not yet known",
            "Grey and blank: a central agency will supply it, locked; leave it empty.",
        ),
    },
}

Formats = Mapping[str, Format]


def make_formats(book: Workbook) -> Formats:
    """Every look in the workbook. Colour is never alone: an open cell also has a thick border."""
    page = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top"}
    wrapped = {**page, "text_wrap": True}
    cell = {**wrapped, "border": 1, "border_color": GRID, "align": "left", "indent": 1}
    middle = {**cell, "valign": "vcenter"}
    opened: dict[str, object] = {"bg_color": "#fff4d1", "border": 2, "border_color": GOLD}
    band = {**page, "valign": "vcenter", "bold": True, "align": "left", "indent": 1}
    centred = {"align": "center", "indent": 0, "valign": "vcenter"}
    looks: dict[str, dict[str, object]] = {
        "page": page,
        "text": {**wrapped, "valign": "vcenter"},
        "title": {**wrapped, "font_size": 16, "bold": True, "valign": "vcenter"},
        "subtitle": {**wrapped, "font_size": 10, "font_color": MUTED, "italic": True},
        "label": {
            **wrapped, "font_size": 12, "bold": True, "font_color": RED, "valign": "vcenter",
            "border": 2, "border_color": RED, "align": "center",
        },
        "section": {
            **wrapped, "font_size": 12, "bold": True, "font_color": RED, "valign": "bottom",
            "bottom": 2, "bottom_color": RED,
        },
        "field": {**middle, "bold": True, "bg_color": "#f2f4f7"},
        "told": middle,
        "stated": {**middle, "bold": True, "font_size": 12},
        "cell": cell,
        "head": {
            **cell, **centred, "bold": True, "font_color": "#ffffff", "bg_color": INK,
            "border_color": "#ffffff",
        },
        "level1": {**band, "font_size": 12, "font_color": "#ffffff", "bg_color": TEAL},
        "level2": {**band, "bg_color": "#d6e6e8"},
        "code": {**cell, "bold": True},
        "open_field": {**middle, **opened, "locked": False},
        "issuer_field": {**middle, "locked": False, "bottom": 5},
        "remark": {**cell, "locked": False},
        "vi": {"font_name": FONT, "font_size": 10, "font_color": INK},
        "vi_bold": {"font_name": FONT, "font_size": 10, "font_color": INK, "bold": True},
        "vi_head": {"font_name": FONT, "font_size": 10, "font_color": "#ffffff", "bold": True},
        "en": {"font_name": FONT, "font_size": 8.5, "font_color": MUTED},
        "en_head": {"font_name": FONT, "font_size": 8.5, "font_color": "#ffffff"},
    }  # fmt: skip
    figure = {"align": "right", "font_size": 11, "num_format": "General"}
    shades: dict[str, dict[str, object]] = {
        "open": opened,
        "known": {"bg_color": "#e4eff0"},
        "awaited": {"bg_color": "#e3e6ea"},
    }
    for state, shade in shades.items():
        own = {"locked": state != "open"}
        looks[state] = {**cell, **shade, **own}
        looks[f"{state}_key"] = {**middle, **shade}
        looks[f"{state}_value"] = {**middle, **shade, **own, **figure, "bold": state == "open"}
        looks[f"{state}_year"] = {**cell, **shade, **own, **centred, "num_format": "0"}
    return {key: book.add_format(look) for key, look in looks.items()}


def height(texts: Iterable[tuple[str, float]], width: float) -> float:
    """Points that a wrapped cell needs; `texts` with their font sizes, `width` in characters."""
    pixels = width * 7 - 4 - INDENT
    lines = [(size, _lines(text, pixels, size)) for text, size in texts if text]
    return sum(count * size * 1.3 for size, count in lines) + 5


def _lines(text: str, pixels: float, size: float) -> int:
    """Lines a text is broken into at word boundaries.

    XlsxWriter knows the widths of unaccented Calibri letters at 11 points; the factor leaves room
    for Arial and for the wider letters of other systems.
    """
    scale = 1.16 * size / 11
    count = 0
    for paragraph in text.split("\n"):
        used = 0.0
        count += 1
        for word in paragraph.split(" "):
            wide = xl_pixel_width(_unaccented(word + " ")) * scale
            if used and used + wide > pixels:
                count, used = count + 1, 0.0
            used += wide
    return count


def _unaccented(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in bare if not unicodedata.combining(c))


# ------------------------------------------------------------------------------ printing ------


def labels(framework: Framework) -> tuple[str, ...]:
    """The edition's label in one line, or nothing."""
    given = dict.fromkeys(filter(None, (framework.label_vi, framework.label_en)))
    return (" · ".join(given),) if given else ()


def set_print(sheet: Worksheet, framework: Framework, province: Province) -> None:
    """A4, one page wide, margins in inches; who and what on every page."""
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    label = " · ".join(labels(framework)).replace("&", "&&")
    if label:
        sheet.set_header(shortened(f'&C&"{FONT},Bold"&9{label}', 255))
    who = layout.province_text(province.code, province.name_vi).replace("&", "&&")
    edition = f"PII {framework.id} · {framework.template_version}".replace("&", "&&")
    # the space keeps the font size apart from a province code
    footer = f'&L&"{FONT}"&8 {who}&C&"{FONT}"&8Trang &P/&N&R&"{FONT}"&8 {edition}'
    sheet.set_footer(shortened(footer, 255))


def shortened(text: str, limit: int) -> str:
    """A text cut to `limit` characters, with a mark where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def sure(result: int | None, what: str) -> None:
    """XlsxWriter reports what it cut off or left out by a number only."""
    if result:
        raise DefinitionError(f"{what} is too long for a cell of the template; shorten it")

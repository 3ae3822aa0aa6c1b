"""The workbook a province receives, made in memory: equal inputs give equal bytes."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from math import isfinite

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_pixel_width
from xlsxwriter.worksheet import Worksheet

from pii.decimals import in_words
from pii.errors import DataError, DefinitionError
from pii.framework import Framework, Group, Indicator
from pii.intake import layout
from pii.provinces import Province
from pii.submission import Observation, Status

INK, MUTED, RED, TEAL, GRID, GOLD = "#1b2a41", "#6b7a90", "#b5121b", "#0b6e75", "#c3cad5", "#8a6414"
FONT = "Arial"
WIDTHS = {
    "code": 7,
    "name": 27,
    "definition": 36,
    "unit": 17,
    "supplier": 15,
    "data_year": 9,
    "value": 13,
    "evidence": 22,
    "note": 20,
    "source": 22,
}
COLUMN = {key: j for j, key in enumerate(layout.HEADERS)}
GUIDE_WIDTHS = (2, 30, 88)
EVIDENCE_LIMIT, NOTE_LIMIT = 500, 1000
YEARS_BACK = 4
NO_CLOCK = datetime(1980, 1, 1)  # the first date a ZIP archive can hold; says nothing on purpose
ANY_NUMBER = 1e15  # stands for "no limit": a validation needs two ends to ask for a number at all

Formats = Mapping[str, Format]


def template_workbook(
    framework: Framework, province: Province, central: Mapping[str, Observation]
) -> bytes:
    """The template of one province as an .xlsx file.

    central : figures of central agencies by indicator code, understood (status VALUE, or none);
        they are written into their rows and locked. A code without a figure stays blank.

    Raises
    ------
    DataError
        Where `central` holds codes that the edition does not ask of central agencies.
    DefinitionError
        Where a text of the edition is too long for a cell.
    """
    _refuse_foreign(framework, central)
    known = {code: cell for code, cell in central.items() if _has_value(cell)}
    file = BytesIO()
    with Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # also the unit of column widths: the same digits as Calibri 11, on every system
            "default_format_properties": {"font_name": FONT, "font_size": 10},
        },
    ) as book:
        book.set_properties(
            {
                "title": f"{framework.title_vi} – {province.name_vi}",
                "subject": layout.province_text(province.code, province.name_vi),
                "comments": framework.label_vi or "",
                "created": NO_CLOCK,
            }
        )
        formats = _formats(book)
        _write_guide(book.add_worksheet(layout.GUIDE), formats, framework, province, known)
        _write_values(book.add_worksheet(layout.VALUES), formats, framework, province, known)
        _write_hidden(book.add_worksheet(layout.HIDDEN), formats, framework, province, central)
    return file.getvalue()


def _refuse_foreign(framework: Framework, central: Mapping[str, Observation]) -> None:
    asked = {i.code for i in framework.indicators if i.supplier == "central"}
    foreign = sorted(set(central) - asked)
    if foreign:
        raise DataError(
            f"the central table holds {', '.join(foreign)}, which edition {framework.id} does not "
            "ask of central agencies; take those figures out, or set `supplier: central`"
        )


def _has_value(cell: Observation) -> bool:
    return cell.status is Status.VALUE and isfinite(cell.value)


# ------------------------------------------------------------------------------- formats ------


def _formats(book: Workbook) -> Formats:
    """Every look in the workbook. Colour is never alone: an open cell also has a thick border."""
    page = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top"}
    wrapped = {**page, "text_wrap": True}
    cell = {**wrapped, "border": 1, "border_color": GRID}
    opened = {**cell, "bg_color": "#fff4d1", "border": 2, "border_color": GOLD, "locked": False}
    band = {**page, "valign": "vcenter", "bold": True}
    figure = {
        "align": "right",
        "indent": 1,
        "font_size": 11,
        "valign": "vcenter",
        "num_format": "General",
    }
    year = {"align": "center", "valign": "vcenter", "num_format": "0"}
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
        "field": {**cell, "bold": True, "bg_color": "#f2f4f7", "valign": "vcenter"},
        "told": {**cell, "valign": "vcenter"},
        "stated": {**cell, "bold": True, "font_size": 12, "valign": "vcenter"},
        "cell": cell,
        "head": {
            **cell, "bold": True, "font_color": "#ffffff", "bg_color": INK, "align": "center",
            "valign": "vcenter", "border_color": "#ffffff",
        },
        "level1": {**band, "font_size": 12, "font_color": "#ffffff", "bg_color": TEAL},
        "level2": {**band, "bg_color": "#d6e6e8"},
        "code": {**cell, "bold": True},
        "open": opened,
        "open_field": {**opened, "valign": "vcenter"},
        "issuer_field": {**cell, "valign": "vcenter", "locked": False, "bottom": 5},
        "open_value": {**opened, **figure, "bold": True},
        "open_year": {**opened, **year},
        "known": {**cell, "bg_color": "#e4eff0"},
        "known_value": {**cell, **figure, "bg_color": "#e4eff0"},
        "known_year": {**cell, **year, "bg_color": "#e4eff0"},
        "awaited": {**cell, "bg_color": "#e3e6ea"},
        "awaited_value": {**cell, **figure, "bg_color": "#e3e6ea"},
        "awaited_year": {**cell, **year, "bg_color": "#e3e6ea"},
        "remark": {**cell, "locked": False},
        "vi": {"font_name": FONT, "font_size": 10, "font_color": INK},
        "vi_bold": {"font_name": FONT, "font_size": 10, "font_color": INK, "bold": True},
        "vi_head": {"font_name": FONT, "font_size": 10, "font_color": "#ffffff", "bold": True},
        "en": {"font_name": FONT, "font_size": 8.5, "font_color": MUTED},
        "en_head": {"font_name": FONT, "font_size": 8.5, "font_color": "#ffffff"},
    }  # fmt: skip
    return {key: book.add_format(look) for key, look in looks.items()}


def _height(texts: Iterable[tuple[str, float]], width: float) -> float:
    """Points that a wrapped cell needs; `texts` with their font sizes, `width` in characters."""
    pixels = width * 7 - 4
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


def _sure(result: int | None, what: str) -> None:
    """XlsxWriter reports what it cut off or left out by a number only."""
    if result:
        raise DefinitionError(f"{what} is too long for a cell of the template; shorten it")


# ------------------------------------------------------------------- the sheet of values ------


def _write_values(
    sheet: Worksheet,
    formats: Formats,
    framework: Framework,
    province: Province,
    central: Mapping[str, Observation],
) -> None:
    for key, width in WIDTHS.items():
        sheet.set_column(COLUMN[key], COLUMN[key], width, formats["page"])
    head = _write_heading(sheet, formats, framework, province)
    row = head + 1
    above: tuple[Group, ...] = ()
    for indicator in framework.indicators:
        groups = _headings(framework, indicator)
        for group in groups:
            if group not in above:
                _write_band(sheet, formats, row, framework, group)
                row += 1
        above = groups
        _write_row(sheet, formats, row, indicator, central.get(indicator.code))
        row += 1
    sheet.freeze_panes(head + 1, COLUMN["definition"])
    sheet.ignore_errors({"number_stored_as_text": f"A1:A{row}"})
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    _set_print(sheet, framework, province)
    sheet.repeat_rows(head)
    sheet.print_area(0, 0, row - 1, len(COLUMN) - 1)


def _write_heading(
    sheet: Worksheet, formats: Formats, framework: Framework, province: Province
) -> int:
    """Title, province, label, legend, header; returns the row of the header, from 0."""
    last = len(COLUMN) - 1
    sheet.set_row(0, 24)
    sheet.merge_range(0, 0, 0, last, framework.title_vi, formats["title"])
    sheet.merge_range(1, 0, 1, last, framework.title_en, formats["subtitle"])
    sheet.set_row(2, 20)
    sheet.merge_range(2, 0, 2, 1, layout.PROVINCE, formats["field"])
    stated = layout.province_text(province.code, province.name_vi)
    sheet.merge_range(2, 2, 2, 3, stated, formats["stated"])
    row = 3
    for label in _labels(framework):
        sheet.set_row(row, 20)
        sheet.merge_range(row, 0, row, last, label, formats["label"])
        row += 1
    sheet.set_row(row, 30)
    sheet.merge_range(row, 0, row, 1, "Chú giải · Key", formats["field"])
    for look, first, until in LEGEND_AT:
        text = layout.stacked(*LEGEND[look][:2])
        if first == until:
            sheet.write_string(row, COLUMN[first], text, formats[look])
        else:
            sheet.merge_range(row, COLUMN[first], row, COLUMN[until], text, formats[look])
    row += 1
    for key, (vi, en) in layout.HEADERS.items():
        _write_stacked(sheet, formats, (row, COLUMN[key]), vi, en, "head", ("vi_head", "en_head"))
    sheet.set_row(row, 40)
    return row


def _labels(framework: Framework) -> tuple[str, ...]:
    """The edition's label in one line, or nothing."""
    given = dict.fromkeys(filter(None, (framework.label_vi, framework.label_en)))
    return (" · ".join(given),) if given else ()


def _write_stacked(
    sheet: Worksheet,
    formats: Formats,
    at: tuple[int, int],
    vi: str,
    en: str,
    look: str,
    fonts: tuple[str, str] = ("vi", "en"),
) -> None:
    """Vietnamese above a smaller English, in one cell."""
    result: int
    if layout.stacked(vi, en) == vi:
        result = sheet.write_string(*at, vi, formats[look])
    else:
        parts = (formats[fonts[0]], f"{vi}\n", formats[fonts[1]], en)
        result = sheet.write_rich_string(*at, *parts, formats[look])
    _sure(result, f"“{vi[:40]}”")


def _headings(framework: Framework, indicator: Indicator) -> tuple[Group, ...]:
    """The groups of the two levels above an indicator, pillar before sub-pillar."""
    groups = {group.code: group for group in framework.groups}
    above = [groups[code] for code in reversed(framework.ancestors(indicator.code))]
    return tuple(g for g in above if g.level in framework.levels[-3:-1] and g.parent is not None)


def _write_band(
    sheet: Worksheet, formats: Formats, row: int, framework: Framework, group: Group
) -> None:
    high = group.level != framework.levels[-2]
    look = formats["level1" if high else "level2"]
    vi, en = LEVEL_WORDS.get(group.level, ("", ""))
    text = f"{vi} {group.code} · {group.name_vi}  |  {en} {group.code} · {group.name_en}"
    sheet.write_string(row, 0, text.strip(), look)  # runs over into the blank cells beside it
    for column in range(1, len(COLUMN)):
        sheet.write_blank(row, column, None, look)
    sheet.set_row(row, 22 if high else 18)


def _write_row(
    sheet: Worksheet, formats: Formats, row: int, indicator: Indicator, cell: Observation | None
) -> None:
    state = "open" if indicator.supplier == "province" else "known" if cell else "awaited"
    fixed = "cell" if state == "open" else state
    supplier = SUPPLIER[state]
    at = {key: (row, column) for key, column in COLUMN.items()}
    sheet.write_string(*at["code"], indicator.code, formats["code"])
    name = (indicator.name_vi, indicator.name_en)
    _write_stacked(sheet, formats, at["name"], *name, "cell", ("vi_bold", "en"))
    _sure(
        sheet.write_string(*at["definition"], indicator.definition_vi, formats["cell"]),
        f"the definition of {indicator.code}",
    )
    _write_stacked(sheet, formats, at["unit"], indicator.unit_vi, indicator.unit_en, "cell")
    bold = "vi_bold" if state == "open" else "vi"
    _write_stacked(sheet, formats, at["supplier"], *supplier, fixed, (bold, "en"))
    year = cell.data_year if cell and cell.data_year is not None else indicator.data_year
    sheet.write_number(*at["data_year"], year, formats[f"{state}_year"])
    if state == "known" and cell:
        sheet.write_number(*at["value"], _Exact(cell.value), formats["known_value"])
    else:
        sheet.write_blank(*at["value"], None, formats[f"{state}_value"])
    evidence, note = (cell.evidence, cell.note) if cell else ("", "")
    _write_text(sheet, formats[state], at["evidence"], evidence, indicator.code)
    _write_text(sheet, formats["open" if state == "open" else "remark"], at["note"], note,
                indicator.code)  # fmt: skip
    sheet.write_string(*at["source"], indicator.source_vi, formats["cell"])
    sheet.set_row(row, _row_height(indicator, supplier, evidence, note))
    _validate_row(sheet, row, indicator, state)


class _Exact(float):
    """A number written with all its digits; XlsxWriter would keep sixteen, which may not be it."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


def _write_text(sheet: Worksheet, look: Format, at: tuple[int, int], text: str, code: str) -> None:
    if text:
        _sure(sheet.write_string(*at, text, look), f"a text of {code}")
    else:
        sheet.write_blank(*at, None, look)


def _row_height(indicator: Indicator, supplier: tuple[str, str], evidence: str, note: str) -> float:
    """Points that show the whole of every wrapped text in the row."""
    texts = {
        "name": ((indicator.name_vi, 10.8), (indicator.name_en, 8.5)),  # bold is wider
        "definition": ((indicator.definition_vi, 10),),
        "unit": ((indicator.unit_vi, 10), (indicator.unit_en, 8.5)),
        "supplier": ((supplier[0], 10.8), (supplier[1], 8.5)),
        "evidence": ((evidence, 10),),
        "note": ((note, 10),),
        "source": ((indicator.source_vi, 10),),
    }
    return min(409.0, max(30.0, *(_height(texts[key], WIDTHS[key]) for key in texts)))


# --------------------------------------------------------------------------- validations ------


def _validate_row(sheet: Worksheet, row: int, indicator: Indicator, state: str) -> None:
    code = indicator.code
    rules = {"note": _note_rule()}
    if state == "open":
        rules["data_year"] = _year_rule(indicator)
        rules["value"] = _value_rule(indicator)
        rules["evidence"] = _evidence_rule(indicator)
    else:
        rules["value"] = {
            "validate": "any",
            "input_title": f"{code}: không điền",
            "input_message": "Số liệu do cơ quan trung ương cung cấp, ô này khóa. "
            "Nếu thấy số liệu sai, ghi ý kiến vào cột Ghi chú.",
        }
    for key, rule in rules.items():
        for part, limit in (("title", 32), ("message", 255)):  # Excel's own limits
            for side in ("input", "error"):
                if name := rule.get(f"{side}_{part}"):
                    rule[f"{side}_{part}"] = _shortened(str(name), limit)
        result = sheet.data_validation(row, COLUMN[key], row, COLUMN[key], rule)
        _sure(result, f"the validation of {code}")


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _value_rule(indicator: Indicator) -> dict[str, object]:
    """A number within the bounds; where there is no limit, any number."""
    low, high = indicator.bounds
    unit, span = _shortened(indicator.unit_vi, 80), _span(indicator)
    percent = " Gõ 12,5 cho 12,5 %, không gõ dấu %." if "%" in indicator.unit_vi else ""
    limits: dict[str, object]
    if low is not None and high is None:
        limits = {"criteria": ">=", "value": low}
    elif low is None and high is not None:
        limits = {"criteria": "<=", "value": high}
    else:
        limits = {
            "criteria": "between",
            "minimum": -ANY_NUMBER if low is None else low,
            "maximum": ANY_NUMBER if high is None else high,
        }
    return {
        "validate": "decimal",
        **limits,
        "input_title": f"{indicator.code}: nhập một số",
        "input_message": f"Đơn vị: {unit}.\nNhận {span}.{percent}\n"
        "Chỉ gõ số. Không có số liệu: để trống, giải thích ở cột Ghi chú.",
        "error_title": f"{indicator.code}: không nhận",
        "error_message": f"Cần {span}, đơn vị: {unit}.{percent} "
        "Chỉ gõ số, không gõ chữ, đơn vị hay dấu ngăn hàng nghìn.",
    }


def _span(indicator: Indicator) -> str:
    low, high = (None if b is None else in_words(b, "vi") for b in indicator.bounds)
    if low is not None and high is not None:
        return f"một số từ {low} đến {high}"
    if low is not None:
        return f"một số từ {low} trở lên"
    return "một số bất kỳ" if high is None else f"một số không quá {high}"


def _year_rule(indicator: Indicator) -> dict[str, object]:
    """The year after the data year, the data year, and a few before."""
    year = indicator.data_year
    return {
        "validate": "list",
        "source": [year + 1 - back for back in range(YEARS_BACK + 2)],
        "input_title": f"{indicator.code}: năm số liệu",
        "input_message": f"Cần số liệu năm {year}. Nếu chỉ có năm khác, chọn năm đó và giải thích "
        "ở cột Ghi chú.",
        "error_title": f"{indicator.code}: không nhận",
        "error_message": "Chọn một năm trong danh sách; năm khác thì ghi vào cột Ghi chú.",
    }


def _evidence_rule(indicator: Indicator) -> dict[str, object]:
    must = "Phải có minh chứng" if indicator.evidence else "Nếu có minh chứng"
    return {
        "validate": "length",
        "criteria": "<=",
        "value": EVIDENCE_LIMIT,
        "input_title": f"{indicator.code}: minh chứng",
        "input_message": f"{must}: ghi số, ngày của văn bản hoặc tên tệp gửi kèm.",
        "error_title": "Quá dài",
        "error_message": f"Tối đa {EVIDENCE_LIMIT} ký tự: chỉ ghi số, ngày văn bản hoặc tên tệp.",
    }


def _note_rule() -> dict[str, object]:
    return {
        "validate": "length",
        "criteria": "<=",
        "value": NOTE_LIMIT,
        "error_title": "Quá dài",
        "error_message": f"Tối đa {NOTE_LIMIT} ký tự; phần dài hơn gửi thành tệp kèm theo.",
    }


# ------------------------------------------------------------------------------ printing ------


def _set_print(sheet: Worksheet, framework: Framework, province: Province) -> None:
    """A4, one page wide, margins in inches; who and what on every page."""
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    label = " · ".join(_labels(framework)).replace("&", "&&")
    if label:
        sheet.set_header(_shortened(f'&C&"{FONT},Bold"&9{label}', 255))
    who = layout.province_text(province.code, province.name_vi).replace("&", "&&")
    edition = f"PII {framework.id} · {framework.template_version}".replace("&", "&&")
    # the space keeps the font size apart from a province code
    footer = f'&L&"{FONT}"&8 {who}&C&"{FONT}"&8Trang &P/&N&R&"{FONT}"&8 {edition}'
    sheet.set_footer(_shortened(footer, 255))


# ----------------------------------------------------------------------------- the guide ------


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the guide: a section, a paragraph, or two cells side by side."""

    text: str
    beside: str = ""
    kind: str = "text"
    look: str = "field"


def _write_guide(
    sheet: Worksheet,
    formats: Formats,
    framework: Framework,
    province: Province,
    central: Mapping[str, Observation],
) -> None:
    for column, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(column, column, width, formats["page"])
    sheet.hide_gridlines(2)
    for row, line in enumerate(_guide(framework, province, central)):
        _write_line(sheet, formats, row, line)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_portrait()
    _set_print(sheet, framework, province)
    sheet.print_area(0, 0, row, len(GUIDE_WIDTHS) - 1)


def _write_line(sheet: Worksheet, formats: Formats, row: int, line: _Line) -> None:
    if not line.text:
        sheet.set_row(row, 8)
        return
    size = {"title": 17.5, "section": 13, "label": 13}.get(line.kind, 10)
    if line.kind != "pair":
        span = GUIDE_WIDTHS[1] + GUIDE_WIDTHS[2]
        sheet.merge_range(row, 1, row, 2, line.text, formats[line.kind])
        sheet.set_row(row, _height([(line.text, size)], span) + (6 if size > 10 else 0))
        return
    beside = "told" if line.look in ("field", *LEGEND) else line.look
    first = line.look if line.look in LEGEND else "field"
    sheet.write_string(row, 1, line.text, formats[first])
    if line.beside:
        sheet.write_string(row, 2, line.beside, formats[beside])
    else:
        sheet.write_blank(row, 2, None, formats[beside])
    size = 12 if beside == "stated" else 10
    sheet.set_row(
        row,
        max(
            20.0,
            _height([(line.text, 10.8)], GUIDE_WIDTHS[1]),
            _height([(line.beside, size)], GUIDE_WIDTHS[2]),
        ),
    )


def _guide(
    framework: Framework, province: Province, central: Mapping[str, Observation]
) -> Iterator[_Line]:
    yield _Line(framework.title_vi, kind="title")
    yield _Line(f"Biểu mẫu cung cấp số liệu · {framework.title_en}", kind="subtitle")
    for label in _labels(framework):
        yield _Line(label, kind="label")
    yield _Line("")
    stated = layout.province_text(province.code, province.name_vi)
    yield _Line(layout.PROVINCE, stated, "pair", "stated")
    version = f"{framework.id} · biểu mẫu phiên bản {framework.template_version}"
    if framework.provinces_on:
        version += f" · danh sách tỉnh, thành phố ngày {framework.provinces_on:%d/%m/%Y}"
    yield _Line("Kỳ · Edition", version, "pair")
    for blank in BLANKS_ISSUER:
        yield _Line(blank, "", "pair", "issuer_field")
    for blank in BLANKS_PROVINCE:
        yield _Line(blank, "", "pair", "open_field")
    own = [i for i in framework.indicators if i.supplier == "province"]
    counts = (len(own), len(framework.indicators) - len(own), len(central))
    yield from _guide_vi(*counts)
    yield from _assumed(
        "6. Điều còn là giả định trong kỳ này", [a.vi for a in framework.assumptions]
    )
    yield from _guide_en(*counts)
    yield from _assumed("6. What this edition assumes", [a.en for a in framework.assumptions])


def _assumed(title: str, sentences: Iterable[str]) -> Iterator[_Line]:
    told = [_Line(f"–  {sentence}") for sentence in sentences]
    if told:
        yield _Line("")
        yield _Line(title, kind="section")
        yield from told


def _guide_vi(own: int, rest: int, known: int) -> Iterator[_Line]:
    values = f"“{layout.VALUES}”"
    yield from _section(
        "1. Ai điền, điền gì",
        f"Tỉnh, thành phố điền {own} chỉ số trên trang {values}, ở các ô nền vàng viền đậm: năm số "
        "liệu, giá trị, minh chứng, ghi chú."
        if own
        else "Kỳ này tỉnh, thành phố không phải điền số liệu; xin đối chiếu các số đã điền sẵn.",
        f"{rest} chỉ số do cơ quan trung ương cung cấp: {known} đã điền sẵn để tỉnh đối chiếu, "
        f"{rest - known} chưa có khi phát hành biểu mẫu. Các ô này khóa; nếu thấy số liệu sai, ghi "
        "ý kiến vào cột Ghi chú (cột này luôn mở)."
        if rest
        else "",
        "Không sửa mã, tên, đơn vị; không thêm, xóa, gộp dòng, cột hay trang; không chép sang tệp "
        "khác. Lưu ở dạng .xlsx.",
    )
    yield from _section(
        "2. Cách nhập số",
        "Gõ số trần, không kèm đơn vị, dấu % hay chữ. Không gõ dấu ngăn hàng nghìn. Dấu thập phân "
        "gõ theo cài đặt của máy (thường là dấu phẩy). Không dán công thức nối sang tệp khác.",
    )
    yield _Line("Gõ", "Được hiểu là", "pair")
    yield from (_Line(typed, meant, "pair") for typed, meant in NUMBERS_VI)
    yield from _section("3. Ý nghĩa màu ô")
    yield from (_Line(LEGEND[look][0], LEGEND[look][2], "pair", look) for look in LEGEND)
    yield from _section(
        "4. Minh chứng",
        "Với chỉ số của tỉnh, ghi số, ngày, cơ quan ban hành của văn bản hoặc đúng tên tệp gửi "
        "kèm, ví dụ: “Báo cáo 125/BC-UBND ngày 14/03/2025” hoặc “3.2.2-ket-qua.pdf”. Mỗi số liệu "
        "một minh chứng.",
    )
    yield from _section(
        "5. Sau khi gửi",
        "Từng ô được kiểm tra. Tỉnh nhận một danh sách, mỗi mục nêu trang, ô, nội dung đang có, "
        "nội dung cần có và cách sửa. Mục LỖI phải sửa rồi gửi lại; mục CẢNH BÁO cần xem lại "
        "hoặc giải thích ở cột Ghi chú.",
        "Ô để trống được ghi nhận là chưa có số liệu, không phải là số 0. Điểm số tính xong truy "
        "ngược được đến từng ô của tệp này.",
    )


def _guide_en(own: int, rest: int, known: int) -> Iterator[_Line]:
    values = f"“{layout.VALUES}”"
    yield _Line("")
    yield _Line("In English", kind="title")
    yield from _section(
        "1. Who fills what",
        f"The province fills {own} indicators on the sheet {values}, in the yellow cells with a "
        "thick border: data year, value, evidence, note."
        if own
        else "This edition asks the province for no figures; please compare those filled in.",
        f"{rest} indicators come from central agencies: {known} are filled in for comparison, "
        f"{rest - known} were not available when the template was issued. These cells are locked; "
        "where a figure is thought wrong, say so in the note column, which is always open."
        if rest
        else "",
        "Leave codes, names and units as they are; do not add, delete or merge rows, columns or "
        "sheets, and do not copy into another file. Save as .xlsx.",
    )
    yield from _section(
        "2. How to type numbers",
        "Type the bare number, without unit, percent sign or words, and without a thousands mark. "
        "Use the decimal sign your computer is set to (in Viet Nam usually the comma). No formulas "
        "that point to other files.",
    )
    yield _Line("Typed", "Understood as", "pair")
    yield from (_Line(typed, meant, "pair") for typed, meant in NUMBERS_EN)
    yield from _section("3. What the colours mean")
    yield from (_Line(LEGEND[look][1], LEGEND[look][3], "pair", look) for look in LEGEND)
    yield from _section(
        "4. Evidence",
        "For the province's own indicators: number, date and issuer of a document, or the exact "
        "name of a file sent along. One reference per figure.",
    )
    yield from _section(
        "5. What happens next",
        "Every cell is checked. The province receives a list that names sheet and cell, what is "
        "there, what was expected and what to do. An ERROR must be corrected and the file sent "
        "again; a WARNING is to be reviewed, or explained in the note column.",
        "An empty cell is recorded as not submitted; it is not a zero. Every score can be traced "
        "back to the cells of this file.",
    )


def _section(title: str, *paragraphs: str) -> Iterator[_Line]:
    yield _Line("")
    yield _Line(title, kind="section")
    yield from (_Line(paragraph) for paragraph in paragraphs if paragraph)


LEVEL_WORDS = {"pillar": ("TRỤ CỘT", "Pillar"), "subpillar": ("Nhóm", "Sub-pillar")}
# Left blank for whoever issues the templates, and for whoever fills one in.
BLANKS_ISSUER = (
    "Nơi nhận, hạn gửi · Send to, by",
    "Đầu mối hỏi đáp · Contact",
)
BLANKS_PROVINCE = (
    "Người lập biểu · Prepared by",
    "Người duyệt · Approved by",
)
LEGEND = {
    "open": (
        "Tỉnh, thành phố điền",
        "Province fills in",
        "Nền vàng, viền đậm: ô mở, tỉnh, thành phố điền.",
        "Yellow with a thick border: open, for the province to fill in.",
    ),
    "known": (
        "Trung ương, đã điền sẵn",
        "Central, filled in",
        "Nền xanh nhạt, có số: cơ quan trung ương cung cấp, ô khóa; tỉnh đối chiếu.",
        "Pale green with a figure: from a central agency, locked, for comparison.",
    ),
    "awaited": (
        "Trung ương, chưa có",
        "Central, not yet known",
        "Nền xám, ô trống: cơ quan trung ương sẽ cung cấp, ô khóa; tỉnh không điền.",
        "Grey and blank: a central agency will supply it, locked; leave it empty.",
    ),
}
LEGEND_AT = (
    ("open", "definition", "definition"),
    ("known", "unit", "supplier"),
    ("awaited", "data_year", "evidence"),
)
SUPPLIER = {
    "open": ("Tỉnh, thành phố cung cấp", "Province"),
    "known": ("Cơ quan trung ương cung cấp", "Central agency"),
    "awaited": ("Cơ quan trung ương cung cấp", "Central agency"),
}
NUMBERS_VI = (
    ("12,5", "mười hai phẩy năm"),
    ("1234,56", "một nghìn hai trăm ba mươi tư phẩy năm sáu; viết 1.234,56 vẫn hiểu được"),
    (
        "1.234",
        "KHÔNG RÕ: một nghìn hai trăm ba mươi tư, hay một phẩy hai ba bốn? Sẽ bị hỏi lại. "
        "Hãy gõ 1234 hoặc 1,2340",
    ),
    ("12,5%", "SAI: Excel lưu thành 0,125. Đơn vị đã là % thì chỉ gõ 12,5"),
    ("0", "số không thật sự, ví dụ không có doanh nghiệp nào"),
    ("(để trống)", "chưa có số liệu; không gõ 0, “-”, “không có”"),
)
NUMBERS_EN = (
    ("12,5", "twelve and a half"),
    ("1234,56", "one thousand two hundred and thirty-four point five six; so is 1.234,56"),
    (
        "1.234",
        "UNCLEAR: one thousand two hundred and thirty-four, or one point two three four? It will "
        "be asked back. Type 1234 or 1,2340",
    ),
    ("12,5%", "WRONG: Excel stores 0.125. Where the unit is %, type 12,5"),
    ("0", "a true zero, for instance: no such enterprise"),
    ("(empty)", "no figure; do not type 0, “-” or “none”"),
)


# ---------------------------------------------------------------------- the hidden sheet ------


def _write_hidden(
    sheet: Worksheet,
    formats: Formats,
    framework: Framework,
    province: Province,
    central: Mapping[str, Observation],
) -> None:
    facts = {
        layout.MADE_BY: layout.MARKER,
        layout.EDITION: framework.id,
        layout.VERSION: framework.template_version,
        layout.PROVINCE_CODE: province.code,
        layout.PROVINCE_NAME: province.name_vi,
        layout.PROVINCES_ON: str(framework.provinces_on or ""),
        layout.FINGERPRINT: layout.fingerprint(framework),
        **{
            layout.issued(code): repr(central[code].value)
            for code in framework.codes
            if code in central and central[code].status is Status.VALUE
        },
    }
    sheet.set_column(0, 0, 18, formats["page"])
    sheet.set_column(1, 1, 70, formats["page"])
    for row, (key, value) in enumerate(facts.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    for row, label in enumerate(_labels(framework), len(facts) + 1):
        sheet.write_string(row, 0, label)
    sheet.ignore_errors({"number_stored_as_text": f"B1:B{len(facts)}"})
    sheet.protect()
    sheet.very_hidden()

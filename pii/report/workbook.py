"""The results as one Excel workbook for people, with label and caveats on the face of each sheet.

Cells hold 15 digits under a format of two decimals, so that a spreadsheet shows what
`pii.report.numbers` prints; full precision is in tables/*.csv. No cell is a formula, whatever a
text begins with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import groupby
from math import ceil, isnan

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pii.framework import Group, Language
from pii.pipeline import Outcome
from pii.report.numbers import NOT_PUBLISHED
from pii.report.tables import (
    findings_table,
    framework_table,
    league_order,
    league_table,
    level_word,
    method_table,
    treated_points_table,
    treatment_table,
    upper_groups,
)

_INK, _MUTED, _ACCENT, _GRID = "#1b2a41", "#6b7a90", "#b5121b", "#e6e9ee"
_BAR, _DEEP, _GOLD = "#c3d9da", "#b3d0d2", "#f3e3bd"

# Any fixed day: the time of the run stands in run.json, and equal results must be equal bytes.
_CREATED = datetime(2025, 1, 1)
_LONGEST = 32767  # characters that Excel allows in a cell
_SCREEN = 125.0  # characters across; a banner need not be wider
_LEGIBLE = 245.0  # characters across an A4 page in landscape, at about 60 %
_BAND_LINES = 4
_WRAPPED = ("name", "wrapped", "top")

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "league": "Xếp hạng",
        "pillars": "Điểm trụ cột",
        "subpillars": "Điểm nhóm chỉ số",
        "indicators": "Điểm chỉ số",
        "coverage": "Độ phủ",
        "treatment": "Xử lý ngoại lai",
        "findings": "Kết quả kiểm tra",
        "framework": "Khung chỉ số",
        "method": "Phương pháp & giả định",
        "rank": "Hạng",
        "score": "Điểm",
        "code": "Mã",
        "province": "Tỉnh, thành phố",
        "ranked": "Đơn vị",
        "dash": "“–”: không công bố vì thiếu số liệu; không phải là 0.",
        "see": "Các giả định: xem trang “Phương pháp & giả định”.",
        "decimals": "Ô hiện hai chữ số thập phân nhưng giữ số chưa làm tròn; xếp hạng trên số đó.",
        "present": "Có số liệu",
        "missing": "Chỉ số thiếu",
        "name": "Tên",
        "indicator": "Chỉ số",
        "form": "Cách xử lý",
        "none": "giữ nguyên",
        "winsorised": "kéo về",
        "log": "logarit",
        "points": "Số điểm kéo về",
        "low": "Thấp nhất (sau kéo về)",
        "high": "Cao nhất (sau kéo về)",
        "skewness": "Độ lệch",
        "kurtosis": "Độ nhọn",
        "before": "trước",
        "after": "sau",
        "passes": "Đạt ngưỡng",
        "yes": "đạt",
        "no": "KHÔNG ĐẠT",
        "goalposts": "Mốc điểm",
        "worst": "kém nhất",
        "best": "tốt nhất",
        "changed": "Từng giá trị đã được kéo về",
        "unchanged": "Không có giá trị nào bị kéo về.",
        "clean": "Không có phát hiện nào.",
        "rule": "Quy tắc",
        "severity": "Mức",
        "file": "Tệp",
        "cell": "Ô",
        "there": "Hiện có",
        "expected": "Cần có",
        "remedy": "Cách sửa",
        "choice": "Lựa chọn",
        "inwords": "Nội dung",
        "basis": "Căn cứ",
        "level": "Cấp",
        "unit": "Đơn vị",
        "direction": "Chiều",
        "higher": "càng cao càng tốt",
        "lower": "càng thấp càng tốt",
        "attested": "Tên được xác nhận",
        "verified": "có nguồn",
        "paraphrase": "diễn đạt lại",
        "unattested": "CHƯA CÓ NGUỒN",
        "weight": "Trọng số",
        "local": "Tỷ trọng trong nhóm",
        "effective": "Tỷ trọng trong chỉ số tổng hợp",
        "caveats": "Cần biết khi đọc kết quả",
        "page": "Trang",
    },
    "en": {
        "league": "League table",
        "pillars": "Pillar scores",
        "subpillars": "Sub-pillar scores",
        "indicators": "Indicator scores",
        "coverage": "Coverage",
        "treatment": "Treatment log",
        "findings": "Findings",
        "framework": "Framework",
        "method": "Method & assumptions",
        "rank": "Rank",
        "score": "Score",
        "code": "Code",
        "province": "Province",
        "ranked": "Ranked unit",
        "dash": "“–”: not published for lack of data; it is not zero.",
        "see": "Assumptions: see the sheet “Method & assumptions”.",
        "decimals": "Cells show two decimals but hold unrounded scores, and ranks are on those.",
        "present": "With data",
        "missing": "Missing indicators",
        "name": "Name",
        "indicator": "Indicator",
        "form": "Treatment",
        "none": "as it is",
        "winsorised": "winsorised",
        "log": "logarithm",
        "points": "Values winsorised",
        "low": "Lowest (after capping)",
        "high": "Highest (after capping)",
        "skewness": "Skewness",
        "kurtosis": "Kurtosis",
        "before": "before",
        "after": "after",
        "passes": "Within limits",
        "yes": "yes",
        "no": "NO",
        "goalposts": "Goalposts",
        "worst": "worst",
        "best": "best",
        "changed": "Every value that was winsorised",
        "unchanged": "No value was winsorised.",
        "clean": "There are no findings.",
        "rule": "Rule",
        "severity": "Severity",
        "file": "File",
        "cell": "Cell",
        "there": "What is there",
        "expected": "Expected",
        "remedy": "What to do",
        "choice": "Choice",
        "inwords": "In words",
        "basis": "Basis",
        "level": "Level",
        "unit": "Unit",
        "direction": "Direction",
        "higher": "higher is better",
        "lower": "lower is better",
        "attested": "Name attested",
        "verified": "verified",
        "paraphrase": "paraphrase",
        "unattested": "UNATTESTED",
        "weight": "Weight",
        "local": "Share among siblings",
        "effective": "Share of the index",
        "caveats": "To know when reading these results",
        "page": "Page",
    },
}

_BASE = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "vcenter"}
_LINE = {"bottom": 1, "bottom_color": _GRID}
_RIGHT = {"align": "right", "indent": 1}
_HEAD = {
    "bold": True, "font_size": 9, "bg_color": _GRID, "bottom": 1, "bottom_color": _INK,
    "text_wrap": True, "align": "center", "valign": "top",
}  # fmt: skip
_LOOKS: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 15},
    "label": {"bold": True, "font_size": 12, "font_color": "#ffffff", "bg_color": _ACCENT,
              "text_wrap": True, "indent": 1},
    "caveat": {"text_wrap": True, "bold": True, "font_color": _ACCENT},
    "see": {"italic": True},
    "heading": {"bold": True, "font_size": 12},
    "note": {"text_wrap": True, "valign": "top"},
    "head": _HEAD,
    "upright": {**_HEAD, "rotation": 90, "valign": "bottom", "font_size": 8, "bold": False},
    "band": {**_HEAD, "valign": "vcenter", "bottom_color": _MUTED, "left": 1,
             "left_color": "#ffffff", "right": 1, "right_color": "#ffffff"},
    "text": {**_LINE},
    "strong": {**_LINE, "bold": True},
    "name": {**_LINE, "text_wrap": True},
    "wrapped": {**_LINE, "text_wrap": True, "valign": "top"},
    "top": {**_LINE, "valign": "top", "bold": True, "text_wrap": True},
    "centred": {**_LINE, "align": "center"},
    "score": {**_LINE, **_RIGHT, "num_format": "0.00"},
    "index": {**_LINE, **_RIGHT, "num_format": "0.00", "bold": True},
    "rank": {**_LINE, "num_format": "0", "align": "center"},
    "place": {**_LINE, "num_format": "0", "align": "center", "font_color": _MUTED},
    "share": {**_LINE, "num_format": "0%", "align": "center"},
    "weight": {**_LINE, **_RIGHT, "num_format": "0.00%"},
    "value": {**_LINE, **_RIGHT, "num_format": "#,##0.0000"},
    "dash": {**_LINE, **_RIGHT, "font_color": _MUTED},
    "gap": {"bold": True, "bg_color": _GOLD},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a sheet: its header, what stands above it, width in characters, looks."""

    header: str
    width: float
    look: str
    values: Sequence[object]
    band: str = ""
    head: str = "head"


@dataclass(frozen=True, slots=True)
class _Shade:
    """A discreet conditional format over columns `first` to `last` of the first table."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet: a table, how much of it stays in sight, what stands below it.

    `fixed` : columns that stay; `header_height` : points; `below` : a second table under
    `heading`, in the same widths; `assumptions` : whether the table itself lists them.
    """

    name: str
    columns: Sequence[_Column]
    fixed: int = 0
    header_height: float = 30
    shades: Sequence[_Shade] = ()
    notes: Sequence[str] = ()
    heading: str = ""
    below: Sequence[_Column] = ()
    assumptions: bool = False


def results_workbook(outcome: Outcome, lang: Language, *, footnotes: Sequence[str] = ()) -> bytes:
    """The workbook as bytes; equal outcomes give equal bytes.

    Sheets: league table, pillar, sub-pillar and indicator scores, coverage, treatment log,
    findings, framework with weights, method and assumptions. A sheet for a level that the
    framework does not have is left out. `footnotes` stand under the league table.
    """
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        title, caveats = outcome.framework.title(lang), outcome.caveats(lang)
        book.set_properties({"title": title, "comments": caveats[0] if caveats else "",
                             "created": _CREATED})  # fmt: skip
        looks = {name: book.add_format({**_BASE, **look}) for name, look in _LOOKS.items()}
        for page in _pages(outcome, lang, footnotes):
            _write_page(book.add_worksheet(page.name), page, outcome, lang, looks)
    return buffer.getvalue()


def _pages(outcome: Outcome, lang: Language, footnotes: Sequence[str]) -> Iterable[_Page]:
    upper = upper_groups(outcome.framework)
    lower = tuple(group for group in outcome.framework.groups if group not in upper)
    yield _league_page(outcome, lang, footnotes)
    if len(upper) > 1:
        yield _pillar_page(outcome, lang, upper[1:])
    if lower:
        yield _subpillar_page(outcome, lang, lower)
    yield _indicator_page(outcome, lang)
    yield _coverage_page(outcome, lang)
    yield _treatment_page(outcome, lang)
    yield _findings_page(outcome, lang)
    yield _framework_page(outcome, lang)
    yield _method_page(outcome, lang)


# What stands on each sheet


def _who(outcome: Outcome, lang: Language) -> list[_Column]:
    """Rank, code and name; the name alone where there is no list of provinces."""
    words, league = _WORDS[lang], league_table(outcome, lang)
    codes, names = league["code"].tolist(), league["name"].tolist()
    rank = _Column(words["rank"], 6, "rank", league["rank"].tolist())
    if outcome.provinces is None:
        return [rank, _Column(words["ranked"], _fitted(names, 12, 32), "strong", names)]
    return [
        rank,
        _Column(words["code"], 7, "centred", codes),
        _Column(words["province"], _fitted(names, 16, 32), "strong", names),
    ]


def _fitted(texts: Iterable[str], least: float, most: float) -> float:
    return min(max([least, *(len(text) * 1.1 + 1 for text in texts)]), most)


def _scores(outcome: Outcome, node: str) -> list[float]:
    scores = outcome.scores
    return [float(scores.score[i, scores.column(node)]) for i in league_order(outcome)]


def _titled(outcome: Outcome, node: str, lang: Language) -> str:
    return f"{node}\n{outcome.framework.name(node, lang)}"


def _league_page(outcome: Outcome, lang: Language, footnotes: Sequence[str]) -> _Page:
    words, index = _WORDS[lang], outcome.framework.index
    columns = [
        *_who(outcome, lang),
        *(
            _Column(
                _titled(outcome, group.code, lang),
                16 if group.code == index else 12.5,
                "index" if group.code == index else "score",
                _scores(outcome, group.code),
            )
            for group in upper_groups(outcome.framework)
        ),
    ]
    fixed = len(_who(outcome, lang))
    shades = [_Shade("bar", fixed, fixed), _Shade("scale", fixed + 1, len(columns) - 1)]
    notes = (*footnotes, words["dash"], words["decimals"], *_without_label(outcome, lang))
    return _Page(words["league"], columns, fixed, 64, shades, notes=notes, heading=words["caveats"])


def _pillar_page(outcome: Outcome, lang: Language, groups: Sequence[Group]) -> _Page:
    words, scores, rows = _WORDS[lang], outcome.scores, league_order(outcome)
    columns = _who(outcome, lang)
    fixed = len(columns)
    for group in groups:
        ranks = [float(scores.rank[i, scores.column(group.code)]) for i in rows]
        band = _titled(outcome, group.code, lang)
        columns += [
            _Column(words["score"], 8.5, "score", _scores(outcome, group.code), band),
            _Column(words["rank"], 6.5, "place", ranks, band),
        ]
    shades = [_Shade("scale", at, at) for at in range(fixed, len(columns), 2)]
    return _Page(words["pillars"], columns, fixed, 18, shades, notes=(words["dash"],))


def _subpillar_page(outcome: Outcome, lang: Language, groups: Sequence[Group]) -> _Page:
    who = _who(outcome, lang)
    columns = who + [
        _Column(
            _titled(outcome, group.code, lang), 11, "score", _scores(outcome, group.code),
            _titled(outcome, group.parent or "", lang),
        )
        for group in groups
    ]  # fmt: skip
    shades = [_Shade("scale", len(who), len(columns) - 1)]
    notes = (_WORDS[lang]["dash"],)
    return _Page(_WORDS[lang]["subpillars"], columns, len(who), 76, shades, notes=notes)


def _indicator_page(outcome: Outcome, lang: Language) -> _Page:
    who = _who(outcome, lang)
    columns = who + [
        _Column(
            f"{indicator.code} {indicator.name(lang)}", 7, "score",
            _scores(outcome, indicator.code), _titled(outcome, indicator.parent, lang), "upright",
        )
        for indicator in outcome.framework.indicators
    ]  # fmt: skip
    shades = [_Shade("scale", len(who), len(columns) - 1)]
    notes = (_WORDS[lang]["dash"],)
    return _Page(_WORDS[lang]["indicators"], columns, len(who), 150, shades, notes=notes)


def _coverage_page(outcome: Outcome, lang: Language) -> _Page:
    words, scores, codes = _WORDS[lang], outcome.scores, outcome.framework.codes
    rows = league_order(outcome)
    absent = [
        [code for code, x in zip(codes, scores.normalised[i], strict=True) if isnan(x)]
        for i in rows
    ]
    present = [f"{len(codes) - len(gone)}/{len(codes)}" for gone in absent]
    columns = _who(outcome, lang)
    fixed = len(columns)
    columns.append(_Column(words["present"], 10, "centred", present))
    for group in outcome.framework.groups:
        shares = [float(scores.coverage[i, scores.column(group.code)]) for i in rows]
        columns.append(_Column(group.code, 6, "share", shares))
    gaps = _Shade("gap", fixed + 1, len(columns) - 1)
    missing = [", ".join(gone) for gone in absent]
    columns.append(_Column(words["missing"], 26, "wrapped", missing))
    return _Page(words["coverage"], columns, fixed, 30, [gaps])


def _treatment_page(outcome: Outcome, lang: Language) -> _Page:
    words, log = _WORDS[lang], treatment_table(outcome)
    names = [outcome.framework.name(code, lang) for code in log["indicator"]]
    columns = [
        _Column(words["code"], 8, "centred", log["indicator"].tolist()),
        _Column(words["indicator"], 46, "name", names),
        _Column(words["form"], 18, "text", [words[form] for form in log["form"]]),
        _Column(words["points"], 9, "rank", log["points"].tolist()),
    ]
    columns += [_Column(words[name], 15, "value", log[name].tolist()) for name in ("low", "high")]
    columns += [
        _Column(words[when], 9, "score", log[f"{what}_{when}"].tolist(), words[what])
        for what in ("skewness", "kurtosis")
        for when in ("before", "after")
    ]
    columns.append(
        _Column(
            words["passes"], 11, "centred", [words["yes" if ok else "no"] for ok in log["passes"]]
        )
    )
    columns += [
        _Column(words[name], 15, "value", log[name].tolist(), words["goalposts"])
        for name in ("worst", "best")
    ]
    points = treated_points_table(outcome)
    return _Page(
        words["treatment"], columns, 2, 32,
        heading=words["changed"] if len(points) else words["unchanged"],
        below=_point_columns(points, outcome, lang) if len(points) else (),
    )  # fmt: skip


def _point_columns(points: pd.DataFrame, outcome: Outcome, lang: Language) -> list[_Column]:
    """What winsorising changed, in the widths of the treatment table above it."""
    words = _WORDS[lang]
    names = [outcome.framework.name(code, lang) for code in points["indicator"]]
    provinces = [outcome.name(code, lang) for code in points["province"]]
    return [
        _Column(words["code"], 8, "centred", points["indicator"].tolist()),
        _Column(words["indicator"], 46, "name", names),
        _Column(words["province"], 18, "text", provinces),
        _Column(words["code"], 9, "centred", points["province"].tolist()),
        _Column(words["before"], 15, "value", points["before"].tolist()),
        _Column(words["after"], 15, "value", points["after"].tolist()),
    ]


def _findings_page(outcome: Outcome, lang: Language) -> _Page:
    words, found = _WORDS[lang], findings_table(outcome.findings, lang)
    cells = [
        "!".join(part for part in (sheet, cell) if part)
        for sheet, cell in zip(found["sheet"], found["cell"], strict=True)
    ]
    names = [
        " ".join(dict.fromkeys((code, outcome.name(code, lang)))) for code in found["province"]
    ]
    columns = [
        _Column(words["severity"], 12, "top", found["severity"].tolist()),
        _Column(words["rule"], 8, "wrapped", found["rule"].tolist()),
        _Column(words["province"], 18, "wrapped", names),
        _Column(words["indicator"], 9, "wrapped", found["indicator"].tolist()),
        _Column(words["file"], 26, "wrapped", found["file"].tolist()),
        _Column(words["cell"], 16, "wrapped", cells),
        *(
            _Column(words[name], 38, "wrapped", found[name].tolist())
            for name in ("there", "expected", "remedy")
        ),
    ]
    return _Page(words["findings"], columns, 0, 20, notes=() if len(found) else (words["clean"],))


def _framework_page(outcome: Outcome, lang: Language) -> _Page:
    words, tree = _WORDS[lang], framework_table(outcome.framework, outcome.method, lang)
    names = [
        "  " * int(depth) + name for depth, name in zip(tree["depth"], tree["name"], strict=True)
    ]
    columns = [
        _Column(words["code"], 9, "text", tree["code"].tolist()),
        _Column(words["name"], 70, "name", names),
        _Column(words["level"], 17, "text", [level_word(level, lang) for level in tree["level"]]),
        _Column(words["unit"], 30, "name", tree["unit"].tolist()),
        _Column(words["direction"], 17, "text",
                [words.get(way, "") for way in tree["direction"]]),
        _Column(words["weight"], 9, "score", tree["weight"].tolist()),
        _Column(words["local"], 12, "weight", tree["local"].tolist()),
        _Column(words["effective"], 14, "weight", tree["effective"].tolist()),
        _Column(words["attested"], 16, "centred", [words[how] for how in tree["attested"]]),
    ]  # fmt: skip
    return _Page(words["framework"], columns, 2, 32)


def _method_page(outcome: Outcome, lang: Language) -> _Page:
    words, method = _WORDS[lang], method_table(outcome, lang)
    columns = [
        _Column(words["choice"], 28, "top", method["choice"].tolist()),
        _Column(words["inwords"], 95, "wrapped", method["rule"].tolist()),
        _Column(words["basis"], 42, "wrapped", method["basis"].tolist()),
    ]
    return _Page(words["method"], columns, 0, 20, assumptions=True)


def _without_label(outcome: Outcome, lang: Language) -> tuple[str, ...]:
    return outcome.caveats(lang)[1 if outcome.framework.label(lang) else 0 :]


# How a sheet is written


def _write_page(
    sheet: Worksheet, page: _Page, outcome: Outcome, lang: Language, looks: Mapping[str, Format]
) -> None:
    for at, column in enumerate(page.columns):
        sheet.set_column(at, at, column.width)
    top = _write_face(sheet, page, outcome, lang, looks)
    head = _write_head(sheet, top, page.columns, page.header_height, looks)
    end = _write_rows(sheet, head + 1, page.columns, looks)
    sheet.autofilter(head, 0, max(end - 1, head), len(page.columns) - 1)
    for shade in page.shades:
        _shade(sheet, head + 1, end - 1, shade, outcome, looks)
    _write_below(sheet, end + 1, page, looks)
    sheet.freeze_panes(head + 1, page.fixed)
    _set_up_print(sheet, page, top, head, outcome, lang)


def _write_face(
    sheet: Worksheet, page: _Page, outcome: Outcome, lang: Language, looks: Mapping[str, Format]
) -> int:
    """Title, label and what this run must say; returns the first free row."""
    framework, words = outcome.framework, _WORDS[lang]
    title = f"{framework.title(lang)} · {page.name}"
    _banner(sheet, 0, page.columns, title, looks["title"], 24)
    said = list(_without_label(outcome, lang))[: -len(framework.assumptions) or None]
    row = 1
    if label := framework.label(lang):
        _banner(sheet, row, page.columns, label, looks["label"], 20)
        row += 1
    if said:
        _banner(sheet, row, page.columns, " ".join(said), looks["caveat"], 15)
        row += 1
    if framework.assumptions and not page.assumptions:
        _banner(sheet, row, page.columns, words["see"], looks["see"], 15)
        row += 1
    return row


def _banner(
    sheet: Worksheet, row: int, columns: Sequence[_Column], text: str, look: Format, line: float
) -> None:
    """A text across the table, high enough for all of its lines."""
    whole = sum(column.width for column in columns)
    last, width = 0, columns[0].width
    while last + 1 < len(columns) and (width < _SCREEN or whole <= _LEGIBLE):
        last += 1
        width += columns[last].width
    if last:
        sheet.merge_range(row, 0, row, last, "", look)
    _put(sheet, row, 0, text, look)
    sheet.set_row(row, line * _lines(text, width))


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in so many characters of width; letters are narrower than digits."""
    return sum(max(1, ceil(len(line) / (1.25 * width))) for line in text.split("\n"))


def _write_head(
    sheet: Worksheet, row: int, columns: Sequence[_Column], height: float,
    looks: Mapping[str, Format],
) -> int:  # fmt: skip
    """Bands, where there are any, and headers; returns the row of the headers."""
    if any(column.band for column in columns):
        _write_bands(sheet, row, columns, looks["band"])
        row += 1
    for at, column in enumerate(columns):
        _put(sheet, row, at, column.header, looks[column.head])
    sheet.set_row(row, height)
    return row


def _write_bands(sheet: Worksheet, row: int, columns: Sequence[_Column], look: Format) -> None:
    """Each band once, across its columns; the code alone where the name would not fit."""
    at, lines = 0, 1
    for band, group in groupby(columns, key=lambda column: column.band):
        members = list(group)
        width = sum(column.width for column in members)
        text = band if _lines(band, width) <= _BAND_LINES else band.split("\n")[0]
        if len(members) > 1:
            sheet.merge_range(row, at, row, at + len(members) - 1, "", look)
        _put(sheet, row, at, text, look)
        lines = max(lines, _lines(text, width))
        at += len(members)
    sheet.set_row(row, 12 * lines + 4)


def _write_rows(
    sheet: Worksheet, row: int, columns: Sequence[_Column], looks: Mapping[str, Format]
) -> int:
    """The values; returns the first free row."""
    for at, column in enumerate(columns):
        for down, value in enumerate(column.values):
            absent = "centred" if column.look in ("rank", "place", "share") else "dash"
            look = looks[absent if _is_missing(value) else column.look]
            _put(sheet, row + down, at, value, look)
    for down, cells in enumerate(zip(*(column.values for column in columns), strict=True)):
        lines = [
            _lines(str(value), column.width)
            for column, value in zip(columns, cells, strict=True)
            if column.look in _WRAPPED
        ]
        # Said outright: not every program makes room for wrapped text by itself.
        sheet.set_row(row + down, 13.5 * max(lines, default=1) + 1.5)
    return row + len(columns[0].values)


def _is_missing(value: object) -> bool:
    return value is pd.NA or (isinstance(value, float) and isnan(value))


class _Judged(float):
    """A float written with the 15 digits by which a spreadsheet and `printed` judge a figure.

    With more, some programs would show a figure such as 49.364999999999995 as 49.36, others as
    49.37; tables/*.csv hold every digit.
    """

    def __format__(self, spec: str) -> str:
        return f"{float(self):.15g}"


def _put(sheet: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    """One cell: text as text whatever it begins with, a number as it is, a dash for none."""
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
        sheet.write_string(row, column, text, look)
    elif _is_missing(value):
        sheet.write_string(row, column, NOT_PUBLISHED, look)
    else:
        sheet.write_number(row, column, _Judged(value), look)  # type: ignore[arg-type]


def _write_below(sheet: Worksheet, row: int, page: _Page, looks: Mapping[str, Format]) -> None:
    if page.heading:
        _put(sheet, row, 0, page.heading, looks["heading"])
        row += 1
    if page.below:
        row = 1 + _write_rows(
            sheet, 1 + _write_head(sheet, row, page.below, 20, looks), page.below, looks
        )
    for note in page.notes:
        _banner(sheet, row, page.columns, note, looks["note"], 14)
        row += 1


def _shade(
    sheet: Worksheet, first: int, last: int, shade: _Shade, outcome: Outcome,
    looks: Mapping[str, Format],
) -> None:  # fmt: skip
    if last < first or shade.last < shade.first:
        return
    area = (first, shade.first, last, shade.last)
    if shade.kind == "gap":
        sheet.conditional_format(
            *area, {"type": "cell", "criteria": "<", "value": 1, "format": looks["gap"]}
        )
        return
    ends: dict[str, object] = {}
    if outcome.method.normalisation.rule == "min-max":
        low, high = outcome.method.normalisation.scale
        ends = {"min_type": "num", "max_type": "num", "min_value": low, "max_value": high}
    if shade.kind == "bar":
        look = {"type": "data_bar", "bar_color": _BAR, "bar_solid": True, "bar_border_color": _BAR}
    else:
        look = {"type": "2_color_scale", "min_color": "#ffffff", "max_color": _DEEP}
    sheet.conditional_format(*area, {**look, **ends})


def _set_up_print(
    sheet: Worksheet, page: _Page, top: int, head: int, outcome: Outcome, lang: Language
) -> None:
    """A4 across, as few pages wide as can be read, headers and label on each page."""
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.repeat_rows(top, head)
    fixed = sum(column.width for column in page.columns[: page.fixed])
    rest = sum(column.width for column in page.columns[page.fixed :])
    if page.fixed:
        sheet.repeat_columns(0, page.fixed - 1)
    sheet.fit_to_pages(ceil(rest / (_LEGIBLE - fixed)), 0)
    framework = outcome.framework
    # & starts a code in a page header; the space keeps a digit from being read as a font size.
    label = (framework.label(lang) or "").replace("&", "&&")[:200]
    title = framework.title(lang).replace("&", "&&")[:100]
    name = page.name.replace("&", "&&")
    sheet.set_header(f'&C&"Calibri,Bold" {label}' if label else "")
    sheet.set_footer(f"&L {title}&C {name}&R{_WORDS[lang]['page']} &P/&N")

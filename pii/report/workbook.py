"""The results as one Excel workbook for people, with label and caveats on the face of each sheet.

Here is which sheets there are and what stands on each; how a sheet is written is in
`pii.report.sheet`. Cells hold 15 digits under a format of two decimals, so that a spreadsheet
shows what `pii.report.numbers` prints; full precision is in tables/*.csv. No cell is a formula,
whatever a text begins with.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from math import isnan

import pandas as pd
import xlsxwriter

from pii.framework import Group, Indicator, Language
from pii.pipeline import Outcome
from pii.report.quality import quality_table
from pii.report.sheet import Column, Face, Page, Shade, formats, write_page
from pii.report.tables import (
    findings_table,
    framework_table,
    group_ranks_table,
    league_order,
    league_table,
    strengths_table,
    treated_points_table,
    treatment_table,
    upper_groups,
)
from pii.report.words import level_word, method_table
from pii.rules import Word

# Any fixed day: the time of the run stands in run.json, and equal results must be equal bytes.
CREATED = datetime(2025, 1, 1)
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

# Vietnamese, English
_TEXTS: Mapping[str, tuple[str, str]] = {
    "league": ("Xếp hạng", "League table"),
    "pillars": ("Điểm trụ cột", "Pillar scores"),
    "subpillars": ("Điểm nhóm chỉ số", "Sub-pillar scores"),
    "indicators": ("Điểm chỉ số", "Indicator scores"),
    "sides": ("Điểm mạnh, điểm yếu", "Strengths, weaknesses"),
    "strength": ("Điểm mạnh (hạng)", "Strengths (rank)"),
    "weakness": ("Điểm yếu (hạng)", "Weaknesses (rank)"),
    "sided": (
        "Theo quy tắc của phương pháp, xem “Phương pháp & giả định”; đủ chữ số: "
        "tables/strengths.csv.",
        "By the method's rule, see “Method & assumptions”; every digit: tables/strengths.csv.",
    ),
    "coverage": ("Độ phủ", "Coverage"),
    "treatment": ("Xử lý ngoại lai", "Treatment log"),
    "findings": ("Kết quả kiểm tra", "Findings"),
    "quality": ("Chất lượng số liệu", "Data quality"),
    "demands": ("Chất lượng số liệu (0–100)", "Quality of the data (0–100)"),
    "weighed": (
        "100 × (1 − Σw/n): tỷ lệ ô không có phát hiện; mỗi ô tính phát hiện nặng nhất: lỗi 1, "
        "cảnh báo ½, ghi chú 0; ô không có số liệu tính 1 ở “đủ”. Không phải điểm PII.",
        "100 × (1 − Σw/n): the share of cells without findings; of a cell the worst one counts: "
        "error 1, warning ½, note 0; no figure counts 1 under “complete”. Not a PII score.",
    ),
    "framework": ("Khung chỉ số", "Framework"),
    "method": ("Phương pháp & giả định", "Method & assumptions"),
    "rank": ("Hạng", "Rank"),
    "within": ("Hạng trong nhóm", "Rank in its group"),
    "score": ("Điểm", "Score"),
    "code": ("Mã", "Code"),
    "province": ("Tỉnh, thành phố", "Province"),
    "ranked": ("Đơn vị", "Ranked unit"),
    "dash": (
        "“–”: không công bố vì thiếu số liệu; không phải là 0.",
        "“–”: not published for lack of data; it is not zero.",
    ),
    "see": (
        "Các giả định: xem trang “Phương pháp & giả định”.",
        "Assumptions: see the sheet “Method & assumptions”.",
    ),
    "decimals": (
        "Ô hiện hai chữ số thập phân nhưng giữ số chưa làm tròn; xếp hạng trên số đó.",
        "Cells show two decimals but hold unrounded scores, and ranks are on those.",
    ),
    "present": ("Có số liệu", "With data"),
    "missing": ("Chỉ số thiếu", "Missing indicators"),
    "name": ("Tên", "Name"),
    "indicator": ("Chỉ số", "Indicator"),
    "form": ("Cách xử lý", "Treatment"),
    "none": ("giữ nguyên", "as it is"),
    "winsorised": ("kéo về", "winsorised"),
    "log": ("logarit", "logarithm"),
    "log_gii": ("logarit của GII", "GII's logarithm"),
    "log_ct": ("logarit của COINr", "COINr's logarithm"),
    "boxcox": ("Box–Cox", "Box–Cox"),
    "boxcox_shifted": ("Box–Cox dời gốc", "shifted Box–Cox"),
    "sqrt": ("căn bậc hai", "square root"),
    "points": ("Số điểm kéo về", "Values winsorised"),
    "low": ("Thấp nhất (sau kéo về)", "Lowest (after capping)"),
    "high": ("Cao nhất (sau kéo về)", "Highest (after capping)"),
    "skewness": ("Độ lệch", "Skewness"),
    "kurtosis": ("Độ nhọn", "Kurtosis"),
    "before": ("trước", "before"),
    "after": ("sau", "after"),
    "passes": ("Đạt ngưỡng", "Within limits"),
    "yes": ("đạt", "yes"),
    "no": ("KHÔNG ĐẠT", "NO"),
    "goalposts": ("Mốc điểm", "Goalposts"),
    "worst": ("kém nhất", "worst"),
    "best": ("tốt nhất", "best"),
    "changed": ("Từng giá trị đã được kéo về", "Every value that was winsorised"),
    "unchanged": ("Không có giá trị nào bị kéo về.", "No value was winsorised."),
    "clean": ("Không có phát hiện nào.", "There are no findings."),
    "rule": ("Quy tắc", "Rule"),
    "severity": ("Mức", "Severity"),
    "file": ("Tệp", "File"),
    "cell": ("Ô", "Cell"),
    "there": ("Hiện có", "What is there"),
    "expected": ("Cần có", "Expected"),
    "remedy": ("Cách sửa", "What to do"),
    "choice": ("Lựa chọn", "Choice"),
    "inwords": ("Nội dung", "In words"),
    "basis": ("Căn cứ", "Basis"),
    "level": ("Cấp", "Level"),
    "unit": ("Đơn vị", "Unit"),
    "direction": ("Chiều", "Direction"),
    "higher": ("càng cao càng tốt", "higher is better"),
    "lower": ("càng thấp càng tốt", "lower is better"),
    "attested": ("Tên được xác nhận", "Name attested"),
    "verified": ("có nguồn", "verified"),
    "paraphrase": ("diễn đạt lại", "paraphrase"),
    "unattested": ("CHƯA CÓ NGUỒN", "UNATTESTED"),
    "weight": ("Trọng số", "Weight"),
    "local": ("Tỷ trọng trong nhóm", "Share among siblings"),
    "effective": ("Tỷ trọng trong chỉ số tổng hợp", "Share of the index"),
    "caveats": ("Cần biết khi đọc kết quả", "To know when reading these results"),
    "page": ("Trang", "Page"),
}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {key: vi for key, (vi, _) in _TEXTS.items()},
    "en": {key: en for key, (_, en) in _TEXTS.items()},
}


def results_workbook(outcome: Outcome, lang: Language, *, footnotes: Sequence[str] = ()) -> bytes:
    """The workbook as bytes; equal outcomes give equal bytes.

    Sheets: league table, pillar, sub-pillar and indicator scores, strengths and weaknesses,
    coverage, treatment log, findings, data quality, framework with weights, method and
    assumptions. A sheet for what the framework or the method does not have is left out.
    `footnotes` stand under the league table.
    """
    buffer = BytesIO()
    face, caveats = face_of(outcome, lang), outcome.caveats(lang)
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": face.title, "comments": caveats[0] if caveats else "",
                             "created": CREATED})  # fmt: skip
        looks = formats(book)
        for page in _pages(outcome, lang, footnotes):
            write_page(book.add_worksheet(page.name), page, face, looks)
    return buffer.getvalue()


def _pages(outcome: Outcome, lang: Language, footnotes: Sequence[str]) -> Iterable[Page]:
    framework = outcome.framework
    upper = upper_groups(framework)
    lower = tuple(group for group in framework.groups if group not in upper)
    yield _league_page(outcome, lang, footnotes)
    if len(upper) > 1:
        yield _pillar_page(outcome, lang, upper[1:])
    if lower:
        yield _level_page(outcome, lang, "subpillars", lower)
    yield _level_page(outcome, lang, "indicators", framework.indicators)
    if outcome.method.strengths.rule != "none":
        yield _sides_page(outcome, lang)
    yield _coverage_page(outcome, lang)
    yield _treatment_page(outcome, lang)
    yield _findings_page(outcome, lang)
    yield _quality_page(outcome, lang)
    yield _framework_page(outcome, lang)
    yield _method_page(outcome, lang)


# What stands on every sheet


def face_of(outcome: Outcome, lang: Language) -> Face:
    """Title, label and caveats of a run, as every sheet says them."""
    framework, words = outcome.framework, _WORDS[lang]
    normalisation = outcome.method.normalisation
    # The assumptions are the last of the caveats; they have a sheet of their own.
    said = _without_label(outcome, lang)[: -len(framework.assumptions) or None]
    return Face(
        title=framework.title(lang),
        label=framework.label(lang) or "",
        said=" ".join(said),
        see=words["see"] if framework.assumptions else "",
        page=words["page"],
        scale=normalisation.scale if normalisation.rule == "min-max" else None,
    )


def _without_label(outcome: Outcome, lang: Language) -> tuple[str, ...]:
    return outcome.caveats(lang)[1 if outcome.framework.label(lang) else 0 :]


# Columns that several sheets have


def who(outcome: Outcome, lang: Language) -> list[Column]:
    """Rank, code and name; the name alone where there is no list of provinces."""
    words, league = _WORDS[lang], league_table(outcome, lang)
    names = league["name"].tolist()
    rank = _column(league, "rank", lang, 6, "rank")
    if outcome.provinces is None:
        return [rank, Column(words["ranked"], _fitted(names, 12, 32), "strong", names)]
    return [
        rank,
        _column(league, "code", lang, 7, "centred"),
        Column(words["province"], _fitted(names, 16, 32), "strong", names),
    ]


def _fitted(texts: Iterable[str], least: float, most: float) -> float:
    return min(max([least, *(len(text) * 1.1 + 1 for text in texts)]), most)


def _measured(codes: Sequence[str], outcome: Outcome, lang: Language) -> list[Column]:
    """Code and name of indicators."""
    names = [outcome.framework.name(code, lang) for code in codes]
    return [
        Column(_WORDS[lang]["code"], 8, "centred", codes),
        Column(_WORDS[lang]["indicator"], 46, "name", names),
    ]


def _column(
    frame: pd.DataFrame, name: str, lang: Language, width: float, look: str, band: str = ""
) -> Column:
    """A column of a frame, as it is, under the word of the same name."""
    return Column(_WORDS[lang][name], width, look, frame[name].tolist(), band)


def _scores(outcome: Outcome, node: str) -> list[float]:
    scores = outcome.scores
    return [float(scores.score[i, scores.column(node)]) for i in league_order(outcome)]


def _titled(outcome: Outcome, node: str, lang: Language) -> str:
    return f"{node}\n{outcome.framework.name(node, lang)}"


# The sheets, in their order


def _league_page(outcome: Outcome, lang: Language, footnotes: Sequence[str]) -> Page:
    words, columns = _WORDS[lang], who(outcome, lang)
    fixed = len(columns)
    for group in upper_groups(outcome.framework):
        width, look = (16, "index") if group.code == outcome.framework.index else (12.5, "score")
        title = _titled(outcome, group.code, lang)
        columns.append(Column(title, width, look, _scores(outcome, group.code)))
    shades = [Shade("bar", fixed, fixed), Shade("scale", fixed + 1, len(columns) - 1)]
    if variable := outcome.method.ties.within:
        ranks = group_ranks_table(outcome).loc[list(league_order(outcome))]
        named = {one.code: one.name(lang) for one in outcome.framework.variables}
        columns += [
            Column(named[variable], 16, "text", ranks["group"].tolist()),
            Column(words["within"], 10, "place", ranks["rank"].tolist()),
        ]
    notes = (*footnotes, words["dash"], words["decimals"], *_without_label(outcome, lang))
    return Page(words["league"], columns, fixed, 64, shades, notes=notes, heading=words["caveats"])


def _pillar_page(outcome: Outcome, lang: Language, groups: Sequence[Group]) -> Page:
    words, scores, rows = _WORDS[lang], outcome.scores, league_order(outcome)
    columns = who(outcome, lang)
    fixed = len(columns)
    for group in groups:
        ranks = [float(scores.rank[i, scores.column(group.code)]) for i in rows]
        band = _titled(outcome, group.code, lang)
        columns += [
            Column(words["score"], 8.5, "score", _scores(outcome, group.code), band),
            Column(words["rank"], 6.5, "place", ranks, band),
        ]
    shades = [Shade("scale", at, at) for at in range(fixed, len(columns), 2)]
    return Page(words["pillars"], columns, fixed, 18, shades, notes=(words["dash"],))


def _level_page(
    outcome: Outcome, lang: Language, name: str, nodes: Sequence[Group] | Sequence[Indicator]
) -> Page:
    """Scores under the bands of their parents; names of indicators are written upright."""
    words, columns, upright = _WORDS[lang], who(outcome, lang), name == "indicators"
    fixed = len(columns)
    width, height, head = (7, 150, "upright") if upright else (11, 76, "head")
    for node in nodes:
        title, band = (_titled(outcome, code, lang) for code in (node.code, node.parent or ""))
        header = title.replace("\n", " ", 1) if upright else title
        columns.append(Column(header, width, "score", _scores(outcome, node.code), band, head))
    shades = [Shade("scale", fixed, len(columns) - 1)]
    return Page(words[name], columns, fixed, height, shades, notes=(words["dash"],))


def _sides_page(outcome: Outcome, lang: Language) -> Page:
    words, table, columns = _WORDS[lang], strengths_table(outcome), who(outcome, lang)
    told: dict[tuple[str, str], list[str]] = {}
    for province, code, side, _, rank in table.itertuples(index=False):
        line = f"{code} {outcome.framework.name(code, lang)} ({rank:g})"
        told.setdefault((province, side), []).append(line)
    for side in ("strength", "weakness"):
        whose = (outcome.scores.provinces[i] for i in league_order(outcome))
        cells = ["\n".join(told.get((province, side), ())) for province in whose]
        columns.append(Column(words[side], 60, "wrapped", cells))
    return Page(words["sides"], columns, len(columns) - 2, 20, notes=(words["sided"],))


def _coverage_page(outcome: Outcome, lang: Language) -> Page:
    words, scores, codes = _WORDS[lang], outcome.scores, outcome.framework.codes
    rows = league_order(outcome)
    absent = [
        [code for code, x in zip(codes, scores.normalised[i], strict=True) if isnan(x)]
        for i in rows
    ]
    present = [f"{len(codes) - len(gone)}/{len(codes)}" for gone in absent]
    columns = who(outcome, lang)
    fixed = len(columns)
    columns.append(Column(words["present"], 10, "centred", present))
    for group in outcome.framework.groups:
        shares = [float(scores.coverage[i, scores.column(group.code)]) for i in rows]
        columns.append(Column(group.code, 6, "share", shares))
    gaps = Shade("gap", fixed + 1, len(columns) - 1)
    missing = [", ".join(gone) for gone in absent]
    columns.append(Column(words["missing"], 26, "wrapped", missing))
    return Page(words["coverage"], columns, fixed, 30, [gaps])


def _treatment_page(outcome: Outcome, lang: Language) -> Page:
    words, log = _WORDS[lang], treatment_table(outcome)
    passes = [words["yes" if ok else "no"] for ok in log["passes"]]
    columns = [
        *_measured(log["indicator"].tolist(), outcome, lang),
        Column(words["form"], 18, "text", [words[form] for form in log["form"]]),
        _column(log, "points", lang, 9, "rank"),
        *(_column(log, name, lang, 15, "value") for name in ("low", "high")),
        *(
            Column(words[when], 9, "score", log[f"{what}_{when}"].tolist(), words[what])
            for what in ("skewness", "kurtosis")
            for when in ("before", "after")
        ),
        Column(words["passes"], 11, "centred", passes),
        *(_column(log, name, lang, 15, "value", words["goalposts"]) for name in ("worst", "best")),
    ]
    below = _point_columns(outcome, lang)
    heading = words["changed" if below else "unchanged"]
    return Page(words["treatment"], columns, 2, 32, heading=heading, below=below)


def _point_columns(outcome: Outcome, lang: Language) -> list[Column]:
    """What winsorising changed, in the widths of the treatment table above it; none for nothing."""
    words, points = _WORDS[lang], treated_points_table(outcome)
    if points.empty:
        return []
    codes = points["province"].tolist()
    return [
        *_measured(points["indicator"].tolist(), outcome, lang),
        Column(words["province"], 18, "text", [outcome.name(code, lang) for code in codes]),
        Column(words["code"], 9, "centred", codes),
        *(_column(points, name, lang, 15, "value") for name in ("before", "after")),
    ]


def _findings_page(outcome: Outcome, lang: Language) -> Page:
    words, found = _WORDS[lang], findings_table(outcome.findings, lang)
    cells = [
        "!".join(part for part in (sheet, cell) if part)
        for sheet, cell in zip(found["sheet"], found["cell"], strict=True)
    ]
    names = [
        " ".join(dict.fromkeys((code, outcome.name(code, lang)))) for code in found["province"]
    ]
    columns = [
        _column(found, "severity", lang, 12, "top"),
        _column(found, "rule", lang, 8, "wrapped"),
        Column(words["province"], 18, "wrapped", names),
        _column(found, "indicator", lang, 9, "wrapped"),
        _column(found, "file", lang, 26, "wrapped"),
        Column(words["cell"], 16, "wrapped", cells),
        *(_column(found, name, lang, 38, "wrapped") for name in ("there", "expected", "remedy")),
    ]
    return Page(words["findings"], columns, 0, 20, notes=() if len(found) else (words["clean"],))


def _quality_page(outcome: Outcome, lang: Language) -> Page:
    words, table = _WORDS[lang], quality_table(outcome)
    codes = table["province"].tolist()
    columns = [
        Column(words["code"], 7, "centred", codes),
        Column(words["province"], 26, "strong", [outcome.name(code, lang) for code in codes]),
        *(
            Column(word.name_in(lang), 12, "score", table[word.value].tolist(), words["demands"])
            for word in Word
        ),
    ]
    shades = [Shade("scale", 2, len(columns) - 1)]
    return Page(words["quality"], columns, 2, 32, shades, notes=(words["weighed"],))


def _framework_page(outcome: Outcome, lang: Language) -> Page:
    words, tree = _WORDS[lang], framework_table(outcome.framework, outcome.as_weighted, lang)
    names = [
        "  " * int(depth) + name for depth, name in zip(tree["depth"], tree["name"], strict=True)
    ]
    levels = [level_word(level, lang) for level in tree["level"]]
    columns = [
        _column(tree, "code", lang, 9, "text"),
        Column(words["name"], 70, "name", names),
        Column(words["level"], 17, "text", levels),
        _column(tree, "unit", lang, 30, "name"),
        Column(words["direction"], 17, "text", [words.get(way, "") for way in tree["direction"]]),
        _column(tree, "weight", lang, 9, "score"),
        _column(tree, "local", lang, 12, "weight"),
        _column(tree, "effective", lang, 14, "weight"),
        Column(words["attested"], 16, "centred", [words[how] for how in tree["attested"]]),
    ]
    return Page(words["framework"], columns, 2, 32)


def _method_page(outcome: Outcome, lang: Language) -> Page:
    words, method = _WORDS[lang], method_table(outcome, lang)
    columns = [
        _column(method, "choice", lang, 28, "top"),
        Column(words["inwords"], 95, "wrapped", method["rule"].tolist()),
        _column(method, "basis", lang, 42, "wrapped"),
    ]
    return Page(words["method"], columns, 0, 20, assumptions=True)

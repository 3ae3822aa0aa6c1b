"""The annex of an action plan: an editable table of all indicators, as docx and as xlsx.

The layout is that of the plans that provinces issue after a publication: value, score, rank, gaps,
target, lead unit, deadline, remark. What the province decides stays open: target values are filled
in only from an answer of `pii target`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from math import isnan
from typing import TYPE_CHECKING, Any

from pii.framework import Language
from pii.intake.looks import height
from pii.preview.estimate import Preview, Row
from pii.preview.sides import Side, sides
from pii.report.changes import figure, outward
from pii.report.numbers import printed
from pii.report.terminal import best_word, indicative, ranked, signed, titled, upper
from pii.target import Answer

if TYPE_CHECKING:
    from docx.document import Document

_HEADS: Mapping[Language, tuple[str, ...]] = {
    "vi": (
        "Mã", "Chỉ số", "Đơn vị tính", "Giá trị", "Điểm", "Hạng", "So với trung bình",
        "", "Mục tiêu", "Đơn vị chủ trì", "Thời hạn", "Ghi chú",
    ),
    "en": (
        "Code", "Indicator", "Unit", "Value", "Score", "Rank", "Against the mean",
        "", "Target", "Lead unit", "Deadline", "Remark",
    ),
}  # fmt: skip
WIDTHS_CM = (1.3, 4.8, 2.5, 1.6, 1.5, 2.0, 1.8, 1.8, 1.6, 2.7, 1.9, 2.8)
FIGURES = range(3, 9)
"""The columns whose texts are figures, from value to target."""
WIDTHS = (8, 44, 20, 12, 9, 9, 12, 12, 12, 24, 16, 28)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the table: a pillar's heading, or an indicator's twelve cells."""

    heading: bool
    cells: tuple[str, ...]


def _heads(preview: Preview, lang: Language) -> tuple[str, ...]:
    best = best_word(preview.reference, lang).lower()
    told = f"So với {best}" if lang == "vi" else f"Against the {best}"
    return tuple(head or told for head in _HEADS[lang])


def _lines(preview: Preview, answer: Answer | None, lang: Language) -> Iterator[_Line]:
    framework = preview.reference.framework
    targets = {step.code: outward(step.value, step.was) for step in answer.steps} if answer else {}
    pillars = {group.code for group in upper(preview)}
    above = {code for group in pillars for code in framework.ancestors(group)}
    for code in framework.top_down:
        if code in pillars - above:
            yield _Line(True, _group(preview, code, lang))
        elif code in framework.codes:
            row = preview.rows[framework.codes.index(code)]
            yield _Line(False, _indicator(preview, row, targets.get(code), lang))


def _group(preview: Preview, code: str, lang: Language) -> tuple[str, ...]:
    one, name = preview.standing(code), preview.reference.framework.name(code, lang)
    gaps = signed(one.above_mean, 2, lang), signed(-one.below_best, 2, lang)
    place, score = ranked(preview, code, lang), printed(one.score, 2, lang)
    return (code, name, "", "", score, place, *gaps, "", "", "", "")


def _indicator(preview: Preview, row: Row, target: float | None, lang: Language) -> tuple[str, ...]:
    indicator, one = row.indicator, preview.standing(row.indicator.code)
    own = indicator.supplier == "province"
    vi = lang == "vi"
    remark = "" if own else ("số liệu của trung ương" if vi else "a central agency's figure")
    return (
        indicator.code,
        indicator.name(lang),
        indicator.unit(lang),
        figure(row.value, lang),
        printed(row.score, 2, lang),
        ranked(preview, indicator.code, lang),
        signed(one.above_mean, 2, lang),
        signed(-one.below_best, 2, lang),
        "" if target is None or isnan(target) else figure(target, lang),
        "",
        "",
        remark,
    )


def _head(preview: Preview, lang: Language) -> Iterator[str]:
    vi, framework = lang == "vi", preview.reference.framework
    index = preview.standing(framework.index)
    yield (
        f"{framework.title(lang)}; lần tính dùng để so sánh: “{preview.reference.run}”."
        if vi
        else f"{framework.title(lang)}; compared with the run “{preview.reference.run}”."
    )
    score, place = printed(index.score, 2, lang), ranked(preview, framework.index, lang)
    yield (
        f"Điểm chỉ số tổng hợp: {score}; hạng sẽ có: {place}."
        if vi
        else f"Score of the index: {score}; rank it would have: {place}."
    )
    strong, weak = sides(preview)
    for words, found in (
        ("Điểm mạnh" if vi else "Strengths", strong),
        ("Điểm yếu" if vi else "Weaknesses", weak),
    ):
        yield f"{words}: {'; '.join(_named(side, preview, lang) for side in found) or '–'}."
    yield indicative(preview, lang)


def _named(side: Side, preview: Preview, lang: Language) -> str:
    indicator = side.row.indicator
    place = ranked(preview, indicator.code, lang)
    word = "hạng" if lang == "vi" else "rank"
    return f"{indicator.code} {indicator.name(lang)} ({word} {place})"


def _title(preview: Preview, lang: Language) -> tuple[str, str]:
    what = "PHỤ LỤC KẾ HOẠCH HÀNH ĐỘNG" if lang == "vi" else "ANNEX: ACTION PLAN"
    return what, titled(preview, lang)


def plan_docx(preview: Preview, answer: Answer | None, lang: Language) -> bytes:
    """The annex as a Word document, A4 landscape; every cell can be edited."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(1.5))
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(11)
    for text in _title(preview, lang):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(text)
        run.bold, run.font.size = True, Pt(14)
    if label := preview.reference.framework.label(lang):
        document.add_paragraph().add_run(label).bold = True
    for text in _head(preview, lang):
        document.add_paragraph(text)
    _table(document, [_Line(True, _heads(preview, lang)), *_lines(preview, answer, lang)])
    out = BytesIO()
    document.core_properties.title = " – ".join(_title(preview, lang))
    document.core_properties.author = ""
    document.save(out)
    return out.getvalue()


def _table(document: "Document", lines: list[_Line]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    table = document.add_table(rows=len(lines), cols=len(WIDTHS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS_CM, strict=True):
        column.width = Cm(width)
    rows: list[Any] = list(table.rows)  # asked once: python-docx finds cells anew every time
    for row, line in zip(rows, lines, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = zip(row.cells, line.cells, WIDTHS_CM, strict=True)
        for column, (cell, text, width) in enumerate(cells):
            cell.width = Cm(width)
            if column in FIGURES:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = cell.paragraphs[0].add_run(text)
            run.bold, run.font.size = line.heading, Pt(9)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    rows[0]._tr.get_or_add_trPr().append(repeat)


def plan_xlsx(preview: Preview, answer: Answer | None, lang: Language) -> bytes:
    """The annex as a workbook; texts are texts, whatever they begin with."""
    from xlsxwriter import Workbook
    from xlsxwriter.utility import xl_rowcol_to_cell

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet("Kế hoạch" if lang == "vi" else "Plan")
        page = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
        wrapped = {**page, "text_wrap": True}
        cell = book.add_format({**wrapped, "border": 1})
        strong = {"bold": True, "bg_color": "#eef0f4"}
        bold = book.add_format({**wrapped, "border": 1, **strong})
        right = book.add_format({**wrapped, "border": 1, "align": "right"})
        bold_right = book.add_format({**wrapped, "border": 1, **strong, "align": "right"})
        title = book.add_format({**page, "bold": True, "font_size": 14})
        plain = book.add_format(wrapped)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        last = len(WIDTHS) - 1
        at = 0
        label = preview.reference.framework.label(lang)
        for text in (*_title(preview, lang), *([label] if label else ())):
            sheet.write_string(at, 0, text, title)
            at += 1
        for text in _head(preview, lang):
            sheet.merge_range(at, 0, at, last, "", plain)
            sheet.write_string(at, 0, text, plain)
            sheet.set_row(at, 15.5 * (1 + len(text) // 190))
            at += 1
        head = at + 1
        for row, line in enumerate(
            [_Line(True, _heads(preview, lang)), *_lines(preview, answer, lang)], head
        ):
            for column, text in enumerate(line.cells):
                looks = (bold, bold_right) if line.heading else (cell, right)
                sheet.write_string(row, column, text, looks[column in FIGURES])
            texts = zip(line.cells, WIDTHS, strict=True)
            sheet.set_row(row, max(height([(text, 12)], width) for text, width in texts))
        figures = f"{xl_rowcol_to_cell(head + 1, FIGURES[0])}:"
        figures += xl_rowcol_to_cell(row, FIGURES[-1])
        sheet.ignore_errors({"number_stored_as_text": figures})
        sheet.freeze_panes(head + 1, 2)
        sheet.repeat_rows(head)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return out.getvalue()

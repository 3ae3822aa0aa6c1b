"""A letter to each province that has something to correct, ready to be completed and printed.

The layout is that of Decree 30/2020/NĐ-CP for an official letter (công văn), on A4, in Vietnamese
only. Whatever the program cannot know (agencies, numbers, dates, people) stands in square
brackets or as dots: nobody's name is assumed.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from pii.findings import Finding, Severity
from pii.framework import Framework
from pii.provinces import Province
from pii.report.annotate import NOT_THEIRS
from pii.report.ooxml import opened, packed
from pii.texts import plain

_CENTRE, _LEFT, _BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_HEADS = ("STT", "Chỉ số", "Ô", "Hiện trạng", "Yêu cầu", "Cách xử lý")
_WIDTHS = (1.35, 1.4, 1.5, 4.15, 3.6, 4.7)
_SECTIONS = {
    Severity.ERROR: "Lỗi phải sửa",
    Severity.WARNING: "Nội dung cần kiểm tra lại hoặc giải trình",
}
_ABSENT = "P104"


def concerned(
    findings: Sequence[Finding], files: Mapping[str, str]
) -> Mapping[str, Sequence[Finding]]:
    """By province, what a letter must ask of it; provinces without such are not there.

    files : the province of each file that holds one province only
    """
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        province = finding.province or files.get(finding.place.file, "")
        if province and finding.severity in _SECTIONS and finding.rule not in NOT_THEIRS:
            found.setdefault(province, []).append(finding)
    return dict(sorted(found.items()))


def correction_letter(
    framework: Framework, province: Province | None, code: str, findings: Sequence[Finding]
) -> bytes:
    """The letter to one province as .docx; equal inputs give equal bytes.

    findings : those that `concerned` gives for it; never empty
    """
    whom = _addressed(province, code)
    absent = any(finding.rule == _ABSENT for finding in findings)
    book = Document()
    _set_page(book)
    book.core_properties.title = f"Đề nghị hoàn thiện số liệu – {plain(whom)}"
    book.core_properties.author = ""
    if framework.label_vi:
        _line(book, framework.label_vi, size=12, bold=True, align=_CENTRE, after=6, red=True)
    _head(book, framework)
    _line(book, f"Kính gửi: {whom}", size=14, align=_CENTRE, before=14, after=12)
    for text in _opening(framework, findings, absent):
        _body(book, text)
    if not absent:
        _faults(book, findings)
    for text in _closing(absent):
        _body(book, text)
    _foot(book)
    file = BytesIO()
    book.save(file)
    return packed(opened(file.getvalue()))


def _addressed(province: Province | None, code: str) -> str:
    """The people's committee of the province, under its full name where the list has it."""
    if province is None:
        return plain(code)[:120]
    for kind in ("Thành phố ", "Tỉnh "):
        for name in province.aliases:
            if name.startswith(kind):
                return f"Ủy ban nhân dân {kind.lower()}{name.removeprefix(kind)}"
    return f"Ủy ban nhân dân {province.name_vi}"


def _opening(framework: Framework, findings: Sequence[Finding], absent: bool) -> Sequence[str]:
    title = framework.title_vi
    if absent:
        return (
            f"Để phục vụ việc tính toán {title} (kỳ {framework.id}), [TÊN CƠ QUAN BAN HÀNH] đã gửi "
            "biểu mẫu thu thập số liệu tới các tỉnh, thành phố. Đến nay, [tên cơ quan ban hành] "
            "chưa nhận được biểu mẫu đã điền của Quý cơ quan.",
        )
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    files = ", ".join(dict.fromkeys(f"“{plain(f.place.file)}”" for f in findings if f.place.file))
    asked = [f"{errors} lỗi phải sửa"] if errors else []
    if len(findings) > errors:
        asked.append(f"{len(findings) - errors} nội dung cần kiểm tra lại hoặc giải trình")
    return (
        f"Qua kiểm tra tệp số liệu {files} do Quý cơ quan gửi để phục vụ việc tính toán {title} "
        f"(kỳ {framework.id}), [TÊN CƠ QUAN BAN HÀNH] nhận thấy còn {' và '.join(asked)}, "
        "cụ thể như sau:",
    )


def _closing(absent: bool) -> Sequence[str]:
    send = "[địa chỉ, hình thức nhận] trước ngày …… tháng …… năm ……"
    contact = (
        "Trong quá trình thực hiện, nếu có vướng mắc, đề nghị liên hệ [đầu mối, điện thoại, thư "
        "điện tử].",
        "Trân trọng./.",
    )
    if absent:
        return (
            f"Đề nghị Quý cơ quan hoàn thiện biểu mẫu và gửi về {send}. Địa phương chưa nộp thì "
            "chưa được tính và xếp hạng trong kỳ này.",
            *contact,
        )
    return (
        "Đề nghị Quý cơ quan chỉ đạo rà soát, sửa trực tiếp tại các ô nêu trên trong tệp Excel đã "
        "gửi (không tạo tệp mới, không sửa các ô khóa), bổ sung minh chứng và giải thích vào cột "
        f"“Ghi chú” khi cần, rồi gửi lại về {send}.",
        "Bài nộp còn lỗi thì chưa được tính chính thức. Ô không có số liệu để trống và nêu lý do ở "
        "cột “Ghi chú”, không ghi số 0.",
        *contact,
    )


# -------------------------------------------------------------------------------- layout ------


def _set_page(book: Any) -> None:
    section = book.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(2.8), Cm(1.5)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = _CENTRE
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = number.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
    style = book.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(0)


def _line(
    where: Any,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = _LEFT,
    before: float = 0,
    after: float = 0,
    ruled: bool = False,
    red: bool = False,
) -> None:
    """A paragraph; `ruled`: with the short line that stands under names of agencies."""
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if red:
        run.font.color.rgb = RGBColor(0xB5, 0x12, 0x1B)
    if ruled:
        rule = where.add_paragraph()
        rule.alignment = _CENTRE
        rule.paragraph_format.line_spacing = Pt(6)
        drawn = rule.add_run("\u2003" * (12 if size > 12 else 5))
        drawn.font.size, drawn.underline = Pt(6), True


def _body(book: Any, text: str) -> None:
    paragraph = book.add_paragraph(text)
    paragraph.alignment = _BOTH
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_after, form.line_spacing = Cm(1.27), Pt(6), 1.1


def _columns(book: Any, widths: Sequence[float]) -> Sequence[Any]:
    """Cells side by side without borders, each with no paragraph of its own."""
    table = book.add_table(rows=1, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _mark(table.rows[0], "w:cantSplit")
    for cell, column, width in zip(table.rows[0].cells, table.columns, widths, strict=True):
        cell.width = column.width = Cm(width)
        cell._tc.remove(cell.paragraphs[0]._p)
    cells: Sequence[Any] = table.rows[0].cells
    return cells


def _head(book: Any, framework: Framework) -> None:
    agency, state = _columns(book, (6.7, 10))
    _line(agency, "[TÊN CƠ QUAN CHỦ QUẢN]", size=12, align=_CENTRE)
    _line(agency, "[TÊN CƠ QUAN BAN HÀNH]", size=12, bold=True, align=_CENTRE, ruled=True)
    _line(agency, "Số: ……/[ký hiệu]", align=_CENTRE, before=4)
    about = f"V/v hoàn thiện số liệu {framework.title_vi}"
    _line(agency, about, size=12, align=_CENTRE, before=2)
    _line(state, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=_CENTRE)
    _line(state, "Độc lập - Tự do - Hạnh phúc", bold=True, align=_CENTRE, ruled=True)
    place = "[Địa danh], ngày …… tháng …… năm ……"
    _line(state, place, italic=True, align=_CENTRE, before=4)


def _faults(book: Any, findings: Sequence[Finding]) -> None:
    table = book.add_table(rows=1, cols=len(_HEADS))
    table.style, table.autofit = "Table Grid", False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
    _fill(table.rows[0], _HEADS, bold=True, align=_CENTRE)
    _mark(table.rows[0], "w:tblHeader")
    number = 0
    for numeral, (severity, words) in zip(("I", "II"), _SECTIONS.items(), strict=True):
        own = [finding for finding in findings if finding.severity is severity]
        if own:
            row = table.add_row()
            _fill(row, (numeral, *[""] * (len(_HEADS) - 1)), bold=True)
            merged = row.cells[1].merge(row.cells[-1])
            _put(merged, f"{words} ({len(own)})", bold=True)
            _mark(row, "w:cantSplit")
        for finding in own:
            number += 1
            row = table.add_row()
            cell = finding.place.cell or finding.place.sheet or "cả tệp"
            parts = finding.parts("vi")
            _fill(row, (str(number), finding.indicator or "–", plain(cell), *parts))
            _mark(row, "w:cantSplit")
    _line(book, "", size=6)


def _fill(
    row: Any, texts: Sequence[str], *, bold: bool = False, align: WD_ALIGN_PARAGRAPH = _LEFT
) -> None:
    for cell, text, width in zip(row.cells, texts, _WIDTHS, strict=True):
        cell.width = Cm(width)
        _put(cell, text, bold=bold, align=align)


def _put(cell: Any, text: str, *, bold: bool = False, align: WD_ALIGN_PARAGRAPH = _LEFT) -> None:
    for extra in cell.paragraphs[1:]:
        cell._tc.remove(extra._p)
    paragraph = cell.paragraphs[0]
    for old in paragraph.runs:
        paragraph._p.remove(old._r)
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(11), bold


def _mark(row: Any, name: str) -> None:
    """Say of a row that it is a repeated heading, or must not be split between pages."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _foot(book: Any) -> None:
    _line(book, "", size=8)
    receivers, signature = _columns(book, (7.7, 9))
    _line(receivers, "Nơi nhận:", size=12, bold=True, italic=True)
    for text in ("- Như trên;", "- [Lãnh đạo cơ quan] (để b/c);", "- Lưu: VT, [đơn vị soạn thảo]."):
        _line(receivers, text, size=11)
    _line(signature, "[QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ]", bold=True, align=_CENTRE)
    _line(signature, "(Chữ ký của người có thẩm quyền, dấu)", italic=True, align=_CENTRE, after=48)
    _line(signature, "[Họ và tên]", bold=True, align=_CENTRE)

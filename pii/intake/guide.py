"""The guide: the first sheet of a template, in Vietnamese and then in English."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from pii.framework import Framework
from pii.intake import layout
from pii.intake.looks import LEGEND, Formats, height, labels, set_print
from pii.provinces import Province
from pii.submission import Observation

GUIDE_WIDTHS = (2, 34, 88)
# Left blank for whoever issues the templates, and for whoever fills one in.
BLANKS_ISSUER = (
    "Nơi nhận, hạn gửi · Send to, by",
    "Đầu mối hỏi đáp · Contact",
)
BLANKS_PROVINCE = (
    "Người lập biểu · Prepared by",
    "Người duyệt · Approved by",
)


# ----------------------------------------------------------------------------- the texts ------


@dataclass(frozen=True, slots=True)
class _Words:
    """The guide in one language; a chapter is its title and its paragraphs.

    Places to fill in: {own}, {rest}, {known}, {awaited} numbers of indicators, {values} the sheet.
    """

    language: str
    who: str
    own: str
    nothing_own: str
    central: str
    keep: str
    typing: tuple[str, ...]
    typed: tuple[tuple[str, str], ...]
    colours: str
    evidence: tuple[str, ...]
    after: tuple[str, ...]
    assumed: str


VIETNAMESE = _Words(
    language="vi",
    who="1. Ai điền, điền gì",
    own="Tỉnh, thành phố điền {own} chỉ số trên trang {values}, ở các ô nền vàng viền đậm: năm số "
    "liệu, giá trị, minh chứng, ghi chú.",
    nothing_own="Kỳ này tỉnh, thành phố không phải điền số liệu; xin đối chiếu các số đã điền sẵn.",
    central="{rest} chỉ số do cơ quan trung ương cung cấp: {known} đã điền sẵn để tỉnh đối chiếu, "
    "{awaited} chưa có khi phát hành biểu mẫu. Các ô này khóa; nếu thấy số liệu sai, ghi ý kiến "
    "vào cột Ghi chú (cột này luôn mở).",
    keep="Không sửa mã, tên, đơn vị; không thêm, xóa, gộp dòng, cột hay trang; không chép sang tệp "
    "khác. Lưu ở dạng .xlsx.",
    typing=(
        "2. Cách nhập số",
        "Gõ số trần, không kèm đơn vị, dấu % hay chữ. Không gõ dấu ngăn hàng nghìn. Dấu thập phân "
        "gõ theo cài đặt của máy (thường là dấu phẩy). Không dán công thức nối sang tệp khác.",
    ),
    typed=(
        ("Gõ", "Được hiểu là"),
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
    ),
    colours="3. Ý nghĩa màu ô",
    evidence=(
        "4. Minh chứng",
        "Với chỉ số của tỉnh, ghi số, ngày, cơ quan ban hành của văn bản hoặc đúng tên tệp gửi "
        "kèm, ví dụ: “Báo cáo 125/BC-UBND ngày 14/03/2025” hoặc “3.2.2-ket-qua.pdf”. Mỗi số liệu "
        "một minh chứng.",
    ),
    after=(
        "5. Sau khi gửi",
        "Từng ô được kiểm tra. Tỉnh nhận một danh sách, mỗi mục nêu trang, ô, nội dung đang có, "
        "nội dung cần có và cách sửa. Mục LỖI phải sửa rồi gửi lại; mục CẢNH BÁO cần xem lại "
        "hoặc giải thích ở cột Ghi chú.",
        "Ô để trống được ghi nhận là chưa có số liệu, không phải là số 0. Điểm số tính xong truy "
        "ngược được đến từng ô của tệp này.",
    ),
    assumed="6. Điều còn là giả định trong kỳ này",
)
ENGLISH = _Words(
    language="en",
    who="1. Who fills what",
    own="The province fills {own} indicators on the sheet {values}, in the yellow cells with a "
    "thick border: data year, value, evidence, note.",
    nothing_own="This edition asks the province for no figures; please compare those filled in.",
    central="{rest} indicators come from central agencies: {known} are filled in for comparison, "
    "{awaited} were not available when the template was issued. These cells are locked; "
    "where a figure is thought wrong, say so in the note column, which is always open.",
    keep="Leave codes, names and units as they are; do not add, delete or merge rows, columns or "
    "sheets, and do not copy into another file. Save as .xlsx.",
    typing=(
        "2. How to type numbers",
        "Type the bare number, without unit, percent sign or words, and without a thousands mark. "
        "Use the decimal sign your computer is set to (in Viet Nam usually the comma). No formulas "
        "that point to other files.",
    ),
    typed=(
        ("Typed", "Understood as"),
        ("12,5", "twelve and a half"),
        ("1234,56", "one thousand two hundred and thirty-four point five six; so is 1.234,56"),
        (
            "1.234",
            "UNCLEAR: one thousand two hundred and thirty-four, or one point two three four? It "
            "will be asked back. Type 1234 or 1,2340",
        ),
        ("12,5%", "WRONG: Excel stores 0.125. Where the unit is %, type 12,5"),
        ("0", "a true zero, for instance: no such enterprise"),
        ("(empty)", "no figure; do not type 0, “-” or “none”"),
    ),
    colours="3. What the colours mean",
    evidence=(
        "4. Evidence",
        "For the province's own indicators: number, date and issuer of a document, or the exact "
        "name of a file sent along. One reference per figure.",
    ),
    after=(
        "5. What happens next",
        "Every cell is checked. The province receives a list that names sheet and cell, what is "
        "there, what was expected and what to do. An ERROR must be corrected and the file sent "
        "again; a WARNING is to be reviewed, or explained in the note column.",
        "An empty cell is recorded as not submitted; it is not a zero. Every score can be traced "
        "back to the cells of this file.",
    ),
    assumed="6. What this edition assumes",
)


# ------------------------------------------------------------------ from texts to lines ------


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the guide: a section, a paragraph, or two cells side by side."""

    text: str
    beside: str = ""
    kind: str = "text"
    look: str = "field"


def _guide(
    framework: Framework, province: Province, central: Mapping[str, Observation]
) -> Iterator[_Line]:
    yield from _opening(framework, province)
    yield from _chapters(VIETNAMESE, framework, len(central))
    yield _Line("")
    yield _Line("In English", kind="title")
    yield from _chapters(ENGLISH, framework, len(central))


def _opening(framework: Framework, province: Province) -> Iterator[_Line]:
    yield _Line(framework.title_vi, kind="title")
    yield _Line(f"Biểu mẫu cung cấp số liệu · {framework.title_en}", kind="subtitle")
    for label in labels(framework):
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


def _chapters(words: _Words, framework: Framework, known: int) -> Iterator[_Line]:
    own = sum(i.supplier == "province" for i in framework.indicators)
    rest = len(framework.indicators) - own
    who = (words.own if own else words.nothing_own, words.central if rest else "", words.keep)
    facts = {
        "own": own,
        "rest": rest,
        "known": known,
        "awaited": rest - known,
        "values": f"“{layout.VALUES}”",
    }
    yield from _section(words.who, *(text.format_map(facts) for text in who))
    yield from _section(*words.typing)
    yield from (_Line(typed, meant, "pair") for typed, meant in words.typed)
    yield from _section(words.colours)
    for look, key in LEGEND.items():
        yield _Line(*key[words.language], "pair", look)
    yield from _section(*words.evidence)
    yield from _section(*words.after)
    assumed = [a.vi if words.language == "vi" else a.en for a in framework.assumptions]
    if assumed:
        yield from _section(words.assumed, *(f"–  {sentence}" for sentence in assumed))


def _section(title: str, *paragraphs: str) -> Iterator[_Line]:
    yield _Line("")
    yield _Line(title, kind="section")
    yield from (_Line(paragraph) for paragraph in paragraphs if paragraph)


# ----------------------------------------------------------------------------- the sheet ------


def write_guide(
    sheet: Worksheet,
    formats: Formats,
    framework: Framework,
    province: Province,
    central: Mapping[str, Observation],
) -> None:
    """Write the guide of one province; `central` holds the figures known when it is issued."""
    for column, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(column, column, width, formats["page"])
    sheet.hide_gridlines(2)
    for row, line in enumerate(_guide(framework, province, central)):
        _write_line(sheet, formats, row, line)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_portrait()
    set_print(sheet, framework, province)
    sheet.print_area(0, 0, row, len(GUIDE_WIDTHS) - 1)


def _write_line(sheet: Worksheet, formats: Formats, row: int, line: _Line) -> None:
    if not line.text:
        sheet.set_row(row, 8)
        return
    size = {"title": 17.5, "section": 13, "label": 13}.get(line.kind, 10)
    if line.kind != "pair":
        span = GUIDE_WIDTHS[1] + GUIDE_WIDTHS[2]
        sheet.merge_range(row, 1, row, 2, line.text, formats[line.kind])
        sheet.set_row(row, height([(line.text, size)], span) + (6 if size > 10 else 0))
        return
    beside = "told" if line.look in ("field", *LEGEND) else line.look
    first = f"{line.look}_key" if line.look in LEGEND else "field"
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
            height([(line.text, 10.8)], GUIDE_WIDTHS[1]),
            height([(line.beside, size)], GUIDE_WIDTHS[2]),
        ),
    )

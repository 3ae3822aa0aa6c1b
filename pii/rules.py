"""The rules a submission is held to: a closed table. Sentences are filled in from a finding.

First letter: F file, T template, P province, C code, V value, E evidence, Y year, B the batch,
seen together. Codes are permanent. Each text says what is there, what was expected, what to do.
A row of the table is code, severity, word, then the three texts in Vietnamese and in English.
"""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """ERROR stops the province; WARNING is for the analyst to weigh; NOTE is for the record."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Word(Enum):
    """The ministry's four demands on data: đúng, đủ, sạch, sống."""

    CORRECT = "correct"
    COMPLETE = "complete"
    CLEAN = "clean"
    CURRENT = "current"

    def name_in(self, lang: str) -> str:
        """The word in that language."""
        return _VIETNAMESE[self.value] if lang == "vi" else self.value


_VIETNAMESE = {"correct": "đúng", "complete": "đủ", "clean": "sạch", "current": "sống"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; the texts are templates for `str.format` over the facts of a finding."""

    code: str
    severity: Severity
    word: Word
    there_vi: str
    expected_vi: str
    remedy_vi: str
    there_en: str
    expected_en: str
    remedy_en: str

    def texts(self, lang: str) -> tuple[str, str, str]:
        """What is there, what was expected, what to do, in that language."""
        if lang == "vi":
            return self.there_vi, self.expected_vi, self.remedy_vi
        return self.there_en, self.expected_en, self.remedy_en


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
CORRECT, COMPLETE, CLEAN, CURRENT = Word.CORRECT, Word.COMPLETE, Word.CLEAN, Word.CURRENT

_TABLE = (
    Rule(
        "T101", E, CLEAN,
        "không mở được tệp ({reason})",
        "một tệp Excel .xlsx",
        "Mở tệp bằng Excel, chọn Lưu thành (Save As) → Excel Workbook (.xlsx), rồi gửi lại.",
        "the file cannot be opened ({reason})",
        "an Excel workbook (.xlsx)",
        "Open it in Excel, choose Save As → Excel Workbook (.xlsx), and send it again.",
    ),
    Rule(
        "T102", E, CLEAN,
        "không có trang tính ẩn “{sheet}” của biểu mẫu",
        "biểu mẫu do `pii template` phát hành",
        "Chép số liệu vào biểu mẫu gốc đã nhận rồi gửi lại; không tạo tệp mới.",
        "the template's hidden sheet “{sheet}” is not there",
        "the template made by `pii template`",
        "Copy the figures into the template as it was received; do not start a new file.",
    ),
    Rule(
        "T103", E, CURRENT,
        "biểu mẫu của kỳ “{found}”",
        "biểu mẫu của kỳ “{expected}”",
        "Dùng biểu mẫu của kỳ này. Nếu đúng là muốn đọc biểu mẫu kỳ khác: "
        "--accept-template {found}.",
        "the template belongs to edition “{found}”",
        "a template of edition “{expected}”",
        "Use this edition's template. To read another edition's on purpose: "
        "--accept-template {found}.",
    ),
    Rule(
        "T104", E, CURRENT,
        "phiên bản biểu mẫu {found}",
        "phiên bản {expected}",
        "Chép số liệu sang biểu mẫu phiên bản {expected}.",
        "template version {found}",
        "version {expected}",
        "Copy the figures into the template of version {expected}.",
    ),
    Rule(
        "T105", E, CLEAN,
        "không tìm thấy {missing}",
        "trang tính và hàng tiêu đề như trong biểu mẫu",
        "Khôi phục trang tính hoặc cột đó từ biểu mẫu gốc.",
        "{missing} is not there",
        "sheets and header row as in the template",
        "Restore that sheet or column from the original template.",
    ),
    Rule(
        "T106", E, CLEAN,
        "{what} của {code} ghi là “{found}”",
        "“{expected}”",
        "Khôi phục nội dung gốc. Nếu số liệu ở đơn vị khác, hãy đổi về đơn vị của biểu mẫu.",
        "{what} of {code} reads “{found}”",
        "“{expected}”",
        "Restore the original text. If the figure is in another unit, convert the figure.",
    ),
    Rule(
        "T107", E, COMPLETE,
        "không có dòng của chỉ số {code}",
        "đủ {count} chỉ số của kỳ này",
        "Khôi phục dòng đó từ biểu mẫu gốc (nếu không có số liệu: để trống ô giá trị).",
        "the row of indicator {code} is not there",
        "all {count} indicators of this edition",
        "Restore that row from the original template (no figure: leave the value empty).",
    ),
    Rule(
        "T108", E, CORRECT,
        "số liệu cơ quan trung ương của {code} là {found}",
        "{expected}, theo bảng của cơ quan trung ương ({source})",
        "Khôi phục giá trị gốc; nếu cho rằng số liệu sai, ghi ý kiến vào cột ghi chú.",
        "the central agency's figure of {code} is {found}",
        "{expected}, as in the central table ({source})",
        "Restore the original value; where it is thought wrong, say so in the note column.",
    ),
    Rule(
        "T109", E, CORRECT,
        "{code} là số liệu của cơ quan trung ương nhưng đang ghi {found}",
        "{expected}, như khi phát hành biểu mẫu",
        "Khôi phục ô đó; nếu cho rằng số liệu sai, ghi ý kiến vào cột ghi chú.",
        "{code} is a central agency's figure but reads {found}",
        "{expected}, as the template was issued",
        "Restore the cell; where the figure is thought wrong, say so in the note column.",
    ),
    Rule(
        "T110", E, CLEAN,
        "bảng không có {missing}",
        "bảng rộng: cột “province” và một cột cho mỗi mã chỉ số; "
        "bảng dài: các cột indicator, province, value",
        "Sửa hàng tiêu đề của bảng hoặc bổ sung số liệu.",
        "the table has no {missing}",
        "wide: a column “province” and one per indicator code; "
        "long: the columns indicator, province, value",
        "Correct the table's header row, or add the figures.",
    ),
    Rule(
        "T111", W, CLEAN,
        "trang tính “{sheet}” của bảng không được đọc",
        "một trang tính",
        "Chuyển số liệu sang trang tính đầu tiên, hoặc bỏ trang này.",
        "the table's sheet “{sheet}” is not read",
        "one sheet",
        "Move its figures to the first sheet, or take it out.",
    ),
    Rule(
        "P101", E, CLEAN,
        "tỉnh, thành phố “{found}”",
        "một trong {count} tỉnh, thành phố (danh sách ngày {on})",
        "Mã có hai chữ số (01, không phải 1) và theo danh sách của kỳ này; kiểm tra cả tên.",
        "province “{found}”",
        "one of the {count} provinces (list of {on})",
        "Codes have two digits (01, not 1) and belong to this edition's list; check the name too.",
    ),
    Rule(
        "P102", E, COMPLETE,
        "không ghi tỉnh, thành phố nào",
        "mã tỉnh, thành phố",
        "Dùng biểu mẫu phát hành riêng cho tỉnh; trong bảng rộng, điền cột “province”.",
        "no province is stated",
        "the code of a province",
        "Use the template made for the province; in a wide table fill the column “province”.",
    ),
    Rule(
        "P103", E, CLEAN,
        "{province} có {count} bài nộp: {files}",
        "một bài nộp",
        "Giữ lại một tệp (hoặc một dòng) cho tỉnh này và bỏ các bản còn lại.",
        "{province} has {count} submissions: {files}",
        "one submission",
        "Keep one file (or row) for this province and take the others out.",
    ),
    Rule(
        "P104", W, COMPLETE,
        "{province} chưa nộp",
        "{count} tỉnh, thành phố",
        "Nhắc tỉnh nộp, hoặc công bố rõ là thiếu.",
        "{province} has not submitted",
        "{count} provinces",
        "Remind the province, or publish that it is missing.",
    ),
    Rule(
        "P105", E, CORRECT,
        "trang “{sheet}” ghi tỉnh “{found}”, trang ẩn ghi “{expected}”",
        "cùng một tỉnh",
        "Dùng biểu mẫu phát hành riêng cho tỉnh mình.",
        "sheet “{sheet}” says “{found}”, the hidden sheet says “{expected}”",
        "one and the same province",
        "Use the template that was made for your province.",
    ),
    Rule(
        "P106", E, CORRECT,
        "mã {code} là {expected} theo danh sách ngày {on}, nhưng bài nộp ghi “{found}”",
        "mã và tên của cùng một tỉnh, thành phố",
        "Bảy mã đổi nghĩa từ 01/07/2025: dùng biểu mẫu, hoặc mã, của danh sách này.",
        "code {code} is {expected} on the list of {on}, but the submission says “{found}”",
        "code and name of one and the same province",
        "Seven codes changed meaning on 2025-07-01: use a template, or a code, of this list.",
    ),
    Rule(
        "C101", E, CLEAN,
        "mã chỉ số “{found}”",
        "một mã của kỳ này{suggestion}",
        "Sửa mã như trong biểu mẫu; không thêm chỉ số mới.",
        "indicator code “{found}”",
        "a code of this edition{suggestion}",
        "Correct the code as in the template; do not add indicators.",
    ),
    Rule(
        "C102", E, CLEAN,
        "chỉ số {code} xuất hiện {count} lần: {cells}",
        "mỗi chỉ số một lần",
        "Giữ lại một dòng (hoặc cột) và xoá các bản còn lại.",
        "indicator {code} stands {count} times: {cells}",
        "each indicator once",
        "Keep one row (or column) and delete the others.",
    ),
    Rule(
        "C103", W, CLEAN,
        "bảng của cơ quan trung ương có số liệu {code}, là chỉ số do địa phương cung cấp",
        "chỉ các chỉ số do cơ quan trung ương cung cấp",
        "Số liệu này không được dùng. Nếu do trung ương cung cấp, sửa `supplier` trong tệp kỳ.",
        "the central table holds {code}, which the province supplies",
        "indicators that central agencies supply",
        "The figure is not used. If an agency supplies it, correct `supplier` in the edition file.",
    ),
    Rule(
        "V101", W, COMPLETE,
        "{code} chưa có số liệu",
        "một số, tính bằng {unit}",
        "Điền số liệu; nếu thật sự không có, để trống và giải thích ở cột ghi chú.",
        "{code} has no value",
        "a number in {unit}",
        "Fill in the figure; if there is none, leave it empty and explain in the note column.",
    ),
    Rule(
        "V102", E, CLEAN,
        "{code} ghi “{found}”",
        "một số, tính bằng {unit}",
        "Chỉ nhập số, không kèm chữ hay đơn vị; ghi chú thích sang cột ghi chú.",
        "{code} reads “{found}”",
        "a number in {unit}",
        "Type a number only, without words or units; put remarks into the note column.",
    ),
    Rule(
        "V103", E, CLEAN,
        "{code} ghi “{found}”, có thể hiểu là {one} hoặc {other}",
        "một cách viết không thể hiểu hai nghĩa",
        "Nhập lại: {one_typed} nếu là {one}; {other_typed} nếu là {other}.",
        "{code} reads “{found}”, which may mean {one} or {other}",
        "a number that can be read in one way only",
        "Type it again: {one_typed} for {one}; {other_typed} for {other}.",
    ),
    Rule(
        "V104", E, CLEAN,
        "{code} là ô lỗi {found}",
        "một số, tính bằng {unit}",
        "Sửa công thức, hoặc nhập thẳng kết quả.",
        "{code} is the error {found}",
        "a number in {unit}",
        "Correct the formula, or type its result.",
    ),
    Rule(
        "V105", E, CLEAN,
        "{code} là công thức {found} chưa có kết quả lưu trong tệp",
        "công thức đã được tính, hoặc một số",
        "Mở bằng Excel để tính lại rồi Lưu, hoặc nhập thẳng kết quả.",
        "{code} is the formula {found} without a stored result",
        "a calculated formula, or a number",
        "Open it in Excel, let it calculate and save; or type the result.",
    ),
    Rule(
        "V106", W, CLEAN,
        "{code} ghi dạng chữ “{found}”, được hiểu là {value}",
        "ô kiểu số",
        "Kiểm tra lại; nên nhập {typed} vào ô kiểu số.",
        "{code} is the text “{found}”, read as {value}",
        "a cell that holds a number",
        "Check it; better type {typed} as a number.",
    ),
    Rule(
        "V107", N, CLEAN,
        "{code} lấy từ công thức {found}, kết quả {value}",
        "giá trị hoặc công thức trong chính tệp này",
        "Không cần sửa nếu kết quả đúng.",
        "{code} comes from the formula {found}, result {value}",
        "a value, or a formula within this file",
        "Nothing to do if the result is right.",
    ),
    Rule(
        "V108", W, COMPLETE,
        "{code} chưa có số liệu của cơ quan trung ương",
        "một số, tính bằng {unit}",
        "Tỉnh không phải điền; đơn vị tổng hợp bổ sung bằng bảng của cơ quan trung ương.",
        "{code} has no figure from its central agency",
        "a number in {unit}",
        "Nothing for the province to do; the ministry adds it from the agency's table.",
    ),
    Rule(
        "V109", E, CLEAN,
        "{code} là ô định dạng phần trăm, đang hiển thị {found}",
        "một số, tính bằng {unit}, trong ô định dạng số",
        "Đổi định dạng ô thành Số (Number) rồi nhập lại; 12,5 nghĩa là 12,5 đơn vị của chỉ số.",
        "{code} is a cell in a percent format, showing {found}",
        "a number in {unit}, in a cell with a number format",
        "Set the cell's format to Number and type the figure again; 12.5 means 12.5 of the unit.",
    ),
    Rule(
        "V201", E, CORRECT,
        "{code} là {value} ({unit})",
        "từ {low} đến {high}",
        "Kiểm tra đơn vị và dấu phẩy thập phân.{hint}",
        "{code} is {value} ({unit})",
        "{low} to {high}",
        "Check the unit and the decimal sign.{hint}",
    ),
    Rule(
        "E101", W, COMPLETE,
        "{code} có số liệu nhưng chưa dẫn minh chứng",
        "số, ngày của văn bản hoặc tên tệp minh chứng",
        "Điền cột minh chứng.",
        "{code} has a value but no evidence reference",
        "number and date of a document, or the name of an attached file",
        "Fill the evidence column.",
    ),
    Rule(
        "Y101", W, CURRENT,
        "{code} là số liệu năm {found}",
        "năm {expected}",
        "Dùng số liệu năm {expected}; nếu chưa có, giải thích ở cột ghi chú.",
        "{code} is a figure of {found}",
        "the year {expected}",
        "Use the figure of {expected}; where there is none yet, say so in the note column.",
    ),
    # ---- F1xx: files that are refused before anything in them is read; F2xx: parts not read
    Rule(
        "F101", E, CLEAN,
        "tệp rỗng, hoặc là liên kết (shortcut) chứ không phải tệp",
        "chính tệp Excel .xlsx",
        "Gửi lại chính tệp đó (không gửi lối tắt); mở thử trước khi gửi.",
        "the file is empty, or a link (shortcut) and no file",
        "the Excel workbook (.xlsx) itself",
        "Send the file itself, not a shortcut; open it once before sending.",
    ),
    Rule(
        "F102", E, CLEAN,
        "tệp lớn hơn {limit} MiB",
        "một biểu mẫu, thường dưới 1 MiB",
        "Bỏ ảnh và tài liệu đính kèm khỏi tệp, gửi chúng riêng.",
        "the file is larger than {limit} MiB",
        "a filled template, usually below 1 MiB",
        "Take pictures and attachments out of the file and send them apart.",
    ),
    Rule(
        "F103", E, CLEAN,
        "tệp đặt mật khẩu hoặc được mã hoá",
        "tệp .xlsx mở được không cần mật khẩu",
        "Bỏ mật khẩu: Tệp → Thông tin → Bảo vệ sổ làm việc → Mã hoá bằng mật khẩu, xoá hết ký tự, "
        "bấm OK, rồi Lưu.",
        "the file is locked by a password or encrypted",
        "an .xlsx that opens without a password",
        "Take the password off: File → Info → Protect Workbook → Encrypt with Password, clear the "
        "box, OK, and save.",
    ),
    Rule(
        "F104", E, CLEAN,
        "tệp ở định dạng .xls cũ (Excel 97–2003), dù tên có thể khác",
        "tệp Excel .xlsx",
        "Mở bằng Excel, chọn Lưu thành (Save As) → Excel Workbook (.xlsx), rồi gửi tệp mới.",
        "the file is in the old .xls format (Excel 97–2003), whatever its name",
        "an Excel workbook (.xlsx)",
        "Open it in Excel, choose Save As → Excel Workbook (.xlsx), and send the new file.",
    ),
    Rule(
        "F105", E, CLEAN,
        "tệp ở định dạng nhị phân .xlsb, dù tên có thể khác",
        "tệp Excel .xlsx",
        "Mở bằng Excel, chọn Lưu thành (Save As) → Excel Workbook (.xlsx), rồi gửi tệp mới.",
        "the file is in the binary format .xlsb, whatever its name",
        "an Excel workbook (.xlsx)",
        "Open it in Excel, choose Save As → Excel Workbook (.xlsx), and send the new file.",
    ),
    Rule(
        "F106", E, CLEAN,
        "tệp ở định dạng OpenDocument (.ods), dù tên có thể khác",
        "tệp Excel .xlsx",
        "Trong LibreOffice: Tệp → Lưu thành → Excel 2007–365 (.xlsx), rồi gửi tệp mới.",
        "the file is in the OpenDocument format (.ods), whatever its name",
        "an Excel workbook (.xlsx)",
        "In LibreOffice: File → Save As → Excel 2007–365 (.xlsx), and send the new file.",
    ),
    Rule(
        "F107", E, CLEAN,
        "tệp có macro hoặc điều khiển ActiveX (.xlsm)",
        "tệp .xlsx không có macro",
        "Mở bằng Excel, chọn Lưu thành (Save As) → Excel Workbook (.xlsx), đồng ý bỏ macro, rồi "
        "gửi tệp mới.",
        "the file holds macros or ActiveX controls (.xlsm)",
        "an .xlsx without macros",
        "Open it in Excel, choose Save As → Excel Workbook (.xlsx), agree to drop the macros, and "
        "send the new file.",
    ),
    Rule(
        "F108", E, CLEAN,
        "nội dung là {kind}, dù tên tệp thế nào",
        "tệp Excel .xlsx",
        "Gửi chính biểu mẫu đã điền, lưu bằng Excel ở dạng Excel Workbook (.xlsx).",
        "the content is {kind}, whatever the file's name",
        "an Excel workbook (.xlsx)",
        "Send the filled template itself, saved by Excel as Excel Workbook (.xlsx).",
    ),
    Rule(
        "F109", E, CLEAN,
        "tệp hỏng hoặc tải về chưa hết: {why}",
        "tệp nguyên vẹn",
        "Gửi lại tệp gốc. Nếu máy nơi gửi vẫn mở được: mở bằng Excel, Lưu thành một tệp mới, rồi "
        "gửi tệp mới.",
        "the file is damaged or cut short: {why}",
        "a sound file",
        "Send the original again. Where it still opens: open it in Excel, save it as a new file, "
        "and send that.",
    ),
    Rule(
        "F110", E, CLEAN,
        "tệp có thể bị đọc theo hai cách: {why}",
        "tệp như Excel hoặc LibreOffice ghi ra",
        "Mở bằng Excel, Lưu thành (Save As) một tệp mới, rồi gửi tệp mới.",
        "the file can be read in two ways: {why}",
        "a file as Excel or LibreOffice writes it",
        "Open it in Excel, save it as a new file, and send that.",
    ),
    Rule(
        "F111", E, CLEAN,
        "bên trong tệp có phần mang tên không an toàn: {found}",
        "tên như Excel hoặc LibreOffice ghi ra",
        "Không mở tệp này. Chép số liệu vào biểu mẫu gốc rồi gửi lại.",
        "a part inside the file carries an unsafe name: {found}",
        "names as Excel or LibreOffice write them",
        "Do not open this file. Copy the figures into the original template and send that.",
    ),
    Rule(
        "F112", E, CLEAN,
        "khi giải nén, tệp lớn bất thường ({found})",
        "không quá {limit}",
        "Thường do định dạng kéo tới dòng cuối hoặc dán ảnh: chọn mọi dòng dưới bảng → Xoá "
        "(Delete), bỏ ảnh, rồi Lưu.",
        "unpacked, the file is unreasonably large ({found})",
        "no more than {limit}",
        "Often a format drawn down to the last row, or pictures: select all rows below the table → "
        "Delete, take pictures out, and save.",
    ),
    Rule(
        "F113", E, CLEAN,
        "phần {part} khai sai kích thước",
        "kích thước đúng",
        "Không mở tệp này. Chép số liệu vào biểu mẫu gốc rồi gửi lại.",
        "the part {part} lies about its size",
        "true sizes",
        "Do not open this file. Copy the figures into the original template and send that.",
    ),
    Rule(
        "F114", E, CLEAN,
        "phần {part} có khai báo DTD hoặc thực thể XML",
        "không có khai báo nào như vậy",
        "Không mở tệp này. Chép số liệu vào biểu mẫu gốc rồi gửi lại.",
        "the part {part} declares a document type or an XML entity",
        "no such declaration",
        "Do not open this file. Copy the figures into the original template and send that.",
    ),
    Rule(
        "F115", E, CLEAN,
        "phần {part} không dùng bảng mã UTF-8",
        "UTF-8, như Excel ghi ra",
        "Mở bằng Excel, Lưu thành (Save As) một tệp mới, rồi gửi tệp mới.",
        "the part {part} is not encoded as UTF-8",
        "UTF-8, as Excel writes",
        "Open it in Excel, save it as a new file, and send that.",
    ),
    Rule(
        "F116", E, CLEAN,
        "phần {part} hỏng ở dòng {line} (XML không hợp lệ)",
        "tệp nguyên vẹn",
        "Mở bằng Excel (đồng ý sửa nếu được hỏi), Lưu thành tệp mới, kiểm tra số liệu, gửi lại.",
        "the part {part} is damaged at line {line} (no valid XML)",
        "a sound file",
        "Open it in Excel (accept the repair), save it as a new file, check the figures, send it.",
    ),
    Rule(
        "F117", E, CLEAN,
        "trang “{sheet}” có ô hoặc dòng sai chỗ, trùng hoặc ngoài giới hạn ({found})",
        "mỗi ô một lần, theo thứ tự",
        "Mở bằng Excel, Lưu thành một tệp mới, kiểm tra số liệu, gửi lại.",
        "sheet “{sheet}” has a cell or row out of place, repeated or beyond the limits ({found})",
        "each cell once, in order",
        "Open it in Excel, save it as a new file, check the figures, and send that.",
    ),
    Rule(
        "F118", E, CLEAN,
        "vùng dùng của trang “{sheet}” kéo tới {found}",
        "vùng của biểu mẫu",
        "Nhấn Ctrl+End để tới ô đó; chọn dòng và cột thừa → Xoá (Delete), bỏ gộp ô lớn, rồi Lưu.",
        "the used range of sheet “{sheet}” reaches {found}",
        "the range of the template",
        "Press Ctrl+End to go there; select the needless rows and columns → Delete, unmerge large "
        "areas, and save.",
    ),
    Rule(
        "F119", E, CLEAN,
        "nội dung ở {place} được ghi theo cách mà các chương trình đọc khác nhau",
        "ô như Excel hoặc LibreOffice ghi ra",
        "Mở bằng Excel, nhập lại ô đó, Lưu thành một tệp mới, rồi gửi tệp mới.",
        "what stands at {place} is written in a way that programs read differently",
        "a cell as Excel or LibreOffice writes it",
        "Open it in Excel, type that cell again, save it as a new file, and send that.",
    ),
    Rule(
        "F120", E, CLEAN,
        "phần {part} gọi chương trình hoặc tệp khác (DDE, OLE, trang ngoài)",
        "chỉ số liệu",
        "Không mở tệp này. Chép số liệu vào biểu mẫu gốc rồi gửi lại.",
        "the part {part} calls another program or file (DDE, OLE, a sheet elsewhere)",
        "figures only",
        "Do not open this file. Copy the figures into the original template and send that.",
    ),
    Rule(
        "F121", E, CLEAN,
        "tệp ở dạng Strict Open XML",
        "Excel Workbook (.xlsx) thông thường",
        "Mở bằng Excel, chọn Lưu thành (Save As) → Excel Workbook (.xlsx), không chọn Strict.",
        "the file is in the Strict Open XML form",
        "an ordinary Excel Workbook (.xlsx)",
        "Open it in Excel, choose Save As → Excel Workbook (.xlsx), not the Strict one.",
    ),
    Rule(
        "F122", E, CLEAN,
        "phần {part} vượt mức hợp lý: {why}",
        "biểu mẫu đã điền",
        "Chép số liệu vào biểu mẫu gốc đã nhận rồi gửi lại.",
        "the part {part} is beyond reason: {why}",
        "a filled template",
        "Copy the figures into the template as it was received, and send that.",
    ),
    Rule(
        "F123", E, CLEAN,
        "tệp thiếu phần {part}",
        "tệp Excel đầy đủ",
        "Mở bằng Excel, Lưu thành một tệp mới, kiểm tra số liệu, gửi lại.",
        "the file lacks its part {part}",
        "a complete workbook",
        "Open it in Excel, save it as a new file, check the figures, and send that.",
    ),
    Rule(
        "F124", E, CORRECT,
        "hai trình đọc độc lập không thống nhất về ô này",
        "một cách đọc duy nhất",
        "Mở bằng Excel, nhập lại ô này, Lưu thành một tệp mới, rồi gửi tệp mới.",
        "two independent readers do not agree on this cell",
        "one reading",
        "Open it in Excel, type this cell again, save it as a new file, and send that.",
    ),
    Rule(
        "F125", E, CLEAN,
        "không đọc được tệp: {why}",
        "một biểu mẫu đọc được ngay",
        "Chép số liệu vào biểu mẫu gốc đã nhận rồi gửi lại.",
        "the file cannot be read: {why}",
        "a template that is read at once",
        "Copy the figures into the template as it was received, and send that.",
    ),
    Rule(
        "F126", E, CLEAN,
        "tệp văn bản không phải bảng CSV: {why}",
        "CSV bằng UTF-8, mỗi dòng một bản ghi",
        "Mở bảng gốc bằng Excel, Lưu thành → CSV UTF-8, rồi gửi lại.",
        "the text is no CSV table: {why}",
        "a CSV in UTF-8, one record a line",
        "Open the original table in Excel, save it as CSV UTF-8, and send it again.",
    ),
    Rule(
        "F201", W, CLEAN,
        "tệp có {count} liên kết tới tệp khác; chúng không được đọc",
        "số liệu nằm trong chính tệp này",
        "Dữ liệu → Sửa liên kết (Edit Links) → Ngắt liên kết (Break Link), rồi Lưu.",
        "the file has {count} links to other files; they are not followed",
        "figures that stand in this file",
        "Data → Edit Links → Break Link, and save.",
    ),
    Rule(
        "F202", W, CLEAN,
        "tệp có {what}; phần này không được đọc",
        "số liệu nằm trong ô của biểu mẫu",
        "Bỏ phần đó; gửi tài liệu kèm theo thành tệp riêng.",
        "the file holds {what}; it is not read",
        "figures in the cells of the template",
        "Take it out; send documents as files of their own.",
    ),
    Rule(
        "T201", W, CLEAN,
        "dòng {row} của {code} bị ẩn, vẫn được đọc",
        "dòng hiển thị",
        "Bỏ ẩn hoặc bỏ lọc dòng này và kiểm tra giá trị.",
        "row {row} of {code} is hidden; it is read all the same",
        "a visible row",
        "Unhide the row, or clear the filter, and check the value.",
    ),
    Rule(
        "T202", W, CLEAN,
        "cột “{header}” bị ẩn, vẫn được đọc",
        "cột hiển thị",
        "Bỏ ẩn cột này và kiểm tra nội dung.",
        "the column “{header}” is hidden; it is read all the same",
        "a visible column",
        "Unhide the column and check what stands in it.",
    ),
    Rule(
        "T203", E, CLEAN,
        "ô của {code} nằm trong vùng gộp {found}",
        "mỗi ô một giá trị, không gộp",
        "Bỏ gộp ô (Unmerge Cells) và điền riêng từng ô.",
        "the cell of {code} lies in the merged area {found}",
        "one value a cell, unmerged",
        "Unmerge the cells and fill each by itself.",
    ),
    Rule(
        "T204", W, CLEAN,
        "trang “{sheet}” bị ẩn, vẫn được đọc",
        "trang hiển thị",
        "Bỏ ẩn trang này và kiểm tra số liệu.",
        "sheet “{sheet}” is hidden; it is read all the same",
        "a visible sheet",
        "Unhide the sheet and check the figures.",
    ),
    Rule(
        "T205", E, CORRECT,
        "trang “{sheet}” cũng có bảng chỉ số như trang “{values}”",
        "một bảng chỉ số",
        "Giữ bảng đúng trong trang “{values}” và xoá trang “{sheet}”.",
        "sheet “{sheet}” holds a table of indicators like sheet “{values}”",
        "one table of indicators",
        "Keep the right one on sheet “{values}” and delete sheet “{sheet}”.",
    ),
    Rule(
        "V301", E, CLEAN,
        "{code} lấy từ ngoài tệp: {formula}",
        "một số, hoặc công thức trong chính tệp này",
        "Nhập thẳng giá trị: chép ô → Dán đặc biệt → Giá trị.",
        "{code} is taken from outside the file: {formula}",
        "a number, or a formula within this file",
        "Type the value itself: copy the cell → Paste Special → Values.",
    ),
    Rule(
        "V302", E, CORRECT,
        "{code} ghi “{found}”, có chữ số viết nâng lên hoặc hạ xuống",
        "một số không kèm dấu chú thích",
        "Nhập lại số; ghi chú thích sang cột ghi chú.",
        "{code} reads “{found}”, a part of it raised or lowered",
        "a number without a footnote mark",
        "Type the number again; put the remark into the note column.",
    ),
    Rule(
        "V303", E, CORRECT,
        "{code} lưu kết quả {found}, nhưng công thức {formula} không cho số đó",
        "kết quả đã được tính lại",
        "Mở bằng Excel, nhấn Ctrl+Alt+F9 để tính lại, kiểm tra rồi Lưu; hoặc nhập thẳng kết quả.",
        "{code} stores the result {found}, which the formula {formula} does not give",
        "a result that was recalculated",
        "Open it in Excel, press Ctrl+Alt+F9, check and save; or type the result.",
    ),
    Rule(
        "V304", W, CORRECT,
        "{code} chứa {found}, nhưng định dạng ô hiển thị số đó đã chia cho nghìn hoặc triệu",
        "ô hiển thị đúng số nó chứa",
        "Kiểm tra đơn vị; đổi định dạng ô thành Số (Number).",
        "{code} holds {found}, but the cell's format shows it divided by a thousand or a million",
        "a cell that shows what it holds",
        "Check the unit; set the cell's format to Number.",
    ),
    Rule(
        "V305", W, CORRECT,
        "{code} lấy từ công thức {formula}, mỗi lần mở cho một kết quả khác",
        "một số không đổi",
        "Nhập thẳng giá trị: chép ô → Dán đặc biệt → Giá trị.",
        "{code} comes from the formula {formula}, which changes each time the file is opened",
        "a number that stays",
        "Type the value itself: copy the cell → Paste Special → Values.",
    ),
    Rule(
        "V306", W, COMPLETE,
        "{code} ghi “{found}”: {meaning}; được hiểu là không có số, không phải số 0",
        "một số, tính bằng {unit}",
        "Nếu có số, điền số; nếu bằng không, nhập 0; nếu không có, giải thích ở cột ghi chú.",
        "{code} reads “{found}”: {meaning}; taken as no figure, and not as 0",
        "a number in {unit}",
        "Where there is a figure, type it; for zero type 0; else explain in the note column.",
    ),
    # ---- end of F1xx, F2xx, T2xx, V3xx
)  # fmt: skip

RULES = {rule.code: rule for rule in _TABLE}

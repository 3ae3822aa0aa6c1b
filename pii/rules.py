"""The rules a submission is held to: a closed table. Sentences are filled in from a finding.

First letter: F file, T template, P province, C code, V value, E evidence, Y year, B the batch,
seen together, M what computing met. Codes are permanent. Each text says what is there, what was
expected, what to do.
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
        "M101", W, COMPLETE,
        "{province} không được tính: có số liệu ở {present} % chỉ số, {nonzero} % trong đó khác 0",
        "ít nhất {least_present} % và {least_nonzero} %, hoặc được nêu tên trong phương pháp",
        "Bổ sung số liệu, hoặc nêu tên trong `screening.force_in` của phương pháp.",
        "{province} is not scored: it has values for {present} % of the indicators, {nonzero} % "
        "of them not zero",
        "at least {least_present} % and {least_nonzero} %, or to be named by the method",
        "Add figures, or name it under `screening.force_in` of the method.",
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
        "M102", W, CORRECT,
        "{code} không chia được cho {by}: {by} là {found}",
        "một số lớn hơn 0",
        "Bổ sung {by} vào bảng số liệu; nếu không, {code} của tỉnh bị coi là thiếu.",
        "{code} cannot be divided by {by}, which is {found}",
        "a number above zero",
        "Give {by} in the table; without it {code} counts as missing for this province.",
    ),
    Rule(
        "M103", W, CORRECT,
        "{code} sau xử lý vẫn lệch (độ lệch {skewness}, độ nhọn {kurtosis})",
        "độ lệch hoặc độ nhọn trong ngưỡng của phương pháp",
        "Xem lại số liệu gốc, hoặc chọn cách xử lý riêng trong `treatment_of`.",
        "{code} is still skewed after treatment (skewness {skewness}, kurtosis {kurtosis})",
        "skewness or kurtosis within the limits of the method",
        "Look at the figures again, or give it a treatment of its own under `treatment_of`.",
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
    Rule(
        "V110", W, CLEAN,
        "{code} lấy từ công thức {found}, trỏ ra ngoài tệp",
        "một số, hoặc công thức trong chính tệp này",
        "Nhập thẳng kết quả {value}; ghi nguồn của nó ở cột minh chứng.",
        "{code} comes from the formula {found}, which points outside this file",
        "a number, or a formula within this file",
        "Type its result {value}; name where it comes from in the evidence column.",
    ),
    Rule(
        "V111", W, CLEAN,
        "cả {count} số liệu {of} đều là chữ, không phải số",
        "ô kiểu số",
        "Chọn các ô đó, dùng Dữ liệu → Chuyển văn bản thành cột (Text to Columns) → Kết thúc, "
        "rồi lưu.",
        "all {count} figures of {of} are text, not numbers",
        "cells that hold numbers",
        "Select the cells, use Data → Text to Columns → Finish, and save.",
    ),
    Rule(
        "V202", W, CORRECT,
        "{code} là {value}, nhưng tử số {numerator} và mẫu số {denominator} cho {ratio}",
        "giá trị khớp với tử số và mẫu số",
        "Kiểm tra lại cả ba số và đơn vị; sửa số sai.",
        "{code} is {value}, but numerator {numerator} and denominator {denominator} give {ratio}",
        "a value that follows from numerator and denominator",
        "Check all three figures and their units; correct the wrong one.",
    ),
    Rule(
        "V203", E, CORRECT,
        "mẫu số của {code} là 0",
        "mẫu số khác 0",
        "Nhập mẫu số đúng; nếu mẫu số thật sự bằng 0, để trống giá trị và giải thích ở cột ghi "
        "chú.",
        "the denominator of {code} is 0",
        "a denominator other than 0",
        "Type the right denominator; where it is really 0, leave the value empty and say so in "
        "the note.",
    ),
    Rule(
        "V204", W, COMPLETE,
        "{code} có {present} nhưng thiếu {absent}",
        "cả tử số và mẫu số",
        "Điền {absent}, để kiểm tra được giá trị.",
        "{code} has a {present} but no {absent}",
        "both numerator and denominator",
        "Fill in the {absent}, so that the value can be checked.",
    ),
    Rule(
        "V205", W, CLEAN,
        "{which} của {code} ghi “{found}”",
        "một số",
        "Chỉ nhập số, không kèm chữ hay đơn vị.",
        "the {which} of {code} reads “{found}”",
        "a number",
        "Type a number only, without words or units.",
    ),
    Rule(
        "V206", W, CORRECT,
        "{parts} cộng lại là {sum}, nhưng {whole} là {value}",
        "tổng các phần bằng {whole}",
        "Kiểm tra từng phần và tổng; sửa số sai.",
        "{parts} add up to {sum}, but {whole} is {value}",
        "parts that add up to {whole}",
        "Check each part and the total; correct the wrong one.",
    ),
    Rule(
        "V207", W, CORRECT,
        "các tỷ trọng {parts} cộng lại là {sum}",
        "{whole}",
        "Kiểm tra từng tỷ trọng và đơn vị (phần trăm hay phần của 1); sửa số sai.",
        "the shares {parts} add up to {sum}",
        "{whole}",
        "Check each share and the unit (per cent or part of 1); correct the wrong one.",
    ),
    Rule(
        "C104", W, CLEAN,
        "mã “{found}” có dấu cách thừa hoặc ký tự trông giống, được hiểu là {code}",
        "“{code}”, đúng từng ký tự",
        "Gõ lại mã {code} như trong biểu mẫu.",
        "code “{found}” has stray spaces or look-alike characters; it was taken for {code}",
        "“{code}”, character by character",
        "Type the code {code} again as in the template.",
    ),
    Rule(
        "P107", W, CORRECT,
        "tên tệp nói đến {named}, bài nộp là của {province}",
        "tệp của đúng tỉnh",
        "Kiểm tra tỉnh có gửi nhầm tệp không; nếu đúng tệp, đổi tên tệp.",
        "the file's name says {named}, the submission is {province}'s",
        "a file of the right province",
        "Check whether the wrong file was sent; if it is the right one, rename it.",
    ),
    Rule(
        "P108", E, COMPLETE,
        "bài nộp của {province} không có số liệu nào",
        "số liệu của {count} chỉ số",
        "Kiểm tra có gửi nhầm biểu mẫu trống không; gửi lại tệp đã điền.",
        "the submission of {province} holds no figure at all",
        "figures of {count} indicators",
        "Check whether an empty template was sent by mistake; send the filled one.",
    ),
    Rule(
        "P109", W, COMPLETE,
        "{province} không có số liệu nào của {group} ({name})",
        "số liệu của {count} chỉ số trong nhóm",
        "Hỏi lại đơn vị phụ trách nhóm chỉ số này; nếu thật sự không có, giải thích ở cột ghi "
        "chú.",
        "{province} has no figure of {group} ({name})",
        "figures of the {count} indicators beneath it",
        "Ask the unit in charge of this group; where there is none, say so in the note column.",
    ),
    Rule(
        "P110", N, CLEAN,
        "tỉnh ghi “{found}”, được hiểu là {province}",
        "mã {code}, không có dấu cách thừa",
        "Không cần sửa nếu hiểu đúng; nên gõ mã như trong biểu mẫu.",
        "the province is written “{found}”, and was taken for {province}",
        "the code {code}, without stray spaces",
        "Nothing to do if that is right; better type the code as in the template.",
    ),
    Rule(
        "E102", W, COMPLETE,
        "minh chứng của {code} chỉ ghi “{found}”",
        "số, ngày của văn bản hoặc tên tệp minh chứng",
        "Ghi rõ văn bản hoặc tệp nào chứng minh số liệu.",
        "the evidence of {code} says no more than “{found}”",
        "number and date of a document, or the name of an attached file",
        "Name the document or file that proves the figure.",
    ),
    Rule(
        "Y102", E, CURRENT,
        "{code} ghi năm số liệu {found}, năm đó chưa có số liệu",
        "năm {expected} hoặc sớm hơn",
        "Sửa năm số liệu.",
        "{code} states the data year {found}, which is yet to come for this edition",
        "the year {expected} or earlier",
        "Correct the data year.",
    ),
    Rule(
        "Y103", W, CURRENT,
        "{code} là số liệu năm {found}, cũ hơn {age} năm so với yêu cầu",
        "năm {expected}, hoặc cũ hơn không quá {limit} năm",
        "Tìm số liệu mới hơn; nếu không có, giải thích ở cột ghi chú.",
        "{code} is a figure of {found}, {age} years older than asked for",
        "the year {expected}, or at most {limit} years earlier",
        "Find a newer figure; where there is none, say so in the note column.",
    ),
    Rule(
        "Y104", W, CURRENT,
        "{count} trong {of} số liệu của {province} giống hệt năm trước",
        "số liệu mới của kỳ này",
        "Kiểm tra tỉnh có gửi lại tệp năm trước không; cập nhật các số liệu đã cũ.",
        "{count} of {of} figures of {province} are exactly last year's",
        "this edition's new figures",
        "Check whether last year's file was sent again; bring the old figures up to date.",
    ),
    Rule(
        "Y105", N, CURRENT,
        "{code} vẫn là {value} như năm trước, trong khi hầu hết các tỉnh đã đổi",
        "số liệu mới của kỳ này",
        "Kiểm tra số liệu đã được cập nhật chưa.",
        "{code} is still {value} as last year, while most provinces' figures have changed",
        "this edition's new figure",
        "Check whether the figure was brought up to date.",
    ),
    Rule(
        "Y106", W, CURRENT,
        "{code} từ {before} (năm trước) thành {value}",
        "thay đổi không vượt quá mức {limit} ({basis})",
        "Kiểm tra đơn vị, năm số liệu và cách tính; nếu đúng, giải thích ở cột ghi chú.",
        "{code} went from {before} (last year) to {value}",
        "a change within {limit} ({basis})",
        "Check unit, data year and definition; where it is right, say why in the note column.",
    ),
    Rule(
        "Y107", W, CORRECT,
        "{code} là {value}, gần bằng {factor} lần số năm trước ({before})",
        "cùng đơn vị như năm trước",
        "Kiểm tra đơn vị và dấu phẩy thập phân; nếu sai, nhập {meant}.",
        "{code} is {value}, about {factor} times last year's figure ({before})",
        "the same unit as last year",
        "Check the unit and the decimal sign; if it is wrong, type {meant}.",
    ),
    Rule(
        "Y108", W, CORRECT,
        "{code} là {value}, năm trước là {before}: ngược dấu",
        "cùng dấu như năm trước",
        "Kiểm tra dấu âm.",
        "{code} is {value}, last year {before}: the sign has changed",
        "the same sign as last year",
        "Check the minus sign.",
    ),
    Rule(
        "Y109", W, CURRENT,
        "{code} của cả {count} tỉnh giống hệt năm trước",
        "số liệu mới của kỳ này",
        "Kiểm tra bảng số liệu có phải của năm trước không.",
        "{code} is exactly last year's for all {count} provinces",
        "this edition's new figures",
        "Check whether the table is last year's.",
    ),
    Rule(
        "Y110", W, CORRECT,
        "{count} trong {of} số liệu của {province} là số năm trước của {other}",
        "số liệu của chính {province}",
        "Kiểm tra tỉnh có gửi nhầm tệp của tỉnh khác không.",
        "{count} of {of} figures of {province} are {other}'s of last year",
        "{province}'s own figures",
        "Check whether another province's file was sent by mistake.",
    ),
    Rule(
        "Y111", N, COMPLETE,
        "{code} không có số liệu; năm trước là {before}",
        "số liệu của kỳ này",
        "Hỏi lại: chỉ tiêu này năm trước có số liệu.",
        "{code} has no figure; last year it was {before}",
        "this edition's figure",
        "Ask for it: last year there was one.",
    ),
    Rule(
        "B101", W, COMPLETE,
        "không tỉnh nào có số liệu {code}",
        "số liệu của {count} tỉnh, thành phố",
        "Bổ sung bảng số liệu; nếu không có, bỏ chỉ số khỏi kỳ này hoặc công bố rõ là thiếu.",
        "not one province has a figure of {code}",
        "figures of {count} provinces",
        "Add the table; where there is none, take the indicator out, or publish that it is "
        "missing.",
    ),
    Rule(
        "B102", W, COMPLETE,
        "cả {count} tỉnh của vùng {region} không có số liệu {code}",
        "số liệu của mọi vùng",
        "Hỏi cơ quan cung cấp: có thể một phần của bảng bị thiếu.",
        "none of the {count} provinces of {region} has a figure of {code}",
        "figures from every region",
        "Ask the supplier: a part of the table may have been lost.",
    ),
    Rule(
        "B103", W, CORRECT,
        "{code} của cả {count} tỉnh đều là {value}",
        "số liệu khác nhau giữa các tỉnh",
        "Kiểm tra bảng số liệu: chỉ số không phân biệt được các tỉnh thì không xếp hạng được.",
        "{code} is {value} for all {count} provinces",
        "figures that differ between provinces",
        "Check the table: an indicator that tells no province from another ranks nothing.",
    ),
    Rule(
        "B104", N, CORRECT,
        "{code} chỉ có {distinct} giá trị khác nhau ở {count} tỉnh",
        "ít nhất {least} giá trị khác nhau",
        "Kiểm tra số liệu có bị làm tròn quá mức không.",
        "{code} has only {distinct} different values in {count} provinces",
        "at least {least} different values",
        "Check whether the figures were rounded too much.",
    ),
    Rule(
        "B105", N, CORRECT,
        "{code} là {value}, cách xa {count} tỉnh khác (trung vị {median}, một nửa trong "
        "{low}–{high})",
        "không quá {limit} lần độ lệch tuyệt đối trung vị",
        "Đối chiếu với minh chứng; nếu đúng, ghi lại lý do.",
        "{code} is {value}, far from {count} other provinces (median {median}, half in "
        "{low}–{high})",
        "within {limit} median absolute deviations",
        "Compare with the evidence; where it is right, keep the reason.",
    ),
    Rule(
        "B106", W, CORRECT,
        "{code} là {value}, lệch khoảng {factor} lần so với {count} tỉnh khác (trung vị {median})",
        "cùng đơn vị như các tỉnh khác: {unit}",
        "Kiểm tra đơn vị và dấu phẩy thập phân; nếu sai, nhập {meant}.",
        "{code} is {value}, off by about {factor} from {count} other provinces (median {median})",
        "the unit of the others: {unit}",
        "Check the unit and the decimal sign; if it is wrong, type {meant}.",
    ),
    Rule(
        "B107", W, CORRECT,
        "{code} là {value}, có thể là phần của 1 thay vì phần trăm ({count} tỉnh khác: trung vị "
        "{median})",
        "phần trăm: {unit}",
        "Nếu muốn nói {meant} %, hãy nhập {meant}.",
        "{code} is {value}, perhaps a part of 1 for a percentage ({count} other provinces: "
        "median {median})",
        "per cent: {unit}",
        "If {meant} % is meant, type {meant}.",
    ),
    Rule(
        "B108", W, CORRECT,
        "{province}: {one} là {value} và {other} là {second}, có thể bị đổi chỗ",
        "mỗi số trong khoảng của chỉ số mình",
        "Đối chiếu hai dòng với minh chứng; nếu đổi chỗ, nhập lại.",
        "{province}: {one} is {value} and {other} is {second}; they may have changed places",
        "each figure in the range of its own indicator",
        "Compare both rows with the evidence; where they changed places, type them again.",
    ),
    Rule(
        "B109", W, CORRECT,
        "cột {one} và cột {other} có thể bị đổi chỗ ({basis})",
        "mỗi cột dưới đúng mã của mình",
        "Kiểm tra hàng tiêu đề của bảng.",
        "the columns {one} and {other} may have changed places ({basis})",
        "each column under its own code",
        "Check the table's header row.",
    ),
    Rule(
        "B110", W, CORRECT,
        "{count} trong {of} số liệu của {province} giống hệt {other}",
        "số liệu của chính tỉnh mình",
        "Kiểm tra một tỉnh có nộp tệp của tỉnh kia không.",
        "{count} of {of} figures of {province} are exactly those of {other}",
        "the province's own figures",
        "Check whether one province sent the other's file.",
    ),
    Rule(
        "B111", W, CORRECT,
        "{one} và {other} giống hệt nhau ở cả {count} tỉnh",
        "hai chỉ số khác nhau",
        "Kiểm tra một cột có bị chép nhầm không.",
        "{one} and {other} are the same in all {count} provinces",
        "two different indicators",
        "Check whether a column was copied by mistake.",
    ),
    Rule(
        "B112", W, CORRECT,
        "{code} là {value}, trong khi {count} tỉnh khác đều dương",
        "cùng dấu như các tỉnh khác",
        "Kiểm tra dấu âm.",
        "{code} is {value}, while {count} other provinces are all positive",
        "the sign of the others",
        "Check the minus sign.",
    ),
    Rule(
        "B113", W, COMPLETE,
        "{code} là 0, trong khi {count} tỉnh khác đều từ {low} trở lên",
        "số 0 thật, hoặc ô trống nếu không có số liệu",
        "Nếu không có số liệu: để trống; số 0 được tính là kết quả kém nhất hoặc tốt nhất.",
        "{code} is 0, while {count} other provinces all have {low} or more",
        "a true zero, or an empty cell where there is no figure",
        "If there is no figure, leave it empty; a zero is scored as the worst or best result.",
    ),
)  # fmt: skip

RULES = {rule.code: rule for rule in _TABLE}

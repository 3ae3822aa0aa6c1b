"""What Excel says beside a cell of the sheet of values, and what it does not let in."""

from xlsxwriter.worksheet import Worksheet

from pii.decimals import in_words
from pii.framework import Indicator
from pii.intake.looks import COLUMN, shortened, sure

EVIDENCE_LIMIT, NOTE_LIMIT = 500, 1000
YEARS_BACK = 4
ANY_NUMBER = 1e15  # stands for "no limit": a validation needs two ends to ask for a number at all


def validate_row(sheet: Worksheet, row: int, indicator: Indicator, state: str) -> None:
    """Add the rules of one indicator's row; `state` is a key of the legend."""
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
                    rule[f"{side}_{part}"] = shortened(str(name), limit)
        result = sheet.data_validation(row, COLUMN[key], row, COLUMN[key], rule)
        sure(result, f"the validation of {code}")


def _value_rule(indicator: Indicator) -> dict[str, object]:
    """A number within the bounds; where there is no limit, any number."""
    low, high = indicator.bounds
    unit, span = shortened(indicator.unit_vi, 80), _span(indicator)
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

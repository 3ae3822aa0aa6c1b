"""What a template looks like, said once for the side that writes it and the side that reads it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import sha256
from math import asinh, fsum, isclose

from pii.framework import Framework, Indicator

GUIDE = "Hướng dẫn"
VALUES = "Chỉ số"
HIDDEN = "_pii"
LIVE = "Xem trước"  # scores while values are typed; never read back
FROZEN = "_moc"  # what its formulas refer to

# Columns of the sheet of values, in printed order: key → header in Vietnamese and English.
# A reader finds them by these texts, wherever they stand.
HEADERS = {
    "code": ("Mã", "Code"),
    "name": ("Tên chỉ số", "Indicator"),
    "definition": ("Định nghĩa", "Definition"),
    "unit": ("Đơn vị tính", "Unit"),
    "supplier": ("Bên cung cấp", "Supplier"),
    "data_year": ("Năm số liệu", "Data year"),
    "value": ("Giá trị", "Value"),
    "evidence": ("Minh chứng", "Evidence"),
    "note": ("Ghi chú", "Note"),
    "source": ("Nguồn", "Source"),
}
# Columns that a sheet may have besides: what a ratio was made from, so that it can be checked.
RELATED = {"numerator": ("Tử số", "Numerator"), "denominator": ("Mẫu số", "Denominator")}
NEEDED = ("code", "value")  # without these two nothing can be read

PROVINCE = "Tỉnh, thành phố · Province"  # stands left of the province on both visible sheets

# Keys of the hidden sheet, each beside its value.
MADE_BY = "made_by"
EDITION = "edition"
VERSION = "template_version"
PROVINCE_CODE = "province"
PROVINCE_NAME = "province_name"
PROVINCES_ON = "provinces_on"
FINGERPRINT = "fingerprint"
LIVE_FIGURES = "live_figures"  # fingerprint of the sheet of frozen figures
LIVE_FORMULAS = "live_formulas"  # how many formulas the live preview has

MARKER = "pii template"


def issued(code: str) -> str:
    """Key under which the hidden sheet keeps a central figure as it was issued."""
    return f"issued {code}"


_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")  # of no width


def plain(text: str) -> str:
    """A text as it is compared: composed (NFC), every run of white space one space."""
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return " ".join(text.replace("_x000D_", " ").split())


def stacked(vi: str, en: str) -> str:
    """Two languages in one cell, the Vietnamese above; once where both are written alike."""
    return vi if vi == en else f"{vi}\n{en}"


def header(key: str) -> str:
    """The text of a header cell."""
    return stacked(*HEADERS[key])


def name_text(indicator: Indicator) -> str:
    """The text of a name cell."""
    return stacked(indicator.name_vi, indicator.name_en)


def unit_text(indicator: Indicator) -> str:
    """The text of a unit cell."""
    return stacked(indicator.unit_vi, indicator.unit_en)


def province_text(code: str, name: str) -> str:
    """How the visible sheets state the province."""
    return f"{code} – {name}"


def fingerprint(framework: Framework) -> str:
    """SHA-256 of the texts that tell a province what to report, in hexadecimal.

    English texts, sources and bounds are left out: correcting those changes no figure.
    """
    return sha256("\n".join(_what_to_report(framework)).encode()).hexdigest()


def figures_fingerprint(cells: Iterable[tuple[int, int, str]]) -> str:
    """What tells whether cells (row, column, text) were altered: SHA-256 of texts, sum of numbers.

    A sum, because programs keep sixteen digits or fifteen when they save a workbook, and a hash of
    rounded numbers would now and then change with that. asinh gives small and large figures a
    like say, and the row as weight tells which of two it was.
    """
    texts, terms = [], []
    for row, column, text in sorted(cells):
        try:
            terms.append((row + column / 100) * asinh(float(text)))
            texts.append(f"{row} {column}")
        except ValueError:
            texts.append(f"{row} {column} {plain(text)}")
    known = sha256("\n".join(texts).encode()).hexdigest()
    return f"{known} {fsum(terms)!r}"


def is_fingerprint(issued: str, now: str) -> bool:
    """Whether the two are of the same figures, up to what saving does to their last digits."""
    (texts, _, total), (texts_now, _, total_now) = issued.partition(" "), now.partition(" ")
    try:
        return texts == texts_now and isclose(
            float(total), float(total_now), rel_tol=0, abs_tol=1e-7
        )
    except ValueError:  # somebody typed into the hidden sheet
        return False


def _what_to_report(framework: Framework) -> Iterator[str]:
    yield plain(f"{framework.id} {framework.template_version}")
    for indicator in framework.indicators:
        fields = (
            indicator.code,
            indicator.name_vi,
            indicator.definition_vi,
            indicator.unit_vi,
            indicator.supplier,
            str(indicator.data_year),
        )
        yield "\t".join(plain(field) for field in fields)

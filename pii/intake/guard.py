"""What stands before every parser: a workbook is judged by its bytes, and only then opened.

The order is cheap and final first: what kind of file it is, its container (`archive`), which
parts it has, the markup of each part, and the cells of each sheet (`markup`). What passes is
handed on as `Contents`; the readers get nothing else.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import join, normpath

from pii.findings import Finding
from pii.intake.archive import MAX_FILE, Refusal, unpacked
from pii.intake.markup import (
    SHORT,
    Marks,
    attributes_of,
    is_markup,
    is_stacked,
    marked,
    refuse_markup,
    strings_of,
    walked,
)
from pii.submission import Place

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and the shell around an encrypted .xlsx
_MAGIC = (
    (b"%PDF", "tệp PDF", "a PDF"),
    (b"{\\rtf", "tệp RTF", "an RTF document"),
    (b"\x89PNG", "tệp ảnh", "an image"),
    (b"\xff\xd8\xff", "tệp ảnh", "an image"),
    (b"GIF8", "tệp ảnh", "an image"),
    (b"Rar!", "tệp nén RAR", "a RAR archive"),
    (b"7z\xbc\xaf", "tệp nén 7z", "a 7z archive"),
    (b"\x1f\x8b", "tệp nén gzip", "a gzip archive"),
    (b"MZ", "chương trình", "a program"),
    (b"\x7fELF", "chương trình", "a program"),
)
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # .xls older than OLE
_KINDS = (  # by a part that only they have
    ("word/document.xml", "tệp Word", "a Word document"),
    ("ppt/presentation.xml", "tệp PowerPoint", "a PowerPoint file"),
    ("AndroidManifest.xml", "ứng dụng", "a program"),
)
MAX_TITLE = 255  # characters of a sheet's name: Excel allows 31
MAX_FORMATS, MAX_FORMAT = 2_000, 1_000  # number formats, and characters of one: Excel has 250, 255
MAX_TEXT_FILE = 3 << 20  # of a CSV, and its lines and fields:
MAX_LINES, MAX_LINE, MAX_FIELDS = 20_000, 100_000, 1_000
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]")
_PLAIN = bytes({*range(256)} - {*range(9), 11, 12, *range(14, 32), 127, 0xC2})
_STRICT = "http://purl.oclc.org/ooxml/"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS = ("vbaproject", "macrosheet", "activex", "vbadata", "intlmacrosheet", "dialogsheet")
_UNREAD = (  # parts that are neither read nor harmful; each is said once
    ("xl/connections.xml", "kết nối dữ liệu", "a data connection"),
    ("xl/querytables/", "truy vấn dữ liệu", "a data query"),
    ("xl/embeddings/", "đối tượng nhúng", "an embedded object"),
    ("xl/model/", "mô hình dữ liệu", "a data model"),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """A workbook that passed: what the readers are given, and what the guard noticed.

    sheets : title → the part that holds it, worksheets only, in the order of the workbook
    marks : part → what stands in its cells beyond their values
    notes : rules broken that do not stop the reading, with their facts
    """

    parts: Mapping[str, bytes]
    sheets: Mapping[str, str]
    marks: Mapping[str, Marks]
    notes: tuple[tuple[str, Mapping[str, str]], ...] = ()


def guarded(data: bytes, name: str, size: int = 1) -> Contents | Finding:
    """The contents of a workbook, or the finding that refuses it. No exception leaves here.

    size : how many times as many tags and rows as in a province's workbook are allowed
    """
    try:
        return _contents(data, size)
    except Refusal as refusal:
        return Finding(refusal.rule, Place(name), facts=refusal.facts)


def _contents(data: bytes, size: int) -> Contents:
    _refuse_kind(data)
    parts = unpacked(data, is_markup)
    _refuse_parts(parts)
    refuse_markup(parts, size)
    main = _main_part(parts)
    relations = _relations(parts, main)
    _refuse_macros(parts, relations)
    if _STRICT.encode() in parts[main][:4096]:
        raise Refusal("F121")
    sheets = _sheets(parts, main, relations)
    strings = next(
        (one.part for one in relations.values() if one.kind == "sharedStrings"),
        "",
    )
    raised = strings_of(strings, parts[strings]) if strings else ()
    read = {part: marked(part, title, parts[part], raised, size) for title, part in sheets.items()}
    marks = {part: found for part, (found, _) in read.items()}
    given = _for_readers(parts, main, relations, {part: bare for part, (_, bare) in read.items()})
    styles = {one.part for one in relations.values() if one.kind == "styles"}
    seen = {*marks, *styles, strings, main, "[Content_Types].xml"}
    for part, content in parts.items():
        if part.lower().endswith((".xml", ".rels")) and part not in seen:
            walked(part, content, lambda *_: None)  # well formed, and within its limits
    return Contents(
        given,
        sheets,
        marks,
        tuple(_notes(parts)),
    )


def text_refusal(data: bytes, name: str) -> Finding | None:
    """Why a file is not read as a CSV; None where its bytes may be."""
    try:
        _refuse_text(data)
    except Refusal as refusal:
        return Finding(refusal.rule, Place(name), facts=refusal.facts)
    return None


def _refuse_text(data: bytes) -> None:
    _refuse_size(data, MAX_TEXT_FILE)
    _refuse_ole(data)
    vi, en = _kind(data)
    if not en.startswith(("a text", "not an Excel")):
        raise Refusal("F108", kind_vi=vi, kind_en=en)
    suspect = data.translate(None, _PLAIN)  # far quicker than the search, and mostly nothing
    if suspect and (odd := _CONTROL.search(data)) and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        at = data.count(b"\n", 0, odd.start()) + 1
        raise Refusal("F126", why_vi=f"ký tự điều khiển ở dòng {at}",
                      why_en=f"a control character in line {at}")  # fmt: skip
    ends = data.count(b"\n"), data.count(b"\r")
    if max(ends) > MAX_LINES or len(lines := data.splitlines()) > MAX_LINES:
        raise Refusal("F126", why_vi=f"hơn {MAX_LINES} dòng", why_en=f"more than {MAX_LINES} lines")
    for at, line in enumerate(lines, 1):
        if len(line) > MAX_LINE or max(map(line.count, (b",", b";", b"\t"))) > MAX_FIELDS:
            raise Refusal("F126", why_vi=f"dòng {at} quá dài", why_en=f"line {at} is too long")
        if len(line) > SHORT and is_stacked(line.decode("utf-8", "replace")):
            raise Refusal("F126", why_vi=f"quá nhiều dấu trên một chữ ở dòng {at}",
                          why_en=f"too many marks on one letter in line {at}")  # fmt: skip


# ------------------------------------------------------------------------------ what it is ------


def _refuse_kind(data: bytes) -> None:
    _refuse_size(data, MAX_FILE)
    _refuse_ole(data)
    if not data.startswith(b"PK"):
        vi, en = _kind(data)
        raise Refusal("F108", kind_vi=vi, kind_en=en)


def _refuse_size(data: bytes, most: int) -> None:
    if not data:
        raise Refusal("F101")
    if len(data) > most:
        raise Refusal("F102", limit=str(most >> 20))


def _refuse_ole(data: bytes) -> None:
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Refusal("F103" if locked else "F104")
    if data.startswith(_BIFF):
        raise Refusal("F104")


def _kind(data: bytes) -> tuple[str, str]:
    for magic, vi, en in _MAGIC:
        if data.startswith(magic):
            return vi, en
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return "trang web (HTML)", "a web page (HTML)"
    if start.startswith(b"<?xml"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:4096]:
            return "bảng tính XML 2003", "an XML Spreadsheet of 2003"
        return "tệp XML", "an XML file"
    if b"\x00" not in data[:4096] and any(mark in start for mark in (b",", b";", b"\t")):
        return "văn bản hoặc CSV", "a text or CSV file"
    return "tệp không phải Excel", "not an Excel file"


def _refuse_parts(parts: Mapping[str, bytes]) -> None:
    for known, rule in (("xl/workbook.bin", "F105"), ("content.xml", "F106")):
        if known in parts:
            raise Refusal(rule)
    for known, vi, en in _KINDS:
        if known in parts:
            raise Refusal("F108", kind_vi=vi, kind_en=en)
    if "[Content_Types].xml" not in parts or not any(p.startswith("xl/") for p in parts):
        inside = next((p for p in parts if p.lower().endswith((".xlsx", ".xls", ".ods"))), "")
        raise Refusal(
            "F108",
            kind_vi=f"tệp nén chứa {inside}" if inside else "tệp nén, không phải Excel",
            kind_en=f"an archive that holds {inside}" if inside else "an archive, no workbook",
        )


# ------------------------------------------------------------------------- parts and links ------


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str  # the last word of its type
    part: str  # "" where it leads outside
    target: str


def _relations(parts: Mapping[str, bytes], part: str) -> Mapping[str, _Relation]:
    """Where a part leads, by id; the targets inside must be there, under just that name."""
    folder, _, file = part.rpartition("/")
    listing = join(folder, "_rels", f"{file}.rels")
    found: dict[str, _Relation] = {}
    links = attributes_of(listing, parts[listing], ("Relationship",)) if listing in parts else ()
    for _, given in links:
        kind = given.get("Type", "").rpartition("/")[2]
        target = given.get("Target", "")
        outside = given.get("TargetMode", "") == "External"
        where = target[1:] if target.startswith("/") else normpath(join(folder, target))
        if given.get("Id", "") in found:
            raise Refusal("F110", why_vi=f"{listing} lặp mã liên kết",
                          why_en=f"{listing} repeats a relationship")  # fmt: skip
        found[given.get("Id", "")] = _Relation(kind, "" if outside else where, target)
    return found


def _main_part(parts: Mapping[str, bytes]) -> str:
    types = attributes_of("[Content_Types].xml", parts["[Content_Types].xml"])
    for _, given in types:
        kind = given.get("ContentType", "").lower()
        if "macroenabled" in kind or any(word in kind for word in _MACROS):
            raise Refusal("F107")
    if any("sheet.binary" in given.get("ContentType", "") for _, given in types):
        raise Refusal("F105")
    mains = [
        one.part for one in _relations(parts, "").values()
        if one.kind == "officeDocument"
    ]  # fmt: skip
    stated = [
        g["PartName"][1:] for _, g in types if g.get("ContentType") == _WORKBOOK and "PartName" in g
    ]
    if len(mains) != 1 or mains[0] not in parts or (stated and stated != mains):
        raise _incomplete("xl/workbook.xml")
    return mains[0]


def _incomplete(part: str) -> Refusal:
    return Refusal("F123", part=part)


def _refuse_macros(parts: Mapping[str, bytes], relations: Mapping[str, _Relation]) -> None:
    names = [name.lower() for name in (*parts, *(one.kind for one in relations.values()))]
    if any(word in name for name in names for word in _MACROS):
        raise Refusal("F107")
    for part, content in parts.items():
        links = part.lower().startswith("xl/externallinks/")
        if links and (b"ddeLink" in content or b"oleLink" in content):
            raise Refusal("F120", part=part)


def _sheets(
    parts: Mapping[str, bytes], main: str, relations: Mapping[str, _Relation]
) -> Mapping[str, str]:
    sheets: dict[str, str] = {}
    taken: set[str] = set()
    titles: set[str] = set()
    for _, given in attributes_of(main, parts[main], ("sheet",)):
        link = next((v for k, v in given.items() if k.endswith(":id")), "")
        one = relations.get(link)
        if one is None or not one.part:
            raise Refusal("F120", part=one.target if one else main)
        if one.part not in parts:
            raise _incomplete(one.part)
        if one.kind == "chartsheet":
            continue
        title = given.get("name", "")
        if len(title) > MAX_TITLE:
            raise Refusal("F122", part=main, why_vi="tên trang tính quá dài",
                          why_en="a sheet's name that is too long")  # fmt: skip
        if one.kind != "worksheet" or one.part in taken or title.casefold() in titles:
            raise Refusal(
                "F110",
                why_vi=f"trang tính “{title}” bị khai hai lần hoặc sai loại",
                why_en=f"sheet “{title}” is declared twice or as another kind",
            )
        sheets[title] = one.part
        taken.add(one.part)
        titles.add(title.casefold())
    if not sheets:
        raise _incomplete("xl/worksheets")
    return sheets


def _notes(parts: Mapping[str, bytes]) -> Iterator[tuple[str, Mapping[str, str]]]:
    links = [part for part in parts if part.lower().startswith("xl/externallinks/externallink")]
    if links:
        yield "F201", {"count": str(len(links))}
    for start, vi, en in _UNREAD:
        if any(part.lower().startswith(start) for part in parts):
            yield "F202", {"what_vi": vi, "what_en": en}


# ------------------------------------------------------------------- what the readers get ------


def _for_readers(
    parts: Mapping[str, bytes],
    main: str,
    relations: Mapping[str, _Relation],
    sheets: dict[str, bytes],
) -> Mapping[str, bytes]:
    """The parts that hold cells, and of the styles the number formats; nothing else is data.

    Fonts and fills, pictures, comments, pivots and links stay behind: they take as long to read as
    the cells, and one of them in an odd form makes a parser refuse a sound workbook.
    """
    folder, _, file = main.rpartition("/")
    kept = ["[Content_Types].xml", "_rels/.rels", main, join(folder, "_rels", f"{file}.rels")]
    kept += [one.part for one in relations.values() if one.kind == "sharedStrings"]
    given = {part: parts[part] for part in kept if part in parts} | sheets
    for one in relations.values():
        if one.kind == "styles" and one.part in parts:
            # both readers look for it under this name only, wherever it was
            given["xl/styles.xml"] = _formats(one.part, parts[one.part])
    return given


def _formats(part: str, content: bytes) -> bytes:
    """A stylesheet of number formats alone, and of the styles that name them, in their order."""
    formats: list[str] = []
    styles: list[str] = []
    within = ""

    def take(tag: str, given: Mapping[str, str]) -> None:
        nonlocal within
        said: str | None
        if tag == "xf" and within == "cellXfs":
            said = given.get("numFmtId")
            styles.append("<xf/>" if said is None else f'<xf numFmtId="{_quoted(said)}"/>')
        elif tag == "numFmt" and within == "numFmts":
            if len(given.get("formatCode", "")) > MAX_FORMAT or len(formats) == MAX_FORMATS:
                raise Refusal("F122", part=part, why_vi="định dạng số quá dài hoặc quá nhiều",
                              why_en="number formats that are too long or too many")  # fmt: skip
            said = "".join(
                f' {key}="{_quoted(given[key])}"'
                for key in ("numFmtId", "formatCode")
                if key in given
            )
            formats.append(f"<numFmt{said}/>")
        elif tag in ("numFmts", "cellXfs", "cellStyleXfs", "dxfs"):
            within = tag

    walked(part, content, take)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<styleSheet xmlns="{space}"><numFmts>{"".join(formats)}</numFmts>'
        f"<cellXfs>{''.join(styles)}</cellXfs></styleSheet>"
    ).encode()


def _quoted(text: str) -> str:
    if not text.isalnum():
        for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
            text = text.replace(mark, name)
    return text

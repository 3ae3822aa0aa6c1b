"""Faulty and hostile files, built in code, one fault each, with what must come of them.

`python -m tests.corpus` writes docs/corpus.md; tests/intake/test_corpus.py holds the page and the
program to each other. Threats (T…) are numbered as in the list of known cases.
"""

import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import PatternFill

from pii.framework import Framework
from pii.intake import layout
from pii.provinces import Province
from tests.small import small_framework, small_indicator
from tests.workbooks import (
    VALUES_XML,
    address,
    cell_of,
    edited,
    filled,
    header_row,
    rearranged,
    row_of,
    values_sheet,
    with_entry,
    with_header,
    with_hidden_fact,
    with_number_format,
    with_province_line,
    with_repeated_row,
    with_sheet_name,
    with_stored_formula,
    with_xml,
    without_row,
    without_sheet,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "corpus.md"
HUE = Province("46", "Huế", "Hue", "NCC", "Bắc Trung Bộ", "North Central", aliases=())
CODES = ("1.1.1", "1.1.2", "1.2.1", "2.1.1", "2.1.2")
ACCEPT = "accept"


@cache
def framework() -> Framework:
    """Five indicators, all of the province, bounded by 0 and a million."""
    return small_framework(
        provinces_on=date(2025, 7, 1),  # held to what a province may send
        indicators=tuple(
            small_indicator(code, code[:3], supplier="province", bounds=(0.0, 1e6), unit_vi="đồng",
                            unit_en="dong")
            for code in CODES
        )
    )  # fmt: skip


@cache
def good() -> bytes:
    """A filled template in which nothing is wrong."""
    return filled(framework(), HUE, {"1.1.1": 12.5, "1.1.2": 3, "1.2.1": 0.1, "2.1.1": 99,
                                     "2.1.2": 1000.25})  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One file: how it is built, and the rule that must be told of it, or ACCEPT.

    values : what must be read all the same, by indicator
    """

    name: str
    fault: str
    outcome: str
    build: Callable[[], bytes]
    threat: str = ""
    file: str = "46-hue.xlsx"
    values: Mapping[str, float] = field(default_factory=dict)


# ------------------------------------------------------------------------------- container ------


@dataclass
class Entry:
    """A member as it will be written; what is changed here need not be true."""

    name: str
    content: bytes
    method: int = 8
    flags: int = 0
    local_name: str | bytes | None = None
    crc: int | None = None
    size: int | None = None
    packed: bytes | None = None
    start: int | None = None
    mode: int = 0
    local: dict[str, int] = field(default_factory=dict)
    before: bytes = b""
    extra: bytes = b""


def entries() -> list[Entry]:
    with ZipFile(BytesIO(good())) as archive:
        return [Entry(name, archive.read(name)) for name in archive.namelist()]


def container(members: list[Entry], *, count: int | None = None, tail: bytes = b"",
              head: bytes = b"", comment: bytes = b"", gap: bytes = b"") -> bytes:  # fmt: skip
    body, directory = head, b""
    for one in members:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = one.packed
        if packed is None:
            deflated = one.method == 8
            packed = packer.compress(one.content) + packer.flush() if deflated else one.content
        crc = zlib.crc32(one.content) if one.crc is None else one.crc
        size = len(one.content) if one.size is None else one.size
        body += one.before
        start = len(body) if one.start is None else one.start
        told = {"crc": crc, "packed": len(packed), "size": size, "method": one.method} | one.local
        raw = one.name.encode() if isinstance(one.name, str) else one.name
        local = one.name if one.local_name is None else one.local_name
        local_raw = local.encode() if isinstance(local, str) else local
        if one.start is None:
            body += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, one.flags, told["method"], 0, 33,
                                told["crc"], told["packed"], told["size"], len(local_raw),
                                len(one.extra)) + local_raw + one.extra + packed  # fmt: skip
        directory += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, one.flags, one.method, 0, 33,
                                 crc, len(packed), size, len(raw), 0, 0, 0, 0, one.mode << 16,
                                 start) + raw  # fmt: skip
    body += gap
    number = len(members) if count is None else count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, number, number, len(directory), len(body),
                      len(comment))  # fmt: skip
    return body + directory + end + comment + tail


def changed(part: str, **changes: Any) -> bytes:
    members = entries()
    one = next(member for member in members if member.name == part)
    for key, value in changes.items():
        setattr(one, key, value)
    return container(members)


def added(*more: Entry, **options: Any) -> bytes:
    return container([*entries(), *more], **options)


def part(name: str, content: bytes | str) -> bytes:
    """The good file with one part added or replaced."""
    raw = content.encode() if isinstance(content, str) else content
    members = [one for one in entries() if one.name != name]
    return container([*members, Entry(name, raw)])


def content_of(name: str) -> bytes:
    return next(one.content for one in entries() if one.name == name)


def archive(names: Mapping[str, bytes]) -> bytes:
    return container([Entry(name, content) for name, content in names.items()])


# -------------------------------------------------------------------------- markup and cells ------


def sheet(pattern: str, replacement: str, name: str = VALUES_XML) -> bytes:
    return with_xml(good(), name, pattern, replacement)


def inside(code: str, body: str, kind: str = "n") -> bytes:
    """Raw markup in the value cell of an indicator."""
    where = address(good(), code)
    return sheet(
        rf'<c r="{where}"( s="\d+")?[^>]*?(/>|>.*?</c>)',
        rf'<c r="{where}"\1 t="{kind}">{body}</c>'.replace("\\x", "\\\\x"),
    )


def doctype(name: str, text: str) -> bytes:
    raw = content_of(name).decode()
    head, mark, rest = raw.partition("?>")
    return part(name, f"{head}{mark}{text}{rest}" if mark else f"{text}{raw}")


def entry(code: str, value: Any, key: str = "value") -> bytes:
    return with_entry(good(), code, key, value)


def change(what: Callable[[Workbook], object]) -> bytes:
    return edited(good(), what)


def formula(text: str, result: str, kind: str = "n") -> bytes:
    return with_stored_formula(good(), "1.1.1", text, result, kind)


def relation(kind: str, target: str, external: bool = True) -> bytes:
    """A relationship more in the workbook."""
    mode = ' TargetMode="External"' if external else ""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return with_xml(
        good(), "xl/_rels/workbook.xml.rels", "</Relationships>",
        f'<Relationship Id="rX" Type="{base}/{kind}" Target="{target}"{mode}/></Relationships>',
    )  # fmt: skip


def content_type(kind: str) -> bytes:
    return with_xml(good(), "[Content_Types].xml", "</Types>",
                    f'<Override PartName="/xl/x.bin" ContentType="{kind}"/></Types>')  # fmt: skip


def hidden_row(book: Workbook) -> None:
    values_sheet(book).row_dimensions[row_of(book, "1.1.2")].hidden = True


def hidden_column(book: Workbook) -> None:
    values_sheet(book).column_dimensions["G"].hidden = True


def merged(book: Workbook) -> None:
    row = row_of(book, "1.1.1")
    values_sheet(book).merge_cells(f"G{row}:G{row + 1}")


def merged_kept() -> bytes:
    first, second = address(good(), "1.1.1"), address(good(), "1.1.2")
    return sheet("<mergeCells[^>]*>", f'<mergeCells><mergeCell ref="{first}:{second}"/>')


def coloured(book: Workbook) -> None:
    cell_of(book, "1.1.1", "value").fill = PatternFill("solid", fgColor="FFFF00")


def filtered(book: Workbook) -> None:
    values_sheet(book).auto_filter.ref = f"A{header_row(book)}:J40"


def copied(book: Workbook) -> None:
    book.copy_worksheet(values_sheet(book))


def second_table(book: Workbook) -> None:
    """An older year's table below."""
    page, head = values_sheet(book), header_row(book)
    last = page.max_row + 3
    for j, key in enumerate(layout.HEADERS, 1):
        page.cell(last, j, layout.header(key))
    page.cell(last + 1, 1, "1.1.1")
    page.cell(last + 1, 7, 11)
    assert head < last


def swapped_codes(book: Workbook) -> None:
    one, other = (cell_of(book, code, "code") for code in ("1.1.1", "1.1.2"))
    one.value, other.value = other.value, one.value


def inserted_row(book: Workbook) -> None:
    values_sheet(book).insert_rows(row_of(book, "1.1.2"))


def old_xls() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1024)


def locked() -> bytes:
    return old_xls() + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def bomb(size: int) -> bytes:
    return added(Entry("xl/media/image1.png", bytes(size)))


def app(body: str) -> bytes:
    """The good file with something in a part that nobody reads."""
    return part("docProps/app.xml", f"<Properties>{body}</Properties>")


def styles(more: str) -> str:
    """The stylesheet with these styles behind its own."""
    return content_of("xl/styles.xml").decode().replace("</cellXfs>", f"{more}</cellXfs>")


def shared(text: str) -> bytes:
    """The good file with a shared text, which no cell names."""
    parts = {one.name: one.content for one in entries()}
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</R", f'<Relationship Id="rS" Type="{kind}" Target="strings.xml"/></R'.encode()
    )
    return archive({**parts, "xl/strings.xml": f"<sst>{text}</sst>".encode()})


def elsewhere(head: bytes) -> bytes:
    """The sheet of values under a name that is no markup's, begun with these bytes."""
    members = [one for one in entries() if one.name != VALUES_XML]
    types = next(one for one in members if one.name == "[Content_Types].xml")
    types.content = types.content.replace(VALUES_XML.encode(), b"xl/worksheets/sheet2.bin")
    links = next(one for one in members if one.name == "xl/_rels/workbook.xml.rels")
    links.content = links.content.replace(b"sheet2.xml", b"sheet2.bin")
    text = content_of(VALUES_XML).removeprefix(b"<?xml version='1.0' encoding='UTF-8'?>")
    return container([*members, Entry("xl/worksheets/sheet2.bin", head + text)])


def nested(depth: int) -> str:
    return '<?xml version="1.0"?>' + "<a>" * depth + "</a>" * depth


def lower(data: bytes) -> bytes:
    """The same file with local headers streamed, as some programs write them: sizes come after."""
    members = []
    with ZipFile(BytesIO(data)) as source:
        for name in source.namelist():
            content = source.read(name)
            members.append((name, content))
    body, directory = b"", b""
    for name, content in members:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        sizes = struct.pack("<3L", zlib.crc32(content), len(packed), len(content))
        raw = name.encode()
        directory += (struct.pack("<4s6H", b"PK\x01\x02", 20, 20, 8, 8, 0, 33) + sizes
                      + struct.pack("<5H2L", len(raw), 0, 0, 0, 0, 0, len(body)) + raw)  # fmt: skip
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 8, 8, 0, 33, 0, 0, 0, len(raw), 0) + raw
        body += packed + b"PK\x07\x08" + sizes
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(members), len(members), len(directory),
                      len(body), 0)  # fmt: skip
    return body + directory + end


def everywhere(text: Callable[[str], str]) -> Callable[[Workbook], None]:
    def apply(book: Workbook) -> None:
        for row in values_sheet(book).iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("="):
                    cell.value = text(cell.value)

    return apply


STYLE = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
NL, DIGITS, MARKS = "\n", "0123456789" * 4_000, "\u0301\u0323"
BILLION = ('<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
           '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>')  # fmt: skip
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def cases() -> Iterator[Case]:
    yield from _kinds()
    yield from _costly()
    yield from _containers()
    yield from _parts()
    yield from _markup()
    yield from _cells()
    yield from _values()
    yield from _template()
    yield from _texts()


def _costly() -> Iterator[Case]:
    """Files that were dear to judge, or read wrongly where a part stood elsewhere."""
    many = '<c t="str"><f t="shared" si="0"/><v>1</v></c>' * 90
    for name, fault, rule, build in (
        ("scan", "places that are looked for over and over", "F116",
         lambda: part(VALUES_XML, "<row x" * 15_000)),
        ("shared-many", "thousands of shared formulas before the fault", "F117",
         lambda: sheet("</sheetData>", '<row r="900"><c t="str"><f t="shared" si="0">A1</f></c>'
                       f"</row>{f'<row>{many}</row>' * 60}<row r='1'/></sheetData>")),
        ("links-many", "thousands of links", "F122",
         lambda: part("xl/_rels/workbook.xml.rels", '<Relationship Id="a"/>' * 3_000)),
        ("format-long", "a number format of 2,000 characters", "F122",
         lambda: sheet("<numFmts.*?</numFmts>|<fonts", f'<numFmts><numFmt numFmtId="200" '
                       f'formatCode="{"[" * 2000}"/></numFmts><fonts', "xl/styles.xml")),
        ("formats-many", "three thousand number formats", "F122",
         lambda: sheet("<numFmts.*?</numFmts>|<fonts", "<numFmts>" + '<numFmt numFmtId="200" '
                       'formatCode="0"/>' * 3_000 + "</numFmts><fonts", "xl/styles.xml")),
        ("styles-many", "twenty thousand styles", "F122",
         lambda: part("xl/styles.xml", styles("<xf/>" * 20_000))),
        ("names-many", "three thousand names of tags", "F122",
         lambda: app("".join(f"<a{i}/>" for i in range(3_000)))),
        ("attributes-many", "ninety thousand attributes", "F122",
         lambda: app('<a a="" b="" c="" d="" e="" f=""/>' * 15_000)),
        ("lines-many", "a hundred thousand line ends", "F122",
         lambda: app(f"<a>{NL * 20_000}</a>" * 5)),
        ("references-many", "fifty thousand references to characters", "F122",
         lambda: app(f"<a>{'&#65;' * 25_000}</a>" * 2)),
        ("markup-large", "4 MiB of markup", "F122",
         lambda: app(f"<a>{Random(1).randbytes(90_000).hex()}</a>" * 20)),
        ("piece-long", "an attribute of a quarter million letters", "F122",
         lambda: app(f'<a a="{DIGITS * 7}"/>')),
        ("title-long", "a sheet's name of 300 letters", "F122",
         lambda: sheet("</sheets>", f'<sheet name="{"x" * 300}" r:id="rId1"/></sheets>',
                       "xl/workbook.xml")),
        ("links-long", "a link of half a million letters", "F122",
         lambda: part("xl/_rels/workbook.xml.rels",
                      f'<Relationship Target="{"a/" * 99_000}"/>' * 3)),
        ("part-name-long", "a part named by 300 letters", "F111",
         lambda: added(Entry("xl/" + "x" * 300, b""))),
        ("part-name-marks", "a part named by a letter with 30,000 marks", "F111",
         lambda: added(Entry("xl/a" + "\u0301\u0323" * 15_000, b"", flags=0x800))),
        ("parts-many", "sixty thousand parts", "F112",
         lambda: container([Entry(str(i), b"") for i in range(60_000)])),
    ):  # fmt: skip
        yield Case(name, fault, rule, build, "T5")
    for name, fault, build in (
        ("styles-thousands", "three thousand styles",
         lambda: part("xl/styles.xml", styles(STYLE * 3_000))),
        ("rows-styled", "four thousand styled empty rows",
         lambda: sheet("</sheetData>", "".join(
             f'<row r="{i}" ht="15" customHeight="1"><c r="A{i}" s="1"/><c r="B{i}" s="1"/></row>'
             for i in range(1_000, 5_000)) + "</sheetData>")),
        ("picture-large", "a picture of 6 MiB",
         lambda: part("xl/media/image1.png", Random(1).randbytes(6 << 20))),
    ):  # fmt: skip
        yield Case(name, fault, ACCEPT, build, "T5", values={"1.1.1": 12.5, "2.1.2": 1000.25})
    yield Case("font-odd", "a font that openpyxl cannot read", ACCEPT,
               lambda: sheet('<sz val="[^"]*"', '<sz val="large"', "xl/styles.xml"), "T6",
               values={"1.1.1": 12.5, "2.1.2": 1000.25})  # fmt: skip
    yield Case("view-odd", "a view that openpyxl cannot read", ACCEPT,
               lambda: sheet("<sheetViews>.*</sheetViews>",
                             '<sheetViews><sheetView zoomScale="x"/></sheetViews>'), "T6",
               values={"1.1.1": 12.5, "2.1.2": 1000.25})  # fmt: skip


def _kinds() -> Iterator[Case]:
    """What a file is, whatever its name says."""
    for name, fault, rule, data in (
        ("empty", "an empty file", "F101", b""),
        ("spaces", "nothing but spaces", "F108", b"   \n  "),
        ("zeros", "a thousand zero bytes", "F108", bytes(1000)),
        ("large", "a file of more than 8 MiB", "F102", b"PK\x03\x04" + bytes(8 << 20)),
        ("pdf", "a PDF named .xlsx", "F108", b"%PDF-1.7\n"),
        ("html", "a web page named .xlsx", "F108", b"<html><table><tr><td>1</td></tr></table>"),
        ("html-doctype", "a web page with a document type", "F108", b"<!DOCTYPE html><p>1"),
        ("csv-as-xlsx", "a CSV named .xlsx", "F108", b"province,1.1.1\n46,3\n"),
        ("tsv-as-xlsx", "a table with tabs named .xlsx", "F108", b"province\t1.1.1\n46\t3\n"),
        ("xml-2003", "an XML Spreadsheet of 2003", "F108",
         b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
        ("xml", "some XML", "F108", b'<?xml version="1.0"?><a/>'),
        ("rtf", "an RTF document", "F108", b"{\\rtf1 a}"),
        ("png", "a picture", "F108", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("rar", "a RAR archive", "F108", b"Rar!\x1a\x07\x01\x00"),
        ("gzip", "a gzip archive", "F108", b"\x1f\x8b\x08\x00" + bytes(20)),
        ("exe", "a program", "F108", b"MZ" + bytes(100)),
        ("xls", "an old .xls", "F104", old_xls()),
        ("biff5", "a .xls older than OLE", "F104", b"\x09\x08\x10\x00" + bytes(50)),
        ("password", "a workbook under a password", "F103", locked()),
        ("random", "random bytes", "F108", bytes(range(128, 256)) * 4),
    ):  # fmt: skip
        yield Case(name, fault, rule, lambda data=data: data, "T12" if rule != "F103" else "T11")
    for name, fault, rule, parts in (
        ("xlsb", "a binary workbook", "F105", {"xl/workbook.bin": b"x"}),
        ("ods", "an OpenDocument spreadsheet", "F106", {"mimetype": b"x", "content.xml": b"<a/>"}),
        ("docx", "a Word document", "F108", {"word/document.xml": b"<a/>"}),
        ("pptx", "a PowerPoint file", "F108", {"ppt/presentation.xml": b"<a/>"}),
        ("zip-in-zip", "an archive that holds the workbook", "F108", {"46-hue.xlsx": good()}),
        ("other-zip", "some archive", "F108", {"x.txt": b"x"}),
        ("no-types", "no list of content types", "F108", {"xl/workbook.xml": b"<a/>"}),
    ):
        yield Case(name, fault, rule, lambda parts=parts: archive(parts), "T12")


def _containers() -> Iterator[Case]:
    first = "xl/workbook.xml"
    for name, fault, rule, threat, build in (
        ("cut-half", "cut in the middle", "F109", "T3", lambda: good()[: len(good()) // 2]),
        ("cut-end", "the last byte missing", "F110", "T3", lambda: good()[:-1]),
        ("start-only", "the first four bytes", "F109", "T3", lambda: good()[:4]),
        ("suffix", "bytes after the end", "F110", "T3", lambda: good() + b"x"),
        ("twice", "the file twice over", "F110", "T3", lambda: good() + good()),
        ("prefix", "a script before the workbook", "F108", "T3", lambda: b"#!/bin/sh\n" + good()),
        ("prefix-pk", "a prefix that looks like a workbook", "F110", "T3",
         lambda: container(entries(), head=b"PK\x03\x04junk")),
        ("comment", "a comment behind the directory", "F110", "T3",
         lambda: container(entries(), comment=b"hello")),
        ("gap", "hidden bytes before the directory", "F110", "T3",
         lambda: container(entries(), gap=b"hidden")),
        ("gap-between", "hidden bytes between two parts", "F110", "T3",
         lambda: changed(first, before=b"hidden")),
        ("overlap", "two names for the same bytes", "F110", "T1",
         lambda: added(Entry("xl/copy.xml", b"", start=0))),
        ("count-high", "a directory that promises more parts", "F110", "T3",
         lambda: container(entries(), count=99)),
        ("count-low", "a directory that promises fewer parts", "F110", "T3",
         lambda: container(entries(), count=3)),
        ("zip64", "the zip64 form", "F110", "T3", lambda: container(entries(), count=0xFFFF)),
        ("same-name", "two parts of one name", "F110", "T3",
         lambda: added(Entry(VALUES_XML, b"<a/>"))),
        ("same-case", "two parts whose names differ by case", "F110", "T3",
         lambda: added(Entry(VALUES_XML.upper(), b"<a/>"))),
        ("same-nfd", "two parts whose names differ by Unicode form", "F110", "T3",
         lambda: added(Entry("xl/é.xml", b"<a/>", flags=0x800),
                       Entry("xl/e\u0301.xml", b"<a/>", flags=0x800))),
        ("same-width", "two parts whose names differ by width", "F110", "T3",
         lambda: added(Entry("xl/a.xml", b"<a/>"), Entry("xl/ａ.xml", b"<a/>", flags=0x800))),
        ("backslash", "a part named with a backslash", "F111", "T3",
         lambda: added(Entry("xl\\worksheets\\sheet2.xml", b"<a/>"))),
        ("dot-dot", "a part that climbs out", "F111", "T10",
         lambda: added(Entry("xl/../../evil.xml", b"x"))),
        ("absolute", "a part with an absolute name", "F111", "T10",
         lambda: added(Entry("/etc/evil", b"x"))),
        ("drive", "a part on a drive", "F111", "T10", lambda: added(Entry("C:/evil", b"x"))),
        ("nul-name", "a NUL in a name", "F111", "T10", lambda: added(Entry("xl/a\x00.xml", b"x"))),
        ("bidi-name", "a mark that turns a name round", "F111", "T20",
         lambda: added(Entry("xl/\u202elmx.xml", b"x", flags=0x800))),
        ("latin-name", "a name that is neither ASCII nor UTF-8", "F111", "T10",
         lambda: added(Entry("xl/é.xml", b"x"))),
        ("link-inside", "a symbolic link inside", "F111", "T10",
         lambda: added(Entry("xl/link", b"/etc/passwd", mode=0o120777))),
        ("encrypted", "an encrypted part", "F103", "T11", lambda: changed(first, flags=1)),
        ("method", "a packing method nobody uses", "F110", "T3",
         lambda: changed(first, method=12, packed=b"x")),
        ("local-name", "a local name that differs", "F110", "T3",
         lambda: changed(VALUES_XML, local_name="xl/worksheets/sheet9.xml")),
        ("local-size", "a local size that differs", "F110", "T3",
         lambda: changed(VALUES_XML, local={"size": 5})),
        ("local-crc", "a local checksum that differs", "F110", "T3",
         lambda: changed(VALUES_XML, local={"crc": 5})),
        ("local-method", "a local method that differs", "F110", "T3",
         lambda: changed(VALUES_XML, local={"method": 0})),
        ("crc", "one digit flipped in a stored part", "F109", "T3",
         lambda: changed(VALUES_XML, method=0, crc=zlib.crc32(content_of(VALUES_XML)),
                         packed=content_of(VALUES_XML).replace(b"12.5", b"92.5"))),
        ("deflate", "packed bytes that are damaged", "F109", "T3",
         lambda: changed(VALUES_XML, packed=b"\xff" * 50)),
        ("size-less", "a size that is too small", "F113", "T1",
         lambda: changed(VALUES_XML, size=100)),
        ("size-more", "a size that is too large", "F113", "T1",
         lambda: changed(VALUES_XML, size=len(content_of(VALUES_XML)) + 9)),
        ("bomb", "9 MiB of zeros, honestly declared", "F112", "T1", lambda: bomb(9 << 20)),
        ("bomb-ratio", "7 MiB packed a thousandfold", "F112", "T1", lambda: bomb(7 << 20)),
        ("bomb-total", "many parts of a reasonable size each", "F112", "T1",
         lambda: added(*(Entry(f"xl/media/{i}.png", bytes(range(256)) * 8000, method=8)
                         for i in range(12)))),
        ("bomb-lie", "9 MiB declared as one kilobyte", "F113", "T1",
         lambda: added(Entry("xl/media/a.png", bytes(9 << 20), size=1024))),
        ("members", "a thousand parts", "F112", "T1",
         lambda: added(*(Entry(f"xl/x{i}.xml", b"<a/>") for i in range(1000)))),
    ):  # fmt: skip
        yield Case(name, fault, rule, build, threat)
    yield Case("streamed", "sizes that come after the bytes, as some programs write", ACCEPT,
               lambda: lower(good()), values={"1.1.1": 12.5})  # fmt: skip
    yield Case("stored", "parts that are not packed", ACCEPT,
               lambda: container([Entry(e.name, e.content, method=0) for e in entries()]),
               values={"1.1.1": 12.5})  # fmt: skip


def _parts() -> Iterator[Case]:
    office = "application/vnd.ms-"
    for name, fault, rule, threat, build in (
        ("vba", "macros under the name .xlsx", "F107", "T8",
         lambda: part("xl/vbaProject.bin", b"x")),
        ("xlsm", "the content type of .xlsm", "F107", "T8",
         lambda: content_type(f"{office}excel.sheet.macroEnabled.main+xml")),
        ("xlm", "a macro sheet of Excel 4", "F107", "T8",
         lambda: part("xl/macrosheets/sheet1.xml", "<a/>")),
        ("activex", "an ActiveX control", "F107", "T8",
         lambda: part("xl/activeX/activeX1.xml", "<a/>")),
        ("binary-type", "the content type of .xlsb", "F105", "T12",
         lambda: content_type(f"{office}excel.sheet.binary.macroEnabled.main".replace(
             ".macroEnabled", ""))),
        ("dde", "a DDE link", "F120", "T9",
         lambda: part("xl/externalLinks/externalLink1.xml", '<a><ddeLink ddeService="cmd"/></a>')),
        ("ole", "an OLE link", "F120", "T9",
         lambda: part("xl/externalLinks/externalLink1.xml", "<a><oleLink/></a>")),
        ("external", "a link to another workbook", "F201", "T7",
         lambda: part("xl/externalLinks/externalLink1.xml", "<a/>")),
        ("connection", "a data connection", "F202", "T7",
         lambda: part("xl/connections.xml", "<a/>")),
        ("query", "a query table", "F202", "T7",
         lambda: part("xl/queryTables/queryTable1.xml", "<a/>")),
        ("embedded", "an embedded object", "F202", "T7",
         lambda: part("xl/embeddings/oleObject1.bin", b"x")),
        ("sheet-outside", "a sheet that lies elsewhere", "F120", "T7",
         lambda: with_xml(good(), "xl/_rels/workbook.xml.rels",
                          'Target="/?(xl/)?worksheets/sheet2.xml"',
                          'Target="http://x/s.xml" TargetMode="External"')),
        ("sheet-missing", "a sheet whose part is gone", "F123", "T3",
         lambda: container([e for e in entries() if e.name != VALUES_XML])),
        ("sheet-case", "a sheet whose part is named in capitals", "F123", "T3",
         lambda: with_xml(good(), "xl/_rels/workbook.xml.rels", "worksheets/sheet2.xml",
                          "worksheets/SHEET2.XML")),
        ("sheet-twice", "one part for two sheets", "F110", "T3",
         lambda: with_xml(good(), "xl/_rels/workbook.xml.rels", "worksheets/sheet3.xml",
                          "worksheets/sheet2.xml")),
        ("workbook-gone", "no workbook part", "F123", "T3",
         lambda: container([e for e in entries() if e.name != "xl/workbook.xml"])),
        ("rels-gone", "no root relationships", "F123", "T3",
         lambda: container([e for e in entries() if e.name != "_rels/.rels"])),
        ("strict", "Strict Open XML", "F121", "T3",
         lambda: with_xml(good(), "xl/workbook.xml", "http://schemas.openxmlformats.org/"
                          "spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")),
    ):  # fmt: skip
        yield Case(name, fault, rule, build, threat)
    yield Case("properties", "an impossible date among the properties", ACCEPT,
               lambda: with_xml(good(), "docProps/core.xml", "<dcterms:created.*?>[^<]*<",
                                '<dcterms:created xsi:type="dcterms:W3CDTF">not a date<'),
               values={"1.1.1": 12.5})  # fmt: skip
    yield Case(
        "picture",
        "a picture that is none",
        ACCEPT,
        lambda: part("xl/media/image1.png", b"not a picture"),
        values={"1.1.1": 12.5},
    )


def _markup() -> Iterator[Case]:
    for name in (VALUES_XML, "xl/workbook.xml", "xl/styles.xml", "_rels/.rels", "docProps/core.xml",
                 "[Content_Types].xml"):  # fmt: skip
        yield Case(f"laughs-{Path(name).stem}", f"entities that multiply, in {name}", "F114",
                   lambda name=name: doctype(name, BILLION), "T2")  # fmt: skip
    for name, fault, rule, threat, build in (
        ("xxe", "an entity that reads a file", "F114", "T2", lambda: doctype(VALUES_XML, XXE)),
        ("doctype", "a bare document type", "F114", "T2",
         lambda: doctype(VALUES_XML, "<!DOCTYPE worksheet>")),
        ("dtd-drawing", "a document type in a drawing", "F114", "T2",
         lambda: part("xl/drawings/vmlDrawing1.vml", "<!DOCTYPE x><x/>")),
        ("utf-16", "a sheet in UTF-16", "F115", "T3",
         lambda: part(VALUES_XML, content_of(VALUES_XML).decode().encode("utf-16"))),
        ("utf-16-bare", "a sheet in UTF-16 without a mark", "F115", "T3",
         lambda: part(VALUES_XML, content_of(VALUES_XML).decode().encode("utf-16-le"))),
        ("latin-1", "a sheet that says Latin-1", "F115", "T3",
         lambda: part(VALUES_XML, b'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet/>')),
        ("utf-7", "a sheet that says UTF-7", "F115", "T3",
         lambda: part(VALUES_XML, b'<?xml version="1.0" encoding="UTF-7"?><worksheet/>')),
        ("latin-1-late", "a sheet that says Latin-1 after 300 spaces", "F115", "T3",
         lambda: part(VALUES_XML, b'<?xml version="1.0"' + b" " * 300
                      + b'encoding="ISO-8859-1"?><worksheet/>')),
        ("other-name", "entities in a sheet that no name gives away", "F116", "T2",
         lambda: elsewhere(b"\xef\xbb\xbf" + BILLION.encode())),
        ("bad-utf-8", "a byte that is no UTF-8", "F116", "T3",
         lambda: part(VALUES_XML, content_of(VALUES_XML).replace(b"1.1.1", b"1.1\xff1", 1))),
        ("cut-xml", "a sheet cut after its data", "F116", "T3",
         lambda: part(VALUES_XML, content_of(VALUES_XML).partition(b"</sheetData>")[0])),
        ("unclosed", "a tag that is not closed", "F116", "T3",
         lambda: part("xl/styles.xml", content_of("xl/styles.xml")[:-9])),
        ("nul-xml", "a NUL in a sheet", "F116", "T3",
         lambda: part(VALUES_XML, content_of(VALUES_XML).replace(b"1.1.1", b"1.1\x001", 1))),
        ("nesting", "ten thousand tags nested", "F122", "T2",
         lambda: part("xl/theme/theme1.xml", nested(10_000))),
        ("attributes", "a thousand attributes", "F122", "T2",
         lambda: part("xl/theme/theme1.xml", "<a " + " ".join(f'a{i}="1"' for i in range(1000))
                      + "/>")),
        ("tags", "two hundred thousand tags", "F122", "T2",
         lambda: part("xl/theme/theme1.xml", "<a>" + "".join(f'<b i="{i}"/>' for i in range(
             200_000)) + "</a>")),
        ("sheet-nesting", "a sheet nested too deeply", "F122", "T2",
         lambda: sheet("<sheetData>", "<x>" * 70 + "</x>" * 70 + "<sheetData>")),
    ):  # fmt: skip
        yield Case(name, fault, rule, build, threat)


def _cells() -> Iterator[Case]:
    for name, fault, rule, threat, build in (
        ("far-corner", "one value in XFD1048576", "F118", "T5",
         lambda: change(lambda b: values_sheet(b).cell(1_048_576, 16_384, 1))),
        ("far-row", "one value in row 1,048,576", "F118", "T5",
         lambda: change(lambda b: values_sheet(b).cell(1_048_576, 1, "x"))),
        ("far-column", "one value in column XFD", "F118", "T5",
         lambda: change(lambda b: values_sheet(b).cell(1, 16_384, "x"))),
        ("far-guide", "one value far down the guide", "F118", "T5",
         lambda: change(lambda b: b[layout.GUIDE].cell(900_000, 1, "x"))),
        ("padding", "a hundred thousand styled rows below", "F122", "T5",
         lambda: sheet("</sheetData>", "".join(
             f'<row r="{i}"><c r="A{i}" s="1"/></row>' for i in range(1000, 151_000))
             + "</sheetData>")),
        ("beyond-row", "a cell in row 1,048,577", "F117", "T5",
         lambda: sheet("</sheetData>", '<row r="1048577"/></sheetData>')),
        ("beyond-column", "a cell in column XFE", "F117", "T5",
         lambda: sheet("</sheetData>", '<row r="900"><c r="XFE900"/></row></sheetData>')),
        ("row-zero", "a row numbered 0", "F117", "T5",
         lambda: sheet("<sheetData>", '<sheetData><row r="0"/>')),
        ("row-float", "a row numbered 1.5", "F117", "T5",
         lambda: sheet("</sheetData>", '<row r="900.5"/></sheetData>')),
        ("row-twice", "the same row twice", "F117", "T4",
         lambda: sheet(r"(?s)(<row [^>]*>(?:(?!</row>).)*12\.5.*?</row>)", r"\1\1")),
        ("row-falling", "rows in falling order", "F117", "T4",
         lambda: sheet("</sheetData>", '<row r="1"><c r="A1"><v>1</v></c></row></sheetData>')),
        ("cell-twice", "the same cell twice", "F117", "T4",
         lambda: sheet(r'(<c r="G\d+"[^>]*><v>12\.5</v></c>)', r"\1\1")),
        ("cell-other-row", "a cell that names another row", "F117", "T4",
         lambda: sheet(r'<c r="G\d+"([^>]*><v>12\.5)', r'<c r="G2"\1')),
        ("cell-lower-case", "a cell named in small letters", "F117", "T4",
         lambda: sheet(r'<c r="G(\d+)"([^>]*><v>12\.5)', r'<c r="g\1"\2')),
        ("cell-escaped", "a cell named by a character reference", "F119", "T4",
         lambda: sheet(r'<c r="G(\d+)"([^>]*><v>12\.5)', r'<c r="&#71;\1"\2')),
        ("data-twice", "two sets of rows", "F117", "T4",
         lambda: sheet("</sheetData>", "</sheetData><sheetData/>")),
        ("row-outside", "a row outside the data", "F117", "T4",
         lambda: sheet("</sheetData>", '</sheetData><row r="900"/>')),
        ("comment-in-value", "99<!-- -->E-1: 9.9 or 99", "F119", "T4",
         lambda: inside("2.1.1", "<v>99<!-- -->E-1</v>")),
        ("comment-point", "1<!-- -->2.5: 12.5 or 1", "F119", "T4",
         lambda: inside("2.1.1", "<v>1<!-- -->2.5</v>")),
        ("reference-in-value", "99&#69;-1: 9.9 or 99", "F119", "T4",
         lambda: inside("2.1.1", "<v>99&#69;-1</v>")),
        ("digit-reference", "1&#50;.5: 12.5 or 1", "F119", "T4",
         lambda: inside("2.1.1", "<v>1&#50;.5</v>")),
        ("instruction-in-value", "an instruction in a number", "F119", "T4",
         lambda: inside("2.1.1", "<v>1<?x y?>2.5</v>")),
        ("cdata", "CDATA in a number: 12.5 or nothing", "F119", "T4",
         lambda: inside("2.1.1", "<v><![CDATA[12.5]]></v>")),
        ("cdata-text", "CDATA in a text", "F119", "T4",
         lambda: inside("2.1.1", "<is><t><![CDATA[12.5]]></t></is>", "inlineStr")),
        ("two-values", "two values in a cell: 12.5 or 99.5", "F119", "T4",
         lambda: inside("2.1.1", "<v>12.5</v><v>99.5</v>")),
        ("value-and-text", "a value beside a text: 99.5 or nothing", "F119", "T4",
         lambda: inside("2.1.1", "<v>99.5</v><is><t>x</t></is>")),
        ("two-formulas", "two formulas in a cell", "F119", "T4",
         lambda: inside("2.1.1", "<f>1+1</f><f>1+2</f><v>2</v>")),
        ("tag-in-value", "a tag in a number", "F119", "T4",
         lambda: inside("2.1.1", "<v>1<x/>2</v>")),
        ("huge-number", "1E999: infinity to some", "F119", "T24",
         lambda: inside("2.1.1", "<v>1E999</v>")),
        ("underscore", "1_2.5: 12.5 or a text", "F119", "T24",
         lambda: inside("2.1.1", "<v>1_2.5</v>")),
        ("comma-number", "12,5 stored as a number", "F119", "T21",
         lambda: inside("2.1.1", "<v>12,5</v>")),
        ("wide-number", "１２.５ stored as a number", "F119", "T24",
         lambda: inside("2.1.1", "<v>１２.５</v>")),
        ("nan", "nan stored as a number", "F119", "T24", lambda: inside("2.1.1", "<v>nan</v>")),
        ("digits", "a number of a thousand digits", "F119", "T24",
         lambda: inside("2.1.1", f"<v>{'9' * 1000}</v>")),
        ("string-negative", "shared text number −1", "F119", "T4",
         lambda: inside("2.1.1", "<v>-1</v>", "s")),
        ("string-beyond", "a shared text that is not there", "F119", "T4",
         lambda: inside("2.1.1", "<v>99999</v>", "s")),
        ("boolean-2", "a truth value of 2", "F119", "T26",
         lambda: inside("2.1.1", "<v>2</v>", "b")),
        ("type-odd", "a cell of an unknown type", "F119", "T4",
         lambda: inside("2.1.1", "<v>2</v>", "zz")),
        ("style-beyond", "a style that is not there", "T101", "T6",
         lambda: sheet(r'(<c r="G\d+") s="\d+"([^>]*><v>12\.5)', r'\1 s="99999"\2')),
        ("merge-all", "one merge over the whole sheet", "F118", "T6",
         lambda: sheet("<mergeCells[^>]*>", '<mergeCells><mergeCell ref="A1:XFD1048576"/>')),
        ("merge-many", "fifteen thousand merges", "F118", "T6",
         lambda: sheet("<mergeCells[^>]*>", "<mergeCells>" + "".join(
             f'<mergeCell ref="A{i}:B{i}"/>' for i in range(100, 15_100)))),
        ("merge-bad", "a merge that is no area", "F117", "T6",
         lambda: sheet("<mergeCells[^>]*>", '<mergeCells><mergeCell ref="Z9:A1"/>')),
        ("hyperlink-all", "a link over the whole sheet", "F118", "T6",
         lambda: sheet("</mergeCells>",
                       '</mergeCells><hyperlinks><hyperlink ref="A1:XFD1048576" display="x"/>'
                       "</hyperlinks>")),
        ("marks", "one letter with 60,000 marks", "F122", "T29",
         lambda: inside("1.1.1", f"<is><t>a{MARKS * 30_000}</t></is>", "inlineStr")),
        ("marks-rich", "the same in pieces of rich text", "F122", "T29",
         lambda: inside("1.1.1", f"<is>{f'<r><t>{MARKS * 50}</t></r>' * 600}</is>", "inlineStr")),
        ("marks-shared", "the same by references, among the shared texts", "F122", "T29",
         lambda: shared(f"<si><t>a{'&#x301;&#803;' * 8_000}</t></si>")),
        ("marks-stored", "the same as a formula's result", "F122", "T29",
         lambda: inside("1.1.1", f"<f>A1</f><v>a{MARKS * 30_000}</v>", "str")),
        ("long-text", "a text of half a million letters", "F122", "T29",
         lambda: inside("1.1.1", f"<is><t>{'x' * 500_000}</t></is>", "inlineStr")),
    ):  # fmt: skip
        yield Case(name, fault, rule, build, threat)
    yield Case("dimension", "a stated range of A1:A1", ACCEPT,
               lambda: sheet('<dimension ref="[^"]*"', '<dimension ref="A1:A1"'),
               "T5", values={"1.1.1": 12.5, "2.1.2": 1000.25})  # fmt: skip
    yield Case("escape", "_x0031_2,5: 12,5 to some, the letters to others", "F124", lambda: inside(
        "1.1.1", "<is><t>_x0031_2,5</t></is>", "inlineStr"), "T4")  # fmt: skip
    yield Case("small-number", "1E-300", ACCEPT, lambda: inside("2.1.1", "<v>1E-300</v>"), "T24",
               values={"2.1.1": 1e-300})  # fmt: skip
    yield Case("large-integer", "2⁵³+1, which not every program can hold", "V201",
               lambda: inside("2.1.2", "<v>9007199254740993</v>"), "T24")  # fmt: skip


def _values() -> Iterator[Case]:
    for name, fault, rule, threat, build in (
        ("stale", "=1+1 with 99 stored", "V303", "T25", lambda: formula("1+1", "99")),
        ("stale-cells", "a sum that no longer adds up", "V303", "T25",
         lambda: formula("SUM(Z1:Z3)*2", "7")),
        ("volatile", "=RAND()*100", "V305", "T25", lambda: formula("RAND()*100", "7")),
        ("no-result", "a formula that was never calculated", "V105", "T25",
         lambda: entry("1.1.1", "=1+1")),
        ("dde-formula", "=cmd|'/c calc'!A0", "V301", "T9",
         lambda: formula("cmd|'/c calc'!A0", "7")),
        ("rtd-formula", "a formula that asks a server", "V301", "T9",
         lambda: formula('RTD("x","","y")', "7")),
        ("link-formula", "a formula that points to another workbook", "V110", "T7",
         lambda: formula("[1]Sheet1!A1", "7")),
        ("formula", "a formula with its result", "V107", "T25", lambda: formula("25/2", "12.5")),
        ("formula-zeros", "a formula with a reference of five thousand digits", "V107", "T24",
         lambda: inside("1.1.1", f"<f>&#{'0' * 5_000}49;+1</f><v>2</v>")),
        ("formula-text", "a formula that gives text", "V102", "T25",
         lambda: formula('"mười"', "mười", "str")),
        ("formula-truth", "a formula that gives TRUE", "V102", "T26",
         lambda: formula("1=1", "1", "b")),
        ("error-na", "#N/A", "V104", "T26", lambda: entry("1.1.1", "#N/A")),
        ("error-div", "#DIV/0!", "V104", "T26", lambda: formula("1/0", "#DIV/0!", "e")),
        ("error-ref", "#REF!", "V104", "T26", lambda: entry("1.1.1", "#REF!")),
        ("truth", "TRUE", "V102", "T26", lambda: entry("1.1.1", True)),
        ("date", "a number that became a date", "V102", "T23",
         lambda: entry("1.1.1", datetime(2025, 5, 12))),
        ("date-format", "12.5 in a date format", "V102", "T23",
         lambda: with_number_format(good(), "1.1.1", 12.5, "dd/mm/yyyy")),
        ("percent", "12.5 %, stored as 0.125", "V109", "T22",
         lambda: with_number_format(good(), "1.1.1", 0.125, "0.0%")),
        ("thousands-format", "12500 shown as 12.5", "V304", "T22",
         lambda: with_number_format(good(), "1.1.1", 12500, "0.0,")),
        ("millions-format", "a format that hides a million", "V304", "T22",
         lambda: with_number_format(good(), "1.1.1", 125000, '0.0,,"tr"')),
        ("negative", "a negative figure", "V201", "T22", lambda: entry("1.1.1", -5)),
        ("too-large", "a figure beyond its bounds", "V201", "T22", lambda: entry("1.1.1", 5e9)),
        ("missing", "an empty cell", "V101", "", lambda: entry("1.1.1", None)),
        ("spaces-only", "a cell of spaces", "V101", "", lambda: entry("1.1.1", "   ")),
        ("zero-width-only", "a cell of zero-width spaces", "V101", "T20",
         lambda: entry("1.1.1", "\u200b\u200b")),
        ("footnote", "12⁵: twelve with footnote 5", "V302", "T24",
         lambda: inside("1.1.1", "<is><r><t>12</t></r><r><rPr>"
                        '<vertAlign val="superscript"/></rPr><t>5</t></r></is>', "inlineStr")),
        ("struck", "47 struck through before 83", "V302", "T24",
         lambda: inside("1.1.1", "<is><r><rPr><strike/></rPr><t>47</t></r>"
                        "<r><t>83</t></r></is>", "inlineStr")),
    ):  # fmt: skip
        yield Case(name, fault, rule, build, threat)
    for text, rule in (
        ("1.234", "V103"), ("1,234", "V103"), ("-12.500", "V103"),
        ("12,5", "V106"), ("1.234,56", "V106"), ("1,234.56", "V106"), ("1 234,5", "V106"),
        ("1\u00a0234,5", "V106"), ("1\u202f234,5", "V106"), ("12\u200b,5", "V106"),
        ("１２,５", "V106"), ("１２．５", "V106"),
        ("12%", "V102"), ("12 tỷ", "V102"), ("khoảng 12", "V102"), ("12-15", "V102"),
        ("1e5", "V102"), ("NaN", "V102"), ("inf", "V102"), ("1_000", "V102"), ("0x1F", "V102"),
        ("l2,5", "V102"), ("12,O", "V102"), ("12,5*", "V102"), ("(12)", "V102"), ("12⁵", "V102"),
        ("½", "V102"), ("٣", "V102"), ("\u202e5.21", "V102"), ("<12", "V102"), ("=12", "V105"),
        ("'12,5", "V102"), ("12,5,", "V102"), ("1,23,456", "V102"),
        ("n/a", "V306"), ("N/A", "V306"), ("-", "V306"), ("–", "V306"), ("…", "V306"),
        ("..", "V306"), ("không có", "V306"), ("Không có", "V306"), ("KHÔNG CÓ SỐ LIỆU", "V306"),
        ("chưa có số liệu", "V306"), ("(chưa có)", "V306"), ("đang cập nhật", "V306"),
        ("không áp dụng", "V306"), ("đã rút", "V306"),
        (unicodedata.normalize("NFD", "chưa có số liệu"), "V306"),
    ):  # fmt: skip
        shown = "".join(c if (c.isprintable() and c.isalnum()) or c.isascii() else
                        f"[U+{ord(c):04X}]" if unicodedata.category(c) in ("Cf", "Zs", "Mn") else c
                        for c in text)  # fmt: skip
        yield Case(f"typed-{shown}", f"“{shown}” typed as a value", rule,
                   lambda text=text: entry("1.1.1", text),
                   "T21" if rule == "V103" else "T24")  # fmt: skip


def _template() -> Iterator[Case]:
    for name, fault, rule, threat, build in (
        ("no-hidden", "the hidden sheet gone", "T102", "T14",
         lambda: without_sheet(good(), layout.HIDDEN)),
        ("no-values", "the sheet of values gone", "T105", "T14",
         lambda: without_sheet(good(), layout.VALUES)),
        ("renamed-values", "the sheet of values renamed", "T105", "T14",
         lambda: with_sheet_name(good(), layout.VALUES, "Sheet1")),
        ("edition", "a template of another edition", "T103", "T19",
         lambda: with_hidden_fact(good(), layout.EDITION, "2021")),
        ("version", "another version of the template", "T104", "T19",
         lambda: with_hidden_fact(good(), layout.VERSION, "0")),
        ("fingerprint", "texts changed after the template was issued", "T104", "T19",
         lambda: with_hidden_fact(good(), layout.FINGERPRINT, "0" * 64)),
        ("no-province", "no province", "P102", "T17",
         lambda: with_hidden_fact(good(), layout.PROVINCE_CODE, None)),
        ("other-province", "another province on the sheet", "P105", "T17",
         lambda: with_province_line(good(), layout.VALUES, "01 – Hà Nội")),
        ("province-line", "the line of the province gone", "T105", "T17",
         lambda: with_province_line(good(), layout.VALUES, None)),
        ("cyrillic-province", "Huế with a Cyrillic letter", "P105", "T20",
         lambda: with_province_line(good(), layout.VALUES, "46 – Нuế")),
        ("header-value", "the header of the values changed", "T105", "T14",
         lambda: with_header(good(), "value", "Số")),
        ("header-rank", "a rank where the values should be", "T105", "T14",
         lambda: with_header(good(), "value", "Xếp hạng")),
        ("header-twice", "two columns of values", "T105", "T14",
         lambda: with_header(good(), "note", "Giá trị")),
        ("header-gone", "the header row gone", "T105", "T14",
         lambda: change(lambda b: values_sheet(b).delete_rows(header_row(b)))),
        ("row-gone", "the row of an indicator gone", "T107", "T14",
         lambda: without_row(good(), "1.1.2")),
        ("row-repeated", "the row of an indicator twice", "C102", "T15",
         lambda: with_repeated_row(good(), "1.1.1", 99)),
        ("code-unknown", "a code that is none", "C101", "T15",
         lambda: entry("1.1.1", "9.9.9", "code")),
        ("code-empty", "a code that was deleted", "T107", "T15",
         lambda: entry("1.1.1", None, "code")),
        ("code-space", "a code with a space behind it", "C104", "T15",
         lambda: entry("1.1.1", "1.1.1 ", "code")),
        ("code-zero-width", "a code with a zero-width space", "C104", "T20",
         lambda: entry("1.1.1", "1.1\u200b.1", "code")),
        ("code-letter", "a code with the letter l for 1", "C104", "T20",
         lambda: entry("1.1.1", "l.1.1", "code")),
        ("code-date", "a code that became a date", "T107", "T15",
         lambda: entry("1.1.1", datetime(2001, 1, 1), "code")),
        ("codes-swapped", "two codes swapped", "T106", "T15", lambda: change(swapped_codes)),
        ("unit", "another unit", "T106", "T22", lambda: entry("1.1.1", "nghìn đồng", "unit")),
        ("name", "another name", "T106", "T14", lambda: entry("1.1.1", "Khác", "name")),
        ("year", "a data year that is none", "Y101", "T19",
         lambda: entry("1.1.1", "năm ngoái", "data_year")),
        ("year-old", "an older data year", "Y103", "T19",
         lambda: entry("1.1.1", 2019, "data_year")),
        ("hidden-row", "a hidden row", "T201", "T13", lambda: change(hidden_row)),
        ("hidden-column", "the column of values hidden", "T202", "T13",
         lambda: change(hidden_column)),
        ("hidden-sheet", "the sheet of values hidden", "T204", "T13",
         lambda: change(lambda b: setattr(values_sheet(b), "sheet_state", "hidden"))),
        ("merged", "two values merged", "T203", "T6", lambda: change(merged)),
        ("merged-kept", "two values merged, the lower one kept beneath", "T203", "T6", merged_kept),
        ("copied", "a copy of the sheet of values", "T205", "T16", lambda: change(copied)),
        ("second-table", "last year's table below", "C102", "T16", lambda: change(second_table)),
    ):  # fmt: skip
        yield Case(name, fault, rule, build, threat)
    for name, fault, build in (
        ("moved", "rows and columns in another order and place", lambda: rearranged(good())),
        ("inserted-row", "a row inserted", lambda: change(inserted_row)),
        ("coloured", "a coloured cell", lambda: change(coloured)),
        ("filtered", "a filter", lambda: change(filtered)),
        ("no-guide", "the guide thrown away", lambda: without_sheet(good(), layout.GUIDE)),
        (
            "header-nfd",
            "headers in decomposed letters",
            lambda: with_header(good(), "value", unicodedata.normalize("NFD", "Giá trị")),
        ),
        (
            "header-zero-width",
            "a zero-width space in a header",
            lambda: with_header(good(), "value", "Giá\u200b trị"),
        ),
        (
            "header-nbsp",
            "a non-breaking space in a header",
            lambda: with_header(good(), "value", "Giá\u00a0trị"),
        ),
    ):
        yield Case(name, fault, ACCEPT, build, "T14", values={"1.1.1": 12.5, "2.1.2": 1000.25})


def _texts() -> Iterator[Case]:
    table = "province,1.1.1,1.1.2,1.2.1,2.1.1,2.1.2\n46,12.5,3,0.1,99,1000.25\n"
    for name, fault, rule, data in (
        ("csv-nul", "a NUL in a CSV", "F126", table.encode() + b"\x00"),
        ("csv-escape", "a terminal's escape in a CSV", "F126", table.encode() + b"\x1b[2J,"),
        ("csv-c1", "a control character of two bytes", "F126", table.encode() + b"\xc2\x9b2J,"),
        ("csv-wide", "a line of two thousand fields", "F126", b"province," + b"x," * 2000),
        ("csv-long", "a line of 200,000 bytes", "F126", b"province,1.1.1\n" + b"x" * 200_000),
        ("csv-marks", "one letter with 40,000 marks", "F126", f"x,a{MARKS * 20_000}".encode()),
        ("csv-tall", "thirty thousand lines", "F126", b"province,1.1.1\n" * 30_000),
        ("csv-large", "a CSV of more than 8 MiB", "F102", b"x\n" * (5 << 20)),
        ("csv-empty", "an empty CSV", "F101", b""),
        ("csv-utf-16", "a CSV in UTF-16", "T101", table.encode("utf-16")),
        ("csv-1258", "a CSV in an old Vietnamese encoding", "T101",
         "province,1.1.1\nHà Nội\xe2,3\n".encode("cp1258", "replace")),
        ("csv-html", "a web page named .csv", "F108", b"<html><table>"),
        ("csv-xls", "an old .xls named .csv", "F104", old_xls()),
        ("csv-pdf", "a PDF named .csv", "F108", b"%PDF-1.4"),
        ("csv-quote", "a quote that is never closed", "T110", b'"province,1.1.1\n46,3\n'),
        ("csv-no-header", "a CSV without its header", "T110", b"46,3\n47,4\n"),
        ("csv-formula", "a formula in a CSV", "V102", table.replace("12.5", "=1+1").encode()),
        ("csv-infinite", "1e999 in a CSV", "V102", table.replace("12.5", "1e999").encode()),
        ("csv-tiny", "1e-99999999 in a CSV", ACCEPT, table.replace("12.5", "1e-99999999").encode()),
        ("csv-short", "a line that ends early", "V101", table.encode()[:-8] + b"\n"),
        ("csv-good", "a CSV in which nothing is wrong", ACCEPT, table.encode()),
        ("csv-bom", "a byte order mark before it", ACCEPT, b"\xef\xbb\xbf" + table.encode()),
    ):  # fmt: skip
        yield Case(name, fault, rule, lambda data=data: data, "T12", file="table.csv",
                   values={"1.1.2": 3.0} if rule == ACCEPT else {})  # fmt: skip


def page() -> str:
    """docs/corpus.md."""
    rows = [
        f"| {case.name.replace('|', '&#124;')} | {case.fault.replace('|', '&#124;')} | "
        f"{'read' if case.outcome == ACCEPT else case.outcome} | {case.threat} |"
        for case in cases()
    ]
    return "\n".join(
        (
            "# Faulty and hostile files",
            "",
            f"{len(rows)} files, one fault each, built in code (`tests/corpus.py`) and read in a "
            "child process under limits by `tests/intake/test_corpus.py`. Each must give the rule "
            "named here, or be read to the right values; none may end in a traceback, a hang or a "
            "silent acceptance. Written by `python -m tests.corpus`; the tests fail when it is out "
            "of date. T…: the known threat that a file stands for.",
            "",
            "| file | fault | outcome | threat |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

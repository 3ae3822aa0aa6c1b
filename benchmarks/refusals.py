"""What the guard costs on the worst files we could think of: processor time and memory.

`python benchmarks/refusals.py [WORD]`: every file, or those whose name has the word, in a process
of its own. Each is as large as the limits allow, and where it can be, its fault comes last.
Printed, never tested: the figures depend on the machine.
"""

import random
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pii.findings import Finding
from pii.intake.guard import guarded, text_refusal
from pii.intake.markup import MAX_BYTES, MAX_LINES, MAX_SIGNS, MAX_TAGS, MAX_VALUES

NL, ATTRIBUTE = "\n", "<b x='%'/>"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MIB = 1 << 20


def link(key: str, kind: str, target: str) -> str:
    """A relationship."""
    return f"<Relationship Id='{key}' Type='{OFFICE}/{kind}' Target='{target}'/>"


ROOT_RELS = f"<Rels>{link('r1', 'officeDocument', 'xl/workbook.xml')}</Rels>"
BOOK = "<workbook xmlns:r='r'><sheets><sheet name='A' r:id='r1'/></sheets></workbook>"
RELS = (
    f"<Rels>{link('r1', 'worksheet', 'worksheets/sheet1.xml')}{link('r2', 'styles', 'styles.xml')}"
    f"{link('r3', 'sharedStrings', 'sharedStrings.xml')}</Rels>"
)
BASE = {
    "types": ("[Content_Types].xml", "<Types/>"),
    "root": ("_rels/.rels", ROOT_RELS),
    "book": ("xl/workbook.xml", BOOK),
    "rels": ("xl/_rels/workbook.xml.rels", RELS),
    "sheet": ("xl/worksheets/sheet1.xml", "<w><sheetData/></w>"),
    "styles": ("xl/styles.xml", "<s/>"),
    "strings": ("xl/sharedStrings.xml", "<sst/>"),
    "app": ("docProps/app.xml", "<a/>"),
    "vml": ("xl/drawings/vmlDrawing1.vml", "<a/>"),
}


def file(more: Mapping[str, str | bytes] | None = None, /, **changed: str) -> bytes:
    """A small workbook with some parts changed, some added, and the last one broken."""
    parts = {name: changed.get(key, content) for key, (name, content) in BASE.items()}
    return packed({**parts, **(more or {}), "zz.xml": "<a>"})


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A container of these parts, its headers true."""
    contents = {n: c if isinstance(c, bytes) else c.encode() for n, c in parts.items()}
    from tests.corpus import Entry, container

    return container(
        [
            Entry(name, content, flags=0x800 * (not name.isascii()), packed=poorly(content))
            for name, content in contents.items()
        ]
    )


def poorly(content: bytes) -> bytes:
    """Packed, but never so well that the guard would think it a bomb."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 9, zlib.Z_FIXED)
    return packer.compress(content) + packer.flush()


def many(one: str, count: int = 0) -> str:
    """A piece again and again, {i} counted; as often as the limits let, where 0 is asked."""
    tags = one.count("<") - one.count("</")
    most = min((MAX_TAGS - 60) // tags, (MAX_VALUES - 60) // max(1, one.count("="))) if tags else 1
    return "".join(one.replace("{i}", str(i)) for i in range(1, (count or most) + 1))


def wide(cell: str) -> str:
    """A row of 256 cells."""
    return f"<row>{cell * 256}</row>"


def text(unit: str, size: int = MAX_BYTES - 20_000) -> str:
    """A sign again and again, to so many bytes."""
    return unit * (size // len(unit.encode()))


def pieces(form: str, unit: str) -> str:
    """Texts of the greatest length, % in this form, up to the limit of bytes."""
    return form.replace("%", text(unit, 199_000)) * (MAX_BYTES // 200_000)


def literals(size: int) -> bytes:
    """Bytes that pack to about a half, and inflate slowly."""
    return random.Random(1).randbytes(size // 2).hex().encode()


def worst() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Every file by name, built when asked for."""
    yield from _styles()
    yield from _cells()
    yield from _links()
    yield from _others()
    yield from _containers()
    yield from _at_once()


def _styles() -> Iterator[tuple[str, Callable[[], bytes]]]:
    for what, tag, one, count in (
        ("xf, no attributes", "cellStyleXfs", "<xf/>", 0),
        ("read ones", "cellXfs", "<xf numFmtId='{i}'/>", 0),
        ("read ones, three attributes", "cellXfs", "<xf numFmtId='{i}' a='{i}' b='{i}'/>", 0),
        ("formats", "numFmts", "<numFmt numFmtId='{i}' formatCode='&lt;&amp;{i}'/>", 0),
        ("long formats", "numFmts",
         "<numFmt numFmtId='{i}' formatCode='" + "&quot;" * 2 + "a" * 120 + "'/>", 0),
        ("fonts", "fonts", "<font><sz val='11'/><b/></font>", 0),
    ):  # fmt: skip
        yield (
            f"styles: {what}",
            lambda tag=tag, one=one, count=count: file(
                styles=f"<s><{tag}>{many(one, count)}</{tag}></s>"
            ),
        )


def _cells() -> Iterator[tuple[str, Callable[[], bytes]]]:
    raised = "<sst><si><vertAlign val='x'/></si></sst>"
    for what, one, count in (
        ("bare rows", "<row/>", 0),
        ("numbered rows", "<row r='{i}'/>", 0),
        ("hidden rows", "<row r='{i}' hidden='1' ht='1' s='1'/>", 0),
        ("rows with a styled cell", "<row r='{i}'><c r='A{i}' s='1'/></row>", 0),
        ("rows with a number", "<row r='{i}'><c r='A{i}'><v>1.5E+3</v></c></row>", 0),
        ("empty cells", wide("<c/>"), 0),
        ("numbers", wide("<c><v>12345.678</v></c>"), 0),
        ("shared texts, raised", wide("<c t='s'><v>0</v></c>"), 0),
        ("inline texts", wide("<c t='inlineStr'><is><t>a</t></is></c>"), 0),
        ("formulas", wide("<c><f>A1</f><v>1</v></c>"), 0),
        ("followers", wide("<c><f t='shared' si='0'>A1</f></c>"), 0),
        ("texts of references", f"<row><c t='str'><v>{'&#65;' * 38_000}</v></c></row>", 1),
        ("formulas of references", f"<row><c><f>{'&#65;' * 399}</f></c></row>", 100),
        ("formulas of line ends", f"<row><c><f>{NL * 990}</f></c></row>", 100),
        ("a formula of references", "<row><c><f>" + "&#65;" * 39_000 + "</f></c></row>", 1),
        ("a formula of line ends", "<row><c><f>" + NL * 99_000 + "</f></c></row>", 1),
        ("a place beyond length", "<row><c r='" + text("A") + "'/></row>", 1),
        ("a row's number beyond length", "<row r='" + text("1") + "'/>", 1),
        ("a value beyond length", "<row><c><v>" + text("1") + "</v></c></row>", 1),
        ("a tag with spaces", "<row" + text(" ") + "/>", 1),
        ("an attribute beyond length", "<row x='" + text("a") + "'/>", 1),
        ("spaces", text(" "), 1),
        ("line ends", text(NL), 1),
        ("rows without end", "<row x" * 24_000, 1),
        ("rows without end, long", ("<row x" + " " * 100) * 24_000, 1),
    ):
        yield (
            f"cells: {what}",
            lambda one=one, count=count: file(
                strings=raised, sheet=f"<w><sheetData>{many(one, count)}</sheetData></w>"
            ),
        )
    for what, unit in (("spaces", " "), ("letters", "a")):
        yield (
            f"cells: long {what}",
            lambda u=unit: file(sheet=f"<w><sheetData>{pieces('<row/>%', u)}</sheetData></w>"),
        )
        yield (
            f"cells: attributes of long {what}",
            lambda u=unit: file(
                sheet=f"<w><sheetData>{pieces(ATTRIBUTE.replace('b', 'row'), u)}</sheetData></w>"
            ),
        )
        yield (
            f"cells: values of long {what}",
            lambda u=unit: file(sheet="<w><sheetData>" + pieces(
                "<row><c t='str'><v>%</v></c></row>", u) + "</sheetData></w>"),
        )  # fmt: skip
    for what, one, count in (
        ("merges", "<mergeCell ref='A{i}:B{i}'/>", 4_990),
        ("links", "<hyperlink ref='A{i}:B{i}'/>", 4_990),
        ("validations", "<dataValidation sqref='A{i}' type='list' a='1'/>", 0),
        ("hidden columns", "<col min='{i}' max='{i}' hidden='1'/>", 0),
    ):
        yield (
            f"sheet: {what}",
            lambda one=one, count=count: file(
                sheet=f"<w><sheetData/><x>{many(one, count)}</x></w>"
            ),
        )
    yield "sheet: pieces of the root", lambda: file(sheet=f"<w><sheetData/>{many('<x/>')}</w>")
    yield "sheet: a tag beyond length", lambda: file(sheet=f"<{text('a')}/>")
    yield (
        "sheet: two beyond length",
        lambda: file(
            {"xl/worksheets/sheet2.xml": f"<w><sheetData/>{text(NL)}</w>"},
            book=BOOK.replace("</sheets>", "<sheet name='B' r:id='r9'/></sheets>"),
            rels=RELS.replace("</R", link("r9", "worksheet", "worksheets/sheet2.xml") + "</R"),
            sheet=f"<w><sheetData/>{text(NL)}</w>",
        ),
    )
    for what, body in (
        ("short", lambda: many("<si><t>a</t></si>")),
        ("empty", lambda: many("<si/>")),
        ("raised", lambda: many("<si><vertAlign val='a'/></si>")),
        ("a text beyond length", lambda: f"<si><t>{text('a')}</t></si>"),
        ("texts of references", lambda: f"<si><t>{'&#65;' * 38_000}</t></si>" * 1),
        ("spaces beside", lambda: text(" ")),
        ("a comment", lambda: f"<!--{text('-a')}-->"),
    ):
        yield f"strings: {what}", lambda body=body: file(strings=f"<sst>{body()}</sst>")


def _links() -> Iterator[tuple[str, Callable[[], bytes]]]:
    kind = f"<Relationship Id='x{{i}}' Type='{OFFICE}/a' Target='a/../b{{i}}'/>"
    for what, body in (
        ("tags", lambda: many("<Default Extension='{i}' ContentType='a'/>", 1_990)),
        ("one beyond length", lambda: f"<Default ContentType='{text('A')}'/>"),
        ("one beyond length, wide", lambda: f"<Default ContentType='{text('Ế')}😀'/>"),
        ("long ones", lambda: f"<Default ContentType='{'Aẞ' * 30}'/>" * 1_900),
        ("64 attributes", lambda: ("<D " + " ".join(f"a{i}=''" for i in range(64)) + "/>") * 1990),
    ):
        yield f"types: {what}", lambda body=body: file(types=f"<Types>{body()}</Types>")
    for what, body in (
        ("tags", lambda: many(kind, 1_990)),
        (
            "long targets",
            lambda: many(f"<Relationship Id='x{{i}}' Target='{'a/' * 55}'/>", 1_900),
        ),
        ("a long target", lambda: f"<Relationship Target='{text('a/', 199_000)}'/>"),
        ("a long target that climbs", lambda: f"<Relationship Target='{text('../', 199_000)}'/>"),
        ("a long type", lambda: f"<Relationship Target='a' Type='{text('ẞ', 199_000)}😀'/>"),
        ("a target beyond length", lambda: f"<Relationship Target='{text('a/')}'/>"),
        ("a target that climbs", lambda: f"<Relationship Target='{text('../')}'/>"),
        ("a type beyond length", lambda: f"<Relationship Target='a' Type='{text('A')}'/>"),
        ("a type beyond length, wide", lambda: f"<Relationship Target='a' Type='{text('ẞ')}😀'/>"),
    ):
        yield f"links: {what}", lambda body=body: file(rels=RELS.replace("</R", body() + "</R"))
    yield (
        "links: of both lists",
        lambda: file(
            root=ROOT_RELS.replace("</R", many(kind, 1_990) + "</R"),
            rels=RELS.replace("</R", many(kind, 1_990) + "</R"),
        ),
    )
    yield (
        "links: of many parts",
        lambda: file({f"xl/_rels/{j}.rels": f"<R>{many(kind, 1_990)}</R>"
                      for j in range(MAX_TAGS // 2_000)}),
    )  # fmt: skip
    for what, body in (
        ("tags", lambda: many("<x a='{i}' b='{i}' c='{i}'/>")),
        ("names", lambda: many("<definedName name='{i}'>A</definedName>")),
        ("title beyond length", lambda: f"<sheet name='{text('ẞ')}😀' r:id='r1'/>"),
    ):
        yield f"book: {what}", lambda body=body: file(book=BOOK.replace("</w", body() + "</w"))
    for what, title in (("sheets", ""), ("sheets of long titles", "ẞ" * 5_000)):
        yield (
            f"book: 380 {what}",
            lambda title=title: file(
                {f"s{i}.xml": "<w/>" for i in range(1, 381)},
                book=f"<w>{many(f'<sheet name=%{title}{{i}}% x:id=%r{{i}}%/>', 380)}</w>".replace(
                    "%", "'"
                ),
                rels="".join(link(f"r{i}", "worksheet", f"/s{i}.xml") for i in range(381)).join(
                    ("<R>", "</R>")
                ),
            ),
        )


def _others() -> Iterator[tuple[str, Callable[[], bytes]]]:
    half = (MAX_TAGS - 60) // 2
    for what, body in (
        ("tags", lambda: many("<b/>")),
        ("attributes", lambda: many("<b a='1' b='2' c='{i}'/>")),
        (
            "64 attributes",
            lambda: ("<b " + " ".join(f"a{i}='1'" for i in range(64)) + "/>") * 2_300,
        ),
        ("names all different", lambda: many("<b{i} a{i}='' b{i}='' c{i}=''/>")),
        (
            "one tag of 140,000 attributes",
            lambda: "<b " + " ".join(f"a{i}=''" for i in range(140_000)) + "/>",
        ),
        ("nested", lambda: "<a>" * half + "</a>" * half),
        ("nested as allowed", lambda: ("<a>" * 60 + "</a>" * 60) * (half // 60)),
        ("comments", lambda: many("<!---->")),
        ("instructions", lambda: many("<?x?>")),
        ("a comment beyond length", lambda: f"<!--{text('a')}-->"),
        ("an instruction beyond length", lambda: f"<?x {text('?')}?>"),
        ("CDATA beyond length", lambda: f"<![CDATA[{text(']')}]]>"),
        ("equals signs", lambda: "=" * 140_000),
    ):
        yield f"app: {what}", lambda body=body: file(app=f"<a>{body()}</a>")
    for what, unit in (
        ("letters", "a"), ("spaces", " "), ("Vietnamese", "ế"), ("smileys", "😀"),
        ("brackets", "]"),
    ):  # fmt: skip
        yield f"app: {what}", lambda u=unit: file(app=f"<a>{pieces('<b/>%', u)}</a>")
        yield f"vml: {what}", lambda u=unit: file(vml=f"<a>{pieces('<b/>%', u)}</a>")
        yield (
            f"app: attributes of {what}",
            lambda u=unit: file(app=f"<a>{pieces(ATTRIBUTE, u)}</a>"),
        )
        yield f"app: a smiley, {what}", lambda u=unit: file(app=f"<a>{pieces('<b/>😀%', u)}</a>")
    for what, unit in (("line ends", NL), ("returns", "\r"), ("both", "\r\n"),
                       ("references", "&#65;"),
                       ("wide ones", "&#x1F600;"), ("ampersands", "&amp;")):  # fmt: skip
        most = (MAX_SIGNS if "&" in unit else MAX_LINES // len(unit)) // 2 - 20
        body = (unit * 10_000 + "<b/>") * (most // 10_000)
        yield (
            f"app: {what}",
            lambda body=body: file({"b.xml": f"<a>{body}</a>"}, app=f"<a>{body}</a>"),
        )
        body = f"<b x='{unit * 10_000}'/>" * (most // 10_000)
        yield (
            f"app: attributes of {what}",
            lambda body=body: file({"b.xml": f"<a>{body}</a>"}, app=f"<a>{body}</a>"),
        )
    for what, unit in (("no marks", "…"), ("marks", "\u0301" * 31 + "a")):
        yield (
            f"strings: {what}",
            lambda u=unit: file(strings=f"<sst>{pieces('<si><t>%</t></si>', u)}</sst>"),
        )
    yield "parts: 380", lambda: file({f"x{i}.xml": "<a/>" for i in range(380)})
    yield "parts: unread, UTF-16", lambda: file({"a.bin": text("<a>").encode("utf-16")[: 7 * MIB]})
    yield "parts: unread, spaces", lambda: file({f"a{i}.bin": text(" ") for i in range(2)})


def _at_once() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """As many tags, attributes, signs and bytes as are let, beside as much as can be inflated."""
    more = {f"xl/media/{i}.png": literals(MIB) for i in range(8)}
    long = "&#65;" + "a" * 40
    for what, key, one in (
        ("styles", "styles", f"<xf numFmtId='{{i}}{long}' b='{{i}}' c='{{i}}' d='{long}'/>"),
        ("rows", "sheet", f"<row r='{{i}}' b='{long}' hidden='1'/>"),
        (
            "cells",
            "sheet",
            f"<row r='{{i}}'><c r='A{{i}}' t='str'><v>{long}{long}{long}</v></c></row>",
        ),
        ("formulas", "sheet", f"<row><c><f a='1' b='1'>{long}{long}{long}</f><v>1</v></c></row>"),
        ("unread", "app", f"<b a='{{i}}' b='{long}' c='1'/>"),
    ):
        yield (
            f"at once: {what}",
            lambda key=key, one=one: file(
                more,
                **{key: f"<w><sheetData>{many(one)}</sheetData></w>".replace(
                    "sheetData", "cellXfs" if key == "styles" else "sheetData")},
            ),
        )  # fmt: skip


def _containers() -> Iterator[tuple[str, Callable[[], bytes]]]:
    for what, body in (
        ("7 MiB at random", lambda: {"a": random.Random(1).randbytes(7 * MIB)}),
        ("9 MiB that inflate slowly", lambda: {f"{i}": literals(3 * MIB) for i in range(3)}),
        ("2 MiB of it in 380 parts", lambda: {f"{i}": literals(5_400) for i in range(380)}),
        ("11 MiB of one line", lambda: {f"{i}": (bytes(range(256)) * 4 + bytes(400)) * 1_900
                                        for i in range(4)}),
    ):  # fmt: skip
        yield f"zip: {what}", lambda body=body: file(body())
    for what, count, name in (
        ("65,000 names", 65_000, ""),
        ("399 names of 9,000 letters", 399, "a" * 9_000),
        ("399 names of 9,000 bytes that unfold", 399, "ﷺ" * 3_000),
        ("60 names of 65,000 letters", 60, "a" * 65_000),
        ("60 names of many folders", 60, "/a" * 32_000),
        ("60 names of marks that combine", 60, "a" + "\u0301\u0323" * 1_000),
    ):
        yield (
            f"zip: {what}",
            lambda count=count, name=name: packed({f"{i}{name}": b"" for i in range(count)}),
        )
    yield "zip: blocks without content", hollow
    yield "zip: the sign of its end", lambda: b"PK\x03\x04" + b"PK\x05\x06" * (2 * MIB - 2)
    yield "kind: 8 MiB of OLE", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"E\0" * (4 * MIB - 5)
    yield "kind: 8 MiB of spaces", lambda: b" " * (8 * MIB)
    for what, unit in (
        ("line ends", b"\n"), ("returns", b"\r"), ("letters", b"a"), ("commas", b","),
        ("signs of two bytes", b"\xc2\xa0"), ("short lines", b"a,b\n"),
        ("marks", (b"\xcc\x81" * 31 + b"ab") * 1_500 + b"\n"),
        ("long lines", b"a" * 99_000 + b"\n"), ("quotes", b'"'),
    ):  # fmt: skip
        yield f"CSV: {what}", lambda unit=unit: b"CSV" + unit * (3 * MIB // len(unit) - 9)
        yield (
            f"CSV: {what}, then a NUL",
            lambda u=unit: b"CSV" + u * (3 * MIB // len(u) - 9) + b"\0",
        )


def hollow() -> bytes:
    """A part of empty blocks: much to inflate, and nothing comes of it."""
    from tests.corpus import Entry, container

    blocks = b"\0\0\0\xff\xff" * (7 * MIB // 5) + b"\1\0\0\xff\xff"
    return container([Entry("a", b"", packed=blocks), Entry("b", b"")])


# ---------------------------------------------------------------------------- measured alone ------


def measured(data: bytes) -> str:
    """In this process: outcome, processor milliseconds (best of 5), MiB at the peak and before."""
    judge = text_refusal if data.startswith(b"CSV") else guarded
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    found = judge(data, "x.xlsx")
    peak = resident("VmHWM")
    times = []
    for _ in range(5):
        began = time.process_time()
        judge(data, "x.xlsx")
        times.append(time.process_time() - began)
    told = found.rule if isinstance(found, Finding) else "passes"
    return (
        f"{told:7}{min(times) * 1000:8.1f} ms {peak:7.1f} MiB, of these {peak - before:6.1f} for it"
    )


def resident(key: str) -> float:
    """MiB of this process, as the kernel counts them."""
    said = Path("/proc/self/status").read_text()
    return int(said.partition(f"{key}:")[2].split()[0]) / 1024


def main() -> None:
    """Build and measure what was asked for."""
    if sys.argv[1:] == ["-"]:
        print(measured(sys.stdin.buffer.read()))  # noqa: T201
        return
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    words = sys.argv[1:] or [""]
    for name, build in worst():
        if any(word in name for word in words):
            data = build()
            answer = subprocess.run(
                [sys.executable, __file__, "-"], input=data, capture_output=True, check=False
            )
            said = answer.stdout.decode().strip() or answer.stderr.decode()[-200:]
            print(f"{name:45} {len(data) / MIB:5.2f} MiB {said}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

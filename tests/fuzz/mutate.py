"""Real workbooks, broken in one to three places: in the container, in the markup, in the cells."""

import random
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZipFile

Parts = dict[str, bytes]

# What is put where it does not belong; each was a fault of some reader once.
VALUES = (
    "12.5", "12,5", "1e999", "1E5", "-0", "nan", "inf", "1_000", "１２.５", "0x1F", "1.2.3", " 7 ",
    "99999999999999999999", "9007199254740993", "1e-400", "", "TRUE", "#DIV/0!", "2024-01-01",
    "9" * 70, "&#49;2", "1<!-- -->2", "1<?x y?>2", "<![CDATA[12]]>", "<v>3</v>", "&amp;", "-1",
    "4294967296", "=1+1", "\u202e5.21", "12\u200b.5",
)  # fmt: skip
TYPES = ("n", "s", "str", "inlineStr", "b", "e", "d", "x", "")
REFS = ("A1", "XFD1048576", "A0", "a1", "ZZZ1", "G17", "G17:H18", "A1048577", "$A$1", "A&#49;",
        "A-1", "1", "", "G9999999")  # fmt: skip
SNIPPETS = (
    "<!-- x -->", "<?x y?>", "<![CDATA[x]]>", "&#0;", "&nbsp;", "<c/>", '<c r="A1"><v>1</v></c>',
    '<row r="1"/>', "<sheetData/>", "<v>1</v>", "<f>1+1</f>", '<f t="shared" si="0"/>',
    "<is><t>x</t></is>", '<mergeCell ref="A1:XFD1048576"/>', '<hyperlink ref="A1:Z9999"/>',
    '<!DOCTYPE x [<!ENTITY a "b">]>', "<a>" * 70, "\x00", "\ud7ff", '<dimension ref="A1"/>',
    '<dataValidation sqref="A1:XFD1048576"/>', '<tablePart r:id="rId9"/>', "<extLst/>",
)  # fmt: skip


def broken(parts: Mapping[str, bytes], rng: random.Random) -> bytes:
    """The workbook of these parts with one to three mutations."""
    mutated = dict(parts)
    for _ in range(rng.choice((1, 1, 2, 3))):
        rng.choice(_CONTENT)(mutated, rng)
    data = _written(mutated, rng)
    if rng.random() < 0.25:
        data = rng.choice(_BYTES)(data, rng)
    return data


def parts_of(data: bytes) -> Parts:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# ------------------------------------------------------------------------------- container ------


def _written(parts: Parts, rng: random.Random) -> bytes:
    """A container, sometimes with a lie in one header."""
    body, directory = b"", b""
    lied = rng.choice(list(parts)) if parts and rng.random() < 0.15 else ""
    for name, content in parts.items():
        method = rng.choice((0, 8))
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush() if method else content
        fields = [20, 0, method, 0, 33, zlib.crc32(content), len(packed), len(content)]
        other = list(fields)
        if name == lied:
            at = rng.choice((1, 2, 5, 6, 7))
            rng.choice((fields, other))[at] = rng.choice((0, 1, 8, 99, 0xFFFF))
        raw = name.encode()
        again = raw.swapcase() if name == lied and rng.random() < 0.3 else raw
        directory += (
            struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *other, len(again), 0, 0, 0, 0,
                        rng.choice((0, 0o120777 << 16)) if name == lied else 0, len(body))
            + again
        )  # fmt: skip
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields, len(raw), 0) + raw + packed
        if name == lied and rng.random() < 0.3:
            body += b"hidden"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory),
                      len(body), 0)  # fmt: skip
    return body + directory + end


def _flip(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _doubled(data: bytes, rng: random.Random) -> bytes:
    return rng.choice((data + data, data + b"x", b"x" + data, data[:-2] + b"\x04\x00abcd"))


def _hole(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    length = rng.randrange(1, 60)
    return data[:at] + bytes(length) + data[at + length :]


_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _doubled, _hole)


# ---------------------------------------------------------------------------------- markup ------


def _part(parts: Parts, rng: random.Random, *, sheet: bool = False) -> str:
    names = [n for n in parts if n.endswith((".xml", ".rels"))]
    sheets = [n for n in names if "worksheets/sheet" in n]
    return rng.choice(sheets if sheets and (sheet or rng.random() < 0.5) else names or list(parts))


def _tag(parts: Parts, rng: random.Random) -> None:
    """A tag taken out, doubled, or moved."""
    name = _part(parts, rng)
    tokens = re.findall(rb"<[^>]*>|[^<]+", parts[name])
    if len(tokens) < 3:
        return
    at, to = rng.randrange(len(tokens)), rng.randrange(len(tokens))
    match rng.randrange(4):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, tokens[at])
        case 2:
            tokens.insert(to, tokens.pop(at))
        case _:
            tokens[at : at + rng.randrange(1, 30)] = []
    parts[name] = b"".join(tokens)


def _attribute(parts: Parts, rng: random.Random) -> None:
    name = _part(parts, rng)
    found = list(re.finditer(rb'="([^"]*)"', parts[name]))
    if not found:
        return
    one, other = rng.choice(found), rng.choice(found)
    new = rng.choice((other[1], rng.choice(VALUES + REFS).replace("<", "&lt;").encode(), b"-1"))
    parts[name] = parts[name][: one.start(1)] + new + parts[name][one.end(1) :]


def _snippet(parts: Parts, rng: random.Random) -> None:
    name = _part(parts, rng)
    ends = [0, *(m.end() for m in re.finditer(rb">", parts[name]))]
    at = rng.choice(ends)
    text = rng.choice(SNIPPETS).encode("utf-8", "surrogatepass")
    parts[name] = parts[name][:at] + text + parts[name][at:]


def _recoded(parts: Parts, rng: random.Random) -> None:
    name = _part(parts, rng)
    text = parts[name].decode("utf-8", "replace")
    parts[name] = text.encode(rng.choice(("utf-16", "utf-16-le", "utf-8-sig")), "replace")


def _lost(parts: Parts, rng: random.Random) -> None:
    del parts[rng.choice(list(parts))]
    if not parts:
        parts["x"] = b""


def _renamed(parts: Parts, rng: random.Random) -> None:
    name = rng.choice(list(parts))
    new = rng.choice((name.upper(), name.replace("/", "\\"), f"../{name}", f"/{name}", "xl/é.xml",
                      "xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml"))  # fmt: skip
    parts[new] = parts[name] if rng.random() < 0.5 else parts.pop(name)


# ----------------------------------------------------------------------------------- cells ------


def _cells(parts: Parts, rng: random.Random) -> tuple[str, re.Match[bytes]] | None:
    name = _part(parts, rng, sheet=True)
    found = list(re.finditer(rb'<c r="([^"]*)"([^>]*?)(/>|>(.*?)</c>)', parts[name], re.DOTALL))
    return (name, rng.choice(found)) if found else None


def _cell(parts: Parts, rng: random.Random) -> None:
    """One cell anew: another place, another type, another value, a formula."""
    if (found := _cells(parts, rng)) is None:
        return
    name, old = found
    ref = old[1].decode() if rng.random() < 0.8 else rng.choice(REFS)
    kind = rng.choice(TYPES)
    style = rng.choice(("", ' s="1"', ' s="9999"', ' s="-1"', ' s="20"'))
    value = rng.choice(VALUES)
    formula = rng.choice(("", "", "<f>1+1</f>", "<f>[1]A!B1</f>", "<f>cmd|'/c x'!A0</f>",
                          "<f>" + "(" * 80 + "</f>", '<f t="shared" si="0">A1</f>',
                          '<f t="array" ref="A1:XFD1048576">NOW()</f>',
                          '<f t="dataTable" ref="A1"/>'))  # fmt: skip
    body = f"<is><t>{value}</t></is>" if kind == "inlineStr" else f"{formula}<v>{value}</v>"
    cell = f'<c r="{ref}"{style}{f" t={chr(34)}{kind}{chr(34)}" if kind else ""}>{body}</c>'
    new = cell.encode("utf-8", "surrogatepass")
    parts[name] = parts[name][: old.start()] + new + parts[name][old.end() :]


_CONTENT: tuple[Callable[[Parts, random.Random], None], ...] = (
    _tag, _attribute, _attribute, _snippet, _recoded, _lost, _renamed, _cell, _cell, _cell, _cell,
)  # fmt: skip

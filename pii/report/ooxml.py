"""Parts of an Office file, changed only where they must be: every other byte stays as it was.

A program that loads a workbook and saves it again loses what it does not know. Here a part is read
only to learn at which byte an element begins and ends; what is added or taken out is cut in there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname, join, normpath
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo
from zlib import error as zlib_error

from pii.errors import PiiError

MOST = 200_000_000  # bytes of all parts together; a workbook of ours has one million
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


class UnfitError(PiiError):
    """An Office file in which nothing can be placed without guessing; the words say why."""


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element stands in the bytes of its part.

    start, end : of the whole; inner, close : of what is in it (all equal to `end` for <empty/>)
    name : without its namespace, which is `space`
    """

    space: str
    name: str
    attributes: Mapping[str, str]
    start: int
    inner: int
    close: int = 0
    end: int = 0
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Element"]:
        """Children of that name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element | None":
        """The first child of that name."""
        return next(self.all(name), None)


def parsed(part: bytes) -> Element:
    """The root element of a part in UTF-8.

    Raises
    ------
    UnfitError
        Where it is no XML in UTF-8, or declares a document type.
    """
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        raise UnfitError("a part is not in UTF-8") from None
    parser = ParserCreate(namespace_separator=" ")
    open_elements: list[tuple[Element, list[Element]]] = []
    top: list[Element] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        at = parser.CurrentByteIndex
        one = Element(space, name, attributes, at, _tag_end(part, at))
        open_elements.append((one, one.children))

    def end(_: str) -> None:
        one, children = open_elements.pop()
        at = parser.CurrentByteIndex
        empty = part[one.inner - 2 : one.inner] == b"/>"
        close, after = (one.inner, one.inner) if empty else (at, part.index(b">", at) + 1)
        done = Element(
            one.space, one.name, one.attributes, one.start, one.inner, close, after, children
        )
        (open_elements[-1][1] if open_elements else top).append(done)

    def refuse(*_: object) -> None:
        raise UnfitError("a part declares a document type")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(part, True)
    except ExpatError as error:
        raise UnfitError(f"a part is no XML ({error})") from None
    return top[0]


def _tag_end(part: bytes, at: int) -> int:
    """The byte after a start tag; > may stand within its quotes."""
    found = _TAG.match(part, at)
    if found is None:
        raise UnfitError("a tag does not end")
    return found.end()


_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")


@dataclass(slots=True)
class Edits:
    """Cuts to be made in one part, in any order; none may overlap another."""

    part: bytes
    cuts: list[tuple[int, int, bytes]] = field(default_factory=list)

    def put(self, at: int, xml: str) -> None:
        """Add something at a byte."""
        self.cuts.append((at, at, xml.encode()))

    def drop(self, element: Element) -> None:
        """Take a whole element out."""
        self.cuts.append((element.start, element.end, b""))

    def append(self, element: Element, xml: str, *, count: int = 0) -> None:
        """Add children at the end of an element, and to its attribute `count` if it has one."""
        tag = self.part[element.start : element.inner]
        if count:
            tag = re.sub(
                rb"""(\scount\s*=\s*["'])(\d+)""",
                lambda m: m[1] + str(int(m[2]) + count).encode(),
                tag,
            )
        if element.inner == element.end:  # <empty/>
            name = re.match(rb"<([^\s/>]+)", tag)
            assert name
            tag = tag[:-2] + b">" + xml.encode() + b"</" + name[1] + b">"
            self.cuts.append((element.start, element.end, tag))
        else:
            self.cuts.append((element.start, element.inner, tag))
            self.put(element.close, xml)

    def done(self) -> bytes:
        """The part with all cuts made."""
        part = self.part
        order = sorted(range(len(self.cuts)), key=lambda k: (self.cuts[k][0], self.cuts[k][1], k))
        for k in reversed(order):
            start, end, xml = self.cuts[k]
            part = part[:start] + xml + part[end:]
        return part


def opened(data: bytes) -> dict[str, bytes]:
    """Every part of an Office file by name.

    Raises
    ------
    UnfitError
        Where it is no such file, is damaged, or is beyond sense in size.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
            if len({info.filename for info in infos}) != len(infos):
                raise UnfitError("two parts have one name")
            if sum(info.file_size for info in infos) > MOST:
                raise UnfitError("it is too large when unpacked")
            return {info.filename: archive.read(info) for info in infos}
    except (BadZipFile, zlib_error, OSError, ValueError, RuntimeError, NotImplementedError):
        raise UnfitError("it is no whole .xlsx file") from None


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A file of those parts, in their order; equal parts give equal bytes, whatever the day."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            info = ZipInfo(name)  # of 1980, the first date such a file can hold
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, part)
    return file.getvalue()


# ------------------------------------------------------------------------- relationships ------


def rels_of(part: str) -> str:
    """The name of the part that lists another part's relationships."""
    return join(dirname(part), "_rels", part.rpartition("/")[2] + ".rels")


def related(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Relationships of a part: id → (last word of the type, name of the target part)."""
    listed = parts.get(rels_of(part))
    if listed is None:
        return {}
    found = {}
    for one in parsed(listed).all("Relationship"):
        target = one.attributes.get("Target", "")
        if one.attributes.get("TargetMode") != "External":
            whole = target[1:] if target.startswith("/") else join(dirname(part), target)
            kind = one.attributes.get("Type", "").rpartition("/")[2]
            found[one.attributes.get("Id", "")] = (kind, normpath(whole))
    return found


def relate(parts: dict[str, bytes], part: str, kind: str, target: str) -> str:
    """Add a relationship to a part, and return its id."""
    name = rels_of(part)
    listed = parts.get(
        name, f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{PACKAGE}"/>'.encode()
    )
    root = parsed(listed)
    taken = {one.attributes.get("Id") for one in root.all("Relationship")}
    key = next(key for n in range(1, len(taken) + 2) if (key := f"rIdPii{n}") not in taken)
    edits = Edits(listed)
    edits.append(
        root,
        f'<Relationship xmlns="{PACKAGE}" Id="{key}" Type="{RELATED}/{kind}" Target="/{target}"/>',
    )
    parts[name] = edits.done()
    return key


def declare(parts: dict[str, bytes], part: str, content: str) -> None:
    """Say in the list of content types what a new part is."""
    name = "[Content_Types].xml"
    root, edits = parsed(parts[name]), Edits(parts[name])
    edits.append(
        root, f'<Override xmlns="{TYPES}" PartName="/{part}" ContentType={quoteattr(content)}/>'
    )
    parts[name] = edits.done()


def declare_kind(parts: dict[str, bytes], suffix: str, content: str) -> None:
    """Say what parts of a suffix are, where nothing says so yet."""
    name = "[Content_Types].xml"
    root, edits = parsed(parts[name]), Edits(parts[name])
    if suffix not in {one.attributes.get("Extension", "").lower() for one in root.all("Default")}:
        edits.put(
            root.inner,
            f'<Default xmlns="{TYPES}" Extension="{suffix}" ContentType={quoteattr(content)}/>',
        )
    parts[name] = edits.done()


def new_name(parts: Iterable[str], stem: str, suffix: str) -> str:
    """A part's name that is still free, case aside."""
    taken = {name.casefold() for name in parts}
    number = 1
    while f"{stem}{number}{suffix}".casefold() in taken:
        number += 1
    return f"{stem}{number}{suffix}"


_ESCAPE = re.compile("_(?=x[0-9a-fA-F]{4}_)")  # a spreadsheet would read _x0041_ as A


def text(words: str) -> str:
    """Text as it stands in XML; control characters are taken out before, by `pii.texts`."""
    return escape(_ESCAPE.sub("_x005F_", words))

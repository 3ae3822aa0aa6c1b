"""The markup of a workbook's parts, walked once by expat: its limits, and the grammar of cells.

Programs disagree about a comment, a character reference or a second `<v>` inside a number; here
every spelling that they could take for two values is refused, so that one is left.
"""

import re
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from pyexpat import ExpatError, ParserCreate, XMLParserType
from unicodedata import combining

from pii.intake.archive import Refusal

MAX_DEPTH, MAX_ATTRIBUTES = 64, 64
# of all parts together; a full template, of 0.2 MiB, has 3,400 tags and 5,900 attributes
MAX_BYTES = 2 << 20
MAX_TAGS = 20_000
MAX_VALUES = 80_000
MAX_LINES, MAX_SIGNS = 100_000, 40_000  # and references: each is a text of its own to expat
MAX_NAMES = 2_000  # of tags and attributes that differ, in one part
MAX_LINKS, MAX_LIST = 2_000, 300_000  # tags and bytes of a part that says what leads where
MAX_ROW, MAX_COLUMN = 10_000, 256  # of cells that hold something
MAX_AREA = 50_000  # cells under merges, and under links, of one sheet
MAX_TEXT = 200_000  # bytes between two tags, and of one text; a cell holds 32,767 characters
SHORT = 400  # bytes of a text that may be marks that combine, all of it
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of any spreadsheet

_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_REF = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_ROW = re.compile(r"[1-9]\d{0,6}", re.ASCII)
_NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
_INDEX = re.compile(rb"\d{1,7}")
_ESCAPED_PLACE = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^<]*&")  # linear: a tag ends at the next
# An ordinary character that programs read as itself, or as the seven letters that stand for it;
# spreadsheets write so only a control character, and the underscore before such letters.
ESCAPED_LETTER = re.compile(rb"(?<!_x005F)_x(?!00[01]|005F)[0-9A-F]{4}_", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#0*(\d+)|#x0*([0-9a-fA-F]+)|(\w+));", re.ASCII)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_TAG = re.compile(rb"<[^>]*>")
_FORMS = {"n", "s", "str", "inlineStr", "b", "e", "d"}

Ref = tuple[int, int]
Area = tuple[int, int, int, int]


@dataclass(slots=True)
class Marks:
    """What a sheet says of its cells beyond their values; rows and columns from 1."""

    formulas: dict[Ref, str] = field(default_factory=dict)
    followers: dict[Ref, tuple[str, Ref]] = field(default_factory=dict)
    raised: set[Ref] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)

    def formula(self, at: Ref) -> str:
        """The formula of a cell; one that shares another's is moved here, not while guarding."""
        shared = self.followers.get(at)
        return _moved(*shared, at) if shared else self.formulas.get(at, "")


def refuse_markup(parts: Mapping[str, bytes], size: int = 1) -> None:
    """Not more markup, in all parts together, than can be walked at once, and in one reading.

    No document type, no entity, no encoding but UTF-8, in any part that is markup by its name or by
    its first sign.

    size : how many times the limits of a province's workbook are allowed
    """
    markup = {part: content for part, content in parts.items() if is_markup(part, content)}
    for most, vi, en, count in _LIMITS:
        found = {part: count(content) for part, content in markup.items()}
        if sum(found.values()) > size * most:
            part = max(found, key=lambda name: found[name])
            raise _beyond(part, f"hơn {size * most} {vi}", f"more than {size * most} {en}")
    for part, content in markup.items():
        _refuse_form(part, content)


_LIMITS: tuple[tuple[int, str, str, Callable[[bytes], int]], ...] = (
    (MAX_BYTES, "byte", "bytes", len),
    (MAX_TAGS, "thẻ", "tags", lambda part: part.count(b"<") - part.count(b"</")),
    (MAX_VALUES, "thuộc tính", "attributes", lambda part: part.count(b"=")),
    (MAX_LINES, "dòng", "lines", lambda part: part.count(b"\n") + part.count(b"\r")),
    (MAX_SIGNS, "tham chiếu ký tự", "references to characters", lambda part: part.count(b"&")),
)  # fmt: skip


def is_markup(part: str, content: bytes = b"") -> bool:
    """Whether the guard looks into a part: by its name, or by its first sign."""
    return part.lower().endswith((".xml", ".rels", ".vml")) or content.lstrip()[:1] == b"<"


def _refuse_form(part: str, content: bytes) -> None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4]:
        raise Refusal("F115", part=part)
    said = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    if said and said[1].lower() not in (b"utf-8", b"us-ascii"):
        raise Refusal("F115", part=part)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refusal("F114", part=part)
    if part.endswith((".rels", "[Content_Types].xml")) and (
        len(content) > MAX_LIST or content.count(b"<") > MAX_LINKS
    ):
        raise _beyond(
            part,
            f"hơn {MAX_LINKS} thẻ hoặc {MAX_LIST} byte",
            f"more than {MAX_LINKS} tags or {MAX_LIST} bytes",
        )
    if max(map(len, content.split(b"<"))) > MAX_TEXT:
        raise _long(part)


def attributes_of(
    part: str, content: bytes, wanted: Container[str] | None = None
) -> Sequence[tuple[str, Mapping[str, str]]]:
    """Elements of a part in order: each name without prefix, and its attributes.

    wanted : the names that are asked for; all where None
    """
    found: list[tuple[str, Mapping[str, str]]] = []

    def take(tag: str, given: Mapping[str, str]) -> None:
        if wanted is None or tag in wanted:
            found.append((tag, given))

    walked(part, content, take)
    return found


def walked(part: str, content: bytes, take: Callable[[str, Mapping[str, str]], object]) -> None:
    """Give each element of a part, its name without prefix, with its attributes."""
    depth = 0

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH or len(given) > MAX_ATTRIBUTES or len(names) > MAX_NAMES:
            raise _bulk(part, depth, given)
        take(tag.rpartition(":")[2] if ":" in tag else tag, given)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = _parser(start, end)
    names = parser.intern
    _walk(parser, part, content)


def strings_of(part: str, content: bytes) -> Sequence[bool]:
    """For each shared string, whether a piece of it is raised or lowered, like a footnote mark."""
    found: list[bool] = []
    depth = begin = 0
    raised = False

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal depth, begin, raised
        depth += 1
        if depth > MAX_DEPTH or len(given) > MAX_ATTRIBUTES or len(names) > MAX_NAMES:
            raise _bulk(part, depth, given)
        if depth == 2:
            begin, raised = parser.CurrentByteIndex, False
        elif _is_raised(tag, given):
            raised = True

    def end(tag: str) -> None:
        nonlocal depth
        if depth == 2 and tag.rpartition(":")[2] == "si":
            found.append(raised)
            _refuse_text(part, content[begin : parser.CurrentByteIndex])
        depth -= 1

    parser = _parser(start, end)
    names = parser.intern
    _refuse_asides(parser, lambda: Refusal("F119", place=part))
    _walk(parser, part, content)
    return found


def _is_raised(tag: str, given: Mapping[str, str]) -> bool:
    """Whether a run of a text is raised, lowered or struck through: no part of the figure."""
    name, value = tag.rpartition(":")[2], given.get("val")
    struck = name == "strike" and value not in ("0", "false")
    return struck or (name == "vertAlign" and value != "baseline")


def marked(
    part: str, title: str, content: bytes, strings: Sequence[bool], size: int = 1
) -> tuple[Marks, bytes]:
    """What stands in a sheet whose every cell has one place and one reading, and the sheet bare.

    Bare: with its cells alone, for the readers.
    strings : of each shared string, whether it is raised (`strings_of`)
    size : how many times as many rows as in a province's workbook are allowed
    """
    if _ESCAPED_PLACE.search(content):
        raise Refusal("F119", place=title)
    walk = _SheetWalk(part, title, content, strings, size * MAX_ROW)
    walk.run()
    return walk.marks, walk.bare()


class _SheetWalk:
    """One pass over a sheet; expat calls `_start` and `_end`."""

    def __init__(
        self, part: str, title: str, content: bytes, strings: Sequence[bool], rows: int
    ) -> None:
        self.rows = rows
        self.part, self.title, self.content, self.strings = part, title, content, strings
        self.marks = Marks()
        self.depth = self.row = self.column = 0
        self.data = 0  # 0 before, 1 within, 2 after the rows
        self.form = ""
        self.held: list[str] = []  # v, f, is: what the cell holds so far
        self.inside = ""  # v or f, while the parser is in one
        self.begin = 0
        self.shared: dict[str, tuple[str, Ref]] = {}
        self.formula: Mapping[str, str] = {}
        self.area = {"mergeCell": 0, "hyperlink": 0}
        self.root = ""
        self.pieces: list[tuple[str, int]] = []  # children of the root, and where each begins
        self.parser = _parser(self._start, self._end)
        self.names = self.parser.intern
        _refuse_asides(self.parser, self._odd)

    def run(self) -> None:
        _walk(self.parser, self.part, self.content)

    def bare(self) -> bytes:
        """The sheet without what is no data: formats, merges, validations, links, drawings, views.

        A reader takes as long over those as over the cells, and chokes on those that are odd;
        openpyxl drops what stands under a merge.
        """
        if not self.pieces:
            return self.content
        ends = [begin for _, begin in self.pieces[1:]]
        kept = [
            self.content[begin:end]
            for (tag, begin), end in zip(self.pieces, ends, strict=False)
            if tag == "sheetData"
        ]
        head = self.content[: self.pieces[0][1]]
        return b"".join((head, *kept, f"</{self.root}>".encode()))

    @property
    def _here(self) -> str:
        return f"{self.title}!{letters_of(self.column)}{self.row}" if self.column else self.title

    def _odd(self) -> Refusal:
        return Refusal("F119", place=self._here)

    def _misplaced(self, found: str) -> Refusal:
        return Refusal("F117", sheet=self.title, found=found[:40])

    def _start(self, tag: str, given: dict[str, str]) -> None:
        self.depth = depth = self.depth + 1
        if depth > MAX_DEPTH or len(given) > MAX_ATTRIBUTES or len(self.names) > MAX_NAMES:
            raise _bulk(self.part, depth, given)
        if depth == 1:
            self.root = tag
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if depth == 2:
            self.pieces.append((tag, self.parser.CurrentByteIndex))
        if self.data != 1:
            self._outside(tag, given)
        elif depth == 4:
            self._cell(tag, given)
        elif depth == 5:
            self._content(tag, given)
        elif depth == 3:
            self._line(tag, given)
        elif self.inside:
            raise self._odd()
        elif depth > 5 and _is_raised(tag, given):
            self.marks.raised.add((self.row, self.column))

    def _end(self, tag: str) -> None:
        if self.data == 1:
            if self.depth == 5:
                self._close(tag)
            elif self.depth == 4:
                self._leave()
            elif self.depth == 2:
                self.data, self.column = 2, 0
        elif self.depth == 1:
            self.pieces.append(("", self.parser.CurrentByteIndex))
        self.depth -= 1

    def _outside(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "sheetData":
            if self.data or self.depth != 2:
                raise self._misplaced("sheetData × 2")
            self.data = 1
        elif tag in ("row", "c"):
            raise self._misplaced(f"<{tag}>")
        elif tag == "col" and given.get("hidden") in ("1", "true"):
            low, high = given.get("min", ""), given.get("max", "")
            if _ROW.fullmatch(low) and _ROW.fullmatch(high):
                self.marks.hidden_columns.append((int(low), int(high)))
        elif tag in self.area:
            area = _area(given.get("ref", ""))
            if area is None:
                raise self._misplaced(given.get("ref", ""))
            # ten at least, so that their number is bounded too
            self.area[tag] += max(10, (area[2] - area[0] + 1) * (area[3] - area[1] + 1))
            if self.area[tag] > MAX_AREA:
                raise Refusal("F118", sheet=self.title, found=given["ref"])
            if tag == "mergeCell":
                self.marks.merges.append(area)

    def _line(self, tag: str, given: Mapping[str, str]) -> None:
        if tag != "row":
            raise self._misplaced(f"<{tag}>")
        said = given.get("r", "")
        row = int(said) if _ROW.fullmatch(said) else self.row + 1 if "r" not in given else 0
        if not self.row < row <= _LAST_ROW:
            raise self._misplaced(said or f"<row> × {row}")
        self.row, self.column = row, 0
        if given.get("hidden") in ("1", "true"):
            self.marks.hidden_rows.add(self.row)

    def _cell(self, tag: str, given: Mapping[str, str]) -> None:
        if tag != "c":
            if tag == "extLst":
                return
            raise self._misplaced(f"<{tag}>")
        said = given.get("r")
        column = self.column + 1
        if said is not None:
            match = _REF.fullmatch(said)
            if not match or int(match[2]) != self.row:
                raise self._misplaced(said)
            column = _number(match[1])
        if not self.column < column <= _LAST_COLUMN:
            raise self._misplaced(said or f"<c> × {column}")
        self.column = column
        self.form = given.get("t", "n")
        self.held = []
        if self.form not in _FORMS:
            raise self._odd()

    def _content(self, tag: str, given: Mapping[str, str]) -> None:
        if tag not in ("v", "f", "is"):
            return
        if tag in self.held or (tag == "v" and self.form == "inlineStr"):
            raise self._odd()
        if tag == "is" and self.form != "inlineStr":
            raise self._odd()
        self.held.append(tag)
        self.begin = self.parser.CurrentByteIndex
        if tag != "is":
            self.inside = tag
        if tag == "f":
            self.formula = given

    def _close(self, tag: str) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "f":
            self._keep_formula(self._raw())
        elif tag == "v":
            self._refuse_value(self._raw())
        elif tag == "is":
            _refuse_text(self.part, self._raw())
        self.inside = ""

    def _raw(self) -> bytes:
        """What stands between the tags of a value or a formula, as it is written."""
        raw = self.content[self.begin : self.parser.CurrentByteIndex]
        return raw[raw.find(b">") + 1 :] if not raw.endswith(b"/>") else b""

    def _refuse_value(self, text: bytes) -> None:
        form = self.form
        if form == "str" or not text:
            _refuse_text(self.part, text)
            return
        if form == "n":
            good = len(text) <= 64 and _NUMBER.fullmatch(text) and isfinite(float(text))
        elif form == "s":
            good = _INDEX.fullmatch(text) and int(text) < len(self.strings)
            if good and self.strings[int(text)]:
                self.marks.raised.add((self.row, self.column))
        elif form == "b":
            good = text in (b"0", b"1")
        else:
            good = len(text) <= 40 and b"&" not in text
        if not good:
            raise self._odd()

    def _leave(self) -> None:
        if self.held and (self.row > self.rows or self.column > MAX_COLUMN):
            raise Refusal("F118", sheet=self.title, found=f"{letters_of(self.column)}{self.row}")

    def _keep_formula(self, raw: bytes) -> None:
        at = self.row, self.column
        text = "=" + _unescaped(raw)
        if self.formula.get("t") == "shared":
            key = self.formula.get("si", "")
            if key in self.shared:
                self.marks.followers[at] = self.shared[key]
                return
            if text != "=":
                self.shared[key] = text, at
        self.marks.formulas[at] = text


def _refuse_text(part: str, raw: bytes) -> None:
    """Not longer than a cell can hold, and not to be sorted for seconds."""
    if len(raw) > MAX_TEXT:
        raise _long(part)
    if len(raw) > SHORT and (b"&#" in raw or not raw.isascii()):
        text = _unescaped(_TAG.sub(b"", raw))
        if is_stacked(text):
            raise _beyond(part, "quá nhiều dấu trên một chữ", "too many marks on one letter")


def is_stacked(text: str) -> bool:
    """Whether a letter carries more marks than any script: to sort them takes their square."""
    # a sample: of 160 marks in a row, 32 stand at one of these places
    return any(all(map(combining, text[at : at + 32])) for at in range(0, len(text) - 31, 128))


def _unescaped(raw: bytes) -> str:
    """The text that well-formed markup without tags stands for."""
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text = raw.decode()
    return _REFERENCE.sub(_referred, text) if "&" in text else text


def _referred(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _moved(formula: str, origin: Ref, at: Ref) -> str:
    from openpyxl.formula.translate import Translator

    places = [f"{letters_of(column)}{row}" for row, column in (origin, at)]
    try:
        return str(Translator(formula, places[0]).translate_formula(places[1]))
    except Exception:  # its tokenizer raises what it likes; the text is for the reader's eye only
        return formula


def ref_of(text: str) -> Ref:
    """Row and column of a cell named as in a formula, such as $B$7."""
    match = _REF.fullmatch(text.replace("$", ""))
    if not match:
        raise ValueError(f"{text} names no cell")
    return int(match[2]), _number(match[1])


def letters_of(column: int) -> str:
    """The letters of a column, counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@cache
def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _area(ref: str) -> Area | None:
    first, _, last = ref.replace("$", "").partition(":")
    corners = [_REF.fullmatch(corner) for corner in (first, last or first)]
    if not (corners[0] and corners[1]):
        return None
    (left, top), (right, low) = ((_number(c[1]), int(c[2])) for c in corners if c)
    if not (top <= low <= _LAST_ROW and left <= right <= _LAST_COLUMN):
        return None
    return top, left, low, right


# ---------------------------------------------------------------------------------- expat ------


def _parser(
    start: Callable[[str, dict[str, str]], None], end: Callable[[str], None]
) -> XMLParserType:
    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    return parser


def _refuse_asides(parser: XMLParserType, refusal: Callable[[], Refusal]) -> None:
    """Comments, instructions and CDATA have no business among cells."""

    def refuse(*_: object) -> None:
        raise refusal()

    parser.CommentHandler = parser.ProcessingInstructionHandler = refuse
    parser.StartCdataSectionHandler = refuse


def _walk(parser: XMLParserType, part: str, content: bytes) -> None:
    if not is_markup(part, content):  # then its limits and its form were not looked at
        raise Refusal("F116", part=part, line="1")
    try:
        parser.Parse(content, True)
    except ExpatError as error:
        raise Refusal("F116", part=part, line=str(error.lineno)) from None


def _bulk(part: str, depth: int, given: Collection[str]) -> Refusal:
    if depth > MAX_DEPTH:
        return _beyond(part, f"lồng sâu hơn {MAX_DEPTH} tầng", f"nested deeper than {MAX_DEPTH}")
    if len(given) > MAX_ATTRIBUTES:
        return _beyond(
            part, f"hơn {MAX_ATTRIBUTES} thuộc tính", f"more than {MAX_ATTRIBUTES} attributes"
        )
    return _beyond(part, f"hơn {MAX_NAMES} tên thẻ và thuộc tính khác nhau",
                   f"more than {MAX_NAMES} different names of tags and attributes")  # fmt: skip


def _long(part: str) -> Refusal:
    return _beyond(part, "một chuỗi quá dài", "a text that is too long")


def _beyond(part: str, vi: str, en: str) -> Refusal:
    return Refusal("F122", part=part, why_vi=vi, why_en=en)

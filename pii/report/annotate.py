"""A submission given back with its findings in it: comments, colours and a sheet that lists them.

Nothing else in the workbook changes: parts are cut open only where something is added
(`pii.report.ooxml`). Colours are conditional formats, so that no cell loses its own looks. What an
earlier check left in the file is taken out first; other people's comments stay.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil

from pii.findings import Finding, Severity
from pii.framework import Framework, Language
from pii.report.ooxml import (
    MAIN,
    RELATED,
    Edits,
    Element,
    UnfitError,
    declare,
    declare_kind,
    new_name,
    opened,
    packed,
    parsed,
    relate,
    related,
    text,
)
from pii.texts import plain, quoted

AUTHOR = "pii check"
_MARK = "——— pii check ———"
_ALWAYS = f'"{AUTHOR}"="{AUTHOR}"'  # a condition that always holds, and tells whose format it is
_LONGEST = 2000  # characters of one comment
BOOK = "xl/workbook.xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
AWAITED = ("V108",)  # what the ministry waits for from central agencies
NOT_THEIRS = (*AWAITED, "B110", "Y110")
"""Rules of which a province is told nothing: no business of its own, or another's figures."""
SUMMARY = {"vi": "Kết quả kiểm tra (pii)", "en": "Findings (pii)"}

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "title": "Kết quả kiểm tra bài nộp",
        "counts": "{errors} lỗi phải sửa, {warnings} cảnh báo cần xem lại, {notes} ghi chú.",
        "clean": "Không có phát hiện nào.",
        "how": "Sửa ngay trong tệp này, tại các ô được tô màu và có chú thích, rồi lưu và gửi lại. "
        "Bấm vào ô ở cột “Ô” để tới chỗ cần sửa. Không sửa ô khóa. Trang này, màu tô và chú thích "
        "“pii check” không được đọc như số liệu và sẽ được thay khi kiểm tra lại.",
        "awaited": "Chờ số liệu của cơ quan trung ương, tỉnh không phải điền",
    },
    "en": {
        "title": "Findings of the check",
        "counts": "{errors} errors to correct, {warnings} warnings to look at, {notes} notes.",
        "clean": "Nothing was found.",
        "how": "Correct this very file, in the cells that are coloured and carry a comment, save "
        "it and send it back. A click in the column “Cell” leads to the place. Leave locked cells "
        "alone. This sheet, the colours and the comments “pii check” are not read as figures and "
        "are replaced by the next check.",
        "awaited": "Awaited from central agencies, nothing for the province to do",
    },
}
_HEADS = {
    "vi": ("STT", "Mức", "Ô", "Chỉ số", "Hiện có", "Cần có", "Cách sửa", "Quy tắc"),
    "en": (
        "No.",
        "Severity",
        "Cell",
        "Indicator",
        "What is there",
        "Expected",
        "What to do",
        "Rule",
    ),
}
_WIDTHS = (6, 12, 18, 10, 40, 34, 52, 9)
# Fill and letters of each severity; on the sheet the word stands beside the colour.
_COLOURS = {
    Severity.ERROR: ("FFFFC7CE", "FF8C0009"),
    Severity.WARNING: ("FFFFE699", "FF5C3D00"),
    Severity.NOTE: ("FFDDEBF7", "FF1F3864"),
}


def annotated(
    data: bytes,
    findings: Sequence[Finding],
    lang: Language,
    *,
    about: str = "",
) -> bytes:
    """The workbook with its findings in it; equal inputs give equal bytes.

    findings : those about this file
    about : what stands under the title of the list, such as the province and the edition

    Raises
    ------
    UnfitError
        Where the file is no .xlsx that can be added to.
    """
    parts = opened(data)
    if BOOK not in parts or "xl/styles.xml" not in parts or "[Content_Types].xml" not in parts:
        raise UnfitError("it has no workbook")
    if parsed(parts[BOOK]).space != MAIN:
        raise UnfitError("it is in the strict form of the format")
    look = _add_looks(parts)
    sheets = _sheets(parts)
    for title, sheet in sheets.items():
        if title in SUMMARY.values():
            continue
        cells: dict[str, list[Finding]] = {}
        for finding in findings:
            place = finding.place
            if (
                place.sheet == title
                and _CELL.fullmatch(place.cell)
                and finding.rule not in NOT_THEIRS
            ):
                cells.setdefault(place.cell, []).append(finding)
        _write_comments(parts, sheet, cells, lang)
        _colour(parts, sheet, cells, look)
    _write_summary(parts, sheets, findings, lang, about, look)
    return packed(parts)


_CELL = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}")


def _sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Worksheets by title: the names of their parts."""
    rels = related(parts, BOOK)
    listed = parsed(parts[BOOK]).first("sheets")
    found = {}
    for one in listed.children if listed else ():
        kind, part = rels.get(one.attributes.get(f"{RELATED} id", ""), ("", ""))
        if kind == "worksheet" and part in parts:
            found[one.attributes["name"]] = part
    return found


# ------------------------------------------------------------------------------- comments ------


def _write_comments(
    parts: dict[str, bytes], sheet: str, cells: Mapping[str, Sequence[Finding]], lang: Language
) -> None:
    """Our comments of an earlier check out, those of this one in; foreign ones keep their words."""
    linked = dict(related(parts, sheet).values())
    comments, drawing = linked.get("comments"), linked.get("vmlDrawing")
    foreign: dict[str, str] = {}
    if comments and comments in parts:
        without, freed, foreign = _without_ours(parts[comments])
        if drawing and drawing in parts:
            try:
                parts[drawing] = _without_shapes(parts[drawing], freed)
            except UnfitError:
                return  # Excel may write shapes that are no XML: then the list alone tells it
        parts[comments] = without
    if not cells:
        return
    if not comments or comments not in parts:
        comments = new_name(parts, "xl/comments", ".xml")
        parts[comments] = (
            f'{_XML}<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
        )
        relate(parts, sheet, "comments", comments)
        declare(parts, comments, _COMMENTS_TYPE)
    if not drawing or drawing not in parts:
        drawing = new_name(parts, "xl/drawings/vmlDrawing", ".vml")
        parts[drawing] = _VML.encode()
        declare_kind(parts, "vml", _VML_TYPE)
        _link_drawing(parts, sheet, relate(parts, sheet, "vmlDrawing", drawing))
    said = {cell: _comment(findings, lang) for cell, findings in cells.items()}
    parts[comments] = _with_ours(parts[comments], said, foreign)
    new = [cell for cell in said if cell not in foreign]
    parts[drawing] = _with_shapes(parts[drawing], new, said, _heights(parts[sheet]))


def _comment(findings: Sequence[Finding], lang: Language) -> str:
    """What a comment says: each finding as a short paragraph."""
    told = []
    for finding in findings:
        there, expected, remedy = finding.parts(lang)
        needed = "Cần" if lang == "vi" else "Expected"
        word = finding.severity_word(lang)
        told.append(f"{word} {finding.rule}: {there}.\n{needed}: {expected}.\n→ {remedy}")
    whole = "\n\n".join((_MARK, *told))
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"


def _without_ours(part: bytes) -> tuple[bytes, set[str], dict[str, str]]:
    """Comments without ours, the cells that are free now, and the authors of the others by cell."""
    root, edits = parsed(part), Edits(part)
    authors = [
        part[one.inner : one.close].decode()
        for one in _under(root, "authors")
        if one.name == "author"
    ]
    freed, foreign = set(), {}
    for one in _under(root, "commentList"):
        number, cell = one.attributes.get("authorId", ""), one.attributes.get("ref", "")
        author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
        ours = part.find(_MARK.encode(), one.start, one.end)
        # LibreOffice forgets authors: what begins with our mark is ours as well.
        alone = ours >= 0 and not _TAGS.sub(b"", part[one.start : ours]).strip()
        if author == AUTHOR or alone:
            freed.add(cell)
            edits.drop(one)
            continue
        foreign[cell] = author
        if ours >= 0:  # up to the end of that text; we add one run, at the end
            start = len(part[:ours].rstrip())
            edits.cuts.append((start, part.index(b"<", ours), b""))
    return edits.done(), freed, foreign


_TAGS = re.compile(rb"<[^>]*>")


def _under(root: Element, name: str) -> Sequence[Element]:
    found = root.first(name)
    return found.children if found else ()


def _with_ours(part: bytes, said: Mapping[str, str], foreign: Mapping[str, str]) -> bytes:
    root, edits = parsed(part), Edits(part)
    authors, listed = root.first("authors"), root.first("commentList")
    if authors is None or listed is None:
        raise UnfitError("its comments are not in the usual form")
    names = [part[one.inner : one.close].decode() for one in authors.children]
    number = names.index(AUTHOR) if AUTHOR in names else len(names)
    if number == len(names):
        edits.append(authors, f'<author xmlns="{MAIN}">{AUTHOR}</author>')
    existing = {one.attributes.get("ref", ""): one for one in listed.children}
    new = ""
    for cell, words in said.items():
        if cell not in foreign:
            new += (
                f'<comment xmlns="{MAIN}" ref="{cell}" authorId="{number}"><text>{_run(words)}'
                "</text></comment>"
            )
        elif not foreign[cell].startswith("tc="):  # a thread of Excel 365 shows nothing but itself
            into = existing[cell].first("text")
            if into is not None:
                edits.append(into, _run(f"\n\n{words}"))
    edits.append(listed, new)
    return edits.done()


def _run(words: str) -> str:
    lines = "\n".join(plain(line) for line in words.split("\n"))
    return (
        f'<r xmlns="{MAIN}"><rPr><sz val="9"/><rFont val="Tahoma"/><family val="2"/></rPr>'
        f'<t xml:space="preserve">{text(lines)}</t></r>'
    )


# ---------------------------------------------------- the shapes that comments are shown in ------

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_VML = (
    f'<xml {_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    "</xml>"
)
_KIND = (
    f'<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" '
    'o:connecttype="rect"/></v:shapetype>'
)


def _without_shapes(part: bytes, freed: set[str]) -> bytes:
    """The drawing without the shapes of those cells, in whatever prefixes it is written."""
    edits = Edits(part)
    for shape in parsed(part).all("shape"):
        note = shape.first("ClientData")
        if note is not None and _noted(part, note) in freed:
            edits.drop(shape)
    return edits.done()


def _noted(part: bytes, note: Element) -> str:
    """The cell whose comment a shape shows, "" where it does not say."""
    found = []
    for name in ("Column", "Row"):
        one = note.first(name)
        number = part[one.inner : one.close].strip() if one else b""
        if not number.isdigit():
            return ""
        found.append(int(number))
    return f"{_letters(found[0])}{found[1] + 1}"


def _with_shapes(
    part: bytes, cells: Sequence[str], said: Mapping[str, str], heights: Mapping[int, float]
) -> bytes:
    ids = [int(number) for number in re.findall(rb"_x0000_s(\d+)", part)]
    shapes = "".join(
        _shape(number, cell, said[cell], heights)
        for number, cell in zip(count(max([1024, *ids]) + 1), cells, strict=False)
    )
    edits = Edits(part)
    edits.append(parsed(part), ("" if b"_x0000_t202" in part else _KIND) + shapes)
    return edits.done()


def _shape(number: int, cell: str, words: str, heights: Mapping[int, float]) -> str:
    row, column = _position(cell)
    lines = sum(max(1, ceil(len(line) / 52)) for line in words.split("\n"))
    last, room = row, 0.0
    while room < lines * 12.5 + 12 and last < row + 40:
        room += heights.get(last, 15.0)
        last += 1
    anchor = f"{column + 1}, 12, {row}, 4, {column + 4}, 0, {last}, 0"
    return (
        f'<v:shape {_SPACES} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
        f"margin-left:60pt;margin-top:2pt;width:260pt;height:90pt;z-index:{number - 1024};"
        'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox '
        'style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>"
        f"<x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


def _position(cell: str) -> tuple[int, int]:
    """Row and column from 0."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1


def _letters(column: int) -> str:
    found = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        found = chr(65 + rest) + found
        column -= 1
    return found


def _heights(sheet: bytes) -> dict[int, float]:
    """Heights of the rows that have one of their own, by row from 0, in points."""
    data = parsed(sheet).first("sheetData")
    found = {}
    for row in data.all("row") if data else ():
        number, height = row.attributes.get("r", ""), row.attributes.get("ht", "")
        if number.isdigit() and re.fullmatch(r"\d+(\.\d+)?", height):
            found[int(number) - 1] = float(height)
    return found


# --------------------------------------------------------------------- the sheet itself ------

# What may stand before an element in a worksheet (ECMA-376 part 1, 18.3.1.99), in order.
_BEFORE_FORMATS = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
)  # fmt: skip
_BEFORE_DRAWING = (
    *_BEFORE_FORMATS, "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing",
)  # fmt: skip


def _after(root: Element, before: Sequence[str]) -> int:
    """The byte at which an element that follows those may stand."""
    return max([root.inner, *(one.end for one in root.children if one.name in before)])


def _link_drawing(parts: dict[str, bytes], sheet: str, key: str) -> None:
    root, edits = parsed(parts[sheet]), Edits(parts[sheet])
    for old in root.all("legacyDrawing"):
        edits.drop(old)  # it led nowhere
    edits.put(
        _after(root, _BEFORE_DRAWING),
        f'<legacyDrawing xmlns="{MAIN}" xmlns:r="{RELATED}" r:id="{key}"/>',
    )
    parts[sheet] = edits.done()


def _colour(
    parts: dict[str, bytes], sheet: str, cells: Mapping[str, Sequence[Finding]], look: "_Looks"
) -> None:
    """Each cell in the colour of its worst finding, over whatever looks it has."""
    part = parts[sheet]
    root, edits = parsed(part), Edits(part)
    taken = [0]
    for block in root.all("conditionalFormatting"):
        rules = list(block.all("cfRule"))
        if rules and all(AUTHOR.encode() in part[r.start : r.end] for r in rules):
            edits.drop(block)
        taken += [int(p) for r in rules if (p := r.attributes.get("priority", "")).isdigit()]
    order = tuple(Severity)
    at = _after(root, _BEFORE_FORMATS)
    for severity in order:
        same = [
            cell
            for cell, findings in cells.items()
            if min((f.severity for f in findings), key=order.index) is severity
        ]
        if same:
            taken.append(max(taken) + 1)
            edits.put(
                at,
                f'<conditionalFormatting xmlns="{MAIN}" sqref="{" ".join(same)}"><cfRule '
                f'type="expression" dxfId="{look.over[severity]}" priority="{taken[-1]}">'
                f"<formula>{text(_ALWAYS)}</formula></cfRule></conditionalFormatting>",
            )
    parts[sheet] = edits.done()


# ---------------------------------------------------------------------------------- looks ------


@dataclass(frozen=True, slots=True)
class _Looks:
    """Numbers of our looks in the workbook's styles.

    over : what a coloured cell gets, by severity; the others are for cells of the list
    """

    over: Mapping[Severity, int]
    word: Mapping[Severity, int]
    title: int
    note: int
    head: int
    cell: int
    link: int


def _add_looks(parts: dict[str, bytes]) -> _Looks:
    """Add our looks at the end of the workbook's own, whose numbers stay."""
    part = parts["xl/styles.xml"]
    root, edits = parsed(part), Edits(part)

    def room(name: str) -> tuple[Element, int]:
        element = root.first(name)
        if element is None:
            raise UnfitError(f"its styles have no {name}")
        return element, len(element.children)

    fonts, font = room("fonts")
    fills, fill = room("fills")
    borders, border = room("borders")
    formats, xf = room("cellXfs")
    face = '<name val="Arial"/><family val="2"/>'
    letters = [
        f'<font><sz val="10"/><color rgb="FF1B2A41"/>{face}</font>',
        f'<font><b/><sz val="14"/><color rgb="FF1B2A41"/>{face}</font>',
        f'<font><b/><sz val="10"/><color rgb="FFFFFFFF"/>{face}</font>',
        f'<font><u/><sz val="10"/><color rgb="FF0B5394"/>{face}</font>',
        *(
            f'<font><b/><sz val="10"/><color rgb="{ink}"/>{face}</font>'
            for _, ink in _COLOURS.values()
        ),
    ]
    paper = [_fill("FF1B2A41"), *(_fill(colour) for colour, _ in _COLOURS.values())]
    edits.append(fonts, _own("".join(letters), "font"), count=len(letters))
    edits.append(fills, _own("".join(paper), "fill"), count=len(paper))
    line = '<{0} style="thin"><color rgb="FFC3CAD5"/></{0}>'
    sides = "".join(line.format(side) for side in ("left", "right", "top", "bottom"))
    edits.append(borders, f'<border xmlns="{MAIN}">{sides}<diagonal/></border>', count=1)
    looks = [
        _xf(font + 1, 0, 0, wrap=False),
        _xf(font, 0, 0),
        _xf(font + 2, fill, border),
        _xf(font, 0, border),
        _xf(font + 3, 0, border),
        *(_xf(font + 4 + k, fill + 1 + k, border) for k in range(len(_COLOURS))),
    ]
    edits.append(formats, "".join(looks), count=len(looks))
    over = "".join(
        f'<dxf xmlns="{MAIN}"><font><b/><color rgb="{ink}"/></font><fill><patternFill '
        f'patternType="solid"><fgColor rgb="{colour}"/><bgColor rgb="{colour}"/></patternFill>'
        "</fill></dxf>"
        for colour, ink in _COLOURS.values()
    )
    dxfs = root.first("dxfs")
    first = len(dxfs.children) if dxfs else 0
    if dxfs:
        edits.append(dxfs, over, count=len(_COLOURS))
    else:
        before = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles")
        edits.put(
            _after(root, before), f'<dxfs xmlns="{MAIN}" count="{len(_COLOURS)}">{over}</dxfs>'
        )
    parts["xl/styles.xml"] = edits.done()
    return _Looks(
        over={severity: first + k for k, severity in enumerate(_COLOURS)},
        word={severity: xf + 5 + k for k, severity in enumerate(_COLOURS)},
        title=xf, note=xf + 1, head=xf + 2, cell=xf + 3, link=xf + 4,
    )  # fmt: skip


def _own(xml: str, name: str) -> str:
    """Elements that say themselves which language they are in, whatever prefix stands around."""
    return xml.replace(f"<{name}>", f'<{name} xmlns="{MAIN}">')


def _fill(colour: str) -> str:
    return f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>'


def _xf(font: int, fill: int, border: int, *, wrap: bool = True) -> str:
    return (
        f'<xf xmlns="{MAIN}" numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" '
        'xfId="0" quotePrefix="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
        f'<alignment vertical="top"{" wrapText=" + chr(34) + "1" + chr(34) if wrap else ""}/></xf>'
    )


# ------------------------------------------------------------------ the list of findings ------


def _write_summary(
    parts: dict[str, bytes],
    sheets: Mapping[str, str],
    findings: Sequence[Finding],
    lang: Language,
    about: str,
    look: _Looks,
) -> None:
    """The last sheet; that of an earlier check is replaced."""
    old = next((part for title, part in sheets.items() if title in SUMMARY.values()), None)
    xml = _summary(findings, lang, about, look).encode()
    if old is not None:
        parts[old] = xml
        return
    name = new_name(parts, "xl/worksheets/sheet", ".xml")
    parts[name] = xml
    declare(parts, name, _SHEET_TYPE)
    key = relate(parts, BOOK, "worksheet", name)
    root, edits = parsed(parts[BOOK]), Edits(parts[BOOK])
    listed = root.first("sheets")
    if listed is None:
        raise UnfitError("its workbook lists no sheets")
    numbers = [int(n) for s in listed.children if (n := s.attributes.get("sheetId", "")).isdigit()]
    edits.append(
        listed,
        f'<sheet xmlns="{MAIN}" xmlns:r="{RELATED}" name="{text(SUMMARY[lang])}" '
        f'sheetId="{max([0, *numbers]) + 1}" r:id="{key}"/>',
    )
    parts[BOOK] = edits.done()


def _summary(findings: Sequence[Finding], lang: Language, about: str, look: _Looks) -> str:
    findings = [f for f in findings if f.rule in AWAITED or f.rule not in NOT_THEIRS]
    words, last = _WORDS[lang], _letters(len(_WIDTHS) - 1)
    told = [f.severity for f in findings if f.rule not in NOT_THEIRS]
    tally = [told.count(severity) for severity in Severity]
    counts = words["counts"].format(errors=tally[0], warnings=tally[1], notes=tally[2])
    top = [(words["title"], look.title, 22.0), (quoted(about), look.note, 16.0)]
    top += [
        (counts if findings else words["clean"], look.note, 16.0),
        (words["how"], look.note, 46.0),
    ]
    rows = [_row(n, [(said, xf)], high) for n, (said, xf, high) in enumerate(top, 1)]
    head = len(top) + 2
    rows.append(_row(head, [(word, look.head) for word in _HEADS[lang]], 18))
    links = []
    number = head
    for number, (cells, severity, place) in enumerate(_listed(findings, lang), head + 1):
        looks = [look.cell, look.word[severity], look.link if place else look.cell]
        looks += [look.cell] * (len(cells) - 3)
        rows.append(_row(number, list(zip(cells, looks, strict=True)), _height(cells)))
        if place:
            links.append(
                f'<hyperlink ref="C{number}" location={_quoted(place)} display="{text(cells[2])}"/>'
            )
    columns = "".join(
        f'<col min="{k}" max="{k}" width="{width}" customWidth="1"/>'
        for k, width in enumerate(_WIDTHS, 1)
    )
    merged = "".join(f'<mergeCell ref="A{n}:{last}{n}"/>' for n in range(1, len(top) + 1))
    return (
        f'{_XML}<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FFB5121B"/><pageSetUpPr '
        f'fitToPage="1"/></sheetPr><dimension ref="A1:{last}{number}"/><sheetViews><sheetView '
        f'showGridLines="0" workbookViewId="0"><pane ySplit="{head}" topLeftCell="A{head + 1}" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>"
        f'<mergeCells count="{len(top)}">{merged}</mergeCells>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _listed(
    findings: Sequence[Finding], lang: Language
) -> Iterator[tuple[list[str], Severity, str]]:
    """Rows of the list, errors first; what nobody at the province can do in one row at the end."""
    order = tuple(Severity)
    own = [f for f in findings if f.rule not in NOT_THEIRS]
    number = 0
    for number, finding in enumerate(sorted(own, key=lambda f: order.index(f.severity)), 1):
        place = finding.place
        cell = "!".join(filter(None, (place.sheet, place.cell)))
        title = place.sheet.replace("'", "''")
        link = f"'{title}'!{place.cell}" if _CELL.fullmatch(place.cell) and place.sheet else ""
        row = [str(number), finding.severity_word(lang), plain(cell), finding.indicator]
        yield [*row, *finding.parts(lang), finding.rule], finding.severity, link
    awaited = [f for f in findings if f.rule in AWAITED]
    if awaited:
        codes = ", ".join(f.indicator for f in awaited)
        row = [str(number + 1), "–", "", "", f"{len(awaited)}: {codes}"]
        yield [*row, "", _WORDS[lang]["awaited"], awaited[0].rule], Severity.NOTE, ""


def _row(number: int, cells: Sequence[tuple[str, int]], height: float) -> str:
    inside = "".join(
        f'<c r="{_letters(k)}{number}" s="{look}" t="inlineStr"><is><t xml:space="preserve">'
        f"{text(said)}</t></is></c>"
        for k, (said, look) in enumerate(cells)
    )
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{inside}</row>'


def _height(cells: Sequence[str]) -> float:
    lines = max(ceil(len(said) * 1.15 / width) for said, width in zip(cells, _WIDTHS, strict=True))
    return min(400.0, 13.0 * max(1, lines) + 4)


def _quoted(place: str) -> str:
    return '"' + text(place).replace('"', "&quot;") + '"'


def about_line(framework: Framework, province: str, lang: Language) -> str:
    """What the list says it is about: the province and the edition."""
    label = framework.label(lang)
    return " · ".join(filter(None, (province, framework.title(lang), label)))

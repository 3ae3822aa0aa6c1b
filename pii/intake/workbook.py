"""A filled template, read twice: what its cells hold, and the formulas behind them.

Rows are found by code and columns by header, wherever they stand; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from math import isclose

from pii.checks.codes import code_meant, unlike
from pii.decimals import in_words, read_decimal
from pii.findings import Finding
from pii.framework import Framework, Indicator
from pii.intake import layout
from pii.intake.book import Book, Cell, Sheet, doubts, opened
from pii.intake.markup import letters_of, ref_of
from pii.provinces import folded
from pii.submission import Kind, Observation, Part, Place, Submission

_YEAR = re.compile(r"[12]\d{3}", re.ASCII)


def read_workbook(
    data: bytes,
    name: str,
    framework: Framework,
    *,
    accept: tuple[str, ...] = (),
    second: bool = False,
) -> tuple[Submission | None, tuple[Finding, ...]]:
    """What a filled template says, raw, and what is wrong with the template itself.

    name : how findings call the file.
    accept : ids of other editions whose templates are read too.
    second : whether a second reader must agree on every cell (`book.opened`).

    No submission (None) where the cells cannot be found; the findings then say why. Unknown and
    repeated codes stay among the observations, for the checks to judge. A file that cannot be
    opened is a finding, never an exception.
    """
    book = opened(data, name, second=second)
    if isinstance(book, Finding):
        return None, (book,)
    return read_book(book, framework, accept)


def read_book(
    book: Book, framework: Framework, accept: tuple[str, ...]
) -> tuple[Submission | None, tuple[Finding, ...]]:
    """The same, of a workbook that is open."""
    name = book.file
    hidden = book.sheet(layout.HIDDEN)
    facts = _stated(hidden) if hidden else {}
    if layout.MADE_BY not in facts or layout.EDITION not in facts:
        return None, (Finding("T102", Place(name), facts={"sheet": layout.HIDDEN}),)
    edition, province = facts[layout.EDITION].said, _fact(facts, layout.PROVINCE_CODE)
    if edition not in (framework.id, *accept):
        foreign = {"found": edition, "expected": framework.id}
        return None, (Finding("T103", facts[layout.EDITION].place, province, facts=foreign),)
    own = edition == framework.id
    findings = [*book.notes]
    if own:
        findings += _version(facts, framework, province)
    if not province:
        findings.append(Finding("P102", Place(name, layout.HIDDEN)))
    sheet = book.sheet(layout.VALUES)
    if sheet is None:
        alike = [t for t in book.visible if _has_table(book.exactly(t))]
        missing = {
            "missing_vi": f"trang tính “{layout.VALUES}”"
            + (f" (đã đổi tên thành “{alike[0]}”?)" if alike else ""),
            "missing_en": f"the sheet “{layout.VALUES}”"
            + (f" (renamed to “{alike[0]}”?)" if alike else ""),
        }
        return None, (*findings, Finding("T105", Place(name), province, facts=missing))
    head, columns, faults = _columns(sheet, province)
    findings += faults
    findings += _province_lines(book, sheet, head, facts)
    findings += _live_altered(book, facts, province)
    findings += _rivals(book, sheet, province)
    if any(key not in columns for key in layout.NEEDED):
        return None, tuple(findings)
    observations, faults = _observations(sheet, head, columns, framework, province)
    findings += faults
    findings += _not_as_issued(facts, observations, framework)
    findings += _concealed(sheet, head, columns, observations, province)
    findings += doubts(
        [cell for cell in observations if cell.indicator in framework.codes],
        [row.values() for row in sheet.rows.values()],
    )
    if own:
        findings += _absent(sheet, observations, framework, province)
    submission = Submission(
        province,
        Place(name),
        observations,
        edition,
        _fact(facts, layout.VERSION),
        name=_fact(facts, layout.PROVINCE_NAME),
    )
    return submission, tuple(findings)


# ---------------------------------------------------------------------- the hidden sheet ------


def _stated(hidden: Sheet) -> Mapping[str, Cell]:
    """The facts of the hidden sheet: the first column names them, the second holds them."""
    return {
        layout.plain(row[1].text): row[2] for row in hidden.rows.values() if 1 in row and 2 in row
    }


def _fact(facts: Mapping[str, Cell], key: str) -> str:
    return facts[key].said if key in facts else ""


def _version(facts: Mapping[str, Cell], framework: Framework, province: str) -> Iterator[Finding]:
    """Another version; or the same number over texts that were changed after it was issued."""
    found, expected = _fact(facts, layout.VERSION), framework.template_version
    issued, now = _fact(facts, layout.FINGERPRINT), layout.fingerprint(framework)
    if found == expected and issued != now:
        found, expected = f"{found} (SHA-256 {issued[:8]}…)", f"{expected} (SHA-256 {now[:8]}…)"
    if found != expected:
        place = facts.get(layout.VERSION, facts[layout.EDITION]).place
        yield Finding("T104", place, province, facts={"found": found, "expected": expected})


def _province_lines(
    book: Book, values: Sheet, head: int, facts: Mapping[str, Cell]
) -> Iterator[Finding]:
    """Whether the visible sheets state the province that the hidden one does."""
    province = _fact(facts, layout.PROVINCE_CODE)
    if not province:
        return
    expected = layout.province_text(province, _fact(facts, layout.PROVINCE_NAME))
    for sheet in (values, book.sheet(layout.GUIDE)):
        if sheet is None:  # a guide that was thrown away does no harm
            continue
        stated = _province_line(sheet, head if sheet is values and head else None)
        if stated is None and sheet is values:
            missing = {
                "missing_vi": f"dòng “{layout.PROVINCE}”",
                "missing_en": f"the line “{layout.PROVINCE}”",
            }
            yield Finding("T105", sheet.place, province, facts=missing)
        if stated is not None and folded(stated.said) != folded(expected):
            told = {"sheet": sheet.place.sheet, "found": stated.said, "expected": expected}
            yield Finding("P105", stated.place, province, facts=told)


def _province_line(sheet: Sheet, before: int | None) -> Cell | None:
    """The cell right of the words that announce the province; None where they are not there."""
    for number, row in sheet.rows.items():
        if before is not None and number >= before:
            break
        for column, cell in row.items():
            if layout.plain(cell.text) == layout.PROVINCE:
                beside = [other for at, other in row.items() if at > column]
                return beside[0] if beside else sheet.at(number, column + 1)
    return None


def _live_altered(book: Book, facts: Mapping[str, Cell], province: str) -> Iterator[Finding]:
    """Whether the live preview, where the template was issued with one, still shows true scores."""
    if layout.LIVE_FIGURES not in facts:
        return
    live, frozen = book.titles_like(layout.LIVE), book.sheet(layout.FROZEN)
    formulas = len(book.formulas(live[0])) if live else 0
    if (
        frozen
        and layout.is_fingerprint(_fact(facts, layout.LIVE_FIGURES), _figures(frozen))
        and _fact(facts, layout.LIVE_FORMULAS) == str(formulas)
    ):
        return
    lost = layout.FROZEN if frozen is None else layout.LIVE
    gone = frozen is None or not live
    told = {
        "sheet": lost if gone else layout.LIVE,
        "what_vi": "đã bị xoá" if gone else "không còn như khi phát hành",
        "what_en": "was deleted" if gone else "is no longer as it was issued",
    }
    yield Finding("T206", Place(book.file, layout.LIVE), province, facts=told)


def _figures(sheet: Sheet) -> str:
    return layout.figures_fingerprint(
        (row, column, cell.text)
        for row, cells in sheet.rows.items()
        for column, cell in cells.items()
    )


def _rivals(book: Book, values: Sheet, province: str) -> Iterator[Finding]:
    """Other sheets that look like the sheet of values: which of the two counts, nobody says."""
    twins = {title for known in (layout.VALUES, layout.HIDDEN) for title in book.titles_like(known)}
    for title in dict.fromkeys((*book.visible, *sorted(twins))):
        if title in (values.place.sheet, *book.titles_like(layout.HIDDEN)[:1]):
            continue
        other = book.exactly(title)
        if title in twins or _has_table(other):
            facts = {"sheet": title, "values": values.place.sheet}
            yield Finding("T205", other.place, province, facts=facts)


def _has_table(sheet: Sheet) -> bool:
    """Whether a row of the sheet reads like the header of the table of indicators."""
    return any(len(_headers(row)) >= 5 for row in sheet.rows.values())


def _concealed(
    sheet: Sheet,
    head: int,
    columns: Mapping[str, int],
    observations: Sequence[Observation],
    province: str,
) -> Iterator[Finding]:
    """Hidden rows, columns and sheet, whose cells are read all the same; cells that were merged."""
    if sheet.state != "visible":
        yield Finding("T204", sheet.place, province, facts={"sheet": sheet.place.sheet})
    own = {ref_of(cell.place.cell)[0]: cell for cell in observations}
    for row, cell in own.items():
        if row in sheet.marks.hidden_rows:
            facts = {"code": cell.indicator, "row": str(row)}
            yield Finding("T201", cell.place, province, cell.indicator, facts)
    for key, column in columns.items():
        if any(low <= column <= high for low, high in sheet.marks.hidden_columns):
            facts = {"header": layout.HEADERS[key][0]}
            yield Finding("T202", sheet.at(head, column).place, province, facts=facts)
    needed = {columns[key] for key in layout.NEEDED}
    for top, left, low, right in sheet.marks.merges:
        if (top, left) == (low, right) or not any(left <= at <= right for at in needed):
            continue
        for row in sorted(row for row in own if top <= row <= low):
            area = f"{letters_of(left)}{top}:{letters_of(right)}{low}"
            facts = {"code": own[row].indicator, "found": area}
            yield Finding("T203", own[row].place, province, own[row].indicator, facts)


# --------------------------------------------------------------------- the visible sheet ------


def _columns(sheet: Sheet, province: str) -> tuple[int, Mapping[str, int], list[Finding]]:
    """Row of the header, column of each header, and a finding for each that is lost or doubled."""
    found = {row: _headers(cells) for row, cells in sheet.rows.items()}
    head = max(found, key=lambda row: len(found[row]), default=0)
    if len(found.get(head, ())) < 2:
        missing = {"missing_vi": "hàng tiêu đề", "missing_en": "the header row"}
        return 0, {}, [Finding("T105", sheet.place, province, facts=missing)]
    columns: dict[str, int] = {}
    findings = []
    for key, (vi, en) in (layout.HEADERS | layout.RELATED).items():
        at = found[head].get(key, [])
        if len(at) == 1:
            columns[key] = at[0]
            continue
        if not at and key in layout.RELATED:
            continue
        cells = ", ".join(sheet.at(head, column).place.cell for column in at)
        missing = {
            "missing_vi": f"cột “{vi}”" if not at else f"một cột “{vi}” duy nhất (thấy: {cells})",
            "missing_en": f"the column “{vi}” ({en})"
            if not at
            else f"one single column “{vi}” ({en}; found: {cells})",
        }
        findings.append(Finding("T105", sheet.place, province, facts=missing))
    return head, columns, findings


def _headers(cells: Mapping[int, Cell]) -> Mapping[str, list[int]]:
    """Which columns of a row carry which header; the Vietnamese line alone will do."""
    found: dict[str, list[int]] = {}
    for column, cell in cells.items():
        if key := _HEADER_KEYS.get(layout.plain(cell.text).casefold()):
            found.setdefault(key, []).append(column)
    return found


_HEADER_KEYS = {
    layout.plain(text).casefold(): key
    for key, (vi, en) in (layout.HEADERS | layout.RELATED).items()
    for text in (vi, layout.stacked(vi, en))
}


def _observations(
    sheet: Sheet, head: int, columns: Mapping[str, int], framework: Framework, province: str
) -> tuple[tuple[Observation, ...], list[Finding]]:
    indicators = {indicator.code: indicator for indicator in framework.indicators}
    observations, findings = [], []
    for number in sheet.rows:
        if number <= head:
            continue
        cells = {key: sheet.at(number, column) for key, column in columns.items()}
        typed = unicodedata.normalize("NFC", cells["code"].text or cells["code"].said)
        code = code_meant(typed, framework) or typed.strip()
        if not _is_row(cells, code in indicators):
            continue
        if cells["code"].kind is not Kind.TEXT and code in indicators:
            findings.append(_no_text(cells["code"], number, province))
            continue
        if code in indicators:
            if code != typed:
                findings.append(unlike(typed, code, cells["code"].place, province))
            findings += _altered(cells, indicators[code], province)
        observation = _observation(cells, code, province)
        observations.append(observation)
        if observation.data_year is None and code in indicators:
            findings += _unknown_year(cells, observation, indicators[code])
    return tuple(observations), findings


def _is_row(cells: Mapping[str, Cell], known: bool) -> bool:
    """Whether a row says anything of an indicator.

    A heading has words in its first cell only; under the table may stand who signs it. A code that
    was deleted is missed as such, whatever its row says.
    """
    code, value = cells["code"], cells["value"]
    rest = any(cell.said for key, cell in cells.items() if key != "code")
    if not code.said and value.kind is Kind.TEXT:
        return known or read_decimal(value.text) is not None
    return known or bool(value.said) or bool(code.said and rest)


def _no_text(cell: Cell, row: int, province: str) -> Finding:
    """A code that became a number or date: 1.1 may have been 1.10, so it is not taken for 1.1."""
    facts = {
        "what_vi": "mã",
        "what_en": "the code",
        "code_vi": f"dòng {row}",
        "code_en": f"row {row}",
        "found_vi": f"{cell.text} (ô kiểu số hoặc ngày)",
        "found_en": f"{cell.text} (a number or date)",
        "expected_vi": "mã kiểu chữ, như trong biểu mẫu",
        "expected_en": "the code as text, as in the template",
    }
    return Finding("T106", cell.place, province, facts=facts)


def _altered(cells: Mapping[str, Cell], indicator: Indicator, province: str) -> Iterator[Finding]:
    """A name or unit that no longer reads as in the template."""
    texts = {
        "name": ("tên", "the name", layout.name_text(indicator)),
        "unit": ("đơn vị tính", "the unit", layout.unit_text(indicator)),
    }
    for key, (vi, en, expected) in texts.items():
        if key in cells and layout.plain(cells[key].said) != layout.plain(expected):
            facts = {
                "what_vi": vi,
                "what_en": en,
                "code": indicator.code,
                "found": _in_one_line(cells[key].said),
                "expected": _in_one_line(expected),
            }
            yield Finding("T106", cells[key].place, province, indicator.code, facts)


def _in_one_line(text: str) -> str:
    return " / ".join(layout.plain(line) for line in text.splitlines())


def _observation(cells: Mapping[str, Cell], code: str, province: str) -> Observation:
    value = cells["value"]
    year, evidence, note = (
        cells[key].said if key in cells else "" for key in ("data_year", "evidence", "note")
    )
    return Observation(
        province,
        code,
        value.place,
        value.kind,
        value.text,
        data_year=int(year) if _YEAR.fullmatch(year) else None,
        evidence=evidence,
        note=note,
        formula=value.formula,
        numerator=_part(cells.get("numerator")),
        denominator=_part(cells.get("denominator")),
    )


def _part(cell: Cell | None) -> Part | None:
    return Part(cell.place, cell.kind, cell.text) if cell else None


def _unknown_year(
    cells: Mapping[str, Cell], observation: Observation, indicator: Indicator
) -> Iterator[Finding]:
    """A data year that is no year, beside a figure: said here, or it would be lost."""
    if "data_year" in cells and cells["data_year"].said and observation.kind is not Kind.BLANK:
        facts = {
            "code": indicator.code,
            "found": f"“{cells['data_year'].said}”",
            "expected": str(indicator.data_year),
        }
        place = cells["data_year"].place
        yield Finding("Y101", place, observation.province, indicator.code, facts)


def _not_as_issued(
    facts: Mapping[str, Cell], observations: Sequence[Observation], framework: Framework
) -> Iterator[Finding]:
    """Central figures that are no longer what the template was issued with.

    A template of another edition may have asked the province for what is central here: there
    only the figures that it was issued with are compared.
    """
    central = {one.code for one in framework.indicators if one.supplier == "central"}
    own = _fact(facts, layout.EDITION) == framework.id
    for cell in observations:
        key = layout.issued(cell.indicator)
        issued = _fact(facts, key)
        if cell.indicator not in central or not (own or issued) or _is_still(cell, issued):
            continue
        found = cell.text.strip() or cell.formula
        told = {
            "code": cell.indicator,
            "found_vi": found or "(trống)",
            "found_en": found or "(empty)",
            "expected_vi": in_words(float(issued), "vi") if issued else "ô trống",
            "expected_en": in_words(float(issued), "en") if issued else "an empty cell",
        }
        yield Finding("T109", cell.place, cell.province, cell.indicator, told)


def _is_still(cell: Observation, issued: str) -> bool:
    if not issued:
        return cell.kind is Kind.BLANK
    # Some programs keep fifteen digits when they save a workbook.
    return cell.kind is Kind.NUMBER and isclose(float(cell.text), float(issued), rel_tol=1e-14)


def _absent(
    sheet: Sheet, observations: Sequence[Observation], framework: Framework, province: str
) -> Iterator[Finding]:
    there = {observation.indicator for observation in observations}
    for code in framework.codes:
        if code not in there:
            facts = {"code": code, "count": str(len(framework.codes))}
            yield Finding("T107", sheet.place, province, code, facts)

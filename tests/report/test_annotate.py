"""A workbook given back with its findings: nothing else changes, and it can be sent in again."""

import re
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from pii.findings import Finding, Severity
from pii.framework import Framework
from pii.intake import layout
from pii.intake.files import InputFile
from pii.intake.template import template_workbook
from pii.method import Method
from pii.provinces import Province
from pii.report.annotate import AUTHOR, SUMMARY, annotated
from pii.report.ooxml import UnfitError
from pii.scoring import Gathered, Inputs, gather, province_list
from pii.submission import Place
from tests.workbooks import VALUES_XML, address, cell_of, edited, filled, with_entry, with_xml

Edition = tuple[Framework, Method]
NAME = "01-ha-noi.xlsx"


@pytest.fixture(scope="module")
def framework(full_edition: Edition) -> Framework:
    return full_edition[0]


@pytest.fixture(scope="module")
def own(framework: Framework) -> list[str]:
    return [one.code for one in framework.indicators if one.supplier == "province"]


def hanoi(framework: Framework) -> Province:
    provinces = province_list(framework)
    assert provinces is not None
    return provinces.by_code["01"]


@pytest.fixture(scope="module")
def faulty(framework: Framework, own: list[str]) -> bytes:
    """Three faults and a formula-like note; written by XlsxWriter, then by openpyxl."""
    values = dict.fromkeys(own, 12) | {own[1]: "nhiều", own[2]: "1.234"}
    return filled(framework, hanoi(framework), values, notes={own[4]: "'=1+1"})


def read(data: bytes, framework: Framework) -> Gathered:
    provinces = province_list(framework)
    return gather(Inputs((InputFile(NAME, data),)), framework, provinces, whole=False)


def own_findings(gathered: Gathered) -> Sequence[Finding]:
    return [finding for finding in gathered.findings if finding.place.file == NAME]


def parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def comments(data: bytes) -> dict[str, tuple[str, str]]:
    sheet = load_workbook(BytesIO(data))[layout.VALUES]
    return {
        cell.coordinate: (cell.comment.author, cell.comment.text)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def test_the_checks_find_the_same_in_it(faulty: bytes, framework: Framework) -> None:
    before = read(faulty, framework)
    after = read(annotated(faulty, own_findings(before), "vi"), framework)
    assert repr(after) == repr(before)  # a blank holds NaN, which equals nothing
    assert len(before.errors) == 2


def test_every_finding_about_a_cell_is_a_comment_on_it(
    faulty: bytes, framework: Framework, own: list[str]
) -> None:
    found = own_findings(read(faulty, framework))
    told = comments(annotated(faulty, found, "vi"))
    assert {author for author, _ in told.values()} == {AUTHOR}
    for finding in found:
        if not finding.place.cell:
            continue
        if finding.rule == "V108":  # nothing the province could do
            assert finding.place.cell not in told
        else:
            assert finding.rule in told[finding.place.cell][1]
    assert "nhiều" in told[address(faulty, own[1])][1]


def test_a_template_as_it_was_issued_keeps_every_part_but_those_added_to(
    framework: Framework,
) -> None:
    issued = template_workbook(framework, hanoi(framework), {})
    found = own_findings(read(issued, framework))
    before, after = parts(issued), parts(annotated(issued, found, "vi"))
    assert list(after)[: len(before)] == list(before)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        VALUES_XML,
    }  # fmt: skip
    sheet = after[VALUES_XML].decode()
    sheet = re.sub("<conditionalFormatting.*?</conditionalFormatting>", "", sheet)
    assert re.sub("<legacyDrawing [^>]*/>", "", sheet) == before[VALUES_XML].decode()
    styles, old = after["xl/styles.xml"].decode(), before["xl/styles.xml"].decode()
    assert [m[0] for m in re.finditer("<xf .*?(?:/>|</xf>)", old)] == [
        m[0] for m in re.finditer("<xf .*?(?:/>|</xf>)", styles)
    ][: len(re.findall("<xf ", old))] or "cellStyleXfs" in old
    for name in ("fonts", "fills", "borders", "cellXfs", "dxfs"):
        block = re.search(rf'<{name} count="(\d+)"[^>]*>(.*?)</{name}>', styles)
        assert block is not None
        child = {"cellXfs": "xf", "dxfs": "dxf"}.get(name, name[:-1])
        assert int(block[1]) == len(re.findall(rf"<{child}[ >]", block[2])), name


def test_what_the_officer_works_with_is_still_there(faulty: bytes, framework: Framework) -> None:
    out = annotated(faulty, own_findings(read(faulty, framework)), "vi")
    old, new = (load_workbook(BytesIO(data)) for data in (faulty, out))
    assert new.sheetnames == [*old.sheetnames, SUMMARY["vi"]]
    assert new[layout.HIDDEN].sheet_state == "veryHidden"
    assert new.active is not None and new.active.title == old.active.title  # type: ignore[union-attr]
    for title in old.sheetnames:
        one, other = old[title], new[title]
        assert other.protection.sheet == one.protection.sheet
        assert other.freeze_panes == one.freeze_panes
        assert other.print_area == one.print_area and other.print_title_rows == one.print_title_rows
        rules = [{str(v.sqref) for v in s.data_validations.dataValidation} for s in (one, other)]
        assert rules[0] == rules[1]
        assert {k: d.width for k, d in one.column_dimensions.items()} == {
            k: d.width for k, d in other.column_dimensions.items()
        }
        for row in one.iter_rows():
            for cell in row:
                twin = other[cell.coordinate]
                assert twin.value == cell.value and twin.number_format == cell.number_format
                assert twin.fill.fgColor.rgb == cell.fill.fgColor.rgb and twin.font.b == cell.font.b
                assert twin.protection.locked == cell.protection.locked


def test_a_second_check_replaces_what_the_first_left(
    faulty: bytes, framework: Framework, own: list[str]
) -> None:
    first = annotated(faulty, own_findings(read(faulty, framework)), "vi")
    corrected = with_entry(first, own[1], "value", 15)  # saved by another program on the way
    again = read(corrected, framework)
    second = annotated(corrected, own_findings(again), "en")
    assert len(again.errors) == 1
    assert repr(read(second, framework).submissions) == repr(again.submissions)
    told = comments(second)
    assert "nhiều" not in "".join(text for _, text in told.values())
    assert "ERROR V103" in told[address(faulty, own[2])][1]
    book = load_workbook(BytesIO(second))
    assert sum(title in SUMMARY.values() for title in book.sheetnames) == 1
    formats = book[layout.VALUES].conditional_formatting
    cells = [str(one.sqref) for one in formats]
    assert len(cells) == len(set(cells)) <= len(Severity)


def test_comments_of_people_stay_and_ours_are_added_below(
    faulty: bytes, framework: Framework, own: list[str]
) -> None:
    def comment(book: object) -> None:
        cell_of(book, own[1], "value").comment = Comment("Đã hỏi Sở", "Lan")  # type: ignore[arg-type]
        cell_of(book, own[5], "value").comment = Comment("số sơ bộ", "Lan")  # type: ignore[arg-type]

    data = edited(faulty, comment)
    found = own_findings(read(data, framework))
    out = annotated(annotated(data, found, "vi"), found, "vi")
    told = comments(out)
    author, text = told[address(data, own[1])]
    assert author == "Lan" and text.startswith("Đã hỏi Sở") and text.count("V102") == 1
    assert told[address(data, own[5])][0] == "Lan"
    assert "số sơ bộ" in told[address(data, own[5])][1]
    gone = comments(annotated(out, [], "vi"))
    assert gone[address(data, own[1])][1].strip() == "Đã hỏi Sở"
    assert set(gone) == {address(data, own[1]), address(data, own[5])}
    shapes = [part for name, part in parts(out).items() if name.endswith(".vml")]
    rows = re.findall(
        rb"<\w+:Row>(\d+)</\w+:Row>\s*<\w+:Column>(\d+)</\w+:Column>", b"".join(shapes)
    )
    assert len(rows) == len(set(rows)) == len(told)


def test_our_comments_are_known_where_their_author_is_lost(
    faulty: bytes, framework: Framework
) -> None:
    found = own_findings(read(faulty, framework))
    out = annotated(faulty, found, "vi")
    name = next(name for name in parts(out) if name.startswith("xl/comments"))
    nameless = with_xml(out, name, f"<author[^>]*>{AUTHOR}<", "<author> <")
    assert {author for author, _ in comments(nameless).values()} == {" "}
    assert comments(annotated(nameless, found, "vi")) == comments(out)


def test_hostile_words_stay_words(framework: Framework, faulty: bytes, own: list[str]) -> None:
    words = '=HYPERLINK("http://x") <b>&amp; _x0041_ \x1b[31m \u202e ]]> ' + "a" * 200_000
    cell = address(faulty, own[1])
    facts = {"code": own[1], "found": words, "unit_vi": "%", "unit_en": "%"}
    found = [Finding("V102", Place(NAME, layout.VALUES, cell), "01", own[1], facts)]
    data = annotated(faulty, found, "vi", about="=1+1")
    assert len(data) < len(faulty) + 10_000
    text = comments(data)[cell][1]
    # Spreadsheets read _x005F_ as an underscore; openpyxl leaves it as it is in comments.
    assert '=HYPERLINK("http://x") <b>&amp; _x005F_x0041_  [31m   ]]>' in text
    assert len(text) < 1000
    sheet = load_workbook(BytesIO(data))[SUMMARY["vi"]]
    kinds = {one.data_type for row in sheet.iter_rows() for one in row if one.value is not None}
    assert kinds <= {"s", "inlineStr"}
    assert sheet["A2"].value == "=1+1"
    assert all(not one.target for one in sheet._hyperlinks)


def test_equal_inputs_give_equal_bytes(faulty: bytes, framework: Framework) -> None:
    found = own_findings(read(faulty, framework))
    assert annotated(faulty, found, "vi") == annotated(faulty, found, "vi")


def test_a_workbook_without_findings_says_so(faulty: bytes) -> None:
    sheet = load_workbook(BytesIO(annotated(faulty, [], "vi")))[SUMMARY["vi"]]
    assert sheet["A3"].value == "Không có phát hiện nào."


def test_a_province_is_told_no_other_provinces_figures(faulty: bytes) -> None:
    facts = {f"{k}_{lang}": "Huế (46)" for k in ("province", "other") for lang in ("vi", "en")}
    secret = Finding("B110", Place(NAME), "01", facts={**facts, "count": "40", "of": "52"})
    assert b"Hu\xe1\xba\xbf" not in b"".join(parts(annotated(faulty, [secret], "vi")).values())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: b"PK\x03\x04", "no whole .xlsx file"),
        (lambda data: data[:-40], "no whole .xlsx file"),
        (lambda data: with_xml(data, "xl/workbook.xml", "spreadsheetml/2006/main", "x"), "strict"),
        (
            lambda data: with_xml(data, VALUES_XML, "<worksheet", "<!DOCTYPE a []><worksheet"),
            "declares a document type",
        ),
        (lambda data: with_xml(data, "xl/styles.xml", "<fills.*</fills>", ""), "have no fills"),
    ],
)
def test_what_cannot_be_added_to_is_refused(faulty: bytes, damage: object, said: str) -> None:
    with pytest.raises(UnfitError, match=said):
        annotated(damage(faulty), [], "vi")  # type: ignore[operator]

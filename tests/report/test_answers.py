"""Letters, the dashboard, JSON for machines, and the states they tell."""

import json
import re
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document

from pii.census import Census, census
from pii.census import cell_states as counted_states
from pii.findings import Finding
from pii.framework import Framework, Language
from pii.intake.files import InputFile
from pii.matrix import matrix_of
from pii.provinces import Province, ProvinceList
from pii.report.dashboard import dashboard_page
from pii.report.letter import concerned, correction_letter
from pii.report.machine import MARK, check_json
from pii.report.states import State, States, cell_states
from pii.scoring import Inputs, gather
from pii.submission import Observation, Place, Status, Submission
from tests.small import PROVINCES, small_framework, small_indicator, small_list, small_values

FRAMEWORK = small_framework()


def submissions() -> list[Submission]:
    """92 did not submit; 31 lacks 1.2.1."""
    rows = matrix_of(small_values(), PROVINCES, FRAMEWORK).observations
    return [
        Submission(code, Place(f"{code}.xlsx"), row)
        for code, row in zip(PROVINCES, rows, strict=True)
        if code != "92"
    ]


def warned(province: str, code: str) -> Finding:
    return Finding(
        "E101", Place(f"{province}.xlsx", "Chỉ số", "H9"), province, code, {"code": code}
    )


def wrong(province: str, code: str, found: str = "n/a") -> Finding:
    facts = {"code": code, "found": found, "unit_vi": "%", "unit_en": "%"}
    return Finding("V102", Place(f"{province}.xlsx", "Chỉ số", "G9"), province, code, facts)


def version(province: str) -> Finding:
    return Finding(
        "T104", Place(f"{province}.xlsx"), province, facts={"found": "1", "expected": "2"}
    )


def absent(province: str) -> Finding:
    facts = {"province": "Cần Thơ", "count": "6"}
    return Finding("P104", Place(""), province, facts=facts)


FINDINGS = (warned("01", "1.1.1"), wrong("04", "2.1.1"), version("48"), absent("92"))


def states(*findings: Finding, framework: Framework = FRAMEWORK) -> States:
    return states_of(submissions(), findings or FINDINGS, framework, PROVINCES)


def states_of(
    came: Sequence[Submission],
    findings: Sequence[Finding],
    framework: Framework,
    provinces: tuple[str, ...],
) -> States:
    """As the command check comes to them; every province with a file's finding was heard of."""
    heard = {one.province for one in findings if one.place.file}
    counted = counted_states(came, findings, framework, small_list(provinces), heard)
    return cell_states(counted, came, findings, framework, provinces)


def letter_text(data: bytes) -> str:
    book = Document(BytesIO(data))
    cells = [c.text for t in book.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in book.paragraphs), *cells])


# --------------------------------------------------------------------------------- states ------


def test_every_cell_is_one_of_value_hole_and_error() -> None:
    found = states()
    assert found.of["01", "1.1.1"] is State.WARNED
    assert found.of["01", "1.1.2"] is State.VALUE
    assert found.of["04", "2.1.1"] is State.ERROR
    assert found.of["31", "1.2.1"] is State.AWAITED  # all of the small edition is central
    assert {found.of["92", code] for code in FRAMEWORK.codes} == {State.ABSENT}
    assert found.whole == {"48": 1}
    assert found.total() == {"value": 23, "hole": 6, "error": 1}
    assert sum(found.total().values()) == len(PROVINCES) * len(FRAMEWORK.codes)
    for kind in ("value", "hole", "error"):
        rows = sum(found.row(code)[kind] for code in PROVINCES)
        columns = sum(found.column(code)[kind] for code in FRAMEWORK.codes)
        assert rows == columns == found.total()[kind]


def test_the_provinces_own_blank_is_no_awaited_one_and_a_stated_hole_is_neither() -> None:
    own = small_framework(
        indicators=(
            *FRAMEWORK.indicators[:2],
            small_indicator("1.2.1", "1.2", supplier="province"),
            *FRAMEWORK.indicators[3:],
        )
    )
    assert states(framework=own).of["31", "1.2.1"] is State.HOLE
    cells = [Observation("01", code, Place(""), status=Status.NOT_APPLICABLE) for code in own.codes]
    one = states_of([Submission("01", Place("a"), tuple(cells))], (), own, ("01",))
    assert one.of["01", "1.1.1"] is State.STATED


def test_a_file_that_could_not_be_read_is_an_error_in_every_cell() -> None:
    found = states_of([], [version("48")], FRAMEWORK, ("48",))
    assert found.total() == {"value": 0, "hole": 0, "error": 5}


def test_two_submissions_of_one_province_are_an_error_in_every_cell() -> None:
    twice = states_of([submissions()[0], submissions()[0]], (), FRAMEWORK, ("01",))
    assert twice.total() == {"value": 0, "hole": 0, "error": 5}


def test_the_dashboard_and_the_census_count_alike() -> None:
    """One file of each kind: read, faulty, unreadable, sent twice, stated holes, absent."""
    text = "province,1.1.1,1.1.2,1.2.1,2.1.1,2.1.2\n01,1,2,3,4,5\n04,1,,n/a,x,5\n48,1,2,3,4,5\n"
    files = (
        InputFile("a.csv", text.encode()),
        InputFile("b.csv", text.splitlines()[0].encode() + b"\n48,1,2,3,4,5\n"),
        InputFile("c.xlsx", b""),
    )
    gathered = gather(Inputs(files), FRAMEWORK, small_list())
    found = cell_states(
        gathered.states, gathered.submissions, gathered.findings, FRAMEWORK, PROVINCES
    )
    total = census(gathered.states, FRAMEWORK)
    assert found.total() == {"value": total.values, "hole": total.holes, "error": total.errors}
    assert total == gathered.cells == Census(30, 7, 17, 6)
    page = dashboard_page(
        FRAMEWORK, small_list(), found, gathered.findings, "en", submitted=3
    ).decode()
    assert "30 cells = 7 values + 17 holes + 6 errors" in page


def test_signs_differ_so_that_colour_is_not_needed() -> None:
    assert len({one.sign for one in State}) == len(State)


# ------------------------------------------------------------------------------ dashboard ------


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_dashboard_shows_every_cell_and_its_counts(lang: Language) -> None:
    page = dashboard_page(FRAMEWORK, small_list(), states(), FINDINGS, lang, submitted=5).decode()
    assert (
        page
        == dashboard_page(FRAMEWORK, small_list(), states(), FINDINGS, lang, submitted=5).decode()
    )
    signs = re.findall(r'<td class="b (\w+)[^"]*" title="([^"]*)">(.)</td>', page)
    assert len(signs) == 30
    assert {look for look, _, _ in signs} == {"value", "warned", "error", "awaited", "absent"}
    by_look = {one.name.lower(): one.sign for one in State}
    assert all(by_look[look] == sign for look, _, sign in signs)
    assert any("Cao Bằng 2.1.1" in said and "V102" in said for _, said, _ in signs)
    assert (
        "default-src 'none'" in page
        and "<script" not in page
        and "http" not in page.replace("http-equiv", "")
    )
    assert "SYNTHETIC &amp; small" in page or "GIẢ LẬP &amp; thử" in page


# -------------------------------------------------------------------------------- letters ------


def test_a_letter_goes_to_whoever_can_correct_something() -> None:
    unplaced = Finding("T105", Place("31.xlsx"), facts={"missing_vi": "x", "missing_en": "x"})
    central = Finding("V108", Place("79.xlsx"), "79", "1.1.1",
                      {"code": "1.1.1", "unit_vi": "%", "unit_en": "%"})  # fmt: skip
    asked = concerned((*FINDINGS, unplaced, central), {"31.xlsx": "31"})
    assert list(asked) == ["01", "04", "31", "48", "92"]


def test_the_letter_is_laid_out_as_official_letters_are() -> None:
    data = correction_letter(FRAMEWORK, small_list().by_code["04"], "04", [wrong("04", "2.1.1")])
    text = letter_text(data)
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: ……/[ký hiệu]",
        "[TÊN CƠ QUAN BAN HÀNH]", "Kính gửi: Ủy ban nhân dân Cao Bằng", "Nơi nhận:", "- Như trên;",
        "trước ngày …… tháng …… năm ……", "[QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ]", "[Họ và tên]",
        "2.1.1 ghi “n/a”", "G9", "Chỉ nhập số", "1 lỗi phải sửa", "GIẢ LẬP & thử", "“04.xlsx”",
    ):  # fmt: skip
        assert part in text, part
    section = Document(BytesIO(data)).sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert data == correction_letter(
        FRAMEWORK, small_list().by_code["04"], "04", [wrong("04", "2.1.1")]
    )


@pytest.mark.parametrize(
    ("aliases", "whom"),
    [
        (("Tỉnh Đồng Nai", "Thành phố Đồng Nai"), "Ủy ban nhân dân thành phố Đồng Nai"),
        (("Tỉnh Đồng Nai",), "Ủy ban nhân dân tỉnh Đồng Nai"),
        ((), "Ủy ban nhân dân Đồng Nai"),
    ],
)
def test_the_province_is_addressed_by_its_full_name(aliases: tuple[str, ...], whom: str) -> None:
    place = Province("75", "Đồng Nai", "Dong Nai", "R", "V", "R", aliases=aliases)
    text = letter_text(correction_letter(FRAMEWORK, place, "75", [absent("75")]))
    assert f"Kính gửi: {whom}\n" in text
    assert "chưa nhận được biểu mẫu" in text


# ----------------------------------------------------------------------------------- JSON ------


def told(*findings: Finding) -> bytes:
    return check_json(
        engine="pii-vn test",
        files=[InputFile("a\udc80.xlsx", b"1")],
        submissions=submissions(),
        findings=findings or FINDINGS,
        framework=FRAMEWORK,
        provinces=small_list(),
        states=states(*findings),
    )


def test_json_tells_everything_in_both_languages() -> None:
    data = told()
    assert data.startswith(MARK)
    whole = json.loads(data)
    assert whole["schema"] == "pii-check/1"
    assert whole["counts"] == {"error": 2, "warning": 2, "note": 0}
    one = next(f for f in whole["findings"] if f["rule"] == "V102")
    assert one["facts"]["found"] == "n/a" and one["severity"] == "error"
    assert one["vi"]["remedy"] != one["en"]["remedy"]
    assert (one["file"], one["sheet"], one["cell"]) == ("04.xlsx", "Chỉ số", "G9")
    assert "cost" not in one
    assert len(whole["cells"]) == 30
    assert {"province": "92", "indicator": "1.1.1", "state": "absent", "kind": "hole"} in whole[
        "cells"
    ]
    assert sum(p["values"] + p["holes"] + p["errors"] for p in whole["provinces"]) == 30


def test_hostile_words_stay_words_in_every_answer() -> None:
    words = (
        "</td><script>alert(1)</script> =1+1 \x1b[31m \x00 \u202e ../../x {{7*7}} " + "a" * 200_000
    )
    bad = wrong("04", "2.1.1", words)
    page = dashboard_page(FRAMEWORK, small_list(), states(bad), [bad], "vi", submitted=5).decode()
    assert "<script" not in page and len(page) < 60_000
    text = letter_text(correction_letter(FRAMEWORK, None, "=1" + words, [bad]))
    assert "<script>alert(1)</script> =1+1  [31m" in text and len(text) < 9_000
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    with ZipFile(BytesIO(correction_letter(FRAMEWORK, None, "x", [bad]))) as archive:
        assert all(not n.startswith("/") and ".." not in n for n in archive.namelist())
    data = told(bad)
    assert b"\x1b" not in data and b"\x00" not in data
    assert json.loads(data)["findings"][0]["facts"]["found"] == words
    assert len(json.loads(data)["findings"][0]["vi"]["sentence"]) < 1_000


def test_a_list_of_provinces_with_hostile_names_stays_a_list() -> None:
    name = '<img src=x onerror=alert(1)>"\x1b[2J' + "x" * 9_000
    places = ProvinceList(None, tuple(Province(c, name, name, "R", "V", "R") for c in PROVINCES))
    page = dashboard_page(FRAMEWORK, places, states(), FINDINGS, "vi", submitted=5).decode()
    assert "<img" not in page and "\x1b" not in page

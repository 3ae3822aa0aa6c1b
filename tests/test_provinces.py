"""Codes and names of provinces mean something only on a day."""

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from pii.errors import DefinitionError
from pii.intake.registry import provinces_on, published_ranks
from pii.provinces import Province, ProvinceList, folded

DATA = Path(__file__).resolve().parents[1] / "data"
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def name_of(code: str, day: date) -> str:
    return provinces_on(day).by_code[code].name_vi


def test_a_day_before_the_first_list_is_refused() -> None:
    with pytest.raises(DefinitionError, match="for 2008-07-31; the first begins on 2008-08-01"):
        provinces_on(date(2008, 7, 31))


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2008-08-01", 63),
        ("2022-12-31", 63),
        ("2024-12-31", 63),
        ("2025-01-01", 63),
        ("2025-06-30", 63),
        ("2025-07-01", 34),
        ("2026-04-29", 34),
        ("2026-04-30", 34),
        ("2030-01-01", 34),
    ],
)
def test_how_many_count_on_a_day(day: str, count: int) -> None:
    listed = provinces_on(date.fromisoformat(day))
    assert len(listed) == len(listed.by_code) == count
    codes = [province.code for province in listed]
    assert codes == sorted(codes)
    assert all(len(code) == 2 and code.isdigit() for code in codes)


def test_seven_codes_changed_their_meaning() -> None:
    old, new = provinces_on(BEFORE), provinces_on(AFTER)
    changed = {
        code
        for code in old.by_code.keys() & new.by_code.keys()
        if old.by_code[code].name_vi != new.by_code[code].name_vi
    }
    assert changed == {line["code"] for line in rows("reused_codes.csv")}
    assert changed == {"15", "24", "44", "52", "80", "82", "91"}


@pytest.mark.parametrize("line", rows("reused_codes.csv"), ids=lambda line: line["code"])
def test_a_reused_code_names_another_province(line: dict[str, str]) -> None:
    before = provinces_on(BEFORE).find(line["code"])
    after = provinces_on(AFTER).find(line["code"])
    assert before is not None
    assert after is not None
    assert (before.name_vi, before.name_en) == (line["before_name_vi"], line["before_name_en"])
    assert (after.name_vi, after.name_en) == (line["after_name_vi"], line["after_name_en"])
    assert before.valid_to == BEFORE
    assert after.valid_from == AFTER
    # The name lives on under this code; under which it stood before is recorded.
    moved = provinces_on(BEFORE).find(line["after_name_vi"])
    assert moved is not None
    assert moved.code == line["after_name_had_code"] != line["code"]


@pytest.mark.parametrize("day", [date(2022, 12, 31), BEFORE, AFTER, date(2026, 5, 1)])
def test_every_name_and_alias_finds_its_province_in_any_spelling(day: date) -> None:
    listed = provinces_on(day)
    for province in listed:
        for name in (province.code, province.name_vi, province.name_en, *province.aliases):
            for text in (
                name,
                f"  {name} ",
                name.upper(),
                name.lower(),
                unicodedata.normalize("NFD", name),
                unicodedata.normalize("NFC", name),
                name.replace(" ", "-"),
                name.replace(" ", "\u00a0"),
            ):
                assert listed.find(text) is province, (text, province.code)


@pytest.mark.parametrize("day", [date(2022, 12, 31), BEFORE, AFTER, date(2026, 5, 1)])
def test_no_spelling_means_two_provinces(day: date) -> None:
    owner: dict[str, str] = {}
    for province in provinces_on(day):
        for name in (province.name_vi, province.name_en, *province.aliases):
            assert owner.setdefault(folded(name), province.code) == province.code, name


@pytest.mark.parametrize(
    "name",
    [
        "Hòa Bình",
        "Hoà Bình",
        "HÒA BÌNH",
        "Hoa Binh",
        "hoabinh",
        "Hòa  Bình",
        "Ho\u0300a Bi\u0300nh",
    ],
)
def test_hoa_binh_in_every_spelling(name: str) -> None:
    found = provinces_on(BEFORE).find(name)
    assert found is not None
    assert found.code == "17"


def test_the_letter_d_with_stroke_folds() -> None:
    assert folded("Đắk Lắk") == folded("ĐẮK LẮK") == folded("Dak Lak") == "daklak"


@pytest.mark.parametrize("text", ["", " ", "00", "99", "1", "Hà Nộii", "Sài Thành", "–", "nan"])
def test_what_is_no_province_is_none(text: str) -> None:
    assert provinces_on(AFTER).find(text) is None


def test_a_name_of_a_merged_unit_is_not_guessed() -> None:
    merged = [
        line for line in rows("concordance.csv") if line["old_name_vi"] != line["new_name_vi"]
    ]
    assert len(merged) == 63 - 34
    for line in merged:
        assert provinces_on(BEFORE).find(line["old_name_vi"]) is not None
        assert provinces_on(AFTER).find(line["old_name_vi"]) is None, line["old_name_vi"]


def test_every_old_unit_is_in_one_new_one() -> None:
    lines = rows("concordance.csv")
    assert {x["old_code"] for x in lines} == set(provinces_on(BEFORE).by_code)
    assert {x["new_code"] for x in lines} == set(provinces_on(AFTER).by_code)
    for line in lines:
        assert name_of(line["old_code"], BEFORE) == line["old_name_vi"]
        assert name_of(line["new_code"], AFTER) == line["new_name_vi"]


def test_names_by_language() -> None:
    province = provinces_on(AFTER).by_code["79"]
    assert province.name("vi") != province.name("en")
    assert provinces_on(AFTER).on == AFTER


def test_validity_includes_both_days() -> None:
    one = Province("01", "A", "A", "R", "R", "R", date(2020, 1, 2), date(2020, 1, 4))
    held = [one.holds_on(date(2020, 1, d)) for d in (1, 2, 3, 4, 5)]
    assert held == [False, True, True, True, False]
    assert Province("01", "A", "A", "R", "R", "R").holds_on(date(1, 1, 1))


def test_an_empty_list_finds_nothing() -> None:
    assert ProvinceList(None, ()).find("01") is None


def test_published_ranks_leave_doubtful_rows_out() -> None:
    lines = [x for x in rows("published/results_2023.csv") if x["level"] == "index" and x["rank"]]
    doubtful = {x["province_code"] for x in lines if x["flag"] != "ok"}
    ranks = published_ranks(2023)
    assert ranks["01"] == 1
    assert doubtful
    assert not doubtful & set(ranks)
    assert len(ranks) == len(lines) - len(doubtful)

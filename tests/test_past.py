"""Last year's figures: what is read from a run or a table, and what is found against them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pii.cli import main
from pii.errors import DataError, StoreError
from pii.intake.definition import load_edition
from pii.intake.files import InputFile
from pii.intake.registry import provinces_on, same_places
from pii.scoring import past_table, province_list
from pii.store import read_past
from tests.batches import (
    CODES,
    FRAMEWORK,
    PROVINCES,
    Batch,
    changed,
    earlier,
    findings_of,
    number,
    put,
    sound,
)
from tests.rulebook import scaled, swap_columns

ROOT = Path(__file__).resolve().parents[1]
OPEN = ROOT / "data/open-2022"
EDITION = ["--framework", str(OPEN / "edition.yaml")]


def pii(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "2022"
    result = pii("run", OPEN / "figures.csv", *EDITION, "--charts", "none", "--out", out)
    assert result.exit_code == 0, result.output
    return out


def rules(*given: object, **options: object) -> list[str]:
    return [f.rule for f in findings_of(*given, **options)]  # type: ignore[arg-type]


# ---------------------------------------------------------------- reading


def test_a_run_and_its_table_give_the_same_past(run: Path) -> None:
    framework, _ = load_edition(OPEN / "edition.yaml")
    provinces = province_list(framework)
    from_run = read_past(run, framework, provinces)
    from_table = read_past(OPEN / "figures.csv", framework, provinces)
    assert from_run.values == from_table.values
    assert len(from_run.values) == 869


def test_a_printed_code_may_change_but_not_the_unit(run: Path) -> None:
    framework, _ = load_edition(OPEN / "edition.yaml")
    first, second, *others = framework.indicators
    renamed = replace(
        framework,
        indicators=(replace(first, code="3.1.9"), replace(second, unit_vi="khác"), *others),
    )
    values = read_past(run, renamed, province_list(framework)).values
    assert ("01", "3.1.9") in values
    assert not [key for key in values if key[1] in (first.code, second.code)]


def test_provinces_that_were_merged_are_not_compared(run: Path) -> None:
    framework, _ = load_edition(OPEN / "edition.yaml")
    then, now = provinces_on(date(2024, 12, 31)), provinces_on(date(2025, 7, 1))
    places = same_places(then, now)
    assert len(places) == 11  # of 63 units, 52 were merged into 23 (Resolution 202/2025/QH15)
    assert "02" not in places  # Hà Giang went into Tuyên Quang
    assert places["01"] == "01"
    moved = replace(framework, provinces_on=date(2025, 7, 1))
    assert {province for province, _ in read_past(run, moved, now).values} == set(places.values())


def test_the_same_list_is_compared_as_a_whole() -> None:
    assert len(same_places(PROVINCES, PROVINCES)) == 34


def test_what_cannot_be_read_is_said() -> None:
    with pytest.raises(DataError, match=r"no figure of last year can be read from x\.csv: .*T110"):
        past_table(InputFile("x.csv", b"a,b\n1,2\n"), FRAMEWORK, PROVINCES)


def test_a_folder_that_is_no_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no run folder"):
        read_past(tmp_path, FRAMEWORK, PROVINCES)


def test_a_run_with_nothing_in_common_is_said(run: Path) -> None:
    with pytest.raises(StoreError, match="no figure to compare with"):
        read_past(run, FRAMEWORK, PROVINCES)


def test_check_tells_a_copy_of_last_year_s_table(run: Path) -> None:
    result = pii("check", OPEN / "figures.csv", *EDITION, "--last-year", run, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert result.output.count("Y109") == 14  # every indicator, and no province on top of that
    assert "Y104" not in result.output


# ---------------------------------------------------------------- what is found


def test_an_ordinary_year_has_no_findings() -> None:
    assert rules(sound(), past=[earlier(sound())]) == []
    assert rules(sound(), past=[earlier(sound(), 1.2)]) == []  # all grow by a fifth


@pytest.mark.parametrize(
    ("factor", "rule"),
    [(10, "Y107"), (0.1, "Y107"), (1000, "Y107"), (1e-6, "Y107"), (30, "Y106"), (2.5, "Y106")],
)
def test_a_power_of_ten_is_a_unit_and_anything_else_a_jump(factor: float, rule: str) -> None:
    found = findings_of(changed(scaled("04", "1.2", factor)), past=[earlier(sound())])
    told = [f for f in found if f.rule in ("Y106", "Y107")]
    assert [(f.rule, f.province, f.indicator) for f in told] == [(rule, "04", "1.2")]


def test_the_corrected_figure_is_named() -> None:
    found = findings_of(changed(scaled("04", "1.2", 1000)), past=[earlier(sound())])
    one = next(f for f in found if f.rule == "Y107")
    assert "about 1000 times" in one.sentence("en")
    assert f"type {number(sound(), '04', '1.2'):,.0f}" in one.sentence("en")


def test_what_an_indicator_has_shown_before_is_no_jump() -> None:
    """2.3 of Cao Bằng doubles: told, unless some province doubled it the year before."""
    now, then = changed(scaled("04", "2.3", 2)), earlier(sound())
    assert "Y106" in rules(now, past=[then])
    calm, wild = earlier(then), earlier(then)
    wild["96", "2.3"] = {"value": repr(number(wild, "96", "2.3") / 2.2)}
    assert "Y106" in rules(now, past=[then, calm])
    assert "Y106" not in rules(now, past=[then, wild])


def test_a_province_alone_is_compared_with_its_own_past() -> None:
    def alone(batch: Batch) -> Batch:
        return {key: entry for key, entry in batch.items() if key[0] == "04"}

    then = earlier(sound())
    assert rules(alone(sound()), past=[then]) == []
    assert rules(alone(changed(scaled("04", "1.2", 3.5))), past=[then]) == ["Y106"]
    assert rules(alone(changed(scaled("04", "1.2", 1000))), past=[then]) == ["Y107"]


def test_an_outlier_that_stood_there_last_year_is_not_told_again() -> None:
    far = changed(scaled("04", "2.3", 3))
    assert "B105" in rules(far)
    then = earlier(far)
    assert "B105" not in rules(far, past=[then])


def test_columns_that_changed_places_within_their_bounds() -> None:
    """1.1 and 2.2 are both percentages: only the year before can tell."""
    swapped = changed(swap_columns("1.1", "2.2"))
    assert "B109" not in rules(swapped)
    found = [f for f in findings_of(swapped, past=[earlier(sound())]) if f.rule == "B109"]
    assert [found[0].facts["one"], found[0].facts["other"]] == ["1.1", "2.2"]
    assert "last year" in found[0].sentence("en")


def test_another_sign_is_told_as_a_sign() -> None:
    found = findings_of(changed(scaled("04", "2.3", -1)), past=[earlier(sound())])
    assert {f.rule for f in found if f.indicator == "2.3"} == {"Y108", "B112"}


def test_a_hole_where_there_was_a_figure() -> None:
    found = findings_of(changed(put("04", "1.1", value="")), past=[earlier(sound())])
    assert {f.rule for f in found if f.province == "04"} == {"V101", "Y111"}


def test_copies_are_counted_over_what_a_province_supplies() -> None:
    """1.4 is a central agency's: that it is new does not hide a copied file."""
    then = earlier(sound())
    now = sound()
    for code in FRAMEWORK.codes:
        if code != "1.4":
            now["04", code] = dict(then["04", code])
    one = next(f for f in findings_of(now, past=[then]) if f.rule == "Y104")
    assert (one.province, one.facts["count"], one.facts["of"]) == ("04", "6", "6")
    assert len(CODES) == 34

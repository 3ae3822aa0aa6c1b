"""Numerator, denominator and value; parts and their whole."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.checks.related import parts_of_ratios, ratios, sums
from pii.errors import DefinitionError
from pii.framework import Sum
from pii.intake.definition import edition_bytes, load_edition
from pii.submission import Kind, Observation, Part, Place, Status, Submission
from tests.batches import FRAMEWORK

ROOT = Path(__file__).resolve().parents[1]
PLACE = Place("a.csv", "", "C2")


def part(text: str) -> Part:
    return Part(PLACE, Kind.NUMBER if text else Kind.BLANK, text)


def cell(value: float, numerator: str, denominator: str, code: str = "2.1") -> Observation:
    return Observation(
        "01", code, PLACE, Kind.NUMBER, repr(value), value, Status.VALUE,
        numerator=part(numerator), denominator=part(denominator),
    )  # fmt: skip


def submitted(*cells: Observation) -> list[Submission]:
    return [Submission("01", PLACE, (one,)) for one in cells]


def wrong(*cells: Observation) -> list[float]:
    """The values that do not follow from their parts."""
    return [float(f.facts["value_en"]) for f in ratios(submitted(*cells))]


@pytest.mark.parametrize(
    ("value", "numerator", "denominator"),
    [
        (0.25, "1", "4"),
        (25.0, "1", "4"),
        (2500.0, "1", "4"),
        (33.3, "1", "3"),  # rounded to the digit typed
        (33.33, "1", "3"),
        (-12.5, "7", "8"),  # the change in per cent
        (0.0, "0", "8"),
        (-2.5, "-1", "4"),
    ],
)
def test_a_value_that_follows(value: float, numerator: str, denominator: str) -> None:
    assert wrong(cell(value, numerator, denominator)) == []


@pytest.mark.parametrize(
    ("value", "numerator", "denominator"),
    [(26.0, "1", "4"), (33.4, "1", "3"), (33.2, "1", "3"), (25.0, "-1", "4"), (5.0, "0", "8")],
)
def test_a_value_that_does_not(value: float, numerator: str, denominator: str) -> None:
    assert wrong(cell(value, numerator, denominator)) == [value]


def test_the_column_says_which_power_of_ten() -> None:
    """Alone 2.5 of 1/4 is fine; among percentages it is off by ten."""
    others = [cell(float(100 * n / 64), str(n), "64") for n in (8, 16, 24, 40)]
    assert wrong(*others, cell(25.0, "1", "4")) == []
    assert wrong(*others, cell(2.5, "1", "4")) == [2.5]


def test_the_expected_ratio_is_said() -> None:
    others = [cell(float(100 * n / 64), str(n), "64") for n in (8, 16, 24, 40)]
    (one,) = ratios(submitted(*others, cell(2.5, "1", "4")))
    assert "numerator 1 and denominator 4 give 25" in one.sentence("en")


def test_parts_that_are_something_else_are_let_be() -> None:
    """Where most of a column follows from nothing, its two columns mean something else."""
    assert wrong(*(cell(17.0 + n, str(n), "64") for n in range(1, 12))) == []


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(-3, 6), st.integers(0, 6))
def test_rounding_is_never_told(numerator: int, denominator: int, power: int, digits: int) -> None:
    value = float(f"{numerator / denominator * 10.0**power:.{digits}f}")
    if value:
        assert wrong(cell(value, str(numerator), str(denominator))) == []


def test_the_open_figures_of_2022_follow_from_their_parts() -> None:
    """495 figures of eight indicators have both parts, and not one of them is told."""
    from pii.intake.tables import read_table

    framework, _ = load_edition(ROOT / "data/open-2022/edition.yaml")
    data = (ROOT / "data/open-2022/figures.csv").read_bytes()
    submissions, _ = read_table(data, "figures.csv", framework)
    understood = [
        replace(s, observations=tuple(
            replace(c, value=float(c.text), status=Status.VALUE) if c.kind is Kind.NUMBER else c
            for c in s.observations
        ))
        for s in submissions
    ]  # fmt: skip
    cells = [c for s in understood for c in s.observations]
    both = [c for c in cells if c.status is Status.VALUE and c.numerator and c.numerator.text]
    assert (len(both), len(Counter(c.indicator for c in both))) == (495, 8)
    assert list(ratios(understood)) == []
    assert [f for c in cells for f in parts_of_ratios([c])] == []


def test_zero_missing_and_unreadable_parts() -> None:
    def told(*given: str) -> list[str]:
        return [f.rule for f in parts_of_ratios([cell(5.0, *given)])]

    assert told("1", "0") == ["V203"]
    assert told("1", "") == ["V204"]
    assert told("", "4") == ["V204"]
    assert told("", "") == []
    assert told("1", "4") == []
    words = Part(PLACE, Kind.TEXT, "bốn")
    bad = replace(cell(5.0, "1", "4"), denominator=words)
    assert [f.rule for f in parts_of_ratios([bad])] == ["V205"]
    assert list(ratios(submitted(bad))) == []


# ---------------------------------------------------------------- sums


def whole(values: dict[str, float], *sums_: Sum) -> list[str]:
    cells = tuple(
        Observation("01", code, PLACE, Kind.NUMBER, repr(x), x, Status.VALUE)
        for code, x in values.items()
    )
    edition = replace(FRAMEWORK, sums=sums_)
    return [f.rule for f in sums(Submission("01", PLACE, cells), edition)]


SHARES, TOTAL = Sum(("2.1", "2.2"), 100.0), Sum(("1.1", "2.1"), "2.3")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"2.1": 40.25, "2.2": 59.75}, []),
        ({"2.1": 33.3, "2.2": 66.6}, []),  # 99.9 by rounding
        ({"2.1": 40.0, "2.2": 59.75}, []),
        ({"2.1": 40.2, "2.2": 58.7}, ["V207"]),
        ({"2.1": 0.4, "2.2": 0.6}, ["V207"]),  # parts of 1
        ({"2.1": 40.2}, []),  # a part is missing: nothing to add up
        ({"1.1": 10.5, "2.1": 20.5, "2.3": 31.0}, []),
        ({"1.1": 10.5, "2.1": 20.5, "2.3": 32.5}, ["V206"]),
    ],
)
def test_sums(values: dict[str, float], told: list[str]) -> None:
    assert whole(values, SHARES, TOTAL) == told


def test_sums_are_read_from_an_edition_and_written_back(tmp_path: Path) -> None:
    text = (ROOT / "indicators.yaml").read_text("utf-8")
    text += '\nsums:\n  - {parts: ["5.1.3", "5.1.4"], whole: 100}\n'
    path = tmp_path / "edition.yaml"
    path.write_text(text, "utf-8")
    framework, method = load_edition(path)
    assert framework.sums == (Sum(("5.1.3", "5.1.4"), 100),)
    path.write_bytes(edition_bytes(framework, method))
    assert load_edition(path)[0] == framework


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('{parts: ["5.1.3", "9.9.9"], whole: 100}', "no indicator has the code 9.9.9"),
        ('{parts: ["5.1.3", "5.1.4"], whole: "8"}', "no indicator has the code 8"),
        ('{parts: ["5.1.3"], whole: 100}', "two different parts are needed"),
        ('{parts: ["5.1.3", "5.1.3"], whole: 100}', "two different parts are needed"),
    ],
)
def test_a_sum_of_nothing_is_refused(tmp_path: Path, given: str, said: str) -> None:
    path = tmp_path / "edition.yaml"
    text = (ROOT / "indicators.yaml").read_text("utf-8")
    path.write_text(f"{text}\nsums:\n  - {given}\n", "utf-8")
    with pytest.raises(DefinitionError, match=rf"line \d+, column \d+: a sum of .*{said}"):
        load_edition(path)

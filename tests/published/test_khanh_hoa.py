"""Khánh Hòa 2025: from its published values and national extremes, and back.

What is printed is rounded to 0.01: value, lowest and highest may each be off by 0.005. A score is
(x - l)/(h - l): it rises with x and falls with l and with h, so its bounds lie in the corners.
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pii.framework import Framework
from pii.matrix import matrix_of
from pii.method import Goalposts, Method
from pii.pipeline import Scores, compute
from pii.report.numbers import printed, rounded
from pii.steps.normalise import between_goalposts

FILE = Path(__file__).resolve().parents[2] / "data/published/khanh_hoa_2025.csv"
HALF = 0.005
Edition = tuple[Framework, Method]


def profile() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {line["code"]: line for line in csv.DictReader(file)}


def published(code: str) -> float:
    return float(profile()[code]["value_or_score"])


def indicators(parent: str = "") -> list[tuple[str, float, float, float]]:
    """(code, value, lowest, highest) of the indicators that are printed."""
    keys = ("value_or_score", "national_lowest", "national_highest")
    return [
        (code, *(float(line[key]) for key in keys))  # type: ignore[misc]
        for code, line in profile().items()
        if line["level"] == "indicator" and code.startswith(parent)
    ]


@pytest.fixture(scope="module")
def scores(full_edition: Edition) -> Scores:
    """The profile through the whole engine, goalposts fixed on the national extremes."""
    framework, nominal = full_edition
    posts = {}
    values = np.full((1, len(framework.codes)), np.nan)
    for code, value, low, high in indicators():
        assert framework.by_code[code].direction == "higher"  # type: ignore[union-attr]
        posts[code] = Goalposts(worst=low, best=high)
        values[0, framework.codes.index(code)] = value
    matrix = matrix_of(values, ["56"], framework)
    return compute(matrix, framework, replace(nominal, goalposts=posts))


def computed(scores: Scores, code: str) -> float:
    return float(scores.score[0, scores.column(code)])


def bounds(parent: str) -> tuple[float, float]:
    """Lowest and highest score of a sub-pillar that its printed inputs leave open."""

    def mean(sign: int) -> float:
        x = np.array([[value + sign * HALF for _, value, _, _ in indicators(parent)]])
        worst = np.array([low - sign * HALF for _, _, low, _ in indicators(parent)])
        best = np.array([high - sign * HALF for _, _, _, high in indicators(parent)])
        return float(between_goalposts(x, worst, best).mean())

    return mean(-1), mean(+1)


def test_ten_indicators_are_printed() -> None:
    assert len(indicators()) == 10


@pytest.mark.parametrize(
    ("code", "figure", "as_printed"),
    [("1.1", "58.90", "58.90"), ("1.2", "58.52", "58.62"), ("2.1", "31.41", "31.36")],
)
def test_sub_pillars(scores: Scores, code: str, figure: str, as_printed: str) -> None:
    assert printed(computed(scores, code), lang="en") == figure
    assert f"{published(code):.2f}" == as_printed


@pytest.mark.parametrize("code", ["1.1", "1.2", "2.1"])
def test_what_was_printed_lies_within_the_rounding_of_the_inputs(scores: Scores, code: str) -> None:
    low, high = bounds(code)
    assert low < computed(scores, code) < high
    assert low - HALF <= published(code) <= high + HALF


def test_how_wide_the_rounding_of_the_inputs_is(scores: Scores) -> None:
    # So the differences of 1.2 (0.10) and 2.1 (0.05) are rounding of the inputs, and nothing
    # more can be learnt from them: each lies far within its bound.
    wide = {code: max(abs(b - computed(scores, code)) for b in bounds(code)) for code in
            ("1.1", "1.2", "2.1")}  # fmt: skip
    assert {code: rounded(w) for code, w in wide.items()} == {"1.1": 0.35, "1.2": 0.38, "2.1": 0.32}
    off = {code: abs(published(code) - computed(scores, code)) for code in wide}
    assert {code: rounded(d) for code, d in off.items()} == {"1.1": 0.0, "1.2": 0.1, "2.1": 0.05}


def test_the_corners_bound_every_score_between() -> None:
    generator = np.random.default_rng(1)
    for parent in ("1.1", "1.2", "2.1"):
        table = np.array([line[1:] for line in indicators(parent)])
        low, high = bounds(parent)
        for _ in range(200):
            x, worst, best = (table + generator.uniform(-HALF, HALF, table.shape)).T
            assert low <= between_goalposts(x[None], worst, best).mean() <= high


def test_the_profile_alone_makes_no_pillar_2_and_no_index(scores: Scores) -> None:
    # Ten values: all of 1, three of the seven of 2. What is not covered is not a number.
    for code in ("2.2", "2", "3", "input", "output", "PII"):
        assert np.isnan(computed(scores, code)), code
        assert np.isnan(scores.rank[0, scores.column(code)]), code


@pytest.mark.parametrize(("pillar", "figure"), [("1", "58.76"), ("2", "38.15")])
def test_pillars_from_the_printed_sub_pillars(pillar: str, figure: str) -> None:
    parts = [published(f"{pillar}.{i}") for i in (1, 2)]
    assert printed(sum(parts) / 2, lang="en") == figure == f"{published(pillar):.2f}"


def test_the_index_from_the_printed_sub_indices() -> None:
    mean = (published("input") + published("output")) / 2
    assert printed(mean, lang="en") == "46.54" == f"{published('PII'):.2f}"

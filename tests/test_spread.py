"""Distances among peers: by hand, by law, and over the data that ship."""

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import median_abs_deviation, rankdata, spearmanr

from pii.checks.spread import FAR, ranks, spread_of
from pii.intake.definition import load_edition
from pii.intake.files import InputFile
from pii.rules import RULES, Severity
from pii.scoring import Gathered, Inputs, gather, province_list

ROOT = Path(__file__).resolve().parents[1]
TEN_UP = [float(x) for x in range(1, 12)]  # 1 … 11, median 6, deviations 0 … 5 on either side


def test_by_hand() -> None:
    spread = spread_of(TEN_UP)
    assert spread is not None
    assert (spread.median, spread.low, spread.high, spread.count) == (6, 3, 9, 11)
    # On either side the deviations are 0, 1, 2, 3, 4, 5: their median is 2.5.
    assert spread.plain.distance(13.0) == pytest.approx(7 / (2.5 * 1.4826))
    assert spread.plain.distance(-1.0) == pytest.approx(-7 / (2.5 * 1.4826))
    assert spread.plain.distance(6.0) == 0


def test_a_symmetric_column_has_the_usual_deviation() -> None:
    spread = spread_of([*(-x for x in range(1, 40)), 0.0, *range(1, 40)])
    assert spread is not None
    usual = median_abs_deviation([*(-x for x in range(1, 40)), 0.0, *range(1, 40)], scale="normal")
    assert spread.plain.above == pytest.approx(usual, rel=0.03)


def test_too_few_or_all_the_same_have_none() -> None:
    assert spread_of(TEN_UP[:9]) is None
    assert spread_of([5.0] * 20) is None
    assert spread_of([5.0] * 19 + [6.0]) is None


def test_skew_is_no_fault() -> None:
    """Doubling figures: the largest is far on the plain scale, and at home on the bent one."""
    spread = spread_of([2.0**k for k in range(20)])
    assert spread is not None
    assert spread.plain.distance(2.0**19) > 2 * FAR
    assert abs(spread.distance(2.0**19)) < FAR


amounts = st.integers(-(10**6), 10**6).map(lambda n: n / 64)


@given(st.lists(amounts, min_size=12, max_size=40, unique=True), st.floats(0.01, 100), amounts)
def test_the_unit_changes_no_distance(xs: list[float], unit: float, x: float) -> None:
    one, other = spread_of(xs), spread_of([unit * value for value in xs])
    if one is None or other is None:
        return
    assert other.plain.distance(unit * x) == pytest.approx(
        one.plain.distance(x), rel=1e-6, abs=1e-6
    )
    assert other.distance(unit * x) == pytest.approx(one.distance(x), rel=1e-6, abs=1e-6)


@given(st.permutations(TEN_UP))
def test_order_changes_nothing(xs: list[float]) -> None:
    assert spread_of(xs) == spread_of(TEN_UP)


@pytest.mark.parametrize("power", [1, 2, 3, 6, -2, -3, -6])
def test_a_mistaken_unit_is_named(power: int) -> None:
    spread = spread_of([50.0 + k for k in range(20)])
    assert spread is not None
    assert spread.factor(60 * 10.0**power) == power
    assert spread.factor(60) == 0
    assert spread.factor(600 * 10.0**power) != power  # ten times more is another unit


def test_no_unit_is_named_where_figures_can_be_negative() -> None:
    spread = spread_of([-1.0, *(50.0 + k for k in range(20))])
    assert spread is not None
    assert spread.factor(6000) == 0


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=30))
def test_ranks_are_scipy_s(xs: list[int]) -> None:
    assert ranks(map(float, xs)) == rankdata(xs).tolist()


def test_ranks_give_spearman_s_correlation() -> None:
    from statistics import correlation

    x, y = [3.0, 1.0, 4.0, 1.0, 5.0], [9.0, 2.0, 6.0, 5.0, 3.0]
    assert correlation(ranks(x), ranks(y)) == pytest.approx(spearmanr(x, y).statistic)


# ---------------------------------------------------------------- false alarms


def gathered(edition: str, figures: str) -> Gathered:
    framework, _ = load_edition(ROOT / edition)
    file = InputFile("figures.csv", (ROOT / figures).read_bytes())
    return gather(Inputs((file,)), framework, province_list(framework))


def test_sound_open_figures_are_left_in_peace() -> None:
    """882 real cells: 13 holes, and four notes about figures that are as far out as they seem."""
    found = gathered("data/open-2022/edition.yaml", "data/open-2022/figures.csv").findings
    assert Counter(f.rule for f in found) == {"V108": 13, "B105": 4}
    assert {(f.province, f.indicator) for f in found if f.rule == "B105"} == {
        ("01", "4.2.3"), ("79", "4.2.3"), ("84", "7.1.1"), ("04", "7.1.4"),
    }  # fmt: skip
    assert RULES["B105"].severity is Severity.NOTE


def test_the_synthetic_edition_is_left_in_peace() -> None:
    """1768 invented cells: 14 holes, one note, and one value six times as large as the next."""
    found = gathered("data/synthetic-2025/edition.yaml", "data/synthetic-2025/values.csv").findings
    assert Counter(f.rule for f in found) == {"V108": 14, "B105": 1, "B106": 1}
    assert {(f.province, f.indicator) for f in found if f.rule[0] == "B"} == {
        ("01", "2.2.3"), ("48", "2.2.3"),
    }  # fmt: skip


def test_the_reason_given_for_the_threshold_is_measured() -> None:
    """ "At 3.5, 14 of the 869 open figures would be told": docs/rules.md says so."""
    outcome = gathered("data/open-2022/edition.yaml", "data/open-2022/figures.csv")
    columns: dict[str, list[float]] = {}
    for cell in (c for s in outcome.submissions for c in s.observations):
        if not math.isnan(cell.value):
            columns.setdefault(cell.indicator, []).append(cell.value)
    spreads = {code: spread_of(xs) for code, xs in columns.items()}
    far = [
        x for c, xs in columns.items() for x in xs if (s := spreads[c]) and abs(s.distance(x)) > 3.5
    ]
    assert (len(far), sum(map(len, columns.values()))) == (14, 869)

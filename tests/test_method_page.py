"""docs/method.md: up to date, complete, and its figures computed again by hand arithmetic."""

import importlib.util
import re
from collections.abc import Sequence
from fractions import Fraction
from math import exp, log, sqrt
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from pii import method

F = Fraction
ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/method.md").read_text("utf-8")
Told = float | F | str


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_method", ROOT / "docs/make_method.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_code_says_today() -> None:
    assert maker().page() == PAGE, "docs/method.md is out of date: make docs"


@pytest.mark.parametrize(
    ("part", "rules"),
    [
        ("screening", method.ScreeningRule),
        ("imputation", method.ImputationRule),
        ("treatment", method.TreatmentRule),
        ("normalisation", method.NormalisationRule),
        ("weighting", method.WeightingRule),
        ("aggregation", method.AggregationRule),
        ("ties", method.RankRule),
        ("strengths", method.StrengthsRule),
    ],
)
def test_every_choice_of_a_method_is_on_the_page(part: str, rules: object) -> None:
    step = next(one for one in maker().STEPS if one.part == part)
    assert {way.rule for way in step.ways} == set(get_args(rules))


def test_every_part_of_a_method_is_a_step() -> None:
    parts = {step.part for step in maker().STEPS}
    fields = set(method.Method.__dataclass_fields__)
    # `weights` and `goalposts` are figures; `…_of` repeats a part for one indicator.
    assert parts == {f for f in fields if not f.endswith("_of")} - {"weights", "goalposts"}


def test_no_equation_has_what_markdown_would_eat() -> None:
    for equation in re.findall(r"\$\$\n(.*?)\n\$\$", PAGE, re.S):
        assert not re.search(r"\\[^A-Za-z\s]", equation), equation


# ---------------------------------------------------------------- by hand --------------------


def row(name: str, part: str = "") -> list[str]:
    """Cells of the row that begins with a name, in the table of a part of the method."""
    start = PAGE.index(f"| `{part}:` |") if part else PAGE.index("## Three provinces")
    line = re.search(rf"^\| {re.escape(name)}.*$", PAGE[start:], re.M)
    assert line, name
    return [cell.strip() for cell in line[0].strip("| ").split(" | ")[1:]]


def told(value: Told) -> str:
    if isinstance(value, str):
        return value
    text = f"{float(value):.4f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def mean(x: Sequence[float]) -> float:
    return sum(x) / len(x)


def deviation(x: Sequence[float]) -> float:
    return sqrt(sum((v - mean(x)) ** 2 for v in x) / (len(x) - 1))


def skew(x: Sequence[float]) -> float:
    n, d = len(x), [v - mean(x) for v in x]
    return n / ((n - 1) * (n - 2)) * sum(v**3 for v in d) / deviation(x) ** 3


def kurt(x: Sequence[float]) -> float:
    n, d = len(x), [v - mean(x) for v in x]
    fourth = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * sum(v**4 for v in d) / deviation(x) ** 4
    return fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))


def entropy(*x: int) -> float:
    return 1 + sum(v / sum(x) * log(v / sum(x)) for v in x) / log(len(x))


X = (2, 4, 10)
SD = sqrt(F(52, 3))  # squares 100/9, 16/9, 196/9 sum to 312/9; over n − 1 = 2
M = F(16, 3)
E1, E2 = entropy(1, 2, 3), entropy(2, 5, 5)

BY_HAND: list[tuple[str, str, Sequence[Told]]] = [
    ("", "1.1 spending", [0.2, 0.5, 1, 0.2, 1, 0, F(300, 8), 100]),
    ("", "1.2 days", [4, 2, 10, 10, 2, F(600, 8), 100, 0]),
    ("", "2.1 patents", [10, "–", 40, 10, 40, 0, "–", 100]),
    ("", "2.2 high-tech", [5, 20, 10, 5, 20, 0, 100, F(500, 15)]),
    ("", "Pillar 1", [F(75, 2), F(275, 4), 50]),
    ("", "Pillar 2", [0, 100, F(200, 3)]),
    ("", "Index", [F(75, 4), F(675, 8), F(175, 3)]),
    ("", "Rank", [3, 1, 2]),
    ("screening", "`none`", ["in", "in", "in"]),
    (
        "screening",
        "`availability`",
        [
            "1 present, 0.75 not zero: in",
            "0.75 present, 1 not zero: in",
            "0.5 present, 0.5 not zero: out",
        ],
    ),
    ("denomination", "`by, scale`", [10 * 1000 / 2000, 20 * 1000 / 8000, "–"]),
    ("imputation", "`none`", [2, 4, "–"]),
    ("imputation", "`mean`", [2, 4, (2 + 4) / 2]),
    ("imputation", "`median`", [2, 4, 3]),
    ("imputation", "`group-mean`", [2, 4, 2]),
    ("imputation", "`group-median`", [2, 4, 2]),
    # y of C is the best of 10 to 30: 1; so x is the best of 2 to 4.
    ("imputation", "`row-mean`", [2, 4, 2 + (4 - 2) * 1]),
    ("imputation", "`last-year`", ["5, 5, 9", "6, 7, 7", "–, –, 8"]),
    ("imputation", "`linear`", ["5, 7, 9", "6, 7, 7", "8, 8, 8"]),
    ("treatment", "`none`", [1, 2, 11]),
    ("treatment", "`gii`", ["8, 9, 9", "1 capped", "winsorised"]),
    ("treatment", "`coinr`", ["8, 9, 9", "1 capped", "winsorised"]),
    ("treatment", "`eis`", [f"{told(sqrt(8))}, 3, 10", "0 capped", "sqrt"]),
    ("treatment", "`log`", [log(0.01), log(0.11), log(1.01)]),
    ("treatment", "`log-gii`", [0, log(10 * 0.1 + 1), log(11)]),
    ("treatment", "`log-ct`", [log(0.1), log(1.1), log(10.1)]),
    ("treatment", "`log-ct-orig`", [0, log(2), log(11)]),
    ("treatment", "`box-cox`", [0, 2 * (sqrt(2) - 1), 2 * (sqrt(11) - 1)]),
    ("normalisation", "`none`", [*X, *X]),
    ("normalisation", "`upwards`", [2, 4, 10, -2, -4, -10]),
    ("normalisation", "`min-max`", [0, 25, 100, 100, 75, 0]),
    ("normalisation", "`z-score`", [*((v - M) / SD for v in X), *((M - v) / SD for v in X)]),
    ("normalisation", "`rank`", [1, 2, 3, 3, 2, 1]),
    ("normalisation", "`borda`", [0, 1, 2, 2, 1, 0]),
    ("normalisation", "`percentile`", [0, 0.5, 1, 1, 0.5, 0]),
    ("normalisation", "`categories`", [40, 60, 100, 100, 60, 40]),  # shares 1/3, 2/3, 1
    # 80 % and 120 % of the mean are 4.27 and 6.4.
    ("normalisation", "`above-below-mean`", [-1, -1, 1, 1, 1, -1]),
    ("normalisation", "`distance-to-best`", [0, F(2, 8), 1, 1, F(6, 8), 0]),
    ("normalisation", "`distance-to-reference`", [0, 1, F(8, 2), F(8, 6), 1, 0]),
    ("normalisation", "`distance-to-target`", [0, F(2, 6), 1, 1, 1, 0]),
    ("normalisation", "`fraction-of-best`", [F(2, 10), F(4, 10), 1, 1, F(2, 4), F(2, 10)]),
    ("normalisation", "`ratio-to-mean`", [*(v / M for v in X), *(M / v for v in X)]),
    (
        "normalisation",
        "`ampi`",
        [*(100 + 60 * (v - M) / 8 for v in X), *(100 + 60 * (M - v) / 8 for v in X)],
    ),
    ("weighting", "`given`", [F(1, 4), F(3, 4)]),
    ("weighting", "`equal`", [0.5, 0.5]),
    ("weighting", "`pca`", [0.5, 0.5]),  # of two correlated indicators, always
    ("weighting", "`factor`", [0.5, 0.5]),
    ("weighting", "`entropy`", [E1 / (E1 + E2), E2 / (E1 + E2)]),
    # Deviations 1 and √3, the same conflict 1 − r: in their proportion, and balanced in the other.
    ("weighting", "`critic`", [1 / (1 + sqrt(3)), sqrt(3) / (1 + sqrt(3))]),
    ("weighting", "`balanced`", [sqrt(3) / (1 + sqrt(3)), 1 / (1 + sqrt(3))]),
    ("weighting", "`ahp`", [F(3, 4), F(1, 4)]),
    ("weighting", "`budget`", [(0.6 + 0.8) / 2, (0.4 + 0.2) / 2]),
    # With share s for the first, A reaches (2 − s)/(5 − 2s) of C: most where s is least.
    ("weighting", "`benefit-of-the-doubt`", [0.25, 0.75]),
    ("aggregation", "`power` Power 1", [50, 50, 60]),
    ("aggregation", "`power` Power 0", [sqrt(20 * 80), 50, exp((log(90) + log(30)) / 2)]),
    ("aggregation", "`power` Power −1", [2 / (F(1, 20) + F(1, 80)), 50, 2 / (F(1, 90) + F(1, 30))]),
    ("aggregation", "`median`", [50, 50, 60]),
    ("aggregation", "`minimum`", [20, 50, 30]),
    ("aggregation", "`mpi`", [50 - F(30**2, 50), 50, 60 - F(30**2, 60)]),
    ("aggregation", "`owa`", [F(80 + 3 * 20, 4), 50, F(90 + 3 * 30, 4)]),
    # The first child has 2/3 of the weight, and C, B, A as its order.
    ("aggregation", "`copeland`", [-2, 0, 2]),
    ("aggregation", "`kemeny`", [0, 1, 2]),
    ("coverage", "`share, count`", ["published", "published", "not published"]),
    ("ties", "`competition`", [1, 1, 3]),
    ("ties", "`dense`", [1, 1, 2]),
    ("ties", "`average`", [F(1 + 2, 2), F(1 + 2, 2), 3]),
    ("strengths", "`none`", ["–", "–", "–"]),
    ("strengths", "`pii`", ["+ x; − y", "+ x; − z", "+ z; − x"]),
    ("strengths", "`gii`", ["+ x; − y", "+ x, y; − z", "+ y, z; − x"]),
    # Mean and one deviation: x 53.3 ± 35.1, y 36.7 ± 25.2, z 60 ± 10.
    ("strengths", "`group`", ["+ x; − y", "+ –; − –", "+ –; − –"]),
]


@pytest.mark.parametrize(("part", "name", "expected"), BY_HAND)
def test_the_figures_by_hand(part: str, name: str, expected: Sequence[Told]) -> None:
    assert row(name, part)[: len(expected)] == [told(value) for value in expected]


def test_every_row_with_figures_is_computed_by_hand() -> None:
    known = {(part, name.split(" ")[0]) for part, name, _ in BY_HAND if part}
    ways = {(step.part, f"`{way.rule}`") for step in maker().STEPS for way in step.ways}
    rows = {(part, name.split(",")[0]) for part, name in ways}
    assert rows - {(part, name.split(",")[0]) for part, name in known} == {("imputation", "`em`")}


def test_the_ten_values_are_treated_for_the_reason_the_page_gives() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0]
    assert skew(values) > 2.25 and kurt(values) > 3.5
    capped = [*values[:-1], 9.0]
    assert not (abs(skew(capped)) > 2.0 and kurt(capped) > 3.5)
    roots = [sqrt(v) for v in values]
    assert skew(values) > 1.0 and max(roots) < mean(roots) + 3 * deviation(roots)

"""Published indicator scores again, from value and national extremes (normalisation_check.csv)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from pii.report.numbers import printed
from pii.steps.normalise import between_goalposts, observed_goalposts

FILE = Path(__file__).resolve().parents[2] / "data/published/normalisation_check.csv"

with FILE.open(encoding="utf-8", newline="") as _file:
    LINES = list(csv.DictReader(_file))
MET = [
    pytest.param(line, id=f"{line['province']} {line['published']}")
    for line in LINES
    if line["min"] and "NOT reproduced" not in line["verdict"]
]


def extreme(text: str) -> float:
    """The number behind the name of the province that holds it."""
    return float(text.rsplit(" ", 1)[1])


def score(line: dict[str, str]) -> float:
    x = np.array([[float(line["province_value"])], [extreme(line["min"])], [extreme(line["max"])]])
    return float(between_goalposts(x, *observed_goalposts(x, np.array([True])))[0, 0])


def test_four_scores_are_met() -> None:
    assert len(MET) == 4


@pytest.mark.parametrize("line", MET)
def test_published_score(line: dict[str, str]) -> None:
    assert printed(score(line), lang="en") == f"{float(line['published']):.2f}"


def test_one_score_is_not_reproduced_and_said_so() -> None:
    not_met = [line for line in LINES if "NOT reproduced" in line["verdict"]]
    assert {line["province"] for line in not_met} == {"Thanh Hóa"}
    assert all(abs(score(line) - float(line["published"])) > 0.01 for line in not_met)

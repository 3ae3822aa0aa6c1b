"""The open figures of 2022: what was published of the PII 2023 comes out of them."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pii.checks import checked
from pii.findings import Severity
from pii.framework import Framework
from pii.intake.registry import provinces_on
from pii.intake.tables import read_table
from pii.matrix import Matrix, assemble
from pii.method import Method
from pii.pipeline import Scores, compute
from pii.report.numbers import printed

FIGURES = Path(__file__).resolve().parents[2] / "data/open-2022/figures.csv"
Edition = tuple[Framework, Method]


def open_matrix(framework: Framework) -> Matrix:
    submissions, shape = read_table(FIGURES.read_bytes(), FIGURES.name, framework)
    understood, findings = checked(submissions, framework, provinces_on(date(2022, 12, 31)))
    assert shape == ()
    assert not [f for f in findings if f.severity is Severity.ERROR]
    return assemble(understood, framework)


@pytest.fixture(scope="module")
def matrix(open_2022: Edition) -> Matrix:
    return open_matrix(open_2022[0])


@pytest.fixture(scope="module")
def scores(open_2022: Edition, matrix: Matrix) -> Scores:
    return compute(matrix, *open_2022)


def province(name: str) -> str:
    found = provinces_on(date(2022, 12, 31)).find(name)
    assert found is not None
    return found.code


def cell(scores: Scores, name: str, node: str) -> float:
    return float(scores.score[scores.provinces.index(province(name)), scores.column(node)])


@pytest.mark.parametrize(
    ("name", "node", "published"),
    [
        ("Bến Tre", "7.2.2", "84.14"),
        ("Cần Thơ", "7.1.1", "93.51"),
        ("Thái Nguyên", "4.1.4", "100.00"),
        ("Thái Nguyên", "5.3.1", "100.00"),
    ],
)
def test_published_scores(scores: Scores, name: str, node: str, published: str) -> None:
    assert printed(cell(scores, name, node), lang="en") == published


@pytest.mark.parametrize(
    ("name", "published"), [("Sóc Trăng", "3.76"), ("TP. Hồ Chí Minh", "48.38")]
)
def test_published_raw_values(matrix: Matrix, name: str, published: str) -> None:
    i, j = matrix.provinces.index(province(name)), matrix.indicators.index("6.3.1")
    assert printed(float(matrix.values[i, j]), lang="en") == published


def test_all_63_provinces_are_ranked(scores: Scores) -> None:
    index = scores.column("PII")
    assert len(scores.provinces) == 63
    assert not np.isnan(scores.score[:, index]).any()
    ranks = scores.rank[:, index]
    assert ranks.min() == 1
    assert ranks.max() <= 63
    best = scores.score[:, index].argmax()
    assert ranks[best] == 1


def test_thirteen_holes_stay_holes(matrix: Matrix, scores: Scores) -> None:
    assert np.isnan(matrix.values).sum() == 13
    np.testing.assert_array_equal(np.isnan(scores.normalised), np.isnan(matrix.values))


def test_the_figures_do_not_cover_the_full_edition(full_edition: Edition) -> None:
    framework, nominal = full_edition
    scores = compute(open_matrix(framework), framework, nominal)
    for code in ("1", "2", "input", "output", "PII"):
        assert np.isnan(scores.score[:, scores.column(code)]).all(), code
        assert np.isnan(scores.rank[:, scores.column(code)]).all(), code
    for code in ("1", "2"):
        assert (scores.coverage[:, scores.column(code)] == 0).all()
    # What is covered is the same under both editions.
    assert printed(cell(scores, "Bến Tre", "7.2.2"), lang="en") == "84.14"
    assert np.isnan(scores.weight).all()
    assert np.isnan(scores.contribution).all()


def test_fourteen_indicators_as_in_the_full_edition(
    open_2022: Edition, full_edition: Edition
) -> None:
    small, full = open_2022[0], full_edition[0]
    assert len(small.codes) == 14
    for item in small.indicators:
        other = next(x for x in full.indicators if x.code == item.code)
        for key in ("id", "direction", "bounds", "name_vi", "name_en"):
            assert getattr(item, key) == getattr(other, key), (item.code, key)

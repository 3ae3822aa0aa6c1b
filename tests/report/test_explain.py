"""The way from the index to the cell: what is said where something is absent, capped or logged."""

from collections.abc import Iterator

import numpy as np
import pytest

from pii.method import Goalposts, Normalisation, Treatment
from pii.pipeline import Outcome
from pii.report import tables
from pii.report.explain import Recorded, explained, recorded
from tests.small import powers, small_method, small_outcome, small_values


def told(outcome: Outcome, province: str, code: str) -> str:
    return "\n".join(explained(of(outcome), province, code, "en"))


def of(outcome: Outcome) -> Recorded:
    return recorded(
        outcome.framework,
        outcome.method,
        {code: outcome.name(code, "en") for code in outcome.scores.provinces},
        scores=tables.csv_bytes(tables.scores_table(outcome)),
        indicators=tables.csv_bytes(tables.indicators_table(outcome)),
        treatment=tables.csv_bytes(tables.treatment_table(outcome)),
    )


def line(text: str, name: str) -> str:
    return next(row for row in text.splitlines() if row.strip().startswith(name))


def skewed() -> Iterator[float]:
    yield from (1.0, 1.1, 1.2, 1.3, 1.4, 1000.0)


def test_ranks_count_only_who_is_ranked() -> None:
    """92 has no output, so no index: five of six are ranked."""
    outcome = small_outcome()
    province = outcome.scores.provinces[0]
    assert "of 5" in line(told(outcome, province, "PII"), "PII")
    assert "of 6" in line(told(outcome, province, "1.1"), "1.1")


def test_what_is_absent_takes_no_share() -> None:
    outcome = small_outcome()
    absent = next(
        p
        for p, row in zip(outcome.matrix.provinces, outcome.matrix.values, strict=True)
        if np.isnan(row[2])
    )
    text = told(outcome, absent, "1")
    assert "100.0 %  1.1" in text
    assert "1.2  Group 1.2: not published" in text


def test_a_missing_value_is_followed_no_further_than_its_cell() -> None:
    outcome = small_outcome()
    absent = next(
        p
        for p, row in zip(outcome.matrix.provinces, outcome.matrix.values, strict=True)
        if np.isnan(row[2])
    )
    text = told(outcome, absent, "1.2.1")
    assert "not submitted" in line(text, "Status")
    assert "(blank)" in line(text, "As typed")
    assert "Weight" not in text
    assert "Adds" not in text


@pytest.mark.parametrize(
    ("points", "said"), [(0, "logarithm → "), (1, "capped at 1.4"), (None, "left as it is")]
)
def test_treatment_is_said(points: int | None, said: str) -> None:
    values = small_values()
    values[:, 0] = list(skewed())
    rule = Treatment("none") if points is None else Treatment("gii", 1.5, 1.5, points)
    outcome = small_outcome(values, method=small_method(treatment=rule))
    top = outcome.matrix.provinces[int(np.nanargmax(outcome.matrix.values[:, 0]))]
    assert said in line(told(outcome, top, "1.1.1"), "Treatment")


def test_goalposts_are_said_on_their_scale() -> None:
    method = small_method(
        goalposts={"1.1.1": Goalposts(0, 20)}, normalisation=Normalisation(scale=(1, 100))
    )
    outcome = small_outcome(method=method)
    assert "1 = 0;  100 = 20" in told(outcome, outcome.scores.provinces[0], "1.1.1")
    by_rank = small_outcome(method=small_method(normalisation=Normalisation("rank")))
    text = told(by_rank, by_rank.scores.provinces[0], "1.1.1")
    assert "none: normalisation by rank" in line(text, "Goalposts")


def test_under_another_mean_nothing_is_added_up() -> None:
    method = small_method(
        aggregation=powers(index=0.0),
        normalisation=Normalisation(scale=(1, 100)),
    )
    outcome = small_outcome(method=method)
    text = told(outcome, outcome.scores.provinces[0], "1.1.1")
    assert "a mean on the way is not arithmetic" in line(text, "Adds")
    assert "= geometric mean of:" in told(outcome, outcome.scores.provinces[0], "PII")

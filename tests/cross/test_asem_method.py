"""COINr's default pipeline on ASEM, end to end through one `Method`: its tables in, its index out.

51 countries, 49 indicators of 8 pillars and 2 sub-indices; five indicators are divided by a
variable, gaps take the mean of Europe or of Asia, outliers are treated by COINr's rule, scores are
min-max on 0 to 100, means are arithmetic. Files below data/asem/ are COINr's (version 1.1.14).
"""

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from strategies import Array, leaf, tree

from pii.framework import Framework, Variable
from pii.intake.definition import edition_bytes, load_edition
from pii.matrix import Matrix, matrix_of
from pii.method import (
    Aggregation,
    Coverage,
    Denomination,
    Imputation,
    Method,
    Treatment,
)
from pii.pipeline import Scores, compute

DATA = Path(__file__).resolve().parent / "data" / "asem"
BAR = 1e-9
"""Largest relative difference allowed, cell by cell."""
LEVELS = ("index", "subindex", "pillar", "indicator")


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row.get("uCode", ""))


def meta(kind: str) -> list[dict[str, str]]:
    return [row for row in rows("in_iMeta") if row["Type"] == kind]


CODES = [row["iCode"] for row in meta("Indicator")]
DENOMINATED = {row["iCode"]: row["Denominator"] for row in meta("Indicator") if row["Denominator"]}


def numbers(name: str, columns: list[str]) -> Array:
    return np.array([[float(row[c] or "nan") for c in columns] for row in rows(name)])


@cache
def asem() -> Framework:
    groups = sorted(meta("Aggregate"), key=lambda row: -int(row["Level"]))
    variables = (
        *(Variable(row["iCode"], "denominator", row["iCode"], "") for row in meta("Denominator")),
        *(Variable(row["iCode"], "group", row["iCode"], "") for row in meta("Group")),
    )
    return tree(
        [(row["iCode"], LEVELS[4 - int(row["Level"])], row["Parent"] or None) for row in groups],
        [
            leaf(
                row["iCode"],
                row["Parent"],
                direction="higher" if row["Direction"] == "1" else "lower",
            )
            for row in meta("Indicator")
        ],
        levels=LEVELS,
        variables=variables,
    )


def matrix() -> Matrix:
    units = rows("in_iData")
    beside: dict[str, list[float | str]] = {
        row["iCode"]: [float(unit[row["iCode"]] or "nan") for unit in units]
        for row in meta("Denominator")
    }
    beside |= {row["iCode"]: [unit[row["iCode"]] for unit in units] for row in meta("Group")}
    order = list(asem().codes)
    values = numbers("in_iData", order)
    return matrix_of(values, [unit["uCode"] for unit in units], asem(), beside)


def default() -> Method:
    weights = {row["iCode"]: float(row["Weight"]) for row in rows("in_iMeta") if row["Weight"]}
    nodes = set(asem().by_code)
    return Method(
        denomination={code: Denomination(by) for code, by in DENOMINATED.items()},
        imputation=Imputation("group-mean", group="EurAsia_group", counts=True),
        treatment=Treatment("coinr"),
        weights={code: weight for code, weight in weights.items() if code in nodes},
        aggregation={level: Aggregation() for level in LEVELS[:-1]},
        coverage={level: Coverage(0, 1) for level in LEVELS[:-1]},
    )


@cache
def scores() -> Scores:
    return compute(matrix(), asem(), default())


def apart(ours: Array, theirs: Array) -> float:
    """Largest relative difference; gaps must be the same, and zeros zero to 1e-9 of the scale."""
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    both = ~np.isnan(ours)
    size = np.where(theirs[both] == 0, 1.0, np.abs(theirs[both]))
    return float((np.abs(ours - theirs)[both] / size).max())


def test_the_tree_is_the_one_of_the_example() -> None:
    assert len(asem().codes) == 49
    assert len(DENOMINATED) > 5
    assert set(asem().codes) == set(CODES)


def test_each_step_is_coinrs() -> None:
    codes, found = list(asem().codes), scores()
    assert apart(found.prepared.denominated, numbers("step2_Denominated", codes)) < BAR
    assert apart(found.prepared.values, numbers("step3_Imputed", codes)) < BAR
    holes = np.isnan(numbers("step2_Denominated", codes))
    np.testing.assert_array_equal(found.prepared.imputed, holes)
    aggregated = numbers("step7_Aggregated", codes)
    assert apart(found.normalised, aggregated) < BAR


def test_the_index_and_every_group_are_coinrs() -> None:
    nodes = list(asem().by_code)
    assert apart(scores().score, numbers("step7_Aggregated", nodes)) < BAR


def test_the_ranks_are_coinrs() -> None:
    wanted = numbers("out_rank_all_methods", ["minmax_0_100__amean"])[:, 0]
    np.testing.assert_array_equal(scores().rank[:, scores().column("Index")], wanted)


def test_the_same_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "asem.yaml"
    path.write_bytes(edition_bytes(asem(), default()))
    framework, method = load_edition(path)
    assert (framework, method) == (asem(), default())
    again = compute(matrix(), framework, method)
    np.testing.assert_array_equal(again.score, scores().score)


@pytest.mark.parametrize("what", ["imputation", "denomination", "treatment"])
def test_every_step_matters(what: str) -> None:
    """Left out, each step would miss COINr's index: the bar above can fail."""
    without = {
        "imputation": Imputation(),
        "denomination": {},
        "treatment": Treatment(),
    }
    other = compute(matrix(), asem(), replace(default(), **{what: without[what]}))  # type: ignore[arg-type]
    theirs = numbers("step7_Aggregated", ["Index"])
    assert apart(other.score[:, [other.column("Index")]], theirs) > 1e-6

"""Against a second program: COINr 1.1.14 (R), see data/README.md for source and differences."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from strategies import ALWAYS, leaf, method, tree

from pii.framework import Framework
from pii.matrix import matrix_of
from pii.method import Coverage, Method, Normalisation, Treatment
from pii.pipeline import Scores, compute, effective_weights
from pii.steps.treat import Treated, gii_treatment

DATA = Path(__file__).resolve().parent / "data"
Array = npt.NDArray[np.float64]

# COINr's own limits: not treated where abs(skewness) < 2 or kurtosis < 3.5.
RULE = Treatment("gii", skewness=2, kurtosis=3.5, points=5)
ABOVE_ZERO = Normalisation("min-max", (1.0, 100.0))
MEANS = {
    "arithmetic_0_100": (1.0, Normalisation()),
    "arithmetic": (1.0, ABOVE_ZERO),
    "geometric": (0.0, ABOVE_ZERO),
    "harmonic": (-1.0, ABOVE_ZERO),
    "power_half": (0.5, ABOVE_ZERO),
    "power_two": (2.0, ABOVE_ZERO),
}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(name: str) -> tuple[tuple[str, ...], tuple[str, ...], Array]:
    """Units, columns and numbers; float() is exact, and an empty cell is missing."""
    lines = rows(name)
    columns = tuple(lines[0])[1:]
    numbers = [[float(line[c] or "nan") for c in columns] for line in lines]
    return tuple(line["uCode"] for line in lines), columns, np.array(numbers)


@cache
def asem(subindex: str = "") -> Framework:
    """The whole tree, or one sub-index of it beneath an index."""
    lines = [line for line in rows("tree.csv") if subindex in ("", line["subindex"])]
    subs = dict.fromkeys(line["subindex"] for line in lines)
    pillars = {line["pillar"]: line["subindex"] for line in lines}
    groups: list[tuple[str, str, str | None]] = [("Index", "index", None)]
    groups += [(code, "subindex", "Index") for code in subs]
    groups += [(code, "pillar", parent) for code, parent in pillars.items()]
    ways = {"1": "higher", "-1": "lower"}
    return tree(
        groups,
        [leaf(x["indicator"], x["pillar"], direction=ways[x["direction"]]) for x in lines],
    )


def run(name: str, nominal: Method, subindex: str = "") -> Scores:
    units, columns, values = table(name)
    framework = asem(subindex)
    assert columns == framework.codes
    return compute(matrix_of(values, units, framework), framework, nominal)


@cache
def scored(mean: str) -> Scores:
    power, scale = MEANS[mean]
    return run("screened.csv", method(power, treatment=RULE, normalisation=scale))


def columns_of(scores: Scores, array: Array, codes: tuple[str, ...]) -> Array:
    return array[:, [scores.column(code) for code in codes]]


@cache
def treated(points: int) -> Treated:
    _, columns, values = table("screened.csv")
    free = np.zeros(len(columns), dtype=bool)
    return gii_treatment(values, skewness_limit=2, kurtosis_limit=3.5, points=points, exempt=free)


def numbers(name: str) -> Array:
    return np.array([float(line[name] or "nan") for line in rows("decisions.csv")])


def test_skewness_and_kurtosis() -> None:
    done = treated(5)
    capped = done.points > 0
    np.testing.assert_allclose(done.skewness[0], numbers("skewness"), rtol=1e-9)
    np.testing.assert_allclose(done.kurtosis[0], numbers("kurtosis"), rtol=1e-9)
    after = numbers("skewness_after"), numbers("kurtosis_after")
    np.testing.assert_allclose(done.skewness[1][capped], after[0][capped], rtol=1e-9)
    np.testing.assert_allclose(done.kurtosis[1][capped], after[1][capped], rtol=1e-9)


def test_decisions() -> None:
    done = treated(5)
    np.testing.assert_array_equal(done.points, np.nan_to_num(numbers("points")))
    assert set(done.form.tolist()) == {"none", "winsorised"}
    assert (done.points > 0).sum() == 15
    assert done.passes.all()


def test_winsorised_values_are_the_same_numbers() -> None:
    _, columns, values = table("screened.csv")
    _, changed, expected = table("treated.csv")
    done = treated(5)
    at = [columns.index(code) for code in changed]
    np.testing.assert_array_equal(done.values[:, at], expected)
    rest = [j for j in range(len(columns)) if j not in at]
    np.testing.assert_array_equal(done.values[:, rest], values[:, rest])


def test_logarithms_differ_by_a_constant() -> None:
    _, columns, values = table("screened.csv")
    _, logged, expected = table("treated_one_point.csv")
    done = treated(1)
    assert (done.form == "log").tolist() == (numbers("one_point_log") == 1).tolist()
    assert tuple(np.array(columns)[done.form == "log"]) == logged
    at = [columns.index(code) for code in logged]
    assert (done.side[at] == 1).all()
    spread = values[:, at].max(axis=0) - values[:, at].min(axis=0)
    np.testing.assert_allclose(done.values[:, at] + np.log(spread), expected, atol=1e-9)
    passes = {x["indicator"]: x["one_point_passes"] for x in rows("decisions.csv")}
    assert [passes[code] for code in logged] == [str(ok).upper() for ok in done.passes[at]]


def test_min_max_scores() -> None:
    _, columns, expected = table("scores_0_100.csv")
    scores = scored("arithmetic_0_100")
    assert columns == asem().codes
    order = [table("screened.csv")[0].index(unit) for unit in scores.provinces]
    np.testing.assert_allclose(scores.normalised, expected[order], atol=1e-9)


@pytest.mark.parametrize("mean", MEANS)
def test_groups_under_every_mean(mean: str) -> None:
    units, codes, expected = table(f"groups_{mean}.csv")
    scores = scored(mean)
    assert set(codes) == set(asem().children)
    order = [units.index(unit) for unit in scores.provinces]
    mine = columns_of(scores, scores.score, codes)
    np.testing.assert_allclose(mine, expected[order], atol=1e-9)


@pytest.mark.parametrize("mean", MEANS)
def test_ranks_under_every_mean(mean: str) -> None:
    expected = {line["uCode"]: int(line[mean]) for line in rows("index_ranks.csv")}
    scores = scored(mean)
    ranks = scores.rank[:, scores.column("Index")]
    assert dict(zip(scores.provinces, ranks.tolist(), strict=True)) == expected


def test_effective_weights() -> None:
    expected = [float(line["effective_weight"]) for line in rows("tree.csv")]
    mine = effective_weights(asem(), method())[0]
    np.testing.assert_allclose(mine, expected, rtol=1e-12)


def gaps(coverage: dict[str, Coverage]) -> Scores:
    scores_already = Normalisation("none")
    return run("gaps_scores.csv", method(1, coverage, normalisation=scores_already), "Sust")


def test_means_over_what_is_present() -> None:
    units, codes, expected = table("gaps_groups.csv")
    scores = gaps(dict(ALWAYS))
    assert np.isnan(scores.normalised).sum() > 0
    order = [units.index(unit) for unit in scores.provinces]
    mine = columns_of(scores, scores.score, codes)
    np.testing.assert_allclose(mine, expected[order], atol=1e-9)


def test_pillars_with_too_little_coverage() -> None:
    units, codes, expected = table("gaps_groups_75.csv")
    # All three pillars are asked for: 75 % of three direct children.
    asked = {**ALWAYS, "pillar": Coverage(0.75, 1), "subindex": Coverage(0, 3)}
    scores = gaps(asked)
    order = [units.index(unit) for unit in scores.provinces]
    mine = columns_of(scores, scores.score, codes)
    assert np.isnan(expected).sum() == 5
    np.testing.assert_allclose(mine, expected[order], atol=1e-9)

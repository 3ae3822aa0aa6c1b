"""Spread files: read strictly, and what ships is what the docs say."""

from pathlib import Path

import pytest
from small import small_framework as framework

from pii.errors import DefinitionError
from pii.intake.definition import load_edition
from pii.intake.shipped import shipped
from pii.intake.spread import load_spread
from pii.spread import MeasurementError, Spread, VariedWeights


def written(folder: Path, text: str) -> Path:
    path = folder / "spread.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_gii_ships_with_what_the_jrc_varied() -> None:
    tree, _ = load_edition(shipped("data/gii-2019/edition.yaml"))
    spread = load_spread(shipped("data/gii-2019/spread.yaml"), tree)
    assert dict(spread.weights) == {
        "IN": VariedWeights("range", low=0.1, high=0.3),
        "OUT": VariedWeights("range", low=0.4, high=0.6),
    }


def test_every_part_by_hand(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
choices:
  outliers: [{}, {treatment.points: 3}]
  mean: [{}, {aggregation.all.power: 0.0, normalisation.scale: [1.0, 100.0]}]
weights:
  all: {uniform: 0.25}
  pillar: {dirichlet: 50.0}
  "1": {range: [0.1, 0.9]}
dropped: [pillar]
errors:
  all: {relative: 0.05}
  "1.1.1": {sd: 2.0}
""",
    )
    tree = framework()
    spread = load_spread(path, tree)
    assert spread.choices["outliers"] == ({}, {"treatment.points": 3})
    assert spread.choices["mean"][1]["normalisation.scale"] == (1.0, 100.0)
    assert spread.weights["indicator"] == VariedWeights("uniform", by=0.25)
    assert spread.weights["pillar"] == VariedWeights("dirichlet", by=50.0)
    assert spread.weights["1"] == VariedWeights("range", low=0.1, high=0.9)
    assert spread.dropped == tuple(group.code for group in tree.at_level("pillar"))
    assert spread.errors[tree.codes[1]] == MeasurementError(0.05, relative=True)
    assert spread.errors["1.1.1"] == MeasurementError(2.0)
    assert isinstance(hash(spread.choices["mean"][1]), int)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("weights: {pillar: {uniforms: 0.25}}", r"line 1, column 20: unknown key weights.pillar"),
        ("weights: {pillar: {uniform: 0.1, dirichlet: 5.0}}", "weights, pillar: give one .* not 2"),
        ("weights: {pillar: {}}", "give one of uniform, range, dirichlet, not 0"),
        ("weights: {pillar: {range: [0.1]}}", "weights.pillar.range"),
        ("weights: {pillar: {uniform: 1.5}}", "uniform takes a share between 0 and 1"),
        ("errors: {all: {relative: 0.0}}", "a standard deviation is above 0"),
        ("weight: {}", r"line 1, column 1: unknown key weight;"),
        ("- 1", "a spread was expected"),
        ("dropped: pillar", "dropped"),
        ("where_possible: [men]", r"where_possible: men is none of the choices \(none\)"),
        ("weights: {1: {uniform: 0.1}}", "weights"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message) as caught:
        load_spread(written(tmp_path, text), framework())
    assert str(tmp_path / "spread.yaml") in str(caught.value)


def test_the_spread_that_ships_varies_outliers_means_and_all_weights() -> None:
    spread = load_spread(shipped("data/spread.yaml"), framework())
    assert isinstance(spread, Spread)
    assert set(spread.choices) == set(spread.where_possible) == {"outliers", "mean"}
    assert set(spread.weights) == set(framework().levels[1:])

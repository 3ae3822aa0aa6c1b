"""COINr's tables through `pii import coinr` and `pii run`: the numbers that COINr gives."""

import csv
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from cross import test_asem_aggregate as agg

from pii.cli import main

ASEM = Path(__file__).resolve().parent / "data/asem"
DEFAULTS = (
    "--denominate",
    "--impute",
    "group-mean",
    "--group",
    "EurAsia_group",
    "--treat",
    "coinr",
)
"""The pipeline of COINr's own example, build_example_coin."""


def pii(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result


def run(folder: Path, *options: object) -> dict[tuple[str, str], dict[str, str]]:
    pii("import", "coinr", ASEM / "in_iData.csv", ASEM / "in_iMeta.csv",
        "--out", folder / "x", *options)  # fmt: skip
    pii("run", folder / "x/data.csv", "--framework", folder / "x/edition.yaml",
        "--out", folder / "run", "--charts", "none", "--lang", "en")  # fmt: skip
    with (folder / "run/tables/scores.csv").open(encoding="utf-8", newline="") as file:
        return {(line["province"], line["node"]): line for line in csv.DictReader(file)}


def column(found: dict[tuple[str, str], dict[str, str]], node: str, what: str) -> agg.Array:
    return np.array([float(found[unit, node][what] or "nan") for unit in agg.UNITS])


def test_every_node_of_the_default_pipeline(tmp_path: Path) -> None:
    found = run(tmp_path, *DEFAULTS)
    with (ASEM / "step7_Aggregated.csv").open(encoding="utf-8", newline="") as file:
        theirs = {line["uCode"]: line for line in csv.DictReader(file)}
    for node in (*agg.LEAVES, *agg.CHILDREN):
        expected = np.array([float(theirs[unit][node]) for unit in agg.UNITS])
        np.testing.assert_allclose(column(found, node, "score"), expected, rtol=1e-9, atol=1e-9)
    ranks = {line["uCode"]: line for line in agg.rows(ASEM / "out_rank_all_methods.csv")}
    expected = np.array([float(ranks[unit]["minmax_0_100__amean"]) for unit in agg.UNITS])
    np.testing.assert_array_equal(column(found, "Index", "rank"), expected)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        (
            "mm1_100_mixed_amean_gmean_gmean",
            ["--scale", 1, 100, "--aggregate", "arithmetic"] + ["--aggregate", "geometric"] * 2,
        ),
        ("zscore_0_1_amean", ["--normalise", "z-score"]),
        ("rank_gmean", ["--normalise", "rank", "--aggregate", "geometric"]),
    ],
)
def test_other_forms(tmp_path: Path, name: str, options: list[object]) -> None:
    found = run(tmp_path, *DEFAULTS, *options)
    for node, expected in agg.theirs(name).items():
        size = 1e-12 * np.abs(expected).max()
        mine = column(found, node, "score")
        np.testing.assert_allclose(mine, expected, rtol=1e-9, atol=size)


def test_without_imputation_and_treatment(tmp_path: Path) -> None:
    found = run(tmp_path, "--denominate")
    for node, expected in agg.theirs("unimputed_amean_nothresh").items():
        np.testing.assert_allclose(column(found, node, "score"), expected, rtol=1e-9)


def test_an_imported_run_can_be_proved_again(tmp_path: Path) -> None:
    run(tmp_path, *DEFAULTS)
    assert "Proved" in pii("verify", tmp_path / "run", "--lang", "en").output


def test_the_example_there_and_back(tmp_path: Path) -> None:
    run(tmp_path, *DEFAULTS)
    like = (ASEM / "in_iData.csv", ASEM / "in_iMeta.csv")
    pii("export", "coinr", tmp_path / "x/data.csv", "--framework", tmp_path / "x/edition.yaml",
        "--out", tmp_path / "back", "--time", 2018, "--like", *like)  # fmt: skip
    for name, first in zip(("iData.csv", "iMeta.csv"), like, strict=True):
        assert content(tmp_path / "back" / name) == content(first)


def content(path: Path) -> list[list[object]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [[said(cell) for cell in row] for row in csv.reader(file)]


def said(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return "" if cell == "NA" else cell

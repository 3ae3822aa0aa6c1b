"""pii audit and pii run --timings, as they are typed."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pii.cli import main

DATA = Path(__file__).resolve().parents[1] / "data" / "synthetic-2025"


def pii(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "2025"
    given = ("--framework", DATA / "edition.yaml", "--charts", "none", "--out", out)
    result = pii("run", DATA / "values.csv", *given, "--timings", "--lang", "en")
    assert result.exit_code == 0, result.output
    laps = re.findall(r"^ +([\d,]+) ms {2}(.+)$", result.output, re.MULTILINE)
    assert [name for _, name in laps] == [
        "loading packages",
        "reading and checking",
        "computing scores and ranks",
        "tables, workbook, charts",
        "in all",
    ]
    parts = [int(ms.replace(",", "")) for ms, _ in laps]
    assert abs(sum(parts[:-1]) - parts[-1]) <= 2  # each is rounded by itself
    return out


def test_a_draw_is_shown_the_same_every_time_and_nothing_is_written(run: Path) -> None:
    before = sorted(run.rglob("*"))
    one, again, other = (
        pii("audit", run, "--seed", 0, "--draw", k, "--lang", "en") for k in (4711, 4711, 4712)
    )
    assert one.exit_code == 0, one.output
    assert one.output == again.output != other.output
    assert one.output.startswith("Draw 4711\n")
    assert re.search(
        r"^ {2}weights\.1\.1\.1: 1\.0 → (0\.[789]|1\.[012])\d+$", one.output, re.MULTILINE
    )
    assert len(re.findall(r"^\d\d  ", one.output, re.MULTILINE)) == 34
    assert sorted(run.rglob("*")) == before


def test_a_seed_must_be_given(run: Path) -> None:
    result = pii("audit", run)
    assert result.exit_code == 2
    assert "an audit needs a seed" in result.output and f"{run} --seed 0" in result.output


@pytest.mark.parametrize("draws", [0, -3])
def test_no_draws_are_refused_with_what_to_do(run: Path, draws: int) -> None:
    result = pii("audit", run, "--seed", 0, "--draws", draws)
    assert result.exit_code == 2
    assert f"--draws {draws}: nothing" in result.output and "leave --draws out" in result.output
    assert not (run / "audit").exists()


def test_a_scheduler_that_does_not_answer_is_named(run: Path) -> None:
    pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    result = pii("audit", run, "--seed", 0, "--scheduler", "tcp:/nowhere")
    assert result.exit_code == 2 and "no Dask scheduler answers at tcp:/nowhere" in result.output


def test_a_spread_that_fails_by_construction_is_refused(run: Path, tmp_path: Path) -> None:
    spread = tmp_path / "spread.yaml"
    spread.write_text("choices: {mean: [{}, {aggregation.all.power: 0.0}]}", "utf-8")
    result = pii("audit", run, "--seed", 0, "--spread", spread)
    assert result.exit_code == 2
    assert "aggregation.all.power 0.0: a subpillar cannot be a mean of power 0" in result.output
    assert not (run / "audit").exists()

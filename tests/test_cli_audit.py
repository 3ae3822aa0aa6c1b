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
    label, head, *_ = one.output.splitlines()
    assert label.startswith("SYNTHETIC")
    assert head == "Draw 4711 of seed 0. It differs from the run in:"
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


def test_an_edition_with_zeros_is_audited_by_default_and_told_what_was_left_out(
    tmp_path: Path,
) -> None:
    """The GII's scores are given, some of them 0: no geometric means, and nothing to treat."""
    gii = DATA.parent / "gii-2019"
    out, short = tmp_path / "run", tmp_path / "scores.csv"
    lines = (gii / "indicator_scores.csv").read_text("utf-8").splitlines(keepends=True)
    short.write_text("".join(lines[:25]), "utf-8")
    given = ("--framework", gii / "edition.yaml", "--charts", "none", "--out", out)
    assert pii("run", short, *given).exit_code == 0
    shown = pii("audit", out, "--seed", 0, "--draw", 3)
    assert shown.exit_code == 0, shown.output
    left = [line for line in shown.output.splitlines() if line.startswith("Không thử: ")]
    assert len(left) == 2 and "trung bình nhân ở mọi cấp" in left[1]
    result = pii("audit", out, "--seed", 0, "--draws", 64)
    assert result.exit_code == 0, result.output
    assert all(line in result.output for line in left)
    page = (out / "audit" / "audit.html").read_text("utf-8")
    assert all(line in page for line in left)
    assert "zero" in (out / "audit" / "tables" / "spread.csv").read_text("utf-8")
    proved = pii("verify", out)
    assert proved.exit_code == 0, proved.output

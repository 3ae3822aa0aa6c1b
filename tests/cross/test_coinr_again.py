"""Random indices through `pii import coinr`, against COINr's defaults written down a second time.

The second program is twenty lines of numpy after COINr's documentation: `Normalise` (min-max on
0 to 100, lower-is-better turned round) and `Aggregate` (weighted means, weights rescaled over the
children that are present), level by level, with nothing in common with `pii.steps`.
"""

import csv
from io import StringIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pii.checks import checked
from pii.cli import main
from pii.intake.coinr import read_coinr
from pii.intake.coinr_edition import coinr_edition
from pii.intake.tables import read_table
from pii.matrix import assemble
from pii.pipeline import compute

Array = npt.NDArray[np.float64]
Lines = list[dict[str, str]]
HEAD = ["Type", "Weight", "iCode", "Direction", "Parent", "iName", "Level"]


@st.composite
def indices(draw: st.DrawFn) -> tuple[Lines, Lines]:
    """iData and iMeta: 2 to 5 levels, 1 to 4 children each, half weights, gaps, both directions."""
    depth = draw(st.integers(2, 5))
    meta: Lines = []
    above = [("Index", "")]
    for level in range(depth, 0, -1):
        below = []
        for code, parent in above:
            leaf = level == 1
            given = {"Level": f"{level}", "iCode": code, "iName": f"Name, of {code}"}
            given |= {"Parent": parent or "NA", "Type": "Indicator" if leaf else "Aggregate"}
            given["Direction"] = str(draw(st.sampled_from([1, -1]))) if leaf else "1"
            given["Weight"] = draw(
                st.sampled_from(["1", "0.5", "2", "0.3333333333333333", "1e-01"])
            )
            meta.append(given)
            if not leaf:
                count = draw(st.integers(1, 3))
                below += [(f"{code[:1]}{level}{k}{len(below)}", code) for k in range(count)]
        above = below
    units = [f"U{k}" for k in range(draw(st.integers(3, 7)))]
    figure = st.one_of(
        st.integers(-9, 9).map(str), st.just("NA"), st.floats(-1e6, 1e6).map(lambda x: f"{x:.15g}")
    )
    data = [{"uCode": unit, "uName": f"{unit}, called"} for unit in units]
    for code in [line["iCode"] for line in meta if line["Level"] == "1"]:
        for line in data:
            line[code] = draw(figure)
        column = {float(line[code]) for line in data if line[code] != "NA"}
        if len(column) < 2 or max(column) - min(column) < 1e-6:
            data[0][code], data[1][code] = "-17", "42.5"
    return data, meta


def second_program(data: Lines, meta: Lines) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for line in meta:
        if line["Type"] == "Indicator":
            x = np.array([float(u[line["iCode"]].replace("NA", "nan")) for u in data])
            x = x * float(line["Direction"])
            found[line["iCode"]] = (x - np.nanmin(x)) / (np.nanmax(x) - np.nanmin(x)) * 100
    for line in sorted(meta, key=lambda line: int(line["Level"])):
        if line["Type"] == "Aggregate":
            own = [child for child in meta if child["Parent"] == line["iCode"]]
            x = np.array([found[child["iCode"]] for child in own])
            w = np.array([[float(child["Weight"])] for child in own]) * ~np.isnan(x)
            with np.errstate(invalid="ignore"):
                found[line["iCode"]] = np.nansum(x * w, axis=0) / w.sum(axis=0)
    return found


def written(lines: Lines, head: list[str]) -> bytes:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, head, quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


@given(indices(), st.randoms(use_true_random=False))
def test_every_score_is_that_of_the_second_program(
    index: tuple[Lines, Lines], chance: object
) -> None:
    data, meta = index
    rows = list(meta)
    chance.shuffle(rows)  # type: ignore[attr-defined]
    tables, _ = read_coinr(written(data, [*data[0]][::-1]), written(rows, HEAD))
    brought = coinr_edition(tables, (), id="x", title=None, source="")
    framework = brought.framework
    submissions, shape = read_table(dict(brought.files())["data.csv"], "data.csv", framework)
    assert shape == ()
    understood, _ = checked(submissions, framework, None)
    scores = compute(assemble(understood, framework), framework, brought.method)
    expected = second_program(data, meta)
    assert set(scores.nodes) == set(expected)
    for code, theirs in expected.items():
        mine = scores.score[:, scores.column(code)]
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


META: Lines = [
    dict(zip(HEAD, row, strict=True))
    for row in (
        ("Aggregate", "1", "Index", "1", "NA", "Index", "3"),
        ("Aggregate", "2", "A", "1", "Index", "A", "2"),
        ("Aggregate", "1", "B", "1", "Index", "B", "2"),
        ("Indicator", "1", "a1", "1", "A", "a1", "1"),
        ("Indicator", "0.5", "a2", "-1", "A", "a2", "1"),
        ("Indicator", "1", "b1", "1", "B", "b1", "1"),
        ("Denominator", "NA", "size", "NA", "NA", "size", "NA"),
    )
]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A panel of 12 units and 4 years, a third of the figures missing, the rows in any order."""
    where = tmp_path_factory.mktemp("panel")
    chance = np.random.default_rng(20)
    units, years = [f"U{k:02}" for k in range(12)], [2019, 2020, 2022, 2023]
    frame = pd.DataFrame(
        [(unit, f"{unit}, called", year) for unit in units for year in years],
        columns=["uCode", "uName", "Time"],
    )
    for code in ("a1", "a2", "b1", "size"):
        frame[code] = chance.lognormal(2, 1, len(frame)).round(4)
    for code in ("a1", "a2", "b1"):
        frame.loc[chance.random(len(frame)) < 1 / 3, code] = np.nan
    frame.sample(frac=1, random_state=1).to_csv(where / "iData.csv", index=False, na_rep="NA")
    (where / "iMeta.csv").write_bytes(written(META, HEAD))
    return where


def _filled(panel: Path, rule: str) -> Lines:
    """The units of 2023 with what pandas fills in from their other years."""
    frame = pd.read_csv(panel / "iData.csv").sort_values("Time")
    codes = ["a1", "a2", "b1"]

    def of_unit(rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows.set_index("Time")[codes]
        return rows.ffill() if rule == "last-year" else rows.interpolate("index").ffill()

    found = {str(unit): of_unit(rows).loc[2023] for unit, rows in frame.groupby("uCode")}
    return [
        {"uCode": unit, **{c: "NA" if np.isnan(row[c]) else repr(float(row[c])) for c in codes}}
        for unit, row in found.items()
    ]


@pytest.mark.parametrize("rule", ["last-year", "linear"])
def test_a_panel_fills_its_gaps_from_other_years(panel: Path, rule: str, tmp_path: Path) -> None:
    out, run = tmp_path / "brought", tmp_path / "run"
    tables = (str(panel / "iData.csv"), str(panel / "iMeta.csv"))
    chosen = ("--time", "2023", "--impute", rule, "--out", str(out))
    made = CliRunner().invoke(main, ["import", "coinr", *tables, *chosen])
    assert made.exit_code == 0, made.output
    told = made.output.splitlines()[-1].removeprefix("Next: pii ").replace("RUN", str(run)).split()
    scored = CliRunner().invoke(main, [*told, "--charts", "none"])
    assert scored.exit_code == 0, scored.output
    scores = pd.read_csv(run / "tables" / "scores.csv").set_index(["node", "province"])["score"]
    data = _filled(panel, rule)
    assert sum(line[code] == "NA" for line in data for code in ("a1", "a2", "b1")) < 4
    expected = second_program(data, [line for line in META if line["Type"] != "Denominator"])
    for code, theirs in expected.items():
        mine = [scores[code, line["uCode"]] for line in data]
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)


def test_a_panel_without_years_is_refused(panel: Path, tmp_path: Path) -> None:
    waves = tmp_path / "iData.csv"
    text = (panel / "iData.csv").read_text("utf-8")
    waves.write_text(text.replace(",2023,", ",last,").replace(",2019,", ",first,"), "utf-8")
    arguments = ["import", "coinr", str(waves), str(panel / "iMeta.csv"), "--impute", "linear"]
    refused = CliRunner().invoke(
        main, [*arguments, "--time", "last", "--out", str(tmp_path / "brought")]
    )
    assert refused.exit_code != 0
    assert "it has last, first" in refused.output
    assert not (tmp_path / "brought").exists()

"""Random indices through `pii import coinr`, against COINr's defaults written down a second time.

The second program is twenty lines of numpy after COINr's documentation: `Normalise` (min-max on
0 to 100, lower-is-better turned round) and `Aggregate` (weighted means, weights rescaled over the
children that are present), level by level, with nothing in common with `pii.steps`.
"""

import csv
from io import StringIO

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from pii.checks import checked
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

"""A GII workbook through `pii import gii`: sheets Index Structure and Data, built here in code."""

# ruff: noqa: E501  (a case is a line)

import csv
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from pii.cli import main
from pii.errors import DataError
from pii.framework import Framework, Group
from pii.intake.definition import load_edition
from pii.intake.gii import read_gii
from pii.method import Method

GII = Path(__file__).resolve().parents[2] / "data/gii-2019"
WORDS = {"index": "Index", "subindex": "Sub-index", "pillar": "Pillar", "subpillar": "Sub-pillar", "indicator": "Indicator"}  # fmt: skip
Grid = list[list[object]]


def rows(name: str) -> list[dict[str, str]]:
    with (GII / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def structure_of(framework: Framework, method: Method, parent: bool) -> Grid:
    """In outline order, so that a parent need not be stated."""
    head: list[object] = ["Num", "Name", "Level", *(["Parent"] if parent else []), "Weight"]
    body: Grid = []
    for code in framework.top_down:
        node = framework.by_code[code]
        level = node.level if isinstance(node, Group) else "indicator"
        above = [node.parent] if parent else []
        body.append([code, node.name_en, WORDS[level], *above, method.weight(code)])
    return [head, *body]


def number(text: str) -> float | str:
    return float(text) if text else "n/a"


def long_data() -> Grid:
    lines = [x for x in rows("scores.csv") if x["code"] == "GII" or x["code"].count(".") == 2]
    head: list[object] = ["Economy", "Code", "Score"]
    body: Grid = [[x["economy"], x["code"], number(x["score"])] for x in lines]
    return [head, *body]


def wide_data() -> Grid:
    lines = rows("indicator_scores.csv")
    head: list[object] = ["Economy name", *list(lines[0])[1:]]
    return [head, *([x["province"], *map(number, list(x.values())[1:])] for x in lines)]


def workbook(structure: Grid, data: Grid, above: Grid | None = None) -> bytes:
    book = Workbook()
    for title, grid in (("Index Structure", structure), ("Data", data)):
        sheet = book.create_sheet(title)
        for row in [*(above or []), *grid]:
            sheet.append(row)
    del book["Sheet"]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def edition() -> tuple[Framework, Method]:
    return load_edition(GII / "edition.yaml")


def pii(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize("data", [long_data, wide_data])
def test_the_gii_2019_gives_129_of_129_ranks(
    data: Callable[[], Grid], edition: tuple[Framework, Method], tmp_path: Path
) -> None:
    made = workbook(
        structure_of(*edition, data is wide_data), data(), [["Global Innovation Index"], []]
    )
    (tmp_path / "gii.xlsx").write_bytes(made)
    said = pii("import", "gii", tmp_path / "gii.xlsx", "--out", tmp_path / "x").output
    assert "129 units, 80 indicators, 31 groups above them on 4 levels." in said
    assert ("figures of groups are not taken" in said) == (data is long_data)
    framework, method = load_edition(tmp_path / "x/edition.yaml")
    assert framework.codes == edition[0].codes
    assert framework.children == edition[0].children
    assert method.weights == edition[1].weights
    pii("run", tmp_path / "x/data.csv", "--framework", tmp_path / "x/edition.yaml",
        "--out", tmp_path / "run", "--charts", "none")  # fmt: skip
    with (tmp_path / "run/tables/scores.csv").open(encoding="utf-8", newline="") as file:
        found = {x["province"]: x["rank"] for x in csv.DictReader(file) if x["node"] == "GII"}
    published = {x["economy"]: x["rank"] for x in rows("scores.csv") if x["code"] == "GII"}
    assert len(published) == 129
    assert sum(found[economy] == rank for economy, rank in published.items()) == 129


SMALL: Grid = [
    ["Code", "Name", "Level", "Weight"],
    ["GII", "Index", "Index", 1],
    ["1", "Institutions", "Pillar", 1],
    ["1.1", "One", "Indicator", 0.5],
    ["1.2", "Two", "Indicator", 1],
]
FIGURES: Grid = [
    ["Economy", "ISO3", "Code", "Score", "Value"],
    *([e, e[:1], c, s, v] for e, c, s, v in (("Asia", "1.1", "[40]", 4), ("Asia", "1.2", 10, 1), ("Borneo", "1.1", 80, 8), ("Borneo", "1.2", "n/a", 2))),
]  # fmt: skip


def test_brackets_missing_scores_and_iso_codes() -> None:
    brought = read_gii(workbook(SMALL, FIGURES), "g.xlsx", id="x")
    assert [(u.code, u.name, dict(u.values)) for u in brought.units] == [
        ("A", "Asia", {"1.1": "40", "1.2": "10"}),
        ("B", "Borneo", {"1.1": "80", "1.2": ""}),
    ]
    assert brought.method.normalisation.rule == "none"
    assert brought.framework.indicators[0].bounds == (0, 100)
    assert brought.notes == (
        "g.xlsx: brackets around a score are taken off",
        "g.xlsx: “n/a” is taken for a missing value",
    )


def test_values_are_normalised() -> None:
    brought = read_gii(workbook(SMALL, FIGURES), "g.xlsx", use="value", id="x")
    assert [u.values["1.1"] for u in brought.units] == ["4", "8"]
    assert brought.method.normalisation.rule == "min-max"
    assert brought.framework.indicators[0].bounds == (None, None)


def test_one_of_several_years() -> None:
    grid: Grid = [[*FIGURES[0], "Year"], *([*row, 2023] for row in FIGURES[1:]), ["Asia", "A", "1.1", 50, 5, 2022]]  # fmt: skip
    with pytest.raises(DataError, match=r"several years: 2022, 2023; name --year"):
        read_gii(workbook(SMALL, grid), "g.xlsx", id="x")
    brought = read_gii(workbook(SMALL, grid), "g.xlsx", year="2023", id="x")
    assert brought.units[0].values["1.1"] == "40"
    assert brought.framework.indicators[0].data_year == 2023


def changed(grid: Grid, row: int, column: int, to: object) -> Grid:
    new = [list(line) for line in grid]
    new[row][column] = to
    return new


FAULTY = {
    "level": (changed(SMALL, 3, 2, "Item"), FIGURES, r"\[Index Structure!C4\]: the level of 1.1 is “Item”"),
    "weight": (changed(SMALL, 3, 3, -1), FIGURES, r"\[Index Structure!D4\]: the weight of 1.1 is below 0"),
    "twice": (changed(SMALL, 3, 0, "1.2"), FIGURES, r"\[Index Structure!A5\]: the code 1.2 stands twice"),
    "two roots": (changed(SMALL, 2, 2, "Index"), FIGURES, "one index was expected at the top of Index Structure, not 2"),
    "stranger": (SMALL, changed(FIGURES, 1, 2, "1.3"), r"\[Data!C2\]: Index Structure has no code 1.3"),
    "figure twice": (SMALL, changed(FIGURES, 2, 2, "1.1"), r"\[Data!D3\]: A has 1.1 twice"),
    "text": (SMALL, changed(FIGURES, 3, 3, "high"), r"\[Data!D4\]: 1.1 is “high”, no number"),
    "no figures": ([*SMALL, ["1.3", "Three", "Indicator", 1]], FIGURES, "Data has no figures of 1.3"),
    "no economy": (SMALL, [row[2:] for row in FIGURES], "Data has no column Economy or ISO3"),
    "no level": ([[row[0], row[1]] for row in SMALL], FIGURES, "Index Structure has no column level"),
    "no score": (SMALL, [row[:3] for row in FIGURES], "Data has no column score"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
def test_faults_name_the_cell(case: str) -> None:
    structure, data, what = FAULTY[case]
    with pytest.raises(DataError, match=what):
        read_gii(workbook(structure, data), "g.xlsx", id="x")


def test_faults_of_both_sheets_at_once() -> None:
    made = workbook(changed(SMALL, 3, 3, -1), changed(FIGURES, 3, 3, "high"))
    with pytest.raises(DataError, match=r"2 faults(.|\n)*below 0(.|\n)*no number"):
        read_gii(made, "g.xlsx", id="x")

"""COINr's two tables as people really export them: what is understood, said, refused."""

# ruff: noqa: E501  (a case is a line)

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from pii.cli import main
from pii.errors import DataError
from pii.intake.coinr import Tables, r_name, read_coinr
from pii.intake.coinr_edition import coinr_edition
from pii.intake.definition import load_edition

META = """Level,iCode,iName,Direction,Weight,Unit,Parent,Type
1,roads,Paved roads,1,1,%,infra,Indicator
1,phones,Telephones,1,0.5,per 100,infra,Indicator
1,co2,Emissions,-1,1,t,clean,Indicator
2,infra,Infrastructure,1,2,,Index,Aggregate
2,clean,Clean,1,1,,Index,Aggregate
3,Index,The index,1,1,,NA,Aggregate
NA,region,Region,NA,NA,,NA,Group
NA,pop,Population,NA,NA,,NA,Denominator
"""
DATA = """uCode,uName,region,pop,roads,phones,co2
A,Alfa,north,10,0,1,5
B,Beta,north,20,50,3,1
C,Gamma,south,30,100,NA,3
"""


def tables(data: str | bytes = DATA, meta: str | bytes = META, **more: str) -> Tables:
    return with_notes(data, meta, **more)[0]


def with_notes(
    data: str | bytes = DATA, meta: str | bytes = META, **more: str
) -> tuple[Tables, tuple[str, ...]]:
    return read_coinr(as_bytes(data), as_bytes(meta), ("d.csv", "m.csv"), **more)


def as_bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def faults(data: str | bytes = DATA, meta: str | bytes = META, **more: str) -> list[str]:
    with pytest.raises(DataError, match="nothing was written") as caught:
        with_notes(data, meta, **more)
    head, *lines = str(caught.value).splitlines()
    assert head.startswith(f"{len(lines)} fault")
    return lines


def line_of(old: str, new: str, text: str = META) -> str:
    assert old in text
    return text.replace(old, new, 1)


def grid(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text)))


def xlsx(text: str, title: str = "Sheet1", types: bool = True) -> bytes:
    """The same table as openxlsx or writexl write it: numbers as numbers, NA as nothing."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in grid(text):
        sheet.append([_typed(cell) if types else cell for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(cell: str) -> float | str | None:
    if cell in ("", "NA"):
        return None
    try:
        return float(cell) if "." in cell else int(cell)
    except ValueError:
        return cell


PLAIN = tables()


def test_the_plain_case() -> None:
    brought = coinr_edition(PLAIN, (), id="x", title=None, source="d.csv, m.csv")
    framework, method = brought.framework, brought.method
    assert framework.title("en") == "The index"
    assert framework.codes == ("roads", "phones", "co2")
    assert framework.levels == ("index", "pillar", "indicator")
    assert [one.direction for one in framework.indicators] == ["higher", "higher", "lower"]
    assert dict(method.weights) == {"phones": 0.5, "infra": 2.0}
    assert method.normalisation.rule == "min-max" and method.treatment.rule == "none"
    assert {c.share for c in method.coverage.values()} == {0}
    assert [unit.code for unit in PLAIN.units] == ["A", "B", "C"]
    assert PLAIN.units[2].values["phones"] == ""
    assert PLAIN.of_type("Group") == ("region",)


def shuffled(text: str) -> str:
    rows = [row[::-1] for row in grid(text)]
    out = StringIO(newline="")
    csv.writer(out).writerows([rows[0], *rows[:0:-1]])
    return out.getvalue()


def rewritten(text: str, sep: str, decimal: str, quote: bool = True, names: bool = True) -> str:
    """As R's write.table(sep, dec, quote, row.names) leaves a data frame."""
    head, *rows = grid(text)
    words = {"uCode", "uName", "region", "iCode", "iName", "Unit", "Parent", "Type"}

    def said(cell: str, column: str) -> str:
        if cell in ("", "NA"):
            return "NA"
        return f'"{cell}"' if column in words and quote else cell.replace(".", decimal)

    lines = [sep.join(f'"{x}"' if quote else x for x in head)]
    for number, row in enumerate(rows, 1):
        cells = [said(cell, column) for cell, column in zip(row, head, strict=True)]
        lines.append(sep.join([*([f'"{number}"'] if names else []), *cells]))
    return "\n".join(lines) + "\n"


def csv_with_row_names(text: str, header: str) -> str:
    head, *rows = text.strip().split("\n")
    return "\n".join([f"{header},{head}", *(f'"{i}",{row}' for i, row in enumerate(rows, 1))])


WAYS = {
    "columns and rows in another order": shuffled,
    "write.csv with row names": lambda text: csv_with_row_names(text, '""'),
    "row names that went through read.csv": lambda text: csv_with_row_names(text, "X"),
    "readr's ...1": lambda text: csv_with_row_names(text, "...1"),
    "pandas": lambda text: csv_with_row_names(text, "Unnamed: 0"),
    "write.csv2": lambda text: rewritten(text, ";", ",", names=False),
    "write.table": lambda text: rewritten(text, " ", "."),
    "write.table with tabs": lambda text: rewritten(text, "\t", ".", quote=False),
    "byte order mark": lambda text: "\ufeff" + text,
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "blank lines": lambda text: text.replace("\n", "\n\n") + "\n,,,,\n",
    "UTF-16": lambda text: text.encode("utf-16"),
    "latin": lambda text: text.encode("cp1252"),
    "NaN": lambda text: text.replace("NA", "NaN"),
    "blank": lambda text: text.replace("NA", ""),
    "spaces": lambda text: text.replace(",", " , "),
    "xlsx": xlsx,
    "xlsx of texts": lambda text: xlsx(text, types=False),
    "other case": lambda text: text.replace("uCode", "ucode").replace("iCode", "ICODE"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_tables_however_they_were_saved(way: str) -> None:
    data, meta = WAYS[way](DATA), WAYS[way](META)
    found = tables(data, meta)
    assert {u.code: numbers(u.values) for u in found.units} == {
        u.code: numbers(u.values) for u in PLAIN.units
    }
    assert {u.code: u.name for u in found.units} == {u.code: u.name for u in PLAIN.units}
    assert set(found.nodes) == set(PLAIN.nodes)


def numbers(values: object) -> dict[str, object]:
    assert isinstance(values, dict)
    return {code: _typed(text) for code, text in values.items()}


def test_both_tables_in_one_workbook() -> None:
    book = Workbook()
    for title, text in (("iMeta", META), ("iData", DATA)):
        sheet = book.create_sheet(title)
        for row in grid(text):
            sheet.append([_typed(cell) for cell in row])
    out = BytesIO()
    book.save(out)
    assert tables(out.getvalue(), out.getvalue()).nodes == PLAIN.nodes


def test_a_sheet_that_is_not_read_is_named() -> None:
    book = Workbook()
    for title in ("Sheet one", "Notes"):
        for row in grid(DATA):
            (book[title] if title in book else book.create_sheet(title)).append(row)
    del book["Sheet"]
    out = BytesIO()
    book.save(out)
    notes = with_notes(out.getvalue())[1]
    assert any("Sheet one, is read, not Notes" in note for note in notes)


SAID = {
    "a column with a space": (DATA.replace("co2", "co2 ", 1), META, "d.csv [G1]: “co2␣” is read as co2"),
    "a unit with a space": (DATA.replace("B,Beta", "B ,Beta"), META, "d.csv [A3]: “B␣” is read as B"),
    "a code with a space": (DATA, META.replace("1,co2,", "1,co2 ,"), "m.csv [B4]: “co2␣” is read as co2"),
    "a parent with a space": (DATA, line_of("%,infra", "%,infra "), "m.csv [G2]: “infra␣” is read as infra"),
    "row names": (csv_with_row_names(DATA, '""'), META, "(1, …) is taken for R's row names"),
    "X": (csv_with_row_names(DATA, "X"), META, "the column X is taken for R's row names"),
    "comma": (DATA.replace(",10,", ',"10,5",'), META, "the decimal sign is a comma (10,5)"),
    "n/a": (DATA.replace("NA", "n/a"), META, "“n/a” is taken for a missing value"),
    "TRUE": (DATA.replace("A,Alfa,north,10,0", "A,Alfa,north,10,TRUE"), META, "read as 1 and 0"),
    "Namibia": (DATA.replace("C,Gamma", '"NA",Namibia'), META, "the uCode NA is a code here"),
    "extra column": (DATA, META.replace("\n", ",red\n").replace("red", "Colour", 1), "no use is made of Colour"),
    "latin": (DATA.replace("Alfa", "Ålfa").encode("cp1252"), META, "it says “Ålfa”"),
    "constant": (DATA.replace(",5\n", ",3\n").replace(",1\n", ",3\n"), META, "co2 is 3 for every"),
    "empty": (DATA.replace("A,Alfa,north,10,0,1,5", "A,Alfa,north,10,,,"), META, "for A; not ranked"),
    "direction above": (DATA, line_of("2,clean,Clean,1", "2,clean,Clean,-1"), "is not used"),
    "skips a level": (DATA, line_of("t,clean,", "t,Index,").replace("2,clean,Clean,1,1,,Index,Aggregate\n", ""), "co2 skips a level on the way to Index"),
    "mangled": (DATA.replace("co2", "X1.1"), META.replace("co2", "1.1"), "is the indicator 1.1"),
    "digit": (DATA.replace("co2", "1.1"), META.replace("co2", "1.1"), "begin with a digit (1.1"),
    "group without column": (DATA.replace(",region", ",pop2").replace("pop2,pop", "pop").replace("north,", "").replace("south,", ""), META, "no column for region, of Type Group"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_what_is_guessed_or_left_out_is_said(case: str) -> None:
    data, meta, expected = SAID[case]
    notes = with_notes(data, meta)[1]
    assert any(expected in note for note in notes), notes


def test_excel_s_own_first_line_names_the_separator() -> None:
    plain, _ = read_coinr(DATA.encode(), META.encode())
    said, _ = read_coinr(b"sep=,\r\n" + DATA.encode(), b"SEP=,\n" + META.encode())
    assert [u.values for u in said.units] == [u.values for u in plain.units]


def test_the_plain_case_has_nothing_to_say() -> None:
    assert with_notes()[1] == ()


FAULTY = {
    "a control character": (DATA.replace("Beta", "Be\x1bta"), META, "d.csv, line 3", "holds a control character"),
    "weight beyond reason": (DATA, line_of("roads,1,1", "roads,1,1e300"), "[E2]", "the Weight of roads is beyond 1e+12"),
    "unknown parent": (DATA, line_of("%,infra", "%,infar"), "m.csv [G2]", "the Parent of roads is infar, which is no iCode (infra?)"),
    "parent is an indicator": (DATA, line_of("%,infra", "%,co2"), "[G2]", "of Type Indicator; a parent is an Aggregate"),
    "parent is a group": (DATA, line_of("%,infra", "%,region"), "[G2]", "of Type Group; a parent"),
    "parent on its own level": (DATA, line_of(",2,,Index", ",2,,clean"), "[G5]", "has the Parent clean at Level 2; a parent stands at a higher"),
    "its own parent": (DATA, line_of(",2,,Index", ",2,,infra"), "[G5]", "has the Parent infra at Level 2"),
    "code twice": (DATA, META.replace("phones", "roads"), "[B3]", "the code roads stands also in B2"),
    "no direction": (DATA, line_of("roads,1,1", "roads,NA,1"), "[D2]", "the Direction of roads is “”; write 1"),
    "direction 0": (DATA, line_of("roads,1,1", "roads,0,1"), "[D2]", "the Direction of roads is “0”"),
    "direction in words": (DATA, line_of("roads,1,1", "roads,up,1"), "[D2]", "the Direction of roads is “up”"),
    "negative weight": (DATA, line_of("roads,1,1", "roads,1,-1"), "[E2]", "the Weight of roads is -1; it cannot be below 0"),
    "no weight": (DATA, line_of("roads,1,1", "roads,1,NA"), "[E2]", "roads has no Weight"),
    "weight in words": (DATA, line_of("roads,1,1", "roads,1,one"), "[E2]", "the Weight of roads is “one”, no number"),
    "all weights zero": (DATA, line_of("phones,Telephones,1,0.5", "phones,Telephones,1,0").replace("roads,1,1,", "roads,1,0,"), "[E2]", "all Weights under infra are 0 (roads, phones)"),
    "not in iData": (DATA.replace("roads", "raods"), META, "d.csv [E1]", "iMeta has no row for the column raods (roads?)"),
    "not in iMeta": (DATA, META.replace("1,co2,Emissions,-1,1,t,clean,Indicator\n", ""), "d.csv [G1]", "iMeta has no row for the column co2"),
    "no children": (DATA.replace(",co2", "").replace(",5\n", "\n").replace(",1\n", "\n").replace(",3\n", "\n"), META.replace("1,co2,Emissions,-1,1,t,clean,Indicator\n", ""), "m.csv [B5]", "nothing has clean as its Parent"),
    "text for a number": (DATA.replace(",50,", ",many,"), META, "d.csv [E3]", "roads is “many”, no number; write a number, or NA"),
    "infinite": (DATA.replace(",50,", ",Inf,"), META, "[E3]", "roads is “Inf”, no number"),
    "per cent": (DATA.replace(",50,", ",50%,"), META, "[E3]", "roads is “50%”, no number"),
    "text for a denominator": (DATA.replace(",20,", ",x,"), META, "[D3]", "pop is “x”, no number"),
    "unit twice": (DATA.replace("B,Beta", "A,Beta"), META, "[A3]", "the unit A stands also in A2"),
    "unit without code": (DATA.replace("B,Beta", ",Beta"), META, "[A3]", "a row without a uCode"),
    "two decimal signs": (DATA.replace(",10,", ',"10,5",').replace(",20,", ",20.5,").replace(",30,", ",30.5,"), META, "[D2]", "“10,5” does not have the decimal sign of the others (.)"),
    "thousands or fraction": (DATA.replace(",10,", ',"10,500",'), META, "[D2]", "may be thousands or a fraction"),
    "two roots": (DATA, line_of("2,clean,Clean,1,1,,Index", "2,clean,Clean,1,1,,NA"), "[G6]", "clean has no Parent, and neither has Index"),
    "no root": (DATA, line_of("1,,NA,Aggregate", "1,,infra,Aggregate"), "", "every row has a Parent, so there is no index"),
    "level upside down": (DATA, line_of("1,roads", "3,roads"), "[A2]", "COINr counts levels from the indicators upwards"),
    "no level": (DATA, line_of("1,roads", "NA,roads"), "[A2]", "the Level of roads is “”"),
    "half a level": (DATA, line_of("1,roads", "1.5,roads"), "[A2]", "the Level of roads is “1.5”"),
    "type": (DATA, line_of("clean,Indicator", "clean,Indicater"), "[H4]", "the Type of co2 is “Indicater” (Indicator?)"),
    "no type": (DATA, line_of("clean,Indicator", "clean,NA"), "[H4]", "the Type of co2 is “”"),
    "no code": (DATA, line_of("co2", ""), "[B4]", "a row of iMeta without an iCode"),
    "a word of tables": (DATA.replace("co2", "value"), META.replace("co2", "value"), "[B4]", "cannot be a code"),
    "a word of tables in another case": (DATA.replace("co2", "Value"), META.replace("co2", "Value"), "[B4]", "cannot be a code"),
    "x that is no row name": ("\n".join(f"{x},{row}" for x, row in zip(("x", "0.5", "2", "1"), DATA.strip().split("\n"), strict=True)), META, "d.csv [A1]", "iMeta has no row for the column x"),
    "missing column": (DATA, META.replace("Weight", "Wt"), "m.csv", "iMeta has no column Weight"),
    "old COINr": (DATA, META.replace("iCode", "IndCode"), "m.csv", "COINr::COIN_to_coin"),
    "no uCode": (DATA.replace("uCode", "ISO"), META, "d.csv", "iData has no column uCode"),
    "column twice": (DATA.replace("phones", "roads"), META, "d.csv", "the column roads stands twice (E1, F1)"),
    "short line": (DATA.replace(",NA,3", ",3"), META, "d.csv, line 4", "has 6 cells under 7 columns"),
    "long line": (DATA.replace(",NA,3", ",NA,3,4"), META, "d.csv, line 4", "has 8 cells under 7 columns"),
    "aggregate in iData": (DATA.replace("region", "infra"), META.replace("NA,region,Region,NA,NA,,NA,Group\n", ""), "[C1]", "iData has the aggregate infra as a column"),
    "nothing": (b"", META, "d.csv", "holds no table"),
    "header only": ("uCode,roads\n", META, "d.csv", "holds no table"),
    "damaged": (b"PK\x03\x04nothing", META, "d.csv", "cannot be read"),
    "code as number": (DATA, xlsx(META.replace("co2", "1.10")), "m.csv [Sheet1!B4]", "1.10 and 1.1 would be one"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
def test_faults_are_named_with_cell_and_remedy(case: str) -> None:
    data, meta, place, what = FAULTY[case]
    assert any(place in line and what in line for line in faults(data, meta)), faults(data, meta)


def test_all_faults_of_both_tables_at_once() -> None:
    meta = line_of("%,infra", "%,infar").replace("roads,1,1", "roads,0,-1")
    found = faults(DATA.replace("50", "many").replace("B,Beta", "A,Beta"), meta)
    assert len(found) == 5
    for what in ("infar", "Direction", "below 0", "many", "stands also"):
        assert sum(what in line for line in found) == 1


PANEL = DATA.replace("uName", "uName,Time").replace(
    "A,Alfa,north,10,0,1,5\n", "A,Alfa,2018,north,10,0,1,5\nA,Alfa,2019,north,10,1,1,5\n"
).replace("Beta,", "Beta,2019,").replace("Gamma,", "Gamma,2019,")  # fmt: skip


def test_one_of_several_times() -> None:
    assert any("2018, 2019; choose one with --time" in line for line in faults(PANEL))
    found, notes = with_notes(PANEL, time="2019")
    assert next((u.code, u.values["roads"]) for u in found.units) == ("A", "1")
    assert len(found.units) == 3 and found.time == "2019"
    assert notes == ("d.csv: 1 rows of another Time are left out",)
    assert any("no row has the Time 2020" in line for line in faults(PANEL, time="2020"))
    assert any("iData has no column Time" in line for line in faults(time="2020"))


def test_row_names_that_are_words() -> None:
    head, *rows = DATA.strip().split("\n")
    named = "\n".join([f"X,{head}", *(f"{row.split(',')[1]},{row}" for row in rows)])
    assert tables(named).units == PLAIN.units


def test_names_as_r_spells_them() -> None:
    # checked against make.names of R 4: c("1.1", "GDP pc", "a-b", "X", ".2", ".a", "_x")
    codes = ("1.1", "GDP pc", "a-b", "X", ".2", ".a", "_x")
    assert [r_name(c) for c in codes] == ["X1.1", "GDP.pc", "a.b", "X", "X.2", ".a", "X_x"]


@pytest.mark.parametrize(
    ("depth", "names"),
    [
        (2, "index indicator"),
        (5, "index subindex pillar subpillar indicator"),
        (7, "index level 6 level 5 level 4 level 3 level 2 indicator"),
    ],
)
def test_levels_of_any_number(depth: int, names: str) -> None:
    rows = [
        f"{k},n{k},n,1,1,{f'n{k + 1}' if k < depth else ''},Aggregate" for k in range(2, depth + 1)
    ]
    meta = "\n".join(
        ["Level,iCode,iName,Direction,Weight,Parent,Type", "1,x,x,1,1,n2,Indicator", *rows]
    )
    found = tables("uCode,x\nA,1\nB,2\n", meta)
    framework = coinr_edition(found, (), id="x", title=None, source="").framework
    assert " ".join(framework.levels) == names


# --------------------------------------------------------------------- from the terminal ------


def pii(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def bring(folder: Path, data: str = DATA, meta: str = META, *more: str) -> Result:
    (folder / "iData.csv").write_text(data, "utf-8")
    (folder / "iMeta.csv").write_text(meta, "utf-8")
    return pii("import", "coinr", folder / "iData.csv", folder / "iMeta.csv", "--out", folder / "x", *more)  # fmt: skip


def test_from_tables_to_scores_by_hand(tmp_path: Path) -> None:
    result = bring(tmp_path)
    assert result.exit_code == 0, result.output
    assert "3 units, 3 indicators, 3 groups above them on 2 levels." in result.output
    run = pii("run", tmp_path / "x/data.csv", "--framework", tmp_path / "x/edition.yaml",
              "--out", tmp_path / "run", "--charts", "none", "--lang", "en")  # fmt: skip
    assert run.exit_code == 0, run.output
    with (tmp_path / "run/tables/scores.csv").open(encoding="utf-8", newline="") as file:
        found = {
            (x["province"], x["node"]): float(x["score"] or "nan") for x in csv.DictReader(file)
        }
    # infra: roads 0, 50, 100 of weight 1; phones 0, 100, missing of weight 1/2. clean: 0, 100, 50
    assert [found[u, "infra"] for u in "ABC"] == pytest.approx([0, (50 + 50) / 1.5, 100])
    assert [found[u, "clean"] for u in "ABC"] == pytest.approx([0, 100, 50])
    index = [0, (2 * 100 / 1.5 + 100) / 3, (2 * 100 + 50) / 3]
    assert [found[u, "Index"] for u in "ABC"] == pytest.approx(index)


def test_a_constant_indicator_is_refused_or_scored_as_stated(tmp_path: Path) -> None:
    constant = DATA.replace(",5\n", ",3\n").replace(",1\n", ",3\n")
    for name, options, code in (("no", (), 2), ("yes", ("--constant", "50"), 0)):
        folder = tmp_path / name
        folder.mkdir()
        result = bring(folder, constant, META, *options)
        assert "co2 is 3 for everyone. COINr drops it without a word" in result.output
        run = pii("run", folder / "x/data.csv", "--framework", folder / "x/edition.yaml",
                  "--out", folder / "run", "--charts", "none", "--lang", "en")  # fmt: skip
        assert run.exit_code == code, run.output
        assert ("co2: there is only one value" in run.output) == (code == 2)
    with (folder / "run/tables/scores.csv").open(encoding="utf-8", newline="") as file:
        clean = [line["score"] for line in csv.DictReader(file) if line["node"] == "clean"]
    assert clean == ["50.0"] * 3


def content(data: bytes | str) -> list[list[object]]:
    text = data.decode() if isinstance(data, bytes) else data
    return [[_typed(cell) for cell in row] for row in grid(text)]


def test_there_and_back(tmp_path: Path) -> None:
    bring(tmp_path)
    back = ("export", "coinr", tmp_path / "x/data.csv", "--framework", tmp_path / "x/edition.yaml")
    like = ("--like", tmp_path / "iData.csv", tmp_path / "iMeta.csv")
    result = pii(*back, "--out", tmp_path / "back", *like)
    assert result.exit_code == 0, result.output
    for name, text in (("iData.csv", DATA), ("iMeta.csv", META)):
        assert content((tmp_path / "back" / name).read_bytes()) == content(text)
    assert pii(*back, "--out", tmp_path / "plain").exit_code == 0
    again = bring(tmp_path, *(
        (tmp_path / "plain" / name).read_text("utf-8") for name in ("iData.csv", "iMeta.csv")
    ), "--id", "x2")  # fmt: skip
    assert again.exit_code == 2 and "ever overwritten" in again.output


def test_without_the_first_tables_what_counts_comes_back(tmp_path: Path) -> None:
    bring(tmp_path)
    back = ("export", "coinr", tmp_path / "x/data.csv", "--framework", tmp_path / "x/edition.yaml")
    pii(*back, "--out", tmp_path / "back")
    data, meta = ((tmp_path / "back" / n).read_bytes() for n in ("iData.csv", "iMeta.csv"))
    found = tables(data, meta)
    assert found.nodes == PLAIN.nodes
    assert [u.name for u in found.units] == [u.name for u in PLAIN.units]


def test_an_edition_of_this_project_goes_to_coinr_and_back(tmp_path: Path) -> None:
    open_2022 = Path(__file__).resolve().parents[2] / "data/open-2022"
    result = pii("export", "coinr", open_2022 / "figures.csv", "--framework",
                 open_2022 / "edition.yaml", "--out", tmp_path / "out", "--lang", "en")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "7.2.2 → X7.2.2" in result.output
    brought = pii("import", "coinr", tmp_path / "out/iData.csv", tmp_path / "out/iMeta.csv",
                  "--out", tmp_path / "in")  # fmt: skip
    assert brought.exit_code == 0, brought.output
    there, here = (load_edition(p)[0] for p in (open_2022 / "edition.yaml", tmp_path / "in/edition.yaml"))  # fmt: skip
    assert [f"X{c}" for c in there.codes] == list(here.codes)
    assert [i.direction for i in there.indicators] == [i.direction for i in here.indicators]


def test_faults_end_with_two_and_write_nothing(tmp_path: Path) -> None:
    result = bring(tmp_path, DATA.replace("50", "many"))
    assert result.exit_code == 2
    assert "iData.csv [E3]: roads is “many”" in result.output
    assert not (tmp_path / "x").exists()


def notes_of(result: Result) -> Sequence[str]:
    return [line for line in result.output.splitlines() if line.startswith("NOTE")]


def test_notes_are_printed(tmp_path: Path) -> None:
    assert notes_of(bring(tmp_path, csv_with_row_names(DATA, "X"))) == [
        "NOTE iData.csv: the column X is taken for R's row names and left out."
    ]

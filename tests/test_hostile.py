"""What a file says reaches no output as anything but words: the bytes of every output are read."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pii.cli import main
from pii.findings import Finding
from pii.framework import Framework
from pii.matrix import matrix_of
from pii.method import Method
from pii.pipeline import Outcome, compute
from pii.report import tables
from pii.report.explain import explained, recorded
from pii.report.files import report_files
from pii.report.league import league_lines
from pii.scoring import province_list
from pii.submission import Place, Status
from tests.small import small_framework, small_method, small_values
from tests.workbooks import filled

ROOT = Path(__file__).resolve().parents[1]
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WORDS = {
    "formula": '=HYPERLINK("http://x","a")',
    "payload": "@SUM(1);=cmd|' /C calc'!A0",
    "page": '"><script>alert(1)</script>&{{7*7}}<!-- -->',
    "mathematics": "$\\frac{1}{0}$ $\\input{/etc/passwd}$",
    "terminal": "\x1b[2J\x1b]0;x\x07\u202egnp.\r\n-2+3",
    "path": "../../../tmp/x\x00/CON",
}
LONG = "+" + "Ω" * 200_000


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """Six units with hostile names, and hostile cells behind their figures."""
    framework, method = small_framework(), small_method()
    names = [*list(WORDS.values())[:5], LONG]
    matrix = matrix_of(small_values(), names, framework)
    cells = tuple(
        tuple(
            replace(
                cell,
                text=WORDS["payload"] if j % 2 else LONG,
                evidence=WORDS["formula"],
                note=WORDS["terminal"],
                place=Place(WORDS["path"], WORDS["page"], "A1"),
            )
            for j, cell in enumerate(row)
        )
        for row in matrix.observations
    )
    matrix = replace(matrix, observations=cells)
    facts = {"code": "1.1.1", "found": LONG, "unit_vi": WORDS["page"], "unit_en": WORDS["formula"]}
    findings = tuple(
        Finding("V102", Place(WORDS["path"], WORDS["formula"], "A1"), name, "1.1.1", facts)
        for name in names
    )
    scores = compute(matrix, framework, method)
    return Outcome(framework, method, None, matrix, scores, findings)


@pytest.fixture(scope="module")
def outputs(outcome: Outcome) -> dict[str, bytes]:
    return dict(report_files(outcome, "vi", charts="all"))


def test_file_names_come_from_nothing_a_file_says(outputs: dict[str, bytes]) -> None:
    assert all(re.fullmatch(r"[a-z0-9_-]+(/[a-z0-9_-]+)*\.[a-z]+", name) for name in outputs)
    assert all(len(name) < 100 for name in outputs)


def test_no_cell_of_a_csv_is_a_formula_wherever_a_line_is_cut(outputs: dict[str, bytes]) -> None:
    seen = 0
    for name, data in outputs.items():
        if name.endswith(".csv"):
            text = data.decode()
            assert not CONTROL.search(text), name
            for row in csv.reader(StringIO(text, newline="")):
                for cell in row:
                    seen += cell.startswith("'")
                    for part in re.split("[;\t\n]", cell):
                        bare = part.lstrip()
                        assert not bare.startswith(tuple("=@＝＠")), (name, cell[:50])
                        if bare.startswith(("+", "-")):
                            float(bare)
    assert seen > 20


def test_no_cell_of_the_workbook_is_a_formula(outputs: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(outputs["results.xlsx"])) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name) and b"<f " not in archive.read(name)
            assert "externalLink" not in name and "hyperlink" not in name
    book = load_workbook(BytesIO(outputs["results.xlsx"]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == WORDS["formula"] for cell in cells)
    assert all(cell.data_type != "f" for cell in cells if cell.value != WORDS["formula"])
    assert all(len(str(cell.value)) <= 32767 for cell in cells)


def test_charts_are_words_in_sound_files_of_a_sane_size(outputs: dict[str, bytes]) -> None:
    charts = {name: data for name, data in outputs.items() if name.startswith("charts/")}
    assert len(charts) == 16
    for name, data in charts.items():
        assert len(data) < 3_000_000, name
        if name.endswith(".svg"):
            root = ET.fromstring(data)
            names = {one.tag.rpartition("}")[2] for one in root.iter() if isinstance(one.tag, str)}
            assert not names & {"script", "image", "foreignObject", "a"}
            width = float(root.attrib["width"].removesuffix("pt"))
            assert width < 3000
            assert not CONTROL.search(data.decode())


def test_the_terminal_gets_no_escape_and_no_endless_line(outcome: Outcome) -> None:
    lines = list(league_lines(outcome, "vi"))
    assert not CONTROL.search("".join(lines))
    assert max(map(len, lines)) < 300


def test_explain_gives_back_what_was_typed_without_steering(outcome: Outcome) -> None:
    data = {
        name: tables.csv_bytes(table(outcome))
        for name, table in (
            ("scores", tables.scores_table),
            ("indicators", tables.indicators_table),
            ("treatment", tables.treatment_table),
        )
    }
    run = recorded(outcome.framework, outcome.method, {}, **data)
    assert WORDS["formula"] in run.provinces
    said = "\n".join(explained(run, WORDS["formula"], "1.1.2", "vi"))
    assert WORDS["payload"] in said
    assert len(said) < 5000


@pytest.fixture(scope="module")
def submission(
    full_edition: tuple[Framework, Method], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    framework = full_edition[0]
    provinces = province_list(framework)
    assert provinces is not None
    own = [one.code for one in framework.indicators if one.supplier == "province"]
    safe = {name: text.replace("\x00", "").replace("\x1b", "").replace("\x07", "")
            for name, text in WORDS.items()}  # fmt: skip
    values: dict[str, object] = dict(zip(own, (f" {text}" for text in safe.values()), strict=False))
    data = filled(
        framework,
        provinces.by_code["01"],
        values,
        evidence=dict.fromkeys(own, f" {safe['page']}"),
        notes={own[0]: " " + "Ω" * 32_000, own[1]: f" {safe['mathematics']}"},
    )
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "01.xlsx").write_bytes(data)
    return folder


def test_every_answer_of_a_check(submission: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    answers = [
        "--cost", "--annotate", tmp_path / "a", "--letter", tmp_path / "l",
        "--dashboard", tmp_path / "d.html", "--table", tmp_path / "t.csv",
        "--json", tmp_path / "c.json",
    ]  # fmt: skip
    edition = ["--framework", ROOT / "indicators.yaml"]
    result = CliRunner().invoke(main, ["check", *map(str, [submission, *edition, *answers])])
    assert result.exit_code == 3, result.output
    assert not CONTROL.search(result.output.replace("\n", ""))
    assert "Traceback" not in result.output
    assert {path.name for path in tmp_path.iterdir()} == {
        "a", "l", "d.html", "t.csv", "c.json", "link",
    }  # fmt: skip
    page = (tmp_path / "d.html").read_text("utf-8")
    assert "<script" not in page and not CONTROL.search(page)
    whole = json.loads((tmp_path / "c.json").read_bytes())
    assert len(whole["cells"]) == 34 * 52
    assert {cell["status"] for cell in whole["cells"] if "status" in cell} <= {
        one.value for one in Status
    }
    with ZipFile(tmp_path / "a/01.xlsx") as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())
    assert len(list((tmp_path / "l").iterdir())) == 34
    for name in ("d.html", "c.json", "t.csv"):  # again, over what pii itself wrote
        assert (tmp_path / name).stat().st_size
    link = CliRunner().invoke(
        main, ["check", *map(str, [submission, *edition, "--json", tmp_path / "link"])]
    )
    assert link.exit_code == 2 and "is a link" in link.output
    assert not (tmp_path / "elsewhere").exists()


def test_json_alone_on_standard_output(submission: Path) -> None:
    words = [submission, "--framework", ROOT / "indicators.yaml", "--json", "-"]
    result = CliRunner().invoke(main, ["check", *map(str, words)])
    assert result.exit_code == 3
    assert json.loads(result.stdout)["schema"] == "pii-check/1"
    assert "01.xlsx" in result.stderr

"""The program as its users start it: what it prints, writes and returns."""

import csv
import json
import random
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pii.cli import main
from pii.intake.definition import edition_bytes, load_edition

ROOT = Path(__file__).resolve().parents[1]
OPEN = ROOT / "data/open-2022"
FIGURES = OPEN / "figures.csv"
EDITION = ["--framework", str(OPEN / "edition.yaml")]
QUICK = ["--charts", "none"]


def pii(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "open"
    result = pii("run", FIGURES, *EDITION, *QUICK, "--compare-published", 2023, "--out", out)
    assert result.exit_code == 0, result.output
    return out


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_help_teaches_the_yearly_round() -> None:
    result = pii("--help")
    assert result.exit_code == 0
    for command in ("framework", "template", "check", "run", "explain", "verify", "preview"):
        assert f"pii {command}" in result.output
        assert pii(command, "--help").exit_code == 0


def test_framework_prints_effective_weights_and_assumptions() -> None:
    result = pii("framework", "--framework", ROOT / "indicators.yaml", "--lang", "en")
    assert result.exit_code == 0
    assert "input (Innovation input): 35 indicators, 1.43 % each on average." in result.output
    assert "output (Innovation output): 17 indicators, 2.94 % each on average." in result.output
    assert "8 of 52 indicator names are unattested" in result.output


def test_a_run_ends_with_the_league_table_and_the_folder(run: Path) -> None:
    scores = {(row["province"], row["node"]): row for row in rows(run / "tables/scores.csv")}
    assert scores["74", "PII"]["rank"] == "1"
    assert set(next(iter(scores.values()))) == {
        "province", "node", "level", "score", "rank", "coverage",
    }  # fmt: skip
    assert {path.name for path in run.iterdir()} == {
        "inputs", "tables", "results.xlsx", "run.json",
    }  # fmt: skip


def test_what_is_assumed_is_said_on_the_output() -> None:
    out = "--out", "unused"
    result = pii("run", FIGURES, *EDITION, *QUICK, "--lang", "en", *out)
    shutil.rmtree("unused")
    assert "14 of 52 indicators, experimental" in result.output
    assert "GII practice is used" in result.output


def test_agreement_with_published_ranks_is_printed_and_kept(run: Path) -> None:
    notes = json.loads((run / "run.json").read_text("utf-8"))["notes"]
    assert "33 tỉnh" in notes[0]
    assert "0,91" in notes[0]


def test_a_run_is_never_overwritten(run: Path) -> None:
    before = sorted(path.name for path in run.rglob("*"))
    result = pii("run", FIGURES, *EDITION, *QUICK, "--out", run)
    assert result.exit_code == 2
    assert "nothing is ever overwritten" in result.output
    assert sorted(path.name for path in run.rglob("*")) == before


def test_a_run_that_breaks_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> bytes:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("pii.report.files.results_workbook", breaks)
    result = pii("run", FIGURES, *EDITION, *QUICK, "--out", tmp_path / "run")
    assert result.exit_code == 1
    assert "an error of the engine itself (RuntimeError: on purpose)" in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_errors_stop_a_run_and_nothing_is_written(tmp_path: Path) -> None:
    table = tmp_path / "bad.csv"
    lines = FIGURES.read_text("utf-8").replace(",3.65776327,", ",99,", 1)
    table.write_text(lines, "utf-8")
    result = pii("run", table, *EDITION, *QUICK, "--out", tmp_path / "run", "--lang", "en")
    assert result.exit_code == 3
    assert "V201 bad.csv [E2]: 3.1.2 is 99" in result.output
    assert not (tmp_path / "run").exists()


def test_skipped_provinces_are_named_on_the_output(tmp_path: Path) -> None:
    table = tmp_path / "bad.csv"
    lines = FIGURES.read_text("utf-8").replace(",3.65776327,", ",99,", 1)
    table.write_text(lines, "utf-8")
    out = tmp_path / "run"
    words = ["run", table, *EDITION, *QUICK, "--out", out, "--skip-invalid", "--lang", "en"]
    result = pii(*words)
    assert result.exit_code == 0, result.output
    assert "62 of 63 provinces are ranked." in result.output
    assert "Left out because their submissions have errors: Ha Noi." in result.output
    assert "01" not in {row["province"] for row in rows(out / "tables/scores.csv")}
    assert pii("verify", out).exit_code == 0


def test_verify_proves_a_run(run: Path) -> None:
    result = pii("verify", run, "--lang", "en")
    assert result.exit_code == 0
    outputs = [*(run / "tables").iterdir(), run / "results.xlsx"]
    assert f"Proved: all {len(outputs)} outputs" in result.output


def test_a_run_that_keeps_its_edition_as_yaml_is_still_proved(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    json_file, yaml_file = copy / "inputs/edition.json", copy / "inputs/edition.yaml"
    yaml_file.write_bytes(edition_bytes(*load_edition(json_file)))
    json_file.unlink()
    manifest = json.loads((copy / "run.json").read_text("utf-8"))
    del manifest["inputs"]["inputs/edition.json"]
    manifest["inputs"]["inputs/edition.yaml"] = sha256(yaml_file.read_bytes()).hexdigest()
    (copy / "run.json").write_text(json.dumps(manifest), "utf-8")
    result = pii("verify", copy, "--lang", "en")
    assert result.exit_code == 0 and "Proved: all" in result.output


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tables/scores.csv", "tables/scores.csv: changed or gone on disk"),
        ("results.xlsx", "results.xlsx: changed or gone on disk"),
        ("inputs/submissions/figures.csv", "figures.csv: changed or gone on disk"),
        ("inputs/edition.json", "inputs/edition.json: changed or gone on disk"),
    ],
)
def test_verify_sees_one_changed_byte(run: Path, tmp_path: Path, name: str, said: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    result = pii("verify", copy)
    assert result.exit_code == 1
    assert said in result.output


def test_verify_sees_a_score_that_the_inputs_do_not_give(run: Path, tmp_path: Path) -> None:
    """Somebody edits a score and its fingerprint: only recomputing shows it."""
    from pii.store import fingerprint

    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    table = copy / "tables/scores.csv"
    table.write_bytes(table.read_bytes().replace(b"75.57", b"95.57", 1))
    manifest = json.loads((copy / "run.json").read_text("utf-8"))
    manifest["outputs"]["tables/scores.csv"] = fingerprint(table.read_bytes())
    (copy / "run.json").write_text(json.dumps(manifest), "utf-8")
    result = pii("verify", copy)
    assert result.exit_code == 1
    assert "tables/scores.csv: computed differently" in result.output


def test_verify_sees_a_file_that_does_not_belong(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    (copy / "tables/extra.csv").write_text("x", "utf-8")
    result = pii("verify", copy)
    assert result.exit_code == 1
    assert "tables/extra.csv: not part of the run" in result.output


def test_explain_follows_an_indicator_to_its_cell(run: Path) -> None:
    result = pii("explain", run, "ha noi", "6.3.1", "--lang", "en")
    assert result.exit_code == 0
    for said in ("73.19 (rank 2 of 63)", "figures.csv [", "35.23142017", "capped at 23.50238353"):
        assert said in result.output
    assert "25.00 of the 73.19 points" in result.output


def test_explain_says_what_is_not_published(run: Path) -> None:
    result = pii("explain", run, "44", "5", "--lang", "en")
    assert "5.3  Knowledge absorption: not published" in result.output
    assert "100.0 %  5.1" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain", "{run}", "Paris"], "'Paris' is not in this run"),
        (["explain", "{run}", "01", "9.9"], "no node '9.9'"),
        (["verify", str(ROOT / "data")], "is no run folder"),
        (["run", "nowhere", "--out", "x"], "nowhere: no such file or folder"),
        (["framework", "--framework", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["template", "--province", "99", "--out", "x"], "no province '99'"),
    ],
)
def test_usage_errors_say_what_to_do_and_exit_2(run: Path, words: list[str], said: str) -> None:
    result = pii(*(word.format(run=run) for word in words))
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_templates_filled_by_the_central_table_are_read_back(tmp_path: Path, run: Path) -> None:
    """The main job: figures → 63 templates → checked → the same scores as from the table."""
    templates = tmp_path / "templates"
    made = pii("template", *EDITION, "--central", FIGURES, "--out", templates)
    assert made.exit_code == 0, made.output
    assert len(list(templates.iterdir())) == 63
    checked = pii("check", templates, *EDITION, "--lang", "en")
    assert checked.exit_code == 0, checked.output
    assert "63 files: 0 errors, 13 warnings, 4 notes." in checked.output
    out = tmp_path / "run"
    assert pii("run", templates, *EDITION, *QUICK, "--out", out).exit_code == 0
    assert (out / "tables/scores.csv").read_bytes() == (run / "tables/scores.csv").read_bytes()
    full = pii(
        "run", templates, *QUICK, "--framework", ROOT / "indicators.yaml", "--lang", "en",
        "--provinces-on", "2022-12-31", "--accept-template", "open-2022",
        "--out", tmp_path / "full",
    )  # fmt: skip
    assert full.exit_code == 0, full.output
    assert "for anyone: PII, input, output, 1, 2," in full.output
    scores = rows(tmp_path / "full/tables/scores.csv")
    assert all(r["score"] == "" for r in scores if r["node"] in ("PII", "input", "1", "2"))


def test_the_order_of_rows_columns_and_files_changes_no_byte(tmp_path: Path) -> None:
    table = (ROOT / "data/synthetic-2025/values.csv").read_text("utf-8").splitlines()
    grid = [line.split(",") for line in table]
    assert len({len(line) for line in grid}) == 1
    shuffle = random.Random(7)
    columns = list(range(len(grid[0])))
    shuffle.shuffle(columns)
    body = grid[1:]
    shuffle.shuffle(body)
    mixed = [[line[j] for j in columns] for line in [grid[0], *body]]
    folders = {}
    for name, content in (("plain", grid), ("mixed", mixed)):
        inputs = tmp_path / name
        inputs.mkdir()
        (inputs / "values.csv").write_text("\n".join(map(",".join, content)) + "\n", "utf-8")
        folders[name] = tmp_path / f"{name}-run"
        result = pii(
            "run", inputs, *QUICK, "--out", folders[name],
            "--framework", ROOT / "data/synthetic-2025/edition.yaml",
        )  # fmt: skip
        assert result.exit_code == 0, result.output
    for table_name in ("scores", "treatment", "treated_points"):
        plain, other = (folder / f"tables/{table_name}.csv" for folder in folders.values())
        assert plain.read_bytes() == other.read_bytes()
    # Where a value stood is all that may differ.
    drop = {"cell"}
    plain_rows, mixed_rows = (rows(f / "tables/indicators.csv") for f in folders.values())
    assert [{k: v for k, v in row.items() if k not in drop} for row in plain_rows] == [
        {k: v for k, v in row.items() if k not in drop} for row in mixed_rows
    ]


def test_the_order_of_files_changes_no_byte(tmp_path: Path, run: Path) -> None:
    """One file per province, named in another order than the codes."""
    head, *body = FIGURES.read_text("utf-8").splitlines()
    by_province: dict[str, list[str]] = {}
    for line in body:
        by_province.setdefault(line.split(",")[1], []).append(line)
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    for code, lines in by_province.items():
        name = f"{100 - int(code):02d}.csv"
        (inputs / name).write_text("\n".join([head, *reversed(lines)]) + "\n", "utf-8")
    out = tmp_path / "run"
    assert pii("run", inputs, *EDITION, *QUICK, "--out", out).exit_code == 0
    for name in ("scores", "treatment", "treated_points"):
        one, other = (folder / f"tables/{name}.csv" for folder in (out, run))
        assert one.read_bytes() == other.read_bytes()


def test_two_files_for_one_province_are_refused(tmp_path: Path) -> None:
    head, *body = FIGURES.read_text("utf-8").splitlines()
    lines = "\n".join([head, *(line for line in body if line.split(",")[1] == "01")])
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(lines, "utf-8")
    result = pii("check", tmp_path, *EDITION, "--lang", "en")
    assert result.exit_code == 3
    assert result.output.count("P103") == 2
    assert "a.csv" in result.output


def test_other_files_in_a_folder_are_named_not_swallowed(tmp_path: Path) -> None:
    shutil.copy(FIGURES, tmp_path)
    (tmp_path / "letter.docx").write_bytes(b"x")
    (tmp_path / "~$open.xlsx").write_bytes(b"x")
    result = pii("check", tmp_path, *EDITION)
    assert "passed over, not a spreadsheet: letter.docx" in result.output


# ---- what a code, a central figure and a manifest may not hide ---------------------------------


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "templates"
    words = ["--province", "04", "--province", "24"]
    assert pii("template", *EDITION, "--central", FIGURES, *words, "--out", out).exit_code == 0
    return out


def test_a_reused_code_is_not_taken_for_its_new_province(templates: Path) -> None:
    """24 was Bắc Giang and is Bắc Ninh: the name beside the code tells which list is meant."""
    file = templates / "24-bac-giang.xlsx"
    result = pii("check", file, *EDITION, "--provinces-on", "2025-07-01", "--lang", "en")
    assert result.exit_code == 3
    assert "P106" in result.output
    assert "code 24 is Bac Ninh on the list of 2025-07-01" in result.output
    table = pii("check", FIGURES, *EDITION, "--provinces-on", "2025-07-01", "--lang", "en")
    assert table.output.count("P106") == 7


def test_an_altered_central_figure_is_found_without_the_central_table(
    templates: Path, tmp_path: Path
) -> None:
    from workbooks import cell_of, edited

    def change(book: object) -> None:
        cell_of(book, "3.1.2", "value").value = 9.9
        cell_of(book, "3.2.1", "value").value = None

    file = tmp_path / "04.xlsx"
    file.write_bytes(edited((templates / "04-cao-bang.xlsx").read_bytes(), change))
    result = pii("check", file, *EDITION, "--lang", "en")
    assert result.exit_code == 3
    assert "3.1.2 is a central agency's figure but reads 9.9; expected: 2.16656208" in result.output
    assert "3.2.1 is a central agency's figure but reads (empty)" in result.output


def split_by_indicator(folder: Path) -> tuple[Path, Path]:
    head, *body = FIGURES.read_text("utf-8").splitlines()
    parts = ([line for line in body if line < "5"], [line for line in body if line >= "5"])
    paths = (folder / "one.csv", folder / "two.csv")
    for path, lines in zip(paths, parts, strict=True):
        path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return paths


def test_several_central_tables_stand_together(tmp_path: Path) -> None:
    one, two = split_by_indicator(tmp_path)
    words = ["--central", one, "--central", two, "--province", "01", "--out", tmp_path / "t"]
    assert pii("template", *EDITION, *words).exit_code == 0
    checked = pii("check", tmp_path / "t", *EDITION, "--central", one, "--central", two)
    assert checked.output.count("V108") == 0


def test_central_tables_that_contradict_each_other_stop_everything(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("province,3.1.2\n01,5\n", "utf-8")
    words = ["--central", FIGURES, "--central", other, "--skip-invalid", "--lang", "en"]
    result = pii("run", FIGURES, *EDITION, *QUICK, *words, "--out", tmp_path / "run")
    assert result.exit_code == 3
    assert "T108 other.csv [B2]: the central agency's figure of 3.1.2 is 5" in result.output
    assert not (tmp_path / "run").exists()


def test_files_that_could_not_be_read_are_named_on_the_output(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    shutil.copy(FIGURES, inputs)
    (inputs / "15-lao-cai.xlsx").write_bytes(b"not a workbook")
    words = ["--skip-invalid", "--lang", "en", "--out", tmp_path / "run"]
    result = pii("run", inputs, *EDITION, *QUICK, *words)
    assert result.exit_code == 0, result.output
    assert "Not read, not counted: 15-lao-cai.xlsx." in result.output
    assert pii("verify", tmp_path / "run").exit_code == 0


@pytest.mark.parametrize(
    ("year", "said"),
    [("2025", "cannot be compared"), ("1999", "there are 2023, 2024, 2025")],
)
def test_ranks_of_other_provinces_are_not_compared(tmp_path: Path, year: str, said: str) -> None:
    out = tmp_path / "run"
    result = pii("run", FIGURES, *EDITION, *QUICK, "--compare-published", year, "--out", out)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("key", ["label", "title", "ranked", "caveats", "method", "notes"])
def test_verify_reads_the_manifest_too(run: Path, tmp_path: Path, key: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    manifest = json.loads((copy / "run.json").read_text("utf-8"))
    manifest[key] = {"points": 0} if key == "method" else None if key == "label" else ["other"]
    (copy / "run.json").write_text(json.dumps(manifest), "utf-8")
    result = pii("verify", copy)
    assert result.exit_code == 1
    assert f"run.json ({key}): computed differently" in result.output


def test_a_preview_may_be_made_again_but_eats_no_other_file(
    templates: Path, run: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    words = ["preview", templates / "04-cao-bang.xlsx", "--against", run, "--out", page]
    assert pii(*words).exit_code == 0
    assert pii(*words).exit_code == 0
    page.write_text("<html>a letter</html>", "utf-8")
    assert pii(*words).exit_code == 2
    assert page.read_text("utf-8") == "<html>a letter</html>"


@pytest.mark.parametrize("name", ["a:b.csv", "con.csv", "x./y.csv"])
def test_a_file_name_that_other_systems_refuse_is_refused_here(tmp_path: Path, name: str) -> None:
    path = tmp_path / "in" / name
    path.parent.mkdir(parents=True)
    shutil.copy(FIGURES, path)
    result = pii("check", tmp_path / "in", *EDITION)
    assert result.exit_code == 2
    assert "cannot be a file name on every system" in result.output


def test_rows_of_other_provinces_are_dropped_alone_and_named(tmp_path: Path) -> None:
    """Of the 63 of 2022, 27 stand on the list of 34 with the same code and name."""
    words = ["--provinces-on", "2025-07-01", "--skip-invalid", "--lang", "en"]
    out = tmp_path / "run"
    result = pii("run", FIGURES, *EDITION, *QUICK, *words, "--out", out)
    assert result.exit_code == 0, result.output
    assert "27 of 34 provinces are ranked." in result.output
    assert "Not read, not counted: figures.csv [" in result.output
    named = {row["province"] for row in rows(out / "tables/scores.csv")}
    assert named.isdisjoint({"15", "24", "44", "52", "80", "82", "91"})


def test_a_full_edition_travels_through_workbooks(tmp_path: Path) -> None:
    """34 × 52: agencies' figures prefilled, the provinces' own typed in, the table's scores."""
    from workbooks import cell_of, edited

    from pii.intake.definition import load_framework

    folder = ROOT / "data/synthetic-2025"
    edition = ["--framework", folder / "edition.yaml"]
    values = folder / "values.csv"
    own = [i.code for i in load_framework(folder / "edition.yaml").indicators if i.evidence]
    assert len(own) == 13
    filled = tmp_path / "filled"
    assert pii("template", *edition, "--central", values, "--out", filled).exit_code == 0
    typed = {row["province"]: row for row in rows(values)}
    for path in filled.iterdir():

        def fill(book: object, row: dict[str, str] = typed[path.name[:2]]) -> None:
            for code in own:
                if row[code]:
                    cell_of(book, code, "value").value = float(row[code])
                    cell_of(book, code, "evidence").value = "12/BC-UBND"

        path.write_bytes(edited(path.read_bytes(), fill))
    for inputs, name in ((filled, "books"), (values, "table")):
        result = pii("run", inputs, *edition, *QUICK, "--out", tmp_path / name, "--lang", "en")
        assert result.exit_code == 0, result.output
        assert "SYNTHETIC" in result.output
    books, table = (tmp_path / name / "tables/scores.csv" for name in ("books", "table"))
    assert books.read_bytes() == table.read_bytes()

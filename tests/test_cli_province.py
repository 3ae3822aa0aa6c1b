"""The province's commands as an officer starts them: what they print, write, keep and refuse."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from tests.test_cli import QUICK, ROOT, pii, rows
from tests.workbooks import cell_of, edited

FOLDER = ROOT / "data/synthetic-2025"
EDITION = ["--framework", FOLDER / "edition.yaml"]
HOME = "56"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A run, two before it, a template and the same filled in with one value left out."""
    folder = tmp_path_factory.mktemp("province")
    table = rows(FOLDER / "values.csv")
    rng = np.random.default_rng(8)
    for name, low, high in (("now", 0.98, 1.0), ("before", 0.9, 0.97), ("first", 0.8, 0.9)):
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            codes = list(table[0])[2:]
            out.writerow(["province", *codes])
            for row in table:
                figures = [row[c] and repr(float(row[c]) * rng.uniform(low, high)) for c in codes]
                out.writerow([row["province"], *figures])
        words = [*EDITION, *QUICK, "--skip-invalid", "--out", folder / name]
        result = pii("run", path, *words)
        assert result.exit_code == 0, result.output
    with (folder / "central.csv").open("w", encoding="utf-8", newline="") as file:
        known = [code for code in codes if code != "6.1.1"]  # which is to be carried over
        out = csv.DictWriter(file, ["province", *known], extrasaction="ignore")
        out.writeheader()
        out.writerows(table)
    against = ["--against", folder / "now", "--province", HOME]
    words = [*EDITION, "--central", folder / "central.csv", *against, "--out", folder / "t"]
    assert pii("template", *words).exit_code == 0
    (template,) = (folder / "t").iterdir()
    home = next(row for row in table if row["province"] == HOME)

    def fill(book):
        for code in ("1.1.1", "2.1.2", "2.2.4", "3.2.2", "5.3.2", "6.3.2", "6.3.3", "7.1.2"):
            cell_of(book, code, "value").value = float(home[code])
            cell_of(book, code, "evidence").value = "QĐ 1"

    (folder / "56.xlsx").write_bytes(edited(template.read_bytes(), fill))
    return folder


@pytest.fixture(scope="module")
def ask(folder):
    def asked(command, *words, file="56.xlsx"):
        result = pii(command, folder / file, "--against", folder / "now", *words)
        assert "Traceback" not in result.output and result.exit_code != 1, result.output
        return result

    return asked


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_range_of_earlier_runs_says_what_it_is_made_of(ask, folder, lang):
    page = folder / f"history-{lang}.html"
    words = ["--lang", lang, "--out", page, "--history", folder / "before"]
    one = ask("preview", *words)
    assert one.exit_code == 0
    said = {"vi": ("34 kịch bản", "“before” và “now”", "Chưa thử lại được"),
            "en": ("34 scenarios", "“before” and “now”", "Not tested")}[lang]  # fmt: skip
    assert all(text in one.output and text in page.read_text("utf-8") for text in said)
    two = ask("preview", *words[:-2], "--history", folder / "first", "--history", folder / "before")
    tried = {"vi": r"với (\d+), hạng với (\d+) trên (\d+) tỉnh",
             "en": r"for (\d+), the rank for (\d+) of (\d+) prov"}[lang]  # fmt: skip
    score, rank, of = map(int, re.search(tried, two.output).groups())
    assert of == 34 and 0 <= score <= of and 0 <= rank <= of
    assert re.search(tried, page.read_text("utf-8"))


def test_a_third_earlier_run_is_refused(ask, folder):
    history = ["--history", folder / "before"] * 3
    result = ask("preview", *history)
    assert result.exit_code == 2 and "once or twice" in result.output


def figures_of_others(folder, table, column) -> set[str]:
    """Other provinces' figures of a run with every digit; not what two provinces share."""
    found = [(row["province"], row[column]) for row in rows(folder / "now/tables" / table)]
    own = {text for who, text in found if who == HOME}
    return {text for who, text in found if who != HOME and len(text) > 8 and text not in own}


def test_a_preview_is_confidential_unless_it_is_said_to_be_public(ask, folder):
    shut, free = folder / "shut.html", folder / "free.html"
    one, two = ask("preview", "--out", shut), ask("preview", "--out", free, "--public")
    ranks = [re.search(r"PII .* (\S+/34)", told.output).group(1) for told in (one, two)]
    assert re.fullmatch(r"\d+–\d+/34", ranks[0]) and re.fullmatch(r"\d+/34", ranks[1])
    low, high = map(int, ranks[0].removesuffix("/34").split("–"))
    assert low <= int(ranks[1].removesuffix("/34")) <= high
    best = {}
    for row in rows(folder / "now/tables/scores.csv"):
        if row["score"] and len(row["node"].split(".")) == 1:
            best[row["node"]] = max(best.get(row["node"], 0.0), float(row["score"]))
    printed = {f"{x:.2f}".replace(".", ",") for x in best.values()}
    closed, opened = shut.read_text("utf-8"), free.read_text("utf-8")
    assert len(printed) == 10
    assert all(x in opened for x in printed) and not any(x in closed for x in printed)
    assert "Phân vị 95" in closed and "Phân vị 95" not in opened
    raw = figures_of_others(folder, "indicators.csv", "raw")
    assert raw and not any(text in closed for text in raw)
    # What the province itself had stays: its record, and the figure carried over.
    assert "1 của trung ương lấy lại từ lần tính" in one.output
    assert re.search(r"Trong lần tính “now”: điểm \d", one.output)


@pytest.mark.parametrize("public", [False, True])
def test_a_plan_shows_ranks_as_its_run_may_be_shown(ask, folder, public):
    path = folder / f"plan-{public}.xlsx"
    assert ask("plan", "--out", path, *(["--public"] if public else [])).exit_code == 0
    (line,) = (
        row for row in load_workbook(path).active.iter_rows(values_only=True) if row[0] == "6.1.1"
    )
    assert ("–" in line[5]) != public


@pytest.mark.parametrize(
    ("command", "words", "code", "said"),
    [
        ("whatif", ["--set", "9.9.9=3"], 2, "kỳ này không có chỉ số 9.9.9"),
        ("whatif", ["--set", "9.9.9=3", "--lang", "en"], 2, "the edition has no indicator 9.9.9"),
        ("whatif", ["--set", "5.2.2=100,5"], 2, "không thể là 100,5: ít nhất 0, nhiều nhất 100"),
        ("whatif", ["--set", "5.2.2=-1", "--lang", "en"], 2,
         "cannot be -1: at least 0 and at most 100"),
        ("whatif", ["--set", "6.3.2"], 2, "expected CODE=VALUE"),
        ("whatif", ["--set", "6.3.2=nan"], 2, "expected CODE=VALUE"),
        ("whatif", ["--set", "6.3.2=1.234"], 2, "may mean 1234 or 1.2340"),
        ("whatif", ["--set", "6.3.2=1", "--set", "6.3.2=2"], 2, "names an indicator twice"),
        ("target", ["--rank", 0], 2, "0 is not in the range"),
        ("target", ["--rank", 99], 2, "hạng là từ 1 đến 34"),
        ("target", ["--score", "abc"], 2, "expected a plain number"),
        ("target", ["--score", "inf"], 2, "expected a plain number"),
        ("target", ["--rank", 3, "--score", 40], 2, "name one target"),
        ("target", ["--score", "99,5"], 0, "Không thể đạt chỉ bằng các chỉ số do tỉnh"),
        ("target", ["--above-average", 53], 0, "Cần 53 chỉ số trên trung bình; hiện có"),
        ("target", ["--above-average", 1], 0, "Đã đạt"),
        ("target", ["--rank", 1, "--lang", "en"], 0, "Without a value, so no candidates: 2.1.3,"),
        ("plan", ["--rank", 99, "--out", "x.docx"], 2, "hạng là từ 1 đến 34"),
        ("plan", ["--out", "x.pdf"], 2, "name a .docx or an .xlsx file"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_never_a_traceback(ask, command, words, code, said):
    result = ask(command, *words)
    assert result.exit_code == code and said in result.output, result.output


@pytest.mark.parametrize("command", ["preview", "whatif", "target"])
def test_a_template_of_another_edition_is_a_finding(folder, tmp_path, command):
    edition = ["--framework", ROOT / "data/open-2022/edition.yaml"]
    assert pii("template", *edition, "--province", "04", "--out", tmp_path / "t").exit_code == 0
    words = ["--rank", 3] if command == "target" else []
    file = tmp_path / "t/04-cao-bang.xlsx"
    result = pii(command, file, "--against", folder / "now", *words)
    assert result.exit_code == 3 and "LỖI T103" in result.output


def test_an_empty_template_has_a_preview_and_a_target_that_says_what_is_missing(ask, folder):
    (empty,) = (folder / "t").iterdir()
    file = f"t/{empty.name}"
    assert "13 thiếu" in ask("preview", "--out", folder / "e.html", file=file).output
    assert (
        "Chưa có giá trị nên không tính đến: 1.1.1," in ask("target", "--rank", 1, file=file).output
    )
    assert ask("whatif", file=file).exit_code == 0


def test_a_look_alike_of_another_alphabet_is_named():
    result = pii("template", *EDITION, "--province", "\u041ahánh Hòa", "--out", "t")
    assert result.exit_code == 2 and "is CYRILLIC CAPITAL LETTER KA" in result.output

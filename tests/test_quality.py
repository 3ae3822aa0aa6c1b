"""The quality of a province's data: by hand, by law, and where it is shown."""

import re
from math import isnan
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pii.checks.quality import quality
from pii.cli import main
from pii.findings import Finding
from pii.rules import RULES, Severity, Word
from pii.submission import Place
from tests.batches import FRAMEWORK, changed, long_csv, put, told, without

ROOT = Path(__file__).resolve().parents[1]
SEVEN = len(FRAMEWORK.codes)


def finding(rule: str, indicator: str = "", province: str = "01") -> Finding:
    texts = " ".join((*RULES[rule].texts("vi"), *RULES[rule].texts("en")))
    facts = dict.fromkeys(re.findall(r"\{(\w+)\}", texts), "x")
    return Finding(rule, Place("a.xlsx", "S", "C7"), province, indicator, facts)


def scores(*findings: Finding) -> list[float]:
    (one,) = quality(findings, ["01"], FRAMEWORK)
    return [one.scores[word] for word in Word]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], [100, 100, 100, 100]),
        ([finding("V201", "1.1")], [100 - 100 / 7, 100, 100, 100]),  # an error weighs 1
        ([finding("B106", "1.1")], [100 - 50 / 7, 100, 100, 100]),  # a warning ½
        ([finding("B105", "1.1")], [100, 100, 100, 100]),  # a note nothing
        ([finding("V201", "1.1"), finding("B106", "1.1")], [100 - 100 / 7, 100, 100, 100]),
        ([finding("V201", "1.1"), finding("B106", "1.2")], [100 - 150 / 7, 100, 100, 100]),
        ([finding("V101", "1.1")], [100, 100 - 100 / 7, 100, 100]),  # a hole weighs 1
        ([finding("V108", "1.4")], [100, 100 - 100 / 7, 100, 100]),  # whoever left it
        ([finding("E101", "1.3")], [100, 100 - 50 / 7, 100, 100]),
        ([finding("P109", "2")], [100, 100 - 150 / 7, 100, 100]),  # the three beneath 2
        ([finding("Y104")], [100, 100, 100, 50]),  # the submission as a whole
        ([finding("T104")], [100, 100, 100, 0]),
        ([finding("V201", "1.1", "04")], [100, 100, 100, 100]),  # somebody else's
    ],
)
def test_by_hand(found: list[Finding], expected: list[float]) -> None:
    assert scores(*found) == pytest.approx(expected)


def test_a_province_that_is_not_in_is_incomplete_and_not_judged() -> None:
    correct, complete, clean, current = scores(finding("P104"))
    assert complete == 0
    assert isnan(correct) and isnan(clean) and isnan(current)


ANY = st.builds(finding, st.sampled_from([r for r in RULES if r != "P104"]),
                st.sampled_from(["", "1", "X", *FRAMEWORK.codes]))  # fmt: skip


@given(st.lists(ANY, max_size=12), ANY)
def test_one_more_finding_never_helps_and_repeating_one_changes_nothing(
    found: list[Finding], more: Finding
) -> None:
    before, after = scores(*found), scores(*found, more)
    assert all(0 <= b <= a <= 100 for a, b in zip(before, after, strict=True))
    assert scores(*found, more, more) == after
    if more.severity is Severity.NOTE:
        assert after == before


# ---------------------------------------------------------------- where it is shown


def test_check_groups_by_province_errors_first_and_counts_by_word(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    lines = (ROOT / "data/open-2022/figures.csv").read_text("utf-8")
    bad = lines.replace(",3.65776327,", ",99,", 1).replace(",2.58642149,", ",khoảng 2,", 1)
    path.write_text(bad, "utf-8")
    words = ["check", str(path), "--framework", str(ROOT / "data/open-2022/edition.yaml")]
    result = CliRunner().invoke(main, [*words, "--lang", "en"])
    assert result.exit_code == 3
    told = result.output.splitlines()
    heads = [line for line in told if " · correct " in line]
    assert heads[0] == (
        "Ha Noi (01): 1 errors, 1 notes · correct 93, complete 100, clean 100, current 100"
    )
    assert heads[1].startswith("Ha Giang (02): 1 errors")
    assert "clean 93" in heads[1]
    assert told[0].startswith("The batch as a whole: ")
    assert told[-2].startswith("1 files: 2 errors,")
    assert told[-1] == "882 cells = 867 values + 13 holes + 2 errors."
    assert "correct: 1 errors, 4 notes." in told
    assert any(line.startswith("Nothing found of their own (") for line in told)


def test_a_run_writes_the_quality_of_every_province(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ["run", str(ROOT / "data/open-2022/figures.csv"), "--charts", "none"]
    words += ["--framework", str(ROOT / "data/open-2022/edition.yaml"), "--out", str(out)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    rows = (out / "tables/quality.csv").read_text("utf-8").splitlines()
    assert rows[0] == "province,correct,complete,clean,current"
    assert len(rows) == 64
    assert rows[1] == "01,100.0,100.0,100.0,100.0"
    assert rows[2].startswith("02,100.0,92.857142857142")
    sheet = load_workbook(out / "results.xlsx")["Chất lượng số liệu"]
    texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {"đúng", "đủ", "sạch", "sống", "Hà Giang"} <= set(texts)


def test_a_whole_table_of_faults_is_judged() -> None:
    found = told(("t.csv", long_csv(changed(put("04", "1.1", value="130"), without("08", "1.1")))))
    judged = {q.province: q for q in quality(found.findings, ["01", "04", "08"], FRAMEWORK)}
    assert judged["01"].scores[Word.CORRECT] == 100
    assert judged["04"].scores[Word.CORRECT] == pytest.approx(100 - 100 / SEVEN)
    assert judged["08"].scores[Word.COMPLETE] == pytest.approx(100 - 100 / SEVEN)

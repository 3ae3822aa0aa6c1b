"""The annex of an action plan: every indicator once, in Word and in Excel, with the same texts."""

from io import BytesIO
from math import nan

import pytest
from docx import Document
from openpyxl import load_workbook

from pii.preview.estimate import preview
from pii.preview.reference import withheld
from pii.report.plan import plan_docx, plan_xlsx
from pii.target import Answer, Step
from tests.preview.test_estimate import reference_to, submission_of
from tests.small import small_outcome


@pytest.fixture(scope="module")
def reference():
    return reference_to(small_outcome())


@pytest.fixture(scope="module")
def result(reference):
    return preview(submission_of(small_outcome(), "48"), reference)


def in_word(data: bytes) -> tuple[list[str], list[tuple[str, ...]]]:
    document = Document(BytesIO(data))
    (table,) = document.tables
    rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
    return [paragraph.text for paragraph in document.paragraphs], rows


def in_excel(data: bytes) -> tuple[list[str], list[tuple[str, ...]]]:
    rows = list(load_workbook(BytesIO(data)).active.iter_rows(values_only=True))
    cells = [tuple(str(cell or "") for cell in row) for row in rows]
    head = next(i for i, row in enumerate(cells) if row[0] in ("Mã", "Code"))
    return [row[0] for row in cells[:head] if row[0]], cells[head:]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_word_and_excel_hold_the_same(result, lang):
    texts, rows = in_word(plan_docx(result, None, lang))
    texts_too, rows_too = in_excel(plan_xlsx(result, None, lang))
    assert [text for text in texts if text] == texts_too
    assert rows == rows_too


def test_every_indicator_has_one_row_with_its_figures_and_room_to_write(result):
    _, rows = in_word(plan_docx(result, None, "vi"))
    codes = [row[0] for row in rows]
    for row in result.rows:
        assert codes.count(row.indicator.code) == 1
    line = rows[codes.index("1.1.1")]
    # Hand: 7.3 between 2.2 and 9.1 on 0 … 100 gives 73.91, third of six; see small_values.
    assert line[3:6] == ("7,3", "73,91", "3/6")
    assert line[8:11] == ("", "", "")


def test_strengths_and_weaknesses_stand_in_the_head(result):
    texts, _ = in_word(plan_docx(result, None, "en"))
    assert any(text.startswith("Strengths: ") for text in texts)
    assert any(text.startswith("Weaknesses: ") for text in texts)


def test_targets_come_from_an_answer(result):
    step = Step("1.1.1", value=8.25, was=7.3, effort=1.0, points=2.0)
    _, rows = in_excel(plan_xlsx(result, Answer((step,), total=1.0, score=50.0, rank=2.0), "vi"))
    assert {row[0]: row[8] for row in rows}["1.1.1"] == "8,25"
    assert sum(bool(row[8]) for row in rows[1:]) == 1


def test_what_is_withheld_is_a_dash_and_not_a_number(reference):
    outcome = small_outcome()
    result = preview(submission_of(outcome, "48", **{"x1.1.1": nan}), withheld(reference))
    _, rows = in_word(plan_docx(result, None, "vi"))
    line = next(row for row in rows if row[0] == "1.1.1")
    assert "nan" not in " ".join(line) and "None" not in " ".join(line)

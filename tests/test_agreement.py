"""One submission, four ways: the engine, one province alone, Excel's formulas, the browser's page.

The engine scores all provinces at once on arrays; the others take what that run froze. Each way
that a machine lacks (LibreOffice, Chromium) skips, with the reason.
"""

import json
from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest

from pii.browser import read
from pii.intake.definition import load_edition
from pii.intake.template import template_workbook
from pii.matrix import assemble
from pii.preview.estimate import preview
from pii.report.live import live_sheets
from pii.scoring import Inputs, gather, input_files, province_list
from pii.submission import Kind, Observation, Place, Status
from tests import browser
from tests.preview.test_estimate import EDITIONS, reference_to
from tests.report.test_live import needs_libreoffice, recalculated, shown
from tests.small import small_outcome
from tests.workbooks import cell_of, edited

# Each row of the table: a province, and what it does not report in this run.
SUBMISSIONS = {
    "56": (),
    "01": ("1.1.1",),
    "48": ("1.1.1", "2.2.4", "7.1.3"),
    "11": ("1.2.1", "1.2.2", "1.2.3", "3.1.1"),
    "79": (),
}
SCORES = """
import json
from pii.preview.estimate import preview
standings = preview(one.submission, one.reference).standings
json.dumps([[s.score if s.score == s.score else None, s.rank if s.rank == s.rank else None]
            for s in standings])
"""


@pytest.fixture(scope="module")
def outcome():
    edition, values = EDITIONS["synthetic"]
    framework, method = load_edition(browser.ROOT / edition)
    # Of this edition every indicator counts upwards; here every fourth does not.
    turned = tuple(
        replace(one, direction="lower") if j % 4 == 2 else one
        for j, one in enumerate(framework.indicators)
    )
    framework = replace(framework, indicators=turned)
    provinces = province_list(framework)
    inputs = Inputs(input_files([browser.ROOT / values])[0])
    submissions = gather(inputs, framework, provinces).submissions
    matrix = assemble(submissions, framework, provinces)
    table = matrix.values.copy()
    # And winsorising is enough for all; with one point at most, some need the logarithm.
    method = replace(method, treatment=replace(method.treatment, points=1))
    for province, codes in SUBMISSIONS.items():
        for code in codes:
            table[matrix.provinces.index(province), framework.codes.index(code)] = nan
    found = small_outcome(table, framework=framework, method=method, provinces=matrix.provinces)
    return replace(found, provinces=provinces)


@pytest.fixture(scope="module")
def reference(outcome):
    return reference_to(outcome)


@pytest.fixture(scope="module")
def workbooks(outcome, reference, tmp_path_factory):
    """The submissions as workbooks with a live preview, filled in."""
    folder, framework = tmp_path_factory.mktemp("submissions"), outcome.framework
    paths = {}
    for code in SUBMISSIONS:
        province = outcome.provinces.by_code[code]
        row = outcome.matrix.values[outcome.matrix.provinces.index(code)].tolist()
        known = {i: x for i, x in zip(framework.indicators, row, strict=True) if not isnan(x)}
        central = {
            one.code: Observation(code, one.code, Place(""), Kind.NUMBER, repr(x), x, Status.VALUE)
            for one, x in known.items() if one.supplier == "central"
        }  # fmt: skip
        live = live_sheets(framework, province, central, reference)

        def fill(book, known=known):
            for one, x in known.items():
                if one.supplier == "province":
                    cell_of(book, one.code, "value").value = x
                    cell_of(book, one.code, "evidence").value = "QĐ 1"

        paths[code] = folder / f"{code}.xlsx"
        paths[code].write_bytes(
            edited(template_workbook(framework, province, central, live=live), fill)
        )
    return paths


def engine(outcome, code):
    """Score and rank per node, in the order of a preview."""
    i, scores = outcome.scores.provinces.index(code), outcome.scores
    return [
        (scores.score[i, k], scores.rank[i, k])
        for k in (scores.column(node) for node in outcome.framework.by_code)
    ]


def assert_agree(found, expected):
    for mine, theirs in zip(found, expected, strict=True):
        for a, b in zip(mine, theirs, strict=True):
            assert (a is None or isnan(a)) if isnan(b) else a == pytest.approx(b, rel=1e-9)


def test_the_table_has_what_could_differ(outcome, reference):
    framework = outcome.framework
    codes = [outcome.matrix.provinces.index(code) for code in SUBMISSIONS]
    rows = outcome.matrix.values[codes]
    assert np.isnan(rows).any()
    assert any(one.direction == "lower" for one in framework.indicators)
    assert any(one.form.startswith("log") for one in reference.frozen)
    beyond = [
        (rows[:, j] < one.low) | (rows[:, j] > one.high)
        for j, one in enumerate(reference.frozen)
        if one.form == "winsorised"
    ]
    assert np.any(beyond)


@pytest.mark.parametrize("code", SUBMISSIONS)
def test_one_province_alone(outcome, reference, workbooks, code):
    reading = read(reference, workbooks[code].read_bytes(), f"{code}.xlsx")
    assert not [finding for finding in reading.findings if finding.rule == "T206"]
    found = preview(reading.submission, reference).standings
    assert_agree([(one.score, one.rank) for one in found], engine(outcome, code))


@needs_libreoffice
def test_formulas(outcome, workbooks, tmp_path):
    index = outcome.framework.index
    for code, path in zip(SUBMISSIONS, recalculated([*workbooks.values()], tmp_path), strict=True):
        sheet, expected = shown(path), engine(outcome, code)
        nodes = [*outcome.framework.by_code]
        assert_agree(
            [(None if sheet[node]["score"] == "" else sheet[node]["score"],) for node in nodes],
            [(score,) for score, _ in expected],
        )
        rank = sheet["cards"]["Hạng sẽ có trong lần tính đó"]
        assert rank == f"{expected[nodes.index(index)][1]:.0f}/{len(outcome.scores.provinces)}"


@browser.needs_browser
def test_the_page(outcome, reference, workbooks, tmp_path):
    with browser.opened(reference, tmp_path) as page:
        for code, path in workbooks.items():
            page.take(path)
            page.driver.execute_script("engine.globals.set('one', reading)")
            found = json.loads(page.driver.execute_script(f"return engine.runPython({SCORES!r})"))
            assert_agree(found, engine(outcome, code))

"""What is confidential is in no byte of what a province gets: templates, pages, plans.

Every part is unpacked, and looked through for other provinces' figures as they would be written.
"""

import base64
import gzip
import re
from io import BytesIO
from math import isnan
from zipfile import ZipFile

import numpy as np
import pytest

from pii.browser import read
from pii.intake.template import template_workbook
from pii.preview.estimate import preview
from pii.preview.reference import withheld
from pii.report.live import live_sheets
from pii.report.numbers import printed
from pii.report.offline import offline_page
from pii.report.page import preview_page
from pii.report.plan import plan_docx, plan_xlsx
from tests.preview.test_estimate import reference_to
from tests.small import NAMES, small_list, small_outcome, small_values

HOME = "48"


@pytest.fixture(scope="module")
def reference():
    # Figures with so many digits that none turns up by chance.
    rng = np.random.default_rng(6)
    return reference_to(small_outcome(small_values() * rng.uniform(0.9, 1.1, (6, 5))))


@pytest.fixture(scope="module")
def workbook(reference):
    return made(reference)


def made(reference) -> bytes:
    province = small_list().by_code[HOME]
    live = live_sheets(reference.framework, province, {}, reference)
    return template_workbook(reference.framework, province, {}, live=live)


def parts_of_zip(data: bytes) -> bytes:
    archive = ZipFile(BytesIO(data))
    return b"\n".join(archive.read(name) for name in archive.namelist())


def parts_of_page(data: bytes) -> bytes:
    packed = re.findall(rb'id="part-[^"]+">([A-Za-z0-9+/=]+)<', data)
    assert packed
    return b"\n".join((data, *(gzip.decompress(base64.b64decode(one)) for one in packed)))


def shown_to(reference, workbook):
    return preview(read(reference, workbook, "x.xlsx").submission, reference)


MAKERS = {
    "template": lambda reference, _: parts_of_zip(made(reference)),
    "offline page": lambda reference, _: parts_of_page(
        offline_page(reference, {"engine.zip": b"-"}, "abi")
    ),
    "preview page": lambda reference, workbook: preview_page(
        shown_to(reference, workbook), (), "vi", file="x.xlsx"
    ),
    "plan docx": lambda reference, workbook: parts_of_zip(
        plan_docx(shown_to(reference, workbook), None, "vi")
    ),
    "plan xlsx": lambda reference, workbook: parts_of_zip(
        plan_xlsx(shown_to(reference, workbook), None, "vi")
    ),
}


def of_others(reference, rows) -> set[float]:
    """Figures of the provinces other than the one whose file it is."""
    return {
        x for code, row in zip(reference.provinces, rows, strict=True) if code != HOME
        for x in row if not isnan(x)
    }  # fmt: skip


def goalposts(reference) -> set[float]:
    """What a preview is made of: the ends of every indicator, which are somebody's figures."""
    return {
        x for one in reference.frozen for x in (one.worst, one.best, one.low, one.high)
    }  # fmt: skip


def nameless(reference) -> set[float]:
    return {x for row in reference.quantiles for x in row[1:-1]}


def written(x: float) -> tuple[bytes, ...]:
    """A figure with all its digits, as LibreOffice and as openpyxl would write it."""
    texts = (repr(x), *(f"{x:{form}}" for form in (".17g", ".16g", ".15g")))
    return tuple(text.encode() for text in texts)


def found(figures, data) -> list[float]:
    return [x for x in figures if any(text in data for text in written(x))]


@pytest.mark.parametrize("kind", MAKERS)
def test_no_raw_figure_of_another_province(reference, workbook, kind):
    data = MAKERS[kind](withheld(reference, HOME), workbook)
    assert found(of_others(reference, reference.raw) - goalposts(reference), data) == []


@pytest.mark.parametrize("kind", MAKERS)
def test_no_score_of_another_province(reference, workbook, kind):
    data = MAKERS[kind](withheld(reference, HOME), workbook)
    # The ends of the scale are everybody's; an inner quantile may stand on a score: `withheld`.
    known = {*reference.method.normalisation.scale, *nameless(reference)}
    assert found(of_others(reference, reference.score) - known, data) == []


@pytest.mark.parametrize("kind", MAKERS)
def test_no_name_of_another_province_beside_a_figure(reference, workbook, kind):
    """The offline page knows the list of provinces, as every template's guide could; no more."""
    data = MAKERS[kind](withheld(reference, HOME), workbook)
    names = [name.encode() for name in NAMES if name != small_list().by_code[HOME].name_vi]
    if kind != "offline page":
        assert not any(name in data for name in names)
    for k in range(len(reference.nodes)):
        for code, row in zip(reference.provinces, reference.score, strict=True):
            if code != HOME and not isnan(row[k]):
                name, score = reference.name(code, "vi"), printed(row[k], 2, "vi")
                beside = rf"{re.escape(name)}.{{0,80}}\b{re.escape(score)}\b"
                assert not re.search(beside.encode(), data)


@pytest.mark.parametrize("kind", ["template", "offline page"])
def test_a_published_run_may_show_them_and_the_search_would_find_them(reference, workbook, kind):
    data = MAKERS[kind](reference, workbook)
    assert found(of_others(reference, reference.score), data)


def test_a_withheld_run_keeps_no_end_of_the_field(reference):
    closed = withheld(reference)
    for k, row in enumerate(closed.quantiles):
        theirs = sorted(x[k] for x in reference.score if not isnan(x[k]))
        assert theirs[0] < row[0] and row[-1] < theirs[-1] and list(row) == sorted(row)
        assert closed.top[k] < theirs[-1]

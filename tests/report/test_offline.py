"""The page that needs nothing, in headless Chromium: read back, it says what the engine says."""

import re
import sys
from math import isnan

import pytest

from pii.browser import ranked, read
from pii.intake.definition import load_edition
from pii.preview.estimate import preview
from pii.preview.reference import withheld
from pii.preview.whatif import what_if
from pii.report.numbers import printed
from pii.scoring import Inputs, gather, input_files, province_list, score
from tests import browser
from tests.preview.test_estimate import EDITIONS, reference_to
from tests.workbooks import filled

pytestmark = browser.needs_browser


@pytest.fixture(scope="module")
def reference():
    edition, values = EDITIONS["synthetic"]
    framework, method = load_edition(browser.ROOT / edition)
    gathered = gather(
        Inputs(input_files([browser.ROOT / values])[0]), framework, province_list(framework)
    )
    return reference_to(score(gathered, framework, method))


@pytest.fixture(scope="module")
def file(reference, tmp_path_factory):
    """The workbook of Khánh Hoà, as it sends it in."""
    i = reference.provinces.index("56")
    values = {
        code: x for code, x in zip(reference.framework.codes, reference.raw[i], strict=True)
        if not isnan(x)
    }  # fmt: skip
    own = [one.code for one in reference.framework.indicators if one.evidence]
    province = reference.names.by_code["56"]
    path = tmp_path_factory.mktemp("file") / "56-khanh-hoa.xlsx"
    data = filled(reference.framework, province, values, evidence=dict.fromkeys(own, "QĐ 1"))
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def page(reference, tmp_path_factory):
    with browser.opened(reference, tmp_path_factory.mktemp("page")) as one:
        sys.stdout.write(f"ready after {one.ready:.1f} s, {one.work:.1f} s of processor time\n")
        yield one


@pytest.fixture(autouse=True)
def in_vietnamese(page):
    page.at('[data-lang="vi"]').click()


@pytest.fixture
def submission(reference, file):
    return read(reference, file.read_bytes(), file.name).submission


def index_of(result, lang="vi"):
    node = result.reference.framework.index
    return printed(result.standing(node).score, 2, lang), ranked(result, node, lang)


def test_it_is_ready_in_ten_seconds_of_work(page):
    # The clock also counts what else the machine does; then all the work, on one processor.
    assert min(page.ready, page.work) < 10


@pytest.mark.skipif(not browser.AXE.exists(), reason="axe-core is not there: make page")
def test_nothing_bars_a_screen_reader_before_a_file_and_after(page, file):
    assert page.faults_of_access() == []
    page.take(file)
    page.at("#all").click()
    assert page.faults_of_access() == []
    page.at("#all").click()
    page.at('[data-lang="en"]').click()
    assert page.faults_of_access() == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_file_gets_the_score_and_rank_of_the_engine(page, reference, file, submission, lang):
    page.at(f'[data-lang="{lang}"]').click()
    page.take(file)
    assert (page.score(), page.rank()) == index_of(preview(submission, reference), lang)
    assert page.at("html").get_attribute("lang") == lang
    assert (
        page.at("#whatif-head").text == {"vi": "Thử giá trị khác", "en": "Try other values"}[lang]
    )
    assert reference.names.by_code["56"].name(lang) in page.at("#report").text


def test_a_number_typed_does_what_what_if_says(page, reference, file, submission):
    page.take(file)
    row = next(
        one for one in preview(submission, reference).rows
        if one.indicator.supplier == "province" and one.indicator.code == "6.3.2"
    )  # fmt: skip
    value = row.value * 1.25
    page.type_value("6.3.2", repr(value))
    found = what_if(submission, reference, {"6.3.2": value})
    assert (page.score(), page.rank()) == index_of(found.after)
    assert index_of(found.after) != index_of(found.before)
    shown = page.at('tr[data-code="6.3.2"] td:last-child').text
    after = next(one for one in found.after.rows if one.indicator.code == "6.3.2")
    assert shown == printed(after.score, 2, "vi")
    page.at("#reset").click()
    assert (page.score(), page.rank()) == index_of(found.before)


def test_a_slider_moved_by_keys_alone_does_what_what_if_says(page, reference, file, submission):
    from selenium.webdriver.common.keys import Keys

    page.take(file)
    slider = page.at('tr[data-code="6.3.2"] input[type="range"]')
    page.driver.execute_script("arguments[0].focus()", slider)
    for _ in range(8):
        page.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    value = float(page.at('tr[data-code="6.3.2"] input[type="number"]').get_attribute("value"))
    found = what_if(submission, reference, {"6.3.2": value})
    assert (page.score(), page.rank()) == index_of(found.after)
    assert value > what_if(submission, reference, {}).before.rows[
        reference.framework.codes.index("6.3.2")
    ].value  # fmt: skip


def test_everything_is_reached_by_the_tab_key_and_shows_where_it_is(page, file):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    page.take(file)
    page.at('[data-lang="vi"]').click()  # the first of all; Tab goes on from there
    reached = ["vi"]
    for _ in range(8):
        ActionChains(page.driver).send_keys(Keys.TAB).perform()
        one = page.driver.switch_to.active_element
        known = (one.get_attribute(name) for name in ("id", "data-lang", "type"))
        reached.append(next(filter(None, known), one.tag_name))
    assert reached[:5] == ["vi", "en", "file", "all", "reset"]
    assert reached[-3:] in (["number", "range", "number"], ["range", "number", "range"])
    outline = "return getComputedStyle(document.activeElement).outlineStyle"
    assert page.driver.execute_script(outline) == "solid"


def test_a_broken_file_shows_its_finding_and_the_next_one_is_read(page, file, tmp_path):
    broken = tmp_path / "hỏng.xlsx"
    broken.write_bytes(b"PK\x03\x04 cut off")
    page.take(broken)
    assert re.search(r"LỖI F1\d\d hỏng.xlsx", page.at("#faults").text)
    assert not page.at("#whatif").is_displayed()
    page.take(file)
    assert not page.at("#faults").is_displayed() and page.score()


def test_a_value_that_cannot_be_is_said_and_counts_for_nothing(page, file):
    page.take(file)
    before = page.score()
    page.driver.execute_script("move(arguments[0], arguments[1])", "6.3.2", "-1e9")
    assert "6.3.2 không thể là" in page.at("#status").text
    assert page.score() == before


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("width", [400, 800, 1200])
def test_sliders_never_have_to_be_scrolled_sideways(page, file, lang, width):
    page.take(file)
    page.at(f'[data-lang="{lang}"]').click()
    window = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", window)
    try:
        sizes = page.driver.execute_script(
            "const box = at('levers').closest('.scroll'), root = document.documentElement;"
            "return [box.scrollWidth - box.clientWidth, root.scrollWidth - innerWidth,"
            "        at('levers').querySelector('[type=range]').offsetWidth]"
        )
        assert sizes[0] <= 0 and sizes[1] <= 0 and sizes[2] > 80
        if browser.AXE.exists():
            assert page.faults_of_access() == []
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_page_that_withholds_gives_a_span_of_ranks(reference, file, submission, tmp_path):
    """And a file that was chosen before the page was ready is read once it is."""
    closed = withheld(reference)
    with browser.opened(closed, tmp_path, early=file) as page:
        assert (page.score(), page.rank()) == index_of(preview(submission, closed))
        assert "–" in page.rank()


def test_nothing_is_asked_of_any_network_and_nothing_could_be(page, file):
    page.take(file)
    kinds = {address.partition(":")[0] for address in page.requested()}
    assert kinds <= {"file", "blob", "data", "chrome"}
    assert "file" in kinds  # so the log is kept
    tried = page.ask(
        "const r = new XMLHttpRequest(); r.open('GET', 'http://127.0.0.1:9/');"
        "return await new Promise((y) => { r.onload = () => y('sent');"
        "r.onerror = () => y('barred'); try { r.send(); } catch { y('barred'); } });"
    )
    assert tried == "barred"
    told = page.driver.get_log("browser")
    assert any("Content Security Policy" in one["message"] for one in told)  # not merely refused

"""The offline page in headless Chromium, driven and read back as a person would."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pii.intake.engine import PYODIDE_ABI, page_files
from pii.preview.reference import Reference
from pii.report.offline import offline_page

ROOT = Path(__file__).resolve().parents[1]
PYODIDE = Path(os.environ.get("PII_PYODIDE", ROOT / ".pyodide/package"))
AXE = Path(os.environ.get("PII_AXE", ROOT / ".pyodide/axe/axe.min.js"))
ARGUMENTS = (
    "headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
    "disable-background-networking", "disable-component-update", "disable-sync",
    "window-size=1200,1600",
)  # fmt: skip


def missing() -> str:
    """Why no page can be opened here; "" where one can."""
    for name in ("chromium", "chromedriver"):
        if shutil.which(name) is None:
            return f"{name} is not installed"
    return "" if PYODIDE.is_dir() else f"{PYODIDE} is not there: make page"


needs_browser = pytest.mark.skipif(bool(missing()), reason=missing())


class Page:
    """An offline page that is open and ready."""

    def __init__(self, driver: Any, ready: float, work: float) -> None:
        """ready, work : seconds until it was, by the clock and of the processors."""
        self.driver, self.ready, self.work = driver, ready, work

    def at(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        found: list[Any] = self.driver.find_elements("css selector", selector)
        return found

    def until(self, true: Callable[[], object], seconds: float = 90) -> None:
        """Wait; a page that says it failed ends the wait at once."""
        end = time.monotonic() + seconds
        while not true():
            status = self.at("#status")
            assert status.get_attribute("class") != "bad", status.text
            assert time.monotonic() < end, f"still: {status.text}"
            time.sleep(0.05)

    def take(self, path: Path) -> None:
        """Choose a file, and wait for what comes of it."""
        self.driver.execute_script("at('report').replaceChildren(); at('faults').hidden = true")
        self.at("#file").send_keys(str(path))
        self.until(lambda: self.all("#report > *") or self.at("#faults").is_displayed())

    def score(self) -> str:
        text: str = self.at("#now-score").text
        return text

    def rank(self) -> str:
        text: str = self.at("#now-rank").text
        return text

    def type_value(self, code: str, value: str) -> None:
        box = self.at(f'tr[data-code="{code}"] input[type="number"]')
        box.clear()
        box.send_keys(value, "\t")

    def ask(self, script: str) -> Any:
        """What the page's own engine answers, by JavaScript that may wait."""
        return self.driver.execute_async_script(
            f"const done = arguments[0]; (async () => {{ {script} }})().then(done)"
        )

    def requested(self) -> list[str]:
        """Every address that the page asked for since the last call."""
        messages = (
            json.loads(one["message"])["message"] for one in self.driver.get_log("performance")
        )
        return [
            one["params"]["request"]["url"]
            for one in messages
            if one["method"] == "Network.requestWillBeSent"
        ]

    def faults_of_access(self) -> list[tuple[str, str, str]]:
        """Serious and critical faults that axe finds: rule, impact, first element."""
        self.driver.execute_script(AXE.read_text("utf-8"))
        found = self.driver.execute_async_script("axe.run().then(arguments[0])")
        return [
            (one["id"], one["impact"], one["nodes"][0]["html"])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]


@contextmanager
def opened(reference: Reference, folder: Path, early: Path | None = None) -> Iterator[Page]:
    """The page of a reference, from file://, once it says it is ready.

    early : a file to choose before that; then once it says that it is done
    """
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    path = folder / "xem-truoc.html"
    path.write_bytes(offline_page(reference, _files(), PYODIDE_ABI))
    options = Options()
    options.binary_location = str(shutil.which("chromium"))
    for argument in (*ARGUMENTS, f"user-data-dir={folder / 'profile'}"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = Service(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        driver.set_script_timeout(90)
        before, start = _work(service.process.pid), time.monotonic()
        driver.get(path.as_uri())
        page = Page(driver, 0.0, 0.0)
        if early:
            page.at("#file").send_keys(str(early))
        ready = "Đã tính xong" if early else "Sẵn sàng"
        page.until(lambda: page.at("#status").text.startswith(ready))
        page.ready = time.monotonic() - start
        page.work = _work(service.process.pid) - before
        yield page
    finally:
        driver.quit()


@cache
def _files() -> Mapping[str, bytes]:
    return page_files(PYODIDE)[0]


def _work(root: int) -> float:
    """Seconds of processor time of a process and all beneath it (Linux; else 0)."""
    times, children = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        children.setdefault(int(rest[1]), []).append(number)
        times[number] = (int(rest[11]) + int(rest[12])) / os.sysconf("SC_CLK_TCK")
    waiting, total = [root], 0.0
    while waiting:
        one = waiting.pop()
        total += times.get(one, 0.0)
        waiting += children.get(one, [])
    return total

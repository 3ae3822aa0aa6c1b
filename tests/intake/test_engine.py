"""The files that the offline page carries, and their compilation."""

import shutil
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from pii.intake import engine
from pii.intake.bytecode import compiled
from pii.intake.engine import engine_zip, page_files
from tests.browser import PYODIDE

needs_pyodide = pytest.mark.skipif(not PYODIDE.is_dir(), reason=f"no {PYODIDE}: make page")


def names(data: bytes) -> list[str]:
    return zipfile.ZipFile(BytesIO(data)).namelist()


def test_a_compiled_engine_is_imported_and_names_its_sources(tmp_path):
    place = tmp_path / "engine.zip"
    place.write_bytes(compiled(engine_zip(), str(place)))
    assert all(name.endswith(".pyc") for name in names(place.read_bytes()) if ".py" in name)
    program = (
        f"import sys; sys.path[:0] = [{str(place)!r}]; import pii.browser as b; b.warm(); "
        "print(b.__file__, b.read.__code__.co_filename, sep='|')"
    )
    command = [sys.executable, "-S", "-E", "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert told.stderr == ""
    assert told.stdout.strip() == f"{place}/pii/browser.pyc|{place}/pii/browser.py"


def test_what_is_not_wanted_stays_source_and_equal_input_gives_equal_bytes():
    data = engine_zip()
    some = compiled(data, "/e.zip", {"/e.zip/pii/browser.py"})
    assert [name for name in names(some) if name.endswith(".pyc")] == ["pii/browser.pyc"]
    assert len(names(some)) == len(names(data))
    assert compiled(data, "/e.zip") == compiled(data, "/e.zip")


@needs_pyodide
def test_without_node_the_page_carries_sources_and_says_why(monkeypatch):
    monkeypatch.setattr(engine.shutil, "which", lambda name: None)
    files, why = page_files(PYODIDE)
    assert files["engine.zip"] == engine_zip() and why == "node is not installed"


@needs_pyodide
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_node_that_fails_is_told_of(monkeypatch):
    monkeypatch.setattr(engine, "ALSO", ("no_such_module",))
    files, why = page_files(PYODIDE)
    assert files["engine.zip"] == engine_zip()
    assert why.startswith("node failed") and "no_such_module" in why


@needs_pyodide
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_node_compiles_what_the_page_loads():
    files, why = page_files(PYODIDE)
    assert why == ""
    library = names(files["python_stdlib.zip"])
    assert {"encodings/__init__.pyc", "json/decoder.pyc", "zipfile/__init__.pyc"} <= {*library}
    assert "encodings/__init__.py" not in library and "wsgiref/util.py" in library
    assert "pii/browser.pyc" in names(files["engine.zip"])

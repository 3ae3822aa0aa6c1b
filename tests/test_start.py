"""`pii --help` starts at once, and an installed wheel ships the data."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pii.helptext import HELP

ROOT = Path(__file__).parents[1]
HEAVY = {
    "jinja2",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pandas",
    "pydantic",
    "ruamel.yaml",
    "scipy",
    "xlsxwriter",
}


def _loaded_by(statement: str) -> set[str]:
    """The heavy packages in memory after a fresh interpreter has run `statement`."""
    code = f"{statement}\nimport sys\nprint(*sorted(sys.modules), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return HEAVY & set(done.stdout.split())


def test_importing_the_command_line_loads_no_heavy_package() -> None:
    assert _loaded_by("import pii.cli") == set()


def test_importing_the_package_loads_no_heavy_package() -> None:
    assert _loaded_by("import pii") == set()


def test_reading_and_checking_loads_nothing_that_computes_or_draws() -> None:
    code = """
import pii.store, pii.preview.estimate, pii.preview.reference, pii.report.terminal
from pii.intake.definition import load_framework
framework = load_framework("data/open-2022/edition.yaml")
assert pii.scoring.read_submissions("data/open-2022/figures.csv", framework)[0]
"""
    assert _loaded_by(code) == {"pydantic", "ruamel.yaml"}  # what reads the edition


def test_a_heavy_package_would_be_noticed() -> None:
    assert "openpyxl" in _loaded_by("import openpyxl")


def test_a_wheel_ships_every_file_of_data() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    shipped: dict[Path, str] = {}
    for target, patterns in settings["options.data_files"].items():
        for pattern in patterns.split(","):
            shipped |= dict.fromkeys(ROOT.glob(pattern.strip()), target)
    present = {ROOT / "indicators.yaml", *(ROOT / "data").rglob("*")}
    # Scripts that made a table stay in the repository; they are no data.
    wanted = {
        path
        for path in present
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    assert {str(path.relative_to(ROOT)) for path in wanted - shipped.keys()} == set()
    # Each lands below share/pii-vn where it stands in the repository.
    assert all(
        Path(target) == Path("share/pii-vn") / path.relative_to(ROOT).parent
        for path, target in shipped.items()
    )


def test_the_help_that_ships_is_what_click_prints() -> None:
    code = "from pii.cli import main; main(['--help'], prog_name='pii')"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        cwd=ROOT, capture_output=True, check=True, env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    assert done.stdout.decode() == HELP, "write it anew: python -m tests.helptext"


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_is_answered_without_click(asked: str) -> None:
    code = (
        f"import sys; sys.argv = ['pii', {asked!r}]; from pii.__main__ import start; start(); "
        "print('click' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.decode() == f"{HELP}False\n"


def test_the_help_of_a_command_is_clicks() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pii", "framework", "--help"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    assert b"Usage: pii framework" in done.stdout

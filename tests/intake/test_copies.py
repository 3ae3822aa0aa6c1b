"""The same submission saved by other programs gives the same observations."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pii.framework import Framework
from pii.intake.files import InputFile
from pii.intake.registry import provinces_on
from pii.intake.workers import read_files
from pii.method import Method
from pii.submission import Kind, Observation
from tests.workbooks import edited, filled

NAME = "01-ha-noi.xlsx"
ENTRIES = (12.5, 3, 0.1, "1.234,56", "n/a", None, True, "#N/A", -7.25, 123456.789, "12,5", "…")


def submission(framework: Framework) -> bytes:
    """All indicators of a province, with every kind of entry that people type."""
    province = provinces_on(date(2025, 10, 1)).by_code["01"]
    own = [one.code for one in framework.indicators if one.supplier == "province"]
    values = {code: j + 0.5 for j, code in enumerate(framework.codes)}
    values |= {code: ENTRIES[j % len(ENTRIES)] for j, code in enumerate(own)}  # type: ignore[misc]
    notes = {code: f"ghi chú {code} – “đ”" for code in own[::2]}
    return filled(framework, province, values, notes=notes, evidence={own[0]: "125/BC-UBND"})


def observed(data: bytes, framework: Framework) -> tuple[list[str], list[Observation]]:
    """Rules of the findings and the observations, as two readers in a child process see them."""
    ((submissions, findings),) = read_files([InputFile(NAME, data)], framework)
    assert submissions, [finding.sentence("en") for finding in findings]
    cells = [
        # LibreOffice writes what was typed as #N/A or TRUE as the formulas =#N/A and =TRUE()
        replace(
            cell,
            text=_fifteen(cell.text),
            formula="" if cell.kind in (Kind.ERROR, Kind.BOOLEAN) else cell.formula,
        )
        for cell in submissions[0].observations
    ]
    return [finding.rule for finding in findings], cells


def _fifteen(text: str) -> str:
    """LibreOffice keeps fifteen digits of a number."""
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def test_a_copy_by_openpyxl(full_edition: tuple[Framework, Method]) -> None:
    framework, _ = full_edition
    data = submission(framework)
    copy = edited(data, lambda book: None)
    assert len(observed(data, framework)[1]) == 52
    assert repr(observed(copy, framework)) == repr(observed(data, framework))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not here")
def test_a_copy_by_libreoffice(full_edition: tuple[Framework, Method], tmp_path: Path) -> None:
    framework, _ = full_edition
    data = submission(framework)
    (tmp_path / NAME).write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out",
         tmp_path / NAME],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    copy = (tmp_path / "out" / NAME).read_bytes()
    assert copy != data
    assert repr(observed(copy, framework)) == repr(observed(data, framework))

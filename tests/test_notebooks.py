"""The notebooks run from top to bottom; what they claim stands in their own `assert` cells."""

import ast
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import pii

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code_of(path: Path) -> str:
    return "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")


def executed(notebook: Any, folder: Path) -> Any:
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute()


@pytest.fixture
def own_kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The kernel of this environment, without the user's own Jupyter and IPython settings."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


def test_the_notebooks_are_there() -> None:
    assert NAMES == ["01-first-run", "02-gii-2019", "03-gii-2019-audit"]


# One from its own folder, one from the root: either must find the data.
@pytest.mark.usefixtures("own_kernel")
@pytest.mark.parametrize(
    ("name", "folder"),
    [("01-first-run", "notebooks"), ("02-gii-2019", "."), ("03-gii-2019-audit", ".")],
)
def test_it_runs_from_top_to_bottom(name: str, folder: str) -> None:
    notebook = executed(read(ROOT / "notebooks" / f"{name}.ipynb"), ROOT / folder)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert any("image/png" in out.get("data", {}) for out in outputs), "no chart was drawn"
    assert not [out for out in outputs if out.get("name") == "stderr"], "a cell warns"


@pytest.mark.usefixtures("own_kernel")
def test_a_claim_that_does_not_hold_stops_it(tmp_path: Path) -> None:
    notebook = read(ROOT / "notebooks" / "02-gii-2019.ipynb")
    claims = [cell for cell in notebook.cells if "same == len(index) == 129" in cell.source]
    assert len(claims) == 1
    claims[0].source = claims[0].source.replace("== 129", "== 128")
    with pytest.raises(CellExecutionError, match="AssertionError"):
        executed(notebook, ROOT)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_only_the_public_names_are_used(path: Path) -> None:
    used = set()
    for node in ast.walk(ast.parse(code_of(path))):
        if isinstance(node, ast.Import):
            assert not [a.name for a in node.names if a.name.startswith("pii.")]
        if isinstance(node, ast.ImportFrom):
            assert not (node.module or "").startswith("pii")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used |= {node.attr} if node.value.id == "pii" else set()
    assert used
    assert used <= set(pii.__all__)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_it_is_stored_without_outputs(path: Path) -> None:
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert not [cell.id for cell in cells if cell.outputs or cell.execution_count]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_it_begins_with_a_sentence_in_vietnamese_and_checks_itself(path: Path) -> None:
    first = read(path).cells[0].source
    assert "*Sổ tay này " in first
    assert code_of(path).count("assert ") >= 3

"""The files that the offline page carries: Pyodide's, and the engine itself as a zip."""

import ast
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from pii.errors import DataError

PYODIDE, PYODIDE_ABI = "314.0.7", "2026_0"
PYODIDE_FILES = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
}
"""SHA-256 of the files of Pyodide's npm package that the page embeds."""

PACKAGES = ("openpyxl", "et_xmlfile", "defusedxml", "jinja2", "markupsafe")
"""Pure Python, and all that the engine needs beside the standard library for one province."""

ENTRY = ("pii.browser", "pii.report.page")
"""What the page loads first, and what it loads once it is ready."""

ALSO = ("openpyxl",)
"""What it loads then from elsewhere."""

ROOT = Path(__file__).parents[1]


def pyodide_files(folder: Path) -> Mapping[str, bytes]:
    """The files of Pyodide, each proved by its SHA-256.

    Raises
    ------
    DataError
        Where one is not there or is another, with the remedy.
    """
    files = {}
    for name, expected in PYODIDE_FILES.items():
        path = folder / name
        remedy = f"`make page` fetches Pyodide {PYODIDE}; or name its folder with --pyodide"
        try:
            files[name] = path.read_bytes()
        except OSError:
            raise DataError(
                f"{path} is not there: the page embeds Pyodide {PYODIDE}, the Python of browsers. "
                f"{remedy}"
            ) from None
        if sha256(files[name]).hexdigest() != expected:
            raise DataError(f"{path} is not the file of Pyodide {PYODIDE} (SHA-256); {remedy}")
    return files


def page_files(folder: Path) -> tuple[Mapping[str, bytes], str]:
    """All that the page carries beside the reference; and why its Python is not compiled, or "".

    Uncompiled, the page is the same, and ready some seconds later.

    Raises
    ------
    DataError
        As `pyodide_files`.
    """
    files = {**pyodide_files(folder), "engine.zip": engine_zip()}
    node = shutil.which("node")
    if node is None:
        return files, "node is not installed"
    with TemporaryDirectory() as name:
        work = Path(name)
        (work / "engine.zip").write_bytes(files["engine.zip"])
        (work / "bytecode.py").write_bytes((ROOT / "intake/bytecode.py").read_bytes())
        script = str(ROOT / "intake/compile.mjs")
        command = [node, script, str(folder.absolute()), name, PYODIDE_ABI, *ENTRY, *ALSO]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if done.returncode:
            return files, f"node failed: {(done.stderr.strip() or '?').splitlines()[-1]}"
        made = ("engine.zip", "python_stdlib.zip")
        return {**files, **{one: (work / one).read_bytes() for one in made}}, ""


def engine_zip() -> bytes:
    """The modules that score one province, and the packages they need; equal bytes every time."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, path in sorted(_files()):
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return out.getvalue()


def _files() -> Iterator[tuple[str, Path]]:
    for module in sorted(reached(*ENTRY)):
        path = _path(module)
        yield path.relative_to(ROOT.parent).as_posix(), path
    for path in (ROOT / "report").glob("preview*"):
        yield path.relative_to(ROOT.parent).as_posix(), path
    for package in PACKAGES:
        for file in distribution(package).files or ():
            if file.parts[0].lower() == package and file.suffix == ".py":
                yield file.as_posix(), Path(str(file.locate()))


def reached(*modules: str) -> set[str]:
    """The modules of pii that these import when they are loaded, and those that they import."""
    found: set[str] = set()
    waiting = [*modules]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imports(name)
            waiting += [name.rpartition(".")[0]] * ("." in name)
    return found


def _imports(module: str) -> Iterator[str]:
    for node in ast.parse(_path(module).read_bytes()).body:  # not what only functions import
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pii":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if _path(inner).exists() else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("pii."))


def _path(module: str) -> Path:
    place = ROOT.parent.joinpath(*module.split("."))
    package = place / "__init__.py"
    return package if package.exists() else place.with_suffix(".py")

"""One word, one room: a line of `pii/` should know where it lives (CONTRIBUTING, "The house")."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PII = Path(__file__).parents[1] / "pii"

READERS = ("intake/", "store.py", "cli/")
# What: (names called bare, names called as an attribute, modules imported) → rooms that may.
WORDS = {
    "rounding": ({"round"}, {"round", "around", "round_", "quantize"}, set(), ("report/",)),
    "random numbers": (set(), {"default_rng"}, {"random", "numpy.random", "secrets"}, ("audit/",)),
    "file paths": (
        {"open"},
        set(),
        {"pathlib", "os", "shutil", "tempfile", "glob"},
        READERS,
    ),
    "the clock": (
        set(),
        {"now", "today", "utcnow", "monotonic", "perf_counter"},
        {"time"},
        ("cli/",),
    ),
    "print": ({"print"}, set(), set(), ()),
}
VIETNAMESE = re.compile("[ăâđêôơưà-ãè-êìíò-õùúýĩũ\u1ea0-\u1ef9]", re.IGNORECASE)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below, without what only the type checker imports: it opens nothing."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _children(child)


def _modules(node: ast.AST) -> set[str]:
    """The modules a node names, each with its parents; `np.random` counts as `numpy.random`."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.random", "numpy.random"):
        names = ["numpy.random"]
    parts = [name.split(".") for name in names]
    return {".".join(p[:depth]) for p in parts for depth in range(1, len(p) + 1)}


def _roots(node: ast.AST) -> set[str]:
    return {name for name in _modules(node) if "." not in name}


def violations(source: str, room: str) -> list[str]:
    """`file:line: what` for every word of `source` that lives elsewhere than in `room`."""
    found = []
    for node in _children(ast.parse(source)):
        called = node.func if isinstance(node, ast.Call) else None
        bare = {called.id} if isinstance(called, ast.Name) else set()
        attribute = {called.attr} if isinstance(called, ast.Attribute) else set()
        for what, (names, attributes, modules, rooms) in WORDS.items():
            used = bare & names | attribute & attributes | _modules(node) & modules
            if used and not room.startswith(rooms or ("nowhere",)):
                found.append(f"pii/{room}:{node.lineno}: {what} ({', '.join(sorted(used))})")  # type: ignore[attr-defined]
        strangers = _roots(node) - sys.stdlib_module_names - {"numpy", "scipy", "pii"}
        if strangers and room.startswith("steps/"):
            found.append(f"pii/{room}:{node.lineno}: steps imports {strangers}")  # type: ignore[attr-defined]
    if room.startswith("steps/"):
        for number, line in enumerate(source.splitlines(), 1):
            if VIETNAMESE.search(line):
                found.append(f"pii/{room}:{number}: Vietnamese text in steps")
    return found


def test_every_word_is_in_its_room() -> None:
    files = sorted(PII.rglob("*.py"))
    assert files, f"no source below {PII}"
    found = [
        line
        for file in files
        for line in violations(file.read_text("utf-8"), file.relative_to(PII).as_posix())
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("source", "room", "what"),
    [
        ("x = 1\ny = round(x, 2)", "pipeline.py", "2: rounding"),
        ("np.round(x)", "steps/rank.py", "1: rounding"),
        ("np.random.seed(0)", "pipeline.py", "1: random numbers"),
        ("from numpy import random", "steps/rank.py", "1: random numbers"),
        ("from random import choice", "pipeline.py", "1: random numbers"),
        ("def f():\n    from pathlib import Path", "report/tables.py", "2: file paths"),
        ("import os.path", "checks.py", "1: file paths"),
        ("with open(x) as f:\n    pass", "report/charts.py", "1: file paths"),
        ("datetime.datetime.now()", "store.py", "1: the clock"),
        ("from time import time", "intake/files.py", "1: the clock"),
        ("print(1)", "cli/say.py", "1: print"),
        ("import pandas", "steps/treat.py", "1: steps imports"),
        ("a = 1\nb = 'Cần Thơ'", "steps/treat.py", "2: Vietnamese text"),
    ],
)
def test_the_walker_catches(source: str, room: str, what: str) -> None:
    assert [line for line in violations(source, room) if line.startswith(f"pii/{room}:{what}")]


@pytest.mark.parametrize(
    ("source", "room"),
    [
        ("round(x, 2)", "report/numbers.py"),
        ("from pathlib import Path", "intake/files.py"),
        ("if TYPE_CHECKING:\n    from pathlib import Path", "scoring.py"),
        ("datetime.now()", "cli/record.py"),
        ("x = 'between × and – or naïve'", "steps/treat.py"),
    ],
)
def test_the_walker_lets_pass(source: str, room: str) -> None:
    assert violations(source, room) == []

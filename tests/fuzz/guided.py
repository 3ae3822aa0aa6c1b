"""Coverage-guided fuzzing (atheris): `python tests/fuzz/guided.py -runs=100000`, Linux only.

The first byte chooses what the rest is: a whole file, a part put into a sound workbook, or a
formula. What passes the guard goes to openpyxl in this process. Nothing may raise.
"""

import random
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["pii.intake"]):
    from pii.intake import archive, book, formulas, guard, markup, workbook  # noqa: F401

from pii.findings import Finding  # noqa: E402
from pii.intake.workbook import read_workbook  # noqa: E402
from tests.fuzz.mutate import parts_of  # noqa: E402
from tests.fuzz.structured import framework, mutants, seeds  # noqa: E402

EDITION = framework()
PARTS = parts_of(seeds(EDITION)[0])
NAMES = sorted(PARTS)


def stored(parts: dict[str, bytes]) -> bytes:
    from io import BytesIO
    from zipfile import ZipFile

    file = BytesIO()
    with ZipFile(file, "w") as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return file.getvalue()


def one_input(data: bytes) -> None:
    choice, rest = (data[0] if data else 0), data[1:]
    if choice >= 250:
        formulas.recalculated(rest.decode("utf-8", "replace"), lambda _: 1.5)
        return
    name = NAMES[choice % len(NAMES)]
    file = rest if choice < 100 else stored({**PARTS, name: rest})
    submission, findings = read_workbook(file, "x.xlsx", EDITION)
    assert submission is not None or findings
    for finding in findings:
        assert isinstance(finding, Finding)
        assert finding.sentence("vi")
        assert finding.sentence("en")


def write_seeds(folder: Path) -> None:
    """Real parts, real files and mutated ones, as inputs to begin with."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, name in enumerate(NAMES):
        at = next(b for b in range(100, 250) if NAMES[b % len(NAMES)] == name)
        (folder / f"part-{i}").write_bytes(bytes([at]) + PARTS[name])
    for i, data in enumerate(seeds(EDITION)):
        (folder / f"file-{i}").write_bytes(b"\x00" + data)
    for file in mutants(100, random.Random(0).randrange(1 << 20), EDITION):
        (folder / file.name).write_bytes(b"\x00" + file.data)
    for i, text in enumerate(("=SUM(A1:B2)*2", "=-(1+2)^2/3%", "=MAX(A1,2)", "=cmd|'x'!A0")):
        (folder / f"formula-{i}").write_bytes(b"\xff" + text.encode())


def main() -> None:
    folder = next((Path(a) for a in sys.argv[1:] if not a.startswith("-")), None)
    if folder is None:
        raise SystemExit("name a folder for the inputs: guided.py FOLDER [-runs=N]")
    write_seeds(folder)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

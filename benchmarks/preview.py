"""`pii preview` of one workbook, from the command to its end.

`python benchmarks/preview.py [ROUNDS]`: the invented edition (34 provinces, 52 indicators), without
and with one and two earlier runs, and the open figures of 2022 (63 provinces, 14 indicators), in
alternation; wall time and processor time of the command and its child. Printed, never tested: the
figures depend on the machine.
"""

import csv
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pii.intake.definition import load_framework
from pii.intake.registry import provinces_on

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.workbooks import filled

ROOT = Path(__file__).resolve().parents[1]
SYNTHETIC, OPEN = ROOT / "data/synthetic-2025", ROOT / "data/open-2022"
COMPILED = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPATH": str(ROOT),
}
"""As pip leaves an installed package: its bytecode kept, not compiled anew at every start."""


def pii(*words: object) -> None:
    """The program, from its own process; 3 says that a file has errors."""
    command = [sys.executable, "-m", "pii", *map(str, words)]
    done = subprocess.run(command, env=COMPILED, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 3), command


def runs(folder: Path) -> Mapping[str, tuple[object, ...]]:
    """What is asked, by a name; the runs and workbooks that it needs are made in the folder."""
    with (SYNTHETIC / "values.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    framework = load_framework(SYNTHETIC / "edition.yaml")
    for name, share in (("first", 0.9), ("before", 0.95), ("now", 1.0)):
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["province", *framework.codes])
            for row in table:
                figures = [row[code] and float(row[code]) * share for code in framework.codes]
                out.writerow([row["province"], *figures])
        edition = ("--framework", SYNTHETIC / "edition.yaml", "--charts", "none")
        pii("run", path, *edition, "--skip-invalid", "--out", folder / name)
    home = next(row for row in table if row["province"] == "56")
    values = {code: float(home[code]) for code in framework.codes if home[code]}
    assert framework.provinces_on is not None
    province = provinces_on(framework.provinces_on).by_code["56"]
    (folder / "56.xlsx").write_bytes(
        filled(framework, province, values, evidence=dict.fromkeys(framework.codes, "QĐ 1"))
    )
    edition = ("--framework", OPEN / "edition.yaml")
    submissions = folder / "open-submissions"
    pii("template", *edition, "--central", OPEN / "figures.csv", "--out", submissions)
    pii("run", submissions, *edition, "--charts", "none", "--out", folder / "open")
    one = ("preview", folder / "56.xlsx", "--against", folder / "now")
    other = ("preview", min(submissions.iterdir()), "--against", folder / "open")
    before = ("--history", folder / "before")
    return {
        "34 x 52": one,
        "34 x 52, an earlier run": (*one, *before),
        "34 x 52, two earlier runs": (*one, "--history", folder / "first", *before),
        "63 x 14, open figures": other,
    }


def timed(*words: object) -> tuple[float, float]:
    """Wall and processor seconds of one command, its child included."""
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    pii(*words)
    wall = time.perf_counter() - wall
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with TemporaryDirectory() as name:
        asked = runs(Path(name))
        times: dict[str, list[tuple[float, float]]] = {what: [] for what in asked}
        for turn in range(rounds + 1):  # the first fills the caches and does not count
            for what, words in asked.items():
                found = timed(*words, "--out", Path(name) / "page.html")
                times[what] += [found] * bool(turn)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {rounds} rounds in alternation")  # noqa: T201
    print(f"{'seconds':26} {'wall: median':>12} {'most':>6} {'processor: median':>18} {'most':>6}")  # noqa: T201
    for what, found in times.items():
        walls, processor = zip(*found, strict=True)
        print(f"{what:26} {median(walls):12.2f} {max(walls):6.2f} "  # noqa: T201
              f"{median(processor):18.2f} {max(processor):6.2f}")  # fmt: skip


if __name__ == "__main__":
    main()

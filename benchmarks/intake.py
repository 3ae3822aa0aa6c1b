"""Reading and checking 63 full workbooks, against openpyxl loading each of them once.

`python benchmarks/intake.py [ROUNDS]`: both in alternation, wall time and processor time of this
process and its children. Printed, never tested: the figures depend on the machine.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median

from openpyxl import load_workbook

from pii.framework import Framework
from pii.intake.definition import load_framework
from pii.intake.files import InputFile
from pii.intake.guard import guarded
from pii.intake.registry import provinces_on
from pii.intake.shipped import shipped
from pii.intake.template import template_workbook
from pii.provinces import ProvinceList
from pii.scoring import Inputs, gather
from pii.submission import Kind, Observation, Place, Status

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.workbooks import cell_of, edited


def workbooks() -> tuple[Framework, ProvinceList, tuple[InputFile, ...]]:
    """63 templates of the full edition, all 52 values filled in."""
    from dataclasses import replace
    from datetime import date

    framework = replace(load_framework(shipped("indicators.yaml")), provinces_on=date(2025, 1, 1))
    assert framework.provinces_on is not None
    provinces = provinces_on(framework.provinces_on)
    central = [one.code for one in framework.indicators if one.supplier == "central"]
    own = [one.code for one in framework.indicators if one.supplier == "province"]
    files = []
    for i, province in enumerate(provinces):
        known = {
            code: Observation(province.code, code, Place(""), Kind.NUMBER, "", 10 + i + j / 8,
                              Status.VALUE)
            for j, code in enumerate(central)
        }  # fmt: skip

        def fill(book, i=i):  # type: ignore[no-untyped-def]
            for j, code in enumerate(own):
                cell_of(book, code, "value").value = 10 + i + j / 4
                cell_of(book, code, "evidence").value = "125/BC-UBND"

        data = edited(template_workbook(framework, province, known), fill)
        files.append(InputFile(f"{province.code}.xlsx", data))
    return framework, provinces, tuple(files)


def processor() -> float:
    """Seconds of this process and of the children that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def timed(what: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of a call."""
    wall, cpu = time.perf_counter(), processor()
    what()
    return time.perf_counter() - wall, processor() - cpu


def main() -> None:
    """Measure in alternation, and print."""
    from pii.intake import workers

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    framework, provinces, files = workbooks()

    def load() -> None:
        for file in files:
            load_workbook(BytesIO(file.data))

    def check() -> None:
        gathered = gather(Inputs(files), framework, provinces, whole=True)
        assert gathered.cells.cells == 63 * 52 and not gathered.cells.holes, gathered.cells
        workers._dismiss(os.getpid())  # so that the children's time is counted, and starting too
        workers._TEAMS.clear()

    def guard() -> None:
        for file in files:
            guarded(file.data, file.name)

    rows: dict[str, list[tuple[float, float]]] = {
        "openpyxl, once": [],
        "pii check": [],
        "guard": [],
    }
    for _ in range(rounds):
        for name, what in (("openpyxl, once", load), ("pii check", check), ("guard", guard)):
            rows[name].append(timed(what))
    print(f"63 workbooks of 52 indicators, {os.cpu_count()} cores, {rounds} rounds in alternation;")  # noqa: T201
    print("median seconds (wall, processor); load of the machine", os.getloadavg()[0])  # noqa: T201
    for name, times in rows.items():
        wall, cpu = (median(one[k] for one in times) for k in (0, 1))
        print(f"{name:16} {wall:6.2f} {cpu:6.2f}")  # noqa: T201
    ratios = [c[0] / o[0] for o, c in zip(rows["openpyxl, once"], rows["pii check"], strict=True)]
    print(f"wall time, pii check / openpyxl: {median(ratios):.2f} (of {len(ratios)} rounds)")  # noqa: T201


if __name__ == "__main__":
    main()

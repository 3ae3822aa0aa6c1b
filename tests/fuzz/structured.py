"""Structure-aware fuzzing of the whole way in: `python -m tests.fuzz.structured --count 60000`.

Every mutated workbook goes through the guard, both readers in a child process, and the checks.
What must hold of each: an answer and no exception, a submission or an error that says why not,
sentences in both languages, and no child process lost. The count of each outcome is printed.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pii.checks import checked
from pii.findings import Finding
from pii.framework import Framework
from pii.intake.files import InputFile, read_file
from pii.intake.workers import read_files
from pii.provinces import Province
from pii.rules import RULES, Severity
from pii.submission import Submission
from tests.fuzz.mutate import broken, parts_of
from tests.small import small_framework, small_indicator
from tests.workbooks import filled

HUE = Province("46", "Huế", "Hue", "NCC", "Bắc Trung Bộ", "North Central", aliases=())
CODES = ("1.1.1", "1.1.2", "1.2.1", "2.1.1", "2.1.2")


def framework() -> Framework:
    return small_framework(
        provinces_on=date(2025, 7, 1),  # held to what a province may send
        indicators=tuple(
            small_indicator(code, code[:3], supplier="province", bounds=(0.0, 1e6))
            for code in CODES
        ),
    )


def seeds(edition: Framework) -> list[bytes]:
    """The workbooks that are mutated: filled with numbers, with text and formulas, and empty."""
    return [
        filled(edition, HUE, dict(zip(CODES, entries, strict=True)), notes={"1.1.1": "ước tính"})
        for entries in (
            (12.5, 3, 0.1, 99, 1000.25),
            ("1.234,5", "-", "=1+1", "n/a", None),
            (None, None, None, None, None),
        )
    ]


def mutants(count: int, seed: int, edition: Framework) -> Iterator[InputFile]:
    originals = [parts_of(data) for data in seeds(edition)]
    for number in range(seed, seed + count):
        rng = random.Random(number)
        yield InputFile(f"{number}.xlsx", broken(rng.choice(originals), rng))


def outcome(
    file: InputFile, read: tuple[tuple[Submission, ...], tuple[Finding, ...]], edition: Framework
) -> str:
    """The rule that refused it, "findings" or "accepted"; AssertionError for a silent loss."""
    submissions, own = read
    understood, more = checked(submissions, edition, None, whole=False)
    findings = (*own, *more)
    for finding in findings:
        assert finding.sentence("vi") and finding.sentence("en")
    errors = [f for f in findings if RULES[f.rule].severity is Severity.ERROR]
    assert submissions or errors, f"{file.name}: nothing was read, and nothing was said"
    for one in understood:
        assert len(one.observations) == len(edition.codes), f"{file.name}: cells were lost"
    if not submissions:
        return next((f.rule for f in errors if f.rule[0] == "F" or f.rule == "T101"), "template")
    return "findings" if errors else "accepted"


def run(
    count: int, seed: int, keep: Path | None, batch: int = 500, *, alone: bool = False
) -> Counter[str]:
    """How many mutants came to what.

    alone : in this process and with one reader, as in a browser; faster
    """
    edition = framework()
    tally: Counter[str] = Counter()
    for start in range(0, count, batch):
        files = list(mutants(min(batch, count - start), seed + start, edition))
        answers = (
            (read_file(file, edition) for file in files) if alone else read_files(files, edition)
        )
        for file in files:
            try:
                read = next(answers)
                what = outcome(file, read, edition)
            except Exception as error:
                what = f"FAULT {type(error).__name__}: {error}"
            tally[what] += 1
            if keep and what.startswith(("FAULT", "F125", "T101")):
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{what[:4]}-{file.name}").write_bytes(file.data)
    return tally


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where to keep files that a parser choked on")
    parser.add_argument("--alone", action="store_true", help="in one process, with one reader")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    tally = run(given.count, given.seed, given.keep, alone=given.alone)
    print(f"{tally.total()} files in {time.monotonic() - began:.0f} s")  # noqa: T201
    for what, count in tally.most_common():
        print(f"{count:8} {what}")  # noqa: T201
    if any(what.startswith(("FAULT", "F125")) for what in tally):
        raise SystemExit("faults were found")


if __name__ == "__main__":
    main()

"""What several commands print: findings, counts, the verdict on a run; and the exit codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from pii.findings import Finding
    from pii.framework import Language

UNPROVED, USAGE, FINDINGS = 1, 2, 3


def print_findings(findings: Sequence[Finding], lang: Language) -> None:
    """Errors first; what concerns no single cell of a province's own is told once a file."""
    from pii.findings import lines

    for line in lines(findings, lang):
        click.echo(line)


def print_summary(findings: Sequence[Finding], lang: Language) -> None:
    """The findings where they are few; else one of each rule, and how many there are."""
    if len(findings) <= 15:
        print_findings(findings, lang)
        return
    for rule, count in sorted(Counter(finding.rule for finding in findings).items()):
        first = next(finding for finding in findings if finding.rule == rule)
        click.echo(f"{rule} × {count}: {first.sentence(lang)}")
    click.echo("Xem đủ: pii check" if lang == "vi" else "All of them: pii check")


def count_line(findings: Sequence[Finding], files: int, lang: Language) -> str:
    """How many files were read, and how many findings of each severity they have."""
    from pii.rules import Severity

    n = Counter(finding.severity for finding in findings)
    errors, warnings, notes = (n[severity] for severity in Severity)
    if lang == "vi":
        return f"{files} tệp: {errors} lỗi, {warnings} cảnh báo, {notes} ghi chú."
    return f"{files} files: {errors} errors, {warnings} warnings, {notes} notes."


class Laps:
    """Where the time of a command goes: seconds on the clock between one lap and the next."""

    def __init__(self) -> None:
        self._last = perf_counter()
        self._laps: list[tuple[str, str, float]] = []

    def end(self, vi: str, en: str) -> None:
        """What was done since the last lap."""
        now = perf_counter()
        self._laps.append((vi, en, now - self._last))
        self._last = now

    def say(self, lang: Language) -> None:
        """Print every lap, and the sum."""
        whole = sum(seconds for _, _, seconds in self._laps)
        for vi, en, seconds in (*self._laps, ("tổng cộng", "in all", whole)):
            name = vi if lang == "vi" else en
            click.echo(f"  {seconds * 1000:9,.0f} ms  {name}")


def say_unproved(count: int, lang: Language) -> NoReturn:
    """Say how much of a run does not match, and end."""
    click.echo(f"Không khớp: {count} mục." if lang == "vi" else f"Not proved: {count} items.")
    raise click.exceptions.Exit(UNPROVED)

"""What several commands print: findings, counts, the verdict on a run; and the exit codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from pii.findings import Finding
    from pii.framework import Language

UNPROVED, USAGE, FINDINGS = 1, 2, 3


def say(text: str, *, err: bool = False) -> None:
    """Print lines that may quote a file: nothing in them can steer the terminal."""
    from pii.texts import plain

    for line in text.split("\n"):
        click.echo(plain(line), err=err)


def print_findings(findings: Sequence[Finding], lang: Language) -> None:
    """Errors first; what concerns no single cell of a province's own is told once a file."""
    from pii.findings import lines

    for line in lines(findings, lang):
        say(line)


def print_summary(findings: Sequence[Finding], lang: Language) -> None:
    """The findings where they are few; else one of each rule, and how many there are."""
    if len(findings) <= 15:
        print_findings(findings, lang)
        return
    for rule, count in sorted(Counter(finding.rule for finding in findings).items()):
        first = next(finding for finding in findings if finding.rule == rule)
        say(f"{rule} × {count}: {first.sentence(lang)}")
    click.echo("Xem đủ: pii check" if lang == "vi" else "All of them: pii check")


def count_line(findings: Sequence[Finding], files: int, lang: Language) -> str:
    """How many files were read, and how many findings of each severity they have."""
    from pii.rules import Severity

    n = Counter(finding.severity for finding in findings)
    errors, warnings, notes = (n[severity] for severity in Severity)
    if lang == "vi":
        return f"{files} tệp: {errors} lỗi, {warnings} cảnh báo, {notes} ghi chú."
    return f"{files} files: {errors} errors, {warnings} warnings, {notes} notes."


def say_unproved(count: int, lang: Language) -> NoReturn:
    """Say how much of a run does not match, and end."""
    click.echo(f"Không khớp: {count} mục." if lang == "vi" else f"Not proved: {count} items.")
    raise click.exceptions.Exit(UNPROVED)

"""What several commands print: findings, counts, the verdict on a run; and the exit codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from pii.findings import Finding
    from pii.framework import Framework, Language
    from pii.scoring import Gathered

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


def print_by_province(
    gathered: Gathered, framework: Framework, lang: Language, *, err: bool = False
) -> None:
    """What concerns no single province, then province by province, those with errors first."""
    from pii.checks.quality import quality
    from pii.findings import by_province, lines
    from pii.report.quality import quality_line

    heard = dict.fromkeys(s.province for s in gathered.submissions)
    listed = [p.code for p in gathered.provinces or () if p.code in heard]
    told = {q.province: q for q in quality(gathered.findings, listed or list(heard), framework)}
    groups = by_province(gathered.findings)
    for province, findings in groups:
        good = f" · {quality_line(told[province], lang)}" if province in told else ""
        say(f"{_name(gathered, province, lang)}: {tally(findings, lang)}{good}", err=err)
        for line in lines(findings, lang):
            say(f"  {line}", err=err)
        say("", err=err)
    clean = [code for code in told if code not in dict(groups)]
    if clean:
        names = ", ".join(_name(gathered, code, lang) for code in clean)
        said = "Không có phát hiện riêng" if lang == "vi" else "Nothing found of their own"
        say(f"{said} ({len(clean)}): {names}.", err=err)
    for line in _by_word(gathered.findings, lang):
        say(line, err=err)


def _name(gathered: Gathered, code: str, lang: Language) -> str:
    if not code:
        return "Chung cho cả đợt" if lang == "vi" else "The batch as a whole"
    known = gathered.provinces.by_code.get(code) if gathered.provinces else None
    return f"{known.name(lang)} ({code})" if known else code


def tally(findings: Sequence[Finding], lang: Language) -> str:
    """How many errors, warnings and notes there are; what there is none of is left out."""
    from pii.rules import Severity

    words = {
        "vi": ("lỗi", "cảnh báo", "ghi chú"),
        "en": ("errors", "warnings", "notes"),
    }[lang]
    n = Counter(finding.severity for finding in findings)
    return ", ".join(f"{n[s]} {w}" for s, w in zip(Severity, words, strict=True) if n[s])


def _by_word(findings: Sequence[Finding], lang: Language) -> Iterator[str]:
    from pii.rules import Word

    for word in Word:
        own = [finding for finding in findings if finding.word is word]
        if own:
            yield f"{word.name_in(lang)}: {tally(own, lang)}."


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

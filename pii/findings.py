"""What is wrong in a submission, where, and what to do: facts first, sentences at the edge."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pii.framework import Language
from pii.frozen import Frozen
from pii.rules import RULES, Rule, Severity, Word
from pii.submission import Place
from pii.texts import plain, quoted

__all__ = ["Finding", "Severity", "Word", "by_province", "in_order", "lines"]

_ORDER = tuple(Severity)
WORDS = {
    "vi": {Severity.ERROR: "LỖI", Severity.WARNING: "CẢNH BÁO", Severity.NOTE: "GHI CHÚ"},
    "en": {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "NOTE"},
}
_FRAME = {
    "vi": "{word} {code}{place}: {there}; cần: {expected}. {remedy}",
    "en": "{word} {code}{place}: {there}; expected: {expected}. {remedy}",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule it breaks, where, and the facts that fill the rule's sentences.

    A fact may differ by language: then it stands twice, with the suffixes `_vi` and `_en`.
    `province` is the code the finding concerns, "" where it concerns no single province.
    """

    rule: str
    place: Place
    province: str = ""
    indicator: str = ""
    facts: Mapping[str, str] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", Frozen(self.facts))
        languages: tuple[Language, ...] = ("vi", "en")
        for lang in languages:  # a fact left out would surface as a KeyError in front of a user
            self.parts(lang)

    @property
    def severity(self) -> Severity:
        """How bad it is; decided by the rule alone."""
        return RULES[self.rule].severity

    @property
    def word(self) -> Word:
        """Which of the four demands on data it fails; decided by the rule alone."""
        return RULES[self.rule].word

    def parts(self, lang: Language) -> tuple[str, str, str]:
        """What is there, what was expected, what to do; in plain text, long facts cut."""
        rule: Rule = RULES[self.rule]
        facts = {
            key.removesuffix(f"_{lang}"): quoted(value)
            for key, value in self.facts.items()
            if not key.endswith("_en" if lang == "vi" else "_vi")
        }
        there, expected, remedy = (text.format(**facts) for text in rule.texts(lang))
        return there, expected, remedy

    def severity_word(self, lang: Language) -> str:
        """LỖI, CẢNH BÁO, GHI CHÚ; ERROR, WARNING, NOTE."""
        return WORDS[lang][self.severity]

    def sentence(self, lang: Language) -> str:
        """The whole finding in one line."""
        there, expected, remedy = self.parts(lang)
        return _FRAME[lang].format(
            word=self.severity_word(lang),
            code=self.rule,
            place=f" {plain(str(self.place))}" if self.place.file else "",
            there=there,
            expected=expected,
            remedy=remedy,
        )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By file, then severity, then place; the same whatever order the files were read in."""
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                f.place.file,
                _ORDER.index(f.severity),
                f.place.sheet,
                _cell_order(f.place.cell),
                f.rule,
                f.indicator,
                f.province,
            ),
        )
    )


def _cell_order(cell: str) -> tuple[int, int, str]:
    letters = cell.rstrip("0123456789")
    digits = cell[len(letters) :]
    return int(digits or 0), len(letters), letters


def by_province(findings: Sequence[Finding]) -> list[tuple[str, tuple[Finding, ...]]]:
    """Findings by the province they concern: first "" for none, then those with errors, by code.

    What is for nobody but the ministry to do is told under "": a province that is not in, and,
    where there are several provinces, the figures that central agencies have not given yet.
    """
    several = len({f.province for f in findings if f.province and f.rule != "P104"}) > 1
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        ministry = finding.rule == "P104" or (several and finding.rule == "V108")
        groups.setdefault("" if ministry else finding.province, []).append(finding)

    def order(province: str) -> tuple[bool, bool, str]:
        errors = any(f.severity is Severity.ERROR for f in groups[province])
        return bool(province), not errors, province

    return [(province, tuple(groups[province])) for province in sorted(groups, key=order)]


_ONCE = ("V108", "V101", "E101", "P104")  # of these a reader needs one line for many


def lines(findings: Sequence[Finding], lang: Language) -> Iterator[str]:
    """The findings as a person reads them: errors first, then file by file.

    Provinces that are not in take one line. So do the figures, or the evidence, that one province
    lacks in a file. Central figures that several provinces lack take one line an indicator, or none
    where B101 says that all do.
    """
    nowhere = {finding.indicator for finding in findings if finding.rule == "B101"}
    several = len({finding.province for finding in findings if finding.rule == "V108"}) > 1

    def key(finding: Finding) -> tuple[str, str, str]:
        if finding.rule == "P104":
            return finding.rule, "", ""
        if several and finding.rule == "V108":
            return finding.rule, finding.indicator, ""
        return finding.rule, finding.place.file, finding.province

    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        if finding.rule in _ONCE:
            alike.setdefault(key(finding), []).append(finding)
    for severity in Severity:
        for finding in (f for f in findings if f.severity is severity):
            same = alike.get(key(finding), [finding])
            told = finding.rule == "V108" and several and finding.indicator in nowhere
            if finding is same[0] and not told:
                by_province = finding.rule == "P104" or (several and finding.rule == "V108")
                others = ", ".join(f.province if by_province else _cell(f) for f in same[1:])
                more = "Cũng như vậy" if lang == "vi" else "Likewise"
                yield finding.sentence(lang) + (
                    f" {more} ({len(same) - 1}): {others}." if others else ""
                )


def _cell(finding: Finding) -> str:
    cell = finding.place.cell
    return f"{finding.indicator} ({cell})" if cell else finding.indicator

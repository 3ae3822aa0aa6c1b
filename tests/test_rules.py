"""The table of rules: long enough, closed, both languages, and each rule broken and kept once."""

import re
from pathlib import Path

import pytest

from pii.findings import Finding
from pii.report.catalogue import catalogue_lines, catalogue_page
from pii.rules import RULES, Severity, Word
from tests.rulebook import CASES, Said

ROOT = Path(__file__).resolve().parents[1]


def test_there_are_at_least_fifty_in_all_four_words() -> None:
    assert len(RULES) >= 50
    assert {rule.word for rule in RULES.values()} == set(Word)


def test_every_rule_has_a_case_that_breaks_it_and_one_that_passes() -> None:
    assert set(CASES) == set(RULES)


def told(said: Said, code: str) -> list[Finding]:
    return [finding for finding in said() if finding.rule == code]


@pytest.mark.parametrize("code", CASES)
def test_a_file_that_breaks_it(code: str) -> None:
    found = told(CASES[code].breaks, code)
    assert found
    for finding in found:
        for lang in ("vi", "en"):
            assert "{" not in finding.sentence(lang)  # type: ignore[arg-type]
            assert all(part.strip() for part in finding.parts(lang))  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CASES)
def test_a_file_that_passes(code: str) -> None:
    assert told(CASES[code].passes, code) == []


def test_docs_rules_is_up_to_date() -> None:
    page = (ROOT / "docs/rules.md").read_text("utf-8")
    assert page == catalogue_page(), "write it again: pii rules --markdown > docs/rules.md"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_catalogue_names_every_rule_once(lang: str) -> None:
    lines = list(catalogue_lines(tuple(RULES.values()), lang))  # type: ignore[arg-type]
    codes = [m[1] for line in lines if (m := re.match(r"  ([A-Z]\d{3}) ", line))]
    assert sorted(codes) == sorted(RULES)
    assert not any("{" in line for line in lines)


def test_codes_keep_their_severity_and_word() -> None:
    """A change here is a change of what stops a province: say so in the CHANGELOG."""
    errors = {rule.code for rule in RULES.values() if rule.severity is Severity.ERROR}
    assert {"V102", "V201", "T101", "P103", "C101", "V203", "P108", "Y102"} <= errors
    assert RULES["B105"].severity is Severity.NOTE

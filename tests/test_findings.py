"""Findings: facts first, sentences in two languages, one order."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii.findings import Finding, Severity, by_province, in_order, lines
from pii.rules import RULES, Rule
from pii.submission import Place

BLANK = {"code": "1.1.1", "unit_vi": "tỷ đồng", "unit_en": "billion VND"}


def names(*texts: str) -> set[str]:
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def texts(rule: Rule, lang: str) -> tuple[str, ...]:
    return tuple(getattr(rule, f"{part}_{lang}") for part in ("there", "expected", "remedy"))


def missing(cell: str, file: str = "a.xlsx", sheet: str = "S", rule: str = "V101") -> Finding:
    facts = BLANK | ({"found": "x"} if rule == "V102" else {})
    return Finding(rule, Place(file, sheet, cell), "01", "1.1.1", facts)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_speaks_both_languages(code: str) -> None:
    rule = RULES[code]
    facts = {name: f"<{name}>" for name in names(*texts(rule, "vi"), *texts(rule, "en"))}
    finding = Finding(code, Place("tệp.xlsx", "Số liệu", "C7"), facts=facts)
    for lang, word in (("vi", "cần: "), ("en", "expected: ")):
        sentence = finding.sentence(lang)  # type: ignore[arg-type]
        assert "{" not in sentence
        assert sentence.startswith(
            f"{finding.severity_word(lang)} {code} tệp.xlsx [Số liệu!C7]: "  # type: ignore[arg-type]
        )
        assert word in sentence
        assert all(part.strip() for part in finding.parts(lang))  # type: ignore[arg-type]
        assert names(*texts(rule, lang)) <= set(facts)


@pytest.mark.parametrize("code", RULES)
def test_both_languages_say_the_same_facts(code: str) -> None:
    rule = RULES[code]
    one, other = (names(*texts(rule, lang)) for lang in ("vi", "en"))
    # The value to type is offered in Vietnamese only where the remedy names it (V106).
    assert one - {"typed"} == other - {"typed"}
    assert rule.code == code
    assert code[0] in "FTPCVEYBM"


def test_severity_words() -> None:
    assert missing("C7").severity is Severity.WARNING
    assert missing("C7").severity_word("vi") == "CẢNH BÁO"
    assert missing("C7").severity_word("en") == "WARNING"
    error = missing("C7", rule="V102")
    assert (error.severity_word("vi"), error.severity_word("en")) == ("LỖI", "ERROR")
    assert {rule.severity for rule in RULES.values()} == set(Severity)


def test_a_fact_may_differ_by_language() -> None:
    assert "tỷ đồng" in missing("C7").sentence("vi")
    assert "tỷ đồng" not in missing("C7").sentence("en")
    assert "billion VND" in missing("C7").sentence("en")


def test_a_whole_sentence() -> None:
    assert missing("C7").sentence("en") == (
        "WARNING V101 a.xlsx [S!C7]: 1.1.1 has no value; expected: a number in billion VND. "
        "Fill in the figure; if there is none, leave it empty and explain in the note column."
    )


@pytest.mark.parametrize("left_out", ["code", "unit_vi", "unit_en"])
def test_a_fact_that_is_left_out_is_noticed_at_once(left_out: str) -> None:
    facts = {key: value for key, value in BLANK.items() if key != left_out}
    with pytest.raises(KeyError, match=left_out.partition("_")[0]):
        Finding("V101", Place("a.xlsx"), facts=facts)


def test_an_unknown_rule_is_noticed_at_once() -> None:
    with pytest.raises(KeyError, match="X999"):
        Finding("X999", Place("a.xlsx"))


def test_braces_that_a_user_typed_are_only_text() -> None:
    finding = Finding("V102", Place("a{0}.xlsx"), facts=BLANK | {"found": "{x} {0} {"})
    assert "{x} {0} {" in finding.sentence("vi")


def test_a_finding_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="item assignment"):
        missing("C7").facts["code"] = "2.2.2"  # type: ignore[index]
    with pytest.raises(AttributeError, match="rule"):
        missing("C7").rule = "V102"  # type: ignore[misc]


ORDERED = [
    missing("C7", "a.xlsx", rule="V102"),  # errors first
    missing("C2", "a.xlsx", "A"),
    missing("A2", "a.xlsx"),
    missing("B2", "a.xlsx"),
    missing("AA2", "a.xlsx"),  # after Z
    missing("A10", "a.xlsx"),  # after row 9
    missing("A1", "b.xlsx", rule="V102"),
    missing("A1", "b.xlsx"),
]


@given(st.permutations(ORDERED))
def test_the_order_is_by_file_severity_and_place(shuffled: list[Finding]) -> None:
    assert list(in_order(shuffled)) == ORDERED


def test_lines_put_errors_first_and_tell_central_holes_once_a_file() -> None:
    holes = [missing(f"C{row}", rule="V108") for row in (7, 8, 9)]
    told = list(lines([*holes, missing("C1"), missing("C2", rule="V102")], "en"))
    assert [line.split()[1] for line in told] == ["V102", "V108", "V101"]
    assert told[1].endswith("Likewise (2): 1.1.1 (C8), 1.1.1 (C9).")


def concerning(rule: str, province: str, indicator: str = "1.1.1") -> Finding:
    facts = dict.fromkeys(names(*texts(RULES[rule], "vi"), *texts(RULES[rule], "en")), "x")
    return Finding(rule, Place(f"{province}.xlsx", "S", "C7"), province, indicator, facts)


def test_provinces_with_errors_come_first_and_what_concerns_none_before_them() -> None:
    found = [
        concerning("V101", "01"),
        concerning("V102", "04"),
        concerning("V106", "04"),
        concerning("P104", "08", ""),
        concerning("B103", ""),
        concerning("V102", "02"),
    ]
    groups = by_province(found)
    assert [province for province, _ in groups] == ["", "02", "04", "01"]
    assert [f.rule for f in dict(groups)[""]] == ["P104", "B103"]
    assert [f.rule for f in dict(groups)["04"]] == ["V102", "V106"]
    assert sum(len(group) for _, group in groups) == len(found)  # nothing is lost


def test_central_figures_that_several_lack_are_told_once_an_indicator() -> None:
    found = [concerning("V108", p, c) for p in ("01", "04", "08") for c in ("1.1.1", "1.1.2")]
    assert [province for province, _ in by_province(found)] == [""]
    told = list(lines(found, "en"))
    assert len(told) == 2
    assert told[0].endswith("Likewise (2): 04, 08.")
    everywhere = [*found, concerning("B101", "", "1.1.2")]
    assert [line.split()[1] for line in lines(everywhere, "en")] == ["V108", "B101"]
    assert by_province(found[:2]) == [("01", tuple(found[:2]))]  # one province: its own


def test_what_one_province_lacks_takes_one_line_with_every_cell() -> None:
    found = [missing(f"C{row}") for row in (7, 8, 9)]
    (line,) = lines(found, "vi")
    assert line.endswith("Cũng như vậy (2): 1.1.1 (C8), 1.1.1 (C9).")

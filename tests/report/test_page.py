"""The preview for readers: a page that is inert and complete, and lines for the terminal."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from math import isnan, nan

import pytest

from pii.checks import checked
from pii.findings import Finding
from pii.method import Normalisation
from pii.pipeline import Outcome
from pii.preview.estimate import Preview, preview
from pii.preview.movement import Backtest, Movement, Outlook
from pii.preview.peers import Peers
from pii.preview.reference import reference_of, withheld
from pii.preview.sides import percentile
from pii.report.page import preview_page
from pii.report.tables import csv_bytes, indicators_table, scores_table, treatment_table
from pii.report.terminal import (
    concerning,
    percent,
    plain,
    preview_lines,
    ranked,
    shortfalls,
    signed,
    upper,
)
from pii.submission import Kind, Observation, Place, Status, Submission
from tests.small import small_framework, small_indicator, small_method, small_outcome, small_values

HOSTILE = (
    "$x^2$",
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A1",
    '" onload="alert(1)',
    "{{7*7}}",
)


def outcome_of(**changes) -> Outcome:
    framework = changes.pop("framework", small_framework())
    own = ("1.1.1", "2.1.2")
    indicators = tuple(
        replace(one, supplier="province" if one.code in own else "central")
        for one in framework.indicators
    )
    return small_outcome(framework=replace(framework, indicators=indicators), **changes)


def previewed(
    outcome: Outcome, typed: dict[str, str], province: str = "48", **fields: str
) -> tuple[Preview, tuple[Finding, ...]]:
    """A workbook with these cells, read by the checks, against the run."""
    raw = Submission(
        province,
        Place("48.xlsx"),
        tuple(
            Observation(
                province,
                code,
                Place("48.xlsx", "Chỉ số", f"G{row}"),
                kind=Kind.NUMBER if re.fullmatch(r"-?[\d.]+", text) else Kind.TEXT,
                text=text,
                **fields,
            )
            for row, (code, text) in enumerate(typed.items(), 5)
        ),
    )
    (understood,), findings = checked([raw], outcome.framework, outcome.provinces, whole=False)
    reference = reference_of(
        outcome.framework,
        outcome.method,
        run="nam-2024",
        scores_csv=csv_bytes(scores_table(outcome)),
        indicators_csv=csv_bytes(indicators_table(outcome)),
        treatment_csv=csv_bytes(treatment_table(outcome)),
        names=outcome.provinces,
        left_out=outcome.left_out,
    )
    return preview(understood, reference), findings


TYPED = {"1.1.1": "7.3", "1.1.2": "0.2", "2.1.1": "4.7", "2.1.2": "41"}  # 1.2.1 is left blank


class Reader(HTMLParser):
    """What a browser would see: tags with their attributes, and text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open and data.strip():
            self.texts.append(" ".join(data.split()))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_is_one_whole_document_that_loads_nothing(lang):
    outcome = outcome_of()
    page = preview_page(*previewed(outcome, TYPED), lang, file="48.xlsx", made="2025-07-01")
    seen = Reader(page)
    assert seen.open == []
    assert seen.of("html") == [{"lang": lang}]
    assert not seen.of("script") + seen.of("link") + seen.of("img") + seen.of("iframe")
    assert not re.search(rb"url\(|@import|https?:|src=|href=", page)
    policy = next(m["content"] for m in seen.of("meta") if m.get("http-equiv"))
    assert "default-src 'none'" in (policy or "")
    for name in (outcome.framework.label(lang), outcome.framework.title(lang), "nam-2024"):
        assert any(name in text for text in seen.texts), name
    assert "48.xlsx" in " ".join(seen.texts)


def test_the_page_can_be_read_aloud():
    seen = Reader(preview_page(*previewed(outcome_of(), TYPED), "vi"))
    assert [tag for tag, _ in seen.tags if tag in ("h1", "h2", "h3")] == [
        "h1",
        "h2",
        "h2",
        "h2",
        "h2",
        "h2",
    ]
    assert all(cell.get("scope") or cell.get("aria-hidden") for cell in seen.of("th"))
    drawings = [svg for svg in seen.of("svg") if svg.get("role") == "img"]
    assert re.fullmatch(
        "Nhóm PII: điểm 72,42, trung bình cả nước: [0-9]+,[0-9]{2}, cao nhất: [0-9]+,[0-9]{2}",
        drawings[0]["aria-label"] or "",
    )
    assert len(drawings) == len(upper(previewed(outcome_of(), TYPED)[0])) == 5


def test_the_figures_are_those_of_the_preview():
    result, findings = previewed(outcome_of(), TYPED)
    seen = Reader(preview_page(result, findings, "en"))
    index = result.standing("PII")
    for figure in (f"{index.score:.2f}", f"{index.mean:.2f}", f"{index.best:.2f}"):
        assert figure in seen.texts
    assert f"{index.score - index.mean:+.2f}" in seen.texts
    assert (
        "2 own; 2 central from the file; 1 central carried over from the run; 0 missing (total 5)."
        in (" ".join(seen.texts))
    )
    for one in result.rows:
        assert f"{one.score:.2f}" in seen.texts
    assert "carried over" in seen.texts


@pytest.mark.parametrize("text", HOSTILE)
def test_what_data_say_does_nothing_in_the_page(text):
    framework = small_framework(
        title_vi=text,
        label_vi=text,
        indicators=tuple(
            small_indicator(one.code, one.parent, name_vi=text, unit_vi=text)
            for one in small_framework().indicators
        ),
    )
    outcome = small_outcome(framework=framework)
    result, findings = previewed(outcome, {**TYPED, "2.1.2": text}, evidence=text, note=text)
    seen = Reader(preview_page(result, findings, "vi", file=text, made=text))
    plain_page = Reader(preview_page(*previewed(outcome_of(), TYPED), "vi"))
    assert {tag for tag, _ in seen.tags} <= {tag for tag, _ in plain_page.tags} | {"small"}
    assert not any(name.startswith("on") for _, attrs in seen.tags for name in attrs)
    told = " ".join(seen.texts)
    assert told.count(text) >= 20  # title, label, names, units, evidence, notes, finding, file
    assert "<script" not in preview_page(result, findings, "vi").decode()


def test_control_characters_do_not_reach_reader_or_terminal():
    bad = "a\x1b[2Jb\u202ec\nd"
    assert plain(bad) == "a [2Jb c d"
    result, findings = previewed(outcome_of(), {**TYPED, "2.1.2": bad}, note=bad)
    page = preview_page(result, findings, "vi").decode()
    assert "\x1b" not in page
    assert "\u202e" not in page
    lines = preview_lines(result, findings, "vi")
    assert all(line == plain(line) for line in lines)
    assert any("a [2Jb c d" in line for line in lines)


def test_findings_are_told_with_cell_and_remedy():
    result, findings = previewed(outcome_of(), {**TYPED, "1.1.1": "khoảng 7"})
    there, expected, remedy = findings[0].parts("vi")
    seen = Reader(preview_page(result, findings, "vi"))
    for text in ("LỖI", findings[0].rule, "Chỉ số!G5", there, expected, remedy):
        assert text in seen.texts
    assert "không dùng được" in seen.texts
    assert any("chưa được tính chính thức" in text for text in seen.texts)
    lines = preview_lines(result, findings, "vi")
    assert f"  {findings[0].sentence('vi')}" in lines


def test_a_carried_figure_is_told_once_and_a_missing_one_stays_a_finding():
    result, findings = previewed(outcome_of(), {k: v for k, v in TYPED.items() if k != "1.1.1"})
    assert {f.indicator for f in findings if f.rule in ("V101", "V108")} == {"1.1.1", "1.2.1"}
    assert {f.indicator for f in concerning(result, findings)} == {"1.1.1"}


def test_without_coverage_the_page_says_so_and_prints_no_zero():
    outcome = outcome_of()
    result, findings = previewed(outcome, {"1.1.1": "7.3", "1.1.2": "0.2"}, province="92")
    assert isnan(result.standing("PII").score)
    page = preview_page(result, findings, "vi")
    seen = Reader(page)
    assert "0,00" not in seen.texts
    assert any("không phải là 0" in text for text in seen.texts)
    assert shortfalls(result, "vi")[0] == "PII Nhóm PII: 1 thành phần có điểm, cần ít nhất 2"
    assert shortfalls(result, "en")[1] == (
        "output Group output: 0 of 2 indicators have a value, at least 1 needed; "
        "parts with a score: 0, at least 1 needed"
    )
    assert "Nhóm PII: chưa có điểm" in next(
        svg["aria-label"] or "" for svg in Reader(page).of("svg") if svg.get("role") == "img"
    )


def test_values_past_a_goalpost_are_marked():
    result, findings = previewed(outcome_of(), {**TYPED, "1.1.1": "99", "1.1.2": "99"})
    seen = Reader(preview_page(result, findings, "vi"))
    assert "vượt mốc tốt nhất: nhận đúng điểm cao nhất" in seen.texts
    assert "kém hơn mốc kém nhất: nhận đúng điểm thấp nhất" in seen.texts


def test_bars_on_a_scale_without_fixed_ends():
    values = small_values() - 20
    outcome = outcome_of(values=values, method=small_method(normalisation=Normalisation("none")))
    result, findings = previewed(outcome, {**TYPED, "1.1.1": "-50"})
    for rect in Reader(preview_page(result, findings, "vi")).of("rect"):
        assert 0 <= float(rect["x"]) <= 170
        assert 0 <= float(rect["width"]) <= 170


def test_equal_previews_are_equal_bytes():
    pages = {preview_page(*previewed(outcome_of(), TYPED), "vi") for _ in range(2)}
    assert len(pages) == 1


def test_lines_for_the_terminal():
    result, findings = previewed(outcome_of(), TYPED)
    lines = preview_lines(result, findings, "vi")
    assert lines[0] == "Đà Nẵng (48) · Bộ chỉ số nhỏ"
    assert lines[1] == "[ GIẢ LẬP & thử ]"
    table = [line for line in lines if re.match(r" *(PII|input|output|1|2) Nhóm", line)]
    assert len(table) == 5
    assert len({len(line) for line in table}) == 1
    # By hand: ((7.3−2.2)/6.9 + 1)/2 with (55−12.5)/58.5; 1 with (41−7)/113; the mean of both means.
    assert table[0].split()[3:5] == ["72,42", "3/5"]
    assert table[0].endswith("100\u00a0%")
    assert "Số liệu: 2 của tỉnh; 2 của trung ương có trong tệp; " in "\n".join(lines)
    assert "  Lấy lại từ lần tính: 1.2.1" in lines
    assert "Kiểm tra tệp: không có lỗi." in lines
    assert any("không phải dự báo" in line for line in lines)


def test_few_figures_stay_honest():
    assert [percent(x, "en") for x in (0.0, 0.003, 0.5, 0.996, 1.0)] == [
        "0\u00a0%", "0.3\u00a0%", "50\u00a0%", "99.6\u00a0%", "100\u00a0%",
    ]  # fmt: skip
    assert [signed(x) for x in (1.234, -1.234, 0.004, -0.004, nan)] == [
        "+1,23", "−1,23", "0,00", "0,00", "–",
    ]  # fmt: skip
    result, _ = previewed(outcome_of(), TYPED)
    assert ranked(result, "PII", "vi") == "3/5"


def test_a_preview_waits_for_no_heavy_package():
    code = (
        "import sys, pii.report.page, pii.report.terminal;"
        "sys.exit(bool({'pandas', 'matplotlib', 'xlsxwriter', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


MOVED = Movement(3.65, 0.9, 13, ("2023", "2024"), 0, 2, ("2024", "2025"))


def told(page: bytes) -> str:
    return " ".join(Reader(page).texts)


def test_the_range_says_what_it_is_made_of_and_how_it_did():
    result, findings = previewed(outcome_of(), TYPED)
    text = told(preview_page(result, findings, "vi", known=MOVED))
    score = result.standing("PII").score  # 72.42, by hand above
    assert "68,8–76,1" in text
    assert f"Khoảng có thể: {score - 3.65:.2f}–{score + 3.65:.2f}".replace(".", ",") in text
    assert "90 % của 13 tỉnh" in text
    assert "không quá 3,65 điểm" in text
    assert "đúng với 0 trên 2 tỉnh" in text
    assert "Range to expect" not in told(preview_page(result, findings, "en"))
    known = replace(result, reference=replace(result.reference, movement=MOVED))
    assert "0 of 2 provinces that were not merged" in told(preview_page(known, findings, "en"))
    assert any("0 of 2 provinces" in line for line in preview_lines(result, findings, "en", MOVED))


def test_scenarios_say_their_number_assumption_and_test():
    result, findings = previewed(outcome_of(), TYPED)
    scenarios = Outlook(tuple(map(float, range(40))), tuple(map(float, range(1, 41))), ("a", "b"))
    text = told(preview_page(result, findings, "en", known=scenarios))
    assert "Range to expect: score 2.00–37.00, rank 3–38." in text
    for part in ("90 % of 40 scenarios", "between the runs “a” and “b”", "Assumed: the coming"):
        assert part in text
    assert "Not tested" in text
    tried = replace(scenarios, backtest=Backtest(50, 48, 63))
    text = told(preview_page(result, findings, "en", known=tried))
    assert "its range for 50, the rank for 48 of 63 provinces" in text


def with_peers(result: Preview, mean: tuple[float, ...]) -> Preview:
    groups = (Peers("region", "X", (result.province, "01", "04", "31"), mean),)
    return replace(result, reference=replace(result.reference, peers=groups))


def test_the_means_of_peers_stand_beside_the_national_one():
    result, findings = previewed(outcome_of(), TYPED)
    nodes = [node.code for node in result.reference.framework.groups]
    page = preview_page(
        with_peers(result, tuple(40.0 + k for k in range(len(nodes)))), findings, "en"
    )
    seen = Reader(page)
    assert "Region mean" in seen.texts
    for k, code in enumerate(nodes):
        if any(code == group.code for group in upper(result)):
            assert f"{40 + k}.00" in seen.texts
    hidden = told(preview_page(with_peers(result, ()), findings, "en"))
    assert "Its mean is not told" in hidden


def test_every_indicator_has_its_percentile_as_text_and_as_a_mark():
    result, findings = previewed(outcome_of(), TYPED)
    page = preview_page(result, findings, "en")
    seen = Reader(page)
    strips = [svg for svg in seen.of("svg") if svg.get("viewbox") == "0 0 70.0 9"]
    assert len(strips) == len(result.rows)
    assert all(svg.get("aria-hidden") == "true" for svg in strips)  # the figure is the next cell
    marks = [float(c["cx"]) for c in seen.of("circle")]
    central = [row for row in result.rows if row.indicator.supplier == "central"]
    assert marks == pytest.approx(
        [5 + 60 * percentile(result, row.indicator.code) for row in central], abs=0.006
    )


def test_a_withheld_reference_shows_spans_of_ranks_and_nobodys_figures():
    outcome = outcome_of()
    result, findings = previewed(outcome, TYPED)
    one = previewed(outcome, TYPED)[0]
    shut = preview(
        Submission(
            one.province,
            Place(""),
            tuple(
                Observation(one.province, row.indicator.code, Place(""), value=row.value,
                            status=Status.VALUE)
                for row in one.rows
            ),
        ),
        withheld(result.reference),
    )  # fmt: skip
    page = preview_page(shut, findings, "vi")
    assert re.search(r"(\d+–)?\d+ */ *6", told(page).replace("\u00a0", " "))
    assert ranked(shut, "PII", "vi").endswith("/5")
    own = {f"{x:.2f}".replace(".", ",") for x in (s.score for s in shut.standings) if not isnan(x)}
    for who, row in zip(result.reference.provinces, result.reference.score, strict=True):
        index = f"{row[0]:.2f}".replace(".", ",")
        assert index in {*own, "nan", "0,00"} or index not in told(page), who

"""A preview as one self-contained HTML page: no script, no network, prints on A4.

Everything that is not the template's own is escaped (jinja2's autoescape), and a content security
policy within the page forbids scripts and every load.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

from pii.findings import Finding
from pii.framework import Framework, Group, Language
from pii.preview.estimate import Preview, Row, Standing
from pii.preview.movement import Movement, Outlook
from pii.preview.sides import percentile, sides
from pii.preview.span import span_of
from pii.report.html import environment
from pii.report.numbers import NOT_PUBLISHED, printed
from pii.report.terminal import (
    best_word,
    between,
    blocked,
    concerning,
    indicative,
    lacking,
    origins,
    peer_lines,
    percent,
    range_lines,
    ranked,
    recorded,
    shortfalls,
    signed,
    tally,
    titled,
    upper,
)

_WIDTH = 170.0  # of a bar's drawing, in its own units
_STRIP = 70.0  # of an indicator's strip

WORDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "preview": "Xem trước điểm",
        "score": "Điểm",
        "rank": "Hạng sẽ có",
        "rank_head": "Hạng",
        "mean": "Trung bình cả nước",
        "mean_any": "Trung bình chung",
        "gap": "So với trung bình",
        "region": "Tr.bình vùng",
        "income": "Tr.bình nhóm thu nhập",
        "range": "Khoảng có thể",
        "rank_lower": "hạng",
        "strong": "Điểm mạnh",
        "weak": "Điểm yếu",
        "sides": "Điểm mạnh và điểm yếu",
        "no_sides": "Không có chỉ số nào nổi bật.",
        "share": "Phân vị",
        "strip": "Giữa các tỉnh",
        "strip_any": "Vị trí",
        "coverage": "Độ phủ",
        "pillars": "Điểm theo trụ cột",
        "bar": "Điểm của tỉnh",
        "bar_any": "Điểm",
        "group": "Trụ cột",
        "indicators": "Điểm theo chỉ số",
        "code": "Mã",
        "indicator": "Chỉ số · đơn vị tính",
        "value": "Giá trị",
        "mean_short": "Tr.bình",
        "weight": "Tỷ trọng",
        "points": "Góp vào điểm",
        "origin": "Nguồn",
        "findings": "Kết quả kiểm tra tệp",
        "clean": "Không phát hiện lỗi nào.",
        "severity": "Mức",
        "cell": "Ô",
        "there": "Đang có",
        "expected": "Cần",
        "remedy": "Cách sửa",
        "caveats": "Cần biết khi đọc",
        "figures": "Số liệu",
        "evidence": "Minh chứng",
        "note": "Ghi chú",
        "better": "vượt mốc tốt nhất: nhận đúng điểm cao nhất",
        "worse": "kém hơn mốc kém nhất: nhận đúng điểm thấp nhất",
        "unscored": "lần tính không có mốc điểm cho chỉ số này",
        "none": "chưa có điểm",
        "total": "Tổng: điểm chỉ số tổng hợp",
        "file": "Tệp",
        "run": "Lần tính dùng để so sánh",
        "edition": "Kỳ",
        "made": "Lập lúc",
        "dash": "“–”: không có; không phải là 0. Tỷ trọng là phần thực tế của chỉ số trong điểm "
        "tổng hợp lần này: phần của chỉ số thiếu được chia cho các chỉ số còn lại. Phân vị: 0 là "
        "thấp nhất, 100 là cao nhất trong lần tính; dấu vuông: chỉ số của tỉnh, dấu tròn: của "
        "trung ương; vạch đứng: chính giữa.",
        "lower": "càng thấp càng tốt",
        "from_own": "tỉnh",
        "from_central": "trung ương",
        "from_carried": "lấy lại",
        "from_missing": "thiếu",
        "from_unusable": "không dùng được",
    },
    "en": {
        "preview": "Score preview",
        "score": "Score",
        "rank": "Rank it would have",
        "rank_head": "Rank",
        "mean": "National mean",
        "mean_any": "Mean of all",
        "gap": "Against the mean",
        "region": "Region mean",
        "income": "Income group mean",
        "range": "Range to expect",
        "rank_lower": "rank",
        "strong": "Strengths",
        "weak": "Weaknesses",
        "sides": "Strengths and weaknesses",
        "no_sides": "No indicator stands out.",
        "share": "Percentile",
        "strip": "Among provinces",
        "strip_any": "Place",
        "coverage": "Coverage",
        "pillars": "Scores by pillar",
        "bar": "The province's score",
        "bar_any": "Score",
        "group": "Pillar",
        "indicators": "Scores by indicator",
        "code": "Code",
        "indicator": "Indicator · unit",
        "value": "Value",
        "mean_short": "Mean",
        "weight": "Weight",
        "points": "Adds to index",
        "origin": "From",
        "findings": "What the checks found in the file",
        "clean": "Nothing was found.",
        "severity": "Severity",
        "cell": "Cell",
        "there": "What is there",
        "expected": "What was expected",
        "remedy": "What to do",
        "caveats": "To bear in mind",
        "figures": "Figures",
        "evidence": "Evidence",
        "note": "Note",
        "better": "beyond the best goalpost: scored exactly at the top",
        "worse": "beyond the worst goalpost: scored exactly at the bottom",
        "unscored": "the run has no goalposts for this indicator",
        "none": "no score",
        "total": "Total: score of the index",
        "file": "File",
        "run": "Run compared with",
        "edition": "Edition",
        "made": "Made at",
        "dash": "“–”: there is none; it is not zero. The weight is the indicator's actual share in "
        "this index: that of missing indicators is shared out among the rest. Percentile: 0 is the "
        "lowest of the run, 100 the highest; squares: the province's own indicators, dots: central "
        "agencies'; the line is the middle.",
        "lower": "lower is better",
        "from_own": "own",
        "from_central": "central",
        "from_carried": "carried over",
        "from_missing": "missing",
        "from_unusable": "unusable",
    },
}


def preview_page(
    preview: Preview,
    findings: Sequence[Finding],
    lang: Language,
    *,
    file: str = "",
    made: str = "",
    known: Movement | Outlook | None = None,
) -> bytes:
    """The preview as one HTML file, UTF-8.

    file : name of the file previewed, as the reader knows it
    made : when, as text; "" leaves the line out, and equal previews are then equal bytes
    known : what a range of the score is made of; None: what the reference knows of movements
    """
    text = _rendered("preview.html.j2", preview, findings, lang, file, made, known)
    return text.encode("utf-8")


def preview_main(
    preview: Preview, findings: Sequence[Finding], lang: Language, *, file: str = ""
) -> str:
    """The same page's `<main>` alone, for a page that already is one (`preview.css` styles it)."""
    return _rendered("preview_main.html.j2", preview, findings, lang, file, "", None)


def _rendered(
    template: str,
    preview: Preview,
    findings: Sequence[Finding],
    lang: Language,
    file: str,
    made: str,
    known: Movement | Outlook | None,
) -> str:
    framework = preview.reference.framework
    words = {**WORDS[lang], "best": best_word(preview.reference, lang)}
    known = known or preview.reference.movement
    told = concerning(preview, findings)
    national = preview.reference.names is not None
    index = preview.standing(framework.index)
    facts = (
        (words["file"], file),
        (words["edition"], framework.id),
        (words["run"], preview.reference.run),
        (words["made"], made),
    )
    return (
        environment()
        .get_template(template)
        .render(
            lang=lang,
            w=words,
            mean_word=words["mean" if national else "mean_any"],
            bar_word=words["bar" if national else "bar_any"],
            name=titled(preview, lang),
            title=framework.title(lang),
            label=framework.label(lang),
            index=_index(preview, index, lang),
            span=_span(preview, known, lang),
            basis=range_lines(preview, known, lang) if known else [],
            columns=[
                kind for kind in _KINDS if any(p.kind == kind for p in preview.reference.peers)
            ],
            peers=peer_lines(preview, lang),
            sides=_sides(preview, lang),
            recorded=recorded(preview, index, lang),
            origins=origins(preview, lang),
            blocked=blocked(told, lang),
            tally=tally(told, lang),
            lacking=lacking(lang),
            shortfalls=shortfalls(preview, lang),
            indicative=indicative(preview, lang),
            bars=list(_bars(preview, lang)),
            width=_WIDTH,
            strip=_STRIP,
            strip_word=words["strip" if national else "strip_any"],
            sections=list(_sections(preview, lang)),
            findings=[_finding(finding, lang) for finding in told],
            caveats=preview.reference.caveats(lang),
            facts=[(word, fact) for word, fact in facts if fact],
        )
    )


def _index(preview: Preview, index: Standing, lang: Language) -> Mapping[str, str | bool]:
    rank = ranked(preview, index.node, lang)
    return {
        "ranked": rank != NOT_PUBLISHED,
        "name": preview.reference.framework.name(index.node, lang),
        "score": printed(index.score, 2, lang),
        "rank": rank.partition("/")[0],
        "of": rank.partition("/")[2],
        "mean": printed(index.mean, 2, lang),
        "best": printed(index.best, 2, lang),
        "gap": signed(index.above_mean, 2, lang),
        "coverage": percent(index.coverage, lang),
    }


_KINDS = ("region", "income")


def _span(
    preview: Preview, known: Movement | Outlook | None, lang: Language
) -> Mapping[str, str] | None:
    span = span_of(preview, known) if known else None
    if span is None or isnan(span.score[0]):
        return None
    return {"score": between(span.score, 1, lang), "rank": between(span.rank, 0, lang)}


def _sides(preview: Preview, lang: Language) -> list[tuple[str, list[Mapping[str, str]]]]:
    words = WORDS[lang]
    return [
        (
            words[word],
            [
                {
                    "code": side.row.indicator.code,
                    "name": side.row.indicator.name(lang),
                    "score": printed(side.row.score, 2, lang),
                    "rank": ranked(preview, side.row.indicator.code, lang),
                }
                for side in found
            ],
        )
        for word, found in zip(("strong", "weak"), sides(preview), strict=True)
    ]


def _peer_means(preview: Preview, node: str) -> Mapping[str, float]:
    """Means of the province's region and income band on a group node; NaN where not told."""
    k = preview.reference.nodes.index(node)
    return {
        peers.kind: peers.mean[k] if peers.mean else nan
        for peers in preview.reference.peers
        if preview.province in peers.members
    }


@dataclass(frozen=True, slots=True)
class _Bar:
    """A row of the figure: texts, and positions in the drawing (None: there is no such mark)."""

    code: str
    name: str
    depth: int
    score: str
    rank: str
    mean: str
    best: str
    peers: Mapping[str, str]
    gap: str
    coverage: str
    at: float | None
    mean_at: float | None
    best_at: float | None
    peers_at: Mapping[str, float | None]
    zero_at: float
    spoken: str


def _bars(preview: Preview, lang: Language) -> Iterator[_Bar]:
    words, framework = WORDS[lang], preview.reference.framework
    low, high = _scale(preview)

    def at(x: float) -> float | None:
        # 7 units are kept free on either side, so that a marker at the end is whole.
        return None if isnan(x) else 7 + (_WIDTH - 14) * (x - low) / (high - low)

    for group in upper(preview):
        one, peers = preview.standing(group.code), _peer_means(preview, group.code)
        score, mean, best = (printed(x, 2, lang) for x in (one.score, one.mean, one.best))
        mean_word = words["mean" if preview.reference.names else "mean_any"].lower()
        yield _Bar(
            code=group.code,
            name=group.name(lang),
            depth=len(framework.ancestors(group.code)),
            score=score,
            rank=ranked(preview, group.code, lang),
            mean=mean,
            best=best,
            peers={kind: printed(peers.get(kind, nan), 2, lang) for kind in _KINDS},
            gap=signed(one.above_mean, 2, lang),
            coverage=percent(one.coverage, lang),
            at=at(one.score),
            mean_at=at(one.mean),
            best_at=at(one.best),
            peers_at={kind: at(peers.get(kind, nan)) for kind in _KINDS},
            zero_at=at(max(low, 0.0)) or 0.0,
            spoken=f"{group.name(lang)}: "
            f"{words['none'] if isnan(one.score) else words['score'].lower() + ' ' + score}, "
            f"{mean_word}: {mean}, {best_word(preview.reference, lang).lower()}: {best}",
        )


def _scale(preview: Preview) -> tuple[float, float]:
    normalisation = preview.reference.method.normalisation
    if normalisation.rule == "min-max":
        return normalisation.scale
    standings = [preview.standing(group.code) for group in upper(preview)]
    figures = [x for one in standings for x in (one.score, one.best, one.mean) if not isnan(x)]
    low, high = min(0.0, *figures, 0.0), max(0.0, *figures, 0.0)
    return (low, high) if low < high else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Line:
    """An indicator in the table, all texts."""

    code: str
    name: str
    lower: bool
    value: str
    unit: str
    score: str
    mean: str
    share: str
    share_at: float | None
    own: bool
    weight: str
    points: str
    origin: str
    kind: str
    mark: str
    asides: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """A pillar with its indicators."""

    code: str
    name: str
    score: str
    lines: tuple[_Line, ...]


def _sections(preview: Preview, lang: Language) -> Iterator[_Section]:
    framework = preview.reference.framework
    for group in _lowest(upper(preview), framework):
        yield _Section(
            code=group.code,
            name=group.name(lang),
            score=printed(preview.standing(group.code).score, 2, lang),
            lines=tuple(
                _line(preview, preview.rows[j], lang) for j in framework.leaves[group.code]
            ),
        )


def _lowest(groups: Sequence[Group], framework: Framework) -> Iterator[Group]:
    """Those with no other of them beneath (the pillars): no indicator is then named twice."""
    above = {code for group in groups for code in framework.ancestors(group.code)}
    return (group for group in groups if group.code not in above)


def _line(preview: Preview, row: Row, lang: Language) -> _Line:
    words, indicator = WORDS[lang], row.indicator
    one, share = preview.standing(indicator.code), percentile(preview, indicator.code)
    marks = (words[row.beyond] if row.beyond else "", words["unscored"] if row.unscored else "")
    asides = ((words["evidence"], row.evidence), (words["note"], row.note))
    return _Line(
        code=indicator.code,
        name=indicator.name(lang),
        lower=indicator.direction == "lower",
        value=_value(row.value, lang),
        unit=indicator.unit(lang),
        score=printed(row.score, 2, lang),
        mean=printed(one.mean, 2, lang),
        share=printed(100 * share, 0, lang),
        share_at=None if isnan(share) else 5 + (_STRIP - 10) * share,
        own=indicator.supplier == "province",
        weight=NOT_PUBLISHED
        if isnan(row.weight) or isnan(row.score)
        else f"{printed(100 * row.weight, 1, lang)}\u00a0%",
        points=NOT_PUBLISHED if isnan(row.score) else printed(row.contribution, 2, lang),
        origin=words[f"from_{row.origin.value}"],
        kind=row.origin.value,
        mark="; ".join(mark for mark in marks if mark),
        asides=tuple((word, text) for word, text in asides if text.strip()),
    )


def _value(x: float, lang: Language) -> str:
    """A value in its unit: whole numbers as such, small ones with more decimals."""
    if isnan(x):
        return NOT_PUBLISHED
    if x == int(x):
        return printed(x, 0, lang)
    digits = 2
    while abs(x) < 10.0 ** (1 - digits) and digits < 8:
        digits += 1
    return printed(x, digits, lang)


def _finding(finding: Finding, lang: Language) -> Mapping[str, str]:
    there, expected, remedy = finding.parts(lang)
    place = finding.place
    return {
        "severity": finding.severity_word(lang),
        "kind": finding.severity.value,
        "rule": finding.rule,
        "cell": "!".join(part for part in (place.sheet, place.cell) if part) or place.file,
        "there": there,
        "expected": expected,
        "remedy": remedy,
    }

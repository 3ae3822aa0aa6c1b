"""A preview in short lines for the terminal, and the sentences it shares with the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan

from pii.findings import Finding, Severity
from pii.framework import Group, Language
from pii.preview.estimate import Origin, Preview, Row, Standing
from pii.preview.movement import Movement, Outlook
from pii.preview.peers import Peers
from pii.preview.reference import Reference
from pii.preview.span import Span, ranks_of, span_of
from pii.report.numbers import NOT_PUBLISHED, printed
from pii.texts import plain

_NAME = 44  # characters for a name on a line
_SHOWN = 12  # findings that are no errors

_ORIGINS: Mapping[Language, Mapping[Origin, str]] = {
    "vi": {
        Origin.OWN: "của tỉnh",
        Origin.CENTRAL: "của trung ương có trong tệp",
        Origin.CARRIED: "của trung ương lấy lại từ lần tính",
        Origin.UNUSABLE: "không dùng được",
        Origin.MISSING: "thiếu",
    },
    "en": {
        Origin.OWN: "own",
        Origin.CENTRAL: "central from the file",
        Origin.CARRIED: "central carried over from the run",
        Origin.UNUSABLE: "unusable",
        Origin.MISSING: "missing",
    },
}


def preview_lines(
    preview: Preview,
    findings: Sequence[Finding],
    lang: Language,
    known: Movement | Outlook | None = None,
) -> list[str]:
    """The preview in short: scores down to the pillars, origin of the values, findings."""
    vi, framework = lang == "vi", preview.reference.framework
    lines = [f"{titled(preview, lang)} · {framework.title(lang)}"]
    if label := framework.label(lang):
        lines.append(f"[ {label} ]")
    lines += ["", *_table(preview, lang), ""]
    if short := shortfalls(preview, lang):
        lines += [lacking(lang), *(f"  {text}" for text in short), ""]
    lines.append(("Số liệu: " if vi else "Figures: ") + origins(preview, lang))
    lines += [f"  {text}" for text in _listed(preview, lang)]
    lines += ["", *_found(concerning(preview, findings), lang), ""]
    lines.append(indicative(preview, lang))
    lines += range_lines(preview, known, lang) if known else []
    lines += preview.reference.caveats(lang)[: -len(framework.assumptions) or None]
    if framework.assumptions:
        lines.append(
            f"{len(framework.assumptions)} giả định của kỳ này: xem trang HTML."
            if vi
            else f"{len(framework.assumptions)} assumptions of this edition: see the HTML page."
        )
    return [plain(line) for line in lines]


def titled(preview: Preview, lang: Language) -> str:
    """The province by name and code."""
    name = preview.reference.name(preview.province, lang)
    return name if name == preview.province else f"{name} ({preview.province})"


def upper(preview: Preview) -> tuple[Group, ...]:
    """The groups from the index down to the pillars, each before its children."""
    framework = preview.reference.framework
    shown = framework.levels[:-1][:3]
    nodes = (framework.by_code[code] for code in framework.top_down)
    return tuple(node for node in nodes if isinstance(node, Group) and node.level in shown)


def signed(x: float, digits: int = 2, lang: Language = "vi") -> str:
    """A difference with its sign; no sign where it prints as zero, – where there is none."""
    if isnan(x):
        return NOT_PUBLISHED
    text = printed(abs(x), digits, lang)
    if not text.strip("0.,"):
        return text
    return f"{'+' if x > 0 else '−'}{text}"


def ranked(preview: Preview, node: str, lang: Language) -> str:
    """Rank among how many (12/34); a span of ranks where the reference holds only quantiles.

    – where there is none.
    """
    one, reference = preview.standing(node), preview.reference
    if not reference.closed:
        return NOT_PUBLISHED if isnan(one.rank) else f"{printed(one.rank, 0, lang)}/{one.of}"
    span = between(ranks_of(preview, node, one.score), 0, lang)
    if span == NOT_PUBLISHED:
        return span
    return f"{span}/{reference.ranked[reference.nodes.index(node)]}"


def between(span: tuple[float, float], digits: int, lang: Language) -> str:
    """Two figures as a span, or one where both print alike; – where there is none."""
    if isnan(span[0]):
        return NOT_PUBLISHED
    low, high = (printed(x, digits, lang) for x in span)
    return low if low == high else f"{low}–{high}"


def range_lines(preview: Preview, known: Movement | Outlook, lang: Language) -> list[str]:
    """Where the score may end up, what that is made of, what it assumes, and how it did before."""
    span, vi = span_of(preview, known), lang == "vi"
    if isnan(span.score[0]):
        return []
    score, rank = between(span.score, 2, lang), between(span.rank, 0, lang)
    if vi:
        said = f"Khoảng có thể: {score} điểm, hạng {rank}."
    else:
        said = f"Range to expect: score {score}, rank {rank}."
    if isinstance(known, Outlook):
        aside = _lies_beside(preview, span, lang)
        return [said, *([aside] if aside else []), *_scenarios(known, lang)]
    still = (
        "Hạng tính khi các nơi khác đứng yên." if vi else "The ranks are those if all others stand "
        "still."
    )  # fmt: skip
    return [f"{said} {still}", movement_line(known, lang)]


def _lies_beside(preview: Preview, span: Span, lang: Language) -> str:
    """Why the score or the rank of the preview is not within its own range; "" where they are."""
    index = preview.reference.framework.index
    standing = preview.standing(index)
    best, worst = ranks_of(preview, index, standing.score)
    score_in = span.score[0] <= standing.score <= span.score[1]
    if score_in and best <= span.rank[1] and worst >= span.rank[0]:
        return ""
    score, run = printed(standing.score, 2, lang), preview.reference.run
    rank = ranked(preview, index, lang)
    return (
        f"Điểm {score} và hạng {rank} ở trên không cùng nằm trong khoảng này, vì chúng giữ nguyên "
        f"số liệu các nơi khác và mốc điểm của lần tính “{run}”; trong các kịch bản, các nơi khác "
        "đều thay đổi, mốc điểm dịch theo, nên cùng một số liệu được điểm và hạng khác."
        if lang == "vi"
        else f"The score {score} and the rank {rank} above do not both lie in this range: they "
        f"keep the others' figures and the goalposts of the run “{run}”; in the scenarios the "
        "others move and the goalposts with them, so the same figures get another score and rank."
    )


def best_word(reference: Reference, lang: Language) -> str:
    """What the highest figure told is: the best; of a withheld run, which has no best, 95 %."""
    if reference.closed:
        return "Phân vị 95" if lang == "vi" else "95th pct."
    return "Cao nhất" if lang == "vi" else "Best"


def movement_line(known: Movement, lang: Language) -> str:
    """What the published movement is, and how it did a year later."""
    (first, second), points = known.editions, printed(known.points, 2, lang)
    share = percent(known.share, lang)
    if lang == "vi":
        said = (
            f"Căn cứ: từ PII {first} đến PII {second}, {share} của {known.provinces} tỉnh có điểm "
            f"công bố cả hai năm thay đổi không quá {points} điểm."
        )
        if known.tested:
            said += (
                f" Thử với {known.test[0]}→{known.test[1]}: đúng với {known.held} trên "
                f"{known.tested} tỉnh không sáp nhập; cải cách năm 2025 làm thay đổi các nơi được "
                "so sánh với nhau, và khoảng này không tính được điều đó."
            )
        return said
    said = (
        f"Based on: from the PII {first} to {second}, {share} of the {known.provinces} provinces "
        f"with a published score in both moved by no more than {points} points."
    )
    if known.tested:
        said += (
            f" Tested on {known.test[0]}→{known.test[1]}: it held for {known.held} of "
            f"{known.tested} provinces that were not merged; the reform of 2025 changed who is "
            "compared, which no such range foresees."
        )
    return said


_BANDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {"1": "phần ba giàu nhất", "2": "phần ba ở giữa", "3": "phần ba còn lại"},
    "en": {"1": "the richest third", "2": "the middle third", "3": "the last third"},
}


def peer_lines(preview: Preview, lang: Language) -> list[str]:
    """Which region and income band the province belongs to, and why a mean is not told."""
    return [
        _peer_line(preview, peers, lang)
        for peers in preview.reference.peers
        if preview.province in peers.members
    ]


def _peer_line(preview: Preview, peers: Peers, lang: Language) -> str:
    vi, count = lang == "vi", len(peers.members)
    names = preview.reference.names
    if peers.kind == "income":
        band = _BANDS[lang][peers.key]
        said = (
            f"Nhóm thu nhập: {band} theo GRDP bình quân đầu người ({count} tỉnh); đây là cách chia "
            "của chương trình này, không phải phân loại chính thức."
            if vi
            else f"Income group: {band} by GRDP per head ({count} provinces), a grouping of this "
            "program and no official one."
        )
    else:
        place = names.by_code[preview.province] if names else None
        region = (place.region_vi if vi else place.region_en) if place else peers.key
        said = f"Vùng: {region} ({count} tỉnh)." if vi else f"Region: {region} ({count} provinces)."
    if peers.mean:
        return said
    return said + (
        " Không in trung bình: ít tỉnh đến mức có thể suy ra điểm của từng tỉnh."
        if vi
        else " Its mean is not told: so few provinces that single scores could be worked out."
    )


def _scenarios(known: Outlook, lang: Language) -> Iterator[str]:
    tried, count = known.backtest, len(known.score)
    first, second = known.runs
    if lang == "vi":
        yield (
            f"Căn cứ: 90\u00a0% của {count} kịch bản; mỗi kịch bản cho từng tỉnh thay đổi như một "
            f"tỉnh khác đã thay đổi giữa hai lần tính “{first}” và “{second}”. Số có trong tệp giữ "
            "nguyên; số lấy lại từ lần tính thay đổi theo. Giả định: biến động sắp tới giống biến "
            "động đã qua."
        )
        yield (
            "Chưa thử lại được: cần hai lần tính trước đó."
            if tried is None
            else f"Thử lại trên lần tính “{second}”: điểm nằm trong khoảng với {tried.score_held}, "
            f"hạng với {tried.rank_held} trên {tried.tested} tỉnh."
        )
        return
    yield (
        f"Based on: 90\u00a0% of {count} scenarios; in each, every province moves as another one "
        f"moved between the runs “{first}” and “{second}”. What the file holds stands; what was "
        "carried over from the run moves along. Assumed: the coming movements are like the past."
    )
    yield (
        "Not tested: that needs two earlier runs."
        if tried is None
        else f"Tested on the run “{second}”: the score lay within its range for "
        f"{tried.score_held}, the rank for {tried.rank_held} of {tried.tested} provinces."
    )


def percent(share: float, lang: Language) -> str:
    """A share as a whole percentage, except that 99.6 % is not all and 0.3 % is not nothing."""
    digits = 0
    while 0 < share < 1 and printed(100 * share, digits) in ("0", "100", "100,0") and digits < 2:
        digits += 1
    return f"{printed(100 * share, digits, lang)}\u00a0%"


def origins(preview: Preview, lang: Language) -> str:
    """How many values come from where; every indicator is counted once."""
    counts = [
        f"{preview.count(origin)} {word}"
        for origin, word in _ORIGINS[lang].items()
        if preview.count(origin) or origin is not Origin.UNUSABLE
    ]
    total = len(preview.rows)
    return f"{'; '.join(counts)} ({'tổng' if lang == 'vi' else 'total'} {total})."


def concerning(preview: Preview, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings to act on: a blank that was filled from the run is told as carried over."""
    carried = {row.indicator.code for row in preview.rows if row.origin is Origin.CARRIED}
    return tuple(f for f in findings if not (f.rule == "V108" and f.indicator in carried))


def indicative(preview: Preview, lang: Language) -> str:
    """What the rank means, and what it does not."""
    run = preview.reference.run
    if lang == "vi":
        return (
            f"Mốc điểm và cách xử lý ngoại lai giữ nguyên như lần tính “{run}”; số liệu của các "
            "nơi khác rồi cũng thay đổi. Hạng ở đây chỉ để tham khảo, không phải dự báo."
        )
    return (
        f"Goalposts and treatment are those of the run “{run}”, and the others will move too. "
        "The rank is indicative; it is no forecast."
    )


def lacking(lang: Language) -> str:
    """The line above `shortfalls`."""
    return (
        "Chưa đủ số liệu nên không có điểm (không phải là 0):"
        if lang == "vi"
        else "Too little data for a score (which is not zero):"
    )


def shortfalls(preview: Preview, lang: Language) -> list[str]:
    """For every group down to the pillars that has no score: what it lacks."""
    return [
        text for group in upper(preview) if (text := _shortfall(preview, group, lang)) is not None
    ]


def _shortfall(preview: Preview, group: Group, lang: Language) -> str | None:
    gap = preview.shortfall(group.code)
    if gap is None:
        return None
    vi = lang == "vi"
    lacks = []
    if gap.indicators < gap.least_indicators:
        lacks.append(
            f"{gap.indicators} trên {gap.of} chỉ số có giá trị, cần ít nhất {gap.least_indicators}"
            if vi
            else f"{gap.indicators} of {gap.of} indicators have a value, at least "
            f"{gap.least_indicators} needed"
        )
    if gap.children < gap.least_children:
        lacks.append(
            f"{gap.children} thành phần có điểm, cần ít nhất {gap.least_children}"
            if vi
            else f"parts with a score: {gap.children}, at least {gap.least_children} needed"
        )
    name = " ".join(dict.fromkeys((group.code, group.name(lang))))
    return ": ".join(part for part in (name, "; ".join(lacks)) if part)


def _table(preview: Preview, lang: Language) -> Iterator[str]:
    best = best_word(preview.reference, lang)
    heads = (
        ("Điểm", "Hạng", "Tr.bình", best, "So tr.bình", "Độ phủ")
        if lang == "vi"
        else ("Score", "Rank", "Mean", best, "vs mean", "Coverage")
    )
    yield _line("", heads)
    for group in upper(preview):
        at = preview.standing(group.code)
        depth = len(preview.reference.framework.ancestors(group.code))
        name = "  " * depth + " ".join(dict.fromkeys((group.code, group.name(lang))))
        yield _line(
            name if len(name) <= _NAME else name[: _NAME - 1] + "…",
            (
                printed(at.score, 2, lang),
                ranked(preview, group.code, lang),
                printed(at.mean, 2, lang),
                printed(at.best, 2, lang),
                signed(at.above_mean, 2, lang),
                percent(at.coverage, lang),
            ),
        )
    index = preview.standing(preview.reference.framework.index)
    if text := recorded(preview, index, lang):
        yield text


def _line(name: str, figures: Sequence[str]) -> str:
    widths = (8, 10, 8, 11, 11, 9)
    cells = "".join(text.rjust(width) for text, width in zip(figures, widths, strict=True))
    return f"{name:<{_NAME}}{cells}"


def recorded(preview: Preview, standing: Standing, lang: Language) -> str:
    """What the province had in the run itself, in words; "" where that is withheld."""
    vi, run = lang == "vi", preview.reference.run
    if not preview.in_run and preview.reference.closed:
        return ""
    if not preview.in_run:
        return f"Không có trong lần tính “{run}”." if vi else f"Not part of the run “{run}”."
    score = printed(standing.recorded, 2, lang)
    rank = printed(standing.recorded_rank, 0, lang)
    return (
        f"Trong lần tính “{run}”: điểm {score}, hạng {rank}."
        if vi
        else f"In the run “{run}”: score {score}, rank {rank}."
    )


def _listed(preview: Preview, lang: Language) -> Iterator[str]:
    vi = lang == "vi"
    lists: tuple[tuple[str, list[Row]], ...] = (
        (
            "Thiếu" if vi else "Missing",
            [row for row in preview.rows if row.origin is Origin.MISSING],
        ),
        (
            "Không dùng được" if vi else "Unusable",
            [row for row in preview.rows if row.origin is Origin.UNUSABLE],
        ),
        (
            "Lấy lại từ lần tính" if vi else "Carried over from the run",
            [row for row in preview.rows if row.origin is Origin.CARRIED],
        ),
        (
            "Vượt mốc tốt nhất, nhận đúng điểm cao nhất"
            if vi
            else "Beyond the best goalpost, scored exactly at the top",
            [row for row in preview.rows if row.beyond == "better"],
        ),
        (
            "Vượt mốc kém nhất, nhận đúng điểm thấp nhất"
            if vi
            else "Beyond the worst goalpost, scored exactly at the bottom",
            [row for row in preview.rows if row.beyond == "worse"],
        ),
        (
            "Có giá trị nhưng lần tính không có mốc điểm"
            if vi
            else "With a value, but without goalposts in the run",
            [row for row in preview.rows if row.unscored],
        ),
    )
    for words, rows in lists:
        if rows:
            yield f"{words}: {', '.join(row.indicator.code for row in rows)}"


def tally(findings: Sequence[Finding], lang: Language) -> str:
    """How many errors, warnings and notes."""
    errors, warnings, notes = (
        sum(finding.severity is severity for finding in findings)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    )
    if lang == "vi":
        return f"{errors} lỗi, {warnings} cảnh báo, {notes} ghi chú"
    return (
        f"{errors} error{'' if errors == 1 else 's'}, "
        f"{warnings} warning{'' if warnings == 1 else 's'}, "
        f"{notes} note{'' if notes == 1 else 's'}"
    )


def blocked(findings: Iterable[Finding], lang: Language) -> str | None:
    """That errors keep a submission out of a real run; None where there are none."""
    if not any(finding.severity is Severity.ERROR for finding in findings):
        return None
    return (
        "Còn lỗi thì bài nộp chưa được tính chính thức. Ô không dùng được không được tính điểm."
        if lang == "vi"
        else "With errors the submission is not scored officially. Unusable cells do not count."
    )


def _found(findings: Sequence[Finding], lang: Language) -> Iterator[str]:
    vi = lang == "vi"
    if not findings:
        yield "Kiểm tra tệp: không có lỗi." if vi else "Checks: nothing found."
        return
    yield ("Kiểm tra tệp: " if vi else "Checks: ") + tally(findings, lang) + "."
    if warning := blocked(findings, lang):
        yield warning
    errors = [f for f in findings if f.severity is Severity.ERROR]
    others = [f for f in findings if f.severity is not Severity.ERROR]
    for finding in (*errors, *others[:_SHOWN]):
        yield f"  {finding.sentence(lang)}"
    if len(others) > _SHOWN:
        more = len(others) - _SHOWN
        yield (
            f"  … và {more} mục nữa: xem trang HTML, hoặc chạy `pii check`."
            if vi
            else f"  … and {more} more: see the HTML page, or run `pii check`."
        )

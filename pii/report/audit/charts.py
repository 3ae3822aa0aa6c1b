"""Charts of an audit, in the house style: readable in grey, every text plain text."""

from collections.abc import Iterator, Sequence
from math import isnan

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure

from pii.audit.coherence import REDUNDANT, WEAK, Correlation
from pii.audit.sensitivity import Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.audit.unsampled import Unsampled
from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.charts.facts import clean, node_name, ranked, say, units
from pii.report.charts.heatmap import SHADES, legible
from pii.report.charts.page import (
    ACCENT,
    BAR,
    GRID,
    INK,
    MARGIN,
    MUTED,
    TEAL,
    Box,
    Page,
    new_page,
    own_style,
    png_bytes,
    svg_bytes,
)
from pii.report.charts.parts import (
    ROW,
    ROWS_PER_BLOCK,
    Listing,
    Scale,
    footer,
    grid,
    header,
    key,
    scale_of,
)
from pii.report.charts.text import fitted, widest, width_of
from pii.report.intervals import counted, still_sentence
from pii.report.numbers import printed
from pii.report.varied import told_choice
from pii.report.words import level_word

BESIDE, CLOSE = 330.0, 200.0
"""How wide the ranks are beside a name: in one column of names, and in each of several."""
SIGNED = LinearSegmentedColormap.from_list(
    "signed", [ACCENT, "#f6e3e4", "#ffffff", "#8fc0c2", TEAL]
)
"""Negative red, positive teal; both darken away from zero."""


def audit_charts(
    outcome: Outcome,
    found: Unsampled,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity | None,
    lang: Language,
) -> Iterator[tuple[str, bytes]]:
    """All charts as (file name, bytes), SVG and PNG, in a stable order."""
    drawn = [
        ("rank-intervals", rank_intervals(outcome, found, uncertainty, lang)),
        ("rank-heatmap", rank_heatmap(outcome, uncertainty, lang)),
        ("correlations", correlation_map(outcome, found, lang)),
    ]
    if uncertainty.beats is not None:
        drawn.append(("pairwise", pairwise_matrix(outcome, uncertainty, lang)))
    if sensitivity is not None:
        drawn.append(("sensitivity", sensitivity_bars(outcome, sensitivity, lang)))
    for stem, figure in drawn:
        yield f"{stem}.svg", svg_bytes(figure)
        yield f"{stem}.png", png_bytes(figure)


def _titled(page: Page, outcome: Outcome, lang: Language, words: str, second: str) -> float:
    return header(page, outcome, lang, (words, f"{second} · {units(outcome, lang)}"))


def _drawn(found: Uncertainty, lang: Language) -> str:
    return say(
        lang,
        f"{counted(found.draws, lang)} lần thử, hạt giống {found.seed}",
        f"{counted(found.draws, lang)} draws, seed {found.seed}",
    )


# ---- ranks


def rank_intervals(
    outcome: Outcome, found: Unsampled, uncertainty: Uncertainty, lang: Language
) -> Figure:
    """Per province: rank in the run, median, 90 % interval, and the widest range proved."""
    with own_style():
        rows = ranked(outcome)
        beside = BESIDE if len(rows) <= ROWS_PER_BLOCK else CLOSE
        listing = Listing.of(outcome, rows, lang, beside)
        page = listing.page()
        words = say(lang, "Khoảng hạng", "Ranges of ranks")
        y = _titled(page, outcome, lang, words, _drawn(uncertainty, lang))
        y = _interval_key(page, found, lang, y)
        bottom = y
        for block, left in listing.placed():
            start = listing.start(left)
            scale = _ranks(*_reach(found, uncertainty, block if block != rows else None))
            foot = y + 16 + ROW * len(block)
            grid(page, lang, scale, start, beside, y + 13, foot)
            for k, row in enumerate(block):
                ends = (start, beside)
                _interval(page, found, uncertainty, row, scale, ends, y + 16 + ROW * k)
                listing.head(page, outcome, row, left, y + 16 + ROW * k + ROW / 2 + 3)
            bottom = max(bottom, foot)
        footer(page, outcome, lang, bottom + 6, _range_note(found, lang))
        return page.figure


def _reach(
    found: Unsampled, uncertainty: Uncertainty, rows: Sequence[int] | None
) -> tuple[int, int]:
    """The first and the last rank that are drawn for some rows; None for all: every rank."""
    if rows is None:
        return 1, max(2, uncertainty.places.shape[1])
    ends = [*uncertainty.rank_interval[rows].ravel(), *uncertainty.nominal_rank[rows]]
    if found.exact is not None:
        ends += [*found.exact.ranks.best[rows], *found.exact.ranks.worst[rows]]
    return int(np.nanmin(ends)), max(2, int(np.nanmax(ends)))


def _ranks(first: int, last: int) -> Scale:
    """From one rank to another, with a tick at every fifth or tenth."""
    step = 5 if last - first < 40 else 10
    between = [
        float(rank)
        for rank in range(step * (first // step + 1), last, step)
        if last - rank > step / 2 and (first == 1 or rank - first > step / 2)
    ]
    return Scale((float(first), *between, float(last)), 0)


def _interval_key(page: Page, found: Unsampled, lang: Language, y: float) -> float:
    x = MARGIN
    page.boxes([(x, y - 6, x + 22, y)], BAR)
    page.lines([(x + 11, y - 7, x + 11, y + 1)], INK, 1.6)
    x = key(page, x + 27, y, say(lang, "90 % lần thử, trung vị", "90 % of the draws, median"))
    page.marks([(x + 4, y - 3)], "o", 5, "white", ACCENT)
    x = key(page, x + 12, y, say(lang, "hạng đã tính", "rank in the run"))
    if found.exact is not None:
        page.lines([(x, y - 3, x + 22, y - 3)], MUTED, 0.9)
        page.lines([(end, y - 5.5, end, y - 0.5) for end in (x, x + 22)], MUTED, 0.9)
        key(page, x + 27, y, say(lang, "mọi bộ trọng số", "all admissible weights"))
    return y + 6


def _range_note(found: Unsampled, lang: Language) -> list[str]:
    if found.exact is None:
        return []
    return [
        say(
            lang,
            "Nét mảnh: khi chỉ trọng số thay đổi, không bộ trọng số nào trong phạm vi cho hạng tốt "
            "hơn hay kém hơn hai đầu; khoảng lần thử có thể rộng hơn khi lựa chọn khác cũng thay "
            "đổi.",
            "Thin line: when nothing but weights varies, no admissible weights give a better or a "
            "worse rank than its ends; draws may reach further where other choices vary too.",
        )
    ]


def _interval(
    page: Page,
    found: Unsampled,
    uncertainty: Uncertainty,
    row: int,
    scale: Scale,
    within: tuple[float, float],
    y: float,
) -> None:
    def at(rank: float) -> float:
        return scale.at(rank, *within)

    middle = y + ROW / 2
    low, high = uncertainty.rank_interval[row]
    if not isnan(low) and not isnan(high):
        page.boxes([(at(low) - 1.5, y + 2.5, at(high) + 1.5, y + ROW - 2.5)], BAR)
    if found.exact is not None:
        # Over the box, with ends: where draws reach further it would be lost beneath.
        best, worst = (at(ends[row]) for ends in (found.exact.ranks.best, found.exact.ranks.worst))
        page.lines([(best, middle, worst, middle)], MUTED, 0.9)
        page.lines([(end, middle - 2.5, end, middle + 2.5) for end in (best, worst)], MUTED, 0.9)
    median = float(uncertainty.median_rank[row])
    if not isnan(median):
        page.lines([(at(median), y + 1.5, at(median), y + ROW - 1.5)], INK, 1.6)
    page.marks([(at(float(uncertainty.nominal_rank[row])), middle)], "o", 4.5, "white", ACCENT)


def rank_heatmap(outcome: Outcome, found: Uncertainty, lang: Language) -> Figure:
    """Share of the draws in which each province had each rank."""
    with own_style():
        rows, places = ranked(outcome), found.places.shape[1]
        cell = max(6.5, min(12.5, 560 / places))
        words = say(lang, "Phân bố hạng", "Distribution of ranks")
        second = _drawn(found, lang)
        listing = Listing.of(outcome, rows, lang, cell * places)
        # One column whatever the number: a cell must stand under its rank.
        page = new_page(2 * MARGIN + listing.start(0) + cell * places)
        y = _titled(page, outcome, lang, words, second)
        y = _shade_key(page, lang, y, say(lang, "tỷ lệ lần thử", "share of the draws"))
        start = listing.start(MARGIN)
        _heads(page, [str(k + 1) for k in range(places)], start, cell, y)
        shares = [found.places[row] for row in rows]
        _cells(page, shares, start, y + 4, cell)
        for k, row in enumerate(rows):
            listing.head(page, outcome, row, MARGIN, y + 4 + ROW * k + ROW / 2 + 3)
            own = int(found.nominal_rank[row]) - 1
            box = (
                start + own * cell,
                y + 4 + ROW * k,
                start + (own + 1) * cell,
                y + 4 + ROW * (k + 1),
            )
            page.boxes([box], "none", edge=ACCENT, width=0.9)
        said = say(lang, "Khung đỏ: hạng đã tính.", "Framed in red: the rank in the run.")
        foot = _feet(page, [str(k + 1) for k in range(places)], start, cell, y, len(rows))
        footer(page, outcome, lang, foot, [said])
        return page.figure


def _heads(page: Page, texts: Sequence[str], start: float, cell: float, y: float) -> None:
    """Figures over the columns; every fifth where all would not fit."""
    every = 1 if cell >= 11 else 5
    for k, text in enumerate(texts):
        if k == 0 or (k + 1) % every == 0:
            page.text(start + (k + 0.5) * cell, y, text, 6.5, color=MUTED, align="center")


def _feet(
    page: Page, texts: Sequence[str], start: float, cell: float, y: float, rows: int
) -> float:
    """The same figures under a table too long to see its head from; returns where to go on."""
    foot = y + 10 + ROW * rows
    if rows < LONG:
        return foot
    _heads(page, texts, start, cell, foot + 2)
    return foot + 8


LONG = 50
"""Rows from which the figures over the columns stand below them too."""
FAINT = 0.5
"""Power of a share before it is shaded, or whatever is below a tenth would look like nothing."""


def _cells(
    page: Page,
    shares: Sequence[np.ndarray],
    start: float,
    y: float,
    cell: float,
    power: float = FAINT,
) -> None:
    boxes: list[Box] = []
    colors: list[str] = []
    for k, line in enumerate(shares):
        top = y + ROW * k
        page.boxes(
            [(start, top, start + cell * len(line), top + ROW)], "none", edge=GRID, width=0.4
        )
        for j, share in enumerate(line):
            if not isnan(share) and share > 0:
                boxes.append((start + j * cell, top, start + (j + 1) * cell, top + ROW))
                colors.append(to_hex(SHADES(float(share) ** power)))
    page.boxes(boxes, colors, edge="white", width=0.4)


def _shade_key(page: Page, lang: Language, y: float, words: str, power: float = FAINT) -> float:
    left, steps = MARGIN, 30
    page.boxes(
        [(left + 5 * k, y - 6, left + 5 * k + 5, y + 1) for k in range(steps)],
        [to_hex(SHADES(((k + 0.5) / steps) ** power)) for k in range(steps)],
    )
    for share in (0.0, 0.5, 1.0):
        text = f"{printed(100 * share, 0, lang)} %"
        page.text(left + 150 * share, y + 10, text, 6.5, color=MUTED, align="center")
    page.text(left + 165, y, words)
    return y + 26


def pairwise_matrix(outcome: Outcome, found: Uncertainty, lang: Language) -> Figure:
    """Share of the draws in which the row beats the column, in rank order."""
    assert found.beats is not None
    with own_style():
        rows = ranked(outcome)
        cell = max(6.5, min(12.5, 560 / len(rows))) if rows else 12.5
        words = say(lang, "Ai hơn ai", "Who beats whom")
        listing = Listing.of(outcome, rows, lang, cell * len(rows))
        page = new_page(2 * MARGIN + listing.start(0) + cell * max(1, len(rows)))
        y = _titled(page, outcome, lang, words, _drawn(found, lang))
        note = say(
            lang,
            "tỷ lệ lần thử mà dòng hơn cột",
            "share of the draws in which the row beats the column",
        )
        y = _shade_key(page, lang, y, note, 1.0)
        start = listing.start(MARGIN)
        ranks = [str(int(found.nominal_rank[row])) for row in rows]
        _heads(page, ranks, start, cell, y)
        shares = []
        for row in rows:
            line = found.beats[row, rows].copy()
            line[rows.index(row)] = np.nan
            shares.append(line)
        _cells(page, shares, start, y + 4, cell, 1.0)
        for k, row in enumerate(rows):
            listing.head(page, outcome, row, MARGIN, y + 4 + ROW * k + ROW / 2 + 3)
        said = say(
            lang,
            "Cột: hạng đã tính, cùng thứ tự với dòng.",
            "Columns: ranks in the run, in the order of the rows.",
        )
        footer(page, outcome, lang, _feet(page, ranks, start, cell, y, len(rows)), [said])
        return page.figure


# ---- what moves the ranks


def sensitivity_bars(outcome: Outcome, found: Sensitivity, lang: Language) -> Figure:
    """First-order and total Sobol' indices of the mean rank shift, with their intervals."""
    with own_style():
        page = new_page(2 * MARGIN + 480)
        words = say(lang, "Điều gì làm hạng thay đổi", "What moves the ranks")
        second = say(
            lang,
            f"chỉ số Sobol' của mức thay đổi hạng trung bình, n = {counted(found.n, lang)}",
            f"Sobol' indices of the mean rank shift, n = {counted(found.n, lang)}",
        )
        y = _titled(page, outcome, lang, words, second)
        x = MARGIN
        for color, edge, text in (
            (TEAL, TEAL, say(lang, "toàn phần", "total")),
            ("white", TEAL, say(lang, "riêng (bậc một)", "alone (first order)")),
        ):
            page.boxes([(x, y - 6, x + 16, y)], color, edge=edge, width=0.8)
            x = key(page, x + 21, y, text)
        page.lines([(x, y - 3, x + 18, y - 3)], INK, 1.1)
        key(page, x + 23, y, say(lang, "khoảng bootstrap 90 %", "bootstrap interval, 90 %"))
        names = [clean(told_choice(choice, outcome.framework, lang)) for choice in found.choices]
        left = MARGIN + widest(names, 8, least=60, most=220) + 8
        width = page.width - MARGIN - left - 40
        indices = found.mean_shift
        ends = [*indices.total_interval.ravel(), *indices.first_interval.ravel(), 1.0]
        # An index cannot be negative; that its interval reaches a little below zero needs no axis.
        scale = scale_of([float(end) if end < -0.1 else max(0.0, float(end)) for end in ends])
        order = np.argsort(-np.nan_to_num(indices.total), kind="stable")
        top = y + 18
        grid(page, lang, scale, left, width, top, top + 30 * len(order))
        for k, j in enumerate(order):
            line = top + 30 * k + 4
            page.text(MARGIN, line + 14, fitted(names[j], 8, left - MARGIN - 8)[0])
            for value, ends_of, at, face in (
                (indices.total[j], indices.total_interval[j], line, TEAL),
                (indices.first[j], indices.first_interval[j], line + 12, "white"),
            ):
                if isnan(value):
                    continue
                zero, tip = (scale.at(v, left, width) for v in (0.0, float(value)))
                page.boxes(
                    [(min(zero, tip), at, max(zero, tip), at + 9)], face, edge=TEAL, width=0.8
                )
                a, b = (scale.at(float(v), left, width) for v in ends_of)
                page.lines([(a, at + 4.5, b, at + 4.5)], INK, 1.1)
                page.lines([(e, at + 2, e, at + 7) for e in (a, b)], INK, 1.1)
                page.text(max(b, tip) + 5, at + 7.5, printed(float(value), 2, lang), 7.5)
        said = (
            [still_sentence(lang)]
            if found.still
            else []
            if found.converged
            else [
                say(
                    lang,
                    "Chưa hội tụ: chỉ đọc thứ tự lớn nhỏ.",
                    "Not converged: read only which are large and which small.",
                )
            ]
        )
        footer(page, outcome, lang, top + 30 * len(order) + 10, said)
        return page.figure


# ---- coherence


def correlation_map(outcome: Outcome, found: Unsampled, lang: Language) -> Figure:
    """Every node with what stands above it, level by level."""
    with own_style():
        framework = outcome.framework
        nodes = [code for code in framework.top_down if code != framework.index]
        levels = [level for level in framework.levels[:-1] if framework.at_level(level)]
        found_by = {(one.node, one.other): one for one in found.coherence.correlations}
        texts = [f"{code} {node_name(outcome, code, lang)}" for code in nodes]
        depth = {code: len(framework.ancestors(code)) - 1 for code in nodes}
        wide = [
            8 * depth[code] + width_of(text, 7.5, code in framework.children)
            for code, text in zip(nodes, texts, strict=True)
        ]
        names = min(330.0, max([120.0, *wide]))
        cell = 58.0
        page = new_page(2 * MARGIN + names + 10 + cell * len(levels))
        words = say(lang, "Tương quan với cấp trên", "Correlations with what is above")
        second = say(lang, "hệ số Pearson của điểm", "Pearson's r of the scores")
        y = _titled(page, outcome, lang, words, second)
        y = _sign_key(page, lang, y)
        start = MARGIN + names + 10
        for k, level in enumerate(levels):
            text = level_word(level, lang)
            head, small = fitted(text, 7, cell - 4)
            page.text(start + (k + 0.5) * cell, y, head, small, color=MUTED, align="center")
        y += 5
        for k, (code, text) in enumerate(zip(nodes, texts, strict=True)):
            top = y + 11 * k
            bold = code in framework.children
            line, size = fitted(text, 7.5, names - 8 * depth[code], bold)
            page.text(MARGIN + 8 * depth[code], top + 8, line, size, bold=bold)
            for above in framework.ancestors(code):
                one = found_by.get((code, above))
                if one is not None:
                    column = levels.index(framework.level(above))
                    _correlation(page, one, start + column * cell, top, cell, lang)
        limits = (printed(WEAK, 1, lang), printed(REDUNDANT, 2, lang))
        said = say(
            lang,
            f"Đậm, đỏ: âm hoặc dưới {limits[0]}. Đóng khung: trên {limits[1]}. “=”: thành phần duy "
            "nhất, hệ số hiển nhiên là 1.",
            f"Bold red: negative or below {limits[0]}. Framed: above {limits[1]}. “=”: the only "
            "part of its parent, r is 1 by itself.",
        )
        footer(page, outcome, lang, y + 11 * len(nodes) + 8, [said])
        return page.figure


def _correlation(
    page: Page, one: Correlation, x: float, y: float, cell: float, lang: Language
) -> None:
    if isnan(one.r):
        page.text(x + cell / 2, y + 8, "–", 7.5, color=MUTED, align="center")
        return
    if one.flag == "only child":
        page.text(x + cell / 2, y + 8, "=", 7.5, color=MUTED, align="center")
        return
    color = to_hex(SIGNED((one.r + 1) / 2))
    framed = one.flag == "redundant"
    page.boxes(
        [(x + 1, y + 0.5, x + cell - 1, y + 10.5)],
        color,
        edge=INK if framed else "white",
        width=1.0 if framed else 0.4,
    )
    low = one.flag in ("negative", "weak")
    ink = ACCENT if low and one.r > -0.5 else legible(color)
    page.text(
        x + cell / 2, y + 8, printed(one.r, 2, lang), 7.5, bold=low, color=ink, align="center"
    )


def _sign_key(page: Page, lang: Language, y: float) -> float:
    left, steps = MARGIN, 40
    page.boxes(
        [(left + 5 * k, y - 6, left + 5 * k + 5, y + 1) for k in range(steps)],
        [to_hex(SIGNED((k + 0.5) / steps)) for k in range(steps)],
        edge="none",
    )
    page.boxes([(left, y - 6, left + 200, y + 1)], "none", edge=MUTED, width=0.5)
    for r in (-1.0, 0.0, 1.0):
        page.text(
            left + 100 + 100 * r, y + 10, printed(r, 0, lang), 6.5, color=MUTED, align="center"
        )
    return y + 28


__all__ = [
    "audit_charts",
    "correlation_map",
    "pairwise_matrix",
    "rank_heatmap",
    "rank_intervals",
    "sensitivity_bars",
]

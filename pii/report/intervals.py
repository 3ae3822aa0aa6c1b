"""What the terminal shows of an audit: intervals of ranks, what moves them, one draw."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pii.audit.sensitivity import Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.framework import Language
from pii.pipeline import Outcome, Scores
from pii.report.league import aligned, place_word
from pii.report.numbers import printed
from pii.report.words import level_word


def interval_lines(outcome: Outcome, found: Uncertainty, lang: Language) -> Iterator[str]:
    """Every province's published rank, median rank and 90 % interval."""
    vi = lang == "vi"
    yield (
        f"{counted(found.draws, lang)} lần thử, hạt giống {found.seed}."
        if vi
        else f"{counted(found.draws, lang)} draws, seed {found.seed}."
    )
    words = ("Hạng", "Trung vị", "5 %", "95 %") if vi else ("Rank", "Median", "5 %", "95 %")
    rows = [["", place_word(outcome, lang), *words]]
    for i in found.order():
        code = found.provinces[i]
        name = outcome.name(code, lang)
        ranks = (found.nominal_rank[i], found.median_rank[i], *found.rank_interval[i])
        rows.append([code if code != name else "", name, *map(_place, ranks)])
    yield from aligned(rows, left=frozenset({0, 1}))


def sensitivity_lines(found: Sensitivity, lang: Language) -> Iterator[str]:
    """Each choice's share of how far ranks move, the largest first, and whether it is certain."""
    vi = lang == "vi"
    yield (
        "Lựa chọn nào làm hạng thay đổi (chỉ số Sobol' của độ lệch hạng trung bình):"
        if vi
        else "Which choice moves the ranks (Sobol' indices of the mean rank shift):"
    )
    alone, total = ("Riêng nó", "Tổng") if vi else ("Alone", "Total")
    heads = (alone, "5–95 %", total, "5–95 %")
    rows = [["", *heads]]
    shift = found.mean_shift
    for k in np.argsort(-np.nan_to_num(shift.total), kind="stable"):
        rows.append(
            [
                told_choice(found.choices[k], lang),
                _share(shift.first[k], lang),
                _band(shift.first_interval[k], lang),
                _share(shift.total[k], lang),
                _band(shift.total_interval[k], lang),
            ]
        )
    yield from aligned(rows, left=frozenset({0}))
    width = printed(found.width, 2, lang)
    widest = printed(found.widest, 2, lang)
    if found.converged:
        yield (
            f"Mẫu cơ sở {counted(found.n, lang)}: mọi khoảng hẹp hơn {width}."
            if vi
            else f"Base sample {counted(found.n, lang)}: every interval is narrower than {width}."
        )
    else:
        yield (
            f"CHƯA HỘI TỤ: với mẫu cơ sở {counted(found.n, lang)}, khoảng rộng nhất còn {widest}, "
            f"chưa hẹp hơn {width}."
            if vi
            else f"NOT CONVERGED: at a base sample of {counted(found.n, lang)} the widest interval "
            f"is {widest}, not narrower than {width}."
        )


def change_lines(
    outcome: Outcome,
    number: int,
    differences: list[tuple[str, Any, Any]],
    values: Mapping[tuple[str, str], tuple[float, float]],
    lang: Language,
) -> Iterator[str]:
    """In what a draw's method, and its values, differ from the published ones.

    values : province and indicator → (as submitted, as drawn), where the spread has errors
    """
    yield f"Lần thử {number}" if lang == "vi" else f"Draw {number}"
    for name, nominal, drawn in differences:
        yield f"  {name}: {nominal} → {drawn}"
    for (province, indicator), (nominal, drawn) in values.items():
        yield f"  {outcome.name(province, lang)}, {indicator}: {nominal!r} → {drawn!r}"


def draw_lines(outcome: Outcome, scores: Scores, lang: Language) -> Iterator[str]:
    """The table of one draw, beside the published ranks."""
    vi = lang == "vi"
    index = scores.column(outcome.framework.index)
    words = ("Hạng", "Điểm", "Hạng công bố") if vi else ("Rank", "Score", "Published rank")
    rows = [["", place_word(outcome, lang), *words]]
    published = outcome.scores.rank[:, index]
    for i in np.argsort(np.nan_to_num(scores.rank[:, index], nan=np.inf), kind="stable"):
        code = scores.provinces[i]
        name = outcome.name(code, lang)
        score = printed(scores.score[i, index], 2, lang)
        rows.append(
            [
                code if code != name else "",
                name,
                _place(scores.rank[i, index]),
                score,
                _place(published[i]),
            ]
        )
    yield from aligned(rows, left=frozenset({0, 1}))


def _place(rank: float) -> str:
    return "–" if np.isnan(rank) else f"{rank:g}"


def _share(share: float, lang: Language) -> str:
    return "–" if np.isnan(share) else printed(float(share), 2, lang)


def _band(ends: Any, lang: Language) -> str:
    return f"{_share(ends[0], lang)} … {_share(ends[1], lang)}"


def counted(number: int, lang: Language) -> str:
    """A number of draws: 10.000 in Vietnamese, 10,000 in English."""
    return f"{number:,}".replace(",", ".") if lang == "vi" else f"{number:,}"


_CHOICES = {
    "outliers": "xử lý ngoại lai",
    "mean": "cách lấy trung bình",
    "normalisation": "cách chuẩn hóa",
    "imputation": "ước lượng số thiếu",
    "weights": "trọng số",
    "dropped": "bỏ một thành phần",
    "errors": "sai số đo",
}


def told_choice(name: str, lang: Language) -> str:
    """A choice of the spread in words; what only the spread's author named keeps its name."""
    head, _, level = name.partition(": ")
    if lang == "vi":
        head = _CHOICES.get(head, head)
    return f"{head}: {level_word(level, lang)}" if level else head

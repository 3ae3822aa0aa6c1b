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
from pii.report.varied import omitted_sentences, told_choice
from pii.spread import Spread


def interval_lines(
    outcome: Outcome, spread: Spread, found: Uncertainty, lang: Language
) -> Iterator[str]:
    """Every province's rank in the run, median rank and 90 % interval."""
    vi = lang == "vi"
    yield from _face(outcome, spread, lang)
    draws = counted(found.draws, lang)
    yield (
        f"{draws} lần thử, hạt giống {found.seed}. 90 % lần thử cho hạng từ cột 5 % đến cột 95 %."
        if vi
        else f"{draws} draws, seed {found.seed}. In 90 % of them the rank is from column 5 % to "
        "column 95 %."
    )
    words = ("Hạng", "Trung vị", "5 %", "95 %") if vi else ("Rank", "Median", "5 %", "95 %")
    rows = [["", place_word(outcome, lang), *words]]
    for i in found.order():
        code = found.provinces[i]
        name = outcome.name(code, lang)
        ranks = (found.nominal_rank[i], found.median_rank[i], *found.rank_interval[i])
        rows.append([code if code != name else "", name, *map(_place, ranks)])
    yield from aligned(rows, left=frozenset({0, 1}))


def _face(outcome: Outcome, spread: Spread, lang: Language) -> Iterator[str]:
    """The label of the edition, and which options of the spread were not tried."""
    label = outcome.framework.label(lang)
    if label:
        yield label
    yield from omitted_sentences(spread.omitted, outcome.framework, lang)


def sensitivity_lines(outcome: Outcome, found: Sensitivity, lang: Language) -> Iterator[str]:
    """Each choice's share of how far ranks move, the largest first, and whether it is certain."""
    vi = lang == "vi"
    if found.still:
        yield still_sentence(lang)
        return
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
                told_choice(found.choices[k], outcome.framework, lang),
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


def still_sentence(lang: Language) -> str:
    """What is said where no rank ever moves: there are no indices then."""
    return (
        "Không lựa chọn nào trong phạm vi thử làm thay đổi hạng; vì vậy không có chỉ số Sobol'."
        if lang == "vi"
        else "No choice within the spread moves any rank; so there are no Sobol' indices."
    )


def change_lines(
    outcome: Outcome,
    spread: Spread,
    seed: int,
    number: int,
    differences: list[tuple[str, Any, Any]],
    values: Mapping[tuple[str, str], tuple[float, float]],
    lang: Language,
) -> Iterator[str]:
    """In what a draw's method, and its values, differ from those of the run.

    values : province and indicator → (as submitted, as drawn), where the spread has errors
    """
    yield from _face(outcome, spread, lang)
    yield (
        f"Lần thử {number} của hạt giống {seed}. Khác với lần tính này ở:"
        if lang == "vi"
        else f"Draw {number} of seed {seed}. It differs from the run in:"
    )
    for name, nominal, drawn in differences:
        yield f"  {name}: {nominal} → {drawn}"
    for (province, indicator), (nominal, drawn) in values.items():
        yield f"  {outcome.name(province, lang)}, {indicator}: {nominal!r} → {drawn!r}"


def draw_lines(outcome: Outcome, scores: Scores, lang: Language) -> Iterator[str]:
    """The table of one draw, beside the ranks of the run."""
    vi = lang == "vi"
    index = scores.column(outcome.framework.index)
    words = ("Hạng", "Điểm", "Hạng đã tính") if vi else ("Rank", "Score", "Rank in the run")
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

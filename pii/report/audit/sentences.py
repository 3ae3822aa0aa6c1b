"""What an audit found, in sentences for people who decide.

Every sentence follows from figures by a stated threshold; where nothing passes it, the sentence
says so or is left out. Shares are rounded down where the sentence says "at least".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, isnan

import numpy as np

from pii.audit.coherence import REDUNDANT, WEAK, Importance
from pii.audit.exact import Exact
from pii.audit.leave_one_out import Without
from pii.audit.sensitivity import Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.audit.unsampled import Unsampled
from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.audit.tables import flagged
from pii.report.charts.facts import units_word
from pii.report.intervals import counted, still_sentence
from pii.report.numbers import printed
from pii.report.varied import capital, omitted_sentences, told_choice, told_node, varied_sentences
from pii.spread import Spread

HOLDS, FIRM = 0.9, 0.99
"""A rank is said to hold where it is the same in this share of the draws; those that reach the
second are told apart from those that only reach the first."""
APART = 0.95
"""Two provinces can be told apart where one beats the other in this share of the draws."""
HEAVY = 1.25
"""A part is said to count more than meant from this many times its share of the weight."""
FEW = 5
"""How many cases a sentence names before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    sentences: tuple[str, ...]


def sections(
    outcome: Outcome,
    found: Unsampled,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity | None,
    lang: Language,
) -> tuple[Section, ...]:
    """The page, from what matters most to what is for specialists."""
    told = _Told(outcome, lang)
    parts = (
        (
            "Hạng nào chắc, hạng nào không",
            "Which ranks hold, and which do not",
            (*held(told, uncertainty), *alike(told, uncertainty), *wide(told, uncertainty)),
        ),
        (
            "Điều gì làm hạng thay đổi",
            "What moves the ranks",
            (*moved(told, sensitivity), *left_out(told, found.without)),
        ),
        (
            "Điều chứng minh được, không cần rút thử",
            "What is proved, without any draw",
            tuple(proved(told, found)),
        ),
        (
            "Bộ chỉ số có nhất quán không",
            "Whether the index hangs together",
            (
                *coherent(told, found),
                *heavy(told, found.coherence.importance),
                *linked(told, found),
            ),
        ),
        (
            "Đã thử những gì",
            "What was tried",
            tuple(tried(told, found.spread)),
        ),
        (
            "Điều kiểm định này không nói",
            "What this audit does not say",
            tuple(unsaid(told, found, uncertainty)),
        ),
    )
    return tuple(Section(vi if lang == "vi" else en, tuple(said)) for vi, en, said in parts if said)


@dataclass(frozen=True, slots=True)
class _Told:
    # The outcome and the language: what every sentence needs.
    outcome: Outcome
    lang: Language

    def say(self, vi: str, en: str) -> str:
        return vi if self.lang == "vi" else en

    def name(self, province: str) -> str:
        return self.outcome.name(province, self.lang)

    def number(self, x: float, digits: int = 0) -> str:
        return printed(x, digits, self.lang)

    def percent(self, share: float, digits: int = 0) -> str:
        return f"{self.number(100 * share, digits)} %"

    def in_draws(self, share: float) -> str:
        if share == 1:
            return self.say("trong mọi lần thử", "in every draw")
        percent = f"{floor(100 * share + 1e-9)} %"
        return self.say(f"trong ít nhất {percent} lần thử", f"in at least {percent} of the draws")

    def ranks(self, first: int, last: int) -> str:
        if first == last:
            return self.say(f"hạng {first}", f"rank {first}")
        if last == first + 1:
            return self.say(f"hạng {first} và {last}", f"ranks {first} and {last}")
        return self.say(f"hạng {first} đến {last}", f"ranks {first} to {last}")

    def listed(self, items: Sequence[str]) -> str:
        more = len(items) - FEW
        if more <= 0:
            return ", ".join(items)
        return f"{', '.join(items[:FEW])} " + self.say(f"và {more} nữa", f"and {more} more")

    def node(self, code: str) -> str:
        return told_node(code, self.outcome.framework, self.lang)

    def choice(self, name: str) -> str:
        return told_choice(name, self.outcome.framework, self.lang)

    @property
    def them(self) -> str:
        return units_word(self.outcome, self.lang)


# ---- ranks


def held_blocks(found: Uncertainty) -> list[tuple[int, int, float]]:
    """Runs of neighbours each of whom keeps its rank in `HOLDS` of the draws: first, last, least.

    A run that holds in `FIRM` of them ends where the next only just holds, and the other way.

    first, last : nominal ranks; least : the smallest share among them
    """
    blocks: list[tuple[int, int, float]] = []
    before = 0
    for i in found.order():
        rank = int(found.nominal_rank[i])
        share = float(found.places[i, rank - 1])
        reached = (share >= HOLDS) + (share >= FIRM)
        if reached:
            if reached == before:
                first, _, least = blocks.pop()
                blocks.append((first, rank, min(least, share)))
            else:
                blocks.append((rank, rank, share))
        before = reached
    return blocks


def held(told: _Told, found: Uncertainty) -> Iterator[str]:
    """Which ranks stay as they are in the run."""
    blocks = held_blocks(found)
    for first, last, least in blocks[:FEW]:
        those = [i for i in found.order() if first <= found.nominal_rank[i] <= last]
        names = f" ({', '.join(told.name(found.provinces[i]) for i in those)})"
        who = capital(told.ranks(first, last)) + (names if len(those) <= FEW else "")
        yield told.say(
            f"{who} giữ nguyên {told.in_draws(least)}"
            + (", tính riêng từng nơi." if last > first else "."),
            f"{who} {'holds' if first == last else 'hold'} {told.in_draws(least)}"
            + (", each taken by itself." if last > first else "."),
        )
    if not blocks:
        yield told.say(
            f"Không nơi nào giữ đúng hạng đã tính trong {told.percent(HOLDS)} lần thử trở lên.",
            f"Nobody keeps the rank of the run in {told.percent(HOLDS)} of the draws or more.",
        )
    elif len(blocks) > FEW:
        more = len(blocks) - FEW
        yield told.say(
            f"Còn {more} nhóm hạng khác cũng giữ nguyên như vậy (xem bảng).",
            f"{more} more groups of ranks hold in the same way (see the table).",
        )


def alike_blocks(found: Uncertainty) -> list[tuple[int, int]]:
    """Largest blocks of neighbours of whom no two can be told apart, none overlapping.

    Ranks of the first and the last; three provinces at least.
    """
    order, beats = found.order(), found.beats
    if beats is None:
        return []
    apart = np.maximum(beats, beats.T)[np.ix_(order, order)] >= APART
    runs = []
    for first in range(len(order)):
        last = first
        while last + 1 < len(order) and not apart[last + 1, first : last + 1].any():
            last += 1
        runs.append((first, last))
    taken: list[tuple[int, int]] = []
    for first, last in sorted(runs, key=lambda run: (run[0] - run[1], run[0])):
        if last - first >= 2 and all(last < a or first > b for a, b in taken):
            taken.append((first, last))
    ranks = found.nominal_rank[order].astype(int)
    return sorted((int(ranks[first]), int(ranks[last])) for first, last in taken)


def alike(told: _Told, found: Uncertainty) -> Iterator[str]:
    """Which places cannot be told apart."""
    blocks = alike_blocks(found)
    if blocks:
        longest = sorted(blocks, key=lambda b: (b[0] - b[1], b[0]))[:FEW]
        ranges = [f"{first}–{last}" for first, last in sorted(longest)]
        more = len(blocks) - len(longest)
        rest = told.say(f" và {more} nhóm nữa", f" and {more} more groups") if more else ""
        yield told.say(
            f"Không thể phân biệt các hạng sau với nhau trong cùng một nhóm: {', '.join(ranges)}"
            f"{rest}; không nơi nào trong nhóm hơn được nơi khác trong {told.percent(APART)} lần "
            "thử.",
            f"Places that cannot be told apart, group by group: {', '.join(ranges)}{rest}; within "
            f"a group nobody beats another in {told.percent(APART)} of the draws.",
        )
    order = found.order()
    if found.beats is not None and len(order) > 1:
        sides = np.maximum(found.beats, found.beats.T)
        clear = int((sides[order[:-1], order[1:]] >= APART).sum())
        yield told.say(
            f"Trong {len(order) - 1} cặp hạng liền nhau, {clear} cặp phân biệt được (một bên hơn "
            f"bên kia trong {told.percent(APART)} lần thử trở lên).",
            f"Of {len(order) - 1} pairs of neighbouring ranks, {clear} can be told apart (one "
            f"beats "
            f"the other in {told.percent(APART)} of the draws or more).",
        )


def wide(told: _Told, found: Uncertainty) -> Iterator[str]:
    """How wide the intervals are, and whose published rank lies outside its own."""
    order = found.order()
    low, high = found.rank_interval[order].T
    width = high - low
    known = ~np.isnan(width)
    if not known.any():
        return
    half = float(np.median(width[known]))
    most = int(np.flatnonzero(known)[width[known].argmax()])
    name, a, b = told.name(found.provinces[order[most]]), low[most], high[most]
    yield told.say(
        f"Một nửa số {told.them} có khoảng hạng (90 % lần thử) rộng không quá {told.number(half)} "
        f"bậc; "
        f"rộng nhất là {name}: hạng {told.number(a)} đến {told.number(b)}.",
        f"Half of the {told.them} have a range of ranks (90 % of the draws) no wider than "
        f"{told.number(half)} places; the widest is that of {name}: ranks {told.number(a)} to "
        f"{told.number(b)}.",
    )
    rank = found.nominal_rank[order]
    outside = [
        f"{told.name(found.provinces[order[k]])} ({told.number(rank[k])})"
        for k in np.flatnonzero(known & ((rank < low) | (rank > high)))
    ]
    if outside:
        yield told.say(
            f"{len(outside)} {told.them} có hạng đã tính nằm ngoài khoảng của chính mình: "
            f"{told.listed(outside)}. Hạng của các nơi này phụ thuộc vào đúng cách tính đã chọn.",
            f"The rank in the run of {len(outside)} lies outside their own range: "
            f"{told.listed(outside)}. These ranks hang on the very method that was chosen.",
        )


# ---- what moves the ranks


def moved(told: _Told, found: Sensitivity | None) -> Iterator[str]:
    """Which uncertain choice matters most."""
    if found is None:
        return
    if found.still:
        yield still_sentence(told.lang)
        return
    total, low, high = found.mean_shift.total, *found.mean_shift.total_interval.T
    k = int(np.nanargmax(total))
    share, a, b = (told.percent(min(1.0, x)) for x in (total[k], low[k], high[k]))
    yield told.say(
        f"Lựa chọn làm thay đổi hạng nhiều nhất là “{told.choice(found.choices[k])}”: nó góp phần "
        f"vào {share} sự khác nhau giữa các lần thử về mức thay đổi hạng trung bình (chỉ số "
        f"Sobol' toàn phần; khoảng 90 %: {a} đến {b}).",
        f"The choice that moves ranks most is “{told.choice(found.choices[k])}”: it has a part in "
        f"{share} of what differs from draw to draw in how far ranks shift on average (total "
        f"Sobol' index; 90 % interval {a} to {b}).",
    )
    settled = [
        told.choice(found.choices[j]) for j in np.flatnonzero(~np.isnan(high) & (high < 0.05))
    ]
    if settled:
        yield told.say(
            f"Hầu như không ảnh hưởng (dưới 5 %): {told.listed(settled)}.",
            f"Hardly matters (below 5 %): {told.listed(settled)}.",
        )
    if not found.converged:
        yield told.say(
            f"Các chỉ số này chưa hội tụ: khoảng rộng nhất còn {told.number(found.widest, 2)}, "
            f"mục tiêu là {told.number(found.width, 2)}; chỉ đọc thứ tự lớn nhỏ.",
            f"These indices have not converged: the widest interval is still "
            f"{told.number(found.widest, 2)}, the aim was {told.number(found.width, 2)}; read "
            "only which are large and which small.",
        )


_NOTHING_MOVES = {
    "indicator": (
        "Bỏ chỉ số nào cũng không làm đổi hạng.",
        "Leaving out any indicator moves no rank.",
    ),
    "pillar": ("Bỏ trụ cột nào cũng không làm đổi hạng.", "Leaving out any pillar moves no rank."),
    "province": (
        "Bỏ bất cứ nơi nào cũng không làm đổi thứ tự các nơi còn lại.",
        "Whoever is left out, the order of the others stays.",
    ),
}


def left_out(told: _Told, found: Sequence[Without]) -> Iterator[str]:
    """Whose absence moves ranks most."""
    words = {
        "indicator": ("chỉ số", "indicators"),
        "pillar": ("trụ cột", "pillars"),
        "province": (told.them, told.them),
    }
    for kind, (vi, en) in words.items():
        those = [one for one in found if one.kind == kind and one.ranked]
        if not those:
            continue
        sizes = [float(np.nanmean(np.abs(one.shift))) for one in those]
        one = those[int(np.argmax(sizes))]
        most = int(np.nanargmax(np.abs(one.shift)))
        places = abs(one.shift[most])
        if places == 0:
            yield told.say(*_NOTHING_MOVES[kind])
            continue
        what = told.name(one.left_out) if kind == "province" else told.node(one.left_out)
        who = told.name(told.outcome.scores.provinces[most])
        mean, far = told.number(max(sizes), 1), told.number(places)
        others = told.say(" của những nơi còn lại", " of the others")
        others = others if kind == "province" else ""
        yield told.say(
            f"Trong các {vi}, đáng kể nhất là {what}: bỏ đi thì hạng{others} đổi trung bình {mean} "
            f"bậc, nhiều nhất là {who} ({far} bậc).",
            f"Of the {en}, {what} matters most: without it the ranks{others} move by {mean} places "
            f"on average, that of {who} by {far}.",
        )


# ---- what is proved


def proved(told: _Told, found: Unsampled) -> Iterator[str]:
    """What holds for all admissible weights."""
    exact = found.exact
    if exact is None:
        yield told.say(
            "Phương pháp có cấp không dùng trung bình cộng, nên không có câu trả lời chính xác.",
            "A level of the method is no arithmetic mean, so there are no exact answers.",
        )
        return
    yield told.say(
        "Các câu dưới đây đúng với mọi bộ trọng số ", "What follows is true of all weights "
    ) + (
        told.say("lệch không quá 25 % ở mọi cấp, cùng lúc.", "within 25 % at every level at once.")
        if found.widened
        else told.say(
            "mà phạm vi thử cho phép, ở mọi cấp cùng lúc.",
            "that the spread allows, at all levels at once.",
        )
    )
    pairs = exact.pairs
    always, swaps = int(pairs.always.sum()), int(pairs.swaps.sum())
    total, left = len(pairs.lead), len(pairs.lead) - always - swaps
    numbers = [counted(n, told.lang) for n in (total, always, swaps, left)]
    yield told.say(
        "Trong {} cặp, {} cặp không bao giờ đổi thứ tự; {} cặp có thể đổi".format(*numbers)
        + (f"; {numbers[3]} cặp chưa rõ." if left else "."),
        "Of {} pairs, {} never change their order; {} can".format(*numbers)
        + (f"; of {numbers[3]} it is open." if left else "."),
    )
    yield from _firsts(told, exact)
    yield from _hanging(told, exact)
    if found.frontier is not None:
        yield from _on_frontier(told, found)


def _firsts(told: _Told, exact: Exact) -> Iterator[str]:
    ranks = exact.ranks
    known = np.flatnonzero(ranks.nominal > 0)
    order = known[np.argsort(ranks.nominal[known], kind="stable")]
    firsts = [told.name(exact.provinces[i]) for i in order if ranks.best_reached[i] == 1]
    others = [told.name(exact.provinces[i]) for i in order if ranks.best[i] == 1]
    if len(firsts) == len(others) == 1:
        yield told.say(
            f"{firsts[0]} đứng đầu với mọi bộ trọng số.", f"{firsts[0]} is first under all of them."
        )
    else:
        yield (
            told.say(
                f"Có thể đứng đầu: {told.listed(firsts)}; ngoài ra không ai.",
                f"Can be first: {told.listed(firsts)}; nobody else.",
            )
            if len(firsts) == len(others)
            else told.say(
                f"Có thể đứng đầu: {told.listed(firsts)}; chưa loại trừ được: "
                f"{told.listed([name for name in others if name not in firsts])}.",
                f"Can be first: {told.listed(firsts)}; not ruled out: "
                f"{told.listed([name for name in others if name not in firsts])}.",
            )
        )
    width = ranks.worst_reached[order] - ranks.best_reached[order]
    if len(order):
        most = order[int(width.argmax())]
        yield told.say(
            f"Khoảng hạng rộng nhất là của {told.name(exact.provinces[most])}: có bộ trọng số cho "
            f"hạng {ranks.best_reached[most]}, có bộ cho hạng {ranks.worst_reached[most]}.",
            f"The widest range of ranks is that of {told.name(exact.provinces[most])}: some "
            f"weights "
            f"give rank {ranks.best_reached[most]}, others rank {ranks.worst_reached[most]}.",
        )


def _hanging(told: _Told, exact: Exact) -> Iterator[str]:
    """Neighbours that a small change of weights swaps."""
    pairs, nominal = exact.pairs, exact.ranks.nominal
    near = np.flatnonzero(nominal[pairs.behind] - nominal[pairs.ahead] == 1)
    change = pairs.change_reached[near]
    if not len(near) or np.isnan(change).all():
        return
    least = near[int(np.nanargmin(change))]
    a, b = (told.name(exact.provinces[i]) for i in (pairs.ahead[least], pairs.behind[least]))
    size = pairs.change_reached[least]
    small = told.percent(size, 1) if size >= 0.001 else told.say("dưới 0,1 %", "less than 0.1 %")
    fragile = int((np.nan_to_num(change, nan=np.inf) <= 0.05).sum())
    yield told.say(
        f"Chỉ cần đổi trọng số {small} là {b} "
        f"(hạng {nominal[pairs.behind[least]]}) đuổi kịp {a} (hạng {nominal[pairs.ahead[least]]}); "
        f"{fragile} trên {len(near)} cặp liền nhau đổi thứ tự khi trọng số lệch không quá 5 %.",
        f"A change of weights by {small} is enough for {b} "
        f"(rank {nominal[pairs.behind[least]]}) to draw level with {a} (rank "
        f"{nominal[pairs.ahead[least]]}); {fragile} of {len(near)} pairs of neighbours swap where "
        "weights are off by 5 % or less.",
    )


def _on_frontier(told: _Told, found: Unsampled) -> Iterator[str]:
    frontier = found.frontier
    assert frontier is not None
    index = told.outcome.framework.index
    nominal = told.outcome.scores.rank[:, told.outcome.scores.column(index)]
    ahead = [
        told.name(told.outcome.scores.provinces[i])
        for i in np.argsort(nominal, kind="stable")
        if frontier.rank[i] == 1
    ]
    low, high = told.percent(frontier.low), told.percent(frontier.high)
    if ahead:
        yield told.say(
            f"Nếu mỗi nơi được tự chọn trọng số trụ cột có lợi nhất cho mình (mỗi trụ cột {low} "
            f"đến {high}), {told.listed(ahead)} không thua ai.",
            f"If everybody could choose the weights of pillars that suit it best ({low} to {high} "
            f"for each), nobody would be ahead of {told.listed(ahead)}.",
        )


# ---- coherence


def coherent(told: _Told, found: Unsampled) -> Iterator[str]:
    """Correlations that give reason to ask, and alphas that are low."""
    flags = list(flagged(found))
    against = [
        told.node(one.node) for one in flags if one.flag == "negative" and one.relation == "index"
    ]
    if against:
        yield told.say(
            f"Đi ngược chiều chỉ số tổng hợp (tương quan âm): {told.listed(against)}.",
            f"Against the index (negative correlation): {told.listed(against)}.",
        )
    index = told.outcome.framework.index
    weak = [
        told.node(one.node)
        for one in flags
        if one.flag == "weak" and (one.relation == "parent" or one.other == index)
    ]
    weak = list(dict.fromkeys(weak))
    if weak:
        limit = told.number(WEAK, 1)
        yield told.say(
            f"Tương quan yếu (dưới {limit}) với nhóm của mình hoặc với chỉ số tổng hợp, nên gần "
            f"như "
            f"không có tiếng nói: {told.listed(weak)}.",
            f"Weakly correlated (below {limit}) with their group or the index, so hardly heard: "
            f"{told.listed(weak)}.",
        )
    twins = [
        f"{one.node}–{one.other}"
        for one in flags
        if one.flag == "redundant" and one.relation == "sibling"
    ]
    if twins:
        limit = told.number(REDUNDANT, 2)
        yield told.say(
            f"Gần như đo cùng một điều (tương quan trên {limit}): {told.listed(twins)}.",
            f"Measure nearly the same (correlation above {limit}): {told.listed(twins)}.",
        )
    loose = [
        f"{told.node(one.group)} ({told.number(one.alpha, 2)})"
        for one in found.coherence.consistency
        if one.alpha < 0.7
    ]
    if loose:
        yield told.say(
            f"Cronbach α dưới 0,7 (các thành phần ít liên quan với nhau): {told.listed(loose)}.",
            f"Cronbach's α below 0.7 (parts have little to do with each other): "
            f"{told.listed(loose)}.",
        )
    if not (against or weak or twins or loose):
        yield told.say(
            "Không có tương quan âm, yếu hay trùng lặp, và mọi α đều từ 0,7.",
            "No correlation is negative, weak or redundant, and every α is 0.7 or more.",
        )


def heavy(told: _Told, found: Sequence[Importance]) -> Iterator[str]:
    """Groups that count more among their siblings than their weight says."""
    framework = told.outcome.framework
    for parent in (code for code in framework.top_down if code in framework.children):
        parts = [one for one in found if one.of == parent and one.node in framework.children]
        total = sum(max(0.0, one.linear) for one in parts)
        if len(parts) < 2 or not total > 0:
            continue
        one = max(parts, key=lambda one: one.linear / one.meant)
        share = one.linear / total
        if share >= HEAVY * one.meant:
            yield told.say(
                f"Trong {told.node(parent)}, {told.node(one.node)} được định "
                f"{told.percent(one.meant)} trọng số nhưng thực tế chiếm {told.percent(share)} "
                "tầm quan trọng.",
                f"In {told.node(parent)}, {told.node(one.node)} was given "
                f"{told.percent(one.meant)} of the weight but has {told.percent(share)} of the "
                "importance.",
            )


def linked(told: _Told, found: Unsampled) -> Iterator[str]:
    """How the index goes with what is outside."""
    index = told.outcome.framework.index
    for one in found.coherence.outside:
        if one.node == index and not isnan(one.spearman):
            yield told.say(
                f"Tương quan hạng của chỉ số tổng hợp với {told_variable(one.variable, 'vi')}: "
                f"{told.number(one.spearman, 2)} ({one.n} {told.them}).",
                f"Rank correlation of the index with {told_variable(one.variable, 'en')}: "
                f"{told.number(one.spearman, 2)} ({one.n} {told.them}).",
            )


_VARIABLES = {
    "grdp_per_head": ("GRDP bình quân đầu người", "GRDP per head"),
    "population": ("dân số", "population"),
}


def told_variable(name: str, lang: Language) -> str:
    """A variable from outside, in words."""
    vi, en = _VARIABLES.get(name, (name, name))
    return vi if lang == "vi" else en


# ---- what was tried, and what it does not say


def lead(outcome: Outcome, spread: Spread, uncertainty: Uncertainty, lang: Language) -> str:
    """One sentence before all others: how often it was computed, and what was varied."""
    told = _Told(outcome, lang)
    names = [told.choice(name) for name in spread.choices]
    names += [told.say("trọng số", "weights")] if spread.weights else []
    names += [told.choice(name) for name in ("dropped", "errors") if name in spread.names]
    draws, what = counted(uncertainty.draws, lang), ", ".join(names)
    return told.say(
        f"Bảng xếp hạng được tính lại {draws} lần (“lần thử”), mỗi lần với những lựa chọn khác "
        f"cũng có lý: {what}. Hạt giống {uncertainty.seed}.",
        f"The ranking was computed {draws} times more (“draws”), each time with other choices "
        f"that could have been made: {what}. Seed {uncertainty.seed}.",
    )


def tried(told: _Told, spread: Spread) -> Iterator[str]:
    """Every choice with its options, and what of the spread could not be tried."""
    framework = told.outcome.framework
    yield from varied_sentences(spread, framework, told.lang)
    yield from omitted_sentences(spread.omitted, framework, told.lang)


def unsaid(told: _Told, found: Unsampled, uncertainty: Uncertainty) -> Iterator[str]:
    """The limits of all of the above."""
    yield told.say(
        f"Các tỷ lệ trên là trên {counted(uncertainty.draws, 'vi')} lần thử trong phạm vi mà người "
        "phân tích đã chọn (ghi trong spread.yaml): phạm vi rộng hơn cho khoảng rộng hơn. Chúng "
        "không phải là xác suất hạng đúng.",
        f"The shares above are of {counted(uncertainty.draws, 'en')} draws within the spread that "
        "the analyst chose (see spread.yaml): a wider spread gives wider ranges. They are no "
        "probabilities of being right.",
    )
    yield told.say(
        "Kiểm định không nói bộ chỉ số có đo đúng đổi mới sáng tạo hay không, cũng không phát hiện "
        "số liệu khai sai.",
        "It does not say whether the index measures innovation, nor does it find figures that were "
        "reported wrongly.",
    )
    if found.exact is not None:
        yield told.say(
            "Phần chứng minh chỉ nói về trọng số; điểm từng chỉ số, cách xử lý ngoại lai và chuẩn "
            "hóa được giữ nguyên.",
            "What is proved concerns weights alone; scores of indicators, treatment and "
            "normalisation stay as in the run.",
        )
    if found.coherence.outside:
        yield told.say(
            "Tương quan với biến bên ngoài không phải là quan hệ nhân quả, và với ít nơi thì tương "
            "quan nhỏ có thể là ngẫu nhiên.",
            f"A correlation with what is outside is no cause, and among few {told.them} a small "
            "one may be chance.",
        )

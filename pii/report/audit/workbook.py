"""The audit as one Excel workbook for people; full precision is in tables/*.csv."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import xlsxwriter

from pii.audit.sensitivity import Sensitivity
from pii.audit.uncertainty import Uncertainty
from pii.audit.unsampled import Unsampled
from pii.framework import Language
from pii.pipeline import Outcome
from pii.report.audit.sentences import lead, sections, told_variable
from pii.report.audit.tables import left_out_summary
from pii.report.intervals import counted, still_sentence
from pii.report.league import place_word
from pii.report.numbers import printed
from pii.report.sheet import Column, Page, Shade, formats, write_page
from pii.report.tables import league_order
from pii.report.varied import told_choice
from pii.report.workbook import CREATED, OPTIONS, face_of, who

# Vietnamese, English
_TEXTS: Mapping[str, tuple[str, str]] = {
    "see": (
        "Các giả định: xem cuối trang “Kết luận”.",
        "Assumptions: see the foot of the sheet “In sentences”.",
    ),
    "summary": ("Kết luận", "In sentences"),
    "ranks": ("Khoảng hạng", "Ranges of ranks"),
    "sensitivity": ("Độ nhạy", "Sensitivity"),
    "neighbours": ("Cặp liền nhau", "Neighbours"),
    "singles": ("Đổi một số liệu", "One value"),
    "left": ("Bỏ từng thành phần", "Leave one out"),
    "correlations": ("Tương quan", "Correlations"),
    "importance": ("Trọng số và thực tế", "Weight and importance"),
    "groups": ("Nhất quán trong nhóm", "Consistency"),
    "components": ("Thành phần chính", "Principal components"),
    "outside": ("Biến bên ngoài", "Outside"),
    "frontier": ("Trọng số có lợi nhất", "Best own weights"),
    "what": ("Nội dung", "What was found"),
    "about": ("Phần", "About"),
    "median": ("Trung vị", "Median"),
    "interval": ("90 % lần thử", "90 % of the draws"),
    "proved": ("Mọi bộ trọng số", "All admissible weights"),
    "from": ("từ", "from"),
    "to": ("đến", "to"),
    "unranked": ("Không xếp hạng", "Unranked"),
    "same": ("Giữ đúng hạng", "Same rank"),
    "score": ("Điểm", "Score"),
    "choice": ("Lựa chọn", "Choice"),
    "first": ("Riêng (bậc một)", "Alone (first order)"),
    "total": ("Toàn phần", "Total"),
    "value": ("chỉ số", "index"),
    "ahead": ("Đứng trước", "Ahead"),
    "behind": ("Đứng sau", "Behind"),
    "lead": ("Chênh điểm", "Lead"),
    "verdict": ("Thứ tự", "Order"),
    "always": ("không đổi: đã chứng minh", "never changes: proved"),
    "swaps": ("có thể đổi", "can swap"),
    "open": ("chưa rõ", "open"),
    "change": ("Trọng số lệch bao nhiêu thì đổi", "Change of weights that swaps"),
    "moved": ("Phần trọng số trụ cột phải chuyển", "Weight of pillars to be moved"),
    "beats": ("Tỷ lệ lần thử hơn", "Beats it in draws"),
    "direction": ("Hướng", "Direction"),
    "up": ("lên", "up"),
    "down": ("xuống", "down"),
    "neighbour": ("Ngang với", "Level with"),
    "indicator": ("Chỉ số", "Indicator"),
    "points": ("Điểm chỉ số phải đổi", "Points of the indicator"),
    "now": ("Số liệu hiện tại", "Value now"),
    "needed": ("Số liệu cần có", "Value needed"),
    "then": ("Hạng khi tính lại", "Rank when recomputed"),
    "hinge_note": (
        "Thay đổi nhỏ nhất của một số liệu của chính nơi đó đủ để ngang điểm với hạng liền kề, "
        "mốc điểm giữ "
        "nguyên. Hạng khi tính lại: đổi thêm một phần nghìn và tính lại tất cả, kể cả mốc điểm; "
        "có thể "
        "không đổi khi chính nơi đó đang giữ mốc. “–”: không có một số liệu nào đủ.",
        "The smallest change of one value of the province itself that brings it level with its "
        "neighbour, "
        "goalposts held. Rank when recomputed: moved a thousandth further and everything computed "
        "anew, "
        "goalposts too; it may stay where the province itself sets a goalpost. “–”: no single "
        "value suffices.",
    ),
    "kind": ("Loại", "Kind"),
    "pillar": ("trụ cột", "pillar"),
    "code": ("Mã", "Code"),
    "name": ("Tên", "Name"),
    "mean_shift": ("Thay đổi trung bình (bậc)", "Mean shift (places)"),
    "greatest": ("Nhiều nhất (bậc)", "Greatest (places)"),
    "whose": ("Ở", "Whose"),
    "with": ("Với", "With"),
    "relation": ("Quan hệ", "Relation"),
    "parent": ("cấp trên trực tiếp", "parent"),
    "ancestor": ("cấp trên", "above"),
    "index": ("chỉ số tổng hợp", "index"),
    "sibling": ("cùng nhóm", "sibling"),
    "r": ("Tương quan", "Correlation"),
    "n": ("Số nơi", "Units"),
    "flag": ("Cần xem", "Look at"),
    "negative": ("ÂM", "NEGATIVE"),
    "weak": ("yếu", "weak"),
    "redundant": ("trùng lặp", "redundant"),
    "only child": ("thành phần duy nhất", "only child"),
    "of": ("Trong", "In"),
    "meant": ("Trọng số", "Weight"),
    "linear": ("Giải thích (tuyến tính)", "Explains (linear)"),
    "smooth": ("Giải thích (đường cong)", "Explains (curve)"),
    "meeting": ("Trọng số để khớp", "Weight to meet"),
    "importance_note": (
        "Giải thích: phần khác biệt của cấp trên mà thành phần này giải thích (bình phương tương "
        "quan, dấu âm "
        "khi ngược chiều; và tỷ số tương quan bằng hồi quy tuyến tính địa phương, nhân Gauss, độ "
        "rộng theo "
        "kiểm tra chéo). Trọng số để khớp: trọng số mà với nó tầm quan trọng tuyến tính đúng như "
        "trọng số đã "
        "định; “–”: không có.",
        "Explains: the share of the parent's variance (squared correlation, negative where "
        "against it; and the "
        "correlation ratio by local linear regression, Gaussian kernel, bandwidth by "
        "cross-validation). Weight "
        "to meet: the weights under which linear importance is as was meant; “–”: there are none.",
    ),
    "group": ("Nhóm", "Group"),
    "children": ("Thành phần", "Children"),
    "variables": ("Biến", "Variables"),
    "component": ("Thành phần chính thứ nhất", "First component"),
    "second": ("Thứ hai", "Second"),
    "variance": ("Phần phương sai", "Share of the variance"),
    "components_note": (
        "Hệ số tải của từng biến: tables/components.csv.",
        "Loadings of each variable: tables/components.csv.",
    ),
    "few units": ("quá ít nơi: không tính", "too few units: not computed"),
    "constant": ("có biến không đổi: không tính", "a constant variable: not computed"),
    "remark": ("Ghi chú", "Remark"),
    "variable": ("Biến bên ngoài", "Variable"),
    "pearson": ("Pearson", "Pearson"),
    "spearman": ("Hạng (Spearman)", "Ranks (Spearman)"),
    "own_score": ("Điểm theo trọng số của mình", "Score under own weights"),
    "own_rank": ("Hạng", "Rank"),
    "share": ("Tỷ trọng tự chọn", "Share chosen"),
    "ranks_note": (
        "90 % lần thử: hạng (điểm) ở 5 % và 95 % các lần thử. Giữ đúng hạng: tỷ lệ lần thử có đúng "
        "hạng đã tính. Mọi bộ trọng số: khi chỉ trọng số thay đổi, không bộ nào trong phạm vi cho "
        "hạng tốt hơn hay kém hơn (đã chứng minh).",
        "90 % of the draws: the rank (score) at 5 % and at 95 % of them. Same rank: share of the "
        "draws with the rank of the run. All admissible weights: when nothing but weights "
        "varies, none within their range give a better or a worse rank (proved).",
    ),
    "sensitivity_note": (
        "Chỉ số Sobol' của mức thay đổi hạng trung bình. Riêng: phần khác nhau giữa các lần thử do "
        "một mình lựa chọn ấy gây ra; toàn phần: cùng với tác động qua lại với các lựa chọn khác "
        "(cộng lại có thể quá 1). Từ, đến: khoảng bootstrap 90 %; quanh 0 có thể hơi âm. Từng nơi: "
        "tables/sensitivity_by_province.csv.",
        "Sobol' indices of the mean rank shift. Alone: the part of what differs from draw to draw "
        "that the choice brings about by itself; total: with all it does together with others (so "
        "totals may sum to more than 1). From, to: 90 % bootstrap interval; near 0 it may be a "
        "little below. For each one: tables/sensitivity_by_province.csv.",
    ),
    "neighbours_note": (
        "Thứ tự: với mọi bộ trọng số trong phạm vi. Trọng số lệch bao nhiêu: tỷ lệ nhỏ nhất mà nếu "
        "mọi trọng số ở mọi cấp được lệch chừng ấy thì hai nơi ngang điểm. Trọng số trụ cột phải "
        "chuyển: phần nhỏ nhất phải chuyển từ trụ cột này sang trụ cột khác. Hai con số này không "
        "dừng ở phạm vi, nên cặp không bao giờ đổi thứ tự cũng có.",
        "Order: under all weights within their range. Change of weights: the least share by which "
        "all weights at all levels must be allowed to be off for the two to be level. Weight of "
        "pillars: the least that must be moved from some pillars to others. These two do not stop "
        "at the range, so that pairs that never change their order have them too.",
    ),
    "left_note": (
        "Bỏ chỉ số, trụ cột: trọng số 0, phần còn lại chia nhau trọng số của nó. Bỏ một nơi: tính "
        "lại tất cả từ số liệu của những nơi còn lại, kể cả mốc điểm.",
        "An indicator or pillar: weight 0, the rest share its weight. One of those ranked: "
        "everything computed anew from the values of the others, goalposts too.",
    ),
    "outside_note": (
        "Tương quan không phải là quan hệ nhân quả.",
        "A correlation is no cause.",
    ),
    "own_note": (
        "Điểm cao nhất mỗi nơi đạt được so với mọi nơi khác (100: không thua ai) khi được tự chọn "
        "tỷ trọng trụ cột, mỗi trụ cột từ {low} đến {high} %. Một trong các bộ tỷ trọng tốt nhất.",
        "The most that each can reach against all others (100: nobody is ahead) when it chooses "
        "the shares of pillars itself, each from {low} to {high} %. One of the best sets is shown.",
    ),
}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "vi": {key: vi for key, (vi, _) in _TEXTS.items()},
    "en": {key: en for key, (_, en) in _TEXTS.items()},
}


def audit_workbook(
    outcome: Outcome,
    found: Unsampled,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity | None,
    lang: Language,
) -> bytes:
    """The workbook as bytes; equal audits give equal bytes."""
    buffer = BytesIO()
    # Bars are of shares and of places, each with the ends of its own figures.
    face = replace(face_of(outcome, lang), see=_WORDS[lang]["see"], scale=None)
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": face.title, "comments": face.label, "created": CREATED})
        looks = formats(book)
        for page in _pages(outcome, found, uncertainty, sensitivity, lang):
            write_page(book.add_worksheet(page.name), page, face, looks)
    return buffer.getvalue()


def _pages(
    outcome: Outcome,
    found: Unsampled,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity | None,
    lang: Language,
) -> Iterator[Page]:
    yield _summary(outcome, found, uncertainty, sensitivity, lang)
    yield _ranks(outcome, found, uncertainty, lang)
    if sensitivity is not None:
        yield _sensitivity(outcome, sensitivity, lang)
    if found.exact is not None:
        yield _neighbours(outcome, found, uncertainty, lang)
    if found.hinges:
        yield _singles(outcome, found, lang)
    yield _left(outcome, found, lang)
    yield _correlations(outcome, found, lang)
    yield _importance(outcome, found, lang)
    yield _groups(outcome, found, lang)
    yield _components(outcome, found, lang)
    if found.coherence.outside:
        yield _outside(outcome, found, lang)
    if found.frontier is not None:
        yield _frontier(outcome, found, lang)


def _summary(
    outcome: Outcome,
    found: Unsampled,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity | None,
    lang: Language,
) -> Page:
    words = _WORDS[lang]
    told = sections(outcome, found, uncertainty, sensitivity, lang)
    rows = [("", lead(outcome, found.spread, uncertainty, lang))]
    rows += [
        (one.title if not k else "", text) for one in told for k, text in enumerate(one.sentences)
    ]
    columns = [
        Column(words["about"], 34, "top", [title for title, _ in rows]),
        Column(words["what"], 110, "wrapped", [text for _, text in rows]),
    ]
    return Page(words["summary"], columns, 0, 20, notes=outcome.caveats(lang), assumptions=True)


def _ranks(outcome: Outcome, found: Unsampled, told: Uncertainty, lang: Language) -> Page:
    words, rows = _WORDS[lang], list(league_order(outcome))
    columns = who(outcome, lang)
    fixed = len(columns)
    nominal = told.nominal_rank[rows]
    same = [
        float(told.places[i, int(rank) - 1]) if rank == rank else float("nan")
        for i, rank in zip(rows, nominal, strict=True)
    ]
    low, high = told.rank_interval[rows].T
    columns += [
        Column(words["median"], 9, "rank", told.median_rank[rows].tolist()),
        Column(words["from"], 7, "rank", low.tolist(), words["interval"]),
        Column(words["to"], 7, "rank", high.tolist(), words["interval"]),
        Column(words["same"], 11, "share", same),
        Column(words["unranked"], 11, "share", told.unranked[rows].tolist()),
    ]
    if found.exact is not None:
        ranks = found.exact.ranks
        for word, ends in (("from", ranks.best), ("to", ranks.worst)):
            values = [float(ends[i]) if ends[i] else float("nan") for i in rows]
            columns.append(Column(words[word], 7, "rank", values, words["proved"]))
    band = f"{words['score']}, {words['interval']}"
    columns += [
        Column(words["median"], 9, "score", told.score_median[rows].tolist(), band),
        Column(words["from"], 9, "score", told.score_interval[rows, 0].tolist(), band),
        Column(words["to"], 9, "score", told.score_interval[rows, 1].tolist(), band),
    ]
    shade = Shade("bar", fixed + 3, fixed + 3)
    notes = (words["ranks_note"], *_score_note(told, lang), *_bound_note(found, lang))
    return Page(words["ranks"], columns, fixed, 32, [shade], notes)


def _score_note(told: Uncertainty, lang: Language) -> Iterator[str]:
    if told.score_draws < told.draws:
        few, all_ = counted(told.score_draws, lang), counted(told.draws, lang)
        yield (
            f"Điểm: chỉ của {few} trong {all_} lần thử, là các lần có cùng thang điểm với bảng đã "
            "tính; hạng: của tất cả."
            if lang == "vi"
            else f"Scores: of {few} of the {all_} draws only, those on the scale of the run; "
            "ranks: of all."
        )


def _bound_note(found: Unsampled, lang: Language) -> Iterator[str]:
    if found.exact is None:
        return
    ranks = found.exact.ranks
    loose = (ranks.best != ranks.best_reached) | (ranks.worst != ranks.worst_reached)
    n = int(loose.sum())
    if n:
        yield (
            f"Với {n} nơi, đầu khoảng là giới hạn đã chứng minh mà chưa có bộ trọng số nào được "
            "tìm thấy: tables/exact_ranks.csv."
            if lang == "vi"
            else f"For {n} of them an end is a proved bound for which no weights were found: "
            "tables/exact_ranks.csv."
        )


def _sensitivity(outcome: Outcome, told: Sensitivity, lang: Language) -> Page:
    words, indices = _WORDS[lang], told.mean_shift
    order = np.argsort(-np.nan_to_num(indices.total), kind="stable")
    names = [told_choice(told.choices[k], outcome.framework, lang) for k in order]
    columns = [Column(words["choice"], 40, "name", names)]
    for word, x, ends in (
        ("total", indices.total, indices.total_interval),
        ("first", indices.first, indices.first_interval),
    ):
        columns += [
            Column(words["value"], 10, "score", x[order].tolist(), words[word]),
            Column(words["from"], 10, "score", ends[order, 0].tolist(), words[word]),
            Column(words["to"], 10, "score", ends[order, 1].tolist(), words[word]),
        ]
    still = (still_sentence(lang),) if told.still else ()
    return Page(words["sensitivity"], columns, 1, 20, notes=(*still, words["sensitivity_note"]))


def _neighbours(outcome: Outcome, found: Unsampled, told: Uncertainty, lang: Language) -> Page:
    words, exact = _WORDS[lang], found.exact
    assert exact is not None
    pairs, nominal = exact.pairs, exact.ranks.nominal
    place = {int(i): k for k, i in enumerate(told.order())}
    near = [
        k
        for k in range(len(pairs.lead))
        if place[int(pairs.behind[k])] - place[int(pairs.ahead[k])] == 1
    ]
    ahead, behind = pairs.ahead[near], pairs.behind[near]

    def names(rows: Sequence[int] | np.ndarray[Any, Any]) -> list[str]:
        return [f"{nominal[i]}. {outcome.name(exact.provinces[i], lang)}" for i in rows]

    verdict = ["always" if pairs.always[k] else "swaps" if pairs.swaps[k] else "open" for k in near]
    wide = _name_width(outcome, lang) + 5
    columns = [
        Column(words["ahead"], wide, "strong", names(ahead)),
        Column(words["behind"], wide, "strong", names(behind)),
        Column(words["lead"], 10, "score", pairs.lead[near].tolist()),
        Column(words["verdict"], 24, "text", [words[one] for one in verdict]),
        Column(words["change"], 18, "weight", pairs.change_reached[near].tolist()),
        Column(words["moved"], 18, "weight", pairs.moved[near].tolist()),
    ]
    if told.beats is not None:
        beats = told.beats[ahead, behind].tolist()
        columns.append(Column(words["beats"], 12, "share", beats))
    return Page(words["neighbours"], columns, 2, 34, notes=(words["neighbours_note"],))


def _name_width(outcome: Outcome, lang: Language) -> float:
    """Characters of the longest name of those ranked, within limits."""
    longest = max(len(outcome.name(code, lang)) for code in outcome.scores.provinces)
    return min(40.0, max(18.0, 1.1 * longest))


def _singles(outcome: Outcome, found: Unsampled, lang: Language) -> Page:
    words, rows, wide = _WORDS[lang], found.hinges, _name_width(outcome, lang)
    columns = [
        Column(
            place_word(outcome, lang),
            wide,
            "strong",
            [outcome.name(one.province, lang) for one in rows],
        ),
        Column(words["direction"], 9, "text", [words[one.direction] for one in rows]),
        Column(
            words["neighbour"], wide, "text", [outcome.name(one.neighbour, lang) for one in rows]
        ),
        Column(words["lead"], 10, "score", [one.gap for one in rows]),
        Column(
            words["indicator"], 52, "name", [_node(outcome, one.indicator, lang) for one in rows]
        ),
        Column(words["points"], 12, "score", [one.points for one in rows]),
        Column(words["now"], 14, "value", [one.value for one in rows]),
        Column(words["needed"], 14, "value", [one.needed for one in rows]),
        Column(words["then"], 11, "rank", [one.rank for one in rows]),
    ]
    return Page(words["singles"], columns, 1, 32, notes=(words["hinge_note"],))


def _node(outcome: Outcome, code: str, lang: Language) -> str:
    return f"{code} {outcome.framework.name(code, lang)}" if code else ""


def _left(outcome: Outcome, found: Unsampled, lang: Language) -> Page:
    words, table = _WORDS[lang], left_out_summary(outcome, found.without)
    known = outcome.framework.by_code
    kinds = {**words, "province": place_word(outcome, lang)}
    names = [
        outcome.framework.name(code, lang)
        if kind != "province" and code in known
        else outcome.name(code, lang)
        for kind, code in zip(table["kind"], table["left_out"], strict=True)
    ]
    columns = [
        Column(words["kind"], 14, "text", [kinds[kind].lower() for kind in table["kind"]]),
        Column(words["code"], 9, "centred", table["left_out"].tolist()),
        Column(words["name"], 60, "name", names),
        Column(words["mean_shift"], 14, "score", table["mean_shift"].tolist()),
        Column(words["greatest"], 14, "rank", table["greatest_shift"].tolist()),
        Column(
            words["whose"],
            _name_width(outcome, lang),
            "text",
            [outcome.name(code, lang) if code else "" for code in table["province"]],
        ),
    ]
    return Page(words["left"], columns, 3, 34, [Shade("bar", 3, 3)], (words["left_note"],))


def _correlations(outcome: Outcome, found: Unsampled, lang: Language) -> Page:
    words, rows = _WORDS[lang], found.coherence.correlations
    columns = [
        Column(words["name"], 52, "name", [_node(outcome, one.node, lang) for one in rows]),
        Column(words["with"], 52, "name", [_node(outcome, one.other, lang) for one in rows]),
        Column(words["relation"], 18, "text", [words[one.relation] for one in rows]),
        Column(words["r"], 12, "score", [one.r for one in rows]),
        Column(words["n"], 8, "rank", [one.n for one in rows]),
        Column(words["flag"], 20, "strong", [words.get(one.flag, "") for one in rows]),
    ]
    return Page(words["correlations"], columns, 1, 20)


def _importance(outcome: Outcome, found: Unsampled, lang: Language) -> Page:
    words, rows = _WORDS[lang], found.coherence.importance
    columns = [
        Column(words["name"], 52, "name", [_node(outcome, one.node, lang) for one in rows]),
        Column(words["of"], 40, "name", [_node(outcome, one.of, lang) for one in rows]),
        Column(words["n"], 8, "rank", [one.n for one in rows]),
        *(
            Column(words[name], 13, "weight", [getattr(one, name) for one in rows])
            for name in ("meant", "linear", "smooth", "meeting")
        ),
    ]
    return Page(words["importance"], columns, 1, 34, notes=(words["importance_note"],))


def _groups(outcome: Outcome, found: Unsampled, lang: Language) -> Page:
    words, told = _WORDS[lang], found.coherence
    columns = [
        Column(
            words["group"],
            80,
            "name",
            [_node(outcome, one.group, lang) for one in told.consistency],
        ),
        Column(words["children"], 12, "rank", [one.children for one in told.consistency]),
        Column(words["n"], 10, "rank", [one.n for one in told.consistency]),
        Column("Cronbach α", 14, "score", [one.alpha for one in told.consistency]),
    ]
    return Page(words["groups"], columns, 1, 20)


def _components(outcome: Outcome, found: Unsampled, lang: Language) -> Page:
    words, rows = _WORDS[lang], found.coherence.components
    shares = [[*one.shares.tolist(), float("nan"), float("nan")] for one in rows]
    columns = [
        Column(words["group"], 52, "name", [_node(outcome, one.group, lang) for one in rows]),
        Column(words["variables"], 12, "rank", [len(one.variables) for one in rows]),
        Column(words["n"], 10, "rank", [one.n for one in rows]),
        Column(words["component"], 14, "share", [share[0] for share in shares], words["variance"]),
        Column(words["second"], 14, "share", [share[1] for share in shares], words["variance"]),
        Column(words["remark"], 34, "text", [words.get(one.refused, "") for one in rows]),
    ]
    return Page(words["components"], columns, 1, 30, notes=(words["components_note"],))


def _outside(outcome: Outcome, found: Unsampled, lang: Language) -> Page:
    words, rows = _WORDS[lang], found.coherence.outside
    columns = [
        Column(words["name"], 60, "name", [_node(outcome, one.node, lang) for one in rows]),
        Column(words["variable"], 28, "text", [told_variable(one.variable, lang) for one in rows]),
        Column(words["pearson"], 12, "score", [one.pearson for one in rows]),
        Column(words["spearman"], 14, "score", [one.spearman for one in rows]),
        Column(words["n"], 10, "rank", [one.n for one in rows]),
    ]
    return Page(words["outside"], columns, 1, 20, notes=(words["outside_note"],))


def _frontier(outcome: Outcome, found: Unsampled, lang: Language) -> Page:
    words, told, rows = _WORDS[lang], found.frontier, list(league_order(outcome))
    assert told is not None
    columns = who(outcome, lang)
    fixed = len(columns)
    columns += [
        Column(words["own_score"], 14, "score", (100 * told.score[rows]).tolist()),
        Column(words["own_rank"], 8, "rank", told.rank[rows].tolist()),
        *(
            Column(
                _node(outcome, code, lang),
                14,
                "share",
                told.share[rows, k].tolist(),
                words["share"],
            )
            for k, code in enumerate(told.pillars)
        ),
    ]
    low, high = (printed(100 * end, 0, lang) for end in (told.low, told.high))
    note = words["own_note"].format(low=low, high=high)
    return Page(words["frontier"], columns, fixed, 60, [Shade("bar", fixed, fixed)], (note,))

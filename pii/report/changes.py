"""What a change would do, and what reaches a target, in lines for the terminal."""

from collections.abc import Iterator, Mapping
from math import ceil, floor, isnan

from pii.framework import Language
from pii.preview.estimate import Preview
from pii.preview.reference import Reference
from pii.preview.whatif import Lever, WhatIf
from pii.report.numbers import NOT_PUBLISHED, printed
from pii.report.terminal import ranked, signed, titled, upper
from pii.target import Answer, Targeted


def figure(x: float, lang: Language) -> str:
    """A value in its unit, with up to six significant digits."""
    if isnan(x):
        return NOT_PUBLISHED
    text = f"{x:.6g}"
    if "e" in text:
        text = printed(x, 6, lang)
    return text.replace(".", ",") if lang == "vi" else text


def outward(x: float, was: float) -> float:
    """A value of four significant digits that is at least as far from `was` as x is."""
    if x == was or x == 0:
        return x
    digits = 4 - 1 - floor(_magnitude(x))
    scale = 10.0**digits
    return (ceil(x * scale - 1e-9) if x > was else floor(x * scale + 1e-9)) / scale


def _magnitude(x: float) -> float:
    return float(f"{abs(x):e}".partition("e")[2])


def what_if_lines(found: WhatIf, values: Mapping[str, float], lang: Language) -> Iterator[str]:
    """Before and after, down to the pillars; whom it overtakes."""
    vi, after = lang == "vi", found.after
    framework, name = after.reference.framework, after.reference.name
    yield f"{titled(after, lang)} · {framework.title(lang)}"
    if label := framework.label(lang):
        yield f"[ {label} ]"
    for code, value in values.items():
        row = after.rows[framework.codes.index(code)]
        was = found.before.rows[framework.codes.index(code)].value
        yield (
            f"  {code} {row.indicator.name(lang)}: {figure(was, lang)} → {figure(value, lang)} "
            f"{row.indicator.unit(lang)}"
        )
    yield ""
    for group in upper(after):
        one, two = found.before.standing(group.code), after.standing(group.code)
        label = " ".join(dict.fromkeys((group.code, group.name(lang))))
        depth = "  " * len(framework.ancestors(group.code))
        change = signed(two.score - one.score, 2, lang)
        yield (
            f"{depth}{label}: {printed(one.score, 2, lang)} → {printed(two.score, 2, lang)} "
            f"({change}), {'hạng' if vi else 'rank'} {ranked(found.before, group.code, lang)} → "
            f"{ranked(after, group.code, lang)}"
        )
    for codes, words in (
        (found.overtaken, "Vượt" if vi else "Overtakes"),
        (found.lost_to, "Bị vượt bởi" if vi else "Falls behind"),
    ):
        if codes:
            yield f"{words}: {', '.join(name(code, lang) for code in codes)}"


def lever_lines(levers: tuple[Lever, ...], now: Preview, lang: Language) -> Iterator[str]:
    """Points per unit of every indicator, the most promising first."""
    vi, framework = lang == "vi", now.reference.framework
    heads = (
        ("Mã", "Giá trị", "Điểm/đơn vị", "Nếu đạt mốc tốt nhất", "Mốc tốt nhất", "Ai cung cấp")
        if vi
        else ("Code", "Value", "Points/unit", "At the best goalpost", "Best goalpost", "Supplier")
    )
    widths = (8, 14, 13, 22, 14, 14)
    yield "".join(word.rjust(width) for word, width in zip(heads, widths, strict=True))
    for lever in levers:
        row = now.rows[framework.codes.index(lever.code)]
        own = row.indicator.supplier == "province"
        supplier = ("tỉnh" if own else "trung ương") if vi else ("own" if own else "central")
        cells = (
            lever.code,
            figure(row.value, lang),
            signed(lever.per_unit, 3, lang),
            signed(lever.to_best, 2, lang),
            figure(lever.best, lang),
            supplier,
        )
        line = "".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"{line}  {row.indicator.name(lang)} ({row.indicator.unit(lang)})"


def target_lines(
    found: Targeted, reference: Reference, unit: str, reach: float, lang: Language
) -> Iterator[str]:
    """The answers, or that there is none, and how effort is measured.

    unit : what one unit of effort is, in words
    """
    vi = lang == "vi"
    now = printed(found.now, 2, lang)
    if found.above:
        count, have, most = found.above
        yield (
            f"Cần {count} chỉ số trên trung bình; hiện có {have}; chỉ bằng chỉ số của tỉnh, nhiều "
            f"nhất {most}."
            if vi
            else f"Needed: {count} indicators above the mean; now {have}; by own indicators alone "
            f"at most {most}."
        )
    if found.done:
        yield (
            f"Đã đạt: điểm hiện tại {now}."
            if vi
            else f"Reached already: the score is {now} as it stands."
        )
        return
    if not isnan(found.goal):
        goal, limit = printed(found.goal, 2, lang), printed(found.limit, 2, lang)
        yield (
            f"Cần {goal} điểm; hiện có {now}; chỉ bằng chỉ số của tỉnh, nhiều nhất {limit}."
            if vi
            else f"Needed: {goal} points; now {now}; by own indicators alone at most {limit}."
        )
    if found.blank:
        codes = ", ".join(found.blank)
        yield (
            f"Chưa có giá trị nên không tính đến: {codes}; thử giá trị bằng `pii whatif --set`."
            if vi
            else f"Without a value, so no candidates: {codes}; try values by `pii whatif --set`."
        )
    if not found.answers:
        yield (
            f"Không thể đạt chỉ bằng các chỉ số do tỉnh cung cấp (mỗi chỉ số thay đổi tối đa "
            f"{figure(reach, lang)} × {unit})."
            if vi
            else "It cannot be reached by own indicators alone (each moving at most "
            f"{figure(reach, lang)} × {unit})."
        )
        return
    for number, answer in enumerate(found.answers, 1):
        yield ""
        yield from _answer(number, answer, reference, lang)
    yield ""
    yield (
        f"Công sức: 1 = {unit}. Trong mỗi cách, bỏ bất kỳ thay đổi nào thì không còn đạt. Các nơi "
        "khác rồi cũng thay đổi: đây không phải dự báo."
        if vi
        else f"Effort: 1 = {unit}. Leave any change out of an answer, and it no longer reaches the "
        "target. The others will move too: this is no forecast."
    )


def _answer(number: int, answer: Answer, reference: Reference, lang: Language) -> Iterator[str]:
    vi, framework = lang == "vi", reference.framework
    score, effort = printed(answer.score, 2, lang), printed(answer.total, 2, lang)
    rank = printed(answer.rank, 0, lang)
    yield (
        f"Cách {number}: {len(answer.steps)} chỉ số, công sức {effort} → điểm {score}, hạng {rank}"
        if vi
        else f"Answer {number}: {len(answer.steps)} indicators, effort {effort} → score {score}, "
        f"rank {rank}"
    )
    for step in answer.steps:
        indicator = framework.indicators[framework.codes.index(step.code)]
        value = outward(step.value, step.was)
        yield (
            f"  {step.code} {indicator.name(lang)}: {figure(step.was, lang)} → "
            f"{figure(value, lang)} {indicator.unit(lang)} "
            f"({signed(step.points, 2, lang)} {'điểm' if vi else 'points'}, "
            f"{'công sức' if vi else 'effort'} {printed(step.effort, 2, lang)})"
        )

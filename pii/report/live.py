"""The live preview inside a template: a sheet of formulas that scores what is being typed.

No macros; functions of Excel 2010, which LibreOffice has too. Every figure that a run froze
stands in a hidden sheet, with all its digits, and each formula refers to it there: a literal in a
formula would be cut to fifteen. Stored results are those of the engine, for viewers that do not
calculate.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pii.errors import DataError
from pii.framework import Framework, Group, Indicator
from pii.intake import layout
from pii.intake.looks import COLUMN, FONT, GRID, INK, MUTED, RED, TEAL, labels
from pii.intake.template import Exact
from pii.preview.estimate import Origin, Preview, Row, preview
from pii.preview.movement import Movement
from pii.preview.one import Frozen, rank_between
from pii.preview.reference import Reference
from pii.preview.span import span_of
from pii.provinces import Province
from pii.report.terminal import movement_line
from pii.submission import Observation, Place, Submission

HEAD = (
    "Mã",
    "Chỉ số · nhóm",
    "Giá trị dùng",
    "Điểm",
    "Trung bình",
    "So với TB",
    "Độ phủ",
    "Tình trạng",
)
CODE, NAME, VALUE, SCORE, MEAN, GAP, COVERAGE, STATE = range(len(HEAD))
WIDTHS = (8, 46, 14, 14, 12, 12, 9, 26)
ROWS = 2000  # of the sheet of values, searched by code
BAR = "#9ccfd2"
SHORT = "chưa đủ số liệu"
EMPTY, TEXT, OUT, PROOF, GOOD = (
    "thiếu giá trị",
    "không phải số",
    "ngoài khoảng cho phép",
    "thiếu minh chứng",
    "đủ",
)
AWAITED, CARRIED = "trung ương chưa cung cấp", "lấy từ lần tính trước"
FROZEN = ("low bound", "high bound", "low", "high", "parameter", "worst", "best", "mean", "carried")


def refuse_live(reference: Reference) -> None:
    """Raise `DataError` where a run cannot be followed by formulas, with the remedy."""
    for level, aggregation in reference.method.aggregation.items():
        if aggregation.rule != "power":
            raise DataError(
                f"a live preview has formulas for power means only, and the run aggregates "
                f"{level} by {aggregation.rule}; make templates without --against"
            )


def live_sheets(
    framework: Framework,
    province: Province,
    central: Mapping[str, Observation],
    reference: Reference,
    movement: Movement | None = None,
) -> Callable[[Workbook], Mapping[str, str]]:
    """What adds the live preview to the template of a province, for `template_workbook`.

    Raises
    ------
    DataError
        Where the run has other indicators than the edition, or cannot be followed by formulas.
    """
    if reference.framework.codes != framework.codes:
        raise DataError(
            f"the run is of edition {reference.framework.id}, which has other indicators than "
            f"{framework.id}; name a run of the same edition with --against"
        )
    blank = Observation(province.code, "", Place(""))
    cells = tuple(central.get(c) or replace(blank, indicator=c) for c in framework.codes)
    result = preview(Submission(province.code, Place(""), cells), reference)
    return lambda book: write_live(book, result, movement)


def write_live(book: Workbook, result: Preview, movement: Movement | None) -> Mapping[str, str]:
    """Add the sheet "Xem trước" and its hidden figures to a template that holds `result`.

    Returns what the hidden facts say of them, so that intake sees whether they were altered.
    """
    refuse_live(result.reference)
    frozen = book.add_worksheet(layout.FROZEN)
    sheet = book.add_worksheet(layout.LIVE)
    framework = result.reference.framework
    # Below the title, the labels, the cards (five, and two for the span) and the header.
    first = 4 + len(labels(framework)) + 6 + len(framework.children[framework.index])
    row = {code: first + i for i, code in enumerate(framework.top_down)}
    plan = _Plan(result, _write_frozen(frozen, result, movement), row)
    formulas = _write_sheet(book, sheet, plan, movement)
    return {layout.LIVE_FIGURES: plan.where.fingerprint, layout.LIVE_FORMULAS: str(formulas)}


@dataclass(frozen=True, slots=True)
class _Where:
    """Where the hidden sheet keeps what: a cell by (code, name); the range to rank among."""

    cells: Mapping[tuple[str, str], str]
    ranks: str
    count: int
    fingerprint: str

    def at(self, code: str, name: str) -> str:
        return self.cells[code, name]


def _write_frozen(sheet: Worksheet, result: Preview, movement: Movement | None) -> _Where:
    reference, framework = result.reference, result.reference.framework
    cells: dict[tuple[str, str], str] = {}
    sheet.write_row(0, 0, ("code", *FROZEN))
    written = [(1, column, name) for column, name in enumerate(("code", *FROZEN), 1)]
    row = 1

    def write(row: int, column: int, figure: float) -> None:
        sheet.write_number(row, column, Exact(figure))
        written.append((row + 1, column + 1, repr(figure)))

    def put(code: str, figures: Mapping[str, float | None]) -> None:
        nonlocal row
        sheet.write_string(row, 0, code)
        written.append((row + 1, 1, code))
        for column, name in enumerate(FROZEN, 1):
            figure = figures.get(name)
            if figure is not None and not isnan(figure):
                write(row, column, figure)
            cells[code, name] = f"{layout.FROZEN}!{xl_rowcol_to_cell(row, column, True, True)}"
        row += 1

    for k, node in enumerate(reference.nodes):
        if node in framework.codes:
            j = framework.codes.index(node)
            put(node, _figures(result.rows[j], reference.frozen[j], reference.mean[k]))
        else:
            put(node, {"mean": reference.mean[k]})
    put("movement", {"mean": movement.points if movement else None})
    others = _others(result)
    for i, figure in enumerate(others):
        write(i + 1, len(FROZEN) + 2, figure)
    column = xl_rowcol_to_cell(0, len(FROZEN) + 2)[:-1]
    sheet.protect()
    sheet.very_hidden()
    ranks = f"{layout.FROZEN}!${column}$2:${column}${len(others) + 1}"
    return _Where(cells, ranks, len(others), layout.figures_fingerprint(written))


def _figures(row: Row, frozen: Frozen, mean: float) -> Mapping[str, float | None]:
    low, high = row.indicator.bounds
    capped = frozen.form != "none"
    return {
        "low bound": low,
        "high bound": high,
        "low": frozen.low if capped else None,
        "high": frozen.high if capped else None,
        "parameter": frozen.parameter,
        "worst": frozen.worst,
        "best": frozen.best,
        "mean": mean,
        "carried": row.value if row.origin is Origin.CARRIED else None,
    }


def _others(result: Preview) -> list[float]:
    """The other provinces' scores of the index, highest first; or the quantiles of all."""
    reference = result.reference
    k = reference.nodes.index(reference.framework.index)
    if reference.closed:
        return list(reference.quantiles[k])
    rows = zip(reference.provinces, reference.score, strict=True)
    found = [row[k] for code, row in rows if code != result.province and not isnan(row[k])]
    return sorted(found, reverse=True)


def _cell(row: int, column: int) -> str:
    text: str = xl_rowcol_to_cell(row, column)
    return text


@dataclass(frozen=True, slots=True)
class _Plan:
    """The visible sheet before it is written: which node stands in which row, from 0."""

    result: Preview
    where: _Where
    row: Mapping[str, int]

    def score(self, code: str) -> str:
        return _cell(self.row[code], SCORE)

    def value(self, code: str) -> str:
        return _cell(self.row[code], VALUE)

    def coverage(self, code: str) -> str:
        return _cell(self.row[code], COVERAGE)


def _write_sheet(book: Workbook, sheet: Worksheet, plan: _Plan, movement: Movement | None) -> int:
    """Returns how many formulas were written."""
    looks = _looks(book)
    framework = plan.result.reference.framework
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width, looks["page"])
    cards = _write_top(book, sheet, looks, plan, movement)
    head = min(plan.row.values()) - 1
    for column, word in enumerate(HEAD):
        sheet.write_string(head, column, word, looks["head"])
    for code in framework.top_down:
        node = framework.by_code[code]
        if isinstance(node, Group):
            _write_group(sheet, looks, plan, node)
        else:
            _write_indicator(sheet, looks, plan, node)
    scores = [plan.score(code) for code in framework.codes]
    low, high = _scale(plan.result.reference)
    bar = {
        "type": "data_bar", "bar_solid": True, "bar_color": BAR, "min_type": "num",
        "max_type": "num", "min_value": low, "max_value": high, "data_bar_2010": True,
    }  # fmt: skip
    for cell in scores:
        sheet.conditional_format(cell, bar)
    last = max(plan.row.values())
    words = ",".join(f'"{word}"' for word in (EMPTY, TEXT, OUT, PROOF, SHORT))
    wrong = f"{{{words}}}"
    sheet.conditional_format(
        head + 1, STATE, last, STATE,
        {"type": "formula", "criteria": f"=ISNUMBER(MATCH({_cell(head + 1, STATE)},{wrong},0))",
         "format": looks["wanting"]},
    )  # fmt: skip
    sheet.freeze_panes(head + 1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    return cards + 5 * len(framework.top_down)


def _looks(book: Workbook) -> Mapping[str, Format]:
    page = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
    cell = {**page, "border": 1, "border_color": GRID}
    number = {**cell, "num_format": "0.00", "align": "right"}
    strong = {"bold": True, "bg_color": "#eef0f4"}
    looks: dict[str, dict[str, object]] = {
        "page": page,
        "title": {**page, "font_size": 16, "bold": True},
        "label": {**page, "bold": True, "font_color": RED},
        "quiet": {**page, "font_color": MUTED, "text_wrap": True, "valign": "top"},
        "head": {**cell, "bold": True, "font_color": "#ffffff", "bg_color": INK,
                 "text_wrap": True, "align": "center"},
        "field": {**cell, "bold": True, "bg_color": "#f2f4f7"},
        "big": {**number, "bold": True, "font_size": 18, "font_color": TEAL},
        "rank": {**cell, "bold": True, "font_size": 15, "font_color": TEAL, "align": "right"},
        "text": {**cell, "text_wrap": True, "indent": 1},
        "value": {**cell, "num_format": "General", "align": "right"},
        "number": number,
        "signed": {**number, "num_format": "+0.00;-0.00;0.00"},
        "share": {**cell, "num_format": "0%", "align": "right"},
        "group": {**cell, **strong, "text_wrap": True, "indent": 1},
        "group_number": {**number, **strong},
        "group_signed": {**number, **strong, "num_format": "+0.00;-0.00;0.00"},
        "group_share": {**cell, **strong, "num_format": "0%", "align": "right"},
        "wanting": {"font_color": RED, "bold": True},
    }  # fmt: skip
    return {key: book.add_format(look) for key, look in looks.items()}


def _stored(x: float) -> float | str:
    """A result as a formula's stored value: blank text where there is none."""
    return "" if isnan(x) else Exact(x)


def _write_indicator(
    sheet: Worksheet, looks: Mapping[str, Format], plan: _Plan, node: Indicator
) -> None:
    code, at = node.code, plan.row[node.code]
    standing = plan.result.standing(code)
    row = plan.result.rows[plan.result.reference.framework.codes.index(code)]
    used = row.value if row.origin in (Origin.OWN, Origin.CENTRAL, Origin.CARRIED) else float("nan")
    sheet.write_string(at, CODE, code, looks["text"])
    sheet.write_string(at, NAME, node.name_vi, looks["text"])
    sheet.write_formula(at, VALUE, _used(plan, node), looks["value"], _stored(used))
    score = _scored(plan, node)
    sheet.write_formula(at, SCORE, score, looks["number"], _stored(standing.score))
    _write_gap(sheet, looks, plan, code, "")
    sheet.write_blank(at, COVERAGE, None, looks["text"])
    sheet.write_formula(at, STATE, _state(plan, node), looks["text"], _said(row))
    sheet.set_row(at, 28)


def _write_group(sheet: Worksheet, looks: Mapping[str, Format], plan: _Plan, node: Group) -> None:
    code, at = node.code, plan.row[node.code]
    standing = plan.result.standing(code)
    sheet.write_string(at, CODE, code, looks["group"])
    sheet.write_string(at, NAME, node.name_vi, looks["group"])
    sheet.write_blank(at, VALUE, None, looks["group"])
    formula = _mean(plan, node)
    sheet.write_formula(at, SCORE, formula, looks["group_number"], _stored(standing.score))
    _write_gap(sheet, looks, plan, code, "group_")
    share = _share(plan, code)
    sheet.write_formula(at, COVERAGE, share, looks["group_share"], Exact(standing.coverage))
    cell = plan.score(code)
    state = f'=IF(ISNUMBER({cell}),"{GOOD}","{SHORT}")'
    sheet.write_formula(at, STATE, state, looks["group"], SHORT if isnan(standing.score) else GOOD)


def _write_gap(
    sheet: Worksheet, looks: Mapping[str, Format], plan: _Plan, code: str, kind: str
) -> None:
    at, score, mean = plan.row[code], plan.score(code), plan.where.at(code, "mean")
    standing = plan.result.standing(code)
    sheet.write_formula(
        at, MEAN, f'=IF(ISNUMBER({mean}),{mean},"")', looks[f"{kind}number"],
        _stored(standing.mean),
    )  # fmt: skip
    sheet.write_formula(
        at, GAP, f'=IF(AND(ISNUMBER({score}),ISNUMBER({mean})),{score}-{mean},"")',
        looks[f"{kind}signed"], _stored(standing.above_mean),
    )  # fmt: skip


# ---------------------------------------------------------------------------- formulas ------


def _typed(plan: _Plan, code: str, key: str) -> str:
    """The cell of that row and column on the sheet of values, wherever sorting has put it."""
    column, codes = (xl_col_to_name(COLUMN[name]) for name in (key, "code"))
    cell, sheet = f"$A{plan.row[code] + 1}", f"'{layout.VALUES}'!"
    return (
        f"INDEX({sheet}${column}$1:${column}${ROWS},"
        f"MATCH({cell},{sheet}${codes}$1:${codes}${ROWS},0))"
    )


def _used(plan: _Plan, node: Indicator) -> str:
    """The value that counts: as typed within its bounds, else a central figure carried over."""
    typed = _typed(plan, node.code, "value")
    low, high = node.bounds
    tests = [f"ISNUMBER({typed})"]
    within = []
    if low is not None:
        within.append(f"{typed}>={plan.where.at(node.code, 'low bound')}")
    if high is not None:
        within.append(f"{typed}<={plan.where.at(node.code, 'high bound')}")
    value = f'IF(AND({",".join(within)}),{typed},"")' if within else typed
    row = plan.result.rows[plan.result.reference.framework.codes.index(node.code)]
    other = '""'
    if row.origin is Origin.CARRIED:
        other = f'IF(ISBLANK({typed}),{plan.where.at(node.code, "carried")},"")'
    return f'=IFERROR(IF({tests[0]},{value},{other}),"")'


def _scored(plan: _Plan, node: Indicator) -> str:
    reference = plan.result.reference
    frozen = reference.frozen[reference.framework.codes.index(node.code)]
    rule = reference.method.normalised_by(node.code)
    if rule.rule == "min-max" and isnan(frozen.worst):
        return '=""'  # nobody had a value in the run, so there are no goalposts
    at = {name: plan.where.at(node.code, name) for name in FROZEN}
    x = _treated(plan.value(node.code), frozen, at)
    if frozen.worst == frozen.best and rule.constant is not None:
        x = f"{rule.constant!r}"
    elif rule.rule == "min-max":
        low, high = rule.scale
        way = f"({x}-{at['worst']})/({at['best']}-{at['worst']})"
        x = f"MIN(MAX({low:g}+{high - low:g}*{way},{low:g}),{high:g})"
    return f'=IF(ISNUMBER({plan.value(node.code)}),{x},"")'


def _treated(cell: str, frozen: Frozen, at: Mapping[str, str]) -> str:
    """`pii.preview.one.treated_value` as a formula."""
    if frozen.form == "none":
        return cell
    low, high, p = at["low"], at["high"], at["parameter"]
    x = f"MIN(MAX({cell},{low}),{high})"
    left = frozen.side < 0
    away = f"({high}-{x})" if left else f"({x}-{low})"
    spread = f"({high}-{low})"
    formulas = {
        "winsorised": x,
        "log": f"LN({away}/{spread}+0.01)",
        "log_gii": f"LN(1+({p}-1)*({away}/{spread}))",
        "log_ct": f"LN({away}+0.01*{spread})",
        "boxcox": _box_cox(f"({low}+{away})" if left else x, frozen.parameter, p),
        "boxcox_shifted": _box_cox(f"({away}+1)", frozen.parameter, p),
        "sqrt": f"SQRT({p}-{x})" if left else f"SQRT({x})",
    }
    if frozen.form not in formulas:
        raise DataError(f"a live preview has no formula for the treatment {frozen.form}")
    y = formulas[frozen.form]
    return f"(-{y})" if left and frozen.form != "winsorised" else y


def _box_cox(x: str, parameter: float, p: str) -> str:
    return f"LN({x})" if parameter == 0 else f"(({x}^{p}-1)/{p})"


def _mean(plan: _Plan, group: Group) -> str:
    """`pii.preview.one.aggregated` for one group, as a formula."""
    framework, method = plan.result.reference.framework, plan.result.reference.method
    heavy = [c for c in framework.children[group.code] if method.weight(c) > 0]
    cells = [(plan.score(child), f"{method.weight(child)!r}") for child in heavy]
    power, rule = method.aggregation[group.level].power, method.coverage[group.level]
    present = f"COUNT({','.join(cell for cell, _ in cells)})"
    total = "+".join(f"{w}*ISNUMBER({cell})" for cell, w in cells)

    def summed(term: str) -> str:
        return "+".join(f"{w}*IF(ISNUMBER({cell}),{term.format(cell)},0)" for cell, w in cells)

    if power == 1:
        mean = f"({summed('{}')})/({total})"
    elif power == 0:
        mean = f"EXP(({summed('LN({})')})/({total}))"
    else:
        mean = f"(({summed('{}^' + f'({power!r})')})/({total}))^(1/({power!r}))"
    tests = f"{plan.coverage(group.code)}>={rule.share!r}-1E-12,{present}>={rule.count}"
    return f'=IF(AND({tests},{present}>0),{mean},"")'


def _share(plan: _Plan, code: str) -> str:
    framework, method = plan.result.reference.framework, plan.result.reference.method

    def beneath(node: str) -> Iterator[str]:
        for child in framework.children.get(node, ()):
            if method.weight(child) > 0:
                yield from beneath(child) if child in framework.children else (child,)

    leaves = [plan.score(leaf) for leaf in beneath(code)]
    return f"=COUNT({','.join(leaves)})/{len(leaves)}"


def _state(plan: _Plan, node: Indicator) -> str:
    """What is still to be done about an indicator, in words."""
    typed, proof = (_typed(plan, node.code, key) for key in ("value", "evidence"))
    used = plan.value(node.code)
    missing = EMPTY
    if node.supplier == "central":
        missing = AWAITED
        row = plan.result.rows[plan.result.reference.framework.codes.index(node.code)]
        if row.origin is Origin.CARRIED:
            missing = CARRIED
    good = f'"{GOOD}"'
    if node.evidence:
        good = f'IF(LEN(TRIM({proof}))=0,"{PROOF}","{GOOD}")'
    return (
        f'=IFERROR(IF(ISBLANK({typed}),"{missing}",IF(NOT(ISNUMBER({typed})),"{TEXT}",'
        f'IF(NOT(ISNUMBER({used})),"{OUT}",{good}))),"{missing}")'
    )


def _said(row: Row) -> str:
    """The same for the values the workbook is issued with."""
    if row.origin is Origin.CARRIED:
        return CARRIED
    if row.origin is Origin.MISSING:
        return AWAITED if row.indicator.supplier == "central" else EMPTY
    if row.origin is Origin.UNUSABLE:
        return OUT
    return PROOF if row.indicator.evidence and not row.evidence.strip() else GOOD


# ------------------------------------------------------------------------------ the top ------


def _write_top(
    book: Workbook,
    sheet: Worksheet,
    looks: Mapping[str, Format],
    plan: _Plan,
    movement: Movement | None,
) -> int:
    result, reference = plan.result, plan.result.reference
    framework = reference.framework
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, f"Xem trước điểm: {result.reference.name(result.province, 'vi')}",
                       looks["title"])  # fmt: skip
    sheet.set_row(1, 74 if movement else 44)
    told = (_explained(reference), *([movement_line(movement, "vi")] if movement else ()))
    sheet.merge_range(1, 0, 1, STATE, "\n".join(told), looks["quiet"])
    at = 2
    for label in labels(framework):
        sheet.write_string(at, 0, label, looks["label"])
        at += 1
    index = plan.score(framework.index)
    standing = result.standing(framework.index)
    cards: list[tuple[str, str, Format, float | str]] = [
        ("Điểm chỉ số tổng hợp", f"={index}", looks["big"], _stored(standing.score)),
        _rank_card(plan, looks),
    ]
    for child in framework.children[framework.index]:
        name = framework.name(child, "vi")
        score = result.standing(child).score
        cards.append((name, f"={plan.score(child)}", looks["number"], _stored(score)))
    cards.append(
        ("Độ phủ (chỉ số có giá trị)", f"={plan.coverage(framework.index)}", looks["share"],
         Exact(standing.coverage))
    )  # fmt: skip
    if movement:
        moved = plan.where.at("movement", "mean")
        low, high = reference.method.normalisation.scale
        span = span_of(result, movement).score
        for word, end, formula in (
            ("thấp", span[0], f"MAX({low:g},{index}-{moved})"),
            ("cao", span[1], f"MIN({high:g},{index}+{moved})"),
        ):
            cards.append(
                (f"Khoảng có thể: {word} nhất", f'=IF(ISNUMBER({index}),{formula},"")',
                 looks["number"], _stored(end))
            )  # fmt: skip
    own = [i.code for i in framework.indicators if i.supplier == "province"]
    states = [xl_rowcol_to_cell(plan.row[code], STATE) for code in own]
    wanting = "+".join(f'({cell}<>"{GOOD}")' for cell in states)
    rows = {row.indicator.code: row for row in result.rows}
    count = sum(_said(rows[code]) != GOOD for code in own)
    if own:
        cards.append(
            (f"Chỉ số của tỉnh còn thiếu (trên {len(own)})", f"={wanting}", looks["value"], count)
        )
    for word, formula, look, stored in cards:
        sheet.merge_range(at, 0, at, 1, word, looks["field"])
        sheet.set_row(at, 26 if look in (looks["big"], looks["rank"]) else 21)
        sheet.write_formula(at, VALUE, formula, look, stored)
        at += 1
    _insert_chart(book, sheet, plan)
    return len(cards)


def _explained(reference: Reference) -> str:
    return (
        f"Mốc điểm và cách xử lý ngoại lai giữ nguyên như lần tính “{reference.run}”. Các nơi khác "
        "rồi cũng thay đổi: điểm và hạng ở đây chỉ để tham khảo, không phải dự báo, và trang này "
        "không dùng để nộp. Trang tự tính lại khi gõ số trên trang “" + layout.VALUES + "”."
    )


def _rank_card(plan: _Plan, looks: Mapping[str, Format]) -> tuple[str, str, Format, float | str]:
    result, reference = plan.result, plan.result.reference
    index = plan.score(reference.framework.index)
    k = reference.nodes.index(reference.framework.index)
    standing, tolerance = (
        result.standing(reference.framework.index),
        reference.method.ties.tolerance,
    )
    if not reference.closed:
        of = f"{plan.where.count + 1}"
        formula = f"1+SUMPRODUCT(--({plan.where.ranks}>{index}+{tolerance!r}))"
        stored = "" if isnan(standing.rank) else f"{standing.rank:.0f}/{of}"
        text = f'=IF(ISNUMBER({index}),{formula}&"/{of}","")'
        return "Hạng sẽ có trong lần tính đó", text, looks["rank"], stored
    n, steps, ranks = reference.ranked[k], plan.where.count - 1, plan.where.ranks
    below, above = f"SUMPRODUCT(--({ranks}<{index}))", f"SUMPRODUCT(--({ranks}>{index}))"
    worst = f"{n}-IF({below}>0,INT(MIN({below}-1,{steps - 1})*{n - 1}/{steps}+1E-9)+1,0)+1"
    best = f"IF({above}>0,{n}-ROUNDUP(MAX({steps}+1-{above},1)*{n - 1}/{steps}-1E-9,0),0)+1"
    span = rank_between(standing.score, reference.quantiles[k], n)
    stored = "" if span is None else f"{span[0]}–{span[1]}/{n}"
    text = f'=IF(ISNUMBER({index}),({best})&"–"&({worst})&"/{n}","")'
    return "Hạng sẽ có (khoảng)", text, looks["rank"], stored


def _insert_chart(book: Workbook, sheet: Worksheet, plan: _Plan) -> None:
    """Pillars against the mean of the run: bars, which read better than a radar's areas."""
    framework = plan.result.reference.framework
    depth = min(2, len(framework.levels) - 2)
    groups = [
        g.code for code in framework.top_down
        if isinstance(g := framework.by_code[code], Group) and g.level == framework.levels[depth]
    ]  # fmt: skip
    chart = book.add_chart({"type": "bar"})
    for name, column, colour in (("Điểm của tỉnh", SCORE, TEAL), ("Trung bình", MEAN, "#c3cad5")):
        chart.add_series(
            {
                "name": name,
                "categories": _joined(plan, groups, NAME),
                "values": _joined(plan, groups, column),
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    low, high = _scale(plan.result.reference)
    chart.set_x_axis({"min": low, "max": high, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 560, "height": 236})
    sheet.insert_chart(3, SCORE, chart, {"x_offset": 24, "y_offset": 0, "object_position": 3})


def _joined(plan: _Plan, codes: Sequence[str], column: int) -> str:
    cells = (xl_rowcol_to_cell(plan.row[code], column, True, True) for code in codes)
    return "=(" + ",".join(f"'{layout.LIVE}'!{cell}" for cell in cells) + ")"


def _scale(reference: Reference) -> tuple[float, float]:
    if reference.method.normalisation.rule == "min-max":
        return reference.method.normalisation.scale
    figures = [x for x in reference.top if not isnan(x)]
    return 0.0, max(figures, default=100.0)

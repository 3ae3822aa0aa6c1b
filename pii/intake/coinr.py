"""COINr's two tables, iData and iMeta, as an edition and its figures.

COINr: an R package for composite indicators (Becker and others 2022, JOSS 7(78), 4567). Its
`new_coin` takes the same tables; what it refuses is refused here too, all at once and with the
cell, except where more can be understood without doubt. Each such case is a note.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pii.framework import RESERVED
from pii.intake.book import Cell
from pii.intake.brought import Node, Unit
from pii.intake.definition import MAX_WEIGHT
from pii.intake.foreign import (
    Remarks,
    Table,
    code_in,
    column_names,
    decimal_mark,
    is_missing,
    number_in,
    read_foreign,
    say_spaces,
    words,
)
from pii.submission import Kind

REQUIRED = ("Level", "iCode", "Parent", "Direction", "Type", "Weight")
OPTIONAL = ("iName", "Unit", "Denominator", "Target")
TYPES = ("Indicator", "Aggregate", "Group", "Denominator", "Other")
OF_UNITS = ("uCode", "uName", "Time")
ROW_NAMES = re.compile(r"X(\.\d+)?|Unnamed: 0|\.\.\.1|row_?names?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of iMeta with its cells; `type` is one of `TYPES`."""

    code: str
    type: str
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """What a column says, "" where it says nothing or is not there."""
        return words(self.cells[column]) if column in self.cells else ""


@dataclass(frozen=True, slots=True)
class Tables:
    """Both tables as understood: every row of iMeta, its tree, and the units with their texts.

    extra : columns of iMeta that have no meaning here
    time : the point in time whose units these are, "" where iData has no Time
    others : the units at other points in time, where they are wanted
    """

    rows: tuple[Row, ...]
    nodes: tuple[Node, ...]
    units: tuple[Unit, ...]
    extra: tuple[str, ...]
    time: str
    others: Mapping[str, tuple[Unit, ...]]

    def of_type(self, kind: str) -> tuple[str, ...]:
        """Codes of that type, in the order of iMeta."""
        return tuple(row.code for row in self.rows if row.type == kind)


def read_coinr(
    idata: bytes,
    imeta: bytes,
    names: tuple[str, str] = ("iData", "iMeta"),
    *,
    time: str | None = None,
    years: bool = False,
) -> tuple[Tables, tuple[str, ...]]:
    """IData and iMeta as understood, and notes on what was guessed or passed over.

    names : how messages call the two files
    time : which value of Time to take, where iData has several
    years : whether the others are wanted, too

    Raises
    ------
    DataError
        With every fault of both tables: file, cell, remedy.
    """
    remarks = Remarks()
    meta = read_foreign(imeta, names[1], "iMeta", remarks)
    data = read_foreign(idata, names[0], "iData", remarks)
    rows, extra = _meta_rows(meta, remarks) if meta else ((), ())
    nodes = _tree(rows, remarks) if rows else ()
    by_time, chosen = _units(data, rows, time, years, remarks) if data and rows else ({}, "")
    remarks.refuse()
    units = by_time.pop(chosen)
    tables = Tables(rows, nodes, units, extra, chosen, by_time)
    _say_what_is_odd(tables, names[0], remarks)
    return tables, tuple(remarks.notes)


def coinr_lines(data: bytes, file: str, sheet: str) -> list[dict[str, str]]:
    """A table of COINr's row by row as it stands, "" where missing; R's row names left out.

    sheet : iData or iMeta

    Raises
    ------
    DataError
        Where it cannot be read.
    """
    remarks = Remarks()
    table = read_foreign(data, file, sheet, remarks)
    remarks.refuse()
    assert table is not None
    known = OF_UNITS if sheet == "iData" else (*REQUIRED, *OPTIONAL)
    table = _without_row_names(column_names(table, known, remarks), (), remarks)
    return [{name: words(cell) for name, cell in row.items()} for row in table.rows]


# --------------------------------------------------------------------------------- iMeta ------


def _meta_rows(table: Table, remarks: Remarks) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    table = column_names(table, (*REQUIRED, *OPTIONAL), remarks)
    missing = [name for name in REQUIRED if name not in table.head]
    if missing:
        older = {"IndCode", "IndName", "UnitCode"} & set(table.head)
        remarks.fault(
            table.file,
            f"iMeta has no column {', '.join(missing)}; it has {', '.join(table.head)}. "
            + (
                "These are tables of COINr before 1.0: convert them with COINr::COIN_to_coin"
                if older
                else f"Name its columns {', '.join(REQUIRED)} (see COINr's check_iMeta)"
            ),
        )
        return (), ()
    table = _without_row_names(table, (), remarks)
    rows = [row for cells in table.rows if (row := _meta_row(cells, remarks))]
    seen: dict[str, Row] = {}
    for row in rows:
        if row.code in seen:
            first = seen[row.code].cells["iCode"].place.cell
            remarks.fault(
                row.cells["iCode"].place,
                f"the code {row.code} stands also in {first}; every iCode is used once",
            )
        seen.setdefault(row.code, row)
    numbers = [code for code in seen if code[:1].isdigit()]
    if numbers:
        remarks.note(
            f"{table.file}: codes that begin with a digit ({', '.join(numbers[:3])}, …) are text "
            "here; COINr itself refuses them"
        )
    extra = tuple(name for name in table.head if name not in (*REQUIRED, *OPTIONAL))
    if extra:
        remarks.note(f"{table.file}: no use is made of {', '.join(extra)}")
    return tuple(seen.values()), extra


def _meta_row(cells: Mapping[str, Cell], remarks: Remarks) -> Row | None:
    place = cells["iCode"].place
    code = code_in(cells["iCode"], "iCode", remarks)
    stated = words(cells["Type"])
    if not code:
        remarks.fault(place, "a row of iMeta without an iCode; give it one, or delete the row")
        return None
    if code.casefold() in RESERVED:
        remarks.fault(place, f"{code!r} cannot be a code: tables use the word; rename it")
    kind = next((kind for kind in TYPES if kind.casefold() == stated.casefold()), "")
    if not kind:
        near = get_close_matches(stated.title(), TYPES, n=1)
        remarks.fault(
            cells["Type"].place,
            f"the Type of {code} is “{stated}”"
            + (f" ({near[0]}?)" if near else "")
            + f"; write one of {', '.join(TYPES)}",
        )
    return Row(code, kind, cells)


def _tree(rows: Sequence[Row], remarks: Remarks) -> tuple[Node, ...]:
    placed = [row for row in rows if row.type in ("Indicator", "Aggregate")]
    mark = decimal_mark((row.cells["Weight"] for row in placed), remarks)
    named = {row.code: row for row in rows if row.type}
    levels = {row.code: _level(row, remarks) for row in placed}
    top = max((level for level in levels.values() if level), default=0)
    tops = [row for row in placed if not _parent(row)]
    if not any(row.type == "Indicator" for row in placed):
        remarks.fault(rows[0].cells["Type"].place, "iMeta has no row of Type Indicator; add them")
    if len(tops) != 1 and placed:
        _say_roots(tops, placed, remarks)
    nodes = []
    for row in placed:
        if parent := _parent(row):
            _check_parent(row, parent, named, levels, remarks)
        nodes.append(
            Node(
                row.code,
                row.text("iName") or row.code,
                levels[row.code] or top,
                parent or None,
                _weight(row, mark, bool(parent), remarks),
                _higher(row, remarks),
                row.text("Unit"),
                row.text("Denominator") or None,
            )
        )
    _say_barren(nodes, named, remarks)
    return tuple(nodes)


def _parent(row: Row) -> str:
    return row.text("Parent")


def _level(row: Row, remarks: Remarks) -> int:
    cell, text = row.cells["Level"], row.text("Level")
    whole = re.fullmatch(r"([1-9]\d*)([.,]0*)?", text)
    if not whole:
        remarks.fault(
            cell.place,
            f"the Level of {row.code} is “{text}”; write 1 for indicators, 2 for what stands above "
            "them, and so on to the index",
        )
        return 0
    level = int(whole[1])
    if (level == 1) != (row.type == "Indicator"):
        remarks.fault(
            cell.place,
            f"{row.code} is of Type {row.type} at Level {level}; indicators stand at Level 1, "
            "aggregates at 2 and above: COINr counts levels from the indicators upwards",
        )
    return level


def _say_roots(tops: Sequence[Row], placed: Sequence[Row], remarks: Remarks) -> None:
    if not tops:
        remarks.fault(
            placed[-1].cells["Parent"].place,
            "every row has a Parent, so there is no index; leave that of the index empty (NA)",
        )
    for row in tops:
        others = ", ".join(other.code for other in tops if other is not row)
        remarks.fault(
            row.cells["Parent"].place,
            f"{row.code} has no Parent, and neither has {others}; one index is at the top: give "
            "all others a Parent",
        )


def _check_parent(
    row: Row,
    parent: str,
    named: Mapping[str, Row],
    levels: Mapping[str, int],
    remarks: Remarks,
) -> None:
    place = row.cells["Parent"].place
    say_spaces(row.cells["Parent"], remarks)
    above = named.get(parent)
    if above is None:
        near = get_close_matches(parent, [code for code in levels if levels[code] > 1], n=1)
        remarks.fault(
            place,
            f"the Parent of {row.code} is {parent}, which is no iCode"
            + (f" ({near[0]}?)" if near else "")
            + "; correct it, or add a row for it",
        )
    elif above.type != "Aggregate":
        remarks.fault(
            place,
            f"the Parent of {row.code} is {parent}, of Type {above.type}; a parent is an Aggregate",
        )
    elif levels[row.code] and levels[parent]:
        gap = levels[parent] - levels[row.code]
        if gap < 1:
            remarks.fault(
                place,
                f"{row.code}, Level {levels[row.code]}, has the Parent {parent} at Level "
                f"{levels[parent]}; a parent stands at a higher Level: correct Level or Parent",
            )
        elif gap > 1:
            remarks.note(
                f"{place.file}: {row.code} skips a level on the way to {parent}; that is computed "
                "here, COINr refuses it"
            )


def _higher(row: Row, remarks: Remarks) -> bool:
    text = row.text("Direction")
    if row.type == "Aggregate":
        if text not in ("", "1", "1.0", "+1"):
            remarks.note(
                f"{row.cells['Direction'].place.file}: the Direction {text} of {row.code} is not "
                "used: neither here nor in COINr does an aggregate have one"
            )
        return True
    if text not in ("1", "1.0", "+1", "-1", "-1.0", "\u22121"):
        remarks.fault(
            row.cells["Direction"].place,
            f"the Direction of {row.code} is “{text}”; write 1 where higher is better, -1 where "
            "lower is",
        )
    return text[:1] not in ("-", "\u2212")


def _weight(row: Row, mark: str, needed: bool, remarks: Remarks) -> float:
    cell = row.cells["Weight"]
    if is_missing(cell):
        if needed:
            remarks.fault(
                cell.place, f"{row.code} has no Weight; write one, for example 1 among equals"
            )
        return 1.0
    weight = float(number_in(cell, f"the Weight of {row.code}", mark, remarks) or 1)
    if weight > MAX_WEIGHT:
        remarks.fault(cell.place, f"the Weight of {row.code} is beyond {MAX_WEIGHT:g}; scale all")
    if weight < 0:
        remarks.fault(
            cell.place, f"the Weight of {row.code} is {cell.text.strip()}; it cannot be below 0"
        )
    return weight if needed else 1.0


def _say_barren(nodes: Sequence[Node], named: Mapping[str, Row], remarks: Remarks) -> None:
    children: dict[str, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent or "", []).append(node)
    for node in nodes:
        own = children.get(node.code, [])
        if named[node.code].type != "Aggregate":
            continue
        if not own:
            remarks.fault(
                named[node.code].cells["iCode"].place,
                f"nothing has {node.code} as its Parent; delete the row, or give it children",
            )
        elif not any(child.weight > 0 for child in own) and all(c.weight >= 0 for c in own):
            remarks.fault(
                named[own[0].code].cells["Weight"].place,
                f"all Weights under {node.code} are 0 ({', '.join(c.code for c in own)}); give at "
                "least one a Weight above 0",
            )


# --------------------------------------------------------------------------------- iData ------


def _units(
    table: Table, rows: Sequence[Row], time: str | None, years: bool, remarks: Remarks
) -> tuple[dict[str, tuple[Unit, ...]], str]:
    """The units by Time, and the Time that is taken."""
    held = {row.code: row for row in rows if row.type and row.type != "Aggregate"}
    table = column_names(table, OF_UNITS, remarks)
    table = _as_in_imeta(table, held, remarks)
    table = _without_row_names(table, held, remarks)
    _say_strangers(table, rows, held, remarks)
    if "uCode" not in table.head:
        remarks.fault(
            table.file,
            f"iData has no column uCode, the code of each unit; it has {', '.join(table.head)}",
        )
        return {}, ""
    chosen, by_time = _at_time(table, time, years, remarks)
    lines = [line for one in by_time.values() for line in one]
    _say_twice(lines, remarks)
    wanted = [code for code in held if code in table.head]
    numeric = [code for code in wanted if held[code].type in ("Indicator", "Denominator")]
    mark = decimal_mark((line[code] for line in lines for code in numeric), remarks)

    def text(line: Mapping[str, Cell], code: str) -> str:
        if code in numeric:
            return number_in(line[code], code, mark, remarks) or ""
        return words(line[code])

    def unit(line: Mapping[str, Cell]) -> Unit:
        return Unit(
            code_in(line["uCode"], "uCode", remarks),
            line["uName"].text.strip() if "uName" in line else "",
            {code: text(line, code) for code in wanted},
        )

    return {at: tuple(map(unit, lines)) for at, lines in by_time.items()}, chosen


def r_name(code: str) -> str:
    """A code as R's `make.names` spells it: 1.1 becomes X1.1, GDP pc becomes GDP.pc."""
    name = re.sub(r"[^\w.]", ".", code)
    return name if re.match(r"[^\W\d_]|\.(?!\d)", name) else f"X{name}"


def _as_in_imeta(table: Table, held: Mapping[str, Row], remarks: Remarks) -> Table:
    """Columns under the codes of iMeta, where R changed them on the way (`check.names`)."""
    mangled = {r_name(code): code for code in held if code not in table.head}
    found = {name: mangled[name] for name in table.head if name in mangled and name not in held}
    for name, code in found.items():
        remarks.note(f"{table.file}: the column {name} is the indicator {code}, as R spells it")
    return table.renamed(found) if found else table


def _without_row_names(table: Table, held: Collection[str], remarks: Remarks) -> Table:
    """Without a column in which R kept its row names, named X, …1, Unnamed: 0 or the like."""
    gone = [
        name
        for name in table.head
        if ROW_NAMES.fullmatch(name) and name not in held and _are_row_names(table.column(name))
    ]
    for name in gone:
        remarks.note(f"{table.file}: the column {name} is taken for R's row names and left out")
    return table.without(gone)


def _are_row_names(cells: Sequence[Cell]) -> bool:
    """Numbered from 0 or 1, or words that all differ."""
    said = [cell.text.strip() for cell in cells]
    numbered = [[str(k + first) for k in range(len(said))] for first in (0, 1)]
    named = len(set(said)) == len(said) and not any(re.search(r"\d\.?\d*$", x) for x in said)
    return said in numbered or named


def _say_strangers(
    table: Table, rows: Sequence[Row], held: Mapping[str, Row], remarks: Remarks
) -> None:
    """Columns that iMeta does not have, and rows of iMeta that have no column."""
    aggregates = {row.code for row in rows if row.type == "Aggregate"}
    for name, cell in table.head.items():
        if name in (*OF_UNITS, *held):
            continue
        near = get_close_matches(name, [code for code in held if code not in table.head], n=1)
        remarks.fault(
            cell.place,
            f"iData has the aggregate {name} as a column; aggregates are computed: delete it"
            if name in aggregates
            else f"iMeta has no row for the column {name}"
            + (f" ({near[0]}?)" if near else "")
            + "; add one (of Type Other, if it is only to be passed over), or delete the column",
        )
    for code, row in held.items():
        if code in table.head:
            continue
        near = get_close_matches(code, [name for name in table.head if name not in held], n=1)
        if row.type == "Indicator":
            remarks.fault(
                row.cells["iCode"].place,
                f"iData has no column for the indicator {code}"
                + (f" ({near[0]}?)" if near else "")
                + "; add it, or delete the row of iMeta",
            )
        else:
            remarks.note(f"{table.file}: has no column for {code}, of Type {row.type}")


def _at_time(
    table: Table, time: str | None, years: bool, remarks: Remarks
) -> tuple[str, dict[str, list[Mapping[str, Cell]]]]:
    """The value of Time that is taken, and its rows; where wanted, the others' too."""
    if "Time" not in table.head:
        if time is not None:
            remarks.fault(table.file, f"iData has no column Time, so none is {time}")
        return "", {"": list(table.rows)}
    said = [re.sub(r"\.0+$", "", words(cell)) for cell in table.column("Time")]
    there = sorted(set(said))
    if time is None and len(there) > 1:
        remarks.fault(
            table.head["Time"].place,
            f"iData has several values of Time: {', '.join(there)}; choose one with --time",
        )
        return "", {"": list(table.rows)}
    if time is not None and time not in there:
        remarks.fault(
            table.head["Time"].place, f"no row has the Time {time}; {', '.join(there)} have"
        )
    chosen = there[-1] if time is None else time
    wanted = there if years else [chosen]
    lines = {
        time: [row for row, at in zip(table.rows, said, strict=True) if at == time]
        for time in dict.fromkeys((chosen, *wanted))
    }
    left = len(said) - sum(map(len, lines.values()))
    if left:
        remarks.note(f"{table.file}: {left} rows of another Time are left out")
    return chosen, lines


def _say_twice(lines: Sequence[Mapping[str, Cell]], remarks: Remarks) -> None:
    seen: dict[tuple[str, str], Cell] = {}
    for line in lines:
        cell, code = line["uCode"], line["uCode"].text.strip()
        if not code:
            remarks.fault(cell.place, "a row without a uCode; give it one, or delete the row")
            continue
        if cell.kind is Kind.TEXT and code == "NA":
            remarks.note(f"{cell.place.file}: the uCode NA is a code here, not a missing value")
        first = seen.setdefault((code, words(line["Time"]) if "Time" in line else ""), cell)
        if first is not cell:
            remarks.fault(
                cell.place,
                f"the unit {code} stands also in {first.place.cell}; keep one row of each unit",
            )


def _say_what_is_odd(tables: Tables, file: str, remarks: Remarks) -> None:
    """What no rule forbids and yet will surprise: empty and constant columns, denominators."""
    indicators = tables.of_type("Indicator")
    for code in indicators:
        values = {float(u.values[code]) for u in tables.units if u.values[code]}
        if not values:
            remarks.note(f"{file}: {code} has no value at all; it takes part in no mean")
        elif len(values) == 1:
            remarks.note(
                f"{file}: {code} is {values.pop():g} for everyone. COINr drops it without a word, "
                "`pii run` refuses it: leave it out, or give it a score with --constant"
            )
    empty = [u.code for u in tables.units if not any(u.values[code] for code in indicators)]
    if empty:
        remarks.note(f"{file}: no value at all for {', '.join(empty)}; not ranked")
    kinds = Counter(row.type for row in tables.rows)
    if kinds["Other"]:
        remarks.note(f"{file}: of Type Other, passed over: {', '.join(tables.of_type('Other'))}")

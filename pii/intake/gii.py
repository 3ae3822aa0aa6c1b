"""The Global Innovation Index as its workbook is laid out: sheets Index Structure and Data.

Index Structure: a row per node from the index down, with its level and, where stated, parent,
weight and direction. Data: a row per economy and node (long), or a row per economy and a column
per code (wide). Columns are found by name. The scores of groups are not taken: they are computed.
"""

import re
from collections.abc import Mapping, Sequence

from pii.framework import Assumption
from pii.intake.book import Cell
from pii.intake.brought import Brought, Node, Unit, framework_of, plain_method
from pii.intake.foreign import (
    Remarks,
    Table,
    bare,
    decimal_mark,
    is_missing,
    number_in,
    read_foreign,
    words,
)
from pii.method import Normalisation, refuse_misfit
from pii.submission import Kind

STRUCTURE, DATA = "Index Structure", "Data"
LEVELS = {"indicator": 1, "subpillar": 2, "pillar": 3, "subindex": 4, "index": 5}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "num", "number", "indexcode", "indicatorcode", "id", "no"),
    "name": ("name", "indicator", "indicatorname", "title", "description"),
    "level": ("level", "type"),
    "parent": ("parent", "parentcode"),
    "weight": ("weight", "weights"),
    "direction": ("direction",),
    "unit": ("unit", "units"),
    "iso": ("iso3", "iso", "economycode", "countrycode", "isocode"),
    "economy": ("economy", "economyname", "country", "countryname"),
    "score": ("score", "scores", "normalisedscore", "normalizedscore"),
    "value": ("value", "values", "rawvalue", "data"),
    "year": ("year", "edition", "giiyear", "giiedition"),
}
_KNOWN = frozenset(word for words_ in COLUMNS.values() for word in words_)


def read_gii(
    data: bytes, file: str, *, use: str = "score", year: str | None = None, id: str
) -> Brought:
    """The edition and figures of a GII workbook, and notes on what was guessed or passed over.

    use : "score": figures are scores from 0 to 100, nothing is normalised; "value": figures in
        units of their own, min-max between the extremes
    year : which edition to take, where Data has several

    Raises
    ------
    DataError
        With every fault of both sheets: cell and remedy.
    """
    remarks = Remarks()
    structure = read_foreign(data, file, STRUCTURE, remarks, _KNOWN)
    table = read_foreign(data, file, DATA, remarks, _KNOWN)
    nodes = _nodes(_plain(structure, ("code", "level"), remarks), remarks) if structure else ()
    units = _units(_plain(table, (), remarks), nodes, use, year, remarks) if table else ()
    remarks.refuse()
    framework = framework_of(
        nodes,
        id=id,
        title=nodes[0].name,
        source=file,
        year=int(year) if year and re.fullmatch(r"[12]\d{3}", year) else 0,
        assumptions=_assumptions(file, use),
        bounds=(0.0, 100.0) if use == "score" else (None, None),
    )
    scores = Normalisation("none") if use == "score" else Normalisation()
    method = plain_method(nodes, normalisation=scores)
    refuse_misfit(method, framework)
    return Brought(framework, method, units, tuple(remarks.notes))


def _assumptions(file: str, use: str) -> list[Assumption]:
    vi, en = (
        ("đã là điểm 0–100", "scores from 0 to 100 already")
        if use == "score"
        else ("theo đơn vị riêng, chuẩn hóa min-max", "in units of their own, min-max normalised")
    )
    return [
        Assumption(
            "import",
            f"Khung và số liệu lấy từ tệp GII {file}; số liệu {vi}.",
            f"Framework and figures come from the GII workbook {file}; figures are {en}.",
            "sheets Index Structure and Data",
        ),
        Assumption(
            "coverage",
            "Không đặt ngưỡng độ phủ: điểm trong ngoặc của GII cũng được tính.",
            "No threshold of coverage: what the GII puts in brackets is computed too.",
            "GII: data minimum coverage",
        ),
    ]


def _plain(table: Table, needed: Sequence[str], remarks: Remarks) -> Table:
    """The table with this module's names for the columns it knows."""
    found: dict[str, str] = {}
    for name, spellings in COLUMNS.items():
        hits = [head for word in spellings for head in table.head if bare(head) == word]
        if hits and hits[0] not in found:
            found[hits[0]] = name
    lacking = [name for name in needed if name not in found.values()]
    if lacking:
        remarks.fault(
            table.file,
            f"{STRUCTURE} has no column {', '.join(lacking)}; it has {', '.join(table.head)}",
        )
    return table.renamed(found)


def _nodes(table: Table, remarks: Remarks) -> tuple[Node, ...]:
    if "code" not in table.head or "level" not in table.head:
        return ()
    mark = decimal_mark(table.column("weight") if "weight" in table.head else (), remarks)
    nodes: dict[str, Node] = {}
    above: dict[int, str] = {}
    for row in table.rows:
        code = words(row["code"])
        level = LEVELS.get(bare(words(row["level"])), 0)
        if not code or code in nodes:
            remarks.fault(
                row["code"].place,
                f"the code {code} stands twice" if code else "a row without a code; delete it",
            )
            continue
        if not level:
            remarks.fault(
                row["level"].place,
                f"the level of {code} is “{words(row['level'])}”; write Index, Sub-index, Pillar, "
                "Sub-pillar or Indicator",
            )
            continue
        above = {k: v for k, v in above.items() if k > level}
        stated = words(row["parent"]) if "parent" in row else ""
        parent = stated or (above[min(above)] if above else None)
        above[level] = code
        nodes[code] = Node(
            code,
            words(row["name"]) if "name" in row else code,
            level,
            parent,
            _weight(row, code, mark, remarks),
            "direction" not in row or words(row["direction"])[:1] not in ("-", "\u2212"),
            words(row["unit"]) if "unit" in row else "",
        )
    _say_orphans(table, nodes, remarks)
    return tuple(nodes.values())


def _weight(row: Mapping[str, Cell], code: str, mark: str, remarks: Remarks) -> float:
    if "weight" not in row or is_missing(row["weight"]):
        return 1.0
    weight = float(number_in(row["weight"], f"the weight of {code}", mark, remarks) or 1)
    if weight < 0:
        remarks.fault(row["weight"].place, f"the weight of {code} is below 0")
    return weight


def _say_orphans(table: Table, nodes: Mapping[str, Node], remarks: Remarks) -> None:
    roots = [node.code for node in nodes.values() if node.parent is None]
    if len(roots) != 1:
        remarks.fault(
            table.file, f"one index was expected at the top of {STRUCTURE}, not {len(roots)}"
        )
    for node in nodes.values():
        parent = nodes.get(node.parent or "")
        if node.parent and (parent is None or parent.level <= node.level):
            remarks.fault(
                table.file,
                f"{node.code} stands under {node.parent}, which is no node of a higher level; "
                "correct its parent",
            )


def _units(
    table: Table, nodes: Sequence[Node], use: str, year: str | None, remarks: Remarks
) -> tuple[Unit, ...]:
    key = next((name for name in ("iso", "economy") if name in table.head), "")
    if not key:
        remarks.fault(
            table.file,
            f"{DATA} has no column Economy or ISO3; it has {', '.join(table.head)}",
        )
        return ()
    rows = _of_year(table, year, remarks)
    codes = [node.code for node in nodes if node.level == 1]
    found = (
        _long(table, rows, key, nodes, use, remarks)
        if "code" in table.head
        else {(words(row[key]), code): row[code] for row in rows for code in codes if code in row}
    )
    if lacking := [code for code in codes if not any(c == code for _, c in found)]:
        remarks.fault(table.file, f"{DATA} has no figures of {', '.join(lacking)}")
    inside = {at: _without_brackets(cell, remarks) for at, cell in found.items()}
    mark = decimal_mark(inside.values(), remarks)
    names = {words(row[key]): words(row.get("economy", row[key])) for row in rows}
    return tuple(
        Unit(
            unit,
            name,
            {
                code: number_in(inside[unit, code], code, mark, remarks) or ""
                for code in codes
                if (unit, code) in inside
            },
        )
        for unit, name in names.items()
        if unit
    )


def _of_year(table: Table, year: str | None, remarks: Remarks) -> list[Mapping[str, Cell]]:
    if "year" not in table.head:
        return list(table.rows)
    there = sorted({words(row["year"]) for row in table.rows})
    if len(there) > 1 and year is None:
        remarks.fault(
            table.head["year"].place, f"{DATA} has several years: {', '.join(there)}; name --year"
        )
    elif year is not None and year not in there:
        remarks.fault(table.head["year"].place, f"no row is of {year}, only {', '.join(there)}")
    return [row for row in table.rows if year is None or words(row["year"]) == year]


def _long(
    table: Table,
    rows: Sequence[Mapping[str, Cell]],
    key: str,
    nodes: Sequence[Node],
    use: str,
    remarks: Remarks,
) -> dict[tuple[str, str], Cell]:
    if use not in table.head:
        remarks.fault(
            table.file, f"{DATA} has no column {use}; it has {', '.join(table.head)}; see --use"
        )
        return {}
    level = {node.code: node.level for node in nodes}
    found: dict[tuple[str, str], Cell] = {}
    for row in rows:
        at = words(row[key]), words(row["code"])
        if at[1] not in level:
            remarks.fault(
                row["code"].place, f"{STRUCTURE} has no code {at[1]}; correct one of them"
            )
        elif at in found:
            remarks.fault(row[use].place, f"{at[0]} has {at[1]} twice; keep one of the two")
        found[at] = row[use]
    if above := [at for at in found if level.get(at[1], 1) > 1]:
        remarks.note(f"{table.file}: {len(above)} figures of groups are not taken, but computed")
    return {at: cell for at, cell in found.items() if level.get(at[1]) == 1}


def _without_brackets(cell: Cell, remarks: Remarks) -> Cell:
    """A score without the brackets by which the GII says that coverage is too thin."""
    inside = re.fullmatch(r"\[(.*)\]", cell.text.strip())
    if cell.kind is not Kind.TEXT or not inside:
        return cell
    remarks.note(f"{cell.place.file}: brackets around a score are taken off")
    return Cell(cell.place, Kind.TEXT, inside[1])

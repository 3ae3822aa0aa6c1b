"""COINr's two tables, iData and iMeta, from an edition and its figures."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from pii.framework import Framework, Group, Indicator, Variable
from pii.matrix import Matrix
from pii.method import Method
from pii.submission import Observation, Status

Lines = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class CoinrTables:
    """The two tables row by row, and what is to be said of them. R's NA is "", or left out.

    renamed : codes that COINr would refuse, and what they became
    """

    idata: Lines
    imeta: Lines
    renamed: Mapping[str, str]


def coinr_tables(
    framework: Framework, method: Method, matrix: Matrix, names: Mapping[str, str], time: str = ""
) -> CoinrTables:
    """What `new_coin(iData, iMeta)` takes: figures before treatment, tree, directions, weights.

    names : of the units, by code; the code itself where one has none
    time : of all figures; no column Time without it
    """
    spelled = {code: r_code(code) for code in framework.by_code}
    idata = []
    for i, (province, row) in enumerate(zip(matrix.provinces, matrix.observations, strict=True)):
        line = {"uCode": province, "uName": names.get(province) or province}
        if time:
            line["Time"] = time
        line |= {r_code(code): _said(cells[i]) for code, cells in matrix.variables.items()}
        line |= {
            spelled[code]: _said(cell) for code, cell in zip(matrix.indicators, row, strict=True)
        }
        idata.append(line)
    levels = dict(zip(framework.levels, range(len(framework.levels), 0, -1), strict=True))
    groups = sorted(framework.groups, key=lambda group: levels[group.level])
    nodes: tuple[Group | Indicator, ...] = (*framework.indicators, *groups)
    imeta = [_meta_line(framework, method, node, levels, spelled) for node in nodes]
    imeta += [_variable_line(variable) for variable in framework.variables]
    return CoinrTables(idata, imeta, {c: s for c, s in spelled.items() if c != s})


def _meta_line(
    framework: Framework,
    method: Method,
    node: Group | Indicator,
    levels: Mapping[str, int],
    spelled: Mapping[str, str],
) -> dict[str, str]:
    line = {
        "Level": str(levels[framework.level(node.code)]),
        "iCode": spelled[node.code],
        "iName": node.name_en,
        "Direction": "1",
        "Weight": repr(method.weight(node.code)).removesuffix(".0"),
        "Parent": spelled[node.parent] if node.parent else "",
        "Type": "Aggregate",
    }
    if isinstance(node, Indicator):
        line |= {"Direction": "1" if node.direction == "higher" else "-1", "Type": "Indicator"}
        line |= {"Unit": node.unit_en, "Denominator": node.denominator or ""}
    return line


def _said(cell: Observation) -> str:
    """A figure with every digit; the label of a group; "" where there is neither."""
    if cell.value == cell.value:
        return repr(cell.value).removesuffix(".0")
    return cell.text if cell.status is Status.VALUE else ""


def _variable_line(variable: Variable) -> dict[str, str]:
    given = {"iCode": r_code(variable.code), "iName": variable.name_en, "Unit": variable.unit_en}
    return {**given, "Type": variable.kind.capitalize()}


def r_code(code: str) -> str:
    """A code as COINr takes it and R leaves it: beginning with a letter, no blanks or marks."""
    name = re.sub(r"[^\w.]", ".", code)
    return name if re.match(r"[^\W\d_]", name) else f"X{name}"


def like(lines: Lines, other: Lines, key: str, head: Sequence[str]) -> Lines:
    """Lines in the columns and the order of another table, which fills what they do not say.

    Rows and columns that only `other` has are taken from it, whole; so what an edition does not
    hold (targets, groups) survives the way there and back.
    """
    own = {line[key]: line for line in lines}
    there = {line[key]: line for line in other}
    beyond = [c for c in lines[0] if c not in head and any(line.get(c) for line in lines)]
    columns = [*head, *beyond]
    rows = [*there, *(code for code in own if code not in there)]
    return [
        {
            column: own.get(code, {}).get(column, there.get(code, {}).get(column, ""))
            for column in columns
        }
        for code in rows
    ]


def r_csv(lines: Lines) -> bytes:
    """A table as R's `read.csv` reads it: UTF-8, commas, NA where there is nothing."""
    out = StringIO(newline="")
    columns = list(dict.fromkeys(column for line in lines for column in line))
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    writer.writerows([[line.get(column) or "NA" for column in columns] for line in lines])
    return out.getvalue().encode()

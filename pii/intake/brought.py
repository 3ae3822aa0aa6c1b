"""An index that was built elsewhere, as an edition and a table of figures of this project."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from pii.framework import Assumption, Framework, Group, Indicator, Variable
from pii.frozen import Frozen
from pii.intake.definition import edition_bytes
from pii.method import Aggregation, Coverage, Method

LEVELS = {
    2: ("index", "indicator"),
    3: ("index", "pillar", "indicator"),
    4: ("index", "subindex", "pillar", "indicator"),
    5: ("index", "subindex", "pillar", "subpillar", "indicator"),
}
"""Names of levels from the top, by how many there are."""


@dataclass(frozen=True, slots=True)
class Node:
    """An indicator or a group, as another program describes it.

    level : counted from the indicators, 1, upwards
    parent : code, None at the top
    """

    code: str
    name: str
    level: int
    parent: str | None
    weight: float = 1.0
    higher: bool = True
    unit: str = ""
    denominator: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What is ranked: code, name ("" for none), and a text per column; "" where missing."""

    code: str
    name: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import gives: the edition, its table of figures, and what is to be said of it."""

    framework: Framework
    method: Method
    units: tuple[Unit, ...]
    notes: tuple[str, ...]
    other_years: Mapping[int, tuple[Unit, ...]] = Frozen()

    def files(self) -> tuple[tuple[str, bytes], ...]:
        """`edition.yaml`, `data.csv` and a table per other year, ready for `pii run`."""
        beside = [variable.code for variable in self.framework.variables]
        codes = (*beside, *self.framework.codes)
        return (
            ("edition.yaml", edition_bytes(self.framework, self.method)),
            ("data.csv", figures_bytes(self.units, codes)),
            *(
                (table_of(year), figures_bytes(units, codes))
                for year, units in self.other_years.items()
            ),
        )


def table_of(year: int) -> str:
    """Name of the table of another year."""
    return f"data-{year}.csv"


def figures_bytes(units: Sequence[Unit], codes: Sequence[str]) -> bytes:
    """A wide table of figures in UTF-8, with all digits as they were given."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["province", "name", *codes])
    for unit in units:
        writer.writerow([unit.code, unit.name, *(unit.values.get(code, "") for code in codes)])
    return out.getvalue().encode()


def level_names(nodes: Sequence[Node]) -> Mapping[int, str]:
    """What the levels that are used are called: this project's words where they suffice."""
    used = sorted({node.level for node in nodes}, reverse=True)
    middle = tuple(f"level {level}" for level in used[1:-1])
    names = LEVELS.get(len(used), ("index", *middle, "indicator"))
    return dict(zip(used, names, strict=True))


def framework_of(
    nodes: Sequence[Node],
    *,
    id: str,
    title: str,
    source: str,
    year: int,
    assumptions: Sequence[Assumption],
    bounds: tuple[float | None, float | None] = (None, None),
    variables: Sequence[Variable] = (),
) -> Framework:
    """A framework that ranks any units, indicators in the order given, groups from the top."""
    names = level_names(nodes)
    groups = sorted((n for n in nodes if n.level > 1), key=lambda node: -node.level)
    return Framework(
        id=id,
        title_vi=title,
        title_en=title,
        label_vi=None,
        label_en=None,
        provinces_on=None,
        template_version="1",
        levels=tuple(names.values()),
        groups=tuple(
            Group(n.code, names[n.level], n.parent, n.name, n.name, "verified") for n in groups
        ),
        indicators=tuple(
            _indicator(node, source, year, bounds) for node in nodes if node.level == 1
        ),
        assumptions=tuple(assumptions),
        variables=tuple(variables),
    )


def _indicator(
    node: Node, source: str, year: int, bounds: tuple[float | None, float | None]
) -> Indicator:
    return Indicator(
        id=node.code,
        code=node.code,
        parent=node.parent or "",
        name_vi=node.name,
        name_en=node.name,
        definition_vi=node.name,
        definition_en=node.name,
        unit_vi=node.unit,
        unit_en=node.unit,
        direction="higher" if node.higher else "lower",
        bounds=bounds,
        denominator=node.denominator,
        source_vi=source,
        source_en=source,
        supplier="central",
        evidence=False,
        data_year=year,
        attested="verified",
    )


def plain_method(nodes: Sequence[Node], **changes: Any) -> Method:
    """Weighted arithmetic means over whatever is present: no treatment, nothing unpublished.

    changes : other parts of the method, as `Method` takes them
    """
    levels = [name for level, name in level_names(nodes).items() if level > 1]
    given: dict[str, Any] = {
        "aggregation": dict.fromkeys(levels, Aggregation()),
        "coverage": dict.fromkeys(levels, Coverage(0.0, 1)),
        "weights": {node.code: node.weight for node in nodes if node.weight != 1},
    }
    return Method(**(given | changes))

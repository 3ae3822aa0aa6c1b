"""The edition that computes what COINr computes from its two tables, under what is chosen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pii.errors import DefinitionError
from pii.framework import Assumption, Variable
from pii.intake.brought import Brought, Unit, framework_of, level_names, plain_method
from pii.intake.coinr import Tables
from pii.intake.foreign import Remarks, decimal_mark, number_in
from pii.method import (
    READING_YEARS,
    Aggregation,
    Denomination,
    Imputation,
    Method,
    Normalisation,
    Treatment,
    refuse_misfit,
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen at the import, in COINr's order; left as it is, COINr's defaults.

    denominate : divide by what iMeta's Denominator names
    impute, treat, normalise : rules of `pii.method`, "" for none (min-max)
    group : code of a Type Group, for imputation by group
    constant : score of an indicator that is the same for everyone; None refuses it
    aggregate : a mean of `MEANS` for all levels, or one per level from the pillars upwards
    """

    denominate: bool = False
    impute: str = ""
    group: str = ""
    treat: str = ""
    normalise: str = "min-max"
    scale: tuple[float, float] = (0.0, 100.0)
    constant: float | None = None
    aggregate: tuple[str, ...] = ("arithmetic",)

    @property
    def reads_years(self) -> bool:
        """Whether values of other years may stand in for missing ones."""
        return self.impute in READING_YEARS


MEANS = {
    "arithmetic": Aggregation("power", 1.0),
    "geometric": Aggregation("power", 0.0),
    "harmonic": Aggregation("power", -1.0),
    "median": Aggregation("median"),
    "minimum": Aggregation("minimum"),
    "copeland": Aggregation("copeland"),
}


def coinr_edition(
    tables: Tables,
    notes: Sequence[str],
    *,
    id: str,
    title: str | None,
    source: str,
    choices: Choices = Choices(),
) -> Brought:
    """The edition that gives what COINr gives under these choices, and the figures.

    Raises
    ------
    DefinitionError
        Where the choices do not fit the tables or each other.
    """
    index = next(node for node in tables.nodes if node.parent is None)
    year = int(tables.time) if _YEAR.fullmatch(tables.time) else 0
    framework = framework_of(
        tables.nodes,
        id=id,
        title=title or index.name,
        source=source,
        year=year,
        assumptions=_assumptions(tables, source, choices),
        variables=_variables(tables),
    )
    method = _method(tables, choices)
    refuse_misfit(method, framework)
    return Brought(framework, method, tables.units, tuple(notes), _other_years(tables, choices))


def _other_years(tables: Tables, choices: Choices) -> dict[int, tuple[Unit, ...]]:
    """The units of other years, where the imputation reads them."""
    if not choices.reads_years:
        return {}
    strange = [time for time in (tables.time, *tables.others) if not _YEAR.fullmatch(time)]
    if strange or not tables.others:
        said = f"; it has {', '.join(strange)}" if any(strange) else ""
        raise DefinitionError(
            f"imputation by {choices.impute} reads several years, and iData tells them in a column "
            f"Time, such as 2019 and 2020{said}. Add the years, or choose another --impute"
        )
    return {int(time): units for time, units in tables.others.items()}


_YEAR = re.compile(r"[12]\d{3}")


def _variables(tables: Tables) -> list[Variable]:
    """Groups and denominators that iData holds."""
    return [
        Variable(
            row.code,
            "group" if row.type == "Group" else "denominator",
            row.text("iName") or row.code,
            row.text("iName") or row.code,
            row.text("Unit"),
            row.text("Unit"),
        )
        for row in tables.rows
        if row.type in ("Group", "Denominator") and row.code in tables.units[0].values
    ]


def _method(tables: Tables, choices: Choices) -> Method:
    levels = [name for level, name in sorted(level_names(tables.nodes).items()) if level > 1]
    means = choices.aggregate * len(levels) if len(choices.aggregate) == 1 else choices.aggregate
    if len(means) != len(levels):
        raise DefinitionError(
            f"{len(means)} means for {len(levels)} levels above the indicators; name one for all, "
            f"or one for each of {', '.join(levels)}"
        )
    divided = [node for node in tables.nodes if node.denominator] if choices.denominate else []
    held = {v.code for v in _variables(tables) if v.kind == "denominator"}
    lacking = sorted(
        {f"{n.denominator} (of {n.code})" for n in divided if n.denominator not in held}
    )
    if lacking:
        raise DefinitionError(
            f"iMeta names denominators that iData does not hold: {', '.join(lacking)}; add the "
            "column, and a row of Type Denominator in iMeta, or leave out --denominate"
        )
    return plain_method(
        tables.nodes,
        denomination={node.code: Denomination(node.denominator or "") for node in divided},
        imputation=Imputation(
            choices.impute or "none",  # type: ignore[arg-type]  # refused by name where unknown
            group=choices.group,
            level=levels[0] if choices.impute == "row-mean" else "",
            counts=bool(choices.impute),
        ),
        treatment=Treatment(choices.treat or "none"),  # type: ignore[arg-type]
        normalisation=Normalisation(
            choices.normalise,  # type: ignore[arg-type]
            choices.scale,
            constant=choices.constant,
            targets=_targets(tables) if choices.normalise == "distance-to-target" else {},
        ),
        aggregation={level: MEANS[mean] for level, mean in zip(levels, means, strict=True)},
    )


def _targets(tables: Tables) -> dict[str, float]:
    """IMeta's column Target; what has none is refused by the method, by name."""
    said = {row.code: row.text("Target") for row in tables.rows if row.type == "Indicator"}
    remarks = Remarks()
    cells = {row.code: row.cells["Target"] for row in tables.rows if said.get(row.code)}
    mark = decimal_mark(cells.values(), remarks)
    found = {c: number_in(cell, f"the Target of {c}", mark, remarks) for c, cell in cells.items()}
    remarks.refuse()
    return {code: float(text) for code, text in found.items() if text is not None}


def _assumptions(tables: Tables, source: str, choices: Choices) -> list[Assumption]:
    told = [
        Assumption(
            "import",
            f"Khung, trọng số và số liệu lấy từ hai bảng của COINr ({source}).",
            f"Framework, weights and figures come from COINr's two tables ({source}).",
            "COINr, new_coin",
        ),
        Assumption(
            "coverage",
            "Không đặt ngưỡng độ phủ: điểm được tính từ những gì có, như COINr.",
            "No threshold of coverage: a score is the mean of what is present, as in COINr.",
            "COINr, Aggregate without dat_thresh",
        ),
    ]
    divided = [node.code for node in tables.nodes if node.denominator]
    if divided and not choices.denominate:
        told.append(
            Assumption(
                "denominators",
                f"Số liệu chưa chia cho mẫu số của iMeta: {', '.join(divided)}.",
                f"Figures are not divided by the denominators that iMeta names: "
                f"{', '.join(divided)}.",
                "COINr, where Denominate is a step of its own",
            )
        )
    return told

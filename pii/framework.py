"""What is measured: indicators, the tree above them, and nothing about how they are combined."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from pii.errors import DefinitionError

Direction = Literal["higher", "lower"]
Supplier = Literal["province", "central"]
Attested = Literal["verified", "paraphrase", "unattested"]
Language = Literal["vi", "en"]
VariableKind = Literal["denominator", "group"]
Registered = Literal["region", "population", "area", "grdp"]


RESERVED = ("province", "name", "province_name", "indicator", "value", "data_year", "evidence")
"""Words that tables use for columns of their own, and no code may be."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One leaf of the tree.

    `id` is permanent; `code` is what an edition prints and may change from year to year.
    `bounds` is what is possible in `unit` (None: no limit on that side); goalposts, which say
    what scores 0 and 100, belong to the method.
    """

    id: str
    code: str
    parent: str
    name_vi: str
    name_en: str
    definition_vi: str
    definition_en: str
    unit_vi: str
    unit_en: str
    direction: Direction
    bounds: tuple[float | None, float | None]
    denominator: str | None
    source_vi: str
    source_en: str
    supplier: Supplier
    evidence: bool
    data_year: int
    attested: Attested
    note: str | None = None

    def name(self, lang: Language) -> str:
        """The name in that language."""
        return self.name_vi if lang == "vi" else self.name_en

    def unit(self, lang: Language) -> str:
        """The unit of measurement in that language."""
        return self.unit_vi if lang == "vi" else self.unit_en


@dataclass(frozen=True, slots=True)
class Variable:
    """A column that travels with the data and is not scored.

    `denominator`: a number that indicators are divided by; `group`: a label that units share.
    `registered`: what stands in where a table has no figure, from the list of provinces: `region`
    for a group; `population` (thousands), `area` (km²), `grdp` (billion VND) for a denominator.
    """

    code: str
    kind: VariableKind
    name_vi: str
    name_en: str
    unit_vi: str = ""
    unit_en: str = ""
    registered: Registered | None = None

    def name(self, lang: Language) -> str:
        """The name in that language."""
        return self.name_vi if lang == "vi" else self.name_en


@dataclass(frozen=True, slots=True)
class Group:
    """A node above the indicators: sub-pillar, pillar, sub-index or index."""

    code: str
    level: str
    parent: str | None
    name_vi: str
    name_en: str
    attested: Attested

    def name(self, lang: Language) -> str:
        """The name in that language."""
        return self.name_vi if lang == "vi" else self.name_en


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the edition takes for granted, said on every output."""

    about: str
    vi: str
    en: str
    basis: str

    def text(self, lang: Language) -> str:
        """The sentence in that language."""
        return self.vi if lang == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Sum:
    """Indicators that add up: to another (its code), or to a number such as 100."""

    parts: tuple[str, ...]
    whole: str | float


@dataclass(frozen=True)
class Framework:
    """One edition: a tree of groups over indicators. Leaf order is column order everywhere.

    Built only where it is a tree: one root, no orphan, no cycle, no code or id twice.

    Raises
    ------
    DefinitionError
        Naming the codes at fault.
    """

    id: str
    title_vi: str
    title_en: str
    label_vi: str | None
    label_en: str | None
    provinces_on: date | None
    template_version: str
    levels: tuple[str, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    assumptions: tuple[Assumption, ...] = field(default=())
    variables: tuple[Variable, ...] = ()
    sums: tuple[Sum, ...] = field(default=())

    def __post_init__(self) -> None:
        refuse_what_is_no_tree(self)

    def title(self, lang: Language) -> str:
        """The title in that language."""
        return self.title_vi if lang == "vi" else self.title_en

    def label(self, lang: Language) -> str | None:
        """What every output of this edition must carry, or None."""
        return self.label_vi if lang == "vi" else self.label_en

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Printed codes of the indicators, in column order."""
        return tuple(indicator.code for indicator in self.indicators)

    @cached_property
    def index(self) -> str:
        """Code of the root."""
        return next(group.code for group in self.groups if group.parent is None)

    @cached_property
    def by_code(self) -> Mapping[str, Group | Indicator]:
        """Every node by its printed code, groups first."""
        nodes: tuple[Group | Indicator, ...] = (*self.groups, *self.indicators)
        return {node.code: node for node in nodes}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the direct children of each group, in file order."""
        under: dict[str, list[str]] = {group.code: [] for group in self.groups}
        for node in self.by_code.values():
            if node.parent is not None:
                under[node.parent].append(node.code)
        return {code: tuple(codes) for code, codes in under.items()}

    @cached_property
    def leaves(self) -> Mapping[str, tuple[int, ...]]:
        """Columns of the indicators beneath each node (for an indicator: its own column)."""
        column = {code: j for j, code in enumerate(self.codes)}

        def beneath(code: str) -> tuple[int, ...]:
            if code in column:
                return (column[code],)
            return tuple(j for child in self.children[code] for j in beneath(child))

        return {code: beneath(code) for code in self.by_code}

    @cached_property
    def bottom_up(self) -> tuple[str, ...]:
        """Codes of the groups, every child before its parent."""

        def below(code: str) -> list[str]:
            groups = [c for c in self.children[code] if c in self.children]
            return [d for child in groups for d in below(child)] + [code]

        return tuple(below(self.index))

    @cached_property
    def top_down(self) -> tuple[str, ...]:
        """Codes of all nodes as the tree is read: every node before its own children."""

        def beneath(code: str) -> list[str]:
            return [code, *(d for c in self.children.get(code, ()) for d in beneath(c))]

        return tuple(beneath(self.index))

    def level(self, code: str) -> str:
        """Level name of a node."""
        node = self.by_code[code]
        return node.level if isinstance(node, Group) else self.levels[-1]

    def at_level(self, level: str) -> tuple[Group, ...]:
        """The groups of a level, in file order."""
        return tuple(group for group in self.groups if group.level == level)

    def name(self, code: str, lang: Language) -> str:
        """Name of any node in that language."""
        return self.by_code[code].name(lang)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes from the parent of a node up to the root."""
        parent = self.by_code[code].parent
        return () if parent is None else (parent, *self.ancestors(parent))


def refuse_what_is_no_tree(framework: Framework) -> None:
    """Raise `DefinitionError` where groups and indicators do not form one tree.

    Said here, and not only by the file reader, because a framework may also be built in Python.
    """
    nodes: tuple[Group | Indicator, ...] = (*framework.groups, *framework.indicators)
    codes = [node.code for node in (*nodes, *framework.variables)]
    reserved = [code for code in codes if code in RESERVED]
    if reserved:
        raise DefinitionError(
            f"{reserved[0]!r} cannot be a code: tables use the word for a column of their own",
            at=("nodes", reserved[0], "code"),
        )
    if not framework.id.strip():
        raise DefinitionError("the edition has no id; give it a short one", at=("edition", "id"))
    if len(set(framework.levels)) != len(framework.levels) or len(framework.levels) < 2:
        raise DefinitionError(
            f"levels are {', '.join(framework.levels)}; two or more different names are needed, "
            "the last for the indicators",
            at=("edition", "levels"),
        )
    odd = [code for code in codes if not code.isprintable() or not code or code != code.strip()]
    if odd:
        raise DefinitionError(
            f"{odd[0]!r} is no code: it is empty, or has spaces around it or what cannot be seen "
            "in it; take them out",
            at=("nodes", odd[0], "code"),
        )
    ids = [indicator.id for indicator in framework.indicators]
    for what, given in (("code", codes), ("id", ids)):
        twice = sorted({x for x in given if given.count(x) > 1})
        if twice:
            raise DefinitionError(
                f"{what} used twice: {', '.join(twice)}; each must be unique",
                at=("nodes", twice[0], what),
            )
    groups = {group.code: group for group in framework.groups}
    roots = [group.code for group in framework.groups if group.parent is None]
    if len(roots) != 1:
        raise DefinitionError(
            f"one group without a parent was expected (the index), found {len(roots)}"
            + (f": {', '.join(roots)}; give all but one a parent" if roots else "; add it"),
            at=("nodes", roots[-1], "parent") if roots else ("groups",),
        )
    for node in nodes:
        if node.parent is not None and node.parent not in groups:
            raise DefinitionError(
                f"{node.code} is an orphan: no group has the code {node.parent}; "
                "correct `parent` or add the group",
                at=("nodes", node.code, "parent"),
            )
    for group in framework.groups:
        if group.level not in framework.levels[:-1]:
            raise DefinitionError(
                f"{group.code} has the level {group.level!r}; "
                f"expected one of {', '.join(framework.levels[:-1])}",
                at=("nodes", group.code, "level"),
            )
        seen = [group.code]
        while (parent := groups[seen[-1]].parent) is not None:
            if parent in seen:
                raise DefinitionError(
                    f"cycle of parents: {' → '.join([*seen, parent])}; "
                    "every group must lead up to the index",
                    at=("nodes", group.code, "parent"),
                )
            seen.append(parent)
    for group in framework.groups:
        above = groups.get(group.parent or "")
        if above and framework.levels.index(group.level) <= framework.levels.index(above.level):
            raise DefinitionError(
                f"{group.code} is a {group.level} under {above.code}, a {above.level}; "
                f"levels go down in the order {', '.join(framework.levels)}",
                at=("nodes", group.code, "level"),
            )
    for variable in framework.variables:
        if variable.registered and (variable.registered == "region") != (variable.kind == "group"):
            raise DefinitionError(
                f"{variable.code} is a {variable.kind}, which {variable.registered} is not; "
                "region is a group, the others are denominators",
                at=("nodes", variable.code, "registered"),
            )
    known = {indicator.code for indicator in framework.indicators}
    for place, one in enumerate(framework.sums):
        named = [*one.parts, *([one.whole] if isinstance(one.whole, str) else [])]
        strange = [code for code in named if code not in known]
        if strange or len(one.parts) < 2 or len(set(named)) != len(named):
            raise DefinitionError(
                f"a sum of {', '.join(one.parts)}: "
                + (
                    f"no indicator has the code {strange[0]}"
                    if strange
                    else "two different parts are needed"
                )
                + "; name indicators of this edition as parts, and one, or a number, as the whole",
                at=("sums", str(place)),
            )
    parents = {node.parent for node in nodes}
    empty = [group.code for group in framework.groups if group.code not in parents]
    if empty:
        raise DefinitionError(
            f"nothing stands under {', '.join(empty)}; remove it or fill it",
            at=("nodes", empty[0], "code"),
        )


def standing_caveats(framework: Framework, failing: Sequence[str], lang: Language) -> Iterator[str]:
    """What is said whoever is ranked: indicators that treatment left skewed, and assumptions."""
    if failing:
        yield (
            f"Sau xử lý vẫn còn lệch: {', '.join(failing)}."
            if lang == "vi"
            else f"Still skewed after treatment: {', '.join(failing)}."
        )
    for assumption in framework.assumptions:
        yield ("Giả định: " if lang == "vi" else "Assumed: ") + assumption.text(lang)

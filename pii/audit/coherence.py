"""Does the tree hang together? What an honest reader asks before any draw is made.

Everything here is a fact about these provinces' scores, on the units that have them: every figure
says on how many.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Literal

import numpy as np

from pii.audit.admissible import heavy_children, local_weights
from pii.audit.importance import correlation_ratio, linear_importance, meeting_weights
from pii.framework import Framework
from pii.matrix import Array
from pii.pipeline import Outcome, effective_weights
from pii.provinces import ProvinceList
from pii.steps.rank import average_rank
from pii.steps.weigh import complete, correlations, cronbach_alpha, normalised, pca_weights

WEAK, REDUNDANT = 0.3, 0.92
"""Correlations below and above which the JRC asks for a reason."""
UNITS_PER_VARIABLE = 3
"""Fewer units than this for each variable, and components are noise (OECD/JRC 2008, step 4)."""

Relation = Literal["parent", "ancestor", "index", "sibling"]
Flag = Literal["", "negative", "weak", "redundant", "only child"]
Outside = Mapping[str, Mapping[str, float]]
"""Variables from outside the index: name → province → figure."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """Pearson's r of a node with its parent, what is above that, the index, or a sibling.

    r : NaN where fewer than 3 units have both, or one of them is constant
    n : units that have both
    flag : "only child" where r is 1 because nothing else is in the parent
    """

    node: str
    other: str
    relation: Relation
    r: float
    n: int
    flag: Flag


@dataclass(frozen=True, slots=True)
class Consistency:
    """Cronbach's alpha of a group's direct children; NaN with fewer than 2 of them or 3 units."""

    group: str
    children: int
    n: int
    alpha: float


@dataclass(frozen=True, slots=True)
class Components:
    """Principal components of what stands beneath a group.

    shares : of the variance (0–1), by component; loadings : (variables, components)
    refused : why there are none: "few units", "constant", or "" where there are
    """

    group: str
    variables: tuple[str, ...]
    n: int
    shares: Array
    loadings: Array
    refused: Literal["", "few units", "constant"]


@dataclass(frozen=True, slots=True)
class Importance:
    """What a node was meant to count in `of`, and what it does count.

    meant : its share of the weight (0–1)
    linear, smooth : share of the variance of `of` that it explains by a straight line (negative
        where it works against it), and by any smooth curve
    meeting : share of the weight under which the linear importance of all children would be as
        meant; NaN where none does, where `of` is no arithmetic mean, or `of` is not the parent
    """

    node: str
    of: str
    n: int
    meant: float
    linear: float
    smooth: float
    meeting: float


@dataclass(frozen=True, slots=True)
class Link:
    """How a group goes with a variable from outside: Pearson's and Spearman's r over n units."""

    node: str
    variable: str
    n: int
    pearson: float
    spearman: float


@dataclass(frozen=True, slots=True)
class Coherence:
    """All of it; nodes in the order of the tree."""

    correlations: tuple[Correlation, ...]
    consistency: tuple[Consistency, ...]
    components: tuple[Components, ...]
    importance: tuple[Importance, ...]
    outside: tuple[Link, ...]


def coherence(outcome: Outcome, outside: Outside | None = None) -> Coherence:
    """Correlations, alpha, components, importance, and links with what is outside.

    outside : figures by province code, those of the list of provinces if None; provinces that
        have none are left out of that link
    """
    return Coherence(
        tuple(_correlations(outcome)),
        tuple(_consistency(outcome)),
        tuple(_components(outcome)),
        tuple(_importance(outcome)),
        tuple(_links(outcome, size_and_wealth(outcome.provinces) if outside is None else outside)),
    )


def size_and_wealth(provinces: ProvinceList | None) -> Outside:
    """What the list knows: `population` (thousands), `grdp_per_head` (million VND)."""
    known = [one for one in provinces or () if one.population]
    if not known:
        return {}
    return {
        "grdp_per_head": {one.code: one.grdp / one.population for one in known
                          if one.grdp and one.population},
        "population": {one.code: one.population for one in known if one.population},
    }  # fmt: skip


def columns_of(outcome: Outcome, nodes: Sequence[str]) -> Array:
    """Scores of nodes, (units, nodes), of the units that have all of them."""
    x = outcome.scores.score[:, [outcome.scores.column(node) for node in nodes]]
    return np.asarray(x[complete(x)])


def _correlations(outcome: Outcome) -> Iterator[Correlation]:
    framework, index = outcome.framework, outcome.framework.index
    children = heavy_children(outcome)
    leaves = {node: _leaves(children, node) for node in framework.by_code}
    for node in framework.top_down:
        parent = framework.by_code[node].parent
        if parent is None or node not in children[parent]:
            continue
        siblings = children[parent]
        alone = len(siblings) == 1
        yield _correlation(outcome, node, parent, "parent", alone)
        for above in framework.ancestors(node)[1:]:
            relation: Relation = "index" if above == index else "ancestor"
            yield _correlation(outcome, node, above, relation, leaves[above] == leaves[node])
        for other in siblings[siblings.index(node) + 1 :]:
            yield _correlation(outcome, node, other, "sibling", False)


def _leaves(children: Mapping[str, tuple[str, ...]], node: str) -> tuple[str, ...]:
    if node not in children:
        return (node,)
    return tuple(leaf for child in children[node] for leaf in _leaves(children, child))


def _correlation(
    outcome: Outcome, node: str, other: str, relation: Relation, alone: bool
) -> Correlation:
    x = columns_of(outcome, (node, other))
    r = _pearson(x)
    return Correlation(node, other, relation, r, len(x), "only child" if alone else flag_of(r))


def _pearson(x: Array) -> float:
    return float(correlations(x)[0, 1]) if len(x) >= 3 and (np.ptp(x, axis=0) > 0).all() else nan


def flag_of(r: float) -> Flag:
    """What a correlation of two parts of one index gives reason to ask."""
    if r < 0:
        return "negative"
    if r < WEAK:
        return "weak"
    return "redundant" if r > REDUNDANT else ""


def _consistency(outcome: Outcome) -> Iterator[Consistency]:
    children = heavy_children(outcome)
    for group in _groups(outcome.framework):
        x = columns_of(outcome, children[group])
        known = len(x) >= 3 and x.shape[1] > 1 and np.ptp(x.sum(axis=1)) > 0
        yield Consistency(group, x.shape[1], len(x), cronbach_alpha(x) if known else nan)


def _groups(framework: Framework) -> list[str]:
    return [code for code in framework.top_down if code in framework.children]


def _components(outcome: Outcome) -> Iterator[Components]:
    """Of the index: the pillars; of a pillar: its indicators; of any other group: its children."""
    framework = outcome.framework
    children = heavy_children(outcome)
    pillars = tuple(group.code for group in framework.at_level("pillar"))
    for group in _groups(framework):
        if group in pillars:
            variables = tuple(framework.codes[j] for j in framework.leaves[group])
        elif group == framework.index and pillars:
            variables = pillars
        else:
            variables = children[group]
        if len(variables) > 1:
            yield _components_of(outcome, group, variables)


def _components_of(outcome: Outcome, group: str, variables: tuple[str, ...]) -> Components:
    x = columns_of(outcome, variables)
    none = np.zeros(0), np.zeros((len(variables), 0))
    if len(x) < UNITS_PER_VARIABLE * len(variables):
        return Components(group, variables, len(x), *none, "few units")
    if (np.ptp(x, axis=0) == 0).any():
        return Components(group, variables, len(x), *none, "constant")
    found = pca_weights(x)
    return Components(group, variables, len(x), found.shares, found.loadings, "")


def _importance(outcome: Outcome) -> Iterator[Importance]:
    framework, local = outcome.framework, local_weights(outcome)
    children = heavy_children(outcome)
    for group in _groups(framework):
        meant = normalised(np.array([local[child][0] for child in children[group]]))
        yield from _in_parent(outcome, group, children[group], meant)
    nodes = np.array([[local[code][0] for code in framework.by_code]])
    weight = effective_weights(framework, outcome.method, local=nodes)[0]
    for j, code in enumerate(framework.codes):
        if weight[j] > 0 and framework.by_code[code].parent != framework.index:
            x = columns_of(outcome, (code, framework.index))
            yield _explained(code, framework.index, x, float(weight[j]), nan)


def _in_parent(
    outcome: Outcome, group: str, children: tuple[str, ...], meant: Array
) -> Iterator[Importance]:
    # All children on the same units, so that their shares can be compared.
    x = columns_of(outcome, (*children, group))
    linear = outcome.method.aggregation[outcome.framework.level(group)].linear
    meeting = np.full(len(children), nan)
    varied = len(x) >= 5 and (np.ptp(x, axis=0) > 0).all()
    if linear and varied and len(children) > 1 and len(x) >= UNITS_PER_VARIABLE * len(children):
        found = meeting_weights(x[:, :-1], meant)
        if found.met:
            meeting = found.weights
    for k, child in enumerate(children):
        yield _explained(child, group, x[:, [k, -1]], float(meant[k]), float(meeting[k]))


def _explained(node: str, of: str, x: Array, meant: float, meeting: float) -> Importance:
    if len(x) < 5 or (np.ptp(x, axis=0) == 0).any():
        return Importance(node, of, len(x), meant, nan, nan, meeting)
    linear = float(linear_importance(x[:, :1], x[:, 1])[0])
    return Importance(node, of, len(x), meant, linear, correlation_ratio(*x.T), meeting)


def _links(outcome: Outcome, outside: Outside) -> Iterator[Link]:
    framework, scores = outcome.framework, outcome.scores
    groups = [*_groups(framework), *framework.codes]
    for variable, figures in outside.items():
        theirs = np.array([figures.get(province, nan) for province in scores.provinces])
        for node in groups:
            x = np.column_stack([scores.score[:, scores.column(node)], theirs])
            x = x[complete(x)]
            ranks = np.column_stack([average_rank(-column, tolerance=0.0) for column in x.T])
            yield Link(node, variable, len(x), _pearson(x), _pearson(ranks) if len(x) else nan)

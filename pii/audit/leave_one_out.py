"""The index without each indicator, each pillar, each province."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import nan
from typing import Literal

import numpy as np

from pii.audit.admissible import heavy_children, local_weights
from pii.errors import DataError, DefinitionError
from pii.matrix import Array
from pii.pipeline import Outcome, aggregate, compute
from pii.steps.rank import competition_rank

Kind = Literal["indicator", "pillar", "province"]


@dataclass(frozen=True, slots=True)
class Without:
    """The index without one thing; arrays (provinces,), in the run's order, read-only.

    left_out : the code; also : what had to go with it, because nothing else was in it
    score, rank : NaN where not published, and for a province that is left out
    nominal : the ranks to compare with: the published ones, without a province that is left out
    """

    kind: Kind
    left_out: str
    also: tuple[str, ...]
    score: Array
    rank: Array
    nominal: Array

    @property
    def shift(self) -> Array:
        """Places gained (positive) or lost, (provinces,); NaN where not ranked both times."""
        return self.nominal - self.rank

    @property
    def ranked(self) -> int:
        """How many still have a rank; 0 where nothing can be published any more."""
        return int((~np.isnan(self.rank)).sum())


def leave_one_out(outcome: Outcome) -> tuple[Without, ...]:
    """Indicators, then pillars, then provinces; those without weight are left out of this.

    An indicator or pillar is given weight 0, so that what is left shares its weight and coverage
    asks only for the rest. Without a province everything is computed anew from the values of the
    others, goalposts included.
    """
    framework, local = outcome.framework, local_weights(outcome)

    def counts(code: str) -> bool:
        return all(local[c][0] > 0 for c in (code, *framework.ancestors(code)[:-1]))

    pillars = [group.code for group in framework.at_level("pillar")]
    return (
        *(_without_node(outcome, code, "indicator") for code in framework.codes if counts(code)),
        *(_without_node(outcome, code, "pillar") for code in pillars if counts(code)),
        *_without_provinces(outcome),
    )  # fmt: skip


def without(outcome: Outcome, code: str) -> tuple[Array, tuple[str, ...]]:
    """Local weights (nodes,) with a node at 0, and groups above that were nothing but that node.

    Raises
    ------
    DefinitionError
        Where nothing would be left of the index.
    """
    framework, heavy = outcome.framework, heavy_children(outcome)
    weights = np.array([weight[0] for weight in local_weights(outcome).values()])
    also: list[str] = []
    gone = code
    while (parent := framework.by_code[gone].parent) is not None:
        if heavy[parent] != (gone,):
            weights[outcome.scores.column(gone)] = 0.0
            return weights, tuple(also)
        also.append(parent)
        gone = parent
    raise DefinitionError(f"without {code} nothing is left of the index")


def _without_node(outcome: Outcome, code: str, kind: Kind) -> Without:
    scores, framework = outcome.scores, outcome.framework
    nominal = scores.rank[:, scores.column(framework.index)]
    try:
        local, also = without(outcome, code)
    except DefinitionError:
        nothing = np.full(len(nominal), nan)
        return Without(kind, code, framework.ancestors(code), nothing, nothing, nominal)
    found = aggregate(
        scores.provinces, framework, outcome.method, scores.prepared,
        scores.treated, scores.worst, scores.best, scores.normalised, local,
    )  # fmt: skip
    at = found.column(framework.index)
    return Without(kind, code, also, found.score[:, at], found.rank[:, at], nominal)


def _without_provinces(outcome: Outcome) -> Iterator[Without]:
    matrix, scores, framework = outcome.matrix, outcome.scores, outcome.framework
    at = scores.column(framework.index)
    for i, province in enumerate(matrix.provinces):
        others = [k for k in range(len(matrix.provinces)) if k != i]
        score, rank, nominal = (np.full(len(matrix.provinces), nan) for _ in range(3))
        rest = replace(
            matrix,
            provinces=tuple(matrix.provinces[k] for k in others),
            values=matrix.values[others],
            observations=tuple(matrix.observations[k] for k in others),
            variables={
                name: tuple(cells[k] for k in others) for name, cells in matrix.variables.items()
            },
        )
        nominal[others] = competition_rank(
            scores.score[others, at], tolerance=outcome.method.ties.tolerance
        )
        try:
            found = compute(rest, framework, outcome.method)
            score[others], rank[others] = found.score[:, at], found.rank[:, at]
        except DataError:
            pass  # an indicator that only this province tells apart: nothing can be ranked
        yield Without("province", province, (), score, rank, nominal)

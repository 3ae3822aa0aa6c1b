"""preview(submission, reference) → Preview: one province scored under what a run froze."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from math import ceil, isnan, nan
from typing import Literal

from pii.checks import lies_within_bounds
from pii.errors import DataError
from pii.framework import Indicator
from pii.preview.one import Frozen, OneScored, rank_among, scored
from pii.preview.reference import Reference
from pii.submission import Observation, Place, Status, Submission


class Origin(Enum):
    """Where an indicator's value comes from, or why there is none."""

    OWN = "own"
    CENTRAL = "central"
    CARRIED = "carried"
    MISSING = "missing"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the province does on one node; figures are NaN where there is none.

    score : on the method's scale; NaN where coverage forbids one, or there is no value
    coverage : share (0–1) of the indicators beneath the node that have a value
    rank, of : the rank it would have had, among so many: the provinces that the run ranked on
        this node, its own record replaced
    recorded, recorded_rank : what it had in the run itself
    mean, best : over all provinces of the run, as recorded
    """

    node: str
    score: float
    coverage: float
    rank: float
    of: int
    recorded: float
    recorded_rank: float
    mean: float
    best: float

    @property
    def above_mean(self) -> float:
        """Points above the mean of the run; negative: below it."""
        return self.score - self.mean

    @property
    def below_best(self) -> float:
        """Points that the best score of the run is ahead; negative: the best would be passed."""
        return self.best - self.score


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator on its way from the cell to the points it adds.

    value : in the indicator's unit, used or (for UNUSABLE) as it stands; NaN where there is none
    weight, contribution : effective weight in the index and points added to it; NaN where no
        index is published
    beyond : the value lies past the better or the worse goalpost, and scores exactly that end
    place : the cell in the file; for a value carried over, the cell that was left blank
    """

    indicator: Indicator
    origin: Origin
    status: Status
    value: float
    score: float
    weight: float
    contribution: float
    beyond: Literal["", "better", "worse"]
    place: Place
    evidence: str
    note: str

    @property
    def unscored(self) -> bool:
        """A value without a score: no province had one in the run, so there are no goalposts."""
        return self.origin in _USED and isnan(self.score)


_USED = (Origin.OWN, Origin.CENTRAL, Origin.CARRIED)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a group has no score: what there is, and the least that its coverage rule asks for.

    indicators, least_indicators, of : with a value, needed, and all beneath the group
    children, least_children : direct children with a score, and needed
    """

    indicators: int
    least_indicators: int
    of: int
    children: int
    least_children: int


@dataclass(frozen=True, slots=True)
class Preview:
    """One province under the frozen goalposts of a run.

    standings : one per node, in the reference's order
    rows : one per indicator, in leaf order
    in_run : whether the run itself scored this province
    """

    reference: Reference
    province: str
    in_run: bool
    standings: tuple[Standing, ...]
    rows: tuple[Row, ...]

    def standing(self, node: str) -> Standing:
        """The standing on one node."""
        return self.standings[self.reference.nodes.index(node)]

    def count(self, origin: Origin) -> int:
        """How many indicators have their value from there."""
        return sum(row.origin is origin for row in self.rows)

    def shortfall(self, group: str) -> Shortfall | None:
        """Why a group has no score; None where it has one."""
        if not isnan(self.standing(group).score):
            return None
        framework = self.reference.framework
        rule = self.reference.method.coverage[framework.level(group)]
        leaves = framework.leaves[group]
        children = [self.standing(child).score for child in framework.children[group]]
        return Shortfall(
            indicators=sum(not isnan(self.rows[j].score) for j in leaves),
            least_indicators=ceil(len(leaves) * (rule.share - 1e-12)),  # as `covered` judges
            of=len(leaves),
            children=sum(not isnan(score) for score in children),
            least_children=rule.count,
        )


def preview(submission: Submission, reference: Reference) -> Preview:
    """Score one understood submission under a run's frozen treatment and goalposts.

    A central agency's figure that the submission leaves blank is carried over from the same
    province in the run. A value that is not possible (outside the indicator's bounds) is not
    counted. Goalposts stay as they are although a new value would have moved them: the rank is
    what this province alone would have changed.

    Pure: reads no file, changes nothing it is given.

    Raises
    ------
    DataError
        Where the submission does not hold one observation per indicator of the framework.
    """
    framework = reference.framework
    if tuple(cell.indicator for cell in submission.observations) != framework.codes:
        raise DataError(
            "the submission has other indicators than the run; check it under the run's edition"
        )
    traced = [
        _traced(cell, indicator, _recorded(reference, submission.province, j))
        for j, (cell, indicator) in enumerate(
            zip(submission.observations, framework.indicators, strict=True)
        )
    ]
    values = _divided(
        [value if origin in _USED else nan for origin, value in traced], submission, reference
    )
    local = dict(zip(reference.nodes, reference.local, strict=True))
    scores = scored(values, reference.frozen, framework, reference.method, local)
    rows = tuple(
        Row(
            indicator=indicator,
            origin=origin,
            status=cell.status,
            value=value,
            score=scores.score[indicator.code],
            weight=scores.weight[indicator.code],
            contribution=scores.contribution[indicator.code],
            beyond=_beyond(divided, frozen, indicator, reference),
            place=cell.place,
            evidence=cell.evidence,
            note=cell.note,
        )
        for cell, (origin, value), divided, indicator, frozen in zip(
            submission.observations,
            traced,
            values,
            framework.indicators,
            reference.frozen,
            strict=True,
        )
    )
    return Preview(
        reference=reference,
        province=submission.province,
        in_run=submission.province in reference.provinces,
        standings=tuple(_standings(scores, submission.province, reference)),
        rows=rows,
    )


def _recorded(reference: Reference, province: str, column: int) -> float:
    """The province's own value in the run; NaN where it had none."""
    if province not in reference.provinces:
        return nan
    return reference.raw[reference.provinces.index(province)][column]


def _traced(cell: Observation, indicator: Indicator, recorded: float) -> tuple[Origin, float]:
    central = indicator.supplier == "central"
    match cell.status:
        case Status.VALUE if lies_within_bounds(Decimal(repr(cell.value)), indicator.bounds):
            return (Origin.CENTRAL if central else Origin.OWN), cell.value
        case Status.VALUE | Status.UNREADABLE:
            return Origin.UNUSABLE, cell.value
        case Status.NOT_SUBMITTED if central and not isnan(recorded):
            return Origin.CARRIED, recorded
        case _:
            return Origin.MISSING, nan


def _divided(
    values: Sequence[float], submission: Submission, reference: Reference
) -> tuple[float, ...]:
    """Values over their denominators: the submission's own, else what the run had."""
    own = {cell.indicator: cell.value for cell in submission.variables}
    known = reference.denominators.get(submission.province, {})

    def divided(x: float, code: str) -> float:
        rule = reference.method.denomination.get(code)
        if rule is None:
            return x
        size = own.get(rule.by, nan)
        size = known.get(rule.by, nan) if isnan(size) else size
        # A size that is not above zero counts as none, as in `pii.values.sized`.
        return x / (size / rule.scale) if size > 0 else nan

    codes = reference.framework.codes
    return tuple(divided(x, code) for x, code in zip(values, codes, strict=True))


def _beyond(
    x: float, frozen: Frozen, indicator: Indicator, reference: Reference
) -> Literal["", "better", "worse"]:
    """Whether a value lies past a goalpost, judged in the indicator's unit."""
    if reference.method.normalised_by(indicator.code).rule != "min-max":
        return ""
    low, high = sorted((frozen.worst, frozen.best))
    if frozen.form != "none":
        low, high = frozen.low, frozen.high
    if x > high:
        return "better" if indicator.direction == "higher" else "worse"
    if x < low:
        return "worse" if indicator.direction == "higher" else "better"
    return ""


def _standings(scores: OneScored, province: str, reference: Reference) -> Iterator[Standing]:
    own = reference.provinces.index(province) if province in reference.provinces else None
    ties = reference.method.ties
    for k, node in enumerate(reference.nodes):
        mine = scores.score[node]
        others = [row[k] for i, row in enumerate(reference.score) if i != own]
        yield Standing(
            node=node,
            score=mine,
            coverage=scores.coverage[node],
            rank=rank_among(mine, others, ties.tolerance, ties.rank),
            of=sum(not isnan(x) for x in (mine, *others)),
            recorded=nan if own is None else reference.score[own][k],
            recorded_rank=nan if own is None else reference.rank[own][k],
            mean=reference.mean[k],
            best=reference.top[k],
        )

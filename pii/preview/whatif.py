"""What a change would do: the same province with other values, and what each unit is worth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isnan, nan

from pii.checks import lies_within_bounds
from pii.errors import DataError
from pii.preview.estimate import Preview, preview
from pii.preview.reference import Reference
from pii.submission import Status, Submission


def changed(
    submission: Submission, reference: Reference, values: Mapping[str, float]
) -> Submission:
    """The submission with other values, by printed code; NaN takes a value away.

    Raises
    ------
    DataError
        For a code that the edition does not have, or a value that its bounds forbid.
    """
    framework = reference.framework
    for code, value in values.items():
        if code not in framework.codes:
            raise DataError(f"the edition has no indicator {code}; see: pii framework")
        bounds = framework.indicators[framework.codes.index(code)].bounds
        if not isnan(value) and not lies_within_bounds(Decimal(repr(value)), bounds):
            low, high = ("no limit" if b is None else f"{b:g}" for b in bounds)
            raise DataError(f"{code} cannot be {value:g}: its bounds are {low} to {high}")
    cells = tuple(
        replace(
            cell,
            value=values[cell.indicator],
            status=Status.NOT_SUBMITTED if isnan(values[cell.indicator]) else Status.VALUE,
        )
        if cell.indicator in values
        else cell
        for cell in submission.observations
    )
    return replace(submission, observations=cells)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Before and after; `overtaken` and `lost_to` are codes of provinces, best first."""

    before: Preview
    after: Preview
    overtaken: tuple[str, ...]
    lost_to: tuple[str, ...]


def what_if(submission: Submission, reference: Reference, values: Mapping[str, float]) -> WhatIf:
    """One province before and after a change of its values, all else as in the run.

    Raises
    ------
    DataError
        As in `changed`.
    """
    before = preview(submission, reference)
    after = preview(changed(submission, reference, values), reference)
    k = reference.nodes.index(reference.framework.index)
    was, now = (one.standings[k].score for one in (before, after))
    others = sorted(
        (
            (row[k], code)
            for code, row in zip(reference.provinces, reference.score, strict=True)
            if code != submission.province and not isnan(row[k])
        ),
        reverse=True,
    )
    tolerance = reference.method.ties.tolerance

    def passed(low: float, high: float) -> tuple[str, ...]:
        if isnan(low) or isnan(high):
            return ()
        return tuple(code for x, code in others if low - tolerance <= x < high - tolerance)

    return WhatIf(before, after, passed(was, now), passed(now, was))


@dataclass(frozen=True, slots=True)
class Lever:
    """What one indicator could do for the index.

    per_unit : points of the index for one unit better, from where the value stands; NaN where
        there is no value or no index
    to_best : points of the index if the best goalpost were reached
    best : the value that reaches it, in the indicator's unit; NaN where the run had no value
    """

    code: str
    per_unit: float
    to_best: float
    best: float


def levers(submission: Submission, reference: Reference) -> tuple[Lever, ...]:
    """Points per unit of every indicator, the most promising (to the best goalpost) first."""
    return tuple(
        sorted(
            _levers(submission, reference),
            key=lambda one: (-one.to_best if not isnan(one.to_best) else 1.0, one.code),
        )
    )


def _levers(submission: Submission, reference: Reference) -> Iterator[Lever]:
    framework = reference.framework
    now = preview(submission, reference)
    index = now.standing(framework.index).score

    def gain(code: str, value: float) -> float:
        if isnan(value) or isnan(index):
            return nan
        other = replace(
            submission,
            observations=tuple(
                replace(cell, value=value, status=Status.VALUE) if cell.indicator == code else cell
                for cell in submission.observations
            ),
        )
        return preview(other, reference).standing(framework.index).score - index

    for row, frozen in zip(now.rows, reference.frozen, strict=True):
        better = 1.0 if row.indicator.direction == "higher" else -1.0
        # In the indicator's own unit: a goalpost lies in treated units, its value among the caps.
        best = frozen.best if frozen.form == "none" else (frozen.high if better > 0 else frozen.low)
        step = nan if isnan(row.value) else row.value + better
        code = row.indicator.code
        yield Lever(code, gain(code, step), gain(code, best), best)

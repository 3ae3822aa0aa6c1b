"""What a change would do: the same province with other values, and what each unit is worth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf, isnan, nan

from pii.checks import lies_within_bounds
from pii.decimals import in_words
from pii.errors import RefusedError
from pii.framework import Language
from pii.preview.estimate import Preview, preview
from pii.preview.reference import Reference
from pii.submission import Status, Submission


def changed(
    submission: Submission, reference: Reference, values: Mapping[str, float]
) -> Submission:
    """The submission with other values, by printed code; NaN takes a value away.

    Raises
    ------
    RefusedError
        For a code that the edition does not have, or a value that its bounds forbid.
    """
    framework = reference.framework
    for code, value in values.items():
        if code not in framework.codes:
            raise RefusedError(
                f"kỳ này không có chỉ số {code}; xem các mã: pii framework",
                f"the edition has no indicator {code}; see: pii framework",
            )
        bounds = framework.indicators[framework.codes.index(code)].bounds
        if not isnan(value) and not lies_within_bounds(Decimal(repr(value)), bounds):
            raise RefusedError(
                f"{code} không thể là {in_words(value, 'vi')}: {_limits(bounds, 'vi')}",
                f"{code} cannot be {in_words(value, 'en')}: {_limits(bounds, 'en')}",
            )
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


def _limits(bounds: tuple[float | None, float | None], lang: Language) -> str:
    words = ("ít nhất", "nhiều nhất") if lang == "vi" else ("at least", "at most")
    ends = zip(words, bounds, strict=True)
    limits = [f"{word} {in_words(bound, lang)}" for word, bound in ends if bound is not None]
    return (", " if lang == "vi" else " and ").join(limits)


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
    RefusedError
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

    per_unit : points of the index per unit better, over the first unit from where the value
        stands, or over what there is of it before the best goalpost; 0 from there on; NaN where
        there is no value, no goalpost or no index
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
        low, high = row.indicator.bounds
        best = min(max(best, -inf if low is None else low), inf if high is None else high)
        code, way = row.indicator.code, min(1.0, better * (best - row.value))
        rate = gain(code, row.value + better * way) / way if way > 0 else 0.0 * way
        yield Lever(code, rate, gain(code, best), best)

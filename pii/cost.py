"""What hangs on a suspicious value: scores and ranks with it, without it, and with it corrected.

Every value that a finding of severity error names is left out of the reckoning at first, because
it cannot be scored officially as it stands; all others are in it. Then each suspicious value is
put in, taken out or corrected by itself, and the whole edition is computed again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isnan, nan

import numpy as np

from pii.errors import DataError
from pii.findings import Finding, Severity
from pii.framework import Framework
from pii.matrix import Array, Matrix, assemble
from pii.method import Method
from pii.pipeline import compute
from pii.submission import Kind, Observation, Status, Submission

Cell = tuple[str, str]
"""Province and indicator, by code."""
Progress = Callable[[Sequence[Cell]], Iterable[Cell]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the province would stand if the cell held `value` (NaN: nothing).

    score, rank : of the index; NaN where it would not be published
    moved : how many other provinces would have another rank than without any value here
    failed : why nothing could be computed, in the engine's words; "" where it could
    """

    value: float
    score: float = nan
    rank: float = nan
    moved: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What hangs on one cell.

    given : with the value as it stands; None where the cell could not be read
    without : with no value in the cell
    corrected : with each value that may have been meant
    """

    given: Standing | None
    without: Standing
    corrected: tuple[Standing, ...] = ()

    @property
    def choices(self) -> tuple[Standing, ...]:
        """All that could stand in the cell."""
        return (*((self.given,) if self.given else ()), *self.corrected)

    @property
    def moved(self) -> int:
        """How many other provinces the cell could give another rank."""
        return max((one.moved for one in self.choices), default=0)

    @property
    def places(self) -> float:
        """How many places of the province's own hang on the cell; NaN where it has no rank."""
        return _span([one.rank for one in (self.without, *self.choices)])

    @property
    def points(self) -> float:
        """How many points of the province's own index hang on the cell; NaN where it has none."""
        return _span([one.score for one in (self.without, *self.choices)])

    @property
    def urgency(self) -> tuple[float, float, float]:
        """The greater, the sooner to be looked at: ranks that hang on it, own places, own points.

        A cell on which it hangs whether there is a score at all comes first.
        """
        undecided = len({isnan(one.score) for one in (self.without, *self.choices)}) > 1
        own = inf if undecided else np.nan_to_num(self.places)
        return (self.moved + (own > 0), float(own), float(np.nan_to_num(self.points)))


def _span(figures: Sequence[float]) -> float:
    known = [x for x in figures if not isnan(x)]
    return max(known) - min(known) if len(known) > 1 else nan


def costs(
    submissions: Sequence[Submission],
    findings: Sequence[Finding],
    framework: Framework,
    method: Method,
    *,
    progress: Progress = iter,
) -> Mapping[Cell, Cost]:
    """What hangs on every cell with a finding (no mere note) that is, or may mean, a number.

    submissions : understood ones; of two for one province the first counts

    Raises
    ------
    DataError
        Where the edition cannot be scored at all, even without the values in question.
    """
    first = {s.province: s for s in reversed(submissions)}
    matrix = assemble(tuple(first.values()), framework)
    named: dict[Cell, list[Finding]] = {}
    for finding in findings:
        about_a_cell = finding.province in first and finding.indicator in framework.codes
        if about_a_cell and finding.severity is not Severity.NOTE:
            named.setdefault((finding.province, finding.indicator), []).append(finding)
    at = {cell: (matrix.provinces.index(cell[0]), framework.codes.index(cell[1])) for cell in named}
    values = matrix.values.copy()
    for cell, own in named.items():
        if any(finding.severity is Severity.ERROR for finding in own):
            values[at[cell]] = nan
    reckoning = _Reckoning(matrix, values, framework, method)
    meant = {cell: _meant(matrix.observations[i][j], named[cell]) for cell, (i, j) in at.items()}
    asked = [cell for cell in named if meant[cell] or not isnan(matrix.values[at[cell]])]
    return {cell: reckoning.cost(*at[cell], meant[cell]) for cell in progress(asked)}


class _Reckoning:
    """One edition, computed as it is and with single cells changed."""

    def __init__(self, matrix: Matrix, values: Array, framework: Framework, method: Method):
        self._matrix, self._values = matrix, values
        self._framework, self._method = framework, method
        self._base = self._index(values)

    def _index(self, values: Array) -> tuple[Array, Array]:
        """Score and rank of the index for every province."""
        scores = compute(replace(self._matrix, values=values), self._framework, self._method)
        column = scores.column(self._framework.index)
        return scores.score[:, column], scores.rank[:, column]

    def cost(self, i: int, j: int, meant: Sequence[float]) -> Cost:
        """What hangs on cell (i, j), which may also mean each of `meant`."""
        given = float(self._matrix.values[i, j])
        without, failed = self._changed(i, j, nan)
        nothing = self._standing(i, nan, without, without, failed)

        def standing(value: float) -> Standing:
            index, failed = self._changed(i, j, value)
            return self._standing(i, value, index, without, failed)

        return Cost(
            None if isnan(given) else standing(given),
            nothing,
            tuple(standing(value) for value in meant if value != given),
        )

    def _changed(self, i: int, j: int, value: float) -> tuple[tuple[Array, Array] | None, str]:
        if np.array_equal(self._values[i, j], value, equal_nan=True):
            return self._base, ""
        values = self._values.copy()
        values[i, j] = value
        try:
            return self._index(values), ""
        except DataError as error:
            return None, str(error)

    @staticmethod
    def _standing(
        i: int,
        value: float,
        index: tuple[Array, Array] | None,
        without: tuple[Array, Array] | None,
        failed: str,
    ) -> Standing:
        if index is None:
            return Standing(value, failed=failed)
        score, rank = index
        moved = 0
        if without is not None:
            other = ~((rank == without[1]) | (np.isnan(rank) & np.isnan(without[1])))
            other[i] = False
            moved = int(other.sum())
        return Standing(value, float(score[i]), float(rank[i]), moved)


def _meant(cell: Observation, findings: Sequence[Finding]) -> tuple[float, ...]:
    """Other values that a remedy suggests for the cell, each once."""
    found = [value for finding in findings for value in _suggested(cell, finding)]
    return tuple(dict.fromkeys(found))


def _suggested(cell: Observation, finding: Finding) -> Iterable[float]:
    facts = finding.facts
    if finding.rule == "V103":  # a text with two readings
        return (_number(facts["one_en"]), _number(facts["other_en"]))
    if finding.rule == "V109" and cell.kind is Kind.PERCENT:
        return (float(cell.text.rstrip("%")),)
    for fact in ("meant_en", "ratio_en"):  # another unit; what numerator and denominator give
        if fact in facts:
            return (_number(facts[fact]),)
    if finding.rule == "V201" and cell.status is Status.VALUE and "%" in facts["unit_en"]:
        return (cell.value / 100,)
    return ()


def _number(text: str) -> float:
    """A fact in English notation, as `pii.decimals.in_words` wrote it."""
    return float(text.replace(",", ""))

"""The frozen matrix: provinces × indicators, and what stands behind every cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

import numpy as np
import numpy.typing as npt

from pii.errors import DataError
from pii.framework import Framework, Variable
from pii.frozen import Frozen
from pii.provinces import Province, ProvinceList
from pii.submission import Observation, Place, Status, Submission

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Provinces × indicators, read-only.

    `provinces` : codes (or unit names), sorted, so that no file order can change a result.
    `indicators` : printed codes, in the framework's leaf order.
    `values` : (provinces, indicators), each in its indicator's unit; NaN where `observations`
    says why there is none.
    `observations` : (provinces) of (indicators), the cell behind each value.
    `variables` : by code, a cell per province of what travels beside: denominators and groups.
    `other_years` : matrices of the same indicators by year, for the imputations that read years;
    a province that one of them lacks is missing there.
    """

    provinces: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Array
    observations: tuple[tuple[Observation, ...], ...]
    variables: Mapping[str, tuple[Observation, ...]] = field(default_factory=Frozen)
    other_years: Mapping[int, "Matrix"] = field(default_factory=Frozen)

    def numbers(self, variable: str) -> Array:
        """(provinces,), a denominator; NaN where there is none."""
        return np.array([cell.value for cell in self.variables[variable]], dtype=np.float64)

    def labels(self, variable: str) -> tuple[str, ...]:
        """The group of each province, "" where it has none."""
        return tuple(cell.text for cell in self.variables[variable])

    def status(self, i: int, j: int) -> Status:
        """Why cell (i, j) has a number or has none."""
        return self.observations[i][j].status


def assemble(
    submissions: Sequence[Submission],
    framework: Framework,
    listed: ProvinceList | None = None,
) -> Matrix:
    """Long to wide, once: one row per province, one column per indicator of the framework.

    listed : the provinces that count; what it registers stands in for a variable that no
    submission holds.
    Cells that no submission holds become NOT_SUBMITTED. Codes that the framework does not have
    are the business of the checks and are not looked at here.

    Raises
    ------
    DataError
        Where two submissions speak for one province, or there is none at all.
    """
    if not submissions:
        raise DataError("no submission to assemble: not one province is left")
    by_province = {submission.province: submission for submission in submissions}
    if len(by_province) != len(submissions):
        names = [submission.province for submission in submissions]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise DataError(f"more than one submission for {', '.join(twice)}; keep one of them")
    provinces = tuple(sorted(by_province))
    observations = tuple(_row(by_province[code], framework) for code in provinces)
    values = np.array([[cell.value for cell in row] for row in observations], dtype=np.float64)
    values.setflags(write=False)
    known = listed.by_code if listed else {}
    beside = {
        variable.code: tuple(
            _variable(by_province[code], variable, known.get(code)) for code in provinces
        )
        for variable in framework.variables
    }
    return Matrix(provinces, framework.codes, values, observations, Frozen(beside))


def _variable(
    submission: Submission, variable: Variable, registered: Province | None
) -> Observation:
    given = {cell.indicator: cell for cell in submission.variables}.get(variable.code)
    if given is not None and given.status is not Status.NOT_SUBMITTED:
        return given
    known = registered is not None and variable.registered is not None
    figure = getattr(registered, str(variable.registered)) if known else None
    if registered is None or figure is None:
        return given or Observation(submission.province, variable.code, Place(""))
    number = nan if variable.kind == "group" else figure
    return Observation(
        submission.province,
        variable.code,
        Place("provinces.csv", "", registered.code),
        text=str(figure),
        value=number,
        status=Status.VALUE,
    )


def _row(submission: Submission, framework: Framework) -> tuple[Observation, ...]:
    given = {cell.indicator: cell for cell in submission.observations}
    return tuple(
        given.get(code) or Observation(submission.province, code, Place(""))
        for code in framework.codes
    )


def matrix_of(
    values: Array,
    provinces: Sequence[str],
    framework: Framework,
    variables: Mapping[str, Sequence[float | str]] = Frozen(),
) -> Matrix:
    """A matrix from plain numbers, for notebooks and tests; rows are sorted by province.

    values : (provinces, indicators), in leaf order; NaN where missing.
    variables : by code, a number (NaN where missing) or a label ("") per province.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.shape != (len(provinces), len(framework.codes)):
        raise DataError(
            f"values are {table.shape}; expected {len(provinces)} provinces × "
            f"{len(framework.codes)} indicators"
        )
    if np.isinf(table).any():
        raise DataError("values hold an infinity; a figure must be finite, or NaN where missing")
    rows = [
        Submission(
            name,
            Place(""),
            tuple(
                Observation(
                    name,
                    code,
                    Place(""),
                    value=float(x),
                    status=Status.NOT_SUBMITTED if np.isnan(x) else Status.VALUE,
                )
                for code, x in zip(framework.codes, row, strict=True)
            ),
            variables=tuple(_beside(name, code, given[i]) for code, given in variables.items()),
        )
        for i, (name, row) in enumerate(zip(provinces, table, strict=True))
    ]
    return assemble(rows, framework)


def _beside(province: str, code: str, given: float | str) -> Observation:
    number = nan if isinstance(given, str) else float(given)
    text = given if isinstance(given, str) else "" if np.isnan(number) else repr(number)
    status = Status.VALUE if text else Status.NOT_SUBMITTED
    return Observation(province, code, Place(""), text=text, value=number, status=status)

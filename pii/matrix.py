"""The frozen matrix: provinces × indicators, and what stands behind every cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pii.errors import DataError
from pii.framework import Framework
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
    """

    provinces: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Array
    observations: tuple[tuple[Observation, ...], ...]

    def status(self, i: int, j: int) -> Status:
        """Why cell (i, j) has a number or has none."""
        return self.observations[i][j].status


def assemble(submissions: Sequence[Submission], framework: Framework) -> Matrix:
    """Long to wide, once: one row per province, one column per indicator of the framework.

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
    return Matrix(provinces, framework.codes, values, observations)


def _row(submission: Submission, framework: Framework) -> tuple[Observation, ...]:
    given = {cell.indicator: cell for cell in submission.observations}
    return tuple(
        given.get(code) or Observation(submission.province, code, Place(""))
        for code in framework.codes
    )


def matrix_of(values: Array, provinces: Sequence[str], framework: Framework) -> Matrix:
    """A matrix from plain numbers, for notebooks and tests; rows are sorted by province.

    values : (provinces, indicators), in leaf order; NaN where missing.
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
        )
        for name, row in zip(provinces, table, strict=True)
    ]
    return assemble(rows, framework)

"""What is there: exact sums over the values present, and a bad column named."""

from math import fsum, nan, sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

ROUNDING = 1e-12
"""What binary arithmetic may add to a share or a ratio, and must not decide."""


def mean_of(x: Array) -> float:
    """Mean of the values present in (n,); NaN where there is none."""
    there = x[~np.isnan(x)]
    return fsum(there) / there.size if there.size else nan


def deviation_of(x: Array) -> float:
    """Standard deviation (n − 1) of the values present in (n,); NaN for fewer than two."""
    there = x[~np.isnan(x)]
    mean = mean_of(there)
    return sqrt(fsum((there - mean) ** 2) / (there.size - 1)) if there.size > 1 else nan


def extremes(x: Array) -> tuple[Array, Array]:
    """Lowest and highest value present: of (n,) two numbers, of (..., n, columns) two rows."""
    axis = -min(x.ndim, 2)
    return np.asarray(np.fmin.reduce(x, axis=axis)), np.asarray(np.fmax.reduce(x, axis=axis))


def refuse(columns: Mask, what: str, remedy: str = "") -> None:
    """Raise ValueError where any of (..., columns) is True, naming them."""
    if columns.any():
        numbers = ", ".join(str(column) for column in np.unique(np.nonzero(columns)[-1]))
        raise ValueError(f"{what} in column {numbers}{remedy}")

"""Denomination: size taken out of a value by dividing it by another variable."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Denominated(NamedTuple):
    """Quotients, and the cells that have none.

    values : (..., units, indicators); NaN where `x` was missing or the division impossible
    impossible : (..., units, indicators), True where the denominator is zero, missing or infinite,
        or so small that the quotient leaves the range of floats; each of these is a finding
    """

    values: Array
    impossible: npt.NDArray[np.bool_]


def denominated(x: Array, denominator: Array, scale: Array | float = 1.0) -> Denominated:
    r"""Divide each value by its denominator: trade by GDP, patents by population.

    .. math:: y = x \,/\, \frac{d}{s}

    An indicator that is not to be divided has 1 as its denominator and its scale.

    Parameters
    ----------
    x : (..., units, indicators), in the indicator's unit; NaN where missing
    denominator : broadcast to `x`, so (units, 1) serves all indicators; NaN where missing.
        A negative one turns the order round: whether it may be negative is the caller's to check
    scale : (indicators,) or one number, not zero: 1000 for "per thousand"
    Raises
    ------
    ValueError
        For a scale that is zero or not finite.
    References
    ----------
    OECD/JRC (2008), step 2; COINr, Denominate and its ScaleFactor.
    """
    factor = np.asarray(scale, dtype=np.float64)
    if not (np.isfinite(factor) & (factor != 0)).all():
        raise ValueError("a scale factor is a finite number other than zero")
    divisor = np.broadcast_to(denominator / factor, x.shape)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        quotient = x / divisor
    missing = np.isnan(x)
    impossible = ~np.isfinite(divisor) | (divisor == 0) | (~np.isfinite(quotient) & ~missing)
    return Denominated(np.where(impossible, np.nan, quotient), impossible)

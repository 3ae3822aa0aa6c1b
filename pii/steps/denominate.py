"""Denomination: size taken out of a value by dividing it by another variable."""

from typing import NamedTuple

import numpy as np

from pii.steps.present import Array, Mask


class Denominated(NamedTuple):
    """Quotients, and the cells that have none; both (..., units, indicators).

    values : NaN where `x` was missing or the division impossible
    impossible : where the denominator is zero, missing or infinite, or so small that the quotient
        leaves the range of floats; each of these is a finding
    """

    values: Array
    impossible: Mask


def denominated(x: Array, denominator: Array, scale: Array | float = 1.0) -> Denominated:
    r"""Divide each value by its denominator: trade by GDP, patents by population.

    .. math:: y = x \,/\, \frac{d}{s}

    x : (..., units, indicators), in the indicator's unit; NaN where missing
    denominator : broadcast to `x`; NaN where missing, 1 (with scale 1) for what is not to be
        divided. A negative one turns the order round: whether it may be is the caller's to check
    scale : (indicators,) or one number: 1000 for "per thousand"

    Raises ValueError for a scale that is zero or not finite.

    Source: OECD/JRC (2008), step 2; COINr, Denominate and its ScaleFactor.
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

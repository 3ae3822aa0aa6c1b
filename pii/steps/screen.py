"""Screening: how much of the data is there, and which units have enough of it.

x is (..., units, indicators), any unit of measurement; NaN where missing. Shares are 0–1.
"""

from typing import NamedTuple

import numpy as np

from pii.steps.present import ROUNDING, Array, Mask, Whole


def present_share(x: Array, *, axis: int = -1) -> Array:
    """Share of the cells that have a value: per unit, or per indicator with `axis` −2.

    Source: COINr, get_data_avail: Dat_Avail.
    """
    return np.asarray(np.mean(~np.isnan(x), axis=axis))


def nonzero_share(x: Array, *, axis: int = -1) -> Array:
    """Share of the values present that are not zero: per unit; per indicator with −2.

    NaN where no value is present: nothing is known of its zeros.

    Source: COINr, get_data_avail: Non_Zero.
    """
    present = np.sum(~np.isnan(x), axis=axis)
    zeros = np.sum(x == 0, axis=axis)
    share: Array = np.where(present > 0, 1 - zeros / np.maximum(present, 1), np.nan)
    return share


def unique_values(x: Array) -> Whole:
    """Number of different values of each indicator, (..., indicators); missing is not a value.

    Source: COINr, get_stats: N.Unique.
    """
    ordered = np.sort(x, axis=-2)  # NaN last
    rises = np.diff(ordered, axis=-2) > 0
    some = ~np.isnan(x).all(axis=-2)
    return np.asarray(rises.sum(axis=-2) + some, dtype=np.int64)


class Screened(NamedTuple):
    """Which units are kept, and why; all (..., units).

    kept : after the thresholds and after what is forced
    present : share of the indicators that have a value
    nonzero : share of the values that are not zero; NaN where there is no value
    few, zeros : True where `present`, where `nonzero` lies below its threshold, forced or not
    """

    kept: Mask
    present: Array
    nonzero: Array
    few: Mask
    zeros: Mask


def screened(
    x: Array,
    *,
    present: float,
    nonzero: float,
    force_in: Mask | None = None,
    force_out: Mask | None = None,
) -> Screened:
    """Keep the units with enough values, and enough that are not zero; no cell is changed.

    A threshold of 0 switches its criterion off: COINr's byNA is `nonzero=0`, its byzeros
    `present=0`, its byNAandzeros neither. A unit without any value has no share of zeros and
    fails the first criterion alone.

    present, nonzero : shares; a unit exactly on the threshold is kept
    force_in, force_out : (..., units), True for units kept or left out whatever their shares

    Raises ValueError for a threshold outside 0–1, or a unit forced both ways, naming its row.

    Source: OECD/JRC (2008), step 2; COINr, Screen.
    """
    for name, threshold in (("present", present), ("nonzero", nonzero)):
        if not 0 <= threshold <= 1:
            raise ValueError(f"{name} is a share from 0 to 1 (75 % is 0.75), not {threshold:g}")
    there, not_zero = present_share(x), nonzero_share(x)
    inside = np.zeros(there.shape, dtype=bool) if force_in is None else force_in
    outside = np.zeros(there.shape, dtype=bool) if force_out is None else force_out
    if (inside & outside).any():
        rows = ", ".join(str(row) for row in np.unique(np.nonzero(inside & outside)[-1]))
        raise ValueError(f"forced both in and out: row {rows}; a unit can be forced one way only")
    few, zeros = there < present - ROUNDING, not_zero < nonzero - ROUNDING
    return Screened((~(few | zeros) | inside) & ~outside, there, not_zero, few, zeros)

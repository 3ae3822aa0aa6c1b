"""Values on one scale."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def observed_goalposts(x: Array, higher_is_better: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """The data's own extremes as goalposts: (worst, best), each (..., indicators).

    Direction lives here and nowhere else: where lower is better, `best` is the minimum.
    NaN for an indicator without any value.
    """
    gone = np.isnan(x).all(axis=-2)
    low = np.where(gone, np.nan, np.min(np.where(np.isnan(x), np.inf, x), axis=-2))
    high = np.where(gone, np.nan, np.max(np.where(np.isnan(x), -np.inf, x), axis=-2))
    return np.where(higher_is_better, low, high), np.where(higher_is_better, high, low)


def between_goalposts(
    x: Array, worst: Array, best: Array, *, scale: tuple[float, float] = (0.0, 100.0)
) -> Array:
    r"""Score each value by how far it has travelled from `worst` towards `best`.

    .. math:: y = l + (u - l)\,\frac{x - \mathrm{worst}}{\mathrm{best} - \mathrm{worst}}

    Direction needs no sign: where lower is better, `best` is the smaller goalpost.
    Values beyond a goalpost score exactly `l` or `u`.

    Parameters
    ----------
    x : (..., provinces, indicators), values in the indicator's unit; NaN where missing
    worst, best : (..., indicators), in the same unit; NaN where the indicator has no data
    Returns
    -------
    (..., provinces, indicators), on `scale`; NaN where missing
    Raises
    ------
    ValueError
        Where two goalposts coincide, naming the columns.
    References
    ----------
    OECD/JRC (2008), step 5.
    """
    same = np.argwhere(worst == best)
    if same.size:
        columns = ", ".join(str(column) for column in np.unique(same[:, -1]))
        raise ValueError(f"worst and best coincide in column {columns}")
    low, high = scale
    share = (x - worst[..., None, :]) / (best - worst)[..., None, :]
    return np.clip(low + (high - low) * share, low, high)

"""Which units have enough indicators, and what are counts worth beside the size of a unit?"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def availability(values: ArrayLike) -> Array:
    """Share of indicators that each unit has, 0–1.

    Parameters
    ----------
    values : array_like of float, shape (..., units, indicators)
        NaN: missing.

    Returns
    -------
    array of float, shape (..., units)
    """
    return np.asarray(np.mean(~np.isnan(np.asarray(values, dtype=float)), axis=-1))


def screen_units(values: ArrayLike, minimum: float) -> NDArray[np.bool_]:
    """Units with at least this share of indicators (0–1), shape (..., units)."""
    if not 0 <= minimum <= 1:
        raise ValueError(f"the share of indicators that a unit needs lies in 0-1; here {minimum}")
    return np.asarray(availability(values) >= minimum)


def divide_by_denominators(values: ArrayLike, denominators: ArrayLike) -> Array:
    """Counts beside the size of a unit: missing where the denominator is missing or 0.

    Parameters
    ----------
    values : array_like of float, shape (..., units, indicators)
    denominators : array_like of float
        Of the same shape or one that fits; 1 where an indicator stands by itself. 0 or more.
    """
    below = np.asarray(denominators, dtype=float)
    if np.any(below < 0):
        raise ValueError("denominators are sizes of units: none is negative")
    return np.asarray(values, dtype=float) / np.where(below == 0, np.nan, below)

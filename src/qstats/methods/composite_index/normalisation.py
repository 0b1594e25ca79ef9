"""How do indicators in different units come onto one scale?

Every function takes values whose direction is turned already (more is better) and works along the units, the
axis before the last; leading axes are draws, years or whatever repeats. Missing stays missing.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

Array = NDArray[np.float64]
_UNITS = -2


def minmax(values: ArrayLike, *, lower: float = 0.0, upper: float = 100.0) -> Array:
    """Worst unit at `lower`, best at `upper`; NaN where all units are alike."""
    x = np.asarray(values, dtype=float)
    low, high = _smallest(x), _largest(x)
    return np.asarray(lower + (upper - lower) * _ratio(x - low, high - low))


def z_scores(values: ArrayLike, *, mean: float = 0.0, deviation: float = 1.0) -> Array:
    """Units in sample standard deviations (n − 1) from their mean, moved to a mean and deviation."""
    x = np.asarray(values, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        n = np.sum(~np.isnan(x), axis=_UNITS, keepdims=True)
        centre = np.nansum(x, axis=_UNITS, keepdims=True) / np.where(n == 0, np.nan, n)
        spread = np.sqrt(
            np.nansum((x - centre) ** 2, axis=_UNITS, keepdims=True) / np.where(n < 2, np.nan, n - 1)
        )
    return np.asarray(mean + deviation * _ratio(x - centre, spread))


def ranks(values: ArrayLike) -> Array:
    """Rank from the worst, 1; units that are alike share the smallest of theirs."""
    x = np.asarray(values, dtype=float)
    found = np.asarray(rankdata(x, method="min", axis=_UNITS, nan_policy="omit"), dtype=float)
    return np.where(np.isnan(x), np.nan, found)


def borda(values: ArrayLike) -> Array:
    """Number of units that are worse."""
    return ranks(values) - 1


def percentile_ranks(values: ArrayLike) -> Array:
    """Share of the other units that are worse, 0–1."""
    x = np.asarray(values, dtype=float)
    n = np.sum(~np.isnan(x), axis=_UNITS, keepdims=True)
    return _ratio(borda(x), n - 1.0)


def goalposts(
    values: ArrayLike, *, low: ArrayLike, high: ArrayLike, scale: tuple[float, float] = (0.0, 100.0)
) -> Array:
    """Fixed bounds, the same in every year: `low` is the bottom of the scale, `high` its top; no further.

    Parameters
    ----------
    values : array_like of float, shape (..., units, indicators)
    low, high : array_like of float, shape (indicators,)
        Of values turned like these: of an indicator that should be small both are negative, and ``low`` is
        the larger amount.
    scale : (float, float)
        Bottom and top.
    """
    below, above = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    if not np.all(below < above):
        raise ValueError("a goalpost's lower bound lies below its upper one, after turning directions")
    share = np.clip((np.asarray(values, dtype=float) - below) / (above - below), 0.0, 1.0)
    return np.asarray(scale[0] + (scale[1] - scale[0]) * share)


def distance_to_target(values: ArrayLike, *, target: ArrayLike, cap: bool = False) -> Array:
    """Share of the way from the worst unit to a target; beyond 1 where it is passed, unless capped."""
    x, low = np.asarray(values, dtype=float), _smallest(np.asarray(values, dtype=float))
    found = _ratio(x - low, np.asarray(target, dtype=float) - low)
    return np.minimum(found, 1.0) if cap else found


def distance_to_reference(values: ArrayLike, *, reference: int, cap: bool = False) -> Array:
    """Share of the way from the worst unit to the unit at position `reference`."""
    x = np.asarray(values, dtype=float)
    return distance_to_target(x, target=x[..., [reference], :], cap=cap)


def distance_to_best(values: ArrayLike) -> Array:
    """Share of the way from the worst unit to the best, 0–1."""
    return minmax(values, upper=1.0)


def fraction_of_best(values: ArrayLike) -> Array:
    """Value over that of the best unit; for positive values that should be large."""
    x = np.asarray(values, dtype=float)
    return _ratio(x, _largest(x))


def unchanged(values: ArrayLike) -> Array:
    """Values as they are: they have one scale already."""
    return np.array(values, dtype=float)


NORMALISATIONS: dict[str, Callable[..., Array]] = {
    "minmax": minmax,
    "z_scores": z_scores,
    "ranks": ranks,
    "borda": borda,
    "percentile_ranks": percentile_ranks,
    "goalposts": goalposts,
    "distance_to_target": distance_to_target,
    "distance_to_reference": distance_to_reference,
    "distance_to_best": distance_to_best,
    "fraction_of_best": fraction_of_best,
    "unchanged": unchanged,
}


def normalise(values: ArrayLike, method: str, **options: Any) -> Array:
    """Values on one scale by a named method, with its options.

    Raises
    ------
    ValueError
        A method that is not known.
    """
    if method not in NORMALISATIONS:
        raise ValueError(f"there is no normalisation {method!r}; there are: {', '.join(NORMALISATIONS)}")
    return NORMALISATIONS[method](values, **options)


def _smallest(x: Array) -> Array:
    return np.asarray(np.fmin.reduce(x, axis=_UNITS, keepdims=True))


def _largest(x: Array) -> Array:
    return np.asarray(np.fmax.reduce(x, axis=_UNITS, keepdims=True))


def _ratio(above: Array, below: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(above / np.where(below == 0, np.nan, below))

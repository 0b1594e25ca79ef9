"""How do several scores become one, and what may make up for what?

Each function takes scores (..., units, parts) and weights (..., parts) and returns (..., units). Weights of
missing parts go to those that are there, in proportion; a unit without any part is missing.

References
----------
OECD/JRC (2008), *Handbook on Constructing Composite Indicators*, doi:10.1787/9789264043466-en;
Mazziotta & Pareto (2016), doi:10.1007/s11205-015-0998-2.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.composite_index.outranking import copeland

Array = NDArray[np.float64]


def arithmetic_mean(scores: ArrayLike, weights: ArrayLike) -> Array:
    """Weighted mean: a low score is made up for by as much of a high one."""
    x, w = _together(scores, weights)
    return _sum(x, w)


def geometric_mean(scores: ArrayLike, weights: ArrayLike) -> Array:
    """Weighted geometric mean: what is low is made up for in proportion only; scores are positive."""
    x, w = _positive(scores, weights, "geometric")
    return np.asarray(np.exp(_sum(np.log(x), w)))


def harmonic_mean(scores: ArrayLike, weights: ArrayLike) -> Array:
    """Weighted harmonic mean: a low score weighs still more; scores are positive."""
    x, w = _positive(scores, weights, "harmonic")
    return np.asarray(1 / _sum(1 / x, w))


def generalised_mean(scores: ArrayLike, weights: ArrayLike, *, exponent: float = -1.0) -> Array:
    """Weighted power mean; 1 is the arithmetic, −1 the harmonic, 0 the geometric; scores are positive."""
    if exponent == 0:
        return geometric_mean(scores, weights)
    x, w = _positive(scores, weights, "generalised")
    return np.asarray(_sum(x**exponent, w) ** (1 / exponent))


def mazziotta_pareto(scores: ArrayLike, weights: ArrayLike, *, sign: int = -1) -> Array:
    """Mean less a penalty for unequal parts, M ± S²/M, S the deviation of a unit's parts; positive scores.

    ``sign`` −1 punishes unequal parts of what should be large, +1 of what should be small.
    """
    x, w = _positive(scores, weights, "Mazziotta-Pareto")
    mean = _sum(x, w)
    variance = _sum((x - mean[..., None]) ** 2, w)
    return np.asarray(mean + sign * variance / mean)


AGGREGATIONS: dict[str, Callable[..., Array]] = {
    "arithmetic": arithmetic_mean,
    "geometric": geometric_mean,
    "harmonic": harmonic_mean,
    "generalised": generalised_mean,
    "mazziotta_pareto": mazziotta_pareto,
    "copeland": copeland,
}


def aggregate(scores: ArrayLike, weights: ArrayLike, method: str, **options: Any) -> Array:
    """One score for each unit by a named method.

    Raises
    ------
    ValueError
        A method that is not known; scores of 0 or less where a mean needs positive ones.
    """
    if method not in AGGREGATIONS:
        raise ValueError(f"there is no aggregation {method!r}; there are: {', '.join(AGGREGATIONS)}")
    return AGGREGATIONS[method](scores, weights, **options)


def _together(scores: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
    """Scores, and weights of the parts that each unit has, adding up to 1; NaN where it has none.

    A missing score stands as 1, which no mean takes offence at, with the weight 0.
    """
    x, w = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float)[..., None, :]
    if not np.isnan(x).any():
        return x, w / w.sum(axis=-1, keepdims=True)
    there = np.where(np.isnan(x), 0.0, w)
    total = there.sum(axis=-1, keepdims=True)
    return np.where(np.isnan(x), 1.0, x), there / np.where(total == 0, np.nan, total)


def _sum(x: Array, w: Array) -> Array:
    return np.asarray(np.einsum("...k,...k->...", x, w))


def _positive(scores: ArrayLike, weights: ArrayLike, name: str) -> tuple[Array, Array]:
    x, w = _together(scores, weights)
    if np.any(x <= 0):
        raise ValueError(
            f"the {name} mean needs positive scores; normalise to a scale that begins above 0, such as 1-100"
        )
    return x, w

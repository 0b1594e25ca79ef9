"""Do two items fail in the same batch more often than chance would have it?

Within each stratum (batches of one product class) with m failed batches, of which a fail in the first item
and b in the second, independence gives a hypergeometric number that fail in both. Numbers of the strata add
up, so that items which merely belong to the same class are not taken for a pair.

The exact conditional test of Birch (1964), doi:10.1111/j.2517-6161.1964.tb00564.x, one-sided.
"""

from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import hypergeom


def expected_together(failed: ArrayLike, first: ArrayLike, second: ArrayLike) -> float:
    """Batches expected to fail in both items if these were independent within strata.

    Parameters
    ----------
    failed, first, second : array_like of int, shape (strata,)
        Failed batches, those that fail in the first item, in the second.
    """
    m, a, b = _counts(failed, first, second)
    return float(np.divide(a * b, m, out=np.zeros(len(m)), where=m > 0).sum())


def together_p_value(failed: ArrayLike, first: ArrayLike, second: ArrayLike, both: int) -> float:
    """Probability of at least so many batches that fail in both items, by chance alone.

    Parameters
    ----------
    failed, first, second : array_like of int, shape (strata,)
    both : int
        Batches that fail in both, over all strata.

    Raises
    ------
    ValueError
        More batches than failed ones, or a negative number.
    """
    m, a, b = _counts(failed, first, second)
    if both < 0 or both > np.minimum(a, b).sum():
        raise ValueError("batches that fail in both items must lie between 0 and those that fail in either")
    chances = (
        hypergeom.pmf(np.arange(min(one, other) + 1), total, one, other)
        for total, one, other in zip(m, a, b, strict=True)
    )
    number: NDArray[np.float64] = reduce(np.convolve, chances, np.ones(1))
    return float(min(1.0, number[both:].sum()))


def _counts(failed: ArrayLike, first: ArrayLike, second: ArrayLike) -> list[NDArray[np.int64]]:
    m, a, b = (np.atleast_1d(np.asarray(part, dtype=np.int64)) for part in (failed, first, second))
    if np.any(np.minimum(a, b) < 0) or np.any(np.maximum(a, b) > m):
        raise ValueError("items fail in 0 to all of a stratum's failed batches")
    return [m, a, b]

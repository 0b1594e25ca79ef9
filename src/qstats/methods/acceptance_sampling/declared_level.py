"""Do the failures contradict the quality level that was declared?

A test of the hypothesis that the declaration is true: it is contradicted only where so many failures would
be rare (probability at most the risk) if it were. A declaration that is not contradicted is not proved.

This is the reasoning behind GB/T 2828.4 and GB/T 2828.11, from first principles with exact probabilities;
it uses none of their tables, and conformity with those standards is not claimed.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaincinv
from scipy.stats import hypergeom


def contradiction_p_value(
    n: ArrayLike, failures: ArrayLike, declared: ArrayLike, *, lot_size: int | None = None
) -> NDArray[np.float64]:
    """Probability of at least so many failures if the declared level is true.

    Parameters
    ----------
    n, failures : array_like
        Counts or effective counts, ``0 <= failures <= n``; whole with a lot size.
    declared : array_like
        Declared fraction nonconforming, 0-1.
    lot_size : int, optional
        Items that the declaration is about; then the declared number of nonconforming items is rounded up,
        in favour of the declaration. Without it: a process, or a lot much larger than the sample.

    Returns
    -------
    array of float
        One-sided exact p-value.

    Raises
    ------
    ValueError
        Impossible counts, or a declared level outside 0-1.
    """
    n, x, declared = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (n, failures, declared)))
    _check(n, x, declared)
    if lot_size is None:
        tail = betainc(np.where(x > 0, x, 1.0), n - np.where(x > 0, x, 0.0) + 1, declared)
        return np.where(x > 0, tail, 1.0)
    if np.any((n > lot_size) | (n != np.rint(n)) | (x != np.rint(x))):
        raise ValueError("counts from a lot are whole and no larger than the lot")
    return hypergeom.sf(x - 1, lot_size, np.ceil(declared * lot_size - 1e-9), n)


def tolerated_failures(
    n: ArrayLike, declared: ArrayLike, *, risk: float = 0.05, lot_size: int | None = None
) -> NDArray[np.int64]:
    """Most failures that do not contradict the declared level.

    Parameters
    ----------
    n, declared, lot_size
        As for :func:`contradiction_p_value`.
    risk : float
        Largest probability of contradicting a true declaration, 0-1.

    Returns
    -------
    array of int
        L: more than L failures contradict. At most n, where no outcome contradicts.

    Raises
    ------
    ValueError
        A risk that is not between 0 and 1; else as for :func:`contradiction_p_value`.
    """
    if not 0 < risk < 1:
        raise ValueError("risk must lie between 0 and 1, the ends excluded")
    n, declared = np.broadcast_arrays(np.asarray(n, dtype=float), np.asarray(declared, dtype=float))
    low, high = np.full(n.shape, -1.0), np.floor(n)  # one more than `low` never contradicts, than `high` does
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        more = np.minimum(middle + 1, np.floor(n))
        rare = contradiction_p_value(n, more, declared, lot_size=lot_size) <= risk
        narrow = high - low > 1
        high, low = np.where(narrow & rare, middle, high), np.where(narrow & ~rare, middle, low)
    return high.astype(np.int64)


def detected_level(n: ArrayLike, tolerated: ArrayLike, *, power: float = 0.90) -> NDArray[np.float64]:
    """Fraction nonconforming at which more than the tolerated failures appear with probability ``power``.

    Returns
    -------
    array of float
        0-1; not a number where the sample is too small ever to contradict.

    Raises
    ------
    ValueError
        A power that is not between 0 and 1.
    """
    n, limit = np.broadcast_arrays(np.asarray(n, dtype=float), np.asarray(tolerated, dtype=float))
    if not 0 < power < 1:
        raise ValueError("power must lie between 0 and 1, the ends excluded")
    possible = n >= limit + 1
    rest = np.where(possible, n - limit, 1.0)
    return np.where(possible, betaincinv(limit + 1, rest, power), np.nan)


def _check(n: NDArray[np.float64], x: NDArray[np.float64], declared: NDArray[np.float64]) -> None:
    if not np.all((x >= 0) & (x <= n)):
        raise ValueError("failures must lie between 0 and n")
    if not np.all((declared >= 0) & (declared <= 1)):
        raise ValueError("a declared level must be a fraction between 0 and 1")

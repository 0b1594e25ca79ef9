"""How many batches show that a pass rate is reached, and what do so many show?

Exact binomial: with at most c failures among n, the one-sided lower limit of the pass rate is the one of
Clopper and Pearson. Counts may be real numbers (effective counts of a clustered sample).

References
----------
Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404; Hahn & Meeker (1991), doi:10.1002/9780470316771.
"""

from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaincinv

Whole = TypeVar("Whole", int, NDArray[np.int64])


def demonstration_size(
    pass_rate: ArrayLike,
    *,
    confidence: ArrayLike = 0.95,
    failures: ArrayLike = 0,
    design_effect: float = 1.0,
) -> NDArray[np.int64]:
    """Smallest number of batches that demonstrates a pass rate with so many failures.

    Parameters
    ----------
    pass_rate : array_like
        Rate to be demonstrated, above 0 and below 1.
    confidence : array_like
        One-sided level, 0-1.
    failures : array_like of int
        Failures allowed, 0 or more.
    design_effect : float
        Batches that count as one independent batch, 1 or more; failures count in the same proportion.

    Returns
    -------
    array of int
        n, such that a true rate of ``pass_rate`` or less shows at most ``failures`` failures among n with
        probability at most 1 - confidence: the smallest n for which :func:`demonstrated_rate` of
        ``n / design_effect`` and ``failures / design_effect`` is at least ``pass_rate``.

    Raises
    ------
    ValueError
        A rate or level outside 0-1, negative or broken failures, or a design effect below 1.
    """
    given = (np.asarray(value, dtype=float) for value in (pass_rate, confidence, failures))
    rate, level, c = np.broadcast_arrays(*given)
    if not (np.all((rate > 0) & (rate < 1)) and np.all((level > 0) & (level < 1))):
        raise ValueError("pass_rate and confidence must lie between 0 and 1, the ends excluded")
    if not np.all((c >= 0) & (c == np.rint(c))):
        raise ValueError("failures must be whole and not negative")
    if not design_effect >= 1:
        raise ValueError("design_effect must be 1 or more")

    def shows(n: NDArray[np.float64]) -> NDArray[np.bool_]:
        passes = np.maximum(n - c, 1e-300) / design_effect
        return betainc(passes, c / design_effect + 1, rate) <= 1 - level

    low, high = c.copy(), c + 1
    while np.any(short := ~shows(high)):
        low, high = np.where(short, high, low), np.where(short, 2 * high, high)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        enough = shows(middle) & (middle > low)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high.astype(np.int64)


def demonstrated_rate(n: ArrayLike, failures: ArrayLike, *, confidence: float = 0.95) -> NDArray[np.float64]:
    """Pass rate that n batches with so many failures demonstrate: its one-sided lower limit.

    Parameters
    ----------
    n, failures : array_like
        Counts or effective counts, ``0 <= failures <= n``.
    confidence : float
        One-sided level, 0-1.

    Returns
    -------
    array of float
        0-1; 0 where nothing passed or nothing was sampled.

    Raises
    ------
    ValueError
        ``failures`` outside ``0..n``, or a level outside 0-1.
    """
    n, x = (np.asarray(value, dtype=float) for value in (n, failures))
    if not np.all((x >= 0) & (x <= n)):
        raise ValueError("failures must lie between 0 and n")
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie between 0 and 1, the ends excluded")
    passes = n - x
    limit = betaincinv(np.where(passes > 0, passes, 1.0), x + 1, 1 - confidence)
    return np.where(passes > 0, limit, 0.0)


def failures_tolerated(total: Whole, level: float) -> Whole:
    """Most failures among so many with which the share is still reached; the level is taken as it is written.

    As a binary fraction 0.98 lies a hair above or below 49 of 50, which would decide the verdict.
    """
    share = 1 - Fraction(repr(float(level)))
    return total * share.numerator // share.denominator

"""Between which values does a count lie with all but a declared probability?

Exact tails of the binomial and the Poisson distribution, continued between whole numbers by the incomplete
beta and gamma functions. A value is outside its limits exactly where its own tail probability is smaller than
declared, so the drawn limit and the rule are one; sizes of sample may be effective ones, which are no whole
numbers. Near 100 % normal limits are of no use: with 88 passes of 88 they call a unit extreme where the
exact probability of so good a result is 3 %.

References
----------
Spiegelhalter (2005), doi:10.1002/sim.1970 (limits interpolated between whole numbers).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammainc, gammaincc, ndtr

Floats = NDArray[np.float64]
_HALVINGS = 80


def tail_beyond(sigmas: float) -> float:
    """Probability beyond so many standard errors on one side of a normal distribution."""
    return float(ndtr(-sigmas))


def binomial_limits(rate: ArrayLike, n: ArrayLike, tail: float) -> tuple[Floats, Floats]:
    """Limits of a binomial proportion, each exceeded with probability below ``tail``.

    Parameters
    ----------
    rate : array_like
        Proportion while nothing has changed, 0–1. At exactly 0 or 1 it was estimated from a baseline
        without a single failure (or pass) and allows no limits: NaN.
    n : array_like
        Size of sample, real and positive; NaN gives NaN.
    tail : float
        One-sided probability.

    Returns
    -------
    lower, upper : array
        Proportions; 0 or 1 where no result on that side is improbable enough.
    """
    rate, n = np.broadcast_arrays(np.asarray(rate, dtype=float), np.asarray(n, dtype=float))
    possible = (rate > 0) & (rate < 1) & (n > 0)
    p, size = np.where(possible, rate, 0.5), np.where(possible, n, 1.0)
    lower = _least(lambda x: binomial_at_most(x, size, p), size, tail) / size
    upper = 1 - _least(lambda x: binomial_at_most(x, size, 1 - p), size, tail) / size
    return np.where(possible, lower, np.nan), np.where(possible, upper, np.nan)


def poisson_limits(expected: ArrayLike, tail: float) -> tuple[Floats, Floats]:
    """Limits of a Poisson count, each exceeded with probability below ``tail``; NaN where 0 is expected."""
    mean = np.asarray(expected, dtype=float)
    possible = mean > 0
    known = np.where(possible, mean, 1.0)
    lower = _least(lambda x: gammaincc(x + 1, known), known, tail)
    ceiling = 2 * known + 60 * np.sqrt(known) + 60  # beyond any tail that a float can tell from 0
    upper = ceiling - _least(lambda x: gammainc(np.maximum(ceiling - x, 1e-12), known), ceiling, tail)
    return np.where(possible, lower, np.nan), np.where(possible, upper, np.nan)


def binomial_at_most(successes: ArrayLike, n: ArrayLike, rate: ArrayLike) -> Floats:
    """Probability of at most so many successes; continued between whole numbers, 1 at ``successes = n``."""
    x, size = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    left = np.maximum(size - x, 0.0)
    return np.where(
        left > 0, betainc(np.where(left > 0, left, 1.0), x + 1, 1 - np.asarray(rate, dtype=float)), 1.0
    )


def _least(at_most: Callable[[Floats], Floats], highest: Floats, tail: float) -> Floats:
    """Smallest value in 0..highest that is reached or undercut with probability ``tail``, by halving."""
    low, high = np.zeros(highest.shape), np.array(highest, dtype=float)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = at_most(middle) < tail
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(at_most(np.zeros(highest.shape)) >= tail, 0.0, high)

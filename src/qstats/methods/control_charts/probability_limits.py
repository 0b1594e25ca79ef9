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

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincc, ndtr

from qstats.methods.funnels import funnel_limits
from qstats.methods.inverted_tests import bisect_increasing

Floats = NDArray[np.float64]


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
    lower, upper = funnel_limits(
        np.where(possible, rate, 0.5), np.where(possible, n, 1.0), coverage=1 - 2 * tail
    )
    return np.where(possible, lower, np.nan), np.where(possible, upper, np.nan)


def poisson_limits(expected: ArrayLike, tail: float) -> tuple[Floats, Floats]:
    """Limits of a Poisson count, each exceeded with probability below ``tail``; NaN where 0 is expected."""
    mean = np.asarray(expected, dtype=float)
    possible = mean > 0
    known = np.where(possible, mean, 1.0)
    nothing, most = np.zeros(known.shape), 2 * known + 60 * np.sqrt(known) + 60  # beyond any tail of a float
    at_most_none = np.exp(-known)
    lower = bisect_increasing(lambda count: gammaincc(count + 1, known) - tail, nothing, known)
    upper = bisect_increasing(lambda count: tail - gammainc(np.maximum(count, 1e-12), known), nothing, most)
    return (
        np.where(possible, np.where(at_most_none >= tail, 0.0, lower), np.nan),
        np.where(possible, upper, np.nan),
    )

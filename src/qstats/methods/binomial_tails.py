"""How likely is a count at least, or at most, so large?

Tails of the binomial distribution over arrays. The upper tail is an incomplete beta function and so goes on
smoothly between whole counts, which effective counts need.

Source: DLMF 8.17.5, https://dlmf.nist.gov/8.17.E5.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, betainc

from qstats.methods.binomial_intervals import Floats, Limits, checked_counts


def upper_tail(successes: Floats, n: Floats, rate: Floats) -> Floats:
    """Probability of at least so many successes, continued to counts that are not whole."""
    possible = successes < n + 1
    inside = np.where(possible & (successes > 0), successes, 1.0)
    tail = betainc(inside, np.where(possible, n - successes, 0.0) + 1, rate)
    return np.where(successes <= 0, 1.0, np.where(possible, tail, 0.0))


def lower_tail(successes: Floats, n: Floats, rate: Floats) -> Floats:
    """Probability of at most so many successes out of a whole ``n``; 0 below no successes."""
    return np.where(successes < 0, 0.0, bdtr(np.maximum(successes, 0.0), n.astype(int), rate))


def largest_count_within(tail: Floats | float, n: Floats, rate: Floats) -> Floats:
    """Largest count whose lower tail is at most ``tail``; -1 where not even none is so unlikely."""
    shape = np.broadcast(tail, n, rate).shape
    low, high = np.full(shape, -1.0), np.broadcast_to(n, shape)
    for _ in range(int(np.log2(np.max(n, initial=1.0))) + 2):
        middle = np.floor((low + high) / 2)
        fits = lower_tail(middle, n, rate) <= tail
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return low


def checked_whole_counts(successes: ArrayLike, n: ArrayLike) -> Limits:
    """Successes and totals as arrays of whole floats.

    Raises
    ------
    ValueError
        Counts that are not whole, negative or unknown, or more successes than ``n``.
    """
    successes, n = checked_counts(successes, n)
    if np.any((successes != np.floor(successes)) | (n != np.floor(n))):
        raise ValueError("this method takes whole counts; effective counts need a method for real numbers")
    return successes, n

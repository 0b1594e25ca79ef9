"""Which pass rates does an exact test not reject?

Confidence limits as the set of proportions that a test leaves standing, found by bisection. Mid-p counts half
of the observed result's probability and covers about as often as it says; Blaker's limits lie inside
Clopper-Pearson's and still never cover less than they say.

Source: Berry & Armitage (1995), doi:10.2307/2348891; Blaker (2000), doi:10.2307/3315916.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.binomial_intervals import (
    Floats,
    Limits,
    agresti_coull_interval,
    checked_counts,
    clopper_pearson_bounds,
    clopper_pearson_interval,
    jeffreys_interval,
    logit_interval,
    wilson_corrected_interval,
    wilson_interval,
)
from qstats.methods.binomial_tails import (
    checked_whole_counts,
    largest_count_within,
    lower_tail,
    upper_tail,
)

BISECTIONS = 60
"""Halvings of 0–1: the root is found to the last digit of a float."""


def mid_p_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Limits where either mid-p tail is half of ``1 - confidence``; counts may be real numbers.

    Parameters, bounds and errors as for `qstats.methods.binomial_intervals.wilson_interval`.
    """
    successes, n = checked_counts(successes, n)
    tail = (1 - confidence) / 2
    return _mid_p_lower(successes, n, tail), 1 - _mid_p_lower(n - successes, n, tail)


def _mid_p_lower(successes: Floats, n: Floats, tail: float) -> Floats:
    def excess(rate: Floats) -> Floats:
        return (upper_tail(successes, n, rate) + upper_tail(successes + 1, n, rate)) / 2 - tail

    zero = np.zeros(np.broadcast(successes, n).shape)
    return np.where(successes == 0, 0.0, bisect_increasing(excess, zero, zero + 1))


def blaker_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Limits of the proportions that Blaker's exact test does not reject; whole counts only.

    Where those proportions leave gaps, the limits enclose all of them.

    Raises
    ------
    ValueError
        Counts that are not whole, or successes outside ``0..n``.
    """
    successes, n = checked_whole_counts(successes, n)
    return _blaker_lower(successes, n, 1 - confidence), 1 - _blaker_lower(n - successes, n, 1 - confidence)


def _blaker_lower(successes: Floats, n: Floats, alpha: float) -> Floats:
    """Smallest proportion that is not rejected.

    It lies between the two-sided and the one-sided exact bound, where the upper tail grows from half of alpha
    to alpha. To the tail belongs the largest opposite one that is no more likely. From the first bound on,
    the sum of both crosses alpha either before the opposite tail takes in one more count, or by a jump there.
    """
    start = clopper_pearson_interval(successes, n, confidence=1 - alpha)[0]
    stop = clopper_pearson_bounds(successes, n, confidence=1 - alpha)[0]
    opposite = largest_count_within(alpha / 2, n, start)

    def next_count_joins(rate: Floats) -> Floats:
        return upper_tail(successes, n, rate) - lower_tail(opposite + 1, n, rate)

    def not_rejected(rate: Floats) -> Floats:
        return upper_tail(successes, n, rate) + lower_tail(opposite, n, rate) - alpha

    jump = bisect_increasing(next_count_joins, start, stop)
    return np.where(successes == 0, 0.0, bisect_increasing(not_rejected, start, jump))


def bisect_increasing(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Where ``function`` turns from below 0 to above; ``high`` where it never does."""
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        below = function(middle) <= 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return high


INTERVALS: dict[str, Callable[..., Limits]] = {
    "wilson": wilson_interval,
    "wilson_corrected": wilson_corrected_interval,
    "clopper_pearson": clopper_pearson_interval,
    "mid_p": mid_p_interval,
    "blaker": blaker_interval,
    "jeffreys": jeffreys_interval,
    "agresti_coull": agresti_coull_interval,
    "logit": logit_interval,
}
"""Intervals for a proportion by name: ``(successes, n, *, confidence) -> (lower, upper)``."""


def interval_named(name: str) -> Callable[..., Limits]:
    """Interval of that name.

    Raises
    ------
    ValueError
        Unknown name; the message lists the known ones.
    """
    if name not in INTERVALS:
        raise ValueError(f"unknown interval {name!r}; known: {', '.join(sorted(INTERVALS))}")
    return INTERVALS[name]

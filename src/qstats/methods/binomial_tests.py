"""Does a result contradict a pass rate that was declared beforehand?

Exact tests of one proportion: one-sided ones, and three two-sided ones that differ in what they count as just
as unlikely on the other side.

Source: Hirji (2006), Exact Analysis of Discrete Data, doi:10.1201/9781420036190; Blaker (2000),
doi:10.2307/3315916.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom

from qstats.methods.binomial_intervals import Floats, checked_counts
from qstats.methods.binomial_tails import (
    checked_whole_counts,
    largest_count_within,
    lower_tail,
    upper_tail,
)

ROUNDING = 1 + 1e-7
"""Probabilities that differ by less than this factor are equal but for rounding."""


def binomial_test(
    successes: ArrayLike, n: ArrayLike, null: ArrayLike, *, alternative: str = "two_sided"
) -> Floats:
    """p-value of the hypothesis that the proportion is ``null``.

    Parameters
    ----------
    successes, n : array_like
        ``0 <= successes <= n``; ``less``, ``greater`` and ``mid_p`` also take counts that are not whole.
    null : array_like
        Declared proportion, 0–1.
    alternative : str
        A name of `BINOMIAL_TESTS`: ``less`` or ``greater`` (one-sided), ``two_sided`` (all results no more
        likely than this one), ``mid_p`` (twice the smaller mid-p tail), ``blaker`` (the smaller tail and the
        largest opposite one that is no more likely).

    Returns
    -------
    p : array of float

    Raises
    ------
    ValueError
        Impossible counts, ``null`` outside 0–1, counts that are not whole where they must be, or an unknown
        alternative.
    """
    if alternative not in BINOMIAL_TESTS:
        raise ValueError(f"unknown alternative {alternative!r}; known: {', '.join(sorted(BINOMIAL_TESTS))}")
    checked = checked_whole_counts if alternative in WHOLE_COUNTS else checked_counts
    counts, totals = checked(successes, n)
    rate = np.asarray(null, dtype=float)
    if not np.all((rate >= 0) & (rate <= 1)):
        raise ValueError("a declared proportion must lie between 0 and 1")
    return BINOMIAL_TESTS[alternative](*np.broadcast_arrays(counts, totals, rate))


def _less(successes: Floats, n: Floats, null: Floats) -> Floats:
    return upper_tail(n - successes, n, 1 - null)


def _mid_p(successes: Floats, n: Floats, null: Floats) -> Floats:
    above = (upper_tail(successes, n, null) + upper_tail(successes + 1, n, null)) / 2
    return 2 * np.minimum(above, 1 - above)


def _blaker(successes: Floats, n: Floats, null: Floats) -> Floats:
    below, above = _less(successes, n, null), upper_tail(successes, n, null)
    # where the lower tail is the smaller one, count failures instead: both cases become one
    turned = below < above
    tail, rate = np.where(turned, below, above), np.where(turned, 1 - null, null)
    return np.minimum(tail + lower_tail(largest_count_within(tail * ROUNDING, n, rate), n, rate), 1.0)


def _no_more_likely(successes: float, n: float, null: float) -> float:
    probability = binom.pmf(np.arange(n + 1), n, null)
    return min(float(probability[probability <= probability[int(successes)] * ROUNDING].sum()), 1.0)


BINOMIAL_TESTS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "less": _less,
    "greater": upper_tail,
    "two_sided": np.vectorize(_no_more_likely, otypes=[float]),
    "mid_p": _mid_p,
    "blaker": _blaker,
}
WHOLE_COUNTS = {"two_sided", "blaker"}

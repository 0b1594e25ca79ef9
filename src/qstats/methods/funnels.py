"""Which units lie further from a target than chance takes units of their size?

Limits of a funnel plot by the exact binomial distribution, or by the beta-binomial one where batches within a
unit are alike. Near 100 % a funnel of arcsine limits singles out units that did nothing unusual: 88 passes of
88 lie above its 99.8 % limit at a target of 96.1 %, although one such unit in 33 does as well by chance.

A count has a jump at every whole number, limits drawn as lines have not. Between whole counts the tail is
continued (by the incomplete beta function; for the beta-binomial by a straight line), and the limit stands
where it is half of what the coverage leaves over. So a unit lies beyond a limit exactly when `flag_outliers`
says so.

Source: Spiegelhalter (2005), doi:10.1002/sim.1970; Skellam (1948), doi:10.1111/j.2517-6161.1948.tb00014.x.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.binomial_intervals import Floats, Limits, checked_counts
from qstats.methods.binomial_tails import checked_whole_counts, upper_tail
from qstats.methods.inverted_tests import bisect_increasing


def funnel_limits(target: ArrayLike, n: ArrayLike, *, coverage: float = 0.95, rho: float = 0.0) -> Limits:
    """Lower and upper limit of the proportion of a unit of size ``n`` whose true rate is ``target``.

    Parameters
    ----------
    target : array_like
        Proportion, 0–1.
    n : array_like
        Size of the unit; may be an effective one if ``rho`` is 0. With ``n = 0`` the limits are 0 and 1.
    coverage : float
        Share of such units between the limits, at least; 0.95 and 0.998 are usual.
    rho : float
        Intra-class correlation of the batches of one unit, at least 0 and below 1.

    Returns
    -------
    lower, upper : array of float
        Proportions 0–1. A unit exactly on a limit is within.

    Raises
    ------
    ValueError
        ``target``, ``coverage`` or ``rho`` outside their range, or sizes that are impossible.
    """
    tail = _half_left_over(coverage)
    rate, size = _unit_arguments(target, n, rho)
    count_limit = _binomial_limit if rho == 0 else _beta_binomial_limit
    safe = np.where(size > 0, size, 1.0)
    lower, missed = (count_limit(p, size, tail, rho) / safe for p in (rate, 1 - rate))
    return np.where(size > 0, lower, 0.0), np.where(size > 0, 1 - missed, 1.0)


def tail_probability(successes: ArrayLike, n: ArrayLike, target: ArrayLike, rho: float = 0.0) -> Floats:
    """Chance of a result at least so far out on its side of the target (one-sided), 0–1.

    Parameters
    ----------
    successes, n : array_like
        ``0 <= successes <= n``; effective counts are taken if ``rho`` is 0.
    target, rho
        As for `funnel_limits`.

    Raises
    ------
    ValueError
        Impossible counts, or ``target`` or ``rho`` outside its range.
    """
    return np.minimum(*_tails(successes, n, target, rho))


def flag_outliers(
    successes: ArrayLike, n: ArrayLike, target: ArrayLike, *, coverage: float = 0.95, rho: float = 0.0
) -> NDArray[np.int64]:
    """-1 for units below the lower limit of the funnel, 1 for units above the upper one, else 0.

    Parameters and errors as for `funnel_limits` and `tail_probability`.
    """
    below, above = _tails(successes, n, target, rho)
    tail = _half_left_over(coverage)
    return (above < tail).astype(np.int64) - (below < tail).astype(np.int64)


def _half_left_over(coverage: float) -> float:
    if not 0 < coverage < 1:
        raise ValueError("the coverage of a funnel must lie between 0 and 1")
    return round((1 - coverage) / 2, 12)  # 0.001, not 0.0010000000000000009


def _unit_arguments(target: ArrayLike, n: ArrayLike, rho: float) -> Limits:
    rate = np.asarray(target, dtype=float)
    if not np.all((rate >= 0) & (rate <= 1)):
        raise ValueError("a target must lie between 0 and 1")
    if not 0 <= rho < 1:
        raise ValueError("the intra-class correlation of a funnel must be at least 0 and below 1")
    # effective sizes already hold the likeness of batches: with rho they would count it twice
    size = (checked_counts if rho == 0 else checked_whole_counts)(0, n)[1]
    rate, size = np.broadcast_arrays(rate, size)
    return rate, size


def _tails(successes: ArrayLike, n: ArrayLike, target: ArrayLike, rho: float) -> Limits:
    rate, size = _unit_arguments(target, n, rho)
    counts = (checked_counts if rho == 0 else checked_whole_counts)(successes, n)[0]
    if rho == 0:
        return upper_tail(size - counts, size, 1 - rate), upper_tail(counts, size, rate)
    lower_sum = np.vectorize(_beta_binomial_tail, otypes=[float])
    return lower_sum(counts, size, rate, rho), lower_sum(size - counts, size, 1 - rate, rho)


def _binomial_limit(rate: Floats, size: Floats, tail: float, _rho: float) -> Floats:
    def excess(count: Floats) -> Floats:
        return upper_tail(size - count, size, 1 - rate) - tail

    nothing = np.zeros(size.shape)
    return np.where(excess(nothing) >= 0, 0.0, bisect_increasing(excess, nothing, size))


def _beta_binomial_limit(rate: Floats, size: Floats, tail: float, rho: float) -> Floats:
    return np.asarray(np.vectorize(_interpolated_count, otypes=[float])(rate, size, tail, rho))


def _interpolated_count(rate: float, size: float, tail: float, rho: float) -> float:
    cumulated = np.cumsum(_beta_binomial(rate, int(size), rho))
    counts = np.arange(cumulated.size, dtype=float)
    first = int(np.searchsorted(cumulated, tail))  # the smallest count that is not beyond the limit
    if first == 0:
        return 0.0
    return float(np.interp(tail, cumulated[first - 1 : first + 1], counts[first - 1 : first + 1]))


def _beta_binomial_tail(count: float, size: float, rate: float, rho: float) -> float:
    return min(float(_beta_binomial(rate, int(size), rho)[: int(count) + 1].sum()), 1.0)


def _beta_binomial(rate: float, size: int, rho: float) -> Floats:
    """Probabilities of the counts 0 … size, from the ratio of each to the one before it."""
    if rate in (0.0, 1.0):
        return np.eye(size + 1)[size if rate == 1 else 0]
    k, strength = np.arange(size, dtype=float), (1 - rho) / rho
    ratio = (size - k) * (k + rate * strength) / ((k + 1) * (size - k - 1 + (1 - rate) * strength))
    logarithms = np.concatenate(([0.0], np.cumsum(np.log(ratio))))
    weights: Floats = np.exp(logarithms - logarithms.max())
    return weights / weights.sum()

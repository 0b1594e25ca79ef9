"""What change between two periods would so many batches show?

Exact power of the comparison that the report makes: Clopper-Pearson limits of both rates, joined by MOVER;
a change is stated where the interval of the difference excludes 0. All outcomes are summed, none simulated.

References
----------
Zou & Donner (2008), doi:10.1002/sim.3095.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from qstats.methods.acceptance_sampling.laws import checked_fraction
from qstats.methods.binomial_intervals import clopper_pearson_interval
from qstats.methods.differences import mover_difference

_NEGLIGIBLE = 1e-13  # outcomes rarer than this are left out on either side
_STEPS = 40  # halvings of the range of rates: far below a thousandth of a point


def comparison_power(
    before: float, now: float, n_before: float, n_now: float, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Probability that the comparison states a fall, and that it states a rise.

    Parameters
    ----------
    before, now : float
        True pass rates of the two periods, 0-1.
    n_before, n_now : float
        Batches or effective counts; broken ones are rounded down.
    confidence : float
        Two-sided level of the interval of the difference.

    Returns
    -------
    fall, rise : float

    Raises
    ------
    ValueError
        A rate outside 0-1, or a period without a whole batch.
    """
    sizes = math.floor(n_before), math.floor(n_now)
    if min(sizes) < 1:
        raise ValueError("a comparison needs at least one batch in each period")
    if not (0 <= before <= 1 and 0 <= now <= 1):
        raise ValueError("pass rates must lie between 0 and 1")
    before, now = (float(checked_fraction(p)) for p in (before, now))
    x, y = (_likely(n, p) for n, p in zip(sizes, (before, now), strict=True))
    then, current = (_with_limits(k, n, confidence) for k, n in zip((x, y), sizes, strict=True))
    pairs = [(new[None, :], old[:, None]) for new, old in zip(current, then, strict=True)]
    _, lower, upper = mover_difference(*pairs)
    chance = np.outer(binom.pmf(x, sizes[0], before), binom.pmf(y, sizes[1], now))
    return float(chance[upper < 0].sum()), float(chance[lower > 0].sum())


def smallest_detectable(
    rate: float, n_before: float, n_now: float, *, confidence: float = 0.95, power: float = 0.80
) -> tuple[float, float]:
    """Rates nearest to ``rate`` that the comparison would tell from it, below and above.

    Parameters
    ----------
    rate : float
        True pass rate of the earlier period, 0-1.
    n_before, n_now, confidence
        As for :func:`comparison_power`.
    power : float
        Probability with which the change is to be stated.

    Returns
    -------
    fallen, risen : float
        True rates now; not a number where no change in that direction would be stated so surely.

    Raises
    ------
    ValueError
        A power that is not between 0 and 1; else as for :func:`comparison_power`.
    """
    if not 0 < power < 1:
        raise ValueError("power must lie between 0 and 1, the ends excluded")

    def stated(now: float, direction: int) -> bool:
        return comparison_power(rate, now, n_before, n_now, confidence=confidence)[direction] >= power

    return _nearest(rate, 0.0, stated, 0), _nearest(rate, 1.0, stated, 1)


def _nearest(rate: float, end: float, stated: Callable[[float, int], bool], direction: int) -> float:
    """Rate nearest to ``rate`` on the way to ``end`` whose change would be stated."""
    if not stated(end, direction):
        return math.nan
    near, far = rate, end
    for _ in range(_STEPS):
        middle = (near + far) / 2
        near, far = (near, middle) if stated(middle, direction) else (middle, far)
    return far


def _likely(n: int, p: float) -> NDArray[np.int64]:
    """Counts that are not negligible."""
    low, high = int(binom.ppf(_NEGLIGIBLE, n, p)), int(binom.isf(_NEGLIGIBLE, n, p))
    return np.arange(max(low, 0), min(high, n) + 1)


def _with_limits(
    passes: NDArray[np.int64], n: int, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    lower, upper = clopper_pearson_interval(passes, np.full(passes.shape, n), confidence=confidence)
    return passes / n, lower, upper

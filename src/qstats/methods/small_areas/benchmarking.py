"""How are area figures made to add up to the figure of the whole?

All areas' logits are moved by the same amount, so that the weighted mean of the moved rates is the given one:
rates stay within 0–1, their order stays, and limits move along. A shift narrows no interval: on the side away
from the shift the limit stays where it was, because the given figure has an error of its own.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import expit, logit

from qstats.methods.small_areas.area_level import Floats


@dataclass(frozen=True, slots=True)
class BenchmarkedRates:
    """Rates that add up.

    Attributes
    ----------
    estimate, lower, upper : array, shape (m,)
    shift : float
        What was added to every logit; infinite where the whole is at 0 or 1.
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    shift: float


def benchmark_rates(
    estimate: ArrayLike, lower: ArrayLike, upper: ArrayLike, weights: ArrayLike, total: float
) -> BenchmarkedRates:
    """Area rates whose weighted mean is ``total``, by one shift of all logits.

    Parameters
    ----------
    estimate, lower, upper : array_like, shape (m,)
        Proportions 0–1.
    weights : array_like, shape (m,)
        0 or more, such as batches; only their ratios matter. An area of weight 0 is moved with the others.
    total : float
        Rate of the whole, 0–1. At 0 or 1 every area's figure is that, and limits widen to it.

    Raises
    ------
    ValueError
        Shapes that do not agree, values outside 0–1, weights that are negative or all 0, or a total that no
        shift reaches because areas with weight stand at 0 or 1 themselves.

    References
    ----------
    Rao & Molina (2015), doi:10.1002/9781118735855, section 6.4; Ghosh, Kubokawa & Kawakubo (2015),
    doi:10.1016/j.jspi.2014.09.001 (benchmarking on a transformed scale).
    """
    rates, low, high = (np.asarray(part, dtype=float) for part in (estimate, lower, upper))
    share = _shares(weights, rates.shape)
    for part in (rates, low, high, np.asarray(total, dtype=float)):
        if not ((part >= 0) & (part <= 1)).all():
            raise ValueError("rates, limits and the total must lie between 0 and 1")
    if low.shape != rates.shape or high.shape != rates.shape:
        raise ValueError(f"shapes do not agree: {rates.shape}, {low.shape}, {high.shape}")
    shift = _shift(rates, share, float(total))
    moved, moved_low, moved_high = (_moved(part, shift) for part in (rates, low, high))
    return BenchmarkedRates(moved, np.minimum(low, moved_low), np.maximum(high, moved_high), shift)


def _shares(weights: ArrayLike, shape: tuple[int, ...]) -> Floats:
    values = np.asarray(weights, dtype=float)
    if values.shape != shape or not (values >= 0).all() or not 0 < values.sum() < np.inf:
        raise ValueError("weights must be 0 or more, one for each rate, and not all 0")
    return values / values.sum()


def _moved(rates: Floats, shift: float) -> Floats:
    if np.isinf(shift):
        return np.full_like(rates, float(shift > 0))
    return np.asarray(expit(logit(rates) + shift))


def _shift(rates: Floats, share: Floats, total: float) -> float:
    """Amount to add to every logit."""
    if total in (0.0, 1.0):
        return np.inf if total else -np.inf
    fixed, free = share[rates == 1].sum(), share[(rates > 0) & (rates < 1)].sum()
    if not fixed < total < fixed + free:
        raise ValueError(f"no shift reaches {total}: areas at 0 or 1 stay there")
    return float(brentq(lambda shift: share @ _moved(rates, shift) - total, -60, 60, xtol=1e-13, rtol=1e-14))

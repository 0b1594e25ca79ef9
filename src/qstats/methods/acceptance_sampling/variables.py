"""Accepted or not by measured values instead of pass and fail?

Plans by variables for one specification limit: with mean m and standard deviation s of n measured items the
lot is accepted where the limit lies at least k standard deviations from the mean. The values are normal;
σ is known (then it stands for s) or estimated from the sample.

References
----------
Lieberman & Resnikoff (1955), doi:10.1080/01621459.1955.10501276; Schilling & Neubauer (2017),
doi:10.1201/9781315120744, chapter 10.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.special import ndtr, ndtri

from qstats.methods.acceptance_sampling.laws import checked_fraction
from qstats.methods.acceptance_sampling.search import check_risk_points

_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class VariablesPlan:
    """Measure ``n`` items; accept where the limit is at least ``k`` standard deviations from their mean."""

    n: int
    k: float
    sigma_known: bool


def accept_by_variables(plan: VariablesPlan, p: ArrayLike) -> NDArray[np.float64]:
    """Probability of acceptance of a plan by variables at each fraction nonconforming.

    Parameters
    ----------
    plan : VariablesPlan
    p : array_like
        Fraction beyond the limit, 0-1.

    Returns
    -------
    array of float
        1 at p = 0 and 0 at p = 1.
    """
    p = checked_fraction(p)
    root = math.sqrt(plan.n)
    inside = np.clip(p, 1e-300, np.nextafter(1.0, 0.0))  # the ends are infinite distances
    distance = -ndtri(inside)
    if plan.sigma_known:
        accepted = ndtr(root * (distance - plan.k))
    else:
        accepted = stats.nct.sf(root * plan.k, plan.n - 1, root * distance)
    return np.where(p == 0, 1.0, np.where(p == 1, 0.0, accepted))


def find_variables_plan(
    aql: float,
    limiting_quality: float,
    *,
    producer_risk: float = 0.05,
    consumer_risk: float = 0.10,
    sigma_known: bool = False,
) -> VariablesPlan:
    """The smallest plan by variables that keeps the producer's risk exactly and the consumer's at most.

    Parameters
    ----------
    aql, limiting_quality : float
        Fractions nonconforming, ``0 < aql < limiting_quality < 1``.
    producer_risk, consumer_risk : float
        α at ``aql`` and β at ``limiting_quality``.
    sigma_known : bool
        Whether σ is known from long experience.

    Returns
    -------
    VariablesPlan

    Raises
    ------
    ValueError
        Points or risks out of order, or points so close that more than 100,000 items were needed.
    """
    check_risk_points(aql, limiting_quality, producer_risk, consumer_risk)
    if aql == 0 or limiting_quality == 1:
        raise ValueError("normal values have no certain end: wanted 0 < aql and limiting_quality < 1")

    def plan(n: int) -> VariablesPlan:
        return VariablesPlan(n, _factor(n, aql, producer_risk, sigma_known), sigma_known)

    def keeps(n: int) -> bool:
        return float(accept_by_variables(plan(n), limiting_quality)) <= consumer_risk

    low, high = 0 if sigma_known else 1, 2
    while not keeps(high):
        low, high = high, 2 * high
        if high > _LARGEST:
            raise ValueError(f"no plan of up to {_LARGEST} items tells {aql:g} from {limiting_quality:g}")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return plan(high)


def _factor(n: int, aql: float, producer_risk: float, sigma_known: bool) -> float:
    """Acceptability constant k at which lots of quality ``aql`` are rejected with the producer's risk."""
    root = math.sqrt(n)
    if sigma_known:
        return float(-ndtri(aql) + ndtri(producer_risk) / root)
    return float(stats.nct.ppf(producer_risk, n - 1, -root * ndtri(aql)) / root)

"""Below which value lies a given share of the population, and how sure is that value?

The quantile is the smallest value that at least the given share of the weights does not exceed. Its limits
are the quantiles at the limits of that share (Woodruff).

Source: Woodruff (1952), doi:10.1080/01621459.1952.10483443; Hyndman & Fan (1996), definition 1,
doi:10.1080/00031305.1996.10473566.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.survey.design import Design
from qstats.methods.survey.domains import domain_means
from qstats.methods.survey.intervals import t_interval, t_quantile

# Sums of weights differ in their last digits with the order of rows; a share counts as reached within this.
REACHED_WITHIN = 1e-12


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile with its limits.

    Attributes
    ----------
    estimate, lower, upper : float
        In the unit of the values; a limit is NaN where the limits of the share leave 0–1.
    std_error : float
        Half the width of the interval over the Student quantile.
    df : int
    """

    estimate: float
    lower: float
    upper: float
    std_error: float
    df: int


def weighted_quantile(values: ArrayLike, weight: ArrayLike, share: float) -> float:
    """Smallest value that at least ``share`` of the weights does not exceed.

    Parameters
    ----------
    values, weight : array_like, shape (n,)
        Weights not negative, their sum above 0.
    share : float
        0–1.

    Raises
    ------
    ValueError
        A share outside 0–1, weights without a positive sum, or values that are missing.
    """
    values, weight = np.asarray(values, dtype=float), np.asarray(weight, dtype=float)
    if not 0 <= share <= 1:
        raise ValueError("the share of a quantile lies between 0 and 1")
    if not (np.all(weight >= 0) and weight.sum() > 0 and np.isfinite(values).all()):
        raise ValueError(
            "a quantile needs finite values and weights that are not negative, with a positive sum"
        )
    order = np.argsort(values, kind="stable")
    order = order[weight[order] > 0]
    reached = np.cumsum(weight[order])
    first = np.searchsorted(reached, share * reached[-1] * (1 - REACHED_WITHIN))
    return float(values[order[min(first, len(order) - 1)]])


def quantile(
    design: Design,
    values: ArrayLike,
    share: float,
    *,
    inside: ArrayLike | None = None,
    confidence: float = 0.95,
    lonely: str = "adjust",
) -> Quantile:
    """Quantile of the population with Woodruff's limits.

    Parameters
    ----------
    design : Design
    values : array_like of float, shape (n,)
    share : float
        0–1; 0.5 for the median.
    inside : array_like of bool, shape (n,), optional
        Units of the domain; all of them if left out.
    confidence : float
        Two-sided level, 0–1.
    lonely : str
        As in `domain_means`.
    """
    values = np.asarray(values, dtype=float)
    units = np.full(len(values), True) if inside is None else np.asarray(inside, dtype=bool)
    found = weighted_quantile(values[units], design.weight[units], share)
    below = domain_means(design, values <= found, np.where(units, 0, -1), 1, lonely=lonely)
    df = int(below.design_df[0])
    limits = [
        float(limit[0]) for limit in t_interval(below.estimate, below.variance, df, confidence=confidence)
    ]
    lower, upper = (
        weighted_quantile(values[units], design.weight[units], limit) if 0 <= limit <= 1 else np.nan
        for limit in limits
    )
    std_error = (upper - lower) / (2 * float(t_quantile(df, confidence)))
    return Quantile(found, lower, upper, std_error, df)

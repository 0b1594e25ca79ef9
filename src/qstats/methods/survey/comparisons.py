"""Do two parts of one sample have different means?

The difference of two domain means, with the covariance of clusters that hold units of both.

Degrees of freedom are those of the design less one, as in a regression on the group.

Source: Särndal, Swensson & Wretman (1992), section 5.8, doi:10.1007/978-1-4612-4378-6.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from qstats.methods.survey.design import Design
from qstats.methods.survey.domains import covariance, domain_means
from qstats.methods.survey.intervals import t_interval


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """Mean of the second group less that of the first, with a Student test of no difference.

    Attributes
    ----------
    estimate, std_error, lower, upper : float
        In the unit of the values.
    statistic, p_value : float
        Two-sided; NaN where no value differs.
    df : int
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    statistic: float
    df: int
    p_value: float


def compare_means(
    design: Design, values: ArrayLike, group: ArrayLike, *, confidence: float = 0.95, lonely: str = "adjust"
) -> MeanDifference:
    """Difference of the means of two groups of one sample.

    Not for two pass rates near 100 %, where Student limits are too narrow: see `mover_difference`.

    Parameters
    ----------
    design : Design
    values : array_like of float, shape (n,)
    group : array_like of int, shape (n,)
        0 or 1; −1 for units in neither.
    confidence : float
        Two-sided level, 0–1.
    lonely : str
        As in `domain_means`.

    Raises
    ------
    ValueError
        A group without units.
    """
    means = domain_means(design, values, group, 2, lonely=lonely)
    if np.any(means.n == 0):
        raise ValueError("a group has no units")
    shared = covariance(design, values, group, [[0, 1]], lonely=lonely)[0]
    estimate = float(means.estimate[1] - means.estimate[0])
    variance = max(float(means.variance.sum() - 2 * shared), 0.0)
    df = design.degrees_of_freedom - 1
    lower, upper = t_interval(estimate, variance, df, confidence=confidence)
    statistic = estimate / np.sqrt(variance) if variance > 0 else np.nan
    p_value = float(2 * stdtr(df, -abs(statistic)))
    return MeanDifference(
        estimate, float(np.sqrt(variance)), float(lower), float(upper), statistic, df, p_value
    )

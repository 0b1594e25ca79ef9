"""Does the larger of two nested models explain more than chance and over-dispersion would?

F test of quasi-likelihood: what the deviance falls by for each coefficient added, over the φ of the
larger model.

Source: McCullagh & Nelder (1989), section 4.5, doi:10.1007/978-1-4899-3242-6.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, f

from qstats.methods.binomial_regression.fit import RateFit


@dataclass(frozen=True, slots=True)
class FitComparison:
    """Test of the coefficients that the larger model adds.

    Attributes
    ----------
    statistic : float
        F where φ was estimated, else chi-squared over its degrees of freedom.
    added, freedom : int
        Coefficients added; degrees of freedom of the larger model.
    p_value : float
    deviance : float
        By which it fell.
    """

    statistic: float
    added: int
    freedom: int
    p_value: float
    deviance: float


def compare_fits(smaller: RateFit, larger: RateFit) -> FitComparison:
    """F test of a model against one that holds it; the φ of the larger one is taken.

    Raises
    ------
    ValueError
        Fits of other counts, or a second model that is not larger.
    """
    same = np.array_equal(smaller.count, larger.count) and np.array_equal(smaller.size, larger.size)
    added = larger.design.shape[1] - smaller.design.shape[1]
    if not same or added < 1:
        raise ValueError("compared are a model and a larger one of the same counts")
    fall = max(smaller.deviance - larger.deviance, 0.0)
    statistic = fall / added / larger.dispersion
    law = f(added, larger.freedom) if larger.scaled else chi2(added, scale=1 / added)
    return FitComparison(statistic, added, larger.freedom, float(law.sf(statistic)), fall)

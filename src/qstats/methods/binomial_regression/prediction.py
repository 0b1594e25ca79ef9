"""What rate does a fit say of other rows, and how sure?

Limits are those of the linear predictor with t (normal where φ was not estimated), taken to the scale of the
rate, so that they stay between 0 and 1. They are limits of the true rate, not of a count to come.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.binomial_regression.families import Floats
from qstats.methods.binomial_regression.fit import RateFit


@dataclass(frozen=True, slots=True)
class RatePrediction:
    """Rates of rows with limits.

    Attributes
    ----------
    linear, std_error : array, shape (k,)
        On the link scale.
    rate, lower, upper : array, shape (k,)
    """

    linear: Floats
    std_error: Floats
    rate: Floats
    lower: Floats
    upper: Floats


def predict_rates(
    fit: RateFit, design: ArrayLike, *, confidence: float = 0.95, covariance: ArrayLike | None = None
) -> RatePrediction:
    """Rates at the rows of a design, which needs the columns (and the centre) of the fit.

    Parameters
    ----------
    fit : RateFit
    design : array_like, shape (k, p)
    confidence : float
        Two-sided level, 0–1.
    covariance : array_like, shape (p, p), optional
        In place of the fit's own, such as a robust one.

    Returns
    -------
    RatePrediction
        NaN in rows that rest on a coefficient that runs away.
    """
    x = np.asarray(design, dtype=float)
    of = fit.covariance if covariance is None else np.asarray(covariance, dtype=float)
    known = np.isfinite(fit.coefficients)
    rests = (x[:, ~known] != 0).any(axis=1)
    inside = x[:, known]
    variance = np.einsum("ij,jk,ik->i", inside, of[np.ix_(known, known)], inside)
    linear = np.where(rests, np.nan, inside @ fit.coefficients[known])
    std_error = np.where(rests, np.nan, np.sqrt(variance))
    reach = fit.quantile((1 + confidence) / 2) * std_error
    rate = fit.family.rate
    return RatePrediction(linear, std_error, rate(linear), rate(linear - reach), rate(linear + reach))

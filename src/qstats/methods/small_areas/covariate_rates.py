"""What are areas' rates if something known of every area foretells part of them?

Area-level model on the logit: empirical logits (half a success and half a failure added) around a line in the
covariates. Their sampling variances use the pooled rate, because an area's own may be 1 and would then show
none. Predictions integrate over the between-area variance; its restricted-likelihood estimate is reported
beside them, 0 included, with the limits that the data leave to it. Counts may be real-valued (effective).

With few batches near 100 % an empirical logit lies towards 50 %. Without covariates
:mod:`qstats.methods.small_areas.shrinkage` needs no such approximation.

Sources: Fay & Herriot (1979), doi:10.1080/01621459.1979.10482505; Cox & Snell (1989), Analysis of Binary
Data, 2nd ed., section 2.1.6.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtri

from qstats.methods.small_areas.area_level import Floats
from qstats.methods.small_areas.beta_binomial import check_counts
from qstats.methods.small_areas.fay_herriot import fit_fay_herriot, variance_limits
from qstats.methods.small_areas.hierarchical import fit_hierarchical


@dataclass(frozen=True, slots=True)
class CovariateRates:
    """Rates of areas on a line in covariates.

    Attributes
    ----------
    estimate, lower, upper : array, shape (m,)
        Proportions 0–1.
    own_weight : array, shape (m,)
        Weight of the area's own figure, 0–1; 0 for an area without batches.
    coefficients, std_errors : array, shape (p,)
        On the logit, at the estimated variance.
    between_variance : float
        Of the areas around the line (squared logits), by restricted likelihood, 0 or more.
    variance_limits : tuple of float
        What the scatter leaves possible, at the same confidence.
    confidence : float
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    own_weight: Floats
    coefficients: Floats
    std_errors: Floats
    between_variance: float
    variance_limits: tuple[float, float]
    confidence: float

    @property
    def collapsed(self) -> bool:
        """Whether the variance was estimated as 0: no differences are shown, and none are ruled out."""
        return self.between_variance == 0.0


def fay_herriot_rates(
    rate: ArrayLike, effective_n: ArrayLike, covariates: ArrayLike | None = None, *, confidence: float = 0.95
) -> CovariateRates:
    """Rates of areas predicted from their own counts and their covariates.

    Parameters
    ----------
    rate : array_like, shape (m,)
        Proportions 0–1; NaN or anything where ``effective_n`` is 0.
    effective_n : array_like, shape (m,)
        Independent batches that each rate is worth, 0 or more.
    covariates : array_like, shape (m, p), optional
        A constant is not added; without covariates the areas share one mean.
    confidence : float
        Two-sided level, 0–1.

    Raises
    ------
    ValueError
        Impossible rates or sizes, covariates that cannot be used, or no more than four areas with batches
        beyond the coefficients and one.
    """
    n = np.asarray(effective_n, dtype=float)
    s, n = check_counts(np.where(n > 0, np.asarray(rate, dtype=float), 0.0) * n, n)
    x = np.ones((n.size, 1)) if covariates is None else np.asarray(covariates, dtype=float)
    if x.ndim != 2 or x.shape[0] != n.size or not np.isfinite(x).all():
        raise ValueError(f"covariates of shape {x.shape} are not finite or do not belong to {n.size} areas")
    known = n > 0
    figures = _empirical_logits(s[known], n[known])
    line = fit_fay_herriot(*figures, x[known])
    fit = fit_hierarchical(*figures, x[known], unsampled=x[~known])
    centre, error, own_weight = np.empty(n.size), np.empty(n.size), np.zeros(n.size)
    centre[known], centre[~known] = fit.estimates, fit.unsampled_estimates
    error[known], error[~known] = np.sqrt(fit.mse), np.sqrt(fit.unsampled_mse)
    own_weight[known] = fit.own_weight
    half = float(ndtri((1 + confidence) / 2)) * error
    return CovariateRates(
        estimate=expit(centre),
        lower=expit(centre - half),
        upper=expit(centre + half),
        own_weight=own_weight,
        coefficients=line.coefficients,
        std_errors=line.std_errors,
        between_variance=line.variance,
        variance_limits=variance_limits(*figures, x[known], confidence=confidence),
        confidence=confidence,
    )


def _empirical_logits(s: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Logits that exist at 0 and 1 as well, and their sampling variances by the pooled rate."""
    pooled = (s.sum() + 0.5) / (n.sum() + 1)
    return np.asarray(logit((s + 0.5) / (n + 1))), 1 / (n * pooled * (1 - pooled))

"""Which rows does a fit describe badly, and which of them pull it?

Source: Pregibon (1981), doi:10.1214/aos/1176345513; Davison & Snell (1991), in *Statistical Theory and
Modelling*.
"""

from dataclasses import dataclass

import numpy as np

from qstats.methods.binomial_regression.families import Floats
from qstats.methods.binomial_regression.fit import RateFit


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Row by row; NaN in gaps and in rows that are fitted exactly because a coefficient runs away.

    Attributes
    ----------
    pearson, deviance : array, shape (n,)
        Residuals of the counts, not divided by √φ.
    hat : array, shape (n,)
        Share of its own fitted value that a row decides, 0–1.
    cook : array, shape (n,)
        Cook's distance with the φ of the fit.
    """

    pearson: Floats
    deviance: Floats
    hat: Floats
    cook: Floats


def diagnose_fit(fit: RateFit) -> Diagnostics:
    """Residuals, leverages and Cook's distances of a fit."""
    weight = fit.size * fit.family.variance(fit.fitted)
    informed = (weight > 1e-6) if fit.separated else (fit.size > 0)
    weight = np.where(informed, weight, np.nan)
    residual = fit.count - fit.size * fit.fitted
    pearson = residual / np.sqrt(weight)
    linear = fit.design @ fit.last + fit.offset
    parts = fit.family.deviance_parts(fit.count, fit.size, linear)
    deviance = np.where(informed, np.sign(residual) * np.sqrt(parts), np.nan)
    inverse = np.nan_to_num(fit.inverse_information)
    hat = weight * np.einsum("ij,jk,ik->i", fit.design, inverse, fit.design)
    cook = (pearson / (1 - hat)) ** 2 * hat / (fit.dispersion * fit.design.shape[1])
    return Diagnostics(pearson, deviance, hat, cook)

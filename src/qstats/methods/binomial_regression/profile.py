"""Between which values does a coefficient lie, by how fast the likelihood falls away from it?

Profile limits: the values at which the deviance, with all other coefficients fitted anew, has risen by φ
times the quantile of F with one degree of freedom (t squared) where φ was estimated, of chi-squared where
not. Close to 100 % they are not symmetric, as the truth is not; a coefficient that runs away still has one
limit.

Source: Venzon & Moolgavkar (1988), doi:10.2307/2347496; McCullagh & Nelder (1989), section 4.4.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from qstats.methods.binomial_regression.fit import RateFit, maximise

FARTHEST = 60


def profile_limits(
    fit: RateFit, which: int, confidence: float = 0.95, *, critical: float | None = None
) -> tuple[float, float]:
    """Lower and upper profile limit of one coefficient.

    Parameters
    ----------
    fit : RateFit
    which : int
        Its column in the design.
    confidence : float
        Two-sided level, 0–1.
    critical : float, optional
        Rise of the deviance at the limits, in place of φ·t² (or of z²): R's MASS takes φ·z² also where φ is
        estimated (`normal_rise`), and correlated errors take more.

    Returns
    -------
    tuple of float
        Infinite on a side where the deviance never rises so far; NaN without degrees of freedom.
    """
    rise = fit.dispersion * fit.quantile((1 + confidence) / 2) ** 2 if critical is None else critical
    if not np.isfinite(rise):
        return np.nan, np.nan
    return _limit(fit, which, rise, -1), _limit(fit, which, rise, 1)


def normal_rise(fit: RateFit, confidence: float = 0.95) -> float:
    """Rise of the deviance at the limits as R's MASS has it: φ times z squared, however few rows gave φ."""
    return float(fit.dispersion * norm.ppf((1 + confidence) / 2) ** 2)


def _limit(fit: RateFit, which: int, rise: float, side: int) -> float:
    at = fit.coefficients[which]
    if np.isnan(at) or (np.isinf(at) and np.sign(at) == side):
        return side * np.inf
    others, column = np.delete(fit.design, which, axis=1), fit.design[:, which]
    start = np.delete(fit.last, which)

    def excess(value: float) -> float:
        nonlocal start
        offset = fit.offset + value * column
        found, settled = maximise(fit.family, fit.count, fit.size, others, offset, start)
        if not settled:  # Newton's method may run away from a neighbour that lies far off: from the counts
            found, settled = maximise(fit.family, fit.count, fit.size, others, offset)
        start = found if settled else start
        linear = others @ found + offset
        parts = fit.family.deviance_parts(fit.count, fit.size, linear)
        # The root of the deviance is all but straight, so that few steps find where it crosses.
        return float(np.sqrt(max(parts.sum() - fit.deviance, 0.0)) - np.sqrt(rise))

    inner, outer = _bracket(fit, which, rise, side, excess)
    return float(brentq(excess, inner, outer, xtol=1e-9)) if np.isfinite(outer) else side * np.inf


def _bracket(
    fit: RateFit, which: int, rise: float, side: int, excess: Callable[[float], float]
) -> tuple[float, float]:
    """Values on either side of the limit, the far one infinite where there is none."""
    step = np.sqrt(fit.inverse_information[which, which] * rise)
    step = step if np.isfinite(step) else 1 / np.abs(fit.design[:, which]).max()
    inner = float(fit.last[which])
    for _ in range(FARTHEST):
        outer = inner + side * step
        if np.abs(outer) * np.abs(fit.design[:, which]).max() > 1e4:
            break
        if excess(outer) > 0:
            return inner, outer
        inner, step = outer, step * 1.3
    return inner, side * np.inf

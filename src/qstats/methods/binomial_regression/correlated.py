"""How sure are coefficients if neighbouring months are alike beyond trend and season?

The Pearson residuals are taken as an AR(1) process in real time: those of two rows that lie g periods apart
correlate as ρ^g, so that a gap is a gap. The coefficients stay those of the fit, and their covariance is
the one that holds under this correlation. What n residuals about a fit of p columns show of ρ and φ is
biased (downwards: they are nearer to zero, and swing more, than the errors are), and much so on short
series. Both are therefore those values whose *expected* residual moments are the ones seen; the degrees of
freedom are Satterthwaite's under the same ρ. With r = A·e for the residuals about the fit, A = I − H, and
errors e of correlation R(ρ):

    r'L r / r'r = tr(A'L A R) / tr(A'A R),    φ = r'r / tr(A'A R),    df = tr(AA'R)² / tr((AA'R)²)

with L the products of neighbours. ρ is never taken below 0: chance alone makes it negative half of the time,
and would narrow the limits.

Source: Liang & Zeger (1986), doi:10.1093/biomet/73.1.13 (working covariance); Zeger (1988),
doi:10.1093/biomet/75.4.621; Satterthwaite (1946), doi:10.2307/3002019; bias of ρ: Marriott & Pope (1954),
doi:10.1093/biomet/41.3-4.390.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import t

from qstats.methods.binomial_regression.families import Floats
from qstats.methods.binomial_regression.fit import RateFit

HIGHEST = 0.95


@dataclass(frozen=True, slots=True)
class CorrelatedErrors:
    """What a fit is worth if its errors are an AR(1) process.

    Attributes
    ----------
    rho : float
        Correlation of neighbouring periods, 0 to 0.95.
    found : float
        ρ that the residuals show, before it was held at 0 or above.
    dispersion : float
        φ under that correlation; at least `least_dispersion`.
    covariance : array, shape (p, p)
    freedom : float
        Degrees of freedom of t.
    """

    rho: float
    found: float
    dispersion: float
    covariance: Floats
    freedom: float

    @property
    def std_error(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance))

    def quantile(self, level: float) -> float:
        """Quantile of t."""
        return float(t.ppf(level, self.freedom)) if self.freedom > 0 else np.nan


def correlate_errors(
    fit: RateFit, periods: ArrayLike, *, series: ArrayLike | None = None, rho: float | None = None,
    least_dispersion: float = 0.0,
) -> CorrelatedErrors:  # fmt: skip
    """Covariance of the coefficients under AR(1) errors.

    Parameters
    ----------
    fit : RateFit
    periods : array_like of float, shape (n,)
        Number of the period of each row: rows of one series whose numbers differ by 1 are neighbours.
    series : array_like, shape (n,), optional
        Which series a row belongs to; different series are independent.
    rho : float, optional
        Taken as known instead of estimated, −1 to 1.
    least_dispersion : float
        φ is not taken below it.

    Raises
    ------
    ValueError
        Two rows of one series in one period.
    """
    rows = (fit.size > 0) & ((fit.size * fit.family.variance(fit.fitted) > 1e-6) | ~np.array(fit.separated))
    gaps = _gaps(np.asarray(periods, dtype=float)[rows], None if series is None else np.asarray(series)[rows])
    root = np.sqrt(fit.size * fit.family.variance(fit.fitted))[rows]
    weighted = root[:, None] * fit.design[rows]
    inverse = np.nan_to_num(fit.inverse_information)
    maker = np.eye(len(root)) - weighted @ inverse @ weighted.T
    residual = (fit.count - fit.size * fit.fitted)[rows] / root
    found = _match_rho(residual, maker, gaps) if rho is None else rho
    used = max(found, 0.0) if rho is None else rho
    law = correlation(gaps, used)
    worth = maker @ law @ maker
    expected = float(np.trace(worth))
    phi = max(float(residual @ residual) / expected, least_dispersion) if expected > 1e-9 else np.nan
    side = inverse @ weighted.T
    covariance = np.where(np.isnan(fit.inverse_information), np.nan, phi * (side @ law @ side.T))
    return CorrelatedErrors(used, found, phi, covariance, expected**2 / float((worth * worth).sum()))


def correlation(gaps: Floats, rho: float) -> Floats:
    """Correlation matrix ρ^g of rows that lie g periods apart, infinite between series."""
    with np.errstate(invalid="ignore"):
        return np.where(
            gaps == 0, 1.0, np.where(np.isinf(gaps), 0.0, np.sign(rho) ** gaps * abs(rho) ** gaps)
        )


def _gaps(periods: Floats, series: ArrayLike | None) -> Floats:
    """How many periods lie between two rows, rounded: days of months differ."""
    gaps = np.abs(np.round(periods[:, None] - periods[None, :]))
    if series is not None:
        label = np.asarray(series)
        gaps = np.where(label[:, None] == label[None, :], gaps, np.inf)
    if (gaps + np.eye(len(gaps)) == 0).any():
        raise ValueError("two rows of one series lie in one period")
    return gaps


def _match_rho(residual: Floats, maker: Floats, gaps: Floats) -> float:
    """Find the ρ whose expected residual autocorrelation is the one seen; between −0.95 and 0.95."""
    neighbours = (gaps == 1) / 2
    if not neighbours.any() or residual @ residual <= 0:
        return 0.0
    seen = float(residual @ neighbours @ residual / (residual @ residual))
    squares, products = maker @ maker, maker @ neighbours @ maker

    def beyond(rho: float) -> float:
        law = correlation(gaps, rho)
        return float((products * law).sum() / (squares * law).sum()) - seen

    if beyond(HIGHEST) <= 0:
        return HIGHEST
    return -HIGHEST if beyond(-HIGHEST) >= 0 else float(brentq(beyond, -HIGHEST, HIGHEST, xtol=1e-6))

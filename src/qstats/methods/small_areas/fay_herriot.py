"""How are areas estimated from their own figure and a regression line together?

Fay-Herriot: direct figure = line + area effect + sampling error of known variance. The variance of the area
effects is estimated by restricted or full maximum likelihood or by Fay and Herriot's moments; each area's
figure is then drawn towards the line, the more the less sure it is by itself. The mean squared errors allow
for the estimated variance (second-order unbiased: Prasad & Rao; Datta & Lahiri; Datta, Rao & Smith).

An estimated variance of exactly 0 is an answer of the data, not a fact about the areas: it is reported
(``collapsed``), and ``variance_limits`` tells how large the variance can still be.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri, ndtr

from qstats.methods.small_areas.area_level import (
    AreaData,
    Floats,
    Lines,
    check_area_data,
    fit_lines,
    log_likelihood,
    restricted_log_likelihood,
)


@dataclass(frozen=True, slots=True)
class FayHerriotFit:
    """Small-area figures and the model that made them.

    Attributes
    ----------
    method : str
        How the between-area variance was estimated.
    variance : float
        Between-area variance, 0 or more, in squared units of the figures.
    coefficients, covariance : array, shape (p,), (p, p)
    estimates, mse : array, shape (m,)
        Empirical best linear unbiased predictions, and their mean squared errors.
    own_weight : array, shape (m,)
        Weight of the area's own figure, 0–1.
    log_likelihood : float
        Of the figures, at these parameters (unrestricted, whatever the method).
    """

    method: str
    variance: float
    coefficients: Floats
    covariance: Floats
    estimates: Floats
    mse: Floats
    own_weight: Floats
    log_likelihood: float

    @property
    def collapsed(self) -> bool:
        """Whether the variance was estimated as 0, so that every area stands on the line."""
        return self.variance == 0.0

    @property
    def std_errors(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def p_values(self) -> Floats:
        """Two-sided normal p-values of the coefficients."""
        return np.asarray(2 * ndtr(-np.abs(self.coefficients) / self.std_errors))

    @property
    def aic(self) -> float:
        """Akaike's criterion; the variance counts as a parameter."""
        return -2 * self.log_likelihood + 2 * (self.coefficients.size + 1)

    @property
    def bic(self) -> float:
        """Schwarz's criterion; the variance counts as a parameter."""
        return -2 * self.log_likelihood + np.log(self.estimates.size) * (self.coefficients.size + 1)


def fit_fay_herriot(
    direct: ArrayLike,
    sampling_variance: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    method: str = "reml",
) -> FayHerriotFit:
    """Empirical best linear unbiased predictions of areas with their mean squared errors.

    Parameters
    ----------
    direct, sampling_variance : array_like, shape (m,)
        Figures of the areas and their known sampling variances, above 0.
    covariates : array_like, shape (m, p), optional
        A constant is not added; without covariates the areas share one mean.
    method : {"reml", "ml", "moment"}

    Raises
    ------
    ValueError
        Unknown method, or input that no model can be fitted to.

    References
    ----------
    Fay & Herriot (1979), doi:10.1080/01621459.1979.10482505;
    Prasad & Rao (1990), doi:10.1080/01621459.1990.10475320;
    Datta & Lahiri (2000), Statistica Sinica 10, 613–627;
    Datta, Rao & Smith (2005), doi:10.1093/biomet/92.1.183.
    """
    if method not in _VARIANCE_BY:
        raise ValueError(f"unknown method {method!r}: known are {', '.join(_VARIANCE_BY)}")
    data = check_area_data(direct, sampling_variance, covariates)
    lines = fit_lines(data, _VARIANCE_BY[method](data))
    variance_error, bias = _error_of_variance(lines, method)
    drift = (data.sampling_variance * lines.precision[0]) ** 2  # how g1 answers to the variance
    mse = lines.spread + lines.line_error + drift * (2 * variance_error * lines.precision[0] - bias)
    return FayHerriotFit(
        method=method,
        variance=float(lines.variances[0]),
        coefficients=lines.coefficients[0],
        covariance=lines.covariances[0],
        estimates=lines.predictions[0],
        mse=mse[0],
        own_weight=lines.own_weight[0],
        log_likelihood=float(log_likelihood(lines)[0]),
    )


def variance_limits(
    direct: ArrayLike,
    sampling_variance: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Limits of the between-area variance that the scatter around the line is compatible with (Q-profile).

    References
    ----------
    Viechtbauer (2007), doi:10.1002/sim.2514.
    """
    data = check_area_data(direct, sampling_variance, covariates)
    tail = (1 - confidence) / 2
    low, high = (_variance_at(data, float(chdtri(data.freedom, share))) for share in (tail, 1 - tail))
    return low, high


def _scatter(data: AreaData, variance: float) -> float:
    """Weighted sum of squares around the line; falls as the variance grows."""
    lines = fit_lines(data, variance)
    return float((lines.precision * lines.residuals**2).sum())


def _variance_at(data: AreaData, squares: float) -> float:
    """Between-area variance at which the weighted sum of squares has a given value; 0 where none has."""
    if _scatter(data, 0.0) <= squares:
        return 0.0
    upper = float(data.sampling_variance.max())
    while _scatter(data, upper) > squares:
        upper *= 4
    return float(brentq(lambda s: _scatter(data, s) - squares, 0.0, upper, xtol=1e-14 * upper, rtol=1e-13))


def _variance_by_moments(data: AreaData) -> float:
    return _variance_at(data, data.freedom)


def _variance_by_ml(data: AreaData) -> float:
    return _highest(data, restricted=False)


def _variance_by_reml(data: AreaData) -> float:
    return _highest(data, restricted=True)


_VARIANCE_BY = {"reml": _variance_by_reml, "ml": _variance_by_ml, "moment": _variance_by_moments}


def _highest(data: AreaData, *, restricted: bool) -> float:
    """Variance of the highest likelihood: best of a grid, then refined between its neighbours."""
    likelihood = restricted_log_likelihood if restricted else log_likelihood
    scale = max(float(np.var(data.direct)), float(data.sampling_variance.max()))
    grid = np.append(0.0, np.geomspace(1e-8, 1e2, 200) * scale)
    best = int(np.argmax(likelihood(fit_lines(data, grid))))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    if best == 0:
        return 0.0
    found = minimize_scalar(
        lambda s: -float(likelihood(fit_lines(data, s))[0]),
        bounds=(low, high), method="bounded", options={"xatol": 1e-10 * high},
    )  # fmt: skip
    return float(found.x)


def _error_of_variance(lines: Lines, method: str) -> tuple[float, float]:
    """Asymptotic variance and bias of the estimated between-area variance."""
    precision, m = lines.precision[0], lines.data.direct.size
    total, squares = precision.sum(), (precision**2).sum()
    if method == "moment":
        return 2 * m / total**2, 2 * (m * squares - total**2) / total**3
    if method == "reml":
        return 2 / squares, 0.0
    x = lines.data.covariates
    lost = np.trace(lines.covariances[0] @ (x.T @ (precision[:, None] ** 2 * x)))
    return 2 / squares, -lost / squares

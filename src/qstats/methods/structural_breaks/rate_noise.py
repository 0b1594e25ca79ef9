"""How do the counts of a rate scatter about their model, and how alike are neighbouring periods?

Two numbers: the dispersion φ (variance over that of a binomial count, at least 1) and the coefficient ρ of
an AR(1) process. In short series ρ is found too small, the more so after the best step has been taken away.
It is therefore found by matching: normal noise with each ρ of a grid goes through the same steps, and the ρ
whose lag-one autocorrelation is the one observed is taken. To this three quarters of its standard error are
added and nothing below 0 is believed: a ρ that is too small would make chance look like a break.

Resampled counts are beta-binomial with this φ; that they are alike in neighbouring periods comes from
normal values with ρ whose ranks they take.

Source: Gouriéroux, Monfort and Renault (1993), doi:10.1002/jae.3950080507 (matching); Prentice (1986),
doi:10.2307/2289219 (beta-binomial); Cario and Nelson (1996), doi:10.1016/0167-6377(96)00017-X (from normal
values).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln
from scipy.stats import norm

from qstats.methods.structural_breaks.linear_breaks import Floats
from qstats.methods.structural_breaks.rate_series import RateModel, RateSeries, Scan

_GRID = np.array([-0.3, 0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
_MATCHED = 150
CAUTION = 0.75
_HIGHEST = 0.9
_REACH = 15


@dataclass(frozen=True, slots=True)
class Noise:
    """Scatter of counts about their model.

    Attributes
    ----------
    dispersion : float
        φ, at least 1.
    correlation : float
        ρ as matched, 0 to 0.9.
    cautious : float
        ρ with its allowance, with which resamples are drawn.
    """

    dispersion: float
    correlation: float
    cautious: float


def estimate_noise(series: RateSeries, model: RateModel, scan: Scan, normal: Floats) -> Noise:
    """Dispersion and correlation beyond the model and its best step.

    Parameters
    ----------
    series, model, scan
        The scan holds the regressors of the model.
    normal : array, shape (resamples, periods)
        Independent standard normal values.
    """
    without = scan.best(scan.remove(model.residual[None]))[1]
    tried = [scan.best(scan.remove(correlated(normal[:_MATCHED], series.places, rho)))[1] for rho in _GRID]
    rho, error = _match_correlation(series.places, without, tried)
    squares = (tried[int(np.abs(_GRID - rho).argmin())] ** 2).sum(axis=1)
    dispersion = float((without**2).sum() / squares.mean())
    highest = max(0.0, 1 - 1 / (dispersion * (1 + CAUTION * squares.std() / squares.mean())))
    cautious = float(np.clip(rho + CAUTION * error, 0, min(_HIGHEST, highest)))
    return Noise(max(1.0, dispersion), float(np.clip(rho, 0, _HIGHEST)), cautious)


def _match_correlation(places: Floats, without: Floats, tried: list[Floats]) -> tuple[float, float]:
    """Correlation whose noise shows what is observed, and its standard error."""
    found = [_lag_one(places, left) for left in tried]
    means = np.maximum.accumulate([values.mean() for values in found])
    slope = max((means[3] - means[1]) / (_GRID[3] - _GRID[1]), 1e-3)
    return float(np.interp(_lag_one(places, without)[0], means, _GRID)), float(found[2].std() / slope)


def _lag_one(places: Floats, left: Floats) -> Floats:
    joined = np.diff(places) == 1
    found: Floats = (left[:, 1:] * left[:, :-1])[:, joined].sum(axis=1) / (left**2).sum(axis=1)
    return found


def correlations(places: Floats, rho: float) -> Floats:
    """Correlation matrix of an AR(1) process at these places."""
    matrix: Floats = rho ** np.abs(places[:, None] - places[None, :])
    return matrix


def correlated(normal: Floats, places: Floats, rho: float) -> Floats:
    """Rows of an AR(1) process made of rows of independent normal values."""
    if rho == 0:
        return normal
    made: Floats = normal @ np.linalg.cholesky(correlations(places, rho)).T
    return made


def draw_residuals(series: RateSeries, model: RateModel, noise: Noise, normal: Floats) -> Floats:
    """Pearson residuals of resampled counts about the model, one series per row."""
    levels = norm.cdf(correlated(normal, series.places, noise.cautious))
    residuals = np.empty_like(levels)
    for period, (n, rate) in enumerate(zip(series.n, model.rate, strict=True)):
        counts, chances = _law(n, rate, noise.dispersion)
        drawn = counts[np.searchsorted(chances, levels[:, period])]
        residuals[:, period] = (n * (1 - rate) - drawn) / model.root[period]
    return residuals


def _law(n: float, rate: float, dispersion: float) -> tuple[Floats, Floats]:
    """Counts of failures that may occur, and the chance of at most so many."""
    spread = min(dispersion, 0.9 * n)
    centre, reach = n * (1 - rate), _REACH * np.sqrt(n * rate * (1 - rate) * max(spread, 1.0)) + _REACH
    counts = np.arange(max(0, np.floor(centre - reach)), min(n, np.ceil(centre + reach)) + 1)
    others = n - counts
    log_chance = -gammaln(counts + 1) - gammaln(others + 1)
    if spread > 1.001:
        size = (n - 1) / (spread - 1) - 1
        fails, passes = size * (1 - rate), size * rate
        log_chance += gammaln(counts + fails) + gammaln(others + passes)
    else:
        log_chance += counts * np.log1p(-rate) + others * np.log(rate)
    chances = np.cumsum(np.exp(log_chance - log_chance.max()))
    return counts, chances[:-1] / chances[-1]

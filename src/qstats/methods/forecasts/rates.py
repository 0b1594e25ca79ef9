"""How will a rate go on? Structural models with binomial noise, mixed by what the history says of each.

A rate near 100 % is bounded and its counts are small: a forecast that treats it as a normal variable promises
110 % and gives a month of 20 batches the weight of one of 200. Here the series lives on the logit scale and
its counts are binomial (``family="poisson"``: events per exposure, on the log scale).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit

from qstats.methods.forecasts.laplace import Posterior, approximate
from qstats.methods.forecasts.predictive import Forecast
from qstats.methods.forecasts.structure import (
    COMBINED,
    Family,
    Season,
    Structures,
    list_structures,
)

Floats = NDArray[np.float64]

FEWEST_PERIODS = 4
"""Periods with observations below which nothing is forecast."""


def forecast_rate(
    passed: ArrayLike,
    n: ArrayLike,
    *,
    steps: int,
    season: Season = None,
    per_year: float | None = None,
    model: str = COMBINED,
    family: Family = "binomial",
    dispersion: float = 1.0,
) -> Forecast:
    """Forecast of the true rate over the periods after a series.

    Parameters
    ----------
    passed, n : array_like of shape (periods,)
        Passes and batches, or events and exposure, of periods of equal length. A period with ``n`` of 0 or
        NaN is a gap. Batches may be effective numbers.
    steps : int
        Periods ahead, at least 1.
    season : {4, 12, None}
        Periods of a year where there may be a season.
    per_year : float, optional
        Periods of a year; the season's where one is given, else 1.
    model : str
        One of ``MODELS``.
    family : {"binomial", "poisson"}
    dispersion : float
        How many times the variance of a count exceeds that of independent batches (at least 1).

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        Fewer than ``FEWEST_PERIODS`` observed periods, counts that cannot be, an unknown model.
    """
    x, size = checked_counts(
        np.atleast_2d(np.asarray(passed, float)), np.atleast_2d(np.asarray(n, float)), family
    )
    if (size > 0).sum() < FEWEST_PERIODS:
        raise ValueError(
            f"{int((size > 0).sum())} periods are too few to forecast: {FEWEST_PERIODS} are needed"
        )
    if steps < 1:
        raise ValueError(f"steps must be at least 1, not {steps}")
    structures = structures_of(x.shape[1] + steps, season, per_year, family)
    x, size = x / dispersion, size / dispersion
    posterior = approximate(x, size, structures.covariance, centres(x, size, family), family=family)
    return mixture(posterior, structures, 0, x.shape[1], model=model, family=family)


def structures_of(
    periods: int, season: Season, per_year: float | None, family: Family = "binomial"
) -> Structures:
    """Structures over so many periods of equal length."""
    times = (np.arange(periods) + 0.5) / (per_year or season or 1)
    return list_structures(times, season=season, family=family)


def centres(x: Floats, n: Floats, family: Family) -> Floats:
    """Pooled rate of each series on its scale, half an event away from none and from all."""
    events, exposure = x.sum(axis=1), n.sum(axis=1)
    if family == "poisson":
        return np.log((events + 0.5) / np.maximum(exposure, 1e-12))
    return logit((events + 0.5) / (exposure + 1))


def mixture(
    posterior: Posterior, structures: Structures, series: int, periods: int, *, model: str, family: Family
) -> Forecast:
    """Forecast of one series over the times after its periods, from the answers that a model admits."""
    chosen = structures.answers_of(model)
    log_weight = posterior.log_evidence[series, chosen] + structures.log_prior[chosen]
    weight = np.exp(log_weight - log_weight.max())
    v = posterior.ahead[series, chosen]
    covariance = structures.covariance[chosen, periods:, periods:] - np.einsum("aui,auj->aij", v, v)
    steps = np.arange(covariance.shape[-1])
    covariance[:, steps, steps] = np.maximum(covariance[:, steps, steps], 1e-12)
    return Forecast(
        weights=weight / weight.sum(), means=posterior.mean[series, chosen][:, periods:],
        covariances=covariance, sizes=structures.sizes[chosen], family=family,
    )  # fmt: skip


def checked_counts(x: Floats, n: Floats, family: Family) -> tuple[Floats, Floats]:
    """Counts with gaps as zeros; impossible ones are refused."""
    if x.shape != n.shape:
        raise ValueError(f"events and batches have different lengths: {x.shape[1]} and {n.shape[1]}")
    gap = ~(n > 0) | np.isnan(x)
    x, n = np.where(gap, 0.0, x), np.where(gap, 0.0, n)
    if (x < 0).any() or (family == "binomial" and (x > n + 1e-9).any()):
        raise ValueError("events lie outside 0 and the number of batches")
    return x, n

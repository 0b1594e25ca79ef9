"""The figure of the same period last year, as a forecast that any other has to beat.

A seasonal naïve forecast: the rate of a year ago, with the spread that figures have had from year to year.
Where no such spread is on record yet, that of two independent counts takes its place.
"""

import numpy as np
from numpy.typing import NDArray

from qstats.methods.forecasts.structure import Family

Floats = NDArray[np.float64]

FEWEST_DIFFERENCES = 4
"""Differences from year to year below which their spread is not used."""


def same_period_last_year(
    rate: Floats, n: Floats, *, steps: int, per_year: int, family: Family = "binomial"
) -> tuple[Floats, Floats]:
    """Centre and standard deviation of the figure of each period ahead.

    Parameters
    ----------
    rate : ndarray of shape (series, periods)
        Reported rates; NaN is a gap.
    n : ndarray of shape (series, periods)
        Batches (or exposure) behind each.
    steps : int
    per_year : int
        Periods of a year.
    family : {"binomial", "poisson"}

    Returns
    -------
    centre, spread : ndarray of shape (series, steps)
        NaN where the same period of the last year on record is a gap. Beyond a year ahead the last year on
        record is meant, and the spread grows with the root of the years, as that of a seasonal random walk.
    """
    periods = rate.shape[1]
    ahead = np.arange(steps)
    years = ahead // per_year + 1
    place = periods + ahead - years * per_year
    known = place >= 0
    centre = np.where(known, rate[:, np.maximum(place, 0)], np.nan)
    return centre, _spread(rate, n, per_year, family)[:, None] * np.sqrt(years)


def _spread(rate: Floats, n: Floats, per_year: int, family: Family) -> Floats:
    changes = rate[:, per_year:] - rate[:, :-per_year]
    counted = np.isfinite(changes).sum(axis=1)
    squares = np.where(np.isfinite(changes), changes, 0.0) ** 2
    root = np.sqrt(squares.sum(axis=1) / np.maximum(counted, 1))
    pooled = np.nansum(rate * n, axis=1) / np.maximum(np.nansum(np.where(np.isfinite(rate), n, 0), axis=1), 1)
    size = np.maximum(np.nanmean(np.where(n > 0, n, np.nan), axis=1), 1)
    variance = pooled if family == "poisson" else pooled * (1 - pooled)
    chance = np.sqrt(2 * np.maximum(variance, 0.25 / size) / size)
    return np.where(counted >= FEWEST_DIFFERENCES, np.maximum(root, 1e-6), chance)

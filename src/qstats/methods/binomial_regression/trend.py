"""Which columns describe a level, a straight trend and the season of a series?

Source: Serfling (1963), Public Health Reports 78, 494–506 (harmonics of the season).
"""

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.binomial_regression.families import Floats

SEASONS = (None, 4, 12)


def trend_design(times: ArrayLike, season: int | None = None, *, centre: float | None = None) -> Floats:
    """Columns of a trend on the link scale: intercept, years, and the harmonics of the season.

    Parameters
    ----------
    times : array_like of float, shape (m,)
        Decimal years: January 2015 is 2015.0, the second quarter of 2015 is 2015.25 (or the middles, 2015.042
        and 2015.375). Gaps are gaps of time; the order does not matter.
    season : {None, 4, 12}
        Periods of a year. 12: two pairs of sine and cosine; 4: one pair and a column that alternates.
    centre : float, optional
        Year at which the trend is 0; the mean of the times unless told. Predictions need that of the fit.

    Returns
    -------
    array of float, shape (m, 2), (m, 5) for quarters, or (m, 6) for months

    Raises
    ------
    ValueError
        Times that are not finite, or another season.
    """
    year = np.asarray(times, dtype=float)
    if year.ndim != 1 or not np.isfinite(year).all():
        raise ValueError("times must be finite decimal years")
    trend = year - (year.mean() if centre is None else centre)
    return np.column_stack([np.ones(len(year)), trend, season_columns(year, season)])


def season_columns(times: ArrayLike, season: int | None) -> Floats:
    """Harmonics of the season alone, shape (m, 0), (m, 3) or (m, 4); the phase is that of the calendar."""
    year = np.asarray(times, dtype=float)
    if season not in SEASONS:
        raise ValueError(f"a season has 4 or 12 periods, not {season}")
    if season is None:
        return np.empty((len(year), 0))
    # Which period of the year it is, whether times are beginnings or middles.
    angle = 2 * np.pi * np.floor(year * season + 1e-6) / season
    pairs = [np.sin(angle), np.cos(angle)]
    second = [np.cos(2 * angle)] if season == 4 else [np.sin(2 * angle), np.cos(2 * angle)]
    return np.column_stack(pairs + second)

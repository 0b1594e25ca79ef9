"""How much more does Kendall's score vary where neighbouring values are alike?

Hamed and Rao's variance of S, with the autocorrelations of an AR(1) process instead of those found lag by
lag. Its coefficient ρ is the lag-one autocorrelation of the normal scores of what is left when Sen's line
is taken away (otherwise a trend would pass for correlation), corrected for its bias about a fitted line, r
≈ ρ − (2 + 4ρ)/n, and never below 0: the variance is only ever widened.

Why not the lags as found: Hamed and Rao keep the significant ones, and of 24 independent values 9 % are
then declared to have a trend at 5 %; with ρ = 0.4, 20 %. With the one corrected coefficient it is 3 % and 7
% (simulated, see docs/methods.md).

Source: Hamed and Rao (1998), doi:10.1016/S0022-1694(97)00125-X; Yue and Wang (2004),
doi:10.1023/B:WARM.0000043140.61082.60 (trend taken away first); Marriott and Pope (1954),
doi:10.1093/biomet/41.3-4.390 (bias).
"""

import numpy as np
from scipy.stats import norm, rankdata

from qstats.methods.trend_tests.scores import Floats

_HIGHEST = 0.95
_OFF_GRID = 0.1
_CORRECTED = 10
"""Values below which the correction grows no further: of five, it would make ρ of anything."""


def variance_factor(times: Floats, values: Floats) -> float:
    """By what the variance of S is multiplied, at least 1, given values in order of time.

    Raises
    ------
    ValueError
        Times that do not lie on a grid of their smallest step; what lies between two grid points has no lag.
    """
    places = grid_places(times)
    rho = lag_one(places, values)
    n, ranks = values.size, np.arange(values.size)
    after = n - np.abs(ranks[:, None] - ranks[None, :])
    alike = 6 / np.pi * np.arcsin(rho ** np.abs(places[:, None] - places[None, :]) / 2)
    weighted = ((after - 1) * (after - 2) * alike)[np.triu_indices(n, 1)].sum()
    return float(1 + 2 * weighted / (n * (n - 1) * (n - 2)))


def grid_places(times: Floats) -> Floats:
    """Places of times on the grid of their smallest step, from 0."""
    steps = (times - times[0]) / np.diff(times).min()
    places: Floats = np.round(steps)
    if np.abs(steps - places).max() > _OFF_GRID:
        raise ValueError("serial correlation takes times on a regular grid: count months, not days")
    return places


def lag_one(places: Floats, values: Floats) -> float:
    """AR(1) coefficient of the values about Sen's line, corrected for its bias, 0 to 0.95."""
    n = values.size
    first, second = np.triu_indices(n, 1)
    slope = np.median((values[second] - values[first]) / (places[second] - places[first]))
    left = np.round(values - slope * places, 12)  # ties stay ties whatever the line does to the last digits
    scores = norm.ppf(rankdata(left) / (n + 1))
    joined = np.diff(places) == 1
    spread = (scores**2).sum()
    if spread == 0:
        return 0.0
    found = (scores[1:] * scores[:-1])[joined].mean() * (n - 1) / spread
    return float(np.clip((found + 2 / n) / (1 - 4 / max(n, _CORRECTED)), 0, _HIGHEST))

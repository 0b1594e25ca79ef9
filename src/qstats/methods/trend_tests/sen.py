"""How steep is a trend, so that single months out of line do not matter?

Sen's slope: the median of the slopes between all pairs of values, each over the time that truly lies
between them, so that a gap is a gap. Its limits are the slopes whose ranks lie z·sd(S) apart about the
middle, S being Kendall's score. With seasons, only pairs of the same season are taken.

Source: Sen (1968), doi:10.1080/01621459.1968.10480934; Hirsch, Slack and Smith (1982),
doi:10.1029/WR018i001p00107 (seasons); Gilbert (1987), Statistical Methods for Environmental Pollution
Monitoring, sections 16.5 and 17.3 (limits).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from qstats.methods.trend_tests.correlation import variance_factor
from qstats.methods.trend_tests.scores import Floats, known_in_order, require, score_variance
from qstats.methods.trend_tests.seasonal import score_covariances, season_table


@dataclass(frozen=True, slots=True)
class SenSlope:
    """Median slope with its limits.

    Attributes
    ----------
    slope, lower, upper : float
        Change per unit of time. A limit is infinite where so few values leave it open.
    intercept : float
        Level at time 0: the median of value − slope·time.
    n : int
        Known values.
    """

    slope: float
    lower: float
    upper: float
    intercept: float
    n: int


def sen_slope(
    values: ArrayLike,
    times: ArrayLike | None = None,
    *,
    confidence: float = 0.95,
    correlated: bool = False,
) -> SenSlope:
    """Slope of a trend per unit of time with its limits (Sen 斜率).

    Parameters
    ----------
    values : array_like, shape (n,)
        NaN is a gap, never 0.
    times : array_like, shape (n,), optional
        When; the distances count. The position where not given.
    confidence : float
        Two-sided level, 0–1.
    correlated : bool
        Widen the limits for values that are alike from one period to the next, as `mann_kendall` does.

    Raises
    ------
    ValueError
        As `mann_kendall` does.
    """
    t, y = known_in_order(values, times)
    factor = variance_factor(t, y) if correlated else 1.0
    first, second = np.triu_indices(y.size, 1)
    slopes = (y[second] - y[first]) / (t[second] - t[first])
    slope, lower, upper = _median_with_limits(slopes, score_variance(y) * factor, confidence)
    return SenSlope(slope, lower, upper, float(np.median(y - slope * t)), y.size)


def seasonal_sen_slope(
    values: ArrayLike,
    seasons: ArrayLike,
    times: ArrayLike,
    *,
    confidence: float = 0.95,
    correlated: bool = False,
) -> SenSlope:
    """Slope per year from pairs of the same season with its limits.

    Parameters
    ----------
    values, seasons, times : array_like, shape (n,)
        As `seasonal_mann_kendall` takes them; times in years.
    confidence : float
        Two-sided level, 0–1.
    correlated : bool
        Widen the limits for seasons of one year that are alike.

    Raises
    ------
    ValueError
        As `seasonal_mann_kendall` does.
    """
    table = season_table(values, seasons, times)
    known = ~np.isnan(table)
    require(int(known.sum(axis=0).max(initial=0)))
    t, y = np.asarray(times, dtype=float), np.asarray(values, dtype=float)
    years = np.unique(np.floor(t + 1e-6))
    first, second = np.triu_indices(years.size, 1)
    slopes = (table[second] - table[first]) / (years[second] - years[first])[:, None]
    variance = (
        score_covariances(table).sum()
        if correlated
        else sum(score_variance(column[~np.isnan(column)]) for column in table.T)
    )
    slope, lower, upper = _median_with_limits(slopes[~np.isnan(slopes)], float(variance), confidence)
    return SenSlope(slope, lower, upper, float(np.nanmedian(y - slope * t)), int(known.sum()))


def _median_with_limits(slopes: Floats, variance: float, confidence: float) -> tuple[float, float, float]:
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie between 0 and 1")
    ordered = np.concatenate([[-np.inf], np.sort(slopes), [np.inf]])  # rank 1 stands at place 1
    reach = norm.ppf((1 + confidence) / 2) * np.sqrt(max(variance, 0.0))
    low, high = np.round((slopes.size - reach) / 2), np.round((slopes.size + reach) / 2 + 1)
    ranks = np.clip([low, high], 0, slopes.size + 1).astype(int)
    return float(np.median(slopes)), float(ordered[ranks[0]]), float(ordered[ranks[1]])

"""Has a process moved, and since when? Cumulative sums of what goes beyond half the shift looked for.

References
----------
Page (1954), doi:10.1093/biomet/41.1-2.100; Montgomery, Introduction to Statistical Quality Control, ch. 9.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.control_charts.phases import Floats, Mask


@dataclass(frozen=True, slots=True, eq=False)
class CusumChart:
    """Sums in standard errors, and the points at which they go beyond the decision interval.

    Attributes
    ----------
    high, low : array
        Sum of deviations upward (at least 0) and downward (at most 0); NaN in a gap.
    beyond_high, beyond_low : array of bool
    shift, interval : float
        Shift looked for and decision interval, in standard errors.
    """

    high: Floats
    low: Floats
    beyond_high: Mask
    beyond_low: Mask
    shift: float
    interval: float


def cusum_chart(
    values: ArrayLike, *, centre: float, sigma: ArrayLike, shift: float = 1.0, interval: float = 5.0
) -> CusumChart:
    """Tabular cumulative sums of a series.

    Parameters
    ----------
    values : array_like, shape (points,)
        NaN is a gap: the sums wait.
    centre : float
    sigma : array_like
        Standard error of each value (one for all, or one each), positive.
    shift, interval : float
        In standard errors, positive.

    Raises
    ------
    ValueError
        An infinite value, a standard error, shift or interval that is not positive.
    """
    points = np.asarray(values, dtype=float)
    errors = np.broadcast_to(np.asarray(sigma, dtype=float), points.shape)
    if points.ndim != 1 or np.isinf(points).any() or (errors[np.isfinite(points)] <= 0).any():
        raise ValueError("values are one series of finite numbers with positive standard errors")
    if not (shift > 0 and interval > 0):
        raise ValueError("the shift looked for and the decision interval are positive")
    high, low = np.full(points.shape, np.nan), np.full(points.shape, np.nan)
    up = down = 0.0
    for place in np.flatnonzero(np.isfinite(points)):
        deviation = (points[place] - centre) / errors[place]
        up, down = max(0.0, up + deviation - shift / 2), min(0.0, down + deviation + shift / 2)
        high[place], low[place] = up, down
    return CusumChart(high, low, high > interval, low < -interval, shift, interval)

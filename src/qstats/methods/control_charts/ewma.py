"""Has a process moved a little and stayed there? Exponentially weighted moving average.

Each point adds its own value with the declared weight to the average so far; the limits grow with the
variance of that average to their final width. In a gap nothing is plotted and the average keeps its value.

References
----------
Roberts (1959), doi:10.1080/00401706.1959.10489860; Lucas & Saccucci (1990),
doi:10.1080/00401706.1990.10484583.
"""

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.control_charts.chart import ChartSettings, ControlChart, draw_chart, normal_limits
from qstats.methods.control_charts.phases import lay_out_phases

_SETTINGS = ChartSettings(sigmas=2.7)


def ewma_chart(
    values: ArrayLike,
    *,
    centre: float,
    sigma: ArrayLike,
    weight: float = 0.2,
    settings: ChartSettings = _SETTINGS,
) -> ControlChart:
    """Chart of the moving average of a series that starts at its centre.

    Parameters
    ----------
    values : array_like, shape (points,)
        NaN is a gap.
    centre : float
        Mean while nothing has changed.
    sigma : array_like
        Standard error of each value (one for all, or one each).
    weight : float
        Share of the newest value, above 0 and at most 1.
    settings : ChartSettings
        Width of the limits (2.7 goes with a weight of 0.2); points of one average are not independent, so
        runs mean little here.

    Raises
    ------
    ValueError
        A weight outside 0–1, an infinite value, a standard error that is not positive, a baseline or a
        rebase in the settings.
    """
    points = np.asarray(values, dtype=float)
    errors = np.broadcast_to(np.asarray(sigma, dtype=float), points.shape)
    if not 0 < weight <= 1:
        raise ValueError(f"the weight of the newest value lies above 0 and at most at 1, not at {weight}")
    if points.ndim != 1 or np.isinf(points).any() or (errors[np.isfinite(points)] <= 0).any():
        raise ValueError("values are one series of finite numbers with positive standard errors")
    if settings.baseline is not None or settings.rebases:
        raise ValueError("the centre is given: a baseline or rebase would change nothing")
    average, variance = centre, 0.0
    averages, errors_of_average = np.full(points.shape, np.nan), np.full(points.shape, np.nan)
    for place in np.flatnonzero(np.isfinite(points)):
        average = weight * points[place] + (1 - weight) * average
        variance = weight**2 * errors[place] ** 2 + (1 - weight) ** 2 * variance
        averages[place], errors_of_average[place] = average, np.sqrt(variance)
    line = np.full(points.shape, float(centre))
    return draw_chart(
        "ewma", "normal", statistic=averages, size=1.0, centre=line, sigma=errors_of_average,
        limits=normal_limits(line, errors_of_average, settings.sigmas),
        phases=lay_out_phases(np.isfinite(points)), settings=settings,
    )  # fmt: skip

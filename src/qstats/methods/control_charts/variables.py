"""Is a measured value under control? Charts of individual values (XmR) and of subgroups (x̄, R, S).

Subgroups have one size; a subgroup of NaN only is a gap. The spread comes from mean ranges (x̄, R) or mean
standard deviations (S), never from the spread of all values, which special causes inflate.

References
----------
Shewhart (1931); ISO 7870-2:2013; Wheeler (2000), Understanding Variation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import dblquad, quad
from scipy.special import gammaln, ndtr

from qstats.methods.control_charts.chart import ChartSettings, ControlChart, draw_chart, normal_limits
from qstats.methods.control_charts.moving_ranges import RANGE_TO_SIGMA, Variant, mean_moving_range
from qstats.methods.control_charts.phases import Floats, Phases, lay_out_phases

_SETTINGS = ChartSettings()


@dataclass(frozen=True, slots=True)
class RangeConstants:
    """Mean (d2) and standard deviation (d3) of the range of a normal sample in units of σ."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, size: int) -> "RangeConstants":
        """Constants for samples of this size, by numerical integration (printed tables round them)."""
        mean = quad(lambda x: 1 - ndtr(x) ** size - ndtr(-x) ** size, -10, 10, epsabs=1e-12)[0]
        square = 2 * dblquad(lambda x, y: _range_exceeds(x, y, size), -9, 9, -9, lambda y: y, epsabs=1e-10)[0]
        return cls(mean, float(np.sqrt(square - mean**2)))


def _range_exceeds(low: float, high: float, size: int) -> float:
    """Probability that the smallest value lies below ``low`` and the largest above ``high``."""
    inner = ndtr(high) - ndtr(low)
    return 1 - ndtr(high) ** size - ndtr(-low) ** size + inner**size


def deviation_constant(size: int) -> float:
    """Mean of the standard deviation of a normal sample in units of σ (c4)."""
    return float(np.sqrt(2 / (size - 1)) * np.exp(gammaln(size / 2) - gammaln((size - 1) / 2)))


def individuals_chart(
    values: ArrayLike,
    *,
    settings: ChartSettings = _SETTINGS,
    variant: Variant = "paper",
    range_to_sigma: float = RANGE_TO_SIGMA,
) -> ControlChart:
    """Chart of individual values with limits from their moving ranges (XmR).

    Parameters
    ----------
    values : array_like, shape (points,)
        NaN is a gap: no moving range reaches across it.
    settings : ChartSettings
    variant : {"paper", "screened"}
        Whether very large moving ranges are left out of the limits.
    range_to_sigma : float
        Mean moving range in units of σ; ``3 / 2.66`` for the rounded factor of NHS practice.

    Raises
    ------
    ValueError
        Values that are not one series, an infinite one, an unknown variant.
    """
    points = np.asarray(values, dtype=float)
    if points.ndim != 1 or np.isinf(points).any():
        raise ValueError("values are one series of finite numbers, NaN for gaps")
    phases = _phases(points, settings)
    centre = phases.spread(lambda chosen: float(points[chosen].mean()))
    sigma = mean_moving_range(points, phases, variant=variant) / range_to_sigma
    return draw_chart(
        "individuals", variant, statistic=points, size=1.0, centre=centre, sigma=sigma,
        limits=normal_limits(centre, sigma, settings.sigmas), phases=phases, settings=settings,
    )  # fmt: skip


def xbar_chart(
    samples: ArrayLike, *, settings: ChartSettings = _SETTINGS, constants: RangeConstants | None = None
) -> ControlChart:
    """Chart of subgroup means, spread from mean ranges.

    Parameters
    ----------
    samples : array_like, shape (points, size)
        Subgroups of 2 to 25 values; larger ones belong on an S chart.
    settings : ChartSettings
    constants : RangeConstants, optional
        Exact ones otherwise; give those of a printed table to reproduce its limits.
    """
    groups = _subgroups(samples)
    size = groups.shape[1]
    means, ranges = groups.mean(axis=1), np.ptp(groups, axis=1)
    phases = _phases(means, settings)
    spread = (constants or RangeConstants.of(size)).mean
    centre = phases.spread(lambda chosen: float(means[chosen].mean()))
    sigma = phases.spread(lambda chosen: float(ranges[chosen].mean())) / spread / np.sqrt(size)
    return draw_chart(
        "xbar", "normal", statistic=means, size=size, centre=centre, sigma=sigma,
        limits=normal_limits(centre, sigma, settings.sigmas), phases=phases, settings=settings,
    )  # fmt: skip


def range_chart(
    samples: ArrayLike, *, settings: ChartSettings = _SETTINGS, constants: RangeConstants | None = None
) -> ControlChart:
    """Chart of subgroup ranges; parameters as in :func:`xbar_chart`."""
    groups = _subgroups(samples)
    ranges = np.ptp(groups, axis=1)
    known = constants or RangeConstants.of(groups.shape[1])
    return _spread_chart("range", ranges, groups.shape[1], known.deviation / known.mean, settings)


def deviation_chart(samples: ArrayLike, *, settings: ChartSettings = _SETTINGS) -> ControlChart:
    """Chart of subgroup standard deviations (S); parameters as in :func:`xbar_chart`."""
    groups = _subgroups(samples)
    size = groups.shape[1]
    c4 = deviation_constant(size)
    return _spread_chart(
        "deviation", groups.std(axis=1, ddof=1), size, float(np.sqrt(1 - c4**2)) / c4, settings
    )


def _spread_chart(
    kind: str, spreads: Floats, size: int, relative_error: float, settings: ChartSettings
) -> ControlChart:
    phases = _phases(spreads, settings)
    centre = phases.spread(lambda chosen: float(spreads[chosen].mean()))
    sigma = centre * relative_error
    return draw_chart(
        kind, "normal", statistic=spreads, size=size, centre=centre, sigma=sigma,
        limits=normal_limits(centre, sigma, settings.sigmas, floor=0.0), phases=phases, settings=settings,
    )  # fmt: skip


def _subgroups(samples: ArrayLike) -> Floats:
    groups = np.asarray(samples, dtype=float)
    if groups.ndim != 2 or groups.shape[1] < 2 or np.isinf(groups).any():
        raise ValueError("samples are subgroups of at least two finite values: shape (points, size)")
    missing = np.isnan(groups).sum(axis=1)
    if ((missing > 0) & (missing < groups.shape[1])).any():
        raise ValueError("a subgroup is complete or, as a gap, all NaN: its size sets the limits")
    return groups


def _phases(points: Floats, settings: ChartSettings) -> Phases:
    return lay_out_phases(np.isfinite(points), settings.baseline, settings.rebases)

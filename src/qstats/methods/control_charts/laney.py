"""Does a rate with large samples vary more than chance within a sample explains? Laney's p′ and u′ charts.

The limits of a p or u chart are widened (or narrowed) by σ_z, the variation of the standardised rates from
one point to the next: ``centre ± 3 σ_z s_i``. Variant ``paper`` takes σ_z from all moving ranges as Laney
does; ``screened`` drops very large ones first (see :mod:`~qstats.methods.control_charts.moving_ranges`).

References
----------
Laney (2002), Improved control charts for attributes, Quality Engineering 14(4), 531–537.
"""

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.control_charts.attributes import rates_of
from qstats.methods.control_charts.chart import ChartSettings, ControlChart, draw_chart, normal_limits
from qstats.methods.control_charts.moving_ranges import RANGE_TO_SIGMA, Variant, mean_moving_range
from qstats.methods.control_charts.phases import Floats, Phases

_SETTINGS = ChartSettings()


def p_prime_chart(
    events: ArrayLike, n: ArrayLike, *, settings: ChartSettings = _SETTINGS, variant: Variant = "paper"
) -> ControlChart:
    """Laney's chart of proportions.

    Parameters
    ----------
    events, n : array_like, shape (points,)
        ``n = 0`` or NaN is a gap.
    settings : ChartSettings
    variant : {"paper", "screened"}

    Returns
    -------
    ControlChart
        Its ``sigma`` holds ``σ_z s_i``; limits are kept within 0–1.
    """
    rate, centre, size, phases = rates_of(events, n, settings, proportion=True)
    within = np.sqrt(centre * (1 - centre) / size)
    sigma = within * sigma_z(rate, centre, within, phases, variant=variant)
    bounds = normal_limits(centre, sigma, settings.sigmas, floor=0.0, ceiling=1.0)
    return draw_chart(
        "p_prime", variant, statistic=rate, size=size, centre=centre, sigma=sigma, limits=bounds,
        phases=phases, settings=settings,
    )  # fmt: skip


def u_prime_chart(
    events: ArrayLike, exposure: ArrayLike, *, settings: ChartSettings = _SETTINGS, variant: Variant = "paper"
) -> ControlChart:
    """Laney's chart of events per unit of exposure; parameters as in :func:`p_prime_chart`."""
    rate, centre, size, phases = rates_of(events, exposure, settings, proportion=False)
    within = np.sqrt(centre / size)
    sigma = within * sigma_z(rate, centre, within, phases, variant=variant)
    bounds = normal_limits(centre, sigma, settings.sigmas, floor=0.0)
    return draw_chart(
        "u_prime", variant, statistic=rate, size=size, centre=centre, sigma=sigma, limits=bounds,
        phases=phases, settings=settings,
    )  # fmt: skip


def sigma_z(rate: Floats, centre: Floats, within: Floats, phases: Phases, *, variant: Variant) -> Floats:
    """Laney's σ_z of each point's phase: 1 where chance within samples explains all variation.

    Parameters
    ----------
    rate, centre, within : array
        Points, their centre and their standard error from sampling alone.
    """
    standardised = np.divide(
        rate - centre, within, out=np.full(len(rate), np.nan), where=np.isfinite(rate) & (within > 0)
    )
    return mean_moving_range(standardised, phases, variant=variant) / RANGE_TO_SIGMA

"""Is a rate or count under control? Charts of proportions (p, np) and of counts (c, u).

Limits are exact by default: those of the binomial or Poisson distribution at the tail probability of the
declared width. The customary normal limits (``limits="normal"``) assume that the distribution is symmetric,
which fails where few failures are expected (n·p·(1 − p) below about 10): at pass rates of 95–100 % they
flag months that are nothing unusual, reach beyond 100 %, and cannot flag a rise at all.

References
----------
ISO 7870-2:2013; Woodall (1997), Control charts based on attribute data, Journal of Quality Technology 29(2),
172–183.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.control_charts.chart import ChartSettings, ControlChart, draw_chart, normal_limits
from qstats.methods.control_charts.phases import Floats, Phases, lay_out_phases
from qstats.methods.control_charts.probability_limits import binomial_limits, poisson_limits, tail_beyond

Limits = Literal["exact", "normal"]
_SETTINGS = ChartSettings()


def p_chart(
    events: ArrayLike, n: ArrayLike, *, settings: ChartSettings = _SETTINGS, limits: Limits = "exact"
) -> ControlChart:
    """Chart of proportions.

    Parameters
    ----------
    events, n : array_like, shape (points,)
        Counts, which may be effective (real) ones; ``n = 0`` or NaN is a gap.
    settings : ChartSettings
    limits : {"exact", "normal"}

    Raises
    ------
    ValueError
        Negative counts, more events than n, or settings that do not fit the series.
    """
    proportion, centre, size, phases = rates_of(events, n, settings, proportion=True)
    sigma = np.sqrt(centre * (1 - centre) / size)
    if _choose(limits) == "exact":
        bounds = binomial_limits(centre, size, tail_beyond(settings.sigmas))
    else:
        bounds = normal_limits(centre, sigma, settings.sigmas, floor=0.0, ceiling=1.0)
    return draw_chart(
        "p", limits, statistic=proportion, size=size, centre=centre, sigma=sigma, limits=bounds,
        phases=phases, settings=settings,
    )  # fmt: skip


def np_chart(
    events: ArrayLike, n: ArrayLike, *, settings: ChartSettings = _SETTINGS, limits: Limits = "exact"
) -> ControlChart:
    """Chart of the number of events in samples of sizes n; parameters as in :func:`p_chart`."""
    of_proportions = p_chart(events, n, settings=settings, limits=limits)
    size = of_proportions.size
    bounds = of_proportions.lower * size, of_proportions.upper * size
    return draw_chart(
        "np", limits, statistic=of_proportions.statistic * size, size=size,
        centre=of_proportions.centre * size, sigma=of_proportions.sigma * size, limits=bounds,
        phases=of_proportions.phases, settings=settings,
    )  # fmt: skip


def u_chart(
    events: ArrayLike, exposure: ArrayLike, *, settings: ChartSettings = _SETTINGS, limits: Limits = "exact"
) -> ControlChart:
    """Chart of events per unit of exposure (a unit may have several events).

    Parameters
    ----------
    events, exposure : array_like, shape (points,)
        Exposure 0 or NaN is a gap.
    settings, limits
        As in :func:`p_chart`.
    """
    rate, centre, size, phases = rates_of(events, exposure, settings, proportion=False)
    sigma = np.sqrt(centre / size)
    if _choose(limits) == "exact":
        low, high = poisson_limits(centre * size, tail_beyond(settings.sigmas))
        bounds = low / size, high / size
    else:
        bounds = normal_limits(centre, sigma, settings.sigmas, floor=0.0)
    return draw_chart(
        "u", limits, statistic=rate, size=size, centre=centre, sigma=sigma, limits=bounds, phases=phases,
        settings=settings,
    )  # fmt: skip


def c_chart(
    events: ArrayLike, *, settings: ChartSettings = _SETTINGS, limits: Limits = "exact"
) -> ControlChart:
    """Chart of counts over equal exposures; NaN is a gap. Parameters as in :func:`p_chart`."""
    of_rates = u_chart(events, np.ones(np.shape(events)), settings=settings, limits=limits)
    return draw_chart(
        "c", limits, statistic=of_rates.statistic, size=of_rates.size, centre=of_rates.centre,
        sigma=of_rates.sigma, limits=(of_rates.lower, of_rates.upper), phases=of_rates.phases,
        settings=settings,
    )  # fmt: skip


def rates_of(
    events: ArrayLike, size: ArrayLike, settings: ChartSettings, *, proportion: bool
) -> tuple[Floats, Floats, Floats, Phases]:
    """Rate of each point, pooled rate of its phase, sizes (NaN at gaps) and phases."""
    counts, sizes = np.asarray(events, dtype=float), np.asarray(size, dtype=float)
    _check_counts(counts, sizes, proportion=proportion)
    known = np.isfinite(counts) & (sizes > 0)
    sizes = np.where(known, sizes, np.nan)
    rates = counts / sizes
    phases = lay_out_phases(known, settings.baseline, settings.rebases)
    centre = phases.spread(lambda points: float(counts[points].sum() / sizes[points].sum()))
    return rates, centre, sizes, phases


def _check_counts(counts: Floats, sizes: Floats, *, proportion: bool) -> None:
    if counts.ndim != 1 or counts.shape != sizes.shape:
        raise ValueError(f"events and sizes are series of one length, not {counts.shape} and {sizes.shape}")
    if np.isinf(counts).any() or np.isinf(sizes).any() or (counts < 0).any() or (sizes < 0).any():
        raise ValueError("events and sizes are finite and not negative")
    if proportion and (counts > sizes).any():
        raise ValueError(f"more events than n at points {np.flatnonzero(counts > sizes)[:5].tolist()}")
    if ((counts > 0) & (sizes == 0)).any():
        raise ValueError("events without exposure")


def _choose(limits: str) -> str:
    if limits not in ("exact", "normal"):
        raise ValueError(f"no limits {limits!r}; known: exact, normal")
    return limits

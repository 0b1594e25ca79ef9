"""What does a control chart consist of? Its points, centre, limits, the settings that made it, its flags.

A point that is beyond a limit, and points of a run on one side of the centre, are flagged +1 where high and
−1 where low. A gap (NaN statistic) is never flagged and breaks a run.

References
----------
Shewhart (1931), Economic Control of Quality of Manufactured Product; ISO 7870-2:2013.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.control_charts.phases import Floats, Phases, Rebase, Signs
from qstats.methods.control_charts.run_rules import beyond_limits, runs_on_one_side


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSettings:
    """Declared rules of a chart.

    Attributes
    ----------
    sigmas : float
        Width of the limits in standard errors; exact limits have the tail probability of a normal
        deviate this large (3: 0.00135 on each side).
    run_length : int
        Points in a row on one side of the centre from which a run is flagged (Western Electric: 8).
    baseline : sequence of bool, optional
        Points that set the limits; all otherwise.
    rebases : sequence of Rebase
    """

    sigmas: float = 3.0
    run_length: int = 8
    baseline: Sequence[bool] | None = None
    rebases: Sequence[Rebase] = field(default=())

    def __post_init__(self) -> None:
        if not self.sigmas > 0 or self.run_length < 2:
            raise ValueError("limits need a positive width and runs at least two points")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ControlChart:
    """A control chart; all arrays have one value for each point.

    Attributes
    ----------
    kind : str
        ``p``, ``np``, ``c``, ``u``, ``p_prime``, ``u_prime``, ``individuals``, ``xbar``, ``range``,
        ``deviation`` or ``ewma``.
    variant : str
        How the limits were made: ``exact``, ``normal``, ``paper`` or ``screened``.
    statistic : array
        What is plotted; NaN is a gap.
    size : array
        Size of the sample behind the point.
    centre, sigma, lower, upper : array
        Centre line, standard error of the point, limits.
    phases : Phases
    settings : ChartSettings
    flags : mapping of array of int
        ``beyond`` and ``run``: +1 high, −1 low, 0 none.
    """

    kind: str
    variant: str
    statistic: Floats
    size: Floats
    centre: Floats
    sigma: Floats
    lower: Floats
    upper: Floats
    phases: Phases
    settings: ChartSettings
    flags: Mapping[str, Signs]


def draw_chart(
    kind: str,
    variant: str,
    *,
    statistic: Floats,
    size: ArrayLike,
    centre: Floats,
    sigma: Floats,
    limits: tuple[Floats, Floats],
    phases: Phases,
    settings: ChartSettings,
) -> ControlChart:
    """Chart with the flags that follow from its points and limits."""
    lower, upper = limits
    flags = {
        "beyond": beyond_limits(statistic, lower, upper),
        "run": runs_on_one_side(statistic, centre, settings.run_length, phase=phases.number),
    }
    sizes = np.broadcast_to(np.asarray(size, dtype=float), statistic.shape)
    return ControlChart(
        kind=kind, variant=variant, statistic=statistic, size=sizes, centre=centre, sigma=sigma,
        lower=lower, upper=upper, phases=phases, settings=settings, flags=flags,
    )  # fmt: skip


def normal_limits(
    centre: Floats, sigma: Floats, sigmas: float, *, floor: float = -np.inf, ceiling: float = np.inf
) -> tuple[Floats, Floats]:
    """Limits so many standard errors from the centre, within what the statistic can be."""
    return np.maximum(centre - sigmas * sigma, floor), np.minimum(centre + sigmas * sigma, ceiling)

"""Does a point show special causes, to the better or the worse, and will the process meet its target?

The rules of “making data count” in the English health service: a point beyond a limit, two of three close to
a limit, seven on one side of the mean, a trend of seven — named by the first that applies — and, from the
limits of the process, whether it will meet the target consistently, fail it consistently, or either.

References
----------
NHS England, Making data count: Getting started (2019).
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qstats.methods.control_charts.chart import ControlChart
from qstats.methods.control_charts.phases import Signs
from qstats.methods.control_charts.run_rules import beyond_limits, runs_on_one_side, trends, two_of_three

Assurance = Literal["consistent_pass", "inconsistent", "consistent_fail"]
_SEVEN = 7


def special_causes(chart: ControlChart) -> dict[str, Signs]:
    """Each rule's flags (+1 high or rising, −1 low or falling), all points of a pattern flagged.

    Returns
    -------
    dict
        ``beyond_limit``, ``two_of_three``, ``seven_on_one_side``, ``trend_of_seven``, in order of precedence.
    """
    points, centre, phase = chart.statistic, chart.centre, chart.phases.number
    return {
        "beyond_limit": beyond_limits(points, chart.lower, chart.upper),
        "two_of_three": two_of_three(points, centre, chart.lower, chart.upper, phase=phase),
        "seven_on_one_side": runs_on_one_side(points, centre, _SEVEN, phase=phase, whole=True),
        "trend_of_seven": trends(points, _SEVEN, phase=phase, whole=True),
    }


def name_special_causes(chart: ControlChart) -> tuple[NDArray[np.str_], Signs]:
    """Name of the first rule that applies to each point (``""`` where none does), and its sign."""
    causes = special_causes(chart)
    flagged = [flags != 0 for flags in causes.values()]
    return np.select(flagged, list(causes), default=""), np.select(flagged, list(causes.values()), default=0)


def type_points(chart: ControlChart, *, higher_is_better: bool) -> NDArray[np.str_]:
    """``special_cause_improvement``, ``special_cause_concern`` or ``common_cause`` for each point."""
    _, signs = name_special_causes(chart)
    better = signs if higher_is_better else -signs
    return np.select(
        [better > 0, better < 0],
        ["special_cause_improvement", "special_cause_concern"],
        default="common_cause",
    )


def assure_target(chart: ControlChart, target: float, *, higher_is_better: bool) -> Assurance:
    """Whether the process, as its last limits describe it, meets a target whatever chance does.

    Returns
    -------
    str
        ``consistent_pass`` where the target lies on the worse side of both limits, ``consistent_fail`` on
        the better side, ``inconsistent`` between them.

    Raises
    ------
    ValueError
        The last limits are not known.
    """
    lower, upper = chart.lower[-1], chart.upper[-1]
    if not np.isfinite(lower) or not np.isfinite(upper):
        raise ValueError("the last limits are not known: no assurance can be given")
    if lower <= target <= upper:
        return "inconsistent"
    return "consistent_pass" if (target < lower) == higher_is_better else "consistent_fail"

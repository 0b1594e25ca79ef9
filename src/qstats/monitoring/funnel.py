"""Do laboratories or sampling teams find more failures than chance and the mix of their batches explain?

A check of the data, not a league table: laboratories test different products from different firms. Each
group is compared with all others over the same mix (:mod:`~qstats.monitoring.expected_failures`). Its
adjusted rate is judged at the rate of all by exact binomial limits at 95 % and 99.8 %, on the number of
batches of average risk that the comparison is worth, so that rates and limits stand on one funnel. With
enough groups the variation between them is estimated and widens the limits.

References
----------
Spiegelhalter (2005), doi:10.1002/sim.1970.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qstats.methods.control_charts.probability_limits import binomial_limits
from qstats.methods.funnel_dispersion import intra_class_correlation
from qstats.monitoring.expected_failures import MIX, adjust_for_mix

COVERAGES = {"95": 0.95, "998": 0.998}
"""Inner and outer limits; beyond the outer ones a group differs by more than chance and mix explain."""

LEAST_BATCHES = 30
_LEAST_GROUPS = 8
"""Groups from which the variation between groups can be estimated."""

_WINSORISED = 0.1


def compare_by_funnel(
    groups: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    group: str,
    mix: Sequence[str] = MIX,
    least_batches: int = LEAST_BATCHES,
) -> pd.DataFrame:
    """Each group against the others at the same mix, the largest first.

    Parameters
    ----------
    groups, cells : DataFrame
        As :func:`~qstats.monitoring.expected_failures.adjust_for_mix` takes them.
    group : str
    mix : sequence of str
    least_batches : int
        With fewer batches to compare a group is listed and not judged.

    Returns
    -------
    DataFrame
        ``<group>, n, failures, compared`` (batches in cells that others test as well), ``observed`` and
        ``expected`` failures among those, ``ratio``, ``adjusted`` (pass rate at the mix of all), ``target``
        (pass rate of all), ``effective_n`` (batches of average risk that the comparison is worth),
        ``lower_95, upper_95, lower_998, upper_998``, ``rho`` (likeness within groups; null where the groups
        are too few to estimate it), ``notice`` and ``flag`` (``high``, ``low`` or ``""``: beyond the limits
        of 95 % and of 99.8 %), ``status`` and ``reason`` (``too_few_batches``, ``tests_alone``, ``""``).
    """
    table = _state(adjust_for_mix(groups, cells, group=group, mix=mix), least_batches)
    rho = _likeness(table[table["status"] == "stated"])
    judged = _judge(table.assign(rho=rho))
    return judged.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def _state(table: pd.DataFrame, least_batches: int) -> pd.DataFrame:
    """What can be judged, and why the rest cannot."""
    few = (table["n"] < least_batches) | ((table["compared"] >= least_batches) & table["adjusted"].isna())
    alone = table["compared"] < least_batches
    reason = np.select([few, alone], ["too_few_batches", "tests_alone"], default="")
    stated = pd.Series(reason == "", index=table.index)
    figures = ["ratio", "adjusted", "effective_n"]
    return table.assign(
        **table[figures].where(stated),
        status=np.where(stated, "stated", "cannot_be_stated"),
        reason=reason,
    )


def draw_funnel(table: pd.DataFrame, sizes: Sequence[float]) -> pd.DataFrame:
    """Limits of a compared table at any number of batches: ``effective_n, lower_95, upper_95, …``."""
    line = pd.DataFrame({"effective_n": np.asarray(sizes, dtype=float)})
    return line.assign(**_limits(table["target"].iloc[0], line["effective_n"], table["rho"].iloc[0]))


def _likeness(table: pd.DataFrame) -> float:
    """Intra-group correlation by moments from winsorised scores; null with too few groups."""
    if len(table) < _LEAST_GROUPS:
        return float("nan")
    n = table["effective_n"]
    return intra_class_correlation(table["adjusted"].clip(0, 1) * n, n, winsorised=_WINSORISED)


def _judge(table: pd.DataFrame) -> pd.DataFrame:
    """Limits at each coverage and what lies beyond them."""
    rho = table["rho"].iloc[0] if len(table) else np.nan
    limits = _limits(table["target"], table["effective_n"], rho)
    marks = [
        np.select(
            [table["adjusted"] > limits[f"upper_{name}"], table["adjusted"] < limits[f"lower_{name}"]],
            ["high", "low"],
            default="",
        )
        for name in COVERAGES
    ]
    return table.assign(**limits, notice=marks[0], flag=marks[1])


def _limits(target: pd.Series | float, n: pd.Series, rho: float) -> dict[str, np.ndarray]:
    """Exact limits at each coverage; likeness within groups lowers the batches that count."""
    size = n / (1 + np.maximum(n - 1, 0) * np.nan_to_num(rho))
    limits: dict[str, np.ndarray] = {}
    for name, coverage in COVERAGES.items():
        lower, upper = binomial_limits(target, size, (1 - coverage) / 2)
        limits |= {f"lower_{name}": lower, f"upper_{name}": upper}
    return limits

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
from qstats.monitoring.expected_failures import expect_failures

MIX = ("enterprise_size", "stage", "product_class")
COVERAGES = {"95": 0.95, "998": 0.998}
"""Inner and outer limits; beyond the outer ones a group differs by more than chance and mix explain."""

LEAST_BATCHES = 30
_LEAST_EXPECTED = 1.0
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
        Rows of :func:`qstats.estimation.estimate_pass_rates` over the same periods, by ``group`` and by
        ``group`` and ``mix``: ``n, failures, barred`` and, in the first, ``effective_n``. Rows with batches
        from sources that carry no rate are left out.
    group : str
        Column of the groups; null becomes a group of its own, ``""``.
    mix : sequence of str
        Columns of the cells, the most important distinction first.
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
    cells, groups = _admitted(cells), _admitted(groups)
    table = expect_failures(cells, group=group, mix=mix)
    table = table.merge(_worth_of_a_batch(groups, group), on=group, how="left")
    risk = table["failures"].sum() / table["n"].sum() if len(table) else np.nan
    table = _adjust(table, risk, least_batches)
    rho = _likeness(table[table["status"] == "stated"])
    judged = _judge(table.assign(rho=rho))
    return judged.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def _admitted(rates: pd.DataFrame) -> pd.DataFrame:
    return rates[rates["barred"] == 0]


def _worth_of_a_batch(groups: pd.DataFrame, group: str) -> pd.DataFrame:
    """Effective batches for each batch of a group: those of one enterprise are alike."""
    named = groups.assign(**{group: groups[group].fillna("").astype(str)})
    sums = named.groupby(group, sort=True)[["n", "effective_n"]].sum()
    return (sums["effective_n"] / sums["n"].where(sums["n"] > 0)).rename("worth").reset_index()


def _adjust(table: pd.DataFrame, risk: float, least_batches: int) -> pd.DataFrame:
    """Rates on one scale: the risk of all times observed over expected, and the batches behind them."""
    enough = (table["compared"] >= least_batches) & (table["expected"] >= _LEAST_EXPECTED)
    reason = np.select(
        [enough, table["n"] < least_batches, table["compared"] < least_batches],
        ["", "too_few_batches", "tests_alone"],
        default="too_few_batches",
    )
    expected = table["expected"].where(enough)
    ratio = table["observed"] / expected
    batches = (1 - risk) * expected**2 / (risk * table["variance"].where(enough))
    return table.drop(columns=["variance", "worth"]).assign(
        ratio=ratio, adjusted=1 - risk * ratio, target=1 - risk, effective_n=batches * table["worth"],
        status=np.where(enough, "stated", "cannot_be_stated"), reason=reason,
    )  # fmt: skip


def _likeness(table: pd.DataFrame) -> float:
    """Intra-group correlation by moments from winsorised scores; null with too few groups."""
    if len(table) < _LEAST_GROUPS:
        return float("nan")
    target, n = table["target"], table["effective_n"]
    score = (table["adjusted"] - target) / np.sqrt(target * (1 - target) / n)
    calm = score.clip(score.quantile(_WINSORISED), score.quantile(1 - _WINSORISED))
    return max(0.0, float((calm**2 - 1).sum() / (n - 1).sum()))


def _judge(table: pd.DataFrame) -> pd.DataFrame:
    """Limits at each coverage and what lies beyond them."""
    n, rho = table["effective_n"], table["rho"].fillna(0.0)
    size = n / (1 + np.maximum(n - 1, 0) * rho)
    limits: dict[str, np.ndarray] = {}
    marks: dict[str, np.ndarray] = {}
    for name, coverage in COVERAGES.items():
        lower, upper = binomial_limits(table["target"], size, (1 - coverage) / 2)
        limits |= {f"lower_{name}": lower, f"upper_{name}": upper}
        marks[name] = np.select(
            [table["adjusted"] > upper, table["adjusted"] < lower], ["high", "low"], default=""
        )
    return table.assign(**limits, notice=marks["95"], flag=marks["998"])

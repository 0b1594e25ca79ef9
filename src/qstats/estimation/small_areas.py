"""What is each group's rate when groups with few batches borrow from the others?

Beta-binomial shrinkage of one period's rates (:mod:`qstats.methods.small_areas.shrinkage`) on what batches
are worth, then moved so that the groups, weighted by their batches, add up to the rate of all of them. The
figures stand beside the direct ones, which stay as they are; they answer which groups are likely the best and
the worst without favouring the smallest ones.
"""

import numpy as np
import pandas as pd

from qstats.errors import QstatsError
from qstats.methods.ranks.probabilities import probability_among_best
from qstats.methods.small_areas.benchmarking import benchmark_rates
from qstats.methods.small_areas.shrinkage import draw_shrunk_rates, expected_ranks, shrink_rates

_DRAWS = 10_000
_COLUMNS = (
    "shrunk shrunk_lower shrunk_upper own_weight prob_top prob_bottom expected_rank between_sd between_share"
).split()


def shrink_groups(
    rates: pd.DataFrame, by: str, *, confidence: float = 0.95, count: int = 3, seed: int = 0
) -> pd.DataFrame:
    """Rate of each group drawn towards the others, one row for each row of one period's rates.

    Parameters
    ----------
    rates : DataFrame
        One period of :func:`qstats.estimation.estimate_pass_rates`: ``by, n, passes``, ``effective_n`` (else
        ``n``) and ``status``. Groups from barred sources (``refused``) and batches of no known group are left
        out: their row has NaN. Groups with too few batches to be stated by themselves are included.
    by : str
        Column that names the group.
    confidence : float
        Two-sided level, 0–1.
    count : int
        How many groups are called top, and bottom; half of the groups at most.
    seed : int
        Of the draws behind probabilities and expected ranks.

    Returns
    -------
    DataFrame
        ``by, shrunk, shrunk_lower, shrunk_upper`` (proportions 0–1, adding up to the rate of the groups
        together with ``n`` as weights), ``own_weight`` (of the group's own rate, 0–1; 0 for a group without
        batches, whose figure the others foretell), ``prob_top, prob_bottom`` (of being among the best or the
        worst ``count``), ``expected_rank`` (1 is best), and the same in every row: ``between_sd`` (standard
        deviation of the true rates) and ``between_share`` (share of the scatter of a typical group's own rate
        that lies between groups). Index as in ``rates``.

    Raises
    ------
    QstatsError
        Several periods, or a group with several rows.
    """
    _check_one_period(rates, by)
    table = rates[[by]].assign(**dict.fromkeys(_COLUMNS, np.nan))
    usable = rates[by].notna() & (rates["status"] != "refused" if "status" in rates else True)
    groups = rates[usable]
    if groups["n"].sum() == 0:
        return table
    table.loc[usable, _COLUMNS] = _shrink(groups, confidence, count, seed).to_numpy()
    return table


def _check_one_period(rates: pd.DataFrame, by: str) -> None:
    if "period" in rates and rates["period"].nunique() > 1:
        raise QstatsError("groups are shrunk within one period: choose the rows of one period first")
    repeated = rates.loc[rates[by].duplicated(), by].dropna().unique()
    if len(repeated):
        raise QstatsError(f"one row for each {by} is needed: several for {', '.join(map(str, repeated[:5]))}")


def _shrink(groups: pd.DataFrame, confidence: float, count: int, seed: int) -> pd.DataFrame:
    n, passes = (groups[name].to_numpy(dtype=float) for name in ("n", "passes"))
    worth = groups["effective_n"].to_numpy(dtype=float) if "effective_n" in groups else n
    rate = np.divide(passes, n, out=np.zeros(len(n)), where=n > 0)
    shrunk = shrink_rates(rate * worth, worth, confidence=confidence)
    city = benchmark_rates(shrunk.estimate, shrunk.lower, shrunk.upper, n, passes.sum() / n.sum())
    draws = draw_shrunk_rates(shrunk, draws=_DRAWS, seed=seed)
    count = max(1, min(count, len(n) // 2))
    columns = (
        city.estimate, city.lower, city.upper, shrunk.own_weight, probability_among_best(draws, count),
        probability_among_best(-draws, count), expected_ranks(draws),
        np.full(len(n), shrunk.between_sd), np.full(len(n), shrunk.between_share),
    )  # fmt: skip
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))

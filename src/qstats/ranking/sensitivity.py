"""Would another method tell other counties apart?"""

from collections.abc import Callable

import pandas as pd

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.ranks import (
    RankSets,
    confidence_of_each,
    exact_p_values,
    joint_rank_regions,
    pairwise_rank_sets,
    rate_rank_sets,
)


def compare_methods(ranked: pd.DataFrame, *, confidence: float) -> pd.DataFrame:
    """What each method would say of the same counties: ``method, told_apart, mean_width, widest``.

    Parameters
    ----------
    ranked : DataFrame
        From :func:`qstats.ranking.rank_counties`.
    confidence : float
        Of all claims at once (of each county's by itself with ``pairs_marginal``), 0–1.

    Returns
    -------
    DataFrame
        ``told_apart`` counts pairs of counties; the widths are numbers of ranks in a set. Empty where fewer
        than two counties are ranked. ``exact_independent`` (Fisher) takes batches as independent, which they
        are not where enterprises are sampled several times.
    """
    rows = ranked[ranked["rank_low"].notna()]
    methods = _METHODS if len(rows) > 1 else {}
    found = {name: method(rows, confidence) for name, method in methods.items()}
    widths = [sets.high - sets.low + 1 for sets in found.values()]
    return pd.DataFrame(
        {
            "method": list(found),
            "told_apart": [int((sets.better | sets.better.T).sum()) // 2 for sets in found.values()],
            "mean_width": [float(width.mean()) for width in widths],
            "widest": [int(width.max()) for width in widths],
        }
    )


def _simultaneous(rows: pd.DataFrame, confidence: float) -> RankSets:
    return rate_rank_sets(rows["estimate"], rows["effective_n"], confidence=confidence)


def _marginal(rows: pd.DataFrame, confidence: float) -> RankSets:
    return rate_rank_sets(rows["estimate"], rows["effective_n"], confidence=confidence, simultaneous=False)


def _joint_regions(rows: pd.DataFrame, confidence: float) -> RankSets:
    each = confidence_of_each(confidence, len(rows))
    return joint_rank_regions(*korn_graubard_interval(rows["estimate"], rows["effective_n"], confidence=each))


def _exact(rows: pd.DataFrame, confidence: float) -> RankSets:
    p_values = exact_p_values(rows["passes"], rows["n"], test="fisher")
    return pairwise_rank_sets(p_values, confidence=confidence)


_METHODS: dict[str, Callable[[pd.DataFrame, float], RankSets]] = {
    "pairs_simultaneous": _simultaneous,
    "pairs_marginal": _marginal,
    "joint_regions": _joint_regions,
    "exact_independent": _exact,
}
METHODS = tuple(_METHODS)
"""Names of the methods compared; the first is the one that the report uses."""

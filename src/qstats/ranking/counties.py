"""How do the counties stand to each other, and which of them cannot be told apart?

From rates by county to ranks that cannot be misread: with every estimate the set of ranks that the data leave
open, the counties that it is tied with, and its difference to all the others together. Pairs of counties are
compared by MOVER differences of Korn-Graubard limits on effective counts, Holm over all of them. Sampling
error only: what another mix of samples would do stands in :mod:`qstats.ranking.case_mix`.

Mogstad, Romano, Shaikh & Wilhelm (2024), doi:10.1093/restud/rdad006 (rank sets by inverting tests of pairs).
"""

import numpy as np
import pandas as pd

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.clustered_rates import Tally, direction_holds
from qstats.methods.differences import mover_difference
from qstats.methods.ranks import (
    RankSets,
    confidence_of_each,
    highest_clearly_lower,
    letters,
    rate_rank_sets,
    tie_groups,
)

STANDINGS = ("above", "below", "awaited", "not_told_apart")
"""How a county stands to the others together; ``awaited``: results to come could undo a difference."""

RANK_COLUMNS = [
    "rank_low", "rank_high", "own_rank_low", "own_rank_high", "ranked", "tie_group",
    "others_n", "others_estimate", "difference", "difference_lower", "difference_upper",
    "difference_confidence", "clear_below", "standing",
]  # fmt: skip
_COUNTS = ["rank_low", "rank_high", "own_rank_low", "own_rank_high", "ranked"]


def rank_counties(
    rates: pd.DataFrame, others: pd.DataFrame, shrunk: pd.DataFrame | None = None, *, confidence: float,
    column: str = "county_code",
) -> pd.DataFrame:  # fmt: skip
    """Counties, best first, each with its rank set, tie group and difference to the others.

    Parameters
    ----------
    rates : DataFrame
        One row per county of one period (:func:`qstats.estimation.estimate_pass_rates`):
        ``<column>, n, passes, awaited, unlisted, deff, estimate, effective_n, status``.
    others : DataFrame
        For each of them all other counties together, with the same columns.
    shrunk : DataFrame, optional
        ``<column>`` and shrunken estimates of the same counties; joined as it is.
    confidence : float
        Of all rank sets at once, and of all differences at once; 0–1.
    column : str
        Holds the code; ``""`` stands for batches that name no county, which are neither ranked nor compared.

    Returns
    -------
    DataFrame
        The rows of ``rates``, those with a rate first. Added: ``rank_low, rank_high`` (all sets hold at
        once), ``own_rank_low, own_rank_high`` (each set by itself), ``ranked`` (how many counties are),
        ``tie_group`` (letters: counties that share one are not told apart), ``others_n, others_estimate``
        (the other counties together), ``difference, difference_lower, difference_upper`` (to them,
        proportions), ``difference_confidence`` (of each of these intervals, so that all hold at once),
        ``clear_below`` (highest rate at which the county would have stood out below) and ``standing`` (one
        of `STANDINGS`). Missing where no rate is stated or there is no other county.
    """
    rows = rates if shrunk is None else rates.merge(shrunk, on=column, how="left", validate="one_to_one")
    named = rows[column] != ""
    stated = (rows["status"] == "stated") & named
    ranked = rows[stated].sort_values(["estimate", "n", column], ascending=[False, False, True])
    beside = others.set_index(column).reindex(ranked[column]).set_index(ranked.index)
    differences = _differences(ranked, beside, confidence, comparisons=int(named.sum()))
    added = pd.concat([_rank_sets(ranked, confidence), differences], axis=1)
    listed = pd.concat([ranked, rows[~stated].sort_values(column)]).join(added)
    return listed.astype(dict.fromkeys(_COUNTS, "Int64")).reset_index(drop=True)


def _rank_sets(ranked: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Rank sets and tie groups of the counties in their order; nothing for a single one."""
    if len(ranked) < 2:
        return pd.DataFrame(index=ranked.index, columns=RANK_COLUMNS[:6])
    joint, own = (_rate_rank_sets(ranked, confidence, simultaneous=each) for each in (True, False))
    groups = letters(tie_groups(joint.better), len(ranked))
    columns = [joint.low, joint.high, own.low, own.high, len(ranked), groups]
    return pd.DataFrame(dict(zip(RANK_COLUMNS[:6], columns, strict=True)), index=ranked.index)


def _rate_rank_sets(ranked: pd.DataFrame, confidence: float, *, simultaneous: bool = True) -> RankSets:
    """Rank sets from those claims only that results still awaited could not undo."""
    estimates, effective_n = (ranked[name].to_numpy(dtype=float) for name in ("estimate", "effective_n"))
    sets = rate_rank_sets(estimates, effective_n, confidence=confidence, simultaneous=simultaneous)
    counts = _tally(ranked)
    rows, columns = (
        Tally(*(getattr(counts, name)[index] for name in Tally.__slots__))
        for index in (np.s_[:, None], np.s_[None, :])
    )
    ahead = np.ones((len(ranked), len(ranked)))  # a claim is made: does it hold in that direction?
    holds = direction_holds(columns, rows, ahead, ahead, confidence=confidence)
    return RankSets.from_claims(sets.better & holds, sets.worse & holds.T)


def _tally(rates: pd.DataFrame) -> Tally:
    counts = rates[["n", "passes", "awaited", "unlisted"]].fillna(0).to_numpy(dtype=float).T
    return Tally(counts[0], counts[1], counts[2] + counts[3], rates["deff"].to_numpy(dtype=float))


def _differences(
    ranked: pd.DataFrame, others: pd.DataFrame, confidence: float, *, comparisons: int
) -> pd.DataFrame:
    """Each ranked county less all the others together, with intervals that hold for all counties at once."""
    known = (others["status"] == "stated").to_numpy()
    own, rest = ranked[known], others[known]
    each = confidence_of_each(confidence, max(comparisons, 1), method="bonferroni")
    pairs = [(side["estimate"].to_numpy(), side["effective_n"].to_numpy()) for side in (own, rest)]
    (low, high), (rest_low, rest_high) = (korn_graubard_interval(*pair, confidence=each) for pair in pairs)
    (estimate, effective_n), (rest_estimate, rest_effective_n) = pairs
    difference, lower, upper = mover_difference((estimate, rest_estimate), (low, rest_low), (high, rest_high))
    clear_below = highest_clearly_lower(effective_n, rest_estimate, rest_effective_n, confidence=each)
    holds = direction_holds(_tally(own), _tally(rest), lower, upper, confidence=confidence)
    standing = np.select([~holds, lower > 0, upper < 0], ["awaited", "above", "below"], "not_told_apart")
    columns = [rest["n"], rest_estimate, difference, lower, upper, each, clear_below, standing]
    return pd.DataFrame(dict(zip(RANK_COLUMNS[6:], columns, strict=True)), index=own.index)


def list_pairs(ranked: pd.DataFrame, *, confidence: float, column: str = "county_code") -> pd.DataFrame:
    """Pairs of counties that are told apart, the better one first: ``better, worse, difference``.

    ``ranked`` is what :func:`rank_counties` gives; ``confidence`` that of all claims at once.
    """
    rows = ranked[ranked["rank_low"].notna()]
    codes, estimates = rows[column].to_numpy(dtype=str), rows["estimate"].to_numpy(dtype=float)
    if len(rows) < 2:
        return pd.DataFrame({"better": codes[:0], "worse": codes[:0], "difference": estimates[:0]})
    sets = _rate_rank_sets(rows, confidence)
    worse, better = np.nonzero(sets.better)
    pairs = pd.DataFrame(
        {
            "better": codes[better],
            "worse": codes[worse],
            "difference": estimates[better] - estimates[worse],
        }
    )
    return pairs.sort_values("difference", ascending=False, kind="stable", ignore_index=True)

"""Which groups can be told apart, and which of many changes are clear? Answers that hold for all at once.

Rank sets come from all pairwise differences with the covariance of the groups' figures: those of one sampling
point, or of one calibration, vary together. Changes of many groups are judged by Holm's method, so that one
that chance would bring about among so many is not told as a rise or a fall.

References
----------
Mogstad, M. et al. (2024). doi:10.1093/restud/rdad006 (rank sets)
Holm, S. (1979). https://www.jstor.org/stable/4615733
"""

from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from qstats.methods.multiplicity import adjust_p_values
from qstats.methods.ranks import normal_rank_sets
from qstats.methods.survey.design import Floats
from qstats.methods.survey.variance import score_covariance
from qstats.satisfaction.index import IndexModel, draw_group
from qstats.satisfaction.scores import group_scores, groups_of, values_of
from qstats.satisfaction.survey import Sample, Survey

ChangeVerdict = Literal["rise", "fall", "not_clear", "only_alone", "cannot_be_stated"]
RANK_COLUMNS = ["rank_low", "rank_high"]


def rank_scores(rows: pd.DataFrame, sample: Sample, survey: Survey, column: str) -> pd.DataFrame:
    """Rows of scores by group with the ranks that the data leave open.

    Parameters
    ----------
    rows : DataFrame
        Of `estimate_scores` by ``column``, measure ``score``.

    Returns
    -------
    DataFrame
        With ``rank_low, rank_high`` (1 is the highest score; all sets hold at once); missing where no score
        is stated or only one is.
    """
    overall = survey.questionnaire.overall
    values = values_of(sample.frame[overall].to_numpy(float), survey.questionnaire, overall, "score")
    stated = rows.index[rows["status"] == "stated"]
    members = {key[0]: member for key, member in groups_of(sample.frame, [column])}
    scores = [
        group_scores(sample, values, members[code] & ~np.isnan(values)) for code in rows.loc[stated, column]
    ]
    if len(scores) < 2:
        return _with_ranks(rows, stated[:0], None, survey)
    return _with_ranks(rows, stated, score_covariance(sample.design, np.column_stack(scores)), survey)


def rank_indices(rows: pd.DataFrame, index: IndexModel, survey: Survey, column: str) -> pd.DataFrame:
    """Rows of the satisfaction index by group with the ranks left open, as `rank_scores` gives them."""
    stated = rows.index[rows["status"] == "stated"]
    members = {key[0]: member for key, member in groups_of(index.sample.frame, [column])}
    found = [draw_group(index, survey, members[code]) for code in rows.loc[stated, column]]
    if len(found) < 2 or any(one.draws is None for one in found):
        return _with_ranks(rows, stated[:0], None, survey)
    at = list(survey.questionnaire.latents).index(str(survey.questionnaire.index_of))
    draws = np.array([one.draws[1:, at] for one in found if one.draws is not None])
    usable = np.array([one.usable for one in found]).all(axis=0)
    return _with_ranks(rows, stated, np.cov(draws[:, usable]), survey)


def _with_ranks(
    rows: pd.DataFrame, stated: pd.Index, covariance: Floats | None, survey: Survey
) -> pd.DataFrame:
    """Rank sets of the stated rows; few sampling points widen them as they widen intervals."""
    ranked = rows.assign(rank_low=pd.array([pd.NA] * len(rows), "Int64"), rank_high=pd.NA)
    ranked["rank_high"] = ranked["rank_high"].astype("Int64")
    if covariance is None:
        return ranked
    tail = (1 + survey.confidence) / 2
    wider = t.ppf(tail, rows.loc[stated, "df"].to_numpy(float).clip(1)) / norm.ppf(tail)
    sets = normal_rank_sets(
        rows.loc[stated, "estimate"].to_numpy(float), covariance * np.outer(wider, wider),
        confidence=survey.confidence, seed=survey.seed,
    )  # fmt: skip
    ranked.loc[stated, "rank_low"], ranked.loc[stated, "rank_high"] = sets.low, sets.high
    return ranked


def judge_changes(rows: pd.DataFrame, confidence: float, *, jointly: bool) -> list[ChangeVerdict]:
    """What may be said of each change.

    Parameters
    ----------
    rows : DataFrame
        With ``change, change_lower, change_upper, change_status, change_df``; intervals of this confidence.
    confidence : float
    jointly : bool
        Whether the changes were not named beforehand, so that Holm's method judges all of them at once.

    Returns
    -------
    list of str
        ``only_alone``: the interval excludes 0, the joint judgement does not bear it out.
    """
    stated = (rows["change_status"] == "stated").to_numpy()
    change, lower, upper = (rows[name].to_numpy(float) for name in ("change", "change_lower", "change_upper"))
    alone = stated & ((lower > 0) | (upper < 0))
    clear = alone
    if jointly:
        half = np.where(stated, (upper - lower) / 2, np.nan)
        df = rows["change_df"].to_numpy(float)  # few points: tails are heavier than normal ones
        p = 2 * t.sf(np.abs(change) / half * t.ppf((1 + confidence) / 2, df), df)
        clear = alone & (adjust_p_values(np.where(half > 0, p, np.nan)) <= 1 - confidence)
    verdicts = np.select(
        [~stated, clear & (change > 0), clear, alone], ["cannot_be_stated", "rise", "fall", "only_alone"],
        "not_clear",
    )  # fmt: skip
    return [str(one) for one in verdicts]  # type: ignore[misc]

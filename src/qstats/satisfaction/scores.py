"""How satisfied are customers, and how sure is that? Mean score, share satisfied, top box and net score.

Score and share are two measures: a mean of 80 points is not 80 % satisfied. Points are 0–100 on the scale
of the question. Variances follow the design; after calibration they are those of the residuals. Shares have
Korn-Graubard limits on the effective number of answers. Where only a handful is satisfied, or only a handful
is not, the variance of the group is one of chance: what its answers are worth then follows as well from how
alike the answers of one sampling point are in the whole sample.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.effective_size import (
    degrees_of_freedom_factor,
    effective_sizes,
    intra_cluster_correlation,
    own_effective_sizes,
)
from qstats.methods.survey.calibrated_estimates import residuals
from qstats.methods.survey.design import Floats
from qstats.methods.survey.domains import domain_freedom
from qstats.methods.survey.intervals import t_interval
from qstats.methods.survey.variance import score_covariance
from qstats.questionnaires import Questionnaire
from qstats.satisfaction.survey import Sample, Survey

MEASURES = ("score", "share", "top_box", "net")
COUNTS = ("n", "respondents", "clusters")
FIGURES = (
    "effective_n", "deff", "estimate", "std_error", "lower", "upper", "confidence", "df", "method", "status",
    "reason", "reliability",
)  # fmt: skip
Mask = NDArray[np.bool_]
PROPORTIONS = ("share", "top_box")
LEAST_EFFECTIVE_N = 30
LEAST_CLUSTERS = 10
HANDFUL = 10
"""With fewer answers than this on one side of a share, its own variance does not decide alone."""

WIDEST = {"score": 10.0, "index": 10.0, "share": 0.2, "top_box": 0.2, "net": 0.3}
"""Whole width of an interval beyond which a figure is to be used with care."""


def estimate_scores(
    sample: Sample, survey: Survey, by: Sequence[str] = (), *, item: str | None = None,
    measures: Sequence[str] = MEASURES,
) -> pd.DataFrame:  # fmt: skip
    """Satisfaction of each group by each measure, stated or refused.

    Parameters
    ----------
    sample : Sample
    survey : Survey
    by : sequence of str
        Columns of the respondents; those whose group is not known belong to none.
    item : str, optional
        Item to be scored; the overall one without.
    measures : sequence of str

    Returns
    -------
    DataFrame
        ``wave, <by>, item, measure, n, respondents, clusters, effective_n, deff, estimate, std_error,
        lower, upper, confidence, df, method, status, reason, reliability``. Scores in points of 0–100,
        shares and net scores as proportions. ``n`` answered, ``respondents`` were asked.
    """
    item = item or survey.questionnaire.overall
    rows = [
        {"wave": sample.wave, **dict(zip(by, key, strict=True)), "item": item, "measure": measure}
        | _estimate(sample, survey, member, item, measure)
        for key, member in groups_of(sample.frame, by)
        for measure in measures
    ]
    return pd.DataFrame(rows, columns=["wave", *by, "item", "measure", *COUNTS, *FIGURES])


def values_of(answers: Floats, questionnaire: Questionnaire, item: str, measure: str) -> Floats:
    """What an answer counts by a measure; NaN where there is none."""
    low, high = questionnaire.scale_of(item)
    stretch = (high - low) / (questionnaire.scale[1] - questionnaire.scale[0])
    satisfied, top, bottom = (
        low + (mark - questionnaire.scale[0]) * stretch
        for mark in (questionnaire.satisfied_from, questionnaire.top_from, questionnaire.bottom_to)
    )
    counted = {
        "score": 100 * (answers - low) / (high - low),
        "share": 1.0 * (answers >= satisfied),
        "top_box": 1.0 * (answers >= top),
        "net": 1.0 * (answers >= top) - 1.0 * (answers <= bottom),
    }[measure]
    return np.where(np.isnan(answers), np.nan, counted)


def groups_of(frame: pd.DataFrame, by: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Mask]]:
    """Keys and members of the groups, in order of their codes; one group of all without columns."""
    if not by:
        yield (), np.ones(len(frame), bool)
        return
    for key, rows in frame.groupby(list(by), sort=True, observed=True, dropna=True).indices.items():
        member = np.zeros(len(frame), bool)
        member[rows] = True
        yield (key if isinstance(key, tuple) else (key,)), member


def _estimate(sample: Sample, survey: Survey, member: Mask, item: str, measure: str) -> dict[str, Any]:
    """One row: counts, and the estimate where it can be stated."""
    values = values_of(sample.frame[item].to_numpy(float), survey.questionnaire, item, measure)
    used = member & ~np.isnan(values)
    counts = counts_of(sample, used) | {"respondents": int(member.sum())}
    reason = reason_of_group(counts, survey)
    if reason is None and measure not in PROPORTIONS and np.ptp(values[used]) == 0:
        reason = "no_spread"
    if reason:
        return counts | refused(reason)
    estimate, variance, deff = domain_mean(sample, values, used)
    size, df = counts["n"] / deff if deff > 0 else np.nan, domain_freedom(sample.design, used)
    if measure in PROPORTIONS:
        estimate, method = min(max(estimate, 0.0), 1.0), "design_proportion"
        size = share_worth(sample, values, used, estimate, variance)
        lower, upper = _share_interval(estimate, size, df, counts["n"], survey.confidence)
    else:
        method = "design_mean"
        low, high = (0.0, 100.0) if measure == "score" else (-1.0, 1.0)
        lower, upper = (
            np.clip(end, low, high)
            for end in t_interval(estimate, variance, df, confidence=survey.confidence)
        )
    row = counts | {
        "effective_n": size, "deff": deff, "estimate": estimate,
        "std_error": float(np.sqrt(variance)), "lower": float(lower), "upper": float(upper),
        "confidence": survey.confidence, "df": df, "method": method, "status": "stated", "reason": None,
    }  # fmt: skip
    return row | {"reliability": judge(row, measure)}


def counts_of(sample: Sample, used: Mask) -> dict[str, int]:
    """Number of some respondents and of their sampling points."""
    return {"n": int(used.sum()), "clusters": len(np.unique(sample.design.cluster[used]))}


def reason_of_group(counts: Mapping[str, int], survey: Survey) -> str | None:
    """Why nothing can be said of a group, whatever its answers are."""
    if counts["n"] == 0:
        return "no_answers"
    if counts["n"] < survey.minimum_respondents:
        return "too_few_respondents"
    return "one_cluster" if counts["clusters"] < 2 else None


def share_worth(sample: Sample, values: Floats, used: Mask, estimate: float, variance: float) -> float:
    """Number of independent answers that a share is worth; at most the number of answers."""
    n = int(used.sum())
    own = float(own_effective_sizes(estimate, variance))
    if min(values[used].sum(), n - values[used].sum()) >= HANDFUL:
        return min(own, n)
    answered = ~np.isnan(values)
    stratum, cluster = sample.design.stratum[answered], sample.design.cluster
    means = np.bincount(stratum, values[answered]) / np.maximum(np.bincount(stratum), 1)
    alike = intra_cluster_correlation(values[answered] - means[stratum], cluster[answered]).value
    pooled = effective_sizes(sample.weight, cluster, np.where(used, 0, -1), 1, icc=alike)[0]
    return min(own, n, float(pooled))


def _share_interval(
    estimate: float, size: float, df: float, n: int, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    size = size * float(degrees_of_freedom_factor(n, df, confidence=confidence))
    return korn_graubard_interval(estimate, size, confidence=confidence)


def refused(reason: str) -> dict[str, Any]:
    """Columns of a figure that cannot be stated."""
    nothing = ("effective_n", "deff", "estimate", "std_error", "lower", "upper", "confidence", "df")
    return dict.fromkeys(nothing, np.nan) | {
        "method": None, "status": "cannot_be_stated", "reason": reason, "reliability": "cannot_be_stated",
    }  # fmt: skip


def judge(row: Mapping[str, Any], measure: str) -> str:
    """``reliable`` or ``use_with_care``: effective n from 30, clusters from 10, an interval not too wide."""
    few = row["effective_n"] < LEAST_EFFECTIVE_N or row["clusters"] < LEAST_CLUSTERS
    wide = row["upper"] - row["lower"] > WIDEST[measure]
    return "use_with_care" if few or wide else "reliable"


def domain_mean(sample: Sample, values: Floats, used: Mask) -> tuple[float, float, float]:
    """Mean of a group with its variance and design effect (against a simple random sample of its answers)."""
    weight = np.where(used, sample.weight, 0.0)
    filled = np.where(used, values, 0.0)
    if np.ptp(values[used]) == 0:  # exactly, where rounding would leave a little
        return float(values[used][0]), 0.0, np.nan
    total = weight.sum()
    estimate = float(weight @ filled / total)
    variance = float(score_covariance(sample.design, group_scores(sample, values, used)[:, None])[0, 0])
    spread = float(weight @ (filled - estimate) ** 2 / total) * used.sum() / max(used.sum() - 1, 1)
    simple = spread / used.sum()
    return estimate, variance, variance / simple if simple > 0 else np.nan


def group_scores(sample: Sample, values: Floats, used: Mask) -> Floats:
    """Scores of a group's mean that allow for few sampling points.

    A point pulls the mean towards itself, the more the fewer there are: Taylor's variance of a group at ten
    points is too small by about a third. Each point's score is therefore divided by the share that all
    others have in the mean, which is what leaving the point out would show (the jackknife, linearised).

    References
    ----------
    Yung & Rao (1996), Survey Methodology 22, 23–31; Bell & McCaffrey (2002), Survey Methodology 28, 169–181.
    """
    cluster, weight = sample.design.cluster, np.where(used, sample.weight, 0.0)
    others = 1 - np.bincount(cluster, weight) / weight.sum()
    return mean_scores(sample, values, used) / others[cluster]


def mean_scores(sample: Sample, values: Floats, used: Mask) -> Floats:
    """Linearised scores of a group's mean: their sum over the sample varies as the mean does."""
    weight = np.where(used, sample.weight, 0.0)
    total = weight.sum()
    estimate = weight @ np.where(used, values, 0.0) / total
    linearised = np.where(used, values - estimate, 0.0) / total
    if sample.calibration is None:
        return weight * linearised
    trimming = sample.calibration.trimming
    return sample.weight / trimming * residuals(sample.calibration, linearised * trimming)

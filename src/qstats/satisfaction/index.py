"""Where does the satisfaction index stand, and how sure is that? The path model of a wave.

The model is fitted to the complete answers of a wave with respondent weights. Its errors come from
resamples of the design, calibrated and trimmed again like the sample; each wave has resamples of its own.
Groups share the outer weights of all, so that their indices differ by answers only. Indices have Student
limits on the degrees of freedom of the design.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qstats.methods.calibration import rake_resamples, trim_resamples
from qstats.methods.path_models.estimation import PathFit, fit_paths
from qstats.methods.path_models.indices import (
    index_shares,
    latent_indices,
    negative_items,
)
from qstats.methods.path_models.model import PathModel, make_model
from qstats.methods.path_models.moments import Floats, Moments, weighted_moments
from qstats.methods.path_models.resampling import resampled_weights, too_many_failed
from qstats.methods.survey.domains import domain_freedom
from qstats.methods.survey.intervals import t_interval
from qstats.satisfaction.scores import (
    COUNTS,
    FIGURES,
    Mask,
    counts_of,
    groups_of,
    judge,
    reason_of_group,
    refused,
)
from qstats.satisfaction.survey import CLUSTER, STRATUM, Sample, Survey

FEWEST_COMPLETE = 100
PER_PATH = 10


@dataclass(frozen=True, slots=True)
class IndexModel:
    """A fitted index model, or why there is none.

    Attributes
    ----------
    sample : Sample
    complete : ndarray of bool
        Respondents with an answer to every item of the model (after filling, where asked for).
    model, moments, fit
        The first of the samples in ``moments`` and ``fit`` is the survey itself, the others are resamples.
    weights : ndarray, shape (B + 1, complete)
    points : ndarray, shape (complete, p)
        Answers in points of 0–100.
    df : float
        Degrees of freedom of the design that its complete answers leave.
    status, reason, detail
        ``stated``, or ``no_data`` / ``cannot_be_stated`` / ``refused`` with the code of the reason and the
        items that it names.
    """

    sample: Sample
    complete: Mask
    status: str
    reason: str | None
    detail: str = ""
    model: PathModel | None = None
    moments: Moments | None = None
    fit: PathFit | None = None
    weights: Floats | None = None
    points: Floats | None = None
    df: float = 0.0


def fit_index(sample: Sample, survey: Survey, *, fill: bool = False) -> IndexModel:
    """Index model of one wave.

    Parameters
    ----------
    sample : Sample
    survey : Survey
    fill : bool
        An item without an answer takes the mean of the respondent's other answers to its block, where
        there are any: a check on what leaving incomplete questionnaires out does.
    """
    questionnaire = survey.questionnaire
    blocks = questionnaire.blocks
    items = [item for block in blocks.values() for item in block]
    points = _points(sample.frame, survey, items)
    if fill:
        points = _filled(points, [len(block) for block in blocks.values()])
    complete: Mask = np.asarray(~np.isnan(points).any(axis=1))
    if questionnaire.index_of is None or not questionnaire.latents:
        return IndexModel(sample, complete, "no_data", "no_index_model")
    if complete.sum() < fewest_complete(survey):
        return IndexModel(sample, complete, "cannot_be_stated", "too_few_for_model")
    df = domain_freedom(sample.design, complete)
    if reason := reason_of_group(counts_of(sample, complete), survey):
        return IndexModel(sample, complete, "cannot_be_stated", reason)
    points = points[complete]
    if constant := [item for item, spread in zip(items, np.ptp(points, axis=0), strict=True) if spread == 0]:
        return IndexModel(sample, complete, "refused", "constant_item", ", ".join(constant))
    model, weights = _model_of(survey), _weights(sample, survey)[:, complete]
    moments = weighted_moments(points, weights)
    try:
        fit = fit_paths(model, moments)
    except ValueError:  # a block in which one item follows from the others
        return IndexModel(sample, complete, "refused", "model_unsolved")
    if not fit.converged[0]:
        return IndexModel(sample, complete, "refused", "model_unsolved")
    status, reason, detail = _judge_fit(fit, items)
    return IndexModel(sample, complete, status, reason, detail, model, moments, fit, weights, points, df)


def _judge_fit(fit: PathFit, items: Sequence[str]) -> tuple[str, str | None, str]:
    """Status, reason and the items that it names."""
    if negative := negative_items(fit):
        return "refused", "negative_weights", ", ".join(items[at] for at in negative)
    if too_many_failed(fit.converged[1:]):
        return "cannot_be_stated", "model_unstable", ""
    return "stated", None, ""


def fewest_complete(survey: Survey) -> int:
    """Complete answers that the model takes: 100, and ten for each path into one latent variable."""
    most = max((len(one.explained_by) for one in survey.questionnaire.latents.values()), default=0)
    return max(FEWEST_COMPLETE, PER_PATH * most)


def estimate_indices(index: IndexModel, survey: Survey, by: Sequence[str] = ()) -> pd.DataFrame:
    """Index of each latent variable for each group, on the outer weights of all.

    Returns
    -------
    DataFrame
        ``wave, <by>, latent, measure`` (``index``) and the columns of `estimate_scores`; points of 0–100.
    """
    latents, rows = list(survey.questionnaire.latents), []
    for key, group in groups_of(index.sample.frame, by):
        head = {"wave": index.sample.wave, **dict(zip(by, key, strict=True)), "measure": "index"}
        found = draw_group(index, survey, group)
        for at, latent in enumerate(latents):
            row = head | {"latent": latent} | found.counts
            if found.draws is None:
                rows.append(row | refused(str(found.reason)) | {"status": found.status})
            else:
                rows.append(row | _stated(index, found, at, survey))
    return pd.DataFrame(rows, columns=["wave", *by, "latent", "measure", *COUNTS, *FIGURES])


@dataclass(frozen=True, slots=True)
class GroupDraws:
    """Indices (B + 1, J) of a group in the survey and its resamples, or why there are none.

    ``usable`` says which of the resamples hold the group and have a solution; ``member`` who of the complete
    answers belongs to it.
    """

    counts: dict[str, int]
    status: str
    reason: str | None
    member: Mask
    df: float = 0.0
    draws: Floats | None = None
    usable: Mask | None = None


def draw_group(index: IndexModel, survey: Survey, group: Mask) -> GroupDraws:
    """Indices of a group of the sample, on the outer weights of all in each resample."""
    member = group[index.complete]
    counts = counts_of(index.sample, group & index.complete) | {"respondents": int(group.sum())}
    if index.reason or index.fit is None:
        return GroupDraws(counts, index.status, index.reason, member)
    reason = reason_of_group(counts, survey)
    if reason is None:
        draws = draw_indices(index, member)
        usable = index.fit.converged[1:] & ~np.isnan(draws[1:]).any(axis=1)
        if not too_many_failed(usable):
            df = domain_freedom(index.sample.design, group & index.complete)
            return GroupDraws(counts, "stated", None, member, df, draws, usable)
    return GroupDraws(counts, "cannot_be_stated", reason or "few_clusters", member)


def draw_indices(index: IndexModel, member: Mask | None = None) -> Floats:
    """Indices (B + 1, J) of some (or all) of the complete answers; NaN where a resample holds none."""
    assert index.model is not None and index.moments is not None and index.fit is not None
    if member is None or member.all():
        return latent_indices(index.model, index.fit, index.moments, 0, 100)
    assert index.weights is not None and index.points is not None
    weight = index.weights[:, member]
    total = weight.sum(axis=1, keepdims=True)
    means = weight @ index.points[member] / np.where(total > 0, total, np.nan)
    shares = index_shares(index.model, index.fit, 100.0)
    return np.asarray((shares * means) @ index.model.block)


def _stated(index: IndexModel, found: GroupDraws, at: int, survey: Survey) -> dict[str, Any]:
    assert found.draws is not None and found.usable is not None
    draws = found.draws[:, at]
    error = draws[1:][found.usable].std(ddof=1)
    lower, upper = (
        np.clip(end, 0, 100) for end in t_interval(draws[0], error**2, found.df, confidence=survey.confidence)
    )
    simple = _spread_of(index, found.member, at) / found.counts["n"]
    deff = float(error) ** 2 / simple if simple > 0 else np.nan
    made = {
        "effective_n": found.counts["n"] / deff if deff > 0 else np.nan, "deff": deff,
        "estimate": float(draws[0]), "std_error": float(error), "lower": float(lower), "upper": float(upper),
        "confidence": survey.confidence, "df": found.df, "method": "pls_bootstrap",
        "status": "stated", "reason": None,
    }  # fmt: skip
    return made | {"reliability": judge({**found.counts, **made}, "index")}


def _spread_of(index: IndexModel, member: Mask, latent: int) -> float:
    """Weighted variance of the index scores of a group's respondents."""
    assert index.model is not None and index.fit is not None
    assert index.points is not None and index.weights is not None
    shares = index_shares(index.model, index.fit, 100.0)[0] * index.model.block[:, latent]
    scores, weight = index.points[member] @ shares, index.weights[0, member]
    return float(np.average((scores - np.average(scores, weights=weight)) ** 2, weights=weight))


def _points(frame: pd.DataFrame, survey: Survey, items: Sequence[str]) -> Floats:
    low, high = np.array([survey.questionnaire.scale_of(item) for item in items]).reshape(-1, 2).T
    return 100 * (frame[list(items)].to_numpy(float) - low) / (high - low)


def _filled(points: Floats, sizes: Sequence[int]) -> Floats:
    """Missing answers replaced by the mean of the respondent's others in the block."""
    filled, at = points.copy(), 0
    for size in sizes:
        block = filled[:, at : at + size]
        given = ~np.isnan(block)
        mean = np.nansum(block, axis=1) / np.maximum(given.sum(axis=1), 1)
        block[~given] = np.where(given.any(axis=1), mean, np.nan)[np.nonzero(~given)[0]]
        at += size
    return filled


def _model_of(survey: Survey) -> PathModel:
    questionnaire, places, at = survey.questionnaire, {}, 0
    for latent, block in questionnaire.blocks.items():
        places[latent] = list(range(at, at + len(block)))
        at += len(block)
    return make_model(
        places,
        {code: one.explained_by for code, one in questionnaire.latents.items()},
        modes={code: one.mode for code, one in questionnaire.latents.items()},
        scheme=survey.inner_scheme,
    )


def _weights(sample: Sample, survey: Survey) -> Floats:
    """Weights (B + 1, n): those of the survey, then of the resamples, calibrated like it."""
    times = resampled_weights(
        np.ones(len(sample.frame)), sample.frame[STRATUM], sample.frame[CLUSTER],
        replicates=survey.replicates, seed=[survey.seed, zlib.crc32(sample.wave.encode())],
    )  # fmt: skip
    resampled = times * sample.design.weight
    if sample.calibration is not None:
        margins, totals = [one.codes for one in sample.margins], [one.totals for one in sample.margins]
        resampled = rake_resamples(resampled, margins, totals)
        if survey.trim_weights:
            resampled = trim_resamples(resampled, times, survey.trim_weights)
    return np.vstack([sample.weight[None], resampled])

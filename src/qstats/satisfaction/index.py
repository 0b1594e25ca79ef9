"""Where does the satisfaction index stand, what drives it, and how sure is that? The path model of a wave.

The model is fitted to the complete answers of a wave with respondent weights. Its intervals come from
resamples of the design, calibrated again like the sample. Groups share the outer weights of all, so that
their indices differ by answers only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qstats.methods.calibration import rake_resamples
from qstats.methods.path_models.estimation import PathFit, fit_paths
from qstats.methods.path_models.importance import importance_for
from qstats.methods.path_models.indices import (
    index_deviations,
    index_shares,
    latent_indices,
    negative_items,
)
from qstats.methods.path_models.model import PathModel, make_model
from qstats.methods.path_models.moments import Floats, Moments, weighted_moments
from qstats.methods.path_models.reliability import htmt, judge_blocks
from qstats.methods.path_models.resampling import percentile_interval, resampled_weights
from qstats.satisfaction.scores import Mask, groups_of, judge, refused
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
    status, reason, detail
        ``stated``, or ``cannot_be_stated`` / ``refused`` with the code of the reason and what it names.
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
    model = _model_of(survey)
    weights = _weights(sample, survey)[:, complete]
    moments = weighted_moments(points[complete], weights)
    try:
        fit = fit_paths(model, moments)
    except ValueError as error:
        return IndexModel(sample, complete, "refused", "model_unsolved", str(error))
    negative = ", ".join(items[at] for at in negative_items(fit))
    status, reason = ("refused", "negative_weights") if negative else ("stated", None)
    return IndexModel(
        sample, complete, status, reason, negative, model, moments, fit, weights, points[complete]
    )


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
    rows = []
    frame = index.sample.frame[index.complete]
    for key, member in groups_of(frame, by):
        head = {"wave": index.sample.wave, **dict(zip(by, key, strict=True)), "measure": "index"}
        counts = {
            "n": int(member.sum()), "respondents": int(member.sum()),
            "clusters": int(frame.loc[member, CLUSTER].nunique()),
        }  # fmt: skip
        reason = index.reason or _reason_of_group(counts, survey)
        draws = None if reason else draw_indices(index, member)
        for at, latent in enumerate(survey.questionnaire.latents):
            row = head | {"latent": latent} | counts
            if reason or draws is None:
                status = index.status if index.reason else "cannot_be_stated"
                rows.append(row | refused(str(reason)) | {"status": status})
            else:
                rows.append(row | _stated(index, draws[:, at], survey, row))
    return pd.DataFrame(rows)


def draw_indices(index: IndexModel, member: Mask | None = None) -> Floats:
    """Indices (B + 1, J) of a group in the survey and in each resample, on the outer weights of all in it."""
    assert index.model is not None and index.moments is not None and index.fit is not None
    if member is None or member.all():
        return latent_indices(index.model, index.fit, index.moments, 0, 100)
    assert index.weights is not None and index.points is not None
    weight = index.weights[:, member]
    total = weight.sum(axis=1, keepdims=True)
    means = weight @ index.points[member] / np.where(total > 0, total, np.nan)
    shares = index_shares(index.model, index.fit, 100.0)
    return np.asarray((shares * means) @ index.model.block)


def _reason_of_group(counts: dict[str, int], survey: Survey) -> str | None:
    if counts["n"] < survey.minimum_respondents:
        return "too_few_respondents" if counts["n"] else "no_answers"
    return "one_cluster" if counts["clusters"] < 2 else None


def _stated(index: IndexModel, draws: Floats, survey: Survey, row: Mapping[str, Any]) -> dict[str, Any]:
    assert index.fit is not None
    usable = index.fit.converged[1:] & ~np.isnan(draws[1:])
    error, lower, upper = percentile_interval(draws[1:], usable, survey.confidence)
    made = {
        "effective_n": float(row["n"]), "deff": np.nan, "estimate": float(draws[0]),
        "std_error": float(error), "lower": float(lower), "upper": float(upper),
        "confidence": survey.confidence, "df": np.nan, "method": "pls_bootstrap",
        "status": "stated", "reason": None,
    }  # fmt: skip
    return made | {"reliability": judge({**row, **made}, "index")}


def tabulate_paths(index: IndexModel, survey: Survey) -> pd.DataFrame:
    """Direct paths: ``source, target, estimate, lower, upper, clear`` (interval excludes 0), standardised."""
    if index.fit is None or index.model is None:
        return pd.DataFrame(columns=["source", "target", "estimate", "lower", "upper", "clear"])
    latents, rows = index.model.latents, []
    for k, j in zip(*np.nonzero(index.model.paths), strict=True):
        draws = index.fit.paths[:, k, j]
        _, lower, upper = percentile_interval(draws[1:], index.fit.converged[1:], survey.confidence)
        rows.append((latents[j], latents[k], draws[0], float(lower), float(upper), bool(lower * upper > 0)))
    return pd.DataFrame(rows, columns=["source", "target", "estimate", "lower", "upper", "clear"])


def tabulate_quality(index: IndexModel) -> pd.DataFrame:
    """Measurement by latent variable: ``latent, items, r_squared, ave, composite, alpha, largest_htmt``."""
    columns = ["latent", "items", "r_squared", "ave", "composite", "alpha", "largest_htmt"]
    if index.fit is None or index.model is None or index.moments is None:
        return pd.DataFrame(columns=columns)
    blocks, ratio = judge_blocks(index.model, index.fit, index.moments), htmt(index.model, index.moments)
    largest = np.array([np.nanmax(row) if np.isfinite(row).any() else np.nan for row in ratio])
    explained = index.model.paths.any(axis=1)
    made = (
        index.model.latents, index.model.block.sum(axis=0),
        np.where(explained, index.fit.r_squared[0], np.nan),
        blocks.ave, blocks.composite, blocks.alpha, largest,
    )  # fmt: skip
    return pd.DataFrame(dict(zip(columns, made, strict=True)))


def tabulate_items(index: IndexModel, survey: Survey) -> pd.DataFrame:
    """Items of the model: ``item, latent, share`` (in the index of its latent), ``loading, negative``."""
    if index.fit is None or index.model is None:
        return pd.DataFrame(columns=["item", "latent", "share", "loading", "negative"])
    pairs = [(item, latent) for latent, block in survey.questionnaire.blocks.items() for item in block]
    table = pd.DataFrame(pairs, columns=["item", "latent"])
    return table.assign(
        share=index_shares(index.model, index.fit, 100.0)[0],
        loading=index.fit.loading[0],
        negative=index.fit.weight[0] < 0,
    )


def map_importance(index: IndexModel, survey: Survey) -> pd.DataFrame:
    """Importance for the index and performance of each latent variable that leads to it.

    Returns
    -------
    DataFrame
        ``latent, importance, importance_lower, importance_upper`` (points of the index per point),
        ``performance, performance_lower, performance_upper`` (points).
    """
    names = ["latent"] + [
        f"{one}{end}" for one in ("importance", "performance") for end in ("", "_lower", "_upper")
    ]
    if index.status != "stated" or index.model is None or index.fit is None or index.moments is None:
        return pd.DataFrame(columns=names)
    target = index.model.latents.index(str(survey.questionnaire.index_of))
    deviation = index_deviations(index.model, index.fit, index.moments, 0, 100)
    importance, performance = importance_for(target, index.fit, deviation), draw_indices(index)
    rows = []
    for at, latent in enumerate(index.model.latents):
        if abs(importance[0, at]) < 1e-12:
            continue
        row: list[object] = [latent]
        for draws in (importance[:, at], performance[:, at]):
            _, lower, upper = percentile_interval(draws[1:], index.fit.converged[1:], survey.confidence)
            row += [draws[0], float(lower), float(upper)]
        rows.append(row)
    return pd.DataFrame(rows, columns=names)


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
    resampled = resampled_weights(
        sample.design.weight, sample.frame[STRATUM], sample.frame[CLUSTER],
        replicates=survey.replicates, seed=survey.seed,
    )  # fmt: skip
    if sample.calibration is not None:
        margins, totals = [one.codes for one in sample.margins], [one.totals for one in sample.margins]
        resampled = rake_resamples(resampled, margins, totals)
        if survey.trim_weights:
            most = survey.trim_weights * resampled.mean(axis=1, keepdims=True)
            resampled = np.minimum(resampled, most)
    return np.vstack([sample.weight[None], resampled])

"""What drives the satisfaction index, and how well is it measured? Paths, importance, items and blocks.

Paths and importance have percentile limits of the resamples, on the degrees of freedom of the design.
"""

import numpy as np
import pandas as pd

from qstats.methods.path_models.importance import importance_for
from qstats.methods.path_models.indices import index_deviations, index_shares
from qstats.methods.path_models.reliability import htmt, judge_blocks
from qstats.methods.path_models.resampling import percentile_interval, too_many_failed
from qstats.satisfaction.index import IndexModel, draw_indices
from qstats.satisfaction.survey import Survey


def tabulate_paths(index: IndexModel, survey: Survey) -> pd.DataFrame:
    """Direct paths: ``source, target, estimate, lower, upper, clear`` (interval excludes 0), standardised."""
    if index.fit is None or index.model is None or too_many_failed(index.fit.converged[1:]):
        return pd.DataFrame(columns=["source", "target", "estimate", "lower", "upper", "clear"])
    latents, rows = index.model.latents, []
    for k, j in zip(*np.nonzero(index.model.paths), strict=True):
        draws = index.fit.paths[:, k, j]
        _, lower, upper = percentile_interval(draws[1:], index.fit.converged[1:], survey.confidence, index.df)
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
            _, lower, upper = percentile_interval(
                draws[1:], index.fit.converged[1:], survey.confidence, index.df
            )
            row += [draws[0], float(lower), float(upper)]
        rows.append(row)
    return pd.DataFrame(rows, columns=names)

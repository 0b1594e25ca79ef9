"""Through which ways does one latent variable move another, and which matters most? Effects with intervals.

A total effect is the direct path and all ways round about. That one variable matters most is said only where
its lead over another is clear in the resamples.
"""

import numpy as np
import pandas as pd

from qstats.methods.path_models.effects import total_effects
from qstats.methods.path_models.importance import importance_for
from qstats.methods.path_models.indices import index_deviations
from qstats.methods.path_models.resampling import percentile_interval, too_many_failed
from qstats.satisfaction.index import IndexModel
from qstats.satisfaction.survey import Survey

COLUMNS = ["source", "target", "direct", "indirect", "total", "lower", "upper", "clear"]
_NONE = 1e-12


def tabulate_effects(index: IndexModel, survey: Survey) -> pd.DataFrame:
    """Effects of each latent variable on those behind it, standardised.

    Returns
    -------
    DataFrame
        ``source, target, direct`` (NaN without a path), ``indirect`` (NaN without a way round), ``total``
        with its ``lower, upper``, and ``clear`` (the interval excludes 0). By target.
    """
    if index.fit is None or index.model is None or too_many_failed(index.fit.converged[1:]):
        return pd.DataFrame(columns=COLUMNS)
    latents, paths, total = index.model.latents, index.fit.paths, total_effects(index.fit.paths)
    rows = []
    for k, j in zip(*np.nonzero(np.abs(total[0]) > _NONE), strict=True):
        _, lower, upper = percentile_interval(
            total[1:, k, j], index.fit.converged[1:], survey.confidence, index.df
        )
        direct = paths[0, k, j] if index.model.paths[k, j] else np.nan
        indirect = total[0, k, j] - paths[0, k, j]
        rows.append(
            (
                latents[j], latents[k], direct, indirect if abs(indirect) > _NONE else np.nan,
                total[0, k, j], float(lower), float(upper), bool(lower * upper > 0),
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def lead_drivers(index: IndexModel, survey: Survey) -> list[str]:
    """Latent variables that the most important one is not clearly ahead of, itself first."""
    if index.status != "stated" or index.model is None or index.fit is None or index.moments is None:
        return []
    target = index.model.latents.index(str(survey.questionnaire.index_of))
    deviation = index_deviations(index.model, index.fit, index.moments, 0, 100)
    importance = importance_for(target, index.fit, deviation)
    order = [at for at in np.argsort(-importance[0]) if abs(importance[0, at]) > _NONE]
    leaders = order[:1]
    for at in order[1:]:
        lead = importance[1:, order[0]] - importance[1:, at]
        _, lower, _ = percentile_interval(lead, index.fit.converged[1:], survey.confidence, index.df)
        if lower <= 0:
            leaders.append(at)
    return [index.model.latents[at] for at in leaders]

"""Do answers depend on how they were asked for? Differences between survey modes, as found and adjusted.

Adjusted: weighted least squares on mode, sector, industry, county and profile, with the variance of the
design. Where a mode was used by a group of its own only, the two cannot be told apart, and nothing is stated
as adjusted. Modes are not assigned at random, so that a difference may be one of people and not of the mode.
"""

import numpy as np
import pandas as pd

from qstats.methods.survey.design import Floats
from qstats.methods.survey.domains import domain_freedom
from qstats.methods.survey.intervals import t_interval
from qstats.methods.survey.variance import score_covariance
from qstats.satisfaction.scores import values_of
from qstats.satisfaction.survey import UNKNOWN, Sample, Survey

COLUMNS = ["mode", "n", "difference", "adjusted", "lower", "upper", "confidence"]


def estimate_mode_effects(sample: Sample, survey: Survey) -> pd.DataFrame:
    """Mean score of each mode less that of the most frequent one (the first row, without figures).

    Returns
    -------
    DataFrame
        ``mode, n, difference`` (as found), ``adjusted, lower, upper, confidence``, in points; NaN where a
        mode cannot be told from a group or the sampling points are too few. No rows with fewer than two
        modes of at least ``minimum_respondents`` answers.
    """
    overall = survey.questionnaire.overall
    values = values_of(sample.frame[overall].to_numpy(float), survey.questionnaire, overall, "score")
    modes = sample.frame["mode"].where(~np.isnan(values))
    counts = modes.value_counts()
    counts = counts[counts >= survey.minimum_respondents]
    if len(counts) < 2:
        return pd.DataFrame(columns=COLUMNS)
    used = modes.isin(counts.index).to_numpy()
    predictors = _predictors(sample.frame, modes, list(counts.index), survey)
    adjusted, covariance, estimable, rank = _regress(sample, values, used, predictors)
    df = domain_freedom(sample.design, used) - (rank - 1)
    weight = np.where(used, sample.weight, 0.0)
    means = [
        np.average(values[member], weights=weight[member]) for member in (modes == m for m in counts.index)
    ]
    rows: list[tuple[object, ...]] = [(counts.index[0], counts.iloc[0], *[np.nan] * 5)]
    for at, (mode, n) in enumerate(list(counts.items())[1:], start=1):
        raw = means[at] - means[0]
        if not estimable[at] or df < 1:
            rows.append((mode, n, raw, *[np.nan] * 4))
            continue
        lower, upper = t_interval(adjusted[at], covariance[at, at], df, confidence=survey.confidence)
        rows.append((mode, n, raw, adjusted[at], float(lower), float(upper), survey.confidence))
    return pd.DataFrame(rows, columns=COLUMNS)


def _predictors(frame: pd.DataFrame, modes: pd.Series, known: list[str], survey: Survey) -> Floats:
    """One, the modes but the first, and what else may differ between them."""
    others = ["sector", "industry", "county_code", *survey.questionnaire.profile]
    columns = [np.ones(len(frame)), *((modes == mode).to_numpy(float) for mode in known[1:])]
    for name in others:
        dummies = pd.get_dummies(frame[name].fillna(UNKNOWN), dtype=float)
        columns += [dummies[code].to_numpy() for code in dummies.columns[1:]]
    return np.column_stack(columns)


def _regress(
    sample: Sample, values: Floats, used: np.ndarray, predictors: Floats
) -> tuple[Floats, Floats, np.ndarray, int]:
    """Coefficients, their covariance under the design, which can be told from the others, and the rank."""
    weight = np.where(used, sample.weight, 0.0)
    y = np.where(used, values, 0.0)
    crossed = predictors.T @ (weight[:, None] * predictors)
    inverse = np.linalg.pinv(crossed, rcond=1e-10, hermitian=True)
    share = np.diag(inverse @ crossed)
    coefficient = inverse @ (predictors.T @ (weight * y))
    residual = np.where(used, y - predictors @ coefficient, 0.0)
    scores = (weight * residual)[:, None] * (predictors @ inverse)
    return coefficient, score_covariance(sample.design, scores), share > 1 - 1e-6, round(share.sum())

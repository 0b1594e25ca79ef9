"""Has satisfaction changed against an earlier wave? Difference of two independent samples with its interval.

Scores differ by their designs' variances, shares by MOVER from the limits of both, indices by the
resamples of both waves. An index may be compared only where both waves mean the same by it: the test of
measurement invariance stands beside the difference.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qstats.methods.differences import mover_difference
from qstats.methods.path_models.invariance import Extent, judge_invariance
from qstats.methods.path_models.resampling import percentile_interval
from qstats.methods.survey.intervals import t_interval
from qstats.satisfaction.index import IndexModel, draw_indices
from qstats.satisfaction.scores import PROPORTIONS, groups_of
from qstats.satisfaction.survey import Survey

PERMUTATIONS = 499
COLUMNS = ["change", "change_lower", "change_upper", "change_status", "change_reason", "change_method"]


def compare_scores(
    now: pd.DataFrame, before: pd.DataFrame, by: Sequence[str], survey: Survey
) -> pd.DataFrame:
    """Rows of ``now`` with their change against ``before``.

    Parameters
    ----------
    now, before : DataFrame
        Of `estimate_scores`, grouped alike.

    Returns
    -------
    DataFrame
        With ``against, before, change, change_lower, change_upper, change_status, change_reason,
        change_method``; the change is now less before, in the unit of the measure.
    """
    keys = [*by, "item", "measure"]
    earlier = before[[*keys, "wave", "status", "estimate", "std_error", "lower", "upper", "df", "n"]]
    joined = now.merge(earlier, on=keys, how="left", suffixes=("", "_before"))
    changes = pd.DataFrame([_change(row, survey) for row in joined.to_dict("records")], columns=COLUMNS)
    renamed = joined.rename(columns={"wave_before": "against", "estimate_before": "before"})
    kept = [*now.columns, "against", "before", "n_before"]
    return pd.concat([renamed[kept].reset_index(drop=True), changes], axis=1)


def _change(row: dict[str, object], survey: Survey) -> tuple[object, ...]:
    if row["status"] != "stated" or row["status_before"] != "stated":
        reason = "not_stated_now" if row["status"] != "stated" else "not_stated_before"
        return np.nan, np.nan, np.nan, "cannot_be_stated", reason, None
    if row["measure"] in PROPORTIONS:
        pairs = [(row[name], row[f"{name}_before"]) for name in ("estimate", "lower", "upper")]
        difference, lower, upper = (float(one) for one in mover_difference(*pairs))  # type: ignore[arg-type]
        return difference, lower, upper, "stated", None, "mover_shares"
    variances = [float(str(row[name])) ** 2 for name in ("std_error", "std_error_before")]
    freedom = [float(str(row[name])) for name in ("df", "df_before")]
    total = sum(variances)
    parts = sum(v**2 / f for v, f in zip(variances, freedom, strict=True) if f > 0)
    df = total**2 / parts if parts > 0 else np.inf
    difference = float(str(row["estimate"])) - float(str(row["estimate_before"]))
    lower, upper = (float(end) for end in t_interval(difference, total, df, confidence=survey.confidence))
    return difference, lower, upper, "stated", None, "welch"


def compare_indices(
    now: IndexModel, before: IndexModel, survey: Survey, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Change of each index and group: ``<by>, latent, against, before`` and the columns of the change."""
    groups_before = {key: member for key, member in groups_of(before.sample.frame[before.complete], by)}
    rows = []
    for key, member in groups_of(now.sample.frame[now.complete], by):
        other = groups_before.get(key)
        enough = other is not None and min(member.sum(), other.sum()) >= survey.minimum_respondents
        usable = enough and now.status == before.status == "stated"
        draws = (draw_indices(now, member), draw_indices(before, other)) if usable else None
        for at, latent in enumerate(survey.questionnaire.latents):
            head = {**dict(zip(by, key, strict=True)), "latent": latent, "against": before.sample.wave}
            if draws is None:
                reason = "not_stated_now" if now.status != "stated" else "not_stated_before"
                nothing: tuple[object, ...] = (np.nan, np.nan, np.nan, "cannot_be_stated", reason, None)
                rows.append(head | {"before": np.nan} | dict(zip(COLUMNS, nothing, strict=True)))
                continue
            assert now.fit is not None and before.fit is not None
            difference = draws[0][:, at] - draws[1][:, at]
            converged = now.fit.converged[1:] & before.fit.converged[1:] & ~np.isnan(difference[1:])
            _, lower, upper = percentile_interval(difference[1:], converged, survey.confidence)
            values = (difference[0], float(lower), float(upper), "stated", None, "pls_bootstrap")
            rows.append(head | {"before": draws[1][0, at]} | dict(zip(COLUMNS, values, strict=True)))
    return pd.DataFrame(rows)


def judge_waves(now: IndexModel, before: IndexModel, survey: Survey) -> dict[str, Extent]:
    """Measurement invariance of each latent variable between two waves; empty where a model is missing."""
    if now.model is None or before.model is None:
        return {}
    assert now.points is not None and before.points is not None
    assert now.weights is not None and before.weights is not None
    first, second = before.weights[0], now.weights[0]
    verdict = judge_invariance(
        now.model,
        np.vstack([before.points, now.points]),
        np.repeat([False, True], [len(before.points), len(now.points)]),
        np.concatenate([first / first.mean(), second / second.mean()]),
        permutations=PERMUTATIONS,
        seed=survey.seed,
    )
    return {latent: verdict.extent(at) for at, latent in enumerate(now.model.latents)}


def judge_groups(index: IndexModel, column: str, survey: Survey) -> dict[str, Extent]:
    """Measurement invariance of each latent variable between the two largest groups of a column."""
    if index.model is None or index.points is None or index.weights is None:
        return {}
    groups = index.sample.frame.loc[index.complete, column]
    two = groups.value_counts().index[:2]
    if len(two) < 2 or groups.value_counts().iloc[1] < survey.minimum_respondents:
        return {}
    member = groups.isin(two).to_numpy()
    verdict = judge_invariance(
        index.model,
        index.points[member],
        (groups[member] == two[1]).to_numpy(),
        index.weights[0, member],
        permutations=PERMUTATIONS,
        seed=survey.seed,
    )
    return {latent: verdict.extent(at) for at, latent in enumerate(index.model.latents)}

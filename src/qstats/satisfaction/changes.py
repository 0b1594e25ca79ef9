"""Has satisfaction changed against an earlier wave? Difference of two independent samples with its interval.

Scores differ by their designs' variances, shares by MOVER from the limits of both, indices by the
resamples of both waves, which are drawn independently. An index may be compared only where both waves mean
the same by it: the test of measurement invariance stands beside the difference.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qstats.methods.differences import mover_difference
from qstats.methods.path_models.invariance import Extent, judge_invariance
from qstats.methods.path_models.resampling import too_many_failed
from qstats.methods.survey.intervals import t_interval
from qstats.satisfaction.index import GroupDraws, IndexModel, draw_group
from qstats.satisfaction.scores import PROPORTIONS, groups_of
from qstats.satisfaction.survey import CLUSTER, STRATUM, Survey

PERMUTATIONS = 499
COLUMNS = [
    "change", "change_lower", "change_upper", "change_status", "change_reason", "change_method", "change_df",
]  # fmt: skip


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
        change_method, change_df``; the change is now less before, in the unit of the measure.
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
        return tuple(_no_change(row["status"] == "stated").values())
    variances = [float(str(row[name])) ** 2 for name in ("std_error", "std_error_before")]
    df = _satterthwaite(variances, [float(str(row[name])) for name in ("df", "df_before")])
    if row["measure"] in PROPORTIONS:
        pairs = [(row[name], row[f"{name}_before"]) for name in ("estimate", "lower", "upper")]
        difference, lower, upper = (float(one) for one in mover_difference(*pairs))  # type: ignore[arg-type]
        return difference, lower, upper, "stated", None, "mover_shares", df
    difference = float(str(row["estimate"])) - float(str(row["estimate_before"]))
    limits = t_interval(difference, sum(variances), df, confidence=survey.confidence)
    lower, upper = (float(end) for end in limits)
    return difference, lower, upper, "stated", None, "welch", df


def compare_indices(
    now: IndexModel, before: IndexModel, survey: Survey, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Change of each index and group: ``<by>, latent, against, before`` and the columns of the change."""
    groups_before = dict(groups_of(before.sample.frame, by))
    nobody = np.zeros(len(before.sample.frame), bool)
    rows = []
    for key, group in groups_of(now.sample.frame, by):
        found = draw_group(now, survey, group)
        earlier = draw_group(before, survey, groups_before.get(key, nobody))
        for at, latent in enumerate(survey.questionnaire.latents):
            head = {**dict(zip(by, key, strict=True)), "latent": latent, "against": before.sample.wave}
            rows.append(head | _index_change(found, earlier, at, survey))
    return pd.DataFrame(rows, columns=[*by, "latent", "against", "before", *COLUMNS])


def _index_change(now: GroupDraws, before: GroupDraws, at: int, survey: Survey) -> dict[str, object]:
    if now.draws is None or before.draws is None or now.usable is None or before.usable is None:
        earlier = np.nan if before.draws is None else before.draws[0, at]
        return {"before": earlier} | _no_change(now.draws is not None)
    difference = now.draws[:, at] - before.draws[:, at]
    usable = now.usable & before.usable
    if too_many_failed(usable):
        return {"before": before.draws[0, at]} | _no_change(False)
    variances = [float(one[1:, at][usable].var(ddof=1)) for one in (now.draws, before.draws)]
    df, variance = _satterthwaite(variances, [now.df, before.df]), difference[1:][usable].var(ddof=1)
    lower, upper = t_interval(difference[0], variance, df, confidence=survey.confidence)
    values = (difference[0], float(lower), float(upper), "stated", None, "pls_bootstrap", df)
    return {"before": before.draws[0, at]} | dict(zip(COLUMNS, values, strict=True))


def _no_change(stated_now: bool) -> dict[str, object]:
    reason = "not_stated_last_wave" if stated_now else "not_stated_this_wave"
    nothing = (np.nan, np.nan, np.nan, "cannot_be_stated", reason, None, np.nan)
    return dict(zip(COLUMNS, nothing, strict=True))


def _satterthwaite(variances: Sequence[float], freedom: Sequence[float]) -> float:
    """Degrees of freedom of a sum of independent variances."""
    parts = sum(v**2 / f for v, f in zip(variances, freedom, strict=True))
    return float(sum(variances) ** 2 / parts) if parts > 0 else float("inf")


def judge_waves(now: IndexModel, before: IndexModel, survey: Survey) -> dict[str, Extent]:
    """Measurement invariance of each latent variable between two waves; empty where a model is missing.

    Sampling points change waves as a whole, and only within their stratum: answers of one point are alike,
    and respondents who changed one by one would make random waves too much alike.
    """
    if now.model is None or before.model is None:
        return {}
    assert now.points is not None and before.points is not None
    assert now.weights is not None and before.weights is not None
    first, second = before.weights[0], now.weights[0]
    frames = [one.sample.frame[one.complete] for one in (before, now)]
    verdict = judge_invariance(
        now.model,
        np.vstack([before.points, now.points]),
        np.repeat([False, True], [len(before.points), len(now.points)]),
        np.concatenate([first / first.mean(), second / second.mean()]),
        unit=np.concatenate(
            [f"{name}\x1f" + frame[CLUSTER] for name, frame in zip("01", frames, strict=True)]
        ),
        within=np.concatenate([frame[STRATUM] for frame in frames]),
        permutations=PERMUTATIONS,
        seed=survey.seed,
    )
    return {latent: verdict.extent(at) for at, latent in enumerate(now.model.latents)}


def judge_groups(index: IndexModel, column: str, survey: Survey) -> dict[str, Extent]:
    """Measurement invariance of each latent variable between the two largest groups of a column.

    Respondents change groups one by one: groups as modes are found within sampling points. Empty where a
    group is too small or gave the same answer throughout.
    """
    if index.model is None or index.points is None or index.weights is None:
        return {}
    groups = index.sample.frame.loc[index.complete, column]
    two = groups.value_counts().index[:2]
    if len(two) < 2 or groups.value_counts().iloc[1] < survey.minimum_respondents:
        return {}
    member = groups.isin(two).to_numpy()
    if any(np.ptp(index.points[(groups == one).to_numpy()], axis=0).min() == 0 for one in two):
        return {}
    verdict = judge_invariance(
        index.model,
        index.points[member],
        (groups[member] == two[1]).to_numpy(),
        index.weights[0, member],
        permutations=PERMUTATIONS,
        seed=survey.seed,
    )
    return {latent: verdict.extent(at) for at, latent in enumerate(index.model.latents)}

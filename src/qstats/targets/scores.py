"""Has a score reached its level, and will it? Satisfaction, measured wave by wave on a sample.

A score is an estimate: that 81 was measured does not say that the true value is 80. After the deadline the
probability that it is stands beside the verdict on the figure as reported. Before, the true value may still
move: its wave-to-wave movement beyond sampling error (a random walk, method of moments) widens the error of
the newest wave. Fewer than `FEWEST_WAVES` waves tell no such movement; then only a deadline close at hand
is judged.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from qstats.target_registry import Target
from qstats.targets.outlook import DAYS_IN_YEAR, Outlook, read_status, without_data, years_between

FEWEST_WAVES = 3
NEAR = 0.25
"""Years ahead over which a score may be taken to stand still."""


def judge_score(target: Target, waves: pd.DataFrame, today: date) -> Outlook:
    """Outlook of a score measured on samples.

    Parameters
    ----------
    target : Target
        With level and deadline.
    waves : DataFrame
        ``day, period, n, estimate, lower, upper, confidence, status`` of every wave, oldest first.
    today : date
    """
    deadline = target.deadline or today
    begun = waves[pd.to_datetime(waves["day"]) <= pd.Timestamp(min(today, deadline))]
    if begun.empty:
        return without_data(target)
    stated = begun[begun["status"].eq("stated")]
    if stated.empty or begun["status"].iloc[-1] != "stated":
        return Outlook(target_id=target.id, status="cannot_be_stated", reason="not_stated").with_level(target)
    newest: dict[str, Any] = stated.iloc[-1].to_dict()
    day = pd.Timestamp(newest["day"]).date()
    outlook = Outlook(
        target_id=target.id, status="cannot_be_stated", reading="true_value", basis="sample", day=day,
        period=str(newest["period"]), is_past=today >= deadline, value=float(newest["estimate"]),
        lower=float(newest["lower"]), upper=float(newest["upper"]), confidence=float(newest["confidence"]),
        n=int(newest["n"]), method="normal_wave", recent_pace=_recent_pace(stated),
        history=stated[["day", "period"]].assign(value=stated["estimate"]).reset_index(drop=True),
    ).with_level(target)  # fmt: skip
    if outlook.is_past:
        return _with_probability(replace(outlook, needed_pace=np.nan), 0.0, np.inf)
    ahead = years_between(day, deadline)
    if ahead <= NEAR:
        return _with_probability(outlook, 0.0, np.inf)
    if len(stated) < FEWEST_WAVES:
        return replace(outlook, reason="too_short")
    return _with_probability(outlook, ahead * _movement(stated), len(stated) - 1)


def errors_of(waves: pd.DataFrame) -> np.ndarray:
    """Standard error of each wave, from its limits."""
    reach = norm.ppf((1 + waves["confidence"].to_numpy(float)) / 2)
    return (waves["upper"] - waves["lower"]).to_numpy(float) / 2 / reach


def _with_probability(outlook: Outlook, movement: float, freedom: float) -> Outlook:
    """Probability that the true value reaches the level, and that the next figure to be reported does."""
    reach = norm.ppf((1 + outlook.confidence) / 2)
    error = (outlook.upper - outlook.lower) / 2 / reach
    spread, spread_reported = np.sqrt(error**2 + movement), np.sqrt(2 * error**2 + movement)
    law = t(freedom) if np.isfinite(freedom) and movement > 0 else norm
    true, reported = (float(law.cdf(-outlook.distance / one)) for one in (spread, spread_reported))
    reported = float(outlook.distance <= 0) if outlook.is_past else reported
    wide = law.ppf((1 + outlook.confidence) / 2) * spread
    ahead = not outlook.is_past
    return replace(
        outlook, status=read_status(true), probability=true, probability_true=true,
        probability_reported=reported,
        expected_lower=outlook.value - wide if ahead else np.nan,
        expected_upper=outlook.value + wide if ahead else np.nan,
        method="random_walk" if movement > 0 else "normal_wave",
    )  # fmt: skip


def _movement(waves: pd.DataFrame) -> float:
    """Variance per year of the true value's movement: what changes show beyond the errors of the waves."""
    values, errors = waves["estimate"].to_numpy(float), errors_of(waves)
    years = np.diff(pd.to_datetime(waves["day"]).to_numpy("datetime64[D]").astype(float)) / DAYS_IN_YEAR
    beyond = np.diff(values) ** 2 - errors[1:] ** 2 - errors[:-1] ** 2
    return float(max(beyond.sum() / max(years.sum(), 1e-9), 0.0))


def _recent_pace(waves: pd.DataFrame) -> float:
    """Change per year since the wave a year ago, or the first one since."""
    days = pd.to_datetime(waves["day"])
    before = waves[days <= days.iloc[-1] - pd.Timedelta(days=330)]
    if before.empty:
        return np.nan
    years = years_between(pd.to_datetime(before["day"].iloc[-1]), days.iloc[-1])
    return float((waves["estimate"].iloc[-1] - before["estimate"].iloc[-1]) / years)

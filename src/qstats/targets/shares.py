"""Will a share that is counted at the end of the year reach its level? First-time acceptance and its kind.

The figure judged is the count of the year of the deadline, of which a part is on record already: only what
is still to come is uncertain. Months ahead have a number of projects (a Poisson forecast of the numbers so
far) and a rate (`forecast_rate`, binomial noise); failures on record and failures to come are held against
what so many projects tolerate. A target of 100 % is missed with the first failure, whatever follows.

The true value is the rate of the process behind the counts: no finite count shows that it is 100 %.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import beta

from qstats.methods.acceptance_sampling.demonstration import failures_tolerated
from qstats.methods.forecasts import draw_counts, forecast_rate
from qstats.target_registry import Target
from qstats.targets.outlook import FEWEST_MONTHS, Outlook, read_status, without_data

DRAWS = 4000
Verdict = Literal["met", "missed", "open", "running", "no_data"]


def judge_share(
    target: Target, months: pd.DataFrame, counted: Mapping[str, Any], verdict: Verdict, history: pd.DataFrame,
    today: date, *, confidence: float, seed: int = 0,
) -> Outlook:  # fmt: skip
    """Outlook of a share that is a complete count.

    Parameters
    ----------
    target : Target
        With level and deadline.
    months : DataFrame
        ``n, passes`` of each month up to ``today``, one row per month without gaps, oldest first.
    counted : mapping
        ``n, passes, failures, unknown`` of the year so far (after the deadline: of its year), ``period``.
    verdict : {"met", "missed", "open", "running", "no_data"}
        On that count, as the records stand.
    history : DataFrame
        ``day, period, value`` of the years.
    today : date
    confidence : float
    seed : int
    """
    n, passes = int(counted["n"]), int(counted["passes"])
    if verdict == "no_data" and not len(history):
        return without_data(target)
    level, deadline = float(target.level or 0), target.deadline or today
    outlook = Outlook(
        target_id=target.id, status="cannot_be_stated", reading="reported_value", day=min(today, deadline),
        period=str(counted["period"]), is_past=today >= deadline, value=passes / n if n else np.nan, n=n,
        probability_true=_probability_true(passes, n, level), method="count", history=history,
    ).with_level(target)  # fmt: skip
    if verdict in ("met", "missed"):
        return replace(outlook, status=verdict, needed_pace=np.nan)
    if outlook.is_past:
        return replace(outlook, reason="records_incomplete" if verdict == "open" else "no_data")
    return _predict(outlook, months, counted, level, deadline, confidence, seed)


def _probability_true(passes: int, n: int, level: float) -> float:
    """That the rate of the process is at least the level, after so many passes (Jeffreys prior)."""
    if level >= 1:
        return 0.0
    return float(beta.sf(level, passes + 0.5, n - passes + 0.5)) if n else np.nan


def _predict(
    outlook: Outlook, months: pd.DataFrame, counted: Mapping[str, Any], level: float, deadline: date,
    confidence: float, seed: int,
) -> Outlook:  # fmt: skip
    whole = months.iloc[:-1] if (pd.Timestamp(outlook.day) + pd.Timedelta(days=1)).day != 1 else months
    if (whole["n"] > 0).sum() < FEWEST_MONTHS:
        return replace(outlook, reason="too_short", needed_pace=np.nan)
    same_year = deadline.year == outlook.day.year  # type: ignore[union-attr]
    shares = _months_ahead(outlook.day, deadline)  # type: ignore[arg-type]
    generator = np.random.default_rng(seed)
    rates = forecast_rate(whole["passes"], whole["n"], steps=len(shares), per_year=12)
    sizes = forecast_rate(whole["n"], np.ones(len(whole)), steps=len(shares), per_year=12, family="poisson")
    to_come = sizes.reported(shares, DRAWS, generator)
    passed = draw_counts(rates.draws(DRAWS, generator), to_come, generator)
    so_far = (int(counted["n"]), int(counted["failures"])) if same_year else (0, 0)
    total = to_come.sum(axis=1) + so_far[0]
    failed = (to_come - passed).sum(axis=1) + so_far[1]
    probability = float((failed <= failures_tolerated(total, level)).mean())
    reported = (total - failed) / np.maximum(total, 1)
    lower, upper = np.quantile(reported, [(1 - confidence) / 2, (1 + confidence) / 2])
    true = float(rates.probability_at_least(level)[-1])
    return replace(
        outlook, status=read_status(probability), probability=probability, probability_true=true,
        probability_reported=probability, confidence=confidence, expected_lower=float(lower),
        expected_upper=float(upper), needed_pace=np.nan, method="rate_projection",
    )  # fmt: skip


def _months_ahead(today: date, deadline: date) -> np.ndarray:
    """Share of each month after today that lies in the year of the deadline: 0 of the months before it."""
    tomorrow = pd.Timestamp(today) + pd.Timedelta(days=1)
    months = pd.period_range(tomorrow, pd.Timestamp(deadline), freq="M")
    shares = np.array([float(month.year == deadline.year) for month in months])
    shares[0] *= (months[0].end_time.day - tomorrow.day + 1) / months[0].days_in_month
    return shares

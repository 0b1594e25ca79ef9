"""What is to be expected of a rate, and would such forecasts have been better than last year's figure?

A forecast is shown only where past forecasts, each from what was on record at its time, scored better (CRPS)
than the figure of the same period of the year before. Otherwise the answer is that no forecast is better. The
origins and the rule are those of `qstats.methods.forecasts`, whose calibration is measured. The established
methods are scored from the same origins and decide nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from qstats.methods.forecasts import LAST_YEAR, Backtest, backtest_rates, forecast_rate, rolling_origins
from qstats.methods.forecasts.backtest import FEWEST_ORIGINS
from qstats.methods.forecasts.structure import COMBINED, Family, Season
from qstats.periods import Period
from qstats.trend.classical import score_classical
from qstats.trend.rules import Rules
from qstats.trend.slopes import fit_trend, status_of

BANDS = (0.5, 0.8, 0.95)
"""Shares of the fan."""

DRAWS = 4000
COMPARED = ("ets", "sarima")
"""Established methods that stand beside the forecast: smoothing, and the airline model."""

Status = Literal["stated", "not_better", "too_short", "no_data", "no_failures"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Forecast of one series with the proof that it is worth printing.

    Attributes
    ----------
    status : str
        ``stated``: the forecast may be shown; ``not_better``: last year's figure is as good; or why there is
        none.
    steps : DataFrame
        ``period, n`` (batches assumed), ``expected`` (true rate), ``true_lower, true_upper``, ``median`` and,
        for each share of `BANDS`, ``lower_50, upper_50 …`` of the figure that will be reported, and
        ``last_year``. Empty without a forecast.
    skill : float
        Share by which the mean score is better than that of last year's figure; NaN if unknown.
    crps, crps_last_year, crps_ets, crps_sarima : float
        Mean scores, proportions; NaN where a method has none (smoothing and the airline model on gaps and
        on events).
    coverage : float
        Share of past figures inside the interval of the declared confidence.
    origins : int
        Past forecasts scored.
    """

    status: Status
    steps: pd.DataFrame
    skill: float = float("nan")
    crps: float = float("nan")
    crps_last_year: float = float("nan")
    crps_ets: float = float("nan")
    crps_sarima: float = float("nan")
    coverage: float = float("nan")
    origins: int = 0


def forecast_series(rows: pd.DataFrame, *, horizon: int, rules: Rules) -> Outlook:
    """Outlook of one series from its complete periods.

    Parameters
    ----------
    rows : DataFrame
        Periods used (`series.used_rows`) of a series of counts, in order.
    horizon : int
        Periods ahead.
    rules : Rules
    """
    status = status_of(rows, rules)
    season = int(rows["season"].iloc[0]) if len(rows) else 1
    if status == "stated" and (rows["family"].iloc[0] == "figure" or season not in (4, 12)):
        status = "too_short"
    if status != "stated":
        return Outlook(status, pd.DataFrame())  # type: ignore[arg-type]
    passed, n, periods = _on_grid(rows)
    origins = rolling_origins(len(n), season)
    if len(origins) < FEWEST_ORIGINS:
        return Outlook("too_short", pd.DataFrame())
    family: Family = "poisson" if rows["family"].iloc[0] == "poisson" else "binomial"
    yearly: Season = 12 if season == 12 else 4
    dispersion = _dispersion(rows, rules)
    tested = backtest_rates(
        passed[None], n[None], steps=horizon, origins=origins, season=yearly, per_year=season, family=family,
        dispersion=dispersion, seed=rules.seed,
    )  # fmt: skip
    steps = _look_ahead(passed, n, periods, horizon, yearly, family, dispersion, rules)
    compared = _score_others(passed, n, tested, yearly, rules) if family == "binomial" else {}
    return _judge(tested, steps, rules, compared)


def _on_grid(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[Period]]:
    """Whole counts of every period from the first to the last; a gap is a period of 0."""
    first, last = Period.parse(rows["period"].iloc[0]), Period.parse(rows["period"].iloc[-1])
    periods = [first]
    while str(periods[-1]) != str(last):
        periods.append(periods[-1].shift(1))
    known = rows.set_index("period").reindex([str(period) for period in periods])
    share = known["passed"] / known["n"]
    if rows["family"].iloc[0] == "poisson":
        return known["passed"].fillna(0).to_numpy(float), known["n"].fillna(0).to_numpy(float), periods
    n = known["counted"].fillna(0).round().to_numpy(float)
    return np.round(share.fillna(0).to_numpy(float) * n), n, periods


def _dispersion(rows: pd.DataFrame, rules: Rules) -> float:
    """How much counts scatter: alike batches of one enterprise, times what periods scatter beyond that."""
    alike = (rows["counted"] / rows["n"]).mean() if rows["family"].iloc[0] == "binomial" else 1.0
    return max(float(alike) * fit_trend(rows, rules).dispersion, 1.0)


def _look_ahead(
    passed: np.ndarray, n: np.ndarray, periods: list[Period], horizon: int, season: Season, family: Family,
    dispersion: float, rules: Rules,
) -> pd.DataFrame:  # fmt: skip
    ahead = forecast_rate(
        passed, n, steps=horizon, season=season, family=family, dispersion=dispersion,
    )  # fmt: skip
    assert season is not None
    exposure = np.full(horizon, n[-season:][n[-season:] > 0].mean())
    exposure = exposure if family == "poisson" else np.round(exposure)
    draws = ahead.reported(exposure, DRAWS, np.random.default_rng(rules.seed), dispersion=dispersion)
    reported = draws / exposure
    lower, upper = ahead.interval(rules.confidence)
    table = pd.DataFrame({
        "period": [str(periods[-1].shift(step)) for step in range(1, horizon + 1)], "n": exposure,
        "expected": ahead.mean, "true_lower": lower, "true_upper": upper,
        "median": np.median(reported, axis=0),
    })  # fmt: skip
    for share in BANDS:
        low, high = np.quantile(reported, [(1 - share) / 2, (1 + share) / 2], axis=0)
        table[f"lower_{100 * share:.0f}"], table[f"upper_{100 * share:.0f}"] = low, high
    rate = np.divide(passed, n, out=np.full(len(n), np.nan), where=n > 0)
    places = [len(n) + step - season * (step // season + 1) for step in range(horizon)]
    return table.assign(last_year=rate[places])


def _score_others(
    passed: np.ndarray, n: np.ndarray, tested: Backtest, season: Season, rules: Rules
) -> dict[str, float]:
    """Mean score of the established methods where ours and last year's figure were scored."""
    steps = tested.crps.shape[-1]
    scores = score_classical(
        passed, n, steps=steps, origins=tested.origins.tolist(), season=season, seed=rules.seed
    )
    both = np.isfinite(tested.crps[:, 0]).all(axis=0)
    return {f"crps_{name}": float(scores[name][both].mean()) if both.any() else np.nan for name in COMPARED}


def _judge(
    tested: Backtest, steps: pd.DataFrame, rules: Rules, compared: Mapping[str, float] | None = None
) -> Outlook:
    skill = tested.skill(COMBINED, 0)
    scored = tested.scored_origins(COMBINED, 0)
    if scored < FEWEST_ORIGINS or not np.isfinite(skill):
        return Outlook("too_short", pd.DataFrame())
    return Outlook(
        "stated" if tested.beats_last_year(COMBINED, 0) else "not_better", steps, skill=skill,
        crps=tested.score(COMBINED, 0), crps_last_year=tested.score(LAST_YEAR, 0),
        coverage=tested.coverage(COMBINED, 0, rules.confidence), origins=scored, **(compared or {}),
    )  # fmt: skip

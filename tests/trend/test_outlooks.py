"""Outlooks. Oracle: series whose next figures are known, and scores by hand."""

import numpy as np
import pandas as pd
import pytest

from qstats.methods.forecasts import Backtest, backtest_rates, rolling_origins
from qstats.trend import Rules, forecast_series, used_rows
from qstats.trend.classical import score_classical
from qstats.trend.outlooks import _judge, _on_grid
from qstats.trend.slopes import fit_trend

RULES = Rules()


def test_a_steady_rate_is_forecast_as_it_is(make_series) -> None:
    rows = make_series(np.full(24, 0.95), n=300, generator=np.random.default_rng(1))
    found = forecast_series(rows, horizon=4, rules=RULES)
    assert found.status == "stated" and found.skill > 0 and found.origins == 8
    steps = found.steps
    assert steps["period"].tolist() == ["2016Q1", "2016Q2", "2016Q3", "2016Q4"]
    assert (steps["true_lower"] < 0.95).all() and (steps["true_upper"] > 0.95).all()
    assert (steps["lower_95"] <= steps["lower_80"]).all() and (steps["lower_80"] <= steps["lower_50"]).all()
    assert (steps["upper_95"] <= 1).all() and (steps["n"] == 300).all()
    assert steps["last_year"].tolist() == pytest.approx(rows["value"].iloc[-4:].tolist())
    again = forecast_series(rows, horizon=4, rules=RULES)
    pd.testing.assert_frame_equal(again.steps, steps)


def scored(ours: float, theirs: float, origins: int = 4) -> Backtest:
    """Scores of two steps from some origins, the same from each."""
    crps = np.array([ours, ours + 0.01, theirs, theirs + 0.01]).reshape(2, 1, 1, 2).repeat(origins, axis=2)
    return Backtest(("combined", "last_year"), np.arange(origins), crps, np.full(crps.shape, 0.5))


def test_a_forecast_that_is_no_better_than_last_year_is_refused() -> None:
    found = _judge(scored(0.02, 0.01), pd.DataFrame(), RULES)
    assert found.status == "not_better" and found.skill == pytest.approx(1 - 0.025 / 0.015)
    assert _judge(scored(0.01, 0.02), pd.DataFrame(), RULES).status == "stated"
    assert _judge(scored(0.01, 0.02, origins=3), pd.DataFrame(), RULES).status == "too_short"


def test_origins_and_rule_are_those_of_the_methods(make_series) -> None:
    rows = make_series(np.full(24, 0.95), n=300, generator=np.random.default_rng(1))
    passed, n = rows["passed"].to_numpy(float)[None], rows["n"].to_numpy(float)[None]
    found = forecast_series(rows, horizon=4, rules=RULES)
    tested = backtest_rates(
        passed, n, steps=4, origins=rolling_origins(24, 4), season=4, seed=RULES.seed,
        dispersion=fit_trend(rows, RULES).dispersion,
    )  # fmt: skip
    assert found.crps == pytest.approx(tested.score("combined", 0))
    assert (found.status == "stated") == tested.beats_last_year("combined", 0)


def test_established_methods_are_scored_from_the_same_origins_and_decide_nothing(make_series) -> None:
    rows = make_series(np.full(24, 0.95), n=300, generator=np.random.default_rng(1))
    found = forecast_series(rows, horizon=4, rules=RULES)
    passed, n = rows["passed"].to_numpy(float), rows["n"].to_numpy(float)
    origins = rolling_origins(24, 4)
    scores = score_classical(passed, n, steps=4, origins=origins, season=4, seed=RULES.seed)
    assert found.crps_ets == pytest.approx(np.nanmean(scores["ets"]))
    assert found.crps_sarima == pytest.approx(np.nanmean(scores["sarima"]))
    holed = forecast_series(rows.drop(index=5), horizon=4, rules=RULES)
    assert np.isnan(holed.crps_ets) and np.isfinite(holed.crps)


@pytest.mark.parametrize("count", [12, 13, 16])
def test_short_records_are_scored_as_far_as_they_go(make_series, count: int) -> None:
    rows = make_series(np.full(count, 0.93), n=300, generator=np.random.default_rng(3))
    found = forecast_series(rows, horizon=4, rules=RULES)
    assert found.origins == min(count - 8, 8) and np.isfinite([found.crps_ets, found.crps_sarima]).all()


def test_gaps_are_periods_without_batches(make_series) -> None:
    rates = np.full(24, 0.9)
    rates[5:8] = np.nan
    passed, n, periods = _on_grid(used_rows(make_series(rates), "pass_rate"))
    assert len(periods) == 24 and n[5:8].tolist() == [0, 0, 0] and passed[5:8].tolist() == [0, 0, 0]


def test_complaints_are_forecast_as_events(make_series) -> None:
    rows = make_series(np.full(24, 4.0), n=5, family="poisson", generator=np.random.default_rng(2))
    found = forecast_series(rows, horizon=2, rules=RULES)
    assert found.steps["expected"].tolist() == pytest.approx([4, 4], rel=0.25)


def test_why_nothing_is_forecast(make_series) -> None:
    assert forecast_series(make_series(np.full(24, 0.9)).iloc[:0], horizon=4, rules=RULES).status == "no_data"
    assert forecast_series(make_series(np.full(11, 0.9)), horizon=4, rules=RULES).status == "too_short"
    assert forecast_series(make_series(np.ones(24)), horizon=4, rules=RULES).status == "no_failures"
    yearly = make_series(np.linspace(0.8, 0.9, 12), last="2015")
    assert forecast_series(yearly, horizon=4, rules=RULES).status == "too_short"

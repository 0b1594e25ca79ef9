"""Outlooks. Oracle: series whose next figures are known, and scores by hand."""

import numpy as np
import pandas as pd
import pytest

from qstats.methods.forecasts.backtest import Backtest
from qstats.trend import Rules, forecast_series, used_rows
from qstats.trend.outlooks import _judge, _on_grid

RULES = Rules()


def test_a_steady_rate_is_forecast_as_it_is(make_series) -> None:
    rows = make_series(np.full(24, 0.95), n=300, generator=np.random.default_rng(1))
    found = forecast_series(rows, horizon=4, rules=RULES)
    assert found.status == "stated" and found.skill > 0 and found.origins == 12
    steps = found.steps
    assert steps["period"].tolist() == ["2016Q1", "2016Q2", "2016Q3", "2016Q4"]
    assert (steps["true_lower"] < 0.95).all() and (steps["true_upper"] > 0.95).all()
    assert (steps["lower_95"] <= steps["lower_80"]).all() and (steps["lower_80"] <= steps["lower_50"]).all()
    assert (steps["upper_95"] <= 1).all() and (steps["n"] == 300).all()
    assert steps["last_year"].tolist() == pytest.approx(rows["value"].iloc[-4:].tolist())
    again = forecast_series(rows, horizon=4, rules=RULES)
    pd.testing.assert_frame_equal(again.steps, steps)


def test_a_forecast_that_is_no_better_than_last_year_is_refused() -> None:
    crps = np.array([[[[0.02, 0.03]]], [[[0.01, 0.02]]]])
    tested = Backtest(("combined", "last_year"), np.array([12]), crps, np.full(crps.shape, 0.5))
    found = _judge(tested, pd.DataFrame(), RULES)
    assert found.status == "not_better" and found.skill == pytest.approx(1 - 0.025 / 0.015)
    better = Backtest(("combined", "last_year"), np.array([12]), crps[::-1].copy(), np.full(crps.shape, 0.5))
    assert _judge(better, pd.DataFrame(), RULES).status == "stated"


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
    assert forecast_series(make_series(np.full(14, 0.9)), horizon=4, rules=RULES).status == "too_short"
    assert forecast_series(make_series(np.ones(24)), horizon=4, rules=RULES).status == "no_failures"
    yearly = make_series(np.linspace(0.8, 0.9, 12), last="2015")
    assert forecast_series(yearly, horizon=4, rules=RULES).status == "too_short"

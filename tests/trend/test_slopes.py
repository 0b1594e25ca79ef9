"""Slopes of a rate. Oracle: statsmodels' GLM, and the slope that the figures were made with."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.methods.binomial_regression import trend_design
from qstats.trend import Rules, used_rows
from qstats.trend.slopes import (
    fit_trend,
    season_of,
    status_of,
    tabulate_errors,
    tabulate_ranks,
    tabulate_slope,
)

RULES = Rules()


def test_slope_and_error_are_those_of_statsmodels(make_series, slope_rate) -> None:
    rows = make_series(slope_rate(-0.2, 24), n=150, generator=np.random.default_rng(1))
    trend = fit_trend(rows, RULES)
    design = trend_design(rows["time"], 4)
    peer = sm.GLM(
        np.column_stack([rows["passed"], rows["n"] - rows["passed"]]), design, family=sm.families.Binomial()
    ).fit()
    assert trend.fit.coefficients == pytest.approx(peer.params, abs=1e-7)
    assert trend.std_error == pytest.approx(np.sqrt(trend.dispersion) * peer.bse[1], rel=1e-6)
    assert trend.dispersion >= 1


def test_an_exact_slope_is_found_with_its_ends_and_points_a_year(make_series, slope_rate) -> None:
    rates = slope_rate(0.3, 24)
    row = tabulate_slope(fit_trend(make_series(rates), RULES), RULES)
    assert row["slope"] == pytest.approx(0.3, abs=1e-6)
    assert (row["fitted_first"], row["fitted_last"]) == pytest.approx((rates[0], rates[-1]), abs=1e-6)
    assert row["change"] == pytest.approx((rates[-1] - rates[0]) / (23 / 4), rel=0.05)
    assert row["slope_lower"] < 0.3 < row["slope_upper"] and row["change_lower"] < row["change_upper"]


def test_events_change_by_a_factor(make_series) -> None:
    rates = 5 * 0.9 ** (np.arange(48) / 12)
    row = tabulate_slope(fit_trend(make_series(rates, n=10, last="2015-12", family="poisson"), RULES), RULES)
    assert row["change"] == pytest.approx(-0.1, abs=1e-6)


@settings(max_examples=20)
@given(st.floats(-0.5, 0.5), st.integers(0, 10_000))
def test_failures_fall_as_passes_rise(slope: float, seed: int) -> None:
    times = 2010 + (np.arange(20) + 0.5) / 4
    rate = 1 / (1 + np.exp(-(2 + slope * (times - times.mean()))))
    passed = np.random.default_rng(seed).binomial(100, rate).astype(float)
    rows = pd.DataFrame({"time": times, "season": 4, "family": "binomial", "passed": passed, "n": 100.0})
    rows = rows.assign(counted=100.0, period="2010Q1", value=passed / 100)
    told = tabulate_slope(fit_trend(rows, RULES), RULES)
    other = tabulate_slope(fit_trend(rows.assign(passed=100 - passed), RULES), RULES)
    assert told["slope"] == pytest.approx(-other["slope"], abs=1e-6)
    assert told["slope_lower"] == pytest.approx(-other["slope_upper"], abs=1e-4)


def test_what_cannot_be_fitted_is_told_apart(make_series) -> None:
    steady = np.full(24, 0.95)
    assert status_of(make_series(steady).iloc[:0], RULES) == "no_data"
    assert status_of(make_series(steady[:11]), RULES) == "too_short"
    assert status_of(make_series(steady[:13], last="2015-12"), RULES) == "too_short"  # not three years
    assert status_of(make_series(np.ones(24)), RULES) == "no_failures"
    assert status_of(make_series(np.full(24, 0.995), n=40), RULES) == "few_failures"
    assert status_of(make_series(steady), RULES) == "stated"


def test_a_season_takes_years_and_failures(make_series) -> None:
    assert season_of(make_series(np.full(24, 0.95)), RULES) == 4
    assert season_of(make_series(np.full(24, 0.995), n=100), RULES) is None
    assert season_of(make_series(np.full(11, 0.9), last="2015"), RULES) is None


def test_gaps_are_gaps_of_time(make_series, slope_rate) -> None:
    rates = slope_rate(0.3, 24)
    rates[6:12] = np.nan
    rows = used_rows(make_series(rates), "pass_rate")
    assert len(rows) == 18
    assert tabulate_slope(fit_trend(rows, RULES), RULES)["slope"] == pytest.approx(0.3, abs=1e-6)
    assert tabulate_ranks(rows, RULES)["tau"] == pytest.approx(1.0)


def test_alike_neighbours_widen_the_limits(make_series) -> None:
    generator = np.random.default_rng(4)
    shocks = np.zeros(48)
    for at in range(1, 48):
        shocks[at] = 0.7 * shocks[at - 1] + 0.35 * generator.normal()
    rows = make_series(1 / (1 + np.exp(-2.5 - shocks)), n=400, last="2015-12", generator=generator)
    trend = fit_trend(rows, RULES)
    plain, alike = tabulate_slope(trend, RULES), tabulate_errors(trend, RULES)
    assert alike["rho"] > 0.2
    assert alike["ar_upper"] - alike["ar_lower"] > 1.2 * (plain["slope_upper"] - plain["slope_lower"])


def test_ranks_speak_where_there_is_no_model(make_series) -> None:
    rising = make_series(np.linspace(0.8, 0.9, 10), last="2015")
    row = tabulate_ranks(rising, RULES)
    assert row["tau"] == pytest.approx(1) and row["rank_p"] < 0.001
    assert row["sen"] == pytest.approx(0.1 / 9)
    assert np.isnan(tabulate_ranks(rising.iloc[:3], RULES)["tau"])

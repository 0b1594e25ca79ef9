"""Established methods through statsmodels. Oracle 12: R 4.2.2, forecast 8.20, on five series.

Exponential smoothing is not asked for equal coefficients but for a sum of squares no larger than R's. Rows on
the theta method, STL, Ljung-Box and the automatic choice of models are not held: nothing here uses them.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from qstats.methods.forecasts import same_period_last_year
from qstats.trend.classical import (
    CLASSICAL,
    fit_ets,
    fit_sarima,
    forecast_drift,
    forecast_ets,
    forecast_sarima,
    score_classical,
)

AIRLINE = ((0, 1, 1), (0, 1, 1, 12))
FREE = (0, 0, 0, 0)


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "oracles" / "12_forecast_its"


@pytest.fixture(scope="module")
def series(folder: Path) -> dict[str, np.ndarray]:
    table = pd.read_csv(folder / "input_series.csv")
    return {str(name): part["value"].to_numpy(float) for name, part in table.groupby("series")}


def parameters(folder: Path, name: str, model: str) -> pd.Series:
    table = pd.read_csv(folder / "expected_params.csv")
    found = table[(table["series"] == name) & (table["model"] == model)].set_index("param")["value"]
    assert len(found)
    return found


def forecasts(folder: Path, name: str, model: str) -> pd.DataFrame:
    table = pd.read_csv(folder / "expected_forecasts.csv")
    found = table[(table["series"] == name) & (table["model"] == model)]
    assert len(found) == 12
    return found.reset_index(drop=True)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "model", "orders", "constant", "log"),
    [
        ("AirPassengers", "ARIMA(0,1,1)(0,1,1)12 log", AIRLINE, False, True),
        ("USAccDeaths", "ARIMA(0,1,1)(0,1,1)12", AIRLINE, False, False),
        ("Nile", "ARIMA(1,0,1)+mean", ((1, 0, 1), FREE), True, False),
        ("WWWusage", "ARIMA(3,1,0)", ((3, 1, 0), FREE), False, False),
    ],
)
def test_arima_as_r(
    folder: Path, series: dict, name: str, model: str, orders: tuple, constant: bool, log: bool
) -> None:
    values = np.log(series[name]) if log else series[name]
    fit = fit_sarima(values, *orders, constant=constant)
    found = dict(zip(fit.model.param_names, fit.params, strict=True))
    names = {"ma1": "ma.L1", "sma1": "ma.S.L12", "ar1": "ar.L1", "ar2": "ar.L2", "ar3": "ar.L3"}
    expected = parameters(folder, name, model)
    for theirs in expected.index.intersection(list(names)):
        assert found[names[theirs]] == pytest.approx(expected[theirs], abs=1e-3)
    if constant:
        assert found["const"] == pytest.approx(expected["intercept"], rel=2e-3)  # its standard error is 10 %
    # R drops the diffuse part of the likelihood: that of the differenced series is the same one.
    differenced = fit.model.clone(
        fit.model.endog, exog=fit.model.exog, simple_differencing=True, use_exact_diffuse=False
    )
    assert differenced.loglike(fit.params) == pytest.approx(expected["logLik"], abs=0.01)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "model", "settings"),
    [
        ("USAccDeaths", "ETS(A,N,A)", {"season": 12}),
        ("nottem", "ETS(A,N,A)", {"season": 12}),
        ("Nile", "ETS(A,N,N)", {"season": None}),
    ],
)
def test_smoothing_is_no_worse_than_r(
    folder: Path, series: dict, name: str, model: str, settings: dict
) -> None:
    expected = parameters(folder, name, model)
    used = len(expected) - 5  # sigma2, logLik, AIC, AICc, BIC are no coefficients
    assert used == (2 if settings["season"] is None else 14)
    theirs = expected["sigma2"] * (len(series[name]) - used)
    assert fit_ets(series[name], **settings).sse <= theirs * (1 + 1e-6)


@pytest.mark.oracle
def test_multiplicative_smoothing_is_no_worse_than_r(folder: Path, series: dict) -> None:
    expected = parameters(folder, "AirPassengers", "ETS(M,A,M)")
    fit = fit_ets(series["AirPassengers"], season=12, trend="add", error="mul", seasonal="mul")
    ours = np.sum((fit.resid) ** 2)
    assert ours <= expected["sigma2"] * (144 - 16) * 1.01


@pytest.mark.oracle
def test_the_trap_of_the_default_start(series: dict) -> None:
    """statsmodels stops at a poor optimum and says that it converged; several starts do not."""
    values = series["USAccDeaths"]
    alone = ETSModel(values, error="add", trend=None, seasonal="add", seasonal_periods=12).fit(disp=False)
    assert alone.mle_retvals["converged"] and alone.sse > 6.4e6
    assert fit_ets(values, season=12).sse < 4.7e6


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "model", "log"),
    [("AirPassengers", "ARIMA(0,1,1)(0,1,1)12 log", True), ("USAccDeaths", "ARIMA(0,1,1)(0,1,1)12", False)],
)
def test_airline_forecasts_as_r(folder: Path, series: dict, name: str, model: str, log: bool) -> None:
    expected = forecasts(folder, name, model)
    ahead = forecast_sarima(np.log(series[name]) if log else series[name], 12, 12)
    assert ahead.mean == pytest.approx(expected["mean"].to_numpy(), rel=1e-4)
    for level, low, high in ((0.8, "lo80", "hi80"), (0.95, "lo95", "hi95")):
        half = norm.ppf((1 + level) / 2) * ahead.spread
        assert half == pytest.approx((expected[high] - expected[low]).to_numpy() / 2, rel=2e-3)


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["AirPassengers", "Nile", "USAccDeaths", "WWWusage", "nottem"])
def test_drift_as_r(folder: Path, series: dict, name: str) -> None:
    expected = forecasts(folder, name, "drift")
    ahead = forecast_drift(series[name], 12, None)
    assert ahead.mean == pytest.approx(expected["mean"].to_numpy(), rel=1e-8)
    half = norm.ppf(0.975) * ahead.spread
    assert half == pytest.approx((expected["hi95"] - expected["mean"]).to_numpy(), rel=1e-6)


@pytest.mark.oracle
def test_smoothing_intervals_near_those_of_r(folder: Path, series: dict) -> None:
    """At nearly the same optimum (nottem, Nile) the spreads agree; where ours is better they are narrower."""
    for name, season in (("nottem", 12), ("Nile", None)):
        expected = forecasts(folder, name, "ETS(A,N,A)" if season else "ETS(A,N,N)")
        ahead = forecast_ets(series[name], 12, season)
        assert ahead.mean == pytest.approx(expected["mean"].to_numpy(), rel=5e-3)
        half = norm.ppf(0.975) * ahead.spread
        assert half == pytest.approx((expected["hi95"] - expected["mean"]).to_numpy(), rel=5e-3)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "per_year"),
    [("AirPassengers", 12), ("Nile", 1), ("USAccDeaths", 12), ("WWWusage", 1), ("nottem", 12)],
)
def test_last_years_figure_as_r(folder: Path, series: dict, name: str, per_year: int) -> None:
    """What every forecast has to beat is the peer's seasonal naive forecast, with its spread."""
    expected = forecasts(folder, name, "snaive_or_naive")
    values = series[name][None]
    centre, spread = same_period_last_year(
        values, np.ones_like(values), steps=12, per_year=per_year, family="poisson"
    )
    assert centre[0] == pytest.approx(expected["mean"].to_numpy(), rel=1e-8)
    half = norm.ppf(0.975) * spread[0]
    assert half == pytest.approx((expected["hi95"] - expected["mean"]).to_numpy(), rel=1e-6)


@pytest.mark.oracle
def test_backtest_as_r(folder: Path, series: dict) -> None:
    """Nineteen origins, six months ahead; exponential smoothing at the better optima is no worse than R's."""
    table = pd.read_csv(folder / "expected_backtest_USAccDeaths.csv")
    scores = pd.read_csv(folder / "expected_backtest_scores.csv").set_index("model")
    values = series["USAccDeaths"]
    assert len(table) == 3 * 19 * 6
    for model in ("snaive", "drift", "ets_ANA"):
        expected = table[table["model"] == model]
        found = np.concatenate([_ahead(model, values[:origin], 6) for origin in expected["origin"].unique()])
        errors = found - expected["actual"].to_numpy()
        measures = {
            "MAE": np.abs(errors).mean(),
            "RMSE": np.sqrt((errors**2).mean()),
            "MAPE": 100 * np.abs(errors / expected["actual"].to_numpy()).mean(),
            "MASE": np.abs(errors).mean() / scores["scale_insample_snaive_1_48"].iloc[0],
        }
        if model == "ets_ANA":
            assert measures["MAE"] < 1.1 * scores.loc[model, "MAE"]
            continue
        assert found == pytest.approx(expected["forecast"].to_numpy(), rel=1e-6)
        assert measures == pytest.approx(scores.loc[model, list(measures)].to_dict(), rel=1e-6)


def _ahead(model: str, values: np.ndarray, steps: int) -> np.ndarray:
    if model == "snaive":
        sizes = np.ones((1, len(values)))
        return same_period_last_year(values[None], sizes, steps=steps, per_year=12, family="poisson")[0][0]
    return {"drift": forecast_drift, "ets_ANA": forecast_ets}[model](values, steps, 12).mean


def test_scores_of_a_steady_rate() -> None:
    """A random walk with drift is no forecast of a steady rate; smoothing scores as a forecast of it can."""
    rng = np.random.default_rng(1)
    n = np.full(48, 200.0)
    passed = rng.binomial(200, 0.97, 48).astype(float)
    scores = score_classical(passed, n, steps=6, origins=[36, 40, 44], season=None)
    assert set(scores) == set(CLASSICAL)
    assert np.isfinite(scores["ets"][:2]).all() and np.isnan(scores["ets"][2, 4:]).all()
    best = 0.3 * np.sqrt(0.97 * 0.03 / 200)  # of a normal with the spread of the counts: 0.23 of it
    assert 0.5 * best < np.nanmean(scores["ets"]) < 2 * best
    assert np.nanmean(scores["drift"]) > np.nanmean(scores["ets"])
    n[7] = 0
    assert all(
        np.isnan(one).all() for one in score_classical(passed, n, steps=6, origins=[36], season=None).values()
    )

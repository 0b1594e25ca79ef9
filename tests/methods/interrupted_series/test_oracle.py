"""Every model of oracle 12's interrupted series (R 4.2.2 lm and glm, sandwich 3.0-2, nlme 3.1-162)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.binomial_regression import fit_poisson
from qstats.methods.interrupted_series import LinearFit, fit_linear, fit_linear_ar1

pytestmark = pytest.mark.oracle
LEAST_SQUARES, GENERALISED = 1e-6, 1e-4  # the tolerances that the oracle's note states
REST = {"phi", "sigma", "logLik"}


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "oracles" / "12_forecast_its" / "expected_its.csv").set_index("model")


@pytest.fixture(scope="module")
def belts(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "oracles" / "12_forecast_its" / "input_seatbelts.csv")


def columns(belts: pd.DataFrame, pairs: int) -> np.ndarray:
    angle = 2 * np.pi * belts["i"] / 12
    season = [part(k * angle) for k in range(1, pairs + 1) for part in (np.sin, np.cos)]
    return np.column_stack([np.ones(len(belts)), belts[["i", "post", "tpost"]], *season])


def assert_same(found: LinearFit, rows: pd.DataFrame, within: float) -> None:
    rows = rows[~rows["term"].isin(REST)]
    assert found.coefficients == pytest.approx(rows["estimate"].to_numpy(), rel=within)
    assert found.std_error == pytest.approx(rows["se"].to_numpy(), rel=within)


def test_least_squares_and_newey_west(belts: pd.DataFrame, expected: pd.DataFrame) -> None:
    y, x = np.log(belts["drivers"]), columns(belts, 2)
    assert_same(fit_linear(y, x), expected.loc["OLS_log_drivers"], LEAST_SQUARES)
    assert_same(fit_linear(y, x, newey_west_lag=12), expected.loc["OLS_NeweyWest_lag12"], LEAST_SQUARES)


def test_autoregressive_errors_by_maximum_likelihood(belts: pd.DataFrame, expected: pd.DataFrame) -> None:
    found = fit_linear_ar1(np.log(belts["drivers"]), columns(belts, 2), restricted=False)
    rows = expected.loc["GLS_AR1_ML"]
    assert_same(found, rows, GENERALISED)
    rest = rows.set_index("term")["estimate"]
    assert found.rho == pytest.approx(rest["phi"], abs=GENERALISED)
    assert found.sigma == pytest.approx(rest["sigma"], rel=GENERALISED)
    assert found.log_likelihood == pytest.approx(rest["logLik"], abs=GENERALISED)


def test_quasi_poisson_with_kilometres_as_exposure(belts: pd.DataFrame, expected: pd.DataFrame) -> None:
    found = fit_poisson(belts["VanKilled"], belts["kms"], columns(belts, 1))
    rows = expected.loc["quasiPoisson_VanKilled_offset_kms"]
    assert found.coefficients == pytest.approx(rows["estimate"].to_numpy(), abs=1e-7)
    assert found.std_error == pytest.approx(rows["se"].to_numpy(), rel=1e-5)
    assert found.p_values == pytest.approx(rows["p"].to_numpy(), rel=1e-3)


def test_all_models_of_the_file_are_held(expected: pd.DataFrame) -> None:
    assert set(expected.index) == {
        "OLS_log_drivers", "OLS_NeweyWest_lag12", "GLS_AR1_ML", "quasiPoisson_VanKilled_offset_kms",
    }  # fmt: skip

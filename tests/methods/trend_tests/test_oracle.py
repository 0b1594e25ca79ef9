"""Every row of oracle 07 on trend tests (Kendall 2.2.1, trend 1.1.6); breaks stand with structural_breaks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.trend_tests import (
    buishand_test,
    mann_kendall,
    pettitt_test,
    seasonal_mann_kendall,
    seasonal_sen_slope,
    sen_slope,
)

pytestmark = pytest.mark.oracle
SERIES = ["Nile", "PrecipGL", "lynx", "nottem_annual", "LakeHuron", "ties", "const_then_up", "short8"]
REL = 1e-6
SINGLE = 1e-4  # Kendall computes p in single precision


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "oracles" / "07_trend_mannkendall"


@pytest.fixture(scope="module")
def expected(folder: Path) -> pd.DataFrame:
    table = pd.read_csv(folder / "expected_mk_sen_pettitt.csv").set_index("series")
    assert set(table.index) == set(SERIES)
    return table


def values(folder: Path, name: str) -> np.ndarray:
    data = pd.read_csv(folder / "input_series.csv")
    return data.loc[data["series"] == name, "value"].to_numpy()


@pytest.mark.parametrize("name", SERIES)
def test_mann_kendall(folder: Path, expected: pd.DataFrame, name: str):
    row, found = expected.loc[name], mann_kendall(values(folder, name))
    assert (found.n, found.s, found.s) == (row["n"], row["S"], row["kendall_S"])
    assert found.variance == pytest.approx(row["varS"], rel=1e-9)  # printed with ten digits
    assert found.z == pytest.approx(row["z"], rel=REL)
    assert found.p_value == pytest.approx(row["p"], rel=REL)
    assert found.tau == pytest.approx(row["tau_mk"], rel=REL)
    assert found.tau == pytest.approx(row["kendall_tau"], rel=REL)
    assert found.s / found.tau == pytest.approx(row["kendall_D"], rel=REL)
    assert found.p_value == pytest.approx(row["kendall_p"], rel=SINGLE)


@pytest.mark.parametrize("name", SERIES)
def test_sen_slope(folder: Path, expected: pd.DataFrame, name: str):
    row, found = expected.loc[name], sen_slope(values(folder, name), confidence=0.95)
    assert found.slope == pytest.approx(row["sen_slope"], rel=REL)
    assert [found.lower, found.upper] == pytest.approx([row["sen_lo95"], row["sen_hi95"]], rel=REL, abs=1e-12)


@pytest.mark.parametrize("name", SERIES)
def test_shifts(folder: Path, expected: pd.DataFrame, name: str):
    row, found = expected.loc[name], pettitt_test(values(folder, name))
    assert (found.position, found.statistic) == (int(row["pettitt_K"]), row["pettitt_U"])
    assert found.p_value == pytest.approx(row["pettitt_p"], rel=REL)
    assert buishand_test(values(folder, name)).statistic == pytest.approx(row["buishand_U"], rel=REL)


def monthly(folder: Path, name: str) -> tuple[pd.Series, pd.Series, pd.Series]:
    data = pd.read_csv(folder / f"input_{name}.csv")
    return data["value"], data["month"], data["year"]


CASES = {  # file, correlated, continuity, tolerance of what the peer computes in single precision
    ("nottem", "Kendall::SeasonalMannKendall"): ("nottem_monthly", False, False, SINGLE),
    ("GuelphP", "Kendall::SeasonalMannKendall"): ("GuelphP_monthly_missing", False, False, SINGLE),
    ("nottem", "trend::smk.test (continuity corr.)"): ("nottem_monthly", False, True, REL),
    ("nottem", "trend::csmk.test (correlated seasonal MK)"): ("nottem_monthly", True, False, REL),
}


def test_seasonal_mann_kendall(folder: Path):
    table = pd.read_csv(folder / "expected_seasonal_mk.csv").set_index(["series", "method"])
    assert set(table.index) == set(CASES)
    for key, (name, correlated, continuity, tolerance) in CASES.items():
        row = table.loc[key]
        found = seasonal_mann_kendall(*monthly(folder, name), correlated=correlated, continuity=continuity)
        assert found.s == row["S"], key
        assert found.variance == pytest.approx(row["varS"], rel=1e-7), key
        assert found.p_value == pytest.approx(row["p"], rel=tolerance), key
        if np.isfinite(row["tau"]):
            assert found.tau == pytest.approx(row["tau"], rel=REL), key


def test_seasonal_sen_slope(folder: Path):
    expected = pd.read_csv(folder / "expected_seasonal_sen.csv").set_index("series")
    assert list(expected.index) == ["nottem"]
    found = seasonal_sen_slope(*monthly(folder, "nottem_monthly"))
    assert found.slope == pytest.approx(expected.loc["nottem", "seasonal_sen_slope_per_year"], rel=REL)
    assert found.lower < found.slope < found.upper

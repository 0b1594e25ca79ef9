"""Breaks of oracle 07 (strucchange 1.5-3) and the broken line of oracle 12 (segmented 1.6-2)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.structural_breaks import (
    break_limits,
    davies_test,
    fit_bent_line,
    fit_linear_breaks,
    ols_cusum_test,
    sup_f_test,
)

pytestmark = pytest.mark.oracle
REL = 1e-6


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "oracles" / "07_trend_mannkendall"


def nile(folder: Path) -> np.ndarray:
    data = pd.read_csv(folder / "input_series.csv")
    return data.loc[data["series"] == "Nile", "value"].to_numpy()


def test_nile_rss_and_bic(folder: Path):
    expected = pd.read_csv(folder / "expected_nile_breaks_rss_bic.csv")
    found = fit_linear_breaks(nile(folder))
    assert list(expected["m"]) == list(range(len(found.rss)))
    assert found.rss == pytest.approx(expected["RSS"].to_numpy(), rel=REL)
    assert found.bic == pytest.approx(expected["BIC"].to_numpy(), rel=REL)


def test_nile_position_limits_and_tests(folder: Path):
    row = pd.read_csv(folder / "expected_nile_breakpoint.csv").iloc[0]
    y = nile(folder)
    found = fit_linear_breaks(y)
    assert found.best == 1
    assert found.positions[1] == (row["breakpoint_obs"],)
    assert 1870 + row["breakpoint_obs"] == row["year"]
    assert break_limits(y, None, found.positions[1]).tolist() == [[row["ci_lo_obs"], row["ci_hi_obs"]]]
    largest = sup_f_test(y)
    assert largest.statistic == pytest.approx(row["supF"], rel=REL)
    assert largest.position == row["breakpoint_obs"]
    # The peer's p-value (a table of Hansen 1997) ends at the rounding error: both are as good as 0.
    assert max(largest.p_value, row["supF_p"]) < 1e-14
    assert ols_cusum_test(y) == pytest.approx((row["ols_cusum_stat"], row["ols_cusum_p"]), rel=REL)


def test_driver_deaths_with_own_past(folder: Path):
    expected = pd.read_csv(folder / "expected_ukdriver_breaks.csv", keep_default_na=False)
    data = pd.read_csv(folder / "input_ukdriver_ar.csv")
    design = np.column_stack([np.ones(len(data)), data["lag1"], data["lag12"]])
    found = fit_linear_breaks(data["y"], design, shortest=0.1)
    assert found.rss == pytest.approx(expected["RSS"].to_numpy(), rel=REL)
    assert found.bic == pytest.approx(expected["BIC"].to_numpy(), rel=REL)
    assert [";".join(map(str, places)) for places in found.positions] == list(expected["breaks"])


def test_bent_line_of_births(shared_data: Path):
    """The peer's bend is where its iteration stopped, 1e-3 is asked; the deviance here must not be larger."""
    folder = shared_data / "oracles" / "12_forecast_its"
    expected = pd.read_csv(folder / "expected_segmented_down.csv").set_index("param")["value"]
    data = pd.read_csv(folder / "input_down.csv")
    counts = data["cases"], data["births"], data["age"]
    found = fit_bent_line(*counts, dispersion="none")
    answers = {
        "breakpoint": found.bend,
        "breakpoint_se": found.bend_error,
        "slope1": found.slopes[0],
        "slope1_se": found.slope_errors[0],
        "slope2": found.slopes[1],
        "slope2_se": found.slope_errors[1],
        "deviance": found.deviance,
        "davies_p": davies_test(*counts, dispersion="none"),
    }
    assert set(answers) == set(expected.index)
    for name, answer in answers.items():
        assert answer == pytest.approx(expected[name], rel=1e-3), name
    assert found.deviance <= expected["deviance"] * (1 + 1e-8)

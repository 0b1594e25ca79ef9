"""Oracle: R sae 1.3, ``mseSFH`` (REML) on the grapes data (folder 09_small_area)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.small_areas.fay_herriot import fit_fay_herriot
from qstats.methods.small_areas.spatial import fit_spatial_fay_herriot


def ring(m: int) -> np.ndarray:
    """Each area with two neighbours."""
    return (np.roll(np.eye(m), 1, axis=1) + np.roll(np.eye(m), -1, axis=1)) / 2


@pytest.mark.oracle
def test_grapes(shared_data: Path) -> None:
    folder = shared_data / "oracles" / "09_small_area"
    table = pd.read_csv(folder / "input_grapes.csv")
    proximity = pd.read_csv(folder / "input_grapes_proximity.csv")
    expected = pd.read_csv(folder / "expected_grapes_sfh.csv")
    params = pd.read_csv(folder / "expected_grapes_params.csv").query("model == 'SFH'")["estimate"]
    fit = fit_spatial_fay_herriot(table["grapehect"], table["var"], table[["area.1", "workdays"]], proximity)
    np.testing.assert_allclose(fit.estimates, expected["eblup"], rtol=1e-5)
    np.testing.assert_allclose(fit.mse, expected["mse"], rtol=1e-5)
    ours = [*fit.coefficients, fit.variance, fit.correlation, fit.log_likelihood]
    np.testing.assert_allclose(ours, params, rtol=1e-5)


def test_correlation_of_neighbours_is_found() -> None:
    rng = np.random.default_rng(7)
    m, proximity = 150, ring(150)
    effects = np.linalg.solve(np.eye(m) - 0.7 * proximity, rng.normal(0, 1, m))
    fit = fit_spatial_fay_herriot(5 + effects + rng.normal(0, 0.5, m), np.full(m, 0.25), None, proximity)
    assert fit.correlation == pytest.approx(0.7, abs=0.15)
    assert fit.variance == pytest.approx(1, abs=0.4)
    assert np.mean((fit.estimates - 5 - effects) ** 2) == pytest.approx(fit.mse.mean(), rel=0.3)


def test_without_variance_areas_stand_on_the_line() -> None:
    direct = np.tile([0.05, -0.1, 0.0, 0.02], 5)
    fit = fit_spatial_fay_herriot(direct, np.ones(20), None, ring(20))
    assert fit.collapsed and np.isnan(fit.correlation)
    np.testing.assert_allclose(fit.estimates, fit_fay_herriot(direct, np.ones(20)).estimates, atol=1e-9)


@pytest.mark.parametrize(
    "proximity",
    [np.eye(4), ring(4) * 2, -ring(4), ring(5)],
    ids=["own neighbour", "rows", "negative", "size"],
)
def test_what_is_no_proximity_matrix_is_refused(proximity: np.ndarray) -> None:
    with pytest.raises(ValueError, match="proximity"):
        fit_spatial_fay_herriot([1, 2, 3, 4], [1, 1, 1, 1], None, proximity)

"""Oracle: R hbsae 1.2, ``fSAE.Area`` hybrid on the milk data (folder 09_small_area)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

from qstats.methods.small_areas.area_level import check_area_data, fit_lines, restricted_log_likelihood
from qstats.methods.small_areas.fay_herriot import fit_fay_herriot
from qstats.methods.small_areas.hierarchical import fit_hierarchical

DIRECT = np.array([0.1, -0.1, 0.05, -0.05, 0.0, 0.02, 0.03])
SAMPLING = np.linspace(0.5, 1.5, 7)


@pytest.mark.oracle
def test_hybrid_on_milk(shared_data: Path) -> None:
    folder = shared_data / "oracles" / "09_small_area"
    table, expected = pd.read_csv(folder / "input_milk.csv"), pd.read_csv(folder / "expected_milk_hbsae.csv")
    major = [(table["MajorArea"] == code).astype(float) for code in (2, 3, 4)]
    x = np.column_stack([np.ones(len(table)), *major])
    fit = fit_hierarchical(table["yi"], table["SD"] ** 2, x, method="hybrid")
    np.testing.assert_allclose(fit.estimates, expected["hb_est"], rtol=1e-5)
    np.testing.assert_allclose(fit.mse, expected["hb_mse"], rtol=1e-5)


def test_posterior_mean_is_the_integral() -> None:
    data = check_area_data(DIRECT * 20, SAMPLING)

    def density(variance: float) -> float:
        return float(np.exp(restricted_log_likelihood(fit_lines(data, variance))[0] + 10))

    total = quad(density, 0, np.inf)[0]
    mean = quad(lambda variance: variance * density(variance), 0, np.inf)[0] / total
    assert fit_hierarchical(DIRECT * 20, SAMPLING).variance == pytest.approx(mean, rel=1e-5)


def test_it_does_not_collapse_where_likelihood_does() -> None:
    assert fit_fay_herriot(DIRECT, SAMPLING).collapsed
    fit = fit_hierarchical(DIRECT, SAMPLING)
    assert fit.variance > 0 and (fit.own_weight > 0).all()


def test_uncertain_variance_widens_the_error() -> None:
    y = DIRECT * 20
    integrated, hybrid = (fit_hierarchical(y, SAMPLING, method=name) for name in ("integrated", "hybrid"))
    assert integrated.variance == pytest.approx(hybrid.variance)
    assert (integrated.mse < SAMPLING + integrated.variance).all()
    assert not np.allclose(integrated.mse, hybrid.mse)


def test_too_few_areas_and_unknown_methods_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        fit_hierarchical([1, 2, 3, 4], [1, 1, 1, 1])
    with pytest.raises(ValueError, match="integrated, hybrid"):
        fit_hierarchical(DIRECT, SAMPLING, method="mcmc")

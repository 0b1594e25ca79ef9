"""Oracle: R sae 1.3, ``mseFH`` on the milk and grapes data (folder 09_small_area)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.small_areas.fay_herriot import fit_fay_herriot, variance_limits

PEER_NAMES = {"REML": "reml", "ML": "ml", "FH": "moment"}


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "oracles" / "09_small_area"


@pytest.fixture(scope="module")
def milk(folder: Path) -> tuple[pd.Series, pd.Series, np.ndarray]:
    table = pd.read_csv(folder / "input_milk.csv")
    major = [(table["MajorArea"] == code).astype(float) for code in (2, 3, 4)]
    return table["yi"], table["SD"] ** 2, np.column_stack([np.ones(len(table)), *major])


@pytest.mark.oracle
@pytest.mark.parametrize("peer", list(PEER_NAMES))
def test_milk_areas_and_errors(milk: tuple, folder: Path, peer: str) -> None:
    expected = pd.read_csv(folder / "expected_milk_eblup.csv").query("method == @peer")
    fit = fit_fay_herriot(*milk, method=PEER_NAMES[peer])
    np.testing.assert_allclose(fit.estimates, expected["eblup"], rtol=1e-5)
    np.testing.assert_allclose(fit.mse, expected["mse"], rtol=1e-5)


@pytest.mark.oracle
@pytest.mark.parametrize("peer", list(PEER_NAMES))
def test_milk_model(milk: tuple, folder: Path, peer: str) -> None:
    expected = pd.read_csv(folder / "expected_milk_params.csv").query("method == @peer").set_index("param")
    fit = fit_fay_herriot(*milk, method=PEER_NAMES[peer])
    line = expected.filter(like="beta", axis=0)
    np.testing.assert_allclose(fit.coefficients, line["estimate"], rtol=1e-5)
    np.testing.assert_allclose(fit.std_errors, line["se"], rtol=1e-5)
    np.testing.assert_allclose(fit.p_values, line["p"], rtol=1e-5)
    ours = [fit.variance, fit.log_likelihood, fit.aic, fit.bic]
    np.testing.assert_allclose(ours, expected.loc[["refvar", "loglik", "AIC", "BIC"], "estimate"], rtol=1e-5)


@pytest.mark.oracle
def test_grapes(folder: Path) -> None:
    table, expected = (pd.read_csv(folder / f"{name}_grapes{end}.csv") for name, end in
                       (("input", ""), ("expected", "_fh")))  # fmt: skip
    params = pd.read_csv(folder / "expected_grapes_params.csv").query("model == 'FH'")["estimate"]
    fit = fit_fay_herriot(table["grapehect"], table["var"], table[["area.1", "workdays"]])
    np.testing.assert_allclose(fit.estimates, expected["eblup"], rtol=1e-5)
    np.testing.assert_allclose(fit.mse, expected["mse"], rtol=1e-5)
    np.testing.assert_allclose([*fit.coefficients, fit.variance, fit.log_likelihood], params, rtol=1e-5)


@pytest.mark.parametrize("method", ["reml", "ml", "moment"])
def test_a_variance_of_zero_is_reported_with_what_it_could_still_be(method: str) -> None:
    direct, sampling = [0.1, -0.1, 0.05, -0.05, 0.0], [1.0] * 5
    fit = fit_fay_herriot(direct, sampling, method=method)
    assert fit.collapsed and fit.variance == 0.0
    np.testing.assert_allclose(fit.estimates, 0.0, atol=1e-12)
    # Scatter this small is rare even without any variance, so the limits close on 0; less so with more.
    assert variance_limits([2.0, -1.0, 0.5, -0.9, 0.0], sampling)[0] == 0.0
    assert variance_limits([2.0, -1.0, 0.5, -0.9, 0.0], sampling)[1] > 5


def test_limits_hold_the_true_variance_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20151231)
    sampling, covered = rng.uniform(0.2, 2.0, 12), 0
    for _ in range(400):
        direct = 3 + rng.normal(0, 0.7, 12) + rng.normal(0, np.sqrt(sampling))
        low, high = variance_limits(direct, sampling, confidence=0.9)
        covered += low <= 0.49 <= high
    assert covered / 400 == pytest.approx(0.9, abs=0.045)


@given(st.lists(st.floats(-5, 5), min_size=4, max_size=12), st.randoms(use_true_random=False))
def test_areas_lie_between_own_figure_and_line_in_any_order(values: list[float], random) -> None:
    direct, sampling = np.array(values), np.linspace(0.1, 2.0, len(values))
    fit = fit_fay_herriot(direct, sampling)
    low, high = np.minimum(direct, fit.coefficients[0]), np.maximum(direct, fit.coefficients[0])
    assert ((fit.estimates >= low - 1e-9) & (fit.estimates <= high + 1e-9)).all()
    order = random.sample(range(len(values)), len(values))
    again = fit_fay_herriot(direct[order], sampling[order])
    np.testing.assert_allclose(again.estimates, fit.estimates[order], atol=1e-5)


@pytest.mark.parametrize(
    ("direct", "sampling", "covariates", "message"),
    [
        ([1.0, 2.0, 3.0], [1.0, 0.0, 1.0], None, "above 0"),
        ([1.0, np.nan, 3.0], [1.0, 1.0, 1.0], None, "finite"),
        ([1.0, 2.0, 3.0], [1.0, 1.0], None, "shapes"),
        ([1.0, 2.0], [1.0, 1.0], np.eye(2), "cannot carry"),
        ([1.0, 2.0, 3.0], [1.0] * 3, np.ones((3, 2)), "determine each other"),
    ],
)
def test_impossible_input_is_refused(direct, sampling, covariates, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_fay_herriot(direct, sampling, covariates)


def test_unknown_method_lists_the_known() -> None:
    with pytest.raises(ValueError, match="reml, ml, moment"):
        fit_fay_herriot([1, 2, 3], [1, 1, 1], method="bayes")

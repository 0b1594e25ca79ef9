"""Oracle: R VGAM 1.1-7, ``vglm(betabinomial)`` on the lirat data (folder 09_small_area)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit
from scipy.stats import betabinom

from qstats.methods.small_areas.beta_binomial import fit_beta_binomial, posterior_rates


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "oracles" / "09_small_area"


@pytest.fixture(scope="module")
def lirat(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "input_lirat.csv")


def expected_params(folder: Path) -> pd.DataFrame:
    """Parameters of the peer; its model called null is a name, not a missing value."""
    return pd.read_csv(folder / "expected_lirat_betabinomial.csv", keep_default_na=False)


@pytest.mark.oracle
def test_one_mean(lirat: pd.DataFrame, folder: Path) -> None:
    params = expected_params(folder).query("model == 'null'")["estimate"]
    fit = fit_beta_binomial(lirat["R"], lirat["N"])
    ours = [fit.mean[0], fit.rho, fit.alpha[0], fit.beta[0], fit.log_likelihood]
    np.testing.assert_allclose(ours, params, rtol=1e-5)


@pytest.mark.oracle
def test_mean_on_covariates(lirat: pd.DataFrame, folder: Path) -> None:
    params = expected_params(folder).query("model == 'hb+grp'")["estimate"]
    groups = [(lirat["grp"] == code).astype(float) for code in (2, 3, 4)]
    x = np.column_stack([np.ones(len(lirat)), lirat["hb"], *groups])
    fit = fit_beta_binomial(lirat["R"], lirat["N"], x)
    ours = [fit.coefficients[0], logit(fit.rho), *fit.coefficients[1:], fit.log_likelihood]
    np.testing.assert_allclose(ours, params, rtol=1e-5)


@pytest.mark.oracle
def test_posterior_of_each_litter(lirat: pd.DataFrame, folder: Path) -> None:
    expected = pd.read_csv(folder / "expected_lirat_eb_shrinkage.csv")
    fit = fit_beta_binomial(lirat["R"], lirat["N"])
    ours = np.column_stack(posterior_rates(lirat["R"], lirat["N"], fit))
    np.testing.assert_allclose(ours, expected[["eb_post_mean", "eb_lo95", "eb_hi95"]], rtol=1e-5)


def test_likelihood_is_the_distributions() -> None:
    s, n = np.array([8, 19, 30, 12]), np.array([10, 20, 30, 20])
    fit = fit_beta_binomial(s, n)
    assert fit.log_likelihood == pytest.approx(betabinom.logpmf(s, n, fit.alpha, fit.beta).sum(), rel=1e-9)
    for alpha, beta in ((1.05, 1.0), (1.0, 1.05), (0.95, 1.0)):
        moved = betabinom.logpmf(s, n, alpha * fit.alpha, beta * fit.beta).sum()
        assert moved < fit.log_likelihood


def test_counts_that_scatter_less_than_chance_collapse() -> None:
    fit = fit_beta_binomial([18, 27, 36], [20, 30, 40])
    assert fit.collapsed
    assert fit.mean[0] == pytest.approx(0.9)
    assert all(np.allclose(part, 0.9) for part in posterior_rates([18, 27, 36], [20, 30, 40], fit))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(1, 60)), min_size=3, max_size=11))
def test_posterior_lies_between_own_rate_and_mean(areas: list[tuple[float, float]]) -> None:
    """Effective counts are real numbers; areas without any success or any failure in all are refused."""
    rate, n = np.array(areas).T
    s = np.append(rate * n, [3.5, 9.0])
    n = np.append(n, [12.5, 10.0])
    fit = fit_beta_binomial(s, n)
    estimate, lower, upper = posterior_rates(s, n, fit)
    low, high = np.minimum(s / n, fit.mean), np.maximum(s / n, fit.mean)
    assert ((estimate >= low - 1e-9) & (estimate <= high + 1e-9)).all()
    assert (lower <= upper).all()


@pytest.mark.parametrize(
    ("s", "n", "message"),
    [
        ([11], [10], "between 0 and n"),
        ([-1], [10], "between 0 and n"),
        ([np.nan], [10], "finite"),
        ([1, 2], [10], "shapes"),
        ([10, 20], [10, 20], "any failure"),
        ([0, 0], [10, 20], "any success"),
    ],
)
def test_impossible_counts_are_refused(s: list, n: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_beta_binomial(s, n)


def test_a_stratum_without_failures_is_refused_not_fitted() -> None:
    x = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    with pytest.raises(ValueError, match="infinite"):
        fit_beta_binomial([9, 18, 25, 30, 30, 30], [10, 20, 30, 30, 30, 30], x)

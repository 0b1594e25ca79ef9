"""Reference: truth in simulated areas whose rates follow a covariate."""

import numpy as np
import pytest
from scipy.special import expit, logit

from qstats.methods.small_areas.covariate_rates import fay_herriot_rates
from qstats.methods.small_areas.fay_herriot import fit_fay_herriot

N = np.array([15, 20, 25, 30, 40, 50, 60, 75, 90, 105, 120.0])
Z = np.linspace(-1, 1, 11)[[3, 8, 0, 5, 10, 1, 7, 4, 9, 2, 6]]
X = np.column_stack([np.ones(11), Z])


@pytest.mark.parametrize("sd", [0.0, 0.3])
def test_covered_and_nearer_the_truth_than_the_areas_own_rates(sd: float) -> None:
    rng = np.random.default_rng(3)
    covered, error, own = [], 0.0, 0.0
    for _ in range(60):
        true = expit(logit(0.95) + 0.5 * Z + sd * rng.normal(size=11))
        rate = rng.binomial(N.astype(int), true) / N
        fit = fay_herriot_rates(rate, N, X)
        covered.append((fit.lower <= true) & (true <= fit.upper))
        error, own = error + ((fit.estimate - true) ** 2).sum(), own + ((rate - true) ** 2).sum()
    assert np.mean(covered) > 0.93
    assert error < 0.5 * own


def test_covariate_is_found_where_batches_are_many() -> None:
    rng = np.random.default_rng(4)
    fit = fay_herriot_rates(rng.binomial(4000, expit(2 + 0.8 * Z)) / 4000, np.full(11, 4000.0), X)
    np.testing.assert_allclose(fit.coefficients, [2, 0.8], atol=0.1)


def test_areas_at_100_percent_have_a_sampling_variance() -> None:
    fit = fay_herriot_rates(np.where(N > 50, 1.0, 0.96), N)
    assert ((fit.lower > 0.8) & (fit.lower < fit.estimate) & (fit.upper < 1)).all()
    everywhere = fay_herriot_rates(np.ones(11), N)
    assert np.isfinite(everywhere.estimate).all() and everywhere.collapsed


def test_a_variance_of_zero_is_reported_and_does_not_close_the_intervals() -> None:
    rate = np.round(0.95 * N) / N
    fit = fay_herriot_rates(rate, N)
    assert fit.collapsed and fit.between_variance == 0.0 and fit.variance_limits[0] == 0.0
    assert ((fit.own_weight > 0) & (fit.upper - fit.lower > 0.01)).all()


def test_variance_is_fay_herriots() -> None:
    rate = np.linspace(0.5, 0.98, 11)
    pooled = ((rate * N).sum() + 0.5) / (N.sum() + 1)
    line = fit_fay_herriot(logit((rate * N + 0.5) / (N + 1)), 1 / (N * pooled * (1 - pooled)), X)
    fit = fay_herriot_rates(rate, N, X)
    assert fit.between_variance == line.variance > 0
    assert fit.variance_limits[0] < fit.between_variance < fit.variance_limits[1]


def test_an_area_without_batches_stands_on_the_line() -> None:
    rate, n = 0.9 + 0.05 * Z, N.copy()
    rate[4], n[4] = np.nan, 0
    fit = fay_herriot_rates(rate, n, X)
    assert fit.own_weight[4] == 0
    assert logit(fit.estimate[4]) == pytest.approx(X[4] @ fit.coefficients, abs=0.1)
    assert fit.lower[4] < fit.estimate[4] < fit.upper[4]


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        fay_herriot_rates(np.full(11, 1.2), N)
    with pytest.raises(ValueError, match="finite"):
        fay_herriot_rates(np.full(11, np.nan), N)
    with pytest.raises(ValueError, match="covariates"):
        fay_herriot_rates(np.full(11, 0.9), N, X[:-1])
    with pytest.raises(ValueError, match="too few"):
        fay_herriot_rates(np.full(5, 0.9), N[:5])

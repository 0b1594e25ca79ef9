"""Oracle: statsmodels (Poisson), exact limits of one count, and what must hold whatever the counts."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.binomial_regression import (
    compare_fits,
    correlate_errors,
    diagnose_fit,
    fit_beta_binomial,
    fit_binomial,
    fit_negative_binomial,
    fit_poisson,
    fit_rates,
    predict_rates,
    profile_limits,
    robust_covariance,
    trend_design,
)
from qstats.methods.binomial_regression.correlated import correlation


def series(months: int = 60, rate: float = 0.965, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    n = generator.integers(120, 320, months)
    return generator.binomial(n, rate), n, 2010 + np.arange(months) / 12


def test_poisson_with_exposure_is_that_of_statsmodels() -> None:
    from statsmodels.api import GLM, families

    generator = np.random.default_rng(5)
    exposure = generator.uniform(50, 400, 40)
    x = trend_design(2010 + np.arange(40) / 12, 12)
    events = generator.poisson(exposure * np.exp(-3 + 0.1 * x[:, 1]))
    found = fit_poisson(events, exposure, x)
    peer = GLM(events, x, family=families.Poisson(), exposure=exposure).fit(scale="X2", tol=1e-12)
    assert found.coefficients == pytest.approx(peer.params, abs=1e-8)
    assert found.std_error == pytest.approx(peer.bse, rel=1e-7)
    assert found.log_likelihood == pytest.approx(fit_rates(
        found.family, events, np.ones(40), x, offset=np.log(exposure)).log_likelihood, rel=1e-9)  # fmt: skip


def test_fletcher_divides_by_one_and_the_mean_of_the_skewed_residuals() -> None:
    passed, n, times = series(24, 0.985)
    fit = fit_binomial(passed, n, trend_design(times))
    p = fit.fitted
    skewed = (1 - 2 * p) / (p * (1 - p)) * (passed / n - p)
    found = fit_binomial(passed, n, trend_design(times), dispersion="fletcher")
    assert found.dispersion == pytest.approx(fit.pearson / 22 / (1 + skewed.mean()))


def test_a_gap_changes_nothing() -> None:
    passed, n, times = series()
    keep = np.ones(60, bool)
    keep[[7, 30]] = False
    gappy = fit_binomial(np.where(keep, passed, 0), np.where(keep, n, 0), trend_design(times, 12))
    short = fit_binomial(passed[keep], n[keep], trend_design(times[keep], 12, centre=times.mean()))
    assert gappy.coefficients == pytest.approx(short.coefficients)
    assert gappy.covariance == pytest.approx(short.covariance)
    assert gappy.freedom == short.freedom == 52
    for kind in ("hc0", "hc3", "newey_west"):
        assert robust_covariance(gappy, kind=kind) == pytest.approx(robust_covariance(short, kind=kind))
    assert profile_limits(gappy, 1) == pytest.approx(profile_limits(short, 1))
    months = np.arange(60.0)
    ours, theirs = correlate_errors(gappy, months), correlate_errors(short, months[keep])
    assert ours.covariance == pytest.approx(theirs.covariance)
    assert np.isnan(diagnose_fit(gappy).hat[7])


@given(
    st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), min_size=6, max_size=14),
    st.integers(0, 2**32 - 1),
)
def test_the_whole_is_fitted_and_limits_hold_the_estimate(cells, seed) -> None:
    """Fitted passes add up to those seen, the estimate lies within its limits, failures mirror passes."""
    n = np.array([size for size, _ in cells])
    passed = np.round(n * [share for _, share in cells])
    x = np.column_stack([np.ones(len(n)), np.random.default_rng(seed).normal(size=len(n))])
    fit, mirrored = fit_binomial(passed, n, x), fit_binomial(n - passed, n, x)
    assert (n * fit.fitted).sum() == pytest.approx(passed.sum(), abs=1e-5)
    assert fit.separated == mirrored.separated
    if fit.separated:
        assert np.isnan(fit.std_error[~np.isfinite(fit.coefficients)]).all()
        return
    assert mirrored.coefficients == pytest.approx(-fit.coefficients, abs=1e-6)
    if fit.dispersion > 1e-6:
        lower, upper = profile_limits(fit, 1)
        assert lower <= fit.coefficients[1] <= upper
        assert profile_limits(mirrored, 1) == pytest.approx((-upper, -lower), abs=1e-4)


def test_limits_widen_with_the_confidence_and_t_is_wider_than_the_normal_law() -> None:
    passed, n, times = series(14)
    fit = fit_binomial(passed, n, trend_design(times))
    limits = [profile_limits(fit, 1, confidence) for confidence in (0.5, 0.9, 0.95, 0.99)]
    assert all(a[0] > b[0] and a[1] < b[1] for a, b in pairwise(limits))
    assert fit.quantile(0.975) == pytest.approx(2.1788, abs=1e-4)
    assert fit_binomial(passed, n, trend_design(times), dispersion="none").quantile(0.975) < 1.961


def test_all_passed_in_a_group_is_said_and_the_others_keep_their_figures() -> None:
    group = np.repeat([0, 1, 2], 5)
    n = np.full(15, 40)
    passed = np.array([38, 39, 37, 40, 38, 40, 40, 40, 40, 40, 36, 37, 39, 38, 37])
    x = np.column_stack([np.ones(15), group == 1, group == 2])
    fit = fit_binomial(passed, n, x)
    assert fit.separated
    assert fit.coefficients[1] == np.inf
    assert np.isnan(fit.std_error[1])
    without = fit_binomial(passed[group != 1], n[group != 1], x[group != 1][:, [0, 2]])
    assert fit.coefficients[[0, 2]] == pytest.approx(without.coefficients, abs=1e-6)
    assert fit.std_error[[0, 2]] == pytest.approx(without.std_error, rel=1e-5)
    assert fit.freedom == without.freedom == 8
    lower, upper = profile_limits(fit, 1)
    assert upper == np.inf
    assert -1 < lower < 3
    predicted = predict_rates(fit, np.array([[1, 0, 0], [1, 1, 0]]))
    assert np.isfinite(predicted.upper[0])
    assert np.isnan(predicted.upper[1])
    with pytest.raises(ValueError, match="all passed in a cell"):
        fit_beta_binomial(passed, n, x)


def test_a_series_without_failures_has_no_finite_level() -> None:
    n = np.full(24, 50)
    fit = fit_binomial(n, n, trend_design(2013 + np.arange(24) / 12))
    assert fit.separated
    assert fit.coefficients[0] == np.inf
    assert np.isnan(fit.dispersion)
    assert fit.deviance == pytest.approx(0, abs=1e-6)
    assert np.isnan(profile_limits(fit, 0)).all()


def test_no_events_in_a_group_is_said_of_poisson_counts_too() -> None:
    group = np.repeat([0, 1], 6)
    fit = fit_poisson(
        [3, 2, 4, 1, 3, 2, 0, 0, 0, 0, 0, 0], np.ones(12), np.column_stack([np.ones(12), group])
    )
    assert fit.separated
    assert fit.coefficients[1] == -np.inf
    assert fit.coefficients[0] == pytest.approx(np.log(2.5), abs=1e-6)
    lower, upper = profile_limits(fit, 1)
    assert lower == -np.inf
    assert np.isfinite(upper)


def test_one_count_has_the_limits_of_its_likelihood() -> None:
    """19 of 20: limits by hand from the deviance of one count."""
    fit = fit_binomial([19], [20], [[1.0]], dispersion="none")
    for value in profile_limits(fit, 0):
        p = 1 / (1 + np.exp(-value))
        fall = 2 * (19 * np.log(0.95 / p) + np.log(0.05 / (1 - p)))
        assert fall == pytest.approx(3.841459, abs=1e-5)


def test_covariance_under_correlation_is_that_of_the_linear_estimator() -> None:
    """Whose covariance with weights under AR(1) is known in closed form."""
    passed, n, times = series()
    fit = fit_binomial(passed, n, trend_design(times, 12))
    found = correlate_errors(fit, np.arange(60.0), rho=0.4)
    root = np.sqrt(n * fit.fitted * (1 - fit.fitted))
    law = 0.4 ** np.abs(np.subtract.outer(np.arange(60), np.arange(60)))
    side = fit.inverse_information @ (root[:, None] * fit.design).T
    assert found.covariance == pytest.approx(found.dispersion * side @ law @ side.T)
    independent = correlate_errors(fit, np.arange(60.0), rho=0.0)
    assert independent.covariance == pytest.approx(fit.covariance)
    assert independent.freedom == pytest.approx(fit.freedom)


def test_rho_of_short_series_is_found_without_its_bias() -> None:
    """The mean of 400 estimates of ρ = 0.5 from 35 months: the plain one lies near 0.3."""
    generator = np.random.default_rng(8)
    x = trend_design(2012 + np.arange(35) / 12, 12)
    root = np.linalg.cholesky(correlation(np.abs(np.subtract.outer(np.arange(35.0), np.arange(35.0))), 0.5))
    found, plain = [], []
    for _ in range(400):
        n = np.full(35, 4000)
        passed = np.round(n * 0.9 + np.sqrt(n * 0.09) * 3 * (root @ generator.normal(size=35)))
        fit = fit_binomial(passed, n, x)
        found.append(correlate_errors(fit, np.arange(35.0)).found)
        residual = diagnose_fit(fit).pearson
        plain.append(residual[1:] @ residual[:-1] / (residual @ residual))
    assert np.mean(plain) < 0.32
    assert np.mean(found) == pytest.approx(0.5, abs=0.06)


def test_different_series_do_not_touch() -> None:
    passed, n, times = series(24)
    x = trend_design(times)
    both = np.kron(np.eye(2), x)
    double = fit_binomial(np.tile(passed, 2), np.tile(n, 2), both)
    one = correlate_errors(fit_binomial(passed, n, x), np.arange(24.0), rho=0.5)
    two = correlate_errors(double, np.tile(np.arange(24.0), 2), series=np.repeat([0, 1], 24), rho=0.5)
    assert two.covariance[:2, :2] == pytest.approx(one.covariance)
    assert two.covariance[:2, 2:] == pytest.approx(0, abs=1e-12)
    assert two.freedom == pytest.approx(2 * one.freedom)
    with pytest.raises(ValueError, match="one period"):
        correlate_errors(double, np.tile(np.arange(24.0), 2))


def test_counts_without_more_scatter_than_chance_have_none() -> None:
    n = np.full(30, 200)
    passed = np.where(np.arange(30) % 2, 193, 194)
    found = fit_beta_binomial(passed, n, np.ones((30, 1)))
    assert found.scatter == 0
    assert found.std_error == pytest.approx(
        fit_binomial(passed, n, np.ones((30, 1)), dispersion="none").std_error
    )
    events = fit_negative_binomial(np.where(np.arange(30) % 2, 4, 5), np.ones((30, 1)))
    assert np.isinf(events.scatter)
    assert events.coefficients[0] == pytest.approx(np.log(4.5))


def test_season_turns_with_the_calendar_and_tells_quarters_apart() -> None:
    months = trend_design(2010 + np.arange(36) / 12, 12)
    assert months.shape == (36, 6)
    assert np.linalg.matrix_rank(months) == 6
    assert months[:12, 2:] == pytest.approx(months[12:24, 2:], abs=1e-9)
    assert trend_design(2010 + (np.arange(36) + 0.5) / 12, 12)[:, 2:] == pytest.approx(
        months[:, 2:], abs=1e-9
    )
    quarters = trend_design(2010 + np.arange(12) / 4, 4)
    assert np.linalg.matrix_rank(quarters[:4, [0, 2, 3, 4]]) == 4
    assert quarters[:, 4] == pytest.approx(np.tile([1, -1], 6))
    assert trend_design([2010, 2012.5]) == pytest.approx(np.array([[1, -1.25], [1, 1.25]]))
    with pytest.raises(ValueError, match="4 or 12"):
        trend_design([2010.0, 2011.0], 7)


def test_impossible_counts_and_models_are_refused() -> None:
    x = np.ones((3, 1))
    with pytest.raises(ValueError, match="no more than all"):
        fit_binomial([1, 2, 5], [4, 4, 4], x)
    with pytest.raises(ValueError, match="finite"):
        fit_binomial([1, np.nan, 2], [4, 4, 4], x)
    with pytest.raises(ValueError, match="depend on each other"):
        fit_binomial([1, 2, 3], [4, 4, 4], np.ones((3, 2)))
    with pytest.raises(ValueError, match="negative"):
        fit_poisson([1, 2, 1], [4, 0, 4], x)
    with pytest.raises(ValueError, match="none of"):
        fit_binomial([1, 2, 3], [4, 4, 4], x, dispersion="deviance")
    fit = fit_binomial([1, 2, 3], [4, 4, 4], x)
    with pytest.raises(ValueError, match="larger"):
        compare_fits(fit, fit)
    with pytest.raises(ValueError, match="clusters"):
        robust_covariance(fit, kind="cluster")
    with pytest.raises(ValueError, match="none of"):
        robust_covariance(fit, kind="hc9")

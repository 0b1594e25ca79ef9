"""Oracles: defining equations of intervals, statsmodels for logistic regression, hand-worked quantiles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from scipy.stats import t as student

from qstats.methods.survey.comparisons import compare_means
from qstats.methods.survey.design import make_design
from qstats.methods.survey.intervals import METHODS, proportion_interval, t_interval
from qstats.methods.survey.quantiles import quantile, weighted_quantile
from qstats.methods.survey.regression import fit_logistic, is_separated
from qstats.methods.survey.replicates import jackknife
from qstats.methods.survey.tables import independence_test


@given(
    passes=st.integers(1, 99),
    deff=st.floats(0.5, 4),
    df=st.integers(2, 98),
    method=st.sampled_from(sorted(METHODS)),
    confidence=st.floats(0.5, 0.99),
)
def test_interval_contains_the_estimate(
    passes: int, deff: float, df: int, method: str, confidence: float
) -> None:
    p = passes / 100
    lower, upper = proportion_interval(
        p, deff * p * (1 - p) / 100, df, 100, method=method, confidence=confidence
    )
    assert lower <= p <= upper
    assert method == "mean" or (lower >= 0 and upper <= 1)


def test_beta_tails_hold_half_the_rest_each() -> None:
    """On a simple random sample the effective n is n, and the limits are the exact ones."""
    lower, upper = proportion_interval(0.9, 0.9 * 0.1 / 50, 49, 50, method="beta")
    assert binom.sf(44, 50, lower) == pytest.approx(0.025)
    assert binom.cdf(45, 50, upper) == pytest.approx(0.025)


def test_only_beta_answers_where_nothing_failed() -> None:
    for method in METHODS:
        lower, upper = proportion_interval([1.0, 0.0], [0.0, 0.0], 30, 40, method=method)
        if method == "beta":
            assert 0.85 < lower[0] < 1 == upper[0] and lower[1] == 0 < upper[1] < 0.15
        else:
            assert np.isnan([*lower, *upper]).all()


def test_no_degrees_of_freedom_no_limits() -> None:
    assert np.isnan(t_interval(0.5, 0.1, 0)).all()
    assert np.isnan(proportion_interval(0.5, 0.01, 0, 9)).all()


def test_unknown_method_and_impossible_estimates_are_refused() -> None:
    with pytest.raises(ValueError, match="known: beta"):
        proportion_interval(0.5, 0.1, 9, 10, method="wald")
    with pytest.raises(ValueError, match="between 0 and 1"):
        proportion_interval(1.2, 0.1, 9, 10)
    with pytest.raises(ValueError, match="not negative"):
        proportion_interval(0.5, -0.1, 9, 10)


def test_quantile_is_the_smallest_value_that_reaches_the_share() -> None:
    assert weighted_quantile([3, 1, 2], [1, 1, 2], 0.25) == 1
    assert weighted_quantile([3, 1, 2], [1, 1, 2], 0.26) == 2
    assert weighted_quantile([3, 1, 2], [1, 1, 2], 0.75) == 2
    assert weighted_quantile([3, 1, 2], [1, 1, 0], 1) == 3
    assert weighted_quantile([3, 1, 2], [1, 0, 1], 0) == 2


def test_tenths_that_do_not_add_up_exactly_still_reach_their_share() -> None:
    values = np.arange(10)
    assert [weighted_quantile(values, np.full(10, 0.1), k / 10) for k in range(1, 11)] == list(range(10))


@pytest.mark.parametrize(
    ("values", "weight", "share"), [([1], [1], 1.5), ([1], [0], 0.5), ([np.nan], [1], 0.5), ([1], [-1], 0.5)]
)
def test_impossible_quantiles_are_refused(values: list[float], weight: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        weighted_quantile(values, weight, share)


def test_quantile_of_a_domain_keeps_the_design() -> None:
    rng = np.random.default_rng(5)
    values, inside = rng.normal(size=400), rng.random(400) < 0.5
    found = quantile(make_design(400, cluster=np.arange(400) // 4), values, 0.5, inside=inside)
    assert found.lower <= found.estimate <= found.upper
    assert found.estimate == weighted_quantile(values[inside], np.ones(inside.sum()), 0.5)
    assert found.df == 99


def test_difference_of_two_groups_is_welchs_without_clusters() -> None:
    """With each group a stratum of its own the variances of two independent means add up."""
    rng = np.random.default_rng(8)
    values, group = rng.normal(size=60), np.repeat([0, 1], 30)
    found = compare_means(make_design(60, stratum=group), values, group)
    variance = values[:30].var(ddof=1) / 30 + values[30:].var(ddof=1) / 30
    assert found.std_error == pytest.approx(np.sqrt(variance))
    assert found.p_value == pytest.approx(2 * student.sf(abs(found.estimate) / np.sqrt(variance), 57))
    with pytest.raises(ValueError, match="no units"):
        compare_means(make_design(60), values, np.zeros(60, int))


def test_independence_of_the_units_alone_is_pearsons() -> None:
    """With units drawn one by one the design effects are all n / (n − 1), at independence."""
    row, column = np.divmod(np.repeat(np.arange(4), 25), 2)
    found = independence_test(make_design(100), row, column)
    assert found.chi_squared == pytest.approx(0) and found.p_value == pytest.approx(1)
    assert found.numerator_df == pytest.approx(1) and found.denominator_df == pytest.approx(99)


def test_tables_without_two_filled_rows_and_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="two rows"):
        independence_test(make_design(4), [0, 0, 0, 0], [0, 1, 0, 1])
    with pytest.raises(ValueError, match="no units"):
        independence_test(make_design(4), [0, 2, 0, 2], [0, 1, 0, 1])


def test_logistic_coefficients_are_those_of_statsmodels() -> None:
    from statsmodels.api import GLM, families

    rng = np.random.default_rng(11)
    x = np.column_stack([np.ones(500), rng.normal(size=(500, 2))])
    y = rng.random(500) < 1 / (1 + np.exp(-(2 + x[:, 1] - 0.5 * x[:, 2])))
    weight = rng.uniform(1, 5, 500)
    found = fit_logistic(make_design(500, weight=weight), y, x)
    fit = GLM(y.astype(float), x, families.Binomial(), freq_weights=weight).fit(tol=1e-12)
    assert found.coefficient == pytest.approx(fit.params, rel=1e-7)
    robust = GLM(y.astype(float), x, families.Binomial(), var_weights=weight).fit(tol=1e-12, cov_type="HC0")
    assert found.std_error == pytest.approx(robust.bse * np.sqrt(500 / 499), rel=1e-6)


def test_a_group_in_which_all_passed_is_recognised_as_separated() -> None:
    group = np.repeat([0, 1], 20)
    x = np.column_stack([np.ones(40), group])
    y = np.where(group == 1, 1, np.arange(40) % 2)
    assert is_separated(y, x)
    with pytest.raises(ValueError, match="separate passes from failures"):
        fit_logistic(make_design(40), y, x)
    y[-1] = 0
    assert not is_separated(y, x)


def test_predictors_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="depend on each other"):
        fit_logistic(make_design(4), [0, 1, 0, 1], np.ones((4, 2)))
    with pytest.raises(ValueError, match="0 or 1"):
        fit_logistic(make_design(2), [0, 2], np.ones((2, 1)))


def test_jackknife_of_a_mean_is_its_textbook_variance() -> None:
    values = np.random.default_rng(2).random(40)
    found = jackknife(make_design(40), lambda weight: float(weight @ values / weight.sum()))
    assert found.variance == pytest.approx(values.var(ddof=1) / 40)
    with pytest.raises(ValueError, match="single cluster"):
        jackknife(make_design(3, stratum=[0, 0, 1]), lambda weight: float(weight.sum()))

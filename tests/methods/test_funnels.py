"""Exact and beta-binomial funnels: the trap of the arcsine funnel, coverage, limits and flags that agree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from qstats.methods.funnel_dispersion import arcsine_limits
from qstats.methods.funnels import flag_outliers, funnel_limits, tail_probability

RATES = st.floats(0.5, 0.999)
RHOS = st.sampled_from([0.0, 0.001, 0.05, 0.3])


@pytest.mark.parametrize("coverage", [0.95, 0.998])
@pytest.mark.parametrize("rho", [0.0, 0.05])
def test_the_county_with_88_of_88_is_not_flagged(coverage: float, rho: float) -> None:
    assert flag_outliers(88, 88, 0.961, coverage=coverage, rho=rho) == 0
    assert funnel_limits(0.961, 88, coverage=coverage, rho=rho)[1] == 1.0
    assert tail_probability(88, 88, 0.961) == pytest.approx(0.0302, abs=5e-5)


def test_the_arcsine_funnel_would_flag_it() -> None:
    assert arcsine_limits(0.961, 88, coverage=0.998)[1] < 1.0


def test_tails_as_the_distributions_have_them() -> None:
    x, strength = np.arange(61), (1 - 0.1) / 0.1
    binomial, beta_binomial = binom(60, 0.95), betabinom(60, 0.95 * strength, 0.05 * strength)
    for law, rho in ((binomial, 0.0), (beta_binomial, 0.1)):
        expected = np.minimum(law.cdf(x), law.sf(x - 1))
        np.testing.assert_allclose(tail_probability(x, 60, 0.95, rho), expected, rtol=1e-8, atol=1e-15)


@given(RATES, st.integers(1, 150), RHOS, st.sampled_from([0.95, 0.998]))
def test_a_unit_is_flagged_exactly_when_it_lies_beyond_a_limit(
    target: float, n: int, rho: float, coverage: float
) -> None:
    x = np.arange(n + 1)
    lower, upper = funnel_limits(target, n, coverage=coverage, rho=rho)
    beyond = (x / n > upper + 1e-12).astype(int) - (x / n < lower - 1e-12).astype(int)
    np.testing.assert_array_equal(flag_outliers(x, n, target, coverage=coverage, rho=rho), beyond)
    assert 0 <= lower <= upper <= 1


@given(RATES, st.integers(1, 150), RHOS, st.sampled_from([0.95, 0.998]))
def test_a_funnel_flags_no_more_units_than_it_says(
    target: float, n: int, rho: float, coverage: float
) -> None:
    x = np.arange(n + 1)
    strength = (1 - rho) / rho if rho else np.inf
    law = betabinom(n, target * strength, (1 - target) * strength) if rho else binom(n, target)
    flagged = flag_outliers(x, n, target, coverage=coverage, rho=rho) != 0
    assert law.pmf(x)[flagged].sum() <= 1 - coverage + 1e-9


def test_limits_close_in_on_the_target() -> None:
    lower, upper = funnel_limits(0.961, [10, 100, 1000, 100_000])
    assert np.all(np.diff(lower) > 0)
    assert np.all(np.diff(upper) <= 0)
    assert (lower[-1], upper[-1]) == (pytest.approx(0.9598, abs=1e-4), pytest.approx(0.9622, abs=1e-4))


def test_alike_batches_widen_the_funnel_and_no_likeness_does_not() -> None:
    plain, hardly, alike = (funnel_limits(0.9, 200, rho=rho) for rho in (0.0, 1e-9, 0.1))
    assert alike[0] < plain[0] < plain[1] < alike[1]
    # the two continue the tail between whole counts in different ways, within one batch
    np.testing.assert_allclose(hardly, plain, atol=1 / 200)


def test_effective_sizes_lie_between_whole_ones() -> None:
    lower, _ = funnel_limits(0.96, [88, 88.5, 89])
    assert lower[0] < lower[1] < lower[2]


@pytest.mark.parametrize("rho", [0.0, 0.1])
def test_the_ends_of_the_scale(rho: float) -> None:
    assert flag_outliers([10, 9, 0], [10, 10, 0], 1.0, rho=rho).tolist() == [0, -1, 0]
    assert flag_outliers([0, 1, 0], [10, 10, 0], 0.0, rho=rho).tolist() == [0, 1, 0]
    assert funnel_limits(0.96, 0, rho=rho) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": 1.2}, "target"),
        ({"target": float("nan")}, "target"),
        ({"coverage": 1.0}, "coverage"),
        ({"rho": 1.0}, "correlation"),
        ({"rho": -0.1}, "correlation"),
        ({"n": -3}, "between 0 and n"),
        ({"n": 3.5, "rho": 0.1}, "whole counts"),
    ],
)
def test_impossible_funnels_are_errors(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        funnel_limits(**{"target": 0.9, "n": 10, **arguments})  # type: ignore[arg-type]


def test_impossible_counts_are_errors() -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        flag_outliers(11, 10, 0.9)

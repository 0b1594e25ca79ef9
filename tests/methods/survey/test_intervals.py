"""Oracles: binomial tails of scipy; the estimate itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from qstats.methods.survey.intervals import METHODS, proportion_interval, t_interval


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

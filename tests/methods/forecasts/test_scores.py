"""Scores of forecasts. Oracle: closed form of the CRPS of a normal (Gneiting and Raftery 2007, eq. 21)."""

import numpy as np
import pytest
from scipy.stats import kstest, norm

from qstats.methods.forecasts import brier_score, crps_of_draws, randomised_pit, skill


@pytest.mark.parametrize("seen", [-1.5, 0.0, 2.0])
def test_crps_of_a_normal(seen: float) -> None:
    exact = seen * (2 * norm.cdf(seen) - 1) + 2 * norm.pdf(seen) - 1 / np.sqrt(np.pi)
    draws = np.random.default_rng(1).standard_normal(200_000)
    assert crps_of_draws(draws, seen) == pytest.approx(exact, abs=0.005)


def test_score_of_few_draws_is_fair() -> None:
    draws = np.random.default_rng(2).standard_normal((10, 40_000))
    many = crps_of_draws(np.random.default_rng(3).standard_normal(200_000), 0.3)
    assert crps_of_draws(draws, np.full(40_000, 0.3)).mean() == pytest.approx(many, abs=0.01)
    with pytest.raises(ValueError, match="two draws"):
        crps_of_draws([[1.0]], [1.0])


def test_score_of_a_gap_is_a_gap() -> None:
    assert np.isnan(crps_of_draws(np.zeros((5, 2)), [np.nan, 0.0])[0])


def test_place_of_counts_is_uniform_where_the_forecast_is_right() -> None:
    rng = np.random.default_rng(4)
    draws, seen = rng.binomial(30, 0.97, (400, 5000)), rng.binomial(30, 0.97, 5000)
    assert kstest(randomised_pit(draws, seen, rng), "uniform").pvalue > 0.01
    shifted = randomised_pit(draws - 1, seen, rng)
    assert kstest(shifted, "uniform").pvalue < 1e-6


def test_brier_score_and_skill() -> None:
    assert brier_score([0.8, 0.3], [1, 0]) == pytest.approx((0.04 + 0.09) / 2)
    assert skill(np.array([1.0, 2.0]), np.array([2.0, 4.0])) == pytest.approx(0.5)
    assert skill(np.array([1.0]), np.array([0.0])) == 0

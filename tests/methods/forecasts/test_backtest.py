"""Rolling origins: nothing from after the origin is used, last year's figure is what it says."""

import numpy as np
import pytest
from scipy.special import expit

from qstats.methods.forecasts import LAST_YEAR, backtest_rates, rolling_origins, same_period_last_year

MONTHS = np.arange(60)


def city(seed: int, *, slope: float = 0.0, series: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n = np.full((series, 60), 200.0)
    rate = expit(3.2 + slope * MONTHS / 12 + 0.2 * np.cos(2 * np.pi * MONTHS / 12))
    return rng.binomial(200, np.broadcast_to(rate, n.shape)).astype(float), n


def test_the_future_is_not_seen() -> None:
    passed, n = city(1)
    changed = passed.copy()
    changed[:, 55:] = 100.0
    whole, other = (
        backtest_rates(one, n, steps=6, origins=[48], season=12, seed=3) for one in (passed, changed)
    )
    np.testing.assert_array_equal(whole.crps, other.crps)  # the six months after the origin are the same
    later = [backtest_rates(one, n, steps=6, origins=[52], season=12, seed=3) for one in (passed, changed)]
    assert (later[1].crps[0, 0, 0, 3:] > later[0].crps[0, 0, 0, 3:]).all()


def test_beyond_the_record_nothing_is_scored() -> None:
    passed, n = city(2)
    n[:, 57] = np.nan
    tested = backtest_rates(passed, n, steps=12, origins=[54], season=12)
    assert np.isfinite(tested.crps[0, 0, 0]).tolist() == [True] * 3 + [False] + [True] * 2 + [False] * 6


def test_a_steady_rate_beats_last_years_figure_and_is_covered() -> None:
    passed, n = city(3, series=8)
    tested = backtest_rates(
        passed, n, steps=12, origins=rolling_origins(60, 12), season=12, models=["combined", "level"]
    )
    assert tested.models == ("combined", "level", LAST_YEAR)
    assert all(tested.beats_last_year("combined", one) for one in range(8))
    assert np.mean([tested.skill("combined", one) for one in range(8)]) > 0.15
    assert 0.7 < np.mean([tested.coverage("combined", one, 0.8) for one in range(8)]) < 0.9


def test_too_few_origins_prove_nothing() -> None:
    passed, n = city(4)
    tested = backtest_rates(passed, n, steps=3, origins=[56, 57, 58], season=12)
    assert not tested.beats_last_year("combined", 0)


def test_origins_leave_two_years_before_them() -> None:
    assert rolling_origins(72, 12) == list(range(48, 72, 2))
    assert rolling_origins(12, 4) == [8, 9, 10, 11]
    assert rolling_origins(20, 12) == []


def test_last_year_is_the_same_month_a_year_before() -> None:
    rate = np.linspace(0.9, 0.95, 36)[None]
    centre, spread = same_period_last_year(rate, np.full((1, 36), 100.0), steps=14, per_year=12)
    assert centre[0, :12] == pytest.approx(rate[0, 24:])
    assert centre[0, 12:] == pytest.approx(rate[0, 24:26])
    assert spread[0, 0] == pytest.approx(rate[0, 12] - rate[0, 0])
    assert spread[0, 12] == pytest.approx(np.sqrt(2) * spread[0, 0])


def test_last_year_before_a_year_is_over() -> None:
    rate = np.full((1, 8), 0.95)
    centre, spread = same_period_last_year(rate, np.full((1, 8), 50.0), steps=12, per_year=12)
    assert np.isnan(centre[0, :4]).all() and np.isfinite(centre[0, 4:]).all()
    assert spread[0, 0] == pytest.approx(np.sqrt(2 * 0.95 * 0.05 / 50))

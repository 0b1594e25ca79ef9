"""Forecasts of a rate: known truths, bounds, refusals. Calibration: ``benchmarks/calibration.py``."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import beta

from qstats.methods.forecasts import Forecast, forecast_rate

SIZE = np.full(48, 200.0)
MONTH = np.arange(48)


def forecast(rate: np.ndarray, **others: object) -> Forecast:
    return forecast_rate(rate * SIZE, SIZE, **({"steps": 12, "season": 12} | others))  # type: ignore[arg-type]


def test_steady_rate_stays_near_what_it_was() -> None:
    ahead = forecast(np.full(48, 0.97))
    low, high = ahead.interval(0.95)
    assert ahead.mean == pytest.approx(np.full(12, 0.97), abs=0.003)
    assert (low < 0.97).all() and (high > 0.97).all()
    exact = beta(0.97 * 9600, 0.03 * 9600)
    assert (low < exact.ppf(0.025)).all() and (
        high > exact.ppf(0.975)
    ).all()  # never surer than a constant is


def test_slope_and_season_go_on() -> None:
    truth = expit(3 + 0.25 * np.arange(60) / 12 + 0.4 * np.cos(2 * np.pi * np.arange(60) / 12))
    ahead = forecast(truth[:48])
    assert ahead.mean == pytest.approx(truth[48:], abs=0.006)
    weighted = ahead.weights @ ahead.sizes
    assert weighted[2] > 0.1  # the season is believed


def test_level_that_moves_is_less_sure_ahead() -> None:
    walk = expit(3.2 + np.cumsum(np.random.default_rng(3).normal(0, 0.12, 48)))
    low, high = forecast(walk).interval(0.8)
    assert (high - low)[11] > 1.2 * (high - low)[0]


def test_models_are_parts_of_the_combination() -> None:
    rate = expit(3 + 0.3 * MONTH / 12)
    level, regression = (forecast(rate, model=name) for name in ("level", "regression"))
    assert (regression.mean > level.mean).all()
    assert forecast(rate).mean[0] == pytest.approx(regression.mean[0], abs=0.004)
    with pytest.raises(ValueError, match="unknown model"):
        forecast(rate, model="best")


def test_fewer_batches_and_alike_ones_say_less() -> None:
    rate = np.full(48, 0.96)
    widths = [
        np.subtract(*one.interval(0.8)[::-1]).mean()
        for one in (
            forecast(rate),
            forecast(rate, dispersion=3.0),
            forecast_rate(rate * 20, np.full(48, 20.0), steps=12, season=12),
        )
    ]
    assert widths[0] < widths[1] < widths[2]


def test_reported_figures_scatter_more_than_the_true_rate() -> None:
    ahead = forecast(np.full(48, 0.97))
    rng = np.random.default_rng(1)
    counts = ahead.reported(60, 4000, rng)
    assert counts.shape == (4000, 12) and counts.max() <= 60
    spread = np.std(counts / 60, axis=0)
    assert (spread > np.sqrt(0.97 * 0.03 / 60) * 0.95).all()
    alike = ahead.reported(60, 4000, np.random.default_rng(1), dispersion=2.5)
    assert (np.var(alike, axis=0) > 1.7 * np.var(counts, axis=0)).all()


def test_draws_are_joint_and_agree_with_the_quantiles() -> None:
    ahead = forecast(expit(3 + np.cumsum(np.random.default_rng(4).normal(0, 0.1, 48))))
    drawn = ahead.draws(20000, np.random.default_rng(2))
    assert np.quantile(drawn, 0.1, axis=0) == pytest.approx(ahead.quantile(0.1), abs=0.002)
    assert drawn.mean(axis=0) == pytest.approx(ahead.mean, abs=0.001)
    assert np.corrcoef(logit(drawn[:, 0]), logit(drawn[:, 1]))[0, 1] > 0.5


def test_gap_is_no_month_without_passes() -> None:
    rate = np.full(48, 0.97)
    n = SIZE.copy()
    n[20:24] = np.nan
    ahead = forecast_rate(rate * SIZE, n, steps=3, season=12)
    assert ahead.mean == pytest.approx(np.full(3, 0.97), abs=0.003)


def test_all_passes_are_no_certainty() -> None:
    ahead = forecast_rate(np.full(24, 30.0), np.full(24, 30.0), steps=4, season=None, per_year=12)
    low, high = ahead.interval(0.95)
    assert (low < 0.9995).all() and (high < 1).all()
    assert ahead.probability_at_least(1.0) == pytest.approx(np.zeros(4))


@pytest.mark.parametrize(
    ("passed", "n", "steps", "what"),
    [
        ([9, 9, 9], [10, 10, 10], 2, "3 periods are too few"),
        ([11] * 8, [10] * 8, 2, "outside 0 and the number"),
        ([9] * 8, [10] * 7, 2, "different lengths: 8 and 7"),
        ([9] * 8, [10] * 8, 0, "at least 1"),
    ],
)
def test_what_cannot_be_forecast_is_refused(passed: list, n: list, steps: int, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        forecast_rate(passed, n, steps=steps)


@settings(max_examples=15)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=14), st.floats(0.5, 0.99))
def test_quantiles_rise_and_probabilities_fit_them(failures: list[int], share: float) -> None:
    n = np.full(len(failures), 40.0)
    ahead = forecast_rate(n - failures, n, steps=3)
    quantile = ahead.quantile(share)
    assert (quantile >= ahead.quantile(share - 0.1)).all()
    for step, level in enumerate(quantile):
        if 1e-6 < level < 1 - 1e-6:
            assert ahead.probability_at_least(level)[step] == pytest.approx(1 - share, abs=0.01)

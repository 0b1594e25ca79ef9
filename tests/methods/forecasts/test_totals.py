"""Counts to come and stocks: exact where they can be, calibrated in ``benchmarks/calibration.py``."""

import numpy as np
import pytest
from scipy.stats import betabinom, nbinom

from qstats.methods.forecasts import CountForecast, few_events_total, forecast_stock, forecast_total


def test_nothing_is_to_come_when_time_is_over() -> None:
    done = forecast_total([3, 4, 5, 4], periods_left=0)
    assert (done.mean, done.probability_at_least(1), done.interval(0.95)) == (0, 0, (0, 0))


def test_steady_awards_go_on() -> None:
    ahead = forecast_total([5] * 12, periods_left=4, per_year=4)
    assert ahead.mean == pytest.approx(20, abs=1.5)
    low, high = ahead.interval(0.8)
    assert low < 20 < high and high - low >= 10  # at least as wide as the count of a known rate
    assert ahead.probability.sum() == pytest.approx(1)


def test_a_part_of_a_period_brings_a_part() -> None:
    half = forecast_total([8] * 12, periods_left=0.5, per_year=4)
    assert half.mean == pytest.approx(4, abs=0.5)


def test_lumps_are_less_sure_than_single_awards() -> None:
    single, lumps = (
        forecast_total(history, periods_left=4, per_year=4).interval(0.8)
        for history in ([3] * 16, [0, 0, 0, 12] * 4)
    )
    assert lumps[1] - lumps[0] > 1.3 * (single[1] - single[0])


def test_stock_of_what_lasts_lapses_and_is_added() -> None:
    added = CountForecast(0, np.array([0.5, 0.5]))
    stock = forecast_stock(100, ending=3, renewed=4, lapsed=2, added=added)
    again = betabinom(3, 4.5, 2.5)
    assert stock.least == 100
    assert stock.mean == pytest.approx(100 + again.mean() + 0.5)
    assert stock.probability_at_least(104) == pytest.approx(again.pmf(3) * 0.5)


def test_nothing_ends_and_nothing_comes() -> None:
    stock = forecast_stock(7, ending=0, renewed=0, lapsed=0, added=CountForecast(0, np.ones(1)))
    assert stock.interval(0.95) == (7, 7) and stock.probability_at_least(7) == 1


def test_few_events_are_negative_binomial() -> None:
    ahead = few_events_total(4, 3.0, 1.0)
    assert ahead.probability[2] == pytest.approx(nbinom(4.5, 0.75).pmf(2), rel=1e-6)
    assert ahead.shift(10).mean == pytest.approx(10 + ahead.mean)

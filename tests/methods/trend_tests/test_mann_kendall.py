"""Trend tests by enumeration of all orders, by properties, and their level under serial correlation."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.trend_tests import mann_kendall, seasonal_mann_kendall, seasonal_sen_slope, sen_slope
from qstats.methods.trend_tests.correlation import lag_one, variance_factor
from qstats.methods.trend_tests.seasonal import score_covariances

series = st.lists(st.integers(0, 9), min_size=4, max_size=25).map(lambda found: np.array(found, dtype=float))


def all_scores(values: list[float]) -> np.ndarray:
    return np.array([mann_kendall(order).s for order in permutations(values)])


@pytest.mark.parametrize("values", [[1, 2, 3, 4, 5, 6], [1, 1, 2, 2, 2, 3], [0, 0, 0, 5, 7, 9]])
def test_mean_and_variance_are_those_of_all_orders(values: list[float]):
    scores = all_scores(values)
    assert scores.mean() == 0
    assert mann_kendall(values).variance == pytest.approx(scores.var())


@given(series)
def test_backwards_the_trend_is_the_other_way_round(values: np.ndarray):
    forth, back = mann_kendall(values), mann_kendall(values[::-1])
    assert (back.s, back.variance, back.p_value) == (-forth.s, forth.variance, forth.p_value)
    there, again = sen_slope(values), sen_slope(values[::-1])
    assert [-again.upper, -again.slope, -again.lower] == pytest.approx(
        [there.lower, there.slope, there.upper]
    )


@given(series, st.integers(0, 24))
def test_a_gap_is_as_if_the_line_were_not_there(values: np.ndarray, where: int):
    times = np.arange(values.size + 1.0)
    where = min(where, values.size)
    with_gap = np.insert(values, where, np.nan)
    without = np.delete(times, where)
    assert mann_kendall(with_gap, times) == mann_kendall(values, without)
    assert sen_slope(with_gap, times) == sen_slope(values, without)


def test_a_gap_is_never_zero():
    rising = [5.0, 6.0, np.nan, 7.0, 8.0, 9.0]
    assert mann_kendall(rising).s == 10
    assert mann_kendall(np.nan_to_num(rising)).s != 10


def test_sen_slope_takes_the_time_that_truly_lies_between():
    times = np.array([2010.0, 2011.0, 2014.0, 2015.0, 2020.0])
    found = sen_slope(3 + 0.25 * times, times)
    assert [found.slope, found.intercept] == pytest.approx([0.25, 3.0])


def test_order_of_lines_does_not_matter():
    values, times = np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.6]), np.arange(6.0)
    order = np.array([4, 0, 5, 2, 1, 3])
    assert mann_kendall(values[order], times[order]) == mann_kendall(values, times)


def test_the_same_value_throughout_has_no_trend():
    found = mann_kendall([7.0] * 6)
    assert (found.s, found.variance, found.z, found.p_value) == (0, 0, 0, 1)
    assert np.isnan(found.tau)
    assert mann_kendall([7.0] * 6, correlated=True).p_value == 1
    assert sen_slope([7.0] * 6).slope == 0


@pytest.mark.parametrize("call", [mann_kendall, sen_slope])
def test_what_is_too_short_or_broken_is_refused(call):
    with pytest.raises(ValueError, match="at least 4 known values; there are 3"):
        call([1.0, 2.0, np.nan, 3.0])
    with pytest.raises(ValueError, match="same time"):
        call([1.0, 2.0, 3.0, 4.0], [1, 2, 2, 3])
    with pytest.raises(ValueError, match="same length"):
        call([1.0, 2.0, 3.0, 4.0], [1, 2, 3])
    with pytest.raises(ValueError, match="finite time"):
        call([1.0, 2.0, 3.0, 4.0], [1, 2, 3, np.nan])
    with pytest.raises(ValueError, match="regular grid"):
        call([1.0, 2.0, 3.0, 4.0, 5.0], [0, 31, 59, 90, 120], correlated=True)


def test_limits_that_few_values_leave_open_are_infinite():
    found = sen_slope([1.0, 2.0, 3.0, 4.0], confidence=0.99)
    assert (found.lower, found.slope, found.upper) == (-np.inf, 1.0, np.inf)


def autoregressive(rng: np.random.Generator, count: int, length: int, rho: float) -> np.ndarray:
    noise = rng.normal(size=(count, length + 50))
    for place in range(1, length + 50):
        noise[:, place] += rho * noise[:, place - 1]
    return noise[:, 50:]


def test_correlation_is_found_and_a_trend_is_not_taken_for_it():
    rng = np.random.default_rng(3)
    steep = autoregressive(rng, 200, 60, 0.5) + 0.2 * np.arange(60)
    found = np.array([lag_one(np.arange(60.0), values) for values in steep])
    assert found.mean() == pytest.approx(0.5, abs=0.04)
    assert variance_factor(np.arange(12.0), np.arange(12.0)) == 1


def test_gaps_lengthen_lags():
    values = autoregressive(np.random.default_rng(5), 1, 48, 0.7)[0]
    near, far = (
        np.arange(48.0),
        np.arange(48.0) + np.arange(48) // 12 * 6,
    )  # half a year without values each year
    assert variance_factor(near, values) > variance_factor(far, values) > 1


def test_level_under_serial_correlation():
    """At 5 %, ρ = 0.4 and 48 values: the plain test finds a trend in every fifth series, this one in 7 %."""
    data = autoregressive(np.random.default_rng(11), 400, 48, 0.4)
    plain = np.mean([mann_kendall(values).p_value < 0.05 for values in data])
    wide = np.mean([mann_kendall(values, correlated=True).p_value < 0.05 for values in data])
    assert plain > 0.13
    assert wide < 0.11


def test_seasons_are_compared_with_themselves_only():
    years, months = np.repeat(np.arange(2010, 2016), 12), np.tile(np.arange(12), 6)
    values = 10.0 * np.cos(months) + 0.5 * (years - 2010)
    found = seasonal_mann_kendall(values, months, years)
    assert found.s == 12 * 15
    assert found.tau == pytest.approx(1.0)
    assert seasonal_sen_slope(values, months, years + months / 12).slope == pytest.approx(0.5)


def test_covariances_are_those_of_all_orders_of_years():
    table = np.array([[1.0, 3.0], [2.0, 1.0], [3.0, 4.0], [4.0, 2.0], [5.0, 5.0]])
    scores = np.array(
        [
            [mann_kendall(table[list(order), column]).s for column in (0, 1)]
            for order in permutations(range(5))
        ]
    )
    assert score_covariances(table) == pytest.approx(np.cov(scores.T, bias=True))


def test_covariances_without_ties_or_gaps_have_the_plain_variances():
    table = np.random.default_rng(2).normal(size=(9, 4))
    assert np.diag(score_covariances(table)) == pytest.approx([9 * 8 * 23 / 18] * 4)


def test_seasons_that_move_together_widen_the_variance():
    rng = np.random.default_rng(8)
    years, months = np.repeat(np.arange(12), 4), np.tile(np.arange(4), 12)
    values = np.repeat(rng.normal(size=12), 4) + 0.1 * rng.normal(size=48)
    plain = seasonal_mann_kendall(values, months, years)
    wide = seasonal_mann_kendall(values, months, years, correlated=True)
    assert wide.s == plain.s
    assert wide.variance > 2.5 * plain.variance
    slope = seasonal_sen_slope(values, months, years)
    wider = seasonal_sen_slope(values, months, years, correlated=True)
    assert wider.lower < slope.lower <= slope.upper < wider.upper


def test_seasonal_series_that_are_refused():
    with pytest.raises(ValueError, match="twice"):
        seasonal_mann_kendall([1.0, 2.0], [1, 1], [2015, 2015.5])
    with pytest.raises(ValueError, match="at least 4"):
        seasonal_mann_kendall([1.0, 2.0, 3.0], [1, 1, 1], [2013, 2014, 2015])
    with pytest.raises(ValueError, match="at least 4"):
        seasonal_sen_slope([1.0, 2.0, np.nan, 3.0], [1, 1, 1, 1], [2012, 2013, 2014, 2015])
    with pytest.raises(ValueError, match="same length"):
        seasonal_mann_kendall([1.0, 2.0, 3.0], [1, 1], [2013, 2014, 2015])


def test_example_of_the_methods(project: Path):
    text = " ".join((project / "docs" / "methods.md").read_text(encoding="utf-8").split())
    values, years = [95.1, 94.8, 95.6, 96.0, np.nan, 96.4, 96.2, 97.0, 96.8, 97.3], np.arange(2006, 2016)
    found, slope = mann_kendall(values, years), sen_slope(values, years)
    assert f"S = {found.s}, variance {found.variance:.0f}, p = {found.p_value:.4f}" in text
    assert f"{slope.slope:+.3f} points a year ({slope.lower:.3f} to {slope.upper:.3f})" in text

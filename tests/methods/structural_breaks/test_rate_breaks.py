"""Breaks of a rate with known truth. Its level over many series is shown by benchmarks/breaks.py."""

import time

import numpy as np
import pytest

from qstats.methods.structural_breaks import RateBreaks, rate_breaks
from qstats.methods.structural_breaks.rate_noise import Noise, draw_residuals, estimate_noise
from qstats.methods.structural_breaks.rate_series import RateSeries, fit_rate, make_scan

MONTHS = 2010 + np.arange(72) / 12
N = np.full(72, 300)


def passes(rates: object, seed: int = 1, n: np.ndarray = N) -> np.ndarray:
    return np.random.default_rng(seed).binomial(n, rates)


def find(passed: np.ndarray, n: np.ndarray = N, times: np.ndarray = MONTHS, **other: object) -> RateBreaks:
    return rate_breaks(passed, n, times, **({"season": 12, "resamples": 199, "seed": 5} | other))


def levels(*parts: tuple[int, float]) -> np.ndarray:
    return np.concatenate([np.full(length, rate) for length, rate in parts])


def test_a_step_is_found_with_its_place_and_size():
    found = find(passes(levels((40, 0.96), (32, 0.90))))
    assert (found.found, found.reason, found.n) == (True, None, 72)
    assert found.p_value <= 0.01
    (one,) = found.breaks
    assert one.lower <= 40 <= one.upper
    assert one.change_lower <= -0.06 <= one.change_upper < 0


def test_two_steps_are_two():
    found = find(passes(levels((22, 0.95), (26, 0.87), (24, 0.96))))
    assert [abs(one.index - place) <= 1 for one, place in zip(found.breaks, (22, 48), strict=True)] == [
        True
    ] * 2
    assert found.breaks[0].change < 0 < found.breaks[1].change
    assert found.correlation < 0.5  # what the steps leave, not the steps themselves


def test_none_found_is_an_answer():
    found = find(passes(np.full(72, 0.95)))
    assert (found.found, found.breaks, found.reason) == (False, (), None)
    assert found.p_value > 0.05


def test_trend_and_season_are_no_breaks():
    eta = 2 + 0.3 * (MONTHS - 2013) + 0.5 * np.cos(2 * np.pi * MONTHS)
    found = [find(passes(1 / (1 + np.exp(-eta)), seed)).found for seed in range(20)]
    assert sum(found) <= 3


def test_what_is_alike_from_month_to_month_is_no_break():
    """ρ = 0.5 on the logit: taken for independent, every third such series has a break."""
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        pushes = rng.normal(scale=0.4 * np.sqrt(0.75), size=120)
        for place in range(1, 120):
            pushes[place] += 0.5 * pushes[place - 1]
        found.append(find(rng.binomial(N, 1 / (1 + np.exp(-2.5 - pushes[48:])))).found)
    assert np.mean(found) <= 0.12


def test_passed_or_failed_makes_no_difference():
    passed = passes(levels((40, 0.96), (32, 0.90)))
    there, back = find(passed), find(N - passed)
    assert back.statistic == pytest.approx(there.statistic)
    assert back.breaks[0].index == there.breaks[0].index
    assert back.breaks[0].change == pytest.approx(-there.breaks[0].change)


def test_gaps_keep_their_months():
    n = N.astype(float)
    n[[5, 6, 7, 30]] = 0
    n[50] = np.nan
    passed = passes(levels((40, 0.96), (32, 0.90)), n=np.nan_to_num(n).astype(int)).astype(float)
    passed[50] = np.nan
    found = find(passed, n)
    assert found.n == 67
    assert found.breaks[0].lower <= 40 <= found.breaks[0].upper
    rows = n > 0
    shorter = find(passed[rows], n[rows], MONTHS[rows])
    assert shorter.statistic == pytest.approx(found.statistic)
    assert np.flatnonzero(rows)[shorter.breaks[0].index] == found.breaks[0].index


def test_months_in_which_all_passed():
    found = find(passes(levels((45, 1.0), (27, 0.95))))
    (one,) = found.breaks
    assert one.lower <= 45 <= one.upper
    assert -1 <= one.change_lower < one.change < 0


def test_the_same_seed_gives_the_same_answer():
    passed = passes(levels((40, 0.95), (32, 0.92)))
    assert find(passed) == find(passed)


def test_what_the_data_cannot_say_is_refused():
    assert find(passes(np.full(23, 0.9), n=N[:23]), N[:23], MONTHS[:23]).reason == "too_short"
    assert find(np.full(72, np.nan), np.zeros(72)).reason == "too_short"
    assert find(N - (np.arange(72) % 8 == 0)).reason == "too_few_events"
    few = find(N)
    assert (few.found, few.breaks, few.reason, np.isnan(few.p_value)) == (False, (), "too_few_events", True)


def test_broken_input_raises():
    passed = passes(np.full(72, 0.9))
    with pytest.raises(ValueError, match="whole numbers"):
        find(N + 1)
    with pytest.raises(ValueError, match="must be known and rise"):
        find(passed, times=MONTHS[::-1])
    with pytest.raises(ValueError, match="same period"):
        find(passed, times=2010 + np.arange(72) / 24)
    with pytest.raises(ValueError, match="4 or 12"):
        find(passed, season=7)
    with pytest.raises(ValueError, match="99 resamples"):
        find(passed, resamples=50)


@pytest.mark.parametrize(("season", "per_year", "length"), [(4, 4, 32), (None, 1, 20)])
def test_quarters_and_years(season: int | None, per_year: int, length: int):
    n, times = np.full(length, 2000), 2000 + np.arange(length) / per_year
    half = length // 2
    found = find(passes(levels((half, 0.97), (half, 0.93)), n=n), n, times, season=season)
    assert found.breaks[0].lower <= half <= found.breaks[0].upper


def test_one_series_takes_far_less_than_half_a_second():
    passed = passes(levels((40, 0.96), (32, 0.90)))
    spent = []
    for _ in range(3):
        started = time.process_time()
        find(passed, resamples=499)
        spent.append(time.process_time() - started)
    assert min(spent) < 0.5


def series(length: int, n: int, rate: float, seed: int, places: np.ndarray | None = None) -> RateSeries:
    passed = np.random.default_rng(seed).binomial(n, rate, length).astype(float)
    where = np.arange(float(length)) if places is None else places
    design = np.column_stack([np.ones(length), (where - where.mean()) / 12])
    return RateSeries(passed, np.full(length, float(n)), where, design, 8)


def test_resamples_scatter_as_they_should():
    """Variance φ, neighbours alike by ρ, and the skewness of counts, in 40,000 resampled months."""
    of = series(40, 120, 0.95, 1)
    model = fit_rate(of)
    drawn = draw_residuals(of, model, Noise(2.0, 0.4, 0.4), np.random.default_rng(2).normal(size=(1000, 40)))
    assert drawn.mean() == pytest.approx(0, abs=0.03)
    assert drawn.var() == pytest.approx(2.0, abs=0.06)
    assert (drawn[:, 1:] * drawn[:, :-1]).mean() / drawn.var() == pytest.approx(0.4, abs=0.04)
    assert ((drawn / drawn.std()) ** 3).mean() < -0.3  # failures have the long tail


def test_noise_is_found_without_bias():
    """Mean of φ and ρ over series whose noise has φ = 2 and ρ = 0.4, although the best step is taken away."""
    of = series(60, 200, 0.95, 3)
    truth, rng = fit_rate(of), np.random.default_rng(4)
    residuals = draw_residuals(of, truth, Noise(2.0, 0.4, 0.4), rng.normal(size=(80, 60)))
    found = []
    for left in residuals:
        counts = np.clip(of.n * truth.rate + left * truth.root, 0, of.n)
        drawn = RateSeries(counts, of.n, of.places, of.design, of.shortest)
        model = fit_rate(drawn)
        scan = make_scan(model.root, model.columns, drawn.candidates)
        noise = estimate_noise(drawn, model, scan, rng.normal(size=(150, 60)))
        found.append((noise.dispersion, noise.correlation, noise.cautious))
    dispersion, correlation, cautious = np.mean(found, axis=0)
    assert dispersion == pytest.approx(2.0, abs=0.15)
    assert correlation == pytest.approx(0.4, abs=0.08)
    assert cautious > correlation


def test_firth_is_finite_where_likelihood_is_not():
    of = series(40, 50, 1.0, 1)
    model = fit_rate(of, (20,))
    assert np.isfinite(model.coefficients).all()
    assert 0.99 < model.rate.min() <= model.rate.max() < 1

"""Tests of pairs of pass rates, and the coverage of the rank sets that they give."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.differences import mover_difference
from qstats.methods.ranks import exact_p_values, mover_decision, rate_rank_sets, true_ranks


def rates_around(rate: float, offsets: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(np.log(rate / (1 - rate)) + offsets)))


SPREADS = {
    "equal": np.zeros(11),
    "spread": np.linspace(-0.6, 0.6, 11),
    "two levels": np.where(np.arange(11) < 8, 0.0, -1.5),
}
SIZES = {"even": np.full(11, 60), "uneven": np.linspace(15, 120, 11).round().astype(int)}


@pytest.mark.parametrize("rate", [0.95, 0.98])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("spread", SPREADS)
def test_rank_sets_cover_the_true_ranks(rate, sizes, spread):
    """Simultaneously in all counties, and in each; ties cover the whole tied range."""
    rates, n, draws = rates_around(rate, SPREADS[spread]), SIZES[sizes], 300
    low, high = true_ranks(rates)
    rng = np.random.default_rng(8)
    passes = rng.binomial(n, rates, size=(draws, 11))
    covered = {}
    for simultaneous in (True, False):
        sets = [rate_rank_sets(row / n, n, simultaneous=simultaneous) for row in passes]
        covered[simultaneous] = np.array([(one.low <= low) & (one.high >= high) for one in sets])
    least = 0.95 - 2 * np.sqrt(0.95 * 0.05 / draws)
    assert covered[True].all(axis=1).mean() >= least
    assert covered[False].mean(axis=0).min() >= least


@pytest.mark.parametrize("spread", ["equal", "two levels"])
def test_rank_sets_cover_the_true_ranks_of_clustered_batches(spread):
    """Enterprises of one to four batches, intra-cluster correlation 0.3; what batches are worth is known."""
    icc, draws, rates = 0.3, 200, rates_around(0.95, SPREADS[spread])
    rng = np.random.default_rng(9)
    enterprises = [rng.integers(1, 5, size) for size in np.linspace(6, 48, 11).round().astype(int)]
    n = np.array([sizes.sum() for sizes in enterprises])
    worth = n**2 / ((1 - icc) * n + icc * np.array([(sizes**2).sum() for sizes in enterprises]))
    low, high = true_ranks(rates)
    own = rates * (1 - icc) / icc, (1 - rates) * (1 - icc) / icc
    covered = []
    for _ in range(draws):
        passes = [
            rng.binomial(sizes, rng.beta(first, second, len(sizes))).sum()
            for sizes, first, second in zip(enterprises, *own, strict=True)
        ]
        sets = rate_rank_sets(np.array(passes) / n, worth)
        covered.append(bool(((sets.low <= low) & (sets.high >= high)).all()))
    assert np.mean(covered) >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / draws)


def test_sets_are_informative_where_the_sample_is_large():
    rates = np.linspace(0.90, 0.99, 6)
    sets = rate_rank_sets(rates, np.full(6, 20_000.0))
    assert sets.low.tolist() == sets.high.tolist() == [6, 5, 4, 3, 2, 1]


def test_a_county_without_failures_is_not_first_for_that():
    # 15 of 15 against 118 of 120: no failure in a small sample proves nothing
    sets = rate_rank_sets([1.0, 118 / 120, 117 / 120], [15, 120, 120])
    assert sets.low.tolist() == [1, 1, 1] and sets.high.tolist() == [3, 3, 3]


def test_equal_estimates_are_never_told_apart():
    assert not mover_decision([0.95, 0.95], [1e6, 1e6])(0.49).any()


def test_better_is_where_the_limits_of_the_difference_exclude_zero():
    rates, n = np.array([0.90, 0.99, 1.0]), np.array([80.5, 200.25, 60.0])
    lower, upper = korn_graubard_interval(rates, n, confidence=0.95)
    decided = mover_decision(rates, n)(0.025)
    for j in range(3):
        for k in range(3):
            pair = [(values[k], values[j]) for values in (rates, lower, upper)]
            assert decided[j, k] == (mover_difference(*pair)[1] > 0)
    assert decided[0, 1] and not decided[1, 2]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(1, 500)), min_size=2, max_size=8))
def test_what_is_clear_stays_clear_at_a_larger_level(counties):
    rates, n = np.array(counties).T
    decide = mover_decision(rates, n)
    assert not (decide(0.001) & ~decide(0.02)).any()
    assert not (decide(0.02) & decide(0.02).T).any()


def test_eleven_counties_take_less_than_two_milliseconds():
    rng = np.random.default_rng(0)
    n = rng.integers(15, 120, 11)
    rates = rng.binomial(n, 0.95) / n
    taken = []
    for _ in range(20):
        start = time.perf_counter()
        rate_rank_sets(rates, n)
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.002


def test_fisher_is_the_test_of_scipy():
    passes, n = np.array([50, 58, 60, 29]), np.array([60, 60, 60, 30])
    p = exact_p_values(passes, n, test="fisher")
    for j, k in ((0, 1), (0, 2), (3, 2)):
        table = [[passes[j], passes[k]], [n[j] - passes[j], n[k] - passes[k]]]
        assert p[j, k] == pytest.approx(fisher_exact(table, alternative="less").pvalue, rel=1e-10)
        assert p[k, j] == 1.0


def test_boschloo_never_exceeds_fisher():
    passes, n = np.array([24, 29, 30]), np.array([30, 30, 30])
    fisher, boschloo = (exact_p_values(passes, n, test=test) for test in ("fisher", "boschloo"))
    assert (boschloo <= fisher + 1e-12).all()
    assert boschloo[0, 2] < fisher[0, 2] < 0.05


@pytest.mark.parametrize(("passes", "n"), [([3], [2]), ([-1], [2]), ([0], [0]), ([1.5], [2])])
def test_exact_tests_need_whole_counts(passes, n):
    with pytest.raises(ValueError, match="whole counts"):
        exact_p_values(passes, n)


def test_an_unknown_test_is_named():
    with pytest.raises(ValueError, match="known: boschloo, fisher"):
        exact_p_values([1], [2], test="wald")


@pytest.mark.parametrize(("rates", "n"), [([1.1], [5]), ([0.9], [0]), ([np.nan], [5]), ([0.9, 0.8], [5])])
def test_what_is_no_rate_is_refused(rates, n):
    with pytest.raises(ValueError, match="each unit needs"):
        rate_rank_sets(rates, n)

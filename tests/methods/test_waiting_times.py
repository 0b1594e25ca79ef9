"""Kaplan-Meier and its limits.

Oracles: R 4.2.2, survival 3.5-3 (``survfit(Surv(d, e) ~ 1)``, ``quantile``); statsmodels' SurvfuncRight;
Clopper-Pearson limits (scipy) where nobody is lost from sight; the product of beta distributions drawn at
random; coverage by simulation.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.duration.survfunc import SurvfuncRight

from qstats.methods.waiting_times import fit_waiting_times

DAYS = [3, 5, 5, 8, 8, 12, 14, 14, 20, 21, 27, 30, 30, 33, 41, 41, 47, 52, 60, 60, 75, 88, 90, 120, 140]
ENDED = [1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0]
SURVIVAL_IN_R = [
    0.96, 0.92, 0.8363636364, 0.7945454545, 0.7527272727, 0.7084491979, 0.7084491979, 0.6612192513,
    0.5667593583, 0.5195294118, 0.4722994652, 0.4198217469, 0.3673440285, 0.3148663102, 0.2518930481,
    0.2518930481, 0.1679286988, 0.1679286988, 0.1679286988,
]  # fmt: skip
AT_RISK_IN_R = [25, 24, 22, 20, 19, 17, 16, 15, 14, 12, 11, 9, 8, 7, 5, 4, 3, 2, 1]
CASES = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40)


def _fit(cases: list[tuple[int, bool]], confidence: float = 0.95):
    return fit_waiting_times([day for day, _ in cases], [end for _, end in cases], confidence=confidence)


def test_ties_and_open_cases_as_r_has_them() -> None:
    """On days 5, 8, 14, 41 and 60 a case was last seen on the day on which others ended, or several ended."""
    found = fit_waiting_times(DAYS, ENDED)
    np.testing.assert_allclose(1 - found.ended_by, SURVIVAL_IN_R, atol=1e-10)
    assert found.at_risk.tolist() == AT_RISK_IN_R
    assert (found.quantile(0.25)[0], found.quantile(0.5)[0]) == (20, 41)
    assert (found.n, found.ended) == (25, 17)


@given(CASES)
def test_curve_is_that_of_statsmodels(cases: list[tuple[int, bool]]) -> None:
    found = _fit(cases)
    if not any(end for _, end in cases):
        assert not found.ended_by.any()
        return
    theirs = SurvfuncRight([day for day, _ in cases], [float(end) for _, end in cases])
    at_events = np.isin(found.times, theirs.surv_times)
    np.testing.assert_allclose(1 - found.ended_by[at_events], theirs.surv_prob, atol=1e-12)
    np.testing.assert_array_equal(found.at_risk[at_events], theirs.n_risk)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.sampled_from([0.9, 0.95, 0.99]))
def test_without_open_cases_limits_are_exact_binomial_ones(days: list[int], confidence: float) -> None:
    found = fit_waiting_times(days, [True] * len(days), confidence=confidence)
    for time, lower, upper in zip(found.times, found.lower, found.upper, strict=True):
        ended = sum(day <= time for day in days)
        exact = binomtest(ended, len(days)).proportion_ci(confidence, method="exact")
        assert (lower, upper) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_limits_with_open_cases_are_those_of_the_product_of_betas() -> None:
    """Drawn, not matched by moments; tolerance 0.008 (60,000 draws and the matching)."""
    found = fit_waiting_times(DAYS, ENDED)
    draws, product = np.random.default_rng(1), np.ones(60_000)
    days, ended = np.array(DAYS), np.array(ENDED, dtype=bool)
    for time, lower, upper in zip(found.times, found.lower, found.upper, strict=True):
        deaths, risk = int((ended & (days == time)).sum()), int((days >= time).sum())
        if deaths:
            product = product * draws.beta(risk - deaths + 1, deaths, len(product))
        assert lower == pytest.approx(1 - np.quantile(product, 0.975), abs=0.008)
        rest = int((days > time).sum())
        if rest:
            least = product * draws.beta(rest, 1, len(product))
            assert upper == pytest.approx(1 - np.quantile(least, 0.025), abs=0.008)


def test_where_everything_ended_few_that_were_followed_say_little() -> None:
    """90 end on day 10, 9 of the others are lost, the last ends: 91 of 91 are no evidence of 96 %."""
    found = fit_waiting_times([10] * 90 + [11] * 9 + [200], [True] * 90 + [False] * 9 + [True])
    share, lower, upper = found.share_by(300)
    assert (share, upper) == (1, 1)
    assert 0.8 < lower < 0.91 < binomtest(91, 91).proportion_ci(0.95).low


def test_where_nothing_ended_the_share_may_still_be_as_large_as_those_left_allow() -> None:
    found = fit_waiting_times([5, 8, 8, 20], [False] * 4)
    assert not found.ended_by.any() and not found.lower.any()
    assert found.share_by(6)[2] == pytest.approx(1 - 0.025 ** (1 / 3))
    assert found.quantile(0.5) == (np.inf, 0, np.inf)  # of four, 60 % may have ended unseen at once
    assert found.quantile(0.65) == (np.inf, 5, np.inf)


def test_before_the_first_case_and_beyond_the_last() -> None:
    found = fit_waiting_times(DAYS, ENDED)
    assert found.share_by(2.9) == (0, 0, pytest.approx(1 - 0.025 ** (1 / 25)))
    assert found.share_by(140)[0] == pytest.approx(1 - SURVIVAL_IN_R[-1])
    assert np.isnan(found.share_by(140.5)).all()
    assert fit_waiting_times([4, 9], [True, True]).share_by(1000)[0] == 1


def test_median_of_few_may_lie_anywhere_from_the_start() -> None:
    """With three cases even half may have ended before the first was seen to end."""
    assert fit_waiting_times([4, 9, 11], [True] * 3).quantile(0.5) == (9, 0, np.inf)
    assert fit_waiting_times(range(10), [True] * 10).quantile(0.5) == (4, 1, 8)  # orders 2 and 9 of 10


def test_median_not_reached_is_infinite() -> None:
    found = fit_waiting_times([1, 2, 3, 4, 5, 6], [True, True, False, False, False, False])
    assert found.quantile(0.5)[0] == np.inf
    assert found.quantile(1 / 3)[0] == 2


@settings(max_examples=30)
@given(CASES, st.randoms(use_true_random=False))
def test_order_of_cases_is_irrelevant(cases: list[tuple[int, bool]], random) -> None:
    mixed = cases[:]
    random.shuffle(mixed)
    for name in ("times", "ended_by", "lower", "upper", "at_risk"):
        np.testing.assert_array_equal(getattr(_fit(cases), name), getattr(_fit(mixed), name))


@given(CASES, st.integers(0, 60))
def test_an_open_case_never_makes_waiting_look_shorter(cases: list[tuple[int, bool]], day: int) -> None:
    assert _fit([*cases, (day, False)]).quantile(0.5)[0] >= _fit(cases).quantile(0.5)[0]


@given(CASES)
def test_limits_hold_the_share_and_never_fall(cases: list[tuple[int, bool]]) -> None:
    found, wider = _fit(cases), _fit(cases, 0.99)
    assert np.all(found.lower <= found.ended_by + 1e-9) and np.all(found.ended_by <= found.upper + 1e-9)
    assert np.all(np.diff(found.lower) >= -1e-9) and np.all(np.diff(found.upper) >= -1e-9)
    assert np.all(wider.lower <= found.lower + 1e-9) and np.all(found.upper <= wider.upper + 1e-9)
    assert np.all((found.lower >= 0) & (found.upper <= 1))


@pytest.mark.slow
@pytest.mark.parametrize(("n", "mean", "last"), [(10, 45, 2000), (20, 45, 100), (50, 120, 365)])
def test_limits_hold_95_per_cent(n: int, mean: float, last: float) -> None:
    """Exponential times in whole days, followed for 0 to ``last`` days: each side misses at most 2.5 %."""
    draws, runs = np.random.default_rng(n), 600
    share, median = 1 - np.exp(-90 / mean), np.floor(mean * np.log(2))
    below = above = outside = stated = 0
    for _ in range(runs):
        time, seen = draws.exponential(mean, n), draws.uniform(0, last, n)
        found = fit_waiting_times(np.floor(np.minimum(time, seen)), time <= seen)
        _, lower, upper = found.share_by(89.5)
        stated += not np.isnan(lower)
        below, above = below + (lower > share), above + (upper < share)
        _, low, high = found.quantile(0.5)
        outside += not low <= median <= high
    allowed = 0.025 + 3 * np.sqrt(0.025 * 0.975 / stated)
    assert stated > 200 and max(below, above) / stated <= allowed
    assert outside / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize("times", [[], [-1.0], [np.nan], [np.inf]])
def test_unknown_times_are_an_error(times: list[float]) -> None:
    with pytest.raises(ValueError, match=r"no cases|known and not negative"):
        fit_waiting_times(times, [True] * len(times))

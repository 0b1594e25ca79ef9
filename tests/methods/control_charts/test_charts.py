"""Charts: baseline, rebase, gaps, exact limits against scipy's distributions, Laney's two variants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm, poisson

from qstats.methods.control_charts import (
    ChartSettings,
    RangeConstants,
    Rebase,
    assure_target,
    c_chart,
    cusum_chart,
    deviation_chart,
    ewma_chart,
    individuals_chart,
    np_chart,
    p_chart,
    p_prime_chart,
    range_chart,
    type_points,
    u_chart,
    u_prime_chart,
    xbar_chart,
)
from qstats.methods.control_charts.probability_limits import binomial_limits, poisson_limits, tail_beyond
from qstats.methods.control_charts.variables import deviation_constant

TAIL = tail_beyond(3)
PASSES = np.array([95, 97, 96, 99, 94, 96, 98, 97, 95, 96], dtype=float)
N = np.full(10, 100.0)


def test_tail_is_that_of_three_sigma() -> None:
    assert pytest.approx(norm.sf(3), rel=1e-12) == TAIL


@pytest.mark.parametrize("rate", [0.5, 0.9, 0.96, 0.98, 0.995])
@pytest.mark.parametrize("n", [8, 88, 250, 2000])
def test_exact_flag_is_the_binomial_tail(rate: float, n: int) -> None:
    lower, upper = binomial_limits(rate, n, TAIL)
    passes = np.arange(n + 1)
    np.testing.assert_array_equal(passes / n < lower, binom.cdf(passes, n, rate) < TAIL)
    np.testing.assert_array_equal(passes / n > upper, binom.sf(passes - 1, n, rate) < TAIL)


@pytest.mark.parametrize("mean", [0.3, 2.0, 15.0, 400.0])
def test_exact_flag_is_the_poisson_tail(mean: float) -> None:
    lower, upper = poisson_limits(mean, TAIL)
    counts = np.arange(int(3 * mean + 40))
    np.testing.assert_array_equal(counts < lower, poisson.cdf(counts, mean) < TAIL)
    np.testing.assert_array_equal(counts > upper, poisson.sf(counts - 1, mean) < TAIL)


def test_88_of_88_is_not_extreme() -> None:
    """The normal limit lies within reach of a perfect month; its exact probability is 3 %."""
    lower, upper = binomial_limits(0.961, 88, norm.sf(norm.isf(0.001)))
    assert upper == 1 and 0.85 < lower < 0.961


@given(rate=st.floats(0.01, 0.999), n=st.floats(1, 5000), tail=st.floats(1e-6, 0.05), more=st.floats(1.01, 4))
def test_limits_hold_the_rate_and_narrow_with_n(rate: float, n: float, tail: float, more: float) -> None:
    lower, upper = binomial_limits(rate, n, tail)
    assert 0 <= lower <= rate <= upper <= 1
    low, high = binomial_limits(rate, n * more, tail)
    assert lower <= low + 1e-9 or low == 0
    assert high <= upper + 1e-9 or high == 1


def test_a_baseline_without_failures_allows_no_limits() -> None:
    chart = p_chart(N, N)
    assert np.isnan(chart.lower).all() and np.isnan(chart.upper).all()
    assert not chart.flags["beyond"].any()


@pytest.mark.parametrize("limits", ["exact", "normal"])
def test_a_gap_is_no_zero(limits: str) -> None:
    passes, n = PASSES.copy(), N.copy()
    passes[4], n[4] = 0, 0
    passes[7], n[7] = np.nan, np.nan
    chart = p_chart(passes, n, limits=limits)
    known = np.delete(np.arange(10), [4, 7])
    without = p_chart(passes[known], n[known], limits=limits)
    assert np.isnan(chart.statistic[[4, 7]]).all()
    assert not chart.flags["beyond"][[4, 7]].any()
    np.testing.assert_allclose(chart.lower[known], without.lower)
    np.testing.assert_allclose(chart.centre, without.centre[0])


def test_a_gap_breaks_runs_and_moving_ranges() -> None:
    values = np.array([5.0, 6, 5, 6, 9, 9, 9, 9])
    whole = individuals_chart(values, settings=ChartSettings(run_length=4))
    assert whole.flags["run"].tolist() == [0, 0, 0, -1, 0, 0, 0, 1]
    values[[2, 6]] = np.nan
    gapped = individuals_chart(values, settings=ChartSettings(run_length=4))
    assert not gapped.flags["run"].any()
    assert gapped.sigma[0] == pytest.approx(np.mean([1, 3, 0]) / 1.128)


def test_frozen_limits_judge_later_points() -> None:
    passes = np.concatenate([PASSES, [80.0]])
    n = np.full(11, 100.0)
    frozen = p_chart(passes, n, settings=ChartSettings(baseline=[True] * 10 + [False]))
    np.testing.assert_allclose(frozen.centre, PASSES.mean() / 100)
    assert frozen.flags["beyond"].tolist() == [0] * 10 + [-1]


def test_a_rebase_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="no reason"):
        Rebase(5, "  ")
    chart = p_chart(PASSES, N, settings=ChartSettings(rebases=[Rebase(5, "retail sampling began")]))
    np.testing.assert_allclose(chart.centre, np.repeat([PASSES[:5].mean(), PASSES[5:].mean()], 5) / 100)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (ChartSettings(baseline=[True] * 3), "baseline has 3 points"),
        (ChartSettings(baseline=[False] * 10), "no known point"),
        (ChartSettings(rebases=[Rebase(10, "late")]), "do not each start a phase"),
        (ChartSettings(rebases=[Rebase(3, "one"), Rebase(3, "two")]), "do not each start a phase"),
    ],
)
def test_settings_that_do_not_fit(settings: ChartSettings, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        p_chart(PASSES, N, settings=settings)


@pytest.mark.parametrize(
    ("events", "n", "message"),
    [
        ([101.0], [100.0], "more events than n"),
        ([-1.0], [100.0], "not negative"),
        ([1.0], [np.inf], "finite"),
        ([1.0, 2.0], [100.0], "one length"),
        ([1.0], [0.0], "n at points|without exposure"),
    ],
)
def test_impossible_counts(events: list, n: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        p_chart(events, n)


def test_counts_without_exposure() -> None:
    with pytest.raises(ValueError, match="without exposure"):
        u_chart([2.0, 1.0], [0.0, 3.0])
    with pytest.raises(ValueError, match="known: exact, normal"):
        c_chart([2.0, 1.0], limits="wilson")  # type: ignore[arg-type]


def test_np_is_p_times_n_and_c_is_u_of_one() -> None:
    p, number = p_chart(PASSES, N), np_chart(PASSES, N)
    np.testing.assert_allclose(number.lower, 100 * p.lower)
    np.testing.assert_array_equal(number.flags["beyond"], p.flags["beyond"])
    failures = N - PASSES
    np.testing.assert_allclose(c_chart(failures).upper, u_chart(failures, np.ones(10)).upper)


@pytest.mark.parametrize("limits", ["exact", "normal"])
def test_passes_and_failures_tell_the_same(limits: str) -> None:
    good, bad = p_chart(PASSES, N, limits=limits), p_chart(N - PASSES, N, limits=limits)
    np.testing.assert_allclose(good.lower, 1 - bad.upper, atol=1e-12)
    np.testing.assert_array_equal(good.flags["run"], -bad.flags["run"])


def test_laney_widens_where_months_differ_more_than_chance() -> None:
    rng = np.random.default_rng(3)
    n = np.full(400, 20_000.0)
    steady = p_prime_chart(rng.binomial(20_000, 0.96, 400), n)
    assert steady.sigma[0] / np.sqrt(0.96 * 0.04 / 20_000) == pytest.approx(1, abs=0.1)
    shaken = p_prime_chart(rng.binomial(20_000, rng.beta(960, 40, 400)), n)
    assert shaken.sigma[0] / np.sqrt(0.96 * 0.04 / 20_000) > 3


def test_screening_narrows_limits_after_an_outlier() -> None:
    n = np.full(30, 1000.0)
    passes = 960 + np.tile([3.0, -3.0, 0.0], 10)
    passes[15] = 800
    for chart in (p_prime_chart, u_prime_chart):
        paper, screened = (chart(passes, n, variant=variant) for variant in ("paper", "screened"))
        assert (screened.sigma < paper.sigma).all()
    with pytest.raises(ValueError, match="known: paper, screened"):
        p_prime_chart(passes, n, variant="other")  # type: ignore[arg-type]


@pytest.mark.parametrize(("size", "d2", "d3"), [(2, 1.128, 0.853), (5, 2.326, 0.864), (10, 3.078, 0.797)])
def test_range_constants_are_those_of_the_standard(size: int, d2: float, d3: float) -> None:
    """Three decimals of the tables of ISO 7870-2."""
    constants = RangeConstants.of(size)
    assert (round(constants.mean, 3), round(constants.deviation, 3)) == (d2, d3)


def test_deviation_constant() -> None:
    assert deviation_constant(5) == pytest.approx(0.9400, abs=5e-5)  # ISO 7870-2, c4


def test_subgroups_are_whole_or_missing() -> None:
    samples = np.random.default_rng(1).normal(10, 1, (12, 4))
    samples[3] = np.nan
    for chart in (xbar_chart(samples), range_chart(samples), deviation_chart(samples)):
        assert np.isnan(chart.statistic[3]) and np.isfinite(chart.centre).all()
    samples[4, 0] = np.nan
    with pytest.raises(ValueError, match="complete or, as a gap"):
        xbar_chart(samples)
    with pytest.raises(ValueError, match="at least two"):
        xbar_chart(samples[:, :1])


def test_ewma_waits_in_a_gap() -> None:
    values = np.array([1.0, np.nan, 1.0])
    with_gap = ewma_chart(values, centre=0, sigma=1)
    without = ewma_chart(values[[0, 2]], centre=0, sigma=1)
    np.testing.assert_allclose(with_gap.statistic[[0, 2]], without.statistic)
    np.testing.assert_allclose(with_gap.upper[[0, 2]], without.upper)
    assert np.isnan(with_gap.statistic[1])


@pytest.mark.parametrize(
    "call",
    [
        lambda: ewma_chart([1.0], centre=0, sigma=1, weight=0),
        lambda: ewma_chart([1.0], centre=0, sigma=0),
        lambda: ewma_chart([1.0], centre=0, sigma=1, settings=ChartSettings(baseline=[True])),
        lambda: cusum_chart([1.0], centre=0, sigma=-1),
        lambda: cusum_chart([1.0], centre=0, sigma=1, shift=0),
        lambda: individuals_chart([np.inf]),
        lambda: ChartSettings(sigmas=0),
    ],
)
def test_impossible_settings(call) -> None:
    with pytest.raises(ValueError):
        call()


def test_cusum_waits_in_a_gap_and_finds_a_shift() -> None:
    values = np.concatenate([np.zeros(5), [np.nan], np.full(12, 1.0)])
    chart = cusum_chart(values, centre=0, sigma=1)
    assert np.isnan(chart.high[5]) and chart.high[6] == pytest.approx(0.5)
    assert np.flatnonzero(chart.beyond_high)[0] == 16  # 11 steps of 0.5 pass 5
    assert not chart.beyond_low.any()


def test_assurance_turns_with_the_better_direction() -> None:
    chart = individuals_chart([97.0, 97.2, 97.1, 96.9, 97.0, 97.1])
    assert assure_target(chart, 95, higher_is_better=True) == "consistent_pass"
    assert assure_target(chart, 95, higher_is_better=False) == "consistent_fail"
    assert assure_target(chart, 97, higher_is_better=True) == "inconsistent"
    with pytest.raises(ValueError, match="not known"):
        assure_target(individuals_chart([97.0]), 95, higher_is_better=True)


def test_types_turn_with_the_better_direction() -> None:
    chart = individuals_chart([97.0, 97.2, 97.1, 96.9, 97.0, 97.1, 90.0])
    assert type_points(chart, higher_is_better=True)[-1] == "special_cause_concern"
    assert type_points(chart, higher_is_better=False)[-1] == "special_cause_improvement"


def test_the_documented_example() -> None:
    """docs/methods.md, unusual months: 98 % of 60 batches."""
    assert [round(float(limit), 3) for limit in binomial_limits(0.98, 60, 0.00135)] == [0.901, 1.0]
    normal = 0.98 + 3 * np.sqrt(0.98 * 0.02 / 60) * np.array([-1, 1])
    assert normal.round(3).tolist() == [0.926, 1.034]

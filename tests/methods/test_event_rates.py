"""Rates of events, ratios of two rates and dispersion.

Oracles: R 4.2.2, ``poisson.test`` (rates and ratios) and ``glm(counts ~ year + month, family = poisson)``
(Pearson residuals); scipy's binomial test for the conditional one; coverage by simulation.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson
from scipy.stats import t as student

from qstats.methods.event_rates import Dispersion, estimate_dispersion, event_rate, rate_ratio

MONTHS = [
    [19, 2, 12, 8, 5, 16, 4, 9, 21, 13, 8, 1],
    [8, 5, 19, 2, 3, 14, 5, 6, 9, 19, 1, 7],
    [6, 17, 4, 9, 2, 5, 13, 6, 8, 0, 5, 7],
    [17, 4, 6, 5, 11, 3, 4, 2, 9, 6, 8, 3],
]
COUNTS, EXPOSURES = st.integers(0, 300), st.floats(0.1, 1e4)


def test_rate_as_r_has_it() -> None:
    assert event_rate(17, 2.5) == pytest.approx((6.8, 3.961250588, 10.887458726))
    assert event_rate(0, 2.5) == pytest.approx((0, 0, 1.475551782))


def test_ratio_as_r_has_it() -> None:
    assert rate_ratio(12, 23, 20, 22) == pytest.approx((0.5739130435, 0.2558003429, 1.2327036668))
    assert rate_ratio(0, 1, 5, 2) == pytest.approx((0, 0, 2.18255821))


@settings(max_examples=25)
@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.1, 10), st.sampled_from([0.9, 0.95, 0.99]))
def test_ratio_excludes_1_where_the_conditional_test_is_significant(
    now: int, before: int, exposure: float, confidence: float
) -> None:
    """Given their sum, the events of this year are binomial: each limit is where one tail is α/2."""
    _, lower, upper = (float(one) for one in rate_ratio(now, exposure, before, 1.0, confidence=confidence))
    tail = (1 - confidence) / 2
    for limit, side in ((lower, "greater"), (upper, "less")):
        if 0 < limit < np.inf:
            share = limit * exposure / (1 + limit * exposure)
            found = binomtest(now, now + before, share, alternative=side).pvalue
            assert found == pytest.approx(tail, rel=1e-5)


def test_ratio_without_events_before_or_at_all() -> None:
    ratio, lower, upper = rate_ratio(3, 1, 0, 1)
    assert (ratio, upper) == (np.inf, np.inf) and lower == pytest.approx(1 / (0.025 ** (-1 / 3) - 1))
    ratio, lower, upper = rate_ratio(0, 1, 0, 1)
    assert np.isnan(ratio) and (lower, upper) == (0, np.inf)


@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES, st.floats(1, 5))
def test_ratio_of_swapped_years_is_the_inverse(
    now: int, over: float, before: int, over_before: float, dispersion: float
) -> None:
    ratio, lower, upper = rate_ratio(now, over, before, over_before, dispersion=dispersion)
    swapped, low, high = rate_ratio(before, over_before, now, over, dispersion=dispersion)
    with np.errstate(divide="ignore"):
        if now + before:
            assert swapped == pytest.approx(1 / ratio, rel=1e-9)
        assert low == pytest.approx(1 / upper, rel=1e-6) and high == pytest.approx(1 / lower, rel=1e-6)


@given(COUNTS, EXPOSURES, st.floats(0.01, 100), st.floats(1, 5))
def test_rates_scale_with_exposure(count: int, exposure: float, scale: float, dispersion: float) -> None:
    plain = np.array(event_rate(count, exposure, dispersion=dispersion))
    scaled = np.array(event_rate(count, scale * exposure, dispersion=dispersion))
    np.testing.assert_allclose(scaled * scale, plain, rtol=1e-9)


@given(st.integers(1, 300), st.floats(1.05, 5))
def test_dispersion_widens(count: int, dispersion: float) -> None:
    _, lower, upper = event_rate(count, 1.0)
    _, low, high = event_rate(count, 1.0, dispersion=dispersion)
    assert low < lower and upper < high
    _, lower, upper = rate_ratio(count, 1.0, 20, 1.0)
    _, low, high = rate_ratio(count, 1.0, 20, 1.0, dispersion=dispersion)
    assert low < lower and upper < high


def test_dispersion_is_that_of_the_residuals_in_r() -> None:
    found = estimate_dispersion(MONTHS)
    assert (found.found * found.df, found.df) == pytest.approx((121.2792993, 33))
    assert found.value == found.found and found.p_value < 1e-10


def test_dispersion_of_a_table_by_hand() -> None:
    """Row sums 10 and 10, column sums 8 and 12: 4, 6, 4, 6 are expected."""
    found = estimate_dispersion([[6, 4], [2, 8]])
    assert found.found == pytest.approx(4 / 4 + 4 / 6 + 4 / 4 + 4 / 6) and found.df == 1


def test_years_of_other_exposure_and_months_of_other_season_are_no_scatter() -> None:
    year, month = np.array([1, 2, 3]), np.array([4, 8, 6, 2])
    found = estimate_dispersion(np.outer(year, month))
    assert (found.value, found.found, found.df) == (1, pytest.approx(0), 6)


def test_empty_years_and_months_say_nothing() -> None:
    padded = np.zeros((5, 14))
    padded[1:, 1:13] = MONTHS
    assert estimate_dispersion(padded) == estimate_dispersion(MONTHS)


@pytest.mark.parametrize(
    "counts", [[[1, 2, 3]], [[1], [2]], [[0, 0], [0, 0]], np.zeros((0, 12)), [[0, 3], [0, 4]]]
)
def test_without_degrees_of_freedom_nothing_is_found(counts) -> None:
    found = estimate_dispersion(counts)
    assert found.value == 1 and found.df == 0 and np.isnan([found.found, found.p_value]).all()
    assert found.widened(0.95) == 1


def test_dispersion_is_widened_as_t_is_wider_than_the_normal_law() -> None:
    found = Dispersion(2.0, 2.0, 11, 0.02)
    assert found.widened(0.95) == pytest.approx(2 * (student.ppf(0.975, 11) / 1.959964) ** 2)
    assert found.widened(0.95) == pytest.approx(2.5221, abs=1e-3)
    assert Dispersion(1.0, 0.6, 11, 0.8).widened(0.95) == 1


@pytest.mark.parametrize(("years", "yearly"), [(2, 24), (2, 96), (5, 24), (5, 96)])
@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_rates_and_ratios_hold_95_per_cent(years: int, yearly: int, dispersion: float) -> None:
    """Poisson or negative-binomial months, exposure rising by a third; not widened, 93 to 94 %."""
    draws, runs = np.random.default_rng(years * yearly), 500
    exposure = np.linspace(1, 1.3, years)
    mean = np.repeat(yearly * exposure[:, None] / 12, 12, axis=1)
    held = np.zeros(2)
    for _ in range(runs):
        counts = draws.poisson(mean)
        if dispersion > 1:
            counts = draws.negative_binomial(mean / (dispersion - 1), 1 / dispersion)
        phi, total = estimate_dispersion(counts).widened(0.95), counts.sum(axis=1)
        _, lower, upper = event_rate(total[-1], exposure[-1], dispersion=phi)
        _, low, high = rate_ratio(total[-1], exposure[-1], total[-2], exposure[-2], dispersion=phi)
        held += (lower <= yearly <= upper, low <= 1 <= high)
    assert np.all(held / runs >= 0.95 - 2.5 * np.sqrt(0.95 * 0.05 / runs))


def test_exact_rates_of_few_events_never_miss_more_than_5_per_cent() -> None:
    """Coverage added up over all counts, not simulated."""
    counts = np.arange(200)
    _, lower, upper = event_rate(counts, 1.0)
    for mean in (0.3, 1, 2.7, 8, 30):
        assert poisson.pmf(counts, mean)[(lower <= mean) & (mean <= upper)].sum() >= 0.95


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: event_rate(-1, 1), "count of events"),
        (lambda: event_rate(np.nan, 1), "count of events"),
        (lambda: event_rate(1, 0), "above 0"),
        (lambda: rate_ratio(1, 1, 1, np.nan), "above 0"),
        (lambda: rate_ratio(1, 1, 1, 1, dispersion=0.9), "at least 1"),
        (lambda: estimate_dispersion([[1, np.nan]]), "known counts"),
        (lambda: estimate_dispersion([1, 2]), "table"),
    ],
)
def test_impossible_input_is_an_error(call, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()

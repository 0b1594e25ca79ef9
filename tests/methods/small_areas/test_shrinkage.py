"""Reference: the mixture itself, evaluated with scipy's incomplete beta function, and simulation."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc, betaln, expit, logit

from qstats.methods.small_areas.shrinkage import ShrunkRates, draw_shrunk_rates, expected_ranks, shrink_rates

N = np.array([60, 42, 15, 120, 61, 35, 80, 30, 90, 22, 45.0])
S = np.array([58, 40, 15, 118, 60, 33, 75, 28, 90, 20, 44.0])
AREAS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 400)), min_size=1, max_size=12)


def below(shrunk: ShrunkRates, rates: np.ndarray) -> np.ndarray:
    """Posterior probability that each area's true rate is below a rate."""
    a = shrunk.successes + shrunk.distribution.alpha[:, None]
    b = shrunk.n - shrunk.successes + shrunk.distribution.beta[:, None]
    return shrunk.distribution.weight @ betainc(a, b, rates)


@pytest.mark.parametrize(
    "s", [S, np.round(0.9 * N), N - np.eye(11)[3]], ids=["near 95 %", "alike", "one failure"]
)
def test_limits_are_quantiles_of_the_posterior(s: np.ndarray) -> None:
    shrunk = shrink_rates(s, N)
    np.testing.assert_allclose(below(shrunk, shrunk.lower), 0.025, atol=8e-4)
    inside = shrunk.upper < 1 - 1e-9
    np.testing.assert_allclose(below(shrunk, shrunk.upper)[inside], 0.975, atol=8e-4)


def test_distribution_of_rates_is_the_posterior_on_a_fine_grid() -> None:
    """Brute force over 400 × 800 places of mean and precision, with the prior written out anew."""
    typical = 11 / (1 / N).sum() / 4
    mean, share = expit(np.linspace(0.5, 7, 400))[:, None], (np.arange(800) + 0.5) / 800
    precision = typical * share / (1 - share)
    a, b = mean * precision, (1 - mean) * precision
    log = sum(betaln(s + a, n - s + b) - betaln(a, b) for s, n in zip(S, N, strict=True))
    weight = np.exp(log - log.max()) * mean * (1 - mean)
    weight /= weight.sum()
    shrunk = shrink_rates(S, N)
    assert shrunk.mean == pytest.approx((weight * mean).sum(), abs=2e-5)
    assert shrunk.rho == pytest.approx((weight / (precision + 1)).sum(), rel=2e-3)
    estimates = [(weight * (s + a) / (n + precision)).sum() for s, n in zip(S, N, strict=True)]
    np.testing.assert_allclose(shrunk.estimate, estimates, atol=2e-5)


def test_no_failure_anywhere_is_answered() -> None:
    shrunk = shrink_rates(N, N)
    assert ((shrunk.lower > 0.98) & (shrunk.lower < shrunk.estimate) & (shrunk.estimate < 1)).all()
    assert (shrunk.upper > 0.9999).all()
    assert np.argmin(shrunk.lower) == np.argmin(N)


def test_an_area_without_batches_gets_what_the_others_foretell() -> None:
    shrunk = shrink_rates(np.append(S, 0), np.append(N, 0))
    assert shrunk.estimate[-1] == pytest.approx(shrunk.mean)
    assert shrunk.own_weight[-1] == 0
    assert shrunk.upper[-1] - shrunk.lower[-1] > (shrunk.upper - shrunk.lower)[:-1].max()
    np.testing.assert_allclose(shrunk.estimate[:-1], shrink_rates(S, N).estimate, atol=1e-12)


def test_nothing_known_leaves_everything_possible() -> None:
    shrunk = shrink_rates([0.0], [0.0])
    assert shrunk.estimate[0] == pytest.approx(0.5)
    assert shrunk.lower[0] < 0.05 and shrunk.upper[0] > 0.95


def test_one_area_stands_near_its_own_rate() -> None:
    shrunk = shrink_rates([57], [60])
    assert shrunk.lower[0] < 0.9 < 0.93 < shrunk.estimate[0] < 0.95 < shrunk.upper[0]


def test_large_areas_keep_their_own_rates() -> None:
    shrunk = shrink_rates([9000, 9300, 9900], [10000] * 3)
    np.testing.assert_allclose(shrunk.estimate, [0.90, 0.93, 0.99], atol=5e-4)
    np.testing.assert_allclose(shrunk.upper - shrunk.lower, 3.92 * np.sqrt([9e-6, 6.5e-6, 1e-6]), rtol=0.06)


@settings(max_examples=60)
@given(AREAS)
def test_intervals_hold_estimates_and_estimates_lie_within(areas: list[tuple[float, float]]) -> None:
    rate, n = np.array(areas).T
    shrunk = shrink_rates(rate * n, n)
    assert ((shrunk.lower >= 0) & (shrunk.lower <= shrunk.estimate)).all()
    assert ((shrunk.estimate <= shrunk.upper) & (shrunk.upper <= 1)).all()
    assert ((shrunk.own_weight >= 0) & (shrunk.own_weight <= 1)).all()
    assert 0 < shrunk.rho < 1 and 0 < shrunk.mean < 1


@settings(max_examples=20)
@given(st.permutations(range(11)))
def test_order_does_not_matter(order: list[int]) -> None:
    shrunk, again = shrink_rates(S, N), shrink_rates(S[order], N[order])
    np.testing.assert_allclose(again.estimate, shrunk.estimate[order], rtol=1e-9)
    np.testing.assert_allclose(again.lower, shrunk.lower[order], rtol=1e-9)


def test_pass_and_fail_are_mirror_images() -> None:
    passed, failed = shrink_rates(S, N), shrink_rates(N - S, N)
    np.testing.assert_allclose(failed.estimate, 1 - passed.estimate, atol=1e-6)
    np.testing.assert_allclose(failed.lower, 1 - passed.upper, atol=1e-4)


def test_many_areas_go_by_blocks() -> None:
    s, n = np.tile(S, 7), np.tile(N, 7)
    shrunk = shrink_rates(s, n)
    np.testing.assert_allclose(below(shrunk, shrunk.lower), 0.025, atol=8e-4)


@pytest.mark.parametrize("sd", [0.0, 0.6])
def test_coverage_over_areas(sd: float) -> None:
    """150 draws × 11 areas at 95 %; plug-in empirical Bayes covers about 30 % and 75 % here."""
    rng = np.random.default_rng(20151231)
    sizes = np.array([15, 20, 25, 30, 40, 50, 60, 75, 90, 105, 120])
    covered = []
    for _ in range(150):
        true = expit(logit(0.95) + sd * rng.normal(size=11))
        shrunk = shrink_rates(rng.binomial(sizes, true), sizes)
        covered.append((shrunk.lower <= true) & (true <= shrunk.upper))
    assert np.mean(covered) > 0.94 - 2 * np.sqrt(0.06 * 0.94 / 1650)


def test_eleven_areas_take_milliseconds() -> None:
    shrink_rates(S, N)
    taken = []
    for _ in range(20):
        start = time.process_time()
        shrink_rates(S, N)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.02  # 3 to 4 ms on an idle core


def test_draws_are_of_the_posterior_and_seeded() -> None:
    shrunk = shrink_rates(S, N)
    draws = draw_shrunk_rates(shrunk, draws=20_000, seed=5)
    np.testing.assert_allclose(draws.mean(axis=0), shrunk.estimate, atol=1e-3)
    np.testing.assert_allclose((draws < shrunk.lower).mean(axis=0), 0.025, atol=0.005)
    np.testing.assert_array_equal(draws, draw_shrunk_rates(shrunk, draws=20_000, seed=5))
    # Areas share the mean that they are drawn to.
    assert np.corrcoef(draws[:, 2], draws[:, 9])[0, 1] > 0.02


def test_expected_ranks_add_up_and_follow_the_rates() -> None:
    ranks = expected_ranks(draw_shrunk_rates(shrink_rates(S, N)))
    assert ranks.sum() == pytest.approx(66)
    assert np.argmin(ranks) == 8 and ranks.min() > 1
    np.testing.assert_allclose(expected_ranks([[1.0, 1.0, 0.5]]), [1.5, 1.5, 3.0])


@pytest.mark.parametrize(
    ("s", "n", "message"),
    [([11], [10], "between 0 and n"), ([1], [np.nan], "finite"), ([], [], "empty"), ([1, 1], [2], "shapes")],
)
def test_impossible_counts_are_refused(s: list, n: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        shrink_rates(s, n)


def test_a_level_outside_0_1_is_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        shrink_rates(S, N, confidence=95)

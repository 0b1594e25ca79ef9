"""What batches prove: against sums over the binomial and hypergeometric law, and what always holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from qstats.methods.acceptance_sampling import (
    comparison_power,
    contradiction_p_value,
    demonstrated_rate,
    demonstration_size,
    detected_level,
    smallest_detectable,
    tolerated_failures,
)

rates = st.floats(0.5, 0.999)
levels = st.floats(0.5, 0.995)


@given(rates, levels, st.integers(0, 4))
def test_the_demonstration_is_the_smallest(rate: float, level: float, c: int) -> None:
    n = int(demonstration_size(rate, confidence=level, failures=c))
    assert binom.cdf(c, n, 1 - rate) <= 1 - level + 1e-12
    assert n == c + 1 or binom.cdf(c, n - 1, 1 - rate) > 1 - level - 1e-12


@given(rates, levels, st.integers(0, 4))
def test_size_and_rate_are_inverse(rate: float, level: float, c: int) -> None:
    n = demonstration_size(rate, confidence=level, failures=c)
    assert demonstrated_rate(n, c, confidence=level) >= rate - 1e-9
    if n > c + 1:
        assert demonstrated_rate(n - 1, c, confidence=level) < rate + 1e-9


@given(rates, levels, st.integers(0, 4), st.floats(1, 5))
def test_a_clustered_demonstration_is_the_smallest(rate: float, level: float, c: int, effect: float) -> None:
    n = int(demonstration_size(rate, confidence=level, failures=c, design_effect=effect))
    assert demonstrated_rate(n / effect, c / effect, confidence=level) >= rate - 1e-9
    assert n == c + 1 or demonstrated_rate((n - 1) / effect, c / effect, confidence=level) < rate + 1e-9


def test_demonstrated_rate_at_the_ends() -> None:
    assert list(demonstrated_rate([0, 3, 59], [0, 3, 0])) == pytest.approx([0, 0, 0.05 ** (1 / 59)])
    assert demonstrated_rate(59.5, 0.3) < demonstrated_rate(59.5, 0.2)


@pytest.mark.parametrize(("n", "x"), [(10, 11), (10, -1), (-1, 0), (float("nan"), 0)])
def test_impossible_counts_are_refused(n: float, x: float) -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        demonstrated_rate(n, x)
    with pytest.raises(ValueError, match="between 0 and n"):
        contradiction_p_value(n, x, 0.02)


@pytest.mark.parametrize(
    "wrong",
    [{"pass_rate": 1.0}, {"confidence": 95}, {"failures": -1}, {"failures": 0.5}, {"design_effect": 0.5}],
)
def test_impossible_demands_are_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1|whole|1 or more"):
        demonstration_size(**{"pass_rate": 0.98} | wrong)


def test_p_value_of_a_declaration() -> None:
    n, x = np.array([50, 50, 50, 50]), np.array([0, 1, 3, 50])
    assert contradiction_p_value(n, x, 0.02) == pytest.approx(binom.sf(x - 1, 50, 0.02), rel=1e-12)
    in_lot = contradiction_p_value(n, x, 0.02, lot_size=200)
    assert in_lot == pytest.approx(hypergeom.sf(x - 1, 200, 4, 50), abs=1e-14)


@given(st.integers(1, 300), st.floats(0, 0.2), st.floats(0.01, 0.2))
def test_a_true_declaration_is_rarely_contradicted(n: int, declared: float, risk: float) -> None:
    limit = int(tolerated_failures(n, declared, risk=risk))
    assert binom.sf(limit, n, declared) <= risk + 1e-12
    assert limit == 0 or binom.sf(limit - 1, n, declared) > risk - 1e-12


@given(st.integers(2, 200), st.floats(0, 0.3), st.integers(200, 400))
def test_a_true_declaration_of_a_lot_is_rarely_contradicted(n: int, declared: float, lot: int) -> None:
    limit = int(tolerated_failures(n, declared, lot_size=lot))
    bad = np.ceil(declared * lot - 1e-9)
    assert hypergeom.sf(limit, lot, bad, n) <= 0.05 + 1e-12
    assert limit == 0 or hypergeom.sf(limit - 1, lot, bad, n) > 0.05 - 1e-12


def test_detected_level_is_found_with_its_power() -> None:
    limit = tolerated_failures(120, 0.02)
    level = float(detected_level(120, limit))
    assert binom.sf(int(limit), 120, level) == pytest.approx(0.9, abs=1e-10)
    assert np.isnan(detected_level(3, 3))


def test_counts_of_a_lot_are_whole() -> None:
    with pytest.raises(ValueError, match="no larger than the lot"):
        contradiction_p_value(50, 1, 0.02, lot_size=40)
    with pytest.raises(ValueError, match="whole"):
        contradiction_p_value(10.5, 1, 0.02, lot_size=40)
    with pytest.raises(ValueError, match="declared level"):
        contradiction_p_value(50, 1, 1.2)
    with pytest.raises(ValueError, match="risk"):
        tolerated_failures(50, 0.02, risk=5)


def test_power_against_drawn_samples() -> None:
    """The comparison repeated on 20,000 pairs of samples: within four standard errors."""
    from qstats.methods.binomial_intervals import clopper_pearson_interval
    from qstats.methods.differences import mover_difference

    rng, n = np.random.default_rng(7), (180, 240)
    x, y = rng.binomial(n[0], 0.97, 20_000), rng.binomial(n[1], 0.91, 20_000)
    old, new = (
        clopper_pearson_interval(x, np.full(20_000, n[0])),
        clopper_pearson_interval(y, np.full(20_000, n[1])),
    )
    _, lower, upper = mover_difference((y / n[1], x / n[0]), (new[0], old[0]), (new[1], old[1]))
    fall, rise = comparison_power(0.97, 0.91, *n)
    error = 4 * np.sqrt(0.25 / 20_000)
    assert fall == pytest.approx(np.mean(upper < 0), abs=error)
    assert rise == pytest.approx(np.mean(lower > 0), abs=error) and fall > 0.5


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.8, 1), st.floats(0, 1))
def test_power_is_a_probability_and_small_without_a_change(m: int, n: int, p: float, q: float) -> None:
    fall, rise = comparison_power(p, q, m, n)
    assert fall >= 0 and rise >= 0 and fall + rise <= 1 + 1e-9
    assert sum(comparison_power(p, p, m, n)) <= 0.05


def test_smallest_change_has_its_power_and_more_batches_find_less() -> None:
    fallen, risen = smallest_detectable(0.9, 600, 600)
    assert comparison_power(0.9, fallen, 600, 600)[0] == pytest.approx(0.8, abs=1e-6)
    assert comparison_power(0.9, risen, 600, 600)[1] == pytest.approx(0.8, abs=1e-6)
    assert fallen < 0.9 < risen
    nearer = smallest_detectable(0.9, 1200, 1200)
    assert fallen < nearer[0] < 0.9 < nearer[1] < risen


def test_no_rise_can_be_seen_from_nearly_all() -> None:
    fallen, risen = smallest_detectable(0.99, 100.7, 100.7)
    assert np.isnan(risen) and 0.8 < fallen < 0.99
    assert (fallen, risen) == pytest.approx(smallest_detectable(0.99, 100, 100), nan_ok=True)


def test_comparisons_without_batches_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one batch"):
        comparison_power(0.9, 0.8, 0.5, 10)
    with pytest.raises(ValueError, match="pass rates"):
        comparison_power(0.9, 1.8, 5, 10)
    with pytest.raises(ValueError, match="power"):
        smallest_detectable(0.9, 5, 10, power=80)

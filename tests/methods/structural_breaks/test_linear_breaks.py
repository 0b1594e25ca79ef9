"""Breaks of a linear regression against all positions, Bai's law by simulation, tests against tables."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.methods.structural_breaks import (
    break_limits,
    chow_test,
    fit_linear_breaks,
    ols_cusum_test,
    sup_f_test,
)
from qstats.methods.structural_breaks.break_tests import sup_f_tail
from qstats.methods.structural_breaks.position_limits import argmax_law


def residual_squares(y: np.ndarray, design: np.ndarray) -> float:
    return float(((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2).sum())


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 2))
def test_no_positions_are_better(seed: int, columns: int):
    rng = np.random.default_rng(seed)
    y, design = rng.normal(size=22), np.column_stack([np.ones(22), np.arange(22.0)])[:, :columns]
    found = fit_linear_breaks(y, design, shortest=4, most=3)
    for count in (1, 2, 3):
        tried = {
            places: sum(residual_squares(y[a:b], design[a:b]) for a, b in pairwise((0, *places, 22)))
            for places in combinations(range(4, 19), count)
            if min(b - a for a, b in pairwise((0, *places, 22))) >= 4
        }
        assert found.rss[count] == pytest.approx(min(tried.values()))
        assert tried[found.positions[count]] == pytest.approx(found.rss[count])


def test_none_is_an_answer():
    y = np.random.default_rng(4).normal(size=60)
    assert fit_linear_breaks(y).best == 0


def test_level_far_from_zero_keeps_its_digits():
    y = np.random.default_rng(4).normal(size=60) + np.repeat([0.0, 5.0], 30)
    near, far = fit_linear_breaks(y), fit_linear_breaks(y + 1e6)
    assert far.rss == pytest.approx(near.rss, rel=1e-6)
    assert far.positions == near.positions
    assert far.positions[1] == (30,)


def test_regressors_that_are_constant_in_a_segment():
    policy = np.repeat([0.0, 1.0], 20)
    y = np.random.default_rng(1).normal(size=40)
    found = fit_linear_breaks(y, np.column_stack([np.ones(40), policy]), shortest=6)
    assert np.isfinite(found.rss).all()


def test_refused():
    with pytest.raises(ValueError, match="gaps"):
        fit_linear_breaks([1.0, np.nan] * 10)
    with pytest.raises(ValueError, match="longer than 1 and at most 5"):
        fit_linear_breaks(np.arange(10.0), shortest=6)
    with pytest.raises(ValueError, match="breaks fit"):
        fit_linear_breaks(np.arange(30.0), shortest=10, most=5)
    with pytest.raises(ValueError, match="must rise"):
        break_limits(np.arange(10.0), None, [5, 5])
    with pytest.raises(ValueError, match="either side"):
        chow_test(np.arange(10.0), None, 9)


@pytest.mark.parametrize(("ratio", "spread"), [(1.0, 1.0), (2.5, 1.0), (1.0, 3.0), (0.6, 1.7)])
def test_law_of_the_position_by_simulation(ratio: float, spread: float):
    """A random walk with steps of 1/20 beside Bai's formula, also mirrored: sides change their places."""
    rng, step, half = np.random.default_rng(7), 0.05, 1200
    drift = -np.arange(1, half + 1) * step / 2
    before = np.cumsum(rng.normal(size=(1000, half)) * np.sqrt(step), axis=1) + drift
    # After the break: signal ξ, error variance φ₂²; the criterion gains √(ξ·spread)·W(s) − ξ·s/2.
    noise = np.cumsum(rng.normal(size=(1000, half)) * np.sqrt(step * ratio * spread), axis=1)
    path = np.hstack([before[:, ::-1], np.zeros((1000, 1)), noise + drift * ratio])
    place = (path.argmax(axis=1) - half) * step
    for x in (-10.0, -3.0, -1.0, 1.0, 3.0, 10.0):
        assert argmax_law(x, ratio, spread) == pytest.approx(np.mean(place <= x), abs=0.05)
    assert argmax_law(-1e-12, ratio, spread) == pytest.approx(argmax_law(0.0, ratio, spread), abs=1e-5)
    assert argmax_law(-2000.0, ratio, spread) == pytest.approx(0, abs=1e-6)
    assert argmax_law(2000.0, ratio, spread) == pytest.approx(1, abs=1e-6)


def test_limits_widen_with_confidence_and_shrink_with_the_step():
    rng = np.random.default_rng(9)
    noise, late = rng.normal(size=80), np.repeat([0.0, 1.0], 40)
    small, large = noise + 1.5 * late, noise + 4 * late
    place = fit_linear_breaks(small).positions[1]
    narrow, wide = (
        np.diff(break_limits(small, None, place, confidence=level))[0, 0] for level in (0.9, 0.99)
    )
    sure = np.diff(break_limits(large, None, fit_linear_breaks(large).positions[1]))[0, 0]
    assert sure <= narrow < wide


@pytest.mark.parametrize(("k", "critical"), [(1, 8.85), (2, 11.79), (3, 14.15), (5, 18.35)])
def test_tail_of_the_largest_f(k: int, critical: float):
    """Critical values at 5 %, 15 % trimmed, of Andrews (1993, table I; 2003 corrigendum for k = 1 to 5)."""
    assert sup_f_tail(critical, k, 0.15) == pytest.approx(0.05, abs=0.006)


def test_largest_f_is_the_largest_of_chows():
    y = np.random.default_rng(3).normal(size=50) + np.repeat([0.0, 1.0], [20, 30])
    found = sup_f_test(y)
    assert found.first == 7
    chow = [chow_test(y, None, place)[0] for place in range(7, 44)]
    assert found.statistics == pytest.approx(chow)
    assert found.position == 7 + int(np.argmax(chow))
    assert found.p_value > chow_test(y, None, found.position)[1]


def test_level_of_the_tests():
    data = np.random.default_rng(12).normal(size=(400, 60))
    for call in (lambda y: sup_f_test(y).p_value, lambda y: ols_cusum_test(y)[1]):
        assert 0.01 < np.mean([call(y) < 0.05 for y in data]) < 0.08

"""Areas add up to the whole and stay where rates can be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.small_areas.benchmarking import benchmark_rates

RATE = st.floats(0.001, 0.999)


@given(st.lists(st.tuples(RATE, st.floats(0, 300)), min_size=1, max_size=11), RATE)
def test_areas_add_up_to_the_whole(areas: list[tuple[float, float]], total: float) -> None:
    rates, weights = np.array(areas).T
    weights[0] += 1
    moved = benchmark_rates(rates, rates * 0.9, rates + (1 - rates) / 2, weights, total)
    assert np.average(moved.estimate, weights=weights) == pytest.approx(total, abs=1e-10)
    assert ((moved.lower <= moved.estimate) & (moved.estimate <= moved.upper)).all()
    assert ((moved.estimate > 0) & (moved.estimate < 1)).all()
    assert (np.argsort(moved.estimate, kind="stable") == np.argsort(rates, kind="stable")).all()


def test_weights_count_by_their_ratios_only() -> None:
    args = [0.9, 0.95], [0.8, 0.9], [0.95, 0.99]
    once, scaled = (benchmark_rates(*args, np.array([2.0, 5.0]) * factor, 0.96) for factor in (1, 1e4))
    np.testing.assert_allclose(once.estimate, scaled.estimate, rtol=1e-10)


def test_what_adds_up_already_is_not_moved() -> None:
    moved = benchmark_rates([0.9, 0.98], [0.8, 0.9], [0.95, 0.99], [1, 1], 0.94)
    assert moved.shift == pytest.approx(0, abs=1e-10)
    np.testing.assert_allclose(moved.lower, [0.8, 0.9], atol=1e-10)


def test_limits_move_outwards_only() -> None:
    moved = benchmark_rates([0.9, 0.98], [0.8, 0.9], [0.95, 0.99], [1, 1], 0.96)
    assert (moved.lower == [0.8, 0.9]).all() and (moved.upper > [0.95, 0.99]).all()


def test_a_whole_without_failures_has_areas_without_failures_and_keeps_the_doubt() -> None:
    moved = benchmark_rates([0.99, 0.98], [0.95, 0.9], [0.999, 0.998], [1, 1], 1.0)
    assert (moved.estimate == 1).all() and (moved.upper == 1).all() and (moved.lower == [0.95, 0.9]).all()
    assert np.isinf(moved.shift)


@pytest.mark.parametrize(
    ("rates", "weights", "total", "message"),
    [
        ([0.9, 1.2], [1, 1], 0.9, "between 0 and 1"),
        ([0.9, 0.8], [1, 1], 1.1, "between 0 and 1"),
        ([0.9, 0.8], [1, -1], 0.9, "weights"),
        ([0.9, 0.8], [0, 0], 0.9, "weights"),
        ([1.0, 1.0], [1, 1], 0.9, "no shift"),
    ],
)
def test_impossible_input_is_refused(rates: list, weights: list, total: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        benchmark_rates(rates, rates, rates, weights, total)

"""MOVER against published tables, and what must hold for any correlation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.binomial_intervals import wilson_interval
from qstats.methods.differences import mover_difference

NEWCOMBE_DIFFERENCE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]
"""Newcombe (1998), Statistics in Medicine 17:873, table II, method 10."""


def _difference(x1: int, n1: int, x2: int, n2: int) -> tuple[float, float, float]:
    estimates = (x1 / n1, x2 / n2)
    lower, upper = zip(*(wilson_interval(x, n) for x, n in ((x1, n1), (x2, n2))), strict=True)
    return tuple(float(part) for part in mover_difference(estimates, lower, upper))


@pytest.mark.parametrize(("x1", "n1", "x2", "n2", "lower", "upper"), NEWCOMBE_DIFFERENCE)
def test_mover_as_printed_by_newcombe(x1: int, n1: int, x2: int, n2: int, lower: float, upper: float) -> None:
    difference, low, high = _difference(x1, n1, x2, n2)
    assert difference == pytest.approx(x1 / n1 - x2 / n2)
    assert (low, high) == (pytest.approx(lower, abs=5e-5), pytest.approx(upper, abs=5e-5))


@given(*[st.integers(1, 400)] * 4)
def test_mover_turns_round_with_its_parts(x1: int, x2: int, more1: int, more2: int) -> None:
    n1, n2 = x1 + more1, x2 + more2
    difference, low, high = _difference(x1, n1, x2, n2)
    assert -1 <= low <= difference <= high <= 1
    assert _difference(x2, n2, x1, n1) == pytest.approx((-difference, -high, -low))


def test_mover_of_unknown_is_unknown() -> None:
    nan = float("nan")
    assert all(np.isnan(part) for part in mover_difference((0.9, nan), (0.8, nan), (0.95, nan)))


def test_correlated_estimates_as_zou_has_it() -> None:
    _, lower, upper = mover_difference((0.9, 0.8), (0.84, 0.72), (0.94, 0.86), 0.5)
    assert lower == pytest.approx(0.1 - np.sqrt(0.06**2 + 0.06**2 - 0.06**2))
    assert upper == pytest.approx(0.1 + np.sqrt(0.04**2 + 0.08**2 - 0.04 * 0.08))


@given(st.floats(-1, 1), st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_a_correlation_never_breaks_the_interval(r: float, parts: list[float]) -> None:
    (low1, first, up1), (low2, second, up2) = sorted(parts[:3]), sorted(parts[3:])
    difference, lower, upper = mover_difference((first, second), (low1, low2), (up1, up2), r)
    assert lower <= difference <= upper


def test_equal_estimates_that_move_together_have_no_uncertain_difference() -> None:
    assert mover_difference((0.9, 0.9), (0.8, 0.8), (1.0, 1.0), 1.0)[1:] == (
        pytest.approx(0.0),
        pytest.approx(0.0),
    )


@pytest.mark.parametrize("r", [-1.5, 1.01])
def test_impossible_correlations_are_errors(r: float) -> None:
    with pytest.raises(ValueError, match="between -1 and 1"):
        mover_difference((0.9, 0.8), (0.8, 0.7), (0.95, 0.9), r)

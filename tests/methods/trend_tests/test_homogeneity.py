"""Pettitt and Buishand: positions by hand, tails by simulation and by enumeration."""

import numpy as np
import pytest

from qstats.methods.trend_tests import buishand_test, pettitt_test


def test_a_clear_shift_is_found_where_it_is():
    values = np.r_[np.tile([0.0, 1.0], 8), np.tile([10.0, 11.0], 6)]
    for call in (pettitt_test, buishand_test):
        found = call(values)
        assert (found.position, found.n) == (16, 28)
        assert found.p_value < 1e-3


def test_gaps_are_left_out_and_places_counted_among_known_values():
    values = [0.0, 1.0, np.nan, 0.0, 1.0, 9.0, 8.0, np.nan, 9.0, 8.0]
    assert pettitt_test(values) == pettitt_test([v for v in values if v == v])
    assert pettitt_test(values).position == 4


@pytest.mark.parametrize("n", [6, 30])
def test_tail_of_buishands_statistic(n: int):
    rng = np.random.default_rng(n)
    found = [buishand_test(values) for values in rng.normal(size=(1500, n))]
    p_values = np.array([shift.p_value for shift in found])
    order = np.argsort([shift.statistic for shift in found])
    assert np.all(np.diff(p_values[order]) <= 1e-7)  # larger is rarer
    for level in (0.05, 0.2, 0.5, 0.9):
        assert np.mean(p_values <= level) == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / 1500))


def test_refused():
    with pytest.raises(ValueError, match="all the same"):
        buishand_test([0.3] * 8)
    with pytest.raises(ValueError, match="at least 4"):
        pettitt_test([1.0, 2.0, 3.0])

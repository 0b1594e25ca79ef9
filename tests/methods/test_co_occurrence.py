"""Items failing together: scipy's Fisher test for one stratum, enumeration by hand for two."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

from qstats.methods.co_occurrence import expected_together, together_p_value


@pytest.mark.parametrize(("m", "a", "b", "both"), [(20, 8, 6, 4), (20, 8, 6, 0), (7, 7, 3, 3), (50, 9, 9, 9)])
def test_one_stratum_is_fishers_test(m: int, a: int, b: int, both: int) -> None:
    table = [[both, a - both], [b - both, m - a - b + both]]
    assert together_p_value(m, a, b, both) == pytest.approx(fisher_exact(table, alternative="greater").pvalue)
    assert expected_together(m, a, b) == pytest.approx(a * b / m)


def test_strata_add_up() -> None:
    """Two strata of two batches, one failing in each item: they meet in both with 1/2 · 1/2."""
    sizes = ([2, 2], [1, 1], [1, 1])
    assert together_p_value(*sizes, 2) == pytest.approx(0.25)
    assert together_p_value(*sizes, 1) == pytest.approx(0.75)
    assert together_p_value(*sizes, 0) == 1.0
    assert expected_together(*sizes) == 1.0


def test_items_of_different_classes_cannot_meet() -> None:
    assert expected_together([5, 5], [3, 0], [0, 4]) == 0
    assert together_p_value([5, 5], [3, 0], [0, 4], 0) == 1.0


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="0 to all"):
        expected_together(3, 4, 1)
    with pytest.raises(ValueError, match="fail in both"):
        together_p_value(5, 2, 3, 3)


def test_the_test_keeps_its_level() -> None:
    """Independent items: p at most 0.05 in at most 5 % of draws (conservative, being exact)."""
    rng = np.random.default_rng(4)
    small = 0
    for _ in range(2000):
        first, second = rng.random(30) < 0.3, rng.random(30) < 0.3
        small += together_p_value(30, first.sum(), second.sum(), int((first & second).sum())) <= 0.05
    assert small / 2000 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 2000)

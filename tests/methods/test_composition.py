"""Oracle: scipy.stats.chi2_contingency; hand-counted shares."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from qstats.methods.composition import homogeneity_p_value, total_variation


def test_total_variation_is_the_share_that_moved() -> None:
    assert total_variation([50, 50], [75, 25]) == pytest.approx(0.25)
    assert total_variation([10, 0], [0, 3]) == 1.0
    assert total_variation([2, 4], [1, 2]) == pytest.approx(0.0)


@pytest.mark.parametrize(
    "counts", [([30, 50, 20], [40, 45, 35]), ([300, 5], [280, 40]), ([8, 0, 2], [5, 0, 9])]
)
def test_p_value_is_pearsons(counts: tuple[list[int], list[int]]) -> None:
    table = np.array(counts)
    expected = chi2_contingency(table[:, table.sum(axis=0) > 0], correction=False).pvalue
    assert homogeneity_p_value(*counts) == pytest.approx(expected, rel=1e-10)


def test_one_filled_cell_has_nothing_to_differ_in() -> None:
    assert homogeneity_p_value([5, 0], [9, 0]) == 1.0

"""Sensitivity rules on cells worked by hand (Hundepool et al. 2012 define them)."""

import numpy as np
import pytest

from qstats.methods.disclosure import breaks_dominance, breaks_p_percent, breaks_threshold


def test_threshold_spares_empty_cells() -> None:
    assert breaks_threshold([0, 1, 2, 3, 9], 3).tolist() == [False, True, True, False, False]


def test_dominance() -> None:
    """Of 100, the largest two contribute 85: dominant at 80 %, not at 90 %."""
    cell = [50, 35, 10, 5]
    assert breaks_dominance([cell], 2, 0.80).tolist() == [True]
    assert breaks_dominance([cell], 2, 0.90).tolist() == [False]
    assert breaks_dominance([[3], []], 1, 0.75).tolist() == [True, False]


def test_p_percent() -> None:
    """The others contribute 15 of the largest one's 50, that is 30 %."""
    cell = [10, 50, 5, 35]
    assert breaks_p_percent([cell], 0.30).tolist() == [False]
    assert breaks_p_percent([cell], 0.31).tolist() == [True]
    assert breaks_p_percent([[7], [7, 7], []], 0.10).tolist() == [True, True, False]


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        breaks_threshold([1], 0)
    with pytest.raises(ValueError, match="known and not negative"):
        breaks_threshold([np.nan], 3)
    with pytest.raises(ValueError, match="known and not negative"):
        breaks_p_percent([[1, -1]], 0.1)
    with pytest.raises(ValueError, match="dominance rule"):
        breaks_dominance([[1]], 0, 0.8)
    with pytest.raises(ValueError, match="above 0"):
        breaks_p_percent([[1]], 0)

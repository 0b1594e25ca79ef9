"""Adjusted p-values against R's p.adjust."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.multiplicity import ADJUSTMENTS, adjust_p_values

COLUMNS = {
    "bonferroni": "bonferroni",
    "holm": "holm",
    "hochberg": "hochberg",
    "benjamini_hochberg": "BH",
    "benjamini_yekutieli": "BY",
}


@pytest.mark.oracle
@pytest.mark.parametrize("method", ADJUSTMENTS)
def test_adjusted_as_r_has_them(shared_data: Path, method: str) -> None:
    path = shared_data / "oracles" / "02_binomial_intervals_tests" / "expected_padjust.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    p, expected = (np.array([float(row[name]) for row in rows]) for name in ("p", COLUMNS[method]))
    np.testing.assert_allclose(adjust_p_values(p, method=method), expected, atol=1e-12)
    np.testing.assert_allclose(adjust_p_values(p[::-1], method=method)[::-1], expected, atol=1e-12)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_no_adjustment_makes_a_p_value_smaller(p: list[float]) -> None:
    for method in ADJUSTMENTS:
        adjusted = adjust_p_values(p, method=method)
        assert np.all((adjusted >= np.array(p) - 1e-15) & (adjusted <= 1))
    assert np.all(adjust_p_values(p, method="hochberg") <= adjust_p_values(p, method="holm"))


def test_a_test_that_was_not_made_does_not_count() -> None:
    np.testing.assert_allclose(adjust_p_values([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04])


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_impossible_p_values_are_errors(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust_p_values([0.5, p])


def test_an_unknown_adjustment_is_told_the_known_ones() -> None:
    with pytest.raises(ValueError, match="known: benjamini_hochberg"):
        adjust_p_values([0.5], method="tukey")


def test_a_larger_p_value_never_becomes_the_smaller_one() -> None:
    np.testing.assert_allclose(adjust_p_values([0.041, 0.042], method="holm"), [0.082, 0.082])
    np.testing.assert_allclose(adjust_p_values([0.041, 0.042], method="hochberg"), [0.042, 0.042])

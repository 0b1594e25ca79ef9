"""Exact tests of one proportion against R and against their definitions."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from qstats.methods.binomial_tests import BINOMIAL_TESTS, binomial_test

COLUMNS = {
    "less": "p_less",
    "greater": "p_greater",
    "two_sided": "p_two",
    "mid_p": "p_two_midp_central",
    "blaker": "p_blaker",
}


@pytest.mark.oracle
@pytest.mark.parametrize("alternative", BINOMIAL_TESTS)
def test_p_values_as_r_and_exactci_have_them(shared_data: Path, alternative: str) -> None:
    path = shared_data / "oracles" / "02_binomial_intervals_tests" / "expected_tests.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    x, n, null, expected = (
        np.array([float(row[name]) for row in rows]) for name in ("x", "n", "p0", COLUMNS[alternative])
    )
    np.testing.assert_allclose(
        binomial_test(x, n, null, alternative=alternative), expected, atol=1e-8, rtol=1e-6
    )


@pytest.mark.parametrize("alternative", ["less", "greater", "two_sided"])
def test_p_values_as_scipy_has_them(alternative: str) -> None:
    x, null = np.arange(0, 41), 0.93
    expected = [binomtest(int(k), 40, null, alternative=alternative.replace("_", "-")).pvalue for k in x]
    np.testing.assert_allclose(binomial_test(x, 40, null, alternative=alternative), expected, atol=1e-12)


@given(st.integers(1, 60), st.floats(0.01, 0.99), st.data())
def test_blaker_by_enumeration(n: int, null: float, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    counts = np.arange(n + 1)
    smaller_tail = np.minimum(binom.cdf(counts, n, null), binom.sf(counts - 1, n, null))
    as_unlikely = smaller_tail <= smaller_tail[x] * (1 + 1e-7)
    expected = binom.pmf(counts, n, null)[as_unlikely].sum()
    assert binomial_test(x, n, null, alternative="blaker") == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 300), st.floats(0, 1), st.data())
def test_p_values_are_probabilities_and_mirror(n: int, null: float, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    for name, mirror in {"less": "greater", "mid_p": "mid_p", "blaker": "blaker"}.items():
        p = binomial_test(x, n, null, alternative=name)
        assert 0 <= p <= 1
        assert p == pytest.approx(binomial_test(n - x, n, 1 - null, alternative=mirror), abs=1e-9)


def test_88_of_88_against_a_target_of_96_1_percent() -> None:
    assert binomial_test(88, 88, 0.961, alternative="greater") == pytest.approx(0.961**88)


def test_effective_counts_lie_between_whole_ones() -> None:
    p = binomial_test([37, 37.5, 38], 40, 0.96, alternative="less")
    assert p[0] < p[1] < p[2]


@pytest.mark.parametrize(
    ("x", "n", "null", "alternative", "message"),
    [
        (41, 40, 0.9, "less", "between 0 and n"),
        (4, 40, 1.2, "less", "declared proportion"),
        (4, 40, float("nan"), "less", "declared proportion"),
        (4.5, 40, 0.9, "two_sided", "whole counts"),
        (4, 40, 0.9, "wald", "known: blaker, greater, less, mid_p, two_sided"),
    ],
)
def test_impossible_questions_are_errors(
    x: float, n: int, null: float, alternative: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        binomial_test(x, n, null, alternative=alternative)

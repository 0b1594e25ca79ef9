"""Intervals of one proportion against published tables, an established package and R."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from qstats.methods.binomial_intervals import (
    clopper_pearson_interval,
    korn_graubard_interval,
    wilson_interval,
)

NEWCOMBE_SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
"""Newcombe (1998), Statistics in Medicine 17:857, table I, method 3 (score without correction)."""


@pytest.mark.parametrize(("x", "n", "lower", "upper"), NEWCOMBE_SINGLE)
def test_wilson_as_printed_by_newcombe(x: int, n: int, lower: float, upper: float) -> None:
    assert wilson_interval(x, n) == (pytest.approx(lower, abs=5e-5), pytest.approx(upper, abs=5e-5))


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_wilson_as_statsmodels_has_it(confidence: float) -> None:
    x, n = (part.ravel() for part in np.meshgrid(np.arange(0, 31), np.arange(31, 500, 67)))
    expected = proportion_confint(x, n, alpha=1 - confidence, method="wilson")
    for ours, theirs in zip(wilson_interval(x, n, confidence=confidence), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.oracle
def test_wilson_as_r_has_it(shared_data: Path) -> None:
    path = shared_data / "oracles" / "02_binomial_intervals_tests" / "expected_intervals.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for confidence in {row["conf"] for row in rows}:
        part = [row for row in rows if row["conf"] == confidence]
        x, n, lower, upper = (
            np.array([float(row[name]) for row in part]) for name in ("x", "n", "wilson_lo", "wilson_hi")
        )
        ours = wilson_interval(x, n, confidence=float(confidence))
        np.testing.assert_allclose(ours[0], lower, atol=1e-8)
        np.testing.assert_allclose(ours[1], upper, atol=1e-8)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_contains_the_estimate_and_mirrors(counts: tuple[int, int]) -> None:
    x, n = counts
    lower, upper = wilson_interval(x, n)
    assert 0 <= lower <= x / n <= upper <= 1
    assert lower < upper
    mirrored = wilson_interval(n - x, n)
    np.testing.assert_allclose((1 - upper, 1 - lower), mirrored, atol=1e-12)


def test_wilson_ends_exactly_at_the_bounds() -> None:
    lower, upper = wilson_interval([0, 30], [30, 30])
    assert lower[0] == 0.0
    assert upper[1] == 1.0


def test_nothing_is_known_without_batches() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_errors(x: int, n: int) -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson_interval(x, n)


@pytest.mark.parametrize(("n", "p"), [(50, 0.95), (200, 0.98), (600, 0.96)])
def test_wilson_covers_about_as_often_as_it_says(n: int, p: float) -> None:
    x = np.arange(n + 1)
    lower, upper = wilson_interval(x, n)
    coverage = binom.pmf(x, n, p)[(lower <= p) & (p <= upper)].sum()
    assert 0.925 < coverage < 0.985


def test_korn_graubard_on_the_sample_itself_is_clopper_pearson() -> None:
    np.testing.assert_allclose(korn_graubard_interval(0.95, 40), clopper_pearson_interval(38, 40), atol=1e-12)


def test_korn_graubard_knows_nothing_without_observations() -> None:
    assert korn_graubard_interval(float("nan"), 0) == (0.0, 1.0)


@pytest.mark.parametrize(("estimate", "effective_n"), [(-0.1, 5), (1.1, 5), (float("nan"), 5), (0.5, -1)])
def test_impossible_estimates_are_errors(estimate: float, effective_n: float) -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        korn_graubard_interval(estimate, effective_n)

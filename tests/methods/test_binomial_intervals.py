"""Intervals of one proportion against published tables, an established package and R."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from qstats.methods.binomial_intervals import (
    Floats,
    agresti_coull_interval,
    clopper_pearson_bounds,
    clopper_pearson_interval,
    jeffreys_interval,
    korn_graubard_interval,
    logit_interval,
    wilson_corrected_interval,
    wilson_interval,
)

NEWCOMBE_SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
"""Newcombe (1998), Statistics in Medicine 17:857, table I, method 3 (score without correction)."""
CORRECTED = [
    (81, 263, 0.2535, 0.3682),
    (15, 148, 0.0598, 0.1644),
    (0, 20, 0.0, 0.2005),
    (1, 29, 0.0018, 0.1963),
]
"""The same table, method 4 (score with continuity correction)."""


def _expected_intervals(shared_data: Path) -> Iterator[tuple[float, dict[str, Floats]]]:
    path = shared_data / "oracles" / "02_binomial_intervals_tests" / "expected_intervals.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for confidence in sorted({row["conf"] for row in rows}):
        part = [row for row in rows if row["conf"] == confidence]
        yield float(confidence), {name: np.array([float(row[name]) for row in part]) for name in part[0]}


@pytest.mark.parametrize(("x", "n", "lower", "upper"), CORRECTED)
def test_corrected_wilson_as_printed_by_newcombe(x: int, n: int, lower: float, upper: float) -> None:
    assert wilson_corrected_interval(x, n) == (
        pytest.approx(lower, abs=5e-5),
        pytest.approx(upper, abs=5e-5),
    )


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
@pytest.mark.parametrize(
    ("interval", "columns"),
    [
        (wilson_interval, ("wilson_lo", "wilson_hi")),
        (clopper_pearson_interval, ("cp_lo", "cp_hi")),
        (clopper_pearson_bounds, ("cp1_lower", "cp1_upper")),
        (jeffreys_interval, ("jeffreys_lo", "jeffreys_hi")),
        (agresti_coull_interval, ("ac_lo", "ac_hi")),
    ],
)
def test_limits_as_r_has_them(
    shared_data: Path, interval: Callable[..., tuple[Floats, Floats]], columns: tuple[str, str]
) -> None:
    for confidence, rows in _expected_intervals(shared_data):
        ours = interval(rows["x"], rows["n"], confidence=confidence)
        np.testing.assert_allclose(ours[0], rows[columns[0]], atol=1e-8, rtol=0)
        np.testing.assert_allclose(ours[1], rows[columns[1]], atol=1e-8, rtol=0)


@pytest.mark.oracle
def test_corrected_wilson_as_r_has_it(shared_data: Path) -> None:
    for confidence, rows in _expected_intervals(shared_data):
        # prop.test limits the correction to the distance from its null of one half, also for the interval
        shift = np.minimum(0.5, np.abs(rows["x"] - rows["n"] / 2))
        ours = wilson_corrected_interval(rows["x"], rows["n"], confidence=confidence, correction=shift)
        np.testing.assert_allclose(ours[0], rows["wilsoncc_lo"], atol=1e-8, rtol=0)
        np.testing.assert_allclose(ours[1], rows["wilsoncc_hi"], atol=1e-8, rtol=0)


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


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.998])
def test_a_one_sided_bound_is_a_limit_of_a_wider_interval(confidence: float) -> None:
    bounds = clopper_pearson_bounds([88, 634, 0], [88, 657, 12], confidence=confidence)
    limits = clopper_pearson_interval([88, 634, 0], [88, 657, 12], confidence=2 * confidence - 1)
    np.testing.assert_allclose(bounds, limits, atol=1e-12)


def test_logit_is_symmetric_in_the_log_odds() -> None:
    lower, upper = logit_interval(38, 40)
    odds = np.log([limit / (1 - limit) for limit in (lower, upper)])
    assert odds.mean() == pytest.approx(np.log(38 / 2))
    assert odds[1] - odds[0] == pytest.approx(2 * 1.959963984540054 * np.sqrt(1 / 38 + 1 / 2))


def test_logit_is_exact_where_the_log_odds_are_infinite() -> None:
    np.testing.assert_array_equal(
        logit_interval([0, 40, 0], [40, 40, 0]), clopper_pearson_interval([0, 40, 0], [40, 40, 0])
    )


def test_agresti_coull_shows_that_it_leaves_the_unit_interval() -> None:
    assert agresti_coull_interval(40, 40)[1] > 1


@given(
    st.floats(0.01, 4000).flatmap(lambda n: st.tuples(st.floats(0, n, allow_subnormal=False), st.just(n))),
    st.floats(0.5, 0.999),
)
def test_effective_counts_have_limits_about_their_estimate(
    counts: tuple[float, float], confidence: float
) -> None:
    x, n = counts
    for interval in (wilson_interval, wilson_corrected_interval, clopper_pearson_interval, logit_interval):
        lower, upper = interval(x, n, confidence=confidence)
        assert 0 <= lower <= x / n + 1e-12
        assert x / n - 1e-12 <= upper <= 1

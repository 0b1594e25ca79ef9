"""Mid-p and Blaker limits against R and against the tests that they invert."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from qstats.methods.binomial_intervals import Floats, clopper_pearson_interval
from qstats.methods.binomial_tests import binomial_test
from qstats.methods.inverted_tests import INTERVALS, blaker_interval, interval_named, mid_p_interval

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def _expected(shared_data: Path, confidence: str) -> dict[str, Floats]:
    path = shared_data / "oracles" / "02_binomial_intervals_tests" / "expected_intervals.csv"
    rows = [
        row
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if row["conf"] == confidence
    ]
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


@pytest.mark.oracle
@pytest.mark.parametrize("confidence", ["0.9", "0.95", "0.99"])
def test_blaker_as_exactci_has_it(shared_data: Path, confidence: str) -> None:
    rows = _expected(shared_data, confidence)
    ours = blaker_interval(rows["x"], rows["n"], confidence=float(confidence))
    # exactci finds the root to 1e-5 and rounds to four digits
    np.testing.assert_allclose(ours[0], rows["blaker_lo"], atol=6e-5, rtol=0)
    np.testing.assert_allclose(ours[1], rows["blaker_hi"], atol=6e-5, rtol=0)


@pytest.mark.oracle
@pytest.mark.parametrize("confidence", ["0.9", "0.95", "0.99"])
def test_mid_p_as_exactci_has_it(shared_data: Path, confidence: str) -> None:
    rows = _expected(shared_data, confidence)
    ours = mid_p_interval(rows["x"], rows["n"], confidence=float(confidence))
    # exactci stops R's root search at its default tolerance of 1.2e-4; ours solves the equation, see below
    np.testing.assert_allclose(ours[0], rows["midp_lo"], atol=6.2e-5, rtol=0)
    np.testing.assert_allclose(ours[1], rows["midp_hi"], atol=6.2e-5, rtol=0)


@given(COUNTS, st.sampled_from([0.9, 0.95, 0.998]))
def test_mid_p_leaves_half_of_alpha_in_each_tail(counts: tuple[int, int], confidence: float) -> None:
    x, n = counts
    lower, upper = mid_p_interval(x, n, confidence=confidence)
    half = (1 - confidence) / 2
    assert x == 0 or binom.sf(x, n, lower) + binom.pmf(x, n, lower) / 2 == pytest.approx(half, rel=1e-9)
    assert x == n or binom.cdf(x, n, upper) - binom.pmf(x, n, upper) / 2 == pytest.approx(half, rel=1e-9)


@given(COUNTS, st.sampled_from([0.9, 0.95, 0.998]))
def test_blaker_limits_are_where_its_test_begins_to_reject(
    counts: tuple[int, int], confidence: float
) -> None:
    x, n = counts
    for limit, outwards in zip(blaker_interval(x, n, confidence=confidence), (-1e-7, 1e-7), strict=True):
        if 0 < limit < 1:
            outside = np.clip(limit + outwards * np.arange(1, 40) ** 3, 0, 1)
            assert binomial_test(x, n, limit - outwards, alternative="blaker") > 1 - confidence - 1e-6
            assert np.all(binomial_test(x, n, outside, alternative="blaker") <= 1 - confidence + 1e-9)


@given(COUNTS, st.sampled_from([0.9, 0.95, 0.998]))
def test_blaker_and_mid_p_lie_inside_clopper_pearson(counts: tuple[int, int], confidence: float) -> None:
    widest = clopper_pearson_interval(*counts, confidence=confidence)
    for interval in (blaker_interval, mid_p_interval):
        lower, upper = interval(*counts, confidence=confidence)
        assert widest[0] - 1e-12 <= lower <= counts[0] / counts[1] <= upper <= widest[1] + 1e-12


def test_blaker_never_covers_less_than_it_says() -> None:
    x = np.arange(61)
    lower, upper = blaker_interval(x, 60)
    for p in np.linspace(0.5, 0.999, 200):
        assert binom.pmf(x, 60, p)[(lower <= p) & (p <= upper)].sum() >= 0.95


@pytest.mark.parametrize(("x", "n"), [(3.5, 10), (3, 10.5)])
def test_blaker_takes_whole_counts(x: float, n: float) -> None:
    with pytest.raises(ValueError, match="whole counts"):
        blaker_interval(x, n)


@pytest.mark.parametrize("name", INTERVALS)
def test_every_interval_mirrors_and_ignores_order(name: str) -> None:
    x, n = np.array([0, 3, 88, 634, 50]), np.array([12, 10, 88, 657, 100])
    lower, upper = interval_named(name)(x, n, confidence=0.95)
    mirrored = interval_named(name)(n - x, n, confidence=0.95)
    np.testing.assert_allclose((1 - upper, 1 - lower), mirrored, atol=1e-12)
    np.testing.assert_allclose(interval_named(name)(x[::-1], n[::-1])[0][::-1], lower, atol=0)


@pytest.mark.parametrize("name", sorted(set(INTERVALS) - {"agresti_coull", "jeffreys"}))
def test_nothing_is_known_without_batches(name: str) -> None:
    assert interval_named(name)(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("name", INTERVALS)
@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (float("nan"), 5)])
def test_impossible_counts_are_errors(name: str, x: float, n: float) -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        interval_named(name)(x, n)


def test_an_unknown_interval_is_told_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'wald'; known: agresti_coull, blaker, clopper_pearson"):
        interval_named("wald")

"""Tests of several proportions against R."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.several_proportions import homogeneity_test, pairwise_tests, trend_test
from qstats.methods.two_proportions import chi_squared_test

SMOKERS, PATIENTS = [83, 90, 129, 70], [86, 93, 136, 82]
"""Fleiss (1981), p. 139: smokers among lung cancer patients of four studies; the example of R's prop.test."""


@pytest.mark.oracle
def test_groups_and_trend_as_r_has_them(shared_data: Path) -> None:
    expected = _expected(shared_data)
    groups = homogeneity_test(SMOKERS, PATIENTS)
    trend, last = trend_test(SMOKERS, PATIENTS), trend_test(SMOKERS, PATIENTS, [0, 0, 0, 1])
    ours = [groups.statistic, groups.p, trend.statistic, trend.p, last.statistic, last.p]
    np.testing.assert_allclose(ours, list(expected.values())[:6], atol=1e-8, rtol=0)


@pytest.mark.oracle
def test_pairs_as_r_has_them(shared_data: Path) -> None:
    pairs = {name.split()[1]: p for name, p in _expected(shared_data).items() if name.startswith("pairwise")}
    ours = pairwise_tests(SMOKERS, PATIENTS)
    assert len(pairs) == 9
    for pair, p in pairs.items():
        row, column = (int(part) - 1 for part in pair.split("-"))
        # R fills the lower triangle; what it leaves out are pairs of a group with itself or met before
        assert np.isnan(p) == (row <= column)
        assert np.isnan(p) or ours[row, column] == pytest.approx(p, abs=1e-8)


def _expected(shared_data: Path) -> dict[str, float]:
    path = shared_data / "oracles" / "02_binomial_intervals_tests" / "expected_k_sample.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["test"]: float("nan" if row["value"] == "NA" else row["value"]) for row in rows}


@given(*[st.integers(0, 50)] * 2, *[st.integers(50, 90)] * 2)
def test_two_groups_agree_with_the_test_of_two(x1: int, x2: int, n1: int, n2: int) -> None:
    expected = chi_squared_test(x1, n1, x2, n2)
    for ours in (homogeneity_test([x1, x2], [n1, n2]), trend_test([x1, x2], [n1, n2])):
        assert (ours.statistic, ours.p, ours.degrees) == pytest.approx((expected.statistic, expected.p, 1))


def test_empty_groups_and_perfect_groups_claim_nothing() -> None:
    assert homogeneity_test([30, 0, 40], [30, 0, 40]).p == 1.0
    assert homogeneity_test([30, 0, 40], [30, 0, 40]).degrees == 1
    assert trend_test([30, 40, 50], [30, 40, 50]).p == 1.0


def test_impossible_questions_are_errors() -> None:
    with pytest.raises(ValueError, match="two groups"):
        homogeneity_test([3, 0], [4, 0])
    with pytest.raises(ValueError, match="every group"):
        trend_test([3, 0, 4], [4, 0, 4])
    with pytest.raises(ValueError, match="scores that differ"):
        trend_test([3, 4], [4, 4], [1, 1])

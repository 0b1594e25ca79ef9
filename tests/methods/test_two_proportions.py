"""Tests of two proportions against R, the published examples and their definitions."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nchypergeom_fisher

from qstats.methods.two_proportions import chi_squared_test, fisher_test, unconditional_test

TABLES = [(96, 100, 90, 100), (480, 500, 495, 500), (0, 30, 3, 30), (19, 20, 20, 20), (3, 10, 9, 10)]
COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def _expected(shared_data: Path) -> list[dict[str, float]]:
    path = shared_data / "oracles" / "02_binomial_intervals_tests" / "expected_two_sample.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return [{name: float(value) for name, value in row.items()} for row in rows]


def _counts(row: dict[str, float]) -> tuple[int, int, int, int]:
    return int(row["x1"]), int(row["n1"]), int(row["x2"]), int(row["n2"])


@pytest.mark.oracle
def test_chi_squared_as_r_has_it(shared_data: Path) -> None:
    for row in _expected(shared_data):
        plain, corrected = (chi_squared_test(*_counts(row), corrected=flag) for flag in (False, True))
        ours = (plain.statistic, plain.p, plain.lower, plain.upper)
        ours += (corrected.p, corrected.lower, corrected.upper)
        names = ("chisq", "chisq_p", "diff_lo", "diff_hi", "chisq_cc_p", "diffcc_lo", "diffcc_hi")
        np.testing.assert_allclose(ours, [row[name] for name in names], atol=1e-8, rtol=0)


@pytest.mark.oracle
def test_fisher_as_r_has_it(shared_data: Path) -> None:
    for row in _expected(shared_data):
        ours = fisher_test(*_counts(row))
        assert ours.p == pytest.approx(row["fisher_p"], abs=1e-8)
        # fisher.test stops its root search at 1.2e-4 of the odds ratio or of its inverse; ours goes on
        for value, name in (
            (ours.odds_ratio, "fisher_or"),
            (ours.lower, "fisher_lo"),
            (ours.upper, "fisher_hi"),
        ):
            assert _bounded(value) == pytest.approx(_bounded(row[name]), abs=1.3e-4)


def _bounded(ratio: float) -> float:
    return ratio if ratio <= 1 else 2 - 1 / ratio


@pytest.mark.parametrize("counts", TABLES)
def test_the_odds_ratio_solves_its_equations(counts: tuple[int, int, int, int]) -> None:
    x1, n1, x2, n2 = counts
    ours = fisher_test(*counts)
    total = (n1 + n2, x1 + x2, n1)
    if 0 < ours.odds_ratio < np.inf:
        assert nchypergeom_fisher.mean(*total, ours.odds_ratio) == pytest.approx(x1, abs=1e-6)
    if ours.lower > 0:
        assert nchypergeom_fisher.sf(x1 - 1, *total, ours.lower) == pytest.approx(0.025, abs=1e-8)
    if ours.upper < np.inf:
        assert nchypergeom_fisher.cdf(x1, *total, ours.upper) == pytest.approx(0.025, abs=1e-8)


def test_barnard_and_boschloo_as_published() -> None:
    # Mehta & Senchaudhuri (2003), Conditional versus unconditional exact tests: vaccine, 7 of 15 and 12 of 15
    assert unconditional_test(7, 15, 12, 15, method="barnard") == pytest.approx(0.0682, abs=1e-4)
    assert unconditional_test(7, 15, 12, 15) < fisher_test(7, 15, 12, 15).p


@given(COUNTS, COUNTS)
def test_tests_do_not_care_which_group_comes_first(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert fisher_test(*one, *other).p == pytest.approx(fisher_test(*other, *one).p)
    for corrected in (False, True):
        forth = chi_squared_test(*one, *other, corrected=corrected)
        back = chi_squared_test(*other, *one, corrected=corrected)
        assert (forth.p, forth.lower, forth.upper) == pytest.approx((back.p, -back.upper, -back.lower))
        assert forth.lower <= forth.difference <= forth.upper


@pytest.mark.parametrize("counts", [(30, 30, 88, 88), (0, 30, 0, 88), (0, 0, 3, 30)])
def test_without_any_difference_nothing_is_claimed(counts: tuple[int, int, int, int]) -> None:
    ours = fisher_test(*counts)
    assert (ours.p, ours.lower, ours.upper) == (1.0, 0.0, np.inf)
    assert np.isnan(ours.odds_ratio)
    assert unconditional_test(*counts) == 1.0


def test_chi_squared_of_two_perfect_groups_is_nothing() -> None:
    ours = chi_squared_test(30, 30, 88, 88, corrected=True)
    assert (ours.statistic, ours.p, ours.difference) == (0.0, 1.0, 0.0)


def test_impossible_questions_are_errors() -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        fisher_test(5, 4, 1, 4)
    with pytest.raises(ValueError, match="whole counts"):
        fisher_test(3.5, 4, 1, 4)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least one observation"):
        chi_squared_test(0, 0, 1, 4)
    with pytest.raises(ValueError, match="known: barnard, boschloo"):
        unconditional_test(1, 4, 2, 4, method="fisher")


def test_the_correction_never_turns_a_difference_round() -> None:
    assert chi_squared_test(10, 20, 11, 21, corrected=True).statistic == pytest.approx(0, abs=1e-12)

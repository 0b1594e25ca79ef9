"""The cautious rate: its parts, and its limits where peers have none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from qstats.methods.clustered_rates import clustered_rates, correlate_cells
from qstats.methods.survey.design import Design


def _design(cluster: np.ndarray, weight: np.ndarray | None = None) -> Design:
    n = len(cluster)
    return Design(np.ones(n) if weight is None else weight, np.zeros(n, np.int64), cluster.astype(np.int64))


def test_all_passed_is_limited_by_the_pooled_likeness() -> None:
    """30 batches of 10 enterprises at rho = 0.5 are worth 15: Clopper-Pearson of 15 in 15."""
    cluster = np.repeat(np.arange(10), 3)
    rates = clustered_rates(_design(cluster), np.ones(30), np.zeros(30, np.int64), 1, icc=0.5)
    lower, _ = proportion_confint(15, 15, method="beta")
    assert (rates.estimate[0], rates.upper[0], rates.effective_n[0]) == pytest.approx((1, 1, 15))
    assert rates.lower[0] == pytest.approx(lower)


def test_own_variance_counts_where_enterprises_fail_as_a_whole() -> None:
    """Ten enterprises of ten batches, two of which fail in all: worth nine batches, less few degrees."""
    cluster, passed = np.repeat(np.arange(10), 10), np.repeat([0, 0, 1, 1, 1, 1, 1, 1, 1, 1], 10)
    rates = clustered_rates(_design(cluster), passed, np.zeros(100, np.int64), 1, icc=0.0)
    assert rates.effective_n[0] == pytest.approx(9 * (1.98422 / 2.26216) ** 2, rel=1e-4)


def test_an_empty_cell_stays_and_knows_nothing() -> None:
    rates = clustered_rates(_design(np.arange(4)), [1, 1, 0, 1], np.array([0, 0, 0, -1]), 2, icc=0.0)
    assert (rates.n.tolist(), rates.effective_n[1], rates.lower[1], rates.upper[1]) == ([3, 0], 0, 0, 1)
    assert np.isnan(rates.estimate[1])


def test_fitted_rates_take_the_spread_between_strata_out() -> None:
    passed, fitted = np.repeat([1.0, 0.0], 50), np.repeat([1.0, 0.0], 50)
    cell = np.zeros(100, np.int64)
    plain, fixed = (
        clustered_rates(_design(np.arange(100)), passed, cell, 1, icc=0.0, fitted=part)
        for part in (0.0, fitted)
    )
    assert fixed.effective_n[0] == pytest.approx(100)
    assert plain.effective_n[0] == pytest.approx(99)


batches = st.lists(st.tuples(st.booleans(), st.integers(0, 12), st.floats(0.2, 5)), min_size=1, max_size=60)


@given(batches, st.floats(0, 1))
def test_interval_holds_the_estimate_whatever_the_order_and_the_scale(
    rows: list[tuple[bool, int, float]], icc: float
) -> None:
    passed, cluster, weight = (np.array(part) for part in zip(*rows, strict=True))
    cell = np.zeros(len(rows), np.int64)
    rates = clustered_rates(_design(cluster, weight), passed, cell, 1, icc=icc)
    assert 0 <= rates.lower[0] <= rates.estimate[0] + 1e-12
    assert rates.estimate[0] <= rates.upper[0] + 1e-12 <= 1 + 1e-9
    order = np.argsort(weight)
    other = clustered_rates(_design(cluster[order], 1000 * weight[order]), passed[order], cell, 1, icc=icc)
    assert other.lower == pytest.approx(rates.lower, abs=1e-9)
    assert other.effective_n == pytest.approx(rates.effective_n, rel=1e-6)


def test_correlation_needs_both_the_model_and_the_data() -> None:
    cluster, cell = np.tile(np.arange(20), 2), np.repeat([0, 1], 20)
    alike = np.tile(np.repeat([0, 1], 10), 2)
    opposite = np.concatenate([alike[:20], 1 - alike[:20]])
    pairs = ([0], [1])
    assert correlate_cells(_design(cluster), alike, cell, 2, pairs, icc=0.4)[0] == pytest.approx(0.4)
    assert correlate_cells(_design(cluster), opposite, cell, 2, pairs, icc=0.4)[0] == 0
    assert correlate_cells(_design(cluster), alike, cell, 2, pairs, icc=0.0)[0] == 0

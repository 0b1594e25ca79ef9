"""What alike batches are worth, against the textbook design effect and simulated likeness."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.effective_size import (
    degrees_of_freedom_factor,
    effective_sizes,
    intra_cluster_correlation,
    model_correlation,
    own_effective_sizes,
)


@pytest.mark.parametrize(("size", "icc"), [(1, 0.3), (4, 0.0), (4, 0.3), (10, 0.05), (5, 1.0)])
def test_equal_clusters_have_kish_design_effect(size: int, icc: float) -> None:
    """Kish (1965): deff = 1 + (m - 1) rho."""
    cluster = np.repeat(np.arange(20), size)
    n = effective_sizes(np.ones(20 * size), cluster, np.zeros(20 * size, int), 1, icc=icc)
    assert n[0] == pytest.approx(20 * size / (1 + (size - 1) * icc))


def test_unequal_weights_alone_have_kish_effective_size() -> None:
    weight = np.array([1.0, 2, 3, 4])
    n = effective_sizes(weight, np.arange(4), np.zeros(4, int), 1, icc=0.2)
    assert n[0] == pytest.approx(weight.sum() ** 2 / (weight**2).sum())


@pytest.mark.parametrize(("share", "n"), [(0.0, 30 / 1.6), (0.5, 30 / 1.15), (1.0, 30)])
def test_a_census_of_enterprises_leaves_the_choice_of_batches(share: float, n: float) -> None:
    """(1 - rho) + rho (1 - f) m, never below what the batches themselves vary."""
    cluster = np.repeat(np.arange(10), 3)
    sizes = effective_sizes(np.ones(30), cluster, np.zeros(30, int), 1, icc=0.3, sampled_share=share)
    assert sizes[0] == pytest.approx(n)


def test_empty_domains_and_units_outside() -> None:
    n = effective_sizes(np.ones(3), [0, 1, 2], [0, -1, 2], 3, icc=0.1)
    assert n.tolist() == [1, 0, 1]
    with pytest.raises(ValueError, match="must not be negative"):
        effective_sizes([-1.0], [0], [0], 1, icc=0)


@given(st.lists(st.tuples(st.floats(0.1, 9), st.integers(0, 5)), min_size=1, max_size=40), st.floats(0, 1))
def test_order_and_scale_do_not_matter_and_n_is_the_bound(units: list[tuple[float, int]], icc: float) -> None:
    weight, cluster = np.array([u[0] for u in units]), np.array([u[1] for u in units])
    zeros = np.zeros(len(units), int)
    n = effective_sizes(weight, cluster, zeros, 1, icc=icc)[0]
    assert n <= len(units) * (1 + 1e-9)
    assert effective_sizes(7 * weight[::-1], cluster[::-1], zeros, 1, icc=icc)[0] == pytest.approx(n)


@pytest.mark.parametrize("icc", [0.0, 0.1, 0.3])
def test_known_likeness_is_found(icc: float) -> None:
    generator = np.random.default_rng(5)
    size = generator.integers(1, 6, 20_000)
    cluster = np.repeat(np.arange(20_000), size)
    chance = (
        generator.beta(0.9 * (1 - icc) / icc, 0.1 * (1 - icc) / icc, 20_000) if icc else np.full(20_000, 0.9)
    )
    found = intra_cluster_correlation(generator.random(len(cluster)) < chance[cluster], cluster)
    assert found.value == pytest.approx(icc, abs=0.02)
    assert (found.estimated, found.clusters, found.repeated) == (True, 20_000, int((size > 1).sum()))


@pytest.mark.parametrize(
    ("values", "cluster"), [([], []), ([1, 1, 0], [0, 1, 2]), ([1, 1, 1], [0, 0, 1]), ([1, 1, 0], [0, 0, 1])]
)
def test_where_the_data_cannot_tell_each_enterprise_counts_once(
    values: list[int], cluster: list[int]
) -> None:
    found = intra_cluster_correlation(values, cluster)
    assert (found.value, found.estimated) == (1.0, False)


def test_correlation_of_two_occasions() -> None:
    """The same ten enterprises once in each period: the rates correlate as two of their batches do."""
    cluster, domain = np.tile(np.arange(10), 2), np.repeat([0, 1], 10)
    shared = model_correlation(np.ones(20), cluster, domain, 2, ([0], [1]), icc=0.3)
    assert shared[0] == pytest.approx(0.3)
    apart = model_correlation(np.ones(20), np.arange(20), domain, 2, ([0], [1]), icc=0.3)
    assert apart[0] == 0


def test_no_failure_says_nothing_about_precision() -> None:
    assert own_effective_sizes([0.9, 1.0], [0.09 / 50, 0.0]).tolist() == pytest.approx([50, np.inf])


def test_few_clusters_cost_degrees_of_freedom() -> None:
    """Student quantiles 1.9842 with 99 and 2.2622 with 9 degrees of freedom."""
    factor = degrees_of_freedom_factor(100, 9, confidence=0.95)
    assert factor == pytest.approx((1.98422 / 2.26216) ** 2, rel=1e-5)

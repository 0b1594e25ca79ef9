"""Oracles: the variance written out from its definition, stratum by stratum; hand-worked cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.survey.design import Design, Stage, make_design
from qstats.methods.survey.domains import covariance, domain_means, domain_totals


def plain_variance(design: Design, scores: np.ndarray) -> float:
    """Variance of a sum over one stage, stratum by stratum, as it stands in the books."""
    total = 0.0
    for stratum in np.unique(design.stratum):
        inside = design.stratum == stratum
        sums = np.array([scores[design.cluster == code].sum() for code in np.unique(design.cluster[inside])])
        n = len(sums)
        fraction = 0.0 if design.population is None else n / design.population[stratum]
        if n > 1:
            total += (1 - fraction) * n * sums.var(ddof=1)
        else:
            total += (1 - fraction) * sums[0] ** 2
    return total


def random_design(seed: int, *, n: int = 300, clusters: int = 40, strata: int = 6) -> Design:
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, clusters, n)
    stratum = (np.arange(clusters) % strata)[cluster]
    return make_design(
        n, weight=rng.uniform(1, 9, n), stratum=stratum, cluster=cluster, population=10.0 + stratum
    )


@pytest.mark.parametrize("seed", range(4))
def test_every_domain_keeps_the_whole_design(seed: int) -> None:
    design, rng = random_design(seed), np.random.default_rng(seed + 100)
    values, denominator = rng.random(300), rng.uniform(1, 2, 300)
    domain = rng.integers(-1, 5, 300)
    means = domain_means(design, values, domain, 6, denominator=denominator)
    totals = domain_totals(design, values, domain, 6)
    for code in range(5):
        weight = design.weight * (domain == code)
        ratio = weight @ values / (weight @ denominator)
        scores = weight * (values - ratio * denominator) / (weight @ denominator)
        assert means.estimate[code] == pytest.approx(ratio)
        assert means.variance[code] == pytest.approx(plain_variance(design, scores))
        assert totals.variance[code] == pytest.approx(plain_variance(design, weight * values))
        assert means.n[code] == (domain == code).sum()
        assert means.clusters[code] == len(np.unique(design.cluster[domain == code]))


def test_an_empty_domain_stays_visible() -> None:
    means = domain_means(random_design(1), np.ones(300), np.zeros(300, int), 3)
    assert np.isnan(means.estimate[1:]).all() and np.isnan(means.variance[1:]).all()
    assert means.n.tolist() == [300, 0, 0] and means.clusters.tolist() == [40, 0, 0]


def test_all_passed_has_no_variance_and_no_effective_size() -> None:
    means = domain_means(random_design(2), np.ones(300), np.zeros(300, int), 1)
    assert means.estimate[0] == 1 and means.variance[0] == 0
    assert np.isnan(means.effective_n[0]) and np.isnan(means.deff[0])


def test_simple_random_sample_is_its_own_yardstick() -> None:
    values = np.array([1, 1, 1, 0, 1, 0, 1, 1, 1, 1.0])
    means = domain_means(make_design(10), values, np.zeros(10, int), 1)
    assert means.deff[0] == pytest.approx(1)
    assert means.variance[0] == pytest.approx(0.8 * 0.2 / 9)
    assert means.effective_n[0] == pytest.approx(9)
    assert means.df[0] == means.design_df[0] == 9


def test_covariance_completes_the_variance_of_a_difference() -> None:
    """The mean of both halves together is a sum of the two, so its variance tells their covariance."""
    design, rng = random_design(7), np.random.default_rng(7)
    values, domain = rng.random(300), rng.integers(0, 2, 300)
    of_pairs = covariance(design, values, domain, [[0, 1], [1, 0], [0, 0], [1, 1]])
    means = domain_means(design, values, domain, 2)
    assert of_pairs[0] == pytest.approx(of_pairs[1])
    assert of_pairs[2:] == pytest.approx(means.variance)
    scores = np.zeros(300)
    for code, sign in ((0, 1), (1, -1)):
        weight = design.weight * (domain == code)
        scores += sign * weight * (values - means.estimate[code]) / weight.sum()
    of_difference = means.variance.sum() - 2 * of_pairs[0]
    assert of_difference == pytest.approx(plain_variance(design, scores))


def test_domains_without_a_common_stratum_do_not_vary_together() -> None:
    stratum = np.repeat([0, 1], 50)
    design = make_design(100, stratum=stratum, cluster=np.arange(100) // 5)
    values = np.random.default_rng(3).random(100)
    assert covariance(design, values, stratum, [[0, 1]]) == pytest.approx(0, abs=1e-18)


def test_a_single_cluster_in_its_stratum_is_adjusted_certain_or_refused() -> None:
    design = make_design(6, stratum=[0, 0, 0, 0, 1, 1], cluster=[0, 0, 1, 1, 2, 2])
    values, domain = np.array([1, 1, 0, 1, 1, 0.0]), np.zeros(6, int)
    certain = domain_means(design, values, domain, 1, lonely="certainty").variance[0]
    adjusted = domain_means(design, values, domain, 1).variance[0]
    scores = (values - values.mean()) / 6
    assert certain == pytest.approx(2 * np.var([scores[:2].sum(), scores[2:4].sum()], ddof=1))
    assert adjusted == pytest.approx(certain + scores[4:].sum() ** 2)
    with pytest.raises(ValueError, match="single cluster"):
        domain_means(design, values, domain, 1, lonely="fail")
    with pytest.raises(ValueError, match="known: adjust"):
        domain_means(design, values, domain, 1, lonely="drop")


def test_a_stratum_taken_whole_adds_nothing() -> None:
    design = make_design(4, stratum=[0, 0, 1, 1], population=[2, 2, 9, 9])
    other = make_design(4, stratum=[0, 0, 1, 1], population=[2, 2, np.inf, np.inf])
    values = np.array([0, 1, 0, 1.0])
    domain = np.zeros(4, int)
    found = domain_means(design, values, domain, 1).variance[0]
    assert found == pytest.approx((1 - 2 / 9) * domain_means(other, values, domain, 1).variance[0])


def test_draws_side_by_side_are_the_draws_one_by_one() -> None:
    """Many samples in one call: strata and domains of each stand apart."""
    draws = [random_design(seed, n=80, clusters=16, strata=3) for seed in range(5)]
    values = [np.random.default_rng(seed).random(80) for seed in range(5)]
    together = make_design(
        400,
        weight=np.concatenate([draw.weight for draw in draws]),
        stratum=np.concatenate([draw.stratum + 3 * k for k, draw in enumerate(draws)]),
        cluster=np.concatenate([draw.cluster + 16 * k for k, draw in enumerate(draws)]),
    )
    found = domain_means(together, np.concatenate(values), np.repeat(np.arange(5), 80), 5)
    for k, draw in enumerate(draws):
        free = Design(draw.weight, draw.stratum, draw.cluster)
        alone = domain_means(free, values[k], np.zeros(80, int), 1)
        assert found.variance[k] == pytest.approx(alone.variance[0])
        assert found.design_df[k] == alone.design_df[0] == free.degrees_of_freedom


@given(seed=st.integers(0, 10**6), factor=st.floats(1e-3, 1e3))
def test_order_of_rows_and_scale_of_weights_do_not_matter(seed: int, factor: float) -> None:
    design, rng = random_design(3), np.random.default_rng(seed)
    values, domain, order = rng.random(300), rng.integers(-1, 4, 300), rng.permutation(300)
    found = domain_means(design, values, domain, 4)
    turned = Design(
        design.weight[order] * factor, design.stratum[order], design.cluster[order], design.population
    )
    again = domain_means(turned, values[order], domain[order], 4)
    assert again.estimate == pytest.approx(found.estimate)
    assert again.variance == pytest.approx(found.variance)
    assert again.deff == pytest.approx(found.deff)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight": [1, -1, 1]}, "not negative"),
        ({"weight": [1, np.nan, 1]}, "finite"),
        ({"population": [1, 1, 1]}, "more clusters in the sample"),
        ({"population": [5, 5, 6]}, "differs between its units"),
    ],
)
def test_impossible_designs_are_refused(change: dict[str, list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_design(3, **change)


def test_codes_that_are_not_nested_are_refused() -> None:
    one, two = np.zeros(2, int), np.arange(2)
    with pytest.raises(ValueError, match="more than one stratum"):
        Design(np.ones(2), two, one)
    with pytest.raises(ValueError, match="stage before"):
        Design(np.ones(2), one, two, np.array([9.0]), (Stage(one, two),))


def test_values_that_are_missing_are_refused_inside_a_domain_only() -> None:
    values = np.array([1, np.nan, 0])
    with pytest.raises(ValueError, match="domain -1"):
        domain_means(make_design(3), values, np.zeros(3, int), 1)
    assert domain_means(make_design(3), values, np.array([0, -1, 0]), 1).estimate[0] == 0.5
    with pytest.raises(ValueError, match="between -1 and 0"):
        domain_means(make_design(3), np.ones(3), np.ones(3, int), 1)


def test_domains_add_up_to_the_whole() -> None:
    design, rng = random_design(9), np.random.default_rng(9)
    values, domain = rng.random(300), rng.integers(0, 5, 300)
    parts, whole = (domain_totals(design, values, code, 5) for code in (domain, np.zeros(300, int)))
    means, mean = (domain_means(design, values, code, 5) for code in (domain, np.zeros(300, int)))
    assert parts.estimate.sum() == pytest.approx(whole.estimate[0])
    assert means.weight_sum @ means.estimate / mean.weight_sum[0] == pytest.approx(mean.estimate[0])

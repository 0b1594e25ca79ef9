"""What must hold of path models whatever the data: weights, order, scales, resamples, invariance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.methods.path_models.estimation import fit_paths
from qstats.methods.path_models.indices import latent_indices
from qstats.methods.path_models.invariance import judge_invariance
from qstats.methods.path_models.model import PathModel, make_model
from qstats.methods.path_models.moments import weighted_moments
from qstats.methods.path_models.reliability import htmt
from qstats.methods.path_models.resampling import percentile_interval, resampled_weights

MODEL = make_model(
    {"quality": [0, 1, 2], "value": [3, 4], "satisfaction": [5, 6, 7]},
    {"value": ["quality"], "satisfaction": ["quality", "value"]},
)
FORMED = make_model(
    {"quality": [0, 1, 2], "value": [3, 4], "satisfaction": [5, 6, 7]},
    {"value": ["quality"], "satisfaction": ["quality", "value"]},
    modes={"quality": "B"},
    scheme="factorial",
)


def draw_answers(n: int, seed: int) -> np.ndarray:
    """Answers 1–10 of a model with three latent variables."""
    generator = np.random.default_rng(seed)
    quality = generator.normal(size=n)
    value = 0.6 * quality + 0.8 * generator.normal(size=n)
    satisfaction = 0.5 * quality + 0.4 * value + 0.6 * generator.normal(size=n)
    latent = np.column_stack([quality, quality, quality, value, value, *[satisfaction] * 3])
    return np.clip(np.round(7 + 1.5 * latent + generator.normal(size=latent.shape)), 1, 10)


@pytest.mark.parametrize("model", [MODEL, FORMED])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_integer_weights_are_repeated_rows(model: PathModel, seed: int) -> None:
    answers = draw_answers(80, seed)
    times = np.random.default_rng(seed).integers(1, 5, 80)
    weighted, repeated = weighted_moments(answers, times), weighted_moments(np.repeat(answers, times, axis=0))
    one, other = fit_paths(model, weighted), fit_paths(model, repeated)
    for name in ("weight", "loading", "paths", "r_squared", "latent_covariance"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-10)
    np.testing.assert_allclose(
        latent_indices(model, one, weighted, 1, 10), latent_indices(model, other, repeated, 1, 10), atol=1e-9
    )


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100))
def test_order_and_scale_of_weights_do_not_matter(seed: int, factor: float) -> None:
    generator = np.random.default_rng(seed)
    answers, weight = draw_answers(80, seed), generator.uniform(0.5, 2, 80)
    order = generator.permutation(80)
    one = fit_paths(MODEL, weighted_moments(answers, weight))
    other = fit_paths(MODEL, weighted_moments(answers[order], factor * weight[order]))
    np.testing.assert_allclose(one.paths, other.paths, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_indices_do_not_depend_on_the_units_of_items(seed: int) -> None:
    """An item on 0–100 beside others on 1–10 has the same part in the index."""
    answers = draw_answers(80, seed)
    turned = answers.copy()
    turned[:, 1] = (answers[:, 1] - 1) * 100 / 9
    low, high = np.ones(8), np.full(8, 10.0)
    low_turned, high_turned = low.copy(), high.copy()
    low_turned[1], high_turned[1] = 0, 100
    one, other = weighted_moments(answers), weighted_moments(turned)
    np.testing.assert_allclose(
        latent_indices(MODEL, fit_paths(MODEL, one), one, low, high),
        latent_indices(MODEL, fit_paths(MODEL, other), other, low_turned, high_turned),
        atol=1e-8,
    )


def test_resamples_solved_together_are_those_solved_alone() -> None:
    answers = draw_answers(120, 1)
    weights = resampled_weights(np.ones(120), np.zeros(120), np.arange(120), replicates=5, seed=2)
    together = fit_paths(MODEL, weighted_moments(answers, weights))
    for at, weight in enumerate(weights):
        alone = fit_paths(MODEL, weighted_moments(answers, weight))
        np.testing.assert_allclose(together.paths[at], alone.paths[0], atol=1e-7)


def test_resampled_totals_are_unbiased_and_vary_as_the_design_says() -> None:
    """Rao–Wu: mean of the resampled totals is the total, their variance the one with replacement."""
    generator = np.random.default_rng(5)
    stratum, cluster = np.repeat([0, 1], [60, 40]), np.repeat(np.arange(20), 5)
    values, weight = generator.normal(5, 1, 100) + cluster % 3, generator.uniform(1, 3, 100)
    totals = resampled_weights(weight, stratum, cluster, replicates=20_000, seed=1) @ values
    of_cluster = np.bincount(cluster, weight * values)
    expected = sum(len(part) * part.var(ddof=1) for part in (of_cluster[:12], of_cluster[12:]))
    assert totals.mean() == pytest.approx(weight @ values, rel=2e-3)
    assert totals.var() == pytest.approx(expected, rel=0.05)


def test_a_stratum_with_one_cluster_is_named() -> None:
    with pytest.raises(ValueError, match="stratum 'b' has one cluster"):
        resampled_weights(np.ones(4), list("aaab"), np.arange(4), replicates=9, seed=0)


def test_calibration_is_repeated_in_each_resample() -> None:
    first = np.arange(40) < 20

    def to_margins(weight: np.ndarray) -> np.ndarray:
        return np.where(first, weight / weight[first].sum(), weight / weight[~first].sum())

    weights = resampled_weights(
        np.ones(40), np.zeros(40), np.arange(40), replicates=7, seed=3, recalibrate=to_margins
    )
    np.testing.assert_allclose(weights[:, first].sum(axis=1), 1)


def test_what_has_no_solution_is_refused() -> None:
    answers = draw_answers(50, 3)
    answers[:, 4] = 7
    with pytest.raises(ValueError, match="item 4 does not vary"):
        fit_paths(MODEL, weighted_moments(answers))
    answers = draw_answers(50, 3)
    answers[:, 2] = answers[:, 0] + answers[:, 1]
    with pytest.raises(ValueError, match="mode B has no weights"):
        fit_paths(FORMED, weighted_moments(answers))
    with pytest.raises(ValueError, match="complete cases"):
        weighted_moments(np.where(answers == 7, np.nan, answers))
    with pytest.raises(ValueError, match="no solution"):
        percentile_interval(np.ones((10, 1)), np.arange(10) > 0, 0.95)
    with pytest.raises(ValueError, match="circle"):
        make_model({"a": [0], "b": [1]}, {"a": ["b"], "b": ["a"]})
    with pytest.raises(ValueError, match="c is tied to no other"):
        make_model({"a": [0], "b": [1], "c": [2]}, {"b": ["a"]})
    with pytest.raises(ValueError, match="exactly one latent variable"):
        make_model({"a": [0], "b": [0]}, {"b": ["a"]})


def test_a_constant_item_in_a_resample_is_no_solution_of_it() -> None:
    answers = draw_answers(40, 4)
    weights = np.ones((3, 40))
    weights[1] = np.arange(40) == 0
    assert fit_paths(MODEL, weighted_moments(answers, weights)).converged.tolist() == [True, False, True]


def test_groups_of_one_population_are_invariant_and_others_are_not() -> None:
    answers = draw_answers(600, 7)
    second = np.arange(600) >= 300
    same = judge_invariance(MODEL, answers, second, np.ones(600), permutations=199, seed=1)
    assert [same.extent(latent) for latent in range(3)] == ["full"] * 3
    shifted = answers.copy()
    shifted[second] = np.clip(shifted[second] - 1.5, 1, 10)
    lower = judge_invariance(MODEL, shifted, second, np.ones(600), permutations=199, seed=1)
    assert not lower.same_means.any() and (lower.mean_difference < 0).all()
    noisy = answers.copy()
    noisy[second, 0] = np.random.default_rng(1).integers(1, 11, 300)
    other = judge_invariance(MODEL, noisy, second, np.ones(600), permutations=199, seed=1)
    assert other.extent(0) == "none"


def test_discriminant_validity_of_blocks() -> None:
    """HTMT against its definition, on blocks that are two halves of one (ratio near 1) and unlike ones."""
    generator = np.random.default_rng(2)
    common, other = generator.normal(size=(2, 4000))
    items = np.column_stack([common + generator.normal(size=4000) for _ in range(6)])
    items = np.column_stack([items, *[other + generator.normal(size=4000) for _ in range(2)]])
    model = make_model({"a": [0, 1, 2], "b": [3, 4, 5], "c": [6, 7]}, {"b": ["a"], "c": ["b"]})
    ratio = htmt(model, weighted_moments(items))
    assert ratio[0, 1] == pytest.approx(1, abs=0.05)
    assert ratio[0, 2] < 0.1
    assert np.isnan(np.diag(ratio)).all()


def test_few_degrees_of_freedom_take_limits_further_out() -> None:
    """As far as Student's limits lie beyond normal ones: with many draws of a normal law, exactly there."""
    draws = np.random.default_rng(0).normal(size=(200_000, 1))
    usable = np.ones(200_000, bool)
    _, _, wide = percentile_interval(draws, usable, 0.95, df=5)
    _, _, narrow = percentile_interval(draws, usable, 0.95)
    assert wide[0] == pytest.approx(2.571, abs=0.05) and narrow[0] == pytest.approx(1.960, abs=0.02)


def test_units_change_groups_as_a_whole_and_within_their_stratum() -> None:
    answers = draw_answers(240, 9)
    unit, second = np.repeat(np.arange(24), 10), np.repeat(np.arange(24) % 2 == 1, 10)
    stratum = np.repeat(["a", "b"], 120)
    rules = {"permutations": 99, "seed": 1}
    whole = judge_invariance(MODEL, answers, second, np.ones(240), unit=unit, within=stratum, **rules)
    assert whole.extent(0) in ("full", "partial")
    alone = judge_invariance(MODEL, answers, stratum == "b", np.ones(240), unit=unit, within=stratum, **rules)
    np.testing.assert_allclose(alone.mean_limits[0], alone.mean_difference)  # nothing is left to be permuted
    np.testing.assert_allclose(alone.mean_limits[1], alone.mean_difference)
    with pytest.raises(ValueError, match="two groups or strata"):
        judge_invariance(MODEL, answers, np.arange(240) % 2 == 1, np.ones(240), unit=unit, **rules)
    with pytest.raises(ValueError, match="two groups or strata"):
        judge_invariance(MODEL, answers, second, np.ones(240), unit=unit, within=np.arange(240) % 2, **rules)

"""What choices do to ranks: many draws at once are what single runs give; shares of variance are known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import sobol_indices, uniform

from qstats.methods.composite_index import (
    ChoiceModel,
    Choices,
    Composite,
    Outliers,
    build_tree,
    compose,
    decompose_shifts,
    draw_choices,
    ranks_of,
    shifts_without_each,
)
from qstats.methods.composite_index.sensitivity import sobol_estimates

TREE = build_tree(
    ["a", "b", "c", "d", "first", "second", "index"],
    ["first", "first", "second", "second", "index", "index", None],
    [1, 2, 3, 1, 2, 1, 1],
    [1, -1, 1, 1],
)
CHOICES = Choices(
    {
        "scale": (
            {"normalisation": "minmax", "normalisation_options": {"lower": 1.0}},
            {"normalisation": "percentile_ranks", "normalisation_options": {}},
        ),
        "mean": ({"aggregation": "arithmetic"}, {"aggregation": "copeland"}),
        "extremes": ({"outliers": None}, {"outliers": Outliers()}),
        "settled": ({"imputation": "mean"},),
    },
    weight_noise=0.5,
    weight_sets=16,
)


@pytest.fixture(scope="module")
def made() -> Composite:
    values = np.random.default_rng(8).lognormal(1, 1, (12, 4))
    values[3, 1] = np.nan
    return compose(values, TREE)


def test_draws_at_once_equal_single_runs(made: Composite) -> None:
    model = ChoiceModel(made, CHOICES, seed=3)
    picks = model.pick(np.random.default_rng(5).random((40, len(model.names))))
    ranks = model.ranks(picks)
    for pick, found in zip(picks, ranks, strict=True):
        changes = {}
        for name, number in zip(model.settled, pick, strict=False):
            changes |= CHOICES.alternatives[name][number]
        single = made.with_settings(**changes).with_tree(replace(TREE, weights=model.weights[pick[-1]]))
        np.testing.assert_array_equal(found, ranks_of(single.index))


def test_shares_of_draws_add_up(made: Composite) -> None:
    found = draw_choices(made, CHOICES, draws=300, seed=1)
    assert found.names == ("scale", "mean", "extremes", "weights")
    np.testing.assert_allclose(found.acceptability().sum(axis=1), 1)
    beats = found.beats()
    np.testing.assert_allclose(beats + beats.T, 1)
    low, high = found.share_range()
    assert np.all(low <= high) and np.all(low >= 1) and np.all(high <= 12)
    again = draw_choices(made, CHOICES, draws=300, seed=1)
    np.testing.assert_array_equal(found.ranks, again.ranks)


def test_a_unit_best_in_everything_is_first_under_every_choice() -> None:
    values = np.random.default_rng(8).uniform(1, 9, (8, 4))
    values[2] = [10, 0.5, 10, 10]
    found = draw_choices(compose(values, TREE), CHOICES, draws=200)
    assert np.all(found.ranks[:, 2] == 1)
    low, high = found.share_range()
    assert low[2] == high[2] == 1


def test_without_noise_one_choice_explains_everything(made: Composite) -> None:
    single = Choices({"mean": ({"aggregation": "arithmetic"}, {"aggregation": "copeland"})})
    found = decompose_shifts(made, single, base=64)
    assert found.names == ("mean",)
    assert found.first[0] == pytest.approx(1, abs=0.15) and found.total[0] == pytest.approx(1, abs=0.15)


def test_a_choice_without_effect_has_none(made: Composite) -> None:
    choices = Choices(
        {
            "mean": ({"aggregation": "arithmetic"}, {"aggregation": "copeland"}),
            "idle": ({"available": 0.0}, {"available": 0.1}),
        }
    )
    found = decompose_shifts(made, choices, base=128)
    idle = found.names.index("idle")
    assert found.total[idle] == 0 and found.first[idle] == pytest.approx(0, abs=0.05)
    assert found.evaluations == 128 * 4
    assert np.all(found.unit_total[:, idle] == 0)


def test_independent_effects_are_parted_as_analysis_says() -> None:
    # Two units differ in nothing but two settled choices: ranks follow "mean" alone, whatever the weights.
    values = np.array([[9.0, 9.0], [1.0, 17.5], [5.0, 5.0]])
    tree = build_tree(["a", "b", "index"], ["index", "index", None])
    own = compose(values, tree, replace(compose(values, tree).settings, normalisation="unchanged"))
    choices = Choices(
        {"mean": ({"aggregation": "arithmetic"}, {"aggregation": "geometric"})},
        weight_noise=0.001,
        weight_sets=8,
    )
    found = decompose_shifts(own, choices, base=256)
    assert found.total[0] == pytest.approx(1, abs=0.1) and found.total[1] == pytest.approx(0, abs=0.02)


def test_estimates_equal_scipys_on_a_known_function() -> None:
    """Ishigami function; first-order indices 0.314, 0.442, 0 by analysis (Saltelli et al. 2008)."""

    def ishigami(x: np.ndarray) -> np.ndarray:
        return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    n, law = 4096, uniform(-np.pi, 2 * np.pi)
    points = np.random.default_rng(3).uniform(-np.pi, np.pi, (2, 3, n))
    mixed = [np.where(np.arange(3)[:, None] == k, points[1], points[0]) for k in range(3)]
    a, b = (ishigami(x)[None] for x in points)
    m = np.stack([ishigami(x) for x in mixed])[None]
    first, total = sobol_estimates(a, b, m)
    peer = sobol_indices(func={"f_A": a, "f_B": b, "f_AB": np.swapaxes(m, 0, 1)}, n=n, dists=[law] * 3, rng=1)
    np.testing.assert_allclose(first, np.atleast_2d(peer.first_order), rtol=1e-10)
    np.testing.assert_allclose(total, np.atleast_2d(peer.total_order), rtol=1e-10)
    np.testing.assert_allclose(first[0], [0.314, 0.442, 0], atol=0.05)


def test_parts_are_taken_out_one_by_one(made: Composite) -> None:
    found = shifts_without_each(made)
    assert list(found) == ["a", "b", "c", "d", "first", "second"]
    without = compose(made.raw[:, [0, 2, 3]], TREE.without("b"))
    np.testing.assert_array_equal(found["b"], ranks_of(without.index))


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (Choices(), "no choice is open"),
        (Choices({"x": ({"colour": 1}, {"colour": 2})}), "'colour', which is no setting"),
        (Choices(weight_noise=2.0), "between 0 and 1"),
    ],
)
def test_choices_that_cannot_be_are_refused(made: Composite, choices: Choices, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_choices(made, choices)


def test_a_base_that_is_no_power_of_two_is_refused(made: Composite) -> None:
    with pytest.raises(ValueError, match="power of 2"):
        decompose_shifts(made, CHOICES, base=100)

"""Weights from data, from experts and by optimisation."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qstats.methods.composite_index import (
    IndexTree,
    aggregate,
    benefit_of_the_doubt,
    compare_pairwise,
    component_weights,
    compose,
    entropy_weights,
    equal_weights,
    given_weights,
    match_importance,
    share_budget,
)
from qstats.methods.composite_index.weights import first_component

SCORES = arrays(float, (7, 3), elements=st.floats(1, 100).map(lambda value: round(value, 2)))


@pytest.mark.oracle
def test_loadings_equal_the_peers_and_its_negative_weight_is_refused(
    treated: np.ndarray, coinr: Callable[[str], pd.DataFrame], asem_tree: IndexTree
) -> None:
    expected = coinr("expected_pca_weights_level2").set_index("iCode")["Weight"]
    made = compose(treated, asem_tree)
    for node in ("Conn", "Sust"):
        below = asem_tree.children(asem_tree.place(node))
        loadings, _ = first_component(made.scores[:, below])
        np.testing.assert_allclose(loadings, expected[[asem_tree.codes[place] for place in below]], rtol=1e-8)
    below = asem_tree.children(asem_tree.place("Sust"))
    with pytest.raises(ValueError, match=r"part 2 \(-0.74\) moves against the others"):
        component_weights(made.scores[:, below])


def test_entropy_by_hand() -> None:
    # Shares of the total: (1/4, 1/4, 1/2) and (1/3, 1/3, 1/3); the second tells nothing.
    diversity = 1 + (2 * 0.25 * np.log(0.25) + 0.5 * np.log(0.5)) / np.log(3)
    assert diversity > 0
    np.testing.assert_allclose(entropy_weights([[1, 5], [1, 5], [2, 5]]), [1, 0], atol=1e-12)
    with pytest.raises(ValueError, match="alike in all parts"):
        entropy_weights(np.ones((4, 2)))


def test_given_and_equal_weights() -> None:
    np.testing.assert_allclose(given_weights([2, 6]), [0.25, 0.75])
    np.testing.assert_allclose(equal_weights(4), 0.25)
    for wrong in ([1, -1], [0, 0], [1, np.inf]):
        with pytest.raises(ValueError, match="weights are finite"):
            given_weights(wrong)


@given(arrays(float, 4, elements=st.floats(0.1, 10)))
def test_consistent_judgements_give_back_their_weights(weights: np.ndarray) -> None:
    found = compare_pairwise(weights[:, None] / weights[None, :])
    np.testing.assert_allclose(found.weights, weights / weights.sum(), rtol=1e-6)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-6) and found.is_consistent


def test_contradicting_judgements_show() -> None:
    # Three parts in a circle: each is 5 times as important as the next.
    circle = np.array([[1, 5, 1 / 5], [1 / 5, 1, 5], [5, 1 / 5, 1]])
    found = compare_pairwise(circle)
    np.testing.assert_allclose(found.weights, 1 / 3)
    # Largest eigenvalue of a circulant matrix: its row sum, 6.2; (6.2 - 3) / 2 / 0.58.
    assert found.consistency_ratio == pytest.approx(3.2 / 2 / 0.58) and not found.is_consistent
    with pytest.raises(ValueError, match="j over i is 1 divided by i over j"):
        compare_pairwise([[1, 2], [2, 1]])


def test_budgets_are_averaged_by_share() -> None:
    mean, error = share_budget([[50, 50], [3, 1]])
    np.testing.assert_allclose(mean, [0.625, 0.375])
    np.testing.assert_allclose(error, 0.125)
    with pytest.raises(ValueError, match="at least some"):
        share_budget([[0, 0], [1, 1]])


def test_benefit_of_the_doubt_by_hand() -> None:
    # Two units on the frontier; the third reaches 8/10 of the line between them.
    index, shares = benefit_of_the_doubt([[10, 0.001], [0.001, 10], [4, 4]])
    np.testing.assert_allclose(index, [1, 1, 0.8], rtol=1e-3)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


@given(SCORES)
def test_no_other_weights_suit_a_unit_better(scores: np.ndarray) -> None:
    index, shares = benefit_of_the_doubt(scores, least=0.1, most=0.8)
    assert np.all(index <= 1 + 1e-7)
    assert np.all(shares >= 0.1 - 1e-6) and np.all(shares <= 0.8 + 1e-6)
    equal = aggregate(scores, np.ones(3), "arithmetic")
    unbound, _ = benefit_of_the_doubt(scores)
    assert unbound.max() == pytest.approx(1, abs=1e-7) and np.all(index <= unbound + 1e-7)
    assert np.all(unbound >= equal / equal.max() - 1e-7)


def test_importance_is_matched_where_it_can_be() -> None:
    generator = np.random.default_rng(4)
    common = generator.normal(size=(200, 1))
    scores = 50 + 10 * (0.7 * common + generator.normal(size=(200, 3))) * [1, 2, 0.5]
    found = match_importance(scores, [0.4, 0.35, 0.25])
    np.testing.assert_allclose(found.importance, [0.4, 0.35, 0.25], atol=0.005)
    index = scores @ found.weights
    np.testing.assert_allclose(found.correlations, [np.corrcoef(index, part)[0, 1] for part in scores.T])
    # Parts of standard deviations 1, 2 and 0.5: what varies more takes less weight to matter as much.
    assert found.weights[1] < 0.35 - 0.09 and found.weights[0] > 0.4 + 0.05


def test_importance_of_opposed_parts_cannot_be_matched() -> None:
    line = np.linspace(0, 1, 30)
    with pytest.raises(ValueError, match="move against"):
        match_importance(np.column_stack([line, -line + 0.001 * line**2]), [0.5, 0.5])

"""Contributions add up, whatever is missing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qstats.methods.composite_index import (
    Settings,
    aggregate_tree,
    build_tree,
    change_contributions,
    contributions,
    present_weights,
)

TREE = build_tree(
    ["a", "b", "c", "d", "e", "first", "second", "index"],
    ["first", "first", "second", "second", "index", "index", "index", None],
    [1, 2, 3, 1, 2, 2, 1, 1],
)
CELLS = st.one_of(st.floats(0, 100).map(lambda value: round(value, 3)), st.just(np.nan))
TABLES = arrays(float, (5, 5), elements=CELLS)
RULES = st.sampled_from(
    [Settings(), Settings(node_available=0.5), Settings(node_available=0.7, top_available=1.0)]
)


@given(TABLES, RULES)
def test_contributions_add_up_to_the_index(scores: np.ndarray, rules: Settings) -> None:
    index = aggregate_tree(scores, TREE, rules)[:, -1]
    found = contributions(scores, TREE, rules).sum(axis=1)
    np.testing.assert_allclose(found, index, rtol=1e-9, atol=1e-9)
    shares = present_weights(scores, TREE, rules).sum(axis=1)
    np.testing.assert_allclose(shares[~np.isnan(index)], 1)


@given(TABLES, TABLES, RULES)
def test_contributions_to_a_change_add_up(before: np.ndarray, after: np.ndarray, rules: Settings) -> None:
    first, second = (aggregate_tree(x, TREE, rules)[:, -1] for x in (before, after))
    by_value, by_presence = change_contributions(before, after, TREE, rules)
    np.testing.assert_allclose((by_value + by_presence).sum(axis=1), second - first, rtol=1e-8, atol=1e-8)


@given(TABLES, TABLES)
def test_where_the_same_is_present_only_values_move_the_index(before: np.ndarray, after: np.ndarray) -> None:
    after = np.where(np.isnan(before), np.nan, np.nan_to_num(after, nan=50.0))
    _, by_presence = change_contributions(before, after, TREE)
    np.testing.assert_allclose(np.nan_to_num(by_presence), 0, atol=1e-9)

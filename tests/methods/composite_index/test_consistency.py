"""Do parts go together? Beside COINr 1.1.14, and cases whose answer is known."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from qstats.methods.composite_index import (
    IndexTree,
    build_tree,
    check_consistency,
    compensation,
    compose,
    copeland,
    cronbach_alpha,
    outranking_matrix,
    ranks_of,
)


@pytest.mark.oracle
def test_alpha_equals_the_peers(
    treated: np.ndarray, imputed: np.ndarray, coinr: Callable[[str], pd.DataFrame], asem_tree: IndexTree
) -> None:
    made = compose(treated, asem_tree)
    expected = coinr("expected_cronbach").set_index("group")["alpha"]
    found = {one.node: one for one in check_consistency(made.scores, asem_tree)}
    for node, alpha in expected.items():
        assert found[str(node)].alpha == pytest.approx(alpha, rel=1e-8)
    assert found["SusEcFin"].alpha == pytest.approx(-0.3768289531, rel=1e-8)


@pytest.mark.oracle
def test_outranking_equals_the_peers(
    treated: np.ndarray, coinr: Callable[[str], pd.DataFrame], asem_tree: IndexTree
) -> None:
    made = compose(treated, asem_tree)
    pillars = coinr("expected_copeland_8_subpillars").sort_values("uCode")
    below = [asem_tree.place(code) for code in pillars.columns[1:9]]
    scores = made.scores[:, below]
    matrix = coinr("expected_outrank_matrix").sort_values("uCode").drop(columns="uCode")
    np.testing.assert_allclose(outranking_matrix(scores, np.ones(8)), matrix, atol=1e-12)
    found = copeland(scores, np.ones(8))
    np.testing.assert_array_equal(found, pillars["copeland"])
    np.testing.assert_array_equal(ranks_of(found), pillars["rank_copeland"])


def test_opposed_parts_are_named() -> None:
    generator = np.random.default_rng(2)
    a = generator.normal(size=60)
    values = np.column_stack([a, -a + 0.3 * generator.normal(size=60), generator.normal(size=60)])
    tree = build_tree(["a", "b", "c", "index"], ["index", "index", "index", None])
    (found,) = check_consistency(compose(values, tree).scores, tree)
    assert found.opposed == (("b", "a"),)
    assert found.correlations[0, 1] < -0.9 and found.alpha < 0


def test_parts_that_are_one_have_alpha_one() -> None:
    line = np.arange(10.0)
    assert cronbach_alpha(np.column_stack([line, line, line])) == pytest.approx(1)
    assert np.isnan(cronbach_alpha(line[:, None]))


def test_few_units_give_no_coefficients() -> None:
    tree = build_tree(["a", "b", "index"], ["index", "index", None])
    (found,) = check_consistency(np.array([[1.0, 2, 1.5], [2, np.nan, 2]]), tree)
    assert found.units == 1 and np.isnan(found.alpha) and found.opposed == ()


def test_what_good_parts_make_up_for() -> None:
    found = compensation([[50.0, 50.0], [90.0, 10.0]], [1, 1])
    np.testing.assert_allclose(found, [0, 50 - np.sqrt(900)], atol=1e-12)

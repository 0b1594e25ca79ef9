"""How an index hangs together: what is refused, and what weights come to."""

import numpy as np
import pytest

from qstats.methods.composite_index import build_tree

CODES = ["a", "b", "c", "first", "index"]
PARENTS = ["first", "first", "index", "index", None]


def test_weights_multiply_down_the_tree() -> None:
    tree = build_tree(CODES, PARENTS, [1, 3, 1, 1, 1])
    np.testing.assert_allclose(tree.effective_weights(), [0.125, 0.375, 0.5])
    assert tree.indicators == ("a", "b", "c") and tree.codes[-1] == "index"
    assert tree.leaves(tree.place("first")) == [0, 1]


def test_rows_come_in_any_order() -> None:
    tree = build_tree(
        ["index", "first", "a", "c", "b"], [None, "index", "first", "index", "first"], [1, 1, 1, 1, 3]
    )
    assert tree.indicators == ("a", "c", "b")
    np.testing.assert_allclose(tree.effective_weights(), [0.125, 0.5, 0.375])


def test_what_is_taken_out_takes_its_empty_node_along() -> None:
    tree = build_tree(CODES, PARENTS)
    assert tree.without("first").codes == ("c", "index")
    assert tree.without("a").without("b").codes == ("c", "index")
    with pytest.raises(ValueError, match="the index itself"):
        tree.without("index")
    with pytest.raises(ValueError, match="there is no 'z'"):
        tree.without("z")


@pytest.mark.parametrize(
    ("codes", "parents", "weights", "directions", "message"),
    [
        (["a", "a", "index"], ["index", "index", None], 1, 1, "twice: a"),
        (["a", "b"], [None, None], 1, 1, "2 have none"),
        (["a", "index"], ["other", None], 1, 1, "not found: other"),
        (["index"], [None], 1, 1, "at least one indicator"),
        (["a", "b", "c", "index"], ["index", "c", "b", None], 1, 1, "stands below itself"),
        (CODES, PARENTS, [1, -1, 1, 1, 1], 1, "negative weight"),
        (CODES, PARENTS, [0, 0, 1, 1, 1], 1, "all weights below 'first' are 0"),
        (CODES, PARENTS, 1, 0.5, "direction"),
    ],
)
def test_what_is_no_index_is_refused(codes, parents, weights, directions, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_tree(codes, parents, weights, directions)

"""Relations between cells: totals, hierarchies, shared cells; what is no table is refused."""

import numpy as np
import pytest

from qstats.methods.disclosure import AdditiveTable, add_relation, cross_table, join_tables


def test_margins_of_a_two_way_table() -> None:
    table = cross_table([[1, 2], [3, 4]], [["a", "b"], ["x", "y"]])
    cells = dict(zip(table.names, table.values.tolist(), strict=True))
    assert cells[("a", "total")] == 3
    assert cells[("total", "y")] == 6
    assert cells[("total", "total")] == 10
    assert table.relations.shape == (6, 9)


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 3, 2), (1, 1)])
def test_relations_hold_in_any_number_of_dimensions(shape: tuple[int, ...]) -> None:
    table = cross_table(np.arange(np.prod(shape)).reshape(shape))
    assert len(table.names) == np.prod([size + 1 for size in shape])
    assert np.all(table.relations @ table.values == 0)
    assert table.values[-1] == np.arange(np.prod(shape)).sum()


def test_levels_of_a_hierarchy_add_up() -> None:
    tree = {"city": ["north", "c"], "north": ["a", "b"]}
    cells = cross_table([3, 1, 2], [tree])
    assert dict(zip(cells.names, cells.values.tolist(), strict=True)) == {
        ("c",): 3, ("a",): 1, ("b",): 2, ("city",): 6, ("north",): 3,
    }  # fmt: skip


def test_linked_tables_share_their_cells() -> None:
    first = cross_table([[1, 2], [3, 4]], [["a", "b"], ["x", "y"]])
    second = cross_table([[2, 4], [2, 2]], [["small", "large"], ["x", "y"]])
    linked = join_tables(first, second)
    assert len(linked.names) == 9 + 9 - 3
    assert linked.relations.shape == (12, 15)


def test_linked_tables_that_disagree_are_refused() -> None:
    first = cross_table([[1, 2]], [["a"], ["x", "y"]])
    with pytest.raises(ValueError, match="different values"):
        join_tables(first, cross_table([[1, 3]], [["b"], ["x", "y"]]))
    with pytest.raises(ValueError, match="counts and of measurements"):
        join_tables(first, cross_table([[1, 2]], [["b"], ["x", "y"]], whole=False))


@pytest.mark.parametrize(
    ("values", "message"),
    [([[1, -2]], "negative"), ([[1, np.nan]], "without a value"), ([[1, 2.5]], "whole numbers")],
)
def test_values_that_are_no_table_are_refused(values: list[list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cross_table(values)


def test_a_relation_that_does_not_hold_is_refused() -> None:
    table = cross_table([1, 2], [["a", "b"]])
    with pytest.raises(ValueError, match="do not add up"):
        add_relation(table, {("a",): 1, ("b",): -1}, 1)
    assert add_relation(table, {("a",): 1, ("b",): -1}, -1).relations.shape == (2, 3)


def test_labels_must_fit() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        cross_table([[1, 2]], [["a"], ["x", "y", "z"]])


def test_names_are_unique_and_bounds_hold() -> None:
    table = cross_table([1, 2], [["a", "b"]])
    parts = (table.values, table.relations, table.constants)
    with pytest.raises(ValueError, match="same name"):
        AdditiveTable(("a", "a", "b"), *parts, table.lower, table.upper)
    with pytest.raises(ValueError, match="outside"):
        AdditiveTable(table.names, *parts, table.values + 1, table.upper)

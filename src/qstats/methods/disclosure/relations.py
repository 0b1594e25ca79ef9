"""Which equations tie the cells of published tables together?

Cells are variables that are not negative; each total, each level of a hierarchy and each published difference
is a linear relation between them. Tables that share cells become one system, because a reader has them all.

Willenborg & de Waal (2001), doi:10.1007/978-1-4613-0121-9.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

TOTAL = "total"
"""Label of the margin of a plain dimension."""

Tree = Mapping[Hashable, Sequence[Hashable]]
"""Dimension of a table: each parent with the children that add up to it."""

_ADDITIVE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class AdditiveTable:
    """Cells and the linear relations between them that everybody knows.

    Attributes
    ----------
    names : tuple of hashable
        One for each cell; equal names in linked tables are the same cell.
    values : array of float, shape (cells,)
        True values, not negative.
    relations : sparse array, shape (relations, cells)
    constants : array of float, shape (relations,)
        ``relations @ values == constants``; 0 for a total, the published difference for a difference.
    lower, upper : array of float, shape (cells,)
        What anybody knows of a cell beforehand; 0 and infinity unless told otherwise.
    whole : bool
        Cells are counts: a reader knows that they are whole numbers.

    Raises
    ------
    ValueError
        Negative or unknown values, values that contradict the relations or the bounds, names given twice.
    """

    names: tuple[Hashable, ...]
    values: NDArray[np.float64]
    relations: sparse.csr_array
    constants: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    whole: bool = False

    def __post_init__(self) -> None:
        _check_values(self)
        missed = np.abs(self.relations @ self.values - self.constants)
        if np.any(missed > _ADDITIVE * max(1.0, self.values.sum())):
            raise ValueError(f"values do not add up in relation {int(np.argmax(missed))}")

    def positions(self, names: Sequence[Hashable]) -> NDArray[np.intp]:
        """Positions of cells by name."""
        place = {name: number for number, name in enumerate(self.names)}
        return np.array([place[name] for name in names], dtype=np.intp)


def cross_table(
    values: ArrayLike, dimensions: Sequence[Tree | Sequence[Hashable]] | None = None, *, whole: bool = True
) -> AdditiveTable:
    """A table of one or more dimensions with all its margins.

    Parameters
    ----------
    values : array_like
        Inner cells, one axis for each dimension.
    dimensions : sequence, optional
        For each axis its labels, whose margin is :data:`TOTAL`, or a tree of parents with their children for
        a hierarchy; the leaves of the tree in order of appearance are the inner cells. By default 0, 1, …
    whole : bool
        Values are counts.

    Returns
    -------
    AdditiveTable
        Cells are named by a tuple of labels, one for each dimension.

    Raises
    ------
    ValueError
        Dimensions whose labels do not fit the shape of the values.
    """
    inner = np.asarray(values, dtype=float)
    trees = [_as_tree(one) for one in (dimensions or [range(size) for size in inner.shape])]
    leaves = [_leaves(tree) for tree in trees]
    if tuple(map(len, leaves)) != inner.shape:
        raise ValueError(
            f"values of shape {inner.shape} do not fit dimensions of {[*map(len, leaves)]} labels"
        )
    labels = [[*tree_leaves, *tree] for tree, tree_leaves in zip(trees, leaves, strict=True)]
    relations = reduce(_stack, (_dimension_relations(trees, labels, axis) for axis in range(len(trees))))
    return _open_table(
        tuple(product(*labels)), _with_margins(inner, trees, labels).ravel(), relations, whole=whole
    )


def join_tables(*tables: AdditiveTable) -> AdditiveTable:
    """Linked tables as one system; cells of the same name are the same cell.

    Raises
    ------
    ValueError
        A shared cell has different values, or counts meet measurements.
    """
    if len({table.whole for table in tables}) != 1:
        raise ValueError("tables of counts and of measurements cannot share cells")
    names = tuple(dict.fromkeys(name for table in tables for name in table.names))
    place = {name: number for number, name in enumerate(names)}
    values, lower, upper = np.full(len(names), np.nan), np.zeros(len(names)), np.full(len(names), np.inf)
    blocks = []
    for table in tables:
        at = np.array([place[name] for name in table.names])
        if np.any(~np.isnan(values[at]) & (values[at] != table.values)):
            raise ValueError("a cell that the tables share has different values in them")
        values[at] = table.values
        lower[at], upper[at] = np.maximum(lower[at], table.lower), np.minimum(upper[at], table.upper)
        to_all = sparse.csr_array((np.ones(len(at)), (np.arange(len(at)), at)), shape=(len(at), len(names)))
        blocks.append(table.relations @ to_all)
    constants = np.concatenate([table.constants for table in tables])
    return AdditiveTable(
        names, values, sparse.csr_array(reduce(_stack, blocks)), constants, lower, upper, tables[0].whole
    )


def add_relation(
    table: AdditiveTable, coefficients: Mapping[Hashable, float], constant: float = 0.0
) -> AdditiveTable:
    """The table with one more published relation, such as the difference between two periods."""
    row = np.zeros(len(table.names))
    row[table.positions(list(coefficients))] = list(coefficients.values())
    return replace(
        table,
        relations=_stack(table.relations, sparse.csr_array(row[None, :])),
        constants=np.append(table.constants, constant),
    )


def _open_table(
    names: tuple[Hashable, ...], values: NDArray[np.float64], relations: sparse.csr_array, *, whole: bool
) -> AdditiveTable:
    zeros = np.zeros(len(names))
    return AdditiveTable(
        names, values, relations, np.zeros(relations.shape[0]), zeros, np.full(len(names), np.inf), whole
    )


def _check_values(table: AdditiveTable) -> None:
    values = table.values
    if len(set(table.names)) != len(table.names):
        raise ValueError("two cells have the same name")
    if np.any(np.isnan(values)) or np.any(np.isinf(values)):
        raise ValueError("a cell without a value cannot be protected: leave it out or give its value")
    if np.any(values < 0):
        worst = table.names[int(np.argmin(values))]
        raise ValueError(f"cell {worst!r} is negative ({values.min():g}): suppression is for values from 0")
    if np.any((values < table.lower) | (values > table.upper)):
        raise ValueError("a value lies outside what is said to be known of it")
    if table.whole and np.any(values != np.round(values)):
        raise ValueError("counts must be whole numbers")


def _as_tree(dimension: Tree | Sequence[Hashable]) -> Tree:
    return dimension if isinstance(dimension, Mapping) else {TOTAL: list(dimension)}


def _leaves(tree: Tree) -> list[Hashable]:
    return [child for children in tree.values() for child in children if child not in tree]


def _with_margins(
    inner: NDArray[np.float64], trees: Sequence[Tree], labels: Sequence[Sequence[Hashable]]
) -> NDArray[np.float64]:
    for axis, (tree, names) in enumerate(zip(trees, labels, strict=True)):
        members = np.array([[_belongs(leaf, name, tree) for leaf in _leaves(tree)] for name in names], float)
        inner = np.moveaxis(np.tensordot(members, inner, axes=(1, axis)), 0, axis)
    return inner


def _belongs(leaf: Hashable, name: Hashable, tree: Tree) -> bool:
    return leaf == name or any(_belongs(leaf, child, tree) for child in tree.get(name, ()))


def _dimension_relations(
    trees: Sequence[Tree], labels: Sequence[Sequence[Hashable]], axis: int
) -> sparse.csr_array:
    """One relation for each parent of an axis and each combination of labels of the other axes."""
    names = list(labels[axis])
    sums = np.zeros((len(trees[axis]), len(names)))
    for row, (parent, children) in enumerate(trees[axis].items()):
        sums[row, [names.index(child) for child in children]] = 1
        sums[row, names.index(parent)] = -1
    factors = [sparse.eye_array(len(other)) for other in labels]
    factors[axis] = sparse.csr_array(sums)
    return sparse.csr_array(reduce(sparse.kron, factors))


def _stack(first: sparse.csr_array, second: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(sparse.vstack([first, second]))

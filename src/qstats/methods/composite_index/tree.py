"""How does an index hang together: which indicators make up which node, with which weights and directions?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class IndexTree:
    """An index as a tree: indicators, the nodes above them, the index itself last.

    Made by :func:`build_tree`, which checks it.

    Attributes
    ----------
    codes : tuple of str
        Indicators first, then nodes, children before their parents; the last one is the index.
    parents : tuple of int
        Position of the parent of each code; −1 for the index.
    weights : array of float, shape (codes,)
        Weight beside the siblings, 0 or more; only proportions among siblings matter.
    directions : array of float, shape (indicators,)
        1: more is better; −1: less is better.
    """

    codes: tuple[str, ...]
    parents: tuple[int, ...]
    weights: Array
    directions: Array

    @property
    def size(self) -> int:
        """Number of indicators."""
        return len(self.directions)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Codes of the indicators."""
        return self.codes[: self.size]

    @property
    def nodes(self) -> range:
        """Positions of what is aggregated, in the order in which it can be."""
        return range(self.size, len(self.codes))

    def children(self, node: int) -> list[int]:
        """Positions of the codes directly below a node."""
        return [place for place, parent in enumerate(self.parents) if parent == node]

    def leaves(self, node: int) -> list[int]:
        """Positions of the indicators below a node; of an indicator, itself."""
        if node < self.size:
            return [node]
        return [leaf for child in self.children(node) for leaf in self.leaves(child)]

    def place(self, code: str) -> int:
        """Position of a code.

        Raises
        ------
        ValueError
            There is no such code.
        """
        if code not in self.codes:
            raise ValueError(f"there is no {code!r} in the index; there are: {', '.join(self.codes)}")
        return self.codes.index(code)

    def effective_weights(self, weights: ArrayLike | None = None) -> Array:
        """Share of each indicator in the index if all are present and sums are weighted; adds up to 1.

        Parameters
        ----------
        weights : array_like of float, shape (..., codes), optional
            In place of those of the tree.
        """
        given = np.asarray(self.weights if weights is None else weights, dtype=float)
        shares = np.ones_like(given)
        for node in reversed(self.nodes):
            below = self.children(node)
            total = given[..., below].sum(axis=-1, keepdims=True)
            shares[..., below] = shares[..., [node]] * given[..., below] / total
        return shares[..., : self.size]

    def below(self, code: str) -> "IndexTree":
        """The part of the index that a node is made of, as an index of its own."""
        top = self.place(code)
        return self._cut(sorted(self._under(top)))

    def _under(self, top: int) -> set[int]:
        """A node and everything below it."""
        return {top}.union(*(self._under(child) for child in self.children(top)))

    def without(self, code: str) -> "IndexTree":
        """The index with an indicator or a node, and all below it, taken out."""
        removed = self.place(code)
        if self.parents[removed] < 0:
            raise ValueError("the index itself cannot be taken out")
        if self.children(self.parents[removed]) == [removed]:
            return self.without(self.codes[self.parents[removed]])
        gone = {removed, *self.leaves(removed)}
        gone |= {node for node in self.nodes if set(self.leaves(node)) <= gone}
        return self._cut([place for place in range(len(self.codes)) if place not in gone])

    def _cut(self, kept: list[int]) -> "IndexTree":
        """The index of some of its codes; what has no parent among them is the top."""
        return build_tree(
            [self.codes[place] for place in kept],
            [self.codes[self.parents[place]] if self.parents[place] in kept else None for place in kept],
            self.weights[kept],
            self.directions[[place for place in kept if place < self.size]],
        )


def build_tree(
    codes: Sequence[str], parents: Sequence[str | None], weights: ArrayLike = 1.0, directions: ArrayLike = 1.0
) -> IndexTree:
    """A checked index from its rows, in any order of nodes; indicators keep theirs.

    Parameters
    ----------
    codes, parents : sequence of str
        Code of each row and of its parent; None for the index itself.
    weights : array_like of float
        One for each code, or one for all.
    directions : array_like of float
        1 or −1 for each indicator in their order among `codes`, or one for all.

    Raises
    ------
    ValueError
        A code that stands twice, no index or several, a parent that is missing or a circle, weights that are
        negative, infinite or all 0 below a node, directions other than 1 and −1.
    """
    _check_codes(codes, parents)
    given = dict(zip(codes, np.broadcast_to(np.asarray(weights, dtype=float), (len(codes),)), strict=True))
    above = dict(zip(codes, parents, strict=True))
    indicators = [code for code in codes if code not in set(parents)]
    depth = {code: _depth(code, above) for code in codes}
    nodes = sorted((code for code in codes if code not in indicators), key=lambda code: -depth[code])
    order = [*indicators, *nodes]
    place = {code: number for number, code in enumerate(order)}
    tree = IndexTree(
        tuple(order),
        tuple(place[above[code]] if above[code] is not None else -1 for code in order),  # type: ignore[index]
        np.array([given[code] for code in order]),
        np.array(np.broadcast_to(np.asarray(directions, dtype=float), (len(indicators),))),
    )
    _check_numbers(tree)
    return tree


def _check_codes(codes: Sequence[str], parents: Sequence[str | None]) -> None:
    if twice := sorted({code for code in codes if list(codes).count(code) > 1}):
        raise ValueError(f"codes of an index stand once; twice: {', '.join(twice[:5])}")
    if list(parents).count(None) != 1:
        raise ValueError(
            f"one row has no parent, the index itself; here {list(parents).count(None)} have none"
        )
    if missing := sorted({str(one) for one in parents if one is not None} - set(codes)):
        raise ValueError(f"a parent is a code of the index too; not found: {', '.join(missing[:5])}")
    if len(codes) < 2:
        raise ValueError("an index needs at least one indicator below it")


def _depth(code: str, above: dict[str, str | None]) -> int:
    steps, at = 0, above[code]
    while at is not None:
        steps, at = steps + 1, above[at]
        if steps > len(above):
            raise ValueError(f"{code!r} stands below itself")
    return steps


def _check_numbers(tree: IndexTree) -> None:
    if not np.all(np.isfinite(tree.weights) & (tree.weights >= 0)):
        raise ValueError("weights are finite and 0 or more: a negative weight would turn an indicator round")
    if idle := [tree.codes[node] for node in tree.nodes if tree.weights[tree.children(node)].sum() == 0]:
        raise ValueError(f"all weights below {idle[0]!r} are 0: give one of them a weight")
    if not np.all(np.isin(tree.directions, (-1.0, 1.0))):
        raise ValueError("a direction is 1 (more is better) or -1 (less is better)")

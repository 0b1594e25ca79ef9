"""How does a declared index become one that can be computed? Tree, bounds and rules of what must be there."""

from dataclasses import dataclass

import numpy as np

from qstats.index_registry import IndexDefinition
from qstats.methods.composite_index import IndexTree, Settings, build_tree


@dataclass(frozen=True, slots=True)
class IndexRules:
    """Declared rules of an index.

    Attributes
    ----------
    available : float
        Share of indicators (0–1) that a unit needs for an index; besides, every part directly below it.
    node_available : float
        Share of the weight below a node (0–1) that must be there for its score.
    confidence : float
    """

    available: float = 0.7
    node_available: float = 0.5
    confidence: float = 0.95


def tree_of(definition: IndexDefinition) -> IndexTree:
    """The index as a tree, indicators in the order of its table."""
    rows = definition.rows
    return build_tree(
        [row.code for row in rows], [row.parent for row in rows], [row.weight for row in rows],
        [row.direction for row in definition.indicators],
    )  # fmt: skip


def settings_of(definition: IndexDefinition, rules: IndexRules) -> Settings:
    """Fixed bounds, weighted means, nothing filled in: the settings under which scores of years compare."""
    ends = [
        _turned(row.direction, float(row.lower or 0), float(row.upper or 0)) for row in definition.indicators
    ]
    low, high = np.array(ends).T
    return Settings(
        available=rules.available, node_available=rules.node_available, top_available=1.0,
        normalisation="goalposts",
        normalisation_options={"low": low, "high": high, "scale": definition.scale},
    )  # fmt: skip


def _turned(direction: float, lower: float, upper: float) -> tuple[float, float]:
    return (lower, upper) if direction > 0 else (-upper, -lower)

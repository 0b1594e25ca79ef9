"""Do the parts of an index speak of one thing, and what may make up for what?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from qstats.methods.composite_index.aggregation import arithmetic_mean, geometric_mean
from qstats.methods.composite_index.tree import IndexTree
from qstats.methods.composite_index.weights import first_component

Array = NDArray[np.float64]


def cronbach_alpha(scores: ArrayLike) -> float:
    """Cronbach's alpha of the parts: share of the variance of their sum that they have in common.

    Negative where parts move against each other; NaN for a single part. Units with a missing part are left
    out.
    Cronbach (1951), doi:10.1007/BF02310555.
    """
    x = np.asarray(scores, dtype=float)
    whole = x[~np.isnan(x).any(axis=1)]
    parts = x.shape[1]
    if parts < 2 or len(whole) < 3 or whole.sum(axis=1).var() == 0:
        return np.nan
    within = whole.var(axis=0, ddof=1).sum()
    return float(parts / (parts - 1) * (1 - within / whole.sum(axis=1).var(ddof=1)))


@dataclass(frozen=True, eq=False)
class Consistency:
    """How the parts directly below a node go together.

    Attributes
    ----------
    node : str
    parts : tuple of str
    units : int
        With all parts.
    alpha : float
        Cronbach's alpha.
    correlations : array of float, shape (parts, parts)
    with_rest : array of float
        Correlation of each part with the mean of the others.
    loadings : array of float
        Of the first principal component; NaN where it cannot be found.
    explained : float
        Share of variance of that component, 0–1.
    opposed : tuple of (str, str)
        Parts whose correlation is negative beyond chance (two-sided, at the level asked).
    """

    node: str
    parts: tuple[str, ...]
    units: int
    alpha: float
    correlations: Array
    with_rest: Array
    loadings: Array
    explained: float
    opposed: tuple[tuple[str, str], ...]


def check_consistency(scores: ArrayLike, tree: IndexTree, *, level: float = 0.05) -> list[Consistency]:
    """Consistency of each node with at least two parts, lowest nodes first.

    Parameters
    ----------
    scores : array_like of float, shape (units, codes)
        As :func:`~qstats.methods.composite_index.composition.compose` gives them.
    tree : IndexTree
    level : float
        Of the test that two parts are opposed.
    """
    x = np.asarray(scores, dtype=float)
    return [
        _of_node(
            x[:, tree.children(node)], tree.codes[node], [tree.codes[p] for p in tree.children(node)], level
        )
        for node in tree.nodes
        if len(tree.children(node)) > 1
    ]


def _of_node(x: Array, node: str, parts: list[str], level: float) -> Consistency:
    whole = x[~np.isnan(x).any(axis=1)]
    units, count = len(whole), len(parts)
    if units < 3:
        empty = np.full((count, count), np.nan)
        return Consistency(node, tuple(parts), units, np.nan, empty, empty[0], empty[0], np.nan, ())
    correlations = _correlations(whole)
    rest = (whole.sum(axis=1, keepdims=True) - whole) / (count - 1)
    with_rest = np.array(
        [_correlations(np.column_stack([whole[:, k], rest[:, k]]))[0, 1] for k in range(count)]
    )
    loadings, explained = np.full(count, np.nan), np.nan
    if np.all(np.isfinite(correlations)):
        loadings, explained = first_component(whole)
    least = -_critical(units, level)
    opposed = tuple(
        (parts[i], parts[j]) for i in range(count) for j in range(i) if correlations[i, j] < least
    )  # fmt: skip
    return Consistency(
        node,
        tuple(parts),
        units,
        cronbach_alpha(whole),
        correlations,
        with_rest,
        loadings,
        explained,
        opposed,
    )


def _correlations(x: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.corrcoef(x, rowvar=False))


def _critical(units: int, level: float) -> float:
    """Smallest absolute correlation that differs from 0 at the level."""
    if units < 3:
        return np.inf
    t = student.ppf(1 - level / 2, units - 2)
    return float(t / np.sqrt(units - 2 + t**2))


def compensation(scores: ArrayLike, weights: ArrayLike) -> Array:
    """Points that the weighted mean grants above the geometric mean: what good parts make up for bad ones.

    Parameters
    ----------
    scores : array_like of float, shape (..., units, parts)
        Above 0.
    weights : array_like of float, shape (..., parts)

    Returns
    -------
    array of float, shape (..., units)
        0 where all parts are alike.
    """
    return np.asarray(arithmetic_mean(scores, weights) - geometric_mean(scores, weights))

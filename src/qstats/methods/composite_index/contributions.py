"""Which indicators make up a score, and which moved it?

Both are exact for weighted means up the whole tree: parts add up to the score, and to its change.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.composite_index.composition import ROUNDING, Settings
from qstats.methods.composite_index.tree import IndexTree

Array = NDArray[np.float64]


def present_weights(normalised: ArrayLike, tree: IndexTree, settings: Settings = Settings()) -> Array:  # noqa: B008
    """Share of each indicator in the index of each unit, given what is missing; rows add up to 1.

    Parameters
    ----------
    normalised : array_like of float, shape (..., units, indicators)
    tree : IndexTree
    settings : Settings
        Its `node_available` and `top_available`: nodes with less do not count.

    Returns
    -------
    array of float, same shape
        0 where an indicator is missing; NaN for a unit without any.
    """
    there = ~np.isnan(np.asarray(normalised, dtype=float))
    filled = np.zeros((*there.shape[:-1], len(tree.codes)))
    filled[..., : tree.size] = there
    for node in tree.nodes:
        below = tree.children(node)
        share = filled[..., below] @ tree.weights[below] / tree.weights[below].sum()
        needed = settings.needed(node == len(tree.codes) - 1)
        filled[..., node] = (share > 0) & (share >= needed - ROUNDING)
    shares = np.ones_like(filled)
    for node in reversed(tree.nodes):
        below = tree.children(node)
        own = filled[..., below] * tree.weights[below]
        total = own.sum(axis=-1, keepdims=True)
        shares[..., below] = shares[..., [node]] * own / np.where(total == 0, np.nan, total)
    leaves = shares[..., : tree.size]
    return np.where(filled[..., [-1]] > 0, np.nan_to_num(leaves), np.nan)


def contributions(normalised: ArrayLike, tree: IndexTree, settings: Settings = Settings()) -> Array:  # noqa: B008
    """Points that each indicator brings to the index of each unit; they add up to it.

    Same shape as `normalised`; 0 where an indicator is missing.
    """
    x = np.asarray(normalised, dtype=float)
    return np.asarray(present_weights(x, tree, settings) * np.nan_to_num(x))


def change_contributions(
    before: ArrayLike,
    after: ArrayLike,
    tree: IndexTree,
    settings: Settings = Settings(),  # noqa: B008
) -> tuple[Array, Array]:
    """Points by which each indicator moved the index, and points that a change of what is present moved it.

    The first uses the mean of both weights, the second the mean of both scores, so that both parts add up to
    the change without a rest. Where the same indicators are present before and after, the second is 0.

    Parameters
    ----------
    before, after : array_like of float, shape (..., units, indicators)
        Normalised on the same fixed bounds.

    Returns
    -------
    by_value, by_presence : array of float, same shape
        NaN throughout for a unit that lacks the index before or after.
    """
    x0, x1 = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    w0, w1 = (present_weights(x, tree, settings) for x in (x0, x1))
    both = ~np.isnan(x0) & ~np.isnan(x1)
    by_value = np.where(both, (w0 + w1) / 2 * np.nan_to_num(x1 - x0), 0.0)
    moved = w1 * np.nan_to_num(x1) - w0 * np.nan_to_num(x0)
    lost = np.isnan(w0).any(axis=-1, keepdims=True) | np.isnan(w1).any(axis=-1, keepdims=True)
    return np.where(lost, np.nan, by_value), np.where(lost, np.nan, moved - by_value)

"""Did quality change, or what was sampled?

A rate is the mix of its cells times their rates. Direct standardisation gives both periods the same mix;
Kitagawa's decomposition splits a change exactly into the part of the rates and the part of the mix. Cells
that a period hardly sampled are pooled with their nearest relatives first, because a rate of nothing cannot
be weighted.

Source: Kitagawa (1955), doi:10.1080/01621459.1955.10501299; Fleiss, Levin & Paik (2003), chapter 19,
doi:10.1002/0471445428.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Change of a rate by cell; the two parts add up to the change exactly.

    Attributes
    ----------
    change : float
        Second rate minus first.
    rate_effect, mix_effect : array of float, shape (cells,)
        What each cell's change of rate, at the average mix, and its change of share, at the average rate,
        add to the change.
    """

    change: float
    rate_effect: Floats
    mix_effect: Floats


def kitagawa(
    first_rate: ArrayLike, first_share: ArrayLike, second_rate: ArrayLike, second_share: ArrayLike
) -> Decomposition:
    """Change between two rates as effect of the cells' rates and effect of the mix.

    Parameters
    ----------
    first_rate, second_rate : array_like, shape (cells,)
        Rate of each cell; every cell needs one in both.
    first_share, second_share : array_like, shape (cells,)
        Shares of the cells, each adding up to 1.

    Raises
    ------
    ValueError
        A missing rate, or shares that do not add up to 1.
    """
    r0, s0, r1, s1 = (
        np.asarray(part, dtype=float) for part in (first_rate, first_share, second_rate, second_share)
    )
    if not all(np.isfinite(part).all() for part in (r0, s0, r1, s1)):
        raise ValueError("every cell needs a rate and a share on both sides: pool the empty ones first")
    if not np.allclose([s0.sum(), s1.sum()], 1.0):
        raise ValueError(f"shares must add up to 1; they add up to {s0.sum():g} and {s1.sum():g}")
    mix = (s1 - s0) * (r0 + r1) / 2
    return Decomposition(float((r1 * s1).sum() - (r0 * s0).sum()), (r1 - r0) * (s0 + s1) / 2, mix)


def standard_weights(cell: ArrayLike, standard: ArrayLike) -> Floats:
    """Weight of each unit so that the cells have the shares of the standard.

    Parameters
    ----------
    cell : array_like of int, shape (n,)
        0…cells − 1.
    standard : array_like, shape (cells,)
        Shares of the cells in the standard.

    Raises
    ------
    ValueError
        A cell of the standard without units.
    """
    cell, standard = np.asarray(cell), np.asarray(standard, dtype=float)
    counts = np.bincount(cell, minlength=len(standard))
    if np.any((counts == 0) & (standard > 0)):
        raise ValueError("a cell of the standard holds no units: pool it with another first")
    return standard[cell] / counts[cell]


def pool_sparse_cells(counts: ArrayLike, keys: Sequence[Sequence[object]], least: int) -> Codes:
    """Number of the group that each cell falls into, so that every group has enough units on every side.

    Cells poorer than ``least`` on any side are pooled with poor cells that agree in all but the last key,
    then in all but the last two, and so on; a pool that stays poor takes in the smallest of the others.

    Parameters
    ----------
    counts : array_like, shape (cells, sides)
    keys : sequence of tuples, one for each cell
        From the most to the least important distinction, such as (size, stage, class).
    least : int

    Returns
    -------
    array of int, shape (cells,)
        Groups 0, 1, 2 … in order of their first cell; one group for all where nothing less will do.
    """
    counts = np.asarray(counts, dtype=float).reshape(len(keys), -1)
    groups: list[tuple[int, ...]] = [(position,) for position in range(len(keys))]
    for depth in range(len(keys[0]) - 1 if keys else 0, -1, -1):
        families: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
        for group in groups:
            families.setdefault(tuple(keys[group[0]][:depth]), []).append(group)
        groups = [group for family in families.values() for group in _pool(family, counts, least)]
    code = np.empty(len(keys), np.int64)
    for number, group in enumerate(sorted(groups)):
        code[list(group)] = number
    return code


def mix_left_in_pools(first: ArrayLike, second: ArrayLike, group: ArrayLike) -> float:
    """Share of two samples that pooling leaves in different cells, at their average mix of groups (0–1).

    0 where every group has the same cells in the same shares on both sides; 1 where no group has a cell in
    common, so that a comparison "at the same mix" would compare different things.

    Parameters
    ----------
    first, second : array_like of counts, shape (cells,)
        Every group holds units on both sides.
    group : array_like of int, shape (cells,)
        Group of each cell (:func:`pool_sparse_cells`).
    """
    group = np.asarray(group)
    sides = [np.asarray(side, dtype=float) for side in (first, second)]
    sums = [np.bincount(group, weights=side) for side in sides]
    within = [side / total[group] for side, total in zip(sides, sums, strict=True)]
    share = np.mean([total / total.sum() for total in sums], axis=0)
    return float(0.5 * (share[group] * np.abs(within[0] - within[1])).sum())


def _pool(family: list[tuple[int, ...]], counts: Floats, least: int) -> list[tuple[int, ...]]:
    """Groups of a family with its poor ones pooled, and with the smallest other where the pool stays poor."""
    poorest = {group: counts[list(group)].sum(axis=0).min() for group in family}
    rich = sorted((group for group in family if poorest[group] >= least), key=lambda group: poorest[group])
    pool = tuple(sorted(place for group in family if poorest[group] < least for place in group))
    if not pool:
        return rich
    if rich and counts[list(pool)].sum(axis=0).min() < least:
        pool = tuple(sorted(pool + rich.pop(0)))
    return [*rich, pool]

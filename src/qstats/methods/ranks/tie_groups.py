"""Which units can no one tell apart? Groups of ties, to be printed as letters.

Two units share a group if and only if they were not told apart. A unit may stand in several groups: not
being told apart is no equality, it does not carry over from neighbour to neighbour.
"""

from string import ascii_letters

import numpy as np
from numpy.typing import ArrayLike

_ALPHABET = ascii_letters


def tie_groups(told_apart: ArrayLike) -> list[tuple[int, ...]]:
    """Largest groups of units of which no two are told apart.

    Parameters
    ----------
    told_apart : array_like of bool, shape (m, m)
        ``[j, k]`` or ``[k, j]``: the two differ clearly. Units stand in the order in which they are read.

    Returns
    -------
    list of tuple of int
        Groups by the positions of their units, in the order of their first units; every unit is in one.

    Raises
    ------
    ValueError
        A matrix that is not square.

    References
    ----------
    Piepho (2004), doi:10.1198/1061860043515 (insert and absorb).
    """
    apart = np.array(told_apart, dtype=bool)
    if apart.ndim != 2 or apart.shape[0] != apart.shape[1]:
        raise ValueError(f"pairs form a square matrix, not one of shape {apart.shape}")
    groups = {frozenset(range(len(apart)))}
    for j, k in np.argwhere(np.triu(apart | apart.T, 1)).tolist():
        split = {part for group in groups if {j, k} <= group for part in (group - {j}, group - {k})}
        groups = _absorbed({group for group in groups if not {j, k} <= group} | split)
    return sorted(tuple(sorted(group)) for group in groups if group)


def _absorbed(groups: set[frozenset[int]]) -> set[frozenset[int]]:
    """Groups that do not lie in a larger one."""
    return {group for group in groups if not any(group < other for other in groups)}


def letters(groups: list[tuple[int, ...]], units: int) -> list[str]:
    """Letters of each unit, one for each group that it stands in: ``ab`` and ``b`` are not told apart.

    Parameters
    ----------
    groups : list of tuple of int
        From :func:`tie_groups`.
    units : int
        m.

    Raises
    ------
    ValueError
        More groups than letters.
    """
    if len(groups) > len(_ALPHABET):
        raise ValueError(f"{len(groups)} groups of ties are more than there are letters")
    named = list(zip(_ALPHABET, groups, strict=False))
    return ["".join(letter for letter, group in named if unit in group) for unit in range(units)]

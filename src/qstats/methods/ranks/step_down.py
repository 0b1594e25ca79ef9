"""Between which ranks does a unit lie, when all that is known are tests of pairwise differences?

Holm's step-down over the one-sided hypotheses "k is not better than j". A rank set is wrong only if one of
the true ones among them is rejected: its confidence follows from the tests', however they depend on each
other, and claims in the wrong direction are counted in. Units with equal true values share the whole range
of their ranks.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.ranks.rank_sets import RankSets

Flags = NDArray[np.bool_]
Decision = Callable[[float], Flags]
"""Level of a one-sided test → matrix whose ``[j, k]`` says that k is clearly better than j at that level."""


def pairwise_rank_sets(
    p_values: ArrayLike, *, confidence: float = 0.95, simultaneous: bool = True, step_down: bool = True
) -> RankSets:
    """Rank confidence sets from a matrix of one-sided p-values.

    Parameters
    ----------
    p_values : array_like of float, shape (m, m)
        ``[j, k]``: p-value against "k is not better than j", small where k is better; 0–1. The diagonal is
        not used.
    confidence, simultaneous, step_down
        As for :func:`decided_rank_sets`.

    Returns
    -------
    RankSets

    Raises
    ------
    ValueError
        A matrix that is not square, a p-value outside 0–1.
    """
    p = np.array(p_values, dtype=float)
    if p.ndim != 2 or p.shape[0] != p.shape[1]:
        raise ValueError(f"p-values of pairs form a square matrix, not one of shape {p.shape}")
    np.fill_diagonal(p, 1.0)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("p-values must lie between 0 and 1")
    return decided_rank_sets(
        lambda level: p <= level, len(p), confidence=confidence, simultaneous=simultaneous,
        step_down=step_down,
    )  # fmt: skip


def decided_rank_sets(
    decide: Decision, units: int, *, confidence: float = 0.95, simultaneous: bool = True,
    step_down: bool = True,
) -> RankSets:  # fmt: skip
    """Rank confidence sets from tests that answer at any level; only levels that Holm asks for are tried.

    Parameters
    ----------
    decide : callable
        Level of a one-sided test → bool matrix (m, m), ``[j, k]``: k clearly better than j. What is clear
        at one level must be clear at every larger one.
    units : int
        m.
    confidence : float
        0–1. Of all sets at once (`simultaneous`: one family of m(m − 1) hypotheses) or of each by itself
        (marginal: a family of 2(m − 1) for each unit).
    step_down : bool
        Whether rejected hypotheses leave the family; never wider with it.

    Returns
    -------
    RankSets

    Raises
    ------
    ValueError
        A confidence outside 0–1.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6:65; Mogstad, Romano, Shaikh & Wilhelm (2024),
    doi:10.1093/restud/rdad006 (rank sets by inverting pairwise tests).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")
    search = _search_all_pairs if simultaneous else _search_each_unit
    better, worse = search(_remembered(decide), units, 1 - confidence, step_down)
    return RankSets.from_claims(better, worse)


def _search_all_pairs(decide: Decision, units: int, alpha: float, step_down: bool) -> tuple[Flags, Flags]:
    """One family: every rejected hypothesis loosens the level for all others."""
    family, found = units * (units - 1), 0
    better = np.zeros((units, units), dtype=bool)
    while found < family:
        better = decide(alpha / (family - found))
        if not step_down or better.sum() == found:
            break
        found = int(better.sum())
    return better, better.T


def _search_each_unit(decide: Decision, units: int, alpha: float, step_down: bool) -> tuple[Flags, Flags]:
    """A family for each unit: its own rejected hypotheses loosen its level."""
    family = 2 * (units - 1)
    better, worse = (np.zeros((units, units), dtype=bool) for _ in range(2))
    for unit in range(units):
        found = 0
        while found < family:
            decided = decide(alpha / (family - found))
            better[unit], worse[unit] = decided[unit], decided[:, unit]
            count = int(better[unit].sum() + worse[unit].sum())
            if not step_down or count == found:
                break
            found = count
    return better, worse


def _remembered(decide: Decision) -> Decision:
    """The same decisions, each level tried once: the families of all units start at the same one."""
    known: dict[float, Flags] = {}

    def look_up(level: float) -> Flags:
        if level not in known:
            known[level] = decide(level)
        return known[level]

    return look_up

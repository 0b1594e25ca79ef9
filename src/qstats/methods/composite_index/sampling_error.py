"""How sure are an index and its ranks, given that its inputs are samples?

On fixed bounds with weighted means an index is a sum of its indicators, so that limits of the indicators,
exact and unequal ones too, give limits of the index (MOVER): distances of independent samples add up in
squares, those of indicators from one sample in full, as if they erred together. Two units are told apart
where the limits of their difference exclude 0, with Holm's step-down over all pairs. Choices of method play
no part here: see :mod:`qstats.methods.composite_index.choices`.

References
----------
Zou & Donner (2008), doi:10.1002/sim.3095; Zou, Huang & Zhang (2009), doi:10.1016/j.csda.2009.06.006 (linear
combinations).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.composite_index.availability import screen_units
from qstats.methods.composite_index.composition import Settings
from qstats.methods.composite_index.contributions import present_weights
from qstats.methods.composite_index.normalisation import normalise
from qstats.methods.composite_index.tree import IndexTree
from qstats.methods.differences import mover_difference
from qstats.methods.ranks import RankSets, decided_rank_sets

Array = NDArray[np.float64]
Limits = Callable[[float], tuple[Array, Array]]
"""Confidence (0–1) → lower and upper limits (units, indicators); of a complete count both are the value."""


def index_limits(
    estimates: ArrayLike, lower: ArrayLike, upper: ArrayLike, tree: IndexTree, settings: Settings,
    *, samples: Sequence[int] | None = None,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Index of each unit with limits of the confidence that the indicators' limits have.

    Parameters
    ----------
    estimates, lower, upper : array_like of float, shape (units, indicators)
        Of each indicator in its own unit; NaN estimate: missing.
    tree : IndexTree
    settings : Settings
        Normalisation ``goalposts`` or ``unchanged``, aggregation ``arithmetic``, nothing treated or imputed.
    samples : sequence of int, optional
        Number of the sample that each indicator comes from; all independent unless given.

    Returns
    -------
    index, lower, upper : array of float, shape (units,)
        NaN for a unit that has no index.

    Raises
    ------
    ValueError
        Settings under which the index is no sum, or an estimate without limits around it.
    """
    _check_sum(settings)
    x, low, high = (np.asarray(one, dtype=float) for one in (estimates, lower, upper))
    if np.any(~np.isnan(x) & ~((low <= x + 1e-12) & (x - 1e-12 <= high))):
        raise ValueError(
            "each estimate lies between its limits; of a complete count both limits are the count"
        )
    score, one, other = (
        normalise(end * tree.directions, settings.normalisation, **settings.normalisation_options)
        for end in (x, low, high)
    )
    # On bounds that are reached a sample may err outwards, which the score does not show.
    below, above = np.fmin(one, other), np.fmax(one, other)
    weights = present_weights(score, tree, settings)
    weights = np.where(screen_units(x, settings.available)[:, None], weights, np.nan)
    index = (weights * np.nan_to_num(score)).sum(axis=1)
    down, up = (
        _distance(weights * np.nan_to_num(np.abs(end - score)), samples) for end in (below, above)
    )  # fmt: skip
    if settings.normalisation == "unchanged":
        return index, index - down, index + up
    # No score leaves the scale, but a sum of weights may by its last digit.
    ends = settings.normalisation_options.get("scale", (0.0, 100.0))
    index, down, up = (np.clip(one, *ends) for one in (index, index - down, index + up))
    return index, down, up


def index_rank_sets(
    estimates: ArrayLike, limits: Limits, tree: IndexTree, settings: Settings, *,
    samples: Sequence[int] | None = None, confidence: float = 0.95, simultaneous: bool = True,
) -> RankSets:  # fmt: skip
    """Ranks that sampling errors of the indicators leave to each unit.

    Parameters
    ----------
    estimates : array_like of float, shape (units, indicators)
        Units are sampled independently of each other, and each has an index.
    limits : callable
        Of the indicators at any confidence.
    tree, settings, samples
        As for :func:`index_limits`.
    confidence : float
        0–1. Of all sets at once (`simultaneous`) or of each by itself.
    """
    x = np.asarray(estimates, dtype=float)

    def decide(level: float) -> NDArray[np.bool_]:
        index, low, high = index_limits(x, *limits(1 - 2 * level), tree, settings, samples=samples)
        if np.isnan(index).any():
            raise ValueError("units without an index have no rank: leave them out")
        _, lower, _ = mover_difference(
            (index[None, :], index[:, None]), (low[None, :], low[:, None]), (high[None, :], high[:, None])
        )
        return np.asarray(lower > 0)

    return decided_rank_sets(decide, len(x), confidence=confidence, simultaneous=simultaneous)


def _check_sum(settings: Settings) -> None:
    fixed = settings.normalisation in ("goalposts", "unchanged")
    if (
        not fixed
        or settings.aggregation != "arithmetic"
        or settings.outliers
        or settings.imputation != "none"
    ):
        raise ValueError(
            "sampling errors are carried through weighted means on fixed bounds only: normalisation "
            "goalposts, aggregation arithmetic, no imputation and no treatment of outliers"
        )


def _distance(parts: Array, samples: Sequence[int] | None) -> Array:
    """Distances of one sample in full, of different samples in squares; shape (units,)."""
    if samples is None:
        return np.asarray(np.sqrt((parts**2).sum(axis=1)))
    groups = np.asarray(samples)
    sums = [parts[:, groups == group].sum(axis=1) for group in np.unique(groups)]
    return np.asarray(np.sqrt(np.sum(np.square(sums), axis=0)))

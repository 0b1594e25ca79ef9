"""Which weights show each unit at its best, or make parts matter as much as they are said to?

References
----------
Cherchye et al. (2007), doi:10.1007/s11205-006-9029-7 (benefit of the doubt);
Becker et al. (2017), doi:10.1016/j.ecolind.2017.03.056 (weights beside importance).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog, minimize

Array = NDArray[np.float64]


def benefit_of_the_doubt(scores: ArrayLike, *, least: float = 0.0, most: float = 1.0) -> tuple[Array, Array]:
    """Index of each unit under the weights that suit it best, no unit scoring above 1 under them.

    Parameters
    ----------
    scores : array_like of float, shape (units, parts)
        Complete, 0 or more.
    least, most : float
        Bounds of the share of each part in the unit's own index, 0–1; ``parts × least <= 1 <= parts × most``.

    Returns
    -------
    index : array of float, shape (units,)
        0–1; several units may have 1.
    shares : array of float, shape (units, parts)
        Share of each part in the unit's own index.

    Raises
    ------
    ValueError
        Negative or missing scores, bounds that no shares keep.
    """
    x = np.asarray(scores, dtype=float)
    units, parts = x.shape
    if not np.all(x >= 0) or np.any(x.sum(axis=1) == 0):
        raise ValueError("benefit of the doubt needs complete scores of 0 or more, and units with some score")
    if not parts * least <= 1 <= parts * most:
        raise ValueError(f"shares between {least} and {most} of {parts} parts cannot add up to 1")
    index, shares = np.empty(units), np.empty((units, parts))
    for unit, own in enumerate(x):
        part = np.diag(own)
        limits = np.vstack([x, part - most * own, least * own - part])
        found = linprog(-own, A_ub=limits, b_ub=[*np.ones(units), *np.zeros(2 * parts)], bounds=(0, None))
        if not found.success:
            raise ValueError(f"no weights of unit {unit + 1} keep the bounds: {found.message}")
        index[unit] = -found.fun
        shares[unit] = found.x * own / index[unit]
    return index, shares


@dataclass(frozen=True, eq=False)
class Matched:
    """Weights under which parts are as important as stated.

    Attributes
    ----------
    weights : array of float
        Adding up to 1.
    importance : array of float
        Correlation of each part with the index, in proportion (adding up to 1).
    correlations : array of float
    distance : float
        Largest difference between `importance` and what was asked.
    """

    weights: Array
    importance: Array
    correlations: Array
    distance: float


def match_importance(scores: ArrayLike, importance: ArrayLike, *, tolerance: float = 0.005) -> Matched:
    """Weights such that correlations of parts with the weighted mean are in stated proportions.

    A weight of 0.3 gives no part 30 % of the say: what varies more, or goes along with others, counts for
    more. This finds the weights that give the say that was meant.

    Parameters
    ----------
    scores : array_like of float, shape (units, parts)
        Normalised and complete.
    importance : array_like of float, shape (parts,)
        Wanted, above 0; only proportions matter.
    tolerance : float
        Largest difference that counts as met.

    Raises
    ------
    ValueError
        No weights of 0 or more come within the tolerance, or only such that a part goes along with the index
        no more than chance would have it: parts move against each other.
    """
    x, wanted = np.asarray(scores, dtype=float), np.asarray(importance, dtype=float)
    if not np.all(np.isfinite(x)) or not np.all(wanted > 0) or len(wanted) != x.shape[1]:
        raise ValueError("importance is above 0, one for each part, and scores are complete")
    wanted = wanted / wanted.sum()
    covariance = np.cov(x, rowvar=False)
    spread = np.sqrt(np.diag(covariance))
    if not np.all(spread > 0):
        raise ValueError("a part is the same for all units: it cannot matter")

    def correlations(weights: Array) -> Array:
        return np.asarray(covariance @ weights / (spread * np.sqrt(weights @ covariance @ weights)))

    def loss(free: Array) -> float:
        weights = np.exp(free - free.max())
        found = correlations(weights / weights.sum())
        return float(np.sum((found / found.sum() - wanted) ** 2)) if found.sum() > 0 else 10.0

    starts = (np.log(wanted), np.log(wanted / spread), np.zeros(len(wanted)))
    options = {"xatol": 1e-10, "fatol": 1e-16, "maxiter": 4_000 * len(wanted), "maxfev": 4_000 * len(wanted)}
    best = min(
        (minimize(loss, s, method="Nelder-Mead", options=options) for s in starts), key=lambda r: r.fun
    )
    weights = np.exp(best.x - best.x.max())
    found = correlations(weights / weights.sum())
    distance = float(np.max(np.abs(found / found.sum() - wanted)))
    if distance > tolerance or np.any(found <= 2 / np.sqrt(len(x))):
        raise ValueError(
            f"no weights give the importance that is asked: {distance:.3f} off at best, smallest correlation "
            f"{found.min():.2f}. Parts that move against each other cannot all matter: look at correlations"
        )
    return Matched(weights / weights.sum(), found / found.sum(), found, distance)

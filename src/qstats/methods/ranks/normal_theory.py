"""Between which ranks does a unit lie, for normal estimates with known covariance?

Rank confidence sets by inverting tests of all pairwise differences: a rank set holds one more than the
number of units found clearly better, up to all but those found clearly worse. The critical value is the
quantile of the largest studentised difference in draws from the normal law (parametric bootstrap); with
step-down it is taken again over the hypotheses "k is not better than j" that are not yet rejected. Of a
pair told apart, the one in the other direction stays. Rank 1 is the largest estimate.

Normal theory is for scores and means. Pass rates near 100 % are no matter for it:
see :mod:`qstats.methods.ranks.step_down`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.ranks.rank_sets import RankSets

_Flags = NDArray[np.bool_]


def normal_rank_sets(
    estimates: ArrayLike,
    covariance: ArrayLike,
    *,
    confidence: float = 0.95,
    simultaneous: bool = True,
    step_down: bool = True,
    draws: int = 10_000,
    seed: int = 0,
) -> RankSets:
    """Two-sided rank confidence set of each unit.

    Parameters
    ----------
    estimates : array_like of float, shape (m,)
    covariance : array_like of float, shape (m,) or (m, m)
        Variances of independent estimates, or their covariance matrix.
    confidence : float
        0–1. Of all sets at once (`simultaneous`) or of each by itself (marginal).
    step_down : bool
        Whether rejected hypotheses leave the comparison; never wider with it.
    draws, seed : int
        Size and seed of the parametric bootstrap.

    Returns
    -------
    RankSets

    Raises
    ------
    ValueError
        Shapes that do not fit, a covariance that is none, estimates that are not finite.

    References
    ----------
    Mogstad, Romano, Shaikh & Wilhelm (2024), doi:10.1093/restud/rdad006.
    """
    differences = _Differences(estimates, covariance, draws, seed)
    families = differences.families(simultaneous)
    found = [differences.rejected(family, confidence, step_down) for family in families]
    if simultaneous:
        return RankSets.from_claims(found[0], found[0].T)
    better = np.array([rejected[unit] for unit, rejected in enumerate(found)])
    worse = np.array([rejected[:, unit] for unit, rejected in enumerate(found)])
    return RankSets.from_claims(better, worse)


def best_candidates(
    estimates: ArrayLike,
    covariance: ArrayLike,
    count: int,
    *,
    confidence: float = 0.95,
    draws: int = 10_000,
    seed: int = 0,
) -> _Flags:
    """Units that may be among the best ``count``: the confidence set for the top (τ-best).

    All units truly among the best lie in it with the given confidence. Those that may be among the worst
    are the candidates for the best by ``-estimates``.

    Parameters
    ----------
    estimates, covariance, confidence, draws, seed
        As for :func:`normal_rank_sets`.
    count : int
        1 to m.

    Returns
    -------
    array of bool, shape (m,)

    Raises
    ------
    ValueError
        Also for a ``count`` outside 1–m.
    """
    if not 1 <= count <= np.size(estimates):
        raise ValueError(f"count {count} lies outside 1 to {np.size(estimates)}, the number of units")
    sets = normal_rank_sets(estimates, covariance, confidence=confidence, draws=draws, seed=seed)
    return sets.low <= count


class _Differences:
    """Studentised differences ``[j, k]`` of unit k against unit j, and draws without a true difference."""

    def __init__(self, estimates: ArrayLike, covariance: ArrayLike, draws: int, seed: int) -> None:
        values, matrix = _checked(estimates, covariance)
        self.size = len(values)
        variances = np.diag(matrix)
        with np.errstate(invalid="ignore"):
            self.errors = np.sqrt(variances[:, None] + variances[None, :] - 2 * matrix)
        np.fill_diagonal(self.errors, 1.0)
        if not np.all(self.errors > 0):
            raise ValueError("the difference of two units has no variance: give each unit an error")
        self.statistics = (values[None, :] - values[:, None]) / self.errors
        self.draws = np.random.default_rng(seed).multivariate_normal(np.zeros(self.size), matrix, size=draws)

    def families(self, simultaneous: bool) -> list[_Flags]:
        """Hypotheses that share one critical value: all pairs, or those of each unit."""
        pairs = ~np.eye(self.size, dtype=bool)
        if simultaneous:
            return [pairs]
        own = np.eye(self.size, dtype=bool)
        return [pairs & (unit[:, None] | unit[None, :]) for unit in own]

    def rejected(self, family: _Flags, confidence: float, step_down: bool) -> _Flags:
        """Hypotheses of the family that are rejected: ``[j, k]`` says that k is clearly better than j."""
        rejected = np.zeros_like(family)
        while (left := family & ~rejected).any():
            found = left & (self.statistics > np.quantile(self._largest(left), confidence))
            rejected |= found
            if not (step_down and found.any()):
                break
        return rejected

    def _largest(self, hypotheses: _Flags) -> NDArray[np.float64]:
        """Largest studentised difference over the hypotheses, by draw."""
        largest = np.full(len(self.draws), -np.inf)
        for unit in np.flatnonzero(hypotheses.any(axis=1)):
            others = np.flatnonzero(hypotheses[unit])
            drawn = (self.draws[:, others] - self.draws[:, [unit]]) / self.errors[unit, others]
            np.maximum(largest, drawn.max(axis=1), out=largest)
        return largest


def _checked(estimates: ArrayLike, covariance: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    values, matrix = np.asarray(estimates, dtype=float), np.asarray(covariance, dtype=float)
    matrix = np.diag(matrix) if matrix.ndim == 1 else matrix
    if values.ndim != 1 or matrix.shape != (len(values), len(values)):
        raise ValueError(f"{values.shape} estimates do not fit a covariance of shape {matrix.shape}")
    if not (np.isfinite(values).all() and np.isfinite(matrix).all()):
        raise ValueError("estimates and covariance must be finite: leave out units without an estimate")
    if np.any(np.diag(matrix) < 0) or not np.allclose(matrix, matrix.T):
        raise ValueError("the covariance must be symmetric, with variances of 0 or more")
    return values, matrix

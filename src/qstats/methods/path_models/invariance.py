"""Do two groups mean the same by the same latent variable? Measurement invariance of composites (MICOM).

First the weights: scores of all respondents with the weights of one group are correlated with those by
the other's; the correlation is compared with what random groups of the same sizes give. Then means and
variances of the common scores. Equal weights are needed before indices are compared; equal means and
variances before groups are pooled.

References
----------
Henseler, J., Ringle, C., Sarstedt, M. (2016). doi:10.1108/IMR-09-2014-0304
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.path_models.estimation import fit_paths
from qstats.methods.path_models.model import PathModel
from qstats.methods.path_models.moments import Floats, weighted_moments

Extent = Literal["full", "partial", "none"]


@dataclass(frozen=True, slots=True)
class Invariance:
    """Invariance of J latent variables between two groups.

    Attributes
    ----------
    correlation, correlation_limit : ndarray, shape (J,)
        Of the scores by both sets of weights, and what a share ``level`` of random groups falls short of.
    mean_difference, mean_limits : ndarray, shapes (J,), (2, J)
        Of standardised common scores, second less first group, and the range of random groups.
    log_variance_ratio, variance_limits : ndarray
    same_weights, same_means, same_variances : ndarray of bool, shape (J,)
    """

    correlation: Floats
    correlation_limit: Floats
    mean_difference: Floats
    mean_limits: Floats
    log_variance_ratio: Floats
    variance_limits: Floats
    same_weights: NDArray[np.bool_]
    same_means: NDArray[np.bool_]
    same_variances: NDArray[np.bool_]

    def extent(self, latent: int) -> Extent:
        """``full``, ``partial`` (weights agree, means or variances do not) or ``none``."""
        if not self.same_weights[latent]:
            return "none"
        return "full" if self.same_means[latent] and self.same_variances[latent] else "partial"


def judge_invariance(
    model: PathModel, items: ArrayLike, second: ArrayLike, weight: ArrayLike, *,
    unit: ArrayLike | None = None, within: ArrayLike | None = None,
    permutations: int = 499, seed: int = 0, level: float = 0.05,
) -> Invariance:  # fmt: skip
    """Permutation test of invariance between a first and a second group.

    Parameters
    ----------
    items : array_like, shape (n, p)
    second : array_like of bool, shape (n,)
        Who belongs to the second group.
    weight : array_like, shape (n,)
    unit : array_like, shape (n,), optional
        What changes groups as a whole (clusters, where groups are made of them); respondents without.
    within : array_like, shape (n,), optional
        What stays as it is: units change groups only with those of the same stratum.
    permutations, seed, level
    """
    x, w, member = np.asarray(items, float), np.asarray(weight, float), np.asarray(second, bool)
    groups = _permuted(member, unit, within, permutations, np.random.default_rng(seed))
    first_fit = fit_paths(model, weighted_moments(x, w * ~groups))
    second_fit = fit_paths(model, weighted_moments(x, w * groups))
    pooled = weighted_moments(x, w)
    common = fit_paths(model, pooled)
    by_first = (first_fit.weight / first_fit.spread)[:, :, None] * model.block
    by_second = (second_fit.weight / second_fit.spread)[:, :, None] * model.block
    correlation = _correlate(by_first, by_second, pooled.covariance[0])
    scores = (x - pooled.mean[0]) @ ((common.weight / common.spread)[0][:, None] * model.block)
    mean, log_variance = _differences(scores, w, groups)
    kept = first_fit.converged & second_fit.converged
    limit = np.quantile(correlation[kept], level, axis=0)
    ends = np.array([level / 2, 1 - level / 2])
    mean_limits, variance_limits = (np.quantile(one[kept], ends, axis=0) for one in (mean, log_variance))
    return Invariance(
        correlation[0], limit, mean[0], mean_limits, log_variance[0], variance_limits,
        correlation[0] >= limit,
        (mean_limits[0] <= mean[0]) & (mean[0] <= mean_limits[1]),
        (variance_limits[0] <= log_variance[0]) & (log_variance[0] <= variance_limits[1]),
    )  # fmt: skip


def _permuted(
    member: NDArray[np.bool_], unit: ArrayLike | None, within: ArrayLike | None, permutations: int,
    generator: np.random.Generator,
) -> NDArray[np.bool_]:  # fmt: skip
    """Membership (permutations + 1, n): as it is, then permuted among the units of each stratum."""
    of_row = np.arange(len(member)) if unit is None else _codes(unit)
    stratum = np.zeros(len(member), int) if within is None else _codes(within)
    of_unit, in_stratum = np.zeros(of_row.max() + 1, bool), np.zeros(of_row.max() + 1, int)
    of_unit[of_row], in_stratum[of_row] = member, stratum
    if (of_unit[of_row] != member).any() or (in_stratum[of_row] != stratum).any():
        raise ValueError("a unit stands in two groups or strata: permute respondents instead")
    shuffled = np.repeat(of_unit[None], permutations, axis=0)
    for code in range(stratum.max() + 1):
        units = np.flatnonzero(in_stratum == code)
        shuffled[:, units] = generator.permuted(shuffled[:, units], axis=1)
    return np.concatenate([of_unit[None], shuffled])[:, of_row]


def _codes(labels: ArrayLike) -> NDArray[np.int64]:
    return np.unique(np.asarray(labels).astype(str), return_inverse=True)[1].astype(np.int64)


def _correlate(first: Floats, second: Floats, covariance: Floats) -> Floats:
    """Correlation (B, J) of the scores that two sets of weights (B, p, J) give all respondents."""
    cross, one, other = (
        np.einsum("bpj,pq,bqj->bj", a, covariance, b, optimize=True)
        for a, b in ((first, second), (first, first), (second, second))
    )
    return np.abs(cross) / np.sqrt(one * other)


def _differences(scores: Floats, weight: Floats, groups: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Difference of means and log ratio of variances (B, J), second over first group."""
    means, variances = [], []
    for member in (~groups, groups):
        w = weight * member
        share = w / w.sum(axis=1, keepdims=True)
        means.append(share @ scores)
        variances.append(share @ scores**2 - means[-1] ** 2)
    return means[1] - means[0], np.log(variances[1] / variances[0])

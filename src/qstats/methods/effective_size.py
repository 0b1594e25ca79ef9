"""How many independent batches are these batches worth?

Batches of one enterprise are alike. With intra-cluster correlation ρ and weights w the variance of a weighted
proportion is, for every enterprise i of a cell with total weight W,

    p (1 − p) · Σᵢ [ (1 − ρ) Σⱼ wᵢⱼ² + ρ (1 − fᵢ) (Σⱼ wᵢⱼ)² ] / W²

so that the effective number of batches is the inverse of the sum. f is the share of the stratum's enterprises
that was sampled: a finite population takes variance away from the choice of enterprises only, never from the
choice of their batches. The correlation is pooled over many cells, because the design effect of a single cell
near 100 % rests on a handful of failures, or none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IntraClusterCorrelation:
    """Likeness of the units of one cluster.

    Attributes
    ----------
    value : float
        0–1; a negative estimate is reported as 0. It is 1 where the data cannot tell (no cluster with two
        units, or all units alike): each cluster then counts once.
    estimated : bool
        False where the data cannot tell.
    units, clusters, repeated : int
        Units, clusters, and clusters with more than one unit.
    """

    value: float
    estimated: bool
    units: int
    clusters: int
    repeated: int


def intra_cluster_correlation(values: ArrayLike, cluster: ArrayLike) -> IntraClusterCorrelation:
    """Intra-cluster correlation by analysis of variance.

    Parameters
    ----------
    values : array_like, shape (n,)
        0 or 1 (any number will do).
    cluster : array_like of int, shape (n,)
        Code of each unit's cluster.

    References
    ----------
    Donner (1986), doi:10.2307/1403259; for binary data Ridout, Demétrio & Firth (1999),
    doi:10.1111/j.0006-341X.1999.00137.x.
    """
    values = np.asarray(values, dtype=float)
    _, code = np.unique(np.asarray(cluster), return_inverse=True)
    size = np.bincount(code).astype(float)
    n, k, repeated = len(values), len(size), int((size > 1).sum())
    if n == 0 or repeated == 0 or k < 2:
        return IntraClusterCorrelation(1.0, False, n, k, repeated)
    means = np.bincount(code, weights=values) / size
    between = float((size * (means - values.mean()) ** 2).sum()) / (k - 1)
    within = float(((values - means[code]) ** 2).sum()) / (n - k)
    typical = (n - (size**2).sum() / n) / (k - 1)
    total = between + (typical - 1) * within
    if total <= 0 or within == 0:  # no failure at all, or no cluster in which units differ
        return IntraClusterCorrelation(1.0, False, n, k, repeated)
    return IntraClusterCorrelation(float(np.clip((between - within) / total, 0, 1)), True, n, k, repeated)


def effective_sizes(
    weight: ArrayLike, cluster: ArrayLike, domain: ArrayLike, n_domains: int, *, icc: ArrayLike,
    sampled_share: ArrayLike = 0.0,
) -> Floats:  # fmt: skip
    """Effective number of units of each domain at a known intra-cluster correlation.

    Parameters
    ----------
    weight, cluster, domain : array_like, shape (n,)
        Weight of each unit (not negative), code of its cluster, code of its domain (−1: in none).
    n_domains : int
    icc : float or array_like, shape (n_domains,)
        Intra-cluster correlation, 0–1.
    sampled_share : float or array_like, shape (n,)
        Share of the clusters of the unit's stratum that was sampled, 0–1.

    Returns
    -------
    array of float, shape (n_domains,)
        0 for an empty domain; never more than its number of units, nor than what unequal weights leave of it.

    Raises
    ------
    ValueError
        A negative weight or a correlation outside 0–1.
    """
    weight, domain = np.asarray(weight, dtype=float), np.asarray(domain)
    icc = np.broadcast_to(np.asarray(icc, dtype=float), n_domains)
    if np.any(weight < 0) or np.any((icc < 0) | (icc > 1)):
        raise ValueError("weights must not be negative and the intra-cluster correlation must lie in 0–1")
    inside = domain >= 0
    sums = cluster_weights(weight, cluster, domain, n_domains)
    total = np.asarray(sums.sum(axis=1)).ravel()
    alone = np.bincount(domain[inside], weights=weight[inside] ** 2, minlength=n_domains)
    open_share = np.broadcast_to(1.0 - np.asarray(sampled_share, dtype=float), weight.shape)
    open_sums = cluster_weights(weight * open_share, cluster, domain, n_domains)
    together = np.asarray(sums.multiply(open_sums).sum(axis=1)).ravel()
    # Never below what weights alone cost: a census of enterprises makes no batch worth more than it is.
    spread = np.maximum((1 - icc) * alone + icc * together, alone)
    return np.divide(total**2, spread, out=np.zeros(n_domains), where=spread > 0)


def cluster_weights(weight: ArrayLike, cluster: ArrayLike, domain: ArrayLike, n_domains: int) -> csr_array:
    """Sum of weights of each cluster in each domain, shape (n_domains, clusters), sparse."""
    weight, domain, cluster = np.asarray(weight, dtype=float), np.asarray(domain), np.asarray(cluster)
    inside = domain >= 0
    shape = (n_domains, int(cluster.max(initial=-1)) + 1)
    return csr_array((weight[inside], (domain[inside], cluster[inside])), shape=shape)


def model_correlation(
    weight: ArrayLike, cluster: ArrayLike, domain: ArrayLike, n_domains: int,
    pairs: tuple[ArrayLike, ArrayLike], *, icc: ArrayLike,
) -> Floats:  # fmt: skip
    """Correlation of the estimates of pairs of domains that share clusters, at a known correlation within.

    Parameters
    ----------
    pairs : pair of array_like of int, shape (m,)
        Codes of the first and the second domain of each pair.
    icc : float or array_like, shape (n_domains,)

    Returns
    -------
    array of float, shape (m,)
        0 where the two have no cluster in common or one is empty.
    """
    sums = cluster_weights(weight, cluster, domain, n_domains)
    total = np.asarray(sums.sum(axis=1)).ravel()
    effective = effective_sizes(weight, cluster, domain, n_domains, icc=icc)
    first, second = (np.asarray(part, dtype=int) for part in pairs)
    shared = np.asarray(sums[first].multiply(sums[second]).sum(axis=1)).ravel()
    scale = total[first] * total[second]
    share = np.divide(shared, scale, out=np.zeros(len(first)), where=scale > 0)
    likeness = np.broadcast_to(np.asarray(icc, dtype=float), n_domains)
    return (
        np.minimum(likeness[first], likeness[second]) * share * np.sqrt(effective[first] * effective[second])
    )


def own_effective_sizes(estimate: ArrayLike, variance: ArrayLike) -> Floats:
    """Effective n that a proportion's own variance implies; infinite where it shows none.

    A cell without failures has variance 0, which says nothing about its precision: the size implied by the
    pooled correlation has to answer there.
    """
    estimate, variance = np.asarray(estimate, dtype=float), np.asarray(variance, dtype=float)
    binomial = estimate * (1 - estimate)
    known = (variance > 0) & (binomial > 0)
    return np.divide(binomial, variance, out=np.full(np.shape(estimate), np.inf), where=known)


def degrees_of_freedom_factor(n: ArrayLike, freedom: ArrayLike, *, confidence: float) -> Floats:
    """Factor by which an effective n shrinks because its variance rests on few clusters (Korn & Graubard).

    ``(t(n − 1) / t(freedom))²`` of Student quantiles; 1 at most.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24, 193–201.
    """
    from scipy.stats import t

    level = (1 + confidence) / 2
    n, freedom = np.asarray(n, dtype=float), np.asarray(freedom, dtype=float)
    ratio = t.ppf(level, np.maximum(n - 1, 1)) / t.ppf(level, np.maximum(freedom, 1))
    return np.minimum(ratio**2, 1.0)

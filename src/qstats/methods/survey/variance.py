"""How much would an estimate vary from sample to sample of the same design?

Every estimate is turned into a sum of scores of the units (Taylor linearisation); the variance of a sum
follows from the spread of the totals of clusters within their strata, stage by stage. Scores of many domains
are held as pairs of domain and cluster that occur, so the cost follows the number of units and not
domains × strata.

Source: Särndal, Swensson & Wretman (1992), sections 4.3 and 5.5, doi:10.1007/978-1-4612-4378-6; stages:
Bellhouse (1985), *Computing methods for variance estimation in complex surveys*, J. Official Statistics 1(3).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from qstats.methods.survey.design import Codes, Design, Floats, StageVariance, stage_variances


def score_covariance(design: Design, scores: Floats, *, lonely: str = "adjust") -> Floats:
    """Covariance matrix of the sums of several scores.

    Parameters
    ----------
    design : Design
    scores : array of float, shape (n, p)
        Weighted and linearised: the estimate of each column is about their sum. Zeros outside a domain.
    lonely : str
        As in `stage_variances`; the grand mean of linearised scores is 0.

    Returns
    -------
    array of float, shape (p, p)
    """
    covariance = np.zeros((scores.shape[1], scores.shape[1]))
    for stage in stage_variances(design, lonely=lonely):
        totals = _grouped(stage.cluster, scores, len(stage.stratum))
        means = _grouped(stage.stratum, totals, len(stage.sampled)) / np.maximum(stage.sampled, 1)[:, None]
        means[stage.sampled == 1] = 0.0
        present = np.isin(np.arange(len(totals)), stage.cluster)
        spread = (totals - means[stage.stratum]) * np.sqrt(stage.scale[stage.stratum] * present)[:, None]
        covariance += spread.T @ spread
    return covariance


def domain_variances(
    design: Design, scores: Floats, domain: Codes, n_domains: int, *, lonely: str = "adjust"
) -> Floats:
    """Variance of the sum of the scores of each domain; clusters outside it count with zeros.

    Parameters
    ----------
    design : Design
    scores : array of float, shape (n,)
        Weighted and linearised, so that they sum to 0 in each domain.
    domain : array of int, shape (n,)
        0…n_domains − 1, or −1 for units in no domain.
    n_domains : int
    lonely : str
        As in `stage_variances`; the grand mean of linearised scores is 0.

    Returns
    -------
    array of float, shape (n_domains,)
    """
    inside = domain >= 0
    domain, scores = domain[inside], scores[inside]
    variance = np.zeros(n_domains)
    for stage in stage_variances(design, lonely=lonely):
        variance += _stage_domain_variances(stage, scores, stage.cluster[inside], domain, n_domains)
    return variance


def domain_pair_covariances(
    design: Design, scores: Floats, domain: Codes, pairs: NDArray[np.int64], n_domains: int, *, lonely: str
) -> Floats:
    """Covariance of the sums of scores of two domains, for each of several pairs, shape (pairs,)."""
    inside = domain >= 0
    covariance = np.zeros(len(pairs))
    for stage in stage_variances(design, lonely=lonely):
        shape = (len(stage.stratum), n_domains)
        totals = csc_array((scores[inside], (stage.cluster[inside], domain[inside])), shape=shape)
        strata = csc_array(
            (np.ones(shape[0]), (stage.stratum, np.arange(shape[0]))), shape=(len(stage.sampled), shape[0])
        )
        of_strata = csc_array(strata @ totals)
        centring = np.where(stage.sampled > 1, stage.scale / np.maximum(stage.sampled, 1), 0.0)
        covariance += stage.scale[stage.stratum] @ _products(totals, pairs)
        covariance -= centring @ _products(of_strata, pairs)
    return covariance


def _stage_domain_variances(
    stage: StageVariance, scores: Floats, cluster: Codes, domain: Codes, n_domains: int
) -> Floats:
    """Sums of squares about the means of strata, clusters that have no part in a domain included."""
    totals, cluster_of, domain_of = _pair_sums(cluster, domain, scores, n_domains)
    stratum_of = stage.stratum[cluster_of]
    pair = _pair_codes(stratum_of, domain_of, n_domains)
    strata_seen, first = np.unique(pair, return_index=True)
    stratum, domain_seen = stratum_of[first], domain_of[first]
    sampled = stage.sampled[stratum]
    means = np.where(sampled > 1, np.bincount(pair, totals) / sampled, 0.0)
    squares = np.bincount(pair, (totals - means[pair]) ** 2, minlength=len(strata_seen)).astype(float)
    squares += (sampled - np.bincount(pair, minlength=len(strata_seen))) * means**2
    return _summed(domain_seen, stage.scale[stratum] * squares, n_domains)


def _pair_sums(major: Codes, minor: Codes, values: Floats, n_minor: int) -> tuple[Floats, Codes, Codes]:
    """Sum of values for each pair of codes that occurs, and the two codes of each pair."""
    keys, position = np.unique(major * n_minor + minor, return_inverse=True)
    return _summed(position, values, len(keys)), keys // max(n_minor, 1), keys % max(n_minor, 1)


def _pair_codes(major: Codes, minor: Codes, n_minor: int) -> Codes:
    return np.unique(major * n_minor + minor, return_inverse=True)[1]


def _products(sums: csc_array, pairs: NDArray[np.int64]) -> csc_array:
    """Product of the columns of each pair."""
    return csc_array(sums[:, pairs[:, 0]].multiply(sums[:, pairs[:, 1]]))


def _grouped(codes: Codes, values: Floats, n_codes: int) -> Floats:
    """Sums of each column of values by code, shape (n_codes, p)."""
    return np.column_stack([_summed(codes, column, n_codes) for column in values.T])


def _summed(codes: Codes, values: Floats, n_codes: int) -> Floats:
    return np.bincount(codes, values, minlength=n_codes).astype(float, copy=False)

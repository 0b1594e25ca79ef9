"""How much would an estimate vary from sample to sample of the same design?

Every estimate is turned into a sum of scores of the units (Taylor linearisation); the variance of a sum
follows from the spread of the totals of clusters within their strata, stage by stage. Scores of many domains
are held as pairs of domain and cluster that occur, so the cost follows the number of units and not
domains × strata.

Source: Särndal, Swensson & Wretman (1992), sections 4.3 and 5.5, doi:10.1007/978-1-4612-4378-6; stages:
Bellhouse (1985), *Computing methods for variance estimation in complex surveys*, J. Official Statistics 1(3).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from qstats.methods.survey.design import Codes, Design, Floats, StageVariance, stage_variances
from qstats.methods.survey.occurrence import occurring


@dataclass(frozen=True, slots=True)
class DomainVariances:
    """How sums over domains vary, and what of the first stage holds their units.

    Every attribute is an array of shape (n_domains,).

    Attributes
    ----------
    variance : array of float
    clusters, strata : array of int
        Those that hold units of the domain.
    design_df : array of int
        Clusters less strata of the whole design over those strata.
    """

    variance: Floats
    clusters: Codes
    strata: Codes
    design_df: Codes


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
) -> DomainVariances:
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
        As in `stage_variances`; the grand mean of linearised scores is 0, so a total with a single cluster
        in a stratum counts that cluster's whole sum, which is cautious.

    Returns
    -------
    DomainVariances
    """
    units = np.flatnonzero(domain >= 0)
    if len(units) < len(domain):
        domain, scores = domain[units], scores[units]
    found: DomainVariances | None = None
    for stage in stage_variances(design, lonely=lonely):
        cluster = stage.cluster[units] if len(units) < len(stage.cluster) else stage.cluster
        of_stage = _stage_domain_variances(stage, scores, cluster, domain, n_domains)
        variance = of_stage.variance if found is None else found.variance + of_stage.variance
        found = replace(of_stage if found is None else found, variance=variance)
    assert found is not None  # a design has one stage at least
    return found


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
) -> DomainVariances:
    """Sums of squares about the means of strata, clusters that have no part in a domain included."""
    width = max(n_domains, 1)
    parts = occurring(cluster * width + domain)  # each: of one cluster in one domain
    # Each layer: the parts of one stratum in one domain.
    layers = occurring(stage.stratum[parts.code // width] * width + parts.code % width)
    stratum, of_domain = layers.code // width, layers.code % width
    sampled = stage.sampled[stratum]

    totals = _summed(parts.position, scores, len(parts.code))
    means = np.where(sampled > 1, _summed(layers.position, totals, len(layers.code)) / sampled, 0.0)
    squares = _summed(layers.position, (totals - means[layers.position]) ** 2, len(layers.code))
    squares += (sampled - layers.count) * means**2
    return DomainVariances(
        _summed(of_domain, stage.scale[stratum] * squares, n_domains),
        np.bincount(parts.code % width, minlength=n_domains),
        np.bincount(of_domain, minlength=n_domains),
        np.bincount(of_domain, sampled - 1, minlength=n_domains).astype(np.int64),
    )


def _products(sums: csc_array, pairs: NDArray[np.int64]) -> csc_array:
    """Product of the columns of each pair."""
    return csc_array(sums[:, pairs[:, 0]].multiply(sums[:, pairs[:, 1]]))


def _grouped(codes: Codes, values: Floats, n_codes: int) -> Floats:
    """Sums of each column of values by code, shape (n_codes, p)."""
    return np.column_stack([_summed(codes, column, n_codes) for column in values.T])


def _summed(codes: Codes, values: Floats, n_codes: int) -> Floats:
    return np.bincount(codes, values, minlength=n_codes).astype(float, copy=False)

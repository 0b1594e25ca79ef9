"""What is the mean, ratio or total of each domain, and how sure is it?

Domains are parts of the population that were not fixed by the design (counties, product classes, periods).
Their variance keeps the whole design: a cluster without units of the domain counts with zero, because the
number of its units in the domain is left to chance as well.

Source: Särndal, Swensson & Wretman (1992), sections 5.6–5.8 and 10.3, doi:10.1007/978-1-4612-4378-6;
effective size: Korn & Graubard (1998), Survey Methodology 24(2); design effect: Kish (1965); degrees of
freedom: Satterthwaite (1946), doi:10.2307/3002019.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.survey.design import Codes, Design, Floats, clusters_sampled, stratum_of_clusters
from qstats.methods.survey.variance import domain_pair_covariances, domain_variances


@dataclass(frozen=True, slots=True)
class DomainMeans:
    """Means or ratios of domains; every attribute is an array of shape (n_domains,).

    Attributes
    ----------
    estimate, variance : array of float
        NaN for a domain without units of positive weight (or with a denominator of 0).
    n, clusters, strata : array of int
        Units of positive weight, and the first-stage clusters and strata that hold them.
    weight_sum : array of float
    deff : array of float
        Variance over that of a simple random sample of n units drawn with replacement; NaN where no value
        differs.
    effective_n : array of float
        Size of the simple random sample with this variance: population variance of the values over the
        variance of the estimate; NaN where both are 0, ``inf`` where only the second is.
    df : array of int
        Clusters less strata that hold units of the domain.
    design_df : array of int
        Clusters less strata of the whole design over the strata that hold units of the domain.
    """

    estimate: Floats
    variance: Floats
    n: Codes
    clusters: Codes
    strata: Codes
    weight_sum: Floats
    deff: Floats
    effective_n: Floats
    df: Codes
    design_df: Codes


@dataclass(frozen=True, slots=True)
class DomainTotals:
    """Totals of domains with their variances, arrays of shape (n_domains,)."""

    estimate: Floats
    variance: Floats


def domain_means(
    design: Design,
    values: ArrayLike,
    domain: ArrayLike,
    n_domains: int,
    *,
    denominator: ArrayLike | None = None,
    lonely: str = "adjust",
) -> DomainMeans:
    """Weighted mean, or ratio of two sums, of each domain with its Taylor variance.

    Parameters
    ----------
    design : Design
    values : array_like of float, shape (n,)
        What is averaged, 0 and 1 for a proportion; what stands outside all domains is not looked at.
    domain : array_like of int, shape (n,)
        0…n_domains − 1; −1 for units in no domain (a missing value, for one).
    n_domains : int
        Domains without units are kept.
    denominator : array_like of float, shape (n,), optional
        For a ratio of sums; ones if left out.
    lonely : {"adjust", "certainty", "fail"}
        What a stratum with a single cluster adds: its distance from the grand mean, nothing, or an error.

    Returns
    -------
    DomainMeans

    Raises
    ------
    ValueError
        Shapes that differ, domains out of range, values inside a domain that are not finite.
    """
    y, x, domain = _checked(design, values, denominator, domain, n_domains)
    weight = np.where(domain >= 0, design.weight, 0.0)
    estimate, residual = _ratio_residuals(weight, y, x, domain, n_domains)
    spread = domain_variances(design, weight * residual, domain, n_domains, lonely=lonely)
    variance = np.where(np.isnan(estimate), np.nan, spread.variance)
    weight_sum, n = _sums(domain, weight, n_domains), _count(domain, n_domains)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Residuals are shares of the sum of the denominators; their variance is put on the scale of one unit.
        unit_variance = _sums(domain, weight * residual**2, n_domains) * weight_sum
        effective_n = unit_variance / variance
        deff = np.where(unit_variance > 0, variance * (n - 1) / unit_variance, np.nan)
    df = spread.clusters - spread.strata
    return DomainMeans(
        estimate,
        variance,
        n,
        spread.clusters,
        spread.strata,
        weight_sum,
        deff,
        effective_n,
        df,
        spread.design_df,
    )


def domain_freedom(design: Design, inside: ArrayLike) -> float:
    """Degrees of freedom of the variance of one domain, by Satterthwaite for clusters that are alike.

    Clusters less strata is right where a domain holds whole strata. Where it holds one or two of the many
    clusters of each, the others count as zeros, hold the mean of the stratum, and take hardly any freedom
    away: with k of the n clusters of a stratum the sum of squares has k²/(n/(n − 1))²/(k − 2k/n + k²/n²) of
    them. Never fewer than clusters less strata, nor more than clusters less one.

    Parameters
    ----------
    design : Design
        Its first stage counts; without correction for a finite population.
    inside : array_like of bool, shape (n,)

    Returns
    -------
    float
        0 for a domain in one cluster, or without units.
    """
    stage = design.stages[0]
    used = np.unique(stage.cluster[np.asarray(inside, dtype=bool)])
    if len(used) < 2:
        return 0.0
    n = np.maximum(clusters_sampled(stage), 2)
    k = np.bincount(stratum_of_clusters(stage)[used], minlength=len(n)).astype(float)
    squared = (n / (n - 1)) ** 2 * (k - 2 * k / n + k**2 / n**2)
    least = len(used) - np.count_nonzero(k)
    return round(float(max(least, min(len(used) - 1, k.sum() ** 2 / squared.sum()))), 9)


def domain_totals(
    design: Design, values: ArrayLike, domain: ArrayLike, n_domains: int, *, lonely: str = "adjust"
) -> DomainTotals:
    """Weighted total of each domain with its variance; 0 where there are no units.

    Parameters are those of `domain_means`. The total of a domain is uncertain even if its units are all
    alike, since their number is left to chance.

    Returns
    -------
    DomainTotals
    """
    y, _, domain = _checked(design, values, None, domain, n_domains)
    scores = np.where(domain >= 0, design.weight * y, 0.0)
    spread = domain_variances(design, scores, domain, n_domains, lonely=lonely)
    return DomainTotals(_sums(domain, scores, n_domains), spread.variance)


def covariance(
    design: Design,
    values: ArrayLike,
    domain: ArrayLike,
    pairs: ArrayLike,
    *,
    denominator: ArrayLike | None = None,
    lonely: str = "adjust",
) -> Floats:
    """Covariance of the means (or ratios) of two domains, for each pair, as from clusters that both share.

    Parameters
    ----------
    design, values, domain, denominator, lonely
        As in `domain_means`.
    pairs : array_like of int, shape (pairs, 2)
        Codes of the two domains; the same code twice gives the variance.

    Returns
    -------
    array of float, shape (pairs,)
        NaN where a domain has no estimate.

    Raises
    ------
    ValueError
        A pair that names a domain by a negative code; else as for `domain_means`.
    """
    of_pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    n_domains = int(max(np.asarray(domain).max(initial=-1), of_pairs.max(initial=-1))) + 1
    if of_pairs.min(initial=0) < 0:
        raise ValueError("pairs name domains by their codes, which start at 0")
    y, x, codes = _checked(design, values, denominator, domain, n_domains)
    weight = np.where(codes >= 0, design.weight, 0.0)
    estimate, residual = _ratio_residuals(weight, y, x, codes, n_domains)
    found = domain_pair_covariances(design, weight * residual, codes, of_pairs, n_domains, lonely=lonely)
    return np.where(np.isnan(estimate[of_pairs]).any(axis=1), np.nan, found)


def deff_without_replacement(means: DomainMeans) -> Floats:
    """Design effect against a simple random sample of n units drawn without replacement from the weight sum.

    ``inf`` where the weights say that the sample is the whole population; it is then no useful yardstick.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(means.deff / np.maximum(1 - means.n / means.weight_sum, 0.0))


def _checked(
    design: Design, values: ArrayLike, denominator: ArrayLike | None, domain: ArrayLike, n_domains: int
) -> tuple[Floats, Floats, Codes]:
    """Values, denominators and domains; units of weight 0 belong to no domain."""
    y, codes = np.asarray(values, dtype=float), np.asarray(domain, dtype=np.int64)
    x = np.ones(len(y)) if denominator is None else np.asarray(denominator, dtype=float)
    if not y.shape == x.shape == codes.shape == design.weight.shape:
        raise ValueError(f"values and domains must be given for each of {len(design.weight)} units")
    if len(codes) and (codes.min() < -1 or codes.max() >= n_domains):
        raise ValueError(f"domains must lie between -1 and {n_domains - 1}")
    codes = np.where(design.weight > 0, codes, -1)
    inside = codes >= 0
    if not (np.isfinite(y[inside]).all() and np.isfinite(x[inside]).all()):
        raise ValueError("values inside a domain must be finite; give units with a missing value domain -1")
    return np.where(inside, y, 0.0), np.where(inside, x, 0.0), codes


def _ratio_residuals(
    weight: Floats, y: Floats, x: Floats, domain: Codes, n_domains: int
) -> tuple[Floats, Floats]:
    """Ratio of each domain, and for each unit (y − Rx) / Σwx of its domain, 0 in no domain."""
    base = _sums(domain, weight * x, n_domains)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = np.where(base != 0, _sums(domain, weight * y, n_domains) / base, np.nan)
        residual = (y - estimate[domain] * x) / base[domain] if n_domains else np.zeros(len(y))
    usable = (domain >= 0) & np.isfinite(residual)
    return estimate, np.where(usable, residual, 0.0)


def _sums(domain: Codes, values: Floats, n_domains: int) -> Floats:
    """Sum of values by domain; −1 belongs to none."""
    return np.bincount(domain + 1, values, minlength=n_domains + 1)[1:].astype(float, copy=False)


def _count(domain: Codes, n_domains: int) -> Codes:
    return np.bincount(domain + 1, minlength=n_domains + 1)[1:]

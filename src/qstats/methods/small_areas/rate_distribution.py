"""Which distributions of true rates over areas could have given these counts, and how probable is each?

Areas' true rates follow a beta distribution, counts are binomial around them. Its mean has a flat prior; its
precision ``M`` (alpha + beta) has a uniform-shrinkage prior: the weight ``M / (M + n0)`` that an area of size
``n0`` gives to the mean is uniform on 0–1, and no variance is estimated as 0. ``n0`` is a quarter of the
areas' typical size, so that areas lean towards speaking for themselves: with the typical size itself,
intervals cover 93 % where areas differ by 0.6–1 on the logit. The posterior is held as weighted quadrature
nodes: a coarse grid finds where it lies, Gauss-Legendre nodes fill that box. Counts may be real-valued
(effective).

Sources: Christiansen & Morris (1997), doi:10.1080/01621459.1997.10474011; Daniels (1999),
doi:10.2307/3316112 (uniform-shrinkage priors).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, expit, gammaln, logit

from qstats.methods.small_areas.area_level import Floats

_PRIOR_SIZE = 0.25
"""Size ``n0`` of the prior as a share of the typical size of an area."""
_NEGLIGIBLE = 10.0
"""Logarithm by which a place must fall short of the highest posterior density to be left out."""
_COARSE_OFFSETS = 0.02 * np.sinh(np.linspace(-7.2, 7.2, 49))
_COARSE_SHARES = (np.arange(14) + 0.5) / 14
_LINE_RULE, _SHARE_RULE = np.polynomial.legendre.leggauss(28), np.polynomial.legendre.leggauss(18)


@dataclass(frozen=True, slots=True)
class RateDistribution:
    """Posterior of the distribution of true rates: ``h`` weighted beta distributions.

    Attributes
    ----------
    mean, precision, weight : array, shape (h,)
        Mean of each beta distribution, sum of its parameters, its probability.
    """

    mean: Floats
    precision: Floats
    weight: Floats

    @property
    def alpha(self) -> Floats:
        """First parameter of each beta distribution."""
        return self.mean * self.precision

    @property
    def beta(self) -> Floats:
        """Second parameter of each beta distribution."""
        return (1 - self.mean) * self.precision


def fit_rate_distribution(successes: Floats, n: Floats) -> RateDistribution:
    """Posterior of the distribution of true rates, from checked counts of areas, shape (m,)."""
    sampled = n > 0
    s, f = successes[sampled], (n - successes)[sampled]
    # A harmonic mean, as the smallest areas are those that borrow; effective counts may be below 1.
    typical = 1 / (1 / np.maximum(n[sampled], 1)).mean() if sampled.any() else 1.0
    coarse = logit((s.sum() + 0.5) / (s.sum() + f.sum() + 1)) + _COARSE_OFFSETS
    found = _log_posterior(coarse[:, None], _COARSE_SHARES, typical, s, f)
    near = found > found.max() - _NEGLIGIBLE
    lines, line_weights = _legendre(_LINE_RULE, *_reach(coarse, near.any(axis=1)))
    edges = np.concatenate([[0.0], _COARSE_SHARES, [1.0]])
    shares, share_weights = _legendre(
        _SHARE_RULE, *_reach(edges, np.concatenate([[False], near.any(axis=0), [False]]))
    )
    log_density = _log_posterior(lines[:, None], shares, typical, s, f)
    weight = np.exp(log_density - log_density.max()) * line_weights[:, None] * share_weights
    mean, share = np.broadcast_arrays(expit(lines)[:, None], shares)
    precision = (typical * share / (1 - share)).ravel()
    return RateDistribution(mean.ravel(), precision, (weight / weight.sum()).ravel())


def _reach(places: Floats, near: np.ndarray) -> tuple[float, float]:
    """First and last place that matters, and one more on either side."""
    inside = np.flatnonzero(near)
    return float(places[max(inside[0] - 1, 0)]), float(places[min(inside[-1] + 1, places.size - 1)])


def _legendre(rule: tuple[Floats, Floats], low: float, high: float) -> tuple[Floats, Floats]:
    """Nodes of a quadrature rule moved between two limits, with their weights."""
    nodes, weights = rule
    return (low + high) / 2 + (high - low) / 2 * nodes, weights


def _log_posterior(line: Floats, share: Floats, typical: float, s: Floats, f: Floats) -> Floats:
    """Log density of the mean's logit and the shrinkage share, up to a constant; they broadcast."""
    mean, precision = expit(line), typical * share / (1 - share)
    a, b = mean * precision, expit(-line) * precision
    areas = gammaln(s + a[..., None]) + gammaln(f + b[..., None])
    together = gammaln(s + f + precision[..., None]).sum(axis=-1)
    # Shares are uniform for areas of typical size; the prior wants them uniform for smaller ones.
    lean = 2 * np.log((typical + precision) / (_PRIOR_SIZE * typical + precision))
    flat_mean = -np.logaddexp(0, -line) - np.logaddexp(0, line)
    return np.asarray(areas.sum(axis=-1) - together - s.size * betaln(a, b) + lean + flat_mean)

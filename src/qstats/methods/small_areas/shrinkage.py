"""What is each area's rate, given its own few batches and the rates of all the others?

Beta-binomial shrinkage with the distribution of true rates integrated over
(:mod:`qstats.methods.small_areas.rate_distribution`) instead of fitted and taken as known, which is too sure
with few areas. Every area's posterior is a mixture of beta distributions; limits are its quantiles, found on
a grid of the logit. An area without batches gets what the others foretell of it.

Source: Christiansen & Morris (1997), doi:10.1080/01621459.1997.10474011, who do this for Poisson counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, expit, logit, ndtri
from scipy.stats import rankdata

from qstats.methods.small_areas.area_level import Floats
from qstats.methods.small_areas.beta_binomial import check_counts
from qstats.methods.small_areas.rate_distribution import RateDistribution, fit_rate_distribution

_GRID = 0.14 * np.arange(-48, 49)
_SPREAD_GRID = np.sinh(_GRID)
"""Fine around the middle, reaching 400 standard deviations out: rates near 1 have long tails on the logit."""
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class ShrunkRates:
    """Rates of areas that borrow strength from each other.

    Attributes
    ----------
    estimate, lower, upper : array, shape (m,)
        Posterior mean and equal-tailed limits of each area's true rate, 0–1.
    own_weight : array, shape (m,)
        Weight of the area's own rate in its estimate, 0–1; the mean rate has the rest.
    mean : float
        Mean of the true rates over areas, 0–1.
    rho : float
        Intra-area correlation: share of a single batch's variance that lies between areas, 0–1.
    between_sd : float
        Standard deviation of the true rates, 0–1.
    between_share : float
        Share of the scatter of the areas' own rates that lies between areas rather than in sampling, 0–1:
        the mean of their own weights, areas without batches left out.
    confidence : float
    distribution : RateDistribution
        Posterior that all of this comes from.
    successes, n : array, shape (m,)
        As given.
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    own_weight: Floats
    mean: float
    rho: float
    between_sd: float
    between_share: float
    confidence: float
    distribution: RateDistribution
    successes: Floats
    n: Floats


def shrink_rates(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> ShrunkRates:
    """Rate of each area, drawn towards the areas' mean as far as the data say that areas are alike.

    Parameters
    ----------
    successes, n : array_like, shape (m,)
        ``0 <= successes <= n``, may be real-valued (effective counts). No failure anywhere, one area only
        and areas with ``n = 0`` are answered.
    confidence : float
        Two-sided level, 0–1.

    Raises
    ------
    ValueError
        Counts that are impossible, or a level outside 0–1.
    """
    s, total = check_counts(successes, n)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} must lie between 0 and 1")
    spread = fit_rate_distribution(s, total)
    estimate, own_weight, deviation = _moments(spread, s, total)
    lower, upper = _limits(spread, s, total, estimate, deviation, (1 - confidence) / 2)
    variance = spread.mean * (1 - spread.mean) / (spread.precision + 1)
    centre = float(spread.weight @ spread.mean)
    sampled = total > 0
    return ShrunkRates(
        estimate=estimate,
        lower=np.minimum(lower, estimate),
        upper=np.maximum(upper, estimate),
        own_weight=own_weight,
        mean=centre,
        rho=float(spread.weight @ (1 / (spread.precision + 1))),
        between_sd=float(np.sqrt(spread.weight @ variance)),
        between_share=float(own_weight[sampled].mean()) if sampled.any() else 0.0,
        confidence=confidence,
        distribution=spread,
        successes=s,
        n=total,
    )


def _moments(spread: RateDistribution, s: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Posterior mean of each rate, weight of its own counts, and posterior standard deviation."""
    size = n + spread.precision[:, None]
    mean = (s + spread.alpha[:, None]) / size
    estimate = spread.weight @ mean
    second = spread.weight @ (mean * (1 - mean) / (size + 1) + (mean - estimate) ** 2)
    return estimate, spread.weight @ (n / size), np.sqrt(second)


def _limits(
    spread: RateDistribution, s: Floats, n: Floats, estimate: Floats, deviation: Floats, tail: float
) -> tuple[Floats, Floats]:
    """Quantiles ``tail`` and ``1 - tail`` of each area's mixture, by blocks of areas."""
    blocks = [slice(start, start + _BLOCK) for start in range(0, s.size, _BLOCK)]
    found = [
        _block_limits(spread, s[block], n[block], estimate[block], deviation[block], tail) for block in blocks
    ]
    return np.concatenate([low for low, _ in found]), np.concatenate([high for _, high in found])


def _block_limits(
    spread: RateDistribution, s: Floats, n: Floats, estimate: Floats, deviation: Floats, tail: float
) -> tuple[Floats, Floats]:
    width = np.maximum(deviation / (estimate * (1 - estimate)), 1e-6)
    line = logit(estimate)[:, None] + width[:, None] * _SPREAD_GRID  # (areas, grid)
    kept = spread.weight > 1e-5 * spread.weight.max()
    a, b = s[:, None] + spread.alpha[kept], (n - s)[:, None] + spread.beta[kept]  # (areas, nodes)
    scale = np.log(spread.weight[kept]) - betaln(a, b)
    places = np.stack([-np.logaddexp(0, -line), -np.logaddexp(0, line), np.ones_like(line)], axis=-1)
    exponent = places @ np.stack([a, b, scale], axis=1)  # (areas, grid, nodes)
    density = np.exp(exponent, out=exponent).sum(axis=2) * np.cosh(_GRID)
    return _cross(line, density, tail), _cross(line[:, ::-1], density[:, ::-1], tail)


def _cross(line: Floats, density: Floats, tail: float) -> Floats:
    """Rate before which each row of densities has ``tail`` of its mass.

    Trapezoids with Euler and Maclaurin's correction by the slope; between places of the grid the normal
    quantile of the mass is taken as straight, which it nearly is.
    """
    mass = np.cumsum(density, axis=1) - density / 2 - np.gradient(density, axis=1) / 12
    quantile = ndtri(np.clip(mass / density.sum(axis=1, keepdims=True), 1e-300, 1.0))
    return np.array([expit(np.interp(ndtri(tail), z, x)) for z, x in zip(quantile, line, strict=True)])


def draw_shrunk_rates(shrunk: ShrunkRates, *, draws: int = 2000, seed: int = 0) -> Floats:
    """Joint draws of the areas' true rates from their posterior, shape (draws, m).

    Areas of one draw share the distribution of true rates, as they do in the posterior.
    """
    spread, rng = shrunk.distribution, np.random.default_rng(seed)
    node = rng.choice(spread.weight.size, size=draws, p=spread.weight)
    a = shrunk.successes + spread.alpha[node, None]
    b = (shrunk.n - shrunk.successes) + spread.beta[node, None]
    # Parameters can be smaller than any positive number where all rates are 0 or 1.
    return rng.beta(np.maximum(a, 1e-12), np.maximum(b, 1e-12))


def expected_ranks(draws: ArrayLike) -> Floats:
    """Mean rank of each area over joint draws, 1 for the highest rate; ties share their ranks.

    Parameters
    ----------
    draws : array_like, shape (draws, m)

    References
    ----------
    Laird & Louis (1989), doi:10.3102/10769986014001029.
    """
    return np.asarray(rankdata(-np.asarray(draws, dtype=float), axis=1).mean(axis=0))

"""Do units differ by more than chance, and how wide is a funnel then?

Where many units lie beyond the limits, the limits are wrong rather than the units. Over-dispersion is
estimated as the intra-class correlation that the beta-binomial funnel takes, or from winsorised z-scores on
the arcsine scale: a factor for the limits (multiplicative) or a variance between units (additive). Arcsine
and normal limits stand here to compare with other tools; near 100 % they are wrong, and reports use
`qstats.methods.funnels`.

Source: Spiegelhalter (2005), doi:10.1136/qshc.2005.013755 and doi:10.1002/sim.1970; Spiegelhalter et al.
(2012), doi:10.1111/j.1467-985X.2011.01010.x; Kleinman (1973), doi:10.1080/01621459.1973.10481332.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from qstats.methods.binomial_intervals import Floats, Limits, checked_counts


@dataclass(frozen=True, slots=True)
class ArcsineScores:
    """Units on the scale of the arcsine of the square root of their proportion.

    Attributes
    ----------
    target : float
        Pooled proportion of all units, on that scale (radians).
    value, std_error, z : array of float
        Of each unit: position, its standard error by chance alone, distance from the target in those.
    """

    target: float
    value: Floats
    std_error: Floats
    z: Floats


def arcsine_scores(successes: ArrayLike, n: ArrayLike) -> ArcsineScores:
    """z-scores of units against their pooled proportion, with the variance made stable by the arcsine.

    Raises
    ------
    ValueError
        Impossible counts, or a unit without observations.
    """
    x, size = _seen_units(successes, n)
    target = float(np.arcsin(np.sqrt(x.sum() / size.sum())))
    value, std_error = np.arcsin(np.sqrt(x / size)), 0.5 / np.sqrt(size)
    return ArcsineScores(target, value, std_error, (value - target) / std_error)


def winsorise(z: ArrayLike, *, share: float = 0.1) -> Floats:
    """Scores with the outer ``share`` on either side drawn in to the quantile that bounds it.

    Raises
    ------
    ValueError
        ``share`` outside 0–0.5.
    """
    if not 0 <= share <= 0.5:
        raise ValueError("the winsorised share must lie between 0 and 0.5")
    scores = np.asarray(z, dtype=float)
    low, high = np.quantile(scores, [share, 1 - share])
    return np.clip(scores, low, high)


def dispersion_ratio(z: ArrayLike) -> float:
    """Variance of the units as a multiple of what chance gives (φ): mean square of their z-scores."""
    return float(np.mean(np.square(np.asarray(z, dtype=float))))


def between_unit_variance(z: ArrayLike, std_error: ArrayLike) -> float:
    """Variance between units beyond chance (τ²) by the method of moments; 0 where chance explains it all.

    Parameters
    ----------
    z : array_like, shape (units,)
        Scores, winsorised as a rule.
    std_error : array_like, shape (units,)
        Standard errors by chance alone; τ² is on the square of their scale.

    References
    ----------
    DerSimonian & Laird (1986), doi:10.1016/0197-2456(86)90046-2.
    """
    weights = 1 / np.square(np.asarray(std_error, dtype=float))
    excess = np.sum(np.square(np.asarray(z, dtype=float))) - (weights.size - 1)
    if weights.size < 2:
        return 0.0
    return max(0.0, float(excess / (weights.sum() - np.square(weights).sum() / weights.sum())))


def intra_class_correlation(successes: ArrayLike, n: ArrayLike, *, winsorised: float = 0.0) -> float:
    """Correlation of batches of one unit, 0–1, that explains how much the units differ.

    Method of moments about the pooled proportion. Units of one batch carry no information about it, and a
    negative estimate is 0.

    Parameters
    ----------
    successes, n : array_like, shape (units,)
        Units with ``n = 0`` do not count.
    winsorised : float
        Share on either side whose scores are drawn in first, 0–0.5, so that real outliers do not widen the
        funnel until they lie within it.

    Raises
    ------
    ValueError
        Impossible counts.
    """
    x, size = checked_counts(successes, n)
    x, size = x[size > 0], size[size > 0]
    pooled = x.sum() / max(size.sum(), 1.0)
    information = ((size - 1) * (1 - size / max(size.sum(), 1.0))).sum()
    if information <= 0 or not 0 < pooled < 1:
        return 0.0
    z = winsorise((x - size * pooled) / np.sqrt(size * pooled * (1 - pooled)), share=winsorised)
    return float(np.clip((np.square(z).sum() - (size.size - 1)) / information, 0.0, 1.0))


def arcsine_limits(
    target: ArrayLike, n: ArrayLike, *, coverage: float = 0.95, ratio: float = 1.0, variance: float = 0.0
) -> Limits:
    """Funnel limits of a proportion by the arcsine; for comparison only, see the module.

    Parameters
    ----------
    target, n, coverage
        As for `qstats.methods.funnels.funnel_limits`; ``n`` above 0.
    ratio : float
        Multiplicative over-dispersion φ of `dispersion_ratio`.
    variance : float
        Additive over-dispersion τ² of `between_unit_variance`, in square radians.
    """
    centre, size = np.arcsin(np.sqrt(np.asarray(target, dtype=float))), np.asarray(n, dtype=float)
    half = ndtri((1 + coverage) / 2) * np.sqrt(ratio * 0.25 / size + variance)
    # beyond a right angle the sine would fold back
    lower, upper = np.clip(centre - half, 0, np.pi / 2), np.clip(centre + half, 0, np.pi / 2)
    return np.sin(lower) ** 2, np.sin(upper) ** 2


def normal_limits(target: ArrayLike, n: ArrayLike, *, coverage: float = 0.95) -> Limits:
    """Funnel limits of a proportion by the normal distribution, cut off at 0 and 1; for comparison only."""
    rate, size = np.asarray(target, dtype=float), np.asarray(n, dtype=float)
    half = ndtri((1 + coverage) / 2) * np.sqrt(rate * (1 - rate) / size)
    return np.clip(rate - half, 0.0, 1.0), np.clip(rate + half, 0.0, 1.0)


def _seen_units(successes: ArrayLike, n: ArrayLike) -> Limits:
    x, size = checked_counts(successes, n)
    if not np.all(size > 0):
        raise ValueError("scores need at least one observation in every unit")
    return x, size

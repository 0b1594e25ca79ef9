"""Between which limits does an estimate from a sampling design lie?

Student limits for means and totals on the degrees of freedom of the design, and five ways to limits of a
proportion. Near 100 % only ``beta`` (Korn-Graubard) still covers; the others are kept for comparison with
other programs, and answer NaN where no unit differs and so no variance is to be seen.

Source: Korn & Graubard (1998), Survey Methodology 24, 193–201 (``beta``); Rao & Scott (1984),
doi:10.1214/aos/1176346391 (``likelihood``); Brown, Cai & DasGupta (2001), doi:10.1214/ss/1009213286.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit, stdtrit, xlogy

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.effective_size import degrees_of_freedom_factor
from qstats.methods.survey.design import Floats

Limits = tuple[Floats, Floats]


def t_quantile(df: ArrayLike, confidence: float) -> Floats:
    """Two-sided Student quantile; NaN without degrees of freedom."""
    freedom = np.asarray(df, dtype=float)
    return np.where(freedom > 0, stdtrit(np.maximum(freedom, 1), (1 + confidence) / 2), np.nan)


def t_interval(
    estimate: ArrayLike, variance: ArrayLike, df: ArrayLike, *, confidence: float = 0.95
) -> Limits:
    """Student limits of a mean, ratio or total.

    Parameters
    ----------
    estimate, variance : array_like
    df : array_like
        Degrees of freedom of the design: clusters less strata.
    confidence : float
        Two-sided level, 0–1.
    """
    estimate = np.asarray(estimate, dtype=float)
    half = t_quantile(df, confidence) * np.sqrt(np.asarray(variance, dtype=float))
    return estimate - half, estimate + half


def proportion_interval(
    estimate: ArrayLike,
    variance: ArrayLike,
    df: ArrayLike,
    n: ArrayLike,
    *,
    method: str = "beta",
    confidence: float = 0.95,
) -> Limits:
    """Limits of proportions from a sampling design.

    Parameters
    ----------
    estimate, variance : array_like
        Proportions 0–1 and the variance of each.
    df, n : array_like
        Degrees of freedom of the design, and units in the sample.
    method : {"beta", "logit", "likelihood", "asin", "mean"}
        ``beta``: exact limits on the effective n, or on n itself where no variance is to be seen. ``logit``
        and ``asin``: Student limits on the transformed scale. ``likelihood``: the likelihood ratio, scaled
        by the design effect. ``mean``: Student limits, which may leave 0–1.
    confidence : float
        Two-sided level, 0–1.

    Returns
    -------
    lower, upper : array of float

    Raises
    ------
    ValueError
        An unknown method, an estimate outside 0–1 or a negative variance.
    """
    if method not in METHODS:
        raise ValueError(f"no interval {method!r} for proportions; known: {', '.join(METHODS)}")
    p, variance, df, n = np.broadcast_arrays(
        *(np.asarray(part, float) for part in (estimate, variance, df, n))
    )
    if np.any((p < 0) | (p > 1)) or np.any(variance < 0):
        raise ValueError("an estimated proportion lies between 0 and 1, and its variance is not negative")
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, upper = METHODS[method](p, variance, df, n, confidence)
    stated = ~np.isnan(p) & ((variance > 0) | (method == "beta"))
    return np.where(stated, lower, np.nan), np.where(stated, upper, np.nan)


def _beta(p: Floats, variance: Floats, df: Floats, n: Floats, confidence: float) -> Limits:
    size = np.where(variance > 0, p * (1 - p) / variance, n)
    size = size * degrees_of_freedom_factor(n, df, confidence=confidence)
    lower, upper = korn_graubard_interval(np.nan_to_num(p), np.nan_to_num(size), confidence=confidence)
    return np.where(df > 0, lower, np.nan), np.where(df > 0, upper, np.nan)


def _logit(p: Floats, variance: Floats, df: Floats, n: Floats, confidence: float) -> Limits:
    lower, upper = t_interval(logit(p), variance / (p * (1 - p)) ** 2, df, confidence=confidence)
    return expit(lower), expit(upper)


def _asin(p: Floats, variance: Floats, df: Floats, n: Floats, confidence: float) -> Limits:
    lower, upper = t_interval(np.arcsin(np.sqrt(p)), variance / (4 * p * (1 - p)), df, confidence=confidence)
    return np.sin(np.maximum(lower, 0)) ** 2, np.sin(np.minimum(upper, np.pi / 2)) ** 2


def _mean(p: Floats, variance: Floats, df: Floats, n: Floats, confidence: float) -> Limits:
    return t_interval(p, variance, df, confidence=confidence)


def _likelihood(p: Floats, variance: Floats, df: Floats, n: Floats, confidence: float) -> Limits:
    """Proportions whose log likelihood on the effective n is t²/2 below the top."""
    dispersion = n / np.maximum(n - 1, 1)  # of the units, as a fit with one coefficient estimates it
    drop = t_quantile(df, confidence) ** 2 / 2 * dispersion * variance / (p * (1 - p))
    return _where_divergence_is(drop, p, np.zeros_like(p)), _where_divergence_is(drop, p, np.ones_like(p))


def _where_divergence_is(drop: Floats, p: Floats, end: Floats) -> Floats:
    """Proportion between p and an end of 0–1 whose divergence from p is ``drop``, by halving."""
    near, far = p.astype(float), end
    for _ in range(60):
        middle = (near + far) / 2
        beyond = xlogy(p, p / middle) + xlogy(1 - p, (1 - p) / (1 - middle)) > drop
        near, far = np.where(beyond, near, middle), np.where(beyond, middle, far)
    return (near + far) / 2


METHODS: dict[str, Callable[[Floats, Floats, Floats, Floats, float], Limits]] = {
    "beta": _beta,
    "logit": _logit,
    "likelihood": _likelihood,
    "asin": _asin,
    "mean": _mean,
}

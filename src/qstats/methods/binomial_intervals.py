"""How sure is a pass rate?

Confidence limits of one binomial proportion. Wilson's score interval keeps a sensible width at 98–100 %,
where Wald intervals collapse; Clopper-Pearson never covers less than it says; Korn-Graubard is
Clopper-Pearson on the effective counts of a sampling design. Counts may be real numbers.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtri

Limits = tuple[NDArray[np.float64], NDArray[np.float64]]


def wilson_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Lower and upper limit of a binomial proportion by Wilson's score method.

    Parameters
    ----------
    successes, n : array_like, same shape
        ``0 <= successes <= n``; with ``n = 0`` nothing is known and the limits are 0 and 1.
    confidence : float
        Two-sided level, 0–1.

    Returns
    -------
    lower, upper : array of float
        Proportions 0–1. With no failure the upper limit is exactly 1, with no success the lower exactly 0.

    Raises
    ------
    ValueError
        ``successes`` outside ``0..n``.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    successes, n = _counts(successes, n)
    z2 = ndtri((1 + confidence) / 2) ** 2
    failures = n - successes
    centre = (successes + z2 / 2) / (n + z2)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.where(n > 0, successes * failures / n, 0.0)
    half = np.sqrt(z2) * np.sqrt(spread + z2 / 4) / (n + z2)
    lower = np.where(successes == 0, 0.0, centre - half)
    upper = np.where(failures == 0, 1.0, centre + half)
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def clopper_pearson_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Exact limits of a binomial proportion: each tail holds at most half of ``1 - confidence``.

    Parameters and errors as for `wilson_interval`. Real-valued counts give the same beta quantiles.

    References
    ----------
    Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    successes, n = _counts(successes, n)
    tail = (1 - confidence) / 2
    return _lower_bound(successes, n, tail), _upper_bound(successes, n, tail)


def korn_graubard_interval(
    estimate: ArrayLike, effective_n: ArrayLike, *, confidence: float = 0.95
) -> Limits:
    """Clopper-Pearson limits of a design-based proportion on its effective sample size.

    Parameters
    ----------
    estimate : array_like
        Design-based estimate, 0–1.
    effective_n : array_like
        Effective sample size, at least 0; with 0 nothing is known and the limits are 0 and 1.

    Raises
    ------
    ValueError
        ``estimate`` outside 0–1 or ``effective_n`` negative.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24:193.
    """
    estimate, effective_n = np.asarray(estimate, dtype=float), np.asarray(effective_n, dtype=float)
    estimate = np.where(effective_n == 0, 0.0, estimate)  # without observations it may well be NaN
    if not np.all((estimate >= 0) & (estimate <= 1)):
        raise ValueError("an estimated proportion must lie between 0 and 1")
    return clopper_pearson_interval(estimate * effective_n, effective_n, confidence=confidence)


def _counts(successes: ArrayLike, n: ArrayLike) -> Limits:
    successes, n = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    if not np.all((successes >= 0) & (successes <= n)):
        raise ValueError("successes must lie between 0 and n")
    return successes, n


def _lower_bound(successes: NDArray[np.float64], n: NDArray[np.float64], tail: float) -> NDArray[np.float64]:
    inside = np.where(successes > 0, successes, 1.0)
    return np.where(successes == 0, 0.0, betaincinv(inside, n - successes + 1, tail))


def _upper_bound(successes: NDArray[np.float64], n: NDArray[np.float64], tail: float) -> NDArray[np.float64]:
    return 1 - _lower_bound(n - successes, n, tail)

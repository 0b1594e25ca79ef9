"""How sure is a pass rate?

Confidence limits of one binomial proportion in closed form. Wilson's score interval keeps a sensible width at
98–100 %, where Wald intervals collapse; Clopper-Pearson never covers less than it says; Korn-Graubard is
Clopper-Pearson on the effective counts of a sampling design. Counts may be real numbers.

Source: Brown, Cai & DasGupta (2001), doi:10.1214/ss/1009213286, compare them.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, expit, ndtri

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]


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
    successes, n = checked_counts(successes, n)
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
    successes, n = checked_counts(successes, n)
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


def wilson_corrected_interval(
    successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95, correction: ArrayLike = 0.5
) -> Limits:
    """Wilson's limits with a continuity correction: nearer to exact ones, never narrower than Wilson's own.

    Parameters
    ----------
    successes, n, confidence
        As for `wilson_interval`.
    correction : array_like
        Counts by which the estimate is shifted outwards, 0 to 0.5.

    References
    ----------
    Newcombe (1998), method 4, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.
    """
    successes, n = checked_counts(successes, n)
    shift = np.asarray(correction, dtype=float)
    return (
        _corrected_bound(successes, n, shift, confidence),
        1 - _corrected_bound(n - successes, n, shift, confidence),
    )


def _corrected_bound(successes: Floats, n: Floats, shift: Floats, confidence: float) -> Floats:
    z2 = ndtri((1 + confidence) / 2) ** 2
    count = np.maximum(successes - shift, 0.0)
    spread = np.divide(count * (n - count), n, out=np.zeros(np.broadcast(count, n).shape), where=n > 0)
    lower = (count + z2 / 2 - np.sqrt(z2 * (spread + z2 / 4))) / (n + z2)
    return np.where(count == 0, 0.0, lower)


def clopper_pearson_bounds(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """One-sided exact bounds: the rate is at least the first, or it is at most the second.

    Each holds at ``confidence`` on its own; together they hold at ``2 * confidence - 1``.
    """
    successes, n = checked_counts(successes, n)
    return _lower_bound(successes, n, 1 - confidence), _upper_bound(successes, n, 1 - confidence)


def jeffreys_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Equal-tailed limits under Jeffreys' prior; 0 without successes and 1 without failures.

    References
    ----------
    Brown, Cai & DasGupta (2001), section 4.1.2, doi:10.1214/ss/1009213286.
    """
    successes, n = checked_counts(successes, n)
    shapes, tail = (successes + 0.5, n - successes + 0.5), (1 - confidence) / 2
    lower = np.where(successes == 0, 0.0, betaincinv(*shapes, tail))
    return lower, np.where(successes == n, 1.0, betaincinv(*shapes, 1 - tail))


def agresti_coull_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Wald limits about Wilson's centre; near 0 and 1 they leave 0–1, which is left visible.

    References
    ----------
    Agresti & Coull (1998), doi:10.1080/00031305.1998.10480550.
    """
    successes, n = checked_counts(successes, n)
    z2 = ndtri((1 + confidence) / 2) ** 2
    centre = (successes + z2 / 2) / (n + z2)
    half = np.sqrt(z2 * centre * (1 - centre) / (n + z2))
    return centre - half, centre + half


def logit_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Limits:
    """Limits symmetric in the log odds; Clopper-Pearson's where there are no successes or no failures.

    The log odds of 0 and 1 have no standard error, so the method itself has no answer there.
    """
    successes, n = checked_counts(successes, n)
    # an effective count that is not quite 0 or n by rounding would stretch the limits over all of 0–1
    inside = (successes > 1e-9) & (n - successes > 1e-9)
    x, total = np.where(inside, successes, 1.0), np.where(inside, n, 2.0)
    centre, half = np.log(x / (total - x)), ndtri((1 + confidence) / 2) * np.sqrt(total / (x * (total - x)))
    exact = clopper_pearson_interval(successes, n, confidence=confidence)
    return np.where(inside, expit(centre - half), exact[0]), np.where(inside, expit(centre + half), exact[1])


def checked_counts(successes: ArrayLike, n: ArrayLike) -> Limits:
    """Successes and totals as arrays of float; impossible ones are refused.

    Raises
    ------
    ValueError
        ``successes`` negative, above ``n`` or unknown.
    """
    successes, n = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    if not np.all((successes >= 0) & (successes <= n) & np.isfinite(n)):
        raise ValueError("counts must be known, and successes must lie between 0 and n")
    return successes, n


def _lower_bound(successes: Floats, n: Floats, tail: float) -> Floats:
    inside = np.where(successes > 0, successes, 1.0)
    return np.where(successes == 0, 0.0, betaincinv(inside, n - successes + 1, tail))


def _upper_bound(successes: Floats, n: Floats, tail: float) -> Floats:
    return 1 - _lower_bound(n - successes, n, tail)

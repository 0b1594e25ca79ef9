"""How sure is a pass rate, and how sure is a change between two?

Wilson's score interval for one proportion and Newcombe's (MOVER) interval for the difference of two
independent ones. Both keep sensible width at 98–100 %, where Wald intervals collapse.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri


def wilson_interval(
    successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper limit of a binomial proportion by Wilson's score method.

    Parameters
    ----------
    successes, n : array_like of int, same shape
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
    successes, n = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    if np.any((successes < 0) | (successes > n)):
        raise ValueError("successes must lie between 0 and n")
    z2 = ndtri((1 + confidence) / 2) ** 2
    failures = n - successes
    centre = (successes + z2 / 2) / (n + z2)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.where(n > 0, successes * failures / n, 0.0)
    half = np.sqrt(z2) * np.sqrt(spread + z2 / 4) / (n + z2)
    lower = np.where(successes == 0, 0.0, centre - half)
    upper = np.where(failures == 0, 1.0, centre + half)
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def mover_difference(
    estimate: tuple[ArrayLike, ArrayLike],
    lower: tuple[ArrayLike, ArrayLike],
    upper: tuple[ArrayLike, ArrayLike],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Difference first minus second of two independent estimates, with limits by MOVER.

    The limits of the difference recover their variance from the limits of each part; with Wilson limits
    this is Newcombe's hybrid score interval (his method 10).

    Parameters
    ----------
    estimate, lower, upper : pair of array_like
        Of the first and the second quantity, on the same scale.

    Returns
    -------
    difference, lower, upper : array of float

    References
    ----------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I;
    Zou & Donner (2008), doi:10.1002/sim.3095.
    """
    (first, second), (low1, low2), (up1, up2) = (
        tuple(np.asarray(part, dtype=float) for part in pair) for pair in (estimate, lower, upper)
    )
    difference = first - second
    below = np.sqrt((first - low1) ** 2 + (up2 - second) ** 2)
    above = np.sqrt((up1 - first) ** 2 + (second - low2) ** 2)
    return difference, difference - below, difference + above

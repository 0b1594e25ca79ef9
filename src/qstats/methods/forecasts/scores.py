"""How good was a forecast? Proper scores of draws, coverage, and the place of what came in what was expected.

References
----------
Gneiting and Raftery (2007), doi:10.1198/016214506000001437 (CRPS).
Czado, Gneiting and Held (2009), doi:10.1111/j.1541-0420.2009.01191.x (randomised PIT of counts).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def crps_of_draws(draws: ArrayLike, observed: ArrayLike) -> Floats:
    """Continuous ranked probability score, in the unit of the observations; smaller is better.

    Parameters
    ----------
    draws : array_like of shape (count, ...)
        At least two draws of the predictive distribution.
    observed : array_like of shape (...)

    Returns
    -------
    ndarray of shape (...)
        The fair score: its expectation does not depend on the number of draws (Ferro 2014,
        doi:10.1002/qj.2270).
    """
    values = np.sort(np.asarray(draws, dtype=float), axis=0)
    count = len(values)
    if count < 2:
        raise ValueError("a score needs at least two draws")
    rank = np.arange(1, count + 1).reshape(-1, *[1] * (values.ndim - 1))
    spread = ((2 * rank - count - 1) * values).sum(axis=0) / (count * (count - 1))
    return np.abs(values - np.asarray(observed)).mean(axis=0) - spread


def randomised_pit(draws: ArrayLike, observed: ArrayLike, generator: np.random.Generator) -> Floats:
    """Place of the observation among draws of a discrete figure; uniform where the forecast is right."""
    values, seen = np.asarray(draws), np.asarray(observed)
    below, same = (values < seen).mean(axis=0), (values == seen).mean(axis=0)
    return below + generator.random(seen.shape) * same


def brier_score(probability: ArrayLike, happened: ArrayLike) -> float:
    """Mean squared distance of stated probabilities from what happened (0 or 1)."""
    return float(np.mean((np.asarray(probability, float) - np.asarray(happened, float)) ** 2))


def skill(score: Floats | float, reference: Floats | float) -> float:
    """Share by which a mean score is better than a reference; negative where it is worse."""
    base = float(np.nanmean(reference))
    return 1 - float(np.nanmean(score)) / base if base > 0 else 0.0

"""What does a path model need to know of the answers? Weighted means and covariances, nothing else.

One pass over the answers gives the moments of many resamples at once: a resample changes only the weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
RESAMPLES_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of p items in B samples.

    Attributes
    ----------
    mean : ndarray, shape (B, p)
    covariance : ndarray, shape (B, p, p)
        Divided by the sum of weights.
    n : int
        Rows with a positive weight in the first sample.
    """

    mean: Floats
    covariance: Floats
    n: int


def weighted_moments(items: ArrayLike, weight: ArrayLike | None = None) -> Moments:
    """Weighted means and covariances of items.

    Parameters
    ----------
    items : array_like, shape (n, p)
        Complete answers.
    weight : array_like, shape (n,) or (B, n), optional
        Respondent weights, one row per sample or resample; 1 without.

    Raises
    ------
    ValueError
        Answers or weights that are missing, negative weights, or a sample without weight.
    """
    x = np.asarray(items, dtype=float)
    w = np.atleast_2d(np.ones(len(x)) if weight is None else np.asarray(weight, dtype=float))
    if x.ndim != 2 or w.shape[1] != len(x):
        raise ValueError(
            f"items have shape {x.shape}, weights {w.shape}: one row and one weight per respondent"
        )
    if not (np.isfinite(x).all() and np.isfinite(w).all()):
        raise ValueError("answers and weights must all be there: a path model takes complete cases")
    if (w < 0).any() or (w.sum(axis=1) <= 0).any():
        raise ValueError("weights must not be negative, and each sample needs some")
    centre = x.mean(axis=0)  # sums of squares far from zero would lose digits
    x = x - centre
    upper = np.triu_indices(x.shape[1])
    products = x[:, upper[0]] * x[:, upper[1]]
    parts = [w[at : at + RESAMPLES_AT_ONCE] for at in range(0, len(w), RESAMPLES_AT_ONCE)]
    shares = [part / part.sum(axis=1, keepdims=True) for part in parts]
    mean = np.concatenate([share @ x for share in shares])
    covariance = np.empty((len(w), x.shape[1], x.shape[1]))
    covariance[:, upper[0], upper[1]] = np.concatenate([share @ products for share in shares])
    covariance[:, upper[1], upper[0]] = covariance[:, upper[0], upper[1]]
    covariance -= mean[:, :, None] * mean[:, None, :]
    return Moments(mean + centre, covariance, int((w[0] > 0).sum()))

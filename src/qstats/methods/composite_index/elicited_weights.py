"""Which weights follow from what experts say: pairwise comparisons (AHP) or points shared out (budget)?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random judgements on 1 to 15 parts.

Saaty (1980), *The Analytic Hierarchy Process*.
"""
CONSISTENT = 0.10
"""Largest consistency ratio at which judgements are taken as consistent; same source."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Weights by pairwise comparison (AHP).

    Attributes
    ----------
    weights : array of float
        Adding up to 1.
    consistency_ratio : float
        0: no contradiction; above 0.10 judgements contradict each other.
    """

    weights: Array
    consistency_ratio: float

    @property
    def is_consistent(self) -> bool:
        """Whether the judgements may be used."""
        return self.consistency_ratio <= CONSISTENT


def compare_pairwise(judgements: ArrayLike) -> Judged:
    """Weights from how many times as important one part is as another: principal eigenvector.

    Parameters
    ----------
    judgements : array_like of float, shape (parts, parts)
        ``[i, j]``: importance of i over j, 1/9 to 9; reciprocal across the diagonal of ones.

    Raises
    ------
    ValueError
        A matrix that is not square, positive and reciprocal, or of more than 15 parts.
    """
    a = np.asarray(judgements, dtype=float)
    if a.ndim != 2 or a.shape[0] != a.shape[1] or len(a) > len(RANDOM_INDEX):
        raise ValueError(f"judgements form a square of at most {len(RANDOM_INDEX)} parts; here {a.shape}")
    if not np.all(np.isfinite(a) & (a > 0)) or not np.allclose(a * a.T, 1.0, rtol=1e-6):
        raise ValueError("judgements are positive, and j over i is 1 divided by i over j")
    values, vectors = np.linalg.eig(a)
    largest = int(np.argmax(values.real))
    weights = np.abs(vectors[:, largest].real)
    random = RANDOM_INDEX[len(a) - 1]
    ratio = (values[largest].real - len(a)) / (len(a) - 1) / random if random else 0.0
    return Judged(weights / weights.sum(), max(float(ratio), 0.0))


def share_budget(points: ArrayLike) -> tuple[Array, Array]:
    """Mean share of the points that experts gave to each part, and its standard error between experts.

    Parameters
    ----------
    points : array_like of float, shape (experts, parts)
        Points of each expert, 0 or more; each row is scaled to 1.

    Raises
    ------
    ValueError
        Negative or missing points, or an expert who gave none.
    """
    given = np.atleast_2d(np.asarray(points, dtype=float))
    totals = given.sum(axis=1, keepdims=True)
    if not np.all(given >= 0) or not np.all(totals > 0):
        raise ValueError("each expert shares out points of 0 or more, and at least some")
    shares = given / totals
    if len(shares) < 2:
        return shares[0], np.full(shares.shape[1], np.nan)
    return shares.mean(axis=0), shares.std(axis=0, ddof=1) / np.sqrt(len(shares))

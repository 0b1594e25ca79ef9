"""Which weights does the data itself suggest? Equal ones, by information (entropy) or by what goes together.

Each function gives weights of siblings that add up to 1.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def given_weights(weights: ArrayLike) -> Array:
    """Declared weights in proportion.

    Raises
    ------
    ValueError
        One is negative or infinite, or all are 0.
    """
    w = np.asarray(weights, dtype=float)
    if not np.all(np.isfinite(w) & (w >= 0)) or w.sum() == 0:
        raise ValueError("weights are finite, 0 or more, and not all 0")
    return w / w.sum()


def equal_weights(count: int) -> Array:
    """The same weight for each of ``count`` parts."""
    return np.full(count, 1 / count)


def entropy_weights(scores: ArrayLike) -> Array:
    """More weight to parts that tell units apart: one less the Shannon entropy of shares of the total.

    Parameters
    ----------
    scores : array_like of float, shape (units, parts)
        0 or more, units with a missing part are left out.

    Raises
    ------
    ValueError
        A negative score, a part that is 0 everywhere, or no part that differs between units.

    References
    ----------
    Zeleny (1982), *Multiple Criteria Decision Making*, chapter 7.
    """
    x = _complete(scores)
    if np.any(x < 0) or np.any(x.sum(axis=0) == 0):
        raise ValueError("entropy weights need scores of 0 or more, and none that is 0 everywhere")
    shares = x / x.sum(axis=0)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    diversity = np.maximum(1 + (shares * logs).sum(axis=0) / np.log(len(x)), 0.0)
    if diversity.sum() < 1e-12:
        raise ValueError("all units are alike in all parts: entropy suggests no weights")
    return np.asarray(diversity / diversity.sum())


def first_component(scores: ArrayLike) -> tuple[Array, float]:
    """Loadings of the first principal component of standardised parts, and the share of variance it explains.

    The sign makes the sum of loadings positive; single ones may be negative.
    """
    correlation = np.corrcoef(_complete(scores), rowvar=False)
    if not np.all(np.isfinite(correlation)):
        raise ValueError("a part is the same for all units: it has no correlation with the others")
    values, vectors = np.linalg.eigh(np.atleast_2d(correlation))
    loadings = vectors[:, -1]
    return np.asarray(loadings * (1 if loadings.sum() >= 0 else -1)), float(values[-1] / values.sum())


def component_weights(scores: ArrayLike) -> Array:
    """Weights in proportion to the loadings of the first principal component.

    Raises
    ------
    ValueError
        A loading is negative: that part moves against the others, and a weight would turn it round.
    """
    loadings, explained = first_component(scores)
    if np.any(loadings < 0):
        against = ", ".join(
            f"part {place + 1} ({loadings[place]:.2f})" for place in np.flatnonzero(loadings < 0)
        )
        raise ValueError(
            f"principal components give negative weights: {against} moves against the others (first "
            f"component: {explained:.0%} of the variance). Declare weights, or look again at what belongs "
            "together"
        )
    return np.asarray(loadings / loadings.sum())


def _complete(scores: ArrayLike) -> Array:
    x = np.asarray(scores, dtype=float)
    whole = x[~np.isnan(x).any(axis=1)]
    if len(whole) < 3:
        raise ValueError(f"weights from data need at least 3 units with all parts; there are {len(whole)}")
    return whole

"""Which unit beats which on more of the weight, so that nothing makes up for anything?

References
----------
Munda & Nardo (2009), doi:10.1080/00036840601019364.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def outranking_matrix(scores: ArrayLike, weights: ArrayLike) -> Array:
    """Weight of the parts on which one unit is better than another, 0–1; half of those on which they tie.

    Parameters
    ----------
    scores : array_like of float, shape (..., units, parts)
        A part that one of two units does not have is left out between them.
    weights : array_like of float, shape (..., parts)

    Returns
    -------
    array of float, shape (..., units, units)
        ``[i, j]``: for unit i against j; the diagonal is 0.
    """
    x, w = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float)[..., None, None, :]
    one, other = x[..., :, None, :], x[..., None, :, :]
    known = ~(np.isnan(one) | np.isnan(other))
    won = (w * ((one > other) + 0.5 * ((one == other) & known))).sum(axis=-1)
    total = (w * known).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        matrix = won / np.where(total == 0, np.nan, total)
    units = np.arange(x.shape[-2])
    matrix[..., units, units] = 0.0
    return np.asarray(matrix)


def copeland(scores: ArrayLike, weights: ArrayLike) -> Array:
    """Number of units beaten less number of units that beat, shape (..., units); NaN without any part."""
    matrix = outranking_matrix(scores, weights)
    found = np.sign(np.nan_to_num(matrix - np.swapaxes(matrix, -1, -2))).sum(axis=-1)
    return np.where(np.isnan(np.asarray(scores, dtype=float)).all(axis=-1), np.nan, found)

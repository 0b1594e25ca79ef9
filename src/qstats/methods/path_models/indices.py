"""Where does each latent variable stand on 0–100? The satisfaction index (顾客满意度指数) of the ACSI family.

The index is the mean of the items with the un-standardised outer weights of the block, normalised to 1:
``100·(Σ w·x̄ − min)/(max − min)``. Items on scales of their own are brought to 0–100 first, which is the same
where all scales are equal.

References
----------
Fornell, C. et al. (1996). The American customer satisfaction index. doi:10.1177/002224299606000403
"""

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.path_models.estimation import PathFit
from qstats.methods.path_models.model import PathModel
from qstats.methods.path_models.moments import Floats, Moments


def index_shares(model: PathModel, fit: PathFit, width: ArrayLike) -> Floats:
    """Shares (B, p) of the items, each on 0–100, in the index of their block; 1 in sum.

    A negative share would let a better answer lower the index: see `negative_items`.

    Parameters
    ----------
    width : array_like, shape (p,) or scalar
        Highest less lowest score of each item as it was fitted.
    """
    raw = fit.weight / fit.spread * np.asarray(width, float)
    return np.asarray(raw / (raw @ model.block)[:, model.block.argmax(axis=1)])


def latent_indices(
    model: PathModel, fit: PathFit, moments: Moments, lowest: ArrayLike, highest: ArrayLike
) -> Floats:
    """Index (B, J) of each latent variable in points of 0–100.

    Parameters
    ----------
    lowest, highest : array_like, shape (p,) or scalar
        Ends of the scale of each item.
    """
    low, high = np.asarray(lowest, float), np.asarray(highest, float)
    points = 100 * (moments.mean - low) / (high - low)
    return np.asarray((index_shares(model, fit, high - low) * points) @ model.block)


def index_deviations(
    model: PathModel, fit: PathFit, moments: Moments, lowest: ArrayLike, highest: ArrayLike
) -> Floats:
    """Standard deviation (B, J) of respondents' index scores, in points."""
    width = np.broadcast_to(np.asarray(highest, float) - np.asarray(lowest, float), fit.weight.shape[1:])
    outer = (100 * index_shares(model, fit, width) / width)[:, :, None] * model.block
    return np.sqrt(np.einsum("bpj,bpq,bqj->bj", outer, moments.covariance, outer, optimize=True))


def negative_items(fit: PathFit) -> list[int]:
    """Items with a negative outer weight in the first sample: their index is not to be stated."""
    return [int(item) for item in np.flatnonzero(fit.weight[0] < 0)]

"""How much does one latent variable move another, directly and by way of others?"""

import numpy as np

from qstats.methods.path_models.moments import Floats


def total_effects(paths: Floats) -> Floats:
    """Total effects (B, J, J) of path coefficients without circles: ``(I − B)⁻¹ − I``."""
    one = np.eye(paths.shape[-1])
    return np.linalg.inv(one - paths) - one


def indirect_effects(paths: Floats) -> Floats:
    """Total effects less the direct ones."""
    return total_effects(paths) - paths


def in_points(effects: Floats, deviation: Floats) -> Floats:
    """Effects per point of the source in points of the target, from effects in standard deviations.

    Parameters
    ----------
    effects : ndarray, shape (B, J, J)
    deviation : ndarray, shape (B, J)
        Standard deviations of the index scores (`indices.index_deviations`).
    """
    return effects * deviation[:, :, None] / deviation[:, None, :]

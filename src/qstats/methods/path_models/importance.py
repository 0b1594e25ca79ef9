"""What should be improved first? Importance and performance of each latent variable for one target.

Importance is the total effect on the target in points per point, performance the index. A variable that
matters much and stands low comes first. Both carry the intervals of the resamples.

References
----------
Ringle, C., Sarstedt, M. (2016). Gain more insight from your PLS-SEM results. doi:10.1108/IMDS-10-2015-0449
"""

from qstats.methods.path_models.effects import in_points, total_effects
from qstats.methods.path_models.estimation import PathFit
from qstats.methods.path_models.moments import Floats


def importance_for(target: int, fit: PathFit, deviation: Floats) -> Floats:
    """Total effects (B, J) on one latent variable, in points of its index per point of the source's.

    Parameters
    ----------
    target : int
        Place of the latent variable in the model.
    fit : PathFit
    deviation : ndarray, shape (B, J)
        Of the index scores, from `indices.index_deviations`.
    """
    return in_points(total_effects(fit.paths), deviation)[:, target, :]

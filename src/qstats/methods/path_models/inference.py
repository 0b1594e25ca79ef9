"""How sure is a path in one simple random sample? Least squares on the scores, as the textbooks have it.

The scores count as given, and the sample as simple. With strata, clusters or weights the intervals of
resampling (`resampling`) are the ones to publish; these figures are for comparison with other tools.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from qstats.methods.path_models.estimation import PathFit
from qstats.methods.path_models.model import PathModel
from qstats.methods.path_models.moments import Floats


@dataclass(frozen=True, slots=True)
class PathTests:
    """Standard errors, t and two-sided p (J, J) of the paths of the first sample; NaN without a path."""

    std_error: Floats
    t: Floats
    p_value: Floats


def path_tests(model: PathModel, fit: PathFit, n: int) -> PathTests:
    """Least-squares tests of the paths of the first sample with ``n`` respondents.

    Raises
    ------
    ValueError
        No more respondents than coefficients.
    """
    if n <= model.paths.sum(axis=1).max() + 1:
        raise ValueError(
            f"{n} respondents are too few for {model.paths.sum(axis=1).max()} paths into one variable"
        )
    std_error, latent = np.full(model.paths.shape, np.nan), fit.latent_covariance[0]
    p_value = std_error.copy()
    for k, sources in enumerate(model.paths):
        if sources.any():
            df = n - sources.sum() - 1
            inverse = np.linalg.inv(latent[np.ix_(sources, sources)])
            std_error[k, sources] = np.sqrt((1 - fit.r_squared[0, k]) / df * np.diag(inverse))
            p_value[k, sources] = 2 * stats.t.sf(np.abs(fit.paths[0, k, sources] / std_error[k, sources]), df)
    return PathTests(std_error, fit.paths[0] / std_error, p_value)

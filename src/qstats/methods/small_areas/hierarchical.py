"""What are the areas' figures once the between-area variance is not taken as known?

Hierarchical Bayes on the area-level model with flat priors on the line and on the between-area variance,
by quadrature over that variance. ``integrated`` averages predictions and adds their variation; ``hybrid``
predicts at the variance's posterior mean, which is never 0 even where likelihood methods collapse.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.small_areas.area_level import (
    AreaData,
    Floats,
    Lines,
    check_area_data,
    fit_lines,
    restricted_log_likelihood,
)

_NODES = 400


@dataclass(frozen=True, slots=True)
class HierarchicalFit:
    """Posterior of the areas.

    Attributes
    ----------
    method : str
    variance : float
        Posterior mean of the between-area variance.
    estimates, mse : array, shape (m,)
    own_weight : array, shape (m,)
        Weight of the area's own figure, 0–1.
    unsampled_estimates, unsampled_mse : array, shape (q,)
        Of areas that have covariates and no figure.
    """

    method: str
    variance: float
    estimates: Floats
    mse: Floats
    own_weight: Floats
    unsampled_estimates: Floats
    unsampled_mse: Floats


def fit_hierarchical(
    direct: ArrayLike,
    sampling_variance: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    method: str = "integrated",
    unsampled: ArrayLike | None = None,
) -> HierarchicalFit:
    """Areas' figures and mean squared errors under a flat prior on the between-area variance.

    Parameters
    ----------
    direct, sampling_variance : array_like, shape (m,)
    covariates : array_like, shape (m, p), optional
        A constant is not added; without covariates the areas share one mean.
    method : {"integrated", "hybrid"}
    unsampled : array_like, shape (q, p), optional
        Covariates of areas without a figure.

    Raises
    ------
    ValueError
        Unknown method, impossible input, or no more than four areas beyond the coefficients (the
        posterior then has no mean).

    References
    ----------
    Datta & Ghosh (1991), doi:10.1214/aos/1176348369; Rao & Molina (2015), doi:10.1002/9781118735855, ch. 10.
    """
    if method not in ("integrated", "hybrid"):
        raise ValueError(f"unknown method {method!r}: known are integrated, hybrid")
    data = check_area_data(direct, sampling_variance, covariates)
    if data.freedom <= 4:
        raise ValueError(
            f"{data.direct.size} areas are too few: four more than coefficients, and one, are needed"
        )
    lines, weights = _posterior(data)
    mean = float(weights @ lines.variances)
    if method == "hybrid":
        lines, weights = fit_lines(data, mean), np.ones(1)
    estimates, mse = _mixture(weights, lines.predictions, lines.spread + lines.line_error)
    new = np.empty((0, data.covariates.shape[1])) if unsampled is None else np.asarray(unsampled, dtype=float)
    line_error = np.einsum("mp,spq,mq->sm", new, lines.covariances, new)
    elsewhere = _mixture(weights, lines.coefficients @ new.T, lines.variances[:, None] + line_error)
    return HierarchicalFit(method, mean, estimates, mse, weights @ lines.own_weight, *elsewhere)


def _mixture(weights: Floats, means: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of mixtures, one for each column."""
    mean = weights @ means
    return mean, weights @ variances + weights @ (means - mean) ** 2


def _posterior(data: AreaData) -> tuple[Lines, Floats]:
    """Regression lines at quadrature nodes of the variance, with their posterior weights.

    The half line is folded into 0–1 by ``share = variance / (variance + scale)``.
    """
    scale = float(np.median(data.sampling_variance)) + float(np.var(data.direct))
    nodes, node_weights = _rule()
    share = (nodes + 1) / 2
    lines = fit_lines(data, scale * share / (1 - share))
    log_density = restricted_log_likelihood(lines) - 2 * np.log(1 - share)
    weights = node_weights * np.exp(log_density - log_density.max())
    return lines, weights / weights.sum()


@cache  # eigenvalues of a matrix of that size: dearer than all the rest
def _rule() -> tuple[Floats, Floats]:
    """Nodes and weights of the quadrature on −1 to 1."""
    return np.polynomial.legendre.leggauss(_NODES)

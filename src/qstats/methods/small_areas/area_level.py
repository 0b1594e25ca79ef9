"""What do area figures say of their regression line, once a between-area variance is given?

Figures of areas (``direct``) with known sampling variances scatter around a line in area covariates; the
scatter is sampling plus a variance between areas. Everything here is for given values of that variance, for
many values at once, so that fitting (:mod:`qstats.methods.small_areas.fay_herriot`) and integrating
(:mod:`qstats.methods.small_areas.hierarchical`) share it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AreaData:
    """Checked input of an area-level model: ``m`` areas, ``p`` covariates."""

    direct: Floats
    sampling_variance: Floats
    covariates: Floats

    @property
    def freedom(self) -> int:
        """Areas less coefficients."""
        return self.covariates.shape[0] - self.covariates.shape[1]


def check_area_data(
    direct: ArrayLike, sampling_variance: ArrayLike, covariates: ArrayLike | None = None
) -> AreaData:
    """Input of an area-level model; without covariates the line is one common mean.

    Parameters
    ----------
    direct, sampling_variance : array_like, shape (m,)
        Finite; variances above 0.
    covariates : array_like, shape (m, p), optional
        A constant is not added.

    Raises
    ------
    ValueError
        Shapes that do not agree, values that are not finite, a variance that is not positive, covariates
        that determine each other, or fewer areas than coefficients and one.
    """
    y, psi = np.asarray(direct, dtype=float), np.asarray(sampling_variance, dtype=float)
    x = np.ones((y.size, 1)) if covariates is None else np.asarray(covariates, dtype=float)
    if y.ndim != 1 or psi.shape != y.shape or x.ndim != 2 or x.shape[0] != y.size:
        raise ValueError(
            f"shapes do not agree: direct {y.shape}, variances {psi.shape}, covariates {x.shape}"
        )
    if not (np.isfinite(y).all() and np.isfinite(psi).all() and np.isfinite(x).all()):
        raise ValueError("direct figures, sampling variances and covariates must be finite")
    if (psi <= 0).any():
        raise ValueError("sampling variances must be above 0: smooth them where an area shows none")
    if y.size <= x.shape[1]:
        raise ValueError(f"{y.size} areas cannot carry {x.shape[1]} coefficients and a variance")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError("covariates determine each other: leave one out")
    return AreaData(y, psi, x)


@dataclass(frozen=True, slots=True)
class Lines:
    """Generalised least squares for each of ``s`` given between-area variances."""

    data: AreaData
    variances: Floats  # (s,)
    precision: Floats  # (s, m), of an area's figure around the line
    coefficients: Floats  # (s, p)
    covariances: Floats  # (s, p, p)
    residuals: Floats  # (s, m)

    @property
    def own_weight(self) -> Floats:
        """Weight of an area's own figure, the rest being the line's, shape (s, m)."""
        return self.variances[:, None] * self.precision

    @property
    def predictions(self) -> Floats:
        """Best linear unbiased predictions of the areas, shape (s, m)."""
        return self.data.direct - (1 - self.own_weight) * self.residuals

    @property
    def spread(self) -> Floats:
        """Variance of the prediction while the line is known (g1), shape (s, m)."""
        return self.own_weight * self.data.sampling_variance

    @property
    def line_error(self) -> Floats:
        """Variance added because the line is estimated (g2), shape (s, m)."""
        x = self.data.covariates
        return (1 - self.own_weight) ** 2 * np.einsum("mp,spq,mq->sm", x, self.covariances, x)


def fit_lines(data: AreaData, variances: ArrayLike) -> Lines:
    """Regression of the direct figures for each between-area variance (0 or more), shape (s,)."""
    s = np.atleast_1d(np.asarray(variances, dtype=float))
    x, y = data.covariates, data.direct
    precision = 1 / (data.sampling_variance + s[:, None])
    weighted = precision[:, :, None] * x
    covariances = np.linalg.inv(np.einsum("mp,smq->spq", x, weighted))
    coefficients = np.einsum("spq,smq,m->sp", covariances, weighted, y)
    return Lines(data, s, precision, coefficients, covariances, y - coefficients @ x.T)


def log_likelihood(lines: Lines) -> Floats:
    """Normal log-likelihood of the direct figures, shape (s,)."""
    squares = (lines.precision * lines.residuals**2).sum(axis=1)
    constant = lines.data.direct.size * np.log(2 * np.pi)
    return np.asarray(-0.5 * (constant - np.log(lines.precision).sum(axis=1) + squares))


def restricted_log_likelihood(lines: Lines) -> Floats:
    """Log-likelihood of the figures' contrasts, free of the line, up to a constant, shape (s,)."""
    return np.asarray(log_likelihood(lines) + 0.5 * np.linalg.slogdet(lines.covariances)[1])

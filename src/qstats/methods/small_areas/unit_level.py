"""How is the mean of an area estimated from its few sampled units and the covariates of all its units?

Nested-error regression (Battese, Harter & Fuller): unit = line + area effect + unit error. The two variances
by restricted maximum likelihood; the area's mean adds the sampled units themselves to the predicted others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from qstats.methods.small_areas.area_level import Floats


@dataclass(frozen=True, slots=True)
class NestedErrorFit:
    """Means of areas and the model that made them.

    Attributes
    ----------
    between_variance, unit_variance : float
        Of the area effects (0 or more) and of the units around them.
    coefficients : array, shape (p,)
    estimates : array, shape (m,)
        Predicted mean of each area, sampled or not.
    sampled : array of int, shape (m,)
        Units sampled in each area.
    """

    between_variance: float
    unit_variance: float
    coefficients: Floats
    estimates: Floats
    sampled: NDArray[np.int64]

    @property
    def collapsed(self) -> bool:
        """Whether the variance between areas was estimated as 0."""
        return self.between_variance == 0.0


@dataclass(frozen=True, slots=True)
class _Units:
    y: Floats
    x: Floats
    area: NDArray[np.int64]
    sizes: Floats
    mean_y: Floats
    mean_x: Floats


def fit_nested_error(
    values: ArrayLike,
    covariates: ArrayLike,
    area: ArrayLike,
    area_means: ArrayLike,
    area_sizes: ArrayLike,
) -> NestedErrorFit:
    """Empirical best linear unbiased predictions of area means.

    Parameters
    ----------
    values : array_like, shape (n,)
    covariates : array_like, shape (n, p)
        A constant is not added.
    area : array_like of int, shape (n,)
        Row of ``area_means`` that each unit belongs to, from 0.
    area_means : array_like, shape (m, p)
        Means of the covariates over all units of each area.
    area_sizes : array_like, shape (m,)
        Units in each area, at least as many as were sampled.

    Raises
    ------
    ValueError
        Shapes that do not agree, values that are not finite, more units sampled than there are, or no
        area with two units.

    References
    ----------
    Battese, Harter & Fuller (1988), doi:10.1080/01621459.1988.10478561.
    """
    means, sizes = np.asarray(area_means, dtype=float), np.asarray(area_sizes, dtype=float)
    units = _check_units(values, covariates, area, means, sizes)
    ratio = _variance_ratio(units)
    coefficients, unit_variance, _ = _given_ratio(units, ratio)
    effects = _own_weight(units, ratio) * (units.mean_y - units.mean_x @ coefficients)
    sampled_share = units.sizes / sizes
    rest = (means - sampled_share[:, None] * units.mean_x) @ coefficients + (1 - sampled_share) * effects
    return NestedErrorFit(
        between_variance=ratio * unit_variance,
        unit_variance=unit_variance,
        coefficients=coefficients,
        estimates=sampled_share * units.mean_y + rest,
        sampled=units.sizes.astype(np.int64),
    )


def _check_units(
    values: ArrayLike, covariates: ArrayLike, area: ArrayLike, means: Floats, sizes: Floats
) -> _Units:
    y, x = np.asarray(values, dtype=float), np.asarray(covariates, dtype=float)
    codes, m = np.asarray(area, dtype=np.int64), sizes.size
    if x.ndim != 2 or y.shape != codes.shape or x.shape[0] != y.size or means.shape != (m, x.shape[1]):
        raise ValueError(
            f"shapes do not agree: units {y.shape}, {x.shape}, {codes.shape}; areas {means.shape}, ({m},)"
        )
    if not all(np.isfinite(part).all() for part in (y, x, means, sizes)):
        raise ValueError("values, covariates, means and sizes must be finite")
    if codes.min() < 0 or codes.max() >= m:
        raise ValueError(f"area must lie between 0 and {m - 1}")
    counts = np.bincount(codes, minlength=m).astype(float)
    if (counts > sizes).any():
        raise ValueError("more units sampled than the area has")
    if counts.max() < 2 or y.size <= x.shape[1] + 1:
        raise ValueError(
            "variance between and within areas cannot be told apart: no area has two units to spare"
        )
    divisor = np.maximum(counts, 1)
    mean_x = np.column_stack([np.bincount(codes, column, minlength=m) for column in x.T]) / divisor[:, None]
    return _Units(y, x, codes, counts, np.bincount(codes, y, minlength=m) / divisor, mean_x)


def _own_weight(units: _Units, ratio: float) -> Floats:
    """Weight of an area's own mean, 0 where nothing was sampled."""
    return units.sizes * ratio / (1 + units.sizes * ratio)


def _given_ratio(units: _Units, ratio: float) -> tuple[Floats, float, float]:
    """Coefficients, unit variance and restricted log-likelihood for a ratio of the two variances.

    Taking a share of the area mean off each unit leaves errors that are independent with equal variance.
    """
    share = (1 - 1 / np.sqrt(1 + units.sizes * ratio))[units.area]
    y = units.y - share * units.mean_y[units.area]
    x = units.x - share[:, None] * units.mean_x[units.area]
    coefficients, *_ = np.linalg.lstsq(x, y, rcond=None)
    freedom = y.size - x.shape[1]
    variance = float(((y - x @ coefficients) ** 2).sum() / freedom)
    log_determinants = np.log1p(units.sizes * ratio).sum() + np.linalg.slogdet(x.T @ x)[1]
    return (
        np.asarray(coefficients, dtype=float),
        variance,
        float(-0.5 * (freedom * np.log(variance) + log_determinants)),
    )


def _variance_ratio(units: _Units) -> float:
    """Variance between areas in units of the variance within, at the highest restricted likelihood."""
    grid = np.append(0.0, np.geomspace(1e-6, 1e4, 100))
    likelihoods = [_given_ratio(units, ratio)[2] for ratio in grid]
    best = int(np.argmax(likelihoods))
    if best == 0:
        return 0.0
    low, high = grid[best - 1], grid[min(best + 1, grid.size - 1)]
    found = minimize_scalar(
        lambda ratio: -_given_ratio(units, ratio)[2],
        bounds=(low, high), method="bounded", options={"xatol": 1e-10 * high},
    )  # fmt: skip
    return float(found.x)

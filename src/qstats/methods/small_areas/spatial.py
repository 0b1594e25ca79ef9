"""How are areas estimated when neighbours resemble each other?

Spatial Fay-Herriot: the area effects follow a simultaneous autoregression over a row-standardised proximity
matrix. Variance and autocorrelation by restricted maximum likelihood (Fisher scoring, halved until the
likelihood rises), mean squared errors to second order (Singh, Shukla & Kundu).
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.small_areas.area_level import AreaData, Floats, check_area_data
from qstats.methods.small_areas.fay_herriot import fit_fay_herriot

_STEPS, _TOLERANCE = 200, 1e-9
_LARGEST_CORRELATION = 0.999


@dataclass(frozen=True, slots=True)
class SpatialFit:
    """Spatial small-area figures and the model that made them.

    Attributes
    ----------
    variance : float
        Of the innovations of the area effects, 0 or more.
    correlation : float
        Spatial autocorrelation, −1 to 1; NaN where the variance is 0.
    coefficients : array, shape (p,)
    estimates, mse : array, shape (m,)
    log_likelihood : float
        Of the figures, at these parameters (unrestricted).
    """

    variance: float
    correlation: float
    coefficients: Floats
    estimates: Floats
    mse: Floats
    log_likelihood: float

    @property
    def collapsed(self) -> bool:
        """Whether the variance was estimated as 0, so that every area stands on the line."""
        return self.variance == 0.0


@dataclass(frozen=True, slots=True)
class _State:
    """Matrices at one pair of parameters."""

    data: AreaData
    variance: float
    structure: Floats  # covariance of the effects for a variance of 1
    slope: Floats  # its precision's derivative by the correlation
    proximity: Floats
    inverse: Floats  # of the covariance of the figures
    line_covariance: Floats
    log_determinant: float

    @property
    def derivatives(self) -> list[Floats]:
        """Covariance of the figures, derived by variance and by correlation."""
        turned = self.structure @ self.slope @ self.structure
        return [self.structure, -self.variance * turned]

    @property
    def projected(self) -> Floats:
        """Inverse covariance with the line projected out."""
        weighted = self.inverse @ self.data.covariates
        return self.inverse - weighted @ self.line_covariance @ weighted.T

    @property
    def coefficients(self) -> Floats:
        return self.line_covariance @ self.data.covariates.T @ self.inverse @ self.data.direct

    @property
    def log_likelihood(self) -> float:
        residual = self.data.direct - self.data.covariates @ self.coefficients
        squares = residual @ self.inverse @ residual
        return float(-0.5 * (residual.size * np.log(2 * np.pi) + self.log_determinant + squares))

    @property
    def restricted(self) -> float:
        return self.log_likelihood + 0.5 * float(np.linalg.slogdet(self.line_covariance)[1])


def fit_spatial_fay_herriot(
    direct: ArrayLike, sampling_variance: ArrayLike, covariates: ArrayLike | None, proximity: ArrayLike
) -> SpatialFit:
    """Spatial empirical best linear unbiased predictions with their mean squared errors.

    Parameters
    ----------
    direct, sampling_variance : array_like, shape (m,)
    covariates : array_like, shape (m, p), or None for one common mean
        A constant is not added.
    proximity : array_like, shape (m, m)
        0 or more, 0 on the diagonal, rows adding up to 1 (or to 0 for an area without neighbours).

    Raises
    ------
    ValueError
        Input that no model can be fitted to, a matrix that is no proximity matrix, or no convergence.

    References
    ----------
    Singh, Shukla & Kundu (2005), Survey Methodology 31, 183–195;
    Pratesi & Salvati (2008), doi:10.1007/s10260-007-0061-9.
    """
    data = check_area_data(direct, sampling_variance, covariates)
    neighbours = _check_proximity(proximity, data.direct.size)
    start = fit_fay_herriot(data.direct, data.sampling_variance, data.covariates)
    scale = start.variance or 0.1 * float(np.median(data.sampling_variance))
    state, correlation = _climb(_state(data, neighbours, scale, 0.0), 0.0)
    if state.variance <= 1e-8 * float(np.median(data.sampling_variance)):
        state, correlation = _state(data, neighbours, 0.0, 0.0), float("nan")
    return SpatialFit(
        variance=state.variance,
        correlation=correlation,
        coefficients=state.coefficients,
        estimates=_predict(state),
        mse=_mean_squared_error(state),
        log_likelihood=state.log_likelihood,
    )


def _check_proximity(proximity: ArrayLike, m: int) -> Floats:
    matrix = np.asarray(proximity, dtype=float)
    if matrix.shape != (m, m):
        raise ValueError(f"proximity has shape {matrix.shape}: {m} areas need ({m}, {m})")
    sums = matrix.sum(axis=1)
    standard = np.isclose(sums, 1, atol=1e-6) | (sums == 0)
    if not np.isfinite(matrix).all() or (matrix < 0).any() or np.diag(matrix).any() or not standard.all():
        raise ValueError("proximity must be 0 or more, 0 on the diagonal, and its rows must add up to 1")
    return matrix


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=float)


def _state(data: AreaData, proximity: Floats, variance: float, correlation: float) -> _State:
    spread = np.eye(data.direct.size) - correlation * proximity
    structure = _inverse(spread.T @ spread)
    slope = -(proximity + proximity.T) + 2 * correlation * proximity.T @ proximity
    covariance = variance * structure + np.diag(data.sampling_variance)
    inverse = _inverse(covariance)
    line_covariance = _inverse(data.covariates.T @ inverse @ data.covariates)
    log_determinant = float(np.linalg.slogdet(covariance)[1])
    return _State(data, variance, structure, slope, proximity, inverse, line_covariance, log_determinant)


def _climb(state: _State, correlation: float) -> tuple[_State, float]:
    """Fisher scoring from a starting state to the highest restricted likelihood."""
    for _ in range(_STEPS):
        score, information = _score(state)
        move = np.linalg.solve(information, score)
        here = np.array([state.variance, correlation])
        if np.abs(move / np.array([max(state.variance, 1e-300), 1.0])).max() < _TOLERANCE:
            return state, correlation
        for _ in range(40):
            variance, tried = _within(here + move, state.variance)
            candidate = _state(state.data, state.proximity, variance, tried)
            if candidate.restricted >= state.restricted - 1e-12 * abs(state.restricted):
                break
            move = move / 2
        if variance <= 1e-12 * float(np.median(state.data.sampling_variance)):
            return candidate, tried
        state, correlation = candidate, tried
    raise ValueError(f"no convergence after {_STEPS} steps")


def _within(parameters: Floats, variance: float) -> tuple[float, float]:
    """Parameters kept inside their ranges; a variance falls to a tenth at most in one step."""
    limit = _LARGEST_CORRELATION
    return max(float(parameters[0]), variance / 10), float(np.clip(parameters[1], -limit, limit))


def _score(state: _State) -> tuple[Floats, Floats]:
    """Slope of the restricted likelihood by both parameters, and the expected information."""
    projected = state.projected
    residual = projected @ state.data.direct
    products = [projected @ derived for derived in state.derivatives]
    score = [
        0.5 * (residual @ derived @ residual - np.trace(by))
        for derived, by in zip(state.derivatives, products, strict=True)
    ]
    information = [[0.5 * (first * second.T).sum() for second in products] for first in products]
    return np.array(score), np.array(information)


def _predict(state: _State) -> Floats:
    line = state.data.covariates @ state.coefficients
    effects = state.variance * state.structure @ state.inverse @ (state.data.direct - line)
    return np.asarray(line + effects)


def _mean_squared_error(state: _State) -> Floats:
    """Parts for known parameters, for the estimated line, and for the estimated parameters (g1 to g4)."""
    effects = state.variance * state.structure
    pull = effects @ state.inverse
    known = np.diag(effects - pull @ effects)
    gap = state.data.covariates - pull @ state.data.covariates
    line = np.einsum("mp,pq,mq->m", gap, state.line_covariance, gap)
    if state.variance == 0.0:
        return np.asarray(known + line)
    uncertain = _inverse(_score(state)[1])
    return np.asarray(known + line + 2 * _parameter_error(state, uncertain) - _curvature(state, uncertain))


def _parameter_error(state: _State, uncertain: Floats) -> Floats:
    """Variance of the predictions that the estimated parameters add (g3)."""
    psi = state.data.sampling_variance
    turns = [psi[:, None] * (state.inverse @ derived @ state.inverse) for derived in state.derivatives]
    total = np.linalg.inv(state.inverse)
    pairs = product(range(2), repeat=2)
    return np.asarray(
        sum(
            uncertain[k, j] * np.einsum("ab,bc,ac->a", turns[k], total, turns[j], optimize=True)
            for k, j in pairs
        )
    )


def _curvature(state: _State, uncertain: Floats) -> Floats:
    """Correction because the covariance is not linear in the correlation (g4)."""
    turned = state.structure @ state.slope @ state.structure
    bent = 2 * turned @ state.slope @ state.structure
    bent = bent - 2 * state.structure @ state.proximity.T @ state.proximity @ state.structure
    second = 2 * uncertain[0, 1] * -turned + uncertain[1, 1] * state.variance * bent
    weighted = state.data.sampling_variance[:, None] * state.inverse
    return np.asarray(0.5 * np.einsum("ab,bc,ac->a", weighted, second, weighted, optimize=True))

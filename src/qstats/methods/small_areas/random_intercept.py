"""How do groups differ in the odds of success once covariates are allowed for?

Logistic regression with a normal random intercept for each group. The integral over the intercepts is taken
by Laplace's method (one node) or adaptive Gauss-Hermite quadrature, the likelihood is maximised over
coefficients and standard deviation together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit, gammaln, logit, logsumexp, xlogy

from qstats.methods.small_areas.area_level import Floats
from qstats.methods.small_areas.beta_binomial import check_counts

_NEWTON_STEPS = 50
_SEPARATED = 12.0  # logits this far out are beyond what counts can show


@dataclass(frozen=True, slots=True)
class RandomInterceptFit:
    """Coefficients, spread of the groups and their intercepts.

    Attributes
    ----------
    coefficients, std_errors : array, shape (p,)
        On the logit scale; the errors allow for the estimated spread.
    group_sd : float
        Standard deviation of the intercepts between groups (logit scale), 0 where none was found.
    intercepts, intercept_errors : array, shape (g,)
        Most likely intercept of each group around the line, and its standard deviation given the fit.
    log_likelihood : float
        With the binomial coefficients.
    saturated_log_likelihood : float
        Of a model that meets every rate exactly; peers that report likelihoods from quadrature as deviance
        give the difference of the two.
    """

    coefficients: Floats
    std_errors: Floats
    group_sd: float
    intercepts: Floats
    intercept_errors: Floats
    log_likelihood: float
    saturated_log_likelihood: float

    @property
    def collapsed(self) -> bool:
        """Whether no variation between groups was found."""
        return self.group_sd == 0.0


@dataclass(frozen=True, slots=True)
class _Grouped:
    successes: Floats
    n: Floats
    x: Floats
    group: NDArray[np.int64]
    groups: int

    def by_group(self, values: Floats) -> Floats:
        return np.bincount(self.group, values, minlength=self.groups).astype(float)


def fit_random_intercept(
    successes: ArrayLike,
    n: ArrayLike,
    group: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    nodes: int = 9,
) -> RandomInterceptFit:
    """Logistic regression with a random intercept for each group.

    Parameters
    ----------
    successes, n : array_like, shape (k,)
        ``0 <= successes <= n``, may be real-valued (effective counts).
    group : array_like of int, shape (k,)
        Group of each row, from 0 without gaps.
    covariates : array_like, shape (k, p), optional
        A constant is not added; without covariates there is one constant.
    nodes : int
        Quadrature nodes; 1 is Laplace's method.

    Raises
    ------
    ValueError
        Impossible counts or shapes; fewer than two groups; data in which the covariates part successes from
        failures, for instance a stratum without failures: its coefficient would be infinite.

    References
    ----------
    Pinheiro & Bates (1995), doi:10.1080/10618600.1995.10474663;
    Breslow & Clayton (1993), doi:10.1080/01621459.1993.10594284.
    """
    if nodes < 1:
        raise ValueError("nodes must be 1 or more")
    data = _check_grouped(successes, n, group, covariates)
    parameters = _maximise(data, nodes)
    coefficients, sd = parameters[:-1], float(parameters[-1])
    modes, curvature = _modes(data, coefficients, sd)
    return RandomInterceptFit(
        coefficients=coefficients,
        std_errors=_std_errors(data, parameters, nodes),
        group_sd=sd,
        intercepts=sd * modes,
        intercept_errors=sd / np.sqrt(curvature),
        log_likelihood=_log_likelihood(data, parameters, nodes) + _choices(data),
        saturated_log_likelihood=_saturated(data) + _choices(data),
    )


def _check_grouped(
    successes: ArrayLike, n: ArrayLike, group: ArrayLike, covariates: ArrayLike | None
) -> _Grouped:
    s, total = check_counts(successes, n)
    codes = np.asarray(group, dtype=np.int64)
    x = np.ones((s.size, 1)) if covariates is None else np.asarray(covariates, dtype=float)
    if codes.shape != s.shape or x.ndim != 2 or x.shape[0] != s.size or not np.isfinite(x).all():
        raise ValueError(f"group {codes.shape} or covariates {x.shape} do not belong to {s.size} rows")
    groups = int(codes.max()) + 1
    if codes.min() < 0 or groups < 2 or np.bincount(codes).min() == 0:
        raise ValueError("groups must be numbered from 0 without gaps, two at least")
    if s.sum() in (0.0, total.sum()):
        raise ValueError("counts without any success or any failure: the odds are infinite")
    return _Grouped(s, total, x, codes, groups)


def _maximise(data: _Grouped, nodes: int) -> Floats:
    """Coefficients and standard deviation at the highest likelihood."""
    rates = logit((data.successes + 0.5) / (data.n + 1))
    start = np.append(np.linalg.lstsq(data.x, rates, rcond=None)[0], 0.5)
    found = minimize(
        lambda parameters: -_log_likelihood(data, parameters, nodes), start, jac="3-point", method="L-BFGS-B",
        bounds=[(None, None)] * data.x.shape[1] + [(0.0, 20.0)],
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 1000},
    )  # fmt: skip
    if np.abs(data.x @ found.x[:-1]).max() > _SEPARATED:
        raise ValueError("covariates part successes from failures, as a stratum without failures does")
    # Around 0 the likelihood is flat in the deviation: what is not told from 0 is 0.
    none = np.append(found.x[:-1], 0.0)
    flat = found.x[-1] < 0.05 and _log_likelihood(data, none, nodes) >= -found.fun - 1e-6
    return none if flat else np.asarray(found.x)


def _modes(data: _Grouped, coefficients: Floats, sd: float) -> tuple[Floats, Floats]:
    """Most likely standardised intercept of each group and the curvature there, by Newton steps."""
    line, modes = data.x @ coefficients, np.zeros(data.groups)
    for _ in range(_NEWTON_STEPS):
        rates = expit(line + sd * modes[data.group])
        curvature = 1 + sd**2 * data.by_group(data.n * rates * (1 - rates))
        step = (sd * data.by_group(data.successes - data.n * rates) - modes) / curvature
        # A long step from a flat place of the logistic overshoots.
        modes = modes + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-11:
            break
    return modes, curvature


def _log_likelihood(data: _Grouped, parameters: Floats, nodes: int) -> float:
    """Log-likelihood without the binomial coefficients, the intercepts integrated out."""
    coefficients, sd = parameters[:-1], float(parameters[-1])
    modes, curvature = _modes(data, coefficients, sd)
    points, weights = np.polynomial.hermite.hermgauss(nodes)
    u = modes[:, None] + np.sqrt(2 / curvature)[:, None] * points
    line = (data.x @ coefficients)[:, None] + sd * u[data.group]
    joint = data.successes[:, None] * line - data.n[:, None] * np.logaddexp(0, line)
    grouped = np.column_stack([data.by_group(column) for column in joint.T]) - u**2 / 2
    integrals = logsumexp(grouped + points**2 + np.log(weights), axis=1) - 0.5 * np.log(np.pi * curvature)
    return float(integrals.sum())


def _std_errors(data: _Grouped, parameters: Floats, nodes: int) -> Floats:
    """Standard errors of the coefficients from the curvature of the likelihood by all parameters."""
    free = parameters.size - (parameters[-1] == 0.0)
    steps = 1e-3 * np.eye(parameters.size)[:free]
    at = {sign: [[_log_likelihood(data, parameters + sign[0] * a + sign[1] * b, nodes) for b in steps]
          for a in steps] for sign in ((1, 1), (1, -1), (-1, 1), (-1, -1))}  # fmt: skip
    cross = {sign: np.array(values) for sign, values in at.items()}
    curvature = (cross[1, 1] - cross[1, -1] - cross[-1, 1] + cross[-1, -1]) / (4 * 1e-6)
    return np.sqrt(np.diag(np.linalg.inv(-curvature)))[: parameters.size - 1]


def _choices(data: _Grouped) -> float:
    failures = data.n - data.successes
    return float((gammaln(data.n + 1) - gammaln(data.successes + 1) - gammaln(failures + 1)).sum())


def _saturated(data: _Grouped) -> float:
    rates = data.successes / np.where(data.n > 0, data.n, 1)
    return float((xlogy(data.successes, rates) + xlogy(data.n - data.successes, 1 - rates)).sum())

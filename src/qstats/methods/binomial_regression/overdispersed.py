"""How much do true rates scatter around the fit, if that scatter has a law of its own?

Beta-binomial: the rate of a row is drawn from a beta distribution around the fitted one, with correlation ρ
within the row. Negative binomial: the rate of events is gamma distributed with shape θ. Both by maximum
likelihood; standard errors from the expected information of all parameters together (beta-binomial, as R's
VGAM) or of the coefficients and of θ apart, which are orthogonal (as R's MASS).

Source: Prentice (1986), doi:10.1080/01621459.1986.10478275; Lawless (1987), doi:10.2307/3314912; Venables &
Ripley (2002), section 7.4, doi:10.1007/978-0-387-21706-2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import betaln, digamma, expit, gammaln, logit, polygamma, xlogy

from qstats.methods.binomial_regression.families import BINOMIAL, POISSON, Floats, check_counts
from qstats.methods.binomial_regression.fit import fit_binomial

SMALLEST_RHO, HIGHEST_RHO, MOST_STEPS = 1e-7, 0.999, 200


@dataclass(frozen=True, slots=True)
class OverdispersedFit:
    """A regression whose rates scatter by a law.

    Attributes
    ----------
    coefficients, std_error : array, shape (p,)
        On the logit (beta-binomial) or the log scale (negative binomial).
    covariance : array, shape (p, p)
        Of the coefficients.
    scatter : float
        ρ, 0–1, or θ, above 0 (infinite for Poisson counts).
    scatter_error : float
        Standard error of logit ρ, or of θ; NaN where the counts scatter no more than chance.
    log_likelihood : float
    fitted : array, shape (n,)
    """

    coefficients: Floats
    std_error: Floats
    covariance: Floats
    scatter: float
    scatter_error: float
    log_likelihood: float
    fitted: Floats


def fit_beta_binomial(passed: ArrayLike, n: ArrayLike, design: ArrayLike) -> OverdispersedFit:
    """Logistic regression with beta-binomial counts.

    Parameters
    ----------
    passed, n, design
        As in `fit_binomial`.

    Raises
    ------
    ValueError
        Impossible counts, or a coefficient that runs away (all passed in a cell).
    """
    y, m, x = (np.asarray(values, dtype=float) for values in (passed, n, design))
    check_counts(BINOMIAL, y, m, x)
    y, m, x = y[m > 0], m[m > 0], x[m > 0]
    plain = fit_binomial(y, m, x)
    if plain.separated:
        raise ValueError("all passed in a cell, or none did: its coefficient is infinite")
    found = _scoring(np.append(plain.coefficients, _first_rho(plain.dispersion, m)), y, m, x)
    if expit(found[-1]) <= SMALLEST_RHO:  # no scatter beyond chance: what is left is logistic regression
        return OverdispersedFit(
            plain.coefficients, np.sqrt(np.diag(plain.inverse_information)), plain.inverse_information,
            0.0, np.nan, plain.log_likelihood, expit(np.asarray(design, dtype=float) @ plain.coefficients),
        )  # fmt: skip
    covariance = np.asarray(np.linalg.inv(_beta_binomial_information(found, m, x)))
    errors, beta = np.sqrt(np.diag(covariance)), found[:-1]
    log_likelihood = _beta_binomial(found, y, m, x) + float(BINOMIAL.constant(y, m).sum())
    return OverdispersedFit(
        beta, errors[:-1], covariance[:-1, :-1], float(expit(found[-1])), float(errors[-1]), log_likelihood,
        expit(np.asarray(design, dtype=float) @ beta),
    )  # fmt: skip


def _first_rho(dispersion: float, m: Floats) -> float:
    """Logit of the ρ that the dispersion suggests: φ = 1 + ρ·(m − 1)."""
    excess = np.nan_to_num(max(dispersion - 1, 0.05), nan=0.05) / max(float(np.mean(m)) - 1, 1)
    return float(logit(np.clip(excess, 1e-5, 0.5)))


def _scoring(parameters: Floats, y: Floats, m: Floats, x: Floats) -> Floats:
    """Highest likelihood by Fisher's scoring with halved steps; it ends where ρ is next to 0."""
    top = _beta_binomial(parameters, y, m, x)
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(_beta_binomial_information(parameters, m, x), _gradient(parameters, y, m, x))
        while (now := _beta_binomial(parameters + step, y, m, x)) < top - 1e-10 * abs(top):
            step = step / 2
        parameters, top = parameters + step, now
        if np.abs(step).max() < 1e-10 or expit(parameters[-1]) <= SMALLEST_RHO:
            return parameters
    raise ValueError(f"the beta-binomial fit did not settle in {MOST_STEPS} steps")


def _shapes(parameters: Floats, x: Floats) -> tuple[Floats, float, float]:
    mean, rho = expit(x @ parameters[:-1]), float(expit(parameters[-1]))
    return mean, rho, (1 - rho) / rho


def _beta_binomial(parameters: Floats, y: Floats, m: Floats, x: Floats) -> float:
    """Log-likelihood without its constant; −inf where ρ has all but reached 1."""
    mean, rho, total = _shapes(parameters, x)
    if rho > HIGHEST_RHO:
        return -np.inf
    a, b = total * mean, total * (1 - mean)
    return float((betaln(y + a, m - y + b) - betaln(a, b)).sum())


def _gradient(parameters: Floats, y: Floats, m: Floats, x: Floats) -> Floats:
    mean, rho, _ = _shapes(parameters, x)
    by_linear, by_rho = _slopes(y, m, mean, rho)
    return np.append(x.T @ by_linear, by_rho.sum())


def _slopes(y: Floats, m: Floats, mean: Floats, rho: float) -> tuple[Floats, Floats]:
    """Derivatives of the log-likelihood by the linear predictor and by logit ρ."""
    total = (1 - rho) / rho
    a, b = total * mean, total * (1 - mean)
    common = digamma(a + b) - digamma(m + a + b)
    by_a = digamma(y + a) - digamma(a) + common
    by_b = digamma(m - y + b) - digamma(b) + common
    # Sum of the shapes is exp(−logit ρ), so its derivative by logit ρ is minus itself.
    return (by_a - by_b) * total * mean * (1 - mean), -(by_a * a + by_b * b)


def _beta_binomial_information(parameters: Floats, m: Floats, x: Floats) -> Floats:
    """Expected information: products of the slopes, summed over all counts that a row may have."""
    mean, rho, total = _shapes(parameters, x)
    p = x.shape[1]
    information = np.zeros((p + 1, p + 1))
    for at, size in enumerate(m):
        counts = np.arange(size + 1)
        a, b = total * mean[at], total * (1 - mean[at])
        sizes = np.full_like(counts, size)
        log_chance = BINOMIAL.constant(counts, sizes) + betaln(counts + a, size - counts + b) - betaln(a, b)
        chance = np.exp(log_chance)
        slopes = np.stack(_slopes(counts, sizes, np.full_like(counts, mean[at]), rho))
        square = (slopes * chance) @ slopes.T
        lift = np.zeros((p + 1, 2))
        lift[:p, 0], lift[p, 1] = x[at], 1.0
        information += lift @ square @ lift.T
    return information


def fit_negative_binomial(
    events: ArrayLike, design: ArrayLike, exposure: ArrayLike | None = None
) -> OverdispersedFit:
    """Log-linear regression of events whose variance is ``μ + μ² / θ``.

    Parameters
    ----------
    events : array_like, shape (n,)
    design : array_like, shape (n, p)
    exposure : array_like, shape (n,), optional
        1 unless told.

    Raises
    ------
    ValueError
        Impossible counts, or iterations that do not settle.
    """
    y, x = np.asarray(events, dtype=float), np.asarray(design, dtype=float)
    m = np.ones(len(y)) if exposure is None else np.asarray(exposure, dtype=float)
    check_counts(POISSON, y, m, x)
    y, m, x = y[m > 0], m[m > 0], x[m > 0]
    beta, theta = np.linalg.lstsq(x, np.log((y + 0.5) / m))[0], np.inf
    for _ in range(200):
        beta, before = _negative_binomial_step(y, m, x, beta, theta), (beta, theta)
        theta = _best_theta(y, m * np.exp(x @ beta))
        close = np.isinf(theta) or abs(theta - before[1]) < 1e-10 * theta
        if close and np.abs(beta - before[0]).max() < 1e-10:
            break
    else:
        raise ValueError("the negative binomial fit did not settle")
    mean = m * np.exp(x @ beta)
    weight = mean if np.isinf(theta) else mean / (1 + mean / theta)
    covariance = np.linalg.inv(x.T @ (weight[:, None] * x))
    error = np.nan if np.isinf(theta) else 1 / np.sqrt(_theta_information(theta, y, mean))
    fitted = np.exp(np.asarray(design, dtype=float) @ beta)
    return OverdispersedFit(
        beta,
        np.sqrt(np.diag(covariance)),
        covariance,
        theta,
        error,
        _negative_binomial(theta, y, mean),
        fitted,
    )


def _negative_binomial_step(y: Floats, m: Floats, x: Floats, beta: Floats, theta: float) -> Floats:
    """One step of weighted least squares towards the coefficients at a given θ."""
    mean = m * np.exp(x @ beta)
    weight = mean if np.isinf(theta) else mean / (1 + mean / theta)
    step = np.linalg.solve(x.T @ (weight[:, None] * x), x.T @ (weight * (y - mean) / mean))
    return np.asarray(beta + step)


def _negative_binomial(theta: float, y: Floats, mean: Floats) -> float:
    if np.isinf(theta):
        return float((xlogy(y, mean) - mean - gammaln(y + 1)).sum())
    part = gammaln(y + theta) - gammaln(theta) - gammaln(y + 1)
    return float((part + theta * np.log(theta / (theta + mean)) + xlogy(y, mean / (theta + mean))).sum())


def _best_theta(y: Floats, mean: Floats) -> float:
    """θ of highest likelihood at given means; infinite where counts scatter no more than Poisson ones."""
    if ((y - mean) ** 2).sum() <= mean.sum():
        return np.inf

    def slope(log_theta: float) -> float:
        theta = np.exp(log_theta)
        parts = digamma(y + theta) - digamma(theta) + np.log(theta / (theta + mean)) + 1
        return float((parts - (y + theta) / (theta + mean)).sum())

    low, high = np.log(1e-4), np.log(1e6)
    return np.inf if slope(high) > 0 else float(np.exp(brentq(slope, low, high, xtol=1e-13)))


def _theta_information(theta: float, y: Floats, mean: Floats) -> float:
    """Observed information of θ."""
    parts = polygamma(1, theta) - polygamma(1, y + theta) - 1 / theta
    return float((parts + 2 / (mean + theta) - (y + theta) / (mean + theta) ** 2).sum())

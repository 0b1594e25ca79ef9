"""How much do areas' true rates vary, and what does that make of each area's own rate?

Beta-binomial: true rates follow a beta distribution with a mean and an intra-area correlation
``rho = 1 / (1 + alpha + beta)``; counts are binomial around them. Both by maximum likelihood, the mean
optionally on covariates through a logit; the empirical Bayes posterior of an area is a beta distribution.
Counts may be real-valued (effective). The posterior takes the fitted parameters as known and is therefore
too narrow with few areas: :mod:`qstats.methods.small_areas.shrinkage` integrates over them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln, logit
from scipy.stats import beta as beta_distribution

from qstats.methods.small_areas.area_level import Floats

_SMALLEST_RHO = 1e-7
_SEPARATED = 12.0  # logits this far out are beyond what counts can show


@dataclass(frozen=True, slots=True)
class BetaBinomialFit:
    """Distribution of the areas' true rates.

    Attributes
    ----------
    coefficients : array, shape (p,)
        On the logit of the mean.
    mean : array, shape (m,)
        Mean rate at each area's covariates, 0–1.
    rho : float
        Intra-area correlation, 0–1; 0 where the counts scatter no more than binomial ones do.
    log_likelihood : float
        With the binomial coefficients.
    """

    coefficients: Floats
    mean: Floats
    rho: float
    log_likelihood: float

    @property
    def collapsed(self) -> bool:
        """Whether no variation between areas was found beyond chance."""
        return self.rho == 0.0

    @property
    def alpha(self) -> Floats:
        """First parameter of the beta distribution at each area's covariates; infinite where rho is 0."""
        return self.mean * self._precision

    @property
    def beta(self) -> Floats:
        """Second parameter of the beta distribution at each area's covariates; infinite where rho is 0."""
        return (1 - self.mean) * self._precision

    @property
    def _precision(self) -> float:
        return (1 - self.rho) / self.rho if self.rho > 0 else np.inf


def check_counts(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Counts of areas as arrays; effective ones may be fractions.

    Raises
    ------
    ValueError
        Shapes that do not agree, no area, counts that are not finite, or successes outside ``0..n``.
    """
    s, total = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    if s.ndim != 1 or s.shape != total.shape or s.size == 0:
        raise ValueError(f"shapes do not agree or are empty: successes {s.shape}, n {total.shape}")
    if not (np.isfinite(s).all() and np.isfinite(total).all()):
        raise ValueError("successes and n must be finite")
    if (s < 0).any() or (s > total).any():
        raise ValueError("successes must lie between 0 and n")
    return s, total


def fit_beta_binomial(
    successes: ArrayLike, n: ArrayLike, covariates: ArrayLike | None = None
) -> BetaBinomialFit:
    """Mean and intra-area correlation of the areas' true rates by maximum likelihood.

    Parameters
    ----------
    successes, n : array_like, shape (m,)
        ``0 <= successes <= n``; areas with ``n = 0`` add nothing.
    covariates : array_like, shape (m, p), optional
        A constant is not added; without covariates all areas have one mean.

    Raises
    ------
    ValueError
        Impossible counts, covariates of another shape, or counts without any success or any failure: their
        likelihood has no highest point, use :func:`~qstats.methods.small_areas.shrinkage.shrink_rates`.

    References
    ----------
    Williams (1975), doi:10.2307/2529820; Prentice (1986), doi:10.1080/01621459.1986.10478275.
    """
    s, total = check_counts(successes, n)
    x = np.ones((s.size, 1)) if covariates is None else np.asarray(covariates, dtype=float)
    if x.ndim != 2 or x.shape[0] != s.size or not np.isfinite(x).all():
        raise ValueError(f"covariates of shape {x.shape} are not finite or do not belong to {s.size} areas")
    if s.sum() in (0.0, total.sum()):
        raise ValueError("counts without any success or any failure fix no distribution of rates")
    start = np.append(np.linalg.lstsq(x, logit((s + 0.5) / (total + 1)), rcond=None)[0], logit(0.1))
    found = minimize(
        _negative, start, args=(s, total, x), jac=True, method="L-BFGS-B",
        bounds=[(None, None)] * x.shape[1] + [(logit(_SMALLEST_RHO), -logit(_SMALLEST_RHO))],
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2000, "maxcor": 30},
    )  # fmt: skip
    coefficients, rho = found.x[:-1], float(expit(found.x[-1]))
    if np.abs(x @ coefficients).max() > _SEPARATED:
        raise ValueError(
            "a combination of covariates parts successes from failures: its coefficient is infinite"
        )
    choices = gammaln(total + 1) - gammaln(s + 1) - gammaln(total - s + 1)
    return BetaBinomialFit(
        coefficients=coefficients,
        mean=np.asarray(expit(x @ coefficients)),
        rho=0.0 if rho < 10 * _SMALLEST_RHO else rho,
        log_likelihood=float(choices.sum() - found.fun),
    )


def _negative(parameters: Floats, s: Floats, n: Floats, x: Floats) -> tuple[float, Floats]:
    """Negative log-likelihood and its slope by the coefficients and the logit of rho."""
    line, precision = x @ parameters[:-1], np.exp(-parameters[-1])
    mean, rest, f = expit(line), expit(-line), n - s
    # Far out on the logit a parameter falls below the smallest number; its limits are finite.
    a, b = np.maximum(mean * precision, 1e-200), np.maximum(rest * precision, 1e-200)
    common = digamma(a + b) - digamma(a + b + n)
    by_a = digamma(s + a) - digamma(a) + common
    by_b = digamma(f + b) - digamma(b) + common
    by_line = x.T @ ((by_a - by_b) * precision * mean * rest)
    value = (betaln(s + a, f + b) - betaln(a, b)).sum()
    return -float(value), -np.append(by_line, -(by_a * a + by_b * b).sum())


def posterior_rates(
    successes: ArrayLike, n: ArrayLike, fit: BetaBinomialFit, *, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Empirical Bayes mean and equal-tailed limits of each area's true rate, the fit taken as known.

    Returns
    -------
    estimate, lower, upper : array, shape (m,)
        Proportions 0–1. Where the fit collapsed all three are the fitted mean.
    """
    s, total = check_counts(successes, n)
    if fit.collapsed:
        return fit.mean, fit.mean, fit.mean
    a, b = fit.alpha + s, fit.beta + total - s
    lower, upper = (
        beta_distribution.ppf(share, a, b) for share in ((1 - confidence) / 2, (1 + confidence) / 2)
    )
    return a / (a + b), np.asarray(lower), np.asarray(upper)

"""What do counts say of a Gaussian series on the logit or log scale? Its mode, its spread, its evidence.

Nested Laplace approximation: given the sizes of its parts a series is Gaussian, its posterior is approximated
by a Gaussian at its mode, and the approximate marginal likelihood weighs the sizes. Periods without
observations take part with zero weight, so that a gap, and the future, need no treatment of their own. Near
100 % the likelihood leans towards higher rates: the mean lies above the mode, by a first-order correction.

References
----------
Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, algorithms 3.1 and 3.2.
Rue, Martino and Chopin (2009), doi:10.1111/j.1467-9868.2008.00700.x (nested approximation, its simplified
correction of the mean).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import expit, gammaln, xlogy

from qstats.methods.forecasts.structure import Family

Floats = NDArray[np.float64]

_STEPS = 30
_ENOUGH = 1e-3
"""Newton steps square the distance: after one of this size the mode is known to a millionth."""

_LARGEST_STEP = 2.0
"""Newton steps are damped: far from the mode a month without failures would throw the series away."""


@dataclass(frozen=True)
class Posterior:
    """Gaussian approximations, one for each series and answer.

    Attributes
    ----------
    mean : ndarray of shape (series, answers, times)
        On the logit or log scale, of past and future times.
    ahead : ndarray of shape (series, answers, periods, steps)
        ``v`` with posterior covariance ``K - vᵀ v`` of the times after the periods.
    log_evidence : ndarray of shape (series, answers)
    """

    mean: Floats
    ahead: Floats
    log_evidence: Floats


def approximate(
    events: Floats, exposure: Floats, covariance: Floats, centre: Floats, *, family: Family = "binomial"
) -> Posterior:
    """Gaussian approximation to the posterior of several series under several covariances.

    Parameters
    ----------
    events, exposure : ndarray of shape (series, periods)
        Passes and batches, or events and exposure, of the first so many times; an exposure of 0 is no
        observation. Need not be whole.
    covariance : ndarray of shape (answers, times, times)
        Of all times, those observed first.
    centre : ndarray of shape (series,)
        Prior mean of the level.
    family : {"binomial", "poisson"}

    Returns
    -------
    Posterior
    """
    periods = events.shape[1]
    shape = (len(events), len(covariance), periods)
    x, n = (np.broadcast_to(part[:, None, :], shape) for part in (events, exposure))
    prior, onward = covariance[:, :periods, :periods], covariance[:, :periods, :]
    m = centre[:, None, None]
    f = _find_mode(x, n, prior, m, family)
    expected, weight = _moments(f, n, family)
    root = np.sqrt(weight)
    factor = np.linalg.cholesky(_whitened(prior, root))
    pull = x - expected
    log_evidence = (
        _log_likelihood(f, x, n, family)
        - 0.5 * np.einsum("...t,...t->...", pull, f - m)
        - np.log(np.einsum("...tt->...t", factor)).sum(axis=-1)
    )
    v = solve_triangular(factor, root[..., None] * onward, lower=True, check_finite=False)
    spread = np.einsum("att->at", prior) - np.einsum("saut,saut->sat", v[..., :periods], v[..., :periods])
    skewed = 0.5 * _third_derivative(f, weight, family) * spread
    known = np.einsum("saut,sat->sau", v[..., :periods], skewed)
    shift = np.einsum("aij,sai->saj", onward, skewed) - np.einsum("saut,sau->sat", v, known)
    return Posterior(
        mean=m + np.einsum("aij,sai->saj", onward, pull) + shift,
        ahead=v[..., periods:],
        log_evidence=log_evidence,
    )


def _find_mode(x: Floats, n: Floats, prior: Floats, m: Floats, family: Family) -> Floats:
    f = np.broadcast_to(m, x.shape).copy()
    for _ in range(_STEPS):
        expected, weight = _moments(f, n, family)
        root = np.sqrt(weight)
        b = weight * (f - m) + x - expected
        pulled = np.einsum("aij,saj->sai", prior, b)
        a = b - root * np.linalg.solve(_whitened(prior, root), (root * pulled)[..., None])[..., 0]
        step = m + np.einsum("aij,saj->sai", prior, a) - f
        largest = np.abs(step).max(axis=-1, keepdims=True)
        f = f + step * np.minimum(1.0, _LARGEST_STEP / np.maximum(largest, _LARGEST_STEP))
        if largest.max() < _ENOUGH:
            break
    return f


def _moments(f: Floats, n: Floats, family: Family) -> tuple[Floats, Floats]:
    """Expected events and their variance."""
    if family == "poisson":
        expected = n * np.exp(np.minimum(f, 50.0))
        return expected, expected
    rate = expit(f)
    return n * rate, n * rate * (1 - rate)


def _third_derivative(f: Floats, weight: Floats, family: Family) -> Floats:
    """Of the log-likelihood at the mode: near 100 % it falls more slowly towards higher rates."""
    return -weight if family == "poisson" else weight * (2 * expit(f) - 1)


def _whitened(prior: Floats, root: Floats) -> Floats:
    """``I + W½ K W½``, well conditioned whatever the weights."""
    matrix = root[..., :, None] * prior
    matrix *= root[..., None, :]
    places = np.arange(prior.shape[-1])
    matrix[..., places, places] += 1.0
    return matrix


def _log_likelihood(f: Floats, x: Floats, n: Floats, family: Family) -> Floats:
    if family == "poisson":
        terms = xlogy(x, n) + x * f - n * np.exp(np.minimum(f, 50.0)) - gammaln(x + 1)
    else:
        terms = x * f - n * np.logaddexp(0.0, f)
    return terms.sum(axis=-1)

"""The nested Laplace approximation against numerical integration and against penalised regression.

Oracles: posterior of a single level by quadrature; the mode of a regression by scipy's minimiser.
"""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import expit, gammaln

from qstats.methods.forecasts.laplace import approximate
from qstats.methods.forecasts.structure import list_structures

TIMES = (np.arange(12) + 0.5) / 12
LEVEL = np.full((1, 12, 12), 4.0)


def one(values: list[float]) -> np.ndarray:
    return np.array([values])


@pytest.mark.parametrize(("passed", "n"), [(1150.0, 1200.0), (288.0, 300.0)])
def test_level_and_evidence_as_by_quadrature(passed: float, n: float) -> None:
    x, size = np.full((1, 12), passed / 12), np.full((1, 12), n / 12)
    found = approximate(x, size, LEVEL, np.array([3.0]))

    def density(f: float) -> float:
        likelihood = passed * f - n * np.logaddexp(0, f)
        return float(np.exp(likelihood - top - (f - 3.0) ** 2 / 8) / np.sqrt(8 * np.pi))

    top = max(passed * f - n * np.logaddexp(0, f) for f in np.linspace(1, 6, 500))
    evidence, _ = quad(density, 1, 8)
    mean, _ = quad(lambda f: f * density(f) / evidence, 1, 8)
    assert found.log_evidence[0, 0] == pytest.approx(np.log(evidence) + top, abs=0.02)
    assert found.mean[0, 0, 0] == pytest.approx(mean, abs=0.05)


def test_mean_as_by_importance_sampling() -> None:
    """Few failures lean the posterior to the right of its mode; the corrected mean follows it."""
    rng = np.random.default_rng(5)
    covariance = list_structures(TIMES, season=12).covariance[-1] + 1e-8 * np.eye(12)
    n = rng.integers(10, 30, 12).astype(float)
    x = n - (rng.random(12) < 0.5)
    inverse = np.linalg.inv(covariance)

    def loss(f: np.ndarray) -> float:
        return float(0.5 * (f - 3) @ inverse @ (f - 3) - (x * f - n * np.logaddexp(0, f)).sum())

    def slope(f: np.ndarray) -> np.ndarray:
        return inverse @ (f - 3) - (x - n * expit(f))

    mode = minimize(loss, np.full(12, 3.0), jac=slope, method="BFGS", options={"gtol": 1e-9}).x
    rate = expit(mode)
    spread = 1.3 * np.linalg.inv(inverse + np.diag(n * rate * (1 - rate)))
    normal = rng.standard_normal((400_000, 12))
    drawn = mode + normal @ np.linalg.cholesky(spread).T
    log_weight = (x * drawn - n * np.logaddexp(0, drawn)).sum(axis=1) + 0.5 * (normal**2).sum(axis=1)
    log_weight -= 0.5 * np.einsum("ki,ij,kj->k", drawn - 3, inverse, drawn - 3)
    weight = np.exp(log_weight - log_weight.max())
    mean = weight @ drawn / weight.sum()
    found = approximate(one(list(x)), one(list(n)), covariance[None], np.array([3.0])).mean[0, 0]
    assert np.abs(mean - mode).min() > 0.1
    assert found == pytest.approx(mean, abs=0.06)
    assert np.abs(found - mean).max() < 0.3 * np.abs(mode - mean).max()


def test_gaps_are_no_zeros_and_the_future_needs_no_counts() -> None:
    covariance = list_structures((np.arange(15) + 0.5) / 12).covariance
    x, n = np.full(12, 95.0), np.full(12, 100.0)
    x[4] = n[4] = 0.0
    gap = approximate(x[None], n[None], covariance, np.array([3.0]))
    left_out = np.delete(np.arange(15), 4)
    without = approximate(
        np.delete(x, 4)[None], np.delete(n, 4)[None],
        covariance[:, left_out][:, :, left_out], np.array([3.0]),
    )  # fmt: skip
    assert gap.mean[..., left_out] == pytest.approx(without.mean, abs=1e-6)
    assert gap.log_evidence == pytest.approx(without.log_evidence, abs=1e-6)
    assert gap.mean.shape[-1] == 15


def test_counts_of_events_as_gamma_poisson() -> None:
    """With a wide prior the evidence of one level is nearly that of counts under their own mean."""
    x, exposure = np.full((1, 6), 7.0), np.full((1, 6), 2.0)
    found = approximate(x, exposure, np.full((1, 6, 6), 4.0), np.array([0.0]), family="poisson")

    def density(f: float) -> float:
        logs = 42 * f + 42 * np.log(2) - 12 * np.exp(f) - 6 * gammaln(8)
        return float(np.exp(logs - f**2 / 8) / np.sqrt(8 * np.pi))

    assert found.log_evidence[0, 0] == pytest.approx(np.log(quad(density, -3, 4)[0]), abs=0.02)


def test_all_passes_have_a_mode() -> None:
    """Without a failure the likelihood has no maximum: the prior keeps the mode finite, steps are damped."""
    n = np.full((1, 12), 5000.0)
    found = approximate(n, n, LEVEL, np.array([9.0]))
    assert np.isfinite(found.mean).all() and np.isfinite(found.log_evidence).all()
    assert found.mean[0, 0, 0] > 8

"""What is to be expected of a rate, period by period? A mixture of normals on the logit or log scale.

Each answer to "how large are slope, drift, season and shocks?" gives a normal; the posterior weights of the
answers mix them. So the forecast carries what is not known of the model as well as of its coefficients. The
true rate of a period and the figure that will be reported are two things: the second has the chance of a
limited number of batches on top.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from qstats.methods.forecasts.structure import Family

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BISECTIONS = 50


@dataclass(frozen=True)
class Forecast:
    """Predictive distributions of the true rate over the periods ahead.

    Attributes
    ----------
    weights : ndarray of shape (answers,)
        Posterior weights of the answers, adding up to 1.
    means : ndarray of shape (answers, steps)
        On the logit (binomial) or log (Poisson) scale.
    covariances : ndarray of shape (answers, steps, steps)
    sizes : ndarray of shape (answers, 4)
        Size of slope, drift, season and shock of each answer, per year on that scale.
    family : {"binomial", "poisson"}
    """

    weights: Floats
    means: Floats
    covariances: Floats
    sizes: Floats
    family: Family = "binomial"

    @property
    def steps(self) -> int:
        """Periods ahead."""
        return self.means.shape[1]

    @property
    def _spread(self) -> Floats:
        return np.sqrt(np.einsum("att->at", self.covariances))

    @property
    def mean(self) -> Floats:
        """Expected true rate of each period."""
        nodes, weight = np.polynomial.hermite_e.hermegauss(15)
        values = self._to_rate(self.means[..., None] + self._spread[..., None] * nodes)
        return np.einsum("a,atk,k->t", self.weights, values, weight / weight.sum())

    def quantile(self, share: float) -> Floats:
        """True rate that is not exceeded with the probability given, for each period."""
        spread = self._spread
        low, high = (self.means - 9 * spread).min(axis=0), (self.means + 9 * spread).max(axis=0)
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            below = self._below(middle) < share
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return self._to_rate((low + high) / 2)

    def interval(self, confidence: float) -> tuple[Floats, Floats]:
        """Limits of the true rate of each period, as much outside on either side."""
        outside = (1 - confidence) / 2
        return self.quantile(outside), self.quantile(1 - outside)

    def probability_at_least(self, level: float) -> Floats:
        """Probability that the true rate of a period reaches a level."""
        if self.family == "binomial" and level >= 1:
            return np.zeros(self.steps)
        if level <= 0:
            return np.ones(self.steps)
        scaled = logit(level) if self.family == "binomial" else np.log(level)
        return 1 - self._below(np.full(self.steps, scaled))

    def draws(self, count: int, generator: np.random.Generator, *, jointly: bool = True) -> Floats:
        """True rates of shape (count, steps), drawn together over the periods or each period on its own."""
        answer = generator.choice(len(self.weights), size=count, p=self.weights)
        normal = generator.standard_normal((count, self.steps))
        if not jointly:
            return self._to_rate(self.means[answer] + self._spread[answer] * normal)
        values = np.empty((count, self.steps))
        for one in np.unique(answer):
            chosen = answer == one
            root = _root(self.covariances[one])
            values[chosen] = self.means[one] + normal[chosen] @ root.T
        return self._to_rate(values)

    def reported(
        self, exposure: ArrayLike, count: int, generator: np.random.Generator, *, dispersion: float = 1.0,
        jointly: bool = True,
    ) -> Ints:  # fmt: skip
        """Counts as they will be reported, of shape (count, steps).

        Parameters
        ----------
        exposure : array_like
            Batches (or exposure) of each period ahead.
        count : int
        generator : Generator
        dispersion : float
            How many times the variance of a count exceeds that of independent batches, at least 1.
        jointly : bool
            Whether the periods are drawn together, as their sums need it.
        """
        exposure = np.broadcast_to(np.asarray(exposure), (self.steps,))
        rates = self.draws(count, generator, jointly=jointly)
        return draw_counts(rates, exposure, generator, dispersion=dispersion, family=self.family)

    def _below(self, scaled: Floats) -> Floats:
        return self.weights @ norm.cdf((scaled - self.means) / self._spread)

    def _to_rate(self, scaled: Floats) -> Floats:
        return expit(scaled) if self.family == "binomial" else np.exp(scaled)


def draw_counts(
    rates: Floats,
    exposure: ArrayLike,
    generator: np.random.Generator,
    *,
    dispersion: float = 1.0,
    family: Family = "binomial",
) -> Ints:
    """Counts given true rates: binomial or Poisson, beta-binomial or negative binomial where dispersed."""
    exposure = np.broadcast_to(np.asarray(exposure, dtype=float), rates.shape)
    if family == "poisson":
        expected = rates * exposure
        if dispersion > 1:
            expected = generator.gamma(expected / (dispersion - 1) + 1e-12, dispersion - 1)
        return generator.poisson(expected)
    n = np.round(exposure).astype(np.int64)
    if dispersion > 1:
        concentration = np.maximum((n - dispersion) / (dispersion - 1), 1e-3)
        rates = generator.beta(
            np.maximum(rates * concentration, 1e-9), np.maximum((1 - rates) * concentration, 1e-9)
        )
    return generator.binomial(n, rates)


def _root(covariance: Floats) -> Floats:
    """Square root of a covariance that may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0.0))

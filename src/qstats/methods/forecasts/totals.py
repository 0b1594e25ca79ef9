"""How many will it be by then? Counts to come, and stocks of what lasts, lapses and is added.

Awards come at a rate that may drift and come in lumps; the count to come is a Poisson mixture over the
forecast of that rate. What is on record and lasts beyond the day is certain; what runs out before it is
renewed with a share that history shows; what is added until then is the count to come.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import betabinom, nbinom, poisson

from qstats.methods.forecasts.rates import forecast_rate
from qstats.methods.forecasts.structure import Season

Floats = NDArray[np.float64]

_DRAWS = 4000
_LEFT_OUT = 1e-9
"""Probability beyond the largest count that is kept."""


@dataclass(frozen=True)
class CountForecast:
    """Predictive distribution of a count.

    Attributes
    ----------
    least : int
        Smallest possible count.
    probability : ndarray of shape (counts,)
        Of ``least``, ``least + 1`` and so on, adding up to 1.
    """

    least: int
    probability: Floats

    @property
    def counts(self) -> NDArray[np.int64]:
        """Counts that have a probability."""
        return self.least + np.arange(len(self.probability))

    @property
    def mean(self) -> float:
        """Expected count."""
        return float(self.counts @ self.probability)

    def quantile(self, share: float) -> int:
        """Smallest count that is not exceeded with at least the probability given."""
        place = int(np.searchsorted(np.cumsum(self.probability), share))
        return self.least + min(place, len(self.probability) - 1)

    def interval(self, confidence: float) -> tuple[int, int]:
        """Limits that hold the count with at least the confidence given."""
        outside = (1 - confidence) / 2
        return self.quantile(outside), self.quantile(1 - outside)

    def probability_at_least(self, count: float) -> float:
        """Probability that the count is reached or exceeded."""
        return float(min(self.probability[self.counts >= count].sum(), 1.0))

    def add(self, other: "CountForecast") -> "CountForecast":
        """Sum with an independent count."""
        return CountForecast(self.least + other.least, np.convolve(self.probability, other.probability))

    def shift(self, count: int) -> "CountForecast":
        """The count with so many more that are certain."""
        return CountForecast(self.least + count, self.probability)


def forecast_total(
    events: ArrayLike,
    *,
    periods_left: float,
    season: Season = None,
    per_year: float | None = None,
    seed: int = 0,
) -> CountForecast:
    """Events of the periods to come, together.

    Parameters
    ----------
    events : array_like of shape (periods,)
        Events of past periods of equal length; NaN is a gap, not a zero.
    periods_left : float
        Periods to come; a fraction is a part of the last one.
    season, per_year
        As in :func:`~qstats.methods.forecasts.rates.forecast_rate`.
    seed : int

    Returns
    -------
    CountForecast
    """
    if periods_left <= 0:
        return CountForecast(0, np.ones(1))
    counts = np.asarray(events, dtype=float)
    steps = int(np.ceil(periods_left))
    ahead = forecast_rate(
        counts, np.where(np.isfinite(counts), 1.0, 0.0), steps=steps, season=season, per_year=per_year,
        family="poisson",
    )  # fmt: skip
    share = np.ones(steps)
    share[-1] = periods_left - (steps - 1)
    expected = ahead.draws(_DRAWS, np.random.default_rng(seed)) @ share
    return _mix_poisson(expected)


def forecast_stock(
    lasting: int, *, ending: int, renewed: int, lapsed: int, added: CountForecast
) -> CountForecast:
    """Entries that will be valid on a day.

    Parameters
    ----------
    lasting : int
        Valid today and still valid on the day.
    ending : int
        Valid today, running out before the day.
    renewed, lapsed : int
        Entries of the past that ran out and were, or were not, renewed; their share has a Jeffreys prior.
    added : CountForecast
        New entries until the day.

    Returns
    -------
    CountForecast
    """
    again = betabinom(ending, renewed + 0.5, lapsed + 0.5).pmf(np.arange(ending + 1))
    return added.add(CountForecast(lasting, again / again.sum()))


def few_events_total(events: int, exposure: float, ahead: float) -> CountForecast:
    """Count to come of a steady process of which only a total is on record (Jeffreys prior).

    Parameters
    ----------
    events : int
    exposure, ahead : float
        Time on record and time to come, in the same unit.
    """
    law = nbinom(events + 0.5, exposure / (exposure + ahead))
    largest = int(law.isf(_LEFT_OUT)) + 1
    weight = law.pmf(np.arange(largest + 1))
    return CountForecast(0, weight / weight.sum())


def _mix_poisson(expected: Floats) -> CountForecast:
    most = float(np.quantile(expected, 1 - 1 / (2 * len(expected)))) * 1.5 + 1
    largest = int(poisson(most).isf(_LEFT_OUT)) + 1
    grid = np.quantile(expected, (np.arange(400) + 0.5) / 400)
    weight = poisson.pmf(np.arange(largest + 1)[:, None], grid[None, :]).mean(axis=1)
    return CountForecast(0, weight / weight.sum())

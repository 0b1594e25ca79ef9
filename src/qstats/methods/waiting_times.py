"""How long does it take, when some are still waiting? The estimator of Kaplan and Meier.

A case that has not ended yet is known to last at least until today: leaving it out, or counting today as its
end, makes waiting look shorter than it is. Limits are those of the log-log scale; where nothing has
ended yet, or everything has, that scale has none and the exact binomial limits of those at risk stand in.

Source: Kaplan & Meier (1958), doi:10.1080/01621459.1958.10501452; Brookmeyer & Crowley (1982),
doi:10.2307/2530286 (quantiles).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from qstats.methods.binomial_intervals import clopper_pearson_interval

Floats = NDArray[np.float64]
Estimate = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class WaitingTimes:
    """Share that has ended by each time, arrays of shape (n_times,).

    Attributes
    ----------
    times : array of float
        Times at which something ended or a case was seen for the last time, ascending.
    ended_by, lower, upper : array of float
        Share that has ended by then, 0–1, with its limits.
    at_risk : array of int
        Cases still waiting just before.
    n, ended : int
        Cases, and those of them that ended.
    confidence : float
        Two-sided level of the limits.
    """

    times: Floats
    ended_by: Floats
    lower: Floats
    upper: Floats
    at_risk: NDArray[np.int64]
    n: int
    ended: int
    confidence: float

    def share_by(self, time: float) -> Estimate:
        """Share that has ended by a time with its limits; NaN beyond the last case seen still waiting."""
        if time > self.times[-1] and self.ended_by[-1] < 1:
            return np.nan, np.nan, np.nan
        at = int(np.searchsorted(self.times, time, side="right")) - 1
        if at < 0:
            return 0.0, 0.0, float(clopper_pearson_interval(0, self.n, confidence=self.confidence)[1])
        return float(self.ended_by[at]), float(self.lower[at]), float(self.upper[at])

    def quantile(self, share: float) -> Estimate:
        """Time by which a share has ended, with its limits; infinite where it is not reached."""
        return (
            self._first_time(self.ended_by, share),
            self._first_time(self.upper, share),
            self._first_time(self.lower, share),
        )

    def _first_time(self, shares: Floats, share: float) -> float:
        reached = np.flatnonzero(shares >= share - 1e-12)
        return float(self.times[reached[0]]) if len(reached) else np.inf


def fit_waiting_times(times: ArrayLike, ended: ArrayLike, *, confidence: float = 0.95) -> WaitingTimes:
    """Waiting times of cases of which some are still open.

    Parameters
    ----------
    times : array_like, shape (n,)
        Time from the start to the end, or to the last day on which the case was seen waiting; 0 or more.
    ended : array_like of bool, shape (n,)
        Whether the case ended then.
    confidence : float
        Two-sided level, 0–1, pointwise.

    Raises
    ------
    ValueError
        No cases, or a time that is negative or unknown.
    """
    times, ended = np.asarray(times, dtype=float), np.asarray(ended, dtype=bool)
    if not len(times):
        raise ValueError("there are no cases")
    if not np.all(times >= 0):
        raise ValueError("a waiting time must be known and not negative")
    fitted = stats.ecdf(stats.CensoredData.right_censored(times, ~ended)).sf
    ended_by = 1 - fitted.probabilities
    with np.errstate(divide="ignore", invalid="ignore"):
        limits = fitted.confidence_interval(confidence, method="log-log")
    lower, upper = 1 - limits.high.probabilities, 1 - limits.low.probabilities
    at_risk = len(times) - np.searchsorted(np.sort(times), fitted.quantiles, side="left")
    exact = _exact_at_the_ends(ended_by, _followed(times, ended, fitted.quantiles), confidence)
    at_end = (ended_by <= 0) | (ended_by >= 1) | np.isnan(lower) | np.isnan(upper)
    return WaitingTimes(
        fitted.quantiles, ended_by, np.where(at_end, exact[0], lower), np.where(at_end, exact[1], upper),
        at_risk.astype(np.int64), len(times), int(ended.sum()), confidence,
    )  # fmt: skip


def _followed(times: Floats, ended: NDArray[np.bool_], at: Floats) -> Floats:
    """Cases whose state at each time is known: all but those lost from sight before."""
    lost = np.sort(times[~ended])
    return len(times) - np.searchsorted(lost, at, side="left").astype(float)


def _exact_at_the_ends(ended_by: Floats, followed: Floats, confidence: float) -> tuple[Floats, Floats]:
    successes = np.clip(ended_by, 0, 1) * followed
    lower, upper = clopper_pearson_interval(np.rint(successes), followed, confidence=confidence)
    return np.asarray(lower), np.asarray(upper)

"""How long does it take, when some are still waiting? The estimator of Kaplan and Meier.

A case that has not ended yet is known to last at least until today: leaving it out, or counting today as its
end, makes waiting look shorter than it is. Limits come from products of beta distributions: exact binomial
ones where no case was lost from sight, and wide where few are left to be followed. Those of the log-log scale
do not exist where everything has ended, or nothing has, and miss too often near the end of what was followed.

Source: Kaplan & Meier (1958), doi:10.1080/01621459.1958.10501452; Fay, Brittain & Proschan (2013),
Biostatistics 14(4), 723–736 (limits; the product is matched by its first two moments); Brookmeyer & Crowley
(1982), doi:10.2307/2530286 (quantiles).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

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
            return 0.0, 0.0, self._upper_before_the_first()
        return float(self.ended_by[at]), float(self.lower[at]), float(self.upper[at])

    def quantile(self, share: float) -> Estimate:
        """Time by which a share has ended, with its limits; infinite where it is not reached."""
        from_the_start = self._upper_before_the_first() >= share
        return (
            self._first_time(self.ended_by, share),
            0.0 if from_the_start else self._first_time(self.upper, share),
            self._first_time(self.lower, share),
        )

    def _upper_before_the_first(self) -> float:
        return float(clopper_pearson_interval(0, self.n, confidence=self.confidence)[1])

    def _first_time(self, shares: Floats, share: float) -> float:
        reached = np.flatnonzero(shares >= share - 1e-12)
        return float(self.times[reached[0]]) if len(reached) else np.inf


def fit_waiting_times(times: ArrayLike, ended: ArrayLike, *, confidence: float = 0.95) -> WaitingTimes:
    """Waiting times of cases of which some are still open.

    Parameters
    ----------
    times : array_like, shape (n,)
        Time from the start to the end, or to the last day on which the case was seen waiting; 0 or more. A
        case last seen on the day on which others ended was still waiting then.
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
    if not (np.all(times >= 0) and np.all(np.isfinite(times))):
        raise ValueError("a waiting time must be known and not negative")
    distinct, at = np.unique(times, return_inverse=True)
    events = np.bincount(at, weights=ended, minlength=len(distinct)).astype(float)
    leaving = np.bincount(at, minlength=len(distinct)).astype(float)
    at_risk = len(times) - np.cumsum(leaving) + leaving
    ended_by = 1 - np.cumprod(1 - events / at_risk)
    lower, upper = _beta_limits(events, at_risk, leaving, confidence)
    return WaitingTimes(
        distinct, ended_by, lower, upper, at_risk.astype(np.int64), len(times), int(ended.sum()), confidence
    )


def _beta_limits(
    events: Floats, at_risk: Floats, leaving: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Limits of the share that has ended; from a time on, those last seen then are no longer followed."""
    stay, rest, some = at_risk - events + 1, at_risk - leaving, events > 0
    first: Floats = np.where(some, stay / (at_risk + 1), 1.0).cumprod()
    second: Floats = np.where(some, stay * (stay + 1) / ((at_risk + 1) * (at_risk + 2)), 1.0).cumprod()
    lower = 1 - _beta_quantile(first, second, (1 + confidence) / 2)
    upper = 1 - _beta_quantile(first * rest / (rest + 1), second * rest / (rest + 2), (1 - confidence) / 2)
    return lower, upper


def _beta_quantile(first: Floats, second: Floats, level: float) -> Floats:
    """Quantiles of beta distributions of given moments; those without variance are at their mean."""
    variance = second - first**2
    spread = variance > 1e-15
    size = np.divide(first - second, variance, out=np.ones_like(first), where=spread)
    quantiles = betaincinv(
        np.where(spread, first * size, 1.0), np.where(spread, (1 - first) * size, 1.0), level
    )
    return np.asarray(np.where(spread, quantiles, first), dtype=float)

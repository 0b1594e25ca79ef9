"""How many events per so much exposed, and did the rate fall from one year to the next?

Counts of complaints scatter more than Poisson counts do: one bad building brings many. The dispersion φ is
found from months within years (Pearson's statistic about year and month effects, divided by its degrees of
freedom), is never taken below 1, and is widened as t is wider than the normal law, because so few months
estimate it. All limits are the exact ones of x/φ events: Garwood's, and those of the
conditional test, where the counts are Poisson.

Source: Garwood (1936), doi:10.1093/biomet/28.3-4.437; Przyborowski & Wilenski (1940),
doi:10.1093/biomet/31.3-4.313 (ratio, given the sum); McCullagh & Nelder (1989), section 4.5,
doi:10.1007/978-1-4899-3242-6 (dispersion).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv
from scipy.stats import chi2, norm, t

from qstats.methods.standardised_rates import exact_poisson_limits

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much counts scatter beyond Poisson ones.

    Attributes
    ----------
    value : float
        φ, at least 1: the variance of a count over its mean.
    found : float
        Pearson's statistic over its degrees of freedom, as found; NaN where there is nothing to find it from.
    df : int
    p_value : float
        Of Poisson counts, by chi-squared; NaN without degrees of freedom.
    """

    value: float
    found: float
    df: int
    p_value: float

    def widened(self, confidence: float) -> float:
        """φ with which limits of a level hold it although φ is estimated: times (t / z)², where above 1."""
        if self.value <= 1:
            return 1.0
        level = (1 + confidence) / 2
        return float(self.value * (t.ppf(level, self.df) / norm.ppf(level)) ** 2)


def estimate_dispersion(counts: ArrayLike) -> Dispersion:
    """Dispersion of counts by row (years) and column (months) about their row and column effects.

    Parameters
    ----------
    counts : array_like, shape (rows, columns)
        Counts; the exposure may differ between rows, not within one. Rows and columns without events say
        nothing and are left out.

    Raises
    ------
    ValueError
        Counts that are negative or unknown.
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or not np.all(table >= 0):
        raise ValueError("counts must be a table of known counts, none negative")
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    df = (table.shape[0] - 1) * (table.shape[1] - 1) if table.size else 0
    if df < 1:
        return Dispersion(1.0, np.nan, 0, np.nan)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return Dispersion(max(1.0, statistic / df), statistic / df, df, float(chi2.sf(statistic, df)))


def event_rate(
    count: ArrayLike, exposure: ArrayLike, *, dispersion: float = 1.0, confidence: float = 0.95
) -> Limits:
    """Events per unit of exposure with their limits.

    Parameters
    ----------
    count, exposure : array_like
        Events, and what was exposed to them, above 0.
    dispersion : float
        Variance of a count over its mean, at least 1.
    confidence : float
        Two-sided level, 0–1.

    Raises
    ------
    ValueError
        A negative count, no exposure, or a dispersion below 1.
    """
    count, exposure = _checked(count, exposure, dispersion)
    lower, upper = exact_poisson_limits(count / dispersion, confidence=confidence)
    return count / exposure, lower * dispersion / exposure, upper * dispersion / exposure


def rate_ratio(
    count: ArrayLike, exposure: ArrayLike, count_before: ArrayLike, exposure_before: ArrayLike,
    *, dispersion: float = 1.0, confidence: float = 0.95,
) -> Limits:  # fmt: skip
    """Ratio of a rate to an earlier one with its limits, exact given the sum of both counts.

    Without events before, the ratio and its upper limit are infinite; without any, the ratio is unknown and
    the limits are 0 and infinite.

    Raises
    ------
    ValueError
        As `event_rate` does.
    """
    now, over = _checked(count, exposure, dispersion)
    before, over_before = _checked(count_before, exposure_before, dispersion)
    scale, tail = over_before / over, (1 - confidence) / 2
    x, y = now / dispersion, before / dispersion
    low = np.where(x > 0, betaincinv(np.where(x > 0, x, 1.0), y + 1, tail), 0.0)
    high = np.where(y > 0, betaincinv(x + 1, np.where(y > 0, y, 1.0), 1 - tail), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return scale * now / before, scale * low / (1 - low), scale * high / (1 - high)


def _checked(count: ArrayLike, exposure: ArrayLike, dispersion: float) -> tuple[Floats, Floats]:
    count, exposure = np.asarray(count, dtype=float), np.asarray(exposure, dtype=float)
    if not np.all(count >= 0):
        raise ValueError("a count of events must be known and not negative")
    if not np.all(exposure > 0):
        raise ValueError("what is exposed must be known and above 0")
    if not dispersion >= 1:
        raise ValueError("the dispersion must be at least 1")
    return count, exposure

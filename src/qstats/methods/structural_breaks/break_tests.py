"""Do the coefficients of a linear regression change at all, at a known or at an unknown time?

Chow's F compares two halves with the whole at a named position. Where the position is not named beforehand,
the largest of all F has another law; its tail is DeLong's approximation, within a tenth of the p-value
below 0.1. The running sum of residuals (OLS-CUSUM) needs no alternative; its tail is Kolmogorov's. All
three take independent errors. For pass rates use `rate_breaks`, which does not.

Source: Chow (1960), doi:10.2307/1910133; Andrews (1993), doi:10.2307/2951764; DeLong (1981), Communications
in Statistics A10, 2197–2213; Ploberger and Krämer (1992), doi:10.2307/2951597.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln
from scipy.stats import f as f_law
from scipy.stats import kstwobign

from qstats.methods.structural_breaks.linear_breaks import Floats, checked, segment_costs, segment_length


@dataclass(frozen=True, slots=True)
class SupF:
    """Largest of all F statistics.

    Attributes
    ----------
    statistic : float
        On the scale of χ² with k degrees of freedom, as all of them.
    p_value : float
        Approximate, without a break.
    position : int
        Values before the break.
    statistics : array
        One for each position from `first`.
    first : int
    """

    statistic: float
    p_value: float
    position: int
    statistics: Floats
    first: int


def sup_f_test(y: ArrayLike, design: ArrayLike | None = None, *, trimmed: float = 0.15) -> SupF:
    """Break at an unknown position: F at each, and the largest of them.

    Parameters
    ----------
    y, design
        As `fit_linear_breaks` takes them.
    trimmed : float
        Share of the values at either end where no break is looked for, below 0.5.

    Raises
    ------
    ValueError
        Missing values, or ends too short for the regressors.
    """
    values, columns = checked(y, design)
    n, k = columns.shape
    first = segment_length(n, k, trimmed)
    costs = segment_costs(values, columns, first)
    places = np.arange(first, n - first + 1)
    apart = costs[0, places] + costs[places, n]
    with np.errstate(divide="ignore"):
        statistics = (costs[0, n] - apart) / (apart / (n - 2 * k))
    largest = float(statistics.max())
    p_value = sup_f_tail(largest, k, first / n)
    return SupF(largest, p_value, int(places[statistics.argmax()]), statistics, first)


def sup_f_tail(statistic: float, k: int, trimmed: float) -> float:
    """Chance that the largest of all F with k degrees of freedom exceeds a value, without a break."""
    if statistic <= k:
        return 1.0
    width = 2 * np.log((1 - trimmed) / trimmed)
    log_density = k / 2 * np.log(statistic / 2) - statistic / 2 - gammaln(k / 2)
    return float(min(1.0, np.exp(log_density) * (width * (1 - k / statistic) + 2 / statistic)))


def chow_test(y: ArrayLike, design: ArrayLike | None, position: int) -> tuple[float, float]:
    """F statistic and p-value of a break after a position that was named beforehand.

    Raises
    ------
    ValueError
        Missing values, or fewer values on one side than regressors and one more.
    """
    values, columns = checked(y, design)
    n, k = columns.shape
    if not k < position < n - k:
        raise ValueError(f"more than {k} values must lie on either side of the break")
    costs = [_squares(values[a:b], columns[a:b]) for a, b in ((0, n), (0, position), (position, n))]
    apart = costs[1] + costs[2]
    statistic = (costs[0] - apart) / k / (apart / (n - 2 * k))
    return float(statistic), float(f_law.sf(statistic, k, n - 2 * k))


def ols_cusum_test(y: ArrayLike, design: ArrayLike | None = None) -> tuple[float, float]:
    """Largest running sum of the residuals, over its standard deviation, with its p-value."""
    values, columns = checked(y, design)
    n, k = columns.shape
    left = values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0]
    statistic = np.abs(np.cumsum(left)).max() / np.sqrt((left**2).sum() / (n - k) * n)
    return float(statistic), float(kstwobign.sf(statistic))


def _squares(values: Floats, columns: Floats) -> float:
    left = values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0]
    return float((left**2).sum())

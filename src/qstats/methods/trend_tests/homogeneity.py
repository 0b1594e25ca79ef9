"""Did the level of a series shift once, and after which value?

Pettitt compares the ranks before and after each place; Buishand adds up the deviations from the mean. Both
take independent values without a trend: a trend makes either speak of a shift. For a pass rate with season,
trend and serial correlation there is `structural_breaks.rate_breaks`.

Pettitt's p-value is his approximation, good below one half. Buishand's U is a ratio of quadratic forms of
normal values, so its tail is computed, not simulated: the chance that a weighted sum of chi-squared
variables exceeds 0.

Source: Pettitt (1979), doi:10.2307/2346729; Buishand (1984), doi:10.1016/0022-1694(84)90032-5; Imhof
(1961), doi:10.1093/biomet/48.3-4.419 (tail).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.stats import rankdata

from qstats.methods.trend_tests.scores import known_in_order


@dataclass(frozen=True, slots=True)
class Shift:
    """Evidence of one shift of the level.

    Attributes
    ----------
    statistic : float
        Pettitt's U (the largest) or Buishand's U.
    p_value : float
        Without a shift, values independent.
    position : int
        Values before the shift, counted among the known ones: 28 means between the 28th and the 29th.
    n : int
        Known values.
    """

    statistic: float
    p_value: float
    position: int
    n: int


def pettitt_test(values: ArrayLike, times: ArrayLike | None = None) -> Shift:
    """Shift of the level by ranks (Pettitt 突变检验).

    Parameters
    ----------
    values, times : array_like, shape (n,)
        As `mann_kendall` takes them.

    Raises
    ------
    ValueError
        As `mann_kendall` does.
    """
    _, y = known_in_order(values, times)
    n = y.size
    scores = np.abs(2 * np.cumsum(rankdata(y))[:-1] - np.arange(1, n) * (n + 1))
    largest = float(scores.max())
    p_value = min(1.0, 2 * float(np.exp(-6 * largest**2 / (n**3 + n**2))))
    return Shift(largest, p_value, int(scores.argmax()) + 1, n)


def buishand_test(values: ArrayLike, times: ArrayLike | None = None) -> Shift:
    """Shift of the level by partial sums, for normal values (Buishand U 检验).

    Parameters
    ----------
    values, times : array_like, shape (n,)
        As `mann_kendall` takes them.

    Raises
    ------
    ValueError
        As `mann_kendall` does, or values that are all the same.
    """
    _, y = known_in_order(values, times)
    n, sums = y.size, np.cumsum(y - y.mean())[:-1]
    spread = ((y - y.mean()) ** 2).sum()
    if spread <= 1e-24 * (y**2).sum():
        raise ValueError("values that are all the same have no shift to be looked for")
    statistic = float((sums**2).sum() / (spread / (n - 1)) / (n * (n + 1)))
    return Shift(statistic, _quadratic_tail(statistic, n), int(np.abs(sums).argmax()) + 1, n)


def _quadratic_tail(statistic: float, n: int) -> float:
    """Chance that U of n independent normal values is larger: P(Σ (λₖ − U)·χ²₁ > 0), by Imhof's integral."""
    # Partial sums about the mean: eigenvalues of the inverse of the second-difference matrix of order n − 1.
    weights = 1 / (4 * np.sin(np.arange(1, n) * np.pi / (2 * n)) ** 2) * (n - 1) / (n * (n + 1)) - statistic
    if weights.max() <= 0:
        return 0.0
    weights = weights / np.abs(weights).max()

    def integrand(u: float) -> float:
        angle = np.arctan(weights * u).sum() / 2
        return float(np.sin(angle) / (u * np.exp(np.log1p((weights * u) ** 2).sum() / 4)))

    value = quad(integrand, 0, np.inf, limit=500)[0]
    return float(np.clip(0.5 + value / np.pi, 0, 1))

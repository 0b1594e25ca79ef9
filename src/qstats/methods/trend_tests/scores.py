"""In how many pairs is the later value the higher one, and how much does that number vary by chance?

Kendall's score S counts pairs that rise less pairs that fall. Without a trend its mean is 0; its variance
takes what values share (ties) into account. Only the order of the times matters, so gaps cost pairs and
nothing else.

Source: Kendall (1975), Rank Correlation Methods, 4th edition; Mann (1945), doi:10.2307/1907187.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]
LEAST_VALUES = 4
"""Known values that a trend takes; with three no order of values is rare enough to be told from chance."""


def known_in_order(values: ArrayLike, times: ArrayLike | None) -> tuple[Floats, Floats]:
    """Times and values of what is known, earliest first; NaN values are gaps.

    Raises
    ------
    ValueError
        Shapes that differ, values without a time, two values at one time, or fewer than `LEAST_VALUES`.
    """
    y = np.asarray(values, dtype=float)
    t = np.arange(y.size, dtype=float) if times is None else np.asarray(times, dtype=float)
    if y.ndim != 1 or t.shape != y.shape:
        raise ValueError("values and times must be two lists of the same length")
    known = ~np.isnan(y)
    if not (np.isfinite(t[known]).all() and np.isfinite(y[known]).all()):
        raise ValueError("each known value must be finite and have a finite time")
    require(int(known.sum()))
    order = np.argsort(t[known], kind="stable")
    t, y = t[known][order], y[known][order]
    if np.any(np.diff(t) == 0):
        raise ValueError("two values have the same time")
    return t, y


def require(count: int, least: int = LEAST_VALUES) -> None:
    """Refuse a series that is too short."""
    if count < least:
        raise ValueError(f"a trend takes at least {least} known values; there are {count}")


def score(values: Floats) -> int:
    """S of values in order of time."""
    return int(np.sign(values[None, :] - values[:, None])[np.triu_indices(values.size, 1)].sum())


def score_variance(values: Floats) -> float:
    """Variance of S without a trend and without serial correlation, given the ties among the values."""
    n, ties = values.size, np.unique(values, return_counts=True)[1]
    weights = n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()
    return float(weights / 18)


def tau_denominator(values: Floats) -> float:
    """By what S is divided to give tau-b: the geometric mean of all pairs and of those without ties."""
    n, ties = values.size, np.unique(values, return_counts=True)[1]
    pairs = n * (n - 1) / 2
    return float(np.sqrt(pairs * (pairs - (ties * (ties - 1) / 2).sum())))


def standardised(s: int, variance: float, *, continuity: bool) -> tuple[float, float]:
    """Standardised S (z) and its two-sided p-value; 0 and 1 where all values are the same.

    With `continuity` S is moved by 1 towards 0, as it takes only every other whole number without ties.
    """
    if variance <= 0:
        return 0.0, 1.0
    moved = s - np.sign(s) if continuity else s
    z = float(moved / np.sqrt(variance))
    return z, float(2 * norm.sf(abs(z)))

"""How surely is the position of a break known?

Bai's law of the estimated position: the place of the highest point of a two-sided Brownian motion that
falls off linearly, with another slope and another spread on either side. The limits hold for large breaks
and long segments; for small breaks they are too narrow (`rate_breaks` therefore has limits of its own).

Source: Bai (1997), doi:10.1162/003465397557132; Bai and Perron (2003), doi:10.1002/jae.659.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import norm

from qstats.methods.structural_breaks.linear_breaks import Floats, checked


def break_limits(
    y: ArrayLike, design: ArrayLike | None, positions: Sequence[int], *, confidence: float = 0.95
) -> Floats:
    """Lower and upper limit of each position, errors and regressors may differ between segments.

    Parameters
    ----------
    y, design
        As `fit_linear_breaks` takes them.
    positions : sequence of int
        Values before each break, as `fit_linear_breaks` gives them.
    confidence : float
        Two-sided level, 0–1.

    Returns
    -------
    array, shape (breaks, 2)
        NaN where the law puts too little on one side for limits to exist. Limits may lie beyond the data.

    Raises
    ------
    ValueError
        Missing values, or positions that are not in order within the data.
    """
    values, columns = checked(y, design)
    edges = np.array([0, *positions, values.size])
    if np.any(np.diff(edges) < 1):
        raise ValueError("positions must rise and lie within the data")
    segments = [_fit(values[a:b], columns[a:b]) for a, b in pairwise(edges)]
    found = [_limits(before, after, (1 - confidence) / 2) for before, after in pairwise(segments)]
    limits = np.array(found).reshape(-1, 2)
    place = np.array(positions, dtype=float)
    return np.column_stack([place - np.ceil(limits[:, 1]), place - np.floor(limits[:, 0])])


def _fit(values: Floats, columns: Floats) -> tuple[Floats, Floats, float]:
    """Coefficients, mean cross-products and error variance of a segment."""
    coefficients = np.asarray(np.linalg.lstsq(columns, values, rcond=None)[0], dtype=np.float64)
    left = values - columns @ coefficients
    return coefficients, columns.T @ columns / values.size, float((left**2).mean())


def _limits(before: tuple[Floats, Floats, float], after: tuple[Floats, Floats, float], tail: float) -> Floats:
    """Quantiles of what the position is off by, in numbers of values."""
    step = after[0] - before[0]
    signal, variance = step @ before[1] @ step, before[2]
    ratio, spread = float(step @ after[1] @ step / signal), after[2] / variance
    if not tail <= argmax_law(0.0, ratio, spread) <= 1 - tail:
        return np.array([np.nan, np.nan])
    ends = [_quantile(level, ratio, spread) for level in (tail, 1 - tail)]
    return np.array(ends) * variance / signal


def _quantile(level: float, ratio: float, spread: float) -> float:
    side = -1.0 if level < argmax_law(0.0, ratio, spread) else 1.0
    far = side
    while (argmax_law(far, ratio, spread) - level) * side < 0:
        far *= 2
    return float(brentq(lambda x: argmax_law(x, ratio, spread) - level, min(0, far), max(0, far), xtol=1e-10))


def argmax_law(x: float, ratio: float = 1.0, spread: float = 1.0) -> float:
    """Chance that the highest point lies at or before x (Bai 1997, appendix B).

    Parameters
    ----------
    x : float
        In units of error variance before the break over signal before it.
    ratio : float
        ξ, signal after the break over signal before it.
    spread : float
        Error variance after the break over that before it.
    """
    phi, size = ratio * spread, abs(x)
    if x < 0:
        slope, root = ratio / phi, np.sqrt(size)
        edge = phi * (phi + 2 * ratio) / (ratio * (phi + ratio))
        middle = (phi + 2 * ratio) ** 2 / ((phi + ratio) * ratio) - 2 + size / 2
        far = np.exp(slope * (1 + slope) * size / 2 + norm.logcdf(-(0.5 + slope) * root))
        density = root * np.exp(-size / 8) / np.sqrt(2 * np.pi)
        return float(-density - edge * far + middle * norm.cdf(-root / 2))
    slope, root = ratio / np.sqrt(phi), np.sqrt(size)
    edge = ratio * (2 * phi + ratio) / (phi * (phi + ratio))
    middle = (2 * phi + ratio) ** 2 / ((phi + ratio) * phi) - 2 + slope**2 * size / 2
    far = np.exp((phi + ratio) * size / 2 + norm.logcdf(-(phi + ratio / 2) / np.sqrt(phi) * root))
    density = slope * root * np.exp(-(slope**2) * size / 8) / np.sqrt(2 * np.pi)
    return float(1 + density + edge * far - middle * norm.cdf(-slope * root / 2))

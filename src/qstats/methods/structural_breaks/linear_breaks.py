"""After which values do the coefficients of a linear regression change, and how often?

All segments that are long enough are fitted once; dynamic programming then finds, for each number of
breaks, the positions with the least residual sum of squares (Bai and Perron). The number is chosen by BIC,
which counts each position as one more parameter. BIC finds breaks too easily where errors are correlated:
whether there is a break at all must be asked of a test first.

Source: Bai and Perron (2003), doi:10.1002/jae.659; Zeileis, Kleiber, Krämer and Hornik (2003),
doi:10.1016/S0167-9473(03)00030-6.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LinearBreaks:
    """Best positions for each number of breaks, from none to the most that fit.

    Attributes
    ----------
    positions : tuple of tuple of int
        For m = 0, 1, …: how many values lie before each break; 28 is between the 28th and the 29th.
    rss : array, shape (m + 1,)
        Residual sum of squares; it may grow with m as segments are forced to be long enough.
    bic : array, shape (m + 1,)
        n·ln(RSS/n) + n(1 + ln 2π) + (k + 1)(m + 1)·ln n.
    """

    positions: tuple[tuple[int, ...], ...]
    rss: Floats
    bic: Floats

    @property
    def best(self) -> int:
        """Number of breaks with the least BIC; 0 is an answer."""
        return int(np.argmin(self.bic))


def fit_linear_breaks(
    y: ArrayLike, design: ArrayLike | None = None, *, shortest: float = 0.15, most: int | None = None
) -> LinearBreaks:
    """Breaks of a linear regression by dynamic programming (结构突变点).

    Parameters
    ----------
    y : array_like, shape (n,)
        Values in order of time, none missing.
    design : array_like, shape (n, k), optional
        Regressors, all of whose coefficients may change; a constant where not given.
    shortest : float
        Least length of a segment: a share of n below 1, else a number of values. More than k.
    most : int, optional
        Most breaks; where not given, as many as fit with room to spare, ⌈n/length⌉ − 2.

    Raises
    ------
    ValueError
        Missing values, a shortest segment of no more than k or more than half of all values.
    """
    values, columns = checked(y, design)
    n, k = columns.shape
    length = segment_length(n, k, shortest)
    room = ceil(n / length) - 2
    most = room if most is None else most
    if not 0 <= most <= max(room, 1):
        raise ValueError(f"between 0 and {max(room, 1)} breaks fit, not {most}")
    costs = segment_costs(values, columns, length)
    paths = [((), costs[0, n]), *_best_paths(costs, length, most)]
    rss = np.array([cost for _, cost in paths])
    with np.errstate(divide="ignore"):  # a perfect fit
        fit = n * (np.log(rss) + 1 - np.log(n) + np.log(2 * np.pi))
    bic: Floats = fit + (k + 1) * np.arange(1, most + 2) * np.log(n)
    return LinearBreaks(tuple(places for places, _ in paths), rss, bic)


def checked(y: ArrayLike, design: ArrayLike | None) -> tuple[Floats, Floats]:
    """Values and regressors as arrays, all known."""
    values = np.asarray(y, dtype=float)
    columns = np.ones((values.size, 1)) if design is None else np.asarray(design, dtype=float)
    if values.ndim != 1 or columns.ndim != 2 or len(columns) != values.size:
        raise ValueError("y must be a list and the design a table with as many rows")
    if not (np.isfinite(values).all() and np.isfinite(columns).all()):
        raise ValueError("values and regressors must all be known: leave out the lines of gaps")
    return values, columns


def segment_length(n: int, k: int, shortest: float) -> int:
    """Least number of values in a segment."""
    length = int(np.floor(n * shortest)) if shortest < 1 else int(shortest)
    if not k < length <= n // 2:
        raise ValueError(f"a segment must be longer than {k} and at most {n // 2} values, not {length}")
    return length


def segment_costs(values: Floats, columns: Floats, length: int) -> Floats:
    """Residual sum of squares of values i to j − 1 at place (i, j); infinite where the segment is too short.

    Regressors are made orthonormal and the fit to all values is taken away first: segments span the same
    columns, and sums of squares keep their digits.
    """
    n = values.size
    basis = np.linalg.qr(columns)[0]
    left = values - basis @ (basis.T @ values)
    squares = _running(left**2)
    products = _running(basis * left[:, None])
    moments = _running(basis[:, :, None] * basis[:, None, :])
    i, j = np.triu_indices(n + 1, length)
    inverse = np.linalg.pinv(moments[j] - moments[i], hermitian=True)  # a regressor may be constant within
    b = products[j] - products[i]
    costs = np.full((n + 1, n + 1), np.inf)
    costs[i, j] = np.maximum(squares[j] - squares[i] - np.einsum("si,sij,sj->s", b, inverse, b), 0)
    return costs


def _running(terms: Floats) -> Floats:
    sums = np.cumsum(terms, axis=0)
    return np.concatenate([np.zeros_like(sums[:1]), sums])


def _best_paths(costs: Floats, length: int, most: int) -> list[tuple[tuple[int, ...], float]]:
    """Positions and sum of squares with 1 to `most` breaks."""
    n = len(costs) - 1
    least, paths = costs[0], []
    came_from: list[Ints] = []
    for _ in range(most):
        through = least[:, None] + costs  # last break at the row, end of what is fitted in the column
        came_from.append(through.argmin(axis=0))
        least = through.min(axis=0)
        places = [n]
        for step in reversed(came_from):
            places.insert(0, int(step[places[0]]))
        paths.append((tuple(places[:-1]), float(least[n])))
    return paths

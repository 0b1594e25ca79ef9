"""Which cells say too much about one contributor? The three classical sensitivity rules.

Contributors are enterprises; contributions are what each adds to the cell (batches, sales value).

Cox (1980), doi:10.1080/01621459.1980.10477481; Hundepool et al. (2012), doi:10.1002/9781118348239.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def breaks_threshold(contributors: ArrayLike, minimum: int) -> NDArray[np.bool_]:
    """Whether a cell has contributors, and fewer than the minimum.

    Parameters
    ----------
    contributors : array_like of int
        Number in each cell; a cell without any says nothing about anybody and keeps the rule.
    minimum : int
        At least 1.

    Raises
    ------
    ValueError
        A number below 0 or unknown, or a minimum below 1.
    """
    number = np.asarray(contributors, dtype=float)
    if minimum < 1:
        raise ValueError(f"the minimum number of contributors must be at least 1, not {minimum}")
    if np.any(np.isnan(number)) or np.any(number < 0):
        raise ValueError("numbers of contributors must be known and not negative")
    return (number > 0) & (number < minimum)


def breaks_dominance(contributions: Sequence[ArrayLike], n: int, k: float) -> NDArray[np.bool_]:
    """Whether the n largest contributors make more than the share k of the cell: the (n, k) rule.

    Parameters
    ----------
    contributions : sequence of array_like
        One array of contributions (not negative) for each cell.
    n : int
        At least 1.
    k : float
        Share of the cell total, 0–1.

    Raises
    ------
    ValueError
        n below 1 or k outside 0–1.
    """
    if n < 1 or not 0 < k <= 1:
        raise ValueError(f"the dominance rule needs n of at least 1 and k within 0–1, not n = {n}, k = {k}")
    sorted_cells = [_largest_first(cell) for cell in contributions]
    return np.array([cell[:n].sum() > k * cell.sum() for cell in sorted_cells], dtype=bool)


def breaks_p_percent(contributions: Sequence[ArrayLike], p: float) -> NDArray[np.bool_]:
    """Whether the second largest contributor can estimate the largest within the share p of its value.

    He knows the total and his own contribution, so his error is what all others contribute together.

    Parameters
    ----------
    contributions : sequence of array_like
        One array of contributions (not negative) for each cell.
    p : float
        Share of the largest contribution that must stay uncertain, above 0.

    Raises
    ------
    ValueError
        p not above 0.
    """
    if not p > 0:
        raise ValueError(f"p must be above 0, not {p}")
    sorted_cells = [_largest_first(cell) for cell in contributions]
    return np.array([cell[2:].sum() < p * cell[:1].sum() for cell in sorted_cells], dtype=bool)


def _largest_first(contributions: ArrayLike) -> NDArray[np.float64]:
    values = np.sort(np.asarray(contributions, dtype=float).ravel())[::-1]
    if np.any(np.isnan(values)) or np.any(values < 0):
        raise ValueError("contributions must be known and not negative")
    return values

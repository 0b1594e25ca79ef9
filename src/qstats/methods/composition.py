"""Do two samples have the same composition, or do their shares differ by more than chance?"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc


def total_variation(first: ArrayLike, second: ArrayLike) -> float:
    """Share of units that would have to change cell for two compositions to agree (0–1).

    Parameters
    ----------
    first, second : array_like of counts, shape (k,)
        Each with at least one unit.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    return float(0.5 * np.abs(first / first.sum() - second / second.sum()).sum())


def homogeneity_p_value(first: ArrayLike, second: ArrayLike) -> float:
    """Probability of a difference at least this large between two samples of one composition.

    Pearson's chi-squared test of homogeneity on a 2 × k table; cells that are empty in both are left out.

    Parameters
    ----------
    first, second : array_like of counts, shape (k,)

    Returns
    -------
    float
        1 where fewer than two cells are filled.

    References
    ----------
    Pearson (1900), doi:10.1080/14786440009463897.
    """
    table = np.array([first, second], dtype=float)
    table = table[:, table.sum(axis=0) > 0]
    freedom = table.shape[1] - 1
    if freedom < 1:
        return 1.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(chdtrc(freedom, ((table - expected) ** 2 / expected).sum()))

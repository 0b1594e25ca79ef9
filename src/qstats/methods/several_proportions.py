"""Do several pass rates differ, and do they rise or fall in order?

Chi-squared of homogeneity, Cochran and Armitage's trend, and all pairs with Yates' correction, adjusted for
their number. Counts may be effective ones except for the pairs.

Source: Armitage (1955), doi:10.2307/3001775; Fleiss, Levin & Paik (2003), chapter 9, doi:10.1002/0471445428.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from qstats.methods.binomial_intervals import Floats, checked_counts
from qstats.methods.binomial_tails import checked_whole_counts
from qstats.methods.multiplicity import adjust_p_values
from qstats.methods.two_proportions import chi_squared_test


@dataclass(frozen=True, slots=True)
class ChiSquared:
    """Statistic, degrees of freedom and p-value."""

    statistic: float
    degrees: int
    p: float


def homogeneity_test(successes: ArrayLike, n: ArrayLike) -> ChiSquared:
    """Pearson's chi-squared test that all groups share one proportion.

    Parameters
    ----------
    successes, n : array_like, shape (groups,)
        Groups with ``n = 0`` say nothing and do not count. Where no group, or every result, failed there is
        no difference: statistic 0, p-value 1.

    Raises
    ------
    ValueError
        Impossible counts, or fewer than two groups with observations.
    """
    x, total = _groups(successes, n)
    common = x.sum() / total.sum()
    spread = common * (1 - common)
    statistic = float(((x - total * common) ** 2 / total).sum() / spread) if spread > 0 else 0.0
    return ChiSquared(statistic, x.size - 1, float(chdtrc(x.size - 1, statistic)))


def trend_test(successes: ArrayLike, n: ArrayLike, scores: ArrayLike | None = None) -> ChiSquared:
    """Cochran-Armitage test of a linear trend of the proportion over ``scores``.

    Parameters
    ----------
    successes, n : array_like, shape (groups,)
    scores : array_like, shape (groups,), optional
        Positions of the groups; 1, 2, 3 … when left out.

    Raises
    ------
    ValueError
        Impossible counts, a group without observations, or scores that are all the same.
    """
    x, total = checked_counts(successes, n)
    positions = np.arange(1.0, x.size + 1) if scores is None else np.asarray(scores, dtype=float)
    if not np.all(total > 0):
        raise ValueError("a trend needs observations in every group")
    common, centre = x.sum() / total.sum(), (total * positions).sum() / total.sum()
    sum_of_squares = (total * (positions - centre) ** 2).sum()
    if not sum_of_squares > 0:
        raise ValueError("a trend needs scores that differ")
    variance = common * (1 - common) * sum_of_squares
    statistic = float((x * (positions - centre)).sum() ** 2 / variance) if variance > 0 else 0.0
    return ChiSquared(statistic, 1, float(chdtrc(1, statistic)))


def pairwise_tests(successes: ArrayLike, n: ArrayLike, *, adjustment: str = "holm") -> Floats:
    """Adjusted p-values of all pairs of groups, chi-squared with Yates' correction.

    Returns
    -------
    p : array of float, shape (groups, groups)
        Symmetric, NaN on the diagonal.

    Raises
    ------
    ValueError
        Counts that are impossible or not whole, a group without observations, an unknown adjustment.
    """
    x, total = checked_whole_counts(successes, n)
    one, other = np.triu_indices(x.size, k=1)
    raw = [
        chi_squared_test(x[i], total[i], x[j], total[j], corrected=True).p
        for i, j in zip(one, other, strict=True)
    ]
    p = np.full((x.size, x.size), np.nan)
    p[one, other] = p[other, one] = adjust_p_values(raw, method=adjustment)
    return p


def _groups(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    x, total = checked_counts(successes, n)
    seen = total > 0
    if seen.sum() < 2:
        raise ValueError("a comparison needs at least two groups with observations")
    return x[seen], total[seen]

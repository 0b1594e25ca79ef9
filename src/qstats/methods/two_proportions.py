"""Do two pass rates differ by more than chance?

Tests of a two-by-two table: Fisher's exact one with the conditional odds ratio, the unconditional exact ones
of Barnard and Boschloo, which waste less power on few batches, and chi-squared with and without a continuity
correction. The interval that goes with chi-squared is Wald's: it stands here for comparison with other tools,
reports use `qstats.methods.differences`.

Source: Fisher (1935), doi:10.2307/2342435; Barnard (1947), doi:10.1093/biomet/34.1-2.123; Boschloo (1970),
doi:10.1111/j.1467-9574.1970.tb00104.x; Fleiss, Levin & Paik (2003), doi:10.1002/0471445428.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc, ndtri
from scipy.stats import barnard_exact, boschloo_exact, fisher_exact
from scipy.stats.contingency import odds_ratio

from qstats.methods.binomial_tails import checked_whole_counts


@dataclass(frozen=True, slots=True)
class OddsRatioTest:
    """Fisher's exact test: two-sided p-value, conditional odds ratio and its exact limits."""

    p: float
    odds_ratio: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class ChiSquaredTest:
    """Chi-squared on one degree of freedom, and the difference first minus second with Wald limits."""

    statistic: float
    p: float
    difference: float
    lower: float
    upper: float


def fisher_test(x1: int, n1: int, x2: int, n2: int, *, confidence: float = 0.95) -> OddsRatioTest:
    """Fisher's exact test of ``x1`` of ``n1`` against ``x2`` of ``n2``.

    The odds ratio is that of success in the first group; where both groups only passed or only failed
    nothing is known about it: NaN, with limits 0 and infinity.

    Raises
    ------
    ValueError
        Counts that are impossible or not whole.
    """
    table = _table(x1, n1, x2, n2)
    if not (table.sum(axis=0) > 0).all() or not (table.sum(axis=1) > 0).all():
        return OddsRatioTest(1.0, np.nan, 0.0, np.inf)
    ratio = odds_ratio(table, kind="conditional")
    limits = ratio.confidence_interval(confidence)
    p = float(fisher_exact(table).pvalue)
    return OddsRatioTest(p, float(ratio.statistic), float(limits.low), float(limits.high))


def chi_squared_test(
    x1: int, n1: int, x2: int, n2: int, *, corrected: bool = False, confidence: float = 0.95
) -> ChiSquaredTest:
    """Pearson's chi-squared test of equal proportions, with Yates' correction where ``corrected``.

    Groups that both passed or both failed throughout do not differ at all: statistic 0, p-value 1.

    Raises
    ------
    ValueError
        Counts that are impossible or not whole, or a group without observations.
    """
    _table(x1, n1, x2, n2)
    if not min(n1, n2) > 0:
        raise ValueError("both groups need at least one observation")
    first, second, common = x1 / n1, x2 / n2, (x1 + x2) / (n1 + n2)
    difference, size = first - second, 1 / n1 + 1 / n2
    shift = min(0.5 * size, abs(difference)) if corrected else 0.0  # never turns the difference round
    variance = common * (1 - common) * size
    statistic = (abs(difference) - shift) ** 2 / variance if variance > 0 else 0.0
    error = np.sqrt(first * (1 - first) / n1 + second * (1 - second) / n2)
    half = float(ndtri((1 + confidence) / 2) * error) + shift
    limits = max(difference - half, -1.0), min(difference + half, 1.0)
    return ChiSquaredTest(statistic, float(chdtrc(1, statistic)), difference, *limits)


def unconditional_test(x1: int, n1: int, x2: int, n2: int, *, method: str = "boschloo") -> float:
    """Two-sided p-value of an exact test that does not hold the total of successes fixed.

    Parameters
    ----------
    x1, n1, x2, n2 : int
    method : str
        A name of `UNCONDITIONAL_TESTS`. Boschloo's is never weaker than Fisher's.

    Raises
    ------
    ValueError
        Counts that are impossible or not whole, or an unknown method.
    """
    if method not in UNCONDITIONAL_TESTS:
        raise ValueError(f"unknown test {method!r}; known: {', '.join(sorted(UNCONDITIONAL_TESTS))}")
    table = _table(x1, n1, x2, n2)
    if not (table.sum(axis=0) > 0).all() or not (table.sum(axis=1) > 0).all():
        return 1.0
    return min(float(UNCONDITIONAL_TESTS[method](table.T).pvalue), 1.0)


def _table(x1: int, n1: int, x2: int, n2: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    successes, totals = checked_whole_counts([x1, x2], [n1, n2])
    return np.column_stack((successes, totals - successes)).astype(np.int64)


UNCONDITIONAL_TESTS: dict[str, Callable[..., Any]] = {"barnard": barnard_exact, "boschloo": boschloo_exact}

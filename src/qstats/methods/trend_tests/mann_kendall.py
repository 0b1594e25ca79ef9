"""Does a series rise or fall, whatever the shape of the change?

The test of Mann and Kendall: S over its standard deviation without a trend, moved by 1 towards 0. Values
that are alike from one period to the next make S vary more; `correlated` widens the variance for that, see
`correlation`. Below ten values the normal law is a little too strict.

Source: Mann (1945), doi:10.2307/1907187; Kendall (1975), Rank Correlation Methods, 4th edition.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.trend_tests.correlation import variance_factor
from qstats.methods.trend_tests.scores import (
    known_in_order,
    score,
    score_variance,
    standardised,
    tau_denominator,
)


@dataclass(frozen=True, slots=True)
class MannKendall:
    """What the order of values says about a trend.

    Attributes
    ----------
    s : int
        Pairs that rise less pairs that fall.
    variance : float
        Of `s` without a trend, ties and (where asked for) serial correlation taken into account.
    z, p_value : float
        Two-sided; 0 and 1 where all values are the same.
    tau : float
        Kendall's tau-b, −1 to 1 (other tools print tau-a, which ignores ties); NaN where all are the same.
    n : int
        Known values.
    """

    s: int
    variance: float
    z: float
    p_value: float
    tau: float
    n: int


def mann_kendall(
    values: ArrayLike,
    times: ArrayLike | None = None,
    *,
    correlated: bool = False,
    continuity: bool = True,
) -> MannKendall:
    """Trend of a series (趋势检验, Mann-Kendall).

    Parameters
    ----------
    values : array_like, shape (n,)
        One value per period; NaN is a gap, never 0.
    times : array_like, shape (n,), optional
        When, in any unit and any order; the position where not given.
    correlated : bool
        Allow for values that are alike from one period to the next. The times must lie on a regular grid.
    continuity : bool
        Move S by 1 towards 0.

    Raises
    ------
    ValueError
        Fewer than four known values, two of one time, or (where `correlated`) times off any grid.
    """
    t, y = known_in_order(values, times)
    s, scale = score(y), tau_denominator(y)
    variance = score_variance(y) * (variance_factor(t, y) if correlated else 1.0)
    z, p_value = standardised(s, variance, continuity=continuity)
    return MannKendall(s, variance, z, p_value, s / scale if scale else np.nan, y.size)

"""Does a series with seasons rise or fall, each month compared with the same month of other years only?

S is the sum of the scores of the seasons (Hirsch and Slack). If the seasons of one year are alike (a bad
spring is followed by a bad summer), their scores are too, and S varies more: `correlated` adds the
covariances, found from the ranks of the seasons as Dietz and Killeen do. It takes ten years or so to find
them well.

Source: Hirsch, Slack and Smith (1982), doi:10.1029/WR018i001p00107; Hirsch and Slack (1984),
doi:10.1029/WR020i006p00727; Dietz and Killeen (1981), doi:10.1080/01621459.1981.10477624.
"""

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.trend_tests.mann_kendall import MannKendall
from qstats.methods.trend_tests.scores import (
    Floats,
    require,
    score,
    score_variance,
    standardised,
    tau_denominator,
)

_HAIR = 1e-6


def seasonal_mann_kendall(
    values: ArrayLike,
    seasons: ArrayLike,
    times: ArrayLike,
    *,
    correlated: bool = False,
    continuity: bool = True,
) -> MannKendall:
    """Trend within seasons, all seasons together (季节性 Mann-Kendall 检验).

    Parameters
    ----------
    values : array_like, shape (n,)
        One value per season and year; NaN is a gap, never 0. Lines may be missing.
    seasons : array_like, shape (n,)
        Which season: any labels.
    times : array_like, shape (n,)
        When, in years, whole or with a fraction (2015.25); what is within one year belongs together.
    correlated : bool
        Allow for seasons of one year that are alike.
    continuity : bool
        Move S by 1 towards 0.

    Returns
    -------
    MannKendall
        `tau` is S over the sum of its greatest values in each season.

    Raises
    ------
    ValueError
        Shapes that differ, a season twice in a year, or fewer than four known values in the longest season.
    """
    table = season_table(values, seasons, times)
    known = [column[~np.isnan(column)] for column in table.T]
    require(max((column.size for column in known), default=0))
    s = sum(score(column) for column in known)
    scale = sum(tau_denominator(column) for column in known)
    variance = score_covariances(table).sum() if correlated else sum(map(score_variance, known))
    z, p_value = standardised(s, float(variance), continuity=continuity)
    return MannKendall(
        s, float(variance), z, p_value, s / scale if scale else np.nan, int((~np.isnan(table)).sum())
    )


def season_table(values: ArrayLike, seasons: ArrayLike, times: ArrayLike) -> Floats:
    """Values by year (rows, in order) and season (columns); NaN where there is none."""
    y, labels, t = np.asarray(values, dtype=float), np.asarray(seasons), np.asarray(times, dtype=float)
    if y.ndim != 1 or labels.shape != y.shape or t.shape != y.shape:
        raise ValueError("values, seasons and times must be lists of the same length")
    if not np.isfinite(t).all() or np.isinf(y).any():
        raise ValueError("each value must have a finite time and be finite or unknown")
    years, row = np.unique(np.floor(t + _HAIR), return_inverse=True)
    names, column = np.unique(labels, return_inverse=True)
    if np.unique(row * names.size + column).size < y.size:
        raise ValueError("a season occurs twice in one year")
    table = np.full((years.size, names.size), np.nan)
    table[row, column] = y
    return table


def score_covariances(table: Floats) -> Floats:
    """Covariances of the scores of seasons without a trend, from values by year and season."""
    known = ~np.isnan(table)
    signs = np.nan_to_num(np.sign(table[:, None, :] - table[None, :, :]))  # a pair with a gap says nothing
    ranks = np.where(known, (known.sum(axis=0) + 1 + signs.sum(axis=1)) / 2, (known.sum(axis=0) + 1) / 2)
    concordant = np.einsum("ijg,ijh->gh", signs, signs) / 2
    counts = known.sum(axis=0) + 1.0
    covariances: Floats = (concordant + 4 * ranks.T @ ranks - len(table) * np.outer(counts, counts)) / 3
    return covariances

"""Which columns describe a series that something happened to at a known date?

Segmented regression: the level and trend before, the season, a change of level at the date and a change of
trend from it on. With a control series that the event did not touch, both series have a level and a trend
of their own and share the season; what the control does at the date is taken away (difference in
differences).

Source: Wagner, Soumerai, Zhang & Ross-Degnan (2002), doi:10.1046/j.1365-2710.2002.00430.x; Bernal, Cummins &
Gasparrini (2017), doi:10.1093/ije/dyw098; controls: Lopez Bernal et al. (2018), doi:10.1093/ije/dyy135.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.binomial_regression.families import Floats
from qstats.methods.binomial_regression.trend import season_columns

EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class InterruptionDesign:
    """Columns of a segmented regression.

    Attributes
    ----------
    columns : array, shape (m, p), or (2m, p) with a control, whose rows come first
    level, slope : int
        Column of the change of level, and of the change of trend (a year); −1 where no change of trend is
        fitted.
    after : array of bool
        Rows of the series itself from the date on.
    """

    columns: Floats
    level: int
    slope: int
    after: np.ndarray

    @property
    def without(self) -> Floats:
        """The same rows, had nothing happened."""
        columns = self.columns.copy()
        columns[:, [place for place in (self.level, self.slope) if place >= 0]] = 0.0
        return columns


def interruption_design(
    times: ArrayLike, at: float, season: int | None = None, *, slope: bool = True, control: bool = False
) -> InterruptionDesign:
    """Columns for an interruption at a date.

    Parameters
    ----------
    times : array_like of float, shape (m,)
        Decimal years, as in `trend_design`.
    at : float
        Decimal year of the first period after; time is counted from it, so that the change of level is the
        one at that date.
    season : {None, 4, 12}
    slope : bool
        Whether the trend may change too.
    control : bool
        Whether rows of a control series at the same times come first.
    """
    year = np.asarray(times, dtype=float)
    since = year - at
    after = since >= -EDGE
    changes = [after.astype(float)] + ([np.where(after, since, 0.0)] if slope else [])
    own = np.column_stack([np.ones(len(year)), since, *changes])
    seasons = season_columns(year, season)
    if not control:
        return InterruptionDesign(np.hstack([own, seasons]), 2, 3 if slope else -1, after)
    shared = np.tile(np.hstack([own, seasons]), (2, 1))
    only = np.vstack([np.zeros_like(own), own])
    first = shared.shape[1]
    return InterruptionDesign(
        np.hstack([shared, only]),
        first + 2,
        first + 3 if slope else -1,
        np.concatenate([np.zeros(len(year), dtype=bool), after]),
    )

"""Does the course bend? A straight line through a course that rises and then falls tells of neither.

A square of time is added to the trend. It is tested by F, its dispersion widened as much as likeness of
neighbouring periods (AR(1)) widens the limits of the curvature; of months also by quarters, whichever says
less. Where the course bends, a direction is kept only if the newest end of the curve goes the same way and
the interval of its slope excludes no change. What each half of the time did is the slope in the middle of it,
which for a square is the mean over that half.

Source: McCullagh & Nelder (1989), section 4.5, doi:10.1007/978-1-4899-3242-6 (F of quasi-likelihood); Zeger
(1988), doi:10.1093/biomet/75.4.621 (AR(1)).
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as fisher

from qstats.methods.binomial_regression import (
    CorrelatedErrors,
    RateFit,
    compare_fits,
    correlate_errors,
    fit_rates,
)
from qstats.trend.rules import Rules, excludes_none
from qstats.trend.slopes import SLOPE, TrendFit, number_periods, views_of

Floats = NDArray[np.float64]
Shape = Literal["", "up_down", "down_up", "up_level", "down_level", "level_up", "level_down"]

OF_BEND = ("p_bend", "end_slope", "end_lower", "end_upper", "turn")
NOTHING: dict[str, Any] = dict.fromkeys(OF_BEND, float("nan")) | {"bend": ""}


@dataclass(frozen=True, slots=True)
class BentFit:
    """A trend with a square of time.

    Attributes
    ----------
    trend : TrendFit
        The straight one.
    fit : RateFit
        The last column of its design is the square of the years since ``trend.centre``.
    errors : CorrelatedErrors
        What the fit is worth if neighbouring periods are alike.
    """

    trend: TrendFit
    fit: RateFit
    errors: CorrelatedErrors

    @property
    def p_value(self) -> float:
        """Of the F test of the square, never less than without likeness of neighbours."""
        test = compare_fits(self.trend.fit, self.fit)
        plain = max(self.fit.dispersion, 1.0)
        widened = float(self.errors.covariance[-1, -1] / self.fit.inverse_information[-1, -1])
        freedom = self.errors.freedom if widened > plain else test.freedom
        return float(fisher.sf(test.deviance / max(widened, plain), 1, freedom))

    def slope(self, time: float) -> float:
        """Slope of the curve at a time, a year."""
        first, second = self.fit.coefficients[[SLOPE, -1]]
        return float(first + 2 * second * (time - self.trend.centre))

    def reach(self, time: float, rules: Rules) -> float:
        """Half the width of the limits of that slope."""
        gradient = np.array([1.0, 2 * (time - self.trend.centre)])
        own = self.errors.covariance[np.ix_([SLOPE, -1], [SLOPE, -1])]
        return self.errors.quantile((1 + rules.confidence) / 2) * float(np.sqrt(gradient @ own @ gradient))

    def line(self, times: Floats) -> Floats:
        """Fitted rate at times, the season left out."""
        intercept, slope = self.fit.coefficients[:2]
        years = np.asarray(times, float) - self.trend.centre
        return self.fit.family.rate(intercept + slope * years + self.fit.coefficients[-1] * years**2)

    @property
    def turn(self) -> float:
        """Year of the highest or lowest point; NaN where it lies outside of what was observed."""
        first, second = self.fit.coefficients[[SLOPE, -1]]
        at = self.trend.centre - first / (2 * second) if second else np.nan
        times = self.trend.rows["time"]
        return float(at) if times.min() < at < times.max() else float("nan")


def fit_bend(trend: TrendFit) -> BentFit | None:
    """The trend with a square of time; None where something runs away."""
    years = trend.rows["time"].to_numpy(float) - trend.centre
    straight = trend.fit
    design = np.column_stack([straight.design, years**2])
    fit = fit_rates(straight.family, straight.count, straight.size, design, dispersion="fletcher")
    if fit.separated or straight.separated or fit.freedom < 1:
        return None
    return BentFit(trend, fit, correlate_errors(fit, number_periods(trend.rows), least_dispersion=1.0))


def tabulate_bend(trend: TrendFit, rules: Rules) -> dict[str, Any]:
    """Whether the course bends and how, as columns of the table of trends.

    Returns
    -------
    dict
        ``p_bend``; ``end_slope`` at the newest end (logit or log a year) with limits; ``turn`` (decimal year
        of the highest or lowest point, NaN where none was passed); ``bend``: what the two halves did, empty
        where their intervals tell of no change between them.
    """
    views = [fit_bend(one) for one in views_of(trend, rules)]
    found = [one for one in views if one is not None]
    if len(found) < len(views):
        return dict(NOTHING)
    curve, times = found[0], trend.rows["time"]
    begin, end = float(times.min()), float(times.max())

    def limits(time: float) -> tuple[float, float]:
        slope, reach = curve.slope(time), max(one.reach(time, rules) for one in found)
        return slope - reach, slope + reach

    lower, upper = limits(end)
    halves = [_direction(*limits(begin + share * (end - begin))) for share in (0.25, 0.75)]
    shape: Shape = _SHAPES.get((halves[0], halves[1]), "")
    return {
        "p_bend": max(one.p_value for one in found), "end_slope": curve.slope(end), "end_lower": lower,
        "end_upper": upper, "turn": curve.turn, "bend": shape,
    }  # fmt: skip


_SHAPES: dict[tuple[int, int], Shape] = {
    (1, -1): "up_down", (-1, 1): "down_up", (1, 0): "up_level", (-1, 0): "down_level", (0, 1): "level_up",
    (0, -1): "level_down",
}  # fmt: skip


def _direction(lower: float, upper: float) -> int:
    return 0 if not excludes_none(lower, upper) else 1 if lower > 0 else -1

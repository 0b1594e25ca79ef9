"""Does a rate rise or fall, how fast, and how sure is that? Quasi-likelihood on counts, period by period.

Logistic regression of what passed (log-linear regression of events per exposure) on years and season.
Periods scatter more than chance alone: the dispersion φ widens limits and tests, and is never taken below 1.
Limits of the slope are profile limits, since near 100 % they are not symmetric. A test on ranks, which asks
for no model, stands beside it; it is all there is for figures that come without counts.

Source: McCullagh & Nelder (1989), doi:10.1007/978-1-4899-3242-6; Sen (1968),
doi:10.1080/01621459.1968.10480934.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from qstats.methods.binomial_regression import (
    RateFit,
    correlate_errors,
    fit_rates,
    profile_limits,
    robust_covariance,
    trend_design,
)
from qstats.methods.binomial_regression.families import FAMILIES
from qstats.methods.binomial_regression.trend import SEASONS
from qstats.methods.trend_tests import (
    LEAST_VALUES,
    mann_kendall,
    seasonal_mann_kendall,
    seasonal_sen_slope,
    sen_slope,
)
from qstats.trend.rules import Rules, is_long_enough
from qstats.trend.series import describe_used

Floats = NDArray[np.float64]
SLOPE = 1
"""Column of the years in every design."""

FEWEST_EVENTS = 10
"""Failures (or passes, or events) in the whole history below which no slope is told."""

EVENTS_FOR_SEASON = 30
"""Failures from which a season is part of the model: a month in which nothing failed makes it endless."""

OF_MODEL = (
    "slope", "slope_lower", "slope_upper", "p_value", "change", "change_lower", "change_upper",
    "fitted_first", "fitted_last", "dispersion",
)  # fmt: skip
OF_ERRORS = ("rho", "ar_lower", "ar_upper", "hac_lower", "hac_upper")
OF_RANKS = ("tau", "rank_p", "sen", "sen_lower", "sen_upper")


@dataclass(frozen=True, slots=True)
class TrendFit:
    """A trend with its season over the periods of one series.

    Attributes
    ----------
    rows : DataFrame
        Periods used.
    season : int or None
        Periods of a year where a season is part of the model.
    fit : RateFit
    dispersion : float
        φ, at least 1.
    centre : float
        Year at which the intercept holds.
    """

    rows: pd.DataFrame
    season: int | None
    fit: RateFit
    dispersion: float
    centre: float

    def line(self, times: Floats) -> Floats:
        """Fitted rate at times, the season left out."""
        intercept, slope = self.fit.coefficients[:2]
        return self.fit.family.rate(intercept + slope * (np.asarray(times, float) - self.centre))

    def per_year(self, slope: float) -> float:
        """A slope as the average change a year: in points of a proportion, relative for events."""
        if self.fit.family.name == "poisson":
            return float(np.exp(slope) - 1)
        rate = self.line(self.rows["time"].to_numpy(float))
        return float(slope * np.average(rate * (1 - rate), weights=self.rows["n"]))

    @property
    def std_error(self) -> float:
        """Of the slope."""
        return float(np.sqrt(self.dispersion * self.fit.inverse_information[SLOPE, SLOPE]))


def status_of(rows: pd.DataFrame, rules: Rules) -> str:
    """``stated`` where a trend can be fitted, else ``no_data, too_short, no_failures, few_failures``."""
    if rows.empty:
        return "no_data"
    used = describe_used(rows)
    if not is_long_enough(used["periods"], used["years"], int(rows["season"].iloc[0]), rules):
        return "too_short"
    if rows["family"].iloc[0] == "figure":
        return "stated"
    events = _events(rows)
    return "no_failures" if events < 0.5 else "few_failures" if events < FEWEST_EVENTS else "stated"


def _events(rows: pd.DataFrame) -> float:
    """Failures or passes, whichever are fewer; events where there are no failures."""
    if rows["family"].iloc[0] != "binomial":
        return float(rows["passed"].sum())
    share = (rows["passed"] / rows["n"]).to_numpy(float)
    counted = rows["counted"].to_numpy(float)
    return float(min((counted * share).sum(), (counted * (1 - share)).sum())) + 1e-9


def season_of(rows: pd.DataFrame, rules: Rules) -> int | None:
    """Season that the history can show: monthly or quarterly figures of enough years and failures."""
    season = int(rows["season"].iloc[0])
    long = describe_used(rows)["years"] > rules.minimum_years - 0.01
    enough = rows["family"].iloc[0] == "figure" or _events(rows) >= EVENTS_FOR_SEASON
    return season if season in SEASONS and long and enough else None


def fit_trend(rows: pd.DataFrame, rules: Rules) -> TrendFit:
    """Trend with season of the complete periods of one series (`series.used_rows`)."""
    season = season_of(rows, rules)
    times = rows["time"].to_numpy(float)
    centre = float(times.mean())
    design = trend_design(times, season, centre=centre)
    family = FAMILIES[str(rows["family"].iloc[0])]
    passed = np.minimum(rows["passed"].to_numpy(float), rows["n"] if family.name == "binomial" else np.inf)
    fit = fit_rates(family, passed, rows["n"].to_numpy(float), design, dispersion="fletcher")
    found = fit.dispersion if np.isfinite(fit.dispersion) else 1.0
    return TrendFit(rows, season, fit, max(found, 1.0), centre)


def tabulate_slope(trend: TrendFit, rules: Rules) -> dict[str, Any]:
    """Slope, average change a year and fitted ends with their limits, as columns of the table of trends."""
    fit, level = trend.fit, (1 + rules.confidence) / 2
    rise = trend.dispersion * fit.quantile(level) ** 2
    lower, upper = profile_limits(fit, SLOPE, rules.confidence, critical=rise)
    slope = float(fit.coefficients[SLOPE])
    ends = trend.line(trend.rows["time"].to_numpy(float)[[0, -1]])
    limits = [trend.per_year(value) if np.isfinite(value) else value for value in (lower, upper)]
    return {
        "slope": slope, "slope_lower": lower, "slope_upper": upper,
        "p_value": float(2 * student.sf(abs(slope) / trend.std_error, fit.freedom)),
        "change": trend.per_year(slope), "change_lower": limits[0], "change_upper": limits[1],
        "fitted_first": float(ends[0]), "fitted_last": float(ends[1]), "dispersion": trend.dispersion,
    }  # fmt: skip


def tabulate_errors(trend: TrendFit, rules: Rules) -> dict[str, float]:
    """Limits of the slope under other beliefs about its errors, as columns of the table of trends.

    ``rho`` is the likeness of neighbouring periods beyond trend and season, ``ar_…`` the limits where it is
    taken for an AR(1) process; of months also by quarters, whichever is wider, since the chance of few
    batches hides in months what lasts longer. ``hac_…`` are those of Newey and West, which on short series
    are too narrow and stand here for comparison only.
    """
    fit, slope = trend.fit, float(trend.fit.coefficients[SLOPE])
    alike = [_alike(one, rules) for one in views_of(trend, rules)]
    rho, reach = alike[0][0], max(one[1] for one in alike)
    hac = float(np.sqrt(robust_covariance(fit, kind="newey_west")[SLOPE, SLOPE]))
    wide = fit.quantile((1 + rules.confidence) / 2) * hac
    return {
        "rho": rho, "ar_lower": slope - reach, "ar_upper": slope + reach, "hac_lower": slope - wide,
        "hac_upper": slope + wide,
    }  # fmt: skip


def _alike(trend: TrendFit, rules: Rules) -> tuple[float, float]:
    """Likeness of neighbours, and half the width of the slope's limits that goes with it."""
    found = correlate_errors(trend.fit, number_periods(trend.rows), least_dispersion=1.0)
    return found.found, found.quantile((1 + rules.confidence) / 2) * float(found.std_error[SLOPE])


def number_periods(rows: pd.DataFrame) -> Floats:
    """Running number of each period: those of neighbours differ by 1."""
    return np.floor(rows["time"].to_numpy(float) * float(rows["season"].iloc[0]) + 1e-6)


def views_of(trend: TrendFit, rules: Rules) -> list[TrendFit]:
    """The trend, and of months the one of their quarters: a verdict is not to hang on the period's length."""
    if int(trend.rows["season"].iloc[0]) != 12:
        return [trend]
    return [trend, fit_trend(_by_quarter(trend.rows), rules)]


def _by_quarter(rows: pd.DataFrame) -> pd.DataFrame:
    """Months added up to quarters."""
    quarter = np.floor(rows["time"].to_numpy(float) * 4 + 1e-6)
    sums = rows.groupby(quarter)[["passed", "n", "counted"]].sum()
    kept = rows.groupby(quarter)[["period", "family"]].first()
    return (
        sums.join(kept).assign(time=(sums.index.to_numpy(float) + 0.5) / 4, season=4).reset_index(drop=True)
    )


def tabulate_ranks(rows: pd.DataFrame, rules: Rules) -> dict[str, float]:
    """Kendall's tau with its p-value and Sen's slope a year; missing where four values are not there.

    With seasons each month or quarter is compared with its own kind. The rate as it was counted is taken,
    whatever its number of batches.
    """
    nothing = dict.fromkeys(OF_RANKS, float("nan"))
    values, times = rows["value"].to_numpy(float), rows["time"].to_numpy(float)
    if np.isfinite(values).sum() < LEAST_VALUES:
        return nothing
    season = season_of(rows, rules)
    try:
        if season:
            place = np.floor(np.mod(times, 1) * season).astype(int)
            test = seasonal_mann_kendall(values, place, times)
            sen = seasonal_sen_slope(values, place, times, confidence=rules.confidence)
        else:
            test = mann_kendall(values, times)
            sen = sen_slope(values, times, confidence=rules.confidence)
    except ValueError:  # fewer than four years of each season
        test = mann_kendall(values, times)
        sen = sen_slope(values, times, confidence=rules.confidence)
    figures = (test.tau, test.p_value, sen.slope, sen.lower, sen.upper)
    return dict(zip(OF_RANKS, figures, strict=True))

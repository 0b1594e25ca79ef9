"""Did a rate change when something known happened, beyond its trend and season, and by how much?

Segmented logistic (or log-linear) regression, see :mod:`~qstats.methods.interrupted_series.design`.
Neighbouring months are alike, and series are short: errors are AR(1) with ρ found free of its bias and
never below 0, φ never below 1, and limits are those of the profile of the likelihood, widened to that
covariance and to t with Satterthwaite's degrees of freedom. In simulation this covers what it says where φ
alone, or Newey-West errors, do not (benchmarks/interruptions.py). The average effect is what the months
after were above, or below, what the fit says of them had nothing happened, in parts of 1; its limits are
percentiles of draws from the multivariate t of the coefficients, since what might have been is uncertain in
no symmetrical way.

Source: Bernal, Cummins & Gasparrini (2017), doi:10.1093/ije/dyw098; Turner et al. (2021),
doi:10.1186/s12874-021-01364-0 (which errors cover on short series); King, Tomz & Wittenberg (2000),
doi:10.2307/2669316 (draws).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import f as f_law
from scipy.stats import t

from qstats.methods.binomial_regression import (
    RateFit,
    correlate_errors,
    fit_rates,
    profile_limits,
    robust_covariance,
)
from qstats.methods.binomial_regression.families import FAMILIES, Floats, column_rank
from qstats.methods.interrupted_series.design import InterruptionDesign, interruption_design

ERRORS = ("auto", "ar1", "quasi", "newey_west")
LEAST_BEFORE, LEAST_AFTER, LEAST_FREEDOM = 8, 6, 4
DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Interruption:
    """What changed at a date. All figures are NaN where there is a reason not to state them.

    Attributes
    ----------
    level, level_lower, level_upper : float
        Change of level at the date, on the logit of the rate (binomial) or its logarithm (Poisson).
    level_p_value : float
        Of no change of level.
    slope, slope_lower, slope_upper : float
        Change of trend a year, on the same scale; NaN where none was fitted.
    joint_p_value : float
        Of neither change.
    average, average_lower, average_upper : float
        Mean over the periods after (weighted by their size) of the rate fitted less the rate had nothing
        happened.
    expected : array, shape (m,)
        Rate had nothing happened, NaN before the date.
    fitted : array, shape (m,)
        Fitted rate of the series.
    n_before, n_after : int
        Periods with observations before the date and from it on.
    dispersion, rho, freedom : float
        φ, ρ, and degrees of freedom of t behind the limits.
    confidence : float
    method : {"ar1", "quasi", "newey_west"}
    reason : str or None
        Why nothing is stated: ``too_few_before``, ``too_few_after``, ``not_identified`` (the design cannot
        be told apart), ``too_few_periods`` (for so many coefficients), ``separated`` (no failure, or
        nothing but failures, on one side).
    """

    level: float
    level_lower: float
    level_upper: float
    level_p_value: float
    slope: float
    slope_lower: float
    slope_upper: float
    joint_p_value: float
    average: float
    average_lower: float
    average_upper: float
    expected: Floats
    fitted: Floats
    n_before: int
    n_after: int
    dispersion: float
    rho: float
    freedom: float
    confidence: float
    method: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Errors:
    """Covariance of the coefficients with the law that goes with it."""

    covariance: Floats
    freedom: float
    dispersion: float
    rho: float

    def reach(self, confidence: float) -> float:
        return float(t.ppf((1 + confidence) / 2, self.freedom))


def interruption_effect(
    passed: ArrayLike, n: ArrayLike, times: ArrayLike, at: float, *, season: int | None = None,
    control: tuple[ArrayLike, ArrayLike] | None = None, slope: bool = True, family: str = "binomial",
    errors: str = "auto", confidence: float = 0.95, seed: int = 20131212,
) -> Interruption:  # fmt: skip
    """Effect of what happened at a date, by segmented regression.

    Parameters
    ----------
    passed, n : array_like, shape (m,)
        Passes and batches of each period (Poisson: events and exposure); n = 0 is a gap.
    times : array_like of float, shape (m,)
        Decimal years, as in `trend_design`.
    at : float
        Decimal year of the first period after.
    season : {None, 4, 12}
        Periods of a year.
    control : tuple of (passed, n), optional
        A series at the same times that was not touched: its change is taken away.
    slope : bool
        Whether the trend may change too. Without it the level is the mean change of all periods after.
    family : {"binomial", "poisson"}
    errors : {"auto", "ar1", "quasi", "newey_west"}
        "auto" is "ar1". "quasi" knows φ only; "newey_west" is a check, too narrow on short series.
    confidence : float
        Two-sided level, 0–1.
    seed : int
        Of the draws behind the limits of the average effect.

    Raises
    ------
    ValueError
        Impossible counts, an unknown family or kind of errors.
    """
    if errors not in ERRORS or family not in FAMILIES:
        raise ValueError(f"errors {errors!r} or family {family!r} is not known")
    method = "ar1" if errors == "auto" else errors
    year = np.asarray(times, dtype=float)
    count, size = _stacked(passed, n, control)
    design = interruption_design(year, at, season, slope=slope, control=control is not None)
    own = slice(len(count) - len(year), None)
    seen, after = size[own] > 0, design.after[own]
    sides = int((seen & ~after).sum()), int((seen & after).sum())
    reason = _refusal(*sides, size, design)
    if reason is None:
        fit = fit_rates(FAMILIES[family], count, size, design.columns)
        reason = "separated" if fit.separated else None
    if reason is not None:
        return _refused(len(year), sides, confidence, method, reason)
    sure = _errors(fit, method, _periods(year), control is not None)
    return _stated(fit, design, sure, own, sides, confidence, method, seed)


def _stacked(passed: ArrayLike, n: ArrayLike, control: tuple | None) -> tuple[Floats, Floats]:
    count, size = np.asarray(passed, dtype=float), np.asarray(n, dtype=float)
    if control is None:
        return count, size
    other_count, other_size = (np.asarray(values, dtype=float) for values in control)
    return np.concatenate([other_count, count]), np.concatenate([other_size, size])


def _periods(year: Floats) -> Floats:
    """Numbers of the periods: how far each lies from the first, in steps of the shortest distance."""
    step = np.diff(np.unique(np.round(year, 4))).min(initial=1.0)
    return np.round((year - year.min()) / step)


def _refusal(before: int, after: int, size: Floats, design: InterruptionDesign) -> str | None:
    """Why nothing can be stated, before anything is fitted."""
    if before < LEAST_BEFORE:
        return "too_few_before"
    if after < LEAST_AFTER:
        return "too_few_after"
    columns = design.columns[size > 0]
    if column_rank(columns) < columns.shape[1]:
        return "not_identified"
    return "too_few_periods" if len(columns) - columns.shape[1] < LEAST_FREEDOM else None


def _errors(fit: RateFit, method: str, periods: Floats, control: bool) -> _Errors:
    plain = max(fit.dispersion, 1.0)
    if method == "quasi":
        return _Errors(plain * fit.inverse_information, fit.freedom, plain, 0.0)
    if method == "newey_west":
        return _Errors(robust_covariance(fit, kind="newey_west"), fit.freedom, plain, np.nan)
    series = np.repeat([0, 1], len(periods)) if control else None
    numbers = np.tile(periods, 2) if control else periods
    found = correlate_errors(fit, numbers, series=series, least_dispersion=1.0)
    return _Errors(found.covariance, found.freedom, found.dispersion, found.rho)


def _stated(
    fit: RateFit, design: InterruptionDesign, sure: _Errors, own: slice, sides: tuple[int, int],
    confidence: float, method: str, seed: int,
) -> Interruption:  # fmt: skip
    level = _limits(fit, design.level, sure, confidence)
    nothing = (np.nan, np.nan, np.nan)
    slope = _limits(fit, design.slope, sure, confidence) if design.slope >= 0 else nothing
    changed = [place for place in (design.level, design.slope) if place >= 0]
    rate = fit.family.rate
    expected = np.where(design.after, rate(design.without @ fit.coefficients), np.nan)[own]
    return Interruption(
        *level, _p_value(fit, design.level, sure), *slope, _joint_p_value(fit, changed, sure),
        *average_effect(fit, design, sure.covariance, sure.freedom, confidence=confidence, seed=seed),
        expected, fit.fitted[own], *sides, sure.dispersion, sure.rho, sure.freedom, confidence, method, None,
    )  # fmt: skip


def _limits(fit: RateFit, which: int, sure: _Errors, confidence: float) -> tuple[float, float, float]:
    """Coefficient with its profile limits, the rise of the deviance being that of its covariance."""
    critical = _inflation(fit, which, sure) * sure.reach(confidence) ** 2
    return float(fit.coefficients[which]), *profile_limits(fit, which, critical=critical)


def _inflation(fit: RateFit, which: int, sure: _Errors) -> float:
    """By what the variance of a coefficient exceeds that of independent binomial counts."""
    return float(sure.covariance[which, which] / fit.inverse_information[which, which])


def _p_value(fit: RateFit, which: int, sure: _Errors) -> float:
    """Test that agrees with the profile limits: what the deviance rises by without the coefficient."""
    rest = fit_rates(fit.family, fit.count, fit.size, np.delete(fit.design, which, axis=1))
    rise = max(rest.deviance - fit.deviance, 0.0) / _inflation(fit, which, sure)
    return float(2 * t.sf(np.sqrt(rise), sure.freedom))


def _joint_p_value(fit: RateFit, changed: list[int], sure: _Errors) -> float:
    """Wald's test of all changes together, by F."""
    covariance, found = sure.covariance[np.ix_(changed, changed)], fit.coefficients[changed]
    statistic = float(found @ np.linalg.solve(covariance, found)) / len(changed)
    return float(f_law.sf(statistic, len(changed), sure.freedom))


def average_effect(
    fit: RateFit, design: InterruptionDesign, covariance: Floats, freedom: float,
    *, confidence: float = 0.95, seed: int = 20131212,
) -> tuple[float, float, float]:  # fmt: skip
    """Mean difference that the changes make to the rate after the date, with limits by draws.

    Parameters
    ----------
    fit, design
        A segmented regression and its columns.
    covariance : array, shape (p, p)
    freedom : float
        Degrees of freedom of the multivariate t that is drawn from.
    confidence : float
    seed : int
    """
    rows = design.after & (fit.size > 0)
    weight = fit.size[rows] / fit.size[rows].sum()
    changed, unchanged = design.columns[rows], design.without[rows]
    generator = np.random.default_rng(seed)
    root = np.linalg.cholesky(covariance + 1e-14 * np.diag(np.diag(covariance)))
    normal = generator.normal(size=(DRAWS, len(root))) @ root.T
    spread = np.sqrt(freedom / generator.chisquare(freedom, size=(DRAWS, 1)))
    drawn = np.vstack([fit.coefficients, fit.coefficients + normal * spread])
    rate = fit.family.rate
    with np.errstate(over="ignore"):
        effect = (rate(drawn @ changed.T) - rate(drawn @ unchanged.T)) @ weight
    lower, upper = np.quantile(effect[1:], [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(effect[0]), float(lower), float(upper)


def _refused(
    periods: int, sides: tuple[int, int], confidence: float, method: str, reason: str
) -> Interruption:
    gap = np.full(periods, np.nan)
    return Interruption(
        *(np.nan,) * 11, gap, gap.copy(), *sides, *(np.nan,) * 3, confidence, method, reason
    )  # fmt: skip

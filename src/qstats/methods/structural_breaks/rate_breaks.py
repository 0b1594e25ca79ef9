"""Did a pass rate change its level, when, and by how much?

A rate has a level, a linear trend and a season on the logit scale. *Whether* it has steps beyond those is
asked of a bootstrap test: the largest share of the squares that a step at any place explains (sup-F),
beside that of resampled series without a step that scatter and are alike from period to period as this one
is (`rate_noise`). *How many* is decided by BIC, with errors made independent. Each step has an interval for
its place: all places that explain nearly as much, the margin taken from resamples with a step there; and a
change of the rate, the mean over the periods of the new level of the rate with and without the step.

A slow bend or a short dip are no steps: a test for steps answers to them too, with the place left open.

Source: Andrews (1993), doi:10.2307/2951764 (largest F); Hansen (2000), doi:10.1016/S0304-4076(99)00068-8
(bootstrap); Bai and Perron (2003), doi:10.1002/jae.659; Eo and Morley (2015), doi:10.3982/QE186 (places, by
inverted likelihood ratio).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from qstats.methods.binomial_regression.trend import trend_design
from qstats.methods.structural_breaks.break_count import candidate_starts
from qstats.methods.structural_breaks.linear_breaks import Floats, Ints
from qstats.methods.structural_breaks.rate_noise import Noise, draw_residuals, estimate_noise
from qstats.methods.structural_breaks.rate_series import RateModel, RateSeries, Scan, fit_rate, make_scan

LEAST_PERIODS = {None: 12, 4: 16, 12: 24}
"""Known periods without which no break is looked for, by season."""
LEAST_EVENTS = 10
"""Failures (or passes, if fewer) without which no break is looked for."""
_LESS = 2.0
_SHARE, _LEAST_LENGTH = 0.15, {None: 4, 4: 4, 12: 6}


@dataclass(frozen=True, slots=True)
class Break:
    """A step of the level.

    Attributes
    ----------
    index : int
        First period on the new level: its place in the lists that were given.
    lower, upper : int
        Limits of `index`.
    change, change_lower, change_upper : float
        Of the rate, −1 to 1: its mean over the periods of the new level (until the next break) less what it
        would have been without the step.
    """

    index: int
    lower: int
    upper: int
    change: float
    change_lower: float
    change_upper: float


@dataclass(frozen=True, slots=True)
class RateBreaks:
    """Steps of a rate, or that there is none.

    Attributes
    ----------
    found : bool
    p_value : float
        Of a rate without steps; NaN where none was looked for.
    statistic : float
        Largest F.
    breaks : tuple of Break
        In order of time; none is an answer.
    reason : str or None
        Why none was looked for: ``too_short`` (history), ``too_few_events`` (failures or passes).
    n : int
        Known periods.
    dispersion, correlation : float
        φ and ρ of the noise, as `rate_noise` finds them.
    """

    found: bool
    p_value: float
    statistic: float
    breaks: tuple[Break, ...]
    reason: str | None
    n: int
    dispersion: float = np.nan
    correlation: float = np.nan


def rate_breaks(
    passed: ArrayLike,
    n: ArrayLike,
    times: ArrayLike,
    *,
    season: int | None = None,
    confidence: float = 0.95,
    resamples: int = 499,
    seed: int,
) -> RateBreaks:
    """Steps of a binomial rate beside trend and season (结构突变).

    Parameters
    ----------
    passed, n : array_like, shape (periods,)
        Counts, in order of time. A period with n of 0 or NaN is a gap.
    times : array_like, shape (periods,)
        Decimal years, as `trend_design` takes them.
    season : {None, 4, 12}
        Periods of a year; None where there is no season.
    confidence : float
        Of the limits; the test has the level 1 − `confidence`.
    resamples : int
        Of the bootstrap, at least 99.
    seed : int

    Raises
    ------
    ValueError
        Counts that are no counts, times that are not in order, an unknown season, or too few resamples.
    """
    if season not in LEAST_PERIODS:
        raise ValueError(f"a season has 4 or 12 periods, not {season}")
    rows, series = _known_periods(passed, n, times, season)
    if not (resamples >= 99 and 0 < confidence < 1):
        raise ValueError("at least 99 resamples, and a confidence between 0 and 1")
    reason = _refusal(series, season)
    if reason:
        return RateBreaks(False, np.nan, np.nan, (), reason, series.n.size)
    normal = np.random.default_rng(seed).normal(size=(resamples, series.n.size))
    plain = _look_further(series, (), normal)
    level = 1 - confidence + 1e-12
    if plain.p_value > level:
        return RateBreaks(False, plain.p_value, plain.statistic, (), None, series.n.size, *plain.figures)
    for starts in candidate_starts(series, plain.noise):
        look = _look_further(series, starts, normal)
        if look.p_value > level:
            break
    breaks = _describe(look, confidence, rows)
    return RateBreaks(True, plain.p_value, plain.statistic, breaks, None, series.n.size, *look.figures)


def _known_periods(
    passed: ArrayLike, n: ArrayLike, times: ArrayLike, season: int | None
) -> tuple[Ints, RateSeries]:
    x, size, t = (np.asarray(values, dtype=float) for values in (passed, n, times))
    if not (x.ndim == 1 and x.shape == size.shape == t.shape):
        raise ValueError("passed, n and times must be lists of the same length")
    if not (np.isfinite(t).all() and np.all(np.diff(t) > 0)):
        raise ValueError("times must be known and rise")
    rows = np.flatnonzero(size > 0)
    x, size, t = x[rows], size[rows], t[rows]
    if not (np.all((x >= 0) & (x <= size)) and np.all(size % 1 == 0) and np.all(x % 1 == 0)):
        raise ValueError("passed and n must be whole numbers, 0 ≤ passed ≤ n")
    per_year = season or (1 / np.diff(t).min() if t.size > 1 else 1)
    places = np.floor(t * per_year + 1e-6) if season else np.round((t - t[:1]) * per_year)
    if np.any(np.diff(places) < 1):
        raise ValueError("two periods fall into the same period of the year")
    shortest = max(_LEAST_LENGTH.get(season, 4), int(np.ceil(_SHARE * t.size)))
    return rows, RateSeries(x, size, places, _design(t, season), shortest)


def _design(times: Floats, season: int | None) -> Floats:
    return trend_design(times, season) if times.size else np.empty((0, 2))


def _refusal(series: RateSeries, season: int | None) -> str | None:
    if series.n.size < LEAST_PERIODS[season]:
        return "too_short"
    failed = (series.n - series.passed).sum()
    return "too_few_events" if min(failed, series.passed.sum()) < LEAST_EVENTS else None


@dataclass(frozen=True, slots=True)
class _Look:
    """A rate with breaks, and whether there is a further one."""

    series: RateSeries
    starts: tuple[int, ...]
    model: RateModel
    noise: Noise
    drawn: Floats
    share: float
    drawn_shares: Floats

    @property
    def freedom(self) -> int:
        """Periods less the coefficients, a further step included."""
        return self.series.n.size - self.model.columns.shape[1] - 1

    @property
    def statistic(self) -> float:
        """F of the best further step."""
        return self.share / (1 - self.share) * self.freedom

    @property
    def p_value(self) -> float:
        return float((1 + (self.drawn_shares >= self.share).sum()) / (1 + self.drawn_shares.size))

    @property
    def figures(self) -> tuple[float, float]:
        return self.noise.dispersion, self.noise.correlation

    def width(self, confidence: float) -> float:
        """Standard errors that the best of all steps beyond these stays within by chance."""
        share = float(np.quantile(self.drawn_shares, confidence))
        return float(np.sqrt(share / (1 - share) * self.freedom))


def _look_further(series: RateSeries, starts: tuple[int, ...], normal: Floats) -> _Look:
    model = fit_rate(series, starts)
    scan = make_scan(model.root, model.columns, series.candidates)
    noise = estimate_noise(series, model, scan, normal)
    drawn = draw_residuals(series, model, noise, normal)
    share = float(scan.best(scan.remove(model.residual[None]))[0][0])
    return _Look(series, starts, model, noise, drawn, share, scan.best(scan.remove(drawn))[0])


def _describe(look: _Look, confidence: float, rows: Ints) -> tuple[Break, ...]:
    """Limits of all places and changes, each with the other breaks held where they are."""
    inverse = np.linalg.pinv(look.model.columns)
    covariance = look.noise.dispersion * inverse @ inverse.T
    breaks = []
    for which, start in enumerate(look.starts):
        low, high = _place_limits(look, which, covariance, confidence)
        change = _change(look, which, covariance, look.width(confidence))
        breaks.append(Break(int(rows[start]), int(rows[low]), int(rows[high]), *change))
    return tuple(breaks)


def _place_limits(look: _Look, which: int, covariance: Floats, confidence: float) -> tuple[int, int]:
    """First and last place that explain nearly as much as the best; how nearly, resamples tell.

    Resamples have the smallest step that is likely: of several places the best looks larger than it is.
    """
    series, model, starts = look.series, look.model, look.starts
    edges, column = (0, *starts, series.n.size), series.design.shape[1] + which
    reach = np.arange(edges[which] + series.shortest, edges[which + 2] - series.shortest + 1)
    scan = make_scan(model.root, np.delete(model.columns, column, axis=1), reach)
    here = int(np.flatnonzero(scan.starts == starts[which])[0])
    size = model.coefficients[column]
    likely = max(abs(size) - _LESS * np.sqrt(covariance[column, column]), 0.0) * np.sign(size)
    step = scan.lengths[here] * scan.directions[here]
    short = _shortfall(scan, scan.remove(model.residual[None]) + size * step)[0]
    margin = np.quantile(_shortfall(scan, scan.remove(look.drawn) + likely * step)[:, here], confidence)
    near = scan.starts[short <= margin]
    return int(min(near.min(), starts[which])), int(max(near.max(), starts[which]))


def _shortfall(scan: Scan, left: Floats) -> Floats:
    """How much less a step at each place explains than the best one, over the variance that is left."""
    explained = (left @ scan.directions.T) ** 2
    best = explained.max(axis=1, keepdims=True)
    short: Floats = (best - explained) / ((left**2).sum(axis=1, keepdims=True) - best)
    return short


def _change(look: _Look, which: int, covariance: Floats, width: float) -> tuple[float, float, float]:
    """Change of the rate by a step with its limits: so many standard errors (delta method) either way."""
    edges, model = (*look.starts, look.series.n.size), look.model
    rows = (model.columns / model.root[:, None])[edges[which] : edges[which + 1]]
    without = rows.copy()
    without[:, look.series.design.shape[1] + which] = 0
    change, slope = _difference(model.coefficients, rows, without)
    error = width * float(np.sqrt(slope @ covariance @ slope))
    return change, max(change - error, -1.0), min(change + error, 1.0)


def _difference(coefficients: Floats, rows: Floats, without: Floats) -> tuple[float, Floats]:
    """Mean difference of two rates, and how it moves with the coefficients."""
    now, then = expit(rows @ coefficients), expit(without @ coefficients)
    slope = ((now * (1 - now))[:, None] * rows - (then * (1 - then))[:, None] * without).mean(axis=0)
    return float((now - then).mean()), slope

"""Did the complaint rate (工程质量投诉率) fall year by year (逐年下降)?

The wording asks for every yearly step, so each step is judged with its own interval; a trend over all years
is another question and stands beside it. The denominator is a declared one: no official one is public.
Without it complaints are counted, and no rate is stated. Only whole years are compared.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import chi2, f, norm, t

from qstats.methods.event_rates import Dispersion, estimate_dispersion, event_rate, rate_ratio

PER = {"dwellings_delivered": 1_000, "projects": 100}
"""Units of each denominator that a rate is printed for."""

FallVerdict = Literal[
    "fell_each_year_clearly", "fell_each_year", "did_not_fall_each_year", "cannot_be_stated"
]
FEWEST_YEARS = 3
MISSING_AT = 1000
OVERDISPERSED_AT = UNEVEN_AT = 0.05
"""Levels at which months scatter beyond Poisson counts, and years beyond an even change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTrend:
    """Average change of the rate from year to year.

    Attributes
    ----------
    status : {"stated", "uneven", "cannot_be_stated"}
        ``uneven``: the years scatter about an even change beyond chance, so that no average describes them.
    factor, lower, upper : float
        Rate of a year over that of the year before; 0.9 is a fall of 10 %.
    model : {"poisson", "negative_binomial"}
    p_even : float
        Of an even change, by likelihood ratio against free years; NaN where nothing is stated.
    """

    status: Literal["stated", "uneven", "cannot_be_stated"]
    factor: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    model: str = ""
    p_even: float = np.nan
    confidence: float = 0.95


def whole_years(opened: pd.Series, last: int, *, most: int) -> list[int]:
    """Years up to ``last`` whose every month the register covers, at most so many.

    A register that begins or ends within a year lacks months that the others lead to expect: so many empty
    months at the start of the first year, or at the end of the last, that Poisson counts with the mean of
    all other months would leave them empty less than once in `MISSING_AT`. A gap in between, such as a file
    that was never sent, must be far less likely, since it may lie anywhere; years before it are left out.
    """
    days = opened.dropna()
    years = [year for year in range(last - most + 1, last + 1) if (days.dt.year == year).any()]
    if not years:
        return []
    years = list(range(years[0], last + 1))
    table = count_by_month(pd.DataFrame({"opened_on": days}), years)
    while len(table) and _lacks_months(table.iloc[0], table.iloc[1:]):
        table = table.iloc[1:]
    while len(table) and _lacks_months(table.iloc[-1][::-1], table.iloc[:-1]):
        table = table.iloc[:-1]
    gaps = [at for at in range(len(table)) if _has_gap(table, at)]
    if gaps and gaps[-1] == len(table) - 1:
        return whole_years(days, int(str(table.index[-1])) - 1, most=most - 1)
    return [int(str(year)) for year in table.index[gaps[-1] + 1 if gaps else 0 :]]


def _lacks_months(counts: pd.Series, others: pd.DataFrame) -> bool:
    """Whether the months at the start are empty for lack of records, not of events."""
    empty = int((counts.cumsum() == 0).sum())
    mean = (counts.sum() + others.to_numpy().sum()) / max(12 - empty + others.size, 1)
    return empty > 0 and bool(empty * mean > np.log(MISSING_AT))


def _has_gap(table: pd.DataFrame, at: int) -> bool:
    """Whether a year holds a run of empty months for lack of records."""
    counts = table.iloc[at].to_numpy()
    longest = max(len(run) for run in "".join("x" if n else "o" for n in counts).split("x"))
    mean = table.to_numpy().sum() / max(table.size - longest, 1)
    return bool(longest * mean > 2 * np.log(MISSING_AT))


def count_by_month(complaints: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Complaints received, one row per year, one column per month 1–12; a month without any is a zero."""
    opened = pd.to_datetime(complaints["opened_on"]).dropna()
    counted = pd.crosstab(opened.dt.year.astype(int), opened.dt.month.astype(int))
    return counted.reindex(index=list(years), columns=range(1, 13), fill_value=0)


def declared_exposure(
    denominators: pd.DataFrame, denominator: str, years: Sequence[int], county: str | None = None
) -> dict[int, float]:
    """Declared count of each year, of the whole place or of one county; years without are left out.

    A place that declares counties only has their sum, if every county declares each year.
    """
    rows = denominators[(denominators["denominator"] == denominator) & denominators["year"].isin(years)]
    of = rows[rows["county_code"].eq(county) if county else rows["county_code"].isna()]
    if of.empty and county is None and len(rows):
        wide = rows.pivot(index="year", columns="county_code", values="count")
        of = wide.dropna().sum(axis=1).rename("count").reset_index()
    return {int(year): float(count) for year, count in zip(of["year"], of["count"], strict=True)}


def estimate_complaint_rates(
    monthly: pd.DataFrame, exposure: Mapping[int, float], per: float, *, confidence: float = 0.95
) -> tuple[pd.DataFrame, Dispersion]:
    """Rate of each year with its step from the year before.

    Parameters
    ----------
    monthly : DataFrame
        Of `count_by_month`; consecutive years.
    exposure : mapping
        Declared denominator of each year; empty: complaints are counted, per year.
    per : float
        Units of the denominator that the rate is for.

    Returns
    -------
    rates : DataFrame
        ``year, n`` (complaints), ``exposure, estimate, lower, upper, status, ratio, ratio_lower,
        ratio_upper, change, change_lower, change_upper`` (ratio − 1), ``verdict`` (``fall``, ``rise``,
        ``no_clear_change``), ``confidence, method``.
    dispersion : Dispersion
    """
    dispersion = estimate_dispersion(monthly.to_numpy())
    widened = dispersion.widened(confidence)
    rows: list[dict[str, Any]] = []
    for year, counts in monthly.iterrows():
        exposed = exposure.get(int(str(year)), np.nan) / per if exposure else 1.0
        rows.append({"year": int(str(year)), "n": int(counts.sum()), "exposure": exposed * per})
        rows[-1] |= _rate(rows[-1]["n"], exposed, widened, confidence)
        rows[-1] |= _step(rows, per, widened, confidence)
    return pd.DataFrame(rows).assign(confidence=confidence, method="poisson_dispersed"), dispersion


def _rate(n: int, exposed: float, dispersion: float, confidence: float) -> dict[str, object]:
    if not exposed > 0:
        return dict.fromkeys(("estimate", "lower", "upper"), np.nan) | {"status": "refused"}
    found = event_rate(n, exposed, dispersion=dispersion, confidence=confidence)
    names = ("estimate", "lower", "upper")
    return {name: float(value) for name, value in zip(names, found, strict=True)} | {"status": "stated"}


def _step(rows: list[dict[str, Any]], per: float, dispersion: float, confidence: float) -> dict[str, object]:
    """Ratio to the year before and what it shows."""
    names = ("ratio", "ratio_lower", "ratio_upper", "change", "change_lower", "change_upper")
    now, before = rows[-1], rows[-2] if len(rows) > 1 else None
    if before is None or not now["status"] == before["status"] == "stated" or before["n"] + now["n"] == 0:
        return dict.fromkeys(names, np.nan) | {"verdict": None}
    found = rate_ratio(
        now["n"], now["exposure"] / per, before["n"], before["exposure"] / per,
        dispersion=dispersion, confidence=confidence,
    )  # fmt: skip
    ratio, lower, upper = (float(value) for value in found)
    verdict = "fall" if upper < 1 else "rise" if lower > 1 else "no_clear_change"
    return dict(zip(names, (ratio, lower, upper, ratio - 1, lower - 1, upper - 1), strict=True)) | {
        "verdict": verdict
    }


def rate_of_county(
    n: int, exposure: float | None, per: float, dispersion: float, *, confidence: float
) -> dict[str, object]:
    """Complaints of one county in one year: ``n, exposure, estimate, lower, upper, status``.

    ``dispersion`` is that of the whole place, widened.
    """
    exposed = np.nan if exposure is None else exposure / per
    return {"n": n, "exposure": exposed * per} | _rate(n, exposed, dispersion, confidence)


def judge_falling(rates: pd.DataFrame, since: int | None = None) -> FallVerdict:
    """Whether the rate fell at every yearly step after a year (all steps without one).

    ``fell_each_year_clearly``: every step's interval lies below no change; ``fell_each_year``: every rate is
    below that of the year before, not every interval. A year without a rate judges nothing, nor do rates that
    begin after the year from which the first fall is measured.
    """
    judged = rates if since is None else rates[rates["year"] >= since]
    steps = judged.iloc[1:]
    if steps.empty or (judged["status"] != "stated").any() or steps["ratio"].isna().any():
        return "cannot_be_stated"
    if since is not None and judged["year"].iloc[0] > since:
        return "cannot_be_stated"
    if (steps["ratio_upper"] < 1).all():
        return "fell_each_year_clearly"
    return "fell_each_year" if (steps["ratio"] < 1).all() else "did_not_fall_each_year"


def fit_complaint_trend(
    monthly: pd.DataFrame, exposure: Mapping[int, float], *, confidence: float = 0.95
) -> ComplaintTrend:
    """Average yearly change by a log-linear model of months.

    Negative binomial where months scatter more than Poisson counts do and that model converges, else Poisson.
    Where they scatter, maximum likelihood takes the scatter of few months for too small: what Pearson's
    statistic shows beyond it widens the limits, which are those of t, and the test of evenness, which is an
    F test. The years must not scatter about the line beyond chance: else there is no average to state.

    References
    ----------
    Cameron & Trivedi (2013), chapter 3, doi:10.1017/CBO9781139013567.
    """
    years = [int(str(year)) for year in monthly.index]
    if len(years) < FEWEST_YEARS or (exposure and not set(years) <= set(exposure)):
        return ComplaintTrend(status="cannot_be_stated", confidence=confidence)
    if not (monthly.sum(axis=1) > 0).all():
        return ComplaintTrend(status="cannot_be_stated", confidence=confidence)
    offset = np.log(np.repeat([exposure[year] if exposure else 1.0 for year in years], 12) / 12)
    scatters = estimate_dispersion(monthly.to_numpy()).found > 1
    for negative_binomial in (True, False) if scatters else (False,):
        fits = [_fit(monthly, offset, line, negative_binomial) for line in (True, False)]
        if all(fits):
            model = "negative_binomial" if negative_binomial else "poisson"
            return _read_trend(fits[0], fits[1], model, scatters=scatters, confidence=confidence)
    return ComplaintTrend(status="cannot_be_stated", confidence=confidence)


def _fit(monthly: pd.DataFrame, offset: np.ndarray, line: bool, negative_binomial: bool) -> Any:
    """Maximum likelihood, years on a line or free, with effects of months; None unless it converges.

    The second coefficient is that of the line. Months have effects where each has events.
    """
    counts, at = monthly.to_numpy(float), np.arange(len(monthly))
    year = at[:, None] if line else np.eye(len(at))[:, 1:]
    parts = [np.ones((counts.size, 1)), np.repeat(year, 12, axis=0)]
    if (counts.sum(axis=0) > 0).all():
        parts.append(np.tile(np.eye(12)[:, 1:], (len(at), 1)))
    model = sm.NegativeBinomial if negative_binomial else sm.Poisson
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return model(counts.ravel(), np.hstack(parts), offset=offset).fit(disp=0, maxiter=200)
        except (Warning, np.linalg.LinAlgError):
            return None


def _read_trend(even: Any, free: Any, model: str, *, scatters: bool, confidence: float) -> ComplaintTrend:
    """The slope of the line with its limits, and whether free years fit no better than chance lets them."""
    level, gain = (1 + confidence) / 2, max(2 * float(free.llf - even.llf), 0.0)
    steps = even.df_resid - free.df_resid
    slope, error = np.asarray(even.params)[1], np.asarray(even.bse)[1]
    if scatters:
        scale = _scatter_beyond(free, model)
        p_even = f.sf(gain / steps / scale, steps, free.df_resid)
        reach = t.ppf(level, even.df_resid) * np.sqrt(scale)
    else:
        reach, p_even = norm.ppf(level), chi2.sf(gain, steps)
    lower, upper = np.exp(slope + np.array([-1, 1]) * reach * error)
    return ComplaintTrend(
        status="uneven" if p_even < UNEVEN_AT else "stated",
        factor=float(np.exp(slope)), lower=float(lower), upper=float(upper), model=model,
        p_even=float(p_even), confidence=confidence,
    )  # fmt: skip


def _scatter_beyond(fitted: Any, model: str) -> float:
    """Pearson's statistic over its degrees of freedom, at least 1."""
    mean, counts = fitted.predict(), fitted.model.endog
    beyond = np.asarray(fitted.params)[-1] * mean if model == "negative_binomial" else 0.0
    return max(1.0, float(((counts - mean) ** 2 / (mean * (1 + beyond))).sum()) / fitted.df_resid)

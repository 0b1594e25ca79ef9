"""Does it move as it should, was the step taken? Targets with a direction, a peer or a day, but no number.

"Falls year by year" (逐年下降) asks for every yearly step: the complaints on record say whether each rate was
below that of the year before; the true value, whether the rates behind them were. "Clearly rises" (明显提高)
is read as an interval of the change above zero. "Advanced level" (先进水平) has no meaning without figures on
the same basis, and is refused without them. A milestone is there or it is not.
"""

from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from qstats.methods.binomial_intervals import wilson_interval
from qstats.methods.differences import mover_difference
from qstats.target_registry import Target
from qstats.targets.outlook import HISTORY, Outlook, without_data
from qstats.targets.registered import FIRST_DAY, find_record
from qstats.targets.registers import count_flow, count_stock

DRAWS = 20_000
FALLS: dict[str, Literal["met", "missed", "cannot_be_stated"]] = {
    "fell_each_year_clearly": "met",
    "fell_each_year": "met",
    "did_not_fall_each_year": "missed",
    "cannot_be_stated": "cannot_be_stated",
}
"""Verdicts on yearly steps as statuses: complete counts of years that are over."""


def judge_fall(
    target: Target, rates: pd.DataFrame, verdict: str, dispersion: float, *, seed: int = 0
) -> Outlook:
    """Outlook of a rate that is to fall at every yearly step.

    Parameters
    ----------
    target : Target
    rates : DataFrame
        ``year, n, exposure, estimate, lower, upper, confidence, status`` of whole years, oldest first.
    verdict : str
        Of the steps, a key of `FALLS`.
    dispersion : float
        How many times the variance of a month's count exceeds Poisson's.
    seed : int
    """
    if rates.empty:
        return without_data(target)
    newest = rates.iloc[-1]
    if newest["status"] != "stated":
        return replace(without_data(target, "no_denominator"), n=int(newest["n"]))
    begin = target.since.year if target.since else int(rates["year"].iloc[0])
    judged = rates[(rates["year"] >= begin) & rates["status"].eq("stated")]
    status = FALLS[verdict]
    days = [date(int(year), 12, 31) for year in rates["year"]]
    history = pd.DataFrame(
        {"day": days, "period": rates["year"].astype(str), "value": rates["estimate"].astype(float)}
    )
    return Outlook(
        target_id=target.id, status=status, reason="one_wave" if status == "cannot_be_stated" else "",
        reading="reported_value", day=days[-1], period=str(int(newest["year"])), is_past=True,
        value=float(newest["estimate"]), n=int(newest["n"]),
        probability_true=_all_fell(judged, dispersion, seed),
        recent_pace=float(history["value"].diff().iloc[-1]), method="count",
        history=history.dropna(subset="value").reset_index(drop=True),
    )  # fmt: skip


def _all_fell(rates: pd.DataFrame, dispersion: float, seed: int) -> float:
    """Probability that the rates behind the counts fell at every step (gamma, half an event added)."""
    if len(rates) < 2:
        return np.nan
    counts, exposed = rates["n"].to_numpy(float), rates["exposure"].to_numpy(float)
    spread = max(dispersion, 1.0)
    drawn = np.random.default_rng(seed).gamma((counts + 0.5) / spread, spread / exposed, (DRAWS, len(rates)))
    return float((np.diff(drawn, axis=1) < 0).all(axis=1).mean())


def judge_rise(target: Target, series: pd.DataFrame, today: date, *, confidence: float) -> Outlook:
    """Outlook of a share that is to rise clearly: the newest figure of a published series beside the first.

    Parameters
    ----------
    target : Target
    series : DataFrame
        The table ``published_series``; figures of the newest stretch of the target's series count.
    today : date
    confidence : float
    """
    rows = _newest_stretch(target, series, today)
    if rows.empty:
        return without_data(target)
    history = pd.DataFrame(
        {
            "day": pd.to_datetime(rows["period_end"]).dt.date, "value": rows["value"].astype(float),
            "period": pd.to_datetime(rows["period_end"]).dt.strftime("%Y-%m"),
        }
    )[list(HISTORY)].reset_index(drop=True)  # fmt: skip
    newest, first = rows.iloc[-1], rows.iloc[0]
    outlook = Outlook(
        target_id=target.id, status="cannot_be_stated", reading="true_value", basis="sample",
        day=history["day"].iloc[-1], period=history["period"].iloc[-1],
        is_past=bool(target.deadline and today >= target.deadline), value=float(newest["value"]),
        n=0 if pd.isna(newest["n"]) else int(newest["n"]), method="published", history=history,
    )  # fmt: skip
    known = rows[["n", "events"]].notna().all(axis=1)
    is_share = newest["unit"] == "proportion"  # counts of cases give a score no interval
    if len(rows) < 2 or not (is_share and known.iloc[0] and known.iloc[-1]):
        return replace(outlook, reason="one_wave" if len(rows) < 2 else "no_interval")
    return _with_change(outlook, newest, first, confidence)


def in_published_unit(target: Target, series: pd.DataFrame, today: date) -> Target:
    """The target in the unit of the figures that answer it: a share satisfied is no score.

    Parameters
    ----------
    target : Target
    series : DataFrame
        The table ``published_series``.
    today : date
    """
    rows = _newest_stretch(target, series, today)
    unit = rows["unit"].iloc[-1] if len(rows) else None
    return replace(target, unit="proportion") if unit == "proportion" else target


def _newest_stretch(target: Target, series: pd.DataFrame, today: date) -> pd.DataFrame:
    """Figures of the target's series up to a day, of one definition and one unit, oldest first."""
    ends = pd.to_datetime(series["period_end"])
    rows = series[series["series"].isin(target.selector) & (ends <= pd.Timestamp(today))]
    rows = rows[rows["segment"] == rows["segment"].max()].sort_values("period_end")
    units = rows["unit"].fillna("")
    return rows[units == units.iloc[-1]] if len(rows) else rows


def _with_change(outlook: Outlook, newest: pd.Series, first: pd.Series, confidence: float) -> Outlook:
    shares, sizes = ([float(one[name]) for one in (newest, first)] for name in ("events", "n"))
    lower, upper = wilson_interval(np.array(shares), np.array(sizes), confidence=confidence)
    rate = np.array(shares) / np.array(sizes)
    _, low, high = mover_difference(*[(part[0], part[1]) for part in (rate, lower, upper)])
    status: Literal["on_course", "off_course", "at_risk"] = (
        "on_course" if low > 0 else "off_course" if high < 0 else "at_risk"
    )
    return replace(
        outlook,
        status=status,
        confidence=confidence,
        value=float(rate[0]),
        lower=float(lower[0]),
        upper=float(upper[0]),
        method="mover",
    )


def judge_relative(
    target: Target, registers: pd.DataFrame, denominators: pd.DataFrame, series: pd.DataFrame, today: date
) -> Outlook:
    """A relative target: its value where there is one, and the comparison refused.

    With a published figure of both places for the same period the distance to the other one is stated. Even
    that gives no verdict: to lie above a mean is not to be advanced, which takes the figures of other cities.
    """
    reason = "no_same_basis" if target.selector else "no_indicator"
    refused = Outlook(target_id=target.id, status="refused", reason=reason)
    if target.source == "series":
        return _beside_peer(refused, target, series, today)
    found = find_record(target, registers, denominators, today) if target.source == "registers" else refused
    if isinstance(found, Outlook):
        return refused
    taken = (
        count_stock(found.entries, target.selector, today)
        if target.denominator
        else count_flow(found.entries, target.selector, (FIRST_DAY, today))
    )
    return replace(
        refused, value=taken.value / found.per, day=today, period=str(today), reading="count", method="count",
        n=round(found.per) if target.denominator else 0,
    )  # fmt: skip


def _beside_peer(refused: Outlook, target: Target, series: pd.DataFrame, today: date) -> Outlook:
    """The newest published figure of ours, with its distance to that of the peer in the same period."""
    known = series[pd.to_datetime(series["period_end"]) <= pd.Timestamp(today)]
    ours, peer = (
        known[known["series"].eq(name)].set_index("period_end")["value"] for name in target.selector
    )
    if ours.empty:
        return refused
    day = pd.Timestamp(ours.index.max()).date()
    valued = replace(
        refused,
        value=float(ours[ours.index.max()]),
        day=day,
        period=str(day.year),
        basis="sample",
        method="published",
    )
    if ours.index.max() not in peer.index:
        return valued
    return replace(
        valued, status="cannot_be_stated", reason="mean_only",
        distance=float(peer[ours.index.max()]) - valued.value,
    )  # fmt: skip


def judge_milestone(target: Target, registers: pd.DataFrame, today: date) -> Outlook:
    """A step that is on record by its name, or not."""
    rows = registers[registers["register"].isin(target.selector)]
    if rows.empty:
        return without_data(target)
    own = rows[rows["name"].eq(target.phrase) & (pd.to_datetime(rows["awarded_on"]) <= pd.Timestamp(today))]
    is_past = bool(target.deadline and today >= target.deadline)
    outlook = Outlook(
        target_id=target.id, status="cannot_be_stated", reading="count", is_past=is_past, method="count"
    )
    if len(own):
        day = pd.to_datetime(own["awarded_on"]).min().date()
        return replace(outlook, status="met", day=day, period=str(day), value=1.0)
    if is_past:
        return replace(outlook, status="missed", day=target.deadline, period=str(target.deadline), value=0.0)
    return replace(outlook, reason="not_over" if target.deadline else "not_recorded")


def without_indicator(target: Target) -> Outlook:
    """A target of which the policy names no indicator: there is nothing to measure."""
    return Outlook(target_id=target.id, status="refused", reason="no_indicator")

"""Where does the value of a target come from? The records of a run, each stream assessed once for all targets.

Acceptance, satisfaction and complaints are assessed as their own chapters assess them, so that the figures agree.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd
import polars as pl

from qstats import acceptance as counting
from qstats import targets as assess
from qstats.codebook import Text
from qstats.periods import Period, YearToDate
from qstats.report import acceptance, satisfaction
from qstats.satisfaction import Survey
from qstats.target_registry import Target, read_targets
from qstats.targets import Outlook

YEARS_SHOWN = 5


class Records:
    """The records of a run, assessed once for all targets.

    Parameters are those of `qstats.report.targets.assess_targets`.
    """

    def __init__(
        self, received: Any, survey: Survey | None, place: Text, period: str, cutoff: str, confidence: float,
        denominator: str,
    ) -> None:  # fmt: skip
        self.received, self.survey, self.place = received, survey, place
        self.period, self.cutoff = Period.parse(period), cutoff
        self.today = min(self.period.end, date.fromisoformat(cutoff))
        self.confidence, self.denominator = confidence, denominator

    def judge(self, target: Target) -> Outlook:
        """Outlook of a target from the stream that has its values."""
        if target.kind == "relative":
            return assess.judge_relative(target, self.registers, self.denominators, self.series, self.today)
        return _SOURCES[target.source](self, target)

    @cached_property
    def registers(self) -> pd.DataFrame:
        """Entries of all registers."""
        return cast(pl.DataFrame, self.received.registers).to_pandas()

    @cached_property
    def denominators(self) -> pd.DataFrame:
        """Declared denominators."""
        return cast(pl.DataFrame, self.received.denominators).to_pandas()

    @cached_property
    def series(self) -> pd.DataFrame:
        """Series that others published."""
        return cast(pl.DataFrame, self.received.published_series).to_pandas()

    @cached_property
    def works(self) -> acceptance.Assessment:
        """Construction works, as their chapter assesses them."""
        aims = [one for one in read_targets() if one.source == "acceptance"]
        return acceptance.assess_works(
            self.received, self.place, str(self.period), self.cutoff, confidence=self.confidence,
            denominator=self.denominator, limits=counting.RoomLimits(), rectification_days=90, handling_days=60,
            targets=[
                {"measure": one.measure, "scale": next(iter(one.selector), None), "level": one.level,
                 "since": one.since.year if one.since else None}
                for one in aims
            ],
        )  # fmt: skip

    @cached_property
    def waves(self) -> satisfaction.Assessment | None:
        """Satisfaction, as its chapter assesses it; None without a survey."""
        if self.survey is None:
            return None
        aims = [
            {"sector": one.selector[0], "measure": one.measure, "level": one.level}
            for one in read_targets() if one.source == "satisfaction"
        ]  # fmt: skip
        return satisfaction.assess_survey(self.received, self.survey, self.place, str(self.period), aims)

    def judge_registered(self, target: Target) -> Outlook:
        """A target that registers answer."""
        if target.kind == "milestone":
            return assess.judge_milestone(target, self.registers, self.today)
        return assess.judge_registered(
            target, self.registers, self.denominators, self.today, confidence=self.confidence
        )

    def judge_acceptance(self, target: Target) -> Outlook:
        """A target of construction works."""
        if target.measure == "complaint_rate":
            return self._judge_complaints(target)
        return (
            self._judge_dwellings(target) if target.measure == "dwelling_rate" else self._judge_first(target)
        )

    def judge_satisfaction(self, target: Target) -> Outlook:
        """A score of a sector, wave by wave."""
        sector = target.selector[0]
        if self.waves is None or not self.waves.received:
            return assess.without_data(target)
        rows = self.waves.series("sector", target.measure)
        rows = rows[rows["sector"] == sector]
        days = self.received.respondents.group_by("wave").agg(pl.col("surveyed_on").max().alias("day"))
        last = {wave: min(day, self.today) for wave, day in days.iter_rows() if day is not None}
        known = rows[rows["wave"].isin(last)]
        return assess.judge_score(
            target,
            known.assign(
                day=[last[wave] for wave in known["wave"]], period=known["wave"], confidence=self.confidence
            ),
            self.today,
        )

    def in_own_unit(self, target: Target) -> Target:
        """The target in the unit that its figures have."""
        is_published = target.source == "series" and target.kind != "relative"
        return assess.in_published_unit(target, self.series, self.today) if is_published else target

    def judge_series(self, target: Target) -> Outlook:
        """A target that a published series answers."""
        return assess.judge_rise(target, self.series, self.today, confidence=self.confidence)

    def judge_none(self, target: Target) -> Outlook:
        """A target without an indicator."""
        return assess.without_indicator(target)

    def _window(self, target: Target) -> Period:
        """Year that a share is counted in: that of the deadline once it is over, else the year so far."""
        deadline = target.deadline
        if deadline and self.today >= deadline:
            return Period(deadline.year, "", 1)
        return YearToDate.ending(self.period)

    def _judge_first(self, target: Target) -> Outlook:
        scale, window = target.selector[0], self._window(target)
        projects = self.works.projects
        own = projects[projects["scale"].eq(scale)]
        years = self._years(window, own["first_accepted_on"])
        counts = counting.count_first_time(own, [window, *years], confidence=self.confidence)
        now = counts.iloc[0]
        passes, failures, unknown = (int(now[name]) for name in ("passes", "failures", "unknown"))
        verdict = counting.judge_count(
            passes, failures, unknown, float(target.level or 0),
            strays=counting.count_strays(projects, window, scale), is_over=self._is_over(target),
        )  # fmt: skip
        day = pd.to_datetime(own["first_accepted_on"])
        known = own["first_outcome"].notna()
        months = _by_month(day[known], self.today, own["first_outcome"].eq("pass")[known])
        return assess.judge_share(
            target, months, now.to_dict(), self._decided(target, window, verdict), _yearly(counts, "estimate"),
            self.today, confidence=self.confidence,
        )  # fmt: skip

    def _judge_dwellings(self, target: Target) -> Outlook:
        sheets, window = self.works.dwellings, self._window(target)
        years = self._years(window, sheets["accepted_on"])
        counts = counting.count_dwellings(sheets, [window, *years], confidence=self.confidence)
        now = counts.iloc[0]
        total, inspected = int(now["total"]), int(now["inspected"])
        verdict = counting.judge_count(
            inspected, total - inspected, 0, float(target.level or 0), is_over=self._is_over(target)
        )
        hidden = int(now["unusable"]) + counting.count_undated_incomplete(sheets)
        counted = {
            "period": now["period"], "n": total, "passes": inspected, "failures": total - inspected, "unknown": 0,
        }  # fmt: skip
        usable = sheets[sheets["dwellings_total"].notna() & sheets["dwellings_accepted"].notna()]
        complete = usable["dwellings_accepted"].eq(usable["dwellings_total"])
        months = _by_month(pd.to_datetime(usable["accepted_on"]), self.today, complete)
        outlook = assess.judge_share(
            target, months, counted,
            self._decided(target, window, "open" if verdict == "met" and hidden else verdict),
            _yearly(counts, "inspected_rate"), self.today, confidence=self.confidence,
        )  # fmt: skip
        # What is expected is the share of complete summaries, which is no rate of dwellings.
        return replace(outlook, expected_lower=np.nan, expected_upper=np.nan)

    def _judge_complaints(self, target: Target) -> Outlook:
        works = self.works
        if works.complaints.empty or not works.whole_years:
            return assess.without_data(target)
        if not works.has_rates:
            return assess.without_data(target, "no_denominator")
        rates, since = works.complaint_rates, target.since.year if target.since else None
        verdict: str = counting.judge_falling(rates, since)
        if works.whole_years[-1] < works.last_past_year and verdict.startswith("fell"):
            verdict = "cannot_be_stated"
        outlook = assess.judge_fall(target, rates, verdict, works.dispersion.found)
        return replace(outlook, confidence=self.confidence)

    def _is_over(self, target: Target) -> bool:
        return target.deadline is not None and self.today >= target.deadline

    def _decided(self, target: Target, window: Period, verdict: str) -> Any:
        """The verdict; what an earlier year counted decides nothing of the year of the deadline."""
        return "running" if target.deadline and window.year < target.deadline.year else verdict

    def _years(self, window: Period, days: pd.Series) -> list[Period]:
        """Years before a window, newest first, as far as records go back."""
        earliest = pd.to_datetime(days).min()
        first = window.year if pd.isna(earliest) else max(earliest.year, window.year - YEARS_SHOWN + 1)
        return [Period(year, "", 1) for year in range(window.year - 1, first - 1, -1)]

    def sources_of(self, target: Target) -> tuple[str, ...]:
        """Ids of the files behind a value."""
        table = _TABLES.get(target.measure, "registers")
        rows = getattr(self.received, table)
        if table in ("registers", "published_series"):
            column = "register" if table == "registers" else "series"
            rows = rows.filter(pl.col(column).is_in(target.selector))
        return tuple(sorted(rows["source_id"].unique()))


_SOURCES: dict[str, Callable[[Records, Target], Outlook]] = {
    "registers": Records.judge_registered,
    "acceptance": Records.judge_acceptance,
    "satisfaction": Records.judge_satisfaction,
    "series": Records.judge_series,
    "none": Records.judge_none,
}
_TABLES = {
    "first_time_rate": "projects", "dwelling_rate": "dwellings", "complaint_rate": "complaints",
    "index": "respondents", "": "published_series",
}  # fmt: skip


def _by_month(days: pd.Series, until: date, passed: pd.Series) -> pd.DataFrame:
    """``n, passes`` of every month from the first on, gaps filled with zeros."""
    inside = days.notna() & (days <= pd.Timestamp(until))
    if not inside.any():
        return pd.DataFrame({"n": [], "passes": []})
    months = days[inside].dt.to_period("M")
    every = pd.period_range(months.min(), pd.Timestamp(until), freq="M")
    counted = pd.DataFrame({"n": 1, "passes": passed[inside].astype(int)}).groupby(months).sum()
    return counted.reindex(every, fill_value=0).reset_index(drop=True)


def _yearly(counts: pd.DataFrame, name: str) -> pd.DataFrame:
    """Values of the years, oldest first; years without are left out."""
    rows = counts.iloc[::-1]
    periods = rows["period"].astype(str)
    days = [date(int(one[:4]), 12, 31) for one in periods]
    table = pd.DataFrame(
        {"day": days, "period": periods.tolist(), "value": rows[name].astype(float).tolist()}
    )
    return table.dropna(subset="value").reset_index(drop=True)

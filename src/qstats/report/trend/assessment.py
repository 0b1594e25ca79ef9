"""What does the chapter on trends state? All series of a run with their trends, breaks, effects and outlooks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from qstats import trend as assess
from qstats.codebook import Text, text
from qstats.estimation import Scope
from qstats.periods import Period
from qstats.report.trend.gather import (
    BY_COUNTY,
    BY_QUARTER,
    COMPLAINTS,
    DWELLINGS,
    FIRST_TIME,
    NOTHING,
    PASS_RATE,
    SATISFACTION,
    Gathered,
    gather_inspections,
    label_of,
)
from qstats.report.trend.gather_streams import gather_published, gather_survey, gather_works
from qstats.satisfaction import Survey

HEADLINES = (PASS_RATE, FIRST_TIME, DWELLINGS, COMPLAINTS)
"""Indicators of the city whose direction the first sentence gives, in order."""

FORECAST = (BY_QUARTER, FIRST_TIME)
OWN = (PASS_RATE, BY_QUARTER, BY_COUNTY, FIRST_TIME, DWELLINGS, COMPLAINTS, SATISFACTION)


@dataclass(frozen=True)
class Assessment:
    """Trends of a place up to the end of a period, with all that the chapter says of them.

    Attributes
    ----------
    place : dict
    period : Period
    cutoff : date
    rules : Rules
    horizon : int
        Quarters ahead of the period that are forecast.
    interventions : sequence of mapping
        ``on, kind, name, series``.
    gathered : Gathered
    denominator : str
        What complaints are counted per.
    """

    place: Text
    period: Period
    cutoff: date
    rules: assess.Rules
    horizon: int
    interventions: Sequence[Mapping[str, Any]]
    gathered: Gathered
    denominator: str = "dwellings_delivered"

    @property
    def per_label(self) -> Text:
        """What complaints are related to, as a sentence adds it; a month where no denominator is declared."""
        if self.gathered.per <= 1:
            return {"zh": "每月", "en": " a month"}
        per = text("denominator", self.denominator)
        return {"zh": per["zh"], "en": f" {per['en']}"}

    @property
    def level(self) -> str:
        """Confidence of all intervals as it is written: ``95%``."""
        return f"{100 * self.rules.confidence:g}%"

    @property
    def events(self) -> list[assess.Event]:
        """Named events before the end of the period, oldest first."""
        listed = [
            assess.Event(
                date.fromisoformat(str(one["on"])),
                str(one["kind"]),
                tuple(one.get("series") or ()),
                tuple(one.get("counties") or ()),
            )
            for one in self.interventions
        ]
        return sorted((one for one in listed if one.on <= self.period.end), key=lambda one: one.on)

    def name_of(self, event: assess.Event) -> Text:
        """Name of an event as it was declared."""
        own = (str(event.on), event.kind)
        return next(dict(one["name"]) for one in self.interventions if (str(one["on"]), one["kind"]) == own)

    @cached_property
    def series(self) -> pd.DataFrame:
        """Every series, cut where its definition changed."""
        return assess.cut_at_definitions(self.gathered.series, self.events)

    @property
    def received(self) -> bool:
        """Whether there is any series to speak of."""
        return len(self.series) > 0

    def rows_of(self, series: str, group: str = "") -> pd.DataFrame:
        """All periods of one series."""
        if not self.received:
            return pd.DataFrame(columns=list(assess.COLUMNS))
        return self.series[(self.series["series"] == series) & (self.series["group"] == group)]

    @cached_property
    def breaks(self) -> pd.DataFrame:
        """Breaks of every series but the quarterly ones that repeat a monthly one."""
        return assess.tabulate_breaks(self._modelled, self.rules)

    @property
    def _modelled(self) -> pd.DataFrame:
        return self.series[self.series["series"] != BY_QUARTER] if self.received else self.series

    @cached_property
    def trends(self) -> pd.DataFrame:
        """Trend of every series and group with its verdict."""
        return assess.tabulate_trends(
            self._modelled, self.breaks, self.rules, starts=assess.find_starts(self._modelled, self.events),
            cells=self.gathered.cells, standardised=self.gathered.standardised,
        )  # fmt: skip

    def trend_of(self, series: str, group: str = "") -> dict[str, Any] | None:
        """Trend of one series; None where it was not received."""
        return _row(self.trends, series, group)

    def bends(self, series: str, group: str = "") -> bool:
        """Whether the course of a series is no straight one."""
        row = self.trend_of(series, group)
        return row is not None and assess.is_bent(row, self.rules)

    def break_of(self, series: str, group: str = "") -> dict[str, Any] | None:
        """Search for breaks in one series."""
        return _row(self.breaks, series, group)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Fitted lines of all trends."""
        return assess.draw_lines(self._modelled, self.trends, self.rules)

    def line_of(self, series: str, group: str = "") -> pd.DataFrame:
        """Fitted line of one series."""
        lines = self.lines
        return lines[(lines["series"] == series) & (lines["group"] == group)]

    @cached_property
    def line_at_one_mix(self) -> pd.DataFrame:
        """Fitted line of the city's pass rate at the average mix, as far as the crude one goes."""
        table, crude = self.gathered.standardised.get(PASS_RATE), self.line_of(PASS_RATE)
        if table is None or table.empty or crude.empty:
            return pd.DataFrame(columns=["time", "fitted"])
        rows = table[(table["mix"] == "average") & (table["release"] == "final") & table["passed"].notna()]
        rows = rows[rows["time"] >= crude["time"].min() - 0.1]
        return (
            assess.draw_line(rows, self.rules, bent=self.bends(PASS_RATE))
            if len(rows) >= 8
            else pd.DataFrame(columns=["time", "fitted"])
        )

    @cached_property
    def at_mixes(self) -> pd.DataFrame:
        """Slopes of the city's pass rate at each mix; no rows without a mix."""
        table = self.gathered.standardised.get(PASS_RATE)
        if table is None or table.empty:
            return pd.DataFrame(columns=["mix", "periods", "slope", "change", "change_lower", "change_upper"])
        since = (self.trend_of(PASS_RATE) or {}).get("since", "")
        return assess.slopes_at_mixes(table, self.rules, since=since)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Effect of every event on every series of counts."""
        own = self._modelled
        named = {name for event in self.events for name in event.series}
        counted = (
            own[(own["family"] != "figure") & own["series"].isin([*OWN, *named])] if self.received else own
        )
        average = {
            name: table[table["mix"] == "average"]
            for name, table in self.gathered.standardised.items()
            if len(table)
        }
        return assess.tabulate_effects(counted, self.events, self.rules, standardised=average)

    @cached_property
    def outlooks(self) -> dict[str, assess.Outlook]:
        """Outlook of each series that is forecast and was received."""
        return {name: self._outlook(name) for name in FORECAST if len(self.rows_of(name))}

    def _outlook(self, name: str) -> assess.Outlook:
        rows = assess.used_rows(self.series, name)
        own = self.rows_of(name)
        awaited = int((own["time"] > rows["time"].max()).sum()) if len(rows) else 0
        return assess.forecast_series(rows, horizon=self.horizon + awaited, rules=self.rules)

    @property
    def counties(self) -> list[str]:
        """Codes of the counties with a series, the largest first."""
        if not self.received:
            return []
        rows = self.series[self.series["series"] == BY_COUNTY]
        return [
            str(code)
            for code in rows.groupby("group")["counted"]
            .sum()
            .sort_values(ascending=False, kind="stable")
            .index
        ]

    @property
    def published(self) -> pd.DataFrame:
        """Trends of series that others published."""
        return self.trends[~self.trends["series"].isin(OWN)] if self.received else self.trends

    @property
    def stretches(self) -> pd.DataFrame:
        """What is known of published series, stretch by stretch; no rows where nothing was declared."""
        return self.gathered.published

    def step_of(self, series: str, group: str = "") -> float:
        """Step that published figures were rounded to; NaN where it is not known."""
        row = _row(self.stretches, series, group)
        return float(row["rounded_to"]) if row else float("nan")

    def label(self, series: str) -> Text:
        """Name of a series."""
        return label_of(series, self.gathered.labels)

    def headlines(self) -> Iterator[dict[str, Any]]:
        """Trends of the city's own indicators, in order."""
        found = (self.trend_of(name) for name in HEADLINES)
        return (row for row in found if row is not None)


def _row(table: pd.DataFrame, series: str, group: str) -> dict[str, Any] | None:
    if table.empty:
        return None
    found = table[(table["series"] == series) & (table["group"] == group)]
    return dict(found.iloc[0]) if len(found) else None


def assess_trends(
    received: Any, place: Text, period: str, cutoff: str, scope: Scope, rules: assess.Rules, *,
    listed_from: float, complete_from: float, denominator: str, survey: Survey | None, horizon: int,
    interventions: Sequence[Mapping[str, Any]],
) -> Assessment:  # fmt: skip
    """Assessment of trends from the clean tables of a run.

    Parameters
    ----------
    received : RunTables
    place : dict
    period, cutoff : str
    scope : Scope
        Batches of the pass rate.
    rules : Rules
    listed_from, complete_from : float
        Share of declared batches that a source must hold, of results from which a period is complete.
    denominator : str
        What complaints are counted per.
    survey : Survey, optional
    horizon, interventions
        As `Assessment` has them.
    """
    own, closed = Period.parse(period), date.fromisoformat(cutoff)
    gathered = NOTHING
    for part in (
        gather_inspections(received, own, scope, listed_from=listed_from, complete_from=complete_from),
        gather_works(received, own, closed, denominator=denominator, complete_from=complete_from),
        gather_survey(received, own, survey),
        gather_published(received.published_series, own),
    ):
        gathered = gathered.joined(part)
    return Assessment(place, own, closed, rules, horizon, interventions, gathered, denominator)

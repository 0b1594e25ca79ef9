"""What do the circular and the pages of counties state? All counties in the newest whole assessment year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from qstats import county_assessment as assess
from qstats.codebook import Text
from qstats.periods import Period, TwelveMonths
from qstats.reference import county_name
from qstats.report.competitiveness.assessment import City
from qstats.report.competitiveness.gather import StreamRules
from qstats.report.county_assessment.gather import measure_year
from qstats.report.findings import Release
from qstats.scheme_registry import BONUS, DEDUCTION, Scheme, read_scheme

WITHOUT_DATA = ("base_score", "no_data")
"""Status of items for which a county has no data, or too few."""
_EXTRA: dict[str, Text] = {
    BONUS: {"zh": "加分", "en": "Bonus"}, DEDUCTION: {"zh": "扣分", "en": "Deductions"},
}  # fmt: skip


@dataclass(frozen=True)
class YearOfCounties:
    """Scorecards and totals of one assessment year, with what they rest on besides what is measured.

    ``awaited``: counties of which results of samples, or decisions on appeals, are still to come.
    """

    year: TwelveMonths
    cards: assess.Scorecards
    totals: pd.DataFrame
    entered: assess.Entered
    incidents: pd.DataFrame
    awaited: frozenset[str]


@dataclass(frozen=True)
class Assessment:
    """All counties by one scheme in an assessment year, beside the year before.

    Attributes
    ----------
    place : dict
    scheme : Scheme
    names : dict
        Counties by code.
    now, before : YearOfCounties
    confidence : float
    files : dict
        Names of the files received by ``source_id``.
    """

    place: Text
    scheme: Scheme
    names: Mapping[str, Text]
    now: YearOfCounties
    before: YearOfCounties
    confidence: float
    files: Mapping[str, str]

    @property
    def level(self) -> str:
        """Confidence as it is written."""
        return f"{100 * self.confidence:g}%"

    @property
    def when(self) -> Text:
        """The assessment year in words."""
        first, last = self.now.cards.window
        return {
            "zh": f"{first.year}年{first.month}月至{last.year}年{last.month}月",
            "en": f"{first:%B %Y} to {last:%B %Y}",
        }

    @property
    def totals(self) -> pd.DataFrame:
        """Totals, highest first; those refused last."""
        return self.now.totals

    @cached_property
    def by_county(self) -> dict[str, dict[str, Any]]:
        """Total of each county."""
        return _by_county(self.totals)

    @cached_property
    def by_county_before(self) -> dict[str, dict[str, Any]]:
        """Total of each county in the year before."""
        return _by_county(self.before.totals)

    @property
    def stated(self) -> pd.DataFrame:
        """Totals that are stated."""
        return self.totals[self.totals["status"] == "stated"]

    @property
    def grades(self) -> tuple[str, ...]:
        """Grades from the highest."""
        return tuple(band.grade for band in self.scheme.bands)

    @property
    def limits(self) -> tuple[float, ...]:
        """Least totals of the grades; no total is printed as one that it misses."""
        return tuple(band.lower for band in self.scheme.bands)

    def counties_of(self, grade: str) -> list[str]:
        """Counties with a grade, highest first."""
        return self.totals.loc[self.totals["grade"] == grade, "county_code"].tolist()

    @property
    def ungraded(self) -> list[str]:
        """Counties without a grade: no total and no veto."""
        return self.totals.loc[self.totals["grade"].isna(), "county_code"].tolist()

    def vetoes_of(self, county: str) -> list[Text]:
        """What decided the grade of a county whatever its points; empty where nothing did."""
        vetoes = self.now.cards.vetoes
        codes = set(vetoes.loc[vetoes["county_code"] == county, "veto"])
        return [one.label.text for one in self.scheme.veto if one.code in codes]

    @cached_property
    def point_rows(self) -> pd.DataFrame:
        """Rows behind points."""
        return self._traced(vetoes=False)

    @cached_property
    def veto_rows(self) -> pd.DataFrame:
        """Rows behind vetoes; one that takes points too stands among `point_rows` as well."""
        return self._traced(vetoes=True)

    def _traced(self, *, vetoes: bool) -> pd.DataFrame:
        traces = self.now.cards.traces
        return traces[traces["item"].isin([one.code for one in self.scheme.veto]) == vetoes]

    def incidents_behind_veto(self, county: str) -> list[dict[str, Any]]:
        """Incidents that decided the grade of a county, by day."""
        lines = self.veto_rows.loc[self.veto_rows["county_code"] == county, "source_row"]
        incidents = self.now.incidents
        found = incidents[incidents["source_row"].isin(lines)].sort_values(["occurred_on", "incident_id"])
        return [{str(name): value for name, value in row.items()} for row in found.to_dict("records")]

    def release(self, *counties: str) -> Release:
        """Provisional while something is still to come of one of the counties (of any, where none is named)."""
        return "provisional" if self.now.awaited & set(counties or self.names) else "final"

    @property
    def unsure(self) -> list[str]:
        """Counties whose grade sampling errors leave open."""
        open_ones = self.stated[self.stated["best_grade"] != self.stated["worst_grade"]]
        return open_ones["county_code"].tolist()

    def label(self, item: str) -> Text:
        """Label of an item, bonus, deduction or veto."""
        known = (*self.scheme.everything, *self.scheme.veto)
        return next(one.label.text for one in known if one.code == item)

    def section_label(self, section: str) -> Text:
        """Label of a section, of the bonus or the deductions."""
        if section in _EXTRA:
            return _EXTRA[section]
        return next(one.label.text for one in self.scheme.sections if one.code == section)

    def card(self, county: str, year: YearOfCounties | None = None) -> pd.DataFrame:
        """Scores of one county."""
        scores = (year or self.now).cards.scores
        return scores[scores["county_code"] == county].reset_index(drop=True)

    def comparable(self, county: str, count: int = 3) -> list[str]:
        """Counties of the same kind, by code: districts and counties beside each other, zones beside zones."""
        kind = county[4].isalpha()
        same = [code for code in self.names if code != county and code[4].isalpha() == kind]
        own = self.by_county[county]["points"]
        stated = {row["county_code"]: row["points"] for row in self.stated.to_dict("records")}
        near = [code for code in same if code in stated]
        return sorted(near, key=lambda code: abs(stated[code] - own))[:count] if own == own else near[:count]


def _by_county(totals: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Totals by county; a grade that is not there is None."""
    grades = [name for name in totals.columns if "grade" in name]
    return {
        row["county_code"]: row | {name: row[name] if isinstance(row[name], str) else None for name in grades}
        for row in totals.to_dict("records")
    }


def assess_counties(
    received: Any, city: City, streams: StreamRules, *, scheme: str, confidence: float
) -> Assessment:
    """Counties of a city by a scheme, from the clean tables of a run.

    Parameters
    ----------
    received : RunTables
    city : City
    streams : StreamRules
        How its streams are assessed.
    scheme : str
        Id in ``data/reference/schemes``.
    confidence : float
    """
    rules = read_scheme(scheme)
    until = min(Period.parse(city.period).end, date.fromisoformat(city.cutoff))
    _, last = rules.last_year(until)
    year = TwelveMonths.ending(Period(last.year, "Q", (last.month + 2) // 3))
    names = {code: county_name(code) for code in city.counties}
    now, before = (
        _of_year(received, rules, one, streams, tuple(names), confidence) for one in (year, year.last_year())
    )
    files = dict(received.sources.select("source_id", "file").iter_rows())
    return Assessment(city.place, rules, names, now, before, confidence, files)


def _of_year(
    received: Any, scheme: Scheme, year: TwelveMonths, streams: StreamRules, counties: tuple[str, ...],
    confidence: float,
) -> YearOfCounties:  # fmt: skip
    measured, traces, waiting = measure_year(received, streams, year, counties, confidence)
    window = (year.start, year.end)
    entered = assess.settle_evidence(
        received.assessment_evidence.to_pandas(), scheme.id, f"{year.start}/{year.end}"
    )
    incidents = received.incidents.to_pandas()
    cards = assess.score_counties(scheme, counties, measured, traces, entered, incidents, window)
    pending = entered.appeals.loc[entered.appeals["decision"] == "pending", "county_code"]
    awaited = waiting | set(pending)
    return YearOfCounties(year, cards, assess.total_counties(cards), entered, incidents, awaited)

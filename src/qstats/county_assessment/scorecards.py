"""How many points has each county in each item, between which limits, and from which rows?

Measured items take a table of values with their limits; points at the limits are the limits of the points,
since every formula rises (or falls) throughout. An item whose measure has no data earns its base score
where the scheme gives one; where it gives none, the points are unknown and the total cannot be stated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from qstats.county_assessment.events import count_deductions, find_vetoes
from qstats.county_assessment.evidence import Entered
from qstats.county_assessment.formulas import points_of
from qstats.scheme_registry import BONUS, DEDUCTION, Item, Scheme

SCORES = (
    "county_code", "section", "item", "status", "measure", "value", "lower", "upper", "n", "basis", "points",
    "points_lower", "points_upper", "most", "points_before_appeals", "source_table",
)  # fmt: skip
TRACES = ("county_code", "item", "source_table", "source_id", "source_row")
INCIDENT_FILE, EVIDENCE_FILE = "incidents.csv", "assessment_evidence.csv"
"""What a trace names as source of rows that the bureau itself keeps."""


@dataclass(frozen=True, eq=False)
class Scorecards:
    """Points of all counties in one assessment year.

    Attributes
    ----------
    scheme : Scheme
    window : (date, date)
        First and last day of the assessment year.
    scores : DataFrame
        One row for each county and item, bonus and deduction (columns ``SCORES``). ``status``: ``scored``,
        ``base_score``, ``no_data``, ``evidence``, ``no_evidence``, ``appealed``, ``bonus``, ``deduction``;
        ``points_before_appeals``: without decisions on appeals. Points by a decision rest on its entry alone:
        ``value`` is what had been measured, ``n`` is unknown.
    traces : DataFrame
        Rows that each point and each veto came from (columns ``TRACES``); a veto stands under its code.
    vetoes : DataFrame
        ``county_code, veto, grade, rows``.
    """

    scheme: Scheme
    window: tuple[date, date]
    scores: pd.DataFrame
    traces: pd.DataFrame
    vetoes: pd.DataFrame


def score_counties(
    scheme: Scheme, counties: Sequence[str], measured: pd.DataFrame, traces: pd.DataFrame, entered: Entered,
    incidents: pd.DataFrame, window: tuple[date, date],
) -> Scorecards:  # fmt: skip
    """Points of all counties by a scheme.

    Parameters
    ----------
    scheme : Scheme
    counties : sequence of str
    measured : DataFrame
        ``county_code, measure, value, lower, upper, n, basis, source_table``; of a complete count both limits
        are the value. What is not there has no data.
    traces : DataFrame
        ``county_code, measure, source_table, source_id, source_row``: rows behind each value.
    entered : Entered
    incidents : DataFrame
        The table ``incidents``.
    window : (date, date)
    """
    book = _Book(scheme, measured, traces, entered, incidents, window)
    rows, followed = [], []
    for county in counties:
        for row, lines in book.card(county):
            rows.append(row)
            followed += [(county, row["item"], *line) for line in lines]
    vetoes = []
    for county in counties:
        for code, grade, found in find_vetoes(scheme, incidents, window, county):
            vetoes.append((county, code, grade, ",".join(map(str, found))))
            followed += [(county, code, *_line_of_incident(line)) for line in found]
    return Scorecards(
        scheme, window,
        pd.DataFrame(rows, columns=list(SCORES)), pd.DataFrame(followed, columns=list(TRACES)),
        pd.DataFrame(vetoes, columns=["county_code", "veto", "grade", "rows"]),
    )  # fmt: skip


Row = dict[str, Any]
Line = tuple[str, str, int]
"""Table, source and line of a row."""


class _Book:
    """What is known of all counties, by county and by item or measure."""

    def __init__(
        self, scheme: Scheme, measured: pd.DataFrame, traces: pd.DataFrame, entered: Entered,
        incidents: pd.DataFrame, window: tuple[date, date],
    ) -> None:  # fmt: skip
        self.scheme, self.incidents, self.window = scheme, incidents, window
        self.values = {(row["county_code"], row["measure"]): row for row in measured.to_dict("records")}
        self.lines: dict[tuple[str, str], list[Line]] = {}
        for county, measure, *line in traces[["county_code", "measure", *TRACES[2:]]].itertuples(index=False):
            self.lines.setdefault((county, measure), []).append((line[0], line[1], int(line[2])))
        self.evidence, self.decisions = (
            {(row["county_code"], row["item"]): row for row in table.to_dict("records")}
            for table in (entered.evidence, entered.decisions)
        )

    def card(self, county: str) -> Iterator[tuple[Row, list[Line]]]:
        """Rows of one county with the lines behind each: items, bonus, deductions."""
        for section in self.scheme.sections:
            for item in section.items:
                row, lines = self._item(item, county)
                yield row | {"section": section.code}, lines
        yield from self._bonus(county)
        yield from self._deductions(county)

    def _item(self, item: Item, county: str) -> tuple[Row, list[Line]]:
        """An item before and after decisions on appeals."""
        scored = self._by_evidence if item.formula == "evidence" else self._by_measure
        row, lines = scored(item, county)
        decided = self.decisions.get((county, item.code))
        if decided is None:
            return row, lines
        points = float(decided["points"])
        changed = dict.fromkeys(("points", "points_lower", "points_upper"), points)
        # What a decision replaces counts no longer: the value stays to be read, without the rows behind it.
        told = {"status": "appealed", "n": np.nan, "source_table": "assessment_evidence"}
        return row | changed | told, [_line_of_entry(decided)]

    def _by_evidence(self, item: Item, county: str) -> tuple[Row, list[Line]]:
        entry = self.evidence.get((county, item.code))
        if entry is None:
            return _row(county, item.code, "no_evidence", item.points, 0.0), []
        row = _row(county, item.code, "evidence", item.points, float(entry["points"]))
        return row | {"source_table": "assessment_evidence"}, [_line_of_entry(entry)]

    def _by_measure(self, item: Item, county: str) -> tuple[Row, list[Line]]:
        found = self.values.get((county, str(item.measure)))
        if found is None or not np.isfinite(found["value"]):
            known = item.base is not None
            row = _row(county, item.code, "base_score" if known else "no_data", item.points,
                       float(item.base or 0) if known else np.nan)  # fmt: skip
            return row | {"measure": item.measure}, []
        low, high = sorted(points_of(item, float(found[end])) for end in ("lower", "upper"))
        row = _row(county, item.code, "scored", item.points, points_of(item, float(found["value"])))
        told = {name: found[name] for name in ("value", "lower", "upper", "n", "basis", "source_table")}
        limits = {"measure": item.measure, "points_lower": low, "points_upper": high}
        return row | told | limits, self.lines.get((county, str(item.measure)), [])

    def _bonus(self, county: str) -> Iterator[tuple[Row, list[Line]]]:
        bonus = self.scheme.bonus
        left = bonus.most if bonus else 0.0
        for item in bonus.items if bonus else ():
            found = self.values.get((county, item.measure), {"value": 0.0, "source_table": None})
            points = min(item.per_event * float(np.nan_to_num(found["value"])), left)
            left -= points
            row = _row(county, item.code, "bonus", bonus.most if bonus else 0.0, points)
            told = {"section": BONUS, "measure": item.measure} | {
                n: found[n] for n in ("value", "source_table")
            }
            yield row | told, self.lines.get((county, item.measure), [])

    def _deductions(self, county: str) -> Iterator[tuple[Row, list[Line]]]:
        most = self.scheme.deductions.most if self.scheme.deductions else 0.0
        for code, points, found in count_deductions(self.scheme, self.incidents, self.window, county):
            row = _row(county, code, "deduction", most, points)
            told = {"section": DEDUCTION, "value": float(len(found)), "source_table": "incidents"}
            yield row | told, [_line_of_incident(line) for line in found]


def _row(county: str, item: str, status: str, most: float, points: float) -> Row:
    return {
        "county_code": county, "item": item, "status": status, "most": most, "points": points,
        "points_lower": points, "points_upper": points, "points_before_appeals": points, "measure": None,
        "value": np.nan, "lower": np.nan, "upper": np.nan, "n": np.nan, "basis": "census",
        "source_table": None,
    }  # fmt: skip


def _line_of_incident(line: int) -> Line:
    return "incidents", INCIDENT_FILE, line


def _line_of_entry(entry: Row) -> Line:
    return "assessment_evidence", EVIDENCE_FILE, int(entry["source_row"])

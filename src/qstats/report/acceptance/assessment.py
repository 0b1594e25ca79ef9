"""What does the chapter on construction works state? The records of a period, counted and followed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.methods.event_rates import Dispersion
from qstats.periods import Period, Window, YearToDate
from qstats.report.acceptance.names import EVERY, Span, scale_of

YEARS_SHOWN = 5


@dataclass(frozen=True)
class Assessment:
    """Acceptance of construction works in a period, with all that the chapter says of it.

    Attributes
    ----------
    place : dict
    period : Period
    cutoff : date
        Day on which the data was closed: open cases are followed until then.
    projects, dwellings, measurements, complaints, denominators, sources : DataFrame
        Clean tables.
    confidence : float
    denominator : {"dwellings_delivered", "projects"}
        What complaints are counted per.
    limits : RoomLimits
    rectification_days, handling_days : int
        Days within which a failed project should be accepted, a complaint closed.
    targets : sequence of mapping
        ``measure, scale, level, since``.
    """

    place: Text
    period: Period
    cutoff: date
    projects: pd.DataFrame
    dwellings: pd.DataFrame
    measurements: pd.DataFrame
    complaints: pd.DataFrame
    denominators: pd.DataFrame
    sources: pd.DataFrame
    confidence: float
    denominator: str
    limits: assess.RoomLimits
    rectification_days: int
    handling_days: int
    targets: Sequence[Mapping[str, Any]]

    @property
    def year(self) -> YearToDate:
        """The calendar year up to the end of the period."""
        return YearToDate.ending(self.period)

    @property
    def is_part_of_year(self) -> bool:
        """Whether the period is only a part of its year so far."""
        return str(self.period) != str(self.year)

    def is_over(self, window: Window) -> bool:
        """Whether the data was closed after the window ended: before, a count may still change."""
        return self.cutoff >= window.end

    @property
    def windows(self) -> list[Period]:
        """The period, then its year so far and the years before, as far as projects are on record."""
        return self._windows(self.projects["first_accepted_on"])

    def _windows(self, days: pd.Series) -> list[Period]:
        earliest = pd.to_datetime(days).min()
        first = (
            self.period.year if pd.isna(earliest) else max(earliest.year, self.period.year - YEARS_SHOWN + 1)
        )
        before = [Period(year, "", 1) for year in range(self.period.year - 1, first - 1, -1)]
        own: list[Period] = [self.period] if self.is_part_of_year else []
        return [*own, self.year, *before]

    @property
    def last_past_year(self) -> int:
        """Newest year that was over when the data was closed, at the end of the period."""
        is_past = self.year.is_whole and self.is_over(self.year)
        return self.period.year if is_past else self.period.year - 1

    @cached_property
    def whole_years(self) -> list[int]:
        """Whole years up to the period that the register of complaints covers, at most `YEARS_SHOWN`."""
        last = self.last_past_year
        begin = min(
            (one["since"] for one in self.targets_of("complaint_rate") if one.get("since")), default=last
        )
        most = max(YEARS_SHOWN, last - begin + 1)
        return assess.whole_years(pd.to_datetime(self.complaints["opened_on"]), last, most=most)

    @property
    def part_years(self) -> list[int]:
        """Years with complaints that are left out of comparisons: the register has a gap in them or after."""
        opened = pd.to_datetime(self.complaints["opened_on"]).dropna().dt.year
        shown = range(self.last_past_year - YEARS_SHOWN + 1, self.last_past_year + 1)
        return [year for year in shown if (opened == year).any() and year not in self.whole_years]

    @property
    def silent_years(self) -> list[int]:
        """Past years after the first complaint without any on record, that no comparison takes for zeros."""
        opened = pd.to_datetime(self.complaints["opened_on"]).dropna().dt.year
        past = range(int(opened.min()), self.last_past_year + 1) if len(opened) else range(0)
        return [year for year in past if not (opened == year).any() and year not in self.whole_years]

    @cached_property
    def by_scale(self) -> pd.DataFrame:
        """First-time acceptance of each scale and of all projects in every window; ``scale`` may be `EVERY`.

        Projects of unstated scale have rows in those windows only in which there are any.
        """
        count = assess.count_first_time
        parts = [count(self.projects, self.windows, confidence=self.confidence).assign(scale=EVERY)]
        if self.projects["scale"].notna().any():
            told = count(self.projects, self.windows, "scale", confidence=self.confidence)
            parts.insert(0, told[told["scale"].ne(assess.UNKNOWN) | told["status"].ne("no_data")])
        return pd.concat(parts, ignore_index=True)

    @property
    def scales(self) -> list[str]:
        """Scales to be shown: those on record in the order of the codebook, all together last."""
        found = set(self.by_scale["scale"])
        return [code for code in ("large_medium", "other", "", EVERY) if code in found]

    @property
    def named_scales(self) -> list[str]:
        """Scales that a chart tells apart: all projects where the register names none."""
        return [code for code in self.scales if code not in (EVERY, assess.UNKNOWN)] or [EVERY]

    def row_of(self, scale: str, window: Period) -> dict[str, Any]:
        """Count of one scale in one window; zeros where none is on record."""
        table = self.by_scale
        found = table[(table["scale"] == scale) & (table["period"] == str(window))]
        if len(found):
            return dict(found.iloc[0])
        empty = assess.count_first_time(self.projects.iloc[:0], [window], confidence=self.confidence)
        return dict(empty.iloc[0]) | {"scale": scale}

    @property
    def first_time_aims(self) -> list[Mapping[str, Any]]:
        """Targets of first-time acceptance; before them all projects, where no target can be told by scale."""
        targets = list(self.targets_of("first_time_rate"))
        if self.scales == [EVERY] and all(scale_of(one) != EVERY for one in targets):
            return [{"measure": "first_time_rate", "scale": None, "level": None}, *targets]
        return targets or [{"measure": "first_time_rate", "scale": None, "level": None}]

    def strays(self, scale: str, window: Period) -> int:
        """Projects not known to have passed that may belong to a window and scale, without day or scale."""
        return assess.count_strays(self.projects, window, None if scale == EVERY else scale)

    def without_scale(self, window: Period) -> int:
        """Projects first accepted in a window that state no scale."""
        days = pd.to_datetime(self.projects["first_accepted_on"])
        inside = days.between(pd.Timestamp(window.start), pd.Timestamp(window.end))
        return int((inside & self.projects["scale"].isna()).sum())

    def judge(self, scale: str, window: Period, level: float) -> assess.CountVerdict:
        """Verdict on the count of one scale in one window."""
        row = self.row_of(scale, window)
        passes, failures, unknown = (int(row[name]) for name in ("passes", "failures", "unknown"))
        return assess.judge_count(
            passes, failures, unknown, level,
            strays=self.strays(scale, window), is_over=self.is_over(window),
        )  # fmt: skip

    @cached_property
    def by_county(self) -> pd.DataFrame:
        """First-time acceptance by county over the year so far."""
        return assess.count_first_time(
            self.projects, [self.year], "county_code", confidence=self.confidence
        ).assign(county_code=lambda table: table["county_code"].astype(str))

    @cached_property
    def sheets(self) -> pd.DataFrame:
        """Dwellings of each window."""
        windows = self._windows(self.dwellings["accepted_on"])
        return assess.count_dwellings(self.dwellings, windows, confidence=self.confidence)

    def sheets_of(self, window: Period) -> dict[str, Any]:
        """Dwellings of one window."""
        return dict(self.sheets[self.sheets["period"] == str(window)].iloc[0])

    @cached_property
    def rooms(self) -> pd.DataFrame:
        """Rooms within their limits in each window."""
        windows = self._windows(self.measurements["measured_on"])
        return assess.assess_rooms(self.measurements, windows, self.limits, confidence=self.confidence)

    @cached_property
    def failed_projects(self) -> pd.DataFrame:
        """Followed cases of all windows: from a failed first acceptance to the final one."""
        return assess.follow_rectification(self.projects, self.span, self.cutoff)

    @cached_property
    def handled(self) -> dict[str, pd.DataFrame]:
        """Followed complaints of the year so far and of the year before, by period."""
        windows = [self.year, self.year.shift(-1)]
        return {str(one): assess.follow_complaints(self.complaints, one, self.cutoff) for one in windows}

    @property
    def span(self) -> Span:
        """All windows together."""
        return Span.over(self.windows)

    @cached_property
    def exposure(self) -> dict[int, float]:
        """Declared denominator of each whole year."""
        return assess.declared_exposure(self.denominators, self.denominator, self.whole_years)

    @property
    def has_rates(self) -> bool:
        """Whether complaints are related to a declared denominator in the newest whole year."""
        return bool(self.whole_years) and self.whole_years[-1] in self.exposure

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Complaints by year and month."""
        return assess.count_by_month(self.complaints, self.whole_years)

    @cached_property
    def complaint_rates(self) -> pd.DataFrame:
        """Complaints of each whole year: rates where a denominator is declared, else counts."""
        return self._complaints_and_dispersion[0]

    @property
    def dispersion(self) -> Dispersion:
        """How much months scatter."""
        return self._complaints_and_dispersion[1]

    @cached_property
    def _complaints_and_dispersion(self) -> tuple[pd.DataFrame, Dispersion]:
        exposure = self.exposure if self.has_rates else {}
        per = assess.PER[self.denominator] if self.has_rates else 1
        return assess.estimate_complaint_rates(self.monthly, exposure, per, confidence=self.confidence)

    @cached_property
    def complaints_by_county(self) -> pd.DataFrame:
        """Complaints of the newest whole year by county, as rates where the county's denominator is declared."""
        year, per = self.whole_years[-1], assess.PER[self.denominator]
        of_year = self.complaints[pd.to_datetime(self.complaints["opened_on"]).dt.year == year]
        counts = of_year["county_code"].dropna().value_counts().sort_index()
        declared = self.denominators[self.denominators["denominator"].eq(self.denominator)]
        known = set(declared.loc[declared["year"] == year, "county_code"].dropna()) | set(counts.index)
        rows = [
            {"county_code": code}
            | assess.rate_of_county(
                int(counts.get(code, 0)),
                assess.declared_exposure(declared, self.denominator, [year], code).get(year),
                per,
                self.dispersion.widened(self.confidence),
                confidence=self.confidence,
            )
            for code in sorted(known)
        ]
        return pd.DataFrame(rows)

    @cached_property
    def trend(self) -> assess.ComplaintTrend:
        """Average yearly change of the complaints."""
        exposure = self.exposure if self.has_rates else {}
        return assess.fit_complaint_trend(self.monthly, exposure, confidence=self.confidence)

    def targets_of(self, measure: str) -> Iterable[Mapping[str, Any]]:
        """Targets of one measure."""
        return (one for one in self.targets if one["measure"] == measure)


def assess_works(
    received: Any, place: Text, period: str, cutoff: str, *, confidence: float, denominator: str,
    limits: assess.RoomLimits, rectification_days: int, handling_days: int,
    targets: Sequence[Mapping[str, Any]],
) -> Assessment:  # fmt: skip
    """Assessment of construction works from the clean tables of a run.

    Parameters
    ----------
    received : RunTables
    place : dict
    period, cutoff : str
    confidence, denominator, limits, rectification_days, handling_days, targets
        As `Assessment` has them.
    """
    names = ("projects", "dwellings", "measurements", "complaints", "denominators", "sources")
    tables = {name: getattr(received, name).to_pandas() for name in names}
    return Assessment(
        place=place, period=Period.parse(period), cutoff=date.fromisoformat(cutoff), confidence=confidence,
        denominator=denominator, limits=limits, rectification_days=rectification_days,
        handling_days=handling_days, targets=targets, **tables,
    )  # fmt: skip

"""Which other series does the chapter take from the tables of a run?

Projects and dwellings by quarter, complaints by month, satisfaction by wave, series that others published as they are.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from qstats import acceptance, satisfaction
from qstats.periods import Period
from qstats.report.trend.gather import (
    COMPLAINTS,
    DWELLINGS,
    FIRST_TIME,
    MOST_YEARS,
    NOTHING,
    SATISFACTION,
    Gathered,
    quarters_between,
)
from qstats.report.trend.published import list_stretches
from qstats.trend import series_of_counts, series_of_events, series_of_published, series_of_scores


def gather_works(
    received: Any, period: Period, cutoff: date, *, denominator: str, complete_from: float
) -> Gathered:
    """Projects and dwellings accepted at first by quarter, complaints by month."""
    parts = (
        _gather_projects(received.projects.to_pandas(), period, cutoff, complete_from),
        _gather_dwellings(received.dwellings.to_pandas(), period, cutoff),
        _gather_complaints(
            received.complaints.to_pandas(), received.denominators.to_pandas(), period, cutoff, denominator
        ),
    )
    return parts[0].joined(parts[1]).joined(parts[2])


def _gather_projects(projects: pd.DataFrame, period: Period, cutoff: date, complete_from: float) -> Gathered:
    quarters = _quarters_of(projects, "first_accepted_on", period)
    if not quarters:
        return NOTHING
    counts = acceptance.count_first_time(projects, quarters)
    known = counts["n"] / (counts["n"] + counts["unknown"]).where(lambda total: total > 0)
    counts = counts.assign(complete=_over(quarters, cutoff) & (known.fillna(1.0) >= complete_from))
    series = series_of_counts(counts, series=FIRST_TIME, n="n", passed="passes", value="estimate")
    by_scale = acceptance.count_first_time(projects, quarters, "scale").assign(group="")
    return Gathered(series, {FIRST_TIME: (by_scale, ("scale",))}, sources={FIRST_TIME: _sources(projects)})


def _gather_dwellings(sheets: pd.DataFrame, period: Period, cutoff: date) -> Gathered:
    quarters = _quarters_of(sheets, "accepted_on", period)
    if not quarters:
        return NOTHING
    counts = acceptance.count_dwellings(sheets, quarters).assign(complete=_over(quarters, cutoff))
    series = series_of_counts(
        counts, series=DWELLINGS, n="first_time_of", passed="first_time", value="first_time_rate",
        effective="effective_n",
    )  # fmt: skip
    return Gathered(series, sources={DWELLINGS: _sources(sheets)})


def _gather_complaints(
    complaints: pd.DataFrame, denominators: pd.DataFrame, period: Period, cutoff: date, denominator: str
) -> Gathered:
    opened = pd.to_datetime(complaints["opened_on"])
    last_past = period.year if period.end.month == 12 and cutoff >= period.end else period.year - 1
    years = acceptance.whole_years(opened, last_past, most=MOST_YEARS)
    if not years:
        return NOTHING
    own = Period(period.end.year, "-", period.end.month)
    months = [
        Period(year, "-", month) for year in range(years[0], period.end.year + 1) for month in range(1, 13)
    ]
    months = [month for month in months if month.start <= own.start]
    counted = acceptance.count_by_month(complaints, sorted({month.year for month in months}))
    declared = acceptance.declared_exposure(denominators, denominator, [month.year for month in months])
    per = acceptance.PER[denominator] if declared else 1.0
    events = pd.DataFrame({
        "period": [str(month) for month in months],
        "events": [counted.loc[month.year, month.number] for month in months],
        "exposure": [declared.get(month.year, np.nan) / 12 if declared else 1.0 for month in months],
        "complete": [month.year <= last_past and month.end <= cutoff for month in months],
    })  # fmt: skip
    return Gathered(
        series_of_events(events, series=COMPLAINTS, per=per),
        sources={COMPLAINTS: _sources(complaints)},
        per=per,
    )


def _quarters_of(table: pd.DataFrame, day: str, period: Period) -> list[Period]:
    earliest = pd.to_datetime(table[day]).min()
    if pd.isna(earliest):
        return []
    # A sheet or two from before the register begins makes no quarter of it.
    counts = pd.to_datetime(table[day]).dt.to_period("Q").value_counts()
    usual = counts[counts >= max(counts.median() / 4, 1)].index.min()
    return quarters_between(max(earliest.date(), usual.start_time.date()), period)


def _over(periods: Sequence[Period], cutoff: date) -> np.ndarray:
    return np.array([cutoff >= one.end for one in periods])


def _sources(table: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(table["source_id"].dropna().unique()))


def gather_survey(received: Any, period: Period, survey: satisfaction.Survey | None) -> Gathered:
    """Satisfaction score of each sector by wave."""
    if survey is None or received.respondents.is_empty():
        return NOTHING
    waves = satisfaction.list_waves(received.respondents, period.end)
    rows = [
        satisfaction.estimate_scores(
            satisfaction.take_sample(received.respondents, received.margins, survey, wave), survey, ["sector"], measures=["score"],
        ).assign(period=survey.questionnaire.label_of("wave", wave)["zh"], time=_time_of_wave(received.respondents, wave, at))
        for at, wave in enumerate(waves)
    ]  # fmt: skip
    scores = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()
    if scores.empty:
        return NOTHING
    named = scores.assign(group=scores["sector"].astype(str), period=scores["wave"])
    return Gathered(
        series_of_scores(named, series=SATISFACTION),
        sources={SATISFACTION: _sources(received.respondents.select("source_id").to_pandas())},
    )


def _time_of_wave(respondents: pl.DataFrame, wave: str, at: int) -> float:
    """Middle of the interviews of a wave in decimal years; its place where no day is known."""
    middle = respondents.filter(pl.col("wave") == wave)["surveyed_on"].cast(pl.Date).drop_nulls()
    if middle.is_empty():
        return float(at)
    day = middle.median()
    stamp = pd.Timestamp(day)
    return float(stamp.year + (stamp.dayofyear - 0.5) / 365.25)


def gather_published(published: pl.DataFrame, period: Period) -> Gathered:
    """Series that others published, up to the end of the period."""
    rows = published.to_pandas()
    rows = rows[rows["value"].notna() & (pd.to_datetime(rows["period_end"]) <= pd.Timestamp(period.end))]
    if rows.empty:
        return NOTHING
    names = rows.drop_duplicates("series").to_dict("records")
    labels = {row["series"]: {"zh": row["label_zh"], "en": row["label_en"]} for row in names}
    listed = {str(name): _sources(part) for name, part in rows.groupby("series")}
    return Gathered(series_of_published(rows), labels=labels, sources=listed, published=list_stretches(rows))

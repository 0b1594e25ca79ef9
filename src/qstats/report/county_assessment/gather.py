"""Where do the points of measured items come from? Values with limits, and the rows that each of them counts.

The figures are those of the streams' own chapters for the assessment year; acceptance is counted completely and has no
limits here: what is assessed is what happened in that year. The functions that count also say which rows they count.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import polars as pl

from qstats import acceptance, estimation
from qstats.cleaning.admissibility import judge_sources, mark_admissible
from qstats.competitiveness import MEASURED, limits_at
from qstats.estimation.scope import OUTCOME_COLUMNS, in_period, select_batches
from qstats.periods import TwelveMonths
from qstats.report.competitiveness.gather import (
    StreamRules,
    measure_dwellings,
    measure_first_time,
    measure_pass_rates,
    measure_scores,
    sample_of_year,
)
from qstats.targets.registers import RegisterCount, count_flow, count_stock

MEASURED_HERE = ("county_code", "measure", "value", "lower", "upper", "n", "basis", "source_table")
TRACED = ("county_code", "measure", "source_table", "source_id", "source_row")
_NEW_BRANDS = ("provincial_brand_product", "provincial_trademark", "national_trademark", "service_brand")
_AWARDS = ("governor_quality_award", "municipal_quality_award")
_OFFICERS = "chief_quality_officer"
_REGISTERED: dict[str, Callable[[pd.DataFrame, TwelveMonths], RegisterCount]] = {
    "chief_quality_officers": lambda own, year: count_stock(own, _OFFICERS, year.end),
    "new_brands": lambda own, year: count_flow(own, _NEW_BRANDS, (year.start, year.end), counted="new"),
    "quality_awards": lambda own, year: count_flow(own, _AWARDS, (year.start, year.end)),
}
"""Officers in office at the end, brands and awards of the year."""
_TABLES = {
    "pass_rate": "inspections", "rectified_rate": "inspections", "first_time_rate": "projects",
    "dwelling_rate": "dwellings", "producer_score": "respondents", "consumer_score": "respondents",
    "chief_quality_officers": "registers", "new_brands": "registers", "quality_awards": "registers",
}  # fmt: skip
_COMPLETE = ("projects", "dwellings", "registers")
"""Tables that are counted completely."""


def measure_year(
    received: Any, rules: StreamRules, year: TwelveMonths, counties: Sequence[str], confidence: float
) -> tuple[pd.DataFrame, pd.DataFrame, frozenset[str]]:
    """Measured values of each county in an assessment year, and the rows that they count.

    Returns
    -------
    measured : DataFrame
        ``county_code, measure, value, lower, upper, n, basis, source_table``.
    traces : DataFrame
        ``county_code, measure, source_table, source_id, source_row``: of a batch all its lines, of a thing in a
        register the entry that counts.
    awaited : frozenset of str
        Counties of which results of samples are still to come.
    """
    values = pd.DataFrame(
        [
            *measure_pass_rates(received, [year], counties, rules),
            *measure_first_time(received, [year], counties),
            *measure_dwellings(received, [year], counties),
            *measure_scores(received, rules.survey, [year], counties),
        ],
        columns=list(MEASURED),
    )
    values = values[values["unit"].isin(counties)]
    awaited = frozenset(values.loc[values["release"] == "provisional", "unit"])
    values = values[values["estimate"].notna()]
    lower, upper = limits_at(values, confidence)
    measured = values.assign(
        county_code=values["unit"], measure=values["indicator"], value=values["estimate"], lower=lower,
        upper=upper, source_table=values["indicator"].map(_TABLES),
    )[list(MEASURED_HERE)]  # fmt: skip
    batches, counts = _batches(received, rules), _count_registers(received, year, counties)
    measured = pd.concat(
        [measured, _tabulate_counts(counts), _follow_up(batches, rules, year, counties)], ignore_index=True
    )
    complete = measured["source_table"].isin(_COMPLETE)
    for end in ("lower", "upper"):
        measured[end] = measured[end].where(~complete, measured["value"])
    counted = [
        *_trace_batches(received, batches, rules, year, counties), *_trace_acceptance(received, year),
        *_trace_respondents(received, rules, year), *_trace_registers(received, counts),
    ]  # fmt: skip
    traces = pd.concat([pd.DataFrame(columns=list(TRACED)), *counted], ignore_index=True)
    return measured, traces[traces["county_code"].isin(counties)], awaited


def _count_registers(
    received: Any, year: TwelveMonths, counties: Sequence[str]
) -> dict[tuple[str, str], RegisterCount]:
    """Counts by county and measure; none where no register was received."""
    if received.registers.is_empty():
        return {}
    counted = (_OFFICERS, *_NEW_BRANDS, *_AWARDS)
    # The earliest award of a thing first: that is the entry by which it counts.
    entries = received.registers.filter(pl.col("register").is_in(counted)).sort("awarded_on", "entry_id")
    registers = entries.to_pandas()
    own = {county: registers[registers["county_code"] == county] for county in counties}
    return {
        (county, measure): count(own[county], year) if len(own[county]) else RegisterCount(value=0, upper=0)
        for county in counties
        for measure, count in _REGISTERED.items()
    }


def _tabulate_counts(counts: Mapping[tuple[str, str], RegisterCount]) -> pd.DataFrame:
    rows = [
        (county, measure, *[float(count.value)] * 4, "census", "registers")
        for (county, measure), count in counts.items()
    ]
    return pd.DataFrame(rows, columns=list(MEASURED_HERE))


def _batches(received: Any, rules: StreamRules) -> pl.DataFrame:
    judged = judge_sources(
        received.sources, received.windows, received.batch_rows, listed_from=rules.listed_from
    )
    return mark_admissible(received.inspections, judged, received.batch_rows)


def _follow_up(
    batches: pl.DataFrame, rules: StreamRules, year: TwelveMonths, counties: Sequence[str]
) -> pd.DataFrame:
    """Of enterprises that failed in this year or the one before, how many passed the next routine batch."""
    rows = []
    for county in counties if len(batches) else ():
        own = batches.filter(pl.col("county_code") == county)
        found = estimation.estimate_follow_up(own, [year.last_year(), year], rules.scope)
        row = dict(found.iloc[-1])
        if row["status"] == "stated":
            rows.append(
                (county, "rectified_rate", *(float(row[name]) for name in ("estimate", "lower", "upper")),
                 int(row["n"]), "sample", "inspections")
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(MEASURED_HERE))


def _trace_batches(
    received: Any, batches: pl.DataFrame, rules: StreamRules, year: TwelveMonths, counties: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """All lines of the batches that count."""
    known = pl.col(OUTCOME_COLUMNS[rules.scope.outcome]).is_not_null() & pl.col("refused_source").is_null()
    counted = in_period(select_batches(batches, rules.scope), year).filter(known)
    again = [
        estimation.list_next_batches(
            batches.filter(pl.col("county_code") == county), [year.last_year(), year], rules.scope
        )
        for county in counties
    ]
    lines = received.batch_rows.select("batch_id", "source_id", "source_row")
    for measure, of_measure in (("pass_rate", counted), ("rectified_rate", pl.concat(again))):
        placed = of_measure.select("batch_id", "county_code").join(lines, on="batch_id")
        yield _named(placed.to_pandas(), measure)


def _trace_acceptance(received: Any, year: TwelveMonths) -> Iterator[pd.DataFrame]:
    yield _named(acceptance.list_counted_projects(received.projects.to_pandas(), year), "first_time_rate")
    yield _named(acceptance.list_counted_sheets(received.dwellings.to_pandas(), year), "dwelling_rate")


def _trace_respondents(received: Any, rules: StreamRules, year: TwelveMonths) -> Iterator[pd.DataFrame]:
    """Respondents that count and answered the question on which the score rests."""
    sample = sample_of_year(received, rules.survey, year)
    if rules.survey is None or sample is None:
        return
    answered = sample.frame[sample.frame[rules.survey.questionnaire.overall].notna()]
    for sector in ("producer", "consumer"):
        yield _named(answered[answered["sector"] == sector], f"{sector}_score")


def _trace_registers(
    received: Any, counts: Mapping[tuple[str, str], RegisterCount]
) -> Iterator[pd.DataFrame]:
    registers = received.registers.to_pandas().set_index("entry_id")
    for (_, measure), count in counts.items():
        yield _named(registers.loc[list(count.entry_ids)], measure)


def _named(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    return rows.assign(measure=measure, source_table=_TABLES[measure])[list(TRACED)]

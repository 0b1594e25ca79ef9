"""Where do the points of measured items come from? Values with limits, and the rows behind each of them.

The figures are those of the streams' own chapters for the assessment year; acceptance is counted completely and has no
limits here: what is assessed is what happened in that year.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd
import polars as pl

from qstats import estimation, satisfaction
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
)
from qstats.targets.registers import count_flow, count_stock

TRACED = ("county_code", "measure", "source_table", "source_id", "source_row")
_NEW_BRANDS = ("provincial_brand_product", "provincial_trademark", "national_trademark", "service_brand")
_AWARDS = ("governor_quality_award", "municipal_quality_award")
_OFFICERS = "chief_quality_officer"
_TABLES = {
    "pass_rate": "inspections", "rectified_rate": "inspections", "first_time_rate": "projects",
    "dwelling_rate": "dwellings", "producer_score": "respondents", "consumer_score": "respondents",
    "chief_quality_officers": "registers", "new_brands": "registers", "quality_awards": "registers",
}  # fmt: skip
_COMPLETE = ("projects", "dwellings", "registers")
"""Tables that are counted completely."""


def measure_year(
    received: Any, rules: StreamRules, year: TwelveMonths, counties: Sequence[str], confidence: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measured values of each county in an assessment year, and the rows behind them.

    Returns
    -------
    measured : DataFrame
        ``county_code, measure, value, lower, upper, n, basis, source_table``.
    traces : DataFrame
        ``county_code, measure, source_table, source_id, source_row``.
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
    values = values[values["unit"].isin(counties) & values["estimate"].notna()]
    lower, upper = limits_at(values, confidence)
    measured = values.assign(
        county_code=values["unit"], measure=values["indicator"], value=values["estimate"], lower=lower,
        upper=upper, source_table=values["indicator"].map(_TABLES),
    )[["county_code", "measure", "value", "lower", "upper", "n", "basis", "source_table"]]  # fmt: skip
    measured = pd.concat(
        [measured, _count_registers(received, year, counties), _follow_up(received, rules, year, counties)]
    )
    complete = measured["source_table"].isin(_COMPLETE)
    for end in ("lower", "upper"):
        measured[end] = measured[end].where(~complete, measured["value"])
    return measured.reset_index(drop=True), _trace(received, rules, year, counties)


def _count_registers(received: Any, year: TwelveMonths, counties: Sequence[str]) -> pd.DataFrame:
    """Officers in office at the end, brands and awards of the year."""
    if received.registers.is_empty():
        return pd.DataFrame()
    counted = (_OFFICERS, *_NEW_BRANDS, *_AWARDS)
    registers = received.registers.filter(pl.col("register").is_in(counted)).to_pandas()
    counts: dict[str, Callable[[pd.DataFrame], int]] = {
        "chief_quality_officers": lambda own: count_stock(own, _OFFICERS, year.end).value,
        "new_brands": lambda own: count_flow(own, _NEW_BRANDS, (year.start, year.end), counted="new").value,
        "quality_awards": lambda own: count_flow(own, _AWARDS, (year.start, year.end)).value,
    }
    rows = []
    for county in counties:
        own = registers[registers["county_code"] == county]
        for measure, count in counts.items():
            value = float(count(own)) if len(own) else 0.0
            rows.append((county, measure, value, value, value, value, "census", "registers"))
    names = ["county_code", "measure", "value", "lower", "upper", "n", "basis", "source_table"]
    return pd.DataFrame(rows, columns=names)


def _batches(received: Any, rules: StreamRules) -> pl.DataFrame:
    judged = judge_sources(
        received.sources, received.windows, received.batch_rows, listed_from=rules.listed_from
    )
    return mark_admissible(received.inspections, judged, received.batch_rows)


def _follow_up(
    received: Any, rules: StreamRules, year: TwelveMonths, counties: Sequence[str]
) -> pd.DataFrame:
    """Of enterprises that failed in this year or the one before, how many passed the next routine batch."""
    if received.inspections.is_empty():
        return pd.DataFrame()
    batches, rows = _batches(received, rules), []
    for county in counties:
        found = estimation.estimate_follow_up(
            batches.filter(pl.col("county_code") == county), [year.last_year(), year], rules.scope
        )
        row = dict(found.iloc[-1])
        if row["status"] == "stated":
            rows.append(
                (county, "rectified_rate", *(float(row[name]) for name in ("estimate", "lower", "upper")),
                 int(row["n"]), "sample", "inspections")
            )  # fmt: skip
    names = ["county_code", "measure", "value", "lower", "upper", "n", "basis", "source_table"]
    return pd.DataFrame(rows, columns=names)


def _trace(received: Any, rules: StreamRules, year: TwelveMonths, counties: Sequence[str]) -> pd.DataFrame:
    found = pl.concat([pl.DataFrame(schema=dict.fromkeys(TRACED[:4], pl.String) | {"source_row": pl.Int64()}),
                       *(one.select(TRACED) for one in _traces(received, rules, year))])  # fmt: skip
    return found.filter(pl.col("county_code").is_in(list(counties))).to_pandas()


def _traces(received: Any, rules: StreamRules, year: TwelveMonths) -> Iterator[pl.DataFrame]:
    """Rows behind every measure, table by table."""
    result = OUTCOME_COLUMNS[rules.scope.outcome]
    chosen = select_batches(received.inspections, rules.scope).filter(pl.col(result).is_not_null())
    lines = received.batch_rows.select("batch_id", "source_id", "source_row")
    for measure, batches in (
        ("pass_rate", in_period(chosen, year)),
        ("rectified_rate", pl.concat([in_period(chosen, year.last_year()), in_period(chosen, year)])),
    ):
        placed = batches.select("batch_id", "county_code").join(lines, on="batch_id")
        yield _named(placed, measure, "inspections")
    for measure, table, day in (
        ("first_time_rate", "projects", "first_accepted_on"), ("dwelling_rate", "dwellings", "accepted_on"),
    ):  # fmt: skip
        rows = getattr(received, table)
        yield _named(rows.filter(pl.col(day).is_between(year.start, year.end)), measure, table)
    yield from _respondents(received, rules, year)
    registers = received.registers
    inside = pl.col("awarded_on").is_between(year.start, year.end)
    yield _named(registers.filter(pl.col("register") == _OFFICERS), "chief_quality_officers", "registers")
    for measure, codes in (("new_brands", _NEW_BRANDS), ("quality_awards", _AWARDS)):
        yield _named(registers.filter(pl.col("register").is_in(codes) & inside), measure, "registers")


def _respondents(received: Any, rules: StreamRules, year: TwelveMonths) -> Iterator[pl.DataFrame]:
    inside = received.respondents.filter(pl.col("surveyed_on").is_between(year.start, year.end))
    waves = satisfaction.list_waves(inside, year.end)
    if rules.survey is None or not waves:
        return
    answered = received.respondents.filter(pl.col("wave") == waves[-1])
    for sector in ("producer", "consumer"):
        yield _named(answered.filter(pl.col("sector") == sector), f"{sector}_score", "respondents")


def _named(rows: pl.DataFrame, measure: str, table: str) -> pl.DataFrame:
    return rows.select(
        pl.col("county_code"), pl.lit(measure).alias("measure"), pl.lit(table).alias("source_table"),
        pl.col("source_id"), pl.col("source_row").cast(pl.Int64),
    )  # fmt: skip

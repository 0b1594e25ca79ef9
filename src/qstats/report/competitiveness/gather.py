"""Where do the indicators of the city's index come from? Each stream by its own rules, for city and counties.

The figures are those of the streams' own chapters; here they get the law by which they may err, so that limits at
any level follow. Complete counts of works and complaints are taken as samples of the process behind them: what is
compared is how well counties build, not which of their few projects happened to fail.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from qstats import acceptance, estimation, satisfaction
from qstats.cleaning.admissibility import judge_sources, mark_admissible
from qstats.competitiveness import MEASURED
from qstats.competitiveness.measured import CITY
from qstats.periods import Period
from qstats.targets.registers import count_stock

BRANDS = ("provincial_brand_product", "provincial_trademark", "national_trademark")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StreamRules:
    """How the streams behind the index are assessed.

    Attributes
    ----------
    scope : Scope
        Which batches count; their likeness within enterprises is estimated here.
    survey : Survey or None
        None: the run has none.
    listed_from : float
        Share of its declared batches that a source must hold.
    denominator : str
        What complaints are counted per.
    complete_from : float
        Share of a period's results from which its pass rate is final.
    """

    scope: estimation.Scope
    survey: satisfaction.Survey | None
    listed_from: float
    denominator: str
    complete_from: float


def gather_city(
    received: Any, rules: StreamRules, years: Sequence[Period], units: Sequence[str], cutoff: date
) -> pd.DataFrame:
    """Indicators of the index of a city in each of some twelve months, for the city and its counties.

    Parameters
    ----------
    received : RunTables
    rules : StreamRules
    years : sequence of Period
        Twelve months each.
    units : sequence of str
        Codes of the counties; the city comes on top.
    cutoff : date

    Returns
    -------
    DataFrame
        Columns ``MEASURED``.
    """
    parts = (
        measure_pass_rates(received, years, units, rules),
        _brands(received, years, units),
        measure_first_time(received, years, units),
        measure_dwellings(received, years, units),
        _complaints(received, years, units, cutoff, rules.denominator),
        measure_scores(received, rules.survey, years, units),
    )
    return pd.DataFrame([row for part in parts for row in part], columns=list(MEASURED))


def measure_pass_rates(
    received: Any, years: Sequence[Period], units: Sequence[str], rules: StreamRules
) -> Iterator[Row]:
    """Batch pass rates of city and counties as indicators."""
    scope, listed_from = rules.scope, rules.listed_from
    if received.inspections.is_empty():
        return
    judged = judge_sources(received.sources, received.windows, received.batch_rows, listed_from=listed_from)
    batches = mark_admissible(received.inspections, judged, received.batch_rows)
    scope = replace(scope, icc=estimation.estimate_icc(batches, scope).value)
    city = estimation.estimate_pass_rates(batches, years, scope).assign(county_code=CITY)
    counties = estimation.estimate_pass_rates(batches, years, scope, by=["county_code"])
    for row in pd.concat([city, counties]).to_dict("records"):
        release = "provisional" if row["completeness"] < rules.complete_from else "final"
        if row["county_code"] in (CITY, *units):
            yield _row(
                "pass_rate", row, unit=row["county_code"], law="proportion", size=row["effective_n"],
                basis="sample", method=row["method"], sources=row["sources"], release=release,
            )  # fmt: skip


def _brands(received: Any, years: Sequence[Period], units: Sequence[str]) -> Iterator[Row]:
    """Brands and trade marks valid at the end of each year over the enterprises of the frame."""
    registers, frame = received.registers.to_pandas(), received.frame
    of_brands = registers[registers["register"].isin(BRANDS)]
    if of_brands.empty or frame.is_empty() or "county_code" not in frame.columns:
        return
    known = dict(frame.group_by("county_code").agg(pl.col("enterprises").sum()).iter_rows())
    sources = ",".join(sorted(of_brands["source_id"].unique()))
    for year in years:
        for unit in (CITY, *units):
            own = of_brands if unit == CITY else of_brands[of_brands["county_code"] == unit]
            enterprises = sum(known.values()) if unit == CITY else known.get(unit, 0)
            if enterprises:
                count = count_stock(own, BRANDS, year.end).value if len(own) else 0
                yield _row(
                    "brand_density",
                    {"period": str(year), "n": enterprises, "estimate": 100 * count / enterprises},
                    unit=unit, law="count", basis="census", method="register_count", sources=sources,
                )  # fmt: skip


def measure_first_time(received: Any, years: Sequence[Period], units: Sequence[str]) -> Iterator[Row]:
    """First-time acceptance of projects, for the city and its counties."""
    projects = received.projects.to_pandas()
    if projects.empty:
        return
    city = acceptance.count_first_time(projects, years).assign(county_code=CITY)
    counties = acceptance.count_first_time(
        projects[projects["county_code"].isin(units)], years, "county_code"
    )
    sources = ",".join(sorted(projects["source_id"].unique()))
    for row in pd.concat([city, counties]).to_dict("records"):
        yield _row(
            "first_time_rate", row, unit=row["county_code"], law="proportion", size=row["n"], basis="census",
            method=row["method"], sources=sources,
        )  # fmt: skip


def measure_dwellings(received: Any, years: Sequence[Period], units: Sequence[str]) -> Iterator[Row]:
    """First-time acceptance of dwellings, for the city and its counties."""
    sheets = received.dwellings.to_pandas()
    if sheets.empty:
        return
    city = acceptance.count_dwellings(sheets, years).assign(county_code=CITY)
    counties = acceptance.count_dwellings(sheets[sheets["county_code"].isin(units)], years, "county_code")
    sources = ",".join(sorted(sheets["source_id"].unique()))
    for row in pd.concat([city, counties]).to_dict("records"):
        yield _row(
            "dwelling_rate", row | {"estimate": row["first_time_rate"], "n": row["first_time_of"]},
            unit=row["county_code"], law="proportion", size=row["effective_n"], basis="census",
            method=row["method"], sources=sources,
        )  # fmt: skip


def _complaints(
    received: Any, years: Sequence[Period], units: Sequence[str], cutoff: date, denominator: str
) -> Iterator[Row]:
    """Rates of whole calendar years that the register covers; denominators are declared for such years."""
    complaints, declared = received.complaints.to_pandas(), received.denominators.to_pandas()
    opened = pd.to_datetime(complaints["opened_on"])
    ends = [year.end for year in years if year.end <= cutoff and str(year).isdecimal()]
    if complaints.empty or not ends:
        return
    last = max(ends).year
    whole = acceptance.whole_years(opened, last, most=last - int(opened.dt.year.min()) + 1)
    if not whole:
        return
    monthly = acceptance.count_by_month(complaints, whole)
    _, dispersion = acceptance.estimate_complaint_rates(monthly, {}, 1, confidence=0.95)
    per = acceptance.PER[denominator]
    sources = ",".join(sorted(complaints["source_id"].unique()))
    for year in (one.year for one in years if str(one).isdecimal() and one.year in whole):
        counts = complaints.loc[opened.dt.year == year, "county_code"]
        for unit in (CITY, *units):
            exposed = acceptance.declared_exposure(declared, denominator, [year], unit or None).get(year)
            n = len(counts) if unit == CITY else int((counts == unit).sum())
            if exposed:
                yield _row(
                    "complaint_rate", {"period": str(year), "n": n, "estimate": n / (exposed / per)},
                    unit=unit, law="events", size=exposed / per, dispersion=dispersion.widened(0.95),
                    basis="census", method="poisson", sources=sources,
                )  # fmt: skip


def measure_scores(
    received: Any, survey: satisfaction.Survey | None, years: Sequence[Period], units: Sequence[str]
) -> Iterator[Row]:
    """Mean scores of the last wave that began within each year, by sector, for city and districts."""
    for year in years:
        sample = sample_of_year(received, survey, year)
        if survey is None or sample is None:
            continue
        city = satisfaction.estimate_scores(sample, survey, ["sector"], measures=["score"])
        counties = satisfaction.estimate_scores(sample, survey, ["sector", "county_code"], measures=["score"])
        used = received.respondents.filter(pl.col("wave") == sample.wave)["source_id"].unique()
        for row in pd.concat([city.assign(county_code=CITY), counties]).to_dict("records"):
            if row["county_code"] in (CITY, *units):
                yield _row(
                    f"{row['sector']}_score", row | {"period": str(year)}, unit=row["county_code"], law="mean",
                    size=row["df"], std_error=row["std_error"], basis="sample", method=row["method"],
                    sources=",".join(sorted(used)),
                )  # fmt: skip


def sample_of_year(
    received: Any, survey: satisfaction.Survey | None, year: Period
) -> satisfaction.Sample | None:
    """Respondents of the last wave that began within a year; None without a survey or a wave."""
    inside = received.respondents.filter(pl.col("surveyed_on").is_between(year.start, year.end))
    waves = satisfaction.list_waves(inside, year.end)
    if survey is None or not waves:
        return None
    return satisfaction.take_sample(received.respondents, received.margins, survey, waves[-1])


def _row(indicator: str, figure: Row, **beside: Any) -> Row:
    """A row of the table; what its own chapter does not state is missing here too."""
    status = figure.get("status") or "stated"
    estimate = float(figure["estimate"]) if status == "stated" else np.nan
    return {
        "period": str(figure["period"]), "indicator": indicator, "n": figure["n"], "estimate": estimate,
        "size": np.nan, "std_error": np.nan, "dispersion": np.nan,
        "status": status, "reason": figure.get("reason"), **beside,
    }  # fmt: skip

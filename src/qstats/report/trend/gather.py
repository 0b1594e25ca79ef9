"""Which series does the chapter take from the tables of a run? Rates and counts, period by period.

Here inspections, month by month and quarter by quarter, with the mix of what was sampled. What was not received leaves its series out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from qstats import estimation
from qstats.cleaning.admissibility import judge_sources, mark_admissible
from qstats.codebook import Text, text
from qstats.estimation.mixes import Mixed, mix_periods, rates_of_sides, weigh_to
from qstats.estimation.standardised import MOST_LEFT_IN_POOLS
from qstats.periods import Period
from qstats.trend import series_of_rates

MOST_YEARS = 10
"""Years of history that enter the chapter."""

MIX = ("enterprise_size", "stage", "product_class")
MIX_OF_COUNTY = MIX[:2]
MIXES = ("first_year", "last_year", "average")
PASS_RATE, BY_QUARTER, BY_COUNTY = "pass_rate", "pass_rate_by_quarter", "county_pass_rate"
FIRST_TIME, DWELLINGS, COMPLAINTS, SATISFACTION = (
    "first_time_rate",
    "dwelling_rate",
    "complaint_rate",
    "satisfaction",
)


SERIES_OF_MIX: dict[str, Text] = {
    PASS_RATE: {"zh": "相同抽样结构", "en": "at the same mix of samples"},
    BY_COUNTY: {"zh": "相同抽样结构", "en": "at the same mix of samples"},
    FIRST_TIME: {"zh": "相同工程规模结构", "en": "at the same mix of project scales"},
}
"""What is held fixed where a mix is known."""


@dataclass(frozen=True)
class Gathered:
    """Series of a run with what their trends need beside them.

    Attributes
    ----------
    series : DataFrame
        Columns of `qstats.trend.COLUMNS`.
    cells : dict
        Series → counts by period, group and mix, with the columns of the mix.
    standardised : dict
        Series → the rate at several mixes (column ``mix``).
    labels : dict
        Names of series that the codebook does not know.
    sources : dict
        Series → ids of the sources.
    per : float
        Units of the exposure that complaints are related to; 1 where none is declared.
    refused : dict
        Series → periods of which no rate may be published.
    published : DataFrame
        What is known of series that others published, stretch by stretch (`published.list_stretches`).
    """

    series: pd.DataFrame
    cells: dict[str, tuple[pd.DataFrame, Sequence[str]]] = field(default_factory=dict)
    standardised: dict[str, pd.DataFrame] = field(default_factory=dict)
    labels: dict[str, Text] = field(default_factory=dict)
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    per: float = 1.0
    refused: dict[str, int] = field(default_factory=dict)
    published: pd.DataFrame = field(default_factory=pd.DataFrame)

    def joined(self, other: "Gathered") -> "Gathered":
        """Both together."""
        parts = [one.series for one in (self, other) if len(one.series)]
        return Gathered(
            pd.concat(parts, ignore_index=True) if parts else self.series,
            self.cells | other.cells, self.standardised | other.standardised, self.labels | other.labels,
            self.sources | other.sources, max(self.per, other.per), self.refused | other.refused,
            other.published if len(other.published) else self.published,
        )  # fmt: skip


NOTHING = Gathered(pd.DataFrame())


def gather_inspections(
    received: Any, period: Period, scope: estimation.Scope, *, listed_from: float, complete_from: float
) -> Gathered:
    """Pass rate of the city by month and by quarter and of the counties by quarter, with their mix."""
    if received.inspections.is_empty():
        return NOTHING
    judged = judge_sources(received.sources, received.windows, received.batch_rows, listed_from=listed_from)
    batches = mark_admissible(received.inspections, judged, received.batch_rows)
    scope = replace(scope, icc=estimation.estimate_icc(batches, scope).value)
    quarters = _quarters_on_record(estimation.select_batches(batches, scope), period)
    if not quarters:
        return NOTHING
    months = [month for quarter in quarters for month in _months_of(quarter)]
    monthly = estimation.estimate_pass_rates(batches, months, scope)
    quarterly = estimation.standardise_series(
        batches, estimation.estimate_pass_rates(batches, quarters, scope), scope
    )
    by_county = estimation.estimate_pass_rates(batches, quarters, scope, by=["county_code"])
    series = [
        series_of_rates(monthly, series=PASS_RATE, complete_from=complete_from),
        series_of_rates(quarterly, series=BY_QUARTER, complete_from=complete_from),
        series_of_rates(by_county, series=BY_COUNTY, group="county_code", complete_from=complete_from),
    ]
    cells: dict[str, tuple[pd.DataFrame, Sequence[str]]] = {
        PASS_RATE: (estimation.estimate_pass_rates(batches, months, scope, by=MIX).assign(group=""), MIX),
        BY_COUNTY: (
            estimation.estimate_pass_rates(batches, quarters, scope, by=["county_code", *MIX_OF_COUNTY]).assign(group=lambda rows: rows["county_code"]),
            MIX_OF_COUNTY,
        ),
    }  # fmt: skip
    used = tuple(sorted({one for listed in monthly["sources"] for one in str(listed).split(",") if one}))
    return Gathered(
        pd.concat(series, ignore_index=True), cells, {PASS_RATE: _at_mixes(batches, series[1], scope)},
        sources=dict.fromkeys((PASS_RATE, BY_QUARTER, BY_COUNTY), used),
        refused={PASS_RATE: int((monthly["status"] == "refused").sum())},
    )  # fmt: skip


def _quarters_on_record(batches: pl.DataFrame, period: Period) -> list[Period]:
    """Quarters from the first with a batch to the end of the period."""
    days = batches.select(pl.coalesce("sampled_on", "announced_on").min()).item()
    return quarters_between(days, period)


def quarters_between(first: date | None, period: Period) -> list[Period]:
    """Quarters from the one of a day to the end of a period, at most `MOST_YEARS` of them; none after it."""
    if first is None or first > period.end:
        return []
    last = Period(period.end.year, "Q", (period.end.month - 1) // 3 + 1)
    begin = Period(first.year, "Q", (first.month - 1) // 3 + 1)
    count = (last.year - begin.year) * 4 + last.number - begin.number + 1
    return last.preceding(min(count, 4 * MOST_YEARS))


def _months_of(quarter: Period) -> list[Period]:
    return [Period(quarter.year, "-", 3 * quarter.number - 2 + step) for step in range(3)]


def _at_mixes(batches: pl.DataFrame, quarterly: pd.DataFrame, scope: estimation.Scope) -> pd.DataFrame:
    """Quarterly rate at the mix of the first year, of the last and of all years; no rows without a common mix."""
    known = quarterly[quarterly["passed"].notna()]
    if len(known) < 8:
        return pd.DataFrame()
    mixed = mix_periods(batches, [Period.parse(one) for one in known["period"]], scope)
    parts = [
        _at_mix(mixed, known, standard, scope).assign(mix=name)
        for name, standard in zip(MIXES, _standards(mixed), strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _standards(mixed: Mixed) -> list[np.ndarray]:
    return [mixed.shares[:, :4].mean(axis=1), mixed.shares[:, -4:].mean(axis=1), mixed.shares.mean(axis=1)]


def _at_mix(mixed: Mixed, known: pd.DataFrame, standard: np.ndarray, scope: estimation.Scope) -> pd.DataFrame:
    weight, fitted = weigh_to(mixed, standard)
    rates = rates_of_sides(mixed, weight, fitted, scope)
    near = mixed.apart <= MOST_LEFT_IN_POOLS
    worth = np.where(near, rates.effective_n, np.nan)
    return known.assign(
        passed=rates.estimate * worth, n=worth, value=np.where(near, rates.estimate, np.nan),
        lower=rates.lower, upper=rates.upper,
    )  # fmt: skip


def label_of(series: str, labels: Mapping[str, Text]) -> Text:
    """Name of a series."""
    return labels[series] if series in labels else text("trend_series", series)

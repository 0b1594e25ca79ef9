"""What does the page of one county state? Its findings.

A quarter holds few batches of one county, so comparisons rest on the twelve months that end with the period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import polars as pl

from qstats.codebook import Text, text
from qstats.estimation import Scope
from qstats.estimation.beside_rest import AREAS, count_needed
from qstats.periods import Period, TwelveMonths
from qstats.reference import county_name
from qstats.report.findings import Change, Finding, Release
from qstats.report.inspection.comparisons import Comparison, compare_with
from qstats.report.rates import find_rate
from qstats.report.subject import Subject

YEARS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class CountyPage:
    """What every sentence of the page is about.

    Attributes
    ----------
    code : str
    period : Period
        Period of the report; ``year`` are the twelve months that end with it.
    scope : Scope
    comparisons : int
        Counties that have such a page.
    """

    code: str
    period: Period
    scope: Scope
    comparisons: int

    @property
    def name(self) -> Text:
        """Name of the county."""
        return county_name(self.code)

    @property
    def year(self) -> TwelveMonths:
        """The twelve months that end with the period."""
        return TwelveMonths.ending(self.period)

    @property
    def periods(self) -> list[Period]:
        """Period and twelve months, each with the one it is compared with; a year stands once."""
        return _each_once([self.period, self.period.last_year(), self.year, self.year.last_year()])

    @property
    def years(self) -> list[Period]:
        """The twelve months and those before, oldest first."""
        return list(self.year.preceding(YEARS_SHOWN))

    @property
    def periods_and_years(self) -> list[Period]:
        """All periods for which rates are wanted."""
        return _each_once([*self.periods, *self.years])

    def subject(self, period: Period) -> Subject:
        """The county and a period as the subject of tables and charts."""
        return Subject(self.name, period, self.scope)

    @property
    def in_year(self) -> Subject:
        """The county in the twelve months."""
        return self.subject(self.year)

    def row(self, rates: pd.DataFrame, period: Period, area: str = "county") -> dict[str, Any]:
        """Row of a period among rates by area."""
        chosen = (rates["period"] == str(period)) & (rates["area"] == area)
        return rates[chosen].iloc[0].to_dict()

    def rows(self, rates: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
        """Rates by area of some periods in their order, the county before the rest."""
        wanted = [str(period) for period in periods]
        chosen = rates[rates["period"].isin(wanted)]
        place = chosen["period"].map(wanted.index) * len(AREAS) + chosen["area"].map(AREAS.index)
        return chosen.iloc[place.argsort()].reset_index(drop=True)

    def batches_of(self, batches: pl.DataFrame) -> pl.DataFrame:
        """The county's batches."""
        return batches.filter(pl.col("county_code") == self.code)

    def compare_years(self, local: pl.DataFrame) -> Comparison:
        """The county's twelve months and those before."""
        return compare_with(local, self.year, {"last_year": self.year.last_year()}, self.scope)[0]

    def key(self, name: str) -> str:
        """Key of a finding of this page."""
        return f"county.{name}.{self.code}"

    def table(self, name: str, row: str = "") -> str:
        """Place of a table of this page, with a row of it."""
        return f"tables/units/{self.code}/{name}.csv" + (f"#{row}" if row else "")


def _each_once(periods: Sequence[Period]) -> list[Period]:
    return list({str(period): period for period in periods}.values())


REST: Text = {"zh": "全市其余地区", "en": "the rest of the city"}


@dataclass(frozen=True, slots=True)
class CountyFindings:
    """Figures of a county's page.

    Attributes
    ----------
    now, year, rest, difference : Finding
        Rate of the period, of the twelve months, of the rest of the city in these, and the two's difference.
    comparison : Comparison
        The twelve months and those before, crude and at one mix.
    difference_holds : bool
        False where results still awaited could undo the direction of the difference.
    """

    now: Finding
    year: Finding
    rest: Finding
    difference: Finding
    comparison: Comparison
    difference_holds: bool

    def all(self) -> list[Finding]:
        """Each finding once: of an annual report, period and year are the same."""
        return list({one.key: one for one in (self.now, self.year, self.rest, self.difference)}.values())


def find_county(
    rates: pd.DataFrame, comparison: Comparison, differences: pd.DataFrame, page: CountyPage
) -> CountyFindings:
    """Findings of the page from its rates by area, the comparison of the year and the differences."""
    changes = (comparison.crude, comparison.standardised)
    year = _find(page.row(rates, page.year), "pass_rate_year", page, page.name, changes)
    now = _find(page.row(rates, page.period), "pass_rate", page, page.name)
    rest = _find(page.row(rates, page.year, "rest"), "pass_rate_rest", page, REST)
    difference = differences[differences["period"] == str(page.year)].iloc[0].to_dict()
    is_year = str(page.period) == str(page.year)
    return CountyFindings(
        year if is_year else now, year, rest, _find_difference(difference, page, year.release), comparison,
        bool(difference["holds"]),
    )  # fmt: skip


def _find(
    row: Mapping[str, Any], name: str, page: CountyPage, where: Text, changes: tuple[Change, ...] = ()
) -> Finding:
    indicator = text("indicator", "pass_rate")
    return find_rate(
        row, key=page.key(name), changes=changes, release=row["release"],
        label={"zh": f"{where['zh']}：{indicator['zh']}：{row['period']}",
               "en": f"{where['en']}, {indicator['en']}, {row['period']}"},
        table=page.table("county_and_rest", f"period={row['period']},area={row['area']}"),
    )  # fmt: skip


def _find_difference(row: Mapping[str, Any], page: CountyPage, release: Release) -> Finding:
    stated = row["status"] == "stated"
    return Finding(
        key=page.key("difference_from_rest"),
        label={"zh": f"{page.name['zh']}与全市其余地区合格率之差",
               "en": f"{page.name['en']}: pass rate less that of the rest of the city"},
        status="stated" if stated else "cannot_be_stated", basis="sample", unit="points", n=int(row["n"]),
        estimate=row["difference"] if stated else None, lower=row["lower"] if stated else None,
        upper=row["upper"] if stated else None, confidence=row["confidence"] if stated else None,
        method="mover" if stated else None, reason=None if stated else text("refusal", "not_stated_now"),
        table=page.table("difference_from_rest", f"period={row['period']}"), release=release,
    )  # fmt: skip


def needed_batches(rest: Finding, year: Mapping[str, Any], confidence: float) -> pd.DataFrame:
    """Batches that a rate of the county would take, at the rest of the city's rate; empty without that.

    Parameters
    ----------
    year : mapping
        The county's row of the twelve months: its design effect is that of its sampling.
    """
    if rest.estimate is None:
        return pd.DataFrame({"width": [], "needed": []})
    deff = max(1.0, float(year["deff"])) if year["effective_n"] > 0 else 1.0
    return count_needed(rest.estimate, deff, confidence=confidence)


def find_needed(needed: pd.DataFrame, page: CountyPage) -> list[Finding]:
    """Batches that a reliable rate takes."""
    if needed.empty:
        return []
    count = int(needed["needed"].iloc[0])
    return [
        Finding(
            key=page.key("batches_needed"),
            label={"zh": f"{page.name['zh']}可靠合格率所需批次",
                   "en": f"{page.name['en']}: batches that a reliable rate takes"},
            status="stated", basis="model", unit="count", estimate=float(count), method="korn_graubard",
            table=page.table("batches_needed"),
        )
    ]  # fmt: skip

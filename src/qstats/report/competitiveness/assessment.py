"""What does the chapter on competitiveness state? The city's index in the twelve months, its parts and its counties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from qstats import competitiveness as assess
from qstats.codebook import Text
from qstats.competitiveness.measured import CITY
from qstats.index_registry import Band, IndexDefinition, band_of, read_bands, read_index
from qstats.methods.composite_index import Consistency
from qstats.periods import Period, TwelveMonths
from qstats.reference import county_name, divisions_of
from qstats.report.competitiveness.gather import StreamRules, gather_city

INDEX = "index"


@dataclass(frozen=True, slots=True)
class City:
    """What the index is about: a place with the counties of a year, a period and the day of the data."""

    place: Text
    code: str
    vintage: int
    period: str
    cutoff: str

    @property
    def year(self) -> TwelveMonths:
        """The twelve months that end with the period."""
        return TwelveMonths.ending(Period.parse(self.period))


@dataclass(frozen=True, slots=True)
class Draws:
    """How choices of method are drawn: noise of weights (0–1), draws, base of the Sobol indices, seed."""

    weight_noise: float
    draws: int
    base: int
    seed: int


@dataclass(frozen=True)
class Assessment:
    """The city's index with all that the chapter says of it.

    Attributes
    ----------
    place : dict
    year : TwelveMonths
        The twelve months that end with the period; scores are those of whole years.
    years : tuple of Period
        Those compared, oldest first, the assessed one last.
    units : tuple of str
        Codes of the counties and zones.
    inputs : Inputs
    rules : IndexRules
    scheme : str
        Bands that scores are named by.
    drawn : Draws
    """

    place: Text
    year: TwelveMonths
    years: tuple[Period, ...]
    units: tuple[str, ...]
    inputs: assess.Inputs
    rules: assess.IndexRules
    scheme: str
    drawn: Draws

    @property
    def definition(self) -> IndexDefinition:
        """The index as declared."""
        return self.inputs.definition

    @property
    def period(self) -> str:
        """Name of the assessed twelve months."""
        return str(self.year)

    @property
    def level(self) -> str:
        """Confidence of all intervals as it is written: ``95%``."""
        return f"{100 * self.rules.confidence:g}%"

    @property
    def scheme_label(self) -> Text:
        """Name of the band scheme."""
        return read_bands(self.scheme)[0].scheme_label

    @property
    def names(self) -> dict[str, Text]:
        """Names of the city and its counties by code."""
        return {CITY: self.place} | {code: county_name(code) for code in self.units}

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores of the index and its parts in every year, of the city and its counties."""
        years = [str(year) for year in self.years]
        return assess.score_units(self.inputs, years, [CITY, *self.units], self.rules, bands=self.scheme)

    def score(self, code: str = INDEX, unit: str = CITY, period: str | None = None) -> dict[str, Any]:
        """Row of one score."""
        table = self.scores
        own = (table["code"] == code) & (table["unit"] == unit) & (table["period"] == (period or self.period))
        return dict(table[own].iloc[0])

    @property
    def city(self) -> dict[str, Any]:
        """The city's index in the assessed year."""
        return self.score()

    @property
    def is_stated(self) -> bool:
        """Whether the city has an index."""
        return bool(self.city["status"] == "stated")

    def band(self, score: float) -> Band:
        """Band of a score."""
        return band_of(score, self.scheme)

    @cached_property
    def previous(self) -> str | None:
        """Newest earlier year in which the city has an index; None without one."""
        stated = [str(year) for year in self.years[:-1] if self.score(period=str(year))["status"] == "stated"]
        return stated[-1] if stated else None

    @cached_property
    def changes(self) -> pd.DataFrame:
        """Change of every unit against the previous year; no rows without one."""
        if self.previous is None:
            return pd.DataFrame()
        units = [CITY, *self.units]
        return assess.compare_scores(self.inputs, self.period, self.previous, units, self.rules)

    @property
    def change(self) -> dict[str, Any] | None:
        """Change of the city."""
        return dict(self.changes.iloc[0]) if len(self.changes) else None

    @cached_property
    def moved(self) -> pd.DataFrame:
        """Points by which each indicator moved the city's index, largest first; no rows without a change."""
        if self.change is None or self.change["verdict"] == "cannot_be_stated":
            return pd.DataFrame()
        found = assess.explain_change(self.inputs, self.period, str(self.previous), [CITY], self.rules)
        order = found["points"].abs().sort_values(ascending=False, kind="stable").index
        return found.loc[order].reset_index(drop=True)

    @cached_property
    def parts(self) -> pd.DataFrame:
        """Score, weight and points of every indicator in the city's index, most lost points first."""
        found = assess.contribute(self.inputs, self.period, [CITY], self.rules)
        return found.sort_values("lost", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The city's indicators as measured, with their limits."""
        rows = self.inputs.rows(self.period, [CITY])
        lower, upper = assess.limits_at(rows, self.rules.confidence)
        return rows.assign(lower=lower, upper=upper)

    @cached_property
    def standing(self) -> assess.Standing:
        """Counties beside each other."""
        return assess.rank_units(self.inputs, self.period, self.units, self.rules)

    @cached_property
    def robustness(self) -> assess.Robustness | None:
        """Ranks over choices of method; None with too few counties."""
        return assess.examine_choices(
            self.inputs, self.period, self.units, self.rules, weight_noise=self.drawn.weight_noise,
            draws=self.drawn.draws, base=self.drawn.base, seed=self.drawn.seed,
        )  # fmt: skip

    @cached_property
    def consistency(self) -> list[Consistency]:
        """How the parts of each node go together over the counties."""
        return assess.examine_consistency(self.inputs, self.period, self.units, self.rules)

    def sources(self, unit: str | None = None) -> tuple[str, ...]:
        """Ids of the files behind the scores of the year."""
        rows = self.inputs.table
        own = rows[(rows["period"] == self.period) & rows["estimate"].notna()]
        own = own if unit is None else own[own["unit"] == unit]
        return tuple(sorted({one for listed in own["sources"] for one in str(listed).split(",") if one}))


def assess_city(
    received: Any, city: City, streams: StreamRules, rules: assess.IndexRules, *, bands: str, years: int,
    draws: Draws,
) -> Assessment:  # fmt: skip
    """The city's index from the clean tables of a run.

    Parameters
    ----------
    received : RunTables
    city : City
    streams : StreamRules
        How its streams are assessed.
    rules : IndexRules
    bands : str
        Scheme that scores are named by.
    years : int
        Years compared.
    draws : Draws
    """
    compared: Sequence[Period] = city.year.preceding(years)
    units = tuple(one.code for one in divisions_of(city.code, city.vintage))
    table = gather_city(received, streams, compared, units, date.fromisoformat(city.cutoff))
    inputs = assess.Inputs(read_index("city_quality"), table)
    return Assessment(city.place, city.year, tuple(compared), units, inputs, rules, bands, draws)

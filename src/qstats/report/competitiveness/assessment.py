"""What does the chapter on competitiveness state? The city's index in the twelve months, its parts and its counties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from qstats import competitiveness as assess
from qstats.codebook import Text
from qstats.competitiveness.measured import CITY
from qstats.index_registry import Band, IndexDefinition, band_of, read_bands, read_index
from qstats.methods.composite_index import Consistency
from qstats.periods import Period, TwelveMonths
from qstats.reference import county_name, divisions_of, industry_name, read_industries
from qstats.report.competitiveness import gather_returns
from qstats.report.competitiveness.gather import StreamRules, gather_city

INDEX = "index"
Kind = Literal["county", "industry"]
_SHORT: dict[str, Text] = {
    "city_quality": {"zh": "城市质量竞争力指数", "en": "Index of quality competitiveness"},
    "manufacturing_quality": {
        "zh": "制造业指数（本市测算）", "en": "Index of manufacturing (computed by the city)",
    },
}  # fmt: skip
_UNIT: dict[Kind, tuple[Text, Text]] = {
    "county": ({"zh": "县（市、区）", "en": "county"}, {"zh": "县（市、区）", "en": "counties"}),
    "industry": ({"zh": "行业", "en": "industry"}, {"zh": "行业", "en": "industries"}),
}


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

    @property
    def counties(self) -> tuple[str, ...]:
        """Codes of its counties and zones."""
        return tuple(one.code for one in divisions_of(self.code, self.vintage))


@dataclass(frozen=True, slots=True)
class Draws:
    """How choices of method are drawn: noise of weights (0–1), draws, base of the Sobol indices, seed."""

    weight_noise: float
    draws: int
    base: int
    seed: int


@dataclass(frozen=True)
class Assessment:
    """An index of the city with all that the chapter says of it.

    Attributes
    ----------
    place : dict
    year : Period
        The year assessed.
    years : tuple of Period
        Those compared, oldest first, the assessed one last.
    units_named : dict
        Names of the units beside each other, counties or industries, by code.
    kind : str
        ``county`` or ``industry``.
    inputs : Inputs
    rules : IndexRules
    scheme : str
        Bands that scores are named by.
    drawn : Draws
    returned : (int, int or None)
        Enterprises that sent a return for the year, and how many had to; None: not declared.
    """

    place: Text
    year: Period
    years: tuple[Period, ...]
    units_named: Mapping[str, Text]
    kind: Kind
    inputs: assess.Inputs
    rules: assess.IndexRules
    scheme: str
    drawn: Draws
    returned: tuple[int, int | None] = (0, None)

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
    def units(self) -> tuple[str, ...]:
        """Codes of the units beside each other."""
        return tuple(self.units_named)

    @property
    def one(self) -> Text:
        """What a unit is called."""
        return _UNIT[self.kind][0]

    @property
    def many(self) -> Text:
        """What several units are called."""
        return _UNIT[self.kind][1]

    @property
    def short(self) -> Text:
        """The index in a title."""
        return _SHORT[self.definition.id]

    @property
    def prefix(self) -> str:
        """First word of the names of tables and charts."""
        first = {"city_quality": "index", "manufacturing_quality": "manufacturing"}[self.definition.id]
        return first if self.kind == "county" else f"{first}_by_industry"

    @property
    def names(self) -> dict[str, Text]:
        """Names of the city and of the units by code."""
        return {CITY: self.place, **self.units_named}

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
    table = gather_city(received, streams, compared, city.counties, date.fromisoformat(city.cutoff))
    inputs = assess.Inputs(read_index("city_quality"), table)
    names = {code: county_name(code) for code in city.counties}
    return Assessment(city.place, city.year, tuple(compared), names, "county", inputs, rules, bands, draws)


def assess_manufacturing(
    received: Any, city: City, streams: StreamRules, rules: assess.IndexRules, *, bands: str, years: int,
    draws: Draws,
) -> tuple[Assessment, Assessment]:  # fmt: skip
    """The index of manufacturing from enterprises' returns, beside counties and beside industries.

    Parameters are those of `assess_city`. Assessed is the newest year that returns are of; without returns it
    is the year of the period, and the index is refused.
    """
    until = Period.parse(city.period)
    known = gather_returns.years_of_returns(received, until, years) or [until.year]
    industries = tuple(one.code for one in read_industries())
    there = set(received.enterprise_returns["industry"].drop_nulls().to_list())
    shown = [code for code in industries if code in there]
    inputs = assess.Inputs(
        read_index("manufacturing_quality"),
        gather_returns.gather_manufacturing(received, streams, known, city.counties, shown),
    )
    compared = tuple(Period(year, "", 1) for year in known)
    returned = gather_returns.count_returned(received, known[-1], city.counties)
    by_county = {code: county_name(code) for code in city.counties}
    by_industry = {code: industry_name(code) for code in shown}
    kinds: tuple[tuple[Kind, dict[str, Text]], ...] = (("county", by_county), ("industry", by_industry))
    first, second = (
        Assessment(city.place, compared[-1], compared, names, kind, inputs, rules, bands, draws, returned)
        for kind, names in kinds
    )
    return first, second

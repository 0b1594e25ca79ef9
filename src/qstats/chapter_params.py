"""By which declared choices is each chapter assessed?

The parts of a parameter file that belong to one chapter each; :mod:`qstats.params` puts them together.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _none_if_null(value: object) -> object:
    return None if value == "null" else value


OrNull = BeforeValidator(_none_if_null)
"""Scalars are read as written: a ``null`` in the file is the text that says so."""

Level = Literal["national", "provincial", "municipal", "county"]


class StrictModel(BaseModel):
    """A part of a parameter file: unknown keys are errors, values stay as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(StrictModel):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Inspection(StrictModel):
    """Choices of the inspection chapter."""

    level: Level = Field(description="Level of sampling of the headline; levels are never pooled")
    outcome: Literal["final", "first"] = Field(description="Outcome that the headline rate uses")
    minimum_batches: int = Field(ge=1, description="Fewer batches than this: the rate cannot be stated")
    complete_from: float = Field(gt=0, le=1, description="Share of results in from which a period is final")
    listed_from: float = Field(gt=0, le=1, description="Share of its declared batches that a source holds")
    dated_from: float = Field(gt=0, le=1, description="Share of batches that must have a sampling date")
    periods_shown: int = Field(ge=2, le=60, description="Periods in the series chart")
    largest_pareto: int = Field(ge=3, le=30, description="Items in the Pareto chart")
    strata: list[Literal["enterprise_size", "county_code", "product_class"]] = Field(
        min_length=1, description="Strata of the sampling frame (frame.csv), the most important first"
    )
    repeat_periods: int = Field(ge=1, le=60, description="Periods in which repeated failures are sought")


class Disclosure(StrictModel):
    """What may be read of single enterprises."""

    minimum_enterprises: int = Field(ge=1, description="A cell of a crossed table with fewer is suppressed")
    minimum_width: int = Field(ge=1, description="Least width of what a reader can find out of such a cell")
    name_enterprises: bool = Field(description="Enterprises that failed repeatedly are named")


class SatisfactionTarget(StrictModel):
    """A target of customer satisfaction, and how its wording is read."""

    sector: Literal["producer", "consumer", "public"]
    measure: Literal["score", "index", "share"] = Field(
        description="Score or index in points of 0-100, or share of satisfied customers (0-1)"
    )
    level: float = Field(gt=0, le=100, description="Reached or exceeded is met; a share is 0-1")


class Satisfaction(StrictModel):
    """Choices of the satisfaction chapter."""

    questionnaire: Annotated[str | None, OrNull] = Field(
        description="Id in data/reference/questionnaires; null: no survey"
    )
    minimum_respondents: int = Field(ge=2, description="Fewer answers than this: the score cannot be stated")
    leave_out: list[Literal["speeder", "straight_line"]] = Field(
        description="Screened questionnaires that enter no figure; the others are kept and reported"
    )
    trim_weights: Annotated[float | None, OrNull] = Field(
        gt=1, description="Largest weight as a multiple of the mean, or null"
    )
    inner_scheme: Literal["centroid", "factorial", "path"] = Field(description="Of the index model")
    replicates: int = Field(ge=99, le=20_000, description="Bootstrap resamples of the index model")
    satisfaction_targets: list[SatisfactionTarget]


class AcceptanceTarget(StrictModel):
    """A target of construction quality; one without a level is to fall year by year."""

    measure: Literal["first_time_rate", "dwelling_rate", "complaint_rate"]
    scale: Annotated[Literal["large_medium", "other"] | None, OrNull] = Field(
        default=None, description="null: every project"
    )
    level: Annotated[float | None, OrNull] = Field(
        default=None, gt=0, le=1, description="Share (0-1) to be reached; null: falls every year"
    )
    since: Annotated[int | None, OrNull] = Field(
        default=None, ge=1980, le=2100, description="Year whose rate the first fall is measured from"
    )

    @model_validator(mode="after")
    def _has_what_its_measure_needs(self) -> "AcceptanceTarget":
        falls, scaled = self.measure == "complaint_rate", self.measure == "first_time_rate"
        if falls != (self.level is None) or (self.since and not falls) or (self.scale and not scaled):
            raise ValueError("first_time_rate has level and scale, dwelling_rate level, complaint_rate since")
        return self


class Acceptance(StrictModel):
    """Choices of the acceptance chapter."""

    denominator: Literal["dwellings_delivered", "projects"] = Field(
        description="What complaints are counted per: 1,000 dwellings delivered, or 100 projects"
    )
    largest_height_spread: float = Field(gt=0, description="Largest spread of heights in a room, mm")
    largest_plan_deviation: float = Field(gt=0, description="Largest deviation of a plan dimension, mm")
    rectification_days: int = Field(gt=0, description="Days from a failed acceptance to the final one")
    handling_days: int = Field(gt=0, description="Days within which a complaint should be closed")
    acceptance_targets: list[AcceptanceTarget]

    @model_validator(mode="after")
    def _judges_each_measure_once(self) -> "Acceptance":
        aims = {(one.measure, one.scale) for one in self.acceptance_targets}
        if len(aims) < len(self.acceptance_targets):
            raise ValueError("acceptance_targets name a measure and scale twice: keep one")
        return self


class Competitiveness(StrictModel):
    """Choices of the chapter on competitiveness."""

    band_scheme: str = Field(
        description="Bands that scores are named by, in data/reference/indices/bands.csv"
    )
    indicators_needed: float = Field(ge=0, le=1, description="Share of its indicators that an index takes")
    part_needed: float = Field(
        ge=0, le=1, description="Share of the weight below a part that its score takes"
    )
    years_compared: int = Field(ge=2, le=10, description="Years shown, each of twelve months")
    weight_noise: float = Field(ge=0, lt=1, description="Largest relative shift of a weight in the draws")
    choice_draws: int = Field(ge=100, le=100_000, description="Draws of the range over choices of method")
    choice_base: int = Field(ge=64, le=65_536, description="Base sample of the Sobol indices, a power of 2")
    choice_seed: int = Field(ge=0, description="Seed of these draws")

    @model_validator(mode="after")
    def _base_is_a_power_of_two(self) -> "Competitiveness":
        if self.choice_base & (self.choice_base - 1):
            raise ValueError(f"choice_base {self.choice_base} is no power of 2, such as 512")
        return self


class CountyAssessment(StrictModel):
    """Choices of the assessment of counties."""

    assessment_scheme: str = Field(description="Scheme in data/reference/schemes, such as county_30_50_20")


class Credit(StrictModel):
    """Choices of the grading of enterprises' credit."""

    credit_schemes: list[str] = Field(
        min_length=1, description="Schemes in data/reference/credit_schemes, such as gb_t_23791_2009"
    )
    publicity_from: Annotated[date | None, OrNull] = Field(
        description="Day on which the grades were made public; null: not yet"
    )

    @model_validator(mode="after")
    def _names_each_scheme_once(self) -> "Credit":
        if len(set(self.credit_schemes)) < len(self.credit_schemes):
            raise ValueError("credit_schemes names a scheme twice: keep one")
        return self


class Intervention(StrictModel):
    """A named event that may have moved the figures."""

    on: date = Field(description="Day of the event")
    kind: Literal["policy", "laboratory", "definition"] = Field(
        description="No trend leads across a change of laboratory or of definition"
    )
    name: Bilingual
    series: list[str] = Field(default=[], description="Indicators that it concerns; none named: all")
    counties: list[str] = Field(default=[], description="Counties that it concerns; none named: all")


class Trend(StrictModel):
    """Choices of the trend chapter."""

    minimum_periods: int = Field(ge=8, description="Fewer complete periods than this: no trend is fitted")
    minimum_years: int = Field(ge=2, description="Fewer years than this: no trend and no season")
    minimum_after: int = Field(ge=4, description="Periods before and after an event that its effect takes")
    horizon: int = Field(ge=1, le=12, description="Quarters that are forecast")
    trend_resamples: int = Field(ge=99, le=9_999, description="Bootstrap resamples of the search for breaks")
    trend_seed: int = Field(ge=0, description="Seed of these resamples and of forecasts")
    interventions: list[Intervention]

"""What is to be assessed, and by which declared choices?

A parameter file holds only what differs from ``params/base.yaml``. Everything is checked before anything
runs: an unknown key, a wrong type or a contradiction is a :class:`ParameterError` that names file and key.
Scalars are read as the text that stands in the file and typed by the model, so ``010101`` and ``NO`` stay
what was written.
"""

import difflib
import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from qstats.errors import ParameterError
from qstats.periods import Period


def _parsable_period(value: str) -> str:
    try:
        return str(Period.parse(value))
    except ParameterError as error:
        raise ValueError(str(error)) from None


def _none_if_null(value: object) -> object:
    return None if value == "null" else value


OrNull = BeforeValidator(_none_if_null)
"""Scalars are read as written: a ``null`` in the file is the text that says so."""

PeriodText = Annotated[str, AfterValidator(_parsable_period)]
Level = Literal["national", "provincial", "municipal", "county"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Model):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Place(_Model):
    """The place that the report is about."""

    code: str = Field(pattern=r"^\d{6}$", description="GB/T 2260 code, six digits")
    name: Bilingual
    vintage: int = Field(ge=1980, le=2100, description="Year of the GB/T 2260 list that codes follow")


class Inspection(_Model):
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


class Disclosure(_Model):
    """What may be read of single enterprises."""

    minimum_enterprises: int = Field(ge=1, description="A cell of a crossed table with fewer is suppressed")
    minimum_width: int = Field(ge=1, description="Least width of what a reader can find out of such a cell")
    name_enterprises: bool = Field(description="Enterprises that failed repeatedly are named")


class SatisfactionTarget(_Model):
    """A target of customer satisfaction, and how its wording is read."""

    sector: Literal["producer", "consumer", "public"]
    measure: Literal["score", "index", "share"] = Field(
        description="Score or index in points of 0-100, or share of satisfied customers (0-1)"
    )
    level: float = Field(gt=0, le=100, description="Reached or exceeded is met; a share is 0-1")


class Satisfaction(_Model):
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


class AcceptanceTarget(_Model):
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


class Acceptance(_Model):
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


class Intervention(_Model):
    """A named event that may have moved the figures."""

    on: date = Field(description="Day of the event")
    kind: Literal["policy", "laboratory", "definition"] = Field(
        description="A change of definition is never bridged by a trend"
    )
    name: Bilingual
    series: list[str] = Field(default=[], description="Indicators that it concerns; none named: all")


class Trend(_Model):
    """Choices of the trend chapter."""

    minimum_periods: int = Field(ge=8, description="Fewer complete periods than this: no trend is fitted")
    minimum_years: int = Field(ge=2, description="Fewer years than this: no trend and no season")
    minimum_after: int = Field(ge=4, description="Periods before and after an event that its effect takes")
    horizon: int = Field(ge=1, le=12, description="Quarters that are forecast")
    trend_resamples: int = Field(ge=99, le=9_999, description="Bootstrap resamples of the search for breaks")
    trend_seed: int = Field(ge=0, description="Seed of these resamples and of forecasts")
    interventions: list[Intervention]


class Synthetic(_Model):
    """How the demonstration data is made (``qstats demo``)."""

    seed: int = Field(ge=0)
    size: str = Field(pattern=r"^(tiny|demo|large|\d+)$", description="tiny, demo, large or a batch count")


class Run(_Model):
    """Limits of one unattended run."""

    cell_timeout: int = Field(gt=0, description="Seconds that one notebook cell may take")
    total_timeout: int = Field(gt=0, description="Seconds that one chapter may take as a whole")


class Params(_Model):
    """Everything that a run can be told."""

    run: str = Field(pattern=r"^[\w.-]+$", description="Name of the run and of its folders")
    title: Bilingual
    place: Place
    period: PeriodText = Field(description="2015, 2015H1, 2015Q4 or 2015-03")
    cutoff: date = Field(description="Day on which the data was closed; later dates are impossible")
    demonstration: bool = Field(description="Synthetic data: every page is marked")
    raw_folder: str | None = Field(default=None, description="Folder of the raw files, if not data/raw/<run>")
    confidence: float = Field(gt=0.5, lt=1)
    chapters: list[Annotated[str, Field(pattern=r"^\w+$")]] = Field(
        min_length=1, description="Notebooks to run, in order"
    )
    unit_chapters: list[Annotated[str, Field(pattern=r"^\w+$")]] = Field(
        default=[], description="Notebooks to run once for each county and zone of the place"
    )
    front_figure: str = Field(description="Name of the figure that stands on the front page")
    inspection: Inspection
    disclosure: Disclosure
    satisfaction: Satisfaction
    acceptance: Acceptance
    trend: Trend
    synthetic: Synthetic | None = None
    execution: Run

    @model_validator(mode="after")
    def _relations_hold(self) -> "Params":
        period = Period.parse(self.period)
        if self.cutoff <= period.start:
            raise ValueError(f"cutoff {self.cutoff} lies before the period {period} begins ({period.start})")
        if self.demonstration != self.run.startswith("demo-"):
            raise ValueError("demonstration runs, and only they, are named demo-…")
        named = [*self.chapters, *self.unit_chapters]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError(f"a chapter stands twice in chapters and unit_chapters: {', '.join(twice)}")
        if self.synthetic and not self.demonstration:
            raise ValueError("synthetic settings belong to demonstration runs only")
        if self.run.startswith(("demo-", "trial-")) is False and self.run != self.period:
            raise ValueError(f"a real run is named by its period: run {self.run!r}, period {self.period!r}")
        return self


class _TextLoader(yaml.BaseLoader):
    """Scalars as written; a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise ParameterError(f"key {key!r} stands twice (line {node.start_mark.line + 1})")
        return super().construct_mapping(node, deep)


def read_params(path: Path) -> Params:
    """Checked parameters of a file laid over ``base.yaml`` in the same folder.

    Raises
    ------
    ParameterError
        Unreadable file, unknown key (with the nearest known one), wrong type, contradiction.
    """
    base = path.parent / "base.yaml"
    settings = _merge(_read_yaml(base) if base.exists() else {}, _read_yaml(path))
    try:
        return Params.model_validate(settings)
    except ValidationError as error:
        raise ParameterError(_explain(path, error)) from None


def params_schema() -> str:
    """JSON Schema of parameter files, for editors that complete keys."""
    schema = Params.model_json_schema()
    schema["required"] = []  # a period file holds differences only
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)
    except FileNotFoundError:
        raise ParameterError(f"there is no parameter file {path}") from None
    except OSError as error:
        raise ParameterError(f"{path} cannot be read: {error.strerror}") from None
    except ParameterError as error:
        raise ParameterError(f"{path}: {error}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path} is not readable as YAML in UTF-8: {error}") from None
    if content in (None, ""):
        return {}
    if not isinstance(content, dict):
        raise ParameterError(f"{path} holds no keys: write 'key: value' lines")
    return content


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _merge(base[key], value) if both else value
    return merged


def _explain(path: Path, error: ValidationError) -> str:
    lines = [f"{path} is not valid:"]
    for problem in error.errors()[:5]:
        where = ".".join(str(part) for part in problem["loc"]) or "file"
        if problem["type"] == "extra_forbidden":
            lines.append(f"  {where}: unknown key{_nearest(problem['loc'])}")
        elif problem["type"] == "missing":
            lines.append(f"  {where}: missing; give it here or in base.yaml")
        else:
            lines.append(f"  {where}: {problem['msg']} (found {problem['input']!r})"[:400])
    return "\n".join(lines)


def _nearest(location: tuple[int | str, ...]) -> str:
    model: Any = Params
    for part in (part for part in location[:-1] if isinstance(part, str)):
        annotation = model.model_fields[part].annotation
        options = [annotation, *getattr(annotation, "__args__", ())]
        models = (option for option in options if isinstance(option, type))
        model = next(option for option in models if issubclass(option, BaseModel))
    close = difflib.get_close_matches(str(location[-1]), model.model_fields, n=1, cutoff=0.0)
    return f"; nearest known key: {close[0]!r}" if close else ""

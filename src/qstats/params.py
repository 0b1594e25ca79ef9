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
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from qstats.chapter_params import (
    Acceptance,
    Bilingual,
    Competitiveness,
    CountyAssessment,
    Credit,
    Disclosure,
    Inspection,
    Satisfaction,
    StrictModel,
    Trend,
)
from qstats.errors import ParameterError
from qstats.periods import Period


def _parsable_period(value: str) -> str:
    try:
        return str(Period.parse(value))
    except ParameterError as error:
        raise ValueError(str(error)) from None


_LONGEST_FOUND = 60  # characters of a wrong value that a message shows

PeriodText = Annotated[str, AfterValidator(_parsable_period)]


class Place(StrictModel):
    """The place that the report is about."""

    code: str = Field(pattern=r"^\d{6}$", description="GB/T 2260 code, six digits")
    name: Bilingual
    vintage: int = Field(ge=1980, le=2100, description="Year of the GB/T 2260 list that codes follow")


class Synthetic(StrictModel):
    """How the demonstration data is made (``qstats demo``)."""

    seed: int = Field(ge=0)
    size: str = Field(pattern=r"^(tiny|demo|large|\d+)$", description="tiny, demo, large or a batch count")


class Run(StrictModel):
    """Limits of one unattended run."""

    cell_timeout: int = Field(gt=0, description="Seconds that one notebook cell may take")
    total_timeout: int = Field(gt=0, description="Seconds that one chapter may take as a whole")


class Params(StrictModel):
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
    front_chapters: list[str] = Field(
        default=[],
        description="Chapters whose first points come first where the front page is short of places",
    )
    front_figure: str = Field(description="Name of the figure that stands on the front page")
    inspection: Inspection
    disclosure: Disclosure
    satisfaction: Satisfaction
    acceptance: Acceptance
    trend: Trend
    competitiveness: Competitiveness
    county_assessment: CountyAssessment
    credit: Credit
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
        public, graded = self.credit.publicity_from, min(period.end, self.cutoff)
        if public is not None and public < graded:
            raise ValueError(f"credit.publicity_from {public} lies before the day of the grades, {graded}")
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
            lines.append(
                f"  {where}: {problem['msg'].removeprefix('Value error, ')}{_found(problem['input'])}"
            )
    return "\n".join(lines)


def _found(given: object) -> str:
    """The value that is wrong, cut where it is long; of the whole file or a part of it nothing."""
    if isinstance(given, dict):
        return ""
    value = repr(given)
    shown = value if len(value) <= _LONGEST_FOUND else f"{value[:_LONGEST_FOUND]}…"
    return f" (found {shown})"


def _nearest(location: tuple[int | str, ...]) -> str:
    model: Any = Params
    for part in (part for part in location[:-1] if isinstance(part, str)):
        annotation = model.model_fields[part].annotation
        options = [annotation, *getattr(annotation, "__args__", ())]
        models = (option for option in options if isinstance(option, type))
        model = next(option for option in models if issubclass(option, BaseModel))
    close = difflib.get_close_matches(str(location[-1]), model.model_fields, n=1, cutoff=0.0)
    return f"; nearest known key: {close[0]!r}" if close else ""

"""Which columns does a supplier's file have? The layouts.

Method: one YAML file per layout in ``data/reference/sources`` lists, for every raw field, the headings
under which suppliers send it. A new supplier is a new layout file, not code.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qstats.characters import to_simplified
from qstats.errors import SourceError
from qstats.paths import layouts_folder
from qstats.questionnaires import FIELDS, Questionnaire, read_questionnaires
from qstats.reference_files import read_settings

INSPECTION_FIELDS = (
    "sequence sheet_no enterprise_name enterprise_code enterprise_address county township enterprise_size "
    "sampled_unit product_name product_class brand model production stage programme level "
    "sampled_on announced_on result first_result final_result failed_items item_result item_unit "
    "item_limit item_verdict laboratory sales_value weight remark listing search_term issuer"
).split()
PUBLISHED_COUNT_FIELDS = (
    "area product_class product period level programme enterprises enterprises_passed enterprises_failed "
    "kinds kinds_passed kinds_failed batches batches_passed batches_failed pass_rate failure_rate"
).split()
PUBLISHED_SERIES_FIELDS = (
    "sequence series label_zh label_en measure stated_as period period_start period_end value unit "
    "rounded_to n events basis_zh basis_en break_note_zh break_note_en status issuer source_url"
).split()
FIELDS_OF_TABLE = {
    "inspections": INSPECTION_FIELDS,
    "published_counts": PUBLISHED_COUNT_FIELDS,
    "published_series": PUBLISHED_SERIES_FIELDS,
}

Table = Literal[
    "inspections",
    "published_counts",
    "published_series",
    "series_by_area",
    "respondents",
    "projects",
    "dwellings",
    "measurements",
    "complaints",
    "registers",
    "enterprise_returns",
    "enterprise_records",
    "complaint_totals",
    "injuries",
    "product_classes",
]


class BilingualText(BaseModel):
    """The same text in both languages of the reports."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str


class ScoreIdentity(BaseModel):
    """How a stated score follows from its parts: ``100·Σ parts/(points·areas)``, halves rounded up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str
    parts: list[str] = Field(min_length=1)
    areas: str
    points: int = Field(gt=0, description="Most points that one part can have")


class SourceLayout(BaseModel):
    """One supplier layout: headings of every raw field, and what the listing holds.

    ``required`` entries may name alternatives (``result | first_result``). ``lists`` says what the listing
    contains: all sampled batches, failures only, passes only, or ``undeclared`` (total sampled unknown).
    ``reject_where`` holds, by raw field, regular expressions; a row in which one is found is no inspection.
    ``defaults`` fill fields for which the file has no column. ``joined`` names fields that may stand in
    several columns of a file (生产日期, 批号): different texts are joined by ``" / "`` in the order of the
    headings; of all other fields only the column whose heading comes first is taken. ``scored`` are answers
    on a scale: an SPSS file's codes of them are kept, those of other columns become their labels.
    ``words`` are the supplier's own words for coded fields, by code, before the common vocabulary. ``score``
    declares a score that its parts must add up to.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: BilingualText
    table: Table
    columns: dict[str, list[str]] = Field(min_length=1)
    required: list[str] = Field(min_length=1)
    one_row_per: Literal["batch", "item"] = "batch"
    lists: Literal["all", "failures", "passes", "undeclared"] = "undeclared"
    defaults: dict[str, str] = {}
    joined: list[str] = []
    reject_where: dict[str, list[str]] = {}
    reject_reason: BilingualText | None = None
    units: dict[str, str] = {}
    scored: list[str] = []
    words: dict[str, dict[str, list[str]]] = {}
    score: ScoreIdentity | None = None
    date_day_first: bool = False

    @property
    def fields(self) -> list[str]:
        """Raw fields of the table this layout feeds, in their fixed order."""
        return list(FIELDS_OF_TABLE.get(self.table, self.columns))

    @property
    def required_alternatives(self) -> list[list[str]]:
        """Required fields, each as the list of fields that would do."""
        return [re.split(r"\s*\|\s*", entry.strip()) for entry in self.required]

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        _check_known("columns", self.columns, self.fields)
        _check_known("defaults", self.defaults, self.fields)
        alternatives = [field for entry in self.required_alternatives for field in entry]
        for key, names in (
            ("required", alternatives),
            ("reject_where", self.reject_where),
            ("units", self.units),
            ("joined", self.joined),
            ("scored", self.scored),
        ):
            _check_known(key, names, list(self.columns))
        _check_headings_unique(self.columns)
        _check_patterns(self.reject_where)
        return self


def read_layouts(folder: Path | None = None) -> dict[str, SourceLayout]:
    """Return the supplier layouts by id, read from ``folder`` (default ``data/reference/sources``).

    Raises
    ------
    QstatsError
        Naming file and line or key, if a layout file is not valid or two have the same id.
    """
    folder = folder or layouts_folder()
    layouts: dict[str, SourceLayout] = {}
    for path in sorted(folder.glob("*.yaml")):
        layout = _read_layout(path)
        if layout.id in layouts:
            raise SourceError(f"{path.name}: the layout id '{layout.id}' is already used. Choose another id.")
        layouts[layout.id] = layout
    if not layouts:
        raise SourceError(f"No layout files (*.yaml) in {folder}. Set QSTATS_HOME to the project folder.")
    return layouts


def layouts_of_questionnaires() -> dict[str, SourceLayout]:
    """A layout for each declared questionnaire: the items of its model tell it from others."""
    return {one.id: _layout_of(one) for one in read_questionnaires().values()}


def _layout_of(questionnaire: Questionnaire) -> SourceLayout:
    items = {code: item.headings for code, item in questionnaire.items.items()}
    profile = {code: one.headings for code, one in questionnaire.profile.items()}
    modelled = [code for code, item in questionnaire.items.items() if item.latent]
    return SourceLayout(
        id=questionnaire.id,
        label=BilingualText(**questionnaire.label.model_dump()),
        table="respondents",
        columns={name: questionnaire.columns.get(name, []) for name in FIELDS} | profile | items,
        required=modelled or [questionnaire.overall],
        lists="all",
        defaults=questionnaire.defaults,
        scored=list(items),
    )


@lru_cache(maxsize=1 << 14)
def normalize_heading(text: str) -> str:
    """Return a heading as it is compared: simplified, half width, lower case, no spaces, no marks around."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return to_simplified(folded.strip("*★:,"))


@lru_cache(maxsize=1 << 14)
def without_brackets(heading: str) -> str:
    """Return a normalised heading without its bracketed notes: ``抽查企业数(家)`` becomes ``抽查企业数``."""
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", heading)


def _read_layout(path: Path) -> SourceLayout:
    content = read_settings(path)
    try:
        return SourceLayout.model_validate(content)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'layout'}: {problem['msg']}"
            for problem in error.errors()[:5]
        )
        raise SourceError(f"{path.name}: {problems}. Correct the layout file.") from error


def _check_known(
    key: str, names: dict[str, str] | dict[str, list[str]] | list[str], known: list[str]
) -> None:
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"{key} names unknown fields {', '.join(unknown[:5])}; known are {', '.join(known)}")


def _check_headings_unique(columns: dict[str, list[str]]) -> None:
    field_of: dict[str, str] = {}
    for field, headings in columns.items():
        for heading in headings:
            other = field_of.setdefault(normalize_heading(heading), field)
            if other != field:
                raise ValueError(f"columns.{field}: the heading {heading} already belongs to {other}")


def _check_patterns(reject_where: dict[str, list[str]]) -> None:
    for field, patterns in reject_where.items():
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(
                    f"reject_where.{field}: {pattern} is no regular expression ({error})"
                ) from error

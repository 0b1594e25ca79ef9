"""What was asked, on which scale, and what does an answer stand for? The declared questionnaires (问卷).

One YAML file per questionnaire in ``data/reference/questionnaires``. It names the headings under which
institutes send each column, the codes of coded columns, the items with their scales, the answers that are no
scores (don't know, refused), and the latent variables of the satisfaction model with the paths between them.
"""

from functools import cache, cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qstats.codebook import Text
from qstats.errors import ParameterError, SourceError
from qstats.paths import reference_folder
from qstats.reference_files import read_settings

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
CODED = ("wave", "county_code", "sector", "industry", "mode")
"""Columns of the contract whose words a questionnaire may declare; counties are read by name without it."""
FIELDS = (
    "respondent_id", "wave", "surveyed_on", "county_code", "sector", "industry", "mode", "stratum", "cluster",
    "weight", "seconds",
)  # fmt: skip
"""Columns of the contract that a file may hold, beside the profile and the items."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Model):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Category(_Model):
    """A code of a coded column: its label and the words that files write for it, beside the code itself."""

    label: Label
    words: list[str] = []
    sector: Literal["producer", "consumer", "public"] | None = Field(
        default=None, description="Of an industry: the sector that it belongs to"
    )


class Profile(_Model):
    """A further coded column about the respondent (age group, sex), used for weighting and comparison."""

    label: Label
    headings: list[str] = Field(min_length=1)
    categories: dict[str, Category] = Field(min_length=1)


class Item(_Model):
    """A question with an answer on a scale.

    ``scale`` holds the lowest and highest score as written in the file. With ``reverse`` the lowest is the
    best; the tables hold it turned, so that more is always better.
    """

    label: Label
    headings: list[str] = Field(min_length=1)
    latent: Code | None = None
    scale: tuple[float, float] | None = Field(default=None, description="Only where it differs")
    reverse: bool = False


class Latent(_Model):
    """A latent variable of the model (潜变量): its mode and the latents that explain it."""

    label: Label
    mode: Literal["A", "B"] = "A"
    explained_by: list[Code] = []


class Questionnaire(_Model):
    """A declared questionnaire.

    ``overall`` is the item on overall satisfaction, ``index_of`` the latent variable whose index is the
    satisfaction index. ``satisfied_from``, ``top_from`` and ``bottom_to`` are marks on ``scale``: who gives
    at least the first is satisfied, at least the second counts to the top box, at most the third against it.
    """

    id: Code
    label: Label
    scale: tuple[float, float] = Field(description="Lowest and highest score of the items")
    satisfied_from: float
    top_from: float
    bottom_to: float
    dont_know: list[str] = Field(default=[], description="Answers that mean don't know, as written")
    refused: list[str] = Field(default=[], description="Answers that mean refused, as written")
    overall: Code
    index_of: Code | None = None
    columns: dict[str, list[str]] = {}
    defaults: dict[str, str] = {}
    categories: dict[str, dict[str, Category]] = {}
    profile: dict[Code, Profile] = {}
    items: dict[Code, Item] = Field(min_length=1)
    latents: dict[Code, Latent] = {}

    @cached_property
    def blocks(self) -> dict[str, list[str]]:
        """Items of each latent variable, in the order of declaration."""
        return {
            latent: [code for code, item in self.items.items() if item.latent == latent]
            for latent in self.latents
        }

    def scale_of(self, item: str) -> tuple[float, float]:
        """Lowest and highest score of an item."""
        return self.items[item].scale or self.scale

    def label_of(self, column: str, code: str) -> Text:
        """Label of a code of a coded or profile column; a code that is not declared stands for itself."""
        known = self.categories_of(column)
        return known[code].label.model_dump() if code in known else {"zh": code, "en": code}

    def categories_of(self, column: str) -> dict[str, Category]:
        """Declared codes of a coded or profile column."""
        return self.profile[column].categories if column in self.profile else self.categories.get(column, {})

    @model_validator(mode="after")
    def _relations_hold(self) -> Self:
        _check_among("columns", self.columns, FIELDS)
        _check_among("defaults", self.defaults, (*FIELDS, *self.profile))
        _check_among("categories", self.categories, CODED)
        _check_among("overall", [self.overall], self.items)
        _check_among("index_of", [self.index_of] if self.index_of else [], self.latents)
        _check_among("items.latent", [i.latent for i in self.items.values() if i.latent], self.latents)
        for code, latent in self.latents.items():
            _check_among(f"latents.{code}.explained_by", latent.explained_by, self.latents)
        if empty := [code for code, items in self.blocks.items() if not items]:
            raise ValueError(f"latents.{empty[0]}: no item belongs to it")
        if taken := [code for code in (*self.items, *self.profile) if code in FIELDS]:
            raise ValueError(f"{taken[0]}: this is the name of a column of the contract; choose another")
        _check_scales(self)
        _check_acyclic(self.latents)
        _check_tied(self.latents)
        return self


def _check_among(key: str, names: object, known: object) -> None:
    if unknown := [name for name in names if name not in known]:  # type: ignore[attr-defined, operator]
        raise ValueError(f"{key}: {unknown[0]!r} is unknown; known are {', '.join(known)}")  # type: ignore[arg-type]


def _check_scales(questionnaire: Questionnaire) -> None:
    own = [(code, item.scale) for code, item in questionnaire.items.items() if item.scale]
    for name, (lowest, highest) in [("scale", questionnaire.scale), *own]:
        if not lowest < highest:
            raise ValueError(f"{name}: the scale {lowest}–{highest} has no width")
    lowest, highest = questionnaire.scale
    marks = (lowest, questionnaire.bottom_to, questionnaire.satisfied_from, questionnaire.top_from, highest)
    if list(marks) != sorted(marks):
        raise ValueError("bottom_to ≤ satisfied_from ≤ top_from must lie in this order within the scale")


def _check_acyclic(latents: dict[str, Latent]) -> None:
    settled: set[str] = set()
    while len(settled) < len(latents):
        ready = {c for c, one in latents.items() if c not in settled and settled.issuperset(one.explained_by)}
        if not ready:
            raise ValueError(f"latents: {', '.join(set(latents) - settled)} explain each other in a circle")
        settled |= ready


def _check_tied(latents: dict[str, Latent]) -> None:
    """A latent variable without a path to or from another has no weights."""
    tied = {code for code, one in latents.items() if one.explained_by}
    tied |= {source for one in latents.values() for source in one.explained_by}
    if alone := [code for code in latents if code not in tied]:
        raise ValueError(f"latents.{alone[0]}: it explains no other and is explained by none")


@cache
def read_questionnaires() -> dict[str, Questionnaire]:
    """All declared questionnaires by id.

    Raises
    ------
    QstatsError
        Naming file and line or key, if a file is not valid.
    """
    found: dict[str, Questionnaire] = {}
    for path in sorted((reference_folder() / "questionnaires").glob("*.yaml")):
        content = read_settings(path, as_text=True)
        try:
            questionnaire = Questionnaire.model_validate(content)
        except ValidationError as error:
            problems = "; ".join(_problem(one["loc"], one["msg"]) for one in error.errors()[:5])
            raise SourceError(f"{path.name}: {problems}. Correct the questionnaire.") from error
        if questionnaire.id != path.stem:
            raise SourceError(f"{path.name}: its id is {questionnaire.id!r}; name the file after it.")
        found[questionnaire.id] = questionnaire
    return found


def find_questionnaire(id: str | None) -> Questionnaire | None:
    """Questionnaire of that id; None where a run has none.

    Raises
    ------
    ParameterError
        No such questionnaire is declared.
    """
    if id is None:
        return None
    if id not in (known := read_questionnaires()):
        raise ParameterError(
            f"satisfaction.questionnaire: {id!r} is not declared; known are {', '.join(known)}"
        )
    return known[id]


def _problem(location: tuple[int | str, ...], message: str) -> str:
    where = ".".join(map(str, location)) or "questionnaire"
    return f"{where}: {message.removeprefix('Value error, ')}"

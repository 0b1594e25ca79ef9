"""By which schemes are counties assessed (质量工作考核)? Points, formulas, bands and vetoes as data.

A scheme is a YAML file in ``data/reference/schemes``. Formulas are a small closed set: ``linear`` between the
value that earns nothing and the one that earns everything, ``steps`` from thresholds on, ``evidence`` by the
points that assessors entered. An item with ``base`` earns these points where its measure does not apply to a
county or has no data; one without leaves the total unstated.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from qstats.codebook import Text
from qstats.reference_files import check_settings, find_file, read_settings

Measure = Literal[
    "pass_rate", "rectified_rate", "first_time_rate", "dwelling_rate", "producer_score", "consumer_score",
    "chief_quality_officers", "new_brands", "quality_awards",
]  # fmt: skip
"""What the streams of a run can measure in a county and an assessment year."""

_SHARE = (1.0, "shares are written 0 to 1: 0.85, not 85")
_POINTS = (100.0, "index points are written 0 to 100")
_MOST: dict[str, tuple[float, str]] = {
    "pass_rate": _SHARE, "rectified_rate": _SHARE, "first_time_rate": _SHARE, "dwelling_rate": _SHARE,
    "producer_score": _POINTS, "consumer_score": _POINTS,
}  # fmt: skip
"""Largest value of a measure, and what to write; counts have none."""

Extent = Literal["single", "regional", "industry", "systemic"]
AccidentGrade = Literal["general", "considerable", "major", "especially_major"]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
BEYOND_SECTIONS = BONUS, DEDUCTION = "bonus", "deduction"
"""Stand in a scorecard where an item has its section; no section may have these codes."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Words(_Part):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def text(self) -> Text:
        """As the report takes it."""
        return {"zh": self.zh, "en": self.en}


class Band(_Part):
    """A grade with the least total that earns it; totals are not rounded before."""

    grade: str
    lower: float


class Item(_Part):
    """An item of a scorecard."""

    code: Code
    label: Words
    points: float = Field(gt=0)
    formula: Literal["linear", "steps", "evidence"]
    measure: Measure | None = None
    zero: float | None = None
    full: float | None = None
    steps: tuple[tuple[float, float], ...] = ()
    base: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _has_what_its_formula_needs(self) -> "Item":
        if (self.formula == "evidence") != (self.measure is None):
            raise ValueError(f"item {self.code}: evidence has no measure, every other formula has one")
        if (self.formula == "linear") != (self.zero is not None and self.full is not None):
            raise ValueError(f"item {self.code}: zero and full belong to linear, which needs both")
        if self.formula == "linear" and self.zero == self.full:
            raise ValueError(f"item {self.code}: zero and full are the same value")
        if (self.formula == "steps") != bool(self.steps):
            raise ValueError(f"item {self.code}: steps belong to the formula steps, which needs them")
        if any(one[0] >= other[0] or one[1] > other[1] for one, other in pairwise(self.steps)):
            raise ValueError(f"item {self.code}: thresholds of steps rise, and their points do not fall")
        if max([self.base or 0, *(points for _, points in self.steps)]) > self.points:
            raise ValueError(f"item {self.code}: base or steps give more than its {self.points:g} points")
        self._check_unit()
        return self

    def _check_unit(self) -> None:
        """A percentage where a share belongs would give every county no points, or all of them."""
        most, hint = _MOST.get(self.measure or "", (inf, "counts are 0 or more"))
        limits = [self.zero, self.full, *(threshold for threshold, _ in self.steps)]
        if beyond := [limit for limit in limits if limit is not None and not 0 <= limit <= most]:
            raise ValueError(f"item {self.code}: {beyond[0]:g} is no value of {self.measure}; {hint}")


class Section(_Part):
    """A section of a scorecard."""

    code: Code
    label: Words
    items: tuple[Item, ...] = Field(min_length=1)

    @property
    def points(self) -> float:
        """Points of all its items."""
        return sum(item.points for item in self.items)


class BonusItem(_Part):
    """Points for each event beyond the scorecard."""

    code: Code
    label: Words
    per_event: float = Field(gt=0)
    measure: Measure


class Bonus(_Part):
    """Bonus items, capped together."""

    most: float = Field(gt=0)
    items: tuple[BonusItem, ...] = Field(min_length=1)


class DeductionItem(_Part):
    """Points taken for each accident of some grades."""

    code: Code
    label: Words
    per_event: float = Field(gt=0)
    grades: tuple[AccidentGrade, ...] = Field(min_length=1)


class Deductions(_Part):
    """Deductions, capped together."""

    most: float = Field(gt=0)
    items: tuple[DeductionItem, ...] = Field(min_length=1)


class Veto(_Part):
    """Incidents with which no county has a better grade than this, whatever its points."""

    code: Code
    label: Words
    extents: tuple[Extent, ...] = Field(min_length=1)
    grade: str


class Scheme(_Part):
    """A scheme by which counties are assessed.

    ``declared`` says what of it is the issuer's and what this project's; ``year_starts`` is ``07-01`` for a
    year from July to June.
    """

    id: Code
    label: Words
    issuer: str
    declared: Words
    total: float = Field(gt=0)
    year_starts: str = Field(pattern=r"^(01|04|07|10)-01$")
    bands: tuple[Band, ...] = Field(min_length=2)
    sections: tuple[Section, ...] = Field(min_length=1)
    bonus: Bonus | None = None
    deductions: Deductions | None = None
    veto: tuple[Veto, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> "Scheme":
        points = sum(section.points for section in self.sections)
        if abs(points - self.total) > 1e-9:
            raise ValueError(f"items have {points:g} points together, the scheme {self.total:g}")
        sections = [section.code for section in self.sections]
        if taken := set(sections) & set(BEYOND_SECTIONS):
            raise ValueError(f"no section may have the code {min(taken)!r}, kept for what has no section")
        # Rows behind a veto stand beside those behind points, by code.
        for codes in (sections, [one.code for one in (*self.everything, *self.veto)]):
            if twice := sorted({code for code in codes if codes.count(code) > 1}):
                raise ValueError(f"code {twice[0]!r} stands twice")
        if [band.lower for band in self.bands] != sorted({band.lower for band in self.bands}, reverse=True):
            raise ValueError("bands stand from the highest to the lowest, each with a lower end of its own")
        if self.bands[-1].lower != 0:
            raise ValueError("the lowest band begins at 0: no total may lie between the bands")
        if lost := {one.grade for one in self.veto} - {band.grade for band in self.bands}:
            raise ValueError(f"a veto gives the grade {lost.pop()!r}, which is no band")
        return self

    @property
    def items(self) -> tuple[Item, ...]:
        """Items of all sections in order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def everything(self) -> tuple[Item | BonusItem | DeductionItem, ...]:
        """Items, bonus and deductions."""
        bonus = self.bonus.items if self.bonus else ()
        deductions = self.deductions.items if self.deductions else ()
        return (*self.items, *bonus, *deductions)

    def grade_of(self, total: float, shift: float = 0.0) -> str:
        """Grade of a total; ``shift`` moves all limits but 0 up."""
        return next(band.grade for band in self.bands if band.lower == 0 or total >= band.lower + shift)

    def worst_of(self, grades: Iterable[str]) -> str:
        """The lowest of some grades."""
        return max(grades, key=[band.grade for band in self.bands].index)

    def last_year(self, until: date) -> tuple[date, date]:
        """First and last day of the newest assessment year that is over on a day."""
        month = int(self.year_starts[:2])
        year = until.year
        while True:
            first = date(year - 1, month, 1)
            end = date.fromordinal(date(year, month, 1).toordinal() - 1)
            if end <= until:
                return first, end
            year -= 1


@cache
def read_scheme(scheme: str) -> Scheme:
    """A scheme by its id.

    Raises
    ------
    QstatsError
        No such scheme, or a file that is none: the message names file, key and what is wrong.
    """
    path = find_file("schemes", scheme, "assessment scheme")
    return parse_scheme(read_settings(path), path)


def parse_scheme(settings: Any, path: Path) -> Scheme:
    """A checked scheme from the content of its file."""
    return check_settings(Scheme, settings, path, "assessment scheme")

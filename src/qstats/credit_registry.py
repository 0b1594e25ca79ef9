"""By which schemes is the quality credit of enterprises (质量信用) graded? Points, decay, vetoes as data.

A scheme is a YAML file in ``data/reference/credit_schemes``. Two schemes share the letters A, B and C with
different meanings, so that a grade never stands without the id of its scheme.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from qstats.codebook import Text
from qstats.reference import read_product_classes
from qstats.reference_files import check_settings, find_file, read_settings

Severity = Literal["minor", "serious", "grave"]
SEVERITIES: tuple[Severity, ...] = ("minor", "serious", "grave")
"""From the least to the worst."""
Years = Annotated[int, Field(gt=0, le=100)]
"""Whole calendar years: what happened on a day has aged a year on the same day of the next."""
Adverse = Literal[
    "sampling_failure", "penalty", "complaint_upheld", "accident", "tax_arrears", "loan_default",
    "criminal_case", "revocation",
]  # fmt: skip
Favourable = Literal["award", "certification", "licence"]
ProductRisk = Literal["I", "II", "III"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_strip_whitespace=True)


class Words(_Part):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def text(self) -> Text:
        """As the report takes it."""
        return {"zh": self.zh, "en": self.en}


class Grade(_Part):
    """A grade with the least score that earns it."""

    grade: Annotated[str, Field(pattern=r"^[A-Z]+$")]
    lower: float
    label: Words


class Deduction(_Part):
    """Points that a record of a kind takes, halved every ``half_life`` years, none after ``years``."""

    kind: Adverse
    points: dict[Severity, Annotated[float, Field(ge=0)]]
    otherwise: float = Field(ge=0, description="Points where no severity is stated, or none of those above")
    half_life: float = Field(gt=0)
    years: Years

    @model_validator(mode="after")
    def _worse_takes_no_less(self) -> "Deduction":
        taken = [self.points[one] for one in SEVERITIES if one in self.points]
        if taken != sorted(taken):
            raise ValueError("points: a worse severity takes fewer points than a lesser one")
        return self


class Credit(_Part):
    """Points that a valid award or certificate earns; one without an end counts for ``years``."""

    kind: Favourable
    points: float = Field(gt=0)
    years: Years


class Veto(_Part):
    """A record that holds a grade down for some years; without severities, one of any severity.

    Without ``years`` it holds until it is repaired.
    """

    kind: Adverse
    severities: tuple[Severity, ...]
    years: Years | None
    grade: str


class ProductRisks(_Part):
    """Which product class is of which risk; ``otherwise`` where no product of an enterprise is known."""

    classes: dict[ProductRisk, tuple[str, ...]]
    otherwise: ProductRisk


class Supervision(_Part):
    """Kind of supervision and sampling checks a year that follow from a grade."""

    grade: str
    product_risk: ProductRisk | None = None
    checks: int = Field(ge=0)
    label: Words


class CreditScheme(_Part):
    """A scheme by which enterprises are graded.

    ``declared`` says what of it is the issuer's and what this project's; ``repair_keeps`` is the share of its
    points that a record keeps once it has been repaired; an objection of which no end is stated is open for
    ``objection_days``.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Words
    short: Words
    issuer: str = Field(min_length=1)
    declared: Words
    start: float = Field(gt=0)
    publicity_days: int = Field(ge=0, le=365)
    objection_days: int = Field(ge=0, le=365)
    repair_keeps: float = Field(ge=0, le=1)
    credits_most: float = Field(ge=0)
    grades: tuple[Grade, ...] = Field(min_length=2)
    deductions: tuple[Deduction, ...] = Field(min_length=1)
    credits: tuple[Credit, ...]
    veto: tuple[Veto, ...]
    product_risks: ProductRisks | None = None
    supervision: tuple[Supervision, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> "CreditScheme":
        limits = [one.lower for one in self.grades]
        if limits != sorted(set(limits), reverse=True):
            raise ValueError("grades stand from the best to the worst, each with a lower end of its own")
        if limits[-1] != 0 or limits[0] > self.start:
            raise ValueError("the worst grade begins at 0, and the best is within reach of the start")
        _refuse_twice("a grade", self.names)
        _refuse_twice("deductions: a kind", [one.kind for one in self.deductions])
        _refuse_twice("credits: a kind", [one.kind for one in self.credits])
        _refuse_twice("veto: a kind", [one.kind for one in self.veto])
        if lost := sorted({one.grade for one in self.veto} - set(self.names)):
            raise ValueError(f"a veto gives the grade {lost[0]!r}, which the scheme does not have")
        self._check_products()
        self._check_supervision()
        return self

    def _check_products(self) -> None:
        if self.product_risks is None:
            return
        listed = [code for codes in self.product_risks.classes.values() for code in codes]
        _refuse_twice("product_risks: a product class", listed)
        known = {one.code for one in read_product_classes()}
        if lost := sorted(set(listed) - known):
            raise ValueError(f"product_risks: {lost[0]!r} is no class of product_classes.csv")

    def _check_supervision(self) -> None:
        risks: Sequence[str | None] = ("I", "II", "III") if self.product_risks else (None,)
        wanted = {(grade, risk) for grade in self.names for risk in risks}
        given = [(one.grade, one.product_risk) for one in self.supervision]
        _refuse_twice("supervision: a grade", given)
        if wanted != set(given):
            raise ValueError("supervision needs one entry for each grade (and product risk), and no other")
        for risk in risks:
            checks = [self.supervision_of(grade, risk).checks for grade in self.names]
            if checks != sorted(checks):
                raise ValueError("supervision: a worse grade is checked less often than a better one")

    @property
    def names(self) -> tuple[str, ...]:
        """Grades from the best to the worst."""
        return tuple(one.grade for one in self.grades)

    def grade_of(self, score: float) -> str:
        """Grade of a score; below 0 it is the worst."""
        return next((one.grade for one in self.grades if score >= one.lower), self.names[-1])

    def supervision_of(self, grade: str, product_risk: str | None = None) -> Supervision:
        """What follows from a grade (and the risk of the products)."""
        wanted = (grade, product_risk)
        return next(one for one in self.supervision if (one.grade, one.product_risk) == wanted)

    def label_of(self, grade: str) -> Text:
        """What a grade means in this scheme."""
        return next(one.label.text for one in self.grades if one.grade == grade)


def _refuse_twice(what: str, found: Sequence[object]) -> None:
    if twice := [one for one, times in Counter(found).items() if times > 1]:
        raise ValueError(f"{what} stands twice: {twice[0]}")


@cache
def read_credit_scheme(scheme: str) -> CreditScheme:
    """A scheme by its id.

    Raises
    ------
    QstatsError
        No such scheme, or a file that is none: the message names file, key and what is wrong.
    """
    path = find_file("credit_schemes", scheme, "credit scheme")
    return parse_credit_scheme(read_settings(path), path)


def parse_credit_scheme(settings: Any, path: Path) -> CreditScheme:
    """A checked scheme from the content of its file."""
    return check_settings(CreditScheme, settings, path, "credit scheme")

"""Which divisions, townships and product classes are there? Reads the tables of ``data/reference``."""

from dataclasses import dataclass
from functools import cache

from qstats.codebook import Text
from qstats.paths import reference_folder
from qstats.reference_files import read_rows


@dataclass(frozen=True, slots=True)
class Division:
    """A county or functional zone of one or more vintages of GB/T 2260 (zones: local codes)."""

    code: str
    name: str
    short_name: str
    name_en: str
    type: str
    valid_from: int
    valid_to: int
    successor: str | None

    def valid_in(self, year: int) -> bool:
        """Whether the list of that year holds it."""
        return self.valid_from <= year <= self.valid_to


@dataclass(frozen=True, slots=True)
class Township:
    """A township (乡镇、街道) with its county and, where it reports separately, its functional zone."""

    code: str
    name: str
    county_code: str
    zone_code: str | None


@dataclass(frozen=True, slots=True)
class ProductClass:
    """A product class of the sampling catalogue and the other words that suppliers use for it."""

    code: str
    name: Text
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Industry:
    """A division of manufacturing (GB/T 4754-2011, two digits)."""

    code: str
    label: Text


@cache
def read_industries() -> tuple[Industry, ...]:
    """All divisions of manufacturing."""
    return tuple(
        Industry(row["code"], {"zh": row["label_zh"], "en": row["label_en"]})
        for row in _rows("industries.csv")
    )


def industry_name(code: str) -> Text:
    """Name of an industry in both languages; a code that is not listed stands for itself."""
    known = {one.code: one.label for one in read_industries()}
    return known.get(code, {"zh": code, "en": code})


@cache
def read_divisions() -> tuple[Division, ...]:
    """All counties and zones, every vintage, and the wards that trials abroad report by."""
    return tuple(
        Division(
            row["code"], row["name"], row["short_name"], row["name_en"], row["type"],
            int(row["valid_from"] or 0), int(row["valid_to"] or 9999), row["successor"] or None,
        )
        for row in (*_rows("divisions.csv"), *_rows("trial_divisions.csv"))
        if row["type"] in ("county", "zone")
    )  # fmt: skip


def divisions_of(place: str, year: int) -> tuple[Division, ...]:
    """Counties and zones of a prefecture in the list of a year, in the table's order.

    The first four characters of a code name the prefecture (GB/T 2260); zones' local codes follow suit.
    """
    return tuple(one for one in read_divisions() if one.code[:4] == place[:4] and one.valid_in(year))


@cache
def read_townships() -> tuple[Township, ...]:
    """All townships of the city."""
    return tuple(
        Township(row["code"], row["town"], row["county_code"], row["zone_code"] or None)
        for row in _rows("townships.csv")
    )


@cache
def read_product_classes() -> tuple[ProductClass, ...]:
    """Product classes of the sampling catalogue."""
    return tuple(
        ProductClass(
            row["code"],
            {"zh": row["name"], "en": row["name_en"]},
            (row["name"], row["code"], *filter(None, row["synonyms"].split(";"))),
        )
        for row in _rows("product_classes.csv")
    )


@cache
def read_item_severities() -> dict[str, str]:
    """Class of a failed item: ``A`` safety and health, ``B`` performance, ``C`` labelling."""
    return {row["item"]: row["severity"] for row in _rows("item_severity.csv")}


def county_name(code: str) -> Text:
    """Name of a county or zone in both languages; a code that is not listed stands for itself."""
    for division in read_divisions():
        if division.code == code:
            return {"zh": division.name, "en": division.name_en}
    return {"zh": code, "en": code}


def product_class_name(code: str) -> Text:
    """Name of a product class in both languages; a class outside the catalogue stands for itself."""
    for product_class in read_product_classes():
        if product_class.code == code:
            return product_class.name
    return {"zh": code, "en": code}


def _rows(file: str) -> list[dict[str, str]]:
    return read_rows(reference_folder() / file)

"""Who makes things in the synthetic city? Places and enterprises, each with its own quality.

Enterprises are drawn by county, class and size with fixed shares; each has a normal effect on the
logit of its failure probability, so that batches of one enterprise are alike (known intra-class
correlation). Enterprises that took the new credit code keep the organisation code inside it.
"""

from collections.abc import Iterable

import numpy as np
import polars as pl

from qstats.reference import Township, read_divisions, read_townships
from qstats.synthetic.codes import credit_code, organisation_code
from qstats.synthetic.vocabulary import NAME_FIRST, NAME_SECOND, TRADE_OF_CLASS

SIZES = ("large", "medium", "small", "micro")
SIZE_SHARES = (0.04, 0.14, 0.47, 0.35)
CLASSES = tuple(TRADE_OF_CLASS)
CLASS_SHARES = (0.20, 0.10, 0.14, 0.09, 0.06, 0.09, 0.12, 0.09, 0.06, 0.05)
COUNTY_SHARES = {
    "371502": 0.17,
    "371581": 0.14,
    "371521": 0.11,
    "371522": 0.11,
    "371523": 0.12,
    "371524": 0.07,
    "371525": 0.10,
    "371526": 0.09,
    "3715E1": 0.05,
    "3715H1": 0.025,
    "3715T1": 0.015,
}
ENTERPRISE_SD = 0.8
"""Standard deviation of the enterprise effect on the logit scale."""

SMALL_ABOVE_SCALE = 0.62
"""Share of the small enterprises that are above the designated size."""

NEW_CODE_SHARE = 0.3
"""Share of enterprises that hold a unified social credit code by the end of 2015."""


def enterprise_icc() -> float:
    """Intra-class correlation of batches of one enterprise on the latent logistic scale."""
    return ENTERPRISE_SD**2 / (ENTERPRISE_SD**2 + np.pi**2 / 3)


def towns_by_unit() -> dict[str, list[Township]]:
    """Towns of each county or zone, by the unit that they report under."""
    towns: dict[str, list[Township]] = {code: [] for code in COUNTY_SHARES}
    for town in read_townships():
        if town.name.endswith(("镇", "乡", "街道")):
            towns[town.zone_code or town.county_code].append(town)
    return towns


def draw_enterprises(count: int, generator: np.random.Generator) -> pl.DataFrame:
    """Population of enterprises, one row each, with codes that pass their check digits."""
    unit = generator.choice(list(COUNTY_SHARES), count, p=_share(COUNTY_SHARES.values()))
    product_class = generator.choice(CLASSES, count, p=_share(CLASS_SHARES))
    size = generator.choice(SIZES, count, p=_share(SIZE_SHARES))
    towns = _draw_towns(unit, generator)
    organisation = [organisation_code(int(n)) for n in 70_000_000 + np.arange(count) * 37 % 29_000_000]
    return pl.DataFrame(
        {
            "enterprise_id": [f"E{i:06d}" for i in range(count)],
            "enterprise_name": _names(unit, product_class),
            "organisation_code": organisation,
            "credit_code": [
                credit_code(town.county_code, code) for town, code in zip(towns, organisation, strict=True)
            ],
            "takes_credit_code": generator.random(count) < NEW_CODE_SHARE,
            "county_code": unit,
            "township_code": [town.code for town in towns],
            "town": [town.name for town in towns],
            "enterprise_size": size,
            "product_class": product_class,
            "effect": generator.normal(0.0, ENTERPRISE_SD, count),
            "sales_value": _sales_values(size, generator),
        }
    )


def _share(shares: Iterable[float]) -> np.ndarray:
    values = np.fromiter(shares, float)
    return values / values.sum()


def _draw_towns(unit: np.ndarray, generator: np.random.Generator) -> list[Township]:
    of_unit = towns_by_unit()
    draws = generator.random(len(unit))
    return [of_unit[code][int(u * len(of_unit[code]))] for code, u in zip(unit, draws, strict=True)]


def _names(unit: np.ndarray, product_class: np.ndarray) -> list[str]:
    """Distinct names without brackets: place, two characters, trade, legal form."""
    short = {division.code: division.short_name for division in read_divisions()}
    names: list[str] = []
    used: dict[tuple[str, str], int] = {}
    for place, kind in zip(unit, product_class, strict=True):
        number = used[place, kind] = used.get((place, kind), -1) + 1
        first = NAME_FIRST[number % len(NAME_FIRST)]
        second = NAME_SECOND[number // len(NAME_FIRST) % len(NAME_SECOND)]
        series = number // (len(NAME_FIRST) * len(NAME_SECOND))
        extra = NAME_SECOND[series - 1] if series else ""
        names.append(f"{short[place]}{first}{second}{extra}{TRADE_OF_CLASS[kind]}有限公司")
    return names


def _sales_values(size: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Yearly sales in yuan, whole multiples of 1,000 yuan, log-normal within a size."""
    centre = {"large": 4e8, "medium": 6e7, "small": 8e6, "micro": 1e6}
    values = np.array([centre[s] for s in size]) * generator.lognormal(0.0, 0.5, len(size))
    return np.maximum(values / 1000, 1).round() * 1000

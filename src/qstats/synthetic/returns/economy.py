"""What is true of an enterprise in a year: output, grades, losses, research, patents, sales, exports?

Each indicator of the index has a level by industry, a place effect of its county and a drift by year; an
enterprise scatters around it. Enterprises above the designated size return, a share of them each year.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from qstats.synthetic.city import COUNTY_SHARES, SMALL_ABOVE_SCALE

YEARS = (2011, 2012, 2013, 2014)
"""Returns of a year are collected in the next one: those of 2015 are not in yet."""

RETURNING = 0.9
"""Share of the enterprises above the designated size that return in a year."""

INDUSTRY_OF_CLASS = {
    "food": "14", "agricultural_inputs": "26", "building_materials": "30", "household_goods": "24",
    "appliances": "38", "textiles": "17", "auto_parts": "34", "chemicals": "26", "food_contact": "29",
    "safety_equipment": "35",
}  # fmt: skip
INDUSTRIES = tuple(sorted(set(INDUSTRY_OF_CLASS.values())))


@dataclass(frozen=True)
class Level:
    """Share of a part in its whole: level, yearly drift on the logit, scatter between enterprises."""

    level: float
    drift: float
    scatter: float


SHARES = {
    "superior": Level(0.25, 0.05, 0.6),
    "first": Level(0.45, 0.02, 0.4),
    "microelectronics": Level(0.18, 0.10, 0.6),
    "loss": Level(0.008, -0.05, 0.7),
    "research": Level(0.012, 0.06, 0.8),
    "renovation": Level(0.015, 0.0, 0.8),
    "new_products": Level(0.12, 0.05, 0.7),
    "exports": Level(0.10, -0.02, 0.9),
    "certified": Level(0.55, 0.08, 0.0),
    "export_pass": Level(0.992, 0.0, 0.3),
}
COUNTY_SPREAD, INDUSTRY_SPREAD = 0.18, 0.30
"""Deviations of counties and industries from the common level, on the logit."""


def draw_returns(enterprises: pl.DataFrame, generator: np.random.Generator) -> pl.DataFrame:
    """True returns, one row for each enterprise and year that returns; amounts in 10,000 yuan."""
    sizes = enterprises["enterprise_size"]
    small = generator.random(len(enterprises)) < SMALL_ABOVE_SCALE
    above = sizes.is_in(["large", "medium"]).to_numpy() | ((sizes == "small").to_numpy() & small)
    own = enterprises.filter(pl.Series(above))
    county = np.array([list(COUNTY_SHARES).index(code) for code in own["county_code"]])
    industry = np.array([INDUSTRIES.index(INDUSTRY_OF_CLASS[name]) for name in own["product_class"]])
    effects = {
        name: generator.normal(0, COUNTY_SPREAD, len(COUNTY_SHARES))[county]
        + generator.normal(0, INDUSTRY_SPREAD, len(INDUSTRIES))[industry]
        + generator.normal(0, law.scatter, len(own))
        for name, law in SHARES.items()
    }
    years = [_draw_year(own, industry, effects, year, generator) for year in YEARS]
    return pl.concat(years).with_row_index("return")


def _draw_year(
    own: pl.DataFrame, industry: np.ndarray, effects: dict[str, np.ndarray], year: int,
    generator: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    since = year - YEARS[0]
    share = {
        name: _expit(np.log(law.level / (1 - law.level)) + law.drift * since + effects[name])
        for name, law in SHARES.items()
    }
    growth = np.exp(0.06 * since + generator.normal(0, 0.08, len(own)))
    output = own["sales_value"].to_numpy() / 1e4 * 1.05 * growth
    sales = output * np.exp(generator.normal(-0.03, 0.02, len(own)))
    graded = _expit(np.log(0.97 / 0.03) + generator.normal(0, 0.3, len(own)))
    equipment = output * 0.4
    batches = np.where(generator.random(len(own)) < 0.45, generator.poisson(12, len(own)), 0)
    table = own.select(
        "enterprise_name", "organisation_code", "credit_code", "takes_credit_code", "county_code",
        "enterprise_size",
    ).with_columns(
        year=pl.lit(year, pl.Int64), industry=pl.Series([INDUSTRIES[at] for at in industry]),
        output_value=pl.Series(output), superior_output=pl.Series(output * graded * share["superior"]),
        first_grade_output=pl.Series(output * graded * (1 - share["superior"]) * share["first"]),
        qualified_output=pl.Series(output * graded * (1 - share["superior"]) * (1 - share["first"])),
        equipment_value=pl.Series(equipment),
        microelectronic_equipment_value=pl.Series(equipment * share["microelectronics"]),
        quality_loss=pl.Series(output * share["loss"]), rd_expenditure=pl.Series(sales * share["research"]),
        renovation_expenditure=pl.Series(sales * share["renovation"]), sales_revenue=pl.Series(sales),
        new_product_sales=pl.Series(sales * share["new_products"]),
        export_sales=pl.Series(np.where(batches > 0, sales * share["exports"], 0.0)),
        patents=pl.Series(generator.poisson(output / 100 * 0.02)),
        management_certified=pl.Series(generator.random(len(own)) < share["certified"]),
        export_batches=pl.Series(batches),
        export_batches_passed=pl.Series(generator.binomial(batches, share["export_pass"])),
    )  # fmt: skip
    returned = generator.random(len(own)) < RETURNING
    amounts = [name for name, kind in table.schema.items() if kind == pl.Float64]
    rounded = table.with_columns(pl.col(name).round(2) for name in amounts)
    return rounded.with_columns(returned=pl.Series(returned))


def _expit(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))

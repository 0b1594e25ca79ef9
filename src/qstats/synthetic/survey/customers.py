"""How satisfied are the customers of the synthetic city really? Populations of three waves with known truth.

Every customer belongs to an outlet (网点) of an industry in a county. Six latent variables follow the paths
of `PATHS`; outlets and industries shift all of them; answers are rounded to the scale of 1–10. The truth
is the same figure over the whole population.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from qstats.questionnaires import Questionnaire
from qstats.synthetic.city import COUNTY_SHARES

WAVES = ("2013", "2014", "2015")
INDUSTRIES = {
    "bank": (8.60, 0.15), "courier": (8.05, 0.30), "telecom": (8.20, 0.10), "car_repair": (8.35, 0.20),
    "tourism": (7.35, 0.25), "hotel": (7.55, 0.05), "filling_station": (7.75, -0.10),
    "supermarket": (7.80, 0.05),
}  # fmt: skip
"""Mean answer of each industry in the first wave, and what each further wave adds, on the scale of 1–10."""

INDUSTRY_SHARES = (0.20, 0.14, 0.22, 0.08, 0.08, 0.06, 0.10, 0.12)
PATHS = {
    "expectation": {"image": 0.55}, "quality": {"image": 0.25, "expectation": 0.60},
    "value": {"expectation": 0.20, "quality": 0.60},
    "satisfaction": {"image": 0.15, "expectation": 0.10, "quality": 0.35, "value": 0.40},
    "loyalty": {"image": 0.25, "satisfaction": 0.55},
}  # fmt: skip
"""Paths between latent variables of variance 1 that the answers are drawn from."""

OUTLET_SD, LATENT_SD, ITEM_SD = 0.30, 1.25, 0.85
AGE_SHARES = {"18-29": 0.24, "30-44": 0.31, "45-59": 0.27, "60+": 0.18}
AGE_SHIFT = {"18-29": -0.35, "30-44": -0.05, "45-59": 0.15, "60+": 0.35}
"""Older customers are kinder: a sample with too few of the young looks too good."""

OUTLETS_PER_INDUSTRY, CUSTOMERS_PER_OUTLET = 120, 50
ITEM_SHIFT = -0.15


@dataclass(frozen=True)
class Customers:
    """Population of one wave: who they are, and their answers (n, items) before anything goes wrong."""

    wave: str
    frame: pl.DataFrame
    answers: np.ndarray


def draw_customers(questionnaire: Questionnaire, wave: str, generator: np.random.Generator) -> Customers:
    """Population of one wave."""
    outlets = OUTLETS_PER_INDUSTRY * len(INDUSTRIES)
    industry = np.repeat(list(INDUSTRIES), OUTLETS_PER_INDUSTRY)
    shares = np.fromiter(COUNTY_SHARES.values(), float)
    county = generator.choice(list(COUNTY_SHARES), outlets, p=shares / shares.sum())
    size = np.maximum(
        np.round(
            CUSTOMERS_PER_OUTLET * len(INDUSTRIES) * np.repeat(INDUSTRY_SHARES, OUTLETS_PER_INDUSTRY)
            * generator.lognormal(0, 0.3, outlets)
        ),
        20,
    ).astype(int)  # fmt: skip
    at = np.repeat(np.arange(outlets), size)
    age = generator.choice(list(AGE_SHARES), len(at), p=list(AGE_SHARES.values()))
    years = WAVES.index(wave)
    level = np.array([INDUSTRIES[one][0] + years * INDUSTRIES[one][1] for one in industry])[at]
    level = level + generator.normal(0, OUTLET_SD, outlets)[at] + np.array([AGE_SHIFT[one] for one in age])
    frame = pl.DataFrame(
        {
            "outlet": [f"{wave[2:]}{one:04d}" for one in at], "outlet_index": at, "outlet_size": size[at],
            "industry": industry[at], "county_code": county[at], "age_group": age,
            "sex": generator.choice(["female", "male"], len(at)),
        }
    )  # fmt: skip
    return Customers(wave, frame, _draw_answers(questionnaire, level, generator))


def _draw_answers(
    questionnaire: Questionnaire, level: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Answers 1–10: latent variables by their paths, items around them."""
    latent: dict[str, np.ndarray] = {"image": generator.normal(size=len(level))}
    for target, sources in PATHS.items():
        systematic = sum(share * latent[source] for source, share in sources.items())
        noise = np.sqrt(max(1 - float(np.var(systematic)), 0.05))
        latent[target] = systematic + noise * generator.normal(size=len(level))
    columns = []
    for number, item in enumerate(questionnaire.items.values()):
        shift = ITEM_SHIFT * (number % 3 - 1)
        continuous = (
            level + shift + LATENT_SD * latent[str(item.latent)] + ITEM_SD * generator.normal(size=len(level))
        )
        columns.append(np.clip(np.round(continuous), 1, 10))
    return np.column_stack(columns)


def tabulate_truth(customers: Customers, questionnaire: Questionnaire) -> pl.DataFrame:
    """True score and share satisfied: ``wave, group, code, measure, value`` (points; proportion)."""
    overall = customers.answers[:, list(questionnaire.items).index(questionnaire.overall)]
    sectors = {code: one.sector for code, one in questionnaire.categories_of("industry").items()}
    frame = customers.frame.with_columns(
        pl.Series("score", (overall - 1) * 100 / 9),
        pl.Series("share", (overall >= questionnaire.satisfied_from).astype(float)),
        pl.col("industry").replace_strict(sectors).alias("sector"),
        pl.lit("").alias("all"),
    )
    parts = [
        frame.group_by(pl.col(group).alias("code"))
        .agg(pl.col("score", "share").mean())
        .with_columns(pl.lit(group).alias("group"))
        for group in ("all", "sector", "industry", "county_code")
    ]
    together = pl.concat(parts).sort("group", "code").with_columns(pl.lit(customers.wave).alias("wave"))
    return together.unpivot(
        on=["score", "share"], index=["wave", "group", "code"], variable_name="measure", value_name="value"
    )

"""Indices of a small city: with everything, without a survey, and when nothing was received."""

import runpy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest

from qstats.competitiveness import IndexRules
from qstats.estimation import Scope
from qstats.report.competitiveness import (
    Assessment,
    City,
    Draws,
    StreamRules,
    assess_city,
    assess_manufacturing,
)
from qstats.schemas import DENOMINATORS, ENTERPRISE_RETURNS, INSPECTIONS

CITY = City({"zh": "聊城市", "en": "Liaocheng"}, "371500", 2013, "2015Q4", "2016-01-31")
COUNTIES = ("371502", "371521", "371522", "371523", "371524", "371525")
DRAWS = Draws(0.25, 200, 64, 1)
COMPLAINTS = {2013: [9] * 12, 2014: [7] * 12, 2015: [6] * 12}


@pytest.fixture(scope="package")
def empty(project: Path, asked: ModuleType) -> dict[str, pl.DataFrame]:
    """Every table that the chapter reads, without rows."""
    works = SimpleNamespace(**runpy.run_path(str(project / "tests" / "acceptance" / "small_works.py")))
    books = SimpleNamespace(**runpy.run_path(str(project / "tests" / "targets" / "small_registers.py")))
    return {
        "inspections": pl.DataFrame(schema=INSPECTIONS), "projects": works.make_projects(0),
        "dwellings": works.make_sheets(0), "complaints": works.make_complaints({}),
        "respondents": asked.make_respondents(0), "margins": asked.make_margins(),
        "registers": books.make_entries("benchmark", []), "denominators": pl.DataFrame(schema=DENOMINATORS),
        "frame": pl.DataFrame(), "enterprise_returns": pl.DataFrame(schema=ENTERPRISE_RETURNS),
        "sources": pl.DataFrame(), "windows": pl.DataFrame(), "batch_rows": pl.DataFrame(),
    }  # fmt: skip


@pytest.fixture(scope="package")
def full(empty: dict[str, pl.DataFrame], project: Path, asked: ModuleType) -> dict[str, pl.DataFrame]:
    """Works, complaints, a survey in two years and returns of six counties; no inspections."""
    works = SimpleNamespace(**runpy.run_path(str(project / "tests" / "acceptance" / "small_works.py")))
    books = SimpleNamespace(**runpy.run_path(str(project / "tests" / "targets" / "small_registers.py")))
    parts, sheets = [], []
    for at, code in enumerate(COUNTIES):
        days = books.spread(24, date(2014, 1, 10), date(2015, 12, 20))
        parts.append(
            works.make_projects(24, county_code=code, first_accepted_on=days, final_accepted_on=days)
        )
        parts.append(works.make_failed(1 + at % 3, county_code=code, first_accepted_on=date(2015, 5, 5)))
        sheets.append(works.make_sheets(12, county_code=code, accepted_on=days[::2]))
    waves = [asked.draw_respondents(str(year), points=24, seed=year) for year in (2014, 2015)]
    asked_in = pl.concat(waves).with_columns(
        pl.Series("county_code", np.resize(COUNTIES, sum(len(wave) for wave in waves)))
    )
    declared = [("dwellings_delivered", year, None, 20_000) for year in (2013, 2014, 2015)]
    return empty | {
        "projects": pl.concat(parts), "dwellings": pl.concat(sheets),
        "complaints": works.make_complaints(COMPLAINTS), "respondents": asked_in,
        "denominators": pl.DataFrame(declared, schema=DENOMINATORS, orient="row"),
        "registers": books.make_city_registers(),
        "frame": pl.DataFrame({"county_code": COUNTIES, "enterprises": [50, 40, 60, 30, 45, 55]}),
        "enterprise_returns": make_returns(),
    }  # fmt: skip


def make_returns() -> pl.DataFrame:
    """Forty enterprises of each county in two industries and years."""
    generator = np.random.default_rng(12)
    count = 40 * len(COUNTIES)
    output = generator.lognormal(8, 0.8, count)
    shares = {
        "superior_output": 0.25, "first_grade_output": 0.4, "qualified_output": 0.3, "equipment_value": 0.5,
        "microelectronic_equipment_value": 0.1, "quality_loss": 0.01, "rd_expenditure": 0.015,
        "renovation_expenditure": 0.01, "sales_revenue": 0.95, "new_product_sales": 0.15, "export_sales": 0.1,
    }  # fmt: skip
    years = []
    for year in (2013, 2014):
        columns = {
            "return_id": [f"r{year}-{at}" for at in range(count)], "source_id": "s9", "source_row": 1,
            "year": year, "enterprise_id": [f"name:{at}" for at in range(count)],
            "county_code": np.resize(COUNTIES, count), "industry": np.resize(["14", "26", "14"], count),
            "output_value": output, "patents": generator.poisson(1.0, count),
            "management_certified": np.where(generator.random(count) < 0.6, "yes", "no"),
            "export_batches": 10, "export_batches_passed": generator.binomial(10, 0.98, count),
        }  # fmt: skip
        columns |= {
            name: output * share * generator.lognormal(0, 0.2, count) for name, share in shares.items()
        }
        years.append(pl.from_pandas(pd.DataFrame(columns)))
    table = pl.concat(years)
    return table.select(
        (pl.col(name) if name in table.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in ENTERPRISE_RETURNS.items()
    )


@pytest.fixture(scope="package")
def assess(asked: ModuleType) -> Callable[..., tuple[Assessment, Assessment, Assessment]]:
    """Assesses tables: the city's index, the one of manufacturing beside counties, and beside industries."""

    def make(
        tables: dict[str, pl.DataFrame], needed: float = 0.5
    ) -> tuple[Assessment, Assessment, Assessment]:
        received = SimpleNamespace(**tables)
        scope = Scope(level="municipal", outcome="final", confidence=0.95)
        survey = None if tables["respondents"].is_empty() else asked.make_survey(replicates=99)
        streams = StreamRules(scope, survey, 0.98, "dwellings_delivered", 0.98)
        rules = IndexRules(needed, 0.3)
        settings = {"bands": "five_bands_2011", "years": 2, "draws": DRAWS}
        city = assess_city(received, CITY, streams, rules, **settings)
        return city, *assess_manufacturing(received, CITY, streams, rules, **settings)

    return make


@pytest.fixture(scope="package")
def assessed(
    assess: Callable[..., tuple[Assessment, ...]], full: dict[str, pl.DataFrame]
) -> tuple[Assessment, ...]:
    return assess(full)


@pytest.fixture(scope="package")
def nothing(
    assess: Callable[..., tuple[Assessment, ...]], empty: dict[str, pl.DataFrame]
) -> tuple[Assessment, ...]:
    return assess(empty)

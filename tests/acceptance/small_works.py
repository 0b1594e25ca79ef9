"""Small registers of construction works, as stage one hands them on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import polars as pl

from qstats.schemas import COMPLAINTS, DENOMINATORS, DWELLINGS, MEASUREMENTS, PROJECTS, SOURCES

DAY = date(2015, 11, 2)


def make_projects(n: int = 1, **columns: Any) -> pl.DataFrame:
    """Large projects that passed on one day; a column is one value for all, or a list."""
    usual = {
        "project_id": [f"P{at:04d}" for at in range(n)], "source_id": "works", "source_row": 2,
        "project_name": [f"某小区{at}号楼" for at in range(n)], "county_code": "371502",
        "scale": "large_medium", "building_type": "residential", "dwellings": 100, "first_accepted_on": DAY,
        "first_outcome": "pass", "route": "first_time", "final_accepted_on": DAY, "rounds": 1,
    }  # fmt: skip
    return _table(PROJECTS, n, usual | columns)


def make_failed(n: int = 1, *, days: int | None = 30, **columns: Any) -> pl.DataFrame:
    """Projects that failed at first and were accepted so many days later, or are open."""
    final = None if days is None else DAY + timedelta(days)
    usual = {
        "project_id": [f"F{at:04d}" for at in range(n)], "project_name": [f"某院{at}号" for at in range(n)],
        "first_outcome": "fail", "route": "not_accepted" if days is None else "reworked",
        "final_accepted_on": final,
    }  # fmt: skip
    return make_projects(n, **usual | columns)


def make_sheets(n: int = 1, **columns: Any) -> pl.DataFrame:
    """Summaries of 100 dwellings each, all inspected, 95 accepted at first and 5 after rework."""
    usual = {
        "project_id": [f"P{at:04d}" for at in range(n)], "source_id": "sheets", "source_row": 2,
        "project_name": [f"某小区{at}号楼" for at in range(n)], "county_code": "371502", "accepted_on": DAY,
        "dwellings_total": 100, "dwellings_accepted": 100, "dwellings_first_time": 95,
        "dwellings_after_rework": 5, "building": None,
    }  # fmt: skip
    return _table(DWELLINGS, n, usual | columns)


def make_rooms(
    heights: Sequence[Sequence[float | None]], plans: Sequence[Sequence[float | None]], **columns: Any
) -> pl.DataFrame:
    """Rooms with their heights and plan lengths in mm (design 2800 and 3600), one project for each."""
    rows: list[dict[str, Any]] = []
    for at, values in enumerate(zip(heights, plans, strict=True)):
        usual = {"project_id": f"P{at:04d}", "source_row": at + 2, "source_id": "rooms", "measured_on": DAY}
        own = {name: value[at] if isinstance(value, list) else value for name, value in columns.items()}
        for quantity, nominal, measured in zip(("height", "plan"), (2800.0, 3600.0), values, strict=True):
            rows += [
                usual | own | {"quantity": quantity, "point": point, "nominal": nominal, "measured": value}
                for point, value in enumerate(measured, start=1)
            ]
    return pl.DataFrame(rows, schema=MEASUREMENTS)


def make_complaints(
    counts: Mapping[int, Sequence[int]], *, days: int | None = 20, **columns: Any
) -> pl.DataFrame:
    """So many complaints in each month of each year, on its tenth day, closed so many days later."""
    opened = [
        date(year, month, 10)
        for year, months in counts.items()
        for month, n in enumerate(months, start=1)
        for _ in range(n)
    ]
    usual = {
        "complaint_id": [f"C{at:05d}" for at in range(len(opened))], "source_id": "complaints",
        "source_row": 2, "county_code": "371502", "project_id": None, "opened_on": opened,
        "closed_on": None if days is None else [day + timedelta(days) for day in opened],
        "kind": "leak", "status": None if days is None else "closed",
    }  # fmt: skip
    return _table(COMPLAINTS, len(opened), usual | columns)


def make_denominators(*rows: Sequence[Any]) -> pl.DataFrame:
    """Denominators from (denominator, year, county, count)."""
    return pl.DataFrame(rows, schema=DENOMINATORS, orient="row")


def make_sources(*rows: Mapping[str, Any]) -> pl.DataFrame:
    """Files as stage one lists them."""
    usual = {"source_id": "works", "file": "works.csv", "rows_in": 40, "rows_kept": 40, "rows_merged": 0}
    return pl.DataFrame([usual | dict(row) for row in rows], schema=SOURCES)


def _table(schema: Mapping[str, pl.DataType], n: int, columns: Mapping[str, Any]) -> pl.DataFrame:
    lists = {name: value if isinstance(value, list) else [value] * n for name, value in columns.items()}
    return pl.DataFrame({name: lists[name] for name in schema}, schema=dict(schema))


def together(*tables: pl.DataFrame) -> pd.DataFrame:
    """Tables as one, as notebooks get it."""
    return pl.concat(tables).to_pandas()

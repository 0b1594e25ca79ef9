"""A register made by hand: rows of a few columns, the others empty."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from qstats.schemas import ENTERPRISE_LINKS, ENTERPRISE_RECORDS, ENTERPRISES, INSPECTIONS

Rows = list[dict[str, Any]]


def table(schema: Mapping[str, pl.DataType], rows: Rows) -> pl.DataFrame:
    """Rows in the columns of a schema."""
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=dict(schema))


def register(records: Rows, batches: Rows = []) -> tuple[pl.DataFrame, ...]:  # noqa: B006
    """Enterprises, links, records, inspections; ``firm`` of a row is its enterprise."""
    numbered = [
        {"record_id": f"r-{at}", "source_id": "r", "source_row": at} | row for at, row in enumerate(records)
    ]
    sampled = [
        {"batch_id": f"b-{at}", "source_id": "s", "source_row": at, "programme": "routine"} | row
        for at, row in enumerate(batches)
    ]
    firms = sorted({row["firm"] for row in [*numbered, *sampled]})
    links = [
        {"table": name, "record_key": row[key], "enterprise_id": row["firm"], "link": "code"}
        for name, key, rows in (
            ("enterprise_records", "record_id", numbered),
            ("inspections", "batch_id", sampled),
        )
        for row in rows
    ]
    bare = [[{key: row[key] for key in row if key != "firm"} for row in rows] for rows in (numbered, sampled)]
    named = [
        {"enterprise_id": one, "enterprise_name": f"{one}公司", "county_code": "371502"} for one in firms
    ]
    return (
        table(ENTERPRISES, named),
        table(ENTERPRISE_LINKS, links), table(ENTERPRISE_RECORDS, bare[0]), table(INSPECTIONS, bare[1]),
    )  # fmt: skip

"""In how many ways do rows name enterprises? Each way that differs is a mention, compared once.

Rows of many tables repeat each other word for word. What is compared are the distinct mentions: code, name,
address, legal person and place; the order of rows decides nothing.
"""

import hashlib
import json
from collections.abc import Mapping

import polars as pl

from qstats.linkage.addresses import counties_of_towns, find_addresses
from qstats.linkage.names import find_cores, simplify

STATED = ("code", "name", "address", "legal_person", "county_code", "township_code")
"""What a row states of the enterprise that it names."""

_BLANK = pl.lit(None, pl.String)
_COLUMNS: dict[str, dict[str, pl.Expr]] = {
    "enterprise_records": {
        "record_key": pl.col("record_id"), "code": pl.col("enterprise_code"),
        "name": pl.col("enterprise_name"), "address": pl.col("address"),
        "legal_person": pl.col("legal_person"), "township_code": pl.col("township_code"),
    },
    "inspections": {
        "record_key": pl.col("batch_id"), "code": pl.col("enterprise_id").str.extract("^org:(.{9})$"),
        "name": pl.col("enterprise_name"), "township_code": pl.col("township_code"),
    },
    "enterprise_returns": {
        "record_key": pl.col("return_id"), "code": pl.col("enterprise_code"),
        "name": pl.col("enterprise_name"),
    },
    "registers": {
        "record_key": pl.col("entry_id"), "code": pl.col("holder_code"), "name": pl.col("holder"),
    },
}  # fmt: skip
LINKED_TABLES = tuple(_COLUMNS)
"""Tables whose rows name enterprises."""


def gather_rows(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows that state a name or a code: ``table, record_key`` and what they state, sorted by key."""
    parts = [
        tables[table].select(
            pl.lit(table).alias("table"), columns["record_key"].alias("record_key"),
            *(columns.get(name, pl.col(name) if name == "county_code" else _BLANK).alias(name)
              for name in STATED),
        )
        for table, columns in _COLUMNS.items()
        if table in tables
    ]  # fmt: skip
    rows = pl.concat(parts).filter(pl.col("code").is_not_null() | pl.col("name").is_not_null())
    return rows.sort("table", "record_key")


def number_mentions(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with ``mention``, the number of what they state, and ``key``, which tells it in other runs too."""
    order = rows.select(STATED).unique().sort(STATED, nulls_last=True).with_row_index("mention")
    order = order.with_columns(
        pl.col("mention").cast(pl.Int64),
        pl.Series("key", [_key(stated) for stated in order.select(STATED).iter_rows()], pl.String),
    )
    return rows.join(order, on=list(STATED), how="left", nulls_equal=True, maintain_order="left")


def _key(stated: tuple[str | None, ...]) -> str:
    """Of what is stated alone: a clerk's decision holds whatever file states it again."""
    return "m" + hashlib.sha256(json.dumps(stated, ensure_ascii=False).encode()).hexdigest()[:15]


def describe_mentions(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each mention, with what is compared, sorted by ``mention``.

    ``core, branch, form`` of the name, ``legal`` person, ``town, street`` of the address, ``base`` (county of
    GB/T 2260, of the town where no county is stated), ``first_end``, ``second_end`` and ``word`` (a character
    of the core with its end; its first two, for blocking); ``rows`` that state it, and in which ``tables``.
    """
    mentions = rows.group_by("mention", "key", *STATED).agg(
        pl.len().alias("rows"), pl.col("table").unique().sort().str.join(", ").alias("tables")
    )
    mentions = mentions.sort("mention")
    names = find_cores(_distinct(mentions["name"]))
    addresses = find_addresses(_distinct(mentions["address"]))
    persons = simplify(_distinct(mentions["legal_person"]))
    county = counties_of_towns()
    core = [names[name].core if name else None for name in mentions["name"]]
    town = [
        (addresses[text].town if text else "") or code
        for text, code in mentions.select("address", "township_code").iter_rows()
    ]
    base = [
        (county.get(place, place) if place else None) or county.get(of_town or "")
        for place, of_town in zip(mentions["county_code"], town, strict=True)
    ]
    return mentions.with_columns(
        pl.Series("core", core, pl.String),
        pl.Series("branch", [names[one].branch if one else None for one in mentions["name"]], pl.String),
        pl.Series("form", [names[one].form if one else None for one in mentions["name"]], pl.String),
        pl.Series("legal", [persons[one] if one else None for one in mentions["legal_person"]], pl.String),
        pl.Series("town", town, pl.String),
        pl.Series("street", [addresses[t].street or None if t else None for t in mentions["address"]],
                  pl.String),
        pl.Series("base", base, pl.String),
        pl.Series("first_end", [one[0] + one[-2:] if one else None for one in core], pl.String),
        pl.Series("second_end", [one[1:2] + one[-2:] if one else None for one in core], pl.String),
        pl.Series("word", [one[:2] if one else None for one in core], pl.String),
    )  # fmt: skip


def _distinct(texts: pl.Series) -> list[str]:
    return texts.drop_nulls().unique().sort().to_list()

"""Which rows of registers are one award, and which awards are of one thing?

A thing is known by its register, its name and its holder; a standard by its number or name, whoever takes
part; what has neither name nor holder by its number. Holders are known by their organisation code; where a
name always goes with one code, a row that states the name alone belongs to it too. Rows of one thing, one
holder and one day of award are one entry. An award stated by year or month only is that of the day that lies
in it. Awards of one thing within half a year are kept, and flagged.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from qstats.cleaning.records import plain_name
from qstats.cleaning.streams import ROW_ISSUES, Settled, Tables
from qstats.schemas import REGISTERS

Row = dict[str, Any]
CLEANED: dict[str, pl.DataType] = {
    **{name: dtype for name, dtype in REGISTERS.items() if name not in ("thing_id", "holder_id", "ending")},
    "_lost": pl.Boolean(),
    "_ended": pl.Boolean(),
}
"""Columns of the rows of one file: what only shows over all files is not in it yet."""

NUMBERED = ("drafted_standard", "alliance_standard")
"""Registers of standards: a thing is known by its number, and units that draft it together share it."""

SOON = timedelta(days=180)
_MARKS = r"[“”\"'‘’《》「」·\s]"
_MERGED = ("valid_until", "withdrawn_on", "grade", "quantity", "county_code")
_FILLED = (*_MERGED, "number", "holder", "holder_code", "department")


def settle_registers(tables: Tables) -> Settled:
    """Each award once, with ``thing_id``, ``holder_id`` and ``ending``."""
    rows = tables["registers"]
    if "_lost" not in rows.columns:
        return Settled({"registers": rows.select(list(REGISTERS))}, pl.DataFrame(schema=ROW_ISSUES))
    rows = _with_identities(rows).with_row_index("_row")
    shared = rows.filter(pl.struct("thing_id", "holder_id").is_duplicated())
    issues: list[Row] = []
    settled: list[Row] = []
    for group in shared.partition_by("thing_id", "holder_id", maintain_order=True):
        settled += _settle_thing(list(group.iter_rows(named=True)), issues)
    alone = rows.filter(~pl.struct("thing_id", "holder_id").is_duplicated())
    together = pl.concat([alone, pl.DataFrame(settled, schema=rows.schema)]).sort("_row")
    entries = together.with_columns(_ending()).select(list(REGISTERS))
    return Settled({"registers": entries}, pl.DataFrame(issues, schema=ROW_ISSUES))


def _ending() -> pl.Expr:
    """How the end of an entry is known."""
    return (
        pl.when(pl.col("withdrawn_on").is_not_null()).then(pl.lit("dated"))
        .when("_ended").then(pl.lit("undated"))
        .when(pl.col("valid_until").is_not_null()).then(pl.lit("dated"))
        .when("_lost").then(pl.lit("undated"))
        .otherwise(pl.lit("none_stated")).alias("ending")
    )  # fmt: skip


def _with_identities(rows: pl.DataFrame) -> pl.DataFrame:
    """With ``holder_id`` and ``thing_id``."""
    code = pl.coalesce("holder_code", _only_one(rows, ["holder"], "holder_code"))
    rows = rows.with_columns(
        pl.when(code.is_not_null()).then(pl.lit("org:") + code)
        .when(pl.col("holder").is_not_null()).then(pl.lit("name:") + pl.col("holder")).alias("holder_id"),
        pl.col("name").str.replace_all(_MARKS, "").map_elements(plain_name, pl.String).alias("_name"),
    )  # fmt: skip
    numbered = pl.col("register").is_in(NUMBERED)
    number = pl.coalesce("number", _only_one(rows, ["register", "_name"], "number"))
    nameless = pl.when(pl.col("holder_id").is_null()).then("number")
    name = pl.coalesce("_name", nameless, pl.lit(""))
    return rows.with_columns(
        pl.when(numbered & number.is_not_null()).then(pl.format("{}:{}", "register", number))
        .when(numbered & (name != "")).then(pl.format("{}:{}", "register", name))
        .otherwise(pl.format("{}:{}:{}", "register", pl.col("holder_id").fill_null(""), name))
        .alias("thing_id")
    ).drop("_name")  # fmt: skip


def _only_one(rows: pl.DataFrame, keys: list[str], value: str) -> pl.Series:
    """The value that goes with the keys wherever one is stated, if it is always the same."""
    known = rows.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in (*keys, value)))
    single = known.group_by(keys).agg(pl.col(value).first(), pl.col(value).n_unique().alias("_n"))
    single = single.filter(pl.col("_n") == 1).select(*keys, pl.col(value).alias("_only"))
    return rows.select(keys).join(single, on=keys, how="left", maintain_order="left")["_only"]


def _settle_thing(rows: Sequence[Row], issues: list[Row]) -> list[Row]:
    """Entries of one thing and holder, in the order of delivery."""
    awards: list[list[Row]] = []
    for row in sorted(rows, key=lambda row: _PRECISION[row["award_stated"]]):
        home = next((award for award in awards if _are_one(award[0], row)), None)
        if home is None:
            awards.append([row])
        else:
            home.append(row)
    entries = [_merge(sorted(award, key=lambda row: row["_row"]), award[0], issues) for award in awards]
    _flag_close(entries, issues)
    return entries


_PRECISION: dict[str | None, int] = {"day": 0, "month": 1, "year": 2, None: 3}


def _are_one(known: Row, row: Row) -> bool:
    """Whether a row is of a known award: of its day, of the month or year around it, or undated alike."""
    if row["award_stated"] is None:
        ends = {known["valid_until"], row["valid_until"]} - {None}
        return known["award_stated"] is None and len(ends) < 2
    if known["award_stated"] is None:
        return False
    return bool(first_day(row) <= known["awarded_on"] <= row["awarded_on"])


def first_day(row: Row) -> date:
    """First day that the award of a row may have been made on."""
    day: date = row["awarded_on"]
    return {"year": day.replace(month=1, day=1), "month": day.replace(day=1)}.get(row["award_stated"], day)


def _merge(rows: Sequence[Row], dated: Row, issues: list[Row]) -> Row:
    """One entry of its rows: dated by the row that states the day; a later delivery knows the end better."""
    first = dict(rows[0])
    for row in rows[1:]:
        issues.append(_issue(row, "register.duplicate", "name", row["name"] or row["holder"], None))
        for name in _MERGED:
            if row[name] is not None and first[name] not in (None, row[name]):
                stands = row[name] if name in ("valid_until", "withdrawn_on") else first[name]
                issues.append(_issue(row, "register.conflict", name, first[name], stands))
                first[name] = stands
        for name in _FILLED:
            first[name] = row[name] if first[name] is None else first[name]
        first["_lost"] |= row["_lost"]
        first["_ended"] |= row["_ended"]
    first |= {name: dated[name] for name in ("awarded_on", "award_stated")}
    for name, rule, mark in _BEFORE_AWARD:
        if first[name] and first["awarded_on"] and first[name] < first_day(first):
            issues.append(_issue(first, rule, name, first[name], first["awarded_on"]))
            first |= {name: None, mark: True}
    return first


_BEFORE_AWARD = (
    ("valid_until", "register.expired_before_award", "_lost"),
    ("withdrawn_on", "register.withdrawn_before_award", "_ended"),
)


def _flag_close(entries: Sequence[Row], issues: list[Row]) -> None:
    """Awards of the same thing and grade soon after each other: one award with two days, perhaps."""
    stated = sorted(
        (one for one in entries if one["award_stated"] == "day"), key=lambda one: one["awarded_on"]
    )
    for earlier, later in pairwise(stated):
        soon = later["awarded_on"] - earlier["awarded_on"] <= SOON
        if soon and {earlier["grade"], later["grade"]} - {None} <= {later["grade"]}:
            days = earlier["awarded_on"], later["awarded_on"]
            issues.append(_issue(later, "register.awarded_again_soon", "awarded_on", *days))


def _issue(row: Row, rule: str, name: str, old: object, new: object) -> Row:
    return {
        "source_id": row["source_id"], "source_row": row["source_row"], "rule": rule, "field": name,
        "old_value": None if old is None else str(old), "new_value": None if new is None else str(new),
    }  # fmt: skip

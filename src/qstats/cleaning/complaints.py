"""Which complaints were made, and when were they settled? Records of hotlines and letters.

A complaint that its keeper marks as a duplicate is merged away; one number counts once, except where it
stands for complaints of two years or counties. A closing before the opening is no closing day, yet the
complaint is closed: it is not taken for an open one.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import (
    days_to_come,
    first_sent,
    read_counties,
    read_days,
    read_numbers,
    read_words,
    reject_lines,
    with_fields,
)
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.codebook import read_vocabulary
from qstats.schemas import COMPLAINTS

Row = dict[str, Any]
_FIELDS = ("complaint_no", "county", "project_no", "opened_on", "closed_on", "kind", "status")
_MARK, _GIVEN = "_duplicate", "_day_given"
_NOT_MARKED = "非|不|无"
"""In front of a word for duplicates these turn it round: 非重复."""


def clean_complaints(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Complaints of one file."""
    layout = setting.layout
    headed = [name for name in ("complaint_no", "opened_on", "closed_on") if name in layout.columns]
    texts = ("sequence", "complaint_no", "county")
    frame = reject_lines(raw, layout, log, headed=headed, texts=texts)
    frame = _drop_nameless(with_fields(frame, _FIELDS, layout), log)
    to_come = days_to_come(frame["closed_on"], setting)
    frame = frame.with_columns((pl.col("closed_on").is_not_null() & ~to_come).alias(_GIVEN))
    frame = read_days(_with_plain_status(frame), ("opened_on", "closed_on"), setting, log)
    frame = frame.with_columns(
        read_counties(frame, setting, log),
        read_words(frame, "status", "complaint_status", setting, log),
        read_numbers(frame, "complaint_no", log),
        read_numbers(frame, "project_no", log),
    )
    early = pl.col("closed_on") < pl.col("opened_on")
    log.add_rows(frame.filter(early), "complaint.closed_before_opened", "closed_on", "closed_on", "opened_on")
    own_id = pl.format("{}-{}", pl.lit(first_sent(setting.source_id)), "source_row")
    rows = frame.with_columns(
        pl.when(~early.fill_null(False)).then("closed_on").alias("closed_on"),
        pl.col("complaint_no").fill_null(own_id).alias("complaint_id"),
        pl.col("project_no").alias("project_id"),
        pl.lit(setting.source_id).alias("source_id"),
        (pl.col("status") == "duplicate").fill_null(False).alias(_MARK),
        pl.when(_GIVEN).then(pl.lit("closed")).when(~to_come).then("status").otherwise(pl.lit("open"))
        .alias("status"),
    )  # fmt: skip
    return {"complaints": rows.select(*COMPLAINTS, _MARK)}


def settle_complaints(tables: Tables) -> Settled:
    """Each complaint once: marked duplicates leave, then one row per number."""
    rows = tables["complaints"]
    if _MARK not in rows.columns:
        return Settled({"complaints": rows.select(list(COMPLAINTS))}, pl.DataFrame(schema=ROW_ISSUES))
    marked = rows.filter(pl.col(_MARK))
    issues = [_issue(row, "complaint.marked_duplicate", row["complaint_id"]) for row in _dicts(marked)]
    numbered = rows.filter(~pl.col(_MARK)).with_row_index("_row")
    shared = numbered.filter(pl.col("complaint_id").is_duplicated())
    settled: list[Row] = []
    for group in shared.partition_by("complaint_id", maintain_order=True):
        settled += _settle_number(_dicts(group), issues)
    alone = numbered.filter(~pl.col("complaint_id").is_duplicated())
    together = pl.concat([alone, pl.DataFrame(settled, schema=alone.schema)]).sort("_row")
    found = pl.DataFrame(issues, schema=ROW_ISSUES)
    return Settled({"complaints": together.select(list(COMPLAINTS))}, found)


def _drop_nameless(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Rows with a number or a day: anything else says of no complaint that it was made."""
    nameless = pl.all_horizontal(pl.col("complaint_no", "opened_on", "closed_on").is_null())
    log.add_rows(frame.filter(nameless), "row.no_identity", "complaint_no")
    return frame.filter(~nameless)


def _with_plain_status(frame: pl.DataFrame) -> pl.DataFrame:
    """Status with a word for duplicates anywhere in it (已办结，重复投诉) reduced to that word."""
    words = "|".join(read_vocabulary()["complaint_status"]["duplicate"])
    marked = pl.col("status").str.contains(words) & ~pl.col("status").str.contains(
        rf"(?:{_NOT_MARKED})(?:{words})"
    )
    return frame.with_columns(pl.when(marked).then(pl.lit("duplicate")).otherwise("status").alias("status"))


def _settle_number(rows: Sequence[Row], issues: list[Row]) -> list[Row]:
    """Complaints that one number stands for, in the order of delivery."""
    complaints: list[list[Row]] = []
    for row in rows:
        home = next((one for one in complaints if not _differ(row, one[0])), None)
        if home is None:
            complaints.append([row])
        else:
            home.append(row)
    merged: list[Row] = []
    ids: set[str] = set()
    for at, group in enumerate(complaints):
        one = _merge(group, issues)
        if at:
            number = one["complaint_id"]
            year = one["opened_on"].year if one["opened_on"] else at + 1
            same_year = any(year == other["opened_on"].year for other in merged if other["opened_on"])
            wanted = f"{number}@{one['county_code'] if same_year and one['county_code'] else year}"
            one = one | {"complaint_id": wanted if wanted not in ids else f"{wanted}-{at + 1}"}
            issues.append(_issue(group[0], "complaint.number_reused", number, one["complaint_id"]))
        ids.add(one["complaint_id"])
        merged.append(one)
    return merged


def _differ(one: Row, other: Row) -> bool:
    """Whether two rows of a number are of two complaints: received in two years, or in two counties."""
    days = {one["opened_on"], other["opened_on"]} - {None}
    if len({day.year for day in days}) == 2:
        return True
    counties = {one["county_code"], other["county_code"]} - {None}
    return len(counties) == 2 and (len(days) == 2 or one["kind"] != other["kind"])


def _merge(rows: Sequence[Row], issues: list[Row]) -> Row:
    """One complaint of its rows: what is stated first stands, of several closing days the latest."""
    first = dict(rows[0])
    for row in rows[1:]:
        issues.append(_issue(row, "complaint.duplicate", row["complaint_id"]))
        for name in ("opened_on", "closed_on", "county_code", "kind"):
            if row[name] is not None and first[name] not in (None, row[name]):
                stands = max(row[name], first[name]) if name == "closed_on" else first[name]
                issues.append(_issue(row, "complaint.conflict", str(first[name]), str(stands), name))
        for name in ("opened_on", "county_code", "kind", "project_id"):
            first[name] = row[name] if first[name] is None else first[name]
        closed = [day for day in (first["closed_on"], row["closed_on"]) if day]
        first["closed_on"] = max(closed, default=None)
        first["status"] = "closed" if "closed" in (row["status"], first["status"]) else row["status"]
    if first["closed_on"] and first["opened_on"] and first["closed_on"] < first["opened_on"]:
        issues.append(
            _issue(first, "complaint.closed_before_opened", str(first["closed_on"]), None, "closed_on")
        )
        first["closed_on"] = None
    return first


def _dicts(frame: pl.DataFrame) -> list[Row]:
    return list(frame.iter_rows(named=True))


def _issue(row: Row, rule: str, old: str | None, new: str | None = None, name: str = "complaint_id") -> Row:
    return {
        "source_id": row["source_id"], "source_row": row["source_row"], "rule": rule, "field": name,
        "old_value": old, "new_value": new,
    }  # fmt: skip


COMPLAINT_STREAM = Stream(
    schemas={"complaints": COMPLAINTS}, clean=clean_complaints, settle=settle_complaints
)

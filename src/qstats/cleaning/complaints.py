"""Which complaints were made, and when were they settled? Records of hotlines and letters.

A complaint that its keeper marks as a duplicate is merged away; one number counts once. A closing before
the opening is no closing day, yet the complaint is closed: it is not taken for an open one.
"""

import polars as pl

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import read_counties, read_days, read_words, reject_lines, with_fields
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.schemas import COMPLAINTS

_FIELDS = ("complaint_no", "county", "project_no", "opened_on", "closed_on", "kind", "status")
_MARK, _DAY_GIVEN = "_duplicate", "_day_given"


def clean_complaints(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Complaints of one file."""
    layout = setting.layout
    headed = [name for name in ("complaint_no", "opened_on", "closed_on") if name in layout.columns]
    frame = reject_lines(raw, layout, log, headed=headed, texts=("complaint_no", "county", "kind"))
    frame = with_fields(frame, _FIELDS, layout).with_columns(
        pl.col("closed_on").is_not_null().alias(_DAY_GIVEN)
    )
    frame = read_days(frame, ("opened_on", "closed_on"), setting, log)
    frame = frame.with_columns(
        read_counties(frame, setting, log), read_words(frame, "status", "complaint_status", setting, log)
    )
    early = pl.col("closed_on") < pl.col("opened_on")
    log.add_rows(frame.filter(early), "complaint.closed_before_opened", "closed_on", "closed_on", "opened_on")
    rows = frame.with_columns(
        pl.when(~early.fill_null(False)).then("closed_on").alias("closed_on"),
        pl.col("complaint_no")
        .fill_null(pl.format("{}-{}", pl.lit(setting.source_id), "source_row"))
        .alias("complaint_id"),
        pl.col("project_no").alias("project_id"),
        pl.lit(setting.source_id).alias("source_id"),
        (pl.col("status") == "duplicate").fill_null(False).alias(_MARK),
        pl.when(_DAY_GIVEN).then(pl.lit("closed")).otherwise("status").alias("status"),
    )
    return {"complaints": rows.select(*COMPLAINTS, _MARK)}


def settle_complaints(tables: Tables) -> Settled:
    """Each complaint once: marked duplicates leave, then one row per number."""
    rows = tables["complaints"]
    if _MARK not in rows.columns:
        return Settled({"complaints": rows.select(list(COMPLAINTS))}, pl.DataFrame(schema=ROW_ISSUES))
    marked = rows.filter(pl.col(_MARK))
    others = rows.filter(~pl.col(_MARK))
    kept = others.unique("complaint_id", keep="first", maintain_order=True)
    again = others.join(kept, on=["source_id", "source_row"], how="anti")
    issues = [
        found.select(
            "source_id", "source_row", pl.lit(rule).alias("rule"), pl.lit("complaint_id").alias("field"),
            pl.col("complaint_id").alias("old_value"), pl.lit(None, pl.String).alias("new_value"),
        )
        for found, rule in ((marked, "complaint.marked_duplicate"), (again, "complaint.duplicate"))
    ]  # fmt: skip
    return Settled({"complaints": kept.select(list(COMPLAINTS))}, pl.concat(issues).select(list(ROW_ISSUES)))


COMPLAINT_STREAM = Stream(
    schemas={"complaints": COMPLAINTS}, clean=clean_complaints, settle=settle_complaints
)

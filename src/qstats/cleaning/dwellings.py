"""How many dwellings were accepted, and how many at first? Sheets of acceptance by dwelling (分户验收).

Counts stand in columns or inside one sentence. They must fit together: accepted at first + after rework ≤
inspected ≤ all. A sheet whose counts contradict each other has none: it is listed, and enters no rate.
"""

import polars as pl

from qstats.cleaning.distinct import clean_column
from qstats.cleaning.dwelling_sentences import SEPARATOR, read_sentence
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import (
    count_rule,
    plain_name,
    project_ids,
    read_counties,
    read_days,
    read_numbers,
    reject_lines,
    with_fields,
)
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.codebook import read_vocabulary
from qstats.schemas import DWELLINGS
from qstats.sources.refusals import refusal

COUNTS = ("dwellings_total", "dwellings_accepted", "dwellings_first_time", "dwellings_after_rework")
_FIELDS = ("project_no", "project_name", "building", "county", "accepted_on", "conclusion", *COUNTS)


def clean_dwellings(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Sheets of one file.

    Raises
    ------
    RefusedFileError
        No counts but the total, and conclusions that are mere words: a register of projects.
    """
    layout = setting.layout
    headed = [name for name in ("project_name", "dwellings_total", "conclusion") if name in layout.columns]
    texts = ("sequence", "project_no", "project_name")
    frame = reject_lines(raw, layout, log, headed=headed, texts=texts)
    frame = read_days(with_fields(frame, _FIELDS, layout), ("accepted_on",), setting, log)
    frame = frame.with_columns(read_counties(frame, setting, log), read_numbers(frame, "project_no", log))
    frame = frame.with_columns(project_ids(frame), pl.lit(setting.source_id).alias("source_id"))
    nameless = pl.col("project_id").is_null()
    log.add_rows(frame.filter(nameless), "row.no_identity", "project_no")
    frame = frame.filter(~nameless)
    _check_kind(frame, setting)
    frame = frame.with_columns(
        *(clean_column(frame, name, count_rule, log).cast(pl.Int64) for name in COUNTS),
        *_counts_of_sentences(frame, log),
    )
    return {"dwellings": _fit_together(frame, log).select(list(DWELLINGS))}


def _check_kind(frame: pl.DataFrame, setting: StreamSetting) -> None:
    words = {word for listed in read_vocabulary()["acceptance"].values() for word in listed}
    said = set(frame["conclusion"].drop_nulls())
    without_counts = all(frame[name].null_count() == frame.height for name in COUNTS[1:])
    if without_counts and said and {text.replace(" ", "") for text in said} <= words:
        raise refusal(setting.file, "register_of_projects")


def settle_dwellings(tables: Tables) -> Settled:
    """Each sheet once; of one building the latest, unless its sheets share the building out."""
    place = pl.coalesce("building", "project_name").map_elements(plain_name, pl.String)
    sheets = tables["dwellings"].with_columns(place.alias("_place"))
    told = ["project_id", "_place", "accepted_on", *COUNTS]
    once = sheets.unique(told, keep="first", maintain_order=True)
    again = sheets.join(once, on=["source_id", "source_row"], how="anti")
    earlier = _superseded(once)
    kept = once.join(earlier, on=["source_id", "source_row"], how="anti")
    issues = [
        found.select(
            "source_id", "source_row", pl.lit(rule).alias("rule"), pl.lit("project_id").alias("field"),
            pl.col("project_id").alias("old_value"), pl.col("building").alias("new_value"),
        )
        for found, rule in ((again, "dwelling.duplicate"), (earlier, "dwelling.superseded"))
    ]  # fmt: skip
    return Settled({"dwellings": kept.select(list(DWELLINGS))}, pl.concat(issues).select(list(ROW_ISSUES)))


def _superseded(sheets: pl.DataFrame) -> pl.DataFrame:
    """Sheets of a named building that a later one replaces.

    Sheets that together inspected no more dwellings than the building has are parts of it. A sheet that
    lacks counts replaces none.
    """
    building = ["project_id", "_place"]
    inspected = pl.coalesce("dwellings_accepted", "dwellings_total")
    named = sheets.with_row_index("_row").filter(pl.col("building").is_not_null())
    whole = pl.all_horizontal(pl.col(name).is_not_null() for name in COUNTS[:3])
    ordered = named.sort(inspected.is_not_null(), whole, "accepted_on", "_row", nulls_last=False)
    several = pl.len().over(building) > 1
    beyond = inspected.sum().over(building) > pl.col("dwellings_total").max().over(building)
    last = pl.col("_row") == pl.col("_row").last().over(building)
    return ordered.filter((several & beyond & ~last).fill_null(False)).sort("_row").drop("_row")


def _counts_of_sentences(frame: pl.DataFrame, log: IssueLog) -> list[pl.Series]:
    """Counts that stand in the conclusion, ``_said_<count>``."""
    read = clean_column(frame, "conclusion", read_sentence, log)
    parts = read.str.split_exact(SEPARATOR, len(COUNTS) - 1).struct.unnest()
    return [
        parts[column].replace("", None).cast(pl.Int64).alias(f"_said_{name}")
        for column, name in zip(parts.columns, COUNTS, strict=True)
    ]


def _fit_together(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Counts from columns, else from the sentence; all four unknown where they contradict each other."""
    said = {name: pl.col(f"_said_{name}") for name in COUNTS}
    differs = pl.any_horizontal((pl.col(name) != said[name]).fill_null(False) for name in COUNTS)
    frame = frame.with_columns(
        differs.alias("_differs"), *(pl.coalesce(name, said[name]).alias(name) for name in COUNTS)
    )
    total, accepted, first, after = (pl.col(name) for name in COUNTS)
    settled = first.fill_null(0) + after.fill_null(0)
    most = pl.min_horizontal(accepted, total)
    shown = [pl.col(name).cast(pl.String).fill_null("—") for name in COUNTS]
    wrong = frame.with_columns(
        ((accepted > total).fill_null(False) | (settled > most).fill_null(False) | pl.col("_differs")).alias(
            "_wrong"
        ),
        pl.concat_str(shown, separator="/").alias("_counts"),
    )
    log.add_rows(wrong.filter("_wrong"), "dwelling.counts_contradict", "dwellings_total", "_counts")
    missing = ~pl.col("_wrong") & pl.any_horizontal(pl.col(name).is_null() for name in COUNTS[:3])
    log.add_rows(wrong.filter(missing), "dwelling.counts_missing", "dwellings_total", "_counts")
    return wrong.with_columns(pl.when(~pl.col("_wrong")).then(name).alias(name) for name in COUNTS)


DWELLING_STREAM = Stream(schemas={"dwellings": DWELLINGS}, clean=clean_dwellings, settle=settle_dwellings)

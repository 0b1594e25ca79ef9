"""How many dwellings were accepted, and how many at first? Sheets of acceptance by dwelling (分户验收).

Counts stand in columns or inside one sentence. They must fit together: accepted at first + after rework ≤
inspected ≤ all. A sheet whose counts contradict each other has none: it is listed, and enters no rate.
"""

import re
from functools import lru_cache

import polars as pl

from qstats.cleaning.distinct import Cleaned, Hit, clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import count_rule, read_counties, read_days, reject_lines, with_fields
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.schemas import DWELLINGS

COUNTS = ("dwellings_total", "dwellings_accepted", "dwellings_first_time", "dwellings_after_rework")
_FIELDS = ("project_no", "project_name", "county", "accepted_on", "conclusion", *COUNTS)
_SEPARATOR = "\x1f"
_NUMBER = r"(\d+)\s*(?:户|套)"
_IN_SENTENCE = (
    re.compile(rf"(?:共|总户数|共计|总计)[为是:：]?\s*{_NUMBER}"),
    re.compile(rf"(?<!次)(?:分户)?(?:验收|检验|检查)(?:了|户数)?[为是:：]?\s*{_NUMBER}"),
    re.compile(rf"一次(?:性)?(?:检验|验收)?合格(?:户数)?[为是:：]?\s*{_NUMBER}"),
    re.compile(rf"(?:整改|返修|返工)后(?:复验)?合格(?:户数)?[为是:：]?\s*{_NUMBER}"),
)
_ALL_PASSED = re.compile(r"(?:全部|均)(?:一次)?(?:性)?(?:验收|检验)?合格")


def clean_dwellings(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Sheets of one file."""
    layout = setting.layout
    headed = [name for name in ("project_name", "dwellings_total", "conclusion") if name in layout.columns]
    frame = reject_lines(raw, layout, log, headed=headed, texts=("project_no", "project_name"))
    frame = read_days(with_fields(frame, _FIELDS, layout), ("accepted_on",), setting, log)
    nameless = pl.col("project_no").is_null() & pl.col("project_name").is_null()
    log.add_rows(frame.filter(nameless), "row.no_identity", "project_no")
    frame = frame.filter(~nameless)
    frame = frame.with_columns(
        read_counties(frame, setting, log),
        *(clean_column(frame, name, count_rule, log).cast(pl.Int64) for name in COUNTS),
        *_counts_of_sentences(frame, log),
    )
    frame = _fit_together(frame, log)
    rows = frame.with_columns(
        pl.coalesce("project_no", pl.format("{}:{}", pl.col("county_code").fill_null("—"), "project_name"))
        .alias("project_id"),
        pl.lit(setting.source_id).alias("source_id"),
    )  # fmt: skip
    return {"dwellings": rows.select(list(DWELLINGS))}


def settle_dwellings(tables: Tables) -> Settled:
    """Each sheet once: the same project, day and counts sent again are one."""
    sheets = tables["dwellings"]
    kept = sheets.unique(
        [name for name in DWELLINGS if not name.startswith("source")], keep="first", maintain_order=True
    )
    again = sheets.join(kept, on=["source_id", "source_row"], how="anti")
    issues = again.select(
        "source_id", "source_row", pl.lit("dwelling.duplicate").alias("rule"),
        pl.lit("project_id").alias("field"),
        pl.col("project_id").alias("old_value"), pl.lit(None, pl.String).alias("new_value"),
    )  # fmt: skip
    return Settled({"dwellings": kept.select(list(DWELLINGS))}, issues.select(list(ROW_ISSUES)))


def _counts_of_sentences(frame: pl.DataFrame, log: IssueLog) -> list[pl.Series]:
    """Counts that stand in the conclusion, ``_said_<count>``."""
    read = clean_column(frame, "conclusion", read_sentence, log)
    parts = read.str.split_exact(_SEPARATOR, len(COUNTS) - 1).struct.unnest()
    return [
        parts[column].replace("", None).cast(pl.Int64).alias(f"_said_{name}")
        for column, name in zip(parts.columns, COUNTS, strict=True)
    ]


@lru_cache(maxsize=1 << 14)
def read_sentence(text: str) -> Cleaned:
    """Rule: ``共 120 户，验收 120 户，一次检验合格 113 户`` → four counts; empty where one is not said.

    Rules ``dwelling.sentence_read``, ``dwelling.sentence_unreadable`` (numbers, yet no count understood).
    """
    plain = text.replace(",", "").replace("，", "，").replace(" ", "")
    found = [match[1] if (match := pattern.search(plain)) else "" for pattern in _IN_SENTENCE]
    if not found[2] and not found[3] and _ALL_PASSED.search(plain):
        found[2], found[3] = found[1] or found[0], "0" if (found[1] or found[0]) else ""
    if any(found):
        return Cleaned(_SEPARATOR.join(found), (Hit("dwelling.sentence_read", text, "/".join(found)),))
    hits = (Hit("dwelling.sentence_unreadable", text, None),) if re.search(r"\d", plain) else ()
    return Cleaned(_SEPARATOR.join(found), hits)


def _fit_together(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Counts from columns, else from the sentence; all four unknown where they contradict each other."""
    said = {name: pl.col(f"_said_{name}") for name in COUNTS}
    differs = pl.any_horizontal((pl.col(name) != said[name]).fill_null(False) for name in COUNTS)
    frame = frame.with_columns(
        differs.alias("_differs"), *(pl.coalesce(name, said[name]).alias(name) for name in COUNTS)
    )
    total, accepted, first, after = (pl.col(name) for name in COUNTS)
    settled = first.fill_null(0) + after.fill_null(0)
    most = pl.coalesce(accepted, total)
    wrong = frame.with_columns(
        ((accepted > total).fill_null(False) | (settled > most).fill_null(False) | pl.col("_differs")).alias(
            "_wrong"
        ),
        pl.concat_str([pl.col(name).cast(pl.String).fill_null("—") for name in COUNTS], separator="/").alias(
            "_counts"
        ),
    )
    log.add_rows(wrong.filter("_wrong"), "dwelling.counts_contradict", "dwellings_total", "_counts")
    return wrong.with_columns(pl.when(~pl.col("_wrong")).then(name).alias(name) for name in COUNTS)


DWELLING_STREAM = Stream(schemas={"dwellings": DWELLINGS}, clean=clean_dwellings, settle=settle_dwellings)

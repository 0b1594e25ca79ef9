"""What do departments have on record of enterprises: licences, awards, penalties, arrears, accidents?

One row is one record. A record of a kind that nobody grades by is dropped and quoted; an end before the
record is unknown. Whether two names are one enterprise is not decided here but by record linkage.
"""

from datetime import date, timedelta

import polars as pl

from qstats.characters import to_simplified
from qstats.cleaning.dates import date_rule
from qstats.cleaning.distinct import clean_column
from qstats.cleaning.enterprises import NAME_ATTENTION, clean_codes, normalize_name
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.numbers import amount_rule
from qstats.cleaning.records import (
    first_sent,
    read_counties,
    read_numbers,
    read_words,
    reject_lines,
    with_fields,
)
from qstats.cleaning.returns import read_industry
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.codebook import read_vocabulary
from qstats.schemas import ENTERPRISE_RECORDS

_TEXTS = ("enterprise_name", "enterprise_code", "address", "legal_person", "county")
_FIELDS = (*_TEXTS, "industry", "enterprise_size", "kind", "recorded_on", "ended_on", "severity", "amount",
           "document_no", "basis", "department")  # fmt: skip
EARLIEST_RECORD = date(1949, 10, 1)
"""Enterprises were registered long before sampling was recorded."""
LONGEST_VALIDITY = timedelta(days=20 * 366)
"""A licence ends so long after the cutoff at most."""

_PER_TEN_THOUSAND = 1e4
_CREDIT_CODE = r"^([0-9A-Z]{18})$"


def clean_enterprise_records(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Records of one file."""
    frame = _read_kinds(_reject(raw, setting, log), log)
    stated = pl.col("enterprise_code").str.replace_all(r"[\s\-–—_.·]+", "").str.to_uppercase()
    frame = frame.with_columns(clean_codes(frame, log).alias("_code"), stated.alias("_stated"))
    latest = date_rule(setting.cutoff + LONGEST_VALIDITY, setting.layout.date_day_first)
    until_now = date_rule(setting.cutoff, setting.layout.date_day_first, EARLIEST_RECORD)
    frame = frame.with_columns(
        clean_column(frame, "recorded_on", until_now, log).str.to_date("%Y-%m-%d", strict=False)
    ).with_columns(
        clean_column(frame, "enterprise_name", normalize_name, log, attention=NAME_ATTENTION),
        read_counties(frame, setting, log),
        clean_column(frame, "industry", read_industry, log),
        read_words(frame, "enterprise_size", "enterprise_size", setting, log),
        read_words(frame, "severity", "record_severity", setting, log),
        read_numbers(frame, "document_no", log),
        clean_column(frame, "ended_on", latest, log).str.to_date("%Y-%m-%d", strict=False),
        _read_amounts(frame, setting, log),
    )
    frame = _without_early_ends(frame, log)
    own_id = pl.format("{}-{}", pl.lit(first_sent(setting.source_id)), "source_row")
    credit = pl.when(pl.col("_code").is_not_null()).then(pl.col("_stated").str.extract(_CREDIT_CODE, 1))
    rows = frame.with_columns(
        own_id.alias("record_id"), pl.lit(setting.source_id).alias("source_id"),
        pl.col("_code").alias("enterprise_code"), credit.alias("credit_code"),
        pl.lit(None, pl.String).alias("township_code"),
    )  # fmt: skip
    return {"enterprise_records": rows.select(pl.col(n).cast(t) for n, t in ENTERPRISE_RECORDS.items())}


def _reject(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> pl.DataFrame:
    """Rows that name an enterprise."""
    layout = setting.layout
    headed = [name for name in ("enterprise_name", "kind", "recorded_on") if name in layout.columns]
    frame = reject_lines(raw, layout, log, headed=headed, texts=("sequence", "enterprise_name", "county"))
    frame = _in_simplified(with_fields(frame, _FIELDS, layout))
    nameless = pl.all_horizontal(pl.col("enterprise_name", "enterprise_code").is_null())
    log.add_rows(frame.filter(nameless), "row.no_identity", "enterprise_name")
    return frame.filter(~nameless)


def _in_simplified(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with words that are looked up in simplified characters; names stay as they are written."""
    words = ("county", "kind", "severity", "enterprise_size")
    written = {text for name in words for text in frame[name].drop_nulls().unique()}
    plain = {text: to_simplified(text) for text in written}
    return frame.with_columns(pl.col(name).replace(plain) for name in words)


def _read_kinds(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Rows of a known kind, the others logged under ``record.kind_unknown``."""
    known = read_vocabulary()["record_kind"]
    words = {word: code for code, listed in known.items() for word in (*listed, code)}
    kind = pl.col("kind").str.replace_all(" ", "").replace_strict(words, default=None, return_dtype=pl.String)
    read = frame.with_columns(kind.alias("_kind"))
    unknown = pl.col("_kind").is_null()
    log.add_rows(read.filter(unknown), "record.kind_unknown", "kind", "kind")
    return read.filter(~unknown).with_columns(pl.col("_kind").alias("kind"))


def _read_amounts(frame: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> pl.Series:
    read = clean_column(frame, "amount", amount_rule(setting.layout.units.get("amount")), log)
    return (read.cast(pl.Float64) / _PER_TEN_THOUSAND).alias("amount")


def _without_early_ends(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    early = (pl.col("ended_on") < pl.col("recorded_on")).fill_null(False)
    rule = "record.ended_before_recorded"
    log.add_rows(frame.filter(early), rule, "ended_on", "ended_on", "recorded_on")
    return frame.with_columns(pl.when(~early).then("ended_on").alias("ended_on"))


def settle_enterprise_records(tables: Tables) -> Settled:
    """Each record once: a row that repeats another word for word is merged into it."""
    rows = tables["enterprise_records"].with_row_index("_row")
    told = [name for name in ENTERPRISE_RECORDS if name not in ("record_id", "source_id", "source_row")]
    once = rows.unique(told, keep="first", maintain_order=True)
    again = rows.join(once, on="_row", how="anti").sort("_row")
    issues = again.select(
        "source_id", "source_row", pl.lit("record.duplicate").alias("rule"),
        pl.lit("enterprise_name").alias("field"), pl.col("enterprise_name").alias("old_value"),
        pl.lit(None, pl.String).alias("new_value"),
    ).select(list(ROW_ISSUES))  # fmt: skip
    return Settled({"enterprise_records": once.select(list(ENTERPRISE_RECORDS))}, issues)


ENTERPRISE_RECORD_STREAM = Stream(
    schemas={"enterprise_records": ENTERPRISE_RECORDS},
    clean=clean_enterprise_records,
    settle=settle_enterprise_records,
)

"""What did others publish in sum? Tables of counts by region or class, kept as context, never pooled."""

import polars as pl

from qstats.cleaning.distinct import clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.numbers import amount_rule
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.codebook import read_vocabulary

COUNTS = [
    "enterprises", "enterprises_passed", "enterprises_failed", "kinds", "kinds_passed", "kinds_failed",
    "batches", "batches_passed", "batches_failed",
]  # fmt: skip
RATES = ["pass_rate", "failure_rate"]
PUBLISHED_COUNTS: dict[str, pl.DataType] = {
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "area": pl.String(),
    "product_class": pl.String(),
    "period": pl.String(),
    **dict.fromkeys(COUNTS, pl.Float64()),
    **dict.fromkeys(RATES, pl.Float64()),
}


def clean_published_counts(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Rows of published counts as numbers, rates as proportions; totals rows and blank rows left out.

    A row whose parts do not add up (passed + failed ≠ sampled) keeps its numbers and is flagged
    (``count.parts``).
    """
    groups = pl.coalesce("area", "product_class")
    totals = groups.str.replace_all(" ", "").is_in(read_vocabulary()["total"]).fill_null(False)
    log.add_rows(raw.filter(totals), "row.total")
    log.add_rows(raw.filter(groups.is_null()), "row.blank")
    frame = raw.filter(~totals & groups.is_not_null())
    frame = frame.with_columns(
        clean_column(frame, name, amount_rule(None), log).cast(pl.Float64) for name in (*COUNTS, *RATES)
    ).with_columns(pl.col(name) / 100 for name in RATES)
    for name in ("enterprises", "kinds", "batches"):
        parts = pl.col(f"{name}_passed") + pl.col(f"{name}_failed")
        log.add_rows(frame.filter(parts != pl.col(name)), "count.parts", name, name)
    frame = frame.with_columns(pl.lit(setting.source_id).alias("source_id"))
    return {"published_counts": frame.select(pl.col(n).cast(d) for n, d in PUBLISHED_COUNTS.items())}


PUBLISHED_COUNT_STREAM = Stream(
    schemas={"published_counts": PUBLISHED_COUNTS},
    clean=clean_published_counts,
    settle=lambda tables: Settled(tables, pl.DataFrame(schema=ROW_ISSUES)),
)

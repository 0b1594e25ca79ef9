"""Published tables of counts: kept as context, parts compared with totals."""

from datetime import date

import polars as pl

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.published_counts import PUBLISHED_COUNTS, clean_published_counts
from qstats.cleaning.streams import StreamSetting
from qstats.sources import read_layouts

LAYOUT = read_layouts()["food_counts_by_class"]


def test_totals_are_left_out_and_rates_become_proportions() -> None:
    names = ("source_row", "product_class", "batches", "batches_passed", "batches_failed", "failure_rate")
    rows = [
        (2, "粮食加工品", "1,200", "1190", "10", "0.83"),
        (3, "食用油", "300", "297", "2", "0.67"),
        (4, "总 计", "1500", None, "12", "0.8"),
        (5, None, None, None, None, None),
    ]
    schema = {"source_row": pl.Int64, **dict.fromkeys(LAYOUT.fields, pl.String)}
    raw = pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=schema)
    log = IssueLog("s", "published_counts")
    setting = StreamSetting(LAYOUT, "f.csv", "s", 2013, date(2016, 1, 31))
    counts = clean_published_counts(raw, setting, log)["published_counts"]
    assert counts.columns == list(PUBLISHED_COUNTS)
    assert counts.select("product_class", "batches", "batches_failed").rows() == [
        ("粮食加工品", 1200.0, 10.0), ("食用油", 300.0, 2.0),
    ]  # fmt: skip
    assert counts["failure_rate"].round(6).to_list() == [0.0083, 0.0067]
    issues = log.table_of_issues().select("source_row", "rule").rows()
    assert issues == [(3, "count.parts"), (4, "row.total"), (5, "row.blank")]

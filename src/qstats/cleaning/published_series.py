"""Which figures did others publish, period by period? Series of rates, indices and counts, with their basis.

One row is one figure of one period. What it measures is declared: a failure rate becomes a pass rate where
the file says that it is ``stated_as`` one, and never else. Where a definition changed there is a break note;
figures on its two sides are not to be joined (``segment``). A figure that rests on counts is compared with
them.
"""

from datetime import date

import polars as pl

from qstats.cleaning.distinct import clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import count_rule, read_words, reject_lines, with_fields
from qstats.cleaning.series_periods import read_span
from qstats.cleaning.series_rows import settle_series
from qstats.cleaning.series_values import COMPLEMENTS, PERCENT, Figure, complement, read_figure
from qstats.cleaning.streams import Stream, StreamSetting, Tables
from qstats.schemas import PUBLISHED_SERIES
from qstats.sources.layouts import PUBLISHED_SERIES_FIELDS

_EARLIEST = date(1900, 1, 1)
_TOLERANCE = 1e-9
_FIGURE_SCHEMA = {"value": pl.Float64(), "unit": pl.String(), "_step": pl.Float64(), "_rule": pl.String()}


def clean_published_series(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Figures of one file; a row without series, measure, period or usable value is dropped."""
    layout = setting.layout
    headed = [name for name in ("series", "period", "value") if name in layout.columns]
    frame = reject_lines(raw, layout, log, headed=headed, texts=("sequence", "series", "label_zh", "period"))
    frame = with_fields(frame, PUBLISHED_SERIES_FIELDS, layout)
    frame = _with_labels(frame, setting).with_columns(
        read_words(frame, "measure", "series_measure", setting, log),
        read_words(frame, "stated_as", "series_measure", setting, log),
        read_words(frame, "unit", "series_unit", setting, log),
        read_words(frame, "status", "series_status", setting, log).fill_null("published"),
        *(clean_column(frame, name, count_rule, log).cast(pl.Int64) for name in ("n", "events")),
    )
    frame = frame.with_columns(pl.coalesce("measure", "stated_as"))
    frame = _drop(frame, pl.any_horizontal(pl.col("series", "measure").is_null()), "row.no_identity", log)
    frame = _with_periods(frame, setting, log)
    frame = _with_plain_counts(frame, log)
    frame = _turned(_with_values(frame, log), log)
    return {"published_series": frame.with_columns(
        pl.lit(setting.source_id).alias("source_id"), pl.lit(1, pl.Int64).alias("segment"),
    ).select(pl.col(name).cast(kind) for name, kind in PUBLISHED_SERIES.items())}  # fmt: skip


def _drop(
    frame: pl.DataFrame, broken: pl.Expr, rule: str, log: IssueLog, field: str | None = None
) -> pl.DataFrame:
    marked = frame.with_columns(broken.fill_null(False).alias("_broken"))
    log.add_rows(marked.filter("_broken"), rule, field, field)
    return marked.filter(~pl.col("_broken")).drop("_broken")


def _with_labels(frame: pl.DataFrame, setting: StreamSetting) -> pl.DataFrame:
    """Labels as stated, else the layout's own for the word that names the series, else that word."""
    own = {
        name: {word: label for label, words in setting.layout.words.get(name, {}).items() for word in words}
        for name in ("label_zh", "label_en")
    }
    return frame.with_columns(
        pl.coalesce(name, pl.col("series").replace(known)).alias(name) for name, known in own.items()
    )


def _with_periods(frame: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> pl.DataFrame:
    """First and last day: two columns, or one text (the layout's own word for it first)."""
    own = {word: text for text, words in setting.layout.words.get("period", {}).items() for word in words}
    stated = pl.when(pl.col("period_start").is_not_null() & pl.col("period_end").is_not_null()).then(
        pl.format("{}..{}", "period_start", "period_end")
    )
    frame = frame.with_columns(pl.coalesce(stated, pl.col("period").replace(own)).alias("period"))
    spans = [read_span(text) if text else None for text in frame["period"]]
    frame = frame.with_columns(
        pl.Series("period_start", [span and span[0] for span in spans], dtype=pl.Date),
        pl.Series("period_end", [span and span[1] for span in spans], dtype=pl.Date),
    )
    unreadable = pl.col("period_start").is_null() | (pl.col("period_start") < _EARLIEST)
    frame = _drop(frame, unreadable, "series.period_unreadable", log, "period")
    return _drop(frame, pl.col("period_end") > setting.cutoff, "series.not_over", log, "period")


def _with_plain_counts(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Counts that cannot be, more events than cases or none of any, are blanked; both of them."""
    wrong = ((pl.col("events") > pl.col("n")) | (pl.col("n") == 0)).fill_null(False)
    log.add_rows(frame.filter(wrong), "series.counts_contradict", "events", "events")
    return frame.with_columns(pl.when(~wrong).then(name).alias(name) for name in ("n", "events"))


def _with_values(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Values in the unit of the table; a rate that is not stated follows from its counts."""
    cells = frame.select("value", "unit").iter_rows()
    read = [read_figure(text, unit) if text else Figure(rule="series.no_value") for text, unit in cells]
    figures = pl.DataFrame(read, schema=_FIGURE_SCHEMA, orient="row")
    frame = frame.rename({"value": "_stated", "unit": "_unit"}).hstack(figures)
    of_counts = pl.col("events").is_not_null() & pl.col("n").is_not_null() & pl.col("_stated").is_null()
    follows = of_counts & pl.col("measure").is_in(list(COMPLEMENTS))
    log.add_rows(frame.filter(follows), "series.value_computed", "value", "events", "n")
    frame = frame.with_columns(
        pl.when(follows).then(pl.col("events") / pl.col("n")).otherwise("value").alias("value"),
        pl.when(follows).then(pl.lit("proportion")).otherwise("unit").alias("unit"),
        pl.when(follows).then(0.0).otherwise(_step(frame)).alias("rounded_to"),
        pl.when(~follows).then("_rule").alias("_rule"),
    )
    for rule in frame["_rule"].drop_nulls().unique(maintain_order=True):
        log.add_rows(frame.filter(pl.col("_rule") == rule), rule, "value", "_stated")
    return _compared_with_counts(frame.filter(pl.col("_rule").is_null()), log)


def _step(frame: pl.DataFrame) -> pl.Expr:
    """Step of rounding: the declared one (in the unit of the cell), else that of the cell's decimals."""
    declared = pl.col("rounded_to").cast(pl.Float64, strict=False)
    percent = (pl.col("_unit") == PERCENT).fill_null(False)
    return pl.coalesce(pl.when(percent).then(declared / 100).otherwise(declared), "_step")


def _compared_with_counts(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Rates that do not follow from their counts stay, and are listed."""
    gap = (pl.col("value") - pl.col("events") / pl.col("n")).abs()
    apart = (pl.col("unit") == "proportion") & (gap > pl.col("rounded_to") / 2 + _TOLERANCE)
    log.add_rows(frame.filter(apart.fill_null(False)), "series.value_contradicts", "value", "value", "events")
    return frame


def _turned(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Figures stated as the complement of what the series measures, turned; any other mixture is dropped."""
    other = (pl.col("stated_as") != pl.col("measure")).fill_null(False)
    turns = other & (pl.col("measure").replace_strict(COMPLEMENTS, default=None) == pl.col("stated_as"))
    turns = turns.fill_null(False) & (pl.col("unit") == "proportion")
    frame = _drop(frame, other & ~turns, "series.measure_contradicts", log, "stated_as")
    turned = pl.col("value").map_elements(complement, return_dtype=pl.Float64)
    new = frame.with_columns(pl.when(turns).then(turned).otherwise("value").alias("_new"))
    log.add_rows(new.filter(turns), "series.turned", "value", "value", "_new")
    return new.with_columns(
        pl.col("_new").alias("value"),
        pl.when(turns).then(pl.col("n") - pl.col("events")).otherwise("events").alias("events"),
    )


PUBLISHED_SERIES_STREAM = Stream(
    schemas={"published_series": PUBLISHED_SERIES}, clean=clean_published_series, settle=settle_series
)

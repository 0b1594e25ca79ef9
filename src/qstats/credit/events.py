"""What is on record about each enterprise, every decision once? Records of departments and failed batches.

The same decision reported by two departments counts once; so does a failed batch that the quality
department also reported: it keeps the severity of that report. A repair and an objection are no events of
their own: they belong to the decision, or the sheet of the batch, that they name.
"""

import polars as pl

from qstats.credit_registry import SEVERITIES

EVENTS: dict[str, pl.DataType] = {
    "enterprise_id": pl.String(),
    "source_table": pl.String(),
    "record_key": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "kind": pl.String(),
    "severity": pl.String(),
    "severity_on": pl.Date(),
    "happened_on": pl.Date(),
    "known_on": pl.Date(),
    "ended_on": pl.Date(),
    "repaired_on": pl.Date(),
    "document_no": pl.String(),
}
"""A batch happened when it was sampled and was known when it was announced or first reported; its severity
was known on ``severity_on``. ``document_no`` is the number of the decision or the sheet of the batch."""

_NO_EVENTS = ("repair", "publicity_objection")
_DECISION = ["enterprise_id", "document_no"]


def collect_events(links: pl.DataFrame, records: pl.DataFrame, inspections: pl.DataFrame) -> pl.DataFrame:
    """Events of all enterprises, each decision once, by enterprise and day.

    Parameters
    ----------
    links, records : DataFrame
        ``enterprise_links`` and ``enterprise_records``.
    inspections : DataFrame
        Clean batches of every level; those that failed are events.

    Returns
    -------
    DataFrame
        Columns of :data:`EVENTS`.
    """
    linked = link_records(links, records)
    decisions = _each_once(linked.filter(~pl.col("kind").is_in(_NO_EVENTS)))
    failed = _failed_batches(links, inspections)
    told = _of_batches(decisions, failed)
    of_records = decisions.join(told, on="record_id", how="anti").with_columns(
        source_table=pl.lit("enterprise_records"),
        record_key="record_id",
        happened_on="recorded_on",
        known_on="recorded_on",
    )
    reported = failed.join(_gravest(told), on=_DECISION, how="left")
    of_batches = reported.with_columns(known_on=pl.min_horizontal("known_on", "reported_on"))
    repairs = _repairs(linked)
    events = pl.concat(
        [_in_order(one.join(repairs, on=_DECISION, how="left")) for one in (of_records, of_batches)]
    )
    return events.sort("enterprise_id", "happened_on", "source_table", "record_key", nulls_last=True)


def collect_objections(links: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Every objection: ``enterprise_id, document_no, objected_on, settled_on`` (null: not stated)."""
    named = link_records(links, records).filter(
        (pl.col("kind") == "publicity_objection") & pl.col("document_no").is_not_null()
    )
    return named.select(*_DECISION, objected_on="recorded_on", settled_on="ended_on")


def link_records(links: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Records of departments with their enterprise of the register."""
    return records.join(_keys(links, "enterprise_records"), left_on="record_id", right_on="record_key")


def link_batches(links: pl.DataFrame, inspections: pl.DataFrame) -> pl.DataFrame:
    """Batches with their enterprise of the register, in place of the name that cleaning gave."""
    keys = _keys(links, "inspections")
    return inspections.drop("enterprise_id").join(keys, left_on="batch_id", right_on="record_key")


def _keys(links: pl.DataFrame, table: str) -> pl.DataFrame:
    return links.filter(pl.col("table") == table).select("record_key", "enterprise_id")


def _each_once(records: pl.DataFrame) -> pl.DataFrame:
    """Of the records of one decision the first; one without a number is a decision of its own.

    Departments number their decisions without regard to each other: two severities are two decisions. A
    record without any belongs to those that state one, and was on record before their severity was.
    """
    number = pl.coalesce("document_no", pl.concat_str(pl.lit("record "), "record_id"))
    ordered = records.with_columns(number=number, severity_on="recorded_on").sort(
        "recorded_on", "record_id", nulls_last=True
    )
    decision = ["enterprise_id", "kind", "number"]
    stated = pl.col("severity").is_not_null()
    begun = ordered.with_columns(begun=pl.col("recorded_on").min().over(decision))
    kept = begun.filter(stated | ~stated.any().over(decision)).unique(
        [*decision, "severity"], keep="first", maintain_order=True
    )
    first = pl.int_range(pl.len()).over(decision) == 0
    return kept.with_columns(recorded_on=pl.when(first).then("begun").otherwise("recorded_on"))


def _of_batches(decisions: pl.DataFrame, failed: pl.DataFrame) -> pl.DataFrame:
    """Reports of failed batches that are at hand: of the same enterprise, under the batch's number."""
    reports = decisions.filter(pl.col("kind") == "sampling_failure")
    return reports.join(failed, on=_DECISION, how="semi")


def _gravest(reports: pl.DataFrame) -> pl.DataFrame:
    """Worst severity that was reported of each batch and when, and when it was first reported."""
    place = pl.col("severity").replace_strict(dict(zip(SEVERITIES, range(3), strict=True)), default=-1)
    first = reports.with_columns(reported_on=pl.col("recorded_on").min().over(_DECISION))
    worst = first.sort(place, "severity_on", descending=[True, False], nulls_last=True)
    return worst.unique(_DECISION, keep="first", maintain_order=True).select(
        *_DECISION, "severity", "severity_on", "reported_on"
    )


def _repairs(records: pl.DataFrame) -> pl.DataFrame:
    """Day on which a decision was first repaired."""
    named = records.filter((pl.col("kind") == "repair") & pl.col("document_no").is_not_null())
    return named.group_by(_DECISION).agg(pl.col("recorded_on").min().alias("repaired_on"))


def _failed_batches(links: pl.DataFrame, inspections: pl.DataFrame) -> pl.DataFrame:
    return link_batches(links, inspections.filter(pl.col("outcome") == "fail")).select(
        "enterprise_id",
        "source_id",
        "source_row",
        source_table=pl.lit("inspections"),
        record_key=pl.col("batch_id"),
        document_no=pl.col("batch_id"),
        kind=pl.lit("sampling_failure"),
        happened_on=pl.coalesce("sampled_on", "announced_on"),
        known_on=pl.max_horizontal("announced_on", "sampled_on"),
    )


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns of `EVENTS`; what a table does not have is null."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in EVENTS.items()
    )

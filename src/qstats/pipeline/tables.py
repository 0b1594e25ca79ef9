"""How do staged rows become the tables of the contract? Batches are found over all files, then one pass each.

Few rows share a batch. They are taken out of the stream, merged in memory and put back in their places, so
that the other rows pass through untouched.
"""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qstats.cleaning.admissibility import WINDOWS
from qstats.cleaning.batches import Batches, repeated_values, resolve_batches
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.published_counts import PUBLISHED_COUNTS
from qstats.errors import QstatsError
from qstats.pipeline.staging import STAGED, Stage
from qstats.schemas import BATCH_ROWS, INSPECTION_ITEMS, INSPECTIONS, ISSUES, SOURCES

CANDIDATES_AT_ONCE = 2_000_000


def write_tables(stage: Stage, target: Path) -> None:
    """Write all clean tables of the staged sources to ``target`` and remove the stage."""
    batches = _resolve(stage)
    owners = pl.concat(
        [batches.first.select("row_no", "batch_id"), batches.absorbed.select("row_no", "batch_id")]
    )
    _write_inspections(stage, batches.first, owners, target / "inspections.parquet")
    _write_batch_rows(stage, owners, target / "batch_rows.parquet")
    _number_items(stage, owners).write_parquet(target / "inspection_items.parquet")
    counts = [part for source in stage.cleaned for part in source.counts]
    pl.concat([pl.DataFrame(schema=PUBLISHED_COUNTS), *counts]).write_parquet(
        target / "published_counts.parquet"
    )
    _sum_windows(stage).write_parquet(target / "windows.parquet")
    sources = _account(stage, batches)
    sources.write_parquet(target / "sources.parquet")
    found = _batch_issues(batches, sources)
    pl.concat([pl.DataFrame(schema=ISSUES), *stage.issues, *found]).write_parquet(target / "issues.parquet")
    stage.remove()


def _resolve(stage: Stage) -> Batches:
    """Rows that share a batch, found by repeated hashes, settled in portions that fit into memory."""
    repeated = repeated_values(stage.take_hashes())
    portions = np.array_split(repeated, max(1, repeated.size * 3 // CANDIDATES_AT_ONCE))
    settled = [resolve_batches(_candidates(stage, portion)) for portion in portions]
    return Batches(
        first=pl.concat([part.first for part in settled]).sort("row_no"),
        absorbed=pl.concat([part.absorbed for part in settled]).sort("row_no"),
        issues=pl.concat([part.issues for part in settled]),
    )


def _candidates(stage: Stage, hashes: NDArray[np.uint64]) -> pl.DataFrame:
    staged = stage.rows()
    if staged is None or not hashes.size:
        return pl.DataFrame(schema=STAGED)
    repeated = pl.Series(hashes, dtype=pl.UInt64).implode()
    return staged.filter(pl.col("hash").is_in(repeated)).collect(engine="streaming")


def _write_inspections(stage: Stage, first: pl.DataFrame, owners: pl.DataFrame, path: Path) -> None:
    """One row per batch in the order of the files: the row that stands for it, merged with others."""
    staged = stage.rows()
    if staged is None:
        pl.DataFrame(schema=INSPECTIONS).write_parquet(path)
        return
    columns = ["row_no", *INSPECTIONS]
    alone = staged.select(columns).join(
        owners.lazy().select("row_no"), on="row_no", how="anti", maintain_order="left"
    )
    merged = first.select(pl.col(name).cast(STAGED[name]) for name in columns).lazy()
    alone.merge_sorted(merged, key="row_no").drop("row_no").sink_parquet(path)


def _write_batch_rows(stage: Stage, owners: pl.DataFrame, path: Path) -> None:
    """Lineage: every raw row that was kept, with its batch."""
    staged = stage.rows()
    if staged is None:
        pl.DataFrame(schema=BATCH_ROWS).write_parquet(path)
        return
    shared = owners.lazy().rename({"batch_id": "shared"})
    staged.select("row_no", *BATCH_ROWS).join(shared, on="row_no", how="left", maintain_order="left").select(
        pl.coalesce("shared", "batch_id").alias("batch_id"), "source_id", "source_row"
    ).sink_parquet(path)


def _number_items(stage: Stage, owners: pl.DataFrame) -> pl.DataFrame:
    """Items with their batch and running number; items that a repeated row lists again count once."""
    empty = pl.DataFrame(
        schema={name: dtype for name, dtype in INSPECTION_ITEMS.items() if name != "item_no"}
    )
    listed = [part for source in stage.cleaned for part in source.items]
    items = pl.concat([empty.with_columns(pl.lit(0, pl.Int64).alias("row_no")), *listed], how="diagonal")
    items = items.join(owners, on="row_no", how="left", suffix="_shared", maintain_order="left")
    items = items.with_columns(pl.coalesce("batch_id_shared", "batch_id").alias("batch_id"))
    items = items.unique(empty.columns, keep="first", maintain_order=True)
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("batch_id")
    return items.with_columns(number.alias("item_no")).select(*INSPECTION_ITEMS)


def _sum_windows(stage: Stage) -> pl.DataFrame:
    windows = [part for source in stage.cleaned for part in source.windows]
    together = pl.concat([pl.DataFrame(schema=WINDOWS), *windows])
    return together.group_by("source_id", "listing", maintain_order=True).sum()


def _batch_issues(batches: Batches, sources: pl.DataFrame) -> list[pl.DataFrame]:
    """Issues of merged rows, by the source of the row."""
    parts = []
    for (number,), found in batches.issues.partition_by(
        "source_no", as_dict=True, maintain_order=True
    ).items():
        log = IssueLog(sources["source_id"][number])
        log.add(found)
        parts.append(log.table_of_issues())
    return parts


def _account(stage: Stage, batches: Batches) -> pl.DataFrame:
    """Sources with every row accounted for: rows in = kept + rejected + merged."""
    absorbed = batches.issues.filter(
        pl.col("rule").is_in(["batch.overlap", "batch.duplicate_row", "batch.rows_merged"])
    )
    merged = dict(absorbed.group_by("source_no").len().iter_rows())
    for number, row in enumerate(stage.sources):
        row["rows_merged"] = merged.get(number, 0)
        row["rows_rejected"] = row["rows_in"] - row["rows_kept"]  # type: ignore[operator]
        row["rows_kept"] = row["rows_kept"] - row["rows_merged"]  # type: ignore[operator]
    sources = pl.DataFrame(stage.sources, schema=SOURCES)
    _check_account(sources, stage)
    return sources


def _check_account(sources: pl.DataFrame, stage: Stage) -> None:
    issues = pl.concat([pl.DataFrame(schema=ISSUES), *stage.issues])
    dropped = issues.filter(pl.col("action") == "dropped").group_by("source_id").agg(pl.col("cases").sum())
    checked = sources.filter(pl.col("problem_en").is_null()).join(dropped, on="source_id", how="left")
    wrong = checked.filter(pl.col("rows_rejected") != pl.col("cases").fill_null(0))
    if wrong.height:
        name, rejected, cases = wrong.select("file", "rows_rejected", "cases").row(0)
        raise QstatsError(
            f"{name}: {rejected} rows are missing from the clean table, {cases} are explained by an issue; "
            "this is an error in a cleaning rule"
        )

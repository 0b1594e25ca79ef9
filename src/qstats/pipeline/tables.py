"""How do staged rows become the tables of the contract? Batches are found over all files, then one pass each.

Few rows share a batch. They are taken out of the stream, settled in portions that fit into memory, and
written after the rows that stand alone, which pass through untouched.
"""

import shutil
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qstats.cleaning.admissibility import WINDOWS
from qstats.cleaning.batches import Batches, repeated_values, resolve_batches
from qstats.cleaning.issues import IssueLog
from qstats.errors import QstatsError
from qstats.pipeline.staging import Stage
from qstats.pipeline.streams import write_streams
from qstats.schemas import BATCH_ROWS, INSPECTION_ITEMS, INSPECTIONS, SOURCES

CANDIDATES_AT_ONCE = 500_000


def write_tables(stage: Stage, target: Path) -> None:
    """Write all clean tables of the staged sources to ``target`` and remove the stage."""
    batches = _resolve(stage)
    owners = pl.concat([part.select("row_no", "batch_id") for part in (batches.first, batches.absorbed)])
    _write_inspections(stage, batches.first, owners, target / "inspections.parquet")
    _write_batch_rows(stage, owners, target / "batch_rows.parquet")
    _write_items(stage, owners, target / "inspection_items.parquet")
    write_streams(stage, target)
    _sum_windows(stage).write_parquet(target / "windows.parquet")
    sources = _account(stage, batches)
    sources.write_parquet(target / "sources.parquet")
    for issues in _batch_issues(batches, sources):
        stage.add_issues(issues)
    stage.issues().sink_parquet(target / "issues.parquet")
    shutil.rmtree(stage.folder)


def _resolve(stage: Stage) -> Batches:
    """Rows that share a batch, found by repeated hashes."""
    repeated = repeated_values(stage.take_hashes())
    portions = np.array_split(repeated, max(1, repeated.size * 3 // CANDIDATES_AT_ONCE))
    settled = [resolve_batches(_candidates(stage, portion)) for portion in portions]
    return Batches(
        first=pl.concat([part.first for part in settled]).sort("row_no"),
        absorbed=pl.concat([part.absorbed for part in settled]).sort("row_no"),
        issues=pl.concat([part.issues for part in settled]),
    )


def _candidates(stage: Stage, hashes: NDArray[np.uint64]) -> pl.DataFrame:
    repeated = pl.Series(hashes, dtype=pl.UInt64).implode()
    return stage.rows().filter(pl.col("hash").is_in(repeated)).collect(engine="streaming")


def _write_inspections(stage: Stage, first: pl.DataFrame, owners: pl.DataFrame, path: Path) -> None:
    """One row per batch: those of one row in the order of the files, then the merged ones."""
    alone = (
        stage.rows()
        .select("row_no", *INSPECTIONS)
        .join(owners.lazy().select("row_no"), on="row_no", how="anti", maintain_order="left")
    )
    merged = first.lazy().select(pl.col(name).cast(dtype) for name, dtype in INSPECTIONS.items())
    pl.concat([alone.select(*INSPECTIONS), merged]).sink_parquet(path)


def _write_batch_rows(stage: Stage, owners: pl.DataFrame, path: Path) -> None:
    """Lineage: every raw row that was kept, with its batch."""
    shared = owners.lazy().rename({"batch_id": "shared"})
    rows = stage.rows().select("row_no", *BATCH_ROWS)
    rows.join(shared, on="row_no", how="left", maintain_order="left").select(
        pl.coalesce("shared", "batch_id").alias("batch_id"), "source_id", "source_row"
    ).sink_parquet(path)


def _write_items(stage: Stage, owners: pl.DataFrame, path: Path) -> None:
    """Items of batches of one row, then those of merged ones: numbered anew, repeated ones left out."""
    values = [name for name in INSPECTION_ITEMS if name not in ("batch_id", "item_no")]
    alone = stage.items().join(owners.lazy().select("row_no"), on="row_no", how="anti", maintain_order="left")
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("batch_id").alias("item_no")
    shared = stage.items().select("row_no", *values).join(owners.lazy(), on="row_no", how="inner")
    merged = (
        shared.collect(engine="streaming")
        .sort("row_no", maintain_order=True)
        .unique(["batch_id", *values], keep="first", maintain_order=True)
        .with_columns(number)
        .select(*INSPECTION_ITEMS)
    )
    pl.concat([alone.select(*INSPECTION_ITEMS), merged.lazy()]).sink_parquet(path)


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
    of_streams = (
        stage.issues().filter(pl.col("action") == "merged").group_by("source_id").agg(pl.col("cases").sum())
    )
    merged_in_streams = dict(of_streams.collect().iter_rows())
    for number, row in enumerate(stage.sources):
        row["rows_merged"] = merged.get(number, 0) + merged_in_streams.get(row["source_id"], 0)
        row["rows_rejected"] = row["rows_in"] - row["rows_kept"]  # type: ignore[operator]
        row["rows_kept"] = row["rows_kept"] - row["rows_merged"]  # type: ignore[operator]
    sources = pl.DataFrame(stage.sources, schema=SOURCES)
    _check_account(sources, stage)
    return sources


def _check_account(sources: pl.DataFrame, stage: Stage) -> None:
    issues = stage.issues().filter(pl.col("action") == "dropped")
    dropped = issues.group_by("source_id").agg(pl.col("cases").sum()).collect()
    checked = sources.filter(pl.col("problem_en").is_null()).join(dropped, on="source_id", how="left")
    wrong = checked.filter(pl.col("rows_rejected") != pl.col("cases").fill_null(0))
    if wrong.height:
        name, rejected, cases = wrong.select("file", "rows_rejected", "cases").row(0)
        raise QstatsError(
            f"{name}: {rejected} rows are missing from the clean table, {cases} are explained by an issue; "
            "this is an error in a cleaning rule"
        )

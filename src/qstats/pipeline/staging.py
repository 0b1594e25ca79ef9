"""How are millions of rows cleaned with little memory? In chunks, two at a time, each put down on disk.

The main thread reads, two workers clean (Polars and numpy let the interpreter go), results are taken in the
order of the file. What must be known of all rows at once is kept: one hash a row, packed issues, counts.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qstats.cleaning.admissibility import count_windows
from qstats.cleaning.batches import batch_hash, own_batch_id
from qstats.cleaning.corrections import CorrectionLog
from qstats.cleaning.inspections import Setting, clean_inspection_rows
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.streams import Tables
from qstats.schemas import INSPECTION_ITEMS, INSPECTIONS, ISSUES
from qstats.sources import RawSource

WORKERS = 2
ROWS_OF_CHUNK = 1 << 32
"""Rows are numbered by chunk and place in it, so that workers need not wait for each other."""

STAGED: dict[str, pl.DataType] = {
    "sheet_no": pl.String(),
    **INSPECTIONS,
    "item_key": pl.String(),
    "row_no": pl.Int64(),
    "source_no": pl.Int32(),
    "item_wise": pl.Boolean(),
    "hash": pl.UInt64(),
}
"""Columns of a staged row: the clean row as if it stood alone, and what decides on its batch."""

STAGED_ITEMS: dict[str, pl.DataType] = {"row_no": pl.Int64(), **INSPECTION_ITEMS}

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(slots=True)
class CleanSource:
    """What became of one source: chunks of rows and items on disk, small tables in memory."""

    rows_in: int = 0
    rows_clean: int = 0
    chunks: list[Path] = field(default_factory=list)
    hashes: list[NDArray[np.uint64]] = field(default_factory=list)
    windows: list[pl.DataFrame] = field(default_factory=list)
    tables: Tables = field(default_factory=dict)

    def discard(self) -> None:
        """Remove the chunks of a source that could not be read to its end."""
        for chunk in self.chunks:
            chunk.unlink(missing_ok=True)
            items_of(chunk).unlink(missing_ok=True)


@dataclass(slots=True)
class Stage:
    """What has been cleaned so far of all sources."""

    folder: Path
    sources: list[dict[str, object]] = field(default_factory=list)
    cleaned: list[CleanSource] = field(default_factory=list)
    _issues: list[Path] = field(default_factory=list)

    def chunks(self) -> list[Path]:
        """Files of staged rows in the order of deliveries; :func:`items_of` names those of their items."""
        return [chunk for source in self.cleaned for chunk in source.chunks]

    def rows(self) -> pl.LazyFrame:
        """All staged rows in the order of deliveries."""
        chunks = self.chunks()
        return pl.scan_parquet(chunks, glob=False) if chunks else pl.LazyFrame(schema=STAGED)

    def items(self) -> pl.LazyFrame:
        """All staged items in the order of their rows."""
        chunks = [items_of(chunk) for chunk in self.chunks()]
        return pl.scan_parquet(chunks, glob=False) if chunks else pl.LazyFrame(schema=STAGED_ITEMS)

    def issues(self) -> pl.LazyFrame:
        """All issues so far, source by source."""
        return pl.scan_parquet(self._issues, glob=False) if self._issues else pl.LazyFrame(schema=ISSUES)

    def add_issues(self, issues: pl.DataFrame) -> None:
        """Put the issues of a source down on disk."""
        path = self.folder / f"issues-{len(self._issues):06d}.parquet"
        issues.write_parquet(path, compression="lz4", statistics=False)
        self._issues.append(path)

    def take_hashes(self) -> NDArray[np.uint64]:
        """Hashes of all rows in one array; the stage forgets them, there may be many."""
        parts = [part for source in self.cleaned for part in source.hashes]
        for source in self.cleaned:
            source.hashes.clear()
        return np.concatenate(parts) if parts else np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Raw rows of one chunk and where they go."""

    raw: pl.DataFrame
    number: int
    log: IssueLog
    path: Path


def stage_inspections(
    source: RawSource,
    source_id: str,
    setting: Setting,
    corrections: CorrectionLog,
    log: IssueLog,
    stage: Stage,
) -> CleanSource:
    """Clean the rows of a source chunk by chunk into the stage; issues go to ``log``."""
    cleaned, number = CleanSource(), len(stage.sources)
    first = sum(len(known.chunks) for known in stage.cleaned)

    def chunks() -> Iterator[_Chunk]:
        for at, raw in enumerate(source.rows(), start=first):
            part = IssueLog(source_id)
            cleaned.rows_in += raw.height
            corrected = corrections.apply(raw, source.file, part)
            path = stage.folder / f"rows-{at:06d}.parquet"
            cleaned.chunks.append(path)
            yield _Chunk(corrected, at, part, path)

    def clean(chunk: _Chunk) -> tuple[IssueLog, NDArray[np.uint64], pl.DataFrame]:
        rows, items = clean_inspection_rows(chunk.raw, setting, chunk.log)
        staged = _as_staged(rows, chunk.number, number, source_id, setting)
        staged.write_parquet(chunk.path, compression="lz4", statistics=False)
        _number_items(items, staged).write_parquet(items_of(chunk.path), compression="lz4", statistics=False)
        return chunk.log.packed(), staged["hash"].to_numpy().copy(), count_windows(staged)

    try:
        for found, hashes, windows in map_in_order(clean, chunks()):
            log.absorb(found)
            cleaned.rows_clean += hashes.size
            cleaned.hashes.append(hashes)
            cleaned.windows.append(windows)
    except BaseException:
        cleaned.discard()
        raise
    return cleaned


def map_in_order(
    function: Callable[[Given], Made], inputs: Iterable[Given], workers: int = WORKERS
) -> Iterator[Made]:
    """Results in the order of the inputs, ``workers`` computed at a time, at most one more held ready."""
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Made]] = deque()
        for given in inputs:
            waiting.append(pool.submit(function, given))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _as_staged(rows: pl.DataFrame, chunk: int, source: int, source_id: str, setting: Setting) -> pl.DataFrame:
    first = chunk * ROWS_OF_CHUNK
    return (
        rows.with_columns(
            pl.int_range(first, first + rows.height, dtype=pl.Int64).alias("row_no"),
            pl.lit(source, pl.Int32).alias("source_no"),
            pl.lit(source_id).alias("source_id"),
            pl.lit(setting.layout.one_row_per == "item").alias("item_wise"),
            batch_hash(rows).alias("hash"),
        )
        .with_columns(own_batch_id())
        .select(pl.col(name).cast(dtype) for name, dtype in STAGED.items())
    )


def _number_items(items: pl.DataFrame, staged: pl.DataFrame) -> pl.DataFrame:
    """Items of each row, numbered; an item that the row lists twice with the same values counts once."""
    owner = staged.select("source_row", "row_no", "batch_id")
    owned = items.join(owner, on="source_row", how="left", maintain_order="left")
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("row_no").alias("item_no")
    return owned.unique(maintain_order=True).with_columns(number).select(*STAGED_ITEMS)


def items_of(chunk: Path) -> Path:
    """File with the items of a chunk of rows."""
    return chunk.with_name(chunk.name.replace("rows-", "items-"))

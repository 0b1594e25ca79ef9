"""Stage one: the supplier files of a run become its clean tables (``data/processed/<run>``).

Files are cleaned chunk by chunk into a staging folder; then rows of one batch are found over all files and
the tables are written in one streamed pass, so memory stays small whatever arrives.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import yaml

from qstats.cleaning.admissibility import WINDOWS, count_windows
from qstats.cleaning.batches import Batches, batch_hash, own_batch_id, repeated_values, resolve_batches
from qstats.cleaning.corrections import Correction, CorrectionLog, parse_corrections
from qstats.cleaning.inspections import Setting, clean_inspection_rows
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.published_counts import PUBLISHED_COUNTS, clean_published_counts
from qstats.cleaning.text import normalize_cells
from qstats.errors import QstatsError, SourceError
from qstats.params import Params
from qstats.paths import corrections_folder, processed_folder, project_root, raw_folder
from qstats.pipeline.atomic import replacing_folder
from qstats.schemas import BATCH_ROWS, INSPECTION_ITEMS, INSPECTIONS, ISSUES, SOURCES
from qstats.sources import RawSource, open_source, read_layouts
from qstats.sources.deliveries import FILE_NAME, Delivery, read_deliveries

Progress = Callable[[str], None]
_CANDIDATES_AT_ONCE = 2_000_000


@dataclass(slots=True)
class _Stage:
    """What has been cleaned so far: chunks on disk, small tables in memory."""

    folder: Path
    chunks: int = 0
    rows: int = 0
    hashes: list[np.ndarray] = field(default_factory=list)
    items: list[pl.DataFrame] = field(default_factory=list)
    issues: list[pl.DataFrame] = field(default_factory=list)
    counts: list[pl.DataFrame] = field(default_factory=list)
    windows: list[pl.DataFrame] = field(default_factory=list)
    sources: list[dict[str, object]] = field(default_factory=list)


def find_raw_folder(params: Params) -> Path:
    """Folder with the supplier files of the run; a missing or empty one is an error that says what to do."""
    folder = project_root() / params.raw_folder if params.raw_folder else raw_folder(params.run)
    if not folder.is_dir() or not supplier_files(folder):
        hint = "run 'qstats demo' first" if params.demonstration else "put the supplier files there"
        raise QstatsError(f"there are no supplier files in {folder}: {hint}")
    return folder


def supplier_files(folder: Path) -> list[Path]:
    """Files of suppliers, subfolders included; the delivery record, notes and lock files are none."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name not in (FILE_NAME, "README.md")
    )


def clean_run(params: Params, progress: Progress = lambda message: None) -> Path:
    """Clean all supplier files of a run; returns the folder of its tables.

    The folder is replaced as a whole when everything has been written; a failure leaves the old one.
    """
    folder = find_raw_folder(params)
    target = processed_folder(params.run)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(target) as incoming:
        clean_files(folder, params, incoming, progress)
    return target


def clean_files(folder: Path, params: Params, target: Path, progress: Progress) -> None:
    """Clean the files of a folder into the tables of the contract in ``target``."""
    stage = _Stage(folder=target / "stage")
    stage.folder.mkdir()
    corrections = CorrectionLog(_read_corrections(params.run))
    deliveries, layouts = read_deliveries(folder), read_layouts()
    files = _in_order(supplier_files(folder), folder, deliveries)
    used: dict[str, str] = {}
    for number, path in enumerate(files):
        name = path.relative_to(folder).as_posix()
        progress(f"cleaning file {number + 1} of {len(files)}: {name}")
        delivery = deliveries.get(name, Delivery())
        try:
            source = open_source(path, layouts)
            _clean_source(source, name, delivery, number, params, corrections, stage, used)
        except SourceError as error:
            _record_refused(path, name, delivery, str(error), stage, used)
    corrections.check_all_used()
    progress("finding the rows of one batch")
    _write_tables(stage, target)


def _read_corrections(run: str) -> list[Correction]:
    path = corrections_folder() / f"{run}.yaml"
    if not path.exists():
        return []
    return parse_corrections(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader), path.name)


def _in_order(files: list[Path], folder: Path, deliveries: dict[str, Delivery]) -> list[Path]:
    """By the day of receipt where it is recorded, so that a later delivery supersedes an earlier one."""

    def received(path: Path) -> tuple[str, str]:
        name = path.relative_to(folder).as_posix()
        return deliveries.get(name, Delivery()).received_on, name

    return sorted(files, key=received)


def _source_id(sha256: str, name: str, used: dict[str, str]) -> tuple[str, str | None]:
    """Id of a source from its content; the same content again gets a suffix and the name of its twin."""
    short = sha256[:10]
    copies = sum(known.split(".")[0] == short for known in used)
    source_id = f"{short}.{copies + 1}" if copies else short
    used[source_id] = name
    return source_id, used[short] if copies else None


def _clean_source(
    source: RawSource, name: str, delivery: Delivery, number: int, params: Params,
    corrections: CorrectionLog, stage: _Stage, used: dict[str, str],
) -> None:  # fmt: skip
    source_id, twin = _source_id(source.sha256, name, used)
    log = IssueLog(source_id, source.layout.table)
    setting = Setting(source.layout, params.place.vintage, params.cutoff, delivery.programme, delivery.level)
    if twin:
        log.add(_one_issue(0, "file.duplicate", name, twin))
    rows_in, rows_clean = 0, 0
    for raw in source.rows():
        rows_in += raw.height
        raw = corrections.apply(raw, name, log)
        if source.layout.table == "inspections":
            rows_clean += _stage_chunk(*clean_inspection_rows(raw, setting, log), source_id, number, source, stage)
        elif source.layout.table == "published_counts":
            counts = clean_published_counts(normalize_cells(raw, log), source.layout, log)
            stage.counts.append(counts.with_columns(pl.lit(source_id).alias("source_id")))
            rows_clean += counts.height
    problem = None
    if source.layout.table not in ("inspections", "published_counts"):
        problem = f"recognised as {source.layout.label.en}: not assessed by this version"
        log.add(_one_issue(0, "file.other_stream", name, source.layout.label.zh))
    dropped = sum(issue["cases"] for issue in source.reading_issues if issue["action"] == "dropped")
    if source.reading_issues:
        log.add(pl.DataFrame(source.reading_issues, infer_schema_length=None))
    stage.issues.append(log.table_of_issues())
    stage.sources.append(
        _source_row(source_id, name, source.sha256, delivery)
        | {
            "layout": source.layout.id,
            "encoding": source.encoding,
            "lists": delivery.lists or source.layout.lists,
            "rows_in": rows_in + dropped,
            "rows_kept": rows_clean,
            "problem": problem,
        }
    )


def _source_row(source_id: str, name: str, sha256: str, delivery: Delivery) -> dict[str, object]:
    return {
        "source_id": source_id,
        "file": name,
        "sha256": sha256,
        "supplier": delivery.supplier,
        "programme": delivery.programme,
        "level": delivery.level,
        "batches_declared": delivery.batches_declared,
    }


def _record_refused(
    path: Path, name: str, delivery: Delivery, problem: str, stage: _Stage, used: dict[str, str]
) -> None:
    """A file that cannot be read is no reason to stop: it is listed with its problem."""
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    source_id, _ = _source_id(sha256, name, used)
    log = IssueLog(source_id)
    log.add(_one_issue(0, "file.refused", name, None))
    stage.issues.append(log.table_of_issues())
    stage.sources.append(
        _source_row(source_id, name, sha256, delivery)
        | {"lists": delivery.lists, "rows_in": 0, "rows_kept": 0, "problem": problem}
    )


def _one_issue(source_row: int, rule: str, old: str | None, new: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"source_row": [source_row], "rule": [rule], "field": ["file"], "old_value": [old], "new_value": [new]},
        schema_overrides={"old_value": pl.String, "new_value": pl.String},
    )


def _stage_chunk(
    rows: pl.DataFrame, items: pl.DataFrame, source_id: str, number: int, source: RawSource, stage: _Stage
) -> int:
    rows = rows.with_columns(
        pl.int_range(stage.rows, stage.rows + rows.height, dtype=pl.Int64).alias("row_no"),
        pl.lit(number, pl.Int32).alias("source_no"),
        pl.lit(source_id).alias("source_id"),
        pl.lit(source.layout.one_row_per == "item").alias("item_wise"),
    ).with_columns(batch_hash(rows).alias("hash"))
    rows.write_parquet(stage.folder / f"rows-{stage.chunks:06d}.parquet", compression="lz4", statistics=False)
    owner = rows.select("source_row", "row_no", own_batch_id())
    stage.items.append(items.join(owner, on="source_row", how="left", maintain_order="left").drop("source_row"))
    stage.hashes.append(rows["hash"].to_numpy())
    stage.windows.append(count_windows(rows))
    stage.chunks += 1
    stage.rows += rows.height
    return rows.height


def _write_tables(stage: _Stage, target: Path) -> None:
    batches = _resolve(stage)
    if stage.chunks:
        staged = pl.scan_parquet(stage.folder / "rows-*.parquet")
        _write_rows(staged, batches, target)
    else:
        pl.DataFrame(schema=INSPECTIONS).write_parquet(target / "inspections.parquet")
        pl.DataFrame(schema=BATCH_ROWS).write_parquet(target / "batch_rows.parquet")
    _number_items(stage, batches).write_parquet(target / "inspection_items.parquet")
    counts = pl.concat([pl.DataFrame(schema=PUBLISHED_COUNTS), *stage.counts])
    counts.write_parquet(target / "published_counts.parquet")
    pl.concat([pl.DataFrame(schema=WINDOWS), *stage.windows]).group_by("source_id", "listing", maintain_order=True).sum().write_parquet(target / "windows.parquet")
    sources = _account(stage, batches)
    sources.write_parquet(target / "sources.parquet")
    ids = dict(enumerate(sources["source_id"]))
    found = batches.issues.with_columns(
        pl.col("source_no").replace_strict(ids, default=None, return_dtype=pl.String).alias("source_id")
    ).partition_by("source_id")
    logged = [_batch_issues(part) for part in found]
    pl.concat([pl.DataFrame(schema=ISSUES), *stage.issues, *logged]).write_parquet(target / "issues.parquet")
    for chunk in stage.folder.iterdir():
        chunk.unlink()
    stage.folder.rmdir()


def _batch_issues(found: pl.DataFrame) -> pl.DataFrame:
    log = IssueLog(found["source_id"][0])
    log.add(found)
    return log.table_of_issues()


def _resolve(stage: _Stage) -> Batches:
    """Rows that share a batch, found by repeated hashes, settled in portions that fit into memory."""
    hashes = np.concatenate(stage.hashes) if stage.hashes else np.empty(0, np.uint64)
    stage.hashes.clear()
    repeated = repeated_values(hashes)
    del hashes
    portions = np.array_split(repeated, max(1, repeated.size * 3 // _CANDIDATES_AT_ONCE))
    settled = [resolve_batches(_candidates(stage, portion)) for portion in portions]
    return Batches(
        first=pl.concat([part.first for part in settled]).sort("row_no"),
        absorbed=pl.concat([part.absorbed for part in settled]).sort("row_no"),
        issues=pl.concat([part.issues for part in settled]),
    )


def _candidates(stage: _Stage, hashes: np.ndarray) -> pl.DataFrame:
    if not stage.chunks:
        return pl.DataFrame(schema=_STAGED)
    repeated = pl.LazyFrame({"hash": pl.Series(hashes, dtype=pl.UInt64)})
    staged = pl.scan_parquet(stage.folder / "rows-*.parquet")
    return staged.join(repeated, on="hash", how="semi").collect(engine="streaming")


_STAGED = {
    "sheet_no": pl.String(),
    **{name: dtype for name, dtype in INSPECTIONS.items() if name not in ("batch_id", "source_id")},
    "item_key": pl.String(),
    "row_no": pl.Int64(),
    "source_no": pl.Int32(),
    "source_id": pl.String(),
    "item_wise": pl.Boolean(),
    "hash": pl.UInt64(),
}


def _write_rows(staged: pl.LazyFrame, batches: Batches, target: Path) -> None:
    standing = staged.join(batches.absorbed.lazy(), on="row_no", how="anti", maintain_order="left")
    patched = standing.with_columns(own_batch_id()).join(
        batches.first.lazy(), on="row_no", how="left", suffix="_merged", maintain_order="left"
    )
    merged = pl.col("batch_id_merged").is_not_null()
    columns = [
        pl.when(merged).then(f"{name}_merged").otherwise(name).cast(dtype).alias(name)
        if name != "source_id"
        else pl.col(name)
        for name, dtype in INSPECTIONS.items()
    ]
    patched.select(columns).sink_parquet(target / "inspections.parquet")
    owners = pl.concat([batches.first.select("row_no", "batch_id"), batches.absorbed.select("row_no", "batch_id")])
    staged.join(owners.lazy(), on="row_no", how="left", maintain_order="left").select(
        pl.coalesce("batch_id", own_batch_id()).alias("batch_id"), "source_id", "source_row"
    ).sink_parquet(target / "batch_rows.parquet")


def _number_items(stage: _Stage, batches: Batches) -> pl.DataFrame:
    """Items with their batch and running number; items that a repeated row lists again count once."""
    empty = pl.DataFrame(schema=INSPECTION_ITEMS)
    items = pl.concat([empty.drop("item_no").with_columns(pl.lit(0, pl.Int64).alias("row_no")), *stage.items], how="diagonal")
    owners = pl.concat([batches.first.select("row_no", "batch_id"), batches.absorbed.select("row_no", "batch_id")])
    items = items.join(owners, on="row_no", how="left", suffix="_shared", maintain_order="left").with_columns(
        pl.coalesce("batch_id_shared", "batch_id").alias("batch_id")
    )
    items = items.unique([name for name in INSPECTION_ITEMS if name != "item_no"], keep="first", maintain_order=True)
    return items.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("batch_id").alias("item_no")
    ).select(*INSPECTION_ITEMS)


def _account(stage: _Stage, batches: Batches) -> pl.DataFrame:
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


def _check_account(sources: pl.DataFrame, stage: _Stage) -> None:
    issues = pl.concat([pl.DataFrame(schema=ISSUES), *stage.issues])
    dropped = issues.filter(pl.col("action") == "dropped").group_by("source_id").agg(pl.col("cases").sum())
    checked = sources.filter(pl.col("problem").is_null()).join(dropped, on="source_id", how="left")
    wrong = checked.filter(pl.col("rows_rejected") != pl.col("cases").fill_null(0))
    if wrong.height:
        name, rejected, cases = wrong.select("file", "rows_rejected", "cases").row(0)
        raise QstatsError(
            f"{name}: {rejected} rows are missing from the clean table but {cases} are explained by an issue; "
            "this is an error in a cleaning rule"
        )

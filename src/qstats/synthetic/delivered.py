"""What does the clerk record of the files, and what is true of their rows? Shared by all streams."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from qstats.synthetic.sheet import Sheet

_RECORD = ("file", "supplier", "programme", "level", "lists", "batches_declared", "received_on")
_FAULT = ("rule", "file", "source_row", "field", "written", "true", "cause")


def record_deliveries(
    sheets: Sequence[Sheet], declared: Mapping[str, int], path: Path, received_on: date
) -> None:
    """Add to the clerk's record how many rows each file should hold."""
    rows = [
        {
            "file": sheet.file, "supplier": f"{sheet.supplier}（演示）", "lists": "all",
            "batches_declared": str(declared[sheet.file]), "received_on": received_on.isoformat(),
        }
        for sheet in sheets
    ]  # fmt: skip
    record = pl.DataFrame(rows, schema=dict.fromkeys(_RECORD, pl.String))
    if path.exists():
        record = pl.concat([pl.read_csv(path, infer_schema=False), record])
    record.sort("file").write_csv(path)


def add_denominators(denominators: pl.DataFrame, path: Path) -> None:
    """Add ``denominator, year, county_code, count`` to those that are declared already."""
    if path.exists():
        known = pl.read_csv(path, schema_overrides={"county_code": pl.String})
        denominators = pl.concat([known, denominators])
    denominators.write_csv(path)


def locate_rows(sheets: Sequence[Sheet], name: str) -> pl.DataFrame:
    """Which true row stands in which line: ``file, source_row, <name>``."""
    return pl.concat(
        pl.DataFrame(
            {"file": [sheet.file] * len(sheet.batch), "source_row": sheet.positions()[0], name: sheet.batch}
        )
        for sheet in sheets
    ).with_columns(pl.col("source_row", name).cast(pl.Int64))


def tabulate_faults(sheets: Sequence[Sheet], refused: str | None = None) -> pl.DataFrame:
    """All faults by file and row; ``refused`` names a file that is an error page."""
    rows = [fault for sheet in sheets for fault in sheet.located_faults()]
    if refused:
        rows.append(dict.fromkeys(_FAULT) | {"rule": "file.refused", "file": refused, "cause": "error page"})
    schema = {name: pl.Int64 if name == "source_row" else pl.String for name in _FAULT}
    return pl.DataFrame(rows, schema=schema, orient="row").sort(
        "file", "source_row", "rule", nulls_last=False
    )

"""How many enterprises are there to sample from? The sampling frame (抽样框) of a run.

``frame.csv`` in the raw folder: one row for each stratum, its codes and the number of enterprises in it. The
parameters name the strata (``inspection.strata``). Without the file rates are model-based and say so.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from qstats.codebook import labels
from qstats.errors import SourceError
from qstats.reference import read_divisions, read_product_classes
from qstats.sources.small_tables import read_small_text

FILE_NAME = "frame.csv"
COUNT = "enterprises"


def read_frame(folder: Path, strata: Sequence[str]) -> pl.DataFrame:
    """Number of enterprises by stratum; no rows where the folder has no frame.

    Raises
    ------
    SourceError
        Not readable, a missing column, an unknown code, a count that is none, a stratum named twice.
    """
    schema = dict.fromkeys(strata, pl.String()) | {COUNT: pl.Int64()}
    path = folder / FILE_NAME
    if not path.exists():
        return pl.DataFrame(schema=schema)
    reader = csv.DictReader(io.StringIO(read_small_text(path), newline=""))
    if missing := [name for name in schema if name not in (reader.fieldnames or ())]:
        raise SourceError(f"{path}: column {missing[0]!r} is missing; it needs {', '.join(schema)}")
    known = {name: _known_codes(name) for name in strata}
    rows = [_read_row(row, known, f"{path}, row {number}") for number, row in enumerate(reader, start=2)]
    frame = pl.DataFrame([row for row in rows if row], schema=schema)
    twice = frame.filter(frame.select(strata).is_duplicated())
    if not twice.is_empty():
        raise SourceError(f"{path}: stratum {' / '.join(twice.row(0)[:-1])} stands twice")
    return frame


def _known_codes(column: str) -> set[str]:
    if column == "county_code":
        return {division.code for division in read_divisions()}
    return {one.code for one in read_product_classes()} if column == "product_class" else set(labels(column))


def _read_row(row: dict[str, str], known: dict[str, set[str]], where: str) -> dict[str, object] | None:
    """Codes and count of one stratum; None for a line without any cell."""
    cells = {name: str(row.get(name) or "").strip() for name in (*known, COUNT)}
    if not any(cells.values()):
        return None
    for name, codes in known.items():
        if cells[name] not in codes:
            raise SourceError(f"{where}: {name} {cells[name]!r} is none of {', '.join(sorted(codes)[:12])}")
    if not cells[COUNT].isdecimal():
        raise SourceError(f"{where}: {COUNT} {cells[COUNT]!r} is no count")
    return cells | {COUNT: int(cells[COUNT])}

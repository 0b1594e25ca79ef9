"""What did the bureau's clerk record about each file? The delivery record (交接单) of a run.

``deliveries.csv`` in the raw folder: file, supplier, programme, level, lists, batches_declared,
received_on. A file that it does not name is known by its layout alone and declares no total. Where the folder
is not the bureau's to write in, the record stands in ``data/deliveries``.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from qstats.codebook import labels
from qstats.errors import SourceError
from qstats.sources.small_tables import check_width, read_day, read_small_text

FILE_NAME = "deliveries.csv"
_COLUMNS = ("file", "supplier", "programme", "level", "lists", "batches_declared", "received_on")
_CODED = ("programme", "level", "lists")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Record of one file; empty cells are None, ``received_on`` is an ISO date or empty."""

    supplier: str | None = None
    programme: str | None = None
    level: str | None = None
    lists: str | None = None
    batches_declared: int | None = None
    received_on: str = ""


def read_deliveries(folder: Path, elsewhere: Path | None = None) -> dict[str, Delivery]:
    """Delivery record by file name: that of the folder, else the one kept ``elsewhere``, else an empty one.

    Raises
    ------
    SourceError
        Not readable as text, a missing column, a row with more or fewer cells than the heading, an unknown
        code, a count that is no number, a day that is none, a file named twice or not there.
    """
    path = folder / FILE_NAME
    if not path.exists() and elsewhere:
        path = elsewhere
    if not path.exists():
        return {}
    reader = csv.DictReader(io.StringIO(read_small_text(path), newline=""))
    if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
        lacking, needed = sorted(missing)[0], ", ".join(_COLUMNS)
        raise SourceError(f"{path}: column {lacking!r} is missing; it needs {needed}")
    records: dict[str, Delivery] = {}
    for number, cells in enumerate(reader, start=2):
        row = check_width(cells, f"{path}, row {number}")
        if not any(row.values()):
            continue
        if row["file"] in records:
            raise SourceError(f"{path}, row {number}: {row['file']} is recorded twice")
        if not (folder / row["file"]).is_file():
            raise SourceError(
                f"{path}, row {number}: there is no file {row['file']!r} in {folder}. Put it there, correct "
                "its name, or remove the row"
            )
        records[row["file"]] = _read_row(row, f"{path}, row {number}")
    return records


def _read_row(row: dict[str, str], where: str) -> Delivery:
    for column in _CODED:
        if row[column] and row[column] not in labels(column):
            raise SourceError(f"{where}: {column} {row[column]!r} is none of {', '.join(labels(column))}")
    declared = row["batches_declared"]
    if declared and not declared.isdecimal():
        raise SourceError(f"{where}: batches_declared {declared!r} is no count")
    return Delivery(
        supplier=row["supplier"] or None, programme=row["programme"] or None, level=row["level"] or None,
        lists=row["lists"] or None, batches_declared=int(declared) if declared else None,
        received_on=_read_day(row["received_on"], where),
    )  # fmt: skip


def _read_day(cell: str, where: str) -> str:
    """ISO form, in which days sort by time; an empty cell stays one."""
    try:
        return read_day(cell).isoformat() if cell else ""
    except ValueError as error:
        raise SourceError(f"{where}: received_on {cell!r} {error}") from None

"""What did the bureau's clerk record about each file? The delivery record (交接单) of a run.

``deliveries.csv`` in the raw folder: file, supplier, programme, level, lists, batches_declared,
received_on. A file that it does not name is known by its layout alone and declares no total.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from qstats.codebook import labels
from qstats.errors import SourceError

FILE_NAME = "deliveries.csv"
_COLUMNS = ("file", "supplier", "programme", "level", "lists", "batches_declared", "received_on")
_CODED = ("programme", "level", "lists")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Record of one file; empty cells are None."""

    supplier: str | None = None
    programme: str | None = None
    level: str | None = None
    lists: str | None = None
    batches_declared: int | None = None
    received_on: str = ""


def read_deliveries(folder: Path) -> dict[str, Delivery]:
    """Delivery record by file name; empty where the folder has none.

    Raises
    ------
    SourceError
        Missing column, unknown code, a count that is no number, a file named twice.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
            lacking, needed = sorted(missing)[0], ", ".join(_COLUMNS)
            raise SourceError(f"{path}: column {lacking!r} is missing; it needs {needed}")
        records: dict[str, Delivery] = {}
        for number, row in enumerate(reader, start=2):
            if row["file"] in records:
                raise SourceError(f"{path}, row {number}: {row['file']} is recorded twice")
            records[row["file"]] = _read_row(row, f"{path}, row {number}")
    return records


def _read_row(row: dict[str, str], where: str) -> Delivery:
    for column in _CODED:
        if row[column] and row[column] not in labels(column):
            raise SourceError(f"{where}: {column} {row[column]!r} is none of {', '.join(labels(column))}")
    declared = row["batches_declared"].strip()
    if declared and not declared.isdecimal():
        raise SourceError(f"{where}: batches_declared {declared!r} is no count")
    return Delivery(
        supplier=row["supplier"] or None, programme=row["programme"] or None, level=row["level"] or None,
        lists=row["lists"] or None, batches_declared=int(declared) if declared else None,
        received_on=row["received_on"],
    )  # fmt: skip

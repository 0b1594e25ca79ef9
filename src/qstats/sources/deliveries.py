"""What did the bureau's clerk record about each file? The delivery record (交接单) of a run.

``deliveries.csv`` in the raw folder: file, supplier, programme, level, lists, batches_declared,
received_on. A file that it does not name is known by its layout alone and declares no total. Where the folder
is not the bureau's to write in, the record stands in ``data/deliveries``.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qstats.codebook import labels
from qstats.errors import SourceError

FILE_NAME = "deliveries.csv"
_COLUMNS = ("file", "supplier", "programme", "level", "lists", "batches_declared", "received_on")
_CODED = ("programme", "level", "lists")
_ENCODINGS = ("utf-8-sig", "gb18030")  # Excel on a Chinese computer saves the latter
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


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


def read_small_text(path: Path) -> str:
    """Text of a table that the bureau itself keeps, whatever Excel saved it in."""
    data = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(f"{path} is no text in UTF-8 or GB18030: save it as CSV UTF-8")


def check_width(cells: dict[str | None, str | list[str] | None], where: str) -> dict[str, str]:
    """Cells without spaces around them; a comma too many or too few would shift them unseen."""
    if None in cells or None in cells.values():
        raise SourceError(f"{where}: not as many cells as the heading has. Mend its commas and quotes")
    return {str(column): str(cell).strip() for column, cell in cells.items()}


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


def _read_day(text: str, where: str) -> str:
    """ISO form, in which days sort by time: Excel turns 2016-01-10 into 2016/1/10."""
    if not text:
        return ""
    try:
        year, month, day = map(int, match.groups()) if (match := _DAY.fullmatch(text)) else (0, 0, 0)
        return date(year, month, day).isoformat()
    except ValueError:
        raise SourceError(f"{where}: received_on {text!r} is no day; write it as 2016-01-10") from None

"""What did clerks decide about pairs of rows that may be one enterprise? The decisions (关联核定) of a run.

``link_decisions.csv`` in the raw folder, kept by the bureau: ``left_key`` and ``right_key`` as the list for
review names them, ``decision`` (``same`` or ``different``), ``author`` and ``decided_on``.
"""

import csv
import io
from datetime import date
from pathlib import Path

import polars as pl

from qstats.errors import SourceError
from qstats.sources.deliveries import read_small_text

FILE_NAME = "link_decisions.csv"
DECISIONS = ("same", "different")
COLUMNS: dict[str, pl.DataType] = {
    "left_key": pl.String(), "right_key": pl.String(), "decision": pl.String(), "author": pl.String(),
    "decided_on": pl.Date(),
}  # fmt: skip


def read_link_decisions(folder: Path) -> pl.DataFrame:
    """Clerical decisions; no rows where the folder has no such file.

    Raises
    ------
    SourceError
        Not readable, a missing column, a decision that is none, without author or day, two on one day.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return pl.DataFrame(schema=COLUMNS)
    reader = csv.DictReader(io.StringIO(read_small_text(path), newline=""))
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise SourceError(f"{path}: column {missing[0]!r} is missing; it needs {', '.join(COLUMNS)}")
    rows = [_read_row(row, f"{path}, row {number}") for number, row in enumerate(reader, start=2)]
    table = pl.DataFrame([row for row in rows if row], schema=COLUMNS)
    pair = [pl.min_horizontal("left_key", "right_key").alias("one"),
            pl.max_horizontal("left_key", "right_key").alias("other")]  # fmt: skip
    twice = table.filter(table.select(*pair, "decided_on").is_duplicated())
    if not twice.is_empty():
        raise SourceError(f"{path}: {twice['left_key'][0]} and {twice['right_key'][0]} are decided twice "
                          "on one day")  # fmt: skip
    return table


def _read_row(row: dict[str, str], where: str) -> dict[str, object] | None:
    """Cells of one line; None for a line without any."""
    cells = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    if not any(cells.values()):
        return None
    if cells["decision"] not in DECISIONS:
        raise SourceError(f"{where}: decision {cells['decision']!r} is none of {', '.join(DECISIONS)}")
    if empty := [name for name, cell in cells.items() if not cell]:
        raise SourceError(f"{where}: {empty[0]} is empty; a decision needs both rows, author and day")
    if cells["left_key"] == cells["right_key"]:
        raise SourceError(f"{where}: a row cannot be compared with itself")
    try:
        return cells | {"decided_on": date.fromisoformat(cells["decided_on"])}
    except ValueError:
        day = cells["decided_on"]
        raise SourceError(f"{where}: decided_on {day!r} is no day; write it as 2016-01-31") from None

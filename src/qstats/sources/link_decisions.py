"""What did clerks decide about pairs that may be one enterprise? The decisions (关联核定) of a run.

``link_decisions.csv`` in the raw folder, kept by the bureau: the lines of the list for review, with
``decision`` (``same`` or ``different``), ``author`` and ``decided_on`` filled in. Lines without any of the
three are open, and what else the list tells of a pair is not read.
"""

import csv
import io
from datetime import date
from pathlib import Path

import polars as pl

from qstats.errors import SourceError
from qstats.schemas import LINK_DECISIONS
from qstats.sources.small_tables import check_width, read_day, read_small_text

FILE_NAME = "link_decisions.csv"
DECISIONS = ("same", "different")
_OWN = ("decision", "author", "decided_on")


def read_link_decisions(folder: Path) -> pl.DataFrame:
    """Clerical decisions; no rows where the folder has no such file.

    Raises
    ------
    SourceError
        Not readable, a missing column, more or fewer cells than the heading, a decision that is none, without
        author or day, of a day to come, two that differ on one day.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return pl.DataFrame(schema=LINK_DECISIONS)
    reader = csv.DictReader(io.StringIO(read_small_text(path), newline=""))
    if missing := [name for name in LINK_DECISIONS if name not in (reader.fieldnames or ())]:
        raise SourceError(f"{path}: column {missing[0]!r} is missing; it needs {', '.join(LINK_DECISIONS)}")
    rows = [_read_row(row, f"{path}, row {number}") for number, row in enumerate(reader, start=2)]
    table = pl.DataFrame([row for row in rows if row], schema=LINK_DECISIONS)
    pair = [
        pl.min_horizontal("left_key", "right_key"),
        pl.max_horizontal("left_key", "right_key").alias("other"),
    ]
    made = table.with_columns(pair[1]).select(pair[0], "other", "decided_on", "decision").unique()
    twice = made.filter(made.select("left_key", "other", "decided_on").is_duplicated()).sort("left_key")
    if not twice.is_empty():
        one, other = twice.select("left_key", "other").row(0)
        raise SourceError(f"{path}: {one} and {other} are decided to be the same and different on one day")
    return table


def _read_row(row: dict[str | None, str | list[str] | None], where: str) -> dict[str, object] | None:
    """Cells of one line; None for a line that decides nothing."""
    whole = check_width(row, where)
    cells = {name: whole[name] for name in LINK_DECISIONS}
    if not any(cells[name] for name in _OWN):
        return None
    if cells["decision"] not in DECISIONS:
        raise SourceError(f"{where}: decision {cells['decision']!r} is none of {', '.join(DECISIONS)}")
    if empty := [name for name, cell in cells.items() if not cell]:
        raise SourceError(f"{where}: {empty[0]} is empty; a decision needs both keys, author and day")
    if cells["left_key"] == cells["right_key"]:
        raise SourceError(f"{where}: a row cannot be compared with itself")
    return cells | {"decided_on": _read_day(cells["decided_on"], where)}


def _read_day(cell: str, where: str) -> date:
    try:
        day = read_day(cell)
    except ValueError as error:
        raise SourceError(f"{where}: decided_on {cell!r} {error}") from None
    if day > date.today():
        raise SourceError(f"{where}: decided_on {cell!r} lies in the future")
    return day

"""Per how many is a complaint rate counted? The declared denominators (分母) of a run.

``denominators.csv`` in the raw folder, kept by the bureau: ``denominator`` (``dwellings_delivered`` or
``projects``), ``year``, ``county_code`` (empty: the whole place) and ``count``. No official denominator of
the complaint rate is known, so that the one used is declared and printed beside the rate.
"""

import csv
import io
from pathlib import Path

import polars as pl

from qstats.codebook import labels
from qstats.errors import SourceError
from qstats.reference import read_divisions
from qstats.schemas import DENOMINATORS
from qstats.sources.deliveries import read_small_text

FILE_NAME = "denominators.csv"


def read_denominators(folder: Path) -> pl.DataFrame:
    """Declared denominators; no rows where the folder has no such file.

    Raises
    ------
    SourceError
        Not readable, a missing column, an unknown code, a year or count that is none, an entry twice.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return pl.DataFrame(schema=DENOMINATORS)
    reader = csv.DictReader(io.StringIO(read_small_text(path), newline=""))
    if missing := [name for name in DENOMINATORS if name not in (reader.fieldnames or ())]:
        raise SourceError(f"{path}: column {missing[0]!r} is missing; it needs {', '.join(DENOMINATORS)}")
    rows = [_read_row(row, f"{path}, row {number}") for number, row in enumerate(reader, start=2)]
    table = pl.DataFrame([row for row in rows if row], schema=DENOMINATORS)
    twice = table.filter(table.select("denominator", "year", "county_code").is_duplicated())
    if not twice.is_empty():
        raise SourceError(f"{path}: {' / '.join(map(str, twice.row(0)[:3]))} stands twice")
    return table


def _read_row(row: dict[str, str], where: str) -> dict[str, object] | None:
    """Cells of one line; None for a line without any."""
    cells = {name: str(row.get(name) or "").strip() for name in DENOMINATORS}
    if not any(cells.values()):
        return None
    for name, known in (
        ("denominator", list(labels("denominator"))),
        ("county_code", ["", *(one.code for one in read_divisions())]),
    ):
        if cells[name] not in known:
            raise SourceError(f"{where}: {name} {cells[name]!r} is none of {', '.join(filter(None, known))}")
    if not (cells["year"].isdecimal() and len(cells["year"]) == 4):
        raise SourceError(f"{where}: year {cells['year']!r} is none; write it as 2015")
    if not cells["count"].isdecimal() or int(cells["count"]) == 0:
        raise SourceError(f"{where}: count {cells['count']!r} is no positive whole number")
    return cells | {
        "county_code": cells["county_code"] or None,
        "year": int(cells["year"]),
        "count": int(cells["count"]),
    }

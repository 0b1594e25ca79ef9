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
from qstats.sources.small_tables import read_small_text

FILE_NAME = "denominators.csv"
LARGEST_COUNT = 10**9


def read_denominators(folder: Path) -> pl.DataFrame:
    """Declared denominators; no rows where the folder has no such file.

    Raises
    ------
    SourceError
        Not readable, a missing column, a row with too many cells, an unknown code, a year or count that is
        none, an entry twice, counties that add up to more than the whole place.
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
        entry = " / ".join(str(cell) for cell in twice.row(0)[:3] if cell is not None)
        raise SourceError(f"{path}: {entry} stands twice")
    _check_sums(table, path)
    return table


def _check_sums(table: pl.DataFrame, path: Path) -> None:
    """Counties may leave something out, yet they are parts of the whole."""
    whole = pl.col("county_code").is_null()
    sums = table.group_by("denominator", "year", maintain_order=True).agg(
        pl.col("count").filter(whole).first().alias("whole"),
        pl.col("count").filter(~whole).sum().alias("counties"),
    )
    beyond = sums.filter(pl.col("counties") > pl.col("whole"))
    if not beyond.is_empty():
        name, year, count, counties = beyond.row(0)
        raise SourceError(
            f"{path}: the counties of {name} in {year} add up to {counties}, the whole place has {count}. "
            "Correct one of them"
        )


def _read_row(row: dict[str, str], where: str) -> dict[str, object] | None:
    """Cells of one line; None for a line without any."""
    if None in row:
        raise SourceError(f"{where}: more cells than the heading; write counts without thousands separators")
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
    if not cells["count"].isdecimal() or not 0 < int(cells["count"]) <= LARGEST_COUNT:
        raise SourceError(f"{where}: count {cells['count']!r} is no positive whole number")
    return cells | {
        "county_code": cells["county_code"] or None,
        "year": int(cells["year"]),
        "count": int(cells["count"]),
    }

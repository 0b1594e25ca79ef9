"""Which incidents happened (重大质量安全事故报告), what was entered as evidence, appealed, decided (申诉)?

Two tables that the bureau keeps in the raw folder, ``incidents.csv`` and ``assessment_evidence.csv``. They
decide grades, so that nothing in them is guessed at: a cell that cannot be read, a county, item or appeal
that is not there, an entry without author, day or reason stops the run with the row and what to write.
"""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from qstats.codebook import labels
from qstats.errors import QstatsError, SourceError
from qstats.reference import read_divisions
from qstats.schemas import ASSESSMENT_EVIDENCE, INCIDENTS
from qstats.scheme_registry import Scheme, read_scheme
from qstats.sources.deliveries import read_small_text

INCIDENT_FILE, EVIDENCE_FILE = "incidents.csv", "assessment_evidence.csv"
Cells = Mapping[str, str]
_MAY_BE_EMPTY = {"reported_on", "deaths", "injured", "loss", "points", "refers_to", "description"}


def read_incidents(folder: Path) -> pl.DataFrame:
    """Reports of incidents; no rows where the folder has no such file.

    Raises
    ------
    SourceError
        Not readable, a missing column, an empty or unknown cell, an id twice, an impossible day.
    """
    codes = {
        "area": "incident_area",
        "extent": "incident_extent",
        "grade": "accident_grade",
        "status": "incident_status",
    }
    readers = {name: _coded(kind) for name, kind in codes.items()} | {
        "county_code": _county, "occurred_on": _day, "reported_on": _day, "deaths": _whole, "injured": _whole,
        "loss": _number,
    }  # fmt: skip
    return _read(folder / INCIDENT_FILE, INCIDENTS, readers)


def read_evidence(folder: Path) -> pl.DataFrame:
    """Evidence, self-assessments, appeals and decisions; no rows where the folder has no such file.

    Raises
    ------
    SourceError
        As `read_incidents`; besides a scheme or item that is not known, points beyond those of the item, a
        decision that refers to no appeal of the same item and county.
    """
    readers: dict[str, Callable[[str], Any]] = {
        "county_code": _county, "kind": _coded("evidence_kind"), "status": _coded("evidence_status"),
        "stated_on": _day, "points": _number,
    }  # fmt: skip
    path = folder / EVIDENCE_FILE
    table = _read(path, ASSESSMENT_EVIDENCE, readers)
    rows = table.to_dicts()
    appeals = {row["evidence_id"]: row for row in rows if row["kind"] == "appeal"}
    for row in rows:
        _check_entry(row, appeals, f"{path}, row {row['source_row']}")
    return table


def _check_entry(row: Mapping[str, Any], appeals: Mapping[str, Mapping[str, Any]], where: str) -> None:
    scheme = _scheme_of(row["scheme"], where)
    items = {one.code: one for one in scheme.items}
    if row["item"] not in items:
        raise SourceError(f"{where}: item {row['item']!r} is none of {', '.join(items)}")
    most, points = items[row["item"]].points, row["points"]
    if row["kind"] != "appeal" and points is None:
        raise SourceError(f"{where}: {row['kind']} states no points")
    if points is not None and not 0 <= points <= most:
        raise SourceError(f"{where}: {points:g} points lie outside 0 to {most:g}, those of {row['item']!r}")
    if row["kind"] == "decision":
        appeal = appeals.get(row["refers_to"])
        same = appeal and all(appeal[name] == row[name] for name in ("scheme", "year", "county_code", "item"))
        if not same:
            raise SourceError(f"{where}: refers_to {row['refers_to']!r} is no appeal of this county and item")


def _scheme_of(name: str, where: str) -> Scheme:
    try:
        return read_scheme(name)
    except QstatsError as error:
        raise SourceError(f"{where}: {error}") from None


def _read(
    path: Path, schema: Mapping[str, pl.DataType], readers: Mapping[str, Callable[[str], Any]]
) -> pl.DataFrame:
    """Rows of a table with the columns of a schema, ``source_row`` counted."""
    if not path.exists():
        return pl.DataFrame(schema=dict(schema))
    reader = csv.DictReader(io.StringIO(read_small_text(path), newline=""))
    wanted = [name for name in schema if name != "source_row"]
    if missing := [name for name in wanted if name not in (reader.fieldnames or ())]:
        raise SourceError(f"{path}: column {missing[0]!r} is missing; it needs {', '.join(wanted)}")
    rows = []
    for number, cells in enumerate(reader, start=2):
        where = f"{path}, row {number}"
        if None in cells:
            raise SourceError(f"{where}: more cells than the heading")
        if any(str(cell or "").strip() for cell in cells.values()):
            rows.append(
                {"source_row": number} | {name: _cell(cells, name, readers, where) for name in wanted}
            )
    table = pl.DataFrame(rows, schema=dict(schema))
    ids = table.columns[0]
    if twice := table.filter(table[ids].is_duplicated())[ids].to_list():
        raise SourceError(f"{path}: {ids} {twice[0]!r} stands twice")
    return table


def _cell(cells: Cells, name: str, readers: Mapping[str, Callable[[str], Any]], where: str) -> Any:
    text = str(cells.get(name) or "").strip()
    if not text:
        if name in _MAY_BE_EMPTY:
            return None
        raise SourceError(f"{where}: {name} is empty")
    try:
        return readers.get(name, str)(text)
    except ValueError as error:
        raise SourceError(f"{where}: {name} {text!r} {error}") from None


def _coded(kind: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in labels(kind):
            raise ValueError(f"is none of {', '.join(labels(kind))}")
        return text

    return read


def _county(text: str) -> str:
    if text not in {one.code for one in read_divisions()}:
        raise ValueError("is no county or zone of divisions.csv")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no day; write it as 2015-06-30") from None


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("is no whole number")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e12:
        raise ValueError("is no number of 0 or more")
    return value

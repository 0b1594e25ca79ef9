"""Which incidents happened (重大质量安全事故报告), what was entered as evidence, appealed, decided (申诉)?

Two tables that the bureau keeps in the raw folder, ``incidents.csv`` and ``assessment_evidence.csv``. They
decide grades, so that nothing in them is guessed at: a cell that cannot be read, a county, item or appeal
that is not there, an entry without author, day or reason stops the run with the line and what to write.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from qstats.codebook import labels
from qstats.errors import QstatsError, SourceError
from qstats.reference import read_divisions
from qstats.schemas import ASSESSMENT_EVIDENCE, INCIDENTS
from qstats.scheme_registry import Scheme, read_scheme
from qstats.sources.small_tables import read_day, read_small_text

INCIDENT_FILE, EVIDENCE_FILE = "incidents.csv", "assessment_evidence.csv"
Cells = Mapping[str, str]
_MAY_BE_EMPTY = {"reported_on", "deaths", "injured", "loss", "points", "refers_to", "description"}
_EARLIEST = date(2000, 1, 1)
"""No county was assessed before; an earlier day is a slip of the pen."""
_MOST_PERSONS = 10_000_000


def read_incidents(folder: Path, cutoff: date) -> pl.DataFrame:
    """Reports of incidents; no rows where the folder has no such file.

    Parameters
    ----------
    folder : Path
        Raw folder of the run.
    cutoff : date
        Day on which the data was closed; later ones are impossible.

    Raises
    ------
    SourceError
        Not readable, a column missing or twice, an empty or unknown cell, an id twice, an impossible day, a
        report before its incident.
    """
    codes = {
        "area": "incident_area",
        "extent": "incident_extent",
        "grade": "accident_grade",
        "status": "incident_status",
    }
    readers = {name: _coded(kind) for name, kind in codes.items()} | {
        "county_code": _county, "occurred_on": _day_until(cutoff), "reported_on": _day_until(cutoff),
        "deaths": _persons, "injured": _persons, "loss": _number,
    }  # fmt: skip
    path = folder / INCIDENT_FILE
    table = _read(path, INCIDENTS, readers)
    for row in table.filter(pl.col("reported_on") < pl.col("occurred_on")).to_dicts():
        raise SourceError(
            f"{path}, line {row['source_row']}: reported on {row['reported_on']}, before it happened on "
            f"{row['occurred_on']}. Correct one of the days"
        )
    return table


def read_evidence(folder: Path, cutoff: date) -> pl.DataFrame:
    """Evidence, self-assessments, appeals and decisions; no rows where the folder has no such file.

    Parameters
    ----------
    folder, cutoff
        As in `read_incidents`.

    Raises
    ------
    SourceError
        As `read_incidents`; besides a scheme, year or item that is not known, evidence of an item that is
        measured, points beyond those of the item, a decision that refers to no appeal of the same item and
        county or lies before it.
    """
    readers: dict[str, Callable[[str], Any]] = {
        "county_code": _county, "kind": _coded("evidence_kind"), "status": _coded("evidence_status"),
        "stated_on": _day_until(cutoff), "points": _number,
    }  # fmt: skip
    path = folder / EVIDENCE_FILE
    table = _read(path, ASSESSMENT_EVIDENCE, readers)
    rows = table.to_dicts()
    appeals = {row["evidence_id"]: row for row in rows if row["kind"] == "appeal"}
    for row in rows:
        _check_entry(row, appeals, cutoff, f"{path}, line {row['source_row']}")
    return table


def _check_entry(
    row: Mapping[str, Any], appeals: Mapping[str, Mapping[str, Any]], cutoff: date, where: str
) -> None:
    scheme = _scheme_of(row["scheme"], where)
    if not _is_year(row["year"], scheme, cutoff):
        first, last = scheme.last_year(cutoff)
        raise SourceError(
            f"{where}: {row['year']!r} is no year of {scheme.id} that began from {_EARLIEST} to {cutoff}. "
            f"Write its first and last day, as in {first}/{last}"
        )
    items = {one.code: one for one in scheme.items}
    if row["item"] not in items:
        raise SourceError(f"{where}: item {row['item']!r} is none of {', '.join(items)}")
    item, points = items[row["item"]], row["points"]
    if row["kind"] == "evidence" and item.formula != "evidence":
        raise SourceError(
            f"{where}: {item.code!r} is measured, evidence gives it no points. What is to replace a measured "
            "value is entered as an appeal and a decision on it"
        )
    if row["kind"] != "appeal" and points is None:
        raise SourceError(f"{where}: {row['kind']} states no points")
    if points is not None and not 0 <= points <= item.points:
        most = f"{item.points:g}, those of {item.code!r}"
        raise SourceError(f"{where}: {points:g} points lie outside 0 to {most}")
    if row["kind"] == "decision":
        _check_decision(row, appeals.get(row["refers_to"]), where)


def _check_decision(row: Mapping[str, Any], appeal: Mapping[str, Any] | None, where: str) -> None:
    if not appeal or any(appeal[name] != row[name] for name in ("scheme", "year", "county_code", "item")):
        raise SourceError(
            f"{where}: refers_to {row['refers_to']!r} is no appeal of this scheme, year, county and item"
        )
    if row["stated_on"] < appeal["stated_on"]:
        raise SourceError(
            f"{where}: decided on {row['stated_on']}, before the appeal {row['refers_to']} of "
            f"{appeal['stated_on']}. Correct one of the days"
        )


def _is_year(text: str, scheme: Scheme, cutoff: date) -> bool:
    """Whether a text names a whole year of a scheme, in the one form by which entries are found."""
    try:
        first, last = (date.fromisoformat(day) for day in text.split("/"))
    except ValueError:
        return False
    whole = _EARLIEST <= first <= cutoff and first < last and scheme.last_year(last) == (first, last)
    return whole and text == f"{first}/{last}"


def _scheme_of(name: str, where: str) -> Scheme:
    try:
        return read_scheme(name)
    except QstatsError as error:
        raise SourceError(f"{where}: {error}") from None


def _read(
    path: Path, schema: Mapping[str, pl.DataType], readers: Mapping[str, Callable[[str], Any]]
) -> pl.DataFrame:
    """Rows of a table with the columns of a schema; ``source_row`` is the line on which a row begins."""
    if not path.exists():
        return pl.DataFrame(schema=dict(schema))
    wanted = [name for name in schema if name != "source_row"]
    rows = []
    for line, cells in _lines(path, wanted):
        where = f"{path}, line {line}"
        rows.append({"source_row": line} | {name: _cell(cells, name, readers, where) for name in wanted})
    table = pl.DataFrame(rows, schema=dict(schema))
    ids = table.columns[0]
    if twice := table.filter(table[ids].is_duplicated())[ids].to_list():
        raise SourceError(f"{path}: {ids} {twice[0]!r} stands twice")
    return table


def _lines(path: Path, wanted: list[str]) -> Iterator[tuple[int, Cells]]:
    """Cells of each row that has any, with the line of the file on which it begins."""
    # Strict: a quote that is never closed would take all lines after it into one cell.
    reader = csv.reader(io.StringIO(read_small_text(path), newline=""), strict=True)
    try:
        heading = [name.strip() for name in next(reader, [])]
        _check_heading(heading, wanted, path)
        ended = reader.line_num
        for row in reader:
            line, ended = ended + 1, reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(heading):
                raise SourceError(
                    f"{path}, line {line}: {len(row)} cells, the heading has {len(heading)}. Mend its commas "
                    "and quotes"
                )
            yield line, dict(zip(heading, row, strict=True))
    except csv.Error as error:
        raise SourceError(f"{path}, line {reader.line_num}: {error}. Mend its quotes") from None


def _check_heading(heading: list[str], wanted: list[str], path: Path) -> None:
    if missing := [name for name in wanted if name not in heading]:
        raise SourceError(f"{path}: column {missing[0]!r} is missing; it needs {', '.join(wanted)}")
    if twice := [name for name in wanted if heading.count(name) > 1]:
        raise SourceError(f"{path}: column {twice[0]!r} stands twice in the heading; which one holds?")


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


def _day_until(cutoff: date) -> Callable[[str], date]:
    def read(text: str) -> date:
        day = read_day(text)
        if not _EARLIEST <= day <= cutoff:
            raise ValueError(f"lies outside {_EARLIEST} to {cutoff}, the day on which the data was closed")
        return day

    return read


def _persons(text: str) -> int:
    # The length first: Python reads no number of thousands of digits.
    if not text.isdecimal() or len(text) > len(str(_MOST_PERSONS)) or int(text) > _MOST_PERSONS:
        raise ValueError(f"is no whole number up to {_MOST_PERSONS}")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e12:
        raise ValueError("is no number of 0 or more")
    return value

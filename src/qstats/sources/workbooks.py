"""What are the cells of an Excel workbook? Text by row and field.

Method: the cached values are read by calamine; formulas are never evaluated. What calamine passes over, error
cells and formulas without a cached value, is laid over its grid as text. Dates become ISO text and whole
numbers lose their decimals; an 18-digit code that Excel has turned into a number stays visibly damaged.
"""

import datetime
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import python_calamine as calamine

from qstats.errors import RefusedFileError
from qstats.sources.headings import (
    FURTHER,
    MOST_COLUMNS,
    Heading,
    check_heading,
    check_width,
    describe_misfit,
    find_heading,
)
from qstats.sources.issues import ReadingIssues
from qstats.sources.layouts import SourceLayout
from qstats.sources.matching import Grid
from qstats.sources.records import HEADING_CHARACTERS
from qstats.sources.refusals import refusal, refusal_of_sheet
from qstats.sources.worksheet_xml import CellTexts, read_passed_over

HEAD_ROWS = 40
EXACT_DIGITS = 1e15
SHEET_ROW_STEP = 10_000_000
NOTES_SHEET = "填写说明"
PLAIN_UNIT = "元"

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


@dataclass(frozen=True)
class SheetTable:
    """A sheet with a table: its rows are numbered from ``row_offset`` on."""

    name: str
    heading: Heading
    row_offset: int


@dataclass(frozen=True)
class WorkbookTable:
    """The sheets of a workbook that hold tables of one layout, and the names of other filled sheets."""

    path: Path
    file: str
    sheets: tuple[SheetTable, ...]
    ignored: tuple[str, ...]

    @property
    def heading(self) -> Heading:
        """Heading of the first sheet."""
        return self.sheets[0].heading

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Headings of any sheet that belong to no field."""
        return tuple(dict.fromkeys(text for sheet in self.sheets for text in sheet.heading.unmatched))


def find_workbook_table(path: Path, layouts: Mapping[str, SourceLayout], file: str) -> WorkbookTable:
    """Return the tables of a workbook. Rows of the second sheet used count from 10,000,001, and so on.

    Hidden sheets are used only where no other has a table; what is not used is in ``ignored``.

    Raises
    ------
    RefusedFileError
        If the workbook cannot be read, or no sheet fits a layout.
    """
    with _open_workbook(path, file) as workbook:
        heads = {name: _head_lines(workbook, name, file) for name in _worksheets(workbook)}
        hidden = _hidden_sheets(workbook)
    heads = {name: lines for name, lines in heads.items() if name != NOTES_SHEET and any(map(any, lines))}
    if not heads:
        raise refusal(file, "empty_workbook")
    found = {
        name: find_heading([line if len(line) <= 2 * MOST_COLUMNS else [] for line in lines], layouts)
        for name, lines in heads.items()
    }
    fitting = {name: heading for name, heading in found.items() if heading and not heading.missing}
    if not fitting:
        raise _misfit(heads, found, file)
    # A hidden sheet is often an older state of the one shown, and would be counted beside it.
    fitting = {name: heading for name, heading in fitting.items() if name not in hidden} or fitting
    layout = max(fitting.values(), key=lambda heading: heading.rank).layout.id
    used = [(name, heading) for name, heading in fitting.items() if heading.layout.id == layout]
    for name, heading in used:
        check_heading(heading, heads[name], file)
    sheets = tuple(SheetTable(name, heading, at * SHEET_ROW_STEP) for at, (name, heading) in enumerate(used))
    return WorkbookTable(path, file, sheets, tuple(name for name in heads if name not in dict(used)))


def read_workbook_rows(
    table: WorkbookTable, issues: ReadingIssues, chunk_rows: int
) -> Iterator[pl.DataFrame]:
    """Yield the bodies of all sheets in order: ``source_row`` and one text column per field found.

    An amount on a sheet whose heading gives another money unit than the first sheet's carries it: ``35千元``.
    """
    for name in table.ignored:
        issues.add(0, "file.sheet_ignored", "flagged", name="file", old=name)
    with _open_workbook(table.path, table.file) as workbook:
        for sheet in table.sheets:
            yield from _read_sheet(workbook, sheet, table, issues, chunk_rows)


def cell_text(value: Any) -> str:
    """Return a cell as the text a person would type: dates in ISO form, whole numbers without decimals."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _number_text(value)
        case int():
            return _number_text(float(value)) if abs(value) >= EXACT_DIGITS else str(value)
        case datetime.datetime():
            at_midnight = value.time() == datetime.time()
            return value.date().isoformat() if at_midnight else value.isoformat(" ", "seconds")
        case None:
            return ""
    return str(value)


def _number_text(value: float) -> str:
    """Excel keeps 15 digits: what is longer is shown in its own scientific form, 9.13715E+17."""
    if abs(value) >= EXACT_DIGITS:
        mantissa, exponent = f"{value:.14E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
    return str(int(value)) if value.is_integer() else repr(value)


def _open_workbook(path: Path, file: str) -> calamine.CalamineWorkbook:
    try:
        # From the content: by its path a workbook would be taken for what its name says.
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except calamine.PasswordError as error:
        raise refusal(file, "password") from error
    except (calamine.CalamineError, OSError) as error:
        raise refusal(file, "damaged_workbook") from error


def _worksheets(workbook: calamine.CalamineWorkbook) -> list[str]:
    tables = calamine.SheetTypeEnum.WorkSheet
    return [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == tables]


def _hidden_sheets(workbook: calamine.CalamineWorkbook) -> set[str]:
    shown = calamine.SheetVisibleEnum.Visible
    return {sheet.name for sheet in workbook.sheets_metadata if sheet.visible != shown}


def _sheet(workbook: calamine.CalamineWorkbook, name: str, file: str) -> calamine.CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except calamine.CalamineError as error:
        raise refusal(file, "damaged_workbook") from error


def _head_lines(workbook: calamine.CalamineWorkbook, name: str, file: str) -> list[list[str]]:
    rows = islice(_sheet(workbook, name, file).iter_rows(), HEAD_ROWS)
    return [[cell_text(value)[:HEADING_CHARACTERS] for value in row] for row in rows]


def _misfit(heads: Mapping[str, Grid], found: Mapping[str, Heading | None], file: str) -> RefusedFileError:
    """Describe the sheet that comes nearest to a layout."""
    for lines in heads.values():
        check_width(lines, file)
    name = max(heads, key=lambda name: heading.rank if (heading := found[name]) else (-MOST_COLUMNS,))
    code, values = describe_misfit(heads[name], found[name])
    return refusal_of_sheet(file, name, code, **values)


def _read_sheet(
    workbook: calamine.CalamineWorkbook,
    sheet: SheetTable,
    table: WorkbookTable,
    issues: ReadingIssues,
    chunk_rows: int,
) -> Iterator[pl.DataFrame]:
    content = _sheet(workbook, sheet.name, table.file)
    first = sheet.heading.last + 1
    left = (content.start or (0, 0))[1]
    fills = _merged_cells(content.merged_cell_ranges or [], first, left, sheet.heading)
    texts = _passed_over(table, sheet.name)
    rows = islice(enumerate(_overlaid_rows(content, texts, left)), first, None)
    values: dict[tuple[int, int], str] = {}
    units = _units_to_write(sheet.heading, table.heading)
    while chunk := list(islice(rows, chunk_rows)):
        cells = {
            name: [_filled(at, column, row, fills, values) for at, row in chunk]
            for name, column in sheet.heading.all_columns.items()
        }
        _count_fills(chunk, sheet, fills, cells, issues)
        for name, unit in units.items():
            cells[name] = [f"{text}{unit}" if text[-1:].isdigit() else text for text in cells[name]]
        frame = pl.DataFrame({name: pl.Series(texts, dtype=pl.String) for name, texts in cells.items()})
        numbers = pl.Series("source_row", [sheet.row_offset + at + 1 for at, _ in chunk], dtype=pl.Int64)
        yield frame.select(numbers, pl.when(pl.all() != "").then(pl.all()))


def _passed_over(table: WorkbookTable, name: str) -> CellTexts:
    try:
        return read_passed_over(table.path, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ElementTree.ParseError) as error:
        raise refusal(table.file, "damaged_workbook") from error


def _overlaid_rows(content: calamine.CalamineSheet, texts: CellTexts, left: int) -> Iterator[list[Any]]:
    """Rows of a sheet with the texts that calamine passes over, also those below its last row.

    Calamine's rows begin with the first row of the sheet, but its columns with the first one used, ``left``.
    """
    last_row, last_column = content.end or (-1, left)
    rows: Iterator[list[Any]] = content.iter_rows()
    below = ([""] * (last_column - left + 1) for _ in range(last_row + 1, max(texts, default=-1) + 1))
    for at, row in enumerate(chain(rows, below)):
        for column, text in texts.get(at, {}).items():
            if 0 <= column - left < len(row) and cell_text(row[column - left]) == "":
                row[column - left] = text
        yield row


def _units_to_write(heading: Heading, first: Heading) -> dict[str, str]:
    """Money units of a sheet that are not those of the first one, which the source's layout declares."""
    units, declared = heading.layout.units, first.layout.units
    return {
        name: units.get(name, PLAIN_UNIT)
        for name in heading.columns
        if units.get(name, PLAIN_UNIT) != declared.get(name, PLAIN_UNIT)
    }


def _merged_cells(merged: Merged, first: int, left: int, heading: Heading) -> dict[tuple[int, int], int]:
    """First row of the merged range, for each lower cell of one that runs downwards in the body."""
    columns = set(heading.all_columns.values())
    return {
        (row, column): top
        for (top, begin), (bottom, end) in merged
        if top >= first
        for column in range(begin - left, min(end - left, heading.width) + 1)
        if column in columns
        for row in range(top + 1, bottom + 1)
    }


def _filled(
    at: int,
    column: int,
    row: Sequence[Any],
    fills: dict[tuple[int, int], int],
    values: dict[tuple[int, int], str],
) -> str:
    """Text of a cell; a lower cell of a merged range has the text of its first one."""
    text = cell_text(row[column]) if column < len(row) else ""
    if not fills:
        return text
    if (top := fills.get((at, column))) is not None:
        return text or values.get((top, column), "")
    if (at + 1, column) in fills:
        values[at, column] = text
    return text


def _count_fills(
    chunk: list[tuple[int, list[Any]]],
    sheet: SheetTable,
    fills: dict[tuple[int, int], int],
    cells: dict[str, list[str]],
    issues: ReadingIssues,
) -> None:
    if not fills:
        return
    for name, column in sheet.heading.all_columns.items():
        field = name.partition(FURTHER)[0]
        for (at, row), text in zip(chunk, cells[name], strict=True):
            if text and (at, column) in fills and not cell_text(row[column]):
                issues.count(sheet.row_offset + at + 1, "cell.merged", "changed", name=field, new=text)

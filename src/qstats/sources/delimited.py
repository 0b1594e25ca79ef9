"""What are the cells of a CSV, TSV or semicolon file? Text by row and field, in chunks.

Method: the file is read in blocks that end where a record ends. A block whose quotes are all in place is
parsed by Polars; any other block, and one with a row that has too many fields, is read record by record
with the rules of Python's ``csv`` module. Both give the same cells; the first is many times faster.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import ComputeError

from qstats.errors import RefusedFileError
from qstats.sources.encodings import BLOCK_BYTES, bad_byte_error, utf8_blocks
from qstats.sources.headings import (
    MOST_COLUMNS,
    Heading,
    check_heading,
    check_width,
    describe_misfit,
    find_heading,
)
from qstats.sources.issues import ReadingIssues
from qstats.sources.layouts import SourceLayout
from qstats.sources.records import (
    LARGEST_CELL,
    Positions,
    Record,
    find_quotes,
    has_doubled_quote,
    heading_lines,
    is_well_formed,
    last_record_end,
    read_records,
)
from qstats.sources.refusals import refusal

DELIMITERS = (",", "\t", ";", "|", "│")
HEAD_SIZES = (256 << 10, 8 << 20, 64 << 20)
HEAD_RECORDS = 40
PIECE_BYTES = 128 << 10


@dataclass(frozen=True)
class DelimitedTable:
    """A text file whose layout is known: how its cells are divided and at which byte its body starts."""

    path: Path
    file: str
    encoding: str
    delimiter: str
    heading: Heading
    fields_per_row: int
    body_byte: int

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Headings that belong to no field."""
        return self.heading.unmatched

    @property
    def padded(self) -> bool:
        """Whether cells are divided by drawn lines and padded with spaces."""
        return self.delimiter in "|│"


@dataclass
class _Reading:
    """How far a table has been read: the row to come, and bytes held back for it."""

    row: int
    held: bytes = b""


def find_delimited_table(
    path: Path, encoding: str, layouts: Mapping[str, SourceLayout], file: str
) -> DelimitedTable:
    """Return the table of a text file: its delimiter, its layout, and where its body starts.

    Raises
    ------
    RefusedFileError
        If no layout fits, or the table is wider than any could be.
    """
    for size in HEAD_SIZES:
        head, complete = _read_head(path, encoding, file, size)
        candidates = [(mark, _head_records(head, mark, complete)) for mark in DELIMITERS if mark in head]
        candidates = candidates or [(",", _head_records(head, ",", complete))]
        found = [
            (find_heading(_narrow_lines(records), layouts), mark, records) for mark, records in candidates
        ]
        best, mark, records = max(found, key=lambda entry: _preference(entry[0], entry[2]))
        if best and not best.missing:
            return _locate_body(path, file, encoding, mark, best, records)
        if complete:
            break
    check_width(heading_lines(records), file)
    code, values = describe_misfit(heading_lines(records), best)
    raise refusal(file, code, **values)


def read_delimited_rows(table: DelimitedTable, issues: ReadingIssues) -> Iterator[pl.DataFrame]:
    """Yield the body in file order: ``source_row`` and one text column per field found.

    Raises
    ------
    RefusedFileError
        At a byte that is not of the file's encoding, a zero byte, or a quote that never closes.
    """
    reading = _Reading(row=table.heading.last + 2)
    for block in utf8_blocks(table.path, table.encoding, table.file, skip=table.body_byte):
        if b"\0" in block:
            raise _zero_byte_error(table, reading, block)
        data = reading.held + block
        quotes = find_quotes(data)
        end = last_record_end(data, quotes)
        if not end and len(data) > 2 * BLOCK_BYTES:
            end = data.rfind(b"\n") + 1
        reading.held = data[end:]
        if end:
            inside = quotes[: np.searchsorted(quotes, end)]
            yield from _read_block(data[:end], inside, table, reading, issues, final=False)
        _refuse_endless_cell(table, reading)
    if reading.held:
        rest, reading.held = reading.held, b""
        yield from _read_block(rest, find_quotes(rest), table, reading, issues, final=True)


def _read_head(path: Path, encoding: str, file: str, size: int) -> tuple[str, bool]:
    """First characters of the file, and whether they are all of it."""
    head = bytearray()
    for block in utf8_blocks(path, encoding, file):
        head += block
        if len(head) > size:
            return bytes(head[:size]).decode("utf-8", errors="replace"), False
    return bytes(head).decode("utf-8", errors="replace"), True


def _head_records(head: str, delimiter: str, complete: bool) -> list[Record]:
    """First records; the last is left out where the end of the head may have cut it."""
    records: list[Record] = []
    for record in read_records(head, delimiter):
        records.append(record)
        if len(records) == HEAD_RECORDS:
            return records
    return records if complete else records[:-1]


def _narrow_lines(records: list[Record]) -> list[list[str]]:
    """Lines in which headings can stand, those that are too wide emptied."""
    return [list(line) if len(line) <= 2 * MOST_COLUMNS else [] for line in heading_lines(records)]


def _preference(heading: Heading | None, records: list[Record]) -> tuple[tuple[int, ...], int]:
    """The delimiter that shows the best heading, else the one that gives most cells."""
    rank = heading.rank if heading else (-MOST_COLUMNS,)
    return rank, max((len(record.cells) for record in records), default=0)


def _locate_body(
    path: Path, file: str, encoding: str, delimiter: str, heading: Heading, records: list[Record]
) -> DelimitedTable:
    check_heading(heading, heading_lines(records), file)
    of_heading = records[heading.first : heading.last + 1]
    fields = max(heading.width, *(len(record.cells) for record in of_heading))
    body_byte = sum(len(record.text.encode()) for record in records[: heading.last + 1])
    return DelimitedTable(path, file, encoding, delimiter, heading, fields, body_byte)


def _read_block(
    data: bytes,
    quotes: Positions,
    table: DelimitedTable,
    reading: _Reading,
    issues: ReadingIssues,
    *,
    final: bool,
) -> Iterator[pl.DataFrame]:
    well_formed = not table.padded and is_well_formed(data, table.delimiter, quotes)
    frame = _parse_well_formed(data, quotes, table) if well_formed else None
    middle = last_record_end(data[: len(data) // 2], quotes) if well_formed and len(data) > PIECE_BYTES else 0
    if frame is None and middle:
        # One long row must not cost the whole block its speed: only the piece around it is read exactly.
        split = np.searchsorted(quotes, middle)
        yield from _read_block(data[:middle], quotes[:split], table, reading, issues, final=False)
        yield from _read_block(data[middle:], quotes[split:] - middle, table, reading, issues, final=final)
        return
    if frame is None:
        yield _read_by_record(data, table, reading, issues, final=final)
        return
    first, reading.row = reading.row, reading.row + frame.height
    yield frame.select(
        pl.int_range(first, reading.row, dtype=pl.Int64).alias("source_row"), *table.heading.all_columns
    )


def _parse_well_formed(data: bytes, quotes: Positions, table: DelimitedTable) -> pl.DataFrame | None:
    """Cells as Polars reads them, or None where a record has too many fields or a byte is not UTF-8."""
    names = [f"c{at}" for at in range(table.fields_per_row)]
    used = {f"c{at}": name for name, at in table.heading.all_columns.items()}
    header = (table.delimiter.join(names) + "\n").encode()
    try:
        frame = pl.read_csv(
            b"".join((header, data)),
            separator=table.delimiter,
            schema=dict.fromkeys(names, pl.String()),
            columns=[name for name in names if name in used],
        ).rename(used)
    except ComputeError:
        return None
    return _empty_to_null(frame) if has_doubled_quote(quotes) else frame


def _read_by_record(
    data: bytes, table: DelimitedTable, reading: _Reading, issues: ReadingIssues, *, final: bool
) -> pl.DataFrame:
    """Cells as the ``csv`` module reads them; rows with too many fields are dropped and reported."""
    kept: list[tuple[int, list[str]]] = []
    for record in read_records(_decode(data, table), table.delimiter):
        if record.unfinished and not final:
            reading.held = record.text.encode() + reading.held
            break
        _refuse_unclosed_quote(record, table, reading.row)
        if table.padded and record.border:
            pass
        elif any(cell.strip() for cell in record.cells[table.fields_per_row :]):
            issues.add(reading.row, "row.too_many_fields", "dropped", old=record.text.strip())
        else:
            kept.append((reading.row, record.cells))
        reading.row += 1
    return _frame_of_records(kept, table)


def _frame_of_records(kept: list[tuple[int, list[str]]], table: DelimitedTable) -> pl.DataFrame:
    columns = {
        name: pl.Series([cells[at] if at < len(cells) else None for _, cells in kept], dtype=pl.String)
        for name, at in table.heading.all_columns.items()
    }
    frame = _empty_to_null(pl.DataFrame(columns))
    if table.padded:
        frame = _empty_to_null(frame.with_columns(pl.all().str.strip_chars()))
    rows = pl.Series("source_row", [row for row, _ in kept], dtype=pl.Int64)
    return frame.select(rows, pl.all())


def _empty_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _decode(data: bytes, table: DelimitedTable) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise bad_byte_error(table.path, table.encoding, table.file) from error


def _refuse_unclosed_quote(record: Record, table: DelimitedTable, row: int) -> None:
    """A quote was never closed if it runs to the end, or over line ends to one that does not end its cell."""
    if record.unfinished or (record.lines > 1 and not _is_record_well_formed(record, table.delimiter)):
        raise refusal(table.file, "unclosed_quote", row=row, start=record.text[:40].strip())


def _is_record_well_formed(record: Record, delimiter: str) -> bool:
    data = record.text.encode()
    return is_well_formed(data, delimiter, find_quotes(data))


def _refuse_endless_cell(table: DelimitedTable, reading: _Reading) -> None:
    if len(reading.held) > LARGEST_CELL:
        raise refusal(table.file, "endless_cell", row=reading.row, megabytes=LARGEST_CELL >> 20)


def _zero_byte_error(table: DelimitedTable, reading: _Reading, block: bytes) -> RefusedFileError:
    data = reading.held + block
    row = reading.row + data[: data.index(b"\0")].count(b"\n")
    return refusal(table.file, "zero_byte", row=row)

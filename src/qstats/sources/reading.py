"""What does a supplier's file hold? Its layout, and its rows as text under our field names.

Method: type by content, encoding by evidence, layout by headings; then the body in chunks. Nothing is judged
here: rows are left out only where they cannot be divided into cells, and each such row is reported.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from qstats.codebook import read_vocabulary
from qstats.sources.delimited import DelimitedTable, find_delimited_table, read_delimited_rows
from qstats.sources.encodings import BLOCK_BYTES, detect_encoding
from qstats.sources.filetypes import detect_file_type
from qstats.sources.headings import FURTHER
from qstats.sources.issues import ReadingIssues
from qstats.sources.layouts import SourceLayout, normalize_heading
from qstats.sources.refusals import refusal
from qstats.sources.unpacking import OwnFolder, unpack_gzip, write_spss_as_text
from qstats.sources.workbooks import WorkbookTable, find_workbook_table, read_workbook_rows

CHUNK_ROWS = 200_000
BETWEEN_COLUMNS = " / "


@dataclass(frozen=True)
class RawSource:
    """A supplier's file, ready to be read.

    ``reading_issues`` (source_row, rule, field, old_value, new_value, action, cases) is complete when
    ``rows`` is exhausted. Rows in = rows handed out + reading issues whose action is ``dropped``.
    ``encoding`` is ``xlsx`` or ``xls`` for workbooks. ``unmatched_headers`` are columns of the file that no
    field takes. ``inside`` holds the content of a packed or SPSS file for as long as the source lives.
    """

    file: str
    sha256: str
    layout: SourceLayout
    encoding: str
    unmatched_headers: tuple[str, ...]
    table: DelimitedTable | WorkbookTable = field(repr=False)
    chunk_rows: int = CHUNK_ROWS
    inside: OwnFolder | None = field(default=None, repr=False)
    _issues: ReadingIssues = field(default_factory=ReadingIssues, repr=False)

    @property
    def reading_issues(self) -> list[dict[str, Any]]:
        """Issues of the last reading."""
        return self._issues.rows

    def rows(self) -> Iterator[pl.DataFrame]:
        """Yield the body in file order: ``source_row`` (Int64) and every raw field of the table (String).

        Empty cells and absent columns are null; a field with a default in the layout has it where the file
        has no such column, and one that stands in several columns has their different texts joined by
        ``" / "`` where the layout says so. ``source_row`` is the number of the row in a spreadsheet (the
        heading has its own; line ends inside quotes do not count; each further sheet of a workbook starts
        10,000,000 higher).

        Raises
        ------
        RefusedFileError
            At a place that cannot be read.
        """
        self._issues.clear()
        if isinstance(self.table, WorkbookTable):
            frames = read_workbook_rows(self.table, self._issues, self.chunk_rows)
        else:
            frames = read_delimited_rows(self.table, self._issues)
        yield from _gather((_with_all_fields(frame, self.layout) for frame in frames), self.chunk_rows)


def open_source(
    path: Path | str,
    layouts: Mapping[str, SourceLayout],
    *,
    chunk_rows: int = CHUNK_ROWS,
    folder: Path | None = None,
) -> RawSource:
    """Return a supplier's file with the layout it fits, its checksum and its encoding.

    Parameters
    ----------
    path
        File of any supported type; the type is told by its content.
    layouts
        Layouts by id, from `read_layouts`.
    chunk_rows
        Rows of a chunk, about.
    folder
        Folder of raw files that ``file`` is relative to; without it ``file`` is the bare name.

    Raises
    ------
    RefusedFileError
        If the file is no table, cannot be read, or fits no layout. Text files up to 8 MB are read to their
        end here; a fault deep in a larger file is raised while its rows are read.
    """
    path = Path(path)
    file = path.relative_to(folder).as_posix() if folder else path.name
    checksum, inside = _checksum(path), None
    kind = detect_file_type(path, file)
    if kind in ("gzip", "sav"):
        inside = OwnFolder()
        path = _unpack(kind, path, file, inside, layouts)
        kind = detect_file_type(path, file)
        if kind != "text":
            raise refusal(file, "archive")
    encoding = detect_encoding(path, file) if kind == "text" else kind
    table: DelimitedTable | WorkbookTable
    if kind == "text":
        table = find_delimited_table(path, encoding, layouts, file)
    else:
        table = find_workbook_table(path, layouts, file)
    source = RawSource(
        file=file,
        sha256=checksum,
        layout=table.heading.layout,
        encoding=encoding,
        unmatched_headers=table.unmatched,
        table=table,
        chunk_rows=chunk_rows,
        inside=inside,
    )
    if kind == "text" and path.stat().st_size <= BLOCK_BYTES:
        _read_to_end(source)
    return source


def _unpack(kind: str, path: Path, file: str, folder: OwnFolder, layouts: Mapping[str, SourceLayout]) -> Path:
    if kind == "gzip":
        return unpack_gzip(path, file, folder)
    headings = [
        (normalize_heading(heading), name in layout.scored)
        for layout in layouts.values()
        for name, texts in layout.columns.items()
        for heading in texts
    ]
    known = {heading for heading, _ in headings}
    return write_spss_as_text(path, file, folder, known, {heading for heading, scored in headings if scored})


def _checksum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_to_end(source: RawSource) -> None:
    for _ in source.rows():
        continue


def _gather(frames: Iterator[pl.DataFrame], chunk_rows: int) -> Iterator[pl.DataFrame]:
    """Join small frames until they have about ``chunk_rows`` rows."""
    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(part.height for part in held) >= chunk_rows:
            yield pl.concat(held)
            held = []
    if any(part.height for part in held):
        yield pl.concat(held)


def _with_all_fields(frame: pl.DataFrame, layout: SourceLayout) -> pl.DataFrame:
    return frame.select("source_row", *(_text_of_field(name, frame, layout) for name in layout.fields))


def _text_of_field(name: str, frame: pl.DataFrame, layout: SourceLayout) -> pl.Expr:
    columns = [column for column in frame.columns if column.partition(FURTHER)[0] == name]
    if not columns:
        return pl.lit(layout.defaults.get(name), pl.String).alias(name)
    return _joined_text(columns).alias(name) if len(columns) > 1 else pl.col(name)


def _joined_text(columns: list[str]) -> pl.Expr:
    """Different texts of several columns joined; stand-ins for "unknown" only where there is nothing else."""
    texts = [pl.col(column).str.strip_chars() for column in columns]
    unknown = ["", *read_vocabulary()["placeholder"]]
    stated = [pl.when(~text.is_in(unknown)).then(text) for text in texts]
    different = [
        pl.when(pl.all_horizontal(text.ne_missing(other) for other in stated[:at])).then(text) if at else text
        for at, text in enumerate(stated)
    ]
    joined = pl.concat_str(different, separator=BETWEEN_COLUMNS, ignore_nulls=True)
    return pl.coalesce(pl.when(joined != "").then(joined), *columns)

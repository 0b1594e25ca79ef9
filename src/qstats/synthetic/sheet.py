"""How is a supplier's file built and written? Cells by field, rows that are no batches, faults by row.

A sheet is filled with true cells, then faults are put in (:mod:`qstats.synthetic.faults`), then it is
written; only then is it known in which row of the file each fault stands.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import xlsxwriter

FIXED_DATE = datetime(2016, 1, 31)
"""Creation date inside every workbook, so that the bytes depend on the seed only."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass
class Fault:
    """A fault in a file: which rule should find it, where, what is written and what is true."""

    rule: str
    row: int | None
    field: str | None
    written: str | None
    true: str | None
    cause: str = "fault"
    inserted: bool = False


@dataclass
class Sheet:
    """A file before it is written.

    Parameters
    ----------
    file : str
        Name in the raw folder.
    supplier : str
        Who sends it.
    columns : sequence of (field, heading)
        ``sequence`` is the running number, which is no field of ours.
    cells : dict of field to object array
        One text or None for each row.
    batch : int array
        ``batch_index`` of each row.
    """

    file: str
    supplier: str
    columns: Sequence[tuple[str, str]]
    cells: dict[str, np.ndarray]
    batch: np.ndarray
    programme: str
    level: str
    lists: str = "all"
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    titles: Sequence[str] = ()
    broken_header: bool = False
    one_row_per_item: bool = False
    pristine: bool = False
    received_on: str = ""
    declared: int | None = None
    free: np.ndarray = field(init=False, repr=False)
    faults: list[Fault] = field(default_factory=list)
    inserted: list[tuple[int, list[str]]] = field(default_factory=list)
    overfull: dict[int, int] = field(default_factory=dict)
    merged: list[tuple[str, int, int]] = field(default_factory=list)
    further_pages: Sequence[str] = ()
    page: str = "监督抽查"
    day_fields: Sequence[str] = ("announced_on",)
    number_fields: Sequence[str] = ("sales_value",)

    def __post_init__(self) -> None:
        self.free = np.ones(len(self.batch), dtype=bool)

    @property
    def is_workbook(self) -> bool:
        """Whether the file is an XLSX workbook."""
        return self.file.endswith(".xlsx")

    @property
    def fields(self) -> list[str]:
        """Fields in the order of their columns."""
        return [name for name, _ in self.columns]

    def insert(self, before: int, cells: dict[str, str], rule: str) -> None:
        """Put a row that is no batch before a row, and note the rule that should drop it."""
        line = [cells.get(name, "") for name in self.fields]
        self.faults.append(
            Fault(rule, len(self.inserted), None, "|".join(line).strip("|"), None, inserted=True)
        )
        self.inserted.append((before, line))

    def header_lines(self) -> list[list[str]]:
        """Heading rows: one, or two where words are broken over the lines."""
        headings = [heading for _, heading in self.columns]
        if not self.broken_header:
            return [headings]
        cut = [len(h) // 2 if len(h) == 4 else len(h) for h in headings]
        return [
            [h[:c] for h, c in zip(headings, cut, strict=True)],
            [h[c:] for h, c in zip(headings, cut, strict=True)],
        ]

    def lines(self) -> list[list[str]]:
        """All rows below the heading in file order."""
        columns = [self.cells[name] for name in self.fields]
        body = [["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]
        for row, place in self.overfull.items():
            body[row][place : place + 1] = [body[row][place], "特级"]
        for before, line in reversed(sorted(self.inserted, key=lambda pair: pair[0])):
            body.insert(before, line)
        return body

    def positions(self) -> tuple[np.ndarray, list[int]]:
        """Row numbers in the file: of the batch rows, and of the inserted rows in order of insertion."""
        top = len(self.titles) + len(self.header_lines()) + 1
        order = sorted(range(len(self.inserted)), key=lambda i: self.inserted[i][0])
        before = np.array([self.inserted[i][0] for i in order], dtype=int)
        rows = np.arange(len(self.batch))
        of_rows = top + rows + np.searchsorted(before, rows, side="right")
        of_inserted = [0] * len(order)
        for rank, i in enumerate(order):
            of_inserted[i] = top + self.inserted[i][0] + rank
        return of_rows, of_inserted

    def located_faults(self) -> list[dict[str, object]]:
        """Faults with the row of the file in which each stands."""
        rows, inserted = self.positions()
        return [
            {
                "rule": fault.rule,
                "file": self.file,
                "source_row": None
                if fault.row is None
                else int((inserted if fault.inserted else rows)[fault.row]),
                "field": fault.field,
                "written": None if fault.written is None else fault.written[:200],
                "true": fault.true,
                "cause": fault.cause,
            }
            for fault in self.faults
        ]

    def to_bytes(self) -> bytes:
        """Content of the file."""
        return self._workbook() if self.is_workbook else self._text()

    def _text(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n")
        width = len(self.columns)
        for title in self.titles:
            writer.writerow([title] + [""] * (width - 1))
        writer.writerows(self.header_lines())
        writer.writerows(self.lines())
        return text.getvalue().encode(self.encoding)

    def _workbook(self) -> bytes:
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
        book.set_properties({"created": FIXED_DATE, "title": "演示数据 synthetic data"})
        page = book.add_worksheet(self.page)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        top = len(self.titles)
        for number, title in enumerate(self.titles):
            page.merge_range(number, 0, number, len(self.columns) - 1, title)
        for line in self.header_lines():
            page.write_row(top, 0, line)
            top += 1
        fields = self.fields
        for number, line in enumerate(self.lines(), start=top):
            for place, cell in enumerate(line):
                self._write_cell(page, number, place, cell, fields[place], day)
        rows, _ = self.positions()
        for name, first, last in self.merged:
            place = fields.index(name)
            page.merge_range(rows[first] - 1, place, rows[last] - 1, place, self.cells[name][first])
        for name in self.further_pages:
            book.add_worksheet(name).write_row(0, 0, ["本期抽查批次", len(self.batch)])
        book.close()
        return content.getvalue()

    def _write_cell(
        self, page: xlsxwriter.worksheet.Worksheet, row: int, place: int, cell: str, name: str, day: object
    ) -> None:
        """A day or a number where the field holds such and the cell is one; text otherwise."""
        if not cell:
            return
        if name in self.day_fields and (moment := _real_day(cell)):
            page.write_datetime(row, place, moment, day)
        elif name in self.number_fields and _NUMBER.fullmatch(cell):
            page.write_number(row, place, float(cell))
        else:
            page.write_string(row, place, cell)


def _real_day(cell: str) -> datetime | None:
    """The day of an ISO date; None for other forms and for days that do not exist."""
    try:
        return datetime.fromisoformat(cell) if _ISO.fullmatch(cell) else None
    except ValueError:
        return None


def write_sheets(sheets: Sequence[Sheet], folder: Path) -> None:
    """Write all files into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in sheets:
        (folder / sheet.file).write_bytes(sheet.to_bytes())

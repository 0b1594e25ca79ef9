"""What goes wrong in one cell of a register, and which rows are dealt the fault?

A fault sees the true cells of its row. Each row carries at most one, so that none hides another; rows that
are sent twice are appended to a file, and the rules meet the copy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from qstats.synthetic.sheet import Fault, Sheet

Cells = Mapping[str, str]
Wrong = Callable[[Cells, int], str | None]
"""True cells of the row and running number → what is written in the field; None where it does not fit."""

FEWEST = 2
ROWS_PER_FAULT = 640


@dataclass(frozen=True)
class CellFault:
    """A fault in one cell of some kinds of files.

    ``beside`` are further rules that it sets off in the same row, ``blank`` fields that are emptied with it.
    """

    rule: str
    kinds: tuple[str, ...]
    field: str
    wrong: Wrong
    beside: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()


def cycle(*texts: str) -> Wrong:
    """One of the texts, in turn."""
    return lambda cells, n: texts[n % len(texts)]


def changed(name: str, change: Callable[[str, int], str | None]) -> Wrong:
    """A field that is not empty, changed."""
    return lambda cells, n: change(cells[name], n) if cells.get(name) else None


def shifted(name: str, days: int) -> Wrong:
    """Another day, counted from that of a field."""

    def write(cells: Cells, n: int) -> str | None:
        return (day_of(cells[name]) + timedelta(days=days - n)).isoformat() if cells.get(name) else None

    return write


def where(name: str, value: str, wrong: Wrong) -> Wrong:
    """Only in rows where a field has that value; an empty value asks for an empty cell."""
    return lambda cells, n: wrong(cells, n) if (cells.get(name) or "") == value else None


def day_of(text: str) -> date:
    """Day of a text such as ``2013-06-15`` or ``2013年6月15日``."""
    year, month, day = (int(part) for part in text.translate(str.maketrans("年月", "--", "日")).split("-"))
    return date(year, month, day)


def serial_of(text: str, n: int) -> str:
    """Number by which a spreadsheet knows a day."""
    return str((day_of(text) - date(1899, 12, 30)).days)


def cells_of(sheet: Sheet, row: int) -> dict[str, str]:
    """Cells of a row, empty ones as empty texts."""
    return {name: values[row] or "" for name, values in sheet.cells.items()}


def deal_rows(
    sheets: Sequence[Sheet], fault: CellFault, generator: np.random.Generator
) -> list[tuple[Sheet, int]]:
    """Free rows that get the fault: one in so many, never fewer than two, where it fits."""
    rows = sum(len(sheet.batch) for sheet in sheets if fault.field in sheet.cells)
    count = max(FEWEST, rows // ROWS_PER_FAULT)
    places = [
        (sheet, int(row))
        for sheet in sheets
        if fault.field in sheet.cells
        for row in np.flatnonzero(sheet.free)
        if fault.wrong(cells_of(sheet, int(row)), 0) is not None
    ]
    chosen = generator.permutation(len(places))[:count]
    return [places[at] for at in sorted(chosen)]


def put_fault(sheet: Sheet, row: int, fault: CellFault, number: int) -> None:
    """Write the fault into its row and note it."""
    true = sheet.cells[fault.field][row]
    written = fault.wrong(cells_of(sheet, row), number)
    for name in fault.blank:
        sheet.cells[name][row] = None
    sheet.cells[fault.field][row] = written or None
    sheet.free[row] = False
    for rule in (fault.rule, *fault.beside):
        sheet.faults.append(Fault(rule, row, fault.field, written, true))


def free_rows(sheets: Sequence[Sheet], count: int, generator: np.random.Generator) -> list[tuple[Sheet, int]]:
    """So many free rows of the sheets."""
    places = [(sheet, int(row)) for sheet in sheets for row in np.flatnonzero(sheet.free)]
    return [places[at] for at in sorted(generator.permutation(len(places))[:count])]


def append_copy(
    sheet: Sheet, row: int, changes: Cells, *rules: str, target: Sheet | None = None, field: str | None = None
) -> None:
    """The row once more at the end of a file, some cells changed; the rules meet the copy."""
    target = target or sheet
    for name in target.cells:
        cell = changes.get(name, sheet.cells[name][row] if name in sheet.cells else None)
        target.cells[name] = np.append(target.cells[name], np.array([cell or None], dtype=object))
    target.batch = np.append(target.batch, sheet.batch[row])
    sheet.free[row] = False
    target.free = np.append(target.free, False)
    last = len(target.batch) - 1
    for rule in rules:
        target.faults.append(Fault(rule, last, field, changes.get(field or ""), None, "sent again"))

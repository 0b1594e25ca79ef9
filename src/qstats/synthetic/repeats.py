"""What is sent twice? Windows that overlap, and whole files under another name."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qstats.synthetic.sheet import Fault, Sheet


def repeat_windows(sheets: Sequence[Sheet], rows_repeated: int) -> None:
    """Let each platform file begin with the last rows of the one before (``batch.overlap``)."""
    platform = [sheet for sheet in sheets if sheet.file.startswith("市局平台导出")]
    tails = [_tail(sheet, min(rows_repeated, len(sheet.batch) // 2)) for sheet in platform]
    for sheet, tail in zip(platform[1:], tails[:-1], strict=True):
        _prepend(sheet, *tail)


def _tail(sheet: Sheet, count: int) -> tuple[dict[str, np.ndarray], np.ndarray, list[Fault]]:
    """Last rows of a sheet with their systematic faults; from now on no other fault may fall on them."""
    start = len(sheet.batch) - count
    sheet.free[start:] = False
    faults = [
        replace(fault, row=fault.row - start)
        for fault in sheet.faults
        if fault.row is not None and fault.row >= start
    ]
    return (
        {name: cells[start:].copy() for name, cells in sheet.cells.items()},
        sheet.batch[start:].copy(),
        faults,
    )


def _prepend(sheet: Sheet, cells: dict[str, np.ndarray], batch: np.ndarray, faults: list[Fault]) -> None:
    count = len(batch)
    sheet.cells = {name: np.concatenate([cells[name], own]) for name, own in sheet.cells.items()}
    sheet.batch = np.concatenate([batch, sheet.batch])
    sheet.free = np.concatenate([np.zeros(count, dtype=bool), sheet.free])
    own_faults = [replace(fault, row=fault.row + count) for fault in sheet.faults if fault.row is not None]
    overlaps = [Fault("batch.overlap", i, None, None, None, "overlapping window") for i in range(count)]
    sheet.faults = [*own_faults, *faults, *overlaps]
    sheet.declared = len(np.unique(sheet.batch))


def copy_sheet(sheet: Sheet) -> Sheet:
    """The same file sent again under another name: every row overlaps, systematic faults stand in both."""
    stem, ending = sheet.file.rsplit(".", 1)
    again = replace(sheet, file=f"{stem}_副本.{ending}")
    copied = [replace(fault, cause="copied file") for fault in sheet.faults]
    overlaps = [Fault("batch.overlap", i, None, None, None, "copied file") for i in range(len(sheet.batch))]
    again.faults = [Fault("file.duplicate", None, None, None, sheet.file, "copied file"), *copied, *overlaps]
    return again

"""Which faults are put into the files? Each is the doing of a person or a program, and each has one rule.

A row carries at most one fault, so that none hides another; every fault is written down with its file, row,
field, what is written and what is true. Faults of the scarce failing batches are dealt out first.
"""

from collections.abc import Sequence

import numpy as np

from qstats.synthetic.fault_catalogue import CELL_FAULTS, CellFault, full_width
from qstats.synthetic.sheet import Fault, Sheet

FEWEST = 3
"""Every fault occurs at least so often, even in the tiny city."""


def put_faults(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Put every kind of fault into free rows of the sheets that are not pristine."""
    open_sheets = [sheet for sheet in sheets if not sheet.pristine]
    total = sum(len(sheet.batch) for sheet in open_sheets)
    for kind in CELL_FAULTS:
        for number, (sheet, row) in enumerate(_choose_rows(open_sheets, kind, total, generator)):
            _put(sheet, row, kind, number)
    _repeat_rows(open_sheets, max(FEWEST, round(0.002 * total)), generator)
    _send_again_changed(open_sheets, FEWEST, generator)
    _merge_cells(open_sheets, max(FEWEST, round(0.004 * total)), generator)
    _overfill_rows(open_sheets, FEWEST, generator)
    for sheet in open_sheets:
        _insert_rows(sheet, generator)


def _choose_rows(
    sheets: Sequence[Sheet], kind: CellFault, total: int, generator: np.random.Generator
) -> list[tuple[Sheet, int]]:
    places = [(sheet, row) for sheet in sheets for row in np.flatnonzero(_eligible(sheet, kind))]
    count = max(FEWEST, round(kind.share * total))
    if kind.only == "fail":
        count = max(FEWEST, min(count, len(places) // 8))
    if len(places) < count:
        raise ValueError(f"{len(places)} rows can carry {kind.rule} in {kind.field}; {count} are wanted")
    chosen = generator.choice(len(places), count, replace=False)
    return [places[i] for i in sorted(chosen)]


def _eligible(sheet: Sheet, kind: CellFault) -> np.ndarray:
    nowhere = np.zeros(len(sheet.batch), dtype=bool)
    if kind.field not in sheet.cells or any(name not in sheet.cells for name in kind.needs):
        return nowhere
    if sheet.one_row_per_item and not kind.in_item_rows:
        return nowhere
    if kind.file_type and (kind.file_type == "workbook") != sheet.is_workbook:
        return nowhere
    fine = sheet.free & (_filled(sheet.cells[kind.field]) != kind.empty)
    for name in kind.needs:
        fine &= _filled(sheet.cells[name])
    if kind.only:
        fine &= _outcomes(sheet) == kind.only
    if kind.rule == "place.recoded":
        fine &= sheet.cells["county"] == "茌平县"
    if kind.rule == "place.conflict":
        fine &= np.isin(sheet.cells["county"], ("临清市", "高唐县", "莘县"))
    if kind.rule == "text.width":
        fine &= np.array([bool(cell) and full_width(cell, 0) != cell for cell in sheet.cells[kind.field]])
    return fine


def _filled(cells: np.ndarray) -> np.ndarray:
    return np.array([cell is not None and cell != "" for cell in cells], dtype=bool)


def _outcomes(sheet: Sheet) -> np.ndarray:
    """``pass`` or ``fail`` where the row's word says so finally and it lists at most one item, else empty."""
    name = (
        "item_verdict" if sheet.one_row_per_item else "result" if "result" in sheet.cells else "first_result"
    )
    words = sheet.cells[name]
    overturned = (
        sheet.cells["final_result"] == "合格" if "final_result" in sheet.cells else np.zeros(len(words), bool)
    )
    single = np.array(
        [items is None or "、" not in items for items in sheet.cells["failed_items"]], dtype=bool
    )
    return np.where(words == "合格", "pass", np.where((words == "不合格") & single & ~overturned, "fail", ""))


def _put(sheet: Sheet, row: int, kind: CellFault, number: int) -> None:
    true = sheet.cells[kind.field][row]
    written = _written(sheet, row, kind, number)
    sheet.cells[kind.field][row] = written
    blank = kind.blank
    if kind.rule in ("item.unit_in_result", "item.limit_in_name"):
        blank = ("item_unit",) if kind.rule == "item.unit_in_result" else ("item_limit",)
    for name in blank:
        if name in sheet.cells:
            sheet.cells[name][row] = None
    sheet.free[row] = False
    sheet.faults.append(Fault(kind.rule, int(row), kind.field, written, true))


def _written(sheet: Sheet, row: int, kind: CellFault, number: int) -> str | None:
    cell = sheet.cells[kind.field][row]
    if kind.rule == "item.unit_in_result":
        return f"{cell}{sheet.cells['item_unit'][row]}"
    if kind.rule == "item.limit_in_name":
        return f"{cell}（{sheet.cells['item_limit'][row]}）"
    return kind.wrong(cell, number)


def _repeat_rows(sheets: Sequence[Sheet], count: int, generator: np.random.Generator) -> None:
    """The same row again at the end of its file (``batch.duplicate_row``)."""
    for sheet, row in _free_rows(sheets, count, generator):
        _append_copy(sheet, sheet, row)
        sheet.faults.append(Fault("batch.duplicate_row", len(sheet.batch) - 1, None, None, None))


def _send_again_changed(sheets: Sequence[Sheet], count: int, generator: np.random.Generator) -> None:
    """A batch sent again with another model (``batch.conflict``), in a later file or in the same one."""
    platform = [sheet for sheet in sheets if sheet.file.startswith("市局平台导出")]
    following = dict(zip([sheet.file for sheet in platform], platform[1:], strict=False))
    for sheet, row in _free_rows(platform[:-1], count, generator):
        _append_changed(sheet, following[sheet.file], row, "batch.overlap")
    for sheet, row in _free_rows(platform, count, generator):
        _append_changed(sheet, sheet, row, "batch.rows_merged")


def _append_changed(sheet: Sheet, target: Sheet, row: int, merged_by: str) -> None:
    _append_copy(sheet, target, row)
    last = len(target.batch) - 1
    true = target.cells["model"][last]
    target.cells["model"][last] = f"{true}改"
    target.faults.append(Fault("batch.conflict", last, "model", f"{true}改", true, "sent again, changed"))
    target.faults.append(Fault(merged_by, last, None, None, None, "sent again, changed"))
    target.declared = len(np.unique(target.batch))


def _free_rows(
    sheets: Sequence[Sheet], count: int, generator: np.random.Generator
) -> list[tuple[Sheet, int]]:
    """Rows without any fault, systematic ones included, of files with one row per batch."""
    places = []
    for sheet in sheets:
        if not sheet.one_row_per_item:
            faulty = {fault.row for fault in sheet.faults if not fault.inserted}
            places += [(sheet, int(row)) for row in np.flatnonzero(sheet.free) if row not in faulty]
    return [places[i] for i in sorted(generator.choice(len(places), count, replace=False))]


def _append_copy(sheet: Sheet, target: Sheet, row: int) -> None:
    for name in target.cells:
        target.cells[name] = np.append(target.cells[name], sheet.cells[name][row])
    target.batch = np.append(target.batch, sheet.batch[row])
    sheet.free[row] = False
    target.free = np.append(target.free, False)


def _merge_cells(sheets: Sequence[Sheet], count: int, generator: np.random.Generator) -> None:
    """County written once for two rows that follow each other (``cell.merged``)."""
    pairs = []
    for sheet in (sheet for sheet in sheets if sheet.is_workbook):
        county = sheet.cells["county"]
        same = sheet.free[1:] & sheet.free[:-1] & (county[1:] == county[:-1]) & _filled(county[1:])
        pairs += [(sheet, int(row)) for row in np.flatnonzero(same)]
    for sheet, row in (pairs[i] for i in generator.permutation(len(pairs))):
        if count and sheet.free[row] and sheet.free[row + 1]:
            sheet.merged.append(("county", row, row + 1))
            sheet.free[row : row + 2] = False
            sheet.cells["county"][row + 1] = None
            sheet.faults.append(Fault("cell.merged", row + 1, "county", None, sheet.cells["county"][row]))
            count -= 1


def _overfill_rows(sheets: Sequence[Sheet], count: int, generator: np.random.Generator) -> None:
    """A separator inside the product's name that nobody quoted (``row.too_many_fields``)."""
    text = [sheet for sheet in sheets if not sheet.is_workbook and sheet.encoding != "utf-16"]
    for sheet, row in _free_rows(text, count, generator):
        sheet.overfull[row] = sheet.fields.index("product_name")
        sheet.cells[sheet.fields[-1]][row] = (
            "现场抽样"  # an empty last cell would hide that there is one too many
        )
        sheet.free[row] = False
        sheet.faults.append(Fault("row.too_many_fields", row, None, sheet.cells["sheet_no"][row], None))


def _insert_rows(sheet: Sheet, generator: np.random.Generator) -> None:
    """Rows that are no batches: totals, the heading again, an empty line, a note, one without identity."""
    first = "sheet_no" if sheet.fields[0] == "sequence" else sheet.fields[0]
    middle = len(sheet.batch) // 2
    end = len(sheet.batch)
    counts = f"共{len(sheet.batch)}批次"
    where = [_not_inside_merged(sheet, row) for row in (middle // 2, middle, middle + middle // 2, end)]
    sheet.insert(where[0], {first: "小计", "remark": counts}, "row.total")
    if not sheet.broken_header:
        sheet.insert(where[1], dict(sheet.columns), "row.header_repeated")
    sheet.insert(where[2], {}, "row.blank")
    sheet.insert(
        where[1],
        {"sampled_on": "2015-06-30", "laboratory": "演示检测技术中心", "result": "合格"},
        "row.no_identity",
    )
    sheet.insert(where[3], {first: "合计", "remark": counts}, "row.total")
    sheet.insert(where[3], {first: "注：本表为演示数据，由程序合成"}, "row.note")


def _not_inside_merged(sheet: Sheet, row: int) -> int:
    """A row at which a line may be put in without tearing merged cells."""
    return row + 1 if any(first < row <= last for _, first, last in sheet.merged) else row

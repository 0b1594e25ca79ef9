"""Which faults are put into the registers of brands, standards and people, and where?

A row carries at most one fault. Entries sent twice, in one file or in two, and lines that are no entries come
after the faults of single cells; what the way of writing sets off in every row is written down last.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import numpy as np

from qstats.synthetic.dealt_faults import (
    FEWEST,
    append_copy,
    cells_of,
    day_of,
    deal_rows,
    free_rows,
    put_fault,
)
from qstats.synthetic.registers.catalogue import CELL_FAULTS
from qstats.synthetic.registers.files import GENERAL, MARKS, SHAPES, STANDARDS, shape_of
from qstats.synthetic.sheet import Fault, Sheet

SOON = timedelta(days=40)
"""After so long an award is listed again as if it were another one."""

LAST_REPEATED = "2015-12-01"
NOBODY = {"county": "东阿县"}


def put_register_faults(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Put every kind of fault into free rows of the sheets, and note what their habits set off."""
    by_shape = {shape: [one for one in sheets if shape_of(one) == shape] for shape in SHAPES}
    for fault in CELL_FAULTS:
        for shape in fault.kinds:
            for number, (sheet, row) in enumerate(deal_rows(by_shape[shape], fault, generator)):
                put_fault(sheet, row, fault, number)
    for of_shape in by_shape.values():
        for sheet, row in free_rows(of_shape, FEWEST, generator):
            append_copy(sheet, row, {}, "register.duplicate")
        _send_changed(of_shape, generator)
    _send_to_others(by_shape[GENERAL], generator)
    for sheet in sheets:
        _insert_lines(sheet)
        _note_habits(sheet)


def _send_changed(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Entries sent again with another county, and with another day of award."""
    for sheet, row in free_rows(sheets, FEWEST, generator):
        county = "冠县" if sheet.cells["county"][row] != "冠县" else "高唐县"
        append_copy(sheet, row, {"county": county}, "register.duplicate", "register.conflict", field="county")
    dated = [one for one in free_rows(sheets, 10**6, generator) if _may_be_repeated(*one)]
    for at in generator.permutation(len(dated))[:FEWEST]:
        sheet, row = dated[at]
        day = str(day_of(sheet.cells["awarded_on"][row]) + SOON)
        append_copy(sheet, row, {"awarded_on": day}, "register.awarded_again_soon", field="awarded_on")


def _may_be_repeated(sheet: Sheet, row: int) -> bool:
    cells = cells_of(sheet, row)
    day = cells["awarded_on"]
    return len(day) == 10 and day < LAST_REPEATED and not cells.get("withdrawn_on") and not _is_report(cells)


def _is_report(cells: dict[str, str]) -> bool:
    return "报告" in cells.get("register", "")


def _send_to_others(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Entries in the bureau's file of the next year too: as they are, and by their year only."""
    yearly = [one for one in sheets if one.file.startswith("质量强市登记簿")]
    for earlier, later in pairwise(yearly):
        for number, (sheet, row) in enumerate(free_rows([earlier], 2 * FEWEST, generator)):
            year = f"{sheet.cells['awarded_on'][row][:4]}年度"
            append_copy(
                sheet, row, {"awarded_on": year} if number % 2 else {}, "register.duplicate", target=later
            )


def _insert_lines(sheet: Sheet) -> None:
    """Lines that are no entries: totals, the heading again, one without identity, an empty one, a note."""
    end = len(sheet.batch)
    first = "name" if "register" not in sheet.cells else "register"
    sheet.insert(end // 4, {first: "小计"}, "row.total")
    sheet.insert(end // 2, dict(sheet.columns), "row.header_repeated")
    sheet.insert(end // 2, NOBODY, "row.no_identity")
    sheet.insert(3 * end // 4, {}, "row.blank")
    sheet.insert(end, {"sequence": f"合计：{end}项"}, "row.total")
    sheet.insert(end, {"sequence": "注：本表为演示数据，由程序合成"}, "row.note")


def _note_habits(sheet: Sheet) -> None:
    """Terms in words, prizes by year, grades by the number of a standard: in every row that is read."""
    shape = shape_of(sheet)
    dropped = {one.row for one in sheet.faults if one.rule == "register.unknown" and not one.inserted}
    for row in range(len(sheet.batch)):
        for rule, name in () if row in dropped else _habits_of(shape, cells_of(sheet, row)):
            sheet.faults.append(Fault(rule, row, name, sheet.cells[name][row], None, "habit"))


def _habits_of(shape: str, cells: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    if shape == MARKS and cells["valid_until"]:
        found.append(("register.term_read", "valid_until"))
    if cells["awarded_on"].endswith("年度"):
        found.append(("register.day_not_stated", "awarded_on"))
    if shape == STANDARDS and cells["number"]:
        found.append(("register.grade_inferred", "number"))
    return found

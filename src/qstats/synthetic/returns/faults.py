"""What goes wrong in quality returns, where, and which rule should find it?"""

from collections.abc import Sequence

import numpy as np

from qstats.synthetic.dealt_faults import (
    FEWEST,
    CellFault,
    append_copy,
    cells_of,
    changed,
    cycle,
    deal_rows,
    free_rows,
    put_fault,
)
from qstats.synthetic.returns.files import AMOUNTS
from qstats.synthetic.sheet import Fault, Sheet

KINDS = ("returns",)


def _exceeding(name: str) -> CellFault:
    return CellFault(
        "return.part_exceeds_whole", KINDS, name,
        changed("output_value" if name == "superior_output" else "sales_revenue",
                lambda cell, n: f"{float(cell) * (2 + n):.2f}"),
    )  # fmt: skip


CELL_FAULTS = (
    CellFault("place.unknown", KINDS, "county", cycle("东平湖区", "外地", "平阴")),
    CellFault("category.unknown", KINDS, "industry", cycle("未分类", "C99", "工业")),
    CellFault("category.unknown", KINDS, "enterprise_size", cycle("特大", "规上")),
    CellFault("category.unknown", KINDS, "management_certified", cycle("办理中", "复审")),
    CellFault("number.unreadable", KINDS, "sales_revenue", cycle("约3000", "12,5", "保密")),
    CellFault("number.unreadable", KINDS, "patents", cycle("若干", "3项多")),
    CellFault("code.form", KINDS, "enterprise_code", cycle("12345", "AB-1")),
    CellFault("return.year_unreadable", KINDS, "year", cycle("去年", "2051", "13年")),
    _exceeding("superior_output"),
    _exceeding("new_product_sales"),
    CellFault(
        "return.part_exceeds_whole", KINDS, "export_batches_passed",
        changed("export_batches", lambda cell, n: str(int(cell) + 1 + n) if int(cell) else None),
    ),
)  # fmt: skip


def put_return_faults(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Put every kind of fault into free rows of the sheets."""
    for fault in CELL_FAULTS:
        for number, (sheet, row) in enumerate(deal_rows(sheets, fault, generator)):
            put_fault(sheet, row, fault, number)
    for sheet, row in free_rows(sheets, FEWEST, generator):
        append_copy(sheet, row, {}, "return.duplicate")
    _correct_some(sheets, generator)
    _shift_units(sheets, generator)
    for sheet in sheets:
        _insert_lines(sheet)


def _correct_some(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Returns sent again with more patents: the rule meets the first one, which the later one supersedes."""
    for sheet, row in free_rows(sheets, FEWEST, generator):
        before = cells_of(sheet, row)["patents"]
        append_copy(sheet, row, {"patents": str(int(before) + 3)})
        sheet.faults.append(Fault("return.superseded", row, "year", before, None, "sent again"))


def _shift_units(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Amounts of the last file ten thousand times too large, of enterprises with three earlier returns."""
    earlier = [name for sheet in sheets[:-1] for name in sheet.cells["enterprise_name"]]
    last = sheets[-1]
    known = [
        (sheet, row) for sheet, row in free_rows([last], len(last.batch), generator)
        if earlier.count(last.cells["enterprise_name"][row]) >= 3
    ]  # fmt: skip
    for at in generator.permutation(len(known))[:FEWEST]:
        sheet, row = known[at]
        true = sheet.cells["output_value"][row]
        for name in AMOUNTS:
            sheet.cells[name][row] = f"{float(sheet.cells[name][row]) * 10_000:.0f}"
        sheet.free[row] = False
        sheet.faults.append(
            Fault("return.unit_shift", row, "output_value", sheet.cells["output_value"][row], true)
        )


def _insert_lines(sheet: Sheet) -> None:
    end = len(sheet.batch)
    sheet.insert(end // 3, {"enterprise_name": "小计"}, "row.total")
    sheet.insert(end // 2, dict(sheet.columns), "row.header_repeated")
    sheet.insert(2 * end // 3, {"county": "东阿县"}, "row.no_identity")
    sheet.insert(3 * end // 4, {}, "row.blank")
    sheet.insert(end, {"sequence": "注：本表为演示数据，由程序合成"}, "row.note")

"""What goes wrong in the records of departments, where, and which rule should find it?"""

from collections.abc import Sequence

import numpy as np

from qstats.synthetic.dealt_faults import (
    FEWEST,
    CellFault,
    append_copy,
    cycle,
    deal_rows,
    free_rows,
    put_fault,
    shifted,
)
from qstats.synthetic.sheet import Sheet

KINDS = ("records",)
CELL_FAULTS = (
    CellFault("place.unknown", KINDS, "county", cycle("外地", "某县")),
    CellFault("record.kind_unknown", KINDS, "kind", cycle("其他", "待定", "舆情")),
    CellFault("date.impossible", KINDS, "recorded_on", cycle("2014-02-30", "2051-01-01")),
    CellFault("record.ended_before_recorded", KINDS, "ended_on", shifted("recorded_on", -40)),
    CellFault("category.unknown", KINDS, "severity", cycle("待核", "不适用")),
    CellFault("number.unreadable", KINDS, "amount", cycle("若干", "约3")),
    CellFault("code.form", KINDS, "enterprise_code", cycle("12345", "办理中")),
)


def put_record_faults(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Put every kind of fault into free rows of the sheets, registrations left alone."""
    for sheet in sheets:
        sheet.free &= np.array([cell != "设立登记" for cell in sheet.cells["kind"]])
    for fault in CELL_FAULTS:
        for number, (sheet, row) in enumerate(deal_rows(sheets, fault, generator)):
            put_fault(sheet, row, fault, number)
    for sheet, row in free_rows(sheets, FEWEST, generator):
        append_copy(sheet, row, {}, "record.duplicate")
    for sheet in sheets:
        end = len(sheet.batch)
        sheet.insert(end // 2, dict(sheet.columns), "row.header_repeated")
        sheet.insert(end, {"enterprise_name": "合计"}, "row.total")

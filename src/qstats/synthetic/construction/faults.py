"""Which faults are put into the files about construction works, and where?

A row carries at most one fault, so that none hides another. Rows sent twice, numbers used twice and lines
that are no records come after the faults of single cells; what a habit of the file sets off in every row
(metres, sentences, routes that are not stated) is written down last.
"""

import unicodedata
from collections.abc import Sequence

import numpy as np

from qstats.synthetic.construction import catalogue as kinds
from qstats.synthetic.construction.catalogue import CELL_FAULTS
from qstats.synthetic.construction.rooms import LENGTHS
from qstats.synthetic.dealt_faults import (
    FEWEST,
    append_copy,
    cells_of,
    deal_rows,
    free_rows,
    put_fault,
)
from qstats.synthetic.sheet import Fault, Sheet

_PREFIXES = {
    "工程竣工验收台账": kinds.REGISTER, "竣工验收记录": kinds.ROUNDS, "分户实测记录": kinds.ROOMS,
    "工程质量投诉台账": kinds.COMPLAINTS,
}  # fmt: skip


def kind_of(sheet: Sheet) -> str:
    """Which of the kinds of files a sheet is."""
    known = next((kind for prefix, kind in _PREFIXES.items() if sheet.file.startswith(prefix)), None)
    return known or (kinds.SPOKEN if "conclusion" in sheet.cells else kinds.COUNTED)


def put_construction_faults(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """Put every kind of fault into free rows of the sheets, and note what their habits set off."""
    by_kind = {kind: [one for one in sheets if kind_of(one) == kind] for kind in kinds.KINDS}
    for fault in CELL_FAULTS:
        for kind in fault.kinds:
            for number, (sheet, row) in enumerate(deal_rows(by_kind[kind], fault, generator)):
                put_fault(sheet, row, fault, number)
    for kind, rule in (
        (kinds.REGISTER, "project.duplicate"), (kinds.COUNTED, "dwelling.duplicate"),
        (kinds.SPOKEN, "dwelling.duplicate"), (kinds.ROOMS, "measurement.duplicate"),
        (kinds.COMPLAINTS, "complaint.duplicate"), (kinds.ROUNDS, "project.duplicate"),
    ):  # fmt: skip
        for sheet, row in free_rows(by_kind[kind], FEWEST, generator):
            append_copy(sheet, row, {}, rule)
    _send_changed(by_kind, generator)
    _use_numbers_twice(by_kind[kinds.REGISTER], generator)
    _use_numbers_twice(by_kind[kinds.COMPLAINTS], generator)
    _note_rounds(by_kind[kinds.ROUNDS])
    for sheet in sheets:
        _insert_lines(sheet)
        _note_habits(sheet)


def _send_changed(by_kind: dict[str, list[Sheet]], generator: np.random.Generator) -> None:
    """Records sent again that differ in something."""
    for sheet, row in free_rows(by_kind[kinds.REGISTER], FEWEST, generator):
        changed = {"building_type": "市政工程"}
        append_copy(sheet, row, changed, "project.duplicate", "project.conflict", field="building_type")
    for sheet, row in free_rows(by_kind[kinds.ROOMS], FEWEST, generator):
        wider = sheet.cells["plan_1"][row][:-1] + "9"
        if wider != sheet.cells["plan_1"][row]:
            append_copy(sheet, row, {"plan_1": wider}, "measurement.conflict", field="room")
    complaints = by_kind[kinds.COMPLAINTS]
    for sheet, row in free_rows(complaints, FEWEST, generator):
        changed = {"kind": "噪声"}
        append_copy(sheet, row, changed, "complaint.duplicate", "complaint.conflict", field="kind")
    for number, (sheet, row) in enumerate(free_rows(complaints, FEWEST + 1, generator)):
        changed = {
            "complaint_no": f"{sheet.cells['complaint_no'][row]}-{number + 2}",
            "status": ("重复投诉", "并案", "已办结，重复投诉")[number % 3],
        }
        append_copy(sheet, row, changed, "complaint.marked_duplicate")
    for sheet, row in free_rows(complaints[:-1], FEWEST, generator):
        append_copy(sheet, row, {}, "complaint.duplicate", target=complaints[complaints.index(sheet) + 1])
    for sheet, row in free_rows(by_kind[kinds.COUNTED], FEWEST, generator):
        true = cells_of(sheet, row)
        append_copy(sheet, row, true)
        later = np.datetime64(true["accepted_on"])
        sheet.cells["accepted_on"][row] = str(later - np.timedelta64(15, "D"))
        sheet.cells["dwellings_after_rework"][row] = "0"
        sheet.faults.append(Fault("dwelling.superseded", row, "accepted_on", None, true["accepted_on"]))


def _use_numbers_twice(sheets: Sequence[Sheet], generator: np.random.Generator) -> None:
    """A record under the number that another one of an earlier year has, in another county."""
    field = "complaint_no" if kind_of(sheets[0]) == kinds.COMPLAINTS else "project_no"
    rule = "complaint.number_reused" if field == "complaint_no" else "project.number_reused"
    used: set[str] = set()
    for sheet, row in free_rows(sheets[1:], FEWEST, generator):
        county = sheet.cells["county"][row]
        earlier = sheets[sheets.index(sheet) - 1]
        taken = [
            int(at)
            for at in np.flatnonzero(earlier.free)
            if earlier.cells["county"][at] != county and earlier.cells[field][at] not in used
        ]
        number = earlier.cells[field][taken[0]]
        used.add(number)
        earlier.free[taken[0]] = False
        true, sheet.cells[field][row] = sheet.cells[field][row], number
        sheet.free[row] = False
        sheet.faults.append(Fault(rule, row, field, number, true))


def _insert_lines(sheet: Sheet) -> None:
    """Lines that are no records: totals, the heading again, an empty line, a note, one without identity."""
    kind, end = kind_of(sheet), len(sheet.batch)
    places = [end // 4, end // 2, end // 2, 3 * end // 4, end, end]
    first = "sequence" if kind == kinds.COMPLAINTS else "project_no"
    nobody = {
        kinds.COMPLAINTS: {"kind": "其他", "county": "东阿县"}, kinds.ROOMS: {"room": "客厅"},
    }.get(kind, {"county": "东阿县"})  # fmt: skip
    sheet.insert(places[0], {first: "小计"}, "row.total")
    sheet.insert(places[1], dict(sheet.columns), "row.header_repeated")
    empty = "measurement.nothing_measured" if kind == kinds.ROOMS else "row.no_identity"
    sheet.insert(places[2], nobody, empty)
    sheet.insert(places[3], {}, "row.blank")
    sheet.insert(places[4], {first: f"合计：{end}项"}, "row.total")
    sheet.insert(places[5], {first: "注：本表为演示数据，由程序合成"}, "row.note")


def _note_rounds(sheets: Sequence[Sheet]) -> None:
    """What one row per round sets off: later rounds are merged, routes that no row states are inferred."""
    first: dict[str, tuple[Sheet, int]] = {}
    open_: dict[str, bool] = {}
    for sheet in sheets:
        copied = {fault.row for fault in sheet.faults if fault.rule == "project.duplicate"}
        for row in range(len(sheet.batch)):
            cells = cells_of(sheet, row)
            number = unicodedata.normalize("NFKC", cells["project_no"])
            known = cells["outcome"] in ("合格", "不合格")
            if number not in first:
                first[number], open_[number] = (sheet, row), known
            elif row not in copied:
                sheet.faults.append(Fault("project.rounds_merged", row, "project_no", number, None, "habit"))
            open_[number] = open_[number] and not cells["route"]
    for number, (sheet, row) in first.items():
        if open_[number]:
            sheet.faults.append(Fault("project.route_from_outcome", row, "route", None, None, "habit"))


def _note_habits(sheet: Sheet) -> None:
    """What every row of a file sets off: metres, counts inside sentences."""
    kind = kind_of(sheet)
    hit = {(fault.rule, fault.row) for fault in sheet.faults if not fault.inserted}
    for row in range(len(sheet.batch)):
        if kind == kinds.SPOKEN and not {
            ("dwelling.sentence_read", row), ("dwelling.sentence_unreadable", row)
        } & hit:  # fmt: skip
            sheet.faults.append(Fault("dwelling.sentence_read", row, "conclusion", None, None, "habit"))
        if kind == kinds.ROOMS and sheet.is_workbook:
            for name in LENGTHS:
                cell = sheet.cells[name][row]
                if cell and 1 <= _number(cell) < 20:
                    sheet.faults.append(Fault("number.unit", row, name, cell, None, "habit"))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return 0.0

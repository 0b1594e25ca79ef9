"""Which faults are put into the files? Each is the doing of a person or a program, and each has one rule.

A row carries at most one fault, so that none hides another; every fault is written down with its file, row,
field, what is written and what is true. Faults of the scarce failing batches are dealt out first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qstats.synthetic.codes import CREDIT_ALPHABET
from qstats.synthetic.sheet import Fault, Sheet

FEWEST = 3
"""Every fault occurs at least so often, even in the tiny city."""

Wrong = Callable[[str, int], str | None]
"""True cell and running number → what is written instead."""


@dataclass(frozen=True)
class CellFault:
    """A fault in one cell.

    Parameters
    ----------
    rule : str
        Rule of cleaning that should find it.
    field : str
    wrong : callable
    share : float
        Of all rows; never fewer than three cases.
    needs : tuple of str
        Fields that must not be empty in the row, beside ``field``.
    blank : tuple of str
        Fields that are emptied with it.
    only : {"", "pass", "fail", "result"}
        Outcome that the row must show.
    file_type : {"", "text", "workbook"}
    in_item_rows : bool
        Whether the cell may stand in an export with one row per item.
    empty : bool
        Whether the fault is put into an empty cell.
    """

    rule: str
    field: str
    wrong: Wrong
    share: float = 0.0015
    needs: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    only: str = ""
    file_type: str = ""
    in_item_rows: bool = False
    empty: bool = False


def _cycle(*texts: str) -> Wrong:
    return lambda cell, n: texts[n % len(texts)]


def _full_width(cell: str, n: int) -> str:
    """Digits and letters in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in cell)


def _wrong_check(cell: str, n: int) -> str:
    """The code with another last character."""
    return cell[:-1] + CREDIT_ALPHABET[(CREDIT_ALPHABET.find(cell[-1]) + 1 + n % 7) % 10]


def _wrong_form(cell: str, n: int) -> str:
    """Damaged by a spreadsheet, or with a character too many or too few."""
    return ("9.13715E+17", cell[:-3], cell + "0")[n % 3]


def _other_town(cell: str, n: int) -> str:
    """A township of another county."""
    far = {"371521": "阿城镇", "371525": "柳林镇", "371524": "牛角店镇"}
    return list(far.values())[n % 3]


def _old_or_new_name(cell: str, n: int) -> str:
    return ("茌平区", "371503")[n % 2]


def _padded(cell: str, n: int) -> str:
    return (f" {cell}", f"{cell}  ", f"\u3000{cell}", f"{cell}\t")[n % 4]


def _gap(cell: str, n: int) -> str:
    """A space after the place's name."""
    return cell[:3] + " " + cell[3:]


def _serial(cell: str, n: int) -> str:
    """Spreadsheet serial of a date in any of the forms."""
    return str((_day_of(cell) - np.datetime64("1899-12-30")).astype(int))


def _before(cell: str, n: int) -> str:
    """A day two years earlier."""
    return str(_day_of(cell) - np.timedelta64(730 + n % 30, "D"))


def _day_of(cell: str) -> np.datetime64:
    digits = cell.translate(str.maketrans("年月/", "---", "日"))
    if digits.isdigit():
        digits = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    year, month, day = digits.split("-")
    return np.datetime64(f"{year}-{int(month):02d}-{int(day):02d}")


CELL_FAULTS = (
    CellFault("outcome.fail_without_item", "failed_items", _cycle(""), only="fail", blank=("item_result", "item_unit", "item_limit")),
    CellFault("item.two_results", "item_result", lambda cell, n: f"原检值{cell}，复检值{cell}", only="fail"),
    CellFault("item.result_unreadable", "item_result", _cycle("见第2页附表", "见报告第3页"), only="fail", in_item_rows=True),
    CellFault("item.unit_in_result", "item_result", lambda cell, n: cell, needs=("item_unit",), only="fail", in_item_rows=True),
    CellFault("item.limit_in_name", "failed_items", lambda cell, n: cell, needs=("item_limit",), only="fail", in_item_rows=True),
    CellFault("outcome.vocabulary", "result", _cycle("符合", "未检出", "合格品", "所检项目合格"), 0.004, only="pass"),
    CellFault("outcome.vocabulary", "first_result", _cycle("符合要求", "检验合格", "符合标准"), 0.002, only="pass"),
    CellFault("outcome.unknown", "result", _cycle("见附件", "详见报告"), 0.0006, only="pass"),
    CellFault("outcome.unknown", "first_result", _cycle("见附件", "按标准"), 0.0004, only="pass"),
    CellFault("outcome.missing", "result", _cycle(""), 0.0006, only="pass"),
    CellFault("outcome.missing", "first_result", _cycle(""), 0.0004, only="pass"),
    CellFault("outcome.pass_with_failed_item", "failed_items", _cycle("水分", "甲醛含量", "总养分"), 0.001, only="pass", empty=True),
    CellFault("place.recoded", "county", _old_or_new_name, 0.002),
    CellFault("place.from_address", "county", _cycle(""), 0.002, needs=("enterprise_address",), blank=("township",)),
    CellFault("place.unknown", "county", _cycle("河北省邯郸市", "外地", "某县"), blank=("township", "enterprise_address")),
    CellFault("place.conflict", "township", _other_town, needs=("county",)),
    CellFault("code.check_digit", "enterprise_code", _wrong_check, 0.003),
    CellFault("code.form", "enterprise_code", _wrong_form, 0.002),
    CellFault("enterprise.name", "enterprise_name", _gap, 0.004),
    CellFault("enterprise.missing", "enterprise_name", _cycle(""), 0.0008),
    CellFault("date.remark", "sampled_on", lambda cell, n: cell + ("（补录）", " 补检", "（星期二）")[n % 3], 0.002),
    CellFault("date.serial", "sampled_on", _serial, 0.004),
    CellFault("date.impossible", "announced_on", _cycle("2015-02-30", "2014-13-05", "20150931", "2051/06/02"), 0.002),
    CellFault("date.order", "announced_on", _before, 0.001, needs=("sampled_on",)),
    CellFault("date.missing", "sampled_on", _cycle(""), 0.0008),
    CellFault("programme.unknown", "programme", _cycle("临时任务", "领导交办"), 0.0004),
    CellFault("level.unknown", "level", _cycle("乡级", "其他级别"), 0.0004),
    CellFault("stage.unknown", "stage", _cycle("其他", "展会"), 0.001),
    CellFault("size.unknown", "enterprise_size", _cycle("规下", "不在册"), 0.001),
    CellFault("product_class.unknown", "product_class", _cycle("其他类", "杂项"), 0.001),
    CellFault("number.unreadable", "sales_value", _cycle("约三十万", "保密"), 0.002),
    CellFault("number.unit", "sales_value", lambda cell, n: f"{cell}万元", 0.004),
    CellFault("text.whitespace", "product_name", _padded, 0.006, in_item_rows=True),
    CellFault("text.width", "model", _full_width, 0.006, in_item_rows=True),
    CellFault("text.width", "sampled_on", _full_width, 0.001),
    CellFault("text.placeholder", "brand", _cycle("/", "无", "—", "不详", "-"), 0.01),
    CellFault("text.formula", "product_name", lambda cell, n: ("=cmd|'/C calc'!A0", "=1+1", "@SUM(A1:A9)")[n % 3], 0.0006),
    CellFault("text.markup", "product_name", lambda cell, n: f"{cell}<script>alert(1)</script>", 0.0006),
    CellFault("cell.error", "model", _cycle("#N/A", "#REF!", "#VALUE!"), 0.002),
    CellFault("cell.too_long", "brand", lambda cell, n: "长" * 32_768, 0.0, file_type="text"),
)  # fmt: skip
"""In the order in which they are dealt out."""


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
        fine &= np.array([bool(cell) and _full_width(cell, 0) != cell for cell in sheet.cells[kind.field]])
    return fine


def _filled(cells: np.ndarray) -> np.ndarray:
    return np.array([cell is not None and cell != "" for cell in cells], dtype=bool)


def _outcomes(sheet: Sheet) -> np.ndarray:
    """``pass`` or ``fail`` as the row's one word says, else empty."""
    words = sheet.cells["item_verdict" if sheet.one_row_per_item else "result" if "result" in sheet.cells else "first_result"]
    single = np.array([items is None or "、" not in items for items in sheet.cells["failed_items"]], dtype=bool)
    return np.where(words == "合格", "pass", np.where((words == "不合格") & single, "fail", ""))


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
            sheet.faults.append(Fault("cell.merged", row + 1, "county", None, sheet.cells["county"][row]))
            count -= 1


def _overfill_rows(sheets: Sequence[Sheet], count: int, generator: np.random.Generator) -> None:
    """A separator inside the product's name that nobody quoted (``row.too_many_fields``)."""
    text = [sheet for sheet in sheets if not sheet.is_workbook and sheet.encoding != "utf-16"]
    for sheet, row in _free_rows(text, count, generator):
        sheet.overfull[row] = sheet.fields.index("product_name")
        sheet.cells[sheet.fields[-1]][row] = "现场抽样"  # an empty last cell would hide that there is one too many
        sheet.free[row] = False
        sheet.faults.append(Fault("row.too_many_fields", row, None, sheet.cells["sheet_no"][row], None))


def _insert_rows(sheet: Sheet, generator: np.random.Generator) -> None:
    """Rows that are no batches: a subtotal, the heading again, an empty line, a note, a row without identity."""
    first = "sheet_no" if sheet.fields[0] == "sequence" else sheet.fields[0]
    middle = len(sheet.batch) // 2
    end = len(sheet.batch)
    counts = f"共{len(sheet.batch)}批次"
    where = [_not_inside_merged(sheet, row) for row in (middle // 2, middle, middle + middle // 2, end)]
    sheet.insert(where[0], {first: "小计", "remark": counts}, "row.total")
    if not sheet.broken_header:
        sheet.insert(where[1], dict(sheet.columns), "row.header_repeated")
    sheet.insert(where[2], {}, "row.blank")
    sheet.insert(where[1], {"sampled_on": "2015-06-30", "laboratory": "演示检测技术中心", "result": "合格"}, "row.no_identity")
    sheet.insert(where[3], {first: "合计", "remark": counts}, "row.total")
    sheet.insert(where[3], {first: "注：本表为演示数据，由程序合成"}, "row.note")


def _not_inside_merged(sheet: Sheet, row: int) -> int:
    """A row at which a line may be put in without tearing merged cells."""
    return row + 1 if any(first < row <= last for _, first, last in sheet.merged) else row

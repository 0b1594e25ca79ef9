"""Which faults can stand in a cell? What people and programs make of a true value, and the rule for it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qstats.synthetic.codes import CREDIT_ALPHABET

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


def full_width(cell: str, n: int) -> str:
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
    CellFault(
        "outcome.fail_without_item",
        "failed_items",
        _cycle(""),
        only="fail",
        blank=("item_result", "item_unit", "item_limit"),
    ),
    CellFault("item.two_results", "item_result", lambda cell, n: f"原检值{cell}，复检值{cell}", only="fail"),
    CellFault(
        "item.result_unreadable",
        "item_result",
        _cycle("见第2页附表", "见报告第3页"),
        only="fail",
        in_item_rows=True,
    ),
    CellFault(
        "item.unit_in_result",
        "item_result",
        lambda cell, n: cell,
        needs=("item_unit",),
        only="fail",
        in_item_rows=True,
    ),
    CellFault(
        "item.limit_in_name",
        "failed_items",
        lambda cell, n: cell,
        needs=("item_limit",),
        only="fail",
        in_item_rows=True,
    ),
    CellFault(
        "outcome.vocabulary", "result", _cycle("符合", "未检出", "合格品", "所检项目合格"), 0.004, only="pass"
    ),
    CellFault(
        "outcome.vocabulary", "first_result", _cycle("符合要求", "检验合格", "符合标准"), 0.002, only="pass"
    ),
    CellFault("outcome.unknown", "result", _cycle("见附件", "详见报告"), 0.0006, only="pass"),
    CellFault("outcome.unknown", "first_result", _cycle("见附件", "按标准"), 0.0004, only="pass"),
    CellFault("outcome.missing", "result", _cycle(""), 0.0006, only="pass"),
    CellFault("outcome.missing", "first_result", _cycle(""), 0.0004, only="pass"),
    CellFault(
        "outcome.pass_with_failed_item",
        "failed_items",
        _cycle("水分", "甲醛含量", "总养分"),
        0.001,
        only="pass",
        empty=True,
    ),
    CellFault("place.recoded", "county", _old_or_new_name, 0.002),
    CellFault(
        "place.from_address", "county", _cycle(""), 0.002, needs=("enterprise_address",), blank=("township",)
    ),
    CellFault(
        "place.unknown",
        "county",
        _cycle("河北省邯郸市", "外地", "某县"),
        blank=("township", "enterprise_address"),
    ),
    CellFault("place.conflict", "township", _other_town, needs=("county",)),
    CellFault("code.check_digit", "enterprise_code", _wrong_check, 0.003),
    CellFault("code.form", "enterprise_code", _wrong_form, 0.002),
    CellFault("enterprise.name", "enterprise_name", _gap, 0.004),
    CellFault("enterprise.missing", "enterprise_name", _cycle(""), 0.0008),
    CellFault(
        "date.remark", "sampled_on", lambda cell, n: cell + ("（补录）", " 补检", "（星期二）")[n % 3], 0.002
    ),
    CellFault("date.serial", "sampled_on", _serial, 0.004),
    CellFault(
        "date.impossible", "announced_on", _cycle("2015-02-30", "2014-13-05", "20150931", "2051/06/02"), 0.002
    ),
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
    CellFault("text.width", "model", full_width, 0.006, in_item_rows=True),
    CellFault("text.width", "sampled_on", full_width, 0.001),
    CellFault("text.placeholder", "brand", _cycle("/", "无", "—", "不详", "-"), 0.01),
    CellFault(
        "text.formula",
        "product_name",
        lambda cell, n: ("=cmd|'/C calc'!A0", "=1+1", "@SUM(A1:A9)")[n % 3],
        0.0006,
    ),
    CellFault("text.markup", "product_name", lambda cell, n: f"{cell}<script>alert(1)</script>", 0.0006),
    CellFault("cell.error", "model", _cycle("#N/A", "#REF!", "#VALUE!"), 0.002),
    CellFault("cell.too_long", "brand", lambda cell, n: "长" * 32_768, 0.0, file_type="text"),
)
"""In the order in which they are dealt out."""

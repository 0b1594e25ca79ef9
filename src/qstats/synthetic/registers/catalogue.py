"""What goes wrong in one cell of a register of brands, standards or people, and which rule should find it?"""

from collections.abc import Callable
from datetime import date

from qstats.synthetic.dealt_faults import CellFault, Cells, Wrong, changed, cycle, serial_of, shifted, where
from qstats.synthetic.fault_catalogue import full_width
from qstats.synthetic.registers.files import (
    FARM,
    GENERAL,
    MARKS,
    OFFICERS,
    SHAPES,
    STANDARDS,
    is_three_years,
)

IMPOSSIBLE_DAYS = cycle("2013-02-30", "2012-13-05", "20110931", "2051/06/02")
VALID = ("有效", "在任", "现行")
"""What the shapes call an entry that has not ended."""


def _if(holds: Callable[[Cells], bool], wrong: Wrong) -> Wrong:
    return lambda cells, n: wrong(cells, n) if holds(cells) else None


def _is_valid(cells: Cells) -> bool:
    return cells.get("status") in VALID and not cells.get("withdrawn_on")


def _has_day(cells: Cells) -> bool:
    return len(cells.get("awarded_on", "")) == 10


def _runs(cells: Cells) -> bool:
    """Valid, with a last day."""
    return _is_valid(cells) and _has_day(cells) and bool(cells.get("valid_until"))


def _is_open(cells: Cells) -> bool:
    return _is_valid(cells) and _has_day(cells) and not cells.get("valid_until")


def _is_withdrawn(cells: Cells) -> bool:
    return bool(cells.get("withdrawn_on")) and bool(cells.get("status"))


def _has_three_years(cells: Cells) -> bool:
    days = [cells.get(name, "") for name in ("awarded_on", "valid_until")]
    return all(len(day) == 10 for day in days) and is_three_years(*(date.fromisoformat(day) for day in days))


def _other_check(cell: str, n: int) -> str:
    return cell[:-1] + next(digit for digit in "0123456789"[n % 3 :] if digit != cell[-1])


def _until(cell: str, n: int) -> str:
    return (f"至{cell}", f"截至{cell}止", f"有效期至{cell}")[n % 3]


CELL_FAULTS = (
    CellFault("place.unknown", SHAPES, "county", cycle("某县", "外地")),
    CellFault("place.recoded", SHAPES, "county", where("county", "茌平县", cycle("茌平区", "371503"))),
    CellFault("register.unknown", (GENERAL, MARKS), "register", cycle("老字号", "守合同重信用企业", "")),
    CellFault("date.impossible", SHAPES, "awarded_on", _if(_has_day, IMPOSSIBLE_DAYS)),
    CellFault(
        "date.impossible",
        (GENERAL, FARM, OFFICERS),
        "valid_until",
        _if(_runs, cycle("见证书", "2051-06-02", "2016-02-30")),
    ),
    CellFault("date.serial", (GENERAL, FARM), "awarded_on", _if(_has_day, changed("awarded_on", serial_of))),
    CellFault(
        "date.remark",
        (GENERAL, OFFICERS),
        "awarded_on",
        _if(_has_day, changed("awarded_on", lambda cell, n: f"{cell}（补录）")),
    ),
    CellFault(
        "register.day_not_stated",
        (GENERAL, OFFICERS),
        "awarded_on",
        _if(_is_open, changed("awarded_on", lambda cell, n: (f"{cell[:4]}年", f"{cell[:7]}")[n % 2])),
    ),
    CellFault(
        "register.term_read",
        (GENERAL, FARM, OFFICERS),
        "valid_until",
        _if(_has_three_years, cycle("三年", "36个月", "3")),
    ),
    CellFault(
        "register.term_read", (GENERAL, FARM), "valid_until", _if(_runs, changed("valid_until", _until))
    ),
    CellFault("register.term_read", (GENERAL,), "valid_until", _if(_is_open, cycle("长期", "无固定期限"))),
    CellFault(
        "register.expired_before_award",
        (GENERAL, FARM, OFFICERS),
        "valid_until",
        _if(_runs, shifted("awarded_on", -200)),
    ),
    CellFault(
        "register.withdrawn_before_award",
        (GENERAL, FARM, STANDARDS, OFFICERS),
        "withdrawn_on",
        _if(lambda cells: _is_valid(cells) and _has_day(cells), shifted("awarded_on", -30)),
    ),
    CellFault(
        "register.award_to_come", (GENERAL,), "awarded_on", _if(_is_open, cycle("2016-03-10", "2016-06-01"))
    ),
    CellFault(
        "register.ended_without_day", SHAPES, "status", _if(_is_valid, cycle("已撤销", "注销", "失效"))
    ),
    CellFault("register.status_contradicts", SHAPES, "status", _if(_is_withdrawn, cycle("有效", "现行有效"))),
    CellFault(
        "register.grade_unknown",
        (GENERAL, FARM, OFFICERS),
        "grade",
        changed("grade", lambda cell, n: ("特级", "待评", "其他")[n % 3]),
    ),
    CellFault(
        "number.unreadable", (GENERAL,), "area_mu", where("status", "已过期", cycle("约三万亩", "若干"))
    ),
    CellFault(
        "number.unit", (GENERAL,), "area_mu", changed("area_mu", lambda cell, n: f"{int(cell) / 1e4:g}万亩")
    ),
    CellFault("text.width", (GENERAL, FARM, STANDARDS), "number", changed("number", full_width)),
    CellFault("text.width", (GENERAL, FARM), "enterprise_code", changed("enterprise_code", full_width)),
    CellFault("text.whitespace", SHAPES, "holder", changed("holder", lambda cell, n: f"{cell}　")),
    CellFault("text.placeholder", (GENERAL,), "department", cycle("/", "—", "不详")),
    CellFault(
        "code.check_digit",
        (GENERAL, FARM, OFFICERS),
        "enterprise_code",
        changed("enterprise_code", _other_check),
    ),
    CellFault(
        "code.form",
        (GENERAL, MARKS),
        "enterprise_code",
        changed("enterprise_code", lambda cell, n: cell[:-3]),
    ),
    CellFault(
        "enterprise.name", SHAPES, "holder", changed("holder", lambda cell, n: f"{cell[:2]} {cell[2:]}")
    ),
    CellFault(
        "category.unknown", (GENERAL, FARM, OFFICERS), "status", _if(_is_valid, cycle("待核实", "整改中"))
    ),
)
"""In the order in which they are dealt out."""

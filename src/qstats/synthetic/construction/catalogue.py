"""What goes wrong in one cell of the files about construction works, and which rule should find it?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from qstats.synthetic.fault_catalogue import full_width

Cells = Mapping[str, str]
Wrong = Callable[[Cells, int], str | None]
"""True cells of the row and running number → what is written in the field; None where it does not fit."""

REGISTER, ROUNDS, COUNTED, SPOKEN, ROOMS, COMPLAINTS = KINDS = (
    "register", "rounds", "counted", "spoken", "rooms", "complaints",
)  # fmt: skip


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


def _cycle(*texts: str) -> Wrong:
    return lambda cells, n: texts[n % len(texts)]


def _of(name: str, change: Callable[[str, int], str | None]) -> Wrong:
    return lambda cells, n: change(cells[name], n) if cells.get(name) else None


def _shift(name: str, days: int) -> Wrong:
    """Another day, counted from that of a field."""

    def write(cells: Cells, n: int) -> str | None:
        return (_day(cells[name]) + timedelta(days=days - n)).isoformat() if cells.get(name) else None

    return write


def _day(text: str) -> date:
    year, month, day = (int(part) for part in text.translate(str.maketrans("年月", "--", "日")).split("-"))
    return date(year, month, day)


def _serial(text: str, n: int) -> str:
    return str((_day(text) - date(1899, 12, 30)).days)


def _where(name: str, value: str, wrong: Wrong) -> Wrong:
    """Only in rows where a field has that value."""
    return lambda cells, n: wrong(cells, n) if cells.get(name) == value else None


def _total_only(cells: Cells, n: int) -> str:
    """All passed, yet nobody says when."""
    return f"共{cells['dwellings_total']}户，验收{cells['dwellings_total']}户，全部合格"


IMPOSSIBLE_DAYS = _cycle("2013-02-30", "2012-13-05", "20110931", "2051/06/02")
WHOLE_ROOM = tuple(f"height_{at}" for at in range(1, 6)) + tuple(f"plan_{at}" for at in range(1, 5))
_NO_ROUTE = ("project.route_from_outcome",)

CELL_FAULTS = (
    CellFault("place.unknown", KINDS, "county", _cycle("某县", "外地", "河北省邯郸市")),
    CellFault("place.recoded", KINDS, "county", _where("county", "茌平县", _cycle("茌平区", "371503"))),
    CellFault("category.unknown", (REGISTER, ROUNDS), "scale", _cycle("特大", "规模不清")),
    CellFault("category.unknown", (REGISTER,), "first_outcome", _cycle("见附件", "待定")),
    CellFault("category.unknown", (ROUNDS,), "outcome", _where("outcome", "合格", _cycle("见附件", "待定"))),
    CellFault(
        "category.unknown",
        (REGISTER,),
        "route",
        _where("first_outcome", "合格", _cycle("其他途径")),
        _NO_ROUTE,
    ),
    CellFault("category.unknown", (COMPLAINTS,), "status", _cycle("转办", "督办件")),
    CellFault("date.impossible", (REGISTER,), "first_accepted_on", IMPOSSIBLE_DAYS),
    CellFault("date.impossible", (ROUNDS, COUNTED, SPOKEN), "accepted_on", IMPOSSIBLE_DAYS),
    CellFault("date.impossible", (ROOMS,), "measured_on", IMPOSSIBLE_DAYS),
    CellFault("date.impossible", (COMPLAINTS,), "opened_on", IMPOSSIBLE_DAYS),
    CellFault("date.impossible", (COMPLAINTS,), "closed_on", _where("status", "已办结", IMPOSSIBLE_DAYS)),
    CellFault("date.serial", (REGISTER,), "first_accepted_on", _of("first_accepted_on", _serial)),
    CellFault("date.serial", (COUNTED,), "accepted_on", _of("accepted_on", _serial)),
    CellFault(
        "date.remark",
        (REGISTER,),
        "first_accepted_on",
        _of("first_accepted_on", lambda cell, n: f"{cell}（补录）"),
    ),
    CellFault("date.remark", (SPOKEN,), "accepted_on", _of("accepted_on", lambda cell, n: f"{cell} 上午")),
    CellFault(
        "date.order",
        (REGISTER,),
        "final_accepted_on",
        _where("first_outcome", "合格", _shift("first_accepted_on", -20)),
    ),
    CellFault("number.unreadable", (REGISTER, ROUNDS), "dwellings", _cycle("约一百户", "若干")),
    CellFault(
        "number.unreadable",
        (COUNTED,),
        "dwellings_total",
        _cycle("多户", "两栋"),
        ("dwelling.counts_missing",),
    ),
    CellFault("text.width", (REGISTER, ROUNDS, COUNTED), "project_no", _of("project_no", full_width)),
    CellFault("text.width", (SPOKEN,), "conclusion", _of("conclusion", full_width)),
    CellFault("text.width", (COMPLAINTS,), "complaint_no", _of("complaint_no", full_width)),
    CellFault(
        "text.whitespace",
        (REGISTER, ROUNDS),
        "project_name",
        _of("project_name", lambda cell, n: f"{cell}　"),
    ),
    CellFault("text.placeholder", (REGISTER,), "building_type", _cycle("/", "—", "不详")),
    CellFault("text.placeholder", (COMPLAINTS,), "kind", _cycle("/", "无")),
    CellFault(
        "project.route_contradicts",
        (REGISTER,),
        "route",
        _where("first_outcome", "合格", _cycle("返工返修后验收", "检测鉴定后验收")),
    ),
    CellFault(
        "project.route_contradicts",
        (REGISTER,),
        "route",
        _where("first_outcome", "不合格", _cycle("一次验收合格")),
    ),
    CellFault(
        "dwelling.counts_contradict",
        (COUNTED,),
        "dwellings_first_time",
        lambda cells, n: str(int(cells["dwellings_accepted"]) + 3 + n),
    ),
    CellFault(
        "dwelling.counts_contradict",
        (COUNTED,),
        "dwellings_total",
        lambda cells, n: str(int(cells["dwellings_accepted"]) - 1 - n),
    ),
    CellFault(
        "dwelling.counts_contradict",
        (SPOKEN,),
        "dwellings_total",
        lambda cells, n: str(int(cells["dwellings_total"]) + 12),
    ),
    CellFault(
        "dwelling.sentence_unreadable",
        (SPOKEN,),
        "conclusion",
        _cycle("详见第3页附表", "按2013年标准办理"),
        ("dwelling.counts_missing",),
    ),
    CellFault("dwelling.counts_missing", (SPOKEN,), "conclusion", _total_only, ("dwelling.sentence_read",)),
    CellFault("measurement.impossible", (ROOMS,), "height_3", _cycle("-5", "85", "99999", "二米八")),
    CellFault(
        "measurement.nothing_measured", (ROOMS,), "height_1", _cycle(""), blank=(*WHOLE_ROOM, "spread")
    ),
    CellFault(
        "measurement.spread_contradicts",
        (ROOMS,),
        "spread",
        _of("spread", lambda cell, n: str(int(cell) + 9)),
    ),
    CellFault(
        "complaint.closed_before_opened",
        (COMPLAINTS,),
        "closed_on",
        _where("status", "已办结", _shift("opened_on", -3)),
    ),
)
"""In the order in which they are dealt out."""

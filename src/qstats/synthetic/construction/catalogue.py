"""What goes wrong in one cell of the files about construction works, and which rule should find it?"""

from qstats.synthetic.dealt_faults import CellFault, Cells, changed, cycle, serial_of, shifted, where
from qstats.synthetic.fault_catalogue import full_width

REGISTER, ROUNDS, COUNTED, SPOKEN, ROOMS, COMPLAINTS = KINDS = (
    "register", "rounds", "counted", "spoken", "rooms", "complaints",
)  # fmt: skip


def _total_only(cells: Cells, n: int) -> str:
    """All passed, yet nobody says when."""
    return f"共{cells['dwellings_total']}户，验收{cells['dwellings_total']}户，全部合格"


IMPOSSIBLE_DAYS = cycle("2013-02-30", "2012-13-05", "20110931", "2051/06/02")
WHOLE_ROOM = tuple(f"height_{at}" for at in range(1, 6)) + tuple(f"plan_{at}" for at in range(1, 5))
_NO_ROUTE = ("project.route_from_outcome",)

CELL_FAULTS = (
    CellFault("place.unknown", KINDS, "county", cycle("某县", "外地", "河北省邯郸市")),
    CellFault("place.recoded", KINDS, "county", where("county", "茌平县", cycle("茌平区", "371503"))),
    CellFault("category.unknown", (REGISTER, ROUNDS), "scale", cycle("特大", "规模不清")),
    CellFault("category.unknown", (REGISTER,), "first_outcome", cycle("见附件", "待定")),
    CellFault("category.unknown", (ROUNDS,), "outcome", where("outcome", "合格", cycle("见附件", "待定"))),
    CellFault(
        "category.unknown",
        (REGISTER,),
        "route",
        where("first_outcome", "合格", cycle("其他途径")),
        _NO_ROUTE,
    ),
    CellFault("category.unknown", (COMPLAINTS,), "status", cycle("转办", "督办件")),
    CellFault("date.impossible", (REGISTER,), "first_accepted_on", IMPOSSIBLE_DAYS),
    CellFault("date.impossible", (ROUNDS, COUNTED, SPOKEN), "accepted_on", IMPOSSIBLE_DAYS),
    CellFault("date.impossible", (ROOMS,), "measured_on", IMPOSSIBLE_DAYS),
    CellFault("date.impossible", (COMPLAINTS,), "opened_on", IMPOSSIBLE_DAYS),
    CellFault("date.impossible", (COMPLAINTS,), "closed_on", where("status", "已办结", IMPOSSIBLE_DAYS)),
    CellFault("date.serial", (REGISTER,), "first_accepted_on", changed("first_accepted_on", serial_of)),
    CellFault("date.serial", (COUNTED,), "accepted_on", changed("accepted_on", serial_of)),
    CellFault(
        "date.remark",
        (REGISTER,),
        "first_accepted_on",
        changed("first_accepted_on", lambda cell, n: f"{cell}（补录）"),
    ),
    CellFault(
        "date.remark", (SPOKEN,), "accepted_on", changed("accepted_on", lambda cell, n: f"{cell} 上午")
    ),
    CellFault(
        "date.order",
        (REGISTER,),
        "final_accepted_on",
        where("first_outcome", "合格", shifted("first_accepted_on", -20)),
    ),
    CellFault("number.unreadable", (REGISTER, ROUNDS), "dwellings", cycle("约一百户", "若干")),
    CellFault(
        "number.unreadable",
        (COUNTED,),
        "dwellings_total",
        cycle("多户", "两栋"),
        ("dwelling.counts_missing",),
    ),
    CellFault("text.width", (REGISTER, ROUNDS, COUNTED), "project_no", changed("project_no", full_width)),
    CellFault("text.width", (SPOKEN,), "conclusion", changed("conclusion", full_width)),
    CellFault("text.width", (COMPLAINTS,), "complaint_no", changed("complaint_no", full_width)),
    CellFault(
        "text.whitespace",
        (REGISTER, ROUNDS),
        "project_name",
        changed("project_name", lambda cell, n: f"{cell}　"),
    ),
    CellFault("text.placeholder", (REGISTER,), "building_type", cycle("/", "—", "不详")),
    CellFault("text.placeholder", (COMPLAINTS,), "kind", cycle("/", "无")),
    CellFault(
        "project.route_contradicts",
        (REGISTER,),
        "route",
        where("first_outcome", "合格", cycle("返工返修后验收", "检测鉴定后验收")),
    ),
    CellFault(
        "project.route_contradicts",
        (REGISTER,),
        "route",
        where("first_outcome", "不合格", cycle("一次验收合格")),
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
        cycle("详见第3页附表", "按2013年标准办理"),
        ("dwelling.counts_missing",),
    ),
    CellFault("dwelling.counts_missing", (SPOKEN,), "conclusion", _total_only, ("dwelling.sentence_read",)),
    CellFault("measurement.impossible", (ROOMS,), "height_3", cycle("-5", "85", "99999", "二米八")),
    CellFault("measurement.nothing_measured", (ROOMS,), "height_1", cycle(""), blank=(*WHOLE_ROOM, "spread")),
    CellFault(
        "measurement.spread_contradicts",
        (ROOMS,),
        "spread",
        changed("spread", lambda cell, n: str(int(cell) + 9)),
    ),
    CellFault(
        "complaint.closed_before_opened",
        (COMPLAINTS,),
        "closed_on",
        where("status", "已办结", shifted("opened_on", -3)),
    ),
)
"""In the order in which they are dealt out."""

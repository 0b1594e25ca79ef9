"""How do offices send the acceptance of construction works? Registers, sheets, measurements, complaints.

Each kind has two forms: a register with one row per project and one with a row per acceptance round; sheets
with counts in columns and with the counts inside a sentence; rooms in millimetres and in metres.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import numpy as np
import polars as pl

from qstats.reference import read_divisions
from qstats.synthetic.construction.rooms import HEIGHTS, LENGTHS
from qstats.synthetic.construction.works import Construction
from qstats.synthetic.sheet import Fault, Sheet

Cells = dict[str, str]
SCALES = {"large_medium": ("大中型", "大型"), "other": ("其他", "小型")}
OUTCOMES = {"pass": "合格", "fail": "不合格"}
ROUTES = {
    "first_time": "一次验收合格", "reworked": "返工返修后验收", "tested": "检测鉴定后验收",
    "design_recheck": "设计单位核算认可", "negotiated": "协商验收", "not_accepted": "尚未通过验收",
}  # fmt: skip
SENTENCES = (
    "共{total}户，验收{accepted}户，一次检验合格{first}户，整改后合格{after}户。",
    "本楼共计 {total} 户，已检验 {accepted} 户，其中一次检验合格 {first} 户，经整改后合格 {after} 户",
    "总户数{total}户；验收户数{accepted}户；一次合格户数{first}户；返修后合格户数{after}户",
    "{total}户住宅中验收{accepted}户，{first}户一次检验合格，{after}户整改后合格",
    "共{total}套住宅，验收{accepted}套，一次性验收合格{first}套（一次验收合格率{rate}%），返修后合格{after}套",
)
PROJECT_COLUMNS = (
    ("sequence", "序号"), ("project_no", "工程编号"), ("project_name", "工程名称"), ("county", "所属县区"),
    ("scale", "工程规模"), ("building_type", "工程类型"), ("dwellings", "住宅户数"),
    ("first_accepted_on", "首次验收日期"), ("first_outcome", "首次验收结论"), ("route", "验收途径"),
    ("final_accepted_on", "最终验收日期"), ("remark", "备注"),
)  # fmt: skip
ROUND_COLUMNS = (
    ("project_no", "项目编号"), ("project_name", "项目名称"), ("county", "县区"), ("scale", "规模"),
    ("building_type", "工程类别"), ("dwellings", "户数"), ("accepted_on", "验收日期"),
    ("outcome", "验收结论"), ("route", "处理方式"), ("remark", "备注"),
)  # fmt: skip
DWELLING_COLUMNS = (
    ("project_no", "工程编号"), ("project_name", "工程名称"), ("building", "楼号"), ("county", "所属县区"),
    ("accepted_on", "验收日期"), ("dwellings_total", "总户数"), ("dwellings_accepted", "验收户数"),
    ("dwellings_first_time", "一次检验合格户数"), ("dwellings_after_rework", "整改后合格户数"),
    ("remark", "备注"),
)  # fmt: skip
SENTENCE_COLUMNS = (
    ("project_no", "项目编号"), ("project_name", "工程名称"), ("building", "楼号"), ("county", "县区"),
    ("accepted_on", "检验日期"), ("dwellings_total", "总户数"), ("conclusion", "检验结论"),
    ("signatures", "各方签章"),
)  # fmt: skip
ROOM_COLUMNS = (
    ("project_no", "工程编号"), ("project_name", "工程名称"), ("building", "楼号"), ("county", "县区"),
    ("measured_on", "测量日期"), ("dwelling", "户号"), ("room", "房间"), ("height_derived", "净高推算值"),
    *((f"height_{at}", f"H{at}") for at in range(1, HEIGHTS + 1)), ("plan_derived_1", "开间设计值"),
    ("plan_1", "L1"), ("plan_2", "L2"), ("plan_derived_2", "进深设计值"), ("plan_3", "L3"), ("plan_4", "L4"),
    ("spread", "极差"),
)  # fmt: skip
COMPLAINT_COLUMNS = (
    ("sequence", "序号"), ("complaint_no", "投诉编号"), ("county", "所属县区"), ("project_no", "工程编号"),
    ("opened_on", "受理日期"), ("closed_on", "办结日期"), ("kind", "投诉类别"), ("status", "办理状态"),
    ("handler", "承办人"),
)  # fmt: skip
NEWEST_FROM = date(2015, 10, 1)
TITLE = "聊城市建设工程质量监督（演示）"


def build_construction_sheets(true: Construction, rooms: pl.DataFrame) -> list[Sheet]:
    """All files before anything goes wrong; ``batch`` numbers the rows of each."""
    year = pl.col("first_accepted_on").dt.year()
    until_2013 = true.projects.filter(year <= 2013)
    rounds = true.rounds.join(until_2013.select("project_id"), on="project_id", how="anti")
    metres = rooms["project_id"].rank("dense") % 3 == 0
    return [
        *(_projects(until_2013.filter(year == one), one) for one in (2011, 2012, 2013)),
        *_rounds(rounds),
        *_dwellings(true.dwellings),
        _rooms(rooms.filter(~metres), "分户实测记录_毫米.csv", "utf-8-sig", str),
        _rooms(rooms.filter(metres), "分户实测记录_米.xlsx", "", lambda value: f"{value / 1000:.3f}"),
        *(_complaints(part, int(str(one))) for (one,), part in _by_year(true.complaints, "opened_on")),
    ]


def _by_year(frame: pl.DataFrame, day: str) -> Iterable[tuple[tuple[object, ...], pl.DataFrame]]:
    return frame.group_by(pl.col(day).dt.year(), maintain_order=True)


def _sheet(
    file: str, supplier: str, columns: Sequence[tuple[str, str]], rows: Sequence[Cells], **habits: object
) -> Sheet:
    cells = {name: np.array([row.get(name) or None for row in rows], dtype=object) for name, _ in columns}
    if "sequence" in cells:
        cells["sequence"] = np.array([str(at + 1) for at in range(len(rows))], dtype=object)
    numbers = np.arange(len(rows))
    return Sheet(file, supplier, columns, cells, numbers, "", "", **habits)  # type: ignore[arg-type]


def _projects(projects: pl.DataFrame, year: int) -> Sheet:
    """A register of one year, one row per project as it stands at the cutoff."""
    names = _county_names()
    rows = [
        {
            "project_no": one["project_id"], "project_name": one["project_name"],
            "county": names[one["county_code"]], "scale": SCALES[one["scale"]][0],
            "building_type": one["building_type"], "dwellings": _text(one["dwellings"]),
            "first_accepted_on": _chinese(one["first_accepted_on"]) if year == 2012
            else _text(one["first_accepted_on"]),
            "first_outcome": OUTCOMES[one["first_outcome"]], "route": ROUTES[one["route"]],
            "final_accepted_on": _text(one["final_accepted_on"]),
        }
        for one in projects.iter_rows(named=True)
    ]  # fmt: skip
    file = f"工程竣工验收台账_{year}.csv"
    return _sheet(file, "市质监站", PROJECT_COLUMNS, rows, encoding="gb18030", titles=[f"{TITLE} {year}年"])


def _rounds(rounds: pl.DataFrame) -> list[Sheet]:
    """Registers with one row per acceptance: a round is in the register of the year in which it was held.

    Projects of several rounds are sent without faults, and so are the few that the newest target rests on.
    """
    sheets = []
    newest = (pl.col("accepted_on") >= NEWEST_FROM) & (pl.col("scale") == "large_medium")
    spared = rounds.select(newest | pl.col("project_id").is_duplicated()).to_series()
    later = rounds["accepted_on"].dt.year() > 2014
    for file, mask in (("竣工验收记录_2014.xlsx", ~later), ("竣工验收记录_2015.xlsx", later)):
        rows = [_round(one) for one in rounds.filter(mask).iter_rows(named=True)]
        sheet = _sheet(
            file, "市住建局", ROUND_COLUMNS, rows, page="竣工验收", day_fields=("accepted_on",),
            number_fields=("dwellings",),
        )  # fmt: skip
        sheet.free &= ~spared.filter(mask).to_numpy()
        sheets.append(sheet)
    return sheets


def _round(one: dict[str, object]) -> Cells:
    return {
        "project_no": str(one["project_id"]), "project_name": str(one["project_name"]),
        "county": _county_names()[str(one["county_code"])], "scale": SCALES[str(one["scale"])][1],
        "building_type": str(one["building_type"]), "dwellings": _text(one["dwellings"]),
        "accepted_on": _text(one["accepted_on"]), "outcome": OUTCOMES[str(one["outcome"])],
        "route": ROUTES[str(one["route"])] if one["route"] else "",
    }  # fmt: skip


def _dwellings(dwellings: pl.DataFrame) -> list[Sheet]:
    sheets = []
    for (year,), part in _by_year(dwellings, "accepted_on"):
        spoken = int(str(year)) >= 2014
        rows = [_dwelling(one, at, spoken) for at, one in enumerate(part.iter_rows(named=True))]
        file = f"分户验收汇总_{year}.{'xlsx' if spoken else 'csv'}"
        columns = SENTENCE_COLUMNS if spoken else DWELLING_COLUMNS
        sheets.append(
            _sheet(
                file, "市质监站", columns, rows, encoding="gb18030", page="分户验收",
                number_fields=("dwellings_total",),
            )
        )  # fmt: skip
    return sheets


def _dwelling(one: dict[str, object], at: int, spoken: bool) -> Cells:
    row = {
        "project_no": str(one["project_id"]), "project_name": str(one["project_name"]),
        "building": str(one["building"]), "county": _county_names()[str(one["county_code"])],
        "accepted_on": _text(one["accepted_on"]), "dwellings_total": _text(one["dwellings_total"]),
    }  # fmt: skip
    if spoken:
        return row | {"conclusion": write_sentence(one, at), "signatures": "五方已签"}
    counts = ("dwellings_accepted", "dwellings_first_time", "dwellings_after_rework")
    return row | {name: str(one[name]) for name in counts}


def write_sentence(counts: dict[str, object], at: int) -> str:
    """The four counts of a sheet inside one of the sentences that offices write."""
    names = ("total", "accepted", "first_time", "after_rework")
    total, accepted, first, after = (int(str(counts[f"dwellings_{name}"])) for name in names)
    rate = f"{100 * first / accepted:.1f}"
    return SENTENCES[at % len(SENTENCES)].format(
        total=total, accepted=accepted, first=first, after=after, rate=rate
    )


def _rooms(rooms: pl.DataFrame, file: str, encoding: str, write: Callable[[int], str]) -> Sheet:
    names = _county_names()
    rows = [
        {
            "project_no": one["project_id"], "project_name": one["project_name"],
            "building": one["building"], "county": names[one["county_code"]],
            "measured_on": _text(one["measured_on"]), "dwelling": one["dwelling"], "room": one["room"],
            **{name: write(one[name]) for name in LENGTHS}, "spread": str(one["spread"]),
        }
        for one in rooms.iter_rows(named=True)
    ]  # fmt: skip
    return _sheet(file, "第三方检测机构", ROOM_COLUMNS, rows, encoding=encoding, page="实测记录")


def _complaints(complaints: pl.DataFrame, year: int) -> Sheet:
    names = _county_names()
    rows = [
        {
            "complaint_no": one["complaint_id"], "county": names[one["county_code"]],
            "project_no": one["project_id"] or "", "opened_on": _text(one["opened_on"]),
            "closed_on": _text(one["closed_on"]), "kind": one["kind"],
            "status": "已办结" if one["closed_on"] else "办理中", "handler": "演示员",
        }
        for one in complaints.iter_rows(named=True)
    ]  # fmt: skip
    file = f"工程质量投诉台账_{year}.{'xlsx' if year % 2 else 'csv'}"
    sheet = _sheet(
        file, "市住建局信访科", COMPLAINT_COLUMNS, rows, encoding=("utf-8-sig", "gb18030")[year % 4 // 2],
        page="投诉", day_fields=("opened_on", "closed_on"),
    )  # fmt: skip
    sheet.faults.append(Fault("file.column_ignored", None, None, "承办人", None, "habit"))
    return sheet


def _county_names() -> dict[str, str]:
    return {one.code: one.name for one in read_divisions()}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

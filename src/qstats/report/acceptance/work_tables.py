"""Which tables show dwellings, rooms, times and complaints?"""

from typing import Any

import numpy as np
import pandas as pd

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.headings import (
    HEAD,
    bilingual,
    count,
    county_labels,
    in_both,
    leave_out,
    limits,
    only_if_any,
    percent,
    say,
)
from qstats.report.acceptance.names import EXPOSED, denominator_name
from qstats.report.columns import Column
from qstats.report.display import Display, show_table

_PERIOD = Column(format="text", label=HEAD["period"])
_QUANTITIES: dict[str, Text] = {
    "height_spread": {"zh": "净高极差", "en": "Spread of heights"},
    "plan_deviation": {"zh": "开间进深偏差", "en": "Deviation of plan lengths"},
}


def tabulate_dwellings(assessed: Assessment) -> Display:
    """Dwellings inspected and accepted in each window."""
    if assessed.dwellings.empty:
        return leave_out("dwelling_acceptance")
    return show_table(
        assessed.sheets,
        name="dwelling_acceptance",
        caption={
            "zh": f"{assessed.place['zh']}分户验收情况",
            "en": f"Dwelling-by-dwelling acceptance, {assessed.place['en']}",
        },
        columns={
            "period": _PERIOD, "sheets": count({"zh": "分户验收表（份）", "en": "Summaries"}),
            **only_if_any(assessed.sheets, "unusable", count({"zh": "其中户数不明或矛盾", "en": "Counts missing or contradictory"})),
            "total": count({"zh": "总户数", "en": "Dwellings"}),
            "inspected": count({"zh": "验收户数", "en": "Inspected"}),
            "inspected_rate": percent({"zh": "分户验收率", "en": "Share inspected"}),
            "first_time": count({"zh": "一次检验合格", "en": "Accepted at first"}),
            "after_rework": count({"zh": "整改后合格", "en": "After rework"}),
            "not_settled": count({"zh": "尚未合格", "en": "Not yet accepted"}),
            **only_if_any(assessed.sheets, "rework_unknown", count({"zh": "整改结果不明", "en": "Rework not told"})),
            "first_time_rate": percent({"zh": "分户一次合格率", "en": "First-time rate"}),
            "process": limits("lower", "upper", HEAD["process"]),
        },
        notes=[
            {
                "zh": "分户验收率＝验收户数÷总户数；分户一次合格率＝一次检验合格户数÷验收户数。户数缺失或自相矛盾的表不计入，逐份列在“收到的数据与清洗”。区间以工程为群计算：同一工程各户质量相近。",
                "en": "Share inspected = inspected ÷ all dwellings; first-time rate = accepted at the first inspection ÷ inspected. Summaries whose counts are missing or contradict each other are left out and listed in the chapter on the data. Intervals take projects as clusters: dwellings of one project are alike.",
            }
        ],
        status="status",
    )  # fmt: skip


def tabulate_incomplete_sheets(assessed: Assessment, *, name_projects: bool) -> Display:
    """Sheets of the year so far with dwellings not inspected or not accepted, or without counts."""
    name = "dwelling_exceptions"
    if assessed.dwellings.empty:
        return leave_out(name)
    listed = assess.list_incomplete_sheets(assessed.dwellings, assessed.year)
    if listed.empty:
        sentence = {
            "zh": f"{assessed.year.label['zh']}没有未验收、未合格或户数不明的分户验收表。",
            "en": f"No summary of {assessed.year.label['en']} leaves a dwelling uninspected, unaccepted or uncounted.",
        }
        return say(sentence, name)
    numbered = listed["project_id"].where(
        ~listed["project_id"].str.contains(":", regex=False, na=False), None
    )
    table = listed.assign(project_id=numbered, county_code=listed["county_code"].fillna(""))
    table = table.drop(columns=[] if name_projects else ["project_name"]).reset_index(drop=True)
    return show_table(
        table,
        name=name,
        caption={
            "zh": f"{assessed.year.label['zh']}分户验收有未验收、未合格或户数不明住宅的工程",
            "en": f"Projects with dwellings not inspected, not accepted or not counted, {assessed.year.label['en']}",
        },
        columns={
            "project_id": Column(format="text", label={"zh": "工程编号", "en": "Project"}),
            **({"project_name": Column(format="text", label={"zh": "工程名称", "en": "Name"})} if name_projects else {}),
            "county_code": Column(format="code", labels=county_labels(table["county_code"]), label=HEAD["county"]),
            "accepted_on": Column(format="date", label={"zh": "日期", "en": "Day"}),
            "dwellings_total": count({"zh": "总户数", "en": "Dwellings"}),
            "not_inspected": count({"zh": "未验收", "en": "Not inspected"}),
            "not_settled": count({"zh": "尚未合格", "en": "Not yet accepted"}),
        },
        notes=[
            {
                "zh": "没有数字的行，原表户数缺失或自相矛盾，须由报送单位核对。",
                "en": "Rows without numbers come from summaries whose counts are missing or contradictory: ask the office that sent them.",
            }
        ],
    )  # fmt: skip


def tabulate_rooms(assessed: Assessment) -> Display:
    """Rooms within the limits by window and quantity."""
    if assessed.measurements.empty:
        return leave_out("room_measurements")
    rows = in_both(assessed.rooms, "what", (_QUANTITIES[code] for code in assessed.rooms["quantity"]))
    return show_table(
        rows,
        name="room_measurements",
        caption={
            "zh": f"{assessed.place['zh']}分户实测：房间在限值以内的比例",
            "en": f"Rooms measured and within the limits, {assessed.place['en']}",
        },
        columns={
            "what": bilingual({"zh": "实测项目", "en": "Measured"}), "period": _PERIOD,
            "limit": Column(format="number", label={"zh": "限值（mm）", "en": "Limit (mm)"}),
            "projects": count({"zh": "工程（项）", "en": "Projects"}), "rooms": count({"zh": "房间（间）", "en": "Rooms"}),
            **only_if_any(rows, "incomplete", count({"zh": "数据不足的房间", "en": "Rooms not judged"})),
            "estimate": percent({"zh": "限值以内", "en": "Within"}), "process": limits("lower", "upper", HEAD["process"]),
            "p95": Column(format="number", label={"zh": "95%分位（mm）", "en": "95% quantile (mm)"}),
            "largest": Column(format="number", label={"zh": "最大（mm）", "en": "Largest (mm)"}),
        },
        notes=[
            {
                "zh": "净高极差为一间内五个净高的最大值减最小值；开间进深偏差取一间内偏离设计值最多的一个尺寸。限值由参数规定。区间以工程为群计算；房间或工程过少时只计数，不推断。",
                "en": "Spread: largest less smallest of the five clear heights of a room. Deviation: that of the room's worst plan length from its design value. The limits are declared parameters. Intervals take projects as clusters; with few rooms or projects they are counted only.",
            }
        ],
    )  # fmt: skip


def tabulate_times(assessed: Assessment) -> Display:
    """Rectification and handling of complaints: how many are open, how long it takes."""
    kinds: list[tuple[Text, pd.DataFrame, int]] = [
        (
            {
                "zh": f"首次验收不合格的工程（{assessed.span.label['zh']}）",
                "en": f"Projects that failed at first ({assessed.span.label['en']})",
            },
            assessed.failed_projects,
            assessed.rectification_days,
        ),
        *(
            (
                {
                    "zh": f"{window.label['zh']}受理的投诉",
                    "en": f"Complaints received in {window.label['en']}",
                },
                assessed.handled[str(window)],
                assessed.handling_days,
            )
            for window in (assessed.year, assessed.year.shift(-1))
        ),
    ]
    kinds = [kind for kind in kinds if len(kind[1])]
    if not kinds:
        return leave_out("acceptance_times")
    rows = [
        assess.tabulate_durations(cases, within=within, confidence=assessed.confidence)
        for _, cases, within in kinds
    ]
    table = pd.DataFrame(rows).replace([np.inf, -np.inf], np.nan)
    return show_table(
        in_both(table, "what", (label for label, _, _ in kinds)),
        name="acceptance_times",
        caption={"zh": "整改与办理投诉的时间", "en": "Time to rectification and handling of complaints"},
        columns={
            "what": bilingual({"zh": "事项", "en": "Cases"}), "n": count({"zh": "可跟踪", "en": "Followed"}),
            "ended": count({"zh": "已了结", "en": "Ended"}), "open": count(HEAD["open"]),
            **only_if_any(table, "left_out", count({"zh": "日期不明", "en": "Day unknown"})),
            "median": Column(format="whole", label=HEAD["median"]),
            "median_interval": limits("median_lower", "median_upper", {"zh": "中位时间的区间（天）", "en": "Interval (days)"}, "whole"),
            "within": count({"zh": "规定天数", "en": "Days allowed"}),
            "share": percent({"zh": "规定天数内了结", "en": "Ended by then"}),
            "share_interval": limits("share_lower", "share_upper", {"zh": "该比例的区间", "en": "Interval of the share"}),
            "longest_open": count({"zh": "最久未了结（天）", "en": "Longest open (days)"}),
        },
        notes=[
            {
                "zh": f"Kaplan-Meier估计：未了结的按跟踪到{assessed.cutoff}计入，不剔除；剔除会使时间显得过短。了结日期不明的不计入。没有上限的区间表示尚不足以给出上限。",
                "en": f"Kaplan-Meier: open cases count as followed until {assessed.cutoff}; leaving them out would make times look too short. Cases that ended on an unknown day are left out. An interval that is not given has no upper end yet.",
            }
        ],
        status="status",
    )  # fmt: skip


def tabulate_complaints(assessed: Assessment) -> Display:
    """Complaints of each whole year with the step from the year before."""
    if assessed.complaints.empty or not assessed.whole_years:
        return leave_out("complaints_by_year")
    rates, per = assessed.complaint_rates, denominator_name(assessed.denominator)
    verdicts = [_verdict(code) for code in rates["verdict"]]
    rate_columns: dict[str, Any] = {
        "exposure": count(EXPOSED[assessed.denominator]),
        "estimate": Column(
            format="number", label={"zh": f"投诉率（件，{per['zh']}）", "en": f"Rate {per['en']}"}
        ),
        "interval": limits("lower", "upper", {"zh": "置信区间", "en": "Interval"}, "number"),
    }
    return show_table(
        in_both(rates.iloc[::-1].replace([np.inf], np.nan), "step", verdicts[::-1]).reset_index(drop=True),
        name="complaints_by_year",
        caption={
            "zh": f"{assessed.place['zh']}各年投诉与逐年变化",
            "en": f"Complaints by year and the change from year to year, {assessed.place['en']}",
        },
        columns={
            "year": Column(format="text", label={"zh": "年份", "en": "Year"}),
            "n": count({"zh": "投诉（件）", "en": "Complaints"}), **(rate_columns if assessed.has_rates else {}),
            "change": Column(format="relative", label={"zh": "比上年", "en": "On the year before"}),
            "change_interval": limits("change_lower", "change_upper", {"zh": "变化的区间", "en": "Interval of the change"}, "relative"),
            "step": bilingual(HEAD["verdict"]),
        },
        notes=[_scatter_note(assessed)],
        status="status",
    )  # fmt: skip


def tabulate_county_complaints(assessed: Assessment) -> Display:
    """Complaints of the newest whole year by county, in the order of the division codes."""
    name = "complaints_by_county"
    if assessed.complaints.empty or not assessed.whole_years or assessed.complaints_by_county.empty:
        return leave_out(name)
    rates, per = assessed.complaints_by_county, denominator_name(assessed.denominator)
    year = assessed.whole_years[-1]
    columns: dict[str, Column | str] = {
        "county_code": Column(
            format="code", labels=county_labels(rates["county_code"]), label=HEAD["county"]
        ),
        "n": count({"zh": "投诉（件）", "en": "Complaints"}),
    }
    if (rates["status"] == "stated").any():
        columns |= {
            "exposure": count(EXPOSED[assessed.denominator]),
            "estimate": Column(
                format="number", label={"zh": f"投诉率（件，{per['zh']}）", "en": f"Rate {per['en']}"}
            ),
            "interval": limits("lower", "upper", {"zh": "置信区间", "en": "Interval"}, "number"),
        }
    return show_table(
        rates,
        name=name,
        caption={"zh": f"{year}年各县（市、区）的投诉", "en": f"Complaints by county, {year}"},
        columns=columns,
        notes=[
            {
                "zh": "本表按区划代码排列，不是名次：区间交叠的县（市、区）不能分高低。没有写明县（市、区）的投诉不在表内。",
                "en": "The order is that of the division codes and no ranking: counties whose intervals overlap cannot be told apart. Complaints that name no county are not in the table.",
            }
        ],
        status="status",
    )


def _verdict(code: object) -> Text:
    words: dict[str, Text] = {
        "fall": {"zh": "下降", "en": "fell"},
        "rise": {"zh": "上升", "en": "rose"},
        "no_clear_change": {"zh": "无显著变化", "en": "no clear change"},
    }
    return words.get(str(code), {"zh": "—", "en": "—"})


def _scatter_note(assessed: Assessment) -> Text:
    found = assessed.dispersion.widened(assessed.confidence)
    return {
        "zh": f"区间为Poisson分布的精确区间，按各月件数的离散程度放宽（离散系数φ={found:.2f}，已计入其估计误差；1为Poisson分布）：一处质量问题会带来多件投诉。比上年的变化以两年件数之和为条件精确计算，区间含0即无显著变化。",
        "en": f"Intervals are exact Poisson ones, widened by how much months scatter (dispersion φ = {found:.2f}, its own error included; 1 is Poisson): one bad building brings many complaints. Changes are exact given the sum of both years; an interval that covers 0 means no clear change.",
    }

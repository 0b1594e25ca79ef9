"""How does the report speak of dwellings and rooms? Counts of sheets, then what was measured."""

from collections.abc import Mapping
from typing import Any

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.periods import Period
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.names import level_text
from qstats.report.formats import format_count, format_interval, format_number, format_percent

NO_SHEETS: Text = {
    "zh": "没有收到分户验收汇总表，分户验收率不作评价。需要：每份汇总表一行，写明总户数、验收户数、一次检验合格户数、整改后合格户数，或含有这些数字的结论。",
    "en": "No summaries of dwelling-by-dwelling acceptance were received, so the rate is not assessed. Needed: one row per summary with all dwellings, those inspected, those accepted at first and after rework, or a conclusion that states these counts.",
}
NO_ROOMS: Text = {
    "zh": "没有收到分户实测记录，实测合格率不作评价。需要：每个房间一行，写明五个净高、四个开间进深尺寸和设计值。",
    "en": "No room measurements were received, so they are not assessed. Needed: one row per room with five heights, four plan lengths and their design values.",
}


def describe_dwellings(assessed: Assessment) -> list[Text]:
    """Dwellings inspected and the target, then those accepted at first and what that says of the process."""
    if assessed.dwellings.empty:
        return [NO_SHEETS]
    windows: list[Period] = [assessed.period]
    if assessed.is_part_of_year:
        windows.append(assessed.year)
    said = [describe_inspected(assessed, one) for one in windows]
    first = describe_first_inspection(assessed.sheets_of(assessed.year), assessed)
    return [*said, first] if first else said


def describe_inspected(assessed: Assessment, window: Period) -> Text:
    """Whether all dwellings were inspected one by one, and whether the target of the period is met."""
    row, when = assessed.sheets_of(window), window.label
    if row["sheets"] == 0 or row["total"] == 0:
        return {
            "zh": f"{when['zh']}没有{'可用的' if row['sheets'] else ''}分户验收表，分户验收率的目标无从判断。",
            "en": f"There is no {'usable ' if row['sheets'] else ''}summary of dwelling acceptance for {when['en']}: there is nothing to judge the target by.",
        }
    total, inspected = int(row["total"]), int(row["inspected"])
    rate = format_percent(row["inspected_rate"])
    opening = {
        "zh": f"{when['zh']}分户验收表{row['sheets'] - row['unusable']}份，共{total}户，验收{inspected}户，分户验收率{rate}",
        "en": f"In {when['en']} {row['sheets'] - row['unusable']:,} summaries cover {total:,} dwellings, of which {inspected:,} were inspected one by one ({rate})",
    }
    tail = _verdict_on_sheets(assessed, row, window)
    return {one: f"{opening[one]}{tail[one]}" for one in ("zh", "en")}


def _verdict_on_sheets(assessed: Assessment, row: Mapping[str, Any], window: Period) -> Text:
    level = next((one["level"] for one in assessed.targets_of("dwelling_rate")), None)
    aside, hidden = _describe_hidden(
        int(row["unusable"]), assess.count_undated_incomplete(assessed.dwellings)
    )
    if level is None:
        return {"zh": f"。{aside['zh']}", "en": f".{aside['en']}"}
    aim, missing = level_text(level), int(row["total"] - row["inspected"])
    verdict = assess.judge_count(int(row["inspected"]), missing, 0, level, is_over=assessed.is_over(window))
    if verdict == "missed":
        return {
            "zh": f"，当期目标（{aim}）未达到：{missing}户没有逐户验收。{aside['zh']}",
            "en": f": the target for the period ({aim}) is missed, {missing:,} were not.{aside['en']}",
        }
    if verdict == "running":
        return {
            "zh": f"。{aside['zh']}数据截止（{assessed.cutoff}）时本期尚未结束，目标（{aim}）待期末判断。",
            "en": f".{aside['en']} The period was not over when the data was closed ({assessed.cutoff}): the target ({aim}) is judged when it is.",
        }
    if hidden:
        return {
            "zh": f"。{aside['zh']}目标（{aim}）是否达到取决于这些表，暂不判断。",
            "en": f".{aside['en']} The target ({aim}) depends on these and is not judged.",
        }
    return {
        "zh": f"，当期目标（{aim}）已达到。",
        "en": f": the target for the period ({aim}) is met.",
    }


def _describe_hidden(unusable: int, undated: int) -> tuple[Text, bool]:
    """Sheets that may hold dwellings that were not inspected, and whether there are any."""
    aside = {
        "zh": (f"另有{unusable}份户数缺失或自相矛盾，没有计入。" if unusable else "")
        + (f"{undated}份未写明验收齐全的表没有日期，可能属于本期。" if undated else ""),
        "en": (
            f" {unusable:,} more have no counts or contradictory ones and are left out." if unusable else ""
        )
        + (
            f" {undated:,} that do not show every dwelling inspected have no day and may belong here."
            if undated
            else ""
        ),
    }
    return aside, bool(unusable + undated)


def describe_first_inspection(row: Mapping[str, Any], assessed: Assessment) -> Text | None:
    """Dwellings accepted at the first inspection over the year so far, with what that says of the process."""
    if row["status"] != "stated":
        return None
    of, first, when = int(row["first_time_of"]), int(row["first_time"]), assessed.year.label
    limits = {one: format_interval(row["lower"], row["upper"], one) for one in ("zh", "en")}
    open_, untold = int(row["not_settled"]), int(row["rework_unknown"])
    left = {
        "zh": (f"，{open_}户尚未合格" if open_ else "") + (f"，{untold}户整改结果没有写明" if untold else ""),
        "en": (f", {open_:,} are not accepted yet" if open_ else "")
        + (f", and of {untold:,} it is not told what became" if untold else ""),
    }
    alike = round(row["effective_n"]) < of
    worth = {
        "zh": f"：同一工程各户质量相近，{of}户只相当于{format_count(row['effective_n'], 'zh')}户互不相关的住宅"
        if alike
        else "",
        "en": f": dwellings of one project are alike, so that {of:,} are worth {format_count(row['effective_n'], 'en')} unrelated ones"
        if alike
        else "",
    }
    return {
        "zh": f"{when['zh']}验收的{of}户中，一次检验合格{first}户（{format_percent(first / of)}），整改后合格{int(row['after_rework'])}户{left['zh']}。如推断一般施工质量水平，一次合格率的置信区间为{limits['zh']}%{worth['zh']}。",
        "en": f"Of the {of:,} dwellings inspected in {when['en']}, {first:,} were accepted at the first inspection ({format_percent(first / of)}), {int(row['after_rework']):,} after rework{left['en']}. As evidence on the building process the interval of the first-time rate is {limits['en']}%{worth['en']}.",
    }


def describe_rooms(assessed: Assessment) -> list[Text]:
    """Rooms within the limits of height and plan over the year so far, with the spread found."""
    if assessed.measurements.empty:
        return [NO_ROOMS]
    rows = assessed.rooms[assessed.rooms["period"] == str(assessed.year)]
    return [_describe_quantity(row, assessed.year) for row in rows.to_dict("records")]


_QUANTITY: dict[str, Text] = {
    "height_spread": {"zh": "净高极差不超过", "en": "heights that spread by no more than"},
    "plan_deviation": {"zh": "开间进深偏差不超过", "en": "plan lengths within"},
}


def _describe_quantity(row: Mapping[str, Any], window: Period) -> Text:
    what, when = _QUANTITY[row["quantity"]], window.label
    limit = format_number(row["limit"], decimals=0)
    if row["status"] == "no_data" or row["rooms"] == 0:
        return {
            "zh": f"{when['zh']}没有可以判断“{what['zh']}{limit}毫米”的实测房间。",
            "en": f"No room measured in {when['en']} can be judged for {what['en']} {limit} mm.",
        }
    counted = {
        "zh": f"{when['zh']}实测{row['rooms']}间（{row['projects']}项工程），{what['zh']}{limit}毫米的{row['within']}间（{format_percent(row['estimate'])}",
        "en": f"{row['within']:,} of {row['rooms']:,} rooms measured in {when['en']} ({row['projects']} projects) have {what['en']} {limit} mm ({format_percent(row['estimate'])}",
    }
    spread = {
        "zh": f"；一半的房间不超过{format_number(row['median'])}毫米，95%的不超过{format_number(row['p95'])}毫米，最大{format_number(row['largest'])}毫米。",
        "en": f". Half of the rooms stay within {format_number(row['median'])} mm, 95% within {format_number(row['p95'])} mm; the largest is {format_number(row['largest'])} mm.",
    }
    if row["status"] != "stated":
        few = {
            "zh": "，房间或工程过少，不推断一般水平）",
            "en": "; too few rooms or projects to speak of the process)",
        }
        return {one: counted[one] + few[one] + spread[one] for one in ("zh", "en")}
    limits = {one: format_interval(row["lower"], row["upper"], one) for one in ("zh", "en")}
    return {
        "zh": f"{counted['zh']}，如推断一般水平，置信区间{limits['zh']}%）{spread['zh']}",
        "en": f"{counted['en']}; as evidence on the process {limits['en']}%){spread['en']}",
    }

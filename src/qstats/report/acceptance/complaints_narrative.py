"""How does the report speak of complaints? Each yearly step with its interval; a trend is said beside it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.report.acceptance.assessment import EXPOSED, Assessment, denominator_name
from qstats.report.acceptance.projects_narrative import median_of
from qstats.report.formats import (
    format_count,
    format_interval,
    format_number,
    format_p_value,
    format_percent,
    format_relative,
)

NO_COMPLAINTS: Text = {
    "zh": "没有收到工程质量投诉台账，投诉率不作评价。需要：每件投诉一行，写明编号、受理日期、办结日期；另需denominators.csv写明各年交付的住宅户数或工程项数。",
    "en": "No register of complaints about construction was received, so the rate is not assessed. Needed: one row per complaint with its number, the day of receipt and of closing; and denominators.csv with dwellings delivered or projects of each year.",
}
NO_WHOLE_YEAR: Text = {
    "zh": "没有整年的投诉记录，各年无从比较。",
    "en": "No whole year of complaints is on record: years cannot be compared.",
}


def describe_complaints(assessed: Assessment) -> list[Text]:
    """Level, every yearly step, the target, and the average change."""
    if assessed.complaints.empty:
        return [NO_COMPLAINTS]
    if not assessed.whole_years:
        return [NO_WHOLE_YEAR]
    told = [describe_level(assessed), describe_steps(assessed), describe_falling(assessed)]
    return [one for one in [*told, describe_trend(assessed), _describe_part_years(assessed)] if one]


def _describe_part_years(assessed: Assessment) -> Text | None:
    """Years that no comparison includes, since the register covers them in part."""
    years = [str(year) for year in assessed.part_years]
    if not years:
        return None
    return {
        "zh": f"{'、'.join(years)}年的记录不满一年，没有列入逐年比较。",
        "en": f"The register covers {', '.join(years)} in part only: left out of the comparison of years.",
    }


def describe_level(assessed: Assessment) -> Text:
    """Complaints of the newest whole year, as a rate where a denominator is declared."""
    row = assessed.complaint_rates.iloc[-1].to_dict()
    year, n = int(row["year"]), int(row["n"])
    if not assessed.has_rates:
        return {
            "zh": f"{year}年受理投诉{n}件。没有申报分母（{EXPOSED[assessed.denominator]['zh']}），不能计算投诉率，只比较件数。",
            "en": f"{n:,} complaints were received in {year}. No denominator is declared ({EXPOSED[assessed.denominator]['en'].lower()}), so there is no rate: only counts are compared.",
        }
    limits = {one: format_interval(row["lower"], row["upper"], one, unit="number") for one in ("zh", "en")}
    per = denominator_name(assessed.denominator)
    return {
        "zh": f"{year}年受理工程质量投诉{n}件，{per['zh']}{format_number(row['estimate'])}件（置信区间{limits['zh']}）。",
        "en": f"{n:,} complaints about construction quality were received in {year}: {format_number(row['estimate'])} {per['en']} (interval {limits['en']}).",
    }


def describe_steps(assessed: Assessment) -> Text | None:
    """Each year against the year before, newest first."""
    steps = assessed.complaint_rates.iloc[1:].iloc[::-1]
    parts = [_describe_step(row) for row in steps.to_dict("records") if not np.isnan(row["change"])]
    if not parts:
        return None
    what = {
        "zh": "投诉率" if assessed.has_rates else "投诉件数",
        "en": "complaint rate" if assessed.has_rates else "number of complaints",
    }
    return {
        "zh": f"{what['zh']}逐年比较：{'；'.join(part['zh'] for part in parts)}。",
        "en": f"The {what['en']} year by year: {'; '.join(part['en'] for part in parts)}.",
    }


def _describe_step(row: Mapping[str, Any]) -> Text:
    year, size = int(row["year"]), format_percent(abs(row["change"]))
    limits = {one: format_limits(row["change_lower"], row["change_upper"], one) for one in ("zh", "en")}
    if row["verdict"] == "no_clear_change":
        change = format_relative(row["change"])
        return {
            "zh": f"{year}年与上年相比无显著变化（{change}，{limits['zh']}）",
            "en": f"{year} no clear change ({change}, {limits['en']})",
        }
    fell = row["verdict"] == "fall"
    return {
        "zh": f"{year}年比上年{'下降' if fell else '上升'}{size}（{limits['zh']}）",
        "en": f"{year} {'down' if fell else 'up'} {size} ({limits['en']})",
    }


def format_limits(lower: float, upper: float, language: str) -> str:
    """Limits of a relative change; an infinite one is said to be open."""
    if np.isfinite(upper):
        return format_interval(lower, upper, language, unit="relative")
    shown = format_relative(lower, language)
    return f"{shown}以上" if language == "zh" else f"{shown} or more"


def describe_falling(assessed: Assessment) -> Text | None:
    """The target “falls year by year” (逐年下降), judged step by step; nothing without such a target."""
    target = next(iter(assessed.targets_of("complaint_rate")), None)
    if target is None:
        return None
    if not assessed.has_rates:
        return {
            "zh": "目标“投诉率逐年下降”不能判断：没有申报分母。",
            "en": "The target “complaint rate falls year by year” cannot be judged: no denominator is declared.",
        }
    since = target.get("since")
    rates = assessed.complaint_rates
    judged = rates if since is None else rates[rates["year"] >= since]
    return _fall_sentence(assess.judge_falling(rates, since), judged)


def _fall_sentence(verdict: str, judged: pd.DataFrame) -> Text:
    steps = judged.iloc[1:]
    rises = [str(int(row.year)) for row in steps.itertuples() if not row.ratio < 1]
    unsure = [str(int(row.year)) for row in steps.itertuples() if row.verdict == "no_clear_change"]
    window = f"{int(judged['year'].min())}—{int(judged['year'].max())}" if len(judged) else "—"
    head = {
        "zh": f"目标“逐年下降”（{window}年，每一步都要下降）：",
        "en": f"Target “falls year by year” ({window.replace('—', ' to ')}, every step must fall): ",
    }
    tail: dict[str, Text] = {
        "fell_each_year_clearly": {
            "zh": "已达到，每年的下降都超出偶然波动",
            "en": "met; each fall is beyond chance",
        },
        "fell_each_year": {
            "zh": f"按公布的数字已达到，但{'、'.join(unsure)}年的变化未超出偶然波动，不能说明实际水平逐年下降",
            "en": f"met by the figures as they stand, but the change of {', '.join(unsure)} is within chance: that the underlying rate fell each year is not shown",
        },
        "did_not_fall_each_year": {
            "zh": f"未达到，{'、'.join(rises)}年没有下降",
            "en": f"missed, {', '.join(rises)} did not fall",
        },
        "cannot_be_stated": {
            "zh": "不能判断，有的年份没有投诉率或不足两年",
            "en": "cannot be judged: a year has no rate, or there are fewer than two years",
        },
    }
    return {"zh": f"{head['zh']}{tail[verdict]['zh']}。", "en": f"{head['en']}{tail[verdict]['en']}."}


def describe_trend(assessed: Assessment) -> Text | None:
    """The average yearly change, where the years move evenly enough to have one."""
    trend, years = assessed.trend, assessed.whole_years
    window = {"zh": f"{years[0]}—{years[-1]}年", "en": f"{years[0]} to {years[-1]}"}
    if trend.status == "cannot_be_stated":
        return None
    if trend.status == "uneven":
        return {
            "zh": f"{window['zh']}各年涨落不一，不宜用一个平均变化幅度概括（检验p值{format_p_value(trend.p_even)}）。",
            "en": f"The years {window['en']} move too unevenly for an average yearly change (p-value {format_p_value(trend.p_even)}).",
        }
    change = trend.factor - 1
    limits = {one: format_limits(trend.lower - 1, trend.upper - 1, one) for one in ("zh", "en")}
    return {
        "zh": f"作为参照，{window['zh']}平均每年变化{format_relative(change)}（{limits['zh']}）；这是平均幅度，不能代替逐年判断。",
        "en": f"For orientation, the average yearly change over {window['en']} is {format_relative(change)} ({limits['en']}); it does not stand in for the judgement step by step.",
    }


def describe_handling(assessed: Assessment) -> list[Text]:
    """How long complaints took, this year and last, open ones followed until the cutoff."""
    if assessed.complaints.empty:
        return []
    said = []
    for window in (assessed.year, assessed.year.shift(-1)):
        row = assess.tabulate_durations(
            assessed.handled[str(window)], within=assessed.handling_days, confidence=assessed.confidence
        )
        if row["n"]:
            said.append(_describe_handling(row, window.label))
    return said


def _describe_handling(row: Mapping[str, Any], when: Text) -> Text:
    count = {one: format_count(row["n"], one) for one in ("zh", "en")}
    opening = {
        "zh": f"{when['zh']}受理的{count['zh']}件中，已办结{row['ended']}件，未办结{row['open']}件",
        "en": f"Of {count['en']} complaints received in {when['en']}, {row['ended']:,} are closed and {row['open']:,} open",
    }
    if row["status"] != "stated":
        return {
            "zh": f"{opening['zh']}；件数过少，不推算办理时间。",
            "en": f"{opening['en']}; too few to state a time.",
        }
    days = median_of(row)
    share = {one: format_interval(row["share_lower"], row["share_upper"], one) for one in ("zh", "en")}
    within = (
        {"zh": "", "en": ""}
        if np.isnan(row["share"])
        else {
            "zh": f"，{row['within']}天内办结的占{format_percent(row['share'])}（{share['zh']}）",
            "en": f"; {format_percent(row['share'])} ({share['en']}) within {row['within']} days",
        }
    )
    left = {
        "zh": f"另有{row['left_out']}件已办结而办结日期不明，没有计入。" if row["left_out"] else "",
        "en": f" {row['left_out']:,} more were closed on an unknown day and are left out."
        if row["left_out"]
        else "",
    }
    return {
        "zh": f"{opening['zh']}；办结的中位时间为{days['zh']}{within['zh']}。{left['zh']}",
        "en": f"{opening['en']}; half are closed within {days['en']}{within['en']}.{left['en']}",
    }

"""How does the report speak of complaints? Each yearly step with its interval; a trend is said beside it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.names import EXPOSED, denominator_name, level_text
from qstats.report.formats import (
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
    part, silent = ([str(year) for year in years] for years in (assessed.part_years, assessed.silent_years))
    said = {
        "zh": (f"{'、'.join(part)}年的记录不满一年，或其后有缺漏，没有列入逐年比较。" if part else "")
        + (f"{'、'.join(silent)}年没有投诉记录，不当作没有投诉。" if silent else ""),
        "en": (
            f"The register covers {', '.join(part)} in part only, or has a gap after: left out of the comparison of years. "
            if part
            else ""
        )
        + (
            f"No complaints of {', '.join(silent)} are on record, which is not taken for none."
            if silent
            else ""
        ),
    }
    return {one: words.strip() for one, words in said.items()} if part or silent else None


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
    per, sure = denominator_name(assessed.denominator), level_text(assessed.confidence)
    return {
        "zh": f"{year}年受理工程质量投诉{n}件，{per['zh']}{format_number(row['estimate'])}件；如推断一般水平，{sure}置信区间为{limits['zh']}件。",
        "en": f"{n:,} complaints about construction quality were received in {year}: {format_number(row['estimate'])} {per['en']}. As evidence on the underlying rate, the {sure} confidence interval is {limits['en']}.",
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
    if np.isinf(row["change"]):
        clear = {
            "zh": "上升" if row["verdict"] == "rise" else "无显著变化",
            "en": "up" if row["verdict"] == "rise" else "no clear change",
        }
        return {
            "zh": f"{year}年{clear['zh']}（上年没有投诉，{year}年{int(row['n'])}件）",
            "en": f"{year} {clear['en']} (none the year before, {int(row['n']):,} in {year})",
        }
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
    if since is not None and len(judged) and judged["year"].iloc[0] > since:
        return {
            "zh": f"目标“逐年下降”（自{since}年起算）不能判断：缺少{since}年的投诉率，没有起点。",
            "en": f"Target “falls year by year” (from {since}) cannot be judged: there is no rate of {since} to start from.",
        }
    verdict, newest = assess.judge_falling(rates, since), assessed.whole_years[-1]
    if newest < assessed.last_past_year and verdict.startswith("fell"):
        return {
            "zh": f"目标“逐年下降”不能判断：{newest}年以后没有完整的投诉记录；到{newest}年为止逐年下降。",
            "en": f"Target “falls year by year” cannot be judged: no whole year after {newest} is on record; up to {newest} every step fell.",
        }
    return _fall_sentence(verdict, judged)


def _fall_sentence(verdict: str, judged: pd.DataFrame) -> Text:
    steps = judged.iloc[1:]
    rises = [str(int(row.year)) for row in steps.itertuples() if not row.ratio < 1]
    unsure = [str(int(row.year)) for row in steps.itertuples() if row.verdict == "no_clear_change"]
    years = [str(int(judged["year"].iloc[at])) for at in (0, -1)] if len(judged) > 1 else []
    head = {
        "zh": f"目标“逐年下降”（{'—'.join(years) + '年，' if years else ''}每一步都要下降）：",
        "en": f"Target “falls year by year” ({' to '.join(years) + ', ' if years else ''}every step must fall): ",
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
            "zh": "不能判断，不足两年，或有的年份没有投诉率，或相邻两年都没有投诉",
            "en": "cannot be judged: there are fewer than two years, or a year has no rate, or two years have no complaints",
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

"""What does the report say of one target? Its value, how far it is, the verdict or the probability, what is missing.

The verdict on a count, the probability that a level will be reached and that of the true value are sentences
of their own: none of them is taken for another.
"""

import re
from datetime import date

import numpy as np

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.formats import capital, format_count, format_points, join_sentences
from qstats.report.targets.asides import describe_asides
from qstats.report.targets.assessment import Assessment, Pair
from qstats.report.targets.wording import (
    NOTHING,
    say_chance,
    say_day,
    say_deadline,
    say_distance,
    say_level,
    say_limits,
    say_number,
    say_reason,
    say_status,
)
from qstats.target_registry import Target
from qstats.targets import Outlook


def describe_departments(assessed: Assessment) -> list[tuple[Text, list[Text]]]:
    """Each department's name with a paragraph on each of its targets."""
    return [
        (name, [describe_target(one, assessed.confidence, assessed.today) for one in pairs])
        for name, pairs in assessed.by_department
    ]


def describe_target(pair: Pair, confidence: float, today: date) -> Text:
    """The paragraph on one target; what others published later is not in it."""
    target, outlook = pair
    sentences = [
        describe_value(target, outlook, confidence), describe_verdict(target, outlook),
        describe_asides(target, outlook, today),
    ]  # fmt: skip
    return join_sentences([_head(target), *sentences])


def _head(target: Target) -> Text:
    level, when = say_level(target), say_deadline(target)
    return {
        "zh": f"{target.name['zh']}（{target.id}，目标{level['zh']}，{when['zh']}）：",
        "en": f"{target.name['en']} ({target.id}, target: {level['en']}, {when['en']}):",
    }


def describe_value(target: Target, outlook: Outlook, confidence: float) -> Text | None:
    """The newest value and its distance to the level; nothing without a value."""
    if not outlook.has_value or target.kind == "milestone":
        return None
    value = _say_counted(target, outlook, confidence)
    gap = _say_gap(target, outlook)
    return {"zh": f"{value['zh']}{gap['zh']}。", "en": f"{value['en']}{gap['en']}."}


def _say_counted(target: Target, outlook: Outlook, confidence: float) -> Text:
    shown = {one: say_number(target, outlook.value, one) for one in LANGUAGES}
    when = _say_when(target, outlook)
    n = {one: format_count(outlook.n, one) for one in LANGUAGES}
    if outlook.basis == "sample":
        if not np.isfinite(outlook.lower):
            return {"zh": f"{when['zh']}{shown['zh']}", "en": f"{shown['en']} {when['en']}"}
        limits = {one: say_limits(target, outlook.lower, outlook.upper, one) for one in LANGUAGES}
        sure = f"{100 * confidence:g}%"
        return {
            "zh": f"{when['zh']}测得{shown['zh']}（{sure}置信区间{limits['zh']}，{n['zh']}份答卷）",
            "en": f"{shown['en']} measured {when['en']} ({sure} confidence interval {limits['en']}, {n['en']} respondents)",
        }
    of = _say_of(target, n) if outlook.n else NOTHING
    return {"zh": f"{when['zh']}{shown['zh']}{of['zh']}", "en": f"{shown['en']}{of['en']} {when['en']}"}


def _say_when(target: Target, outlook: Outlook) -> Text:
    """Of which day or period a value is."""
    if target.kind == "relative" and target.source == "series":
        return {"zh": f"{outlook.period}年公布", "en": f"as published for {outlook.period}"}
    if target.source in ("satisfaction", "series"):
        return {
            "zh": f"{outlook.period}年调查" if outlook.period.isdecimal() else f"{outlook.period}调查",
            "en": f"in the survey of {outlook.period}",
        }
    if outlook.day is None:
        return NOTHING
    day = say_day(outlook.day)
    if (
        target.measure in ("first_time_rate", "dwelling_rate", "complaint_rate", "year_holders")
        or target.annual
    ):
        whole = outlook.day.month == 12 and outlook.day.day == 31
        year = outlook.day.year
        return (
            {"zh": f"{year}年", "en": f"in {year}"}
            if whole
            else {
                "zh": f"{year}年截至{outlook.day.month}月{outlook.day.day}日",
                "en": f"in {year} up to {day['en']}",
            }
        )
    if target.kind == "cumulative":
        return {"zh": f"截至{day['zh']}累计", "en": f"in all by {day['en']}"}
    if target.kind == "relative" and not target.denominator:
        return {"zh": f"截至{day['zh']}共", "en": f"in all by {day['en']}"}
    return (
        {"zh": f"{day['zh']}{'在册' if target.kind == 'count' else '有效'}", "en": f"valid on {day['en']}"}
        if not target.denominator
        else {"zh": f"{day['zh']}为", "en": f"on {day['en']}"}
    )


def _say_of(target: Target, n: Text) -> Text:
    """What a rate is counted over."""
    names: dict[str, Text] = {
        "first_time_rate": {"zh": "（{n}项工程）", "en": " of {n} projects"},
        "dwelling_rate": {"zh": "（{n}户）", "en": " of {n} dwellings"},
        "complaint_rate": {"zh": "（{n}件投诉）", "en": " ({n} complaints)"},
    }
    if target.measure not in names:
        of = text("denominator", target.denominator)
        if unit := re.search("（(.+)）$", of["zh"]):  # a label with its unit: 农业生产面积（万亩）
            counted = of["zh"].removesuffix(unit[0]) + n["zh"] + unit[1]
            return {"zh": f"（{counted}）", "en": f" ({of['en']}: {n['en']})"}
        return {"zh": f"（{of['zh']}{n['zh']}）", "en": f" ({of['en']}: {n['en']})"}
    said = names[target.measure]
    return {one: said[one].format(n=n[one]) for one in LANGUAGES}


def _say_gap(target: Target, outlook: Outlook) -> Text:
    if target.level is None:
        return _say_beside_peer(outlook)
    if target.reached(outlook.value):
        return {"zh": "，不低于目标", "en": ", not below the target"} if outlook.status != "met" else NOTHING
    size = {one: say_distance(target, outlook.distance, one) for one in LANGUAGES}
    if target.comparison == ">" and outlook.distance <= 0:
        return {"zh": "，须超过这一数值", "en": ", which has to be exceeded"}
    less = "少" if target.unit in ("count", "ten_thousand_mu") else "低"
    return {"zh": f"，比目标{less}{size['zh']}", "en": f", {size['en']} short"}


def _say_beside_peer(outlook: Outlook) -> Text:
    """Distance to a published figure of the province on the same basis."""
    if outlook.reason != "mean_only":
        return NOTHING
    points = format_points(-outlook.distance)
    return {
        "zh": f"，与全省同口径数值相差{points}个百分点",
        "en": f", {points} points beside the provincial figure on the same basis",
    }


def describe_verdict(target: Target, outlook: Outlook) -> Text:
    """Met, missed, how probable, or why none of it."""
    if outlook.status == "met":
        if target.kind == "milestone" and outlook.day:
            day = say_day(outlook.day)
            return {"zh": f"{day['zh']}完成，已达到。", "en": f"Done on {day['en']}: met."}
        return _of_year(target, outlook, {"zh": "目标已达到。", "en": "The target{of} is met."})
    if outlook.status == "missed":
        return _of_year(target, outlook, {"zh": "目标未达到。", "en": "The target{of} is missed."})
    if np.isfinite(outlook.probability):
        return _say_projection(target, outlook)
    status = say_status(outlook)
    reason = NOTHING if outlook.reason == "no_data" else say_reason(outlook)
    return {
        "zh": f"{status['zh']}：{reason['zh']}。" if reason["zh"] else f"{status['zh']}。",
        "en": capital(f"{status['en']}: {reason['en']}." if reason["en"] else f"{status['en']}."),
    }


def _of_year(target: Target, outlook: Outlook, said: Text) -> Text:
    """A verdict; of an annual target, with its year."""
    if target.comparison == "falls" and target.since and outlook.day:
        begin, end = target.since.year, outlook.day.year
        return {
            "zh": f"以{begin}年为起点、到{end}年逐年下降的{said['zh']}",
            "en": said["en"].format(of=f" of a fall in every year after {begin}, up to {end},"),
        }
    if not target.annual or outlook.day is None:
        return {"zh": said["zh"], "en": said["en"].format(of="")}
    year = outlook.day.year
    return {"zh": f"{year}年的{said['zh']}", "en": said["en"].format(of=f" of {year}")}


def _say_projection(target: Target, outlook: Outlook) -> Text:
    chance, status = say_chance(outlook.probability), say_status(outlook)
    if outlook.is_past:
        measured = outlook.probability_reported >= 1
        return {
            "zh": f"{status['zh']}：实际水平达到目标的概率{chance['zh']}，测得值{'已' if measured else '未'}达到目标。",
            "en": f"{status['en']}: the true value reaches the target with a probability {chance['en']}, and the figure as measured {'does' if measured else 'does not'}.",
        }
    when = (
        say_deadline(target)
        if not target.annual
        else {
            "zh": f"到{outlook.day.year if outlook.day else ''}年底",
            "en": f"by the end of {outlook.day.year if outlook.day else ''}",
        }
    )
    expected, pace = _say_expected(target, outlook), _say_pace(target, outlook)
    return {
        "zh": f"按现有数据推算，{when['zh']}达到目标的概率{chance['zh']}{expected['zh']}，{status['zh']}。{pace['zh']}",
        "en": f"{status['en']}: on present evidence the target is met {when['en']} with a probability {chance['en']}{expected['en']}. {pace['en']}",
    }


def _say_expected(target: Target, outlook: Outlook) -> Text:
    if not np.isfinite(outlook.expected_lower):
        return NOTHING
    limits = {
        one: say_limits(target, outlook.expected_lower, outlook.expected_upper, one) for one in LANGUAGES
    }
    return {"zh": f"（届时{limits['zh']}）", "en": f" ({limits['en']} expected)"}


def _say_pace(target: Target, outlook: Outlook) -> Text:
    if (
        not np.isfinite(outlook.recent_pace)
        or not np.isfinite(outlook.needed_pace)
        or outlook.needed_pace <= 0
    ):
        return NOTHING
    recent, needed = (
        {one: say_distance(target, pace, one) for one in LANGUAGES}
        for pace in (outlook.recent_pace, outlook.needed_pace)
    )
    moved = {
        "zh": "增加" if outlook.recent_pace >= 0 else "减少",
        "en": "up" if outlook.recent_pace >= 0 else "down",
    }
    return {
        "zh": f"近一年{moved['zh']}{recent['zh']}，按期达到须以每年{needed['zh']}的速度增加。",
        "en": f"{capital(moved['en'])} {recent['en']} over the last year; to arrive in time it takes {needed['en']} a year.",
    }

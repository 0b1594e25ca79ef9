"""In which words does the report give a target's level, its value, its probability and its status?"""

from datetime import date

import numpy as np

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.formats import format_count, format_interval, format_number, format_percent
from qstats.target_registry import Target
from qstats.targets import Outlook

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
NOTHING: Text = {"zh": "", "en": ""}
_WITHOUT_LEVEL: dict[str, Text] = {
    "T01": {"zh": "全省先进水平", "en": "advanced in the province"},
    "T02": {"zh": "全省先进水平", "en": "advanced in the province"},
    "T03": {"zh": "全省前列", "en": "among the first in the province"},
    "T39": {"zh": "国内先进水平", "en": "nationally advanced"},
}
_BY_COMPARISON: dict[str, Text] = {
    "falls": {"zh": "逐年下降", "en": "falls every year"},
    "rises": {"zh": "提高", "en": "rises"},
    "by": {"zh": "完成", "en": "done"},
}


def say_day(day: date) -> Text:
    """A day in a sentence."""
    return {
        "zh": f"{day.year}年{day.month}月{day.day}日",
        "en": f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    }


def say_number(target: Target, value: float, language: str) -> str:
    """A value in the unit of the target: ``116``, ``98.2%``, ``81.2``, ``212.5万亩``."""
    if target.unit == "proportion":
        return format_percent(value)
    if target.unit == "count":
        return format_count(value, language) + (target.counter if language == "zh" else "")
    if target.unit == "ten_thousand_mu" and language == "en":
        return f"{format_count(10_000 * round(value, 1), language)} mu"
    return f"{format_number(value, language)}{_unit(target)[language]}"


def _unit(target: Target) -> Text:
    return {
        "points": {"zh": "分", "en": " points"},
        "rate_per_1000": {"zh": "件/千户", "en": " per 1,000"},
        "ten_thousand_mu": {"zh": "万亩", "en": ""},
    }.get(target.unit, NOTHING)


def say_level(target: Target) -> Text:
    """What is aimed at, as a table has it: ``≥150``, ``>35%``, ``每年≥10``, ``逐年下降``."""
    if target.level is None:
        return _WITHOUT_LEVEL.get(target.id) or _say_direction(target)
    sign = (
        ""
        if target.comparison == "=" or (target.unit == "proportion" and target.level >= 1)
        else target.comparison
    )
    numbers = {one: _say_declared(target, one) for one in LANGUAGES}
    made = {one: f"{sign.replace('>=', '≥')}{numbers[one]}" for one in LANGUAGES}
    return {"zh": f"每年{made['zh']}", "en": f"{made['en']} a year"} if target.annual else made


def _say_direction(target: Target) -> Text:
    said = _BY_COMPARISON[target.comparison]
    if target.comparison == "rises" and target.word:
        return {"zh": target.word, "en": "clearly rises"}
    return said


def _say_declared(target: Target, language: str) -> str:
    """A declared level without decimals that nobody declared."""
    level = float(target.level or 0)
    if target.unit == "proportion":
        return f"{100 * level:.10g}%"
    if target.unit == "ten_thousand_mu":
        return f"{level:.10g}万亩" if language == "zh" else f"{10_000 * level:,.0f} mu"
    if target.unit == "points":
        return f"{level:.10g}分" if language == "zh" else f"{level:.10g} points"
    return say_number(target, level, language)


def say_value(target: Target, outlook: Outlook) -> Text:
    """The newest value, a sampled one with its interval."""
    if target.kind == "milestone":
        return _say_step(outlook)
    if not outlook.has_value:
        return {"zh": "—", "en": "—"}
    said = {one: say_number(target, outlook.value, one) for one in LANGUAGES}
    if not np.isfinite(outlook.lower):
        return said
    limits = {one: say_limits(target, outlook.lower, outlook.upper, one) for one in LANGUAGES}
    return {"zh": f"{said['zh']}（{limits['zh']}）", "en": f"{said['en']} ({limits['en']})"}


def _say_step(outlook: Outlook) -> Text:
    if not outlook.has_value:
        return {"zh": "—", "en": "—"}
    if outlook.value >= 1 and outlook.day:
        day = say_day(outlook.day)
        return {"zh": f"{day['zh']}完成", "en": f"done on {day['en']}"}
    return {"zh": "没有记录", "en": "not on record"}


def say_limits(target: Target, lower: float, upper: float, language: str) -> str:
    """Limits in the unit of the target."""
    if target.unit == "ten_thousand_mu" and language == "en":
        low, high = (10_000 * round(one, 1) for one in (lower, upper))
        return format_interval(low, high, language, unit="whole")
    unit = {"proportion": "percent", "count": "whole"}.get(target.unit, "number")
    return format_interval(lower, upper, language, unit=unit)


def say_distance(target: Target, distance: float, language: str) -> str:
    """A difference from the level, without sign: ``14``, ``1.2个百分点``, ``0.8分``."""
    size = abs(distance)
    if target.unit == "proportion":
        shown = format_number(100 * size)
        return f"{shown}个百分点" if language == "zh" else f"{shown} percentage points"
    return say_number(target, size, language)


def say_probability(probability: float) -> str:
    """A probability in whole per cent; near certainty is never printed as certainty."""
    if np.isnan(probability):
        return "—"
    if probability < 0.01:
        return "<1%"
    return ">99%" if probability > 0.99 else f"{100 * probability:.0f}%"


def say_chance(probability: float) -> Text:
    """A probability in a sentence: of about 68 %, above 99 %, below 1 %."""
    if probability < 0.01:
        return {"zh": "不足1%", "en": "below 1%"}
    if probability > 0.99:
        return {"zh": "超过99%", "en": "above 99%"}
    return {"zh": f"约为{100 * probability:.0f}%", "en": f"of about {100 * probability:.0f}%"}


def say_status(outlook: Outlook) -> Text:
    """Status in words; a sampled value after its deadline was probably reached, or not."""
    past = outlook.is_past and outlook.status in ("on_course", "at_risk", "off_course")
    return text("target_status_past" if past else "target_status", outlook.status)


def say_deadline(target: Target) -> Text:
    """By when: ``到2015年底``, each year, or without a deadline."""
    if target.annual:
        return {"zh": "逐年", "en": "each year"}
    if target.deadline is None:
        return {"zh": "没有期限", "en": "no deadline"}
    year = target.deadline.year
    return {"zh": f"到{year}年底", "en": f"by the end of {year}"}


def say_reason(outlook: Outlook) -> Text:
    """Why no verdict or probability is given; empty texts where there is one."""
    return text("target_reason", outlook.reason) if outlook.reason else NOTHING

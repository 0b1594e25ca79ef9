"""How are figures on satisfaction written? Points are not per cent, so each carries its unit; intervals say what they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from qstats.codebook import LANGUAGES, Text
from qstats.report.formats import format_interval, format_number, format_percent, format_signed


def say_value(value: float, measure: str, language: str) -> str:
    """A figure with its unit: ``82.7分``, ``82.7 points``, ``88.3%``."""
    if measure == "share":
        return format_percent(value, language)
    return f"{format_number(value, language)}{'分' if language == 'zh' else ' points'}"


def say_limits(row: Mapping[str, Any], measure: str, language: str) -> str:
    """Limits of a figure with their unit in Chinese: ``81.9～83.8分``; ``81.9 to 83.8``."""
    limits = format_interval(
        row["lower"], row["upper"], language, unit="percent" if measure == "share" else "number"
    )
    return limits + {"share": "%"}.get(measure, "分") if language == "zh" else limits


def say_figure(row: Mapping[str, Any], measure: str, language: str, level: str = "") -> str:
    """A figure with its interval; with ``level`` (``95%``) the interval is called by its name."""
    value, limits = say_value(row["estimate"], measure, language), say_limits(row, measure, language)
    if language == "zh":
        return f"{value}（{f'{level}置信区间' if level else ''}{limits}）"
    return f"{value} ({f'{level} confidence interval ' if level else ''}{limits})"


def say_change(row: Mapping[str, Any], language: str, level: str = "") -> str:
    """A change in points: a direction only where the interval excludes 0."""
    low, high, change = row["change_lower"], row["change_upper"], row["change"]
    named = (f"{level}置信区间" if language == "zh" else f"{level} confidence interval ") if level else ""
    if low <= 0 <= high:
        limits = format_interval(low, high, language, unit="signed")
        if language == "zh":
            return f"无显著变化（相差{format_signed(change)}分，{named}{limits}分）"
        return f"no clear change ({format_signed(change)} points, {named}{limits})"
    nearest, farthest = sorted((abs(low), abs(high)))
    limits = format_interval(nearest, farthest, language, unit="number")
    size = format_number(abs(change))
    if language == "zh":
        return f"{'提高' if change > 0 else '下降'}{size}分（{named}{limits}分）"
    return f"{'up' if change > 0 else 'down'} {size} points ({named}{limits})"


def say_list(names: Sequence[Text]) -> Text:
    """Names one after the other: ``甲、乙和丙``; ``a, b and c``."""
    if len(names) == 1:
        return dict(names[0])
    zh, en = ([name[one] for name in names] for one in LANGUAGES)
    return {"zh": f"{'、'.join(zh[:-1])}和{zh[-1]}", "en": f"{', '.join(en[:-1])} and {en[-1]}"}


def plain(*parts: Text) -> Text:
    """Sentences one after the other; English ones with a space between them."""
    told = [part for part in parts if part["zh"]]
    return {"zh": "".join(part["zh"] for part in told), "en": " ".join(part["en"] for part in told)}


NOTHING: Text = {"zh": "", "en": ""}

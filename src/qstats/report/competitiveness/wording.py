"""In which words and numbers are scores, indicators and their changes told?"""

from typing import Any

import numpy as np

from qstats.codebook import LANGUAGES, Text
from qstats.report.formats import format_count, format_interval, format_number, format_percent, format_signed

_POINTS: Text = {"zh": "分", "en": " points"}
_DECIMALS = {"ratio": 2, "per_million": 4, "hundred_million_yuan": 2}
_MEASURES: dict[str, Text] = {
    "per_100": {"zh": "件/百家", "en": " per 100 enterprises"},
    "per_1000": {"zh": "件/千套", "en": " per 1,000 dwellings"},
    "points": {"zh": "分", "en": " points"},
    "ratio": {"zh": "", "en": ""},
    "per_million": {"zh": "件/百万元", "en": " per million yuan"},
    "hundred_million_yuan": {"zh": "亿元", "en": " × 100 million yuan"},
}


def low(words: str) -> str:
    """A label inside a sentence; names that are written in capitals stay."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def say_score(score: float, language: str) -> str:
    """A score with one decimal and its unit."""
    return format_number(score, language) + _POINTS[language]


def say_limits(row: dict[str, Any], language: str, level: str) -> str:
    """Confidence interval of a score in brackets."""
    between = format_interval(row["lower"], row["upper"], language, unit="number")
    return (
        f"（{level}置信区间{between}）" if language == "zh" else f" ({level} confidence interval {between})"
    )


def say_change(row: dict[str, Any], level: str, against: Text) -> Text:
    """A change with its interval, or that there is no clear one."""
    change, limits = {}, {}
    for one in LANGUAGES:
        change[one] = format_signed(row["change"], one)
        limits[one] = format_interval(row["lower"], row["upper"], one, unit="signed")
    verb = {"rise": ("提高", "up"), "fall": ("降低", "down")}.get(row["verdict"])
    size = {one: format_number(abs(row["change"]), one) for one in LANGUAGES}
    if verb:
        return {
            "zh": f"比{against['zh']}{verb[0]}{size['zh']}分（{level}置信区间{limits['zh']}分）",
            "en": f"{verb[1]} {size['en']} points on {against['en']} ({level} confidence interval {limits['en']})",
        }
    return {
        "zh": f"与{against['zh']}相比变化不显著（相差{change['zh']}分，{level}置信区间{limits['zh']}分）",
        "en": f"no clear change on {against['en']} ({change['en']} points, {level} confidence interval {limits['en']})",
    }


def say_value(value: float, unit: str) -> Text:
    """A measured value in its unit; a dash where there is none."""
    if not np.isfinite(value):
        return dict.fromkeys(LANGUAGES, "—")
    if unit == "proportion":
        return {one: format_percent(value, one) for one in LANGUAGES}
    decimals = _DECIMALS.get(unit, 1)
    return {one: format_number(value, one, decimals=decimals) + _MEASURES[unit][one] for one in LANGUAGES}


def say_between(lower: float, upper: float, unit: str) -> Text:
    """Two ends in the unit of a value that stands beside them, the unit left out."""
    if unit == "proportion":
        return {one: format_interval(lower, upper, one, unit="percent") for one in LANGUAGES}
    decimals = _DECIMALS.get(unit, 1)
    ends = {one: [format_number(end, one, decimals=decimals) for end in (lower, upper)] for one in LANGUAGES}
    return {"zh": "～".join(ends["zh"]), "en": " to ".join(ends["en"])}


def say_ranks(low: int, high: int) -> Text:
    """A set of ranks."""
    said = f"{low}" if low == high else f"{low}–{high}"
    return dict.fromkeys(LANGUAGES, said)


def say_range(low: int, high: int) -> Text:
    """Ranks over choices of method: one rank throughout is no rank that was found."""
    if low == high:
        return {"zh": f"总为{low}", "en": f"always {low}"}
    return say_ranks(low, high)


def say_count(value: float) -> Text:
    """A size of sample; a dash where there is none."""
    return {one: format_count(value, one) if np.isfinite(value) else "—" for one in LANGUAGES}

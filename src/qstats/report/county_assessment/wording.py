"""In which words are grades, points and their reasons told?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.county_assessment.assessment import Assessment
from qstats.report.formats import format_count, format_interval, format_number, format_percent

_RATES = ("pass_rate", "rectified_rate", "first_time_rate", "dwelling_rate")
_SCORES = ("producer_score", "consumer_score")


def say_grade(grade: str | None) -> Text:
    """A grade with its word; a dash without one."""
    if not grade:
        return dict.fromkeys(LANGUAGES, "—")
    word = text("assessment_grade", grade)
    return {"zh": f"{grade}（{word['zh']}）", "en": f"{grade} ({word['en'].lower()})"}


def say_points(points: float, language: str) -> str:
    """Points with one decimal."""
    return format_number(points, language) if np.isfinite(points) else "—"


def say_grades(best: str | None, worst: str | None) -> Text:
    """Grades that are left open, from the better to the worse."""
    if not best or not worst:
        return dict.fromkeys(LANGUAGES, "—")
    return dict.fromkeys(LANGUAGES, best if best == worst else f"{best}–{worst}")


def say_value(row: pd.Series) -> Text:
    """What an item was scored by, with its limits where it is a sample."""
    value, measure = float(row["value"]), row["measure"]
    if not np.isfinite(value):
        return dict.fromkeys(LANGUAGES, "—")
    if measure in _RATES:
        said = {one: format_percent(value, one) for one in LANGUAGES}
    elif measure in _SCORES:
        said = {"zh": f"{format_number(value, 'zh')}分", "en": f"{format_number(value, 'en')} points"}
    else:
        said = {one: format_count(value, one) for one in LANGUAGES}
    if row["basis"] != "sample":
        return said
    unit = "percent" if measure in _RATES else "number"
    limits = {one: format_interval(row["lower"], row["upper"], one, unit=unit) for one in LANGUAGES}
    return {"zh": f"{said['zh']}（{limits['zh']}）", "en": f"{said['en']} ({limits['en']})"}


def list_counties(assessed: Assessment, codes: Sequence[str]) -> Text:
    """Counties by name."""
    return {
        "zh": "、".join(assessed.names[code]["zh"] for code in codes),
        "en": ", ".join(assessed.names[code]["en"] for code in codes),
    }

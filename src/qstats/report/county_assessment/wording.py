"""In which words are grades, points and their reasons told?"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.county_assessment import INCIDENT_FILE
from qstats.report.county_assessment.assessment import Assessment
from qstats.report.formats import (
    decimals_apart,
    format_count,
    format_interval,
    format_number,
    format_percent,
)

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


def say_total(assessed: Assessment, points: float, language: str) -> str:
    """A total, never rounded to the limit of a grade that it misses."""
    if not np.isfinite(points):
        return say_points(points, language)
    return format_number(points, language, decimals=decimals_apart(points, below=assessed.limits))


def say_vetoes(assessed: Assessment, county: str) -> Text:
    """What decided the grade of a county, inside a sentence."""
    labels = assessed.vetoes_of(county)
    return join_labels([{"zh": one["zh"], "en": one["en"][:1].lower() + one["en"][1:]} for one in labels])


def say_incidents(assessed: Assessment, county: str) -> Text:
    """Which incidents decided the grade of a county: number, day and line of each."""
    found = [(row["incident_id"], row["occurred_on"], row["source_row"])
             for row in assessed.incidents_behind_veto(county)]  # fmt: skip
    said = join_labels([
        {
            "zh": f"{number}（{day.year}年{day.month}月{day.day}日，{INCIDENT_FILE}第{line}行）",
            "en": f"{number} ({day.day} {day:%B %Y}; {INCIDENT_FILE}, line {line})",
        }
        for number, day, line in found
    ])  # fmt: skip
    noun = "Incident" if len(found) == 1 else "Incidents"
    return {"zh": f"否决所依据的事件：{said['zh']}。", "en": f"{noun} behind the veto: {said['en']}."}


def say_counting(assessed: Assessment) -> list[Text]:
    """By which rules the entries of registers are counted, for those that the scheme measures."""
    day = assessed.now.cards.window[1]
    rules: dict[str, Text] = {
        "chief_quality_officers": {
            "zh": f"首席质量官：计{day.year}年{day.month}月{day.day}日在任的，每人计一次，任期重叠的不重复计；已到期、已撤销的，以及载明期限而日期无法辨认的不计。",
            "en": f"Chief quality officers: those in office on {day.day} {day:%B %Y}, each once even where terms overlap; a term that is over, withdrawn, or whose stated end cannot be read does not count.",
        },
        "new_brands": {
            "zh": "新增名牌与著名商标：计本考核年度首次获得的，续展不计。",
            "en": "New brands and trade marks: those first awarded in the assessment year; renewals do not count.",
        },
    }  # fmt: skip
    measures = {getattr(one, "measure", None) for one in assessed.scheme.everything}
    return [rule for measure, rule in rules.items() if measure in measures]


def say_items(assessed: Assessment, points: Iterable[tuple[str, float]]) -> Text:
    """Items with points, one behind the other."""
    said = [(assessed.label(code), value) for code, value in points]
    return join_labels([
        {"zh": f"{item['zh']}{say_points(value, 'zh')}分", "en": f"{item['en']} {say_points(value, 'en')}"}
        for item, value in said
    ])  # fmt: skip


def say_base_scores(items: Text) -> Text:
    """Which items earned base scores only, apart from what was lost."""
    return {
        "zh": f"没有数据或数据太少，只给基本分，不算失分：{items['zh']}。",
        "en": f"Not counted as lost, since data are missing or too few and a base score stands in: {items['en']}.",
    }


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


def say_without_total(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """Why a county has no total, and which grade a veto gives it all the same."""
    missing = join_labels([assessed.label(code) for code in str(row["missing"]).split(",")])
    if not row["vetoed"]:
        return {
            "zh": f"没有总分，不评等级：{missing['zh']}缺少数据，又没有基本分",
            "en": f"no total and no grade (neither data nor a base score for {missing['en']})",
        }
    grade, vetoes = say_grade(row["grade"]), say_vetoes(assessed, row["county_code"])
    return {
        "zh": f"没有总分：{missing['zh']}缺少数据，又没有基本分；一票否决（{vetoes['zh']}），等级为{grade['zh']}",
        "en": f"no total (neither data nor a base score for {missing['en']}); grade {grade['en']} by veto ({vetoes['en']})",
    }


def join_labels(labels: Sequence[Text], between: str = "; ") -> Text:
    """Labels one behind the other; in English commas stand inside some."""
    return {"zh": "、".join(one["zh"] for one in labels), "en": between.join(one["en"] for one in labels)}


def mark_names(assessed: Assessment) -> dict[str, Text]:
    """Counties by code, with an asterisk where a veto decided the grade."""
    return {
        code: {one: name[one] + ("*" if assessed.by_county[code]["vetoed"] else "") for one in LANGUAGES}
        for code, name in assessed.names.items()
    }


def list_marked(assessed: Assessment, codes: Sequence[str]) -> Text:
    """Counties by name, with the mark of a veto."""
    names = mark_names(assessed)
    return join_labels([names[code] for code in codes], ", ")


def list_counties(assessed: Assessment, codes: Sequence[str]) -> Text:
    """Counties by name."""
    return join_labels([assessed.names[code] for code in codes], ", ")

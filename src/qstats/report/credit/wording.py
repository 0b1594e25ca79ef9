"""In which words are grades, groups of grades and days named?"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np

from qstats.codebook import LANGUAGES, Text
from qstats.report.credit.assessment import Assessment, SchemeGrades
from qstats.report.formats import format_count, format_interval, format_percent
from qstats.report.targets.wording import say_day

Course = Literal["rises", "falls", "unclear", "unknown"]
_CLEAR = 0.05

NO_RECORDS: Text = {
    "zh": "没有收到任何部门的企业记录，不评质量信用等级；抽查不合格本身不足以评定等级。",
    "en": "No department sent records of enterprises: no credit is graded, as failed sampling alone does not make a grade.",
}


_NO_GRADES: Text = {
    "zh": "部门记录中没有可以评定等级的企业：记录没有日期、晚于本期，或者企业均已注销。",
    "en": "No enterprise on record can be graded: records have no day or are later than the period, or all are cancelled.",
}


def say_nothing(assessed: Assessment) -> Text:
    """Why there is no grade at all."""
    return _NO_GRADES if assessed.records else NO_RECORDS


def say_group(group: Sequence[str]) -> Text:
    """Grades that are published together: ``C、D`` or ``C and D``."""
    return {"zh": "、".join(group), "en": " and ".join(group)}


def say_when(day: date) -> Text:
    """A day in a sentence."""
    return say_day(day)


def say_counts(one: SchemeGrades) -> Text:
    """Enterprises by grade with their shares."""
    parts: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for group in one.groups:
        label, meaning = say_group(group), one.meaning(group)
        n = {language: format_count(one.now[group], language) for language in LANGUAGES}
        share = format_percent(one.share(group))
        parts["zh"].append(f"{label['zh']}（{meaning['zh']}）{n['zh']}家，占{share}")
        parts["en"].append(f"{label['en']} ({meaning['en']}) {n['en']}, {share}")
    return {"zh": "；".join(parts["zh"]), "en": "; ".join(parts["en"])}


def say_rate(assessed: Assessment, row: dict[str, object]) -> Text:
    """Failure rate of a group of grades with its limits and sizes."""
    lower, upper = float(str(row["lower"])), float(str(row["upper"]))
    limits = {one: format_interval(lower, upper, one) for one in LANGUAGES}
    rate = format_percent(float(str(row["estimate"])))
    label = say_group(str(row["grades"]).split("+"))
    n = {one: format_count(float(str(row["n"])), one) for one in LANGUAGES}
    return {
        "zh": f"{label['zh']}级{rate}（{limits['zh']}%，{n['zh']}批次）",
        "en": f"{label['en']} {rate} ({limits['en']}%, {n['en']} batches)",
    }


def known_rates(one: SchemeGrades) -> list[dict[str, object]]:
    """Groups with a rate, best first."""
    rates = one.prediction.rates
    return [
        {str(key): value for key, value in row.items()}
        for row in rates[rates["estimate"].notna()].to_dict("records")
    ]


def judge_course(one: SchemeGrades) -> Course:
    """Where failures go as grades get worse, by the trend test."""
    trend = one.prediction.trend
    if not np.isfinite(trend.p):
        return "unknown"
    if trend.p >= _CLEAR:
        return "unclear"
    return "rises" if trend.slope > 0 else "falls"

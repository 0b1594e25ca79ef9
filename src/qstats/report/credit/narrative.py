"""What does the first screen say of credit? Grades by scheme, whether they predict failures, what moved."""

import numpy as np

from qstats.codebook import LANGUAGES, Text
from qstats.report.credit.assessment import Assessment, SchemeGrades
from qstats.report.credit.wording import (
    judge_course,
    known_rates,
    say_counts,
    say_group,
    say_nothing,
    say_rate,
    say_when,
)
from qstats.report.formats import (
    format_coefficient,
    format_count,
    format_interval,
    format_p_value,
    format_points,
    join_sentences,
)


def main_points(assessed: Assessment) -> list[Text]:
    """At most six points."""
    if not assessed.schemes:
        return [say_nothing(assessed)]
    levels = [describe_grades(assessed, one) for one in assessed.schemes]
    return [
        *levels,
        *(describe_prediction(assessed, one) for one in assessed.schemes),
        _describe_letters(assessed),
    ][:6]


def describe_grades(assessed: Assessment, one: SchemeGrades) -> Text:
    """Enterprises by grade, and how the share of the worst grades changed: a complete count."""
    counts, when = say_counts(one), say_when(assessed.on)
    n = {language: format_count(one.total, language) for language in LANGUAGES}
    head: Text = {
        "zh": f"{when['zh']}，按{one.scheme.short.zh}评定{assessed.place['zh']}企业{n['zh']}家：{counts['zh']}。",
        "en": f"On {when['en']} {n['en']} enterprises of {assessed.place['en']} had a grade by {one.scheme.short.en}: {counts['en']}.",
    }
    return join_sentences([head, _describe_change(one)])


def _describe_change(one: SchemeGrades) -> Text:
    if not one.total_before:
        return {"zh": "上年没有可比的等级。", "en": "There are no grades of a year earlier."}
    worst = one.groups[-1]
    label, change = say_group(worst), one.share(worst) - one.share(worst, before=True)
    size = format_points(abs(change)).lstrip("+")
    if float(size) == 0:
        return {
            "zh": f"{label['zh']}级占比与上年同日持平（全数统计）。",
            "en": f"The share of {label['en']} is the same as a year earlier (a complete count).",
        }
    word = ("提高", "up") if change > 0 else ("降低", "down")
    return {
        "zh": f"{label['zh']}级占比比上年同日{word[0]}{size}个百分点（全数统计）。",
        "en": f"The share of {label['en']} is {word[1]} {size} points on a year earlier (a complete count).",
    }


def describe_prediction(assessed: Assessment, one: SchemeGrades) -> Text:
    """Failures in the year after the grade, by grade; the trend and the area with their limits."""
    rows = known_rates(one)
    if len(rows) < 2:
        return {
            "zh": f"{one.scheme.short.zh}：上年评定等级的企业此后受检太少，不能判断等级是否预示不合格。",
            "en": f"{one.scheme.short.en}: too few of the enterprises graded a year ago were sampled since to tell whether grades foretell failures.",
        }
    rates = [say_rate(assessed, row) for row in rows]
    name: Text = {"zh": f"{one.scheme.short.zh}：", "en": f"{one.scheme.short.en}: "}
    trend, after = (
        _describe_trend(one),
        {
            "zh": f"评定后一年的批次不合格率（{assessed.level}置信区间）：{'；'.join(rate['zh'] for rate in rates)}。",
            "en": f"Failure rates in the year after the grade ({assessed.level} confidence intervals): {'; '.join(rate['en'] for rate in rates)}.",
        },
    )
    head: Text = {language: f"{name[language]}{trend[language]}" for language in LANGUAGES}
    return join_sentences([head, _describe_ends(one), _describe_area(assessed, one), after])


def _describe_trend(one: SchemeGrades) -> Text:
    """Whether failures rise as grades get worse; to stand after the name of the scheme."""
    course = judge_course(one)
    if course == "unknown":
        return {"zh": "不足以检验趋势。", "en": "there is too little to test a trend."}
    p = {language: format_p_value(one.prediction.trend.p, language) for language in LANGUAGES}
    zh, en = f"（趋势检验p值{p['zh']}）", f"(trend test, p-value {p['en']})"
    if course == "unclear":
        return {
            "zh": f"不合格率随等级变化的趋势不显著{zh}。",
            "en": f"there is no clear trend of failures over grades {en}.",
        }
    if course == "falls":
        return {
            "zh": f"不合格率随等级变差反而下降{zh}。",
            "en": f"failure rates fall with worse grades {en}.",
        }
    but = (
        ("", "")
        if one.prediction.ordered
        else ("，但不是逐级上升", ", though not from each grade to the next")
    )
    return {
        "zh": f"不合格率随等级变差而上升{zh}{but[0]}。",
        "en": f"failure rates rise with worse grades {en}{but[1]}.",
    }


def _describe_area(assessed: Assessment, one: SchemeGrades) -> Text:
    """How well the grade tells failures from passes, and how well the score before vetoes does."""
    area, score = one.prediction.area, one.prediction.score_area
    if not np.isfinite(area.lower) or not np.isfinite(score.lower):
        return {
            "zh": "不合格批次太少，不计算区分度。",
            "en": "Too few batches failed to state how well grades discriminate.",
        }
    verdict: Text = (
        {"zh": "优于随机（0.50）", "en": "better than chance (0.50)"}
        if float(format_coefficient(area.lower)) > 0.5
        else {"zh": "不能说优于随机（0.50）", "en": "not clearly better than chance (0.50)"}
    )
    figure, gini, other = (
        format_coefficient(one) for one in (area.estimate, 2 * area.estimate - 1, score.estimate)
    )
    limits, others = (
        {one: format_interval(found.lower, found.upper, one, unit="coefficient") for one in LANGUAGES}
        for found in (area, score)
    )
    return {
        "zh": f"等级对不合格的区分度（AUC）为{figure}（{assessed.level}置信区间{limits['zh']}；基尼系数{gini}），{verdict['zh']}；否决以前的得分为{other}（{others['zh']}）。",
        "en": f"Grades tell failures from passes with an area under the curve of {figure} ({assessed.level} interval {limits['en']}; Gini {gini}), {verdict['en']}; the score before vetoes with {other} ({others['en']}).",
    }


def _describe_ends(one: SchemeGrades) -> Text | None:
    """That the worst grade did not fail more often than the best, where it is so."""
    best, *_, worst = known_rates(one)
    if float(str(worst["estimate"])) > float(str(best["estimate"])):
        return None
    names = [say_group(str(row["grades"]).split("+")) for row in (worst, best)]
    return {
        "zh": f"最差的{names[0]['zh']}级的不合格率不高于最好的{names[1]['zh']}级。",
        "en": f"The worst grade, {names[0]['en']}, failed no more often than the best, {names[1]['en']}.",
    }


def _describe_letters(assessed: Assessment) -> Text:
    """Hidden cells and, with two schemes, letters with two meanings."""
    hidden = format_count(assessed.published.hidden if assessed.published else 0, "zh")
    least = assessed.rule.minimum_enterprises
    letters: Text = {
        "zh": "各办法共用字母而含义不同，等级须与办法名称一并引用。" if len(assessed.schemes) > 1 else "",
        "en": "The schemes share letters with different meanings: a grade is to be quoted with its scheme."
        if len(assessed.schemes) > 1
        else "",
    }
    return join_sentences([letters if letters["zh"] else None, {
        "zh": f"本页只列家数，不列企业名称；表中不足{least}家的格和为防推算而并隐的格共{hidden}个不公布。",
        "en": f"This page gives counts and names no enterprise; {hidden} cells of its tables are not published: those with fewer than {least} enterprises, and those that would give them away.",
    }])  # fmt: skip

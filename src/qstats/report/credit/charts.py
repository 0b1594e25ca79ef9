"""Which charts does credit have? Shares of grades in two years, failure rates in the year after the grade."""

import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.report.credit.assessment import Assessment, SchemeGrades
from qstats.report.credit.wording import (
    judge_course,
    known_rates,
    say_counts,
    say_group,
    say_nothing,
    say_rate,
)
from qstats.report.display import Display, show_figure, show_text
from qstats.report.figures.grades import plot_grade_shares
from qstats.report.figures.groups import plot_rates_by_group
from qstats.report.formats import format_percent

_SOURCE: Text = {
    "zh": "各部门企业记录与抽查批次，关联后评定；各办法的字母含义不同",
    "en": "Records of departments and batches sampled, linked and graded; letters of the schemes differ in meaning",
}


def chart_shares(assessed: Assessment) -> Display:
    """Shares of grades by scheme, a year ago and now."""
    if not assessed.schemes:
        return show_text(say_nothing(assessed), style="note", instead_of="credit_shares")
    rows = [
        {f"bar_{lang}": f"{one.scheme.short.text[lang]} {day.year}" for lang in LANGUAGES}
        | {"grade": "+".join(group), "place": place, "share": one.share(group, before=before)}
        | {"n": one.total_before if before else one.total}
        for one in assessed.schemes
        for before, day in ((True, assessed.before), (False, assessed.on))
        if not before or one.total_before
        for place, group in enumerate(one.groups)
    ]
    first = assessed.schemes[0]
    worst = first.groups[-1]
    share = format_percent(first.share(worst))
    title: Text = {
        "zh": f"按{first.scheme.short.zh}，{share}的企业为{say_group(worst)['zh']}级",
        "en": f"By {first.scheme.short.en}, {share} of the enterprises have grade {say_group(worst)['en']}",
    }
    told = [say_counts(one) for one in assessed.schemes]
    return show_figure(
        plot_grade_shares, pd.DataFrame(rows), name="credit_shares", data="credit_grades", title=title,
        alt={
            "zh": f"{title['zh']}。{'。'.join(one['zh'] for one in told)}。",
            "en": f"{title['en']}. {'. '.join(one['en'] for one in told)}.",
        },
        unit={"zh": "单位：占评定企业的百分比；从左到右由优到劣，不足10%的不标在图中", "en": "Unit: per cent of the graded enterprises, best grade on the left; shares below 10% are not written in the bars"}, source=_SOURCE,
    )  # fmt: skip


def chart_prediction(assessed: Assessment) -> Display:
    """Failure rates by grade of the year before."""
    rows = [
        row | {"code": one.key(str(row["grades"]).split("+"))}
        for one in assessed.schemes
        for row in known_rates(one)
    ]
    if not rows:
        nothing: Text = {
            "zh": "上年评定等级的企业此后没有足够的批次，无图可画。",
            "en": "Too few batches of graded enterprises were sampled since: there is nothing to draw.",
        }
        return show_text(nothing, style="note", instead_of="credit_prediction_chart")
    labels: dict[str, Text] = {
        one.key(str(row["grades"]).split("+")): {
            lang: f"{one.scheme.short.text[lang]} {say_group(str(row['grades']).split('+'))[lang]}"
            for lang in LANGUAGES
        }
        for one in assessed.schemes
        for row in known_rates(one)
    }
    title = _title(assessed)
    told = [say_rate(assessed, row) for row in rows]
    return show_figure(
        plot_rates_by_group, pd.DataFrame(rows), group="code", labels=labels, sort=False,
        name="credit_prediction_chart", data="credit_prediction", title=title,
        alt={
            "zh": f"{title['zh']}。{'；'.join(one['zh'] for one in told)}。",
            "en": f"{title['en']}. {'; '.join(one['en'] for one in told)}.",
        },
        unit={"zh": "单位：批次不合格率（%）", "en": "Unit: share of batches that failed (%)"}, source=_SOURCE,
    )  # fmt: skip


_COURSES: dict[str, Text] = {
    "rises": {"zh": "上年等级越差，不合格率越高", "en": "failure rates rise with worse grades of the year before"},
    "falls": {"zh": "上年等级越差，不合格率反而越低", "en": "failure rates fall with worse grades of the year before"},
    "unclear": {"zh": "不合格率随上年等级变化的趋势不显著", "en": "there is no clear trend of failures over grades"},
    "unknown": {"zh": "受检太少，不能检验趋势", "en": "too few were sampled to test a trend"},
}  # fmt: skip


def _title(assessed: Assessment) -> Text:
    """What the trend test says of each scheme; schemes of which it says the same together."""
    named: dict[str, list[SchemeGrades]] = {}
    for one in assessed.schemes:
        named.setdefault(judge_course(one), []).append(one)
    zh = [
        f"按{'、'.join(one.scheme.short.zh for one in some)}，{_COURSES[course]['zh']}"
        for course, some in named.items()
    ]
    en = [
        f"by {' and '.join(one.scheme.short.en for one in some)} {_COURSES[course]['en']}"
        for course, some in named.items()
    ]
    joined = "; ".join(en)
    return {"zh": "；".join(zh), "en": joined[0].upper() + joined[1:]}

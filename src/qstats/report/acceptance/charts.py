"""Which charts does the chapter on construction works show? Their message, alternative text and source."""

from typing import Any

import numpy as np
import pandas as pd

from qstats import acceptance as assess
from qstats.codebook import LANGUAGES, Text
from qstats.methods.waiting_times import WaitingTimes
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.complaints_narrative import describe_steps
from qstats.report.acceptance.headings import NO_REGISTER, leave_out, say
from qstats.report.acceptance.names import EVERY, NAMES, county_label, denominator_name
from qstats.report.acceptance.projects_narrative import NO_PROJECTS
from qstats.report.acceptance.times_narrative import say_median
from qstats.report.display import Display, show_figure
from qstats.report.figures.points import plot_points
from qstats.report.figures.waiting import plot_waiting
from qstats.report.figures.yearly import plot_yearly_rates
from qstats.report.formats import capital, format_number, format_percent

_SHARE: Text = {
    "zh": "单位：%（一次验收合格率；线段为施工质量水平的置信区间）",
    "en": "Unit: % (first-time rate; lines are intervals of the building process)",
}


def chart_first_time(assessed: Assessment) -> Display:
    """First-time rate of each scale over the years, or of the counties where there is one year only."""
    if assessed.projects.empty:
        return say(NO_PROJECTS, "first_time_by_group")
    rows = _group_rows(assessed)
    title = _first_time_title(assessed)
    return show_figure(
        plot_points, rows, name="first_time_by_group",
        data="first_time_by_scale", title=title, alt=_alternative(rows, title), unit=_SHARE,
        source=_source(assessed),
    )  # fmt: skip


def _group_rows(assessed: Assessment) -> pd.DataFrame:
    """Each scale as a heading with its newest figure, under it the windows; counties where nothing else divides."""
    levels = {str(one.get("scale") or EVERY): one["level"] for one in assessed.targets_of("first_time_rate")}
    rows = []
    for scale in assessed.named_scales:
        target = levels.get(scale, np.nan)
        for at, window in enumerate(assessed.windows):
            label = (
                window.label
                if at
                else {
                    "zh": f"{NAMES[scale]['zh']}，{window.label['zh']}",
                    "en": f"{capital(NAMES[scale]['en'])}, {window.label['en']}",
                }
            )
            rows.append(_point(assessed.row_of(scale, window), _short(label), head=at == 0, target=target))
    if len(rows) == 1:
        counties = assessed.by_county[assessed.by_county["n"] > 0].sort_values("estimate", ascending=False)
        rows += [
            _point(row, county_label(row["county_code"]), head=False, target=rows[0]["target"] / 100)
            for row in counties.to_dict("records")
        ]
    return pd.DataFrame(rows)


def _short(label: Text) -> Text:
    """A period's name without “the”, as an axis writes it."""
    return {"zh": label["zh"], "en": capital(label["en"].replace("the ", "").replace(" of ", " "))}


def _point(row: dict[str, Any], label: Text, *, head: bool, target: float) -> dict[str, Any]:
    values = {name: 100 * float(row[name]) for name in ("estimate", "lower", "upper")}
    return values | {
        "label_zh": label["zh"], "label_en": label["en"], "head": head, "target": 100 * target, "n": row["n"],
        "status": row["status"],
    }  # fmt: skip


def _first_time_title(assessed: Assessment) -> Text:
    """What was counted in the period, scale by scale."""
    parts: list[Text] = []
    for scale in assessed.named_scales:
        row = assessed.row_of(scale, assessed.period)
        if row["status"] == "stated":
            counted = f"{int(row['passes'])}/{int(row['n'])}"
            parts.append({"zh": f"{NAMES[scale]['zh']}{counted}", "en": f"{counted} {NAMES[scale]['en']}"})
    when = assessed.period.label
    if not parts and assessed.row_of(EVERY, assessed.period)["unknown"]:
        return {
            "zh": f"{when['zh']}首次竣工验收的工程没有写明结论",
            "en": f"No outcome is recorded for projects first accepted in {when['en']}",
        }
    if not parts:
        return {
            "zh": f"{when['zh']}没有工程首次竣工验收",
            "en": f"No project had its first acceptance in {when['en']}",
        }
    return {
        "zh": f"{when['zh']}一次验收合格：{'，'.join(part['zh'] for part in parts)}",
        "en": f"Accepted at first in {when['en']}: {', '.join(part['en'] for part in parts)}",
    }


def chart_rectification(assessed: Assessment) -> Display:
    """How soon projects that failed at first are accepted."""
    if assessed.projects.empty:
        return say(NO_REGISTER, "rectification_time")
    fitted = assess.fit_durations(assessed.failed_projects, assessed.confidence)
    if fitted is None or not fitted.ended:
        few = {
            "zh": "可以跟踪的未一次合格工程过少，不画整改时间曲线。",
            "en": "Too few projects that failed at first can be followed for a curve.",
        }
        return say(few, "rectification_time")
    row = assess.tabulate_durations(
        assessed.failed_projects, within=assessed.rectification_days, confidence=assessed.confidence
    )
    whose = {
        "zh": "首次验收不合格的工程，到最终通过",
        "en": "of the projects that failed at first are accepted",
    }
    said = say_median(row, whose)
    title = {"zh": said["zh"], "en": capital(said["en"])}
    curve = _curve(fitted, assessed.span.label)
    return show_figure(
        plot_waiting, [curve], within=assessed.rectification_days, name="rectification_time",
        data="acceptance_times", title=title, alt=_curve_alternative(title, [curve]),
        unit={"zh": "单位：已通过验收的比例", "en": "Unit: share accepted"}, source=_source(assessed),
    )  # fmt: skip


def chart_handling(assessed: Assessment) -> Display:
    """How soon complaints are closed, this year and last."""
    name = "handling_time"
    if assessed.complaints.empty:
        return leave_out(name)
    windows = (assessed.year, assessed.year.shift(-1))
    fits = [(one, assess.fit_durations(assessed.handled[str(one)], assessed.confidence)) for one in windows]
    curves = [_curve(fit, window.label) for window, fit in fits if fit is not None and fit.ended]
    if not curves:
        few = {
            "zh": "投诉过少，不画办理时间曲线。",
            "en": "Too few complaints for a curve of handling times.",
        }
        return say(few, name)
    row = assess.tabulate_durations(
        assessed.handled[str(windows[0])], within=assessed.handling_days, confidence=assessed.confidence
    )
    if row["status"] == "stated":
        when = windows[0].label
        whose = {
            "zh": f"{when['zh']}受理的投诉，办结",
            "en": f"of the complaints received in {when['en']} are closed",
        }
        said = say_median(row, whose)
        title = {"zh": said["zh"], "en": capital(said["en"])}
    else:
        title = {"zh": "受理投诉的办理时间", "en": "How soon complaints are closed"}
    return show_figure(
        plot_waiting, curves, within=assessed.handling_days, name=name, data="acceptance_times", title=title,
        alt=_curve_alternative(title, curves), unit={"zh": "单位：已办结的比例", "en": "Unit: share closed"},
        source=_complaint_source(assessed),
    )  # fmt: skip


def _curve(fitted: WaitingTimes, label: Text) -> dict[str, Any]:
    return {
        "label": label, "n": fitted.n, "times": fitted.times.tolist(), "ended_by": fitted.ended_by.tolist(),
        "lower": fitted.lower.tolist(), "upper": fitted.upper.tolist(),
    }  # fmt: skip


def _curve_alternative(title: Text, curves: list[dict[str, Any]]) -> Text:
    shown = {
        one: "; ".join(f"{curve['label'][one]}: n={curve['n']}" for curve in curves) for one in LANGUAGES
    }
    return {"zh": f"{title['zh']}。{shown['zh']}。", "en": f"{title['en']}. {shown['en']}."}


def chart_complaints(assessed: Assessment) -> Display:
    """Complaints of each whole year, as a rate where a denominator is declared."""
    name = "yearly_complaints"
    if assessed.complaints.empty or not assessed.whole_years:
        return leave_out(name)
    rates, per = assessed.complaint_rates, denominator_name(assessed.denominator)
    steps = describe_steps(assessed)
    first, last = (rates.iloc[at] for at in (0, -1))
    unit = (
        {"zh": f"单位：件，{per['zh']}", "en": f"Unit: complaints {per['en']}"}
        if assessed.has_rates
        else {"zh": "单位：件", "en": "Unit: complaints"}
    )
    decimals = 1 if assessed.has_rates else 0
    ends = {
        language: [
            format_number(one["estimate"], language, decimals=decimals) if one["status"] == "stated" else "—"
            for one in (first, last)
        ]
        for language in LANGUAGES
    }
    what = (
        {"zh": f"{per['zh']}投诉", "en": f"Complaints {per['en']}"}
        if assessed.has_rates
        else {"zh": "投诉件数", "en": "Complaints"}
    )
    title = {
        "zh": f"{what['zh']}：{first['year']}年{ends['zh'][0]}，{last['year']}年{ends['zh'][1]}",
        "en": f"{what['en']}: {ends['en'][0]} in {first['year']}, {ends['en'][1]} in {last['year']}",
    }
    alt = {
        one: f"{title[one]}{'。' if one == 'zh' else '. '}{steps[one] if steps else ''}" for one in LANGUAGES
    }
    return show_figure(
        plot_yearly_rates, rates, decimals=decimals, name=name, data="complaints_by_year", title=title, alt=alt,
        unit=unit, source=_complaint_source(assessed),
    )  # fmt: skip


def _alternative(rows: pd.DataFrame, title: Text) -> Text:
    values = {
        one: "; ".join(
            f"{row[f'label_{one}']} {format_percent(row['estimate'] / 100) if row['status'] == 'stated' else '—'}"
            for row in rows.to_dict("records")
        )
        for one in LANGUAGES
    }
    return {"zh": f"{title['zh']}。{values['zh']}。", "en": f"{title['en']}. {values['en']}."}


def _source(assessed: Assessment) -> Text:
    return {
        "zh": f"{assessed.place['zh']}工程竣工验收台账，按首次验收日期归期，截至{assessed.cutoff}",
        "en": f"Register of completion acceptance, {assessed.place['en']}, by day of the first acceptance, up to {assessed.cutoff}",
    }


def _complaint_source(assessed: Assessment) -> Text:
    return {
        "zh": f"{assessed.place['zh']}投诉台账，按受理日期归期，截至{assessed.cutoff}",
        "en": f"Register of complaints, {assessed.place['en']}, by day of receipt, up to {assessed.cutoff}",
    }

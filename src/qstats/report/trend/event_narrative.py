"""What does the chapter say of breaks, named events and outlooks?"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from qstats import trend as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.formats import capital, format_interval, format_percent, format_points
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.gather import BY_QUARTER, PASS_RATE
from qstats.report.trend.headings import NO_EVENT, NO_FORECAST, NO_MODEL
from qstats.report.trend.periods import period_label
from qstats.report.trend.wording import name_series


def describe_breaks(assessed: Assessment) -> list[Text]:
    """Breaks that were found, or that none was."""
    if not assessed.received or assessed.breaks.empty:
        return [NO_MODEL]
    searched = assessed.breaks[assessed.breaks["status"] == "stated"]
    if searched.empty:
        return _describe_unsearched(assessed.breaks)
    found = searched[searched["found"]].to_dict("records")
    if not found:
        return [{
            "zh": f"检查了{len(searched)}个序列，均未发现水平的突变。",
            "en": f"{len(searched)} series {'was' if len(searched) == 1 else 'were'} searched; none shows a sudden shift of its level.",
        }, *_describe_unsearched(assessed.breaks)]  # fmt: skip
    return [*(describe_break(assessed, row) for row in found), *_describe_unsearched(assessed.breaks)]


def _describe_unsearched(table: pd.DataFrame) -> list[Text]:
    """How many series were not searched for a break, by reason."""
    left = table.loc[table["status"] != "stated", "status"].value_counts(sort=False)
    if left.empty:
        return []
    zh = "，".join(f"{count}个{text('break_reason', str(one))['zh']}" for one, count in left.items())
    en = ", ".join(f"{count} {text('break_reason', str(one))['en']}" for one, count in left.items())
    return [{"zh": f"未检验的序列：{zh}。", "en": f"Series that were not searched: {en}."}]


def describe_break(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """One break in one sentence."""
    trend = assessed.trend_of(row["series"], row["group"]) or {}
    label, family = name_series(assessed, row), str(trend.get("family", "binomial"))
    at, first, last = (period_label(row[name]) for name in ("break_period", "break_first", "break_last"))
    change = _in_points(family, row, "break_change")
    return {
        "zh": f"{label['zh']}的水平在{at['zh']}发生突变（{assessed.level}置信区间：{first['zh']}至{last['zh']}），变化{change['zh']}；趋势只就其后的时期而言。",
        "en": f"The level of the {label['en']} shifted in {at['en']} ({assessed.level} confidence interval {first['en']} to {last['en']}) by {change['en']}; "
        "any trend speaks of the time since only.",
    }


def _in_points(family: str, row: Mapping[str, Any], name: str) -> Text:
    """A difference of rates (points) or of events per unit, with its interval."""
    values = [float(row[f"{name}{end}"]) for end in ("", "_lower", "_upper")]
    if family == "poisson":
        shown = [f"{value:+.1f}".replace("-", "−") for value in values]
        return {"zh": f"{shown[0]}（{shown[1]}～{shown[2]}）", "en": f"{shown[0]} ({shown[1]} to {shown[2]})"}
    zh, en = (format_interval(values[1], values[2], language, unit="points") for language in LANGUAGES)
    return {
        "zh": f"{format_points(values[0])}个百分点（{zh}）",
        "en": f"{format_points(values[0])} points ({en})",
    }


def describe_events(assessed: Assessment, *, only: str | None = None) -> list[Text]:
    """What followed each named event, series by series of the city."""
    table = assessed.effects if assessed.received and assessed.events else pd.DataFrame()
    if table.empty:
        return [] if only else [NO_EVENT]
    named = {event.on.isoformat() for event in assessed.events if event.groups}
    rows = [row for row in table.to_dict("records") if not row["group"] or row["on"] in named]
    return [_describe_effect(assessed, row) for row in rows if only in (None, row["series"])]


def _describe_effect(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    event = next(one for one in assessed.events if (one.on.isoformat(), one.kind) == (row["on"], row["kind"]))
    name, label = assessed.name_of(event), name_series(assessed, row)
    day = {
        "zh": f"{event.on.year}年{event.on.month}月{event.on.day}日",
        "en": f"{event.on:%d %B %Y}".lstrip("0"),
    }
    if row["status"] != "stated":
        why = text("effect_verdict", row["verdict"])
        return {
            "zh": f"{day['zh']}{name['zh']}对{label['zh']}的影响无从判断（{why['zh']}）。",
            "en": f"No effect of the {name['en']} of {day['en']} on the {label['en']} can be told ({why['en']}).",
        }
    family = str((assessed.trend_of(row["series"], row["group"]) or {}).get("family", "binomial"))
    size, verdict = _in_points(family, row, "effect"), text("effect_verdict", row["verdict"])
    per = assessed.per_label if family == "poisson" else {"zh": "", "en": ""}
    placebo = _say_placebo(row)
    return {
        "zh": f"{day['zh']}{name['zh']}{'出台' if row['kind'] == 'policy' else ''}后，{label['zh']}与延续原走势{'（并扣除其他县的变化）' if row['controlled'] else ''}相比平均{per['zh']}相差{size['zh']}，{verdict['zh']}{placebo['zh']}。",
        "en": f"After the {name['en']} of {day['en']}, the {label['en']} differed on average by {size['en']}{per['en']} from what its earlier course{' and the other counties' if row['controlled'] else ''} led to expect: {verdict['en']}{placebo['en']}.",
    }


def _say_placebo(row: Mapping[str, Any]) -> Text:
    if not np.isfinite(row["placebo_share"]):
        return {"zh": "", "en": ""}
    share = format_percent(row["placebo_share"], decimals=0)
    return {
        "zh": f"；换成此前{int(row['placebo_dates'])}个没有事件的时点，{share}显示同样大的变化",
        "en": f"; of {int(row['placebo_dates'])} earlier dates without an event, {share} show as large a change",
    }


def describe_outlooks(assessed: Assessment, *, only: str | None = None) -> list[Text]:
    """What is to be expected of each series that is forecast, or that no forecast is better than last year's figure."""
    found = assessed.outlooks.items() if assessed.received else ()
    told = [_describe_outlook(assessed, name, outlook) for name, outlook in found if only in (None, name)]
    return told or ([] if only else [NO_FORECAST])


def _describe_outlook(assessed: Assessment, name: str, outlook: assess.Outlook) -> Text:
    label = assessed.label(PASS_RATE if name == BY_QUARTER else name)
    if outlook.status == "stated":
        return _say_forecast(label, outlook, sampled=name == BY_QUARTER)
    if outlook.status == "not_better":
        return {
            "zh": f"{label['zh']}：检验了过去{outlook.origins}次预测，没有优于上年同期数的，不发布预测，可参考上年同期数。",
            "en": f"{capital(label['en'])}: {outlook.origins} past forecasts were no better than the figure of the same quarter a year before, so none is shown; that figure is the best guide.",
        }
    why = text("outlook_verdict", outlook.status)
    return {"zh": f"{label['zh']}：{why['zh']}。", "en": f"{capital(label['en'])}: {why['en']}, no forecast."}


def _say_forecast(label: Text, outlook: assess.Outlook, *, sampled: bool) -> Text:
    last = outlook.steps.iloc[-1]
    when, middle = period_label(last["period"]), format_percent(last["median"])
    zh, en = (format_interval(last["lower_80"], last["upper_80"], language) for language in LANGUAGES)
    better = format_percent(outlook.skill, decimals=0)
    if_so = {
        "zh": "如抽样结构照以往的方式继续变化，" if sampled else "",
        "en": " if what is sampled goes on changing as it has" if sampled else "",
    }
    return {
        "zh": f"{if_so['zh']}预计{when['zh']}公布的{label['zh']}约为{middle}（80%的机会在{zh}%之间）；过去{outlook.origins}次预测的误差比用上年同期数小{better}。",
        "en": f"The {label['en']} reported for {when['en']} is expected at about {middle} (80% chance of {en}%){if_so['en']}; the errors of {outlook.origins} past forecasts were {better} smaller than those of last year's figure.",
    }

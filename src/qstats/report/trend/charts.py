"""Which charts does the chapter on trends show? Their message, alternative text and source; drawing is in ``figures``."""

from typing import Any

import pandas as pd

from qstats import trend as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.reference import county_name
from qstats.report.display import Display, show_figure
from qstats.report.figures.fan import plot_fan
from qstats.report.figures.multiples import plot_multiples
from qstats.report.figures.trends import plot_trend
from qstats.report.formats import capital_text, format_points
from qstats.report.rates import PERCENT
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.bend_wording import say_bend
from qstats.report.trend.event_narrative import describe_outlooks
from qstats.report.trend.gather import BY_COUNTY, BY_QUARTER, PASS_RATE
from qstats.report.trend.headings import NO_INSPECTIONS, leave_out
from qstats.report.trend.wording import describe_trend


def chart_pass_rate(assessed: Assessment) -> Display:
    """The city's pass rate by quarter, crude and at one mix, with the line of its trend and what happened."""
    name, rows = "pass_rate_trend", assessed.rows_of(BY_QUARTER)
    if rows.empty or not rows["value"].notna().any():
        return leave_out(name, NO_INSPECTIONS)
    trend = assessed.trend_of(PASS_RATE) or {}
    title = _title(assessed, trend)
    return show_figure(
        plot_trend, rows, assessed.line_of(PASS_RATE), assessed.line_at_one_mix, events=_events(assessed), broken=_broken(assessed), name=name,
        data="trend_series", title=title, alt=_alternative(assessed, trend, title), unit=PERCENT,
        source=_source(assessed),
    )  # fmt: skip


def _title(assessed: Assessment, trend: dict[str, Any]) -> Text:
    """The message in a few words."""
    verdict = str(trend.get("verdict", "no_data"))
    label = assessed.label(PASS_RATE)
    if trend.get("reason") == "mix":
        up = trend["slope"] > 0
        same = text("trend_verdict", trend["verdict_at_one_mix"])
        return {
            "zh": f"{label['zh']}的报告值每年{'提高' if up else '下降'}{abs(100 * trend['change']):.1f}个百分点，按相同抽样结构计算{same['zh']}",
            "en": f"The reported {label['en']} {'rises' if up else 'falls'} by {abs(100 * trend['change']):.1f} points a year; at the same mix of samples: {same['en']}",
        }
    told = text("trend_verdict", verdict)
    if trend.get("reason") == "bends":
        course = say_bend(trend)
        return {
            "zh": f"{label['zh']}{told['zh']}：{course['zh']}",
            "en": f"{capital_text(label)['en']}: {told['en']}, {course['en']}",
        }
    if verdict in assess.DIRECTIONS:
        size = format_points(trend["change"])
        return {
            "zh": f"{label['zh']}{told['zh']}：每年{size}个百分点",
            "en": f"{capital_text(label)['en']} {told['en']}: {size} points a year",
        }
    return {"zh": f"{label['zh']}：{told['zh']}", "en": f"{capital_text(label)['en']}: {told['en']}"}


def _events(assessed: Assessment) -> list[dict[str, Any]]:
    shown = [one for one in assessed.events if one.concerns(PASS_RATE)]
    return [{"time": one.time, **_short(assessed.name_of(one), one)} for one in shown]


def _short(name: Text, event: assess.Event) -> Text:
    day = f"{event.on.year}-{event.on.month:02d}"
    return {"zh": f"{name['zh']} {day}", "en": f"{name['en'][:1].upper()}{name['en'][1:]}, {day}"}


def _broken(assessed: Assessment) -> dict[str, float] | None:
    row = assessed.break_of(PASS_RATE)
    if row is None or not row["found"]:
        return None
    names = {"time": "break_period", "first": "break_first", "last": "break_last"}
    return {key: assess.time_of(row[name]) for key, name in names.items()}


def _alternative(assessed: Assessment, trend: dict[str, Any], title: Text) -> Text:
    told = describe_trend(assessed, trend) if trend else {"zh": "", "en": ""}
    return {
        "zh": f"{title['zh']}。{told['zh']}各期数值见表trend_series。",
        "en": f"{title['en']}. {told['en']} The values stand in the table trend_series.",
    }


def _source(assessed: Assessment) -> Text:
    return {
        "zh": f"{assessed.place['zh']}监督抽查，按抽样日期归期；走势按月拟合，图中为各季",
        "en": f"Supervision sampling, {assessed.place['en']}, by date of sampling; the line is fitted to months, points are quarters",
    }


def chart_counties(assessed: Assessment) -> Display | None:
    """Small charts of the counties, the largest first."""
    name = "county_trends_chart"
    codes = [
        code for code in assessed.counties if assessed.rows_of(BY_COUNTY, code)["value"].notna().sum() > 1
    ]
    if not codes:
        return None
    rows = assessed.series[assessed.series["series"] == BY_COUNTY]
    rows_of = {code: assessed.trend_of(BY_COUNTY, code) or {} for code in codes}
    notes = {code: _note(row) for code, row in rows_of.items()}
    marks = {code: assess.time_of(row["since"]) - 0.125 for code, row in rows_of.items() if row.get("since")}
    labels = {code: county_name(code) for code in codes}
    moved = [
        code
        for code in codes
        if (assessed.trend_of(BY_COUNTY, code) or {}).get("verdict") in assess.DIRECTIONS
    ]
    lines = assessed.lines[(assessed.lines["series"] == BY_COUNTY) & assessed.lines["group"].isin(moved)]
    told = sum((assessed.trend_of(BY_COUNTY, code) or {}).get("status") == "stated" for code in codes)
    title = _county_title(told, moved, labels)
    listed = {
        one: "; ".join(f"{labels[code][one]}: {notes[code][one]}" for code in codes) for one in LANGUAGES
    }
    return show_figure(
        plot_multiples, rows, lines, assessed.rows_of(BY_QUARTER), labels=labels, notes=notes, marks=marks, name=name,
        data="trend_series", title=title, unit=PERCENT, source=_county_source(assessed),
        alt={"zh": f"{title['zh']}。{listed['zh']}。", "en": f"{title['en']}. {listed['en']}."},
    )  # fmt: skip


def _note(row: dict[str, Any]) -> Text:
    """Verdict on a county, and since when it is meant."""
    told, since = text("trend_verdict", str(row.get("verdict", "no_data"))), row.get("since")
    if not since:
        return told
    return {"zh": f"{told['zh']}（{since}起）", "en": f"{told['en']} (since {since})"}


def _county_title(told: int, moved: list[str], labels: dict[str, Text]) -> Text:
    if not told:
        return {
            "zh": "各县（市、区）的记录不足以判断批次合格率的趋势",
            "en": "The counties' records are too few to tell a trend of the batch pass rate",
        }
    if not moved:
        return {
            "zh": f"{told}个有足够记录的县（市、区）的批次合格率均无明显趋势",
            "en": f"No clear trend of the batch pass rate in any of {told} counties with enough records",
        }
    return {
        "zh": f"批次合格率有趋势的县（市、区）：{'、'.join(labels[code]['zh'] for code in moved)}",
        "en": f"Counties whose batch pass rate has a trend: {', '.join(labels[code]['en'] for code in moved)}",
    }


def _county_source(assessed: Assessment) -> Text:
    return {
        "zh": f"{assessed.place['zh']}监督抽查，按季，批次多的在前；批次过少的季不画点",
        "en": f"Supervision sampling, {assessed.place['en']}, by quarter, the county with most batches first; quarters with too few batches have no point",
    }


def chart_outlook(assessed: Assessment) -> Display | None:
    """The forecast of the city's pass rate as a fan; nothing where none is shown, which the sentence below says."""
    name, outlook = "pass_rate_outlook", assessed.outlooks.get(BY_QUARTER) if assessed.received else None
    if outlook is None or outlook.status != "stated":
        return None
    told = describe_outlooks(assessed, only=BY_QUARTER)[0]
    rows = assessed.rows_of(BY_QUARTER)
    steps = outlook.steps.assign(time=[assess.time_of(period) for period in outlook.steps["period"]])
    label, last = assessed.label(PASS_RATE), outlook.steps.iloc[-1]
    middle, when = f"{100 * last['median']:.1f}%", last["period"]
    title = {
        "zh": f"预计{when}公布的{label['zh']}约为{middle}，80%的机会在{100 * last['lower_80']:.1f}%～{100 * last['upper_80']:.1f}%之间",
        "en": f"{capital_text(label)['en']} expected at about {middle} for {when}, with a chance of 80% between {100 * last['lower_80']:.1f}% and {100 * last['upper_80']:.1f}%",
    }
    return show_figure(
        plot_fan, _recent(rows), steps, shares=assess.BANDS, name=name, data="outlooks", title=title,
        alt={"zh": f"{title['zh']}。{told['zh']}", "en": f"{title['en']}. {told['en']}"}, unit=PERCENT,
        source=_source_of_outlook(assessed),
    )  # fmt: skip


def _recent(rows: pd.DataFrame) -> pd.DataFrame:
    """The last four years, so that the coming quarters have room."""
    return rows[rows["time"] > rows["time"].max() - 4]


def _source_of_outlook(assessed: Assessment) -> Text:
    return {
        "zh": f"{assessed.place['zh']}监督抽查，按季；预测为结构时间序列的加权平均",
        "en": f"Supervision sampling, {assessed.place['en']}, by quarter; forecast: weighted structural time series",
    }

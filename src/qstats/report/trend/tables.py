"""Which tables show where the indicators go? Every series with its verdict, the counties, the figures by period."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from qstats.codebook import Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table
from qstats.report.formats import capital_text, format_percent
from qstats.report.trend.assessment import OWN, Assessment
from qstats.report.trend.gather import BY_COUNTY, BY_QUARTER
from qstats.report.trend.headings import (
    DASH,
    HEAD,
    bilingual,
    in_both,
    say_points,
)
from qstats.report.trend.periods import period_cell, span_cell
from qstats.report.trend.rank_wording import say_sen
from qstats.report.trend.wording import name_group, name_series, say_amount, say_interval

_SHORT: dict[str, Text] = {
    "covers_none": {"zh": "区间含0", "en": "interval covers 0"},
    "many_compared": {"zh": "一并检验不成立", "en": "not with all together"},
    "autocorrelated": {"zh": "相邻各期相关", "en": "alike neighbours"},
    "bends": {"zh": "走势弯折", "en": "course bends"},
    "mix": {"zh": "抽样结构", "en": "mix of samples"},
    "laboratory_recent": {"zh": "新近更换承检机构", "en": "new laboratory"},
    "break_recent": {"zh": "新近突变", "en": "recent break"},
    "no_counts": {"zh": "无样本数", "en": "no counts"},
    "ranks_unclear": {"zh": "秩检验不显著", "en": "ranks show none"},
    "many_ranks": {"zh": "一并检验不成立", "en": "not with all together"},
    "sen_touches_none": {"zh": "区间触及0", "en": "interval touches 0"},
}
"""Reasons in a cell; where there is none here the verdict says it."""

_COUNTIES: Text = {
    "zh": "变化的单位为百分点。一并检验的p值按Holm法校正：比较的县多，总有个别县单独看起来有变化。相同结构指企业规模和抽样环节。",
    "en": "Changes are in points. The p-value is Holm's: among many counties, one or the other always seems to move by itself. The mix is that of enterprise size and stage.",
}
_RULES: Text = {
    "zh": "只有以下各条都成立才称为趋势：变化的区间不含0；走势没有弯折，或弯折后最新一端方向相同且区间不含0；计入相邻各期的相关后变化的区间仍不含0；按相同结构计算方向相同且区间不含0；多个地区一并比较后仍然成立。其余一律为“无明显趋势”。",
    "en": "A direction is called a trend only if all of this holds: its interval excludes zero, also with neighbouring periods alike; the course is a straight one, or its newest end clearly goes the same way; at one mix the direction is the same and its interval excludes zero; among groups it holds when all are tested together. Everything else is “no clear trend”.",
}


def tabulate_trends(assessed: Assessment) -> Display | None:
    """Every series of the city and every published one, with its verdict."""
    table = assessed.trends if assessed.received else pd.DataFrame()
    if table.empty:
        return None
    rows = table[table["series"] != BY_COUNTY]
    ours = rows["series"].isin(OWN)
    told = rows["status"] == "stated"
    short = rows[~ours & ~told].sort_values("periods", ascending=False, kind="stable")
    rows = pd.concat([rows[ours], rows[~ours & told], short], ignore_index=True)
    mixed = {"mix": bilingual(HEAD["mix"])} if rows["mix_slope"].notna().any() else {}
    place, until = assessed.place, assessed.period.label
    return show_table(
        _worded(assessed, rows),
        name="trends",
        caption={
            "zh": f"{place['zh']}各项指标的趋势，截至{until['zh']}",
            "en": f"Trends of the indicators of {place['en']} up to {until['en']}",
        },
        columns={
            "name": bilingual(HEAD["series"]), **_shared(), **mixed,
            "told": bilingual(HEAD["verdict"]), "why": bilingual(HEAD["reason"]),
        },
        notes=[_RULES, _amounts_note(assessed)],
        # Published series that are too short stand in the table of their basis.
        max_rows=max(int(ours.sum() + (~ours & told).sum()), 6),
    )  # fmt: skip


def tabulate_county_trends(assessed: Assessment) -> Display | None:
    """The counties' pass rates with their verdicts, the largest county first."""
    name = "county_trends"
    if not assessed.counties:
        return None
    table = assessed.trends[assessed.trends["series"] == BY_COUNTY].set_index("group", drop=False)
    rows = table.loc[assessed.counties].reset_index(drop=True)
    first, last = rows["first"].min(), rows["last"].max()
    return show_table(
        _worded(assessed, rows),
        name=name,
        caption={
            "zh": f"各县（市、区）批次合格率的趋势，按季，{first}–{last}",
            "en": f"Trends of the counties' batch pass rates by quarter, {first}–{last}",
        },
        columns={
            "group_name": bilingual(HEAD["county"]), "periods": Column(format="count", label=HEAD["periods"]),
            "counted": Column(format="count", label=HEAD["counted"]), "change": Column(format="points", label=HEAD["change"]),
            "interval": Column(format="interval", lower="change_lower", upper="change_upper", unit="points", label=HEAD["interval"]),
            "mix": bilingual(HEAD["mix"]),
            "p_adjusted": Column(format="p_value", label={"zh": "一并检验p值", "en": "p, all together"}),
            "told": bilingual(HEAD["verdict"]), "why": bilingual(HEAD["reason"]),
        },
        notes=[_RULES, _COUNTIES],
    )  # fmt: skip


def _shared() -> dict[str, Column | str]:
    return {
        "span": bilingual(HEAD["span"]), "periods": Column(format="count", label=HEAD["periods"]),
        "counted": Column(format="count", label=HEAD["counted"]), "amount": bilingual(HEAD["change"]),
        "limits": bilingual(HEAD["interval"]),
    }  # fmt: skip


def _amounts_note(assessed: Assessment) -> Text:
    return {
        "zh": f"变化的单位：合格率为百分点，投诉率为相对变化；区间为{assessed.level}置信区间，按报告值的批次数和各期波动计算。公布值没有附样本数的，只作秩检验（Mann-Kendall，各序列一并校正）并给出Sen斜率，不称趋势。",
        "en": f"Unit of change: points for pass rates, relative for rates of complaints; intervals are {assessed.level} ones, from the number of batches and the scatter of the periods. Published figures without the number behind them have their ranks tested only (Mann-Kendall, all series together; Sen's slope) and are never called a trend.",
    }


def _worded(assessed: Assessment, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the words of the page beside the unrounded figures."""
    listed = rows.to_dict("records")
    return in_both(
        rows,
        name=[capital_text(name_series(assessed, row)) for row in listed],
        group_name=[name_group(assessed, row) if row["group"] else DASH for row in listed],
        span=[_span(row) for row in listed],
        amount=[_amount(row, "change") for row in listed],
        limits=[_limits(row, "change") for row in listed],
        mix=[say_points(row, "mix_change") for row in listed],
        told=[text("trend_verdict", row["verdict"]) for row in listed],
        why=[_SHORT.get(row["reason"], DASH) for row in listed],
    )


def _span(row: Mapping[str, Any]) -> Text:
    return span_cell(row["first"], row["last"]) if row["periods"] else DASH


def _amount(row: Mapping[str, Any], name: str) -> Text:
    if np.isfinite(row[name]):
        return say_amount(row["family"], row[name], signed=True)
    if not _is_ranked(row):
        return DASH
    told = say_sen(row)
    return {"zh": f"{told['zh'].partition('（')[0]}（Sen）", "en": f"{told['en'].partition(' (')[0]} (Sen)"}


def _limits(row: Mapping[str, Any], name: str) -> Text:
    lower, upper = row[f"{name}_lower"], row[f"{name}_upper"]
    if np.isfinite(lower) and np.isfinite(upper):
        told = say_interval(row["family"], lower, upper)
        return {"zh": told["zh"].removesuffix("个百分点"), "en": told["en"]}
    if not _is_ranked(row):
        return DASH
    told = say_sen(row)
    return {"zh": told["zh"].partition("（")[2].rstrip("）"), "en": told["en"].partition(" (")[2].rstrip(")")}


def _is_ranked(row: Mapping[str, Any]) -> bool:
    return bool(row["family"] == "figure" and row["status"] == "stated" and np.isfinite(row["sen"]))


def tabulate_series(assessed: Assessment) -> Display | None:
    """All periods of all series, as they are drawn and modelled; the page shows the city's quarters."""
    if not assessed.received:
        return None
    own = assessed.series["series"] == BY_QUARTER
    rows = pd.concat([assessed.series[own][::-1], assessed.series[~own]], ignore_index=True)
    listed = rows.to_dict("records")
    worded = in_both(
        rows,
        name=[capital_text(name_series(assessed, row)) for row in listed],
        shown_period=[period_cell(row["period"]) for row in listed],
        shown_value=[_level(row, "value") for row in listed],
        shown_limits=[_level(row, "lower", "upper") for row in listed],
        released=[text("release", row["release"]) for row in listed],
    )
    return show_table(
        worded,
        name="trend_series",
        caption={"zh": "各期数值（全部序列见数据文件）", "en": "Figures by period (all series stand in the data file)"},
        columns={
            "name": bilingual(HEAD["series"]), "shown_period": bilingual({"zh": "时期", "en": "Period"}),
            "counted": Column(format="count", label=HEAD["counted"]), "n": Column(format="count", label={"zh": "有效样本量", "en": "Effective n"}),
            "shown_value": bilingual({"zh": "报告值", "en": "As reported"}), "shown_limits": bilingual(HEAD["interval"]),
            "standardised": Column(format="percent", label={"zh": "按平均抽样结构", "en": "At the average mix"}),
            "released": bilingual({"zh": "状态", "en": "Status"}),
        },
        max_rows=int(own.sum()) or 24,
    )  # fmt: skip


def _level(row: Mapping[str, Any], *names: str) -> Text:
    """A level, or its interval, in the unit of its series: per cent of a proportion, a plain number else."""
    values = [row[name] for name in names]
    if not np.isfinite(values).all():
        return DASH
    share = row["unit"] == "proportion"
    shown = [format_percent(value) if share else f"{value:,.2f}".replace("-", "−") for value in values]
    return {"zh": "～".join(shown), "en": " to ".join(shown)}

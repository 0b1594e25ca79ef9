"""Would another method say the same? Slopes under other errors, by ranks and at other mixes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table
from qstats.report.formats import capital_text, format_coefficient, format_interval, format_p_value
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.gather import PASS_RATE
from qstats.report.trend.headings import DASH, HEAD, NO_MIX, NO_MODEL, bilingual, in_both, leave_out
from qstats.report.trend.wording import name_series

_BENT: Text = {
    "zh": "走势有弯折，上列只是全程的平均，不是趋势。",
    "en": "The course bends: these are averages over the whole of it and no trend.",
}


def tabulate_robustness(assessed: Assessment) -> Display:
    """The slope of each series under other beliefs: alike neighbours, Newey-West, ranks."""
    table = assessed.trends if assessed.received else pd.DataFrame()
    known = table[table["slope"].notna()] if len(table) else table
    if known.empty:
        return leave_out("trend_robustness", NO_MODEL)
    rows = known.reset_index(drop=True)
    listed = rows.to_dict("records")
    worded = in_both(
        rows,
        name=[capital_text(name_series(assessed, row)) for row in listed],
        quasi=[_logit(row, "slope", with_slope=True) for row in listed],
        ar=[_logit(row, "ar") for row in listed],
        hac=[_logit(row, "hac") for row in listed],
        scatter=[_two(row["dispersion"], row["rho"]) for row in listed],
        ranks=[_with_p(row["tau"], row["rank_p"]) for row in listed],
    )  # fmt: skip
    return show_table(
        worded,
        name="trend_robustness",
        caption={"zh": "换一种方法，结论是否不变（斜率的区间，对数优势比每年；投诉率为对数率）", "en": "Do other methods say the same? Intervals of the slope (log odds a year; log rate for complaints)"},
        columns={
            "name": bilingual(HEAD["series"]), "quasi": bilingual({"zh": "斜率（拟似然区间）", "en": "Slope (quasi-likelihood)"}),
            "scatter": bilingual({"zh": "φ；ρ", "en": "φ; ρ"}), "ar": bilingual({"zh": "计入相邻相关（AR1）", "en": "Alike neighbours (AR1)"}),
            "hac": bilingual({"zh": "Newey-West", "en": "Newey-West"}),
            "p_bend": Column(format="p_value", label={"zh": "弯折p值", "en": "p of a bend"}),
            "ranks": bilingual({"zh": "Kendall τ（p值）", "en": "Kendall's τ (p)"}),
        },
        notes=[{
            "zh": "φ为离散度，ρ为相邻各期的相关。Newey-West区间在短序列上偏窄，仅供参照。弯折以时间的平方项检验，离散度按相邻相关放宽。",
            "en": "φ: dispersion; ρ: likeness of neighbouring periods. Newey-West limits are too narrow on short series and stand for comparison only. A bend is tested by a square of time, its dispersion widened as alike neighbours ask for.",
        }],
    )  # fmt: skip


def _two(dispersion: float, rho: float) -> Text:
    shown = [f"{value:.2f}".replace("-", "−") if np.isfinite(value) else "—" for value in (dispersion, rho)]
    return {"zh": "；".join(shown), "en": "; ".join(shown)}


def _with_p(tau: float, p: float) -> Text:
    if not np.isfinite(tau):
        return DASH
    shown = format_coefficient(tau), format_p_value(p)
    return {"zh": f"{shown[0]}（{shown[1]}）", "en": f"{shown[0]} ({shown[1]})"}


def _logit(row: Mapping[str, Any], name: str, *, with_slope: bool = False) -> Text:
    lower, upper = row[f"{name}_lower"], row[f"{name}_upper"]
    if not (np.isfinite(lower) and np.isfinite(upper)):
        return DASH
    zh, en = (format_interval(lower, upper, one, unit="coefficient") for one in LANGUAGES)
    if not with_slope:
        return {"zh": zh, "en": en}
    slope = format_coefficient(row["slope"])
    return {"zh": f"{slope}（{zh}）", "en": f"{slope} ({en})"}


def tabulate_mixes(assessed: Assessment) -> Display:
    """The slope of the city's pass rate at the mix of the first year, of the last and of all years."""
    table = assessed.at_mixes
    if table.empty:
        return leave_out("trend_by_mix", NO_MIX)
    worded = in_both(table, name=[text("trend_mix", mix) for mix in table["mix"]])
    bent: list[Text] = [_BENT] if assessed.bends(PASS_RATE) else []
    agree = table["slope"].apply(np.sign).nunique() == 1
    return show_table(
        worded,
        name="trend_by_mix",
        caption={"zh": "批次合格率按不同抽样结构标准化后的平均每年变化（百分点）", "en": "Batch pass rate standardised to different mixes: change a year (points)"},
        columns={
            "name": bilingual({"zh": "抽样结构", "en": "Mix"}), "periods": Column(format="count", label=HEAD["periods"]),
            "change": Column(format="points", label=HEAD["change"]),
            "interval": Column(format="interval", lower="change_lower", upper="change_upper", unit="points", label=HEAD["interval"]),
        },
        notes=[{
            "zh": "三种结构下方向一致。" if agree else "三种结构下方向不一致，因此不作整体判断。",
            "en": "The direction is the same at all three mixes." if agree else "The directions disagree, so that none is claimed for the whole.",
        }, *bent],
    )  # fmt: skip

"""Which tables show what happened at a point of time? The search for breaks, and what followed named events."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.columns import Column
from qstats.report.display import Display, show_table
from qstats.report.formats import capital_text
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.headings import (
    DASH,
    HEAD,
    bilingual,
    in_both,
    say_points,
)
from qstats.report.trend.wording import name_series


def tabulate_breaks(assessed: Assessment) -> Display | None:
    """The search for breaks in every series."""
    table = assessed.breaks if assessed.received else pd.DataFrame()
    if table.empty or not (table["status"] == "stated").any():
        return None
    rows = table[table["status"] == "stated"].reset_index(drop=True)
    listed = rows.to_dict("records")
    worded = in_both(
        rows,
        name=[capital_text(name_series(assessed, row)) for row in listed],
        told=[_break_told(row) for row in listed],
        within=[{one: f"{row['break_first']}–{row['break_last']}" if row["found"] else "—" for one in LANGUAGES} for row in listed],
    )  # fmt: skip
    return show_table(
        worded,
        name="breaks",
        caption={"zh": "各序列水平突变的检验", "en": "Search for sudden shifts of the level, series by series"},
        columns={
            "name": bilingual(HEAD["series"]), "told": bilingual({"zh": "突变", "en": "Break"}),
            "within": bilingual({"zh": "位置的区间", "en": "Its place within"}),
            "p_break": Column(format="p_value", label={"zh": "单独检验p值", "en": "p by itself"}),
            "p_break_adjusted": Column(format="p_value", label={"zh": "一并检验p值（Holm）", "en": "p, groups together (Holm)"}),
        },
        notes=[{
            "zh": f"最大F检验，临界值由{assessed.rules.resamples}次自助抽样得出，计入季节、趋势、超额波动和相邻各期的相关。",
            "en": f"Largest-F test against {assessed.rules.resamples} bootstrap series with season, trend, scatter beyond chance and alike neighbours.",
        }],
    )  # fmt: skip


def _break_told(row: Mapping[str, Any]) -> Text:
    if not row["found"]:
        return {"zh": "未发现", "en": "none found"}
    return {"zh": f"自{row['break_period']}起", "en": f"from {row['break_period']}"}


def tabulate_effects(assessed: Assessment) -> Display | None:
    """Effect of each named event on each series."""
    table = assessed.effects if assessed.received and assessed.events else pd.DataFrame()
    if table.empty:
        return None
    listed = table.to_dict("records")
    family = {(row["series"], row["group"]): row["family"] for row in assessed.trends.to_dict("records")}
    worded = in_both(
        table,
        name=[capital_text(name_series(assessed, row)) for row in listed],
        effect_told=[_effect(row, family.get((row["series"], row["group"]), "")) for row in listed],
        mix_told=[say_points(row, "mix_effect") for row in listed],
        placebo=[_share(row["placebo_share"]) for row in listed],
        told=[text("effect_verdict", row["verdict"]) for row in listed],
    )
    return show_table(
        worded,
        name="event_effects",
        caption={"zh": "事件前后的变化", "en": "What changed after the named events"},
        columns={
            "name": bilingual(HEAD["series"]), "on": Column(format="date", label={"zh": "事件日期", "en": "Day of the event"}),
            "n_before": Column(format="count", label={"zh": "此前期数", "en": "Periods before"}),
            "n_after": Column(format="count", label={"zh": "此后期数", "en": "Periods after"}),
            "effect_told": bilingual({"zh": "与原走势之差（区间）", "en": "Difference from the earlier course (interval)"}),
            "mix_told": bilingual({"zh": "按相同结构", "en": "At one mix"}),
            "placebo": bilingual({"zh": "其他时点有同样变化的比例", "en": "Other dates that show as much"}),
            "told": bilingual(HEAD["verdict"]),
        },
        notes=[{
            "zh": "分段回归：此前的水平、趋势和季节照旧延续，与此后实际相比；误差按相邻各期相关计算。各县以其余各县为对照，所列是与其他县之差。同一时期发生的其他事情，数字分不开。",
            "en": "Segmented regression: the earlier level, trend and season carried on, compared with what came; errors alike between neighbouring periods. Each county has all others as its control, so its figure is the difference from theirs. Whatever else happened at that time cannot be told apart.",
        }],
    )  # fmt: skip


def _effect(row: Mapping[str, Any], family: str) -> Text:
    if not np.isfinite(row["effect"]):
        return DASH
    if family == "poisson":
        words = [f"{row[f'effect{end}']:+.1f}".replace("-", "−") for end in ("", "_lower", "_upper")]
        return {"zh": f"{words[0]}（{words[1]}～{words[2]}）", "en": f"{words[0]} ({words[1]} to {words[2]})"}
    return say_points(row, "effect")


def _share(value: float) -> Text:
    return {one: f"{100 * value:.0f}%" for one in LANGUAGES} if np.isfinite(value) else DASH

"""In which words are figures told that come without counts? By their ranks, which are called no trend."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.formats import capital, format_interval, format_points
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.headings import keep_sign
from qstats.report.trend.periods import count_periods


def describe_ranks(assessed: Assessment, row: Mapping[str, Any], label: Text) -> Text:
    """Figures without the number behind them: what their ranks show, called no trend."""
    n = int(row["periods"])
    verdict, why = text("trend_verdict", row["verdict"]), text("trend_reason", row["reason"])
    tested, sen = _say_p(row), say_sen(row)
    coarse = say_coarse(assessed, row)
    return {
        "zh": f"{label['zh']}（{n}期）：{verdict['zh']}，Sen斜率每年{sen['zh']}，{tested['zh']}；{why['zh']}{coarse['zh']}。",
        "en": f"{capital(label['en'])} ({count_periods(n)}): {verdict['en']}, Sen's slope {sen['en'].replace(' (', ', ').rstrip(')')} a year, {tested['en']}; {why['en']}{coarse['en']}.",
    }


def _say_p(row: Mapping[str, Any]) -> Text:
    p = "<0.001" if row["rank_p"] < 0.001 else f"={row['rank_p']:.3f}"
    if not np.isfinite(row["rank_p_adjusted"]):
        return {"zh": f"Mann-Kendall检验p{p}", "en": f"Mann-Kendall p{p}"}
    joint = "<0.001" if row["rank_p_adjusted"] < 0.001 else f"={row['rank_p_adjusted']:.3f}"
    return {
        "zh": f"Mann-Kendall检验p{p}，各序列一并检验p{joint}",
        "en": f"Mann-Kendall p{p}, p{joint} with all series tested together",
    }


def say_coarse(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """That figures were published in steps of a whole point or more, where they were."""
    step = assessed.step_of(row["series"], row["group"])
    if row["unit"] != "proportion" or not step >= COARSE:
        return {"zh": "", "en": ""}
    return {
        "zh": f"；公布值取整到{100 * step:.3g}个百分点，更小的变化看不出来",
        "en": f"; published in steps of {100 * step:.3g} {'point' if round(100 * step, 6) == 1 else 'points'}, so that smaller changes do not show",
    }


COARSE = 0.0099
"""Steps of rounding from which a sentence speaks of them."""


def say_sen(row: Mapping[str, Any]) -> Text:
    """Sen's slope a year with its limits: in points of a proportion, in the series' own unit else."""
    slope, limits = float(row["sen"]), (float(row["sen_lower"]), float(row["sen_upper"]))
    if row["unit"] == "proportion":
        zh, en = (keep_sign(format_interval(*limits, one, unit="points"), *limits) for one in LANGUAGES)
        shown = format_points(slope)
        return {"zh": f"{shown}个百分点（{zh}）", "en": f"{shown} points ({en})"}
    shown, lower, upper = (f"{value:+.2f}".replace("-", "−") for value in (slope, *limits))
    return {"zh": f"{shown}（{lower}～{upper}）", "en": f"{shown} ({lower} to {upper})"}

"""What do the tables on trends have in common? Headings, and figures as words where their units differ."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.report.columns import Column
from qstats.report.display import Display, show_text
from qstats.report.formats import format_interval, format_points

DASH: Text = {"zh": "—", "en": "—"}
HEAD: dict[str, Text] = {
    "series": {"zh": "指标", "en": "Indicator"},
    "county": {"zh": "县（市、区）", "en": "County"},
    "span": {"zh": "时期", "en": "Periods from–to"},
    "periods": {"zh": "期数", "en": "Periods"},
    "counted": {"zh": "样本量", "en": "n"},
    "change": {"zh": "平均每年变化", "en": "Change a year"},
    "interval": {"zh": "置信区间", "en": "Interval"},
    "mix": {"zh": "按相同结构（区间）", "en": "At one mix (interval)"},
    "verdict": {"zh": "结论", "en": "Verdict"},
    "reason": {"zh": "原因", "en": "Why"},
}


NOTHING: Text = {
    "zh": "没有收到任何可以逐期比较的数据，本章不作判断。",
    "en": "No data were received that follow each other in time: this chapter states nothing.",
}
NO_INSPECTIONS: Text = {
    "zh": "没有监督抽查的逐期合格率。",
    "en": "There are no pass rates of supervision sampling that follow each other in time.",
}
NO_COUNTIES: Text = {
    "zh": "没有足够的分县（市、区）抽查记录。",
    "en": "There are not enough records of sampling by county.",
}
NO_MODEL: Text = {
    "zh": "没有可以拟合趋势的序列。",
    "en": "There is no series to which a trend can be fitted.",
}
NO_MIX: Text = {
    "zh": "抽样结构没有可比的记录。",
    "en": "There is no record of the mix of samples that could be compared.",
}
NO_EVENT: Text = {
    "zh": "没有需要评估的政策或变更。",
    "en": "There is no policy or change whose effect is to be measured.",
}
NO_FORECAST: Text = {"zh": "没有发布的预测。", "en": "No forecast is shown."}
NO_BACKTEST: Text = {"zh": "历史太短，预测无从检验。", "en": "The history is too short to test forecasts."}


def leave_out(name: str, why: Text) -> Display:
    """Words in place of a table or chart; where the text of the section says it, there is nothing (None)."""
    return show_text(why, style="note", instead_of=name)


def bilingual(label: Text) -> Column:
    """A column of words."""
    return Column(format="bilingual", label=label)


def in_both(rows: pd.DataFrame, **columns: Iterable[Text]) -> pd.DataFrame:
    """Rows with words in both languages as ``<name>_zh`` and ``<name>_en``."""
    made: dict[str, list[str]] = {}
    for name, texts in columns.items():
        listed = list(texts)
        made |= {f"{name}_{one}": [entry[one] for entry in listed] for one in LANGUAGES}
    return rows.assign(**made)


def keep_sign(shown: str, lower: float, upper: float) -> str:
    """An interval of a change as printed; a limit that only rounding makes 0 keeps its sign if none is excluded."""
    if not lower * upper > 0:
        return shown
    sign = "+" if lower > 0 else "−"
    return re.sub(r"(?<![\d.+−])0\.0(?!\d)", f"{sign}0.0", shown)


def say_points(row: Mapping[str, Any], name: str) -> Text:
    """A difference in points with its interval, by its columns ``<name>, <name>_lower, <name>_upper``."""
    if not np.isfinite(row[name]):
        return DASH
    size, limits = format_points(row[name]), (row[f"{name}_lower"], row[f"{name}_upper"])
    zh, en = (keep_sign(format_interval(*limits, one, unit="points"), *limits) for one in LANGUAGES)
    return {"zh": f"{size}（{zh}）", "en": f"{size} ({en})"}

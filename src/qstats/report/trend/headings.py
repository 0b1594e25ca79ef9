"""What do the tables on trends have in common? Headings, and figures as words where their units differ."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from qstats.codebook import LANGUAGES, Text
from qstats.report.columns import Column
from qstats.report.display import Display, show_text
from qstats.report.formats import capital, format_interval, format_points

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


def leave_out(name: str) -> Display:
    """Nothing in place of a table: the text of the section says what is missing."""
    return show_text([], instead_of=name)


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


def opening(words: Text) -> Text:
    """Words that open a cell or a sentence."""
    return {"zh": words["zh"], "en": capital(words["en"])}


def say_points(row: Mapping[str, Any], name: str) -> Text:
    """A difference in points with its interval, by its columns ``<name>, <name>_lower, <name>_upper``."""
    if not np.isfinite(row[name]):
        return DASH
    size = format_points(row[name])
    return {
        "zh": f"{size}（{format_interval(row[f'{name}_lower'], row[f'{name}_upper'], 'zh', unit='points')}）",
        "en": f"{size} ({format_interval(row[f'{name}_lower'], row[f'{name}_upper'], 'en', unit='points')})",
    }

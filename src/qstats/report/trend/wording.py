"""In which words is a trend told? A direction only where the rules allow it, else no clear trend and why."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qstats.codebook import LANGUAGES, Text, text
from qstats.reference import county_name
from qstats.report.formats import capital, format_interval, format_points, format_relative
from qstats.report.trend.assessment import OWN, Assessment
from qstats.report.trend.bend_wording import say_bend
from qstats.report.trend.gather import BY_COUNTY, SATISFACTION, SERIES_OF_MIX
from qstats.report.trend.headings import keep_sign
from qstats.report.trend.periods import count_periods, period_label, span_cell
from qstats.report.trend.rank_wording import describe_ranks
from qstats.trend import is_bent

EMPTY: Text = {"zh": "", "en": ""}


def name_series(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """Name of a series and its group: a county, a sector, a stretch between two definitions."""
    label = assessed.label(row["series"])
    if not row["group"]:
        return dict(label)
    group = name_group(assessed, row)
    if row["series"] == BY_COUNTY:
        return {"zh": f"{group['zh']}批次合格率", "en": f"batch pass rate of {group['en']}"}
    return {"zh": f"{label['zh']}（{group['zh']}）", "en": f"{label['en']} ({group['en']})"}


def name_group(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """Name of the group of a series: a county, a sector, the time of one definition; empty where it has none."""
    if not row["group"]:
        return EMPTY
    if row["series"] == BY_COUNTY:
        return county_name(row["group"])
    if row["series"] == SATISFACTION:
        name = text("sector", row["group"])
        return {"zh": name["zh"], "en": name["en"].lower()}
    rows = assessed.rows_of(row["series"], row["group"])
    span = span_cell(str(rows["period"].iloc[0]), str(rows["period"].iloc[-1]))
    return {"zh": f"{span['zh']}口径", "en": f"as defined {span['en']}"}


def say_amount(family: str, value: float, *, signed: bool) -> Text:
    """A change a year: in points of a rate, relative for events."""
    if family == "poisson":
        shown = format_relative(value) if signed else f"{abs(100 * value):.1f}%"
        return {"zh": shown, "en": shown}
    shown = format_points(value) if signed else f"{abs(100 * value):.1f}"
    return {"zh": f"{shown}个百分点", "en": f"{shown} points"}


def say_interval(family: str, lower: float, upper: float) -> Text:
    """Interval of a change a year, with its unit in Chinese."""
    unit = "relative" if family == "poisson" else "points"
    zh, en = (
        keep_sign(format_interval(lower, upper, language, unit=unit), lower, upper) for language in LANGUAGES
    )
    return {"zh": zh if family == "poisson" else f"{zh}个百分点", "en": en}


def say_change(
    assessed: Assessment, row: Mapping[str, Any], *, signed: bool = True, which: str = "change"
) -> Text:
    """A change a year with its interval in brackets."""
    family, level = str(row["family"]), assessed.level
    size = say_amount(family, row[which], signed=signed)
    limits = say_interval(family, row[f"{which}_lower"], row[f"{which}_upper"])
    return {
        "zh": f"{size['zh']}（{level}置信区间：{limits['zh']}）",
        "en": f"{size['en']} a year ({level} confidence interval {limits['en']})",
    }


def describe_trend(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """One series in one sentence."""
    if row["family"] == "figure" and row["status"] == "stated":
        return describe_ranks(assessed, row, name_series(assessed, row))
    if row["status"] != "stated":
        return _describe_untold(assessed, row)
    if row["verdict"] in ("rise", "fall"):
        return _describe_direction(assessed, row)
    if row["reason"] == "mix":
        return _describe_mix(assessed, row)
    if row["reason"] == "bends":
        return _describe_bend(assessed, row)
    label, change = name_series(assessed, row), say_change(assessed, row)
    since = _say_since(row)
    if row["reason"] == "covers_none":
        bent = is_bent(row, assessed.rules)
        hidden = _say_also_bent(row) if bent else _say_hidden_by_mix(assessed, row)
        return {
            "zh": f"{since['zh']}{label['zh']}无明显趋势：平均每年变化{change['zh']}{hidden['zh']}。",
            "en": f"{capital(label['en'])}: no clear trend{since['en']} ({_inline(change['en'])}){hidden['en']}.",
        }
    why = text("trend_reason", row["reason"])
    return {
        "zh": f"{since['zh']}{label['zh']}无明显趋势：单独看平均每年变化{change['zh']}，但{why['zh']}。",
        "en": f"{capital(label['en'])}: no clear trend{since['en']}; by itself it shows {_inline(change['en'])}, but {why['en']}.",
    }


def _inline(words: str) -> str:
    """Brackets within brackets become commas."""
    return words.replace(" (", ", ").rstrip(")")


def _describe_bend(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """A course that no one direction describes: what it did, as far as its halves show it."""
    label, since, course = name_series(assessed, row), _say_since(row), say_bend(row)
    return {
        "zh": f"{since['zh']}{label['zh']}无明显趋势：走势有弯折，{course['zh']}，不能用一个方向概括。",
        "en": f"{capital(label['en'])}: no clear trend{since['en']}; the course bends, so that no one direction describes it: it {course['en']}.",
    }


def _say_also_bent(row: Mapping[str, Any]) -> Text:
    course = say_bend(row)
    return {"zh": f"；走势有弯折，{course['zh']}", "en": f"; the course bends: it {course['en']}"}


def _say_since(row: Mapping[str, Any]) -> Text:
    if not row["since"]:
        return EMPTY
    when = period_label(row["since"])
    if row["since_kind"] == "laboratory":
        return {
            "zh": f"{when['zh']}更换承检机构以来，",
            "en": f" since the change of laboratory of {when['en']}",
        }
    return {"zh": f"{when['zh']}突变以来，", "en": f" since the break of {when['en']}"}


def _describe_direction(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    label, up = name_series(assessed, row), row["verdict"] == "rise"
    change, since = say_change(assessed, row, signed=False), _say_since(row)
    first, last = period_label(row["first"]), period_label(row["last"])
    span = {
        "zh": f"{first['zh']}至{last['zh']}平均每年{'提高' if up else '下降'}",
        "en": f"from {first['en']} to {last['en']}",
    }
    mix = _say_same_at_one_mix(assessed, row)
    return {
        "zh": f"{since['zh']}{label['zh']}呈{'上升' if up else '下降'}趋势：{span['zh']}{change['zh']}{mix['zh']}。",
        "en": f"{_subject(row, label)} is {'rising' if up else 'falling'}{since['en']}: {'up' if up else 'down'} {change['en']} {span['en']}{mix['en']}.",
    }


def _subject(row: Mapping[str, Any], label: Text) -> str:
    """A name as the subject of an English sentence; those of published series stand as they are."""
    return f"The {label['en']}" if row["series"] in OWN else capital(label["en"])


def _say_same_at_one_mix(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    if row["series"] not in OWN:
        return {
            "zh": "；公布时没有说明构成，构成的变化可能有影响",
            "en": "; what the figures are made up of is not published and may have changed",
        }
    if not np.isfinite(row["mix_slope"]):
        return EMPTY
    change = say_change(assessed, row, which="mix_change")
    mix = SERIES_OF_MIX[row["series"]]
    return {"zh": f"；按{mix['zh']}计算为{change['zh']}", "en": f"; {mix['en']} {change['en']}"}


def _say_hidden_by_mix(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """That the rate at one mix moves though the reported one does not."""
    if row["verdict_at_one_mix"] not in ("rise", "fall"):
        return EMPTY
    same, mix, up = (
        say_change(assessed, row, which="mix_change"),
        SERIES_OF_MIX[row["series"]],
        row["mix_slope"] > 0,
    )
    return {
        "zh": f"；但按{mix['zh']}计算{'上升' if up else '下降'}，平均每年{same['zh']}，被结构的变化抵消",
        "en": f", but {mix['en']} it goes {'up' if up else 'down'} by {_inline(same['en'])}, which the change of mix offsets",
    }


def _describe_mix(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """The reported rate moves and the rate at one mix does not, or moves the other way."""
    label, up = name_series(assessed, row), row["slope"] > 0
    crude = say_change(assessed, row, signed=False)
    same, mix, since = (
        say_change(assessed, row, which="mix_change"),
        SERIES_OF_MIX[row["series"]],
        _say_since(row),
    )
    opposed = row["verdict_at_one_mix"] in ("rise", "fall")
    moved = {
        "zh": f"，方向相反（{'上升' if row['mix_slope'] > 0 else '下降'}）",
        "en": f", the other way ({'up' if row['mix_slope'] > 0 else 'down'})",
    }
    plain = {"zh": "，无明显趋势", "en": ", no clear trend"}
    told = moved if opposed else plain
    return {
        "zh": f"{since['zh']}{label['zh']}的报告值平均每年{'提高' if up else '下降'}{crude['zh']}，但按{mix['zh']}计算为{same['zh']}{told['zh']}："
        f"报告值的{'上升' if up else '下降'}不能说明质量{'提高' if up else '下降'}。",
        "en": f"The reported {label['en']} {'rises' if up else 'falls'}{since['en']} by {crude['en']}, but {mix['en']} it is {same['en']}{told['en']}: "
        f"what is reported {'rises' if up else 'falls'} without showing that quality does.",
    }


def _describe_untold(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    """Why nothing is said of a series."""
    label, n = name_series(assessed, row), int(row["periods"])
    why = text("trend_reason", reason_of(assessed, row))
    if row["status"] == "too_short":
        return {
            "zh": f"{label['zh']}只有{n}期，不足以判断趋势。",
            "en": f"{capital(label['en'])}: {count_periods(n)} on record, too few to tell a trend.",
        }
    verdict = text("trend_verdict", row["verdict"])
    told = row["verdict"] == "withheld"
    return {
        "zh": f"{label['zh']}：{verdict['zh'] + '，' if told else ''}{why['zh']}。",
        "en": f"{capital(label['en'])}: {verdict['en'] + ', ' if told else ''}{why['en']}.",
    }


def reason_of(assessed: Assessment, row: Mapping[str, Any]) -> str:
    """Code of why nothing is said of a series: of one without data, whether its rates are refused."""
    withheld = row["reason"] == "no_data" and assessed.gathered.refused.get(row["series"], 0) > 0
    return "refused" if withheld else str(row["reason"])

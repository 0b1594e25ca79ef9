"""How does the report speak of waiting: until a failed project is accepted, until a complaint is closed?

Cases that are still open are named beside those that ended, and so are those of unknown length.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.names import level_text
from qstats.report.formats import capital, format_count, format_interval, format_number, format_percent

ACCEPTED: Text = {"zh": "从首次验收到最终通过", "en": "are accepted"}
CLOSED: Text = {"zh": "办结", "en": "are closed"}


def describe_rectification(assessed: Assessment) -> list[Text]:
    """Time from a failed first acceptance to the final one, open projects followed until the cutoff."""
    if assessed.projects.empty:
        return []
    span, cases = assessed.span.label, assessed.failed_projects
    row = assess.tabulate_durations(cases, within=assessed.rectification_days, confidence=assessed.confidence)
    left = _left_out(
        row,
        {
            "zh": "项工程最终通过的日期不明，没有计入",
            "en": "accepted on an unknown day, left out",
        },
    )
    if row["n"] == 0:
        nothing = {
            "zh": f"{span['zh']}没有首次验收不合格的工程可供跟踪。",
            "en": f"No project that failed its first acceptance in {span['en']} can be followed.",
        }
        return [_joined(nothing, left)]
    opening = {
        "zh": f"{span['zh']}首次验收不合格、可以跟踪的{row['n']}项工程中，{row['ended']}项已通过验收，{row['open']}项截至{assessed.cutoff}尚未通过",
        "en": f"Of the {row['n']:,} projects that failed their first acceptance in {span['en']} and can be followed, {row['ended']:,} have been accepted since and {row['open']:,} not by {assessed.cutoff}",
    }
    if row["status"] != "stated":
        few = {
            "zh": f"{opening['zh']}；项数过少，不推算整改时间。",
            "en": f"{opening['en']}; they are too few to state a time.",
        }
        return [_joined(few, left)]
    told = say_times(row, ACCEPTED)
    counted = {
        "zh": "尚未通过的按跟踪至今计入，没有剔除。",
        "en": " Open projects count as followed until then; none was left out.",
    }
    said = {
        "zh": f"{opening['zh']}。{told['zh']}。{counted['zh']}",
        "en": f"{opening['en']}. {capital(told['en'])}.{counted['en']}",
    }
    return [_joined(said, left)]


def describe_handling(assessed: Assessment) -> list[Text]:
    """How long complaints took, this year and last, open ones followed until the cutoff."""
    if assessed.complaints.empty:
        return []
    said = []
    for window in (assessed.year, assessed.year.shift(-1)):
        row = assess.tabulate_durations(
            assessed.handled[str(window)], within=assessed.handling_days, confidence=assessed.confidence
        )
        if row["n"]:
            said.append(_describe_handling(row, window.label))
    return said


def _describe_handling(row: Mapping[str, Any], when: Text) -> Text:
    count = {one: format_count(row["n"], one) for one in ("zh", "en")}
    opening = {
        "zh": f"{when['zh']}受理的{count['zh']}件中，已办结{row['ended']}件，未办结{row['open']}件",
        "en": f"Of {count['en']} complaints received in {when['en']}, {row['ended']:,} are closed and {row['open']:,} open",
    }
    told = (
        say_times(row, CLOSED)
        if row["status"] == "stated"
        else {"zh": "件数过少，不推算办理时间", "en": "too few to state a time"}
    )
    said = {
        one: f"{opening[one]}{'；' if one == 'zh' else '; '}{told[one]}{'。' if one == 'zh' else '.'}"
        for one in ("zh", "en")
    }
    return _joined(
        said,
        _left_out(
            row,
            {
                "zh": "件已办结而办结日期不明，没有计入",
                "en": "closed on an unknown day, left out",
            },
        ),
    )


def _left_out(row: Mapping[str, Any], words: Text) -> Text:
    n = row["left_out"]
    return (
        {"zh": f"另有{n}{words['zh']}。", "en": f" Besides, {n:,} {words['en']}."}
        if n
        else {"zh": "", "en": ""}
    )


def _joined(first: Text, second: Text) -> Text:
    return {one: first[one] + second[one] for one in ("zh", "en")}


def say_times(row: Mapping[str, Any], what: Text) -> Text:
    """Median time and the share that ended within the days allowed, where cases were followed so long."""
    median = say_median(row, what)
    if np.isnan(row["share"]):
        return median
    share = {one: format_interval(row["share_lower"], row["share_upper"], one) for one in ("zh", "en")}
    return {
        "zh": f"{median['zh']}；{row['within']}天内了结的占{format_percent(row['share'])}（{share['zh']}）",
        "en": f"{median['en']}; {format_percent(row['share'])} ({share['en']}) within {row['within']} days",
    }


def say_median(row: Mapping[str, Any], what: Text) -> Text:
    """A median time in days with its limits, also where it or its upper limit is not reached."""
    if np.isinf(row["median"]):
        return {
            "zh": f"{what['zh']}的中位时间尚未达到（不足一半已了结）",
            "en": f"fewer than half {what['en']} so far: there is no median time yet",
        }
    sure = level_text(row["confidence"])
    value, lower = (format_number(row[name], decimals=0) for name in ("median", "median_lower"))
    limits = {"zh": f"{lower}天以上", "en": f"{lower} days or more"}
    if np.isfinite(row["median_upper"]):
        upper = format_number(row["median_upper"], decimals=0)
        limits = {"zh": f"{lower}～{upper}天", "en": f"{lower} to {upper}"}
    return {
        "zh": f"{what['zh']}的中位时间为{value}天（{sure}置信区间{limits['zh']}）",
        "en": f"half {what['en']} within {value} days ({sure} confidence interval {limits['en']})",
    }

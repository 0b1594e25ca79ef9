"""How does the report speak of first-time acceptance? The count of the period, then, apart, what it demonstrates.

A complete count says whether the target of the period is met. What so many projects demonstrate of the
building process stands in a sentence of its own and is never taken for the former.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.periods import Period
from qstats.report.acceptance.assessment import EVERY, NAMES, Assessment, scale_of
from qstats.report.formats import (
    capital,
    format_count,
    format_interval,
    format_number,
    format_percent,
    format_points,
)

NO_PROJECTS: Text = {
    "zh": "没有收到工程竣工验收台账，一次验收合格率不作评价。需要：每项工程一行，写明工程编号或名称、规模、首次验收日期与结论，未一次通过的写明处理方式和最终通过日期。",
    "en": "No register of completion acceptance was received, so first-time acceptance is not assessed. Needed: one row per project with its number or name, scale, day and outcome of the first acceptance and, where it failed, the route and the day of the final one.",
}


def describe_first_time(assessed: Assessment) -> list[Text]:
    """Each target: the count of the period, the count of the year, the change, and what the count demonstrates."""
    if assessed.projects.empty:
        return []
    paragraphs: list[Text] = []
    for target in assessed.targets_of("first_time_rate"):
        scale, level = scale_of(target), target["level"]
        windows = [assessed.period, *([assessed.year] if assessed.is_part_of_year else [])]
        counted = [describe_count(assessed, scale, level, window) for window in windows]
        paragraphs.append(
            {"zh": "".join(one["zh"] for one in counted), "en": " ".join(one["en"] for one in counted)}
        )
        apart = (describe_process(assessed, scale, level), describe_change(assessed, scale))
        paragraphs += [one for one in apart if one]
    return paragraphs


def describe_count(assessed: Assessment, scale: str, level: float | None, window: Period) -> Text:
    """Whether the target of a period is met, as a complete count."""
    row, name, when = assessed.row_of(scale, window), NAMES[scale], window.label
    n, passes, failures, unknown = (int(row[key]) for key in ("n", "passes", "failures", "unknown"))
    if n + unknown == 0:
        return {
            "zh": f"{when['zh']}没有{name['zh']}首次竣工验收，目标无从判断。",
            "en": f"No {name['en']} had their first completion acceptance in {when['en']}: there is nothing to judge the target by.",
        }
    if n == 0:
        return _describe_open(name, when, n, unknown, 0)
    rate = format_percent(passes / n)
    if level is None:
        return {
            "zh": f"{when['zh']}首次竣工验收的{name['zh']}{n}项，一次验收合格{passes}项，一次验收合格率{rate}。",
            "en": f"{passes:,} of the {n:,} {name['en']} first accepted in {when['en']} passed at the first acceptance ({rate}).",
        }
    verdict = assess.judge_count(passes, failures, unknown, level)
    if verdict == "open":
        return _describe_open(name, when, n, unknown, failures)
    return _describe_verdict(name, when, row, level, met=verdict == "met")


def _describe_verdict(name: Text, when: Text, row: Mapping[str, Any], level: float, *, met: bool) -> Text:
    n, passes, failures, unknown = (int(row[key]) for key in ("n", "passes", "failures", "unknown"))
    aim = format_percent(level, decimals=0)
    aside = {
        "zh": f"另有{unknown}项没有验收结论，不影响这一判断。" if unknown else "",
        "en": f" The {unknown} whose outcome is not recorded do not change this." if unknown else "",
    }
    if met and failures == 0:
        return {
            "zh": f"{when['zh']}首次竣工验收的{name['zh']}{n}项，全部一次验收合格，当期目标（{aim}）已达到。{aside['zh']}",
            "en": f"{_all_of(n, name)} first accepted in {when['en']} passed at the first acceptance: the target for the period ({aim}) is met.{aside['en']}",
        }
    tolerated = assess.failures_tolerated(n + unknown, level)
    rate = format_percent(passes / n)
    allowed = {
        "zh": f"{n + unknown}项最多容许{tolerated}项不合格，实际{failures}项",
        "en": f"{n + unknown:,} projects tolerate {tolerated:,}, and {failures:,} failed",
    }
    verdict = {
        "zh": "当期目标已达到" if met else "当期目标未达到",
        "en": "the target for the period is met" if met else "the target for the period is missed",
    }
    opening = {
        "zh": f"{when['zh']}首次竣工验收的{name['zh']}{n}项，一次验收合格{passes}项，一次验收合格率{rate}",
        "en": f"{passes:,} of the {n:,} {name['en']} first accepted in {when['en']} passed at the first acceptance ({rate})",
    }
    return {
        "zh": f"{opening['zh']}，{verdict['zh']}（{aim}：{allowed['zh']}）。{aside['zh']}",
        "en": f"{opening['en']}: {verdict['en']} ({aim}: {allowed['en']}).{aside['en']}",
    }


def _all_of(n: int, name: Text) -> str:
    """“All 40 large and medium projects”; one project is spoken of as one."""
    return f"The only one of the {name['en']}" if n == 1 else f"All {format_count(n, 'en')} {name['en']}"


def _describe_open(name: Text, when: Text, n: int, unknown: int, failures: int) -> Text:
    found = {
        "zh": f"有结论的{n}项中{failures}项不合格，" if n else "",
        "en": f"of the {n:,} with an outcome {failures} failed, and " if n else "",
    }
    return {
        "zh": f"{when['zh']}首次竣工验收的{name['zh']}，{found['zh']}{unknown}项没有验收结论：目标是否达到取决于这些工程，暂不判断。",
        "en": f"{capital(name['en'])} first accepted in {when['en']}: {found['en']}{unknown} have no recorded outcome, on which the target depends. It is not judged.",
    }


def describe_process(assessed: Assessment, scale: str, level: float | None) -> Text | None:
    """What the newest count demonstrates of the building process; nothing without a count."""
    row = assessed.row_of(scale, assessed.period)
    if row["status"] != "stated":
        return None
    bound, sure = format_percent(row["bound"]), format_percent(assessed.confidence, decimals=0)
    name, n, passes = NAMES[scale], int(row["n"]), int(row["passes"])
    reached = level is not None and passes >= level * n
    needed = assess.projects_needed(level, assessed.confidence) if level else None
    aim = format_percent(level, decimals=0) if level else ""
    tail: Text = {"zh": "", "en": ""}
    if reached and needed:
        tail = {
            "zh": f"要以同样的把握证明施工质量水平达到{aim}，须有{needed}项且全部一次合格。",
            "en": f" To demonstrate {aim} with the same confidence takes {needed} projects that all pass.",
        }
    elif reached:
        tail = {
            "zh": "100%的水平不能由有限的项数证明。",
            "en": " A process of 100% cannot be demonstrated by any number of projects.",
        }
    return {
        "zh": f"如推断{name['zh']}的一般施工质量水平（把{n}项中{passes}项合格看作一个样本）：单侧{sure}置信下限为{bound}。{tail['zh']}",
        "en": f"As evidence on the building process behind {name['en']} in general, {passes:,} of {n:,} taken as a sample: the one-sided {sure} lower bound is {bound}.{tail['en']}",
    }


def describe_change(assessed: Assessment, scale: str) -> Text | None:
    """The year so far against the same months of the year before, as counted and as evidence."""
    this, last = assessed.year, assessed.year.shift(-1)
    counts = assess.count_first_time(
        assessed.projects if scale == EVERY else assessed.projects[assessed.projects["scale"].eq(scale)],
        [this, last], confidence=assessed.confidence,
    )  # fmt: skip
    difference, lower, upper = assess.compare_first_time(counts.iloc[0], counts.iloc[1])
    if np.isnan(difference):
        return None
    now, before = (f"{int(row.passes)}/{int(row.n)}" for row in counts.itertuples())
    clear = lower > 0 or upper < 0
    shown = format_points(difference)
    limits = {one: format_interval(lower, upper, one, unit="points") for one in ("zh", "en")}
    what = {
        "zh": f"提高{shown.lstrip('+')}个百分点"
        if difference > 0
        else f"下降{format_number(abs(100 * difference))}个百分点",
        "en": f"{'up' if difference > 0 else 'down'} {format_number(abs(100 * difference))} points",
    }
    verdict = (
        what
        if clear
        else {"zh": f"无显著变化（相差{shown}个百分点）", "en": f"no clear change ({shown} points)"}
    )
    return {
        "zh": f"{NAMES[scale]['zh']}{this.label['zh']}（{now}）与{last.label['zh']}（{before}）相比，{verdict['zh']}；施工质量水平之差的置信区间为{limits['zh']}个百分点。",
        "en": f"{capital(NAMES[scale]['en'])}, {this.label['en']} ({now}) against {last.label['en']} ({before}): {verdict['en']}; the interval for the difference of the building processes is {limits['en']} points.",
    }


def describe_rectification(assessed: Assessment) -> list[Text]:
    """Time from a failed first acceptance to the final one, open projects followed until the cutoff."""
    if assessed.projects.empty:
        return []
    span = assessed.span
    row = assess.tabulate_durations(
        assessed.failed_projects, within=assessed.rectification_days, confidence=assessed.confidence
    )
    if row["n"] == 0:
        nothing = {
            "zh": f"{span.label['zh']}没有首次验收不合格的工程可供跟踪。",
            "en": f"No project that failed its first acceptance in {span.label['en']} can be followed.",
        }
        return [nothing]
    opening = {
        "zh": f"{span.label['zh']}首次验收不合格、可以跟踪的{row['n']}项工程中，{row['ended']}项已通过验收，{row['open']}项截至{assessed.cutoff}尚未通过",
        "en": f"Of the {row['n']:,} projects that failed their first acceptance in {span.label['en']} and can be followed, {row['ended']:,} have been accepted since and {row['open']:,} not by {assessed.cutoff}",
    }
    if row["status"] != "stated":
        few = {
            "zh": f"{opening['zh']}；项数过少，不推算整改时间。",
            "en": f"{opening['en']}; they are too few to state a time.",
        }
        return [few]
    return [_with_times(opening, row)]


def _with_times(opening: Text, row: Mapping[str, Any]) -> Text:
    share = {one: format_interval(row["share_lower"], row["share_upper"], one) for one in ("zh", "en")}
    within = (
        {"zh": "", "en": ""}
        if np.isnan(row["share"])
        else {
            "zh": f"，{row['within']}天内通过的占{format_percent(row['share'])}（{share['zh']}）",
            "en": f"; {format_percent(row['share'])} ({share['en']}) are accepted within {row['within']} days",
        }
    )
    days = median_of(row)
    return {
        "zh": f"{opening['zh']}。从首次验收到最终通过的中位时间为{days['zh']}{within['zh']}。尚未通过的按跟踪至今计入，没有剔除。",
        "en": f"{opening['en']}. Half are accepted within {days['en']}{within['en']}. Open projects count as followed until then; none was left out.",
    }


def median_of(row: Mapping[str, Any]) -> Text:
    """A median time in days with its limits, also where it or its upper limit is not reached."""
    if np.isinf(row["median"]):
        return {
            "zh": "尚未达到（不足一半已了结）",
            "en": "a time not yet reached (fewer than half have ended)",
        }
    value, lower = (format_number(row[name], decimals=0) for name in ("median", "median_lower"))
    if np.isinf(row["median_upper"]):
        return {
            "zh": f"{value}天（置信区间{lower}天以上）",
            "en": f"{value} days (interval: {lower} days or more)",
        }
    upper = format_number(row["median_upper"], decimals=0)
    return {
        "zh": f"{value}天（置信区间{lower}～{upper}天）",
        "en": f"{value} days (interval {lower} to {upper})",
    }

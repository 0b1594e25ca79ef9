"""How does the report speak of first-time acceptance? The count of the period, then, apart, what it demonstrates.

A complete count says whether the target of the period is met. What so many projects demonstrate of the
building process stands in a sentence of its own and is never taken for the former.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from qstats import acceptance as assess
from qstats.codebook import Text
from qstats.periods import Period
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.names import EVERY, NAMES, level_text, scale_of
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
    for target in assessed.first_time_aims:
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
    n, passes, unknown = (int(row[key]) for key in ("n", "passes", "unknown"))
    if n + unknown == 0:
        return _describe_none(assessed, scale, window, judged=level is not None)
    if level is None:
        return _describe_unjudged(name, when, n, passes, unknown)
    verdict = assessed.judge(scale, window, level)
    if verdict == "open":
        return _describe_open(name, when, row, assessed.strays(scale, window))
    if verdict == "running":
        return _describe_running(name, when, row, level, assessed.cutoff)
    return _describe_verdict(name, when, row, level, met=verdict == "met")


def _describe_none(assessed: Assessment, scale: str, window: Period, *, judged: bool) -> Text:
    """No project of that scale: none at all, or none that states its scale."""
    name, when = NAMES[scale], window.label
    unstated = assessed.without_scale(window)
    tail: Text = (
        {"zh": "，目标无从判断", "en": ": there is nothing to judge the target by"}
        if judged
        else {"zh": "", "en": ""}
    )
    if unstated:
        return {
            "zh": f"{when['zh']}首次竣工验收的工程中没有写明属于{name['zh']}的，{unstated}项没有注明规模{tail['zh']}。",
            "en": f"No project first accepted in {when['en']} is stated to be one of the {name['en']}, and {unstated:,} state no scale{tail['en']}.",
        }
    return {
        "zh": f"{when['zh']}没有{name['zh']}首次竣工验收{tail['zh']}。",
        "en": f"No {name['en']} had their first completion acceptance in {when['en']}{tail['en']}.",
    }


def _describe_unjudged(name: Text, when: Text, n: int, passes: int, unknown: int) -> Text:
    """A count without a target."""
    if n == 0:
        return {
            "zh": f"{when['zh']}首次竣工验收的{name['zh']}{unknown}项，都没有验收结论。",
            "en": f"None of the {unknown:,} {name['en']} first accepted in {when['en']} has a recorded outcome.",
        }
    aside = {
        "zh": f"另有{unknown}项没有验收结论。" if unknown else "",
        "en": f" {unknown:,} more have no recorded outcome." if unknown else "",
    }
    rate = format_percent(passes / n)
    return {
        "zh": f"{when['zh']}首次竣工验收并有结论的{name['zh']}{n}项，一次验收合格{passes}项，一次验收合格率{rate}。{aside['zh']}",
        "en": f"{passes:,} of the {n:,} {name['en']} first accepted in {when['en']} passed at the first acceptance ({rate}).{aside['en']}",
    }


def _describe_verdict(name: Text, when: Text, row: Mapping[str, Any], level: float, *, met: bool) -> Text:
    n, passes, failures, unknown = (int(row[key]) for key in ("n", "passes", "failures", "unknown"))
    aim = level_text(level)
    aside = {
        "zh": f"另有{unknown}项没有验收结论，不影响这一判断。" if unknown else "",
        "en": f" Outcomes that are not recorded ({unknown:,}) do not change this." if unknown else "",
    }
    if met and failures + unknown == 0:
        return {
            "zh": f"{when['zh']}首次竣工验收的{name['zh']}{n}项，全部一次验收合格，当期目标（{aim}）已达到。",
            "en": f"{_all_of(n, name)} first accepted in {when['en']} passed at the first acceptance: the target for the period ({aim}) is met.",
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
    known = {"zh": "并有结论" if unknown else "", "en": "with an outcome " if unknown else ""}
    opening = {
        "zh": f"{when['zh']}首次竣工验收{known['zh']}的{name['zh']}{n}项，一次验收合格{passes}项，一次验收合格率{rate}",
        "en": f"{passes:,} of the {n:,} {name['en']} {known['en']}first accepted in {when['en']} passed at the first acceptance ({rate})",
    }
    return {
        "zh": f"{opening['zh']}，{verdict['zh']}（{aim}：{allowed['zh']}）。{aside['zh']}",
        "en": f"{opening['en']}: {verdict['en']} ({aim}: {allowed['en']}).{aside['en']}",
    }


def _all_of(n: int, name: Text) -> str:
    """“All 40 large and medium projects”; one project is spoken of as one."""
    return f"The only one of the {name['en']}" if n == 1 else f"All {format_count(n, 'en')} {name['en']}"


def _describe_open(name: Text, when: Text, row: Mapping[str, Any], strays: int) -> Text:
    """Why a count is not judged: outcomes are not known, or projects that may belong to it failed."""
    n, failures, unknown = (int(row[key]) for key in ("n", "failures", "unknown"))
    parts: list[Text] = []
    if n:
        parts.append(
            {
                "zh": f"有结论的{n}项中{failures}项不合格",
                "en": f"of the {n:,} with an outcome {failures:,} failed",
            }
        )
    if unknown:
        parts.append({"zh": f"{unknown}项没有验收结论", "en": f"{unknown:,} have no recorded outcome"})
    if strays:
        parts.append(
            {
                "zh": f"另有{strays}项未一次合格或没有结论、又未注明首次验收日期或规模的工程可能属于此列",
                "en": f"{strays:,} more that did not pass, or have no outcome, may belong here, their day or scale not being recorded",
            }
        )
    return {
        "zh": f"{when['zh']}首次竣工验收的{name['zh']}：{'，'.join(part['zh'] for part in parts)}。目标是否达到取决于这些工程，暂不判断。",
        "en": f"{capital(name['en'])} first accepted in {when['en']}: {', and '.join(part['en'] for part in parts)}. The target depends on these and is not judged.",
    }


def _describe_running(name: Text, when: Text, row: Mapping[str, Any], level: float, cutoff: date) -> Text:
    """A count of a period that was not over when the data was closed."""
    n, passes = int(row["n"]), int(row["passes"])
    aim = level_text(level)
    return {
        "zh": f"{when['zh']}尚未结束：截至{cutoff}，首次竣工验收并有结论的{name['zh']}{n}项，一次验收合格{passes}项；目标（{aim}）待期末判断。",
        "en": f"{capital(when['en'])} is not over: by {cutoff}, {passes:,} of the {n:,} {name['en']} with an outcome passed at the first acceptance. The target ({aim}) is judged when it is.",
    }


def describe_process(assessed: Assessment, scale: str, level: float | None) -> Text | None:
    """What the newest count demonstrates of the building process; nothing without a count."""
    row = assessed.row_of(scale, assessed.period)
    if row["status"] != "stated":
        return None
    bound, sure = format_percent(row["bound"]), level_text(assessed.confidence)
    name, n, passes = NAMES[scale], int(row["n"]), int(row["passes"])
    reached = level is not None and n - passes <= assess.failures_tolerated(n, level)
    needed = assess.projects_needed(level, assessed.confidence) if level else None
    aim = level_text(level) if level else ""
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
    if not assessed.is_over(this):
        return None
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

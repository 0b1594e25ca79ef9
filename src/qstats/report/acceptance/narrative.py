"""What does the first screen say of construction works? Targets of the period first, then dwellings and complaints."""

from collections.abc import Mapping
from typing import Any

from qstats.codebook import Text
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.complaints_narrative import describe_falling, describe_level
from qstats.report.acceptance.dwellings_narrative import describe_inspected
from qstats.report.acceptance.names import scale_of
from qstats.report.acceptance.projects_narrative import describe_count, describe_process

NOTHING: Text = {
    "zh": "没有收到工程验收和投诉的记录，工程质量不作评价。",
    "en": "No records of acceptance or complaints were received: construction quality is not assessed.",
}


def main_points(assessed: Assessment) -> list[Text]:
    """The points of the first screen; a count and what it demonstrates are two sentences of one point."""
    points = [*_project_points(assessed), *_dwelling_points(assessed), *_complaint_points(assessed)]
    return points or [NOTHING]


def _project_points(assessed: Assessment) -> list[Text]:
    if assessed.projects.empty:
        return []
    points = []
    for target in sorted(assessed.first_time_aims, key=lambda one: not _is_missed(assessed, one)):
        counted = describe_count(assessed, scale_of(target), target["level"], assessed.period)
        process = describe_process(assessed, scale_of(target), None)
        points.append(
            {
                "zh": counted["zh"] + (process["zh"] if process else ""),
                "en": counted["en"] + (f" {process['en']}" if process else ""),
            }
        )
    return points


def _is_missed(assessed: Assessment, target: Mapping[str, Any]) -> bool:
    """Whether a target is missed: the front page may have room for one point, which is not the pleasant one."""
    level = target["level"]
    return level is not None and assessed.judge(scale_of(target), assessed.period, level) == "missed"


def _dwelling_points(assessed: Assessment) -> list[Text]:
    if assessed.dwellings.empty:
        return []
    return [describe_inspected(assessed, assessed.period)]


def _complaint_points(assessed: Assessment) -> list[Text]:
    if assessed.complaints.empty or not assessed.whole_years:
        return []
    level, fall = describe_level(assessed), describe_falling(assessed)
    if fall is None:
        return [level]
    return [{"zh": level["zh"] + fall["zh"], "en": f"{level['en']} {fall['en']}"}]

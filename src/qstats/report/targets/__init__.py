"""The chapter on targets: how does each of the policy's 39 targets stand, and will it be reached?"""

from qstats.report.targets.assessment import Assessment, assess_targets
from qstats.report.targets.caveats import describe_limits, describe_records
from qstats.report.targets.charts import chart_progress
from qstats.report.targets.findings import list_findings
from qstats.report.targets.narrative import describe_standing, main_points
from qstats.report.targets.paragraphs import describe_departments
from qstats.report.targets.tables import tabulate_all, tabulate_courses, tabulate_readings

__all__ = [
    "Assessment",
    "assess_targets",
    "chart_progress",
    "describe_departments",
    "describe_limits",
    "describe_records",
    "describe_standing",
    "list_findings",
    "main_points",
    "tabulate_all",
    "tabulate_courses",
    "tabulate_readings",
]

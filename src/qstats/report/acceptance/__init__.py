"""The chapter on construction works: are targets met, which projects failed, how long until mended, who complains?"""

from qstats.report.acceptance.assessment import Assessment, assess_works
from qstats.report.acceptance.caveats import describe_limits, describe_records, tabulate_other_definitions
from qstats.report.acceptance.charts import (
    chart_complaints,
    chart_first_time,
    chart_handling,
    chart_rectification,
)
from qstats.report.acceptance.complaints_narrative import describe_complaints
from qstats.report.acceptance.dwellings_narrative import describe_dwellings, describe_rooms
from qstats.report.acceptance.findings import list_findings
from qstats.report.acceptance.narrative import main_points
from qstats.report.acceptance.project_tables import (
    tabulate_counties,
    tabulate_exceptions,
    tabulate_first_time,
    tabulate_routes,
    tabulate_targets,
)
from qstats.report.acceptance.projects_narrative import describe_first_time
from qstats.report.acceptance.times_narrative import describe_handling, describe_rectification
from qstats.report.acceptance.work_tables import (
    tabulate_complaints,
    tabulate_county_complaints,
    tabulate_dwellings,
    tabulate_incomplete_sheets,
    tabulate_rooms,
    tabulate_times,
)

__all__ = [
    "Assessment",
    "assess_works",
    "chart_complaints",
    "chart_first_time",
    "chart_handling",
    "chart_rectification",
    "describe_complaints",
    "describe_dwellings",
    "describe_first_time",
    "describe_handling",
    "describe_limits",
    "describe_records",
    "describe_rectification",
    "describe_rooms",
    "list_findings",
    "main_points",
    "tabulate_complaints",
    "tabulate_counties",
    "tabulate_county_complaints",
    "tabulate_dwellings",
    "tabulate_exceptions",
    "tabulate_first_time",
    "tabulate_incomplete_sheets",
    "tabulate_other_definitions",
    "tabulate_rooms",
    "tabulate_routes",
    "tabulate_targets",
    "tabulate_times",
]

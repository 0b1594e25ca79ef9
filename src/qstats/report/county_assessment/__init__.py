"""The circular on the assessment of counties, and the feedback page of each of them."""

from qstats.report.county_assessment import county
from qstats.report.county_assessment.assessment import Assessment, assess_counties
from qstats.report.county_assessment.caveats import describe_basis, describe_limits
from qstats.report.county_assessment.charts import chart_totals
from qstats.report.county_assessment.findings import list_findings, list_items
from qstats.report.county_assessment.narrative import main_points
from qstats.report.county_assessment.tables import (
    tabulate_appeals,
    tabulate_items,
    tabulate_sections,
    tabulate_totals,
)
from qstats.report.county_assessment.traces import tabulate_traces

__all__ = [
    "Assessment",
    "assess_counties",
    "chart_totals",
    "county",
    "describe_basis",
    "describe_limits",
    "list_findings",
    "list_items",
    "main_points",
    "tabulate_appeals",
    "tabulate_items",
    "tabulate_sections",
    "tabulate_totals",
    "tabulate_traces",
]

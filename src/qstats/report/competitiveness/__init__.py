"""The chapter on competitiveness: the city's index, what moved it, its counties, and how sure all that is."""

from qstats.report.competitiveness.assessment import Assessment, City, Draws, assess_city
from qstats.report.competitiveness.caveats import describe_consistency, describe_inputs, describe_limits
from qstats.report.competitiveness.charts import chart_counties, chart_years
from qstats.report.competitiveness.findings import list_findings
from qstats.report.competitiveness.gather import StreamRules
from qstats.report.competitiveness.narrative import describe_robustness, main_points
from qstats.report.competitiveness.tables import (
    tabulate_choices,
    tabulate_counties,
    tabulate_indicators,
    tabulate_scores,
    tabulate_without,
)

__all__ = [
    "Assessment",
    "City",
    "Draws",
    "StreamRules",
    "assess_city",
    "chart_counties",
    "chart_years",
    "describe_consistency",
    "describe_inputs",
    "describe_limits",
    "describe_robustness",
    "list_findings",
    "main_points",
    "tabulate_choices",
    "tabulate_counties",
    "tabulate_indicators",
    "tabulate_scores",
    "tabulate_without",
]

"""The chapter on competitiveness: the city's index, what moved it, its counties, and how sure all that is."""

from qstats.report.competitiveness.assessment import (
    Assessment,
    City,
    Draws,
    assess_city,
    assess_manufacturing,
)
from qstats.report.competitiveness.caveats import (
    describe_consistency,
    describe_inputs,
    describe_limits,
    describe_returns,
)
from qstats.report.competitiveness.charts import chart_units, chart_years
from qstats.report.competitiveness.findings import list_findings
from qstats.report.competitiveness.gather import StreamRules
from qstats.report.competitiveness.narrative import (
    describe_level,
    describe_robustness,
    describe_units,
    main_points,
)
from qstats.report.competitiveness.published_tables import tabulate_published
from qstats.report.competitiveness.robustness_tables import tabulate_choices, tabulate_without
from qstats.report.competitiveness.tables import tabulate_indicators, tabulate_scores, tabulate_units

__all__ = [
    "Assessment",
    "City",
    "Draws",
    "StreamRules",
    "assess_city",
    "assess_manufacturing",
    "chart_units",
    "chart_years",
    "describe_consistency",
    "describe_inputs",
    "describe_level",
    "describe_limits",
    "describe_returns",
    "describe_robustness",
    "describe_units",
    "list_findings",
    "main_points",
    "tabulate_choices",
    "tabulate_indicators",
    "tabulate_published",
    "tabulate_scores",
    "tabulate_units",
    "tabulate_without",
]

"""The chapter on customer satisfaction: where each sector stands, whether targets are met, what drives it."""

from qstats.report.satisfaction.assessment import Assessment, assess_survey
from qstats.report.satisfaction.caveats import describe_robustness, describe_sample
from qstats.report.satisfaction.charts import chart_districts, chart_groups, chart_importance
from qstats.report.satisfaction.findings import list_findings
from qstats.report.satisfaction.model_tables import (
    tabulate_drivers,
    tabulate_invariance,
    tabulate_items,
    tabulate_loadings,
    tabulate_measurement,
    tabulate_paths,
)
from qstats.report.satisfaction.narrative import describe_results, main_points
from qstats.report.satisfaction.sample_tables import (
    tabulate_modes,
    tabulate_robustness,
    tabulate_sample,
    tabulate_unanswered,
)
from qstats.report.satisfaction.tables import tabulate_groups
from qstats.report.satisfaction.targets import tabulate_targets
from qstats.report.satisfaction.waves import chart_waves, describe_waves, tabulate_changes

__all__ = [
    "Assessment",
    "assess_survey",
    "chart_districts",
    "chart_groups",
    "chart_importance",
    "chart_waves",
    "describe_results",
    "describe_robustness",
    "describe_sample",
    "describe_waves",
    "list_findings",
    "main_points",
    "tabulate_changes",
    "tabulate_drivers",
    "tabulate_groups",
    "tabulate_invariance",
    "tabulate_items",
    "tabulate_loadings",
    "tabulate_measurement",
    "tabulate_modes",
    "tabulate_paths",
    "tabulate_robustness",
    "tabulate_sample",
    "tabulate_targets",
    "tabulate_unanswered",
]

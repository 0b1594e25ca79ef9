"""The chapter on customer satisfaction: where each sector stands, whether targets are met, what drives it."""

from qstats.report.satisfaction.assessment import Assessment, assess_survey
from qstats.report.satisfaction.caveats import describe_robustness, describe_sample
from qstats.report.satisfaction.charts import chart_districts, chart_groups, chart_importance
from qstats.report.satisfaction.findings import list_findings
from qstats.report.satisfaction.model_tables import tabulate_items, tabulate_measurement, tabulate_paths
from qstats.report.satisfaction.narrative import describe_results, main_points
from qstats.report.satisfaction.sample_tables import tabulate_robustness, tabulate_sample
from qstats.report.satisfaction.tables import tabulate_changes, tabulate_groups, tabulate_targets

__all__ = [
    "Assessment",
    "assess_survey",
    "chart_districts",
    "chart_groups",
    "chart_importance",
    "describe_results",
    "describe_robustness",
    "describe_sample",
    "list_findings",
    "main_points",
    "tabulate_changes",
    "tabulate_groups",
    "tabulate_items",
    "tabulate_measurement",
    "tabulate_paths",
    "tabulate_robustness",
    "tabulate_sample",
    "tabulate_targets",
]

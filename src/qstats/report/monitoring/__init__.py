"""Months out of the ordinary, and laboratories beside what the mix of their batches explains."""

from qstats.report.monitoring.charts import chart_laboratories, chart_months
from qstats.report.monitoring.narrative import describe_laboratories, describe_months, name_signals
from qstats.report.monitoring.tables import tabulate_control_chart, tabulate_funnel

__all__ = [
    "chart_laboratories",
    "chart_months",
    "describe_laboratories",
    "describe_months",
    "name_signals",
    "tabulate_control_chart",
    "tabulate_funnel",
]

"""The chapter on the data received: what each supplier sent, and what became of its rows."""

from qstats.report.arrivals.charts import chart_arrivals
from qstats.report.arrivals.narrative import describe_gaps, describe_rows, describe_sources, find_rows
from qstats.report.arrivals.tables import (
    tabulate_cases,
    tabulate_coverage,
    tabulate_rejections,
    tabulate_rules,
    tabulate_sources,
    tabulate_suppliers,
    tabulate_windows,
)

__all__ = [
    "chart_arrivals",
    "describe_gaps",
    "describe_rows",
    "describe_sources",
    "find_rows",
    "tabulate_cases",
    "tabulate_coverage",
    "tabulate_rejections",
    "tabulate_rules",
    "tabulate_sources",
    "tabulate_suppliers",
    "tabulate_windows",
]

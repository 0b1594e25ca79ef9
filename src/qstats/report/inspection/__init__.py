"""The chapter on supervision sampling: the rate, its change, its groups, and what limits it."""

from qstats.report.inspection.caveats import (
    describe_completeness,
    describe_fates,
    describe_likeness,
    describe_unscoped,
)
from qstats.report.inspection.charts import (
    chart_failed_items,
    chart_rate_series,
    chart_rates_by_group,
)
from qstats.report.inspection.comparisons import Comparison, compare_with, compare_years, find_years
from qstats.report.inspection.findings import (
    find_bounds,
    find_city,
    find_programmes,
    find_weightings,
)
from qstats.report.inspection.groups import GroupComparison, compare_groups
from qstats.report.inspection.narrative import main_points
from qstats.report.inspection.tables import (
    tabulate_comparisons,
    tabulate_fates,
    tabulate_group_counts,
    tabulate_mix,
    tabulate_outcomes,
    tabulate_programmes,
    tabulate_rates_by_group,
    tabulate_rates_by_period,
    tabulate_weightings,
)
from qstats.report.inspection.verdicts import describe_comparison

__all__ = [
    "Comparison",
    "GroupComparison",
    "chart_failed_items",
    "chart_rate_series",
    "chart_rates_by_group",
    "compare_groups",
    "compare_with",
    "compare_years",
    "describe_comparison",
    "describe_completeness",
    "describe_fates",
    "describe_likeness",
    "describe_unscoped",
    "find_bounds",
    "find_city",
    "find_programmes",
    "find_weightings",
    "find_years",
    "main_points",
    "tabulate_comparisons",
    "tabulate_fates",
    "tabulate_group_counts",
    "tabulate_mix",
    "tabulate_outcomes",
    "tabulate_programmes",
    "tabulate_rates_by_group",
    "tabulate_rates_by_period",
    "tabulate_weightings",
]

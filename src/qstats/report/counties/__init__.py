"""The chapter that compares the counties: who stands out, and that the rest is no ranking."""

from qstats.report.counties.charts import chart_counties
from qstats.report.counties.comparison import CountyComparison, compare_counties, in_twelve_months
from qstats.report.counties.mix import describe_mix
from qstats.report.counties.narrative import (
    describe_data,
    describe_order,
    describe_power,
    describe_standing,
    describe_unstated,
    main_points,
)
from qstats.report.counties.robustness import tabulate_methods, tabulate_sampling_mix, tabulate_shrunk
from qstats.report.counties.tables import tabulate_differences, tabulate_pairs, tabulate_ranks

__all__ = [
    "CountyComparison",
    "chart_counties",
    "compare_counties",
    "describe_data",
    "describe_mix",
    "describe_order",
    "describe_power",
    "describe_standing",
    "describe_unstated",
    "in_twelve_months",
    "main_points",
    "tabulate_differences",
    "tabulate_methods",
    "tabulate_pairs",
    "tabulate_ranks",
    "tabulate_sampling_mix",
    "tabulate_shrunk",
]
